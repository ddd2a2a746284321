/*
 * Words in, ids out. Texts are folded here, so that both engines hold the same words; each word asked for is the beginning
 * of a word, and all must be there.
 */
#include "search.h"

#include "../base/limits.h"
#include "../db/db.h"
#include "../entity/entity.h"
#include "search.sql.h"

#define SEARCH_WORDS 12

static struct str all_of(struct mem *m, const struct search_doc *doc, int weight)
{
	struct buf b = buf_make(m, LIMIT_DOC);

	for (size_t i = 0; i < doc->n_texts; i++) {
		const struct search_text *t = &doc->texts[i];
		struct str s = words_norm(m, weight == 0 ? t->a : weight == 1 ? t->b : t->c);
		buf_put(&b, b.n && s.n ? S(" ") : S(""));
		buf_put(&b, s);
	}
	return buf_str(&b);
}

enum err search_put(struct db *db, struct mem *m, const struct search_doc *doc, bool fresh)
{
	if (!fresh) {
		TRY(search_row_remove(db, doc->id));
	}
	return search_row_put(db, doc->id, doc->kind, all_of(m, doc, 0), all_of(m, doc, 1), all_of(m, doc, 2));
}

enum err search_remove(struct db *db, struct mem *m, int64_t id)
{
	(void)m;
	return search_row_remove(db, id);
}

enum err search_find(struct db *db, struct mem *m, struct str q, struct str kind, const char *lang, size_t max, int64_t **ids,
		     size_t *n)
{
	struct buf b = buf_make(m, KIB(4));
	struct search_rows_row *rows;
	struct str words = words_norm(m, q);
	bool pg = db_engine(db) == DB_PG;

	(void)lang;
	*n = 0;
	*ids = NULL;
	for (int i = 0; words.n && i < SEARCH_WORDS; i++) {
		struct str w = str_cut(&words, ' ');
		buf_fmt(&b, pg ? "%s%.*s:*" : "%s\"%.*s\"*", i == 0 ? "" : pg ? " & " : " AND ", STR_ARG(w));
	}
	if (b.n == 0) {
		return OK;
	}
	TRY(search_rows(db, buf_str(&b), kind.p ? kind : S(""), (int64_t)max, m, &rows, n));
	*ids = mem_array(m, int64_t, *n);
	for (size_t i = 0; i < *n; i++) {
		(*ids)[i] = rows[i].id;
	}
	return OK;
}
