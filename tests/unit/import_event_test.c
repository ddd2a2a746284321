/* Events from everywhere: calendars, pages, the fediverse, agendas; kept in step, and out again as iCalendar. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "thing.h"

#include "base/limits.h"
#include "base/time.h"
#include "cal/ical.h"
#include "db/db.h"
#include "mod/agenda/event.h"
#include "mod/exchange/export.h"
#include "mod/exchange/source.h"

struct ran {
	struct import im;
	struct mapping mp;
	enum err err;
};

static int file_of(struct t *t, struct str text)
{
	const char *path = t_tmp(t, "events");
	FILE *f = fopen(path, "wb");

	T_TRUE(f && fwrite(text.p, 1, text.n, f) == text.n && fclose(f) == 0);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static struct ran *run(struct t *t, struct str text)
{
	struct ran *r = mem_new(t->mem, struct ran);
	int fd = file_of(t, text);

	mapping_open(&r->mp, t->mem, &event_entity);
	r->im = (struct import){.mem = t->mem, .db = t->db, .entity = &event_entity, .mapping = &r->mp, .speak = "en",
				.source = S("file:test"), .lang = S("fr")};
	r->err = import_open(t->mem, fd, STR_NONE, &r->im.reader);
	if (r->err == OK) {
		r->err = import_all(&r->im);
	}
	close(fd);
	return r;
}

static struct json doc_of(struct t *t, const char *slug)
{
	struct object ob = {0};
	int64_t id = 0;

	(void)t_eq_err(t, T_AT(slug), OK, object_id_of(t->db, t->mem, &event_entity, str_of(slug), &id));
	(void)t_eq_err(t, T_AT(slug), OK, object_by_id(t->db, t->mem, id, &ob));
	return ob.doc.j ? *ob.doc.j : (struct json){.kind = JSON_IS_NONE};
}

static struct str field(struct t *t, const char *slug, const char *name)
{
	struct json j = doc_of(t, slug);

	return json_text(&j, name);
}

#define ICS(lines) S("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Europe/Paris\r\n" lines "END:VCALENDAR\r\n")
#define SERIES                                                                                                               \
	"BEGIN:VEVENT\r\nUID:tea@example.org\r\nSUMMARY:Tea\r\nDTSTART;TZID=Romance Standard Time:20261201T183000\r\n"        \
	"DTEND;TZID=Romance Standard Time:20261201T200000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE:20261215T173000Z\r\n"        \
	"LOCATION:Maison\\, 3 rue Haute\\, 26400 Crest\r\nURL:https://example.org/tea\r\nCATEGORIES:Repas\r\n"               \
	"ORGANIZER;CN=Collectif:mailto:someone@example.org\r\nEND:VEVENT\r\n"                                                 \
	"BEGIN:VEVENT\r\nUID:tea@example.org\r\nRECURRENCE-ID:20261208T173000Z\r\nSUMMARY:Tea and cake\r\n"                   \
	"DTSTART;TZID=Europe/Paris:20261209T200000\r\nDTEND;TZID=Europe/Paris:20261209T210000\r\nEND:VEVENT\r\n"

static void calendars(struct t *t)
{
	struct str text = ICS(SERIES "BEGIN:VEVENT\r\nSUMMARY:When\r\nDTSTART:soon\r\nEND:VEVENT\r\n"
			      "BEGIN:VEVENT\r\nUID:p\r\nSUMMARY:Secret\r\nCLASS:PRIVATE\r\nDTSTART:20261218\r\nEND:VEVENT\r\n"
			      "BEGIN:VEVENT\r\nSUMMARY:No identity\r\nDTSTART:20261218T170000Z\r\nDURATION:forever\r\nEND:VEVENT\r\n");
	struct ran *r;
	struct json doc, *e;

	thing_start(t);
	r = run(t, text);
	T_EQ((int)r->err, OK);
	T_EQ(r->im.created, 2);
	T_EQ(r->im.rejected, 2);
	T_NEED(r->im.said.n == 3);
	T_STR(r->im.said.p[1].reason, "“soon” is no date between 1900 and 2999.");
	T_STR(str_of(r->im.said.p[0].outcome), "noted");
	T_STR(r->im.said.p[0].reason, "“forever” is no duration: the event is kept without an end.");
	doc = doc_of(t, "tea");
	T_STR(json_text(&doc, "start"), "2026-12-01T18:30");
	T_STR(json_text(&doc, "end"), "2026-12-01T20:00");
	T_STR(json_text(&doc, "zone"), "Europe/Paris");
	T_STR(json_text(&doc, "rrule"), "FREQ=WEEKLY;COUNT=4");
	T_STR(json_str(json_at(json_get(&doc, "exdates"), 0)), "2026-12-15T18:30");
	T_STR(json_text(json_at(json_get(&doc, "places"), 0), "town"), "Crest");
	T_STR(json_text(json_at(json_get(&doc, "places"), 0), "label"), "Maison");
	T_STR(json_text(json_at(json_get(&doc, "hosts"), 0), "actor"), "Collectif");
	e = json_at(json_get(&doc, "exceptions"), 0)->kind == JSON_IS_OBJECT ? json_get(&doc, "exceptions")->items : NULL;
	T_NEED(e != NULL);
	T_STR(json_text(e, "on"), "2026-12-08T18:30");
	T_STR(json_text(e, "start"), "2026-12-09T20:00");
	T_STR(json_text(e, "note"), "Tea and cake");
	/* known in UTC only, one date: on the clock of the place */
	T_STR(field(t, "no-identity", "start"), "2026-12-18T18:00");
	r = run(t, text);
	T_EQ(r->im.created + r->im.updated, 0);
	T_EQ(r->im.unchanged, 2);
}

