/*
 * The choices of a form, as a rule and back. A rule that was made here is found again as the same choice.
 */
#include "../base/limits.h"
#include "part.h"

static int nth_of(struct cal_moment m)
{
	return (m.day - 1) / 7 + 1;
}

static void put_days(struct buf *b, unsigned days)
{
	static const char *const names[] = {"", "MO", "TU", "WE", "TH", "FR", "SA", "SU"};
	const char *sep = ";BYDAY=";

	for (int d = 1; d <= 7; d++) {
		if (days >> d & 1) {
			buf_fmt(b, "%s%s", sep, names[d]);
			sep = ",";
		}
	}
}

static void set_end(const struct cal_choice *c, struct cal_rule *r, struct cal_moment start, const struct cal_zone *z)
{
	if (c->count > 0) {
		r->count = c->count;
	} else if (c->until.precision == CAL_DAY && start.precision == CAL_DAY) {
		r->until = c->until;
	} else if (c->until.precision == CAL_DAY) {
		/* the last second of that day; RFC 5545 wants it in UTC */
		r->until = wall_moment(zone_utc(z, wall_of(c->until) + WALL_DAY - 1), CAL_MINUTE);
		r->until_utc = true;
	}
}

struct str cal_choice_rule(struct mem *m, const struct cal_choice *c, struct cal_moment start, const struct cal_zone *z)
{
	struct cal_rule r;
	int weekday = start.precision >= CAL_DAY ? cal_weekday(start) : 0;
	struct buf b = buf_make(m, 200);

	if (weekday == 0) {
		return STR_NONE;
	}
	switch (c->repeat) {
	case CAL_ONCE:
	case CAL_REPEAT_OTHER:
		return STR_NONE;
	case CAL_EVERY_DAY:
		buf_put(&b, S("FREQ=DAILY"));
		break;
	case CAL_EVERY_WEEK:
		buf_put(&b, S("FREQ=WEEKLY"));
		put_days(&b, c->days & 0xfe ? c->days : 1u << weekday);
		break;
	case CAL_EVERY_MONTH_DAY:
		buf_fmt(&b, "FREQ=MONTHLY;BYMONTHDAY=%d", start.day);
		break;
	case CAL_EVERY_MONTH_NTH:
		buf_fmt(&b, "FREQ=MONTHLY;BYDAY=%d", c->nth != 0 ? c->nth : nth_of(start) > 4 ? -1 : nth_of(start));
		buf_put(&b, str_sub(S("XXMOTUWETHFRSASU"), (size_t)(c->weekday > 0 ? c->weekday : weekday) * 2, 2));
		break;
	case CAL_EVERY_YEAR:
		buf_fmt(&b, "FREQ=YEARLY;BYMONTH=%d;BYMONTHDAY=%d", start.month, start.day);
		break;
	}
	if (!cal_rule_parse(buf_str(&b), &r, NULL)) {
		return STR_NONE;
	}
	r.interval = c->interval > 1 ? c->interval : 1;
	set_end(c, &r, start, z);
	return cal_rule_text(m, &r);
}

/* The last day on which a rule has a place. */
static struct cal_moment last_day(const struct cal_rule *r, const struct cal_zone *z, struct cal_moment start)
{
	struct cal_moment day;
	int64_t wall;

	if (r->until.precision != CAL_MINUTE) {
		return r->until;
	}
	wall = r->until_utc ? zone_wall(z, wall_of(r->until)) : wall_of(r->until);
	day = wall_moment(wall, CAL_DAY);
	if (start.precision == CAL_MINUTE && wall - wall_of(day) < start.hour * 3600 + start.minute * 60 + start.second) {
		day = cal_add_days(day, -1); /* ends before that day's occurrence */
	}
	return day;
}

static bool simple(const struct cal_rule *r)
{
	return r->n_weeks == 0 && r->n_yeardays == 0 && r->n_setpos == 0 && r->hours == 0 && r->minutes == 0 &&
	       r->seconds == 0 && r->monthdays_end == 0 && (r->count == 0 || r->until.precision == CAL_NONE);
}

static void find_repeat(const struct cal_rule *r, struct cal_moment start, struct cal_choice *c)
{
	bool dated = (r->monthdays | r->months) != 0;
	bool own_day = r->monthdays == 0 || r->monthdays == UINT32_C(1) << start.day;
	bool own_month = r->months == 0 || r->months == 1u << start.month;

	c->repeat = CAL_REPEAT_OTHER;
	if (r->freq == CAL_DAILY && !dated && r->n_days == 0) {
		c->repeat = CAL_EVERY_DAY;
	} else if (r->freq == CAL_WEEKLY && !dated && (r->interval == 1 || r->wkst == 1)) {
		c->repeat = CAL_EVERY_WEEK;
		for (size_t i = 0; i < r->n_days; i++) {
			c->days |= 1u << r->days[i].weekday;
			c->repeat = r->days[i].nth != 0 ? CAL_REPEAT_OTHER : c->repeat;
		}
		if (r->n_days == 0) {
			c->days = 1u << cal_weekday(start);
		}
	} else if (r->freq == CAL_MONTHLY && r->months == 0 && r->n_days == 0 && own_day) {
		c->repeat = CAL_EVERY_MONTH_DAY;
	} else if (r->freq == CAL_MONTHLY && !dated && r->n_days == 1 && r->days[0].nth >= -1 && r->days[0].nth <= 4 &&
		   r->days[0].nth != 0) {
		c->repeat = CAL_EVERY_MONTH_NTH;
		c->nth = r->days[0].nth;
		c->weekday = r->days[0].weekday;
	} else if (r->freq == CAL_YEARLY && r->n_days == 0 && own_day && own_month) {
		c->repeat = CAL_EVERY_YEAR;
	}
}

struct cal_choice cal_choice_of(struct str rrule, struct cal_moment start, const struct cal_zone *z)
{
	struct cal_choice c = {.repeat = CAL_REPEAT_OTHER, .interval = 1};
	struct cal_rule r;

	if (str_trim(rrule).n == 0) {
		c.repeat = CAL_ONCE;
		return c;
	}
	if (start.precision < CAL_DAY || !cal_rule_parse(rrule, &r, NULL) || !simple(&r)) {
		return c;
	}
	find_repeat(&r, start, &c);
	c.interval = r.interval;
	c.count = r.count;
	c.until = last_day(&r, z, start);
	return c;
}
