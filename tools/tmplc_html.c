/*
 * The half of tmplc that follows the HTML: a state machine over the literal text, which also drops white space and remarks
 * that a browser would not show.
 */
#include "tmplc.h"

static const char *const block_elems[] = {"address",    "article", "aside",    "blockquote", "body",     "br",
					  "caption",    "circle",  "col",      "colgroup",   "dd",       "defs",
					  "details",    "dialog",  "div",      "dl",         "dt",       "fieldset",
					  "figcaption", "figure",  "footer",   "form",       "g",        "h1",
					  "h2",         "h3",      "h4",       "h5",         "h6",       "head",
					  "header",     "hr",      "html",     "legend",     "li",       "line",
					  "link",       "main",    "meta",     "nav",        "ol",       "optgroup",
					  "option",     "p",       "path",     "polygon",    "polyline", "pre",
					  "rect",       "script",  "search",   "section",    "summary",  "table",
					  "tbody",      "td",      "template", "tfoot",      "th",       "thead",
					  "title",      "tr",      "ul",       NULL};
/* Attributes that people read or hear. */
static const char *const spoken_attrs[] = {"alt",   "title", "placeholder", "aria-label", "aria-description",
					   "label", NULL};
static const char *const address_attrs[] = {"href", "src",      "action",   "formaction", "poster",     "cite", "data",
					    "ping", "manifest", "longdesc", "xlink:href", "background", NULL};

bool is_one(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (strcmp(word, *list) == 0) {
			return true;
		}
	}
	return false;
}

bool space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Adds a character to a small name, refusing what is absurdly long. */
static void append(char *name, size_t size, char c)
{
	size_t n = strlen(name);

	if (n + 1 >= size) {
		DIE("name too long: %s", name);
	}
	name[n] = c;
	name[n + 1] = '\0';
}

static void put_char(char c)
{
	if (t.depth == 0) {
		if (!space(c)) {
			DIE("text outside of {{ define }}");
		}
		return;
	}
	add_n(&t.lit, &c, 1);
}

/* With --words: a word of the page that did not come through {{ t }}. Names in capitals (CSV, RSS) and what stands in <code> or
 * <kbd> are nobody's language; a word is one with a small letter. */
static void look_for_word(const char *p)
{
	size_t n = 0;
	bool small = false;

	if (!t.words || t.depth == 0 || isalnum((unsigned char)p[-1]) || p[-1] == '&' || p[-1] == '#' ||
	    (unsigned char)p[-1] >= 0x80) {
		return;
	}
	for (; isalpha((unsigned char)p[n]) || (unsigned char)p[n] >= 0x80; n++) {
		small = small || islower((unsigned char)p[n]);
	}
	if (n > 1 && small && !t.s.code) {
		fprintf(stderr, "%s:%d: error: words: \"%.*s\" is not translated\n", t.path, t.line, (int)n, p);
		t.untranslated++;
	}
}

static bool starts(const char *p, const char *word)
{
	return strncasecmp(p, word, strlen(word)) == 0;
}

/* True when what follows can only be a path, query or fragment of a place the template fixed. */
static bool fixes_host(const char *v)
{
	const char *host = strstr(v, "://");

	if (v[0] == '/' && v[1] != '\0') {
		return v[1] != '/';
	}
	if (host && (starts(v, "https:") || starts(v, "http:"))) {
		const char *slash = strchr(host + 3, '/');
		return slash && slash > host + 3;
	}
	return v[0] == '#' || v[0] == '?' || starts(v, "mailto:") || starts(v, "tel:") || starts(v, "geo:");
}

static void begin_attr(void)
{
	const char *n = t.s.name;

	if (n[0] == 'o' && n[1] == 'n') {
		DIE("%s=: handlers in markup are refused by the content security policy", n);
	}
	if (strcmp(n, "style") == 0) {
		DIE("style=: styles in markup are refused by the content security policy; use a class");
	}
	t.s.value[0] = '\0';
	t.s.url = URL_START;
	t.s.attr = strcmp(n, "srcdoc") == 0                                    ? FORBIDDEN
		   : strcmp(n, "srcset") == 0 || strcmp(n, "imagesrcset") == 0 ? SRCSET
		   : is_one(n, address_attrs)                                  ? ADDRESS
									       : PLAIN;
	if (strcmp(n, "src") == 0) {
		t.s.src = true;
	}
}

static void in_value(char c)
{
	size_t n = strlen(t.s.value);

	if (n + 1 < sizeof(t.s.value)) {
		t.s.value[n] = c;
		t.s.value[n + 1] = '\0';
	}
	if (t.s.attr == SRCSET && (c == ',' || (t.s.url == URL_START && space(c)))) {
		t.s.url = URL_START;
		t.s.value[0] = '\0';
	} else if (t.s.url == URL_START || t.s.url == URL_PREFIX) {
		/* "/" alone may yet become "//host": the next character settles it. */
		t.s.url = fixes_host(t.s.value) ? URL_REST : URL_PREFIX;
	} else if (t.s.url == URL_VALUE && strchr("?#/&", c)) {
		t.s.url = URL_REST;
	}
}

