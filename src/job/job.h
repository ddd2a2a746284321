/*
 * Work outside requests: a queue in the database, claimed with a lease, so that a killed server loses nothing and two
 * servers never do the same piece twice at once. A job may run twice (its lease ended, as its server was
 * killed or slept): its work must allow that.
 * Scheduled kinds keep one row that comes due again. Owns its threads and their connections.
 */
#ifndef JOB_JOB_H
#define JOB_JOB_H

#include "../base/err.h"
#include "../base/str.h"
#include "../web/site.h"

struct db;

/* Until when a running job is ours alone. */
struct job_lease {
	int64_t job, until;
	bool lost; /* somebody else runs it meanwhile */
};

/* What a running job has at hand. No transaction is open: it opens its own (db_begin). */
struct job_ctx {
	struct db *db;
	struct mem *mem;
	const struct site *site;
	int64_t now;
	struct job_lease *lease; /* job_renew()'s; NULL outside of the queue */
};

struct job {
	int64_t id;
	struct str kind;
	struct str payload;
	int64_t attempts; /* 1 the first time */
};

struct job_kind {
	const char *name;
	enum err (*run)(const struct job_ctx *ctx, const struct job *job);
	int every_s;      /* scheduled: seconds between two runs; 0: only when queued */
	int attempts;     /* before giving up; 0 for the default of 8, with growing pauses */
	const char *doc;  /* N_("Sends waiting mail") */
};

/* Queues a job in the caller's transaction; due at once when `due_at` is 0. With a key, nothing happens if one is queued. */
MUST_USE enum err job_add(struct db *db, const char *kind, struct str payload, struct str key, int64_t due_at);
/* Makes the rows of scheduled kinds of all modules that lack one; at start. */
MUST_USE enum err job_schedule(struct db *db);
/* Runs jobs that are due, at most `max`, until none is left; *ran counts them. For `maillage job run` and the worker. */
MUST_USE enum err job_run_due(struct db *db, struct mem *m, size_t max, size_t *ran);

/* For work that may last: to be called between its transactions. Keeps the lease while it runs; E_BUSY once another has taken the
 * job over, and then the work ends here. Writes only now and then. */
MUST_USE enum err job_renew(const struct job_ctx *ctx);

/* The worker: `threads` threads that look every second and when woken. */
MUST_USE enum err job_start(struct str db_where, unsigned threads);
/* Something was queued and should not wait; after commit. */
void job_wake(void);
/* Lets running jobs end, then joins the threads. */
void job_stop(void);

#endif
