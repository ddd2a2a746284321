/*
 * Times of foreign files: what a text means, and what zone a TZID means. A zone the file describes itself is taken by its name
 * when we know it, else by its changes: the zone of a place that has had the same offsets in that year. Only where there is
 * none, its times are counted with the file's own rules.
 */
#include "../base/limits.h"
#include "ical_part.h"
#include "part.h"

static bool digits(struct str s, size_t at, size_t n, int *out)
{
	int v = 0;

	if (at + n > s.n) {
		return false;
	}
	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') {
			return false;
		}
		v = v * 10 + (s.p[i] - '0');
	}
	*out = v;
	return true;
}

/* The fields of 20261218T183000; *length is 8, 13, 14 or 15. */
static bool fields(struct str s, int f[6], size_t *length)
{
	f[3] = f[4] = f[5] = 0;
	if (!digits(s, 0, 4, &f[0]) || !digits(s, 4, 2, &f[1]) || !digits(s, 6, 2, &f[2])) {
		return false;
	}
	*length = 8;
	if (s.n > 8 && (s.p[8] == 'T' || s.p[8] == 't' || s.p[8] == ' ')) {
		if (!digits(s, 9, 2, &f[3]) || !digits(s, 11, 2, &f[4])) {
			return false;
		}
		/* seconds are left out by some, and cut short by others */
		*length = digits(s, 13, 2, &f[5]) ? 15 : digits(s, 13, 1, &f[5]) ? 14 : 13;
	}
	return date_exists(f[0], f[1], f[2]) && f[3] < 24 && f[4] < 60 && f[5] <= 60;
}

bool ical_wall(struct str value, int64_t *wall)
{
	int f[6];
	size_t n;

	if (!fields(str_trim(value), f, &n)) {
		return false;
	}
	*wall = days_of_date(f[0], f[1], f[2]) * WALL_DAY + f[3] * 3600 + f[4] * 60 + f[5];
	return true;
}

bool ical_time_parse(struct str value, struct ical_time *out)
{
	struct str s = str_trim(value);
	int f[6];
	size_t n;

	if (cal_parse(s, &out->at) && out->at.precision >= CAL_DAY) {
		out->date = out->at.precision == CAL_DAY; /* 2026-12-18, as some write it */
		return out->there = true;
	}
	if (str_ends(s, S("Z")) && s.n == 20 && cal_parse(str_sub(s, 0, 19), &out->at)) {
		return out->there = out->utc = true;
	}
	if (!fields(s, f, &n) || f[0] < 1900 || f[0] > 2999) {
		return false;
	}
	out->date = n == 8;
	out->utc = n > 8 && s.n > n && (s.p[n] == 'Z' || s.p[n] == 'z');
	out->at = (struct cal_moment){out->date ? CAL_DAY : CAL_MINUTE, f[0], f[1], f[2], f[3], f[4], f[5] > 59 ? 59 : f[5]};
	return out->there = s.n == n + out->utc;
}

bool ical_duration(struct str value, int64_t *seconds)
{
	struct str s = str_trim(value);
	bool minus = str_starts(s, S("-")), any = false;
	int64_t total = 0, n = 0;
	size_t i = minus || str_starts(s, S("+")) ? 1 : 0;

	if (i >= s.n || (s.p[i] != 'P' && s.p[i] != 'p')) {
		return false;
	}
	for (i++; i < s.n; i++) {
		char c = (char)(s.p[i] & ~0x20);
		int64_t unit = c == 'W' ? 7 * WALL_DAY : c == 'D' ? WALL_DAY : c == 'H' ? 3600 : c == 'M' ? 60 : c == 'S';

		if (s.p[i] >= '0' && s.p[i] <= '9') {
			n = n * 10 + (s.p[i] - '0');
			any = true;
			if (n > 100000000) {
				return false;
			}
		} else if (unit > 0) {
			total += n * unit;
			n = 0;
		} else if (c != 'T') {
			return false;
		}
	}
	*seconds = minus ? -total : total;
	return any && n == 0 && total <= 400000 * WALL_DAY;
}

/* ---- Zones of the file ---- */

