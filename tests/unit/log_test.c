/*
 * The log and the names of errors.
 */
#include "t.h"

static void one_line(struct t *t)
{
	log_info("a\nb\x1b[31m %d", 7);
	T_TRUE(t_logged(t, "log info: a?b?[31m 7"));
}

static void failing(struct t *t)
{
	T_ERR(E_IO, fail(E_IO, "open %s", "x"));
	T_TRUE(t_logged(t, "log error: open x"));
	T_ERR(E_REMOTE, fail(E_REMOTE, "far away"));
	T_TRUE(t_logged(t, "log warn: far away"));
	T_EQ(strcmp(err_name(E_NOTFOUND), "E_NOTFOUND"), 0);
	T_EQ(strcmp(err_name((enum err)99), "E_?"), 0);
}

static void long_line(struct t *t)
{
	char many[5000];

	memset(many, 'm', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	log_error("%s", many);
	T_TRUE(t_logged(t, "log error: mmm"));
}

static const struct t_case cases[] = {
	{"one line stays one line", one_line, 0},
	{"fail() logs at the level of its error", failing, 0},
	{"a long line is cut", long_line, 0},
};
T_SUITE(log, cases)
