/*
 * Two small tables for tests of the database layer, and statements written on the spot.
 */
#ifndef TESTS_UNIT_DB_KIT_H
#define TESTS_UNIT_DB_KIT_H

#include "../t.h"
#include "db/db.h"

/* All columns of a row in, four of them out. */
extern const struct db_stmt kit_put_stmt, kit_get_stmt;
extern const struct db_col kit_get_cols[4];

/* Makes the tables "one" and "two" in t->db. */
enum err kit_tables(struct t *t);
/* A row of "one": slug is unique, n below 100. */
enum err kit_put(struct db *db, int64_t id, const char *slug, int64_t n);
/* A number from a text without values; -1 when there is no row. */
int64_t kit_ask(struct db *db, const char *sql);
/* Runs a text without values. */
enum err kit_tell(struct db *db, const char *sql);

#endif
