/*
 * The map's page and its frame for other sites: filters, list, the box that shows everything, and what the script needs.
 */
#include <math.h>

#include "../../base/json.h"
#include "../../base/limits.h"
#include "../../base/url.h"
#include "../../core/minimap.h"
#include "../../html/out.h"
#include "../../web/site.h"
#include "map.h"
#include "map_areas.h"
#include "map_embed.html.h"
#include "map_oembed.h"
#include "map_page.html.h"
#include "map_svg.h"

enum { SVG_WIDTH = 900, SVG_HEIGHT = 640, PART_ROWS = 10 };

/* ---- the box --------------------------------------------------------------------------------------------------------- */

/* While the index is first being made, after a start with very many places, the page comes without marks; the script asks for
 * them again. Such a page is not kept. */
static enum err find_in(struct req *rq, const struct map_read *r, struct svgmap_box b, int zoom, struct points_answer *a)
{
	struct points_query q = {.west = b.west, .south = b.south, .east = b.east, .north = b.north, .zoom = zoom,
				 .filters = r->filters, .n_filters = r->n_filters};

	if (!points_ready()) {
		*a = (struct points_answer){.total = 0};
		req_set_header(rq, "Cache-Control", S("no-store"));
		return OK;
	}
	return points_find(rq->db, rq->mem, &q, a);
}

/* ---- what the script needs ------------------------------------------------------------------------------------------- */

static struct str layers_json(struct req *rq, const struct map_read *r)
{
	struct buf b = buf_make(rq->mem, KIB(8));
	struct json_out o = json_to(&b);

	json_put_array(&o);
	for (size_t i = 0; i < r->n_layers; i++) {
		if (r->layers[i].can) {
			json_put_object(&o);
			json_put_kv_str(&o, S("kind"), str_of(r->layers[i].entity->kind));
			json_put_kv_str(&o, S("label"), str_of(T(rq, r->layers[i].entity->label_plural)));
			json_put_kv_bool(&o, S("on"), r->layers[i].on);
			json_put_object_end(&o);
		}
	}
	json_put_array_end(&o);
	return json_done(&o) == OK ? buf_str(&b) : S("[]");
}

static struct url with_box(struct req *rq, struct url to, struct svgmap_box b)
{
	return link_add(rq->mem, browse_link(rq, to, S("bbox"), STR_NONE), "bbox", map_box_text(rq->mem, b));
}

static struct svgmap_box scaled(struct svgmap_box b, double by)
{
	double lon = (b.west + b.east) / 2, lat = (b.south + b.north) / 2;
	double wide = fmin(180, (b.east - b.west) / 2 * by), high = fmin(85, (b.north - b.south) / 2 * by);

	return (struct svgmap_box){fmax(-180, lon - wide), fmax(-85, lat - high), fmin(180, lon + wide), fmin(85, lat + high)};
}

/* The base map: ours, the administrator's file, or a tile server of his. */
static void read_tiles(struct req *rq, struct map_page *p)
{
	struct str tiles = rq->site->tiles;

	if (str_find(tiles, S("{z}")) >= 0) {
		p->tiles_raster = tiles;
	} else if (tiles.n && url_parse(rq->mem, tiles, &p->tiles) == OK) {
		p->protomaps = true;
	}
}

static void read_links(struct req *rq, struct map_page *p)
{
	p->here = link_plain(rq, "/map");
	p->src = browse_link(rq, link_plain(rq, "/map/data"), S("bbox"), STR_NONE);
	p->embed = link_absolute(rq, browse_link(rq, link_plain(rq, "/embed/map"), S("sort"), STR_NONE));
	p->zoom_in = with_box(rq, p->here, scaled(p->box, 0.5));
	p->zoom_out = with_box(rq, p->here, scaled(p->box, 2));
	p->list_link = with_box(rq, p->here, p->box);
	p->areas = browse_link(rq, link_plain(rq, "/map/territories"), S("bbox"), STR_NONE);
}

enum err map_page_read(struct req *rq, const char *route, struct map_page *p)
{
	struct minimap_frame frame;
	struct points_answer a;

