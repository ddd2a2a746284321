/*
 * Moments as people write them: a day of the calendar with or without a time of day, or only its month or year. Kept as the
 * text of cal/cal.h, which sorts as time does.
 */
#include "value_moment.h"

#include "../base/time.h"
#include "../cal/cal.h"

bool moment_blank(const struct json *v)
{
	for (size_t i = 0; v->kind == JSON_IS_OBJECT && i < v->n; i++) {
		if (v->items[i].kind != JSON_IS_STRING || str_trim(v->items[i].text).n > 0) {
			return false;
		}
	}
	return v->kind == JSON_IS_OBJECT;
}

/* Numbers of a text, whatever stands between; how many, at most `max`. 0 when there are letters that are no separator. */
static size_t numbers(struct str s, int out[], size_t digits[], size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		int v = 0;
		for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && i - from < 5; i++) {
			v = v * 10 + (s.p[i] - '0');
		}
		if (i == from || n == max) {
			return 0;
		}
		out[n] = v;
		digits[n++] = i - from;
		if (i < s.n && !memchr("-/.:hH ", s.p[i], 7)) {
			return 0;
		}
		i++;
	}
	return n;
}

/* "18/12/2026", "18.12.2026" and years first; then cal_parse() knows whether such a day exists. */
static struct str plain_date(struct mem *m, struct str s)
{
	int v[3] = {0};
	size_t d[3] = {0}, n = numbers(s, v, d, 3);

	if (n > 1 && d[0] != 4 && d[n - 1] == 4) {
		int x = v[0];
		v[0] = v[n - 1];
		v[n - 1] = x;
		d[0] = 4;
	}
	if (n == 0 || d[0] != 4) {
		return s;
	}
	return n == 1 ? str_fmt(m, "%04d", v[0]) : n == 2 ? str_fmt(m, "%04d-%02d", v[0], v[1]) : str_fmt(m, "%04d-%02d-%02d", v[0], v[1], v[2]);
}

/* "18:30", "18h30", "18h", "9.15". */
static struct str plain_time(struct mem *m, struct str s)
{
	int v[3] = {0};
	size_t d[3] = {0}, n = numbers(s, v, d, 3);

	return n == 1 || n == 2 || (n == 3 && v[2] == 0) ? str_fmt(m, "%02d:%02d", v[0], v[1]) : s;
}

static enum err wrong_moment(struct reading *r)
{
	return value_wrong(r, N_("Write a day, with a time if there is one, like 2026-12-18 or 2026-12-18 18:30; or only the month or the year."));
}

static enum err read_moment(struct reading *r, struct str date, struct str time, struct json *out)
{
	struct cal_moment c;
	struct str s = plain_date(r->mem, str_trim(date));

	time = str_trim(time);
	if (time.n) {
		s = str_fmt(r->mem, "%.*sT%.*s", STR_ARG(s), STR_ARG(plain_time(r->mem, time)));
	}
	if (!cal_parse(s, &c) || c.precision == CAL_NONE) {
		return wrong_moment(r);
	}
	*out = tree_str(cal_text(r->mem, c));
	return OK;
}

enum err moment_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str s = str_trim(text), date = s, time = S("");
	ptrdiff_t at = str_chr(s, 'T');

	(void)f;
	if (at < 0) {
		at = str_chr(s, ' ');
	}
	if (at > 0) {
		date = str_sub(s, 0, (size_t)at);
		time = str_sub(s, (size_t)at + 1, s.n);
	}
	if (time.n && (str_ends(time, S("Z")) || str_chr(time, '+') > 0 || str_chr(time, '-') > 0)) {
		return value_wrong(r, N_("Write the local time, without offset; the time zone stands beside it."));
	}
	return read_moment(r, date, time, out);
}

enum err moment_json(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	struct str date = str_trim(json_str(json_get(in, "date"))), grain = json_str(json_get(in, "grain"));
	struct str time = json_str(json_get(in, "time"));
	struct cal_moment c;

	if (in->kind == JSON_IS_NUMBER) { /* a year */
		return moment_text(r, f, in->text, out);
	}
	*out = (struct json){.kind = JSON_IS_NONE};
	if (moment_blank(in)) {
		return OK;
	}
	if (in->kind != JSON_IS_OBJECT) {
		return wrong_moment(r);
	}
	if (!date.n) {
		return str_trim(time).n ? value_wrong(r, N_("There is a time without a day: choose the day too.")) : OK;
	}
	date = plain_date(r->mem, date);
	if (grain.n && cal_parse(date, &c) && c.precision >= CAL_MONTH) {
		date = str_sub(date, 0, str_eq(grain, S("year")) ? 4 : str_eq(grain, S("month")) ? 7 : date.n);
		time = str_eq(grain, S("year")) || str_eq(grain, S("month")) ? S("") : time;
	}
	return read_moment(r, date, time, out);
}

struct moment_parts moment_parts(struct mem *m, const struct json *v)
{
	struct cal_moment c;

