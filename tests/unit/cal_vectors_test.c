/* Recurrence against the vectors of another library, where this machine has them. */
#include "cal/cal.h"
#include "cal/part.h"
#include "t.h"

/* 19970902T090000 or 19970902, with or without Z. */
static bool compact(struct str s, struct cal_moment *out)
{
	char t[] = "0000-00-00T00:00:00";

	s = str_trim(s);
	if (str_ends(s, S("Z"))) {
		s.n--;
	}
	if (s.n != 8 && s.n != 15) {
		return false;
	}
	memcpy(t, s.p, 4);
	memcpy(t + 5, s.p + 4, 2);
	memcpy(t + 8, s.p + 6, 2);
	if (s.n == 15) {
		memcpy(t + 11, s.p + 9, 2);
		memcpy(t + 14, s.p + 11, 2);
		memcpy(t + 17, s.p + 13, 2);
	}
	return cal_parse((struct str){t, s.n == 8 ? 10 : 19}, out);
}

struct block {
	struct str title, rule, start, at, instances;
};

/* What the rule gives from `lo` on. */
static struct wall_places places(struct t *t, const struct cal_rule *r, struct cal_moment start, int64_t lo)
{
	struct wall_places got = {0};
	int64_t work = 400000;
	struct rule_walk w = {.rule = r, .start = wall_of(start), .lo = lo, .hi = days_of_date(2999, 1, 1) * WALL_DAY,
			      .all_day = start.precision == CAL_DAY, .max = 1000, .work = &work};
	bool cut = false;

	w.until = rule_until(r, NULL, w.all_day);
	rule_places(t->mem, &w, &got, &cut);
	return got;
}

/* The list from `lo` on against what the rule gives. */
static void compare(struct t *t, const struct block *b, const struct cal_rule *r, struct cal_moment start, int64_t lo)
{
	struct wall_places got = places(t, r, start, lo);
	struct str rest = b->instances;
	struct cal_moment want;
	size_t n = 0;

	while (str_trim(rest).n > 0) {
		struct str one = str_cut(&rest, ',');

		if (!compact(one, &want)) {
			t_fail(t, T_AT("instance"), "%.*s: no instance %.*s", STR_ARG(b->title), STR_ARG(one));
			return;
		}
		if (wall_of(want) < lo) {
			continue;
		}
		if (n >= got.n || got.p[n] != wall_of(want)) {
			struct str have = n < got.n ? cal_text(t->mem, wall_moment(got.p[n], CAL_MINUTE)) : S("nothing");

			t_fail(t, T_AT("instance"), "%.*s: %.*s: number %zu is %.*s, not %.*s", STR_ARG(b->title),
			       STR_ARG(b->rule), n, STR_ARG(have), STR_ARG(one));
			return;
		}
		n++;
	}
	if (got.n != n) {
		t_fail(t, T_AT("instances"), "%.*s: %.*s: %zu, not %zu", STR_ARG(b->title), STR_ARG(b->rule), got.n, n);
	}
}

static void check_block(struct t *t, const struct block *b)
{
	struct cal_moment start, at;
	struct cal_rule r;

	if (!compact(b->start, &start) || (b->at.p != NULL && !compact(b->at, &at))) {
		t_fail(t, T_AT("start"), "%.*s: no start", STR_ARG(b->title));
		return;
	}
	if (str_find(b->instances, S("UNIMPLEMENTED")) >= 0) {
		/* 30 December in week 1, which that library cannot do: 2024, 2025, 2029 and 2030 */
		T_TRUE(cal_rule_parse(b->rule, &r, NULL) && places(t, &r, start, 0).n == 4);
		return;
	}
	if (!cal_rule_parse(b->rule, &r, NULL)) {
		T_TRUE(str_find(b->instances, S("***")) >= 0);
		return;
	}
	compare(t, b, &r, start, wall_of(start));
	if (b->at.p != NULL) {
		compare(t, b, &r, start, wall_of(at));
	}
}

