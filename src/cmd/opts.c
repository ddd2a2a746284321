/*
 * Reading the command line. Long options only: --name VALUE or --name=VALUE; "--" ends them.
 */
#include "opts.h"

#include <stdlib.h>

#include "../base/buf.h"
#include "../base/limits.h"
#include "../base/log.h"

static const struct opt *find_opt(const struct command *c, struct str name)
{
	for (size_t i = 0; i < c->n_opts; i++) {
		if (str_eq(str_of(c->opts[i].name), name)) {
			return &c->opts[i];
		}
	}
	return NULL;
}

static const struct command *find_command(struct str name)
{
	for (size_t i = 0; i < commands_n; i++) {
		if (str_eq(str_of(commands[i]->name), name)) {
			return commands[i];
		}
	}
	return NULL;
}

static int wrong(const struct command *c, const char *what, struct str which)
{
	fprintf(stderr, "maillage%s%s: %s%s%.*s\nTry: maillage%s%s --help\n", c ? " " : "", c ? c->name : "", what,
		which.n ? " " : "", STR_ARG(which), c ? " " : "", c ? c->name : "");
	return EXIT_USE;
}

static int read_option(struct args *a, struct str word, int argc, char **argv, int *at)
{
	struct str value = str_sub(word, 2, word.n);
	struct str name = str_cut(&value, '=');
	const struct opt *o = find_opt(a->command, name);

	if (!o) {
		return wrong(a->command, "there is no option", word);
	}
	if (!o->value && value.p) {
		return wrong(a->command, "this option takes no value:", word);
	}
	if (o->value && !value.p) {
		if (*at + 1 >= argc) {
			return wrong(a->command, "a value is missing after", word);
		}
		value = str_of(argv[++*at]);
	}
	for (size_t i = 0; i < a->n_given && !(o->flags & OPT_MANY); i++) {
		if (a->given[i].opt == o) {
			return wrong(a->command, "given twice:", word);
		}
	}
	a->given[a->n_given++] = (struct opt_value){o, o->value ? value : S("yes")};
	return EXIT_DONE;
}

int opts_read(struct mem *m, const struct command *c, int argc, char **argv, struct args *out, bool *help)
{
	bool options = true;

	*help = false;
	*out = (struct args){.mem = m, .command = c};
	out->given = mem_array(m, struct opt_value, (size_t)argc);
	out->operands = mem_array(m, struct str, (size_t)argc);
	for (int i = 0; i < argc; i++) {
		struct str word = str_of(argv[i]);

		if (options && str_eq(word, S("--"))) {
			options = false;
		} else if (options && (str_eq(word, S("--help")) || str_eq(word, S("-h")))) {
			*help = true;
			return EXIT_DONE;
		} else if (options && str_starts(word, S("--"))) {
			int status = read_option(out, word, argc, argv, &i);

			if (status != EXIT_DONE) {
				return status;
			}
		} else if (options && word.n > 1 && word.p[0] == '-') {
			return wrong(c, "there is no option", word);
		} else {
			out->operands[out->n_operands++] = word;
		}
	}
	if ((int)out->n_operands < c->operands_min) {
		return wrong(c, "missing:", str_of(c->operands));
	}
	if (c->operands_max >= 0 && (int)out->n_operands > c->operands_max) {
		return wrong(c, "not understood:", out->operands[c->operands_max]);
	}
	return EXIT_DONE;
}

enum err opts_conf(struct args *a, struct str text, const char *name)
{
	size_t lines = 1, line = 0;

	for (size_t i = 0; i < text.n; i++) {
		lines += text.p[i] == '\n';
	}
	a->conf = mem_array(a->mem, struct opt_value, lines);
	a->n_conf = 0;
	while (text.p) {
		struct str value = str_trim(str_cut(&text, '\n'));
		struct str key;
		const struct opt *o;

		line++;
		if (value.n == 0 || value.p[0] == '#') {
			continue;
		}
		key = str_trim(str_cut(&value, '='));
		if (!value.p) {
			return fail_aloud(E_INVALID, "%s:%zu: not \"key = value\"", name, line);
		}
		o = find_opt(a->command, key);
		if (!o || !(o->flags & OPT_CONF)) {
			bool elsewhere = false;

			/* One file serves all commands: a key of another one is skipped. */
			for (size_t i = 0; i < commands_n && !elsewhere; i++) {
				const struct opt *other = find_opt(commands[i], key);

				elsewhere = other && (other->flags & OPT_CONF);
			}
			if (elsewhere) {
				continue;
			}
			return fail_aloud(E_INVALID, "%s:%zu: there is no key \"%.*s\"", name, line, STR_ARG(key));
		}
		a->conf[a->n_conf++] = (struct opt_value){o, str_trim(value)};
	}
	return OK;
}

