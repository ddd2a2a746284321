/*
 * What db.c shares with the two engines, and no one else includes: the common part of a connection and the table of what an
 * engine does. The common part keeps the rules that must be the same on both: a failed statement spoils its transaction until
 * a savepoint or the whole is undone (as PostgreSQL has it), reading transactions refuse writes, statements are counted.
 */
#ifndef DB_IMPL_H
#define DB_IMPL_H

#include <stdatomic.h>

#include "../base/buf.h"
#include "db.h"

/* What a statement is, whichever way it came: from sqlc or composed. */
struct db_job {
	const struct db_stmt *stmt; /* NULL when composed */
	struct str sql;             /* its text when composed */
	const struct db_value *values;
	size_t n;
	bool each;
};

struct db_ops {
	void (*close)(struct db *db);
	enum err (*begin)(struct db *db, enum db_mode mode);
	enum err (*commit)(struct db *db);
	void (*rollback)(struct db *db);
	/* Runs one statement without values or rows. */
	enum err (*run)(struct db *db, const char *sql);
	enum err (*script)(struct db *db, const char *sql);
	/* Sets rows->handle, ->extra, ->rows, ->cols; tells whether the statement writes. */
	enum err (*start)(struct db *db, const struct db_job *job, struct db_rows *rows, bool *writes);
	enum err (*next)(struct db_rows *rows, bool *more);
	enum err (*end)(struct db_rows *rows);
	int64_t (*changed)(const struct db_rows *rows);
	/* The type of a column in this row, and whether it is NULL. */
	enum db_type (*col_type)(const struct db_rows *rows, size_t col, bool *null);
	int64_t (*col_int)(const struct db_rows *rows, size_t col);
	double (*col_real)(const struct db_rows *rows, size_t col);
	struct str (*col_bytes)(const struct db_rows *rows, size_t col); /* borrowed until the next row */
	const char *(*col_name)(const struct db_rows *rows, size_t col);
	void (*interrupt)(struct db *db);
	/* Makes a lost connection usable again; OK when it is. */
	enum err (*revive)(struct db *db);
	enum err (*describe)(struct db *db, const struct db_stmt *stmt, struct mem *m, struct db_col **cols, size_t *n);
	/* The text that shows the plan of `stmt` when it is run with the values of stmt, all NULL, or with none. */
	enum err (*explain_sql)(struct db *db, const struct db_stmt *stmt, struct mem *m, struct str *sql);
	enum err (*backup)(struct db *db, const char *path);
	enum err (*bulk)(struct db *db, bool on);
	enum err (*announce)(struct db *db);
	enum err (*changes)(struct db *db, bool *changed);
	/* Migrations: takes the lock inside an open transaction; what goes around them all. */
	enum err (*migrate_lock)(struct db *db);
	enum err (*migrate_around)(struct db *db, bool before);
};

struct db {
	const struct db_ops *ops;
	enum db_engine engine;
	struct mem *mem; /* lives as long as the connection */
	struct db_options opt;
	char message[400];
	char constraint[120];
	uint64_t ran, begun; /* statements run; the number of the last transaction, of all of this process */
	bool in_tx, wrote, lost;
	bool spoiled;       /* a statement failed: only undoing is possible */
	enum db_mode mode;
	int savepoints;
	void (*after[DB_AFTER_MAX])(struct db *db, bool kept); /* when the transaction is over */
	size_t n_after;
	_Atomic int64_t deadline; /* monotonic milliseconds; 0 for none */
};

/* Opens a connection of the one or the other engine. */
enum err db_sqlite_open(struct str where, const struct db_options *opt, struct db **out) MUST_USE;
enum err db_pg_open(struct str where, const struct db_options *opt, struct db **out) MUST_USE;
/* What an (extended) result code of SQLite is to us. */
enum err db_sqlite_err(int code);
/* db_backup() over an sqlite3 handle. */
enum err db_sqlite_copy(void *handle, const char *path) MUST_USE;

/* Findings of broken foreign keys, one a line, appended to `b`; empty on PostgreSQL, which never lets them in. */
enum err db_check_links(struct db *db, struct buf *b) MUST_USE;
/* Milliseconds until the deadline, at least 0; -1 when there is none. */
int64_t db_time_left(const struct db *db);
/* False, logged, when a text holds a NUL character or is not UTF-8. */
bool db_text_ok(struct str s);
/* Copies into db->message or db->constraint, cut to fit. */
void db_set_message(struct db *db, struct str text);
void db_set_constraint(struct db *db, struct str name);

#endif
