/*
 * The form where one registers: name or nickname, address, what the organisers need to know. Whoever sends it sees the same
 * answer, whether the address was new or not; the rest happens behind the mailed link.
 */
#include "../../base/time.h"
#include "../../core/mail.h"
#include "../../entity/tree.h"
#include "registration_ask.html.h"
#include "registration_pages.h"

enum { ASK_AN_HOUR = 30, ANSWER_MAX = 1000 };

struct str reg_when(struct req *rq, const struct event_occurrence *at)
{
	struct str day = words_partial_date(rq, cal_text(rq->mem, cal_day(at->start)));

	if (at->start.precision != CAL_MINUTE) {
		return day;
	}
	struct str hour = str_fmt(rq->mem, "%02d:%02d", at->start.hour, at->start.minute);
	const struct cal_zone *zone = cal_zone(at->zone);
	if (zone && !str_eq(at->zone, rq->site->time_zone)) {
		return T_FMT(rq, N_("{day}, {hour} ({zone})"), {S("day"), day}, {S("hour"), hour},
			     {S("zone"), cal_zone_label(rq->mem, zone, rq->lang, at->from)});
	}
	return T_FMT(rq, N_("{day}, {hour}"), {S("day"), day}, {S("hour"), hour});
}

enum err reg_event(struct req *rq, struct object *event, struct reg_setup *setup)
{
	bool moved;

	TRY(object_get(rq, &event_entity, req_param(rq, "slug"), event, &moved));
	enum err err = reg_setup_get(REG_CTX(rq), event->id, setup);
	if (err == E_NOTFOUND && str_eq(json_text(event->doc.j, "registration"), S("site"))) {
		*setup = reg_setup_usual(event->id); /* the event says that one registers here: nobody said how */
		return OK;
	}
	return err;
}

int64_t reg_occ(const struct object *event, const struct event_occurrence *at)
{
	const struct json *doc = event->doc.j;

	return json_text(doc, "rrule").n || json_get(doc, "rdates")->n ? cal_to_utc(NULL, cal_day(at->on)) : 0;
}

int64_t reg_ends(const struct event_occurrence *at)
{
	return at->to > at->from ? at->to : at->from + 2 * TIME_HOUR;
}

enum err reg_dates(struct req *rq, const struct object *event, const struct reg_setup *setup, bool invited,
		   struct reg_date **out, size_t *n)
{
	const struct reg_ctx *c = REG_CTX(rq);
	struct event_occurrence *at;
	size_t all;

	TRY(event_occurrences(rq->db, rq->mem, setup->event, rq->now, REG_DATES_MAX, &at, &all));
	*out = mem_array(rq->mem, struct reg_date, all);
	*n = 0;
	for (size_t i = 0; i < all; i++) {
		struct reg_slot slot = {.event = setup->event, .capacity = setup->capacity};
		struct reg_date *d = &(*out)[*n];

		if (at[i].cancelled) {
			continue;
		}
		slot.starts_at = (struct opt_int){true, at[i].from};
		slot.ends_at = (struct opt_int){true, reg_ends(&at[i])};
		slot.occ = reg_occ(event, &at[i]);
		enum err err = reg_slot_get(c, setup->event, slot.occ, &slot);
		if (err != OK && err != E_NOTFOUND) {
			return err;
		}
		*d = (struct reg_date){.occ = slot.occ,
				       .words = reg_when(rq, &at[i]),
				       .at = at[i],
				       .refusal = reg_may_ask(setup, &slot, invited, rq->now)};
		d->left = slot.capacity.has ? slot.capacity.v - slot.taken : -1;
		d->full = d->left == 0;
		d->waiting = d->full && setup->waiting;
		(*n)++;
	}
	return OK;
}

void reg_questions(struct mem *m, const struct reg_setup *setup, struct str answers, struct reg_question **out,
		   size_t *n)
{
	struct json all, given = tree_object();

	*n = 0;
	*out = mem_array(m, struct reg_question, REG_QUESTIONS_MAX);
	if (json_parse(m, setup->questions, &all, NULL) != OK) {
		return;
	}
	if (answers.n && json_parse(m, answers, &given, NULL) != OK) {
		given = tree_object();
	}
	for (size_t i = 0; i < all.n && *n < REG_QUESTIONS_MAX; i++) {
		const struct json *q = json_at(&all, i);
		struct str id = json_text(q, "id"), answer = json_str(tree_get(json_get(&given, "questions"), id));

		(*out)[(*n)++] = (struct reg_question){.id = id,
						       .label = json_text(q, "label"),
						       .purpose = json_text(q, "purpose"),
						       .required = json_true(json_get(q, "required")),
						       .answer = answer.p ? answer : S("")};
	}
}

