/*
 * Where a row is: its point, and the territory that its town, its postal code or its point lead to.
 */
#include "import.h"

#include "../../core/atlas.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"

struct str import_place(const struct mapped *mp, const char *name)
{
	const struct json *v = json_get(&mp->place, name);

	return v->kind == JSON_IS_STRING || v->kind == JSON_IS_NUMBER ? str_trim(v->text) : STR_NONE;
}

/* As people write it: 44.73 or 44,73. */
static bool number_of(struct mem *m, struct str s, double *out)
{
	struct buf b = buf_make(m, 64);

	for (size_t i = 0; i < s.n && i < 40; i++) {
		buf_put_c(&b, s.p[i] == ',' ? '.' : s.p[i]);
	}
	return s.n && str_to_double(buf_str(&b), out);
}

/* A point that is no point (nothing, 0/0) is taken away; one outside the Earth is a fault. */
bool import_check_point(struct import *im, struct mem *m, struct mapped *mp, double *lat, double *lon, bool *has)
{
	struct str a = import_place(mp, "lat"), o = import_place(mp, "lon");
	struct json *places;

	*has = false;
	if (!a.n && !o.n) {
		return true;
	}
	if (!number_of(m, a, lat) || !number_of(m, o, lon)) {
		import_say(im, "rejected", S("latitude"), tr(lang_catalogue(im->speak), N_("Latitude and longitude are two numbers of degrees.")));
		return false;
	}
	if (*lat < -90 || *lat > 90 || *lon < -180 || *lon > 180) {
		import_say(im, "rejected", S("latitude"),
			   tr(lang_catalogue(im->speak), N_("This point is not on the Earth: latitudes go to 90 degrees, longitudes to 180.")));
		return false;
	}
	*has = *lat != 0 || *lon != 0;
	places = tree_get(&mp->record, S("places"))->kind == JSON_IS_ARRAY ? (struct json *)(uintptr_t)tree_get(&mp->record, S("places")) : NULL;
	if (!*has && places && places->n) {
		tree_remove(&places->items[0], S("lat"));
		tree_remove(&places->items[0], S("lon"));
	}
	return true;
}

static struct str by_town(struct mem *m, const struct mapped *mp, struct str town)
{
	const struct entity_world *w = entity_world();
	struct str postal = import_place(mp, "postal_code"), country = import_place(mp, "country"), code;

	code = w->place_territory(m, town, postal, country);
	if (!code.p && postal.n == 4) { /* a spreadsheet took it for a number */
		code = w->place_territory(m, town, str_fmt(m, "0%.*s", STR_ARG(postal)), country);
	}
	return code;
}

static struct str by_point(double lat, double lon)
{
	static const double reach[] = {12, 60, 300};
	struct territory t;

	for (size_t i = 0; i < COUNT(reach); i++) {
		if (atlas_get(atlas_nearest(lat, lon, reach[i]), &t)) {
			return t.code;
		}
	}
	return STR_NONE;
}

/* The code of the main territory, when the row does not say it: town and postal code, else the point, else what was told for all. */
void import_find_territory(struct import *im, struct mem *m, struct mapped *mp, bool has, double lat, double lon)
{
	const struct entity_world *w = entity_world();
	const struct field *f = entity_field(im->entity, S("territory"));
	struct str given = json_str(tree_get(&mp->record, S("territory"))), town = import_place(mp, "town"), code = STR_NONE;
	bool several = false;

	if (!f || f->type != F_TERRITORY) {
		return;
	}
	if (given.n) {
		if (w->territory_match(m, given, &several).p) {
			return;
		}
		code = by_town(m, mp, given);
	}
	if (!code.p && (town.n || import_place(mp, "postal_code").n)) {
		code = by_town(m, mp, town);
	}
	if (!code.p && has) {
		code = by_point(lat, lon);
	}
	if (!code.p && town.n && !given.n) {
		code = w->territory_match(m, town, &several);
	}
	if (!code.p && !given.n && several) {
		import_say(im, "rejected", S("territory"),
			   tr(lang_catalogue(im->speak), N_("Several places have this name: add the postal code or the country.")));
	}
	if (!code.p && !several) {
		code = im->territory;
	}
	if (code.p) {
		tree_set(m, &mp->record, S("territory"), tree_str(code));
	}
}
