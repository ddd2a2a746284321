/*
 * The mails of a registration, one for each step, in the person's language. Organisers may write their own body for a step, with
 * {title}, {when}, {page}, {link} and {until} where the facts go; the person's page is always there, added at the end when
 * their words forget it. Names are not in them, so that no copy of the queue tells who comes.
 */
#include "../../core/mail.h"
#include "../../entity/tree.h"
#include "registration.sql.h"
#include "registration_pages.h"
#include "registration_private.h"

enum { BODY_MAX = 64 * 1024 };

struct step_words {
	const char *name, *subject, *body;
};

static const struct step_words steps[REG_STEPS] = {
	[REG_MAIL_ASKED] = {"asked", N_("Confirm your registration: {title}"),
			    N_("Hello,\n\nYou asked to come to “{title}”, {when}.\n\nOne step remains: open "
			       "this page and confirm.\n\n{page}\n\n"
			       "You did not ask for anything? Then do nothing: what was sent is erased in two days.\n")},
	[REG_MAIL_AGAIN] = {"again", N_("Your registration: {title}"),
			    N_("Hello,\n\nSomebody, you no doubt, asked again to come to “{title}”, {when}. You had registered already: here is your page once "
			       "more.\n\n{page}\n")},
	[REG_MAIL_CONFIRMED] = {"confirmed", N_("You are registered: {title}"),
				N_("Hello,\n\nYour registration for “{title}”, {when}, is confirmed.\n\nOn "
				   "this page, which is yours alone, you can see it, change it, "
				   "cancel it, add it to your calendar or have it erased:\n\n{page}\n")},
	[REG_MAIL_PENDING] = {"pending", N_("We have received your registration: {title}"),
			      N_("Hello,\n\nThank you for registering for “{title}”, {when}. The organisers "
			         "look at each registration and will answer you.\n\n"
				 "To see where it stands, change it or take it back:\n\n{page}\n")},
	[REG_MAIL_WAITING] = {"waiting", N_("You are on the waiting list: {title}"),
			      N_("Hello,\n\nAll places for “{title}”, {when}, are taken for now. You are on "
			         "the waiting list: as soon as a place is free, "
				 "we write to you.\n\nTo see where you stand, or to leave the list:\n\n{page}\n")},
	[REG_MAIL_OFFERED] = {"offered", N_("A place is free for you: {title}"),
			      N_("Hello,\n\nA place for “{title}”, {when}, is free and kept for you until "
			         "{until}.\n\nTake it, or leave it to somebody else, on this "
				 "page:\n\n{page}\n")},
	[REG_MAIL_DECLINED] = {"declined", N_("About your registration: {title}"),
			       N_("Hello,\n\nWe are sorry: your registration for “{title}”, {when}, could not be accepted.\n\n{page}\n")},
	[REG_MAIL_CANCELLED] = {"cancelled", N_("Your registration is cancelled: {title}"),
				N_("Hello,\n\nYour registration for “{title}”, {when}, is cancelled, as you "
				   "asked. Your place goes to somebody else.\n\n"
				   "To have what we know about it erased at once:\n\n{page}\n")},
	[REG_MAIL_REMINDER] = {"reminder", N_("Soon: {title}"),
			       N_("Hello,\n\nA reminder: “{title}” takes place {when}.\n\nYou cannot come? "
			          "Tell us here, so that somebody else can take your place:\n\n"
				  "{page}\n")},
	[REG_MAIL_LINK] = {"link", N_("How to connect: {title}"),
			   N_("Hello,\n\nHere is how to join “{title}”, {when}:\n\n{link}\n\nIt is for you: "
			      "please do not pass it on. Your page:\n\n{page}\n")},
	[REG_MAIL_MOVED] = {"moved", N_("A change: {title}"),
			    N_("Hello,\n\n“{title}” has changed: it now takes place {when}. See the details, "
			       "or cancel if you can no longer come:\n\n{page}\n")},
	[REG_MAIL_EVENT_CANCELLED] = {"event_cancelled", N_("Cancelled: {title}"),
				      N_("Hello,\n\nWe are sorry to tell you that “{title}”, {when}, will not "
				         "take place as planned.\n\n{page}\n")},
	[REG_MAIL_LAPSED] = {"lapsed", N_("The place was given to somebody else: {title}"),
			     N_("Hello,\n\nThe place for “{title}”, {when}, that was kept for you has gone to "
			        "the next person on the list. You may ask again on this "
				"page:\n\n{page}\n")},
};

const char *reg_step_name(enum reg_step step)
{
	return step < REG_STEPS ? steps[step].name : NULL;
}

/* A request of nobody, in the person's language: what words and links ask for. */
static void speak(const struct reg_ctx *c, struct str lang, struct req *rq)
{
	int at = site_lang_index(lang);

	*rq = (struct req){.mem = c->mem, .db = c->db, .method = GET, .now = c->now, .site = c->site};
	rq->lang = site_langs[at >= 0 ? at : 0];
	rq->i18n = lang_catalogue(rq->lang);
}

/* Replaces {name} by each piece, in one pass: what organisers or titles say is never read again for pieces. */
static struct str fill(struct mem *m, struct str text, size_t n, const struct str pieces[][2])
{
	struct buf b = buf_make(m, BODY_MAX);

