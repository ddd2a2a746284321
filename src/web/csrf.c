/*
 * The token of forms. For a signed-in person it is bound to the session. A visitor has no standing that another site could
 * abuse; his token is the same for all visitors of a day, so that pages with forms can be kept in the cache, and only shows
 * that the form was read. Beyond the token, what a browser says about where a post comes from is heeded.
 */
#include "priv.h"

#include "../base/time.h"
#include "../base/url.h"
#include "../crypt/crypt.h"

static struct str token_for(const struct req *rq, struct str what)
{
	struct crypt_key key;

	crypt_key_derive(&rq->site->key, "csrf", &key);
	return crypt_keyed_hash(rq->mem, &key, what, 16);
}

static struct str visitor_token(const struct req *rq, int64_t day)
{
	return token_for(rq, str_fmt(rq->mem, "visitor %lld", (long long)day));
}

static struct str session_token(const struct req *rq)
{
	return token_for(rq, str_fmt(rq->mem, "session %.*s", STR_ARG(rq->priv->session)));
}

const char *csrf_token(struct req *rq)
{
	struct str s =
		rq->who.account && rq->priv->session.p ? session_token(rq) : visitor_token(rq, rq->now / TIME_DAY);

	return str_c(rq->mem, s);
}

/* False when the browser says that another site sent this. */
static bool same_site(const struct req *rq)
{
	struct str fetch = req_header(rq, "Sec-Fetch-Site"), origin = req_header(rq, "Origin");
	struct url_parts u, base;

	if (fetch.p && (str_eq(fetch, S("cross-site")) || str_eq(fetch, S("same-site")))) {
		return false;
	}
	if (!origin.p || (fetch.p && str_eq(fetch, S("same-origin")))) {
		return true;
	}
	if (!url_split(origin, &u) || !u.host.p) {
		return false;
	}
	if (url_split(rq->site->base_url, &base) && base.host.p && str_ieq(base.host, u.host) && base.port == u.port) {
		return true;
	}
	base.host = str_fmt(rq->mem, "//%.*s", STR_ARG(rq->http->host));
	return url_split(str_fmt(rq->mem, "http:%.*s/", STR_ARG(base.host)), &base) && str_ieq(base.host, u.host) &&
	       base.port == u.port;
}

bool csrf_ok(struct req *rq)
{
	struct str given = req_form(rq, "_csrf");
	int64_t day = rq->now / TIME_DAY;

	if (!given.p) {
		given = req_header(rq, "X-CSRF-Token");
	}
	if (!given.p || !same_site(rq)) {
		return false;
	}
	if (rq->who.account && rq->priv->session.p) {
		return crypt_same(given, session_token(rq));
	}
	/* Yesterday's too: a page stays open over midnight. */
	return crypt_same(given, visitor_token(rq, day)) || crypt_same(given, visitor_token(rq, day - 1));
}

void csrf_field(struct out *o)
{
	struct req *rq = req_of(o);

	if (!rq->priv->csrf) {
		rq->priv->csrf = csrf_token(rq);
	}
	OUT_LIT(o, "<input type=\"hidden\" name=\"_csrf\" value=\"");
	out_c(o, rq->priv->csrf);
	OUT_LIT(o, "\">");
}
