/*
 * The second pass of an import: what names an object that came later, further down in the file or by this import after another one
 * (practices before their actors). It was saved with the name as words; once all rows are in, it is looked at again, as many as
 * LIMIT_IMPORT_LINKS.
 */
#include <stdlib.h>

#include "import.h"

#include "../../base/limits.h"
#include "../../db/db.h"
#include "../../entity/tree.h"
#include "../../web/site.h"
#include "exchange.sql.h"

enum { LINKS_AT_ONCE = 500, OPEN_AT_ONCE = 5000, OPEN_PAGES = 200 };

static bool names_another(const struct field *f, const struct json *v)
{
	if (f->type == F_OBJECT) {
		return !tree_empty(v);
	}
	for (size_t i = 0; f->type == F_GROUP && i < v->n; i++) {
		for (size_t k = 0; k < f->n_fields; k++) {
			if (names_another(&f->fields[k], json_get(&v->items[i], f->fields[k].name))) {
				return true;
			}
		}
	}
	return false;
}

void import_note_links(struct import *im, const struct object *ob)
{
	const struct entity *e = im->entity;

	for (size_t i = 0; i < e->n_fields && im->open_links.n < LIMIT_IMPORT_LINKS && !im->dry_run; i++) {
		if (names_another(&e->fields[i], tree_get(ob->doc.j, str_of(e->fields[i].name)))) {
			*vec_add(im->mem, &im->open_links) = ob->id;
			return;
		}
	}
}

void import_note_names(struct import *im, struct mem *m, const struct object *ob)
{
	if (im->names.n + 2 <= 2 * LIMIT_IMPORT_LINKS) {
		*vec_add(im->mem, &im->names) = str_hash(ob->slug);
		*vec_add(im->mem, &im->names) = str_hash(words_norm(m, ob->title));
	}
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool is_made(const struct import *im, struct mem *m, struct str name)
{
	uint64_t as_slug = str_hash(name), as_name = str_hash(words_norm(m, name));
	size_t size = sizeof(*im->names.p);

	return bsearch(&as_slug, im->names.p, im->names.n, size, by_number) || bsearch(&as_name, im->names.p, im->names.n, size, by_number);
}

/* Names of no object here, wherever they stand: those that this import made one of. */
static enum err find_elsewhere(struct import *im, struct mem *m)
{
	struct import_links_open_row *rows;
	int64_t from = 0, pos = -1;
	size_t n = OPEN_AT_ONCE;

	qsort(im->names.p, im->names.n, sizeof(*im->names.p), by_number);
	for (int page = 0; page < OPEN_PAGES && n == OPEN_AT_ONCE; page++) {
		struct mem_mark at = mem_mark(m);

		TRY(import_links_open(im->db, from, pos, OPEN_AT_ONCE, m, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			from = rows[i].from_id;
			pos = rows[i].pos;
			if (is_made(im, m, rows[i].to_text) && im->open_links.n < LIMIT_IMPORT_LINKS &&
			    !(im->open_links.n && im->open_links.p[im->open_links.n - 1] == from)) {
				*vec_add(im->mem, &im->open_links) = from;
			}
		}
		mem_rewind(m, at);
	}
	return OK;
}

static enum err some(struct import *im, struct mem *m, size_t from, size_t to)
{
	bool found;

	for (size_t i = from; i < to; i++) {
		struct mem_mark at = mem_mark(m);

		TRY(object_relink(im->db, m, im->open_links.p[i], im->batch, &found));
		mem_rewind(m, at);
	}
	return batch_flush(im->db, im->batch);
}

enum err import_links(struct import *im)
{
	enum err e = OK;

	if (im->names.n) {
		TRY(db_begin(im->db, DB_READ));
		e = find_elsewhere(im, im->scratch);
		db_rollback(im->db);
	}
	for (size_t at = 0; e == OK && at < im->open_links.n; at += LINKS_AT_ONCE) {
		size_t to = at + LINKS_AT_ONCE < im->open_links.n ? at + LINKS_AT_ONCE : im->open_links.n;

		for (int tries = 0; tries < LIMIT_WEB_TRIES; tries++) {
			e = db_begin(im->db, DB_WRITE);
			e = e == OK ? some(im, im->scratch, at, to) : e;
			e = e == OK ? db_commit(im->db) : e;
			if (e == OK) {
				break;
			}
			db_rollback(im->db);
			batch_forget(im->batch);
			if (e != E_BUSY) {
				return e;
			}
		}
	}
	return e;
}
