/*
 * Keys, digests, tokens and sealed text. See crypt.h; passwords and one-time codes are in secret.c.
 */
#include <openssl/evp.h>
#include <sodium.h>
#include <unistd.h>

#include "../base/buf.h"
#include "../base/enc.h"
#include "crypt.h"

enum { SIGNATURE_BYTES = 16, PAYLOAD_MAX = 4096 };

enum err crypt_start(void)
{
	return sodium_init() < 0 ? fail(E_BUG, "libsodium cannot start") : OK;
}

static struct str base64(struct mem *m, const void *p, size_t n)
{
	size_t cap = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = mem_get(m, cap);

	sodium_bin2base64(text, cap, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return (struct str){text, cap - 1};
}

/* STR_NONE when the text is not base64url. Not sodium_base642bin(): it takes bytes above 127 for digits. */
static struct str unbase64(struct mem *m, struct str text)
{
	struct str raw;

	return text.p && dec_base64url(m, text, &raw) == OK ? raw : STR_NONE;
}

void crypt_key_make(struct crypt_key *out)
{
	randombytes_buf(out->b, sizeof out->b);
}

void crypt_key_derive(const struct crypt_key *site, const char *purpose, struct crypt_key *out)
{
	crypto_generichash(out->b, sizeof out->b, (const unsigned char *)purpose, strlen(purpose), site->b, sizeof site->b);
}

struct str crypt_key_text(struct mem *m, const struct crypt_key *k)
{
	return base64(m, k->b, sizeof k->b);
}

enum err crypt_key_read(struct str text, struct crypt_key *out)
{
	struct mem *m = mem_open();
	struct str raw = unbase64(m, text);
	bool ok = raw.n == sizeof out->b;

	if (ok) {
		memcpy(out->b, raw.p, sizeof out->b);
	}
	mem_close(m);
	return ok ? OK : E_INVALID;
}

static struct str hex_of(struct mem *m, const unsigned char *raw, size_t n)
{
	char *text = mem_get(m, n * 2 + 1);

	sodium_bin2hex(text, n * 2 + 1, raw, n);
	return (struct str){text, n * 2};
}

struct str crypt_sha256_hex(struct mem *m, struct str data)
{
	unsigned char raw[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(raw, (const unsigned char *)(data.p ? data.p : ""), data.n);
	return hex_of(m, raw, sizeof raw);
}

enum err crypt_sha256_fd(struct mem *m, int fd, struct str *hex)
{
	crypto_hash_sha256_state state;
	unsigned char raw[crypto_hash_sha256_BYTES], piece[16384];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0) {
		return fail(E_IO, "seek: %m");
	}
	crypto_hash_sha256_init(&state);
	while ((n = read(fd, piece, sizeof piece)) > 0) {
		crypto_hash_sha256_update(&state, piece, (size_t)n);
	}
	if (n < 0) {
		return fail(E_IO, "read: %m");
	}
	crypto_hash_sha256_final(&state, raw);
	*hex = hex_of(m, raw, sizeof raw);
	return OK;
}

static void hmac(const struct crypt_key *k, struct str data, unsigned char out[crypto_auth_hmacsha256_BYTES])
{
	crypto_auth_hmacsha256(out, (const unsigned char *)(data.p ? data.p : ""), data.n, k->b);
}

struct str crypt_keyed_hash(struct mem *m, const struct crypt_key *k, struct str data, size_t bytes)
{
	unsigned char raw[crypto_auth_hmacsha256_BYTES];

	hmac(k, data, raw);
	return base64(m, raw, bytes < sizeof raw ? bytes : sizeof raw);
}

struct str crypt_token(struct mem *m, size_t bytes)
{
	unsigned char *raw = mem_get(m, bytes);

	randombytes_buf(raw, bytes);
	return base64(m, raw, bytes);
}

struct str crypt_sign(struct mem *m, const struct crypt_key *site, const char *purpose, struct str payload, int64_t until)
{
	struct crypt_key key;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	struct buf text = buf_make(m, payload.n + 32);
	struct str body;

	crypt_key_derive(site, purpose, &key);
	buf_put(&text, payload); /* bytes: what follows a NUL is signed too */
	buf_fmt(&text, "\n%llx", (unsigned long long)until);
	body = base64(m, text.p, text.n);
	hmac(&key, body, mac);
	sodium_memzero(&key, sizeof key);
	return str_fmt(m, "%.*s.%.*s", STR_ARG(body), STR_ARG(base64(m, mac, SIGNATURE_BYTES)));
}

/* Splits "payload\nexpiry"; false when it is not that. */
static bool split_signed(struct str text, struct str *payload, int64_t *until)
{
	size_t i = text.n;
	uint64_t v = 0;

	while (i > 0 && text.p[i - 1] != '\n') {
		i--;
	}
	if (i == 0 || text.n - i > 16) {
		return false;
	}
	for (size_t k = i; k < text.n; k++) {
		const char *digits = "0123456789abcdef", *at = strchr(digits, text.p[k]);

		if (!text.p[k] || !at) {
			return false;
		}
		v = v << 4 | (uint64_t)(at - digits);
	}
	*payload = str_sub(text, 0, i - 1);
	*until = (int64_t)v;
	return true;
}

enum err crypt_verify(struct mem *m, const struct crypt_key *site, const char *purpose, struct str signed_text, int64_t now,
		      struct str *payload)
{
	struct crypt_key key;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	struct str rest = signed_text, body = str_cut(&rest, '.'), given, text;
	int64_t until = 0;

	if (!rest.p || signed_text.n > PAYLOAD_MAX * 2) {
		return E_INVALID;
	}
	given = unbase64(m, rest);
	crypt_key_derive(site, purpose, &key);
	hmac(&key, body, mac);
	sodium_memzero(&key, sizeof key);
	if (given.n != SIGNATURE_BYTES || sodium_memcmp(given.p, mac, SIGNATURE_BYTES) != 0) {
		return E_INVALID;
	}
	text = unbase64(m, body);
	if (!text.p || !split_signed(text, payload, &until)) {
		return E_INVALID;
	}
	return until && now > until ? E_LIMIT : OK;
}

struct str crypt_seal(struct mem *m, const struct crypt_key *k, struct str plain)
{
	enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
	unsigned char *box = mem_get(m, NONCE + TAG + plain.n);
	unsigned long long n = 0;

	randombytes_buf(box, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, &n, (const unsigned char *)(plain.p ? plain.p : ""), plain.n, NULL,
						   0, NULL, box, k->b);
	return base64(m, box, NONCE + (size_t)n);
}

enum err crypt_unseal(struct mem *m, const struct crypt_key *k, struct str sealed, struct str *plain)
{
	enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
	struct str box = unbase64(m, sealed);
	unsigned char *out;
	unsigned long long n = 0;

	if (box.n < NONCE + TAG) {
		return E_INVALID;
	}
	out = mem_get(m, box.n);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, (const unsigned char *)box.p + NONCE, box.n - NONCE, NULL, 0,
						       (const unsigned char *)box.p, k->b) != 0) {
		return E_INVALID;
	}
	*plain = (struct str){(const char *)out, (size_t)n};
	return OK;
}

bool crypt_same(struct str a, struct str b)
{
	return a.n == b.n && a.p && b.p && sodium_memcmp(a.p, b.p, a.n) == 0;
}

bool crypt_equal(struct str a, struct str b)
{
	return a.n == b.n && sodium_memcmp(a.p, b.p, a.n) == 0;
}
