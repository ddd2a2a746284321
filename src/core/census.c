/*
 * Bits of the objects that a filter finds, counted against the bits of each term.
 */
#include "census.h"

#include "points_part.h"

struct census {
	struct points_held *held;
	const struct points_part *part[2]; /* the base and what changed since */
	uint64_t *bits[2];                 /* one a place, of which one an object is left */
	size_t n;
};

bool census_can(void)
{
	return points_running();
}

/* ---- boxes ----------------------------------------------------------------------------------------------------------- */

static bool set(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

static double turned(double lon)
{
	while (lon < -180) {
		lon += 360;
	}
	while (lon > 180) {
		lon -= 360;
	}
	return lon;
}

/* Clears what stands outside the box. */
static void and_box(const struct points_part *p, const struct filter *f, uint64_t *bits)
{
	bool around = f->east - f->west >= 360;
	uint32_t west = points_x(around ? -180 : turned(f->west)), east = points_x(around ? 180 : turned(f->east));
	uint32_t north = points_y(f->north), south = points_y(f->south);

	for (size_t w = 0; w < points_words(p->n); w++) {
		bits[w] &= p->placed ? p->placed[w] : UINT64_MAX;
		for (uint64_t left = bits[w]; left; left &= left - 1) {
			uint32_t i = (uint32_t)w * 64 + (uint32_t)__builtin_ctzll(left);
			bool across = west <= east ? p->x[i] >= west && p->x[i] <= east : p->x[i] >= west || p->x[i] <= east;
			if (!across || p->y[i] < north || p->y[i] > south) {
				bits[w] &= ~(UINT64_C(1) << (i % 64));
			}
		}
	}
}

/* True if an earlier place of the same object is there too. */
static bool has_earlier(const struct points_part *p, const uint64_t *bits, uint32_t i)
{
	uint32_t object = p->object[i];

	for (uint32_t k = points_of(p, object); k < p->n && p->object[p->by_object[k]] == object; k++) {
		uint32_t other = p->by_object[k];
		if ((p->what[other] & 63) < (p->what[i] & 63) && set(bits, other)) {
			return true;
		}
	}
	return false;
}

/* Leaves one place of each object. */
static void one_each(const struct points_part *p, struct mem *m, uint64_t *bits)
{
	uint64_t *all = mem_array(m, uint64_t, points_words(p->n));

	if (p->n) {
		memcpy(all, bits, points_words(p->n) * sizeof(*all));
	}
	for (size_t w = 0; w < points_words(p->n); w++) {
		for (uint64_t left = bits[w] & ~p->first[w]; left; left &= left - 1) {
			uint32_t i = (uint32_t)w * 64 + (uint32_t)__builtin_ctzll(left);
			if (has_earlier(p, all, i)) {
				bits[w] &= ~(UINT64_C(1) << (i % 64));
			}
		}
	}
}

/* ---- what a filter finds --------------------------------------------------------------------------------------------- */

static enum err ask_kinds(struct db *db, struct mem *m, const struct filter *f, struct points_ask ***asks, size_t *n)
{
	size_t max = 0;

	*n = 0;
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		max++;
	}
	*asks = mem_array(m, struct points_ask *, max + 1);
	for (const struct entity *e = f->entity ? f->entity : entity_next(NULL); e; e = f->entity ? NULL : entity_next(e)) {
		struct filter *one = mem_new(m, struct filter);
		*one = *f;
		one->entity = e;
		TRY(points_ask(db, m, one, &(*asks)[(*n)++]));
	}
	return OK;
}

/* The objects found; census_end() gives the index back. */
static enum err census_begin(struct db *db, struct mem *m, const struct filter *f, struct census *c)
{
	struct points_ask **asks;
	struct points_index ix;
	size_t n;

	*c = (struct census){.n = 0};
	TRY(ask_kinds(db, m, f, &asks, &n));
	TRY(points_take(db, m, &c->held, &ix));
	c->part[0] = ix.base;
	c->part[1] = ix.delta;
	for (; c->n < 2 && c->part[c->n]; c->n++) {
		const struct points_part *p = c->part[c->n];
		uint64_t *bits = points_bits(m, p, c->n == 0 ? ix.alive : NULL, asks, n);
		if (f->has_bbox) {
			and_box(p, f, bits);
			one_each(p, m, bits);
		}
		for (size_t w = 0; !f->has_bbox && w < points_words(p->n); w++) {
			bits[w] &= p->first[w];
		}
		c->bits[c->n] = bits;
	}
	return OK;
}

static int64_t count_bits(const uint64_t *a, const uint64_t *b, size_t words)
{
	int64_t n = 0;

	for (size_t w = 0; w < words; w++) {
		n += __builtin_popcountll(b ? a[w] & b[w] : a[w]);
	}
	return n;
}

enum err census_total(struct db *db, struct mem *m, const struct filter *f, int64_t *total)
{
	struct census c;

	*total = 0;
	TRY(census_begin(db, m, f, &c));
	for (size_t i = 0; i < c.n; i++) {
		*total += count_bits(c.bits[i], NULL, points_words(c.part[i]->n));
	}
	points_release(c.held);
	return OK;
}

static int64_t count_list(const struct points_part *p, const uint64_t *bits, int64_t term)
{
	const struct points_list *l = points_list(p, term);
	int64_t n = 0;

	if (!l) {
		return 0;
	}
	if (l->bits) {
		return count_bits(bits, l->bits, points_words(p->n));
	}
	for (uint32_t k = 0; k < l->n; k++) {
		n += bits[l->at[k] / 64] >> (l->at[k] % 64) & 1;
	}
	return n;
}

enum err census_terms(struct db *db, struct mem *m, const struct filter *f, const int64_t *terms, size_t n, int64_t *counts)
{
	struct census c;

	TRY(census_begin(db, m, f, &c));
	for (size_t k = 0; k < n; k++) {
		counts[k] = 0;
		for (size_t i = 0; i < c.n; i++) {
			counts[k] += count_list(c.part[i], c.bits[i], terms[k]);
		}
	}
	points_release(c.held);
	return OK;
}
