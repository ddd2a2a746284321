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

struct dup_ask {
	const struct batch *batch; /* objects written in the same batch are found too; may be NULL */
	int64_t self;              /* is left out; 0: none */
	bool all;                  /* also those that are neither published nor archived */
	size_t max;
	int least;                 /* score wanted: DUP_LIKELY, or DUP_SURE, which looks at less */
};

/* Those that look like a document, best first. Reads what lists know of them, never their documents. */
MUST_USE enum err dup_find(struct db *db, struct mem *m, const struct entity *e, struct doc doc, const struct dup_ask *ask,
			   struct dup **out, size_t *n);
/* A person said that two are not the same: they are not shown again. */
MUST_USE enum err dup_distinct(struct db *db, int64_t a, int64_t b, int64_t now);

/* Of the engine: keys of a saved object, in place of those of what it was `before` (NULL: it had none); none when it is not
 * `watched`. */
MUST_USE enum err dup_put(struct db *db, struct mem *m, struct batch *b, const struct object *ob, bool watched, const struct doc *before);
/* The keys that a document leaves; how many. */
#define DUP_KEYS_MAX 40
static inline bool dup_watched(enum status st)
{
	return st != ST_REMOVED && st != ST_REFUSED && st != ST_MERGED;
}
size_t dup_keys(struct mem *m, const struct entity *e, struct doc doc, int64_t out[DUP_KEYS_MAX]);

#endif
