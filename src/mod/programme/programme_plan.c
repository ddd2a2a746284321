/*
 * The backward plan: steps counted in days from the first day of the programme, so that they move with it; a template of what
 * welcome weeks do from six months before to thirty days after; reminders; and a log of what was said with town halls.
 */
#include "../../core/account.h"
#include "../../core/mail.h"
#include "../../base/limits.h"
#include "../../base/time.h"
#include "programme.sql.h"
#include "programme_pages.h"
#include "programme_plan.h"
#include "programme_plan.html.h"

enum { STEPS_MAX = 200, CONTACTS_MAX = 200, DAYS_MIN = -730, DAYS_MAX = 365, TITLE_MAX = 200, NOTES_MAX = 2000 };

/* What weeks of welcome prepare, and when. */
static const struct {
	int days;
	const char *title;
} steps[] = {
	{-180, N_("First meeting of the partners: theme, roles, budget")                           },
	{-175, N_("First letter to the town hall")                                                 },
	{-150, N_("Call for contributions; spaces to look for")                                    },
	{-120, N_("Training webinar for organisers; small grants open")                            },
	{-90,  N_("Last day to add an event; doubles, clashes and access looked at")               },
	{-70,  N_("Regional stewards accept the events")                                           },
	{-56,  N_("Files for the printer: booklets by region, poster, map; translations")          },
	{-42,  N_("Printing; press kit")							   },
	{-14,  N_("Interpreters, stewards and safety plan confirmed")                              },
	{-1,   N_("Connection links and reminders leave")                                          },
	{0,    N_("First day")								     },
	{7,    N_("Thanks; presence noted; photographs with consent")                              },
	{30,   N_("Evaluation, figures by region, what was learnt into practice sheets, next date")},
};

static struct cal_moment first_day(const struct object *programme)
{
	struct cal_moment m;

	return cal_parse(json_text(programme->doc.j, "start"), &m) && m.precision >= CAL_DAY
		       ? cal_day(m)
		       : (struct cal_moment){.precision = CAL_NONE};
}

static enum err read_steps(struct req *rq, struct plan_page *p)
{
	struct plan_steps_row *rows;
	struct cal_moment today = cal_day(cal_of_utc(cal_zone(rq->site->time_zone), rq->now));

	TRY(plan_steps(rq->db, p->ob.id, STEPS_MAX, rq->mem, &rows, &p->n_steps));
	p->steps = mem_array(rq->mem, struct plan_step, p->n_steps);
	for (size_t i = 0; i < p->n_steps; i++) {
		struct plan_step *s = &p->steps[i];
		struct account a;

		*s = (struct plan_step){.id = rows[i].id,
					.days = rows[i].days,
					.title = rows[i].title,
					.notes = rows[i].notes,
					.owner = rows[i].owner,
					.done = rows[i].done_at.has};
		if (rows[i].account.has && account_get(rq->db, rq->mem, rq->site, rows[i].account.v, &a) == OK &&
		    !a.closed) {
			s->mail_to = a.name;
		}
		if (p->day.precision) {
			struct cal_moment day = cal_add_days(p->day, (int)s->days);

			s->date = words_partial_date(rq, cal_text(rq->mem, day));
			s->late = !s->done && cal_cmp(day, today) < 0;
			s->soon = !s->done && !s->late && cal_cmp(day, cal_add_days(today, 14)) <= 0;
		}
		p->done += s->done;
		p->late += s->late;
	}
	return OK;
}

static enum err read_contacts(struct req *rq, struct plan_page *p)
{
	struct plan_contacts_row *rows;

	TRY(plan_contacts(rq->db, p->ob.id, CONTACTS_MAX, rq->mem, &rows, &p->n_contacts));
	p->contacts = mem_array(rq->mem, struct plan_contact, p->n_contacts);
	for (size_t i = 0; i < p->n_contacts; i++) {
		p->contacts[i] = (struct plan_contact){.at = rows[i].at,
						       .who = rows[i].who,
						       .channel = rows[i].channel,
						       .what = rows[i].what,
						       .next = rows[i].next};
	}
	return OK;
}

static enum err read_plan(struct req *rq, struct plan_page *p)
{
	TRY(programme_kept(rq, &p->ob));
	p->act = link_to(rq, "/programmes/:slug/plan", p->ob.slug);
	p->page = object_url(rq, &p->ob);
	p->day = first_day(&p->ob);
	p->title = p->notes = p->owner = p->days = p->mail = S("");
	return OK;
}

