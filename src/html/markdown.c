/*
 * Walks cmark-gfm's tree and writes our own markup. See markdown.h.
 */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <pthread.h>

#include "../base/limits.h"
#include "../base/url.h"
#include "../base/utf8.h"
#include "markdown.h"
#include "out.h"

enum { HEADING_MAX = 6, OUT_FACTOR = 40 };

struct writer {
	struct mem *mem;
	struct buf *b;
	const struct markdown_options *opt;
	int heading_top;  /* the highest level that the text uses: it becomes opt->heading */
	int heading_last; /* as written; 0 before the first */
};

static void register_once(void)
{
	cmark_gfm_core_extensions_ensure_registered();
}

static cmark_node *parse(struct mem *m, struct str text)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static const char *const extensions[] = {"table", "strikethrough", "autolink"};
	cmark_parser *parser;
	cmark_node *doc;

	pthread_once(&once, register_once);
	parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
	for (size_t i = 0; i < COUNT(extensions); i++) {
		cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
	}
	text = utf8_cut(text, LIMIT_MARKDOWN);
	cmark_parser_feed(parser, text.p ? text.p : "", text.n);
	doc = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	mem_defer(m, (void (*)(void *))cmark_node_free, doc);
	return doc;
}

static struct str literal(cmark_node *node)
{
	return str_of(cmark_node_get_literal(node));
}

/* An address of another site or a path of ours; false when no link may be made of it. */
static bool link_target(const struct writer *w, cmark_node *node, struct url *out, bool *outside)
{
	struct str text = str_of(cmark_node_get_url(node));

	if (w->opt->no_links || str_empty(text)) {
		return false;
	}
	*outside = text.p[0] != '/' && text.p[0] != '#';
	if (text.p[0] == '#') {
		*out = (struct url){text};
		return true;
	}
	return (*outside ? url_parse(w->mem, text, out) : url_local(w->mem, text, out)) == OK;
}

static void put_link(struct writer *w, cmark_node *node, bool enter)
{
	struct url to;
	bool outside = false;

	if (!link_target(w, node, &to, &outside)) {
		return;
	}
	if (!enter) {
		buf_put(w->b, S("</a>"));
		return;
	}
	buf_put(w->b, S("<a href=\""));
	html_escape(w->b, to.s);
	buf_put(w->b, outside ? S("\" rel=\"nofollow noopener ugc\">") : S("\">"));
}

static void put_tag(struct writer *w, const char *tag, bool enter)
{
	buf_fmt(w->b, enter ? "<%s>" : "</%s>", tag);
}

static bool tight(cmark_node *paragraph)
{
	cmark_node *item = cmark_node_parent(paragraph), *list = item ? cmark_node_parent(item) : NULL;

	return list && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static void put_list(struct writer *w, cmark_node *node, bool enter)
{
	bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
	int start = cmark_node_get_list_start(node);

	if (enter && ordered && start != 1) {
		buf_fmt(w->b, "<ol start=\"%d\">", start);
	} else {
		put_tag(w, ordered ? "ol" : "ul", enter);
	}
}

static int first_level(const struct writer *w)
{
	return w->opt->heading ? w->opt->heading : 2;
}

/* People begin with "##" or skip a level: the page's outline stays one without holes all the same. */
static void put_heading(struct writer *w, cmark_node *node, bool enter)
{
	if (enter) {
		int level = cmark_node_get_heading_level(node) - w->heading_top + first_level(w);
		int deepest = w->heading_last ? w->heading_last + 1 : first_level(w);

		level = level < deepest ? level : deepest;
		w->heading_last = level < HEADING_MAX ? level : HEADING_MAX;
	}
	buf_fmt(w->b, enter ? "<h%d>" : "</h%d>", w->heading_last);
}

/* The highest level of heading in the text, 1 without any. */
static int top_level(cmark_node *doc)
{
	int top = 0;
	cmark_iter *iter = cmark_iter_new(doc);

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		int level = cmark_node_get_type(node) == CMARK_NODE_HEADING ? cmark_node_get_heading_level(node) : 0;

		top = level && (!top || level < top) ? level : top;
	}
	cmark_iter_free(iter);
	return top ? top : 1;
}

