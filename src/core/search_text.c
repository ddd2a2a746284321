/*
 * See search_text.h. Only this file knows libstemmer.
 */
#include <libstemmer.h>
#include <pthread.h>
#include <stdlib.h>

#include "../base/buf.h"
#include "../base/fold.h"
#include "../base/utf8.h"
#include "search_text.h"

/* ---- cutting --------------------------------------------------------------------------------------------------------- */

/* Beyond ASCII: what is neither letter nor digit, as far as people's texts have it. */
static bool is_gap(uint32_t cp)
{
	if (cp < 0x80) {
		return !((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9'));
	}
	return (cp < 0xc0 && cp != 0xaa && cp != 0xb5 && cp != 0xba) || cp == 0xd7 || cp == 0xf7 || (cp >= 0x2000 && cp < 0x2070) ||
	       (cp >= 0x20a0 && cp < 0x2c00) || (cp >= 0x2e00 && cp < 0x2e80) || (cp >= 0x3000 && cp < 0x3004) ||
	       (cp >= 0x3008 && cp < 0x3021) || (cp >= 0xe000 && cp < 0xf900) || (cp >= 0xfd3e && cp < 0xfd40) ||
	       (cp >= 0xfe00 && cp < 0xfe70) || (cp >= 0xff00 && cp < 0xff10) || (cp >= 0x1f000 && cp < 0x1fb00) || cp >= 0xe0000 ||
	       cp == 0x0964 || cp == 0x066a || cp == 0x066b || cp == 0x066c || cp == 0x06d4;
}

/* Written without spaces between words: each sign is taken for one. */
static bool is_sign(uint32_t cp)
{
	return (cp >= 0x3040 && cp < 0x3100) || (cp >= 0x3400 && cp < 0xa000) || (cp >= 0x20000 && cp < 0x30000);
}

/* The end of an address that begins at `at`; `at` if none does. */
static size_t skip_address(struct str s, size_t at)
{
	struct str rest = str_sub(s, at, s.n);

	if (!str_starts(rest, S("http://")) && !str_starts(rest, S("https://")) && !str_starts(rest, S("www."))) {
		return at;
	}
	while (at < s.n && s.p[at] != ' ' && s.p[at] != ')' && s.p[at] != '>') {
		at++;
	}
	return at;
}

void search_split(struct mem *m, struct str text, void (*fn)(void *arg, struct str word), void *arg)
{
	struct str s = fold(m, text);
	size_t begin = 0, at = 0, n;
	uint32_t cp;

	while (at < s.n) {
		if (at > begin && ((s.p[at] >= 'a' && s.p[at] <= 'z') || (s.p[at] >= '0' && s.p[at] <= '9'))) {
			at++;
			continue;
		}
		if (at == begin && (s.p[at] == 'h' || s.p[at] == 'w')) {
			begin = at = skip_address(s, at);
		}
		n = utf8_next(s, at, &cp);
		if (n == 0) {
			n = at < s.n ? 1 : 0;
			cp = ' ';
		}
		bool gap = is_gap(cp), sign = !gap && is_sign(cp);
		if ((gap || sign) && at > begin) {
			fn(arg, utf8_cut(str_sub(s, begin, at - begin), SEARCH_WORD_MAX));
		}
		if (sign) {
			fn(arg, str_sub(s, at, n));
		}
		if (gap || sign) {
			begin = at + n;
		}
		at += n;
		if (n == 0) {
			break;
		}
	}
	if (at > begin && begin < s.n) {
		fn(arg, utf8_cut(str_sub(s, begin, s.n - begin), SEARCH_WORD_MAX));
	}
}

/* ---- stems ----------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *code, *name;
} langs[SEARCH_LANGS] = {{"fr", "french"}, {"en", "english"}, {"es", "spanish"}, {"pt", "portuguese"}, {"ar", "arabic"}};
enum { ARABIC = 4 };

/* Stemmers have state: each user takes a set and gives it back, and there are as many as were ever wanted at once. */
struct search_stems {
	struct sb_stemmer *of[SEARCH_LANGS];
	struct mem *mem;     /* of `known`: as long as the program, like the stemmers */
	struct known *known;
	bool taken;
};

/* Words lately stemmed: texts say the same words again and again. */
enum { KNOWN = 8192, KNOWN_MAX = 28 };
struct known {
	uint8_t lang, word_n, stem_n; /* word_n 0: nothing here */
	char word[KNOWN_MAX], stem[KNOWN_MAX];
};

enum { SETS = 64 };
static struct search_stems sets[SETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct search_stems *search_stems_take(void)
{
	struct search_stems *s = NULL;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < SETS && !s; i++) {
		if (!sets[i].taken) {
			s = &sets[i];
			s->taken = true;
		}
	}
	pthread_mutex_unlock(&lock);
	for (int i = 0; s && i < SEARCH_LANGS; i++) {
		if (!s->of[i]) {
			s->of[i] = sb_stemmer_new(langs[i].name, NULL);
		}
	}
	if (s && !s->known) {
		s->mem = mem_open();
		s->known = mem_array(s->mem, struct known, KNOWN);
	}
	return s;
}

void search_stems_give(struct search_stems *s)
{
	if (s) {
		pthread_mutex_lock(&lock);
		s->taken = false;
		pthread_mutex_unlock(&lock);
	}
}

int search_lang(struct str code)
{
	for (int i = 0; i < SEARCH_LANGS; i++) {
		if (str_eq(code, str_of(langs[i].code))) {
			return i;
		}
	}
	return -1;
}

/* Arabic writes the article, and "with", "as", "to", "and" before it, in one with the word. */
static struct str without_article(struct str word)
{
	static const char *const heads[] = {"\xd9\x88\xd8\xa7\xd9\x84", "\xd8\xa8\xd8\xa7\xd9\x84", "\xd9\x83\xd8\xa7\xd9\x84",
					    "\xd9\x81\xd8\xa7\xd9\x84", "\xd8\xa7\xd9\x84", "\xd9\x84\xd9\x84"};

	for (size_t i = 0; i < COUNT(heads); i++) {
		struct str head = str_of(heads[i]);
		if (str_starts(word, head) && word.n >= head.n + 6) {
			return str_sub(word, head.n, word.n);
		}
	}
	return word;
}

static struct str stem_of(struct search_stems *s, struct mem *m, int lang, struct str word)
{
	const sb_symbol *out;
	int n;

	struct str bare = lang == ARABIC ? without_article(word) : word;
	out = sb_stemmer_stem(s->of[lang], (const sb_symbol *)bare.p, (int)bare.n);
	n = sb_stemmer_length(s->of[lang]);
	if (!out || n < 2 || (size_t)n > word.n || ((size_t)n == word.n && memcmp(out, word.p, word.n) == 0)) {
		return word;
	}
	return str_dup(m, (struct str){(const char *)out, (size_t)n});
}

struct str search_stem(struct search_stems *s, struct mem *m, int lang, struct str word)
{
	if (!s || lang < 0 || !s->of[lang] || word.n < 3) {
		return word;
	}
	struct known *k = word.n <= KNOWN_MAX ? &s->known[(str_hash(word) + (uint64_t)lang) % KNOWN] : NULL;
	if (k && k->word_n == word.n && k->lang == lang && memcmp(k->word, word.p, word.n) == 0) {
		struct str stem = {k->stem, k->stem_n};
		return str_eq(stem, word) ? word : str_dup(m, stem);
	}
	struct str stem = stem_of(s, m, lang, word);
	if (k && stem.n <= KNOWN_MAX) {
		*k = (struct known){.lang = (uint8_t)lang, .word_n = (uint8_t)word.n, .stem_n = (uint8_t)stem.n};
		memcpy(k->word, word.p, word.n);
		memcpy(k->stem, stem.p, stem.n);
	}
	return stem;
}

/* Marks are control characters, which no text of ours holds: U+0081..U+0085 for stems, then terms and titles. */
static struct str marked(struct mem *m, int mark, struct str s)
{
	char *p = mem_get(m, s.n + 2);

	p[0] = (char)0xc2;
	p[1] = (char)(0x81 + mark);
	if (s.n) {
		memcpy(p + 2, s.p, s.n);
	}
	return (struct str){p, s.n + 2};
}

struct str search_stem_token(struct mem *m, int lang, struct str stem)
{
	return marked(m, lang, stem);
}

struct str search_term_token(struct mem *m, struct str id)
{
	return marked(m, 16, id);
}

struct str search_in_title(struct mem *m, struct str token)
{
	return marked(m, 18, token);
}

static void add_word(void *arg, struct str word)
{
	buf_put(arg, word);
}

struct str search_title_token(struct mem *m, struct str title)
{
	struct buf b = buf_make(m, SEARCH_WORD_MAX * 8);

	search_split(m, title, add_word, &b);
	return b.n ? marked(m, 17, utf8_cut(buf_str(&b), SEARCH_WORD_MAX * 2)) : STR_NONE;
}

/* ---- words without meaning ------------------------------------------------------------------------------------------- */

/* Folded, sorted by bytes. */
static const char *const stops[] = {
	"a",    "al",   "an",   "and",  "ao",   "aos",  "as",   "at",   "au",   "aux",  "avec", "by",   "c",    "ce",
	"ces",  "com",  "con",  "cette", "d",   "da",   "dans", "das",  "de",   "del",  "des",  "do",   "dos",  "du",
	"e",    "el",   "em",   "en",   "entre", "es",  "est",  "et",   "for",  "from", "in",   "is",   "it",   "j",
	"l",    "la",   "las",  "le",   "les",  "leur", "lo",   "los",  "m",    "mais", "n",    "na",   "nas",  "no",
	"nos",  "o",    "of",   "on",   "or",   "os",   "ou",   "par",  "para", "pas",  "pela", "pelo", "por",  "pour",
	"qu",   "que",  "qui",  "s",    "se",   "ses",  "son",  "su",   "sur",  "t",    "that", "the",  "this", "to",
	"um",   "uma",  "un",   "una",  "une",  "with", "y",
	"\xd8\xa7\xd9\x84\xd9\x8a",         /* to */
	"\xd8\xa7\xd9\x86",                 /* that */
	"\xd8\xa7\xd9\x88",                 /* or */
	"\xd8\xb9\xd9\x84\xd9\x8a",         /* on */
	"\xd8\xb9\xd9\x86",                 /* about */
	"\xd9\x81\xd9\x8a",                 /* in */
	"\xd9\x85\xd8\xb9",                 /* with */
	"\xd9\x85\xd9\x86",                 /* from */
	"\xd9\x88",                         /* and */
};

bool search_is_stop(struct str word)
{
	for (size_t i = 0; i < COUNT(stops); i++) {
		if (str_eq(word, str_of(stops[i]))) {
			return true;
		}
	}
	return false;
}

bool search_is_word(struct str token)
{
	uint32_t cp;
	size_t n = utf8_next(token, 0, &cp);

	return token.n >= 3 && n && cp != 0 && !(cp >= '0' && cp <= '9') && !(cp >= 0x80 && cp < 0xa0) && !is_sign(cp);
}

/* ---- slips of the finger --------------------------------------------------------------------------------------------- */

struct str search_backwards(struct mem *m, struct str word)
{
	char *p = mem_get(m, word.n + 1);
	size_t at = 0, n;
	uint32_t cp;

	while ((n = utf8_next(word, at, &cp)) > 0) {
		memcpy(p + word.n - at - n, word.p + at, n);
		at += n;
	}
	return (struct str){p + (word.n - at), at};
}

static size_t letters(struct str s, uint32_t to[SEARCH_WORD_MAX])
{
	size_t at = 0, k = 0, n;

	while (k < SEARCH_WORD_MAX && (n = utf8_next(s, at, &to[k])) > 0) {
		at += n;
		k++;
	}
	return k;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

int search_distance(struct str a, struct str b, int max)
{
	uint32_t x[SEARCH_WORD_MAX], y[SEARCH_WORD_MAX];
	int rows[3][SEARCH_WORD_MAX + 1];
	int *before = rows[0], *last = rows[1], *now = rows[2];
	size_t n = letters(a, x), k = letters(b, y);

	if (abs((int)n - (int)k) > max) {
		return max + 1;
	}
	for (size_t j = 0; j <= k; j++) {
		last[j] = (int)j;
	}
	for (size_t i = 1; i <= n; i++) {
		int best = now[0] = (int)i;
		for (size_t j = 1; j <= k; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (x[i - 1] != y[j - 1]));
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
				now[j] = least(now[j], before[j - 2] + 1);
			}
			best = least(best, now[j]);
		}
		if (best > max) {
			return max + 1;
		}
		int *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[k] <= max ? last[k] : max + 1;
}
