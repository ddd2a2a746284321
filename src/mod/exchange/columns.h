/*
 * The columns of our own tables: what the writer of CSV makes and its reader knows again.
 */
#ifndef EXCHANGE_COLUMNS_H
#define EXCHANGE_COLUMNS_H

#include "../../base/vec.h"
#include "../../entity/entity.h"

enum column_kind {
	COL_ID,
	COL_FIELD,
	COL_PLACE,        /* a part of the first place */
	COL_CONTACT,      /* the first contact of a type */
	COL_GROUP,        /* a repeated group, as JSON */
	COL_TEXT,         /* a translation: "summary@en" */
	COL_TRANSLATIONS, /* those in other languages, as JSON */
	COL_LANG,
	COL_URL,
	COL_STATUS,
	COL_CREATED,
	COL_UPDATED,
	COL_SOURCE
};

struct column {
	enum column_kind kind;
	struct str name;
	const struct field *field, *sub;
	const char *word; /* type of a contact, or language */
};

/* Field of a place, or type of a contact, and the name of its column. */
struct column_alias {
	const char *field, *column;
};
extern const struct column_alias place_columns[], contact_columns[];
extern const size_t place_columns_n, contact_columns_n;

/* The columns of a kind, in order. */
size_t columns_of(struct mem *m, const struct entity *e, const struct column **out);

#endif
