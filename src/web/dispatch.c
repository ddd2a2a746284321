/*
 * From a request to an answer: limits, method, language, session, capability, form token and transaction before the
 * handler; commit, error page, headers, cache and log after it. This is the only place that knows the order.
 */
#include <stdlib.h>

#include "cache.h"
#include "dispatch.h"
#include "headers.h"
#include "priv.h"
#include "session_find.h"

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../base/url.h"
#include "../db/db.h"

/* ---- transactions ---- */

static enum err worker_db(struct web_worker *w)
{
	if (w->db && !db_usable(w->db) && !w->borrowed) {
		pthread_mutex_lock(&w->web->lock);
		db_close(w->db);
		w->db = NULL;
		pthread_mutex_unlock(&w->web->lock);
	}
	if (!w->db && w->web->cfg.db.n) {
		struct db_options opt = {.busy_ms = LIMIT_WEB_LOCK_MS, .must_exist = true};
		struct db *db;
		enum err e = db_open(w->web->cfg.db, &opt, &db);

		if (e != OK) {
			return E_BUSY;
		}
		pthread_mutex_lock(&w->web->lock);
		w->db = db;
		pthread_mutex_unlock(&w->web->lock);
	}
	return w->db ? OK : E_BUSY;
}

/* A lock that somebody holds must not take every worker from readers: two of them wait for it a moment only, and once half of
 * them have waited long, who comes later is told at once. */
#define FOR_READERS 2
#define MOMENT_MS 250
#define LOCKED_AFTER_MS 3000 /* longer than a batch of an import takes */

/* How long this worker may wait for the lock: milliseconds, 0 for not at all. */
static int64_t lock_patience(struct web *web)
{
	int64_t now = time_mono() / 1000;
	unsigned n = 0, wait = 0, long_wait = 0;

	pthread_mutex_lock(&web->lock);
	for (const struct web_worker *w = web->workers; w; w = w->next) {
		int64_t since = atomic_load_explicit(&w->waits_since, memory_order_relaxed);

		n++;
		wait += since != 0;
		long_wait += since && now - since >= LOCKED_AFTER_MS;
	}
	pthread_mutex_unlock(&web->lock);
	if (long_wait > 0 && long_wait * 2 >= n) {
		return 0;
	}
	return n > FOR_READERS && wait + FOR_READERS >= n ? MOMENT_MS : LIMIT_WEB_LOCK_MS;
}

static enum err begin_write(struct web_private *p, struct db *db)
{
	struct web_worker *w = p->worker;
	int64_t patience = lock_patience(w->web), now = time_mono() / 1000;
	enum err e;

	p->locked = true; /* not tried again: it has been waited for */
	if (patience == 0) {
		return fail(E_BUSY, "the database is locked, and half of the workers wait for it");
	}
	db_deadline(db, now + patience);
	atomic_store_explicit(&w->waits_since, now, memory_order_relaxed);
	e = db_begin(db, DB_WRITE);
	atomic_store_explicit(&w->waits_since, 0, memory_order_relaxed);
	db_deadline(db, time_mono() / 1000 + LIMIT_WEB_QUERY_MS);
	p->locked = e == E_BUSY && db_engine(db) == DB_SQLITE;
	return e;
}

enum err req_begin(struct req *rq, bool write)
{
	struct web_private *p = rq->priv;

	if (p->in_tx) {
		return p->tx_write || !write
			       ? OK
			       : fail(E_BUG, "%s asked to write inside a reading transaction", rq->route->path);
	}
	TRY(worker_db(p->worker));
	rq->db = p->worker->db;
	db_deadline(rq->db, time_mono() / 1000 + LIMIT_WEB_QUERY_MS);
	TRY(write ? begin_write(p, rq->db) : db_begin(rq->db, DB_READ));
	p->in_tx = true;
	p->tx_write = write;
	return OK;
}

enum err req_end(struct req *rq, enum err e)
{
	struct web_private *p = rq->priv;
	bool wrote;

