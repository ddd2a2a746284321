/*
 * Starting, watching and stopping the server: sockets, deadlines, counts per address, the graceful end.
 */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"
#include "tls.h"

#include "../base/limits.h"
#include "../base/log.h"

/* Bytes a second below which a body or an answer is cut, once its first grace is over. */
#define SLOWEST 4096
#define BODY_GRACE_SECONDS 30
#define SEND_GRACE_SECONDS 60

_Atomic int64_t http_clock_ahead;

int64_t http_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 +
	       atomic_load_explicit(&http_clock_ahead, memory_order_relaxed);
}

void conn_phase(struct conn *c, enum phase p, uint64_t volume)
{
	atomic_store_explicit(&c->volume, volume, memory_order_relaxed);
	atomic_store_explicit(&c->since, http_clock(), memory_order_relaxed);
	atomic_store_explicit(&c->phase, (int)p, memory_order_relaxed);
}

/* ---- connections per address ---- */

static struct address_slot *slot_of(struct http_server *s, const struct http_addr *a, bool make)
{
	uint64_t h = str_hash((struct str){(const char *)a->ip, sizeof(a->ip)});
	struct address_slot *empty = NULL;

	for (size_t i = 0; i < 64; i++) {
		struct address_slot *slot = &s->addresses[(h + i) % ADDRESS_SLOTS];

		if (slot->count == 0) {
			empty = empty ? empty : slot;
		} else if (memcmp(slot->ip, a->ip, sizeof(slot->ip)) == 0) {
			return slot;
		}
	}
	if (make && empty) {
		memcpy(empty->ip, a->ip, sizeof(empty->ip));
		return empty;
	}
	return NULL;
}

bool address_take(struct http_server *s, const struct http_addr *a)
{
	struct address_slot *slot;
	bool ok;

	pthread_mutex_lock(&s->address_lock);
	slot = slot_of(s, a, true);
	ok = slot && slot->count < s->cfg.per_address_max;
	if (ok) {
		slot->count++;
	}
	pthread_mutex_unlock(&s->address_lock);
	return ok;
}

void address_give(struct http_server *s, const struct http_addr *a)
{
	struct address_slot *slot;

	pthread_mutex_lock(&s->address_lock);
	slot = slot_of(s, a, false);
	if (slot) {
		slot->count--;
	}
	pthread_mutex_unlock(&s->address_lock);
}

/* ---- deadlines ---- */

static int64_t allowed_ms(const struct http_server *s, const struct conn *c)
{
	int64_t more = (int64_t)(atomic_load_explicit(&c->volume, memory_order_relaxed) / SLOWEST) * 1000;

	switch ((enum phase)atomic_load_explicit(&c->phase, memory_order_relaxed)) {
	case PH_IDLE:
		return (int64_t)(atomic_load_explicit(&c->used, memory_order_relaxed) ? s->cfg.idle_seconds
										      : s->cfg.head_seconds) *
		       1000;
	case PH_HEAD:
		return (int64_t)s->cfg.head_seconds * 1000;
	case PH_BODY:
		return BODY_GRACE_SECONDS * 1000 + more;
	case PH_WORK:
		return INT64_MAX;
	case PH_SEND:
		return SEND_GRACE_SECONDS * 1000 + more;
	}
	return INT64_MAX;
}

/* Shuts down the connections for which `late` holds; the I/O thread then sees them end. */
static void sweep(struct http_server *s, bool (*late)(const struct http_server *, const struct conn *, int64_t))
{
	int64_t now = http_clock();

	for (unsigned i = 0; i < s->n_io; i++) {
		pthread_mutex_lock(&s->io[i].lock);
		for (struct conn *c = s->io[i].conns; c; c = c->next) {
			if (late(s, c, now)) {
				shutdown(c->fd, SHUT_RDWR);
				atomic_fetch_add(&s->cut, 1);
			}
		}
		pthread_mutex_unlock(&s->io[i].lock);
	}
}

static bool is_late(const struct http_server *s, const struct conn *c, int64_t now)
{
	return now - atomic_load_explicit(&c->since, memory_order_relaxed) > allowed_ms(s, c);
}

static bool is_idle(const struct http_server *s, const struct conn *c, int64_t now)
{
	(void)s, (void)now;
	return atomic_load(&c->phase) == PH_IDLE;
}

static bool is_any(const struct http_server *s, const struct conn *c, int64_t now)
{
	(void)s, (void)c, (void)now;
	return true;
}

void http_server_tick(struct http_server *s)
{
	sweep(s, is_late);
	if (s->tls && tls_reload(false) != OK) {
		log_error("the new certificate is not usable; the old one stays");
	}
}

enum err http_server_reload(struct http_server *s)
{
	return s->tls ? tls_reload(true) : OK;
}

struct http_stats http_server_stats(const struct http_server *s)
{
	return (struct http_stats){
		.requests = atomic_load(&s->requests),
		.refused = atomic_load(&s->refused),
		.cut = atomic_load(&s->cut),
		.connections = atomic_load(&s->connections),
		.active = atomic_load(&s->active),
		.queued = atomic_load(&s->queued),
		.workers_busy = atomic_load(&s->busy),
	};
}

