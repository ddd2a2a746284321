/*
 * The places of a rule on the wall clock. Years, months, weeks and days are walked period by period: the days of each that
 * pass the rule, times the hours, minutes and seconds it names. What repeats within a day is walked unit by unit and jumps over
 * days and hours that cannot match. A rule without COUNT begins at the window asked for, not at the start of the series. Every
 * step is counted against `work`, so that no rule, however absurd, takes longer than some milliseconds.
 */
#include "../base/limits.h"
#include "../base/vec.h"
#include "part.h"

#define YEAR_DAYS 372

struct walk {
	const struct rule_walk *w;
	const struct cal_rule *r;
	struct mem *mem;
	struct wall_places *out;
	int64_t counted;
	bool stop, cut;
	bool dated; /* days are looked at by month or number, not by weekday only */
	unsigned weekdays; /* those of BYDAY that are not counted: bits 1 to 7 */
	bool nth;
	int year, month, day, weekday; /* of the start */
	int64_t start_day, lo_day, hi_day;
	int8_t hours[24], minutes[60], seconds[60];
	int n_hours, n_minutes, n_seconds;
	int64_t days[YEAR_DAYS];
	int n_days;
};

static bool step(struct walk *k)
{
	if (--*k->w->work < 0) {
		k->cut = k->stop = true;
	}
	return !k->stop;
}

static void emit(struct walk *k, int64_t wall)
{
	const struct rule_walk *w = k->w;

	if (wall < w->start || !step(k)) {
		return;
	}
	if (wall > w->until || wall > w->hi || (k->r->count > 0 && k->counted >= k->r->count)) {
		k->stop = true;
		return;
	}
	k->counted++;
	if (wall < w->lo) {
		return;
	}
	if (k->out->n >= w->max) {
		k->cut = k->stop = true;
		return;
	}
	*vec_add(k->mem, k->out) = wall;
}

/* ---- Days and times of one period ---- */

static int64_t time_at(const struct walk *k, int64_t i)
{
	int64_t per_hour = (int64_t)k->n_minutes * k->n_seconds;

	return k->hours[i / per_hour] * 3600 + k->minutes[i % per_hour / k->n_seconds] * 60 + k->seconds[i % k->n_seconds];
}

/* The chosen of `total` places, in order, each once; returns how many. */
static int chosen(const struct cal_rule *r, int64_t total, int64_t to[CAL_BY_MAX])
{
	int n = 0;

	for (size_t i = 0; i < r->n_setpos; i++) {
		int64_t x = r->setpos[i] > 0 ? r->setpos[i] - 1 : total + r->setpos[i];
		int at = n;

		if (x < 0 || x >= total) {
			continue;
		}
		while (at > 0 && to[at - 1] > x) {
			at--;
		}
		if (at > 0 && to[at - 1] == x) {
			continue;
		}
		memmove(to + at + 1, to + at, (size_t)(n - at) * sizeof(*to));
		to[at] = x;
		n++;
	}
	return n;
}

static void emit_days(struct walk *k)
{
	int64_t times = (int64_t)k->n_hours * k->n_minutes * k->n_seconds, at[CAL_BY_MAX];
	int n;

	if (k->r->n_setpos > 0) {
		n = chosen(k->r, times * k->n_days, at);
		for (int i = 0; i < n && !k->stop; i++) {
			emit(k, k->days[at[i] / times] * WALL_DAY + time_at(k, at[i] % times));
		}
		return;
	}
	for (int d = 0; d < k->n_days && !k->stop; d++) {
		if (k->r->count == 0 && k->days[d] < k->lo_day) {
			continue;
		}
		for (int64_t i = 0; i < times && !k->stop; i++) {
			emit(k, k->days[d] * WALL_DAY + time_at(k, i));
		}
	}
}

static bool has_number(const int16_t *p, size_t n, int a, int b)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == a || p[i] == b) {
			return true;
		}
	}
	return false;
}

/* BYDAY: `at` of `len` days of the month or year it is counted in, from 1; len 0 where nothing is counted. */
static bool day_named(const struct walk *k, int weekday, int at, int len)
{
	if (k->r->n_days == 0 || (k->weekdays >> weekday & 1)) {
		return true;
	}
	for (size_t i = 0; k->nth && i < k->r->n_days; i++) {
		const struct cal_byday d = k->r->days[i];

		if (d.weekday == weekday &&
		    (len == 0 || d.nth == (at - 1) / 7 + 1 || d.nth == -((len - at) / 7 + 1))) {
			return true;
		}
	}
	return false;
}

