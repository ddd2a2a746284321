/*
 * The rules that hold on both engines: transactions and savepoints, when a transaction is spoiled, typed columns, retries,
 * and one connection a worker. What differs is behind struct db_ops (sqlite.c, pg.c).
 */

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../base/utf8.h"
#include "db.h"
#include "impl.h"

#define BUSY_MS 5000

/* ---- Help for the engines ---- */

int64_t db_time_left(const struct db *db)
{
	int64_t at = atomic_load_explicit(&db->deadline, memory_order_relaxed), now;

	if (at == 0) {
		return -1;
	}
	now = time_mono() / 1000;
	return at > now ? at - now : 0;
}

bool db_text_ok(struct str s)
{
	return s.n == 0 || (memchr(s.p, '\0', s.n) == NULL && utf8_ok(s));
}

static void set_text(char *to, size_t cap, struct str text)
{
	text = utf8_cut(text, cap - 1);
	if (text.n > 0) {
		memcpy(to, text.p, text.n);
	}
	to[text.n] = '\0';
}

void db_set_message(struct db *db, struct str text)
{
	set_text(db->message, sizeof(db->message), text);
}

void db_set_constraint(struct db *db, struct str name)
{
	set_text(db->constraint, sizeof(db->constraint), name);
}

/* ---- Connections ---- */

static bool is_pg(struct str where)
{
	return str_starts(where, S("postgres://")) || str_starts(where, S("postgresql://")) ||
	       str_find(where, S("dbname=")) >= 0 || str_starts(where, S("host="));
}

enum err db_open(struct str where, const struct db_options *opt, struct db **out)
{
	struct db_options o = opt == NULL ? (struct db_options){0} : *opt;

	if (o.busy_ms == 0) {
		o.busy_ms = BUSY_MS;
	}
	*out = NULL;
	return is_pg(where) ? db_pg_open(where, &o, out) : db_sqlite_open(where, &o, out);
}

void db_close(struct db *db)
{
	struct mem *m;

	if (db == NULL) {
		return;
	}
	db_rollback(db);
	m = db->mem;
	db->ops->close(db);
	mem_close(m);
}

enum db_engine db_engine(const struct db *db)
{
	return db->engine;
}

const char *db_message(const struct db *db)
{
	return db->message;
}

const char *db_constraint(const struct db *db)
{
	return db->constraint;
}

uint64_t db_ran(const struct db *db)
{
	return db->ran;
}

void db_deadline(struct db *db, int64_t monotonic_ms)
{
	atomic_store_explicit(&db->deadline, monotonic_ms, memory_order_relaxed);
}

void db_interrupt(struct db *db)
{
	db->ops->interrupt(db);
}

bool db_usable(const struct db *db)
{
	return !db->lost;
}

/* ---- Transactions ---- */

static _Atomic uint64_t transactions; /* begun by this process */

enum err db_begin(struct db *db, enum db_mode mode)
{
	enum err e;

	if (db->in_tx) {
		return fail(E_BUG, "db_begin inside a transaction");
	}
	if (db->opt.read_only && mode == DB_WRITE) {
		return fail(E_DB, "a writing transaction on a read-only connection");
	}
	if (db->lost) {
		TRY(db->ops->revive(db));
	}
	e = db->ops->begin(db, mode);
	if (e == E_BUSY && db->lost) {
		/* the server went away since the last request: once more on a new connection, nothing was lost */
		TRY(db->ops->revive(db));
		e = db->ops->begin(db, mode);
	}
	db->begun = atomic_fetch_add(&transactions, 1) + 1;
	if (e == OK) {
		db->in_tx = true;
		db->wrote = db->spoiled = false;
		db->savepoints = 0;
		db->mode = mode;
	}
	return e;
}

