/*
 * Writing many objects: rows that lie scattered over large indexes are gathered and written in the indexes' order, and each
 * count is written once. This is what makes an import fast: a page of an index is then touched once per batch, not once per row.
 */
#include "batch.h"

#include <stdlib.h>

#include "../base/limits.h"
#include "../base/map.h"
#include "../base/vec.h"
#include "object.sql.h"
#include "search.sql.h"
#include "search_text.h"

/* Terms remembered from one flush to the next, so that they are looked up once. */
#define TERMS_KEPT 60000

struct count_entry {
	int64_t term, uses;
};

struct word_entry {
	struct str word;
	int64_t uses;
};

/* An object's rows share its place in lists. */
struct row_item {
	int64_t object;
	struct str sort;
};

struct row_op {
	int64_t term;
	uint64_t begins;    /* the first bytes of `sort`, the first highest: most comparisons end there */
	uint32_t item, seq; /* seq: twice its number, and one more when it adds */
};

struct dup_op {
	int64_t key, object;
	uint32_t seq, next; /* seq as above; next: the op + 1 before it in its slot */
};

/* Words wait too: each statement that SQLite could undo alone makes its index of words write out what it gathered. */
struct search_op {
	struct search_doc doc;
	bool add, fresh;
};

/* Keys of the batch by hash, for finding doubles among objects that are not written yet. */
#define DUP_SLOTS 65536

struct batch {
	struct mem *mem;       /* of rows, keys and counts: given back at each flush */
	struct mem *word_mem;  /* of texts and words */
	struct mem *term_mem;  /* of the terms: outlives flushes */
	struct map terms;      /* kind \x1f facet \x1f value -> int64_t */
	VEC(struct count_entry) counts;
	VEC(struct row_item) items;
	VEC(struct row_op) rows;
	VEC(struct dup_op) dups;
	uint32_t *dup_slot;    /* last op + 1 */
	VEC(struct search_op) search;
	struct map words;      /* word -> struct word_entry */
	VEC(struct word_entry *) word_list;
};

static void close_mem(void *p)
{
	mem_close(p);
}

static void forget_words(struct batch *b)
{
	mem_reset(b->word_mem);
	b->words = map_make(b->word_mem);
	b->search.p = NULL;
	b->search.n = b->search.cap = 0;
	b->word_list.p = NULL;
	b->word_list.n = b->word_list.cap = 0;
}

/* What was gathered is gone; terms stay known when it was written. */
static void begin_again(struct batch *b, bool keep_terms)
{
	struct batch now = {.mem = b->mem, .word_mem = b->word_mem, .term_mem = b->term_mem, .terms = b->terms};

	mem_reset(b->mem);
	if (!keep_terms || b->terms.n > TERMS_KEPT) {
		mem_reset(b->term_mem);
		now.terms = map_make(b->term_mem);
	}
	now.dup_slot = mem_array(b->mem, uint32_t, DUP_SLOTS);
	*b = now;
	forget_words(b);
}

void batch_forget(struct batch *b)
{
	begin_again(b, false);
}

struct batch *batch_open(struct mem *m)
{
	struct batch *b = mem_new(m, struct batch);

	b->mem = mem_open();
	b->word_mem = mem_open();
	b->term_mem = mem_open();
	mem_defer(m, close_mem, b->mem);
	mem_defer(m, close_mem, b->word_mem);
	mem_defer(m, close_mem, b->term_mem);
	batch_forget(b);
	return b;
}

struct batch_mark batch_mark(const struct batch *b)
{
	return (struct batch_mark){b->counts.n, b->items.n, b->rows.n, b->dups.n};
}

static void hang(struct batch *b, size_t i)
{
	uint32_t *slot = &b->dup_slot[(uint64_t)b->dups.p[i].key % DUP_SLOTS];

	b->dups.p[i].next = *slot;
	*slot = (uint32_t)i + 1;
}

void batch_undo(struct batch *b, struct batch_mark at)
{
	b->counts.n = at.counts;
	b->items.n = at.items;
	b->rows.n = at.rows;
	b->dups.n = at.dups;
	memset(b->dup_slot, 0, DUP_SLOTS * sizeof(*b->dup_slot));
	for (size_t i = 0; i < b->dups.n; i++) {
		hang(b, i);
	}
	mem_reset(b->term_mem); /* some of them may have been made since */
	b->terms = map_make(b->term_mem);
	forget_words(b);
}

static struct str key_of(struct mem *m, struct str kind, struct str facet, struct str value)
{
	struct buf b = buf_make(m, KIB(64));

	buf_put(&b, kind);
	buf_put_c(&b, '\x1f');
	buf_put(&b, facet);
	buf_put_c(&b, '\x1f');
	buf_put(&b, value);
	return buf_str(&b);
}

