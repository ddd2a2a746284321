/*
 * One's own account: profile, password, one-time codes, sessions, tokens, closing.
 */
#include "../../core/qr.h"
#include "../../html/out.h"
#include "../../web/session.h"
#include "../../web/site.h"
#include "account.h"
#include "account_me.html.h"
#include "account_pages.h"
#include "account_sign_in.html.h"

static enum err show(struct req *rq, struct str new_token)
{
	struct me_page p = {.new_token = new_token};

	TRY(account_get(rq->db, rq->mem, rq->site, rq->who.account, &p.me));
	TRY(session_of(rq->db, rq->mem, rq->who.account, &p.sessions, &p.n_sessions));
	TRY(account_tokens(rq->db, rq->mem, rq->who.account, &p.tokens, &p.n_tokens));
	TRY(account_recovery_left(rq->db, rq->mem, rq->who.account, &p.recovery_left));
	req_page(rq)->body_class = "page-narrow";
	return page(rq, str_of(T(rq, N_("Your account"))), me_view, &p);
}

/* Until the code is given, the session may not make itself stronger: another password, a token, another set of codes. */
static enum err code_first(struct req *rq)
{
	return redirect(rq, link_plain(rq, "/account/code"));
}

enum err me_show(struct req *rq)
{
	return rq->who.code_waits ? code_first(rq) : show(rq, S(""));
}

static enum err done(struct req *rq, const char *sentence)
{
	req_notice(rq, "ok", str_of(T(rq, sentence)));
	return redirect(rq, link_plain(rq, "/account"));
}

enum err me_profile(struct req *rq)
{
	struct str name = str_trim(req_form(rq, "name")), lang = req_form(rq, "lang");

	if (str_empty(name) || site_lang_index(lang) < 0) {
		problem_field(rq, "name", str_of(T(rq, N_("Please write a name: a first name or a nickname is enough."))));
		return problem(rq, E_INVALID, N_("Please write a name: a first name or a nickname is enough."));
	}
	TRY(account_set_profile(rq->db, rq->who.account, name, lang));
	return done(rq, N_("Your profile is kept."));
}

enum err me_password(struct req *rq)
{
	struct str wanted = req_form(rq, "new");
	struct account me;
	enum err e;

	if (rq->who.code_waits) {
		return code_first(rq);
	}
	TRY(req_begin(rq, true));
	TRY(account_get(rq->db, rq->mem, rq->site, rq->who.account, &me));
	if (me.has_password && account_check_password(rq->db, rq->mem, me.id, req_form(rq, "old")) != OK) {
		return problem(rq, E_INVALID, N_("The present password is not right."));
	}
	e = account_set_password(rq->db, rq->mem, me.id, req_form(rq, "remove").n ? STR_NONE : wanted.p ? wanted : S(""));
	if (e == E_INVALID) {
		return problem(rq, e, N_("A password has at least ten characters."));
	}
	TRY(e);
	/* Whoever knew the old password is signed out. */
	TRY(session_end(rq->db, me.id, STR_NONE, rq->who.session));
	return done(rq, N_("The password is changed, and other devices are signed out."));
}

/* The page with the picture and the key; the sealed secret travels in the form until a code confirms it. */
static enum err totp_page_of(struct req *rq, struct str sealed, struct str base32, const char *error)
{
	struct totp_page p = {.sealed = sealed, .error = error, .required = rq->who.code_waits};
	struct buf b = buf_make(rq->mem, 200), uri = buf_make(rq->mem, 2000);

	for (size_t i = 0; i < base32.n; i++) {
		if (i && i % 4 == 0) {
			buf_put_c(&b, ' ');
		}
		buf_put_c(&b, base32.p[i]);
	}
	p.secret = buf_str(&b);
	buf_put(&uri, S("otpauth://totp/"));
	html_percent(&uri, site_text_in(rq->site, &rq->site->name, rq->lang));
	buf_fmt(&uri, "?secret=%.*s&issuer=", STR_ARG(base32));
	html_percent(&uri, site_text_in(rq->site, &rq->site->name, rq->lang));
	p.otpauth = buf_str(&uri);
	TRY(qr_svg(rq->mem, p.otpauth, str_of(T(rq, N_("Picture to scan with the application"))), &p.qr));
	req_page(rq)->body_class = "page-narrow";
	return page(rq, str_of(T(rq, N_("Codes on your telephone"))), totp_view, &p);
}

/* True if codes are on already and this session has given none. */
static enum err owes_code(struct req *rq, bool *owes)
{
	struct account me;

