/*
 * PostgreSQL: the connection. Opening it and finding it again, waiting for answers with an eye on the deadline, and what its
 * errors are to us.
 */
#include <errno.h>
#include <poll.h>

#include "../base/log.h"
#include "pg_impl.h"

/* ---- Errors ---- */

static const struct {
	const char *state; /* a beginning of the SQLSTATE */
	enum err e;
} states[] = {
	{"23505", E_CONFLICT}, {"23503", E_CONFLICT}, {"23P01", E_CONFLICT}, {"23", E_INVALID}, {"22", E_INVALID},
	{"40001", E_BUSY},     {"40P01", E_BUSY},     {"55P03", E_BUSY},     {"57014", E_BUSY}, {"57P", E_BUSY},
	{"53300", E_BUSY},     {"53100", E_IO},       {"53", E_BUSY},        {"58", E_IO},      {"54", E_LIMIT},
	{"08", E_BUSY},        {"25P03", E_BUSY},
};

static enum err err_of(struct str state)
{
	for (size_t i = 0; i < COUNT(states); i++) {
		if (str_starts(state, str_of(states[i].state))) {
			return states[i].e;
		}
	}
	return E_DB;
}

/* Records and logs what the server says: only the primary message, for the detail repeats values. */
enum err pg_failed(struct pg *g, const PGresult *res, const char *what)
{
	struct str state = str_of(res == NULL ? NULL : PQresultErrorField(res, PG_DIAG_SQLSTATE));
	struct str text = str_of(res == NULL ? NULL : PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
	const char *name = res == NULL ? NULL : PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);

	if (name == NULL && res != NULL) {
		name = PQresultErrorField(res, PG_DIAG_COLUMN_NAME);
	}
	if (text.p == NULL) {
		text = str_trim(str_of(PQerrorMessage(g->conn)));
	}
	db_set_message(&g->db, text);
	db_set_constraint(&g->db, name == NULL ? S("") : str_of(name));
	if (PQstatus(g->conn) == CONNECTION_BAD) {
		g->db.lost = true;
		return fail(E_BUSY, "postgresql: %s: connection lost: %.*s", what, STR_ARG(text));
	}
	if (str_eq(state, S("0A000")) || str_eq(state, S("26000"))) {
		/* the schema changed under a prepared statement, or a pooler forgot it: it will be right the next time */
		g->stale = true;
		return fail(E_BUSY, "postgresql: %s: %.*s", what, STR_ARG(text));
	}
	if (str_eq(state, S("53100"))) {
		log_error("the disk is full: the database refuses writes until there is room");
	}
	return fail(err_of(state), "postgresql: %s: %.*s (%.*s)", what, STR_ARG(text), STR_ARG(state));
}

/* ---- Waiting ---- */

static void cancel(struct pg *g)
{
	char why[256];

	if (g->cancel != NULL && !PQcancel(g->cancel, why, (int)sizeof(why))) {
		log_warn("postgresql: a statement could not be cancelled");
	}
}

/* Waits until a result can be read; cancels past the deadline and waits for the server to say so. */
static void wait_result(struct pg *g)
{
	bool cancelled = false;

	while (PQflush(g->conn) == 1 || PQisBusy(g->conn)) {
		struct pollfd p = {.fd = PQsocket(g->conn), .events = POLLIN};
		int64_t left = cancelled ? -1 : db_time_left(&g->db);
		int n = poll(&p, 1, left < 0 ? -1 : (int)(left > 600000 ? 600000 : left));

		if (n == 0 && left >= 0 && db_time_left(&g->db) == 0) {
			cancel(g);
			cancelled = true;
		}
		if (n > 0 && !PQconsumeInput(g->conn)) {
			return;
		}
		if (n < 0 && errno != EINTR) {
			return;
		}
	}
}

