/*
 * When an event changes, its dates here follow, and whoever counts on coming is told: by a job, some people at a time, each
 * piece in the transaction that queues the next.
 */
#include "../../base/time.h"
#include "registration.sql.h"
#include "registration_pages.h"
#include "registration_private.h"

enum { SLOTS_MAX = 500 };

static enum err tell(struct db *db, struct mem *m, const struct reg_slot *slot, enum reg_step step, int64_t after)
{
	return job_add(db, "registration-news",
		       str_fmt(m, "%lld %lld %d %lld", (long long)slot->event, (long long)slot->occ, (int)step,
			       (long long)after),
		       STR_NONE, 0);
}

static const struct event_occurrence *find(const struct object *event, const struct reg_slot *slot,
					   const struct event_occurrence *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (reg_occ(event, &at[i]) == slot->occ) {
			return &at[i];
		}
	}
	return NULL;
}

/* A date that keeps its hour is told of a new place only; one that was called off is told once. */
static enum err follow(struct db *db, struct mem *m, const struct reg_setup *s, const struct reg_slot *slot,
		       const struct event_occurrence *at, unsigned what)
{
	struct opt_int none = {0};

	if (!at || at->cancelled) {
		if (!slot->starts_at.has) {
			return OK;
		}
		TRY(reg_slot_times(db, slot->event, slot->occ, none, slot->ends_at, slot->erase_at));
		return tell(db, m, slot, REG_MAIL_EVENT_CANCELLED, 0);
	}
	struct opt_int from = {true, at->from}, to = {true, reg_ends(at)},
		       erase = {true, reg_ends(at) + s->keep_days * TIME_DAY};
	bool moved = !slot->starts_at.has || slot->starts_at.v != at->from;

	if (moved || !slot->ends_at.has || slot->ends_at.v != to.v) {
		TRY(reg_slot_times(db, slot->event, slot->occ, from, to, erase));
	}
	return moved || (what & EVENT_PLACE) ? tell(db, m, slot, REG_MAIL_MOVED, 0) : OK;
}

static enum err changed(struct db *db, struct mem *m, const struct object *event, unsigned what, int64_t now)
{
	struct reg_ctx c = {db, m, site_now(), now};
	struct event_occurrence *at;
	struct reg_setup s;
	struct reg_slot *slots;
	size_t n, n_at = 0;

	if (!(what & (EVENT_TIME | EVENT_PLACE | EVENT_STATE | EVENT_WITHDRAWN | EVENT_PUBLISHED))) {
		return OK;
	}
	enum err err = reg_setup_get(&c, event->id, &s);
	if (err == E_NOTFOUND) {
		return OK;
	}
	TRY(err);
	bool off = str_eq(json_text(event->doc.j, "state"), S("cancelled")) ||
		   (event->status != ST_PUBLISHED && event->status != ST_ARCHIVED);
	TRY(reg_slots(&c, event->id, SLOTS_MAX, &slots, &n));
	if (!off) {
		TRY(event_occurrences(db, m, event->id, 0, EVENT_OCCURRENCES, &at, &n_at));
	}
	for (size_t i = 0; i < n; i++) {
		bool over = slots[i].erased_at.has || (slots[i].ends_at.has && slots[i].ends_at.v <= now);

		if (!over) {
			TRY(follow(db, m, &s, &slots[i], off ? NULL : find(event, &slots[i], at, n_at), what));
		}
	}
	return OK;
}

const struct event_observer reg_observer = {"registration", changed};

/* ---- telling ---------------------------------------------------------------------------------------------------------------- */

struct news {
	const struct job_ctx *ctx;
	struct reg_slot slot;
	int64_t step, after;
};

static enum err tell_some(struct db *db, void *arg)
{
	struct news *news = arg;
	struct reg_ctx c = {db, news->ctx->mem, news->ctx->site, news->ctx->now};
	struct reg_row *rows;
	size_t n;

	TRY(reg_counted(db, news->slot.event, news->slot.occ, news->after, c.mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct registration r = reg_of_row(&c, &rows[i]);

		TRY(reg_mail(&c, &r, (enum reg_step)news->step));
	}
	return n ? tell(db, c.mem, &news->slot, (enum reg_step)news->step, rows[n - 1].id) : OK;
}

enum err reg_job_news(const struct job_ctx *ctx, const struct job *job)
{
	struct news news = {.ctx = ctx};
	struct str rest = job->payload;
	struct str event = str_cut(&rest, ' '), occ = str_cut(&rest, ' '), step = str_cut(&rest, ' ');

	if (!str_to_i64(event, &news.slot.event) || !str_to_i64(occ, &news.slot.occ) || !str_to_i64(step, &news.step) ||
	    !str_to_i64(rest, &news.after) || !reg_step_name((enum reg_step)news.step)) {
		return E_BUG;
	}
	return db_tx(ctx->db, DB_WRITE, 3, tell_some, &news);
}