/* Tables and strikethrough have types of the extensions' own, told by name. */
static void put_extension(struct writer *w, cmark_node *node, bool enter)
{
	struct str type = str_of(cmark_node_get_type_string(node));

	if (str_eq(type, S("strikethrough"))) {
		put_tag(w, "del", enter);
	} else if (str_eq(type, S("table"))) {
		buf_put(w->b, enter ? S("<div class=\"table-wrap\" tabindex=\"0\"><table class=\"table\">") : S("</table></div>"));
	} else if (str_eq(type, S("table_row")) || str_eq(type, S("table_header"))) {
		put_tag(w, "tr", enter);
	} else if (str_eq(type, S("table_cell"))) {
		cmark_node *row = cmark_node_parent(node);

		put_tag(w, row && cmark_gfm_extensions_get_table_row_is_header(row) ? "th" : "td", enter);
	}
}

static void put_node(struct writer *w, cmark_node *node, bool enter)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_PARAGRAPH:
		if (!tight(node)) {
			put_tag(w, "p", enter);
		}
		break;
	case CMARK_NODE_HEADING:
		put_heading(w, node, enter);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		put_tag(w, "blockquote", enter);
		break;
	case CMARK_NODE_LIST:
		put_list(w, node, enter);
		break;
	case CMARK_NODE_ITEM:
		put_tag(w, "li", enter);
		break;
	case CMARK_NODE_CODE_BLOCK:
		buf_put(w->b, S("<pre><code>"));
		html_escape(w->b, literal(node));
		buf_put(w->b, S("</code></pre>"));
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		buf_put(w->b, S("<hr>"));
		break;
	case CMARK_NODE_HTML_BLOCK: /* raw HTML is shown as what was typed */
		buf_put(w->b, S("<p>"));
		html_escape(w->b, str_trim(literal(node)));
		buf_put(w->b, S("</p>"));
		break;
	case CMARK_NODE_TEXT:
	case CMARK_NODE_HTML_INLINE:
		html_escape(w->b, literal(node));
		break;
	case CMARK_NODE_SOFTBREAK:
		buf_put_c(w->b, '\n');
		break;
	case CMARK_NODE_LINEBREAK:
		buf_put(w->b, S("<br>"));
		break;
	case CMARK_NODE_CODE:
		buf_put(w->b, S("<code>"));
		html_escape(w->b, literal(node));
		buf_put(w->b, S("</code>"));
		break;
	case CMARK_NODE_EMPH:
		put_tag(w, "em", enter);
		break;
	case CMARK_NODE_STRONG:
		put_tag(w, "strong", enter);
		break;
	case CMARK_NODE_LINK:
	case CMARK_NODE_IMAGE: /* pictures of elsewhere are not loaded: their words link to them */
		put_link(w, node, enter);
		break;
	default:
		put_extension(w, node, enter);
		break;
	}
}

struct html markdown(struct mem *m, struct str text, const struct markdown_options *opt)
{
	static const struct markdown_options plain = {0};
	struct buf b = buf_make(m, LIMIT_MARKDOWN * OUT_FACTOR);
	struct writer w = {.mem = m, .b = &b, .opt = opt ? opt : &plain};
	struct out o = {.buf = &b, .mem = m};
	cmark_node *doc = parse(m, text);
	cmark_iter *iter = cmark_iter_new(doc);
	cmark_event_type event;

	w.heading_top = top_level(doc);
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		put_node(&w, cmark_iter_get_node(iter), event == CMARK_EVENT_ENTER);
	}
	cmark_iter_free(iter);
	return html_made(&o);
}

/* True for nodes after which words of the next one need a space. */
static bool is_block(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK || (type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK;
}

struct str markdown_plain(struct mem *m, struct str text, size_t max)
{
	struct buf b = buf_make(m, LIMIT_MARKDOWN * 2);
	cmark_iter *iter = cmark_iter_new(parse(m, text));
	cmark_event_type event;
	struct str all, cut;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		struct str words = event == CMARK_EVENT_ENTER ? literal(node) : STR_NONE;

		if (is_block(node) && b.n && b.p[b.n - 1] != ' ') {
			buf_put_c(&b, ' ');
		}
		for (size_t i = 0; i < words.n; i++) {
			if (words.p[i] != '\n' || (b.n && b.p[b.n - 1] != ' ')) {
				buf_put_c(&b, words.p[i] == '\n' ? ' ' : words.p[i]);
			}
		}
	}
	cmark_iter_free(iter);
	all = str_trim(buf_str(&b));
	if (utf8_len(all) <= max) {
		return all;
	}
	cut = all;
	for (size_t at = 0, n = 0; n + 1 < max && at < all.n; n++) {
		uint32_t cp;

		at += utf8_next(all, at, &cp);
		cut = str_sub(all, 0, at);
	}
	return str_fmt(m, "%.*s…", STR_ARG(str_trim(cut)));
}
