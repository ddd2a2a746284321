/*
 * Answering a box: the squares of a grid that fits the zoom are walked along the curve, where each is one run of places. Whole
 * blocks of places are counted without looking at them.
 */
#include <math.h>

#include "../base/vec.h"
#include "points_part.h"

enum {
	SQUARE_BITS = 3,      /* squares of 64 px: the tile of 512 px is eight wide */
	FEW = 80,             /* so many places are shown in squares half as wide */
	SQUARES_MAX = 1200,   /* looked at for one answer */
	TOUCH_PX = 40,        /* clusters nearer than that are one */
	APART_PX = 22         /* nearer than that at the last zoom, places cannot be parted */
};

/* ---- the box and its squares ----------------------------------------------------------------------------------------- */

struct rect {
	uint32_t west, north, east, south; /* all inside */
};

struct square {
	uint64_t key;
	uint64_t n, sum_x, sum_y;
	struct rect r;            /* of the places in it */
	uint32_t first;           /* a run of its part, to name them */
	uint32_t end;
	bool in_delta, in_both;
};

struct walk {
	struct mem *mem;
	const struct points_part *p;
	const uint64_t *bits;
	struct rect box[2];
	size_t n_boxes;
	int level;                /* the world is 2^level squares wide */
	bool delta;
	VEC(struct square) squares;
};

static bool meets(const struct walk *w, struct rect r)
{
	for (size_t i = 0; i < w->n_boxes; i++) {
		const struct rect *b = &w->box[i];
		if (r.west <= b->east && r.east >= b->west && r.north <= b->south && r.south >= b->north) {
			return true;
		}
	}
	return false;
}

static bool is_inside(const struct walk *w, struct rect r)
{
	for (size_t i = 0; i < w->n_boxes; i++) {
		const struct rect *b = &w->box[i];
		if (r.west >= b->west && r.east <= b->east && r.north >= b->north && r.south <= b->south) {
			return true;
		}
	}
	return false;
}

static uint64_t key_at(const struct points_part *p, uint32_t i)
{
	return points_key(p->x[i], p->y[i]);
}

/* The first place from `lo` whose key is not below `key`. */
static uint32_t lower(const struct points_part *p, uint32_t lo, uint32_t hi, uint64_t key)
{
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (key_at(p, mid) < key) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo;
}

static void count_place(struct square *s, uint32_t x, uint32_t y)
{
	s->n++;
	s->sum_x += x;
	s->sum_y += y;
	s->r.west = x < s->r.west ? x : s->r.west;
	s->r.east = x > s->r.east ? x : s->r.east;
	s->r.north = y < s->r.north ? y : s->r.north;
	s->r.south = y > s->r.south ? y : s->r.south;
}

static void count_block(struct square *s, const struct points_block *b)
{
	s->n += 64;
	s->sum_x += b->sum_x;
	s->sum_y += b->sum_y;
	s->r.west = b->west < s->r.west ? b->west : s->r.west;
	s->r.east = b->east > s->r.east ? b->east : s->r.east;
	s->r.north = b->north < s->r.north ? b->north : s->r.north;
	s->r.south = b->south > s->r.south ? b->south : s->r.south;
}

static bool in_boxes(const struct walk *w, uint32_t i)
{
	uint32_t x = w->p->x[i], y = w->p->y[i];

	return is_inside(w, (struct rect){x, y, x, y});
}

/* The bits of word `k` that lie between lo and hi. */
static uint64_t word_between(const uint64_t *bits, size_t k, uint32_t lo, uint32_t hi)
{
	uint64_t v = bits[k];

	if (k == lo / 64) {
		v &= ~UINT64_C(0) << (lo % 64);
	}
	if (k == hi / 64) {
		v &= (UINT64_C(1) << (hi % 64)) - 1;
	}
	return v;
}

