/*
 * iCalendar written as a stream: one event after the other, each zone once and before its first use, lines folded at 75 octets
 * between characters. Nothing of a person is written but what the event gives.
 */
#include "../base/limits.h"
#include "../base/utf8.h"
#include "ical.h"
#include "ical_part.h"
#include "part.h"

#define FLUSH KIB(64)
#define FOLD 75

struct ical_out ical_to(struct mem *m, struct buf *b, write_more *more, void *ctx)
{
	return (struct ical_out){.b = b, .more = more, .ctx = ctx, .line = buf_make(m, LIMIT_ICAL_LINE * 2)};
}

static void flush(struct ical_out *o)
{
	if (o->more != NULL && o->err == OK && o->b->n > 0) {
		o->err = o->more(o->ctx, buf_str(o->b));
		buf_reset(o->b);
	}
}

void ical_line_end(struct ical_out *o)
{
	struct str rest = buf_str(&o->line);
	size_t room = FOLD;

	while (rest.n > room) {
		struct str part = utf8_cut(rest, room);

		part = part.n == 0 ? str_sub(rest, 0, room) : part;
		buf_put(o->b, part);
		buf_put(o->b, S("\r\n "));
		rest = str_sub(rest, part.n, rest.n);
		room = FOLD - 1;
	}
	buf_put(o->b, rest);
	buf_put(o->b, S("\r\n"));
	buf_reset(&o->line);
}

void ical_raw(struct ical_out *o, const char *name, struct str value)
{
	buf_put(&o->line, str_of(name));
	buf_put_c(&o->line, ':');
	buf_put(&o->line, value);
	ical_line_end(o);
}

static void put_escaped(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c != '\\' && c != ';' && c != ',' && c != '\n' && c != '\r') {
			continue;
		}
		buf_put(b, str_sub(s, from, i - from));
		from = i + 1;
		if (c == '\n') {
			buf_put(b, S("\\n"));
		} else if (c != '\r') {
			buf_put_c(b, '\\');
			buf_put_c(b, c);
		}
	}
	buf_put(b, str_sub(s, from, s.n));
}

static void text(struct ical_out *o, const char *name, struct str value)
{
	if (value.n > 0) {
		buf_put(&o->line, str_of(name));
		buf_put_c(&o->line, ':');
		put_escaped(&o->line, value);
		ical_line_end(o);
	}
}

/* An address as a value: one line, whatever it holds. */
static void address(struct ical_out *o, const char *name, struct str value)
{
	if (value.n > 0 && str_chr(value, '\n') < 0 && str_chr(value, '\r') < 0) {
		ical_raw(o, name, value);
	}
}

/* A parameter's value, in quotes; what may not stand there is left out. */
static void put_param(struct buf *b, struct str value)
{
	buf_put_c(b, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] != '"' && (unsigned char)value.p[i] >= ' ') {
			buf_put_c(b, value.p[i]);
		}
	}
	buf_put_c(b, '"');
}

static void put_date(struct buf *b, struct cal_moment m)
{
	buf_fmt(b, "%04d%02d%02d", m.year, m.month, m.day);
}

static void put_time(struct buf *b, struct cal_moment m)
{
	put_date(b, m);
	buf_fmt(b, "T%02d%02d%02d", m.hour, m.minute, m.second);
}

void ical_utc(struct ical_out *o, const char *name, int64_t ms)
{
	buf_put(&o->line, str_of(name));
	buf_put_c(&o->line, ':');
	put_time(&o->line, cal_of_utc(NULL, ms));
	buf_put_c(&o->line, 'Z');
	ical_line_end(o);
}

/* Everything about times that the properties of one event share. */
struct frame {
	const struct cal_zone *zone;
	bool days, utc;
	int64_t of_day; /* the time of day of the start, for dates given as days */
};

static void put_name(struct ical_out *o, const struct frame *f, const char *name)
{
	buf_put(&o->line, str_of(name));
	if (f->days) {
		buf_put(&o->line, S(";VALUE=DATE"));
	} else if (!f->utc) {
		buf_put(&o->line, S(";TZID="));
		buf_put(&o->line, cal_zone_name(f->zone));
	}
	buf_put_c(&o->line, ':');
}

static void put_value(struct ical_out *o, const struct frame *f, struct cal_moment m)
{
	if (f->days) {
		put_date(&o->line, m);
		return;
	}
	if (m.precision == CAL_DAY) {
		m = wall_moment(wall_of(m) + f->of_day, CAL_MINUTE);
	}
	put_time(&o->line, m);
	if (f->utc) {
		buf_put_c(&o->line, 'Z');
	}
}

static void moment(struct ical_out *o, const struct frame *f, const char *name, struct cal_moment m)
{
	put_name(o, f, name);
	put_value(o, f, m);
	ical_line_end(o);
}

/* The last day of a moment that is coarser. */
static struct cal_moment last_day(struct cal_moment m)
{
	int64_t from, to;

	cal_span(NULL, m, (struct cal_moment){0}, &from, &to);
	return cal_day(cal_of_utc(NULL, to - TIME_DAY));
}

