/*
 * Writes outlines as SVG path data: projects, cuts by the view, rounds to the grain, drops what is too small to see. Polygons are
 * cut ring by ring (Sutherland-Hodgman), whose seams run outside the visible part; lines are cut segment by segment.
 */
#include <math.h>

#include "svgmap_priv.h"

/* Rings smaller than this many square pixels are not written, unless they are all there is. */
#define SPECK 1.2

struct ring {
	struct dot *p;
	size_t n;
};

static void put_int(struct pen *p, int v, bool first)
{
	if (!first && v >= 0) {
		buf_put_c(p->o->buf, ' ');
	}
	buf_put_i64(p->o->buf, v);
}

static void move_to(struct pen *p, int x, int y)
{
	buf_put_c(p->o->buf, 'M');
	put_int(p, x, true);
	put_int(p, y, false);
	p->x = x;
	p->y = y;
	p->drawn = true;
}

/* Relative, right after the letter or another pair. */
static void step_to(struct pen *p, int x, int y, bool after_letter)
{
	put_int(p, x - p->x, after_letter);
	put_int(p, y - p->y, false);
	p->x = x;
	p->y = y;
}

static int grain(double px)
{
	return (int)lround(px * SVGMAP_GRAIN);
}

static struct dot project(const struct view *v, double x, double y)
{
	return (struct dot){v->x + (x - v->west) * v->scale, v->y + (v->north - y) * v->scale};
}

bool view_sees(const struct view *v, const struct outline_box *box)
{
	double reach = v->pad / v->scale;

	return box->west <= v->west + v->w / v->scale + reach && box->east >= v->west - reach &&
	       box->south <= v->north + reach && box->north >= v->north - v->h / v->scale - reach;
}

/* One side of the view: keeps what has sign * coordinate <= limit. */
static struct ring cut_side(struct mem *m, struct ring r, bool vertical, double sign, double limit)
{
	struct ring out = {mem_array(m, struct dot, 2 * r.n + 2), 0};

	for (size_t i = 0; i < r.n; i++) {
		struct dot a = r.p[i], b = r.p[(i + 1) % r.n];
		double da = sign * (vertical ? a.y : a.x) - limit, db = sign * (vertical ? b.y : b.x) - limit;

		if (da <= 0) {
			out.p[out.n++] = a;
		}
		if ((da < 0 && db > 0) || (da > 0 && db < 0)) {
			double t = da / (da - db);
			out.p[out.n++] = (struct dot){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
		}
	}
	return out;
}

static struct ring cut(struct mem *m, const struct view *v, struct ring r)
{
	r = cut_side(m, r, false, -1, -(v->x - v->pad));
	r = cut_side(m, r, false, 1, v->x + v->w + v->pad);
	r = cut_side(m, r, true, -1, -(v->y - v->pad));
	return cut_side(m, r, true, 1, v->y + v->h + v->pad);
}

static double area_of(struct ring r)
{
	double sum = 0;

	for (size_t i = 0; i < r.n; i++) {
		struct dot a = r.p[i], b = r.p[(i + 1) % r.n];
		sum += (b.x - a.x) * (b.y + a.y);
	}
	return fabs(sum / 2);
}

static void put_ring(struct pen *p, struct ring r)
{
	size_t written = 0;

	for (size_t i = 0; i < r.n; i++) {
		int x = grain(r.p[i].x), y = grain(r.p[i].y);

		if (written == 0) {
			move_to(p, x, y);
		} else if (x == p->x && y == p->y) {
			continue;
		} else {
			if (written == 1) {
				buf_put_c(p->o->buf, 'l');
			}
			step_to(p, x, y, written == 1);
		}
		written++;
	}
	if (written > 1) {
		buf_put_c(p->o->buf, 'z');
	}
}

/* The box of all arcs of a ring, and room for its points. */
static struct outline_box ring_box(const int32_t *arcs, uint32_t n, size_t *room)
{
	struct outline_box all = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

	*room = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct outline_arc a = {
			{0, 0, 0, 0},
                        OUTLINE_COAST
                };
		size_t number = (size_t)(arcs[i] < 0 ? ~arcs[i] : arcs[i]);

