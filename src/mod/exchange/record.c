/*
 * The record: one order of members for JSON, GeoJSON and the API.
 */
#include "record.h"

#include "../../base/limits.h"
#include "../../base/time.h"

static const char *const common[] = {"id", "kind", "type", "url", "lang", "status", "source", "geo", "created_at", "updated_at",
				     "translations"};

struct str record_name(struct mem *m, const struct entity *e, const struct field *f)
{
	if (strcmp(f->name, "kind") == 0) {
		return S("type");
	}
	for (size_t i = 0; i < COUNT(common); i++) {
		if (strcmp(f->name, common[i]) == 0) {
			return str_fmt(m, "%s_%s", e->kind, f->name);
		}
	}
	return str_of(f->name);
}

const struct field *record_field(struct mem *m, const struct entity *e, struct str name)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		if (str_eq(record_name(m, e, &e->fields[i]), name)) {
			return &e->fields[i];
		}
	}
	return NULL;
}

struct str record_status(enum status st)
{
	static const char *const names[] = {"draft", "proposed", "published", "refused", "archived", "removed", "merged"};

	return str_of(names[st]);
}

struct str record_url(struct mem *m, struct str base_url, const struct entity *e, struct str slug)
{
	return str_fmt(m, "%.*s%s/%.*s", STR_ARG(base_url), e->room, STR_ARG(slug));
}

struct str record_time(struct mem *m, int64_t instant)
{
	struct buf b = buf_make(m, 40);

	buf_put_time(&b, instant);
	return buf_str(&b);
}

struct list_row record_row(const struct object *ob)
{
	return (struct list_row){
		.id = ob->id, .entity = ob->entity, .slug = ob->slug, .title = ob->title, .summary = ob->summary,
		.lang = ob->lang, .original_lang = ob->lang, .territory = ob->territory, .has_point = ob->has_point,
		.lat = ob->lat, .lon = ob->lon, .precision = ob->precision, .created_at = ob->created_at,
		.updated_at = ob->updated_at, .published_at = ob->published_at, .checked_at = ob->checked_at,
		.source = ob->source, .source_key = ob->source_key,
	};
}

static void put_geo(struct json_out *j, const struct list_row *row)
{
	static const char *const precisions[] = {"exact", "street", "commune", "departement"};

	json_put_key(j, S("geo"));
	if (!row->has_point) {
		json_put_null(j);
		return;
	}
	json_put_object(j);
	json_put_key(j, S("lat"));
	json_put_fixed(j, row->lat, 6);
	json_put_key(j, S("lon"));
	json_put_fixed(j, row->lon, 6);
	json_put_kv_str(j, S("precision"), str_of(precisions[row->precision >= 0 && row->precision < 4 ? row->precision : 3]));
	json_put_object_end(j);
}

static void put_text(struct json_out *j, struct str key, struct str text)
{
	if (text.n) {
		json_put_kv_str(j, key, text);
	} else {
		json_put_key(j, key);
		json_put_null(j);
	}
}

void record_put(struct json_out *j, struct mem *m, struct str base_url, const struct list_row *row, enum status st, struct view v,
		bool geo)
{
	const struct entity *e = row->entity;
	const struct json *translations = json_get(v.j, "translations");

	json_put_kv_str(j, S("id"), row->slug);
	json_put_kv_str(j, S("kind"), str_of(e->kind));
	json_put_kv_str(j, S("url"), record_url(m, base_url, e, row->slug));
	put_text(j, S("title"), json_str(json_get(v.j, e->title)));
	put_text(j, S("summary"), e->summary ? json_str(json_get(v.j, e->summary)) : STR_NONE);
	json_put_kv_str(j, S("lang"), row->original_lang);
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		const struct json *value = json_get(v.j, f->name);

		if (value->kind == JSON_IS_NONE || strcmp(f->name, "title") == 0 || strcmp(f->name, "summary") == 0) {
			continue;
		}
		json_put_key(j, record_name(m, e, f));
		json_put_tree(j, value);
	}
	json_put_key(j, S("translations"));
	if (translations->kind == JSON_IS_OBJECT) {
		json_put_tree(j, translations);
	} else {
		json_put_object(j);
		json_put_object_end(j);
	}
	if (geo) {
		put_geo(j, row);
	}
	json_put_kv_str(j, S("status"), record_status(st));
	json_put_kv_str(j, S("created_at"), record_time(m, row->created_at));
	json_put_kv_str(j, S("updated_at"), record_time(m, row->updated_at));
	put_text(j, S("source"), row->source);
}

static bool is_member(struct mem *m, const struct entity *e, struct str name)
{
	for (size_t i = 0; i < COUNT(common); i++) {
		if (str_eq(name, str_of(common[i])) && (strcmp(common[i], "type") != 0 || record_field(m, e, name))) {
			return true;
		}
	}
	return str_eq(name, S("title")) || str_eq(name, S("summary")) || record_field(m, e, name) != NULL;
}

bool record_fields_read(struct mem *m, const struct entity *e, struct str list, struct record_fields *out, struct str *wrong)
{
	out->n = 0;
	while (list.n) {
		struct str one = str_trim(str_cut(&list, ','));

		if (!one.n) {
			continue;
		}
		if (out->n == COUNT(out->name) || !is_member(m, e, one)) {
			*wrong = one;
			return false;
		}
		out->name[out->n++] = one;
	}
	return true;
}

static bool is_wanted(const struct record_fields *fields, struct str name)
{
	for (size_t i = 0; i < fields->n; i++) {
		if (str_eq(fields->name[i], name)) {
			return true;
		}
	}
	return false;
}

enum err record_put_some(struct json_out *j, struct mem *m, struct str base_url, const struct list_row *row, enum status st,
			 struct view v, const struct record_fields *fields)
{
	struct buf b = buf_make(m, LIMIT_EXPORT_ITEM);
	struct json_out whole = json_to(&b);
	struct json tree;

	if (!fields || !fields->n) {
		record_put(j, m, base_url, row, st, v, true);
		return OK;
	}
	json_put_object(&whole);
	record_put(&whole, m, base_url, row, st, v, true);
	json_put_object_end(&whole);
	TRY(json_done(&whole));
	TRY(json_parse(m, buf_str(&b), &tree, NULL));
	for (size_t i = 0; i < tree.n; i++) {
		if (is_wanted(fields, tree.keys[i])) {
			json_put_key(j, tree.keys[i]);
			json_put_tree(j, &tree.items[i]);
		}
	}
	return OK;
}
