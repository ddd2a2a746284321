/*
 * Registrations: the last place is given once, the waiting list moves up, offers lapse, links leave only in mails and late,
 * people are forgotten and totals stay.
 */
#include "thing.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "core/mail.h"
#include "core/setting.h"
#include "db/db.h"
#include "mod/registration/registration.h"
#include "mod/agenda/event.h"
#include "mod/registration/registration_pages.h"
#include "mod/registration/registration_private.h"

#define HOUR TIME_HOUR
#define SECRET "https://meet.example.org/zut-alors-91"

struct scene {
	struct reg_ctx c;
	struct reg_setup setup;
	struct reg_slot slot;
	struct object event;
};

/* An event in ten days with registration on the site. */
static bool scene_make(struct t *t, struct scene *s, int64_t capacity, enum reg_mode mode)
{
	thing_start(t);
	*s = (struct scene){.event = thing_save(t, &thing_entity, "{\"name\":\"Webinar\"}")};
	s->c = (struct reg_ctx){t->db, t->mem, site_now(), T_NOW};
	s->setup = (struct reg_setup){
		.event = s->event.id,
		.mode = mode,
		.capacity = {capacity > 0, capacity},
		.per_person = 3,
		.waiting = true,
		.answer_hours = 24,
		.keep_days = 30,
		.reminders = S("48, 2"),
		.link_hours = 24
        };
	int64_t start = T_NOW + 10 * TIME_DAY;
	return t_eq_err(t, T_AT("setup"), OK, reg_setup_put(&s->c, &s->setup)) &&
	       t_eq_err(t, T_AT("slot"), OK,
			reg_slot_open(&s->c, &s->setup, start, (struct opt_int){true, start},
				      (struct opt_int){true, start + 2 * HOUR}, &s->slot));
}

static struct registration ask(struct t *t, struct scene *s, const char *mail, int64_t places)
{
	struct registration r = {0};
	bool again;

	(void)t_eq_err(t, T_AT("ask"), OK,
		       reg_ask(&s->c, &s->setup, &s->slot,
			       &(struct reg_ask){.name = S("Zoé Nguyen"),
						 .mail = str_of(mail),
						 .lang = S("fr"),
						 .places = places},
			       &r, &again));
	T_TRUE(!again);
	T_EQ(r.state, REG_ASKED);
	return r;
}

static struct registration come(struct t *t, struct scene *s, const char *mail, int64_t places)
{
	struct registration r = ask(t, s, mail, places);

	(void)t_eq_err(t, T_AT("confirm"), OK, reg_confirm(&s->c, &s->setup, &r));
	return r;
}

static struct registration again(struct t *t, struct scene *s, int64_t id)
{
	struct registration r = {0};

	(void)t_eq_err(t, T_AT("get"), OK, reg_get(&s->c, id, &r));
	return r;
}

static int64_t taken(struct t *t, struct scene *s)
{
	struct reg_slot slot = {0};

	(void)t_eq_err(t, T_AT("slot"), OK, reg_slot_get(&s->c, s->event.id, s->slot.occ, &slot));
	return slot.taken;
}

static size_t mails(struct t *t, struct scene *s, const char *needle)
{
	struct mail_item *items;
	size_t n, hits = 0;

	if (t_eq_err(t, T_AT("mails"), OK, mail_list(t->db, t->mem, s->c.site, 0, &items, &n))) {
		for (size_t i = 0; i < n; i++) {
			hits += str_find(items[i].subject, str_of(needle)) >= 0 ||
				str_find(items[i].body, str_of(needle)) >= 0;
		}
	}
	return hits;
}

