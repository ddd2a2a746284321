/*
 * Registrations: who comes to an event, without account. One signed address lets a person see, change, cancel and erase.
 * What names a person is sealed in the database, shown to those who may edit the event only, and erased some days after the
 * event with totals kept. The connection link lies in a vault: sealed, put in a mail at the moment it leaves, on no page.
 *
 * Places: reg_slot.taken is what confirmed and offered registrations hold; it moves in one conditional UPDATE, so that the last
 * place is given once whatever comes at the same instant.
 */
#ifndef MOD_REGISTRATION_H
#define MOD_REGISTRATION_H

#include "../../core/object.h"
#include "../../db/db.h"
#include "../../web/site.h"

struct event_observer;

extern const struct module registration_module;
/* Hears of events that move or are called off. */
extern const struct event_observer reg_observer;

enum reg_mode {
	REG_OPEN = 1,
	REG_APPROVED = 2,
	REG_INVITED = 3
};

enum reg_state {
	REG_ASKED = 0,     /* the address is not confirmed yet: holds no place */
	REG_PENDING = 1,   /* an organiser decides */
	REG_CONFIRMED = 2,
	REG_WAITING = 3,
	REG_OFFERED = 4,   /* a place became free and is kept for a time */
	REG_DECLINED = 5,
	REG_CANCELLED = 6,
	REG_LAPSED = 7     /* an offered place was not taken in time */
};

enum { REG_PLACES_MAX = 20, REG_QUESTIONS_MAX = 8, REG_KEEP_DAYS_MAX = 365, REG_CAPACITY_MAX = 1000000 };

/* What the organisers decided. */
struct reg_setup {
	int64_t event;
	enum reg_mode mode;
	struct opt_int capacity;
	int64_t per_person;
	bool waiting, needs, minors;
	int64_t answer_hours, keep_days;
	struct opt_int opens_at, closes_at;
	struct str questions, reminders, templates;
	struct str link;       /* sealed; NULL p: none. See reg_link_open() */
	int64_t link_version, link_hours;
	bool link_personal;
};

/* A date of the event, and how full it is. */
struct reg_slot {
	int64_t event, occ;
	struct opt_int starts_at, ends_at, capacity;
	int64_t taken;
	struct str secret;
	int64_t asked, confirmed, present, absent, cancelled;
	struct opt_int erase_at, erased_at;
};

/* One registration, unsealed. `link_version`: of the vault as this person last got it. */
struct registration {
	int64_t id, event, occ;
	enum reg_state state;
	int64_t places;
	struct str mail, name, answers, lang, nonce;
	bool held;
	int64_t created_at;
	struct opt_int confirmed_at, queue_at, offer_until, link_mail;
	int64_t link_version, reminded;
	int64_t present; /* 0 not noted, 1 present, 2 absent */
};

/* What the rules need at hand; the caller's transaction is open. */
struct reg_ctx {
	struct db *db;
	struct mem *mem;
	const struct site *site;
	int64_t now;
};
#define REG_CTX(rq) (&(struct reg_ctx){(rq)->db, (rq)->mem, (rq)->site, (rq)->now})

/* ---- the organisers' side ---- */
MUST_USE enum err reg_setup_get(const struct reg_ctx *c, int64_t event, struct reg_setup *out);
/* What holds until organisers decide otherwise: everybody, no limit. */
struct reg_setup reg_setup_usual(int64_t event);
/* Writes all but the vault; new capacities reach the dates, and free places the waiting list. */
MUST_USE enum err reg_setup_put(const struct reg_ctx *c, const struct reg_setup *s);
/* The row of a date, made when it is not there yet. Times moved: the row's follow, and with them reminders and erasure. */
MUST_USE enum err reg_slot_open(const struct reg_ctx *c, const struct reg_setup *s, int64_t occ, struct opt_int starts_at,
				struct opt_int ends_at, struct reg_slot *out);
MUST_USE enum err reg_slot_get(const struct reg_ctx *c, int64_t event, int64_t occ, struct reg_slot *out);
MUST_USE enum err reg_slots(const struct reg_ctx *c, int64_t event, size_t max, struct reg_slot **out, size_t *n);
/* The registrations of a date, unsealed, streamed in order of state and arrival; names are for the organisers alone. */
MUST_USE enum err reg_each(const struct reg_ctx *c, int64_t event, int64_t occ,
			   enum err (*fn)(void *arg, const struct registration *r), void *arg);
struct reg_counts {
	int64_t n[REG_LAPSED + 1];      /* registrations in each state */
	int64_t places[REG_LAPSED + 1]; /* and their places */
};
MUST_USE enum err reg_count(const struct reg_ctx *c, int64_t event, int64_t occ, struct reg_counts *out);
/* Takes or declines one that waits for an organiser; accepted without a free place, it waits. */
MUST_USE enum err reg_decide(const struct reg_ctx *c, struct registration *r, bool accept);
/* Notes who came: 0 unknown, 1 present, 2 absent; only of confirmed ones (E_INVALID). */
MUST_USE enum err reg_note(const struct reg_ctx *c, struct registration *r, int64_t present);

