/*
 * Whole files, ours of every format and those of others: what each makes, tried first, then brought in by the way of the command, then again, when
 * nothing may change; and understood the same by the page.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "thing.h"

#include "base/csv.h"
#include "base/limits.h"
#include "db/db.h"
#include "mod/exchange/import_kind.h"
#include "mod/exchange/import_page.h"

struct expected {
	const char *file, *kind;
	int64_t created, updated, rejected; /* of the first import */
	const char *why;                    /* a reason that is given; NULL: any */
};

static struct import *by_command(struct t *t, const struct expected *x, const char *path, bool dry)
{
	struct import *im = mem_new(t->mem, struct import);
	const struct entity *e = entity_find(str_of(x->kind));
	struct str lang = S("fr");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err err;

	*im = (struct import){.mem = t->mem, .db = t->db, .entity = e, .speak = "en", .dry_run = dry,
			      .source = import_source_of(t->mem, str_of(path), &lang)};
	im->lang = lang;
	if (e) {
		im->mapping = mem_new(t->mem, struct mapping);
		mapping_open(im->mapping, t->mem, e);
	}
	T_TRUE(fd >= 0);
	err = import_open(t->mem, fd, STR_NONE, &im->reader);
	if (err == OK) {
		im->source = im->reader->declared.n ? im->reader->declared : im->source;
		err = import_kind_find(str_of(x->kind), e)->run(im);
	} else {
		import_say(im, "rejected", S(""), str_of(im->reader->what ? im->reader->what : ""));
	}
	T_TRUE(err == OK || err == E_INVALID);
	close(fd);
	return im;
}

static struct import *by_page(struct t *t, const struct expected *x, const char *path)
{
	struct import_file_by_id_row file = {.path = str_of(path), .name = str_of(path), .kind = str_of(x->kind), .options = S("{}")};
	struct import *im = mem_new(t->mem, struct import);
	int fd = -1;

	if (import_prepare(t->mem, t->db, &file, "fr", &fd, im) == OK) {
		im->dry_run = true;
		enum err err = import_kind_find(str_of(x->kind), im->entity)->run(im);
		T_TRUE(err == OK || err == E_INVALID);
	}
	if (fd >= 0) {
		close(fd);
	}
	return im;
}

static void counts(struct t *t, const struct expected *x, const struct import *im, const char *when, int64_t created, int64_t updated,
		   int64_t unchanged)
{
	if (im->created == created && im->updated == updated && im->unchanged == unchanged && im->rejected == x->rejected) {
		return;
	}
	t_fail(t, T_AT(x->file), "%s: %lld created, %lld updated, %lld unchanged, %lld rejected", when, (long long)im->created,
	       (long long)im->updated, (long long)im->unchanged, (long long)im->rejected);
	for (size_t i = 0; i < im->said.n && i < 5; i++) {
		t_fail(t, T_AT(x->file), "%lld %.*s: %.*s", (long long)im->said.p[i].line, STR_ARG(im->said.p[i].field),
		       STR_ARG(im->said.p[i].reason));
	}
}

static void every_refusal_has_a_reason(struct t *t, const struct expected *x, const struct import *im)
{
	bool found = x->why == NULL;

	for (size_t i = 0; i < im->said.n; i++) {
		T_TRUE(im->said.p[i].reason.n > 10);
		found = found || str_find(im->said.p[i].reason, str_of(x->why)) >= 0;
	}
	if (!found || (x->created + x->updated == 0 && im->said.n == 0)) {
		t_fail(t, T_AT(x->file), "the reason is not told: %s", x->why ? x->why : "(any)");
	}
}

static void one_file(struct t *t, const struct expected *x, const char *path)
{
	int64_t none = 0;

	T_OK(db_begin(t->db, DB_READ));
	const struct import *im = by_page(t, x, path);
	db_rollback(t->db);
	counts(t, x, im, "by the page", x->created, x->updated, none);
	im = by_command(t, x, path, true);
	counts(t, x, im, "tried", x->created, x->updated, none);
	im = by_command(t, x, path, false);
	counts(t, x, im, "first", x->created, x->updated, none);
	every_refusal_has_a_reason(t, x, im);
	counts(t, x, by_command(t, x, path, false), "again", 0, 0, x->created + x->updated);
}

