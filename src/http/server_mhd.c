/*
 * The library's callbacks: from a connection to an exchange, from its head to a decision, from its body to memory or a
 * file, from the worker's answer to the wire. All of this runs on the I/O thread that owns the connection.
 */
#include <microhttpd.h>

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tls.h"

#include "../base/buf.h"
#include "../base/limits.h"
#include "../base/log.h"

/* ---- arenas ---- */

static struct mem *arena_take(struct io *io)
{
	return io->n_spare ? io->spare[--io->n_spare] : mem_open();
}

static void arena_give(struct io *io, struct mem *m)
{
	if (io->n_spare == SPARE_ARENAS) {
		mem_close(m);
		return;
	}
	mem_reset(m);
	io->spare[io->n_spare++] = m;
}

/* ---- connections ---- */

static void conn_open(struct io *io, struct MHD_Connection *mc, void **context)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *addr = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct conn *c = calloc(1, sizeof(*c));

	if (!c) {
		abort();
	}
	c->io = io;
	c->fd = fd ? fd->connect_fd : -1;
	c->unix_socket = io->is_unix;
	if (!io->is_unix && addr) {
		c->addr = net_addr(addr->client_addr);
	}
	conn_phase(c, PH_IDLE, 0);
	if (!io->is_unix && !net_is_loopback(&c->addr)) {
		bool proxy = false;

		for (size_t i = 0; i < io->s->n_trusted; i++) {
			proxy = proxy || net_in_range(&c->addr, &io->s->trusted[i]);
		}
		c->counted = !proxy && address_take(io->s, &c->addr);
		if (!proxy && !c->counted && c->fd >= 0) {
			shutdown(c->fd, SHUT_RDWR);
		}
	}
	pthread_mutex_lock(&io->lock);
	c->next = io->conns;
	if (c->next) {
		c->next->prev = c;
	}
	io->conns = c;
	pthread_mutex_unlock(&io->lock);
	atomic_fetch_add(&io->s->connections, 1);
	*context = c;
}

/* The end of an exchange, however it came. */
static void finish(struct exchange *x)
{
	struct io *io = x->io;

	x->conn->x = NULL;
	answer_free(x);
	if (x->rs.kind == HTTP_BODY_FILE) {
		close(x->rs.fd);
	}
	conn_phase(x->conn, PH_IDLE, 0);
	arena_give(io, x->rq.mem);
	atomic_fetch_sub(&io->s->active, 1);
}

static void conn_close(struct io *io, struct conn *c)
{
	if (c->x) {
		/* When the library gives a connection up for want of memory, it does not say that the request is over. */
		finish(c->x);
	}
	pthread_mutex_lock(&io->lock);
	if (c->prev) {
		c->prev->next = c->next;
	} else {
		io->conns = c->next;
	}
	if (c->next) {
		c->next->prev = c->prev;
	}
	pthread_mutex_unlock(&io->lock);
	if (c->counted) {
		address_give(io->s, &c->addr);
	}
	atomic_fetch_sub(&io->s->connections, 1);
	free(c);
}

static void on_connection(void *cls, struct MHD_Connection *mc, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		conn_open(cls, mc, context);
	} else if (*context) {
		conn_close(cls, *context);
		*context = NULL;
	}
}

/* ---- an exchange begins and ends ---- */

/* Ends the query before it begins. The library has found the '?' already and would now read the arguments into the connection's
 * memory, entry by entry, until it is full; we read them ourselves. The text is the library's own, and it writes there too. */
static void hide_query(const char *uri)
{
	const char *mark = strchr(uri, '?');

	if (mark) {
		*(char *)(uintptr_t)(mark + 1) = '\0';
	}
}

static void *on_target(void *cls, const char *uri, struct MHD_Connection *mc)
{
	struct io *io = cls;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct mem *m = arena_take(io);
	struct exchange *x = mem_new(m, struct exchange);

	x->io = io;
	x->mc = mc;
	x->conn = info->socket_context;
	x->conn->x = x;
	x->uri = uri;
	x->spool = -1;
	x->rq.mem = m;
	x->rq.number = atomic_fetch_add(&io->s->number, 1) + 1;
	/* The library cuts the target in place as it reads on. */
	x->rq.target = uri ? str_dup(m, str_of(uri)) : S("");
	if (uri) {
		hide_query(uri);
	}
	atomic_fetch_add(&io->s->active, 1);
	atomic_store_explicit(&x->conn->used, true, memory_order_relaxed);
	conn_phase(x->conn, PH_HEAD, 0);
	return x;
}

