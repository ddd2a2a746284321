/*
 * Events as JSON: schema.org (pages, JSON-LD), ActivityStreams (Mobilizon, Gancio), OpenAgenda. Each says when, where and what in its own
 * way; a row says it in ours.
 */
#include "import_event.h"

#include <stdlib.h>

#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "../../web/site.h"

enum { SHAPE_DATES = 200, COLLECT_DEPTH = 6 };

static void put(struct mem *m, struct json *to, const char *name, struct str value)
{
	if (value.n && tree_empty(tree_get(to, str_of(name)))) {
		tree_set(m, to, str_of(name), tree_str(value));
	}
}

/* The first of some members that is text. */
static struct str text_of(const struct json *v, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str s = str_trim(json_text(v, names[i]));

		if (s.n) {
			return s;
		}
	}
	return STR_NONE;
}
#define TEXT_OF(v, ...) text_of((v), (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})))

/* The first of a list, or the value itself. */
static const struct json *one_of(const struct json *v)
{
	return v->kind == JSON_IS_ARRAY ? json_at(v, 0) : v;
}

static bool is_link(struct str s)
{
	return str_starts(s, S("https://")) || str_starts(s, S("http://"));
}

static bool has_type(const struct json *v, const char *end)
{
	const struct json *type = json_get(v, "@type")->kind != JSON_IS_NONE ? json_get(v, "@type") : json_get(v, "type");

	for (size_t i = 0; type->kind == JSON_IS_ARRAY && i < type->n; i++) {
		if (str_ends(json_str(&type->items[i]), str_of(end))) {
			return true;
		}
	}
	return str_ends(json_str(type), str_of(end));
}

/* ---- where ----------------------------------------------------------------------------------------------------------- */

static void put_point(struct mem *m, const struct json *v, struct json *raw)
{
	const struct json *geo = json_get(v, "geo")->kind == JSON_IS_OBJECT ? json_get(v, "geo") : v;
	const struct json *lat = json_get(geo, "latitude"), *lon = json_get(geo, "longitude");
	double x, y;

	if ((json_double(lat, &x) || str_to_double(str_trim(json_str(lat)), &x)) && (json_double(lon, &y) || str_to_double(str_trim(json_str(lon)), &y)) &&
	    (x != 0 || y != 0)) {
		tree_set(m, raw, S(RAW_LAT), tree_fixed(m, x, 6));
		tree_set(m, raw, S(RAW_LON), tree_fixed(m, y, 6));
	}
}

static void put_location(struct mem *m, const struct json *place, struct json *raw)
{
	const struct json *address = one_of(json_get(place, "address"));
	struct str words = json_str(place);

	if (place->kind == JSON_IS_STRING) {
		struct cal_event ev = {.location = words};
		struct import_row row = {0};

		calendar_row(m, &ev, &row); /* a line of text: taken apart as those of calendars are */
		for (size_t i = 0; i < row.raw.n; i++) {
			if (str_eq(row.raw.keys[i], S("label")) || str_eq(row.raw.keys[i], S("address")) ||
			    str_eq(row.raw.keys[i], S("town")) || str_eq(row.raw.keys[i], S("postal_code"))) {
				tree_set(m, raw, row.raw.keys[i], row.raw.items[i]);
			}
		}
		return;
	}
	if (address->kind == JSON_IS_STRING) {
		put_location(m, address, raw);
	} else if (address->kind == JSON_IS_OBJECT) {
		put(m, raw, "address", TEXT_OF(address, "streetAddress"));
		put(m, raw, "postal_code", TEXT_OF(address, "postalCode"));
		put(m, raw, "town", TEXT_OF(address, "addressLocality"));
		put(m, raw, "country", TEXT_OF(address, "addressCountry"));
	}
	put(m, raw, "postal_code", TEXT_OF(place, "postalCode"));
	put(m, raw, "town", TEXT_OF(place, "city"));
	put(m, raw, "country", TEXT_OF(place, "countryCode"));
	if (TEXT_OF(place, "name").n) {
		tree_set(m, raw, S("label"), tree_str(TEXT_OF(place, "name")));
	}
	put_point(m, place, raw);
}

/* Places on site and online, as one or a list. */
static void put_places(struct mem *m, const struct json *v, struct json *raw)
{
	const struct json *all = json_get(v, "location");
	size_t n = all->kind == JSON_IS_ARRAY ? all->n : all->kind != JSON_IS_NONE;
	bool online = json_true(json_get(v, "isOnline")), site = false;
	struct str mode = TEXT_OF(v, "eventAttendanceMode");

	for (size_t i = 0; i < n; i++) {
		const struct json *place = all->kind == JSON_IS_ARRAY ? &all->items[i] : all;

		if (has_type(place, "VirtualLocation") || is_link(json_str(place))) {
			online = true;
		} else if (place->kind == JSON_IS_OBJECT || place->kind == JSON_IS_STRING) {
			if (!site) {
				put_location(m, place, raw);
			}
			site = true;
		}
	}
	if (mode.n) {
		online = str_find(mode, S("Online")) >= 0 || str_find(mode, S("Mixed")) >= 0;
		site = site && str_find(mode, S("OnlineEvent")) < 0;
	}
	put(m, raw, "attendance", online && site ? S("both") : online ? S("online") : site ? S("on_site") : STR_NONE);
}