static void capacity_is_never_exceeded(struct t *t)
{
	struct scene s;

	T_NEED(scene_make(t, &s, 4, REG_OPEN));
	struct registration a = come(t, &s, "a@example.org", 3), b = come(t, &s, "b@example.org", 2),
			    c = come(t, &s, "c@example.org", 1), d = come(t, &s, "d@example.org", 1);
	T_EQ(a.state, REG_CONFIRMED);
	T_EQ(b.state, REG_WAITING); /* two places are not free */
	T_EQ(c.state, REG_CONFIRMED);
	T_EQ(d.state, REG_WAITING);
	T_EQ(taken(t, &s), 4);
	/* More than is free is refused, fewer frees a place for the first who fits. */
	T_ERR(E_LIMIT, reg_change(&s.c, &s.setup, &c, 2, S("C"), STR_NONE));
	T_OK(reg_change(&s.c, &s.setup, &a, 2, S("A"), STR_NONE));
	T_EQ(again(t, &s, d.id).state, REG_OFFERED);
	T_EQ(again(t, &s, b.id).state, REG_WAITING);
	T_EQ(taken(t, &s), 4);
	T_OK(reg_cancel(&s.c, &a));
	T_EQ(again(t, &s, b.id).state, REG_OFFERED);
	T_EQ(taken(t, &s), 4);
	/* A larger room lets in those who wait; places out of bounds are refused. */
	T_ERR(E_INVALID, reg_change(&s.c, &s.setup, &c, 0, S("C"), STR_NONE));
	T_ERR(E_INVALID, reg_change(&s.c, &s.setup, &c, 4, S("C"), STR_NONE));
	T_ERR(E_INVALID, reg_change(&s.c, &s.setup, &c, 1, S(""), STR_NONE));
}

static void one_registration_an_address(struct t *t)
{
	struct scene s;
	struct registration r;
	bool twice;

	T_NEED(scene_make(t, &s, 0, REG_OPEN));
	struct registration first = come(t, &s, "Zoe@example.org", 1);
	T_OK(reg_ask(&s.c, &s.setup, &s.slot,
		     &(struct reg_ask){.name = S("Else"), .mail = S("zoe@EXAMPLE.org"), .lang = S("ar"), .places = 2},
		     &r, &twice));
	T_TRUE(twice);
	T_EQ(r.id, first.id);
	T_STR(r.name, "Zoé Nguyen");
	T_EQ(taken(t, &s), 1);
	T_OK(reg_confirm(&s.c, &s.setup, &r)); /* a second press of the button */
	T_EQ(taken(t, &s), 1);
}

static void offers_lapse(struct t *t)
{
	struct scene s;

	T_NEED(scene_make(t, &s, 1, REG_OPEN));
	struct registration a = come(t, &s, "a@example.org", 1), b = come(t, &s, "b@example.org", 1),
			    c = come(t, &s, "c@example.org", 1);
	T_OK(reg_cancel(&s.c, &a));
	b = again(t, &s, b.id);
	T_EQ(b.state, REG_OFFERED);
	T_EQ(b.offer_until.v, T_NOW + 24 * HOUR);
	s.c.now = T_NOW + 23 * HOUR;
	T_OK(reg_job_offers(&s.c));
	T_EQ(again(t, &s, b.id).state, REG_OFFERED);
	s.c.now = T_NOW + 24 * HOUR;
	T_OK(reg_job_offers(&s.c));
	b = again(t, &s, b.id);
	T_EQ(b.state, REG_LAPSED);
	T_ERR(E_LIMIT, reg_take_offer(&s.c, &b));
	c = again(t, &s, c.id);
	T_EQ(c.state, REG_OFFERED);
	T_OK(reg_take_offer(&s.c, &c));
	T_OK(reg_take_offer(&s.c, &c)); /* twice is harmless */
	T_EQ(c.state, REG_CONFIRMED);
	T_EQ(taken(t, &s), 1);
	struct reg_slot slot;
	T_OK(reg_slot_get(&s.c, s.event.id, s.slot.occ, &slot));
	T_EQ(slot.confirmed, 1);
	T_EQ(slot.cancelled, 1);
	T_EQ(slot.asked, 3);
}

static void organisers_decide(struct t *t)
{
	struct scene s;

	T_NEED(scene_make(t, &s, 1, REG_APPROVED));
	struct registration a = come(t, &s, "a@example.org", 1), b = come(t, &s, "b@example.org", 1);
	T_EQ(a.state, REG_PENDING);
	T_EQ(taken(t, &s), 0);
	T_ERR(E_INVALID, reg_note(&s.c, &a, 1));
	T_OK(reg_decide(&s.c, &a, true));
	T_EQ(a.state, REG_CONFIRMED);
	T_ERR(E_CONFLICT, reg_decide(&s.c, &a, false));
	struct registration stale = b;
	T_OK(reg_decide(&s.c, &b, true)); /* accepted, but the room is full */
	T_EQ(b.state, REG_WAITING);
	T_ERR(E_CONFLICT, reg_decide(&s.c, &stale, false)); /* two organisers at once: one wins */
	T_EQ(taken(t, &s), 1);
}

