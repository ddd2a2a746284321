/*
 * maillage export KIND: every published object of a kind that fits the filters, to standard output, in constant memory. The public
 * view only: what the site hides from visitors is not in its exports either.
 */
#include <errno.h>
#include <stdio.h>

#include "open.h"

#include "../base/fold.h"
#include "../base/time.h"
#include "../core/atlas.h"
#include "../core/object.h"
#include "../core/theme.h"
#include "../mod/exchange/export.h"
#include "../mod/exchange/export_theme.h"
#include "../web/site.h"

static const struct opt opts[] = {
	OPTS_DATA,
	{"format",        "FORMAT",     EXPORT_NAMES,                                   "csv", 0       },
	{"q",             "WORDS",      "what a search finds",                          NULL,  0       },
	{"theme",         "SLUG",       "of this theme, or one below",                  NULL,  OPT_MANY},
	{"territory",     "CODE",       "in this territory (INSEE or ISO code)",        NULL,  0       },
	{"actor",         "SLUG",       "of this actor",                                NULL,  0       },
	{"lang",          "LANG",       "with texts in this language",                  NULL,  0       },
	{"bbox",          "W,S,E,N",    "inside this box, in degrees",                  NULL,  0       },
	{"from",          "DATE",       "published from this day on",                   NULL,  0       },
	{"to",            "DATE",       "published up to this day",                     NULL,  0       },
	{"updated-since", "DATE",       "changed since",                                NULL,  0       },
	{"filter",        "NAME=VALUE", "another filter of the list: kind=association", NULL,  OPT_MANY},
	{"in",            "LANG",       "language of labels and of the texts of feeds", NULL,  0       },
	{"base-url",      "URL",        "the address that visitors use",                NULL,  OPT_CONF},
};

static bool say(const char *what, struct str which)
{
	fprintf(stderr, "maillage export: %s: %.*s\n", what, STR_ARG(which));
	return false;
}

static bool read_date(const struct args *a, const char *name, int64_t *out)
{
	struct str s = opt_get(a, name);
	struct civil c;

	if (!s.n || time_parse(s, out)) {
		return true;
	}
	if (date_parse(s, &c)) {
		*out = time_of_civil(c);
		return true;
	}
	return say("not a date like 2026-03-02", s);
}

static bool read_box(const struct args *a, struct filter *f)
{
	struct str box = opt_get(a, "bbox"), s = box;
	double *v[4] = {&f->west, &f->south, &f->east, &f->north};

	if (!box.n) {
		return true;
	}
	for (int i = 0; i < 4; i++) {
		if (!s.p || !str_to_double(str_trim(str_cut(&s, ',')), v[i])) {
			return say("not a box west,south,east,north", box);
		}
	}
	f->has_bbox = true;
	return true;
}

static bool read_terms(const struct args *a, struct filter *f)
{
	struct str s;

	for (size_t i = 0; (s = opt_at(a, "theme", i)).p; i++) {
		if (!theme_find(s)) {
			return say("there is no such theme", s);
		}
		if (f->n_terms < COUNT(f->terms)) {
			f->terms[f->n_terms++] = (struct term){S("theme"), s};
		}
	}
	for (size_t i = 0; (s = opt_at(a, "filter", i)).p; i++) {
		struct str value = s, name = str_cut(&value, '=');
		const struct field *fd = facet_field(f->entity, name);

		if (!fd || !value.n) {
			return say("there is no such filter", s);
		}
		if (f->n_terms < COUNT(f->terms)) {
			f->terms[f->n_terms++] =
				(struct term){facet_name(fd), fd->type == F_TAGS ? fold(a->mem, value) : value};
		}
	}
	return true;
}

