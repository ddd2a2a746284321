/*
 * What asks to stand under a programme, and who decides: its editors, moderators, and stewards each in their territories. The same
 * event may stand in several programmes, each of which accepts it by itself.
 */
#include "../../core/account.h"
#include "../../core/atlas.h"
#include "../../core/mail.h"
#include "../../core/rows.h"
#include "../../entity/tree.h"
#include "programme.sql.h"
#include "programme_pages.h"
#include "programme_queue.html.h"

static bool everywhere(struct req *rq, const struct object *programme)
{
	return object_may_edit(rq->db, &rq->who, programme) || object_may_moderate(&rq->who, programme);
}

/* With no territory: anywhere at all. */
enum err programme_may(struct req *rq, const struct object *programme, struct str territory, bool *yes)
{
	struct programme_steward_of_row *rows;
	size_t n;

	*yes = rq->who.account && everywhere(rq, programme);
	if (*yes || !rq->who.account) {
		return OK;
	}
	TRY(programme_steward_of(rq->db, programme->id, rq->who.account, rq->mem, &rows, &n));
	for (size_t i = 0; i < n && !*yes; i++) {
		*yes = !territory.n || atlas_is_within(atlas_find(territory), atlas_find(rows[i].territory));
	}
	return OK;
}

enum err programme_kept(struct req *rq, struct object *out)
{
	bool moved, yes;

	TRY(object_get(rq, &programme_entity, req_param(rq, "slug"), out, &moved));
	TRY(programme_may(rq, out, STR_NONE, &yes));
	req_page(rq)->nav = "agenda";
	req_page(rq)->no_index = true;
	return yes ? OK
		   : problem(rq, E_DENIED, N_("This page is for those who carry the programme and for its stewards."));
}

enum err programme_decide(struct req *rq, int64_t programme, int64_t event, bool accept, struct str reason)
{
	struct act act = {.verb = accept ? "accept" : "refuse",
			  .account = rq->who.account,
			  .now = rq->now,
			  .note = reason,
			  .public_change = true};
	struct programme_is_asked_row asked;

	TRY(programme_is_asked(rq->db, programme, event, rq->mem, &asked));
	if (!asked.total) {
		return E_NOTFOUND;
	}
	TRY(programme_write(rq->db, &(struct programme_write_in){.programme = programme,
								 .event = event,
								 .state = accept ? S("accepted") : S("refused"),
								 .account = rq->who.account,
								 .at = rq->now,
								 .reason = reason.n ? reason : STR_NONE}));
	return event_refresh(rq->db, rq->mem, event, &act);
}

/* ---- the page --------------------------------------------------------------------------------------------------------------- */

static enum err when_of(struct req *rq, struct programme_asked *x)
{
	struct programme_event_when_row row;
	struct cal_moment start;
	enum err err = programme_event_when(rq->db, x->event, rq->mem, &row);

	x->when = str_of(T(rq, N_("to be decided")));
	if (err == OK && cal_parse(row.start, &start)) {
		x->when = words_partial_date(rq, cal_text(rq->mem, start.precision > CAL_DAY ? cal_day(start) : start));
		if (start.precision == CAL_MINUTE) {
			x->when = str_fmt(rq->mem, "%.*s, %02d:%02d", STR_ARG(x->when), start.hour, start.minute);
		}
	}
	return err == E_NOTFOUND ? OK : err;
}

static enum err read_asked(struct req *rq, struct programme_queue *p)
{
	struct programme_asked_rows_row *rows;
	size_t n;

	TRY(programme_asked_rows(rq->db, p->ob.id, PROGRAMME_QUEUE_MAX, rq->mem, &rows, &n));
	p->asked = mem_array(rq->mem, struct programme_asked, n);
	for (size_t i = 0; i < n; i++) {
		struct programme_asked *x = &p->asked[p->n];

		*x = (struct programme_asked){.event = rows[i].id,
					      .slug = rows[i].slug,
					      .title = rows[i].title,
					      .territory = rows[i].territory,
					      .status = (enum status)rows[i].status,
					      .decided = rows[i].state,
					      .reason = rows[i].reason};
		TRY(programme_may(rq, &p->ob, x->territory, &x->may));
		if (!x->may) {
			continue;
		}
		x->url = object_link(rq, &event_entity, x->slug);
		x->where = x->territory.n ? territory_words(rq, x->territory) : S("");
		TRY(when_of(rq, x));
		p->n++;
	}
	return OK;
}

static enum err read_stewards(struct req *rq, struct programme_queue *p)
{
	struct programme_stewards_row *rows;
	size_t n;

	TRY(programme_stewards(rq->db, p->ob.id, PROGRAMME_STEWARDS_MAX, rq->mem, &rows, &n));
	p->stewards = mem_array(rq->mem, struct programme_steward, n);
	for (size_t i = 0; i < n; i++) {
		struct account a;
		enum err err = account_get(rq->db, rq->mem, rq->site, rows[i].account, &a);

		if (err == E_NOTFOUND || (err == OK && a.closed)) {
			continue;
		}
		TRY(err);
		p->stewards[p->n_stewards++] = (struct programme_steward){rows[i].account, a.name, rows[i].territory,
									  territory_words(rq, rows[i].territory)};
	}
	return OK;
}

