/*
 * Signing in and out: a mailed link, or a password, and the second factor of those who moderate.
 */
#include "../../base/time.h"
#include "../../base/url.h"
#include "../../core/mail.h"
#include "../../crypt/crypt.h"
#include "../../web/session.h"
#include "account.h"
#include "account_pages.h"
#include "account_sign_in.html.h"

enum { LINK_SECONDS = 3600, SETUP_SECONDS = 7 * 24 * 3600, TRIES_AN_HOUR = 20, COOKIE_SECONDS = SESSION_DAYS * 24 * 3600 };

/* A path of ours to go back to after signing in, or empty: never another site's. */
static struct str next_of(struct req *rq, struct str next)
{
	struct url u;

	return next.p && url_local(rq->mem, next, &u) == OK ? u.s : S("");
}

static enum err go_next(struct req *rq, struct str next)
{
	struct url to;

	return redirect(rq, next.p && url_local(rq->mem, next, &to) == OK ? to : link_plain(rq, "/account"));
}

static enum err sign_in_again(struct req *rq, struct sign_in_page *p, const char *error)
{
	p->error = error;
	req_status(rq, 422);
	return page(rq, str_of(T(rq, N_("Sign in"))), sign_in_view, p);
}

static enum err sign_in(struct req *rq)
{
	struct sign_in_page p = {.mail = S(""), .next = next_of(rq, req_query(rq, "next"))};

	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return page(rq, str_of(T(rq, N_("Sign in"))), sign_in_view, &p);
}

enum err account_send_link(struct req *rq, struct str mail, int64_t account, struct str next, const char *lang)
{
	struct str token, url, body;

	TRY(account_once_make(rq->db, rq->mem, rq->site, "sign-in", account, rq->now, LINK_SECONDS, &token));
	url = link_absolute(rq, link_add(rq->mem, link_to(rq, "/account/enter/:token", token), "next", next)).s;
	body = T_fmt(rq, N_("Hello,\n\nTo sign in to {site}, follow this link. It works once, for one hour:\n\n{link}\n\n"
			    "You did not ask for it? Then do nothing: nobody gets in without it.\n"),
		     2, (const struct str[][2]){{S("site"), site_text_in(rq->site, &rq->site->name, rq->lang)}, {S("link"), url}});
	return mail_queue(rq->db, rq->mem, rq->site,
			  &(struct mail){
				  .to = mail,
				  .lang = str_of(lang),
				  .purpose = "sign-in",
				  .subject = str_of(T(rq, N_("Your link to sign in"))),
				  .body = body,
			  });
}

static enum err start_session(struct req *rq, int64_t account, bool second_factor)
{
	struct str token;

	TRY(session_start(rq->db, rq->mem, rq->site, account, req_header(rq, "User-Agent"), second_factor, rq->now, &token));
	session_cookie_set(rq, token, COOKIE_SECONDS);
	return OK;
}

static enum err by_password(struct req *rq, struct sign_in_page *p)
{
	struct account a;
	enum err e;

	p->with_password = true;
	TRY(req_begin(rq, true));
	e = account_by_mail(rq->db, rq->mem, rq->site, p->mail, &a);
	if (e == OK) {
		e = account_check_password(rq->db, rq->mem, a.id, req_form(rq, "password"));
	} else if (e == E_NOTFOUND) {
		struct str wasted;

		/* As long as for an account that exists, so that the time tells nothing. */
		e = crypt_password_hash(rq->mem, S("no such account"), &wasted) == OK ? E_DENIED : E_BUSY;
	}
	if (e == E_DENIED) {
		return sign_in_again(rq, p, N_("This address and this password do not go together. Try again, or ask for a link."));
	}
	TRY(e);
	TRY(start_session(rq, a.id, false));
	return go_next(rq, p->next);
}

static enum err sign_in_post(struct req *rq)
{
	struct sign_in_page p = {.mail = str_trim(req_form(rq, "mail")), .next = next_of(rq, req_form(rq, "next"))};
	struct account a;
	enum err e;

	req_page(rq)->body_class = "page-narrow";
	if (!mail_address_ok(p.mail)) {
		TRY(req_begin(rq, false));
		return sign_in_again(rq, &p, N_("Write your e-mail address in full, like name@example.org."));
	}
	if (req_too_often(rq, "sign-in", TRIES_AN_HOUR)) {
		return problem(rq, E_LIMIT, N_("Too many tries. Please wait an hour."));
	}
	if (str_eq(req_form(rq, "way"), S("password"))) {
		return by_password(rq, &p);
	}
	TRY(req_begin(rq, true));
	e = account_by_mail(rq->db, rq->mem, rq->site, p.mail, &a);
	if (e == OK) {
		TRY(account_send_link(rq, a.mail, a.id, p.next, rq->lang));
	} else if (e != E_NOTFOUND) {
		return e;
	}
	/* The same answer whether or not there is such an account. */
	return page(rq, str_of(T(rq, N_("Look in your mail"))), sign_in_sent, &p);
}

