/*
 * What pg_conn.c (the connection) and pg.c (statements) share; no one else includes it.
 */
#ifndef DB_PG_IMPL_H
#define DB_PG_IMPL_H

#include <libpq-fe.h>

#include "impl.h"

#define PG_COMPOSED 64 /* composed statements kept prepared */

/* A composed statement prepared under the name q<index>: known by its text and its parameters' types. */
struct composed {
	struct buf key;
	uint64_t hash, used; /* used is 0 for a free place */
};

struct pg {
	struct db db;
	PGconn *conn;
	PGcancel *cancel;
	struct mem *scratch; /* for one statement's values */
	_Atomic bool running;
	bool *prepared; /* by id of sqlc's statements */
	size_t n_prepared;
	struct composed composed[PG_COMPOSED];
	uint64_t clock;
	unsigned cursors;
	bool stale;     /* prepared statements no longer fit the schema: forget them before the next transaction */
	bool listening;
};

extern const struct db_ops pg_ops;

static inline struct pg *pg_own(const struct db *db)
{
	return (struct pg *)(uintptr_t)db;
}

/* Records and logs what the server says of `res` (NULL: of the connection), and what that is to us. */
enum err pg_failed(struct pg *g, const PGresult *res, const char *what) MUST_USE;
/* After PQsend…, whose answer is `sent`: waits for the result and gives it in `*out` (which may be NULL), or fails. */
enum err pg_finish(struct pg *g, int sent, const char *what, PGresult **out) MUST_USE;
/* Runs a text without values or rows. */
enum err pg_simple(struct pg *g, const char *sql, const char *what) MUST_USE;
/* Makes the server forget what is prepared, for the schema may have changed. */
enum err pg_forget_all(struct pg *g) MUST_USE;

/* Of struct db_ops. */
enum err pg_revive(struct db *db) MUST_USE;
void pg_close(struct db *db);
void pg_interrupt(struct db *db);

#endif
