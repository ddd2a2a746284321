/*
 * What the server's own files share: connections, exchanges (a request and its answer), the I/O threads and the pool.
 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "multipart.h"
#include "net.h"
#include "server.h"

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

/* What a connection is doing, for the deadlines. */
enum phase { PH_IDLE, PH_HEAD, PH_BODY, PH_WORK, PH_SEND };

/* One connection. The list is guarded by its I/O thread's lock; the atomics are read by http_server_tick(). */
struct conn {
	struct conn *prev, *next;
	struct io *io;
	struct exchange *x; /* the one under way; the I/O thread's own */
	int fd;
	struct http_addr addr;
	bool unix_socket;
	bool counted; /* in the per-address table */
	atomic_int phase;
	atomic_bool used;        /* has had a request: a new one gets less time for its head than an idle one */
	_Atomic int64_t since;   /* when the phase began, or last moved on; monotonic ms */
	_Atomic uint64_t volume; /* bytes received, or to send: a slow line gets more time for more */
};

enum step { STEP_HEAD, STEP_BODY, STEP_DROP, STEP_WORKING };

struct exchange {
	struct http_request rq;
	struct http_response rs; /* of the head callback */
	struct io *io;
	struct conn *conn;
	struct MHD_Connection *mc;
	const char *uri; /* where the target stands in the connection's memory */
	enum step step;
	bool decided;  /* the head callback has given the answer */
	bool crowded;  /* more headers than we take */
	uint64_t seen; /* body bytes so far */
	struct buf *bytes;
	struct multipart *mp;
	int spool;
	struct MHD_Response *answer; /* what the worker made */
	int status;
	uint64_t answer_size;
	struct http_ready *ready; /* what `answer` belongs to, if it is a kept one */
	struct http_stream *stream;
	struct exchange *next; /* in the queue */
};

#define SPARE_ARENAS 64

/* An I/O thread and its listener. */
struct io {
	struct http_server *s;
	struct MHD_Daemon *d;
	int fd;
	bool is_unix, is_tls;
	pthread_mutex_t lock;
	struct conn *conns;
	struct mem *spare[SPARE_ARENAS]; /* this thread's own */
	size_t n_spare;
};

struct worker {
	struct http_server *s;
	unsigned number;
	pthread_t thread;
	bool running;
};

/* How many connections each address has: open addressing, emptied slots reused. */
#define ADDRESS_SLOTS 16384
struct address_slot {
	uint8_t ip[16];
	unsigned count;
};

#define IO_MAX 9

struct http_server {
	struct mem *mem;
	struct http_config cfg;
	struct http_app app;
	struct net_range *trusted;
	size_t n_trusted;
	struct io io[IO_MAX];
	unsigned n_io;
	unsigned port;
	bool tls;

	pthread_mutex_t queue_lock;
	pthread_cond_t queue_cond;
	struct exchange *queue_head, *queue_tail;
	atomic_uint queued;
	bool quit; /* workers end once the queue is empty */
	struct worker *workers;
	unsigned n_workers;

	pthread_mutex_t address_lock;
	struct address_slot *addresses;

	_Atomic uint64_t number, requests, refused, cut;
	atomic_uint connections, active, busy;
	atomic_bool stopping; /* answers say "Connection: close" */
	atomic_bool cutting;  /* the grace is over */
};

/* Milliseconds of the monotonic clock. */
/* Monotonic milliseconds; tests move it ahead instead of waiting. */
int64_t http_clock(void);
extern _Atomic int64_t http_clock_ahead;

/* pool.c */
MUST_USE enum err pool_start(struct http_server *s);
/* Takes an exchange whose connection is suspended; false when the queue is full. */
bool pool_push(struct http_server *s, struct exchange *x);
void pool_stop(struct http_server *s);

/* answer_mhd.c */
/* Makes x->answer, x->status and x->answer_size of `rs`; takes over files. x->stream is set for a STREAM, which must then be
 * run. */
void answer_make(struct exchange *x, struct http_response *rs);
/* Lets the I/O thread go on with x->answer (which the worker has set). */
void answer_resume(struct exchange *x);
void answer_free(struct exchange *x);
/* The connection is over: a producer that waits is told. */
void stream_gone(struct http_stream *st);
/* The producer is done; drops its reference. */
void stream_end(struct http_stream *st, bool failed);

/* limits of server.c */
void conn_phase(struct conn *c, enum phase p, uint64_t volume);
bool address_take(struct http_server *s, const struct http_addr *a);
void address_give(struct http_server *s, const struct http_addr *a);

/* server_mhd.c */
MUST_USE enum err io_start(struct io *io);
void io_quiesce(struct io *io);
void io_stop(struct io *io);

/* head.c: checks the request line and headers that stand in x; the status of the refusal, or 0. */
int head_check(struct exchange *x, const char *method, const char *version, size_t head_size);

#endif
