/*
 * A document: pages that fill, columns, the file at the end. See paper.h.
 */
#include "paper_private.h"

#include <stdlib.h>
#include <time.h>

static const double a_sizes[][2] = {
	[PAPER_A4] = {210, 297},
          [PAPER_A5] = {148, 210},
          [PAPER_A5_SHEETS] = {148, 210},
	[PAPER_A3_FOLDED] = {210, 297},
          [PAPER_POSTER_A4] = {210, 297},
          [PAPER_POSTER_A3] = {297, 420},
};

static void ink_of(struct str hex, double out[3])
{
	char c[8] = {0};
	unsigned long v;

	if (hex.n == 7) {
		for (size_t i = 0; i < 7; i++) {
			c[i] = hex.p[i];
		}
		v = strtoul(c + 1, NULL, 16);
		out[0] = (double)(v >> 16 & 255) / 255;
		out[1] = (double)(v >> 8 & 255) / 255;
		out[2] = (double)(v & 255) / 255;
	}
}

static void inks(struct paper *p)
{
	ink_of(S("#1f292f"), p->ink[INK_TEXT]);
	ink_of(S("#566067"), p->ink[INK_MUTED]);
	ink_of(S("#1b5575"), p->ink[INK_ACCENT]);
	ink_of(p->opt.accent, p->ink[INK_ACCENT]);
	ink_of(S("#ffffff"), p->ink[INK_PAPER]);
	ink_of(S("#b9ad98"), p->ink[INK_LINE]);
	for (int i = 0; i < 3; i++) {
		p->ink[INK_TINT][i] = 1 - (1 - p->ink[INK_ACCENT][i]) * 0.12;
	}
}

static cairo_status_t out(void *arg, const unsigned char *bytes, unsigned n)
{
	struct paper *p = arg;

	if (p->err == OK) {
		p->err = p->write(p->arg, (struct str){(const char *)bytes, n});
	}
	return p->err == OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void let_go(struct sheet_page *page)
{
	for (struct item *it = page->first; it; it = it->next) {
		if (it->layout) {
			g_object_unref(it->layout);
			it->layout = NULL;
		}
	}
	page->first = page->last = NULL;
}

static void drop(void *arg)
{
	struct paper *p = arg;

	for (int i = 0; i < p->pages_n; i++) {
		let_go(&p->pages[i]);
	}
	if (p->err == OK && p->open) {
		p->err = E_IO; /* not closed: what cairo still writes goes nowhere */
	}
	g_clear_object(&p->context);
	g_clear_pointer(&p->cr, cairo_destroy);
	g_clear_pointer(&p->surface, cairo_surface_destroy);
}

static void margins(struct paper *p)
{
	bool small = p->opt.size == PAPER_A5 || p->opt.size == PAPER_A5_SHEETS;

	p->left = p->right = MM(small ? 13 : 18);
	p->top = MM(small ? 13 : 18);
	p->bottom = MM(small ? 16 : 20);
	p->gap = MM(7);
}

static void about(struct paper *p)
{
	time_t at = (time_t)(p->opt.now / 1000);
	struct tm tm;
	char when[32];

	gmtime_r(&at, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, str_c(p->mem, p->opt.title));
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, str_c(p->mem, p->opt.author));
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
}

struct paper *paper_open(struct mem *m, const struct paper_options *opt, paper_write *write, void *arg)
{
	struct paper *p = mem_new(m, struct paper);

