/*
 * Every row of one database into another that has the same tables, whatever the two engines: how a site moves from SQLite to
 * PostgreSQL and back. What the tables and columns are, SQLite tells: the migrations made the same on the other side.
 */
#include "../base/limits.h"
#include "db.h"
#include "impl.h"

struct carry_table {
	struct str name;
	size_t n;
	struct str cols[DB_CARRY_COLS];
	enum db_type types[DB_CARRY_COLS];
	struct str numbered; /* the column that numbers the rows by itself, or nothing */
};

static enum db_type type_of(struct str declared)
{
	return str_eq(declared, S("INTEGER")) || str_eq(declared, S("BIGINT")) ? DB_INT
	       : str_eq(declared, S("REAL"))                                   ? DB_REAL
	       : str_eq(declared, S("BLOB"))                                   ? DB_BLOB
									       : DB_TEXT;
}

static enum err read_columns(struct db *sqlite, struct mem *m, struct carry_table *t)
{
	struct db_value name = db_text(t->name);
	struct db_rows rows;
	int64_t keys = 0;
	bool more;
	enum err e;

	TRY(db_query(sqlite, S("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid"), &name, 1, false, &rows));
	for (e = db_next(&rows, &more); e == OK && more; e = db_next(&rows, &more)) {
		if (t->n == DB_CARRY_COLS) {
			e = fail(E_LIMIT, "table %.*s has too many columns", STR_ARG(t->name));
			break;
		}
		t->cols[t->n] = db_col_text(&rows, 0, m);
		t->types[t->n] = type_of(db_col_text(&rows, 1, m));
		if (db_col_int(&rows, 2)) {
			keys++;
			t->numbered = t->types[t->n] == DB_INT ? t->cols[t->n] : STR_NONE;
		}
		t->n++;
	}
	if (keys != 1) {
		t->numbered = STR_NONE;
	}
	return db_end(&rows, e);
}

static bool listed(struct str name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, str_of(list[i]))) {
			return true;
		}
	}
	return str_eq(name, S("maillage_migration"));
}

static enum err read_tables(struct db *sqlite, struct mem *m, const char *const *skip, size_t n_skip,
			    struct carry_table *tables, size_t *n)
{
	struct db_rows rows;
	bool more;
	enum err e;

	*n = 0;
	TRY(db_query(sqlite,
		     S("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND substr(name, 1, 7) <> "
		       "'sqlite_' ORDER BY name"),
		     NULL, 0, false, &rows));
	for (e = db_next(&rows, &more); e == OK && more; e = db_next(&rows, &more)) {
		struct str name = db_col_text(&rows, 0, m);

		if (listed(name, skip, n_skip)) {
			continue;
		}
		if (*n == DB_CARRY_TABLES) {
			e = fail(E_LIMIT, "too many tables");
			break;
		}
		tables[(*n)++] = (struct carry_table){.name = name};
	}
	TRY(db_end(&rows, e));
	for (size_t i = 0; i < *n; i++) {
		TRY(read_columns(sqlite, m, &tables[i]));
	}
	return OK;
}

/* A statement without rows to be read. */
static enum err run(struct db *db, struct str sql, const struct db_value *values, size_t n)
{
	struct db_rows rows;
	bool more;

	TRY(db_query(db, sql, values, n, false, &rows));
	return db_end(&rows, db_next(&rows, &more));
}

static void value_of(const struct db_rows *rows, size_t col, enum db_type type, struct db_value *v)
{
	const struct db_ops *ops = rows->db->ops;

	*v = (struct db_value){.type = type};
	(void)ops->col_type(rows, col, &v->null);
	if (v->null) {
		return;
	}
	if (type == DB_INT) {
		v->v.i = ops->col_int(rows, col);
	} else if (type == DB_REAL) {
		v->v.d = ops->col_real(rows, col);
	} else {
		v->v.s = ops->col_bytes(rows, col);
		v->v.s.p = v->v.s.p ? v->v.s.p : ""; /* empty is not NULL */
	}
}