static void times(struct ical_out *o, const struct cal_event *ev, const struct frame *f)
{
	struct cal_moment end = ev->end;
	int64_t from, to;

	if (f->days) {
		end = last_day(end.precision == CAL_NONE || cal_cmp(end, ev->start) < 0 ? ev->start : end);
		moment(o, f, "DTSTART", cal_day(ev->start));
		moment(o, f, "DTEND", cal_add_days(end, 1));
		return;
	}
	moment(o, f, "DTSTART", ev->start);
	if (end.precision == CAL_NONE) {
		return;
	}
	cal_span(f->zone, ev->start, end, &from, &to);
	if (to > from) {
		moment(o, f, "DTEND", end.precision == CAL_MINUTE ? end : cal_of_utc(f->zone, to));
	}
}

/* A rule as every reader understands it: what it takes from the start is said, and UNTIL is of the kind of the start. */
static void rule(struct ical_out *o, const struct cal_event *ev, const struct frame *f, struct str line)
{
	struct cal_rule r;

	if (!cal_rule_parse(line, &r, NULL)) {
		return;
	}
	if (r.freq == CAL_YEARLY && (r.monthdays | r.monthdays_end) != 0 && r.months == 0 && r.n_days == 0 &&
	    r.n_yeardays == 0 && r.n_weeks == 0) {
		r.months = (uint16_t)(1u << ev->start.month);
	}
	if (r.until.precision != CAL_NONE && f->days) {
		r.until = cal_day(r.until);
		r.until_utc = false;
	} else if (r.until.precision != CAL_NONE && !r.until_utc) {
		r.until = wall_moment(zone_utc(f->zone, rule_until(&r, f->zone, false)), CAL_MINUTE);
		r.until_utc = true;
	}
	buf_put(&o->line, S("RRULE:"));
	cal_rule_put(&o->line, &r);
	ical_line_end(o);
}

/* Whether the start does not fit the rules. It is an occurrence, but many readers leave it out unless told. */
static bool unfit(const struct cal_event *ev, const struct frame *f)
{
	struct str rest = ev->rrule;
	bool any = false;

	while (rest.p != NULL) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		struct cal_rule r;

		if (line.n > 0 && cal_rule_parse(line, &r, NULL)) {
			any = true;
			if (rule_fits(&r, wall_of(ev->start), f->days)) {
				return false;
			}
		}
	}
	return any;
}

static void added(struct ical_out *o, const struct cal_event *ev, const struct frame *f)
{
	for (size_t i = 0; i < ev->n_rdates; i++) {
		const struct cal_rdate *d = &ev->rdates[i];
		struct cal_moment end = d->end;
		int64_t from, to;

		if (d->start.precision < CAL_DAY) {
			continue;
		}
		if (end.precision == CAL_NONE || f->days) {
			moment(o, f, "RDATE", d->start);
			continue;
		}
		cal_span(f->zone, d->start, end, &from, &to);
		buf_put(&o->line, S("RDATE;VALUE=PERIOD"));
		if (!f->utc) {
			buf_put(&o->line, S(";TZID="));
			buf_put(&o->line, cal_zone_name(f->zone));
		}
		buf_put_c(&o->line, ':');
		put_value(o, f, d->start);
		buf_put_c(&o->line, '/');
		put_value(o, f, cal_of_utc(f->zone, to));
		ical_line_end(o);
	}
}

static void recurrence(struct ical_out *o, const struct cal_event *ev, const struct frame *f)
{
	struct str rest = ev->rrule;

	if (ev->start.precision < CAL_DAY) {
		return;
	}
	while (rest.p != NULL) {
		struct str line = str_trim(str_cut(&rest, '\n'));

		if (line.n > 0) {
			rule(o, ev, f, line);
		}
	}
	if (unfit(ev, f)) {
		moment(o, f, "RDATE", ev->start);
	}
	added(o, ev, f);
	for (size_t i = 0; i < ev->n_exdates; i++) {
		if (ev->exdates[i].precision >= CAL_DAY) {
			moment(o, f, "EXDATE", ev->exdates[i]);
		}
	}
}

static void place_and_links(struct ical_out *o, const struct cal_event *ev)
{
	text(o, "LOCATION", ev->location);
	if (ev->has_geo) {
		buf_put(&o->line, S("GEO:"));
		buf_put_fixed(&o->line, ev->lat, 5);
		buf_put_c(&o->line, ';');
		buf_put_fixed(&o->line, ev->lon, 5);
		ical_line_end(o);
	}
	for (size_t i = 0; i < ev->n_categories; i++) {
		buf_put(&o->line, i == 0 ? S("CATEGORIES:") : S(","));
		put_escaped(&o->line, ev->categories[i]);
	}
	if (ev->n_categories > 0) {
		ical_line_end(o);
	}
	address(o, "URL", ev->url);
	address(o, "IMAGE;VALUE=URI;DISPLAY=FULLSIZE", ev->image);
	address(o, "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO", ev->conference);
	if (ev->organizer.n > 0) {
		/* an address is wanted here: the page of the organiser, else none; never a mail address */
		buf_put(&o->line, S("ORGANIZER;CN="));
		put_param(&o->line, ev->organizer);
		buf_put_c(&o->line, ':');
		buf_put(&o->line, ev->organizer_url.n > 0 ? ev->organizer_url : S("invalid:nomail"));
		ical_line_end(o);
	}
}

