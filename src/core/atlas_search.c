/*
 * Searching as one types. The keys are sorted, so that a beginning is one run of them; beside each key stands one word with
 * the territory, its rank, its level and what the key is to it, so that the best of a long run are picked without looking
 * anything up. When the text as a whole finds nothing, what tells namesakes apart is split off: a postal code or the number
 * of a département at either end, a part after a comma or in parentheses. Last, one slip of the finger is forgiven.
 */
#include "../base/buf.h"
#include "../base/limits.h"

#include "atlas_data.h"
#include "atlas_words.h"

#define HITS_MAX 100
#define EXACT 700
#define NEAR 400
#define BY_CODE 1500

struct seek {
	atlas_id first, last;           /* the country to stay within */
	atlas_id near_first, near_last; /* the country whose places come first */
	uint32_t levels;
	struct str number; /* beginning of a postal code or of a code; NULL p for none */
	atlas_id within;   /* 0 for none */
	struct atlas_hit *hits;
	size_t n, max;
};

/* ---- the keys ---- */

/* Compares a whole key with the text. */
static int compare_key(const uint8_t *key, size_t n, struct str text)
{
	return str_cmp((struct str){(const char *)key, n}, text);
}

/* The position of the first key that is not before `text`. */
static uint32_t key_place(struct str text)
{
	const struct atlas_file *f = &atlas_file;
	uint8_t key[256];
	uint32_t lo = 0, hi = f->n_blocks, at;
	const uint8_t *p;
	size_t n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		p = f->keys + f->blocks[mid];
		if (compare_key(p + 1, p[0], text) < 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	if (lo == 0) {
		return 0;
	}
	/* it may be inside the block before */
	at = (lo - 1) * ATLAS_KEY_BLOCK;
	p = f->keys + f->blocks[lo - 1];
	n = p[0];
	memcpy(key, p + 1, n);
	p += 1 + n;
	for (at++; at < lo * ATLAS_KEY_BLOCK && at < f->n_keys; at++) {
		n = (size_t)p[0] + p[1];
		memcpy(key + p[0], p + 2, p[1]);
		p += 2 + p[1];
		if (compare_key(key, n, text) >= 0) {
			break;
		}
	}
	return at;
}

void atlas_keys_range(struct str key, bool whole, uint32_t *lo, uint32_t *hi)
{
	char end[256];

	*lo = *hi = 0;
	if (key.n == 0 || key.n > ATLAS_KEY_MAX || atlas_file.head == NULL) {
		return;
	}
	memcpy(end, key.p, key.n);
	/* no key has a zero byte, and no text in UTF-8 has 0xff */
	end[key.n] = whole ? '\0' : (char)0xff;
	*lo = key_place(key);
	*hi = key_place((struct str){end, key.n + 1});
}

/* ---- the best ---- */

static int64_t population_of(atlas_id id)
{
	uint32_t p = atlas_file.recs[id].population;

	return p == ATLAS_UNKNOWN ? -1 : (int64_t)p;
}

static bool better(const struct atlas_hit *a, const struct atlas_hit *b)
{
	int64_t pa, pb;

	if (a->score != b->score) {
		return a->score > b->score;
	}
	pa = population_of(a->id);
	pb = population_of(b->id);
	return pa != pb ? pa > pb : a->id < b->id;
}

static bool has_number(atlas_id id, struct str number)
{
	struct str codes = atlas_postal_codes(id);

	if (number.p == NULL || str_starts(atlas_text(atlas_file.recs[id].code), number)) {
		return true;
	}
	while (codes.p != NULL) {
		if (str_starts(str_cut(&codes, ','), number)) {
			return true;
		}
	}
	return false;
}

/* Puts a hit in its place among the best so far, each territory once. */
static void keep(struct seek *s, struct atlas_hit hit)
{
	size_t i;

	if (s->n == s->max && !better(&hit, &s->hits[s->n - 1])) {
		return;
	}
	if (!has_number(hit.id, s->number) || (s->within != 0 && !atlas_is_within(hit.id, s->within))) {
		return;
	}
	for (i = 0; i < s->n; i++) {
		if (s->hits[i].id != hit.id) {
			continue;
		}
		if (!better(&hit, &s->hits[i])) {
			return;
		}
		memmove(&s->hits[i], &s->hits[i + 1], (s->n - i - 1) * sizeof(hit));
		s->n--;
		break;
	}
	i = s->n < s->max ? s->n++ : s->n - 1;
	for (; i > 0 && better(&hit, &s->hits[i - 1]); i--) {
		s->hits[i] = s->hits[i - 1];
	}
	s->hits[i] = hit;
}

static int score_of(const struct seek *s, uint32_t packed, bool exact, int malus)
{
	static const int by_kind[8] = {[KEY_NAME] = 0,   [KEY_VARIANT] = -20,        [KEY_OTHER] = -120,
	                               [KEY_POSTAL] = 0, [KEY_OTHER_VARIANT] = -150, [KEY_FORMER] = -250,
	                               [KEY_PART] = -500};
	atlas_id id = packed_id(packed);
	int score = packed_rank(packed) * 10 + by_kind[packed_kind(packed)] - malus;

	if (exact) {
		score += EXACT;
	}
	if (id >= s->near_first && id <= s->near_last) {
		score += NEAR;
	}
	return score;
}

/* Every key that begins with `key`; `prefix_only` counts those that are it as beginning with it, no more. */
static void seek_key(struct seek *s, struct str key, bool prefix_only, int malus)
{
	uint32_t lo, hi, whole_lo, whole_hi;

	atlas_keys_range(key, false, &lo, &hi);
	if (lo == hi) {
		return;
	}
	atlas_keys_range(key, true, &whole_lo, &whole_hi);
	for (uint32_t i = lo; i < hi; i++) {
		uint32_t packed = atlas_file.packed[i];
		atlas_id id = packed_id(packed);
		struct atlas_hit hit = {.id = id};

		if (!(s->levels & 1u << packed_level(packed)) || id < s->first || id > s->last) {
			continue;
		}
		hit.score = score_of(s, packed, !prefix_only && i >= whole_lo && i < whole_hi, malus);
		if (s->n < s->max || hit.score >= s->hits[s->n - 1].score) {
			hit.matched = atlas_text(atlas_file.shown[i]);
			keep(s, hit);
		}
	}
}

/* A code, written in any case: never a prefix of one. */
static void seek_code(struct seek *s, struct str text)
{
	char up[20];
	struct atlas_hit hit = {.score = BY_CODE};
	uint32_t level;

	if (text.n == 0 || text.n > sizeof(up)) {
		return;
	}
	for (size_t i = 0; i < text.n; i++) {
		up[i] = text.p[i] >= 'a' && text.p[i] <= 'z' ? (char)(text.p[i] - 32) : text.p[i];
	}
	hit.matched = text;
	hit.id = atlas_find((struct str){up, text.n});
	if (hit.id == 0 && (text.p[0] == 'g' || text.p[0] == 'G')) {
		up[0] = 'g';
		hit.id = atlas_find((struct str){up, text.n});
	}
	if (hit.id == 0) {
		return;
	}
	if (atlas_file.recs[hit.id].flags & ATLAS_FORMER) {
		hit.matched = atlas_text(atlas_file.recs[hit.id].name);
		hit.id = atlas_ext_of(hit.id)->now;
	} else {
		hit.matched = atlas_text(atlas_file.recs[hit.id].code);
	}
	level = atlas_file.recs[hit.id].level;
	/* two letters are more often the beginning of a name */
	if (level == ATLAS_COUNTRY) {
		hit.score = 400;
	}
	if ((s->levels & 1u << level) && hit.id >= s->first && hit.id <= s->last) {
		keep(s, hit);
	}
}

/* The words as typed; the last one may be whole ("st" for Saint) or begun ("st" for Strasbourg). */
static void seek_words(struct seek *s, struct mem *m, struct str words, bool ended)
{
	struct str key = atlas_words_key(m, words, !ended), whole = atlas_words_key(m, words, false);
	struct str bare = atlas_bare(key);

	seek_key(s, key, false, 0);
	if (!str_eq(key, whole)) {
		seek_key(s, whole, true, 0);
	}
	if (bare.n < key.n && s->n < s->max) {
		seek_key(s, bare, false, 150);
	}
}

/* ---- what tells namesakes apart ---- */

static bool is_number_like(struct str w)
{
	return (w.n == 5 || w.n == 3 || w.n == 2) &&
	       (atlas_is_number(w) || (w.n == 2 && w.p[0] == '2' && (w.p[1] == 'a' || w.p[1] == 'b')));
}

/* "26400 crest", "crest 26", "ajaccio 2a": a postal code or the number of a département beside the name. */
static void seek_numbered(struct seek *s, struct mem *m, struct str words)
{
	ptrdiff_t gap = str_chr(words, ' ');
	struct str number, rest;
	char up[5];

	if (gap <= 0) {
		return;
	}
	number = str_sub(words, 0, (size_t)gap);
	rest = str_sub(words, (size_t)gap + 1, words.n);
	if (!is_number_like(number)) {
		size_t at = words.n;

		while (words.p[at - 1] != ' ') {
			at--;
		}
		number = str_sub(words, at, words.n);
		rest = str_sub(words, 0, at - 1);
	}
	if (!is_number_like(number)) {
		return;
	}
	for (size_t i = 0; i < number.n && i < sizeof up; i++) {
		up[i] = number.p[i] >= 'a' ? (char)(number.p[i] - 32) : number.p[i];
	}
	s->number = (struct str){up, number.n};
	seek_words(s, m, rest, true);
	s->number = STR_NONE;
}

/* "Valence (Drôme)", "Springfield, Illinois": the largest places with the second name that contain one with the first. */
static void seek_inside(struct seek *s, struct mem *m, struct str text)
{
	size_t at = text.n;
	struct atlas_hit around[4];
	struct seek outer = {.last = ATLAS_ID_MAX, .hits = around, .max = COUNT(around)};
	struct str words;

	while (at > 0 && text.p[at - 1] != ',' && text.p[at - 1] != '(') {
		at--;
	}
	if (at == 0) {
		return;
	}
	outer.levels = 1u << ATLAS_COUNTRY | 1u << ATLAS_REGION | 1u << ATLAS_DEPARTEMENT | 1u << ATLAS_EPCI |
	               1u << ATLAS_COMMUNE;
	outer.near_first = s->near_first;
	outer.near_last = s->near_last;
	seek_words(&outer, m, atlas_words(m, str_sub(text, at, text.n)), false);
	words = atlas_words(m, str_sub(text, 0, at - 1));
	for (size_t i = 0; i < outer.n && s->n < s->max; i++) {
		s->within = around[i].id;
		seek_words(s, m, words, true);
	}
	s->within = 0;
}

/* ---- a slip of the finger ---- */

static bool any_key(const char *text, size_t n)
{
	uint32_t lo, hi;

	atlas_keys_range((struct str){text, n}, false, &lo, &hi);
	return lo < hi;
}

static void seek_if_any(struct seek *s, const char *text, size_t n)
{
	if (any_key(text, n)) {
		seek_key(s, (struct str){text, n}, false, 300);
	}
}

/* The key with one letter at `at` dropped, swapped with the next, replaced or added. */
static void seek_slip(struct seek *s, struct str key, size_t at)
{
	char text[ATLAS_KEY_MAX + 1];

	memcpy(text, key.p, at);
	memcpy(text + at, key.p + at + 1, key.n - at - 1);
	seek_if_any(s, text, key.n - 1);
	memcpy(text, key.p, key.n);
	if (at + 1 < key.n) {
		text[at] = key.p[at + 1];
		text[at + 1] = key.p[at];
		seek_if_any(s, text, key.n);
		text[at + 1] = key.p[at + 1];
	}
	for (char c = 'a'; c <= 'z'; c++) {
		text[at] = c;
		seek_if_any(s, text, key.n);
	}
	memcpy(text + at + 1, key.p + at, key.n - at);
	for (char c = 'a'; c <= 'z'; c++) {
		text[at] = c;
		seek_if_any(s, text, key.n + 1);
	}
}

/* When no key begins so: the slip is where the keys stop agreeing, or a little before. */
static void seek_slips(struct seek *s, struct str key)
{
	size_t agree = 0, over = key.n;

	if (key.n < 5 || key.n >= ATLAS_KEY_MAX) {
		return;
	}
	while (over - agree > 1) {
		size_t mid = agree + (over - agree) / 2;

		if (any_key(key.p, mid)) {
			agree = mid;
		} else {
			over = mid;
		}
	}
	for (size_t at = agree > 4 ? agree - 3 : 1; at <= agree && at < key.n; at++) {
		seek_slip(s, key, at);
	}
}

size_t atlas_search(const struct atlas_query *q, struct atlas_hit *out, size_t max)
{
	struct seek s = {.last = ATLAS_ID_MAX, .near_first = 1, .hits = out, .max = max < HITS_MAX ? max : HITS_MAX};
	const struct atlas_country *country = atlas_country_of(q->country), *near = atlas_country_of(q->near_country);
	struct str text = str_sub(q->text, 0, LIMIT_ATLAS_QUERY), words;
	struct mem *m;
	char end;

	if (str_empty(text) || s.max == 0 || atlas_file.head == NULL || (q->country.p != NULL && country == NULL)) {
		return 0;
	}
	s.levels = q->levels != 0 ? q->levels : ~0u;
	if (country != NULL) {
		s.first = country->first;
		s.last = country->last;
	}
	if (near != NULL) {
		s.near_first = near->first;
		s.near_last = near->last;
	}
	m = mem_open();
	words = atlas_words(m, text);
	end = text.p[text.n - 1];
	if (words.n > 0) {
		seek_words(&s, m, words, end == ' ' || end == '-');
		seek_code(&s, str_trim(text));
		if (s.n == 0) {
			seek_numbered(&s, m, words);
		}
		if (s.n == 0) {
			seek_inside(&s, m, text);
		}
		if (s.n == 0 && !atlas_is_number(words)) {
			seek_slips(&s, atlas_words_key(m, words, true));
		}
	}
	mem_close(m);
	return s.n;
}
