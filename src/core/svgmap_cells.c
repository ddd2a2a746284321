/*
 * The communes of one département, whose outlines no free package has: each is the cell of what is nearer to its point than
 * to any other's (Voronoi), and the whole is cut by the outline of the département. Schematic, and good enough to see where a
 * figure is high; the page says that it is schematic.
 *
 * A cell starts as the whole picture and is cut by the bisector with each other point, nearest in x first, until none that is
 * left can reach it.
 */
#include <math.h>
#include <stdlib.h>

#include "../base/limits.h"
#include "atlas.h"
#include "svgmap_priv.h"

#define SEED 3.5   /* pixels between points that were set apart */
#define CORNERS 64 /* of one cell; a bisector adds one at most */

struct site {
	struct dot at;
	const struct svgmap_area *area; /* NULL: no figure */
	struct str code;
	bool known; /* its point is not approximate */
};

struct cell {
	struct dot p[CORNERS];
	size_t n;
	double reach; /* from its point to its farthest corner */
};

static int by_x(const void *a, const void *b)
{
	const struct site *x = a, *y = b;
	double d = x->at.x != y->at.x ? x->at.x - y->at.x : x->at.y - y->at.y;

	return (d > 0) - (d < 0);
}

static int by_code(const void *a, const void *b)
{
	return str_cmp((*(const struct svgmap_area *const *)a)->code, (*(const struct svgmap_area *const *)b)->code);
}

static int code_to_area(const void *key, const void *b)
{
	return str_cmp(*(const struct str *)key, (*(const struct svgmap_area *const *)b)->code);
}

