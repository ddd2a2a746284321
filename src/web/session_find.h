/*
 * The dispatcher's side of sessions.
 */
#ifndef WEB_SESSION_FIND_H
#define WEB_SESSION_FIND_H

#include "../http/request.h"
#include "req.h"

/* The token of the session cookie, or STR_NONE. */
struct str session_cookie_of(const struct http_request *hrq);
/* Sets rq->who by a bearer token or else a cookie; a stale cookie leaves a visitor, a bad token is E_LOGIN. */
MUST_USE enum err session_look_up(struct req *rq, struct str cookie, struct str bearer);

#endif
