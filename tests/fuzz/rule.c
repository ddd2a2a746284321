/* Moments, zones and rules of recurrence, a line each: bounded whatever they say, in order, and canonical text reads back. */
#include "fuzz.h"

#include "base/limits.h"
#include "cal/cal.h"

void fuzz_one(struct mem *m, struct str in)
{
	struct cal_series s = {0};
	struct cal_rule rule;
	struct cal_occurrences out = {0};
	const char *what = NULL;
	struct str start = str_cut(&in, '\n'), zone = in.p ? str_cut(&in, '\n') : S("");

	if (!cal_parse(start, &s.start)) {
		s.start = (struct cal_moment){.precision = CAL_MINUTE, .year = 2026, .month = 3, .day = 1, .hour = 2, .minute = 30};
	} else {
		struct cal_moment back;
		PROMISE(cal_parse(cal_text(m, s.start), &back) && cal_cmp(back, s.start) == 0);
	}
	s.zone = cal_zone_guess(zone);
	s.rrule = in.p ? in : S("");
	if (cal_rule_parse(s.rrule, &rule, &what)) {
		struct cal_rule again;
		PROMISE(cal_rule_parse(cal_rule_text(m, &rule), &again, NULL));
		PROMISE(str_eq(cal_rule_text(m, &again), cal_rule_text(m, &rule)));
		(void)cal_choice_of(s.rrule, s.start, s.zone);
	}
	if (cal_expand(m, &s, time_of_civil((struct civil){.year = 2020, .month = 1, .day = 1}),
		       time_of_civil((struct civil){.year = 2036, .month = 1, .day = 1}), 100, &out) == OK) {
		PROMISE(out.n <= 100);
		for (size_t i = 1; i < out.n; i++) {
			PROMISE(out.p[i - 1].from <= out.p[i].from);
		}
	}
}
