/*
 * Folding. utf8proc decomposes and strips; what Unicode does not call an accent or a case, but people do not type, is in the
 * table below.
 */
#include "fold.h"

#include <pthread.h>
#include <utf8proc.h>

#include "buf.h"
#include "utf8.h"

/* "" removes. */
static const struct spell {
	uint32_t cp;
	const char *as;
} spells[] = {
	{0x0060, "'"},  {0x00a0, " "},  {0x00ab, "\""}, {0x00ad, ""},   {0x00b4, "'"},   {0x00bb, "\""},
	{0x00c6, "ae"}, {0x00d0, "d"},  {0x00d8, "o"},  {0x00de, "th"}, {0x00df, "ss"},  {0x00e6, "ae"},
	{0x00f0, "d"},  {0x00f8, "o"},  {0x00fe, "th"}, {0x0110, "d"},  {0x0111, "d"},   {0x0126, "h"},
	{0x0127, "h"},  {0x0131, "i"},  {0x0141, "l"},  {0x0142, "l"},  {0x0152, "oe"},  {0x0153, "oe"},
	{0x0166, "t"},  {0x0167, "t"},  {0x02b9, "'"},  {0x02bb, "'"},  {0x02bc, "'"},   {0x02bf, "'"},
	{0x060c, ","},  {0x061b, ";"},  {0x061f, "?"},  {0x0640, ""},   {0x1e9e, "ss"},
	/* teh marbuta, alef maksura, alef wasla, keheh, heh goal, Farsi yeh */
	{0x0629, "\xd9\x87"}, {0x0649, "\xd9\x8a"}, {0x0671, "\xd8\xa7"}, {0x06a9, "\xd9\x83"},
	{0x06c1, "\xd9\x87"}, {0x06cc, "\xd9\x8a"},
	{0x2010, "-"},  {0x2011, "-"},  {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"},   {0x2015, "-"},
	{0x2018, "'"},  {0x2019, "'"},  {0x201a, "'"},  {0x201b, "'"},  {0x201c, "\""},  {0x201d, "\""},
	{0x201e, "\""}, {0x201f, "\""}, {0x2032, "'"},  {0x2033, "\""}, {0x2212, "-"},   {0xfe58, "-"},
	{0xfe63, "-"},  {0xff07, "'"},  {0xff0d, "-"},
};

static const char *spelt(uint32_t cp)
{
	if (cp < 0x60) {
		return NULL;
	}
	for (size_t i = 0; i < COUNT(spells); i++) {
		if (spells[i].cp == cp) {
			return spells[i].as;
		}
	}
	return NULL;
}

static bool is_space(uint32_t cp)
{
	return cp == ' ' || (cp >= 9 && cp <= 13) || cp == 0x85 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) ||
	       cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

/* Joiners, direction marks, byte-order marks, variation selectors: seen by no one. */
static bool is_invisible(uint32_t cp)
{
	return (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) ||
	       cp == 0xfeff || cp == 0x061c || (cp >= 0xfe00 && cp <= 0xfe0f) || cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

static void put_word(struct buf *b, struct str s)
{
	/* one space for a gap, none at the start */
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != ' ') {
			buf_put_c(b, s.p[i]);
		} else if (b->n > 0 && b->p[b->n - 1] != ' ') {
			buf_put_c(b, ' ');
		}
	}
}

/* One code point after decomposition and case folding. */
static void put_simple(struct buf *b, uint32_t cp)
{
	const char *as = spelt(cp);
	char to[4];

	if (as != NULL) {
		put_word(b, str_of(as));
	} else if (is_space(cp)) {
		put_word(b, S(" "));
	} else if (cp >= 0x660 && cp <= 0x669) {
		buf_put_c(b, (char)('0' + (cp - 0x660)));
	} else if (cp >= 0x6f0 && cp <= 0x6f9) {
		buf_put_c(b, (char)('0' + (cp - 0x6f0)));
	} else if (!is_invisible(cp)) {
		buf_put_bytes(b, to, utf8_put(to, cp));
	}
}

static void put_folded(struct buf *b, uint32_t cp)
{
	const utf8proc_option_t how =
	    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;
	utf8proc_int32_t parts[32];
	utf8proc_ssize_t n;
	int boundary = 0;

	if (cp < 0x60 || spelt(cp) != NULL || is_space(cp)) {
		put_simple(b, cp);
		return;
	}
	n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, (utf8proc_ssize_t)COUNT(parts), how, &boundary);
	for (utf8proc_ssize_t i = 0; i < n && i < (utf8proc_ssize_t)COUNT(parts); i++) {
		put_simple(b, (uint32_t)parts[i]);
	}
}

/* What Latin, Greek, Cyrillic, Hebrew and Arabic letters fold to, worked out once: texts are made of them. */
enum { KNOWN_FROM = 0x80, KNOWN_TO = 0x800, KNOWN_MAX = 6 };
static struct known {
	uint8_t n; /* past KNOWN_MAX: not here */
	char to[KNOWN_MAX + 1];
} known[KNOWN_TO - KNOWN_FROM];
static pthread_once_t known_once = PTHREAD_ONCE_INIT;

static void make_known(void)
{
	struct mem *m = mem_open();

	for (uint32_t cp = KNOWN_FROM; cp < KNOWN_TO; cp++) {
		struct known *k = &known[cp - KNOWN_FROM];
		struct buf b = buf_make(m, 256);

		buf_put_c(&b, 'x'); /* so that spaces show */
		put_folded(&b, cp);
		k->n = b.n - 1 <= KNOWN_MAX && memchr(b.p, ' ', b.n) == NULL ? (uint8_t)(b.n - 1) : KNOWN_MAX + 1;
		if (k->n <= KNOWN_MAX) {
			memcpy(k->to, b.p + 1, k->n);
		}
		mem_reset(m);
	}
	mem_close(m);
}

/* Appends what an ASCII character folds to. */
static void put_ascii(struct buf *b, char c)
{
	if (c >= 'A' && c <= 'Z') {
		buf_put_c(b, (char)(c + ('a' - 'A')));
	} else if (c > ' ' && c < 0x7f && c != '`') {
		buf_put_c(b, c);
	} else {
		put_simple(b, (uint32_t)(unsigned char)c);
	}
}

struct str fold(struct mem *m, struct str s)
{
	/* the longest expansion known is one of 3 bytes to 33 */
	struct buf b = buf_make(m, s.n * 12 + 16);
	size_t i = 0, len;
	uint32_t cp;

	if (s.p == NULL) {
		return STR_NONE;
	}
	pthread_once(&known_once, make_known);
	buf_room(&b, s.n + 1);
	while (i < s.n) {
		if ((unsigned char)s.p[i] < 0x80) {
			put_ascii(&b, s.p[i++]);
			continue;
		}
		len = utf8_next(s, i, &cp);
		i += len > 0 ? len : 1;
		if (len == 2 && known[cp - KNOWN_FROM].n <= KNOWN_MAX) {
			buf_put_bytes(&b, known[cp - KNOWN_FROM].to, known[cp - KNOWN_FROM].n);
		} else if (len > 0) {
			put_folded(&b, cp);
		}
	}
	while (b.n > 0 && b.p[b.n - 1] == ' ') {
		b.n--;
	}
	return buf_str(&b);
}
