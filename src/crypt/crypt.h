/*
 * Cryptography in the few shapes we need, over libsodium and libcrypto: digests, keyed digests, signed links, sealed
 * columns, passwords, one-time codes, random tokens. Owns no keys: the site's key ring is read from the database by core/
 * and passed in. Nothing here logs or prints what it is given.
 */
#ifndef CRYPT_CRYPT_H
#define CRYPT_CRYPT_H

#include "../base/err.h"
#include "../base/str.h"

#define CRYPT_KEY_BYTES 32

/* A key of the site; made once by crypt_key_make() and kept in the database. */
struct crypt_key {
	unsigned char b[CRYPT_KEY_BYTES];
};

/* Once, before threads; E_BUG when the libraries cannot start. */
MUST_USE enum err crypt_start(void);

/* Fresh random key. */
void crypt_key_make(struct crypt_key *out);
/* A key for one purpose, derived from the site's: the same name always gives the same key (HKDF-like, BLAKE2b). */
void crypt_key_derive(const struct crypt_key *site, const char *purpose, struct crypt_key *out);
/* Text form for the database (base64url, 43 characters), and back; E_INVALID. */
struct str crypt_key_text(struct mem *m, const struct crypt_key *k);
MUST_USE enum err crypt_key_read(struct str text, struct crypt_key *out);

/* SHA-256 (FIPS 180-4) as lower-case hex, 64 characters. */
struct str crypt_sha256_hex(struct mem *m, struct str data);
/* SHA-256 of a file from its beginning; the position of `fd` is left at the end. */
MUST_USE enum err crypt_sha256_fd(struct mem *m, int fd, struct str *hex);
/* HMAC-SHA256 (RFC 2104), first `bytes` (<= 32) bytes as base64url: for look-up by a value that is not stored (mails, tokens). */
struct str crypt_keyed_hash(struct mem *m, const struct crypt_key *k, struct str data, size_t bytes);

/* A random token of `bytes` bytes as base64url: session ids, one-time links, API tokens. */
struct str crypt_token(struct mem *m, size_t bytes);

/*
 * Signed links: purpose, payload and end in one text that needs no row in the database:
 * base64url(payload "\n" expiry-in-hex) "." base64url(HMAC-SHA256(key derived for the purpose, the former)[0..16]).
 * `until` in ms UTC, 0 for no end.
 */
struct str crypt_sign(struct mem *m, const struct crypt_key *site, const char *purpose, struct str payload, int64_t until);
/* E_INVALID when it was not made by us for this purpose, E_LIMIT when its time is over. Constant time in the key. */
MUST_USE enum err crypt_verify(struct mem *m, const struct crypt_key *site, const char *purpose, struct str signed_text, int64_t now,
			       struct str *payload);

/* Equality of secrets, in a time that tells nothing of them. */
bool crypt_equal(struct str a, struct str b);

/* Secret box (XChaCha20-Poly1305) for columns that must not be readable in a copied file: random nonce first, base64url. */
struct str crypt_seal(struct mem *m, const struct crypt_key *k, struct str plain);
MUST_USE enum err crypt_unseal(struct mem *m, const struct crypt_key *k, struct str sealed, struct str *plain);

/* Argon2id (RFC 9106) with libsodium's interactive limits; the text carries its parameters. Slow on purpose: LATE routes only. */
MUST_USE enum err crypt_password_hash(struct mem *m, struct str password, struct str *out);
bool crypt_password_is(struct str hash, struct str password);

/* TOTP (RFC 6238, SHA-1, 6 digits, 30 s). `secret` is raw bytes (20). Accepts one step before and after; `*step` is the step
 * that matched, to be stored so that a code serves once (pass the last one in `after`). */
bool crypt_totp_is(struct str secret, struct str code, int64_t now_ms, int64_t after, int64_t *step);
struct str crypt_totp_at(struct mem *m, struct str secret, int64_t step);
/* Base32 (RFC 4648) without padding, for authenticator apps. */
struct str crypt_base32(struct mem *m, struct str raw);

/* Equal in constant time. */
bool crypt_same(struct str a, struct str b);

#endif
