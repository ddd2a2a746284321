/*
 * When something happens, in words of the visitor's language; times are those of the place.
 */
#include "../../web/site.h"
#include "agenda.h"

static int64_t local(struct cal_moment m)
{
	return cal_to_utc(NULL, m);
}

/* The town whose time it is, when that is not the site's. */
static struct str zone_words(struct req *rq, struct str zone, struct cal_moment at)
{
	const struct cal_zone *z = cal_zone(zone), *site = cal_zone(rq->site->time_zone);

	if (!z || at.precision != CAL_MINUTE || (site && cal_offset(z, cal_to_utc(z, at)) == cal_offset(site, cal_to_utc(z, at)))) {
		return S("");
	}
	return cal_zone_label(rq->mem, z, rq->lang, cal_to_utc(z, at));
}

static bool same_day(struct cal_moment a, struct cal_moment b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

struct str event_hours(struct req *rq, struct cal_moment start, struct cal_moment end, struct str zone)
{
	struct str from, words;

	if (start.precision != CAL_MINUTE) {
		return S("");
	}
	from = words_time(rq, local(start));
	words = end.precision == CAL_MINUTE && (same_day(start, end) || local(end) - local(start) < 12 * TIME_HOUR)
			? T_FMT(rq, N_("{from}–{to}"), {S("from"), from}, {S("to"), words_time(rq, local(end))})
			: from;
	struct str z = zone_words(rq, zone, start);
	return z.n ? T_FMT(rq, N_("{hours}, {zone}"), {S("hours"), words}, {S("zone"), z}) : words;
}

static struct str day_words(struct req *rq, struct cal_moment m)
{
	return m.precision >= CAL_DAY ? words_day(rq, local(cal_day(m))) : words_partial_date(rq, cal_text(rq->mem, m));
}

/* A moment of several days: the day, and the hour when it is known. */
static struct str edge(struct req *rq, struct cal_moment m)
{
	return m.precision == CAL_MINUTE ? T_FMT(rq, N_("{day}, {hours}"), {S("day"), day_words(rq, m)}, {S("hours"), words_time(rq, local(m))})
					 : day_words(rq, m);
}

struct str event_words(struct req *rq, struct cal_moment start, struct cal_moment end, struct str zone, bool with_zone)
{
	if (start.precision == CAL_NONE) {
		return str_of(T(rq, N_("Date to be decided")));
	}
	bool several = end.precision >= CAL_DAY && !same_day(start, end) &&
		       !(start.precision == CAL_MINUTE && local(end) - local(start) < 12 * TIME_HOUR);
	if (several || (end.precision && start.precision < CAL_DAY && cal_cmp(start, end) != 0)) {
		struct str both = T_FMT(rq, N_("from {from} to {to}"), {S("from"), edge(rq, start)}, {S("to"), edge(rq, end)});
		struct str z = with_zone ? zone_words(rq, zone, start) : S("");
		return z.n ? T_FMT(rq, N_("{hours}, {zone}"), {S("hours"), both}, {S("zone"), z}) : both;
	}
	struct str hours = event_hours(rq, start, end, with_zone ? zone : S(""));
	return hours.n ? T_FMT(rq, N_("{day}, {hours}"), {S("day"), day_words(rq, start)}, {S("hours"), hours}) : day_words(rq, start);
}

struct str event_datetime(struct req *rq, const struct cal_zone *z, struct cal_moment m)
{
	struct buf b = buf_make(rq->mem, 64);

	if (m.precision == CAL_MINUTE && z) {
		buf_put_time(&b, cal_to_utc(z, m));
		return buf_str(&b);
	}
	return cal_text(rq->mem, m);
}

/* ---- repetition ------------------------------------------------------------------------------------------------------ */

static struct str weekday_name(struct req *rq, int weekday)
{
	static const char *const names[] = {"", N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")};

	return str_of(T(rq, names[weekday >= 1 && weekday <= 7 ? weekday : 1]));
}

static struct str days_list(struct req *rq, unsigned days, int otherwise)
{
	struct str names[7];
	size_t n = 0;

	for (int d = 1; d <= 7; d++) {
		if (days & (1u << d)) {
			names[n++] = weekday_name(rq, d);
		}
	}
	if (!n) {
		names[n++] = weekday_name(rq, otherwise);
	}
	return words_list(rq, names, n);
}

static struct str every(struct req *rq, const struct cal_choice *c, struct cal_moment start)
{
	static const char *const nth[] = {N_("Each month, on the first {weekday}"), N_("Each month, on the second {weekday}"),
					  N_("Each month, on the third {weekday}"), N_("Each month, on the fourth {weekday}"),
					  N_("Each month, on the last {weekday}")};
	struct str n = words_number(rq, c->interval);

	switch (c->repeat) {
	case CAL_EVERY_DAY:
		return c->interval > 1 ? T_FMT(rq, N_("Every {n} days"), {S("n"), n}) : str_of(T(rq, N_("Each day")));
	case CAL_EVERY_WEEK:
		return c->interval > 1 ? T_FMT(rq, N_("Every {n} weeks: {days}"), {S("n"), n}, {S("days"), days_list(rq, c->days, cal_weekday(start))})
				       : T_FMT(rq, N_("Each week: {days}"), {S("days"), days_list(rq, c->days, cal_weekday(start))});
	case CAL_EVERY_MONTH_DAY:
		return T_FMT(rq, N_("Each month, on the {day}"), {S("day"), words_number(rq, start.day)});
	case CAL_EVERY_MONTH_NTH: {
		int k = c->nth ? c->nth : (start.day - 1) / 7 + 1;
		return T_FMT(rq, nth[k < 1 || k > 4 ? 4 : k - 1], {S("weekday"), weekday_name(rq, c->weekday ? c->weekday : cal_weekday(start))});
	}
	case CAL_EVERY_YEAR:
		return str_of(T(rq, N_("Each year")));
	case CAL_ONCE:
	case CAL_REPEAT_OTHER:
		break;
	}
	return str_of(T(rq, N_("Several dates")));
}

struct str event_repeats(struct req *rq, const struct json *doc)
{
	struct cal_series s = event_series(rq->mem, doc);
	struct cal_choice c = cal_choice_of(s.rrule, s.start, s.zone);

	if (s.start.precision < CAL_DAY || (c.repeat == CAL_ONCE && !s.n_rdates)) {
		return S("");
	}
	struct str words = c.repeat == CAL_ONCE ? str_of(T(rq, N_("Several dates"))) : every(rq, &c, s.start);
	return c.until.precision ? T_FMT(rq, N_("{repeats}, until {day}"), {S("repeats"), words}, {S("day"), day_words(rq, c.until)}) : words;
}