/* ---- the form ------------------------------------------------------------------------------------------------------------- */

static const char *closed_words(const struct reg_ask_page *p)
{
	static const char *const words[] = {
		[REG_FINE] = NULL,
		[REG_NOT_OPEN] = N_("Registration is not open yet."),
		[REG_CLOSED] = N_("Registration is closed."),
		[REG_FULL] = N_("All places are taken."),
		[REG_ONLY_INVITED] = N_("Registration is by invitation: open the link of your invitation."),
	};

	for (size_t i = 0; i < p->n_dates; i++) {
		if (p->dates[i].refusal == REG_FINE) {
			return NULL;
		}
	}
	return p->n_dates ? words[p->dates[0].refusal] : N_("There is no date to register for.");
}

static bool is_invited(struct req *rq, const struct reg_ask_page *p)
{
	return p->invitation.n > 0 &&
	       (!p->mail.n || reg_invitation_ok(REG_CTX(rq), p->setup.event, p->mail, p->invitation));
}

static struct str typed(struct req *rq, const char *name)
{
	struct str s = str_trim(req_form(rq, name));

	return s.p ? s : S("");
}

static enum err read_page(struct req *rq, struct reg_ask_page *p)
{
	TRY(reg_event(rq, &p->event, &p->setup));
	if (p->event.status != ST_PUBLISHED) {
		return E_NOTFOUND;
	}
	p->act = link_to(rq, "/agenda/:slug/register", p->event.slug);
	p->page = object_url(rq, &p->event);
	p->places = S("1");
	p->invitation = rq->method == POST ? typed(rq, "invitation") : req_query(rq, "invitation");
	req_page(rq)->nav = "agenda";
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return OK;
}

static enum err render(struct req *rq, struct reg_ask_page *p)
{
	return page(rq, T_FMT(rq, N_("Register: {title}"), {S("title"), p->event.title}), reg_ask_view, p);
}

enum err reg_ask_show(struct req *rq)
{
	struct reg_ask_page p = {0};

	TRY(read_page(rq, &p));
	p.name = p.mail = p.needs = p.interpreting = p.group = S("");
	TRY(reg_dates(rq, &p.event, &p.setup, p.invitation.n > 0, &p.dates, &p.n_dates));
	reg_questions(rq->mem, &p.setup, STR_NONE, &p.questions, &p.n_questions);
	p.occ = p.n_dates ? p.dates[0].occ : 0;
	p.closed = closed_words(&p);
	return render(rq, &p);
}

static void read_form(struct req *rq, struct reg_ask_page *p)
{
	p->name = typed(rq, "name");
	p->mail = typed(rq, "mail");
	p->places = typed(rq, "places");
	p->needs = typed(rq, "needs");
	p->interpreting = typed(rq, "interpreting");
	p->group = typed(rq, "group");
	p->minor = typed(rq, "minor").n > 0;
	if (!p->places.n) {
		p->places = S("1");
	}
	for (size_t i = 0; i < p->n_questions; i++) {
		p->questions[i].answer =
			typed(rq, str_c(rq->mem, str_fmt(rq->mem, "q.%.*s", STR_ARG(p->questions[i].id))));
	}
}

/* The date chosen; the only one when there is but one. */
static const struct reg_date *date_of(struct req *rq, const struct reg_ask_page *p)
{
	int64_t occ = 0;
	bool said = str_to_i64(req_form(rq, "date"), &occ);

	for (size_t i = 0; i < p->n_dates; i++) {
		if ((said && p->dates[i].occ == occ) || (!said && p->n_dates == 1)) {
			return &p->dates[i];
		}
	}
	return NULL;
}

