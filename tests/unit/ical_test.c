/* iCalendar written and read: each behaviour of the reader on a fixture of its own, and what we write read back the same. */
#include "base/limits.h"
#include "base/utf8.h"
#include "cal/ical.h"
#include "t.h"

static struct cal_moment at(const char *text)
{
	struct cal_moment m;

	return cal_parse(str_of(text), &m) ? m : (struct cal_moment){0};
}

static struct ical_file read(struct t *t, struct str text)
{
	struct ical_file f;

	T_ERR(OK, ical_read(t->mem, text, &f));
	return f;
}

/* A calendar around lines of events. */
#define CAL(lines) S("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" lines "END:VCALENDAR\r\n")
#define EVENT(lines) "BEGIN:VEVENT\r\nUID:a@example.org\r\nSUMMARY:Tea\r\n" lines "END:VEVENT\r\n"

/* "start..end zone rrule" of the first event. */
static struct str first(struct t *t, struct str text)
{
	struct ical_file f = read(t, text);
	const struct cal_event *e = f.events;

	if (f.n_events == 0) {
		return str_fmt(t->mem, "lost: %s", f.n_problems > 0 ? f.problems[0].what : "nothing said");
	}
	return str_fmt(t->mem, "%.*s..%.*s %.*s %.*s", STR_ARG(cal_text(t->mem, e->start)), STR_ARG(cal_text(t->mem, e->end)),
		       STR_ARG(e->zone), STR_ARG(e->rrule));
}

static void times(struct t *t)
{
	T_STR(first(t, CAL(EVENT("DTSTART:20261218T183000Z\r\nDTEND:20261218T200000Z\r\n"))),
	      "2026-12-18T18:30..2026-12-18T20:00 UTC ");
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=Europe/Paris:20261218T183000\r\nDURATION:PT1H30M\r\n"))),
	      "2026-12-18T18:30..2026-12-18T20:00 Europe/Paris ");
	T_STR(first(t, CAL(EVENT("DTSTART;VALUE=DATE:20261218\r\nDTEND;VALUE=DATE:20261221\r\n"))), "2026-12-18..2026-12-20  ");
	T_STR(first(t, CAL(EVENT("DTSTART;VALUE=DATE:20261218\r\nDTEND;VALUE=DATE:20261219\r\n"))), "2026-12-18..  ");
	T_STR(first(t, CAL(EVENT("DTSTART;VALUE=DATE:20261218\r\nDURATION:P3D\r\n"))), "2026-12-18..2026-12-20  ");
	T_STR(first(t, CAL(EVENT("DTSTART:20261218\r\n"))), "2026-12-18..  ");
	/* without a zone: the calendar's, or none */
	T_STR(first(t, CAL(EVENT("DTSTART:20261218T183000\r\n"))), "2026-12-18T18:30..  ");
	T_STR(first(t, CAL("X-WR-TIMEZONE:America/Sao_Paulo\r\n" EVENT("DTSTART:20261218T183000\r\n"))),
	      "2026-12-18T18:30.. America/Sao_Paulo ");
	/* an end in another zone, one before the start, one that is none */
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=Europe/Paris:20261218T183000\r\nDTEND;TZID=Europe/London:20261218T183000\r\n"))),
	      "2026-12-18T18:30..2026-12-18T19:30 Europe/Paris ");
	T_STR(first(t, CAL(EVENT("DTSTART:20261218T183000Z\r\nDTEND:20261218T100000Z\r\n"))), "2026-12-18T18:30.. UTC ");
	T_STR(first(t, CAL(EVENT("DTSTART:20261218T183000Z\r\nDTEND:later\r\n"))), "2026-12-18T18:30.. UTC ");
	/* over the night in which the clock goes forward: hours run, days are of the calendar */
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=Europe/Paris:20260328T200000\r\nDURATION:PT10H\r\n"))),
	      "2026-03-28T20:00..2026-03-29T07:00 Europe/Paris ");
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=Europe/Paris:20260328T200000\r\nDURATION:P1D\r\n"))),
	      "2026-03-28T20:00..2026-03-29T20:00 Europe/Paris ");
	T_STR(first(t, CAL(EVENT("DTSTART:soon\r\n"))), "lost: “{text}” is no date between 1900 and 2999.");
	T_STR(first(t, CAL(EVENT("DTEND:20261218T200000Z\r\n"))), "lost: The event has no date.");
}

