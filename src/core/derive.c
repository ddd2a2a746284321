/*
 * From a document to what it is listed, placed, linked and found by.
 */
#include "derive.h"

#include "../base/fold.h"
#include "../base/limits.h"
#include "../base/time.h"
#include "../base/utf8.h"
#include "../base/vec.h"
#include "../entity/tree.h"
#include "atlas.h"
#include "theme.h"

#define SORT_BYTES 40

struct work {
	struct mem *mem;
	const struct entity *entity;
	const struct json *doc; /* the public view */
	VEC(struct derived_term) terms;
	VEC(struct derived_place) places;
	VEC(struct derived_link) links;
	VEC(struct derived_text) texts;
	VEC(struct str) files;
	VEC(struct search_text) search;
	struct str territory;
	struct str picture;
};

struct str title_sort(struct mem *m, struct str title)
{
	return utf8_cut(fold(m, title), SORT_BYTES);
}

/* ---- terms ----------------------------------------------------------------------------------------------------------- */

static void add_term(struct work *w, struct str facet, struct str value, int level)
{
	if (!value.p || w->terms.n >= LIMIT_TERMS) {
		return;
	}
	for (size_t i = 0; i < w->terms.n; i++) {
		if (str_eq(w->terms.p[i].value, value) && str_eq(w->terms.p[i].facet, facet)) {
			return;
		}
	}
	*vec_add(w->mem, &w->terms) = (struct derived_term){facet, value, level};
}

static void add_territory(struct work *w, struct str code)
{
	atlas_id id = code.n ? atlas_find(code) : 0, up[8];
	struct territory t;

	if (!atlas_get(id, &t)) {
		return;
	}
	if (t.former && atlas_get(t.now, &t)) {
		id = t.id;
	}
	add_term(w, S("territory"), t.code, (int)t.level);
	size_t n = atlas_ancestors(id, up);
	for (size_t i = 0; i < n; i++) {
		if (atlas_get(up[i], &t)) {
			add_term(w, S("territory"), t.code, (int)t.level);
		}
	}
}

static void add_theme(struct work *w, struct str slug)
{
	struct str up[THEME_DEPTH];
	size_t n = theme_ancestors(slug, up);

	add_term(w, S("theme"), slug, 0);
	for (size_t i = 0; i < n; i++) {
		add_term(w, S("theme"), up[i], 0);
	}
}

static void add_value(struct work *w, const struct field *f, const struct json *v)
{
	if (f->type == F_THEMES) {
		add_theme(w, v->text);
	} else if (f->type == F_TAGS) {
		add_term(w, facet_name(f), fold(w->mem, v->text), 0);
	} else if (v->kind == JSON_IS_TRUE) {
		add_term(w, facet_name(f), S("1"), 0);
	} else {
		add_term(w, facet_name(f), v->text, 0);
	}
}

/* The first choice of a group's record is what the group is filtered by: the type of a service. */
static const struct field *group_choice(const struct field *f)
{
	for (size_t i = 0; i < f->n_fields; i++) {
		if (f->fields[i].type == F_CHOICE) {
			return &f->fields[i];
		}
	}
	return NULL;
}

static void facet_terms(struct work *w, const struct field *f, const struct json *v)
{
	if (f->type == F_TERRITORY || f->type == F_TERRITORIES) {
		return; /* always listed by territory: see territories() */
	}
	if (f->type == F_GROUP) {
		const struct field *c = group_choice(f);
		for (size_t i = 0; c && i < v->n; i++) {
			add_term(w, facet_name(f), json_str(json_get(&v->items[i], c->name)), 0);
		}
		return;
	}
	for (size_t i = 0; v->kind == JSON_IS_ARRAY && i < v->n; i++) {
		add_value(w, f, &v->items[i]);
	}
	if (v->kind != JSON_IS_ARRAY && !tree_empty(v)) {
		add_value(w, f, v);
	}
}

static void territories(struct work *w)
{
	for (size_t i = 0; i < w->entity->n_fields; i++) {
		const struct field *f = &w->entity->fields[i];
		const struct json *v = tree_get(w->doc, str_of(f->name));
		if (f->type == F_TERRITORY) {
			add_territory(w, v->text);
			w->territory = w->territory.p ? w->territory : json_str(v);
		}
		for (size_t k = 0; f->type == F_TERRITORIES && k < v->n; k++) {
			add_territory(w, v->items[k].text);
		}
	}
}

