/*
 * A filter turned into what entity/list.h reads, as object_list.c and object_when.c share it; nobody else includes it.
 */
#ifndef CORE_OBJECT_PLAN_H
#define CORE_OBJECT_PLAN_H

#include "../base/vec.h"
#include "../entity/list.h"
#include "object.h"

struct plan {
	struct db *db;
	struct mem *mem;
	const struct filter *f;
	VEC(struct list_branch) branches;
	int64_t all;        /* published objects of the kinds looked at */
	bool one_value;     /* at most one group, whose values exclude each other: counts may be added */
	struct list_box box;
	struct list_spec spec;
	const char *skip;   /* a facet that is left out */
};

/* Fills p->spec from p->f, for a page of `limit` rows. */
MUST_USE enum err plan_make(struct plan *p, size_t limit);
/* A row in the language of the page. */
void row_of_hit(const struct list_hit *h, const char *lang, struct list_row *r);
/* The opaque word that leads past a row, and back; false for one that is not of this order. */
struct str cursor_of(struct mem *m, enum list_order order, const struct list_hit *h);
bool cursor_read(struct mem *m, struct str after, struct list_spec *s);

#endif
