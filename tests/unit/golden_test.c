/*
 * Runs tests/http/FOLDER/NAME.http: requests to the dispatcher, in process, each file on a fresh database of each engine.
 *
 *	# A visitor is sent to sign in.            a remark
 *	given: actor "tous-migrants"               a fixture that a room's test registers (golden.h)
 *	sql: INSERT INTO …                         or a statement, for what has no fixture
 *	GET /fr/account                            a request; headers follow it
 *	Accept-Language: fr
 *	as: moderator                              signed in: contributor, editor, moderator, admin
 *	as: token editor                           with a bearer token of such an account
 *	as: uncoded admin                          signed in, the one-time code not given yet
 *	form: name=Caf%C3%A9&lang=fr               the body, with the form token added; "body:" for others, "type:" with it
 *	--> 303                                    the status, then what must hold
 *	header: Location: /fr/account/sign-in
 *	has: text of the body                      "no:" for what must not be there
 *	budget: sql 3, arena 64k                   statements run and memory used at most
 *	mail: amina@example.org                    what the last mail queued has: address, subject or text; "mail: none"
 *	GET {link}                                 the last address in that mail, without site
 *	after: 400 days                            moves the clock
 *	job: desk-upkeep                           runs a kind of job; what follows its name is its payload
 *	setting: raid true                         sets a setting, as JSON
 */
#include "golden.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/account.h"
#include "core/mail.h"
#include "core/setting.h"
#include "core/setting.h"
#include "crypt/crypt.h"
#include "db/db.h"
#include "job/job.h"
#include "t_db.h"
#include "thing.h"
#include "web/site.h"
#include "web/web.h"

static struct golden_given *givens;

void golden_register(struct golden_given *g)
{
	g->next = givens;
	givens = g;
}

struct play {
	struct t *t;
	struct web *web;
	const char *file;
	int line;
	/* the request that is being read */
	struct http_request rq;
	struct str form, body, type;
	enum role role;
	bool by_token, uncoded;
	bool open;
	/* its answer */
	struct http_response rs;
	bool answered;
	uint64_t sql;
	size_t arena;
	int64_t accounts[5];
};

static void complain(struct play *p, const char *what, struct str detail)
{
	t_fail(p->t, ((struct t_at){p->file, p->line, "golden"}), "%s %.*s", what, STR_ARG(detail));
}

/* A session of an account with that role, made on first use. */
static struct str sign_in(struct play *p, enum role role)
{
	static const char *const names[] = {"", "contributor", "editor", "moderator", "admin"};
	struct t *t = p->t;
	struct str mail = str_fmt(t->mem, "%s@example.org", names[role]), token = STR_NONE;

	if (db_begin(t->db, DB_WRITE) != OK) {
		return STR_NONE;
	}
	if (!p->accounts[role] && account_create(t->db, t->mem, site_now(), mail, str_of(names[role]), S("fr"), role,
						 time_now(), &p->accounts[role]) != OK) {
		complain(p, "no account for", mail);
	}
	if (p->by_token) {
		if (account_token_make(t->db, t->mem, site_now(), p->accounts[role], S("test"), time_now(), &token) != OK) {
			complain(p, "no token for", mail);
		}
	} else if (session_start(t->db, t->mem, site_now(), p->accounts[role], S("test"), !p->uncoded, time_now(), &token) != OK) {
		complain(p, "no session for", mail);
	}
	if (db_commit(t->db) != OK) {
		complain(p, "not committed:", mail);
	}
	return token;
}

static struct str csrf_for(struct play *p, struct str session)
{
	struct crypt_key key;
	struct mem *m = p->t->mem;

	crypt_key_derive(&site_now()->key, "csrf", &key);
	return crypt_keyed_hash(m, &key,
				session.p ? str_fmt(m, "session %.*s", STR_ARG(session))
					  : str_fmt(m, "visitor %lld", (long long)(time_now() / TIME_DAY)),
				16);
}

static void add_header(struct play *p, struct str name, struct str value)
{
	if (p->rq.n_headers < HTTP_HEADERS_MAX) {
		p->rq.headers[p->rq.n_headers++] = (struct http_header){name, value};
	}
}