/* BYMONTH, BYMONTHDAY and BYYEARDAY. */
static bool date_ok(const struct walk *k, int64_t day, int y, int mo, int d)
{
	const struct cal_rule *r = k->r;

	if (r->months != 0 && !(r->months >> mo & 1)) {
		return false;
	}
	if ((r->monthdays | r->monthdays_end) != 0 && !(r->monthdays >> d & 1) &&
	    !(r->monthdays_end >> (wall_month_days(y, mo) - d + 1) & 1)) {
		return false;
	}
	if (r->n_yeardays > 0) {
		int at = (int)(day - days_of_date(y, 1, 1)) + 1;

		return has_number(r->yeardays, r->n_yeardays, at, at - (wall_leap(y) ? 366 : 365) - 1);
	}
	return true;
}

static bool day_ok(const struct walk *k, int64_t day)
{
	int y, mo, d;

	if (!day_named(k, wall_weekday(day), 0, 0)) {
		return false;
	}
	if (!k->dated) {
		return true;
	}
	wall_date(day, &y, &mo, &d);
	return date_ok(k, day, y, mo, d);
}

static void add_day(struct walk *k, int64_t day)
{
	if (k->n_days < YEAR_DAYS) {
		k->days[k->n_days++] = day;
	}
}

/* The days of a month that pass; in a year, BYDAY may be counted over the year. */
static void month_days(struct walk *k, int y, int mo, bool of_year)
{
	int64_t first = days_of_date(y, mo, 1), jan = of_year ? days_of_date(y, 1, 1) : first;
	int len = wall_month_days(y, mo), scope = of_year ? 365 + wall_leap(y) : len;

	if (k->r->months != 0 && !(k->r->months >> mo & 1)) {
		return;
	}
	if (k->r->n_days == 0 && (k->r->monthdays | k->r->monthdays_end) == 0 && k->r->n_yeardays == 0) {
		if (k->day <= len) {
			add_day(k, first + k->day - 1);
		}
		return;
	}
	for (int d = 1; d <= len && step(k); d++) {
		int64_t day = first + d - 1;

		if (day_named(k, wall_weekday(day), (int)(day - jan) + 1, scope) && date_ok(k, day, y, mo, d)) {
			add_day(k, day);
		}
	}
}

static int64_t week_one(int y, int wkst)
{
	int64_t jan = days_of_date(y, 1, 1);
	int before = (wall_weekday(jan) - wkst + 7) % 7;

	return jan - before + (before > 3 ? 7 : 0);
}

static void year_weeks(struct walk *k, int y)
{
	const struct cal_rule *r = k->r;
	int64_t first = week_one(y, r->wkst);
	int weeks = (int)((week_one(y + 1, r->wkst) - first) / 7);
	bool own = r->n_days == 0 && (r->monthdays | r->monthdays_end) == 0 && r->n_yeardays == 0;

	for (int n = 1; n <= weeks; n++) {
		if (!has_number(r->weeks, r->n_weeks, n, n - weeks - 1)) {
			continue;
		}
		for (int64_t day = first + (n - 1) * 7; day < first + n * 7 && step(k); day++) {
			if (own ? wall_weekday(day) == k->weekday : day_named(k, wall_weekday(day), 0, 0)) {
				int yy, mo, d;

				wall_date(day, &yy, &mo, &d);
				if (date_ok(k, day, yy, mo, d)) {
					add_day(k, day);
				}
			}
		}
	}
}

/* The year of weeks that the start belongs to. On the last days of one that has no place left the next one counts. */
static int week_year(struct walk *k)
{
	int y = k->year, wkst = k->r->wkst;

	if (k->start_day >= week_one(y + 1, wkst)) {
		return y + 1;
	}
	if (k->start_day >= week_one(y, wkst)) {
		return y;
	}
	year_weeks(k, y - 1);
	return k->n_days > 0 && k->days[k->n_days - 1] >= k->start_day ? y - 1 : y;
}

/* ---- Periods ---- */

/* The first period to look at: number `from` when the places before it need not be counted. */
static int64_t first_period(const struct walk *k, int64_t passed)
{
	return k->r->count > 0 || passed <= 0 ? 0 : passed / k->r->interval;
}

