/*
 * Filters (core/object_filter.c) turned into terms for entity/list.c; pages, streams and counts. Only published objects are
 * listed under terms, so nothing else can come out of here.
 */
#include "object.h"

#include <stdlib.h>

#include "../base/enc.h"
#include "../base/limits.h"
#include "../base/vec.h"
#include "../entity/list.h"
#include "census.h"
#include "object.sql.h"
#include "object_plan.h"
#include "search.h"

#define SEARCH_MAX 1000 /* ids taken from a search before filters */
#define SMALL_SET 3000  /* read whole and sorted rather than walked to */

/* ---- filter -> terms ------------------------------------------------------------------------------------------------- */

/* Adds a term to a group; a value that nothing is listed under adds nothing. */
static enum err group_add(struct plan *p, const struct entity *e, struct list_group *g, struct str facet, struct str value)
{
	struct term_find_row t;
	int64_t *ids = mem_array(p->mem, int64_t, g->n + 1);
	enum err err = term_find(p->db, str_of(e->kind), facet, value, p->mem, &t);

	if (err == E_NOTFOUND || (err == OK && t.uses <= 0)) {
		return OK;
	}
	TRY(err);
	if (g->n) {
		memcpy(ids, g->terms, g->n * sizeof(*ids));
	}
	ids[g->n++] = t.id;
	g->terms = ids;
	g->total += t.uses;
	return OK;
}

/* Terms of links: the id of what is linked to. */
static enum err object_value(struct plan *p, const char *kind, struct str slug, struct str *value)
{
	const struct entity *e = entity_find(str_of(kind));
	int64_t id = 0;
	enum err err = e ? object_id_of(p->db, p->mem, e, slug, &id) : E_NOTFOUND;

	*value = str_fmt(p->mem, "%lld", (long long)id);
	return err == E_NOTFOUND ? OK : err;
}

static int by_total(const void *a, const void *b)
{
	const struct list_group *x = a, *y = b;

	return x->total < y->total ? -1 : x->total > y->total;
}

/* The groups of one kind; `*none` when nothing of it can match. */
static enum err plan_groups(struct plan *p, const struct entity *e, struct list_group *g, size_t *n, bool *none)
{
	const struct filter *f = p->f;
	bool done[COUNT(f->terms)] = {false};

	*n = 0;
	for (size_t i = 0; i < f->n_terms; i++) {
		if (done[i] || (p->skip && str_eq(str_of(p->skip), f->terms[i].facet))) {
			continue;
		}
		const struct field *fd = facet_field(e, f->terms[i].facet);
		p->one_value = p->one_value && fd && fd->type == F_CHOICE;
		for (size_t k = i; k < f->n_terms; k++) {
			if (str_eq(f->terms[k].facet, f->terms[i].facet)) {
				TRY(group_add(p, e, &g[*n], f->terms[k].facet, f->terms[k].value));
				done[k] = true;
			}
		}
		(*n)++;
	}
	if (f->territory.n && !(p->skip && strcmp(p->skip, "territory") == 0)) {
		TRY(group_add(p, e, &g[(*n)++], S("territory"), f->territory));
	}
	if (f->actor.n) {
		struct str value;
		TRY(object_value(p, "actor", f->actor, &value));
		TRY(group_add(p, e, &g[(*n)++], S("actor"), value));
	}
	if (f->programme.n) {
		struct str value;
		TRY(object_value(p, "programme", f->programme, &value));
		TRY(group_add(p, e, &g[(*n)++], S("programme"), value));
	}
	if (f->lang.n) {
		TRY(group_add(p, e, &g[(*n)++], S("lang"), f->lang));
	}
	*none = false;
	for (size_t i = 0; i < *n; i++) {
		*none = *none || g[i].n == 0;
	}
	return OK;
}

static enum err plan_kind(struct plan *p, const struct entity *e)
{
	struct list_group *g = mem_array(p->mem, struct list_group, COUNT(p->f->terms) + 5);
	struct list_group all = {0};
	bool none;
	size_t n;

