/*
 * maillage check: proves that the data is whole, and says what is not.
 */
#include "../core/atlas.h"
#include "../core/verify.h"
#include "commands.h"
#include "open.h"

static const struct opt opts[] = {
	OPTS_DATA,
	{"rebuild", NULL, "make again what derives from the documents (lists, counts, links, places)", NULL, 0},
};

static void say(void *arg, struct str what)
{
	(void)arg;
	printf("%.*s\n", STR_ARG(what));
}

static enum err check(struct args *a, struct opened *o, struct verify *v)
{
	struct str report;

	TRY(db_check(o->db, a->mem, &report));
	while (report.n) {
		say(NULL, str_cut(&report, '\n'));
		v->n_found++;
	}
	if (atlas_check() != OK) {
		say(NULL, S("the territories inside the program are damaged: install it again"));
		v->n_found++;
	}
	return verify_all(o->db, v);
}

static int run(struct args *a)
{
	struct verify v = {.found = say, .rebuild = opt_on(a, "rebuild")};
	struct opened o;
	enum err e = cmd_open(a, false, &o);

	if (e == OK) {
		e = check(a, &o, &v);
		cmd_close(&o);
	}
	if (e != OK) {
		return exit_of(e);
	}
	printf("%zu objects and %zu files read, %zu finding%s\n", v.n_objects, v.n_files, v.n_found,
	       v.n_found == 1 ? "" : "s");
	return v.n_found ? EXIT_FAILED : EXIT_DONE;
}

const struct command cmd_check = {
	.name = "check",
	.operands = "",
	.doc = "Verifies data, files and settings",
	.opts = TABLE(opts),
	.run = run,
};
