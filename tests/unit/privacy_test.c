/*
 * Every address of the route table, in every form, asked for as everybody: what is private is nowhere but where those who work
 * on it need it. Routes of rooms to come are walked by themselves; a place where a secret may stand is named here, with whom
 * it is for.
 */
#include "thing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/account.h"
#include "core/proposal.h"
#include "core/setting.h"
#include "db/db.h"
#include "http/server.h"
#include "web/route.h"
#include "web/web.h"

/* Whose a secret is: from this role on, and only in rooms of work. */
struct private_words {
	const char *words;
	enum role from;
	bool members; /* from that role on it may stand on pages too, but never in files and programs' answers */
};

static const struct private_words secrets[] = {
	{"cache-1@example.org",      ROLE_EDITOR,      false}, /* a hidden contact */
	{"536490001",                ROLE_CONTRIBUTOR, true }, /* for members only */
	{"rue Secrete",              ROLE_EDITOR,      false}, /* a place known by its commune */
	{"44.73123",                 ROLE_EDITOR,      false},
	{"5.02198",                  ROLE_EDITOR,      false},
	{"prive-2@example.org",      ROLE_EDITOR,      false}, /* the contact of a practice */
	{"prive-3@example.org",      ROLE_EDITOR,      false}, /* of an event */
	{"Brouillonnet",             ROLE_EDITOR,      false}, /* proposed, not decided */
	{"Effacetou",                ROLE_EDITOR,      false}, /* removed */
	{"Suggestionnette",          ROLE_EDITOR,      false}, /* a change that waits */
	{"proposante-4@example.org", ROLE_MODERATOR,   false}, /* who proposed */
	{"Zebulonne",                ROLE_MODERATOR,   false},
	{"compte-admin@example.org", ROLE_ADMIN,       false}, /* an account's */
};

/* Rooms of work: the pages of those who decide and edit. Everything else shows everybody the same. */
static bool of_work(struct str path)
{
	static const char *const parts[] = {"/edit", "/history", "/admin", "/desk", "/account", "/queue", "/plan", "/registrations"};

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (str_find(path, str_of(parts[i])) >= 0) {
			return true;
		}
	}
	return false;
}

static bool of_programs(struct str path)
{
	static const char *const parts[] = {"/api/", "/embed", "/oembed", "/sitemap", "/map/data", "/suggest", ".json", ".csv", ".ics", ".rss",
					    ".atom", ".geojson", ".jsonld"};

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (str_find(path, str_of(parts[i])) >= 0) {
			return true;
		}
	}
	return false;
}

/* The page of one thing, which moderators see whole. */
static bool of_one(struct str path)
{
	return str_find(path, S("/directory/")) >= 0 || str_find(path, S("/practices/")) >= 0 || str_find(path, S("/agenda/")) >= 0;
}

static bool may_stand(const struct private_words *s, enum role role, struct str path, struct str query)
{
	if (str_starts(query, S("q=")) && str_eq(str_sub(query, 2, query.n), str_of(s->words))) {
		return true; /* who asks for the words sees them in the box */
	}
	return role >= s->from && !of_programs(path) && (s->members || of_work(path) || (role >= ROLE_MODERATOR && of_one(path)));
}

struct walk {
	struct t *t;
	struct http_server *s;
	struct str sessions[ROLE_ADMIN + 1], tokens[ROLE_ADMIN + 1];
	struct mem *mem; /* of one answer */
	size_t asked, said_yes;
};

static struct str ask(struct walk *w, struct str target, struct str header)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_server_port(w->s))};
	struct timeval limit = {.tv_sec = 20};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct buf b = buf_make(w->mem, MIB(16));
	char piece[16384];
	ssize_t k;

	buf_fmt(&b, "GET %.*s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%.*s\r\n", STR_ARG(target), STR_ARG(header));
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 || write(fd, b.p, b.n) != (ssize_t)b.n) {
		t_fail(w->t, T_AT("ask"), "no connection for %.*s", STR_ARG(target));
	}
	b.n = 0;
	while ((k = read(fd, piece, sizeof(piece))) > 0) {
		buf_put(&b, (struct str){piece, (size_t)k});
	}
	close(fd);
	return buf_str(&b);
}

