/*
 * Instants are milliseconds since 1970 in UTC, as an int64_t, everywhere. Local times of events are text with a time-zone
 * name and are none of this file's business (html/ and mod/agenda show them through ICU).
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "buf.h"
#include "str.h"

#define TIME_SECOND INT64_C(1000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)

/* Now. In tests a fixed instant that only time_set() moves. */
int64_t time_now(void);
/* From here on time_now() answers `ms`; a negative value gives the real clock back. For tests. */
void time_set(int64_t ms);
/* Microseconds of a clock that never jumps, for durations and deadlines; always real. */
int64_t time_mono(void);

/* A day and time of day of the proleptic Gregorian calendar in UTC. */
struct civil {
	int year, month, day; /* month 1 to 12 */
	int hour, minute, second, ms;
	int weekday; /* 1 is Monday, 7 Sunday */
};
struct civil time_civil(int64_t ms);
/* The instant of a civil time; fields out of range are carried (month 13 is January), weekday is not read. */
int64_t time_of_civil(struct civil c);
/* Days since 1970-01-01 of a civil date; a month out of range is carried. */
int64_t days_of_date(int year, int month, int day);
/* True for a date that exists, years 0001 to 9999. */
bool date_exists(int year, int month, int day);

/* RFC 3339 with 'T' or a space, fraction optional, offset required: 2025-11-22T12:42:01.5+01:00. */
bool time_parse(struct str s, int64_t *ms);
/* A date alone: 2025-11-22. */
bool date_parse(struct str s, struct civil *c);
/* The three forms of HTTP dates. */
bool time_parse_http(struct str s, int64_t *ms);

/* 2025-11-22T12:42:01Z, with .123 before the Z when it is not on the second. */
void buf_put_time(struct buf *b, int64_t ms);
/* 2025-11-22 */
void buf_put_date(struct buf *b, int64_t ms);
/* Sat, 22 Nov 2025 12:42:01 GMT */
void buf_put_http_date(struct buf *b, int64_t ms);

#endif
