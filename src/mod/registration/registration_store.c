/*
 * Rows of registrations and of what organisers decided: read, unsealed, written.
 */
#include "../../base/time.h"
#include "../../crypt/crypt.h"
#include "registration.sql.h"
#include "registration_private.h"

enum { HASH_BYTES = 16, NONCE_BYTES = 9, SECRET_BYTES = 20 };
#define TOKEN_PURPOSE "registration"
#define INVITE_PURPOSE "registration invitation"

static void key_of(const struct reg_ctx *c, const char *purpose, struct crypt_key *out)
{
	crypt_key_derive(&c->site->key, purpose, out);
}

struct str reg_seal(const struct reg_ctx *c, struct str plain)
{
	struct crypt_key key;

	key_of(c, "registration", &key);
	return crypt_seal(c->mem, &key, plain);
}

enum err reg_unseal(const struct reg_ctx *c, struct str sealed, struct str *plain)
{
	struct crypt_key key;

	key_of(c, "registration", &key);
	return crypt_unseal(c->mem, &key, sealed, plain);
}

static struct str open_or_mark(const struct reg_ctx *c, struct str sealed)
{
	struct str plain;

	return reg_unseal(c, sealed, &plain) == OK ? plain : S("?");
}

struct registration reg_of_row(const struct reg_ctx *c, const struct reg_row *row)
{
	return (struct registration){
		.id = row->id,
		.event = row->event,
		.occ = row->occ,
		.state = (enum reg_state)row->state,
		.places = row->places,
		.mail = open_or_mark(c, row->mail),
		.name = open_or_mark(c, row->name),
		.answers = row->answers.p ? open_or_mark(c, row->answers) : STR_NONE,
		.lang = row->lang,
		.nonce = row->nonce,
		.held = row->held != 0,
		.created_at = row->created_at,
		.confirmed_at = row->confirmed_at,
		.queue_at = row->queue_at,
		.offer_until = row->offer_until,
		.link_version = row->link_version,
		.link_mail = row->link_mail,
		.reminded = row->reminded,
		.present = row->present,
	};
}

struct reg_slot reg_slot_of_row(const struct reg_slot_row *row)
{
	return (struct reg_slot){
		.event = row->event,
		.occ = row->occ,
		.starts_at = row->starts_at,
		.ends_at = row->ends_at,
		.capacity = row->capacity,
		.taken = row->taken,
		.secret = row->secret,
		.asked = row->asked,
		.confirmed = row->confirmed,
		.present = row->present,
		.absent = row->absent,
		.cancelled = row->cancelled,
		.erase_at = row->erase_at,
		.erased_at = row->erased_at,
	};
}

/* ---- what organisers decided ---------------------------------------------------------------------------------------- */

enum err reg_setup_get(const struct reg_ctx *c, int64_t event, struct reg_setup *out)
{
	struct reg_setup_row_row r;

	TRY(reg_setup_row(c->db, event, c->mem, &r));
	*out = (struct reg_setup){
		.event = r.event,
		.mode = (enum reg_mode)r.mode,
		.capacity = r.capacity,
		.per_person = r.per_person,
		.waiting = r.waiting != 0,
		.needs = r.needs != 0,
		.minors = r.minors != 0,
		.answer_hours = r.answer_hours,
		.keep_days = r.keep_days,
		.opens_at = r.opens_at,
		.closes_at = r.closes_at,
		.questions = r.questions,
		.reminders = r.reminders,
		.templates = r.templates,
		.link = r.link,
		.link_version = r.link_version,
		.link_hours = r.link_hours,
		.link_personal = r.link_personal != 0,
	};
	return OK;
}

struct reg_setup reg_setup_usual(int64_t event)
{
	return (struct reg_setup){.event = event,
				  .mode = REG_OPEN,
				  .per_person = 1,
				  .waiting = true,
				  .needs = true,
				  .answer_hours = 24,
				  .keep_days = 30,
				  .link_hours = 24,
				  .questions = S("[]"),
				  .reminders = S("48"),
				  .templates = S("{}")};
}

