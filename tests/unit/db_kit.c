/*
 * What the tests of the database layer share.
 */
#include "db_kit.h"

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
const struct db_stmt kit_put_stmt = {
	.id = 0, .name = "put", .kind = DB_COUNT, .writes = true, .sqlite = PUT_SQL, .pg = PUT_SQL,
	.params = put_params, .params_n = COUNT(put_params),
};

static const struct db_param get_params[] = {{"id", DB_INT, false}};
const struct db_col kit_get_cols[] = {
	{"i", DB_INT, true}, {"r", DB_REAL, true}, {"s", DB_TEXT, true}, {"b", DB_BLOB, true},
};
#define GET_SQL "SELECT i, r, s, b FROM one WHERE id = $1"
const struct db_stmt kit_get_stmt = {
	.id = 1, .name = "get", .kind = DB_ONE, .sqlite = GET_SQL, .pg = GET_SQL, .params = get_params, .params_n = 1,
	.cols = kit_get_cols, .cols_n = COUNT(kit_get_cols),
};

enum err kit_tables(struct t *t)
{
	return db_script(t->db, t->engine == T_PG ? TABLE_PG : TABLE_SQLITE);
}

enum err kit_put(struct db *db, int64_t id, const char *slug, int64_t n)
{
	struct db_value v[] = {db_int(id), db_int(1), db_real(2), db_text(S("x")), db_blob(S("y")), db_text(str_of(slug)),
			       db_int(n)};

	return db_do(db, &kit_put_stmt, v, NULL);
}

/* A number from a text without values; -1 when there is no row. */
int64_t kit_ask(struct db *db, const char *sql)
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

enum err kit_tell(struct db *db, const char *sql)
{
	struct db_rows rows;
	bool more = false;
	enum err e;

	TRY(db_query(db, str_of(sql), NULL, 0, false, &rows));
	e = db_next(&rows, &more);
	return db_end(&rows, e);
}
