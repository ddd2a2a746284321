/*
 * Draws a map: frame, water, land, lakes, borders, coloured areas or the highlighted territory; then names and marks
 * (svgmap_marks.c). svgmap_pen.c writes the paths, outline.c has the shapes.
 */
#include "svgmap.h"

#include <math.h>
#include <stdlib.h>

#include "../base/limits.h"
#include "svgmap_priv.h"

/* From how many pixels a degree on French régions and départements are drawn. */
#define REGIONS_FROM 14.0
/* From there on the départements' own coast is drawn over the coarser one of the world. */
#define FINE_COAST_FROM 60.0

static void put_path(const struct map *m, const struct view *v, const char *class_name,
		     void (*draw)(struct pen *p, const void *ctx), const void *ctx)
{
	struct pen pen = {.v = v, .o = m->o, .scratch = m->scratch};

	OUT_LIT(m->o, "<path class=\"");
	out_c(m->o, class_name);
	OUT_LIT(m->o, "\" d=\"");
	draw(&pen, ctx);
	if (!pen.drawn) {
		OUT_LIT(m->o, "M0 0");
	}
	OUT_LIT(m->o, "\"/>");
}

/* All shapes of one level as one path. */
static void draw_level(struct pen *p, const void *ctx)
{
	const enum outline_level *level = ctx;
	size_t first, n = outline_of_level(*level, &first);

	for (size_t i = first; i < first + n; i++) {
		struct outline_shape shape;
		if (outline_shape(i, &shape) && view_sees(p->v, &shape.box)) {
			pen_shape(p, &shape);
		}
	}
}

static void draw_shape(struct pen *p, const void *ctx)
{
	pen_shape(p, ctx);
}

/* All arcs of one kind as one path. */
static void draw_kind(struct pen *p, const void *ctx)
{
	const enum outline_kind *kind = ctx;

	for (size_t i = 0; i < outline_arcs(); i++) {
		struct outline_arc arc;
		if (outline_arc(i, &arc) && arc.kind == *kind && view_sees(p->v, &arc.box)) {
			pen_arc(p, i);
		}
	}
}

static double pixels_a_degree(const struct view *v)
{
	return v->scale * outline_unit();
}

static void put_borders(const struct map *m, const struct view *v)
{
	static const struct {
		enum outline_kind kind;
		const char *class_name;
		double from;
	} borders[] = {
		{OUTLINE_OF_DEPARTEMENTS, "map-line map-line-dep",      REGIONS_FROM},
		{OUTLINE_OF_REGIONS,      "map-line map-line-reg",      REGIONS_FROM},
		{OUTLINE_OF_COUNTRIES,    "map-line",                   0           },
		{OUTLINE_DISPUTED,        "map-line map-line-disputed", 0           },
	};

	for (size_t i = 0; i < COUNT(borders); i++) {
		bool own = m->coloured && !m->s->communes && m->s->level != OUTLINE_COUNTRY &&
			   borders[i].kind == OUTLINE_OF_DEPARTEMENTS;
		if (pixels_a_degree(v) >= borders[i].from && !own) {
			put_path(m, v, borders[i].class_name, draw_kind, &borders[i].kind);
		}
	}
}

static const struct svgmap_area *area_of(const struct svgmap_spec *s, const struct outline_shape *shape)
{
	struct str code = {shape->code, strnlen(shape->code, sizeof(shape->code))};

	for (size_t i = 0; i < s->n_areas; i++) {
		if (str_eq(s->areas[i].code, code)) {
			return &s->areas[i];
		}
	}
	return NULL;
}

void map_area_open(const struct map *m, const struct svgmap_area *a)
{
	if (a->url.s.p) {
		OUT_LIT(m->o, "<a href=\"");
		out_url(m->o, a->url);
		OUT_LIT(m->o, "\"><title>");
	} else {
		OUT_LIT(m->o, "<g><title>");
	}
	out_text(m->o, a->title);
	buf_fmt(m->o->buf, "</title><path class=\"map-c map-c%d\" d=\"", svgmap_class(a->value, m->ends));
}

void map_area_close(const struct map *m, const struct svgmap_area *a)
{
	buf_put(m->o->buf, a->url.s.p ? S("\"/></a>") : S("\"/></g>"));
}

static void put_area(const struct map *m, const struct view *v, const struct outline_shape *shape)
{
	const struct svgmap_area *a = area_of(m->s, shape);
	struct pen pen = {.v = v, .o = m->o, .scratch = m->scratch};

	if (!a) {
		put_path(m, v, "map-c map-c0", draw_shape, shape);
		return;
	}
	map_area_open(m, a);
	pen_shape(&pen, shape);
	map_area_close(m, a);
}

static void put_areas(const struct map *m, const struct view *v)
{
	size_t first, n = outline_of_level(m->s->level, &first);

	for (size_t i = first; i < first + n; i++) {
		struct outline_shape shape;
		if (outline_shape(i, &shape) && view_sees(v, &shape.box)) {
			put_area(m, v, &shape);
		}
	}
}

static bool find_territory(struct str code, struct outline_shape *out)
{
	return outline_find(OUTLINE_COUNTRY, code, out) || outline_find(OUTLINE_REGION, code, out) ||
	       outline_find(OUTLINE_DEPARTEMENT, code, out);
}

static void put_highlight(const struct map *m, const struct view *v)
{
	static const enum outline_level departements = OUTLINE_DEPARTEMENT;
	struct outline_shape shape;

	if (str_empty(m->s->territory) || !find_territory(m->s->territory, &shape)) {
		return;
	}
	if (v != m->views && shape.level == OUTLINE_COUNTRY) {
		/* The insets of France: its overseas départements. */
		put_path(m, v, "map-area", draw_level, &departements);
	} else if (view_sees(v, &shape.box)) {
		put_path(m, v, "map-area", draw_shape, &shape);
	}
}