	TRY(group_add(p, e, &all, S(""), S("")));
	if (all.n == 0) {
		return OK;
	}
	p->all += all.total;
	TRY(plan_groups(p, e, g, &n, &none));
	if (none) {
		return OK;
	}
	if (n == 0) {
		all.whole = true;
		g[n++] = all;
	}
	qsort(g, n, sizeof(*g), by_total);
	*vec_add(p->mem, &p->branches) = (struct list_branch){str_of(e->kind), g, n};
	return OK;
}

/* The sum of each branch's smallest group: no more can match. */
static int64_t at_most(const struct plan *p)
{
	int64_t n = 0;

	for (size_t i = 0; i < p->branches.n; i++) {
		n += p->branches.p[i].groups[0].total;
	}
	return n;
}

/* How many objects stand in the box, counted no further than needed. */
static enum err box_is_small(struct plan *p, bool *small)
{
	struct list_spec s = {.box = &p->box, .box_drives = true, .n_branches = 1};
	struct list_branch any = p->branches.p[0];
	int64_t n;

	if (census_can()) {
		struct filter in_box = {.entity = p->f->entity, .has_bbox = true, .west = p->f->west, .south = p->f->south,
					.east = p->f->east, .north = p->f->north};
		TRY(census_total(p->db, p->mem, &in_box, &n));
		*small = n * n < 20 * p->all; /* reading and sorting n costs less than walking to twenty of them */
		return OK;
	}
	any.n_groups = 0;
	s.branches = &any;
	TRY(list_count(p->db, p->mem, &s, SMALL_SET + 1, &n));
	*small = n <= SMALL_SET;
	return OK;
}

enum err plan_make(struct plan *p, size_t limit)
{
	const struct filter *f = p->f;
	bool small = false;

	p->one_value = true;
	if (f->entity) {
		TRY(plan_kind(p, f->entity));
	}
	for (const struct entity *e = f->entity ? NULL : entity_next(NULL); e; e = entity_next(e)) {
		TRY(plan_kind(p, e));
	}
	p->spec = (struct list_spec){.branches = p->branches.p, .n_branches = p->branches.n, .updated_since = f->updated_since,
				     .from = f->from, .to = f->to, .limit = limit,
				     .order = f->updated_since ? LIST_UPDATED : f->order == BY_NEW ? LIST_NEW
					      : f->order == BY_START ? LIST_START : LIST_TITLE,
				     .timed = f->entity && f->entity->timed};
	int64_t most = at_most(p);
	int64_t walk = (int64_t)(limit ? limit : 1) * p->all / (most > 0 ? most : 1);
	p->spec.sort = most < p->all && most <= walk + walk / 2;
	if (f->has_bbox) {
		p->box = (struct list_box){f->west, f->south, f->east, f->north};
		p->spec.box = &p->box;
		if (most > SMALL_SET && p->branches.n) {
			TRY(box_is_small(p, &small));
		}
		p->spec.box_drives = small;
	}
	return OK;
}

static enum err plan_total(struct plan *p, int64_t *total)
{
	const struct filter *f = p->f;
	bool simple = !f->has_bbox && !f->updated_since && !f->from && !f->to;

