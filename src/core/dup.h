/*
 * The duplicate watch: objects that may be one and the same. Each object leaves keys (its name's words, acronym, mail, site,
 * telephone, legal number, its first words in its town); those who share a key are candidates, and are compared in full.
 */
#ifndef CORE_DUP_H
#define CORE_DUP_H

#include "object.h"

struct dup {
	int64_t id;
	int score;          /* 0 to 100; from DUP_SURE on they are the same but for proof to the contrary */
	const char *reason; /* N_(): "same mail address", the strongest */
	struct str slug, title, territory;
	enum status status;
};
#define DUP_SURE 90
#define DUP_LIKELY 60

/* Those that look like a document, best first, DUP_LIKELY or more; `self` is left out (0: none). In a batch, objects written
 * in the same batch are found too. Does not tell of objects that are neither published nor archived unless `all`. */
MUST_USE enum err dup_find(struct db *db, struct mem *m, const struct batch *b, const struct entity *e, struct doc doc,
			   int64_t self, bool all, size_t max, struct dup **out, size_t *n);
/* A person said that two are not the same: they are not shown again. */
MUST_USE enum err dup_distinct(struct db *db, int64_t a, int64_t b, int64_t now);

/* Of the engine: keys of a saved object; none when it is not `watched`. */
MUST_USE enum err dup_put(struct db *db, struct mem *m, struct batch *b, const struct object *ob, bool watched, bool fresh);

#endif
