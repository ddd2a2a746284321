/*
 * The half of sqlc that writes C: a struct and a function for each query, and the table of all statements.
 */
#include "sqlc.h"

static const char *const db_types[] = {"DB_INT", "DB_REAL", "DB_TEXT", "DB_BLOB"};
static const char *const db_kinds[] = {"DB_ONE", "DB_MANY", "DB_EACH", "DB_EXEC", "DB_COUNT"};

static const char *c_type(const struct field *f)
{
	if (f->type == INT) {
		return f->null ? "struct opt_int " : "int64_t ";
	}
	if (f->type == REAL) {
		return f->null ? "struct opt_real " : "double ";
	}
	return "struct str ";
}

/* db_opt_int, db_col_opt_int and their kin: what follows db_ or db_col_. */
static const char *verb(const struct field *f)
{
	static const char *const plain[] = {"int", "real", "text", "blob"};

	return f->null && f->type == INT ? "opt_int" : f->null && f->type == REAL ? "opt_real" : plain[f->type];
}

static bool by_struct(const struct query *u)
{
	return u->params_n > 5;
}

static void add_fields(struct text *t, const struct field *f, int n)
{
	for (int i = 0; i < n; i++) {
		addf(t, "\t%s%s;\n", c_type(&f[i]), f[i].name);
	}
}

static void add_signature(struct text *t, const struct query *u)
{
	addf(t, "enum err %s(struct db *db", u->name);
	if (by_struct(u)) {
		addf(t, ", const struct %s_in *in", u->name);
	}
	for (int i = 0; i < u->params_n && !by_struct(u); i++) {
		addf(t, ", %s%s", c_type(&u->params[i]), u->params[i].name);
	}
	switch (u->kind) {
	case ONE:
		addf(t, ", struct mem *m, struct %s *out)", u->row);
		break;
	case MANY:
		addf(t, ", struct mem *m, struct %s **rows, size_t *n)", u->row);
		break;
	case EACH:
		addf(t, ", struct mem *m,\n\tenum err (*fn)(void *arg, const struct %s *row), void *arg)", u->row);
		break;
	case EXEC:
		add(t, ")");
		break;
	case COUNT:
		add(t, ", int64_t *changed)");
		break;
	}
}

static void add_about(struct text *t, const struct query *u)
{
	static const char *const kinds[] = {
		"One row, or E_NOTFOUND.",
		"An array in `m`.",
		"Calls fn for each row; `m` is rewound after each call.",
		"",
		"`*changed` (may be NULL) is how many rows.",
	};
	const char *file = base_name(q.files[u->file]);

	addf(t, "/* ");
	for (size_t i = 0; i < u->about.n; i++) {
		char c = u->about.p[i];
		bool last = i + 1 == u->about.n;
		if (c == '\n') {
			add(t, last ? " " : "\n * ");
		} else {
			add_n(t, c == '*' && u->about.p[i + 1] == '/' ? " " : &c, 1);
		}
	}
	addf(t, "%s%s(%s:%d) */\n", kinds[u->kind], kinds[u->kind][0] ? " " : "", file, u->line);
}

static void write_header(struct text *t, int file)
{
	addf(t, "/* Made by sqlc from %s. */\n#pragma once\n\n#include \"db/db.h\"\n", base_name(q.files[file]));
	for (int i = 0; i < q.queries_n; i++) {
		const struct query *u = &q.queries[i];
		if (u->file != file) {
			continue;
		}
		add(t, "\n");
		if (by_struct(u)) {
			addf(t, "struct %s_in {\n", u->name);
			add_fields(t, u->params, u->params_n);
			add(t, "};\n");
		}
		if (u->cols_n > 0 && !u->row_shared) {
			addf(t, "struct %s {\n", u->row);
			add_fields(t, u->cols, u->cols_n);
			add(t, "};\n");
		}
		add_about(t, u);
		add(t, "MUST_USE ");
		add_signature(t, u);
		addf(t, ";\nextern const struct db_stmt sql_%s;\n", u->name);
	}
}