static bool read_filter(const struct args *a, struct filter *f)
{
	struct str where = opt_get(a, "territory");
	struct territory t;

	f->q = opt_get(a, "q");
	f->actor = opt_get(a, "actor");
	f->lang = opt_get(a, "lang");
	if (where.n) {
		if (!atlas_get(atlas_find(where), &t)) {
			return say("there is no such territory", where);
		}
		f->territory = t.former && atlas_get(t.now, &t) ? t.code : t.code;
	}
	return read_terms(a, f) && read_box(a, f) && read_date(a, "from", &f->from) && read_date(a, "to", &f->to) &&
	       read_date(a, "updated-since", &f->updated_since);
}

static enum err put_stdout(void *ctx, struct str chunk)
{
	(void)ctx;
	if (fwrite(chunk.p, 1, chunk.n, stdout) != chunk.n) {
		return fail(E_IO, "standard output: %s", strerror(errno));
	}
	return OK;
}

static enum err write_all(struct opened *o, struct export *x, const struct filter *f)
{
	enum err e = db_begin(o->db, DB_READ);

	if (e != OK) {
		return e;
	}
	e = export_all(x, o->db, f, put_stdout, NULL);
	db_rollback(o->db);
	if (e == OK && fflush(stdout) != 0) {
		e = fail(E_IO, "standard output: %s", strerror(errno));
	}
	return e;
}

static const char *language(const struct args *a)
{
	int i = site_lang_index(opt_get(a, "in"));

	return i >= 0 ? site_langs[i] : site_now()->n_langs ? site_now()->langs[0] : "fr";
}

/* Themes are no objects: the whole tree, as a table or JSON. */
static int run_themes(struct args *a)
{
	bool json = str_eq(opt_get(a, "format"), S("json"));
	struct opened o;
	struct str text;
	enum err e;

	if (!json && !str_eq(opt_get(a, "format"), S("csv"))) {
		say("themes are written as csv or json", opt_get(a, "format"));
		return EXIT_USE;
	}
	e = cmd_open(a, false, &o);
	if (e != OK) {
		return exit_of(e);
	}
	e = export_themes(a->mem, json, language(a), &text);
	e = e == OK ? put_stdout(NULL, text) : e;
	if (e == OK && fflush(stdout) != 0) {
		e = fail(E_IO, "standard output: %s", strerror(errno));
	}
	cmd_close(&o);
	return exit_of(e);
}

static int run(struct args *a)
{
	const struct export_format *format = export_by_name(opt_get(a, "format"));
	const struct entity *e = entity_find(a->operands[0]);
	struct filter f = {.entity = e};
	struct opened o;
	struct export x;
	enum err err;

	if (str_eq(a->operands[0], S("themes"))) {
		return run_themes(a);
	}
	if (!e || !format || (format->fits && !format->fits(e))) {
		say(e ? "there is no such format" : "there is no such kind", e ? opt_get(a, "format") : a->operands[0]);
		return EXIT_USE;
	}
	err = cmd_open(a, false, &o);
	if (err != OK) {
		return exit_of(err);
	}
	if (opt_get(a, "base-url").n) {
		site_set_base_url(opt_get(a, "base-url"));
	}
	x = (struct export){.format = format,
			    .entity = e,
			    .mem = a->mem,
			    .lang = language(a),
			    .now = time_now(),
			    .zone = site_now()->time_zone,
			    .base_url = site_now()->base_url};
	x.site_name = site_text_in(site_now(), &site_now()->name, x.lang);
	x.licence = str_fmt(a->mem, "%.*s/open-data", STR_ARG(x.base_url));
	x.page = str_fmt(a->mem, "%.*s/%s%s", STR_ARG(x.base_url), x.lang, e->room);
	x.self = str_fmt(a->mem, "%.*s/api/v1/%s%s", STR_ARG(x.base_url), e->plural,
			 format->suffix ? format->suffix : "");
	if (!read_filter(a, &f)) {
		cmd_close(&o);
		return EXIT_USE;
	}
	err = write_all(&o, &x, &f);
	cmd_close(&o);
	return exit_of(err);
}

const struct command cmd_export = {
	.name = "export",
	.operands = "KIND",
	.doc = "Writes every published object of a kind, or the themes, to standard output",
	.opts = TABLE(opts),
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
