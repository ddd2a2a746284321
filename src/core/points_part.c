/*
 * Making one sorted run of places. Rows come in any order with the ids of what they are listed under, as text; out come
 * columns along the curve and a list of places for each term.
 */
#include "points_part.h"

#include <math.h>
#include <stdlib.h>

#include "../base/vec.h"

enum { CHUNK = 1 << 18, TERMS_OF_ONE = 1024 };

static const double pi = 3.14159265358979323846;
static const double world = 4294967296.0;

/* ---- the curve ------------------------------------------------------------------------------------------------------- */

static uint64_t spread(uint64_t v)
{
	v = (v | v << 16) & UINT64_C(0x0000FFFF0000FFFF);
	v = (v | v << 8) & UINT64_C(0x00FF00FF00FF00FF);
	v = (v | v << 4) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	v = (v | v << 2) & UINT64_C(0x3333333333333333);
	return (v | v << 1) & UINT64_C(0x5555555555555555);
}

uint64_t points_key(uint32_t x, uint32_t y)
{
	return spread(x) | spread(y) << 1;
}

static uint32_t unit(double v)
{
	return v <= 0 ? 0 : v >= world - 1 ? UINT32_MAX : (uint32_t)v;
}

uint32_t points_x(double lon)
{
	return unit((lon + 180) / 360 * world);
}

uint32_t points_y(double lat)
{
	double s = sin(fmax(-85.0511, fmin(85.0511, lat)) * pi / 180);

	return unit((0.5 - log((1 + s) / (1 - s)) / (4 * pi)) * world);
}

double points_lon(double x)
{
	return x / world * 360 - 180;
}

