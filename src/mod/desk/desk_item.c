/*
 * One proposal on the desk: what it says, what it looks like, and the buttons that decide.
 */
#include "../../base/limits.h"
#include "../../core/account.h"
#include "../../core/rows.h"
#include "../../entity/tree.h"
#include "desk.h"
#include "desk.sql.h"
#include "desk_item.html.h"
#include "desk_private.h"

enum err desk_get(struct req *rq, int64_t id, struct proposal *p, struct object *ob, bool *has_object)
{
	enum err err;

	TRY(proposal_by_id(rq->db, rq->mem, id, p));
	err = p->object_id ? object_by_id(rq->db, rq->mem, p->object_id, ob) : E_NOTFOUND;
	*has_object = err == OK;
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	if (!proposal_may_decide(&rq->who, p, *has_object ? ob : NULL)) {
		return problem(rq, E_DENIED, N_("This is looked after by moderators of another territory or theme."));
	}
	return OK;
}

/* A claim by somebody without account: one is made, of the role that edits. */
static enum err account_for(struct req *rq, struct proposal *p)
{
	struct account a;
	enum err err;

	if (p->type != PROP_CLAIM) {
		return OK;
	}
	if (p->account) {
		TRY(account_get(rq->db, rq->mem, rq->site, p->account, &a));
	} else if (!p->mail.n) {
		return problem(rq, E_INVALID, N_("Nobody can be reached behind this claim: refuse it."));
	} else {
		err = account_by_mail(rq->db, rq->mem, rq->site, p->mail, &a);
		if (err == E_NOTFOUND) {
			a.role = ROLE_EDITOR;
			err = account_create(rq->db, rq->mem, rq->site, p->mail, p->name, p->lang, ROLE_EDITOR, rq->now, &a.id);
		}
		TRY(err);
		p->account = a.id;
		TRY(desk_account_set(rq->db, p->id, a.id));
	}
	return a.role < ROLE_EDITOR ? account_set_role(rq->db, a.id, ROLE_EDITOR) : OK;
}

enum err desk_accept(struct req *rq, struct proposal *p, const struct object *ob, const struct str *keys, size_t n, bool over,
		     struct str reason)
{
	struct act act = desk_act(rq, p->type == PROP_NEW ? "publish" : p->type == PROP_WITHDRAW ? "archive" : "accept");
	struct proposal after;
	enum err err;

	TRY(account_for(rq, p));
	err = proposal_accept(rq->db, rq->mem, p->id, keys, n, over, &act);
	if (err == E_CONFLICT) {
		return problem(rq, E_CONFLICT, N_("Somebody changed one of these fields meanwhile. Look at it again and tick what should replace it."));
	}
	if (err == E_INVALID) {
		return problem(rq, E_INVALID, N_("This was decided already, or can no longer be taken as it is."));
	}
	TRY(err);
	req_public_change(rq);
	TRY(proposal_by_id(rq->db, rq->mem, p->id, &after));
	if (p->type == PROP_CLAIM) {
		struct req *in = desk_in(rq, p->lang);
		struct str how = T_FMT(in, N_("To edit the page, sign in with this mail address: {link}"),
				       {S("link"), link_absolute(rq, link_plain(in, "/account/sign-in")).s});
		reason = reason.n ? str_fmt(rq->mem, "%.*s\n\n%.*s", STR_ARG(reason), STR_ARG(how)) : how;
	}
	return desk_mail_news(rq, p, ob, after.state == PROP_PARTLY ? NEWS_PARTLY : NEWS_ACCEPTED, reason);
}

enum err desk_refuse(struct req *rq, const struct proposal *p, const struct object *ob, struct str reason)
{
	struct act act = desk_act(rq, "refuse");
	enum err err = proposal_refuse(rq->db, rq->mem, p->id, reason, &act);

	if (err == E_INVALID) {
		return problem(rq, E_INVALID, N_("This was decided already."));
	}
	TRY(err);
	return desk_mail_news(rq, p, ob, NEWS_REFUSED, reason);
}

/* ---- the page -------------------------------------------------------------------------------------------------------- */

static enum err read_changes(struct req *rq, struct item_page *p)
{
	struct proposal_field *f;
	size_t n;

	TRY(proposal_fields(rq->db, rq->mem, &p->p, &p->ob, &f, &n));
	p->fields = mem_array(rq->mem, struct desk_field, n);
	for (size_t i = 0; i < n; i++) {
		const struct field *fd = f[i].change.field;

		p->fields[p->n_fields++] = (struct desk_field){
			.key = f[i].change.key, .label = desk_key_label(rq, p->ob.entity, f[i].change.key),
			.before = desk_words(rq, fd, f[i].change.before), .after = desk_words(rq, fd, f[i].change.after),
			.base = desk_words(rq, fd, f[i].base), .conflict = f[i].conflict, .done = f[i].done,
			.long_text = fd->type == F_TEXT || fd->type == F_MARKDOWN || fd->type == F_LINE || fd->type == F_GROUP,
		};
		p->conflict = p->conflict || f[i].conflict;
	}
	return OK;
}

