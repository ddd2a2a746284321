/*
 * The organisers' side: what they decide about registration, the vault, the people of each date. Only those who may edit the
 * event, or moderate it, come here; nothing of it is cached, fed, exported by the API or searched.
 */
#include "../../base/csv.h"
#include "../../base/limits.h"
#include "../../base/time.h"
#include "../../core/account.h"
#include "../../core/mail.h"
#include "../../entity/tree.h"
#include "registration.sql.h"
#include "registration_desk.html.h"
#include "registration_pages.h"
#include "registration_private.h"

enum { LIST_MAX = 5000, INVITE_MAX = 500, INVITE_DAYS = 60, CSV_MAX = 4 * 1024 * 1024 };

static enum err read_desk(struct req *rq, struct reg_desk *p)
{
	bool moved;

	TRY(object_get(rq, &event_entity, req_param(rq, "slug"), &p->event, &moved));
	if (!object_may_edit(rq->db, &rq->who, &p->event) && !object_may_moderate(&rq->who, &p->event)) {
		return problem(rq, E_DENIED,
			       N_("Those who keep the page of this event, and moderators, see its registrations."));
	}
	enum err err = reg_setup_get(REG_CTX(rq), p->event.id, &p->setup);
	if (err == E_NOTFOUND) {
		p->fresh = true;
		p->setup = reg_setup_usual(p->event.id);
	} else if (err != OK) {
		return err;
	}
	p->act = link_to(rq, "/agenda/:slug/registrations", p->event.slug);
	p->page = object_url(rq, &p->event);
	req_set_header(rq, "Cache-Control", S("no-store"));
	req_page(rq)->nav = "agenda";
	req_page(rq)->no_index = true;
	reg_questions(rq->mem, &p->setup, STR_NONE, &p->questions, &p->n_questions);
	return OK;
}

static enum err read_dates(struct req *rq, struct reg_desk *p)
{
	const struct reg_ctx *c = REG_CTX(rq);
	struct reg_date *d;
	size_t n;

	TRY(reg_slots(c, p->event.id, 500, &p->slots, &p->n_slots));
	TRY(reg_dates(rq, &p->event, &p->setup, true, &d, &n));
	p->rows = mem_array(rq->mem, struct reg_desk_date, p->n_slots + n);
	for (size_t i = 0; i < p->n_slots; i++) {
		struct reg_desk_date *row = &p->rows[p->n_rows++];

		row->slot = p->slots[i];
		row->words = p->slots[i].starts_at.has ? words_datetime(rq, p->slots[i].starts_at.v)
						       : str_of(T(rq, N_("on a date to be decided")));
		row->link = link_to(rq, "/agenda/:slug/registrations/:occ", p->event.slug,
				    str_fmt(rq->mem, "%lld", (long long)p->slots[i].occ));
		TRY(reg_count(c, p->event.id, p->slots[i].occ, &row->counts));
	}
	return OK;
}

enum err reg_desk_show(struct req *rq)
{
	struct reg_desk p = {0};

	TRY(read_desk(rq, &p));
	TRY(read_dates(rq, &p));
	return page(rq, T_FMT(rq, N_("Registrations: {title}"), {S("title"), p.event.title}), reg_desk_view, &p);
}

/* ---- settings ------------------------------------------------------------------------------------------------------------- */

static bool number(struct req *rq, const char *name, int64_t min, int64_t max, int64_t *out)
{
	struct str s = str_trim(req_form(rq, name));

	return str_to_i64(s, out) && *out >= min && *out <= max;
}

/* A local moment of the site's zone, or nothing. */
static bool moment(struct req *rq, const char *name, struct opt_int *out)
{
	struct str s = str_trim(req_form(rq, name));
	struct cal_moment m;

	*out = (struct opt_int){0};
	if (!s.n) {
		return true;
	}
	if (!cal_parse(s, &m) || m.precision < CAL_DAY) {
		return false;
	}
	*out = (struct opt_int){true, cal_to_utc(cal_zone(rq->site->time_zone), m)};
	return true;
}

static struct str questions_of(struct req *rq)
{
	struct json all = tree_array();
	struct buf b = buf_make(rq->mem, 64 * 1024);
	struct json_out o = json_to(&b);

