/*
 * JSON-LD with schema.org's words, from the properties that the table of fields names; and GoGoCarto's full form, so that its
 * maps read us as one of theirs.
 */
#include "export.h"
#include "record.h"

#include "../../core/theme.h"
#include "../../entity/tree.h"
#include "../../entity/value.h"
#include "../../html/i18n.h"
#include "../../web/req.h"

static void put_opt(struct json_out *j, const char *key, struct str s)
{
	if (s.n) {
		json_put_kv_str(j, str_of(key), s);
	}
}

static struct str contact(struct view v, const char *type)
{
	const struct json *contacts = json_get(v.j, "contacts");

	for (size_t i = 0; i < contacts->n; i++) {
		if (str_eq(json_str(json_get(&contacts->items[i], "type")), str_of(type))) {
			return json_str(json_get(&contacts->items[i], "value"));
		}
	}
	return STR_NONE;
}

/* ---- JSON-LD --------------------------------------------------------------------------------------------------------- */

static void put_places(struct json_out *j, const struct field *f, const struct json *places)
{
	json_put_array(j);
	for (size_t i = 0; i < places->n; i++) {
		const struct json *p = &places->items[i];

		json_put_object(j);
		json_put_kv_str(j, S("@type"), S("Place"));
		put_opt(j, "name", json_str(json_get(p, "label")));
		json_put_key(j, S("address"));
		json_put_object(j);
		json_put_kv_str(j, S("@type"), S("PostalAddress"));
		for (size_t k = 0; k < f->n_fields; k++) {
			if (f->fields[k].schema) {
				put_opt(j, f->fields[k].schema, json_str(json_get(p, f->fields[k].name)));
			}
		}
		json_put_object_end(j);
		if (json_get(p, "lat")->kind == JSON_IS_NUMBER) {
			json_put_key(j, S("geo"));
			json_put_object(j);
			json_put_kv_str(j, S("@type"), S("GeoCoordinates"));
			json_put_key(j, S("latitude"));
			json_put_tree(j, json_get(p, "lat"));
			json_put_key(j, S("longitude"));
			json_put_tree(j, json_get(p, "lon"));
			json_put_object_end(j);
		}
		json_put_object_end(j);
	}
	json_put_array_end(j);
}

/* Groups of one meaning each: services, pictures, authors. */
static void put_items(struct json_out *j, struct export *x, const struct field *f, const struct json *items)
{
	const struct i18n *words = lang_catalogue(x->lang);

	json_put_array(j);
	for (size_t i = 0; i < items->n; i++) {
		const struct field *first = &f->fields[0];
		const struct json *value = json_get(&items->items[i], first->name);

		if (strcmp(f->schema, "makesOffer") == 0) {
			json_put_object(j);
			json_put_kv_str(j, S("@type"), S("Offer"));
			json_put_key(j, S("itemOffered"));
			json_put_object(j);
			json_put_kv_str(j, S("@type"), S("Service"));
			json_put_kv_str(j, S("name"), value_print(x->scratch, first, value, words));
			json_put_object_end(j);
			json_put_object_end(j);
		} else {
			json_put_str(j, value_print(x->scratch, first, value, words));
		}
	}
	json_put_array_end(j);
}

static void put_hours(struct json_out *j, struct mem *m, const struct json *hours)
{
	json_put_array(j);
	for (size_t i = 0; i < hours->n; i++) {
		struct str ranges = hours->items[i].text;

		if (str_eq(hours->keys[i], S("note"))) {
			continue;
		}
		while (ranges.p) {
			struct str range = str_trim(str_cut(&ranges, ','));

			json_put_str(j, str_fmt(m, "%.*s %.*s", STR_ARG(hours->keys[i]), STR_ARG(range)));
		}
	}
	json_put_array_end(j);
}

