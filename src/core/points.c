/*
 * The index in force: made whole in the background, topped up with what changed by whoever asks next. Readers hold a
 * counted reference, so that a new one can take its place at any time.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../base/vec.h"
#include "../db/db.h"
#include "object.sql.h"
#include "points.sql.h"
#include "points_part.h"

enum {
	CHANGES = 3000,   /* laid over the base before it is made again */
	LATE = 200,       /* PostgreSQL may commit a change after one with a higher number */
	WAIT_MS = 2500,   /* for the first index */
	REST = 10         /* a new base is begun no sooner than so many times what the last took */
};

/* The large part, shared by the snapshots that lie over it. */
struct base {
	struct points_part *part;
	int64_t seq;
	unsigned users;
};

struct points_held {
	struct mem *mem;
	struct base *base;
	struct points_part *delta;
	uint64_t *alive;
	int64_t seq, version;
	unsigned users;
};

static struct {
	pthread_mutex_t lock;    /* of all below */
	pthread_mutex_t topping; /* held by the one who lays changes over the base */
	pthread_cond_t work, made;
	struct points_held *now;
	bool started, stop, wanted;
	int64_t busy_until;      /* microseconds of the steady clock: when a new base may be begun */
	pthread_t thread;
	char where[1024];
} index_ = {.lock = PTHREAD_MUTEX_INITIALIZER, .topping = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER,
	    .made = PTHREAD_COND_INITIALIZER};

/* ---- references ------------------------------------------------------------------------------------------------------ */

static void base_drop(struct base *b)
{
	if (--b->users == 0) {
		struct mem *m = b->part->mem; /* the base itself stands in its part's arena */
		mem_close(m);
	}
}

/* With the lock. */
static void drop(struct points_held *h)
{
	if (h && --h->users == 0) {
		points_part_free(h->delta);
		base_drop(h->base);
		mem_close(h->mem);
	}
}

static struct points_held *held_new(struct base *b, int64_t seq, int64_t version)
{
	struct mem *m = mem_open();
	struct points_held *h = mem_new(m, struct points_held);

	*h = (struct points_held){.mem = m, .base = b, .seq = seq, .version = version, .users = 1};
	return h;
}

static void put_in_force(struct points_held *h)
{
	pthread_mutex_lock(&index_.lock);
	drop(index_.now);
	index_.now = h;
	pthread_cond_broadcast(&index_.made);
	pthread_mutex_unlock(&index_.lock);
}

void points_release(struct points_held *held)
{
	pthread_mutex_lock(&index_.lock);
	drop(held);
	pthread_mutex_unlock(&index_.lock);
}

/* ---- the base -------------------------------------------------------------------------------------------------------- */

static enum err add_row(void *arg, const struct points_all_row *r)
{
	return points_build_add(arg, r->object, r->pos.has ? r->pos.v : POINTS_NOWHERE, r->lat.v, r->lon.v, r->precision.v,
				r->published_at.has ? r->published_at.v : 0, r->updated_at, r->terms);
}

static enum err make_base(struct db *db, struct points_held **out)
{
	struct mem *tmp = mem_open(), *row = mem_open();
	struct points_stamp_row stamp;
	struct points_count_row count;
	enum err e = points_stamp(db, row, &stamp);

	e = e == OK ? points_count(db, row, &count) : e;
	if (e == OK) {
		struct points_build *b = points_build_begin(tmp, (size_t)count.places);

		e = points_all(db, row, add_row, b);
		if (e == OK) {
			struct points_part *part = points_build_end(b);
			struct base *base = mem_new(part->mem, struct base);
			int64_t seq = db_engine(db) == DB_PG ? stamp.last - LATE : stamp.last;

			*base = (struct base){.part = part, .seq = seq < 0 ? 0 : seq, .users = 1};
			*out = held_new(base, stamp.last, stamp.version);
		}
	}
	mem_close(row);
	mem_close(tmp);
	return e;
}

