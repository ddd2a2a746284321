/* What comes back from strangers and claims to be ours: signed, sealed, hashed, keyed. Nothing that we did not make is taken. */
#include "fuzz.h"

#include "crypt/crypt.h"

void fuzz_one(struct mem *m, struct str in)
{
	static struct crypt_key key;
	static bool started;
	struct str out;
	struct crypt_key read;
	int64_t step = 0;

	if (!started) {
		started = true;
		PROMISE(crypt_start() == OK);
		crypt_key_make(&key);
	}
	PROMISE(crypt_verify(m, &key, "fuzz", in, 0, &out) != OK);
	PROMISE(crypt_unseal(m, &key, in, &out) != OK);
	if (crypt_key_read(in, &read) == OK) {
		PROMISE(str_eq(crypt_key_text(m, &read), in));
	}
	PROMISE(!crypt_password_is(str_sub(in, 0, 20), in));
	(void)crypt_totp_is(S("secret of twenty byte"), in, 0, -1, &step);
	in = str_sub(in, 0, 1000); /* links are not longer */
	PROMISE(crypt_verify(m, &key, "fuzz", crypt_sign(m, &key, "fuzz", in, 9), 8, &out) == OK && str_eq(out, in));
	PROMISE(crypt_unseal(m, &key, crypt_seal(m, &key, in), &out) == OK && str_eq(out, in));
}
