/*
 * The yearly question: a mail to the contact with three links, the page with buttons that they open, and the list of what
 * nobody has confirmed, for those who moderate.
 */
#include "../../base/time.h"
#include "../../core/atlas.h"
#include "../../core/mail.h"
#include "../../core/rows.h"
#include "../../crypt/crypt.h"
#include "../../db/db.h"
#include "../../web/site.h"
#include "desk.h"
#include "desk_upkeep.html.h"

#define PURPOSE "upkeep"
enum { LINK_DAYS = 400, LIST_ROWS = 50, LIST_SCAN = 2000 };

/* ---- the mail -------------------------------------------------------------------------------------------------------- */

static struct str say_link(struct req *rq, struct str token, const char *say)
{
	return link_absolute(rq, link_add(rq->mem, link_to(rq, "/desk/still/:token", token), "say", str_of(say))).s;
}

static enum err ask(struct req *rq, const struct object *ob)
{
	struct req *in = desk_in(rq, ob->lang);
	struct str to = desk_mail_of(ob), token;

	if (!to.p) {
		return OK;
	}
	token = crypt_sign(rq->mem, &rq->site->key, PURPOSE, str_fmt(rq->mem, "%lld", (long long)ob->id), rq->now + LINK_DAYS * TIME_DAY);
	struct str body = T_FMT(in, N_("Hello,\n\nThe page of “{title}” on {site} was last confirmed nearly a year ago:\n\n{page}\n\n"
				       "Is it still right? One link is enough, without account.\n\n"
				       "Yes, all is right:\n{right}\n\nSomething has changed:\n{changed}\n\nWe have ended our activity:\n{closed}\n"),
				{S("title"), ob->title}, {S("site"), site_text_in(rq->site, &rq->site->name, in->lang)},
				{S("page"), link_absolute(rq, object_url(in, ob)).s}, {S("right"), say_link(in, token, "right")},
				{S("changed"), say_link(in, token, "changed")}, {S("closed"), say_link(in, token, "closed")});
	return mail_queue(rq->db, rq->mem, rq->site,
			  &(struct mail){.to = to, .lang = str_of(in->lang), .purpose = "upkeep", .body = body,
					 .subject = T_FMT(in, N_("Is the page of “{title}” still right?"), {S("title"), ob->title})});
}

static enum err ask_row(void *arg, const struct care_row *row)
{
	struct req *rq = arg;
	struct object ob;

	TRY(object_by_id(rq->db, rq->mem, row->id, &ob));
	return ask(rq, &ob);
}

static enum err ask_all(struct db *db, void *arg)
{
	struct req *rq = arg;

	rq->db = db;
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		if (field_in(e->fields, e->n_fields, S("contacts"))) {
			TRY(care_ask_due(db, rq->mem, e, rq->now, ask_row, rq));
		}
	}
	return OK;
}

enum err desk_job_upkeep(const struct job_ctx *ctx, const struct job *job)
{
	struct req rq = {.mem = ctx->mem, .db = ctx->db, .method = GET, .lang = ctx->site->n_langs ? ctx->site->langs[0] : "fr",
			 .now = ctx->now, .site = ctx->site};

	(void)job;
	rq.i18n = lang_catalogue(rq.lang);
	return db_tx(ctx->db, DB_WRITE, 3, ask_all, &rq);
}

struct retention {
	const struct job_ctx *ctx;
	int64_t erased, cleaned;
};

static enum err retain(struct db *db, void *arg)
{
	struct retention *r = arg;

	TRY(proposals_purge(db, r->ctx->now, &r->erased));
	return care_retention(db, r->ctx->mem, r->ctx->now, &r->cleaned);
}

enum err desk_job_retention(const struct job_ctx *ctx, const struct job *job)
{
	struct retention r = {.ctx = ctx};

	(void)job;
	return db_tx(ctx->db, DB_WRITE, 3, retain, &r);
}

/* ---- what the links open --------------------------------------------------------------------------------------------- */

static enum err read_still(struct req *rq, struct still_page *p)
{
	struct str id_text;
	int64_t id;

	*p = (struct still_page){.act = link_to(rq, "/desk/still/:token", req_param(rq, "token")), .say = req_query(rq, "say")};
	if (crypt_verify(rq->mem, &rq->site->key, PURPOSE, req_param(rq, "token"), rq->now, &id_text) != OK || !str_to_i64(id_text, &id)) {
		return problem(rq, E_NOTFOUND, N_("This link is over. The page itself says how to tell us."));
	}
	TRY(object_by_id(rq->db, rq->mem, id, &p->ob));
	if (p->ob.status != ST_PUBLISHED && p->ob.status != ST_ARCHIVED) {
		return problem(rq, E_NOTFOUND, N_("This page is no longer here."));
	}
	p->page = object_url(rq, &p->ob);
	p->edit = desk_link(rq, p->ob.entity, "/:slug/edit", p->ob.slug);
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return OK;
}

