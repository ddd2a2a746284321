/*
 * Invitations: a mail to the contact of each actor that a public event names, with a link that agrees or declines; the same
 * answer by those who keep the actor's page. Nobody is shown as host before.
 */
#include "../../core/mail.h"
#include "../../core/reach.h"
#include "../../crypt/crypt.h"
#include "../../db/db.h"
#include "../../web/site.h"
#include "agenda.h"
#include "agenda.sql.h"
#include "agenda_invite.html.h"
#include "agenda_web.h"
#include "event_private.h"
#include "object.sql.h"

#define PURPOSE "hosting"
enum { LINK_DAYS = 400 };

static struct str role_words(struct req *rq, struct str role)
{
	const struct choice *c = vocabulary_find(&event_roles, role);

	return str_of(T(rq, c ? c->label : N_("Organised by")));
}

static struct str when_words(struct req *rq, const struct object *ob)
{
	struct cal_series s = event_series(rq->mem, ob->doc.j);

	return event_words(rq, s.start, s.end, json_str(json_get(ob->doc.j, "zone")), true);
}

/* ---- the mail -------------------------------------------------------------------------------------------------------- */

static enum err invite(struct req *rq, const struct object *ob, const struct event_host_rows_row *row)
{
	struct object actor;
	enum err err = object_by_id(rq->db, rq->mem, row->actor, &actor);
	struct str to = err == OK ? object_mail(&actor) : STR_NONE;

	if (err != OK || !to.n) { /* nobody to ask: those who keep the page answer */
		return err == E_NOTFOUND ? OK : err;
	}
	struct req in = *rq;
	in.lang = site_lang_index(actor.lang) >= 0 ? site_langs[site_lang_index(actor.lang)] : rq->lang;
	in.i18n = lang_catalogue(in.lang);
	struct str token = crypt_sign(rq->mem, &rq->site->key, PURPOSE, str_fmt(rq->mem, "%lld %lld", (long long)ob->id, (long long)row->actor),
				      rq->now + LINK_DAYS * TIME_DAY);
	struct str site = site_text_in(rq->site, &rq->site->name, in.lang);
	struct str body = T_FMT(&in, N_("Hello,\n\nThe event “{title}” ({when}) on {site} names {actor}: {role}.\n\n{page}\n\n"
					"Do you agree? Your name is shown once you say yes, with this link, without account:\n\n{link}\n"),
				{S("title"), ob->title}, {S("when"), when_words(&in, ob)}, {S("site"), site}, {S("actor"), actor.title},
				{S("role"), role_words(&in, row->role)}, {S("page"), link_absolute(&in, object_url(&in, ob)).s},
				{S("link"), link_absolute(&in, link_to(&in, "/hosting/:token", token)).s});
	TRY(mail_queue(rq->db, rq->mem, rq->site,
		       &(struct mail){.to = to, .lang = str_of(in.lang), .purpose = "hosting", .body = body,
				      .subject = T_FMT(&in, N_("Are you a host of “{title}”?"), {S("title"), ob->title})}));
	return event_host_mailed(rq->db, ob->id, row->actor, rq->now);
}

struct inviting {
	struct req rq;
	int64_t event;
};

static enum err invite_all(struct db *db, void *arg)
{
	struct inviting *x = arg;
	struct event_host_rows_row *rows;
	struct object ob;
	size_t n;

	x->rq.db = db;
	enum err err = object_by_id(db, x->rq.mem, x->event, &ob);
	if (err != OK || ob.status != ST_PUBLISHED) {
		return err == E_NOTFOUND ? OK : err;
	}
	TRY(event_host_rows(db, ob.id, x->rq.mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (str_eq(rows[i].state, S("asked")) && !rows[i].mailed_at.has) {
			TRY(invite(&x->rq, &ob, &rows[i]));
		}
	}
	return OK;
}

enum err event_job_invite(const struct job_ctx *ctx, const struct job *job)
{
	struct inviting x = {.rq = {.mem = ctx->mem, .method = GET, .lang = ctx->site->n_langs ? ctx->site->langs[0] : "fr", .now = ctx->now,
				    .site = ctx->site}};

