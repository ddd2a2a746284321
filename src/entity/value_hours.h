/*
 * The type F_HOURS, apart from value.c because hours have a grammar of their own.
 */
#ifndef ENTITY_VALUE_HOURS_H
#define ENTITY_VALUE_HOURS_H

#include "value.h"

/* The members text and json of the type's row in value_types. */
enum err hours_text(struct reading *r, const struct field *f, struct str text, struct json *out);
enum err hours_json(struct reading *r, const struct field *f, const struct json *in, struct json *out);

#endif
