/* iCalendar: any bytes are read without harm; what was read is written, and reads back as the same events on the same dates. */
#include "base/limits.h"
#include "base/utf8.h"
#include "cal/ical.h"
#include "fuzz.h"

static void write_all(struct mem *m, const struct ical_file *f, struct buf *b)
{
	struct ical_out o = ical_to(m, b, NULL, NULL);

	ical_put_head(&o, &(struct cal_feed){.name = S("A"), .since = -1});
	for (size_t i = 0; i < f->n_events; i++) {
		ical_put_event(&o, &f->events[i]);
	}
	PROMISE(ical_done(&o) == OK);
}

static void same_event(struct mem *m, const struct cal_event *a, const struct cal_event *b)
{
	struct cal_series s = cal_series_of(m, a), again = cal_series_of(m, b);
	struct cal_occurrences x, y;

	PROMISE(str_eq(a->title, b->title) || a->title.n == 0);
	PROMISE(utf8_ok(a->title) && utf8_ok(a->body) && utf8_ok(a->location) && utf8_ok(a->uid));
	PROMISE(cal_expand(m, &s, 0, INT64_C(4000000000000), 20, &x) == OK);
	PROMISE(cal_expand(m, &again, 0, INT64_C(4000000000000), 20, &y) == OK);
	PROMISE(x.n == y.n || x.cut || y.cut);
	for (size_t i = 0; i < x.n && i < y.n && !x.cut && !y.cut; i++) {
		PROMISE(x.p[i].from == y.p[i].from || a->floating);
	}
}

void fuzz_one(struct mem *m, struct str in)
{
	struct ical_file f, again;
	struct buf b = buf_make(m, MIB(64));

	if (ical_read(m, in, &f) != OK) {
		PROMISE(f.n_problems > 0);
		return;
	}
	for (size_t i = 0; i < f.n_problems; i++) {
		PROMISE(f.problems[i].line > 0 && f.problems[i].what != NULL);
	}
	if (f.n_events > 50) {
		return;
	}
	write_all(m, &f, &b);
	PROMISE(utf8_ok(buf_str(&b)));
	PROMISE(ical_read(m, buf_str(&b), &again) == OK);
	if (f.n_events == 1 && again.n_events == 1 && f.events[0].on.precision == CAL_NONE && f.events[0].n_overrides == 0) {
		same_event(m, &f.events[0], &again.events[0]);
	}
}
