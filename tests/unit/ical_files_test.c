/*
 * Files of the world, where this machine has them: all are read or refused with a reason, soon; and what another library reads in
 * them is what we read, but for the differences listed with their reasons.
 */
#include <dirent.h>

#include "base/limits.h"
#include "cal/ical.h"
#include "t.h"

/* Where we read something else on purpose. */
static const struct {
	const char *file, *why;
} differ[] = {
	{"ical.js/timezone_from_file.ics", "a zone of no place: the same instant, kept in UTC"},
	{"ical4j/valid--EXDATE-IN-UTC.ics", "a date taken out in UTC takes out the same instant in another zone"},
	{"ical4j/valid--classify.ics", "one identity, several versions: the newest"},
	{"ical4j/valid--friday13-NOT.ics", "a start that does not fit its rule is still an occurrence"},
	{"ical4j/valid--incoming.ics", "one identity, several versions: the newest"},
	{"libical/classify.ics", "one identity, several versions: the newest"},
	{"libical/incoming.ics", "one identity, several versions: the newest"},
	{"libical/rfc2446.ics", "one identity, several versions: the newest"},
	{"node-ical/Office-2012-owa.ics", "a start that does not fit its rule is still an occurrence"},
	{"node-ical/daily-count-exdate-recurrence-id.ics", "a moved occurrence is shown where it was moved to"},
	{"node-ical/duplicate-uid-sequence.ics", "one identity, several versions: the newest"},
	{"node-ical/exchange_whole_day_moved_recurrence.ics", "a moved occurrence is shown where it was moved to"},
	{"node-ical/exchange_whole_day_moved_recurrence_offset_tz.ics", "a moved occurrence is shown where it was moved to"},
	{"node-ical/festival-multiday-rrule.ics", "VALUE=DATE with a time: the time counts"},
	{"node-ical/google-recurrence-order.ics", "a moved occurrence is shown where it was moved to"},
	{"node-ical/multi-era-vtimezone.ics", "a zone of no place in 1985: the same instant, kept in UTC"},
	{"node-ical/recurrence-sequence.ics", "of changes to one occurrence the newest, moved where it was moved to"},
	{"node-ical/windows-quoted-tz-rrule.ics", "dates taken out in another zone are other instants: nothing is taken out"},
	{"py-icalendar/america_new_york_forward_reference.ics", "one identity for two times: the last"},
	{"py-icalendar/events--issue_156_RDATE_with_PERIOD_list.ics", "the start is an occurrence beside added dates"},
	{"py-icalendar/issue_156_RDATE_with_PERIOD_TZID_khal_2.ics", "a changed occurrence is named on the clock of its series"},
	{"py-icalendar/issue_722_missing_timezones.ics", "an added date of another zone is told on the clock of the event"},
	{"py-icalendar/pacific_fiji.ics", "one identity for two times: the last"},
};

static bool listed(const char *file)
{
	for (size_t i = 0; i < COUNT(differ); i++) {
		if (strcmp(differ[i].file, file) == 0) {
			return true;
		}
	}
	return false;
}

static void all_files(struct t *t)
{
	static const char *const folders[] = {"ical.js", "ical4j", "libical", "node-ical", "py-icalendar"};
	int files = 0, empty = 0;

	if (t_shared(t, "calendars/oracle.json") == NULL) {
		T_SKIP("no ../shared/data");
	}
	for (size_t i = 0; i < COUNT(folders); i++) {
		DIR *d = opendir(t_shared(t, str_c(t->mem, str_fmt(t->mem, "calendars/%s", folders[i]))));
		struct dirent *e;

		T_NEED(d != NULL);
		while ((e = readdir(d)) != NULL) {
			struct mem_mark mark = mem_mark(t->mem);
			const char *path = str_c(t->mem, str_fmt(t->mem, "calendars/%s/%s", folders[i], e->d_name));
			struct ical_file f;
			int64_t began = time_mono();
			enum err err;

			if (!str_ends(str_of(path), S(".ics"))) {
				continue;
			}
			err = ical_read(t->mem, t_read(t, t_shared(t, path)), &f);
			files++;
			empty += f.n_events == 0;
			/* what gives nothing says why, unless it has no event at all */
			if ((err != OK || f.n_lost > 0) && f.n_problems == 0) {
				t_fail(t, T_AT("reason"), "%s gives no reason", path);
			}
			if (time_mono() - began > 2000000) {
				t_fail(t, T_AT("time"), "%s took too long", path);
			}
			mem_rewind(t->mem, mark);
		}
		closedir(d);
	}
	T_EQ(files, 228);
	T_TRUE(empty < 100);
}