static void tx_over(struct db *db, bool kept)
{
	size_t n = db->n_after;

	db->in_tx = db->spoiled = false;
	db->savepoints = 0;
	db->n_after = 0;
	/* A copy: what is called may begin a transaction and ask again. */
	void (*after[DB_AFTER_MAX])(struct db *, bool);
	memcpy(after, db->after, sizeof(after));
	for (size_t i = 0; i < n; i++) {
		after[i](db, kept);
	}
}

void db_after(struct db *db, void (*fn)(struct db *db, bool kept))
{
	if (!db->in_tx) {
		fn(db, true);
		return;
	}
	for (size_t i = 0; i < db->n_after; i++) {
		if (db->after[i] == fn) {
			return;
		}
	}
	if (db->n_after == DB_AFTER_MAX) {
		log_error("db_after: too many to call");
		return;
	}
	db->after[db->n_after++] = fn;
}

enum err db_commit(struct db *db)
{
	enum err e;

	if (!db->in_tx) {
		return fail(E_BUG, "db_commit outside a transaction");
	}
	if (db->spoiled) {
		db_rollback(db);
		return fail(E_DB, "commit of a transaction in which a statement failed");
	}
	e = db->ops->commit(db);
	if (e != OK) {
		db->ops->rollback(db);
	}
	tx_over(db, e == OK);
	return e;
}

void db_rollback(struct db *db)
{
	if (db->in_tx) {
		db->ops->rollback(db);
	}
	tx_over(db, false);
}

uint64_t db_snapshot(const struct db *db)
{
	return db->in_tx && db->mode == DB_READ ? db->begun : 0;
}

bool db_in_tx(const struct db *db)
{
	return db->in_tx;
}

bool db_wrote(const struct db *db)
{
	return db->wrote;
}

static enum err savepoint_run(struct db *db, const char *verb)
{
	char sql[48];

	snprintf(sql, sizeof(sql), "%s s%d", verb, db->savepoints);
	return db->ops->run(db, sql);
}

enum err db_savepoint(struct db *db)
{
	enum err e;

	if (!db->in_tx || db->spoiled) {
		return fail(E_BUG, "db_savepoint outside a sound transaction");
	}
	db->savepoints++;
	e = savepoint_run(db, "SAVEPOINT");
	if (e != OK) {
		db->savepoints--;
		db->spoiled = true;
	}
	return e;
}

enum err db_savepoint_keep(struct db *db)
{
	enum err e;

	if (db->savepoints == 0 || db->spoiled) {
		return fail(E_BUG, "db_savepoint_keep without a sound savepoint");
	}
	e = savepoint_run(db, "RELEASE SAVEPOINT");
	db->savepoints--;
	db->spoiled = e != OK;
	return e;
}

void db_savepoint_undo(struct db *db)
{
	if (db->savepoints == 0) {
		return;
	}
	db->spoiled = savepoint_run(db, "ROLLBACK TO SAVEPOINT") != OK || savepoint_run(db, "RELEASE SAVEPOINT") != OK;
	db->savepoints--;
}

enum err db_tx(struct db *db, enum db_mode mode, int tries, enum err (*fn)(struct db *db, void *arg), void *arg)
{
	enum err e = E_BUSY;

	for (int i = 0; i < tries && e == E_BUSY; i++) {
		e = db_begin(db, mode);
		if (e != OK) {
			continue;
		}
		e = fn(db, arg);
		if (e == OK) {
			e = db_commit(db);
		} else {
			db_rollback(db);
		}
	}
	return e;
}

/* ---- Running ---- */

static enum err spoil(struct db *db, enum err e)
{
	if (e != OK && e != E_NOTFOUND) {
		db->spoiled = db->in_tx;
	}
	return e;
}

static enum err start(struct db *db, const struct db_job *job, struct db_rows *rows)
{
	bool writes = false;
	enum err e;