static void begin(struct play *p, struct str method, struct str target)
{
	static const struct {
		const char *name;
		enum http_method m;
	} methods[] = {
		{"GET",     HTTP_GET    },
                {"HEAD",    HTTP_HEAD   },
                {"POST",    HTTP_POST   },
                {"PUT",     HTTP_PUT    },
		{"PATCH",   HTTP_PATCH  },
                {"DELETE",  HTTP_DELETE },
                {"OPTIONS", HTTP_OPTIONS}
        };

	p->rq = (struct http_request){.mem = p->t->mem,
				      .target = target,
				      .host = S("127.0.0.1:8080"),
				      .loopback = true};
	p->rq.client = (struct http_addr){
		.ip = {[10] = 0xff, 0xff, 127, 0, 0, 1},
                  .known = true
        };
	for (size_t i = 0; i < COUNT(methods); i++) {
		if (str_eq(method, str_of(methods[i].name))) {
			p->rq.method = methods[i].m;
		}
	}
	if (http_target_parse(p->t->mem, target, &p->rq.path, &p->rq.query) != OK) {
		complain(p, "not a target:", target);
	}
	p->form = p->body = p->type = STR_NONE;
	p->role = ROLE_VISITOR;
	p->by_token = p->uncoded = false;
	p->open = true;
	p->answered = false;
}

static void send_request(struct play *p)
{
	struct t *t = p->t;
	struct str session = p->role ? sign_in(p, p->role) : STR_NONE;
	struct mem *m = mem_open();
	uint64_t before;

	if (session.p && p->by_token) {
		add_header(p, S("Authorization"), str_fmt(t->mem, "Bearer %.*s", STR_ARG(session)));
	} else if (session.p) {
		add_header(p, S("Cookie"), str_fmt(t->mem, "s=%.*s", STR_ARG(session)));
	}
	if (p->form.p) {
		p->rq.body = str_fmt(t->mem, "%.*s%s_csrf=%.*s", STR_ARG(p->form), p->form.n ? "&" : "",
				     STR_ARG(csrf_for(p, session)));
		add_header(p, S("Content-Type"), S("application/x-www-form-urlencoded"));
		if (http_pairs_parse(t->mem, p->rq.body, &p->rq.parts, &p->rq.n_parts) != OK) {
			complain(p, "not a form:", p->form);
		}
	} else if (p->body.p) {
		p->rq.body = p->body;
		add_header(p, S("Content-Type"), p->type.p ? p->type : S("application/json"));
	}
	before = db_ran(t->db);
	web_handle(p->web, t->db, &p->rq, m, &p->rs);
	p->sql = db_ran(t->db) - before;
	p->arena = mem_used(m);
	/* What the checks look at outlives the request's arena. */
	if (p->rs.kind == HTTP_BODY_READY) {
		p->rs.body = str_dup(t->mem, http_ready_body(p->rs.ready));
		p->rs.status = 200;
		http_ready_drop(p->rs.ready);
		p->rs.n_headers = 0;
		p->rs.kind = HTTP_BODY_NONE;
	} else {
		p->rs.body = str_dup(t->mem, p->rs.body);
	}
	for (size_t i = 0; i < p->rs.n_headers; i++) {
		p->rs.headers[i].value = str_dup(t->mem, p->rs.headers[i].value);
	}
	p->rs.etag = str_dup(t->mem, p->rs.etag);
	mem_close(m);
	p->answered = true;
	p->open = false;
}

static void check_status(struct play *p, struct str rest)
{
	int64_t want = 0;

	if (!p->open) {
		complain(p, "no request before", rest);
		return;
	}
	send_request(p);
	if (!str_to_i64(str_trim(rest), &want) || p->rs.status != want) {
		complain(p, "status",
			 str_fmt(p->t->mem, "%d instead of %.*s\n%.*s", p->rs.status, STR_ARG(rest),
				 STR_ARG(str_sub(p->rs.body, 0, 3000))));
	}
}

static void check_header(struct play *p, struct str rest)
{
	struct str name = str_cut(&rest, ':');

	rest = str_trim(rest);
	if (str_eq(name, S("ETag")) && str_find(p->rs.etag, rest) >= 0) {
		return;
	}
	for (size_t i = 0; i < p->rs.n_headers; i++) {
		if (str_ieq(p->rs.headers[i].name, name) && str_find(p->rs.headers[i].value, rest) >= 0) {
			return;
		}
	}
	complain(p, "header",
		 str_fmt(p->t->mem, "%.*s is %.*s", STR_ARG(name), STR_ARG(http_get(&p->rs, str_c(p->t->mem, name)))));
}

/* "sql 3, arena 64k" */
static void check_budget(struct play *p, struct str rest)
{
	while (rest.p) {
		struct str n = str_trim(str_cut(&rest, ','));
		struct str what = str_cut(&n, ' ');
		int64_t max = 0, scale = 1;

		if (n.n && n.p[n.n - 1] == 'k') {
			n.n--;
			scale = 1024;
		}
		if (!str_to_i64(n, &max)) {
			complain(p, "not a budget:", what);
		} else if (str_eq(what, S("sql")) && (int64_t)p->sql > max) {
			complain(p, "budget:", str_fmt(p->t->mem, "%llu statements", (unsigned long long)p->sql));
		} else if (str_eq(what, S("arena")) && (int64_t)p->arena > max * scale) {
			complain(p, "budget:", str_fmt(p->t->mem, "%zu bytes", p->arena));
		}
	}
}

