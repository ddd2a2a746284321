/*
 * Imports: formats, identity, what is refused, and that what goes out comes back in.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "thing.h"

#include "base/limits.h"
#include "base/rand.h"
#include "db/db.h"
#include "mod/exchange/export.h"
#include "core/atlas.h"
#include "mod/exchange/export_theme.h"
#include "mod/exchange/import_kind.h"
#include "exchange.sql.h"

struct ran {
	struct import im;
	struct mapping mp;
	enum err err;
};

static void write_file(struct t *t, const char *path, struct str text)
{
	FILE *f = fopen(path, "wb");

	T_NEED(f != NULL);
	T_TRUE(fwrite(text.p, 1, text.n, f) == text.n);
	T_TRUE(fclose(f) == 0);
}

static struct ran *run_fd(struct t *t, const struct entity *e, int fd, const char *file, const char *map, bool dry)
{
	struct ran *r = mem_new(t->mem, struct ran);
	struct str lang = S("fr");

	mapping_open(&r->mp, t->mem, e);
	if (map) {
		struct str field = str_of(map), column = str_cut(&field, '=');
		T_TRUE(mapping_set(&r->mp, column, field));
	}
	r->im = (struct import){.mem = t->mem, .db = t->db, .entity = e, .mapping = &r->mp, .speak = "en", .dry_run = dry};
	r->im.source = import_source_of(t->mem, str_of(file), &lang);
	r->im.lang = lang;
	r->err = import_open(t->mem, fd, STR_NONE, &r->im.reader);
	if (r->err == OK) {
		r->im.source = r->im.reader->declared.n ? r->im.reader->declared : r->im.source;
		r->err = import_all(&r->im);
	}
	close(fd);
	return r;
}

static struct ran *run_text(struct t *t, const struct entity *e, const char *file, struct str text)
{
	const char *path = t_tmp(t, "import-file");

	write_file(t, path, text);
	return run_fd(t, e, open(path, O_RDONLY | O_CLOEXEC), file, NULL, false);
}

#define COUNTS(r, c, u, s, x)                                                                                         \
	do {                                                                                                           \
		T_EQ((r)->im.created, c);                                                                              \
		T_EQ((r)->im.updated, u);                                                                              \
		T_EQ((r)->im.unchanged, s);                                                                            \
		T_EQ((r)->im.rejected, x);                                                                             \
		for (size_t i_ = 0; i_ < (r)->im.said.n && t->failed; i_++) {                                          \
			t_fail(t, T_AT("said"), "%lld %.*s: %.*s", (long long)(r)->im.said.p[i_].line,                 \
			       STR_ARG((r)->im.said.p[i_].field), STR_ARG((r)->im.said.p[i_].reason));                 \
		}                                                                                                      \
	} while (0)

static struct object by_slug(struct t *t, const struct entity *e, const char *slug)
{
	struct object ob = {0};
	int64_t id = 0;

	(void)t_eq_err(t, T_AT(slug), OK, object_id_of(t->db, t->mem, e, str_of(slug), &id));
	(void)t_eq_err(t, T_AT(slug), OK, object_by_id(t->db, t->mem, id, &ob));
	return ob;
}

static struct str text_at(const struct object *ob, const char *field)
{
	return json_str(json_get(ob->doc.j, field));
}

/* A volunteer's table, in Windows-1252, with what volunteers' tables have. */
static void tables(struct t *t)
{
	struct str csv = S("Nom;Ville;Code postal;Courriel;T\xe9l\xe9phone;Cat\xe9gorie;Humeur\r\n"
			   "Collectif d'\xe9t\xe9;Crest;26400;a@example.org;536490001;Inconnue;gai\r\n"
			   "Sans lieu;;;;;;\r\n"
			   "R\xe9seau;Grenoble;38000;hidden;;red;\r\n");
	thing_start(t);
	const struct entity *e = entity_find(S("actor"));
	T_NEED(e != NULL);
	struct ran *r = run_text(t, e, "liste.csv", csv);
	T_ERR(OK, r->err);
	COUNTS(r, 2, 0, 0, 1);
	T_EQ(r->im.said.p[0].line, 3);
	T_STR(r->im.said.p[0].field, "territory");
	T_EQ(r->mp.unknown.n, 1);
	T_STR(r->mp.unknown.p[0], "Humeur");
	struct object a = by_slug(t, e, "collectif-d-ete");
	T_STR(a.territory, "26108");
	T_STR(a.source, "file:liste");
	T_STR(text_at(&a, "kind"), "collective");
	T_STR(json_str(json_get(json_at(json_get(a.doc.j, "contacts"), 1), "value")), "0536490001");
	T_TRUE(tree_has_str(json_get(a.doc.j, "causes"), S("Inconnue")));
	r = run_text(t, e, "liste.csv", csv);
	COUNTS(r, 0, 0, 2, 1);
	/* The same rows under another name are the same actors. */
	r = run_text(t, e, "copie.csv", csv);
	COUNTS(r, 0, 0, 2, 1);
}

