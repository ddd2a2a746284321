/*
 * Composing the SQL of lists. A page is one statement: for each branch (a kind, and one of several terms that would do) a
 * part that walks its index and stops at the limit, the parts joined and cut again, then the rows' columns fetched for
 * those few. The text depends only on the shape of the filter, so prepared statements are found again.
 */
#include "list.h"

#include "list_private.h"

#include <stdlib.h>

#include "../base/buf.h"
#include "../base/limits.h"

struct sql list_sql(struct mem *m)
{
	struct sql q = {.text = buf_make(m, LIMIT_DB_SQL), .cap = 32, .mem = m};

	q.v = mem_array(m, struct db_value, q.cap);
	return q;
}

/* Writes $n and keeps the value. */
void list_bind(struct sql *q, struct db_value v)
{
	if (q->n == q->cap) {
		struct db_value *more = mem_array(q->mem, struct db_value, q->cap * 2);
		memcpy(more, q->v, q->n * sizeof(*more));
		q->v = more;
		q->cap *= 2;
	}
	q->v[q->n++] = v;
	buf_put_c(&q->text, '$');
	buf_put_u64(&q->text, q->n);
}

void list_put(struct sql *q, const char *text)
{
	buf_put(&q->text, str_of(text));
}

void list_put_box_test(struct sql *q, const struct list_box *b, const char *alias)
{
	buf_fmt(&q->text, "%s.lat >= ", alias);
	list_bind(q, db_real(b->south));
	buf_fmt(&q->text, " AND %s.lat <= ", alias);
	list_bind(q, db_real(b->north));
	if (b->west <= b->east) {
		buf_fmt(&q->text, " AND %s.lon >= ", alias);
		list_bind(q, db_real(b->west));
		buf_fmt(&q->text, " AND %s.lon <= ", alias);
		list_bind(q, db_real(b->east));
	} else { /* across the antimeridian */
		buf_fmt(&q->text, " AND (%s.lon >= ", alias);
		list_bind(q, db_real(b->west));
		buf_fmt(&q->text, " OR %s.lon <= ", alias);
		list_bind(q, db_real(b->east));
		list_put(q, ")");
	}
}

/* Padded to four, eight or sixteen ranges, so that few statements are prepared. */
static void put_list_box_ranges(struct sql *q, const struct list_box *b)
{
	int64_t range[LIST_BOX_CELLS][2];
	size_t n = list_box_ranges(b, range), shown = n <= 4 ? 4 : n <= 8 ? 8 : LIST_BOX_CELLS;

	list_put(q, "(");
	for (size_t i = 0; i < shown; i++) {
		list_put(q, i ? " OR (p.z >= " : "(p.z >= ");
		list_bind(q, db_int(i < n ? range[i][0] : 1));
		list_put(q, " AND p.z <= ");
		list_bind(q, db_int(i < n ? range[i][1] : 0));
		list_put(q, ")");
	}
	list_put(q, ")");
}

/* ---- conditions ------------------------------------------------------------------------------------------------------ */

void list_put_terms(struct sql *q, const struct list_group *g)
{
	if (g->n == 1) {
		list_put(q, " = ");
		list_bind(q, db_int(g->terms[0]));
		return;
	}
	list_put(q, " IN (");
	for (size_t i = 0; i < g->n; i++) {
		list_put(q, i ? ", " : "");
		list_bind(q, db_int(g->terms[i]));
	}
	list_put(q, ")");
}

/* AND EXISTS for the groups from `first`; the object is known by its columns `sort` and `id`. */
void list_put_probes(struct sql *q, const struct list_branch *b, size_t first, const char *sort, const char *id)
{
	for (size_t i = first; i < b->n_groups; i++) {
		list_put(q, " AND EXISTS (SELECT 1 FROM object_term AS x WHERE x.term");
		list_put_terms(q, &b->groups[i]);
		buf_fmt(&q->text, " AND x.sort = %s AND x.object = %s)", sort, id);
	}
}

static bool needs_object(const struct list_spec *s)
{
	return s->updated_since || s->from || s->to || s->order != LIST_TITLE;
}

