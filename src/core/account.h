/*
 * People who sign in. An account is a mail address (sealed), a chosen name, a language and a role; sessions, one-time links
 * and tokens are kept as keyed hashes only. Rules here; pages in mod/account. All functions work in the caller's transaction.
 */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "../base/err.h"
#include "../base/str.h"
#include "../web/req.h"

struct account {
	int64_t id;
	struct str mail, name, lang;
	enum role role;
	bool has_password, has_totp, closed;
	int64_t created_at, seen_day;
};

/* Names of roles as the command line and the API write them: "contributor", "editor", "moderator", "admin". */
const char *role_name(enum role role);
bool role_of(struct str name, enum role *out);

/* E_NOTFOUND when there is none. */
MUST_USE enum err account_get(struct db *db, struct mem *m, const struct site *site, int64_t id, struct account *out);
/* E_NOTFOUND; closed accounts are not found. */
MUST_USE enum err account_by_mail(struct db *db, struct mem *m, const struct site *site, struct str mail, struct account *out);
/* E_CONFLICT if the mail has an account, E_INVALID if it is not a mail address. An empty name becomes what stands before the @. */
MUST_USE enum err account_create(struct db *db, struct mem *m, const struct site *site, struct str mail, struct str name, struct str lang,
				 enum role role, int64_t now, int64_t *id);
MUST_USE enum err account_list(struct db *db, struct mem *m, const struct site *site, int64_t after, struct account **out, size_t *n);
MUST_USE enum err account_set_role(struct db *db, int64_t id, enum role role);
MUST_USE enum err account_set_profile(struct db *db, int64_t id, struct str name, struct str lang);
/* Closes the account and erases what it holds: mail, name, sessions, tokens, ownership. History keeps "a former member". */
MUST_USE enum err account_close(struct db *db, int64_t id);
/* True while an administrator exists. */
MUST_USE enum err account_has_admin(struct db *db, struct mem *m, bool *yes);

/* What a moderator looks after: kind "territory" or "theme"; an empty list is everything. */
MUST_USE enum err account_set_scope(struct db *db, int64_t id, const char *kind, const struct str *values, size_t n);
MUST_USE enum err account_scope_of(struct db *db, struct mem *m, int64_t id, const char *kind, struct str **values, size_t *n);
/* Objects an editor edits at once. */
MUST_USE enum err account_own(struct db *db, int64_t id, int64_t object, int64_t now);
MUST_USE enum err account_disown(struct db *db, int64_t id, int64_t object);
MUST_USE enum err account_owns(struct db *db, struct mem *m, int64_t id, int64_t object, bool *yes);

/* ---- one-time links ---- */

/* Makes a token that serves once for `purpose` ("sign-in", "first-admin", "password") and ends after `seconds`. */
MUST_USE enum err account_once_make(struct db *db, struct mem *m, const struct site *site, const char *purpose, int64_t account,
				    int64_t now, int64_t seconds, struct str *token);
/* Looks without using; E_NOTFOUND when unknown, used or over. */
MUST_USE enum err account_once_peek(struct db *db, struct mem *m, const struct site *site, const char *purpose, struct str token,
				    int64_t now, int64_t *account);
MUST_USE enum err account_once_use(struct db *db, struct mem *m, const struct site *site, const char *purpose, struct str token,
				   int64_t now, int64_t *account);

/* ---- sessions ---- */

enum { SESSION_DAYS = 30 };
struct session {
	struct str token; /* the keyed hash: names the session in forms */
	struct str label;
	int64_t created_at, seen_at;
	bool second_factor;
};
/* Starts one; `*token` goes into the cookie. The label is made from the User-Agent, coarsely. */
MUST_USE enum err session_start(struct db *db, struct mem *m, const struct site *site, int64_t account, struct str user_agent,
				bool second_factor, int64_t now, struct str *token);
MUST_USE enum err session_of(struct db *db, struct mem *m, int64_t account, struct session **out, size_t *n);
/* Ends one of this account's sessions, or all but `keep` when `token` is empty. */
MUST_USE enum err session_end(struct db *db, int64_t account, struct str token, struct str keep);
MUST_USE enum err session_set_second_factor(struct db *db, struct str token);
/* Tells web/session.h where sessions are; once, at start. */
void session_install(void);

/* ---- passwords, one-time codes, API tokens ---- */

/* At least 10 characters; E_INVALID otherwise. Slow: LATE routes only. NULL p removes it. */
MUST_USE enum err account_set_password(struct db *db, struct mem *m, int64_t id, struct str password);
/* E_DENIED when it is not the password, or there is none. Slow. */
MUST_USE enum err account_check_password(struct db *db, struct mem *m, int64_t id, struct str password);
/* A fresh secret, sealed for a hidden input until a first code confirms it; `*base32` is shown. */
MUST_USE enum err account_totp_propose(struct mem *m, const struct site *site, struct str *sealed, struct str *base32);
/* The key of a sealed secret, to show it again after a wrong code; E_INVALID when it is not ours. */
MUST_USE enum err account_totp_shown(struct mem *m, const struct site *site, struct str sealed, struct str *base32);
/* E_INVALID when the code is not the secret's. */
MUST_USE enum err account_totp_enable(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str sealed, struct str code,
				      int64_t now);
MUST_USE enum err account_totp_disable(struct db *db, int64_t id);
/* E_DENIED for a wrong, used or late code. */
MUST_USE enum err account_totp_check(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str code, int64_t now);

/* Makes a bearer token for the API: shown once, kept as its hash. */
MUST_USE enum err account_token_make(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str label, int64_t now,
				     struct str *token);
struct api_token {
	struct str token, label; /* the hash: names it in forms */
	int64_t created_at;
};
MUST_USE enum err account_tokens(struct db *db, struct mem *m, int64_t id, struct api_token **out, size_t *n);
MUST_USE enum err account_token_end(struct db *db, int64_t id, struct str token);

/* Ten fresh codes that stand in for a lost telephone, each once; the old ones end. Shown once, kept as keyed hashes. */
enum { RECOVERY_CODES = 10 };
MUST_USE enum err account_recovery_make(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str codes[RECOVERY_CODES]);
/* E_DENIED when it is not one of them, or was used. Spaces, hyphens and small letters do not matter. */
MUST_USE enum err account_recovery_use(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str code);
MUST_USE enum err account_recovery_left(struct db *db, struct mem *m, int64_t id, int64_t *left);

/* ---- accounts that nobody uses ---- */

enum { ACCOUNT_WARN_DAYS = 335, ACCOUNT_KEEP_DAYS = 365, ACCOUNT_NOTICE_DAYS = 30 };
typedef enum err account_warn_fn(void *arg, const struct account *a, int64_t end);
/* Tells those who have not come in for eleven months (once, until they do), and erases a month later; administrators stay. */
MUST_USE enum err account_unused_walk(struct db *db, struct mem *m, const struct site *site, int64_t now, account_warn_fn *warn, void *arg,
				      int64_t *erased);

/* Erases sessions and links that are over; the "account-purge" job. */
struct job_ctx;
struct job;
enum err account_job_purge(const struct job_ctx *ctx, const struct job *job);

#endif
