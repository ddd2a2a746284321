/*
 * The web layer with all routes of the program, its languages, and a database that goes away.
 */
#include "web_kit.h"

#include "base/limits.h"
#include "base/time.h"
#include "db/db.h"
#include "web/priv.h"
#include "web/route.h"
#include "web/site.h"
#include "web/web.h"

/* What must hold for every route of the program, those of rooms to come too. */
static void all_routes(struct t *t)
{
	static const enum http_method methods[] = {HTTP_GET,    HTTP_POST, HTTP_PATCH,
						   HTTP_DELETE, HTTP_PUT,  HTTP_OPTIONS};
	struct web_config cfg = {.cache_bytes = MIB(1)};
	struct route_table table;
	struct web *web;

	cfg.db = str_of(t->db_url);
	T_OK(route_compile(t->mem, modules, modules_n, &table));
	T_OK(web_open(&cfg, &web));
	for (size_t i = 0; i < table.n; i++) {
		const struct route_compiled *c = &table.r[i];
		struct buf b = buf_make(t->mem, KIB(1));
		struct asked a;

		buf_put(&b, c->route->flags & ROUTE_NO_LANG ? S("") : S("/en"));
		for (size_t k = 0; k < c->n_seg; k++) {
			buf_put_c(&b, '/');
			buf_put(&b, c->seg[k].kind == SEG_LITERAL ? c->seg[k].text : S("1"));
		}
		buf_put(&b, c->n_seg == 0 ? S("/") : S(""));
		if (c->route->method == GET || (c->route->flags & ROUTE_NO_CSRF)) {
			continue;
		}
		a = kit_make(t, methods[c->route->method], str_c(t->mem, buf_str(&b)));
		kit_go(t, web, &a);
		if (a.rs.status != 403 && a.rs.status != 401) {
			t_fail(t, T_AT("token"), "%s %s without a token: %d", method_name(c->route->method),
			       c->route->path, a.rs.status);
		}
	}
	web_close(web);
}

/* A worker whose database goes away says 503, and comes back by itself. */
static void database_restarts(struct t *t)
{
	struct web_config cfg = {.cache_bytes = MIB(1)};
	struct asked a;
	struct web *web;
	void *worker;

	if (t->engine != T_PG) {
		T_SKIP("SQLite has no server");
	}
	cfg.db = str_of(t->db_url);
	T_OK(web_open(&cfg, &web));
	worker = web_app(web).worker_open(web, 0);
	for (int i = 0; i < 3; i++) {
		a = kit_make(t, HTTP_GET, "/health");
		a.rs = (struct http_response){.mem = t->mem, .fd = -1};
		web_app(web).handle(worker, &a.rq, t->mem, &a.rs);
		if (i == 1) {
			/* The connection was found dead: another one is opened, or the answer is an honest 503. */
			T_TRUE(a.rs.status == 503 || a.rs.status == 200);
			T_TRUE(kit_has(http_get(&a.rs, "Content-Type"), "json"));
		} else {
			T_EQ(a.rs.status, 200);
		}
		if (i == 0) {
			T_TRUE(t_pg_restart(t));
		}
	}
	web_app(web).worker_close(web, worker);
	web_close(web);
}

static void in_words(struct t *t)
{
	static const struct {
		const char *lang;
		struct str date, time, range, ago, yesterday, partial, number, list, language, size;
	} table[] = {
		{"fr", S_INIT("lundi 2 mars 2026"), S_INIT("lundi 2 mars 2026 à 18:30"), S_INIT("2–5 mars 2026"),
		 S_INIT("il y a 3 heures"), S_INIT("hier"), S_INIT("mars 2019"), S_INIT("12\u202f345"), S_INIT("a, b et c"),
		 S_INIT("français"), S_INIT("1,2\u202fMo")},
		{"en", S_INIT("Monday, 2 March 2026"), S_INIT("Monday, 2 March 2026 at 18:30"), S_INIT("2–5 March 2026"),
		 S_INIT("3 hours ago"), S_INIT("yesterday"), S_INIT("March 2019"), S_INIT("12,345"), S_INIT("a, b and c"),
		 S_INIT("French"), S_INIT("1.2 MB")},
		{"es", S_INIT("lunes, 2 de marzo de 2026"), S_INIT("lunes, 2 de marzo de 2026, 18:30"),
		 S_INIT("2–5 de marzo de 2026"), S_INIT("hace 3 horas"), S_INIT("ayer"), S_INIT("marzo de 2019"),
		 S_INIT("12.345"), S_INIT("a, b y c"), S_INIT("francés"), S_INIT("1,2 MB")},
	};
	struct req rq = {.mem = t->mem, .site = site_now()};
	struct str abc[] = {S("a"), S("b"), S("c")};
	int64_t at = 0, to = 0;

	T_TRUE(time_parse(S("2026-03-02T18:30:00+01:00"), &at) && time_parse(S("2026-03-05T10:00:00+01:00"), &to));
	for (size_t i = 0; i < COUNT(table); i++) {
		rq.lang = table[i].lang;
		rq.now = at + 3 * TIME_HOUR + 5;
		T_EQ(words_date(&rq, at), table[i].date);
		T_EQ(words_datetime(&rq, at), table[i].time);
		T_EQ(words_date_range(&rq, at, to), table[i].range);
		T_EQ(words_ago(&rq, at), table[i].ago);
		rq.now = at + 25 * TIME_HOUR;
		T_EQ(words_ago(&rq, at), table[i].yesterday);
		T_EQ(words_partial_date(&rq, S("2019-03")), table[i].partial);
		T_STR(words_partial_date(&rq, S("2019")), "2019");
		T_STR(words_partial_date(&rq, S("once")), "once");
		T_STR(words_partial_date(&rq, S("2019-02-30")), "2019-02-30");
		T_EQ(words_number(&rq, 12345), table[i].number);
		T_EQ(words_list(&rq, abc, 3), table[i].list);
		T_STR(words_list(&rq, abc, 1), "a");
		T_EQ(words_language(&rq, S("fr")), table[i].language);
		T_EQ(words_size(&rq, 1234567), table[i].size);
	}
	rq.lang = "ar";
	T_TRUE(kit_has(words_date(&rq, at), "\xD9\x85\xD8\xA7\xD8\xB1\xD8\xB3")); /* mars */
	T_TRUE(words_list(&rq, abc, 3).n > 5);
	T_STR(words_number(&rq, 12345), "12,345");
}

static const struct t_case cases[] = {
	{"every route that writes asks for a token", all_routes, T_DB | T_SCHEMA},
	{"a database that restarts", database_restarts, T_DB | T_SCHEMA},
	{"dates, numbers and lists in words", in_words, 0},
};
T_SUITE(web_program, cases)
