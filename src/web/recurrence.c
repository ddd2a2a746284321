/*
 * Rules in words. Each way of repeating that a form offers has its own sentence, so that languages may build theirs as they do;
 * the rest is said with its end only: dates themselves are listed beside it.
 */
#include "recurrence.h"

#include "../html/i18n.h"

/* The sentence with each {name} replaced. */
static struct str fill(const struct req *rq, struct str sentence, struct str name, struct str value)
{
	ptrdiff_t at = str_find(sentence, name);

	if (at < 0) {
		return sentence;
	}
	return str_fmt(rq->mem, "%.*s%.*s%.*s", (int)at, sentence.p, STR_ARG(value),
		       STR_ARG(str_sub(sentence, (size_t)at + name.n, sentence.n)));
}

static struct str counted(const struct req *rq, struct str sentence, int64_t n)
{
	return fill(rq, sentence, S("{n}"), words_number(rq, n));
}

static struct str every_weekday(const struct req *rq, int weekday)
{
	static const char *const each[] = {N_("every Monday"), N_("every Tuesday"), N_("every Wednesday"), N_("every Thursday"),
					   N_("every Friday"), N_("every Saturday"), N_("every Sunday")};

	return tr(rq->i18n, each[weekday - 1]);
}

static struct str weekly(const struct req *rq, const struct cal_choice *c)
{
	struct str days[7], every;
	int n = 0, last = 1;

	for (int d = 1; d <= 7; d++) {
		if (c->days >> d & 1) {
			days[n++] = words_weekday(rq, d);
			last = d;
		}
	}
	if (n == 1 && c->interval == 1) {
		return every_weekday(rq, last);
	}
	if (n == 7 && c->interval == 1) {
		return tr_n(rq->i18n, "every day", "every {n} days", 1);
	}
	every = counted(rq, tr_n(rq->i18n, "every week: {days}", "every {n} weeks: {days}", c->interval), c->interval);
	return fill(rq, every, S("{days}"), words_list(rq, days, (size_t)n));
}

static struct str monthly(const struct req *rq, int interval)
{
	return counted(rq, tr_n(rq->i18n, "every month", "every {n} months", interval), interval);
}

/* "le deuxième mardi du mois"; two kinds of days, because Portuguese has two kinds of firsts. */
static struct str nth_weekday(const struct req *rq, int nth, int weekday)
{
	static const char *const of_week[] = {N_("on the last {weekday} of the month"), N_("on the first {weekday} of the month"),
					      N_("on the second {weekday} of the month"), N_("on the third {weekday} of the month"),
					      N_("on the fourth {weekday} of the month")};
	static const char *const of_end[] = {N_("on the last {saturday} of the month"), N_("on the first {saturday} of the month"),
					     N_("on the second {saturday} of the month"), N_("on the third {saturday} of the month"),
					     N_("on the fourth {saturday} of the month")};
	int at = nth < 0 ? 0 : nth;

	if (weekday > 5) {
		return fill(rq, tr(rq->i18n, of_end[at]), S("{saturday}"), words_weekday(rq, weekday));
	}
	return fill(rq, tr(rq->i18n, of_week[at]), S("{weekday}"), words_weekday(rq, weekday));
}

static struct str joined(const struct req *rq, struct str a, struct str b)
{
	return fill(rq, fill(rq, tr(rq->i18n, "{often}, {which}"), S("{often}"), a), S("{which}"), b);
}

static struct str how_often(const struct req *rq, const struct cal_choice *c, struct cal_moment start)
{
	struct str often;

	switch (c->repeat) {
	case CAL_ONCE:
		break;
	case CAL_EVERY_DAY:
		return counted(rq, tr_n(rq->i18n, "every day", "every {n} days", c->interval), c->interval);
	case CAL_EVERY_WEEK:
		return weekly(rq, c);
	case CAL_EVERY_MONTH_DAY:
		return joined(rq, monthly(rq, c->interval), counted(rq, tr(rq->i18n, "on day {n}"), start.day));
	case CAL_EVERY_MONTH_NTH:
		return c->interval == 1 ? nth_weekday(rq, c->nth, c->weekday)
					: joined(rq, monthly(rq, c->interval), nth_weekday(rq, c->nth, c->weekday));
	case CAL_EVERY_YEAR:
		often = counted(rq, tr_n(rq->i18n, "every year on {date}", "every {n} years on {date}", c->interval), c->interval);
		return fill(rq, often, S("{date}"), words_day_of_year(rq, start.month, start.day));
	case CAL_REPEAT_OTHER:
		return tr(rq->i18n, "on several dates");
	}
	return S("");
}

struct str words_recurrence(const struct req *rq, struct str rrule, struct cal_moment start, const struct cal_zone *z)
{
	struct cal_choice c = cal_choice_of(rrule, start, z);
	struct str often = how_often(rq, &c, start), end;

	if (c.until.precision == CAL_DAY) {
		end = fill(rq, tr(rq->i18n, "{often} until {date}"), S("{often}"), often);
		return fill(rq, end, S("{date}"), words_partial_date(rq, cal_text(rq->mem, c.until)));
	}
	if (c.count > 0) {
		end = counted(rq, tr_n(rq->i18n, "{often}, once", "{often}, {n} times", c.count), c.count);
		return fill(rq, end, S("{often}"), often);
	}
	return often;
}