/* ---- what changed since ---------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static enum err changed_ids(struct db *db, struct mem *m, int64_t seq, int64_t **ids, size_t *n)
{
	struct object_changes_after_row *rows;
	size_t k = 0;

	TRY(object_changes_after(db, seq, CHANGES + LATE, m, &rows, n));
	*ids = mem_array(m, int64_t, *n);
	for (size_t i = 0; i < *n; i++) {
		(*ids)[i] = rows[i].object;
	}
	if (*n) {
		qsort(*ids, *n, sizeof **ids, by_number);
	}
	for (size_t i = 0; i < *n; i++) {
		if (i == 0 || (*ids)[i] != (*ids)[i - 1]) {
			(*ids)[k++] = (*ids)[i];
		}
	}
	*n = k;
	return OK;
}

static void bury(struct points_held *h, int64_t id)
{
	const struct points_part *p = h->base->part;
	uint32_t i = id > 0 && id < UINT32_MAX ? points_of(p, (uint32_t)id) : p->n;

	for (; i < p->n && p->object[p->by_object[i]] == (uint32_t)id; i++) {
		h->alive[p->by_object[i] / 64] &= ~(UINT64_C(1) << (p->by_object[i] % 64));
	}
}

static enum err read_changed(struct db *db, struct mem *m, const int64_t *ids, size_t n, struct points_build *b)
{
	for (size_t i = 0; i < n; i++) {
		struct mem_mark at = mem_mark(m);
		struct points_of_object_row *r;
		size_t k;

		TRY(points_of_object(db, ids[i], m, &r, &k));
		for (size_t j = 0; j < k && j < LIMIT_PLACES; j++) {
			TRY(points_build_add(b, r[j].object, r[j].pos.has ? r[j].pos.v : POINTS_NOWHERE, r[j].lat.v, r[j].lon.v, r[j].precision.v,
					     r[j].published_at.has ? r[j].published_at.v : 0, r[j].updated_at, r[j].terms));
		}
		mem_rewind(m, at);
	}
	return OK;
}

/* A snapshot over the base of `old`, as of the transaction of `db`. */
static enum err top_up(struct db *db, const struct points_held *old, const struct points_stamp_row *stamp, struct points_held **out)
{
	struct mem *tmp = mem_open(), *row = mem_open();
	const struct points_part *p = old->base->part;
	struct points_build *b = NULL;
	int64_t *ids;
	size_t n = 0;
	enum err e = changed_ids(db, tmp, old->base->seq, &ids, &n);

	if (e == OK) {
		b = points_build_begin(tmp, n * LIMIT_PLACES);
		e = read_changed(db, row, ids, n, b);
	}
	if (e == OK) {
		struct points_held *h = held_new(old->base, stamp->last, stamp->version);

		h->delta = points_build_end(b);
		h->alive = mem_array(h->mem, uint64_t, points_words(p->n) + 1);
		memset(h->alive, 0xFF, points_words(p->n) * sizeof *h->alive);
		for (size_t i = 0; i < n; i++) {
			bury(h, ids[i]);
		}
		pthread_mutex_lock(&index_.lock);
		h->base->users++;
		pthread_mutex_unlock(&index_.lock);
		*out = h;
	}
	mem_close(row);
	mem_close(tmp);
	return e;
}

/* ---- the thread ------------------------------------------------------------------------------------------------------ */

static enum err make_again(struct db *db)
{
	struct points_held *h = NULL;
	int64_t begun = time_mono();
	enum err e;

	TRY(db_begin(db, DB_READ));
	e = make_base(db, &h);
	db_rollback(db);
	if (e == OK) {
		pthread_mutex_lock(&index_.lock);
		index_.busy_until = time_mono() + (time_mono() - begun) * REST;
		pthread_mutex_unlock(&index_.lock);
		put_in_force(h);
	}
	return e;
}

/* Until there is work; false when it is time to end. */
static bool wait_for_work(void)
{
	bool go_on;

	pthread_mutex_lock(&index_.lock);
	while (!index_.stop && !(index_.wanted && time_mono() >= index_.busy_until)) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 1;
		pthread_cond_timedwait(&index_.work, &index_.lock, &until);
	}
	index_.wanted = false;
	go_on = !index_.stop;
	pthread_mutex_unlock(&index_.lock);
	return go_on;
}

static void *work(void *arg)
{
	struct db *db = NULL;

	(void)arg;
	while (wait_for_work()) {
		if (!db && db_open(str_of(index_.where), NULL, &db) != OK) {
			db = NULL;
		}
		if (!db || make_again(db) != OK) {
			log_warn("the index of places could not be made; it is tried again when next asked for");
		}
	}
	db_close(db);
	return NULL;
}

