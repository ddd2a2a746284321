/*
 * What comes due by itself, looked for each minute: places not taken in time, links and reminders to send, people to forget.
 * Each works in short transactions of a bounded number of rows and goes on where it stopped.
 */
#include "../../base/time.h"
#include "registration.sql.h"
#include "registration_private.h"

enum { UNCONFIRMED_HOURS = 48, REMINDERS_MAX = 6, LINK_DAYS_MAX = 31 };

typedef enum err piece(const struct reg_ctx *c, void *arg, size_t *done);

struct run {
	const struct reg_ctx *c;
	piece *fn;
	void *arg;
	size_t done;
};

static enum err in_tx(struct db *db, void *arg)
{
	struct run *run = arg;

	(void)db;
	run->done = 0;
	return run->fn(run->c, run->arg, &run->done);
}

/* One piece of work in a transaction after the other, until one had nothing to do. */
static enum err until_done(const struct reg_ctx *c, piece *fn, void *arg)
{
	struct run run = {c, fn, arg, 0};

	do {
		struct mem_mark mark = mem_mark(c->mem);

		TRY(db_tx(c->db, DB_WRITE, 5, in_tx, &run));
		mem_rewind(c->mem, mark);
	} while (run.done > 0);
	return OK;
}

/* ---- offers --------------------------------------------------------------------------------------------------------------- */

static enum err lapse_some(const struct reg_ctx *c, void *arg, size_t *done)
{
	struct reg_row *rows;
	size_t n;

	(void)arg;
	TRY(reg_lapsed(c->db, c->now, c->mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct registration r = reg_of_row(c, &rows[i]);
		int64_t moved;

		TRY(reg_move(c->db,
			     &(struct reg_move_in){.id = r.id,
						   .was = REG_OFFERED,
						   .state = REG_LAPSED,
						   .confirmed_at = r.confirmed_at,
						   .queue_at = r.queue_at},
			     &moved));
		if (moved == 1) {
			TRY(reg_mail(c, &r, REG_MAIL_LAPSED));
			TRY(reg_slot_give(c->db, r.event, r.occ, r.places));
			TRY(reg_promote(c, r.event, r.occ));
		}
	}
	*done = n;
	return OK;
}

enum err reg_job_offers(const struct reg_ctx *c)
{
	return until_done(c, lapse_some, NULL);
}

/* ---- dates that come near --------------------------------------------------------------------------------------------------- */

/* What is sent to the confirmed of one date, a bounded number at a time. */
struct near {
	struct reg_slot slot;
	struct reg_setup setup;
	int64_t reminded; /* how many reminders are due by now */
	int64_t before;   /* how long before the start the last of them was due */
};

static enum err each_near(const struct reg_ctx *c, int64_t from, int64_t to,
			  enum err (*fn)(const struct reg_ctx *c, struct near *near))
{
	int64_t starts_at = 0, event = 0;
	size_t n;

	do {
		struct mem_mark mark = mem_mark(c->mem);
		struct reg_slot_row *rows;

		TRY(reg_slots_soon(c->db, from, to, event, starts_at, c->mem, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			struct near near = {.slot = reg_slot_of_row(&rows[i])};
			enum err err = reg_setup_get(c, near.slot.event, &near.setup);

			starts_at = near.slot.starts_at.v;
			event = near.slot.event;
			if (err == OK) {
				err = fn(c, &near);
			}
			if (err != OK && err != E_NOTFOUND) {
				return err;
			}
		}
		mem_rewind(c->mem, mark);
	} while (n == 100);
	return OK;
}

static enum err link_some(const struct reg_ctx *c, void *arg, size_t *done)
{
	const struct near *near = arg;
	struct reg_row *rows;
	size_t n;

	TRY(reg_without_link(c->db, near->slot.event, near->slot.occ, near->setup.link_version, c->mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct registration r = reg_of_row(c, &rows[i]);

		TRY(reg_mail(c, &r, REG_MAIL_LINK));
	}
	*done = n;
	return OK;
}

static enum err links_of(const struct reg_ctx *c, struct near *near)
{
	if (!near->setup.link.p || (near->slot.ends_at.has && c->now >= near->slot.ends_at.v) ||
	    c->now < near->slot.starts_at.v - near->setup.link_hours * TIME_HOUR) {
		return OK;
	}
	return until_done(c, link_some, near);
}

enum err reg_job_links(const struct reg_ctx *c)
{
	/* Events of several days have begun long before they end. */
	return each_near(c, c->now - LINK_DAYS_MAX * TIME_DAY, c->now + LINK_DAYS_MAX * TIME_DAY, links_of);
}

static enum err remind_some(const struct reg_ctx *c, void *arg, size_t *done)
{
	const struct near *near = arg;
	struct reg_row *rows;
	size_t n;

	TRY(reg_not_reminded(c->db, near->slot.event, near->slot.occ, near->reminded, c->mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct registration r = reg_of_row(c, &rows[i]);

		/* Whoever registered after a reminder was due just had a mail. */
		if (r.confirmed_at.has && r.confirmed_at.v < near->slot.starts_at.v - near->before) {
			TRY(reg_mail(c, &r, REG_MAIL_REMINDER));
		}
		TRY(reg_reminded(c->db, r.id, near->reminded));
	}
	*done = n;
	return OK;
}

static void reminders_due(const struct reg_ctx *c, struct near *near)
{
	struct str rest = near->setup.reminders;
	int64_t hours;

	near->before = INT64_MAX;
	for (size_t i = 0; i < REMINDERS_MAX && rest.n; i++) {
		struct str word = str_trim(str_cut(&rest, ','));

		if (str_to_i64(word, &hours) && hours > 0 && c->now >= near->slot.starts_at.v - hours * TIME_HOUR) {
			near->reminded++;
			near->before = hours * TIME_HOUR < near->before ? hours * TIME_HOUR : near->before;
		}
	}
}

static enum err reminders_of(const struct reg_ctx *c, struct near *near)
{
	reminders_due(c, near);
	return near->reminded ? until_done(c, remind_some, near) : OK;
}

enum err reg_job_reminders(const struct reg_ctx *c)
{
	return each_near(c, c->now, c->now + LINK_DAYS_MAX * TIME_DAY, reminders_of);
}

/* ---- forgetting --------------------------------------------------------------------------------------------------------------- */

static enum err erase_some(const struct reg_ctx *c, void *arg, size_t *done)
{
	struct reg_slot_row *rows;
	size_t n;

	(void)arg;
	TRY(reg_slots_to_erase(c->db, c->now, c->mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		int64_t gone;

		TRY(reg_delete_slot(c->db, rows[i].event, rows[i].occ, &gone));
		TRY(reg_slot_erased(c->db, rows[i].event, rows[i].occ, c->now));
	}
	*done = n;
	return OK;
}

static enum err erase_unconfirmed(const struct reg_ctx *c, void *arg, size_t *done)
{
	int64_t n;

	(void)arg;
	*done = 0;
	return reg_delete_unconfirmed(c->db, c->now - UNCONFIRMED_HOURS * TIME_HOUR, &n);
}

enum err reg_job_erase(const struct reg_ctx *c)
{
	TRY(until_done(c, erase_unconfirmed, NULL));
	return until_done(c, erase_some, NULL);
}