static bool offset(struct str s, int *out)
{
	int h, mi, sec = 0;
	bool minus = str_starts(s, S("-"));
	size_t at = minus || str_starts(s, S("+")) ? 1 : 0;

	if (!digits(s, at, 2, &h)) {
		return false;
	}
	at += 2 + (at + 2 < s.n && s.p[at + 2] == ':');
	if (!digits(s, at, 2, &mi)) {
		return false;
	}
	(void)digits(s, at + 2, 2, &sec);
	*out = (h * 3600 + mi * 60 + sec) * (minus ? -1 : 1);
	return h <= 15 && mi < 60;
}

static void zone_prop(struct mem *m, struct ical_zone *z, struct ical_observance *part, const struct ical_prop *p)
{
	int64_t wall;
	struct str rest = p->value;

	if (str_ieq(p->name, S("TZID"))) {
		z->tzid = str_dup(m, str_trim(p->value));
	} else if (str_ieq(p->name, S("X-LIC-LOCATION"))) {
		z->location = str_dup(m, str_trim(p->value));
	}
	if (part == NULL) {
		return;
	}
	if (str_ieq(p->name, S("DTSTART"))) {
		(void)ical_wall(p->value, &part->start);
	} else if (str_ieq(p->name, S("TZOFFSETFROM"))) {
		(void)offset(str_trim(p->value), &part->from);
	} else if (str_ieq(p->name, S("TZOFFSETTO"))) {
		(void)offset(str_trim(p->value), &part->to);
	} else if (str_ieq(p->name, S("RRULE")) && part->rrule.n == 0) {
		part->rrule = str_dup(m, p->value);
	} else if (str_ieq(p->name, S("RDATE"))) {
		while (rest.p != NULL && part->rdates.n < 500) {
			if (ical_wall(str_cut(&rest, ','), &wall)) {
				*vec_add(m, &part->rdates) = wall;
			}
		}
	}
}

struct ical_zone *ical_zones(struct mem *m, struct str text)
{
	struct ical_lines in = ical_lines(m, text);
	struct mem *scratch = mem_open();
	struct ical_zone *all = NULL, *z = NULL;
	int64_t *work = mem_new(m, int64_t);
	struct ical_observance *part = NULL;
	struct ical_prop p;
	size_t n = 0;

	*work = LIMIT_ICAL_WORK;
	while (ical_next(scratch, &in, &p)) {
		bool begin = str_ieq(p.name, S("BEGIN")), end = str_ieq(p.name, S("END"));
		struct str what = str_trim(p.value);

		if (begin && str_ieq(what, S("VTIMEZONE")) && n++ < 1000) {
			z = mem_new(m, struct ical_zone);
			z->next = all;
			z->work = work;
			all = z;
			part = NULL;
		} else if ((end && str_ieq(what, S("VTIMEZONE"))) || (begin && str_ieq(what, S("VEVENT")))) {
			z = NULL;
			part = NULL;
		} else if (begin && z != NULL && z->parts.n < 200) {
			part = vec_add(m, &z->parts);
		} else if (end) {
			part = NULL;
		} else if (z != NULL && !p.odd) {
			zone_prop(m, z, part, &p);
		}
		mem_reset(scratch);
	}
	mem_close(scratch);
	return all;
}

/* The last time before `wall` (or at it) that an observance begins; INT64_MIN when it has not begun. */
static int64_t onset(struct mem *m, const struct ical_observance *part, int64_t wall, int64_t *work)
{
	int64_t last = part->start <= wall ? part->start : INT64_MIN;
	struct cal_rule r;

	for (size_t i = 0; i < part->rdates.n; i++) {
		last = part->rdates.p[i] <= wall && part->rdates.p[i] > last ? part->rdates.p[i] : last;
	}
	if (part->rrule.n > 0 && *work > 0 && cal_rule_parse(part->rrule, &r, NULL)) {
		struct wall_places places = {0};
		struct rule_walk w = {.rule = &r, .start = part->start, .hi = wall, .max = 100, .work = work};
		bool cut = false;

		w.until = rule_until(&r, NULL, false) < INT64_MAX ? rule_until(&r, NULL, false) + part->from : INT64_MAX;
		w.lo = (w.until < wall ? w.until : wall) - 370 * WALL_DAY;
		rule_places(m, &w, &places, &cut);
		if (places.n > 0 && places.p[places.n - 1] > last) {
			last = places.p[places.n - 1];
		}
	}
	return last;
}

