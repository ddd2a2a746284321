/*
 * Shapes of other tools: features with their geometry, elements with their address inside, lists without names, directories whose
 * answers are the keys of an object.
 */
#include "import_shape.h"

#include "../../entity/tree.h"
#include "../../web/site.h"

enum { SHAPE_DEPTH = 4 };

/* ---- a point for any geometry ---------------------------------------------------------------------------------------- */

struct centre {
	double lat, lon, weight;
};

/* Some write their numbers as text. */
static bool degrees(const struct json *j, double *out)
{
	return j->kind == JSON_IS_STRING ? str_to_double(str_trim(j->text), out) : json_double(j, out);
}

static bool position(const struct json *j, double *lon, double *lat)
{
	return j->kind == JSON_IS_ARRAY && j->n >= 2 && degrees(&j->items[0], lon) && degrees(&j->items[1], lat);
}

/* The middle of all positions, at whatever depth. */
static void middle(const struct json *j, struct centre *c, int depth)
{
	double lon, lat;

	if (position(j, &lon, &lat)) {
		c->lon += lon;
		c->lat += lat;
		c->weight += 1;
		return;
	}
	for (size_t i = 0; j->kind == JSON_IS_ARRAY && depth < SHAPE_DEPTH && i < j->n; i++) {
		middle(&j->items[i], c, depth + 1);
	}
}

/* The centre of gravity of a ring, weighed by its surface. */
static void ring(const struct json *j, struct centre *c)
{
	double area = 0, x = 0, y = 0, x0, y0, x1, y1;

	for (size_t i = 0; i + 1 < j->n; i++) {
		if (position(&j->items[i], &x0, &y0) && position(&j->items[i + 1], &x1, &y1)) {
			double cross = x0 * y1 - x1 * y0;

			area += cross;
			x += (x0 + x1) * cross;
			y += (y0 + y1) * cross;
		}
	}
	if (area > 1e-12 || area < -1e-12) {
		double w = area < 0 ? -area : area;

		c->lon += x / (3 * area) * w;
		c->lat += y / (3 * area) * w;
		c->weight += w;
	}
}

static bool centre_of(const struct json *geometry, struct centre *c)
{
	struct str type = json_str(json_get(geometry, "type"));
	const struct json *at = json_get(geometry, "coordinates");

	*c = (struct centre){0};
	if (str_eq(type, S("GeometryCollection"))) {
		return centre_of(json_at(json_get(geometry, "geometries"), 0), c);
	}
	if (str_eq(type, S("Polygon"))) {
		ring(json_at(at, 0), c);
	}
	for (size_t i = 0; str_eq(type, S("MultiPolygon")) && i < at->n; i++) {
		ring(json_at(&at->items[i], 0), c);
	}
	if (c->weight == 0) {
		*c = (struct centre){0};
		middle(at, c, 0);
	}
	if (c->weight == 0) {
		return false;
	}
	c->lon /= c->weight;
	c->lat /= c->weight;
	return true;
}

static void put_point(struct mem *m, struct json *raw, double lat, double lon)
{
	tree_set(m, raw, S(RAW_LAT), tree_fixed(m, lat, 6));
	tree_set(m, raw, S(RAW_LON), tree_fixed(m, lon, 6));
}

/* ---- members --------------------------------------------------------------------------------------------------------- */

