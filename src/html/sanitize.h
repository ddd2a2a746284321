/*
 * HTML of strangers (feeds, imports) to markup we trust: parsed by libxml2, then rebuilt from an allow-list of elements and
 * attributes. What is not on the list is left out, its words stay; scripts, styles and frames go with their content.
 */
#ifndef HTML_SANITIZE_H
#define HTML_SANITIZE_H

#include "../base/str.h"

/* Markup fit for a page. Input past LIMIT_HTML_IN is cut. */
struct html sanitize(struct mem *m, struct str html_in);
/* The same content as Markdown, for texts that people will edit here. */
struct str sanitize_to_markdown(struct mem *m, struct str html_in);

#endif
