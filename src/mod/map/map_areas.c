/*
 * How many in each territory, as a coloured map and as a table: régions, départements, countries of the site's; communes of one
 * département. The same filters as everywhere.
 */
#include <stdlib.h>

#include "../../base/vec.h"
#include "../../core/atlas.h"
#include "../../core/svgmap.h"
#include "../../web/site.h"
#include "map_areas.h"
#include "map_areas.html.h"
#include "object.sql.h"

enum { COUNTS_MAX = 10000 };

static const struct {
	const char *name;
	enum atlas_level level;
	enum outline_level outline;
	const char *label;
} levels[] = {
	{"departement", ATLAS_DEPARTEMENT, OUTLINE_DEPARTEMENT, N_("Départements")},
	{"region", ATLAS_REGION, OUTLINE_REGION, N_("Regions")},
	{"commune", ATLAS_COMMUNE, OUTLINE_DEPARTEMENT, N_("Communes")},
	{"country", ATLAS_COUNTRY, OUTLINE_COUNTRY, N_("Countries")},
};

/* ---- counts ---------------------------------------------------------------------------------------------------------- */

struct reading {
	struct req *rq;
	enum atlas_level level;
	atlas_id within;
	VEC(struct map_area) areas;
};

static void add_count(struct reading *r, struct str code, int64_t n)
{
	struct territory t;
	atlas_id id = atlas_find(code);

	if (n <= 0 || !atlas_get(id, &t) || t.former || t.level != r->level || (r->within && !atlas_is_within(id, r->within))) {
		return;
	}
	for (size_t i = 0; i < r->areas.n; i++) {
		if (r->areas.p[i].id == id) {
			r->areas.p[i].n += n;
			return;
		}
	}
	*vec_add(r->rq->mem, &r->areas) = (struct map_area){.id = id, .code = t.code, .n = n,
							    .name = atlas_name(id, r->rq->lang, NULL)};
}

static enum err add_row(void *arg, const struct term_counts_at_level_row *row)
{
	add_count(arg, row->value, row->uses);
	return OK;
}

static bool is_bare(const struct filter *f)
{
	return !f->n_terms && !f->q.n && !f->actor.n && !f->lang.n && !f->has_bbox && !f->from && !f->to && !f->updated_since;
}

/* Without filters the counts are kept; with some, what answers is gone through. */
static enum err read_counts(struct req *rq, const struct map_read *m, struct reading *r)
{
	for (size_t i = 0; i < m->n_filters; i++) {
		const struct filter *f = &m->filters[i];
		struct facet_count *counts;
		size_t n;

		if (is_bare(f)) {
			struct mem *row = mem_open(); /* rewound after each row, unlike what is gathered */
			enum err e = term_counts_at_level(rq->db, str_of(f->entity->kind), S("territory"), r->level, row, add_row, r);
			mem_close(row);
			TRY(e);
			continue;
		}
		TRY(object_facet(rq, f, "territory", COUNTS_MAX, &counts, &n));
		for (size_t k = 0; k < n; k++) {
			add_count(r, counts[k].value, counts[k].n);
		}
	}
	return OK;
}

static int by_count(const void *a, const void *b)
{
	const struct map_area *x = a, *y = b;

	return x->n != y->n ? (x->n > y->n ? -1 : 1) : str_cmp(x->code, y->code);
}

/* ---- the page -------------------------------------------------------------------------------------------------------- */

static struct url level_link(struct req *rq, const char *level)
{
	struct url u = browse_link(rq, link_plain(rq, "/map/territories"), S("bbox"), STR_NONE);

	return link_add(rq->mem, u, "level", str_of(level));
}

static enum err read_level(struct req *rq, struct map_areas *p, size_t *level)
{
	struct str asked = req_query(rq, "level");
	struct territory t = {.level = ATLAS_WORLD};

