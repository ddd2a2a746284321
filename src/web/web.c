/*
 * Opening the application and tying it to the HTTP server.
 */
#include "web.h"

#include <pthread.h>

#include "asset_serve.h"
#include "cache.h"
#include "dispatch.h"
#include "priv.h"

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../db/db.h"

static enum http_next on_head(void *arg, struct http_request *hrq, struct http_response *rs)
{
	static const enum method methods[] = {GET, GET, POST, PUT, PATCH, DELETE, OPTIONS, GET};
	struct web *web = arg;
	struct route_match *match;
	char key[CACHE_KEY_MAX];
	size_t n;

	if (hrq->method == HTTP_GET || hrq->method == HTTP_HEAD) {
		if (str_starts(hrq->path, S("/assets/")) && asset_answer(hrq, rs)) {
			return HTTP_ANSWER;
		}
		if (cache_key(hrq, key, &n) &&
		    cache_find(web->cache, (struct str){key, n}, hrq, &rs->ready) == CACHE_YES) {
			rs->kind = HTTP_BODY_READY;
			return HTTP_ANSWER;
		}
	}
	match = mem_new(hrq->mem, struct route_match);
	route_find(&web->routes, methods[hrq->method], hrq->path, lang_known, hrq->mem, match);
	hrq->note = match;
	if (match->kind == MATCH_ROUTE && match->route->method != GET) {
		hrq->body_files = (match->route->flags & ROUTE_UPLOAD) != 0;
		hrq->body_max = hrq->body_files ? LIMIT_WEB_UPLOAD : LIMIT_WEB_FORM;
	}
	return HTTP_WORK;
}

static void on_refuse(void *arg, const struct http_request *hrq, struct http_response *rs)
{
	dispatch_refusal(arg, hrq, rs);
}

static void *on_worker_open(void *arg, unsigned number)
{
	struct web *web = arg;
	struct web_worker *w;

	pthread_mutex_lock(&web->lock);
	w = mem_new(web->mem, struct web_worker);
	w->web = web;
	w->number = number;
	w->next = web->workers;
	web->workers = w;
	pthread_mutex_unlock(&web->lock);
	return w;
}

static void on_worker_close(void *arg, void *worker)
{
	struct web *web = arg;
	struct web_worker *w = worker;

	pthread_mutex_lock(&web->lock);
	db_close(w->db);
	w->db = NULL;
	pthread_mutex_unlock(&web->lock);
	words_close();
}

static void on_handle(void *worker, struct http_request *hrq, struct mem *m, struct http_response *rs)
{
	dispatch(worker, hrq, m, rs);
}

static void on_interrupt(void *arg)
{
	struct web *web = arg;

	pthread_mutex_lock(&web->lock);
	for (struct web_worker *w = web->workers; w; w = w->next) {
		if (w->db) {
			db_interrupt(w->db);
		}
	}
	pthread_mutex_unlock(&web->lock);
}

struct http_app web_app(struct web *web)
{
	return (struct http_app){
		.arg = web,
		.head = on_head,
		.refuse = on_refuse,
		.worker_open = on_worker_open,
		.worker_close = on_worker_close,
		.handle = on_handle,
		.interrupt = on_interrupt,
	};
}

void web_set_server(struct web *web, struct http_server *s)
{
	web->server = s;
}

static struct str data_dir;

struct str web_data_dir(void)
{
	return data_dir;
}

enum err web_open(const struct web_config *cfg, struct web **out)
{
	struct mem *m = mem_open();
	struct web *web = mem_new(m, struct web);
	enum err e;

	web->mem = m;
	web->cfg = *cfg;
	web->cfg.db = str_dup(m, cfg->db);
	web->cfg.base_url = str_dup(m, cfg->base_url);
	web->cfg.data_dir = str_dup(m, cfg->data_dir);
	data_dir = web->cfg.data_dir;
	web->started = time_mono() / 1000000;
	pthread_mutex_init(&web->lock, NULL);
	e = route_compile(m, cfg->modules ? cfg->modules : modules, cfg->modules ? cfg->n_modules : modules_n,
			  &web->routes);
	if (e == OK) {
		e = lang_open();
	}
	if (e != OK) {
		pthread_mutex_destroy(&web->lock);
		mem_close(m);
		return e;
	}
	asset_open(m, cfg->assets_dir);
	web->cache = cache_open(m, cfg->cache_bytes);
	web->limiter = limiter_open(m);
	*out = web;
	return OK;
}

void web_close(struct web *web)
{
	data_dir = STR_NONE;
	asset_close();
	cache_close(web->cache);
	limiter_close(web->limiter);
	pthread_mutex_destroy(&web->lock);
	mem_close(web->mem);
}

void web_handle(struct web *web, struct db *db, struct http_request *hrq, struct mem *m, struct http_response *rs)
{
	struct web_worker *w = mem_new(m, struct web_worker);

	w->web = web;
	w->db = db;
	w->borrowed = true;
	*rs = (struct http_response){.mem = m, .fd = -1};
	dispatch(w, hrq, m, rs);
}
