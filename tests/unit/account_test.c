/*
 * Accounts: roles, one-time links, sessions, passwords, one-time codes, tokens, scopes, closing; on both engines.
 */
#include "t.h"

#include "base/time.h"
#include "core/account.h"
#include "core/setting.h"
#include "crypt/crypt.h"
#include "db/db.h"
#include "job/job.h"

/* A transaction, and an account in it. */
static int64_t start(struct t *t, const char *mail, enum role role)
{
	int64_t id = 0;

	if (!t_eq_err(t, T_AT("site_load"), OK, site_load(t->db)) ||
	    !t_eq_err(t, T_AT("db_begin"), OK, db_begin(t->db, DB_WRITE))) {
		return 0;
	}
	(void)t_eq_err(t, T_AT("account_create"), OK,
		       account_create(t->db, t->mem, site_now(), str_of(mail), S("Amina"), S("fr"), role, time_now(),
				      &id));
	return id;
}

static void one_mail_one_account(struct t *t)
{
	int64_t id = start(t, "Amina@Example.org", ROLE_EDITOR), other;
	struct account a;
	bool admin;

	T_OK(account_by_mail(t->db, t->mem, site_now(), S("amina@example.org"), &a)); /* case does not matter */
	T_EQ(a.id, id);
	T_STR(a.mail, "Amina@Example.org");
	T_EQ((int)a.role, ROLE_EDITOR);
	T_ERR(E_NOTFOUND, account_by_mail(t->db, t->mem, site_now(), S("nobody@example.org"), &a));
	T_OK(account_has_admin(t->db, t->mem, &admin));
	T_TRUE(!admin);
	T_OK(account_set_role(t->db, id, ROLE_ADMIN));
	T_OK(account_has_admin(t->db, t->mem, &admin));
	T_TRUE(admin);
	T_ERR(E_INVALID, account_create(t->db, t->mem, site_now(), S("no address"), S(""), S("fr"), ROLE_EDITOR,
					time_now(), &other));
	T_OK(db_savepoint(t->db));
	T_ERR(E_CONFLICT, account_create(t->db, t->mem, site_now(), S("AMINA@example.org"), S(""), S("fr"), ROLE_EDITOR,
					 time_now(), &other));
	db_savepoint_undo(t->db);
}

static void links_serve_once(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_EDITOR), whose, now = time_now();
	struct str token, late;

	T_OK(account_once_make(t->db, t->mem, site_now(), "sign-in", id, now, 3600, &token));
	T_OK(account_once_make(t->db, t->mem, site_now(), "sign-in", id, now, 60, &late));
	T_OK(account_once_peek(t->db, t->mem, site_now(), "sign-in", token, now, &whose));
	T_EQ(whose, id);
	T_ERR(E_NOTFOUND,
	      account_once_use(t->db, t->mem, site_now(), "first-admin", token, now, &whose)); /* for one purpose */
	T_ERR(E_NOTFOUND, account_once_use(t->db, t->mem, site_now(), "sign-in", S("forged"), now, &whose));
	T_OK(account_once_use(t->db, t->mem, site_now(), "sign-in", token, now, &whose));
	T_ERR(E_NOTFOUND, account_once_use(t->db, t->mem, site_now(), "sign-in", token, now, &whose));
	T_ERR(E_NOTFOUND, account_once_use(t->db, t->mem, site_now(), "sign-in", late, now + 61 * TIME_SECOND, &whose));
}

static void sessions_end(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_EDITOR), other;
	struct str one, two, theirs;
	struct session *s;
	size_t n;

	T_OK(account_create(t->db, t->mem, site_now(), S("b@example.org"), S(""), S("fr"), ROLE_EDITOR, time_now(),
			    &other));
	T_OK(session_start(t->db, t->mem, site_now(), id,
			   S("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), false,
			   time_now(), &one));
	T_OK(session_start(t->db, t->mem, site_now(), id, S("curl"), false, time_now(), &two));
	T_OK(session_start(t->db, t->mem, site_now(), other, S("curl"), false, time_now(), &theirs));
	T_TRUE(!str_eq(one, two));
	T_OK(session_of(t->db, t->mem, id, &s, &n));
	T_NEED(n == 2);
	T_TRUE(!str_eq(s[0].token, one) && !str_eq(s[0].token, two)); /* the cookie's secret is not kept */
	struct str keep = s[0].token;
	T_ERR(E_NOTFOUND, session_end(t->db, other, keep, STR_NONE)); /* nobody ends another one's */
	T_OK(session_of(t->db, t->mem, id, &s, &n));
	T_EQ(n, 2);
	T_OK(session_end(t->db, id, STR_NONE, keep));
	T_OK(session_of(t->db, t->mem, id, &s, &n));
	T_EQ(n, 1);
	T_EQ(s[0].token, keep);
	T_OK(session_of(t->db, t->mem, other, &s, &n));
	T_EQ(n, 1);
}