	*rows = (struct db_rows){.db = db, .stmt = job->stmt};
	if (db->lost && db->in_tx) {
		return fail(E_BUSY, "the connection to the database was lost");
	}
	if (db->spoiled) {
		return fail(E_DB, "a statement after a failed one, before its transaction was rolled back");
	}
	if (db->lost) {
		TRY(db->ops->revive(db));
	}
	if (db_time_left(db) == 0) {
		db_set_message(db, S("the time for this request is over"));
		return spoil(db, fail(E_BUSY, "database: the time for this request is over"));
	}
	for (size_t i = 0; i < job->n; i++) {
		const struct db_value *v = &job->values[i];

		if (v->type == DB_TEXT && !v->null && !db_text_ok(v->v.s)) {
			db_set_message(db, S("text with a NUL character or not UTF-8"));
			return spoil(db, fail(E_INVALID, "database: text with a NUL character or not UTF-8"));
		}
	}
	db->ran++;
	db->message[0] = db->constraint[0] = '\0';
	e = db->ops->start(db, job, rows, &writes);
	if (e == OK && writes && db->in_tx) {
		db->wrote = true;
	}
	return spoil(db, e);
}

enum err db_start(struct db *db, const struct db_stmt *stmt, const struct db_value *params, struct db_rows *rows)
{
	struct db_job job = {.stmt = stmt, .values = params, .n = stmt->params_n, .each = stmt->kind == DB_EACH};

	for (size_t i = 0; i < job.n; i++) {
		if (params[i].type != stmt->params[i].type) {
			return fail(E_BUG, "%s: parameter %s has another type", stmt->name, stmt->params[i].name);
		}
	}
	return start(db, &job, rows);
}

enum err db_query(struct db *db, struct str sql, const struct db_value *params, size_t n, bool each, struct db_rows *rows)
{
	struct db_job job = {.sql = sql, .values = params, .n = n, .each = each};

	if (sql.n > LIMIT_DB_SQL) {
		return fail(E_LIMIT, "a composed statement is longer than %zu bytes", (size_t)LIMIT_DB_SQL);
	}
	return start(db, &job, rows);
}

enum err db_next(struct db_rows *rows, bool *more)
{
	enum err e = rows->db->ops->next(rows, more);

	if (e != OK) {
		*more = false;
	}
	return spoil(rows->db, e);
}

enum err db_end(struct db_rows *rows, enum err e)
{
	enum err own = rows->db->ops->end(rows);

	if (own != OK && e == OK) {
		e = spoil(rows->db, own);
	}
	return e;
}

enum err db_do(struct db *db, const struct db_stmt *stmt, const struct db_value *params, int64_t *changed)
{
	struct db_rows rows;
	bool more = true;
	enum err e;

	TRY(db_start(db, stmt, params, &rows));
	e = OK;
	while (e == OK && more) {
		e = db_next(&rows, &more);
	}
	if (e == OK && changed != NULL) {
		*changed = db->ops->changed(&rows);
	}
	return db_end(&rows, e);
}

/* ---- Columns ---- */

/* True when the column holds a value of the wanted type; numbers pass for each other where nothing is lost. */
static bool col_is(const struct db_rows *rows, size_t col, enum db_type want)
{
	enum db_type type;
	bool null;

	if (col >= rows->cols) {
		log_error("database: %s has no column %zu", rows->stmt == NULL ? "query" : rows->stmt->name, col);
		return false;
	}
	type = rows->db->ops->col_type(rows, col, &null);
	if (null) {
		return false;
	}
	if (type == want || (want == DB_REAL && type == DB_INT)) {
		return true;
	}
	log_error("database: column %zu (%s) of %s has another type", col, rows->db->ops->col_name(rows, col),
		  rows->stmt == NULL ? "query" : rows->stmt->name);
	return false;
}

bool db_col_null(const struct db_rows *rows, size_t col)
{
	bool null = true;

	if (col < rows->cols) {
		rows->db->ops->col_type(rows, col, &null);
	}
	return null;
}

int64_t db_col_int(const struct db_rows *rows, size_t col)
{
	return col_is(rows, col, DB_INT) ? rows->db->ops->col_int(rows, col) : 0;
}