	x.rq.i18n = lang_catalogue(x.rq.lang);
	return str_to_i64(job->payload, &x.event) ? db_tx(ctx->db, DB_WRITE, 3, invite_all, &x) : OK;
}

/* ---- the answer ------------------------------------------------------------------------------------------------------ */

static bool read_say(struct req *rq, const char **say)
{
	struct str s = req_form(rq, "say");

	*say = str_eq(s, S("accepted")) ? "accepted" : str_eq(s, S("declined")) ? "declined" : NULL;
	return *say != NULL;
}

static enum err answer(struct req *rq, int64_t event, int64_t actor)
{
	struct act act = {.verb = "host", .account = rq->who.account, .now = rq->now, .public_change = true};
	const char *say;

	if (!read_say(rq, &say)) {
		return E_INVALID;
	}
	TRY(event_host_answer(rq->db, rq->mem, event, actor, say, &act));
	req_public_change(rq);
	req_notice(rq, "ok", str_of(T(rq, strcmp(say, "accepted") == 0 ? N_("You agreed: the event stands on your page too.")
								       : N_("You said no: your name is not shown."))));
	return OK;
}

static enum err read_link(struct req *rq, struct hosting_page *p, int64_t *event, int64_t *actor)
{
	struct str payload, first;
	struct event_host_one_row row;
	struct object who;

	*p = (struct hosting_page){.act = link_to(rq, "/hosting/:token", req_param(rq, "token"))};
	if (crypt_verify(rq->mem, &rq->site->key, PURPOSE, req_param(rq, "token"), rq->now, &payload) != OK) {
		return problem(rq, E_NOTFOUND, N_("This link is over. Ask for another one on the page itself."));
	}
	first = str_cut(&payload, ' ');
	if (!str_to_i64(first, event) || !str_to_i64(payload, actor)) {
		return E_NOTFOUND;
	}
	enum err err = event_host_one(rq->db, *event, *actor, rq->mem, &row);
	if (err == E_NOTFOUND) {
		return problem(rq, E_NOTFOUND, N_("This event no longer names you."));
	}
	TRY(err);
	TRY(object_by_id(rq->db, rq->mem, *event, &p->ob));
	TRY(object_by_id(rq->db, rq->mem, *actor, &who));
	if (p->ob.status != ST_PUBLISHED && p->ob.status != ST_ARCHIVED) {
		return problem(rq, E_NOTFOUND, N_("This page is no longer here."));
	}
	p->title = view_text(object_view(rq, &p->ob), &event_entity, "title", rq->lang, p->ob.lang, NULL);
	p->when = when_words(rq, &p->ob);
	p->actor = who.title;
	p->role = role_words(rq, row.role);
	p->state = row.state;
	p->page = object_url(rq, &p->ob);
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return OK;
}

enum err hosting_show(struct req *rq)
{
	struct hosting_page p;
	int64_t event, actor;

	TRY(read_link(rq, &p, &event, &actor));
	return page(rq, p.title, hosting_view, &p);
}

enum err hosting_post(struct req *rq)
{
	struct hosting_page p;
	int64_t event, actor;

	TRY(read_link(rq, &p, &event, &actor));
	TRY(answer(rq, event, actor));
	return redirect(rq, p.page);
}

enum err event_answers_for(struct req *rq, int64_t actor, bool *yes)
{
	struct object_has_editor_row r;

	*yes = false;
	if (!actor || !rq->who.account) {
		return OK;
	}
	enum err err = object_has_editor(rq->db, rq->who.account, actor, rq->mem, &r);
	*yes = err == OK;
	return err == E_NOTFOUND ? OK : err;
}

enum err hosts_post(struct req *rq)
{
	struct object ob;
	int64_t actor;
	bool yes = false, moved;

	TRY(object_get(rq, &event_entity, req_param(rq, "slug"), &ob, &moved));
	if (!str_to_i64(req_form(rq, "actor"), &actor)) {
		return E_INVALID;
	}
	TRY(event_answers_for(rq, actor, &yes));
	if (!yes) {
		return problem(rq, E_DENIED, N_("Only those who keep an actor's page answer for it."));
	}
	TRY(answer(rq, ob.id, actor));
	return redirect(rq, object_url(rq, &ob));
}
