/*
 * What account.c, session.c and account_secret.c share; nobody else includes it.
 */
#ifndef CORE_ACCOUNT_PRIVATE_H
#define CORE_ACCOUNT_PRIVATE_H

#include "../web/site.h"

/* Keyed hash under a purpose of its own: what the database holds instead of a token or an address. */
struct str account_hash(struct mem *m, const struct site *site, const char *purpose, struct str value);
/* The key that seals mails and one-time secrets. */
void account_seal_key(const struct site *site, struct crypt_key *out);

#endif