/* ---- a person's side ---- */

/* What somebody sent. */
struct reg_ask {
	struct str name, mail, lang;
	struct str answers; /* JSON, or NULL p */
	int64_t places;
	bool invited;       /* came by a signed invitation */
};
enum reg_refusal { REG_FINE, REG_NOT_OPEN, REG_CLOSED, REG_FULL, REG_ONLY_INVITED };
/* Whether a new registration would be taken now; REG_FULL only without a waiting list. */
enum reg_refusal reg_may_ask(const struct reg_setup *s, const struct reg_slot *slot, bool invited, int64_t now);
/* Writes it in the state REG_ASKED. The same address twice for a date: *again, nothing changes, and out is the first one (the
 * caller mails its link again and says the same as to anybody, so that nobody learns who registered). */
MUST_USE enum err reg_ask(const struct reg_ctx *c, const struct reg_setup *s, const struct reg_slot *slot, const struct reg_ask *ask,
			  struct registration *out, bool *again);
/* The address is confirmed: takes the place, or a place in the waiting list, or waits for an organiser. Twice is harmless. */
MUST_USE enum err reg_confirm(const struct reg_ctx *c, const struct reg_setup *s, struct registration *r);
/* Takes an offered place; E_LIMIT when its time is over. */
MUST_USE enum err reg_take_offer(const struct reg_ctx *c, struct registration *r);
/* Other places or answers; E_LIMIT when more places are asked for than are free. */
MUST_USE enum err reg_change(const struct reg_ctx *c, const struct reg_setup *s, struct registration *r, int64_t places, struct str name,
			     struct str answers);
MUST_USE enum err reg_cancel(const struct reg_ctx *c, struct registration *r);
/* Forgets the person at once; the totals keep the count. */
MUST_USE enum err reg_erase(const struct reg_ctx *c, struct registration *r);
MUST_USE enum err reg_get(const struct reg_ctx *c, int64_t id, struct registration *out);

/* The secret text of a registration's address: signed, nothing to store; dead once the row is gone. */
struct str reg_token(const struct reg_ctx *c, const struct registration *r);
MUST_USE enum err reg_by_token(const struct reg_ctx *c, struct str token, struct registration *out);
/* An invitation to an event for one address: lets it register where REG_INVITED. */
struct str reg_invitation(const struct reg_ctx *c, int64_t event, struct str mail, int64_t until);
bool reg_invitation_ok(const struct reg_ctx *c, int64_t event, struct str mail, struct str token);

/* Free places go to the first who wait and fit. */
MUST_USE enum err reg_promote(const struct reg_ctx *c, int64_t event, int64_t occ);

/* ---- the vault ---- */

/* Seals what registrants will get (a link, a password, a telephone number); empty text revokes it. */
MUST_USE enum err reg_link_put(const struct reg_ctx *c, int64_t event, struct str plain, int64_t hours, bool personal);
/* What the vault holds, for the organiser who set it and for redirects of confirmed registrants; E_NOTFOUND when empty. */
MUST_USE enum err reg_link_open(const struct reg_ctx *c, const struct reg_setup *s, struct str *plain);
/* Whether this person may use the link at this instant. */
bool reg_link_due(const struct reg_setup *s, const struct reg_slot *slot, const struct registration *r, int64_t now);

/* ---- mails; each in the person's language, in the organisers' words where they wrote some ---- */
enum reg_step {
	REG_MAIL_ASKED,     /* confirm your address */
	REG_MAIL_AGAIN,     /* registered already: the address of one's page once more */
	REG_MAIL_CONFIRMED,
	REG_MAIL_PENDING,
	REG_MAIL_WAITING,
	REG_MAIL_OFFERED,
	REG_MAIL_DECLINED,
	REG_MAIL_CANCELLED,
	REG_MAIL_REMINDER,
	REG_MAIL_LINK,
	REG_MAIL_MOVED,     /* another time or place */
	REG_MAIL_EVENT_CANCELLED,
	REG_MAIL_LAPSED,
	REG_STEPS
};
/* "confirmed": how templates name a step; NULL past the last. */
const char *reg_step_name(enum reg_step step);
/* Queues the mail of a step. */
MUST_USE enum err reg_mail(const struct reg_ctx *c, const struct registration *r, enum reg_step step);
/* Subject and body as they would go out, for previews; `own` is what organisers wrote, or NULL p. */
MUST_USE enum err reg_mail_text(const struct reg_ctx *c, const struct registration *r, enum reg_step step, struct str own, struct str *subject,
				struct str *body);

#endif