double db_col_real(const struct db_rows *rows, size_t col)
{
	return col_is(rows, col, DB_REAL) ? rows->db->ops->col_real(rows, col) : 0;
}

struct opt_int db_col_opt_int(const struct db_rows *rows, size_t col)
{
	bool has = col_is(rows, col, DB_INT);

	return (struct opt_int){has, has ? rows->db->ops->col_int(rows, col) : 0};
}

struct opt_real db_col_opt_real(const struct db_rows *rows, size_t col)
{
	bool has = col_is(rows, col, DB_REAL);

	return (struct opt_real){has, has ? rows->db->ops->col_real(rows, col) : 0};
}

struct str db_col_text(const struct db_rows *rows, size_t col, struct mem *m)
{
	return col_is(rows, col, DB_TEXT) ? str_dup(m, rows->db->ops->col_bytes(rows, col)) : STR_NONE;
}

struct str db_col_blob(const struct db_rows *rows, size_t col, struct mem *m)
{
	return col_is(rows, col, DB_BLOB) ? str_dup(m, rows->db->ops->col_bytes(rows, col)) : STR_NONE;
}

size_t db_cols(const struct db_rows *rows)
{
	return rows->cols;
}

const char *db_col_name(const struct db_rows *rows, size_t col)
{
	return col < rows->cols ? rows->db->ops->col_name(rows, col) : "";
}

/* ---- The rest of the door to the engines ---- */

enum err db_script(struct db *db, const char *sql)
{
	if (db->spoiled) {
		return fail(E_DB, "a script after a failed statement");
	}
	if (db->lost && !db->in_tx) {
		TRY(db->ops->revive(db));
	}
	db->ran++;
	db->message[0] = db->constraint[0] = '\0';
	db->wrote = db->wrote || db->in_tx;
	return spoil(db, db->ops->script(db, sql));
}

enum err db_describe(struct db *db, const struct db_stmt *stmt, struct mem *m, struct db_col **cols, size_t *n)
{
	return db->ops->describe(db, stmt, m, cols, n);
}

enum err db_backup(struct db *db, const char *path)
{
	return db->ops->backup(db, path);
}

enum err db_bulk(struct db *db, bool on)
{
	return db->in_tx ? fail(E_BUG, "db_bulk inside a transaction") : db->ops->bulk(db, on);
}

enum err db_announce(struct db *db)
{
	return spoil(db, db->ops->announce(db));
}

enum err db_changes(struct db *db, bool *changed)
{
	*changed = true;
	if (db->lost) {
		/* what was announced meanwhile is not known: something may have changed */
		return db->ops->revive(db);
	}
	return db->ops->changes(db, changed);
}

/* ---- Pools ---- */

struct db_pool {
	struct mem *mem;
	struct str where;
	struct db_options opt;
	struct db **dbs;
	size_t n;
};

struct db_pool *db_pool_open(struct str where, const struct db_options *opt, size_t n)
{
	struct mem *m = mem_open();
	struct db_pool *pool = mem_new(m, struct db_pool);

	pool->mem = m;
	pool->where = str_dup(m, where);
	pool->opt = opt == NULL ? (struct db_options){0} : *opt;
	pool->dbs = mem_array(m, struct db *, n);
	pool->n = n;
	return pool;
}

enum err db_pool_get(struct db_pool *pool, size_t i, struct db **out)
{
	if (i >= pool->n) {
		return fail(E_BUG, "db_pool_get: %zu of %zu", i, pool->n);
	}
	if (pool->dbs[i] == NULL) {
		TRY(db_open(pool->where, &pool->opt, &pool->dbs[i]));
	}
	*out = pool->dbs[i];
	return OK;
}

void db_pool_close(struct db_pool *pool)
{
	if (pool == NULL) {
		return;
	}
	for (size_t i = 0; i < pool->n; i++) {
		db_close(pool->dbs[i]);
	}
	mem_close(pool->mem);
}
