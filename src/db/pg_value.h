/*
 * PostgreSQL's binary forms of our four types, there and back. Knows no connection; only pg.c includes it.
 */
#ifndef DB_PG_VALUE_H
#define DB_PG_VALUE_H

#include "db.h"

/* The most parameters the protocol carries. */
#define PG_MOST_VALUES 65535

/* Parameters as libpq takes them. */
struct pg_values {
	unsigned *types;
	const char **values;
	int *lengths, *formats;
};

/* A column of a row: its type's OID, and its bytes or no value. */
struct pg_cell {
	unsigned oid;
	struct str bytes;
};

/* The OID of our type. */
unsigned pg_oid(enum db_type type);
/* What a column of this OID is to us; DB_TEXT for what we do not know. */
enum db_type pg_type(unsigned oid);
/* The same with the value at hand: a NUMERIC without a fraction is an integer. */
enum db_type pg_cell_type(struct pg_cell c);
/* Encodes in `m`; text and blobs stay where they are. */
void pg_encode(struct pg_values *out, struct mem *m, const struct db_value *values, size_t n);
/* The value of a cell whose type pg_cell_type() says, not NULL. */
int64_t pg_cell_int(struct pg_cell c);
/* The same; integers pass. */
double pg_cell_real(struct pg_cell c);

#endif
