/*
 * GoGoCarto's addresses, in its exact shapes, so that maps made with it read this directory today: elements (full and compact),
 * one element, the taxonomy, the settings of its viewer. Categories are our themes.
 */
#include "api.h"

#include "../../base/limits.h"
#include "../../core/theme.h"
#include "../../web/site.h"
#include "record.h"

#define BOXES_MAX 12
#define ELEMENTS_MAX 100000

static bool json_suffix(const struct req *rq)
{
	return rq->suffix.n == 0 || str_eq(rq->suffix, S(".json"));
}

struct gogo {
	struct export x;
	struct filter filters[BOXES_MAX]; /* one a box */
	size_t n_filters, at;
	int64_t limit, written;
	bool compact, ld;
};

/* "w,s,e,n;w,s,e,n" */
static enum err read_bounds(struct req *rq, struct gogo *g)
{
	struct filter base = g->filters[0];
	struct str boxes = req_query(rq, "bounds");

	while (boxes.n && g->n_filters < BOXES_MAX) {
		struct str box = str_cut(&boxes, ';');
		struct filter *f = &g->filters[g->n_filters];
		double v[4];

		if (!str_trim(box).n) {
			continue;
		}
		for (int i = 0; i < 4; i++) {
			if (!box.p || !str_to_double(str_trim(str_cut(&box, ',')), &v[i])) {
				return problem_query(rq, "bounds", N_("A box is written west,south,east,north, in degrees."));
			}
		}
		*f = base;
		f->has_bbox = true;
		f->west = v[0];
		f->south = v[1];
		f->east = v[2];
		f->north = v[3];
		g->n_filters++;
	}
	if (g->n_filters == 0) {
		g->n_filters = 1;
	}
	return OK;
}

/* Numbers of its own kind, or slugs. */
static enum err read_categories(struct req *rq, struct filter *f)
{
	const struct theme_tree *tree = theme_tree();
	struct str list = req_query(rq, "categories");

	while (list.n) {
		struct str one = str_trim(str_cut(&list, ','));
		int64_t number = 0;
		struct str slug = theme_find(one) ? one : STR_NONE;

		for (size_t i = 0; !slug.p && str_to_i64(one, &number) && i < tree->n; i++) {
			slug = gogo_category(tree->themes[i].slug) == number ? tree->themes[i].slug : STR_NONE;
		}
		if (one.n && f->n_terms < COUNT(f->terms)) {
			/* A number of nothing finds nothing, as there. */
			f->terms[f->n_terms++] = (struct term){S("theme"), slug.p ? slug : one};
		}
	}
	return OK;
}

static void put_compact(struct gogo *g, const struct list_row *row, struct view v)
{
	struct json_out *j = &g->x.json;
	const struct json *themes = json_get(v.j, "themes");

	json_put_array(j);
	json_put_str(j, row->slug);
	json_put_array(j);
	json_put_str(j, row->title);
	json_put_array_end(j);
	json_put_fixed(j, row->lat, 5);
	json_put_fixed(j, row->lon, 5);
	json_put_array(j);
	for (size_t i = 0; i < themes->n; i++) {
		json_put_i64(j, gogo_category(themes->items[i].text));
	}
	json_put_array_end(j);
	json_put_array_end(j);
}

/* A box that an earlier one holds too: written with that one. */
static bool seen_before(const struct gogo *g, const struct list_row *row)
{
	for (size_t i = 0; i < g->at; i++) {
		const struct filter *f = &g->filters[i];

		if (row->lon >= f->west && row->lon <= f->east && row->lat >= f->south && row->lat <= f->north) {
			return true;
		}
	}
	return false;
}

static enum err element(void *arg, const struct list_row *row, struct view v)
{
	struct gogo *g = arg;

	if (!row->has_point || seen_before(g, row) || g->written >= g->limit) {
		return OK;
	}
	g->written++;
	if (g->compact) {
		put_compact(g, row, v);
	} else {
		json_put_object(&g->x.json);
		gogo_put(&g->x.json, g->x.scratch, &g->x, row, v);
		json_put_object_end(&g->x.json);
	}
	return g->x.json.err;
}

