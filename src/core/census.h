/*
 * Counting what a filter finds, and by value, from the index that is kept in memory for maps (core/points.h): in
 * microseconds whatever the number of objects. Where no index is kept (commands, tests) the database counts instead
 * (core/object_list.c), so callers ask object_list() and object_facet(), not this.
 */
#ifndef CORE_CENSUS_H
#define CORE_CENSUS_H

#include "object.h"

/* True when an index is kept and ready. */
bool census_can(void);
/* Objects that a filter finds. */
MUST_USE enum err census_total(struct db *db, struct mem *m, const struct filter *f, int64_t *total);
/* Of those, how many are under each of the terms. */
MUST_USE enum err census_terms(struct db *db, struct mem *m, const struct filter *f, const int64_t *terms, size_t n, int64_t *counts);

#endif
