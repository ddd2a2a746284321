/*
 * Asking the index: each word typed becomes the tokens that answer it, all words must be answered, nearer to the title
 * first. Nothing is ranked but by these steps, so a word that half of all objects hold costs no more than a rare one.
 */
#include <stdlib.h>

#include "../base/buf.h"
#include "../base/limits.h"
#include "../base/utf8.h"
#include "../base/vec.h"
#include "../db/db.h"
#include "../entity/list.h"
#include "search.h"
#include "search.sql.h"
#include "search_text.h"

enum {
	WORDS = 10,          /* of a query; what follows is not looked at */
	BEGINNINGS = 24,     /* words that a beginning stands for, the most frequent */
	RANGE = 3000,        /* words looked at for them */
	NEAR = 4000,         /* words compared with one that nobody wrote */
	QUERY_MAX = 1 << 16,
	FEW = 120,           /* results whose places are read one by one */
	HEAVY = 60000        /* objects that hold the words, added up: past it only titles are looked through again */
};

struct asked {
	struct str word;
	VEC(struct str) tokens;
	bool known;          /* somebody wrote it, or a word that begins so */
	int64_t uses;
};

struct asking {
	struct db *db;
	struct mem *mem;
	const struct search_query *q;
	struct asked words[WORDS];
	size_t n;
	struct str title;
	struct search_stems *stems;
};

/* ---- words to tokens ------------------------------------------------------------------------------------------------- */

static void add_asked(void *arg, struct str word)
{
	struct asking *a = arg;

	if (a->n < WORDS) {
		a->words[a->n++].word = str_dup(a->mem, word);
	}
}

/* Words without meaning count only where there is nothing else. */
static void drop_stops(struct asking *a)
{
	size_t k = 0;

	for (size_t i = 0; i < a->n; i++) {
		if (!search_is_stop(a->words[i].word)) {
			a->words[k++] = a->words[i];
		}
	}
	a->n = k ? k : a->n;
}

static void add_token(struct asking *a, struct asked *w, struct str token)
{
	for (size_t i = 0; i < w->tokens.n; i++) {
		if (str_eq(w->tokens.p[i], token)) {
			return;
		}
	}
	*vec_add(a->mem, &w->tokens) = token;
}

static int by_use(const void *a, const void *b)
{
	const struct search_word_near *x = a, *y = b;

	return x->uses != y->uses ? (x->uses > y->uses ? -1 : 1) : str_cmp(x->word, y->word);
}

/* What comes after every word that begins so. */
static struct str after(struct mem *m, struct str beginning)
{
	return str_fmt(m, "%.*s\xf4\x8f\xbf\xbf", STR_ARG(beginning));
}

static enum err add_beginnings(struct asking *a, struct asked *w)
{
	struct search_word_near *rows;
	size_t n;

	TRY(search_words_from(a->db, w->word, after(a->mem, w->word), RANGE, a->mem, &rows, &n));
	if (n) {
		qsort(rows, n, sizeof *rows, by_use);
	}
	for (size_t i = 0; i < n && i < BEGINNINGS && rows[i].uses > 0; i++) {
		add_token(a, w, rows[i].word);
		w->known = true;
		w->uses += rows[i].uses;
	}
	return OK;
}

static enum err fill_word(struct asking *a, struct asked *w, bool last)
{
	struct search_word_get_row r = {0};
	enum err e = search_word_get(a->db, w->word, a->mem, &r);

	w->tokens.n = 0;
	w->known = (e == OK && r.uses > 0) || !search_is_word(w->word);
	w->uses = r.uses;
	add_token(a, w, w->word);
	for (int l = 0; l < SEARCH_LANGS; l++) {
		struct str stem = search_stem(a->stems, a->mem, l, w->word);
		if (!str_eq(stem, w->word)) {
			add_token(a, w, stem);
		}
		add_token(a, w, search_stem_token(a->mem, l, stem));
	}
	if (e == OK || e == E_NOTFOUND) {
		bool begins = (last || !w->known) && w->word.n >= 2;
		e = begins ? add_beginnings(a, w) : OK;
	}
	return e;
}

static enum err read_words(struct asking *a, struct str q)
{
	a->n = 0;
	memset(a->words, 0, sizeof a->words);
	search_split(a->mem, str_sub(q, 0, LIMIT_SEARCH_QUERY), add_asked, a);
	drop_stops(a);
	a->title = search_title_token(a->mem, q);
	for (size_t i = 0; i < a->n; i++) {
		TRY(fill_word(a, &a->words[i], i + 1 == a->n));
	}
	return OK;
}

/* ---- the engines' languages ------------------------------------------------------------------------------------------ */

