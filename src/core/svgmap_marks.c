/*
 * Names and marks of a map. Marks that would touch are merged around the largest of them; a merged mark has the count and
 * leads to the list of what is in its box. Written from north to south, which is the order in which the keyboard walks.
 */
#include <math.h>
#include <stdlib.h>

#include "../base/limits.h"
#include "svgmap_priv.h"

#define TOUCH 19.0 /* pixels between marks that stay apart */
#define ROW 24.0   /* marks within so many pixels are one line of reading */

struct cluster {
	struct dot at; /* where it is drawn: the middle of its members by weight */
	double weight;
	int64_t count;
	size_t n;                      /* marks in it */
	const struct svgmap_mark *one; /* its first member */
	double west, south, east, north;
	const struct view *view;
};

static int64_t count_of(const struct svgmap_mark *mark)
{
	return mark->count > 1 ? mark->count : 1;
}

static double radius_of(const struct cluster *c)
{
	return c->count > 1 ? fmin(26.0, 10.0 + 3.2 * log10((double)c->count)) : 6.5;
}

static void take_in(struct cluster *c, const struct svgmap_mark *mark, struct dot at)
{
	double w = (double)count_of(mark);

	c->at.x = (c->at.x * c->weight + at.x * w) / (c->weight + w);
	c->at.y = (c->at.y * c->weight + at.y * w) / (c->weight + w);
	c->weight += w;
	c->count += count_of(mark);
	c->n++;
	c->west = fmin(c->west, mark->lon);
	c->east = fmax(c->east, mark->lon);
	c->south = fmin(c->south, mark->lat);
	c->north = fmax(c->north, mark->lat);
}

static struct cluster *nearest(struct cluster *all, size_t n, struct dot at, const struct view *view)
{
	struct cluster *best = NULL;
	double least = TOUCH;

	for (size_t i = 0; i < n; i++) {
		double d = hypot(all[i].at.x - at.x, all[i].at.y - at.y);
		if (all[i].view == view && d < least) {
			least = d;
			best = &all[i];
		}
	}
	return best;
}

static int by_count(const void *a, const void *b)
{
	const struct svgmap_mark *x = *(const struct svgmap_mark *const *)a, *y = *(const struct svgmap_mark *const *)b;
	int64_t d = count_of(y) - count_of(x);

	return d != 0 ? (d > 0) - (d < 0) : (x > y) - (x < y);
}

static int by_reading(const void *a, const void *b)
{
	const struct cluster *x = a, *y = b;
	double rows = floor(x->at.y / ROW) - floor(y->at.y / ROW), d = rows != 0 ? rows : x->at.x - y->at.x;

	return (d > 0) - (d < 0);
}

static size_t merge(const struct map *m, struct cluster *out)
{
	size_t n = 0, marks = m->s->n_marks < LIMIT_SVGMAP_MARKS ? m->s->n_marks : LIMIT_SVGMAP_MARKS;
	const struct svgmap_mark **order = mem_array(m->o->mem, const struct svgmap_mark *, marks);

	for (size_t i = 0; i < marks; i++) {
		order[i] = &m->s->marks[i];
	}
	qsort(order, marks, sizeof(*order), by_count);
	for (size_t i = 0; i < marks; i++) {
		const struct svgmap_mark *mark = order[i];
		struct dot at = {0, 0};
		const struct view *view = map_place(m, mark->lat, mark->lon, &at);
		struct cluster *near = view ? nearest(out, n, at, view) : NULL;

		if (near) {
			take_in(near, mark, at);
		} else if (view) {
			out[n] = (struct cluster){
				.one = mark, .view = view, .west = 180, .south = 90, .east = -180, .north = -90};
			take_in(&out[n++], mark, at);
		}
	}
	qsort(out, n, sizeof(*out), by_reading);
	return n;
}

/* href of the list, narrowed to the cluster's box with a little room. */
static void put_more(const struct map *m, const struct cluster *c)
{
	struct url more = m->s->more;
	double room = 0.002;

	OUT_LIT(m->o, "<a href=\"");
	out_url(m->o, more);
	buf_put(m->o->buf, str_chr(more.s, '?') < 0 ? S("?bbox=") : S("&amp;bbox="));
	buf_put_fixed(m->o->buf, c->west - room, 4);
	OUT_LIT(m->o, ",");
	buf_put_fixed(m->o->buf, c->south - room, 4);
	OUT_LIT(m->o, ",");
	buf_put_fixed(m->o->buf, c->east + room, 4);
	OUT_LIT(m->o, ",");
	buf_put_fixed(m->o->buf, c->north + room, 4);
	OUT_LIT(m->o, "\"");
}

static void put_title(const struct map *m, const struct cluster *c)
{
	OUT_LIT(m->o, "><title>");
	if ((c->n == 1 && !str_empty(c->one->title)) || (c->count == 1)) {
		out_text(m->o, c->one->title);
	} else if (m->s->merged) {
		out_text(m->o, m->s->merged(m->s->ctx, m->o->mem, c->count));
	} else {
		out_i64(m->o, c->count);
	}
	OUT_LIT(m->o, "</title>");
}

