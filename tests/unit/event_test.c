/*
 * Events: what the fields say together, occurrences written out and listed, hosts shown by consent only, changes counted and
 * told, sensitive places never exact in any view that is not the moderators'.
 */
#include "thing.h"

#include "core/derive.h"
#include "core/verify.h"
#include "db/db.h"
#include "entity/tree.h"
#include "agenda.sql.h"
#include "mod/agenda/event.h"
#include "mod/directory/actor.h"

static const struct {
	const char *text, *field;
} wrong[] = {
	{"{\"start\":\"2026-12-18\"}",								  "title"           },
	{"{\"title\":\"x\",\"start\":\"2026-12-18T20:00\",\"end\":\"2026-12-18T19:00\"}",               "end"             },
	{"{\"title\":\"x\",\"start\":\"2026-12-18\",\"end\":\"2026-12-17\"}",                           "end"             },
	{"{\"title\":\"x\",\"end\":\"2026-12-18\"}",                                                    "start"           },
	{"{\"title\":\"x\",\"start\":\"2026-12\",\"end\":\"2026-12-18\"}",                              "end"             },
	{"{\"title\":\"x\",\"start\":\"2026-02-30\"}",                                                  "start"           },
	{"{\"title\":\"x\",\"start\":\"2026-12-18T18:30Z\"}",                                           "start"           },
	{"{\"title\":\"x\",\"start\":\"2026-12-18T18:30\",\"zone\":\"Europe/Grenoble\"}",               "zone"            },
	{"{\"title\":\"x\",\"start\":\"2026-03-29T02:30\",\"zone\":\"Europe/Paris\"}",                  "start"           },
	{"{\"title\":\"x\",\"start\":\"2026-12-18\",\"rrule\":\"FREQ=SOMETIMES\"}",                     "rrule"           },
	{"{\"title\":\"x\",\"start\":\"2026-12-18\",\"rrule\":\"FREQ=SECONDLY\"}",                      "rrule"           },
	{"{\"title\":\"x\",\"start\":\"2026-12-18T10:00\",\"zone\":\"UTC\",\"rrule\":\"FREQ=HOURLY\"}", "rrule"           },
	{"{\"title\":\"x\",\"start\":\"2026-12\",\"rrule\":\"FREQ=WEEKLY\"}",                           "start"           },
	{"{\"title\":\"x\",\"rrule\":\"FREQ=WEEKLY\"}",                                                 "start"           },
	{"{\"title\":\"x\",\"registration\":\"outside\"}",                                              "registration_url"},
	{"{\"title\":\"x\",\"free\":true,\"price\":\"5 euros\"}",                                       "price"           },
	{"{\"title\":\"x\",\"kind\":\"riot\"}",							 "kind"            },
};

static void refuses(struct t *t)
{
	thing_start(t);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct json j;
		struct form f;
		T_OK(json_parse(t->mem, str_of(wrong[i].text), &j, NULL));
		enum err err = form_read_json(NULL, t->mem, &event_entity, &j, NULL, "en", false, &f);
		if (err != E_INVALID || f.n_errors == 0 || !str_eq(f.errors[0].field, str_of(wrong[i].field))) {
			t_fail(t, T_AT("refusal"), "%s: %.*s", wrong[i].text,
			       STR_ARG(f.n_errors ? f.errors[0].field : S("taken")));
		}
	}
}

static struct json doc_of(struct t *t, struct str text)
{
	struct json j = {.kind = JSON_IS_NONE};

	if (json_parse(t->mem, text, &j, NULL) != OK) {
		t_fail(t, T_AT("json"), "no JSON: %.*s", STR_ARG(text));
	}
	return j;
}

static const struct act at_now = {.verb = "edit", .now = T_NOW, .public_change = true};

static struct object save_event(struct t *t, const char *text, enum status st)
{
	struct object ob = {.entity = &event_entity,
			    .status = st,
			    .lang = S("fr"),
			    .doc = thing_doc(t, &event_entity, text)};

	(void)t_eq_err(t, T_AT("object_save"), OK, object_save(t->db, t->mem, &ob, &at_now, NULL));
	return ob;
}

static void edit(struct t *t, struct object *ob, const char *key, const char *value)
{
	struct json v = doc_of(t, str_of(value));

	ob->doc.j = doc_apply(t->mem, &event_entity, ob->doc.j, str_of(key), &v);
	(void)t_eq_err(t, T_AT("object_save"), OK, object_save(t->db, t->mem, ob, &at_now, NULL));
}