static void end_value(void)
{
	if (t.s.attr != PLAIN && (starts(t.s.value, "javascript:") || starts(t.s.value, "vbscript:"))) {
		DIE("a script in an address");
	}
	if (strcmp(t.s.elem, "script") == 0 && strcmp(t.s.name, "type") == 0) {
		size_t n = strlen(t.s.value);
		t.s.json = n >= 4 && strcmp(t.s.value + n - 4, "json") == 0;
	}
	t.s.where = TAG;
	t.s.space = true;
}

static void end_tag(void)
{
	struct state *s = &t.s;

	s->where = TEXT;
	t.edge = is_one(s->elem, block_elems);
	if (is_one(s->elem, (const char *const[]){"code", "kbd", "samp", NULL})) {
		s->code += s->closing ? -1 : 1;
	}
	if (strcmp(s->elem, "pre") == 0) {
		s->pre += s->closing ? -1 : 1;
	}
	if (s->closing) {
		return;
	}
	if (strcmp(s->elem, "style") == 0) {
		DIE("<style>: styles in markup are refused by the content security policy");
	}
	if (is_one(s->elem, (const char *const[]){"script", "textarea", "title", NULL})) {
		snprintf(s->inner, sizeof(s->inner), "%s", s->elem);
		t.edge = false;
	}
}

/* A '<' in text: the beginning of a tag, a comment or a declaration; `p` points after it. */
static void begin_tag(const char *p)
{
	struct state *s = &t.s;

	if (strncmp(p, "!--", 3) == 0) {
		s->where = COMMENT;
		return;
	}
	put_char('<');
	if (*p == '!') {
		s->where = DECLARATION;
		return;
	}
	s->closing = *p == '/';
	p += s->closing;
	if (s->closing) {
		put_char('/');
		t.at++;
	}
	if (p[0] == '{' && p[1] == '{') {
		DIE("a value may not be the name of an element");
	}
	if (!isalpha((unsigned char)*p)) {
		DIE("'<' in text is written &lt;");
	}
	s->elem[0] = '\0';
	for (; isalnum((unsigned char)*p) || *p == '-' || *p == ':'; p++) {
		append(s->elem, sizeof(s->elem), lower(*p));
		put_char(*p);
		t.at++;
	}
	s->where = TAG;
	s->space = true;
	s->json = s->src = false;
}

/* True if a tag of an element around which white space means nothing begins at `p`. */
static bool block_tag_at(const char *p)
{
	char name[24] = "";

	if (*p != '<') {
		return false;
	}
	p += p[1] == '/' ? 2 : 1;
	for (size_t n = 0; isalnum((unsigned char)*p) && n + 1 < sizeof(name); p++) {
		name[n++] = lower(*p);
		name[n] = '\0';
	}
	return is_one(name, block_elems);
}

/* True if `{{ end }}` of a define stands at `p`. */
static bool end_of_define_at(const char *p)
{
	if (t.depth != 1 || strncmp(p, "{{", 2) != 0) {
		return false;
	}
	for (p += 2; space(*p); p++) {
	}
	return strncmp(p, "end", 3) == 0 && (space(p[3]) || p[3] == '}');
}

/* A run of white space in text: kept as written on one line; over several it is a space, or nothing where that is the same. */
static void text_space(void)
{
	const char *p = t.src.p + t.at;
	size_t n = 0;
	bool newline = false;

	for (; space(p[n]); n++) {
		newline = newline || p[n] == '\n';
		t.line += p[n] == '\n';
	}
	t.at += n;
	if (!newline && t.depth > 0) {
		add_n(&t.lit, p, n);
		t.edge = true;
	} else if (!t.edge && !block_tag_at(p + n) && !end_of_define_at(p + n) && p[n] && t.depth > 0) {
		put_char(' ');
		t.edge = true;
	}
}

/* Text inside script, textarea and title, which ends only at its closing tag. */
static void inner_text(char c)
{
	size_t n = strlen(t.s.inner);
	const char *p = t.src.p + t.at;

	if (c == '<' && p[1] == '/' && strncasecmp(p + 2, t.s.inner, n) == 0) {
		t.at++;
		t.s.inner[0] = '\0';
		begin_tag(p + 1);
		return;
	}
	if (strcmp(t.s.inner, "script") == 0 && !t.s.json && !space(c)) {
		DIE("a script in markup is refused by the content security policy");
	}
	put_char(c);
	t.at++;
	t.line += c == '\n';
}