static enum err enter(struct req *rq)
{
	struct str token = req_param(rq, "token");
	struct enter_page p = {.action = link_add(rq->mem, link_to(rq, "/account/enter/:token", token), "next", req_query(rq, "next"))};
	int64_t account;
	enum err e = account_once_peek(rq->db, rq->mem, rq->site, "sign-in", token, rq->now, &account);

	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	if (e == E_NOTFOUND) {
		return problem(rq, E_NOTFOUND, N_("This link has been used or is over. Ask for another one."));
	}
	TRY(e);
	return page(rq, str_of(T(rq, N_("Sign in"))), enter_view, &p);
}

static enum err enter_post(struct req *rq)
{
	int64_t account;
	enum err e = account_once_use(rq->db, rq->mem, rq->site, "sign-in", req_param(rq, "token"), rq->now, &account);

	if (e == E_NOTFOUND) {
		return problem(rq, E_NOTFOUND, N_("This link has been used or is over. Ask for another one."));
	}
	TRY(e);
	TRY(start_session(rq, account, false));
	return go_next(rq, req_query(rq, "next"));
}

enum err account_first_admin(struct db *db, struct mem *m, const struct site *site, struct str *path)
{
	bool there = false;
	struct str token;

	TRY(account_has_admin(db, m, &there));
	if (there) {
		return E_CONFLICT;
	}
	TRY(account_once_make(db, m, site, "first-admin", 0, time_now(), SETUP_SECONDS, &token));
	*path = str_fmt(m, "/%s/account/setup/%.*s", site->n_langs ? site->langs[0] : "fr", STR_ARG(token));
	return OK;
}

static enum err setup(struct req *rq)
{
	struct str token = req_param(rq, "token");
	struct enter_page p = {.action = link_to(rq, "/account/setup/:token", token), .first_admin = true, .mail = S(""), .name = S("")};
	int64_t none;
	enum err e = account_once_peek(rq->db, rq->mem, rq->site, "first-admin", token, rq->now, &none);

	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	if (e == E_NOTFOUND) {
		return problem(rq, E_NOTFOUND, N_("This link has been used or is over. Start the server again for another one."));
	}
	TRY(e);
	return page(rq, str_of(T(rq, N_("Welcome: this site is yours"))), enter_view, &p);
}

static enum err setup_post(struct req *rq)
{
	struct str token = req_param(rq, "token"), mail = str_trim(req_form(rq, "mail"));
	struct enter_page p = {.action = link_to(rq, "/account/setup/:token", token), .first_admin = true, .mail = mail,
			       .name = req_form(rq, "name")};
	int64_t none, id;
	bool there;
	enum err e = account_once_peek(rq->db, rq->mem, rq->site, "first-admin", token, rq->now, &none);

	TRY(account_has_admin(rq->db, rq->mem, &there));
	if (e == E_NOTFOUND || there) {
		return problem(rq, E_NOTFOUND, N_("This link has been used or is over. Start the server again for another one."));
	}
	TRY(e);
	e = account_create(rq->db, rq->mem, rq->site, mail, p.name, str_of(rq->lang), ROLE_ADMIN, rq->now, &id);
	if (e == E_INVALID) {
		p.error = N_("Write your e-mail address in full, like name@example.org.");
		req_status(rq, 422);
		return page(rq, str_of(T(rq, N_("Welcome: this site is yours"))), enter_view, &p);
	}
	TRY(e);
	TRY(account_once_use(rq->db, rq->mem, rq->site, "first-admin", token, rq->now, &none));
	TRY(start_session(rq, id, false));
	return redirect(rq, link_plain(rq, "/account/totp"));
}

static enum err code(struct req *rq)
{
	struct code_page p = {.next = next_of(rq, req_query(rq, "next"))};
	struct account a;

	req_page(rq)->body_class = "page-narrow";
	TRY(account_get(rq->db, rq->mem, rq->site, rq->who.account, &a));
	if (!a.has_totp) {
		return redirect(rq, link_plain(rq, "/account/totp"));
	}
	return page(rq, str_of(T(rq, N_("One more step"))), code_view, &p);
}

static enum err code_post(struct req *rq)
{
	struct code_page p = {.next = next_of(rq, req_form(rq, "next"))};
	enum err e;