static const struct expected ours[] = {
	{"carte-1.umap", "actors", 4, 0, 1, NULL},
	{"carte-2.kml", "actors", 2, 0, 1, NULL},
	{"conseil-fr.geojson", "actors", 1, 0, 0, NULL},
	{"conseil-ar.geojson", "actors", 0, 1, 0, NULL}, /* the same one, in Arabic */
	{"data-inclusion.json", "actors", 1, 0, 0, NULL},
	{"data-inclusion-services.json", "actors", 1, 0, 0, NULL},
	{"gogocarto.json", "actors", 2, 0, 0, NULL},
	{"gogocarto-compact.json", "actors", 2, 0, 1, "no record"},
	{"lieux.atom", "actors", 1, 0, 0, NULL},
	{"lieux.gpx", "actors", 3, 0, 0, NULL},
	{"lieux.rss", "actors", 2, 0, 0, NULL},
	{"soliguide.json", "actors", 1, 0, 0, NULL},
	{"tableau.csv", "actors", 3, 0, 1, NULL},
	{"yeswiki.geojson", "actors", 1, 0, 0, NULL},
	{"yeswiki.json", "actors", 2, 0, 0, NULL},
	{"taxonomy.json", "actors", 0, 0, 0, "choose to import themes"},
};

static void our_files(struct t *t)
{
	thing_start(t);
	for (size_t i = 0; i < COUNT(ours); i++) {
		const char *path = str_c(t->mem, str_fmt(t->mem, "tests/import/%s", ours[i].file));

		one_file(t, &ours[i], path);
	}
}

#define DIR_SHARED "maps-directories/"
static const struct expected theirs[] = {
	{"data-inclusion/frais.json", "actors", 0, 0, 2, "a word of a list"},
	{"data-inclusion/modes-accueil.json", "actors", 0, 0, 2, "a word of a list"},
	{"data-inclusion/modes-mobilisation.json", "actors", 0, 0, 4, "a word of a list"},
	{"data-inclusion/personnes-mobilisatrices.json", "actors", 0, 0, 2, "a word of a list"},
	{"data-inclusion/publics.json", "actors", 0, 0, 14, "a word of a list"},
	{"data-inclusion/reseaux-porteurs.json", "actors", 0, 0, 108, "a word of a list"},
	{"data-inclusion/thematiques.json", "actors", 0, 0, 69, "a word of a list"},
	{"data-inclusion/types-de-services.json", "actors", 0, 0, 6, "a word of a list"},
	{"data-inclusion/typologies-de-services.json", "actors", 0, 0, 11, "a word of a list"},
	{"data-inclusion/service.json", "actors", 0, 0, 0, "JSON schema"},
	{"data-inclusion/structure.json", "actors", 0, 0, 0, "JSON schema"},
	{"gogocarto/elements.json", "actors", 12, 0, 0, NULL},
	{"gogocarto/taxonomy-full.json", "actors", 0, 0, 0, "choose to import themes"},
	{"gogocarto/taxonomy-simple.json", "actors", 0, 0, 0, "choose to import themes"},
	{"rna-waldec-extrait.csv", "actors", 2, 0, 0, "It has ended"},
	{"services-advisor/services-en.geojson", "actors", 190, 0, 0, NULL},
	{"services-advisor/services-ar.geojson", "actors", 0, 190, 0, NULL},
	{"umap/categorized_highway.geojson", "actors", 9, 0, 23, NULL},
	{"umap/choropleth_region_chomage.geojson", "actors", 13, 0, 0, NULL},
	{"umap/display_on_load.umap", "actors", 0, 0, 2, NULL},
	{"umap/test_upload_data.csv", "actors", 2, 0, 0, NULL},
	{"umap/test_upload_data.gpx", "actors", 2, 0, 0, NULL},
	{"umap/test_upload_data.umap", "actors", 3, 0, 0, NULL},
};

/* A file that is new there must be given a line here. */
static void all_are_listed(struct t *t, const char *folder, const char *prefix)
{
	DIR *d = opendir(folder);
	struct dirent *f;

	T_NEED(d != NULL);
	while ((f = readdir(d)) != NULL) {
		struct str name = str_fmt(t->mem, "%s%s", prefix, f->d_name), path = str_fmt(t->mem, "%s/%s", folder, f->d_name);
		bool found = false;

		if (f->d_name[0] == '.' || str_ends(name, S(".md"))) {
			continue;
		}
		if (f->d_type == DT_DIR) {
			all_are_listed(t, str_c(t->mem, path), str_c(t->mem, str_fmt(t->mem, "%.*s/", STR_ARG(name))));
			continue;
		}
		for (size_t i = 0; i < COUNT(theirs) && !found; i++) {
			found = str_eq(name, str_of(theirs[i].file));
		}
		if (!found) {
			t_fail(t, T_AT("files"), "no line for %.*s", STR_ARG(name));
		}
	}
	closedir(d);
}

static void their_files(struct t *t)
{
	const char *folder = t_shared(t, DIR_SHARED);

	if (!folder) {
		T_SKIP("no shared data here");
	}
	thing_start(t);
	all_are_listed(t, folder, "");
	for (size_t i = 0; i < COUNT(theirs); i++) {
		one_file(t, &theirs[i], t_shared(t, str_c(t->mem, str_fmt(t->mem, DIR_SHARED "%s", theirs[i].file))));
	}
}

