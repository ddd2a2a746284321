/*
 * One event of a file: its properties as they come, then its times, once all zones of the file are known.
 */
#include "../base/limits.h"
#include "../base/utf8.h"
#include "ical_part.h"
#include "part.h"

/* ---- Properties ---- */

static struct str one_line(struct mem *m, struct str s)
{
	struct str clean;

	return utf8_clean_line(m, s, &clean) == OK ? clean : S("");
}

/* An address, or nothing when the text is none. */
static struct str address(struct mem *m, struct str s)
{
	s = one_line(m, s);
	if (s.n > LIMIT_URL || str_chr(s, ' ') >= 0 || (!str_starts(s, S("http://")) && !str_starts(s, S("https://")))) {
		return STR_NONE;
	}
	return s;
}

static void categories(struct ical_in *in, struct ical_raw_event *e, struct str rest)
{
	while (rest.p != NULL && e->categories.n < 100) {
		struct str one = one_line(in->mem, ical_text(in->mem, ical_item(&rest)));

		if (one.n > 0) {
			*vec_add(in->mem, &e->categories) = one;
		}
	}
}

static void geo(struct ical_raw_event *e, struct str value)
{
	struct str rest = value, a = str_cut(&rest, str_chr(value, ';') >= 0 ? ';' : ',');
	double lat, lon;

	if (rest.p != NULL && str_to_double(str_trim(a), &lat) && str_to_double(str_trim(rest), &lon) && lat >= -90 &&
	    lat <= 90 && lon >= -180 && lon <= 180 && (lat != 0 || lon != 0)) {
		e->ev.has_geo = true;
		e->ev.lat = lat;
		e->ev.lon = lon;
	}
}

static void organizer(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p)
{
	struct str name = one_line(in->mem, ical_param(p, "CN"));

	if (str_chr(name, '@') < 0) {
		e->ev.organizer = name; /* a mail address is no name, and is nobody's business */
	}
	e->ev.organizer_url = address(in->mem, p->value);
}

static void status(struct ical_raw_event *e, struct str value)
{
	value = str_trim(value);
	e->ev.status = str_ieq(value, S("CANCELLED")) || str_ieq(value, S("CANCELED")) ? CAL_CANCELLED
		       : str_ieq(value, S("TENTATIVE"))                                ? CAL_TENTATIVE
		       : str_ieq(value, S("CONFIRMED"))                                ? CAL_CONFIRMED
										       : CAL_STATUS_NONE;
}

static int64_t instant(struct str value)
{
	struct ical_time t = {0};

	return ical_time_parse(value, &t) ? cal_to_utc(NULL, t.at) : 0;
}

static bool words(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p)
{
	struct mem *m = in->mem;
	struct str name = p->name;

	if (str_ieq(name, S("SUMMARY"))) {
		e->ev.title = one_line(m, ical_text(m, p->value));
	} else if (str_ieq(name, S("DESCRIPTION"))) {
		e->ev.body = ical_text(m, p->value);
	} else if (str_ieq(name, S("X-ALT-DESC")) || str_ieq(name, S("STYLED-DESCRIPTION"))) {
		if (str_ieq(ical_param(p, "FMTTYPE"), S("text/html"))) {
			e->ev.html = ical_text(m, p->value);
		}
	} else if (str_ieq(name, S("LOCATION"))) {
		e->ev.location = one_line(m, ical_text(m, p->value));
	} else if (str_ieq(name, S("CATEGORIES"))) {
		categories(in, e, p->value);
	} else if (str_ieq(name, S("ORGANIZER"))) {
		organizer(in, e, p);
	} else {
		return false;
	}
	return true;
}

static bool links(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p)
{
	struct str name = p->name;

	if (str_ieq(name, S("URL"))) {
		e->ev.url = address(in->mem, p->value);
	} else if (str_ieq(name, S("GEO"))) {
		geo(e, p->value);
	} else if (str_ieq(name, S("X-APPLE-STRUCTURED-LOCATION"))) {
		if (str_starts(p->value, S("geo:")) && !e->ev.has_geo) {
			geo(e, str_sub(p->value, 4, p->value.n));
		}
	} else if (str_ieq(name, S("IMAGE")) || str_ieq(name, S("ATTACH"))) {
		if (e->ev.image.n == 0 && (str_ieq(name, S("IMAGE")) || str_starts(ical_param(p, "FMTTYPE"), S("image/")))) {
			e->ev.image = address(in->mem, p->value);
		}
	} else if (str_ieq(name, S("CONFERENCE"))) {
		e->ev.conference = address(in->mem, p->value);
	} else {
		return false;
	}
	return true;
}

