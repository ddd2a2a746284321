/*
 * The database layer over its life: migrations, restarts, kill -9, copies, a full disk.
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
	T_EQ(kit_ask(t->db, "SELECT a FROM m1"), 1);
	T_OK(db_migrate(t->db, list, 2, &applied));
	T_EQ(applied, 1);
	T_OK(db_migrate(t->db, list, 2, &applied));
	T_EQ(applied, 0);
	/* the third fails in its middle: nothing of it stays */
	T_ERR(E_DB, db_migrate(t->db, list, 3, &applied));
	T_OK(db_schema(t->db, &number));
	T_EQ(number, 2);
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM m3"), -2);
	/* an older program, and one whose text was changed afterwards, refuse */
	T_ERR(E_CONFLICT, db_migrate(t->db, list, 1, &applied));
	list[0].sha256 = "zz";
	T_ERR(E_CONFLICT, db_migrate(t->db, list, 2, &applied));
	T_EQ(kit_ask(t->db, "SELECT b FROM m1 WHERE b IS NULL"), 0);
	/* foreign keys are checked again after the migrations */
	T_OK(kit_tables(t));
	T_ERR(E_CONFLICT, kit_tell(t->db, "INSERT INTO two (id, one_id) VALUES (1, 99)"));
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
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM m1"), 1);
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM maillage_migration"), 2);
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
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM child"), 1);
	T_ERR(E_CONFLICT, db_migrate(t->db, list, 3, NULL));
	T_TRUE(t_logged(t, "foreign keys broken"));
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM parent"), 1);
}

/* A server killed without warning: what was acknowledged is there, what was not is not. */
static void killed(struct t *t)
{
	int pipes[2], status;
	int64_t acknowledged = 0, n, kept;
	struct str report = S("x");
	pid_t pid;

	T_OK(kit_tables(t));
	T_NEED(pipe(pipes) == 0);
	pid = fork();
	if (pid == 0) {
		struct db *db = NULL;

		close(pipes[0]);
		for (int64_t i = 1; db != NULL || db_open(str_of(t->db_url), NULL, &db) == OK; i++) {
			char slug[32];

			snprintf(slug, sizeof(slug), "k%lld", (long long)i);
			if (db_begin(db, DB_WRITE) != OK || kit_put(db, i, slug, 1) != OK ||
			    kit_put(db, -i, slug + 1, 1) != OK || db_commit(db) != OK ||
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
	kept = kit_ask(t->db, "SELECT max(id) FROM one");
	T_TRUE(kept >= acknowledged);
	T_EQ(kit_ask(t->db, "SELECT count(*) FROM one"), 2 * kept);
	T_OK(db_check(t->db, t->mem, &report));
	T_STR(report, "");
}

static void restarted(struct t *t)
{
	if (t->engine == T_SQLITE) {
		T_OK(kit_tables(t));
		T_TRUE(db_usable(t->db));
		return; /* there is no server to restart */
	}
	T_OK(kit_tables(t));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(kit_put(t->db, 2, "b", 5));
	T_NEED(t_pg_restart(t));
	T_ERR(E_BUSY, kit_put(t->db, 3, "c", 5));
	T_TRUE(!db_usable(t->db));
	T_ERR(E_BUSY, kit_tell(t->db, "SELECT 1"));
	db_rollback(t->db);
	T_OK(db_begin(t->db, DB_WRITE));
	T_TRUE(db_usable(t->db));
	T_OK(kit_put(t->db, 4, "d", 5));
	T_OK(db_commit(t->db));
	/* noticed at the beginning of a transaction, nobody sees it */
	T_NEED(t_pg_restart(t));
	T_OK(db_begin(t->db, DB_READ));
	T_EQ(kit_ask(t->db, "SELECT CAST(sum(id) AS BIGINT) FROM one"), 5);
	T_OK(db_commit(t->db));
	/* outside a transaction: once busy, then well */
	T_NEED(t_pg_restart(t));
	T_ERR(E_BUSY, kit_tell(t->db, "SELECT 1"));
	T_EQ(kit_ask(t->db, "SELECT 1"), 1);
}

static void changes(struct t *t)
{
	struct db *other = NULL;
	bool changed = false;

	T_OK(kit_tables(t));
	T_OK(db_open(str_of(t->db_url), NULL, &other));
	T_OK(db_changes(t->db, &changed));
	T_TRUE(changed);
	T_OK(db_changes(t->db, &changed));
	T_TRUE(!changed);
	T_OK(db_begin(other, DB_WRITE));
	T_OK(kit_put(other, 1, "a", 5));
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

	T_OK(kit_tables(t));
	T_OK(kit_put(t->db, 1, "a", 5));
	T_OK(db_check(t->db, t->mem, &text));
	T_STR(text, "");
	T_OK(db_optimize(t->db));
	T_OK(db_explain(t->db, &kit_get_stmt, t->mem, &text));
	T_TRUE(str_find(text, t->engine == T_PG ? S("one_pkey") : S("SEARCH one")) >= 0);
	T_OK(db_describe(t->db, &kit_get_stmt, t->mem, &cols, &n));
	T_EQ(n, 4);
	for (size_t i = 0; i < n; i++) {
		T_EQ(cols[i].type, kit_get_cols[i].type);
		T_EQ(str_of(cols[i].name), str_of(kit_get_cols[i].name));
	}
	T_ERR(t->engine == T_PG ? E_INVALID : OK, db_backup(t->db, copy));
	if (t->engine == T_SQLITE) {
		T_ERR(E_CONFLICT, db_backup(t->db, copy));
		T_OK(db_open(str_of(copy), NULL, &other));
		T_EQ(kit_ask(other, "SELECT count(*) FROM one"), 1);
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
	T_EQ(kit_ask(a, "SELECT 7"), 7);
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
	T_EQ(kit_ask(db, "SELECT 1"), 1);
	db_close(db);
}

/* A file that may not grow: what does not fit is refused whole, and what is there stays. */
static void disk_full(struct t *t)
{
	struct str huge = {mem_get(t->mem, MIB(1)), MIB(1)};
	enum err e = OK;

	if (t->engine == T_PG) {
		T_OK(kit_tables(t));
		return; /* the server's disk is the server's */
	}
	T_OK(kit_tables(t));
	T_OK(db_script(t->db, "PRAGMA max_page_count=500"));
	T_OK(kit_put(t->db, 1, "a", 5));
	for (int i = 2; i < 10 && e == OK; i++) {
		struct db_value v[] = {db_int(i), db_int(1), db_real(2), db_text(S("")), db_blob(huge),
				       db_text(str_fmt(t->mem, "s%d", i)), db_int(1)};

		T_OK(db_begin(t->db, DB_WRITE));
		e = db_do(t->db, &kit_put_stmt, v, NULL);
		if (e == OK) {
			e = db_commit(t->db);
		} else {
			db_rollback(t->db);
		}
	}
	T_ERR(E_IO, e);
	T_TRUE(t_logged(t, "disk is full"));
	T_TRUE(kit_ask(t->db, "SELECT count(*) FROM one") > 0);
	T_OK(kit_put(t->db, 100, "small", 5));
}

static const struct t_case cases[] = {
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
T_SUITE(db_upkeep, cases)