static enum err read_item(struct req *rq, struct item_page *p)
{
	int64_t id;

	*p = (struct item_page){.act = link_to(rq, "/desk/:id", req_param(rq, "id"))};
	if (!str_to_i64(req_param(rq, "id"), &id)) {
		return E_NOTFOUND;
	}
	TRY(desk_get(rq, id, &p->p, &p->ob, &p->has_object));
	p->what = desk_type_words(p->p.type);
	if (!p->has_object) {
		return OK;
	}
	p->where = territory_words(rq, p->ob.territory);
	p->page = object_url(rq, &p->ob);
	p->edit = desk_link(rq, p->ob.entity, "/:slug/edit", p->ob.slug);
	if (p->p.type == PROP_CHANGE) {
		return read_changes(rq, p);
	}
	if (p->p.type == PROP_NEW) {
		p->n_fields = desk_fields(rq, p->ob.entity, doc_view(rq->mem, p->ob.entity, p->ob.doc, SEE_ALL), &p->fields);
	}
	if (p->p.type == PROP_NEW || p->p.type == PROP_DUPLICATE) {
		return desk_dups(rq, p->ob.entity, p->ob.doc, p->ob.id, true, &p->dups, &p->n_dups);
	}
	return OK;
}

enum err desk_item(struct req *rq)
{
	struct item_page p;

	TRY(read_item(rq, &p));
	req_page(rq)->no_index = true;
	req_page(rq)->nav = "desk";
	return page(rq, p.has_object ? p.ob.title : str_of(T(rq, p.what)), item_view, &p);
}

/* ---- deciding -------------------------------------------------------------------------------------------------------- */

static size_t read_keys(struct req *rq, const struct item_page *p, struct str **keys)
{
	struct str key;
	size_t n = 0;

	*keys = mem_array(rq->mem, struct str, p->n_fields + 1);
	for (size_t i = 0; n < p->n_fields && (key = req_form_at(rq, "keep", i)).p; i++) {
		(*keys)[n++] = key;
	}
	return n;
}

/* The moderator saw the object at a version: what changed since must be looked at first. */
static bool seen(struct req *rq, const struct item_page *p)
{
	int64_t version;

	return !p->has_object || !str_to_i64(req_form(rq, "version"), &version) || version == p->ob.version;
}

static enum err accept(struct req *rq, struct item_page *p, struct str reason)
{
	struct str *keys = NULL;
	size_t n = 0;

	if (p->p.type == PROP_CHANGE) {
		n = read_keys(rq, p, &keys);
		if (!n) {
			return problem(rq, E_INVALID, N_("Tick at least one field, or refuse the whole."));
		}
		if (!seen(rq, p)) {
			return problem(rq, E_CONFLICT, N_("This page was changed while you were looking. Go back and look again: nothing is lost."));
		}
	}
	/* Whoever ticked a field in conflict saw it marked: the page showed both. */
	return desk_accept(rq, &p->p, &p->ob, keys, n, true, reason);
}

static enum err ask(struct req *rq, struct item_page *p, struct str reason)
{
	if (!reason.n) {
		return problem(rq, E_INVALID, N_("Write what is missing: it will be sent with the link."));
	}
	TRY(desk_reason_set(rq->db, p->p.id, reason));
	return desk_mail_news(rq, &p->p, p->has_object ? &p->ob : NULL, NEWS_ASKED, reason);
}

enum err desk_item_post(struct req *rq)
{
	struct item_page p;
	struct str act = req_form(rq, "act"), reason = str_trim(req_form(rq, "reason"));

	TRY(read_item(rq, &p));
	if (reason.n > LIMIT_NOTE) {
		return problem(rq, E_INVALID, N_("This message is too long."));
	}
	if (p.p.state != PROP_OPEN) {
		return problem(rq, E_CONFLICT, N_("This was decided already."));
	}
	if (str_eq(act, S("accept"))) {
		if (!p.has_object) {
			return problem(rq, E_INVALID, N_("What this is about is gone: refuse it."));
		}
		TRY(accept(rq, &p, reason));
		req_notice(rq, "ok", str_of(T(rq, N_("Accepted; whoever proposed it is told."))));
	} else if (str_eq(act, S("refuse"))) {
		TRY(desk_refuse(rq, &p.p, p.has_object ? &p.ob : NULL, reason));
		req_notice(rq, "ok", str_of(T(rq, N_("Refused; whoever proposed it is told."))));
	} else if (str_eq(act, S("ask"))) {
		TRY(ask(rq, &p, reason));
		req_notice(rq, "ok", str_of(T(rq, N_("The question is on its way."))));
	} else {
		return E_INVALID;
	}
	return redirect(rq, link_plain(rq, "/desk"));
}
