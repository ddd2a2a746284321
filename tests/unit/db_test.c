/*
 * The database layer on both engines: the same answers, the same errors, the same refusals.
 */
#include "t.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/rand.h"
#include "base/time.h"
#include "db/db.h"

#define TABLE_SQLITE \
	"CREATE TABLE one (id INTEGER PRIMARY KEY, i INTEGER, r REAL, s TEXT, b BLOB, slug TEXT NOT NULL UNIQUE," \
	" n INTEGER CONSTRAINT n_small CHECK (n < 100)) STRICT;" \
	"CREATE TABLE two (id INTEGER PRIMARY KEY, one_id INTEGER NOT NULL REFERENCES one (id)) STRICT;"
#define TABLE_PG \
	"CREATE TABLE one (id BIGINT PRIMARY KEY, i BIGINT, r DOUBLE PRECISION, s TEXT, b BYTEA, slug TEXT NOT NULL UNIQUE," \
	" n BIGINT CONSTRAINT n_small CHECK (n < 100));" \
	"CREATE TABLE two (id BIGINT PRIMARY KEY, one_id BIGINT NOT NULL REFERENCES one (id));"

static const struct db_param put_params[] = {
	{"id", DB_INT, false}, {"i", DB_INT, true},     {"r", DB_REAL, true}, {"s", DB_TEXT, true},
	{"b", DB_BLOB, true},  {"slug", DB_TEXT, true}, {"n", DB_INT, true},
};
#define PUT_SQL "INSERT INTO one (id, i, r, s, b, slug, n) VALUES ($1, $2, $3, $4, $5, $6, $7)"
static const struct db_stmt put = {
	.id = 0, .name = "put", .kind = DB_COUNT, .writes = true, .sqlite = PUT_SQL, .pg = PUT_SQL,
	.params = put_params, .params_n = COUNT(put_params),
};

static const struct db_param get_params[] = {{"id", DB_INT, false}};
static const struct db_col get_cols[] = {
	{"i", DB_INT, true}, {"r", DB_REAL, true}, {"s", DB_TEXT, true}, {"b", DB_BLOB, true},
};
#define GET_SQL "SELECT i, r, s, b FROM one WHERE id = $1"
static const struct db_stmt get = {
	.id = 1, .name = "get", .kind = DB_ONE, .sqlite = GET_SQL, .pg = GET_SQL, .params = get_params, .params_n = 1,
	.cols = get_cols, .cols_n = COUNT(get_cols),
};

#define EACH_SQL "SELECT id, slug FROM one ORDER BY id"
static const struct db_col each_cols[] = {{"id", DB_INT, false}, {"slug", DB_TEXT, false}};
static const struct db_stmt each = {
	.id = 200, .name = "each", .kind = DB_EACH, .sqlite = EACH_SQL, .pg = EACH_SQL, .cols = each_cols, .cols_n = 2,
};

static enum err make_tables(struct t *t)
{
	return db_script(t->db, t->engine == T_PG ? TABLE_PG : TABLE_SQLITE);
}

static enum err put_one(struct db *db, int64_t id, const char *slug, int64_t n)
{
	struct db_value v[] = {db_int(id), db_int(1), db_real(2), db_text(S("x")), db_blob(S("y")), db_text(str_of(slug)),
			       db_int(n)};

	return db_do(db, &put, v, NULL);
}

/* A number from a text without values; -1 when there is no row. */
static int64_t ask(struct db *db, const char *sql)
{
	struct db_rows rows;
	bool more = false;
	int64_t v = -1;
	enum err e;

	if (db_query(db, str_of(sql), NULL, 0, false, &rows) != OK) {
		return -2;
	}
	e = db_next(&rows, &more);
	if (more) {
		v = db_col_int(&rows, 0);
	}
	return db_end(&rows, e) == OK ? v : -3;
}

static enum err tell(struct db *db, const char *sql)
{
	struct db_rows rows;
	bool more = false;
	enum err e;

	TRY(db_query(db, str_of(sql), NULL, 0, false, &rows));
	e = db_next(&rows, &more);
	return db_end(&rows, e);
}

