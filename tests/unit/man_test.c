/*
 * The manual names every command, option, key, setting and address for programs: what is added to a table is added there.
 */
#include "t.h"

#include <string.h>

#include "cmd/opts.h"
#include "core/setting.h"
#include "web/req.h"

static void want(struct t *t, struct str page, const char *where, struct str text)
{
	if (str_find(page, text) < 0) {
		t_fail(t, T_AT(where), "the manual does not say: %.*s", STR_ARG(text));
	}
}

/* The part of maillage.1 about one command. */
static struct str part_of(struct t *t, struct str page, const char *command)
{
	struct str head = str_fmt(t->mem, "\n.Ss %s\n", command);
	ptrdiff_t at = str_find(page, head);
	struct str rest;

	if (at < 0) {
		t_fail(t, T_AT("maillage.1"), "there is no section about %s", command);
		return S("");
	}
	rest = str_sub(page, (size_t)at + head.n, page.n);
	ptrdiff_t end = str_find(rest, S("\n.Ss "));
	return end < 0 ? rest : str_sub(rest, 0, (size_t)end);
}

static void commands_and_options(struct t *t)
{
	struct str page = t_read(t, "doc/man/maillage.1"), conf = t_read(t, "doc/man/maillage.conf.5");
	struct str top =
		str_sub(page, 0,
			(size_t)(str_find(page, S(".Sh COMMANDS")) > 0 ? str_find(page, S(".Sh COMMANDS")) : 0));

	for (size_t i = 0; i < commands_n; i++) {
		const struct command *c = commands[i];
		struct str part = part_of(t, page, c->name);

		for (size_t k = 0; k < c->n_opts; k++) {
			const struct opt *o = &c->opts[k];
			struct str flag = str_fmt(t->mem, ".It Fl -%s%s", o->name, o->value ? " " : "\n");

			if (str_find(top, flag) < 0) { /* those of every command stand before */
				want(t, part, c->name, flag);
			}
			if (o->flags & OPT_CONF) {
				want(t, conf, "maillage.conf.5", str_fmt(t->mem, ".It Ic %s ", o->name));
			}
		}
	}
}

static void site_settings(struct t *t)
{
	struct str conf = t_read(t, "doc/man/maillage.conf.5");

	for (size_t i = 0; i < settings_n; i++) {
		want(t, conf, "maillage.conf.5", str_fmt(t->mem, ".It Va %s\n", settings[i].name));
	}
}

static void addresses(struct t *t)
{
	struct str api = t_read(t, "doc/man/maillage-api.5");

	for (size_t i = 0; i < modules_n; i++) {
		for (size_t k = 0; k < modules[i]->n_routes; k++) {
			const struct route *r = &modules[i]->routes[k];

			if (strncmp(r->path, "/api/", 5) == 0) {
				want(t, api, "maillage-api.5", str_fmt(t->mem, "Pa %s", r->path));
			}
		}
	}
}

static const struct t_case cases[] = {
	{"maillage.1 names every command and option",     commands_and_options, 0},
	{"maillage.conf.5 names every setting",           site_settings,        0},
	{"maillage-api.5 names every address of the API", addresses,            0},
};
T_SUITE(man, cases)