static struct import *reading(struct t *t, const struct source_by_id_row *s, struct str text)
{
	struct import *im = mem_new(t->mem, struct import);
	int fd = file_of(t, text);

	time_set(time_now() + TIME_HOUR);
	(void)t_eq_err(t, T_AT("reading"), OK, source_take(t->mem, t->db, s, fd, "en", im));
	close(fd);
	return im;
}

static enum status status_of(struct t *t, const char *slug)
{
	struct object ob = {0};
	int64_t id = 0;

	(void)t_eq_err(t, T_AT(slug), OK, object_id_of(t->db, t->mem, &event_entity, str_of(slug), &id));
	(void)t_eq_err(t, T_AT(slug), OK, object_by_id(t->db, t->mem, id, &ob));
	return ob.status;
}

#define ONE(uid, lines) "BEGIN:VEVENT\r\nUID:" uid "\r\nDTSTART;VALUE=DATE:20261218\r\n" lines "END:VEVENT\r\n"

static void subscribed(struct t *t)
{
	struct source_add_in in = {.name = S("There"), .url = S("https://there.example/a.ics"), .kind = S("events"), .options = S("{}"),
				   .trusted = true, .every_hours = 1, .misses_max = 2, .account = 7, .now = T_NOW};
	struct source_add_row row = {0};
	struct source_by_id_row s = {0};
	struct import *im;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(source_add(t->db, &in, t->mem, &row));
	T_OK(db_commit(t->db));
	T_OK(source_by_id(t->db, row.id, t->mem, &s));
	im = reading(t, &s, ICS(ONE("1", "SUMMARY:Fair\r\n") ONE("2", "SUMMARY:March\r\n")));
	T_EQ(im->created, 2);
	/* the same one under another name and date is still the same one */
	im = reading(t, &s, ICS("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Great fair\r\nSEQUENCE:1\r\nDTSTART;VALUE=DATE:20261219\r\nEND:VEVENT\r\n"
				ONE("2", "SUMMARY:March\r\nSTATUS:CANCELLED\r\n")));
	T_EQ(im->created, 0);
	T_EQ(im->updated, 2);
	T_STR(field(t, "fair", "start"), "2026-12-19");
	T_STR(field(t, "march", "state"), "cancelled");
	/* an empty calendar or a page in its place tells nothing of who is gone */
	{
		struct import gone;
		int fd = file_of(t, S("<!doctype html><p>Sign in"));

		T_ERR(E_INVALID, source_take(t->mem, t->db, &s, fd, "en", &gone));
		close(fd);
	}
	(void)reading(t, &s, ICS(ONE("2", "SUMMARY:March\r\nSTATUS:CANCELLED\r\n")));
	T_EQ((int)status_of(t, "fair"), ST_PUBLISHED);
	(void)reading(t, &s, ICS(ONE("2", "SUMMARY:March\r\nSTATUS:CANCELLED\r\n")));
	T_EQ((int)status_of(t, "fair"), ST_ARCHIVED);
	im = reading(t, &s, ICS(ONE("1", "SUMMARY:Fair\r\n") ONE("2", "SUMMARY:March\r\nSTATUS:CANCELLED\r\n")));
	T_EQ((int)status_of(t, "fair"), ST_PUBLISHED);
}

