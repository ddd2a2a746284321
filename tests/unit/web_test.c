/*
 * The web application: routes, the page cache, forms and their tokens, notices, retries, limits, words; and what must hold
 * for every route of the program.
 */
#include "web_kit.h"

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

/* ---- tests ---- */

static void routing(struct t *t)
{
	struct web *web = open_web(t);

	T_STR(kit_get_page(t, web, "/fr/thing/new").rs.body, "literal");
	T_STR(kit_get_page(t, web, "/fr/thing/other").rs.body, "a=other suffix=");
	T_STR(kit_get_page(t, web, "/fr/thing/other.json").rs.body, "a=other suffix=.json");
	T_STR(kit_get_page(t, web, "/fr/thing/caf%C3%A9.geojson").rs.body, "a=caf\xC3\xA9 suffix=.geojson");
	T_STR(kit_get_page(t, web, "/fr/thing/a.exe").rs.body, "a=a.exe suffix=");
	T_STR(kit_get_page(t, web, "/fr/rest/b/c/d").rs.body, "a=b/c/d suffix=");
	T_EQ(kit_get_page(t, web, "/fr/thing/a/b").rs.status, 404);
	T_EQ(kit_get_page(t, web, "/fr/rest").rs.status, 404);
	T_EQ(kit_get_page(t, web, "/xx/hello").rs.status, 404);
	T_EQ(kit_get_page(t, web, "/fr/api/t").rs.status, 404);
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

static void caching(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a = kit_get_page(t, web, "/fr/hello"), plain, packed;
	struct str etag;

	T_EQ(made, 1);
	T_TRUE(kit_has(a.rs.body, "made 1 "));
	T_EQ(a.rs.status, 0);
	plain = kit_get_page(t, web, "/fr/hello");
	T_EQ(made, 1);
	T_TRUE(str_eq(plain.rs.body, a.rs.body));
	/* The encodings, made when first asked for, from the same page. */
	for (int i = 0; i < 2; i++) {
		packed = kit_make(t, HTTP_GET, "/fr/hello");
		kit_header(&packed, "Accept-Encoding", S("gzip, deflate"));
		kit_go(t, web, &packed);
		T_TRUE(packed.rs.body.n < plain.rs.body.n / 2 && (unsigned char)packed.rs.body.p[0] == 0x1f);
		packed = kit_make(t, HTTP_GET, "/fr/hello");
		kit_header(&packed, "Accept-Encoding", S("gzip;q=0.5, br, zstd"));
		kit_go(t, web, &packed);
		T_TRUE(packed.rs.body.n < plain.rs.body.n / 2 && (unsigned char)packed.rs.body.p[0] != 0x1f);
		packed = kit_make(t, HTTP_GET, "/fr/hello");
		kit_header(&packed, "Accept-Encoding", S("br;q=0, gzip;q=0.0, identity"));
		kit_go(t, web, &packed);
		T_EQ(packed.rs.body.n, plain.rs.body.n);
	}
	T_EQ(made, 1);
	/* Known to the browser: nothing to send. */
	etag = str_fmt(t->mem, "\"x\", W/\"%016llx\"", (unsigned long long)str_hash(plain.rs.body));
	a = kit_make(t, HTTP_GET, "/fr/hello");
	kit_header(&a, "If-None-Match", etag);
	kit_go(t, web, &a);
	T_EQ(a.rs.body.n, 0);
	/* Other addresses are other pages; other query too. */
	kit_get_page(t, web, "/ar/hello");
	kit_get_page(t, web, "/fr/hello?a=b");
	T_EQ(made, 3);
	/* Somebody with a session gets his own. */
	a = kit_make(t, HTTP_GET, "/fr/hello");
	kit_header(&a, "Cookie", S("x=y; s=abc"));
	kit_go(t, web, &a);
	T_EQ(made, 4);
	T_EQ(a.rs.status, 200);
	/* A cookie that does not matter does not matter. */
	a = kit_make(t, HTTP_GET, "/fr/hello");
	kit_header(&a, "Cookie", S("lang=fr; x=y"));
	kit_go(t, web, &a);
	T_EQ(made, 4);
	web_data_changed();
	T_TRUE(kit_has(kit_get_page(t, web, "/fr/hello").rs.body, "made 5 "));
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
	struct str body = kit_get_page(t, web, "/fr/hello").rs.body;
	ptrdiff_t at = str_find(body, S("name=\"_csrf\" value=\""));
	struct str rest = str_sub(body, (size_t)at + 20, body.n);

	return str_cut(&rest, '"');
}

static struct asked send_form(struct t *t, struct web *web, const char *target, const char *form)
{
	struct asked a = kit_make(t, HTTP_POST, target);

	kit_header(&a, "Content-Type", S("application/x-www-form-urlencoded"));
	a.rq.body = str_of(form);
	T_TRUE(http_pairs_parse(t->mem, a.rq.body, &a.rq.parts, &a.rq.n_parts) == OK);
	kit_go(t, web, &a);
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
	a = kit_make(t, HTTP_GET, "/fr/hello");
	kit_header(&a, "Cookie", cookie);
	kit_go(t, web, &a);
	T_TRUE(kit_has(a.rs.body, "notice-ok"));
	T_TRUE(kit_has(a.rs.body, "Thank &lt;you&gt;"));
	T_TRUE(kit_has(http_get(&a.rs, "Set-Cookie"), "n=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
	/* Forged or stale: not shown. */
	a = kit_make(t, HTTP_GET, "/fr/hello");
	kit_header(&a, "Cookie", S("n=b2sKSGVsbG8.AAAA"));
	kit_go(t, web, &a);
	T_TRUE(!kit_has(a.rs.body, "class=\"notice"));
	time_set(time_now() + TIME_HOUR);
	a = kit_make(t, HTTP_GET, "/fr/hello");
	kit_header(&a, "Cookie", cookie);
	kit_go(t, web, &a);
	T_TRUE(!kit_has(a.rs.body, "Thank"));
	web_close(web);
}

static void troubles(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a;

	busy = 2;
	T_STR(kit_get_page(t, web, "/fr/busy").rs.body, "done");
	busy = 100;
	a = kit_get_page(t, web, "/fr/busy");
	T_EQ(a.rs.status, 503);
	T_STR(http_get(&a.rs, "Retry-After"), "10");
	T_EQ(busy, 97);
	a = kit_get_page(t, web, "/fr/refuse");
	T_EQ(a.rs.status, 422);
	T_TRUE(kit_has(a.rs.body, "The words of the handler"));
	T_TRUE(kit_has(a.rs.body, "Too long"));
	a = kit_get_page(t, web, "/api/t");
	T_TRUE(kit_has(a.rs.body, "\"errors\":[{\"field\":\"name\",\"reason\":\"Too long\"}]"));
	T_STR(http_get(&a.rs, "Access-Control-Allow-Origin"), "*");
	T_STR(kit_get_page(t, web, "/fr/numbered").rs.body, "n=7");
	T_STR(kit_get_page(t, web, "/fr/numbered?n=500").rs.body, "n=500");
	T_EQ(kit_get_page(t, web, "/fr/numbered?n=501").rs.status, 422);
	T_EQ(kit_get_page(t, web, "/fr/numbered?n=1x").rs.status, 422);
	T_EQ(kit_get_page(t, web, "/fr/numbered?n=%00").rs.status, 400);
	web_close(web);
}

static void get_cannot_write(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a = kit_get_page(t, web, "/fr/write");

	T_TRUE(a.rs.status >= 400);
	T_TRUE(!kit_has(a.rs.body, "written"));
	T_ERR(E_DB, db_script(t->db, "INSERT INTO never VALUES (1)"));
	web_close(web);
}

static void limits(struct t *t)
{
	struct web *web = open_web(t);
	struct asked a;

	for (int i = 0; i < 5; i++) {
		a = kit_get_page(t, web, "/fr/pace");
		T_EQ(a.rs.status, i < 3 ? 200 : 429);
	}
	T_STR(http_get(&a.rs, "Retry-After"), "600");
	/* Another visitor is another visitor. */
	a = kit_make(t, HTTP_GET, "/fr/pace");
	a.rq.client.ip[15] = 9;
	kit_go(t, web, &a);
	T_EQ(a.rs.status, 200);
	/* Tomorrow nobody is known any more. */
	time_set(time_now() + TIME_DAY);
	T_EQ(kit_get_page(t, web, "/fr/pace").rs.status, 200);
	T_EQ(limited, 5);
	web_close(web);
}

static void addresses(struct t *t)
{
	struct web *web = open_web(t);

	T_STR(kit_get_page(t, web, "/es/links?theme=a&q=x+y&after=zz").rs.body,
	      "/es/t/x%20y/%C3%A9\n/api/t\n/es/hello\n/es/links?q=x%20y&theme=b%26c\n/es/links?q=x%20y\n"
	      "/ar/links?theme=a&q=x%20y&after=zz\nhttp://127.0.0.1:8080/es/hello\n/es/hello?q=1\n");
	web_close(web);
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
		struct asked a = kit_make(t, HTTP_GET, i % 3 ? "/fr/hello" : "/en/hello");
		struct mem *m = mem_open();

		if (i % 2) {
			kit_header(&a, "Accept-Encoding", i % 4 == 1 ? S("br") : S("gzip"));
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

static const struct t_case cases[] = {
	{"routes: literal before parameter, rest, suffix", routing,           0              },
	{"routes: bad tables are refused",                 bad_tables,        0              },
	{"pages are kept until data changes",              caching,           0              },
	{"the cache is bounded",                           cache_is_bounded,  0              },
	{"forms and their tokens",                         forms,             0              },
	{"notices are shown once",                         notices,           0              },
	{"retries, problems, bounds of numbers",           troubles,          0              },
	{"GET cannot write",			       get_cannot_write,  T_DB | T_SCHEMA},
	{"the cache under many hands",                     many_hands,        0              },
	{"acts are counted by visitor and day",            limits,            0              },
	{"addresses",				      addresses,         0              },
};
T_SUITE(web, cases)
