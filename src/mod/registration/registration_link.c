/*
 * The vault: the connection link, password or telephone number of an event, sealed with a key of its own. It leaves in three ways
 * only: in a mail as it is sent, by the personal redirect of a confirmed registrant near the time, and shown to the
 * organiser who asks to see it.
 */
#include "../../base/limits.h"
#include "../../base/time.h"
#include "../../crypt/crypt.h"
#include "registration.sql.h"
#include "registration_private.h"

static void vault_key(const struct reg_ctx *c, struct crypt_key *out)
{
	crypt_key_derive(&c->site->key, "link vault", out);
}

enum err reg_link_put(const struct reg_ctx *c, int64_t event, struct str plain, int64_t hours, bool personal)
{
	struct crypt_key key;
	int64_t n;

	if (plain.n > LIMIT_NOTE || hours < 0 || hours > 24 * 30) {
		return E_INVALID;
	}
	vault_key(c, &key);
	TRY(reg_link_write(c->db, event, plain.n ? crypt_seal(c->mem, &key, plain) : STR_NONE, hours, personal, c->now,
			   &n));
	return n == 1 ? OK : E_NOTFOUND;
}

enum err reg_link_open(const struct reg_ctx *c, const struct reg_setup *s, struct str *plain)
{
	struct crypt_key key;

	if (!s->link.p) {
		return E_NOTFOUND;
	}
	vault_key(c, &key);
	return crypt_unseal(c->mem, &key, s->link, plain);
}

bool reg_link_due(const struct reg_setup *s, const struct reg_slot *slot, const struct registration *r, int64_t now)
{
	return s->link.p && r->state == REG_CONFIRMED && slot->starts_at.has &&
	       now >= slot->starts_at.v - s->link_hours * TIME_HOUR && !(slot->ends_at.has && now >= slot->ends_at.v);
}
