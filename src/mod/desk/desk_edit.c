/*
 * Editing a page. Those who may edit it write at once; two at the same time never overwrite each other: what the other did
 * not touch is merged, for the rest both texts are shown and one is chosen. Everybody else's form is a suggestion that holds
 * only the fields that they changed.
 */
#include "../../base/limits.h"
#include "../../base/utf8.h"
#include "../../core/mail.h"
#include "../../entity/tree.h"
#include "../../web/site.h"
#include "desk.h"
#include "desk_conflict.html.h"
#include "desk_propose.html.h"

struct editing {
	struct object ob;
	bool at_once;
	enum sight sight;
	int64_t from;    /* the version that was being edited */
	struct doc base; /* its document */
};

static enum err get(struct req *rq, struct editing *x)
{
	int64_t from;

	*x = (struct editing){.at_once = false};
	TRY(desk_object(rq, &x->ob));
	x->at_once = object_may_edit(rq->db, &rq->who, &x->ob) && !(rq->site->raid && rq->who.role < ROLE_MODERATOR);
	x->sight = object_sight(&rq->who, &x->ob);
	x->from = x->ob.version;
	x->base = x->ob.doc;
	if (rq->method == POST && str_to_i64(req_form(rq, "base").p ? req_form(rq, "base") : req_form(rq, "version"), &from) &&
	    from > 0 && from < x->ob.version) {
		x->from = from;
		TRY(object_at_version(rq->db, rq->mem, x->ob.id, from, &x->base));
	}
	return OK;
}

static enum err show(struct req *rq, const struct editing *x, struct propose_page *p)
{
	p->entity = x->ob.entity;
	p->form.original_lang = x->ob.lang;
	p->form.sight = x->sight;
	p->action = desk_link(rq, x->ob.entity, "/:slug/edit", x->ob.slug);
	p->back = object_url(rq, &x->ob);
	p->title = x->ob.title;
	p->version = x->from;
	p->at_once = x->at_once;
	p->with_person = !x->at_once;
	p->heading = x->at_once ? N_("Edit this page") : N_("Suggest a change");
	p->lede = x->at_once ? N_("What you change is shown at once; the history keeps what was there before.")
			     : N_("Change what should be changed. A moderator will see the difference and decide field by field.");
	p->send = x->at_once ? N_("Keep the changes") : N_("Send the suggestion");
	desk_translate(rq, p, x->ob.doc.j, p->action);
	req_page(rq)->nav = x->ob.entity->room + 1;
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return page(rq, str_of(T(rq, p->heading)), propose_view, p);
}

enum err desk_edit(struct req *rq)
{
	struct editing x;
	struct propose_page p = {.mail = S(""), .name = S(""), .note = S("")};

	TRY(get(rq, &x));
	if (!x.at_once && desk_closed(rq)) {
		return desk_closed_page(rq);
	}
	form_fill(rq->mem, x.ob.entity, doc_view(rq->mem, x.ob.entity, x.ob.doc, x.sight).j, rq->lang, &p.form);
	return show(rq, &x, &p);
}

static enum err finish(struct req *rq, const struct editing *x, const char *sentence)
{
	req_notice(rq, "ok", str_of(T(rq, sentence)));
	return redirect(rq, object_url(rq, &x->ob));
}

/* ---- a suggestion ---------------------------------------------------------------------------------------------------- */

static enum err suggest(struct req *rq, struct editing *x, struct propose_page *p)
{
	struct object as_seen = x->ob;
	struct proposal c = {.type = PROP_CHANGE, .object_id = x->ob.id, .base_version = x->from, .mail = p->mail, .name = p->name,
			     .note = p->note, .lang = str_of(rq->lang), .account = rq->who.account};
	struct str token;

	as_seen.doc = x->base;
	c.changes = proposal_changes(rq->mem, &as_seen, x->sight, p->form.doc);
	if (!c.changes) {
		return finish(rq, x, N_("Nothing was changed."));
	}
	TRY(proposal_create(rq->db, rq->mem, &c, rq->now, &token));
	TRY(desk_mail_received(rq, &c, x->ob.title, token));
	return finish(rq, x, N_("Thank you. A moderator will look at your suggestion."));
}

/* ---- at once --------------------------------------------------------------------------------------------------------- */

static enum err save(struct req *rq, struct editing *x)
{
	struct act act = desk_act(rq, "edit");
	bool changed;

	if (x->ob.entity->check) { /* what is computed from fields of both */
		struct form f;
		enum err err = form_read_json(rq, rq->mem, x->ob.entity, x->ob.doc.j, NULL, rq->lang, true, &f);
		if (err == E_INVALID) {
			return problem(rq, E_INVALID, N_("These fields do not go together. Go back and look again: your text is still there."));
		}
		TRY(err);
		x->ob.doc.j = f.doc;
	}
	TRY(object_save(rq->db, rq->mem, &x->ob, &act, &changed));
	if (changed) {
		req_public_change(rq);
	}
	return finish(rq, x, changed ? N_("Kept. Thank you.") : N_("Nothing was changed."));
}

