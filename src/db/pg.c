/*
 * PostgreSQL through libpq. Values travel in binary form with their types named, statements are prepared by name, DB_EACH
 * reads through a cursor so that its memory does not grow. A lost connection is E_BUSY once and made anew at the next
 * transaction. Every wait looks at the deadline and cancels what runs past it.
 */
#include "../base/limits.h"
#include "../base/log.h"
#include "pg_impl.h"
#include "pg_value.h"

#define FETCH 500 /* rows brought at once through a cursor */

/* What is read through a cursor. */
struct cursor {
	struct mem *mem;
	char name[24];
	bool done; /* the last FETCH brought fewer rows than asked for */
};

static const char *name_of(const struct db_stmt *stmt)
{
	return stmt == NULL ? "composed statement" : stmt->name;
}

/* ---- Transactions ---- */

static enum err pg_run(struct db *db, const char *sql)
{
	return pg_simple(pg_own(db), sql, sql);
}

static enum err pg_script(struct db *db, const char *sql)
{
	enum err e = pg_simple(pg_own(db), sql, "script");

	pg_own(db)->stale = true;
	return e;
}

static enum err pg_begin(struct db *db, enum db_mode mode)
{
	struct pg *g = pg_own(db);

	if (g->stale) {
		TRY(pg_forget_all(g));
	}
	return pg_simple(g, mode == DB_WRITE ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
					  : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		      "begin");
}

static enum err pg_commit(struct db *db)
{
	enum err e = pg_simple(pg_own(db), "COMMIT", "commit");

	/* a connection that breaks here leaves open whether the server did it: running it again might do it twice */
	return db->lost ? fail(E_IO, "postgresql: the connection broke during commit; it may have been done") : e;
}

static void pg_rollback(struct db *db)
{
	int64_t deadline = atomic_exchange(&db->deadline, 0); /* undoing is quick and always allowed */

	if (!db->lost && PQtransactionStatus(pg_own(db)->conn) != PQTRANS_IDLE &&
	    pg_simple(pg_own(db), "ROLLBACK", "rollback") != OK) {
		db->lost = true; /* in whatever state it is, a new one is sound */
	}
	atomic_store(&db->deadline, deadline);
}

/* ---- Statements ---- */

static enum err prepare(struct pg *g, const char *name, const char *sql, const struct db_value *values, size_t n)
{
	unsigned *types = mem_array(g->scratch, unsigned, n);

	for (size_t i = 0; i < n; i++) {
		types[i] = pg_oid(values[i].type);
	}
	atomic_store(&g->running, true);
	return pg_finish(g, PQsendPrepare(g->conn, name, sql, (int)n, types), name, NULL);
}

/* The text, a NUL, and a letter for each parameter's type; past the NUL libpq does not look. */
static struct str key_of(struct mem *m, const struct db_job *job)
{
	struct buf b = buf_make(m, LIMIT_DB_SQL + PG_MOST_VALUES + 1);

	buf_put(&b, job->sql);
	buf_put_c(&b, '\0');
	for (size_t i = 0; i < job->n; i++) {
		buf_put_c(&b, "irtb"[job->values[i].type]);
	}
	return buf_str(&b);
}

/* The name of a composed statement: found, or prepared in the place of the least recently used. */
static enum err composed_name(struct pg *g, const struct db_job *job, char name[24])
{
	struct str key = key_of(g->scratch, job);
	uint64_t hash = str_hash(key);
	struct composed *c = NULL;
	size_t at = 0;

