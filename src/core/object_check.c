/*
 * Whether what is found by is what the document says: the words of the search and the keys of the duplicate watch of one object.
 */
#include "derive.h"
#include "dup.h"
#include "object_row.h"
#include "search.h"
#include "verify.sql.h"

static enum err check_keys(struct db *db, struct mem *m, const struct object *ob, struct object_found_by *out)
{
	int64_t keys[DUP_KEYS_MAX];

	out->n_keys = dup_watched(ob->status) ? dup_keys(m, ob->entity, ob->doc, keys) : 0;
	for (size_t i = 0; i < out->n_keys; i++) {
		struct verify_dup_key_row r;
		enum err e = verify_dup_key(db, keys[i], ob->id, m, &r);

		if (e != OK && e != E_NOTFOUND) {
			return e;
		}
		out->keys_missing += e == E_NOTFOUND;
	}
	return OK;
}

enum err object_check(struct db *db, struct mem *m, int64_t id, bool words, struct object_found_by *out)
{
	struct object_row_by_id_row row;
	struct object ob;
	struct derived d;

	*out = (struct object_found_by){.words_same = true};
	TRY(object_row_by_id(db, id, m, &row));
	object_of_row(&row, &ob);
	if (!ob.entity || doc_parse(m, row.doc, &ob.doc) != OK) {
		return OK; /* told elsewhere */
	}
	out->published = ob.status == ST_PUBLISHED;
	TRY(check_keys(db, m, &ob, out));
	if (!words) {
		return OK;
	}
	object_derive(m, ob.entity, ob.doc, ob.lang, &d);
	struct search_doc doc = {id, d.title, row.terms, d.search, d.n_search};
	return search_check(db, m, &doc, out->published, &out->words_same);
}