static void on_completed(void *cls, struct MHD_Connection *mc, void **req, enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *req;

	(void)cls, (void)mc, (void)why;
	if (!x) {
		return;
	}
	*req = NULL;
	finish(x);
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_n, const char *value,
				 size_t value_n)
{
	struct exchange *x = cls;
	struct http_request *rq = &x->rq;

	(void)kind;
	if (rq->n_headers == HTTP_HEADERS_MAX) {
		x->crowded = true;
		return MHD_NO;
	}
	rq->headers[rq->n_headers++] = (struct http_header){
		{key,                key_n              },
                {value ? value : "", value ? value_n : 0}
        };
	return MHD_YES;
}

/* ---- answering from here ---- */

static enum MHD_Result send_answer(struct exchange *x)
{
	uint64_t volume = x->answer_size;

	conn_phase(x->conn, PH_SEND, volume);
	return MHD_queue_response(x->mc, (unsigned)x->status, x->answer);
}

static enum MHD_Result refuse(struct exchange *x, int status)
{
	struct http_response *rs = &x->rs;

	http_response_reset(rs);
	rs->mem = x->rq.mem;
	rs->status = status;
	rs->close = true;
	x->io->s->app.refuse(x->io->s->app.arg, &x->rq, rs);
	atomic_fetch_add(&x->io->s->refused, 1);
	answer_make(x, rs);
	rs->kind = HTTP_BODY_NONE;
	return send_answer(x);
}

static enum MHD_Result answer_now(struct exchange *x)
{
	answer_make(x, &x->rs);
	x->rs.kind = HTTP_BODY_NONE;
	return send_answer(x);
}

/* ---- who asks ---- */

static void who_asks(struct exchange *x)
{
	struct http_request *rq = &x->rq;
	struct http_server *s = x->io->s;

	rq->client = x->conn->addr;
	rq->https = x->io->is_tls;
	rq->trusted = x->conn->unix_socket;
	for (size_t i = 0; i < s->n_trusted && !rq->trusted; i++) {
		rq->trusted = net_in_range(&rq->client, &s->trusted[i]);
	}
	if (rq->trusted) {
		rq->loopback = !http_header(rq, "Forwarded").p && !http_header(rq, "X-Forwarded-For").p;
		net_forwarded(rq, s->trusted, s->n_trusted);
	} else {
		rq->loopback = net_is_loopback(&rq->client);
	}
}

/* ---- the head ---- */

static enum MHD_Result body_expected(struct exchange *x, enum http_next next)
{
	struct http_request *rq = &x->rq;
	int64_t declared = rq->content_length;
	bool unwanted = next == HTTP_ANSWER || rq->body_max == 0;
	size_t max = unwanted ? 0 : rq->body_max;
	struct str type = http_header(rq, "Content-Type");

	if (declared > 0 && (uint64_t)declared > max) {
		bool waits = http_header(rq, "Expect").p;

		if (waits || (uint64_t)declared > max + LIMIT_HTTP_DRAIN) {
			return next == HTTP_ANSWER ? answer_now(x) : refuse(x, 413);
		}
	}
	x->step = STEP_BODY;
	conn_phase(x->conn, PH_BODY, 0);
	if (unwanted || (declared > 0 && (uint64_t)declared > max)) {
		rq->body_err = E_LIMIT;
		x->step = STEP_DROP;
		return MHD_YES;
	}
	x->mp = multipart_open(rq->mem, type, rq->body_files, x->io->s->cfg.tmp_dir);
	if (!x->mp) {
		x->bytes = mem_new(rq->mem, struct buf);
		*x->bytes = buf_make(rq->mem, max);
	}
	return MHD_YES;
}

static enum MHD_Result on_head(struct exchange *x, const char *method, const char *version)
{
	const union MHD_ConnectionInfo *info = NULL;
	struct http_server *s = x->io->s;
	enum http_next next;
	int status;

	atomic_fetch_add_explicit(&s->requests, 1, memory_order_relaxed);
	MHD_get_connection_values_n(x->mc, MHD_HEADER_KIND, on_header, x);
#if MHD_VERSION < 0x00097701
	info = MHD_get_connection_info(x->mc, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
#endif
	status = head_check(x, method, version, info ? info->header_size : 0);
	if (status) {
		return refuse(x, status);
	}
	who_asks(x);
	x->rs = (struct http_response){.mem = x->rq.mem, .status = 500, .fd = -1};
	next = s->app.head(s->app.arg, &x->rq, &x->rs);
	x->decided = next == HTTP_ANSWER;
	return x->rq.content_length ? body_expected(x, next) : MHD_YES;
}

/* ---- the body ---- */

static enum err body_take(struct exchange *x, struct str bytes)
{
	struct http_request *rq = &x->rq;

	if (x->seen > rq->body_max) {
		return E_LIMIT;
	}
	if (x->mp) {
		return multipart_feed(x->mp, bytes);
	}
	buf_put(x->bytes, bytes);
	return buf_ok(x->bytes) ? OK : E_LIMIT;
}

/* A body that never ends: say why, as far as the other side still reads, and cut. */
static enum MHD_Result body_cut(struct exchange *x)
{
	static const char said[] = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