/* ---- places ---------------------------------------------------------------------------------------------------------- */

static int precision_of(struct str p)
{
	return p.n == 0 || str_eq(p, S("exact")) ? PLACE_EXACT
	       : str_eq(p, S("street"))		 ? PLACE_STREET
	       : str_eq(p, S("commune"))	 ? PLACE_COMMUNE
						 : PLACE_DEPARTEMENT;
}

/* A territory's own point, for what has no better one: towns and départements, not regions and countries. */
static bool territory_place(struct str code, struct derived_place *p)
{
	struct territory t;

	if (!code.n || !atlas_get(atlas_find(code), &t) || t.point == ATLAS_NO_POINT || t.level < ATLAS_DEPARTEMENT) {
		return false;
	}
	*p = (struct derived_place){t.lat, t.lon,
				    t.level == ATLAS_DEPARTEMENT || t.level == ATLAS_EPCI ? PLACE_DEPARTEMENT : PLACE_COMMUNE,
				    t.code};
	return true;
}

static void add_place(struct work *w, const struct json *item)
{
	struct derived_place p = {.precision = precision_of(json_str(json_get(item, "precision")))};
	const struct entity_world *world = entity_world();
	struct str town = json_str(json_get(item, "town")), postal = json_str(json_get(item, "postal_code"));

	if ((town.n || postal.n) && world->place_territory) {
		p.territory = world->place_territory(w->mem, town, postal, json_str(json_get(item, "country")));
	}
	bool point = json_double(json_get(item, "lat"), &p.lat) && json_double(json_get(item, "lon"), &p.lon) &&
		     p.lat >= -90 && p.lat <= 90 && p.lon >= -180 && p.lon <= 180;
	struct str here = p.territory.p ? p.territory : w->territory;
	if (!point) {
		struct derived_place t;
		if (!territory_place(here, &t)) {
			return;
		}
		p.lat = t.lat;
		p.lon = t.lon;
		p.precision = p.precision > t.precision ? p.precision : t.precision;
	}
	add_territory(w, p.territory);
	if (w->places.n < LIMIT_PLACES) {
		*vec_add(w->mem, &w->places) = p;
	}
}

static void places(struct work *w)
{
	struct derived_place p;

	for (size_t i = 0; i < w->entity->n_fields; i++) {
		const struct field *f = &w->entity->fields[i];
		const struct json *v = tree_get(w->doc, str_of(f->name));
		if (f->type == F_GROUP && field_in(f->fields, f->n_fields, S("lat")) &&
		    field_in(f->fields, f->n_fields, S("lon"))) {
			for (size_t k = 0; k < v->n; k++) {
				add_place(w, &v->items[k]);
			}
		}
	}
	if (!w->territory.p && w->places.n) {
		w->territory = w->places.p[0].territory;
	}
	if (!w->places.n && territory_place(w->territory, &p)) {
		*vec_add(w->mem, &w->places) = p;
	}
}

/* ---- links and files ------------------------------------------------------------------------------------------------- */

static void add_link(struct work *w, const struct field *f, struct str verb, const struct json *item, struct str to)
{
	struct str note = json_str(json_get(item, "what_changed"));

	if (!to.n || w->links.n >= LIMIT_LINKS) {
		return;
	}
	note = note.n ? note : json_str(json_get(item, "pages"));
	*vec_add(w->mem, &w->links) = (struct derived_link){
		.verb = verb,
		.kind = str_of(f->target),
		.to = to,
		.since = json_str(json_get(item, "since")),
		.until = json_str(json_get(item, "until")),
		.note = note.n ? note : json_str(json_get(item, "note")),
	};
}

static void add_file(struct work *w, const struct field *f, struct str name)
{
	if (name.n && (f->type == F_FILE)) {
		*vec_add(w->mem, &w->files) = name;
	}
}