	*p = (struct paper){.mem = m, .opt = *opt, .write = write, .arg = arg, .open = true, .fresh = true};
	p->opt.columns = opt->columns == 2 ? 2 : 1;
	p->page_w = MM(a_sizes[opt->size][0]);
	p->page_h = MM(a_sizes[opt->size][1]);
	p->folded = opt->size == PAPER_A5_SHEETS || opt->size == PAPER_A3_FOLDED;
	p->pages_max = p->folded ? PAPER_PAGES_FOLDED_MAX : PAPER_PAGES_MAX;
	p->pages = mem_array(m, struct sheet_page, (size_t)p->pages_max);
	margins(p);
	inks(p);
	mem_defer(m, drop, p);
	p->surface = cairo_pdf_surface_create_for_stream(out, p, p->folded ? p->page_w * 2 : p->page_w, p->page_h);
	p->cr = cairo_create(p->surface);
	about(p);
	p->context = pango_font_map_create_context(pango_cairo_font_map_get_default());
	pango_cairo_context_set_resolution(p->context, 72);
	pango_context_set_base_dir(p->context, opt->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
	pango_context_set_language(p->context, pango_language_from_string(opt->lang));
	return p;
}

bool paper_full(const struct paper *p)
{
	return p->full;
}

int paper_pages(const struct paper *p)
{
	return p->pages_n;
}

double paper_column_width(const struct paper *p)
{
	double all = p->page_w - p->left - p->right;

	return p->opt.columns == 2 ? (all - p->gap) / 2 : all;
}

/* Columns follow each other as one reads. */
double paper_column_x(const struct paper *p)
{
	int at = p->opt.rtl ? p->opt.columns - 1 - p->column : p->column;

	return p->left + at * (paper_column_width(p) + p->gap);
}

struct item *paper_put(struct paper *p, struct sheet_page *page, enum item_kind kind, double x, double y, double w,
		       double h)
{
	struct item *it = mem_new(p->mem, struct item);

	*it = (struct item){.kind = kind, .x = x, .y = y, .w = w, .h = h};
	if (page->last) {
		page->last->next = it;
	} else {
		page->first = it;
	}
	page->last = it;
	return it;
}

void paper_put_text(struct paper *p, struct sheet_page *page, PangoLayout *l, double x, double y, enum paper_ink ink,
		    const char *tag, struct str url)
{
	struct item *it = paper_put(p, page, ITEM_TEXT, x, y, pango_layout_get_width(l) / (double)PANGO_SCALE,
				    paper_layout_height(l));

	it->layout = l;
	it->ink = ink;
	it->tag = tag;
	it->url = url.n ? str_c(p->mem, url) : NULL;
}

/* Number and words at the foot. */
static void foot(struct paper *p, struct sheet_page *page, int number)
{
	double w = p->page_w - p->left - p->right, y = p->page_h - p->bottom + MM(6);
	PangoLayout *words = paper_layout(p, PAPER_SMALL, p->opt.footer, w - MM(14));
	PangoLayout *n = paper_layout(p, PAPER_SMALL, str_fmt(p->mem, "%d", number), MM(12));

	pango_layout_set_height(words, -1);
	pango_layout_set_ellipsize(words, PANGO_ELLIPSIZE_END);
	paper_put_text(p, page, words, p->left + (p->opt.rtl ? MM(14) : 0), y, INK_MUTED, NULL, STR_NONE);
	pango_layout_set_alignment(n, p->opt.rtl ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
	paper_put_text(p, page, n, p->opt.rtl ? p->left : p->page_w - p->right - MM(12), y, INK_MUTED, NULL, STR_NONE);
}

static void finish_page(struct paper *p)
{
	struct sheet_page *page = &p->pages[p->pages_n - 1];

	foot(p, page, p->pages_n);
	if (!p->folded) {
		paper_draw(p, page);
		cairo_show_page(p->cr);
		let_go(page);
		p->drawn = p->pages_n;
	}
}

struct sheet_page *paper_page(struct paper *p)
{
	if (p->pages_n == 0) {
		p->pages_n = 1;
		p->y = p->top;
	}
	return &p->pages[p->pages_n - 1];
}

static bool next_column(struct paper *p)
{
	if (p->column + 1 < p->opt.columns) {
		p->column++;
	} else {
		if (p->pages_n >= p->pages_max) {
			p->full = true;
			return false;
		}
		if (p->pages_n) {
			finish_page(p);
		}
		p->pages_n++;
		p->column = 0;
	}
	p->y = p->top;
	p->fresh = true;
	return true;
}

bool paper_room(struct paper *p, double h)
{
	(void)paper_page(p);
	if (p->full) {
		return false;
	}
	if (p->y + h <= p->page_h - p->bottom || p->fresh) {
		return true;
	}
	return next_column(p);
}

void paper_need(struct paper *p, double mm)
{
	(void)paper_room(p, MM(mm));
}

void paper_page_break(struct paper *p)
{
	if (p->pages_n == 0 || (p->fresh && p->column == 0)) {
		return;
	}
	p->column = p->opt.columns - 1;
	(void)next_column(p);
}

enum err paper_close(struct paper *p)
{
	(void)paper_page(p);
	if (p->drawn < p->pages_n) {
		if (p->opt.size == PAPER_POSTER_A4 || p->opt.size == PAPER_POSTER_A3) {
			paper_draw(p, &p->pages[0]);
			cairo_show_page(p->cr);
		} else {
			finish_page(p);
		}
	}
	if (p->folded) {
		paper_impose(p);
	}
	cairo_surface_finish(p->surface);
	p->open = false;
	if (p->err == OK && cairo_surface_status(p->surface) != CAIRO_STATUS_SUCCESS) {
		p->err = E_IO;
	}
	return p->err;
}