	if (v->kind == JSON_IS_OBJECT) { /* as typed */
		struct str date = json_str(json_get(v, "date")), time = json_str(json_get(v, "time")), grain = json_str(json_get(v, "grain"));
		return (struct moment_parts){date.p ? date : S(""), time.p ? time : S(""), grain.p ? grain : S("")};
	}
	if (!cal_parse(v->text, &c) || c.precision == CAL_NONE) {
		return (struct moment_parts){v->text.p ? v->text : S(""), S(""), S("")};
	}
	struct str day = cal_text(m, cal_day(c));
	if (c.precision == CAL_MINUTE) {
		return (struct moment_parts){day, str_fmt(m, "%02d:%02d", c.hour, c.minute), S("")};
	}
	return (struct moment_parts){day, S(""), c.precision == CAL_MONTH ? S("month") : c.precision == CAL_YEAR ? S("year") : S("")};
}

enum err zone_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str s = str_trim(text);
	const struct cal_zone *z = cal_zone(s);

	(void)f;
	z = z ? z : cal_zone_guess(s);
	if (!z) {
		return value_wrong(r, N_("This time zone is not known: write it like Europe/Paris or America/Sao_Paulo."));
	}
	*out = tree_str(cal_zone_name(z));
	return OK;
}

enum err rrule_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct cal_rule rule;
	struct str s = str_trim(text);
	const char *why = NULL;

	(void)f;
	if (str_starts(s, S("RRULE:"))) {
		s = str_sub(s, 6, s.n);
	}
	if (!cal_rule_parse(s, &rule, &why)) {
		return value_wrong(r, why ? why : N_("This rule of repetition cannot be read."));
	}
	if (rule.freq < CAL_HOURLY) {
		return value_wrong(r, N_("An event repeats at most each hour."));
	}
	*out = tree_str(cal_rule_text(r->mem, &rule));
	return OK;
}

/* ---- repetition ------------------------------------------------------------------------------------------------------ */

/* By enum cal_repeat. */
static const char *const repeats[] = {"once", "day", "week", "month_day", "month_nth", "year", "other"};

/* A moment of the form as it stands, typed or kept. */
static struct cal_moment moment_of(struct mem *m, const struct json *v)
{
	struct reading r = {.mem = m};
	struct cal_moment c = {.precision = CAL_NONE};
	struct json read;

	if (v->kind == JSON_IS_OBJECT && moment_json(&r, NULL, v, &read) == OK && read.kind == JSON_IS_STRING) {
		(void)cal_parse(read.text, &c);
	} else if (v->kind == JSON_IS_STRING) {
		(void)cal_parse(v->text, &c);
	}
	return c;
}

static unsigned day_bit(struct str s)
{
	int64_t d;

	return str_to_i64(s, &d) && d >= 1 && d <= 7 ? 1u << d : 0;
}

/* One box ticked is a text, several are a list. */
static unsigned days_of(const struct json *v)
{
	unsigned days = v->kind == JSON_IS_STRING ? day_bit(v->text) : 0;

	for (size_t i = 0; v->kind == JSON_IS_ARRAY && i < v->n; i++) {
		days |= day_bit(v->items[i].text);
	}
	return days;
}

void rrule_settle(struct mem *m, struct json *typed)
{
	const struct json *v = json_get(typed, "rrule");
	struct str repeat = json_str(json_get(v, "repeat")), rule = json_str(json_get(v, "text"));
	struct cal_moment start = moment_of(m, json_get(typed, "start"));
	struct cal_choice c = {.repeat = CAL_REPEAT_OTHER, .interval = 1};

	if (v->kind != JSON_IS_OBJECT) {
		return;
	}
	for (size_t i = 0; i < COUNT(repeats); i++) {
		c.repeat = str_eq(repeat, str_of(repeats[i])) ? (enum cal_repeat)i : c.repeat;
	}
	if (c.repeat == CAL_ONCE) {
		rule = S("");
	} else if (c.repeat != CAL_REPEAT_OTHER && start.precision < CAL_DAY) {
		rule = S("FREQ=WEEKLY"); /* without a day there is nothing to count from: the check says so */
	} else if (c.repeat != CAL_REPEAT_OTHER) {
		c.days = c.repeat == CAL_EVERY_WEEK ? days_of(json_get(v, "days")) : 0;
		(void)cal_parse(str_trim(json_str(json_get(v, "until"))), &c.until);
		rule = cal_choice_rule(m, &c, start, cal_zone(json_str(json_get(typed, "zone"))));
	}
	tree_set(m, typed, S("rrule"), tree_str(rule.p ? rule : S("")));
}

struct rrule_parts rrule_parts(struct mem *m, const struct json *rrule, const struct json *holder)
{
	struct str text = rrule->kind == JSON_IS_STRING ? rrule->text : S("");
	struct cal_series s = {.start = moment_of(m, json_get(holder, "start")), .end = {.precision = CAL_NONE}, .rrule = text};
	struct cal_choice c = cal_choice_of(text, s.start, NULL);
	struct rrule_parts p = {.repeat = repeats[c.repeat], .days = c.days, .text = text,
				.until = c.until.precision ? cal_text(m, cal_day(c.until)) : S("")};
	struct cal_occurrences o;

	if (!text.n || s.start.precision < CAL_DAY) {
		return p;
	}
	int64_t from = cal_to_utc(NULL, cal_day(s.start));
	if (cal_expand(m, &s, from, from + 3660 * TIME_DAY, COUNT(p.next), &o) == OK) {
		for (size_t i = 0; i < o.n; i++) {
			p.next[p.n_next++] = o.p[i].from;
		}
	}
	return p;
}
