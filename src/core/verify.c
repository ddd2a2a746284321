/*
 * The check. What derives is compared by making it again inside a transaction: the sum of a table's rows before and after must
 * be the same.
 */
#include "verify.h"

#include <unistd.h>

#include "../db/db.h"
#include "media.h"
#include "object.h"
#include "setting.h"
#include "verify.sql.h"

static void found(struct verify *v, struct str what)
{
	v->n_found++;
	v->found(v->arg, what);
}

/* ---- sums: FNV-1a over the columns of all rows, in order ------------------------------------------------------------ */

struct sum {
	uint64_t h;
	size_t rows;
};

static void add(struct sum *s, const void *p, size_t n)
{
	const unsigned char *c = p;

	for (size_t i = 0; i < n; i++) {
		s->h = (s->h ^ c[i]) * UINT64_C(0x100000001b3);
	}
}

static void add_int(struct sum *s, int64_t v)
{
	add(s, &v, sizeof(v));
}

static void add_real(struct sum *s, double v)
{
	add(s, &v, sizeof(v));
}

static void add_text(struct sum *s, struct str t)
{
	add_int(s, t.p ? (int64_t)t.n : -1);
	add(s, t.p, t.n);
}

static enum err on_term(void *arg, const struct verify_terms_row *r)
{
	struct sum *s = arg;

	s->rows++;
	add_int(s, r->term);
	add_text(s, r->sort);
	add_int(s, r->object);
	return OK;
}

static enum err on_use(void *arg, const struct verify_uses_row *r)
{
	struct sum *s = arg;

	s->rows++;
	add_int(s, r->id);
	add_int(s, r->uses);
	return OK;
}

static enum err on_link(void *arg, const struct verify_links_row *r)
{
	struct sum *s = arg;

	s->rows++;
	add_int(s, r->from_id);
	add_int(s, r->pos);
	add_text(s, r->verb);
	add_int(s, r->to_id.has ? r->to_id.v : 0);
	add_text(s, r->to_text);
	return OK;
}

static enum err on_place(void *arg, const struct verify_places_row *r)
{
	struct sum *s = arg;

	s->rows++;
	add_int(s, r->object);
	add_int(s, r->pos);
	add_int(s, r->z);
	add_real(s, r->lat);
	add_real(s, r->lon);
	add_text(s, r->territory);
	return OK;
}

static enum err on_text(void *arg, const struct verify_texts_row *r)
{
	struct sum *s = arg;

	s->rows++;
	add_int(s, r->object);
	add_text(s, r->lang);
	add_text(s, r->title);
	add_text(s, r->summary);
	return OK;
}

enum { TABLES = 5 };
static const char *const table_names[TABLES] = {"object_term", "term", "object_link", "object_place", "object_text"};

static enum err sum_tables(struct db *db, struct mem *m, struct sum out[TABLES])
{
	for (int i = 0; i < TABLES; i++) {
		out[i] = (struct sum){.h = UINT64_C(0xcbf29ce484222325)};
	}
	TRY(verify_terms(db, m, on_term, &out[0]));
	TRY(verify_uses(db, m, on_use, &out[1]));
	TRY(verify_links(db, m, on_link, &out[2]));
	TRY(verify_places(db, m, on_place, &out[3]));
	return verify_texts(db, m, on_text, &out[4]);
}

/* ---- documents ------------------------------------------------------------------------------------------------------- */

static const struct json *member(const struct json *j, struct str key)
{
	for (size_t i = 0; i < j->n; i++) {
		if (str_eq(j->keys[i], key)) {
			return &j->items[i];
		}
	}
	return NULL;
}

/* The order of members does not count: a later version may write them in another, and changes documents only when they are saved. */
static bool same_content(const struct json *a, const struct json *b)
{
	if (a->kind != b->kind || a->n != b->n || !str_eq(a->text, b->text)) {
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		const struct json *other = a->kind == JSON_IS_OBJECT ? member(b, a->keys[i]) : &b->items[i];

		if (!other || !same_content(&a->items[i], other)) {
			return false;
		}
	}
	return true;
}

