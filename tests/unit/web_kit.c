/*
 * Requests to the dispatcher, for the tests of the web layer.
 */
#include "web_kit.h"

#include "base/limits.h"
#include "base/time.h"
#include "db/db.h"
#include "web/priv.h"
#include "web/route.h"
#include "web/site.h"
#include "web/web.h"

struct asked kit_make(struct t *t, enum http_method method, const char *target)
{
	struct asked a = {
		.rq = {.mem = t->mem, .method = method, .target = str_of(target), .host = S("a")}
        };

	a.rq.client = (struct http_addr){
		.ip = {[10] = 0xff, 0xff, 192, 0, 2, 1},
                  .known = true
        };
	T_TRUE(http_target_parse(t->mem, a.rq.target, &a.rq.path, &a.rq.query) == OK);
	return a;
}

void kit_header(struct asked *a, const char *name, struct str value)
{
	a->rq.headers[a->rq.n_headers++] = (struct http_header){str_of(name), value};
}

void kit_go(struct t *t, struct web *web, struct asked *a)
{
	struct http_app app = web_app(web);

	/* As the server does: the I/O thread first, which may know the answer. */
	a->rs = (struct http_response){.mem = t->mem, .status = 500, .fd = -1};
	if (app.head(app.arg, &a->rq, &a->rs) == HTTP_WORK) {
		web_handle(web, t->db, &a->rq, t->mem, &a->rs);
	}
	if (a->rs.kind == HTTP_BODY_READY) {
		a->rs.body = str_dup(t->mem, http_ready_body(a->rs.ready));
		http_ready_drop(a->rs.ready);
		a->rs.status = 0; /* kept */
	}
}

struct asked kit_get_page(struct t *t, struct web *web, const char *target)
{
	struct asked a = kit_make(t, HTTP_GET, target);

	kit_go(t, web, &a);
	return a;
}

bool kit_has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}