static void round_trip_one(struct t *t, const struct db_value v[7])
{
	struct db_rows rows;
	bool more = false;
	int64_t changed = 0;

	T_OK(db_do(t->db, &put, v, &changed));
	T_EQ(changed, 1);
	T_OK(db_start(t->db, &get, v, &rows));
	T_OK(db_next(&rows, &more));
	T_NEED(more);
	T_EQ(db_cols(&rows), 4);
	T_EQ(strcmp(db_col_name(&rows, 2), "s"), 0);
	T_EQ(db_col_null(&rows, 0), v[1].null);
	T_EQ(db_col_int(&rows, 0), v[1].null ? 0 : v[1].v.i);
	T_EQ(db_col_opt_int(&rows, 0).has, !v[1].null);
	T_EQ(db_col_real(&rows, 1), v[2].null ? 0 : v[2].v.d);
	T_EQ(db_col_opt_real(&rows, 1).has, !v[2].null);
	T_EQ(db_col_text(&rows, 2, t->mem), v[3].null ? STR_NONE : v[3].v.s);
	T_EQ(db_col_blob(&rows, 3, t->mem), v[4].null ? STR_NONE : v[4].v.s);
	T_OK(db_next(&rows, &more));
	T_TRUE(!more);
	T_OK(db_end(&rows, OK));
}

static void round_trip(struct t *t)
{
	size_t n = MIB(5);
	char *huge = mem_get(t->mem, n), *bytes = mem_get(t->mem, n);
	static const double reals[] = {0, -0.5, 1e300, 5e-324, 48.85661, 1.0 / 3};

	memset(huge, 'h', n);
	rand_bytes(bytes, n);
	T_OK(make_tables(t));
	round_trip_one(t, (struct db_value[]){db_int(1), db_int(INT64_MIN), db_real(-1.5), db_text(S("\xc3\xa9t\xc3\xa9 '\"\\%_")),
					      db_blob(S("\0a\0\xff")), db_text(S("a")), db_int(1)});
	round_trip_one(t, (struct db_value[]){db_int(2), db_opt_int((struct opt_int){0}), db_opt_real((struct opt_real){0}),
					      db_text(STR_NONE), db_blob(STR_NONE), db_text(S("b")),
					      db_opt_int((struct opt_int){0})});
	round_trip_one(t, (struct db_value[]){db_int(3), db_int(INT64_MAX), db_real(0), db_text(S("")), db_blob(S("")),
					      db_text(S("c")), db_int(1)});
	round_trip_one(t, (struct db_value[]){db_int(4), db_int(-1), db_real(0), db_text((struct str){huge, n}),
					      db_blob((struct str){bytes, n}), db_text(S("d")), db_int(1)});
	for (size_t i = 0; i < COUNT(reals); i++) {
		round_trip_one(t, (struct db_value[]){db_int(10 + (int64_t)i), db_int(0), db_real(reals[i]), db_text(S("")),
						      db_blob(S("")), db_text(str_fmt(t->mem, "r%zu", i)), db_int(1)});
	}
}

static void types(struct t *t)
{
	struct db_rows rows;
	struct db_value wrong[] = {db_text(S("1"))};
	bool more;

	T_OK(make_tables(t));
	T_OK(put_one(t->db, 1, "a", 5));
	T_OK(put_one(t->db, 2, "b", 7));
	T_EQ(ask(t->db, "SELECT count(*) AS n FROM one"), 2);
	T_EQ(ask(t->db, "SELECT CAST(sum(n) AS BIGINT) AS n FROM one"), 12);
	T_EQ(ask(t->db, "SELECT sum(n) AS n FROM one"), 12);
	T_EQ(ask(t->db, "SELECT CASE WHEN n > 5 THEN -1 ELSE 1 END AS n FROM one ORDER BY id DESC"), -1);
	T_OK(db_query(t->db, S("SELECT avg(n), slug FROM one GROUP BY slug ORDER BY slug DESC"), NULL, 0, false, &rows));
	T_OK(db_next(&rows, &more));
	T_EQ(db_col_real(&rows, 0), 7.0);
	T_EQ(db_col_int(&rows, 1), 0);
	T_TRUE(t_logged(t, "has another type"));
	T_TRUE(db_col_text(&rows, 9, t->mem).p == NULL);
	T_OK(db_end(&rows, OK));
	T_ERR(E_BUG, db_start(t->db, &get, wrong, &rows));
	T_ERR(E_DB, tell(t->db, "SELECT nothing FROM nowhere"));
	T_TRUE(db_message(t->db)[0] != '\0');
}