	if (!p->in_tx) {
		return e;
	}
	p->in_tx = false;
	wrote = db_wrote(rq->db);
	if (e == OK) {
		e = db_commit(rq->db);
	} else {
		db_rollback(rq->db);
	}
	db_deadline(rq->db, 0);
	if (e == OK && wrote && p->public_change) {
		web_data_changed();
	}
	return e;
}

/* ---- who, and may they ---- */

static struct str bearer_of(const struct req *rq)
{
	struct str a = req_header(rq, "Authorization");

	if (a.n > 7 && str_ieq(str_sub(a, 0, 7), S("Bearer "))) {
		return str_trim(str_sub(a, 7, a.n));
	}
	return STR_NONE;
}

static enum err find_who(struct req *rq)
{
	struct web_private *p = rq->priv;
	struct str bearer = bearer_of(rq);

	/* A route that takes posts without our token must not act for a session that another site may use. */
	p->session = (rq->route->flags & ROUTE_NO_CSRF) && rq->method != GET ? STR_NONE : session_cookie_of(rq->http);
	if (bearer.p || p->session.p) {
		p->private_answer = true;
		return session_look_up(rq, p->session, bearer);
	}
	return OK;
}

static enum err may(const struct req *rq)
{
	enum role need = ROLE_VISITOR;

	switch (rq->route->cap) {
	case CAP_MISSING:
		return E_BUG;
	case ANYONE:
		return OK;
	case TOKEN_API:
		return rq->method == GET || rq->who.account ? OK : E_LOGIN;
	case SIGNED_IN:
	case CONTRIBUTE:
		need = ROLE_CONTRIBUTOR;
		break;
	case EDIT:
		need = ROLE_EDITOR;
		break;
	case MODERATE:
		need = ROLE_MODERATOR;
		break;
	case ADMIN:
		need = ROLE_ADMIN;
		break;
	}
	if (!rq->who.account) {
		return E_LOGIN;
	}
	return rq->route->cap == SIGNED_IN || rq->who.role >= need ? OK : E_DENIED;
}

static enum err check_form(struct req *rq)
{
	if (rq->method == GET || rq->method == OPTIONS) {
		return OK;
	}
	if (rq->http->body_err != OK) {
		return rq->http->body_err;
	}
	TRY(values_read_form(rq));
	if ((rq->route->flags & ROUTE_NO_CSRF) || rq->who.by_token) {
		return OK;
	}
	if (!csrf_ok(rq)) {
		return problem(rq, E_DENIED,
			       N_("This form is no longer valid. Open its page again, then send it once more."));
	}
	return OK;
}

/* Proposals of one visitor within an hour: a workshop behind one address may send some. */
#define PROPOSALS_PER_HOUR 30

static enum err check_pace(struct req *rq)
{
	if (!(rq->route->flags & ROUTE_PROPOSE) || rq->method == GET || rq->who.account || rq->priv->paced) {
		return OK;
	}
	rq->priv->paced = true; /* once, however often the handler is tried */
	return req_too_often(rq, "propose", PROPOSALS_PER_HOUR) ? E_LIMIT : OK;
}

/* ---- the handler, once ---- */

static enum err run_once(struct req *rq)
{
	const struct route *r = rq->route;
	bool with_db = !(r->flags & ROUTE_NO_DB) && (rq->priv->worker->db || rq->priv->web->cfg.db.n);
	bool late = (r->flags & ROUTE_LATE) != 0;
	enum err e = OK;

	if (with_db && (!late || bearer_of(rq).p || session_cookie_of(rq->http).p)) {
		TRY(req_begin(rq, rq->method != GET && !late));
		e = find_who(rq);
	}
	if (e == OK) {
		e = may(rq);
	}
	if (e == OK) {
		e = check_pace(rq);
	}
	if (e == OK) {
		e = check_form(rq);
	}
	if (late && rq->priv->in_tx) {
		/* The look-up is over; the handler begins its own when it is ready. */
		e = req_end(rq, e);
	}
	if (e == OK) {
		e = r->fn(rq);
	}
	return req_end(rq, e);
}