	if (x->io->is_tls) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(x->mc, MHD_CONNECTION_INFO_GNUTLS_SESSION);

		if (info) {
			tls_send(info->tls_session, str_of(said));
		}
	} else {
		(void)!send(x->conn->fd, said, sizeof(said) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		shutdown(x->conn->fd, SHUT_WR);
	}
	atomic_fetch_add(&x->io->s->refused, 1);
	return MHD_NO;
}

static enum MHD_Result on_bytes(struct exchange *x, const char *data, size_t n)
{
	x->seen += n;
	atomic_store_explicit(&x->conn->volume, x->seen, memory_order_relaxed);
	if (x->step == STEP_BODY) {
		x->rq.body_err = body_take(x, (struct str){data, n});
		if (x->rq.body_err != OK) {
			x->step = STEP_DROP;
		}
		return MHD_YES;
	}
	return x->seen > x->rq.body_max + LIMIT_HTTP_DRAIN ? body_cut(x) : MHD_YES;
}

static enum MHD_Result hand_over(struct exchange *x)
{
	struct http_server *s = x->io->s;

	x->step = STEP_WORKING;
	conn_phase(x->conn, PH_WORK, 0);
	MHD_suspend_connection(x->mc);
	if (pool_push(s, x)) {
		return MHD_YES;
	}
	MHD_resume_connection(x->mc);
	return refuse(x, 503);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mc, const char *url, const char *method,
				  const char *version, const char *data, size_t *n, void **req)
{
	struct exchange *x = *req;

	(void)cls, (void)mc, (void)url;
	if (x->step == STEP_HEAD) {
		x->step = STEP_BODY;
		return on_head(x, method, version);
	}
	if (*n) {
		size_t k = *n;

		*n = 0;
		return on_bytes(x, data, k);
	}
	if (x->step == STEP_WORKING) {
		return x->answer ? send_answer(x) : MHD_YES;
	}
	return x->decided ? answer_now(x) : hand_over(x);
}

/* ---- daemons ---- */

static void on_log(void *cls, const char *fmt, va_list ap)
{
	(void)cls;
	log_v(LEVEL_DEBUG, fmt, ap);
}

/* The target is decoded by http_target_parse(): the library's own reading of it is not used. */
static size_t on_unescape(void *cls, struct MHD_Connection *mc, char *s)
{
	(void)cls, (void)mc;
	return strlen(s);
}

enum err io_start(struct io *io)
{
	struct http_server *s = io->s;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
			 (io->is_tls ? MHD_USE_TLS : 0u);
	struct MHD_OptionItem options[] = {
		{MHD_OPTION_LISTEN_SOCKET,           io->fd,                           NULL},
		{MHD_OPTION_CONNECTION_LIMIT,        (intptr_t)s->cfg.connections_max, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)LIMIT_HTTP_CONNECTION,  NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT,      0,                                NULL},
		{MHD_OPTION_STRICT_FOR_CLIENT,       1,                                NULL},
		{MHD_OPTION_SIGPIPE_HANDLED_BY_APP,  1,                                NULL},
		{MHD_OPTION_END,                     0,                                NULL},
		{MHD_OPTION_END,                     0,                                NULL},
		{MHD_OPTION_END,                     0,                                NULL},
	};

	if (io->is_tls) {
		options[6] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0, tls_callback()};
		options[7] =
			(struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities()};
	}
	io->d = MHD_start_daemon(flags, 0, NULL, NULL, on_request, io,            /* */
				 MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,        /* */
				 MHD_OPTION_ARRAY, options,                       /* */
				 MHD_OPTION_URI_LOG_CALLBACK, on_target, io,      /* */
				 MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL, /* */
				 MHD_OPTION_NOTIFY_COMPLETED, on_completed, io,   /* */
				 MHD_OPTION_NOTIFY_CONNECTION, on_connection, io, /* */
				 MHD_OPTION_END);
	if (!io->d) {
		return fail(E_IO, "an I/O thread could not be started: %s", strerror(errno));
	}
	return OK;
}

void io_quiesce(struct io *io)
{
	if (io->d && io->fd >= 0) {
		int fd = MHD_quiesce_daemon(io->d);

		if (fd >= 0) {
			close(fd);
		}
		io->fd = -1;
	}
}

void io_stop(struct io *io)
{
	if (io->d) {
		MHD_stop_daemon(io->d);
		io->d = NULL;
	} else if (io->fd >= 0) {
		close(io->fd);
	}
	io->fd = -1;
	while (io->n_spare) {
		mem_close(io->spare[--io->n_spare]);
	}
}
