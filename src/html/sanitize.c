/*
 * Foreign HTML, rebuilt. See sanitize.h. The tree is walked without recursion, so that depth costs nothing.
 */
#include <libxml/HTMLparser.h>

#include "../base/limits.h"
#include "../base/url.h"
#include "../base/utf8.h"
#include "out.h"
#include "sanitize.h"

enum keep {
	KEEP,      /* the element itself */
	WORDS,     /* its content only */
	NOTHING    /* neither */
};

struct element {
	const char *name;
	enum keep keep;
	const char *as;     /* written as */
	const char *md_on, *md_off; /* Markdown around it */
};

static const struct element elements[] = {
	{"p",          KEEP,    "p",          "\n\n",   "\n\n"},
	{"div",        WORDS,   NULL,         "\n\n",   "\n\n"},
	{"section",    WORDS,   NULL,         "\n\n",   "\n\n"},
	{"article",    WORDS,   NULL,         "\n\n",   "\n\n"},
	{"br",         KEEP,    "br",         "\\\n",   ""},
	{"hr",         KEEP,    "hr",         "\n\n---\n\n", ""},
	{"h1",         KEEP,    "h3",         "\n\n### ", "\n\n"},
	{"h2",         KEEP,    "h3",         "\n\n### ", "\n\n"},
	{"h3",         KEEP,    "h4",         "\n\n#### ", "\n\n"},
	{"h4",         KEEP,    "h5",         "\n\n##### ", "\n\n"},
	{"h5",         KEEP,    "h6",         "\n\n###### ", "\n\n"},
	{"h6",         KEEP,    "h6",         "\n\n###### ", "\n\n"},
	{"ul",         KEEP,    "ul",         "\n\n",   "\n\n"},
	{"ol",         KEEP,    "ol",         "\n\n",   "\n\n"},
	{"li",         KEEP,    "li",         "\n- ",   ""},
	{"blockquote", KEEP,    "blockquote", "\n\n",   "\n\n"},
	{"pre",        KEEP,    "pre",        "\n\n",   "\n\n"},
	{"code",       KEEP,    "code",       "",       ""},
	{"b",          KEEP,    "strong",     "**",     "**"},
	{"strong",     KEEP,    "strong",     "**",     "**"},
	{"i",          KEEP,    "em",         "*",      "*"},
	{"em",         KEEP,    "em",         "*",      "*"},
	{"a",          KEEP,    "a",          NULL,     NULL},
	{"script",     NOTHING, NULL,         "",       ""},
	{"style",      NOTHING, NULL,         "",       ""},
	{"template",   NOTHING, NULL,         "",       ""},
	{"iframe",     NOTHING, NULL,         "",       ""},
	{"object",     NOTHING, NULL,         "",       ""},
	{"embed",      NOTHING, NULL,         "",       ""},
	{"noscript",   NOTHING, NULL,         "",       ""},
	{"noembed",    NOTHING, NULL,         "",       ""},
	{"noframes",   NOTHING, NULL,         "",       ""},
	{"svg",        NOTHING, NULL,         "",       ""},
	{"math",       NOTHING, NULL,         "",       ""},
	{"head",       NOTHING, NULL,         "",       ""},
	{"title",      NOTHING, NULL,         "",       ""},
	{"textarea",   NOTHING, NULL,         "",       ""},
	{"select",     NOTHING, NULL,         "",       ""},
	{"xmp",        NOTHING, NULL,         "",       ""},
	{"plaintext",  NOTHING, NULL,         "",       ""},
};
static const struct element unknown = {"", WORDS, NULL, "", ""};

static const struct element *element_of(const xmlNode *node)
{
	struct str name = str_of((const char *)node->name);

	for (size_t i = 0; i < COUNT(elements); i++) {
		if (str_ieq(name, str_of(elements[i].name))) {
			return &elements[i];
		}
	}
	return &unknown;
}

struct walk {
	struct mem *mem;
	struct buf *b;
	bool to_markdown;
};

/* The address of a link, when it may be one. */
static bool target_of(struct walk *w, xmlNode *node, struct url *out)
{
	xmlChar *text = xmlGetProp(node, (const xmlChar *)"href");
	bool ok = text && url_parse(w->mem, str_dup(w->mem, str_of((const char *)text)), out) == OK;

	xmlFree(text);
	return ok;
}