static enum err read_queue(struct req *rq, struct programme_queue *p)
{
	TRY(programme_kept(rq, &p->ob));
	p->all = everywhere(rq, &p->ob);
	p->act = link_to(rq, "/programmes/:slug/queue", p->ob.slug);
	p->page = object_url(rq, &p->ob);
	p->mail = p->territory = S("");
	return OK;
}

static enum err view(struct req *rq, struct programme_queue *p)
{
	TRY(read_asked(rq, p));
	TRY(read_stewards(rq, p));
	return page(rq, T_FMT(rq, N_("To decide: {title}"), {S("title"), p->ob.title}), programme_queue_view, p);
}

enum err programme_queue(struct req *rq)
{
	struct programme_queue p = {0};

	TRY(read_queue(rq, &p));
	return view(rq, &p);
}

/* A steward is somebody with an account, for a territory and all that lies in it. */
static enum err add_steward(struct req *rq, struct programme_queue *p)
{
	struct account a;
	bool several = false;

	p->mail = str_trim(req_form(rq, "mail"));
	p->territory = str_trim(req_form(rq, "territory"));
	struct str code = p->territory.n ? entity_world()->territory_match(rq->mem, p->territory, &several) : STR_NONE;
	enum err err = p->mail.n ? account_by_mail(rq->db, rq->mem, rq->site, p->mail, &a) : E_NOTFOUND;

	if (err == E_NOTFOUND) {
		p->error = N_("Nobody has an account with this address: invite the person first.");
		return E_INVALID;
	}
	TRY(err);
	if (!code.n) {
		p->error = several ? N_("Several places have this name: add the département, or write the code.")
				   : N_("No territory has this name or code.");
		return E_INVALID;
	}
	return programme_steward_add(rq->db, p->ob.id, a.id, code, rq->now);
}

static enum err decide(struct req *rq, struct programme_queue *p, bool accept)
{
	struct str reason = str_trim(req_form(rq, "reason"));
	struct object event;
	int64_t id;
	bool yes;

	if (!str_to_i64(req_form(rq, "event"), &id)) {
		return E_NOTFOUND;
	}
	TRY(object_by_id(rq->db, rq->mem, id, &event));
	TRY(programme_may(rq, &p->ob, event.territory, &yes));
	if (!yes) {
		return E_DENIED;
	}
	if (!accept && !reason.n) {
		p->error = N_("Say why in a few words: whoever proposed it reads them.");
		return E_INVALID;
	}
	return programme_decide(rq, p->ob.id, id, accept, str_sub(reason, 0, reason.n < 1000 ? reason.n : 1000));
}

enum err programme_queue_post(struct req *rq)
{
	struct programme_queue p = {0};
	struct str act = req_form(rq, "act");
	int64_t account;
	enum err err = E_NOTFOUND;

	TRY(read_queue(rq, &p));
	if (str_eq(act, S("accept")) || str_eq(act, S("refuse"))) {
		err = decide(rq, &p, str_eq(act, S("accept")));
	} else if (p.all && str_eq(act, S("steward"))) {
		err = add_steward(rq, &p);
	} else if (p.all && str_eq(act, S("unsteward")) && str_to_i64(req_form(rq, "account"), &account)) {
		err = programme_steward_remove(rq->db, p.ob.id, account, req_form(rq, "territory"));
	}
	if (err == E_INVALID && p.error) {
		req_status(rq, 422);
		return view(rq, &p);
	}
	TRY(err);
	req_public_change(rq);
	req_notice(rq, "ok", str_of(T(rq, N_("Done."))));
	return redirect(rq, p.act);
}

/* ---- the next edition -------------------------------------------------------------------------------------------------------- */

/* A moment a year later, as far as it is known. */
static void later(struct mem *m, struct json *doc, const char *name)
{
	struct cal_moment at;

	if (cal_parse(json_text(doc, name), &at) && at.precision) {
		at.year++;
		if (at.month == 2 && at.day == 29) {
			at.day = 28;
		}
		tree_set(m, doc, str_of(name), tree_str(cal_text(m, at)));
	}
}

enum err programme_next_post(struct req *rq)
{
	static const char *const moments[] = {"start", "end", "opens", "closes", "print"};
	struct act act = {.verb = "create", .account = rq->who.account, .now = rq->now};
	struct object ob, next;

	TRY(programme_kept(rq, &ob));
	if (!everywhere(rq, &ob)) {
		return E_DENIED;
	}
	struct json *doc = mem_new(rq->mem, struct json);
	*doc = tree_copy(rq->mem, ob.doc.j);
	for (size_t i = 0; i < COUNT(moments); i++) {
		later(rq->mem, doc, moments[i]);
	}
	tree_remove(doc, S("days"));
	tree_remove(doc, S("theme"));
	tree_remove(doc, S("pictures"));
	tree_set(rq->mem, doc, S("previous"), tree_str(ob.slug));
	next = (struct object){.entity = &programme_entity, .status = ST_DRAFT, .lang = ob.lang, .doc = {doc}};
	TRY(object_save(rq->db, rq->mem, &next, &act, NULL));
	TRY(account_own(rq->db, rq->who.account, next.id, rq->now));
	TRY(plan_copy(rq->db, ob.id, next.id));
	req_notice(rq, "ok",
		   str_of(T(rq, N_("The next edition is a draft: change its title, its theme and its dates, then "
				   "publish it."))));
	return redirect(rq, link_to(rq, "/programmes/:slug/edit", next.slug));
}