	for (int i = 0; i < REG_QUESTIONS_MAX; i++) {
		struct str label = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "q.%d.label", i))));
		struct str purpose = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "q.%d.purpose", i))));
		struct str id = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "q.%d.id", i))));
		struct json q = tree_object();

		if (!label.n) {
			continue;
		}
		tree_set(rq->mem, &q, S("id"), tree_str(id.n && id.n < 20 ? id : str_fmt(rq->mem, "q%d", i + 1)));
		tree_set(rq->mem, &q, S("label"), tree_str(str_sub(label, 0, label.n < 300 ? label.n : 300)));
		if (purpose.n) {
			tree_set(rq->mem, &q, S("purpose"),
				 tree_str(str_sub(purpose, 0, purpose.n < 300 ? purpose.n : 300)));
		}
		if (req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "q.%d.required", i))).n) {
			tree_set(rq->mem, &q, S("required"), tree_true());
		}
		tree_add(rq->mem, &all, q);
	}
	json_put_tree(&o, &all);
	return json_done(&o) == OK ? buf_str(&b) : S("[]");
}

/* Hours before the start: "48, 2". */
static bool reminders_ok(struct str s)
{
	size_t n = 0;
	int64_t hours;

	while (s.n) {
		struct str word = str_trim(str_cut(&s, ','));

		if (!str_to_i64(word, &hours) || hours < 1 || hours > 24 * 30 || ++n > 6) {
			return false;
		}
	}
	return true;
}

static enum err settings(struct req *rq, struct reg_desk *p)
{
	struct reg_setup *s = &p->setup;
	struct str capacity = str_trim(req_form(rq, "capacity"));
	int64_t mode = 0;

	s->capacity.has = capacity.n > 0;
	if (s->capacity.has && !number(rq, "capacity", 1, REG_CAPACITY_MAX, &s->capacity.v)) {
		p->error = N_("Number of places: a number from 1, or nothing for no limit.");
	}
	if (!number(rq, "mode", REG_OPEN, REG_INVITED, &mode)) {
		p->error = N_("Choose who may register.");
	}
	s->mode = (enum reg_mode)mode;
	if (!number(rq, "per_person", 1, REG_PLACES_MAX, &s->per_person)) {
		p->error = N_("Places for one registration: from 1 to 20.");
	}
	if (!number(rq, "answer_hours", 0, 24 * 14, &s->answer_hours)) {
		p->error = N_("Time to answer: from 0 to 336 hours.");
	}
	if (!number(rq, "keep_days", 1, REG_KEEP_DAYS_MAX, &s->keep_days)) {
		p->error = N_("Days before erasure: from 1 to 365.");
	}
	if (!moment(rq, "opens", &s->opens_at) || !moment(rq, "closes", &s->closes_at)) {
		p->error = N_("Opening and closing: a date and an hour, like 2026-12-01 08:00.");
	} else if (s->opens_at.has && s->closes_at.has && s->closes_at.v <= s->opens_at.v) {
		p->error = N_("Registration closes after it opens: look at both dates.");
	}
	s->reminders = str_trim(req_form(rq, "reminders"));
	s->reminders = s->reminders.p ? s->reminders : S("");
	if (!reminders_ok(s->reminders)) {
		p->error = N_("Reminders: hours before the start, separated by commas, like 48, 2; at most six.");
	}
	s->waiting = req_form(rq, "waiting").n > 0;
	s->needs = req_form(rq, "needs").n > 0;
	s->minors = req_form(rq, "minors").n > 0;
	s->questions = questions_of(rq);
	if (p->error) {
		return E_INVALID;
	}
	p->said = N_("The settings are kept.");
	return reg_setup_put(REG_CTX(rq), s);
}

static enum err vault(struct req *rq, struct reg_desk *p)
{
	struct str secret = str_trim(req_form(rq, "secret"));
	int64_t hours;

	if (!number(rq, "link_hours", 0, 24 * 30, &hours)) {
		p->error = N_("The link leaves from 0 to 720 hours before the start.");
		return E_INVALID;
	}
	if (!secret.n || secret.n > LIMIT_NOTE) {
		p->error = N_("Write the link and what goes with it, in at most 2,000 characters.");
		return E_INVALID;
	}
	p->said = N_("The link is in the vault. Whoever had another gets this one.");
	TRY(reg_link_put(REG_CTX(rq), p->event.id, secret, hours, req_form(rq, "link_personal").n > 0));
	return job_add(rq->db, "registration", S(""), S("registration-now"), rq->now);
}

