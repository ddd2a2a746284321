/*
 * The pages of whoever registers: one signed address to see, confirm, change, cancel, take a free place and be forgotten.
 */
#include "../../base/url.h"
#include "../../core/mail.h"
#include "../../core/qr.h"
#include "../../job/job.h"
#include "registration_pages.h"
#include "registration_private.h"
#include "registration_mine.html.h"

const char *reg_state_words(enum reg_state state)
{
	switch (state) {
	case REG_ASKED:
		return N_("to confirm");
	case REG_PENDING:
		return N_("with the organisers");
	case REG_CONFIRMED:
		return N_("confirmed");
	case REG_WAITING:
		return N_("on the waiting list");
	case REG_OFFERED:
		return N_("a place is kept for you");
	case REG_DECLINED:
		return N_("not accepted");
	case REG_CANCELLED:
		return N_("cancelled");
	case REG_LAPSED:
		return N_("place given to somebody else");
	}
	return "";
}

static enum err read_mine(struct req *rq, struct reg_mine *p)
{
	const struct reg_ctx *c = REG_CTX(rq);
	struct str token = req_param(rq, "token");
	enum err err = reg_by_token(c, token, &p->r);

	req_set_header(rq, "Cache-Control", S("no-store"));
	req_set_header(rq, "Referrer-Policy", S("no-referrer"));
	if (err == E_NOTFOUND) {
		return problem(rq, err,
			       N_("Nothing is left behind this address: the registration was erased, or the address is "
				  "not whole."));
	}
	TRY(err);
	TRY(reg_setup_get(c, p->r.event, &p->setup));
	TRY(reg_slot_get(c, p->r.event, p->r.occ, &p->slot));
	TRY(object_by_id(rq->db, rq->mem, p->r.event, &p->event));
	p->act = link_to(rq, "/registration/:token", token);
	p->join = link_to(rq, "/registration/:token/join", token);
	p->state = reg_state_words(p->r.state);
	p->joinable = reg_link_due(&p->setup, &p->slot, &p->r, rq->now);
	p->over = p->slot.ends_at.has && rq->now >= p->slot.ends_at.v;
	if (p->event.status == ST_PUBLISHED || p->event.status == ST_ARCHIVED) {
		p->page = object_url(rq, &p->event);
	}
	if (p->r.state == REG_CONFIRMED && !p->over) {
		struct url here = link_absolute(rq, link_to(rq, "/registration/:token/here", token));

		TRY(qr_svg(rq->mem, here.s, str_of(T(rq, N_("Code to show at the door"))), &p->code));
	}
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return OK;
}

static enum err show(struct req *rq)
{
	struct reg_mine p = {0};

	TRY(read_mine(rq, &p));
	return page(rq, p.event.title, reg_mine_view, &p);
}

static enum err change(struct req *rq, struct reg_mine *p)
{
	struct str name = str_trim(req_form(rq, "name"));
	int64_t places = p->r.places;

	if (p->setup.per_person > 1 &&
	    (!str_to_i64(req_form(rq, "places"), &places) || places < 1 || places > p->setup.per_person)) {
		p->places_wrong = true;
	}
	p->name_wrong = !name.n || name.n > REG_NAME_MAX;
	if (p->places_wrong || p->name_wrong) {
		return E_INVALID;
	}
	return reg_change(REG_CTX(rq), &p->setup, &p->r, places, name, p->r.answers);
}

static enum err act_on(struct req *rq, struct reg_mine *p, struct str act, const char **said)
{
	const struct reg_ctx *c = REG_CTX(rq);

	if (str_eq(act, S("confirm"))) {
		TRY(reg_confirm(c, &p->setup, &p->r));
		*said = p->r.state == REG_CONFIRMED ? N_("You are registered. Thank you!")
			: p->r.state == REG_WAITING
				? N_("You are on the waiting list: we write as soon as a place is free.")
			: p->r.state == REG_PENDING ? N_("Thank you. The organisers will answer you.")
						    : N_("All places are taken.");
		return OK;
	}
	if (str_eq(act, S("take"))) {
		*said = N_("The place is yours. Thank you!");
		return reg_take_offer(c, &p->r);
	}
	if (str_eq(act, S("cancel"))) {
		*said = N_("Your registration is cancelled.");
		return reg_cancel(c, &p->r);
	}
	if (str_eq(act, S("change"))) {
		*said = N_("Your changes are kept.");
		return change(rq, p);
	}
	return E_NOTFOUND;
}

static enum err post(struct req *rq)
{
	struct reg_mine p = {0};
	struct str act = req_form(rq, "act");
	const char *said = "";
	enum err err;