static void put_head(struct gogo *g)
{
	struct json_out *j = &g->x.json;

	json_put_object(j);
	if (g->ld) {
		json_put_key(j, S("@context"));
		json_put_raw(j, S("{\"@vocab\":\"https://schema.org/\",\"id\":\"identifier\",\"categories\":\"keywords\"}"));
		json_put_key(j, S("@graph"));
		json_put_array(j);
		return;
	}
	json_put_kv_str(j, S("licence"), g->x.licence);
	json_put_kv_str(j, S("ontology"), g->compact ? S("gogocompact") : S("gogofull"));
	if (g->compact) {
		json_put_key(j, S("mapping"));
		json_put_raw(j, S("[\"id\",[\"name\"],\"latitude\",\"longitude\",\"status\",\"moderationState\"]"));
	}
	json_put_key(j, S("data"));
	json_put_array(j);
}

static enum err put_chunk(void *ctx, struct str chunk)
{
	return stream_put(ctx, chunk) ? OK : E_LIMIT;
}

static enum err stream_elements(struct req *rq, struct stream *s, void *arg)
{
	struct gogo *g = arg;
	struct mem *m = mem_open();
	enum err e = OK;

	g->x.scratch = m;
	g->x.b = buf_make(rq->mem, LIMIT_EXPORT_ITEM);
	g->x.json = json_to_more(&g->x.b, put_chunk, s);
	put_head(g);
	for (g->at = 0; e == OK && g->at < g->n_filters; g->at++) {
		e = object_each(rq->db, m, &g->filters[g->at], rq->lang, element, g);
	}
	json_put_array_end(&g->x.json);
	json_put_object_end(&g->x.json);
	mem_close(m);
	return e == OK ? json_done(&g->x.json) : e;
}

static enum err actors(const struct entity **out)
{
	*out = entity_find(S("actors"));
	return *out ? OK : E_NOTFOUND;
}

static enum err elements(struct req *rq, struct str words)
{
	struct gogo *g = mem_new(rq->mem, struct gogo);
	struct str ontology = req_query(rq, "ontology");
	const struct entity *e;

	g->ld = str_eq(rq->suffix, S(".jsonld"));
	if (!json_suffix(rq) && !g->ld) {
		return E_NOTFOUND;
	}
	TRY(actors(&e));
	g->compact = str_eq(ontology, S("gogocompact")) && !g->ld;
	if (ontology.n && !g->compact && !str_eq(ontology, S("gogofull"))) {
		return problem_query(rq, "ontology", N_("The ontology is gogofull or gogocompact."));
	}
	TRY(req_query_int(rq, "limit", ELEMENTS_MAX, 1, ELEMENTS_MAX, &g->limit));
	g->filters[0] = (struct filter){.entity = e, .q = words, .order = words.n ? BY_RANK : BY_TITLE};
	TRY(read_categories(rq, &g->filters[0]));
	TRY(read_bounds(rq, g));
	api_speak(rq);
	api_export(rq, e, &export_gogocarto, &g->x);
	return reply_stream(rq, g->ld ? "application/ld+json" : "application/json", stream_elements, g);
}

enum err gogo_elements(struct req *rq)
{
	return elements(rq, STR_NONE);
}

/* /api/elements/search?text= */
enum err gogo_search(struct req *rq)
{
	struct str text = str_trim(req_query(rq, "text"));

	return text.n ? elements(rq, text) : problem_query(rq, "text", N_("Say which words to look for, as ?text=."));
}

enum err gogo_element(struct req *rq)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct json_out j = json_to(&b);
	const struct entity *e;
	struct list_row row;
	struct object ob;
	struct export x;
	bool moved;

	api_speak(rq);
	if (!json_suffix(rq)) {
		return E_NOTFOUND;
	}
	TRY(actors(&e));
	TRY(object_get(rq, e, req_param(rq, "id"), &ob, &moved));
	if (object_sight(&(struct who){.account = 0}, &ob) == SEE_NOTHING) {
		return E_NOTFOUND;
	}
	api_export(rq, e, &export_gogocarto, &x);
	row = record_row(&ob);
	json_put_object(&j);
	json_put_kv_str(&j, S("licence"), x.licence);
	json_put_kv_str(&j, S("ontology"), S("gogofull"));
	json_put_key(&j, S("data"));
	json_put_object(&j);
	gogo_put(&j, rq->mem, &x, &row, doc_view(rq->mem, e, ob.doc, SEE_PUBLIC));
	json_put_object_end(&j);
	json_put_object_end(&j);
	return api_reply_json(rq, &j, &b);
}

/* ---- taxonomy -------------------------------------------------------------------------------------------------------- */

static void put_option(struct req *rq, struct json_out *j, const struct theme_tree *tree, size_t at);

