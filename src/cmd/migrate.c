/*
 * maillage migrate: makes the data, or brings it up to this version of the program. serve does so by itself; this is for those
 * who want to see it done first.
 */
#include "commands.h"
#include "open.h"

static const struct opt opts[] = {OPTS_DATA};

static int run(struct args *a)
{
	struct opened o;
	int number = 0;
	enum err e = cmd_open(a, true, &o);

	if (e == OK) {
		e = db_schema(o.db, &number);
		cmd_close(&o);
	}
	if (e != OK) {
		return exit_of(e);
	}
	printf("The database is at migration %d, as this program wants it\n", number);
	return EXIT_DONE;
}

const struct command cmd_migrate = {
	.name = "migrate",
	.operands = "",
	.doc = "Makes the data, or brings it up to this version",
	.opts = TABLE(opts),
	.run = run,
};