static void put_times(struct sql *q, const struct list_spec *s)
{
	if (s->updated_since) {
		list_put(q, " AND o.updated_at >= ");
		list_bind(q, db_int(s->updated_since));
	}
	if (s->timed) {
		list_put_time_probe(q, s, "o.id");
		return;
	}
	if (s->from) {
		list_put(q, " AND o.published_at >= ");
		list_bind(q, db_int(s->from));
	}
	if (s->to) {
		list_put(q, " AND o.published_at < ");
		list_bind(q, db_int(s->to));
	}
}

void list_put_box_probe(struct sql *q, const struct list_spec *s, const char *id)
{
	if (s->box) {
		buf_fmt(&q->text, " AND EXISTS (SELECT 1 FROM object_place AS p WHERE p.object = %s AND ", id);
		list_put_box_test(q, s->box, "p");
		list_put(q, ")");
	}
}

/* Where the page before ended. */
static void put_after(struct sql *q, const struct list_spec *s, const char *sort, const char *id)
{
	if (!s->has_after) {
		return;
	}
	if (s->order == LIST_TITLE) {
		buf_fmt(&q->text, " AND (%s, %s) > (", sort, id);
		list_bind(q, db_text(s->after_sort));
	} else {
		buf_fmt(&q->text, " AND (%s, o.id) %s (", s->order == LIST_NEW ? "o.published_at" : "o.updated_at",
			s->order == LIST_NEW ? "<" : ">");
		list_bind(q, db_int(s->after_at));
	}
	list_put(q, ", ");
	list_bind(q, db_int(s->after_id));
	list_put(q, ")");
}

static const char *key_of(const struct list_spec *s, const char *by_title)
{
	return s->order == LIST_NEW ? "o.published_at" : s->order == LIST_UPDATED ? "o.updated_at" : by_title;
}

/* ---- parts: each gives (k, id) in order, stopping at the limit ------------------------------------------------------ */

static void put_order_limit(struct sql *q, const struct list_spec *s, const char *key, const char *id)
{
	const char *way = s->order == LIST_NEW ? " DESC" : "";

	if (s->limit) {
		buf_fmt(&q->text, " ORDER BY %s%s, %s%s LIMIT ", key, way, id, way);
		list_bind(q, db_int((int64_t)s->limit));
	}
}

/* Along the places of the box. */
static void put_box_part(struct sql *q, const struct list_spec *s, const struct list_branch *b)
{
	const char *key = key_of(s, "o.sort");

	buf_fmt(&q->text, "SELECT DISTINCT %s AS k, o.id AS id FROM object_place AS p CROSS JOIN object AS o WHERE o.id = p.object AND ", key);
	put_list_box_ranges(q, s->box);
	list_put(q, " AND ");
	list_put_box_test(q, s->box, "p");
	list_put(q, " AND o.status = 2 AND o.kind = ");
	list_bind(q, db_text(b->kind));
	put_times(q, s);
	list_put_probes(q, b, 0, "o.sort", "o.id");
	put_after(q, s, "o.sort", "o.id");
	put_order_limit(q, s, key, "o.id");
}

/* Along the dates. */
static void put_date_part(struct sql *q, const struct list_spec *s, const struct list_branch *b)
{
	const char *key = key_of(s, "o.sort");

	buf_fmt(&q->text, "SELECT %s AS k, o.id AS id FROM object AS o WHERE o.status = 2 AND o.kind = ", key);
	list_bind(q, db_text(b->kind));
	put_times(q, s);
	list_put_probes(q, b, 0, "o.sort", "o.id");
	list_put_box_probe(q, s, "o.id");
	put_after(q, s, "o.sort", "o.id");
	put_order_limit(q, s, key, "o.id");
}