/* Their time, "2026-12-18T18:30:00Z", as we write it. */
static struct str theirs(struct t *t, struct str s)
{
	struct cal_moment m;

	s = str_cut(&s, '/');
	s = str_ends(s, S("Z")) ? str_sub(s, 0, s.n - 1) : s;
	return cal_parse(s, &m) ? cal_text(t->mem, m) : S("?");
}

static bool same_dates(struct t *t, const struct cal_event *ev, const struct json *want)
{
	struct cal_series s = cal_series_of(t->mem, ev);
	struct cal_occurrences o;

	if (cal_expand(t->mem, &s, INT64_MIN / 4, INT64_MAX / 4, 20, &o) != OK || o.n < want->n) {
		return false;
	}
	for (size_t i = 0; i < want->n; i++) {
		if (!str_eq(cal_text(t->mem, o.p[i].start), theirs(t, json_str(json_at(want, i))))) {
			return false;
		}
	}
	return true;
}

/* Whether some event of ours is this one of theirs. */
static bool found(struct t *t, const struct ical_file *f, const struct json *e)
{
	struct str uid = json_str(json_get(e, "uid")), on = json_str(json_get(e, "recurrenceId"));
	struct str start = theirs(t, json_str(json_get(e, "start")));

	for (size_t i = 0; i < f->n_events; i++) {
		const struct cal_event *ev = &f->events[i];

		if (uid.n > 0 && !str_eq(ev->uid, uid)) {
			continue;
		}
		if (on.n == 0 && str_eq(cal_text(t->mem, ev->start), start) && same_dates(t, ev, json_get(e, "occurrences"))) {
			return true;
		}
		for (size_t k = 0; on.n > 0 && k < ev->n_overrides; k++) {
			if (str_eq(cal_text(t->mem, ev->overrides[k].on), theirs(t, on)) &&
			    str_eq(cal_text(t->mem, ev->overrides[k].start), start)) {
				return true;
			}
		}
		if (on.n > 0 && str_eq(cal_text(t->mem, ev->on), theirs(t, on)) && str_eq(cal_text(t->mem, ev->start), start)) {
			return true;
		}
	}
	return false;
}

static void oracle(struct t *t)
{
	const char *path = t_shared(t, "calendars/oracle.json");
	struct json all;
	int same = 0;

	if (path == NULL) {
		T_SKIP("no ../shared/data");
	}
	T_OK(json_parse(t->mem, t_read(t, path), &all, NULL));
	for (size_t i = 0; i < all.n; i++) {
		const char *file = str_c(t->mem, all.keys[i]);
		const struct json *events = json_get(&all.items[i], "events");
		struct ical_file f;
		bool as_they = true;

		/* some they refuse and so do we */
		T_TRUE(ical_read(t->mem, t_read(t, t_shared(t, str_c(t->mem, str_fmt(t->mem, "calendars/%s", file)))), &f) != E_BUG);
		for (size_t k = 0; k < events->n; k++) {
			const struct json *e = json_at(events, k);

			/* without a start they read nothing of it */
			if (json_str(json_get(e, "start")).n > 0 && !found(t, &f, e)) {
				as_they = false;
				if (!listed(file)) {
					t_fail(t, T_AT("event"), "%s: %.*s at %.*s", file, STR_ARG(json_str(json_get(e, "uid"))),
					       STR_ARG(json_str(json_get(e, "start"))));
				}
			}
			same += as_they;
		}
		if (as_they && listed(file)) {
			t_fail(t, T_AT("listed"), "%s does not differ any more", file);
		}
	}
	T_TRUE(same > 300);
}

static const struct t_case cases[] = {
	{"every file is read, or refused with a reason", all_files, 0},
	{"files are read as another library reads them, but where we know better", oracle, 0},
};
T_SUITE(ical_files, cases)