/* What people changed here is theirs; what changed in the file comes in. */
static void edits_are_kept(struct t *t)
{
	thing_start(t);
	struct ran *r = run_text(t, &thing_entity, "a.csv", S("id,name,summary,tags\n1,One,first,x\n"));
	bool changed;

	COUNTS(r, 1, 0, 0, 0);
	struct object ob = by_slug(t, &thing_entity, "one");
	ob.doc = thing_doc(t, &thing_entity, "{\"name\":\"One\",\"summary\":\"edited here\",\"tags\":[\"x\"]}");
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, &changed));
	T_OK(db_commit(t->db));
	r = run_text(t, &thing_entity, "a.csv", S("id,name,summary,tags\n1,One,first,x\n"));
	COUNTS(r, 0, 0, 1, 0);
	r = run_text(t, &thing_entity, "a.csv", S("id,name,summary,tags\n1,One,first,\"x,y\"\n"));
	COUNTS(r, 0, 1, 0, 0);
	ob = by_slug(t, &thing_entity, "one");
	T_STR(text_at(&ob, "summary"), "edited here");
	T_EQ(json_get(ob.doc.j, "tags")->n, 2);
}

/* A file knows a record in one language; what was translated here stays with it. */
static void translations_here_are_kept(struct t *t)
{
	static const char *const head = "id,name,pictures\n1,One,\"[{\"\"file\"\":\"\"a.webp\"\",\"\"alt\"\":\"\"Une porte\"\"}";
	bool changed;

	thing_start(t);
	struct str plain = str_fmt(t->mem, "%s]\"\n", head), more = str_fmt(t->mem, "%s,{\"\"file\"\":\"\"b.webp\"\"}]\"\n", head);
	struct ran *r = run_text(t, &thing_entity, "a.csv", plain);
	COUNTS(r, 1, 0, 0, 0);
	struct object ob = by_slug(t, &thing_entity, "one");
	ob.doc = thing_doc(t, &thing_entity, "{\"name\":\"One\",\"pictures\":[{\"file\":\"a.webp\",\"alt\":\"Une porte\","
					     "\"translations\":{\"en\":{\"alt\":\"A door\"}}}]}");
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, &changed));
	T_OK(db_commit(t->db));
	r = run_text(t, &thing_entity, "a.csv", plain);
	COUNTS(r, 0, 0, 1, 0);
	r = run_text(t, &thing_entity, "a.csv", more);
	COUNTS(r, 0, 1, 0, 0);
	ob = by_slug(t, &thing_entity, "one");
	const struct json *list = json_get(ob.doc.j, "pictures");
	T_EQ(list->n, 2);
	T_STR(item_text(&list->items[0], "alt", "en", S("fr"), NULL), "A door");
}

static void undone_as_a_whole(struct t *t)
{
	struct act act = thing_act;
	size_t undone, kept;

	thing_start(t);
	struct ran *r = run_text(t, &thing_entity, "a.csv", S("name\nOne\nTwo\n"));
	COUNTS(r, 2, 0, 0, 0);
	act.verb = "undo";
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(object_undo_import(t->db, t->mem, r->im.run, &act, &undone, &kept));
	T_OK(db_commit(t->db));
	T_EQ(undone, 2);
	T_EQ((int)by_slug(t, &thing_entity, "one").status, ST_REMOVED);
	/* And may come again. */
	r = run_text(t, &thing_entity, "a.csv", S("name\nOne\nTwo\n"));
	COUNTS(r, 2, 0, 0, 0);
	T_EQ((int)by_slug(t, &thing_entity, "one").status, ST_PUBLISHED);
}