static void years(struct walk *k)
{
	const struct cal_rule *r = k->r;
	bool weeks = r->n_weeks > 0;
	/* days of the month alone are those of the month of the start, as other libraries have it: what a rule does not
	 * say is taken from the start */
	bool free_months = r->months == 0 && (r->n_days > 0 || r->n_yeardays > 0);
	int y0 = weeks ? week_year(k) : k->year, lo, mo, d;

	wall_date(k->lo_day, &lo, &mo, &d);
	for (int64_t i = first_period(k, lo - y0 - 1); !k->stop && step(k); i++) {
		int64_t y = y0 + i * r->interval;

		if (y > 2999 || days_of_date((int)y, 1, 1) - 7 > k->hi_day) {
			break;
		}
		k->n_days = 0;
		if (weeks) {
			year_weeks(k, (int)y);
		} else {
			for (mo = 1; mo <= 12; mo++) {
				if (r->months != 0 || free_months || mo == k->month) {
					month_days(k, (int)y, mo, r->months == 0);
				}
			}
		}
		emit_days(k);
	}
}

static void months(struct walk *k)
{
	int64_t m0 = (int64_t)k->year * 12 + k->month - 1;
	int lo, mo, d;

	wall_date(k->lo_day, &lo, &mo, &d);
	for (int64_t i = first_period(k, (int64_t)lo * 12 + mo - 1 - m0); !k->stop && step(k); i++) {
		int64_t at = m0 + i * k->r->interval;

		if (at / 12 > 2999 || days_of_date((int)(at / 12), (int)(at % 12) + 1, 1) > k->hi_day) {
			break;
		}
		k->n_days = 0;
		month_days(k, (int)(at / 12), (int)(at % 12) + 1, false);
		emit_days(k);
	}
}

static void weeks(struct walk *k)
{
	int64_t first = k->start_day - (k->weekday - k->r->wkst + 7) % 7;

	for (int64_t i = first_period(k, wall_div(k->lo_day - first, 7)); !k->stop && step(k); i++) {
		int64_t from = first + i * 7 * k->r->interval;

		if (from > k->hi_day) {
			break;
		}
		k->n_days = 0;
		for (int64_t day = from; day < from + 7; day++) {
			if (k->r->n_days == 0 ? wall_weekday(day) == k->weekday && day_ok(k, day) : day_ok(k, day)) {
				add_day(k, day);
			}
		}
		emit_days(k);
	}
}

static void days(struct walk *k)
{
	for (int64_t i = first_period(k, k->lo_day - k->start_day); !k->stop && step(k); i++) {
		int64_t day = k->start_day + i * k->r->interval;

		if (day > k->hi_day) {
			break;
		}
		if (day_ok(k, day)) {
			k->days[0] = day;
			k->n_days = 1;
			emit_days(k);
		}
	}
}

/* ---- Within a day ---- */

/* The unit at or after `to`, in steps of the interval. */
static int64_t jump(const struct walk *k, int64_t unit, int64_t to)
{
	int64_t by = k->r->interval;

	return unit + (to - unit + by - 1) / by * by;
}

/* What follows the unit when it cannot match, or -1 when it can. */
static int64_t skip_to(const struct walk *k, int64_t unit, int64_t size)
{
	const struct cal_rule *r = k->r;
	int64_t wall = unit * size, day = wall_div(wall, WALL_DAY), of_day = wall - day * WALL_DAY;

	if (!day_ok(k, day)) {
		return (day + 1) * WALL_DAY / size;
	}
	if (r->hours != 0 && !(r->hours >> (of_day / 3600) & 1)) {
		return (wall_div(wall, 3600) + 1) * 3600 / size;
	}
	if (size < 3600 && r->minutes != 0 && !(r->minutes >> (of_day / 60 % 60) & 1)) {
		return (wall_div(wall, 60) + 1) * 60 / size;
	}
	return size == 1 && r->seconds != 0 && !(r->seconds >> (of_day % 60) & 1) ? unit + 1 : -1;
}

static void emit_unit(struct walk *k, int64_t wall, int64_t size)
{
	int n_minutes = size == 3600 ? k->n_minutes : 1, n_seconds = size >= 60 ? k->n_seconds : 1;
	int64_t at[CAL_BY_MAX];
	int total = n_minutes * n_seconds, n = total;

	if (k->r->n_setpos > 0) {
		n = chosen(k->r, total, at);
	}
	for (int i = 0; i < n && !k->stop; i++) {
		int64_t x = k->r->n_setpos > 0 ? at[i] : i;

		emit(k, wall + (size == 3600 ? k->minutes[x / n_seconds] * 60 : 0) + (size >= 60 ? k->seconds[x % n_seconds] : 0));
	}
}

static void units(struct walk *k, int64_t size)
{
	int64_t first = wall_div(k->w->start, size);

	for (int64_t u = first + first_period(k, wall_div(k->w->lo, size) - first) * k->r->interval; !k->stop && step(k);) {
		int64_t next;

		if (u * size > k->w->hi) {
			break;
		}
		next = skip_to(k, u, size);
		if (next >= 0) {
			u = jump(k, u, next);
			continue;
		}
		emit_unit(k, u * size, size);
		u += k->r->interval;
	}
}

