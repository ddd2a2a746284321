/*
 * From an answer as the handler made it to the library's form of it: copies, files, ranges, streams with back-pressure,
 * and answers kept to be sent many times.
 */
#include <microhttpd.h>

#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../base/limits.h"
#include "../base/log.h"

#define STREAM_STALL_SECONDS 60
#define STREAM_WAKE (32 * 1024) /* wake the I/O thread for this much, not for every row */

/* ---- streams: a ring between the producing worker and the sending I/O thread ---- */

struct http_stream {
	pthread_mutex_t lock;
	pthread_cond_t room;
	struct mem *mem;
	struct MHD_Connection *mc;
	struct conn *conn;
	char *ring;
	size_t from, used;
	unsigned refs;
	bool waiting; /* the connection is suspended until there is something to send */
	bool ended, failed, gone;
};

static void stream_drop(struct http_stream *st)
{
	bool last;

	pthread_mutex_lock(&st->lock);
	last = --st->refs == 0;
	pthread_mutex_unlock(&st->lock);
	if (last) {
		struct mem *m = st->mem;

		pthread_mutex_destroy(&st->lock);
		pthread_cond_destroy(&st->room);
		mem_close(m);
	}
}

/* With the lock held. */
static void stream_wake(struct http_stream *st)
{
	if (st->waiting && !st->gone) {
		st->waiting = false;
		MHD_resume_connection(st->mc);
	}
}

static ssize_t stream_read(void *cls, uint64_t pos, char *buf, size_t max)
{
	struct http_stream *st = cls;
	ssize_t n;

	(void)pos;
	pthread_mutex_lock(&st->lock);
	if (st->used) {
		size_t k = LIMIT_HTTP_STREAM - st->from;

		k = k < st->used ? k : st->used;
		k = k < max ? k : max;
		memcpy(buf, st->ring + st->from, k);
		st->from = (st->from + k) % LIMIT_HTTP_STREAM;
		st->used -= k;
		n = (ssize_t)k;
		conn_phase(st->conn, PH_SEND, 0);
		if (st->used <= LIMIT_HTTP_STREAM / 2) {
			pthread_cond_signal(&st->room);
		}
	} else if (st->ended || st->gone) {
		n = st->failed || st->gone ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
	} else {
		st->waiting = true;
		conn_phase(st->conn, PH_WORK, 0);
		MHD_suspend_connection(st->mc);
		n = 0;
	}
	pthread_mutex_unlock(&st->lock);
	return n;
}

static void stream_free(void *cls)
{
	stream_gone(cls);
	stream_drop(cls);
}

void stream_gone(struct http_stream *st)
{
	pthread_mutex_lock(&st->lock);
	st->gone = true;
	st->waiting = false;
	pthread_cond_signal(&st->room);
	pthread_mutex_unlock(&st->lock);
}

void stream_end(struct http_stream *st, bool failed)
{
	pthread_mutex_lock(&st->lock);
	st->ended = true;
	st->failed = failed;
	stream_wake(st);
	pthread_mutex_unlock(&st->lock);
	stream_drop(st);
}

bool http_stream_put(struct http_stream *st, struct str bytes)
{
	struct timespec until;
	bool ok = true;

	pthread_mutex_lock(&st->lock);
	while (bytes.n && !st->gone) {
		size_t room = LIMIT_HTTP_STREAM - st->used;
		size_t at = (st->from + st->used) % LIMIT_HTTP_STREAM;
		size_t k = LIMIT_HTTP_STREAM - at;

		if (room == 0) {
			stream_wake(st);
			clock_gettime(CLOCK_MONOTONIC, &until);
			until.tv_sec += STREAM_STALL_SECONDS;
			while (st->used == LIMIT_HTTP_STREAM && !st->gone) {
				if (pthread_cond_timedwait(&st->room, &st->lock, &until) == ETIMEDOUT) {
					st->gone = true;
				}
			}
			continue;
		}
		k = k < room ? k : room;
		k = k < bytes.n ? k : bytes.n;
		memcpy(st->ring + at, bytes.p, k);
		st->used += k;
		bytes = str_sub(bytes, k, bytes.n);
		if (st->used >= STREAM_WAKE) {
			stream_wake(st);
		}
	}
	ok = !st->gone;
	pthread_mutex_unlock(&st->lock);
	return ok;
}