double points_lat(double y)
{
	return atan(sinh(pi * (1 - 2 * y / world))) * 180 / pi;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

struct row {
	uint64_t key;
	uint32_t x, y, object, published, updated, terms; /* terms: where they begin, in all chunks */
	uint16_t n_terms;
	uint8_t what;
	bool nowhere;
};

struct points_build {
	struct mem *mem;
	struct row *rows;
	size_t n, max;
	VEC(uint32_t *) chunks;
	size_t used;            /* of the last chunk */
	uint32_t term_max;
};

struct points_build *points_build_begin(struct mem *tmp, size_t max)
{
	struct points_build *b = mem_new(tmp, struct points_build);

	b->mem = tmp;
	b->max = max;
	b->rows = mem_array(tmp, struct row, max);
	b->used = CHUNK;
	return b;
}

static uint32_t seconds(int64_t ms)
{
	return ms <= 0 ? 0 : ms / 1000 >= UINT32_MAX ? UINT32_MAX : (uint32_t)(ms / 1000);
}

/* Reads the ids in place: chunks are not straddled. */
static void add_terms(struct points_build *b, struct row *r, struct str terms)
{
	uint32_t *to;
	int64_t id;

	if (b->used + TERMS_OF_ONE > CHUNK) {
		*vec_add(b->mem, &b->chunks) = mem_array(b->mem, uint32_t, CHUNK);
		b->used = 0;
	}
	to = b->chunks.p[b->chunks.n - 1] + b->used;
	r->terms = (uint32_t)((b->chunks.n - 1) * CHUNK + b->used);
	while (terms.n && r->n_terms < TERMS_OF_ONE) {
		if (str_to_i64(str_cut(&terms, ' '), &id) && id > 0 && id < UINT32_MAX) {
			to[r->n_terms++] = (uint32_t)id;
			b->term_max = id > b->term_max ? (uint32_t)id : b->term_max;
		}
	}
	b->used += r->n_terms;
}

enum err points_build_add(struct points_build *b, int64_t object, int64_t pos, double lat, double lon, int64_t precision,
			  int64_t published, int64_t updated, struct str terms)
{
	struct row *r = &b->rows[b->n];

	if (b->n >= b->max || object <= 0 || object >= UINT32_MAX) {
		return fail(E_LIMIT, "points: more places than were counted, or an id past 2^32");
	}
	bool nowhere = pos == POINTS_NOWHERE;
	*r = (struct row){.x = points_x(lon), .y = points_y(lat), .object = (uint32_t)object,
			  .published = seconds(published), .updated = seconds(updated),
			  .nowhere = nowhere, .what = (uint8_t)((nowhere ? 0 : pos & 63) | (precision & 3) << 6)};
	r->key = points_key(r->x, r->y);
	if (nowhere) {
		r->x = r->y = UINT32_MAX;
		r->key = UINT64_MAX;
	}
	/* places of one object follow each other and share their terms */
	if (b->n > 0 && r[-1].object == r->object) {
		r->terms = r[-1].terms;
		r->n_terms = r[-1].n_terms;
	} else {
		add_terms(b, r, terms);
	}
	b->n++;
	return OK;
}

static int by_key(const void *a, const void *b)
{
	const struct row *p = a, *q = b;

	if (p->key != q->key) {
		return p->key < q->key ? -1 : 1;
	}
	if (p->object != q->object) {
		return p->object < q->object ? -1 : 1;
	}
	return (p->what & 63) - (q->what & 63);
}

/* ---- columns --------------------------------------------------------------------------------------------------------- */

static void *column(struct points_part *p, size_t n, size_t size)
{
	p->bytes += n * size;
	return mem_get_array(p->mem, n, size);
}

static void fill_columns(struct points_part *p, const struct row *rows)
{
	p->x = column(p, p->n, sizeof *p->x);
	p->y = column(p, p->n, sizeof *p->y);
	p->object = column(p, p->n, sizeof *p->object);
	p->what = column(p, p->n, sizeof *p->what);
	p->published = column(p, p->n, sizeof *p->published);
	p->updated = column(p, p->n, sizeof *p->updated);
	for (uint32_t i = 0; i < p->n; i++) {
		p->x[i] = rows[i].x;
		p->y[i] = rows[i].y;
		p->object[i] = rows[i].object;
		p->what[i] = rows[i].what;
		p->published[i] = rows[i].published;
		p->updated[i] = rows[i].updated;
	}
}

static void fill_marks(struct points_part *p, const struct row *rows)
{
	bool all = true;

	p->first = column(p, points_words(p->n), sizeof *p->first);
	for (uint32_t i = 0; i < p->n; i++) {
		p->first[i / 64] |= (uint64_t)((rows[i].what & 63) == 0) << (i % 64);
		all = all && !rows[i].nowhere;
	}
	if (all) {
		return;
	}
	p->placed = column(p, points_words(p->n), sizeof *p->placed);
	for (uint32_t i = 0; i < p->n; i++) {
		p->placed[i / 64] |= (uint64_t)!rows[i].nowhere << (i % 64);
	}
}

static void fill_blocks(struct points_part *p)
{
	p->blocks = column(p, points_words(p->n), sizeof *p->blocks);
	for (size_t i = 0; i < points_words(p->n); i++) {
		struct points_block *b = &p->blocks[i];

		*b = (struct points_block){.west = UINT32_MAX, .north = UINT32_MAX};
		for (size_t k = i * 64; k < (i + 1) * 64 && k < p->n; k++) {
			b->sum_x += p->x[k];
			b->sum_y += p->y[k];
			b->west = p->x[k] < b->west ? p->x[k] : b->west;
			b->east = p->x[k] > b->east ? p->x[k] : b->east;
			b->north = p->y[k] < b->north ? p->y[k] : b->north;
			b->south = p->y[k] > b->south ? p->y[k] : b->south;
		}
	}
}

static int by_pair(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void fill_by_object(struct points_part *p, struct mem *tmp)
{
	uint64_t *pairs = mem_array(tmp, uint64_t, p->n);

	p->by_object = column(p, p->n, sizeof *p->by_object);
	for (uint32_t i = 0; i < p->n; i++) {
		pairs[i] = (uint64_t)p->object[i] << 32 | i;
	}
	if (p->n) {
		qsort(pairs, p->n, sizeof *pairs, by_pair);
	}
	for (uint32_t i = 0; i < p->n; i++) {
		p->by_object[i] = (uint32_t)pairs[i];
	}
}

/* Room for the list of each term that has places, in the smaller of the two forms. */
static void make_lists(struct points_part *p, const uint32_t *counts, uint32_t term_max)
{
	for (uint32_t t = 0; t <= term_max; t++) {
		p->n_lists += counts[t] > 0;
	}
	p->lists = column(p, p->n_lists, sizeof *p->lists);
	for (uint32_t t = 0, k = 0; t <= term_max; t++) {
		struct points_list *l = &p->lists[k];

		if (!counts[t]) {
			continue;
		}
		k++;
		l->term = t;
		if (counts[t] / 2 > points_words(p->n)) {
			l->bits = column(p, points_words(p->n), sizeof *l->bits);
		} else {
			l->at = column(p, counts[t], sizeof *l->at);
		}
	}
}

static void fill_lists(struct points_part *p, const struct points_build *b, struct mem *tmp)
{
	uint32_t *counts = mem_array(tmp, uint32_t, (size_t)b->term_max + 1);
	uint32_t *list_of = mem_array(tmp, uint32_t, (size_t)b->term_max + 1);

	for (size_t i = 0; i < b->n; i++) {
		const uint32_t *terms = b->chunks.p[b->rows[i].terms / CHUNK] + b->rows[i].terms % CHUNK;
		for (uint16_t k = 0; k < b->rows[i].n_terms; k++) {
			counts[terms[k]]++;
		}
	}
	make_lists(p, counts, b->term_max);
	for (size_t k = 0; k < p->n_lists; k++) {
		list_of[p->lists[k].term] = (uint32_t)k;
	}
	for (uint32_t i = 0; i < p->n; i++) {
		const uint32_t *terms = b->chunks.p[b->rows[i].terms / CHUNK] + b->rows[i].terms % CHUNK;
		for (uint16_t k = 0; k < b->rows[i].n_terms; k++) {
			struct points_list *l = &p->lists[list_of[terms[k]]];
			if (l->bits) {
				l->bits[i / 64] |= UINT64_C(1) << (i % 64);
			} else {
				l->at[l->n] = i;
			}
			l->n++;
		}
	}
}

struct points_part *points_build_end(struct points_build *b)
{
	struct mem *m = mem_open();
	struct points_part *p = mem_new(m, struct points_part);

	p->mem = m;
	p->n = (uint32_t)b->n;
	if (b->n) {
		qsort(b->rows, b->n, sizeof *b->rows, by_key);
	}
	fill_columns(p, b->rows);
	fill_marks(p, b->rows);
	fill_blocks(p);
	fill_by_object(p, b->mem);
	fill_lists(p, b, b->mem);
	return p;
}

void points_part_free(struct points_part *p)
{
	if (p) {
		mem_close(p->mem);
	}
}

/* ---- look-ups -------------------------------------------------------------------------------------------------------- */

uint32_t points_of(const struct points_part *p, uint32_t object)
{
	uint32_t lo = 0, hi = p->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (p->object[p->by_object[mid]] < object) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo < p->n && p->object[p->by_object[lo]] == object ? lo : p->n;
}

const struct points_list *points_list(const struct points_part *p, int64_t term)
{
	size_t lo = 0, hi = p->n_lists;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (p->lists[mid].term < term) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo < p->n_lists && p->lists[lo].term == term ? &p->lists[lo] : NULL;
}