static void count_run(struct walk *w, uint64_t key, uint32_t lo, uint32_t hi, bool inside)
{
	struct square s = {.key = key, .first = lo, .end = hi, .in_delta = w->delta,
			   .r = {UINT32_MAX, UINT32_MAX, 0, 0}};

	for (size_t k = lo / 64; k * 64 < hi; k++) {
		uint64_t v = word_between(w->bits, k, lo, hi);
		if (inside && v == ~UINT64_C(0)) {
			count_block(&s, &w->p->blocks[k]);
			continue;
		}
		for (; v; v &= v - 1) {
			uint32_t i = (uint32_t)(k * 64) + (uint32_t)__builtin_ctzll(v);
			if (inside || in_boxes(w, i)) {
				count_place(&s, w->p->x[i], w->p->y[i]);
			}
		}
	}
	if (s.n) {
		*vec_add(w->mem, &w->squares) = s;
	}
}

/* Square (x, y) of a level, whose places are lo..hi-1. */
static void descend(struct walk *w, int level, uint32_t x, uint32_t y, uint32_t lo, uint32_t hi)
{
	int shift = 32 - level;
	uint32_t side = level == 0 ? UINT32_MAX : (uint32_t)((UINT64_C(1) << shift) - 1);
	uint32_t west = level == 0 ? 0 : x << shift, north = level == 0 ? 0 : y << shift;
	struct rect r = {west, north, west + side, north + side};

	if (lo == hi || !meets(w, r)) {
		return;
	}
	if (level == w->level) {
		count_run(w, points_key(x, y), lo, hi, is_inside(w, r));
		return;
	}
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t cx = x << 1 | (i & 1), cy = y << 1 | i >> 1;
		uint64_t next = points_key(cx, cy) + 1;
		int bits = 2 * (shift - 1);
		uint32_t end = i == 3 ? hi : lower(w->p, lo, hi, next << bits);
		descend(w, level + 1, cx, cy, lo, end);
		lo = end;
	}
}

static double turn(double lon)
{
	double v = fmod(lon + 180, 360);

	return (v < 0 ? v + 360 : v) - 180;
}

static void walk_boxes(struct walk *w, const struct points_query *q)
{
	uint32_t north = points_y(q->north), south = points_y(q->south);
	double west = turn(q->west), east = turn(q->east);

	if (q->east - q->west >= 360) {
		w->box[w->n_boxes++] = (struct rect){0, north, UINT32_MAX, south};
		return;
	}
	if (q->east <= 180 && q->east > q->west && q->west >= -180) {
		east = q->east;
	}
	if (west <= east) {
		w->box[w->n_boxes++] = (struct rect){points_x(west), north, points_x(east), south};
		return;
	}
	w->box[w->n_boxes++] = (struct rect){points_x(west), north, UINT32_MAX, south};
	w->box[w->n_boxes++] = (struct rect){0, north, points_x(east), south};
}

/* The finest level, up to `level`, at which the box is no more than so many squares. */
static int bounded_level(const struct walk *w, int level)
{
	for (; level > 0; level--) {
		double side = ldexp(1, 32 - level), n = 0;
		for (size_t i = 0; i < w->n_boxes; i++) {
			const struct rect *b = &w->box[i];
			n += ((double)(b->east - b->west) / side + 1) * ((double)(b->south - b->north) / side + 1);
		}
		if (n <= SQUARES_MAX) {
			break;
		}
	}
	return level;
}

/* ---- squares to clusters --------------------------------------------------------------------------------------------- */

struct finding {
	struct mem *mem;
	struct walk part[2];      /* base, delta */
	size_t n_parts;
	VEC(struct square) all;
	int64_t total;
};

static void join(struct square *to, const struct square *s)
{
	to->n += s->n;
	to->sum_x += s->sum_x;
	to->sum_y += s->sum_y;
	to->r.west = s->r.west < to->r.west ? s->r.west : to->r.west;
	to->r.east = s->r.east > to->r.east ? s->r.east : to->r.east;
	to->r.north = s->r.north < to->r.north ? s->r.north : to->r.north;
	to->r.south = s->r.south > to->r.south ? s->r.south : to->r.south;
	to->in_both = true;
}