static void doors_close(struct t *t)
{
	struct scene s;

	T_NEED(scene_make(t, &s, 1, REG_INVITED));
	T_EQ(reg_may_ask(&s.setup, &s.slot, false, T_NOW), REG_ONLY_INVITED);
	T_EQ(reg_may_ask(&s.setup, &s.slot, true, T_NOW), REG_FINE);
	T_EQ(reg_may_ask(&s.setup, &s.slot, true, s.slot.ends_at.v), REG_CLOSED);
	s.setup.mode = REG_OPEN;
	s.setup.opens_at = (struct opt_int){true, T_NOW + 1};
	T_EQ(reg_may_ask(&s.setup, &s.slot, false, T_NOW), REG_NOT_OPEN);
	s.setup.opens_at.has = false;
	s.slot.taken = 1;
	T_EQ(reg_may_ask(&s.setup, &s.slot, false, T_NOW), REG_FINE);
	s.setup.waiting = false;
	T_EQ(reg_may_ask(&s.setup, &s.slot, false, T_NOW), REG_FULL);
	struct str token = reg_invitation(&s.c, s.event.id, S("a@example.org"), T_NOW + HOUR);
	T_TRUE(reg_invitation_ok(&s.c, s.event.id, S("A@example.org"), token));
	T_TRUE(!reg_invitation_ok(&s.c, s.event.id, S("b@example.org"), token));
	T_TRUE(!reg_invitation_ok(&s.c, s.event.id + 1, S("a@example.org"), token));
	s.c.now += 2 * HOUR;
	T_TRUE(!reg_invitation_ok(&s.c, s.event.id, S("a@example.org"), token));
}

static void signed_addresses_are_good_for_one_row(struct t *t)
{
	struct scene s;
	struct registration got;

	T_NEED(scene_make(t, &s, 0, REG_OPEN));
	struct registration a = come(t, &s, "a@example.org", 1);
	struct str token = reg_token(&s.c, &a);
	T_OK(reg_by_token(&s.c, token, &got));
	T_EQ(got.id, a.id);
	T_ERR(E_NOTFOUND, reg_by_token(&s.c, S("abc"), &got));
	T_ERR(E_NOTFOUND, reg_by_token(&s.c, str_sub(token, 0, token.n - 1), &got));
	T_OK(reg_erase(&s.c, &a));
	T_ERR(E_NOTFOUND, reg_by_token(&s.c, token, &got));
	T_EQ(taken(t, &s), 0);
}

static void run_jobs(struct t *t, struct scene *s, int64_t at)
{
	s->c.now = at;
	T_OK(reg_job_links(&s->c));
	T_OK(reg_job_reminders(&s->c));
	T_OK(reg_job_erase(&s->c));
}

static void links_leave_late_and_only_in_mails(struct t *t)
{
	struct scene s;
	struct str out;

	T_NEED(scene_make(t, &s, 2, REG_OPEN));
	struct registration a = come(t, &s, "a@example.org", 1), b = come(t, &s, "b@example.org", 1),
			    w = come(t, &s, "w@example.org", 1);
	T_OK(reg_link_put(&s.c, s.event.id, S(SECRET), 24, false));
	T_OK(reg_setup_get(&s.c, s.event.id, &s.setup));
	T_TRUE(str_find(s.setup.link, S("meet.example")) < 0);
	run_jobs(t, &s, s.slot.starts_at.v - 25 * HOUR);
	T_EQ(again(t, &s, a.id).link_version, 0);
	T_ERR(E_NOTFOUND, reg_mail_secret(t->db, t->mem, s.c.site, a.id, S("fr"), s.c.now, &out));
	run_jobs(t, &s, s.slot.starts_at.v - 24 * HOUR);
	T_EQ(again(t, &s, a.id).link_version, 1);
	T_EQ(again(t, &s, w.id).link_version, 0); /* who waits gets none */
	T_EQ(mails(t, &s, "meet.example"), 0);    /* not in the queue: put in as the mail leaves */
	T_EQ(mails(t, &s, MAIL_SECRET_MARK), 2);
	T_OK(reg_mail_secret(t->db, t->mem, s.c.site, a.id, S("fr"), s.c.now, &out));
	T_STR(out, SECRET);
	T_ERR(E_NOTFOUND, reg_mail_secret(t->db, t->mem, s.c.site, w.id, S("fr"), s.c.now, &out));
	/* Who cancels between the queue and the sending does not get it; who takes the place does. */
	T_OK(reg_cancel(&s.c, &b));
	T_ERR(E_NOTFOUND, reg_mail_secret(t->db, t->mem, s.c.site, b.id, S("fr"), s.c.now, &out));
	w = again(t, &s, w.id);
	T_OK(reg_take_offer(&s.c, &w));
	run_jobs(t, &s, s.c.now);
	T_EQ(again(t, &s, w.id).link_version, 1);
	/* Another link goes to all who had the old one, which no mail on its way holds any more. */
	T_OK(reg_link_put(&s.c, s.event.id, S("https://other.example.org/1"), 24, true));
	run_jobs(t, &s, s.c.now);
	T_EQ(again(t, &s, a.id).link_version, 2);
	T_OK(reg_mail_secret(t->db, t->mem, s.c.site, a.id, S("fr"), s.c.now, &out));
	T_TRUE(str_find(out, S("other.example.org")) < 0); /* the personal address instead */
	T_TRUE(str_find(out, S("/join")) > 0);
	/* Revoked: nothing more leaves. */
	T_OK(reg_link_put(&s.c, s.event.id, S(""), 24, true));
	T_ERR(E_NOTFOUND, reg_mail_secret(t->db, t->mem, s.c.site, a.id, S("fr"), s.c.now, &out));
	T_ERR(E_INVALID, reg_link_put(&s.c, s.event.id, S("x"), -1, true));
	T_ERR(E_NOTFOUND, reg_link_put(&s.c, s.event.id + 1, S("x"), 1, true));
}

