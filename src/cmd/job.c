/*
 * maillage job run: the work that is due, once, for sites whose server does not run all the time. maillage mail-bounce: what a
 * mail server hands over when a mail came back.
 */
#include "../base/buf.h"
#include "../base/limits.h"
#include "../core/mail.h"
#include "../job/job.h"
#include "../web/site.h"
#include "commands.h"
#include "open.h"

enum { JOBS_AT_ONCE = 1000 };
#define BOUNCE_MAX MIB(1)

static const struct opt job_opts[] = {
	OPTS_DATA,
	{"base-url", "URL", "the address that visitors use, for links in mails", NULL, OPT_CONF},
	{"allow-fetch", "ADDR[/N]", "live sources may be read from there, though it is private", NULL, OPT_CONF | OPT_MANY},
};
static const struct opt bounce_opts[] = {OPTS_DATA};

static enum err schedule(struct db *db, void *arg)
{
	(void)arg;
	return job_schedule(db);
}

static int run_job(struct args *a)
{
	struct opened o;
	size_t ran = 0;

	if (!str_eq(a->operands[0], S("run"))) {
		fprintf(stderr, "maillage job: run\nTry: maillage job --help\n");
		return EXIT_USE;
	}
	enum err e = cmd_open(a, false, &o);
	if (e != OK) {
		return exit_of(e);
	}
	if (!cmd_allow_fetches(a)) {
		cmd_close(&o);
		return EXIT_USE;
	}
	if (opt_get(a, "base-url").n) {
		site_set_base_url(opt_get(a, "base-url"));
	}
	e = db_tx(o.db, DB_WRITE, 3, schedule, NULL);
	e = e == OK ? job_run_due(o.db, a->mem, JOBS_AT_ONCE, &ran) : e;
	cmd_close(&o);
	if (e == OK) {
		printf("%zu jobs run\n", ran);
	}
	return exit_of(e);
}

const struct command cmd_job = {
	.name = "job",
	.operands = "run",
	.doc = "Runs the work that is due, once",
	.opts = TABLE(job_opts),
	.operands_min = 1,
	.operands_max = 1,
	.run = run_job,
};

static int run_bounce(struct args *a)
{
	char *text = mem_get(a->mem, BOUNCE_MAX);
	size_t n = fread(text, 1, BOUNCE_MAX, stdin);
	struct opened o;
	int64_t marked = 0;
	enum err e = cmd_open(a, false, &o);

	if (e != OK) {
		return exit_of(e);
	}
	e = db_begin(o.db, DB_WRITE);
	if (e == OK) {
		e = mail_bounced(o.db, a->mem, site_now(), (struct str){text, n}, &marked);
		if (e == OK || e == E_NOTFOUND) {
			enum err done = db_commit(o.db);
			e = done == OK ? e : done;
		} else {
			db_rollback(o.db);
		}
	}
	cmd_close(&o);
	if (e == E_NOTFOUND) {
		fprintf(stderr, "maillage mail-bounce: this tells of no mail of ours\n");
		return EXIT_DATA;
	}
	return exit_of(e);
}

const struct command cmd_mail_bounce = {
	.name = "mail-bounce",
	.operands = "",
	.doc = "Reads a delivery report (RFC 3464) and notes the addresses that do not receive",
	.opts = TABLE(bounce_opts),
	.run = run_bounce,
};