static void a_dry_run_changes_nothing(struct t *t)
{
	const char *path = t_tmp(t, "dry");
	int64_t id;

	thing_start(t);
	write_file(t, path, S("Intitul\xc3\xa9 bizarre\nOne\n"));
	struct ran *r = run_fd(t, &thing_entity, open(path, O_RDONLY | O_CLOEXEC), "x.csv", "intitulé bizarre=name", true);
	COUNTS(r, 1, 0, 0, 0);
	T_ERR(E_NOTFOUND, object_id_of(t->db, t->mem, &thing_entity, S("one"), &id));
}

/* The layer's name stands behind its features; old files call the options otherwise. */
static void maps(struct t *t)
{
	static const char *const options[] = {"_umap_options", "_storage", "properties"};

	thing_start(t);
	for (size_t i = 0; i < COUNT(options); i++) {
		struct str umap = str_fmt(t->mem,
			"{\"type\":\"umap\",\"uri\":\"https://umap.example/%zu\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[2,46]},"
			"\"properties\":{\"name\":\"Carte\"},\"layers\":[{\"type\":\"FeatureCollection\",\"features\":["
			"{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[5,44],[6,44],[6,45],[5,45],[5,44]]]},"
			"\"properties\":{\"name\":\"Carr\xc3\xa9 %zu\",\"description\":\"Voir [[https://a.example|le site]]\"}}],"
			"\"%s\":{\"name\":\"health\",\"weight\":\"3\"}}]}", i, i, options[i]);
		struct ran *r = run_text(t, &thing_entity, "carte.umap", umap);

		COUNTS(r, 1, 0, 0, 0);
		struct object ob = by_slug(t, &thing_entity, str_c(t->mem, str_fmt(t->mem, "carre-%zu", i)));
		double lat = 0;
		T_TRUE(json_double(json_get(json_at(json_get(ob.doc.j, "places"), 0), "lat"), &lat));
		T_TRUE(lat > 44.49 && lat < 44.51);
		T_TRUE(tree_has_str(json_get(ob.doc.j, "themes"), S("health")));
		r = run_text(t, &thing_entity, "carte.umap", umap);
		COUNTS(r, 0, 0, 1, 0);
	}
}

static void gogocarto(struct t *t)
{
	thing_start(t);
	const struct entity *e = entity_find(S("actor"));
	T_NEED(e != NULL);
	struct ran *r = run_text(t, e, "elements.json",
		S("{\"licence\":\"x\",\"ontology\":\"gogofull\",\"data\":[{\"id\":\"a1B\",\"name\":\"Accueil Dr\xc3\xb4me\","
		  "\"geo\":{\"latitude\":44.73331,\"longitude\":5.02154},\"address\":{\"streetAddress\":\"2 rue\","
		  "\"addressLocality\":\"Crest\",\"postalCode\":\"26400\",\"addressCountry\":\"FR\"},\"openHours\":"
		  "{\"Mo\":\"09:00-12:00,14:00-18:00\"},\"status\":3,\"categories\":[\"Cours\"],\"email\":\"private\","
		  "\"description\":\"<p>Un <b>lieu</b> &eacute;t\xc3\xa9</p>\",\"stamps\":[]}]}"));
	COUNTS(r, 1, 0, 0, 0);
	T_EQ(r->mp.unknown.n, 0);
	struct object ob = by_slug(t, e, "accueil-drome");
	T_STR(ob.territory, "26108");
	T_STR(text_at(&ob, "body"), "Un **lieu** été");
	T_EQ(json_get(ob.doc.j, "contacts")->n, 0);
	T_STR(json_str(json_get(json_get(ob.doc.j, "hours"), "Mo")), "09:00-12:00,14:00-18:00");
	r = run_text(t, e, "compact.json",
		S("{\"ontology\":\"gogocompact\",\"data\":[[\"a1B\",[\"Compact\"],44.73331,5.02154,[12,31]]],"
		  "\"mapping\":[\"id\",[\"name\"],\"latitude\",\"longitude\",\"status\",\"moderationState\"]}"));
	COUNTS(r, 1, 0, 0, 0);
	T_STR(by_slug(t, e, "compact").territory, "26108");
}

