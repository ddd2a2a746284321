/*
 * From a neutral event to a row: its dates on the clock of its place, its place in parts, its words.
 */
#include "import_event.h"

#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "../../web/site.h"

enum { DATES_MAX = 200, TAGS_MAX = 20 };

const struct cal_zone *event_site_zone(void)
{
	return site_now() ? cal_zone(site_now()->time_zone) : NULL;
}

struct cal_moment event_time(struct str text, const struct cal_zone *z)
{
	struct str s = str_trim(text);
	struct cal_moment m;
	int64_t at;

	z = z ? z : event_site_zone();
	if (time_parse(s, &at)) {
		m = cal_of_utc(z, at);
		m.second = 0;
		return m;
	}
	/* without seconds, which time_parse() wants; with a fraction and no offset */
	if (s.n > 16 && s.p[16] == ':' && cal_parse(str_sub(s, 0, 16), &m)) {
		return m;
	}
	if (s.n == 17 && s.p[16] == 'Z' && cal_parse(str_sub(s, 0, 16), &m)) {
		return cal_of_utc(z, cal_to_utc(NULL, m));
	}
	return cal_parse(s, &m) ? m : (struct cal_moment){0};
}

static struct json text_of(struct mem *m, struct cal_moment at)
{
	at.second = 0;
	return tree_str(cal_text(m, at));
}

static void put(struct mem *m, struct json *to, const char *name, struct str value)
{
	if (value.n) {
		tree_set(m, to, str_of(name), tree_str(value));
	}
}

/* ---- where ----------------------------------------------------------------------------------------------------------- */

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "26400 Crest" */
static bool postal(struct str s, struct str *code, struct str *town)
{
	size_t n = 0;

	while (n < s.n && digit(s.p[n])) {
		n++;
	}
	if (n < 4 || n > 6 || n >= s.n || s.p[n] != ' ') {
		return false;
	}
	*code = str_sub(s, 0, n);
	*town = str_trim(str_sub(s, n, s.n));
	return town->n > 0;
}

static bool is_address(struct str s)
{
	return s.n > 3 && digit(s.p[0]) && str_chr(s, ' ') > 0;
}

static bool is_link(struct str s)
{
	return str_starts(s, S("https://")) || str_starts(s, S("http://"));
}

/* "Maison des associations, 3 rue Haute, 26400 Crest, France": what each part is, as far as it shows. */
static void put_location(struct mem *m, struct json *raw, struct str location)
{
	const struct entity_world *w = entity_world();
	struct str rest = location, label = STR_NONE, last = STR_NONE;
	bool town_known = false;

	while (rest.p) {
		struct str part = str_trim(str_cut(&rest, ',')), code, town;

		if (!part.n) {
			continue;
		}
		if (postal(part, &code, &town)) {
			put(m, raw, "postal_code", code);
			put(m, raw, "town", town);
			town_known = true;
		} else if (is_address(part) && tree_empty(tree_get(raw, S("address")))) {
			put(m, raw, "address", part);
		} else if (!label.n && !town_known) {
			label = part;
		} else if (!town_known) {
			last = part;
		}
	}
	if (!town_known && last.n && w && w->place_territory && w->place_territory(m, last, STR_NONE, STR_NONE).n) {
		put(m, raw, "town", last);
	} else if (!town_known && label.n && !last.n && w && w->place_territory && w->place_territory(m, label, STR_NONE, STR_NONE).n) {
		put(m, raw, "town", label);
		return;
	} else if (last.n && !town_known) {
		label = str_sub(location, 0, 120);
	}
	put(m, raw, "label", label);
}

static void put_place(struct mem *m, const struct cal_event *ev, struct json *raw)
{
	bool online = is_link(ev->location) || (ev->conference.n && !ev->location.n);

	if (ev->location.n && !is_link(ev->location)) {
		put_location(m, raw, ev->location);
	}
	if (ev->has_geo) {
		tree_set(m, raw, S(RAW_LAT), tree_fixed(m, ev->lat, 6));
		tree_set(m, raw, S(RAW_LON), tree_fixed(m, ev->lon, 6));
	}
	if (online) {
		put(m, raw, "attendance", S("online"));
	} else if (ev->conference.n) {
		put(m, raw, "attendance", S("both"));
	}
}

/* ---- when ------------------------------------------------------------------------------------------------------------ */

/* On the clock of the place, where the file knows UTC only or no zone at all. A series in UTC stays there: elsewhere its hour would
 * change with the clocks. */
static struct cal_event settled(const struct cal_event *ev)
{
	const struct cal_zone *site = event_site_zone();
	struct cal_event out = *ev;
	bool alone = !ev->rrule.n && !ev->n_rdates && !ev->n_overrides;

	if (ev->start.precision != CAL_MINUTE) {
		return out;
	}
	if (!ev->zone.n) {
		out.zone = cal_zone_name(site);
	} else if (str_eq(ev->zone, S("UTC")) && alone && site) {
		out.zone = cal_zone_name(site);
		out.start = cal_of_utc(site, cal_to_utc(NULL, ev->start));
		if (ev->end.precision == CAL_MINUTE) {
			out.end = cal_of_utc(site, cal_to_utc(NULL, ev->end));
		}
	}
	return out;
}

