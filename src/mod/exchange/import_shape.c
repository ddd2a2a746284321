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

static bool position(const struct json *j, double *lon, double *lat)
{
	return j->kind == JSON_IS_ARRAY && j->n >= 2 && json_double(&j->items[0], lon) && json_double(&j->items[1], lat);
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
					    "position", "properties", "attributes", "contact", "fields"};

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
	return str_eq(name, S("translations")) || str_eq(name, S("hours")) || str_ieq(name, S("openHours")) ||
	       str_eq(name, S("_umap_options")) || str_eq(name, S("_storage_options"));
}

static void put_members(struct mem *m, struct json *raw, const struct json *from, int depth)
{
	for (size_t i = 0; i < from->n; i++) {
		struct str name = from->keys[i];
		const struct json *v = &from->items[i];

		if (v->kind != JSON_IS_OBJECT || kept_whole(name)) {
			if (tree_empty(tree_get(raw, name))) {
				tree_set(m, raw, name, *v);
			}
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

/* ---- directories with a manner of their own -------------------------------------------------------------------------- */

static bool is_numbered(struct str key)
{
	ptrdiff_t dot = str_chr(key, '.');

	return dot > 0 && dot < 4 && key.p[0] >= '0' && key.p[0] <= '9';
}

/* Services Advisor: "8. Office Open at": {"8:00am": true}. The numbered questions become the presentation. */
static void services_advisor(struct mem *m, struct json *raw)
{
	struct str who = json_str(json_get(raw, "partnerName")), what = json_str(json_get(raw, "activityName"));
	struct buf b = buf_make(m, 20000);
	struct json out = tree_object();

	for (size_t i = 0; i < raw->n; i++) {
		struct str key = raw->keys[i];

		if (is_numbered(key) || str_eq(key, S("indicators")) || str_eq(key, S("Referral required"))) {
			struct str question = is_numbered(key) ? str_trim(str_sub(key, (size_t)str_chr(key, '.') + 1, key.n)) : key;

			if (str_eq(key, S("indicators"))) {
				buf_fmt(&b, "%.*s\n\n", STR_ARG(raw->items[i].text));
			} else if (raw->items[i].text.n) {
				buf_fmt(&b, "**%.*s**: %.*s\n\n", STR_ARG(question), STR_ARG(raw->items[i].text));
			}
		}
	}
	tree_put(m, &out, S("name"), tree_str(str_fmt(m, "%.*s – %.*s", STR_ARG(str_trim(who)), STR_ARG(what))));
	tree_put(m, &out, S("kind"), tree_str(S("service_point")));
	tree_put(m, &out, S("summary"), tree_str(what));
	tree_put(m, &out, S("body"), tree_str(str_trim(buf_str(&b))));
	tree_put(m, &out, S("causes"), *json_get(raw, "activityCategory"));
	tree_put(m, &out, S("place"), *json_get(raw, "locationName"));
	tree_put(m, &out, S(RAW_LAT), *json_get(raw, RAW_LAT));
	tree_put(m, &out, S(RAW_LON), *json_get(raw, RAW_LON));
	*raw = out;
}

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
	if (json_str(json_get(&row->raw, "partnerName")).n && json_str(json_get(&row->raw, "activityName")).n) {
		services_advisor(m, &row->raw);
	}
	if (layer.n) {
		tree_set(m, &row->raw, S(RAW_LAYER), tree_str(layer));
	}
	return true;
}
