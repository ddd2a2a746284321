/*
 * Proposing something new: the whole form, without account. Whoever edits here publishes at once; all others wait for a
 * moderator and get a link to complete, correct or take back.
 */
#include "../../base/limits.h"
#include "../../base/utf8.h"
#include "../../core/account.h"
#include "../../core/atlas.h"
#include "../../core/mail.h"
#include "../../entity/tree.h"
#include "../../web/site.h"
#include "desk.h"
#include "desk_propose.html.h"

static const char *heading_of(const struct entity *e)
{
	return strcmp(e->kind, "actor") == 0	? N_("Propose an actor")
	       : strcmp(e->kind, "practice") == 0 ? N_("Tell a practice")
	       : strcmp(e->kind, "event") == 0	  ? N_("Add an event")
						  : N_("Add a document");
}

/* Those who edit here publish at once; in raid mode moderators only. */
static bool publishes(const struct req *rq)
{
	return rq->who.role >= (rq->site->raid ? ROLE_MODERATOR : ROLE_EDITOR);
}

static void frame(struct req *rq, const struct entity *e, struct propose_page *p)
{
	p->entity = e;
	p->action = desk_link(rq, e, "/propose", S(""));
	p->back = desk_link(rq, e, "", S(""));
	p->heading = heading_of(e);
	p->at_once = publishes(rq);
	p->with_person = !p->at_once;
	p->mail_needed = !rq->who.account;
	p->lede = p->at_once ? N_("It will be published as you send it.")
			     : N_("No account is needed. You will get a link by mail to complete it, correct it or take it back.");
	p->send = p->at_once ? N_("Publish") : N_("Send the proposal");
	p->form.duplicates = str_c(rq->mem, desk_link(rq, e, "/duplicates", S("")).s);
	req_page(rq)->nav = e->room + 1;
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
}

static enum err show(struct req *rq, struct propose_page *p)
{
	return page(rq, str_of(T(rq, p->heading)), propose_view, p);
}

/* One row of a group, from a parameter of the address. */
static void prefill_row(struct req *rq, const struct entity *e, struct json *doc, const char *param, const char *group, const char *member)
{
	struct str v = req_query(rq, param);
	struct json row = tree_object(), rows = tree_array();

	if (v.n && v.n <= LIMIT_SLUG && entity_field(e, str_of(group))) {
		tree_set(rq->mem, &row, str_of(member), tree_str(v));
		tree_add(rq->mem, &rows, row);
		tree_set(rq->mem, doc, str_of(group), rows);
	}
}

/* The title of what a proposal starts from, when everybody may read it. */
static enum err read_from(struct req *rq, const char *param, const char *kind, struct propose_page *p)
{
	const struct entity *e = entity_find(str_of(kind));
	struct str slug = req_query(rq, param);
	struct list_row row;
	int64_t id;
	enum err found = e && slug.n && slug.n <= LIMIT_SLUG ? object_id_of(rq->db, rq->mem, e, slug, &id) : E_NOTFOUND;

	if (found == OK) {
		found = object_row_of(rq, id, &row);
	}
	if (found == OK) {
		p->from = str_of(param);
		p->from_title = row.title;
	}
	return found == E_NOTFOUND ? OK : found;
}

enum err desk_propose(struct req *rq)
{
	const struct entity *e = desk_entity(rq);
	struct propose_page p = {.mail = S(""), .name = S(""), .note = S("")};
	struct json doc = tree_object();
	struct str territory = req_query(rq, "territory");

	if (desk_closed(rq)) {
		return desk_closed_page(rq);
	}
	if (territory.n && atlas_find(territory)) {
		tree_set(rq->mem, &doc, S("territory"), tree_str(territory));
	}
	prefill_row(rq, e, &doc, "reuses", "reuses", "of");
	prefill_row(rq, e, &doc, "resource", "from_resource", "resource");
	prefill_row(rq, e, &doc, "programme", "programmes", "programme");
	TRY(read_from(rq, "resource", "resource", &p));
	TRY(read_from(rq, "reuses", "practice", &p));
	form_fill(rq->mem, e, &doc, rq->lang, &p.form);
	frame(rq, e, &p);
	return show(rq, &p);
}

static enum err again(struct req *rq, struct propose_page *p)
{
	req_status(rq, 422);
	return show(rq, p);
}

static enum err publish(struct req *rq, struct propose_page *p)
{
	struct object ob = {.entity = p->entity, .status = ST_PUBLISHED, .lang = str_of(rq->lang), .doc = {p->form.doc}};
	struct act act = desk_act(rq, "create");

