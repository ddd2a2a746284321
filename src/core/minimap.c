/*
 * See minimap.h.
 */
#include "minimap.h"

#include <math.h>

#include "../web/site.h"
#include "atlas.h"
#include "points.h"
#include "rows.h"

enum { MAP_MAX = 256 * 1024, WIDTH = 420 };

static struct html draw(struct req *rq, const struct svgmap_spec *s)
{
	struct buf b = buf_make(rq->mem, MAP_MAX);
	struct out o = {.buf = &b, .mem = rq->mem, .lang = rq->i18n};

	return svgmap(&o, s);
}

static struct str merged(void *ctx, struct mem *m, int64_t count)
{
	(void)m;
	return T_FMT((struct req *)ctx, N_("{n} here, see them as a list"), {S("n"), words_number(ctx, count)});
}

static size_t marks_of(struct req *rq, const struct list_row *rows, size_t n, struct svgmap_mark **out)
{
	size_t k = 0;

	*out = mem_array(rq->mem, struct svgmap_mark, n);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].has_point) {
			(*out)[k++] = (struct svgmap_mark){
				.lat = rows[i].lat,
				.lon = rows[i].lon,
				.title = rows[i].title,
				.url = object_link(rq, rows[i].entity, rows[i].slug),
				.kind = rows[i].entity->kind,
				.approximate = rows[i].precision >= PLACE_COMMUNE,
			};
		}
	}
	return k;
}

static bool has_frame(struct str code)
{
	struct svgmap_box box;

	return !str_empty(code) && svgmap_frame(code, &box);
}

/* A territory that a list is narrowed to, if it has an outline; of an EPCI the département where its first commune lies. */
static struct str outlined(struct str code)
{
	struct territory t, commune;
	atlas_id first;

	if (has_frame(code)) {
		return code;
	}
	if (atlas_get(atlas_find(code), &t) && t.level == ATLAS_EPCI && atlas_children_at(t.id, ATLAS_COMMUNE, 0, 1, &first) &&
	    atlas_get(first, &commune) && atlas_get(commune.parent, &t) && has_frame(t.code)) {
		return t.code;
	}
	return STR_NONE;
}

/* The nearest territory around with an outline: itself, its département, its region or its country. */
static struct str framed(struct str code)
{
	struct svgmap_box box;
	atlas_id up[8];
	size_t n;

	if (str_empty(code) || svgmap_frame(code, &box)) {
		return code;
	}
	n = atlas_ancestors(atlas_find(code), up);
	for (size_t i = 0; i < n; i++) {
		struct territory t;

		if (atlas_get(up[i], &t) && svgmap_frame(t.code, &box)) {
			return t.code;
		}
	}
	return STR_NONE;
}

/* ---- what a map opens on --------------------------------------------------------------------------------------------- */

/* So much of all places lies in the site's own country: the map opens on it. */
static const double at_home = 0.6;

static struct svgmap_box padded(struct svgmap_box b)
{
	double wide = fmax(b.east - b.west, 0.04), high = fmax(b.north - b.south, 0.03);
	double lon = (b.west + b.east) / 2, lat = (b.south + b.north) / 2;

	return (struct svgmap_box){fmax(-180, lon - wide * 0.55), fmax(-85, lat - high * 0.55), fmin(180, lon + wide * 0.55),
				   fmin(85, lat + high * 0.55)};
}

static bool territory_box(struct str code, struct svgmap_box *out)
{
	struct atlas_box b;
	atlas_id id = str_empty(code) ? 0 : atlas_find(code);

	if (!id || !atlas_box(id, &b)) {
		return false;
	}
	*out = padded((struct svgmap_box){b.west, b.south, b.east, b.north});
	return true;
}

static double mercator(double lat)
{
	double s = sin(fmax(-85, fmin(85, lat)) * 3.14159265358979323846 / 180);

	return log((1 + s) / (1 - s)) / (4 * 3.14159265358979323846);
}

int minimap_zoom(struct svgmap_box b, int width, int height)
{
	double wide = (b.east - b.west) / 360, high = mercator(b.north) - mercator(b.south);
	double zoom = fmin(log2(width / 512.0 / fmax(wide, 1e-7)), log2(height / 512.0 / fmax(high, 1e-7)));

	return zoom < 0 ? 0 : zoom > POINTS_MAX_ZOOM ? POINTS_MAX_ZOOM : (int)zoom;
}

static enum err find_in(struct req *rq, const struct filter *filters, size_t n, struct svgmap_box b, int zoom, struct points_answer *a)
{
	struct points_query q = {.west = b.west, .south = b.south, .east = b.east, .north = b.north, .zoom = zoom,
				 .filters = filters, .n_filters = n};

	*a = (struct points_answer){.total = 0};
	return points_ready() ? points_find(rq->db, rq->mem, &q, a) : OK;
}

enum err minimap_frame(struct req *rq, const struct filter *filters, size_t n, struct minimap_frame *out)
{
	static const struct svgmap_box world = {-180, -60, 180, 75};
	struct points_answer all, home = {.total = 0};
	struct svgmap_box country;
	bool has_country = territory_box(rq->site->country, &country);