/* Where a token may stand: columns of SQLite, weights of PostgreSQL. */
struct place {
	const char *columns, *weights;
};
static const struct place places[] = {{"{a}", "A"}, {"{a b}", "AB"}, {"{a b c}", "ABC"}};
static const struct place terms_place = {"{k}", "D"};

static void put_any(struct buf *b, bool pg, const struct str *tokens, size_t n, struct place p)
{
	if (!pg) {
		buf_fmt(b, "%s : ", p.columns);
	}
	buf_put(b, S("("));
	for (size_t i = 0; i < n; i++) {
		buf_fmt(b, pg ? "%s'%.*s':%s" : "%s\"%.*s\"", i == 0 ? "" : pg ? " | " : " OR ", STR_ARG(tokens[i]), p.weights);
	}
	buf_put(b, S(")"));
}

static void put_group(struct buf *b, struct asking *a, bool pg, const struct list_group *g)
{
	struct str *tokens = mem_array(a->mem, struct str, g->n);

	for (size_t i = 0; i < g->n; i++) {
		tokens[i] = search_term_token(a->mem, str_fmt(a->mem, "%lld", (long long)g->terms[i]));
	}
	put_any(b, pg, tokens, g->n, terms_place);
}

/* The kinds asked for, each with its own terms. */
static void put_branches(struct buf *b, struct asking *a, bool pg)
{
	const struct search_query *q = a->q;

	if (!q->n_branches) {
		return;
	}
	buf_put(b, pg ? S(" & (") : S(" AND ("));
	for (size_t i = 0; i < q->n_branches; i++) {
		buf_put(b, i == 0 ? S("(") : pg ? S(" | (") : S(" OR ("));
		for (size_t k = 0; k < q->branches[i].n_groups; k++) {
			buf_put(b, k == 0 ? S("") : pg ? S(" & ") : S(" AND "));
			put_group(b, a, pg, &q->branches[i].groups[k]);
		}
		buf_put(b, S(")"));
	}
	buf_put(b, S(")"));
}

/* `typed`: the words themselves, without what has the same stem or begins so. */
static struct str words_query(struct asking *a, struct place p, bool typed)
{
	struct buf b = buf_make(a->mem, QUERY_MAX);
	bool pg = db_engine(a->db) == DB_PG;

	for (size_t i = 0; i < a->n; i++) {
		buf_put(&b, i == 0 ? S("") : pg ? S(" & ") : S(" AND "));
		put_any(&b, pg, a->words[i].tokens.p, typed ? 1 : a->words[i].tokens.n, p);
	}
	put_branches(&b, a, pg);
	return buf_ok(&b) ? buf_str(&b) : STR_NONE;
}

static struct str title_query(struct asking *a)
{
	struct buf b = buf_make(a->mem, QUERY_MAX);
	bool pg = db_engine(a->db) == DB_PG;

	put_any(&b, pg, &a->title, 1, places[0]);
	put_branches(&b, a, pg);
	return buf_ok(&b) ? buf_str(&b) : STR_NONE;
}

/* All words in titles, through the lists of titles' words. */
static struct str titles_query(struct asking *a, bool typed)
{
	struct buf b = buf_make(a->mem, QUERY_MAX);
	bool pg = db_engine(a->db) == DB_PG;

	for (size_t i = 0; i < a->n; i++) {
		size_t n = typed ? 1 : a->words[i].tokens.n;
		struct str *tokens = mem_array(a->mem, struct str, n);
		for (size_t k = 0; k < n; k++) {
			tokens[k] = search_in_title(a->mem, a->words[i].tokens.p[k]);
		}
		buf_put(&b, i == 0 ? S("") : pg ? S(" & ") : S(" AND "));
		put_any(&b, pg, tokens, n, terms_place);
	}
	put_branches(&b, a, pg);
	return buf_ok(&b) ? buf_str(&b) : STR_NONE;
}

/* ---- steps ----------------------------------------------------------------------------------------------------------- */

/* Ids in the order found, and a table of them, twice as large at least, to know what is there. */
struct found {
	int64_t *ids, *slots;
	size_t n, max, mask;
};

static void found_make(struct found *f, struct mem *m, size_t max)
{
	size_t cap = 64;

	while (cap < max * 2) {
		cap *= 2;
	}
	*f = (struct found){.ids = mem_array(m, int64_t, max + 1), .slots = mem_array(m, int64_t, cap), .max = max, .mask = cap - 1};
}

static void add_found(struct found *f, int64_t id)
{
	size_t at = (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 32) & f->mask;

	while (f->slots[at] && f->slots[at] != id) {
		at = (at + 1) & f->mask;
	}
	if (f->slots[at] != id && f->n < f->max) {
		f->slots[at] = id;
		f->ids[f->n++] = id;
	}
}

