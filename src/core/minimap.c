/*
 * See minimap.h.
 */
#include "minimap.h"

#include "atlas.h"
#include "rows.h"
#include "svgmap.h"

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

struct html minimap_rows(struct req *rq, const struct list_row *rows, size_t n, struct str territory, struct str title, struct url more)
{
	struct svgmap_mark *marks;
	struct svgmap_spec s = {.title = title, .width = WIDTH, .more = more, .merged = merged, .ctx = rq};

	s.n_marks = marks_of(rq, rows, n, &marks);
	s.marks = marks;
	s.territory = framed(territory);
	return s.n_marks ? draw(rq, &s) : html_none();
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