static void put_property(struct json_out *j, struct export *x, const struct field *f, const struct json *v)
{
	const struct entity_world *w = entity_world();

	json_put_key(j, str_of(f->schema));
	if (f->type == F_GROUP && field_in(f->fields, f->n_fields, S("lat"))) {
		put_places(j, f, v);
	} else if (f->type == F_GROUP) {
		put_items(j, x, f, v);
	} else if (f->type == F_HOURS) {
		put_hours(j, x->scratch, v);
	} else if (f->type == F_TERRITORIES) {
		json_put_array(j);
		for (size_t i = 0; i < v->n; i++) {
			json_put_str(j, w->territory_name(x->scratch, v->items[i].text, x->lang));
		}
		json_put_array_end(j);
	} else {
		json_put_tree(j, v);
	}
}

/* Where it is at home: a place with its code, under the word that the type has for it. */
static void put_territory(struct json_out *j, struct export *x, const struct entity *e, struct str code)
{
	bool acts = e->schema && strcmp(e->schema, "Organization") == 0;

	if (!code.n) {
		return;
	}
	json_put_key(j, acts ? S("foundingLocation") : S("spatialCoverage"));
	json_put_object(j);
	json_put_kv_str(j, S("@type"), S("AdministrativeArea"));
	json_put_kv_str(j, S("name"), entity_world()->territory_name(x->scratch, code, x->lang));
	json_put_kv_str(j, S("identifier"), code);
	json_put_object_end(j);
}

static enum err ld_begin(struct export *x)
{
	json_put_object(&x->json);
	json_put_kv_str(&x->json, S("@context"), S("https://schema.org"));
	json_put_key(&x->json, S("@graph"));
	json_put_array(&x->json);
	return OK;
}

static enum err ld_item(struct export *x, const struct list_row *row, struct view v)
{
	const struct entity *e = row->entity;
	struct json_out *j = &x->json;
	struct str url = record_url(x->scratch, x->base_url, e, row->slug);

	json_put_object(j);
	json_put_kv_str(j, S("@type"), str_of(e->schema ? e->schema : "Thing"));
	json_put_kv_str(j, S("@id"), url);
	json_put_kv_str(j, S("url"), url);
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct json *value = json_get(v.j, e->fields[i].name);

		if (e->fields[i].schema && strcmp(e->fields[i].schema, "url") != 0 && !tree_empty(value)) {
			put_property(j, x, &e->fields[i], value);
		}
	}
	put_territory(j, x, e, row->territory);
	put_opt(j, "email", contact(v, "mail"));
	put_opt(j, "telephone", contact(v, "phone"));
	put_opt(j, "sameAs", contact(v, "web"));
	json_put_kv_str(j, S("dateModified"), record_time(x->scratch, row->updated_at));
	json_put_object_end(j);
	return j->err;
}

static enum err ld_end(struct export *x)
{
	json_put_array_end(&x->json);
	json_put_object_end(&x->json);
	return json_done(&x->json);
}

const struct export_format export_jsonld = {
	.name = "jsonld", .suffix = ".jsonld", .mime = "application/ld+json", .one = true,
	.begin = ld_begin, .item = ld_item, .end = ld_end,
};

/* ---- GoGoCarto ------------------------------------------------------------------------------------------------------- */

int64_t gogo_category(struct str slug)
{
	return (int64_t)(str_hash(slug) & 0x7fffffff) + 1;
}

static void put_address(struct json_out *j, const struct json *place)
{
	static const char *const parts[][2] = {{"streetAddress", "address"}, {"addressLocality", "town"},
					       {"postalCode", "postal_code"}, {"addressCountry", "country"}};

	json_put_key(j, S("address"));
	json_put_object(j);
	for (size_t i = 0; i < COUNT(parts); i++) {
		put_opt(j, parts[i][0], json_str(json_get(place, parts[i][1])));
	}
	json_put_object_end(j);
}

