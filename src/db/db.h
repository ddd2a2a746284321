/*
 * The database: one connection to SQLite or PostgreSQL behind one small interface. Statements come from tools/sqlc
 * (struct db_stmt, called through the typed functions it writes) or, in entity/list.c alone, are composed at run time
 * (db_query). It owns connections, their prepared statements and their transaction; it never retries, never logs a
 * value, never outlives its arena. Only sqlite.c includes <sqlite3.h>, only pg.c <libpq-fe.h>.
 *
 * A connection belongs to one thread at a time (db_interrupt() alone may be called from another). Every statement runs
 * inside a transaction opened by db_begin(), or else is its own.
 *
 * Errors, the same on both engines, with the detail logged where it happens:
 *   E_BUSY      locked beyond the time limit, 40001, 40P01, connection lost or deadline passed: trying again is right
 *   E_CONFLICT  unique or foreign-key violation
 *   E_INVALID   a CHECK or NOT NULL violation, text with a NUL byte or not UTF-8
 *   E_LIMIT     a value or statement is too large
 *   E_IO        the disk is full, or the file could not be read or written: nothing was changed, an operator must look
 *   E_DB        anything else
 * After any error inside a transaction only db_savepoint_undo(), db_rollback() and db_close() are of use, on both engines:
 * what may fail and go on stands in a savepoint.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "../base/err.h"
#include "../base/mem.h"
#include "../base/str.h"

enum db_engine { DB_SQLITE, DB_PG };

/* What a parameter or column holds: BIGINT, DOUBLE PRECISION, TEXT, BYTEA/BLOB. Booleans are 0/1, times are milliseconds. */
enum db_type { DB_INT, DB_REAL, DB_TEXT, DB_BLOB };

/* A number that may be NULL. (Text that may be NULL is a struct str whose p is NULL.) */
struct opt_int {
	bool has;
	int64_t v;
};
struct opt_real {
	bool has;
	double v;
};

/* ---- Statements, as sqlc writes them --------------------------------------------------------------------------- */

enum db_kind {
	DB_ONE,  /* one row or E_NOTFOUND */
	DB_MANY, /* an array in the arena; has a LIMIT */
	DB_EACH, /* a callback a row, constant memory: PostgreSQL reads it through a cursor */
	DB_EXEC, /* no rows */
	DB_COUNT /* no rows, but how many were changed */
};

struct db_param {
	const char *name;
	enum db_type type;
	bool null; /* may be NULL */
};

struct db_col {
	const char *name;
	enum db_type type;
	bool null;
};

struct db_stmt {
	unsigned id;        /* index in sql_stmts, dense from 0: the place of its prepared form in a connection's cache */
	const char *name;
	enum db_kind kind;
	bool writes;        /* not a SELECT */
	const char *sqlite; /* its text, parameters as ?1..?n; NULL if not for this engine */
	const char *pg;     /* the same with $1..$n */
	const struct db_param *params; /* 1..n, as declared; the types are sent to PostgreSQL when preparing */
	size_t params_n;
	const struct db_col *cols;
	size_t cols_n;
	const char *scan; /* why a full scan is accepted (-- scan: reason), or NULL: read by the EXPLAIN test */
	const char *file; /* where it was written, for test reports */
	int line;
};

/* Every statement of the program, sorted by id: sql_stmts[i]->id == i. Written by sqlc; used by tests, not by db/. */
extern const struct db_stmt *const sql_stmts[];
extern const size_t sql_stmts_n;

/* One numbered migration, dialect words already replaced for each engine by sqlc, several statements in a text. */
struct db_migration {
	int number;         /* 1, 2, 3 … without gaps */
	const char *name;   /* "core" of 0001_core.sql */
	const char *sha256; /* of the source file, in hex: what is stored and compared */
	const char *sqlite;
	const char *pg;
};
/* In order. Written by sqlc. */
extern const struct db_migration sql_migrations[];
extern const size_t sql_migrations_n;

/* ---- Values ---------------------------------------------------------------------------------------------------- */

struct db_value {
	enum db_type type;
	bool null;
	union {
		int64_t i;
		double d;
		struct str s; /* DB_TEXT and DB_BLOB; borrowed until db_end, or until db_do returns */
	} v;
};

static inline struct db_value db_int(int64_t v)
{
	return (struct db_value){.type = DB_INT, .v.i = v};
}
static inline struct db_value db_real(double v)
{
	return (struct db_value){.type = DB_REAL, .v.d = v};
}
/* A NULL pointer is SQL NULL. */
static inline struct db_value db_text(struct str v)
{
	return (struct db_value){.type = DB_TEXT, .null = !v.p, .v.s = v};
}
static inline struct db_value db_blob(struct str v)
{
	return (struct db_value){.type = DB_BLOB, .null = !v.p, .v.s = v};
}
static inline struct db_value db_opt_int(struct opt_int v)
{
	return (struct db_value){.type = DB_INT, .null = !v.has, .v.i = v.v};
}
static inline struct db_value db_opt_real(struct opt_real v)
{
	return (struct db_value){.type = DB_REAL, .null = !v.has, .v.d = v.v};
}

