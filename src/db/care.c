/*
 * Looking after a database: is it whole, how does it plan a statement, are its statistics fresh. Written with the layer's own
 * calls, for both engines.
 */
#include "../base/limits.h"
#include "db.h"
#include "impl.h"

static void put_col(const struct db_rows *rows, size_t col, struct buf *b)
{
	bool null;

	switch (rows->db->ops->col_type(rows, col, &null)) {
	case DB_INT: buf_put_i64(b, rows->db->ops->col_int(rows, col)); break;
	case DB_REAL: buf_put_double(b, rows->db->ops->col_real(rows, col)); break;
	case DB_TEXT:
	case DB_BLOB:
		if (!null) {
			buf_put(b, rows->db->ops->col_bytes(rows, col));
		}
		break;
	}
}

/* Each row, its columns joined by spaces, one a line. */
static enum err put_lines(struct db *db, struct str sql, const struct db_value *values, size_t n, struct buf *b)
{
	struct db_rows rows;
	bool more = false;
	enum err e;

	TRY(db_query(db, sql, values, n, false, &rows));
	for (e = db_next(&rows, &more); e == OK && more; e = db_next(&rows, &more)) {
		for (size_t i = 0; i < rows.cols; i++) {
			if (i > 0) {
				buf_put_c(b, ' ');
			}
			put_col(&rows, i, b);
		}
		buf_put_c(b, '\n');
	}
	return db_end(&rows, e);
}

enum err db_check_links(struct db *db, struct buf *b)
{
	return db->engine == DB_PG ? OK : put_lines(db, S("PRAGMA foreign_key_check"), NULL, 0, b);
}

enum err db_check(struct db *db, struct mem *m, struct str *report)
{
	struct buf b = buf_make(m, MIB(1));

	if (db->engine == DB_PG) {
		TRY(put_lines(db, S("SELECT 'invalid index ' || indexrelid::regclass::text AS t FROM pg_index WHERE NOT indisvalid"),
			      NULL, 0, &b));
		TRY(put_lines(db, S("SELECT 'unchecked constraint ' || conname::text AS t FROM pg_constraint WHERE NOT convalidated"),
			      NULL, 0, &b));
	} else {
		TRY(put_lines(db, S("PRAGMA integrity_check(100)"), NULL, 0, &b));
		if (str_eq(buf_str(&b), S("ok\n"))) {
			buf_reset(&b);
		}
	}
	TRY(db_check_links(db, &b));
	*report = buf_str(&b);
	return OK;
}

enum err db_optimize(struct db *db)
{
	/* PostgreSQL's autovacuum sees to it by itself */
	return db->engine == DB_PG ? OK : db_script(db, "PRAGMA analysis_limit=1000; PRAGMA optimize;");
}

enum err db_explain(struct db *db, const struct db_stmt *stmt, struct mem *m, struct str *plan)
{
	struct db_value *nulls = mem_array(m, struct db_value, stmt->params_n);
	struct buf b = buf_make(m, MIB(1));
	struct str sql;

	for (size_t i = 0; i < stmt->params_n; i++) {
		nulls[i] = (struct db_value){.type = stmt->params[i].type, .null = true};
	}
	TRY(db->ops->explain_sql(db, stmt, m, &sql));
	TRY(put_lines(db, sql, nulls, db->engine == DB_PG ? 0 : stmt->params_n, &b));
	*plan = buf_str(&b);
	return OK;
}
