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