/* ---- what ------------------------------------------------------------------------------------------------------------ */

static void add_tag(struct mem *m, struct json *tags, struct str word)
{
	word = str_trim(word);
	word = str_starts(word, S("#")) ? str_sub(word, 1, word.n) : word;
	if (word.n && tags->n < 20) {
		tree_add(m, tags, tree_str(word));
	}
}

static void put_tags(struct mem *m, const struct json *v, struct json *raw)
{
	const struct json *lists[] = {json_get(v, "tag"), json_get(v, "keywords"), json_get(v, "category")};
	struct json tags = tree_array();

	for (size_t k = 0; k < COUNT(lists); k++) {
		struct str rest = k == 1 ? json_str(lists[k]) : STR_NONE;

		for (size_t i = 0; lists[k]->kind == JSON_IS_ARRAY && i < lists[k]->n; i++) {
			const struct json *one = &lists[k]->items[i];

			add_tag(m, &tags, one->kind == JSON_IS_OBJECT ? json_text(one, "name") : json_str(one));
		}
		while (rest.p) {
			add_tag(m, &tags, str_cut(&rest, ','));
		}
	}
	if (tags.n) {
		tree_set(m, raw, S("themes"), tags);
	}
}

/* Mobilizon's categories that are kinds of ours. */
static struct str kind_of(struct str category)
{
	static const char *const kinds[][2] = {
		{"MEETING", "meeting"}, {"LEARNING", "training"}, {"FILM_MEDIA", "film"}, {"FOOD_DRINK", "meal"}, {"MUSIC", "concert"},
		{"THEATRE", "concert"}, {"SPORTS", "sport"}, {"PERFORMING_VISUAL_ARTS", "exhibition"}, {"MOVEMENTS_POLITICS", "demonstration"},
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (str_eq(category, str_of(kinds[i][0]))) {
			return str_of(kinds[i][1]);
		}
	}
	return STR_NONE;
}

static void put_link(struct mem *m, struct json *raw, struct str url)
{
	struct json links = tree_array(), link = tree_object();

	if (is_link(url) && url.n <= 500) {
		tree_put(m, &link, S("url"), tree_str(url));
		tree_add(m, &links, link);
		tree_set(m, raw, S("links"), links);
	}
}

static void put_hosts(struct mem *m, const struct json *v, struct json *raw)
{
	const struct json *all = json_get(v, "organizer");
	struct json hosts = tree_array();

	for (size_t i = 0; i < (all->kind == JSON_IS_ARRAY ? all->n : 1); i++) {
		const struct json *one = all->kind == JSON_IS_ARRAY ? &all->items[i] : all;
		struct str name = one->kind == JSON_IS_OBJECT ? json_text(one, "name") : json_str(one);
		struct json host = tree_object();

		if (name.n && name.n <= 200 && !is_link(name) && str_chr(name, '@') < 0) {
			tree_put(m, &host, S("actor"), tree_str(name));
			tree_put(m, &host, S("role"), tree_str(S("organiser")));
			tree_add(m, &hosts, host);
		}
	}
	if (hosts.n) {
		tree_set(m, raw, S("hosts"), hosts);
	}
}

static void put_state(struct mem *m, const struct json *v, struct json *raw)
{
	struct str s = TEXT_OF(v, "eventStatus", "ical:status", "status");

	if (str_ends(s, S("EventCancelled")) || str_ieq(s, S("CANCELLED"))) {
		put(m, raw, "state", S("cancelled"));
	} else if (str_ends(s, S("EventPostponed"))) {
		put(m, raw, "state", S("postponed"));
	}
}

/* What Mobilizon attaches: access and the address of the event's own site. */
static void put_attachments(struct mem *m, const struct json *v, struct json *raw)
{
	static const char *const known[][2] = {{"wheelchairAccessible", "wheelchair"}, {"live:subtitle", "subtitles"}, {"live:sign_language", "sign_language"}};
	const struct json *all = json_get(v, "attachment");
	struct json access = tree_array();

	for (size_t i = 0; all->kind == JSON_IS_ARRAY && i < all->n; i++) {
		struct str id = json_text(&all->items[i], "propertyID"), value = json_text(&all->items[i], "value");

		for (size_t k = 0; k < COUNT(known); k++) {
			if (str_ends(id, str_of(known[k][0])) && value.n && !str_ieq(value, S("no")) && !str_ieq(value, S("false"))) {
				tree_add(m, &access, tree_str(str_of(known[k][1])));
			}
		}
		if (str_eq(json_text(&all->items[i], "name"), S("Website"))) {
			put_link(m, raw, TEXT_OF(&all->items[i], "href"));
		}
	}
	if (access.n) {
		tree_set(m, raw, S("access"), access);
	}
}

