/*
 * Databases for tests: a file of its own on SQLite, a schema of its own in one cluster on PostgreSQL. The cluster is made by
 * scripts/pg-cluster.sh when the first test wants it, and ends with the run.
 */
#include "t_db.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "db/db.h"

static char cluster[64];    /* its folder, once started */
static char address[300];   /* of the cluster */
static bool cluster_failed;
static struct db *admin;    /* makes and drops schemas */

static bool cluster_do(const char *verb, const char *rest)
{
	char command[200];

	snprintf(command, sizeof(command), "scripts/pg-cluster.sh %s %s %s", verb, cluster, rest);
	return system(command) == 0;
}

static bool cluster_start(void)
{
	char command[200];
	FILE *out;

	if (cluster[0] != '\0' || cluster_failed) {
		return !cluster_failed;
	}
	snprintf(cluster, sizeof(cluster), "/tmp/maillage-pg-%ld", (long)getpid());
	snprintf(command, sizeof(command), "scripts/pg-cluster.sh start %s %ld", cluster, (long)getpid());
	cluster_failed = true;
	out = popen(command, "r");
	if (out != NULL) {
		cluster_failed = fgets(address, sizeof(address), out) == NULL;
		address[strcspn(address, "\n")] = '\0';
		cluster_failed = pclose(out) != 0 || cluster_failed;
	}
	if (!cluster_failed) {
		cluster_failed = db_open(str_of(address), NULL, &admin) != OK;
	}
	return !cluster_failed;
}

bool t_pg_restart(struct t *t)
{
	return cluster_do("restart", "") || t_fail(t, T_AT("cluster"), "cannot be restarted");
}

static const char *schema_name(struct t *t)
{
	static int count;

	return str_c(t->mem, str_fmt(t->mem, "t%d", ++count));
}

/* In a transaction, which finds the server again when a test restarted it. */
static bool admin_do(struct t *t, bool create, const char *name)
{
	struct buf sql = buf_make(t->mem, KIB(1));

	buf_fmt(&sql, create ? "CREATE SCHEMA %s" : "DROP SCHEMA %s CASCADE", name);
	if (db_begin(admin, DB_WRITE) != OK) {
		return false;
	}
	if (db_script(admin, str_c(t->mem, buf_str(&sql))) == OK) {
		return db_commit(admin) == OK;
	}
	db_rollback(admin);
	return false;
}

static bool pg_open(struct t *t)
{
	const char *name = schema_name(t);

	if (!cluster_start()) {
		return t_fail(t, T_AT("cluster"), "PostgreSQL cannot be started; see scripts/pg-cluster.sh");
	}
	if (!admin_do(t, true, name)) {
		return t_fail(t, T_AT("schema"), "%s", db_message(admin));
	}
	t->db_url = str_c(t->mem, str_fmt(t->mem, "%s&options=-csearch_path%%3D%s", address, name));
	t->db_schema = name;
	return true;
}

bool t_db_open(struct t *t)
{
	bool made = true;

	if (t->engine == T_PG) {
		made = pg_open(t);
	} else {
		t->db_url = t_tmp(t, "test.db");
	}
	if (made && db_open(str_of(t->db_url), NULL, &t->db) != OK) {
		made = t_fail(t, T_AT("db_open"), "%s", t->db_url);
	}
	return made;
}

bool t_db_migrate(struct t *t)
{
	return db_migrate(t->db, sql_migrations, sql_migrations_n, NULL) == OK ||
	       t_fail(t, T_AT("db_migrate"), "%s", db_message(t->db));
}

void t_db_close(struct t *t)
{
	db_close(t->db);
	t->db = NULL;
	if (t->db_schema != NULL && !admin_do(t, false, t->db_schema)) {
		t_fail(t, T_AT("schema"), "cannot be dropped: %s", db_message(admin));
	}
}

void t_db_stop(void)
{
	db_close(admin);
	admin = NULL;
	if (cluster[0] != '\0') {
		cluster_do("stop", "");
	}
}