static struct http_stream *stream_open(struct exchange *x)
{
	struct mem *m = mem_open();
	struct http_stream *st = mem_new(m, struct http_stream);
	pthread_condattr_t attr;

	st->mem = m;
	st->mc = x->mc;
	st->conn = x->conn;
	st->ring = mem_get(m, LIMIT_HTTP_STREAM);
	st->refs = 2; /* the producer and the answer */
	pthread_mutex_init(&st->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&st->room, &attr);
	pthread_condattr_destroy(&attr);
	return st;
}

/* ---- ranges ---- */

enum range { WHOLE, PART, OUTSIDE };

/* One range of bytes ("bytes=0-499", "bytes=500-", "bytes=-500"); several, or anything odd, mean the whole. */
static enum range range_read(const struct http_request *rq, const struct http_response *rs, uint64_t size,
			     uint64_t *from, uint64_t *n)
{
	struct str s = http_header(rq, "Range"), only_if = http_header(rq, "If-Range"), first;
	int64_t a = 0, b = 0;

	if (!s.p || !str_starts(s, S("bytes=")) || (rq->method != HTTP_GET && rq->method != HTTP_HEAD)) {
		return WHOLE;
	}
	/* Strong comparison: a weak or older tag gets the whole. */
	if (only_if.p && !(rs->etag.p && str_eq(only_if, rs->etag))) {
		return WHOLE;
	}
	s = str_sub(s, 6, s.n);
	first = str_cut(&s, '-');
	if (!s.p || str_chr(s, ',') >= 0 || (first.n && !str_to_i64(first, &a)) || (s.n && !str_to_i64(s, &b)) ||
	    a < 0 || b < 0 || (first.n == 0 && s.n == 0)) {
		return WHOLE;
	}
	if (first.n == 0) {
		*n = (uint64_t)b < size ? (uint64_t)b : size;
		*from = size - *n;
		return *n ? PART : OUTSIDE;
	}
	if (s.n && b < a) {
		return WHOLE;
	}
	if ((uint64_t)a >= size) {
		return OUTSIDE;
	}
	*from = (uint64_t)a;
	*n = s.n && (uint64_t)b < size ? (uint64_t)b - *from + 1 : size - *from;
	return PART;
}

/* ---- answers ---- */

static void add(struct MHD_Response *r, struct mem *m, struct http_header h)
{
	if (MHD_add_response_header(r, str_c(m, h.name), str_c(m, h.value)) == MHD_NO) {
		log_error("answer: header %.*s refused", STR_ARG(h.name));
	}
}

static void add_all(struct MHD_Response *r, const struct http_response *rs)
{
	for (size_t i = 0; i < rs->n_headers; i++) {
		add(r, rs->mem, rs->headers[i]);
	}
	if (rs->etag.p) {
		add(r, rs->mem, (struct http_header){S("ETag"), rs->etag});
	}
	if (rs->ranges) {
		add(r, rs->mem, (struct http_header){S("Accept-Ranges"), S("bytes")});
	}
}

static struct MHD_Response *of_bytes(struct str body, bool is_static)
{
	union {
		const char *in;
		void *out;
	} p = {.in = body.p ? body.p : ""};

	return MHD_create_response_from_buffer(body.n, p.out,
					       is_static ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
}

/* ---- kept answers ---- */

struct http_ready {
	atomic_uint refs;
	struct MHD_Response *r;
	int status;
	struct str body;
	char *own; /* the copy, unless the bytes are static */
};

struct http_ready *http_ready_make(const struct http_response *rs)
{
	struct http_ready *k = calloc(1, sizeof(*k));
	struct str body = rs->kind == HTTP_BODY_BYTES ? rs->body : S("");
	bool copy = body.n && !rs->body_static;