static void reminders_are_sent_once(struct t *t)
{
	struct scene s;

	T_NEED(scene_make(t, &s, 0, REG_OPEN));
	struct registration a = come(t, &s, "a@example.org", 1);
	run_jobs(t, &s, s.slot.starts_at.v - 49 * HOUR);
	T_EQ(again(t, &s, a.id).reminded, 0);
	run_jobs(t, &s, s.slot.starts_at.v - 48 * HOUR);
	run_jobs(t, &s, s.slot.starts_at.v - 47 * HOUR);
	T_EQ(again(t, &s, a.id).reminded, 1);
	size_t sent = mails(t, &s, "/registration/");
	struct registration late = come(t, &s, "late@example.org", 1);
	size_t more = mails(t, &s, "/registration/");
	T_EQ(more, sent + 1);
	run_jobs(t, &s, s.slot.starts_at.v - 46 * HOUR);
	T_EQ(again(t, &s, late.id).reminded, 1); /* just had a mail: counted, not sent */
	T_EQ(mails(t, &s, "/registration/"), more);
	run_jobs(t, &s, s.slot.starts_at.v - 2 * HOUR);
	T_EQ(mails(t, &s, "/registration/"), more + 2);
}

/* True when a file of the database holds these bytes. */
static bool on_disk(struct t *t, const char *needle)
{
	char *out = NULL;
	size_t n = 0;
	bool found = false;
	FILE *f = popen(str_c(t->mem, str_fmt(t->mem, "cat '%s'* | grep -a -c -- '%s'", t->db_url, needle)), "r");

	if (f && getline(&out, &n, f) > 0) {
		found = atoi(out) > 0;
	}
	free(out);
	if (f) {
		pclose(f);
	}
	return found;
}

static void people_are_forgotten_and_totals_stay(struct t *t)
{
	struct scene s;
	struct reg_slot slot;
	struct reg_counts counts;

	T_NEED(scene_make(t, &s, 0, REG_OPEN));
	struct registration a = come(t, &s, "zoe.unique@example.org", 2), b = come(t, &s, "b@example.org", 1);
	(void)ask(t, &s, "never@example.org", 1);
	T_OK(reg_link_put(&s.c, s.event.id, S(SECRET), 24, false));
	T_OK(reg_note(&s.c, &a, 1));
	T_OK(reg_note(&s.c, &b, 1));
	T_OK(reg_note(&s.c, &b, 2)); /* a slip of the finger */
	run_jobs(t, &s, s.slot.starts_at.v);
	T_OK(reg_count(&s.c, s.event.id, s.slot.occ, &counts));
	T_EQ(counts.n[REG_ASKED], 0); /* never confirmed: erased after two days */
	T_EQ(counts.places[REG_CONFIRMED], 3);
	run_jobs(t, &s, s.slot.ends_at.v + 30 * TIME_DAY - 1);
	T_EQ(again(t, &s, a.id).places, 2);
	run_jobs(t, &s, s.slot.ends_at.v + 30 * TIME_DAY);
	T_ERR(E_NOTFOUND, reg_get(&s.c, a.id, &a));
	T_OK(reg_slot_get(&s.c, s.event.id, s.slot.occ, &slot));
	T_EQ(slot.asked, 2);
	T_EQ(slot.confirmed, 3);
	T_EQ(slot.present, 2);
	T_EQ(slot.absent, 1);
	T_TRUE(slot.erased_at.has);
	T_EQ(reg_may_ask(&s.setup, &slot, true, s.c.now), REG_CLOSED);
	if (t->engine == T_SQLITE) {
		T_TRUE(on_disk(t, "Webinar")); /* the search does find what is there */
		T_TRUE(!on_disk(t, "zoe.unique"));
		T_TRUE(!on_disk(t, "Nguyen"));
		T_TRUE(!on_disk(t, "zut-alors"));
	}
}

