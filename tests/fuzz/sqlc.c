/* The compiler of queries, over the tables of its own tests: any file is compiled or refused. */
#include "tool_inside.h"

#include <sqlite3.h>

/* The statement that it has not finished when it gives up. */
static sqlite3_stmt *unfinished;

static int prepare(sqlite3 *db, const char *sql, int n, sqlite3_stmt **out, const char **tail)
{
	int rc = sqlite3_prepare_v2(db, sql, n, out, tail);

	unfinished = *out;
	return rc;
}

static int finalize(sqlite3_stmt *st)
{
	unfinished = unfinished == st ? NULL : unfinished;
	return sqlite3_finalize(st);
}

#define sqlite3_prepare_v2 prepare
#define sqlite3_finalize finalize

#include "../../tools/sqlc.c"
#include "../../tools/sqlc_write.c"

#undef sqlite3_finalize

void fuzz_one(struct mem *m, struct str in)
{
	static const char *const argv[] = {"sqlc", "out", "tests/tools/sqlc/0001_base.sql", "queries.sql"};

	(void)m;
	tool_real = "0001_base.sql";
	tool_run(in, tool_main, 4, argv);
	(void)sqlite3_finalize(unfinished);
	unfinished = NULL;
	(void)sqlite3_close_v2(q.db);
	q.db = NULL;
	memset(q.queries, 0, (size_t)q.queries_n * sizeof(*q.queries));
	memset(q.migrations, 0, sizeof(q.migrations));
	q.queries_n = q.files_n = q.migrations_n = 0;
}
