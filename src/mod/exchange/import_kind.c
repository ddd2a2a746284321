/*
 * Imports of what is no object. Themes come as a table or list with a slug, a name, a parent, names by language. Points of
 * territories come as the official files have them: a code (INSEE, or the atlas's own), a latitude and a longitude under any of
 * their usual names; they lie over the atlas from then on.
 */
#include "import_kind.h"

#include "../../base/id.h"
#include "../../base/limits.h"
#include "../../base/time.h"
#include "../../core/atlas.h"
#include "../../core/change.h"
#include "../../core/theme.h"
#include "../../db/db.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"
#include "../../job/job.h"
#include "../../web/site.h"
#include "exchange.sql.h"

enum { ROWS_AT_ONCE = 1000 };

/* The first member whose name folded is one of the list. */
static struct str named(struct mem *m, const struct json *raw, const char *names)
{
	struct str rest = str_of(names);

	while (rest.p) {
		struct str want = str_cut(&rest, ',');

		for (size_t i = 0; i < raw->n; i++) {
			if (str_eq(words_norm(m, raw->keys[i]), want) &&
			    (raw->items[i].kind == JSON_IS_STRING || raw->items[i].kind == JSON_IS_NUMBER)) {
				return str_trim(raw->items[i].text);
			}
		}
	}
	return STR_NONE;
}

static void reject(struct import *im, const char *field, const char *sentence)
{
	im->rejected++;
	import_say(im, "rejected", str_of(field), tr(lang_catalogue(im->speak), sentence));
}

static enum err each_row(struct import *im, enum err (*fn)(struct import *im, struct mem *m, const struct import_row *row))
{
	struct mem *m = mem_open();
	enum err e = OK, broken = OK;
	bool more = true, inside = im->dry_run && db_in_tx(im->db);

	while (more && e == OK) {
		e = inside ? OK : db_begin(im->db, im->dry_run ? DB_READ : DB_WRITE);
		for (int i = 0; i < ROWS_AT_ONCE && more && e == OK; i++) {
			struct import_row row = {.line = 0};

			mem_reset(m);
			broken = im->reader->next(im->reader, m, &row, &more);
			more = more && broken == OK && !(im->rows_max && (size_t)im->read >= im->rows_max);
			if (more) {
				im->read++;
				im->line = row.line;
				e = fn(im, m, &row);
			}
		}
		e = e == OK && im->run && !im->dry_run ? import_run_progress(im) : e;
		e = e == OK && !inside ? db_commit(im->db) : e;
		e = e == OK && im->job ? job_renew(im->job) : e;
		if (im->progress) {
			im->progress(im->ctx, im);
		}
	}
	if (!inside) {
		db_rollback(im->db);
	}
	mem_close(m);
	if (e == OK && broken != OK) {
		im->line = im->reader->what_line;
		import_say(im, "rejected", S(""), tr(lang_catalogue(im->speak), im->reader->what));
	}
	return e != OK ? e : broken;
}

/* ---- points of territories ------------------------------------------------------------------------------------------- */

static bool number(struct mem *m, struct str s, double *out)
{
	struct buf b = buf_make(m, 64);

	for (size_t i = 0; i < s.n && i < 40; i++) {
		buf_put_c(&b, s.p[i] == ',' ? '.' : s.p[i]);
	}
	return s.n && str_to_double(buf_str(&b), out);
}

/* "45.1,5.7" of files that keep both in one column. */
static bool both(struct mem *m, struct str s, double *lat, double *lon)
{
	struct str rest = s, first = str_cut(&rest, ',');

	return rest.p && number(m, str_trim(first), lat) && number(m, str_trim(rest), lon);
}

/* "1001" of a spreadsheet is "01001". */
static atlas_id territory_of(struct mem *m, struct str code)
{
	atlas_id id = code.n ? atlas_find(code) : 0;

	return id || code.n != 4 ? id : atlas_find(str_fmt(m, "0%.*s", STR_ARG(code)));
}

static const char both_names[] = "geolocalisation,coordonnees geographiques,geo point 2d,geo point,coordonnees gps";

static enum err point(struct import *im, struct mem *m, const struct import_row *row)
{
	struct str code = named(m, &row->raw, "code,code insee,insee,insee com,code commune,code commune insee,codgeo,com,id,code geo");
	struct str lat_s = named(m, &row->raw, "latitude,lat,lat centre,latitude centre,latitude mairie,y,dlat");
	struct str lon_s = named(m, &row->raw, "longitude,lon,lng,long,lon centre,longitude centre,longitude mairie,x,dlong");
	struct territory t;
	double lat = 0, lon = 0;
	atlas_id id = territory_of(m, code);

