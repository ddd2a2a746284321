/*
 * The server: sockets, TLS, limits and threads around libmicrohttpd. Two I/O threads read heads and bodies and send
 * answers; they never wait for anything else. Workers run the handler, one request each at a time. What is known from
 * memory (cached pages, assets, refusals) is answered by the I/O thread itself. Owns its threads, sockets and the arenas of
 * requests; never looks into the database, never logs who asked.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "response.h"

enum http_next {
	HTTP_ANSWER, /* the response is filled in: send it */
	HTTP_WORK    /* read the body within rq->body_max, then call the worker's handler */
};

struct http_app {
	void *arg;
	/* On an I/O thread, once the head is checked. Must not wait: memory only, short locks. */
	enum http_next (*head)(void *arg, struct http_request *rq, struct http_response *rs);
	/* On an I/O thread, for what never reaches a handler (400, 413, 431, 503): fills in a body for rs->status. rq->method
	 * and rq->headers are known, rq->path may be empty. */
	void (*refuse)(void *arg, const struct http_request *rq, struct http_response *rs);
	/* Each worker's own state (arena apart): a database connection. Called on the worker's thread. */
	void *(*worker_open)(void *arg, unsigned number);
	void (*worker_close)(void *arg, void *worker);
	/* On a worker. `m` is reset before each call; what the response points to may live in it. */
	void (*handle)(void *worker, struct http_request *rq, struct mem *m, struct http_response *rs);
	/* At the deadline of a stop: make running handlers end soon (db_interrupt). May be NULL. */
	void (*interrupt)(void *arg);
};

struct http_config {
	struct str listen;            /* "127.0.0.1:8080", "[::]:8080", ":8080"; empty for none */
	struct str unix_path;         /* a Unix socket beside it; empty for none */
	struct str tls_cert, tls_key; /* PEM files; empty for plain HTTP */
	const struct str *trusted;    /* "10.0.0.0/8", "::1": proxies whose forwarded headers are believed */
	size_t n_trusted;
	struct str tmp_dir;       /* where uploads are spooled: inside the data directory */
	unsigned io_threads;      /* 0: 2 */
	unsigned workers;         /* 0: 8 */
	unsigned connections_max; /* 0: 10000 */
	unsigned per_address_max; /* 0: 256; loopback, proxies and the Unix socket are not counted */
	unsigned head_seconds;    /* 0: 10: a head must be whole within it */
	unsigned idle_seconds;    /* 0: 30: between requests of a connection */
};

struct http_server;

struct http_stats {
	uint64_t requests, refused, cut; /* heads seen; answered without handler; connections closed for lateness */
	unsigned connections, active, queued, workers_busy;
};

/* Listens and starts the threads. E_INVALID for a bad address or certificate, E_IO when a socket cannot be had (logged). */
MUST_USE enum err http_server_open(const struct http_config *cfg, const struct http_app *app, struct http_server **out);
/* The TCP port in use (for tests: listen on port 0). */
unsigned http_server_port(const struct http_server *s);
/* Once a second: closes late connections, looks whether the certificate files changed. */
void http_server_tick(struct http_server *s);
/* Reads the certificate files again now; the old one stays in use when the new one is bad (E_INVALID, logged). */
MUST_USE enum err http_server_reload(struct http_server *s);
struct http_stats http_server_stats(const struct http_server *s);
/* Stops accepting, lets requests in flight finish for `grace_ms`, cuts the rest, ends the threads, frees everything. */
void http_server_close(struct http_server *s, int grace_ms);

#endif
