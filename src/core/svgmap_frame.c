/*
 * What a map shows: the box around a territory, around the marks, or around the world, fitted into the picture; and the
 * insets with the overseas départements when the whole of France is shown.
 */
#include <math.h>

#include "../base/limits.h"
#include "outline.h"
#include "svgmap_priv.h"

#define WIDTH 640
#define MARGIN 0.05  /* of the frame, on each side */
#define TALLEST 1.15 /* height for one of width */
#define FLATTEST 0.55
#define FINE 2.5      /* square pixels that a point must change to be written */
#define SMALLEST 0.25 /* degrees across */

static const struct svgmap_box metropole = {-8.8, 41.2, 9.8, 51.3};
static const struct svgmap_box world = {-130, -48, 160, 72};

static const struct svgmap_box overseas[] = {
	{-61.9, 15.8,   -60.95, 16.55}, /* Guadeloupe */
	{-61.3, 14.35,  -60.75, 14.92}, /* Martinique */
	{-54.7, 2.0,    -51.5,  5.9  }, /* Guyane */
	{55.15, -21.45, 55.9,   -20.8}, /* La Réunion */
	{44.95, -13.05, 45.35,  -12.6}, /* Mayotte */
};

struct frame {
	double west, south, east, north; /* outline units */
};

static struct frame frame_of(const struct svgmap_box *b)
{
	double u = outline_unit();

	return (struct frame){b->west * u, outline_y(b->south), b->east * u, outline_y(b->north)};
}

static double extent(const struct outline_box *b)
{
	return ((double)b->east - b->west) * ((double)b->north - b->south);
}

static void widen(struct outline_box *all, const struct outline_box *b)
{
	all->west = b->west < all->west ? b->west : all->west;
	all->south = b->south < all->south ? b->south : all->south;
	all->east = b->east > all->east ? b->east : all->east;
	all->north = b->north > all->north ? b->north : all->north;
}

/* The box of one ring. */
static struct outline_box box_of_ring(const int32_t *arcs, uint32_t n)
{
	struct outline_box all = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

	for (uint32_t i = 0; i < n; i++) {
		struct outline_arc a;
		if (outline_arc((size_t)(arcs[i] < 0 ? ~arcs[i] : arcs[i]), &a)) {
			widen(&all, &a.box);
		}
	}
	return all;
}

/* Its largest piece with what lies close by: islands across an ocean would make everything small. */
static struct outline_box main_part(const struct outline_shape *shape)
{
	struct outline_box all = {0, 0, 0, 0}, box;
	uint32_t at = shape->first, n;
	const int32_t *arcs;

	while (outline_ring(shape, &at, &arcs, &n)) {
		box = box_of_ring(arcs, n);
		all = extent(&box) > extent(&all) ? box : all;
	}
	struct outline_box largest = all;
	double reach_x = 0.3 * ((double)largest.east - largest.west),
	       reach_y = 0.3 * ((double)largest.north - largest.south);
	at = shape->first;
	while (outline_ring(shape, &at, &arcs, &n)) {
		box = box_of_ring(arcs, n);
		if (box.west > largest.west - reach_x && box.east < largest.east + reach_x &&
		    box.south > largest.south - reach_y && box.north < largest.north + reach_y) {
			widen(&all, &box);
		}
	}
	return all;
}

static bool frame_territory(struct str code, struct frame *out)
{
	struct outline_shape shape;

	if (str_eq(code, S("FR"))) {
		*out = frame_of(&metropole);
		return true;
	}
	if (!outline_find(OUTLINE_COUNTRY, code, &shape) && !outline_find(OUTLINE_REGION, code, &shape) &&
	    !outline_find(OUTLINE_DEPARTEMENT, code, &shape)) {
		return false;
	}
	struct outline_box b = main_part(&shape);
	*out = (struct frame){b.west, b.south, b.east, b.north};
	return true;
}

bool svgmap_frame(struct str territory, struct svgmap_box *out)
{
	struct frame f;

	if (outline_shapes() == 0 || !frame_territory(territory, &f)) {
		return false;
	}
	double u = outline_unit();
	*out = (struct svgmap_box){f.west / u, outline_lat(f.south), f.east / u, outline_lat(f.north)};
	return true;
}