static void refusals(struct t *t)
{
	struct db_value nul[] = {db_int(9), db_int(1), db_real(2), db_text(S("a\0b")), db_blob(S("")), db_text(S("z")), db_int(1)};

	T_OK(make_tables(t));
	T_OK(put_one(t->db, 1, "a", 5));
	T_ERR(E_CONFLICT, put_one(t->db, 2, "a", 5));
	T_TRUE(strstr(db_constraint(t->db), "slug") != NULL);
	T_ERR(E_CONFLICT, put_one(t->db, 1, "b", 5));
	T_ERR(E_CONFLICT, tell(t->db, "INSERT INTO two (id, one_id) VALUES (1, 99)"));
	T_ERR(E_INVALID, put_one(t->db, 3, "c", 500));
	T_TRUE(strstr(db_constraint(t->db), "n_small") != NULL);
	T_ERR(E_INVALID, put_one(t->db, 3, NULL, 5));
	T_TRUE(strstr(db_constraint(t->db), "slug") != NULL);
	T_ERR(E_INVALID, db_do(t->db, &put, nul, NULL));
	nul[3] = db_text(S("\xff"));
	T_ERR(E_INVALID, db_do(t->db, &put, nul, NULL));
	T_OK(tell(t->db, "INSERT INTO two (id, one_id) VALUES (1, 1)"));
	T_ERR(E_CONFLICT, tell(t->db, "DELETE FROM one"));
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 1);
	T_TRUE(!t_logged(t, "(a)") && !t_logged(t, "xff"));
}

static void transactions(struct t *t)
{
	T_OK(make_tables(t));
	T_OK(db_begin(t->db, DB_WRITE));
	T_TRUE(db_in_tx(t->db) && !db_wrote(t->db));
	T_ERR(E_BUG, db_begin(t->db, DB_WRITE));
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 0);
	T_TRUE(!db_wrote(t->db));
	T_OK(put_one(t->db, 1, "a", 5));
	T_TRUE(db_wrote(t->db));
	db_rollback(t->db);
	db_rollback(t->db);
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 0);
	T_ERR(E_BUG, db_commit(t->db));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(put_one(t->db, 1, "a", 5));
	T_OK(db_commit(t->db));
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 1);
	/* one failed statement spoils the whole, on both engines */
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(put_one(t->db, 2, "b", 5));
	T_ERR(E_CONFLICT, put_one(t->db, 3, "a", 5));
	T_ERR(E_DB, put_one(t->db, 4, "d", 5));
	T_ERR(E_DB, db_commit(t->db));
	T_TRUE(!db_in_tx(t->db));
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 1);
}

static void savepoints(struct t *t)
{
	T_OK(make_tables(t));
	T_ERR(E_BUG, db_savepoint(t->db));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(put_one(t->db, 1, "a", 5));
	T_OK(db_savepoint(t->db));
	T_OK(put_one(t->db, 2, "b", 5));
	T_OK(db_savepoint(t->db));
	T_ERR(E_CONFLICT, put_one(t->db, 3, "a", 5));
	T_ERR(E_BUG, db_savepoint_keep(t->db));
	db_savepoint_undo(t->db);
	T_OK(put_one(t->db, 4, "d", 5));
	T_OK(db_savepoint_keep(t->db));
	T_OK(db_savepoint(t->db));
	T_OK(put_one(t->db, 5, "e", 5));
	db_savepoint_undo(t->db);
	T_OK(db_savepoint(t->db));
	T_OK(put_one(t->db, 6, "f", 5));
	T_OK(db_commit(t->db));
	T_EQ(ask(t->db, "SELECT CAST(sum(id) AS BIGINT) FROM one"), 1 + 2 + 4 + 6);
	T_ERR(E_BUG, db_savepoint_keep(t->db));
}