static bool check(struct req *rq, struct reg_ask_page *p, int64_t *places)
{
	const struct reg_date *d = date_of(rq, p);

	if (!p->name.n || p->name.n > REG_NAME_MAX) {
		p->name_error = N_("Write a name or a nickname of at most 120 characters.");
	}
	if (!mail_address_ok(p->mail)) {
		p->mail_error = N_("Write your e-mail address in full, like name@example.org.");
	} else if (p->setup.mode == REG_INVITED && !is_invited(rq, p)) {
		p->mail_error = N_("This invitation was sent to another address: write that one.");
	}
	if (!str_to_i64(p->places, places) || *places < 1 || *places > p->setup.per_person) {
		p->places_error = N_("Choose a number of places that the list offers.");
	}
	if (!d || d->refusal != REG_FINE) {
		p->date_error = d ? N_("Nobody can register for this date any more: choose another one.")
				  : N_("Choose a date.");
	}
	if (p->minor && (!p->setup.minors || !p->group.n)) {
		p->group_error = N_("Write who accompanies the minor or the group.");
	}
	if (p->needs.n > ANSWER_MAX || p->group.n > ANSWER_MAX || p->interpreting.n > 200) {
		p->question_error = N_("This is too long: keep to what matters most.");
	}
	for (size_t i = 0; i < p->n_questions; i++) {
		struct reg_question *q = &p->questions[i];

		q->wrong = (q->required && !q->answer.n) || q->answer.n > ANSWER_MAX;
		if (q->wrong) {
			p->question_error = N_("Answer this question in a few words.");
		}
	}
	return !p->name_error && !p->mail_error && !p->places_error && !p->date_error && !p->group_error &&
	       !p->question_error;
}

/* What is kept beside the name: only what was asked for. */
static struct str answers_of(struct req *rq, const struct reg_ask_page *p)
{
	struct json all = tree_object(), questions = tree_object();
	struct buf b = buf_make(rq->mem, 64 * 1024);
	struct json_out o = json_to(&b);

	if (p->setup.needs && p->needs.n) {
		tree_set(rq->mem, &all, S("needs"), tree_str(p->needs));
	}
	if (p->setup.needs && p->interpreting.n) {
		tree_set(rq->mem, &all, S("interpreting"), tree_str(p->interpreting));
	}
	if (p->setup.minors && p->minor) {
		tree_set(rq->mem, &all, S("group"), tree_str(p->group));
	}
	for (size_t i = 0; i < p->n_questions; i++) {
		if (p->questions[i].answer.n) {
			tree_set(rq->mem, &questions, p->questions[i].id, tree_str(p->questions[i].answer));
		}
	}
	if (questions.n) {
		tree_set(rq->mem, &all, S("questions"), questions);
	}
	if (!all.n) {
		return STR_NONE;
	}
	json_put_tree(&o, &all);
	return json_done(&o) == OK ? buf_str(&b) : STR_NONE;
}

static enum err keep(struct req *rq, struct reg_ask_page *p, int64_t places)
{
	const struct reg_ctx *c = REG_CTX(rq);
	const struct reg_date *d = date_of(rq, p);
	struct reg_ask ask = {.name = p->name,
			      .mail = p->mail,
			      .lang = str_of(rq->lang),
			      .answers = answers_of(rq, p),
			      .places = places,
			      .invited = is_invited(rq, p)};
	struct reg_slot slot;
	struct registration r;
	struct reg_setup kept;
	bool again;

	if (p->setup.link_version == 0 && reg_setup_get(c, p->setup.event, &kept) == E_NOTFOUND) {
		TRY(reg_setup_put(c, &p->setup));
	}
	TRY(reg_slot_open(c, &p->setup, d->occ, (struct opt_int){true, d->at.from},
			  (struct opt_int){true, reg_ends(&d->at)}, &slot));
	TRY(reg_ask(c, &p->setup, &slot, &ask, &r, &again));
	return reg_mail(c, &r, r.state == REG_ASKED ? REG_MAIL_ASKED : REG_MAIL_AGAIN);
}

enum err reg_ask_post(struct req *rq)
{
	struct reg_ask_page p = {0};
	int64_t places = 0;

	TRY(read_page(rq, &p));
	reg_questions(rq->mem, &p.setup, STR_NONE, &p.questions, &p.n_questions);
	read_form(rq, &p);
	TRY(reg_dates(rq, &p.event, &p.setup, p.invitation.n > 0, &p.dates, &p.n_dates));
	const struct reg_date *d = date_of(rq, &p);
	p.occ = d ? d->occ : 0;
	if (typed(rq, "web_page").n) { /* a trap for machines */
		p.sent = true;
		return render(rq, &p);
	}
	if (!check(rq, &p, &places)) {
		req_status(rq, 422);
		return render(rq, &p);
	}
	if (req_too_often(rq, "register", ASK_AN_HOUR)) {
		return problem(rq, E_LIMIT,
			       N_("Many registrations come from your network: try again in an hour, or write to the "
				  "organisers."));
	}
	enum err err = keep(rq, &p, places);
	if (err == E_DENIED) {
		p.date_error = N_("Nobody can register for this date any more: choose another one.");
		req_status(rq, 422);
		return render(rq, &p);
	}
	TRY(err);
	p.sent = true;
	return render(rq, &p);
}
