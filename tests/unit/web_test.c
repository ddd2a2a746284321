/*
 * The web application: routes, the page cache, forms and their tokens, notices, retries, limits, words; and what must hold
 * for every route of the program.
 */
#include "t.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "base/time.h"
#include "crypt/crypt.h"
#include "db/db.h"
#include "html/out.h"
#include "web/cache.h"
#include "web/priv.h"
#include "web/route.h"
#include "web/site.h"
#include "web/web.h"

/* ---- a module to try things on ---- */

static atomic_int made; /* how often the cached page was made */
static int busy;        /* how often a handler still answers E_BUSY */
static int limited;     /* requests that the limiter let through */

static void hello_body(struct out *o, const void *row)
{
	const struct str *s = row;

	OUT_LIT(o, "<p>");
	out_text(o, *s);
	OUT_LIT(o, "</p>");
	csrf_field(o);
}

static enum err hello(struct req *rq)
{
	struct buf b = buf_make(rq->mem, KIB(64));
	struct str s;

	made++;
	buf_fmt(&b, "made %d ", made);
	for (int i = 0; i < 500; i++) {
		buf_put(&b, S("repeat "));
	}
	s = buf_str(&b);
	return page_render(rq, S("Hello"), hello_body, &s);
}

static enum err post(struct req *rq)
{
	struct buf b = buf_make(rq->mem, KIB(64));
	struct str name, value;
	size_t i = 0;

	while (req_form_next(rq, &i, &name, &value)) {
		if (!str_eq(name, S("_csrf"))) {
			buf_fmt(&b, "%.*s=[%.*s]", STR_ARG(name), STR_ARG(value));
		}
	}
	return reply(rq, "text/plain", buf_str(&b));
}

static enum err thank(struct req *rq)
{
	req_notice(rq, "ok", S("Thank <you>"));
	return redirect(rq, link_plain(rq, "/hello"));
}

static enum err busy_page(struct req *rq)
{
	return busy-- > 0 ? E_BUSY : reply(rq, "text/plain", S("done"));
}

static enum err pace(struct req *rq)
{
	if (req_too_often(rq, "test", 3)) {
		return E_LIMIT;
	}
	limited++;
	return reply(rq, "text/plain", S("ok"));
}

static enum err numbered(struct req *rq)
{
	int64_t n;

	TRY(req_query_int(rq, "n", 7, 1, 500, &n));
	return reply(rq, "text/plain", str_fmt(rq->mem, "n=%lld", (long long)n));
}

static enum err links(struct req *rq)
{
	struct buf b = buf_make(rq->mem, KIB(4));
	struct url all[] = {
		link_to(rq, "/t/:a/:b", S("x y"), S("\xC3\xA9")),
		link_plain(rq, "/api/t"),
		link_plain(rq, "/hello"),
		req_with(rq, "theme", S("b&c")),
		req_with(rq, "theme", STR_NONE),
		link_lang(rq, "ar"),
		link_absolute(rq, link_plain(rq, "/hello")),
		link_add(rq->mem, link_plain(rq, "/hello"), "q", S("1")),
	};

	for (size_t i = 0; i < COUNT(all); i++) {
		buf_fmt(&b, "%.*s\n", STR_ARG(all[i].s));
	}
	return reply(rq, "text/plain", buf_str(&b));
}

static enum err param(struct req *rq)
{
	return reply(rq, "text/plain",
		     str_fmt(rq->mem, "a=%.*s suffix=%.*s", STR_ARG(req_param(rq, "a")), STR_ARG(rq->suffix)));
}

static enum err literal(struct req *rq)
{
	return reply(rq, "text/plain", S("literal"));
}

static enum err write_in_get(struct req *rq)
{
	TRY(db_script(rq->db, "CREATE TABLE never (a INTEGER)"));
	return reply(rq, "text/plain", S("written"));
}

static enum err refuse(struct req *rq)
{
	problem_field(rq, "name", S("Too long"));
	return problem(rq, E_INVALID, "The words of the handler");
}