unsigned http_server_port(const struct http_server *s)
{
	return s->port;
}

/* ---- start and stop ---- */

static void take_config(struct http_server *s, const struct http_config *cfg)
{
	struct http_config *c = &s->cfg;

	*c = *cfg;
	c->io_threads = c->io_threads ? c->io_threads : 2;
	c->io_threads = c->io_threads < IO_MAX - 1 ? c->io_threads : IO_MAX - 1;
	c->workers = c->workers ? c->workers : 8;
	c->connections_max = c->connections_max ? c->connections_max : 10000;
	c->per_address_max = c->per_address_max ? c->per_address_max : 256;
	c->head_seconds = c->head_seconds ? c->head_seconds : 10;
	c->idle_seconds = c->idle_seconds ? c->idle_seconds : 30;
	c->listen = str_dup(s->mem, cfg->listen);
	c->unix_path = str_dup(s->mem, cfg->unix_path);
	c->tmp_dir = str_dup(s->mem, cfg->tmp_dir);
	s->n_workers = c->workers;
}

static enum err open_listeners(struct http_server *s)
{
	if (s->cfg.listen.n) {
		for (unsigned i = 0; i < s->cfg.io_threads; i++) {
			struct io *io = &s->io[s->n_io];

			io->fd = net_listen_tcp(s->cfg.listen, s->port);
			if (io->fd < 0) {
				return E_IO;
			}
			io->is_tls = s->tls;
			s->port = net_port(io->fd);
			s->n_io++;
		}
	}
	if (s->cfg.unix_path.n) {
		struct io *io = &s->io[s->n_io];

		io->fd = net_listen_unix(s->cfg.unix_path);
		if (io->fd < 0) {
			return E_IO;
		}
		io->is_unix = true;
		s->n_io++;
	}
	return s->n_io ? OK : fail_aloud(E_INVALID, "nothing to listen on");
}

static enum err start(struct http_server *s, const struct http_config *cfg)
{
	s->trusted = mem_array(s->mem, struct net_range, cfg->n_trusted);
	for (size_t i = 0; i < cfg->n_trusted; i++) {
		if (!net_range_parse(str_trim(cfg->trusted[i]), &s->trusted[i])) {
			return fail_aloud(E_INVALID, "\"%.*s\" is not an address or a range", STR_ARG(cfg->trusted[i]));
		}
		s->n_trusted++;
	}
	if (cfg->tls_cert.n || cfg->tls_key.n) {
		s->tls = true;
		TRY(tls_open(cfg->tls_cert, cfg->tls_key.n ? cfg->tls_key : cfg->tls_cert));
	}
	TRY(open_listeners(s));
	TRY(pool_start(s));
	for (unsigned i = 0; i < s->n_io; i++) {
		TRY(io_start(&s->io[i]));
	}
	return OK;
}

enum err http_server_open(const struct http_config *cfg, const struct http_app *app, struct http_server **out)
{
	struct mem *m = mem_open();
	struct http_server *s = mem_new(m, struct http_server);
	enum err e;

	s->mem = m;
	s->app = *app;
	s->addresses = mem_array(m, struct address_slot, ADDRESS_SLOTS);
	pthread_mutex_init(&s->queue_lock, NULL);
	pthread_cond_init(&s->queue_cond, NULL);
	pthread_mutex_init(&s->address_lock, NULL);
	for (unsigned i = 0; i < IO_MAX; i++) {
		s->io[i].s = s;
		s->io[i].fd = -1;
		pthread_mutex_init(&s->io[i].lock, NULL);
	}
	take_config(s, cfg);
	e = start(s, cfg);
	if (e != OK) {
		http_server_close(s, 0);
		return e;
	}
	*out = s;
	return OK;
}

static void sleep_ms(int ms)
{
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	nanosleep(&ts, NULL);
}

void http_server_close(struct http_server *s, int grace_ms)
{
	int64_t deadline = http_clock() + grace_ms;

	atomic_store(&s->stopping, true);
	for (unsigned i = 0; i < s->n_io; i++) {
		io_quiesce(&s->io[i]);
	}
	while (atomic_load(&s->active) > 0 && http_clock() < deadline) {
		sweep(s, is_late);
		sleep_ms(10);
	}
	sweep(s, is_idle);
	if (atomic_load(&s->active) > 0) {
		log_warn("stop: %u requests cut at the deadline", atomic_load(&s->active));
		atomic_store(&s->cutting, true);
		if (s->app.interrupt) {
			s->app.interrupt(s->app.arg);
		}
		sweep(s, is_any);
	}
	pool_stop(s);
	for (unsigned i = 0; i < s->n_io; i++) {
		io_stop(&s->io[i]);
	}
	if (s->cfg.unix_path.n && s->n_io && s->io[s->n_io - 1].is_unix) {
		unlink(str_c(s->mem, s->cfg.unix_path));
	}
	if (s->tls) {
		tls_close();
	}
	for (unsigned i = 0; i < IO_MAX; i++) {
		pthread_mutex_destroy(&s->io[i].lock);
	}
	pthread_mutex_destroy(&s->queue_lock);
	pthread_cond_destroy(&s->queue_cond);
	pthread_mutex_destroy(&s->address_lock);
	mem_close(s->mem);
}
