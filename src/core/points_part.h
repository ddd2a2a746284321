/*
 * One sorted run of places with its lists by term: the whole index is a large one and a small one of what changed since.
 * Files of core/points only.
 */
#ifndef CORE_POINTS_PART_H
#define CORE_POINTS_PART_H

#include "points.h"

/* What blocks of 64 places span, so that a whole block is counted without looking at its places. */
struct points_block {
	uint64_t sum_x, sum_y;
	uint32_t west, north, east, south;
};

/* The places under a term: their numbers in order, or a bit for each place where that is smaller. */
struct points_list {
	uint32_t term, n;
	uint32_t *at;         /* NULL when `bits` is there */
	uint64_t *bits;
};

/* The number of the place that stands for an object without any: last on the curve, in no box. */
#define POINTS_NOWHERE (-1)

struct points_part {
	struct mem *mem;
	uint32_t n;
	uint32_t *x, *y;       /* Web Mercator, the world being 2^32 wide; y grows southwards */
	uint32_t *object;
	uint8_t *what;         /* number of the place, and its precision in the two highest bits */
	uint32_t *published, *updated; /* seconds */
	uint32_t *by_object;   /* places in the order of their objects */
	uint64_t *first;       /* a bit for the first place of each object, or for its having none */
	uint64_t *placed;      /* a bit for each that stands somewhere; NULL when all do */
	struct points_block *blocks;
	struct points_list *lists; /* by term */
	size_t n_lists;
	size_t bytes;
};

static inline size_t points_words(uint32_t n)
{
	return ((size_t)n + 63) / 64;
}

/* A part being made: add rows, then build. */
struct points_build;
struct points_build *points_build_begin(struct mem *tmp, size_t max);
MUST_USE enum err points_build_add(struct points_build *b, int64_t object, int64_t pos, double lat, double lon,
				   int64_t precision, int64_t published, int64_t updated, struct str terms);
/* In an arena of its own: points_part_free() gives it back. */
struct points_part *points_build_end(struct points_build *b);
void points_part_free(struct points_part *p);

/* Where places of an object begin in by_object; p->n when it has none. */
uint32_t points_of(const struct points_part *p, uint32_t object);
const struct points_list *points_list(const struct points_part *p, int64_t term);

/* Along the curve. */
uint64_t points_key(uint32_t x, uint32_t y);
uint32_t points_x(double lon);
uint32_t points_y(double lat);
double points_lon(double x);
double points_lat(double y);

/* ---- filters ---- */

/* What a filter asks of each part. */
struct points_ask;
MUST_USE enum err points_ask(struct db *db, struct mem *m, const struct filter *f, struct points_ask **out);
/* A bit for each place that answers one of the filters and is alive (NULL: all are). */
uint64_t *points_bits(struct mem *m, const struct points_part *p, const uint64_t *alive, struct points_ask *const *asks, size_t n);

/* ---- the index ---- */

struct points_index {
	struct points_part *base;
	struct points_part *delta;   /* of objects changed since the base was made; NULL if none */
	const uint64_t *alive;       /* bits of the base's places that still hold; NULL: all */
};
/* True when an index is kept and ready: asking it is cheap. */
bool points_running(void);
/* Takes what is in force, as fresh as the transaction of `db`; give it back with points_release(). */
struct points_held;
MUST_USE enum err points_take(struct db *db, struct mem *m, struct points_held **held, struct points_index *out);
void points_release(struct points_held *held);

#endif