/* Whether an observance has been replaced by a later one of the same kind: Outlook leaves the rules of the past without an end. */
static bool replaced(const struct ical_zone *own, const struct ical_observance *part, int64_t wall)
{
	for (size_t i = 0; i < own->parts.n; i++) {
		const struct ical_observance *o = &own->parts.p[i];

		if (o->from == part->from && o->to == part->to && o->start > part->start && o->start <= wall &&
		    o->rrule.n > 0 && part->rrule.n > 0) {
			return true;
		}
	}
	return false;
}

int64_t ical_zone_utc(struct mem *m, const struct ical_zone *own, int64_t wall)
{
	int64_t best = INT64_MIN, earliest = INT64_MAX;
	int off = 0;

	for (size_t i = 0; i < own->parts.n; i++) {
		const struct ical_observance *part = &own->parts.p[i];
		struct mem_mark mark = mem_mark(m);
		int64_t at = replaced(own, part, wall) ? INT64_MIN : onset(m, part, wall, own->work);

		mem_rewind(m, mark);
		if (at != INT64_MIN && at >= best) {
			best = at;
			off = part->to;
		} else if (best == INT64_MIN && part->start < earliest) {
			earliest = part->start;
			off = part->from;
		}
	}
	return wall - off;
}

/* Whether a zone has had these offsets through a year: at noon of every day. */
static bool same_year(const struct cal_zone *z, int64_t noon, const int64_t *utc)
{
	for (int i = 0; i < 365; i++) {
		if (zone_utc(z, noon + i * WALL_DAY) != utc[i]) {
			return false;
		}
	}
	return true;
}

static const struct cal_zone *alike(struct mem *m, const struct ical_zone *own, int year)
{
	static const char *const first[] = {
		"Europe/Paris", "Europe/London", "Europe/Athens", "America/New_York", "America/Chicago", "America/Denver",
		"America/Los_Angeles", "America/Sao_Paulo", "Africa/Dakar", "Africa/Lagos", "Africa/Johannesburg",
		"Africa/Nairobi", "Asia/Kolkata", "Asia/Tokyo", "Asia/Shanghai", "Australia/Sydney", "Europe/Istanbul",
	};
	int64_t noon = days_of_date(year, 1, 1) * WALL_DAY + WALL_DAY / 2, utc[365];
	const struct str *names;
	size_t n = cal_zones(&names);

	for (int i = 0; i < 365; i++) {
		utc[i] = ical_zone_utc(m, own, noon + i * WALL_DAY);
	}
	for (size_t i = 0; i < COUNT(first) + n; i++) {
		const struct cal_zone *z = cal_zone(i < COUNT(first) ? str_of(first[i]) : names[i - COUNT(first)]);

		if (same_year(z, noon, utc)) {
			return z;
		}
	}
	return NULL;
}

void ical_zone_find(struct mem *m, struct ical_zone *all, struct str tzid, int year, const struct cal_zone **z,
		    const struct ical_zone **own)
{
	struct ical_zone *at = all;

	*own = NULL;
	*z = cal_zone_guess(tzid);
	while (at != NULL && !str_eq(at->tzid, tzid)) {
		at = at->next;
	}
	if (*z == NULL && at != NULL && at->location.n > 0) {
		*z = cal_zone_guess(at->location);
	}
	if (*z != NULL || at == NULL || at->parts.n == 0) {
		return;
	}
	if (at->alike_year != year && *at->work > 0) {
		at->alike = alike(m, at, year);
		at->alike_year = year;
	}
	*z = at->alike;
	*own = at->alike == NULL ? at : NULL;
}

const struct cal_zone *ical_zone_only(struct mem *m, struct ical_zone *all, int year)
{
	const struct cal_zone *only = NULL;

	for (struct ical_zone *at = all; at != NULL; at = at->next) {
		const struct cal_zone *z;
		const struct ical_zone *own;

		ical_zone_find(m, all, at->tzid, year, &z, &own);
		if (z == NULL || (only != NULL && z != only && !str_eq(cal_zone_name(z), S("UTC")))) {
			return NULL;
		}
		only = str_eq(cal_zone_name(z), S("UTC")) ? only : z;
	}
	return only;
}
