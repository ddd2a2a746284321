/*
 * The session cookie, and the look-ups that core/account registers.
 */
#include "session.h"

#include "../http/response.h"
#include "priv.h"
#include "session_find.h"

static const struct session_source *source;

void session_register(const struct session_source *s)
{
	source = s;
}

static const char *cookie_name(const struct http_request *hrq)
{
	return hrq->https ? "__Host-s" : "s";
}

struct str session_cookie_of(const struct http_request *hrq)
{
	return http_cookie(hrq, cookie_name(hrq));
}

enum err session_look_up(struct req *rq, struct str cookie, struct str bearer)
{
	enum err e = E_NOTFOUND;
	struct who who = {.account = 0};

	if (!source) {
		return OK;
	}
	if (bearer.p) {
		e = source->by_bearer(rq, bearer, &who);
		who.by_token = true;
		if (e == E_NOTFOUND) {
			/* A token was given and is not good: acting as nobody would surprise. */
			return E_LOGIN;
		}
	} else if (cookie.p) {
		e = source->by_cookie(rq, cookie, &who);
	}
	if (e == OK) {
		rq->who = who;
	}
	return e == E_NOTFOUND ? OK : e;
}

void session_cookie_set(struct req *rq, struct str token, int64_t seconds)
{
	req_cookie(rq, cookie_name(rq->http), token, seconds);
	rq->priv->session = token;
}

void session_cookie_clear(struct req *rq)
{
	req_cookie(rq, cookie_name(rq->http), S(""), -1);
	rq->priv->session = STR_NONE;
}