static enum err invite(struct req *rq, struct reg_desk *p)
{
	struct str rest = str_trim(req_form(rq, "mails"));
	struct url form = link_to(rq, "/agenda/:slug/register", p->event.slug);
	size_t sent = 0;

	while (rest.n && sent < INVITE_MAX) {
		struct str to = str_trim(str_cut(&rest, '\n'));

		if (!to.n) {
			continue;
		}
		if (!mail_address_ok(to)) {
			p->error = N_("One address a line, each in full, like name@example.org.");
			return E_INVALID;
		}
		struct str token = reg_invitation(REG_CTX(rq), p->event.id, to, rq->now + INVITE_DAYS * TIME_DAY);
		struct str link = link_absolute(rq, link_add(rq->mem, form, "invitation", token)).s;
		TRY(mail_queue(rq->db, rq->mem, rq->site,
			       &(struct mail){.to = to,
					      .lang = str_of(rq->lang),
					      .purpose = "invitation",
					      .subject = T_FMT(rq, N_("Invitation: {title}"),
							       {S("title"), p->event.title}),
					      .body = T_FMT(rq,
							    N_("Hello,\n\nYou are invited to “{title}”.\n\nTo "
							       "register, with this address:\n\n{link}\n"),
							    {S("title"), p->event.title}, {S("link"), link})}));
		sent++;
	}
	p->said = N_("The invitations are on their way.");
	return OK;
}

enum err reg_desk_post(struct req *rq)
{
	struct reg_desk p = {0};
	struct str act = req_form(rq, "act");
	enum err err;

	TRY(read_desk(rq, &p));
	if (p.fresh && !str_eq(act, S("settings"))) {
		return problem(rq, E_INVALID, N_("Keep the settings of registration first."));
	}
	if (str_eq(act, S("settings"))) {
		err = settings(rq, &p);
	} else if (str_eq(act, S("vault"))) {
		err = vault(rq, &p);
	} else if (str_eq(act, S("revoke"))) {
		p.said = N_("The link is revoked: nothing more leaves.");
		err = reg_link_put(REG_CTX(rq), p.event.id, S(""), p.setup.link_hours, p.setup.link_personal);
	} else if (str_eq(act, S("reveal"))) {
		TRY(reg_link_open(REG_CTX(rq), &p.setup, &p.secret));
		TRY(read_dates(rq, &p));
		return page(rq, T_FMT(rq, N_("Registrations: {title}"), {S("title"), p.event.title}), reg_desk_view,
			    &p);
	} else if (str_eq(act, S("invite"))) {
		err = invite(rq, &p);
	} else {
		return E_NOTFOUND;
	}
	if (err == E_INVALID && p.error) {
		p.typed_secret = req_form(rq, "secret");
		p.typed_mails = req_form(rq, "mails");
		reg_questions(rq->mem, &p.setup, STR_NONE, &p.questions, &p.n_questions);
		TRY(read_dates(rq, &p));
		req_status(rq, 422);
		return page(rq, T_FMT(rq, N_("Registrations: {title}"), {S("title"), p.event.title}), reg_desk_view,
			    &p);
	}
	TRY(err);
	req_notice(rq, "ok", str_of(T(rq, p.said)));
	return redirect(rq, p.act);
}

/* ---- the people of a date ---------------------------------------------------------------------------------------------------- */

static const char *link_words(struct req *rq, const struct registration *r)
{
	struct reg_mail_state_row row;

	if (!r->link_mail.has || r->link_mail.v == 0 || reg_mail_state(rq->db, r->link_mail.v, rq->mem, &row) != OK) {
		return r->link_version ? N_("sent") : NULL;
	}
	switch (row.state) {
	case 0:
		return N_("on its way");
	case 1:
		return N_("sent");
	case 2:
		return N_("refused");
	case 3:
		return N_("kept here");
	case 4:
		return N_("bounced");
	default:
		return N_("not sent");
	}
}

struct collect {
	struct req *rq;
	struct reg_people *p;
};

static struct str answer(struct mem *m, const struct registration *r, const char *name)
{
	struct json j;

	return r->answers.n && json_parse(m, r->answers, &j, NULL) == OK ? json_text(&j, name) : STR_NONE;
}

static enum err collect(void *arg, const struct registration *r)
{
	struct collect *to = arg;
	struct mem *m = to->rq->mem;
	struct reg_person *x;

