/*
 * Work in the background: what failed for good, what comes next.
 */
#include "../../job/job.h"
#include "admin_jobs.html.h"
#include "admin_pages.h"

const char *job_doc(struct str kind)
{
	for (size_t i = 0; i < modules_n; i++) {
		for (size_t k = 0; k < modules[i]->n_jobs; k++) {
			if (str_eq(str_of(modules[i]->jobs[k].name), kind)) {
				return modules[i]->jobs[k].doc;
			}
		}
	}
	return N_("Work that this version of the program does not know");
}

/* The cause that the queue keeps is the name of an error: for the log. */
const char *job_cause(struct str error)
{
	static const struct {
		enum err err;
		const char *words;
	} causes[] = {
		{E_NOTFOUND, N_("What it was about is gone.")},
		{E_DENIED, N_("It was not allowed.")},
		{E_LOGIN, N_("It was not allowed.")},
		{E_INVALID, N_("What it had to work on is not as it should be.")},
		{E_CONFLICT, N_("Somebody changed the same thing meanwhile.")},
		{E_LIMIT, N_("It was too much at once, or too large.")},
		{E_BUSY, N_("The database was busy. It is tried again by itself.")},
		{E_REMOTE, N_("Another server did not answer, or refused. Check the address, or try later.")},
		{E_IO, N_("A file could not be read or written. Is the disk full?")},
		{E_DB, N_("The database refused. Is the disk full?")},
		{E_BUG, N_("A mistake of the program itself. Please report it with the log of that hour.")},
	};

	for (size_t i = 0; i < COUNT(causes); i++) {
		if (str_eq(error, str_of(err_name(causes[i].err)))) {
			return causes[i].words;
		}
	}
	return N_("Unknown. The log of that hour says more.");
}

enum err jobs_show(struct req *rq)
{
	struct job_page *p = mem_new(rq->mem, struct job_page);

	TRY(job_failures(rq->db, rq->mem, &p->failed, &p->n_failed));
	TRY(job_next(rq->db, rq->mem, &p->next, &p->n_next));
	return page(rq, str_of(T(rq, N_("Work in the background"))), jobs_view, p);
}

enum err jobs_post(struct req *rq)
{
	int64_t id, n;

	if (!str_to_i64(req_form(rq, "id"), &id)) {
		return E_NOTFOUND;
	}
	TRY(job_retry(rq->db, id, rq->now, &n));
	if (!n) {
		return problem(rq, E_CONFLICT, N_("This piece of work is not there any more."));
	}
	req_notice(rq, "ok", str_of(T(rq, N_("It is tried again now."))));
	return redirect(rq, link_plain(rq, "/admin/jobs"));
}
