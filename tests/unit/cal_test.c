/* Moments, zones, rules and series. */
#include "base/limits.h"
#include "base/vec.h"
#include "cal/cal.h"
#include "t.h"

static struct cal_moment at(const char *text)
{
	struct cal_moment m;

	return cal_parse(str_of(text), &m) ? m : (struct cal_moment){0};
}

static void texts(struct t *t)
{
	static const char *const good[] = {"", "2026", "2026-12", "2026-12-18", "2026-12-18T18:30", "2024-02-29",
					   "2026-12-18T18:30:15"};
	static const char *const bad[] = {"26", "2026-13", "2026-00", "2026-02-29", "2026-12-32", "2026-12-18T24:00",
					  "2026-12-18T18", "2026-12-18T18:60", "2026-12-18T18:30Z", "1500", "2026-1-1",
					  "18/12/2026", "2026-12-18X10:00", "2026-"};
	struct cal_moment m;

	for (size_t i = 0; i < COUNT(good); i++) {
		T_TRUE(cal_parse(str_of(good[i]), &m));
		T_EQ(cal_text(t->mem, m), str_of(good[i]));
		T_EQ((int)m.precision, i < 5 ? (int)i : i == 5 ? CAL_DAY : CAL_MINUTE);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (cal_parse(str_of(bad[i]), &m)) {
			t_fail(t, T_AT("bad"), "%s was read", bad[i]);
		}
		T_EQ((int)m.precision, CAL_NONE);
	}
	T_TRUE(cal_parse(S(" 2026-12-18 18:30 "), &m));
	T_STR(cal_text(t->mem, m), "2026-12-18T18:30");
}

static void order(struct t *t)
{
	static const char *const sorted[] = {"2026", "2026-01", "2026-01-01", "2026-01-01T00:01", "2026-02", "2027", ""};

	for (size_t i = 0; i < COUNT(sorted); i++) {
		for (size_t k = 0; k < COUNT(sorted); k++) {
			T_EQ(cal_cmp(at(sorted[i]), at(sorted[k])), i < k ? -1 : i > k);
		}
	}
	T_STR(cal_text(t->mem, cal_add_days(at("2024-02-28"), 2)), "2024-03-01");
	T_STR(cal_text(t->mem, cal_add_days(at("2024-03-01T10:00"), -1)), "2024-02-29T10:00");
	T_STR(cal_text(t->mem, cal_add_minutes(at("2026-12-31T23:30"), 45)), "2027-01-01T00:15");
	T_STR(cal_text(t->mem, cal_day(at("2026-12"))), "2026-12-01");
	T_EQ(cal_weekday(at("2026-12-18")), 5);
	T_EQ(cal_weekday(at("1900-01-01")), 1);
}

static void zone_names(struct t *t)
{
	static const char *const guesses[][2] = {
		{"europe/paris",                                       "Europe/Paris"                  },
		{"\"Europe/Berlin\"",                                  "Europe/Berlin"                 },
		{"Romance Standard Time",                              "Europe/Paris"                  },
		{"E. South America Standard Time",                     "America/Sao_Paulo"             },
		{"/mozilla.org/20070129_1/America/Argentina/Salta",    "America/Argentina/Salta"       },
		{"/freeassociation.sourceforge.net/Tzfile/Asia/Tokyo", "Asia/Tokyo"                    },
		{"(UTC+01:00) Amsterdam, Berlin, Bern, Rome",          "Europe/Amsterdam"              },
		{"America/New York",                                   "America/New_York"              },
		{"Asia/Calcutta",                                      "Asia/Kolkata"                  },
		{"tzone://Microsoft/Utc",                              "UTC"                           },
		{"W. Europe Standard Time",                            "Europe/Berlin"                 },
		{"Morocco Standard Time",                              "Africa/Casablanca"             },
	};
	const struct str *names;
	size_t n = cal_zones(&names);

	for (size_t i = 0; i < COUNT(guesses); i++) {
		const struct cal_zone *z = cal_zone_guess(str_of(guesses[i][0]));

		if (z == NULL) {
			t_fail(t, T_AT("zone"), "%s is not found", guesses[i][0]);
			continue;
		}
		T_EQ(cal_zone_name(z), str_of(guesses[i][1]));
	}
	T_TRUE(cal_zone(S("Europe/Nowhere")) == NULL && cal_zone(S("")) == NULL && cal_zone(S("europe/paris")) == NULL);
	T_TRUE(cal_zone_guess(S("Mars Standard Time")) == NULL && cal_zone_guess(S("")) == NULL);
	T_TRUE(n > 350 && n < 600);
	T_STR(names[0], "UTC");
	for (size_t i = 0; i < n; i++) {
		T_TRUE(cal_zone(names[i]) != NULL);
		T_EQ(cal_zone_name(cal_zone(names[i])), names[i]);
		T_TRUE(i < 2 || str_cmp(names[i - 1], names[i]) < 0);
	}
}

