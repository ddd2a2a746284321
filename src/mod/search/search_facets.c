/*
 * Counting what was found: by kind for the tabs, by theme and language for the choices beside the list.
 */
#include <stdlib.h>

#include "../../core/theme.h"
#include "object.sql.h"
#include "search.sql.h"
#include "search_room.h"

enum { TERMS = 2000 };

/* The terms of one facet over all kinds, by id, each with the choice that it counts for. */
struct term_choice {
	int64_t id;
	size_t choice;
};

struct counting {
	struct req *rq;
	struct term_choice *terms;
	size_t n_terms;
	struct search_choice *choices;
	size_t n_choices;
};

static int by_id(const void *a, const void *b)
{
	const struct term_choice *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static size_t choice_of(struct counting *c, struct str value)
{
	for (size_t i = 0; i < c->n_choices; i++) {
		if (str_eq(c->choices[i].value, value)) {
			return i;
		}
	}
	c->choices[c->n_choices] = (struct search_choice){.value = value};
	return c->n_choices++;
}

static enum err read_terms(struct counting *c, const char *facet)
{
	struct req *rq = c->rq;

	c->terms = mem_array(rq->mem, struct term_choice, TERMS);
	c->choices = mem_array(rq->mem, struct search_choice, TERMS);
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		struct term_ids_of_row *rows;
		size_t n;

		TRY(term_ids_of(rq->db, str_of(e->kind), str_of(facet), TERMS, rq->mem, &rows, &n));
		for (size_t i = 0; i < n && c->n_terms < TERMS; i++) {
			c->terms[c->n_terms++] = (struct term_choice){rows[i].id, choice_of(c, rows[i].value)};
		}
	}
	if (c->n_terms) {
		qsort(c->terms, c->n_terms, sizeof *c->terms, by_id);
	}
	return OK;
}

static void count_terms(struct counting *c, struct str terms)
{
	struct term_choice key = {0}, *t;

	while (terms.n) {
		if (c->n_terms && str_to_i64(str_cut(&terms, ' '), &key.id)) {
			t = bsearch(&key, c->terms, c->n_terms, sizeof key, by_id);
			if (t) {
				c->choices[t->choice].n++;
			}
		} else if (!c->n_terms) {
			return;
		}
	}
}

static int by_count(const void *a, const void *b)
{
	const struct search_choice *x = a, *y = b;

	if (x->checked != y->checked) {
		return x->checked ? -1 : 1;
	}
	return x->n != y->n ? (x->n > y->n ? -1 : 1) : str_cmp(x->value, y->value);
}

static bool is_checked(const struct filter *f, struct str facet, struct str value)
{
	for (size_t i = 0; i < f->n_terms; i++) {
		if (str_eq(f->terms[i].facet, facet) && str_eq(f->terms[i].value, value)) {
			return true;
		}
	}
	return str_eq(facet, S("lang")) && f->lang.n && str_eq(f->lang, value);
}

/* Those that are found or chosen, the most frequent first. */
static size_t best_choices(struct counting *c, const struct filter *f, struct str facet)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_choices; i++) {
		c->choices[i].checked = is_checked(f, facet, c->choices[i].value);
		if (c->choices[i].n || c->choices[i].checked) {
			c->choices[n++] = c->choices[i];
		}
	}
	if (n) {
		qsort(c->choices, n, sizeof *c->choices, by_count);
	}
	n = n < SEARCH_FACET ? n : SEARCH_FACET;
	for (size_t i = 0; i < n; i++) {
		struct str v = c->choices[i].value;
		c->choices[i].label = str_eq(facet, S("theme")) ? theme_name(v, c->rq->lang) : words_language(c->rq, v);
	}
	return n;
}

static void count_kind(struct search_page *p, struct str kind)
{
	const struct entity *e = entity_find(kind);

	p->tabs[0].n++;
	for (size_t i = 1; e && i < p->n_tabs; i++) {
		p->tabs[i].n += p->tabs[i].label == e->label_plural;
	}
}

enum err search_count(struct req *rq, const struct filter *f, const struct search_answer *all, struct search_page *p)
{
	struct counting themes = {.rq = rq}, langs = {.rq = rq};
	struct mem_mark at;

	TRY(read_terms(&themes, "theme"));
	TRY(read_terms(&langs, "lang"));
	for (size_t i = 0; i < all->n; i++) {
		struct search_terms_of_row r;
		at = mem_mark(rq->mem);
		enum err e = search_terms_of(rq->db, all->ids[i], rq->mem, &r);

		if (e == OK) {
			count_kind(p, r.kind);
			if (!f->entity || str_eq(r.kind, str_of(f->entity->kind))) {
				count_terms(&themes, r.terms);
				count_terms(&langs, r.terms);
			}
		} else if (e != E_NOTFOUND) {
			return e;
		}
		mem_rewind(rq->mem, at);
	}
	p->n_themes = best_choices(&themes, f, S("theme"));
	p->themes = themes.choices;
	p->n_langs = best_choices(&langs, f, S("lang"));
	p->langs = langs.choices;
	return OK;
}