/* The steps along a line of time: a circle each, filled when done, from the first to the last; a mark where today is. */
static void draw(struct req *rq, struct plan_page *p)
{
	struct buf b = buf_make(rq->mem, KIB(64));
	int64_t from = p->n_steps ? p->steps[0].days : 0, to = p->n_steps ? p->steps[p->n_steps - 1].days : 0;
	int64_t span = to - from > 0 ? to - from : 1;
	const int w = 700, left = 20;

	if (p->n_steps < 2) {
		return;
	}
	buf_fmt(&b,
		"<svg class=\"timeline\" viewBox=\"0 0 %d 64\" role=\"img\" aria-labelledby=\"plan-picture\"><title "
		"id=\"plan-picture\">",
		w + 2 * left);
	html_escape(&b,
		    T_FMT(rq, N_("{done} of {all} steps done, {late} late"), {S("done"), words_number(rq, p->done)},
			  {S("all"), words_number(rq, (int64_t)p->n_steps)}, {S("late"), words_number(rq, p->late)}));
	buf_fmt(&b, "</title><path class=\"timeline-line\" d=\"M%d 32H%d\"/>", left, left + w);
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		int64_t x = left + (s->days - from) * w / span;

		x = rq->rtl ? w + 2 * left - x : x;
		buf_fmt(&b, "<circle class=\"timeline-%s\" cx=\"%lld\" cy=\"32\" r=\"%d\"/>",
			s->done   ? "done"
			: s->late ? "late"
				  : "open",
			(long long)x, s->days == 0 ? 11 : 7);
	}
	if (p->day.precision) {
		struct cal_moment today = cal_day(cal_of_utc(cal_zone(rq->site->time_zone), rq->now));
		int64_t days = (cal_to_utc(NULL, today) - cal_to_utc(NULL, p->day)) / TIME_DAY;
		int64_t x = left + (days - from) * w / span;

		if (days >= from && days <= to) {
			x = rq->rtl ? w + 2 * left - x : x;
			buf_fmt(&b, "<path class=\"timeline-today\" d=\"M%lld 8V56\"/>", (long long)x);
		}
	}
	buf_put(&b, S("</svg>"));
	p->picture = html_made(&(struct out){.buf = &b, .mem = rq->mem});
}

static enum err show(struct req *rq, struct plan_page *p)
{
	TRY(read_steps(rq, p));
	TRY(read_contacts(rq, p));
	draw(rq, p);
	return page(rq, T_FMT(rq, N_("Plan: {title}"), {S("title"), p->ob.title}), plan_view, p);
}

enum err programme_plan(struct req *rq)
{
	struct plan_page p = {0};

	TRY(read_plan(rq, &p));
	return show(rq, &p);
}

/* ---- changes ------------------------------------------------------------------------------------------------------------- */

static struct str typed(struct req *rq, const char *name, size_t max)
{
	struct str s = str_trim(req_form(rq, name));

	return s.p ? str_sub(s, 0, s.n < max ? s.n : max) : S("");
}

/* What the form says of a step: how far from the first day, what, who. */
static enum err read_step(struct req *rq, struct plan_page *p, int64_t *days, struct opt_int *account)
{
	struct account a;

	p->title = typed(rq, "title", TITLE_MAX);
	p->notes = typed(rq, "notes", NOTES_MAX);
	p->owner = typed(rq, "owner", TITLE_MAX);
	p->days = typed(rq, "days", 8);
	p->mail = typed(rq, "mail", 254);
	*account = (struct opt_int){0};
	if (!p->title.n) {
		p->error = N_("Say what is to be done.");
	} else if (!str_to_i64(p->days, days) || *days < DAYS_MIN || *days > DAYS_MAX) {
		p->error = N_("Days from the first day: a number from -730 to 365, like -30 for a month before.");
	} else if (p->mail.n) {
		enum err err = account_by_mail(rq->db, rq->mem, rq->site, p->mail, &a);

		if (err == E_NOTFOUND) {
			p->error = N_("Nobody has an account with this address: invite the person first.");
		} else if (err != OK) {
			return err;
		} else {
			*account = (struct opt_int){true, a.id};
		}
	}
	return p->error ? E_INVALID : OK;
}

static enum err add_step(struct req *rq, struct plan_page *p)
{
	struct opt_int account;
	int64_t days = 0;

	TRY(read_step(rq, p, &days, &account));
	return plan_step_add(rq->db, &(struct plan_step_add_in){.programme = p->ob.id,
								.days = days,
								.title = p->title,
								.notes = p->notes.n ? p->notes : STR_NONE,
								.owner = p->owner.n ? p->owner : STR_NONE,
								.account = account});
}

static enum err add_template(struct req *rq, struct plan_page *p)
{
	for (size_t i = 0; i < COUNT(steps); i++) {
		TRY(plan_step_add(rq->db, &(struct plan_step_add_in){.programme = p->ob.id,
								     .days = steps[i].days,
								     .title = str_of(T(rq, steps[i].title)),
								     .notes = STR_NONE,
								     .owner = STR_NONE}));
	}
	return OK;
}

static enum err add_contact(struct req *rq, struct plan_page *p)
{
	struct str who = typed(rq, "who", TITLE_MAX), what = typed(rq, "what", NOTES_MAX),
		   channel = typed(rq, "channel", 40), next = typed(rq, "next", TITLE_MAX);