	if (to->p->n >= LIST_MAX || r->state == REG_ASKED) {
		return OK;
	}
	x = &to->p->people[to->p->n++];
	*x = (struct reg_person){
		.id = r->id, .state = r->state, .places = r->places, .present = r->present, .held = r->held};
	x->name = str_dup(m, r->name);
	x->mail = str_dup(m, r->mail);
	x->link_mail = r->link_mail;
	x->link_version = r->link_version;
	x->needs = str_dup(m, answer(m, r, "needs"));
	x->interpreting = str_dup(m, answer(m, r, "interpreting"));
	x->group = str_dup(m, answer(m, r, "group"));
	x->answers = r->answers.n ? str_dup(m, r->answers) : STR_NONE;
	return OK;
}

enum err reg_people_read(struct req *rq, struct reg_people *p)
{
	int64_t occ;

	TRY(read_desk(rq, &p->desk));
	if (!str_to_i64(req_param(rq, "occ"), &occ)) {
		return E_NOTFOUND;
	}
	TRY(reg_slot_get(REG_CTX(rq), p->desk.event.id, occ, &p->slot));
	p->people = mem_array(rq->mem, struct reg_person, LIST_MAX);
	/* Rows are read in memory that goes as they are read: what stays is copied first to a place of its own. */
	struct reg_ctx c = *REG_CTX(rq);
	struct mem *rows = mem_open();
	mem_defer(rq->mem, (void (*)(void *))mem_close, rows);
	c.mem = rows;
	TRY(reg_each(&c, p->desk.event.id, occ, collect, &(struct collect){rq, p}));
	p->act = link_to(rq, "/agenda/:slug/registrations/:occ", p->desk.event.slug, req_param(rq, "occ"));
	p->csv = link_to(rq, "/agenda/:slug/registrations/:occ/people.csv", p->desk.event.slug, req_param(rq, "occ"));
	p->pdf = link_to(rq, "/agenda/:slug/registrations/:occ/people.pdf", p->desk.event.slug, req_param(rq, "occ"));
	p->attend = link_absolute(rq, link_to(rq, "/attend/:event/:occ/:secret",
					      str_fmt(rq->mem, "%lld", (long long)p->desk.event.id),
					      req_param(rq, "occ"), p->slot.secret));
	p->words = p->slot.starts_at.has ? words_datetime(rq, p->slot.starts_at.v)
					 : str_of(T(rq, N_("on a date to be decided")));
	return OK;
}

static enum err people_page(struct req *rq, struct reg_people *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct registration r = {.link_mail = p->people[i].link_mail,
					 .link_version = p->people[i].link_version};

		p->people[i].link = link_words(rq, &r);
	}
	return page(rq, T_FMT(rq, N_("Registrations: {title}"), {S("title"), p->desk.event.title}), reg_people_view, p);
}

enum err reg_people_show(struct req *rq)
{
	struct reg_people p = {0};

	TRY(reg_people_read(rq, &p));
	return people_page(rq, &p);
}

/* What organisers write to all who count on coming: a mail each, in their words. */
static enum err announce(struct req *rq, struct reg_people *p, bool test)
{
	struct str subject = str_trim(req_form(rq, "subject")), body = str_trim(req_form(rq, "body"));
	struct account me;

	if (!subject.n || subject.n > 200 || str_chr(subject, '\n') >= 0 || !body.n || body.n > LIMIT_NOTE * 2) {
		p->desk.error = N_("Write a subject of one line and a message of at most 4,000 characters.");
		return E_INVALID;
	}
	if (test) {
		TRY(account_get(rq->db, rq->mem, rq->site, rq->who.account, &me));
		return mail_queue(rq->db, rq->mem, rq->site,
				  &(struct mail){.to = me.mail,
						 .lang = str_of(rq->lang),
						 .purpose = "announcement",
						 .subject = subject,
						 .body = body});
	}
	for (size_t i = 0; i < p->n; i++) {
		struct mail mail = {.to = p->people[i].mail,
				    .lang = str_of(rq->lang),
				    .purpose = "announcement",
				    .subject = subject,
				    .body = body,
				    .erase_at = p->slot.erase_at.has ? p->slot.erase_at.v : 0};

		if (p->people[i].state == REG_CONFIRMED || p->people[i].state == REG_OFFERED) {
			TRY(mail_queue(rq->db, rq->mem, rq->site, &mail));
		}
	}
	return OK;
}