/* The same ids in another language are translations. */
static void languages(struct t *t)
{
	thing_start(t);
	struct ran *r = run_text(t, &thing_entity, "liste-fr.csv", S("id,name,summary\n7,Un,Un lieu\n"));
	COUNTS(r, 1, 0, 0, 0);
	r = run_text(t, &thing_entity, "liste-en.csv", S("id,name,summary\n7,Un,A place\n"));
	COUNTS(r, 0, 1, 0, 0);
	struct object ob = by_slug(t, &thing_entity, "un");
	T_STR(text_at(&ob, "summary"), "Un lieu");
	T_STR(json_str(json_get(json_get(json_get(ob.doc.j, "translations"), "en"), "summary")), "A place");
	r = run_text(t, &thing_entity, "liste-en.csv", S("id,name,summary\n7,Un,A place\n"));
	COUNTS(r, 0, 0, 1, 0);
}

static void refused(struct t *t)
{
	static const struct {
		const char *text;
		enum err err;
		int64_t rejected;
	} files[] = {
		{"", E_INVALID, 0},
		{"   \n", E_INVALID, 0},
		{"<html></html>", E_INVALID, 0},
		{"{\"data\":[{\"name\":\"One\"}", E_INVALID, 0},
		{"[{\"name\":\"One\"},", E_INVALID, 0},
		{"[1,2,{\"name\":\"forbidden\"}]", OK, 3},
		{"name,latitude,longitude\nA,91,0\nB,x,1\n", OK, 2},
		{"name\n\"One\n", E_INVALID, 0},
	};

	thing_start(t);
	for (size_t i = 0; i < COUNT(files); i++) {
		struct ran *r = run_text(t, &thing_entity, "bad", str_of(files[i].text));

		if (r->err != files[i].err || r->im.rejected != files[i].rejected) {
			t_fail(t, T_AT("refused"), "file %zu: %s, %lld rejected", i, err_name(r->err), (long long)r->im.rejected);
		}
	}
	/* Bytes at random end in a report, never elsewhere. */
	for (int i = 0; i < 60; i++) {
		char bytes[400];

		rand_bytes(bytes, sizeof(bytes));
		bytes[0] = "{[n\"<"[i % 5];
		(void)run_text(t, &thing_entity, "random", (struct str){bytes, (size_t)(i * 6)});
	}
}

/* ---- there and back -------------------------------------------------------------------------------------------------- */

static enum err put(void *ctx, struct str chunk)
{
	buf_put(ctx, chunk);
	return OK;
}

static struct str export_from(struct t *t, const char *format, const char *base_url)
{
	struct buf *b = mem_new(t->mem, struct buf);
	struct filter f = {.entity = &thing_entity};
	struct export x = {.format = export_by_name(str_of(format)), .entity = &thing_entity, .mem = t->mem, .lang = "fr",
			   .base_url = str_of(base_url), .site_name = S("Ici")};

	*b = buf_make(t->mem, MIB(8));
	(void)t_eq_err(t, T_AT("export"), OK, db_begin(t->db, DB_READ));
	(void)t_eq_err(t, T_AT("export"), OK, export_all(&x, t->db, &f, put, b));
	db_rollback(t->db);
	return buf_str(b);
}

static struct str export_as(struct t *t, const char *format)
{
	return export_from(t, format, "https://here.example");
}