static void from_json(struct t *t)
{
	struct ran *r;
	struct json doc;

	thing_start(t);
	r = run(t, S("{\"@context\":[],\"type\":\"OrderedCollection\",\"orderedItems\":[{\"type\":\"Create\",\"object\":{\"type\":\"Event\","
		     "\"id\":\"https://ex.org/events/1\",\"name\":\"Fediverse\",\"content\":\"<p>Hello <b>all</b></p>\",\"category\":\"MEETING\","
		     "\"startTime\":\"2026-12-18T17:30:00Z\",\"endTime\":\"2026-12-18T19:00:00Z\",\"timezone\":\"Europe/Paris\","
		     "\"ical:status\":\"CONFIRMED\",\"tag\":[{\"type\":\"Hashtag\",\"name\":\"#accueil\"}],\"location\":{\"type\":\"Place\","
		     "\"name\":\"Maison\",\"address\":{\"streetAddress\":\"3 rue Haute\",\"postalCode\":\"26400\",\"addressLocality\":\"Crest\"},"
		     "\"longitude\":5.02,\"latitude\":44.73},\"attachment\":[{\"type\":\"PropertyValue\","
		     "\"propertyID\":\"mz:accessibility:wheelchairAccessible\",\"value\":\"yes\"}]}}]}"));
	T_EQ(r->im.created, 1);
	T_STR(str_of(r->im.reader->format), "events");
	doc = doc_of(t, "fediverse");
	T_STR(json_text(&doc, "start"), "2026-12-18T18:30");
	T_STR(json_text(&doc, "kind"), "meeting");
	T_STR(json_text(&doc, "body"), "Hello **all**");
	T_STR(json_text(&doc, "attendance"), "on_site");
	T_STR(json_str(json_at(json_get(&doc, "access"), 0)), "wheelchair");
	T_STR(json_text(json_at(json_get(&doc, "places"), 0), "address"), "3 rue Haute");
	r = run(t, S("[{\"type\":\"Event\",\"id\":\"https://g.org/m/12\",\"name\":\"Gancio\",\"startTime\":\"2026-12-18T18:30:00.000+01:00\","
		     "\"location\":[{\"type\":\"Place\",\"name\":\"Salle\",\"address\":\"3 rue Haute, 26400 Crest\"},"
		     "{\"type\":\"VirtualLocation\",\"url\":\"https://v.org\"}]}]"));
	T_EQ(r->im.created, 1);
	doc = doc_of(t, "gancio");
	T_STR(json_text(&doc, "attendance"), "both");
	T_STR(json_text(json_at(json_get(&doc, "places"), 0), "town"), "Crest");
	T_STR(json_text(json_at(json_get(&doc, "places"), 0), "label"), "Salle");
	r = run(t, S("{\"total\":1,\"events\":[{\"uid\":123,\"slug\":\"oa\",\"title\":{\"fr\":\"Ouverture\",\"en\":\"Opening\"},"
		     "\"description\":{\"fr\":\"Venez\"},\"keywords\":{\"fr\":[\"accueil\"]},\"timezone\":\"Europe/Paris\",\"attendanceMode\":1,"
		     "\"timings\":[{\"begin\":\"2026-12-19T10:00:00+01:00\",\"end\":\"2026-12-19T12:00:00+01:00\"},"
		     "{\"begin\":\"2026-12-18T10:00:00+01:00\",\"end\":\"2026-12-18T11:00:00+01:00\"}],"
		     "\"location\":{\"name\":\"Maison\",\"address\":\"3 rue Haute\",\"city\":\"Crest\",\"postalCode\":\"26400\"},"
		     "\"registration\":[{\"type\":\"link\",\"value\":\"https://in.org\"}],\"accessibility\":{\"mi\":true}}]}"));
	T_EQ(r->im.created, 1);
	doc = doc_of(t, "ouverture");
	T_STR(json_text(&doc, "start"), "2026-12-18T10:00");
	T_STR(json_str(json_at(json_get(&doc, "rdates"), 0)), "2026-12-19T10:00");
	T_STR(json_text(json_at(json_get(&doc, "exceptions"), 0), "end"), "2026-12-19T12:00");
	T_STR(json_text(&doc, "registration"), "outside");
	T_STR(json_text(json_get(json_get(&doc, "translations"), "en"), "title"), "Opening");
	r = run(t, S("{\"@type\":\"Event\",\"name\":\"Nothing\",\"startDate\":\"one day\"}"));
	T_EQ(r->im.rejected, 1);
	T_STR(r->im.said.p[0].reason, "“one day” is no date between 1900 and 2999.");
}

