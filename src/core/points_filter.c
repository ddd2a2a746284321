/*
 * Filters as bits: one a place, set where it answers. Terms are looked up in the database once, then lists of places are
 * joined word by word.
 */
#include "../entity/list.h"
#include "object.sql.h"
#include "points_part.h"
#include "search.h"

enum { FOUND_MAX = 1000 /* ids of a search */ };

/* What a filter asks of each part: ids of terms, any of a group, all groups; found in the database once. */
struct group {
	int64_t *terms;
	size_t n;
};

struct points_ask {
	const struct filter *f;
	struct group *groups;
	size_t n;
	bool none;
	bool timed;           /* from and to are about what happens: what does then is found */
	int64_t *found;       /* objects that answer the words, or the times */
	size_t n_found;
};

static enum err group_term(struct db *db, struct mem *m, const struct points_ask *a, struct group *g, struct str facet, struct str value)
{
	struct term_find_row t;
	enum err e = term_find(db, str_of(a->f->entity->kind), facet, value, m, &t);

	if (e == OK && t.uses > 0) {
		int64_t *ids = mem_array(m, int64_t, g->n + 1);
		if (g->n) {
			memcpy(ids, g->terms, g->n * sizeof *ids);
		}
		ids[g->n++] = t.id;
		g->terms = ids;
	}
	return e == E_NOTFOUND ? OK : e;
}

static enum err ask_facets(struct db *db, struct mem *m, struct points_ask *a)
{
	const struct filter *f = a->f;

	for (size_t i = 0; i < f->n_terms; i++) {
		bool first = true;
		for (size_t k = 0; k < i; k++) {
			first = first && !str_eq(f->terms[k].facet, f->terms[i].facet);
		}
		for (size_t k = i; first && k < f->n_terms; k++) {
			if (str_eq(f->terms[k].facet, f->terms[i].facet)) {
				TRY(group_term(db, m, a, &a->groups[a->n], f->terms[k].facet, f->terms[k].value));
			}
		}
		a->n += first;
	}
	return OK;
}

/* What is linked to an actor or a programme. */
static enum err ask_link(struct db *db, struct mem *m, struct points_ask *a, const char *kind, struct str slug)
{
	const struct entity *to = entity_find(str_of(kind));
	int64_t id = 0;
	enum err e = to ? object_id_of(db, m, to, slug, &id) : E_NOTFOUND;

	if (e == OK) {
		e = group_term(db, m, a, &a->groups[a->n], str_of(kind), str_fmt(m, "%lld", (long long)id));
	}
	a->n++;
	return e == E_NOTFOUND ? OK : e;
}

/* What happens between two times: the first FOUND_MAX of it. */
static enum err ask_times(struct db *db, struct mem *m, struct points_ask *a)
{
	struct list_group *g = mem_array(m, struct list_group, a->n);
	struct list_branch b = {str_of(a->f->entity->kind), g, a->n};
	struct list_spec s = {.branches = &b, .n_branches = 1, .order = LIST_START, .timed = true, .from = a->f->from, .to = a->f->to,
			      .limit = FOUND_MAX};
	struct list_hit *hits;

	for (size_t i = 0; i < a->n; i++) {
		g[i] = (struct list_group){.terms = a->groups[i].terms, .n = a->groups[i].n};
	}
	TRY(list_page(db, m, &s, &hits, &a->n_found));
	a->found = mem_array(m, int64_t, a->n_found);
	for (size_t i = 0; i < a->n_found; i++) {
		a->found[i] = hits[i].id;
	}
	return OK;
}

enum err points_ask(struct db *db, struct mem *m, const struct filter *f, struct points_ask **out)
{
	struct points_ask *a = *out = mem_new(m, struct points_ask);