	*total = 0;
	for (size_t i = 0; simple && i < p->branches.n; i++) {
		const struct list_branch *b = &p->branches.p[i];
		simple = b->n_groups == 1 && (b->groups[0].n == 1 || p->one_value);
		*total += b->groups[0].total;
	}
	if (simple) {
		return OK;
	}
	bool by_time = p->spec.timed && (f->from || f->to); /* of which the index in memory knows nothing */
	return census_can() && !by_time ? census_total(p->db, p->mem, f, total)
					: list_count(p->db, p->mem, &p->spec, LIMIT_LIST_COUNT, total);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

void row_of_hit(const struct list_hit *h, const char *lang, struct list_row *r)
{
	bool translated = h->title_tr.n || h->summary_tr.n;

	*r = (struct list_row){
		.id = h->id, .entity = entity_find(h->kind), .slug = h->slug,
		.title = h->title_tr.n ? h->title_tr : h->title,
		.summary = h->summary_tr.n ? h->summary_tr : h->summary,
		.lang = translated ? str_of(lang) : h->lang,
		.fallback = h->summary.n && !h->summary_tr.n && lang && !str_eq(h->lang, str_of(lang)),
		.territory = h->territory, .kind_slug = h->kind_slug, .picture = h->picture,
		.has_point = h->lat.has && h->lon.has, .lat = h->lat.v, .lon = h->lon.v, .precision = h->precision,
		.created_at = h->created_at, .updated_at = h->updated_at, .published_at = h->published_at,
		.checked_at = h->checked_at,
		.source = h->source, .source_key = h->source_key, .original_lang = h->lang,
	};
}

static void rows_of_hits(struct mem *m, const struct list_hit *hits, size_t n, const char *lang, struct list_row **rows)
{
	*rows = mem_array(m, struct list_row, n);
	for (size_t i = 0; i < n; i++) {
		row_of_hit(&hits[i], lang, &(*rows)[i]);
	}
}

/* ---- cursors --------------------------------------------------------------------------------------------------------- */

static char letter_of(enum list_order order)
{
	return order == LIST_TITLE ? 't' : order == LIST_NEW ? 'n' : order == LIST_START ? 's' : 'u';
}

struct str cursor_of(struct mem *m, enum list_order order, const struct list_hit *h)
{
	struct str s = order == LIST_TITLE ? str_fmt(m, "t%lld %.*s", (long long)h->id, STR_ARG(h->sort))
					   : str_fmt(m, "%c%lld %lld", letter_of(order), (long long)h->id,
						     (long long)(order == LIST_NEW     ? h->published_at
								 : order == LIST_START ? h->at
										       : h->updated_at));

	return enc_base64url(m, s);
}

bool cursor_read(struct mem *m, struct str after, struct list_spec *s)
{
	struct str text;
	char want = letter_of(s->order);

	if (!after.n) {
		return true;
	}
	if (after.n > 200 || dec_base64url(m, after, &text) != OK || text.n < 2 || text.p[0] != want) {
		return false;
	}
	text = str_sub(text, 1, text.n);
	if (!str_to_i64(str_cut(&text, ' '), &s->after_id) || !text.p) {
		return false;
	}
	s->after_sort = text;
	s->has_after = true;
	return s->order == LIST_TITLE || str_to_i64(text, &s->after_at);
}

/* ---- pages ----------------------------------------------------------------------------------------------------------- */

/* What the index of words does not know, so that each row has to be looked at. */
static bool looked_at(const struct filter *f)
{
	return f->has_bbox || f->updated_since || f->from || f->to;
}

static enum err find_ids(struct plan *p, int64_t **ids, size_t *n)
{
	*n = 0;
	if (p->branches.n == 0) {
		return OK;
	}
	return search_find(p->db, p->mem, p->f->q, p->branches.p, p->branches.n, SEARCH_MAX, ids, n);
}

enum err object_search(struct req *rq, const struct filter *f, size_t max, struct search_answer *out)
{
	struct plan p = {.db = rq->db, .mem = rq->mem, .f = f};
	struct search_query q = {.q = f->q, .max = max};

	*out = (struct search_answer){.n = 0};
	TRY(plan_make(&p, 1));
	q.branches = p.branches.p;
	q.n_branches = p.branches.n;
	return p.branches.n ? search_run(rq->db, rq->mem, &q, out) : OK;
}

static int by_sort(const void *a, const void *b)
{
	const struct list_hit *x = a, *y = b;
	int c = str_cmp(x->sort, y->sort);

	return c ? c : x->id < y->id ? -1 : x->id > y->id;
}

static int newer_hit(const void *a, const void *b)
{
	const struct list_hit *x = a, *y = b;

	return x->published_at != y->published_at ? (x->published_at > y->published_at ? -1 : 1) : (x->id > y->id ? -1 : x->id < y->id);
}

static enum err list_found(struct req *rq, struct plan *p, size_t limit, struct str after, struct list_row **rows, size_t *n,
			   struct str *next, int64_t *total)
{
	const struct filter *f = p->f;
	int64_t *ids, from = 0;
	bool by_start = p->spec.order == LIST_START;
	struct list_hit *hits;
	struct str text;
	size_t n_ids;

