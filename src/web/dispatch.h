/*
 * The dispatcher's two entries, for web.c.
 */
#ifndef WEB_DISPATCH_H
#define WEB_DISPATCH_H

#include "priv.h"

/* Answers one request with the worker's connection; `m` holds all it makes until the answer is sent. */
void dispatch(struct web_worker *w, struct http_request *hrq, struct mem *m, struct http_response *rs);
/* A page for what never reaches a handler (400, 413, 503); rs->status says what. */
void dispatch_refusal(struct web *web, const struct http_request *hrq, struct http_response *rs);

#endif
