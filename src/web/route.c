/*
 * Compiling and matching routes. There are a few hundred of them; a request compares its first segments with each, which
 * costs about a microsecond.
 */
#include "route.h"

#include <stdlib.h>

#include "../base/log.h"

static const char *const suffixes[] = {
	".json", ".geojson", ".csv", ".ics", ".rss", ".atom", ".jsonld",
	".umap", ".xml",     ".txt", ".svg", ".pdf", ".vcf",
};

const char *method_name(enum method m)
{
	static const char *const names[] = {"GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"};

	return names[m];
}

static enum err compile_one(const struct module *mod, const struct route *r, struct route_compiled *out)
{
	struct str rest = str_of(r->path);

	*out = (struct route_compiled){.route = r, .module = mod};
	if (rest.n == 0 || rest.p[0] != '/') {
		return fail(E_BUG, "route %s of %s does not begin with a slash", r->path, mod->name);
	}
	if (r->cap == CAP_MISSING || !r->fn || !r->doc || !*r->doc) {
		return fail(E_BUG, "route %s of %s lacks its capability, handler or sentence", r->path, mod->name);
	}
	rest = str_sub(rest, 1, rest.n);
	if (rest.n == 0) {
		return OK;
	}
	while (rest.p) {
		struct str part = str_cut(&rest, '/');
		struct route_segment *seg = &out->seg[out->n_seg];

		if (out->n_seg == ROUTE_SEGMENTS_MAX || part.n == 0) {
			return fail(E_BUG, "route %s of %s is malformed", r->path, mod->name);
		}
		seg->kind = part.p[0] == ':' ? SEG_PARAM : part.p[0] == '*' ? SEG_REST : SEG_LITERAL;
		seg->text = seg->kind == SEG_LITERAL ? part : str_sub(part, 1, part.n);
		if (seg->kind == SEG_REST && rest.p) {
			return fail(E_BUG, "route %s of %s goes on after its rest", r->path, mod->name);
		}
		out->n_seg++;
	}
	return OK;
}

/* Two routes that match exactly the same addresses. */
static bool same_shape(const struct route_compiled *a, const struct route_compiled *b)
{
	if (a->n_seg != b->n_seg || a->route->method != b->route->method ||
	    (a->route->flags & ROUTE_NO_LANG) != (b->route->flags & ROUTE_NO_LANG)) {
		return false;
	}
	for (size_t i = 0; i < a->n_seg; i++) {
		if (a->seg[i].kind != b->seg[i].kind ||
		    (a->seg[i].kind == SEG_LITERAL && !str_eq(a->seg[i].text, b->seg[i].text))) {
			return false;
		}
	}
	return true;
}

/* Literal before parameter before rest, segment by segment: the first match is then the best. */
static int more_particular(const void *pa, const void *pb)
{
	const struct route_compiled *a = pa, *b = pb;
	size_t n = a->n_seg < b->n_seg ? a->n_seg : b->n_seg;

	for (size_t i = 0; i < n; i++) {
		if (a->seg[i].kind != b->seg[i].kind) {
			return (int)a->seg[i].kind - (int)b->seg[i].kind;
		}
		if (a->seg[i].kind == SEG_LITERAL) {
			int c = str_cmp(a->seg[i].text, b->seg[i].text);

			if (c) {
				return c;
			}
		}
	}
	if (a->n_seg != b->n_seg) {
		return a->n_seg < b->n_seg ? -1 : 1;
	}
	return (int)a->route->method - (int)b->route->method;
}

enum err route_compile(struct mem *m, const struct module *const *mods, size_t n, struct route_table *out)
{
	size_t total = 0;

	for (size_t i = 0; i < n; i++) {
		total += mods[i]->n_routes;
	}
	*out = (struct route_table){.r = mem_array(m, struct route_compiled, total)};
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < mods[i]->n_routes; k++) {
			TRY(compile_one(mods[i], &mods[i]->routes[k], &out->r[out->n]));
			for (size_t o = 0; o < out->n; o++) {
				if (same_shape(&out->r[o], &out->r[out->n])) {
					return fail(E_BUG, "%s %s of %s overlaps %s of %s",
						    method_name(mods[i]->routes[k].method), mods[i]->routes[k].path,
						    mods[i]->name, out->r[o].route->path, out->r[o].module->name);
				}
			}
			out->n++;
		}
	}
	if (out->n) {
		qsort(out->r, out->n, sizeof(*out->r), more_particular);
	}
	return OK;
}

struct split {
	struct str seg[ROUTE_SEGMENTS_MAX + 1];
	size_t n;
	struct str path;
};

static void split_path(struct str path, struct split *s)
{
	struct str rest = str_sub(path, 1, path.n);

	*s = (struct split){.path = path};
	if (rest.n == 0) {
		return;
	}
	while (rest.p && s->n <= ROUTE_SEGMENTS_MAX) {
		s->seg[s->n++] = str_cut(&rest, '/');
	}
}