static enum err step(struct asking *a, struct str query, struct found *f)
{
	struct mem_mark at = mem_mark(a->mem);
	struct search_rows_row *rows;
	size_t n;

	if (!query.p) {
		return OK;
	}
	TRY(search_rows(a->db, query, (int64_t)f->max, a->mem, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		add_found(f, rows[i].id);
	}
	mem_rewind(a->mem, at);
	return OK;
}

/* Nearer places first. Those past the titles go through the lists of all words again, which has to be worth it. */
static enum err nearer_steps(struct asking *a, struct found *f, size_t all)
{
	int64_t uses = 0;

	for (size_t i = 0; i < a->n; i++) {
		uses += a->words[i].uses;
	}
	if (a->title.n) {
		TRY(step(a, title_query(a), f));
	}
	TRY(step(a, titles_query(a, true), f));
	TRY(step(a, titles_query(a, false), f));
	for (size_t i = 2; i < 5 && uses < HEAVY && f->n < all; i++) {
		TRY(step(a, words_query(a, places[i / 2], i % 2 == 0), f));
	}
	return OK;
}

/* ---- few results: their places are read ------------------------------------------------------------------------------ */

static bool holds(struct str column, struct str token)
{
	while (column.n) {
		if (str_eq(str_cut(&column, ' '), token)) {
			return true;
		}
	}
	return false;
}

static bool answers(const struct asked *w, const struct str *columns, size_t n, bool typed)
{
	for (size_t i = 0; i < (typed ? 1 : w->tokens.n); i++) {
		for (size_t c = 0; c < n; c++) {
			if (holds(columns[c], w->tokens.p[i])) {
				return true;
			}
		}
	}
	return false;
}

/* The first of the steps that would have found it. */
static int nearness(const struct asking *a, const struct str columns[3])
{
	if (a->title.n && holds(columns[0], a->title)) {
		return 0;
	}
	for (int step = 1; step < 6; step++) {
		bool all = true;

		for (size_t i = 0; i < a->n && all; i++) {
			all = answers(&a->words[i], columns, (size_t)(step + 1) / 2, step % 2 == 1);
		}
		if (all) {
			return step;
		}
	}
	return 6;
}

static enum err read_places(struct asking *a, const struct found *all, struct found *f)
{
	int *near = mem_array(a->mem, int, all->n);

	for (size_t i = 0; i < all->n; i++) {
		struct mem_mark at = mem_mark(a->mem);
		struct search_row_get_row r;
		enum err e = search_row_get(a->db, all->ids[i], a->mem, &r);

		if (e != OK && e != E_NOTFOUND) {
			return e;
		}
		near[i] = e == OK ? nearness(a, (struct str[]){r.a, r.b, r.c}) : 6;
		mem_rewind(a->mem, at);
	}
	for (int step = 0; step < 6; step++) {
		for (size_t i = 0; i < all->n; i++) {
			if (near[i] == step) {
				add_found(f, all->ids[i]);
			}
		}
	}
	return OK;
}

/* Everything first: when it is nothing, there is nothing else; when it is one, there is no order; when they are few, reading them
 * costs less than going through the lists of frequent words again. */
static enum err run_steps(struct asking *a, struct found *f)
{
	struct found all;

	found_make(&all, a->mem, f->max);
	TRY(step(a, words_query(a, places[2], false), &all));
	if (all.n > 1 && all.n < all.max) {
		TRY(all.n <= FEW ? read_places(a, &all, f) : nearer_steps(a, f, all.n));
	} else if (all.n > 1) {
		TRY(nearer_steps(a, f, all.n));
	}
	for (size_t i = 0; i < all.n; i++) {
		add_found(f, all.ids[i]);
	}
	return OK;
}

/* ---- slips ----------------------------------------------------------------------------------------------------------- */

struct best {
	struct str word;
	int distance;
	int64_t n;
};

static void compare(struct str word, const struct search_word_near *rows, size_t n, int max, struct best *b)
{
	for (size_t i = 0; i < n; i++) {
		int d = rows[i].uses > 0 ? search_distance(word, rows[i].word, max) : max + 1;
		bool better = d < b->distance || (d == b->distance && (rows[i].uses > b->n || (rows[i].uses == b->n && b->word.p &&
											     str_cmp(rows[i].word, b->word) < 0)));
		if (d <= max && better) {
			*b = (struct best){rows[i].word, d, rows[i].uses};
		}
	}
}

/* The word meant: of those that share their first or their last half with what was typed, the nearest and most frequent. */
static enum err nearest(struct asking *a, struct str word, struct str *out)
{
	int max = word.n >= 8 ? 2 : 1;
	struct str head = utf8_cut(word, word.n / 2), back = search_backwards(a->mem, word);
	struct str tail = utf8_cut(back, (word.n - 1) / 2);
	struct best b = {.distance = max + 1};
	struct search_word_near *rows;
	size_t n;