static const char *const whole =
	"{\"name\":\"=1+1; \\\"Tous\\\", 'ensemble'\",\"acronym\":\"-TE\",\"summary\":\"Un lieu\",\"body\":\"Deux\\n\\nlignes, \\\"citées\\\"\","
	"\"kind\":\"red\",\"colours\":[\"red\",\"dark_blue\"],\"tags\":[\"l'été\",\"+33\"],\"languages\":[\"fr\",\"ar\"],"
	"\"themes\":[\"emergency\"],\"territory\":\"26108\",\"territories\":[\"26\",\"FR-ARA\"],\"founded\":\"2019-03\",\"members_n\":12,"
	"\"weight\":-1.5,\"open\":true,\"site\":\"https://a.example/?x=1\",\"hours\":{\"Mo\":\"09:00-12:00,14:00-18:00\",\"note\":\"sauf août\"},"
	"\"mail\":\"secret@example.org\",\"phone\":\"04 75 00 00 00\","
	"\"contacts\":[{\"value\":\"@public\"},{\"value\":\"hidden one\",\"visibility\":\"hidden\"}],"
	"\"places\":[{\"label\":\"Ici\",\"town\":\"Crest\",\"postal_code\":\"26400\",\"lat\":44.72901,\"lon\":5.02201,\"precision\":\"street\"},"
	"{\"town\":\"Die\",\"postal_code\":\"26150\",\"country\":\"FR\"}],"
	"\"services\":[{\"type\":\"food\",\"languages\":[\"ar\"],\"free\":true},{\"type\":\"legal_aid\"}],"
	"\"member\":[{\"of\":\"Un club, là\",\"since\":\"2020\"}],"
	"\"pictures\":[{\"file\":\"assets/demo/a.svg\",\"alt\":\"Une porte, \\\"ouverte\\\"\","
	"\"translations\":{\"ar\":{\"alt\":\"باب\"},\"de\":{\"alt\":\"Eine Tür\"}}}],"
	"\"translations\":{\"en\":{\"summary\":\"=cmd\",\"body\":\"Two\\nlines\"},\"ar\":{\"summary\":\"مكان\"},\"de\":{\"summary\":\"Ein Ort\"}}}";

static struct str doc_of(struct t *t, const struct object *ob)
{
	return doc_text(t->mem, ob->entity, ob->doc.j);
}

static void goes_out_and_comes_back(struct t *t)
{
	static const char *const formats[] = {"csv", "json", "geojson", "umap"};

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object a = thing_save(t, &thing_entity, whole);
	(void)thing_save(t, &thing_entity, "{\"name\":\"Bare\"}");
	T_OK(db_commit(t->db));
	struct str before = doc_of(t, &a);
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct str text = export_as(t, formats[i]);
		struct ran *r = run_text(t, &thing_entity, formats[i], text);

		COUNTS(r, 0, 0, 2, 0);
		a = by_slug(t, &thing_entity, str_c(t->mem, a.slug));
		T_EQ(doc_of(t, &a), before);
		T_TRUE(str_find(text, S("secret@example.org")) < 0);
		T_TRUE(str_find(text, S("hidden one")) < 0);
		T_TRUE(str_find(text, S("04 75 00 00 00")) < 0);
	}
}

/* Whatever the form, what is hidden is not in it. */
static void hidden_stays_hidden(struct t *t)
{
	static const char *const formats[] = {"csv", "json", "geojson", "jsonld", "umap", "gogocarto", "rss", "atom"};
	static const char *const secrets[] = {"secret@example.org", "hidden one", "04 75 00 00 00", "44.72901", "5.02201", "Not yet"};

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	(void)thing_save(t, &thing_entity, whole);
	struct object ob = {.entity = &thing_entity, .status = ST_PROPOSED, .lang = S("fr"),
			    .doc = thing_doc(t, &thing_entity, "{\"name\":\"Not yet\"}")};
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, NULL));
	T_OK(db_commit(t->db));
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct str text = export_as(t, formats[i]);

		T_TRUE(str_find(text, S("ensemble")) > 0);
		for (size_t k = 0; k < COUNT(secrets); k++) {
			if (str_find(text, str_of(secrets[k])) >= 0) {
				t_fail(t, T_AT("hidden"), "%s tells %s", formats[i], secrets[k]);
			}
		}
	}
}

/* Killed at any instant: what was acknowledged is there, nothing is half there, and the file goes on where it was. */
static void acknowledge(void *ctx, const struct import *im)
{
	const int *fd = ctx;

	(void)!write(*fd, &im->created, sizeof(im->created));
}

static void import_in_child(struct t *t, const char *path, int fd)
{
	struct mapping mp;
	struct import im = {.mem = t->mem, .entity = &thing_entity, .mapping = &mp, .speak = "en", .source = S("killed"),
			    .lang = S("fr"), .at_once = 500, .progress = acknowledge, .ctx = &fd};
	int file = open(path, O_RDONLY | O_CLOEXEC);

	mapping_open(&mp, t->mem, &thing_entity);
	if (db_open(str_of(t->db_url), NULL, &im.db) == OK && import_open(t->mem, file, STR_NONE, &im.reader) == OK) {
		(void)!import_all(&im);
	}
	_exit(0);
}

