/*
 * Microformats: elements of a page whose classes say what they hold (h-event, p-name, dt-start…). Tags are walked without a tree: what
 * matters is which marked element is open. Sloppy pages are the rule, so an end tag closes the nearest of its name.
 */
#include "import_event.h"

#include "../../base/limits.h"
#include "../../entity/tree.h"

enum { OPEN_MAX = 100, EVENTS_MAX = 500 };

/* Class of microformats, and the name that event_shape() knows. */
static const struct {
	const char *mark, *name, *attribute;
} marks[] = {
	{"p-name",        "name",        NULL},
	{"dt-start",      "startDate",   "datetime"},
	{"dt-end",        "endDate",     "datetime"},
	{"p-location",    "location",    NULL},
	{"e-content",     "content",     NULL},
	{"p-description", "description", NULL},
	{"p-summary",     "summary",     NULL},
	{"p-organizer",   "organizer",   NULL},
	{"p-category",    "keywords",    NULL},
	{"u-url",         "url",         "href"},
	{"u-uid",         "uid",         "href"},
};

struct element {
	struct str tag;
	bool event;
	int mark;         /* in marks, or -1 */
	struct buf text;
	struct str value; /* of its attribute */
};

struct walk {
	struct mem *mem;
	struct json *out;
	struct json event; /* the one that is open */
	bool in_event;
	struct element open[OPEN_MAX];
	size_t n;
};

/* An attribute's value inside a tag. */
static struct str attribute(struct str tag, const char *name)
{
	size_t i = 0, n = strlen(name);

	while (i < tag.n) {
		bool start = i == 0 || strchr(" \t\r\n\"'/", tag.p[i - 1]) != NULL;

		if (start && i + n < tag.n && str_ieq(str_sub(tag, i, n), str_of(name)) && tag.p[i + n] == '=') {
			struct str v = str_sub(tag, i + n + 1, tag.n);
			char quote = v.n ? v.p[0] : ' ';
			size_t end = 0;

			if (quote == '"' || quote == '\'') {
				v = str_sub(v, 1, v.n);
				return str_cut(&v, quote);
			}
			while (end < v.n && !strchr(" \t\r\n>", v.p[end])) {
				end++;
			}
			return str_sub(v, 0, end);
		}
		i++;
	}
	return STR_NONE;
}

static bool has_class(struct str classes, const char *name)
{
	while (classes.p) {
		if (str_eq(str_trim(str_cut(&classes, ' ')), str_of(name))) {
			return true;
		}
	}
	return false;
}

static int mark_of(struct str classes)
{
	for (size_t i = 0; classes.n && i < COUNT(marks); i++) {
		if (has_class(classes, marks[i].mark)) {
			return (int)i;
		}
	}
	return -1;
}

static void put(struct walk *w, const struct element *e)
{
	struct str name = str_of(marks[e->mark].name), text = e->value.n ? e->value : str_trim(buf_str(&e->text));
	const struct json *had = tree_get(&w->event, name);

	if (!w->in_event || !text.n) {
		return;
	}
	if (had->kind == JSON_IS_NONE) {
		tree_set(w->mem, &w->event, name, tree_str(str_dup(w->mem, import_text(w->mem, text, false))));
	} else if (str_eq(name, S("keywords"))) {
		tree_set(w->mem, &w->event, name, tree_str(str_fmt(w->mem, "%.*s,%.*s", STR_ARG(json_str(had)), STR_ARG(text))));
	}
}

static void close_top(struct walk *w)
{
	struct element *e = &w->open[--w->n];

	if (e->mark >= 0) {
		put(w, e);
	}
	if (e->event) {
		tree_set(w->mem, &w->event, S("type"), tree_str(S("Event")));
		if (w->out->n < EVENTS_MAX) {
			tree_add(w->mem, w->out, w->event);
		}
		w->in_event = false;
	}
}

static bool is_void(struct str tag)
{
	static const char *const names[] = {"br", "img", "input", "meta", "link", "hr", "source", "area", "wbr", "col", "embed", "track", "base"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_ieq(tag, str_of(names[i]))) {
			return true;
		}
	}
	return false;
}

static void begin_tag(struct walk *w, struct str name, struct str tag)
{
	struct str classes = attribute(tag, "class");
	struct element *e;

	if (w->n == OPEN_MAX || (is_void(name) && !classes.n)) {
		return;
	}
	e = &w->open[w->n++];
	*e = (struct element){.tag = name, .mark = w->in_event ? mark_of(classes) : -1, .event = !w->in_event && has_class(classes, "h-event"),
			      .text = buf_make(w->mem, LIMIT_ICAL_LINE)};
	if (e->event) {
		w->in_event = true;
		w->event = tree_object();
	}
	if (e->mark >= 0 && marks[e->mark].attribute) {
		e->value = attribute(tag, marks[e->mark].attribute);
	}
	if (is_void(name) || str_ends(tag, S("/"))) {
		close_top(w);
	}
}

static void end_tag(struct walk *w, struct str name)
{
	size_t at = w->n;

	while (at > 0 && !str_ieq(w->open[at - 1].tag, name)) {
		at--;
	}
	while (at > 0 && w->n >= at) {
		close_top(w);
	}
}

/* Text belongs to every marked element that is open. */
static void add_text(struct walk *w, struct str text)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->open[i].mark >= 0) {
			buf_put(&w->open[i].text, text);
		}
	}
}

/* What follows "<" up to ">"; returns where it ends. */
static size_t one_tag(struct walk *w, struct str page, size_t at)
{
	ptrdiff_t close = str_chr(str_sub(page, at, page.n), '>');
	struct str tag, name;
	size_t n = 0;
	bool end;

	if (close < 0) {
		return page.n;
	}
	tag = str_sub(page, at + 1, (size_t)close - 1);
	end = str_starts(tag, S("/"));
	name = end ? str_sub(tag, 1, tag.n) : tag;
	while (n < name.n && !strchr(" \t\r\n/", name.p[n])) {
		n++;
	}
	name = str_sub(name, 0, n);
	if (end) {
		end_tag(w, name);
	} else if (name.n && name.p[0] != '!') {
		begin_tag(w, name, tag);
	}
	return at + (size_t)close + 1;
}

void page_microformats(struct mem *m, struct str page, struct json *out)
{
	struct walk *w = mem_new(m, struct walk);

	w->mem = m;
	w->out = out;
	if (str_find(page, S("h-event")) < 0) {
		return;
	}
	for (size_t i = 0; i < page.n;) {
		size_t from = i;

		while (i < page.n && page.p[i] != '<') {
			i++;
		}
		if (i > from) {
			add_text(w, str_sub(page, from, i - from));
		}
		if (i < page.n) {
			i = one_tag(w, page, i);
		}
	}
	while (w->n > 0) {
		close_top(w);
	}
}