/* Along one term. */
static void put_term_part(struct sql *q, const struct list_spec *s, const struct list_branch *b, int64_t term)
{
	const char *key = key_of(s, "t.sort");

	buf_fmt(&q->text, "SELECT %s AS k, t.object AS id FROM object_term AS t", key);
	if (needs_object(s)) {
		list_put(q, " CROSS JOIN object AS o"); /* CROSS: SQLite keeps the order written */
	}
	list_put(q, needs_object(s) ? " WHERE o.id = t.object AND t.term = " : " WHERE t.term = ");
	list_bind(q, db_int(term));
	put_times(q, s);
	list_put_probes(q, b, 1, "t.sort", "t.object");
	list_put_box_probe(q, s, "t.object");
	put_after(q, s, "t.sort", "t.object");
	put_order_limit(q, s, key, "t.object");
}

/* How many parts a branch makes. */
static size_t parts_of(const struct list_spec *s, const struct list_branch *b)
{
	if (s->order == LIST_START) {
		return b->groups[0].n * (s->from ? 2 : 1);
	}
	bool one = s->box_drives || (s->order != LIST_TITLE && !s->sort);

	return one ? 1 : b->groups[0].n;
}

static void put_part(struct sql *q, const struct list_spec *s, const struct list_branch *b, size_t i)
{
	if (s->order == LIST_START) {
		list_put_time_part(q, s, b, i);
	} else if (s->box_drives) {
		put_box_part(q, s, b);
	} else if (s->order != LIST_TITLE && !s->sort) {
		put_date_part(q, s, b);
	} else {
		put_term_part(q, s, b, b->groups[0].terms[i]);
	}
}

/* The parts, each of them (k, id), joined without repetition. */
static void put_parts(struct sql *q, const struct list_spec *s)
{
	size_t done = 0, all = 0;

	for (size_t i = 0; i < s->n_branches; i++) {
		all += parts_of(s, &s->branches[i]);
	}
	for (size_t i = 0; i < s->n_branches; i++) {
		for (size_t k = 0; k < parts_of(s, &s->branches[i]); k++) {
			list_put(q, done ? " UNION " : "");
			if (all > 1) {
				buf_fmt(&q->text, "SELECT k, id FROM (");
			}
			put_part(q, s, &s->branches[i], k);
			if (all > 1) {
				buf_fmt(&q->text, ") AS a%zu", done);
			}
			done++;
		}
	}
}

/* ---- running --------------------------------------------------------------------------------------------------------- */

void list_put_columns(struct sql *q, const struct list_spec *s)
{
	list_put(q, "SELECT o.id, o.kind, o.slug, o.title, o.summary, o.lang, o.territory, o.kind_slug, o.picture, o.sort, o.lat, o.lon, "
	       "o.precision, o.created_at, o.updated_at, o.published_at, o.checked_at");
	list_put(q, s->lang.p ? ", x.title, x.summary" : ", NULL, NULL");
	list_put(q, s->with_doc ? ", o.source, o.source_key, o.doc" : "");
	list_put(q, s->order == LIST_START && s->limit ? ", hit.k" : "");
}

void list_put_translation(struct sql *q, const struct list_spec *s)
{
	if (s->lang.p) {
		list_put(q, " LEFT JOIN object_text AS x ON x.object = o.id AND x.lang = ");
		list_bind(q, db_text(s->lang));
	}
}

void list_read_hit(const struct db_rows *r, const struct list_spec *s, struct mem *m, struct list_hit *h)
{
	h->id = db_col_int(r, 0);
	h->kind = db_col_text(r, 1, m);
	h->slug = db_col_text(r, 2, m);
	h->title = db_col_text(r, 3, m);
	h->summary = db_col_text(r, 4, m);
	h->lang = db_col_text(r, 5, m);
	h->territory = db_col_text(r, 6, m);
	h->kind_slug = db_col_text(r, 7, m);
	h->picture = db_col_text(r, 8, m);
	h->sort = db_col_text(r, 9, m);
	h->lat = db_col_opt_real(r, 10);
	h->lon = db_col_opt_real(r, 11);
	h->precision = (int)db_col_int(r, 12);
	h->created_at = db_col_int(r, 13);
	h->updated_at = db_col_int(r, 14);
	h->published_at = db_col_opt_int(r, 15).v;
	h->checked_at = db_col_opt_int(r, 16).v;
	if (s->lang.p) {
		h->title_tr = db_col_text(r, 17, m);
		h->summary_tr = db_col_text(r, 18, m);
	}
	if (s->with_doc) {
		h->source = db_col_text(r, 19, m);
		h->source_key = db_col_text(r, 20, m);
		h->doc = db_col_text(r, 21, m);
	}
	if (s->order == LIST_START && s->limit) {
		h->at = db_col_int(r, s->with_doc ? 22 : 19);
	}
}

