/*
 * Pages onto the file: text with its role and links, bands, codes; and the printer's order of folded sheets.
 */
#include "paper_private.h"

static void set_ink(struct paper *p, enum paper_ink ink)
{
	cairo_set_source_rgb(p->cr, p->ink[ink][0], p->ink[ink][1], p->ink[ink][2]);
}

static void draw_text(struct paper *p, const struct item *it)
{
	if (it->tag) {
		cairo_tag_begin(p->cr, it->tag, NULL);
	}
	if (it->url) {
		struct str quoted = S("");

		for (const char *c = it->url; *c; c++) { /* cairo's own quoting */
			quoted = str_fmt(p->mem, "%.*s%s%c", STR_ARG(quoted), *c == '\'' || *c == '\\' ? "\\" : "", *c);
		}
		cairo_tag_begin(p->cr, CAIRO_TAG_LINK, str_c(p->mem, str_fmt(p->mem, "uri='%.*s'", STR_ARG(quoted))));
	}
	set_ink(p, it->ink);
	cairo_move_to(p->cr, it->x, it->y);
	pango_cairo_show_layout(p->cr, it->layout);
	if (it->url) {
		cairo_tag_end(p->cr, CAIRO_TAG_LINK);
	}
	if (it->tag) {
		cairo_tag_end(p->cr, it->tag);
	}
}

static void draw_code(struct paper *p, const struct item *it)
{
	double side = it->w / it->n;

	set_ink(p, INK_PAPER);
	cairo_rectangle(p->cr, it->x - 4 * side, it->y - 4 * side, it->w + 8 * side, it->w + 8 * side);
	cairo_fill(p->cr);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	for (int y = 0; y < it->n; y++) {
		for (int x = 0; x < it->n; x++) {
			if (it->modules[y * it->n + x] & 1) {
				cairo_rectangle(p->cr, it->x + x * side, it->y + y * side, side, side);
			}
		}
	}
	cairo_fill(p->cr);
}

void paper_draw(struct paper *p, struct sheet_page *page)
{
	for (struct item *it = page->first; it; it = it->next) {
		switch (it->kind) {
		case ITEM_TEXT:
			draw_text(p, it);
			break;
		case ITEM_FILL:
			set_ink(p, it->ink);
			cairo_rectangle(p->cr, it->x, it->y, it->w, it->h);
			cairo_fill(p->cr);
			break;
		case ITEM_CODE:
			draw_code(p, it);
			break;
		}
	}
}

/* Pages numbered from 0; past the last, or before the first, a side stays white. */
static void half(struct paper *p, int number, bool right)
{
	if (number < 0 || number >= p->pages_n) {
		return;
	}
	cairo_save(p->cr);
	cairo_translate(p->cr, right ? p->page_w : 0, 0);
	cairo_rectangle(p->cr, 0, 0, p->page_w, p->page_h);
	cairo_clip(p->cr);
	paper_draw(p, &p->pages[number]);
	cairo_restore(p->cr);
}

/* One side of a sheet: what lies on the outside and on the inside of its fold, as the language is read. */
static void side(struct paper *p, int first, int second)
{
	half(p, p->opt.rtl ? second : first, false);
	half(p, p->opt.rtl ? first : second, true);
	cairo_show_page(p->cr);
}

void paper_impose(struct paper *p)
{
	int n = (p->pages_n + 3) / 4 * 4;

	for (int i = 0; i < n / 4; i++) {
		side(p, n - 1 - 2 * i, 2 * i);
		side(p, 2 * i + 1, n - 2 - 2 * i);
	}
}
