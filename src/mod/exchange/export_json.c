/*
 * JSON as the API gives it, GeoJSON and uMap's file, which is GeoJSON inside.
 */
#include "export.h"
#include "record.h"

#include "../../html/i18n.h"
#include "../../web/req.h"

/* ---- JSON ------------------------------------------------------------------------------------------------------------ */

static enum err json_begin(struct export *x)
{
	json_put_object(&x->json);
	json_put_key(&x->json, S("data"));
	json_put_array(&x->json);
	return OK;
}

static enum err json_item(struct export *x, const struct list_row *row, struct view v)
{
	json_put_object(&x->json);
	TRY(record_put_some(&x->json, x->scratch, x->base_url, row, x->status, v, x->fields));
	json_put_object_end(&x->json);
	return x->json.err;
}

static void put_page(struct export *x)
{
	json_put_key(&x->json, S("next"));
	if (x->next.p) {
		json_put_str(&x->json, x->next);
	} else {
		json_put_null(&x->json);
	}
	json_put_kv_i64(&x->json, S("total"), x->paged ? x->total : (int64_t)x->n);
}

static enum err json_end(struct export *x)
{
	json_put_array_end(&x->json);
	put_page(x);
	json_put_object_end(&x->json);
	return json_done(&x->json);
}

const struct export_format export_json = {
	.name = "json", .suffix = ".json", .mime = "application/json", .one = true,
	.begin = json_begin, .item = json_item, .end = json_end,
};

/* ---- GeoJSON --------------------------------------------------------------------------------------------------------- */

static void put_geometry(struct json_out *j, const struct list_row *row)
{
	json_put_key(j, S("geometry"));
	if (!row->has_point) {
		json_put_null(j);
		return;
	}
	json_put_object(j);
	json_put_kv_str(j, S("type"), S("Point"));
	json_put_key(j, S("coordinates"));
	json_put_array(j);
	json_put_fixed(j, row->lon, 6);
	json_put_fixed(j, row->lat, 6);
	json_put_array_end(j);
	json_put_object_end(j);
}

static enum err feature(struct export *x, const struct list_row *row, struct view v)
{
	struct json_out *j = &x->json;

	json_put_object(j);
	json_put_kv_str(j, S("type"), S("Feature"));
	json_put_kv_str(j, S("id"), row->slug);
	put_geometry(j, row);
	json_put_key(j, S("properties"));
	json_put_object(j);
	record_put(j, x->scratch, x->base_url, row, x->status, v, false);
	/* What map programs show by themselves. */
	if (!entity_field(row->entity, S("name"))) {
		json_put_kv_str(j, S("name"), row->title);
	}
	if (row->summary.n && !entity_field(row->entity, S("description"))) {
		json_put_kv_str(j, S("description"), row->summary);
	}
	json_put_object_end(j);
	json_put_object_end(j);
	return j->err;
}

static enum err geojson_begin(struct export *x)
{
	json_put_object(&x->json);
	json_put_kv_str(&x->json, S("type"), S("FeatureCollection"));
	json_put_key(&x->json, S("features"));
	json_put_array(&x->json);
	return OK;
}

static enum err geojson_end(struct export *x)
{
	json_put_array_end(&x->json);
	put_page(x);
	json_put_object_end(&x->json);
	return json_done(&x->json);
}

const struct export_format export_geojson = {
	.name = "geojson", .suffix = ".geojson", .mime = "application/geo+json", .one = true,
	.begin = geojson_begin, .item = feature, .end = geojson_end,
};

/* ---- uMap ------------------------------------------------------------------------------------------------------------ */

static enum err umap_begin(struct export *x)
{
	struct json_out *j = &x->json;
	struct str label = tr(lang_catalogue(x->lang), x->entity->label_plural);

	json_put_object(j);
	json_put_kv_str(j, S("type"), S("umap"));
	json_put_kv_str(j, S("uri"), x->page);
	json_put_key(j, S("geometry"));
	json_put_raw(j, S("{\"type\":\"Point\",\"coordinates\":[2.5,46.5]}"));
	json_put_key(j, S("properties"));
	json_put_object(j);
	json_put_kv_str(j, S("name"), x->site_name);
	json_put_kv_str(j, S("description"), x->page);
	json_put_kv_i64(j, S("zoom"), 6);
	json_put_object_end(j);
	json_put_key(j, S("layers"));
	json_put_array(j);
	json_put_object(j);
	json_put_kv_str(j, S("type"), S("FeatureCollection"));
	json_put_key(j, S("_umap_options"));
	json_put_object(j);
	json_put_kv_str(j, S("name"), label);
	json_put_kv_bool(j, S("displayOnLoad"), true);
	json_put_kv_bool(j, S("browsable"), true);
	json_put_object_end(j);
	json_put_key(j, S("features"));
	json_put_array(j);
	return OK;
}

static enum err umap_end(struct export *x)
{
	json_put_array_end(&x->json);
	json_put_object_end(&x->json);
	json_put_array_end(&x->json);
	json_put_object_end(&x->json);
	return json_done(&x->json);
}

const struct export_format export_umap = {
	.name = "umap", .suffix = ".umap", .mime = "application/json", .one = false,
	.begin = umap_begin, .item = feature, .end = umap_end,
};