static void put_dates(struct mem *m, const struct cal_event *ev, struct json *raw)
{
	struct json more = tree_array(), gone = tree_array();

	for (size_t i = 0; i < ev->n_rdates && i < DATES_MAX; i++) {
		tree_add(m, &more, text_of(m, ev->rdates[i].start));
	}
	for (size_t i = 0; i < ev->n_exdates && i < DATES_MAX; i++) {
		tree_add(m, &gone, text_of(m, ev->exdates[i]));
	}
	if (more.n) {
		tree_set(m, raw, S("rdates"), more);
	}
	if (gone.n) {
		tree_set(m, raw, S("exdates"), gone);
	}
}

/* Changed occurrences, and added dates with an end of their own. */
static void put_exceptions(struct mem *m, const struct cal_event *ev, struct json *raw)
{
	struct json list = tree_array();

	for (size_t i = 0; i < ev->n_overrides && list.n < DATES_MAX; i++) {
		const struct cal_event *o = &ev->overrides[i];
		struct json item = tree_object();

		tree_put(m, &item, S("on"), text_of(m, o->on));
		if (o->status == CAL_CANCELLED) {
			tree_put(m, &item, S("cancelled"), (struct json){.kind = JSON_IS_TRUE});
		} else {
			tree_put(m, &item, S("start"), text_of(m, o->start));
			if (o->end.precision != CAL_NONE) {
				tree_put(m, &item, S("end"), text_of(m, o->end));
			}
		}
		if (o->following) {
			tree_put(m, &item, S("following"), (struct json){.kind = JSON_IS_TRUE});
		}
		if (o->title.n && !str_eq(o->title, ev->title)) {
			tree_put(m, &item, S("note"), tree_str(str_sub(o->title, 0, 200)));
		}
		tree_add(m, &list, item);
	}
	for (size_t i = 0; i < ev->n_rdates && list.n < DATES_MAX; i++) {
		struct json item = tree_object();

		if (ev->rdates[i].end.precision != CAL_NONE) {
			tree_put(m, &item, S("on"), text_of(m, ev->rdates[i].start));
			tree_put(m, &item, S("start"), text_of(m, ev->rdates[i].start));
			tree_put(m, &item, S("end"), text_of(m, ev->rdates[i].end));
			tree_add(m, &list, item);
		}
	}
	if (list.n) {
		tree_set(m, raw, S("exceptions"), list);
	}
}

static void put_when(struct mem *m, const struct cal_event *ev, struct json *raw)
{
	struct str rest = ev->rrule;

	tree_set(m, raw, S("start"), text_of(m, ev->start));
	if (ev->end.precision != CAL_NONE) {
		tree_set(m, raw, S("end"), text_of(m, ev->end));
	}
	put(m, raw, "zone", ev->zone);
	put(m, raw, "rrule", rest.p ? str_cut(&rest, '\n') : STR_NONE);
	put_dates(m, ev, raw);
	put_exceptions(m, ev, raw);
	put(m, raw, "state", ev->status == CAL_CANCELLED ? S("cancelled") : STR_NONE);
}

/* ---- all ------------------------------------------------------------------------------------------------------------- */

static void put_words(struct mem *m, const struct cal_event *ev, struct json *raw)
{
	struct json tags = tree_array(), links = tree_array(), hosts = tree_array();
	const struct str addresses[] = {ev->url, is_link(ev->location) ? ev->location : STR_NONE};

	put(m, raw, "title", str_sub(ev->title, 0, 200));
	put(m, raw, "body", ev->body.n ? ev->body : ev->html);
	for (size_t i = 0; i < ev->n_categories && i < TAGS_MAX; i++) {
		tree_add(m, &tags, tree_str(ev->categories[i]));
	}
	if (tags.n) {
		tree_set(m, raw, S("themes"), tags);
	}
	for (size_t i = 0; i < COUNT(addresses); i++) {
		if (addresses[i].n && addresses[i].n <= 500) {
			struct json link = tree_object();

			tree_put(m, &link, S("url"), tree_str(addresses[i]));
			tree_add(m, &links, link);
		}
	}
	if (links.n) {
		tree_set(m, raw, S("links"), links);
	}
	if (ev->organizer.n) {
		struct json host = tree_object();

		tree_put(m, &host, S("actor"), tree_str(str_sub(ev->organizer, 0, 200)));
		tree_put(m, &host, S("role"), tree_str(S("organiser")));
		tree_add(m, &hosts, host);
		tree_set(m, raw, S("hosts"), hosts);
	}
}

void calendar_row(struct mem *m, const struct cal_event *given, struct import_row *row)
{
	struct cal_event ev = settled(given);

	row->raw = tree_object();
	row->line = row->line ? row->line : ev.line;
	if (ev.hidden) {
		row->bad = N_("The calendar marks this event as private: it is left out.");
		return;
	}
	/* Without an identity the day and the title are it: a second reading finds the same one again. */
	row->id = ev.uid.n ? ev.uid : str_fmt(m, "%.*s %.*s", STR_ARG(cal_text(m, ev.start)), STR_ARG(ev.title));
	if (ev.on.precision != CAL_NONE) {
		row->id = str_fmt(m, "%.*s#%.*s", STR_ARG(row->id), STR_ARG(cal_text(m, ev.on)));
	}
	put_words(m, &ev, &row->raw);
	put_when(m, &ev, &row->raw);
	put_place(m, &ev, &row->raw);
}
