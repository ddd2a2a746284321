/*
 * The room of the map: the page with its list, the frame for other sites, what the interactive map asks for, maps by
 * territory, and oEmbed.
 */
#ifndef MOD_MAP_MAP_H
#define MOD_MAP_MAP_H

#include "../../core/browse.h"
#include "../../core/points.h"
#include "../../core/svgmap.h"

extern const struct module map_module;

enum { MAP_LAYERS = 6 };

struct map_layer {
	const struct entity *entity;
	bool on;                    /* shown */
	bool can;                   /* false: a filter that it does not know is set */
};

/* What every map page reads first. */
struct map_read {
	struct map_layer layers[MAP_LAYERS];
	size_t n_layers;
	struct filter filters[MAP_LAYERS]; /* of the layers shown */
	size_t n_filters;
	const struct filter *filter;       /* the first, whose box and territory hold for all */
};
MUST_USE enum err map_read(struct req *rq, struct map_read *out);

/* A place with the object that stands there. */
struct map_mark {
	struct list_row row;
	struct points_item at;
};
/* The objects of places; what has gone meanwhile is left out. */
MUST_USE enum err map_marks_read(struct req *rq, const struct points_item *items, size_t n, struct map_mark *out, size_t *n_out);

/* "w,s,e,n" */
struct str map_box_text(struct mem *m, struct svgmap_box b);

/* The beginning of one layer's list, when several are shown. */
struct map_part {
	const struct entity *entity;
	struct list_row *rows;
	size_t n;
	int64_t total;
	struct url all;             /* its own list, with the same filters */
};

struct map_page {
	struct map_read read;
	struct browse list;              /* its filters; its rows too, when one layer is shown */
	struct map_part parts[MAP_LAYERS]; /* when several are */
	size_t n_parts;
	struct html svg;                 /* what stands there without script */
	struct svgmap_box box;
	struct url src, embed, zoom_in, zoom_out, here, areas, list_link;
	struct str tiles_raster, layers_json, texts, embed_code, heading;
	struct url tiles;
	bool protomaps, embedded, has_bbox;
	int64_t total;
};
/* Reads filters and places, frames them and draws the map without script. */
MUST_USE enum err map_page_read(struct req *rq, const char *route, struct map_page *p);
/* How many results the parts have together. */
int64_t map_parts_total(const struct map_page *p);
/* The words of the interactive map as JSON. */
struct str map_texts(struct req *rq);

/* GET /map, /embed/map, /map/data */
enum err map_show(struct req *rq);
enum err map_embed(struct req *rq);
enum err map_data(struct req *rq);

#endif
