/*
 * What each type of field does, as one table indexed by the type: reading a value from text or JSON, checking it, writing it
 * as one cell of a table, its widget in forms and its JSON Schema. Everything that comes from outside (forms, files, API)
 * passes through value_read(); nothing else makes documents.
 */
#ifndef ENTITY_VALUE_H
#define ENTITY_VALUE_H

#include "entity.h"
#include "tree.h"

struct i18n;

/* What reading needs around it: where to make things, the language of messages, whether the words come from people. */
struct reading {
	struct mem *mem;
	const struct i18n *i18n;
	struct str reason; /* set with E_INVALID, in the person's language */
	bool lenient;      /* files: over-long texts are cut rather than refused where nothing is lost by it; hours as free text */
};

struct value_type {
	const char *name;
	size_t max;         /* when the field gives none: characters, or items */
	enum err (*text)(struct reading *r, const struct field *f, struct str text, struct json *out);
	enum err (*json)(struct reading *r, const struct field *f, const struct json *in, struct json *out); /* NULL: strings only */
	const char *widget; /* which part of form.html draws it */
	bool list;          /* several values */
};
extern const struct value_type value_types[F_TYPES];

/* Reads a value of any JSON kind: strings are parsed as people write them. Empty input gives an empty `*out` and OK. Groups
 * are not read here but in form.c, which names the item and the field of each error. */
MUST_USE enum err value_read(struct reading *r, const struct field *f, const struct json *in, struct json *out);
/* As one cell: lists joined by ", ", numbers with '.', hours as "Mo 09:00-12:00; Tu …". `lang` NULL writes what is stored
 * (slugs), otherwise labels in that language. */
struct str value_print(struct mem *m, const struct field *f, const struct json *v, const struct i18n *lang);
/* Refuse a value: set r->reason and return E_INVALID; with one piece set into the sentence. */
enum err value_wrong(struct reading *r, const char *msgid);
enum err value_wrong_with(struct reading *r, const char *msgid, const char *name, struct str value);
/* A sentence with one or two pieces set in. */
struct str sentence(struct mem *m, const struct i18n *i18n, const char *msgid, const char *name, struct str value);
/* The maximum in force for a field. */
size_t value_max(const struct field *f);
/* Codes of languages in ISO 639 by code or name ("français", "French", "fr", "fra", "العربية"); STR_NONE if unknown. */
struct str lang_match(struct mem *m, struct str words);
/* True for a name that core/media.c gives to files, or the path of one of our assets. */
bool file_name_ok(struct str name);

extern const char *const week_days[7]; /* "Mo" … "Su" */

#endif
