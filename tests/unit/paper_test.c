/*
 * Paper: what is printed reads back as text, in order, on the right number of pages, from the left and from the right.
 */
#include "t.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "paper/paper.h"

static enum err to_file(void *arg, struct str bytes)
{
	return fwrite(bytes.p, 1, bytes.n, arg) == bytes.n ? OK : E_IO;
}

static enum err refuse(void *arg, struct str bytes)
{
	size_t *left = arg;

	if (bytes.n > *left) {
		return E_IO;
	}
	*left -= bytes.n;
	return OK;
}

/* What a command says about a file. */
static struct str say(struct t *t, const char *command, const char *path)
{
	FILE *f = popen(str_c(t->mem, str_fmt(t->mem, "%s '%s' %s", command, path,
					      str_starts(str_of(command), S("pdftotext")) ? "-" : "")),
			"r");
	char *all = mem_get(t->mem, 1 << 20);
	size_t n = f ? fread(all, 1, (1 << 20) - 1, f) : 0;

	if (f) {
		pclose(f);
	}
	return (struct str){all, n};
}

static bool have_poppler(struct t *t)
{
	if (system("command -v pdftotext >/dev/null 2>&1") != 0) {
		t->skipped = "no pdftotext here (scripts/install.sh test)";
		return false;
	}
	return true;
}

static struct paper_options options(enum paper_size size, const char *lang)
{
	return (struct paper_options){.size = size,
				      .lang = lang,
				      .rtl = lang[0] == 'a',
				      .title = S("Programme"),
				      .author = S("Réseau"),
				      .footer = S("Réseau · programme"),
				      .now = T_NOW};
}

static int pages_of(struct t *t, const char *path)
{
	struct str info = say(t, "pdfinfo", path);
	ptrdiff_t at = str_find(info, S("Pages:"));

	return at < 0 ? -1 : atoi(info.p + at + 6);
}

static void entries(struct paper *p, int from, int n, struct mem *m)
{
	for (int i = from; i < from + n; i++) {
		paper_entry(p, &(struct paper_entry){.lead = S("18:30"),
						     .title = str_fmt(m, "Title%03d", i),
						     .where = S("Maison du peuple, Grenoble"),
						     .text = S("A text that says what one does there and with whom."),
						     .who = S("Réseau"),
						     .struck = i == 2,
						     .flag = i == 2 ? S("Cancelled") : S("")});
	}
}

static const char *print(struct t *t, const char *name, const struct paper_options *opt, int n)
{
	const char *path = t_tmp(t, name);
	FILE *f = fopen(path, "w");
	struct paper *p;

	if (!f) {
		t_fail(t, T_AT("fopen"), "no file");
		return path;
	}
	p = paper_open(t->mem, opt, to_file, f);
	paper_text(p, PAPER_TITLE, S("Journée internationale"));
	paper_text(p, PAPER_H1, S("Vendredi 18 décembre"));
	entries(p, 1, n, t->mem);
	(void)t_eq_err(t, T_AT("close"), OK, paper_close(p));
	fclose(f);
	return path;
}

static void a_list_flows_over_pages(struct t *t)
{
	struct paper_options opt = options(PAPER_A4, "fr");

	if (!have_poppler(t)) {
		return;
	}
	const char *path = print(t, "list.pdf", &opt, 60);
	struct str text = say(t, "pdftotext -layout", path);
	ptrdiff_t last = -1;
	for (int i = 1; i <= 60; i++) {
		ptrdiff_t at = str_find(text, str_fmt(t->mem, "Title%03d", i));

		T_TRUE(at > last);
		last = at;
	}
	T_TRUE(pages_of(t, path) > 2);
	T_TRUE(str_find(text, S("Journée internationale")) >= 0);
	T_TRUE(str_find(say(t, "pdfinfo", path), S("Title:           Programme")) >= 0);
	opt.columns = 2;
	T_TRUE(pages_of(t, print(t, "columns.pdf", &opt, 60)) > 2);
}