static void reading(struct t *t)
{
	struct db_options opt = {.read_only = true};
	struct db *other = NULL;

	T_OK(make_tables(t));
	T_OK(put_one(t->db, 1, "a", 5));
	T_OK(db_open(str_of(t->db_url), &opt, &other));
	T_OK(db_begin(other, DB_READ));
	T_EQ(ask(other, "SELECT count(*) FROM one"), 1);
	/* what others commit meanwhile is not seen: one snapshot */
	T_OK(put_one(t->db, 2, "b", 5));
	T_EQ(ask(other, "SELECT count(*) FROM one"), 1);
	T_OK(db_commit(other));
	T_EQ(ask(other, "SELECT count(*) FROM one"), 2);
	T_ERR(E_DB, db_begin(other, DB_WRITE));
	T_TRUE(put_one(other, 3, "c", 5) != OK);
	db_close(other);
	T_OK(db_begin(t->db, DB_READ));
	T_ERR(E_DB, put_one(t->db, 3, "c", 5));
	db_rollback(t->db);
	T_OK(db_begin(t->db, DB_READ));
	T_ERR(E_DB, db_script(t->db, "DELETE FROM one"));
	db_rollback(t->db);
	T_OK(put_one(t->db, 3, "c", 5));
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 3);
}

static enum err count_and_fail(struct db *db, void *arg)
{
	(*(int *)arg)++;
	TRY(put_one(db, 1, "a", 5));
	return *(int *)arg < 3 ? E_BUSY : OK;
}

static void retries(struct t *t)
{
	int runs = 0;

	T_OK(make_tables(t));
	T_OK(db_tx(t->db, DB_WRITE, 5, count_and_fail, &runs));
	T_EQ(runs, 3);
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 1);
	T_ERR(E_CONFLICT, db_tx(t->db, DB_WRITE, 5, count_and_fail, &runs));
	T_EQ(runs, 4);
	T_TRUE(!db_in_tx(t->db));
}

/* A second writer waits for the lock and then gives up: on SQLite at BEGIN, on PostgreSQL at the row. */
static void second_writer(struct t *t)
{
	struct db_options opt = {.busy_ms = 60};
	struct db *other = NULL;
	enum err e;

	T_OK(make_tables(t));
	T_OK(put_one(t->db, 1, "a", 5));
	T_OK(db_open(str_of(t->db_url), &opt, &other));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(tell(t->db, "UPDATE one SET n = 6 WHERE id = 1"));
	e = db_begin(other, DB_WRITE);
	if (e == OK) {
		e = tell(other, "UPDATE one SET n = 7 WHERE id = 1");
		db_rollback(other);
	}
	T_ERR(E_BUSY, e);
	T_EQ(ask(other, "SELECT n FROM one WHERE id = 1"), 5);
	T_OK(db_commit(t->db));
	T_OK(db_begin(other, DB_WRITE));
	T_OK(tell(other, "UPDATE one SET n = 7 WHERE id = 1"));
	T_OK(db_commit(other));
	T_EQ(ask(t->db, "SELECT n FROM one WHERE id = 1"), 7);
	db_close(other);
}

#define LONG_SQL "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 500000000) SELECT count(*) FROM c"

static void deadlines(struct t *t)
{
	int64_t since = time_mono();

	T_OK(db_begin(t->db, DB_READ));
	db_deadline(t->db, since / 1000 + 50);
	T_ERR(E_BUSY, tell(t->db, LONG_SQL));
	T_TRUE(time_mono() - since < 5000000);
	/* past it nothing starts, but undoing works */
	db_rollback(t->db);
	T_ERR(E_BUSY, tell(t->db, "SELECT 1"));
	db_deadline(t->db, 0);
	T_EQ(ask(t->db, "SELECT 1"), 1);
}

static void *interrupter(void *arg)
{
	struct db *db = ((struct db **)arg)[0];
	_Atomic bool *done = ((void **)arg)[1];

	/* harmless while nothing runs, so it is repeated until the statement has begun and ended */
	while (!atomic_load(done)) {
		db_interrupt(db);
		usleep(2000);
	}
	return NULL;
}

static void interrupts(struct t *t)
{
	_Atomic bool done = false;
	void *args[] = {t->db, &done};
	pthread_t thread;
	enum err e;

	T_OK(db_begin(t->db, DB_READ));
	T_NEED(pthread_create(&thread, NULL, interrupter, args) == 0);
	e = tell(t->db, LONG_SQL);
	atomic_store(&done, true);
	pthread_join(thread, NULL);
	T_ERR(E_BUSY, e);
	db_rollback(t->db);
	/* an interruption that was on its way may still hit the next one */
	T_TRUE(ask(t->db, "SELECT 1") == 1 || ask(t->db, "SELECT 1") == 1);
}

