/*
 * The library's public pages.
 */
#include <stdlib.h>

#include "../../base/json.h"
#include "../../base/url.h"
#include "../../core/rows.h"
#include "library.h"
#include "library_list.html.h"
#include "library_show.html.h"
#include "resource.h"

enum { LINKS = 300 };

static enum err library_list(struct req *rq)
{
	struct browse b;

	req_page(rq)->nav = "library";
	req_page(rq)->wide = true;
	req_page(rq)->description = str_of(T(rq, N_("Booklets, arguments, reports and tools to take up.")));
	TRY(browse_read(rq, &resource_entity, link_plain(rq, "/library"), STR_NONE, &b));
	return page(rq, str_of(T(rq, N_("Library"))), library_view, &b);
}

/* The pages that a practice says it was taken from. */
static struct str pages_of(struct req *rq, const struct object *practice, struct str resource)
{
	struct view v = object_view(rq, practice);
	const struct json *list = json_get(v.j, "from_resource");

	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		if (str_eq(json_text(&list->items[i], "resource"), resource)) {
			return json_text(&list->items[i], "pages");
		}
	}
	return S("");
}

static int64_t first_page(struct str pages)
{
	size_t n = 0;
	int64_t v = 0;

	while (n < pages.n && pages.p[n] >= '0' && pages.p[n] <= '9') {
		n++;
	}
	return str_to_i64(str_sub(pages, 0, n), &v) ? v : INT64_MAX;
}

static int by_page(const void *a, const void *b)
{
	int64_t x = ((const struct library_extract *)a)->first, y = ((const struct library_extract *)b)->first;

	return x < y ? -1 : x > y;
}

static enum err add_extract(struct req *rq, struct library_page *p, int64_t id)
{
	struct library_extract *x = &p->extracts[p->n_extracts];
	struct object ob;

	TRY(object_by_id(rq->db, rq->mem, id, &ob));
	if (object_sight(&rq->who, &ob) == SEE_NOTHING) {
		return OK;
	}
	row_of_object(rq, &ob, &x->row);
	x->pages = pages_of(rq, &ob, p->ob.slug);
	x->first = first_page(x->pages);
	if (x->pages.n) { /* "8-11" reads from left to right in Arabic too: isolated */
		x->pages = str_fmt(rq->mem, "\u2066%.*s\u2069", STR_ARG(x->pages));
	}
	p->n_extracts++;
	return OK;
}

static enum err read_links(struct req *rq, struct library_page *p)
{
	struct link_row *links;
	size_t n;

	TRY(object_links(rq->db, rq->mem, p->ob.id, LINKS, &links, &n));
	p->authors = mem_array(rq->mem, struct library_who, n);
	p->extracts = mem_array(rq->mem, struct library_extract, n);
	for (size_t i = 0; i < n; i++) {
		const struct link_row *l = &links[i];

		if (l->outgoing && str_eq(l->verb, S("authors"))) {
			p->authors[p->n_authors++] =
				(struct library_who){l->title, l->id && l->entity ? object_link(rq, l->entity, l->slug) : URL_NONE};
		} else if (!l->outgoing && l->id && str_eq(l->verb, S("from_resource"))) {
			TRY(add_extract(rq, p, l->id));
		}
	}
	if (p->n_extracts) {
		qsort(p->extracts, p->n_extracts, sizeof *p->extracts, by_page);
	}
	return OK;
}

static void read_facts(struct req *rq, struct library_page *p, struct view v)
{
	p->date = words_partial_date(rq, json_text(v.j, "year"));
	p->licence = json_text(v.j, "licence");
	(void)json_i64(json_get(v.j, "pages"), &p->pages);
	p->languages = language_words(rq, json_get(v.j, "language"));
	if (url_parse(rq->mem, json_text(v.j, "url"), &p->address) != OK) {
		p->address = URL_NONE;
	}
}

static enum err library_show(struct req *rq)
{
	struct library_page p = {0};
	struct view v;
	bool moved;

	TRY(object_get(rq, &resource_entity, req_param(rq, "slug"), &p.ob, &moved));
	if (moved) {
		return redirect_permanent(rq, object_url(rq, &p.ob));
	}
	v = object_view(rq, &p.ob);
	p.row = (struct list_row){.entity = p.ob.entity, .slug = p.ob.slug, .title = p.ob.title, .kind_slug = json_text(v.j, "kind")};
	p.title = view_text(v, p.ob.entity, "title", rq->lang, p.ob.lang, &p.title_lang);
	p.title_fallback = !str_eq(p.title_lang, str_of(rq->lang));
	p.summary = view_text(v, p.ob.entity, "summary", rq->lang, p.ob.lang, &p.summary_lang);
	p.summary = p.summary.p ? p.summary : S("");
	p.summary_fallback = p.summary.n && !str_eq(p.summary_lang, str_of(rq->lang));
	p.waiting = p.ob.status == ST_PROPOSED || p.ob.status == ST_DRAFT;
	p.extract = link_add(rq->mem, link_plain(rq, "/practices/propose"), "resource", p.ob.slug);
	p.edit = link_to(rq, "/library/:slug/edit", p.ob.slug);
	p.report = link_to(rq, "/library/:slug/report", p.ob.slug);
	p.history = link_to(rq, "/library/:slug/history", p.ob.slug);
	read_facts(rq, &p, v);
	TRY(read_links(rq, &p));
	req_page(rq)->nav = "library";
	req_page(rq)->description = p.summary;
	return page(rq, p.title, resource_view, &p);
}

static const struct route routes[] = {
	{GET, "/library",       ANYONE, library_list, N_("The library of documents"), ROUTE_CACHE},
	{GET, "/library/:slug", ANYONE, library_show, N_("One document"),             ROUTE_CACHE},
};

static const struct entity *const entities[] = {&resource_entity};

const struct module library_module = {
	.name = "library",
	.routes = TABLE(routes),
	.entities = TABLE(entities),
};
