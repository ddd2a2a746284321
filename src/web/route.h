/*
 * The table of all routes, compiled once from the modules: which handler an address leads to, which methods it takes,
 * and how addresses are made. Of two routes that match, the one whose first differing segment is literal wins; two routes
 * of the same shape are refused at start.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "req.h"

#define ROUTE_PARAMS_MAX 6
#define ROUTE_SEGMENTS_MAX 12

struct route_segment {
	enum { SEG_LITERAL, SEG_PARAM, SEG_REST } kind;
	struct str text; /* literal, or the parameter's name */
};

struct route_compiled {
	const struct route *route;
	const struct module *module;
	struct route_segment seg[ROUTE_SEGMENTS_MAX];
	size_t n_seg;
};

struct route_table {
	struct route_compiled *r;
	size_t n;
};

struct route_match {
	enum { MATCH_NONE, MATCH_METHOD, MATCH_MOVED, MATCH_ROUTE } kind;
	const struct route *route;
	struct str names[ROUTE_PARAMS_MAX], values[ROUTE_PARAMS_MAX];
	size_t n_params;
	unsigned allowed;  /* MATCH_METHOD: a bit for each enum method */
	const char *lang;  /* from the path, NULL if it has none */
	struct str path;   /* without the language */
	struct str suffix; /* ".json", if the route takes suffixes */
	struct str moved;  /* MATCH_MOVED: the path it should be, without language unless `moved_for_good` */
	bool moved_for_good;
};

/* E_BUG, with the cause logged, for malformed rows and for two of the same shape. */
MUST_USE enum err route_compile(struct mem *m, const struct module *const *mods, size_t n, struct route_table *out);
/* Finds the route of a decoded path. `known_lang` tells whether a first segment is a language. */
void route_find(const struct route_table *t, enum method method, struct str path, const char *(*known_lang)(struct str),
		struct mem *m, struct route_match *out);
/* The compiled route of this very path ("/agenda/:slug"), or NULL: for links. */
const struct route_compiled *route_of_path(const struct route_table *t, struct str path);
const char *method_name(enum method m);

#endif