#define OUTLOOK(from, to)                                                                                     \
	"BEGIN:VTIMEZONE\r\nTZID:Customized\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:" from \
	"\r\nTZOFFSETTO:" to "\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n" \
	"DTSTART:16010101T020000\r\nTZOFFSETFROM:" to "\r\nTZOFFSETTO:" from                                  \
	"\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"

static void zones(struct t *t)
{
	/* names of Windows, of Outlook, in quotes */
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=Romance Standard Time:20261218T183000\r\n"))),
	      "2026-12-18T18:30.. Europe/Paris ");
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=\"(UTC-05:00) Eastern Time (US and Canada)\":20261218T183000\r\n"))),
	      "2026-12-18T18:30.. America/New_York ");
	/* by its changes, before or behind its use; a zone of no place */
	T_STR(first(t, CAL(OUTLOOK("+0200", "+0100") EVENT("DTSTART;TZID=Customized:20260718T183000\r\n"))),
	      "2026-07-18T18:30.. Europe/Paris ");
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=Customized:20260718T183000\r\n") OUTLOOK("+0200", "+0100"))),
	      "2026-07-18T18:30.. Europe/Paris ");
	T_STR(first(t, CAL(OUTLOOK("+0217", "+0117") EVENT("DTSTART;TZID=Customized:20260718T183000\r\n"))),
	      "2026-07-18T16:13.. UTC ");
	T_STR(first(t, CAL(EVENT("DTSTART;TZID=Nowhere:20260718T183000\r\n"))), "2026-07-18T18:30..  ");
	T_TRUE(read(t, CAL(EVENT("DTSTART;TZID=Nowhere:20260718T183000\r\n"))).n_problems == 1);
}

static void odd_files(struct t *t)
{
	static const struct {
		const char *name;
		struct str text;
	} same[] = {
		{"a mark before it", S_INIT("\xef\xbb\xbf" "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Fête\nDTSTART:20261218\nEND:VEVENT\n")},
		{"Latin-1", S_INIT("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:F\xeate\nDTSTART:20261218\nEND:VEVENT\nEND:VCALENDAR\n")},
		{"returns alone", S_INIT("BEGIN:VCALENDAR\rBEGIN:VEVENT\rSUMMARY:Fête\rDTSTART:20261218\rEND:VEVENT\rEND:VCALENDAR\r")},
		{"a NUL", S_INIT("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:F\0ête\nDTSTART:20261218\nEND:VEVENT\nEND:VCALENDAR\n")},
		{"no ends", S_INIT("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Fête\nDTSTART:20261218")},
		{"no beginning", S_INIT("BEGIN:VEVENT\nSUMMARY:Fête\nDTSTART:20261218\nEND:VEVENT\n")},
		{"folded within a letter", S_INIT("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:F\xc3\r\n \xaate\r\nDTSTART:20261218\r\nEND:VEVENT\r\nEND:VCALENDAR")},
		{"small letters, empty lines", S_INIT("begin:vcalendar\n\n\nbegin:vevent\nsummary;language=fr:Fête\n\ndtstart;value=date:20261218\nend:vevent\nend:vcalendar\n")},
		{"quoted-printable", S_INIT("BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VEVENT\nSUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:F=C3=\n=AAte\nDTSTART:20261218\nEND:VEVENT\n")},
		{"other components, alarms, foreign ends", S_INIT("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:No\nDTSTART:20200101\nEND:VTODO\nBEGIN:VEVENT\nDTSTART:20261218\nBEGIN:VALARM\nSUMMARY:No\nEND:VALARM\nSUMMARY:Fête\nEND:VFOO\nEND:VEVENT\nEND:VCALENDAR\n")},
		{"UTF-16", S_INIT("\xff\xfe" "B\0E\0G\0I\0N\0:\0V\0E\0V\0E\0N\0T\0\n\0S\0U\0M\0M\0A\0R\0Y\0:\0F\0\xea\0t\0e\0\n\0D\0T\0S\0T\0A\0R\0T\0:\0" "2\0" "0\0" "2\0" "6\0" "1\0" "2\0" "1\0" "8\0\n\0")},
	};

	for (size_t i = 0; i < COUNT(same); i++) {
		struct ical_file f = read(t, same[i].text);

		if (f.n_events != 1 || !str_eq(f.events[0].title, S("Fête")) ||
		    cal_cmp(f.events[0].start, at("2026-12-18")) != 0) {
			t_fail(t, T_AT("file"), "%s: %zu events", same[i].name, f.n_events);
		}
	}
}

