/*
 * The mail queue. See mail.h; the message's form is in mail_message.c, the server's settings in mail_setting.c.
 */
#include "mail.h"

#include "../base/log.h"
#include "../base/time.h"
#include "../crypt/crypt.h"
#include "../db/db.h"
#include "../http/smtp.h"
#include "mail.sql.h"
#include "words.h"

enum {
	WAITING = 0,
	SENT = 1,
	REFUSED = 2,
	KEPT = 3,
	DROPPED = 5,
	ATTEMPTS = 10,
	HASH_BYTES = 16,
	BOUNCES_MAX = 3
};
#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define KEEP_MS (30 * DAY_MS)

static struct str address_hash(struct mem *m, const struct site *site, struct str address)
{
	struct crypt_key key;

	crypt_key_derive(&site->key, "mail address", &key);
	return crypt_keyed_hash(m, &key, str_lower(m, address), HASH_BYTES);
}

static void seal_key(const struct site *site, struct crypt_key *out)
{
	crypt_key_derive(&site->key, "mail recipient", out);
}

static mail_secret_fn *secret_source;

void mail_secret_register(mail_secret_fn *fn)
{
	secret_source = fn;
}

enum err mail_queue(struct db *db, struct mem *m, const struct site *site, const struct mail *mail)
{
	int64_t id;

	return mail_queue_id(db, m, site, mail, &id);
}

enum err mail_queue_id(struct db *db, struct mem *m, const struct site *site, const struct mail *mail, int64_t *id)
{
	struct crypt_key key;
	struct str hash;
	struct mail_bounces_row bounces;
	struct mail_insert_row row;
	int64_t now = time_now(), erase_at = now + KEEP_MS;

	*id = 0;
	if (!mail_address_ok(mail->to) || str_chr(mail->subject, '\n') >= 0) {
		return E_INVALID;
	}
	hash = address_hash(m, site, mail->to);
	TRY(mail_bounces(db, hash, m, &bounces));
	if (bounces.total >= BOUNCES_MAX) {
		return OK;
	}
	seal_key(site, &key);
	TRY(mail_insert(db,
			&(struct mail_insert_in){
				.recipient = crypt_seal(m, &key, mail->to),
				.recipient_hash = hash,
				.lang = mail->lang,
				.purpose = str_of(mail->purpose),
				.subject = mail->subject,
				.body = mail->body,
				.reply_to = mail->reply_to,
				.now = now,
				.secret_of = {mail->secret_of != 0, mail->secret_of},
				.erase_at = mail->erase_at && mail->erase_at < erase_at ? mail->erase_at : erase_at,
			},
			m, &row));
	*id = row.id;
	return job_add(db, "mail", S(""), S("mail-send"), 0);
}

static enum err item_of(struct mem *m, const struct site *site, const struct mail_row *r, struct mail_item *out)
{
	struct crypt_key key;

	*out = (struct mail_item){
		.id = r->id,
		.state = r->state,
		.attempts = r->attempts,
		.created_at = r->created_at,
		.sent_at = r->sent_at.has ? r->sent_at.v : 0,
		.lang = r->lang,
		.purpose = r->purpose,
		.subject = r->subject,
		.body = r->body,
		.error = r->error.p ? r->error : S(""),
	};
	seal_key(site, &key);
	if (crypt_unseal(m, &key, r->recipient, &out->to) != OK) {
		out->to = S("?");
	}
	return OK;
}

enum err mail_list(struct db *db, struct mem *m, const struct site *site, int64_t before, struct mail_item **out, size_t *n)
{
	struct mail_row *rows;

	TRY(mail_newest(db, before ? before : INT64_MAX, m, &rows, n));
	*out = mem_array(m, struct mail_item, *n);
	for (size_t i = 0; i < *n; i++) {
		TRY(item_of(m, site, &rows[i], &(*out)[i]));
	}
	return OK;
}

enum err mail_get(struct db *db, struct mem *m, const struct site *site, int64_t id, struct mail_item *out)
{
	struct mail_row row;

	TRY(mail_by_id(db, id, m, &row));
	return item_of(m, site, &row, out);
}

enum err mail_retry(struct db *db, int64_t id, int64_t now, int64_t *n)
{
	TRY(id ? mail_requeue(db, id, n) : mail_requeue_all(db, n));
	return job_add(db, "mail", S(""), S("mail-send"), now);
}

/* The body as it leaves. */
static enum err put_secret(const struct job_ctx *ctx, const struct mail_row *row, struct mail *mail)
{
	struct str mark = S(MAIL_SECRET_MARK), secret;

	if (!row->secret_of.has) {
		return OK;
	}
	if (!secret_source) {
		return E_NOTFOUND;
	}
	TRY(secret_source(ctx->db, ctx->mem, ctx->site, row->secret_of.v, row->lang, ctx->now, &secret));
	ptrdiff_t at = str_find(mail->body, mark);
	if (at >= 0) {
		struct str before = str_sub(mail->body, 0, (size_t)at), after = str_sub(mail->body, (size_t)at + mark.n, mail->body.n);

		mail->body = str_fmt(ctx->mem, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(secret), STR_ARG(after));
	}
	return OK;
}