static void put_mark(const struct map *m, const struct cluster *c)
{
	bool one = c->n == 1;
	struct url none = {STR_NONE}, url = one ? c->one->url : none;
	bool link = true;

	if (url.s.p) {
		OUT_LIT(m->o, "<a href=\"");
		out_url(m->o, url);
		OUT_LIT(m->o, "\"");
	} else if (m->s->more.s.p) {
		put_more(m, c);
	} else {
		OUT_LIT(m->o, "<g");
		link = false;
	}
	OUT_LIT(m->o, " class=\"map-mark");
	if (c->count > 1) {
		OUT_LIT(m->o, " map-mark-many");
	} else if (c->one->kind) {
		OUT_LIT(m->o, " map-mark-");
		out_c(m->o, c->one->kind);
	}
	if (c->count == 1 && c->one->approximate) {
		OUT_LIT(m->o, " map-mark-about");
	}
	OUT_LIT(m->o, "\"");
	put_title(m, c);
	buf_fmt(m->o->buf, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", c->at.x, c->at.y, radius_of(c));
	if (c->count > 1) {
		buf_fmt(m->o->buf, "<text x=\"%.1f\" y=\"%.1f\">%lld</text>", c->at.x, c->at.y + 4.5,
			(long long)c->count);
	}
	buf_put(m->o->buf, link ? S("</a>") : S("</g>"));
}

struct spot {
	double left, top, right, bottom;
};

static bool overlaps(const struct spot *all, size_t n, const struct spot *s)
{
	for (size_t i = 0; i < n; i++) {
		if (all[i].left < s->right && all[i].right > s->left && all[i].top < s->bottom &&
		    all[i].bottom > s->top) {
			return true;
		}
	}
	return false;
}

/* Letters, counted as a reader sees them: bytes that continue a character of UTF-8 do not count. */
static double width_of(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	}
	return 6.4 * (double)n;
}

static void put_label(const struct map *m, const struct svgmap_label *label, struct dot at)
{
	buf_fmt(m->o->buf,
		"<circle class=\"map-town\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/><text class=\"map-name\" x=\"%.1f\" "
		"y=\"%.1f\"",
		at.x, at.y, at.x, at.y - 5);
	if (!str_empty(label->lang)) {
		OUT_LIT(m->o, " lang=\"");
		out_text(m->o, label->lang);
		OUT_LIT(m->o, "\"");
	}
	OUT_LIT(m->o, ">");
	out_text(m->o, label->text);
	OUT_LIT(m->o, "</text>");
}

/* Hidden from those who hear the page: the names are background, the marks are what the map is about. */
static void put_labels(const struct map *m, const struct svgmap_label *labels, size_t n_labels,
		       const struct cluster *clusters, size_t n_clusters)
{
	struct spot *taken = mem_array(m->o->mem, struct spot, n_labels + n_clusters);
	size_t n = 0;

	for (; n < n_clusters; n++) {
		double r = radius_of(&clusters[n]) + 1;
		struct dot at = clusters[n].at;
		taken[n] = (struct spot){at.x - r, at.y - r, at.x + r, at.y + r};
	}
	OUT_LIT(m->o, "<g aria-hidden=\"true\">");
	for (size_t i = 0; i < n_labels; i++) {
		double half = width_of(labels[i].text) / 2 + 5;
		struct dot at = {0, 0};
		const struct view *v = map_place(m, labels[i].lat, labels[i].lon, &at);
		struct spot spot = {at.x - half, at.y - 18, at.x + half, at.y + 4};

		if (v == m->views && spot.left >= 0 && spot.right <= v->w && spot.top >= 0 &&
		    !overlaps(taken, n, &spot)) {
			taken[n++] = spot;
			put_label(m, &labels[i], at);
		}
	}
	OUT_LIT(m->o, "</g>");
}

static void put_names(const struct map *m, const struct cluster *clusters, size_t n_clusters)
{
	const struct svgmap_label *labels = m->s->labels;
	size_t n = m->s->n_labels < LIMIT_SVGMAP_LABELS ? m->s->n_labels : LIMIT_SVGMAP_LABELS;

	if (n == 0 && !m->s->bare && !m->coloured) {
		struct svgmap_label *own = mem_array(m->o->mem, struct svgmap_label, LIMIT_SVGMAP_LABELS);
		n = map_towns(m, own, LIMIT_SVGMAP_LABELS);
		labels = own;
	}
	if (n > 0) {
		put_labels(m, labels, n, clusters, n_clusters);
	}
}

void map_marks(const struct map *m)
{
	size_t room = m->s->n_marks < LIMIT_SVGMAP_MARKS ? m->s->n_marks : LIMIT_SVGMAP_MARKS;
	struct cluster *clusters = mem_array(m->o->mem, struct cluster, room);
	size_t n = merge(m, clusters);

	put_names(m, clusters, n);
	for (size_t i = 0; i < n; i++) {
		put_mark(m, &clusters[i]);
	}
}
