/*
 * Reading what is kept of an event beside its document.
 */
#include "agenda.sql.h"
#include "event.h"

enum err event_info(struct db *db, struct mem *m, int64_t event, struct event_info *out)
{
	struct event_row_row r;

	TRY(event_row(db, event, m, &r));
	*out = (struct event_info){.event = event, .sequence = r.sequence, .changed_at = r.changed_at.v, .changed = r.what,
				   .first_at = r.first_at.v, .last_at = r.last_at.v, .endless = r.horizon.has};
	return OK;
}

static void fill(const struct occurrence_row *r, struct event_occurrence *o)
{
	*o = (struct event_occurrence){.event = r->event, .n = r->nth, .from = r->start_at, .to = r->end_at, .zone = r->zone,
				       .cancelled = r->cancelled == 1};
	(void)(cal_parse(r->ref, &o->on) && cal_parse(r->start, &o->start) && cal_parse(r->finish, &o->end));
}

enum err event_occurrences(struct db *db, struct mem *m, int64_t event, int64_t after, size_t max, struct event_occurrence **out, size_t *n)
{
	struct occurrence_row *rows;

	TRY(occurrence_rows(db, event, after ? after : INT64_MIN, (int64_t)max, m, &rows, n));
	*out = mem_array(m, struct event_occurrence, *n);
	for (size_t i = 0; i < *n; i++) {
		fill(&rows[i], &(*out)[i]);
	}
	return OK;
}

enum err event_next(struct db *db, struct mem *m, int64_t event, int64_t now, struct event_occurrence *out)
{
	struct occurrence_row r;

	TRY(occurrence_first(db, event, now, m, &r));
	fill(&r, out);
	return OK;
}

enum err event_occurrence_on(struct db *db, struct mem *m, int64_t event, struct str on, struct event_occurrence *out)
{
	struct occurrence_row r;

	TRY(occurrence_by_ref(db, event, on, m, &r));
	fill(&r, out);
	return OK;
}
