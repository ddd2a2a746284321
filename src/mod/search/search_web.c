/*
 * The search page, and what the box suggests while one types.
 */
#include "../../base/json.h"
#include "../../base/limits.h"
#include "../../base/utf8.h"
#include "../../core/atlas.h"
#include "../../core/rows.h"
#include "search_page.html.h"
#include "search_room.h"

/* ---- results --------------------------------------------------------------------------------------------------------- */

/* The text in which the words stand: the summary, else the first long text of the public view that has them. */
static enum err read_text(struct req *rq, const struct search_marks *k, struct search_hit *h)
{
	struct object ob;
	struct str text = h->row.summary;

	if (!search_hits(k, rq->mem, h->row.title) && !search_hits(k, rq->mem, text)) {
		TRY(object_by_id(rq->db, rq->mem, h->row.id, &ob));
		struct view v = doc_view(rq->mem, ob.entity, ob.doc, SEE_PUBLIC);
		for (size_t i = 0; i < ob.entity->n_fields; i++) {
			const struct field *f = &ob.entity->fields[i];
			if (!(f->flags & (SEARCH_B | SEARCH_C)) || (f->type != F_TEXT && f->type != F_MARKDOWN && f->type != F_LINE)) {
				continue;
			}
			struct str lang, s = view_text(v, ob.entity, f->name, rq->lang, ob.lang, &lang);
			if (s.n && search_hits(k, rq->mem, s)) {
				text = s;
				h->row.lang = lang;
				h->row.fallback = !str_eq(lang, str_of(rq->lang));
				break;
			}
		}
	}
	h->n_text = search_mark(k, rq->mem, text, SEARCH_SNIPPET, &h->text, &h->cut);
	return OK;
}

enum err search_rows_read(struct req *rq, struct str q, const int64_t *ids, size_t n, struct search_hit **out, size_t *n_out)
{
	const struct search_marks *k = search_marks_make(rq->mem, q);
	bool cut;

	*out = mem_array(rq->mem, struct search_hit, n);
	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		struct search_hit *h = &(*out)[*n_out];
		enum err e = object_row_of(rq, ids[i], &h->row);

		if (e == E_NOTFOUND) {
			continue;
		}
		TRY(e);
		h->kind = row_kind(rq, &h->row);
		h->kind = h->kind.n ? h->kind : str_of(T(rq, h->row.entity->label));
		h->n_title = search_mark(k, rq->mem, h->row.title, SEARCH_TITLE, &h->title, &cut);
		TRY(read_text(rq, k, h));
		(*n_out)++;
	}
	return OK;
}

/* ---- the page -------------------------------------------------------------------------------------------------------- */

/* The request's words and filters added to the page's address, but one name. */
static struct url with(struct req *rq, const struct search_page *p, const char *but)
{
	static const char *const names[] = {"q", "kind", "territory", "lang"};
	struct url u = p->here;
	struct str v;

	for (size_t i = 0; i < COUNT(names); i++) {
		v = req_query(rq, names[i]);
		if (!str_empty(v) && strcmp(names[i], but) != 0) {
			u = link_add(rq->mem, u, names[i], v);
		}
	}
	for (size_t i = 0; (v = req_query_at(rq, "theme", i)).p; i++) {
		if (v.n) {
			u = link_add(rq->mem, u, "theme", v);
		}
	}
	return u;
}

static void make_tabs(struct req *rq, const struct filter *f, struct search_page *p)
{
	p->tabs = mem_array(rq->mem, struct search_tab, 24);
	p->tabs[p->n_tabs++] = (struct search_tab){.label = N_("Everything"), .url = with(rq, p, "kind"), .current = !f->entity};
	for (const struct entity *e = entity_next(NULL); e && p->n_tabs < 24; e = entity_next(e)) {
		p->tabs[p->n_tabs++] = (struct search_tab){
			.label = e->label_plural,
			.url = link_add(rq->mem, with(rq, p, "kind"), "kind", str_of(e->plural)),
			.current = f->entity == e,
		};
	}
}

static enum err read_filter(struct req *rq, struct filter *f, struct search_page *p)
{
	struct str kind = req_query(rq, "kind");
	const struct entity *e = str_empty(kind) ? NULL : entity_find(kind);

	if (!str_empty(kind) && !e) {
		return problem(rq, E_INVALID, N_("There is no such kind of thing here."));
	}
	TRY(filter_read(rq, NULL, f));
	f->entity = e;
	p->kind = e ? str_of(e->plural) : S("");
	p->q = f->q.p ? utf8_cut(f->q, LIMIT_SEARCH_QUERY) : S("");
	p->narrowed = f->n_terms || f->territory.n || f->lang.n || e;
	if (f->territory.n) {
		p->territory_words = str_fmt(rq->mem, "%.*s (%.*s)", STR_ARG(atlas_name(atlas_find(f->territory), rq->lang, NULL)),
					     STR_ARG(f->territory));
	}
	return OK;
}

/* One page of what was found. */
static enum err show_found(struct req *rq, const struct search_answer *tab, int64_t page_n, struct search_page *p)
{
	struct str marked = p->place.p ? p->words : tab->corrected.p ? tab->corrected : p->q;
	size_t from = (size_t)(page_n - 1) * SEARCH_PAGE;