	if (!who.n || !what.n) {
		p->error = N_("Write with which institution you spoke, and what was said.");
		return E_INVALID;
	}
	return plan_contact_add(rq->db, &(struct plan_contact_add_in){.programme = p->ob.id,
								      .at = rq->now,
								      .who = who,
								      .channel = channel,
								      .what = what,
								      .next = next.n ? next : STR_NONE,
								      .account = rq->who.account});
}

static enum err act_on_step(struct req *rq, const struct plan_page *p, struct str act)
{
	int64_t id, n = 0;
	struct opt_int now = {true, rq->now};

	if (!str_to_i64(req_form(rq, "id"), &id)) {
		return E_NOTFOUND;
	}
	if (str_eq(act, S("done")) || str_eq(act, S("again"))) {
		TRY(plan_step_done(rq->db, p->ob.id, id, str_eq(act, S("done")) ? now : (struct opt_int){0}, &n));
	} else if (str_eq(act, S("remove"))) {
		TRY(plan_step_remove(rq->db, p->ob.id, id, &n));
	}
	return n == 1 ? OK : E_NOTFOUND;
}

enum err programme_plan_post(struct req *rq)
{
	struct plan_page p = {0};
	struct str act = req_form(rq, "act");
	enum err err;

	TRY(read_plan(rq, &p));
	if (str_eq(act, S("add"))) {
		err = add_step(rq, &p);
	} else if (str_eq(act, S("template"))) {
		err = add_template(rq, &p);
	} else if (str_eq(act, S("contact"))) {
		err = add_contact(rq, &p);
	} else {
		err = act_on_step(rq, &p, act);
	}
	if (err == E_INVALID && p.error) {
		req_status(rq, 422);
		return show(rq, &p);
	}
	TRY(err);
	return redirect(rq, p.act);
}

/* ---- reminders --------------------------------------------------------------------------------------------------------------- */

struct round {
	const struct job_ctx *ctx;
	int64_t after;
	size_t n;
};

static enum err remind(struct db *db, const struct job_ctx *ctx, const struct plan_steps_open_row *s)
{
	struct req rq = {.mem = ctx->mem, .db = db, .method = GET, .now = ctx->now, .site = ctx->site};
	struct json doc;
	struct cal_moment start;
	struct account a;

	if (json_parse(ctx->mem, s->doc, &doc, NULL) != OK || !cal_parse(json_text(&doc, "start"), &start) ||
	    start.precision < CAL_DAY) {
		return OK;
	}
	int64_t due = cal_to_utc(cal_zone(ctx->site->time_zone), cal_add_days(cal_day(start), (int)s->days));
	int64_t want = ctx->now >= due ? 2 : ctx->now >= due - 7 * TIME_DAY ? 1 : 0;
	if (want <= s->reminded) {
		return OK;
	}
	TRY(plan_step_reminded(db, s->id, want));
	enum err err = account_get(db, ctx->mem, ctx->site, s->account.v, &a);
	if (err == E_NOTFOUND || a.closed) {
		return OK;
	}
	TRY(err);
	int at = site_lang_index(a.lang);
	rq.lang = site_langs[at >= 0 ? at : 0];
	rq.i18n = lang_catalogue(rq.lang);
	struct str when = words_partial_date(&rq, cal_text(ctx->mem, cal_add_days(cal_day(start), (int)s->days)));
	return mail_queue(
		db, ctx->mem, ctx->site,
		&(struct mail){.to = a.mail,
			       .lang = str_of(rq.lang),
			       .purpose = "plan",
			       .subject =
				       T_FMT(&rq, N_("{title}: a step of the plan"), {S("title"), s->programme_title}),
			       .body = T_FMT(&rq,
					     N_("Hello,\n\nFor “{title}”, this step is due on {when}:\n\n{step}\n\nThe "
						"whole plan:\n\n{page}\n"),
					     {S("title"), s->programme_title}, {S("when"), when}, {S("step"), s->title},
					     {S("page"),
					      link_absolute(&rq, link_to(&rq, "/programmes/:slug/plan", s->slug)).s})});
}

static enum err remind_some(struct db *db, void *arg)
{
	struct round *r = arg;
	struct plan_steps_open_row *rows;
	int64_t after = r->after;

	TRY(plan_steps_open(db, after, r->ctx->mem, &rows, &r->n));
	for (size_t i = 0; i < r->n; i++) {
		TRY(remind(db, r->ctx, &rows[i]));
		after = rows[i].id;
	}
	r->after = after;
	return OK;
}

enum err programme_job_plan(const struct job_ctx *ctx, const struct job *job)
{
	struct round r = {.ctx = ctx};

	(void)job;
	do {
		struct mem_mark mark = mem_mark(ctx->mem);

		TRY(db_tx(ctx->db, DB_WRITE, 3, remind_some, &r));
		mem_rewind(ctx->mem, mark);
	} while (r.n > 0);
	return OK;
}