static void look(struct walk *w, struct str path, struct str query, enum role role, bool by_token)
{
	struct str header = STR_NONE, target, got;

	mem_reset(w->mem);
	if (role) {
		header = by_token ? str_fmt(w->mem, "Authorization: Bearer %.*s\r\n", STR_ARG(w->tokens[role]))
				  : str_fmt(w->mem, "Cookie: s=%.*s\r\n", STR_ARG(w->sessions[role]));
	}
	target = query.n ? str_fmt(w->mem, "%.*s?%.*s", STR_ARG(path), STR_ARG(query)) : path;
	got = ask(w, target, header.p ? header : S(""));
	w->asked++;
	w->said_yes += str_starts(got, S("HTTP/1.1 200"));
	if (!str_starts(got, S("HTTP/1.1 ")) || str_starts(got, S("HTTP/1.1 500"))) {
		t_fail(w->t, T_AT("answer"), "%.*s as %d: %.*s", STR_ARG(target), (int)role, STR_ARG(str_sub(got, 0, 60)));
	}
	for (size_t i = 0; i < COUNT(secrets); i++) {
		ptrdiff_t at = str_find(got, str_of(secrets[i].words));

		if (at >= 0 && !may_stand(&secrets[i], by_token ? ROLE_VISITOR : role, path, query)) {
			t_fail(w->t, T_AT("secret"), "%s in %.*s as %d%s: …%.*s…", secrets[i].words, STR_ARG(target), (int)role, by_token ? " by token" : "",
			       STR_ARG(str_sub(got, at > 60 ? (size_t)at - 60 : 0, 120)));
		}
	}
	/* What is hidden is not found by it either; some addresses know no words and give all they have. */
	if (str_starts(query, S("q=")) && !str_eq(query, S("q=ensemble")) && (role == ROLE_VISITOR || by_token) &&
	    str_find(got, S("tous-ensemble")) >= 0 &&
	    str_find(ask(w, str_fmt(w->mem, "%.*s?q=zzqqxx", STR_ARG(path)), S("")), S("tous-ensemble")) < 0) {
		t_fail(w->t, T_AT("found"), "by what is hidden: %.*s", STR_ARG(target));
	}
	for (enum role r = ROLE_CONTRIBUTOR; r <= ROLE_ADMIN; r++) {
		if (str_find(got, w->sessions[r]) >= 0 || str_find(got, w->tokens[r]) >= 0) {
			t_fail(w->t, T_AT("secret"), "a session or token in %.*s", STR_ARG(target));
		}
	}
}

/* The same address in every form and for everybody. */
static void look_as_all(struct walk *w, struct str path, unsigned flags, bool plain)
{
	static const char *const suffixes[] = {"", ".json", ".geojson", ".csv", ".ics", ".rss", ".atom", ".jsonld", ".umap", ".xml", ".svg", ".pdf"};
	static const char *const queries[] = {"", "limit=500&full=1&updated_since=2000-01-01", "q=ensemble", "q=Brouillonnet",
					      "q=cache-1@example.org", "q=536490001", "q=Secrete", "bbox=4,44,6,46&zoom=12&layers=actors,practices",
					      "url=http%3A%2F%2F127.0.0.1%3A8080%2Ffr%2Fdirectory%2Ftous-ensemble&format=json",
					      "slug=tous-ensemble&id=1&a=1&b=2"};

	for (size_t s = 0; s < (flags & ROUTE_SUFFIX ? COUNT(suffixes) : 1); s++) {
		struct str whole = str_fmt(w->t->mem, "%.*s%s", STR_ARG(path), suffixes[s]);

		for (size_t k = 0; k < (!plain ? 1 : s ? 2 : COUNT(queries)); k++) {
			for (enum role r = ROLE_VISITOR; r <= ROLE_ADMIN; r++) {
				if (k == 0 || r == ROLE_VISITOR || r == ROLE_CONTRIBUTOR || r == ROLE_ADMIN) {
					look(w, whole, str_of(queries[k]), r, false);
				}
			}
			if (str_starts(path, S("/api"))) {
				look(w, whole, str_of(queries[k]), ROLE_ADMIN, true);
			}
		}
	}
}