/* Keeps the part of the cell that is nearer to `a` than to `b`. */
static void cut_by(struct cell *c, struct dot a, struct dot b)
{
	struct dot middle = {(a.x + b.x) / 2, (a.y + b.y) / 2}, out[CORNERS];
	double nx = b.x - a.x, ny = b.y - a.y, reach = 0;
	size_t n = 0;

	for (size_t i = 0; i < c->n && n + 2 < CORNERS; i++) {
		struct dot p = c->p[i], q = c->p[(i + 1) % c->n];
		double dp = (p.x - middle.x) * nx + (p.y - middle.y) * ny,
		       dq = (q.x - middle.x) * nx + (q.y - middle.y) * ny;

		if (dp <= 0) {
			out[n++] = p;
		}
		if ((dp < 0 && dq > 0) || (dp > 0 && dq < 0)) {
			double t = dp / (dp - dq);
			out[n++] = (struct dot){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
		}
	}
	for (size_t i = 0; i < n; i++) {
		reach = fmax(reach, hypot(out[i].x - a.x, out[i].y - a.y));
		c->p[i] = out[i];
	}
	c->n = n;
	c->reach = reach;
}

/* The cell of sites[i]; the sites are sorted by x. */
static struct cell cell_of(const struct view *v, const struct site *sites, size_t n, size_t i)
{
	/* More than the picture: what lies outside is cut by the outline anyway. */
	double west = -v->w, east = 2 * v->w, top = -v->h, bottom = 2 * v->h;
	struct cell c = {
		.p = {{west, top}, {east, top}, {east, bottom}, {west, bottom}},
		.n = 4,
		.reach = 2 * hypot(v->w, v->h)
        };
	struct dot a = sites[i].at;

	for (size_t step = 1; step < n && c.n > 2; step++) {
		bool left = step <= i && a.x - sites[i - step].at.x < 2 * c.reach;
		bool right = i + step < n && sites[i + step].at.x - a.x < 2 * c.reach;

		if (!left && !right) {
			break;
		}
		for (int side = 0; side < 2; side++) {
			if (side == 0 ? !left : !right) {
				continue;
			}
			struct dot b = sites[side == 0 ? i - step : i + step].at;
			if (hypot(b.x - a.x, b.y - a.y) < 2 * c.reach) {
				cut_by(&c, a, b);
			}
		}
	}
	return c;
}

static void put_cell(const struct map *m, const struct cell *c)
{
	for (size_t i = 0; i < c->n; i++) {
		buf_put_c(m->o->buf, i == 0 ? 'M' : 'L');
		buf_put_i64(m->o->buf, lround(c->p[i].x * SVGMAP_GRAIN));
		buf_put_c(m->o->buf, ' ');
		buf_put_i64(m->o->buf, lround(c->p[i].y * SVGMAP_GRAIN));
	}
	if (c->n > 0) {
		buf_put_c(m->o->buf, 'z');
	}
}

/* Approximate points fall together by the dozen: they are spread around their place like the seeds of a sunflower, so that
 * each has a cell of some size. Those that are known stay. */
static void set_apart(struct site *sites, size_t n)
{
	for (size_t first = 0, end; first < n; first = end) {
		struct dot place = sites[first].at;

		for (end = first + 1; end < n && hypot(sites[end].at.x - place.x, sites[end].at.y - place.y) < 0.5;
		     end++) {
		}
		for (size_t i = first; end - first > 1 && i < end; i++) {
			double k = (double)(i - first + 1);
			if (!sites[i].known) {
				sites[i].at.x = place.x + SEED * sqrt(k) * cos(2.39996 * k);
				sites[i].at.y = place.y + SEED * sqrt(k) * sin(2.39996 * k);
			}
		}
	}
}

/* The communes of the territory with their places in the picture, sorted by x; no two at one place. */
static size_t sites_of(const struct map *m, struct site *sites, atlas_id *ids)
{
	size_t all = atlas_children(atlas_find(m->s->territory), 0, LIMIT_SVGMAP_AREAS, ids), n = 0;
	const struct svgmap_area **areas = mem_array(m->scratch, const struct svgmap_area *, m->s->n_areas);

	for (size_t i = 0; i < m->s->n_areas; i++) {
		areas[i] = &m->s->areas[i];
	}
	qsort(areas, m->s->n_areas, sizeof(*areas), by_code);
	for (size_t i = 0; i < all && i < LIMIT_SVGMAP_AREAS; i++) {
		struct territory t;
		struct dot at;

		if (!atlas_get(ids[i], &t) || t.level != ATLAS_COMMUNE || t.point == ATLAS_NO_POINT ||
		    !map_place(m, t.lat, t.lon, &at)) {
			continue;
		}
		const struct svgmap_area *const *area =
			bsearch(&t.code, areas, m->s->n_areas, sizeof(*areas), code_to_area);
		sites[n++] = (struct site){at, area ? *area : NULL, t.code, t.point != ATLAS_POINT_APPROX};
	}
	qsort(sites, n, sizeof(*sites), by_x);
	set_apart(sites, n);
	qsort(sites, n, sizeof(*sites), by_x);
	return n;
}

void map_cells(const struct map *m, const struct outline_shape *shape)
{
	struct site *sites = mem_array(m->scratch, struct site, LIMIT_SVGMAP_AREAS);
	atlas_id *ids = mem_array(m->scratch, atlas_id, LIMIT_SVGMAP_AREAS);
	size_t n = sites_of(m, sites, ids);
	const char *code = shape->code;
	struct pen pen = {.v = m->views, .o = m->o, .scratch = m->scratch};

	buf_fmt(m->o->buf, "<clipPath id=\"cells-%.12s\"><path d=\"", code);
	pen_shape(&pen, shape);
	buf_fmt(m->o->buf, "\"/></clipPath><g clip-path=\"url(#cells-%.12s)\"><path class=\"map-c map-c0\" d=\"", code);
	for (size_t i = 0; i < n; i++) {
		if (!sites[i].area || (sites[i].area->value <= 0 && !sites[i].area->url.s.p)) {
			struct cell c = cell_of(m->views, sites, n, i);
			put_cell(m, &c);
		}
	}
	OUT_LIT(m->o, "\"/>");
	for (size_t i = 0; i < n; i++) {
		const struct svgmap_area *a = sites[i].area;

		if (a && (a->value > 0 || a->url.s.p)) {
			struct cell c = cell_of(m->views, sites, n, i);
			map_area_open(m, a);
			put_cell(m, &c);
			map_area_close(m, a);
		}
	}
	OUT_LIT(m->o, "</g>");
}