		outline_arc(number, &a);
		*room += outline_arc_size(number);
		all.west = a.box.west < all.west ? a.box.west : all.west;
		all.south = a.box.south < all.south ? a.box.south : all.south;
		all.east = a.box.east > all.east ? a.box.east : all.east;
		all.north = a.box.north > all.north ? a.box.north : all.north;
	}
	return all;
}

/* The points of a ring, projected. */
static struct ring gather(struct mem *m, const struct view *v, const int32_t *arcs, uint32_t n, size_t room)
{
	struct ring r = {mem_array(m, struct dot, room), 0};

	for (uint32_t i = 0; i < n; i++) {
		size_t number = (size_t)(arcs[i] < 0 ? ~arcs[i] : arcs[i]), size = outline_arc_size(number), count;
		struct outline_point *points = mem_array(m, struct outline_point, size);
		struct outline_arc a = {
			{0, 0, 0, 0},
                        OUTLINE_COAST
                };

		/* What is out of sight needs its ends only. */
		count = outline_points(number, arcs[i] < 0,
				       outline_arc(number, &a) && view_sees(v, &a.box) ? v->least : 256, points, size);
		for (size_t k = r.n > 0 ? 1 : 0; k < count; k++) {
			r.p[r.n++] = project(v, points[k].x, points[k].y);
		}
	}
	return r;
}

void pen_shape(struct pen *p, const struct outline_shape *shape)
{
	uint32_t at = shape->first, n;
	const int32_t *arcs;
	struct mem *m = p->scratch;

	while (outline_ring(shape, &at, &arcs, &n)) {
		size_t room;
		struct outline_box box = ring_box(arcs, n, &room);
		struct mem_mark mark = mem_mark(m);

		if (!view_sees(p->v, &box)) {
			continue;
		}
		struct ring r = cut(m, p->v, gather(m, p->v, arcs, n, room));
		if (r.n > 2 && area_of(r) > SPECK) {
			put_ring(p, r);
		}
		mem_rewind(m, mark);
	}
}

/* Cuts the segment a-b by one side (d: how far outside each end is); false when nothing is left. */
static bool cut_segment(struct dot *a, struct dot *b, double da, double db)
{
	struct dot *out = da > 0 ? a : b;

	if (da > 0 && db > 0) {
		return false;
	}
	if (da > 0 || db > 0) {
		double t = da / (da - db);
		*out = (struct dot){a->x + t * (b->x - a->x), a->y + t * (b->y - a->y)};
	}
	return true;
}

static bool clip_segment(const struct view *v, struct dot *a, struct dot *b)
{
	double west = v->x - v->pad, east = v->x + v->w + v->pad, top = v->y - v->pad, bottom = v->y + v->h + v->pad;

	return cut_segment(a, b, west - a->x, west - b->x) && cut_segment(a, b, a->x - east, b->x - east) &&
	       cut_segment(a, b, top - a->y, top - b->y) && cut_segment(a, b, a->y - bottom, b->y - bottom);
}

void pen_arc(struct pen *p, size_t arc)
{
	struct mem *m = p->scratch;
	struct mem_mark mark = mem_mark(m);
	size_t size = outline_arc_size(arc);
	struct outline_point *points = mem_array(m, struct outline_point, size);
	size_t n = outline_points(arc, false, p->v->least, points, size);
	bool pen_down = false, first = false;

	for (size_t i = 0; i + 1 < n; i++) {
		struct dot a = project(p->v, points[i].x, points[i].y),
			   b = project(p->v, points[i + 1].x, points[i + 1].y);
		struct dot end = b;

		if (!clip_segment(p->v, &a, &b)) {
			pen_down = false;
			continue;
		}
		if (!pen_down) {
			move_to(p, grain(a.x), grain(a.y));
			first = true;
		}
		int x = grain(b.x), y = grain(b.y);
		if (x != p->x || y != p->y) {
			if (first) {
				buf_put_c(p->o->buf, 'l');
			}
			step_to(p, x, y, first);
			first = false;
		}
		pen_down = b.x == end.x && b.y == end.y;
	}
	mem_rewind(m, mark);
}