enum err list_page(struct db *db, struct mem *m, const struct list_spec *s, struct list_hit **out, size_t *n)
{
	struct sql q = list_sql(m);
	struct db_rows rows;
	bool more;
	const char *way = s->order == LIST_NEW ? " DESC" : "";

	*n = 0;
	*out = mem_array(m, struct list_hit, s->limit);
	if (s->n_branches == 0 || s->limit == 0) {
		return OK;
	}
	list_put_columns(&q, s);
	list_put(&q, " FROM (");
	put_parts(&q, s);
	buf_fmt(&q.text, " ORDER BY k%s, id%s LIMIT ", way, way);
	if (s->n_branches == 1 && parts_of(s, &s->branches[0]) == 1) { /* the part has its own order and limit */
		buf_reset(&q.text);
		q.n = 0;
		list_put_columns(&q, s);
		list_put(&q, " FROM (");
		put_parts(&q, s);
	} else {
		list_bind(&q, db_int((int64_t)s->limit));
	}
	list_put(&q, ") AS hit JOIN object AS o ON o.id = hit.id");
	list_put_translation(&q, s);
	buf_fmt(&q.text, " ORDER BY hit.k%s, hit.id%s", way, way);
	if (!buf_ok(&q.text)) {
		return fail(E_LIMIT, "list: filter too long");
	}
	TRY(db_query(db, buf_str(&q.text), q.v, q.n, false, &rows));
	enum err e;
	for (e = db_next(&rows, &more); e == OK && more && *n < s->limit; e = db_next(&rows, &more)) {
		list_read_hit(&rows, s, m, &(*out)[(*n)++]);
	}
	return db_end(&rows, e);
}

/* What is read when no order is asked for: what happens is found by its time. */
static enum list_order unordered(const struct list_spec *s)
{
	return s->timed && (s->from || s->to) ? LIST_START : LIST_TITLE;
}

enum err list_count(struct db *db, struct mem *m, const struct list_spec *spec, int64_t max, int64_t *n)
{
	struct list_spec s = *spec;
	struct sql q = list_sql(m);
	struct db_rows rows;
	bool more;

	*n = 0;
	s.limit = 0;
	s.has_after = false;
	if (s.n_branches == 0) {
		return OK;
	}
	s.order = unordered(&s);
	list_put(&q, "SELECT count(*) FROM (SELECT id FROM (");
	put_parts(&q, &s);
	list_put(&q, ") AS hit LIMIT ");
	list_bind(&q, db_int(max));
	list_put(&q, ") AS few");
	if (!buf_ok(&q.text)) {
		return fail(E_LIMIT, "list: filter too long");
	}
	TRY(db_query(db, buf_str(&q.text), q.v, q.n, false, &rows));
	enum err e = db_next(&rows, &more);
	if (e == OK && more) {
		*n = db_col_int(&rows, 0);
	}
	return db_end(&rows, e);
}

/* The matches, once each, without order. */
static void put_all_from(struct sql *q, const struct list_spec *s)
{
	list_put(q, " FROM (");
	put_parts(q, s);
	list_put(q, ") AS hit JOIN object AS o ON o.id = hit.id");
}

/* True when everything of one kind is asked for: then the table itself is read, in the order it lies in. */
static bool is_all(const struct list_spec *s)
{
	return s->n_branches == 1 && s->branches[0].n_groups == 1 && s->branches[0].groups[0].whole && !s->box &&
	       !s->updated_since && !s->from && !s->to && s->order == LIST_TITLE && s->sort;
}

enum err list_each(struct db *db, struct mem *m, const struct list_spec *spec,
		   enum err (*fn)(void *arg, const struct list_hit *hit), void *arg)
{
	struct list_spec s = *spec;
	struct sql q = list_sql(m);
	struct db_rows rows;
	bool more;