/* How many occurrences are listed under everything on a day. */
static int64_t on_day(struct t *t, int year, int month, int day)
{
	struct occurrence_days_row *rows;
	size_t n;
	int64_t d = days_of_date(year, month, day);
	struct db_rows r;
	bool more;
	int64_t term = 0;

	if (db_query(t->db, S("SELECT id FROM term WHERE kind = 'event' AND facet = '' LIMIT 1"), NULL, 0, false, &r) !=
	    OK) {
		return -1;
	}
	enum err err = db_next(&r, &more);
	if (err == OK && more) {
		term = db_col_int(&r, 0);
	}
	err = db_end(&r, err);
	if (err != OK || occurrence_days(t->db, term, d, d + 1, t->mem, &rows, &n) != OK) {
		return -1;
	}
	return n ? rows[0].held : 0;
}

static void writes_out(struct t *t)
{
	struct event_occurrence *o;
	struct event_info info;
	size_t n;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object one = save_event(t,
				       "{\"title\":\"Marche\",\"start\":\"2025-12-18T18:30\",\"end\":\"2025-12-18T20:"
				       "00\",\"zone\":\"Europe/Paris\"}",
				       ST_PUBLISHED);
	T_OK(event_occurrences(t->db, t->mem, one.id, 0, 10, &o, &n));
	T_EQ(n, 1);
	T_EQ(o[0].from, INT64_C(1766079000000));
	T_EQ(o[0].to, INT64_C(1766084400000));
	T_EQ(on_day(t, 2025, 12, 18), 1);
	/* Each Thursday of December but Christmas, one moved. */
	struct object series =
		save_event(t,
			   "{\"title\":\"Atelier\",\"start\":\"2025-12-04T10:00\",\"zone\":\"Europe/Paris\","
			   "\"rrule\":\"FREQ=WEEKLY;UNTIL=20251231T225900Z\",\"exdates\":[\"2025-12-25\"],"
			   "\"exceptions\":[{\"on\":\"2025-12-18T10:00\",\"start\":\"2025-12-19T11:00\"},"
			   "{\"on\":\"2025-12-11T10:00\",\"cancelled\":true}]}",
			   ST_PUBLISHED);
	T_OK(event_occurrences(t->db, t->mem, series.id, 0, 10, &o, &n));
	T_EQ(n, 3);
	T_TRUE(o[1].cancelled);
	T_STR(cal_text(t->mem, o[2].start), "2025-12-19T11:00");
	T_STR(cal_text(t->mem, o[2].on), "2025-12-18T10:00");
	T_EQ(on_day(t, 2025, 12, 18), 1);
	T_EQ(on_day(t, 2025, 12, 19), 1);
	struct event_occurrence next;
	T_OK(event_next(t->db, t->mem, series.id, INT64_C(1765000000000), &next));
	T_STR(cal_text(t->mem, next.start), "2025-12-19T11:00");
	T_OK(event_occurrence_on(t->db, t->mem, series.id, S("2025-12-18T10:00"), &next));
	T_ERR(E_NOTFOUND, event_occurrence_on(t->db, t->mem, series.id, S("2025-12-25T10:00"), &next));
	/* Without end: two years ahead, and no more. */
	struct object endless = save_event(t,
					   "{\"title\":\"Cours\",\"start\":\"2025-01-06T10:00\",\"zone\":\"Europe/"
					   "Paris\",\"rrule\":\"FREQ=WEEKLY\"}",
					   ST_PUBLISHED);
	T_OK(event_info(t->db, t->mem, endless.id, &info));
	T_TRUE(info.endless);
	T_EQ(info.last_at, 0);
	T_OK(event_occurrences(t->db, t->mem, endless.id, 0, 1000, &o, &n));
	T_TRUE(n > 140 && n < 170);
	/* Ten days of exhibition stand on ten days; what is taken back stands on none. */
	struct object expo =
		save_event(t, "{\"title\":\"Expo\",\"start\":\"2025-11-25\",\"end\":\"2025-12-04\"}", ST_PUBLISHED);
	T_EQ(on_day(t, 2025, 12, 4), 2);
	T_EQ(on_day(t, 2025, 12, 5), 0);
	T_OK(object_set_status(t->db, t->mem, expo.id, ST_ARCHIVED, &at_now));
	T_EQ(on_day(t, 2025, 12, 4), 1);
	T_OK(object_set_status(t->db, t->mem, series.id, ST_REMOVED, &at_now));
	T_EQ(on_day(t, 2025, 12, 4), 0);
	T_OK(db_commit(t->db));
}