static void vectors(struct t *t)
{
	const char *path = t_shared(t, "calendars/recurrence-vectors.txt");
	struct block b = {0};
	struct str text;
	int blocks = 0;

	if (path == NULL) {
		T_SKIP("no ../shared/data");
	}
	text = t_read(t, path);
	while (text.p != NULL) {
		struct str line = str_cut(&text, '\n'), value = line, name;

		if (str_trim(line).n == 0) {
			if (b.rule.n > 0) {
				check_block(t, &b);
				blocks++;
			}
			b = (struct block){0};
			continue;
		}
		if (line.p[0] == '#') {
			b.title = line;
			continue;
		}
		name = str_cut(&value, ':');
		if (str_eq(name, S("RRULE"))) {
			b.rule = str_trim(value);
		} else if (str_eq(name, S("DTSTART"))) {
			b.start = value;
		} else if (str_eq(name, S("START-AT"))) {
			b.at = value;
		} else if (str_eq(name, S("INSTANCES"))) {
			b.instances = value;
		}
	}
	T_TRUE(blocks >= 90);
}

/* The next line of the folded file, unfolded; comments begin with ;. */
static struct str folded(struct t *t, struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	while (rest->n > 0 && rest->p[0] == ' ') {
		struct str more = str_cut(rest, '\n');

		line = str_fmt(t->mem, "%.*s%.*s", STR_ARG(str_trim(line)), STR_ARG(str_trim(more)));
	}
	return str_trim(line);
}

struct counted {
	struct str title, rule, exrule;
	struct cal_moment start, gone[8];
	size_t n_gone;
};

static void check_count(struct t *t, const struct counted *c, int64_t want)
{
	struct cal_series s = {.start = c->start, .rrule = c->rule, .exdates = c->gone, .n_exdates = c->n_gone};
	struct cal_occurrences all;
	struct cal_rule r;

	T_OK(cal_expand(t->mem, &s, INT64_MIN, INT64_MAX, 2000, &all));
	if (c->exrule.p != NULL) {
		return; /* EXRULE is turned into dates by the reader: see the tests of iCalendar */
	}
	/* that library leaves out a start that does not fit its rule; here it is the first occurrence, as the RFC says */
	T_TRUE(cal_rule_parse(c->rule, &r, NULL));
	want += all.n > 0 && (places(t, &r, c->start, 0).n == 0 || places(t, &r, c->start, 0).p[0] != wall_of(c->start));
	if ((int64_t)all.n != want) {
		t_fail(t, T_AT("count"), "%.*s: %.*s: %zu, not %d", STR_ARG(c->title), STR_ARG(c->rule), all.n, (int)want);
	}
}

static void counts(struct t *t)
{
	const char *path = t_shared(t, "calendars/recurrence-counts.txt");
	struct counted c = {0};
	struct str text;
	int n = 0;

	if (path == NULL) {
		T_SKIP("no ../shared/data");
	}
	text = t_read(t, path);
	while (text.p != NULL) {
		struct str value = folded(t, &text), params = str_cut(&value, ':'), name = str_cut(&params, ';');
		int64_t want;

		if (str_eq(name, S("BEGIN"))) {
			c = (struct counted){0};
		} else if (str_eq(name, S("DESCRIPTION"))) {
			c.title = value;
		} else if (str_eq(name, S("RRULE"))) {
			c.rule = value;
		} else if (str_eq(name, S("EXRULE"))) {
			c.exrule = value;
		} else if (str_eq(name, S("DTSTART"))) {
			T_TRUE(compact(value, &c.start));
		} else if (str_eq(name, S("EXDATE"))) {
			while (value.p != NULL && c.n_gone < COUNT(c.gone)) {
				T_TRUE(compact(str_cut(&value, ','), &c.gone[c.n_gone++]));
			}
		} else if (str_eq(name, S("X-EXPECT-NUMEVENTS")) && str_to_i64(str_trim(value), &want)) {
			check_count(t, &c, want);
			n++;
		}
	}
	T_TRUE(n >= 50);
}

static const struct t_case cases[] = {
	{"rules give as many places as other libraries expect", counts, 0},
	{"rules give the places that other libraries expect", vectors, 0},
};
T_SUITE(cal_vectors, cases)
