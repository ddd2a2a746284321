/*
 * What the files of iCalendar share.
 */
#ifndef CAL_ICAL_PART_H
#define CAL_ICAL_PART_H

#include "../base/vec.h"
#include "ical.h"

/* ---- Writing ---- */

/* Ends the line in o->line: folds it into o->b. */
void ical_line_end(struct ical_out *o);
/* A line whose value needs no escapes. */
void ical_raw(struct ical_out *o, const char *name, struct str value);
/* A line with an instant in UTC. */
void ical_utc(struct ical_out *o, const char *name, int64_t ms);

/* ---- Reading: lines ---- */

#define ICAL_PARAMS 16

/* One content line, unfolded and in UTF-8. */
struct ical_prop {
	struct str name, value;
	struct {
		struct str name, value;
	} params[ICAL_PARAMS];
	size_t n_params;
	int64_t line;
	bool odd; /* no content line: `value` is its text */
};

/* The lines of a file; a line lives until the mark before it is rewound. */
struct ical_lines {
	struct str rest;
	int64_t line;
};

/* A reader at the beginning of a text, which is borrowed unless it is UTF-16. */
struct ical_lines ical_lines(struct mem *m, struct str text);
/* False at the end. Empty lines are passed over. */
bool ical_next(struct mem *m, struct ical_lines *in, struct ical_prop *out);
/* The value of a parameter, or STR_NONE. */
struct str ical_param(const struct ical_prop *p, const char *name);
/* Text without its escapes, cleaned, in the arena. */
struct str ical_text(struct mem *m, struct str value);
/* The next value of a list of text, cut at commas that are not escaped. */
struct str ical_item(struct str *rest);

/* ---- Reading: times ---- */

/* A time as written. */
struct ical_time {
	bool there, date, utc;
	struct cal_moment at;
	struct str tzid;
};

/* 20261218, 20261218T183000, with Z or not, and what is often written instead. False for no time of the years 1900 to 2999. */
bool ical_time_parse(struct str value, struct ical_time *out);
/* P1DT2H: seconds, days counted as 86400. */
bool ical_duration(struct str value, int64_t *seconds);
/* A date and time of any year, for the zones of Outlook, which begin in 1601. In wall seconds. */
bool ical_wall(struct str value, int64_t *wall);

/* A VTIMEZONE of a file. */
struct ical_observance {
	int64_t start; /* wall */
	int from, to;  /* seconds */
	struct str rrule;
	VEC(int64_t) rdates;
};
struct ical_zone {
	struct str tzid, location;
	VEC(struct ical_observance) parts;
	const struct cal_zone *known; /* by name */
	const struct cal_zone *alike; /* by its changes, for the year */
	int alike_year;
	int64_t *work; /* steps that are left for all zones of the file */
	struct ical_zone *next;
};

/* All VTIMEZONEs of a text. */
struct ical_zone *ical_zones(struct mem *m, struct str text);
/* What a TZID means for a time of a year: a zone we know (*z), or one of the file's own (*own), or neither. */
void ical_zone_find(struct mem *m, struct ical_zone *all, struct str tzid, int year, const struct cal_zone **z,
		    const struct ical_zone **own);
/* Seconds UTC of a wall time in a zone of the file's own. */
int64_t ical_zone_utc(struct mem *m, const struct ical_zone *own, int64_t wall);

/* The zone of the file when it has one only beside UTC; else NULL. */
const struct cal_zone *ical_zone_only(struct mem *m, struct ical_zone *all, int year);

/* ---- Reading: events ---- */

/* An event as it stands in the file, before times are understood and the changed ones are laid to their series. */
struct ical_raw_event {
	struct cal_event ev;
	struct ical_time start, end, on;
	int64_t duration;
	bool has_duration, bad;
	VEC(struct ical_prop) rdates, exdates, exrules;
	size_t dates; /* counted against the limit */
	VEC(struct str) categories, rules;
	size_t place; /* in the file */
};

struct ical_in {
	struct mem *mem;
	struct ical_file *out;
	struct ical_zone *zones;
	int64_t work; /* steps that are left for what its rules take out */
	VEC(struct ical_raw_event) raw;
	VEC(struct ical_problem) problems;
	enum err err;
};

/* Notes a problem. */
void ical_problem(struct ical_in *in, int64_t line, bool lost, const char *what, struct str about);
/* Understands one property of an event. */
void ical_event_prop(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p);
/* Understands the times of an event; false when it has none that can be: it is lost. */
bool ical_event_times(struct ical_in *in, struct ical_raw_event *e);
/* Lays changed occurrences to their series and picks the newest of those with the same identity. */
void ical_group(struct ical_in *in);

#endif