static const struct route routes[] = {
	{GET,  "/hello",     ANYONE, hello,        "x", ROUTE_CACHE | ROUTE_NO_DB  },
	{POST, "/post",      ANYONE, post,         "x", ROUTE_NO_DB                },
	{POST, "/thank",     ANYONE, thank,        "x", ROUTE_NO_DB                },
	{GET,  "/busy",      ANYONE, busy_page,    "x", ROUTE_NO_DB                },
	{GET,  "/pace",      ANYONE, pace,         "x", ROUTE_NO_DB                },
	{GET,  "/numbered",  ANYONE, numbered,     "x", ROUTE_NO_DB                },
	{GET,  "/links",     ANYONE, links,        "x", ROUTE_NO_DB                },
	{GET,  "/t/:a/:b",   ANYONE, literal,      "x", ROUTE_NO_DB                },
	{GET,  "/thing/:a",  ANYONE, param,        "x", ROUTE_NO_DB | ROUTE_SUFFIX },
	{GET,  "/thing/new", ANYONE, literal,      "x", ROUTE_NO_DB                },
	{GET,  "/rest/*a",   ANYONE, param,        "x", ROUTE_NO_DB                },
	{GET,  "/write",     ANYONE, write_in_get, "x", 0                          },
	{GET,  "/refuse",    ANYONE, refuse,       "x", ROUTE_NO_DB                },
	{GET,  "/api/t",     ANYONE, refuse,       "x", ROUTE_NO_DB | ROUTE_NO_LANG},
	{POST, "/edit",      EDIT,   post,         "x", ROUTE_NO_DB                },
};
static const struct module test_module = {.name = "test", .routes = TABLE(routes)};
static const struct module *const test_modules[] = {&test_module};

static struct web *open_web(struct t *t)
{
	struct web_config cfg = {.modules = TABLE(test_modules), .cache_bytes = MIB(4)};
	struct web *web = NULL;

	cfg.db = t->db_url ? str_of(t->db_url) : STR_NONE;
	if (web_open(&cfg, &web) != OK) {
		t_fail(t, T_AT("web_open"), "the application does not open");
	}
	web_data_changed();
	made = busy = limited = 0;
	return web;
}

/* ---- asking it ---- */

struct asked {
	struct http_request rq;
	struct http_response rs;
};

static struct asked make(struct t *t, enum http_method method, const char *target)
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

static void header(struct asked *a, const char *name, struct str value)
{
	a->rq.headers[a->rq.n_headers++] = (struct http_header){str_of(name), value};
}

static void go(struct t *t, struct web *web, struct asked *a)
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

static struct asked get(struct t *t, struct web *web, const char *target)
{
	struct asked a = make(t, HTTP_GET, target);

	go(t, web, &a);
	return a;
}

static bool has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}

/* ---- tests ---- */

static void routing(struct t *t)
{
	struct web *web = open_web(t);

	T_STR(get(t, web, "/fr/thing/new").rs.body, "literal");
	T_STR(get(t, web, "/fr/thing/other").rs.body, "a=other suffix=");
	T_STR(get(t, web, "/fr/thing/other.json").rs.body, "a=other suffix=.json");
	T_STR(get(t, web, "/fr/thing/caf%C3%A9.geojson").rs.body, "a=caf\xC3\xA9 suffix=.geojson");
	T_STR(get(t, web, "/fr/thing/a.exe").rs.body, "a=a.exe suffix=");
	T_STR(get(t, web, "/fr/rest/b/c/d").rs.body, "a=b/c/d suffix=");
	T_EQ(get(t, web, "/fr/thing/a/b").rs.status, 404);
	T_EQ(get(t, web, "/fr/rest").rs.status, 404);
	T_EQ(get(t, web, "/xx/hello").rs.status, 404);
	T_EQ(get(t, web, "/fr/api/t").rs.status, 404);
	web_close(web);
}