static void group_members(struct work *w, const struct field *g, const struct json *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct json *item = &v->items[i];
		for (size_t k = 0; k < g->n_fields; k++) {
			const struct field *f = &g->fields[k];
			struct str s = json_str(json_get(item, f->name));
			if (f->type == F_OBJECT) {
				struct str verb = json_str(json_get(item, "verb"));
				add_link(w, f, verb.n ? verb : str_of(g->name), item, s);
			}
			add_file(w, f, s);
			if (f->type == F_FILE && !w->picture.p && str_eq(str_of(g->name), S("pictures"))) {
				w->picture = s.n ? s : STR_NONE;
			}
		}
	}
}

static void links_and_files(struct work *w, const struct json *doc)
{
	static const struct json none = {.kind = JSON_IS_NONE};

	for (size_t i = 0; i < w->entity->n_fields; i++) {
		const struct field *f = &w->entity->fields[i];
		const struct json *v = tree_get(doc, str_of(f->name));
		if (f->type == F_OBJECT) {
			add_link(w, f, str_of(f->name), &none, json_str(v));
		} else if (f->type == F_GROUP) {
			group_members(w, f, v);
		}
		add_file(w, f, json_str(v));
	}
}

/* Files that only some people see: they are kept as long as the document names them. */
static void hidden_files(struct work *w, const struct json *doc)
{
	struct work all = {.mem = w->mem, .entity = w->entity, .doc = doc};

	links_and_files(&all, doc);
	for (size_t i = 0; i < all.files.n; i++) {
		bool known = false;
		for (size_t k = 0; k < w->files.n && !known; k++) {
			known = str_eq(w->files.p[k], all.files.p[i]);
		}
		if (!known) {
			*vec_add(w->mem, &w->files) = all.files.p[i];
		}
	}
}

/* ---- texts ----------------------------------------------------------------------------------------------------------- */

static void put_words(struct buf *b, const struct field *f, const struct json *v)
{
	if (v->kind == JSON_IS_STRING && (f->type == F_FILE || f->type == F_TERRITORY || f->type == F_CHOICE)) {
		return;
	}
	if (v->kind == JSON_IS_STRING) {
		buf_put(b, b->n ? S("\n") : S(""));
		buf_put(b, v->text);
	}
	for (size_t i = 0; v->kind == JSON_IS_ARRAY && i < v->n; i++) {
		if (v->items[i].kind == JSON_IS_STRING) {
			buf_put(b, b->n ? S("\n") : S(""));
			buf_put(b, v->items[i].text);
		}
	}
}

struct bags {
	struct buf a, b, c;
};

static struct buf *bag(struct bags *to, const struct field *f)
{
	return f->flags & SEARCH_A ? &to->a : f->flags & SEARCH_B ? &to->b : f->flags & SEARCH_C ? &to->c : NULL;
}

/* A group's own texts, or those in a language. */
static void put_items(struct bags *to, const struct field *g, const struct json *items, struct str lang)
{
	for (size_t i = 0; items->kind == JSON_IS_ARRAY && i < items->n; i++) {
		const struct json *item = &items->items[i];
		const struct json *from = lang.p ? tree_get(json_get(item, "translations"), lang) : item;
		for (size_t k = 0; k < g->n_fields; k++) {
			struct buf *b = bag(to, &g->fields[k]);
			if (b) {
				put_words(b, &g->fields[k], tree_get(from, str_of(g->fields[k].name)));
			}
		}
	}
}

/* The words of one language; `lang` NULL p: the original's. */
static void add_search(struct work *w, struct str lang, struct str original)
{
	struct bags to = {buf_make(w->mem, LIMIT_DOC), buf_make(w->mem, LIMIT_DOC), buf_make(w->mem, LIMIT_DOC)};
	const struct json *texts = lang.p ? tree_get(json_get(w->doc, "translations"), lang) : w->doc;

	for (size_t i = 0; i < w->entity->n_fields; i++) {
		const struct field *f = &w->entity->fields[i];
		struct buf *b = bag(&to, f);
		if (f->type == F_GROUP) {
			put_items(&to, f, tree_get(w->doc, str_of(f->name)), lang);
		} else if (b) {
			put_words(b, f, tree_get(texts, str_of(f->name)));
		}
	}
	if (to.a.n + to.b.n + to.c.n) {
		*vec_add(w->mem, &w->search) = (struct search_text){lang.p ? lang : original, buf_str(&to.a), buf_str(&to.b), buf_str(&to.c)};
	}
}