	p->corrected = p->place.p ? STR_NONE : tab->corrected;
	p->total = (int64_t)tab->n;
	p->many = tab->n >= SEARCH_FOUND;
	from = from < tab->n ? from : tab->n;
	size_t some = tab->n - from < SEARCH_PAGE ? tab->n - from : SEARCH_PAGE;
	TRY(search_rows_read(rq, marked, tab->ids + from, some, &p->hits, &p->n));
	if (from + some < tab->n) {
		p->next = link_add(rq->mem, with(rq, p, ""), "page", str_fmt(rq->mem, "%lld", (long long)page_n + 1));
	}
	if (page_n > 1) {
		p->back = link_add(rq->mem, with(rq, p, ""), "page", str_fmt(rq->mem, "%lld", (long long)page_n - 1));
	}
	return OK;
}

/* The same in a place that was read in the words. */
static enum err find_there(struct req *rq, const struct filter *f, int64_t page_n, struct search_page *p)
{
	struct filter every = *f;
	struct search_answer all, tab;

	every.entity = NULL;
	TRY(search_there(rq, &every, SEARCH_FOUND, &all));
	TRY(search_count(rq, f, &all, p));
	tab = all;
	if (f->entity) {
		TRY(search_there(rq, f, SEARCH_FOUND, &tab));
	}
	return show_found(rq, &tab, page_n, p);
}

/* Counts are of all kinds; the list is of the tab's. */
static enum err find(struct req *rq, const struct filter *f, int64_t page_n, struct search_page *p)
{
	struct filter every = *f;
	struct search_answer all, tab;

	every.entity = NULL;
	TRY(object_search(rq, &every, SEARCH_FOUND, &all));
	if ((all.n == 0 || all.corrected.p) && !f->territory.n) {
		struct filter split;
		bool found;

		TRY(search_in_place(rq, &every, p, all.n == 0, &split, &found));
		if (found) {
			split.entity = f->entity;
			return find_there(rq, &split, page_n, p);
		}
	}
	TRY(search_count(rq, f, &all, p));
	tab = all;
	if (f->entity) {
		TRY(object_search(rq, f, SEARCH_FOUND, &tab));
	}
	return show_found(rq, &tab, page_n, p);
}

enum err search_show(struct req *rq)
{
	struct search_page p = {.here = link_plain(rq, "/search"), .territory_words = S("")};
	struct filter f;
	int64_t page_n;

	TRY(read_filter(rq, &f, &p));
	TRY(req_query_int(rq, "page", 1, 1, SEARCH_FOUND / SEARCH_PAGE, &page_n));
	p.plain = p.q.n ? link_add(rq->mem, p.here, "q", p.q) : p.here;
	make_tabs(rq, &f, &p);
	if (p.q.n) {
		p.map = link_add(rq->mem, link_plain(rq, "/map"), "q", p.q);
		TRY(find(rq, &f, page_n, &p));
		p.n_places = !f.entity && page_n == 1 ? search_places(rq, p.q, p.n > 0, p.places, SEARCH_PLACES) : 0;
	}
	req_page(rq)->no_index = true;
	req_page(rq)->wide = true;
	struct str title = p.q.n ? T_FMT(rq, N_("Search: {q}"), {S("q"), p.q}) : str_of(T(rq, N_("Search")));
	return page(rq, title, search_view, &p);
}

/* ---- while typing ---------------------------------------------------------------------------------------------------- */

static void put_suggestion(struct req *rq, struct json_out *o, struct str title, struct url url, struct str kind, struct str where)
{
	struct str detail = where.n ? str_fmt(rq->mem, "%.*s · %.*s", STR_ARG(kind), STR_ARG(where)) : kind;

	json_put_object(o);
	json_put_kv_str(o, S("name"), title);
	json_put_kv_str(o, S("url"), url.s);
	json_put_kv_str(o, S("detail"), detail);
	json_put_object_end(o);
}

enum err search_suggest(struct req *rq)
{
	enum { OBJECTS = 6, PLACES = 2 };
	struct filter f = {.q = str_trim(req_query(rq, "q"))};
	struct search_place places[PLACES];
	struct search_answer a = {.n = 0};
	struct buf b = buf_make(rq->mem, KIB(32));
	struct json_out o = json_to(&b);
	size_t n = f.q.n ? search_places(rq, f.q, false, places, PLACES) : 0;

	if (f.q.n >= 2) {
		TRY(object_search(rq, &f, OBJECTS, &a));
	}
	json_put_array(&o);
	for (size_t i = 0; i < n; i++) {
		put_suggestion(rq, &o, places[i].name, places[i].url, str_of(T(rq, N_("Territory"))), places[i].detail);
	}
	for (size_t i = 0; i < a.n; i++) {
		struct list_row r;
		enum err e = object_row_of(rq, a.ids[i], &r);
		if (e == OK) {
			put_suggestion(rq, &o, r.title, object_link(rq, r.entity, r.slug), str_of(T(rq, r.entity->label)),
				       territory_words(rq, r.territory));
		} else if (e != E_NOTFOUND) {
			return e;
		}
	}
	json_put_array_end(&o);
	TRY(json_done(&o));
	return reply(rq, "application/json", buf_str(&b));
}

static const struct route routes[] = {
	{GET, "/search",         ANYONE, search_show,    N_("Search in everything"),                  0},
	{GET, "/search/suggest", ANYONE, search_suggest, N_("A few answers while one types, as JSON"), 0},
};

const struct module search_module = {
	.name = "search",
	.routes = TABLE(routes),
};