/* The function that reads the current row into the struct. */
static void add_reader(struct text *t, const struct query *u)
{
	bool text = false;

	addf(t, "\nstatic void read_%s(const struct db_rows *r, struct mem *m, struct %s *out)\n{\n", u->row, u->row);
	for (int i = 0; i < u->cols_n; i++) {
		text = text || u->cols[i].type >= TEXT;
		addf(t, "\tout->%s = db_col_%s(r, %d%s);\n", u->cols[i].name, verb(&u->cols[i]), i,
		     u->cols[i].type >= TEXT ? ", m" : "");
	}
	addf(t, "%s}\n", text ? "" : "\t(void)m;\n");
}

static void add_params(struct text *t, const struct query *u)
{
	if (u->params_n == 0) {
		return;
	}
	add(t, "\tconst struct db_value p[] = {\n");
	for (int i = 0; i < u->params_n; i++) {
		addf(t, "\t\tdb_%s(%s%s),\n", verb(&u->params[i]), by_struct(u) ? "in->" : "", u->params[i].name);
	}
	add(t, "\t};\n");
}

static void add_body(struct text *t, const struct query *u)
{
	const char *p = u->params_n > 0 ? "p" : "NULL";

	if (u->kind == EXEC || u->kind == COUNT) {
		addf(t, "\n\treturn db_do(db, &sql_%s, %s, %s);\n", u->name, p, u->kind == COUNT ? "changed" : "NULL");
		return;
	}
	add(t, "\tstruct db_rows r;\n\tbool more = false;\n");
	if (u->kind == MANY) {
		addf(t, "\tsize_t room = 16;\n\n\t*n = 0;\n\t*rows = mem_array(m, struct %s, room);\n", u->row);
	} else {
		add(t, "\n");
	}
	addf(t, "\tTRY(db_start(db, &sql_%s, %s, &r));\n\tenum err e = db_next(&r, &more);\n", u->name, p);
	switch (u->kind) {
	case ONE:
		addf(t,
		     "\tif (e == OK && more) {\n\t\tread_%s(&r, m, out);\n\t} else if (e == OK) {\n\t\te = "
		     "E_NOTFOUND;\n\t}\n",
		     u->row);
		break;
	case MANY:
		addf(t,
		     "\twhile (e == OK && more) {\n"
		     "\t\tif (*n == room) {\n"
		     "\t\t\t*rows = mem_grow(m, *rows, room * sizeof(**rows), 2 * room * sizeof(**rows));\n"
		     "\t\t\troom *= 2;\n"
		     "\t\t}\n"
		     "\t\tread_%s(&r, m, &(*rows)[(*n)++]);\n"
		     "\t\te = db_next(&r, &more);\n"
		     "\t}\n",
		     u->row);
		break;
	default:
		addf(t,
		     "\twhile (e == OK && more) {\n"
		     "\t\tstruct mem_mark at = mem_mark(m);\n"
		     "\t\tstruct %s row;\n"
		     "\t\tread_%s(&r, m, &row);\n"
		     "\t\te = fn(arg, &row);\n"
		     "\t\tmem_rewind(m, at);\n"
		     "\t\tif (e == OK) {\n"
		     "\t\t\te = db_next(&r, &more);\n"
		     "\t\t}\n"
		     "\t}\n",
		     u->row, u->row);
		break;
	}
	add(t, "\treturn db_end(&r, e);\n");
}