/* ---- Connections ----------------------------------------------------------------------------------------------- */

struct db;

struct db_options {
	int busy_ms;    /* how long to wait for a lock; 0 for the default of 5000 */
	bool read_only; /* the whole connection: SQLite opens the file so, PostgreSQL sets the session so */
	bool must_exist; /* SQLite: do not create the file; E_NOTFOUND instead */
};

/* Opens "postgres://…", "postgresql://…" or "host=… dbname=…" on PostgreSQL, anything else as the path of an SQLite file
 * (":memory:" is allowed). `opt` may be NULL. The caller closes it. */
MUST_USE enum err db_open(struct str where, const struct db_options *opt, struct db **out);
/* Rolls back what is open, frees everything. NULL is allowed. */
void db_close(struct db *db);
enum db_engine db_engine(const struct db *db);
/* The engine's last error message on this connection, "" if none; for logs and tests, never for visitors. */
const char *db_message(const struct db *db);
/* The constraint, index or columns that the last E_CONFLICT or E_INVALID named ("actor.slug" or "actor_slug_key"), or "". */
const char *db_constraint(const struct db *db);
/* Statements run since the connection opened: the sql budgets of tests. */
uint64_t db_ran(const struct db *db);
/* Statements that run past this instant of the monotonic clock (milliseconds) end with E_BUSY; 0 for none. */
void db_deadline(struct db *db, int64_t monotonic_ms);
/* Ends the running statement with E_BUSY; from any thread, and harmless when none runs. */
void db_interrupt(struct db *db);

/* ---- Transactions ---------------------------------------------------------------------------------------------- */

/* READ sees one snapshot and refuses writes on both engines; WRITE is BEGIN IMMEDIATE / READ COMMITTED. */
enum db_mode { DB_READ, DB_WRITE };

/* Opens the transaction; E_BUSY when the lock is not to be had in time. */
MUST_USE enum err db_begin(struct db *db, enum db_mode mode);
/* On any error the transaction is over and nothing of it was kept; but E_IO on PostgreSQL may mean that the connection broke
 * while it was being committed, so that it may have been: it is not run again. */
MUST_USE enum err db_commit(struct db *db);
/* Never fails: the connection is usable again, or db_usable() says no. Allowed when nothing is open. */
void db_rollback(struct db *db);
bool db_in_tx(const struct db *db);
/* The number of the open reading transaction, never the same twice: what was read in it may be remembered as
 * long as it lasts. 0 in one that writes, or in none. */
uint64_t db_snapshot(const struct db *db);
/* True if the open transaction ran a statement that writes (sqlc's `writes`, or db_query's). */
bool db_wrote(const struct db *db);
/* False while the connection is lost; the next db_begin() tries to make a new one. */
bool db_usable(const struct db *db);

/* Has fn(db, kept) called once, however often it was asked for, when the open transaction is over: `kept` is true when it was
 * committed. It may begin a transaction of its own. Outside a transaction it is called at once, kept. What others see of a
 * change (snapshots in memory, kept pages) is renewed here, for before the commit there is nothing to see, and may never be. */
enum { DB_AFTER_MAX = 4 };
void db_after(struct db *db, void (*fn)(struct db *db, bool kept));

/* A nested part that may be undone alone. Strictly nested; commit and rollback of the whole end them all. */
MUST_USE enum err db_savepoint(struct db *db);
MUST_USE enum err db_savepoint_keep(struct db *db);
void db_savepoint_undo(struct db *db);

/* Runs fn(db, arg) in a transaction: commits if it returns OK, else rolls back and returns its error. On E_BUSY runs it
 * again, at most `tries` times in all, so fn has no effect but the database and its own arena. */
MUST_USE enum err db_tx(struct db *db, enum db_mode mode, int tries, enum err (*fn)(struct db *db, void *arg), void *arg);

/* ---- Running: what the generated functions and entity/list.c call ----------------------------------------------- */

/* A running statement. On the caller's stack, its members are the engine's affair. Several may be open on a connection,
 * the same statement more than once too (recursion inside a :each callback). */
struct db_rows {
	struct db *db;
	const struct db_stmt *stmt; /* NULL for db_query */
	void *handle;
	size_t row, rows, cols;
	void *extra;
};

/* Starts a statement with stmt->params_n values. After OK the caller ends it with db_end(), always. */
MUST_USE enum err db_start(struct db *db, const struct db_stmt *stmt, const struct db_value *params,
                           struct db_rows *rows);
/* The same for a text made at run time (entity/list.c only): $1..$n in order of first appearance, valid on both engines,
 * types taken from the values; prepared once a connection and text, the least recently used given back. `each` reads
 * through a cursor, as DB_EACH. */
