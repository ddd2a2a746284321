/*
 * The mail that tells somebody that the account will be erased unless it is used, and the job that sends it.
 */
#include "../../core/account.h"
#include "../../core/mail.h"
#include "../../db/db.h"
#include "../../job/job.h"
#include "../../web/site.h"
#include "account.h"

struct walking {
	const struct job_ctx *ctx;
	struct db *db;
	int64_t erased;
};

static enum err warn(void *arg, const struct account *a, int64_t end)
{
	const struct walking *w = arg;
	int at = site_lang_index(a->lang);
	struct req rq = {.mem = w->ctx->mem, .db = w->db, .method = GET, .lang = at >= 0 ? site_langs[at] : "fr", .now = w->ctx->now,
			 .site = w->ctx->site};

	rq.i18n = lang_catalogue(rq.lang);
	struct str body = T_FMT(&rq, N_("Hello,\n\nYou have not signed in to {site} for nearly a year. We keep nobody’s data longer than "
					"needed: your account will be erased on {date}.\n\nTo keep it, sign in once:\n\n{link}\n\n"
					"Otherwise there is nothing to do. What you contributed stays, without your name.\n"),
				{S("site"), site_text_in(rq.site, &rq.site->name, rq.lang)}, {S("date"), words_date(&rq, end)},
				{S("link"), link_absolute(&rq, link_plain(&rq, "/account/sign-in")).s});
	return mail_queue(rq.db, rq.mem, rq.site,
			  &(struct mail){.to = a->mail, .lang = str_of(rq.lang), .purpose = "account-unused", .body = body,
					 .subject = str_of(T(&rq, N_("Your account will be erased unless you use it")))});
}

static enum err walk(struct db *db, void *arg)
{
	struct walking *w = arg;

	w->db = db;
	return account_unused_walk(db, w->ctx->mem, w->ctx->site, w->ctx->now, warn, w, &w->erased);
}

enum err account_job_unused(const struct job_ctx *ctx, const struct job *job)
{
	struct walking w = {.ctx = ctx};

	(void)job;
	return db_tx(ctx->db, DB_WRITE, 3, walk, &w);
}
