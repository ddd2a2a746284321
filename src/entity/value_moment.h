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

#endif
