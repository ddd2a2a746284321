/*
 * Paper: documents of text that flows into pages and comes out as PDF, through Cairo and Pango: shaping, right to left, any
 * script that the fonts know. Lists leave page by page; what is folded (A5 booklet on A4 sheets, A3 folded in two) is kept whole
 * until its end, then laid in printer's order, mirrored for languages written from the right.
 *
 * Lengths are in millimetres. Texts are UTF-8. Nothing here knows what is printed.
 */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "../base/err.h"
#include "../base/str.h"

enum paper_size {
	PAPER_A4,        /* pages as they are read */
	PAPER_A5,
	PAPER_A5_SHEETS, /* the same, two a side of A4 sheets, to print both sides, fold and staple */
	PAPER_A3_FOLDED, /* four A4 pages on both sides of one A3 sheet; more sheets when it is longer */
	PAPER_POSTER_A4,
	PAPER_POSTER_A3
};

enum paper_style {
	PAPER_TITLE,
	PAPER_SUBTITLE,
	PAPER_H1,
	PAPER_H2,
	PAPER_BODY,
	PAPER_LEAD,
	PAPER_SMALL,
	PAPER_LABEL, /* small, bold, in the accent colour */
	PAPER_STYLES
};

struct paper_options {
	enum paper_size size;
	const char *lang;     /* of the document: hyphens, digits, direction of what has none */
	bool rtl;
	struct str title, author, footer; /* footer: at the foot of each page, beside its number */
	struct str accent;    /* "#rrggbb"; NULL p: the design's own */
	int columns;          /* 1 or 2; 0: 1 */
	int64_t now;          /* ms UTC, told in the file; the same input gives the same bytes */
};

struct paper;

/* Bytes of the file, in order; an error ends the document. */
typedef enum err paper_write(void *arg, struct str bytes);

/* Most pages of a document; what comes after is left out and paper_full() says so. */
enum { PAPER_PAGES_MAX = 400, PAPER_PAGES_FOLDED_MAX = 64 };

/* Begins; everything it holds goes with `m`. `write` is called until paper_close(). */
struct paper *paper_open(struct mem *m, const struct paper_options *opt, paper_write *write, void *arg);
/* Ends the file: E_IO when it could not be written whole. */
MUST_USE enum err paper_close(struct paper *p);
bool paper_full(const struct paper *p);
int paper_pages(const struct paper *p);

/* A paragraph. Headings stay with what follows. */
void paper_text(struct paper *p, enum paper_style style, struct str text);
/* The same as a link in the file. */
void paper_link(struct paper *p, enum paper_style style, struct str text, struct str url);
void paper_space(struct paper *p, double mm);
void paper_rule(struct paper *p);
void paper_page_break(struct paper *p);
/* Begins a page (folded formats: an odd one is not forced) unless `mm` are left in the column. */
void paper_need(struct paper *p, double mm);

/* One line of a programme, kept together: what is said first (an hour, a date) stands in a column of its own. Empty members are
 * left out. */
struct paper_entry {
	struct str lead;   /* "18:30" */
	struct str title;
	struct str where;
	struct str text;
	struct str who;
	struct str notes;  /* access, languages, price */
	bool struck;       /* cancelled: the title is struck through */
	struct str flag;   /* "Cancelled", before the title */
};
void paper_entry(struct paper *p, const struct paper_entry *e);

/* Lines to fill in by hand: names of columns, their shares of the width, how many rows. For sheets of presence. */
void paper_table(struct paper *p, const struct str *heads, const int *shares, size_t columns, const struct str *cells, size_t rows);

/* A code of n by n modules (core/qr.h), `mm` wide, at the start of the line, with words beside it. */
void paper_code(struct paper *p, const unsigned char *modules, int n, double mm, struct str words);

/* The one page of a poster. */
struct paper_poster {
	struct str kicker, title, when, where, text, hosts, footer;
	struct str blank;            /* label of the band left blank for local details; empty: no band */
	const unsigned char *modules; /* QR code, or NULL */
	int modules_n;
	struct str code_words;
};
void paper_poster(struct paper *p, const struct paper_poster *poster);

#endif
