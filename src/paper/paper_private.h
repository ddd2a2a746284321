/*
 * Between the files of paper/: the document, its pages and what is drawn on them.
 */
#ifndef PAPER_PRIVATE_H
#define PAPER_PRIVATE_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "paper.h"

#define PT_PER_MM (72.0 / 25.4)
#define MM(x) ((x)*PT_PER_MM)

enum paper_ink { INK_TEXT, INK_MUTED, INK_ACCENT, INK_PAPER, INK_LINE, INK_TINT, INKS };

enum item_kind { ITEM_TEXT, ITEM_FILL, ITEM_CODE };

/* Something drawn on a page, in points from its top left corner. */
struct item {
	enum item_kind kind;
	double x, y, w, h;
	enum paper_ink ink;
	PangoLayout *layout;  /* ITEM_TEXT */
	const char *tag;      /* role in the file's structure: "P", "H1"; NULL: none */
	const char *url;
	unsigned char *modules; /* ITEM_CODE */
	int n;
	struct item *next;
};

struct sheet_page {
	struct item *first, *last;
};

struct paper {
	struct mem *mem;
	struct paper_options opt;
	paper_write *write;
	void *arg;
	enum err err;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoContext *context;
	double page_w, page_h;               /* of what is read */
	double left, right, top, bottom;     /* margins */
	double gap;                          /* between columns */
	bool folded;
	struct sheet_page *pages;            /* those not drawn yet; all of them when folded */
	int pages_n, pages_max, drawn;
	int column;
	double y;
	bool open, full, fresh;              /* fresh: nothing stands in this column yet */
	double ink[INKS][3];
};

/* A paragraph laid out in a width; the caller gives it to an item or unrefs it. */
PangoLayout *paper_layout(struct paper *p, enum paper_style style, struct str text, double width);
double paper_layout_height(PangoLayout *l);
double paper_style_after(enum paper_style style);
enum paper_ink paper_style_ink(enum paper_style style);
const char *paper_style_tag(enum paper_style style);

/* The column being filled: its width, and where it begins. */
double paper_column_width(const struct paper *p);
double paper_column_x(const struct paper *p);
/* The page being filled, begun when there is none; NULL when the document is full. */
struct sheet_page *paper_page(struct paper *p);
struct item *paper_put(struct paper *p, struct sheet_page *page, enum item_kind kind, double x, double y, double w, double h);
void paper_put_text(struct paper *p, struct sheet_page *page, PangoLayout *l, double x, double y, enum paper_ink ink, const char *tag,
		    struct str url);
/* Room for `h` points, in this column, the next or the next page; false when the document is full. */
bool paper_room(struct paper *p, double h);
/* Draws a page where the current matrix puts it, and lets its items go. */
void paper_draw(struct paper *p, struct sheet_page *page);
/* Folded formats: all pages, in printer's order. */
void paper_impose(struct paper *p);

#endif
