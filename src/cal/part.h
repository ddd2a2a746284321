/*
 * What the files of this layer share: local times as seconds on the wall clock, counted as if every day had 86400 of them
 * (`wall`), and the search for offsets.
 */
#ifndef CAL_PART_H
#define CAL_PART_H

#include "cal.h"

#define WALL_DAY INT64_C(86400)

/* The seconds of a moment, of its first second when it is coarse; CAL_NONE gives 0. */
int64_t wall_of(struct cal_moment m);
/* The moment of these seconds, CAL_DAY or CAL_MINUTE. */
struct cal_moment wall_moment(int64_t wall, enum cal_precision precision);
/* Division that rounds down, for what lies before 1970. */
int64_t wall_div(int64_t a, int64_t b);
/* Year, month and day of a day counted from 1970-01-01. */
void wall_date(int64_t day, int *y, int *mo, int *d);
int wall_month_days(int year, int month);
bool wall_leap(int year);
/* 1 is Monday. */
int wall_weekday(int64_t day);

/* Seconds UTC of wall seconds, and back. */
int64_t zone_utc(const struct cal_zone *z, int64_t wall);
int64_t zone_wall(const struct cal_zone *z, int64_t utc);

/* The changes of a zone, seconds UTC, in order, and the offsets: off[i] holds before at[i], off[i + 1] from it. */
size_t zone_changes(const struct cal_zone *z, const int64_t **at, const int32_t **off);

/* The changes from an instant on, of the machine's own data, to the end of a year; false when it has no such zone. Lists are the
 * caller's: `cap` changes, and one offset more. */
struct zone_list {
	int64_t *at;
	int32_t *off;
	size_t n, cap;
};
bool zone_file(struct mem *m, struct str name, int64_t first, int last_year, struct zone_list *out);

/* The places of a rule in a series that starts at `start` (wall seconds), those of [lo, hi], in order, at most `max`; `until`
 * is the rule's own end on the wall clock. Added to `*places`; *cut when the limit of places or of work was reached. */
struct wall_places {
	int64_t *p;
	size_t n, cap;
};
struct rule_walk {
	const struct cal_rule *rule;
	int64_t start, lo, hi, until;
	bool all_day;
	size_t max;
	int64_t *work; /* steps that are left; shared by the rules of one series */
};
void rule_places(struct mem *m, const struct rule_walk *w, struct wall_places *places, bool *cut);
/* Whether the start of a series is a place of its own rule. */
bool rule_fits(const struct cal_rule *r, int64_t start, bool all_day);
/* The end of a rule on the wall clock of a zone; INT64_MAX when it has none. */
int64_t rule_until(const struct cal_rule *r, const struct cal_zone *z, bool all_day);

#endif
