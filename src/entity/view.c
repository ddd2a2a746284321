/*
 * What one visitor may see of a document. Hiding happens here and nowhere else: pages, exports, feeds, the API, search and
 * federation take a struct view, and what a sight may not see is not in it. Positions of places that may not be known exactly
 * are blurred, and with them the words that would tell the same (number, street, name of the place).
 */
#include "entity.h"

#include "../base/limits.h"
#include "tree.h"

static bool field_seen(const struct field *f, enum sight sight)
{
	return !((f->flags & PRIVATE) && sight < SEE_ALL) && !((f->flags & MEMBERS) && sight < SEE_MEMBERS);
}

static bool item_seen(const struct field *f, const struct json *item, enum sight sight)
{
	if (f->flags & BY_CONSENT) {
		struct str state = json_str(json_get(item, "state"));
		return sight >= SEE_ALL || (sight >= SEE_PUBLIC && (str_eq(state, S("accepted")) || str_eq(state, S("named"))));
	}
	struct str v = json_str(json_get(item, "visibility"));

	if (v.n == 0 || str_eq(v, S("public"))) {
		return sight >= SEE_PUBLIC;
	}
	return sight >= (str_eq(v, S("members")) ? SEE_MEMBERS : SEE_ALL);
}

static bool is_place_group(const struct field *f)
{
	return f->type == F_GROUP && field_in(f->fields, f->n_fields, S("lat")) && field_in(f->fields, f->n_fields, S("lon")) &&
	       field_in(f->fields, f->n_fields, S("precision"));
}

/* How coarse: 0 exact, 1 street, 2 commune, 3 département; what is not understood is taken as the coarsest. */
static int coarseness(struct str precision)
{
	static const char *const names[] = {"exact", "street", "commune", "departement"};

	if (precision.n == 0) {
		return 0;
	}
	for (int i = 0; i < 4; i++) {
		if (str_eq(precision, str_of(names[i]))) {
			return i;
		}
	}
	return 3;
}

/* How coarsely a place may be told. A sensitive one is known by its town, whatever its precision says. */
static int place_coarseness(const struct json *item)
{
	int c = coarseness(json_str(json_get(item, "precision")));

	return json_get(item, "sensitive")->kind == JSON_IS_TRUE && c < 2 ? 2 : c;
}

/* "12 bis, rue de la Paix" -> "rue de la Paix". */
static struct str without_number(struct mem *m, struct str address)
{
	struct buf b = buf_make(m, LIMIT_FMT);
	bool was_number = false;

	while (address.p) {
		struct str word = str_cut(&address, ' ');
		struct str bare = str_ends(word, S(",")) ? str_sub(word, 0, word.n - 1) : word;
		bool number = false;
		for (size_t i = 0; i < bare.n; i++) {
			number = number || (bare.p[i] >= '0' && bare.p[i] <= '9');
		}
		bool suffix = was_number && (str_ieq(bare, S("bis")) || str_ieq(bare, S("ter")) || str_ieq(bare, S("quater")) ||
					     bare.n == 1);
		was_number = number || suffix;
		if (!was_number && word.n) {
			buf_put(&b, b.n ? S(" ") : S(""));
			buf_put(&b, word);
		}
	}
	return buf_str(&b);
}

/* A place as it may be shown. */
static struct json place_seen(struct mem *m, const struct json *item, struct str territory)
{
	const struct entity_world *w = entity_world();
	int coarse = place_coarseness(item);
	struct str precision = coarse == 2 ? S("commune") : json_str(json_get(item, "precision"));
	struct json out = tree_object();
	double lat, lon;

	for (size_t i = 0; i < item->n; i++) {
		struct str k = item->keys[i];
		struct json v = item->items[i];
		if (str_eq(k, S("lat")) || str_eq(k, S("lon")) || str_eq(k, S("label")) || str_eq(k, S("translations"))) {
			continue; /* words in another language tell the same */
		}
		if (str_eq(k, S("address"))) {
			v = tree_str(without_number(m, v.text));
			if (coarse > 1 || v.text.n == 0) {
				continue;
			}
		}
		if (coarse > 2 && !str_eq(k, S("country")) && !str_eq(k, S("precision")) && !str_eq(k, S("sensitive"))) {
			continue;
		}
		if (str_eq(k, S("precision"))) {
			v = tree_str(precision);
		}
		tree_put(m, &out, k, v);
	}
	if (w->blur && json_double(json_get(item, "lat"), &lat) && json_double(json_get(item, "lon"), &lon)) {
		struct str own = w->place_territory ? w->place_territory(m, json_str(json_get(item, "town")),
									 json_str(json_get(item, "postal_code")),
									 json_str(json_get(item, "country")))
						    : STR_NONE;
		if (w->blur(precision, own.p ? own : territory, &lat, &lon)) {
			tree_put(m, &out, S("lat"), tree_fixed(m, lat, 5));
			tree_put(m, &out, S("lon"), tree_fixed(m, lon, 5));
		}
	}
	if (tree_get(&out, S("precision"))->kind == JSON_IS_NONE) {
		tree_put(m, &out, S("precision"), tree_str(precision));
	}
	return out;
}

