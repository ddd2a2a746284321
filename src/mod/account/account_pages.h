/*
 * What the account pages show: the rows their templates take.
 */
#ifndef MOD_ACCOUNT_PAGES_H
#define MOD_ACCOUNT_PAGES_H

#include "../../core/account.h"

/* A form of one or two fields, shown again with what was typed and what is wrong. */
struct sign_in_page {
	struct str mail;
	struct str next;      /* a path of ours to go back to */
	const char *error;    /* N_() or NULL */
	bool with_password;
};

/* One button (a mailed link was followed): mail scanners open links, people press buttons. */
struct enter_page {
	struct url action;
	bool first_admin;
	struct str mail, name;
	const char *error;
};

struct code_page {
	struct str next;
	const char *error;
	bool lost;            /* a code of those kept on paper was tried */
};

struct totp_page {
	struct str sealed, secret; /* secret in groups of four letters */
	struct str otpauth;        /* what an authenticator reads */
	struct html qr;
	const char *error;
	bool required;
};

/* Codes for the day when the telephone is lost: shown once. */
struct recovery_page {
	struct str codes[RECOVERY_CODES];
	struct url next;
};

struct me_page {
	struct account me;
	int64_t recovery_left;
	struct session *sessions;
	size_t n_sessions;
	struct api_token *tokens;
	size_t n_tokens;
	struct str new_token; /* shown once */
};

struct accounts_page {
	struct account *accounts;
	size_t n;
	struct str *scopes; /* one line each, for moderators */
	struct str mail;    /* of an invitation that cannot leave as it is, and why: N_() */
	enum role role;
	const char *error;
};

#endif