enum err batch_term(struct db *db, struct mem *m, struct batch *b, struct str kind, struct str facet, struct str value, int level,
		    int64_t uses, int64_t *id)
{
	struct term_add_row row;

	if (!b) {
		TRY(term_add(db, kind, facet, value, level, uses, m, &row));
		*id = row.id;
		return OK;
	}
	struct str key = key_of(m, kind, facet, value);
	int64_t *known = map_get(&b->terms, key);
	if (!known) {
		struct term_find_row found;
		enum err err = term_find(db, kind, facet, value, m, &found);
		if (err == E_NOTFOUND) {
			err = term_add(db, kind, facet, value, level, 0, m, &row);
			found.id = row.id;
		}
		TRY(err);
		known = mem_new(b->term_mem, int64_t);
		*known = found.id;
		map_put(&b->terms, str_dup(b->term_mem, key), known);
	}
	*id = *known;
	return uses ? batch_count(db, b, *id, uses) : OK;
}

enum err batch_count(struct db *db, struct batch *b, int64_t term, int64_t uses)
{
	if (!b) {
		return term_count_add(db, term, uses);
	}
	*vec_add(b->mem, &b->counts) = (struct count_entry){term, uses};
	return OK;
}

static uint64_t begins_with(struct str s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++) {
		v = v << 8 | (i < s.n ? (unsigned char)s.p[i] : 0);
	}
	return v;
}

enum err batch_row(struct db *db, struct batch *b, int64_t term, struct str sort, int64_t object, bool add)
{
	if (!b) {
		return add ? object_term_add(db, term, sort, object) : object_term_drop(db, term, sort, object);
	}
	const struct row_item *last = b->items.n ? &b->items.p[b->items.n - 1] : NULL;
	if (!last || last->object != object || !str_eq(last->sort, sort)) {
		*vec_add(b->mem, &b->items) = (struct row_item){object, str_dup(b->mem, sort)};
	}
	uint32_t seq = (uint32_t)b->rows.n * 2 + add;
	*vec_add(b->mem, &b->rows) = (struct row_op){term, begins_with(sort), (uint32_t)b->items.n - 1, seq};
	return OK;
}

enum err batch_dup(struct db *db, struct batch *b, int64_t key, int64_t object, bool add)
{
	if (!b) {
		return add ? dup_key_add(db, key, object) : dup_key_drop(db, key, object);
	}
	uint32_t seq = (uint32_t)b->dups.n * 2 + add;
	*vec_add(b->mem, &b->dups) = (struct dup_op){key, object, seq, 0};
	hang(b, b->dups.n - 1);
	return OK;
}

static enum err search_now(struct db *db, struct mem *m, struct batch *b, const struct search_op *op)
{
	return op->add ? search_put(db, m, b, &op->doc, op->fresh) : search_remove(db, m, b, op->doc.id);
}

enum err batch_search(struct db *db, struct mem *m, struct batch *b, const struct search_doc *doc, bool add, bool fresh)
{
	struct search_op op = {*doc, add, fresh};

	if (!b) {
		return search_now(db, m, NULL, &op);
	}
	struct search_text *texts = mem_array(b->word_mem, struct search_text, doc->n_texts);
	for (size_t i = 0; i < doc->n_texts; i++) {
		texts[i].lang = str_dup(b->word_mem, doc->texts[i].lang);
		texts[i].a = str_dup(b->word_mem, doc->texts[i].a);
		texts[i].b = str_dup(b->word_mem, doc->texts[i].b);
		texts[i].c = str_dup(b->word_mem, doc->texts[i].c);
	}
	op.doc.texts = texts;
	op.doc.title = str_dup(b->word_mem, doc->title);
	op.doc.terms = str_dup(b->word_mem, doc->terms);
	*vec_add(b->word_mem, &b->search) = op;
	return OK;
}

size_t batch_dups(const struct batch *b, int64_t key, int64_t *out, size_t max)
{
	size_t n = 0;

	for (uint32_t at = b ? b->dup_slot[(uint64_t)key % DUP_SLOTS] : 0; at && n < max; at = b->dups.p[at - 1].next) {
		const struct dup_op *d = &b->dups.p[at - 1];
		if (d->key == key && (d->seq & 1)) {
			out[n++] = d->object;
		}
	}
	return n;
}

static enum err write_word(struct db *db, struct mem *m, struct str word, int64_t uses)
{
	if (uses) {
		TRY(search_word_add(db, word, search_backwards(m, word), uses));
	}
	return uses < 0 ? search_word_clean(db, word) : OK;
}

enum err batch_word(struct db *db, struct mem *m, struct batch *b, struct str word, int64_t uses)
{
	struct word_entry *w = b ? map_get(&b->words, word) : NULL;