static void bad_tables(struct t *t)
{
	static const struct route twice[] = {
		{GET, "/a/:x", ANYONE, hello, "x", 0},
                {GET, "/a/:y", ANYONE, hello, "x", 0}
        };
	static const struct route no_cap[] = {
		{GET, "/a", CAP_MISSING, hello, "x", 0}
        };
	static const struct route no_doc[] = {
		{GET, "/a", ANYONE, hello, "", 0}
        };
	static const struct route no_slash[] = {
		{GET, "a", ANYONE, hello, "x", 0}
        };
	static const struct route after_rest[] = {
		{GET, "/*a/b", ANYONE, hello, "x", 0}
        };
	static const struct route methods[] = {
		{GET,  "/a", ANYONE, hello, "x", 0},
                {POST, "/a", ANYONE, hello, "x", 0}
        };
	const struct module mods[] = {
		{.name = "twice",    .routes = TABLE(twice)     },
                {.name = "no_cap",   .routes = TABLE(no_cap)    },
		{.name = "no_doc",   .routes = TABLE(no_doc)    },
                {.name = "no_slash", .routes = TABLE(no_slash)  },
		{.name = "after",    .routes = TABLE(after_rest)},
                {.name = "methods",  .routes = TABLE(methods)   },
	};

	for (size_t i = 0; i < COUNT(mods); i++) {
		const struct module *one = &mods[i];
		struct route_table table;

		T_ERR(i + 1 < COUNT(mods) ? E_BUG : OK, route_compile(t->mem, &one, 1, &table));
	}
}

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
		a = make(t, methods[c->route->method], str_c(t->mem, buf_str(&b)));
		go(t, web, &a);
		if (a.rs.status != 403 && a.rs.status != 401) {
			t_fail(t, T_AT("token"), "%s %s without a token: %d", method_name(c->route->method),
			       c->route->path, a.rs.status);
		}
	}
	web_close(web);
}

static void caching(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a = get(t, web, "/fr/hello"), plain, packed;
	struct str etag;

	T_EQ(made, 1);
	T_TRUE(has(a.rs.body, "made 1 "));
	T_EQ(a.rs.status, 0);
	plain = get(t, web, "/fr/hello");
	T_EQ(made, 1);
	T_TRUE(str_eq(plain.rs.body, a.rs.body));
	/* The encodings, made when first asked for, from the same page. */
	for (int i = 0; i < 2; i++) {
		packed = make(t, HTTP_GET, "/fr/hello");
		header(&packed, "Accept-Encoding", S("gzip, deflate"));
		go(t, web, &packed);
		T_TRUE(packed.rs.body.n < plain.rs.body.n / 2 && (unsigned char)packed.rs.body.p[0] == 0x1f);
		packed = make(t, HTTP_GET, "/fr/hello");
		header(&packed, "Accept-Encoding", S("gzip;q=0.5, br, zstd"));
		go(t, web, &packed);
		T_TRUE(packed.rs.body.n < plain.rs.body.n / 2 && (unsigned char)packed.rs.body.p[0] != 0x1f);
		packed = make(t, HTTP_GET, "/fr/hello");
		header(&packed, "Accept-Encoding", S("br;q=0, gzip;q=0.0, identity"));
		go(t, web, &packed);
		T_EQ(packed.rs.body.n, plain.rs.body.n);
	}
	T_EQ(made, 1);
	/* Known to the browser: nothing to send. */
	etag = str_fmt(t->mem, "\"x\", W/\"%016llx\"", (unsigned long long)str_hash(plain.rs.body));
	a = make(t, HTTP_GET, "/fr/hello");
	header(&a, "If-None-Match", etag);
	go(t, web, &a);
	T_EQ(a.rs.body.n, 0);
	/* Other addresses are other pages; other query too. */
	get(t, web, "/ar/hello");
	get(t, web, "/fr/hello?a=b");
	T_EQ(made, 3);
	/* Somebody with a session gets his own. */
	a = make(t, HTTP_GET, "/fr/hello");
	header(&a, "Cookie", S("x=y; s=abc"));
	go(t, web, &a);
	T_EQ(made, 4);
	T_EQ(a.rs.status, 200);
	/* A cookie that does not matter does not matter. */
	a = make(t, HTTP_GET, "/fr/hello");
	header(&a, "Cookie", S("lang=fr; x=y"));
	go(t, web, &a);
	T_EQ(made, 4);
	web_data_changed();
	T_TRUE(has(get(t, web, "/fr/hello").rs.body, "made 5 "));
	T_EQ(made, 5);
	web_close(web);
}

