/*
 * The addresses that belong to no room: health, figures for monitoring, colours of the site, choice of language.
 */
#include "builtin.h"

#include "cache.h"
#include "priv.h"

#include "../base/json.h"
#include "../base/limits.h"
#include "../base/time.h"
#include "../base/url.h"
#include "../db/db.h"

static enum err health(struct req *rq)
{
	struct buf b = buf_make(rq->mem, 1024);
	struct json_out j = json_to(&b);

	json_put_object(&j);
	json_put_kv_str(&j, S("status"), S("ok"));
	json_put_kv_str(&j, S("database"),
			!rq->db                      ? S("none")
			: db_engine(rq->db) == DB_PG ? S("postgresql")
						     : S("sqlite"));
	json_put_object_end(&j);
	TRY(json_done(&j));
	req_set_header(rq, "Cache-Control", S("no-store"));
	return reply(rq, "application/json", buf_str(&b));
}

static void put_metric(struct buf *b, const char *name, const char *type, const char *help, uint64_t v)
{
	buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name, type, name, (unsigned long long)v);
}

static uint64_t resident_bytes(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f || fscanf(f, "%*u %llu", &pages) != 1) {
		pages = 0;
	}
	if (f) {
		fclose(f);
	}
	return pages * 4096;
}

/* Counts only; nothing here is about anybody. */
static enum err metrics(struct req *rq)
{
	struct web *web = rq->priv->web;
	struct buf b = buf_make(rq->mem, LIMIT_FMT);
	struct cache_stats c = cache_stats(web->cache);
	struct http_server *server = web->server;

	if (!web->cfg.metrics_public && !rq->http->loopback) {
		return E_NOTFOUND;
	}
	if (server) {
		struct http_stats s = http_server_stats(server);

		put_metric(&b, "maillage_requests_total", "counter", "Requests whose head was read.", s.requests);
		put_metric(&b, "maillage_refused_total", "counter", "Requests refused before a handler.", s.refused);
		put_metric(&b, "maillage_cut_total", "counter", "Connections closed for lateness.", s.cut);
		put_metric(&b, "maillage_connections", "gauge", "Open connections.", s.connections);
		put_metric(&b, "maillage_active", "gauge", "Requests in flight.", s.active);
		put_metric(&b, "maillage_queued", "gauge", "Requests waiting for a worker.", s.queued);
		put_metric(&b, "maillage_workers_busy", "gauge", "Workers at work.", s.workers_busy);
	}
	buf_put(&b, S("# HELP maillage_answers_total Answers of workers by class of status.\n"
		      "# TYPE maillage_answers_total counter\n"));
	for (int i = 1; i < 6; i++) {
		buf_fmt(&b, "maillage_answers_total{class=\"%dxx\"} %llu\n", i,
			(unsigned long long)atomic_load(&web->answers[i]));
	}
	put_metric(&b, "maillage_cache_hits_total", "counter", "Pages answered from memory.", c.hits);
	put_metric(&b, "maillage_cache_misses_total", "counter", "Pages that were not there.", c.misses);
	put_metric(&b, "maillage_cache_entries", "gauge", "Pages kept.", c.entries);
	put_metric(&b, "maillage_cache_bytes", "gauge", "Bytes kept.", c.bytes);
	put_metric(&b, "maillage_resident_bytes", "gauge", "Memory in use.", resident_bytes());
	put_metric(&b, "maillage_uptime_seconds", "gauge", "Seconds since start.",
		   (uint64_t)(time_mono() / 1000000 - web->started));
	req_set_header(rq, "Cache-Control", S("no-store"));
	return reply(rq, "text/plain; version=0.0.4; charset=utf-8", buf_str(&b));
}

/* "#1b5575" and nothing else: it goes into a stylesheet. */
static bool is_colour(struct str s)
{
	if (s.n != 7 || s.p[0] != '#') {
		return false;
	}
	for (size_t i = 1; i < 7; i++) {
		char c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
			return false;
		}
	}
	return true;
}

static enum err theme_css(struct req *rq)
{
	struct buf b = buf_make(rq->mem, 1024);
	const struct {
		const char *name;
		struct str v;
	} all[] = {
		{"--accent",   rq->site->accent },
		{"--accent-2", rq->site->accent2},
		{"--paper",    rq->site->paper  },
		{"--ink",      rq->site->ink    }
        };

	buf_put(&b, S(":root{"));
	for (size_t i = 0; i < COUNT(all); i++) {
		if (is_colour(all[i].v)) {
			buf_fmt(&b, "%s:%.*s;", all[i].name, STR_ARG(all[i].v));
		}
	}
	buf_put(&b, S("}\n"));
	req_set_header(rq, "Cache-Control", S("public, max-age=86400"));
	return reply(rq, "text/css; charset=utf-8", buf_str(&b));
}

/* Remembers the language for addresses without one, then goes on to the page. */
static enum err choose_language(struct req *rq)
{
	const char *code = lang_known(req_param(rq, "code"));
	struct url to;

	if (!code) {
		return E_NOTFOUND;
	}
	if (str_empty(req_query(rq, "to")) || url_local(rq->mem, req_query(rq, "to"), &to) != OK) {
		to = (struct url){str_fmt(rq->mem, "/%s/", code)};
	}
	req_cookie(rq, "lang", str_of(code), 365 * 24 * 3600);
	return redirect(rq, to);
}

static const struct route routes[] = {
	{GET, "/health",           ANYONE, health,          N_("Whether the site runs"),         ROUTE_NO_LANG              },
	{GET, "/metrics",          ANYONE, metrics,         N_("Figures for monitoring"),        ROUTE_NO_LANG | ROUTE_NO_DB},
	{GET, "/assets/theme.css", ANYONE, theme_css,       N_("The colours of the site"),       ROUTE_NO_LANG | ROUTE_NO_DB},
	{GET, "/language/:code",   ANYONE, choose_language, N_("Remembers the chosen language"),
	 ROUTE_NO_LANG | ROUTE_NO_DB											},
};

const struct module web_module = {
	.name = "web",
	.routes = TABLE(routes),
};
