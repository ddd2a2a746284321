/*
 * What the files of the object engine share among themselves; nobody else includes it.
 */
#ifndef CORE_OBJECT_ROW_H
#define CORE_OBJECT_ROW_H

#include "object.h"
#include "object.sql.h"

/* All but the document. */
void object_of_row(const struct object_row_by_id_row *r, struct object *ob);
/* True if a moderator's territories or themes hold these. */
bool may_moderate(const struct who *who, struct str territory, const struct json *themes);
const struct json *object_themes(const struct object *ob);

/* What a save adds to its revision. */
struct revision_extra {
	int64_t other;     /* the other object of a merge */
	bool even_if_same; /* written although nothing changed */
};
MUST_USE enum err object_save_as(struct db *db, struct mem *m, struct object *ob, const struct act *act,
				 const struct revision_extra *extra, bool *changed);

#endif
