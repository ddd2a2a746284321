/*
 * Words about a page: reporting a mistake, claiming the page of one's own group, writing to an actor. No account; a trap for
 * machines and the pace of proposals protect all three.
 */
#include "../../base/limits.h"
#include "../../base/url.h"
#include "../../core/account.h"
#include "../../core/mail.h"
#include "../../crypt/crypt.h"
#include "../../base/time.h"
#include "../../web/site.h"
#include "../../core/reach.h"
#include "desk.h"
#include "desk_note.html.h"

enum { CLAIM_DAYS = 7, MESSAGES_AN_HOUR = 10 };
#define CLAIM_PURPOSE "claim"

const struct report_kind report_kinds[] = {
	{"mistake", N_("Something is wrong")},
	{"closed",  N_("It has closed or ended")},
	{"harmful", N_("It puts somebody at risk, or is harmful")},
	{"right",   N_("It is all still right")},
	{"other",   N_("Something else")},
};
const size_t report_kinds_n = COUNT(report_kinds);

static enum err get(struct req *rq, const char *rest, struct note_page *p)
{
	struct str text = str_trim(req_form(rq, "text")), mail = str_trim(req_form(rq, "proposer_mail"));

	*p = (struct note_page){.text = text.p ? text : S(""), .mail = mail.p ? mail : S(""), .name = S(""), .kind = S("")};
	TRY(desk_object(rq, &p->ob));
	if (p->ob.status != ST_PUBLISHED && p->ob.status != ST_ARCHIVED) {
		return E_NOTFOUND;
	}
	if (req_form(rq, "proposer_name").n) {
		p->name = str_trim(req_form(rq, "proposer_name"));
	}
	p->action = desk_link(rq, p->ob.entity, rest, p->ob.slug);
	p->back = object_url(rq, &p->ob);
	req_page(rq)->nav = p->ob.entity->room + 1;
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return OK;
}

static void check(struct note_page *p, bool mail_needed, size_t text_min)
{
	if (p->mail.n ? !mail_address_ok(p->mail) : mail_needed) {
		p->mail_error = N_("Write your e-mail address in full, like name@example.org.");
	}
	if (p->text.n < text_min) {
		p->text_error = N_("Write a few words, so that it can be understood.");
	} else if (p->text.n > LIMIT_NOTE || p->name.n > 400) {
		p->text_error = N_("This is too long: keep to what matters most.");
	}
}

static enum err done(struct req *rq, struct note_page *p, const char *sentence)
{
	req_notice(rq, "ok", str_of(T(rq, sentence)));
	return redirect(rq, p->back);
}

/* ---- reports --------------------------------------------------------------------------------------------------------- */

static enum err report_show(struct req *rq, struct note_page *p)
{
	return page(rq, str_of(T(rq, N_("Report a mistake"))), report_view, p);
}

enum err desk_report(struct req *rq)
{
	struct note_page p;

	TRY(get(rq, "/:slug/report", &p));
	return report_show(rq, &p);
}

static const struct report_kind *kind_of(struct str word)
{
	for (size_t i = 0; i < report_kinds_n; i++) {
		if (str_eq(word, str_of(report_kinds[i].word))) {
			return &report_kinds[i];
		}
	}
	return NULL;
}

enum err desk_report_post(struct req *rq)
{
	struct note_page p;
	struct str token;

	TRY(get(rq, "/:slug/report", &p));
	if (desk_is_trap(rq)) {
		return done(rq, &p, N_("Thank you. A moderator will look at it."));
	}
	const struct report_kind *kind = kind_of(req_form(rq, "kind"));
	p.kind = kind ? str_of(kind->word) : S("");
	check(&p, false, kind && !str_eq(p.kind, S("mistake")) && !str_eq(p.kind, S("other")) ? 0 : 3);
	if (!kind) {
		p.text_error = N_("Choose what it is about, and say it in a few words.");
	}
	if (p.mail_error || p.text_error) {
		req_status(rq, 422);
		return report_show(rq, &p);
	}
	struct proposal r = {.type = PROP_REPORT, .object_id = p.ob.id, .base_version = p.ob.version, .mail = p.mail,
			     .lang = str_of(rq->lang), .account = rq->who.account,
			     .note = str_fmt(rq->mem, "%s\n%.*s", T(rq, kind->label), STR_ARG(p.text))};
	TRY(proposal_create(rq->db, rq->mem, &r, rq->now, &token));
	TRY(desk_mail_received(rq, &r, p.ob.title, token));
	return done(rq, &p, N_("Thank you. A moderator will look at it."));
}

/* ---- claims ---------------------------------------------------------------------------------------------------------- */

static enum err claim_show(struct req *rq, struct note_page *p)
{
	return page(rq, str_of(T(rq, N_("This is us"))), claim_view, p);
}

enum err desk_claim(struct req *rq)
{
	struct note_page p;