struct str opts_help(struct mem *m, const struct command *c)
{
	struct buf b = buf_make(m, LIMIT_FMT);

	if (!c) {
		buf_put(&b, S("Usage: maillage COMMAND [options]\n\n"
			      "The collaborative platform of the networks that welcome.\n\nCommands:\n"));
		for (size_t i = 0; i < commands_n; i++) {
			buf_fmt(&b, "  %-10s %s\n", commands[i]->name, commands[i]->doc);
		}
		buf_put(&b, S("\nEach takes --help.\n"));
		return buf_str(&b);
	}
	buf_fmt(&b, "Usage: maillage %s%s%s [options]\n\n%s.\n\nOptions:\n", c->name, *c->operands ? " " : "",
		c->operands, c->doc);
	for (size_t i = 0; i < c->n_opts; i++) {
		const struct opt *o = &c->opts[i];
		struct str left = str_fmt(m, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");

		buf_fmt(&b, "  %-24.*s %s", STR_ARG(left), o->doc);
		if (o->otherwise) {
			buf_fmt(&b, " (%s)", o->otherwise);
		}
		buf_put(&b, S("\n"));
	}
	return buf_str(&b);
}

/* ---- values ---- */

static const struct opt *need_opt(const struct args *a, const char *name)
{
	const struct opt *o = find_opt(a->command, str_of(name));

	if (!o) {
		log_error("command %s has no option %s", a->command->name, name);
		abort();
	}
	return o;
}

struct str opt_at(const struct args *a, const char *name, size_t nth)
{
	const struct opt *o = need_opt(a, name);
	const struct opt_value *from[] = {a->given, a->conf};
	const size_t n[] = {a->n_given, a->n_conf};

	for (size_t k = 0; k < COUNT(from); k++) {
		size_t seen = 0;

		for (size_t i = 0; i < n[k]; i++) {
			if (from[k][i].opt == o && seen++ == nth) {
				return from[k][i].value;
			}
		}
		/* What the command line says replaces what the file says. */
		if (seen) {
			return STR_NONE;
		}
	}
	return nth == 0 && o->otherwise ? str_of(o->otherwise) : STR_NONE;
}

struct str opt_get(const struct args *a, const char *name)
{
	return opt_at(a, name, 0);
}

bool opt_on(const struct args *a, const char *name)
{
	struct str v = opt_get(a, name);

	return v.p && !str_eq(v, S("no")) && !str_eq(v, S("false")) && !str_eq(v, S("0"));
}

bool opt_int(const struct args *a, const char *name, int64_t min, int64_t max, int64_t *out)
{
	struct str v = opt_get(a, name);

	if (!v.p || !str_to_i64(v, out) || *out < min || *out > max) {
		fprintf(stderr, "maillage %s: --%s is a number from %lld to %lld\n", a->command->name, name,
			(long long)min, (long long)max);
		return false;
	}
	return true;
}

int exit_of(enum err e)
{
	switch (e) {
	case OK:
		return EXIT_DONE;
	case E_INVALID:
		return EXIT_DATA;
	case E_BUSY:
	case E_REMOTE:
		return EXIT_UNAVAILABLE;
	case E_IO:
	case E_LIMIT:
		return EXIT_CANNOT_WRITE;
	case E_NOTFOUND:
	case E_DENIED:
	case E_LOGIN:
	case E_CONFLICT:
	case E_DB:
	case E_BUG:
		return EXIT_FAILED;
	}
	return EXIT_FAILED;
}

int opts_main(int argc, char **argv)
{
	struct mem *m = mem_open();
	const struct command *c;
	struct args a;
	bool help;
	int status;

	if (argc == 0 || str_eq(str_of(argv[0]), S("--help")) || str_eq(str_of(argv[0]), S("help"))) {
		struct str s = opts_help(m, NULL);

		fprintf(argc ? stdout : stderr, "%.*s", STR_ARG(s));
		mem_close(m);
		return argc ? EXIT_DONE : EXIT_USE;
	}
	c = find_command(str_of(argv[0]));
	if (!c) {
		status = wrong(NULL, "there is no command", str_of(argv[0]));
		mem_close(m);
		return status;
	}
	status = opts_read(m, c, argc - 1, argv + 1, &a, &help);
	if (help) {
		printf("%.*s", STR_ARG(opts_help(m, c)));
	} else if (status == EXIT_DONE) {
		status = c->run(&a);
	}
	mem_close(m);
	return status;
}
