/*
 * The queue: add, claim, run, put back. The worker's threads are in worker.c.
 */
#include "job.h"

#include "../base/log.h"
#include "../base/time.h"
#include "../db/db.h"
#include "../web/req.h"
#include "job.sql.h"

enum { LEASE_MS = 10 * 60 * 1000, ATTEMPTS = 8, PAUSE_MS = 30 * 1000, PAUSE_MAX_MS = 6 * 3600 * 1000 };

enum err job_add(struct db *db, const char *kind, struct str payload, struct str key, int64_t due_at)
{
	int64_t now = time_now();

	return job_insert(db, str_of(kind), payload.p ? payload : S(""), key, due_at ? due_at : now, now);
}

static const struct job_kind *kind_find(struct str name)
{
	for (size_t i = 0; i < modules_n; i++) {
		for (size_t k = 0; k < modules[i]->n_jobs; k++) {
			if (str_eq(str_of(modules[i]->jobs[k].name), name)) {
				return &modules[i]->jobs[k];
			}
		}
	}
	return NULL;
}

enum err job_schedule(struct db *db)
{
	for (size_t i = 0; i < modules_n; i++) {
		for (size_t k = 0; k < modules[i]->n_jobs; k++) {
			const struct job_kind *kind = &modules[i]->jobs[k];

			if (kind->every_s) {
				TRY(job_add(db, kind->name, S(""), str_of(kind->name), 0));
			}
		}
	}
	return OK;
}

static enum err claim(struct db *db, struct mem *m, struct job *out, struct job_lease *lease)
{
	struct job_claim_row row;
	enum err e;
	int64_t now = time_now();

	TRY(db_begin(db, DB_WRITE));
	e = job_claim(db, now, now + LEASE_MS, m, &row);
	if (e != OK) {
		db_rollback(db);
		return e;
	}
	TRY(db_commit(db));
	*lease = (struct job_lease){.job = row.id, .until = now + LEASE_MS};
	*out = (struct job){.id = row.id, .kind = row.kind, .payload = row.payload, .attempts = row.attempts};
	return OK;
}

enum err job_renew(const struct job_ctx *ctx)
{
	struct job_lease *lease = ctx->lease;
	int64_t until = time_now() + LEASE_MS, n = 0;
	enum err e;

	if (!lease || until - lease->until < LEASE_MS / 4) {
		return OK;
	}
	TRY(lease->lost ? E_BUSY : OK);
	TRY(db_begin(ctx->db, DB_WRITE));
	e = job_extend(ctx->db, lease->job, lease->until, until, &n);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	TRY(db_commit(ctx->db));
	lease->lost = n == 0;
	if (lease->lost) {
		return fail(E_BUSY, "a job lasted beyond its lease, and another runs it now");
	}
	lease->until = until;
	return OK;
}

/* Half a minute, a minute, two, … six hours. */
static int64_t pause_after(int64_t attempts)
{
	int64_t ms = PAUSE_MS;

	for (int64_t i = 1; i < attempts && ms < PAUSE_MAX_MS; i++) {
		ms *= 2;
	}
	return ms < PAUSE_MAX_MS ? ms : PAUSE_MAX_MS;
}

/* Writes what became of a job: gone, due again, or given up. */
static enum err settle(struct db *db, const struct job *job, const struct job_kind *kind, enum err result)
{
	int64_t now = time_now();
	int attempts = kind && kind->attempts ? kind->attempts : ATTEMPTS;
	struct str error = result == OK ? STR_NONE : str_of(err_name(result));
	enum err e;

	TRY(db_begin(db, DB_WRITE));
	if (kind && kind->every_s) {
		e = job_again(db, job->id, now + (int64_t)kind->every_s * 1000, error, 0);
	} else if (result == OK) {
		e = job_done(db, job->id);
	} else if (!kind || job->attempts >= attempts) {
		e = job_give_up(db, job->id, error);
	} else {
		e = job_again(db, job->id, now + pause_after(job->attempts), error, job->attempts);
	}
	if (e != OK) {
		db_rollback(db);
		return e;
	}
	return db_commit(db);
}

static enum err run_one(struct db *db, struct mem *m, const struct job *job, struct job_lease *lease)
{
	const struct job_kind *kind = kind_find(job->kind);
	struct job_ctx ctx = {.db = db, .mem = m, .site = site_now(), .now = time_now(), .lease = lease};
	enum err result = kind ? kind->run(&ctx, job) : fail(E_BUG, "no kind of job is called %.*s", STR_ARG(job->kind));

	db_rollback(db); /* what a failed job left open */
	if (result != OK) {
		log_warn("job %.*s: %s, attempt %lld", STR_ARG(job->kind), err_name(result), (long long)job->attempts);
	}
	/* Whoever took it over settles it. */
	return lease->lost ? OK : settle(db, job, kind, result);
}

enum err job_run_due(struct db *db, struct mem *m, size_t max, size_t *ran)
{
	*ran = 0;
	while (*ran < max) {
		struct mem_mark mark = mem_mark(m);
		struct job job;
		struct job_lease lease;
		enum err e = claim(db, m, &job, &lease);

		if (e == E_NOTFOUND) {
			return OK;
		}
		TRY(e);
		TRY(run_one(db, m, &job, &lease));
		mem_rewind(m, mark);
		(*ran)++;
	}
	return OK;
}
