/*
 * Between the files of the registration room: rows unsealed, times that move.
 */
#ifndef MOD_REGISTRATION_PRIVATE_H
#define MOD_REGISTRATION_PRIVATE_H

#include "registration.h"

struct reg_row;
struct reg_slot_row;

/* A row with its texts unsealed; what cannot be unsealed (another site's key) reads "?". */
struct registration reg_of_row(const struct reg_ctx *c, const struct reg_row *row);
struct reg_slot reg_slot_of_row(const struct reg_slot_row *row);
struct str reg_seal(const struct reg_ctx *c, struct str plain);
enum err reg_unseal(const struct reg_ctx *c, struct str sealed, struct str *plain);

/* What comes due by itself; no transaction is open. */
enum err reg_job_offers(const struct reg_ctx *c);
enum err reg_job_links(const struct reg_ctx *c);
enum err reg_job_reminders(const struct reg_ctx *c);
enum err reg_job_erase(const struct reg_ctx *c);
/* Of core/mail.h: what the vault puts in a mail as it leaves. */
enum err reg_mail_secret(struct db *db, struct mem *m, const struct site *site, int64_t registration, struct str lang, int64_t now,
			 struct str *out);

#endif