/* Sends one and notes what became of it, each in a transaction of its own so that a crash resends at most one. */
static enum err send_one(const struct job_ctx *ctx, const struct mail_server *server, const struct mail_row *row)
{
	struct crypt_key key;
	struct smtp_result result = {0};
	struct mail mail = {.lang = row->lang, .subject = row->subject, .body = row->body, .reply_to = row->reply_to};
	struct smtp_server smtp = {.url = server->url, .user = server->user, .password = server->password, .plain = server->plain,
				   .ca_file = server->ca_file};
	int64_t state = WAITING, attempts = row->attempts + 1;
	struct opt_int sent_at = {0};
	enum err e, result_e = E_INVALID;

	seal_key(ctx->site, &key);
	if (crypt_unseal(ctx->mem, &key, row->recipient, &mail.to) == OK) {
		struct str id = str_fmt(ctx->mem, "%lld.%.*s", (long long)row->id, STR_ARG(crypt_token(ctx->mem, 9)));

		e = put_secret(ctx, row, &mail);
		if (e == OK) {
			struct str text = mail_message(ctx->mem, &mail, server->from, server->from_name, ctx->now, id);

			result_e = smtp_send(ctx->mem, &smtp, server->from, mail.to, text, &result);
		} else if (e == E_NOTFOUND) {
			state = DROPPED;
		} else {
			return e;
		}
	}
	if (state == DROPPED) {
		attempts = row->attempts;
	} else if (result_e == OK) {
		state = SENT;
		sent_at = (struct opt_int){true, time_now()};
	} else if (result_e == E_INVALID || attempts >= ATTEMPTS) {
		state = REFUSED;
		log_warn("mail %lld refused: %d", (long long)row->id, result.code);
	}
	TRY(db_begin(ctx->db, DB_WRITE));
	e = mail_set_state(ctx->db, row->id, state, str_empty(result.error) ? STR_NONE : result.error, sent_at, attempts);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	TRY(db_commit(ctx->db));
	return result_e == E_REMOTE && state == WAITING ? E_REMOTE : OK;
}

static enum err keep_all(const struct job_ctx *ctx)
{
	enum err e;

	TRY(db_begin(ctx->db, DB_WRITE));
	e = mail_keep_waiting(ctx->db);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	return db_commit(ctx->db);
}

/* How many may still leave this hour; a very large number without a cap. */
static enum err room_this_hour(const struct job_ctx *ctx, const struct mail_server *server, int64_t *room)
{
	struct mail_sent_since_row sent;

	*room = INT64_MAX;
	if (server->hourly > 0) {
		TRY(mail_sent_since(ctx->db, ctx->now - 3600 * 1000, ctx->mem, &sent));
		*room = server->hourly > sent.total ? server->hourly - sent.total : 0;
	}
	return OK;
}

enum err mail_job_send(const struct job_ctx *ctx, const struct job *job)
{
	struct mail_server server;
	enum err e = mail_server_get(ctx->db, ctx->mem, ctx->site, &server), last = OK;
	int64_t after = 0, room;

	(void)job;
	if (e == E_NOTFOUND) {
		return keep_all(ctx);
	}
	TRY(e);
	TRY(room_this_hour(ctx, &server, &room));
	for (;;) {
		struct mem_mark mark = mem_mark(ctx->mem);
		struct mail_row *rows;
		size_t n;

		TRY(mail_waiting(ctx->db, after, ctx->mem, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			if (room-- <= 0) {
				return E_LIMIT; /* comes due again, after a pause */
			}
			e = send_one(ctx, &server, &rows[i]);
			if (e == E_REMOTE) {
				last = e; /* the others may be for a server that answers */
			} else if (e != OK) {
				return e;
			}
			after = rows[i].id;
		}
		mem_rewind(ctx->mem, mark);
		if (n == 0) {
			return last;
		}
	}
}

enum err mail_job_erase(const struct job_ctx *ctx, const struct job *job)
{
	int64_t n;
	enum err e;

	(void)job;
	TRY(db_begin(ctx->db, DB_WRITE));
	e = mail_erase(ctx->db, ctx->now, &n);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	return db_commit(ctx->db);
}

enum err mail_bounced(struct db *db, struct mem *m, const struct site *site, struct str dsn, int64_t *n)
{
	struct str rest = dsn, line;

	*n = 0;
	while (rest.p) {
		line = str_trim(str_cut(&rest, '\n'));
		if (str_ieq(str_sub(line, 0, 16), S("Final-Recipient:"))) {
			ptrdiff_t semi = str_chr(line, ';');
			struct str address = semi < 0 ? S("") : str_trim(str_sub(line, (size_t)semi + 1, line.n));
			int64_t some = 0;

			TRY(mail_mark_bounced(db, address_hash(m, site, address), &some));
			*n += some;
		}
	}
	return *n ? OK : E_NOTFOUND;
}

enum err mail_forget(struct db *db, struct mem *m, const struct site *site, struct str words, bool erase, int64_t *n)
{
	struct str low = str_lower(m, words), hash = address_hash(m, site, words);
	struct mail_with_row *rows;
	size_t n_rows;
	int64_t after = 0;

	*n = 0;
	do {
		struct mem_mark mark = mem_mark(m);
		TRY(mail_with(db, after, 200, m, &rows, &n_rows));
		for (size_t i = 0; i < n_rows; i++) {
			if (!str_eq(rows[i].recipient_hash, hash) && !words_hold(m, rows[i].subject, low) &&
			    !words_hold(m, rows[i].body, low) && !words_hold(m, rows[i].reply_to, low)) {
				continue;
			}
			++*n;
			if (erase) {
				TRY(mail_remove(db, rows[i].id));
			}
		}
		after = n_rows ? rows[n_rows - 1].id : after;
		mem_rewind(m, mark);
	} while (n_rows == 200);
	return OK;
}
