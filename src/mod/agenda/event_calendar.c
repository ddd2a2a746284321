/*
 * An event for other programs: an entry of a calendar, and the words of schema.org. Both from what the public sees.
 */
#include "../../base/json.h"
#include "../../base/limits.h"
#include "../../base/url.h"
#include <stdlib.h>
#include "../../core/rows.h"
#include "../../core/theme.h"
#include "../../web/site.h"
#include "agenda.h"

/* "Salle, 12 rue Haute, 38000 Grenoble" as far as it is shown. */
static struct str place_line(struct mem *m, const struct json *p)
{
	struct buf b = buf_make(m, KIB(2));
	struct str label = json_str(json_get(p, "label")), address = json_str(json_get(p, "address")), country = json_str(json_get(p, "country"));
	struct str code = json_str(json_get(p, "postal_code")), town = json_str(json_get(p, "town"));
	struct str parts[] = {label, address, code.n && town.n ? str_fmt(m, "%.*s %.*s", STR_ARG(code), STR_ARG(town)) : town, country};

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (parts[i].n) {
			buf_put(&b, b.n ? S(", ") : S(""));
			buf_put(&b, parts[i]);
		}
	}
	return buf_str(&b);
}

static enum cal_status status_of(struct str state, enum cal_precision p)
{
	return str_eq(state, S("cancelled")) ? CAL_CANCELLED : str_eq(state, S("postponed")) || p < CAL_DAY ? CAL_TENTATIVE : CAL_CONFIRMED;
}

static void put_overrides(struct req *rq, struct cal_series *s, struct view v, struct cal_event *ev)
{
	const struct json *notes = json_get(v.j, "exceptions");
	struct cal_event *o = mem_array(rq->mem, struct cal_event, s->n_exceptions);

	for (size_t i = 0; i < s->n_exceptions; i++) {
		const struct cal_exception *x = &s->exceptions[i];
		struct cal_event one = *ev;
		struct str note = i < notes->n ? json_str(json_get(&notes->items[i], "note")) : STR_NONE;

		one.overrides = NULL;
		one.n_overrides = 0;
		one.rrule = STR_NONE;
		one.rdates = NULL;
		one.exdates = NULL;
		one.n_rdates = one.n_exdates = 0;
		one.on = x->on;
		one.following = x->following;
		one.start = x->start.precision ? x->start : x->on;
		one.end = x->end;
		if (!x->end.precision && ev->end.precision == CAL_MINUTE && one.start.precision == CAL_MINUTE) {
			one.end = cal_add_minutes(one.start, (cal_to_utc(NULL, ev->end) - cal_to_utc(NULL, ev->start)) / TIME_MINUTE);
		}
		one.status = x->cancelled ? CAL_CANCELLED : ev->status;
		one.body = note.n ? note : ev->body;
		o[i] = one;
	}
	ev->overrides = o;
	ev->n_overrides = s->n_exceptions;
}

void event_calendar(struct req *rq, const struct object *ob, struct view v, const struct event_info *info, struct cal_event *out)
{
	struct cal_series *s = mem_new(rq->mem, struct cal_series);
	const struct json *places = json_get(v.j, "places"), *hosts = json_get(v.j, "hosts"), *themes = json_get(v.j, "themes");
	struct url_parts base;
	struct str host = url_split(rq->site->base_url, &base) ? base.host : S("localhost");

	*s = event_series(rq->mem, v.j);
	*out = (struct cal_event){
		.uid = str_fmt(rq->mem, "event-%lld@%.*s", (long long)ob->id, STR_ARG(host)), .sequence = info->sequence,
		.stamp = ob->updated_at, .created = ob->created_at, .modified = ob->updated_at,
		.title = view_text(v, &event_entity, "title", rq->lang, ob->lang, NULL), .url = link_absolute(rq, object_url(rq, ob)).s,
		.start = s->start, .end = s->end, .zone = json_str(json_get(v.j, "zone")), .rrule = s->rrule,
		.rdates = s->rdates, .n_rdates = s->n_rdates, .exdates = s->exdates, .n_exdates = s->n_exdates,
		.has_geo = ob->has_point && places->n > 0, .lat = ob->lat, .lon = ob->lon,
		.status = status_of(json_str(json_get(v.j, "state")), s->start.precision),
	};
	out->body = view_text(v, &event_entity, "short", rq->lang, ob->lang, NULL);
	out->location = places->kind == JSON_IS_ARRAY && places->n ? place_line(rq->mem, &places->items[0]) : territory_words(rq, ob->territory);
	struct str *names = mem_array(rq->mem, struct str, themes->n);
	for (size_t i = 0; themes->kind == JSON_IS_ARRAY && i < themes->n; i++) {
		names[out->n_categories++] = theme_name(themes->items[i].text, rq->lang);
	}
	out->categories = names;
	if (hosts->kind == JSON_IS_ARRAY && hosts->n) {
		out->organizer = json_str(json_get(&hosts->items[0], "actor"));
	}
	put_overrides(rq, s, v, out);
}

/* ---- schema.org ------------------------------------------------------------------------------------------------------ */

static void put_opt(struct json_out *j, const char *key, struct str v)
{
	if (v.n) {
		json_put_kv_str(j, str_of(key), v);
	}
}

static struct str iso_of(struct req *rq, const struct cal_zone *z, struct cal_moment m)
{
	if (m.precision != CAL_MINUTE || !z) {
		return cal_text(rq->mem, m);
	}
	int off = cal_offset(z, cal_to_utc(z, m)) / 60;

