/*
 * What may be imported: every kind of object, and what is none (themes, points of territories).
 */
#ifndef EXCHANGE_IMPORT_KIND_H
#define EXCHANGE_IMPORT_KIND_H

#include "import.h"

struct import_kind {
	const char *name;
	enum err (*run)(struct import *im);
};
/* By plural name; `e` is the kind of object of that name, or NULL. NULL if nothing of the name may be imported. */
const struct import_kind *import_kind_find(struct str name, const struct entity *e);
/* GoGoCarto's taxonomy.json: numbers to names. */
MUST_USE enum err import_taxonomy(struct mem *m, const char *path, struct map **out);
/* Lays the imported points over the atlas; at start. */
MUST_USE enum err import_points_load(struct db *db, struct mem *m);

#endif