/* What may stand in a segment of an address, by the name of its parameter. */
static const char *const *candidates(struct str name)
{
	static const char *const slugs[] = {"tous-ensemble", "brouillonnet", "effacetou", "carte-de-ville", "fete-du-quartier", "about", NULL};
	static const char *const ids[] = {"1", "2", "3", "4", "5", NULL};
	static const char *const kinds[] = {"actors", "practices", "resources", "territories", "events", "programmes", NULL};
	static const char *const codes[] = {"26108", "FR-26", "fr", NULL}, *const versions[] = {"1", "2", "3", NULL};
	static const char *const parts[] = {"1", "site", "safety", NULL}, *const sets[] = {"home", "pages", NULL}, *const others[] = {"1", NULL};

	return str_eq(name, S("slug"))                                   ? slugs
	       : str_eq(name, S("id"))                                   ? ids
	       : str_eq(name, S("kind"))                                 ? kinds
	       : str_eq(name, S("code"))                                 ? codes
	       : str_eq(name, S("version"))                              ? versions
	       : str_eq(name, S("part"))                                 ? parts
	       : str_eq(name, S("set"))                                  ? sets
									 : others;
}

static void walk_route(struct walk *w, const struct route_compiled *c, size_t at, struct str path)
{
	if (at == c->n_seg) {
		bool plain = true;

		for (size_t i = 0; i < c->n_seg; i++) {
			plain = plain && (c->seg[i].kind == SEG_LITERAL || str_eq(c->seg[i].text, S("kind")));
		}
		look_as_all(w, path.n ? path : S("/"), c->route->flags, plain);
		return;
	}
	if (c->seg[at].kind == SEG_LITERAL) {
		walk_route(w, c, at + 1, str_fmt(w->t->mem, "%.*s/%.*s", STR_ARG(path), STR_ARG(c->seg[at].text)));
		return;
	}
	for (const char *const *word = candidates(c->seg[at].text); *word; word++) {
		walk_route(w, c, at + 1, str_fmt(w->t->mem, "%.*s/%s", STR_ARG(path), *word));
	}
}

static int64_t put(struct t *t, const char *kind, enum status st, const char *json)
{
	struct object ob = {.entity = entity_find(str_of(kind)), .status = st, .lang = S("fr")};

	if (!ob.entity) {
		t_fail(t, T_AT("kind"), "no %s", kind);
		return 0;
	}
	ob.doc = thing_doc(t, ob.entity, json);
	(void)t_eq_err(t, T_AT(json), OK, object_save(t->db, t->mem, &ob, &thing_act, NULL));
	if (st == ST_PUBLISHED) {
		(void)t_eq_err(t, T_AT("again"), OK, object_set_status(t->db, t->mem, ob.id, st, &thing_act));
	}
	return ob.id;
}

static void propose(struct t *t, enum proposal_type type, int64_t id, const char *changes)
{
	struct json *j = mem_new(t->mem, struct json);
	struct proposal p = {.type = type, .entity = entity_find(S("actor")), .object_id = id, .base_version = 1, .mail = S("proposante-4@example.org"),
			     .name = S("Zebulonne"), .lang = S("fr"), .territory = S("26108")};
	struct str token;

	(void)t_eq_err(t, T_AT(changes), OK, json_parse(t->mem, str_of(changes), j, NULL));
	p.changes = j;
	(void)t_eq_err(t, T_AT("proposal"), OK, proposal_create(t->db, t->mem, &p, time_now(), &token));
}

