/*
 * What a proposer's link opens: where it stands, and buttons to confirm the address, correct, write to the moderators or take
 * it back. Before the decision a correction goes into the proposal itself; afterwards it is a suggestion like any other.
 */
#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "desk.h"
#include "desk.sql.h"
#include "desk_link.html.h"
#include "desk_propose.html.h"

static enum err read_page(struct req *rq, struct link_page *p)
{
	*p = (struct link_page){.act = link_to(rq, "/desk/p/:token", req_param(rq, "token"))};
	TRY(desk_proposal_of_link(rq, &p->p));
	if (p->p.object_id) {
		enum err err = object_by_id(rq->db, rq->mem, p->p.object_id, &p->ob);
		p->has_object = err == OK;
		if (err != OK && err != E_NOTFOUND) {
			return err;
		}
	}
	p->open = p->p.state == PROP_OPEN;
	bool there = p->has_object && (p->ob.status == ST_PUBLISHED || p->ob.status == ST_ARCHIVED);
	p->may_correct = p->has_object && p->p.type == PROP_NEW && (p->open ? p->ob.status == ST_PROPOSED : there);
	p->may_withdraw = p->open || (p->p.type == PROP_NEW && p->has_object && p->ob.status == ST_PUBLISHED);
	p->correct = link_to(rq, "/desk/p/:token/edit", req_param(rq, "token"));
	if (there) {
		p->page = object_url(rq, &p->ob);
	}
	p->what = desk_type_words(p->p.type);
	p->state = desk_state_words(&p->p);
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return OK;
}

enum err desk_link_show(struct req *rq)
{
	struct link_page p;

	TRY(read_page(rq, &p));
	return page(rq, str_of(T(rq, N_("What you sent"))), link_view, &p);
}

/* What is published is not taken away by a link alone: a moderator is asked. */
static enum err withdraw(struct req *rq, struct link_page *p)
{
	struct act act = desk_act(rq, "withdraw");
	struct str token;

	if (p->open) {
		TRY(proposal_withdraw(rq->db, rq->mem, p->p.id, &act));
		req_notice(rq, "ok", str_of(T(rq, N_("Taken back."))));
		return OK;
	}
	struct proposal asked = {.type = PROP_WITHDRAW, .object_id = p->ob.id, .base_version = p->ob.version, .mail = p->p.mail,
				 .name = p->p.name, .lang = p->p.lang, .account = p->p.account, .note = str_trim(req_form(rq, "note"))};
	TRY(proposal_create(rq->db, rq->mem, &asked, rq->now, &token));
	TRY(proposal_confirm(rq->db, asked.id, rq->now));
	req_notice(rq, "ok", str_of(T(rq, N_("A moderator will look at your request."))));
	return OK;
}

enum err desk_link_post(struct req *rq)
{
	struct link_page p;
	struct str act = req_form(rq, "act"), note = str_trim(req_form(rq, "note"));

	TRY(read_page(rq, &p));
	if (p.open && !p.p.confirmed_at) { /* whoever presses a button of the mailed page has the address */
		TRY(proposal_confirm(rq->db, p.p.id, rq->now));
	}
	if (str_eq(act, S("withdraw")) && p.may_withdraw) {
		TRY(withdraw(rq, &p));
	} else if (str_eq(act, S("note")) && p.open && note.n) {
		struct str both = p.p.note.n ? str_fmt(rq->mem, "%.*s\n\n%.*s", STR_ARG(p.p.note), STR_ARG(note)) : note;
		if (note.n > LIMIT_NOTE || both.n > 4 * LIMIT_NOTE) {
			return problem(rq, E_INVALID, N_("This message is too long."));
		}
		TRY(desk_note_set(rq->db, p.p.id, both));
		req_notice(rq, "ok", str_of(T(rq, N_("Your message is with the moderators."))));
	} else if (str_eq(act, S("confirm"))) {
		req_notice(rq, "ok", str_of(T(rq, N_("Your address is confirmed. Thank you."))));
	} else {
		return E_INVALID;
	}
	return redirect(rq, p.act);
}