	if (!b) {
		return write_word(db, m, word, uses);
	}
	if (!w) {
		w = mem_new(b->word_mem, struct word_entry);
		w->word = str_dup(b->word_mem, word);
		map_put(&b->words, w->word, w);
		*vec_add(b->word_mem, &b->word_list) = w;
	}
	w->uses += uses;
	return OK;
}

/* ---- in order -------------------------------------------------------------------------------------------------------- */

static int by_i64(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* Rows are compared through what they share with others of their object; sorting has no argument of its own. */
static _Thread_local const struct row_item *sorted_items;

/* Same row: 0 whatever the sequence. */
static int row_key(const struct row_op *x, const struct row_op *y)
{
	int c = by_i64(x->term, y->term);

	c = c ? c : x->begins < y->begins ? -1 : x->begins > y->begins;
	c = c ? c : str_cmp(sorted_items[x->item].sort, sorted_items[y->item].sort);
	return c ? c : by_i64(sorted_items[x->item].object, sorted_items[y->item].object);
}

static int by_row(const void *a, const void *b)
{
	const struct row_op *x = a, *y = b;
	int c = row_key(x, y);

	return c ? c : x->seq < y->seq ? -1 : 1;
}

static int by_dup(const void *a, const void *b)
{
	const struct dup_op *x = a, *y = b;
	int c = by_i64(x->key, y->key);

	c = c ? c : by_i64(x->object, y->object);
	return c ? c : x->seq < y->seq ? -1 : 1;
}

static int by_term(const void *a, const void *b)
{
	const struct count_entry *x = a, *y = b;

	return by_i64(x->term, y->term);
}

static enum err flush_rows(struct db *db, struct batch *b)
{
	sorted_items = b->items.p;
	if (b->rows.n) {
		qsort(b->rows.p, b->rows.n, sizeof(*b->rows.p), by_row);
	}
	for (size_t i = 0; i < b->rows.n; i++) {
		const struct row_op *r = &b->rows.p[i];
		const struct row_item *of = &b->items.p[r->item];
		if (i + 1 < b->rows.n && row_key(r, r + 1) == 0) {
			continue; /* a later act on the same row stands */
		}
		TRY(batch_row(db, NULL, r->term, of->sort, of->object, r->seq & 1));
	}
	return OK;
}

static enum err flush_dups(struct db *db, struct batch *b)
{
	if (b->dups.n) {
		qsort(b->dups.p, b->dups.n, sizeof(*b->dups.p), by_dup);
	}
	for (size_t i = 0; i < b->dups.n; i++) {
		const struct dup_op *d = &b->dups.p[i];
		if (i + 1 < b->dups.n && d[1].key == d->key && d[1].object == d->object) {
			continue;
		}
		TRY(batch_dup(db, NULL, d->key, d->object, d->seq & 1));
	}
	return OK;
}

/* By term, so that two writers on PostgreSQL lock the counts in the same order. */
static enum err flush_counts(struct db *db, struct batch *b)
{
	if (b->counts.n) {
		qsort(b->counts.p, b->counts.n, sizeof(*b->counts.p), by_term);
	}
	for (size_t i = 0; i < b->counts.n;) {
		int64_t term = b->counts.p[i].term, uses = 0;
		for (; i < b->counts.n && b->counts.p[i].term == term; i++) {
			uses += b->counts.p[i].uses;
		}
		if (uses) {
			TRY(term_count_add(db, term, uses));
		}
	}
	return OK;
}

static enum err flush_search(struct db *db, struct batch *b)
{
	struct mem *m = mem_open();
	enum err err = OK;

	for (size_t i = 0; i < b->search.n && err == OK; i++) {
		err = search_now(db, m, b, &b->search.p[i]);
		mem_reset(m);
	}
	mem_close(m);
	return err;
}

static int by_word(const void *a, const void *b)
{
	const struct word_entry *const *x = a, *const *y = b;

	return str_cmp((*x)->word, (*y)->word);
}

static enum err flush_words(struct db *db, struct batch *b)
{
	if (b->word_list.n) {
		qsort(b->word_list.p, b->word_list.n, sizeof(*b->word_list.p), by_word);
	}
	for (size_t i = 0; i < b->word_list.n; i++) {
		struct mem_mark at = mem_mark(b->word_mem);
		TRY(write_word(db, b->word_mem, b->word_list.p[i]->word, b->word_list.p[i]->uses));
		mem_rewind(b->word_mem, at);
	}
	return OK;
}

enum err batch_words(struct db *db, struct batch *b)
{
	TRY(flush_search(db, b));
	TRY(flush_words(db, b));
	forget_words(b);
	return OK;
}

enum err batch_flush(struct db *db, struct batch *b)
{
	TRY(flush_rows(db, b));
	TRY(flush_dups(db, b));
	TRY(flush_counts(db, b));
	TRY(batch_words(db, b));
	begin_again(b, true);
	return OK;
}
