/*
 * Rules of RFC 5545, 3.3.10: read, checked, written again, and turned into the choices of a form and back.
 */
#include <stdlib.h>

#include "../base/limits.h"
#include "part.h"

static const char *const freqs[] = {"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
static const char *const weekdays[] = {"", "MO", "TU", "WE", "TH", "FR", "SA", "SU"};

/* A number of a list, which may begin with + or -. */
static bool item(struct str s, int64_t max, bool negative, int64_t *out)
{
	int64_t v;

	if (s.n == 0 || s.n > 12 || !str_to_i64(s, &v) || v > max || v < (negative ? -max : 0)) {
		return false;
	}
	*out = v;
	return true;
}

/* A list kept as bits; what counts from the end goes to `end`. */
static bool bits(struct str list, int64_t min, int64_t max, uint64_t *to, uint64_t *end)
{
	while (list.p != NULL) {
		int64_t v;

		if (!item(str_trim(str_cut(&list, ',')), max, end != NULL, &v) || (v >= 0 ? v : -v) < min) {
			return false;
		}
		if (v < 0) {
			*end |= UINT64_C(1) << -v;
		} else {
			*to |= UINT64_C(1) << v;
		}
	}
	return true;
}

/* A list kept as numbers, sorted, each once. */
static bool numbers(struct str list, int64_t max, int16_t to[CAL_BY_MAX], size_t *n)
{
	while (list.p != NULL) {
		size_t at = 0;
		int64_t v;

		if (!item(str_trim(str_cut(&list, ',')), max, true, &v) || v == 0) {
			return false;
		}
		while (at < *n && to[at] < v) {
			at++;
		}
		if (at < *n && to[at] == v) {
			continue;
		}
		if (*n == CAL_BY_MAX) {
			return false;
		}
		memmove(to + at + 1, to + at, (*n - at) * sizeof(*to));
		to[at] = (int16_t)v;
		(*n)++;
	}
	return true;
}

static int weekday_of(struct str s)
{
	for (int d = 1; d <= 7; d++) {
		if (str_ieq(s, str_of(weekdays[d]))) {
			return d;
		}
	}
	return 0;
}

static bool day_before(struct cal_byday a, struct cal_byday b)
{
	return a.nth != b.nth ? a.nth < b.nth : a.weekday < b.weekday;
}

static bool bydays(struct str list, struct cal_rule *r)
{
	while (list.p != NULL) {
		struct str s = str_trim(str_cut(&list, ','));
		struct cal_byday d = {0};
		int64_t nth = 0;
		size_t at = 0;

		if (s.n < 2) {
			return false;
		}
		d.weekday = (int8_t)weekday_of(str_sub(s, s.n - 2, 2));
		if (d.weekday == 0 || (s.n > 2 && (!item(str_sub(s, 0, s.n - 2), 53, true, &nth) || nth == 0))) {
			return false;
		}
		d.nth = (int8_t)nth;
		while (at < r->n_days && day_before(r->days[at], d)) {
			at++;
		}
		if (at < r->n_days && r->days[at].nth == d.nth && r->days[at].weekday == d.weekday) {
			continue;
		}
		if (r->n_days == CAL_BY_MAX) {
			return false;
		}
		memmove(r->days + at + 1, r->days + at, (r->n_days - at) * sizeof(*r->days));
		r->days[at] = d;
		r->n_days++;
	}
	return true;
}

/* 19971224, 19971224T000000 with or without Z; also our own text. */
static bool until(struct str s, struct cal_rule *r)
{
	char t[] = "0000-00-00T00:00:00";

	r->until_utc = str_ends(s, S("Z")) || str_ends(s, S("z"));
	s.n -= r->until_utc;
	if (s.n == 10 || s.n == 16 || s.n == 19) {
		return cal_parse(s, &r->until) && r->until.precision >= CAL_DAY;
	}
	if (s.n != 8 && (s.n != 15 || (s.p[8] != 'T' && s.p[8] != 't'))) {
		return false;
	}
	memcpy(t, s.p, 4);
	memcpy(t + 5, s.p + 4, 2);
	memcpy(t + 8, s.p + 6, 2);
	if (s.n == 15) {
		memcpy(t + 11, s.p + 9, 2);
		memcpy(t + 14, s.p + 11, 2);
		memcpy(t + 17, memcmp(s.p + 13, "60", 2) == 0 ? "59" : s.p + 13, 2);
	}
	r->until_utc = r->until_utc && s.n == 15;
	/* some write the end of time as the year 9999, which is no end */
	if (memcmp(t, "3000", 4) >= 0) {
		return true;
	}
	return cal_parse((struct str){t, s.n == 8 ? 10 : 19}, &r->until);
}

static bool positive(struct str s, int64_t max, int64_t *out)
{
	return str_to_i64(s, out) && *out >= 1 && *out <= max;
}

static bool part_by(struct str name, struct str value, struct cal_rule *r, bool *known)
{
	uint64_t to = 0, end = 0;
	bool ok;

	*known = true;
	if (str_ieq(name, S("BYDAY"))) {
		return bydays(value, r);
	}
	if (str_ieq(name, S("BYWEEKNO"))) {
		return numbers(value, 53, r->weeks, &r->n_weeks);
	}
	if (str_ieq(name, S("BYYEARDAY"))) {
		return numbers(value, 366, r->yeardays, &r->n_yeardays);
	}
	if (str_ieq(name, S("BYSETPOS"))) {
		return numbers(value, 366, r->setpos, &r->n_setpos);
	}
	if (str_ieq(name, S("BYMONTH"))) {
		ok = bits(value, 1, 12, &to, NULL);
		r->months |= (uint16_t)to;
	} else if (str_ieq(name, S("BYMONTHDAY"))) {
		ok = bits(value, 1, 31, &to, &end);
		r->monthdays |= (uint32_t)to;
		r->monthdays_end |= (uint32_t)end;
	} else if (str_ieq(name, S("BYHOUR"))) {
		ok = bits(value, 0, 23, &to, NULL);
		r->hours |= (uint32_t)to;
	} else if (str_ieq(name, S("BYMINUTE"))) {
		ok = bits(value, 0, 59, &r->minutes, NULL);
	} else if (str_ieq(name, S("BYSECOND"))) {
		/* a leap second counts as the one before it */
		ok = bits(value, 0, 60, &to, NULL);
		r->seconds |= (to & ~(UINT64_C(1) << 60)) | (to >> 60 & 1) << 59;
	} else {
		*known = false;
		ok = true;
	}
	return ok;
}

static bool part_freq(struct str value, struct cal_rule *r)
{
	for (size_t i = 0; i < COUNT(freqs); i++) {
		if (str_ieq(value, str_of(freqs[i]))) {
			r->freq = (enum cal_freq)i;
			return true;
		}
	}
	return false;
}

/* One NAME=VALUE; what is wrong with it, or NULL. */
static const char *part(struct str name, struct str value, struct cal_rule *r, bool *freq)
{
	int64_t v = 0;
	bool known;

	if (str_ieq(name, S("FREQ"))) {
		*freq = part_freq(value, r);
		return *freq ? NULL : N_("It repeats neither each day nor week, month or year.");
	}
	if (str_ieq(name, S("INTERVAL"))) {
		if (!positive(value, 100000, &v)) {
			return N_("Its interval is no number above zero.");
		}
		r->interval = (int)v;
		return NULL;
	}
	if (str_ieq(name, S("COUNT"))) {
		return positive(value, INT64_MAX, &r->count) ? NULL : N_("Its number of times is no number above zero.");
	}
	if (str_ieq(name, S("UNTIL"))) {
		return until(value, r) ? NULL : N_("Its last day is no date.");
	}
	if (str_ieq(name, S("WKST"))) {
		r->wkst = weekday_of(value);
		return r->wkst > 0 ? NULL : N_("The first day of its week is none.");
	}
	if (str_ieq(name, S("RSCALE"))) {
		return str_ieq(value, S("GREGORIAN")) ? NULL : N_("It repeats by a calendar other than the Gregorian one.");
	}
	if (str_ieq(name, S("SKIP"))) {
		return str_ieq(value, S("OMIT")) ? NULL : N_("It moves dates that do not exist, which is not known here.");
	}
	if (!part_by(name, value, r, &known)) {
		return N_("One of its lists of days or times is wrong.");
	}
	return known || (name.n > 2 && str_ieq(str_sub(name, 0, 2), S("X-"))) ? NULL : N_("It has a part that is not known.");
}

static bool refuse(const char **what, const char *why)
{
	if (what != NULL) {
		*what = why;
	}
	return false;
}

bool cal_rule_parse(struct str text, struct cal_rule *out, const char **what)
{
	struct cal_rule r = {.interval = 1, .wkst = 1};
	bool freq = false;
	const char *why;

	text = str_trim(text);
	if (text.n >= 6 && str_ieq(str_sub(text, 0, 6), S("RRULE:"))) {
		text = str_sub(text, 6, text.n);
	}
	if (text.n > LIMIT_RRULE) {
		return refuse(what, N_("It is too long."));
	}
	while (text.p != NULL) {
		struct str value = str_trim(str_cut(&text, ';')), name;

		if (value.n == 0) {
			continue;
		}
		name = str_trim(str_cut(&value, '='));
		value = str_trim(value);
		why = value.p == NULL ? N_("It has a part that is not known.") : part(name, value, &r, &freq);
		if (why != NULL) {
			return refuse(what, why);
		}
	}
	if (!freq) {
		return refuse(what, N_("It does not say how often."));
	}
	*out = r;
	return true;
}

/* ---- Written ---- */

static void put_bits(struct buf *b, const char *name, uint64_t set, uint64_t end)
{
	char sep = '=';

	if ((set | end) == 0) {
		return;
	}
	buf_fmt(b, ";%s", name);
	for (int i = 0; i < 64; i++) {
		if (set >> i & 1) {
			buf_fmt(b, "%c%d", sep, i);
			sep = ',';
		}
	}
	for (int i = 31; i > 0; i--) {
		if (end >> i & 1) {
			buf_fmt(b, "%c-%d", sep, i);
			sep = ',';
		}
	}
}

static void put_numbers(struct buf *b, const char *name, const int16_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i == 0) {
			buf_fmt(b, ";%s=%d", name, p[i]);
		} else {
			buf_fmt(b, ",%d", p[i]);
		}
	}
}

