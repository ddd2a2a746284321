/*
 * VTIMEZONE from the changes of a zone: years that change alike become one rule, the others single dates. What still goes on when
 * the table ends goes on in the file.
 */
#include "ical.h"
#include "ical_part.h"
#include "part.h"

/* After this year a rule that still holds is written without an end; what follows no rule is written until there. */
#define OPEN_YEAR 2040

/* One change as a rule would say it. */
struct change {
	int from, to;
	int64_t wall; /* on the clock before the change */
	int year, month, weekday, nth;
	bool last; /* in the last seven days of its month */
	int64_t of_day;
};

static struct change change_at(const int64_t *at, const int32_t *off, size_t i)
{
	struct change c = {.from = off[i], .to = off[i + 1], .wall = at[i] + off[i]};
	int64_t day = wall_div(c.wall, WALL_DAY);
	int d;

	wall_date(day, &c.year, &c.month, &d);
	c.weekday = wall_weekday(day);
	c.nth = (d - 1) / 7 + 1;
	c.last = d + 7 > wall_month_days(c.year, c.month);
	c.of_day = c.wall - day * WALL_DAY;
	return c;
}

/* Whether `b`, a year after `a`, follows the same rule; *nth and *last are what still fits both. */
static bool continues(const struct change *a, const struct change *b, bool *nth, bool *last)
{
	*nth = *nth && a->nth == b->nth && a->nth < 5;
	*last = *last && b->last;
	return b->year == a->year + 1 && a->from == b->from && a->to == b->to && a->month == b->month &&
	       a->weekday == b->weekday && a->of_day == b->of_day && (*nth || *last);
}

static void put_offset(struct ical_out *o, const char *name, int off)
{
	int abs = off < 0 ? -off : off;

	buf_fmt(&o->line, "%s:%c%02d%02d", name, off < 0 ? '-' : '+', abs / 3600, abs / 60 % 60);
	if (abs % 60 != 0) {
		buf_fmt(&o->line, "%02d", abs % 60);
	}
	ical_line_end(o);
}

static void put_wall(struct ical_out *o, const char *name, int64_t wall, const char *end)
{
	struct cal_moment m = wall_moment(wall, CAL_MINUTE);

	buf_fmt(&o->line, "%s%04d%02d%02dT%02d%02d%02d%s", name, m.year, m.month, m.day, m.hour, m.minute, m.second, end);
}

/* `first` to `last`, of one kind; `n` of them in a row of years. */
static void observance(struct ical_out *o, const struct change *first, const struct change *last, int n, bool by_last)
{
	static const char *const days[] = {"", "MO", "TU", "WE", "TH", "FR", "SA", "SU"};
	const char *kind = first->to > first->from ? "DAYLIGHT" : "STANDARD";

	buf_fmt(o->b, "BEGIN:%s\r\n", kind);
	put_wall(o, "DTSTART:", first->wall, "");
	ical_line_end(o);
	put_offset(o, "TZOFFSETFROM", first->from);
	put_offset(o, "TZOFFSETTO", first->to);
	if (n > 1) {
		buf_fmt(&o->line, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first->month, by_last ? -1 : first->nth,
			days[first->weekday]);
		if (last->year < OPEN_YEAR) {
			put_wall(o, ";UNTIL=", last->wall - last->from, "Z");
		}
		ical_line_end(o);
	}
	buf_fmt(o->b, "END:%s\r\n", kind);
}

/* The offset that holds when the file begins. */
static void beginning(struct ical_out *o, int off, int since)
{
	struct change c = {.from = off, .to = off, .wall = days_of_date(since, 1, 1) * WALL_DAY};

	observance(o, &c, &c, 1, false);
}

/* The changes of one kind (from, to), as rules. `done` marks what is written. */
static void runs(struct ical_out *o, const struct change *c, size_t n, bool *done)
{
	for (size_t i = 0; i < n; i++) {
		struct change last = c[i];
		bool nth = true, end = c[i].last;
		int count = 1;

		if (done[i]) {
			continue;
		}
		done[i] = true;
		for (size_t k = i + 1; k < n; k++) {
			bool nth_too = nth, end_too = end;

			if (done[k] || c[k].year <= last.year || !continues(&last, &c[k], &nth_too, &end_too)) {
				continue;
			}
			nth = nth_too;
			end = end_too;
			last = c[k];
			done[k] = true;
			count++;
		}
		if (c[i].year < OPEN_YEAR || count > 1) {
			observance(o, &c[i], &last, count, end);
		}
	}
}

void ical_put_zone(struct ical_out *o, const struct cal_zone *z, int since)
{
	const int64_t *at;
	const int32_t *off;
	size_t n = zone_changes(z, &at, &off), first = 0, k = 0;
	struct change c[300];
	bool done[300] = {0};
	int64_t from = days_of_date(since, 1, 1) * WALL_DAY;

	while (first < n && at[first] + off[first] < from) {
		first++;
	}
	buf_put(o->b, S("BEGIN:VTIMEZONE\r\n"));
	ical_raw(o, "TZID", cal_zone_name(z));
	ical_raw(o, "X-LIC-LOCATION", cal_zone_name(z));
	beginning(o, off[first], since);
	for (size_t i = first; i < n && k < COUNT(c); i++) {
		c[k] = change_at(at, off, i);
		k += c[k].year <= OPEN_YEAR;
	}
	runs(o, c, k, done);
	buf_put(o->b, S("END:VTIMEZONE\r\n"));
}