/* The children of a theme, or the top ones (at == SIZE_MAX). */
static void put_options(struct req *rq, struct json_out *j, const struct theme_tree *tree, size_t at)
{
	size_t from = at == SIZE_MAX ? 0 : at + 1, to = at == SIZE_MAX ? tree->n : at + 1 + tree->themes[at].n_below;

	json_put_key(j, S("options"));
	json_put_array(j);
	for (size_t i = from; i < to; i += 1 + tree->themes[i].n_below) {
		put_option(rq, j, tree, i);
	}
	json_put_array_end(j);
}

static void put_option(struct req *rq, struct json_out *j, const struct theme_tree *tree, size_t at)
{
	const struct theme *t = &tree->themes[at];

	json_put_object(j);
	json_put_kv_i64(j, S("id"), gogo_category(t->slug));
	json_put_kv_str(j, S("name"), theme_name(t->slug, rq->lang));
	json_put_kv_i64(j, S("index"), (int64_t)at);
	json_put_kv_str(j, S("color"), rq->site->accent.n ? rq->site->accent : S("#b4532a"));
	if (t->n_below) {
		json_put_key(j, S("subcategories"));
		json_put_array(j);
		json_put_object(j);
		json_put_kv_i64(j, S("id"), gogo_category(t->slug));
		json_put_kv_str(j, S("name"), theme_name(t->slug, rq->lang));
		json_put_kv_i64(j, S("index"), 0);
		put_options(rq, j, tree, at);
		json_put_object_end(j);
		json_put_array_end(j);
	}
	json_put_object_end(j);
}

/* The root of the tree, as one category that holds the themes at the top. */
static void put_root(struct req *rq, struct json_out *j)
{
	json_put_object(j);
	json_put_kv_i64(j, S("id"), 1);
	json_put_kv_str(j, S("name"), str_of(T(rq, N_("Themes"))));
	json_put_kv_i64(j, S("index"), 0);
	put_options(rq, j, theme_tree(), SIZE_MAX);
	json_put_object_end(j);
}

enum err gogo_taxonomy(struct req *rq)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct json_out j = json_to(&b);

	api_speak(rq);
	if (!json_suffix(rq)) {
		return E_NOTFOUND;
	}
	json_put_array(&j);
	put_root(rq, &j);
	json_put_array_end(&j);
	return api_reply_json(rq, &j, &b);
}

enum err gogo_taxonomy_mapping(struct req *rq)
{
	const struct theme_tree *tree = theme_tree();
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct json_out j = json_to(&b);

	api_speak(rq);
	if (!json_suffix(rq)) {
		return E_NOTFOUND;
	}
	json_put_object(&j);
	for (size_t i = 0; i < tree->n; i++) {
		const struct theme *t = &tree->themes[i];

		json_put_key(&j, str_fmt(rq->mem, "%lld", (long long)gogo_category(t->slug)));
		json_put_object(&j);
		json_put_kv_i64(&j, S("id"), gogo_category(t->slug));
		json_put_kv_str(&j, S("name"), theme_name(t->slug, rq->lang));
		json_put_key(&j, S("parents"));
		json_put_array(&j);
		struct str up[THEME_DEPTH];
		size_t n = theme_ancestors(t->slug, up);
		for (size_t k = 0; k < n; k++) {
			json_put_str(&j, theme_name(up[k], rq->lang));
		}
		json_put_array_end(&j);
		json_put_object_end(&j);
	}
	json_put_object_end(&j);
	return api_reply_json(rq, &j, &b);
}

enum err gogo_conf(struct req *rq)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct json_out j = json_to(&b);
	struct str base = rq->site->base_url;

	api_speak(rq);
	if (!json_suffix(rq)) {
		return E_NOTFOUND;
	}
	json_put_object(&j);
	json_put_kv_str(&j, S("language"), str_of(rq->lang));
	json_put_key(&j, S("data"));
	json_put_object(&j);
	json_put_key(&j, S("taxonomy"));
	put_root(rq, &j);
	json_put_kv_str(&j, S("elementsApiUrl"), str_fmt(rq->mem, "%.*s/api/elements.json", STR_ARG(base)));
	json_put_object_end(&j);
	json_put_key(&j, S("map"));
	json_put_object(&j);
	json_put_key(&j, S("defaultBounds"));
	json_put_raw(&j, S("[[41.3,-5.2],[51.1,9.6]]"));
	json_put_object_end(&j);
	json_put_object_end(&j);
	return api_reply_json(rq, &j, &b);
}