static const struct change *change_of(const struct change *c, size_t n, struct str key)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(c[i].key, key)) {
			return &c[i];
		}
	}
	return NULL;
}

/* Who wrote what is there now, and when. */
static enum err read_other(struct req *rq, const struct editing *x, struct conflict_page *p)
{
	struct revision_item *items;
	size_t n;

	TRY(object_history(rq->db, rq->mem, x->ob.id, 1, &items, &n));
	p->theirs_at = n ? items[0].at : x->ob.updated_at;
	return desk_role_words(rq, n ? items[0].account : 0, &p->theirs_by);
}

static enum err conflict_show(struct req *rq, const struct editing *x, struct conflict_page *p, const struct json *mine)
{
	p->entity = x->ob.entity;
	p->title = x->ob.title;
	p->action = desk_link(rq, x->ob.entity, "/:slug/edit", x->ob.slug);
	p->back = object_url(rq, &x->ob);
	p->mine = tree_text(rq->mem, mine);
	p->base = x->from;
	p->version = x->ob.version;
	TRY(read_other(rq, x, p));
	req_page(rq)->no_index = true;
	req_status(rq, 409);
	return page(rq, str_of(T(rq, N_("Two changes at the same time"))), conflict_view, p);
}

/* Lays `mine` over what is there; fields that both changed need a choice (`chosen`: the page of choices was sent). */
static enum err merge(struct req *rq, struct editing *x, const struct json *mine, bool chosen)
{
	struct conflict_page p = {.must_choose = chosen};
	struct change *my, *their;
	size_t n_my = doc_diff(rq->mem, x->ob.entity, x->base.j, mine, &my);
	size_t n_their = doc_diff(rq->mem, x->ob.entity, x->base.j, x->ob.doc.j, &their);
	bool asked = false;

	p.fields = mem_array(rq->mem, struct desk_field, n_my);
	for (size_t i = 0; i < n_my; i++) {
		const struct change *c = &my[i], *t = change_of(their, n_their, c->key);
		struct str pick = req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "pick.%.*s", STR_ARG(c->key))));
		bool clash = t && !(c->field->flags & COMPUTED) && !tree_same(c->after, t->after);

		if (clash) {
			asked = asked || !chosen || !pick.n;
			p.fields[p.n_fields++] = (struct desk_field){
				.key = c->key, .label = desk_key_label(rq, x->ob.entity, c->key), .base = desk_words(rq, c->field, c->before),
				.before = desk_words(rq, c->field, t->after), .after = desk_words(rq, c->field, c->after),
				.done = !str_eq(pick, S("theirs")),
			};
		}
		if (!clash || str_eq(pick, S("mine"))) {
			x->ob.doc.j = doc_apply(rq->mem, x->ob.entity, x->ob.doc.j, c->key, c->after);
		}
	}
	return asked ? conflict_show(rq, x, &p, mine) : save(rq, x);
}

/* The choices of the page above; when yet another version came in between, it is shown again. */
static enum err resolve(struct req *rq, struct editing *x)
{
	struct json *j = mem_new(rq->mem, struct json);
	struct form f;
	int64_t seen;

	if (json_parse(rq->mem, req_form(rq, "mine"), j, NULL) != OK ||
	    form_read_json(rq, rq->mem, x->ob.entity, j, NULL, rq->lang, true, &f) != OK || !str_to_i64(req_form(rq, "version"), &seen)) {
		return E_INVALID;
	}
	return merge(rq, x, f.doc, seen == x->ob.version);
}

enum err desk_edit_post(struct req *rq)
{
	struct editing x;
	struct propose_page p = {.mail = str_trim(req_form(rq, "proposer_mail"))};

	TRY(get(rq, &x));
	if (!x.at_once && desk_closed(rq)) {
		return desk_closed_page(rq);
	}
	if (desk_is_trap(rq)) {
		return finish(rq, &x, N_("Thank you. A moderator will look at your suggestion."));
	}
	if (x.at_once && req_form(rq, "mine").n) {
		return resolve(rq, &x);
	}
	const struct json *shown = doc_view(rq->mem, x.ob.entity, x.base, x.sight).j;
	enum err err = form_read(rq, x.ob.entity, shown, &p.form);
	p.mail = p.mail.p ? p.mail : S("");
	p.name = utf8_cut(str_trim(req_form(rq, "proposer_name")), 200);
	p.note = utf8_cut(str_trim(req_form(rq, "proposer_note")), LIMIT_NOTE);
	if (p.mail.n && !mail_address_ok(p.mail)) {
		p.mail_error = N_("Write your e-mail address in full, like name@example.org.");
		form_error(&p.form, S("proposer_mail"), p.mail_error);
	}
	if (err == E_INVALID || p.mail_error) {
		req_status(rq, 422);
		return show(rq, &x, &p);
	}
	TRY(err);
	if (!x.at_once) {
		return suggest(rq, &x, &p);
	}
	struct json *mine = mem_new(rq->mem, struct json);
	*mine = doc_unview(rq->mem, x.ob.entity, x.base.j, shown, p.form.doc, x.sight);
	return merge(rq, &x, mine, false);
}