static void cache_is_bounded(struct t *t)
{
	struct cache *c = cache_open(t->mem, MIB(1));
	char *body = mem_get(t->mem, 10000);

	memset(body, 'x', 10000);
	for (int i = 0; i < 2000; i++) {
		struct http_response rs = {.mem = t->mem, .fd = -1};
		struct str key = str_fmt(t->mem, "h/page/%d", i);
		struct http_ready *r;

		http_bytes(&rs, 200, "text/html", (struct str){body, 10000});
		r = cache_put(c, key, &rs, web_data_version());
		if (r) {
			http_ready_drop(r);
		}
	}
	T_TRUE(cache_stats(c).bytes <= MIB(1));
	T_TRUE(cache_stats(c).entries > 10);
	cache_close(c);
}

static struct str token_of(struct t *t, struct web *web)
{
	struct str body = get(t, web, "/fr/hello").rs.body;
	ptrdiff_t at = str_find(body, S("name=\"_csrf\" value=\""));
	struct str rest = str_sub(body, (size_t)at + 20, body.n);

	return str_cut(&rest, '"');
}

static struct asked send_form(struct t *t, struct web *web, const char *target, const char *form)
{
	struct asked a = make(t, HTTP_POST, target);

	header(&a, "Content-Type", S("application/x-www-form-urlencoded"));
	a.rq.body = str_of(form);
	T_TRUE(http_pairs_parse(t->mem, a.rq.body, &a.rq.parts, &a.rq.n_parts) == OK);
	go(t, web, &a);
	return a;
}

static void forms(struct t *t)
{
	struct web *web = open_web(t);
	struct str token = token_of(t, web);
	const char *good = str_c(t->mem, str_fmt(t->mem, "a=e%%CC%%81&b=x%%0D%%0Ay&a=2&_csrf=%.*s", STR_ARG(token)));

	T_TRUE(token.n > 16);
	T_STR(send_form(t, web, "/fr/post", good).rs.body, "a=[\xC3\xA9]b=[x\ny]a=[2]");
	T_EQ(send_form(t, web, "/fr/post", "a=1").rs.status, 403);
	T_EQ(send_form(t, web, "/fr/post", "a=1&_csrf=AAAAAAAAAAAAAAAAAAAAAA").rs.status, 403);
	T_EQ(send_form(t, web, "/fr/post", str_c(t->mem, str_fmt(t->mem, "a=%%ff&_csrf=%.*s", STR_ARG(token))))
		     .rs.status,
	     400);
	T_EQ(send_form(t, web, "/fr/edit", str_c(t->mem, str_fmt(t->mem, "_csrf=%.*s", STR_ARG(token)))).rs.status,
	     401);
	/* Over midnight a page that was open still sends; a day later it does not. */
	time_set(time_now() + TIME_DAY);
	T_EQ(send_form(t, web, "/fr/post", good).rs.status, 200);
	time_set(time_now() + TIME_DAY);
	T_EQ(send_form(t, web, "/fr/post", good).rs.status, 403);
	web_close(web);
}

