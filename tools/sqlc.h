/* What the two halves of sqlc share: queries as read (sqlc.c), to be written as C (sqlc_write.c). */
#ifndef TOOLS_SQLC_H
#define TOOLS_SQLC_H

#include <sqlite3.h>

#include "tool.h"

enum { NAME = 64, FIELDS = 80, REMARKS = 120, QUERIES = 2000, FILES = 200, MIGRATIONS = 500 };

enum type { INT, REAL, TEXT, BLOB };
enum kind { ONE, MANY, EACH, EXEC, COUNT };
enum only { BOTH, SQLITE_ONLY, PG_ONLY };

/* A parameter or column. */
struct field {
	char name[NAME];
	enum type type;
	bool null, used;
	int line;
};

struct query {
	char name[NAME], row[NAME + 8];
	enum kind kind;
	enum only only;
	int file, line, sql_line;
	struct field params[FIELDS], cols[FIELDS], told[FIELDS]; /* told: "-- > column type" */
	int params_n, cols_n, told_n;
	char *sqlite, *pg, *scan;
	struct text about;
	bool writes, row_shared;
};

struct migration {
	int number;
	char *name;
	struct text sha256, sqlite, pg;
};

struct sqlc {
	sqlite3 *db;
	const char *path; /* being read */
	struct query queries[QUERIES];
	int queries_n;
	char *files[FILES];
	int files_n;
	struct migration migrations[MIGRATIONS];
	int migrations_n;
};
extern struct sqlc q;

struct reader {
	const char *p;
	int line;
};

/* A statement and the remarks before it. */
struct raw {
	struct text sql;
	int line;
	char *remarks[REMARKS];
	int remark_lines[REMARKS];
	int remarks_n;
};

bool is_word(char c);
bool is_in(const char *word, const char *const *list);
bool read_statement(struct reader *r, struct raw *out);
const char *remark_is(const char *remark, const char *word);

/* x.sql.h and x.sql.c of one file of queries. */
void write_queries(const char *dir, int file);
/* sql_table.c: every statement and migration. */
void write_table(const char *dir);

#endif
