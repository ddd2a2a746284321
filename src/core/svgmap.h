/*
 * Maps drawn by the server as SVG: small maps inside pages, the map without script, coloured maps by country, région or
 * département. Nothing but markup with classes (map-land, map-mark, map-c3… in site.css) and links; no script, no style. Marks that
 * would touch become one with their count. The projection is the interactive map's, so that both show the same view.
 *
 *	struct svgmap_spec s = {.title = T(rq, "Where they are"), .territory = S("26"), .marks = marks, .n_marks = n};
 *	struct html map = svgmap(o, &s);
 */
#ifndef CORE_SVGMAP_H
#define CORE_SVGMAP_H

#include "../html/out.h"
#include "outline.h"

/* A box in degrees. */
struct svgmap_box {
	double west, south, east, north;
};

/* A point with something at it. */
struct svgmap_mark {
	double lat, lon;
	int64_t count;    /* how many things; 0 and 1 are one */
	struct str title; /* what a single one is called; also of a cluster that comes with a title */
	struct url url;   /* where it leads; no value: no link */
	const char *kind; /* "practice": class map-mark-practice; NULL: none */
	bool approximate; /* placed in its commune or wider */
};

/* An area with a figure. */
struct svgmap_area {
	struct str code; /* as in the atlas: "FR", "FR-ARA", "2A" */
	int64_t value;
	struct str title; /* "Isère: 24 actors" */
	struct url url;   /* no value: no link */
};

/* A name to write where there is room, the more important first. */
struct svgmap_label {
	double lat, lon;
	struct str text;
	struct str lang; /* of the text, when it is not the page's */
};

/* What to draw. Everything but the title may be left out. */
struct svgmap_spec {
	struct str title; /* the map's accessible name */
	struct str desc;  /* more, for those who do not see it */
	/* The frame: a territory with an outline, which is also highlighted; else a box; else what the marks need; else the
	 * world. France comes with its overseas départements beside it. */
	struct str territory;
	struct svgmap_box box; /* east > west, or it is none */
	int width, height;     /* in CSS pixels; 0: 640, and what the frame's shape asks for */
	const struct svgmap_mark *marks;
	size_t n_marks;
	const struct svgmap_area *areas; /* colours the shapes of `level`; those without an area are drawn as zero */
	size_t n_areas;
	enum outline_level level;
	/* The areas are communes of `territory`, a département: drawn as cells around their points (svgmap_cells.c), which the
	 * page must call schematic. One such map a page and département. */
	bool communes;
	const struct svgmap_label *labels; /* none: the largest towns */
	size_t n_labels;
	bool bare; /* no names at all */
	bool cover; /* fills whatever box it is put in, cut at its edges */
	struct url more; /* a list: a merged mark leads there with bbox=w,s,e,n added; no value: no link */
	/* The title of a merged mark ("12 actors here"); NULL: its count alone. */
	struct str (*merged)(void *ctx, struct mem *m, int64_t count);
	void *ctx;
};

/* The map as markup. At most LIMIT_SVGMAP bytes; past that, or without outlines, empty markup. */
struct html svgmap(struct out *o, const struct svgmap_spec *s);

/* The box that frames a territory; false when it has no outline. */
bool svgmap_frame(struct str territory, struct svgmap_box *out);

/* How many classes of colour there are, besides the one for zero. */
#define SVGMAP_CLASSES 5

/* Upper ends of the classes 1 to SVGMAP_CLASSES for these values, rising; equal ends mean an empty class. For legends:
 * class k holds values above ends[k - 2] (above zero for the first) up to ends[k - 1]. False when no value is above zero. */
bool svgmap_classes(const struct svgmap_area *areas, size_t n, int64_t ends[SVGMAP_CLASSES]);
/* The class of a value: 0 for zero, else 1 to SVGMAP_CLASSES. */
int svgmap_class(int64_t value, const int64_t ends[SVGMAP_CLASSES]);

#endif