static void put_link(struct walk *w, xmlNode *node, bool enter)
{
	struct url to;

	if (!target_of(w, node, &to)) {
		return;
	}
	if (w->to_markdown) {
		if (enter) {
			buf_put_c(w->b, '[');
		} else {
			buf_fmt(w->b, "](<%.*s>)", STR_ARG(to.s));
		}
	} else if (enter) {
		buf_put(w->b, S("<a href=\""));
		html_escape(w->b, to.s);
		buf_put(w->b, S("\" rel=\"nofollow noopener ugc\">"));
	} else {
		buf_put(w->b, S("</a>"));
	}
}

static void put_element(struct walk *w, xmlNode *node, bool enter)
{
	const struct element *e = element_of(node);
	bool is_void = e->as && (str_eq(str_of(e->as), S("br")) || str_eq(str_of(e->as), S("hr")));

	if (str_eq(str_of(e->name), S("a"))) {
		put_link(w, node, enter);
	} else if (w->to_markdown) {
		buf_put(w->b, str_of(enter ? e->md_on : e->md_off));
	} else if (e->keep == KEEP && (enter || !is_void)) {
		buf_fmt(w->b, enter ? "<%s>" : "</%s>", e->as);
	}
}

/* Words that Markdown would read as marks are escaped; white space is one space. */
static void put_markdown_words(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
			if (b->n && b->p[b->n - 1] != ' ' && b->p[b->n - 1] != '\n') {
				buf_put_c(b, ' ');
			}
			continue;
		}
		if (strchr("\\`*_[]<>#", c)) {
			buf_put_c(b, '\\');
		}
		buf_put_c(b, c);
	}
}

static void put_words(struct walk *w, const xmlNode *node)
{
	struct str s = str_of((const char *)node->content);

	if (w->to_markdown) {
		put_markdown_words(w->b, s.p ? s : S(""));
	} else {
		html_escape(w->b, s.p ? s : S(""));
	}
}

/* Visits `node` on the way in; true when its children are to be visited. */
static bool enter_node(struct walk *w, xmlNode *node)
{
	if (node->type == XML_TEXT_NODE) {
		put_words(w, node);
		return false;
	}
	if (node->type != XML_ELEMENT_NODE || element_of(node)->keep == NOTHING) {
		return false;
	}
	put_element(w, node, true);
	return true;
}

static void walk_tree(struct walk *w, xmlNode *root)
{
	xmlNode *node = root;

	while (node) {
		bool down = enter_node(w, node);

		if (down && node->children) {
			node = node->children;
			continue;
		}
		for (;;) {
			if (node->type == XML_ELEMENT_NODE && element_of(node)->keep != NOTHING) {
				put_element(w, node, false);
			}
			if (node == root) {
				return;
			}
			if (node->next) {
				node = node->next;
				break;
			}
			node = node->parent;
		}
	}
}

static void run(struct walk *w, struct str html_in)
{
	struct str in = STR_NONE;
	htmlDocPtr doc;

	if (utf8_clean(w->mem, str_sub(html_in, 0, LIMIT_HTML_IN), &in) != OK || str_empty(in)) {
		return;
	}
	doc = htmlReadMemory(in.p, (int)in.n, NULL, "UTF-8",
			     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT);
	if (doc) {
		xmlNode *root = xmlDocGetRootElement(doc);

		if (root) {
			walk_tree(w, root);
		}
		xmlFreeDoc(doc);
	}
}

struct html sanitize(struct mem *m, struct str html_in)
{
	struct buf b = buf_make(m, LIMIT_HTML_IN * 8);
	struct walk w = {.mem = m, .b = &b};
	struct out o = {.buf = &b, .mem = m};

	run(&w, html_in);
	return html_made(&o);
}

struct str sanitize_to_markdown(struct mem *m, struct str html_in)
{
	struct buf raw = buf_make(m, LIMIT_HTML_IN * 8), b = buf_make(m, LIMIT_HTML_IN * 8);
	struct walk w = {.mem = m, .b = &raw, .to_markdown = true};
	struct str s;
	int breaks = 0;

	run(&w, html_in);
	s = str_trim(buf_str(&raw));
	/* At most one empty line between two paragraphs. */
	for (size_t i = 0; i < s.n; i++) {
		breaks = s.p[i] == '\n' ? breaks + 1 : 0;
		if (breaks <= 2) {
			buf_put_c(&b, s.p[i]);
		}
	}
	return buf_str(&b);
}
