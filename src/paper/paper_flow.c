/*
 * What flows: paragraphs, entries of a programme, tables, codes; and the poster, whose parts are made to fit.
 */
#include "paper_private.h"

static const struct style {
	const char *font;
	double size, after, spacing; /* points; of lines, as a factor */
	enum paper_ink ink;
	const char *tag;
} styles[PAPER_STYLES] = {
	[PAPER_TITLE] = {"Noto Serif, Noto Naskh Arabic, Noto Sans Bold", 26,   6,  1.05, INK_ACCENT, "H1"},
	[PAPER_SUBTITLE] = {"Noto Sans, Noto Sans Arabic",                   13,   10, 1.15, INK_MUTED,  "P" },
	[PAPER_H1] = {"Noto Serif, Noto Naskh Arabic, Noto Sans Bold", 16,   5,  1.1,  INK_ACCENT, "H2"},
	[PAPER_H2] = {"Noto Sans, Noto Sans Arabic Bold",              11,   3,  1.1,  INK_TEXT,   "H3"},
	[PAPER_BODY] = {"Noto Sans, Noto Sans Arabic",                   9.5,  4,  1.2,  INK_TEXT,   "P" },
	[PAPER_LEAD] = {"Noto Sans, Noto Sans Arabic",                   11.5, 6,  1.25, INK_TEXT,   "P" },
	[PAPER_SMALL] = {"Noto Sans, Noto Sans Arabic",                   8,    2,  1.15, INK_MUTED,  "P" },
	[PAPER_LABEL] = {"Noto Sans, Noto Sans Arabic Bold",              8,    2,  1.1,  INK_ACCENT, "P" },
};

enum { LEAD_MM = 21, PAPER_TEXT_MAX = 20000 };