static void put_moment(struct mem *m, struct json *raw, const char *name, struct str text, const struct cal_zone *z)
{
	struct cal_moment at = event_time(text, z);

	at.second = 0;
	if (at.precision != CAL_NONE) {
		tree_set(m, raw, str_of(name), tree_str(cal_text(m, at)));
	}
}

/* schema.org and ActivityStreams: the same words but for a few. */
static bool generic(struct mem *m, const struct json *v, struct import_row *row)
{
	const struct cal_zone *z = cal_zone_guess(TEXT_OF(v, "timezone", "timeZone"));
	struct str start = TEXT_OF(v, "startTime", "startDate"), id = TEXT_OF(v, "id", "@id", "identifier", "uid", "url");

	if (!has_type(v, "Event") && !has_type(v, "Festival")) {
		return false;
	}
	row->raw = tree_object();
	put(m, &row->raw, "title", TEXT_OF(v, "name"));
	put(m, &row->raw, "body", TEXT_OF(v, "content", "description", "summary"));
	put_moment(m, &row->raw, "start", start, z);
	put_moment(m, &row->raw, "end", TEXT_OF(v, "endTime", "endDate"), z);
	if (str_chr(start, 'T') > 0) {
		put(m, &row->raw, "zone", cal_zone_name(z ? z : event_site_zone()));
	}
	row->id = id.n ? id : str_fmt(m, "%.*s %.*s", STR_ARG(start), STR_ARG(TEXT_OF(v, "name")));
	put_places(m, v, &row->raw);
	put_tags(m, v, &row->raw);
	put(m, &row->raw, "type", kind_of(TEXT_OF(v, "category")));
	put_hosts(m, v, &row->raw);
	put_state(m, v, &row->raw);
	put_link(m, &row->raw, is_link(TEXT_OF(v, "url")) ? TEXT_OF(v, "url") : id);
	put_attachments(m, v, &row->raw);
	if (json_true(json_get(v, "isAccessibleForFree"))) {
		tree_set(m, &row->raw, S("free"), (struct json){.kind = JSON_IS_TRUE});
	}
	row->bad = start.n && tree_empty(tree_get(&row->raw, S("start"))) ? N_("“{text}” is no date between 1900 and 2999.") : NULL;
	row->about = start;
	return true;
}

/* ---- OpenAgenda ------------------------------------------------------------------------------------------------------ */

/* {"fr": "…", "en": "…"}: the site's language first, the others beside it. */
static void put_by_language(struct mem *m, struct json *raw, const char *name, const struct json *v)
{
	const char *own = site_now() && site_now()->n_langs ? site_now()->langs[0] : "fr";
	struct str first = v->kind == JSON_IS_STRING ? v->text : json_text(v, own);

	if (!first.n && v->kind == JSON_IS_OBJECT && v->n) {
		first = json_str(&v->items[0]);
	}
	put(m, raw, name, first);
	for (size_t i = 0; v->kind == JSON_IS_OBJECT && i < v->n; i++) {
		if (site_lang_index(v->keys[i]) >= 0 && !str_eq(v->keys[i], str_of(own)) && !str_eq(json_str(&v->items[i]), first)) {
			put(m, raw, str_c(m, str_fmt(m, "%s@%.*s", name, STR_ARG(v->keys[i]))), json_str(&v->items[i]));
		}
	}
}

static int by_start(const void *a, const void *b)
{
	return cal_cmp(((const struct cal_rdate *)a)->start, ((const struct cal_rdate *)b)->start);
}

/* Several timings are one event with added dates, each with its own end where that differs. */
static void put_timings(struct mem *m, const struct json *v, const struct cal_zone *z, struct cal_event *ev)
{
	const struct json *all = json_get(v, "timings");
	struct cal_rdate *dates = mem_array(m, struct cal_rdate, all->n);
	size_t n = 0;

	for (size_t i = 0; i < all->n && n < SHAPE_DATES; i++) {
		dates[n].start = event_time(TEXT_OF(&all->items[i], "begin", "start"), z);
		dates[n].end = event_time(TEXT_OF(&all->items[i], "end"), z);
		n += dates[n].start.precision >= CAL_DAY;
	}
	if (n == 0) {
		return;
	}
	qsort(dates, n, sizeof(*dates), by_start);
	ev->start = dates[0].start;
	ev->end = dates[0].end;
	ev->rdates = dates + 1;
	ev->n_rdates = n - 1;
}