	if (k && copy) {
		char *p = malloc(body.n);

		if (p) {
			memcpy(p, body.p, body.n);
			k->own = p;
			body.p = p;
		}
	}
	if (!k || (copy && !k->own) || !(k->r = of_bytes(body, true))) {
		log_error("answer: out of memory");
		abort();
	}
	k->status = rs->status;
	k->body = body;
	atomic_init(&k->refs, 1);
	add_all(k->r, rs);
	return k;
}

struct str http_ready_body(const struct http_ready *k)
{
	return k->body;
}

struct http_ready *http_ready_hold(struct http_ready *k)
{
	atomic_fetch_add(&k->refs, 1);
	return k;
}

void http_ready_drop(struct http_ready *k)
{
	if (atomic_fetch_sub(&k->refs, 1) == 1) {
		MHD_destroy_response(k->r);
		free(k->own);
		free(k);
	}
}

/* The part of a BYTES or FILE answer that was asked for, or all of it. */
static struct MHD_Response *of_range(const struct http_request *rq, struct http_response *rs, uint64_t *size)
{
	uint64_t whole = rs->kind == HTTP_BODY_FILE ? rs->fd_size : rs->body.n;
	uint64_t from = 0, n = whole;
	struct MHD_Response *r;

	if (rs->ranges && rs->status == 200) {
		switch (range_read(rq, rs, whole, &from, &n)) {
		case WHOLE:
			from = 0;
			n = whole;
			break;
		case PART:
			rs->status = 206;
			http_set(rs, "Content-Range",
				 str_fmt(rs->mem, "bytes %llu-%llu/%llu", (unsigned long long)from,
					 (unsigned long long)(from + n - 1), (unsigned long long)whole));
			break;
		case OUTSIDE:
			rs->status = 416;
			http_set(rs, "Content-Range", str_fmt(rs->mem, "bytes */%llu", (unsigned long long)whole));
			from = n = 0;
			break;
		}
	}
	*size = n;
	if (rs->kind == HTTP_BODY_BYTES) {
		return of_bytes(str_sub(rs->body, from, n), rs->body_static);
	}
	if (n == 0) {
		close(rs->fd);
		return of_bytes(S(""), true);
	}
	r = MHD_create_response_from_fd_at_offset64(n, rs->fd, rs->fd_offset + from);
	if (!r) {
		close(rs->fd);
	}
	return r;
}

void answer_make(struct exchange *x, struct http_response *rs)
{
	struct MHD_Response *r = NULL;

	if (rs->kind == HTTP_BODY_READY) {
		x->ready = rs->ready;
		x->answer = rs->ready->r;
		x->status = rs->ready->status;
		x->answer_size = rs->ready->body.n;
		return;
	}
	if (rs->close || atomic_load(&x->io->s->stopping)) {
		http_set(rs, "Connection", S("close"));
	}
	if (rs->kind == HTTP_BODY_STREAM && x->rq.method != HTTP_HEAD) {
		x->stream = stream_open(x);
		r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16 * 1024, stream_read, x->stream, stream_free);
	} else if (rs->kind == HTTP_BODY_BYTES || rs->kind == HTTP_BODY_FILE) {
		r = of_range(&x->rq, rs, &x->answer_size);
	} else {
		r = of_bytes(S(""), true);
	}
	if (!r) {
		log_error("answer: the library could not make it");
		abort();
	}
	add_all(r, rs);
	x->answer = r;
	x->status = rs->status;
}

void answer_resume(struct exchange *x)
{
	MHD_resume_connection(x->mc);
}

/* The library counts its own references to an answer; ours is the one given back here. */
void answer_free(struct exchange *x)
{
	if (x->stream) {
		stream_gone(x->stream);
	}
	if (x->ready) {
		http_ready_drop(x->ready);
	} else if (x->answer) {
		MHD_destroy_response(x->answer);
	}
	x->ready = NULL;
	x->answer = NULL;
}