/* ---- All ---- */

/* A rule without any BY… that steps evenly: its places are counted, not walked. */
static bool even(struct walk *k, int64_t size)
{
	const struct cal_rule *r = k->r;
	int64_t by = size * r->interval, i = 0;

	if (k->dated || r->n_days > 0 || r->n_setpos > 0 || r->n_weeks > 0 || r->hours != 0 || r->minutes != 0 ||
	    r->seconds != 0) {
		return false;
	}
	if (k->w->lo > k->w->start) {
		i = (k->w->lo - k->w->start + by - 1) / by;
	}
	for (k->counted = i; !k->stop; i++) {
		emit(k, k->w->start + i * by);
	}
	return true;
}

static int times(int8_t *to, uint64_t set, int64_t own, int max)
{
	int n = 0;

	for (int i = 0; i < max; i++) {
		if (set >> i & 1) {
			to[n++] = (int8_t)i;
		}
	}
	if (n == 0) {
		to[n++] = (int8_t)own;
	}
	return n;
}

static void prepare(struct walk *k)
{
	const struct cal_rule *r = k->r;
	int64_t rest;

	k->start_day = wall_div(k->w->start, WALL_DAY);
	rest = k->w->start - k->start_day * WALL_DAY;
	k->lo_day = wall_div(k->w->lo > k->w->start ? k->w->lo : k->w->start, WALL_DAY);
	k->hi_day = wall_div(k->w->hi < k->w->until ? k->w->hi : k->w->until, WALL_DAY);
	wall_date(k->start_day, &k->year, &k->month, &k->day);
	k->weekday = wall_weekday(k->start_day);
	k->dated = r->months != 0 || (r->monthdays | r->monthdays_end) != 0 || r->n_yeardays > 0;
	for (size_t i = 0; i < r->n_days; i++) {
		/* counted weekdays mean something in months and years only */
		if (r->days[i].nth == 0 || r->freq < CAL_MONTHLY || r->n_weeks > 0) {
			k->weekdays |= 1u << r->days[i].weekday;
		} else {
			k->nth = true;
		}
	}
	k->n_hours = times(k->hours, k->w->all_day ? 0 : r->hours, rest / 3600, 24);
	k->n_minutes = times(k->minutes, k->w->all_day ? 0 : r->minutes, rest / 60 % 60, 60);
	k->n_seconds = times(k->seconds, k->w->all_day ? 0 : r->seconds, rest % 60, 60);
}

void rule_places(struct mem *m, const struct rule_walk *w, struct wall_places *places, bool *cut)
{
	struct walk k = {.w = w, .r = w->rule, .mem = m, .out = places};
	static const int64_t sizes[] = {1, 60, 3600, WALL_DAY};

	if (w->hi < w->start || w->until < w->start || (w->all_day && w->rule->freq < CAL_DAILY)) {
		return;
	}
	prepare(&k);
	if (w->rule->freq <= CAL_DAILY && even(&k, sizes[w->rule->freq])) {
		*cut = *cut || k.cut;
		return;
	}
	switch (w->rule->freq) {
	case CAL_YEARLY:
		years(&k);
		break;
	case CAL_MONTHLY:
		months(&k);
		break;
	case CAL_WEEKLY:
		weeks(&k);
		break;
	case CAL_DAILY:
		days(&k);
		break;
	case CAL_HOURLY:
	case CAL_MINUTELY:
	case CAL_SECONDLY:
		units(&k, sizes[w->rule->freq]);
		break;
	}
	*cut = *cut || k.cut;
}

bool rule_fits(const struct cal_rule *r, int64_t start, bool all_day)
{
	int64_t place, work = 100000;
	struct wall_places one = {.p = &place, .cap = 1};
	struct rule_walk w = {.rule = r, .start = start, .lo = start, .hi = start, .until = INT64_MAX, .all_day = all_day,
			      .max = 1, .work = &work};
	bool cut = false;

	rule_places(NULL, &w, &one, &cut);
	return one.n == 1;
}

int64_t rule_until(const struct cal_rule *r, const struct cal_zone *z, bool all_day)
{
	if (r->until.precision == CAL_NONE) {
		return INT64_MAX;
	}
	if (r->until.precision == CAL_DAY) {
		return wall_of(r->until) + (all_day ? 0 : WALL_DAY - 1);
	}
	return r->until_utc ? zone_wall(z, wall_of(r->until)) : wall_of(r->until);
}
