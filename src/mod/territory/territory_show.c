/*
 * The page of one territory.
 */
#include "../../base/url.h"
#include "../../core/bands.h"
#include "../../core/minimap.h"
#include "../../core/rows.h"
#include "territory_pages.h"
#include "territory_show.html.h"

enum { ACTORS = 20, AROUND = 8, PRACTICES = 6, CHILDREN = 60, FORMERS = 40 };

struct str territory_kind(const struct req *rq, enum atlas_level level, struct str iso2)
{
	static const char *const words[] = {
		[ATLAS_WORLD] = N_("World"),
		[ATLAS_COUNTRY] = N_("Country"),
		[ATLAS_REGION] = N_("Region"),
		[ATLAS_DEPARTEMENT] = N_("Département"),
		[ATLAS_EPCI] = N_("Intercommunality"),
		[ATLAS_COMMUNE] = N_("Commune"),
		[ATLAS_ARRONDISSEMENT] = N_("Arrondissement"),
		[ATLAS_TOWN] = N_("Town"),
	};

	if (level == ATLAS_REGION && !str_eq(iso2, S("FR"))) {
		return str_of(T(rq, N_("Province")));
	}
	return str_of(T(rq, words[level]));
}

static struct territory_link link_of(struct req *rq, atlas_id id)
{
	struct territory_link l = {0};

	if (atlas_get(id, &l.t)) {
		l.name = atlas_name(id, rq->lang, NULL);
		l.url = territory_link(rq, l.t.code);
	}
	return l;
}

static const char *children_words(enum atlas_level level)
{
	static const char *const words[] = {
		[ATLAS_WORLD] = N_("Countries"),
		[ATLAS_COUNTRY] = N_("Countries"),
		[ATLAS_REGION] = N_("Regions and provinces"),
		[ATLAS_DEPARTEMENT] = N_("Départements"),
		[ATLAS_EPCI] = N_("Intercommunalities"),
		[ATLAS_COMMUNE] = N_("Communes"),
		[ATLAS_ARRONDISSEMENT] = N_("Arrondissements"),
		[ATLAS_TOWN] = N_("Towns"),
	};

	return words[level];
}

static void fill_tree(struct req *rq, struct territory_page *p, atlas_id id)
{
	atlas_id up[8];
	size_t n = atlas_ancestors(id, up);

	p->up = mem_array(rq->mem, struct territory_link, n);
	for (size_t i = 0; i < n; i++) {
		p->up[i] = link_of(rq, up[n - 1 - i]);
	}
	p->n_up = n;
}

static enum err fill_children(struct req *rq, struct territory_page *p, atlas_id id)
{
	atlas_id ids[CHILDREN], formers[FORMERS];
	int64_t from = 0;
	size_t n;

	TRY(req_query_int(rq, "from", 0, 0, 100000, &from));
	p->all_children = atlas_children(id, (size_t)from, CHILDREN, ids);
	n = p->all_children > (size_t)from ? p->all_children - (size_t)from : 0;
	n = n < CHILDREN ? n : CHILDREN;
	p->children = mem_array(rq->mem, struct territory_link, n);
	for (size_t i = 0; i < n; i++) {
		p->children[i] = link_of(rq, ids[i]);
	}
	p->n_children = n;
	if (n) {
		p->children_words = str_of(T(rq, children_words(p->children[0].t.level)));
	}
	if ((size_t)from + n < p->all_children) {
		p->children_next = req_with(rq, "from", str_fmt(rq->mem, "%zu", (size_t)from + n));
	}
	n = atlas_formers(id, FORMERS, formers);
	p->n_formers = n < FORMERS ? n : FORMERS;
	p->formers = mem_array(rq->mem, struct territory_link, p->n_formers);
	for (size_t i = 0; i < p->n_formers; i++) {
		p->formers[i] = link_of(rq, formers[i]);
	}
	return OK;
}

static enum err list(struct req *rq, const char *kind, struct str code, size_t max, struct list_row **rows, size_t *n, int64_t *total)
{
	struct filter f = {.entity = entity_find(str_of(kind)), .territory = code};
	struct str next;

	*n = 0;
	*total = 0;
	return f.entity ? object_list(rq, &f, max, STR_NONE, rows, n, &next, total) : OK;
}

/* "38000, 38100" */
static struct str spaced(struct req *rq, struct str list)
{
	struct buf b = buf_make(rq->mem, 4096);

	for (size_t i = 0; i < list.n; i++) {
		buf_put(&b, list.p[i] == ',' ? S(", ") : str_sub(list, i, 1));
	}
	return buf_str(&b);
}

static bool is_here(const struct territory_page *p, int64_t id)
{
	for (size_t i = 0; i < p->n_actors; i++) {
		if (p->actors[i].id == id) {
			return true;
		}
	}
	return false;
}