	*a = (struct points_ask){.f = f, .groups = mem_array(m, struct group, f->n_terms + 5)};
	TRY(group_term(db, m, a, &a->groups[a->n++], S(""), S("")));
	TRY(ask_facets(db, m, a));
	if (f->territory.n) {
		TRY(group_term(db, m, a, &a->groups[a->n++], S("territory"), f->territory));
	}
	if (f->actor.n) {
		TRY(ask_link(db, m, a, "actor", f->actor));
	}
	if (f->programme.n) {
		TRY(ask_link(db, m, a, "programme", f->programme));
	}
	if (f->lang.n) {
		TRY(group_term(db, m, a, &a->groups[a->n++], S("lang"), f->lang));
	}
	for (size_t i = 0; i < a->n; i++) {
		a->none = a->none || a->groups[i].n == 0;
	}
	a->timed = f->entity->timed && (f->from || f->to) && !f->q.n;
	if (a->timed && !a->none) {
		return ask_times(db, m, a);
	}
	if (f->q.n && !a->none) {
		struct list_group *g = mem_array(m, struct list_group, a->n);
		for (size_t i = 0; i < a->n; i++) {
			g[i] = (struct list_group){.terms = a->groups[i].terms, .n = a->groups[i].n};
		}
		struct list_branch b = {str_of(f->entity->kind), g, a->n};
		TRY(search_find(db, m, f->q, &b, 1, FOUND_MAX, &a->found, &a->n_found));
	}
	return OK;
}

static void set_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static void or_group(const struct points_part *p, const struct group *g, uint64_t *to)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct points_list *l = points_list(p, g->terms[i]);
		for (size_t w = 0; l && l->bits && w < points_words(p->n); w++) {
			to[w] |= l->bits[w];
		}
		for (uint32_t k = 0; l && l->at && k < l->n; k++) {
			set_bit(to, l->at[k]);
		}
	}
}

static void and_found(const struct points_part *p, const struct points_ask *a, uint64_t *bits, uint64_t *tmp)
{
	memset(tmp, 0, points_words(p->n) * sizeof *tmp);
	for (size_t k = 0; k < a->n_found; k++) {
		for (uint32_t i = points_of(p, (uint32_t)a->found[k]);
		     i < p->n && p->object[p->by_object[i]] == (uint32_t)a->found[k]; i++) {
			set_bit(tmp, p->by_object[i]);
		}
	}
	for (size_t w = 0; w < points_words(p->n); w++) {
		bits[w] &= tmp[w];
	}
}

static void and_times(const struct points_part *p, const struct filter *f, uint64_t *bits)
{
	for (size_t w = 0; w < points_words(p->n); w++) {
		for (uint64_t left = bits[w]; left; left &= left - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(left);
			int64_t pub = (int64_t)p->published[i] * 1000 + 999, up = (int64_t)p->updated[i] * 1000 + 999;
			bool in = pub >= f->from && (!f->to || pub - 999 <= f->to) && up >= f->updated_since;
			if (!in) {
				bits[w] &= ~(UINT64_C(1) << (i % 64));
			}
		}
	}
}

/* Adds to `to` the places of `p` that answer one filter. */
static void or_ask(const struct points_part *p, const struct points_ask *a, uint64_t *to, uint64_t *one, uint64_t *tmp)
{
	size_t words = points_words(p->n);

	if (a->none) {
		return;
	}
	memset(one, 0, words * sizeof *one);
	or_group(p, &a->groups[0], one);
	for (size_t i = 1; i < a->n; i++) {
		memset(tmp, 0, words * sizeof *tmp);
		or_group(p, &a->groups[i], tmp);
		for (size_t w = 0; w < words; w++) {
			one[w] &= tmp[w];
		}
	}
	if (a->f->q.n) {
		and_found(p, a, one, tmp);
	}
	if (a->timed) {
		and_found(p, a, one, tmp);
	} else if (a->f->from || a->f->to || a->f->updated_since) {
		and_times(p, a->f, one);
	}
	for (size_t w = 0; w < words; w++) {
		to[w] |= one[w];
	}
}

uint64_t *points_bits(struct mem *m, const struct points_part *p, const uint64_t *alive, struct points_ask *const *asks, size_t n)
{
	size_t words = points_words(p->n);
	uint64_t *bits = mem_array(m, uint64_t, words), *one = mem_array(m, uint64_t, words), *tmp = mem_array(m, uint64_t, words);

	for (size_t i = 0; i < n; i++) {
		or_ask(p, asks[i], bits, one, tmp);
	}
	for (size_t w = 0; alive && w < words; w++) {
		bits[w] &= alive[w];
	}
	return bits;
}
