/*
 * Lists of what happens, in the order in which it happens: along occurrence_term, which holds each occurrence under each term
 * by its local time, so that a day, a month or what comes next is one range under any filter.
 */
#include "list_private.h"

#include "../base/limits.h"

void list_put_time_probe(struct sql *q, const struct list_spec *s, const char *id)
{
	if (!s->from && !s->to) {
		return;
	}
	buf_fmt(&q->text, " AND EXISTS (SELECT 1 FROM occurrence AS w WHERE w.event = %s", id);
	if (s->to) {
		list_put(q, " AND w.at < ");
		list_bind(q, db_int(s->to));
	}
	if (s->from) {
		list_put(q, " AND (w.until > ");
		list_bind(q, db_int(s->from));
		list_put(q, " OR w.at >= ");
		list_bind(q, db_int(s->from));
		list_put(q, ")");
	}
	list_put(q, ")");
}

/* FROM and WHERE of the occurrences under a term; the object is `o`. */
static void put_range(struct sql *q, const struct list_spec *s, const struct list_branch *b, int64_t term, bool running)
{
	list_put(q, " FROM occurrence_term AS t CROSS JOIN object AS o WHERE o.id = t.event AND t.term = ");
	list_bind(q, db_int(term));
	if (running) {
		list_put(q, " AND t.lasting = 1 AND t.until > ");
		list_bind(q, db_int(s->from));
		list_put(q, " AND t.at < ");
		list_bind(q, db_int(s->from));
	} else if (s->from) {
		list_put(q, " AND t.at >= ");
		list_bind(q, db_int(s->from));
	}
	if (s->to && !running) {
		list_put(q, " AND t.at < ");
		list_bind(q, db_int(s->to));
	}
	if (s->updated_since) {
		list_put(q, " AND o.updated_at >= ");
		list_bind(q, db_int(s->updated_since));
	}
	list_put_probes(q, b, 1, "o.sort", "o.id");
	list_put_box_probe(q, s, "o.id");
	if (s->has_after) {
		list_put(q, " AND (t.at, t.event) > (");
		list_bind(q, db_int(s->after_at));
		list_put(q, ", ");
		list_bind(q, db_int(s->after_id));
		list_put(q, ")");
	}
}

void list_put_time_part(struct sql *q, const struct list_spec *s, const struct list_branch *b, size_t i)
{
	size_t ways = s->from ? 2 : 1;

	list_put(q, "SELECT t.at AS k, t.event AS id");
	put_range(q, s, b, b->groups[0].terms[i / ways], i % ways == 1);
	/* each object once: by its first occurrence here */
	list_put(q, " AND NOT EXISTS (SELECT 1 FROM occurrence AS w WHERE w.event = t.event AND w.at < t.at");
	if (s->from) {
		list_put(q, " AND w.until >= ");
		list_bind(q, db_int(s->from));
	}
	list_put(q, ")");
	if (s->limit) {
		list_put(q, " ORDER BY t.at, t.event LIMIT ");
		list_bind(q, db_int((int64_t)s->limit));
	}
}

/* ---- occurrences ----------------------------------------------------------------------------------------------------- */

static void put_times(struct sql *q, const struct list_spec *s, bool running)
{
	const struct list_branch *b = &s->branches[0];

	for (size_t i = 0; i < b->groups[0].n; i++) {
		list_put(q, i ? " UNION " : "");
		list_put(q, b->groups[0].n > 1 ? "SELECT k, id, nth FROM (" : "");
		list_put(q, "SELECT t.at AS k, t.event AS id, t.nth AS nth");
		put_range(q, s, b, b->groups[0].terms[i], running);
		list_put(q, " ORDER BY t.at, t.event LIMIT ");
		list_bind(q, db_int((int64_t)s->limit));
		if (b->groups[0].n > 1) {
			buf_fmt(&q->text, ") AS a%zu", i);
		}
	}
	if (b->groups[0].n > 1) {
		list_put(q, " ORDER BY k, id LIMIT ");
		list_bind(q, db_int((int64_t)s->limit));
	}
}

static void read_time(const struct db_rows *r, const struct list_spec *s, struct mem *m, struct list_time *t)
{
	list_read_hit(r, s, m, &t->hit);
	t->at = db_col_int(r, 19);
	t->until = db_col_int(r, 20);
	t->nth = db_col_int(r, 21);
	t->grain = (int)db_col_int(r, 22);
	t->state = (int)db_col_int(r, 23);
	t->start = db_col_text(r, 24, m);
	t->finish = db_col_text(r, 25, m);
	t->zone = db_col_text(r, 26, m);
}

enum err list_times(struct db *db, struct mem *m, const struct list_spec *spec, bool running, struct list_time **out, size_t *n)
{
	struct list_spec s = *spec;
	struct sql q = list_sql(m);
	struct db_rows rows;
	bool more;

	*n = 0;
	*out = mem_array(m, struct list_time, s.limit);
	if (s.n_branches == 0 || s.limit == 0 || (running && !s.from)) {
		return OK;
	}
	s.order = LIST_TITLE; /* of the columns */
	s.with_doc = false;
	list_put_columns(&q, &s);
	list_put(&q, ", w.at, w.until, w.nth, w.grain, w.cancelled, w.start, w.finish, w.zone FROM (");
	put_times(&q, &s, running);
	list_put(&q, ") AS hit JOIN object AS o ON o.id = hit.id JOIN occurrence AS w ON w.event = hit.id AND w.nth = hit.nth");
	list_put_translation(&q, &s);
	list_put(&q, " ORDER BY hit.k, hit.id, hit.nth");
	if (!buf_ok(&q.text)) {
		return fail(E_LIMIT, "list: filter too long");
	}
	TRY(db_query(db, buf_str(&q.text), q.v, q.n, false, &rows));
	enum err e;
	for (e = db_next(&rows, &more); e == OK && more && *n < s.limit; e = db_next(&rows, &more)) {
		read_time(&rows, &s, m, &(*out)[(*n)++]);
	}
	return db_end(&rows, e);
}

enum err list_days(struct db *db, struct mem *m, const struct list_spec *spec, int64_t (*out)[2], size_t max, size_t *n)
{
	struct list_spec s = *spec;
	struct sql q = list_sql(m);
	struct db_rows rows;
	bool more;

	*n = 0;
	if (s.n_branches == 0) {
		return OK;
	}
	s.has_after = false;
	s.limit = LIMIT_LIST_COUNT;
	list_put(&q, "SELECT k / 86400000 AS day, count(*) AS held FROM (");
	put_times(&q, &s, false);
	list_put(&q, ") AS hit GROUP BY k / 86400000 ORDER BY 1");
	if (!buf_ok(&q.text)) {
		return fail(E_LIMIT, "list: filter too long");
	}
	TRY(db_query(db, buf_str(&q.text), q.v, q.n, false, &rows));
	enum err e;
	for (e = db_next(&rows, &more); e == OK && more && *n < max; e = db_next(&rows, &more)) {
		out[*n][0] = db_col_int(&rows, 0);
		out[(*n)++][1] = db_col_int(&rows, 1);
	}
	return db_end(&rows, e);
}