static void loops(struct t *t)
{
	struct db_rows outer, inner;
	bool more = true, inner_more;
	int64_t n = 0;

	T_OK(make_tables(t));
	T_OK(db_begin(t->db, DB_WRITE));
	for (int i = 0; i < 1203; i++) {
		T_OK(put_one(t->db, i, str_c(t->mem, str_fmt(t->mem, "s%d", i)), 1));
	}
	T_OK(db_commit(t->db));
	for (int in_tx = 0; in_tx < 2; in_tx++) {
		if (in_tx) {
			T_OK(db_begin(t->db, DB_READ));
		}
		T_OK(db_start(t->db, &each, NULL, &outer));
		for (n = 0;; n++) {
			struct db_value v[] = {db_int(n)};

			T_OK(db_next(&outer, &more));
			if (!more) {
				break;
			}
			T_EQ(db_col_int(&outer, 0), n);
			/* the same statement again inside its own loop, and another one */
			if (n % 400 == 0) {
				T_OK(db_start(t->db, &each, NULL, &inner));
				T_OK(db_next(&inner, &inner_more));
				T_EQ(db_col_int(&inner, 0), 0);
				T_OK(db_end(&inner, OK));
			}
			T_OK(db_start(t->db, &get, v, &inner));
			T_OK(db_next(&inner, &inner_more));
			T_TRUE(inner_more);
			T_OK(db_end(&inner, OK));
		}
		T_EQ(n, 1203);
		T_OK(db_end(&outer, OK));
		if (in_tx) {
			T_OK(db_commit(t->db));
		}
	}
}

/* More texts than are kept prepared; the same text with other types is another statement. */
static void composed(struct t *t)
{
	struct db_rows rows;
	bool more;

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 100; i++) {
			struct str sql = str_fmt(t->mem, "SELECT CAST($1 AS BIGINT) + %d, $2", i);
			struct db_value v[] = {db_int(1), i % 2 == 0 ? db_int(7) : db_text(S("seven"))};

			T_OK(db_query(t->db, sql, v, 2, round == 2, &rows));
			T_OK(db_next(&rows, &more));
			T_EQ(db_col_int(&rows, 0), i + 1);
			if (i % 2 == 0) {
				T_EQ(db_col_int(&rows, 1), 7);
			} else {
				T_STR(db_col_text(&rows, 1, t->mem), "seven");
			}
			T_OK(db_end(&rows, OK));
		}
	}
	for (int i = 0; i < 4; i++) {
		struct db_value v[] = {i % 2 == 0 ? db_int(7) : db_text(S("seven"))};

		T_OK(db_query(t->db, S("SELECT $1"), v, 1, false, &rows));
		T_OK(db_next(&rows, &more));
		T_EQ(db_col_null(&rows, 0), 0);
		T_OK(db_end(&rows, OK));
	}
	T_TRUE(db_query(t->db, S("SELECT $1"), NULL, 0, false, &rows) != OK);
}

static struct db_migration some_migrations[] = {
	{1, "one", "aa", "CREATE TABLE m1 (a INTEGER); INSERT INTO m1 VALUES (1);", "CREATE TABLE m1 (a BIGINT); INSERT INTO m1 VALUES (1);"},
	{2, "two", "bb", "ALTER TABLE m1 ADD COLUMN b INTEGER;", "ALTER TABLE m1 ADD COLUMN b BIGINT;"},
	{3, "three", "cc", "CREATE TABLE m3 (a INTEGER); SELECT no_such FROM m3;", "CREATE TABLE m3 (a BIGINT); SELECT no_such FROM m3;"},
};