static void notices(struct t *t)
{
	struct web *web = open_web(t);
	struct str token = token_of(t, web), cookie;
	struct asked a = send_form(t, web, "/fr/thank", str_c(t->mem, str_fmt(t->mem, "_csrf=%.*s", STR_ARG(token))));

	T_EQ(a.rs.status, 303);
	T_STR(http_get(&a.rs, "Location"), "/fr/hello");
	cookie = http_get(&a.rs, "Set-Cookie");
	cookie = str_cut(&cookie, ';');
	a = make(t, HTTP_GET, "/fr/hello");
	header(&a, "Cookie", cookie);
	go(t, web, &a);
	T_TRUE(has(a.rs.body, "notice-ok"));
	T_TRUE(has(a.rs.body, "Thank &lt;you&gt;"));
	T_TRUE(has(http_get(&a.rs, "Set-Cookie"), "n=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
	/* Forged or stale: not shown. */
	a = make(t, HTTP_GET, "/fr/hello");
	header(&a, "Cookie", S("n=b2sKSGVsbG8.AAAA"));
	go(t, web, &a);
	T_TRUE(!has(a.rs.body, "class=\"notice"));
	time_set(time_now() + TIME_HOUR);
	a = make(t, HTTP_GET, "/fr/hello");
	header(&a, "Cookie", cookie);
	go(t, web, &a);
	T_TRUE(!has(a.rs.body, "Thank"));
	web_close(web);
}

static void troubles(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a;

	busy = 2;
	T_STR(get(t, web, "/fr/busy").rs.body, "done");
	busy = 100;
	a = get(t, web, "/fr/busy");
	T_EQ(a.rs.status, 503);
	T_STR(http_get(&a.rs, "Retry-After"), "10");
	T_EQ(busy, 97);
	a = get(t, web, "/fr/refuse");
	T_EQ(a.rs.status, 422);
	T_TRUE(has(a.rs.body, "The words of the handler"));
	T_TRUE(has(a.rs.body, "Too long"));
	a = get(t, web, "/api/t");
	T_TRUE(has(a.rs.body, "\"errors\":[{\"field\":\"name\",\"reason\":\"Too long\"}]"));
	T_STR(http_get(&a.rs, "Access-Control-Allow-Origin"), "*");
	T_STR(get(t, web, "/fr/numbered").rs.body, "n=7");
	T_STR(get(t, web, "/fr/numbered?n=500").rs.body, "n=500");
	T_EQ(get(t, web, "/fr/numbered?n=501").rs.status, 422);
	T_EQ(get(t, web, "/fr/numbered?n=1x").rs.status, 422);
	T_EQ(get(t, web, "/fr/numbered?n=%00").rs.status, 400);
	web_close(web);
}

static void get_cannot_write(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a = get(t, web, "/fr/write");

	T_TRUE(a.rs.status >= 400);
	T_TRUE(!has(a.rs.body, "written"));
	T_ERR(E_DB, db_script(t->db, "INSERT INTO never VALUES (1)"));
	web_close(web);
}

static void limits(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a;

	for (int i = 0; i < 5; i++) {
		a = get(t, web, "/fr/pace");
		T_EQ(a.rs.status, i < 3 ? 200 : 429);
	}
	T_STR(http_get(&a.rs, "Retry-After"), "600");
	/* Another visitor is another visitor. */
	a = make(t, HTTP_GET, "/fr/pace");
	a.rq.client.ip[15] = 9;
	go(t, web, &a);
	T_EQ(a.rs.status, 200);
	/* Tomorrow nobody is known any more. */
	time_set(time_now() + TIME_DAY);
	T_EQ(get(t, web, "/fr/pace").rs.status, 200);
	T_EQ(limited, 5);
	web_close(web);
}

static void addresses(struct t *t)
{
	struct web *web = open_web(t);

	T_STR(get(t, web, "/es/links?theme=a&q=x+y&after=zz").rs.body,
	      "/es/t/x%20y/%C3%A9\n/api/t\n/es/hello\n/es/links?q=x%20y&theme=b%26c\n/es/links?q=x%20y\n"
	      "/ar/links?theme=a&q=x%20y&after=zz\nhttp://127.0.0.1:8080/es/hello\n/es/hello?q=1\n");
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
	T_TRUE(has(words_date(&rq, at), "\xD9\x85\xD8\xA7\xD8\xB1\xD8\xB3")); /* mars */
	T_TRUE(words_list(&rq, abc, 3).n > 5);
	T_STR(words_number(&rq, 12345), "12,345");
}

/* ---- many hands ---- */

struct hand {
	struct web *web;
	struct t t; /* its own arena */
	pthread_t thread;
	int bad;
};

static void *hand_main(void *arg)
{
	struct hand *h = arg;
	struct t *t = &h->t;
	void *worker = web_app(h->web).worker_open(h->web, 0);

	for (int i = 0; i < 300; i++) {
		struct http_app app = web_app(h->web);
		struct mem_mark at = mem_mark(t->mem);
		struct asked a = make(t, HTTP_GET, i % 3 ? "/fr/hello" : "/en/hello");
		struct mem *m = mem_open();

		if (i % 2) {
			header(&a, "Accept-Encoding", i % 4 == 1 ? S("br") : S("gzip"));
		}
		a.rs = (struct http_response){.mem = m, .fd = -1};
		if (app.head(app.arg, &a.rq, &a.rs) == HTTP_WORK) {
			app.handle(worker, &a.rq, m, &a.rs);
		}
		if (a.rs.kind == HTTP_BODY_READY) {
			h->bad += http_ready_body(a.rs.ready).n < 100;
			http_ready_drop(a.rs.ready);
		} else {
			h->bad += a.rs.status != 200;
		}
		if (i % 50 == 0) {
			web_data_changed();
		}
		mem_close(m);
		mem_rewind(t->mem, at);
	}
	web_app(h->web).worker_close(h->web, worker);
	return NULL;
}

static void many_hands(struct t *t)
{
	struct web *web = open_web(t);
	struct hand hands[4];

	log_set_level(LEVEL_WARN);
	for (size_t i = 0; i < COUNT(hands); i++) {
		hands[i] = (struct hand){.web = web, .t = {.mem = mem_open()}};
		pthread_create(&hands[i].thread, NULL, hand_main, &hands[i]);
	}
	for (size_t i = 0; i < COUNT(hands); i++) {
		pthread_join(hands[i].thread, NULL);
		T_EQ(hands[i].bad, 0);
		T_EQ(hands[i].t.failed, 0);
		mem_close(hands[i].t.mem);
	}
	log_set_level(LEVEL_DEBUG);
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
		a = make(t, HTTP_GET, "/health");
		a.rs = (struct http_response){.mem = t->mem, .fd = -1};
		web_app(web).handle(worker, &a.rq, t->mem, &a.rs);
		if (i == 1) {
			/* The connection was found dead: another one is opened, or the answer is an honest 503. */
			T_TRUE(a.rs.status == 503 || a.rs.status == 200);
			T_TRUE(has(http_get(&a.rs, "Content-Type"), "json"));
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

static const struct t_case cases[] = {
	{"routes: literal before parameter, rest, suffix", routing,           0              },
	{"routes: bad tables are refused",                 bad_tables,        0              },
	{"every route that writes asks for a token",       all_routes,        T_DB | T_SCHEMA},
	{"pages are kept until data changes",              caching,           0              },
	{"the cache is bounded",                           cache_is_bounded,  0              },
	{"forms and their tokens",                         forms,             0              },
	{"notices are shown once",                         notices,           0              },
	{"retries, problems, bounds of numbers",           troubles,          0              },
	{"GET cannot write",			       get_cannot_write,  T_DB | T_SCHEMA},
	{"the cache under many hands",                     many_hands,        0              },
	{"a database that restarts",                       database_restarts, T_DB | T_SCHEMA},
	{"acts are counted by visitor and day",            limits,            0              },
	{"addresses",				      addresses,         0              },
	{"dates, numbers and lists in words",              in_words,          0              },
};
T_SUITE(web, cases)