/* Translations of the fields that may be seen. */
static struct json texts_seen(struct mem *m, const struct field *fields, size_t n, const struct json *in, enum sight sight)
{
	struct json out = tree_object();

	for (size_t i = 0; in->kind == JSON_IS_OBJECT && i < in->n; i++) {
		struct json texts = tree_object();
		for (size_t k = 0; k < in->items[i].n; k++) {
			const struct field *f = field_in(fields, n, in->items[i].keys[k]);
			if (f && (f->flags & TRANSLATED) && field_seen(f, sight)) {
				tree_put(m, &texts, in->items[i].keys[k], in->items[i].items[k]);
			}
		}
		if (texts.n) {
			tree_put(m, &out, in->keys[i], texts);
		}
	}
	return out;
}

/* An item without the fields that may not be seen. */
static struct json item_fields(struct mem *m, const struct field *f, const struct json *item, enum sight sight)
{
	struct json out = tree_object();

	for (size_t i = 0; i < item->n; i++) {
		const struct field *sub = field_in(f->fields, f->n_fields, item->keys[i]);
		if (sub && field_seen(sub, sight)) {
			tree_put(m, &out, item->keys[i], item->items[i]);
		}
	}
	struct json t = texts_seen(m, f->fields, f->n_fields, json_get(item, "translations"), sight);
	if (t.n && out.n) {
		tree_put(m, &out, S("translations"), t);
	}
	return out;
}

static struct json group_seen(struct mem *m, const struct field *f, const struct json *v, struct str territory, enum sight sight)
{
	struct json out = tree_array();
	bool places = is_place_group(f);

	for (size_t i = 0; i < v->n; i++) {
		const struct json *item = &v->items[i];
		if ((f->flags & (BY_ITEM | BY_CONSENT)) && !item_seen(f, item, sight)) {
			continue;
		}
		struct json seen = item_fields(m, f, item, sight);
		if (places && sight < SEE_ALL && place_coarseness(item) > 0) {
			seen = place_seen(m, &seen, territory);
		}
		if (!tree_empty(&seen)) {
			tree_add(m, &out, seen);
		}
	}
	return out;
}

bool doc_is_coarse(const struct entity *e, const struct json *doc)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct json *v = is_place_group(&e->fields[i]) ? tree_get(doc, str_of(e->fields[i].name)) : NULL;
		for (size_t k = 0; v && k < v->n; k++) {
			if (coarseness(json_str(json_get(&v->items[k], "precision"))) > 2) {
				return true;
			}
		}
	}
	return false;
}

struct view doc_view(struct mem *m, const struct entity *e, struct doc d, enum sight sight)
{
	struct json *out = mem_new(m, struct json);
	const struct entity_world *w = entity_world();
	struct str territory = STR_NONE;
	bool coarse = sight < SEE_ALL && doc_is_coarse(e, d.j);

	*out = tree_object();
	if (sight == SEE_NOTHING) {
		return (struct view){out};
	}
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		const struct json *v = tree_get(d.j, str_of(f->name));
		if (tree_empty(v) || !field_seen(f, sight)) {
			continue;
		}
		struct json seen = *v;
		if (f->type == F_TERRITORY) {
			if (coarse) {
				seen = tree_str(w->territory_coarse ? w->territory_coarse(m, v->text) : STR_NONE);
			}
			territory = seen.text;
		} else if (f->type == F_GROUP) {
			seen = group_seen(m, f, v, territory, sight);
		}
		if (!tree_empty(&seen)) {
			tree_put(m, out, str_of(f->name), seen);
		}
	}
	struct json t = texts_seen(m, e->fields, e->n_fields, json_get(d.j, "translations"), sight);
	if (t.n) {
		tree_put(m, out, S("translations"), t);
	}
	return (struct view){out};
}

struct str view_text(struct view v, const struct entity *e, const char *field, const char *want, struct str original_lang,
		     struct str *lang)
{
	const struct field *f = entity_field(e, str_of(field));
	struct str original = json_str(json_get(v.j, field));