	*p = (struct map_page){.here = link_plain(rq, route)};
	TRY(map_read(rq, &p->read));
	TRY(minimap_frame(rq, p->read.filters, p->read.n_filters ? p->read.n_filters : 1, &frame));
	p->box = frame.box;
	p->has_bbox = p->read.filter->has_bbox;
	TRY(find_in(rq, &p->read, p->box, minimap_zoom(p->box, SVG_WIDTH, SVG_HEIGHT), &a));
	p->total = a.total;
	read_links(rq, p);
	read_tiles(rq, p);
	TRY(map_svg(rq, p, &a, SVG_WIDTH, SVG_HEIGHT));
	p->layers_json = layers_json(rq, &p->read);
	p->texts = map_texts(rq);
	p->heading = str_of(T(rq, N_("Map")));
	return OK;
}

/* ---- pages ----------------------------------------------------------------------------------------------------------- */

static const struct entity *listed(const struct map_read *r)
{
	for (size_t i = 0; i < r->n_layers; i++) {
		if (r->layers[i].on && r->layers[i].can) {
			return r->layers[i].entity;
		}
	}
	return r->layers[0].entity;
}

/* With several layers, the first of each under its name. The filters are those of all, box included. */
static enum err read_parts(struct req *rq, struct map_page *p)
{
	for (size_t i = 0; p->read.n_filters > 1 && i < p->read.n_filters; i++) {
		struct filter *f = &p->read.filters[i];
		struct map_part *part = &p->parts[p->n_parts++];
		struct str next;

		*part = (struct map_part){.entity = f->entity};
		TRY(object_list(rq, f, PART_ROWS, STR_NONE, &part->rows, &part->n, &next, &part->total));
		part->all = browse_link(rq, link_plain(rq, f->entity->room), S("layers"), STR_NONE);
	}
	return OK;
}

int64_t map_parts_total(const struct map_page *p)
{
	int64_t n = 0;

	for (size_t i = 0; i < p->n_parts; i++) {
		n += p->parts[i].total;
	}
	return n;
}

enum err map_show(struct req *rq)
{
	struct map_page p;

	TRY(map_page_read(rq, "/map", &p));
	TRY(browse_read(rq, listed(&p.read), link_plain(rq, "/map"), STR_NONE, &p.list));
	TRY(read_parts(rq, &p));
	p.embed_code = browse_embed(rq, p.embed, site_text_in(rq->site, &rq->site->name, rq->lang));
	req_page(rq)->nav = "map";
	req_page(rq)->body_class = "page-map";
	req_page(rq)->script = "map.js";
	req_page(rq)->style = "map.css";
	req_page(rq)->canonical = browse_link(rq, p.here, S("bbox"), STR_NONE);
	req_page(rq)->oembed = true;
	req_page(rq)->description = str_of(T(rq, N_("Who acts, and where: the map of the network.")));
	return page(rq, p.heading, map_view, &p);
}

enum err map_embed(struct req *rq)
{
	struct map_page p;

	TRY(map_page_read(rq, "/embed/map", &p));
	p.embedded = true;
	req_page(rq)->bare = true;
	req_page(rq)->no_index = true;
	req_page(rq)->body_class = "page-map";
	req_page(rq)->script = "map.js";
	req_page(rq)->style = "map.css";
	return page(rq, p.heading, map_frame_view, &p);
}

static enum err map_embed_list(struct req *rq)
{
	struct map_read read;
	struct browse b;

	TRY(map_read(rq, &read));
	TRY(browse_read(rq, listed(&read), link_plain(rq, "/embed/list"), STR_NONE, &b));
	req_page(rq)->bare = true;
	req_page(rq)->no_index = true;
	return page(rq, str_of(T(rq, b.entity->label_plural)), map_list_frame, &b);
}

static const struct route routes[] = {
	{GET, "/map",       ANYONE, map_show,  N_("The map, with its list"), ROUTE_CACHE},
	{GET, "/map/data",  ANYONE, map_data,  N_("Marks and clusters for a box and a zoom, as JSON"), 0},
	{GET, "/map/territories", ANYONE, map_areas_show, N_("Counts by territory, as a coloured map and a table"), ROUTE_CACHE},
	{GET, "/embed/map", ANYONE, map_embed, N_("The map, for frames of other sites"), ROUTE_CACHE | ROUTE_EMBED},
	{GET, "/embed/list", ANYONE, map_embed_list, N_("The list, for frames of other sites"), ROUTE_CACHE | ROUTE_EMBED},
	{GET, "/oembed", ANYONE, map_oembed, N_("How to show one of our addresses (oEmbed)"), ROUTE_CACHE | ROUTE_NO_LANG},
};

const struct module map_module = {
	.name = "map",
	.routes = TABLE(routes),
};
