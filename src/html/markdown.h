/*
 * Markdown from people to markup we trust: CommonMark with tables, strikethrough and bare addresses (cmark-gfm's parser; the
 * markup is ours). No raw HTML, no pictures from elsewhere, links only to allowed schemes, headings below the page's own.
 */
#ifndef HTML_MARKDOWN_H
#define HTML_MARKDOWN_H

#include "../base/str.h"

struct markdown_options {
	int heading;      /* level that the text's highest heading becomes: 2 by default (0) */
	bool no_links;    /* summaries inside links: words only */
};

/* Never fails: what is too long (LIMIT_MARKDOWN) is cut at a character and rendered as far as it goes. `opt` may be NULL. */
struct html markdown(struct mem *m, struct str text, const struct markdown_options *opt);

/* The words alone, on one line of at most `max` characters with "…" where it was cut: descriptions, feeds, search. */
struct str markdown_plain(struct mem *m, struct str text, size_t max);

#endif