static bool setup_ok(const struct reg_setup *s)
{
	return s->mode >= REG_OPEN && s->mode <= REG_INVITED &&
	       (!s->capacity.has || (s->capacity.v >= 1 && s->capacity.v <= REG_CAPACITY_MAX)) && s->per_person >= 1 &&
	       s->per_person <= REG_PLACES_MAX && s->answer_hours >= 0 && s->answer_hours <= 24 * 14 &&
	       s->keep_days >= 1 && s->keep_days <= REG_KEEP_DAYS_MAX &&
	       !(s->opens_at.has && s->closes_at.has && s->closes_at.v <= s->opens_at.v);
}

enum err reg_setup_put(const struct reg_ctx *c, const struct reg_setup *s)
{
	struct reg_slot *slots;
	size_t n;

	if (!setup_ok(s)) {
		return E_INVALID;
	}
	TRY(reg_setup_write(c->db, &(struct reg_setup_write_in){
					   .event = s->event,
					   .mode = s->mode,
					   .capacity = s->capacity,
					   .per_person = s->per_person,
					   .waiting = s->waiting,
					   .answer_hours = s->answer_hours,
					   .opens_at = s->opens_at,
					   .closes_at = s->closes_at,
					   .keep_days = s->keep_days,
					   .needs = s->needs,
					   .minors = s->minors,
					   .questions = s->questions.p ? s->questions : S("[]"),
					   .reminders = s->reminders.p ? s->reminders : S(""),
					   .templates = s->templates.p ? s->templates : S("{}"),
					   .now = c->now,
				   }));
	TRY(reg_slot_capacity(c->db, s->event, s->capacity));
	TRY(reg_slot_keep(c->db, s->event, s->keep_days * TIME_DAY));
	TRY(reg_slots(c, s->event, 500, &slots, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(reg_promote(c, s->event, slots[i].occ));
	}
	return OK;
}

/* ---- dates ------------------------------------------------------------------------------------------------------------ */

enum err reg_slot_get(const struct reg_ctx *c, int64_t event, int64_t occ, struct reg_slot *out)
{
	struct reg_slot_row row;

	TRY(reg_slot_row(c->db, event, occ, c->mem, &row));
	*out = reg_slot_of_row(&row);
	return OK;
}

static bool same(struct opt_int a, struct opt_int b)
{
	return a.has == b.has && (!a.has || a.v == b.v);
}

enum err reg_slot_open(const struct reg_ctx *c, const struct reg_setup *s, int64_t occ, struct opt_int starts_at,
		       struct opt_int ends_at, struct reg_slot *out)
{
	enum err err = reg_slot_get(c, s->event, occ, out);
	struct opt_int erase_at = {0};

	if (err == OK && same(out->starts_at, starts_at) && same(out->ends_at, ends_at)) {
		return OK;
	}
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	if (ends_at.has) {
		erase_at = (struct opt_int){true, ends_at.v + s->keep_days * TIME_DAY};
	}
	TRY(reg_slot_write(c->db, &(struct reg_slot_write_in){
					  .event = s->event,
					  .occ = occ,
					  .starts_at = starts_at,
					  .ends_at = ends_at,
					  .capacity = s->capacity,
					  .secret = crypt_token(c->mem, SECRET_BYTES),
					  .erase_at = erase_at,
				  }));
	return reg_slot_get(c, s->event, occ, out);
}

enum err reg_slots(const struct reg_ctx *c, int64_t event, size_t max, struct reg_slot **out, size_t *n)
{
	struct reg_slot_row *rows;

	TRY(reg_slot_rows(c->db, event, (int64_t)max, c->mem, &rows, n));
	*out = mem_array(c->mem, struct reg_slot, *n);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = reg_slot_of_row(&rows[i]);
	}
	return OK;
}

/* ---- registrations ---------------------------------------------------------------------------------------------------- */

enum err reg_get(const struct reg_ctx *c, int64_t id, struct registration *out)
{
	struct reg_row row;

	TRY(reg_row(c->db, id, c->mem, &row));
	*out = reg_of_row(c, &row);
	return OK;
}

struct each {
	const struct reg_ctx *c;
	enum err (*fn)(void *arg, const struct registration *r);
	void *arg;
};

static enum err each_row(void *arg, const struct reg_row *row)
{
	struct each *e = arg;
	struct registration r = reg_of_row(e->c, row);

	return e->fn(e->arg, &r);
}