	*out = word;
	if (word.n < 4 || !head.n || !tail.n) {
		return OK;
	}
	TRY(search_words_from(a->db, head, after(a->mem, head), NEAR, a->mem, &rows, &n));
	compare(word, rows, n, max, &b);
	TRY(search_words_back(a->db, tail, after(a->mem, tail), NEAR, a->mem, &rows, &n));
	compare(word, rows, n, max, &b);
	if (b.word.p) {
		*out = b.word;
	}
	return OK;
}

/* The query with its unknown words replaced by their neighbours; STR_NONE when nothing changed. */
static enum err correct(struct asking *a, struct str *out)
{
	struct buf b = buf_make(a->mem, LIMIT_SEARCH_QUERY * 4);
	bool changed = false;

	for (size_t i = 0; i < a->n; i++) {
		struct str word = a->words[i].word;
		if (!a->words[i].known) {
			TRY(nearest(a, word, &word));
		}
		changed = changed || !str_eq(word, a->words[i].word);
		buf_put(&b, i ? S(" ") : S(""));
		buf_put(&b, word);
	}
	*out = changed && buf_ok(&b) ? buf_str(&b) : STR_NONE;
	return OK;
}

static enum err run(struct asking *a, struct search_answer *out)
{
	struct found f;
	struct str better;

	found_make(&f, a->mem, a->q->max);
	*out = (struct search_answer){.ids = f.ids, .corrected = STR_NONE};
	TRY(read_words(a, a->q->q));
	if (a->n == 0) {
		return OK;
	}
	TRY(run_steps(a, &f));
	if (f.n == 0 && !a->q->as_typed) {
		TRY(correct(a, &better));
		if (better.p) {
			TRY(read_words(a, better));
			TRY(run_steps(a, &f));
			out->corrected = f.n ? better : STR_NONE;
		}
	}
	out->n = f.n;
	return OK;
}

enum err search_run(struct db *db, struct mem *m, const struct search_query *q, struct search_answer *out)
{
	struct asking *a = mem_new(m, struct asking);
	enum err e;

	*a = (struct asking){.db = db, .mem = m, .q = q, .stems = search_stems_take()};
	e = run(a, out);
	search_stems_give(a->stems);
	return e;
}

/* ---- the same question again ------------------------------------------------------------------------------------------ */

/* A page asks the same for its list, its map and each of its choices: what was found is remembered while its transaction lasts. */
enum { REMEMBERED = 6, REMEMBERED_IDS = 1000 };
static _Thread_local struct remembered {
	const struct db *db;
	uint64_t snapshot, key;
	size_t n;
	int64_t ids[REMEMBERED_IDS];
} remembered[REMEMBERED];
static _Thread_local size_t next_remembered;

static uint64_t key_of(struct str q, const struct list_branch *branches, size_t n, size_t max)
{
	const uint64_t prime = UINT64_C(1099511628211);
	uint64_t h = (str_hash(q) ^ max) * prime;

	for (size_t i = 0; i < n; i++) {
		h = (h ^ str_hash(branches[i].kind)) * prime;
		for (size_t g = 0; g < branches[i].n_groups; g++) {
			h = (h ^ UINT64_C(0x5bd1e995)) * prime;
			for (size_t t = 0; t < branches[i].groups[g].n; t++) {
				h = (h ^ (uint64_t)branches[i].groups[g].terms[t]) * prime;
			}
		}
	}
	return h;
}

enum err search_find(struct db *db, struct mem *m, struct str q, const struct list_branch *branches, size_t n_branches, size_t max,
		     int64_t **ids, size_t *n)
{
	struct search_query query = {.q = q, .branches = branches, .n_branches = n_branches, .max = max};
	uint64_t snapshot = db_snapshot(db), key = key_of(q, branches, n_branches, max);
	struct search_answer a;

	for (size_t i = 0; i < REMEMBERED && snapshot; i++) {
		const struct remembered *r = &remembered[i];
		if (r->db == db && r->snapshot == snapshot && r->key == key) {
			*ids = mem_array(m, int64_t, r->n);
			memcpy(*ids, r->ids, r->n * sizeof(**ids));
			*n = r->n;
			return OK;
		}
	}
	TRY(search_run(db, m, &query, &a));
	*ids = a.ids;
	*n = a.n;
	if (snapshot && a.n <= REMEMBERED_IDS) {
		struct remembered *r = &remembered[next_remembered++ % REMEMBERED];
		*r = (struct remembered){.db = db, .snapshot = snapshot, .key = key, .n = a.n};
		memcpy(r->ids, a.ids, a.n * sizeof(*a.ids));
	}
	return OK;
}