static void put_rect(const struct map *m, const struct view *v, const char *class_name)
{
	buf_fmt(m->o->buf, "<rect class=\"%s\" x=\"%ld\" y=\"%ld\" width=\"%ld\" height=\"%ld\"/>", class_name,
		lround(v->x * SVGMAP_GRAIN), lround(v->y * SVGMAP_GRAIN), lround(v->w * SVGMAP_GRAIN),
		lround(v->h * SVGMAP_GRAIN));
}

static void put_view(const struct map *m, const struct view *v)
{
	static const enum outline_level land = OUTLINE_LAND, lakes = OUTLINE_LAKE, departements = OUTLINE_DEPARTEMENT;
	bool inset = v != m->views;
	struct outline_shape shape;

	put_rect(m, v, "map-water");
	if (inset) {
		put_path(m, v, "map-land", draw_level, &departements);
	} else {
		put_path(m, v, "map-land", draw_level, &land);
		if (pixels_a_degree(v) >= FINE_COAST_FROM) {
			put_path(m, v, "map-land", draw_level, &departements);
		}
		put_path(m, v, "map-water", draw_level, &lakes);
	}
	if (m->coloured && !m->s->communes) {
		put_areas(m, v);
	} else if (m->coloured && find_territory(m->s->territory, &shape)) {
		map_cells(m, &shape);
	}
	if (!inset) {
		put_borders(m, v);
	} else {
		put_rect(m, v, "map-inset");
	}
	if (!m->coloured || m->s->communes) {
		put_highlight(m, v);
	}
}

static void put_head(const struct map *m)
{
	const struct svgmap_spec *s = m->s;
	bool links = s->more.s.p != NULL;

	for (size_t i = 0; i < s->n_marks && !links; i++) {
		links = s->marks[i].url.s.p != NULL;
	}
	for (size_t i = 0; i < s->n_areas && !links; i++) {
		links = s->areas[i].url.s.p != NULL;
	}
	buf_fmt(m->o->buf, "<svg class=\"svgmap\" viewBox=\"0 0 %ld %ld\" role=\"%s\" aria-label=\"",
		lround(m->views[0].w), lround(m->views[0].h), links ? "group" : "img");
	out_text(m->o, s->title);
	OUT_LIT(m->o, "\"");
	if (s->cover) {
		OUT_LIT(m->o, " preserveAspectRatio=\"xMidYMid slice\"");
	}
	OUT_LIT(m->o, ">");
	if (!str_empty(s->desc)) {
		OUT_LIT(m->o, "<desc>");
		out_text(m->o, s->desc);
		OUT_LIT(m->o, "</desc>");
	}
}

static void put_ground(const struct map *m)
{
	struct buf *b = m->o->buf;
	uint64_t key = m->coloured ? 0 : map_ground_key(m);
	size_t from = b->n;

	if (key && map_ground_put(key, b)) {
		return;
	}
	buf_fmt(b, "<g transform=\"scale(%g)\">", 1 / SVGMAP_GRAIN);
	for (size_t i = 0; i < m->n_views; i++) {
		put_view(m, &m->views[i]);
	}
	OUT_LIT(m->o, "</g>");
	if (key && out_ok(m->o)) {
		map_ground_keep(key, str_sub(buf_str(b), from, b->n - from));
	}
}

struct html svgmap(struct out *o, const struct svgmap_spec *s)
{
	struct buf b = buf_make(o->mem, LIMIT_SVGMAP);
	struct out own = {.buf = &b, .mem = o->mem, .lang = o->lang, .ctx = o->ctx};
	struct map m = {.o = &own, .s = s, .coloured = s->n_areas > 0};

	if (outline_shapes() > 0) {
		m.scratch = mem_open();
		map_frame(&m);
		if (m.coloured) {
			svgmap_classes(s->areas, s->n_areas, m.ends);
		}
		put_head(&m);
		put_ground(&m);
		map_marks(&m);
		OUT_LIT(&own, "</svg>");
		mem_close(m.scratch);
	}
	if (!out_ok(&own)) {
		buf_reset(&b);
	}
	return html_made(&own);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool svgmap_classes(const struct svgmap_area *areas, size_t n, int64_t ends[SVGMAP_CLASSES])
{
	int64_t values[LIMIT_SVGMAP_AREAS];
	size_t count = 0, different = 0;

	for (size_t i = 0; i < n && count < COUNT(values); i++) {
		if (areas[i].value > 0) {
			values[count++] = areas[i].value;
		}
	}
	qsort(values, count, sizeof(values[0]), by_value);
	/* Each value once: classes of equally many different values, so that many small ones do not eat the scale. */
	for (size_t i = 0; i < count; i++) {
		if (different == 0 || values[i] != values[different - 1]) {
			values[different++] = values[i];
		}
	}
	for (size_t k = 0; k < SVGMAP_CLASSES; k++) {
		size_t at = different * (k + 1) / SVGMAP_CLASSES;
		ends[k] = different == 0 ? 0 : values[at > 0 ? at - 1 : 0];
	}
	return different > 0;
}

int svgmap_class(int64_t value, const int64_t ends[SVGMAP_CLASSES])
{
	if (value <= 0) {
		return 0;
	}
	for (int k = 0; k < SVGMAP_CLASSES; k++) {
		if (value <= ends[k]) {
			return k + 1;
		}
	}
	return SVGMAP_CLASSES;
}