	if (s.n_branches == 0) {
		return OK;
	}
	s.limit = 0;
	s.has_after = false;
	list_put_columns(&q, &s);
	if (is_all(&s)) {
		list_put(&q, " FROM object AS o");
		list_put_translation(&q, &s);
		list_put(&q, " WHERE o.status = 2 AND o.kind = ");
		list_bind(&q, db_text(s.branches[0].kind));
	} else {
		s.order = unordered(&s);
		put_all_from(&q, &s);
		list_put_translation(&q, &s);
	}
	if (!buf_ok(&q.text)) {
		return fail(E_LIMIT, "list: filter too long");
	}
	TRY(db_query(db, buf_str(&q.text), q.v, q.n, true, &rows));
	enum err e;
	for (e = db_next(&rows, &more); e == OK && more; e = db_next(&rows, &more)) {
		struct mem_mark at = mem_mark(m);
		struct list_hit h = {0};
		list_read_hit(&rows, &s, m, &h);
		e = fn(arg, &h);
		mem_rewind(m, at);
		if (e != OK) {
			break;
		}
	}
	return db_end(&rows, e);
}

enum err list_terms(struct db *db, struct mem *m, const struct list_spec *spec, void (*fn)(void *arg, struct str terms),
		    void *arg)
{
	struct list_spec s = *spec;
	struct sql q = list_sql(m);
	struct db_rows rows;
	bool more;

	if (s.n_branches == 0) {
		return OK;
	}
	s.limit = 0;
	s.has_after = false;
	s.order = unordered(&s);
	list_put(&q, "SELECT o.terms");
	put_all_from(&q, &s);
	if (!buf_ok(&q.text)) {
		return fail(E_LIMIT, "list: filter too long");
	}
	TRY(db_query(db, buf_str(&q.text), q.v, q.n, true, &rows));
	enum err e;
	for (e = db_next(&rows, &more); e == OK && more; e = db_next(&rows, &more)) {
		struct mem_mark at = mem_mark(m);
		fn(arg, db_col_text(&rows, 0, m));
		mem_rewind(m, at);
	}
	return db_end(&rows, e);
}

/* ---- by rank --------------------------------------------------------------------------------------------------------- */

static const struct list_branch *branch_of(const struct list_spec *s, struct str kind)
{
	for (size_t i = 0; i < s->n_branches; i++) {
		if (str_eq(s->branches[i].kind, kind)) {
			return &s->branches[i];
		}
	}
	return NULL;
}

/* One row by id, if it is of the kind and under every term. */
static enum err one_by_id(struct db *db, struct mem *m, int64_t id, const struct list_spec *s, const struct list_branch *b,
			  struct list_hit *h, bool *found)
{
	struct sql q = list_sql(m);
	struct db_rows rows;

	list_put_columns(&q, s);
	list_put(&q, " FROM object AS o");
	list_put_translation(&q, s);
	list_put(&q, " WHERE o.status = 2 AND o.id = ");
	list_bind(&q, db_int(id));
	list_put(&q, " AND o.kind = ");
	list_bind(&q, db_text(b->kind));
	put_times(&q, s);
	list_put_probes(&q, b, 0, "o.sort", "o.id");
	list_put_box_probe(&q, s, "o.id");
	TRY(db_query(db, buf_str(&q.text), q.v, q.n, false, &rows));
	enum err e = db_next(&rows, found);
	if (e == OK && *found) {
		list_read_hit(&rows, s, m, h);
	}
	return db_end(&rows, e);
}

enum err list_by_ids(struct db *db, struct mem *m, const int64_t *ids, size_t n_ids, const struct list_spec *s,
		     struct list_hit **out, size_t *n)
{
	*n = 0;
	*out = mem_array(m, struct list_hit, n_ids);
	for (size_t i = 0; i < n_ids; i++) {
		for (size_t k = 0; k < s->n_branches; k++) {
			bool found = false;
			TRY(one_by_id(db, m, ids[i], s, branch_of(s, s->branches[k].kind), &(*out)[*n], &found));
			if (found) {
				(*n)++;
				break;
			}
		}
	}
	return OK;
}
