/*
 * Header policy. Pages run our own scripts and styles only, talk to us only, and are framed by others only under /embed/.
 * Exceptions are the administrator's: a tile server of his own.
 */
#include "headers.h"

#include "priv.h"

#include "../base/url.h"

void headers_asset(struct http_response *rs)
{
	http_set(rs, "X-Content-Type-Options", S("nosniff"));
	/* Frames of other sites show our embeds with our styles. */
	http_set(rs, "Cross-Origin-Resource-Policy", S("cross-origin"));
	/* A picture opened by itself runs nothing. Not on scripts: a worker takes the policy of its own file. */
	if (str_starts(http_get(rs, "Content-Type"), S("image/"))) {
		http_set(rs, "Content-Security-Policy", S("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
	}
}

/* "https://tiles.example" of an address elsewhere, or STR_NONE. */
static struct str origin_of(struct mem *m, struct str address)
{
	struct url_parts u;

	if (!str_starts(address, S("https://")) || !url_split(address, &u) || !u.host.p) {
		return STR_NONE;
	}
	return u.port ? str_fmt(m, "https://%.*s:%d", STR_ARG(u.host), u.port)
		      : str_fmt(m, "https://%.*s", STR_ARG(u.host));
}

static struct str policy(struct req *rq)
{
	struct str tiles = rq->priv->page.script ? origin_of(rq->mem, rq->site->tiles) : STR_NONE;
	bool embed = rq->route && (rq->route->flags & ROUTE_EMBED);

	return str_fmt(
		rq->mem,
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:%s%.*s; "
		"connect-src 'self'%s%.*s; font-src 'self'; media-src 'self'; manifest-src 'self'; frame-src 'self'; "
		"form-action 'self'; base-uri 'none'; frame-ancestors %s%s",
		tiles.p ? " " : "", STR_ARG(tiles), tiles.p ? " " : "", STR_ARG(tiles), embed ? "*" : "'none'",
		rq->priv->page.script ? "; worker-src 'self' blob:" : "");
}

void headers_common(struct req *rq)
{
	struct http_response *rs = rq->res;
	bool embed = rq->route && (rq->route->flags & ROUTE_EMBED);
	bool api = str_starts(rq->path, S("/api/"));
	bool shared = rq->who.account == 0 && !rq->priv->private_answer;

	http_set(rs, "X-Content-Type-Options", S("nosniff"));
	http_set(rs, "Referrer-Policy", S("strict-origin-when-cross-origin"));
	http_set(rs, "Permissions-Policy",
		 S("camera=(self), microphone=(), geolocation=(self), payment=(), usb=(), interest-cohort=()"));
	http_set(rs, "Cross-Origin-Opener-Policy", S("same-origin"));
	http_set(rs, "Cross-Origin-Resource-Policy", embed || api ? S("cross-origin") : S("same-origin"));
	if (!http_get(rs, "Content-Security-Policy").p) {
		http_set(rs, "Content-Security-Policy", policy(rq));
	}
	if (api && shared && !http_get(rs, "Access-Control-Allow-Origin").p) {
		/* Public data, to be read by any page; cookies never go along. */
		http_set(rs, "Access-Control-Allow-Origin", S("*"));
		http_set(rs, "Access-Control-Expose-Headers", S("ETag, Link, Location"));
	}
	if (rq->http->https) {
		http_set(rs, "Strict-Transport-Security", S("max-age=31536000"));
	}
	if (!http_get(rs, "Cache-Control").p) {
		http_set(rs, "Cache-Control", shared ? S("no-cache") : S("private, no-store"));
	}
	if (embed && !rq->priv->match->lang && !http_get(rs, "Vary").p) {
		http_set(rs, "Vary", S("Accept-Encoding, Accept-Language, Cookie"));
	}
	if (!http_get(rs, "Vary").p) {
		http_set(rs, "Vary", S("Accept-Encoding, Cookie"));
	}
}
