/*
 * The test runner. A file of tests holds functions `static void name(struct t *t)`, a table of them, and T_SUITE, which makes
 * the runner know it:
 *
 *	static const struct t_case cases[] = {
 *		{"a buf stops at its maximum", buf_stops, 0},
 *		{"a row survives the round trip", row_round_trip, T_DB},
 *	};
 *	T_SUITE(buf, cases)
 *
 * Each test has a fresh arena (t->mem), a fixed clock and seeded randomness; with T_DB it runs once on SQLite and once on
 * PostgreSQL, each time with a fresh, empty database (t->db). Checks record a failure and go on, but T_OK, T_NEED and T_SKIP
 * leave the test function, because what follows could not run. Log lines of a test are shown when it fails, and can be asked
 * about (t_logged).
 */
#ifndef TESTS_T_H
#define TESTS_T_H

#include "base/base.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

struct db;

/* What the clock shows at the start of each test: 2025-11-22T12:00:00Z, a Saturday. */
#define T_NOW INT64_C(1763812800000)

enum t_engine {
	T_NONE,
	T_SQLITE,
	T_PG
};

enum t_flags {
	T_DB = 1,    /* run for each engine, with t->db */
	T_SCHEMA = 2 /* with T_DB: all migrations of the program are applied */
};

struct t {
	struct mem *mem;      /* fresh for each test */
	struct db *db;        /* with T_DB: an empty database, open for writing */
	const char *db_url;   /* with T_DB: its address, for a second connection */
	const char *db_schema; /* the runner's own affair */
	enum t_engine engine; /* T_NONE without T_DB */
	int failed;           /* failed checks so far */
	const char *skipped;  /* why, once skipped */
};

struct t_case {
	const char *name;
	void (*fn)(struct t *t);
	unsigned flags;
};

struct t_suite {
	const char *name;
	const struct t_case *cases;
	size_t n_cases;
	struct t_suite *next;
};

void t_register(struct t_suite *s);

/* Makes the runner know a table of tests; registration happens before main(). */
#define T_SUITE(suite, table)                                                           \
	static struct t_suite t_suite_##suite = {#suite, (table), COUNT(table), NULL};  \
	__attribute__((constructor)) static void t_register_##suite(void)               \
	{                                                                               \
		t_register(&t_suite_##suite);                                           \
	}

struct t_at {
	const char *file;
	int line;
	const char *text;
};
#define T_AT(text) ((struct t_at){__FILE__, __LINE__, text})

bool t_true(struct t *t, struct t_at at, bool holds);
bool t_eq_int(struct t *t, struct t_at at, int64_t a, int64_t b);
bool t_eq_double(struct t *t, struct t_at at, double a, double b);
bool t_eq_str(struct t *t, struct t_at at, struct str a, struct str b);
bool t_eq_err(struct t *t, struct t_at at, enum err want, enum err got);
/* Says why in words of one's own: t_fail(t, T_AT("file"), "expected %d rows", n). */
bool t_fail(struct t *t, struct t_at at, const char *fmt, ...) PRINTF(3, 4);

/* Two numbers (integers of any type, or doubles, compared exactly), or two strs. */
#define T_EQ(a, b)                         \
	(void)_Generic((a),                \
		float: t_eq_double,        \
		double: t_eq_double,       \
		struct str: t_eq_str,      \
		default: t_eq_int)(t, T_AT(#a " == " #b), (a), (b))
/* A str against a literal. */
#define T_STR(a, lit) (void)t_eq_str(t, T_AT(#a), (a), S(lit))
#define T_TRUE(x) (void)t_true(t, T_AT(#x), (x))
/* The call fails in just this way. */
#define T_ERR(e, x) (void)t_eq_err(t, T_AT(#x), (e), (x))
/* The call succeeds, or the test ends here. */
#define T_OK(x)                                      \
	do {                                         \
		if (!t_eq_err(t, T_AT(#x), OK, (x))) \
			return;                      \
	} while (0)
/* It holds, or the test ends here. */
#define T_NEED(x)                              \
	do {                                   \
		if (!t_true(t, T_AT(#x), (x))) \
			return;                \
	} while (0)
/* Ends the test without a verdict; counted and shown with its reason. */
#define T_SKIP(why)                   \
	do {                          \
		t->skipped = (why);   \
		return;               \
	} while (0)

/* A path for a scratch file or folder of this run, removed at its end; the folder exists, the file does not. */
const char *t_tmp(struct t *t, const char *name);
/* A path in the shared data (../shared/data), or NULL where this machine has none: then T_SKIP. */
const char *t_shared(struct t *t, const char *path);
/* A file of the tree or of t_shared(), whole; the test fails and gets empty text when it cannot be read. */
struct str t_read(struct t *t, const char *path);
/* Stops PostgreSQL and starts it again, as an operator would. */
bool t_pg_restart(struct t *t);
/* True when a log line of this test contains `text`. */
bool t_logged(struct t *t, const char *text);

#endif
