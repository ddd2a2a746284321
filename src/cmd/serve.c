/*
 * maillage serve: makes or migrates the data, then serves it until told to stop. The main thread waits for signals and does
 * the housekeeping of every second; all else happens in the threads it started.
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "open.h"

#include "../base/log.h"
#include "../base/url.h"
#include "../core/points.h"
#include "../core/setting.h"
#include "../http/server.h"
#include "../job/job.h"
#include "../mod/account/account.h"
#include "../web/site.h"
#include "../web/web.h"

#define GRACE_MS 15000
#define TRUSTED_MAX 32

static const struct opt opts[] = {
	OPTS_DATA,
	{"listen",         "ADDR:PORT", "where to listen; \"none\" with a Unix socket alone",   "127.0.0.1:8080", OPT_CONF           },
	{"unix",           "PATH",      "a Unix socket, for a proxy on this machine",           NULL,             OPT_CONF           },
	{"base-url",       "URL",       "the address that visitors use",                        NULL,             OPT_CONF           },
	{"workers",        "N",         "handlers at work at once",                             "8",              OPT_CONF           },
	{"tls-cert",       "FILE",      "certificate chain (PEM); read again when it changes",  NULL,             OPT_CONF           },
	{"tls-key",        "FILE",      "its key (PEM)",                                        NULL,             OPT_CONF           },
	{"trusted-proxy",  "ADDR[/N]",  "believe the forwarded headers of this proxy",          NULL,             OPT_CONF | OPT_MANY},
	{"allow-fetch",    "ADDR[/N]",  "live sources may be read from there, though it is private", NULL,       OPT_CONF | OPT_MANY},
	{"per-address",    "N",         "connections of one address at once",                   "256",            OPT_CONF           },
	{"public-metrics", NULL,        "show /metrics to everyone",                            NULL,             OPT_CONF           },
	{"assets",         "DIR",       "read styles and scripts from there (for development)", NULL,             0                  },
	{"quiet",          NULL,        "log warnings and errors only",                         NULL,             OPT_CONF           },
};

/* As many files as the system lets us have: each connection is one. */
static void raise_limits(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static sigset_t block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return set;
}

static struct str base_url(struct args *a)
{
	struct str given = opt_get(a, "base-url"), listen = opt_get(a, "listen");

	while (given.n && given.p[given.n - 1] == '/') {
		given = str_sub(given, 0, given.n - 1);
	}
	if (given.n) {
		return given;
	}
	return str_fmt(a->mem, "%s://%.*s", opt_get(a, "tls-cert").p ? "https" : "http",
		       STR_ARG(str_eq(listen, S("none")) ? S("127.0.0.1") : listen));
}

/* The one-time link of a fresh site. */
static enum err offer_admin_link(struct args *a, struct db *db)
{
	struct str path;
	enum err e = db_begin(db, DB_WRITE);

	if (e != OK) {
		return e;
	}
	e = account_first_admin(db, a->mem, site_now(), &path);
	if (e == E_CONFLICT) {
		db_rollback(db);
		return OK;
	}
	if (e != OK) {
		db_rollback(db);
		return e;
	}
	TRY(db_commit(db));
	printf("Open this link to become the administrator (it serves once):\n  %.*s%.*s\n",
	       STR_ARG(site_now()->base_url), STR_ARG(path));
	fflush(stdout);
	return OK;
}

/* Rows of the work that comes round: mail, purges. */
static enum err schedule(struct db *db, void *arg)
{
	(void)arg;
	return job_schedule(db);
}

/* The main thread's connection: opened anew when its server had restarted. */
static bool have_db(struct opened *o)
{
	if (o->db && !db_usable(o->db)) {
		db_close(o->db);
		o->db = NULL;
	}
	if (!o->db && db_open(o->where, NULL, &o->db) != OK) {
		o->db = NULL;
	}
	return o->db != NULL;
}