static PangoLayout *layout_at(struct paper *p, enum paper_style style, struct str text, double width, double size)
{
	PangoLayout *l = pango_layout_new(p->context);
	PangoFontDescription *font = pango_font_description_from_string(styles[style].font);
	PangoDirection dir;

	text = str_sub(text, 0, text.n < PAPER_TEXT_MAX ? text.n : PAPER_TEXT_MAX);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(l, font);
	pango_font_description_free(font);
	pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(l, (float)styles[style].spacing);
	pango_layout_set_text(l, text.n ? text.p : "", (int)text.n);
	/* Every paragraph begins where the document's paragraphs begin. Pango swaps left and right for those whose direction is not
	 * the document's, so that what is asked for follows the text. */
	dir = pango_layout_line_get_resolved_direction(pango_layout_get_line_readonly(l, 0));
	pango_layout_set_alignment(l, dir == PANGO_DIRECTION_RTL ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	return l;
}

PangoLayout *paper_layout(struct paper *p, enum paper_style style, struct str text, double width)
{
	return layout_at(p, style, text, width, styles[style].size);
}

double paper_layout_height(PangoLayout *l)
{
	int h;

	pango_layout_get_size(l, NULL, &h);
	return h / (double)PANGO_SCALE;
}

static void strike(PangoLayout *l)
{
	PangoAttrList *list = pango_attr_list_new();

	pango_attr_list_insert(list, pango_attr_strikethrough_new(TRUE));
	pango_layout_set_attributes(l, list);
	pango_attr_list_unref(list);
}

static void put_line(struct paper *p, PangoLayout *l, double x, double y, enum paper_style style, struct str url)
{
	paper_put_text(p, paper_page(p), l, x, y, styles[style].ink, styles[style].tag, url);
}

/* A paragraph longer than a page is cut where it does not fit, line by line, by giving its rest to the next column. */
static void flow(struct paper *p, enum paper_style style, struct str text, struct str url)
{
	while (text.n && !p->full) {
		PangoLayout *l = paper_layout(p, style, text, paper_column_width(p));
		double h = paper_layout_height(l), room;
		int cut = 0, trailing;

		if (!paper_room(p, h < MM(30) ? h : MM(12))) {
			g_object_unref(l);
			return;
		}
		room = p->page_h - p->bottom - p->y;
		if (h > room && pango_layout_xy_to_index(l, 0, (int)((room - 2) * PANGO_SCALE), &cut, &trailing)) {
			PangoLayoutIter *it = pango_layout_get_iter(l);
			int keep = 0;

			do { /* the last line that ends above the foot */
				PangoRectangle r;

				pango_layout_iter_get_line_extents(it, NULL, &r);
				if ((r.y + r.height) / (double)PANGO_SCALE > room) {
					break;
				}
				PangoLayoutLine *line = pango_layout_iter_get_line_readonly(it);
				keep = line->start_index + line->length;
			} while (pango_layout_iter_next_line(it));
			pango_layout_iter_free(it);
			cut = keep;
		} else {
			cut = (int)text.n;
		}
		if (cut <= 0) {
			cut = (int)text.n;
		}
		if ((size_t)cut < text.n) {
			g_object_unref(l);
			l = paper_layout(p, style, str_sub(text, 0, (size_t)cut), paper_column_width(p));
			h = paper_layout_height(l);
		}
		put_line(p, l, paper_column_x(p), p->y, style, url);
		p->y += h + styles[style].after;
		p->fresh = false;
		text = str_trim(str_sub(text, (size_t)cut, text.n));
	}
}

void paper_text(struct paper *p, enum paper_style style, struct str text)
{
	if (style == PAPER_H1 || style == PAPER_H2) {
		if (!paper_room(p, MM(28))) {
			return;
		}
		if (!p->fresh) {
			p->y += style == PAPER_H1 ? 10 : 6;
		}
	}
	flow(p, style, text, STR_NONE);
}

void paper_link(struct paper *p, enum paper_style style, struct str text, struct str url)
{
	flow(p, style, text, url);
}

void paper_space(struct paper *p, double mm)
{
	if (!p->fresh) {
		p->y += MM(mm);
	}
}

void paper_rule(struct paper *p)
{
	if (paper_room(p, MM(2))) {
		paper_put(p, paper_page(p), ITEM_FILL, paper_column_x(p), p->y, paper_column_width(p), 0.6)->ink =
			INK_LINE;
		p->y += MM(2);
	}
}

/* ---- entries ------------------------------------------------------------------------------------------------------------ */

struct part {
	PangoLayout *l;
	enum paper_style style;
	double h;
};

static size_t parts_of(struct paper *p, const struct paper_entry *e, double width, struct part *parts)
{
	const struct {
		struct str text;
		enum paper_style style;
	} all[] = {
		{e->flag,  PAPER_LABEL},
                {e->title, PAPER_H2   },
                {e->where, PAPER_BODY },
		{e->text,  PAPER_BODY },
                {e->who,   PAPER_SMALL},
                {e->notes, PAPER_SMALL}
        };
	size_t n = 0;

	for (size_t i = 0; i < COUNT(all); i++) {
		if (all[i].text.n) {
			PangoLayout *l = paper_layout(p, all[i].style, all[i].text, width);

			if (all[i].style == PAPER_H2 && e->struck) {
				strike(l);
			}
			parts[n++] = (struct part){l, all[i].style, paper_layout_height(l) + 1.5};
		}
	}
	return n;
}

void paper_entry(struct paper *p, const struct paper_entry *e)
{
	double all = paper_column_width(p), lead_w = e->lead.n ? MM(LEAD_MM) : 0, width = all - lead_w, h = 0, x, y;
	PangoLayout *lead = e->lead.n ? paper_layout(p, PAPER_H2, e->lead, lead_w - MM(2)) : NULL;
	struct part parts[6];
	size_t n = parts_of(p, e, width, parts);

	for (size_t i = 0; i < n; i++) {
		h += parts[i].h;
	}
	if (lead && paper_layout_height(lead) > h) {
		h = paper_layout_height(lead);
	}
	if (!paper_room(p, h)) {
		for (size_t i = 0; i < n; i++) {
			g_object_unref(parts[i].l);
		}
		g_clear_object(&lead);
		return;
	}
	x = paper_column_x(p);
	y = p->y;
	if (lead) {
		paper_put_text(p, paper_page(p), lead, p->opt.rtl ? x + width + MM(2) : x, y, INK_ACCENT, "P",
			       STR_NONE);
	}
	for (size_t i = 0; i < n; i++) {
		put_line(p, parts[i].l, p->opt.rtl ? x : x + lead_w, y, parts[i].style, STR_NONE);
		y += parts[i].h;
	}
	p->y += h + MM(3);
	p->fresh = false;
}

/* ---- tables --------------------------------------------------------------------------------------------------------------- */

static void row(struct paper *p, const struct str *cells, const int *shares, size_t columns, int total,
		enum paper_style style)
{
	double all = paper_column_width(p), x = 0, h = MM(7);
	PangoLayout *l[16];

	for (size_t i = 0; i < columns; i++) {
		l[i] = paper_layout(p, style, cells ? cells[i] : S(""), all * shares[i] / total - MM(2));
		h = paper_layout_height(l[i]) + MM(3) > h ? paper_layout_height(l[i]) + MM(3) : h;
	}
	if (!paper_room(p, h)) {
		for (size_t i = 0; i < columns; i++) {
			g_object_unref(l[i]);
		}
		return;
	}
	for (size_t i = 0; i < columns; i++) {
		double w = all * shares[i] / total;
		double at = paper_column_x(p) + (p->opt.rtl ? all - x - w : x);

		put_line(p, l[i], at + MM(1), p->y + MM(1.5), style, STR_NONE);
		x += w;
	}
	paper_put(p, paper_page(p), ITEM_FILL, paper_column_x(p), p->y + h - 0.5, all, 0.5)->ink = INK_LINE;
	p->y += h;
	p->fresh = false;
}

void paper_table(struct paper *p, const struct str *heads, const int *shares, size_t columns, const struct str *cells,
		 size_t rows)
{
	int total = 0;

	columns = columns < 16 ? columns : 16;
	for (size_t i = 0; i < columns; i++) {
		total += shares[i];
	}
	row(p, heads, shares, columns, total, PAPER_LABEL);
	for (size_t r = 0; r < rows && !p->full; r++) {
		row(p, cells ? cells + r * columns : NULL, shares, columns, total, PAPER_BODY);
	}
	p->y += MM(3);
}

/* ---- codes ------------------------------------------------------------------------------------------------------------------ */

static void code_at(struct paper *p, const unsigned char *modules, int n, double x, double y, double side)
{
	struct item *it = paper_put(p, paper_page(p), ITEM_CODE, x, y, side, side);

	it->n = n;
	it->modules = mem_get(p->mem, (size_t)(n * n));
	for (int i = 0; i < n * n; i++) {
		it->modules[i] = modules[i];
	}
}

void paper_code(struct paper *p, const unsigned char *modules, int n, double mm, struct str words)
{
	double side = MM(mm), quiet = side / n * 4, all = paper_column_width(p), x;
	PangoLayout *l = paper_layout(p, PAPER_SMALL, words, all - side - 2 * quiet - MM(4));

	if (!paper_room(p, side + 2 * quiet)) {
		g_object_unref(l);
		return;
	}
	x = paper_column_x(p);
	code_at(p, modules, n, p->opt.rtl ? x + all - side - quiet : x + quiet, p->y + quiet, side);
	put_line(p, l, p->opt.rtl ? x : x + side + 2 * quiet + MM(4), p->y + quiet, PAPER_SMALL, STR_NONE);
	p->y += side + 2 * quiet;
	p->fresh = false;
}

/* ---- the poster --------------------------------------------------------------------------------------------------------------- */

/* The text at the largest size that fits the box, between bounds; the height it takes. */
static double fit(struct paper *p, enum paper_style style, struct str text, double y, double max_h, double size,
		  double least, enum paper_ink ink)
{
	double w = p->page_w - p->left - p->right;
	PangoLayout *l = layout_at(p, style, text, w, size);

	while (paper_layout_height(l) > max_h && size > least) {
		g_object_unref(l);
		size *= 0.92;
		l = layout_at(p, style, text, w, size);
	}
	if (paper_layout_height(l) > max_h) {
		pango_layout_set_height(l, (int)(max_h * PANGO_SCALE));
		pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
	}
	double h = paper_layout_height(l);
	paper_put_text(p, paper_page(p), l, p->left, y, ink, styles[style].tag, STR_NONE);
	return h;
}

void paper_poster(struct paper *p, const struct paper_poster *s)
{
	double k = p->page_w / MM(210), head = p->page_h * 0.46, y, w = p->page_w - p->left - p->right;
	double band_h = s->blank.n ? p->page_h * 0.13 : 0, foot_h = MM(16) * k, code = s->modules ? MM(34) * k : 0;
	double low = p->page_h - foot_h - band_h - MM(8) * k;

	paper_put(p, paper_page(p), ITEM_FILL, 0, 0, p->page_w, head)->ink = INK_ACCENT;
	y = p->top;
	y += fit(p, PAPER_LABEL, s->kicker, y, MM(20) * k, 17 * k, 9 * k, INK_PAPER) + MM(6) * k;
	fit(p, PAPER_TITLE, s->title, y, head - y - MM(8) * k, 66 * k, 18 * k, INK_PAPER);
	y = head + MM(9) * k;
	y += fit(p, PAPER_H1, s->when, y, MM(26) * k, 27 * k, 12 * k, INK_ACCENT) + MM(3) * k;
	y += fit(p, PAPER_LEAD, s->where, y, MM(24) * k, 18 * k, 10 * k, INK_TEXT) + MM(5) * k;
	p->right += code ? code + MM(12) * k : 0; /* words beside the code */
	if (p->opt.rtl && code) {
		p->left += code + MM(12) * k;
		p->right -= code + MM(12) * k;
	}
	y += fit(p, PAPER_LEAD, s->text, y, low - y - MM(16) * k, 13 * k, 8 * k, INK_TEXT) + MM(3) * k;
	if (low - y > MM(8) * k) {
		fit(p, PAPER_SMALL, s->hosts, y, low - y, 11 * k, 7 * k, INK_MUTED);
	}
	p->left = p->right = MM(18);
	if (code) {
		double x = p->opt.rtl ? p->left + MM(3) * k : p->page_w - p->right - code - MM(3) * k;
		PangoLayout *l = layout_at(p, PAPER_SMALL, s->code_words, code + MM(6) * k, 9 * k);

		code_at(p, s->modules, s->modules_n, x, low - code - MM(14) * k, code);
		pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
		paper_put_text(p, paper_page(p), l, x - MM(3) * k, low - MM(9) * k, INK_MUTED, "P", STR_NONE);
	}
	if (band_h > 0) {
		paper_put(p, paper_page(p), ITEM_FILL, p->left, low + MM(4) * k, w, band_h)->ink = INK_TINT;
		PangoLayout *l = layout_at(p, PAPER_SMALL, s->blank, w - MM(8), 9 * k);
		paper_put_text(p, paper_page(p), l, p->left + MM(4), low + MM(6) * k, INK_MUTED, "P", STR_NONE);
	}
	fit(p, PAPER_SMALL, s->footer, p->page_h - foot_h, foot_h - MM(4), 10 * k, 7 * k, INK_MUTED);
}