	TRY(read_mine(rq, &p));
	if (str_eq(act, S("erase"))) {
		TRY(reg_erase(REG_CTX(rq), &p.r));
		req_notice(rq, "ok", str_of(T(rq, N_("Everything about your registration has been erased."))));
		return redirect(rq, p.page.s.p ? p.page : link_plain(rq, "/"));
	}
	err = act_on(rq, &p, act, &said);
	if (err == E_INVALID || err == E_LIMIT) {
		p.refusal = err == E_LIMIT
				    ? str_eq(act, S("take"))
					      ? N_("The time to take this place is over: it went to somebody else.")
					      : N_("There are not that many free places.")
				    : NULL;
		p.typed_name = req_form(rq, "name");
		req_status(rq, 422);
		return page(rq, p.event.title, reg_mine_view, &p);
	}
	if (err == E_CONFLICT) {
		return problem(rq, err, N_("This was changed meanwhile: look at the page again."));
	}
	TRY(err);
	TRY(job_add(rq->db, "registration", S(""), S("registration-now"), rq->now));
	req_notice(rq, "ok", str_of(T(rq, said)));
	return redirect(rq, p.act);
}

/* The personal address that mails may hold instead of the link: it leads there for the confirmed, near the time. */
static enum err join(struct req *rq)
{
	struct reg_mine p = {0};
	struct str secret;
	struct url to;

	TRY(read_mine(rq, &p));
	if (!p.joinable) {
		return problem(rq, E_NOTFOUND,
			       N_("The way to connect is not open: it is sent to confirmed people shortly before the "
				  "beginning."));
	}
	TRY(reg_link_open(REG_CTX(rq), &p.setup, &secret));
	struct str rest = secret;
	struct str first = str_trim(str_cut(&rest, '\n'));
	if (url_parse(rq->mem, first, &to) == OK && !str_trim(rest).n && str_starts(to.s, S("http"))) {
		req_set_header(rq, "Cache-Control", S("no-store"));
		return redirect(rq, to);
	}
	p.secret = secret; /* more than an address: a password, a number to call */
	return page(rq, p.event.title, reg_mine_view, &p);
}

static enum err job_minute(const struct job_ctx *ctx, const struct job *job)
{
	struct reg_ctx c = {ctx->db, ctx->mem, ctx->site, ctx->now};

	(void)job;
	TRY(reg_job_offers(&c));
	TRY(reg_job_links(&c));
	TRY(reg_job_reminders(&c));
	return reg_job_erase(&c);
}

static enum err start(struct db *db, struct mem *m)
{
	(void)db;
	(void)m;
	mail_secret_register(reg_mail_secret);
	return OK;
}

/* clang-format off */
static const struct route routes[] = {
	{GET, "/agenda/:slug/register", ANYONE, reg_ask_show, N_("Register for an event"), 0},
	{POST, "/agenda/:slug/register", ANYONE, reg_ask_post, N_("Register for an event"), ROUTE_PROPOSE},
	{GET, "/agenda/:slug/registrations", SIGNED_IN, reg_desk_show, N_("Registrations of an event"), 0},
	{POST, "/agenda/:slug/registrations", SIGNED_IN, reg_desk_post, N_("Decide how people register; the vault; invitations"), 0},
	{GET, "/agenda/:slug/registrations/:occ", SIGNED_IN, reg_people_show, N_("The people of a date"), 0},
	{POST, "/agenda/:slug/registrations/:occ", SIGNED_IN, reg_people_post, N_("Accept, decline, note who came, write to all"), 0},
	{GET, "/agenda/:slug/registrations/:occ/people.csv", SIGNED_IN, reg_people_csv, N_("The people of a date as CSV"), 0},
	{GET, "/agenda/:slug/registrations/:occ/people.pdf", SIGNED_IN, reg_people_pdf, N_("The people of a date, to print"), 0},
	{GET, "/attend/:event/:occ/:secret", ANYONE, reg_attend_show, N_("Note who came, at the door"), 0},
	{POST, "/attend/:event/:occ/:secret", ANYONE, reg_attend_post, N_("Note who came, at the door"), 0},
	{GET, "/registration/:token/here", ANYONE, reg_here, N_("Note that somebody came, from the code of a registration"), 0},
	{GET, "/registration/:token", ANYONE, show, N_("One's registration"), 0},
	{POST, "/registration/:token", ANYONE, post, N_("Confirm, change, cancel or erase one's registration"), 0},
	{GET, "/registration/:token/join", ANYONE, join, N_("Go to the online meeting"), 0},
};
/* clang-format on */

static const struct job_kind jobs[] = {
	{"registration-news", reg_job_news, 0,  0,
	 N_("Tells the people of a date that it moved or will not take place")            },
	{"registration",      job_minute,   60, 0,
	 N_("Places offered again, reminders, connection links, erasure of registrations")},
};

const struct module registration_module = {
	.name = "registration",
	.routes = TABLE(routes),
	.jobs = TABLE(jobs),
	.on_start = start,
};
