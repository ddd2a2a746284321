/*
 * Calendars without a database: moments as people give them (a year, a month, a day, a minute), time zones, recurrence as in
 * RFC 5545. Local times are text beside the name of an IANA zone; instants are milliseconds UTC. Reading and writing of
 * iCalendar files is in ical.h. Everything here is bounded: no rule, however written, runs for ever or fills the memory.
 * On base only; zones come from ICU (zone.c), the rest is ours.
 */
#ifndef CAL_CAL_H
#define CAL_CAL_H

#include "../base/buf.h"
#include "../base/err.h"
#include "../base/str.h"
#include "../base/time.h"

/* ---- Moments ---- */

enum cal_precision {
	CAL_NONE,  /* to be decided */
	CAL_YEAR,  /* 2026 */
	CAL_MONTH, /* 2026-12 */
	CAL_DAY,   /* 2026-12-18: all day */
	CAL_MINUTE /* 2026-12-18T18:30 */
};

struct cal_moment {
	enum cal_precision precision;
	int year, month, day, hour, minute, second; /* what is finer than the precision is 0; seconds come from files only */
};

/* Reads the canonical text; a space for the T and seconds are taken too. Empty or no text is CAL_NONE. False for what is no
 * such text or no day that exists; years 1900 to 2999. */
bool cal_parse(struct str s, struct cal_moment *out);
/* The canonical text: "", "2026", "2026-12", "2026-12-18", "2026-12-18T18:30" (":15" only if the second is not 0). */
void cal_put(struct buf *b, struct cal_moment m);
struct str cal_text(struct mem *m, struct cal_moment at);
/* By time, then the coarser first; CAL_NONE after all others. 0 only for the same moment. */
int cal_cmp(struct cal_moment a, struct cal_moment b);
/* Its day, its first day for a month or year; CAL_NONE stays. */
struct cal_moment cal_day(struct cal_moment m);
/* So many days later (earlier when negative), same time of day. For CAL_DAY and CAL_MINUTE. */
struct cal_moment cal_add_days(struct cal_moment m, int days);
/* So many minutes later, on the wall clock. For CAL_MINUTE. */
struct cal_moment cal_add_minutes(struct cal_moment m, int64_t minutes);
/* 1 is Monday, 7 Sunday; of its day. */
int cal_weekday(struct cal_moment m);

/* ---- Zones ---- */

/* A zone, for the life of the process; any thread may read it. */
struct cal_zone;

/* The zone of an IANA name or alias ("Europe/Paris", "UTC", "Asia/Calcutta"), exact; NULL when there is none. */
const struct cal_zone *cal_zone(struct str name);
/* The zone that a foreign calendar means: IANA, Windows ("Romance Standard Time"), Outlook's words ("(UTC+01:00) Paris…",
 * "GMT +0100 (Standard) / …"), prefixed ("/mozilla.org/2005/Europe/Paris"), in quotes, of any case. NULL when unknown. */
const struct cal_zone *cal_zone_guess(struct str name);
/* Its name today: that of "Asia/Calcutta" is "Asia/Kolkata". */
struct str cal_zone_name(const struct cal_zone *z);
/* All zones of places, current names, sorted; UTC first. For pickers. */
size_t cal_zones(const struct str **names);
/* What people call it, "Paris (UTC+1)", its city in the language ("fr"), with the offset at that instant. */
struct str cal_zone_label(struct mem *m, const struct cal_zone *z, const char *lang, int64_t at);
/* Seconds east of UTC at an instant. */
int cal_offset(const struct cal_zone *z, int64_t at);

/* The instant of a local moment; the first instant of a day, month or year. A NULL zone is UTC. Where clocks go forward,
 * a time that does not exist is counted with the offset before the change (02:30 becomes 03:30); where they go back, the
 * first of the two is meant: RFC 5545, 3.3.5. CAL_NONE gives 0. */
int64_t cal_to_utc(const struct cal_zone *z, struct cal_moment m);
/* The local time of an instant. */
struct cal_moment cal_of_utc(const struct cal_zone *z, int64_t at);
/* What it covers, [*from, *to): a day or month to its end; an end that is a day is included ("18 to 20 December" ends when the
 * 21st begins); a minute without an end covers itself only (*to == *from). False for CAL_NONE. */
bool cal_span(const struct cal_zone *z, struct cal_moment start, struct cal_moment end, int64_t *from, int64_t *to);

/* ---- Rules ---- */

enum cal_freq { CAL_SECONDLY, CAL_MINUTELY, CAL_HOURLY, CAL_DAILY, CAL_WEEKLY, CAL_MONTHLY, CAL_YEARLY };

/* A day of the week, in a month or year the nth one, from the end when negative; 0: each. */
struct cal_byday {
	int8_t weekday; /* 1 is Monday, 7 Sunday */
	int8_t nth;     /* -53 to 53 */
};

#define CAL_BY_MAX 64 /* values of one BY… list that are few; days and times have as many as there are */

