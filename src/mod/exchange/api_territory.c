/*
 * Territories and themes through the API: read only, the first from the atlas, the second from the site's tree.
 */
#include "api.h"
#include "export_theme.h"

#include "../../base/csv.h"
#include "../../base/enc.h"
#include "../../base/limits.h"
#include "../../core/atlas.h"
#include "../../core/theme.h"
#include "../../web/site.h"

static const char *const levels[] = {"world", "country", "region", "departement", "epci", "commune", "arrondissement", "town"};
static const char *const points[] = {"none", "approximate", "town", "exact"};

/* ---- one territory --------------------------------------------------------------------------------------------------- */

static void put_codes(struct json_out *j, atlas_id id)
{
	atlas_id up[8];
	size_t n = atlas_ancestors(id, up);
	struct territory t;

	json_put_key(j, S("within"));
	json_put_array(j);
	for (size_t i = 0; i < n; i++) {
		if (atlas_get(up[i], &t)) {
			json_put_str(j, t.code);
		}
	}
	json_put_array_end(j);
}

static void put_postal(struct json_out *j, atlas_id id)
{
	struct str codes = atlas_postal_codes(id);

	json_put_key(j, S("postal_codes"));
	json_put_array(j);
	while (codes.n) {
		json_put_str(j, str_cut(&codes, ','));
	}
	json_put_array_end(j);
}

static void put_territory(struct req *rq, struct json_out *j, const struct territory *t, bool geo)
{
	json_put_kv_str(j, S("id"), t->code);
	json_put_kv_str(j, S("kind"), S("territory"));
	json_put_kv_str(j, S("url"), str_fmt(rq->mem, "%.*s/territories/%.*s", STR_ARG(rq->site->base_url), STR_ARG(t->code)));
	json_put_kv_str(j, S("title"), atlas_name(t->id, rq->lang, NULL));
	json_put_kv_str(j, S("name"), t->name);
	json_put_kv_str(j, S("level"), str_of(levels[t->level]));
	put_codes(j, t->id);
	json_put_key(j, S("population"));
	if (t->population >= 0) {
		json_put_i64(j, t->population);
	} else {
		json_put_null(j);
	}
	put_postal(j, t->id);
	json_put_kv_str(j, S("timezone"), t->timezone);
	if (t->former) {
		struct territory now;

		json_put_kv_str(j, S("now"), atlas_get(t->now, &now) ? now.code : STR_NONE);
		json_put_kv_str(j, S("until"), t->until);
	}
	if (geo) {
		json_put_key(j, S("geo"));
		if (t->point == ATLAS_NO_POINT) {
			json_put_null(j);
			return;
		}
		json_put_object(j);
		json_put_key(j, S("lat"));
		json_put_fixed(j, t->lat, 6);
		json_put_key(j, S("lon"));
		json_put_fixed(j, t->lon, 6);
		json_put_kv_str(j, S("precision"), str_of(points[t->point]));
		json_put_object_end(j);
	}
}

static void put_feature(struct req *rq, struct json_out *j, const struct territory *t)
{
	json_put_object(j);
	json_put_kv_str(j, S("type"), S("Feature"));
	json_put_kv_str(j, S("id"), t->code);
	json_put_key(j, S("geometry"));
	if (t->point == ATLAS_NO_POINT) {
		json_put_null(j);
	} else {
		json_put_object(j);
		json_put_kv_str(j, S("type"), S("Point"));
		json_put_key(j, S("coordinates"));
		json_put_array(j);
		json_put_fixed(j, t->lon, 6);
		json_put_fixed(j, t->lat, 6);
		json_put_array_end(j);
		json_put_object_end(j);
	}
	json_put_key(j, S("properties"));
	json_put_object(j);
	put_territory(rq, j, t, false);
	json_put_object_end(j);
	json_put_object_end(j);
}

static bool known_suffix(struct str s)
{
	return s.n == 0 || str_eq(s, S(".json")) || str_eq(s, S(".geojson")) || str_eq(s, S(".csv"));
}

/* ---- many ------------------------------------------------------------------------------------------------------------ */

struct found {
	atlas_id *ids;
	size_t n, max;
	int64_t total;
	bool more;
};