	TRY(account_get(rq->db, rq->mem, rq->site, rq->who.account, &me));
	*owes = me.has_totp && !rq->who.second_factor;
	return OK;
}

enum err me_totp(struct req *rq)
{
	struct str sealed, base32;
	bool owes;

	TRY(owes_code(rq, &owes));
	if (owes) {
		return code_first(rq);
	}
	TRY(account_totp_propose(rq->mem, rq->site, &sealed, &base32));
	return totp_page_of(rq, sealed, base32, NULL);
}

/* The role behind the session, which the visitor has in full only with a code. */
static enum role role_of_account(struct req *rq)
{
	struct account a;

	return account_get(rq->db, rq->mem, rq->site, rq->who.account, &a) == OK ? a.role : ROLE_VISITOR;
}

static enum err recovery_show(struct req *rq)
{
	/* What remains to be set up by an administrator is there. */
	struct recovery_page p = {.next = link_plain(rq, role_of_account(rq) == ROLE_ADMIN ? "/admin" : "/account")};

	TRY(account_recovery_make(rq->db, rq->mem, rq->site, rq->who.account, p.codes));
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
	return page(rq, str_of(T(rq, N_("Codes are on."))), recovery_view, &p);
}

enum err me_totp_on(struct req *rq)
{
	struct str sealed = req_form(rq, "sealed"), base32;
	bool owes;
	enum err e;

	TRY(owes_code(rq, &owes));
	if (owes) {
		return code_first(rq);
	}
	e = account_totp_enable(rq->db, rq->mem, rq->site, rq->who.account, sealed, str_trim(req_form(rq, "code")), rq->now);
	if (e == E_INVALID) {
		TRY(account_totp_shown(rq->mem, rq->site, sealed, &base32));
		req_status(rq, 422);
		return totp_page_of(rq, sealed, base32, N_("This code is not right. Wait for the next one and type it again."));
	}
	TRY(e);
	TRY(session_set_second_factor(rq->db, rq->who.session));
	return recovery_show(rq);
}

/* Fresh codes, for a session that has given a code: nobody else may make a way round it. */
enum err me_recovery(struct req *rq)
{
	struct account me;

	TRY(account_get(rq->db, rq->mem, rq->site, rq->who.account, &me));
	if (!me.has_totp || !rq->who.second_factor) {
		return code_first(rq);
	}
	return recovery_show(rq);
}

enum err me_totp_off(struct req *rq)
{
	enum err e = account_totp_check(rq->db, rq->mem, rq->site, rq->who.account, str_trim(req_form(rq, "code")), rq->now);

	if (e == E_DENIED) {
		return problem(rq, E_INVALID, N_("This code is not right, or has been used. Wait for the next one."));
	}
	TRY(e);
	TRY(account_totp_disable(rq->db, rq->who.account));
	return done(rq, N_("Codes are off."));
}

enum err me_session_end(struct req *rq)
{
	struct str token = req_form(rq, "token");

	TRY(session_end(rq->db, rq->who.account, token, rq->who.session));
	if (str_eq(token, rq->who.session)) {
		session_cookie_clear(rq);
		return redirect(rq, link_plain(rq, "/"));
	}
	return done(rq, N_("Ended."));
}

enum err me_token_make(struct req *rq)
{
	struct str label = str_trim(req_form(rq, "label")), token;

	if (rq->who.code_waits) {
		return code_first(rq);
	}
	if (str_empty(label)) {
		return problem(rq, E_INVALID, N_("Say in a word what the token is for."));
	}
	TRY(account_token_make(rq->db, rq->mem, rq->site, rq->who.account, label, rq->now, &token));
	return show(rq, token);
}

enum err me_token_end(struct req *rq)
{
	TRY(account_token_end(rq->db, rq->who.account, req_form(rq, "token")));
	return done(rq, N_("The token is removed."));
}

enum err me_close(struct req *rq)
{
	if (rq->who.code_waits) {
		return code_first(rq);
	}
	if (!req_form(rq, "sure").n) {
		return problem(rq, E_INVALID, N_("Tick the box to say that you are sure."));
	}
	if (rq->who.role == ROLE_ADMIN) {
		return problem(rq, E_CONFLICT, N_("An administrator first hands the role to somebody else."));
	}
	TRY(account_close(rq->db, rq->who.account));
	session_cookie_clear(rq);
	req_notice(rq, "ok", str_of(T(rq, N_("Your account is closed. Thank you for what you did here."))));
	return redirect(rq, link_plain(rq, "/"));
}
