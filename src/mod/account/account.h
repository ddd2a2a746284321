/*
 * The room of accounts: signing in, one's own page, and the administrator's list. Rules are core/account's.
 */
#ifndef MOD_ACCOUNT_ACCOUNT_H
#define MOD_ACCOUNT_ACCOUNT_H

#include "../../web/req.h"

extern const struct module account_module;

/* Makes the link that makes the first administrator, when there is none: its path, "/fr/account/setup/TOKEN". E_CONFLICT when
 * there is one already. In the caller's write transaction. */
MUST_USE enum err account_first_admin(struct db *db, struct mem *m, const struct site *site, struct str *path);

/* Handlers of account_admin.c. */
enum err accounts_list(struct req *rq);
enum err accounts_invite(struct req *rq);
enum err accounts_change(struct req *rq);
/* Handlers of account_me.c. */
enum err me_show(struct req *rq);
enum err me_profile(struct req *rq);
enum err me_password(struct req *rq);
enum err me_totp(struct req *rq);
enum err me_totp_on(struct req *rq);
enum err me_totp_off(struct req *rq);
enum err me_recovery(struct req *rq);
enum err me_session_end(struct req *rq);
enum err me_token_make(struct req *rq);
enum err me_token_end(struct req *rq);
enum err me_close(struct req *rq);

/* Tells whose account lies unused, and erases it a month later. */
struct job_ctx;
struct job;
enum err account_job_unused(const struct job_ctx *ctx, const struct job *job);

/* Queues a sign-in mail with a link that serves once. */
MUST_USE enum err account_send_link(struct req *rq, struct str mail, int64_t account, struct str next, const char *lang);

#endif