	TRY(object_save(rq->db, rq->mem, &ob, &act, NULL));
	if (rq->who.role == ROLE_EDITOR) { /* who wrote it keeps it */
		TRY(account_own(rq->db, rq->who.account, ob.id, rq->now));
	}
	req_public_change(rq);
	req_notice(rq, "ok", str_of(T(rq, N_("Published. Thank you."))));
	return redirect(rq, object_url(rq, &ob));
}

static enum err hold(struct req *rq, struct propose_page *p)
{
	struct object ob = {.entity = p->entity, .status = ST_PROPOSED, .lang = str_of(rq->lang), .doc = {p->form.doc}};
	struct act act = desk_act(rq, "propose");
	struct proposal prop = {.type = PROP_NEW, .note = p->note, .mail = p->mail, .name = p->name, .lang = str_of(rq->lang),
				.account = rq->who.account};
	struct str token;

	TRY(object_save(rq->db, rq->mem, &ob, &act, NULL));
	prop.object_id = ob.id;
	TRY(proposal_create(rq->db, rq->mem, &prop, rq->now, &token));
	TRY(desk_mail_received(rq, &prop, ob.title, token));
	return redirect(rq, link_add(rq->mem, link_plain(rq, "/desk/thanks"), "kind", str_of(p->entity->kind)));
}

enum err desk_propose_post(struct req *rq)
{
	const struct entity *e = desk_entity(rq);
	struct propose_page p = {.mail = str_trim(req_form(rq, "proposer_mail")), .name = str_trim(req_form(rq, "proposer_name")),
				 .note = str_trim(req_form(rq, "proposer_note"))};
	enum err err;

	if (desk_closed(rq)) {
		return desk_closed_page(rq);
	}
	if (desk_is_trap(rq)) {
		return redirect(rq, link_add(rq->mem, link_plain(rq, "/desk/thanks"), "kind", str_of(e->kind)));
	}
	err = form_read(rq, e, NULL, &p.form);
	frame(rq, e, &p);
	p.mail = p.mail.p ? p.mail : S("");
	p.name = utf8_cut(p.name, 200);
	p.note = utf8_cut(p.note, LIMIT_NOTE);
	if (p.with_person && (p.mail.n ? !mail_address_ok(p.mail) : p.mail_needed) && !form_wants_row(&p.form)) {
		p.mail_error = N_("Write your e-mail address in full, like name@example.org.");
		form_error(&p.form, S("proposer_mail"), p.mail_error);
	}
	if (err == E_INVALID || p.mail_error) {
		return again(rq, &p);
	}
	TRY(err);
	TRY(desk_dups(rq, e, (struct doc){p.form.doc}, 0, false, &p.dups, &p.n_dups));
	if (p.n_dups && !req_form(rq, "another_one").n) {
		p.ask_other = true;
		return again(rq, &p);
	}
	return p.at_once ? publish(rq, &p) : hold(rq, &p);
}

enum err desk_thanks(struct req *rq)
{
	const struct entity *e = entity_find(req_query(rq, "kind"));

	if (!e) {
		return E_NOTFOUND;
	}
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return page(rq, str_of(T(rq, N_("Thank you"))), thanks_view, e);
}

enum err desk_duplicates(struct req *rq)
{
	const struct entity *e = desk_entity(rq);
	struct propose_page p = {.entity = e};
	struct json doc = tree_object();
	struct str name = str_trim(req_query(rq, "name")), territory = req_query(rq, "territory");
	const struct entity_world *w = entity_world();
	bool several;

	if (name.n >= 3 && name.n <= 400) {
		tree_set(rq->mem, &doc, str_of(e->title), tree_str(name));
		if (territory.n && w->territory_match) {
			territory = w->territory_match(rq->mem, territory, &several);
			if (territory.n) {
				tree_set(rq->mem, &doc, S("territory"), tree_str(territory));
			}
		}
		TRY(desk_dups(rq, e, (struct doc){&doc}, 0, false, &p.dups, &p.n_dups));
	}
	struct buf b = buf_make(rq->mem, LIMIT_WEB_PAGE);
	struct out o = {.buf = &b, .mem = rq->mem, .lang = rq->i18n, .ctx = rq};
	if (p.n_dups) {
		dups_list(&o, &p);
	}
	return reply(rq, "text/html; charset=utf-8", buf_str(&b));
}
