/*
 * Keys: what makes two spellings of a place name equal. The same rules, in the same order, as tools/atlas/fold.mjs, on top
 * of base/fold.h; a test compares both over every key of the file.
 */
#include "../base/buf.h"
#include "../base/fold.h"
#include "../base/limits.h"
#include "../base/utf8.h"

#include "atlas.h"
#include "atlas_words.h"

/* Letters that fold() keeps and that people write in several ways; "" removes. */
static const struct letter {
	uint32_t cp;
	const char *as;
} letters[] = {
        {0x014b, "n"       },
        {0x0259, "e"       },
        {0x0621, ""        },
        {0x067e, "\xd8\xa8"},
        {0x0686, "\xd8\xac"},
        {0x0698, "\xd8\xb2"},
        {0x06a4, "\xd9\x81"},
        {0x06af, "\xd9\x83"},
        {0x06be, "\xd9\x87"},
        {0x06c0, "\xd9\x87"},
        {0x06d0, "\xd9\x8a"},
        {0x06d5, "\xd9\x87"},
};

/* What parts words; letters of other scripts are kept as they are. */
static bool is_break(uint32_t c)
{
	if (c < 0x80) {
		return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
	}
	return c <= 0xbf || c == 0xd7 || c == 0xf7 || (c >= 0x2b0 && c <= 0x2ff) || (c >= 0x2010 && c <= 0x2029) ||
	       (c >= 0x2030 && c <= 0x205f) || c == 0x60c || c == 0x61b || c == 0x61f || (c >= 0x66a && c <= 0x66d) ||
	       c == 0x6d4 || (c >= 0x3000 && c <= 0x303f);
}

static void put_letter(struct buf *b, uint32_t cp)
{
	char to[4];

	for (size_t i = 0; i < COUNT(letters); i++) {
		if (letters[i].cp == cp) {
			buf_put(b, str_of(letters[i].as));
			return;
		}
	}
	buf_put_bytes(b, to, utf8_put(to, cp));
}

struct str atlas_words(struct mem *m, struct str name)
{
	struct str f = fold(m, name);
	struct buf b = buf_make(m, f.n + 8);
	size_t i = 0, len;
	uint32_t cp;

	while (i < f.n) {
		len = utf8_next(f, i, &cp);
		if (len == 0) {
			break;
		}
		if (!is_break(cp)) {
			put_letter(&b, cp);
		} else if (b.n > 0 && b.p[b.n - 1] != ' ') {
			buf_put_c(&b, ' ');
		}
		i += len;
	}
	return str_trim(buf_str(&b));
}

struct str atlas_words_key(struct mem *m, struct str words, bool open)
{
	static const struct {
		struct str from, to;
	} whole[] = {
	        {S_INIT("st"),   S_INIT("saint")  },
	        {S_INIT("ste"),  S_INIT("sainte") },
	        {S_INIT("sts"),  S_INIT("saints") },
	        {S_INIT("stes"), S_INIT("saintes")},
	};
	struct buf b = buf_make(m, words.n * 3 + 16);
	struct str rest = words;
	bool first = true;

	if (words.n == 0) {
		return words;
	}
	while (rest.p != NULL) {
		struct str w = str_cut(&rest, ' ');
		bool last = rest.p == NULL;

		if (!first) {
			buf_put_c(&b, ' ');
		}
		if (!first && str_eq(w, S("lez"))) {
			w = S("les");
		} else if (!first && !last && str_eq(w, S("s"))) {
			w = S("sur");
		}
		for (size_t i = 0; !(last && open) && i < COUNT(whole); i++) {
			if (str_eq(w, whole[i].from)) {
				w = whole[i].to;
				break;
			}
		}
		buf_put(&b, w);
		first = false;
	}
	return buf_str(&b);
}

struct str atlas_key(struct mem *m, struct str name)
{
	return atlas_words_key(m, atlas_words(m, name), false);
}

struct str atlas_bare(struct str key)
{
	static const struct str articles[] = {S_INIT("le "),  S_INIT("la "),  S_INIT("les "), S_INIT("l "),
	                                      S_INIT("el "),  S_INIT("los "), S_INIT("las "), S_INIT("al "),
	                                      S_INIT("the "), S_INIT("o "),   S_INIT("os "),  S_INIT("as ")};
	/* alef lam, and at least three letters more */
	static const struct str al = S_INIT("\xd8\xa7\xd9\x84");

	for (size_t i = 0; i < COUNT(articles); i++) {
		if (str_starts(key, articles[i]) && key.n > articles[i].n) {
			return str_sub(key, articles[i].n, key.n);
		}
	}
	if (str_starts(key, al) && key.n >= al.n + 6 && key.p[al.n] != ' ') {
		return str_sub(key, al.n, key.n);
	}
	return key;
}

bool atlas_is_number(struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < '0' || word.p[i] > '9') {
			return false;
		}
	}
	return word.n > 0;
}
