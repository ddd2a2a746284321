/*
 * The runner's databases; tests themselves use t->db and, for bad days, t_pg_restart().
 */
#ifndef TESTS_T_DB_H
#define TESTS_T_DB_H

#include "t.h"

/* Makes and opens a fresh database of t->engine; a failure is recorded. */
bool t_db_open(struct t *t);
/* Applies the program's migrations to it. */
bool t_db_migrate(struct t *t);
void t_db_close(struct t *t);
/* At the end of the run. */
void t_db_stop(void);

#endif
