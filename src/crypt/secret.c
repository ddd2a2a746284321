/*
 * What a person knows or holds: passwords (Argon2id) and one-time codes (TOTP).
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "crypt.h"

enum { TOTP_STEP_MS = 30000, TOTP_DIGITS = 6, TOTP_WINDOW = 1 };

enum err crypt_password_hash(struct mem *m, struct str password, struct str *out)
{
	char *text = mem_get(m, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str(text, password.p ? password.p : "", password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
		return fail(E_BUSY, "not enough memory to hash a password");
	}
	*out = str_of(text);
	return OK;
}

bool crypt_password_is(struct str hash, struct str password)
{
	char text[crypto_pwhash_STRBYTES] = {0};

	if (!hash.p || hash.n >= sizeof text) {
		return false;
	}
	memcpy(text, hash.p, hash.n);
	return crypto_pwhash_str_verify(text, password.p ? password.p : "", password.n) == 0;
}

/* HOTP (RFC 4226 section 5.3) of a counter. */
static uint32_t hotp(struct str secret, uint64_t counter)
{
	unsigned char msg[8], mac[EVP_MAX_MD_SIZE];
	unsigned n = 0, at;
	uint32_t v;

	for (int i = 7; i >= 0; i--) {
		msg[i] = (unsigned char)(counter & 0xff);
		counter >>= 8;
	}
	if (!HMAC(EVP_sha1(), secret.p, (int)secret.n, msg, sizeof msg, mac, &n) || n < 20) {
		return UINT32_MAX;
	}
	at = mac[19] & 0x0f;
	v = ((uint32_t)(mac[at] & 0x7f) << 24) | ((uint32_t)mac[at + 1] << 16) | ((uint32_t)mac[at + 2] << 8) | mac[at + 3];
	return v % 1000000;
}

struct str crypt_totp_at(struct mem *m, struct str secret, int64_t step)
{
	return str_fmt(m, "%06u", hotp(secret, (uint64_t)step));
}

bool crypt_totp_is(struct str secret, struct str code, int64_t now_ms, int64_t after, int64_t *step)
{
	int64_t now = now_ms / TOTP_STEP_MS, typed = 0;

	if (code.n != TOTP_DIGITS || !str_to_i64(code, &typed) || typed < 0 || !secret.n) {
		return false;
	}
	for (int64_t s = now - TOTP_WINDOW; s <= now + TOTP_WINDOW; s++) {
		if (s > after && s >= 0 && hotp(secret, (uint64_t)s) == (uint32_t)typed) {
			*step = s;
			return true;
		}
	}
	return false;
}

struct str crypt_base32(struct mem *m, struct str raw)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	char *text = mem_get(m, raw.n * 8 / 5 + 2);
	size_t n = 0;
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < raw.n; i++) {
		bits = (bits << 8 | (unsigned char)raw.p[i]) & 0xffff;
		have += 8;
		while (have >= 5) {
			have -= 5;
			text[n++] = letters[bits >> have & 31];
		}
	}
	if (have) {
		text[n++] = letters[bits << (5 - have) & 31];
	}
	return (struct str){text, n};
}