static bool as_written(struct mem *m, const struct entity *e, const struct json *j, struct str stored)
{
	struct str text = doc_text(m, e, j);
	struct json again;

	return str_eq(text, stored) || (json_parse(m, text, &again, NULL) == OK && same_content(&again, j));
}

static void check_document(struct mem *m, struct verify *v, const struct verify_object_row *r)
{
	const struct entity *e = entity_find(r->kind);
	struct doc d;

	if (!e) {
		found(v, str_fmt(m, "object %lld: there is no kind \"%.*s\"", (long long)r->id, STR_ARG(r->kind)));
	} else if (doc_parse(m, r->doc, &d) != OK) {
		found(v, str_fmt(m, "object %lld (%.*s): its document cannot be read", (long long)r->id,
				 STR_ARG(r->slug)));
	} else if (!as_written(m, e, d.j, r->doc)) {
		found(v, str_fmt(m, "object %lld (%.*s): its document is not as this version would write it",
				 (long long)r->id, STR_ARG(r->slug)));
	}
}

typedef enum err each_object(struct db *db, struct mem *m, int64_t id, void *arg);

static enum err walk(struct db *db, each_object *fn, void *arg)
{
	struct mem *m = mem_open();
	int64_t after = 0;
	enum err e = OK;

	for (;;) {
		struct verify_ids_row *rows;
		int64_t ids[500];
		size_t n;

		e = verify_ids(db, after, m, &rows, &n);
		if (e != OK || n == 0) {
			break;
		}
		for (size_t i = 0; i < n; i++) {
			ids[i] = rows[i].id;
		}
		for (size_t i = 0; i < n && e == OK; i++) {
			mem_reset(m);
			e = fn(db, m, ids[i], arg);
		}
		if (e != OK) {
			break;
		}
		after = ids[n - 1];
		mem_reset(m);
	}
	mem_close(m);
	return e;
}

static enum err read_object(struct db *db, struct mem *m, int64_t id, void *arg)
{
	struct verify *v = arg;
	struct verify_object_row r;

	TRY(verify_object(db, id, m, &r));
	v->n_objects++;
	check_document(m, v, &r);
	return OK;
}

static enum err rebuild_object(struct db *db, struct mem *m, int64_t id, void *arg)
{
	struct verify_object_row r;
	struct doc d;

	(void)arg;
	TRY(verify_object(db, id, m, &r));
	if (!entity_find(r.kind) || doc_parse(m, r.doc, &d) != OK) {
		return OK; /* told already; the rest goes on */
	}
	return object_rederive(db, m, id, NULL);
}

/* ---- what is found by ------------------------------------------------------------------------------------------------ */

/* The keys of all objects and the words of some, spread over all. */
enum { WORDS_LOOKED_AT = 20000 };

struct found_by {
	int64_t each, at; /* the words of one in so many */
	int64_t published, keys, keys_missing, words_wrong;
};

static enum err look_at(struct db *db, struct mem *m, int64_t id, void *arg)
{
	struct found_by *f = arg;
	struct object_found_by o;

	TRY(object_check(db, m, id, f->at++ % f->each == 0, &o));
	f->published += o.published;
	f->keys += (int64_t)o.n_keys;
	f->keys_missing += (int64_t)o.keys_missing;
	f->words_wrong += !o.words_same;
	return OK;
}

static enum err check_found_by(struct db *db, struct mem *m, struct verify *v)
{
	const char *how = v->rebuild ? ": made again" : ": maillage check --rebuild makes it again";
	struct verify_object_count_row all;
	struct verify_search_count_row words;
	struct verify_dup_count_row keys;
	struct found_by f = {.each = 1};