static enum err act_on_one(struct req *rq, struct reg_people *p, struct str act)
{
	const struct reg_ctx *c = REG_CTX(rq);
	struct registration r;
	int64_t id;

	if (!str_to_i64(req_form(rq, "id"), &id)) {
		return E_INVALID;
	}
	TRY(reg_get(c, id, &r));
	if (r.event != p->desk.event.id || r.occ != p->slot.occ) {
		return E_NOTFOUND;
	}
	if (str_eq(act, S("accept")) || str_eq(act, S("decline"))) {
		return reg_decide(c, &r, str_eq(act, S("accept")));
	}
	if (str_eq(act, S("present")) || str_eq(act, S("absent")) || str_eq(act, S("unknown"))) {
		return reg_note(c, &r, str_eq(act, S("present")) ? 1 : str_eq(act, S("absent")) ? 2 : 0);
	}
	if (str_eq(act, S("cancel"))) {
		return reg_cancel(c, &r);
	}
	return str_eq(act, S("erase")) ? reg_erase(c, &r) : E_NOTFOUND;
}

/* A raid leaves many behind: those that were held go in one act. */
static enum err decline_held(struct req *rq, struct reg_people *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct registration r;

		if (p->people[i].held && p->people[i].state == REG_PENDING) {
			TRY(reg_get(REG_CTX(rq), p->people[i].id, &r));
			TRY(reg_erase(REG_CTX(rq), &r));
		}
	}
	return OK;
}

enum err reg_people_post(struct req *rq)
{
	struct reg_people p = {0};
	struct str act = req_form(rq, "act");
	enum err err;

	TRY(reg_people_read(rq, &p));
	if (str_eq(act, S("announce")) || str_eq(act, S("announce-test"))) {
		err = announce(rq, &p, str_eq(act, S("announce-test")));
		p.desk.said = N_("The message is on its way.");
	} else if (str_eq(act, S("decline-held"))) {
		err = decline_held(rq, &p);
		p.desk.said = N_("What came during the raid has been erased.");
	} else {
		err = act_on_one(rq, &p, act);
		p.desk.said = N_("Done.");
	}
	if (err == E_INVALID && p.desk.error) {
		p.subject = req_form(rq, "subject");
		p.body = req_form(rq, "body");
		req_status(rq, 422);
		return people_page(rq, &p);
	}
	if (err == E_CONFLICT) {
		return problem(rq, err, N_("Somebody else decided meanwhile: look at the list again."));
	}
	TRY(err);
	req_notice(rq, "ok", str_of(T(rq, p.desk.said)));
	return redirect(rq, p.act);
}

enum err reg_people_csv(struct req *rq)
{
	struct reg_people p = {0};
	struct buf b = buf_make(rq->mem, CSV_MAX);

	TRY(reg_people_read(rq, &p));
	struct str head[] = {str_of(T(rq, N_("Name or nickname"))), str_of(T(rq, N_("Mail"))),
			     str_of(T(rq, N_("Number of places"))), str_of(T(rq, N_("State"))),
			     str_of(T(rq, N_("Access needs"))),     str_of(T(rq, N_("Languages"))),
			     str_of(T(rq, N_("Accompanied by"))),   str_of(T(rq, N_("Present")))};
	csv_put_row(&b, head, COUNT(head), ',');
	for (size_t i = 0; i < p.n; i++) {
		const struct reg_person *x = &p.people[i];
		struct str row[] = {x->name,
				    x->mail,
				    str_fmt(rq->mem, "%lld", (long long)x->places),
				    str_of(T(rq, reg_state_words(x->state))),
				    x->needs.p ? x->needs : S(""),
				    x->interpreting.p ? x->interpreting : S(""),
				    x->group.p ? x->group : S(""),
				    x->present == 1   ? str_of(T(rq, N_("yes")))
				    : x->present == 2 ? str_of(T(rq, N_("no")))
						      : S("")};

		csv_put_row(&b, row, COUNT(row), ',');
	}
	if (!buf_ok(&b)) {
		return E_LIMIT;
	}
	reply_as_download(rq, str_fmt(rq->mem, "%.*s.csv", STR_ARG(p.desk.event.slug)));
	return reply(rq, "text/csv; charset=utf-8", buf_str(&b));
}
