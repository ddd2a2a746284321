/*
 * The web application: what cmd/serve (and tests) open, put behind the HTTP server, and close. It owns the compiled route
 * table, the page cache, the rate limits and, in each worker, a database connection; all else is in the request.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "../http/server.h"
#include "req.h"

struct web;

struct web_config {
	struct str db;       /* for db_open(); empty: no database (only NO_DB routes answer) */
	struct str base_url; /* "https://example.org"; used until a site snapshot says otherwise */
	struct str data_dir;
	struct str assets_dir;               /* development: assets are read from here; empty: from the program */
	size_t cache_bytes;                  /* of the page cache; 0: 16 MiB */
	bool metrics_public;                 /* /metrics for everyone, not for this machine alone */
	const struct module *const *modules; /* NULL: the program's */
	size_t n_modules;
};

/* Compiles the routes of the modules. E_BUG, with the cause logged, when two overlap or one is malformed. */
MUST_USE enum err web_open(const struct web_config *cfg, struct web **out);
void web_close(struct web *web);
/* The callbacks for http_server_open(). */
struct http_app web_app(struct web *web);
/* So that /metrics can tell about the server. */
void web_set_server(struct web *web, struct http_server *s);

/* One request without a server, for tests: `db` is used instead of the worker's own. */
void web_handle(struct web *web, struct db *db, struct http_request *hrq, struct mem *m, struct http_response *rs);

/* The data directory of the running server, empty in tests without one. */
struct str web_data_dir(void);

/* Public data changed (a committed write said so, or another process did): cached pages are stale from now on. */
void web_data_changed(void);
uint64_t web_data_version(void);

#endif