static void zone_labels(struct t *t)
{
	const struct cal_zone *cairo = cal_zone(S("Africa/Cairo"));
	int64_t winter = cal_to_utc(NULL, at("2026-01-15"));

	T_STR(cal_zone_label(t->mem, cal_zone(S("Europe/Paris")), "fr", winter), "Paris (UTC+1)");
	T_STR(cal_zone_label(t->mem, cal_zone(S("Europe/Paris")), "fr", winter + 180 * TIME_DAY), "Paris (UTC+2)");
	T_STR(cal_zone_label(t->mem, cairo, "fr", winter), "Le Caire (UTC+2)");
	T_STR(cal_zone_label(t->mem, cairo, "ar", winter), "القاهرة (UTC+2)");
	T_STR(cal_zone_label(t->mem, cal_zone(S("Asia/Kolkata")), "en", winter), "Kolkata (UTC+5:30)");
	T_STR(cal_zone_label(t->mem, cal_zone(S("America/Sao_Paulo")), "pt", winter), "São Paulo (UTC−3)");
	T_STR(cal_zone_label(t->mem, cal_zone(S("Europe/London")), "es", winter), "Londres (UTC)");
}

static void clocks(struct t *t)
{
	const struct cal_zone *paris = cal_zone(S("Europe/Paris")), *sao = cal_zone(S("America/Sao_Paulo"));

	T_EQ(cal_to_utc(paris, at("2026-12-18T18:30")), cal_to_utc(NULL, at("2026-12-18T17:30")));
	T_EQ(cal_to_utc(paris, at("2026-07-01T18:30")), cal_to_utc(NULL, at("2026-07-01T16:30")));
	/* 29 March 2026: 02:30 does not exist; 25 October: 02:30 comes twice */
	T_EQ(cal_to_utc(paris, at("2026-03-29T02:30")), cal_to_utc(NULL, at("2026-03-29T01:30")));
	T_STR(cal_text(t->mem, cal_of_utc(paris, cal_to_utc(paris, at("2026-03-29T02:30")))), "2026-03-29T03:30");
	T_EQ(cal_to_utc(paris, at("2026-10-25T02:30")), cal_to_utc(NULL, at("2026-10-25T00:30")));
	T_EQ(cal_to_utc(paris, at("2026-10-25T03:00")), cal_to_utc(NULL, at("2026-10-25T02:00")));
	T_STR(cal_text(t->mem, cal_of_utc(paris, cal_to_utc(NULL, at("2026-10-25T01:30")))), "2026-10-25T02:30");
	/* no summer time since 2019; at midnight before */
	T_EQ(cal_offset(sao, cal_to_utc(NULL, at("2026-12-18"))), -3 * 3600);
	T_EQ(cal_offset(sao, cal_to_utc(NULL, at("2018-12-18"))), -2 * 3600);
	T_STR(cal_text(t->mem, cal_of_utc(sao, cal_to_utc(sao, at("2018-11-04")))), "2018-11-04T01:00");
	/* Egypt has its summer time again since 2023: known to the machine's data before it is to ICU's */
	T_EQ(cal_offset(cal_zone(S("Africa/Cairo")), cal_to_utc(NULL, at("2027-07-01"))), 3 * 3600);
	T_EQ(cal_offset(cal_zone(S("Europe/Dublin")), cal_to_utc(NULL, at("2060-07-01"))), 3600);
	T_EQ(cal_offset(cal_zone(S("Europe/Dublin")), cal_to_utc(NULL, at("2060-01-01"))), 0);
	/* far years go on as those before */
	T_EQ(cal_offset(paris, cal_to_utc(NULL, at("2500-07-01"))), 7200);
	T_EQ(cal_offset(paris, cal_to_utc(NULL, at("2500-01-01"))), 3600);
	T_EQ(cal_offset(paris, cal_to_utc(NULL, at("1950-07-01"))), 3600);
}

