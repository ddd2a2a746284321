/*
 * Migrations: numbered, forward only, each in a transaction of its own together with the row that records it, so that a
 * server killed in the middle has either all of one or nothing. Two servers starting at once take turns by a lock inside that
 * transaction, and look again at what is applied once they have it.
 */
#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "db.h"
#include "impl.h"

static const char record_table[] = "CREATE TABLE IF NOT EXISTS maillage_migration ("
				   "number BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, "
				   "applied_at BIGINT NOT NULL)";

/* Compares what is recorded with the list; the highest number recorded. */
static enum err compare(struct db *db, const struct db_migration *list, size_t n, struct mem *m, int *highest)
{
	static const char sql[] = "SELECT number, sha256 FROM maillage_migration ORDER BY number";
	struct db_rows rows;
	bool more = true;
	enum err e = OK;

	*highest = 0;
	TRY(db_query(db, str_of(sql), NULL, 0, false, &rows));
	while (e == OK) {
		int64_t number;
		struct str sum;

		e = db_next(&rows, &more);
		if (e != OK || !more) {
			break;
		}
		number = db_col_int(&rows, 0);
		sum = db_col_text(&rows, 1, m);
		if (number != *highest + 1 || (size_t)number > n) {
			e = fail(E_CONFLICT, "the database has migration %lld, which this program does not know: it is older",
				 (long long)number);
		} else if (!str_eq(sum, str_of(list[number - 1].sha256))) {
			e = fail(E_CONFLICT, "migration %lld (%s) was applied with another text than this program has",
				 (long long)number, list[number - 1].name);
		}
		*highest = (int)number;
	}
	return db_end(&rows, e);
}

static enum err record(struct db *db, const struct db_migration *mig)
{
	static const char sql[] = "INSERT INTO maillage_migration (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)";
	struct db_value values[] = {db_int(mig->number), db_text(str_of(mig->name)), db_text(str_of(mig->sha256)),
				    db_int(time_now())};
	struct db_rows rows;
	bool more = false;
	enum err e;

	TRY(db_query(db, str_of(sql), values, COUNT(values), false, &rows));
	e = db_next(&rows, &more);
	return db_end(&rows, e);
}

/* What the engine did not check while tables were being rebuilt. */
static enum err links_hold(struct db *db, struct mem *m)
{
	struct buf b = buf_make(m, MIB(1));

	TRY(db_check_links(db, &b));
	if (b.n > 0 || !buf_ok(&b)) {
		return fail(E_CONFLICT, "a migration leaves foreign keys broken: %.*s",
			    STR_ARG(str_sub(buf_str(&b), 0, 300)));
	}
	return OK;
}

/* Inside a transaction with the lock: applies the next one that is missing. */
static enum err apply_next(struct db *db, const struct db_migration *list, size_t n, struct mem *m, bool *did)
{
	const struct db_migration *mig;
	int highest;

	*did = false;
	TRY(db->ops->migrate_lock(db));
	TRY(db_script(db, record_table));
	TRY(compare(db, list, n, m, &highest));
	if ((size_t)highest == n) {
		return OK;
	}
	mig = &list[highest];
	if (mig->number != highest + 1) {
		return fail(E_BUG, "migration %d stands at place %d", mig->number, highest + 1);
	}
	TRY(db_script(db, db->engine == DB_PG ? mig->pg : mig->sqlite));
	TRY(links_hold(db, m));
	TRY(record(db, mig));
	*did = true;
	return OK;
}

static enum err one_step(struct db *db, const struct db_migration *list, size_t n, struct mem *m, bool *did)
{
	enum err e;

	TRY(db_begin(db, DB_WRITE));
	e = apply_next(db, list, n, m, did);
	if (e != OK) {
		db_rollback(db);
		return e;
	}
	return db_commit(db);
}

enum err db_migrate(struct db *db, const struct db_migration *list, size_t n, int *applied)
{
	struct mem *m = mem_open();
	bool did = true;
	int count = 0;
	enum err e = db->ops->migrate_around(db, true), after;

	while (e == OK && did) {
		e = one_step(db, list, n, m, &did);
		count += e == OK && did;
		mem_reset(m);
	}
	after = db->ops->migrate_around(db, false);
	mem_close(m);
	if (count > 0) {
		log_info("applied %d migrations", count);
	}
	if (applied != NULL) {
		*applied = count;
	}
	return e == OK ? after : e;
}

enum err db_schema(struct db *db, int *number)
{
	static const char pg[] = "SELECT count(*) AS n FROM information_schema.tables WHERE table_name = 'maillage_migration' "
				 "AND table_schema = current_schema()";
	static const char sqlite[] = "SELECT count(*) AS n FROM sqlite_schema WHERE name = 'maillage_migration'";
	static const char highest[] = "SELECT coalesce(max(number), 0) AS n FROM maillage_migration";
	struct str texts[] = {db->engine == DB_PG ? str_of(pg) : str_of(sqlite), str_of(highest)};

	*number = 0;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct db_rows rows;
		bool more = false;
		enum err e;

		TRY(db_query(db, texts[i], NULL, 0, false, &rows));
		e = db_next(&rows, &more);
		*number = e == OK && more ? (int)db_col_int(&rows, 0) : 0;
		TRY(db_end(&rows, e));
		if (*number == 0) {
			break;
		}
	}
	return OK;
}
