/*
 * Reads a list page. See browse.h; its markup is in browse.html.
 */
#include "browse.h"

#include "../base/limits.h"
#include "../base/url.h"
#include "../base/vec.h"
#include "../html/out.h"
#include "atlas.h"
#include "minimap.h"
#include "rows.h"
#include "theme.h"

/* True when a kind before `e` has the facet too: it was carried over then. */
static bool is_repeated(const struct entity *e, struct str facet)
{
	for (const struct entity *b = entity_next(NULL); b && b != e; b = entity_next(b)) {
		const struct field *f = facet_field(b, facet);

		if (f && (f->flags & FACET)) {
			return true;
		}
	}
	return false;
}

struct url browse_link(struct req *rq, struct url base, struct str name, struct str value)
{
	static const char *const single[] = {"q", "territory", "actor", "programme", "lang", "bbox", "from", "to", "updated_since", "layers", "sort"};
	struct url u = base;

	for (size_t i = 0; i < COUNT(single); i++) {
		struct str v = req_query(rq, single[i]);

		if (!str_empty(v) && !str_eq(name, str_of(single[i]))) {
			u = link_add(rq->mem, u, single[i], v);
		}
	}
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		for (size_t i = 0; i < e->n_fields; i++) {
			struct str facet = facet_name(&e->fields[i]), v;
			const char *facet_c = str_c(rq->mem, facet);

			if (!(e->fields[i].flags & FACET) || str_eq(facet, S("territory")) || is_repeated(e, facet)) {
				continue;
			}
			for (size_t k = 0; (v = req_query_at(rq, facet_c, k)).p; k++) {
				bool out = str_eq(facet, name) && (!value.p || str_eq(v, value));

				if (!out && v.n) {
					u = link_add(rq->mem, u, facet_c, v);
				}
			}
		}
	}
	return u;
}

/* The label of a facet's value in the visitor's language. */
static struct str value_label(struct req *rq, const struct field *f, struct str value)
{
	const struct choice *c = NULL;

	if (f->type == F_THEMES) {
		return theme_name(value, rq->lang);
	}
	if (f->type == F_LANGS) {
		return words_language(rq, value);
	}
	if (f->type == F_BOOL) {
		return str_of(T(rq, f->label));
	}
	if (f->vocabulary) {
		c = vocabulary_find(f->vocabulary, value);
	}
	for (size_t i = 0; f->type == F_GROUP && !c && i < f->n_fields; i++) {
		if (f->fields[i].vocabulary) {
			c = vocabulary_find(f->fields[i].vocabulary, value);
		}
	}
	return c ? str_of(T(rq, c->label)) : value;
}

static bool is_checked(const struct filter *f, struct str facet, struct str value)
{
	for (size_t i = 0; i < f->n_terms; i++) {
		if (str_eq(f->terms[i].facet, facet) && str_eq(f->terms[i].value, value)) {
			return true;
		}
	}
	return false;
}

static int64_t count_of(const struct facet_count *counts, size_t n, struct str value)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(counts[i].value, value)) {
			return counts[i].n;
		}
	}
	return 0;
}

/* Themes in the order of their tree, those that lead somewhere. */
static void theme_choices(struct req *rq, struct browse_facet *bf, const struct filter *f, const struct facet_count *counts, size_t n)
{
	const struct theme_tree *tree = theme_tree();

	bf->choices = mem_array(rq->mem, struct browse_choice, tree->n);
	for (size_t i = 0; i < tree->n; i++) {
		struct str slug = tree->themes[i].slug;
		int64_t k = count_of(counts, n, slug);
		bool checked = is_checked(f, bf->name, slug);

		if (k || checked) {
			bf->choices[bf->n++] = (struct browse_choice){slug, theme_name(slug, rq->lang), k, checked, tree->themes[i].depth};
			bf->open = bf->open || checked;
		}
	}
}

static enum err read_facet(struct req *rq, struct browse *b, const struct field *f)
{
	struct browse_facet *bf = &b->facets[b->n_facets];
	struct facet_count *counts;
	size_t n;