static bool state(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p)
{
	struct str name = p->name;

	if (str_ieq(name, S("UID"))) {
		e->ev.uid = str_sub(one_line(in->mem, p->value), 0, 500);
	} else if (str_ieq(name, S("SEQUENCE"))) {
		if (!str_to_i64(str_trim(p->value), &e->ev.sequence) || e->ev.sequence < 0) {
			e->ev.sequence = 0;
		}
	} else if (str_ieq(name, S("STATUS"))) {
		status(e, p->value);
	} else if (str_ieq(name, S("DTSTAMP"))) {
		e->ev.stamp = instant(p->value);
	} else if (str_ieq(name, S("CREATED"))) {
		e->ev.created = instant(p->value);
	} else if (str_ieq(name, S("LAST-MODIFIED")) || str_ieq(name, S("DATE-MOD"))) {
		e->ev.modified = instant(p->value);
	} else if (str_ieq(name, S("CLASS"))) {
		e->ev.hidden = str_ieq(str_trim(p->value), S("PRIVATE")) || str_ieq(str_trim(p->value), S("CONFIDENTIAL"));
	} else {
		return false;
	}
	return true;
}

static void time_prop(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p, struct ical_time *to)
{
	to->tzid = str_dup(in->mem, ical_param(p, "TZID"));
	if (!ical_time_parse(p->value, to)) {
		struct str what = one_line(in->mem, str_sub(p->value, 0, 40));

		if (str_ieq(p->name, S("DTEND"))) {
			ical_problem(in, p->line, false, N_("The end “{text}” is no date: the event is kept without it."), what);
		} else {
			ical_problem(in, p->line, true, N_("“{text}” is no date between 1900 and 2999."), what);
			e->bad = true;
		}
	}
}

/* Keeps a property for when zones are known. */
static struct ical_prop kept(struct ical_in *in, const struct ical_prop *p)
{
	struct ical_prop copy = *p;

	copy.value = str_dup(in->mem, p->value);
	copy.n_params = 2;
	copy.params[0].name = S("TZID");
	copy.params[0].value = str_dup(in->mem, ical_param(p, "TZID"));
	copy.params[1].name = S("VALUE");
	copy.params[1].value = str_dup(in->mem, ical_param(p, "VALUE"));
	return copy;
}

static void rule(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p, bool excludes)
{
	struct cal_rule r;
	const char *what = NULL;

	if (!cal_rule_parse(p->value, &r, &what)) {
		ical_problem(in, p->line, false,
			     N_("The rule of repetition “{text}” is not understood: the event is kept without it."),
			     one_line(in->mem, str_sub(p->value, 0, 100)));
	} else if (excludes && e->exrules.n < LIMIT_RRULES) {
		*vec_add(in->mem, &e->exrules) = kept(in, p);
	} else if (!excludes && e->rules.n < LIMIT_RRULES) {
		*vec_add(in->mem, &e->rules) = cal_rule_text(in->mem, &r);
	}
}

void ical_event_prop(struct ical_in *in, struct ical_raw_event *e, const struct ical_prop *p)
{
	struct str name = p->name;

	if (words(in, e, p) || links(in, e, p) || state(in, e, p)) {
		return;
	}
	if (str_ieq(name, S("DTSTART"))) {
		time_prop(in, e, p, &e->start);
	} else if (str_ieq(name, S("DTEND"))) {
		time_prop(in, e, p, &e->end);
	} else if (str_ieq(name, S("RECURRENCE-ID"))) {
		time_prop(in, e, p, &e->on);
		e->ev.following = str_ieq(ical_param(p, "RANGE"), S("THISANDFUTURE"));
	} else if (str_ieq(name, S("DURATION"))) {
		e->has_duration = ical_duration(p->value, &e->duration);
		if (!e->has_duration) {
			ical_problem(in, p->line, false, N_("“{text}” is no duration: the event is kept without an end."),
				     one_line(in->mem, str_sub(p->value, 0, 40)));
		}
	} else if (str_ieq(name, S("RRULE"))) {
		rule(in, e, p, false);
	} else if (str_ieq(name, S("EXRULE"))) {
		rule(in, e, p, true);
	} else if ((str_ieq(name, S("RDATE")) || str_ieq(name, S("EXDATE"))) && e->dates < LIMIT_ICAL_DATES) {
		e->dates++;
		if (str_ieq(name, S("RDATE"))) {
			*vec_add(in->mem, &e->rdates) = kept(in, p);
		} else {
			*vec_add(in->mem, &e->exdates) = kept(in, p);
		}
	}
}

/* ---- Times ---- */