static void begin_again(struct req *rq)
{
	struct web_private *p = rq->priv;

	http_response_reset(rq->res);
	rq->res->status = 200;
	rq->who = (struct who){.account = 0};
	p->page = (struct page_info){.title = STR_NONE};
	p->sentence = NULL;
	p->n_fields = 0;
	p->public_change = false;
	p->stream = NULL;
}

static enum err run_route(struct req *rq)
{
	enum err e = values_read_query(rq);

	if ((rq->route->flags & ROUTE_EMBED) && !rq->priv->match->lang) {
		values_forget(rq, "lang"); /* of the frame, not of what it shows */
	}
	if (e == OK && !bearer_of(rq).p && !session_cookie_of(rq->http).p) {
		e = check_pace(rq); /* nobody: refused before it costs a transaction */
	}
	for (int i = 0; e == OK || e == E_BUSY; i++) {
		e = run_once(rq);
		/* A handler has no effect but the database: what was rolled back may run again. */
		if (e != E_BUSY || i + 1 == LIMIT_WEB_TRIES || (rq->route->flags & ROUTE_LATE) || rq->priv->locked) {
			break;
		}
		begin_again(rq);
	}
	return e;
}

/* ---- what is not a handler's ---- */

static void allow_header(struct req *rq, unsigned allowed)
{
	struct buf b = buf_make(rq->mem, 128);

	for (int i = 0; i <= (int)OPTIONS; i++) {
		if ((allowed & (1u << i)) || i == (int)OPTIONS) {
			buf_put(&b, b.n ? S(", ") : S(""));
			buf_put(&b, str_of(method_name((enum method)i)));
			buf_put(&b, i == (int)GET ? S(", HEAD") : S(""));
		}
	}
	http_set(rq->res, "Allow", str_dup(rq->mem, buf_str(&b)));
}

/* OPTIONS on a path that exists, also the question of a browser before an API call from elsewhere. */
static void answer_options(struct req *rq, unsigned allowed)
{
	allow_header(rq, allowed);
	if (str_starts(rq->path, S("/api/"))) {
		http_set(rq->res, "Access-Control-Allow-Origin", S("*"));
		http_set(rq->res, "Access-Control-Allow-Methods", http_get(rq->res, "Allow"));
		http_set(rq->res, "Access-Control-Allow-Headers", S("Authorization, Content-Type, If-Match, If-None-Match"));
		http_set(rq->res, "Access-Control-Max-Age", S("86400"));
	}
	http_bytes(rq->res, 204, NULL, S(""));
}

static void answer_moved(struct req *rq, const struct route_match *match)
{
	struct buf b = buf_make(rq->mem, 2 * LIMIT_HTTP_TARGET + 16);
	struct str rest = str_sub(match->moved, 1, match->moved.n);

	if (!match->moved_for_good) {
		buf_fmt(&b, "/%s", rq->lang);
		http_set(rq->res, "Vary", S("Accept-Language, Cookie"));
		http_set(rq->res, "Cache-Control", S("private, no-cache"));
	}
	do {
		buf_put_c(&b, '/');
		buf_put_pct(&b, str_cut(&rest, '/'));
	} while (rest.p);
	if (rq->http->query.p) {
		buf_put_c(&b, '?');
		buf_put(&b, rq->http->query);
	}
	http_bytes(rq->res, match->moved_for_good ? 301 : rq->method == GET ? 302 : 307, NULL, S(""));
	http_set(rq->res, "Location", str_dup(rq->mem, buf_str(&b)));
}

/* Who has to sign in, or to give the code, is sent there and comes back afterwards. */
static bool send_to(struct req *rq, const char *door)
{
	struct url to;

	if (rq->method != GET || !rq->priv->match->lang || req_header(rq, "Authorization").p ||
	    !route_of_path(&rq->priv->web->routes, str_of(door))) {
		return false;
	}
	to = link_add(rq->mem, link_plain(rq, door), "next", link_lang(rq, rq->lang).s);
	http_response_reset(rq->res);
	http_bytes(rq->res, 303, NULL, S(""));
	http_set(rq->res, "Location", to.s);
	rq->priv->private_answer = true;
	return true;
}