/* Every hour of some years in many zones goes there and back; as ICU has them is tested by the dates above. */
static void round_trips(struct t *t)
{
	const struct str *names;
	size_t n = cal_zones(&names);

	for (size_t i = 0; i < n; i += 7) {
		const struct cal_zone *z = cal_zone(names[i]);
		int64_t from = cal_to_utc(NULL, at("2024-01-01"));

		for (int64_t h = 0; h < 2 * 366 * 24; h++) {
			int64_t utc = from + h * TIME_HOUR, back = cal_to_utc(z, cal_of_utc(z, utc));

			/* the second of two equal hours comes back as the first */
			if (back != utc && (back > utc || utc - back > 2 * TIME_HOUR)) {
				t_fail(t, T_AT("back"), "%.*s hour %d", STR_ARG(names[i]), (int)h);
				return;
			}
		}
	}
}

static void spans(struct t *t)
{
	static const struct {
		const char *start, *end, *from, *to;
	} all[] = {
		{"2026",             "",                 "2025-12-31T23:00", "2026-12-31T23:00"},
		{"2026-07",          "",                 "2026-06-30T22:00", "2026-07-31T22:00"},
		{"2026-12-18",       "",                 "2026-12-17T23:00", "2026-12-18T23:00"},
		{"2026-12-18",       "2026-12-20",       "2026-12-17T23:00", "2026-12-20T23:00"},
		{"2026-12-18T18:30", "",                 "2026-12-18T17:30", "2026-12-18T17:30"},
		{"2026-12-18T18:30", "2026-12-18T20:00", "2026-12-18T17:30", "2026-12-18T19:00"},
		{"2026-12-18T18:30", "2026-12-19",       "2026-12-18T17:30", "2026-12-19T23:00"},
		{"2026-12-18T18:30", "2026-12-18T10:00", "2026-12-18T17:30", "2026-12-18T17:30"},
	};
	int64_t from, to;

	for (size_t i = 0; i < COUNT(all); i++) {
		T_TRUE(cal_span(cal_zone(S("Europe/Paris")), at(all[i].start), at(all[i].end), &from, &to));
		T_EQ(from, cal_to_utc(NULL, at(all[i].from)));
		T_EQ(to, cal_to_utc(NULL, at(all[i].to)));
	}
	T_TRUE(!cal_span(NULL, at(""), at("2026"), &from, &to));
}

