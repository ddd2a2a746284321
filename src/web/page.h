/*
 * The layout around every page, as its template sees it.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "../html/out.h"
#include "req.h"
#include "site.h"

struct page_nav {
	struct url to;
	struct str words;
	bool current;
};

struct page_lang {
	const char *code;  /* "ar" */
	const char *name;  /* in its own words */
	struct url to;     /* the same page in it */
	struct url choose; /* the same, and remember */
	bool current, rtl;
};

struct layout {
	struct req *rq;
	const struct page_info *info;
	struct str title, site_name, tagline;
	struct page_lang langs[SITE_LANGS];
	size_t n_langs;
	const struct page_nav *nav;
	size_t n_nav;
	struct str notice_kind, notice_text;
	bool theme; /* the administrator chose colours */
	struct url theme_css, logo;
	bool show_propose, show_feed, show_open_data;
};

/* <script type="application/ld+json">, if there is a document. */
void page_jsonld(struct out *o, const struct page_info *info);
/* The address of the `i`-th page that the administrator wrote (legal, privacy…). */
struct url page_of_site(const struct req *rq, size_t i);
/* True if a room has that route: the layout links to what there is. */
bool page_has(const struct req *rq, const char *route);

/* What a problem page says. */
struct problem_page {
	int status;
	const char *title, *what, *advice; /* N_() */
	struct str sentence;               /* the handler's own words, instead of `what` */
	const struct field_problem *fields;
	size_t n_fields;
	struct url home, back;
	bool show_search;
};
struct str problem_field_reason(const struct problem_page *p, size_t i);

#endif
