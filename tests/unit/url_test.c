/*
 * Addresses.
 */
#include "t.h"

#include "base/limits.h"
#include "base/url.h"

static void parses(struct t *t)
{
	static const struct {
		const char *in, *out;
	} pairs[] = {
		{" HTTPS://WWW.Example.ORG/Path?q=a b ", NULL},
		{" HTTPS://WWW.Example.ORG/Path?q=a%20b#F ", "https://www.example.org/Path?q=a%20b#F"},
		{"http://example.org", "http://example.org/"},
		{"http://example.org:8080?x", "http://example.org:8080/?x"},
		{"https://example.org/\xc3\xa9t\xc3\xa9", "https://example.org/%C3%A9t%C3%A9"},
		{"https://example.org/100%", "https://example.org/100%25"},
		{"https://example.org/\"<x>'{}", "https://example.org/%22%3Cx%3E'%7B%7D"},
		{"https://\xc3\xa9tat.fr/", "https://\xc3\xa9tat.fr/"},
		{"http://[::1]:80/x", "http://[::1]:80/x"},
		{"mailto:a@example.org?subject=x", "mailto:a@example.org?subject=x"},
		{"tel:+33-1-02", "tel:+33-1-02"},
		{"geo:48.85,2.35;u=10", "geo:48.85,2.35;u=10"},
		{"javascript:alert(1)", NULL},
		{"JavaScript:alert(1)", NULL},
		{"java\tscript:alert(1)", NULL},
		{"data:text/html,x", NULL},
		{"//example.org/", NULL},
		{"/path", NULL},
		{"example.org", NULL},
		{"", NULL},
		{"http:", NULL},
		{"http:///x", NULL},
		{"http://user:pw@example.org/", NULL},
		{"http://example.org\\@evil.org/", NULL},
		{"http://a..b/", NULL},
		{"http://exa mple.org/", NULL},
		{"http://example.org:0/", NULL},
		{"http://example.org:65536/", NULL},
		{"http://example.org:99999999999999999999/", NULL},
		{"http://[::1/", NULL},
		{"http://[x]/", NULL},
		{"http://example.org/\xe2\x80\xae", NULL},
		{"http://example.org/\xff", NULL},
		{"http://example.org/a\nb", NULL},
		{"mailto:", NULL},
		{"mailto://example.org", NULL},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct url u = {S("")};
		enum err e = url_parse(t->mem, str_of(pairs[i].in), &u);

		if (pairs[i].out == NULL && e != E_INVALID) {
			t_fail(t, T_AT(pairs[i].in), "%s", err_name(e));
		} else if (pairs[i].out != NULL) {
			T_OK(e);
			T_EQ(u.s, str_of(pairs[i].out));
			T_OK(url_parse(t->mem, u.s, &u));
			T_EQ(u.s, str_of(pairs[i].out));
		}
	}
}

static void locals(struct t *t)
{
	static const char *const refused[] = {"", "x", "//evil.org", "/\\evil.org", "http://x/", "/a\nb", "/a b", "\\/x"};
	struct url u;

	T_OK(url_local(t->mem, S("/agenda?x=1&y=%20#z"), &u));
	T_STR(u.s, "/agenda?x=1&y=%20#z");
	T_OK(url_local(t->mem, S("/a:b"), &u));
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (url_local(t->mem, str_of(refused[i]), &u) != E_INVALID) {
			t_fail(t, T_AT(refused[i]), "was taken for a path");
		}
	}
}

static void sites(struct t *t)
{
	T_STR(url_site(t->mem, URL("https://www.Example.org:80/x")), "example.org");
	T_TRUE(url_site(t->mem, URL("mailto:a@b.org")).p == NULL);
	T_TRUE(url_site(t->mem, URL("/x")).p == NULL);
}

static void makes(struct t *t)
{
	struct url_out u = url_begin(t->mem, S("/actors"));

	url_seg(&u, S("a/b c\xc3\xa9"));
	url_seg_i64(&u, -7);
	url_param(&u, S("q"), S("x&y=1+2"));
	url_param(&u, S("no"), STR_NONE);
	url_param_i64(&u, S("page"), 2);
	url_fragment(&u, S("top here"));
	T_STR(url_end(&u).s, "/actors/a%2Fb%20c%C3%A9/-7?q=x%26y%3D1%2B2&page=2#top%20here");
	u = url_begin(t->mem, S("/"));
	url_seg(&u, S("x"));
	T_STR(url_end(&u).s, "/x");
	for (int i = 0; i < 1000; i++) {
		url_seg(&u, S("long"));
	}
	T_STR(url_end(&u).s, "/");
}

static void queries(struct t *t)
{
	struct query q;
	struct buf b = buf_make(t->mem, KIB(4));

	T_OK(query_parse(t->mem, S("a=1&b=x+y%26&&c&a=2&d=e=f"), &q));
	T_EQ(q.n, 5);
	T_STR(query_get(&q, S("a")), "1");
	T_STR(query_get(&q, S("b")), "x y&");
	T_STR(query_get(&q, S("c")), "");
	T_STR(query_get(&q, S("d")), "e=f");
	T_TRUE(query_get(&q, S("x")).p == NULL);
	T_OK(query_parse(t->mem, STR_NONE, &q));
	T_EQ(q.n, 0);
	T_ERR(E_INVALID, query_parse(t->mem, S("a=%"), &q));
	T_ERR(E_INVALID, query_parse(t->mem, S("a=%0"), &q));
	T_ERR(E_INVALID, query_parse(t->mem, S("a=%zz"), &q));
	T_ERR(E_INVALID, query_parse(t->mem, S("a=%00"), &q));
	T_ERR(E_INVALID, query_parse(t->mem, S("a=%ff"), &q));
	T_ERR(E_INVALID, query_parse(t->mem, S("a=\xc3"), &q));
	for (int i = 0; i <= LIMIT_QUERY_PAIRS; i++) {
		buf_put(&b, S("a=1&"));
	}
	T_ERR(E_LIMIT, query_parse(t->mem, buf_str(&b), &q));
}

static void webcal(struct t *t)
{
	struct url path = {S("/api/v1/events.ics?theme=housing")}, other = {S("https://other.example/a.ics")};

	T_STR(url_webcal(t->mem, S("https://site.example"), path).s, "webcal://site.example/api/v1/events.ics?theme=housing");
	T_EQ(url_webcal(t->mem, S("https://site.example"), other).s, other.s);
	T_EQ(url_webcal(t->mem, S(""), path).s, path.s);
}

static const struct t_case cases[] = {
	{"calendars are subscribed to at an address of their own", webcal, 0},
	{"addresses from outside are checked and brought to one form", parses, 0},
	{"return addresses stay on the site", locals, 0},
	{"hosts are compared as sites", sites, 0},
	{"our own addresses are encoded", makes, 0},
	{"queries are decoded strictly", queries, 0},
};
T_SUITE(url, cases)
