/*
 * Lists of occurrences: what happens on a day, in a month, next.
 */
#include "object_plan.h"

static void rows_of_times(struct mem *m, const struct list_time *t, size_t n, const char *lang, struct when_row **rows)
{
	*rows = mem_array(m, struct when_row, n);
	for (size_t i = 0; i < n; i++) {
		struct when_row *r = &(*rows)[i];
		*r = (struct when_row){.at = t[i].at, .until = t[i].until, .nth = t[i].nth, .grain = t[i].grain, .state = t[i].state,
				       .start = t[i].start, .finish = t[i].finish, .zone = t[i].zone};
		row_of_hit(&t[i].hit, lang, &r->row);
	}
}

enum err object_when(struct req *rq, const struct filter *f, size_t limit, struct str after, struct when_row **rows, size_t *n, struct str *next)
{
	struct plan p = {.db = rq->db, .mem = rq->mem, .f = f};
	struct list_time *t;

	*next = STR_NONE;
	TRY(plan_make(&p, limit + 1));
	p.spec.lang = str_of(rq->lang);
	p.spec.order = LIST_START;
	if (!cursor_read(rq->mem, after, &p.spec)) {
		return problem(rq, E_INVALID, N_("This page of the list is no longer there: start again from the first."));
	}
	TRY(list_times(rq->db, rq->mem, &p.spec, false, &t, n));
	if (*n > limit) {
		*n = limit;
		*next = cursor_of(rq->mem, LIST_START, &(struct list_hit){.id = t[limit - 1].hit.id, .at = t[limit - 1].at});
	}
	rows_of_times(rq->mem, t, *n, rq->lang, rows);
	return OK;
}

enum err object_running(struct req *rq, const struct filter *f, size_t max, struct when_row **rows, size_t *n)
{
	struct plan p = {.db = rq->db, .mem = rq->mem, .f = f};
	struct list_time *t;

	TRY(plan_make(&p, max));
	p.spec.lang = str_of(rq->lang);
	TRY(list_times(rq->db, rq->mem, &p.spec, true, &t, n));
	rows_of_times(rq->mem, t, *n, rq->lang, rows);
	return OK;
}

enum err object_days(struct req *rq, const struct filter *f, int64_t (*out)[2], size_t max, size_t *n)
{
	struct plan p = {.db = rq->db, .mem = rq->mem, .f = f};

	TRY(plan_make(&p, 1));
	return list_days(rq->db, rq->mem, &p.spec, out, max, n);
}
