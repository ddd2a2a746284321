/*
 * The types F_MOMENT, F_ZONE and F_RRULE, apart from value.c because times have a grammar of their own (cal/).
 */
#ifndef ENTITY_VALUE_MOMENT_H
#define ENTITY_VALUE_MOMENT_H

#include "value.h"

/* The members text and json of the types' rows in value_types. A form posts a moment as {"date", "time", "grain"}, where the
 * grain ("month", "year") says how much of the date counts. */
enum err moment_text(struct reading *r, const struct field *f, struct str text, struct json *out);
enum err moment_json(struct reading *r, const struct field *f, const struct json *in, struct json *out);
enum err zone_text(struct reading *r, const struct field *f, struct str text, struct json *out);
enum err rrule_text(struct reading *r, const struct field *f, struct str text, struct json *out);

/* True for a moment posted with nothing in it. */
bool moment_blank(const struct json *v);
/* What stands in the inputs of a moment, stored or typed: its date (first day of a month or year), time and grain. */
struct moment_parts {
	struct str date, time, grain;
};
struct moment_parts moment_parts(struct mem *m, const struct json *v);

/* A repetition posted as choices {"repeat", "days", "until", "text"} beside "start" becomes the text of its rule. */
void rrule_settle(struct mem *m, struct json *typed);
/* What the choices of a rule are, for its inputs; and the first dates that follow from it, local times as if UTC. */
struct rrule_parts {
	const char *repeat; /* "once", "day", "week", "month_day", "month_nth", "year", "other" */
	unsigned days;      /* bits 1 Monday to 7 Sunday */
	struct str until, text;
	int64_t next[6];
	size_t n_next;
};
struct rrule_parts rrule_parts(struct mem *m, const struct json *rrule, const struct json *holder);

#endif