/* ---- correcting ------------------------------------------------------------------------------------------------------ */

static enum sight sight_of(const struct link_page *l)
{
	return l->open ? SEE_ALL : SEE_PUBLIC; /* others may have added to what is published */
}

static void frame(struct req *rq, const struct link_page *l, struct propose_page *p)
{
	p->entity = l->ob.entity;
	p->form.original_lang = l->ob.lang;
	p->form.sight = sight_of(l);
	p->action = l->correct;
	p->back = l->act;
	p->title = l->ob.title;
	p->version = p->version ? p->version : l->ob.version;
	p->heading = N_("Correct what you sent");
	p->lede = l->open ? N_("Your corrections go into your proposal at once.")
			  : N_("It is published: your corrections go to a moderator.");
	p->send = N_("Send the corrections");
	desk_translate(rq, p, l->ob.doc.j, p->action);
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
}

static enum err get(struct req *rq, struct link_page *l)
{
	TRY(read_page(rq, l));
	return l->may_correct ? OK : problem(rq, E_NOTFOUND, N_("This can no longer be corrected here."));
}

enum err desk_link_edit(struct req *rq)
{
	struct link_page l;
	struct propose_page p = {0};

	TRY(get(rq, &l));
	form_fill(rq->mem, l.ob.entity, doc_view(rq->mem, l.ob.entity, l.ob.doc, sight_of(&l)).j, rq->lang, &p.form);
	frame(rq, &l, &p);
	return page(rq, str_of(T(rq, p.heading)), propose_view, &p);
}

static enum err correct_open(struct req *rq, struct link_page *l, const struct form *f)
{
	struct act act = desk_act(rq, "edit");

	l->ob.doc.j = f->doc;
	TRY(object_save(rq->db, rq->mem, &l->ob, &act, NULL));
	TRY(desk_reason_set(rq->db, l->p.id, STR_NONE)); /* what was asked for has been answered */
	return proposal_confirm(rq->db, l->p.id, rq->now);
}

static enum err suggest(struct req *rq, struct link_page *l, const struct json *edited, bool *any)
{
	struct proposal c = {.type = PROP_CHANGE, .object_id = l->ob.id, .base_version = l->ob.version, .mail = l->p.mail,
			     .name = l->p.name, .lang = l->p.lang, .account = l->p.account};
	struct str token;

	c.changes = proposal_changes(rq->mem, &l->ob, SEE_PUBLIC, edited);
	*any = c.changes != NULL;
	if (!*any) {
		return OK;
	}
	TRY(proposal_create(rq->db, rq->mem, &c, rq->now, &token));
	return proposal_confirm(rq->db, c.id, rq->now);
}

enum err desk_link_edit_post(struct req *rq)
{
	struct link_page l;
	struct propose_page p = {0};
	int64_t version;
	bool any = true;

	TRY(get(rq, &l));
	const struct json *shown = doc_view(rq->mem, l.ob.entity, l.ob.doc, sight_of(&l)).j;
	enum err err = form_read(rq, l.ob.entity, shown, &p.form);
	frame(rq, &l, &p);
	if (err == E_INVALID) {
		req_status(rq, 422);
		return page(rq, str_of(T(rq, p.heading)), propose_view, &p);
	}
	TRY(err);
	if (str_to_i64(req_form(rq, "version"), &version) && version != l.ob.version) {
		p.lede = N_("It was changed meanwhile, by you or by a moderator. Check your text and send it again.");
		req_status(rq, 409);
		return page(rq, str_of(T(rq, p.heading)), propose_view, &p);
	}
	if (l.open) {
		TRY(correct_open(rq, &l, &p.form));
	} else {
		TRY(suggest(rq, &l, p.form.doc, &any));
	}
	req_notice(rq, "ok", str_of(T(rq, any ? N_("Your corrections are kept. Thank you.") : N_("Nothing was changed."))));
	return redirect(rq, l.act);
}