/* Vocabularies and categories are themes. */
static void lists_of_words(struct t *t)
{
	const struct expected x = {"taxonomy.json", "themes", 5, 0, 0, NULL};
	const struct expected words = {"thematiques.json", "themes", 69, 0, 0, NULL};
	const char *path = t_shared(t, DIR_SHARED "data-inclusion/thematiques.json");

	thing_start(t);
	counts(t, &x, by_command(t, &x, "tests/import/taxonomy.json", false), "first", 5, 0, 0);
	counts(t, &x, by_command(t, &x, "tests/import/taxonomy.json", false), "again", 0, 0, 5);
	if (path) {
		counts(t, &words, by_command(t, &words, path, false), "first", 69, 0, 0);
		counts(t, &words, by_command(t, &words, path, false), "again", 0, 0, 69);
	}
}

/* ---- one table, written every way ------------------------------------------------------------------------------------ */

enum { PLAIN, BOM, LATIN, LITTLE, BIG, WAYS };

/* The same table with another separator, cells quoted again. */
static struct str with_separator(struct t *t, struct str csv, char sep)
{
	struct csv_in *in = csv_open_str(t->mem, csv, ';');
	struct buf b = buf_make(t->mem, KIB(64));
	struct csv_row row;
	bool got = true;

	while (csv_next(in, &row, &got) == OK && got) {
		for (size_t i = 0; i < row.n; i++) {
			buf_put_c(&b, i ? sep : '"');
			buf_put(&b, i ? S("\"") : S(""));
			for (size_t k = 0; k < row.cells[i].n; k++) {
				buf_put(&b, row.cells[i].p[k] == '"' ? S("\"\"") : str_sub(row.cells[i], k, 1));
			}
			buf_put_c(&b, '"');
		}
		buf_put_c(&b, '\n');
	}
	return buf_str(&b);
}

static uint32_t character(struct str s, size_t *at)
{
	unsigned char c = (unsigned char)s.p[*at];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : 3;
	uint32_t cp = n == 1 ? c : c & (n == 2 ? 0x1fU : 0x0fU);

	for (size_t i = 1; i < n; i++) {
		cp = cp << 6 | ((unsigned char)s.p[*at + i] & 0x3fU);
	}
	*at += n;
	return cp;
}

/* What Windows-1252 has where Unicode has it elsewhere, as far as the table needs. */
static uint32_t latin(uint32_t cp)
{
	return cp == 0x2019 ? 0x92 : cp == 0x152 ? 0x8c : cp;
}

static struct str encode(struct t *t, struct str text, int way, const char *line_end)
{
	struct buf b = buf_make(t->mem, KIB(256));

	buf_put(&b, way == BOM ? S("\xef\xbb\xbf") : way == LITTLE ? S("\xff\xfe") : way == BIG ? S("\xfe\xff") : S(""));
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = character(text, &at);

		for (const char *p = line_end; cp == '\n' ? *p != 0 : p == line_end; p++) {
			uint32_t one = cp == '\n' ? (unsigned char)*p : cp;

			if (way == LITTLE || way == BIG) {
				buf_put_c(&b, (char)(way == LITTLE ? one & 0xff : one >> 8));
				buf_put_c(&b, (char)(way == LITTLE ? one >> 8 : one & 0xff));
			} else if (way == LATIN || one < 0x80) {
				buf_put_c(&b, (char)latin(one));
			} else {
				buf_put_c(&b, (char)(one < 0x800 ? 0xc0 | one >> 6 : 0xe0 | one >> 12));
				if (one >= 0x800) {
					buf_put_c(&b, (char)(0x80 | (one >> 6 & 0x3f)));
				}
				buf_put_c(&b, (char)(0x80 | (one & 0x3f)));
			}
			if (cp != '\n') {
				break;
			}
		}
	}
	return buf_str(&b);
}

/* Whatever a spreadsheet made of it, it is the same table: brought in once, it changes nothing the other times. */
static void every_way_of_tables(struct t *t)
{
	static const char separators[] = ";,\t|";
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	const struct expected x = {"tableau.csv", "actors", 3, 0, 1, NULL};
	struct str plain = t_read(t, "tests/import/tableau.csv");
	const char *path = t_tmp(t, "tableau.csv");
	bool first = true;

	thing_start(t);
	for (size_t s = 0; s < 4; s++) {
		for (size_t e = 0; e < COUNT(ends); e++) {
			for (int way = 0; way < WAYS; way++, first = false) {
				struct str bytes = encode(t, with_separator(t, plain, separators[s]), way, ends[e]);
				FILE *f = fopen(path, "wb");
				struct str when = str_fmt(t->mem, "separator %zu, line end %zu, encoding %d", s, e, way);

				T_TRUE(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0);
				counts(t, &x, by_command(t, &x, path, false), str_c(t->mem, when), first ? 3 : 0, 0, first ? 0 : 3);
			}
		}
	}
}

