/*
 * Accounts that nobody uses: personal data has an end. Whoever has not come in for eleven months is told, and the account is
 * erased a year after the last visit, and never sooner than thirty days after that mail.
 */
#include "../base/time.h"
#include "../db/db.h"
#include "account.h"
#include "account.sql.h"
#include "account_private.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static enum err one(struct db *db, struct mem *m, const struct site *site, const struct account_unused_row *row, int64_t now,
		    account_warn_fn *warn, void *arg, int64_t *erased)
{
	int64_t today = now / TIME_DAY, last = later(row->seen_day, row->created_at / TIME_DAY);
	struct account a;

	if (row->warned_day < last + ACCOUNT_WARN_DAYS) {
		TRY(account_get(db, m, site, row->id, &a));
		TRY(warn(arg, &a, later(last + ACCOUNT_KEEP_DAYS, today + ACCOUNT_NOTICE_DAYS) * TIME_DAY));
		return account_put_warned(db, row->id, today);
	}
	if (today < last + ACCOUNT_KEEP_DAYS || today < row->warned_day + ACCOUNT_NOTICE_DAYS) {
		return OK;
	}
	++*erased;
	return account_close(db, row->id);
}

enum err account_unused_walk(struct db *db, struct mem *m, const struct site *site, int64_t now, account_warn_fn *warn, void *arg,
			     int64_t *erased)
{
	int64_t before = now - (int64_t)ACCOUNT_WARN_DAYS * TIME_DAY;
	struct account_unused_row *rows;
	size_t n = 1;

	*erased = 0;
	for (int64_t after = 0; n > 0;) {
		TRY(account_unused(db, after, before / TIME_DAY, before, m, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(one(db, m, site, &rows[i], now, warn, arg, erased));
			after = rows[i].id;
		}
	}
	return OK;
}
