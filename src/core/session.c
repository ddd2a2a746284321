/*
 * Sessions and API tokens: found by the keyed hash of what the browser or program sends.
 */
#include "../base/time.h"
#include "../db/db.h"
#include "../web/session.h"
#include "account.h"
#include "account.sql.h"
#include "account_private.h"

#define HOUR_MS ((int64_t)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)

/* "Firefox, Android" from a User-Agent: enough for a person to know her own phone, no more. */
static struct str label_of(struct mem *m, struct str agent)
{
	static const char *const browsers[][2] = {
		{"Firefox/", "Firefox"}, {"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	};
	static const char *const systems[][2] = {
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},
	};
	const char *browser = "?", *system = "?";

	for (size_t i = COUNT(browsers); i-- > 0;) {
		if (str_find(agent, str_of(browsers[i][0])) >= 0) {
			browser = browsers[i][1];
		}
	}
	for (size_t i = COUNT(systems); i-- > 0;) {
		if (str_find(agent, str_of(systems[i][0])) >= 0) {
			system = systems[i][1];
		}
	}
	return str_fmt(m, "%s, %s", browser, system);
}

enum err session_start(struct db *db, struct mem *m, const struct site *site, int64_t account, struct str user_agent, bool second_factor,
		       int64_t now, struct str *token)
{
	*token = crypt_token(m, 24);
	TRY(account_put_seen(db, account, now / DAY_MS));
	return session_insert(db, &(struct session_insert_in){
					  .token = account_hash(m, site, "session", *token),
					  .account = account,
					  .now = now,
					  .hour = now - now % HOUR_MS,
					  .expires_at = now + SESSION_DAYS * DAY_MS,
					  .second_factor = second_factor,
					  .label = label_of(m, user_agent.p ? user_agent : S("")),
				  });
}

enum err session_of(struct db *db, struct mem *m, int64_t account, struct session **out, size_t *n)
{
	struct session_rows_row *rows;

	TRY(session_rows(db, account, time_now(), m, &rows, n));
	*out = mem_array(m, struct session, *n);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct session){rows[i].token, rows[i].label, rows[i].created_at, rows[i].seen_at, rows[i].second_factor != 0};
	}
	return OK;
}

enum err session_end(struct db *db, int64_t account, struct str token, struct str keep)
{
	int64_t n;

	if (str_empty(token)) {
		return session_delete_others(db, account, keep.p ? keep : S(""));
	}
	TRY(session_delete(db, account, token, &n));
	return n ? OK : E_NOTFOUND;
}

enum err session_set_second_factor(struct db *db, struct str token)
{
	return session_put_second_factor(db, token);
}

static enum err scopes_into(struct req *rq, struct who *who)
{
	struct str *values;

	if (who->role == ROLE_MODERATOR) {
		TRY(account_scope_of(rq->db, rq->mem, who->account, "territory", &values, &who->n_territories));
		who->territories = values;
		TRY(account_scope_of(rq->db, rq->mem, who->account, "theme", &values, &who->n_themes));
		who->themes = values;
	}
	return OK;
}

static enum err by_cookie(struct req *rq, struct str token, struct who *out)
{
	struct session_find_row row;
	struct str hash = account_hash(rq->mem, rq->site, "session", token);
	bool waits;

	TRY(session_find(rq->db, hash, rq->now, rq->mem, &row));
	waits = row.role >= ROLE_MODERATOR && !row.second_factor;

	/* Lowering the role here, rather than refusing some addresses, leaves no way round. */
	*out = (struct who){
		.account = row.account,
		.role = waits ? ROLE_CONTRIBUTOR : (enum role)row.role,
		.name = row.name,
		.second_factor = row.second_factor != 0,
		.code_waits = waits,
		.session = hash,
	};
	if (rq->method != GET && row.seen_at + HOUR_MS <= rq->now) {
		TRY(session_touch(rq->db, hash, rq->now - rq->now % HOUR_MS));
	}
	return scopes_into(rq, out);
}

static enum err by_bearer(struct req *rq, struct str token, struct who *out)
{
	struct api_token_find_row row;

	TRY(api_token_find(rq->db, account_hash(rq->mem, rq->site, "api token", token), rq->mem, &row));
	*out = (struct who){.account = row.account, .role = (enum role)row.role, .name = row.name, .by_token = true};
	return scopes_into(rq, out);
}

void session_install(void)
{
	static const struct session_source source = {by_cookie, by_bearer};

	session_register(&source);
}

enum err account_token_make(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str label, int64_t now,
			    struct str *token)
{
	*token = crypt_token(m, 30);
	return api_token_insert(db, account_hash(m, site, "api token", *token), id, label, now);
}

enum err account_tokens(struct db *db, struct mem *m, int64_t id, struct api_token **out, size_t *n)
{
	struct api_token_rows_row *rows;

	TRY(api_token_rows(db, id, m, &rows, n));
	*out = mem_array(m, struct api_token, *n);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct api_token){rows[i].token, rows[i].label, rows[i].created_at};
	}
	return OK;
}

enum err account_token_end(struct db *db, int64_t id, struct str token)
{
	int64_t n;

	TRY(api_token_delete(db, id, token, &n));
	return n ? OK : E_NOTFOUND;
}