static struct frame frame_marks(const struct svgmap_spec *s)
{
	struct svgmap_box b = {180, 90, -180, -90};

	for (size_t i = 0; i < s->n_marks; i++) {
		b.west = fmin(b.west, s->marks[i].lon);
		b.east = fmax(b.east, s->marks[i].lon);
		b.south = fmin(b.south, s->marks[i].lat);
		b.north = fmax(b.north, s->marks[i].lat);
	}
	return frame_of(&b);
}

static struct frame choose(const struct svgmap_spec *s)
{
	struct frame f;

	if (!str_empty(s->territory) && frame_territory(s->territory, &f)) {
		return f;
	}
	if (s->box.east > s->box.west && s->box.north > s->box.south) {
		return frame_of(&s->box);
	}
	if (s->n_marks > 0 && s->n_areas == 0) {
		return frame_marks(s);
	}
	return frame_of(s->n_areas > 0 && s->level != OUTLINE_COUNTRY ? &metropole : &world);
}

/* Fits a frame into a rectangle of the picture, in the middle of it. */
static struct view fit(struct frame f, double x, double y, double w, double h)
{
	double across = fmax(f.east - f.west, SMALLEST * outline_unit()) * (1 + 2 * MARGIN);
	double down = fmax(f.north - f.south, SMALLEST * outline_unit() / 2) * (1 + 2 * MARGIN);
	struct view v = {.scale = fmin(w / across, h / down), .x = x, .y = y, .w = w, .h = h};
	double degree = v.scale * outline_unit();

	v.west = (f.west + f.east) / 2 - w / 2 / v.scale;
	v.north = (f.north + f.south) / 2 + h / 2 / v.scale;
	v.least = outline_weight(FINE / (degree * degree));
	return v;
}

static bool shows_france(const struct svgmap_spec *s)
{
	return str_eq(s->territory, S("FR")) ||
	       (str_empty(s->territory) && s->n_areas > 0 && s->level != OUTLINE_COUNTRY && s->box.east <= s->box.west);
}

void map_frame(struct map *m)
{
	struct frame f = choose(m->s);
	double w = m->s->width > 0 ? m->s->width : WIDTH, u = SMALLEST * outline_unit();
	double shape = fmax(f.north - f.south, u / 2) / fmax(f.east - f.west, u);
	double h = m->s->height > 0 ? m->s->height : round(w * fmin(TALLEST, fmax(FLATTEST, shape)));

	m->views[0] = fit(f, 0, 0, w, h);
	m->views[0].pad = 6;
	m->n_views = 1;
	if (!shows_france(m->s)) {
		return;
	}
	/* Down the Atlantic side, where the picture is sea. */
	double side = round(h / 6.6), gap = round(side / 12), top = round(h - COUNT(overseas) * (side + gap));
	for (size_t i = 0; i < COUNT(overseas); i++) {
		m->views[m->n_views++] = fit(frame_of(&overseas[i]), gap, top + (double)i * (side + gap), side, side);
	}
}

/* True when an inset covers this place of the picture. */
static bool under_inset(const struct map *m, struct dot at)
{
	for (size_t i = 1; i < m->n_views; i++) {
		const struct view *v = &m->views[i];

		if (at.x > v->x - 12 && at.x < v->x + v->w + 12 && at.y > v->y - 12 && at.y < v->y + v->h + 12) {
			return true;
		}
	}
	return false;
}

const struct view *map_place(const struct map *m, double lat, double lon, struct dot *out)
{
	double x = lon * outline_unit(), y = outline_y(lat);

	/* Insets lie over the main view, so they are asked first. */
	for (size_t i = m->n_views; i-- > 0;) {
		const struct view *v = &m->views[i];
		struct dot at = {v->x + (x - v->west) * v->scale, v->y + (v->north - y) * v->scale};

		if (at.x >= v->x && at.y >= v->y && at.x <= v->x + v->w && at.y <= v->y + v->h &&
		    (i > 0 || !under_inset(m, at))) {
			*out = at;
			return v;
		}
	}
	return NULL;
}