static void migrations(struct t *t)
{
	struct db_migration list[3];
	int applied = 0, number = -1;

	memcpy(list, some_migrations, sizeof(list));
	T_OK(db_schema(t->db, &number));
	T_EQ(number, 0);
	T_OK(db_migrate(t->db, list, 1, &applied));
	T_EQ(applied, 1);
	T_EQ(ask(t->db, "SELECT a FROM m1"), 1);
	T_OK(db_migrate(t->db, list, 2, &applied));
	T_EQ(applied, 1);
	T_OK(db_migrate(t->db, list, 2, &applied));
	T_EQ(applied, 0);
	/* the third fails in its middle: nothing of it stays */
	T_ERR(E_DB, db_migrate(t->db, list, 3, &applied));
	T_OK(db_schema(t->db, &number));
	T_EQ(number, 2);
	T_EQ(ask(t->db, "SELECT count(*) FROM m3"), -2);
	/* an older program, and one whose text was changed afterwards, refuse */
	T_ERR(E_CONFLICT, db_migrate(t->db, list, 1, &applied));
	list[0].sha256 = "zz";
	T_ERR(E_CONFLICT, db_migrate(t->db, list, 2, &applied));
	T_EQ(ask(t->db, "SELECT b FROM m1 WHERE b IS NULL"), 0);
	/* foreign keys are checked again after the migrations */
	T_OK(make_tables(t));
	T_ERR(E_CONFLICT, tell(t->db, "INSERT INTO two (id, one_id) VALUES (1, 99)"));
}

/* Two servers start at once: each migration is applied once, both succeed. */
static void concurrent_migrations(struct t *t)
{
	int status, bad = 0;
	pid_t pids[4];

	for (size_t i = 0; i < COUNT(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct db *db = NULL;
			enum err e = db_open(str_of(t->db_url), NULL, &db);

			if (e == OK) {
				e = db_migrate(db, some_migrations, 2, NULL);
			}
			_exit(e == OK ? 0 : 1);
		}
	}
	for (size_t i = 0; i < COUNT(pids); i++) {
		T_TRUE(waitpid(pids[i], &status, 0) == pids[i]);
		bad += status != 0;
	}
	T_EQ(bad, 0);
	T_EQ(ask(t->db, "SELECT count(*) FROM m1"), 1);
	T_EQ(ask(t->db, "SELECT count(*) FROM maillage_migration"), 2);
}

static void rebuilds(struct t *t)
{
	static const char rebuild[] = "CREATE TABLE parent2 (id INTEGER PRIMARY KEY, more TEXT) STRICT;"
				      "INSERT INTO parent2 (id) SELECT id FROM parent; DROP TABLE parent;"
				      "ALTER TABLE parent2 RENAME TO parent;";
	static const struct db_migration list[] = {
		{1, "a", "1",
		 "CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER "
		 "NOT NULL REFERENCES parent (id) ON DELETE CASCADE) STRICT; INSERT INTO parent VALUES (1); INSERT INTO child "
		 "VALUES (1, 1);", ""},
		{2, "b", "2", rebuild, ""},
		{3, "c", "3", "DELETE FROM parent", ""},
	};

	if (t->engine == T_PG) {
		T_OK(db_script(t->db, "")); /* has ALTER COLUMN, needs no rebuilding */
		return;
	}
	T_OK(db_migrate(t->db, list, 2, NULL));
	T_EQ(ask(t->db, "SELECT count(*) FROM child"), 1);
	T_ERR(E_CONFLICT, db_migrate(t->db, list, 3, NULL));
	T_TRUE(t_logged(t, "foreign keys broken"));
	T_EQ(ask(t->db, "SELECT count(*) FROM parent"), 1);
}

/* A server killed without warning: what was acknowledged is there, what was not is not. */
static void killed(struct t *t)
{
	int pipes[2], status;
	int64_t acknowledged = 0, n, kept;
	struct str report = S("x");
	pid_t pid;

	T_OK(make_tables(t));
	T_NEED(pipe(pipes) == 0);
	pid = fork();
	if (pid == 0) {
		struct db *db = NULL;

		close(pipes[0]);
		for (int64_t i = 1; db != NULL || db_open(str_of(t->db_url), NULL, &db) == OK; i++) {
			char slug[32];

			snprintf(slug, sizeof(slug), "k%lld", (long long)i);
			if (db_begin(db, DB_WRITE) != OK || put_one(db, i, slug, 1) != OK ||
			    put_one(db, -i, slug + 1, 1) != OK || db_commit(db) != OK ||
			    write(pipes[1], &i, sizeof(i)) != sizeof(i)) {
				break;
			}
		}
		_exit(1);
	}
	close(pipes[1]);
	while (acknowledged < 40 && read(pipes[0], &n, sizeof(n)) == sizeof(n)) {
		acknowledged = n;
	}
	kill(pid, SIGKILL);
	T_TRUE(waitpid(pid, &status, 0) == pid);
	while (read(pipes[0], &n, sizeof(n)) == sizeof(n)) {
		acknowledged = n;
	}
	close(pipes[0]);
	T_TRUE(acknowledged >= 40);
	kept = ask(t->db, "SELECT max(id) FROM one");
	T_TRUE(kept >= acknowledged);
	T_EQ(ask(t->db, "SELECT count(*) FROM one"), 2 * kept);
	T_OK(db_check(t->db, t->mem, &report));
	T_STR(report, "");
}

