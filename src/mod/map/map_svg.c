/*
 * See map_svg.h. Single places lead to their page, clusters to the box that holds them, or to their list when no zoom parts
 * them.
 */
#include <math.h>

#include "../../core/svgmap.h"
#include "../../html/i18n.h"
#include "map_svg.h"

/* A box around a cluster that is seen to be nearer than the one shown. */
static struct svgmap_box near_box(const struct points_cluster *c, struct svgmap_box shown)
{
	double wide = fmax((c->east - c->west) * 1.3, 0.02), high = fmax((c->north - c->south) * 1.3, 0.015);
	double lon = (c->west + c->east) / 2, lat = (c->south + c->north) / 2;

	wide = fmin(wide, (shown.east - shown.west) / 2);
	high = fmin(high, (shown.north - shown.south) / 2);
	return (struct svgmap_box){lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2};
}

static struct str count_words(struct req *rq, int64_t n)
{
	char digits[48];
	struct str s = tr_n(rq->i18n, "{n} here, zoom in", "{n} here, zoom in", n);
	ptrdiff_t at = str_find(s, S("{n}"));
	size_t k = i18n_int(rq->i18n, n, digits);

	if (at < 0) {
		return s;
	}
	return str_fmt(rq->mem, "%.*s%.*s%.*s", (int)at, s.p, (int)k, digits, STR_ARG(str_sub(s, (size_t)at + 3, s.n)));
}

static enum err mark_of(struct req *rq, const struct map_page *p, const struct points_cluster *c, struct svgmap_mark *out)
{
	struct map_mark one;
	size_t n = 0;

	*out = (struct svgmap_mark){.lat = c->lat, .lon = c->lon, .count = c->n};
	if (c->n == 1) {
		TRY(map_marks_read(rq, c->items, c->n_items, &one, &n));
	}
	if (n) {
		out->title = one.row.title;
		out->url = object_link(rq, one.row.entity, one.row.slug);
		out->kind = one.row.entity->kind;
		out->approximate = one.at.precision >= PLACE_COMMUNE;
		return OK;
	}
	out->title = count_words(rq, c->n);
	out->url = link_add(rq->mem, browse_link(rq, p->here, S("bbox"), STR_NONE), "bbox",
			    map_box_text(rq->mem, near_box(c, p->box)));
	return OK;
}

static struct str merged_words(void *ctx, struct mem *m, int64_t count)
{
	(void)m;
	return count_words(ctx, count);
}

enum err map_svg(struct req *rq, struct map_page *p, const struct points_answer *a, int width, int height)
{
	struct svgmap_mark *marks = mem_array(rq->mem, struct svgmap_mark, a->n);
	struct buf b = buf_make(rq->mem, 64);
	struct out o = {.buf = &b, .mem = rq->mem, .lang = rq->i18n, .ctx = rq};
	struct svgmap_spec s = {.title = str_of(T(rq, N_("Map"))), .width = width, .height = height, .cover = true, .marks = marks, .n_marks = a->n,
				.box = {p->box.west, p->box.south, p->box.east, p->box.north},
				.more = browse_link(rq, p->here, S("bbox"), STR_NONE), .merged = merged_words, .ctx = rq};

	for (size_t i = 0; i < a->n; i++) {
		TRY(mark_of(rq, p, &a->clusters[i], &marks[i]));
	}
	p->svg = svgmap(&o, &s);
	return OK;
}