static void killed_while_at_it(struct t *t)
{
	struct buf b = buf_make(t->mem, MIB(4));
	const char *path = t_tmp(t, "killed");
	int64_t acknowledged = 0;
	struct str report;
	int fds[2];

	thing_start(t);
	buf_put(&b, S("id,name\n"));
	for (int i = 0; i < 4000; i++) {
		buf_fmt(&b, "%d,Thing number %d\n", i, i);
	}
	write_file(t, path, buf_str(&b));
	T_NEED(pipe(fds) == 0);
	pid_t pid = fork();
	T_NEED(pid >= 0);
	if (pid == 0) {
		close(fds[0]);
		import_in_child(t, path, fds[1]);
	}
	close(fds[1]);
	for (int i = 0; i < 2; i++) {
		T_TRUE(read(fds[0], &acknowledged, sizeof(acknowledged)) == (ssize_t)sizeof(acknowledged));
	}
	kill(pid, SIGKILL);
	T_TRUE(waitpid(pid, NULL, 0) == pid);
	close(fds[0]);
	T_TRUE(acknowledged >= 500);
	T_OK(db_check(t->db, t->mem, &report));
	T_STR(report, "");
	struct ran *r = run_fd(t, &thing_entity, open(path, O_RDONLY | O_CLOEXEC), "killed", NULL, true);
	T_EQ(r->im.read, 4000);
	r = mem_new(t->mem, struct ran);
	mapping_open(&r->mp, t->mem, &thing_entity);
	r->im = (struct import){.mem = t->mem, .db = t->db, .entity = &thing_entity, .mapping = &r->mp, .speak = "en",
				.source = S("killed"), .lang = S("fr")};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	T_OK(import_open(t->mem, fd, STR_NONE, &r->im.reader));
	T_OK(import_all(&r->im));
	close(fd);
	T_TRUE(r->im.unchanged >= acknowledged);
	T_EQ(r->im.unchanged % 500, 0);
	T_EQ(r->im.created + r->im.unchanged, 4000);
}

/* On another site: all that everyone may see is there again, under its own address. Here the first stays where it is, but was
 * born at another instant, as its namesake of another site would be. */
static void moves_to_another_site(struct t *t)
{
	static const char *const formats[] = {"csv", "json", "geojson", "umap"};

	struct str text[COUNT(formats)];

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object a = thing_save(t, &thing_entity, whole);
	T_OK(db_commit(t->db));
	struct str was = doc_text(t->mem, &thing_entity, doc_view(t->mem, &thing_entity, a.doc, SEE_PUBLIC).j);
	for (size_t i = 0; i < COUNT(formats); i++) {
		text[i] = export_from(t, formats[i], str_c(t->mem, str_fmt(t->mem, "https://%s.example", formats[i])));
	}
	T_OK(db_script(t->db, "UPDATE object SET created_at = created_at + 1000"));
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct import_object_by_source_row row;
		struct object b;
		struct ran *r = run_text(t, &thing_entity, formats[i], text[i]);

		COUNTS(r, 1, 0, 0, 0);
		T_OK(import_object_by_source(t->db, str_fmt(t->mem, "https://%s.example", formats[i]), a.slug, t->mem, &row));
		T_OK(object_by_id(t->db, t->mem, row.id, &b));
		T_EQ(doc_text(t->mem, &thing_entity, b.doc.j), was);
		r = run_text(t, &thing_entity, formats[i], text[i]);
		COUNTS(r, 0, 0, 1, 0);
	}
}