static void booklets_are_in_printers_order(struct t *t)
{
	struct paper_options opt = options(PAPER_A5, "fr");

	if (!have_poppler(t)) {
		return;
	}
	int pages = pages_of(t, print(t, "a5.pdf", &opt, 30));
	opt.size = PAPER_A5_SHEETS;
	const char *path = print(t, "sheets.pdf", &opt, 30);
	T_TRUE(pages > 4);
	T_EQ(pages_of(t, path), (pages + 3) / 4 * 2);
	/* The first side holds page 1 on its right half, and what comes last on its left. */
	struct str right = say(t, "pdftotext -f 1 -l 1 -x 420 -y 0 -W 420 -H 600", path);
	T_TRUE(str_find(right, S("Title001")) >= 0);
	struct str second = say(t, "pdftotext -f 2 -l 2 -x 0 -y 0 -W 420 -H 600", path);
	T_TRUE(str_find(second, S("Title001")) < 0 && str_find(second, S("Title00")) >= 0);
	/* Read from the right, the first page is on the left half. */
	opt = options(PAPER_A5_SHEETS, "ar");
	path = print(t, "sheets-ar.pdf", &opt, 30);
	T_TRUE(str_find(say(t, "pdftotext -f 1 -l 1 -x 0 -y 0 -W 420 -H 600", path), S("Title001")) >= 0);
}

static void long_paragraphs_lose_nothing(struct t *t)
{
	const char *path = t_tmp(t, "long.pdf");
	FILE *f = fopen(path, "w");
	struct paper_options opt = options(PAPER_A5, "fr");
	struct buf b = buf_make(t->mem, 20000);

	if (!have_poppler(t)) {
		fclose(f);
		return;
	}
	for (int i = 0; i < 1500; i++) {
		buf_fmt(&b, "word%04d ", i);
	}
	struct paper *p = paper_open(t->mem, &opt, to_file, f);
	paper_text(p, PAPER_BODY, buf_str(&b));
	T_OK(paper_close(p));
	fclose(f);
	struct str text = say(t, "pdftotext", path);
	for (int i = 0; i < 1500; i++) {
		if (str_find(text, str_fmt(t->mem, "word%04d", i)) < 0) {
			t_fail(t, T_AT("text"), "word%04d is lost", i);
			break;
		}
	}
}

static void documents_are_bounded_and_fail_whole(struct t *t)
{
	struct paper_options opt = options(PAPER_A5_SHEETS, "fr");
	size_t room = 2000, much = (size_t)1 << 30;
	struct paper *p = paper_open(t->mem, &opt, refuse, &much);

	entries(p, 1, 2000, t->mem);
	T_TRUE(paper_full(p));
	T_EQ(paper_pages(p), PAPER_PAGES_FOLDED_MAX);
	T_OK(paper_close(p));
	opt.size = PAPER_A4;
	p = paper_open(t->mem, &opt, refuse, &room);
	entries(p, 1, 100, t->mem);
	T_ERR(E_IO, paper_close(p));                   /* a disk that is full */
	(void)paper_open(t->mem, &opt, refuse, &room); /* left open: its arena closes it */
}

static void posters_keep_all_they_say(struct t *t)
{
	static const unsigned char modules[9] = {1, 0, 1, 0, 1, 0, 1, 0, 1};
	struct paper_options opt = options(PAPER_POSTER_A3, "fr");

	if (!have_poppler(t)) {
		return;
	}
	const char *path = t_tmp(t, "poster.pdf");
	FILE *f = fopen(path, "w");
	struct paper *p = paper_open(t->mem, &opt, to_file, f);
	paper_poster(p, &(struct paper_poster){.kicker = S("18 décembre"),
					       .title = S("Journée internationale des personnes migrantes"),
					       .when = S("Vendredi, 18 h 30"),
					       .where = S("Place de la mairie"),
					       .text = S("Venez."),
					       .hosts = S("Réseau"),
					       .blank = S("Ici, vos informations"),
					       .modules = modules,
					       .modules_n = 3,
					       .code_words = S("Toutes les informations")});
	T_OK(paper_close(p));
	fclose(f);
	T_EQ(pages_of(t, path), 1);
	struct str text = say(t, "pdftotext", path);
	T_TRUE(str_find(text, S("Vendredi, 18 h 30")) >= 0 && str_find(text, S("Ici, vos informations")) >= 0 &&
	       str_find(text, S("Venez.")) >= 0);
	T_TRUE(str_find(say(t, "pdfinfo", path), S("A3")) >= 0);
}

static const struct t_case cases[] = {
	{"a list flows over pages",              a_list_flows_over_pages,              0},
	{"booklets are in printer's order",      booklets_are_in_printers_order,       0},
	{"long paragraphs lose nothing",         long_paragraphs_lose_nothing,         0},
	{"documents are bounded and fail whole", documents_are_bounded_and_fail_whole, 0},
	{"posters keep all they say",            posters_keep_all_they_say,            0},
};
T_SUITE(paper, cases)
