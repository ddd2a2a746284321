/*
 * What may become of a registration, and how places move with it. Each move is written only if the row is still where the
 * caller saw it (reg_move), so that two acts at once end as one of them; places move in the same transaction.
 */
#include "../../base/time.h"
#include "registration.sql.h"
#include "registration_private.h"

enum { OFFER_MARGIN_H = 1 };

enum reg_refusal reg_may_ask(const struct reg_setup *s, const struct reg_slot *slot, bool invited, int64_t now)
{
	if (s->mode == REG_INVITED && !invited) {
		return REG_ONLY_INVITED;
	}
	if (s->opens_at.has && now < s->opens_at.v) {
		return REG_NOT_OPEN;
	}
	if ((s->closes_at.has && now >= s->closes_at.v) || (slot->ends_at.has && now >= slot->ends_at.v) ||
	    slot->erased_at.has) {
		return REG_CLOSED;
	}
	if (slot->capacity.has && slot->taken >= slot->capacity.v && !s->waiting && s->mode != REG_APPROVED) {
		return REG_FULL;
	}
	return REG_FINE;
}

static bool holds_places(enum reg_state state)
{
	return state == REG_CONFIRMED || state == REG_OFFERED;
}

static enum err take(const struct reg_ctx *c, const struct registration *r, int64_t places, bool *got)
{
	int64_t n;

	TRY(reg_slot_take(c->db, r->event, r->occ, places, &n));
	*got = n == 1;
	return OK;
}

/* Writes a new state and keeps `r` in step; E_CONFLICT when somebody was faster. */
static enum err move(const struct reg_ctx *c, struct registration *r, enum reg_state to)
{
	int64_t n;

	TRY(reg_move(c->db,
		     &(struct reg_move_in){
			     .id = r->id,
			     .was = r->state,
			     .state = to,
			     .confirmed_at = r->confirmed_at,
			     .queue_at = r->queue_at,
			     .offer_until = r->offer_until,
		     },
		     &n));
	if (n != 1) {
		return E_CONFLICT;
	}
	r->state = to;
	return OK;
}

/* Confirmed when there is room, else in the waiting list; without one, declined. Mails what it became. */
static enum err seat(const struct reg_ctx *c, const struct reg_setup *s, struct registration *r)
{
	bool got;

	TRY(take(c, r, r->places, &got));
	if (!r->queue_at.has) {
		r->queue_at = (struct opt_int){true, c->now};
	}
	if (got) {
		TRY(move(c, r, REG_CONFIRMED));
		TRY(reg_slot_totals(
			c->db, &(struct reg_slot_totals_in){.event = r->event, .occ = r->occ, .confirmed = r->places}));
		return reg_mail(c, r, REG_MAIL_CONFIRMED);
	}
	TRY(move(c, r, s->waiting ? REG_WAITING : REG_DECLINED));
	return reg_mail(c, r, s->waiting ? REG_MAIL_WAITING : REG_MAIL_DECLINED);
}

enum err reg_confirm(const struct reg_ctx *c, const struct reg_setup *s, struct registration *r)
{
	if (r->state != REG_ASKED) {
		return OK;
	}
	r->confirmed_at = (struct opt_int){true, c->now};
	TRY(reg_slot_totals(c->db, &(struct reg_slot_totals_in){.event = r->event, .occ = r->occ, .asked = 1}));
	if (s->mode == REG_APPROVED || r->held) {
		r->queue_at = r->confirmed_at;
		TRY(move(c, r, REG_PENDING));
		return reg_mail(c, r, REG_MAIL_PENDING);
	}
	return seat(c, s, r);
}

enum err reg_decide(const struct reg_ctx *c, struct registration *r, bool accept)
{
	struct reg_setup s;

	if (r->state != REG_PENDING) {
		return E_CONFLICT;
	}
	TRY(reg_setup_get(c, r->event, &s));
	if (accept) {
		return seat(c, &s, r);
	}
	TRY(move(c, r, REG_DECLINED));
	return reg_mail(c, r, REG_MAIL_DECLINED);
}

/* ---- places that become free -------------------------------------------------------------------------------------------- */

static enum err give_back(const struct reg_ctx *c, const struct registration *r, int64_t places)
{
	TRY(reg_slot_give(c->db, r->event, r->occ, places));
	return OK;
}

/* An offer is made only while its answer can still come before the event begins; after that the place is given at once. */
static enum err offer(const struct reg_ctx *c, const struct reg_setup *s, const struct reg_slot *slot,
		      struct registration *r)
{
	int64_t until = c->now + s->answer_hours * TIME_HOUR;

	if (slot->starts_at.has && until > slot->starts_at.v - OFFER_MARGIN_H * TIME_HOUR) {
		until = slot->starts_at.v - OFFER_MARGIN_H * TIME_HOUR;
	}
	if (s->answer_hours == 0 || until <= c->now) {
		TRY(move(c, r, REG_CONFIRMED));
		TRY(reg_slot_totals(
			c->db, &(struct reg_slot_totals_in){.event = r->event, .occ = r->occ, .confirmed = r->places}));
		return reg_mail(c, r, REG_MAIL_CONFIRMED);
	}
	r->offer_until = (struct opt_int){true, until};
	TRY(move(c, r, REG_OFFERED));
	return reg_mail(c, r, REG_MAIL_OFFERED);
}

