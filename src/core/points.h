/*
 * All published places in memory, for maps: packed, sorted along a curve that keeps neighbours together, with what each is
 * listed under, so that a map of a million places is answered in milliseconds for any box, zoom and filter. Made from the
 * database, in the background once points_start() was called; what changes afterwards is laid over it at the next question,
 * so an answer is never older than the transaction that asks. Holds blurred points only, as object_place does.
 */
#ifndef CORE_POINTS_H
#define CORE_POINTS_H

#include "object.h"

enum {
	POINTS_SHOWN = 300,      /* marks and clusters of one answer */
	POINTS_DETAILED = 160,   /* marks that are named one by one, those inside clusters included */
	POINTS_ITEMS = 40,       /* of a cluster that no zoom can part */
	POINTS_MAX_ZOOM = 13     /* past it the base map shows no more */
};

struct points_item {
	int64_t object;
	int pos;             /* which of the object's places */
	int precision;       /* enum place_precision */
	double lat, lon;
};

struct points_cluster {
	double lat, lon;     /* the middle of its places */
	int64_t n;
	double west, south, east, north;
	const struct points_item *items; /* when it is one place, or no zoom can part them; of many, the first */
	size_t n_items;
};

struct points_query {
	double west, south, east, north; /* east below west, or past 180, crosses the antimeridian */
	int zoom;
	const struct filter *filters;    /* one a kind; their own boxes and orders are not looked at */
	size_t n_filters;
};

struct points_answer {
	struct points_cluster *clusters; /* along the curve */
	size_t n;
	int64_t total;                   /* places in the box */
	double west, south, east, north; /* what contains them, when total > 0 */
};

/* Starts making the index in the background; `where` as for db_open(). Without it, who asks first makes it and waits. */
MUST_USE enum err points_start(struct str where);
void points_stop(void);

/* False while the index is first being made in the background; waits a quarter of a second for it. */
bool points_ready(void);
/* E_BUSY while the index is first being made. */
MUST_USE enum err points_find(struct db *db, struct mem *m, const struct points_query *q, struct points_answer *out);

/* How many places the index holds and the bytes it takes, for benchmarks. */
void points_size(size_t *n, size_t *bytes);

#endif
