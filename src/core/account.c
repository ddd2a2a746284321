/*
 * Accounts: who they are, what they may look after, their one-time links. Sessions are in session.c, passwords and codes in
 * account_secret.c.
 */
#include "account.h"

#include "../base/utf8.h"
#include "../db/db.h"
#include "../job/job.h"
#include "account.sql.h"
#include "account_private.h"
#include "mail.h"

enum { NAME_MAX_CHARS = 80, SCOPES_MAX = 200 };

static const char *const role_names[] = {"visitor", "contributor", "editor", "moderator", "admin"};

const char *role_name(enum role role)
{
	return (size_t)role < COUNT(role_names) ? role_names[role] : role_names[0];
}

bool role_of(struct str name, enum role *out)
{
	for (size_t i = 1; i < COUNT(role_names); i++) {
		if (str_eq(name, str_of(role_names[i]))) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

struct str account_hash(struct mem *m, const struct site *site, const char *purpose, struct str value)
{
	struct crypt_key key;

	crypt_key_derive(&site->key, purpose, &key);
	return crypt_keyed_hash(m, &key, value, 32);
}

static struct str mail_hash(struct mem *m, const struct site *site, struct str mail)
{
	return account_hash(m, site, "account mail", str_lower(m, mail));
}

void account_seal_key(const struct site *site, struct crypt_key *out)
{
	crypt_key_derive(&site->key, "account", out);
}

static enum err account_of_row(struct mem *m, const struct site *site, const struct account_row *r, struct account *out)
{
	struct crypt_key key;

	*out = (struct account){
		.id = r->id,
		.mail = S(""),
		.name = r->name,
		.lang = r->lang,
		.role = (enum role)r->role,
		.has_password = r->password.p != NULL,
		.has_totp = r->totp.p != NULL,
		.closed = r->closed != 0,
		.created_at = r->created_at,
		.seen_day = r->seen_day,
	};
	account_seal_key(site, &key);
	if (!out->closed && crypt_unseal(m, &key, r->mail, &out->mail) != OK) {
		return fail(E_BUG, "account %lld: its mail cannot be opened with the site's key", (long long)r->id);
	}
	return OK;
}

enum err account_get(struct db *db, struct mem *m, const struct site *site, int64_t id, struct account *out)
{
	struct account_row row;

	TRY(account_row_by_id(db, id, m, &row));
	return account_of_row(m, site, &row, out);
}

enum err account_by_mail(struct db *db, struct mem *m, const struct site *site, struct str mail, struct account *out)
{
	struct account_row row;

	TRY(account_row_by_hash(db, mail_hash(m, site, mail), m, &row));
	return account_of_row(m, site, &row, out);
}

/* What a person typed as a name, cut and on one line; what stands before the @ when there is nothing. */
static struct str name_from(struct mem *m, struct str name, struct str mail)
{
	struct str clean = STR_NONE;

	if (utf8_clean_line(m, name.p ? name : S(""), &clean) != OK || str_empty(str_trim(clean))) {
		ptrdiff_t at = str_chr(mail, '@');

		clean = str_sub(mail, 0, at > 0 ? (size_t)at : mail.n);
	}
	return utf8_cut(str_trim(clean), NAME_MAX_CHARS);
}

enum err account_create(struct db *db, struct mem *m, const struct site *site, struct str mail, struct str name, struct str lang,
			enum role role, int64_t now, int64_t *id)
{
	struct crypt_key key;
	struct account_insert_row row;
	struct account known;
	enum err e;

	if (!mail_address_ok(mail)) {
		return E_INVALID;
	}
	e = account_by_mail(db, m, site, mail, &known);
	if (e != E_NOTFOUND) {
		return e == OK ? E_CONFLICT : e;
	}
	account_seal_key(site, &key);
	TRY(account_insert(db,
			   &(struct account_insert_in){
				   .mail = crypt_seal(m, &key, mail),
				   .mail_hash = mail_hash(m, site, mail),
				   .name = name_from(m, name, mail),
				   .lang = lang,
				   .role = role,
				   .now = now,
			   },
			   m, &row));
	*id = row.id;
	return OK;
}

enum err account_list(struct db *db, struct mem *m, const struct site *site, int64_t after, struct account **out, size_t *n)
{
	struct account_row *rows;

	TRY(account_rows(db, after, m, &rows, n));
	*out = mem_array(m, struct account, *n);
	for (size_t i = 0; i < *n; i++) {
		TRY(account_of_row(m, site, &rows[i], &(*out)[i]));
	}
	return OK;
}

enum err account_set_role(struct db *db, int64_t id, enum role role)
{
	int64_t n;

	TRY(account_put_role(db, id, role, &n));
	return n ? OK : E_NOTFOUND;
}

enum err account_set_profile(struct db *db, int64_t id, struct str name, struct str lang)
{
	return account_put_profile(db, id, utf8_cut(name, NAME_MAX_CHARS), lang);
}

enum err account_close(struct db *db, int64_t id)
{
	TRY(account_erase_sessions(db, id));
	TRY(account_erase_tokens(db, id));
	TRY(account_erase_scope(db, id));
	TRY(account_erase_objects(db, id));
	TRY(account_erase_recovery(db, id));
	return account_erase(db, id);
}

enum err account_has_admin(struct db *db, struct mem *m, bool *yes)
{
	struct account_admins_row row;

	TRY(account_admins(db, m, &row));
	*yes = row.total > 0;
	return OK;
}

enum err account_set_scope(struct db *db, int64_t id, const char *kind, const struct str *values, size_t n)
{
	if (n > SCOPES_MAX) {
		return E_LIMIT;
	}
	TRY(account_clear_scope(db, id, str_of(kind)));
	for (size_t i = 0; i < n; i++) {
		TRY(account_add_scope(db, id, str_of(kind), values[i]));
	}
	return OK;
}

enum err account_scope_of(struct db *db, struct mem *m, int64_t id, const char *kind, struct str **values, size_t *n)
{
	struct account_scopes_row *rows;

	TRY(account_scopes(db, id, str_of(kind), m, &rows, n));
	*values = mem_array(m, struct str, *n);
	for (size_t i = 0; i < *n; i++) {
		(*values)[i] = rows[i].value;
	}
	return OK;
}

enum err account_own(struct db *db, int64_t id, int64_t object, int64_t now)
{
	return account_add_object(db, id, object, now);
}

enum err account_disown(struct db *db, int64_t id, int64_t object)
{
	return account_drop_object(db, id, object);
}

enum err account_owns(struct db *db, struct mem *m, int64_t id, int64_t object, bool *yes)
{
	struct account_has_object_row row;
	enum err e = id ? account_has_object(db, id, object, m, &row) : E_NOTFOUND;

	*yes = e == OK;
	return e == E_NOTFOUND ? OK : e;
}

enum err account_once_make(struct db *db, struct mem *m, const struct site *site, const char *purpose, int64_t account, int64_t now,
			   int64_t seconds, struct str *token)
{
	*token = crypt_token(m, 24);
	return once_insert(db, account_hash(m, site, "once", *token), str_of(purpose), account, now + seconds * 1000);
}

enum err account_once_peek(struct db *db, struct mem *m, const struct site *site, const char *purpose, struct str token, int64_t now,
			   int64_t *account)
{
	struct once_find_row row;

	TRY(once_find(db, account_hash(m, site, "once", token), str_of(purpose), now, m, &row));
	*account = row.account;
	return OK;
}

enum err account_once_use(struct db *db, struct mem *m, const struct site *site, const char *purpose, struct str token, int64_t now,
			  int64_t *account)
{
	int64_t n;

	TRY(account_once_peek(db, m, site, purpose, token, now, account));
	TRY(once_delete(db, account_hash(m, site, "once", token), &n));
	return n ? OK : E_NOTFOUND; /* another request used it in between */
}

static enum err purge(struct db *db, void *arg)
{
	int64_t now = *(int64_t *)arg;

	TRY(once_purge(db, now));
	return session_purge(db, now);
}

enum err account_job_purge(const struct job_ctx *ctx, const struct job *job)
{
	int64_t now = ctx->now;

	(void)job;
	return db_tx(ctx->db, DB_WRITE, 3, purge, &now);
}