/* Both parts' squares in the order of the curve; those of the same key as one. */
static void merge(struct finding *f)
{
	const struct walk *a = &f->part[0], *b = &f->part[1];
	size_t i = 0, k = 0;

	f->all.n = 0;
	f->total = 0;
	while (i < a->squares.n || k < b->squares.n) {
		const struct square *s;
		bool from_a = k >= b->squares.n || (i < a->squares.n && a->squares.p[i].key <= b->squares.p[k].key);

		s = from_a ? &a->squares.p[i++] : &b->squares.p[k++];
		f->total += (int64_t)s->n;
		if (f->all.n && f->all.p[f->all.n - 1].key == s->key) {
			join(&f->all.p[f->all.n - 1], s);
		} else {
			*vec_add(f->mem, &f->all) = *s;
		}
	}
}

static void gather(struct finding *f, int level)
{
	for (size_t i = 0; i < f->n_parts; i++) {
		struct walk *w = &f->part[i];
		w->level = level;
		w->squares.n = 0;
		descend(w, 0, 0, 0, 0, w->p->n);
	}
	merge(f);
}

static struct points_item item_of(const struct points_part *p, uint32_t i)
{
	return (struct points_item){
		.object = p->object[i],
		.pos = p->what[i] & 63,
		.precision = p->what[i] >> 6,
		.lat = points_lat((double)p->y[i] + 0.5),
		.lon = points_lon((double)p->x[i] + 0.5),
	};
}

/* The first places of a square, at most `max`. */
static size_t name_items(const struct finding *f, const struct square *s, struct points_item *out, size_t max)
{
	size_t n = 0;

	for (size_t part = 0; part < f->n_parts; part++) {
		const struct walk *w = &f->part[part];
		uint32_t lo = s->first, hi = s->end;
		if (s->in_both) {
			int bits = 2 * (32 - w->level);
			lo = lower(w->p, 0, w->p->n, bits >= 64 ? 0 : s->key << bits);
			hi = bits >= 64 ? w->p->n : lower(w->p, lo, w->p->n, (s->key + 1) << bits);
		} else if (s->in_delta != w->delta) {
			continue;
		}
		for (uint32_t i = lo; i < hi && n < max; i++) {
			if ((w->bits[i / 64] >> (i % 64) & 1) && in_boxes(w, i)) {
				out[n++] = item_of(w->p, i);
			}
		}
	}
	return n;
}

static void cluster_of(const struct square *s, struct points_cluster *c)
{
	c->n = (int64_t)s->n;
	c->lon = points_lon((double)s->sum_x / (double)s->n + 0.5);
	c->lat = points_lat((double)s->sum_y / (double)s->n + 0.5);
	c->west = points_lon(s->r.west);
	c->east = points_lon(s->r.east);
	c->north = points_lat(s->r.north);
	c->south = points_lat(s->r.south);
}

/* True when no zoom parts the places of a square. */
static bool is_one_spot(const struct square *s, int zoom)
{
	double px = APART_PX * ldexp(1, 32 - 9 - POINTS_MAX_ZOOM);

	return zoom >= POINTS_MAX_ZOOM || ((double)(s->r.east - s->r.west) < px && (double)(s->r.south - s->r.north) < px);
}

