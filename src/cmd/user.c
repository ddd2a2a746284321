/*
 * maillage user: accounts from the command line, for the first administrator who lost the link and for programs.
 */
#include "../base/time.h"
#include "../core/account.h"
#include "../web/site.h"
#include "commands.h"
#include "open.h"

static const struct opt opts[] = {
	OPTS_DATA,
	{"role",  "ROLE", "contributor, editor, moderator or admin",           "contributor",  0},
	{"name",  "NAME", "the name shown beside what they write",             NULL,           0},
	{"lang",  "LANG", "fr, en, es, pt or ar",                              "fr",           0},
	{"label", "TEXT", "what the token is for, in the list of the account", "command line", 0},
};

static enum err add(struct args *a, struct db *db)
{
	struct str mail = a->operands[1], lang = opt_get(a, "lang");
	enum role role;
	int64_t id;

	if (!role_of(opt_get(a, "role"), &role) || site_lang_index(lang) < 0) {
		fprintf(stderr, "maillage user: there is no such role or language\n");
		return E_INVALID;
	}
	enum err e = account_create(db, a->mem, site_now(), mail, opt_get(a, "name"), lang, role, time_now(), &id);
	if (e == E_CONFLICT) { /* it exists: the role is what was asked */
		struct account there;
		TRY(account_by_mail(db, a->mem, site_now(), mail, &there));
		TRY(account_set_role(db, there.id, role));
		printf("%.*s is now %s\n", STR_ARG(mail), role_name(role));
		return OK;
	}
	if (e == E_INVALID) {
		fprintf(stderr, "maillage user: this is no mail address: %.*s\n", STR_ARG(mail));
	}
	TRY(e);
	printf("%.*s is %s\n", STR_ARG(mail), role_name(role));
	return OK;
}

static enum err token(struct args *a, struct db *db)
{
	struct account acc;
	struct str text;
	enum err e = account_by_mail(db, a->mem, site_now(), a->operands[1], &acc);

	if (e == E_NOTFOUND) {
		fprintf(stderr, "maillage user: nobody has the address %.*s\n", STR_ARG(a->operands[1]));
	}
	TRY(e);
	TRY(account_token_make(db, a->mem, site_now(), acc.id, opt_get(a, "label"), time_now(), &text));
	printf("%.*s\n", STR_ARG(text));
	return OK;
}

static enum err list(struct args *a, struct db *db)
{
	int64_t after = 0;

	for (;;) {
		struct account *all;
		size_t n;

		TRY(account_list(db, a->mem, site_now(), after, &all, &n));
		for (size_t i = 0; i < n; i++) {
			printf("%.*s\t%s\t%.*s\n", STR_ARG(all[i].mail), role_name(all[i].role), STR_ARG(all[i].name));
		}
		if (n == 0 || all[n - 1].id == after) {
			return OK;
		}
		after = all[n - 1].id;
	}
}

static enum err act(struct args *a, struct db *db)
{
	struct str what = a->operands[0];

	return str_eq(what, S("add")) ? add(a, db) : str_eq(what, S("token")) ? token(a, db) : list(a, db);
}

static int run(struct args *a)
{
	struct str what = a->operands[0];
	bool is_list = str_eq(what, S("list"));
	struct opened o;

	if ((!is_list && !str_eq(what, S("add")) && !str_eq(what, S("token"))) ||
	    a->n_operands != (is_list ? 1U : 2U)) {
		fprintf(stderr, "maillage user: add EMAIL, token EMAIL or list\nTry: maillage user --help\n");
		return EXIT_USE;
	}
	enum err e = cmd_open(a, true, &o);
	if (e != OK) {
		return exit_of(e);
	}
	e = db_begin(o.db, DB_WRITE);
	e = e == OK ? act(a, o.db) : e;
	if (e == OK) {
		e = db_commit(o.db);
	} else {
		db_rollback(o.db);
	}
	cmd_close(&o);
	return exit_of(e);
}

const struct command cmd_user = {
	.name = "user",
	.operands = "add|token|list [EMAIL]",
	.doc = "Accounts: adds one (or changes its role), makes an API token, lists them",
	.opts = TABLE(opts),
	.operands_min = 1,
	.operands_max = 2,
	.run = run,
};
