/*
 * SQLite, the only file that knows it. One connection a thread, the file in WAL mode with every commit synced, statements kept
 * prepared: those of sqlc in an array by their id, composed ones in a small table of the last used.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "impl.h"

#define COMPOSED 64             /* composed statements kept prepared */
#define PROGRESS_STEPS 2000     /* steps of the engine between two looks at the deadline */
#define SETUP                                                                        \
	"PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;" \
	"PRAGMA mmap_size=67108864; PRAGMA journal_size_limit=67108864;"

/* A prepared statement; while it runs (or is open in an outer loop) it is busy and another is prepared beside it. */
struct slot {
	sqlite3_stmt *stmt;
	bool busy;
	uint64_t hash, used;
};

struct sqlite {
	struct db db;
	sqlite3 *h;
	struct slot **slots; /* by id of sqlc's statements */
	size_t n_slots;
	struct slot composed[COMPOSED];
	uint64_t clock;      /* of use, to find the least recently used */
	int64_t busy_since;  /* when the wait for a lock began, in monotonic milliseconds */
	int64_t version;     /* PRAGMA data_version when last asked; -1 before */
};

static struct sqlite *own(const struct db *db)
{
	return (struct sqlite *)(uintptr_t)db;
}

/* ---- Errors ---- */

/* Records and logs what the engine says; its messages name tables and columns, never values. */
static enum err failed(struct sqlite *q, int code, const char *what)
{
	struct str text = str_of(sqlite3_errmsg(q->h));
	ptrdiff_t at = str_find(text, S("constraint failed: "));

	db_set_message(&q->db, text);
	db_set_constraint(&q->db, at < 0 ? S("") : str_sub(text, (size_t)at + 19, text.n));
	if ((code & 0xff) == SQLITE_FULL) {
		log_error("the disk is full: the database refuses writes until there is room");
	}
	return fail(db_sqlite_err(code), "sqlite: %s: %.*s (%d)", what, STR_ARG(text), code);
}

static const char *name_of(const struct db_stmt *stmt)
{
	return stmt == NULL ? "composed statement" : stmt->name;
}

/* ---- Waiting and time ---- */

static int on_busy(void *ctx, int count)
{
	struct sqlite *q = ctx;
	int64_t now = time_mono() / 1000, left = db_time_left(&q->db);

	if (count == 0) {
		q->busy_since = now;
	}
	if (now - q->busy_since >= q->db.opt.busy_ms || left == 0) {
		return 0;
	}
	usleep(count < 10 ? 500 : count < 100 ? 2000 : 10000);
	return 1;
}

static int on_progress(void *ctx)
{
	return db_time_left(&((struct sqlite *)ctx)->db) == 0;
}

/* ---- Statements ---- */

static enum err prepare(struct sqlite *q, struct str sql, const char *what, bool keep, sqlite3_stmt **out)
{
	const char *tail = NULL;
	int code = sqlite3_prepare_v3(q->h, sql.p, (int)sql.n, keep ? SQLITE_PREPARE_PERSISTENT : 0, out, &tail);

	if (code != SQLITE_OK) {
		return failed(q, code, what);
	}
	if (*out == NULL || (tail != NULL && str_trim(str_sub(sql, (size_t)(tail - sql.p), sql.n)).n > 0)) {
		sqlite3_finalize(*out);
		return fail(E_BUG, "sqlite: %s: not just one statement", what);
	}
	return OK;
}

static struct slot *slot_by_id(struct sqlite *q, unsigned id)
{
	if (id >= q->n_slots) {
		size_t n = (size_t)id * 2 + 64;

		q->slots = mem_grow(q->db.mem, q->slots, q->n_slots * sizeof(*q->slots), n * sizeof(*q->slots));
		memset(q->slots + q->n_slots, 0, (n - q->n_slots) * sizeof(*q->slots));
		q->n_slots = n;
	}
	if (q->slots[id] == NULL) {
		q->slots[id] = mem_new(q->db.mem, struct slot);
	}
	return q->slots[id];
}

