/*
 * Small maps of pages: a list's results, one object's places, a territory. Drawn by core/svgmap.
 */
#ifndef CORE_MINIMAP_H
#define CORE_MINIMAP_H

#include "object.h"
#include "svgmap.h"

/* What a map of some results opens on. */
struct minimap_frame {
	struct svgmap_box box;
	struct str territory; /* the whole of one, with its outline; STR_NONE: the box alone */
};

/* What the filters ask for, a box or a territory; else the site's country when most results are there; else all of them. */
MUST_USE enum err minimap_frame(struct req *rq, const struct filter *filters, size_t n, struct minimap_frame *out);
/* The zoom of the interactive map at which a box fits so many pixels. */
int minimap_zoom(struct svgmap_box b, int width, int height);

struct minimap_list {
	const struct filter *filters;
	size_t n_filters;
	const struct list_row *rows; /* some of the results, whose marks have their names */
	size_t n_rows;
	struct str title;
	struct url more;             /* the list: other marks lead there with bbox= added */
	int width, height;           /* 0: those of a side column */
};
/* All results of a list on a map; empty when none has a point. */
MUST_USE enum err minimap_list(struct req *rq, const struct minimap_list *l, struct html *out);

/* One point of `precision`, in its surroundings. */
struct html minimap_point(struct req *rq, double lat, double lon, int precision, struct str territory, struct str title);

/* A territory: its shape highlighted when there is one, else a mark in its département. */
struct html minimap_territory(struct req *rq, struct str code, const struct list_row *rows, size_t n);

#endif
