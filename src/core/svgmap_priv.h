/*
 * Shared by the files that draw SVG maps, and by no others: the views of a map and the pen that writes paths into them.
 */
#ifndef CORE_SVGMAP_PRIV_H
#define CORE_SVGMAP_PRIV_H

#include "svgmap.h"

/* Paths are written in halves of a pixel, as whole numbers. */
#define SVGMAP_GRAIN 2.0
#define SVGMAP_VIEWS 6

/* One window of the map: the main one, or an inset. */
struct view {
	double west, north; /* outline units at its upper left corner */
	double scale;       /* pixels to a unit */
	double x, y, w, h;  /* in pixels of the whole map */
	double pad;         /* how far outside its edge shapes may be drawn */
	int least;          /* weight under which points are left out */
};

struct map {
	struct out *o;
	struct mem *scratch; /* given back in pieces, so it is not the arena in which the text grows */
	const struct svgmap_spec *s;
	struct view views[SVGMAP_VIEWS];
	size_t n_views;
	int64_t ends[SVGMAP_CLASSES];
	bool coloured;
};

struct pen {
	const struct view *v;
	struct out *o;
	struct mem *scratch;
	int x, y;   /* where it is, in grains */
	bool drawn; /* something was written */
};

struct dot {
	double x, y;
};

/* The rings of a shape that the view shows. */
void pen_shape(struct pen *p, const struct outline_shape *shape);
/* The part of an arc that the view shows. */
void pen_arc(struct pen *p, size_t arc);
/* True when some of the box may be in the view. */
bool view_sees(const struct view *v, const struct outline_box *box);
/* The view that shows a point, and where in pixels; NULL when none does. */
const struct view *map_place(const struct map *m, double lat, double lon, struct dot *out);
/* Sets the views of a map from its spec. */
void map_frame(struct map *m);
/* An area with a figure: link, title and path up to its data; and what closes them. */
void map_area_open(const struct map *m, const struct svgmap_area *a);
void map_area_close(const struct map *m, const struct svgmap_area *a);
/* The communes of the map's territory as cells, cut by its outline. */
void map_cells(const struct map *m, const struct outline_shape *shape);
/* The largest towns in the main view, at most `max`; returns how many. */
size_t map_towns(const struct map *m, struct svgmap_label *out, size_t max);
/* What is under the marks of a map without figures, known by its key: appended when it was kept (svgmap_ground.c). */
uint64_t map_ground_key(const struct map *m);
bool map_ground_put(uint64_t key, struct buf *to);
void map_ground_keep(uint64_t key, struct str markup);
/* Names, then marks. */
void map_marks(const struct map *m);

#endif