static void passwords(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_EDITOR);
	struct account a;

	T_ERR(E_DENIED, account_check_password(t->db, t->mem, id, S("")));
	T_ERR(E_INVALID, account_set_password(t->db, t->mem, id, S("too short")));
	T_OK(account_set_password(t->db, t->mem, id, S("un mot de passe à moi")));
	T_OK(account_check_password(t->db, t->mem, id, S("un mot de passe à moi")));
	T_ERR(E_DENIED, account_check_password(t->db, t->mem, id, S("un mot de passe a moi")));
	T_OK(account_get(t->db, t->mem, site_now(), id, &a));
	T_TRUE(a.has_password);
	T_OK(account_set_password(t->db, t->mem, id, STR_NONE));
	T_ERR(E_DENIED, account_check_password(t->db, t->mem, id, S("un mot de passe à moi")));
}

/* What an authenticator would show: the secret from its base32. */
static struct str code_of(struct t *t, struct str base32, int64_t now)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char raw[40] = {0};
	size_t bits = 0;

	for (size_t i = 0; i < base32.n && bits / 8 < sizeof(raw) - 1; i++) {
		const char *p = base32.p[i] ? strchr(letters, base32.p[i]) : NULL;
		for (int b = 4; p && b >= 0; b--, bits++) {
			raw[bits / 8] = (unsigned char)(raw[bits / 8] | (((p - letters) >> b & 1) << (7 - bits % 8)));
		}
	}
	return crypt_totp_at(t->mem, str_dup(t->mem, (struct str){(const char *)raw, bits / 8}), now / 30000);
}

static void one_time_codes(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_MODERATOR), now = time_now();
	struct str sealed, base32, shown;
	struct account a;

	T_OK(account_totp_propose(t->mem, site_now(), &sealed, &base32));
	T_OK(account_totp_shown(t->mem, site_now(), sealed, &shown));
	T_EQ(shown, base32);
	T_ERR(E_INVALID, account_totp_enable(t->db, t->mem, site_now(), id, S("forged"), code_of(t, base32, now), now));
	T_ERR(E_INVALID, account_totp_enable(t->db, t->mem, site_now(), id, sealed, S("000000x"), now));
	T_OK(account_totp_enable(t->db, t->mem, site_now(), id, sealed, code_of(t, base32, now), now));
	T_OK(account_get(t->db, t->mem, site_now(), id, &a));
	T_TRUE(a.has_totp);
	now += 5 * TIME_MINUTE;
	T_OK(account_totp_check(t->db, t->mem, site_now(), id, code_of(t, base32, now), now));
	T_ERR(E_DENIED, account_totp_check(t->db, t->mem, site_now(), id, code_of(t, base32, now), now)); /* once */
	T_ERR(E_DENIED,
	      account_totp_check(t->db, t->mem, site_now(), id, code_of(t, base32, now), now + 5 * TIME_MINUTE));
	T_OK(account_totp_disable(t->db, id));
	T_OK(account_get(t->db, t->mem, site_now(), id, &a));
	T_TRUE(!a.has_totp);
}

static void recovery_codes(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_MODERATOR), left, other;
	struct str codes[RECOVERY_CODES], fresh[RECOVERY_CODES];

	T_OK(account_create(t->db, t->mem, site_now(), S("b@example.org"), S(""), S("fr"), ROLE_EDITOR, time_now(), &other));
	T_ERR(E_DENIED, account_recovery_use(t->db, t->mem, site_now(), id, S("")));
	T_OK(account_recovery_make(t->db, t->mem, site_now(), id, codes));
	T_OK(account_recovery_left(t->db, t->mem, id, &left));
	T_EQ(left, RECOVERY_CODES);
	T_TRUE(!str_eq(codes[0], codes[1]) && codes[0].n == 9);
	T_ERR(E_DENIED, account_recovery_use(t->db, t->mem, site_now(), other, codes[0])); /* another's are nothing worth */
	T_OK(account_recovery_use(t->db, t->mem, site_now(), id, str_fmt(t->mem, " %.*s ", STR_ARG(str_lower(t->mem, codes[0])))));
	T_ERR(E_DENIED, account_recovery_use(t->db, t->mem, site_now(), id, codes[0]));
	T_OK(account_recovery_left(t->db, t->mem, id, &left));
	T_EQ(left, RECOVERY_CODES - 1);
	T_OK(account_recovery_make(t->db, t->mem, site_now(), id, fresh)); /* the old ones end */
	T_ERR(E_DENIED, account_recovery_use(t->db, t->mem, site_now(), id, codes[1]));
	T_OK(account_totp_disable(t->db, id));
	T_OK(account_recovery_left(t->db, t->mem, id, &left));
	T_EQ(left, 0);
}