	while (text.n) {
		ptrdiff_t at = str_chr(text, '{');
		struct str rest = at >= 0 ? str_sub(text, (size_t)at, text.n) : S("");
		size_t i = 0;

		buf_put(&b, at >= 0 ? str_sub(text, 0, (size_t)at) : text);
		for (; rest.n && i < n; i++) {
			if (rest.n > pieces[i][0].n + 1 && str_starts(str_sub(rest, 1, rest.n), pieces[i][0]) && rest.p[pieces[i][0].n + 1] == '}') {
				buf_put(&b, pieces[i][1]);
				rest = str_sub(rest, pieces[i][0].n + 2, rest.n);
				break;
			}
		}
		if (rest.n && i == n) {
			buf_put(&b, S("{"));
			rest = str_sub(rest, 1, rest.n);
		}
		text = rest;
	}
	return buf_str(&b);
}

/* In the event's own zone. */
static enum err when_words(struct req *rq, const struct reg_slot *slot, struct str *out)
{
	struct event_occurrence *at;
	size_t n;

	if (!slot->starts_at.has) {
		*out = str_of(T(rq, N_("on a date to be decided")));
		return OK;
	}
	TRY(event_occurrences(rq->db, rq->mem, slot->event, slot->starts_at.v - 1, 8, &at, &n));
	for (size_t i = 0; i < n; i++) {
		if (at[i].from == slot->starts_at.v) {
			*out = reg_when(rq, &at[i]);
			return OK;
		}
	}
	*out = words_datetime(rq, slot->starts_at.v);
	return OK;
}

enum err reg_mail_text(const struct reg_ctx *c, const struct registration *r, enum reg_step step, struct str own, struct str *subject,
		       struct str *body)
{
	struct req rq;
	struct object event;
	struct reg_slot slot;

	speak(c, r->lang, &rq);
	TRY(object_by_id(c->db, c->mem, r->event, &event));
	TRY(reg_slot_get(c, r->event, r->occ, &slot));
	struct str when;
	TRY(when_words(&rq, &slot, &when));
	struct str page = link_absolute(&rq, link_to(&rq, "/registration/:token", reg_token(c, r))).s;
	const struct str pieces[][2] = {
		{S("title"), event.title},
		{S("when"), when},
		{S("page"), page},
		{S("link"), S(MAIL_SECRET_MARK)},
		{S("until"), r->offer_until.has ? words_datetime(&rq, r->offer_until.v) : S("")},
	};
	struct str words = own.n ? own : str_of(T(&rq, steps[step].body));

	*subject = fill(c->mem, str_of(T(&rq, steps[step].subject)), COUNT(pieces), pieces);
	*body = fill(c->mem, words, COUNT(pieces), pieces);
	if (str_find(words, S("{page}")) < 0) {
		*body = str_fmt(c->mem, "%.*s\n\n%.*s\n", STR_ARG(*body), STR_ARG(page));
	}
	return OK;
}

/* What organisers wrote for a step, in the language or in the one they wrote; NULL p: our words serve. */
static struct str own_words(const struct reg_ctx *c, int64_t event, enum reg_step step, struct str lang)
{
	struct reg_setup s;
	struct json all;
	const struct json *of;

	if (reg_setup_get(c, event, &s) != OK || json_parse(c->mem, s.templates, &all, NULL) != OK) {
		return STR_NONE;
	}
	of = json_get(&all, steps[step].name);
	return json_str(tree_get(of, lang));
}

static enum err send(const struct reg_ctx *c, const struct registration *r, enum reg_step step, int64_t secret_of, int64_t *id)
{
	struct reg_slot slot;
	struct mail mail = {.to = r->mail, .lang = r->lang, .purpose = "registration", .secret_of = secret_of};

	TRY(reg_mail_text(c, r, step, own_words(c, r->event, step, r->lang), &mail.subject, &mail.body));
	TRY(reg_slot_get(c, r->event, r->occ, &slot));
	mail.erase_at = slot.erase_at.has ? slot.erase_at.v : 0;
	return mail_queue_id(c->db, c->mem, c->site, &mail, id);
}

enum err reg_mail(const struct reg_ctx *c, const struct registration *r, enum reg_step step)
{
	int64_t id;

	if (step == REG_MAIL_LINK) {
		struct reg_setup s;

		TRY(send(c, r, step, r->id, &id));
		TRY(reg_setup_get(c, r->event, &s));
		return reg_link_sent(c->db, r->id, s.link_version, id);
	}
	return send(c, r, step, 0, &id);
}

/* What the vault puts in the mail as it leaves. The link as it is now: changed a minute ago, the new one goes out. */
enum err reg_mail_secret(struct db *db, struct mem *m, const struct site *site, int64_t registration, struct str lang, int64_t now, struct str *out)
{
	struct reg_ctx c = {db, m, site, now};
	struct registration r;
	struct reg_setup s;
	struct reg_slot slot;
	struct req rq;

	TRY(reg_get(&c, registration, &r));
	TRY(reg_setup_get(&c, r.event, &s));
	TRY(reg_slot_get(&c, r.event, r.occ, &slot));
	if (!reg_link_due(&s, &slot, &r, now)) {
		return E_NOTFOUND;
	}
	if (s.link_personal) {
		speak(&c, lang, &rq);
		*out = link_absolute(&rq, link_to(&rq, "/registration/:token/join", reg_token(&c, &r))).s;
		return OK;
	}
	return reg_link_open(&c, &s, out);
}