MUST_USE enum err db_query(struct db *db, struct str sql, const struct db_value *params, size_t n, bool each,
                           struct db_rows *rows);
/* Moves to the next row; `*more` false at the end. */
MUST_USE enum err db_next(struct db_rows *rows, bool *more);
/* Gives the statement back. Returns `e` if that is an error, else its own. */
MUST_USE enum err db_end(struct db_rows *rows, enum err e);
/* Starts, runs to the end and ends a statement without rows; `*changed` (may be NULL) is how many rows it changed. */
MUST_USE enum err db_do(struct db *db, const struct db_stmt *stmt, const struct db_value *params, int64_t *changed);

/* The current row, columns from 0. Text and blobs are copied into `m` (text also terminated by a NUL past its end); NULL
 * gives STR_NONE, 0 or has = false. Asking for another type than the column's is a bug: logged, gives the empty value. */
bool db_col_null(const struct db_rows *rows, size_t col);
int64_t db_col_int(const struct db_rows *rows, size_t col);
double db_col_real(const struct db_rows *rows, size_t col);
struct opt_int db_col_opt_int(const struct db_rows *rows, size_t col);
struct opt_real db_col_opt_real(const struct db_rows *rows, size_t col);
struct str db_col_text(const struct db_rows *rows, size_t col, struct mem *m);
struct str db_col_blob(const struct db_rows *rows, size_t col, struct mem *m);
/* How many columns, and their names, for db_query. */
size_t db_cols(const struct db_rows *rows);
const char *db_col_name(const struct db_rows *rows, size_t col);

/* ---- Schema ----------------------------------------------------------------------------------------------------- */

/* Runs a text of several statements without parameters (migrations, tests). */
MUST_USE enum err db_script(struct db *db, const char *sql);
/* Applies the migrations that are missing, each in a transaction, under a lock so that two starts do not race; E_CONFLICT
 * if an applied one has another checksum or a number unknown here. `*applied` (may be NULL) is how many. */
MUST_USE enum err db_migrate(struct db *db, const struct db_migration *list, size_t n, int *applied);
/* The highest number applied, 0 for an empty database. */
MUST_USE enum err db_schema(struct db *db, int *number);

/* ---- Upkeep ------------------------------------------------------------------------------------------------------ */

/* Copies the whole database into a new file at `path` while others read and write; E_CONFLICT when the file exists. SQLite
 * only: on PostgreSQL E_INVALID, there pg_dump does it (doc/database.md). */
MUST_USE enum err db_backup(struct db *db, const char *path);
/* Replaces the rows of every table of `to` but those of `skip` by those of `from`, in one transaction; `*count` is how many. One
 * of the two is SQLite; both have the same migrations applied. What derives from the rows is the caller's to make again. */
enum { DB_CARRY_TABLES = 200, DB_CARRY_COLS = 64 };
MUST_USE enum err db_carry(struct db *from, struct db *to, const char *const *skip, size_t n_skip, int64_t *count);
/* Proves integrity and foreign keys; `*report` is empty when all is well, else one finding a line. */
MUST_USE enum err db_check(struct db *db, struct mem *m, struct str *report);
/* While on, thousands of rows are written in each transaction: more pages are kept in memory (some 24 MB) and written back less
 * often. Not in a transaction. */
MUST_USE enum err db_bulk(struct db *db, bool on);
/* Lets the engine look at its statistics where it thinks it time; cheap, for a daily job. */
MUST_USE enum err db_optimize(struct db *db);

/* Announces that public data changed: reaches db_changes() of every other connection once the transaction commits. */
MUST_USE enum err db_announce(struct db *db);
/* True when something may have changed since the last call on this connection: on PostgreSQL an announcement (NOTIFY), on
 * SQLite any commit of another connection. The first call and one after a lost connection say true. Not in a transaction. */
MUST_USE enum err db_changes(struct db *db, bool *changed);

/* One connection for each of `n` threads, opened when first asked for; db_begin() revives lost ones. */
struct db_pool;
struct db_pool *db_pool_open(struct str where, const struct db_options *opt, size_t n);
/* The connection of thread `i`, which alone may use it. */
MUST_USE enum err db_pool_get(struct db_pool *pool, size_t i, struct db **out);
void db_pool_close(struct db_pool *pool);

/* ---- For the tests that walk sql_stmts -------------------------------------------------------------------------- */

/* Prepares `stmt` for real and tells the types the engine says it returns (PostgreSQL; on SQLite the declared ones). */
MUST_USE enum err db_describe(struct db *db, const struct db_stmt *stmt, struct mem *m, struct db_col **cols, size_t *n);
/* The plan (EXPLAIN QUERY PLAN / EXPLAIN), one step a line. */
MUST_USE enum err db_explain(struct db *db, const struct db_stmt *stmt, struct mem *m, struct str *plan);

#endif
