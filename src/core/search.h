/*
 * Full-text search over all kinds. What is indexed is the public view of published objects (core/derive.c): nothing else
 * can be found, nor counted. Folding, stemming and stop words are ours, so that both engines find the same; what an object is
 * listed under is indexed beside its words, so that filters narrow the search itself.
 *
 * Every word asked for must be there, as typed or with the same stem; the last one may be a beginning. Results come by where
 * the words stand: the whole title, titles, summaries, the rest, as typed before the same stem; within each, the oldest first. Work is bounded by the number
 * of results wanted, not by the number of objects.
 */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "../base/err.h"
#include "../base/str.h"

struct batch;
struct db;
struct list_branch;

/* The words of an object in one language, by weight: a the names, b summaries and keywords, c the rest. Plain or Markdown. */
struct search_text {
	struct str lang;
	struct str a, b, c;
};

struct search_doc {
	int64_t id;
	struct str title;
	struct str terms; /* ids of what it is listed under, as object.terms */
	const struct search_text *texts; /* the original first */
	size_t n_texts;
};

/* Puts an object in the index, in place of what was there. `fresh`: it is known not to be there yet. `batch` may be NULL. */
MUST_USE enum err search_put(struct db *db, struct mem *m, struct batch *batch, const struct search_doc *doc, bool fresh);
MUST_USE enum err search_remove(struct db *db, struct mem *m, struct batch *batch, int64_t id);

/* Whether the index says of an object what it should: these words, or nothing when it is not `there`. */
MUST_USE enum err search_check(struct db *db, struct mem *m, const struct search_doc *doc, bool there, bool *same);

struct search_query {
	struct str q;
	const struct list_branch *branches; /* kinds and terms asked for; none: everything */
	size_t n_branches;
	size_t max;       /* ids wanted at most */
	bool as_typed;    /* no correction */
};

struct search_answer {
	int64_t *ids;     /* best first */
	size_t n;
	struct str corrected; /* what was searched instead, as nothing answers what was typed; NULL p */
};

/* Runs a search; slips of the finger are forgiven where nothing answers as typed. */
MUST_USE enum err search_run(struct db *db, struct mem *m, const struct search_query *q, struct search_answer *out);

/* Ids of published objects that answer `q`, best first, at most `max`, slips of the finger forgiven. */
MUST_USE enum err search_find(struct db *db, struct mem *m, struct str q, const struct list_branch *branches, size_t n_branches,
			      size_t max, int64_t **ids, size_t *n);

/* What shows where the words stand in a text: words of it that answer the query, for <mark>. */
struct search_marks;
struct search_marks *search_marks_make(struct mem *m, struct str q);
struct search_span {
	struct str text;
	bool hit;
};
/* Cuts a text into what answers and what does not, beginning near the first hit; at most about `max` bytes, whole words. Marks of
 * Markdown are left out. *cut_before tells that something was left out in front. Returns how many spans. */
size_t search_mark(const struct search_marks *k, struct mem *m, struct str text, size_t max, struct search_span **out,
		   bool *cut_before);
/* True if some word of the text answers. */
bool search_hits(const struct search_marks *k, struct mem *m, struct str text);

#endif