static void one(struct ical_out *o, const struct cal_event *ev, const struct cal_event *master, const struct frame *series)
{
	static const char *const states[] = {NULL, "TENTATIVE", "CONFIRMED", "CANCELLED"};
	const struct cal_event *base = master == NULL ? ev : master;
	struct frame f = *series;
	enum cal_status status = ev->status;

	f.days = ev->start.precision < CAL_MINUTE;
	if (ev->start.precision < CAL_DAY && status != CAL_CANCELLED) {
		status = CAL_TENTATIVE;
	}
	buf_put(o->b, S("BEGIN:VEVENT\r\n"));
	ical_raw(o, "UID", base->uid);
	ical_utc(o, "DTSTAMP", ev->stamp != 0 ? ev->stamp : base->stamp);
	if (ev->on.precision >= CAL_DAY) {
		moment(o, series, ev->following ? "RECURRENCE-ID;RANGE=THISANDFUTURE" : "RECURRENCE-ID", ev->on);
	}
	times(o, ev, &f);
	if (master == NULL) {
		recurrence(o, ev, &f);
	}
	buf_put(&o->line, S("SEQUENCE:"));
	buf_put_i64(&o->line, ev->sequence > base->sequence ? ev->sequence : base->sequence);
	ical_line_end(o);
	if (ev->created != 0) {
		ical_utc(o, "CREATED", ev->created);
	}
	if (ev->modified != 0) {
		ical_utc(o, "LAST-MODIFIED", ev->modified);
	}
	if (states[status] != NULL) {
		ical_raw(o, "STATUS", str_of(states[status]));
	}
	text(o, "SUMMARY", ev->title);
	text(o, "DESCRIPTION", ev->body);
	place_and_links(o, ev);
	if (f.days) {
		ical_raw(o, "TRANSP", S("TRANSPARENT"));
	}
	buf_put(o->b, S("END:VEVENT\r\n"));
}

static void need_zone(struct ical_out *o, const struct cal_zone *z)
{
	for (size_t i = 0; i < o->n_zones; i++) {
		if (o->zones[i] == z) {
			return;
		}
	}
	ical_put_zone(o, z, o->since);
	if (o->n_zones < COUNT(o->zones)) {
		o->zones[o->n_zones++] = z;
	}
}

void ical_put_event(struct ical_out *o, const struct cal_event *ev)
{
	const struct cal_zone *z = cal_zone(ev->zone);
	struct frame f = {.zone = z, .days = ev->start.precision < CAL_MINUTE};
	bool timed = !f.days;

	if (ev->start.precision == CAL_NONE || o->err != OK) {
		return;
	}
	f.utc = z == NULL || str_eq(cal_zone_name(z), S("UTC"));
	f.of_day = f.days ? 0 : wall_of(ev->start) - wall_of(cal_day(ev->start));
	for (size_t i = 0; i < ev->n_overrides; i++) {
		timed = timed || ev->overrides[i].start.precision == CAL_MINUTE;
	}
	if (timed && !f.utc) {
		need_zone(o, z);
	}
	one(o, ev, NULL, &f);
	for (size_t i = 0; i < ev->n_overrides; i++) {
		if (ev->overrides[i].start.precision >= CAL_DAY && ev->overrides[i].on.precision >= CAL_DAY) {
			one(o, &ev->overrides[i], ev, &f);
		}
	}
	if (o->b->n >= FLUSH) {
		flush(o);
	}
}

void ical_put_head(struct ical_out *o, const struct cal_feed *feed)
{
	/* zones that begin in 2000 are short, and earlier dates are rare in feeds */
	o->since = feed->since == 0 ? 2000 : cal_of_utc(NULL, feed->since - TIME_DAY).year;
	buf_put(o->b, S("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Maillage//Maillage " MAILLAGE_VERSION "//EN\r\n"
			"CALSCALE:GREGORIAN\r\n"));
	if (feed->publish) {
		ical_raw(o, "METHOD", S("PUBLISH"));
	}
	text(o, "NAME", feed->name);
	text(o, "X-WR-CALNAME", feed->name);
	text(o, "DESCRIPTION", feed->text);
	text(o, "X-WR-CALDESC", feed->text);
	text(o, "X-WR-TIMEZONE", feed->zone);
	address(o, "URL", feed->url);
	address(o, "SOURCE;VALUE=URI", feed->source);
	if (feed->refresh > 0) {
		buf_fmt(&o->line, "REFRESH-INTERVAL;VALUE=DURATION:PT%dM", feed->refresh);
		ical_line_end(o);
		buf_fmt(&o->line, "X-PUBLISHED-TTL:PT%dM", feed->refresh);
		ical_line_end(o);
	}
}

enum err ical_done(struct ical_out *o)
{
	buf_put(o->b, S("END:VCALENDAR\r\n"));
	flush(o);
	return o->err != OK ? o->err : buf_ok(o->b) && buf_ok(&o->line) ? OK : E_LIMIT;
}
