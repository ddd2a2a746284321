/*
 * Showing where the words of a search stand: a text is cut at its words, each folded and compared as the index does.
 */
#include "../base/buf.h"
#include "../base/fold.h"
#include "../base/utf8.h"
#include "../base/vec.h"
#include "search.h"
#include "search_text.h"

enum { WORDS = 10, LOOKED_AT = 700, BEFORE = 60 };

struct search_marks {
	struct str words[WORDS];
	struct str stems[WORDS][SEARCH_LANGS];
	size_t n;
};

static void add_word(void *arg, struct str word)
{
	struct search_marks *k = arg;

	if (k->n < WORDS) {
		k->words[k->n++] = word;
	}
}

struct search_marks *search_marks_make(struct mem *m, struct str q)
{
	struct search_marks *k = mem_new(m, struct search_marks);
	struct search_stems *s = search_stems_take();
	size_t kept = 0;

	search_split(m, q, add_word, k);
	for (size_t i = 0; i < k->n; i++) {
		if (!search_is_stop(k->words[i])) {
			k->words[kept++] = k->words[i];
		}
	}
	k->n = kept ? kept : k->n;
	for (size_t i = 0; i < k->n; i++) {
		for (int l = 0; l < SEARCH_LANGS; l++) {
			k->stems[i][l] = search_stem(s, m, l, k->words[i]);
		}
	}
	search_stems_give(s);
	return k;
}

/* A letter or digit of a text as people write it. */
static bool is_letter(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
	       (cp >= 0xc0 && cp != 0xd7 && cp != 0xf7 && !(cp >= 0x2000 && cp < 0x2c00) && !(cp >= 0x3000 && cp < 0x3021));
}

static bool same_stem(const struct search_marks *k, size_t i, struct search_stems *s, struct mem *m, struct str word)
{
	struct str asked = k->words[i];

	if (word.n < 3 || asked.n < 3 || memcmp(word.p, asked.p, 2) != 0) {
		return false;
	}
	for (int l = 0; l < SEARCH_LANGS; l++) {
		if (str_eq(search_stem(s, m, l, word), k->stems[i][l])) {
			return true;
		}
	}
	return false;
}

static bool is_hit(const struct search_marks *k, struct search_stems *s, struct mem *m, struct str raw)
{
	struct mem_mark at = mem_mark(m);
	struct str word = fold(m, raw);
	bool hit = false;

	for (size_t i = 0; i < k->n && !hit; i++) {
		bool last = i + 1 == k->n;
		hit = str_eq(word, k->words[i]) || (last && k->words[i].n >= 2 && str_starts(word, k->words[i])) ||
		      same_stem(k, i, s, m, word);
	}
	mem_rewind(m, at);
	return hit;
}

/* Markdown's marks and the targets of links left out, white space as single spaces. */
static struct str plain(struct mem *m, struct str s)
{
	struct buf b = buf_make(m, s.n + 1);

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == ']' && i + 1 < s.n && s.p[i + 1] == '(') {
			while (i < s.n && s.p[i] != ')') {
				i++;
			}
			continue;
		}
		if (c == '*' || c == '#' || c == '`' || c == '|' || c == '[' || c == ']' || (c == '>' && (i == 0 || s.p[i - 1] == '\n'))) {
			continue;
		}
		c = c == '\n' || c == '\t' ? ' ' : c;
		if (c != ' ' || (b.n && b.p[b.n - 1] != ' ')) {
			buf_put_c(&b, c);
		}
	}
	return buf_str(&b);
}

struct cut {
	size_t from, n;
	bool word, hit;
};

/* The next run of letters, or of what stands between. */
static bool next_cut(struct str s, size_t *at, struct cut *c)
{
	size_t n;
	uint32_t cp;

	*c = (struct cut){.from = *at};
	while ((n = utf8_next(s, *at, &cp)) > 0) {
		bool letter = is_letter(cp);
		if (*at == c->from) {
			c->word = letter;
		} else if (letter != c->word) {
			break;
		}
		*at += n;
	}
	c->n = *at - c->from;
	return c->n > 0;
}

struct spans {
	struct search_span *p;
	size_t n, cap;
};

static void add_span(struct mem *m, struct spans *v, struct str text, bool hit)
{
	if (v->n && v->p[v->n - 1].hit == hit && v->p[v->n - 1].text.p + v->p[v->n - 1].text.n == text.p) {
		v->p[v->n - 1].text.n += text.n;
		return;
	}
	*vec_add(m, v) = (struct search_span){text, hit};
}

size_t search_mark(const struct search_marks *k, struct mem *m, struct str text, size_t max, struct search_span **out, bool *cut_before)
{
	VEC(struct cut) cuts = {0};
	struct spans spans = {0};
	struct search_stems *s = search_stems_take();
	struct str t = plain(m, text);
	struct cut c;
	size_t at = 0, first = 0, begin = 0, looked = 0;
	bool any = false;

	while (looked < LOOKED_AT && next_cut(t, &at, &c)) {
		if (c.word) {
			looked++;
			c.hit = is_hit(k, s, m, str_sub(t, c.from, c.n));
			if (c.hit && !any) {
				any = true;
				first = cuts.n;
			}
		}
		*vec_add(m, &cuts) = c;
		if (any && c.from > cuts.p[first].from + max) {
			break;
		}
	}
	search_stems_give(s);
	if (any && cuts.p[first].from + cuts.p[first].n > max) { /* begin a little before the first hit, at a word */
		begin = first;
		while (begin > 0 && cuts.p[first].from - cuts.p[begin].from < BEFORE) {
			begin--;
		}
		begin += !cuts.p[begin].word;
	}
	*cut_before = begin > 0;
	for (size_t i = begin, n = 0; i < cuts.n && n + cuts.p[i].n <= max; i++) {
		n += cuts.p[i].n;
		add_span(m, &spans, str_sub(t, cuts.p[i].from, cuts.p[i].n), cuts.p[i].hit);
	}
	*out = spans.p;
	return spans.n;
}

bool search_hits(const struct search_marks *k, struct mem *m, struct str text)
{
	struct search_stems *s = search_stems_take();
	struct cut c;
	size_t at = 0, looked = 0;
	bool hit = false;

	while (!hit && looked < LOOKED_AT && next_cut(text, &at, &c)) {
		looked += c.word;
		hit = c.word && is_hit(k, s, m, str_sub(text, c.from, c.n));
	}
	search_stems_give(s);
	return hit;
}