/* A cell corrected in a spreadsheet comes in; what the table could not show stays. */
static void corrected_in_a_spreadsheet(struct t *t)
{
	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object a = thing_save(t, &thing_entity, whole);
	T_OK(db_commit(t->db));
	struct str text = export_as(t, "csv");
	ptrdiff_t at = str_find(text, S("Un lieu"));
	T_NEED(at > 0);
	struct str edited = str_fmt(t->mem, "%.*sUn toit%.*s", (int)at, text.p, (int)(text.n - (size_t)at - 7), text.p + at + 7);
	struct ran *r = run_text(t, &thing_entity, "x.csv", edited);
	COUNTS(r, 0, 1, 0, 0);
	a = by_slug(t, &thing_entity, str_c(t->mem, a.slug));
	T_STR(text_at(&a, "summary"), "Un toit");
	T_STR(text_at(&a, "mail"), "secret@example.org");
	T_EQ(json_get(a.doc.j, "contacts")->n, 2);
	double lat = 0;
	T_TRUE(json_double(json_get(json_at(json_get(a.doc.j, "places"), 0), "lat"), &lat));
	T_EQ(lat, 44.72901);
}

static struct ran *run_kind(struct t *t, const char *kind, struct str text)
{
	const char *path = t_tmp(t, "kind");
	struct ran *r = mem_new(t->mem, struct ran);
	int fd;

	write_file(t, path, text);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	r->im = (struct import){.mem = t->mem, .db = t->db, .speak = "en", .lang = S("fr"), .source = S("kind")};
	r->err = import_open(t->mem, fd, STR_NONE, &r->im.reader);
	r->err = r->err == OK ? import_kind_find(str_of(kind), NULL)->run(&r->im) : r->err;
	close(fd);
	return r;
}

static void themes_and_points(struct t *t)
{
	struct str themes = S("slug,parent,position,name@fr,name@en\nroof,,1,Toit,Roof\ntent,roof,2,Tente,Tent\nlost,nothing,3,Perdu,\n"), text;
	struct territory place;

	thing_start(t);
	struct ran *r = run_kind(t, "themes", themes);
	COUNTS(r, 2, 0, 0, 1);
	T_EQ(r->im.said.p[0].line, 4);
	r = run_kind(t, "themes", themes);
	COUNTS(r, 0, 0, 2, 1);
	for (int json = 0; json < 2; json++) {
		T_OK(export_themes(t->mem, json != 0, "fr", &text));
		r = run_kind(t, "themes", text);
		T_EQ(r->im.created, 0);
		T_EQ(r->im.updated, 0);
		T_EQ(r->im.rejected, 0);
	}
	struct str points = S("Code INSEE;Latitude;Longitude\n26108;44,73;5,02\n1001;46.1;4.9\n99999;1;2\n26001;95;2\n26002;;\n");
	r = run_kind(t, "territories", points);
	T_EQ(r->im.rejected, 2);
	/* The atlas is the process's own: on the second engine the points are there already. */
	T_EQ(r->im.created + r->im.updated + r->im.unchanged, 3);
	T_TRUE(atlas_get(atlas_find(S("26108")), &place) && place.point == ATLAS_POINT_EXACT);
	T_TRUE(place.lat > 44.72999 && place.lat < 44.73001);
	r = run_kind(t, "territories", points);
	T_EQ(r->im.created + r->im.updated, 0);
}

static const struct t_case cases[] = {
	{"a volunteer's table", tables, T_DB | T_SCHEMA},
	{"what people changed is kept", edits_are_kept, T_DB | T_SCHEMA},
	{"translations made here are kept", translations_here_are_kept, T_DB | T_SCHEMA},
	{"an import is undone as a whole", undone_as_a_whole, T_DB | T_SCHEMA},
	{"a dry run changes nothing", a_dry_run_changes_nothing, T_DB | T_SCHEMA},
	{"uMap files of all generations", maps, T_DB | T_SCHEMA},
	{"GoGoCarto, full and compact", gogocarto, T_DB | T_SCHEMA},
	{"the same ids in another language", languages, T_DB | T_SCHEMA},
	{"files that are wrong", refused, T_DB | T_SCHEMA},
	{"what goes out comes back", goes_out_and_comes_back, T_DB | T_SCHEMA},
	{"what is hidden stays hidden in every form", hidden_stays_hidden, T_DB | T_SCHEMA},
	{"killed while at it", killed_while_at_it, T_DB | T_SCHEMA},
	{"an export moves to another site", moves_to_another_site, T_DB | T_SCHEMA},
	{"a table is corrected in a spreadsheet", corrected_in_a_spreadsheet, T_DB | T_SCHEMA},
	{"themes and points of territories", themes_and_points, T_DB | T_SCHEMA},
};
T_SUITE(import, cases)