	if (!lat_s.n) {
		lat_s = json_get(&row->raw, RAW_LAT)->text;
		lon_s = json_get(&row->raw, RAW_LON)->text;
	}
	if (!atlas_get(id, &t)) {
		reject(im, "code", code.n ? N_("There is no territory with this code.") : N_("The code of the territory is missing."));
		return OK;
	}
	if (!lat_s.n && !lon_s.n && !named(m, &row->raw, both_names).n) {
		im->unchanged++; /* the file knows no more than we do */
		import_say(im, "noted", S("latitude"), tr(lang_catalogue(im->speak), N_("The file gives no point for this territory.")));
		return OK;
	}
	if (!(number(m, lat_s, &lat) && number(m, lon_s, &lon)) &&
	    !both(m, named(m, &row->raw, both_names), &lat, &lon)) {
		reject(im, "latitude", N_("Latitude and longitude are two numbers of degrees."));
		return OK;
	}
	if (lat < -90 || lat > 90 || lon < -180 || lon > 180) {
		reject(im, "latitude", N_("This point is not on the Earth: latitudes go to 90 degrees, longitudes to 180."));
		return OK;
	}
	if (t.point == ATLAS_POINT_EXACT && t.lat - lat < 1e-6 && lat - t.lat < 1e-6 && t.lon - lon < 1e-6 && lon - t.lon < 1e-6) {
		im->unchanged++;
		return OK;
	}
	im->updated += t.point == ATLAS_POINT_EXACT;
	im->created += t.point != ATLAS_POINT_EXACT;
	if (im->dry_run) {
		return OK;
	}
	TRY(territory_point_put(im->db, t.code, lat, lon));
	atlas_set_point(id, lat, lon, ATLAS_POINT_EXACT);
	return OK;
}

static enum err points(struct import *im)
{
	enum err e = each_row(im, point);

	if (!im->dry_run && im->created + im->updated) {
		TRY(change_public(im->db));
	}
	return e;
}

static enum err lay_point(void *arg, const struct territory_points_row *row)
{
	(void)arg;
	atlas_set_point(atlas_find(row->code), row->lat, row->lon, ATLAS_POINT_EXACT);
	return OK;
}

enum err import_points_load(struct db *db, struct mem *m)
{
	return territory_points(db, m, lay_point, NULL);
}

/* ---- themes ---------------------------------------------------------------------------------------------------------- */

static bool same_theme(const struct theme *a, const struct theme *b)
{
	for (int i = 0; i < SITE_LANGS; i++) {
		if (!str_eq(a->name.in[i].n ? a->name.in[i] : STR_NONE, b->name.in[i].n ? b->name.in[i] : STR_NONE)) {
			return false;
		}
	}
	return str_eq(a->parent.n ? a->parent : STR_NONE, b->parent.n ? b->parent : STR_NONE) && a->position == b->position &&
	       str_eq(a->icon.n ? a->icon : STR_NONE, b->icon.n ? b->icon : STR_NONE);
}

static enum err theme(struct import *im, struct mem *m, const struct import_row *row)
{
	struct str slug = named(m, &row->raw, "slug,id,code,value");
	struct str name = named(m, &row->raw, "name,nom,title,titre,nombre,nome,label,libelle");
	struct str parent = named(m, &row->raw, "parent"), icon = named(m, &row->raw, "icon,icone");
	struct theme t = {.parent = parent.n ? parent : STR_NONE, .icon = icon.n ? icon : STR_NONE};
	struct str position = named(m, &row->raw, "position,ordre,order");
	int own = site_lang_index(im->lang);
	const struct theme *had;
	int64_t n;

	for (int i = 0; i < SITE_LANGS; i++) {
		const char *names = str_c(m, str_fmt(m, "name %s,nom %s,names %s,title %s,%s", site_langs[i], site_langs[i],
						     site_langs[i], site_langs[i], site_langs[i]));

		t.name.in[i] = named(m, &row->raw, names);
		name = name.n ? name : t.name.in[i];
	}
	if (own >= 0 && !t.name.in[own].n) {
		t.name.in[own] = name;
	}
	t.slug = slug.n && slug.p[0] > '9' ? slug : id_slug(m, name);
	t.slug = str_find(t.slug, S("--")) >= 0 ? id_slug(m, t.slug) : t.slug; /* "group--word" of French vocabularies */
	t.position = position.n && str_to_i64(position, &n) && n >= 0 && n < 10000 ? (int)n : 0;
	if (!name.n || !t.slug.n) {
		reject(im, "name", N_("The name of the theme is missing."));
		return OK;
	}
	had = theme_find(t.slug);
	if (had && same_theme(had, &t)) {
		im->unchanged++;
		return OK;
	}
	im->updated += had != NULL;
	im->created += had == NULL;
	if (im->dry_run) {
		return OK;
	}
	enum err e = theme_put(im->db, m, &t);
	if (e == E_INVALID) {
		im->updated -= had != NULL;
		im->created -= had == NULL;
		reject(im, "parent", N_("The theme above it is not known, or lies below it: themes come after those above them."));
		return OK;
	}
	return e;
}

static enum err themes(struct import *im)
{
	return each_row(im, theme);
}

/* ---- the list -------------------------------------------------------------------------------------------------------- */

const struct import_kind *import_kind_find(struct str name, const struct entity *e)
{
	static const struct import_kind objects = {"objects", import_all}, others[] = {{"territories", points}, {"themes", themes}};

	if (e) {
		return str_eq(name, str_of(e->plural)) || str_eq(name, str_of(e->kind)) ? &objects : NULL;
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		if (str_eq(name, str_of(others[i].name))) {
			return &others[i];
		}
	}
	return NULL;
}