static void a_raid_is_held(struct t *t)
{
	struct scene s;
	struct site raided;

	T_NEED(scene_make(t, &s, 0, REG_OPEN));
	raided = *s.c.site;
	raided.raid = true;
	s.c.site = &raided;
	struct registration a = come(t, &s, "a@example.org", 1);
	T_EQ(a.state, REG_PENDING);
	T_EQ(taken(t, &s), 0);
	T_OK(reg_decide(&s.c, &a, true));
	T_EQ(a.state, REG_CONFIRMED);
}

static void settings_are_checked(struct t *t)
{
	struct scene s;

	T_NEED(scene_make(t, &s, 1, REG_OPEN));
	struct reg_setup bad = s.setup;
	bad.capacity.v = 0;
	T_ERR(E_INVALID, reg_setup_put(&s.c, &bad));
	bad = s.setup;
	bad.keep_days = 400;
	T_ERR(E_INVALID, reg_setup_put(&s.c, &bad));
	bad = s.setup;
	bad.closes_at = bad.opens_at = (struct opt_int){true, T_NOW};
	T_ERR(E_INVALID, reg_setup_put(&s.c, &bad));
	/* A larger room lets those who wait in; a date that moves keeps its people, and its end date follows. */
	(void)come(t, &s, "a@example.org", 1);
	struct registration b = come(t, &s, "b@example.org", 1);
	s.setup.capacity.v = 2;
	T_OK(reg_setup_put(&s.c, &s.setup));
	T_EQ(again(t, &s, b.id).state, REG_OFFERED);
	struct opt_int later = {true, s.slot.ends_at.v + TIME_DAY};
	T_OK(reg_slot_open(&s.c, &s.setup, s.slot.occ, s.slot.starts_at, later, &s.slot));
	T_EQ(s.slot.taken, 2);
	T_EQ(s.slot.erase_at.v, later.v + 30 * TIME_DAY);
}

/* ---- events that move ---------------------------------------------------------------------------------------------------------- */

static const struct reg_date *dates(struct t *t, struct scene *s, size_t *n)
{
	struct req *rq = thing_req(t);
	struct reg_date *out = NULL;

	rq->now = T_NOW;
	(void)t_eq_err(t, T_AT("dates"), OK, reg_dates(rq, &s->event, &s->setup, false, &out, n));
	return out;
}

/* Saves the event with another document, as an organiser would. */
static void edit(struct t *t, struct scene *s, const char *json)
{
	struct object ob;

	T_OK(object_by_id(t->db, t->mem, s->event.id, &ob));
	ob.doc = thing_doc(t, &event_entity, json);
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, NULL));
	s->event = ob;
}

static void run_news(struct t *t)
{
	size_t ran = 0;

	T_OK(job_run_due(t->db, t->mem, 50, &ran));
	T_TRUE(ran > 0);
}

