/*
 * Mail: rows written in the transaction that causes them, sent by a job. Without a server in the settings they are kept and
 * can be read at /admin/mail. Addresses are sealed in the database and erased with the mail (30 days after it was made).
 */
#ifndef CORE_MAIL_H
#define CORE_MAIL_H

#include "../base/err.h"
#include "../base/str.h"
#include "../job/job.h"

struct db;

struct mail {
	struct str to;
	struct str lang;
	const char *purpose;  /* "sign-in" */
	struct str subject;   /* plain text, one line */
	struct str body;      /* plain text */
	struct str reply_to;  /* optional */
	int64_t secret_of;    /* whose secret replaces MAIL_SECRET_MARK in the body when the mail leaves; 0: none */
	int64_t erase_at;     /* 0: 30 days from now; earlier when the personal data it holds ends earlier */
};

/* Stands in a body for what the queue, its list and its copies must never hold. */
#define MAIL_SECRET_MARK "[[secret]]"
/* Gives the text for `secret_of` in a language; E_NOTFOUND when there is none any more: the mail is then dropped. Registered
 * once, before jobs run; called outside transactions. */
typedef enum err mail_secret_fn(struct db *db, struct mem *m, const struct site *site, int64_t secret_of, struct str lang, int64_t now,
				struct str *out);
void mail_secret_register(mail_secret_fn *fn);

/* Checks that it looks like one address (RFC 5321 as people use it, UTF-8 allowed) without line breaks, at most 254 bytes. */
bool mail_address_ok(struct str address);
/* Queues a mail in the caller's transaction. E_INVALID for a bad address; an address that bounced is skipped, with OK. */
MUST_USE enum err mail_queue(struct db *db, struct mem *m, const struct site *site, const struct mail *mail);
/* The same; *id is the mail's, 0 when it was skipped. */
MUST_USE enum err mail_queue_id(struct db *db, struct mem *m, const struct site *site, const struct mail *mail, int64_t *id);
/* The message as it goes out: RFC 5322 headers, UTF-8 body in base64. */
struct str mail_message(struct mem *m, const struct mail *mail, struct str from, struct str from_name, int64_t now, struct str id);

/* The mail server of the settings (row "smtp" of the settings: a JSON object with the password sealed). E_NOTFOUND: none set. */
struct mail_server {
	struct str url, user, password, from, from_name, ca_file;
	bool plain;
	int64_t hourly; /* most mails an hour, 0 for no cap */
};
MUST_USE enum err mail_server_get(struct db *db, struct mem *m, const struct site *site, struct mail_server *out);
MUST_USE enum err mail_server_set(struct db *db, struct mem *m, const struct site *site, const struct mail_server *server, int64_t now);

/* The kept and sent mails, newest first, for /admin/mail; `before` is 0 or the last id of the page before. */
struct mail_item {
	int64_t id, state, attempts, created_at;
	int64_t sent_at; /* 0: not sent */
	struct str to, lang, purpose, subject, body, error;
};
MUST_USE enum err mail_list(struct db *db, struct mem *m, const struct site *site, int64_t before, struct mail_item **out, size_t *n);
MUST_USE enum err mail_get(struct db *db, struct mem *m, const struct site *site, int64_t id, struct mail_item *out);
/* Puts kept and refused mails back in the queue: after the server was set, or one by one (id > 0). */
MUST_USE enum err mail_retry(struct db *db, int64_t id, int64_t now, int64_t *n);
/* Notes a bounce (a delivery status notification, RFC 3464, read by `maillage mail-bounce` from standard input). */
MUST_USE enum err mail_bounced(struct db *db, struct mem *m, const struct site *site, struct str dsn, int64_t *n);

/* Mails to an address, or that hold these words: counts them and, when `erase`, removes them. */
MUST_USE enum err mail_forget(struct db *db, struct mem *m, const struct site *site, struct str words, bool erase, int64_t *n);

/* Jobs: "mail" sends what waits, "mail-erase" erases what is past its date. */
enum err mail_job_send(const struct job_ctx *ctx, const struct job *job);
enum err mail_job_erase(const struct job_ctx *ctx, const struct job *job);

#endif
