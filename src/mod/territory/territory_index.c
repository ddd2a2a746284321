/*
 * The front of the room: a search, France's regions and départements, the countries.
 */
#include <stdlib.h>

#include "../../base/fold.h"
#include "../../core/rows.h"
#include "../../web/site.h"
#include "territory_index.html.h"
#include "territory_pages.h"

static struct territory_link link_of(struct req *rq, atlas_id id)
{
	struct territory_link l = {0};

	if (atlas_get(id, &l.t)) {
		l.name = atlas_name(id, rq->lang, NULL);
		l.url = territory_link(rq, l.t.code);
	}
	return l;
}

static size_t children_of(struct req *rq, atlas_id id, enum atlas_level level, struct territory_link **out)
{
	size_t n = atlas_children_at(id, level, 0, 0, NULL);
	atlas_id *ids = mem_array(rq->mem, atlas_id, n);

	n = atlas_children_at(id, level, 0, n, ids);
	*out = mem_array(rq->mem, struct territory_link, n);
	for (size_t i = 0; i < n; i++) {
		(*out)[i] = link_of(rq, ids[i]);
	}
	return n;
}

struct sortable {
	struct str key;
	struct territory_link link;
};

static int by_key(const void *a, const void *b)
{
	return str_cmp(((const struct sortable *)a)->key, ((const struct sortable *)b)->key);
}

/* Countries in the order of their names in the visitor's language. */
static size_t countries(struct req *rq, struct territory_link **out)
{
	size_t n = atlas_count(ATLAS_COUNTRY, STR_NONE), k = 0;
	struct sortable *all = mem_array(rq->mem, struct sortable, n);

	for (atlas_id i = atlas_next(ATLAS_COUNTRY, 0); i && k < n; i = atlas_next(ATLAS_COUNTRY, i)) {
		all[k].link = link_of(rq, i);
		all[k].key = fold(rq->mem, all[k].link.name);
		k++;
	}
	if (k) {
		qsort(all, k, sizeof *all, by_key);
	}
	*out = mem_array(rq->mem, struct territory_link, k);
	for (size_t i = 0; i < k; i++) {
		(*out)[i] = all[i].link;
	}
	return k;
}

enum err territories_index(struct req *rq)
{
	struct territories_page p = {.q = req_query(rq, "q")};
	atlas_id home = atlas_find(rq->site->country);

	p.q = p.q.p ? p.q : S("");
	p.n_hits = territory_hits(rq, p.q, &p.hits, &p.details);
	p.n_regions = home ? children_of(rq, home, ATLAS_REGION, &p.regions) : 0;
	p.departements = mem_array(rq->mem, struct territory_link *, p.n_regions);
	p.n_departements = mem_array(rq->mem, size_t, p.n_regions);
	for (size_t i = 0; i < p.n_regions; i++) {
		p.n_departements[i] = children_of(rq, p.regions[i].t.id, ATLAS_DEPARTEMENT, &p.departements[i]);
	}
	p.n_countries = countries(rq, &p.countries);
	req_page(rq)->nav = "territories";
	req_page(rq)->description = str_of(T(rq, N_("Every commune, département, region and country: who acts there, what is done there.")));
	return page(rq, str_of(T(rq, N_("Territories"))), territories_view, &p);
}

static const struct route routes[] = {
	{GET, "/territories",        ANYONE, territories_index,     N_("Territories"),             ROUTE_CACHE},
	{GET, "/territories/search", ANYONE, territory_search_json, N_("Territories by name or postal code, as JSON"), ROUTE_NO_DB},
	{GET, "/territories/:code",  ANYONE, territory_show,        N_("One territory"),           ROUTE_CACHE},
};

const struct module territory_module = {
	.name = "territory",
	.routes = TABLE(routes),
};
