/*
 * maillage import KIND FILE…: brings in what a network has today, in whatever form. Reports each row that could not be taken, by
 * line; the second run of the same file changes nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "open.h"

#include "../base/limits.h"
#include "../base/time.h"
#include "../core/atlas.h"
#include "../html/i18n.h"
#include "../mod/exchange/import.h"
#include "../mod/exchange/import_kind.h"
#include "../web/site.h"

static const struct opt opts[] = {
	OPTS_DATA,
	{"format",    "FORMAT",       "csv, geojson, umap, gogocarto, yeswiki, json, gpx, kml, rss, ical, events or page; guessed when absent", NULL, 0},
	{"map",       "COLUMN=FIELD", "what a column is; COLUMN= leaves it out",                       NULL, OPT_MANY},
	{"source",    "NAME",         "what the rows are known under; the file's name when absent",    NULL, 0},
	{"lang",      "LANG",         "language of the texts",                                         NULL, 0},
	{"territory", "CODE",         "where rows are that say no place",                              NULL, 0},
	{"taxonomy",  "FILE",         "names of GoGoCarto's categories (taxonomy.json)",               NULL, 0},
	{"propose",   NULL,           "everything waits for a moderator",                              NULL, 0},
	{"dry-run",   NULL,           "say what would happen, change nothing",                         NULL, 0},
	{"json",      NULL,           "print one summary object",                                      NULL, 0},
};

static void progress(void *ctx, const struct import *im)
{
	const struct import_bytes *b = &im->reader->bytes;
	int percent = b->size > 0 ? (int)(100 * b->taken / b->size) : 100;
	int filled = percent * 30 / 100;

	(void)ctx;
	fprintf(stderr, "\r[%.*s%*s] %3d %%  %lld", filled, "##############################", 30 - filled, "", percent,
		(long long)im->read);
}

static void print_summary(struct mem *m, const struct import *im, bool json)
{
	struct buf b = buf_make(m, MIB(16));
	struct json_out j = json_to(&b);

	if (json) {
		import_summary(&j, im);
		if (json_done(&j) == OK) {
			printf("%.*s\n", STR_ARG(buf_str(&b)));
		}
		return;
	}
	for (size_t i = 0; i < im->said.n; i++) {
		const struct import_said *s = &im->said.p[i];

		fprintf(stderr, "%lld: %s%.*s%s%.*s\n", (long long)s->line, strcmp(s->outcome, "noted") == 0 ? "(note) " : "",
			STR_ARG(s->field), s->field.n ? ": " : "", STR_ARG(s->reason));
	}
	for (size_t i = 0; im->mapping && i < im->mapping->unknown.n; i++) {
		fprintf(stderr, "column not understood: %.*s\n", STR_ARG(im->mapping->unknown.p[i]));
	}
	printf("%lld read (%s, %s): %lld created, %lld updated, %lld unchanged, %lld rejected%s\n", (long long)im->read,
	       im->reader->format, im->reader->encoding, (long long)im->created, (long long)im->updated, (long long)im->unchanged,
	       (long long)im->rejected, im->dry_run ? " (dry run: nothing was changed)" : "");
}

static int say(const char *what, struct str which, int status)
{
	fprintf(stderr, "maillage import: %s: %.*s\n", what, STR_ARG(which));
	return status;
}

static bool set_columns(const struct args *a, struct mapping *mp)
{
	struct str s;

	for (size_t i = 0; (s = opt_at(a, "map", i)).p; i++) {
		struct str field = s, column = str_cut(&field, '=');

		if (!field.p || !mapping_set(mp, column, field)) {
			say("there is no such field", s, EXIT_USE);
			return false;
		}
	}
	return true;
}

static const struct map *read_taxonomy(const struct args *a)
{
	struct str path = opt_get(a, "taxonomy");
	struct map *names = NULL;

	if (path.n && import_taxonomy(a->mem, str_c(a->mem, path), &names) != OK) {
		return NULL;
	}
	return names;
}

static int run_file(struct args *a, struct opened *o, const struct import_kind *kind, struct import *im, struct str file)
{
	int fd = open(str_c(a->mem, file), O_RDONLY | O_CLOEXEC);
	struct str lang = STR_NONE;
	bool json = opt_on(a, "json");
	enum err e;

	if (fd < 0) {
		return say(strerror(errno), file, EXIT_DATA);
	}
	im->db = o->db;
	im->source = import_source_of(a->mem, file, &lang);
	im->lang = lang.p ? lang : str_of(im->speak);
	e = import_open(a->mem, fd, opt_get(a, "format"), &im->reader);
	if (e == OK) {
		im->reader->taxonomy = read_taxonomy(a);
		im->source = im->reader->declared.n ? im->reader->declared : im->source;
		im->source = opt_get(a, "source").n ? opt_get(a, "source") : im->source;
		im->lang = opt_get(a, "lang").n ? opt_get(a, "lang") : im->lang;
		im->progress = isatty(2) && !json ? progress : NULL;
		e = kind->run(im);
		if (im->progress) {
			fputs("\r\033[K", stderr);
		}
	} else if (im->reader && im->reader->what) {
		im->line = im->reader->what_line;
		im->rejected++;
		import_say(im, "rejected", S(""), tr(lang_catalogue(im->speak), im->reader->what));
		im->reader->format = im->reader->format ? im->reader->format : "unknown";
	}
	close(fd);
	if (im->reader && im->reader->format) {
		print_summary(a->mem, im, json);
	}
	return e != OK ? exit_of(e) : im->rejected ? EXIT_DATA : EXIT_DONE;
}

static int run_files(struct args *a, struct opened *o, const struct import_kind *kind, const struct entity *e)
{
	int status = EXIT_DONE;

	for (size_t i = 1; i < a->n_operands; i++) {
		struct mapping *mp = mem_new(a->mem, struct mapping);
		struct import im = {.mem = a->mem, .entity = e, .dry_run = opt_on(a, "dry-run"), .propose = opt_on(a, "propose"),
				    .territory = opt_get(a, "territory"),
				    .speak = site_now()->n_langs ? site_now()->langs[0] : "fr"};
		int one;

		if (e) {
			mapping_open(mp, a->mem, e);
			im.mapping = mp;
			if (!set_columns(a, mp)) {
				return EXIT_USE;
			}
		}
		one = run_file(a, o, kind, &im, a->operands[i]);
		status = one != EXIT_DONE ? one : status;
	}
	return status;
}

static int run(struct args *a)
{
	const struct entity *e = entity_find(a->operands[0]);
	const struct import_kind *kind = import_kind_find(a->operands[0], e);
	struct str lang = opt_get(a, "lang");
	struct opened o;
	enum err err;
	int status;

	if (!kind) {
		return say("there is no such kind", a->operands[0], EXIT_USE);
	}
	if (lang.n && lang.n != 2 && lang.n != 3) {
		return say("a language is two letters", lang, EXIT_USE);
	}
	err = cmd_open(a, true, &o);
	if (err != OK) {
		return exit_of(err);
	}
	if (opt_get(a, "territory").n && !atlas_find(opt_get(a, "territory"))) {
		status = say("there is no such territory", opt_get(a, "territory"), EXIT_USE);
	} else {
		status = run_files(a, &o, kind, e);
	}
	cmd_close(&o);
	return status;
}

const struct command cmd_import = {
	.name = "import",
	.operands = "KIND FILE…",
	.doc = "Brings in actors, practices, documents, themes or points of territories from files",
	.opts = TABLE(opts),
	.operands_min = 2,
	.operands_max = -1,
	.run = run,
};