	for (size_t i = 0; i < PG_COMPOSED && c == NULL; i++) {
		if (g->composed[i].used > 0 && g->composed[i].hash == hash && str_eq(buf_str(&g->composed[i].key), key)) {
			c = &g->composed[i];
			at = i;
		} else if (g->composed[i].used < g->composed[at].used) {
			at = i;
		}
	}
	snprintf(name, 24, "q%zu", at);
	if (c == NULL) {
		char drop[40];

		c = &g->composed[at];
		if (c->used > 0) {
			c->used = 0;
			snprintf(drop, sizeof(drop), "DEALLOCATE %s", name);
			TRY(pg_simple(g, drop, "deallocate"));
		}
		if (c->key.mem == NULL) {
			c->key = buf_make(g->db.mem, LIMIT_DB_SQL + PG_MOST_VALUES + 1);
		}
		buf_reset(&c->key);
		buf_put(&c->key, key);
		c->hash = hash;
		TRY(prepare(g, name, key.p, job->values, job->n));
	}
	c->used = ++g->clock;
	return OK;
}

/* The name under which the statement is prepared; prepares it the first time. */
static enum err stmt_name(struct pg *g, const struct db_stmt *stmt, const struct db_value *values, char name[24])
{
	if (stmt->pg == NULL) {
		return fail(E_BUG, "%s is not for postgresql", stmt->name);
	}
	if (stmt->id >= g->n_prepared) {
		size_t n = (size_t)stmt->id * 2 + 64;

		g->prepared = mem_grow(g->db.mem, g->prepared, g->n_prepared * sizeof(bool), n * sizeof(bool));
		memset(g->prepared + g->n_prepared, 0, (n - g->n_prepared) * sizeof(bool));
		g->n_prepared = n;
	}
	snprintf(name, 24, "s%u", stmt->id);
	if (!g->prepared[stmt->id]) {
		TRY(prepare(g, name, stmt->pg, values, stmt->params_n));
		g->prepared[stmt->id] = true;
	}
	return OK;
}

static enum err fetch(struct pg *g, struct db_rows *rows)
{
	struct cursor *c = rows->extra;
	char sql[64];
	PGresult *res;

	PQclear(rows->handle);
	rows->handle = NULL;
	rows->row = rows->rows = 0;
	snprintf(sql, sizeof(sql), "FETCH %d FROM %s", FETCH, c->name);
	atomic_store(&g->running, true);
	TRY(pg_finish(g, PQsendQueryParams(g->conn, sql, 0, NULL, NULL, NULL, NULL, 1), "fetch", &res));
	rows->handle = res;
	rows->rows = (size_t)PQntuples(res);
	rows->cols = (size_t)PQnfields(res);
	c->done = rows->rows < FETCH;
	return OK;
}

static enum err close_cursor(struct pg *g, struct cursor *c)
{
	char sql[64];
	enum err e = OK;

	/* a spoiled transaction takes its cursors with it */
	if (!g->db.lost && !g->db.spoiled && PQtransactionStatus(g->conn) != PQTRANS_INERROR) {
		snprintf(sql, sizeof(sql), "CLOSE %s", c->name);
		e = pg_simple(g, sql, "close");
	}
	mem_close(c->mem);
	return e;
}

static enum err start_cursor(struct pg *g, const struct db_job *job, const struct pg_values *v, struct db_rows *rows)
{
	struct str sql = job->stmt != NULL ? str_of(job->stmt->pg) : job->sql;
	struct mem *m = mem_open();
	struct cursor *c = mem_new(m, struct cursor);
	enum err e;

	c->mem = m;
	snprintf(c->name, sizeof(c->name), "c%u", g->cursors++);
	/* outside a transaction the server keeps the rows for us */
	sql = str_fmt(m, "DECLARE %s NO SCROLL CURSOR %s HOLD FOR %.*s", c->name, g->db.in_tx ? "WITHOUT" : "WITH", STR_ARG(sql));
	atomic_store(&g->running, true);
	e = pg_finish(g, PQsendQueryParams(g->conn, str_c(m, sql), (int)job->n, v->types, v->values, v->lengths, v->formats, 1),
		   name_of(job->stmt), NULL);
	if (e != OK) {
		mem_close(m);
		return e;
	}
	rows->extra = c;
	e = fetch(g, rows);
	if (e != OK && close_cursor(g, c) != OK) {
		log_warn("postgresql: a cursor stays open");
	}
	return e;
}