static void rules(struct t *t)
{
	static const char *const same[] = {
		"FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;COUNT=10;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=-1FR",
		"FREQ=YEARLY;UNTIL=20261231;BYMONTH=1,12;BYMONTHDAY=1,-1", "FREQ=WEEKLY;UNTIL=20261231T225959Z;BYDAY=MO;WKST=SU",
		"FREQ=YEARLY;BYWEEKNO=20;BYYEARDAY=-1,200;BYHOUR=9,10;BYMINUTE=0;BYSECOND=59;BYSETPOS=-1",
	};
	static const char *const other[][2] = {
		{"rrule:freq=daily; interval=1;", "FREQ=DAILY"},
		{"COUNT=3;BYDAY=+1MO,1MO,MO;FREQ=MONTHLY", "FREQ=MONTHLY;COUNT=3;BYDAY=MO,1MO"},
		{"FREQ=DAILY;UNTIL=99991231T235959Z", "FREQ=DAILY"},
		{"RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT;X-OWN=1", "FREQ=DAILY"},
	};
	static const char *const bad[] = {
		"", "FREQ=SOMETIMES", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=x",
		"FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;BYDAY=0MO",
		"FREQ=DAILY;BYMONTHDAY=0", "FREQ=DAILY;BYMONTHDAY=32", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;NONSENSE=1",
		"RSCALE=CHINESE;FREQ=YEARLY", "FREQ", "FREQ=DAILY;WKST=1", "FREQ=DAILY;BYSETPOS=367",
	};
	struct cal_rule r;
	const char *what;

	for (size_t i = 0; i < COUNT(same); i++) {
		T_NEED(cal_rule_parse(str_of(same[i]), &r, NULL));
		T_EQ(cal_rule_text(t->mem, &r), str_of(same[i]));
	}
	for (size_t i = 0; i < COUNT(other); i++) {
		T_NEED(cal_rule_parse(str_of(other[i][0]), &r, NULL));
		T_EQ(cal_rule_text(t->mem, &r), str_of(other[i][1]));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		what = NULL;
		if (cal_rule_parse(str_of(bad[i]), &r, &what) || what == NULL) {
			t_fail(t, T_AT("bad"), "%s was read", bad[i]);
		}
	}
}

