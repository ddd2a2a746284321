/*
 * The engine's side of struct batch (core/object.h): terms and their counts, rows of object_term and dup_key, kept until
 * they are written in order. Without a batch the same functions write at once.
 */
#ifndef CORE_BATCH_H
#define CORE_BATCH_H

#include "../db/db.h"
#include "object.h"
#include "search.h"

/* The id of a term, made if needed, its count changed by `uses`. */
MUST_USE enum err batch_term(struct db *db, struct mem *m, struct batch *b, struct str kind, struct str facet, struct str value,
			     int level, int64_t uses, int64_t *id);
/* Changes the count of a term known by id. */
MUST_USE enum err batch_count(struct db *db, struct batch *b, int64_t term, int64_t uses);
/* Adds or removes a row of object_term. */
MUST_USE enum err batch_row(struct db *db, struct batch *b, int64_t term, struct str sort, int64_t object, bool add);
/* Adds or removes a row of dup_key. */
MUST_USE enum err batch_dup(struct db *db, struct batch *b, int64_t key, int64_t object, bool add);
/* Puts an object in the search index, or takes it out. */
MUST_USE enum err batch_search(struct db *db, struct mem *m, struct batch *b, const struct search_doc *doc, bool add, bool fresh);
/* Changes in how many objects a word stands (core/search.c). */
MUST_USE enum err batch_word(struct db *db, struct mem *m, struct batch *b, struct str word, int64_t uses);
/* Objects of the batch, not yet written, that left a key; how many. `b` may be NULL. */
size_t batch_dups(const struct batch *b, int64_t key, int64_t *out, size_t max);

#endif