/* For composed statements: lists only read; what begins otherwise is taken to write. */
static bool reads(struct str sql)
{
	sql = str_trim(sql);
	return str_ieq(str_sub(sql, 0, 6), S("select")) || str_ieq(str_sub(sql, 0, 4), S("with")) ||
	       str_ieq(str_sub(sql, 0, 7), S("explain"));
}

static enum err pg_start(struct db *db, const struct db_job *job, struct db_rows *rows, bool *writes)
{
	struct pg *g = pg_own(db);
	struct pg_values v;
	PGresult *res;
	char name[24];

	*writes = job->stmt != NULL ? job->stmt->writes : !reads(job->sql);
	if (job->n > PG_MOST_VALUES) {
		return fail(E_LIMIT, "postgresql: %zu values", job->n);
	}
	if (g->stale && !db->in_tx) {
		TRY(pg_forget_all(g));
	}
	mem_reset(g->scratch);
	pg_encode(&v, g->scratch, job->values, job->n);
	if (job->each) {
		return start_cursor(g, job, &v, rows);
	}
	TRY(job->stmt != NULL ? stmt_name(g, job->stmt, job->values, name) : composed_name(g, job, name));
	atomic_store(&g->running, true);
	TRY(pg_finish(g, PQsendQueryPrepared(g->conn, name, (int)job->n, v.values, v.lengths, v.formats, 1), name_of(job->stmt),
		   &res));
	rows->handle = res;
	rows->rows = (size_t)PQntuples(res);
	rows->cols = (size_t)PQnfields(res);
	return OK;
}

static enum err pg_next(struct db_rows *rows, bool *more)
{
	struct cursor *c = rows->extra;

	/* rows->row is one past the current row: 0 before the first */
	if (rows->row == rows->rows && c != NULL && !c->done) {
		TRY(fetch(pg_own(rows->db), rows));
	}
	*more = rows->row < rows->rows;
	rows->row += *more;
	return OK;
}

static enum err pg_end(struct db_rows *rows)
{
	PQclear(rows->handle);
	rows->handle = NULL;
	return rows->extra == NULL ? OK : close_cursor(pg_own(rows->db), rows->extra);
}

static int64_t pg_changed(const struct db_rows *rows)
{
	int64_t n = 0;

	return str_to_i64(str_of(PQcmdTuples(rows->handle)), &n) ? n : 0;
}

/* ---- Columns ---- */

static struct pg_cell cell(const struct db_rows *rows, size_t col)
{
	const PGresult *res = rows->handle;
	int row = (int)rows->row - 1, at = (int)col;

	if (PQgetisnull(res, row, at)) {
		return (struct pg_cell){.oid = PQftype(res, at), .bytes = STR_NONE};
	}
	return (struct pg_cell){
		.oid = PQftype(res, at),
		.bytes = {PQgetvalue(res, row, at), (size_t)PQgetlength(res, row, at)},
	};
}

static enum db_type pg_col_type(const struct db_rows *rows, size_t col, bool *null)
{
	struct pg_cell c = cell(rows, col);

	*null = c.bytes.p == NULL;
	return pg_cell_type(c);
}

static int64_t pg_col_int(const struct db_rows *rows, size_t col)
{
	return pg_cell_int(cell(rows, col));
}

static double pg_col_real(const struct db_rows *rows, size_t col)
{
	return pg_cell_real(cell(rows, col));
}

static struct str pg_col_bytes(const struct db_rows *rows, size_t col)
{
	return cell(rows, col).bytes;
}

static const char *pg_col_name(const struct db_rows *rows, size_t col)
{
	return PQfname(rows->handle, (int)col);
}

/* ---- Looking at itself ---- */

/* Values of the types that `stmt` takes. */
static struct db_value *some_values(struct mem *m, const struct db_stmt *stmt)
{
	struct db_value *values = mem_array(m, struct db_value, stmt->params_n);

	for (size_t i = 0; i < stmt->params_n; i++) {
		values[i].type = stmt->params[i].type;
	}
	return values;
}