static void choices(struct t *t)
{
	const struct cal_zone *paris = cal_zone(S("Europe/Paris"));
	static const struct {
		struct cal_choice c;
		const char *start, *rule;
	} all[] = {
		{{CAL_EVERY_DAY, 1, 0, 0, 0, 5, {0}}, "2026-12-18", "FREQ=DAILY;COUNT=5"},
		{{CAL_EVERY_WEEK, 1, 1 << 2, 0, 0, 0, {CAL_DAY, 2027, 3, 3, 0, 0, 0}}, "2026-12-15T18:30",
		 "FREQ=WEEKLY;UNTIL=20270303T225959Z;BYDAY=TU"},
		{{CAL_EVERY_WEEK, 2, 1 << 2 | 1 << 4, 0, 0, 0, {0}}, "2026-12-15T18:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"},
		{{CAL_EVERY_MONTH_DAY, 1, 0, 0, 0, 0, {0}}, "2026-12-18", "FREQ=MONTHLY;BYMONTHDAY=18"},
		{{CAL_EVERY_MONTH_NTH, 1, 0, 2, 2, 0, {0}}, "2026-12-08", "FREQ=MONTHLY;BYDAY=2TU"},
		{{CAL_EVERY_MONTH_NTH, 3, 0, -1, 5, 0, {0}}, "2026-12-25", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR"},
		{{CAL_EVERY_YEAR, 1, 0, 0, 0, 0, {CAL_DAY, 2030, 12, 18, 0, 0, 0}}, "2026-12-18",
		 "FREQ=YEARLY;UNTIL=20301218;BYMONTH=12;BYMONTHDAY=18"},
	};
	static const char *const others[] = {"FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=MO;BYMONTH=3", "FREQ=MONTHLY;BYDAY=1MO,3MO",
					     "FREQ=YEARLY;BYWEEKNO=3", "nonsense", "FREQ=MONTHLY;BYMONTHDAY=3"};

	for (size_t i = 0; i < COUNT(all); i++) {
		struct str rule = cal_choice_rule(t->mem, &all[i].c, at(all[i].start), paris);
		struct cal_choice back = cal_choice_of(rule, at(all[i].start), paris);

		T_EQ(rule, str_of(all[i].rule));
		T_EQ((int)back.repeat, (int)all[i].c.repeat);
		T_EQ(back.interval, all[i].c.interval);
		T_EQ(back.days, all[i].c.days);
		T_EQ(back.nth, all[i].c.nth);
		T_EQ(back.weekday, all[i].c.weekday);
		T_EQ(back.count, all[i].c.count);
		T_EQ(cal_cmp(back.until, all[i].c.until), 0);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		T_EQ((int)cal_choice_of(str_of(others[i]), at("2026-12-18"), paris).repeat, CAL_REPEAT_OTHER);
	}
	T_EQ((int)cal_choice_of(S(" "), at("2026-12-18"), paris).repeat, CAL_ONCE);
	T_TRUE(cal_choice_rule(t->mem, &all[0].c, at("2026-12"), paris).p == NULL);
	/* the defaults of a form are those of the start */
	T_STR(cal_choice_rule(t->mem, &(struct cal_choice){.repeat = CAL_EVERY_MONTH_NTH}, at("2026-12-29"), paris),
	      "FREQ=MONTHLY;BYDAY=-1TU");
	T_STR(cal_choice_rule(t->mem, &(struct cal_choice){.repeat = CAL_EVERY_WEEK}, at("2026-12-29"), paris),
	      "FREQ=WEEKLY;BYDAY=TU");
}

/* "start..end" of each occurrence, joined; * for cancelled ones. */
static struct str expanded(struct t *t, const struct cal_series *s, const char *from, const char *to)
{
	struct buf b = buf_make(t->mem, KIB(64));
	struct cal_occurrences all;

	if (cal_expand(t->mem, s, cal_to_utc(s->zone, at(from)), cal_to_utc(s->zone, at(to)), 100, &all) != OK) {
		return S("refused");
	}
	for (size_t i = 0; i < all.n; i++) {
		buf_put(&b, i > 0 ? S(" ") : S(""));
		cal_put(&b, all.p[i].start);
		if (all.p[i].end.precision != CAL_NONE) {
			buf_put(&b, S(".."));
			cal_put(&b, all.p[i].end);
		}
		buf_put(&b, all.p[i].cancelled ? S("*") : S(""));
		T_TRUE(all.p[i].from <= all.p[i].to);
	}
	buf_put(&b, all.cut ? S(" cut") : S(""));
	return buf_str(&b);
}

static void series(struct t *t)
{
	struct cal_series s = {.start = at("2026-12-15T18:30"), .end = at("2026-12-15T20:00"),
			       .zone = cal_zone(S("Europe/Paris")), .rrule = S("FREQ=WEEKLY;COUNT=4")};
	struct cal_rdate more[] = {{at("2026-12-18T10:00"), at("2026-12-18T10:30")}, {at("2026-12-20"), at("")}};
	struct cal_moment gone[] = {at("2026-12-22T18:30"), at("2027-01-05")};
	struct cal_exception except[] = {
		{.on = at("2026-12-29T18:30"), .start = at("2027-02-01T09:00"), .end = at("2027-02-01T10:00")},
		{.on = at("2026-12-15T18:30"), .cancelled = true},
	};

	T_STR(expanded(t, &s, "2026-12-20", "2027-01-01"),
	      "2026-12-22T18:30..2026-12-22T20:00 2026-12-29T18:30..2026-12-29T20:00");
	s.rdates = more;
	s.n_rdates = 1;
	s.exdates = gone;
	s.n_exdates = 2;
	T_STR(expanded(t, &s, "2026", "2028"), "2026-12-15T18:30..2026-12-15T20:00 2026-12-18T10:00..2026-12-18T10:30 "
					       "2026-12-29T18:30..2026-12-29T20:00");
	s.exceptions = except;
	s.n_exceptions = 2;
	T_STR(expanded(t, &s, "2026", "2028"), "2026-12-15T18:30..2026-12-15T20:00* 2026-12-18T10:00..2026-12-18T10:30 "
					       "2027-02-01T09:00..2027-02-01T10:00");
	/* moved into the window from outside, and out of it */
	T_STR(expanded(t, &s, "2027-02-01", "2027-02-02"), "2027-02-01T09:00..2027-02-01T10:00");
	T_STR(expanded(t, &s, "2026-12-29", "2026-12-30"), "");
	T_EQ(cal_last(t->mem, &s, cal_to_utc(NULL, at("2030"))), cal_to_utc(s.zone, at("2027-02-01T10:00")));
}

static void following(struct t *t)
{
	struct cal_exception except[] = {
		{.on = at("2026-12-03T10:00"), .start = at("2026-12-03T12:00"), .end = at("2026-12-03T12:30"), .following = true},
		{.on = at("2026-12-05T10:00"), .start = at("2026-12-05T09:00")},
	};
	struct cal_series s = {.start = at("2026-12-01T10:00"), .end = at("2026-12-01T11:00"), .rrule = S("FREQ=DAILY;COUNT=6"),
			       .exceptions = except, .n_exceptions = 2};

	T_STR(expanded(t, &s, "2026-12-02", "2026-12-06T12:10"),
	      "2026-12-02T10:00..2026-12-02T11:00 2026-12-03T12:00..2026-12-03T12:30 2026-12-04T12:00..2026-12-04T12:30 "
	      "2026-12-05T09:00..2026-12-05T10:00 2026-12-06T12:00..2026-12-06T12:30");
}

static void summer_time(struct t *t)
{
	struct cal_series s = {.start = at("2026-03-27T02:30"), .end = at("2026-03-27T03:30"),
			       .zone = cal_zone(S("Europe/Paris")), .rrule = S("FREQ=DAILY;COUNT=4")};

	/* an hour each, also in the night that lacks one */
	T_STR(expanded(t, &s, "2026", "2027"), "2026-03-27T02:30..2026-03-27T03:30 2026-03-28T02:30..2026-03-28T03:30 "
					       "2026-03-29T03:30..2026-03-29T04:30 2026-03-30T02:30..2026-03-30T03:30");
	s.start = at("2026-10-24T22:00");
	s.end = at("2026-10-25T06:00");
	s.rrule = S("FREQ=DAILY;COUNT=2");
	T_STR(expanded(t, &s, "2026", "2027"), "2026-10-24T22:00..2026-10-25T06:00 2026-10-25T22:00..2026-10-26T07:00");
}

static void whole_days(struct t *t)
{
	struct cal_moment gone[] = {at("2027-03-20")};
	struct cal_series s = {.start = at("2026-03-20"), .end = at("2026-03-22"), .zone = cal_zone(S("Europe/Paris")),
			       .rrule = S("FREQ=YEARLY;UNTIL=20280320"), .exdates = gone, .n_exdates = 1};
	struct cal_series coarse = {.start = at("2027-02"), .zone = s.zone, .rrule = S("FREQ=DAILY")};

	T_STR(expanded(t, &s, "2026-03-22T12:00", "2030"), "2026-03-20..2026-03-22 2028-03-20..2028-03-22");
	T_STR(expanded(t, &s, "2026-03-23", "2028-03-20"), "");
	T_STR(expanded(t, &coarse, "2027-02-10", "2027-02-11"), "2027-02");
	T_STR(expanded(t, &coarse, "2027-03-01", "2028"), "");
	coarse.start = at("");
	T_STR(expanded(t, &coarse, "2026", "2028"), "");
	coarse.start = at("2027-02-01");
	coarse.rrule = S("FREQ=NEVER");
	T_STR(expanded(t, &coarse, "2026", "2028"), "refused");
}

static void next_one(struct t *t)
{
	struct cal_series s = {.start = at("2026-02-28T10:00"), .end = at("2026-02-28T12:00"), .rrule = S("FREQ=MONTHLY;BYMONTHDAY=31")};
	struct cal_occurrence o;

	T_TRUE(cal_next(t->mem, &s, cal_to_utc(NULL, at("2026-02-28T11:00")), &o));
	T_STR(cal_text(t->mem, o.start), "2026-02-28T10:00");
	T_TRUE(cal_next(t->mem, &s, cal_to_utc(NULL, at("2026-02-28T12:00")), &o));
	T_STR(cal_text(t->mem, o.start), "2026-03-31T10:00");
	s.start = at("2024-02-29T10:00");
	s.end = at("");
	s.rrule = S("FREQ=YEARLY;INTERVAL=48;BYMONTH=2;BYMONTHDAY=29");
	T_TRUE(cal_next(t->mem, &s, cal_to_utc(NULL, at("2026-03-01")), &o));
	T_STR(cal_text(t->mem, o.start), "2072-02-29T10:00");
}

static void bombs(struct t *t)
{
	static const char *const rules[] = {
		"FREQ=SECONDLY", "FREQ=SECONDLY;COUNT=2000000000", "FREQ=SECONDLY;INTERVAL=100000;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYDAY=MO;BYMONTHDAY=31;BYMONTH=2",
		"FREQ=SECONDLY;BYSECOND=1;BYMINUTE=1;BYHOUR=1;BYYEARDAY=366;BYDAY=MO;BYMONTH=1",
		"FREQ=MINUTELY;COUNT=9000000000000000000;BYDAY=TU",
		"FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=1,2,3,4,5;BYDAY=MO,TU,WE,TH,FR,SA,SU",
		"FREQ=WEEKLY;INTERVAL=100000;BYSETPOS=366", "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
		"FREQ=MINUTELY;BYWEEKNO=53;BYSETPOS=-366;BYMONTH=2", "FREQ=DAILY;COUNT=9223372036854775807;INTERVAL=100000",
	};
	int64_t began = time_mono();

	for (size_t i = 0; i < COUNT(rules); i++) {
		struct cal_series s = {.start = at("1970-01-01T04:00"), .rrule = str_of(rules[i])};
		struct cal_occurrences all;
		struct cal_occurrence one;

		T_ERR(OK, cal_expand(t->mem, &s, INT64_MIN, INT64_MAX, SIZE_MAX, &all));
		T_TRUE(all.n <= LIMIT_OCCURRENCES);
		T_ERR(OK, cal_expand(t->mem, &s, cal_to_utc(NULL, at("2026")), cal_to_utc(NULL, at("2027")), 50, &all));
		T_TRUE(all.n <= 50);
		(void)cal_next(t->mem, &s, cal_to_utc(NULL, at("2026")), &one);
		(void)cal_last(t->mem, &s, cal_to_utc(NULL, at("2040")));
	}
	/* generous, for machines that are busy: without bounds some of these would take years */
	T_TRUE(time_mono() - began < 10 * 1000000);
}

static const struct t_case cases[] = {
	{"moments are read, refused and written", texts, 0},
	{"moments have an order and can be moved", order, 0},
	{"zones are known by many names", zone_names, 0},
	{"zones are called by their town in each language", zone_labels, 0},
	{"clocks that jump give defined times", clocks, 0},
	{"every hour goes to the wall clock and back", round_trips, 0},
	{"moments cover what they say", spans, 0},
	{"rules are read, refused and written", rules, 0},
	{"choices become rules and rules choices", choices, 0},
	{"a series with dates added, taken out, moved and cancelled", series, 0},
	{"a change of one and all that follow", following, 0},
	{"a series keeps its hour when clocks change", summer_time, 0},
	{"series of whole days, and coarse starts", whole_days, 0},
	{"the next occurrence is found near and far", next_one, 0},
	{"absurd rules end soon", bombs, 0},
};
T_SUITE(cal, cases)