static void people_hear_of_changes(struct t *t)
{
	struct scene s = {0};
	size_t n;

	thing_start(t);
	s.event = thing_save(t, &event_entity,
			     "{\"title\":\"Cours\",\"kind\":\"training\",\"start\":\"2025-12-02T18:30\",\"end\":\"2025-12-02T20:00\",\"zone\":\"Europe/Paris\","
			     "\"rrule\":\"FREQ=WEEKLY;COUNT=3\",\"registration\":\"site\"}");
	s.c = (struct reg_ctx){t->db, t->mem, site_now(), T_NOW};
	s.setup = (struct reg_setup){.event = s.event.id, .mode = REG_OPEN, .per_person = 1, .waiting = true, .keep_days = 30};
	T_OK(reg_setup_put(&s.c, &s.setup));
	const struct reg_date *d = dates(t, &s, &n);
	T_NEED(n == 3);
	T_TRUE(d[0].occ != d[1].occ);
	T_OK(reg_slot_open(&s.c, &s.setup, d[1].occ, (struct opt_int){true, d[1].at.from}, (struct opt_int){true, reg_ends(&d[1].at)}, &s.slot));
	struct registration a = come(t, &s, "a@example.org", 1);
	size_t sent = mails(t, &s, "Cours");
	/* Another hour: the date keeps its people, who hear of it once. */
	edit(t, &s, "{\"title\":\"Cours\",\"kind\":\"training\",\"start\":\"2025-12-02T19:00\",\"end\":\"2025-12-02T20:30\","
		    "\"zone\":\"Europe/Paris\","
		    "\"rrule\":\"FREQ=WEEKLY;COUNT=3\",\"registration\":\"site\"}");
	run_news(t);
	T_EQ(mails(t, &s, "Cours"), sent + 1);
	struct reg_slot slot;
	T_OK(reg_slot_get(&s.c, s.event.id, d[1].occ, &slot));
	T_EQ(slot.starts_at.v, s.slot.starts_at.v + 30 * TIME_MINUTE);
	T_EQ(slot.taken, 1);
	/* Another text is no news. */
	edit(t, &s, "{\"title\":\"Cours\",\"short\":\"Venez\",\"kind\":\"training\",\"start\":\"2025-12-02T19:00\",\"end\":\"2025-12-02T20:30\","
		    "\"zone\":\"Europe/Paris\","
		    "\"rrule\":\"FREQ=WEEKLY;COUNT=3\",\"registration\":\"site\"}");
	/* That one date is called off, then all: told once. */
	edit(t, &s, "{\"title\":\"Cours\",\"short\":\"Venez\",\"kind\":\"training\",\"start\":\"2025-12-02T19:00\",\"end\":\"2025-12-02T20:30\","
		    "\"zone\":\"Europe/Paris\","
		    "\"rrule\":\"FREQ=WEEKLY;COUNT=3\",\"exdates\":[\"2025-12-09T19:00\"],\"registration\":\"site\"}");
	run_news(t);
	T_EQ(mails(t, &s, "Cours"), sent + 2);
	T_OK(reg_slot_get(&s.c, s.event.id, d[1].occ, &slot));
	T_TRUE(!slot.starts_at.has);
	T_TRUE(slot.erase_at.has);
	edit(t, &s, "{\"title\":\"Cours\",\"kind\":\"training\",\"state\":\"cancelled\",\"start\":\"2025-12-02T19:00\",\"end\":\"2025-12-02T20:30\","
		    "\"zone\":\"Europe/Paris\","
		    "\"rrule\":\"FREQ=WEEKLY;COUNT=3\",\"exdates\":[\"2025-12-09T19:00\"],\"registration\":\"site\"}");
	size_t ran;
	T_OK(job_run_due(t->db, t->mem, 50, &ran));
	T_EQ(mails(t, &s, "Cours"), sent + 2);
	T_EQ(again(t, &s, a.id).state, REG_CONFIRMED);
}

static const struct t_case cases[] = {
	{"capacity is never exceeded",            capacity_is_never_exceeded,            T_DB | T_SCHEMA},
	{"one registration an address",           one_registration_an_address,           T_DB | T_SCHEMA},
	{"offers lapse",			  offers_lapse,                          T_DB | T_SCHEMA},
	{"organisers decide",                     organisers_decide,                     T_DB | T_SCHEMA},
	{"doors close",			   doors_close,                           T_DB | T_SCHEMA},
	{"signed addresses are good for one row", signed_addresses_are_good_for_one_row, T_DB | T_SCHEMA},
	{"links leave late and only in mails",    links_leave_late_and_only_in_mails,    T_DB | T_SCHEMA},
	{"reminders are sent once",               reminders_are_sent_once,               T_DB | T_SCHEMA},
	{"people are forgotten and totals stay",  people_are_forgotten_and_totals_stay,  T_DB | T_SCHEMA},
	{"a raid is held",                        a_raid_is_held,                        T_DB | T_SCHEMA},
	{"people hear of changes", people_hear_of_changes, T_DB | T_SCHEMA},
	{"settings are checked",                  settings_are_checked,                  T_DB | T_SCHEMA},
};
T_SUITE(registration, cases)