/* Who acts in what surrounds it and not here already: in its EPCI, else in its département or region. */
static enum err fill_around(struct req *rq, struct territory_page *p)
{
	for (size_t i = p->n_up; i-- > 0 && !p->n_around;) {
		const struct territory_link *wider = &p->up[i];
		struct list_row *rows;
		size_t n;

		if (wider->t.level == ATLAS_WORLD || wider->t.level == ATLAS_COUNTRY) {
			continue;
		}
		TRY(list(rq, "actor", wider->t.code, ACTORS + AROUND, &rows, &n, &p->all_around));
		p->around = mem_array(rq->mem, struct list_row, AROUND);
		for (size_t k = 0; k < n && p->n_around < AROUND; k++) {
			if (!is_here(p, rows[k].id)) {
				p->around[p->n_around++] = rows[k];
			}
		}
		p->around_words = wider->name;
		p->around_url = link_add(rq->mem, link_plain(rq, "/directory"), "territory", wider->t.code);
	}
	return OK;
}

static enum err fill_objects(struct req *rq, struct territory_page *p)
{
	const struct choice *size = band_size(p->t.population);
	struct filter like = {.entity = entity_find(S("practice")), .order = BY_NEW};
	struct str next;
	int64_t total;

	TRY(list(rq, "actor", p->t.code, ACTORS, &p->actors, &p->n_actors, &p->all_actors));
	TRY(list(rq, "practice", p->t.code, PRACTICES, &p->practices, &p->n_practices, &p->all_practices));
	TRY(fill_around(rq, p));
	if (size && like.entity && p->t.level == ATLAS_COMMUNE) {
		like.terms[0].facet = S("size");
		like.terms[0].value = str_of(size->slug);
		like.n_terms = 1;
		TRY(object_list(rq, &like, PRACTICES, STR_NONE, &p->like, &p->n_like, &next, &total));
	}
	return OK;
}

/* All that stands here; where there is nothing, the place itself. */
static enum err read_map(struct req *rq, struct territory_page *p)
{
	struct filter filters[] = {{.entity = entity_find(S("actor")), .territory = p->code},
				   {.entity = entity_find(S("practice")), .territory = p->code}};
	struct minimap_list l = {.filters = filters, .n_filters = filters[1].entity ? 2 : 1, .rows = p->actors, .n_rows = p->n_actors,
				 .title = T_FMT(rq, N_("Map of {name}"), {S("name"), p->name}),
				 .more = link_add(rq->mem, link_plain(rq, "/map"), "territory", p->code)};

	if (filters[0].entity && p->t.level < ATLAS_COMMUNE) {
		TRY(minimap_list(rq, &l, &p->map));
	}
	if (!p->map.s.n) {
		p->map = minimap_territory(rq, p->code, p->actors, p->n_actors);
	}
	return OK;
}

static struct url feed_of(struct req *rq, struct str path, struct str code)
{
	struct url_out u = url_begin(rq->mem, path);

	return link_add(rq->mem, url_end(&u), "territory", code);
}

enum err territory_show(struct req *rq)
{
	struct str asked = req_param(rq, "code");
	struct territory_page p = {0};
	atlas_id id = atlas_find(asked);

	if (!id || !atlas_get(id, &p.t)) {
		return problem(rq, E_NOTFOUND, N_("No territory has this code. Search by name or postal code."));
	}
	if (p.t.former && p.t.now) { /* joined another: its page lists it */
		id = p.t.now;
		if (!atlas_get(id, &p.t)) {
			return E_NOTFOUND;
		}
	}
	if (!str_eq(p.t.code, asked)) {
		return redirect_permanent(rq, territory_link(rq, p.t.code));
	}
	p.name = atlas_name(id, rq->lang, NULL);
	p.code = p.t.code;
	p.kind = territory_kind(rq, p.t.level, p.t.iso2);
	p.postal_codes = spaced(rq, atlas_postal_codes(id));
	p.approximate = p.t.point == ATLAS_POINT_APPROX && p.t.level >= ATLAS_COMMUNE;
	if (band_rurality(p.t.rurality)) {
		p.rurality = str_of(T(rq, band_rurality(p.t.rurality)->label));
	}
	fill_tree(rq, &p, id);
	TRY(fill_children(rq, &p, id));
	TRY(fill_objects(rq, &p));
	TRY(read_map(rq, &p));
	p.feed = feed_of(rq, S("/api/v1/actors.atom"), p.code);
	p.feed_practices = feed_of(rq, S("/api/v1/practices.atom"), p.code);
	req_page(rq)->feed_atom = p.feed;
	req_page(rq)->nav = "territories";
	req_page(rq)->description = T_FMT(rq, N_("Who acts for the welcome of migrants in {name}, and what is done there."), {S("name"), p.name});
	return page(rq, p.name, territory_view, &p);
}