static void refused(struct t *t)
{
	struct ical_file f;
	struct buf b = buf_make(t->mem, MIB(4));

	T_ERR(E_INVALID, ical_read(t->mem, S("<html><body>Sign in</body></html>"), &f));
	T_EQ(f.n_problems, 1);
	T_ERR(E_INVALID, ical_read(t->mem, S(""), &f));
	T_ERR(OK, ical_read(t->mem, S("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), &f));
	T_EQ(f.n_events, 0);
	for (int i = 0; i <= LIMIT_ICAL_EVENTS; i++) {
		buf_put(&b, S("BEGIN:VEVENT\nDTSTART:20261218\nEND:VEVENT\n"));
	}
	T_ERR(E_LIMIT, ical_read(t->mem, buf_str(&b), &f));
	T_STR(str_of(f.problems[0].what), "The file has too many events.");
}

static void broken_text(struct t *t)
{
	struct ical_file f = read(t, CAL(EVENT("DTSTART:20261218\r\nDESCRIPTION:One\\, two\\n\\;three\\\\\r\nfour; five\r\n")));

	T_STR(f.events[0].body, "One, two\n;three\\\nfour; five");
	f = read(t, CAL("what is this\r\n" EVENT("DTSTART:20261218\r\n")));
	T_EQ(f.n_events, 1);
	T_EQ(f.problems[0].line, 3);
	T_STR(f.problems[0].about, "what is this");
}

static void details(struct t *t)
{
	struct ical_file f = read(t, CAL("X-WR-CALNAME:Vie du quartier\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" EVENT(
		"DTSTART:20261218T183000Z\r\nSEQUENCE:3\r\nSTATUS:CANCELLED\r\nDTSTAMP:20261101T100000Z\r\nLAST-MODIFIED:20261102T100000Z\r\n"
		"LOCATION:Maison\\, 3 rue Haute\r\nGEO:44.73331;5.02154\r\nCATEGORIES:Accueil,Repas\\, fête\r\nCATEGORIES:Lyon\r\n"
		"URL:https://example.org/e/1\r\nORGANIZER;CN=\"Collectif: Accueil\":mailto:someone@example.org\r\n"
		"ATTACH;FMTTYPE=image/png:https://example.org/a.png\r\nCLASS:PRIVATE\r\nX-ALT-DESC;FMTTYPE=text/html:<p>Hi</p>\r\n")));
	const struct cal_event *e = f.events;

	T_STR(f.name, "Vie du quartier");
	T_EQ(f.refresh, 720);
	T_NEED(f.n_events == 1 && f.n_problems == 0);
	T_EQ(e->sequence, 3);
	T_EQ((int)e->status, CAL_CANCELLED);
	T_EQ(e->stamp, cal_to_utc(NULL, at("2026-11-01T10:00")));
	T_EQ(e->modified, cal_to_utc(NULL, at("2026-11-02T10:00")));
	T_STR(e->location, "Maison, 3 rue Haute");
	T_TRUE(e->has_geo && e->lat == 44.73331 && e->lon == 5.02154);
	T_NEED(e->n_categories == 3);
	T_STR(e->categories[1], "Repas, fête");
	T_STR(e->url, "https://example.org/e/1");
	T_STR(e->organizer, "Collectif: Accueil");
	T_EQ(e->organizer_url.n, 0);
	T_STR(e->image, "https://example.org/a.png");
	T_STR(e->html, "<p>Hi</p>");
	T_TRUE(e->hidden);
}

static void families(struct t *t)
{
	struct ical_file f = read(t, CAL(
		EVENT("DTSTART;TZID=Europe/Paris:20261201T183000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE:20261215T173000Z\r\n")
		EVENT("RECURRENCE-ID:20261208T173000Z\r\nDTSTART;TZID=Europe/Paris:20261209T200000\r\nSEQUENCE:1\r\n")
		EVENT("RECURRENCE-ID:20261208T173000Z\r\nDTSTART;TZID=Europe/Paris:20261210T200000\r\nSEQUENCE:0\r\n")
		"BEGIN:VEVENT\r\nUID:alone\r\nRECURRENCE-ID:20261208T173000Z\r\nDTSTART:20261209T200000Z\r\nEND:VEVENT\r\n"));
	struct cal_series s;
	struct cal_occurrences o;

	T_NEED(f.n_events == 2);
	T_NEED(f.events[0].n_overrides == 1);
	T_STR(cal_text(t->mem, f.events[0].overrides[0].on), "2026-12-08T18:30");
	T_STR(cal_text(t->mem, f.events[1].on), "2026-12-08T17:30");
	s = cal_series_of(t->mem, &f.events[0]);
	T_OK(cal_expand(t->mem, &s, 0, INT64_MAX, 10, &o));
	T_NEED(o.n == 3);
	T_STR(cal_text(t->mem, o.p[1].start), "2026-12-09T20:00");
	T_STR(cal_text(t->mem, o.p[2].start), "2026-12-22T18:30");
	/* twice the same: the newest; the same identity for two things: both */
	f = read(t, CAL(EVENT("DTSTART:20261218\r\nSEQUENCE:2\r\nLOCATION:New\r\n") EVENT("DTSTART:20261217\r\nSEQUENCE:1\r\n")));
	T_NEED(f.n_events == 1);
	T_STR(f.events[0].location, "New");
	f = read(t, CAL(EVENT("DTSTART:20261218\r\n") "BEGIN:VEVENT\r\nUID:a@example.org\r\nSUMMARY:Other\r\nDTSTART:20261219\r\nEND:VEVENT\r\n"));
	T_EQ(f.n_events, 2);
	T_EQ(f.events[1].uid.n, 0);
}

static void dates_beside(struct t *t)
{
	struct ical_file f = read(t, CAL(EVENT("DTSTART;TZID=Europe/Paris:20261201T183000\r\nRDATE:20261205T173000Z,20261206T173000Z\r\n"
		"RDATE;VALUE=PERIOD:20261207T100000Z/PT2H,20261208T100000Z/20261208T130000Z\r\nEXDATE;VALUE=DATE:20261206\r\n")));
	const struct cal_event *e = f.events;

	T_NEED(f.n_events == 1 && e->n_rdates == 4 && e->n_exdates == 1);
	T_STR(cal_text(t->mem, e->rdates[0].start), "2026-12-05T18:30");
	T_STR(cal_text(t->mem, e->rdates[2].end), "2026-12-07T13:00");
	T_STR(cal_text(t->mem, e->rdates[3].end), "2026-12-08T14:00");
	T_STR(cal_text(t->mem, e->exdates[0]), "2026-12-06");
	/* rules that take out become dates */
	f = read(t, CAL(EVENT("DTSTART:20020101T090000Z\r\nRRULE:FREQ=DAILY;UNTIL=20020201T000000Z\r\n"
			      "EXRULE:FREQ=WEEKLY;UNTIL=20020201T000000Z;BYDAY=SU\r\nEXRULE:FREQ=WEEKLY;UNTIL=20020201T000000Z;BYDAY=SA\r\n")));
	{
		struct cal_series s = cal_series_of(t->mem, f.events);
		struct cal_occurrences o;

		T_OK(cal_expand(t->mem, &s, 0, INT64_MAX, 100, &o));
		T_EQ(o.n, 23);
	}
	f = read(t, CAL(EVENT("DTSTART:20020101T090000Z\r\nRRULE:FREQ=SOMETIMES\r\n")));
	T_TRUE(f.n_events == 1 && f.n_lost == 0 && f.events[0].rrule.n == 0);
	T_EQ(f.problems[0].line, 7);
}

static struct str written(struct t *t, const struct cal_event *ev, const struct cal_feed *feed)
{
	struct buf b = buf_make(t->mem, MIB(1));
	struct ical_out o = ical_to(t->mem, &b, NULL, NULL);

	ical_put_head(&o, feed);
	ical_put_event(&o, ev);
	T_ERR(OK, ical_done(&o));
	return buf_str(&b);
}

static void writes(struct t *t)
{
	struct str categories[] = {S("Accueil, repas"), S("Ville")};
	struct cal_rdate more[] = {{at("2026-12-18"), at("")}};
	struct cal_moment gone[] = {at("2026-12-22")};
	struct cal_event moved = {.title = S("Réunion"), .stamp = T_NOW, .on = at("2026-12-29T18:30"), .start = at("2026-12-30T18:30"),
				  .status = CAL_CANCELLED, .sequence = 2};
	struct cal_event ev = {.uid = S("e1@example.org"), .sequence = 1, .stamp = T_NOW, .modified = T_NOW, .status = CAL_CONFIRMED,
			       .title = S("Réunion; publique"), .body = S("Ligne 1\nLigne 2, et \\"), .location = S("Maison"), .has_geo = true,
			       .lat = 44.733312, .lon = -5.5, .url = S("https://example.org/e1"), .image = S("https://example.org/a\nb"),
			       .categories = categories, .n_categories = 2, .organizer = S("Le \"Réseau\""), .start = at("2026-12-15T18:30"),
			       .end = at("2026-12-15T20:00"), .zone = S("Europe/Paris"), .rrule = S("FREQ=WEEKLY;UNTIL=20270105"),
			       .rdates = more, .n_rdates = 1, .exdates = gone, .n_exdates = 1, .overrides = &moved, .n_overrides = 1};
	struct cal_feed feed = {.name = S("Agenda"), .refresh = 60, .since = cal_to_utc(NULL, at("2026-12-15")), .publish = true};
	struct str text = written(t, &ev, &feed);
	static const char *const lines[] = {
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Maillage//Maillage ", "\r\nMETHOD:PUBLISH\r\n", "\r\nX-WR-CALNAME:Agenda\r\n",
		"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT60M\r\nX-PUBLISHED-TTL:PT60M\r\n", "\r\nTZID:Europe/Paris\r\n",
		"\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n", "\r\nUID:e1@example.org\r\n", "\r\nDTSTAMP:20251122T120000Z\r\n",
		"\r\nDTSTART;TZID=Europe/Paris:20261215T183000\r\nDTEND;TZID=Europe/Paris:20261215T200000\r\n",
		"\r\nRRULE:FREQ=WEEKLY;UNTIL=20270105T225959Z\r\n", "\r\nRDATE;TZID=Europe/Paris:20261218T183000\r\n",
		"\r\nEXDATE;TZID=Europe/Paris:20261222T183000\r\n", "\r\nSEQUENCE:1\r\n", "\r\nSTATUS:CONFIRMED\r\n",
		"\r\nSUMMARY:Réunion\\; publique\r\n", "\r\nDESCRIPTION:Ligne 1\\nLigne 2\\, et \\\\\r\n", "\r\nGEO:44.73331;-5.5\r\n",
		"\r\nCATEGORIES:Accueil\\, repas,Ville\r\n", "\r\nORGANIZER;CN=\"Le Réseau\":invalid:nomail\r\n",
		"\r\nRECURRENCE-ID;TZID=Europe/Paris:20261229T183000\r\n", "\r\nSTATUS:CANCELLED\r\n", "\r\nSEQUENCE:2\r\n",
		"END:VEVENT\r\nEND:VCALENDAR\r\n",
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		if (str_find(text, str_of(lines[i])) < 0) {
			t_fail(t, T_AT("line"), "%s is not written in %.*s", lines[i], STR_ARG(text));
		}
	}
	T_TRUE(str_find(text, S("IMAGE")) < 0 && str_find(text, S("mailto")) < 0 && str_find(text, S("2025")) > 0);
	T_TRUE(str_find(text, S("DTSTART:2025")) < 0); /* zones begin with the year of the events */
}

static void folds(struct t *t)
{
	struct buf b = buf_make(t->mem, KIB(8));
	struct cal_event ev = {.uid = S("e"), .stamp = T_NOW, .start = at("2026-12-15")};
	struct str text, rest;

	for (int i = 0; i < 300; i++) {
		buf_put(&b, i % 3 == 0 ? S("é") : i % 3 == 1 ? S("漢") : S("x"));
	}
	ev.title = buf_str(&b);
	text = written(t, &ev, &(struct cal_feed){.name = S("A")});
	rest = text;
	while (rest.p != NULL) {
		struct str line = str_cut(&rest, '\n');

		T_TRUE(line.n <= 76 && utf8_ok(line));
	}
	T_EQ(read(t, text).events[0].title, ev.title);
}

static void coarse(struct t *t)
{
	struct cal_event ev = {.uid = S("e"), .stamp = T_NOW, .title = S("Fair"), .start = at("2027-02"), .zone = S("Europe/Paris")};
	struct str text = written(t, &ev, &(struct cal_feed){.name = S("A")});

	T_TRUE(str_find(text, S("DTSTART;VALUE=DATE:20270201\r\nDTEND;VALUE=DATE:20270301\r\n")) > 0);
	T_TRUE(str_find(text, S("STATUS:TENTATIVE")) > 0 && str_find(text, S("VTIMEZONE")) < 0);
	ev.start = at("");
	T_TRUE(str_find(written(t, &ev, &(struct cal_feed){.name = S("A")}), S("VEVENT")) < 0);
	ev.start = at("2026-12-18");
	ev.end = at("2026-12-20");
	ev.rrule = S("FREQ=YEARLY;UNTIL=20301231T225959Z;BYMONTHDAY=18");
	text = written(t, &ev, &(struct cal_feed){.name = S("A")});
	T_TRUE(str_find(text, S("DTSTART;VALUE=DATE:20261218\r\nDTEND;VALUE=DATE:20261221\r\n")) > 0);
	T_TRUE(str_find(text, S("RRULE:FREQ=YEARLY;UNTIL=20301231;BYMONTH=12;BYMONTHDAY=18\r\n")) > 0);
}

/* Every zone as we write it has the offsets it has: read back under a name that nobody knows. */
static void zone_texts(struct t *t)
{
	const struct str *names;
	size_t n = cal_zones(&names);
	static const char *const when[] = {"2019-07-01T12:00", "2024-01-15T12:00", "2026-03-28T12:00", "2026-03-30T12:00", "2026-04-20T12:00",
					   "2027-11-03T12:00", "2027-11-10T12:00", "2033-07-15T12:00"};

	for (size_t i = 1; i < n; i++) {
		struct mem_mark mark = mem_mark(t->mem);
		const struct cal_zone *z = cal_zone(names[i]);
		struct buf b = buf_make(t->mem, KIB(64));
		struct ical_out o = ical_to(t->mem, &b, NULL, NULL);
		struct str text, head, tail;
		struct ical_file f;

		ical_put_zone(&o, z, 2019);
		text = buf_str(&b);
		head = str_sub(text, 0, (size_t)str_find(text, S("TZID:")));
		tail = str_sub(text, (size_t)str_find(text, S("BEGIN:STANDARD")), text.n);
		b = buf_make(t->mem, KIB(64));
		buf_fmt(&b, "%.*sTZID:Unknown\r\n%.*s", STR_ARG(head), STR_ARG(tail));
		for (size_t k = 0; k < COUNT(when); k++) {
			struct cal_moment m = at(when[k]);

			buf_fmt(&b, "BEGIN:VEVENT\r\nDTSTART;TZID=Unknown:%04d%02d%02dT120000\r\nEND:VEVENT\r\n", m.year, m.month, m.day);
		}
		f = read(t, buf_str(&b));
		T_EQ(f.n_events, COUNT(when));
		for (size_t k = 0; k < f.n_events; k++) {
			if (cal_to_utc(cal_zone(f.events[k].zone), f.events[k].start) != cal_to_utc(z, at(when[k]))) {
				t_fail(t, T_AT("zone"), "%.*s at %s is read as %.*s %.*s:\n%.*s", STR_ARG(names[i]), when[k],
				       STR_ARG(cal_text(t->mem, f.events[k].start)), STR_ARG(f.events[k].zone), STR_ARG(text));
				return;
			}
		}
		mem_rewind(t->mem, mark);
	}
}

static const struct t_case cases[] = {
	{"times, ends and lengths are understood", times, 0},
	{"zones are understood by name and by their changes", zones, 0},
	{"files of any make are read alike", odd_files, 0},
	{"what is no calendar is refused", refused, 0},
	{"text that was broken is joined again", broken_text, 0},
	{"the details of an event", details, 0},
	{"changed occurrences and doubles find their series", families, 0},
	{"dates added and taken out", dates_beside, 0},
	{"an event is written as the RFC wants it", writes, 0},
	{"lines are folded between characters", folds, 0},
	{"months, and days only", coarse, 0},
	{"every zone is written with its offsets", zone_texts, 0},
};
T_SUITE(ical, cases)