static void answer_error(struct req *rq, enum err e)
{
	int status = 0;

	if (e == E_LOGIN && send_to(rq, "/account/sign-in")) {
		return;
	}
	if (e == E_DENIED && rq->who.code_waits && send_to(rq, "/account/code")) {
		return;
	}
	if (e == E_LIMIT && !rq->priv->too_often) {
		/* What was sent is too large, or the handler says what is; else the disk is full. */
		status = rq->http->body_err == E_LIMIT || rq->priv->sentence ? 413 : rq->method == GET ? 400 : 503;
	}
	if (e == E_CONFLICT && req_header(rq, "If-Match").p) {
		status = 412; /* as was asked */
	}
	problem_answer(rq, e, status);
}

/* ---- the whole ---- */

static void make_req(struct web_worker *w, struct http_request *hrq, struct mem *m, struct http_response *rs,
		     struct req *rq)
{
	static const enum method methods[] = {GET, GET, POST, PUT, PATCH, DELETE, OPTIONS, GET};
	struct web_private *p = mem_new(m, struct web_private);
	struct route_match *match = hrq->note;

	*rq = (struct req){.mem = m, .priv = p, .http = hrq, .res = rs, .now = time_now(), .site = site_now()};
	p->web = w->web;
	p->worker = w;
	p->res = rs;
	rs->mem = m;
	rs->fd = -1;
	rs->status = 200;
	rq->method = methods[hrq->method];
	if (!match) {
		match = mem_new(m, struct route_match);
		route_find(&w->web->routes, rq->method, hrq->path.n ? hrq->path : S("/"), lang_known, m, match);
	}
	p->match = match;
	rq->route = match->kind == MATCH_ROUTE ? match->route : NULL;
	rq->path = match->path.n ? match->path : S("/");
	rq->suffix = match->suffix.p ? match->suffix : S("");
	rq->lang = match->lang;
	if (!rq->lang) {
		struct str query = hrq->query;

		/* Addresses without a language may ask for one: embeds, feeds. */
		rq->lang = lang_choose(hrq, rq->site);
		while (query.p) {
			struct str pair = str_cut(&query, '&');

			if (pair.n == 7 && str_starts(pair, S("lang=")) && lang_known(str_sub(pair, 5, 2))) {
				rq->lang = lang_known(str_sub(pair, 5, 2));
			}
		}
	}
	rq->i18n = lang_catalogue(rq->lang);
	rq->rtl = i18n_rtl(rq->i18n);
}

/* Sends what the cache has; true if it did. */
static bool from_cache(struct req *rq, struct str key)
{
	struct cache *c = rq->priv->web->cache;
	struct http_ready *ready;
	enum cache_found found = cache_find(c, key, rq->http, &ready);

	if (found == CACHE_NO || (found == CACHE_ENCODE && !cache_encode(c, key, rq->http, &ready))) {
		return false;
	}
	http_response_reset(rq->res);
	rq->res->kind = HTTP_BODY_READY;
	rq->res->ready = ready;
	return true;
}

static void answer(struct req *rq)
{
	const struct route_match *match = rq->priv->match;
	enum err e = OK;

	switch (match->kind) {
	case MATCH_NONE:
		e = E_NOTFOUND;
		break;
	case MATCH_METHOD:
		if (rq->method == OPTIONS) {
			answer_options(rq, match->allowed);
		} else {
			allow_header(rq, match->allowed);
			problem_answer(rq, E_INVALID, 405);
		}
		break;
	case MATCH_MOVED:
		answer_moved(rq, match);
		break;
	case MATCH_ROUTE:
		e = run_route(rq);
		break;
	}
	if (e != OK) {
		answer_error(rq, e);
	}
	headers_common(rq);
}