static void put_openagenda_words(struct mem *m, const struct json *v, struct json *raw)
{
	static const char *const modes[] = {NULL, "on_site", "online", "both"};
	const struct json *keywords = json_get(v, "keywords"), *registration = json_get(v, "registration");
	struct json tags = tree_array();
	int64_t n;

	put_by_language(m, raw, "title", json_get(v, "title"));
	put_by_language(m, raw, "short", json_get(v, "description"));
	put_by_language(m, raw, "body", json_get(v, "longDescription"));
	put_by_language(m, raw, "price", json_get(v, "conditions"));
	if (keywords->kind == JSON_IS_OBJECT && keywords->n) {
		keywords = &keywords->items[0]; /* by language: the first */
	}
	for (size_t i = 0; keywords->kind == JSON_IS_ARRAY && i < keywords->n; i++) {
		add_tag(m, &tags, json_str(&keywords->items[i]));
	}
	if (tags.n) {
		tree_set(m, raw, S("themes"), tags);
	}
	if (json_i64(json_get(v, "attendanceMode"), &n) && n >= 1 && n <= 3) {
		put(m, raw, "attendance", str_of(modes[n]));
	}
	if (json_i64(json_get(v, "status"), &n) && (n == 6 || n == 4)) {
		put(m, raw, "state", n == 6 ? S("cancelled") : S("postponed"));
	}
	for (size_t i = 0; registration->kind == JSON_IS_ARRAY && i < registration->n; i++) {
		const struct json *one = &registration->items[i];
		struct str value = one->kind == JSON_IS_OBJECT ? json_text(one, "value") : json_str(one);

		if (is_link(value) && value.n <= 500) {
			put(m, raw, "registration_url", value);
			put(m, raw, "registration", S("outside"));
		}
	}
}

static bool openagenda(struct mem *m, const struct json *v, struct import_row *row)
{
	const struct cal_zone *z = cal_zone_guess(TEXT_OF(v, "timezone"));
	const struct json *access = json_get(v, "accessibility"), *uid = json_get(v, "uid");
	struct cal_event ev = {.zone = cal_zone_name(z ? z : event_site_zone())};
	struct json list = tree_array();

	if (json_get(v, "timings")->kind != JSON_IS_ARRAY || json_get(v, "title")->kind == JSON_IS_NONE) {
		return false;
	}
	put_timings(m, v, z, &ev);
	calendar_row(m, &ev, row);
	row->id = uid->kind == JSON_IS_NUMBER || uid->kind == JSON_IS_STRING ? uid->text : TEXT_OF(v, "slug");
	put_openagenda_words(m, v, &row->raw);
	if (json_get(v, "location")->kind == JSON_IS_OBJECT) {
		put_location(m, json_get(v, "location"), &row->raw);
	}
	if (json_true(json_get(access, "mi"))) {
		tree_add(m, &list, tree_str(S("wheelchair")));
		tree_set(m, &row->raw, S("access"), list);
	}
	return true;
}

bool event_shape(struct mem *m, const struct json *v, struct import_row *row)
{
	return v->kind == JSON_IS_OBJECT && (openagenda(m, v, row) || generic(m, v, row));
}

/* ---- a file of them -------------------------------------------------------------------------------------------------- */

void event_collect(struct mem *m, const struct json *v, struct import_rows *rows, int depth)
{
	struct import_row row = {.line = (int64_t)rows->all.n + 1};

	if (rows->all.n >= LIMIT_ICAL_EVENTS || depth > COLLECT_DEPTH) {
		return;
	}
	if (event_shape(m, v, &row)) {
		*vec_add(m, &rows->all) = row;
		return;
	}
	for (size_t i = 0; (v->kind == JSON_IS_ARRAY || v->kind == JSON_IS_OBJECT) && i < v->n; i++) {
		event_collect(m, &v->items[i], rows, depth + 1);
	}
}

enum err import_open_events(struct import_reader *r)
{
	struct import_rows *rows = mem_new(r->mem, struct import_rows);
	struct json_where at = {0};
	struct json all;
	struct str text;
	enum err e;

	r->own = rows;
	r->next = import_next_of;
	TRY(import_whole(r, LIMIT_JSON_TEXT, &text));
	e = json_parse(r->mem, text, &all, &at);
	if (e != OK) {
		r->what = at.what ? at.what : N_("This file is not whole: it breaks off or is not JSON.");
		r->what_line = at.line;
		return E_INVALID;
	}
	event_collect(r->mem, &all, rows, 0);
	if (rows->all.n == 0) {
		r->what = N_("There is no event in this file.");
		return E_INVALID;
	}
	return OK;
}