/* The last result of what was sent; earlier ones are dropped, but an error is kept. NULL when the connection broke. */
static PGresult *take_result(struct pg *g)
{
	PGresult *last = NULL, *res;

	for (;;) {
		wait_result(g);
		res = PQgetResult(g->conn);
		if (res == NULL) {
			break;
		}
		if (last != NULL && PQresultStatus(last) == PGRES_FATAL_ERROR) {
			PQclear(res);
			continue;
		}
		PQclear(last);
		last = res;
	}
	atomic_store(&g->running, false);
	return last;
}

static bool sound(const PGresult *res)
{
	ExecStatusType status = res == NULL ? PGRES_FATAL_ERROR : PQresultStatus(res);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* After PQsend…: takes the result into `*out` (which may be NULL), or fails. */
enum err pg_finish(struct pg *g, int sent, const char *what, PGresult **out)
{
	PGresult *res = sent ? take_result(g) : NULL;
	enum err e = OK;

	if (!sound(res)) {
		e = pg_failed(g, res, what);
	}
	if (e != OK || out == NULL) {
		PQclear(res);
		res = NULL;
	}
	if (out != NULL) {
		*out = res;
	}
	return e;
}

enum err pg_simple(struct pg *g, const char *sql, const char *what)
{
	atomic_store(&g->running, true);
	return pg_finish(g, PQsendQuery(g->conn, sql), what, NULL);
}

/* ---- Connecting ---- */

static void no_notice(void *ctx, const char *message)
{
	(void)ctx;
	(void)message; /* "relation exists already, skipping" and the like */
}

static void forget_prepared(struct pg *g)
{
	if (g->n_prepared > 0) {
		memset(g->prepared, 0, g->n_prepared * sizeof(*g->prepared));
	}
	for (size_t i = 0; i < PG_COMPOSED; i++) {
		g->composed[i].used = 0;
	}
	g->stale = false;
}

static enum err set_up(struct pg *g)
{
	char sql[200];

	PQsetNoticeProcessor(g->conn, no_notice, NULL);
	PQfreeCancel(g->cancel);
	g->cancel = PQgetCancel(g->conn);
	forget_prepared(g);
	g->listening = false;
	snprintf(sql, sizeof(sql), "SET lock_timeout = %d; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;%s",
		 g->db.opt.busy_ms, g->db.opt.read_only ? " SET default_transaction_read_only = on;" : "");
	return pg_simple(g, sql, "connect");
}

enum err pg_revive(struct db *db)
{
	struct pg *g = pg_own(db);
	enum err e;

	PQreset(g->conn);
	db->lost = PQstatus(g->conn) != CONNECTION_OK;
	if (db->lost) {
		db_set_message(db, str_trim(str_of(PQerrorMessage(g->conn))));
		return fail(E_BUSY, "postgresql: no connection: %s", db->message);
	}
	e = set_up(g);
	if (e == OK) {
		log_info("postgresql: connected again");
	}
	return e;
}

void pg_close(struct db *db)
{
	PQfreeCancel(pg_own(db)->cancel);
	PQfinish(pg_own(db)->conn);
	mem_close(pg_own(db)->scratch);
}

void pg_interrupt(struct db *db)
{
	if (atomic_load(&pg_own(db)->running)) {
		cancel(pg_own(db));
	}
}

enum err pg_forget_all(struct pg *g)
{
	TRY(pg_simple(g, "DEALLOCATE ALL", "deallocate"));
	forget_prepared(g);
	return OK;
}

enum err db_pg_open(struct str where, const struct db_options *opt, struct db **out)
{
	struct mem *m = mem_open();
	struct pg *g = mem_new(m, struct pg);
	enum err e;

	g->db = (struct db){.ops = &pg_ops, .engine = DB_PG, .mem = m, .opt = *opt};
	g->scratch = mem_open();
	g->conn = PQconnectdb(str_c(m, where));
	if (PQstatus(g->conn) == CONNECTION_OK) {
		e = set_up(g);
	} else {
		e = fail(E_BUSY, "postgresql: no connection: %.*s", STR_ARG(str_trim(str_of(PQerrorMessage(g->conn)))));
	}
	if (e != OK) {
		pg_close(&g->db);
		mem_close(m);
		return e;
	}
	*out = &g->db;
	return OK;
}