/* RFC 5545, 3.3.10, checked. Lists are sorted and without doubles. */
struct cal_rule {
	enum cal_freq freq;
	int interval;            /* 1 or more */
	int64_t count;           /* 0: none */
	struct cal_moment until; /* CAL_NONE, CAL_DAY or CAL_MINUTE */
	bool until_utc;          /* until is an instant of UTC, else local */
	int wkst;                /* 1 is Monday */
	uint16_t months;         /* bits 1 to 12 */
	uint32_t hours;          /* bits 0 to 23 */
	uint64_t minutes;        /* bits 0 to 59 */
	uint64_t seconds;        /* bits 0 to 59 */
	uint32_t monthdays;      /* bits 1 to 31 */
	uint32_t monthdays_end;  /* the same, counted from the end */
	size_t n_days, n_weeks, n_yeardays, n_setpos;
	struct cal_byday days[CAL_BY_MAX];
	int16_t weeks[CAL_BY_MAX], yeardays[CAL_BY_MAX], setpos[CAL_BY_MAX];
};

/* Reads a rule without "RRULE:". False when it is none; then *what says why in words to translate ("…"); `what` may be NULL. */
bool cal_rule_parse(struct str text, struct cal_rule *out, const char **what);
/* Its canonical text. */
void cal_rule_put(struct buf *b, const struct cal_rule *r);
struct str cal_rule_text(struct mem *m, const struct cal_rule *r);

/* The choices of a form: what most people need, and back from a rule. */
enum cal_repeat {
	CAL_ONCE,
	CAL_EVERY_DAY,
	CAL_EVERY_WEEK,      /* on `days` */
	CAL_EVERY_MONTH_DAY, /* on the day of the month of the start */
	CAL_EVERY_MONTH_NTH, /* on the nth weekday, -1 the last */
	CAL_EVERY_YEAR,      /* on the date of the start */
	CAL_REPEAT_OTHER     /* a rule that these choices cannot say */
};

struct cal_choice {
	enum cal_repeat repeat;
	int interval;            /* every so many of them; 1 */
	unsigned days;           /* CAL_EVERY_WEEK: bits 1 Monday to 7 Sunday; 0 is the weekday of the start */
	int nth, weekday;        /* CAL_EVERY_MONTH_NTH: 1 to 4 or -1; 0 is that of the start */
	int64_t count;           /* at most one of the two */
	struct cal_moment until; /* a day, included */
};

/* The rule of a choice for a series that starts at `start`; STR_NONE for CAL_ONCE and CAL_REPEAT_OTHER. The text of `until` is
 * as the RFC wants it: a day for series of days, else the end of that day in the zone, in UTC. */
struct str cal_choice_rule(struct mem *m, const struct cal_choice *c, struct cal_moment start, const struct cal_zone *z);
/* The choice that says a rule, or CAL_REPEAT_OTHER; CAL_ONCE for no or an empty rule. */
struct cal_choice cal_choice_of(struct str rrule, struct cal_moment start, const struct cal_zone *z);

/* ---- Series ---- */

/* A date beside the rule; with an end of its own when `end` is not CAL_NONE (RDATE;VALUE=PERIOD). */
struct cal_rdate {
	struct cal_moment start, end;
};

/* What is particular to one occurrence, found by its place in the series before it was moved. */
struct cal_exception {
	struct cal_moment on;         /* its start in the series; a day means the occurrence that starts on it */
	struct cal_moment start, end; /* CAL_NONE: as the series says */
	bool cancelled;
	bool following; /* this one and all that follow (RANGE=THISANDFUTURE): shifted as this one is */
};

struct cal_series {
	struct cal_moment start, end; /* end CAL_NONE: none given; a day is included */
	const struct cal_zone *zone;  /* NULL: UTC */
	struct str rrule;             /* none, one rule, or several by lines */
	const struct cal_rdate *rdates;
	size_t n_rdates;
	const struct cal_moment *exdates; /* a day takes out every occurrence that starts on it */
	size_t n_exdates;
	const struct cal_exception *exceptions;
	size_t n_exceptions;
};

struct cal_occurrence {
	struct cal_moment on;         /* its place in the series: its identity */
	struct cal_moment start, end; /* local; end CAL_NONE when none was given */
	int64_t from, to;             /* instants, as cal_span() */
	bool cancelled;
	int exception; /* index in the exceptions of the series, or -1 */
};

struct cal_occurrences {
	struct cal_occurrence *p; /* by `from`, then `on` */
	size_t n;
	bool cut; /* there may be more: the limit of occurrences, or of work, was reached */
};

/* The occurrences that touch [from, to), at most `max` (and LIMIT_OCCURRENCES). The first one of a series is DTSTART itself, as
 * the RFC says, also where it does not fit the rule. Cancelled ones are there, marked; those of exdates are not. A series whose
 * start is a month, a year or to be decided has itself only, or nothing. E_INVALID for a rule that is none. */
enum err cal_expand(struct mem *m, const struct cal_series *s, int64_t from, int64_t to, size_t max,
		    struct cal_occurrences *out) MUST_USE;
/* What an exception makes of its occurrence, whether the series has one there or not. False for a series or a place that is coarser
 * than a day. */
bool cal_exception_times(const struct cal_series *s, const struct cal_exception *e, struct cal_occurrence *out);
/* The first occurrence, not cancelled, that ends after `at` (or starts at it); false when there is none (within the limit). */
bool cal_next(struct mem *m, const struct cal_series *s, int64_t at, struct cal_occurrence *out);
/* When the last one ends, at most `horizon`; `horizon` for what goes on beyond it; INT64_MIN when there is none. */
int64_t cal_last(struct mem *m, const struct cal_series *s, int64_t horizon);

#endif