/* The slot that holds this text, or the one to give up for it; NULL when all are busy. */
static struct slot *slot_by_text(struct sqlite *q, struct str sql, uint64_t hash)
{
	struct slot *oldest = NULL;

	for (size_t i = 0; i < COMPOSED; i++) {
		struct slot *s = &q->composed[i];

		if (s->stmt != NULL && s->hash == hash && str_eq(str_of(sqlite3_sql(s->stmt)), sql)) {
			return s;
		}
		if (!s->busy && (oldest == NULL || s->used < oldest->used)) {
			oldest = s;
		}
	}
	if (oldest != NULL && oldest->stmt != NULL) {
		sqlite3_finalize(oldest->stmt);
		oldest->stmt = NULL;
	}
	return oldest;
}

/* A prepared statement ready to be bound. `*slot` is NULL when it is not kept and must be finalized. */
static enum err get_stmt(struct sqlite *q, const struct db_stmt *stmt, struct str sql, sqlite3_stmt **out, struct slot **slot)
{
	uint64_t hash = stmt == NULL ? str_hash(sql) : 0;

	*slot = stmt == NULL ? slot_by_text(q, sql, hash) : slot_by_id(q, stmt->id);
	if (stmt != NULL) {
		if (stmt->sqlite == NULL) {
			return fail(E_BUG, "%s is not for sqlite", stmt->name);
		}
		sql = str_of(stmt->sqlite);
	}
	if (*slot != NULL && (*slot)->busy) {
		*slot = NULL;
	}
	if (*slot == NULL) {
		return prepare(q, sql, name_of(stmt), false, out);
	}
	if ((*slot)->stmt == NULL) {
		TRY(prepare(q, sql, name_of(stmt), true, &(*slot)->stmt));
		(*slot)->hash = hash;
	}
	(*slot)->used = ++q->clock;
	(*slot)->busy = true;
	*out = (*slot)->stmt;
	return OK;
}

static int give_back(sqlite3_stmt *stmt, struct slot *slot)
{
	if (slot == NULL) {
		return sqlite3_finalize(stmt);
	}
	slot->busy = false;
	sqlite3_reset(stmt);
	return sqlite3_clear_bindings(stmt);
}

