/*
 * The database layer on both engines: the same answers, the same errors, the same refusals.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db_kit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/rand.h"
#include "base/time.h"

#define EACH_SQL "SELECT id, slug FROM one ORDER BY id"
static const struct db_col each_cols[] = {{"id", DB_INT, false}, {"slug", DB_TEXT, false}};
static const struct db_stmt each = {
	.id = 200, .name = "each", .kind = DB_EACH, .sqlite = EACH_SQL, .pg = EACH_SQL, .cols = each_cols, .cols_n = 2,
};

static void round_trip_one(struct t *t, const struct db_value v[7])
{
	struct db_rows rows;
	bool more = false;
	int64_t changed = 0;

	T_OK(db_do(t->db, &kit_put_stmt, v, &changed));
	T_EQ(changed, 1);
	T_OK(db_start(t->db, &kit_get_stmt, v, &rows));
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
	T_OK(kit_tables(t));
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

	T_OK(kit_tables(t));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_OK(kit_put(t->db, 2, "b", 7));
	T_EQ(kit_ask(t->db, "SELECT count(*) AS n FROM one"), 2);
	T_EQ(kit_ask(t->db, "SELECT CAST(sum(n) AS BIGINT) AS n FROM one"), 12);
	T_EQ(kit_ask(t->db, "SELECT sum(n) AS n FROM one"), 12);
	T_EQ(kit_ask(t->db, "SELECT CASE WHEN n > 5 THEN -1 ELSE 1 END AS n FROM one ORDER BY id DESC"), -1);
	T_OK(db_query(t->db, S("SELECT avg(n), slug FROM one GROUP BY slug ORDER BY slug DESC"), NULL, 0, false, &rows));
	T_OK(db_next(&rows, &more));
	T_EQ(db_col_real(&rows, 0), 7.0);
	T_EQ(db_col_int(&rows, 1), 0);
	T_TRUE(t_logged(t, "has another type"));
	T_TRUE(db_col_text(&rows, 9, t->mem).p == NULL);
	T_OK(db_end(&rows, OK));
	T_ERR(E_BUG, db_start(t->db, &kit_get_stmt, wrong, &rows));
	T_ERR(E_DB, kit_tell(t->db, "SELECT nothing FROM nowhere"));
	T_TRUE(db_message(t->db)[0] != '\0');
}

static void refusals(struct t *t)
{
	struct db_value nul[] = {db_int(9), db_int(1), db_real(2), db_text(S("a\0b")), db_blob(S("")), db_text(S("z")), db_int(1)};

	T_OK(kit_tables(t));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_ERR(E_CONFLICT, kit_put(t->db, 2, "a", 5));
	T_TRUE(strstr(db_constraint(t->db), "slug") != NULL);
	T_ERR(E_CONFLICT, kit_put(t->db, 1, "b", 5));
	T_ERR(E_CONFLICT, kit_tell(t->db, "INSERT INTO two (id, one_id) VALUES (1, 99)"));
	T_ERR(E_INVALID, kit_put(t->db, 3, "c", 500));
	T_TRUE(strstr(db_constraint(t->db), "n_small") != NULL);
	T_ERR(E_INVALID, kit_put(t->db, 3, NULL, 5));
	T_TRUE(strstr(db_constraint(t->db), "slug") != NULL);
	T_ERR(E_INVALID, db_do(t->db, &kit_put_stmt, nul, NULL));
	nul[3] = db_text(S("\xff"));
	T_ERR(E_INVALID, db_do(t->db, &kit_put_stmt, nul, NULL));
	T_OK(kit_tell(t->db, "INSERT INTO two (id, one_id) VALUES (1, 1)"));
	T_ERR(E_CONFLICT, kit_tell(t->db, "DELETE FROM one"));
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 1);
	T_TRUE(!t_logged(t, "(a)") && !t_logged(t, "xff"));
}

static void transactions(struct t *t)
{
	T_OK(kit_tables(t));
	T_OK(db_begin(t->db, DB_WRITE));
	T_TRUE(db_in_tx(t->db) && !db_wrote(t->db));
	T_ERR(E_BUG, db_begin(t->db, DB_WRITE));
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 0);
	T_TRUE(!db_wrote(t->db));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_TRUE(db_wrote(t->db));
	db_rollback(t->db);
	db_rollback(t->db);
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 0);
	T_ERR(E_BUG, db_commit(t->db));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_OK(db_commit(t->db));
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 1);
	/* one failed statement spoils the whole, on both engines */
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(kit_put(t->db, 2, "b", 5));
	T_ERR(E_CONFLICT, kit_put(t->db, 3, "a", 5));
	T_ERR(E_DB, kit_put(t->db, 4, "d", 5));
	T_ERR(E_DB, db_commit(t->db));
	T_TRUE(!db_in_tx(t->db));
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 1);
}