/* ---- what is no file of data ----------------------------------------------------------------------------------------- */

static void sent_by_mistake(struct t *t)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *why;
	} files[] = {
		{"PK\003\004\024\000\006\000xl/workbook.xml", 24, "save the sheet as CSV"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", 12, "save the sheet as CSV"},
		{"\x1f\x8b\x08\x00rest", 8, "unpack the archive"},
		{"%PDF-1.7 text", 13, "a document or a picture"},
		{"\x89PNG\r\n\x1a\n", 8, "a document or a picture"},
		{"<!DOCTYPE html><p>x", 19, "a web page"},
		{"<html><body>", 12, "a web page"},
		{"{\"a\": 1}", 8, "no list of records"},
		{"42", 2, NULL},
		{"<gpx><wpt lat=\"1\" lon=\"2\"><name>A", 33, "breaks off"},
		{"<!DOCTYPE gpx [<!ENTITY a \"aaaa\">]><gpx><wpt lat=\"1\" lon=\"2\"><name>&a;</name></wpt></gpx>", 88, "document type"},
		{"<?xml version=\"1.0\"?><other/>", 29, "none of the known formats"},
	};
	const char *path = t_tmp(t, "mistake");

	thing_start(t);
	for (size_t i = 0; i < COUNT(files); i++) {
		const struct expected x = {files[i].bytes, "actors", 0, 0, 0, files[i].why};
		FILE *f = fopen(path, "wb");

		T_TRUE(f && fwrite(files[i].bytes, 1, files[i].n, f) == files[i].n && fclose(f) == 0);
		const struct import *im = by_command(t, &x, path, false);
		T_EQ(im->created + im->updated, 0);
		if (files[i].why) {
			every_refusal_has_a_reason(t, &x, im);
		}
	}
}

/* A row that names another one further down is linked to it all the same. */
static void later_rows_are_found(struct t *t)
{
	const struct expected x = {"links", "actors", 3, 0, 0, NULL};
	const char *path = t_tmp(t, "links.csv");
	FILE *f = fopen(path, "wb");
	struct link_row *links;
	int64_t id;
	size_t n;

	thing_start(t);
	T_TRUE(f && fputs("nom,ville,code postal,network\n"
			  "Antenne,Crest,26400,\"[{\"\"verb\"\":\"\"member_of\"\",\"\"of\"\":\"\"Grand Réseau\"\"},"
			  "{\"\"verb\"\":\"\"partner_of\"\",\"\"of\"\":\"\"Inconnu\"\"}]\"\n"
			  "Autre,Die,26150,\n"
			  "Grand Réseau,Valence,26000,\n", f) >= 0 && fclose(f) == 0);
	counts(t, &x, by_command(t, &x, path, false), "first", 3, 0, 0);
	T_OK(object_id_of(t->db, t->mem, entity_find(S("actor")), S("antenne"), &id));
	T_OK(object_links(t->db, t->mem, id, 10, &links, &n));
	T_EQ(n, 2);
	T_STR(links[0].slug, "grand-reseau");
	T_TRUE(links[1].id == 0);
	T_STR(links[1].title, "Inconnu");
	counts(t, &x, by_command(t, &x, path, false), "again", 0, 0, 3);
	/* And from the other side. */
	T_OK(object_id_of(t->db, t->mem, entity_find(S("actor")), S("grand-reseau"), &id));
	T_OK(object_links(t->db, t->mem, id, 10, &links, &n));
	T_EQ(n, 1);
	T_STR(links[0].slug, "antenne");
	/* What was unknown comes with another file, much later. */
	f = fopen(path, "wb");
	T_TRUE(f && fputs("nom,ville,code postal\nInconnu,Die,26150\n", f) >= 0 && fclose(f) == 0);
	(void)by_command(t, &x, path, false);
	T_OK(object_id_of(t->db, t->mem, entity_find(S("actor")), S("antenne"), &id));
	T_OK(object_links(t->db, t->mem, id, 10, &links, &n));
	T_EQ(n, 2);
	T_STR(links[1].slug, "inconnu");
}

static const struct t_case cases[] = {
	{"our files of every format", our_files, T_DB | T_SCHEMA},
	{"files of others", their_files, T_DB | T_SCHEMA},
	{"lists of words are themes", lists_of_words, T_DB | T_SCHEMA},
	{"a table in every separator, encoding and line end", every_way_of_tables, T_DB | T_SCHEMA},
	{"what is no file of data", sent_by_mistake, T_DB | T_SCHEMA},
	{"links to later rows", later_rows_are_found, T_DB | T_SCHEMA},
};
T_SUITE(import_files, cases)
