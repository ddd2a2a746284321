/*
 * The API's form of an object.
 */
#include "api.h"

#include "../base/limits.h"
#include "../base/time.h"
#include "tree.h"

/* The name of a field in the API. */
static struct str api_name(const struct field *f)
{
	return strcmp(f->name, "kind") == 0 ? S("type") : str_of(f->name);
}

static void put_time(struct json_out *o, struct str key, int64_t ms)
{
	struct buf b = buf_make(o->b->mem, 64);

	json_put_key(o, key);
	if (ms) {
		buf_put_time(&b, ms);
		json_put_str(o, buf_str(&b));
	} else {
		json_put_null(o);
	}
}

static void put_tree_kv(struct json_out *o, struct str key, const struct json *v)
{
	json_put_key(o, key);
	if (tree_empty(v)) {
		json_put_null(o);
	} else {
		json_put_tree(o, v);
	}
}

static void put_geo(struct json_out *o, const struct api_meta *a)
{
	json_put_key(o, S("geo"));
	if (!a->has_point) {
		json_put_null(o);
		return;
	}
	json_put_object(o);
	json_put_key(o, S("lat"));
	json_put_fixed(o, a->lat, 5);
	json_put_key(o, S("lon"));
	json_put_fixed(o, a->lon, 5);
	json_put_kv_str(o, S("precision"), str_of(a->precision));
	json_put_object_end(o);
}

static bool is_common(const struct entity *e, const struct field *f)
{
	static const char *const names[] = {"title", "summary", "body", "themes", "territory"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(f->name, names[i]) == 0) {
			return true;
		}
	}
	return e->summary && strcmp(f->name, e->summary) == 0;
}

void api_put(struct json_out *o, const struct entity *e, const struct api_meta *a, struct view v)
{
	json_put_object(o);
	json_put_kv_i64(o, S("id"), a->id);
	json_put_kv_str(o, S("kind"), str_of(e->kind));
	json_put_kv_str(o, S("slug"), a->slug);
	json_put_kv_str(o, S("url"), a->url);
	json_put_kv_str(o, S("title"), json_str(json_get(v.j, e->title)));
	json_put_kv_str(o, S("summary"), e->summary ? json_str(json_get(v.j, e->summary)) : STR_NONE);
	json_put_kv_str(o, S("body"), json_str(json_get(v.j, "body")));
	json_put_kv_str(o, S("lang"), a->lang);
	put_tree_kv(o, S("translations"), json_get(v.j, "translations"));
	json_put_key(o, S("themes"));
	const struct json *themes = json_get(v.j, "themes");
	if (themes->kind == JSON_IS_ARRAY) {
		json_put_tree(o, themes);
	} else {
		json_put_array(o);
		json_put_array_end(o);
	}
	json_put_kv_str(o, S("territory"), a->territory);
	put_geo(o, a);
	json_put_kv_str(o, S("status"), a->status);
	put_time(o, S("created_at"), a->created_at);
	put_time(o, S("updated_at"), a->updated_at);
	put_time(o, S("checked_at"), a->checked_at);
	json_put_kv_str(o, S("source"), a->source);
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct json *value = json_get(v.j, e->fields[i].name);
		if (!is_common(e, &e->fields[i]) && !tree_empty(value)) {
			json_put_key(o, api_name(&e->fields[i]));
			json_put_tree(o, value);
		}
	}
	json_put_object_end(o);
}

/* ---- in -------------------------------------------------------------------------------------------------------------- */

static bool told_only(struct str key)
{
	static const char *const names[] = {"id", "slug", "url", "lang", "status", "created_at", "updated_at", "checked_at", "source",
					    "geo"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_eq(key, str_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* {"lat", "lon"} becomes the first place when none is given. */
static void take_geo(struct mem *m, const struct entity *e, const struct json *geo, struct json *out)
{
	const struct field *f = entity_field(e, S("places"));

	if (!f || f->type != F_GROUP || geo->kind != JSON_IS_OBJECT || tree_get(out, S("places"))->kind != JSON_IS_NONE) {
		return;
	}
	struct json place = tree_object(), list = tree_array();
	for (size_t i = 0; i < geo->n; i++) {
		tree_put(m, &place, geo->keys[i], geo->items[i]);
	}
	tree_add(m, &list, place);
	tree_put(m, out, S("places"), list);
}

struct json api_take(struct mem *m, const struct entity *e, const struct json *in, struct str *lang)
{
	struct json out = tree_object();

	*lang = json_str(json_get(in, "lang"));
	for (size_t i = 0; in->kind == JSON_IS_OBJECT && i < in->n; i++) {
		struct str key = in->keys[i];
		bool own_kind = str_eq(key, S("kind")) && entity_find(in->items[i].text) == e;
		if (own_kind || (told_only(key) && !entity_field(e, key))) {
			continue;
		}
		if (str_eq(key, S("title"))) {
			key = str_of(e->title);
		} else if (str_eq(key, S("summary")) && e->summary) {
			key = str_of(e->summary);
		} else if (str_eq(key, S("type")) && !entity_field(e, key) && entity_field(e, S("kind"))) {
			key = S("kind");
		}
		bool empty_common = !entity_field(e, key) && !str_eq(key, S("translations")) && tree_empty(&in->items[i]) &&
				    (str_eq(key, S("summary")) || str_eq(key, S("body")) || str_eq(key, S("themes")) ||
				     str_eq(key, S("territory")));
		if (!empty_common) {
			tree_set(m, &out, key, in->items[i]);
		}
	}
	take_geo(m, e, json_get(in, "geo"), &out);
	return in->kind == JSON_IS_OBJECT ? out : *in;
}