static void add_lang(struct json *langs, struct mem *m, const struct json *t)
{
	for (size_t i = 0; t->kind == JSON_IS_OBJECT && i < t->n; i++) {
		if (!tree_has_str(langs, t->keys[i])) {
			tree_add(m, langs, tree_str(t->keys[i]));
		}
	}
}

/* The languages that any text is translated into, records' included. */
static struct json langs_of(struct work *w)
{
	struct json langs = tree_array();

	add_lang(&langs, w->mem, json_get(w->doc, "translations"));
	for (size_t i = 0; i < w->entity->n_fields; i++) {
		const struct field *f = &w->entity->fields[i];
		const struct json *items = f->type == F_GROUP ? tree_get(w->doc, str_of(f->name)) : NULL;
		for (size_t k = 0; items && items->kind == JSON_IS_ARRAY && k < items->n; k++) {
			add_lang(&langs, w->mem, json_get(&items->items[k], "translations"));
		}
	}
	return langs;
}

static void translations(struct work *w, struct str lang)
{
	const struct json *t = json_get(w->doc, "translations");
	struct json langs = langs_of(w);

	add_term(w, S("lang"), lang, 0);
	add_search(w, STR_NONE, lang);
	for (size_t i = 0; i < langs.n; i++) {
		add_search(w, langs.items[i].text, lang);
	}
	for (size_t i = 0; t->kind == JSON_IS_OBJECT && i < t->n; i++) {
		struct str title = json_str(json_get(&t->items[i], w->entity->title));
		struct str summary = w->entity->summary ? json_str(json_get(&t->items[i], w->entity->summary)) : STR_NONE;
		add_term(w, S("lang"), t->keys[i], 0);
		if (title.n || summary.n) {
			*vec_add(w->mem, &w->texts) = (struct derived_text){t->keys[i], title, summary};
		}
	}
}

/* Those that the kind adds by itself. */
static void add_own_terms(struct work *w)
{
	struct str own[8][2];
	size_t n = w->entity->terms ? w->entity->terms(w->mem, w->doc, time_now(), own, COUNT(own)) : 0;

	for (size_t i = 0; i < n; i++) {
		add_term(w, own[i][0], own[i][1], 0);
	}
}

void object_derive(struct mem *m, const struct entity *e, struct doc doc, struct str lang, struct derived *out)
{
	struct work w = {.mem = m, .entity = e, .doc = doc_view(m, e, doc, SEE_PUBLIC).j};

	add_term(&w, S(""), S(""), 0);
	translations(&w, lang);
	territories(&w);
	places(&w);
	for (size_t i = 0; i < e->n_fields; i++) {
		if (e->fields[i].flags & FACET) {
			facet_terms(&w, &e->fields[i], tree_get(w.doc, str_of(e->fields[i].name)));
		}
	}
	add_own_terms(&w);
	links_and_files(&w, w.doc);
	size_t n_public = w.files.n;
	hidden_files(&w, doc.j);
	struct str title = json_str(json_get(w.doc, e->title));
	*out = (struct derived){
		.title = title,
		.sort = title_sort(m, title),
		.summary = e->summary ? json_str(json_get(w.doc, e->summary)) : STR_NONE,
		.kind_slug = json_str(json_get(w.doc, "kind")),
		.territory = w.territory,
		.picture = w.picture,
		.has_point = w.places.n > 0,
		.lat = w.places.n ? w.places.p[0].lat : 0,
		.lon = w.places.n ? w.places.p[0].lon : 0,
		.precision = w.places.n ? w.places.p[0].precision : 0,
		.terms = w.terms.p, .n_terms = w.terms.n,
		.places = w.places.p, .n_places = w.places.n,
		.links = w.links.p, .n_links = w.links.n,
		.texts = w.texts.p, .n_texts = w.texts.n,
		.files = w.files.p, .n_files = w.files.n, .n_files_public = n_public,
		.search = w.search.p, .n_search = w.search.n,
	};
}