static enum err carry_rows(struct db *from, struct db *to, struct mem *m, const struct carry_table *t, int64_t *count)
{
	struct buf get = buf_make(m, KIB(16)), put = buf_make(m, KIB(16));
	struct db_value v[DB_CARRY_COLS];
	struct db_rows rows;
	bool more;
	enum err e;

	buf_put(&get, S("SELECT "));
	buf_fmt(&put, "INSERT INTO \"%.*s\" (", STR_ARG(t->name));
	for (size_t i = 0; i < t->n; i++) {
		buf_fmt(&get, "%s\"%.*s\"", i ? ", " : "", STR_ARG(t->cols[i]));
		buf_fmt(&put, "%s\"%.*s\"", i ? ", " : "", STR_ARG(t->cols[i]));
	}
	buf_fmt(&get, " FROM \"%.*s\"", STR_ARG(t->name));
	buf_put(&put, S(") VALUES ("));
	for (size_t i = 0; i < t->n; i++) {
		buf_fmt(&put, "%s$%zu", i ? ", " : "", i + 1);
	}
	buf_put_c(&put, ')');
	TRY(db_query(from, buf_str(&get), NULL, 0, true, &rows));
	for (e = db_next(&rows, &more); e == OK && more; e = db_next(&rows, &more)) {
		for (size_t i = 0; i < t->n; i++) {
			value_of(&rows, i, t->types[i], &v[i]);
		}
		e = run(to, buf_str(&put), v, t->n);
		if (e != OK) {
			break;
		}
		(*count)++;
	}
	return db_end(&rows, e);
}

/* PostgreSQL counts apart: the next row's number comes after those that were brought. */
static enum err count_on(struct db *to, struct mem *m, const struct carry_table *t)
{
	if (to->engine != DB_PG || !t->numbered.n) {
		return OK;
	}
	return run(to,
		   str_fmt(m, "SELECT setval(pg_get_serial_sequence('\"%.*s\"', '%.*s'), coalesce(max(\"%.*s\"), 1), count(*) > 0) "
			      "FROM \"%.*s\"",
			   STR_ARG(t->name), STR_ARG(t->numbered), STR_ARG(t->numbered), STR_ARG(t->name)),
		   NULL, 0);
}

static enum err carry(struct db *from, struct db *to, struct mem *m, const char *const *skip, size_t n_skip, int64_t *count)
{
	struct carry_table *tables = mem_array(m, struct carry_table, DB_CARRY_TABLES);
	size_t n = 0;

	TRY(read_tables(from->engine == DB_SQLITE ? from : to, m, skip, n_skip, tables, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(run(to, str_fmt(m, "DELETE FROM \"%.*s\"", STR_ARG(tables[i].name)), NULL, 0));
		TRY(carry_rows(from, to, m, &tables[i], count));
		TRY(count_on(to, m, &tables[i]));
	}
	return OK;
}

enum err db_carry(struct db *from, struct db *to, const char *const *skip, size_t n_skip, int64_t *count)
{
	int a = 0, b = 0;
	struct mem *m;
	enum err e;

	*count = 0;
	if (from->engine == DB_PG && to->engine == DB_PG) {
		return fail(E_INVALID, "rows are carried from or to SQLite; pg_dump and pg_restore do the rest");
	}
	TRY(db_schema(from, &a));
	TRY(db_schema(to, &b));
	if (a != b) {
		return fail(E_CONFLICT, "the one database is at migration %d, the other at %d", a, b);
	}
	TRY(db_begin(from, DB_READ));
	e = db_begin(to, DB_WRITE);
	if (e == OK) {
		m = mem_open();
		e = carry(from, to, m, skip, n_skip, count);
		mem_close(m);
		if (e == OK) {
			e = db_commit(to);
		} else {
			db_rollback(to);
		}
	}
	db_rollback(from);
	return e;
}