static void tag_char(char c)
{
	struct state *s = &t.s;

	if (c == '>') {
		put_char(c);
		end_tag();
	} else if (space(c)) {
		const char *p = t.src.p + t.at;
		s->space = false;
		if (!space(p[1]) && p[1] != '>') {
			put_char(' ');
		}
	} else if (c == '/') {
		put_char(c);
	} else if (s->space) {
		DIE("white space is needed before the next attribute");
	} else {
		s->name[0] = lower(c);
		s->name[1] = '\0';
		s->where = NAME;
		put_char(c);
	}
}

/* A character from the name of an attribute to the end of its value. */
static void attr_char(char c)
{
	struct state *s = &t.s;

	if (s->where == NAME && !space(c) && c != '=' && c != '>' && c != '/') {
		append(s->name, sizeof(s->name), lower(c));
		put_char(c);
		return;
	}
	switch (s->where) {
	case NAME:
	case AFTER_NAME:
		s->where = AFTER_NAME;
		if (c == '=') {
			begin_attr();
			s->where = BEFORE_VALUE;
			put_char(c);
		} else if (!space(c) || !strchr(" =\n\t", t.src.p[t.at + 1])) {
			s->where = TAG;
			tag_char(c);
		}
		break;
	case BEFORE_VALUE:
		if (c == '"' || c == '\'') {
			s->quote = c;
			s->where = VALUE;
		} else if (!space(c)) {
			s->where = UNQUOTED;
		}
		put_char(c);
		break;
	case VALUE:
		put_char(c);
		if (c == s->quote) {
			end_value();
		} else {
			if (is_one(s->name, spoken_attrs)) {
				look_for_word(t.src.p + t.at);
			}
			in_value(c);
		}
		break;
	default: /* UNQUOTED */
		if (space(c) || c == '>') {
			end_value();
			tag_char(c);
		} else {
			put_char(c);
			in_value(c);
		}
		break;
	}
}

void literal(char c)
{
	struct state *s = &t.s;

	if (s->where == TEXT && s->inner[0]) {
		inner_text(c);
		return;
	}
	if (s->where == TEXT && space(c) && s->pre == 0) {
		text_space();
		return;
	}
	switch (s->where) {
	case TEXT:
		if (c == '<') {
			begin_tag(t.src.p + t.at + 1);
		} else {
			look_for_word(t.src.p + t.at);
			put_char(c);
			t.edge = false;
		}
		break;
	case TAG:
		tag_char(c);
		break;
	case COMMENT:
		if (c == '>' && strncmp(t.src.p + t.at - 2, "--", 2) == 0) {
			s->where = TEXT;
		}
		break;
	case DECLARATION:
		put_char(c);
		if (c == '>') {
			s->where = TEXT;
			t.edge = true;
		}
		break;
	default:
		attr_char(c);
		break;
	}
	t.line += c == '\n';
	t.at++;
}

const char *where_name(const struct state *s)
{
	static char name[96];

	switch (s->where) {
	case TEXT:
		snprintf(name, sizeof(name), s->inner[0] ? "inside <%s>" : "in text%s", s->inner);
		break;
	case VALUE:
		snprintf(name, sizeof(name), "in %s=%c", s->name, s->quote);
		break;
	case COMMENT:
		return "in a comment";
	case DECLARATION:
		return "in a declaration";
	case UNQUOTED:
	case BEFORE_VALUE:
		return "in an attribute without quotes";
	default:
		snprintf(name, sizeof(name), "inside the tag <%s>", s->elem);
	}
	return name;
}

/* An attribute's name ends at a {{, and the next one needs white space before it. */
void at_directive(void)
{
	if (t.s.where == NAME || t.s.where == AFTER_NAME) {
		t.s.where = TAG;
		t.s.space = true;
	}
}

/* The two states are the same place; what differs harmlessly becomes the more careful of both. */
void join(struct state *to, const struct state *from, int line, const char *what)
{
	bool same = to->where == from->where && strcmp(to->inner, from->inner) == 0 && to->pre == from->pre;

	if (same && to->where != TEXT) {
		same = strcmp(to->elem, from->elem) == 0 && to->closing == from->closing && to->json == from->json;
	}
	if (same && to->where == VALUE) {
		same = to->attr == from->attr && to->quote == from->quote && strcmp(to->name, from->name) == 0;
	}
	if (same && to->where == VALUE && to->attr != PLAIN && to->url != from->url) {
		same = to->url >= URL_VALUE && from->url >= URL_VALUE;
		to->url = URL_VALUE;
	}
	if (!same) {
		char a[96];
		snprintf(a, sizeof(a), "%s", where_name(to));
		die_at(t.path, line, "%s: one way ends %s, another %s", what, a, where_name(from));
	}
	to->space = to->space || from->space;
}