/* Texts that nobody keeps go out compressed too, unless they hold secrets of somebody signed in. */
static void compress_answer(struct req *rq)
{
	struct http_response *rs = rq->res;
	struct str z;

	if (rs->kind != HTTP_BODY_BYTES || rs->body.n < 1400 || rq->who.account || rs->ranges ||
	    http_get(rs, "Content-Encoding").p || !(http_encodings(rq->http) & HTTP_GZIP) ||
	    !cache_is_text(http_get(rs, "Content-Type"))) {
		return;
	}
	z = cache_gzip(rq->mem, rs->body, 3);
	if (z.p) {
		rs->body = z;
		http_set(rs, "Content-Encoding", S("gzip"));
	}
}

static void keep_answer(struct req *rq, struct str key, uint64_t version)
{
	struct http_response *rs = rq->res;
	struct http_ready *ready;

	if (rs->status != 200 || rs->kind != HTTP_BODY_BYTES || rs->n_headers == 0 || rq->priv->private_answer ||
	    rq->who.account || http_get(rs, "Set-Cookie").p || str_eq(http_get(rs, "Cache-Control"), S("no-store"))) {
		return;
	}
	ready = cache_put(rq->priv->web->cache, key, rs, version);
	if (ready) {
		http_ready_drop(ready);
		from_cache(rq, key);
	}
}

static void log_answer(const struct req *rq, int64_t began)
{
	int status = rq->res->kind == HTTP_BODY_READY ? 200 : rq->res->status;
	const char *path = rq->route ? rq->route->path : "-";

	if (status >= 100 && status < 600) {
		atomic_fetch_add_explicit(&rq->priv->web->answers[status / 100], 1, memory_order_relaxed);
	}
	log_info("%s %s %d %lldus", method_name(rq->method), path, status, (long long)(time_mono() - began));
}

/* A frame without a language in its address is kept once a language. */
static bool key_language(const struct req *rq, char *key, size_t *n)
{
	if (rq->priv->match->lang || !(rq->route->flags & ROUTE_EMBED)) {
		return true;
	}
	if (*n + 3 > CACHE_KEY_MAX) {
		return false;
	}
	key[*n] = '\n';
	memcpy(key + *n + 1, rq->lang, 2);
	*n += 3;
	return true;
}

void dispatch(struct web_worker *w, struct http_request *hrq, struct mem *m, struct http_response *rs)
{
	int64_t began = time_mono();
	struct req *rq = mem_new(m, struct req);
	char key_text[CACHE_KEY_MAX];
	struct str key = {key_text, 0};
	uint64_t version = web_data_version();
	bool keep, mine = false;

	make_req(w, hrq, m, rs, rq);
	keep = rq->route && (rq->route->flags & ROUTE_CACHE) && cache_key(hrq, key_text, &key.n) && key_language(rq, key_text, &key.n);
	if (keep && !from_cache(rq, key)) {
		mine = cache_fill_begin(w->web->cache, key);
		keep = mine || !from_cache(rq, key);
	} else if (keep) {
		keep = false;
	}
	if (rs->kind != HTTP_BODY_READY) {
		answer(rq);
		if (keep) {
			keep_answer(rq, key, version);
		}
		compress_answer(rq);
	}
	if (mine) {
		cache_fill_end(w->web->cache, key);
	}
	log_answer(rq, began);
}

void dispatch_refusal(struct web *web, const struct http_request *hrq, struct http_response *rs)
{
	struct web_worker nobody = {.web = web};
	struct http_request copy = *hrq;
	struct req *rq = mem_new(hrq->mem, struct req);
	int status = rs->status;
	bool close = rs->close;

	copy.note = NULL;
	copy.path = S("/");
	copy.query = STR_NONE;
	make_req(&nobody, &copy, hrq->mem, rs, rq);
	rq->route = NULL;
	problem_answer(rq, E_INVALID, status);
	if (status == 431) {
		/* Little memory of the connection is left for the head of the answer. */
		rs->n_headers = 0;
		http_set(rs, "Content-Type", S("text/html; charset=utf-8"));
		http_set(rs, "X-Content-Type-Options", S("nosniff"));
	} else {
		headers_common(rq);
	}
	rs->status = status;
	rs->close = close;
}