static void counts_changes(struct t *t)
{
	struct event_info info;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object ob =
		save_event(t, "{\"title\":\"Marche\",\"start\":\"2025-12-18T18:30\",\"zone\":\"Europe/Paris\"}",
			   ST_PROPOSED);
	edit(t, &ob, "start", "\"2025-12-18T18:00\"");
	T_OK(event_info(t->db, t->mem, ob.id, &info));
	T_EQ(info.sequence, 0); /* nobody has seen it yet */
	ob.status = ST_PUBLISHED;
	edit(t, &ob, "short", "\"Pour tous\"");
	edit(t, &ob, "short", "\"Pour toutes et tous\"");
	T_OK(event_info(t->db, t->mem, ob.id, &info));
	T_EQ(info.sequence, 0);
	T_TRUE(!json_str(json_get(ob.doc.j, "state")).n);
	edit(t, &ob, "start", "\"2025-12-18T17:30\"");
	T_OK(event_info(t->db, t->mem, ob.id, &info));
	T_EQ(info.sequence, 1);
	T_EQ(info.changed_at, T_NOW);
	T_STR(info.changed, "start,state");
	T_STR(json_str(json_get(ob.doc.j, "state")), "changed");
	edit(t, &ob, "state", "\"cancelled\"");
	T_OK(event_info(t->db, t->mem, ob.id, &info));
	T_EQ(info.sequence, 2);
	T_STR(info.changed, "state");
	T_OK(db_commit(t->db));
}

static bool says(struct t *t, const struct object *ob, enum sight sight, const char *what)
{
	struct view v = doc_view(t->mem, ob->entity, ob->doc, sight);

	return str_find(tree_text(t->mem, v.j), str_of(what)) >= 0;
}

static void asks_hosts(struct t *t)
{
	struct event_host *h;
	struct link_row *links;
	size_t n;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object cafe =
		thing_save(t, &actor_entity,
			   "{\"name\":\"Les Amis du Port\",\"kind\":\"association\",\"territory\":\"38185\"}");
	struct object ob =
		save_event(t,
			   "{\"title\":\"Marche\",\"hosts\":[{\"actor\":\"les-amis-du-port\",\"role\":\"organiser\"},"
			   "{\"actor\":\"Fanfare du quartier\",\"role\":\"with\"}]}",
			   ST_PUBLISHED);
	T_TRUE(!says(t, &ob, SEE_PUBLIC, "les-amis-du-port"));
	T_TRUE(!says(t, &ob, SEE_MEMBERS, "les-amis-du-port"));
	T_TRUE(says(t, &ob, SEE_ALL, "les-amis-du-port"));
	T_TRUE(says(t, &ob, SEE_PUBLIC, "Fanfare du quartier"));
	T_OK(object_links(t->db, t->mem, cafe.id, 10, &links, &n));
	T_EQ(n, 0);
	T_OK(event_hosts(t->db, t->mem, &ob, &h, &n));
	T_EQ(n, 2);
	T_STR(h[0].state, "asked");
	T_STR(h[1].state, "named");
	T_OK(event_host_answer(t->db, t->mem, ob.id, cafe.id, "accepted", &at_now));
	T_OK(object_by_id(t->db, t->mem, ob.id, &ob));
	T_TRUE(says(t, &ob, SEE_PUBLIC, "les-amis-du-port"));
	T_OK(object_links(t->db, t->mem, cafe.id, 10, &links, &n));
	T_EQ(n, 1);
	/* Whoever edits it cannot make it agree, nor forget that it did. */
	edit(t, &ob, "hosts", "[{\"actor\":\"les-amis-du-port\",\"role\":\"co_organiser\",\"state\":\"asked\"}]");
	T_TRUE(says(t, &ob, SEE_PUBLIC, "les-amis-du-port"));
	T_OK(event_host_answer(t->db, t->mem, ob.id, cafe.id, "declined", &at_now));
	T_OK(object_by_id(t->db, t->mem, ob.id, &ob));
	edit(t, &ob, "hosts", "[{\"actor\":\"les-amis-du-port\",\"role\":\"with\",\"state\":\"accepted\"}]");
	T_TRUE(!says(t, &ob, SEE_PUBLIC, "les-amis-du-port"));
	T_OK(object_links(t->db, t->mem, cafe.id, 10, &links, &n));
	T_EQ(n, 0);
	T_ERR(E_NOTFOUND, event_host_answer(t->db, t->mem, ob.id, 999999, "accepted", &at_now));
	T_OK(db_commit(t->db));
}

