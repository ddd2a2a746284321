/*
 * A series: its start, its rules, dates added and taken out, occurrences that were moved or cancelled. Places are found on the
 * wall clock, then each becomes instants in the zone: an evening stays at 18:30 when the clocks change.
 */
#include <stdlib.h>

#include "../base/limits.h"
#include "../base/vec.h"
#include "part.h"

struct expansion {
	struct mem *mem;
	const struct cal_series *s;
	int64_t from, to; /* ms, as asked */
	bool all_day;
	int64_t start;  /* wall */
	int64_t length; /* seconds: of the instants, or of whole days on the wall */
	int64_t lo, hi; /* wall, with room for zones, lengths and what was moved */
	struct wall_places places;
	int64_t *gone; /* exdates with a time, sorted */
	size_t n_gone;
	int64_t *gone_days;
	size_t n_gone_days;
	bool periods; /* some added date has its own end */
	bool cut;
};

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int by_time(const void *a, const void *b)
{
	const struct cal_occurrence *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : cal_cmp(x->on, y->on);
}

static bool among(const int64_t *p, size_t n, int64_t v)
{
	return n > 0 && bsearch(&v, p, n, sizeof(*p), by_value) != NULL;
}

static bool touches(const struct expansion *x, int64_t from, int64_t to)
{
	return from < x->to && (to > x->from || (from == to && from >= x->from));
}

/* How long each one is: instants for times (RFC 5545, 3.6.1: "the same exact duration"), days for days. */
static int64_t length_of(const struct cal_series *s, struct cal_moment start, struct cal_moment end)
{
	int64_t from, to;

	if (start.precision == CAL_DAY) {
		int64_t days = end.precision == CAL_NONE ? 0 : wall_div(wall_of(end) - wall_of(start), WALL_DAY);

		return (days < 0 ? 1 : days + 1) * WALL_DAY;
	}
	cal_span(s->zone, start, end, &from, &to);
	return (to - from) / 1000;
}

static void prepare_gone(struct expansion *x)
{
	const struct cal_series *s = x->s;

	x->gone = mem_array(x->mem, int64_t, s->n_exdates);
	x->gone_days = mem_array(x->mem, int64_t, s->n_exdates);
	for (size_t i = 0; i < s->n_exdates; i++) {
		int64_t wall = wall_of(s->exdates[i]);

		if (s->exdates[i].precision == CAL_MINUTE && !x->all_day) {
			x->gone[x->n_gone++] = wall;
		} else if (s->exdates[i].precision >= CAL_DAY) {
			x->gone_days[x->n_gone_days++] = wall_div(wall, WALL_DAY);
		}
	}
	qsort(x->gone, x->n_gone, sizeof(*x->gone), by_value);
	qsort(x->gone_days, x->n_gone_days, sizeof(*x->gone_days), by_value);
}

/* Clamps an instant to the years we count in. */
static int64_t clamp(int64_t ms)
{
	const int64_t lo = days_of_date(1600, 1, 1) * TIME_DAY, hi = days_of_date(3000, 1, 1) * TIME_DAY;

	return ms < lo ? lo : ms > hi ? hi : ms;
}

static void prepare(struct expansion *x)
{
	const struct cal_series *s = x->s;
	int64_t room = WALL_DAY;

	x->all_day = s->start.precision == CAL_DAY;
	x->start = wall_of(s->start);
	x->length = length_of(s, s->start, s->end);
	for (size_t i = 0; i < s->n_exceptions; i++) {
		const struct cal_exception *e = &s->exceptions[i];

		if (e->following && e->start.precision >= CAL_DAY) {
			int64_t by = wall_of(e->start) - wall_of(e->on), longer = length_of(s, e->start, e->end);

			by = (by < 0 ? -by : by) + longer;
			room = by + WALL_DAY > room ? by + WALL_DAY : room;
		}
	}
	x->lo = zone_wall(s->zone, wall_div(clamp(x->from), 1000)) - x->length - room;
	x->hi = zone_wall(s->zone, wall_div(clamp(x->to), 1000)) + room;
	for (size_t i = 0; i < s->n_rdates; i++) {
		x->periods = x->periods || s->rdates[i].end.precision != CAL_NONE;
	}
	prepare_gone(x);
}

static enum err walk_rules(struct expansion *x, size_t max)
{
	int64_t work = LIMIT_RRULE_WORK;
	struct str rest = x->s->rrule;
	int n = 0;

	while (rest.p != NULL) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		struct cal_rule r;
		const char *what = NULL;
		struct rule_walk w = {.rule = &r, .start = x->start, .lo = x->lo, .hi = x->hi,
				      .all_day = x->all_day, .max = x->places.n + max, .work = &work};

		if (line.n == 0) {
			continue;
		}
		if (++n > LIMIT_RRULES) {
			return E_LIMIT;
		}
		if (!cal_rule_parse(line, &r, &what)) {
			return E_INVALID;
		}
		w.until = rule_until(&r, x->s->zone, x->all_day);
		rule_places(x->mem, &w, &x->places, &x->cut);
	}
	return OK;
}