	if (f && (f->flags & TRANSLATED) && !str_eq(str_of(want), original_lang)) {
		struct str t = json_str(json_get(json_get(json_get(v.j, "translations"), want), field));
		if (t.n) {
			if (lang) {
				*lang = str_of(want);
			}
			return t;
		}
	}
	if (lang) {
		*lang = original_lang;
	}
	return original;
}

struct str item_text(const struct json *item, const char *field, const char *want, struct str original_lang, struct str *lang)
{
	struct str original = json_str(json_get(item, field));
	struct str t = json_str(json_get(json_get(json_get(item, "translations"), want), field));
	bool translated = t.n && !str_eq(str_of(want), original_lang);

	if (lang) {
		*lang = translated ? str_of(want) : original_lang;
	}
	return translated ? t : original;
}

/* ---- back ------------------------------------------------------------------------------------------------------------ */

/* The item of the whole document that is shown as `shown`; NULL if none is left. */
static const struct json *item_behind(struct mem *m, const struct field *f, const struct json *whole, const struct json *shown,
				      struct str territory, enum sight sight)
{
	for (size_t i = 0; i < whole->n; i++) {
		struct json one = {.kind = JSON_IS_ARRAY, .items = &whole->items[i], .n = 1};
		struct json seen = group_seen(m, f, &one, territory, sight);
		if (seen.n && tree_same(&seen.items[0], shown)) {
			return &whole->items[i];
		}
	}
	return NULL;
}

/* True if an edited place stands where the shown one stood. */
static bool not_moved(const struct json *edited, const struct json *shown)
{
	return tree_same(json_get(edited, "lat"), json_get(shown, "lat")) &&
	       tree_same(json_get(edited, "lon"), json_get(shown, "lon")) &&
	       tree_same(json_get(edited, "precision"), json_get(shown, "precision"));
}

/* A changed item, with what was hidden of the one that it was made from. */
static struct json item_unview(struct mem *m, const struct field *f, const struct json *edited, const struct json *behind,
			       const struct json *shown)
{
	struct json out = tree_copy(m, edited);
	bool place = is_place_group(f) && not_moved(edited, shown);

	for (size_t i = 0; i < behind->n; i++) {
		struct str k = behind->keys[i];
		bool hidden = tree_get(shown, k)->kind == JSON_IS_NONE;
		bool blurred = place && !tree_same(tree_get(shown, k), tree_get(behind, k)) &&
			       tree_same(tree_get(edited, k), tree_get(shown, k));
		if ((hidden && tree_empty(tree_get(edited, k))) || blurred) {
			tree_set(m, &out, k, behind->items[i]);
		}
	}
	return out;
}

static struct json group_unview(struct mem *m, const struct field *f, const struct json *whole, const struct json *shown,
				const struct json *edited, struct str territory, enum sight sight)
{
	struct json out = tree_array();

	for (size_t i = 0; i < edited->n; i++) {
		const struct json *behind = NULL, *was = NULL;
		for (size_t k = 0; k < shown->n && !behind; k++) { /* the same item, wherever it stands now */
			if (tree_same(&edited->items[i], &shown->items[k])) {
				was = &shown->items[k];
				behind = item_behind(m, f, whole, was, territory, sight);
			}
		}
		if (!behind && i < shown->n) { /* changed in its place */
			was = &shown->items[i];
			behind = item_behind(m, f, whole, was, territory, sight);
		}
		tree_add(m, &out, behind ? item_unview(m, f, &edited->items[i], behind, was) : edited->items[i]);
	}
	for (size_t i = 0; (f->flags & (BY_ITEM | BY_CONSENT)) && i < whole->n; i++) { /* what this person could not see stays */
		if (!item_seen(f, &whole->items[i], sight)) {
			tree_add(m, &out, whole->items[i]);
		}
	}
	return out;
}

struct json doc_unview(struct mem *m, const struct entity *e, const struct json *whole, const struct json *shown,
		       const struct json *edited, enum sight sight)
{
	struct json out = tree_object();
	struct str territory = json_str(json_get(shown, "territory"));

	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		struct str name = str_of(f->name);
		const struct json *w = tree_get(whole, name), *s = tree_get(shown, name), *d = tree_get(edited, name);
		if (tree_same(s, d) || !field_seen(f, sight)) {
			tree_put(m, &out, name, *w);
		} else if (f->type == F_GROUP) {
			tree_put(m, &out, name, group_unview(m, f, w, s, d, territory, sight));
		} else {
			tree_put(m, &out, name, *d);
		}
	}
	tree_put(m, &out, S("translations"), *json_get(edited, "translations"));
	return doc_canonical(m, e, &out);
}