enum err reg_each(const struct reg_ctx *c, int64_t event, int64_t occ,
		  enum err (*fn)(void *arg, const struct registration *r), void *arg)
{
	return reg_rows(c->db, event, occ, c->mem, each_row, &(struct each){c, fn, arg});
}

enum err reg_count(const struct reg_ctx *c, int64_t event, int64_t occ, struct reg_counts *out)
{
	struct reg_counts_row *rows;
	size_t n;

	*out = (struct reg_counts){0};
	TRY(reg_counts(c->db, event, occ, c->mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state >= 0 && rows[i].state <= REG_LAPSED) {
			out->n[rows[i].state] = rows[i].total;
			out->places[rows[i].state] = rows[i].places;
		}
	}
	return OK;
}

static struct str mail_hash(const struct reg_ctx *c, int64_t event, int64_t occ, struct str mail)
{
	struct crypt_key key;
	struct str text =
		str_fmt(c->mem, "%lld %lld %.*s", (long long)event, (long long)occ, STR_ARG(str_lower(c->mem, mail)));

	key_of(c, "registration mail", &key);
	return crypt_keyed_hash(c->mem, &key, text, HASH_BYTES);
}

enum err reg_ask(const struct reg_ctx *c, const struct reg_setup *s, const struct reg_slot *slot,
		 const struct reg_ask *ask, struct registration *out, bool *again)
{
	struct str hash = mail_hash(c, s->event, slot->occ, ask->mail);
	struct reg_insert_row made;
	struct reg_row row;

	if (ask->places < 1 || ask->places > s->per_person || !ask->name.n) {
		return E_INVALID;
	}
	if (reg_may_ask(s, slot, ask->invited, c->now) != REG_FINE) {
		return E_DENIED;
	}
	enum err err = reg_insert(c->db,
				  &(struct reg_insert_in){
					  .event = s->event,
					  .occ = slot->occ,
					  .places = ask->places,
					  .mail = reg_seal(c, ask->mail),
					  .mail_hash = hash,
					  .name = reg_seal(c, ask->name),
					  .answers = ask->answers.n ? reg_seal(c, ask->answers) : STR_NONE,
					  .lang = ask->lang,
					  .nonce = crypt_token(c->mem, NONCE_BYTES),
					  .held = c->site->raid,
					  .now = c->now,
				  },
				  c->mem, &made);
	*again = err == E_NOTFOUND; /* the address is there already */
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	TRY(reg_row_by_mail(c->db, s->event, slot->occ, hash, c->mem, &row));
	*out = reg_of_row(c, &row);
	return OK;
}

/* ---- signed addresses --------------------------------------------------------------------------------------------------- */

struct str reg_token(const struct reg_ctx *c, const struct registration *r)
{
	return crypt_sign(c->mem, &c->site->key, TOKEN_PURPOSE,
			  str_fmt(c->mem, "%lld %.*s", (long long)r->id, STR_ARG(r->nonce)), 0);
}

enum err reg_by_token(const struct reg_ctx *c, struct str token, struct registration *out)
{
	struct str payload, id_text;
	int64_t id;

	if (crypt_verify(c->mem, &c->site->key, TOKEN_PURPOSE, token, c->now, &payload) != OK) {
		return E_NOTFOUND;
	}
	id_text = str_cut(&payload, ' ');
	if (!str_to_i64(id_text, &id)) {
		return E_NOTFOUND;
	}
	TRY(reg_get(c, id, out));
	return str_eq(out->nonce, payload) ? OK : E_NOTFOUND;
}

static struct str invitation_payload(const struct reg_ctx *c, int64_t event, struct str mail)
{
	return str_fmt(c->mem, "%lld %.*s", (long long)event, STR_ARG(mail_hash(c, event, 0, mail)));
}

struct str reg_invitation(const struct reg_ctx *c, int64_t event, struct str mail, int64_t until)
{
	return crypt_sign(c->mem, &c->site->key, INVITE_PURPOSE, invitation_payload(c, event, mail), until);
}

bool reg_invitation_ok(const struct reg_ctx *c, int64_t event, struct str mail, struct str token)
{
	struct str payload;

	return crypt_verify(c->mem, &c->site->key, INVITE_PURPOSE, token, c->now, &payload) == OK &&
	       str_eq(payload, invitation_payload(c, event, mail));
}