enum err points_start(struct str where)
{
	if (where.n >= sizeof index_.where) {
		return fail(E_BUG, "points_start: too long an address");
	}
	memcpy(index_.where, where.p, where.n);
	index_.where[where.n] = '\0';
	index_.stop = false;
	index_.wanted = true;
	index_.busy_until = 0;
	if (pthread_create(&index_.thread, NULL, work, NULL) != 0) {
		return fail(E_BUG, "cannot start the thread of the index of places");
	}
	index_.started = true;
	return OK;
}

bool points_running(void)
{
	bool yes;

	pthread_mutex_lock(&index_.lock);
	yes = index_.started && index_.now;
	pthread_mutex_unlock(&index_.lock);
	return yes;
}

void points_stop(void)
{
	if (!index_.started) {
		return;
	}
	pthread_mutex_lock(&index_.lock);
	index_.stop = true;
	pthread_cond_broadcast(&index_.work);
	pthread_mutex_unlock(&index_.lock);
	pthread_join(index_.thread, NULL);
	index_.started = false;
	put_in_force(NULL);
}

/* ---- taking it ------------------------------------------------------------------------------------------------------- */

static struct points_held *hold(void)
{
	struct points_held *h;

	pthread_mutex_lock(&index_.lock);
	h = index_.now;
	if (h) {
		h->users++;
	}
	pthread_mutex_unlock(&index_.lock);
	return h;
}

/* Asks the thread for a base and waits a little; what is then in force, or NULL. */
static struct points_held *wait_for_base(const struct points_held *old, int ms)
{
	struct timespec until;
	struct points_held *h;
	int late = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&index_.lock);
	index_.wanted = true;
	pthread_cond_broadcast(&index_.work);
	while ((!index_.now || index_.now == old) && late != ETIMEDOUT && index_.busy_until <= time_mono() + (int64_t)ms * 1000) {
		late = pthread_cond_timedwait(&index_.made, &index_.lock, &until);
	}
	h = index_.now;
	if (h) {
		h->users++;
	}
	pthread_mutex_unlock(&index_.lock);
	return h;
}

static bool is_fresh(const struct points_held *h, const struct points_stamp_row *s)
{
	return h && h->seq >= s->last && h->version >= s->version;
}

/* Lays changes over the base, one asker at a time; `*h` is changed to what is then in force. */
static enum err freshen(struct db *db, const struct points_stamp_row *s, struct points_held **h)
{
	struct points_held *fresh = NULL, *now;
	enum err e = OK;

	pthread_mutex_lock(&index_.topping);
	now = hold();
	points_release(*h);
	*h = now;
	if (!is_fresh(now, s)) {
		e = top_up(db, now, s, &fresh);
	}
	if (fresh) {
		fresh->users++; /* ours and the one in force */
		put_in_force(fresh);
		points_release(now);
		*h = fresh;
	}
	pthread_mutex_unlock(&index_.topping);
	return e;
}

bool points_ready(void)
{
	struct points_held *h;

	if (!index_.started) {
		return true;
	}
	h = hold();
	h = h ? h : wait_for_base(NULL, WAIT_MS / 10);
	if (!h) {
		return false;
	}
	points_release(h);
	return true;
}

enum err points_take(struct db *db, struct mem *m, struct points_held **held, struct points_index *out)
{
	struct points_stamp_row s;
	struct points_held *h;
	enum err e = OK;

	TRY(points_stamp(db, m, &s));
	if (!index_.started) { /* tests and commands: made for this question alone */
		TRY(make_base(db, &h));
	} else {
		h = hold();
		if (!h) {
			h = wait_for_base(NULL, WAIT_MS);
		} else if (s.last - h->base->seq > CHANGES || s.first > h->base->seq + 1) {
			struct points_held *old = h;
			h = wait_for_base(old, WAIT_MS / 5);
			points_release(old);
		}
		if (!h) {
			return fail(E_BUSY, "the index of places is being made");
		}
		if (!is_fresh(h, &s) && s.last - h->base->seq <= CHANGES && (s.first <= h->base->seq + 1 || s.first == s.last)) {
			e = freshen(db, &s, &h);
		}
	}
	*held = h;
	*out = (struct points_index){h->base->part, h->delta, h->alive};
	if (e != OK) {
		points_release(h);
	}
	return e;
}

void points_size(size_t *n, size_t *bytes)
{
	struct points_held *h = hold();

	*n = h ? h->base->part->n : 0;
	*bytes = h ? h->base->part->bytes : 0;
	if (h) {
		points_release(h);
	}
}