static void keep(struct found *f, atlas_id id)
{
	f->total++;
	if (f->n < f->max) {
		f->ids[f->n++] = id;
	} else {
		f->more = true;
	}
}

/* By words, best first; the atlas gives no more than a hundred. */
static void by_words(struct req *rq, struct str q, uint32_t wanted, atlas_id within, struct found *f)
{
	struct atlas_query query = {.text = q, .levels = wanted, .near_country = rq->site->country};
	struct atlas_hit hits[100];
	size_t n = atlas_search(&query, hits, COUNT(hits));

	for (size_t i = 0; i < n; i++) {
		if (!within || hits[i].id == within || atlas_is_within(hits[i].id, within)) {
			keep(f, hits[i].id);
		}
	}
}

/* All, by level then code, after a place in that order. */
static void by_order(uint32_t wanted, atlas_id within, int from_level, atlas_id from, struct found *f)
{
	for (int l = ATLAS_COUNTRY; l <= ATLAS_TOWN; l++) {
		bool past = l > from_level || (l == from_level && from == 0);

		if (!(wanted & (1U << l))) {
			continue;
		}
		for (atlas_id id = atlas_next((enum atlas_level)l, 0); id; id = atlas_next((enum atlas_level)l, id)) {
			if (!within || id == within || atlas_is_within(id, within)) {
				if (past) {
					keep(f, id);
				} else {
					f->total++;
				}
			}
			past = past || (l == from_level && id == from);
		}
	}
}

static enum err wanted_levels(struct req *rq, uint32_t *out)
{
	struct str s = req_query(rq, "level");

	*out = ~0U;
	if (!s.n) {
		return OK;
	}
	*out = 0;
	while (s.p) {
		struct str one = str_trim(str_cut(&s, ','));
		uint32_t bit = 0;

		for (size_t i = 1; i < COUNT(levels); i++) {
			bit |= str_eq(one, str_of(levels[i])) ? 1U << i : 0;
		}
		if (!bit) {
			return problem_query(rq, "level", N_("There is no such level of territories."));
		}
		*out |= bit;
	}
	return OK;
}

static enum err find_territories(struct req *rq, size_t limit, struct found *f)
{
	struct str q = req_query(rq, "q"), in = req_query(rq, "territory"), after = req_query(rq, "after"), code = STR_NONE;
	atlas_id within = in.n ? atlas_find(in) : 0, from = 0;
	struct territory t = {.level = ATLAS_WORLD};
	uint32_t wanted;

	*f = (struct found){.ids = mem_array(rq->mem, atlas_id, limit), .max = limit};
	TRY(wanted_levels(rq, &wanted));
	if (in.n && !within) {
		return problem_query(rq, "territory", N_("This territory is not known: choose one from the list."));
	}
	if (q.n) {
		by_words(rq, q, wanted, within, f);
		f->more = false;
		return OK;
	}
	if (after.n) {
		from = after.n < 60 && dec_base64url(rq->mem, after, &code) == OK ? atlas_find(code) : 0;
		if (!atlas_get(from, &t)) {
			return problem_query(rq, "after", N_("This page of the list is no longer there: start again from the first."));
		}
	}
	by_order(wanted, within, (int)t.level, from, f);
	return OK;
}

static struct str cell_number(struct mem *m, double v)
{
	struct buf b = buf_make(m, 40);

	buf_put_fixed(&b, v, 6);
	return buf_str(&b);
}

static void put_csv(struct req *rq, struct buf *b, const struct found *f)
{
	const struct str head[] = {S("id"), S("title"), S("level"), S("population"), S("postal_codes"), S("latitude"),
				   S("longitude"), S("precision")};
	struct territory t;

	csv_put_row(b, head, COUNT(head), ',');
	for (size_t i = 0; i < f->n; i++) {
		if (atlas_get(f->ids[i], &t)) {
			bool has = t.point != ATLAS_NO_POINT;
			const struct str cells[] = {
				t.code,
				atlas_name(t.id, rq->lang, NULL),
				str_of(levels[t.level]),
				t.population >= 0 ? str_fmt(rq->mem, "%lld", (long long)t.population) : STR_NONE,
				atlas_postal_codes(t.id),
				has ? cell_number(rq->mem, t.lat) : STR_NONE,
				has ? cell_number(rq->mem, t.lon) : STR_NONE,
				str_of(points[t.point]),
			};

			csv_put_row(b, cells, COUNT(cells), ',');
		}
	}
}

