/*
 * The workers: each takes a request whose body is complete, runs the application's handler and hands the answer back to
 * the I/O thread. A worker may wait (for the database, for a slow reader of a stream); an I/O thread never does.
 */
#include "internal.h"

#include "../base/buf.h"
#include "../base/limits.h"
#include "../base/log.h"

bool pool_push(struct http_server *s, struct exchange *x)
{
	bool room;

	pthread_mutex_lock(&s->queue_lock);
	room = s->queued < LIMIT_HTTP_QUEUE && !s->quit;
	if (room) {
		x->next = NULL;
		if (s->queue_tail) {
			s->queue_tail->next = x;
		} else {
			s->queue_head = x;
		}
		s->queue_tail = x;
		s->queued++;
		pthread_cond_signal(&s->queue_cond);
	}
	pthread_mutex_unlock(&s->queue_lock);
	return room;
}

static struct exchange *pop(struct http_server *s)
{
	struct exchange *x;

	pthread_mutex_lock(&s->queue_lock);
	while (!s->queue_head && !s->quit) {
		pthread_cond_wait(&s->queue_cond, &s->queue_lock);
	}
	x = s->queue_head;
	if (x) {
		s->queue_head = x->next;
		if (!s->queue_head) {
			s->queue_tail = NULL;
		}
		s->queued--;
	}
	pthread_mutex_unlock(&s->queue_lock);
	return x;
}

/* What remained to be read of the body once all of it is here. */
static void body_finish(struct exchange *x)
{
	struct http_request *rq = &x->rq;
	struct str type;

	if (x->mp) {
		enum err e = multipart_end(x->mp, &rq->parts, &rq->n_parts);

		if (rq->body_err == OK) {
			rq->body_err = e;
		}
		return;
	}
	if (rq->body_err != OK || !x->bytes) {
		return;
	}
	rq->body = buf_str(x->bytes);
	type = http_header(rq, "Content-Type");
	type = str_trim(str_cut(&type, ';'));
	if (str_ieq(type, S("application/x-www-form-urlencoded"))) {
		rq->body_err = http_pairs_parse(rq->mem, rq->body, &rq->parts, &rq->n_parts);
	}
}

static void run(struct http_server *s, void *worker, struct exchange *x, struct mem *m)
{
	struct http_response rs = {.mem = m, .status = 500, .fd = -1};
	struct http_stream *st;
	enum err (*produce)(void *, struct http_stream *);

	log_set_request(x->rq.number);
	if (atomic_load(&s->cutting)) {
		rs.status = 503;
		rs.close = true;
		s->app.refuse(s->app.arg, &x->rq, &rs);
	} else {
		body_finish(x);
		s->app.handle(worker, &x->rq, m, &rs);
	}
	produce = rs.kind == HTTP_BODY_STREAM ? rs.stream : NULL;
	answer_make(x, &rs);
	st = x->stream;
	/* From here on the exchange belongs to the I/O thread. */
	answer_resume(x);
	if (st) {
		stream_end(st, produce(rs.stream_arg, st) != OK);
	}
	log_set_request(0);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	struct http_server *s = w->s;
	void *own = s->app.worker_open ? s->app.worker_open(s->app.arg, w->number) : NULL;
	struct mem *m = mem_open();
	struct exchange *x;

	while ((x = pop(s)) != NULL) {
		atomic_fetch_add(&s->busy, 1);
		run(s, own, x, m);
		mem_reset(m);
		atomic_fetch_sub(&s->busy, 1);
	}
	mem_close(m);
	if (s->app.worker_close) {
		s->app.worker_close(s->app.arg, own);
	}
	return NULL;
}

enum err pool_start(struct http_server *s)
{
	s->workers = mem_array(s->mem, struct worker, s->n_workers);
	for (unsigned i = 0; i < s->n_workers; i++) {
		struct worker *w = &s->workers[i];

		w->s = s;
		w->number = i;
		if (pthread_create(&w->thread, NULL, worker_main, w) != 0) {
			return fail(E_IO, "a worker thread could not be started");
		}
		w->running = true;
	}
	return OK;
}

void pool_stop(struct http_server *s)
{
	pthread_mutex_lock(&s->queue_lock);
	s->quit = true;
	pthread_cond_broadcast(&s->queue_cond);
	pthread_mutex_unlock(&s->queue_lock);
	for (unsigned i = 0; i < s->n_workers && s->workers; i++) {
		if (s->workers[i].running) {
			pthread_join(s->workers[i].thread, NULL);
			s->workers[i].running = false;
		}
	}
}
