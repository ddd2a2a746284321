/*
 * Every statement of the program, by table: it can be prepared on both engines, its columns are what the generated struct
 * believes, and it reads through an index unless its author says why not (-- scan: reason).
 */
#include "t.h"

#include "base/buf.h"
#include "base/limits.h"
#include "db/db.h"

static void described(struct t *t)
{
	enum db_engine engine = db_engine(t->db);
	int seen = 0;

	for (size_t i = 0; i < sql_stmts_n; i++) {
		const struct db_stmt *s = sql_stmts[i];
		struct mem_mark at = mem_mark(t->mem);
		struct db_col *cols = NULL;
		size_t n = 0;

		T_EQ(s->id, i);
		if ((engine == DB_PG ? s->pg : s->sqlite) == NULL) {
			continue;
		}
		seen++;
		if (db_describe(t->db, s, t->mem, &cols, &n) != OK) {
			t_fail(t, (struct t_at){s->file, s->line, s->name}, "%s", db_message(t->db));
			continue;
		}
		if (n != s->cols_n) {
			t_fail(t, (struct t_at){s->file, s->line, s->name}, "%zu columns, not %zu", n, s->cols_n);
		}
		for (size_t c = 0; c < n && c < s->cols_n; c++) {
			if (cols[c].type != s->cols[c].type) {
				t_fail(t, (struct t_at){s->file, s->line, s->name}, "column %s has another type on this engine",
				       cols[c].name);
			}
		}
		mem_rewind(t->mem, at);
	}
	T_TRUE(seen > 0);
}

/* A step that reads a whole table. Walking an index in its order is how pages are listed, and what is made on the fly is small
 * or was counted where it was made. */
static bool reads_all(struct str step)
{
	ptrdiff_t at = str_find(step, S("SCAN "));

	if (at < 0 || str_find(step, S("USING ")) >= 0 || str_find(step, S("VIRTUAL TABLE INDEX")) >= 0) {
		return false;
	}
	step = str_sub(step, (size_t)at + 5, step.n);
	return !str_starts(step, S("CONSTANT ROW")) && !str_starts(step, S("(subquery")) && str_find(step, S("-ROW VALUES")) < 0;
}

static void planned(struct t *t)
{
	if (t->engine == T_PG) {
		/* on empty tables it plans nothing but scans; that it can plan is what description proves */
		T_TRUE(sql_stmts_n > 0);
		return;
	}
	for (size_t i = 0; i < sql_stmts_n; i++) {
		const struct db_stmt *s = sql_stmts[i];
		struct str plan = S("");

		if (s->sqlite == NULL || s->scan != NULL) {
			continue;
		}
		if (db_explain(t->db, s, t->mem, &plan) != OK) {
			t_fail(t, (struct t_at){s->file, s->line, s->name}, "%s", db_message(t->db));
		}
		while (plan.p != NULL) {
			struct str step = str_cut(&plan, '\n');

			if (reads_all(step)) {
				t_fail(t, (struct t_at){s->file, s->line, s->name}, "reads a whole table: %.*s", STR_ARG(step));
			}
		}
	}
}

/* What the engines could do differently with each migration is proved by doing them; twice is once. */
static void migrated(struct t *t)
{
	struct str report = S("x");
	int n = -1;

	T_OK(db_migrate(t->db, sql_migrations, sql_migrations_n, &n));
	T_EQ(n, 0);
	T_OK(db_schema(t->db, &n));
	T_EQ(n, sql_migrations_n);
	T_OK(db_check(t->db, t->mem, &report));
	T_STR(report, "");
}

static const struct t_case cases[] = {
	{"every statement is what its struct believes", described, T_DB | T_SCHEMA},
	{"every statement reads through an index, or says why not", planned, T_DB | T_SCHEMA},
	{"the schema is whole", migrated, T_DB | T_SCHEMA},
};
T_SUITE(sql, cases)
