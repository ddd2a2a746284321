/*
 * Full-text search over all kinds. What is indexed is the public view of published objects (core/derive.c): nothing else
 * can be found, nor counted. Folding, stemming and stop words are ours, so that both engines find the same.
 */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "../base/err.h"
#include "../base/str.h"

struct db;

/* The words of an object in one language, by weight: a the names, b summaries and keywords, c the rest. Plain or Markdown. */
struct search_text {
	struct str lang;
	struct str a, b, c;
};

struct search_doc {
	int64_t id;
	struct str kind;
	struct str title;
	const struct search_text *texts; /* the original first */
	size_t n_texts;
};

/* Puts an object in the index, in place of what was there. `fresh`: it is known not to be there yet. */
MUST_USE enum err search_put(struct db *db, struct mem *m, const struct search_doc *doc, bool fresh);
MUST_USE enum err search_remove(struct db *db, struct mem *m, int64_t id);

/* Ids of published objects that answer `q`, best first, at most `max`; kind NULL p for all kinds. `lang` is the visitor's. */
MUST_USE enum err search_find(struct db *db, struct mem *m, struct str q, struct str kind, const char *lang, size_t max,
			      int64_t **ids, size_t *n);

#endif
