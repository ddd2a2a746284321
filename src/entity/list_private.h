/*
 * Composing SQL, as list.c and list_time.c share it; nobody else includes it.
 */
#ifndef ENTITY_LIST_PRIVATE_H
#define ENTITY_LIST_PRIVATE_H

#include "../base/buf.h"
#include "list.h"

#define LIST_BOX_CELLS 16

struct sql {
	struct buf text;
	struct db_value *v;
	size_t n, cap;
	struct mem *mem;
};

/* An empty text. */
struct sql list_sql(struct mem *m);
void list_put(struct sql *q, const char *text);
/* Writes $n and keeps the value. */
void list_bind(struct sql *q, struct db_value v);
void list_put_terms(struct sql *q, const struct list_group *g);
/* AND EXISTS for the groups from `first`; the object is known by its columns `sort` and `id`. */
void list_put_probes(struct sql *q, const struct list_branch *b, size_t first, const char *sort, const char *id);
void list_put_box_test(struct sql *q, const struct list_box *b, const char *alias);
void list_put_box_probe(struct sql *q, const struct list_spec *s, const char *id);
void list_put_columns(struct sql *q, const struct list_spec *s);
void list_put_translation(struct sql *q, const struct list_spec *s);
void list_read_hit(const struct db_rows *r, const struct list_spec *s, struct mem *m, struct list_hit *h);
/* The cells, as ranges of z, of the smallest size of which the box touches no more than four in each direction; ranges that
 * follow each other are joined. How many. */
size_t list_box_ranges(const struct list_box *b, int64_t range[LIST_BOX_CELLS][2]);
/* The i-th part of a list by time (list_time.c): (k, id) along the occurrences under one of the first group's terms; with a
 * beginning each term makes two parts, the second of what was running then. */
void list_put_time_part(struct sql *q, const struct list_spec *s, const struct list_branch *b, size_t i);
/* AND: it has an occurrence between s->from and s->to. */
void list_put_time_probe(struct sql *q, const struct list_spec *s, const char *id);

#endif