static void from_pages(struct t *t)
{
	struct ran *r;
	struct json doc;

	thing_start(t);
	r = run(t, S("<!DOCTYPE html><html><head><script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@graph\":"
		     "[{\"@type\":\"WebSite\",\"name\":\"x\"},{\"@type\":\"MusicEvent\",\"name\":\"Concert\",\"startDate\":\"2026-12-18T20:30\","
		     "\"eventStatus\":\"https://schema.org/EventPostponed\",\"eventAttendanceMode\":\"https://schema.org/OnlineEventAttendanceMode\","
		     "\"organizer\":{\"@type\":\"Organization\",\"name\":\"Chorale\"},\"isAccessibleForFree\":true,"
		     "\"url\":\"https://ex.org/concert\"}]}</script></head><body></body></html>"));
	T_EQ(r->im.created, 1);
	doc = doc_of(t, "concert");
	T_STR(json_text(&doc, "start"), "2026-12-18T20:30");
	T_STR(json_text(&doc, "state"), "postponed");
	T_STR(json_text(&doc, "attendance"), "online");
	T_TRUE(json_true(json_get(&doc, "free")));
	T_STR(json_text(json_at(json_get(&doc, "links"), 0), "url"), "https://ex.org/concert");
	r = run(t, S("<html><body><div class=\"card h-event\"><h1 class=\"p-name\">Marche &amp; repas</h1>"
		     "<time class='dt-start' datetime='2026-12-18T18:30:00+01:00'>ce soir</time><br>"
		     "<span class=\"p-location\">Crest</span><a class=u-url href=https://ex.org/m>voir</a>"
		     "<div class=\"e-content\"><p>Un <i>texte</i></p></div><span class=\"p-category\">accueil</span></div></body></html>"));
	T_EQ(r->im.created, 1);
	doc = doc_of(t, "marche-repas");
	T_STR(json_text(&doc, "start"), "2026-12-18T18:30");
	T_STR(json_text(&doc, "body"), "Un texte");
	T_STR(json_text(json_at(json_get(&doc, "places"), 0), "town"), "Crest");
	r = run(t, S("<html><body>Nothing here</body></html>"));
	T_ERR(E_INVALID, r->err);
	r = run(t, S("<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:ev=\"http://purl.org/rss/1.0/modules/event/\"><channel><item>"
		     "<title>Du fil</title><guid>f1</guid><ev:startdate>2026-12-18T18:30:00+01:00</ev:startdate></item></channel></rss>"));
	T_EQ(r->im.created, 1);
	T_STR(field(t, "du-fil", "start"), "2026-12-18T18:30");
}

static enum err put_all(void *ctx, struct str chunk)
{
	buf_put(ctx, chunk);
	return OK;
}

static void out_again(struct t *t)
{
	struct buf b = buf_make(t->mem, MIB(4));
	struct export x = {.format = export_by_suffix(S(".ics")), .entity = &event_entity, .mem = t->mem, .lang = "fr", .now = T_NOW,
			   .base_url = S("https://site.example"), .site_name = S("Site"), .zone = S("Europe/Paris"),
			   .self = S("https://site.example/api/v1/events.ics"), .page = S("https://site.example/fr/agenda")};
	struct filter f = {.entity = &event_entity};
	struct ical_file file;
	struct cal_series s;
	struct cal_occurrences o;
	struct str text;

	thing_start(t);
	T_EQ(run(t, ICS(SERIES))->im.created, 1);
	T_OK(export_all(&x, t->db, &f, put_all, &b));
	text = buf_str(&b);
	T_TRUE(str_find(text, S("someone@")) < 0);
	T_TRUE(str_find(text, S("\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n")) > 0 && str_find(text, S("@site.example\r\n")) > 0);
	T_TRUE(str_find(text, S("RECURRENCE-ID;TZID=Europe/Paris:20261208T183000")) > 0);
	T_TRUE(str_find(text, S("LOCATION:Maison\\, 3 rue Haute\\, 26400 Crest\r\n")) > 0);
	T_OK(ical_read(t->mem, text, &file));
	T_NEED(file.n_events == 1 && file.n_problems == 0);
	s = cal_series_of(t->mem, file.events);
	T_OK(cal_expand(t->mem, &s, 0, INT64_MAX, 10, &o));
	T_NEED(o.n == 3);
	T_STR(cal_text(t->mem, o.p[0].start), "2026-12-01T18:30");
	T_STR(cal_text(t->mem, o.p[1].start), "2026-12-09T20:00");
	T_STR(cal_text(t->mem, o.p[1].end), "2026-12-09T21:00");
	T_STR(cal_text(t->mem, o.p[2].start), "2026-12-22T18:30");
	T_TRUE(!x.format->fits(entity_find(S("actor"))));
}

static const struct t_case cases[] = {
	{"calendars come in once, and say what is wrong",                calendars,  T_DB | T_SCHEMA},
	{"a subscribed calendar is kept in step",                        subscribed, T_DB | T_SCHEMA},
	{"events of the fediverse and of OpenAgenda",                    from_json,  T_DB | T_SCHEMA},
	{"events of pages and feeds",                                    from_pages, T_DB | T_SCHEMA},
	{"what came in goes out as iCalendar, with the same dates",      out_again,  T_DB | T_SCHEMA},
};
T_SUITE(import_event, cases)