	if (after.n && (dec_base64url(rq->mem, after, &text) != OK || !str_starts(text, S("r")) ||
			!str_to_i64(str_sub(text, 1, text.n), &from) || from < 0)) {
		return problem_query(rq, "after", N_("This page of the list is no longer there: start again from the first."));
	}
	TRY(find_ids(p, &ids, &n_ids));
	*total = (int64_t)n_ids;
	p->spec.order = by_start ? LIST_TITLE : p->spec.order; /* found by words: in their order */
	if (looked_at(f) || f->order != BY_RANK) {
		TRY(list_by_ids(rq->db, rq->mem, ids, n_ids, &p->spec, &hits, n));
		if (f->order != BY_RANK && *n) {
			qsort(hits, *n, sizeof(*hits), f->order == BY_NEW ? newer_hit : by_sort);
		}
		*total = (int64_t)*n;
		from = from < *total ? from : *total;
		hits += from;
		*n = *n - (size_t)from < limit ? *n - (size_t)from : limit;
	} else {
		from = from < *total ? from : *total;
		size_t some = n_ids - (size_t)from < limit ? n_ids - (size_t)from : limit;
		TRY(list_by_ids(rq->db, rq->mem, ids + from, some, &p->spec, &hits, n));
	}
	rows_of_hits(rq->mem, hits, *n, rq->lang, rows);
	from += (int64_t)limit;
	*next = from < *total ? enc_base64url(rq->mem, str_fmt(rq->mem, "r%lld", (long long)from)) : STR_NONE;
	return OK;
}

enum err object_list(struct req *rq, const struct filter *f, size_t limit, struct str after, struct list_row **rows, size_t *n,
		     struct str *next, int64_t *total)
{
	struct plan p = {.db = rq->db, .mem = rq->mem, .f = f};
	struct list_hit *hits;

	limit = limit < 1 ? 1 : limit > LIMIT_LIST_PAGE ? LIMIT_LIST_PAGE : limit;
	TRY(plan_make(&p, limit + 1));
	p.spec.lang = str_of(rq->lang);
	if (f->q.n) {
		return list_found(rq, &p, limit, after, rows, n, next, total);
	}
	if (!cursor_read(rq->mem, after, &p.spec)) {
		return problem_query(rq, "after", N_("This page of the list is no longer there: start again from the first."));
	}
	TRY(list_page(rq->db, rq->mem, &p.spec, &hits, n));
	*next = STR_NONE;
	if (*n > limit) {
		*n = limit;
		*next = cursor_of(rq->mem, p.spec.order, &hits[limit - 1]);
	}
	rows_of_hits(rq->mem, hits, *n, rq->lang, rows);
	if (!after.n && !next->p) { /* one page holds all */
		*total = (int64_t)*n;
		return OK;
	}
	return plan_total(&p, total);
}

/* ---- streams --------------------------------------------------------------------------------------------------------- */

struct each {
	struct mem *mem;
	const char *lang;
	enum err (*fn)(void *arg, const struct list_row *row, struct view v);
	void *arg;
};

static enum err each_hit(void *arg, const struct list_hit *h)
{
	const struct each *e = arg;
	struct list_row row;
	struct doc doc;

	row_of_hit(h, e->lang, &row);
	if (!row.entity) {
		return OK;
	}
	TRY(doc_parse(e->mem, h->doc, &doc));
	return e->fn(e->arg, &row, doc_view(e->mem, row.entity, doc, SEE_PUBLIC));
}

enum err object_each(struct db *db, struct mem *m, const struct filter *f, const char *lang,
		     enum err (*fn)(void *arg, const struct list_row *row, struct view v), void *arg)
{
	struct plan p = {.db = db, .mem = m, .f = f};
	struct each e = {m, lang, fn, arg};