	*bf = (struct browse_facet){.label = f->label, .name = facet_name(f), .open = f->type == F_CHOICE};
	TRY(object_facet(rq, &b->filter, str_c(rq->mem, bf->name), f->type == F_THEMES ? 500 : BROWSE_CHOICES, &counts, &n));
	if (f->type == F_THEMES) {
		theme_choices(rq, bf, &b->filter, counts, n);
	} else {
		bf->choices = mem_array(rq->mem, struct browse_choice, n);
		for (size_t i = 0; i < n; i++) {
			bool checked = is_checked(&b->filter, bf->name, counts[i].value);

			bf->choices[bf->n++] = (struct browse_choice){counts[i].value, value_label(rq, f, counts[i].value), counts[i].n, checked, 0};
			bf->open = bf->open || checked;
		}
	}
	b->n_facets += bf->n > 0;
	return OK;
}

static void add_chip(struct req *rq, struct browse *b, struct str label, struct str name, struct str value)
{
	if (label.n) {
		b->chips[b->n_chips++] = (struct browse_chip){label, browse_link(rq, b->here, name, value)};
	}
}

/* Whose network the list is narrowed to; nothing for one that is not public. */
static enum err actor_chip(struct req *rq, struct browse *b)
{
	const struct entity *actors = entity_find(S("actor"));
	struct list_row row;
	int64_t id;
	enum err e = actors ? object_id_of(rq->db, rq->mem, actors, b->filter.actor, &id) : E_NOTFOUND;

	if (e == OK) {
		e = object_row_of(rq, id, &row);
	}
	if (e == OK) {
		add_chip(rq, b, T_FMT(rq, N_("Network of {name}"), {S("name"), row.title}), S("actor"), STR_NONE);
	}
	return e == E_NOTFOUND ? OK : e;
}

static enum err read_chips(struct req *rq, struct browse *b)
{
	struct filter *f = &b->filter;

	b->chips = mem_array(rq->mem, struct browse_chip, f->n_terms + 6);
	if (f->actor.n && !b->actor.p) {
		TRY(actor_chip(rq, b));
	}
	if (f->q.n) {
		add_chip(rq, b, f->q, S("q"), STR_NONE);
	}
	add_chip(rq, b, b->territory_words, S("territory"), STR_NONE);
	if (f->has_bbox) {
		add_chip(rq, b, str_of(T(rq, N_("The part of the map shown"))), S("bbox"), STR_NONE);
	}
	for (size_t i = 0; i < f->n_terms; i++) {
		for (size_t k = 0; k < b->entity->n_fields; k++) {
			const struct field *fd = &b->entity->fields[k];

			if ((fd->flags & FACET) && str_eq(facet_name(fd), f->terms[i].facet)) {
				add_chip(rq, b, value_label(rq, fd, f->terms[i].value), f->terms[i].facet, f->terms[i].value);
			}
		}
	}
	return OK;
}

bool browse_has_places(const struct entity *e)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		if (f->type == F_GROUP && field_in(f->fields, f->n_fields, S("lat"))) {
			return true;
		}
		if (f->type == F_TERRITORY && (f->flags & REQUIRED)) {
			return true;
		}
	}
	return false;
}

struct str browse_embed(struct req *rq, struct url frame, struct str title)
{
	struct buf b = buf_make(rq->mem, KIB(8));

	buf_put(&b, S("<iframe src=\""));
	html_escape(&b, link_absolute(rq, frame).s);
	buf_put(&b, S("\" title=\""));
	html_escape(&b, title);
	buf_put(&b, S("\" width=\"100%\" height=\"520\" loading=\"lazy\" allowfullscreen></iframe>"));
	return buf_str(&b);
}

/* Pages other than a network's own have it as a filter. */
static struct url of_actor(struct req *rq, const struct browse *b, struct url u)
{
	return b->actor.p ? link_add(rq->mem, u, "actor", b->actor) : u;
}