static void savepoints(struct t *t)
{
	T_OK(kit_tables(t));
	T_ERR(E_BUG, db_savepoint(t->db));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_OK(db_savepoint(t->db));
	T_OK(kit_put(t->db, 2, "b", 5));
	T_OK(db_savepoint(t->db));
	T_ERR(E_CONFLICT, kit_put(t->db, 3, "a", 5));
	T_ERR(E_BUG, db_savepoint_keep(t->db));
	db_savepoint_undo(t->db);
	T_OK(kit_put(t->db, 4, "d", 5));
	T_OK(db_savepoint_keep(t->db));
	T_OK(db_savepoint(t->db));
	T_OK(kit_put(t->db, 5, "e", 5));
	db_savepoint_undo(t->db);
	T_OK(db_savepoint(t->db));
	T_OK(kit_put(t->db, 6, "f", 5));
	T_OK(db_commit(t->db));
	T_EQ(kit_ask(t->db, "SELECT CAST(sum(id) AS BIGINT) FROM one"), 1 + 2 + 4 + 6);
	T_ERR(E_BUG, db_savepoint_keep(t->db));
}

static void reading(struct t *t)
{
	struct db_options opt = {.read_only = true};
	struct db *other = NULL;

	T_OK(kit_tables(t));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_OK(db_open(str_of(t->db_url), &opt, &other));
	T_OK(db_begin(other, DB_READ));
	T_EQ(kit_ask(other, "SELECT count(*) FROM one"), 1);
	/* what others commit meanwhile is not seen: one snapshot */
	T_OK(kit_put(t->db, 2, "b", 5));
	T_EQ(kit_ask(other, "SELECT count(*) FROM one"), 1);
	T_OK(db_commit(other));
	T_EQ(kit_ask(other, "SELECT count(*) FROM one"), 2);
	T_ERR(E_DB, db_begin(other, DB_WRITE));
	T_TRUE(kit_put(other, 3, "c", 5) != OK);
	db_close(other);
	T_OK(db_begin(t->db, DB_READ));
	T_ERR(E_DB, kit_put(t->db, 3, "c", 5));
	db_rollback(t->db);
	T_OK(db_begin(t->db, DB_READ));
	T_ERR(E_DB, db_script(t->db, "DELETE FROM one"));
	db_rollback(t->db);
	T_OK(kit_put(t->db, 3, "c", 5));
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 3);
}

static enum err count_and_fail(struct db *db, void *arg)
{
	(*(int *)arg)++;
	TRY(kit_put(db, 1, "a", 5));
	return *(int *)arg < 3 ? E_BUSY : OK;
}

static void retries(struct t *t)
{
	int runs = 0;

	T_OK(kit_tables(t));
	T_OK(db_tx(t->db, DB_WRITE, 5, count_and_fail, &runs));
	T_EQ(runs, 3);
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 1);
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

	T_OK(kit_tables(t));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_OK(db_open(str_of(t->db_url), &opt, &other));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(kit_tell(t->db, "UPDATE one SET n = 6 WHERE id = 1"));
	e = db_begin(other, DB_WRITE);
	if (e == OK) {
		e = kit_tell(other, "UPDATE one SET n = 7 WHERE id = 1");
		db_rollback(other);
	}
	T_ERR(E_BUSY, e);
	T_EQ(kit_ask(other, "SELECT n FROM one WHERE id = 1"), 5);
	T_OK(db_commit(t->db));
	T_OK(db_begin(other, DB_WRITE));
	T_OK(kit_tell(other, "UPDATE one SET n = 7 WHERE id = 1"));
	T_OK(db_commit(other));
	T_EQ(kit_ask(t->db, "SELECT n FROM one WHERE id = 1"), 7);
	db_close(other);
}

#define LONG_SQL "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 500000000) SELECT count(*) FROM c"

static void deadlines(struct t *t)
{
	int64_t since = time_mono();

	T_OK(db_begin(t->db, DB_READ));
	db_deadline(t->db, since / 1000 + 50);
	T_ERR(E_BUSY, kit_tell(t->db, LONG_SQL));
	T_TRUE(time_mono() - since < 5000000);
	/* past it nothing starts, but undoing works */
	db_rollback(t->db);
	T_ERR(E_BUSY, kit_tell(t->db, "SELECT 1"));
	db_deadline(t->db, 0);
	T_EQ(kit_ask(t->db, "SELECT 1"), 1);
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
	e = kit_tell(t->db, LONG_SQL);
	atomic_store(&done, true);
	pthread_join(thread, NULL);
	T_ERR(E_BUSY, e);
	db_rollback(t->db);
	/* an interruption that was on its way may still hit the next one */
	T_TRUE(kit_ask(t->db, "SELECT 1") == 1 || kit_ask(t->db, "SELECT 1") == 1);
}

static void loops(struct t *t)
{
	struct db_rows outer, inner;
	bool more = true, inner_more;
	int64_t n = 0;

	T_OK(kit_tables(t));
	T_OK(db_begin(t->db, DB_WRITE));
	for (int i = 0; i < 1203; i++) {
		T_OK(kit_put(t->db, i, str_c(t->mem, str_fmt(t->mem, "s%d", i)), 1));
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
			T_OK(db_start(t->db, &kit_get_stmt, v, &inner));
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
};
T_SUITE(db, cases)