static struct str cursor(struct req *rq, const struct found *f)
{
	struct territory t;

	if (!f->more || f->n == 0 || !atlas_get(f->ids[f->n - 1], &t)) {
		return STR_NONE;
	}
	return enc_base64url(rq->mem, t.code);
}

static void put_json(struct req *rq, struct json_out *j, const struct found *f, bool geojson)
{
	struct territory t;

	json_put_object(j);
	if (geojson) {
		json_put_kv_str(j, S("type"), S("FeatureCollection"));
	}
	json_put_key(j, geojson ? S("features") : S("data"));
	json_put_array(j);
	for (size_t i = 0; i < f->n; i++) {
		if (!atlas_get(f->ids[i], &t)) {
			continue;
		}
		if (geojson) {
			put_feature(rq, j, &t);
			continue;
		}
		json_put_object(j);
		put_territory(rq, j, &t, true);
		json_put_object_end(j);
	}
	json_put_array_end(j);
	json_put_kv_str(j, S("next"), cursor(rq, f));
	json_put_kv_i64(j, S("total"), f->total);
	json_put_object_end(j);
}

enum err api_territories(struct req *rq)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct json_out j = json_to(&b);
	struct found f;
	int64_t limit;

	if (!known_suffix(rq->suffix)) {
		return E_NOTFOUND;
	}
	TRY(req_query_int(rq, "limit", 50, 1, LIMIT_LIST_PAGE, &limit));
	TRY(find_territories(rq, (size_t)limit, &f));
	api_speak(rq);
	if (str_eq(rq->suffix, S(".csv"))) {
		put_csv(rq, &b, &f);
		return buf_ok(&b) ? reply(rq, "text/csv; charset=utf-8", buf_str(&b)) : E_LIMIT;
	}
	bool geojson = str_eq(rq->suffix, S(".geojson"));
	put_json(rq, &j, &f, geojson);
	TRY(json_done(&j));
	return reply(rq, geojson ? "application/geo+json" : "application/json", buf_str(&b));
}

enum err api_territory(struct req *rq, struct str code)
{
	struct buf b = buf_make(rq->mem, LIMIT_FMT);
	struct json_out j = json_to(&b);
	struct territory t;

	if (!known_suffix(rq->suffix) || str_eq(rq->suffix, S(".csv")) || !atlas_get(atlas_find(code), &t)) {
		return E_NOTFOUND;
	}
	api_speak(rq);
	if (str_eq(rq->suffix, S(".geojson"))) {
		put_feature(rq, &j, &t);
		TRY(json_done(&j));
		return reply(rq, "application/geo+json", buf_str(&b));
	}
	json_put_object(&j);
	put_territory(rq, &j, &t, true);
	json_put_object_end(&j);
	return api_reply_json(rq, &j, &b);
}

/* ---- themes ---------------------------------------------------------------------------------------------------------- */

enum err api_themes(struct req *rq)
{
	bool csv = str_eq(rq->suffix, S(".csv"));
	struct str text;

	if (rq->suffix.n && !csv && !str_eq(rq->suffix, S(".json"))) {
		return E_NOTFOUND;
	}
	api_speak(rq);
	TRY(export_themes(rq->mem, !csv, rq->lang, &text));
	return reply(rq, csv ? "text/csv; charset=utf-8" : "application/json", text);
}

enum err api_theme(struct req *rq, struct str slug)
{
	const struct theme *t = theme_find(slug);
	struct buf b = buf_make(rq->mem, LIMIT_FMT);
	struct json_out j = json_to(&b);

	if (!t || (rq->suffix.n && !str_eq(rq->suffix, S(".json")))) {
		return E_NOTFOUND;
	}
	api_speak(rq);
	export_theme_json(&j, t, theme_name(t->slug, rq->lang));
	return api_reply_json(rq, &j, &b);
}