static void do_given(struct play *p, struct str rest)
{
	struct str name = str_cut(&rest, ' ');

	for (struct golden_given *g = givens; g; g = g->next) {
		if (str_eq(str_of(g->name), name)) {
			g->fn(p->t, rest.p ? str_trim(rest) : S(""));
			return;
		}
	}
	complain(p, "no such fixture:", name);
}

static enum role role_named(struct play *p, struct str s)
{
	enum role r = ROLE_VISITOR;

	if (!str_eq(s, S("visitor")) && !role_of(s, &r)) {
		complain(p, "no such role:", s);
	}
	return r;
}

static bool is_request(struct str line)
{
	static const char *const methods[] = {"GET /", "HEAD /", "POST /", "PUT /", "PATCH /", "DELETE /", "OPTIONS /"};

	for (size_t i = 0; i < COUNT(methods); i++) {
		if (str_starts(line, str_of(methods[i]))) {
			return true;
		}
	}
	return false;
}

/* The last mail queued, as one text. */
static struct str last_mail(struct play *p)
{
	struct t *t = p->t;
	struct mail_item *mails;
	size_t n = 0;

	if (db_begin(t->db, DB_READ) != OK) {
		return S("");
	}
	enum err e = mail_list(t->db, t->mem, site_now(), 0, &mails, &n);
	db_rollback(t->db);
	return e == OK && n ? str_fmt(t->mem, "%.*s\n%.*s\n%.*s", STR_ARG(mails[0].to), STR_ARG(mails[0].subject), STR_ARG(mails[0].body))
			    : S("");
}

static void check_mail(struct play *p, struct str rest)
{
	struct str mail = last_mail(p);

	if (str_eq(rest, S("none")) ? mail.n > 0 : str_find(mail, rest) < 0) {
		complain(p, "mail:", str_fmt(p->t->mem, "%.*s is not in:\n%.*s", STR_ARG(rest), STR_ARG(mail)));
	}
}

/* "{link}" becomes the path of the last address in the last mail. */
static struct str with_link(struct play *p, struct str line)
{
	ptrdiff_t at = str_find(line, S("{link}")), next;
	struct str rest, link;

	if (at < 0) {
		return line;
	}
	rest = last_mail(p);
	link = S("/no-link");
	while ((next = str_find(rest, S("://"))) >= 0) {
		rest = str_sub(rest, (size_t)next + 3, rest.n);
		ptrdiff_t slash = str_chr(rest, '/');
		rest = slash < 0 ? S("") : str_sub(rest, (size_t)slash, rest.n);
		size_t n = 0;
		while (n < rest.n && rest.p[n] != '\n' && rest.p[n] != ' ') {
			n++;
		}
		link = str_sub(rest, 0, n);
	}
	return str_fmt(p->t->mem, "%.*s%.*s%.*s", STR_ARG(str_sub(line, 0, (size_t)at)), STR_ARG(link),
		       STR_ARG(str_sub(line, (size_t)at + 6, line.n)));
}

static void move_clock(struct play *p, struct str rest)
{
	int64_t n = 0;
	struct str count = str_cut(&rest, ' ');

	if (!str_to_i64(count, &n) || !str_eq(rest, S("days"))) {
		complain(p, "not a time:", count);
	}
	time_set(time_now() + n * TIME_DAY);
}

static void run_job(struct play *p, struct str name)
{
	struct job_ctx ctx = {.db = p->t->db, .mem = p->t->mem, .site = site_now(), .now = time_now()};
	struct str payload = name;
	name = str_cut(&payload, ' ');
	struct job job = {.kind = name, .payload = payload.p ? payload : S(""), .attempts = 1};

	for (size_t i = 0; i < modules_n; i++) {
		for (size_t k = 0; k < modules[i]->n_jobs; k++) {
			if (str_eq(name, str_of(modules[i]->jobs[k].name))) {
				if (modules[i]->jobs[k].run(&ctx, &job) != OK) {
					complain(p, "failed:", name);
				}
				web_data_changed(); /* as the server's look every second does */
				return;
			}
		}
	}
	complain(p, "no such job:", name);
}

static void set_setting(struct play *p, struct str rest)
{
	struct t *t = p->t;
	struct str name = str_cut(&rest, ' ');
	struct json *value = mem_new(t->mem, struct json);
	const char *why = "";

	if (json_parse(t->mem, rest, value, NULL) != OK || db_begin(t->db, DB_WRITE) != OK ||
	    setting_put(t->db, t->mem, name, value, 0, time_now(), &why) != OK || db_commit(t->db) != OK || site_load(t->db) != OK) {
		complain(p, "setting:", name);
	}
	web_data_changed();
}