	TRY(plan_make(&p, LIMIT_LIST_PAGE));
	p.spec.lang = str_of(lang);
	p.spec.with_doc = true;
	if (f->q.n) {
		int64_t *ids;
		struct list_hit *hits;
		size_t n_ids, n;
		TRY(find_ids(&p, &ids, &n_ids));
		TRY(list_by_ids(db, m, ids, n_ids, &p.spec, &hits, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(each_hit(&e, &hits[i]));
		}
		return OK;
	}
	p.spec.sort = true;
	return list_each(db, m, &p.spec, each_hit, &e);
}

/* ---- counts by value ------------------------------------------------------------------------------------------------- */

struct tally {
	struct mem *mem;
	int64_t *ids;   /* of the facet's terms, sorted */
	int64_t *counts;
	struct str *values;
	size_t n;
};

static int by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void tally_terms(void *arg, struct str terms)
{
	struct tally *t = arg;
	int64_t id;

	while (terms.n) {
		if (str_to_i64(str_cut(&terms, ' '), &id)) {
			const int64_t *at = bsearch(&id, t->ids, t->n, sizeof(id), by_id);
			if (at) {
				t->counts[at - t->ids]++;
			}
		}
	}
}

static int by_count(const void *a, const void *b)
{
	const struct facet_count *x = a, *y = b;

	return x->n != y->n ? (x->n > y->n ? -1 : 1) : str_cmp(x->value, y->value);
}

static bool only_facet(const struct filter *f, struct str facet)
{
	if (f->actor.n || f->lang.n || f->has_bbox || f->updated_since || f->from || f->to || f->q.n) {
		return false;
	}
	for (size_t i = 0; i < f->n_terms; i++) {
		if (!str_eq(f->terms[i].facet, facet)) {
			return false;
		}
	}
	return !f->territory.n || str_eq(facet, S("territory"));
}

/* The filter without a facet's own values, so that one can choose another. */
static struct filter without_facet(const struct filter *f, struct str facet)
{
	struct filter out = *f;

	out.n_terms = 0;
	for (size_t i = 0; i < f->n_terms; i++) {
		if (!str_eq(f->terms[i].facet, facet)) {
			out.terms[out.n_terms++] = f->terms[i];
		}
	}
	if (str_eq(facet, S("territory"))) {
		out.territory = STR_NONE;
	}
	return out;
}

enum err object_facet(struct req *rq, const struct filter *f, const char *facet, size_t max, struct facet_count **out, size_t *n)
{
	const struct field *fd = f->entity ? facet_field(f->entity, str_of(facet)) : NULL;
	struct str name = fd ? facet_name(fd) : str_of(facet);
	struct str kind = f->entity ? str_of(f->entity->kind) : S("");
	struct plan p = {.db = rq->db, .mem = rq->mem, .f = f, .skip = str_c(rq->mem, name)};
	struct term_ids_of_row *terms;
	struct tally t = {.mem = rq->mem};

	*n = 0;
	if (only_facet(f, name)) {
		struct term_counts_row *rows;
		TRY(term_counts(rq->db, kind, name, (int64_t)max, rq->mem, &rows, n));
		*out = mem_array(rq->mem, struct facet_count, *n);
		for (size_t i = 0; i < *n; i++) {
			(*out)[i] = (struct facet_count){rows[i].value, rows[i].uses};
		}
		return OK;
	}
	TRY(term_ids_of(rq->db, kind, name, LIMIT_DB_ROWS, rq->mem, &terms, &t.n));
	t.ids = mem_array(rq->mem, int64_t, t.n);
	t.counts = mem_array(rq->mem, int64_t, t.n);
	for (size_t i = 0; i < t.n; i++) {
		t.ids[i] = terms[i].id;
	}
	if (census_can()) {
		struct filter others = without_facet(f, name);
		TRY(census_terms(rq->db, rq->mem, &others, t.ids, t.n, t.counts));
	} else {
		TRY(plan_make(&p, 1));
		TRY(list_terms(rq->db, rq->mem, &p.spec, tally_terms, &t));
	}
	*out = mem_array(rq->mem, struct facet_count, t.n);
	for (size_t i = 0; i < t.n; i++) {
		if (t.counts[i]) {
			(*out)[(*n)++] = (struct facet_count){terms[i].value, t.counts[i]};
		}
	}
	qsort(*out, *n, sizeof(**out), by_count);
	*n = *n < max ? *n : max;
	return OK;
}