static void add_place(struct expansion *x, int64_t wall)
{
	*vec_add(x->mem, &x->places) = wall;
}

/* Where in the series an exception belongs, in wall seconds. */
static int64_t place_of(const struct expansion *x, struct cal_moment on)
{
	int64_t wall = wall_of(on);

	if (on.precision == CAL_DAY && !x->all_day) {
		return wall + (x->start - wall_div(x->start, WALL_DAY) * WALL_DAY);
	}
	return x->all_day ? wall_div(wall, WALL_DAY) * WALL_DAY : wall;
}

/* Whether an exception is that of a place. */
static bool is_of(const struct expansion *x, const struct cal_exception *e, int64_t wall)
{
	if (e->on.precision == CAL_DAY || x->all_day) {
		return wall_div(wall_of(e->on), WALL_DAY) == wall_div(wall, WALL_DAY);
	}
	return wall_of(e->on) == wall;
}

static enum err find_places(struct expansion *x, size_t max)
{
	const struct cal_series *s = x->s;
	bool sorted = true;
	size_t n = 0;

	if (x->start >= x->lo && x->start <= x->hi) {
		add_place(x, x->start);
	}
	TRY(walk_rules(x, max));
	for (size_t i = 0; i < s->n_rdates; i++) {
		int64_t wall = place_of(x, s->rdates[i].start);

		if (s->rdates[i].start.precision >= CAL_DAY && wall >= x->lo && wall <= x->hi) {
			add_place(x, wall);
		}
	}
	for (size_t i = 0; i < s->n_exceptions; i++) {
		/* what was moved may come from outside the window */
		if (s->exceptions[i].on.precision >= CAL_DAY && s->exceptions[i].start.precision >= CAL_DAY &&
		    !s->exceptions[i].following) {
			bool there = false;

			for (size_t k = 0; k < x->places.n && !there && s->exceptions[i].on.precision == CAL_DAY; k++) {
				there = is_of(x, &s->exceptions[i], x->places.p[k]);
			}
			if (!there) {
				add_place(x, place_of(x, s->exceptions[i].on));
			}
		}
	}
	for (size_t i = 1; i < x->places.n && sorted; i++) {
		sorted = x->places.p[i - 1] <= x->places.p[i];
	}
	if (!sorted) {
		qsort(x->places.p, x->places.n, sizeof(*x->places.p), by_value);
	}
	for (size_t i = 0; i < x->places.n; i++) {
		int64_t wall = x->places.p[i];

		if ((n == 0 || x->places.p[n - 1] != wall) && !among(x->gone, x->n_gone, wall) &&
		    !among(x->gone_days, x->n_gone_days, wall_div(wall, WALL_DAY))) {
			x->places.p[n++] = wall;
		}
	}
	x->places.n = n;
	return OK;
}

/* The exception that rules a place: its own, else the last "and following" before it; -1: none. */
static int exception_of(const struct expansion *x, int64_t wall)
{
	const struct cal_series *s = x->s;
	int found = -1;

	for (size_t i = 0; i < s->n_exceptions; i++) {
		const struct cal_exception *e = &s->exceptions[i];

		if (e->on.precision < CAL_DAY) {
			continue;
		}
		if (is_of(x, e, wall)) {
			return (int)i;
		}
		if (e->following && wall_of(e->on) <= wall &&
		    (found < 0 || wall_of(s->exceptions[found].on) < wall_of(e->on))) {
			found = (int)i;
		}
	}
	return found;
}

/* Instants and local times of what starts at `wall` and is so long. */
static void set_times(const struct expansion *x, struct cal_occurrence *o, int64_t wall, bool days, int64_t length)
{
	const struct cal_zone *z = x->s->zone;
	int64_t utc = zone_utc(z, wall), local;

	o->from = utc * 1000;
	if (days) {
		o->start = wall_moment(wall, CAL_DAY);
		o->to = zone_utc(z, wall + length) * 1000;
		o->end = length > WALL_DAY ? wall_moment(wall + length - WALL_DAY, CAL_DAY) : (struct cal_moment){0};
		return;
	}
	local = zone_wall(z, utc); /* another time where the clocks jumped over it */
	o->start = wall_moment(local, CAL_MINUTE);
	o->to = (utc + length) * 1000;
	if (length > 0) {
		o->end = wall_moment(zone_wall(z, utc + length), CAL_MINUTE);
	}
}

static void except(const struct expansion *x, const struct cal_exception *e, struct cal_occurrence *o, int64_t wall)
{
	struct cal_moment start = e->start.precision >= CAL_DAY ? e->start : wall_moment(wall, x->s->start.precision);
	bool days = start.precision == CAL_DAY;
	int64_t length = x->length, at;

	o->cancelled = e->cancelled && (!e->following || is_of(x, e, wall));
	if (e->end.precision != CAL_NONE) {
		length = length_of(x->s, start, e->end);
	} else if (days != x->all_day) {
		length = days ? WALL_DAY : 0;
	}
	at = wall_of(start);
	if (e->following && e->start.precision >= CAL_DAY && !is_of(x, e, wall)) {
		at = wall + wall_of(e->start) - place_of(x, e->on);
	}
	set_times(x, o, at, days, length);
}