static int bind(sqlite3_stmt *stmt, int at, const struct db_value *v)
{
	if (v->null) {
		return sqlite3_bind_null(stmt, at);
	}
	switch (v->type) {
	case DB_INT: return sqlite3_bind_int64(stmt, at, v->v.i);
	case DB_REAL: return sqlite3_bind_double(stmt, at, v->v.d);
	case DB_TEXT: return sqlite3_bind_text64(stmt, at, v->v.s.p, v->v.s.n, SQLITE_STATIC, SQLITE_UTF8);
	case DB_BLOB: return sqlite3_bind_blob64(stmt, at, v->v.s.p, v->v.s.n, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

static enum err bind_all(struct sqlite *q, sqlite3_stmt *stmt, const struct db_job *job)
{
	if ((size_t)sqlite3_bind_parameter_count(stmt) != job->n) {
		return fail(E_BUG, "sqlite: %s takes %d values, not %zu", name_of(job->stmt),
			    sqlite3_bind_parameter_count(stmt), job->n);
	}
	for (size_t i = 0; i < job->n; i++) {
		int code = bind(stmt, (int)i + 1, &job->values[i]);

		if (code != SQLITE_OK) {
			return failed(q, code, name_of(job->stmt));
		}
	}
	return OK;
}

static enum err lite_start(struct db *db, const struct db_job *job, struct db_rows *rows, bool *writes)
{
	struct sqlite *q = own(db);
	struct slot *slot;
	sqlite3_stmt *stmt;
	enum err e;

	TRY(get_stmt(q, job->stmt, job->sql, &stmt, &slot));
	*writes = !sqlite3_stmt_readonly(stmt);
	e = bind_all(q, stmt, job);
	if (e == OK && *writes && db->in_tx && db->mode == DB_READ) {
		db_set_message(db, S("cannot write in a read-only transaction"));
		e = fail(E_DB, "sqlite: %s writes in a read-only transaction", name_of(job->stmt));
	}
	if (e != OK) {
		give_back(stmt, slot);
		return e;
	}
	rows->handle = stmt;
	rows->extra = slot;
	rows->cols = (size_t)sqlite3_column_count(stmt);
	return OK;
}

static enum err lite_next(struct db_rows *rows, bool *more)
{
	int code = sqlite3_step(rows->handle);

	*more = code == SQLITE_ROW;
	if (code == SQLITE_ROW || code == SQLITE_DONE) {
		return OK;
	}
	return failed(own(rows->db), code, name_of(rows->stmt));
}

static enum err lite_end(struct db_rows *rows)
{
	give_back(rows->handle, rows->extra);
	rows->handle = NULL;
	return OK;
}

static int64_t lite_changed(const struct db_rows *rows)
{
	return sqlite3_changes64(own(rows->db)->h);
}

/* Runs a text without values to its end. Control statements are few and stay prepared. */
static enum err lite_run(struct db *db, const char *sql)
{
	struct sqlite *q = own(db);
	struct slot *slot;
	sqlite3_stmt *stmt;
	int code;
	enum err e = OK;

	TRY(get_stmt(q, NULL, str_of(sql), &stmt, &slot));
	do {
		code = sqlite3_step(stmt);
	} while (code == SQLITE_ROW);
	if (code != SQLITE_DONE) {
		e = failed(q, code, sql);
	}
	give_back(stmt, slot);
	return e;
}

static enum err lite_script(struct db *db, const char *sql)
{
	struct sqlite *q = own(db);

	while (*sql != '\0') {
		sqlite3_stmt *stmt = NULL;
		int code = sqlite3_prepare_v2(q->h, sql, -1, &stmt, &sql);

		if (code != SQLITE_OK) {
			return failed(q, code, "script");
		}
		if (stmt == NULL) {
			break; /* only a comment or white space was left */
		}
		if (db->in_tx && db->mode == DB_READ && !sqlite3_stmt_readonly(stmt)) {
			sqlite3_finalize(stmt);
			return fail(E_DB, "sqlite: a script writes in a read-only transaction");
		}
		do {
			code = sqlite3_step(stmt);
		} while (code == SQLITE_ROW);
		if (code != SQLITE_DONE) {
			enum err e = failed(q, code, "script");

			sqlite3_finalize(stmt);
			return e;
		}
		sqlite3_finalize(stmt);
	}
	return OK;
}

/* ---- Transactions ---- */

static enum err lite_begin(struct db *db, enum db_mode mode)
{
	return lite_run(db, mode == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN");
}

static void lite_rollback(struct db *db)
{
	/* a full disk or a failed write may have ended it already */
	if (!sqlite3_get_autocommit(own(db)->h) && lite_run(db, "ROLLBACK") != OK) {
		log_error("sqlite: rollback failed: %s", db->message);
	}
}

static enum err lite_commit(struct db *db)
{
	return lite_run(db, "COMMIT");
}

/* ---- Columns ---- */

static enum db_type lite_col_type(const struct db_rows *rows, size_t col, bool *null)
{
	int type = sqlite3_column_type(rows->handle, (int)col);

	*null = type == SQLITE_NULL;
	switch (type) {
	case SQLITE_INTEGER: return DB_INT;
	case SQLITE_FLOAT: return DB_REAL;
	case SQLITE_BLOB: return DB_BLOB;
	default: return DB_TEXT;
	}
}

static int64_t lite_col_int(const struct db_rows *rows, size_t col)
{
	return sqlite3_column_int64(rows->handle, (int)col);
}

static double lite_col_real(const struct db_rows *rows, size_t col)
{
	return sqlite3_column_double(rows->handle, (int)col);
}

static struct str lite_col_bytes(const struct db_rows *rows, size_t col)
{
	const char *p = sqlite3_column_blob(rows->handle, (int)col);
	int n = sqlite3_column_bytes(rows->handle, (int)col);

	return p == NULL ? S("") : (struct str){p, (size_t)n};
}

static const char *lite_col_name(const struct db_rows *rows, size_t col)
{
	return sqlite3_column_name(rows->handle, (int)col);
}

/* ---- Looking at itself ---- */

static enum db_type declared(const char *type, enum db_type otherwise)
{
	static const struct {
		const char *begin;
		enum db_type type;
	} types[] = {
		{"INT", DB_INT}, {"BIGINT", DB_INT}, {"REAL", DB_REAL}, {"DOUBLE", DB_REAL}, {"TEXT", DB_TEXT}, {"BLOB", DB_BLOB},
	};

	for (size_t i = 0; type != NULL && i < COUNT(types); i++) {
		if (str_ieq(str_sub(str_of(type), 0, strlen(types[i].begin)), str_of(types[i].begin))) {
			return types[i].type;
		}
	}
	return otherwise;
}

static enum err lite_describe(struct db *db, const struct db_stmt *stmt, struct mem *m, struct db_col **cols, size_t *n)
{
	sqlite3_stmt *s;

	TRY(prepare(own(db), str_of(stmt->sqlite), stmt->name, false, &s));
	*n = (size_t)sqlite3_column_count(s);
	*cols = mem_array(m, struct db_col, *n);
	for (size_t i = 0; i < *n; i++) {
		(*cols)[i].name = str_c(m, str_of(sqlite3_column_name(s, (int)i)));
		(*cols)[i].type = declared(sqlite3_column_decltype(s, (int)i), i < stmt->cols_n ? stmt->cols[i].type : DB_TEXT);
	}
	sqlite3_finalize(s);
	return OK;
}

/* ---- Upkeep ---- */

static enum err lite_backup(struct db *db, const char *path)
{
	return db_sqlite_copy(own(db)->h, path);
}

/* What is written over and over stays in the cache, and goes from the log to the file once for many transactions. Pages mapped
 * from the file would count twice then. */
static enum err lite_bulk(struct db *db, bool on)
{
	return lite_script(db, on ? "PRAGMA mmap_size=0; PRAGMA cache_size=-24000; PRAGMA wal_autocheckpoint=50000;"
				  : "PRAGMA cache_size=-2000; PRAGMA wal_autocheckpoint=1000; PRAGMA mmap_size=67108864;"
				    "PRAGMA shrink_memory;");
}

static enum err lite_announce(struct db *db)
{
	(void)db; /* other connections see the commit itself */
	return OK;
}

static enum err lite_changes(struct db *db, bool *changed)
{
	struct sqlite *q = own(db);
	struct slot *slot;
	sqlite3_stmt *stmt;
	int64_t version = -1;

	TRY(get_stmt(q, NULL, S("PRAGMA data_version"), &stmt, &slot));
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		version = sqlite3_column_int64(stmt, 0);
	}
	give_back(stmt, slot);
	*changed = version < 0 || version != q->version;
	q->version = version;
	return OK;
}

static enum err lite_explain_sql(struct db *db, const struct db_stmt *stmt, struct mem *m, struct str *sql)
{
	(void)db;
	*sql = str_fmt(m, "EXPLAIN QUERY PLAN %s", stmt->sqlite);
	return OK;
}

static enum err lite_migrate_lock(struct db *db)
{
	(void)db; /* BEGIN IMMEDIATE has it */
	return OK;
}

/* A table is rebuilt by making a new one and dropping the old, which must not fire cascades: checked at the end instead. */
static enum err lite_migrate_around(struct db *db, bool before)
{
	return lite_script(db, before ? "PRAGMA foreign_keys=OFF" : "PRAGMA foreign_keys=ON");
}

/* ---- Opening ---- */

static void lite_interrupt(struct db *db)
{
	sqlite3_interrupt(own(db)->h);
}

static enum err lite_revive(struct db *db)
{
	db->lost = false; /* a file is never lost */
	return OK;
}

static void lite_close(struct db *db)
{
	struct sqlite *q = own(db);

	for (size_t i = 0; i < q->n_slots; i++) {
		if (q->slots[i] != NULL) {
			sqlite3_finalize(q->slots[i]->stmt);
		}
	}
	for (size_t i = 0; i < COMPOSED; i++) {
		sqlite3_finalize(q->composed[i].stmt);
	}
	sqlite3_close_v2(q->h);
}

static const struct db_ops ops = {
	.close = lite_close,
	.begin = lite_begin,
	.commit = lite_commit,
	.rollback = lite_rollback,
	.run = lite_run,
	.script = lite_script,
	.start = lite_start,
	.next = lite_next,
	.end = lite_end,
	.changed = lite_changed,
	.col_type = lite_col_type,
	.col_int = lite_col_int,
	.col_real = lite_col_real,
	.col_bytes = lite_col_bytes,
	.col_name = lite_col_name,
	.interrupt = lite_interrupt,
	.revive = lite_revive,
	.describe = lite_describe,
	.explain_sql = lite_explain_sql,
	.backup = lite_backup,
	.bulk = lite_bulk,
	.announce = lite_announce,
	.changes = lite_changes,
	.migrate_lock = lite_migrate_lock,
	.migrate_around = lite_migrate_around,
};

/* Several servers may switch a new file to WAL at once; the engine then answers busy without asking the busy handler. */
static enum err set_up(struct sqlite *q)
{
	int64_t since = time_mono() / 1000;
	int code;

	for (;;) {
		code = sqlite3_exec(q->h, q->db.opt.read_only ? SETUP : "PRAGMA journal_mode=WAL;" SETUP, NULL, NULL, NULL);
		if ((code & 0xff) != SQLITE_BUSY || time_mono() / 1000 - since >= q->db.opt.busy_ms) {
			break;
		}
		usleep(2000);
	}
	return code == SQLITE_OK ? OK : failed(q, code, "open");
}

/* Nobody asks the engine how much memory it uses, and counting it takes a lock at each allocation. */
static void configure(void)
{
	if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK) {
		log_warn("sqlite: memory is counted, which is slower");
	}
}

enum err db_sqlite_open(struct str where, const struct db_options *opt, struct db **out)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	struct mem *m = mem_open();
	struct sqlite *q = mem_new(m, struct sqlite);
	const char *path = str_c(m, where);
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	enum err e = OK;
	int code;

	pthread_once(&once, configure);
	q->db = (struct db){.ops = &ops, .engine = DB_SQLITE, .mem = m, .opt = *opt};
	q->version = -1;
	flags |= opt->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	flags |= opt->must_exist || opt->read_only ? 0 : SQLITE_OPEN_CREATE;
	code = sqlite3_open_v2(path, &q->h, flags, NULL);
	if (code != SQLITE_OK) {
		bool absent = (opt->must_exist || opt->read_only) && access(path, F_OK) != 0;

		e = absent ? fail(E_NOTFOUND, "there is no database file there") : failed(q, code, "open");
	} else {
		sqlite3_busy_handler(q->h, on_busy, q);
		sqlite3_progress_handler(q->h, PROGRESS_STEPS, on_progress, q);
		sqlite3_db_config(q->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		sqlite3_db_config(q->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
		sqlite3_db_config(q->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
		e = set_up(q);
	}
	if (e != OK) {
		sqlite3_close_v2(q->h);
		mem_close(m);
		return e;
	}
	*out = &q->db;
	return OK;
}