static void reload(struct http_server *s, struct opened *o)
{
	log_info("reload");
	if (http_server_reload(s) != OK) {
		log_error("reload: the certificate stays as it was");
	}
	if (!have_db(o) || site_load(o->db) != OK) {
		log_error("reload: the settings stay as they were");
	}
	web_data_changed();
}

/* Waits for the signal that ends us; meanwhile, each second, the housekeeping. */
static void watch(struct http_server *s, struct opened *o, const sigset_t *set)
{
	for (;;) {
		struct timespec second = {.tv_sec = 1};
		int sig = sigtimedwait(set, NULL, &second);

		if (sig == SIGTERM || sig == SIGINT) {
			return;
		}
		if (sig == SIGHUP) {
			reload(s, o);
		}
		if (have_db(o)) {
			site_poll(o->db);
		}
		http_server_tick(s);
	}
}

static enum err serve_until_told(struct args *a, struct opened *o, struct web *web, const sigset_t *set)
{
	struct str trusted[TRUSTED_MAX];
	struct http_config cfg = {
		.listen = str_eq(opt_get(a, "listen"), S("none")) ? STR_NONE : opt_get(a, "listen"),
		.unix_path = opt_get(a, "unix"),
		.tls_cert = opt_get(a, "tls-cert"),
		.tls_key = opt_get(a, "tls-key"),
		.trusted = trusted,
		.tmp_dir = str_fmt(a->mem, "%.*s/tmp", STR_ARG(o->data)),
	};
	struct http_app app = web_app(web);
	struct http_server *s;
	int64_t workers, per_address;

	if (!opt_int(a, "workers", 1, 256, &workers) || !opt_int(a, "per-address", 1, 100000, &per_address)) {
		return E_INVALID;
	}
	cfg.workers = (unsigned)workers;
	cfg.per_address_max = (unsigned)per_address;
	while (cfg.n_trusted < TRUSTED_MAX && opt_at(a, "trusted-proxy", cfg.n_trusted).p) {
		trusted[cfg.n_trusted] = opt_at(a, "trusted-proxy", cfg.n_trusted);
		cfg.n_trusted++;
	}
	if (!cmd_allow_fetches(a)) {
		return E_INVALID;
	}
	if (mkdir(str_c(a->mem, cfg.tmp_dir), 0700) != 0 && errno != EEXIST) {
		return fail(E_IO, "%.*s: %s", STR_ARG(cfg.tmp_dir), strerror(errno));
	}
	TRY(http_server_open(&cfg, &app, &s));
	web_set_server(web, s);
	printf("Maillage serves %.*s\n", STR_ARG(site_now()->base_url));
	fflush(stdout);
	watch(s, o, set);
	log_info("stopping");
	http_server_close(s, GRACE_MS);
	return OK;
}

static int run(struct args *a)
{
	sigset_t set = block_signals();
	struct web_config cfg = {.assets_dir = STR_NONE};
	struct opened o;
	struct web *web;
	enum err e;

	raise_limits();
	e = cmd_open(a, true, &o);
	if (e != OK) {
		return exit_of(e);
	}
	if (opt_on(a, "quiet")) {
		log_set_level(LEVEL_WARN);
	}
	site_set_base_url(base_url(a));
	e = offer_admin_link(a, o.db);
	cfg.db = o.where;
	cfg.data_dir = o.data;
	cfg.assets_dir = opt_get(a, "assets");
	cfg.metrics_public = opt_on(a, "public-metrics");
	if (e == OK) {
		e = db_tx(o.db, DB_WRITE, 3, schedule, NULL);
	}
	if (e == OK) {
		e = job_start(o.where, 1);
	}
	if (e == OK) {
		e = points_start(o.where);
	}
	if (e == OK) {
		e = web_open(&cfg, &web);
		if (e == OK) {
			e = serve_until_told(a, &o, web, &set);
			web_close(web);
		}
		points_stop();
		job_stop();
	}
	cmd_close(&o);
	return exit_of(e);
}

const struct command cmd_serve = {
	.name = "serve",
	.operands = "",
	.doc = "Makes or migrates the data if needed, then serves it",
	.opts = TABLE(opts),
	.run = run,
};