/* The instant of a time in its own zone; `zone` is that of the event, for what names none. */
static int64_t utc_of(struct ical_in *in, const struct ical_time *t, const struct cal_zone *zone)
{
	const struct cal_zone *z = NULL;
	const struct ical_zone *own = NULL;
	int64_t wall = wall_of(t->at);

	if (t->utc) {
		return wall;
	}
	if (t->tzid.n == 0) {
		return zone_utc(zone, wall);
	}
	ical_zone_find(in->mem, in->zones, t->tzid, t->at.year, &z, &own);
	return own != NULL ? ical_zone_utc(in->mem, own, wall) : zone_utc(z != NULL ? z : zone, wall);
}

/* A time on the clock of the event's zone; a day stays a day. */
static struct cal_moment local(struct ical_in *in, const struct ical_time *t, const struct ical_raw_event *e,
			       const struct cal_zone *zone)
{
	if (t->date || (!t->utc && (t->tzid.n == 0 || str_eq(t->tzid, e->start.tzid)) && e->start.utc == t->utc &&
			!str_eq(cal_zone_name(zone), S("UTC")))) {
		return t->at;
	}
	if (e->ev.zone.n == 0 && zone == NULL && (t->utc || t->tzid.n > 0)) {
		/* an instant beside whole days: Exchange names days by their midnight */
		zone = cal_zone_guess(in->out->zone);
		zone = zone != NULL ? zone : ical_zone_only(in->mem, in->zones, t->at.year);
	}
	return wall_moment(zone_wall(zone, utc_of(in, t, zone)), CAL_MINUTE);
}

/* The zone of the event, from that of its start. */
static const struct cal_zone *zone_of(struct ical_in *in, struct ical_raw_event *e)
{
	const struct cal_zone *z = NULL;
	const struct ical_zone *own = NULL;

	if (e->start.date) {
		return NULL;
	}
	if (e->start.utc) {
		e->ev.zone = S("UTC");
		return cal_zone(S("UTC"));
	}
	if (e->start.tzid.n > 0) {
		ical_zone_find(in->mem, in->zones, e->start.tzid, e->start.at.year, &z, &own);
	}
	if (own != NULL) {
		ical_problem(in, e->ev.line, false,
			     N_("The time zone “{text}” is that of no place we know: times are kept in UTC."),
			     one_line(in->mem, e->start.tzid));
		e->ev.zone = S("UTC");
		return cal_zone(S("UTC"));
	}
	if (z == NULL && e->start.tzid.n > 0) {
		ical_problem(in, e->ev.line, false, N_("The time zone “{text}” is not known: its clock is taken as the local one."),
			     one_line(in->mem, e->start.tzid));
	}
	if (z == NULL) {
		e->ev.floating = true;
		z = cal_zone_guess(in->out->zone);
	}
	e->ev.zone = z == NULL ? S("") : cal_zone_name(z);
	return z;
}

/* The end: given, by duration, or none. Ends of days are excluded in files and included here. */
static void end_of(struct ical_in *in, struct ical_raw_event *e, const struct cal_zone *zone)
{
	struct cal_event *ev = &e->ev;
	struct cal_moment end = {0};

	if (e->end.there) {
		end = local(in, &e->end, e, zone);
	} else if (e->has_duration && e->duration > 0) {
		end = wall_moment(wall_of(ev->start) + e->duration, ev->start.precision);
		if (ev->start.precision == CAL_MINUTE) {
			int64_t days = e->duration / WALL_DAY * WALL_DAY;

			/* days are of the calendar, hours are of the clock's run */
			end = wall_moment(zone_wall(zone, zone_utc(zone, wall_of(ev->start) + days) + e->duration - days), CAL_MINUTE);
		}
	}
	if (end.precision == CAL_MINUTE && ev->start.precision == CAL_DAY) {
		end = cal_add_days(cal_day(end), end.hour + end.minute > 0 ? 1 : 0);
	}
	if (end.precision == CAL_DAY) {
		end = cal_add_days(end, -1);
		if (cal_cmp(end, cal_day(ev->start)) <= 0) {
			end = (struct cal_moment){0};
		}
	} else if (end.precision == CAL_MINUTE && zone_utc(zone, wall_of(end)) <= zone_utc(zone, wall_of(ev->start))) {
		if (cal_cmp(end, ev->start) < 0) {
			ical_problem(in, ev->line, false, N_("It ends before it begins: the event is kept without an end."), STR_NONE);
		}
		end = (struct cal_moment){0};
	}
	ev->end = end;
}

/* One value of RDATE: a time, or a period with an end or a length. */
static bool rdate(struct ical_in *in, const struct ical_raw_event *e, const struct cal_zone *zone, struct str value,
		  struct str tzid, struct cal_rdate *out)
{
	struct ical_time t = {.tzid = tzid}, end = {.tzid = tzid};
	struct str first = str_cut(&value, '/');
	int64_t length;