static void restarted(struct t *t)
{
	if (t->engine == T_SQLITE) {
		T_OK(make_tables(t));
		T_TRUE(db_usable(t->db));
		return; /* there is no server to restart */
	}
	T_OK(make_tables(t));
	T_OK(put_one(t->db, 1, "a", 5));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(put_one(t->db, 2, "b", 5));
	T_NEED(t_pg_restart(t));
	T_ERR(E_BUSY, put_one(t->db, 3, "c", 5));
	T_TRUE(!db_usable(t->db));
	T_ERR(E_BUSY, tell(t->db, "SELECT 1"));
	db_rollback(t->db);
	T_OK(db_begin(t->db, DB_WRITE));
	T_TRUE(db_usable(t->db));
	T_OK(put_one(t->db, 4, "d", 5));
	T_OK(db_commit(t->db));
	/* noticed at the beginning of a transaction, nobody sees it */
	T_NEED(t_pg_restart(t));
	T_OK(db_begin(t->db, DB_READ));
	T_EQ(ask(t->db, "SELECT CAST(sum(id) AS BIGINT) FROM one"), 5);
	T_OK(db_commit(t->db));
	/* outside a transaction: once busy, then well */
	T_NEED(t_pg_restart(t));
	T_ERR(E_BUSY, tell(t->db, "SELECT 1"));
	T_EQ(ask(t->db, "SELECT 1"), 1);
}

static void changes(struct t *t)
{
	struct db *other = NULL;
	bool changed = false;

	T_OK(make_tables(t));
	T_OK(db_open(str_of(t->db_url), NULL, &other));
	T_OK(db_changes(t->db, &changed));
	T_TRUE(changed);
	T_OK(db_changes(t->db, &changed));
	T_TRUE(!changed);
	T_OK(db_begin(other, DB_WRITE));
	T_OK(put_one(other, 1, "a", 5));
	T_OK(db_announce(other));
	T_OK(db_changes(t->db, &changed));
	T_TRUE(!changed);
	T_OK(db_commit(other));
	/* PostgreSQL delivers it a moment after the commit */
	for (int i = 0; i < 2000 && !changed; i++) {
		T_OK(db_changes(t->db, &changed));
		if (!changed) {
			usleep(1000);
		}
	}
	T_TRUE(changed);
	T_OK(db_changes(t->db, &changed));
	T_TRUE(!changed);
	db_close(other);
}

static void care(struct t *t)
{
	const char *copy = t_tmp(t, "copy.db");
	struct str text = S("");
	struct db *other = NULL;
	struct db_col *cols;
	size_t n = 0;

	T_OK(make_tables(t));
	T_OK(put_one(t->db, 1, "a", 5));
	T_OK(db_check(t->db, t->mem, &text));
	T_STR(text, "");
	T_OK(db_optimize(t->db));
	T_OK(db_explain(t->db, &get, t->mem, &text));
	T_TRUE(str_find(text, t->engine == T_PG ? S("one_pkey") : S("SEARCH one")) >= 0);
	T_OK(db_describe(t->db, &get, t->mem, &cols, &n));
	T_EQ(n, 4);
	for (size_t i = 0; i < n; i++) {
		T_EQ(cols[i].type, get_cols[i].type);
		T_EQ(str_of(cols[i].name), str_of(get_cols[i].name));
	}
	T_ERR(t->engine == T_PG ? E_INVALID : OK, db_backup(t->db, copy));
	if (t->engine == T_SQLITE) {
		T_ERR(E_CONFLICT, db_backup(t->db, copy));
		T_OK(db_open(str_of(copy), NULL, &other));
		T_EQ(ask(other, "SELECT count(*) FROM one"), 1);
		db_close(other);
	}
}

