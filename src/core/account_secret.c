/*
 * What an account knows or holds: its password and its generator of one-time codes.
 */
#include "../base/rand.h"
#include "../base/utf8.h"
#include "../db/db.h"
#include "account.h"
#include "account.sql.h"
#include "account_private.h"

enum { PASSWORD_MIN_CHARS = 10, PASSWORD_MAX = 1000, TOTP_BYTES = 20 };

enum err account_set_password(struct db *db, struct mem *m, int64_t id, struct str password)
{
	struct str hash = STR_NONE;

	if (password.p) {
		if (utf8_len(password) < PASSWORD_MIN_CHARS || password.n > PASSWORD_MAX) {
			return E_INVALID;
		}
		TRY(crypt_password_hash(m, password, &hash));
	}
	return account_put_password(db, id, hash);
}

enum err account_check_password(struct db *db, struct mem *m, int64_t id, struct str password)
{
	struct account_row row;

	TRY(account_row_by_id(db, id, m, &row));
	if (row.closed || password.n > PASSWORD_MAX || !crypt_password_is(row.password, password)) {
		return E_DENIED;
	}
	return OK;
}

enum err account_totp_propose(struct mem *m, const struct site *site, struct str *sealed, struct str *base32)
{
	struct crypt_key key;
	struct str secret = str_sub(crypt_token(m, 32), 0, TOTP_BYTES);

	account_seal_key(site, &key);
	*sealed = crypt_seal(m, &key, secret);
	*base32 = crypt_base32(m, secret);
	return OK;
}

enum err account_totp_shown(struct mem *m, const struct site *site, struct str sealed, struct str *base32)
{
	struct crypt_key key;
	struct str secret;

	account_seal_key(site, &key);
	TRY(crypt_unseal(m, &key, sealed, &secret));
	*base32 = crypt_base32(m, secret);
	return OK;
}

enum err account_totp_enable(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str sealed, struct str code,
			     int64_t now)
{
	struct crypt_key key;
	struct str secret;
	int64_t step;

	account_seal_key(site, &key);
	TRY(crypt_unseal(m, &key, sealed, &secret));
	if (secret.n != TOTP_BYTES || !crypt_totp_is(secret, code, now, 0, &step)) {
		return E_INVALID;
	}
	return account_put_totp(db, id, sealed, step);
}

enum err account_totp_disable(struct db *db, int64_t id)
{
	TRY(account_erase_recovery(db, id));
	return account_put_totp(db, id, STR_NONE, 0);
}

/* ---- codes for the day when the telephone is lost -------------------------------------------------------------------- */

enum { RECOVERY_BYTES = 5 }; /* eight letters: few tries an hour are allowed */

/* As it is hashed: letters and digits only, great ones. */
static struct str recovery_plain(struct mem *m, struct str code)
{
	struct buf b = buf_make(m, 64);

	for (size_t i = 0; i < code.n && b.n < 32; i++) {
		char c = code.p[i];
		if (c >= 'a' && c <= 'z') {
			c = (char)(c - 32);
		}
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
			buf_put_c(&b, c);
		}
	}
	return buf_str(&b);
}

static struct str recovery_hash(struct mem *m, const struct site *site, int64_t id, struct str code)
{
	struct str plain = recovery_plain(m, code);

	return account_hash(m, site, "recovery", str_fmt(m, "%lld %.*s", (long long)id, STR_ARG(plain)));
}

enum err account_recovery_make(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str codes[RECOVERY_CODES])
{
	TRY(account_erase_recovery(db, id));
	for (int i = 0; i < RECOVERY_CODES; i++) {
		char raw[RECOVERY_BYTES];

		rand_bytes(raw, sizeof(raw));
		struct str text = crypt_base32(m, (struct str){raw, sizeof(raw)});
		codes[i] = str_fmt(m, "%.4s-%.4s", text.p, text.p + 4);
		TRY(account_add_recovery(db, id, recovery_hash(m, site, id, codes[i])));
	}
	return OK;
}

enum err account_recovery_use(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str code)
{
	int64_t n;

	TRY(account_use_recovery(db, id, recovery_hash(m, site, id, code), &n));
	return n ? OK : E_DENIED;
}

enum err account_recovery_left(struct db *db, struct mem *m, int64_t id, int64_t *left)
{
	struct account_count_recovery_row row;

	TRY(account_count_recovery(db, id, m, &row));
	*left = row.total;
	return OK;
}

enum err account_totp_check(struct db *db, struct mem *m, const struct site *site, int64_t id, struct str code, int64_t now)
{
	struct account_row row;
	struct crypt_key key;
	struct str secret;
	int64_t step, n;

	TRY(account_row_by_id(db, id, m, &row));
	account_seal_key(site, &key);
	if (!row.totp.p || crypt_unseal(m, &key, row.totp, &secret) != OK ||
	    !crypt_totp_is(secret, code, now, row.totp_step, &step)) {
		return E_DENIED;
	}
	TRY(account_use_totp(db, id, step, &n));
	return n ? OK : E_DENIED; /* another request used this code in between */
}