/* Objects whose members are as good as the row's own. */
static bool is_transparent(struct str name)
{
	static const char *const names[] = {"address", "adresse", "geo", "location", "geolocation", "coordinates", "coordonnees",
					    "position", "properties", "attributes", "contact", "fields", "entity"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_ieq(name, str_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* {"fr": "…", "ar": "…"} */
static bool is_by_language(const struct json *v)
{
	for (size_t i = 0; i < v->n; i++) {
		if (site_lang_index(v->keys[i]) < 0 || v->items[i].kind != JSON_IS_STRING) {
			return false;
		}
	}
	return v->n > 0;
}

/* {"Every day": true, "Outreach": 1}: the keys are the answer. */
static struct str answers(struct mem *m, const struct json *v)
{
	struct buf b = buf_make(m, 20000);

	for (size_t i = 0; i < v->n; i++) {
		if (v->items[i].kind == JSON_IS_TRUE || v->items[i].kind == JSON_IS_NUMBER) {
			buf_put(&b, b.n ? S(", ") : S(""));
			buf_put(&b, v->keys[i]);
		}
	}
	return buf_str(&b);
}

static bool kept_whole(struct str name)
{
	static const char *const names[] = {"translations", "hours", "openHours", "newhours", "foundingLocation", "spatialCoverage",
					    "_umap_options", "_storage_options"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_ieq(name, str_of(names[i]))) {
			return true;
		}
	}
	return false;
}

static void put_members(struct mem *m, struct json *raw, const struct json *from, int depth)
{
	for (size_t i = 0; i < from->n; i++) {
		struct str name = from->keys[i];
		const struct json *v = &from->items[i];
		struct centre c;

		if (v->kind != JSON_IS_OBJECT || kept_whole(name)) {
			if (tree_empty(tree_get(raw, name))) {
				tree_set(m, raw, name, *v);
			}
		} else if (json_get(v, "coordinates")->kind == JSON_IS_ARRAY && centre_of(v, &c)) {
			put_point(m, raw, c.lat, c.lon);
		} else if (is_by_language(v)) {
			for (size_t k = 0; k < v->n; k++) {
				tree_set(m, raw, str_fmt(m, "%.*s@%.*s", STR_ARG(name), STR_ARG(v->keys[k])), v->items[k]);
			}
		} else if (is_transparent(name) && depth < SHAPE_DEPTH) {
			put_members(m, raw, v, depth + 1);
		} else {
			tree_set(m, raw, name, tree_str(answers(m, v)));
		}
	}
}

static struct str id_text(struct mem *m, const struct json *v)
{
	return v->kind == JSON_IS_NUMBER || v->kind == JSON_IS_STRING ? str_dup(m, v->text) : STR_NONE;
}

/* ---- GoGoCarto ------------------------------------------------------------------------------------------------------- */

/* GoGoCarto: numbers of categories become their names; telephones come without their leading 0. */
static void gogocarto(const struct import_reader *r, struct mem *m, struct json *raw, const struct json *numbers)
{
	struct json names = tree_array();

	for (size_t i = 0; r->taxonomy && i < numbers->n; i++) {
		const struct str *name = map_get(r->taxonomy, numbers->items[i].text);

		if (name) {
			tree_add(m, &names, tree_str(*name));
		}
	}
	if (names.n) {
		tree_remove(raw, S("taxonomy"));
		tree_set(m, raw, S("categories"), names);
	}
}

/* ["a1B", ["name"], lat, lon, [12, 31]] */
static bool compact(const struct import_reader *r, struct mem *m, const struct json *v, struct import_row *row)
{
	double lat, lon;
	struct str name = json_str(json_at(json_at(v, 1), 0));

	if (v->n < 4 || !name.n || !json_double(&v->items[2], &lat) || !json_double(&v->items[3], &lon)) {
		return false;
	}
	row->raw = tree_object();
	row->id = id_text(m, &v->items[0]);
	tree_put(m, &row->raw, S("name"), tree_str(name));
	put_point(m, &row->raw, lat, lon);
	if (json_at(v, 4)->kind == JSON_IS_ARRAY) {
		gogocarto(r, m, &row->raw, json_at(v, 4));
	}
	return true;
}

/* ---- any element ----------------------------------------------------------------------------------------------------- */

static bool feature(struct mem *m, const struct json *v, struct import_row *row)
{
	struct centre c;

	if (json_get(v, "properties")->kind == JSON_IS_OBJECT) {
		put_members(m, &row->raw, json_get(v, "properties"), 0);
	}
	if (centre_of(json_get(v, "geometry"), &c)) {
		put_point(m, &row->raw, c.lat, c.lon);
	}
	row->id = id_text(m, json_get(v, "id"));
	return true;
}

bool shape_row(struct import_reader *r, struct mem *m, const struct json *v, struct str layer, struct import_row *row)
{
	row->raw = tree_object();
	row->id = STR_NONE;
	if (v->kind == JSON_IS_ARRAY) {
		return compact(r, m, v, row);
	}
	if (v->kind != JSON_IS_OBJECT) {
		return false;
	}
	if (str_eq(json_str(json_get(v, "type")), S("Feature"))) {
		feature(m, v, row);
	} else {
		put_members(m, &row->raw, v, 0);
	}
	if (json_get(&row->raw, "taxonomy")->kind == JSON_IS_ARRAY) {
		gogocarto(r, m, &row->raw, json_get(&row->raw, "taxonomy"));
	}
	shape_directory(m, &row->raw);
	if (layer.n) {
		tree_set(m, &row->raw, S(RAW_LAYER), tree_str(layer));
	}
	return true;
}