	TRY(verify_object_count(db, m, &all));
	TRY(verify_search_count(db, m, &words));
	TRY(verify_dup_count(db, m, &keys));
	f.each += all.total / WORDS_LOOKED_AT;
	TRY(walk(db, look_at, &f));
	if (f.words_wrong || words.total != f.published) {
		found(v, str_fmt(m, "the search does not say the same as the documents (%lld wrong of every %lld-th looked at; %lld rows, should be %lld)%s",
				 (long long)f.words_wrong, (long long)f.each, (long long)words.total, (long long)f.published, how));
	}
	if (f.keys_missing || keys.total != f.keys) {
		found(v, str_fmt(m, "the duplicate watch does not say the same as the documents (%lld keys are missing; %lld rows, should be %lld)%s",
				 (long long)f.keys_missing, (long long)keys.total, (long long)f.keys, how));
	}
	return OK;
}

static enum err compare(struct db *db, struct mem *m, struct verify *v)
{
	struct sum before[TABLES], after[TABLES];

	TRY(sum_tables(db, m, before));
	TRY(verify_clear_terms(db));
	TRY(verify_clear_times(db));
	TRY(verify_clear_days(db));
	TRY(verify_clear_dups(db));
	TRY(verify_clear_uses(db));
	TRY(verify_clear_lists(db));
	TRY(walk(db, rebuild_object, v));
	TRY(sum_tables(db, m, after));
	for (int i = 0; i < TABLES; i++) {
		if (before[i].h != after[i].h) {
			found(v,
			      str_fmt(m, "table %s does not say the same as the documents (%zu rows, should be %zu)%s",
				      table_names[i], before[i].rows, after[i].rows,
				      v->rebuild ? ": made again" : ": --rebuild makes it again"));
		}
	}
	return OK;
}

/* ---- settings and files ---------------------------------------------------------------------------------------------- */

static enum err check_settings(struct db *db, struct mem *m, struct verify *v)
{
	struct verify_settings_row *rows;
	size_t n;

	TRY(verify_settings(db, m, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct json j;
		const char *why = NULL;

		if (json_parse(m, rows[i].value, &j, NULL) != OK) {
			found(v, str_fmt(m, "setting %.*s: not JSON", STR_ARG(rows[i].name)));
		} else if (setting_find(rows[i].name) && setting_check(m, rows[i].name, &j, &why) != OK) {
			found(v, str_fmt(m, "setting %.*s: %s", STR_ARG(rows[i].name), why ? why : "cannot be used"));
		}
	}
	return OK;
}

struct files {
	struct verify *v;
	struct mem *mem;
};

/* Names with a slash are files of the program itself. */
static enum err on_media(void *arg, const struct verify_media_row *r)
{
	struct files *f = arg;
	struct mem_mark at = mem_mark(f->mem);
	size_t size;
	int fd;

	if (str_chr(r->media, '/') >= 0) {
		return OK;
	}
	f->v->n_files++;
	if (media_open(r->media, &fd, &size) != OK) {
		found(f->v, str_fmt(f->mem, "file %.*s is named by a document and is not there", STR_ARG(r->media)));
	} else {
		close(fd);
	}
	mem_rewind(f->mem, at);
	return OK;
}

static enum err all(struct db *db, struct mem *m, struct verify *v)
{
	struct files files = {v, mem_open()};
	enum err e = verify_media(db, m, on_media, &files);

	mem_close(files.mem);
	TRY(e);
	TRY(check_settings(db, m, v));
	TRY(walk(db, read_object, v));
	TRY(check_found_by(db, m, v));
	return compare(db, m, v);
}

enum err verify_all(struct db *db, struct verify *v)
{
	struct mem *m = mem_open();
	enum err e = db_begin(db, DB_WRITE);

	if (e == OK) {
		e = all(db, m, v);
		if (e == OK && v->rebuild) {
			e = db_commit(db);
		} else {
			db_rollback(db);
		}
	}
	mem_close(m);
	return e;
}