	return str_fmt(rq->mem, "%04d-%02d-%02dT%02d:%02d:00%c%02d:%02d", m.year, m.month, m.day, m.hour, m.minute, off < 0 ? '-' : '+',
		       abs(off) / 60, abs(off) % 60);
}

static void put_place(struct json_out *j, const struct json *p)
{
	json_put_object(j);
	json_put_kv_str(j, S("@type"), S("Place"));
	put_opt(j, "name", json_str(json_get(p, "label")));
	json_put_key(j, S("address"));
	json_put_object(j);
	json_put_kv_str(j, S("@type"), S("PostalAddress"));
	put_opt(j, "streetAddress", json_str(json_get(p, "address")));
	put_opt(j, "postalCode", json_str(json_get(p, "postal_code")));
	put_opt(j, "addressLocality", json_str(json_get(p, "town")));
	put_opt(j, "addressCountry", json_str(json_get(p, "country")));
	json_put_object_end(j);
	if (json_get(p, "lat")->kind == JSON_IS_NUMBER && json_get(p, "lon")->kind == JSON_IS_NUMBER) {
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

static void put_where(struct json_out *j, struct req *rq, const struct object *ob, struct view v)
{
	const struct json *places = json_get(v.j, "places");
	struct str attendance = json_str(json_get(v.j, "attendance"));
	bool online = str_eq(attendance, S("online")) || str_eq(attendance, S("both"));

	json_put_kv_str(j, S("eventAttendanceMode"), str_eq(attendance, S("online")) ? S("https://schema.org/OnlineEventAttendanceMode")
						     : str_eq(attendance, S("both")) ? S("https://schema.org/MixedEventAttendanceMode")
										     : S("https://schema.org/OfflineEventAttendanceMode"));
	json_put_key(j, S("location"));
	json_put_array(j);
	for (size_t i = 0; places->kind == JSON_IS_ARRAY && i < places->n; i++) {
		put_place(j, &places->items[i]);
	}
	if (!places->n && !str_eq(attendance, S("online")) && territory_words(rq, ob->territory).n) {
		json_put_object(j);
		json_put_kv_str(j, S("@type"), S("Place"));
		json_put_kv_str(j, S("name"), territory_words(rq, ob->territory));
		json_put_kv_str(j, S("address"), territory_words(rq, ob->territory));
		json_put_object_end(j);
	}
	if (online) { /* the page, never the connection link */
		json_put_object(j);
		json_put_kv_str(j, S("@type"), S("VirtualLocation"));
		json_put_kv_str(j, S("url"), link_absolute(rq, object_url(rq, ob)).s);
		json_put_object_end(j);
	}
	json_put_array_end(j);
}

static void put_who(struct json_out *j, struct view v)
{
	const struct json *hosts = json_get(v.j, "hosts");

	if (hosts->kind != JSON_IS_ARRAY || !hosts->n) {
		return;
	}
	json_put_key(j, S("organizer"));
	json_put_array(j);
	for (size_t i = 0; i < hosts->n; i++) {
		json_put_object(j);
		json_put_kv_str(j, S("@type"), S("Organization"));
		json_put_kv_str(j, S("name"), json_str(json_get(&hosts->items[i], "actor")));
		json_put_object_end(j);
	}
	json_put_array_end(j);
}

struct str event_jsonld(struct req *rq, const struct object *ob, struct view v)
{
	struct buf b = buf_make(rq->mem, KIB(64));
	struct json_out j = json_to(&b);
	struct cal_series s = event_series(rq->mem, v.j);
	struct str state = json_str(json_get(v.j, "state"));

	if (s.start.precision == CAL_NONE) { /* schema.org knows no event without a date */
		return STR_NONE;
	}
	json_put_object(&j);
	json_put_kv_str(&j, S("@context"), S("https://schema.org"));
	json_put_kv_str(&j, S("@type"), S("Event"));
	json_put_kv_str(&j, S("@id"), link_absolute(rq, object_url(rq, ob)).s);
	json_put_kv_str(&j, S("url"), link_absolute(rq, object_url(rq, ob)).s);
	json_put_kv_str(&j, S("name"), view_text(v, &event_entity, "title", rq->lang, ob->lang, NULL));
	put_opt(&j, "description", view_text(v, &event_entity, "short", rq->lang, ob->lang, NULL));
	json_put_kv_str(&j, S("startDate"), iso_of(rq, s.zone, s.start));
	put_opt(&j, "endDate", s.end.precision ? iso_of(rq, s.zone, s.end) : STR_NONE);
	json_put_kv_str(&j, S("eventStatus"), str_eq(state, S("cancelled"))   ? S("https://schema.org/EventCancelled")
					      : str_eq(state, S("postponed")) ? S("https://schema.org/EventPostponed")
					      : str_eq(state, S("changed"))   ? S("https://schema.org/EventRescheduled")
									      : S("https://schema.org/EventScheduled"));
	put_where(&j, rq, ob, v);
	put_who(&j, v);
	if (json_get(v.j, "free")->kind == JSON_IS_TRUE) {
		json_put_kv_bool(&j, S("isAccessibleForFree"), true);
	}
	if (json_get(v.j, "languages")->n) {
		json_put_key(&j, S("inLanguage"));
		json_put_tree(&j, json_get(v.j, "languages"));
	}
	json_put_object_end(&j);
	return json_done(&j) == OK ? buf_str(&b) : STR_NONE;
}
