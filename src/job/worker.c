/*
 * The worker's threads: each with its own connection and arena, asleep until woken or a second has gone by.
 */
#include <errno.h>
#include <pthread.h>

#include "../base/log.h"
#include "../db/db.h"
#include "job.h"

enum { THREADS_MAX = 8, LOOK_EVERY_S = 1, BATCH = 50 };

static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	unsigned n;
	pthread_t threads[THREADS_MAX];
	char where[1024];
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

/* Waits to be woken; false when it is time to end. */
static bool wait_for_work(void)
{
	struct timespec until;
	bool go_on;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LOOK_EVERY_S;
	pthread_mutex_lock(&pool.lock);
	if (!pool.stop) {
		pthread_cond_timedwait(&pool.wake, &pool.lock, &until);
	}
	go_on = !pool.stop;
	pthread_mutex_unlock(&pool.lock);
	return go_on;
}

static void *work(void *arg)
{
	struct mem *m = mem_open();
	struct db *db = NULL;

	(void)arg;
	while (wait_for_work()) {
		size_t ran = BATCH;

		if (!db && db_open(str_of(pool.where), NULL, &db) != OK) {
			db = NULL;
			continue;
		}
		while (ran == BATCH) {
			if (job_run_due(db, m, BATCH, &ran) != OK) {
				ran = 0; /* busy or gone: the next look tries again */
			}
			mem_reset(m);
		}
	}
	db_close(db);
	mem_close(m);
	return NULL;
}

enum err job_start(struct str db_where, unsigned threads)
{
	if (threads > THREADS_MAX || db_where.n >= sizeof pool.where) {
		return fail(E_BUG, "job_start: too many threads or too long an address");
	}
	memcpy(pool.where, db_where.p, db_where.n);
	pool.where[db_where.n] = '\0';
	pool.stop = false;
	for (pool.n = 0; pool.n < threads; pool.n++) {
		if (pthread_create(&pool.threads[pool.n], NULL, work, NULL) != 0) {
			return fail(E_BUG, "cannot start a job thread");
		}
	}
	return OK;
}

void job_wake(void)
{
	pthread_mutex_lock(&pool.lock);
	pthread_cond_broadcast(&pool.wake);
	pthread_mutex_unlock(&pool.lock);
}

void job_stop(void)
{
	pthread_mutex_lock(&pool.lock);
	pool.stop = true;
	pthread_cond_broadcast(&pool.wake);
	pthread_mutex_unlock(&pool.lock);
	for (unsigned i = 0; i < pool.n; i++) {
		pthread_join(pool.threads[i], NULL);
	}
	pool.n = 0;
}