static void make(const struct expansion *x, int64_t wall, struct cal_occurrence *o)
{
	const struct cal_series *s = x->s;
	int64_t length = x->length;

	*o = (struct cal_occurrence){.on = wall_moment(wall, s->start.precision), .exception = -1};
	if (s->n_exceptions > 0) {
		o->exception = exception_of(x, wall);
	}
	if (o->exception >= 0) {
		except(x, &s->exceptions[o->exception], o, wall);
		return;
	}
	for (size_t i = 0; x->periods && i < s->n_rdates; i++) {
		if (s->rdates[i].end.precision != CAL_NONE && wall_of(s->rdates[i].start) == wall) {
			length = length_of(s, s->rdates[i].start, s->rdates[i].end);
		}
	}
	set_times(x, o, wall, x->all_day, length);
}

static void only_itself(struct expansion *x, struct cal_occurrences *out)
{
	struct cal_occurrence *o = mem_new(x->mem, struct cal_occurrence);

	if (!cal_span(x->s->zone, x->s->start, x->s->end, &o->from, &o->to) || !touches(x, o->from, o->to)) {
		return;
	}
	o->on = o->start = x->s->start;
	o->end = x->s->end;
	o->exception = -1;
	*out = (struct cal_occurrences){.p = o, .n = 1};
}

enum err cal_expand(struct mem *m, const struct cal_series *s, int64_t from, int64_t to, size_t max,
		    struct cal_occurrences *out)
{
	struct expansion x = {.mem = m, .s = s, .from = from, .to = to};
	bool sorted = true;
	size_t n = 0;

	*out = (struct cal_occurrences){0};
	if (max > LIMIT_OCCURRENCES) {
		max = LIMIT_OCCURRENCES;
	}
	if (s->start.precision < CAL_DAY) {
		only_itself(&x, out);
		return OK;
	}
	prepare(&x);
	/* some of those found lie in the room around the window */
	TRY(find_places(&x, max + 1000));
	out->p = mem_array(m, struct cal_occurrence, x.places.n);
	for (size_t i = 0; i < x.places.n; i++) {
		struct cal_occurrence *o = &out->p[n];

		make(&x, x.places.p[i], o);
		if (touches(&x, o->from, o->to)) {
			sorted = sorted && (n == 0 || by_time(&out->p[n - 1], o) <= 0);
			n++;
		}
	}
	if (!sorted) {
		qsort(out->p, n, sizeof(*out->p), by_time);
	}
	out->n = n > max ? max : n;
	out->cut = x.cut || n > max;
	return OK;
}

bool cal_exception_times(const struct cal_series *s, const struct cal_exception *e, struct cal_occurrence *out)
{
	struct cal_series one = *s;
	struct expansion x = {.s = &one};

	if (s->start.precision < CAL_DAY || e->on.precision < CAL_DAY) {
		return false;
	}
	one.exceptions = e;
	one.n_exceptions = 1;
	one.n_rdates = 0;
	x.all_day = s->start.precision == CAL_DAY;
	x.start = wall_of(s->start);
	x.length = length_of(s, s->start, s->end);
	make(&x, place_of(&x, e->on), out);
	return true;
}

bool cal_next(struct mem *m, const struct cal_series *s, int64_t at, struct cal_occurrence *out)
{
	static const int64_t spans[] = {90, 800, 12000, 400000};
	int64_t from = at;

	for (size_t i = 0; i < COUNT(spans); i++) {
		int64_t to = at + spans[i] * TIME_DAY;
		struct cal_occurrences all;

		if (cal_expand(m, s, from, to, 1000, &all) != OK) {
			return false;
		}
		for (size_t k = 0; k < all.n; k++) {
			if (!all.p[k].cancelled && (all.p[k].to > at || all.p[k].from >= at)) {
				*out = all.p[k];
				return true;
			}
		}
		from = to;
	}
	return false;
}

/* True for a rule that has no end of its own. */
static bool endless(struct str rrule)
{
	while (rrule.p != NULL) {
		struct str line = str_trim(str_cut(&rrule, '\n'));
		struct cal_rule r;

		if (line.n > 0 && cal_rule_parse(line, &r, NULL) && r.count == 0 && r.until.precision == CAL_NONE) {
			return true;
		}
	}
	return false;
}

int64_t cal_last(struct mem *m, const struct cal_series *s, int64_t horizon)
{
	struct cal_occurrences all;
	struct cal_occurrence one;
	int64_t last = INT64_MIN;

	if (s->start.precision == CAL_NONE) {
		return INT64_MIN;
	}
	if (endless(s->rrule)) {
		return cal_next(m, s, horizon, &one) ? horizon : INT64_MIN;
	}
	if (cal_expand(m, s, INT64_MIN / 2, horizon, LIMIT_OCCURRENCES, &all) != OK) {
		return INT64_MIN;
	}
	for (size_t i = 0; i < all.n; i++) {
		last = all.p[i].to > last ? all.p[i].to : last;
	}
	return all.cut || last > horizon ? horizon : last;
}