/* Whatever its precision says, a place to protect is a town and nothing finer for everyone but those who edit it. */
static void protects(struct t *t)
{
	static const char *const precisions[] = {"", "exact", "street", "commune", "departement"};
	static const char *const secrets[] = {"Salle des fêtes", "rue Haute", "45.1934", "5.7312"};

	thing_start(t);
	for (size_t i = 0; i < COUNT(precisions); i++) {
		struct object ob = {.entity = &event_entity, .lang = S("fr")};
		ob.doc = thing_doc(
			t, &event_entity,
			str_c(t->mem,
			      str_fmt(t->mem,
				      "{\"title\":\"Repas\",\"territory\":\"38185\",\"places\":[{\"label\":\"Salle des "
				      "fêtes\","
				      "\"address\":\"12 rue Haute\",\"town\":\"Grenoble\","
				      "\"lat\":45.1934,\"lon\":5.7312,\"precision\":\"%s\",\"sensitive\":true}]}",
				      precisions[i])));
		for (size_t k = 0; k < COUNT(secrets); k++) {
			T_TRUE(!says(t, &ob, SEE_PUBLIC, secrets[k]));
			T_TRUE(!says(t, &ob, SEE_MEMBERS, secrets[k]));
			T_TRUE(says(t, &ob, SEE_ALL, secrets[k]));
		}
		struct derived d;
		object_derive(t->mem, &event_entity, ob.doc, ob.lang, &d);
		T_TRUE(d.n_places == 0 || d.places[0].precision >= PLACE_COMMUNE);
		for (size_t k = 0; k < d.n_search; k++) {
			T_TRUE(str_find(d.search[k].c, S("Haute")) < 0 && str_find(d.search[k].b, S("Haute")) < 0);
		}
		/* What somebody suggests from the page they see leaves the exact place as it is. */
		struct view seen = doc_view(t->mem, &event_entity, ob.doc, SEE_PUBLIC);
		struct json back = doc_unview(t->mem, &event_entity, ob.doc.j, seen.j, seen.j, SEE_PUBLIC);
		T_TRUE(tree_same(&back, ob.doc.j));
	}
}

/* ---- making all again ------------------------------------------------------------------------------------------------ */

static void ignore(void *arg, struct str finding)
{
	(void)arg;
	(void)finding;
}

static int64_t held(struct t *t)
{
	struct req *rq = thing_req(t);
	struct filter f = {.entity = &event_entity, .from = T_NOW - 30 * TIME_DAY, .to = T_NOW + 30 * TIME_DAY};
	int64_t days[62][2], sum = 0;
	size_t n = 0;

	(void)t_eq_err(t, T_AT("days"), OK, object_days(rq, &f, days, COUNT(days), &n));
	for (size_t i = 0; i < n; i++) {
		sum += days[i][1];
	}
	return sum;
}

static void counts_days_once(struct t *t)
{
	struct verify v = {.found = ignore, .rebuild = true};

	thing_start(t);
	(void)save_event(t,
			 "{\"title\":\"Cours\",\"start\":\"2025-12-02T18:30\",\"zone\":\"Europe/"
			 "Paris\",\"rrule\":\"FREQ=WEEKLY;COUNT=3\"}",
			 ST_PUBLISHED);
	T_EQ(held(t), 3);
	T_OK(verify_all(t->db, &v));
	T_OK(verify_all(t->db, &v));
	T_EQ(held(t), 3);
}

static const struct t_case cases[] = {
	{"what cannot be is refused, by its field",                 refuses,          0              },
	{"series are written out and listed by day",                writes_out,       T_DB | T_SCHEMA},
	{"a change of time, place or state is counted once public", counts_changes,   T_DB | T_SCHEMA},
	{"hosts are shown when they agreed",                        asks_hosts,       T_DB | T_SCHEMA},
	{"a check that makes all again counts each day once",       counts_days_once, T_DB | T_SCHEMA},
	{"a place to protect is never exact",                       protects,         0              },
};
T_SUITE(event, cases)