static void tokens_and_scopes(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_MODERATOR);
	static const struct str where[] = {S_INIT("26"), S_INIT("FR-ARA")};
	struct api_token *tokens;
	struct str token, *values;
	bool owns;
	size_t n;

	T_OK(account_token_make(t->db, t->mem, site_now(), id, S("script"), time_now(), &token));
	T_OK(account_tokens(t->db, t->mem, id, &tokens, &n));
	T_NEED(n == 1);
	T_TRUE(!str_eq(tokens[0].token, token));
	T_OK(account_token_end(t->db, id, tokens[0].token));
	T_OK(account_tokens(t->db, t->mem, id, &tokens, &n));
	T_EQ(n, 0);
	T_OK(account_set_scope(t->db, id, "territory", where, 2));
	T_OK(account_scope_of(t->db, t->mem, id, "territory", &values, &n));
	T_EQ(n, 2);
	T_OK(account_set_scope(t->db, id, "territory", NULL, 0));
	T_OK(account_scope_of(t->db, t->mem, id, "territory", &values, &n));
	T_EQ(n, 0);
	T_OK(account_own(t->db, id, 44, time_now()));
	T_OK(account_owns(t->db, t->mem, id, 44, &owns));
	T_TRUE(owns);
	T_OK(account_disown(t->db, id, 44));
	T_OK(account_owns(t->db, t->mem, id, 44, &owns));
	T_TRUE(!owns);
}

static void closing_erases(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_EDITOR);
	struct account a;
	struct str token;
	struct session *s;
	size_t n;

	T_OK(session_start(t->db, t->mem, site_now(), id, S("curl"), false, time_now(), &token));
	T_OK(account_close(t->db, id));
	T_ERR(E_NOTFOUND, account_by_mail(t->db, t->mem, site_now(), S("a@example.org"), &a));
	T_OK(session_of(t->db, t->mem, id, &s, &n));
	T_EQ(n, 0);
	T_OK(account_list(t->db, t->mem, site_now(), 0, &(struct account *){NULL}, &n));
	T_EQ(n, 0);
	/* The same person may come back. */
	T_OK(account_create(t->db, t->mem, site_now(), S("a@example.org"), S(""), S("fr"), ROLE_CONTRIBUTOR, time_now(),
			    &id));
}

static void purge_removes_what_is_over(struct t *t)
{
	int64_t id = start(t, "a@example.org", ROLE_EDITOR);
	struct str token;
	struct session *s;
	size_t n;

	T_OK(session_start(t->db, t->mem, site_now(), id, S("curl"), false, time_now(), &token));
	T_OK(db_commit(t->db));
	time_set(time_now() + (SESSION_DAYS + 1) * TIME_DAY);
	struct job_ctx ctx = {.db = t->db, .mem = t->mem, .site = site_now(), .now = time_now()};
	struct job job = {.kind = S("account-purge")};
	T_OK(account_job_purge(&ctx, &job));
	T_OK(session_of(t->db, t->mem, id, &s, &n));
	T_EQ(n, 0);
}

static const struct t_case cases[] = {
	{"a mail address has one account",                         one_mail_one_account,       T_DB | T_SCHEMA},
	{"a mailed link serves once, for one purpose, for a time", links_serve_once,           T_DB | T_SCHEMA},
	{"sessions are listed, and end one by one or all but one", sessions_end,               T_DB | T_SCHEMA},
	{"a password is long, checked, and may be removed",        passwords,                  T_DB | T_SCHEMA},
	{"a one-time code serves once",                            one_time_codes,             T_DB | T_SCHEMA},
	{"recovery codes serve once each",                        recovery_codes,             T_DB | T_SCHEMA},
	{"tokens, scopes and ownership",                           tokens_and_scopes,          T_DB | T_SCHEMA},
	{"closing an account erases it",                           closing_erases,             T_DB | T_SCHEMA},
	{"sessions that are over are purged",                      purge_removes_what_is_over, T_DB | T_SCHEMA},
};
T_SUITE(account, cases)