static bool fits(const struct route_compiled *c, const struct split *s, struct route_match *out)
{
	size_t n_params = 0;

	if (s->n < c->n_seg || (s->n > c->n_seg && (c->n_seg == 0 || c->seg[c->n_seg - 1].kind != SEG_REST))) {
		return false;
	}
	for (size_t i = 0; i < c->n_seg; i++) {
		if (c->seg[i].kind == SEG_LITERAL && !str_eq(c->seg[i].text, s->seg[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < c->n_seg; i++) {
		if (c->seg[i].kind == SEG_LITERAL || n_params == ROUTE_PARAMS_MAX) {
			continue;
		}
		out->names[n_params] = c->seg[i].text;
		out->values[n_params] = s->seg[i];
		if (c->seg[i].kind == SEG_REST) {
			out->values[n_params].n = (size_t)(s->path.p + s->path.n - s->seg[i].p);
		}
		n_params++;
	}
	out->n_params = n_params;
	return true;
}

static bool find_in(const struct route_table *t, enum method method, bool no_lang, bool suffix, const struct split *s,
		    struct route_match *out)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct route_compiled *c = &t->r[i];

		if (((c->route->flags & ROUTE_NO_LANG) != 0) != no_lang ||
		    (suffix && !(c->route->flags & ROUTE_SUFFIX)) ||
		    (c->n_seg && s->n && c->seg[0].kind == SEG_LITERAL && !str_eq(c->seg[0].text, s->seg[0]))) {
			continue;
		}
		if (!fits(c, s, out)) {
			continue;
		}
		if (c->route->method == method) {
			out->kind = MATCH_ROUTE;
			out->route = c->route;
			return true;
		}
		out->kind = MATCH_METHOD;
		out->allowed |= 1u << c->route->method;
	}
	return false;
}

/* The path without a suffix we know, or STR_NONE. */
static struct str without_suffix(struct str path, struct str *suffix)
{
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		if (str_ends(path, str_of(suffixes[i])) && path.n > strlen(suffixes[i]) + 1) {
			size_t n = path.n - strlen(suffixes[i]);

			if (path.p[n - 1] == '/') {
				continue;
			}
			*suffix = str_sub(path, n, path.n);
			return str_sub(path, 0, n);
		}
	}
	return STR_NONE;
}

static void find_path(const struct route_table *t, enum method method, bool no_lang, struct str path,
		      struct route_match *out)
{
	struct str suffix = STR_NONE, stem;
	struct split s;
	struct route_match other = {.kind = MATCH_NONE};

	split_path(path, &s);
	stem = without_suffix(path, &suffix);
	/* "/api/v1/actors.geojson" is the route "/api/v1/:kind" with a suffix, unless some route says it literally. */
	if (find_in(t, method, no_lang, false, &s, out) && (!stem.p || !(out->route->flags & ROUTE_SUFFIX))) {
		return;
	}
	if (stem.p) {
		split_path(stem, &s);
		if (find_in(t, method, no_lang, true, &s, &other)) {
			other.suffix = suffix;
			other.lang = out->lang;
			other.path = stem;
			*out = other;
		}
	}
}

void route_find(const struct route_table *t, enum method method, struct str path, const char *(*known_lang)(struct str),
		struct mem *m, struct route_match *out)
{
	struct str rest = str_sub(path, 1, path.n);
	struct str first = str_cut(&rest, '/');

	*out = (struct route_match){.kind = MATCH_NONE, .path = path};
	out->lang = known_lang(first);
	if (path.n > 1 && path.p[path.n - 1] == '/' && !(out->lang && rest.p && rest.n == 0)) {
		/* One address for one page: without the slash at its end. */
		out->kind = MATCH_MOVED;
		out->moved = str_sub(path, 0, path.n - 1);
		out->moved_for_good = true;
		return;
	}
	if (out->lang && !rest.p) {
		out->kind = MATCH_MOVED;
		out->moved = str_fmt(m, "/%s/", out->lang);
		out->moved_for_good = true;
		return;
	}
	if (out->lang) {
		out->path = str_sub(path, first.n + 1, path.n);
		find_path(t, method, false, out->path, out);
		return;
	}
	find_path(t, method, true, path, out);
	if (out->kind == MATCH_NONE) {
		struct route_match with = {.kind = MATCH_NONE, .path = path};

		find_path(t, method, false, path, &with);
		if (with.kind == MATCH_ROUTE && (with.route->flags & ROUTE_EMBED)) {
			/* A frame is what it is at the address that was copied: its language is asked for, not gone to. */
			*out = with;
		} else if (with.kind != MATCH_NONE) {
			out->kind = MATCH_MOVED;
			out->moved = path;
		}
	}
}

const struct route_compiled *route_of_path(const struct route_table *t, struct str path)
{
	for (size_t i = 0; i < t->n; i++) {
		if (str_eq(str_of(t->r[i].route->path), path)) {
			return &t->r[i];
		}
	}
	return NULL;
}