static void write_answer(const struct finding *f, int zoom, struct points_answer *out)
{
	size_t left = POINTS_DETAILED, singles = 0;

	*out = (struct points_answer){.n = f->all.n, .total = f->total, .west = 180, .east = -180, .south = 90, .north = -90};
	out->clusters = mem_array(f->mem, struct points_cluster, f->all.n);
	for (size_t i = 0; i < f->all.n; i++) {
		singles += f->all.p[i].n == 1;
	}
	left = left > singles ? left - singles : 0;
	for (size_t i = 0; i < f->all.n; i++) {
		const struct square *s = &f->all.p[i];
		struct points_cluster *c = &out->clusters[i];
		size_t want = s->n == 1 ? 1 : is_one_spot(s, zoom) ? (s->n < POINTS_ITEMS ? (size_t)s->n : POINTS_ITEMS) : 0;

		cluster_of(s, c);
		if (s->n > 1) {
			want = want < left ? want : left;
			left -= want;
		}
		if (want) {
			struct points_item *items = mem_array(f->mem, struct points_item, want);
			c->n_items = name_items(f, s, items, want);
			c->items = items;
		}
		out->west = c->west < out->west ? c->west : out->west;
		out->east = c->east > out->east ? c->east : out->east;
		out->south = c->south < out->south ? c->south : out->south;
		out->north = c->north > out->north ? c->north : out->north;
	}
}

/* Two that would be drawn over each other become one, unless no zoom could part them again. */
static void merge_near(struct finding *f, int zoom)
{
	double px = ldexp(1, 32 - 9 - zoom), touch = TOUCH_PX * px;
	size_t kept = 0;

	for (size_t i = 0; i < f->all.n; i++) {
		struct square s = f->all.p[i];
		bool gone = false;
		for (size_t k = 0; k < kept && s.n > 1 && !gone; k++) {
			struct square *o = &f->all.p[k], both = *o;
			double x = (double)s.sum_x / (double)s.n - (double)o->sum_x / (double)o->n;
			double y = (double)s.sum_y / (double)s.n - (double)o->sum_y / (double)o->n;
			if (o->n == 1 || x * x + y * y > touch * touch) {
				continue;
			}
			join(&both, &s);
			gone = !is_one_spot(&both, zoom);
			if (gone) {
				both.in_both = o->in_both;
				*o = both;
			}
		}
		if (!gone) {
			f->all.p[kept++] = s;
		}
	}
	f->all.n = kept;
}

static size_t singles_of(const struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->all.n; i++) {
		n += f->all.p[i].n == 1;
	}
	return n;
}

static void find(struct finding *f, const struct points_query *q, struct points_answer *out)
{
	int zoom = q->zoom < 0 ? 0 : q->zoom > POINTS_MAX_ZOOM ? POINTS_MAX_ZOOM : q->zoom;
	int level = bounded_level(&f->part[0], zoom + SQUARE_BITS);

	gather(f, level);
	if (f->total <= FEW && bounded_level(&f->part[0], level + 1) == level + 1) {
		gather(f, level + 1);
		level++;
	}
	while (level > 0 && (f->all.n > POINTS_SHOWN || singles_of(f) > POINTS_DETAILED)) {
		gather(f, --level);
	}
	merge_near(f, zoom);
	write_answer(f, zoom, out);
}

enum err points_find(struct db *db, struct mem *m, const struct points_query *q, struct points_answer *out)
{
	struct points_ask **asks = mem_array(m, struct points_ask *, q->n_filters);
	struct finding f = {.mem = m};
	struct points_held *held;
	struct points_index ix;

	for (size_t i = 0; i < q->n_filters; i++) {
		TRY(points_ask(db, m, &q->filters[i], &asks[i]));
	}
	TRY(points_take(db, m, &held, &ix));
	const struct points_part *parts[2] = {ix.base, ix.delta};
	for (size_t i = 0; i < 2 && parts[i]; i++) {
		struct walk *w = &f.part[f.n_parts++];
		uint64_t *bits = points_bits(m, parts[i], i == 0 ? ix.alive : NULL, asks, q->n_filters);
		for (size_t k = 0; parts[i]->placed && k < points_words(parts[i]->n); k++) {
			bits[k] &= parts[i]->placed[k];
		}
		*w = (struct walk){.mem = m, .p = parts[i], .delta = i == 1, .bits = bits};
		walk_boxes(w, q);
	}
	find(&f, q, out);
	points_release(held);
	return OK;
}
