/*
 * Documents as rows of a table and back, losing nothing. Columns: one a field, those of lists first; translations as
 * "summary@en"; the first records of a group as "places.1.town", further ones as JSON under "places.more"; texts in other
 * languages as JSON under "translations". Files of others come through the same paths: sheet_match() finds the one for a
 * column's name in the five languages.
 */
#ifndef ENTITY_SHEET_H
#define ENTITY_SHEET_H

#include "entity.h"
#include "tree.h"

/* One column and where its cells go. */
struct sheet_column {
	struct str path;             /* "name", "summary@en", "places.1.town", "places.more", "translations" */
	const struct field *field;   /* of the value; of the group for ".more"; NULL for "translations" */
	const struct field *group;   /* NULL at the top */
	int row;                     /* of the group, from 1; 0: more */
	struct str lang;             /* of a translation; NULL p for the original */
};

struct sheet {
	const struct entity *entity;
	struct sheet_column *columns;
	size_t n;
};

/* The columns of an export: PRIVATE fields are not among them. */
struct sheet sheet_make(struct mem *m, const struct entity *e);
/* The cells of a view, one a column. */
void sheet_cells(struct mem *m, const struct sheet *s, struct view v, struct str *cells);

/* The column that a path names exactly; false if none. */
bool sheet_column(struct mem *m, const struct entity *e, struct str path, struct sheet_column *out);
/* The column that a file's header means: a path, or a field's name, label or alias in any of the five languages, fields
 * of groups included (then of its first record); false if it is not understood. */
bool sheet_match(struct mem *m, const struct entity *e, struct str header, struct sheet_column *out);
/* Adds a cell to a row's tree, which form_read_json() then reads; an empty cell adds nothing unless `clear`: then it empties
 * the field. */
void sheet_put(struct mem *m, struct json *row, const struct sheet_column *c, struct str cell, bool clear);

#endif