static void fill(struct t *t)
{
	int64_t seen, draft, gone;

	T_OK(db_begin(t->db, DB_WRITE));
	seen = put(t, "actor", ST_PUBLISHED,
		   "{\"name\":\"Tous ensemble\",\"kind\":\"association\",\"summary\":\"Un lieu\",\"territory\":\"26108\",\"themes\":[\"emergency\"],"
		   "\"places\":[{\"label\":\"Cachette\",\"address\":\"12 rue Secrete\",\"town\":\"Crest\",\"postal_code\":\"26400\",\"lat\":44.731234,"
		   "\"lon\":5.021987,\"precision\":\"commune\"}],\"contacts\":[{\"type\":\"mail\",\"value\":\"public@example.org\"},"
		   "{\"type\":\"phone\",\"value\":\"+33536490001\",\"visibility\":\"members\"},"
		   "{\"type\":\"mail\",\"value\":\"cache-1@example.org\",\"visibility\":\"hidden\"}]}");
	draft = put(t, "actor", ST_PROPOSED, "{\"name\":\"Brouillonnet\",\"kind\":\"collective\",\"territory\":\"26108\",\"summary\":\"Brouillonnet ici\"}");
	gone = put(t, "actor", ST_PUBLISHED, "{\"name\":\"Effacetou\",\"kind\":\"collective\",\"territory\":\"26108\",\"summary\":\"Effacetou ici\"}");
	T_OK(object_set_status(t->db, t->mem, gone, ST_REMOVED, &thing_act));
	(void)put(t, "practice", ST_PUBLISHED, "{\"title\":\"Carte de ville\",\"territory\":\"26108\",\"contact\":\"prive-2@example.org\"}");
	(void)put(t, "event", ST_PUBLISHED,
		  "{\"title\":\"Fête du quartier\",\"start\":\"2026-01-10T18:00\",\"territory\":\"26108\",\"contact\":\"prive-3@example.org\"}");
	propose(t, PROP_NEW, draft, "{}");
	propose(t, PROP_CHANGE, seen, "{\"summary\":\"Suggestionnette\"}");
	T_OK(db_commit(t->db));
}

static void make_accounts(struct walk *w)
{
	static const char *const names[] = {"", "contributor", "editor", "moderator", "admin"};
	struct t *t = w->t;

	T_OK(db_begin(t->db, DB_WRITE));
	for (enum role r = ROLE_CONTRIBUTOR; r <= ROLE_ADMIN; r++) {
		struct str mail = str_fmt(t->mem, "compte-%s@example.org", names[r]);
		int64_t id = 0;

		T_OK(account_create(t->db, t->mem, site_now(), mail, str_of(names[r]), S("fr"), r, time_now(), &id));
		T_OK(session_start(t->db, t->mem, site_now(), id, S("test"), true, time_now(), &w->sessions[r]));
		T_OK(account_token_make(t->db, t->mem, site_now(), id, S("test"), time_now(), &w->tokens[r]));
	}
	T_OK(db_commit(t->db));
}

static void everything_as_everybody(struct t *t)
{
	struct web_config cfg = {.cache_bytes = MIB(4), .db = str_of(t->db_url)};
	struct http_config http = {.listen = S("127.0.0.1:0"), .workers = 2, .tmp_dir = S("/tmp"), .per_address_max = 100};
	struct walk w = {.t = t, .mem = mem_open()};
	struct route_table table;
	struct http_app app;
	struct web *web;

	signal(SIGPIPE, SIG_IGN);
	session_install();
	T_OK(site_load(t->db));
	thing_start(t);
	T_OK(web_open(&cfg, &web));
	app = web_app(web);
	fill(t);
	make_accounts(&w);
	T_OK(http_server_open(&http, &app, &w.s));
	T_OK(route_compile(t->mem, modules, modules_n, &table));
	for (size_t i = 0; i < table.n && t->failed < 40; i++) {
		if (table.r[i].route->method == GET) {
			walk_route(&w, &table.r[i], 0, table.r[i].route->flags & ROUTE_NO_LANG ? S("") : S("/fr"));
		}
	}
	http_server_close(w.s, 2000);
	web_close(web);
	T_TRUE(w.asked > 2000);
	T_TRUE(w.said_yes > 500);
	for (size_t i = 0; i < COUNT(secrets); i++) {
		if (t_logged(t, secrets[i].words)) {
			t_fail(t, T_AT("log"), "%s in the log", secrets[i].words);
		}
	}
	mem_close(w.mem);
}

static const struct t_case cases[] = {
	{"every address, in every form, as everybody", everything_as_everybody, T_DB | T_SCHEMA},
};
T_SUITE(privacy, cases)
