/*
 * Names for things.
 */
#include "id.h"

#include "buf.h"
#include "fold.h"
#include "limits.h"
#include "rand.h"
#include "utf8.h"

/* From U+0621 on, after folding; NULL where folding leaves no such letter. */
static const char *const arabic[] = {
	"",  NULL, NULL, NULL, NULL, NULL, "a", "b",  NULL, "t", "th", "j",  "h",  "kh", "d", "dh", "r", "z", "s", "sh", "s",
	"d", "t",  "z",  "a",  "gh", NULL, NULL, NULL, NULL, NULL, NULL, "f", "q",  "k",  "l", "m",  "n", "h", "w", NULL, "y",
};

static const char *latin_of(uint32_t cp)
{
	if (cp >= 0x621 && cp < 0x621 + COUNT(arabic)) {
		return arabic[cp - 0x621];
	}
	switch (cp) {
	case 0x67e: return "p";
	case 0x686: return "ch";
	case 0x698: return "zh";
	case 0x6af: return "g";
	default: return NULL;
	}
}

static void put_joined(struct buf *b, struct str part, bool *gap)
{
	if (part.n > 0) {
		if (*gap && b->n > 0) {
			buf_put_c(b, '-');
		}
		buf_put(b, part);
		*gap = false;
	}
}

/* At most LIMIT_SLUG bytes, cut between words unless the first word alone is longer. */
static struct str cut_slug(struct str s)
{
	size_t n = LIMIT_SLUG;

	if (s.n <= LIMIT_SLUG) {
		return s;
	}
	while (n > 0 && s.p[n] != '-') {
		n--;
	}
	return (struct str){s.p, n > 0 ? n : LIMIT_SLUG};
}

struct str id_slug(struct mem *m, struct str title)
{
	struct buf b = buf_make(m, KIB(4));
	struct str s = fold(m, utf8_cut(title, LIMIT_SLUG * 8));
	bool gap = false;
	size_t len;
	uint32_t cp;

	for (size_t i = 0; i < s.n && b.n <= LIMIT_SLUG; i += len) {
		const char *as;

		len = utf8_next(s, i, &cp);
		as = latin_of(cp);
		if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9')) {
			put_joined(&b, str_sub(s, i, 1), &gap);
		} else if (as != NULL) {
			put_joined(&b, str_of(as), &gap);
		} else {
			gap = true;
		}
	}
	return cut_slug(buf_str(&b));
}

static struct str random_text(struct mem *m, const char *alphabet, size_t letters, size_t n)
{
	char *to = mem_get(m, n + 1);

	for (size_t i = 0; i < n; i++) {
		to[i] = alphabet[rand_below(letters)];
	}
	return (struct str){to, n};
}

struct str id_short(struct mem *m)
{
	static const char alphabet[] = "bcdfghjkmnpqrstvwxz23456789";

	return random_text(m, alphabet, sizeof(alphabet) - 1, 8);
}

struct str id_token(struct mem *m)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

	return random_text(m, alphabet, sizeof(alphabet) - 1, 32);
}