static void put_until(struct buf *b, const struct cal_rule *r)
{
	const struct cal_moment u = r->until;

	buf_fmt(b, ";UNTIL=%04d%02d%02d", u.year, u.month, u.day);
	if (u.precision == CAL_MINUTE) {
		buf_fmt(b, "T%02d%02d%02d%s", u.hour, u.minute, u.second, r->until_utc ? "Z" : "");
	}
}

void cal_rule_put(struct buf *b, const struct cal_rule *r)
{
	buf_fmt(b, "FREQ=%s", freqs[r->freq]);
	if (r->interval != 1) {
		buf_fmt(b, ";INTERVAL=%d", r->interval);
	}
	if (r->count > 0) {
		buf_put(b, S(";COUNT="));
		buf_put_i64(b, r->count);
	}
	if (r->until.precision != CAL_NONE) {
		put_until(b, r);
	}
	put_bits(b, "BYMONTH", r->months, 0);
	put_numbers(b, "BYWEEKNO", r->weeks, r->n_weeks);
	put_numbers(b, "BYYEARDAY", r->yeardays, r->n_yeardays);
	put_bits(b, "BYMONTHDAY", r->monthdays, r->monthdays_end);
	for (size_t i = 0; i < r->n_days; i++) {
		buf_put(b, i == 0 ? S(";BYDAY=") : S(","));
		if (r->days[i].nth != 0) {
			buf_put_i64(b, r->days[i].nth);
		}
		buf_put(b, str_of(weekdays[r->days[i].weekday]));
	}
	put_bits(b, "BYHOUR", r->hours, 0);
	put_bits(b, "BYMINUTE", r->minutes, 0);
	put_bits(b, "BYSECOND", r->seconds, 0);
	put_numbers(b, "BYSETPOS", r->setpos, r->n_setpos);
	if (r->wkst != 1) {
		buf_fmt(b, ";WKST=%s", weekdays[r->wkst]);
	}
}

struct str cal_rule_text(struct mem *m, const struct cal_rule *r)
{
	struct buf b = buf_make(m, LIMIT_RRULE * 2);

	cal_rule_put(&b, r);
	return buf_str(&b);
}
