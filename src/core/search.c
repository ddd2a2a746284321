/*
 * Writing the index of words: the tokens of an object by weight, each once, and the vocabulary that counts them.
 */
#include "search.h"

#include "../base/limits.h"
#include "../base/map.h"
#include "../base/vec.h"
#include "../db/db.h"
#include "batch.h"
#include "search.sql.h"
#include "search_text.h"

enum { WEIGHTS = 4 };

/* Tokens given to add_token() live as long as these: the folded text, and what is made in the same arena. */
/* The tokens of one object: weight by token, so that each stands once, where it weighs most. */
struct tokens {
	struct mem *mem;
	struct map seen;
	struct buf of[WEIGHTS];
	struct buf vector;            /* the same as PostgreSQL writes it; NULL p on SQLite */
	bool pg;
	int weight, lang;
	struct search_stems *stems;
	size_t n;
};

static void add_token(struct tokens *t, struct str token)
{
	static char there;
	struct buf *b = &t->of[t->weight];

	if (t->n >= LIMIT_SEARCH_TOKENS || !map_add(&t->seen, token, &there)) {
		return;
	}
	t->n++;
	if (b->n) {
		buf_put_c(b, ' ');
	}
	buf_put(b, token);
	if (t->pg) {
		buf_fmt(&t->vector, "%s'%.*s':1%c", t->vector.n ? " " : "", STR_ARG(token), "ABCD"[t->weight]);
	}
}

static void add_word(void *arg, struct str word)
{
	struct tokens *t = arg;
	struct str stem;

	add_token(t, word);
	stem = search_stem(t->stems, t->mem, t->lang, word);
	if (!str_eq(stem, word)) {
		add_token(t, search_stem_token(t->mem, t->lang, stem));
	}
}

static void add_texts(struct tokens *t, const struct search_doc *doc, int weight)
{
	t->weight = weight;
	for (size_t i = 0; i < doc->n_texts; i++) {
		const struct search_text *x = &doc->texts[i];

		t->lang = search_lang(x->lang);
		search_split(t->mem, weight == 0 ? x->a : weight == 1 ? x->b : x->c, add_word, t);
	}
}

static void tokens_make(struct tokens *t, struct mem *m, bool pg, const struct search_doc *doc)
{
	struct str terms = doc->terms;

	*t = (struct tokens){.mem = m, .pg = pg, .seen = map_make(m), .vector = buf_make(m, LIMIT_DOC)};
	for (int w = 0; w < WEIGHTS; w++) {
		t->of[w] = buf_make(m, LIMIT_DOC);
	}
	t->stems = search_stems_take();
	map_room(&t->seen, 200);
	struct str title = search_title_token(m, doc->title);
	if (title.n) {
		add_token(t, title);
	}
	for (int w = 0; w < WEIGHTS - 1; w++) {
		add_texts(t, doc, w);
	}
	search_stems_give(t->stems);
	t->weight = WEIGHTS - 1;
	while (terms.n) {
		add_token(t, search_term_token(m, str_cut(&terms, ' ')));
	}
	struct str titles = str_dup(m, buf_str(&t->of[0]));
	while (titles.n) {
		add_token(t, search_in_title(m, str_cut(&titles, ' ')));
	}
}

/* ---- the vocabulary -------------------------------------------------------------------------------------------------- */

static enum err count_words(struct db *db, struct mem *m, struct batch *b, const struct str columns[3], const struct map *except, int by)
{
	for (int w = 0; w < WEIGHTS - 1; w++) {
		struct str rest = columns[w];

		while (rest.n) {
			struct str word = str_cut(&rest, ' ');
			if (search_is_word(word) && !(except && map_get(except, word))) {
				TRY(batch_word(db, m, b, word, by));
			}
		}
	}
	return OK;
}

/* What stands in the index of an object. */
static enum err read_old(struct db *db, struct mem *m, int64_t id, struct str columns[3], bool *there)
{
	struct search_row_get_row r;
	enum err e = search_row_get(db, id, m, &r);

	*there = e == OK;
	if (e == OK) {
		columns[0] = r.a;
		columns[1] = r.b;
		columns[2] = r.c;
	}
	return e == E_NOTFOUND ? OK : e;
}

static void words_of(struct mem *m, const struct str columns[3], struct map *out)
{
	static char there;

	*out = map_make(m);
	for (int w = 0; w < WEIGHTS - 1; w++) {
		struct str rest = columns[w];
		while (rest.n) {
			map_put(out, str_cut(&rest, ' '), &there);
		}
	}
}

enum err search_put(struct db *db, struct mem *m, struct batch *batch, const struct search_doc *doc, bool fresh)
{
	bool pg = db_engine(db) == DB_PG, there = false;
	struct str old[3] = {STR_NONE, STR_NONE, STR_NONE}, now[WEIGHTS];
	struct map old_words, now_words;
	struct tokens *t = mem_new(m, struct tokens);

	tokens_make(t, m, pg, doc);
	for (int w = 0; w < WEIGHTS; w++) {
		now[w] = buf_str(&t->of[w]);
	}
	if (!fresh) {
		TRY(read_old(db, m, doc->id, old, &there));
	}
	if (there) {
		words_of(m, old, &old_words);
		words_of(m, now, &now_words);
		TRY(count_words(db, m, batch, old, &now_words, -1));
		TRY(search_row_remove(db, doc->id));
	}
	TRY(count_words(db, m, batch, now, there ? &old_words : NULL, 1));
	return search_row_put(db, &(struct search_row_put_in){.id = doc->id, .a = now[0], .b = now[1], .c = now[2], .k = now[3],
							      .words = pg ? buf_str(&t->vector) : S("")});
}

enum err search_check(struct db *db, struct mem *m, const struct search_doc *doc, bool there, bool *same)
{
	struct str old[3] = {STR_NONE, STR_NONE, STR_NONE};
	struct tokens *t = mem_new(m, struct tokens);
	bool is_there;

	TRY(read_old(db, m, doc->id, old, &is_there));
	*same = is_there == there;
	if (!there || !is_there) {
		return OK;
	}
	tokens_make(t, m, false, doc);
	for (int w = 0; w < WEIGHTS - 1; w++) {
		*same = *same && str_eq(old[w], buf_str(&t->of[w]));
	}
	return OK;
}

enum err search_remove(struct db *db, struct mem *m, struct batch *batch, int64_t id)
{
	struct str old[3];
	bool there;

	TRY(read_old(db, m, id, old, &there));
	if (!there) {
		return OK;
	}
	TRY(count_words(db, m, batch, old, NULL, -1));
	return search_row_remove(db, id);
}
