/*
 * Choices that the administrator adds to the lists that allow it: kinds of actors, services...
 */
#include "../../base/id.h"
#include "../../entity/tree.h"
#include "admin_pages.h"
#include "admin_vocabularies.html.h"

enum { SPARE = 3, ROWS_MAX = 100 };

static void add(struct vocabulary_list *l, const struct entity *e, const struct field *f)
{
	if (!f->vocabulary || !f->vocabulary->editable || l->n == COUNT(l->items)) {
		return;
	}
	for (size_t i = 0; i < l->n; i++) {
		if (l->items[i].v == f->vocabulary) {
			return;
		}
	}
	struct vocabulary_item *it = &l->items[l->n++];
	*it = (struct vocabulary_item){.v = f->vocabulary, .label = f->label, .kind = e->label_plural};
	while (vocabulary_at(it->v, it->n)) {
		it->n++;
	}
}

/* The editable vocabularies that the kinds use. */
static void collect(struct vocabulary_list *l)
{
	*l = (struct vocabulary_list){0};
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		for (size_t i = 0; i < e->n_fields; i++) {
			add(l, e, &e->fields[i]);
			for (size_t k = 0; k < e->fields[i].n_fields; k++) {
				add(l, e, &e->fields[i].fields[k]);
			}
		}
	}
}

static enum err find(struct req *rq, struct vocabulary_item *out)
{
	struct vocabulary_list l;

	collect(&l);
	for (size_t i = 0; i < l.n; i++) {
		if (str_eq(str_of(l.items[i].v->name), req_param(rq, "name"))) {
			*out = l.items[i];
			return OK;
		}
	}
	return E_NOTFOUND;
}

static struct str setting_name(struct req *rq, const struct vocabulary *v)
{
	return str_fmt(rq->mem, "vocabulary.%s", v->name);
}

enum err vocabularies_show(struct req *rq)
{
	struct vocabulary_list *l = mem_new(rq->mem, struct vocabulary_list);

	collect(l);
	return page(rq, str_of(T(rq, N_("Lists of choices"))), vocabularies_view, l);
}

static enum err show(struct req *rq, struct vocabulary_page *p)
{
	for (int i = 0; i < SPARE && p->rows.n < ROWS_MAX; i++) {
		tree_add(rq->mem, &p->rows, tree_object());
	}
	return page(rq, str_of(T(rq, p->item.label)), vocabulary_view, p);
}

enum err vocabulary_show(struct req *rq)
{
	struct vocabulary_page *p = mem_new(rq->mem, struct vocabulary_page);
	struct json now;

	TRY(find(rq, &p->item));
	TRY(setting_get(rq->db, rq->mem, setting_name(rq, p->item.v), &now));
	p->rows = tree_copy(rq->mem, &now);
	return show(rq, p);
}

/* "Day centre" -> "day_centre" */
static struct str slug_of(struct mem *m, struct str label)
{
	struct str s = id_slug(m, label), rest = s.n ? s : id_short(m), out = str_cut(&rest, '-');

	while (rest.p) {
		struct str part = str_cut(&rest, '-');
		out = str_fmt(m, "%.*s_%.*s", STR_ARG(out), STR_ARG(part));
	}
	return out;
}

/* A short name that no choice has yet; those of stored documents never change. */
static struct str slug_for(struct req *rq, const struct vocabulary_page *p, struct str given, struct str label)
{
	struct str slug = given.n ? given : slug_of(rq->mem, label);

	for (size_t i = 0; i < p->item.v->n; i++) {
		if (str_eq(str_of(p->item.v->choices[i].slug), slug)) {
			return str_fmt(rq->mem, "%.*s_2", STR_ARG(slug));
		}
	}
	return slug;
}

enum err vocabulary_post(struct req *rq)
{
	struct vocabulary_page *p = mem_new(rq->mem, struct vocabulary_page);

	TRY(find(rq, &p->item));
	p->rows = tree_array();
	for (int i = 0; i < ROWS_MAX + SPARE; i++) {
		struct json row = tree_object();
		struct str label = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "choice.%d.label", i))));
		struct str aliases = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "choice.%d.aliases", i))));
		struct str slug = req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "choice.%d.slug", i)));
		if (!label.n) {
			continue;
		}
		tree_set(rq->mem, &row, S("slug"), tree_str(slug_for(rq, p, slug, label)));
		tree_set(rq->mem, &row, S("label"), tree_str(label));
		tree_set(rq->mem, &row, S("aliases"), tree_str(aliases.p ? aliases : S("")));
		tree_add(rq->mem, &p->rows, row);
	}
	enum err e = setting_put(rq->db, rq->mem, setting_name(rq, p->item.v), &p->rows, rq->who.account, rq->now,
				 &p->error);
	if (e == E_INVALID) {
		req_status(rq, 422);
		return show(rq, p);
	}
	TRY(e);
	req_public_change(rq);
	req_notice(rq, "ok", str_of(T(rq, N_("The choices are kept."))));
	return redirect(rq, link_to(rq, "/admin/vocabularies/:name", str_of(p->item.v->name)));
}
