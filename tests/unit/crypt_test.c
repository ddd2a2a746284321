/*
 * What crypt/ promises: known answers of the standards, and refusal of everything altered.
 */
#include "crypt/crypt.h"
#include "t.h"

static void digests(struct t *t)
{
	struct crypt_key k = {{0}};

	T_EQ(crypt_sha256_hex(t->mem, S("abc")), S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	T_EQ(crypt_sha256_hex(t->mem, STR_NONE), S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	T_EQ(crypt_keyed_hash(t->mem, &k, S("a"), 9).n, 12);
	T_TRUE(!str_eq(crypt_keyed_hash(t->mem, &k, S("a"), 9), crypt_keyed_hash(t->mem, &k, S("b"), 9)));
}

static void signed_links(struct t *t)
{
	struct crypt_key k, other;
	struct str s, payload;

	T_OK(crypt_start());
	crypt_key_make(&k);
	crypt_key_make(&other);
	s = crypt_sign(t->mem, &k, "correct", S("actor 12\nx"), 1000);
	T_OK(crypt_verify(t->mem, &k, "correct", s, 999, &payload));
	T_EQ(payload, S("actor 12\nx"));
	T_ERR(E_LIMIT, crypt_verify(t->mem, &k, "correct", s, 1001, &payload));
	T_ERR(E_INVALID, crypt_verify(t->mem, &k, "withdraw", s, 1, &payload));
	T_ERR(E_INVALID, crypt_verify(t->mem, &other, "correct", s, 1, &payload));
	for (size_t i = 0; i < s.n; i++) {
		char *bad = mem_get(t->mem, s.n);

		memcpy(bad, s.p, s.n);
		bad[i] = bad[i] == 'A' ? 'B' : 'A';
		T_ERR(E_INVALID, crypt_verify(t->mem, &k, "correct", (struct str){bad, s.n}, 1, &payload));
	}
	T_ERR(E_INVALID, crypt_verify(t->mem, &k, "correct", S(""), 1, &payload));
	T_ERR(E_INVALID, crypt_verify(t->mem, &k, "correct", S("."), 1, &payload));
	T_OK(crypt_verify(t->mem, &k, "x", crypt_sign(t->mem, &k, "x", S(""), 0), INT64_MAX, &payload));
	T_EQ(payload.n, 0);
}

static void sealed_text(struct t *t)
{
	struct crypt_key k, other;
	struct str box, plain;

	crypt_key_make(&k);
	crypt_key_make(&other);
	box = crypt_seal(t->mem, &k, S("a secret"));
	T_EQ(str_find(box, S("secret")), -1);
	T_OK(crypt_unseal(t->mem, &k, box, &plain));
	T_EQ(plain, S("a secret"));
	T_ERR(E_INVALID, crypt_unseal(t->mem, &other, box, &plain));
	T_ERR(E_INVALID, crypt_unseal(t->mem, &k, str_sub(box, 0, box.n - 2), &plain));
	T_ERR(E_INVALID, crypt_unseal(t->mem, &k, STR_NONE, &plain));
}

static void keys_as_text(struct t *t)
{
	struct crypt_key k, back;

	crypt_key_make(&k);
	T_OK(crypt_key_read(crypt_key_text(t->mem, &k), &back));
	T_TRUE(memcmp(&k, &back, sizeof k) == 0);
	T_ERR(E_INVALID, crypt_key_read(S("short"), &back));
	T_ERR(E_INVALID, crypt_key_read(STR_NONE, &back));
}

static void passwords(struct t *t)
{
	struct str hash;

	T_OK(crypt_password_hash(t->mem, S("corde à linge"), &hash));
	T_TRUE(str_starts(hash, S("$argon2id$")));
	T_TRUE(crypt_password_is(hash, S("corde à linge")));
	T_TRUE(!crypt_password_is(hash, S("corde a linge")));
	T_TRUE(!crypt_password_is(STR_NONE, S("")));
}

/* RFC 6238 appendix B, SHA-1, last six digits. */
static void one_time_codes(struct t *t)
{
	struct str secret = S("12345678901234567890");
	int64_t step = 0;

	T_EQ(crypt_totp_at(t->mem, secret, 59 / 30), S("287082"));
	T_EQ(crypt_totp_at(t->mem, secret, 1111111109 / 30), S("081804"));
	T_EQ(crypt_totp_at(t->mem, secret, 20000000000 / 30), S("353130"));
	T_TRUE(crypt_totp_is(secret, S("287082"), 59000, 0, &step));
	T_EQ(step, 1);
	T_TRUE(!crypt_totp_is(secret, S("287082"), 59000, 1, &step));
	T_TRUE(!crypt_totp_is(secret, S("287082"), 300000, 0, &step));
	T_TRUE(!crypt_totp_is(secret, S("28708"), 59000, 0, &step));
	T_TRUE(!crypt_totp_is(secret, S("-28708"), 59000, 0, &step));
	T_EQ(crypt_base32(t->mem, S("foobar")), S("MZXW6YTBOI"));
	T_EQ(crypt_base32(t->mem, S("")).n, 0);
}

static const struct t_case cases[] = {
	{"digests give the standards' answers", digests, 0},
	{"a signed link is refused once altered, late or for another purpose", signed_links, 0},
	{"sealed text opens with its key only", sealed_text, 0},
	{"keys survive their text form", keys_as_text, 0},
	{"passwords are hashed with Argon2id", passwords, 0},
	{"one-time codes follow RFC 6238 and serve once", one_time_codes, 0},
};
T_SUITE(crypt, cases)