	req_page(rq)->body_class = "page-narrow";
	if (req_too_often(rq, "code", TRIES_AN_HOUR)) {
		return problem(rq, E_LIMIT, N_("Too many tries. Please wait an hour."));
	}
	p.lost = str_trim(req_form(rq, "recovery")).n > 0;
	e = p.lost ? account_recovery_use(rq->db, rq->mem, rq->site, rq->who.account, req_form(rq, "recovery"))
		   : account_totp_check(rq->db, rq->mem, rq->site, rq->who.account, str_trim(req_form(rq, "code")), rq->now);
	if (e == E_DENIED) {
		p.error = p.lost ? N_("This recovery code is not right, or has been used.")
				 : N_("This code is not right, or has been used. Wait for the next one.");
		req_status(rq, 422);
		return page(rq, str_of(T(rq, N_("One more step"))), code_view, &p);
	}
	TRY(e);
	TRY(session_set_second_factor(rq->db, rq->who.session));
	if (p.lost) {
		int64_t left;

		TRY(account_recovery_left(rq->db, rq->mem, rq->who.account, &left));
		req_notice(rq, "ok", T_FMT(rq, N_("Recovery codes left: {n}. Make fresh ones, or set the codes of a new telephone up."),
					   {S("n"), words_number(rq, left)}));
		return go_next(rq, S(""));
	}
	return go_next(rq, p.next);
}

static enum err sign_out(struct req *rq)
{
	TRY(session_end(rq->db, rq->who.account, rq->who.session, STR_NONE));
	session_cookie_clear(rq);
	return redirect(rq, link_plain(rq, "/"));
}

static const struct route routes[] = {
	{GET,  "/account/sign-in",       ANYONE,    sign_in,        N_("Sign in"), 0},
	{POST, "/account/sign-in",       ANYONE,    sign_in_post,   N_("Ask for a sign-in link, or sign in with a password"), ROUTE_LATE},
	{GET,  "/account/enter/:token",  ANYONE,    enter,          N_("A mailed sign-in link"), 0},
	{POST, "/account/enter/:token",  ANYONE,    enter_post,     N_("Sign in with a mailed link"), 0},
	{GET,  "/account/setup/:token",  ANYONE,    setup,          N_("The first administrator's link"), 0},
	{POST, "/account/setup/:token",  ANYONE,    setup_post,     N_("Become the first administrator"), 0},
	{GET,  "/account/code",          SIGNED_IN, code,           N_("Ask for the one-time code"), 0},
	{POST, "/account/code",          SIGNED_IN, code_post,      N_("Check the one-time code"), 0},
	{POST, "/account/sign-out",      SIGNED_IN, sign_out,       N_("Sign out"), 0},
	{GET,  "/account",               SIGNED_IN, me_show,        N_("One's own account"), 0},
	{POST, "/account/profile",       SIGNED_IN, me_profile,     N_("Change one's name and language"), 0},
	{POST, "/account/password",      SIGNED_IN, me_password,    N_("Change one's password"), ROUTE_LATE},
	{GET,  "/account/totp",          SIGNED_IN, me_totp,        N_("Set one-time codes up"), 0},
	{POST, "/account/totp",          SIGNED_IN, me_totp_on,     N_("Turn one-time codes on"), 0},
	{POST, "/account/totp/off",      SIGNED_IN, me_totp_off,    N_("Turn one-time codes off"), 0},
	{POST, "/account/recovery",      SIGNED_IN, me_recovery,    N_("Make fresh recovery codes"), 0},
	{POST, "/account/sessions/end",  SIGNED_IN, me_session_end, N_("End a session"), 0},
	{POST, "/account/tokens",        SIGNED_IN, me_token_make,  N_("Make an API token"), 0},
	{POST, "/account/tokens/end",    SIGNED_IN, me_token_end,   N_("Remove an API token"), 0},
	{POST, "/account/close",         SIGNED_IN, me_close,       N_("Close one's account"), 0},
	{GET,  "/admin/accounts",        ADMIN,     accounts_list,  N_("Accounts"), 0},
	{POST, "/admin/accounts",        ADMIN,     accounts_invite, N_("Invite somebody"), 0},
	{POST, "/admin/accounts/:id",    ADMIN,     accounts_change, N_("Change a role, or close an account"), 0},
};

static const struct job_kind jobs[] = {
	{"mail",          mail_job_send,     0,     100, N_("Sends waiting mail")},
	{"mail-erase",    mail_job_erase,    86400, 0,   N_("Erases old mails and their addresses")},
	{"account-purge", account_job_purge, 3600,  0,   N_("Erases sessions and links that are over")},
	{"account-unused", account_job_unused, 86400, 0, N_("Warns people whose account lies unused, then erases it")},
};

static enum err on_start(struct db *db, struct mem *m)
{
	(void)db;
	(void)m;
	session_install();
	return OK;
}

const struct module account_module = {
	.name = "account",
	.routes = TABLE(routes),
	.jobs = TABLE(jobs),
	.on_start = on_start,
};
