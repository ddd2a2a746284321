/*
 * Directories of services to people, each with a manner of its own: answers that are the keys of an object, hours as numbers, what is
 * asked of people spread over a dozen members. Nothing of a record is lost: what has no field here becomes lines of the presentation.
 */
#include "import_shape.h"

#include "../../entity/tree.h"

enum { BODY_MAX = 20000 };

/* "conditions_acces" as people write it. */
static struct str as_label(struct mem *m, struct str key)
{
	struct buf b = buf_make(m, 200);

	for (size_t i = 0; i < key.n && i < 100; i++) {
		char c = key.p[i] == '_' ? ' ' : key.p[i];

		buf_put_c(&b, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	return buf_str(&b);
}

/* A member as words, lists joined. */
static struct str as_words(struct mem *m, const struct json *v)
{
	struct buf b = buf_make(m, BODY_MAX);

	if (v->kind == JSON_IS_STRING || v->kind == JSON_IS_NUMBER) {
		return str_trim(v->text);
	}
	for (size_t i = 0; v->kind == JSON_IS_ARRAY && i < v->n; i++) {
		if (v->items[i].kind == JSON_IS_STRING) {
			buf_fmt(&b, "%s%.*s", b.n ? ", " : "", STR_ARG(v->items[i].text));
		}
	}
	return buf_ok(&b) ? buf_str(&b) : S("");
}

/* The presentation, then a line for each of these members that says something. */
static void tell(struct mem *m, struct json *raw, const char *const *names, size_t n)
{
	struct buf b = buf_make(m, 2 * BODY_MAX);

	buf_put(&b, str_trim(json_str(tree_get(raw, S("description")))));
	for (size_t i = 0; i < n; i++) {
		struct str key = str_of(names[i]), words = as_words(m, tree_get(raw, key));

		if (words.n) {
			buf_fmt(&b, "%s**%.*s**: %.*s", b.n ? "\n\n" : "", STR_ARG(as_label(m, key)), STR_ARG(words));
		}
		tree_remove(raw, key);
	}
	if (b.n) {
		tree_set(m, raw, S("description"), tree_str(buf_str(&b)));
	}
}

/* ---- Services Advisor ------------------------------------------------------------------------------------------------ */

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

/* ---- data·inclusion -------------------------------------------------------------------------------------------------- */

static void add_link(struct mem *m, struct json *links, const struct json *url)
{
	struct json link = tree_object();

	if (json_str(url).n) {
		tree_put(m, &link, S("url"), *url);
		tree_add(m, links, link);
	}
}

/* A structure or a service of the French reference schema. Names of persons are not taken. */
static void data_inclusion(struct mem *m, struct json *raw)
{
	static const char *const told[] = {"conditions_acces", "publics", "publics_precisions", "frais", "frais_precisions",
					   "modes_accueil", "modes_mobilisation", "mobilisable_par", "mobilisation_precisions",
					   "volume_horaire_hebdomadaire", "nombre_semaines", "zone_eligibilite"};
	static const char *const links[] = {"lien_mobilisation", "accessibilite_lieu", "lien_source"};
	struct json list = tree_array();

	for (size_t i = 0; i < COUNT(links); i++) {
		add_link(m, &list, tree_get(raw, str_of(links[i])));
		tree_remove(raw, str_of(links[i]));
	}
	if (list.n) {
		tree_set(m, raw, S("links"), list);
	}
	if (tree_get(raw, S("structure_id"))->kind != JSON_IS_NONE) {
		tree_set(m, raw, S("causes"), *tree_get(raw, S("type")));
		tree_set(m, raw, S("kind"), tree_str(S("service_point")));
		tree_remove(raw, S("type"));
		tree_remove(raw, S("structure_id"));
	} else {
		tree_set(m, raw, S("causes"), *tree_get(raw, S("reseaux_porteurs")));
	}
	tree_remove(raw, S("reseaux_porteurs"));
	tree_remove(raw, S("contact_nom_prenom"));
	tell(m, raw, told, COUNT(told));
}

/* ---- Soliguide ------------------------------------------------------------------------------------------------------- */

/* 930 is half past nine. */
static bool put_slot(struct buf *b, const struct json *slot)
{
	int64_t from, to;

	if (!str_to_i64(json_get(slot, "start")->text, &from) || !str_to_i64(json_get(slot, "end")->text, &to) || from < 0 || to <= from ||
	    to > 2400 || from % 100 > 59 || to % 100 > 59) {
		return false;
	}
	buf_fmt(b, "%s%02d:%02d-%02d:%02d", b->n ? "," : "", (int)(from / 100), (int)(from % 100), (int)(to / 100), (int)(to % 100));
	return true;
}

static struct json hours_of(struct mem *m, const struct json *week)
{
	static const char *const days[][2] = {{"monday", "Mo"}, {"tuesday", "Tu"}, {"wednesday", "We"}, {"thursday", "Th"},
					      {"friday", "Fr"}, {"saturday", "Sa"}, {"sunday", "Su"}};
	struct json out = tree_object();

	for (size_t i = 0; i < COUNT(days); i++) {
		const struct json *slots = json_get(json_get(week, days[i][0]), "timeslot");
		struct buf b = buf_make(m, 400);

		for (size_t k = 0; slots->kind == JSON_IS_ARRAY && k < slots->n && k < 8; k++) {
			(void)put_slot(&b, &slots->items[k]);
		}
		if (b.n) {
			tree_put(m, &out, str_of(days[i][1]), tree_str(buf_str(&b)));
		}
	}
	return out;
}

/* The first telephone that is told to everybody. */
static struct json phone_of(const struct json *phones)
{
	for (size_t i = 0; phones->kind == JSON_IS_ARRAY && i < phones->n; i++) {
		if (json_get(&phones->items[i], "phoneNumber")->text.n) {
			return tree_str(json_get(&phones->items[i], "phoneNumber")->text);
		}
	}
	return tree_str(S(""));
}

static void soliguide(struct mem *m, struct json *raw)
{
	const struct json *services = tree_get(raw, S("services_all"));
	struct json words = tree_array(), hours = hours_of(m, tree_get(raw, S("newhours")));

	for (size_t i = 0; services->kind == JSON_IS_ARRAY && i < services->n; i++) {
		struct str name = json_str(json_get(&services->items[i], "name"));

		name = name.n ? name : json_str(json_get(&services->items[i], "category"));
		if (name.n) {
			tree_add(m, &words, tree_str(name));
		}
	}
	tree_set(m, raw, S("id"), *tree_get(raw, S("lieu_id")));
	tree_set(m, raw, S("kind"), tree_str(S("service_point")));
	tree_set(m, raw, S("causes"), words);
	tree_set(m, raw, S("telephone"), phone_of(tree_get(raw, S("phones"))));
	if (hours.n) {
		tree_set(m, raw, S("hours"), hours);
	}
	tree_remove(raw, S("lieu_id"));
	tree_remove(raw, S("services_all"));
	tree_remove(raw, S("newhours"));
	tree_remove(raw, S("phones"));
}

/* ---- schema.org, as JSON-LD ------------------------------------------------------------------------------------------ */

static void move(struct mem *m, struct json *raw, const char *from, const char *to)
{
	const struct json *v = tree_get(raw, str_of(from));

	if (v->kind != JSON_IS_NONE) {
		tree_set(m, raw, str_of(to), *v);
		tree_remove(raw, str_of(from));
	}
}

/* {"address": {…}, "geo": {…}} as a place of ours. */
static struct json schema_place(struct mem *m, const struct json *p)
{
	static const char *const parts[][2] = {{"streetAddress", "address"}, {"postalCode", "postal_code"}, {"addressLocality", "town"},
					       {"addressCountry", "country"}};
	const struct json *geo = json_get(p, "geo"), *address = json_get(p, "address");
	struct json out = tree_object();

	tree_put(m, &out, S("label"), *json_get(p, "name"));
	for (size_t i = 0; i < COUNT(parts); i++) {
		tree_put(m, &out, str_of(parts[i][1]), *json_get(address, parts[i][0]));
	}
	tree_put(m, &out, S("lat"), *json_get(geo, "latitude"));
	tree_put(m, &out, S("lon"), *json_get(geo, "longitude"));
	return out;
}

/* ["Mo 09:00-12:00", "Mo 14:00-18:00"] */
static struct json schema_hours(struct mem *m, const struct json *list)
{
	struct json out = tree_object();

	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		struct str range = json_str(&list->items[i]), day = str_cut(&range, ' ');
		struct str had = json_str(tree_get(&out, day));

		if (range.n) {
			tree_set(m, &out, day, tree_str(had.n ? str_fmt(m, "%.*s,%.*s", STR_ARG(had), STR_ARG(range)) : range));
		}
	}
	return out;
}

static void schema_org(struct mem *m, struct json *raw)
{
	static const char *const names[][2] = {{"knowsLanguage", "languages"}, {"alternateName", "acronym"}, {"foundingDate", "founded"},
					       {"sameAs", "website"}, {"areaServed", "territories"}, {"@id", "id"}, {"keywords", "causes"},
					       {"identifier", "legal_number"}};
	static const char *const left_out[] = {"@type", "url", "dateModified", "image", "location", "openingHours", "makesOffer",
					       "foundingLocation", "spatialCoverage"};
	const struct json *locations = tree_get(raw, S("location")), *offers = tree_get(raw, S("makesOffer"));
	struct str code = json_str(json_get(tree_get(raw, S("foundingLocation")), "identifier"));
	struct json places = tree_array(), services = tree_array(), hours = schema_hours(m, tree_get(raw, S("openingHours")));

	code = code.n ? code : json_str(json_get(tree_get(raw, S("spatialCoverage")), "identifier"));
	for (size_t i = 0; locations->kind == JSON_IS_ARRAY && i < locations->n; i++) {
		tree_add(m, &places, schema_place(m, &locations->items[i]));
	}
	for (size_t i = 0; offers->kind == JSON_IS_ARRAY && i < offers->n; i++) {
		tree_add(m, &services, *json_get(json_get(&offers->items[i], "itemOffered"), "name"));
	}
	for (size_t i = 0; i < COUNT(left_out); i++) {
		tree_remove(raw, str_of(left_out[i]));
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		move(m, raw, names[i][0], names[i][1]);
	}
	if (places.n) {
		tree_put(m, raw, S("places"), places);
	}
	if (services.n) {
		tree_put(m, raw, S("services"), services);
	}
	tree_put(m, raw, S("territory"), tree_str(code));
	tree_put(m, raw, S("summary"), *tree_get(raw, S("description")));
	tree_remove(raw, S("description"));
	if (hours.n) {
		tree_put(m, raw, S("hours"), hours);
	}
}

/* ---- which ----------------------------------------------------------------------------------------------------------- */

void shape_directory(struct mem *m, struct json *raw)
{
	if (json_str(tree_get(raw, S("partnerName"))).n && json_str(tree_get(raw, S("activityName"))).n) {
		services_advisor(m, raw);
	} else if (json_str(tree_get(raw, S("@type"))).n && json_str(tree_get(raw, S("@id"))).n) {
		schema_org(m, raw);
	} else if (tree_get(raw, S("lieu_id"))->kind != JSON_IS_NONE) {
		soliguide(m, raw);
	} else if (json_str(tree_get(raw, S("nom"))).n && (json_str(tree_get(raw, S("structure_id"))).n || json_str(tree_get(raw, S("lien_source"))).n ||
							   tree_get(raw, S("reseaux_porteurs"))->kind == JSON_IS_ARRAY)) {
		data_inclusion(m, raw);
	}
}