	*out = (struct minimap_frame){.box = world, .territory = STR_NONE};
	if (filters[0].has_bbox) {
		out->box = (struct svgmap_box){filters[0].west, filters[0].south, filters[0].east, filters[0].north};
		return OK;
	}
	if (territory_box(filters[0].territory, &out->box)) {
		out->territory = outlined(filters[0].territory);
		return OK;
	}
	TRY(find_in(rq, filters, n, (struct svgmap_box){-180, -85, 180, 85}, 0, &all));
	if (has_country && all.total) {
		TRY(find_in(rq, filters, n, country, 4, &home));
	}
	if (has_country && (double)home.total >= at_home * (double)all.total) {
		*out = (struct minimap_frame){.box = country, .territory = framed(rq->site->country)};
	} else if (all.total) {
		out->box = padded((struct svgmap_box){all.west, all.south, all.east, all.north});
	}
	return OK;
}

/* ---- maps ------------------------------------------------------------------------------------------------------------ */

static struct str box_text(struct mem *m, const struct points_cluster *c)
{
	struct buf t = buf_make(m, 128);
	double edges[] = {c->west - 0.01, c->south - 0.01, c->east + 0.01, c->north + 0.01};

	for (size_t i = 0; i < COUNT(edges); i++) {
		buf_put(&t, i ? S(",") : S(""));
		buf_put_fixed(&t, edges[i], 5);
	}
	return buf_str(&t);
}

/* A cluster, or a place: by its name when the page lists it. */
static struct svgmap_mark mark_of(struct req *rq, const struct minimap_list *l, const struct points_cluster *c)
{
	struct svgmap_mark mark = {.lat = c->lat, .lon = c->lon, .count = c->n};

	for (size_t i = 0; c->n == 1 && c->n_items && i < l->n_rows; i++) {
		if (l->rows[i].id == c->items[0].object) {
			mark.title = l->rows[i].title;
			mark.url = object_link(rq, l->rows[i].entity, l->rows[i].slug);
			mark.kind = l->rows[i].entity->kind;
		}
	}
	if (!mark.title.n) {
		mark.title = merged(rq, rq->mem, c->n);
		mark.url = link_add(rq->mem, l->more, "bbox", box_text(rq->mem, c));
	}
	mark.approximate = c->n == 1 && c->n_items && c->items[0].precision >= PLACE_COMMUNE;
	return mark;
}

enum err minimap_list(struct req *rq, const struct minimap_list *l, struct html *out)
{
	struct minimap_frame f;
	struct points_answer a;
	struct svgmap_mark *marks;
	struct svgmap_spec s = {.title = l->title, .width = l->width ? l->width : WIDTH, .height = l->height, .more = l->more,
				.merged = merged, .ctx = rq};

	*out = html_none();
	TRY(minimap_frame(rq, l->filters, l->n_filters, &f));
	TRY(find_in(rq, l->filters, l->n_filters, f.box, minimap_zoom(f.box, s.width, s.height ? s.height : s.width), &a));
	marks = mem_array(rq->mem, struct svgmap_mark, a.n + l->n_rows);
	for (size_t i = 0; i < a.n; i++) {
		marks[s.n_marks++] = mark_of(rq, l, &a.clusters[i]);
	}
	if (!points_ready()) { /* the index is being made: those of the page meanwhile */
		s.n_marks = marks_of(rq, l->rows, l->n_rows, &marks);
	}
	s.marks = marks;
	s.box = f.box;
	s.territory = f.territory;
	if (s.n_marks) {
		*out = draw(rq, &s);
	}
	return OK;
}

struct html minimap_point(struct req *rq, double lat, double lon, int precision, struct str territory, struct str title)
{
	struct svgmap_mark mark = {.lat = lat, .lon = lon, .title = title, .approximate = precision >= PLACE_COMMUNE};
	struct svgmap_label label = {.lat = lat, .lon = lon};
	struct svgmap_spec s = {.title = title, .width = WIDTH, .marks = &mark, .n_marks = 1, .territory = framed(territory)};
	atlas_id near = str_empty(territory) ? 0 : atlas_find(territory);
	struct territory t;

	if (near && atlas_get(near, &t) && (t.level == ATLAS_COMMUNE || t.level == ATLAS_TOWN)) {
		label.text = atlas_name(near, rq->lang, NULL);
		s.labels = &label;
		s.n_labels = 1;
	}
	return draw(rq, &s);
}

struct html minimap_territory(struct req *rq, struct str code, const struct list_row *rows, size_t n)
{
	struct svgmap_mark *marks;
	struct svgmap_spec s = {.width = WIDTH, .merged = merged, .ctx = rq};
	struct svgmap_label label = {0};
	atlas_id id = atlas_find(code);
	struct territory t;

	if (!atlas_get(id, &t)) {
		return html_none();
	}
	s.title = T_FMT(rq, N_("Map of {name}"), {S("name"), atlas_name(id, rq->lang, NULL)});
	s.territory = framed(code);
	s.n_marks = marks_of(rq, rows, n, &marks);
	s.marks = marks;
	if (!str_eq(s.territory, code) && t.point != ATLAS_NO_POINT) {
		label = (struct svgmap_label){.lat = t.lat, .lon = t.lon, .text = atlas_name(id, rq->lang, NULL)};
		s.labels = &label;
		s.n_labels = 1;
		if (s.n_marks == 0) {
			marks = mem_new(rq->mem, struct svgmap_mark);
			*marks = (struct svgmap_mark){.lat = t.lat, .lon = t.lon, .title = label.text, .approximate = t.point == ATLAS_POINT_APPROX};
			s.marks = marks;
			s.n_marks = 1;
		}
	}
	return s.territory.p || s.n_marks ? draw(rq, &s) : html_none();
}