enum err desk_still(struct req *rq)
{
	struct still_page p;

	TRY(read_still(rq, &p));
	return page(rq, p.ob.title, still_view, &p);
}

/* Whoever has the contact's mail speaks for it; the history can be undone all the same. */
enum err desk_still_post(struct req *rq)
{
	struct still_page p;
	struct act act = desk_act(rq, "archive");
	struct str say = req_form(rq, "say");

	TRY(read_still(rq, &p));
	if (str_eq(say, S("right"))) {
		TRY(object_confirm(rq->db, p.ob.id, rq->now));
		if (p.ob.status == ST_ARCHIVED) { /* closed by mistake */
			act.verb = "reopen";
			TRY(object_set_status(rq->db, rq->mem, p.ob.id, ST_PUBLISHED, &act));
		}
		req_notice(rq, "ok", str_of(T(rq, N_("Thank you: the page is confirmed for a year."))));
	} else if (str_eq(say, S("closed"))) {
		TRY(object_set_status(rq->db, rq->mem, p.ob.id, ST_ARCHIVED, &act));
		req_notice(rq, "ok", str_of(T(rq, N_("The page now says that the activity has ended. Thank you for what you did."))));
	} else {
		return E_INVALID;
	}
	req_public_change(rq);
	return redirect(rq, p.page);
}

/* ---- the list -------------------------------------------------------------------------------------------------------- */

static bool inside(struct str code, struct str top)
{
	atlas_id id = code.n ? atlas_find(code) : 0, above = top.n ? atlas_find(top) : 0;

	return !top.n || str_eq(code, top) || (id && above && atlas_is_within(id, above));
}

static enum err take(struct req *rq, struct upkeep_page *p, const struct care_row *row)
{
	struct object ob;

	TRY(object_by_id(rq->db, rq->mem, row->id, &ob));
	if (object_may_moderate(&rq->who, &ob)) {
		p->items[p->n++] = (struct upkeep_item){.row = *row, .page = object_url(rq, &ob), .where = territory_words(rq, ob.territory),
							.edit = desk_link(rq, ob.entity, "/:slug/edit", ob.slug),
							.has_mail = desk_mail_of(&ob).p != NULL};
	}
	return OK;
}

static enum err read_list(struct req *rq, struct upkeep_page *p, const struct entity *e, struct str territory)
{
	struct care_row *rows;
	size_t n;

	TRY(care_between(rq->db, rq->mem, e, 0, 0, rq->now - CARE_OLD_DAYS * TIME_DAY, LIST_SCAN, &rows, &n));
	p->more = p->more || n == LIST_SCAN;
	for (size_t i = 0; i < n; i++) {
		if (!inside(rows[i].territory, territory)) {
			continue;
		}
		if (p->n == LIST_ROWS) {
			p->more = true;
			return OK;
		}
		TRY(take(rq, p, &rows[i]));
	}
	return OK;
}

enum err desk_upkeep(struct req *rq)
{
	struct upkeep_page p = {.items = mem_array(rq->mem, struct upkeep_item, LIST_ROWS), .territory_words = S("")};
	struct str where = str_trim(req_query(rq, "territory")), code = STR_NONE;
	bool several;

	if (where.n) {
		code = entity_world()->territory_match(rq->mem, where, &several);
		if (!code.n) {
			return problem(rq, E_INVALID, N_("No territory has this name or code."));
		}
		p.territory_words = entity_world()->territory_name(rq->mem, code, rq->lang);
	}
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		if (field_in(e->fields, e->n_fields, S("contacts"))) {
			TRY(read_list(rq, &p, e, code));
		}
	}
	req_page(rq)->no_index = true;
	req_page(rq)->nav = "desk";
	return page(rq, str_of(T(rq, N_("Pages to confirm"))), upkeep_view, &p);
}

enum err desk_upkeep_post(struct req *rq)
{
	struct str act = req_form(rq, "act"), text;
	bool right = str_eq(act, S("right"));
	struct object ob;
	int64_t id;

	if (!right && !str_eq(act, S("ask"))) {
		return E_INVALID;
	}
	for (size_t i = 0; i < LIST_ROWS && (text = req_form_at(rq, "id", i)).p; i++) {
		if (!str_to_i64(text, &id)) {
			return E_INVALID;
		}
		TRY(object_by_id(rq->db, rq->mem, id, &ob));
		if (!object_may_moderate(&rq->who, &ob)) {
			return E_DENIED;
		}
		if (right) {
			TRY(object_confirm(rq->db, id, rq->now));
		} else {
			TRY(ask(rq, &ob));
		}
	}
	if (right) {
		req_public_change(rq);
	}
	req_notice(rq, "ok", str_of(T(rq, right ? N_("Confirmed for a year.") : N_("The question is on its way."))));
	return redirect(rq, link_plain(rq, "/desk/upkeep"));
}
