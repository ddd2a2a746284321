/*
 * Lists of objects by what they are listed under, as SQL made at run time: the only place that does so. It knows the tables
 * object, object_term, object_place and object_text and nothing of filters' words: core/object_list.c turns those into term
 * ids. Every query walks an index in the order of the answer and stops when the page is full, or sorts a set known to be
 * small; so a page costs the same whatever the number of objects. Values are always bound, never written into the text.
 */
#ifndef ENTITY_LIST_H
#define ENTITY_LIST_H

#include "../base/err.h"
#include "../base/str.h"
#include "../db/db.h"

/* Terms of which an object must have one: several values of one facet are "either". */
struct list_group {
	const int64_t *terms;
	size_t n;
	int64_t total; /* the sum of their counts */
	bool whole;    /* all of a kind, which the table itself gives too */
};

/* One kind: its objects having a term of every group. groups[0] is walked, the others are probed: put the smallest first. */
struct list_branch {
	struct str kind;
	const struct list_group *groups;
	size_t n_groups;
};

enum list_order {
	LIST_TITLE,
	LIST_NEW,    /* latest published first */
	LIST_UPDATED, /* first changed first: for those who follow changes */
	LIST_START    /* of a kind that happens: by its first occurrence between from and to */
};

struct list_box {
	double west, south, east, north;
};

struct list_spec {
	const struct list_branch *branches;
	size_t n_branches;
	enum list_order order;
	bool sort;           /* NEW and UPDATED: read groups[0] and sort, rather than walk the dates */
	const struct list_box *box;
	bool box_drives;     /* read the box's places and sort, rather than walk the order and look at places */
	int64_t updated_since, from, to; /* ms; 0 for none; from and to bound the publication */
	bool timed;          /* of a kind that happens: from and to bound its occurrences, in local time */
	struct str lang;     /* translations to fetch; STR_NONE for none */
	bool has_after;
	struct str after_sort;
	int64_t after_at, after_id;
	bool with_doc;
	size_t limit;        /* page: rows wanted; each: 0 */
};

struct list_hit {
	int64_t id;
	struct str kind, slug, title, summary, lang, territory, kind_slug, picture, sort;
	struct str title_tr, summary_tr; /* NULL p when not translated */
	struct opt_real lat, lon;
	int precision;
	int64_t created_at, updated_at, published_at, checked_at;
	struct str source, source_key, doc; /* with_doc only */
	int64_t at;             /* LIST_START: of the occurrence */
};

/* A page in order. */
MUST_USE enum err list_page(struct db *db, struct mem *m, const struct list_spec *spec, struct list_hit **out, size_t *n);
/* How many there are, counting no further than `max`. */
MUST_USE enum err list_count(struct db *db, struct mem *m, const struct list_spec *spec, int64_t max, int64_t *n);
/* Every match once, streamed, in no promised order; each row's memory is given back after fn. fn's error stops it. */
MUST_USE enum err list_each(struct db *db, struct mem *m, const struct list_spec *spec,
			    enum err (*fn)(void *arg, const struct list_hit *hit), void *arg);
/* Rows of published objects among `ids` that have a term of every group of `branch` (NULL: all), in the order of `ids`. */
MUST_USE enum err list_by_ids(struct db *db, struct mem *m, const int64_t *ids, size_t n_ids, const struct list_spec *spec,
			      struct list_hit **out, size_t *n);
/* The term ids (as kept on the object) of every match, streamed: for counting facets. */
MUST_USE enum err list_terms(struct db *db, struct mem *m, const struct list_spec *spec,
			     void (*fn)(void *arg, struct str terms), void *arg);

/* One occurrence of an object that happens. Times are local, counted as if they were UTC. */
struct list_time {
	struct list_hit hit;
	int64_t at, until, nth;
	int grain;              /* enum cal_precision of the start */
	int state;              /* 0 as planned, 1 cancelled, 2 postponed, 3 changed */
	struct str start, finish, zone;
};
/* A page of occurrences that begin from spec->from on and before spec->to, in order; `running`: those that began before and go on. */
MUST_USE enum err list_times(struct db *db, struct mem *m, const struct list_spec *spec, bool running, struct list_time **out, size_t *n);
/* Occurrences by the day they begin on, days since 1970, between spec->from and spec->to: pairs of day and count. */
MUST_USE enum err list_days(struct db *db, struct mem *m, const struct list_spec *spec, int64_t (*out)[2], size_t max, size_t *n);

/* Places along a curve that keeps neighbours together; the same for the column z and for boxes. */
int64_t place_z(double lat, double lon);

#endif