static void put_categories(struct json_out *j, const struct json *themes, const char *lang)
{
	json_put_key(j, S("categories"));
	json_put_array(j);
	for (size_t i = 0; i < themes->n; i++) {
		json_put_str(j, theme_name(themes->items[i].text, lang));
	}
	json_put_array_end(j);
	json_put_key(j, S("categoriesFull"));
	json_put_array(j);
	for (size_t i = 0; i < themes->n; i++) {
		json_put_object(j);
		json_put_kv_i64(j, S("id"), gogo_category(themes->items[i].text));
		json_put_kv_str(j, S("name"), theme_name(themes->items[i].text, lang));
		json_put_kv_str(j, S("description"), S(""));
		json_put_kv_i64(j, S("index"), (int64_t)i);
		json_put_object_end(j);
	}
	json_put_array_end(j);
}

static void put_gogo_hours(struct json_out *j, const struct json *hours)
{
	if (tree_empty(hours)) {
		return;
	}
	json_put_key(j, S("openHours"));
	json_put_object(j);
	for (size_t i = 0; i < hours->n; i++) {
		if (!str_eq(hours->keys[i], S("note"))) {
			json_put_kv_str(j, hours->keys[i], hours->items[i].text);
		}
	}
	json_put_object_end(j);
	put_opt(j, "openHoursMoreInfos", json_str(json_get(hours, "note")));
}

void gogo_put(struct json_out *j, struct mem *m, const struct export *x, const struct list_row *row, struct view v)
{
	const struct json *body = json_get(v.j, "body");

	json_put_kv_str(j, S("id"), row->slug);
	json_put_kv_str(j, S("name"), row->title);
	json_put_key(j, S("geo"));
	json_put_object(j);
	json_put_key(j, S("latitude"));
	json_put_fixed(j, row->lat, 5);
	json_put_key(j, S("longitude"));
	json_put_fixed(j, row->lon, 5);
	json_put_object_end(j);
	json_put_kv_str(j, S("sourceKey"), x->site_name);
	put_address(j, json_at(json_get(v.j, "places"), 0));
	put_gogo_hours(j, json_get(v.j, "hours"));
	json_put_kv_str(j, S("createdAt"), record_time(m, row->created_at));
	json_put_kv_str(j, S("updatedAt"), record_time(m, row->updated_at));
	json_put_kv_i64(j, S("status"), 1);
	put_categories(j, json_get(v.j, "themes"), x->lang);
	put_opt(j, "description", row->summary.n ? row->summary : json_str(body));
	put_opt(j, "descriptionMore", row->summary.n ? json_str(body) : STR_NONE);
	put_opt(j, "website", contact(v, "web"));
	put_opt(j, "telephone", contact(v, "phone"));
	put_opt(j, "email", contact(v, "mail"));
	json_put_kv_str(j, S("url"), record_url(m, x->base_url, row->entity, row->slug));
	json_put_key(j, S("stamps"));
	json_put_raw(j, S("[]"));
	json_put_key(j, S("images"));
	json_put_raw(j, S("[]"));
	json_put_key(j, S("files"));
	json_put_raw(j, S("[]"));
}

static enum err gogo_begin(struct export *x)
{
	json_put_object(&x->json);
	json_put_kv_str(&x->json, S("licence"), x->licence);
	json_put_kv_str(&x->json, S("ontology"), S("gogofull"));
	json_put_key(&x->json, S("data"));
	json_put_array(&x->json);
	return OK;
}

/* Its maps have no place for what is nowhere. */
static enum err gogo_item(struct export *x, const struct list_row *row, struct view v)
{
	if (row->has_point) {
		json_put_object(&x->json);
		gogo_put(&x->json, x->scratch, x, row, v);
		json_put_object_end(&x->json);
	}
	return x->json.err;
}

const struct export_format export_gogocarto = {
	.name = "gogocarto", .mime = "application/json", .begin = gogo_begin, .item = gogo_item, .end = ld_end,
};