static void pools(struct t *t)
{
	struct db_pool *pool = db_pool_open(str_of(t->db_url), NULL, 2);
	struct db *a = NULL, *b = NULL;

	T_OK(db_pool_get(pool, 0, &a));
	T_OK(db_pool_get(pool, 0, &b));
	T_TRUE(a == b);
	T_OK(db_pool_get(pool, 1, &b));
	T_TRUE(a != b);
	T_ERR(E_BUG, db_pool_get(pool, 2, &b));
	T_EQ(ask(a, "SELECT 7"), 7);
	db_pool_close(pool);
}

static void absent(struct t *t)
{
	struct db_options opt = {.must_exist = true};
	struct db *db = NULL;

	T_ERR(E_NOTFOUND, db_open(str_of(t_tmp(t, "absent.db")), &opt, &db));
	T_ERR(E_IO, db_open(S("/nowhere/at/all.db"), NULL, &db));
	T_ERR(E_IO, db_open(S("tests/t.h"), NULL, &db));
	T_ERR(E_BUSY, db_open(S("postgresql:///x?host=/nowhere"), NULL, &db));
	T_TRUE(db == NULL);
	T_OK(db_open(S(":memory:"), NULL, &db));
	T_EQ(ask(db, "SELECT 1"), 1);
	db_close(db);
}

/* A file that may not grow: what does not fit is refused whole, and what is there stays. */
static void disk_full(struct t *t)
{
	struct str huge = {mem_get(t->mem, MIB(1)), MIB(1)};
	enum err e = OK;

	if (t->engine == T_PG) {
		T_OK(make_tables(t));
		return; /* the server's disk is the server's */
	}
	T_OK(make_tables(t));
	T_OK(db_script(t->db, "PRAGMA max_page_count=500"));
	T_OK(put_one(t->db, 1, "a", 5));
	for (int i = 2; i < 10 && e == OK; i++) {
		struct db_value v[] = {db_int(i), db_int(1), db_real(2), db_text(S("")), db_blob(huge),
				       db_text(str_fmt(t->mem, "s%d", i)), db_int(1)};

		T_OK(db_begin(t->db, DB_WRITE));
		e = db_do(t->db, &put, v, NULL);
		if (e == OK) {
			e = db_commit(t->db);
		} else {
			db_rollback(t->db);
		}
	}
	T_ERR(E_IO, e);
	T_TRUE(t_logged(t, "disk is full"));
	T_TRUE(ask(t->db, "SELECT count(*) FROM one") > 0);
	T_OK(put_one(t->db, 100, "small", 5));
}

static const struct t_case cases[] = {
	{"values survive the round trip", round_trip, T_DB},
	{"types are what they are", types, T_DB},
	{"constraints and texts are refused alike", refusals, T_DB},
	{"transactions are whole or not", transactions, T_DB},
	{"savepoints nest", savepoints, T_DB},
	{"reading cannot write", reading, T_DB},
	{"busy is tried again, other errors are not", retries, T_DB},
	{"a second writer is told to come again", second_writer, T_DB},
	{"a deadline ends a long statement", deadlines, T_DB},
	{"another thread interrupts a long statement", interrupts, T_DB},
	{"statements run inside loops of others", loops, T_DB},
	{"composed statements are kept and given up", composed, T_DB},
	{"migrations go forward, once, whole", migrations, T_DB},
	{"servers that start at once migrate once", concurrent_migrations, T_DB},
	{"a migration may rebuild a table, and not break links", rebuilds, T_DB},
	{"what is acknowledged survives kill -9", killed, T_DB},
	{"a restarted server is found again", restarted, T_DB},
	{"changes are noticed by others", changes, T_DB},
	{"checks, plans, descriptions and copies", care, T_DB},
	{"a pool opens what is asked for", pools, T_DB},
	{"a full disk is said to be full", disk_full, T_DB},
	{"what cannot be opened", absent, 0},
};
T_SUITE(db, cases)