	TRY(get(rq, "/:slug/claim", &p));
	return claim_show(rq, &p);
}

/* Mail domains that anybody may have an address on: they prove nothing. */
static bool is_common(struct str domain)
{
	static const char *const common[] = {
		"gmail.com", "googlemail.com", "hotmail.com", "hotmail.fr", "hotmail.es", "outlook.com", "outlook.fr", "outlook.es", "live.com",
		"live.fr", "msn.com", "yahoo.com", "yahoo.fr", "yahoo.es", "yahoo.com.br", "ymail.com", "icloud.com", "me.com", "aol.com",
		"orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr", "numericable.fr", "riseup.net",
		"proton.me", "protonmail.com", "protonmail.ch", "pm.me", "gmx.fr", "gmx.com", "gmx.net", "gmx.es", "web.de", "mailo.com",
		"posteo.net", "posteo.de", "tutanota.com", "tuta.io", "tuta.com", "disroot.org", "autistici.org", "no-log.org", "zaclys.net",
		"ik.me", "infomaniak.com", "mailfence.com", "zoho.com", "fastmail.com", "sapo.pt", "uol.com.br", "bol.com.br", "terra.com.br",
		"telefonica.net", "libero.it", "skynet.be", "telenet.be", "proximus.be", "bluewin.ch", "hey.com", "netcourrier.com", "ntymail.com",
	};

	for (size_t i = 0; i < COUNT(common); i++) {
		if (str_eq(domain, str_of(common[i]))) {
			return true;
		}
	}
	return false;
}

static struct str domain_of(struct mem *m, struct str mail)
{
	ptrdiff_t at = str_chr(mail, '@');

	return at < 0 ? S("") : str_lower(m, str_sub(mail, (size_t)at + 1, mail.n));
}

/* One text of the page: an address equal to the claimer's, or on a domain that is not everybody's. */
static bool text_proves(struct mem *m, struct str text, struct str mail, struct str domain)
{
	struct url u;

	text = str_trim(text);
	if (str_eq(str_lower(m, text), str_lower(m, mail))) {
		return true;
	}
	if (!domain.n || is_common(domain)) {
		return false;
	}
	if (mail_address_ok(text)) {
		return str_eq(domain_of(m, text), domain);
	}
	return url_parse(m, text, &u) == OK && str_eq(url_site(m, u), domain);
}

/* Looks at contacts and links only: a text about somebody else proves nothing. */
static bool proves(struct mem *m, const struct object *ob, struct str mail)
{
	static const char *const groups[] = {"contacts", "links"};
	static const char *const members[] = {"value", "url"};
	struct str domain = domain_of(m, mail);

	for (size_t g = 0; g < COUNT(groups); g++) {
		const struct json *list = json_get(ob->doc.j, groups[g]);
		for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
			struct str text = json_str(json_get(&list->items[i], members[g]));
			if (text.n && text_proves(m, text, mail, domain)) {
				return true;
			}
		}
	}
	return false;
}

static enum err send_key(struct req *rq, const struct note_page *p)
{
	struct str payload = str_fmt(rq->mem, "%lld %.*s", (long long)p->ob.id, STR_ARG(p->mail));
	struct str token = crypt_sign(rq->mem, &rq->site->key, CLAIM_PURPOSE, payload, rq->now + CLAIM_DAYS * TIME_DAY);
	struct str body = T_FMT(rq, N_("Hello,\n\nTo keep the page “{title}” on {site} yourselves, follow this link within seven days and press the button:\n\n"
				       "{link}\n\nYou did not ask for it? Then do nothing.\n"),
				{S("title"), p->ob.title}, {S("site"), site_text_in(rq->site, &rq->site->name, rq->lang)},
				{S("link"), link_absolute(rq, link_to(rq, "/desk/claim/:token", token)).s});

	return mail_queue(rq->db, rq->mem, rq->site,
			  &(struct mail){.to = p->mail, .lang = str_of(rq->lang), .purpose = "claim",
					 .subject = T_FMT(rq, N_("Your page “{title}”"), {S("title"), p->ob.title}), .body = body});
}

enum err desk_claim_post(struct req *rq)
{
	struct note_page p;
	struct str token;

	TRY(get(rq, "/:slug/claim", &p));
	if (desk_is_trap(rq)) {
		p.done = true;
		return claim_show(rq, &p);
	}
	check(&p, true, 0);
	if (p.mail_error || p.text_error) {
		req_status(rq, 422);
		return claim_show(rq, &p);
	}
	if (proves(rq->mem, &p.ob, p.mail)) {
		TRY(send_key(rq, &p));
	} else {
		struct proposal c = {.type = PROP_CLAIM, .object_id = p.ob.id, .base_version = p.ob.version, .mail = p.mail, .name = p.name,
				     .note = p.text, .lang = str_of(rq->lang), .account = rq->who.account};
		TRY(proposal_create(rq->db, rq->mem, &c, rq->now, &token));
		TRY(desk_mail_received(rq, &c, p.ob.title, token));
	}
	/* The same answer in both cases: it does not tell which addresses the page holds. */
	p.done = true;
	return claim_show(rq, &p);
}

