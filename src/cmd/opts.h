/*
 * Commands and their options as tables, from which derive parsing, --help and the manual. A value comes from the command
 * line, else from maillage.conf ("key = value", for options that may stand there), else from the table.
 */
#ifndef CMD_OPTS_H
#define CMD_OPTS_H

#include "../base/err.h"
#include "../base/str.h"

/* Exit statuses of the contract (sysexits). */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USE = 64,         /* wrong use */
	EXIT_DATA = 65,        /* bad data, with the report */
	EXIT_UNAVAILABLE = 69, /* a service is unavailable */
	EXIT_CANNOT_WRITE = 73
};

enum opt_flag {
	OPT_CONF = 1, /* may also stand in maillage.conf */
	OPT_MANY = 2  /* may be given several times */
};

struct opt {
	const char *name;  /* "listen" */
	const char *value; /* what follows it: "ADDR:PORT"; NULL: a switch */
	const char *doc;
	const char *otherwise; /* used when it is not given; NULL: nothing */
	unsigned flags;
};

struct args;

struct command {
	const char *name;
	const char *operands; /* for the usage line: "FILE…"; "" for none */
	const char *doc;
	const struct opt *opts;
	size_t n_opts;
	int operands_min, operands_max; /* max -1: any number */
	int (*run)(struct args *a);     /* returns the exit status */
};

/* Every command of the program, in the order of --help (commands.c). */
extern const struct command *const commands[];
extern const size_t commands_n;

struct opt_value {
	const struct opt *opt;
	struct str value;
};

struct args {
	struct mem *mem; /* of the process */
	const struct command *command;
	struct opt_value *given;
	size_t n_given;
	struct opt_value *conf;
	size_t n_conf;
	struct str *operands;
	size_t n_operands;
};

/* What every command that opens the data takes. */
#define OPTS_DATA                                                                                                      \
	{"data", "DIR", "where the data lives", "./data", 0},                                                          \
		{"db", "URL", "a PostgreSQL database instead of the file in the data directory", NULL, OPT_CONF},      \
	{                                                                                                              \
		"config", "FILE", "settings of the server; maillage.conf in the data directory if there is one", NULL, \
			0                                                                                              \
	}

/* argv without the program's name. Prints help or what is wrong, and runs the command; returns the exit status. */
int opts_main(int argc, char **argv);
/* Parses for one command: EXIT_DONE with `out` filled in, or EXIT_USE with the cause on standard error; *help true when
 * --help was given. */
int opts_read(struct mem *m, const struct command *c, int argc, char **argv, struct args *out, bool *help);
/* Reads "key = value" lines into `a`; '#' begins a remark. E_INVALID, with line and cause logged. */
MUST_USE enum err opts_conf(struct args *a, struct str text, const char *name);
/* The --help text of one command, or of the program (NULL). */
struct str opts_help(struct mem *m, const struct command *c);

/* The value of an option, or STR_NONE. Asking for one that is not in the command's table aborts. */
struct str opt_get(const struct args *a, const char *name);
/* The `i`-th value of an OPT_MANY option. */
struct str opt_at(const struct args *a, const char *name, size_t i);
bool opt_on(const struct args *a, const char *name);
/* A number within bounds; false, with the cause on standard error, when it is none. */
bool opt_int(const struct args *a, const char *name, int64_t min, int64_t max, int64_t *out);

/* The exit status for an error of a command's work. */
int exit_of(enum err e);

#endif
