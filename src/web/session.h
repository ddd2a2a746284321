/*
 * Who is asking. The rows are core/account's, which registers its two look-ups here at start; the dispatcher calls them
 * inside the request's transaction. Cookie: "__Host-s" under https, "s" otherwise; HttpOnly, SameSite=Lax; its value is a
 * random token of which the database holds a keyed hash only.
 */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "req.h"

struct session_source {
	/* E_NOTFOUND: no such session, or over; the visitor is then nobody. */
	enum err (*by_cookie)(struct req *rq, struct str token, struct who *out);
	/* The same for "Authorization: Bearer TOKEN". */
	enum err (*by_bearer)(struct req *rq, struct str token, struct who *out);
};
void session_register(const struct session_source *s);

/* Called by core/account on sign-in and sign-out: sets or clears the cookie. */
void session_cookie_set(struct req *rq, struct str token, int64_t seconds);
void session_cookie_clear(struct req *rq);

#endif