enum err reg_promote(const struct reg_ctx *c, int64_t event, int64_t occ)
{
	struct reg_setup s;
	struct reg_slot slot;
	struct reg_row *rows;
	size_t n, moved;

	TRY(reg_setup_get(c, event, &s));
	TRY(reg_slot_get(c, event, occ, &slot));
	if (slot.erased_at.has || (slot.ends_at.has && c->now >= slot.ends_at.v)) {
		return OK;
	}
	do {
		moved = 0;
		TRY(reg_waiting(c->db, event, occ, c->mem, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			struct registration r = reg_of_row(c, &rows[i]);
			bool got;

			TRY(take(c, &r, r.places, &got));
			if (got) { /* who asks for more places than are free is passed over, and keeps the rank */
				TRY(offer(c, &s, &slot, &r));
				moved++;
			}
		}
	} while (n == 50 && moved > 0);
	return OK;
}

enum err reg_take_offer(const struct reg_ctx *c, struct registration *r)
{
	if (r->state == REG_CONFIRMED) {
		return OK;
	}
	if (r->state != REG_OFFERED || !r->offer_until.has || c->now >= r->offer_until.v) {
		return E_LIMIT;
	}
	r->offer_until = (struct opt_int){0};
	TRY(move(c, r, REG_CONFIRMED));
	TRY(reg_slot_totals(c->db,
			    &(struct reg_slot_totals_in){.event = r->event, .occ = r->occ, .confirmed = r->places}));
	return reg_mail(c, r, REG_MAIL_CONFIRMED);
}

/* ---- changes of mind ---------------------------------------------------------------------------------------------------- */

enum err reg_change(const struct reg_ctx *c, const struct reg_setup *s, struct registration *r, int64_t places,
		    struct str name, struct str answers)
{
	int64_t n, more = places - r->places;
	bool got = true;

	if (places < 1 || places > s->per_person || !name.n) {
		return E_INVALID;
	}
	if (r->state > REG_OFFERED) {
		return E_CONFLICT;
	}
	if (holds_places(r->state) && more > 0) {
		TRY(take(c, r, more, &got));
	}
	if (!got) {
		return E_LIMIT;
	}
	TRY(reg_rewrite(c->db, r->id, r->state, places, reg_seal(c, name), answers.n ? reg_seal(c, answers) : STR_NONE,
			&n));
	if (n != 1) {
		return E_CONFLICT;
	}
	r->places = places;
	r->name = name;
	r->answers = answers;
	if (r->state == REG_CONFIRMED && more != 0) {
		TRY(reg_slot_totals(c->db,
				    &(struct reg_slot_totals_in){.event = r->event, .occ = r->occ, .confirmed = more}));
	}
	if (holds_places(r->state) && more < 0) {
		TRY(give_back(c, r, -more));
		return reg_promote(c, r->event, r->occ);
	}
	return OK;
}

/* What a registration leaves behind when it no longer counts: its places and, if it was confirmed, the total. */
static enum err leave(const struct reg_ctx *c, struct registration *r, enum reg_state was)
{
	if (!holds_places(was)) {
		return OK;
	}
	TRY(give_back(c, r, r->places));
	if (was == REG_CONFIRMED) {
		TRY(reg_slot_totals(c->db, &(struct reg_slot_totals_in){.event = r->event,
									.occ = r->occ,
									.confirmed = -r->places,
									.cancelled = 1}));
	}
	return reg_promote(c, r->event, r->occ);
}

enum err reg_cancel(const struct reg_ctx *c, struct registration *r)
{
	enum reg_state was = r->state;

	if (was == REG_CANCELLED || was == REG_DECLINED || was == REG_LAPSED) {
		return OK;
	}
	TRY(move(c, r, REG_CANCELLED));
	TRY(reg_mail(c, r, REG_MAIL_CANCELLED));
	return leave(c, r, was);
}

enum err reg_erase(const struct reg_ctx *c, struct registration *r)
{
	struct reg_slot slot;
	int64_t n;

	TRY(reg_slot_get(c, r->event, r->occ, &slot));
	TRY(reg_delete(c->db, r->id, &n));
	if (n != 1) {
		return E_NOTFOUND;
	}
	/* Once the event is over, who came was there: the totals keep it. */
	return slot.ends_at.has && c->now >= slot.ends_at.v ? OK : leave(c, r, r->state);
}

enum err reg_note(const struct reg_ctx *c, struct registration *r, int64_t present)
{
	if (r->state != REG_CONFIRMED || present < 0 || present > 2) {
		return E_INVALID;
	}
	TRY(reg_mark_present(c->db, r->id, present, c->now));
	TRY(reg_slot_totals(c->db, &(struct reg_slot_totals_in){
					   .event = r->event,
					   .occ = r->occ,
					   .present = ((present == 1) - (r->present == 1)) * r->places,
					   .absent = ((present == 2) - (r->present == 2)) * r->places,
				   }));
	r->present = present;
	return OK;
}