void write_queries(const char *dir, int file)
{
	struct text h = {0}, c = {0}, path = {0};
	const char *name = base_name(q.files[file]);

	write_header(&h, file);
	addf(&c, "/* Made by sqlc from %s. */\n#include \"%s.h\"\n", name, name);
	for (int i = 0; i < q.queries_n; i++) {
		const struct query *u = &q.queries[i];
		if (u->file != file) {
			continue;
		}
		if (u->cols_n > 0 && !u->row_shared) {
			add_reader(&c, u);
		}
		add(&c, "\n");
		add_signature(&c, u);
		add(&c, "\n{\n");
		add_params(&c, u);
		add_body(&c, u);
		add(&c, "}\n");
	}
	addf(&path, "%s/%s.h", dir, name);
	write_file(path.p, &h);
	path.n = 0;
	addf(&path, "%s/%s.c", dir, name);
	write_file(path.p, &c);
}

static void add_list(struct text *t, const char *type, const char *what, const struct query *u, const struct field *f,
		     int n)
{
	if (n == 0) {
		return;
	}
	addf(t, "static const struct %s %s_%s[] = {\n", type, u->name, what);
	for (int i = 0; i < n; i++) {
		addf(t, "\t{\"%s\", %s, %s},\n", f[i].name, db_types[f[i].type], f[i].null ? "true" : "false");
	}
	add(t, "};\n");
}

static void add_text(struct text *t, const char *member, const char *sql)
{
	if (sql) {
		addf(t, "\t.%s = ", member);
		add_literal(t, sql, strlen(sql));
		add(t, ",\n");
	}
}

static void add_stmt(struct text *t, const struct query *u, int id)
{
	add_list(t, "db_param", "params", u, u->params, u->params_n);
	add_list(t, "db_col", "cols", u, u->cols, u->cols_n);
	addf(t, "const struct db_stmt sql_%s = {\n\t.id = %d,\n\t.name = \"%s\",\n\t.kind = %s,\n", u->name, id,
	     u->name, db_kinds[u->kind]);
	if (u->writes) {
		add(t, "\t.writes = true,\n");
	}
	add_text(t, "sqlite", u->sqlite);
	add_text(t, "pg", u->pg);
	if (u->params_n > 0) {
		addf(t, "\t.params = %s_params,\n\t.params_n = %d,\n", u->name, u->params_n);
	}
	if (u->cols_n > 0) {
		addf(t, "\t.cols = %s_cols,\n\t.cols_n = %d,\n", u->name, u->cols_n);
	}
	add_text(t, "scan", u->scan);
	addf(t, "\t.file = \"%s\",\n\t.line = %d,\n};\n\n", base_name(q.files[u->file]), u->line);
}

void write_table(const char *dir)
{
	struct text t = {0}, path = {0};

	add(&t, "/* Made by sqlc: every statement and migration of the program. */\n#include \"db/db.h\"\n\n");
	for (int i = 0; i < q.queries_n; i++) {
		addf(&t, "extern const struct db_stmt sql_%s;\n", q.queries[i].name);
	}
	add(&t, "\n");
	for (int i = 0; i < q.queries_n; i++) {
		add_stmt(&t, &q.queries[i], i);
	}
	add(&t, "const struct db_stmt *const sql_stmts[] = {\n");
	for (int i = 0; i < q.queries_n; i++) {
		addf(&t, "\t&sql_%s,\n", q.queries[i].name);
	}
	addf(&t, "%s};\nconst size_t sql_stmts_n = %d;\n\n", q.queries_n == 0 ? "\tNULL,\n" : "", q.queries_n);
	add(&t, "const struct db_migration sql_migrations[] = {\n");
	for (int i = 0; i < q.migrations_n; i++) {
		const struct migration *m = &q.migrations[i];
		addf(&t, "\t{\n\t.number = %d,\n\t.name = \"%s\",\n\t.sha256 = \"%s\",\n", m->number, m->name,
		     m->sha256.p);
		add_text(&t, "sqlite", m->sqlite.p);
		add_text(&t, "pg", m->pg.p);
		add(&t, "\t},\n");
	}
	addf(&t, "%s};\nconst size_t sql_migrations_n = %d;\n", q.migrations_n == 0 ? "\t{0},\n" : "", q.migrations_n);
	addf(&path, "%s/sql_table.c", dir);
	write_file(path.p, &t);
}
