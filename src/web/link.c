/*
 * Addresses of our own. A link is written with the path of its route, so that a search for the path finds both; tests
 * look for routes that are linked to and do not exist.
 */
#include "priv.h"

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/url.h"

static bool route_has_lang(const struct req *rq, struct str route)
{
	const struct route_compiled *c;

	if (!rq->priv || !rq->priv->web) {
		return true;
	}
	c = route_of_path(&rq->priv->web->routes, route);
	if (!c) {
		log_debug("link to %.*s: no such route", STR_ARG(route));
		return !str_starts(route, S("/api/")) && !str_starts(route, S("/embed/"));
	}
	return !(c->route->flags & ROUTE_NO_LANG);
}

struct url link_to_n(const struct req *rq, const char *route, size_t n, const struct str *params)
{
	struct str rest = str_of(route);
	struct url_out u;
	size_t used = 0;

	u = url_begin(rq->mem, route_has_lang(rq, rest) ? str_fmt(rq->mem, "/%s", rq->lang) : S(""));
	if (str_eq(rest, S("/"))) {
		buf_put_c(&u.b, '/');
		return url_end(&u);
	}
	rest = str_sub(rest, 1, rest.n);
	while (rest.p) {
		struct str part = str_cut(&rest, '/');

		if (part.n && (part.p[0] == ':' || part.p[0] == '*')) {
			struct str value = used < n ? params[used] : STR_NONE;

			if (!value.p) {
				log_error("link to %s: parameter %zu is missing", route, used + 1);
				value = S("-");
			}
			used++;
			url_seg(&u, value);
		} else {
			url_seg(&u, part);
		}
	}
	return url_end(&u);
}

/* The query as it came, with the pairs for which `keep` holds. */
static void put_query(struct url_out *u, const struct req *rq, struct str without, bool without_paging)
{
	const struct values *v = &rq->priv->query;

	for (size_t i = 0; i < v->n; i++) {
		if (str_eq(v->p[i].name, without) || v->p[i].value.n == 0 ||
		    (without_paging && str_eq(v->p[i].name, S("after")))) {
			continue;
		}
		url_param(u, v->p[i].name, v->p[i].value);
	}
}

/* The path of this request in a language, encoded. */
static struct url_out path_in(const struct req *rq, const char *lang)
{
	bool prefix = !rq->route || !(rq->route->flags & ROUTE_NO_LANG);
	struct url_out u = url_begin(rq->mem, prefix ? str_fmt(rq->mem, "/%s", lang) : S(""));
	struct str rest = str_sub(rq->path, 1, rq->path.n);

	if (rest.n == 0) {
		buf_put_c(&u.b, '/');
		return u;
	}
	while (rest.p) {
		url_seg(&u, str_cut(&rest, '/'));
	}
	return u;
}

struct url req_with(const struct req *rq, const char *name, struct str value)
{
	struct url_out u = path_in(rq, rq->lang);

	/* Another filter means another list: its pages are counted anew. */
	put_query(&u, rq, str_of(name), true);
	if (value.n) {
		url_param(&u, str_of(name), value);
	}
	return url_end(&u);
}

struct url link_lang(const struct req *rq, const char *lang)
{
	struct url_out u = path_in(rq, lang);

	put_query(&u, rq, S(""), false);
	return url_end(&u);
}

struct url link_absolute(const struct req *rq, struct url u)
{
	if (u.s.n && u.s.p[0] == '/') {
		return (struct url){str_fmt(rq->mem, "%.*s%.*s", STR_ARG(rq->site->base_url), STR_ARG(u.s))};
	}
	return u;
}

struct url link_add(struct mem *m, struct url u, const char *name, struct str value)
{
	struct url_out to = url_begin(m, u.s);

	to.query = str_chr(u.s, '?') >= 0;
	url_param(&to, str_of(name), value);
	return url_end(&to);
}