	(void)atlas_get(p->read.filter->territory.n ? atlas_find(p->read.filter->territory) : 0, &t);
	*level = t.level == ATLAS_DEPARTEMENT ? 2 : 0;
	for (size_t i = 0; i < COUNT(levels) && !str_empty(asked); i++) {
		if (str_eq(asked, str_of(levels[i].name))) {
			*level = i;
			asked = S("");
		}
	}
	if (!str_empty(asked)) {
		return problem_query(rq, "level", N_("Counts are by commune, département, region or country."));
	}
	if (levels[*level].level == ATLAS_COMMUNE && t.level != ATLAS_DEPARTEMENT) {
		return problem_query(rq, "territory", N_("Communes are counted within one département: choose it first."));
	}
	for (size_t i = 0; i < COUNT(levels); i++) {
		if (levels[i].level != ATLAS_COMMUNE || t.level == ATLAS_DEPARTEMENT) {
			p->tabs[p->n_tabs++] = (struct map_tab){levels[i].label, level_link(rq, levels[i].name), i == *level};
		}
	}
	return OK;
}

static struct url area_link(struct req *rq, struct str code)
{
	struct url u = browse_link(rq, link_plain(rq, "/map"), S("territory"), STR_NONE);

	return link_add(rq->mem, u, "territory", code);
}

static void draw(struct req *rq, struct map_areas *p, size_t level)
{
	struct svgmap_area *areas = mem_array(rq->mem, struct svgmap_area, p->n);
	struct buf b = buf_make(rq->mem, 64);
	struct out o = {.buf = &b, .mem = rq->mem, .lang = rq->i18n, .ctx = rq};
	struct str within = p->read.filter->territory;
	struct svgmap_spec s = {.title = p->heading, .width = 760, .areas = areas, .n_areas = p->n, .level = levels[level].outline};

	for (size_t i = 0; i < p->n; i++) {
		areas[i] = (struct svgmap_area){
			.code = p->areas[i].code, .value = p->areas[i].n, .url = p->areas[i].url,
			.title = T_FMT(rq, N_("{name}: {n}"), {S("name"), p->areas[i].name}, {S("n"), words_number(rq, p->areas[i].n)}),
		};
	}
	s.communes = levels[level].level == ATLAS_COMMUNE;
	if (levels[level].level != ATLAS_COUNTRY) {
		s.territory = within.n ? within : rq->site->country;
	}
	p->schematic = s.communes;
	p->svg = svgmap(&o, &s);
	p->has_legend = svgmap_classes(areas, p->n, p->ends);
}

enum err map_areas_show(struct req *rq)
{
	struct map_areas p = {.n_tabs = 0};
	size_t level;

	TRY(map_read(rq, &p.read));
	TRY(read_level(rq, &p, &level));
	struct reading r = {.rq = rq, .level = levels[level].level};
	bool within = p.read.filter->territory.n && r.level != ATLAS_COUNTRY;
	r.within = within ? atlas_find(p.read.filter->territory) : 0;
	TRY(read_counts(rq, &p.read, &r));
	p.areas = r.areas.p;
	p.n = r.areas.n;
	if (p.n) {
		qsort(p.areas, p.n, sizeof *p.areas, by_count);
	}
	for (size_t i = 0; i < p.n; i++) {
		p.areas[i].url = area_link(rq, p.areas[i].code);
		p.total += p.areas[i].n;
	}
	p.heading = within ? T_FMT(rq, N_("Count by territory: {where}"), {S("where"), atlas_name(r.within, rq->lang, NULL)})
			   : str_of(T(rq, N_("Count by territory")));
	p.map = browse_link(rq, link_plain(rq, "/map"), S(""), STR_NONE);
	draw(rq, &p, level);
	req_page(rq)->nav = "map";
	req_page(rq)->description = str_of(T(rq, N_("How many actors and practices in each territory.")));
	return page(rq, p.heading, map_areas_view, &p);
}
