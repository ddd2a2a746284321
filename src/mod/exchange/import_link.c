/*
 * The second pass of an import: rows that name an object which stands further down. They were saved with the name as words; once
 * all rows are in, they are looked at again, as many as LIMIT_IMPORT_LINKS.
 */
#include "import.h"

#include "../../base/limits.h"
#include "../../db/db.h"
#include "../../entity/tree.h"

enum { LINKS_AT_ONCE = 500 };

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
