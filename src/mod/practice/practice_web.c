/*
 * The practices' public pages.
 */
#include "../../core/atlas.h"
#include "../../core/bands.h"
#include "../../core/rows.h"
#include "practice.h"
#include "practice.sql.h"
#include "practice_list.html.h"
#include "practice_pages.h"
#include "practice_show.html.h"
#include "../../web/site.h"

static enum err practice_list(struct req *rq)
{
	struct practices_page p = {.with_filters = true};

	req_page(rq)->nav = "practices";
	req_page(rq)->wide = true;
	p.heading = str_of(T(rq, N_("Practices")));
	p.lede = str_of(T(rq, N_("What territories did, told so that others can do it too.")));
	req_page(rq)->description = p.lede;
	TRY(browse_read(rq, &practice_entity, link_plain(rq, "/practices"), STR_NONE, &p.list));
	TRY(browse_side(rq, &p.list));
	return page(rq, p.heading, practices_view, &p);
}

static enum err row_of(struct req *rq, struct str slug, struct list_row *out)
{
	struct object ob;
	bool moved;

	TRY(object_get(rq, &practice_entity, slug, &ob, &moved));
	row_of_object(rq, &ob, out);
	return OK;
}

static enum err practice_most_reused_list(struct req *rq)
{
	struct practices_page p = {0};
	struct practice_most_reused_row *rows;
	size_t n;

	TRY(practice_most_reused(rq->db, rq->mem, &rows, &n));
	p.rows = mem_array(rq->mem, struct list_row, n);
	p.reuses = mem_array(rq->mem, int64_t, n);
	for (size_t i = 0; i < n; i++) {
		TRY(row_of(rq, rows[i].slug, &p.rows[p.n]));
		p.reuses[p.n++] = rows[i].reuses;
	}
	req_page(rq)->nav = "practices";
	p.heading = str_of(T(rq, N_("Most reused practices")));
	p.lede = str_of(T(rq, N_("What other territories took up, and how often.")));
	return page(rq, p.heading, practices_view, &p);
}

/* Whose business things are in a territory: those of a commune in a commune, and so on. */
static const char *competence_of(enum atlas_level level)
{
	switch (level) {
	case ATLAS_COUNTRY:
		return "state";
	case ATLAS_REGION:
		return "region";
	case ATLAS_DEPARTEMENT:
		return "departement";
	case ATLAS_EPCI:
		return "epci";
	default:
		return "commune";
	}
}

/* The practices that share the first `n` of these with a territory: how many. */
static enum err count_like(struct req *rq, const struct term *terms, size_t n, int64_t *total)
{
	struct filter f = {.entity = &practice_entity, .n_terms = n};
	struct list_row *rows;
	struct str next;
	size_t k;

	for (size_t i = 0; i < n; i++) {
		f.terms[i] = terms[i];
	}
	return object_list(rq, &f, 1, STR_NONE, &rows, &k, &next, total);
}

/* For towns like mine: the same size, density and competence as a territory; where nobody shares all of them, the nearer. */
static enum err like(struct req *rq, const struct territory *t, struct url *to)
{
	const struct choice *size = band_size(t->population), *rurality = band_rurality(t->rurality);
	struct term terms[3];
	size_t n = 0;
	int64_t total = 0;

	if (size) {
		terms[n++] = (struct term){S("size"), str_of(size->slug)};
	}
	if (rurality) {
		terms[n++] = (struct term){S("rurality"), str_of(rurality->slug)};
	}
	terms[n++] = (struct term){S("competence"), str_of(competence_of(t->level))};
	TRY(count_like(rq, terms, n, &total));
	while (total == 0 && n > 1) {
		TRY(count_like(rq, terms, --n, &total));
	}
	for (size_t i = 0; i < n; i++) {
		*to = link_add(rq->mem, *to, str_c(rq->mem, terms[i].facet), terms[i].value);
	}
	return OK;
}

static enum err practice_like_mine(struct req *rq)
{
	struct territory t;
	struct str code = req_query(rq, "territory");
	atlas_id id = str_empty(code) ? 0 : atlas_find(code);
	struct url to = link_plain(rq, "/practices");

	if (!id && !str_empty(code)) { /* typed: a name, or "Name (code)" */
		const struct entity_world *w = entity_world();
		bool several;
		struct str match = w->territory_match ? w->territory_match(rq->mem, code, &several) : STR_NONE;

		id = match.p ? atlas_find(match) : atlas_resolve(code, STR_NONE, rq->site->country, NULL);
	}
	if (!id || !atlas_get(id, &t)) {
		return problem(rq, E_INVALID, N_("Choose a town from the list, by its name or postal code."));
	}
	TRY(like(rq, &t, &to));
	return redirect(rq, to);
}

static enum err practice_show(struct req *rq)
{
	struct object ob;
	struct practice_page p;
	bool moved;

	TRY(object_get(rq, &practice_entity, req_param(rq, "slug"), &ob, &moved));
	if (moved) {
		return redirect_permanent(rq, object_url(rq, &ob));
	}
	TRY(practice_page_read(rq, &ob, &p));
	TRY(practice_chain(rq, &p));
	req_page(rq)->nav = "practices";
	req_page(rq)->description = p.summary;
	req_page(rq)->oembed = true;
	return page(rq, p.title, practice_view, &p);
}

static const struct route routes[] = {
	{GET, "/practices",             ANYONE, practice_list,             N_("Practices of territories"), ROUTE_CACHE},
	{GET, "/practices/most-reused", ANYONE, practice_most_reused_list, N_("The practices most taken up"), ROUTE_CACHE},
	{GET, "/practices/like-mine",   ANYONE, practice_like_mine,        N_("Practices for towns like mine"), 0},
	{GET, "/practices/:slug",       ANYONE, practice_show,             N_("One practice"), ROUTE_CACHE},
};

static const struct entity *const entities[] = {&practice_entity};

const struct module practice_module = {
	.name = "practice",
	.routes = TABLE(routes),
	.entities = TABLE(entities),
};
