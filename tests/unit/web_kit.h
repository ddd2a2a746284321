/*
 * Requests to the dispatcher, in process.
 */
#ifndef TESTS_UNIT_WEB_KIT_H
#define TESTS_UNIT_WEB_KIT_H

#include "../t.h"

#include "web/web.h"

struct asked {
	struct http_request rq;
	struct http_response rs;
};

/* A request from this machine, not sent yet. */
struct asked kit_make(struct t *t, enum http_method method, const char *target);
/* Adds a header. */
void kit_header(struct asked *a, const char *name, struct str value);
/* Sends it; the answer is in a->rs. */
void kit_go(struct t *t, struct web *web, struct asked *a);
/* Asks for an address. */
struct asked kit_get_page(struct t *t, struct web *web, const char *target);
/* True if the words stand in it. */
bool kit_has(struct str s, const char *what);

#endif
