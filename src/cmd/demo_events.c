/*
 * See demo_events.h.
 */
#include "demo_events.h"

#include "../entity/tree.h"
#include "../mod/agenda/event.h"

/* "12-18" as the next such day. */
static struct cal_moment next_day(struct str s, struct cal_moment today)
{
	int64_t month = 1, day = 1;

	if (!str_to_i64(str_cut(&s, '-'), &month) || !str_to_i64(s, &day)) {
		return today;
	}
	struct cal_moment m = {.precision = CAL_DAY, .year = today.year, .month = (int)month, .day = (int)day};
	m.year += cal_cmp(m, today) < 0;
	return m;
}

static struct str resolve(struct mem *m, struct str s, struct cal_moment today)
{
	struct str rest = s, day = str_cut(&rest, 'T');
	struct cal_moment c = today;
	int64_t n = 0;

	if (!s.n || !(s.p[0] == '+' || s.p[0] == '-' || s.p[0] == '@')) {
		return s;
	}
	struct str number = str_sub(day, s.p[0] == '-' ? 0 : 1, day.n);
	if (s.p[0] == '@') {
		c = next_day(number, today);
	} else if (str_ends(number, S("M")) && str_to_i64(str_sub(number, 0, number.n - 1), &n)) {
		int month = today.month - 1 + (int)n;
		return str_fmt(m, "%04d-%02d", today.year + month / 12, month % 12 + 1);
	} else if (str_to_i64(number, &n)) {
		c = cal_add_days(today, (int)n);
	}
	return rest.p ? str_fmt(m, "%.*sT%.*s", STR_ARG(cal_text(m, c)), STR_ARG(rest)) : cal_text(m, c);
}

void demo_event_times(struct mem *m, struct json *doc, int64_t now)
{
	static const char *const fields[] = {"start", "end"};
	struct cal_moment today = cal_day(cal_of_utc(NULL, now));

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct str s = json_str(json_get(doc, fields[i]));
		if (s.n) {
			tree_set(m, doc, str_of(fields[i]), tree_str(resolve(m, s, today)));
		}
	}
}

enum err demo_event_hosts(struct db *db, struct mem *m, const struct object *ob, int64_t now)
{
	struct act act = {.verb = "create", .now = now, .public_change = true};
	struct event_host *hosts;
	size_t n;

	if (ob->entity != &event_entity) {
		return OK;
	}
	TRY(event_hosts(db, m, ob, &hosts, &n));
	for (size_t i = 0; i < n; i++) {
		if (hosts[i].actor) {
			TRY(event_host_answer(db, m, ob->id, hosts[i].actor, "accepted", &act));
		}
	}
	return OK;
}