static enum err pg_describe(struct db *db, const struct db_stmt *stmt, struct mem *m, struct db_col **cols, size_t *n)
{
	struct pg *g = pg_own(db);
	PGresult *res;
	char name[24];

	TRY(stmt_name(g, stmt, some_values(m, stmt), name));
	TRY(pg_finish(g, PQsendDescribePrepared(g->conn, name), stmt->name, &res));
	*n = (size_t)PQnfields(res);
	*cols = mem_array(m, struct db_col, *n);
	for (size_t i = 0; i < *n; i++) {
		(*cols)[i].name = str_c(m, str_of(PQfname(res, (int)i)));
		(*cols)[i].type = pg_type(PQftype(res, (int)i));
	}
	PQclear(res);
	return OK;
}

static enum err pg_explain_sql(struct db *db, const struct db_stmt *stmt, struct mem *m, struct str *sql)
{
	struct pg *g = pg_own(db);
	struct buf b = buf_make(m, KIB(4));
	char name[24];

	TRY(stmt_name(g, stmt, some_values(m, stmt), name));
	TRY(pg_simple(g, "SET plan_cache_mode = force_generic_plan", "explain"));
	buf_fmt(&b, "EXPLAIN EXECUTE %s", name);
	for (size_t i = 0; i < stmt->params_n; i++) {
		buf_put(&b, i == 0 ? S("(NULL") : S(", NULL"));
	}
	buf_put(&b, stmt->params_n > 0 ? S(")") : S(""));
	*sql = buf_str(&b);
	return OK;
}

/* ---- Upkeep ---- */

static enum err pg_backup(struct db *db, const char *path)
{
	(void)path;
	db_set_message(db, S("a PostgreSQL database is backed up by pg_dump"));
	return fail(E_INVALID, "backup: a PostgreSQL database is backed up by pg_dump");
}

static enum err pg_bulk(struct db *db, bool on)
{
	(void)db;
	(void)on;
	return OK;
}

static enum err pg_announce(struct db *db)
{
	return pg_simple(pg_own(db), "NOTIFY maillage", "notify");
}

static enum err pg_changes(struct db *db, bool *changed)
{
	struct pg *g = pg_own(db);
	PGnotify *note;

	if (!g->listening) {
		TRY(pg_simple(g, "LISTEN maillage", "listen"));
		g->listening = true;
		*changed = true;
		return OK;
	}
	if (!PQconsumeInput(g->conn)) {
		return pg_failed(g, NULL, "listen");
	}
	*changed = false;
	for (note = PQnotifies(g->conn); note != NULL; note = PQnotifies(g->conn)) {
		*changed = *changed || note->be_pid != PQbackendPID(g->conn);
		PQfreemem(note);
	}
	return OK;
}

static enum err pg_migrate_lock(struct db *db)
{
	return pg_simple(pg_own(db), "SELECT pg_advisory_xact_lock(5279340611)", "migrate");
}

static enum err pg_migrate_around(struct db *db, bool before)
{
	(void)before;
	pg_own(db)->stale = true;
	return OK;
}

const struct db_ops pg_ops = {
	.close = pg_close,
	.begin = pg_begin,
	.commit = pg_commit,
	.rollback = pg_rollback,
	.run = pg_run,
	.script = pg_script,
	.start = pg_start,
	.next = pg_next,
	.end = pg_end,
	.changed = pg_changed,
	.col_type = pg_col_type,
	.col_int = pg_col_int,
	.col_real = pg_col_real,
	.col_bytes = pg_col_bytes,
	.col_name = pg_col_name,
	.interrupt = pg_interrupt,
	.revive = pg_revive,
	.describe = pg_describe,
	.explain_sql = pg_explain_sql,
	.backup = pg_backup,
	.bulk = pg_bulk,
	.announce = pg_announce,
	.changes = pg_changes,
	.migrate_lock = pg_migrate_lock,
	.migrate_around = pg_migrate_around,
};