static struct url data_link(struct req *rq, const struct browse *b, const char *suffix)
{
	struct str path = str_fmt(rq->mem, "/api/v1/%s%s", b->entity->plural, suffix);
	struct url_out u = url_begin(rq->mem, path);

	return of_actor(rq, b, browse_link(rq, url_end(&u), S("sort"), STR_NONE));
}

static void read_links(struct req *rq, struct browse *b, struct str next)
{
	struct url plain = browse_link(rq, b->here, S("sort"), STR_NONE);

	b->csv = data_link(rq, b, ".csv");
	b->geojson = data_link(rq, b, ".geojson");
	b->json = data_link(rq, b, ".json");
	b->atom = data_link(rq, b, ".atom");
	b->rss = data_link(rq, b, ".rss");
	b->by_title = plain;
	b->by_new = link_add(rq->mem, plain, "sort", S("new"));
	if (browse_has_places(b->entity)) {
		struct url all = of_actor(rq, b, browse_link(rq, link_plain(rq, "/map"), S("sort"), STR_NONE));

		b->map = str_empty(req_query(rq, "layers")) ? link_add(rq->mem, all, "layers", str_of(b->entity->plural)) : all;
	}
	if (next.p) {
		b->next = link_add(rq->mem, browse_link(rq, b->here, S(""), STR_NONE), "after", next);
	}
	if (!str_empty(req_query(rq, "after"))) {
		b->first = browse_link(rq, b->here, S(""), STR_NONE);
	}
	req_page(rq)->feed_atom = b->atom;
	req_page(rq)->feed_rss = b->rss;
	req_page(rq)->json = b->json;
}

enum err browse_side(struct req *rq, struct browse *b)
{
	struct minimap_list l = {.filters = &b->filter, .n_filters = 1, .rows = b->rows, .n_rows = b->n,
				 .title = str_of(T(rq, N_("Where they are"))), .more = browse_link(rq, b->here, S("bbox"), STR_NONE)};

	return b->n && b->map.s.p ? minimap_list(rq, &l, &b->side) : OK;
}

/* Filters and words of the request. */
static enum err read_filters(struct req *rq, const struct entity *e, struct url here, struct str actor, struct browse *out)
{
	*out = (struct browse){.entity = e, .here = here, .territory_words = S(""), .actor = actor};
	TRY(filter_read(rq, e, &out->filter));
	if (actor.p) {
		out->filter.actor = actor;
	}
	if (out->filter.territory.n) {
		atlas_id id = atlas_find(out->filter.territory);

		out->territory_words = str_fmt(rq->mem, "%.*s (%.*s)", STR_ARG(atlas_name(id, rq->lang, NULL)),
					       STR_ARG(out->filter.territory));
	}
	return OK;
}

static enum err read_facets(struct req *rq, struct browse *out)
{
	const struct entity *e = out->entity;

	out->facets = mem_array(rq->mem, struct browse_facet, e->n_fields);
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];

		if ((f->flags & FACET) && f->type != F_TERRITORY && f->type != F_TERRITORIES && f->type != F_TAGS) {
			TRY(read_facet(rq, out, f));
		}
	}
	return read_chips(rq, out);
}

enum err browse_frame(struct req *rq, const struct entity *e, struct url here, struct browse *out)
{
	TRY(read_filters(rq, e, here, STR_NONE, out));
	struct filter whole = out->filter;

	out->uncounted = e->timed;
	if (e->timed) { /* choices are those of all times */
		out->filter.from = out->filter.to = 0;
	}
	TRY(read_facets(rq, out));
	out->filter = whole;
	read_links(rq, out, STR_NONE);
	return OK;
}

enum err browse_read(struct req *rq, const struct entity *e, struct url here, struct str actor, struct browse *out)
{
	struct str next;

	TRY(read_filters(rq, e, here, actor, out));
	TRY(object_list(rq, &out->filter, BROWSE_ROWS, req_query(rq, "after"), &out->rows, &out->n, &next, &out->total));
	TRY(read_facets(rq, out));
	read_links(rq, out, next);
	return OK;
}