static void play_line(struct play *p, struct str line)
{
	line = with_link(p, line);
	struct str rest = line, key;

	if (line.n == 0 || line.p[0] == '#') {
		return;
	}
	if (is_request(line)) {
		struct str method = str_cut(&rest, ' ');

		begin(p, method, str_trim(rest));
		return;
	}
	if (str_starts(line, S("-->"))) {
		check_status(p, str_sub(line, 3, line.n));
		return;
	}
	key = str_cut(&rest, ':');
	rest = rest.p ? str_trim(rest) : S("");
	if (str_eq(key, S("given"))) {
		do_given(p, rest);
	} else if (str_eq(key, S("sql"))) {
		if (db_script(p->t->db, str_c(p->t->mem, rest)) != OK) {
			complain(p, "sql:", str_of(db_message(p->t->db)));
		}
	} else if (!p->open && str_eq(key, S("mail"))) {
		check_mail(p, rest);
	} else if (!p->open && str_eq(key, S("after"))) {
		move_clock(p, rest);
	} else if (!p->open && str_eq(key, S("setting"))) {
		set_setting(p, rest);
	} else if (!p->open && str_eq(key, S("job"))) {
		run_job(p, rest);
	} else if (p->open && str_eq(key, S("as"))) {
		p->by_token = str_starts(rest, S("token "));
		p->uncoded = str_starts(rest, S("uncoded "));
		p->role = role_named(p, p->by_token ? str_trim(str_sub(rest, 6, rest.n))
				  : p->uncoded ? str_trim(str_sub(rest, 8, rest.n)) : rest);
	} else if (p->open && str_eq(key, S("form"))) {
		p->form = rest;
	} else if (p->open && str_eq(key, S("body"))) {
		p->body = rest;
	} else if (p->open && str_eq(key, S("type"))) {
		p->type = rest;
	} else if (p->open) {
		add_header(p, key, rest);
	} else if (p->answered && str_eq(key, S("header"))) {
		check_header(p, rest);
	} else if (p->answered && str_eq(key, S("has"))) {
		if (str_find(p->rs.body, rest) < 0) {
			complain(p, "not in the body:", rest);
		}
	} else if (p->answered && str_eq(key, S("no"))) {
		if (str_find(p->rs.body, rest) >= 0) {
			complain(p, "in the body:", rest);
		}
	} else if (p->answered && str_eq(key, S("budget"))) {
		check_budget(p, rest);
	} else {
		complain(p, "not understood:", line);
	}
}

static void play_file(struct t *t, struct web *web, const char *path)
{
	struct play p = {.t = t, .web = web, .file = path};
	struct str text = t_read(t, path);
	int64_t now = time_now();

	web_data_changed();
	while (text.p) {
		p.line++;
		play_line(&p, str_trim(str_cut(&text, '\n')));
	}
	if (p.open) {
		complain(&p, "a request without -->", p.rq.target);
	}
	time_set(now);
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* The entries of a folder, sorted. */
static size_t list_dir(struct mem *m, const char *dir, const char **out, size_t max)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	while (d && n < max && (e = readdir(d)) != NULL) {
		if (e->d_name[0] != '.') {
			out[n++] = str_c(m, str_fmt(m, "%s/%s", dir, e->d_name));
		}
	}
	if (d) {
		closedir(d);
	}
	qsort(out, n, sizeof(*out), by_name);
	return n;
}

static void golden(struct t *t)
{
	struct web_config cfg = {.cache_bytes = MIB(1)};
	const char *dirs[64], *files[256];
	size_t n_dirs = list_dir(t->mem, "tests/http", dirs, COUNT(dirs)), played = 0;
	struct web *web;

	session_install();
	for (size_t i = 0; i < n_dirs; i++) {
		size_t n = list_dir(t->mem, dirs[i], files, COUNT(files));

		for (size_t k = 0; k < n; k++) {
			if (!str_ends(str_of(files[k]), S(".http"))) {
				continue;
			}
			/* A fresh database for each file. */
			t_db_close(t);
			if (!t_db_open(t) || !t_db_migrate(t)) {
				return;
			}
			T_OK(site_load(t->db)); /* no settings of the file before */
			thing_start(t); /* the atlas and what entities ask of the world */
			cfg.db = str_of(t->db_url);
			T_OK(web_open(&cfg, &web));
			play_file(t, web, files[k]);
			web_close(web);
			played++;
		}
	}
	T_TRUE(played > 0);
}

static const struct t_case cases[] = {
	{"requests answer as tests/http says", golden, T_DB | T_SCHEMA},
};
T_SUITE(golden, cases)