	if (!ical_time_parse(first, &t)) {
		return false;
	}
	out->start = local(in, &t, e, zone);
	if (value.p != NULL && ical_duration(value, &length) && length > 0) {
		out->end = wall_moment(zone_wall(zone, zone_utc(zone, wall_of(out->start)) + length), CAL_MINUTE);
	} else if (value.p != NULL && ical_time_parse(value, &end)) {
		out->end = local(in, &end, e, zone);
	}
	return true;
}

static void dates(struct ical_in *in, struct ical_raw_event *e, const struct cal_zone *zone)
{
	VEC(struct cal_rdate) more = {0};
	VEC(struct cal_moment) gone = {0};

	for (size_t i = 0; i < e->rdates.n; i++) {
		struct str rest = e->rdates.p[i].value;

		while (rest.p != NULL && more.n < LIMIT_ICAL_DATES) {
			struct cal_rdate d = {0};

			if (rdate(in, e, zone, str_cut(&rest, ','), ical_param(&e->rdates.p[i], "TZID"), &d)) {
				*vec_add(in->mem, &more) = d;
			}
		}
	}
	for (size_t i = 0; i < e->exdates.n; i++) {
		struct str rest = e->exdates.p[i].value;

		while (rest.p != NULL && gone.n < LIMIT_ICAL_DATES) {
			struct ical_time t = {.tzid = ical_param(&e->exdates.p[i], "TZID")};

			if (ical_time_parse(str_cut(&rest, ','), &t)) {
				*vec_add(in->mem, &gone) = local(in, &t, e, zone);
			}
		}
	}
	e->ev.rdates = more.p;
	e->ev.n_rdates = more.n;
	e->ev.exdates = gone.p;
	e->ev.n_exdates = gone.n;
}

/* EXRULE is of the past and few read it: what it takes out within twenty years is written as dates. */
static void excluded(struct ical_in *in, struct ical_raw_event *e, const struct cal_zone *zone)
{
	struct wall_places places = {0};
	struct cal_moment *all;
	bool cut = false;

	for (size_t i = 0; i < e->exrules.n && in->work > 0; i++) {
		struct cal_rule r;
		struct rule_walk w = {.rule = &r, .start = wall_of(e->ev.start), .all_day = e->ev.start.precision == CAL_DAY,
				      .work = &in->work, .max = 2000};

		w.lo = w.start;
		w.hi = w.start + 20 * 366 * WALL_DAY;
		if (cal_rule_parse(e->exrules.p[i].value, &r, NULL)) {
			w.until = rule_until(&r, zone, w.all_day);
			rule_places(in->mem, &w, &places, &cut);
		}
	}
	if (places.n == 0) {
		return;
	}
	all = mem_array(in->mem, struct cal_moment, e->ev.n_exdates + places.n);
	for (size_t i = 0; i < e->ev.n_exdates; i++) {
		all[i] = e->ev.exdates[i];
	}
	for (size_t i = 0; i < places.n; i++) {
		all[e->ev.n_exdates + i] = wall_moment(places.p[i], e->ev.start.precision);
	}
	e->ev.exdates = all;
	e->ev.n_exdates += places.n;
}

static struct str joined(struct mem *m, const struct str *p, size_t n)
{
	struct buf b = buf_make(m, LIMIT_RRULE * 2 * LIMIT_RRULES);

	for (size_t i = 0; i < n; i++) {
		buf_put(&b, i > 0 ? S("\n") : S(""));
		buf_put(&b, p[i]);
	}
	return n == 0 ? STR_NONE : buf_str(&b);
}

bool ical_event_times(struct ical_in *in, struct ical_raw_event *e)
{
	const struct cal_zone *zone;

	if (e->bad) {
		return false;
	}
	if (!e->start.there) {
		ical_problem(in, e->ev.line, true, N_("The event has no date."), STR_NONE);
		return false;
	}
	zone = zone_of(in, e);
	e->ev.start = e->start.date ? e->start.at : wall_moment(zone_wall(zone, utc_of(in, &e->start, zone)), CAL_MINUTE);
	if (!e->start.date && !e->start.utc && !str_eq(e->ev.zone, S("UTC"))) {
		e->ev.start = e->start.at; /* as written, also in the hour that clocks jump over */
	}
	end_of(in, e, zone);
	if (e->on.there) {
		e->ev.on = local(in, &e->on, e, zone);
	} else {
		e->ev.rrule = joined(in->mem, e->rules.p, e->rules.n);
		dates(in, e, zone);
		excluded(in, e, zone);
	}
	e->ev.categories = e->categories.p;
	e->ev.n_categories = e->categories.n;
	return true;
}