static enum err read_key(struct req *rq, struct note_page *p)
{
	struct str payload, id_text;
	int64_t id;

	*p = (struct note_page){.mail = S(""), .action = link_to(rq, "/desk/claim/:token", req_param(rq, "token"))};
	if (crypt_verify(rq->mem, &rq->site->key, CLAIM_PURPOSE, req_param(rq, "token"), rq->now, &payload) != OK) {
		return problem(rq, E_NOTFOUND, N_("This link is over. Ask for another one on the page itself."));
	}
	id_text = str_cut(&payload, ' ');
	p->mail = payload;
	if (!str_to_i64(id_text, &id)) {
		return E_NOTFOUND;
	}
	TRY(object_by_id(rq->db, rq->mem, id, &p->ob));
	p->back = object_url(rq, &p->ob);
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return OK;
}

enum err desk_claim_link(struct req *rq)
{
	struct note_page p;

	TRY(read_key(rq, &p));
	return page(rq, p.ob.title, claim_key_view, &p);
}

enum err desk_claim_link_post(struct req *rq)
{
	struct note_page p;
	struct account a;

	TRY(read_key(rq, &p));
	enum err err = account_by_mail(rq->db, rq->mem, rq->site, p.mail, &a);
	if (err == E_NOTFOUND) {
		a.role = ROLE_EDITOR;
		err = account_create(rq->db, rq->mem, rq->site, p.mail, S(""), str_of(rq->lang), ROLE_EDITOR, rq->now, &a.id);
	}
	TRY(err);
	if (a.role < ROLE_EDITOR) {
		TRY(account_set_role(rq->db, a.id, ROLE_EDITOR));
	}
	TRY(account_own(rq->db, a.id, p.ob.id, rq->now));
	req_notice(rq, "ok", str_of(T(rq, N_("This page is yours to keep. Sign in with your address to edit it."))));
	return redirect(rq, link_add(rq->mem, link_plain(rq, "/account/sign-in"), "next",
				     desk_link(rq, p.ob.entity, "/:slug/edit", p.ob.slug).s));
}

/* ---- writing to an actor --------------------------------------------------------------------------------------------- */

struct str desk_mail_of(const struct object *ob)
{
	return object_mail(ob);
}

static enum err contact_get(struct req *rq, struct note_page *p)
{
	TRY(get(rq, "/:slug/contact", p));
	if (p->ob.status != ST_PUBLISHED || !desk_mail_of(&p->ob).p) {
		return problem(rq, E_NOTFOUND, N_("There is no address to write to here."));
	}
	return OK;
}

static enum err contact_show(struct req *rq, struct note_page *p)
{
	return page(rq, T_FMT(rq, N_("Write to {title}"), {S("title"), p->ob.title}), contact_view, p);
}

enum err desk_contact(struct req *rq)
{
	struct note_page p;

	TRY(contact_get(rq, &p));
	return contact_show(rq, &p);
}

enum err desk_contact_post(struct req *rq)
{
	struct note_page p;

	TRY(contact_get(rq, &p));
	if (desk_is_trap(rq)) {
		return done(rq, &p, N_("Your message is on its way."));
	}
	check(&p, true, 10);
	if (p.mail_error || p.text_error) {
		req_status(rq, 422);
		return contact_show(rq, &p);
	}
	if (req_too_often(rq, "contact", MESSAGES_AN_HOUR)) {
		return problem(rq, E_LIMIT, N_("You have written a lot within an hour. Please go on later."));
	}
	struct req *in = desk_in(rq, p.ob.lang);
	struct str name = p.name.n ? p.name : p.mail;
	struct str body = T_FMT(in, N_("Hello,\n\n{name} wrote to you through the page “{title}” of {site}. Answer this mail to answer them.\n\n"
				       "----\n{text}\n----\n\nYour address was not shown. The page: {page}\n"),
				{S("name"), name}, {S("title"), p.ob.title}, {S("site"), site_text_in(rq->site, &rq->site->name, in->lang)},
				{S("text"), p.text}, {S("page"), link_absolute(rq, object_url(in, &p.ob)).s});
	TRY(mail_queue(rq->db, rq->mem, rq->site,
		       &(struct mail){.to = desk_mail_of(&p.ob), .lang = str_of(in->lang), .purpose = "contact", .body = body, .reply_to = p.mail,
				      .subject = T_FMT(in, N_("A message through {site}"), {S("site"), site_text_in(rq->site, &rq->site->name, in->lang)})}));
	return done(rq, &p, N_("Your message is on its way."));
}
