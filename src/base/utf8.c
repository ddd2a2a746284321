/*
 * UTF-8 at the border. Most text is ASCII or Latin and already normal, so the common path looks at each byte once and
 * copies nothing.
 */
#include "utf8.h"

#include <utf8proc.h>

size_t utf8_next(struct str s, size_t at, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	size_t left = at < s.n ? s.n - at : 0, n;
	uint32_t v, least;

	if (left == 0) {
		return 0;
	}
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] < 0xe0) {
		n = 2;
		v = p[0] & 0x1f;
		least = 0x80;
	} else if (p[0] >= 0xe0 && p[0] < 0xf0) {
		n = 3;
		v = p[0] & 0x0f;
		least = 0x800;
	} else if (p[0] >= 0xf0 && p[0] < 0xf5) {
		n = 4;
		v = p[0] & 0x07;
		least = 0x10000;
	} else {
		return 0;
	}
	if (left < n) {
		return 0;
	}
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			return 0;
		}
		v = v << 6 | (p[i] & 0x3f);
	}
	if (v < least || v > 0x10ffff || (v >= 0xd800 && v < 0xe000)) {
		return 0;
	}
	*cp = v;
	return n;
}

/* Bytes of plain ASCII from `at`, eight at a time. */
static size_t ascii_run(struct str s, size_t at)
{
	size_t i = at;
	uint64_t w;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&w, s.p + i, 8);
		if ((w & 0x8080808080808080u) != 0) {
			break;
		}
	}
	while (i < s.n && (unsigned char)s.p[i] < 0x80) {
		i++;
	}
	return i - at;
}

bool utf8_ok(struct str s)
{
	size_t i = 0, n;
	uint32_t cp;

	while (i < s.n) {
		i += ascii_run(s, i);
		if (i == s.n) {
			break;
		}
		n = utf8_next(s, i, &cp);
		if (n == 0) {
			return false;
		}
		i += n;
	}
	return true;
}

size_t utf8_put(char to[4], uint32_t cp)
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000)) {
		cp = UTF8_REPLACEMENT;
	}
	if (cp < 0x80) {
		to[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		to[0] = (char)(0xc0 | cp >> 6);
		to[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		to[0] = (char)(0xe0 | cp >> 12);
		to[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		to[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | cp >> 18);
	to[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	to[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	to[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

size_t utf8_len(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	}
	return n;
}

struct str utf8_cut(struct str s, size_t max)
{
	if (s.n <= max) {
		return s;
	}
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80) {
		max--;
	}
	return (struct str){s.p, max};
}

/* What the first look finds out. */
struct look {
	bool bad;    /* not UTF-8 */
	bool drop;   /* something is to be removed or replaced */
	bool bidi;   /* it has direction controls */
	bool denorm; /* it may not be NFC: something from U+0300 on */
};

static bool is_bidi(uint32_t cp)
{
	return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

/* Control characters, byte-order marks, noncharacters; and line ends that are not ours. */
static bool is_dropped(uint32_t cp)
{
	if (cp < 0xa0) {
		return (cp < 0x20 && cp != '\n' && cp != '\t') || cp >= 0x7f;
	}
	return cp == 0x2028 || cp == 0x2029 || cp == 0xfeff || (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
}

static struct look look_at(struct str s)
{
	struct look l = {0};
	size_t i = 0, n;
	uint32_t cp;

	while (i < s.n) {
		n = utf8_next(s, i, &cp);
		if (n == 0) {
			l.bad = true;
			return l;
		}
		l.drop |= is_dropped(cp);
		l.denorm |= cp >= 0x300;
		l.bidi |= is_bidi(cp);
		i += n;
	}
	return l;
}

/* Removes what is_dropped() names and makes every line end a \n; writes to `to`, which is as long as `s`. */
static struct str drop(struct str s, char *to)
{
	size_t n = 0, len;
	uint32_t cp;

	for (size_t i = 0; i < s.n; i += len) {
		len = utf8_next(s, i, &cp);
		if (cp == '\r' || cp == 0x2028 || cp == 0x2029) {
			if (cp != '\r' || i + 1 >= s.n || s.p[i + 1] != '\n') {
				to[n++] = '\n';
			}
		} else if (!is_dropped(cp)) {
			memmove(to + n, s.p + i, len);
			n += len;
		}
	}
	return (struct str){to, n};
}

/* NFC. utf8proc works in an array of code points, which is then rewritten in place as UTF-8. */
static enum err normalise(struct mem *m, struct str *s)
{
	const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	utf8proc_ssize_t cap = (utf8proc_ssize_t)s->n + 8, n;
	utf8proc_int32_t *cps = mem_array(m, utf8proc_int32_t, (size_t)cap + 1);

	n = utf8proc_decompose((const utf8proc_uint8_t *)s->p, (utf8proc_ssize_t)s->n, cps, cap, how);
	if (n > cap) {
		cap = n;
		cps = mem_array(m, utf8proc_int32_t, (size_t)cap + 1);
		n = utf8proc_decompose((const utf8proc_uint8_t *)s->p, (utf8proc_ssize_t)s->n, cps, cap, how);
	}
	if (n < 0) {
		return E_INVALID;
	}
	n = utf8proc_reencode(cps, n, how);
	if (n < 0) {
		return E_INVALID;
	}
	*s = (struct str){(const char *)cps, (size_t)n};
	return OK;
}

#define BIDI_DEPTH 60

/* Direction controls that are open, in the line being read. */
struct bidi {
	size_t at[BIDI_DEPTH]; /* where each opened */
	bool isolate[BIDI_DEPTH];
	bool override[BIDI_DEPTH];
	size_t n;
};

/* All direction controls are three bytes long; a removed one is marked by NUL bytes, which clean text has none of. */
static void strike(char *p, size_t at)
{
	memset(p + at, 0, 3);
}

static void bidi_close(struct bidi *b, char *p, size_t at, bool isolate)
{
	size_t i = b->n;

	/* an isolate's end also ends what was left open inside it; an embedding's end never reaches out of its isolate */
	while (i > 0 && b->isolate[i - 1] != isolate) {
		if (!isolate) {
			break;
		}
		i--;
	}
	if (i == 0 || b->isolate[i - 1] != isolate) {
		strike(p, at);
		return;
	}
	while (b->n > i) {
		strike(p, b->at[--b->n]);
	}
	b->n--;
	if (b->override[b->n]) {
		strike(p, b->at[b->n]);
		strike(p, at);
	}
}

static void bidi_line_end(struct bidi *b, char *p)
{
	while (b->n > 0) {
		strike(p, b->at[--b->n]);
	}
}

static struct str balance(struct mem *m, struct str s)
{
	char *p = mem_get(m, s.n + 1);
	struct bidi b = {.n = 0};
	size_t n = 0, len;
	uint32_t cp;

	memcpy(p, s.p, s.n);
	for (size_t i = 0; i < s.n; i += len) {
		len = utf8_next(s, i, &cp);
		if (cp == '\n') {
			bidi_line_end(&b, p);
		} else if (cp == 0x202c || cp == 0x2069) {
			bidi_close(&b, p, i, cp == 0x2069);
		} else if (is_bidi(cp)) {
			if (b.n == BIDI_DEPTH) {
				strike(p, i);
				continue;
			}
			b.at[b.n] = i;
			b.isolate[b.n] = cp >= 0x2066;
			b.override[b.n] = cp == 0x202d || cp == 0x202e;
			b.n++;
		}
	}
	bidi_line_end(&b, p);
	for (size_t i = 0; i < s.n; i++) {
		if (p[i] != '\0') {
			p[n++] = p[i];
		}
	}
	return (struct str){p, n};
}

enum err utf8_clean(struct mem *m, struct str in, struct str *out)
{
	struct look l = look_at(in);

	if (l.bad) {
		return E_INVALID;
	}
	if (l.drop) {
		in = drop(in, mem_get(m, in.n + 1));
	}
	if (l.denorm) {
		TRY(normalise(m, &in));
	}
	*out = l.bidi ? balance(m, in) : in;
	return OK;
}

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || cp == '\n' || cp == '\t' || cp == 0xa0 || cp == 0x3000;
}

enum err utf8_clean_line(struct mem *m, struct str in, struct str *out)
{
	size_t n = 0, len;
	bool gap = false;
	uint32_t cp;
	char *to;

	TRY(utf8_clean(m, in, &in));
	if (in.p == NULL) {
		*out = in;
		return OK;
	}
	to = mem_get(m, in.n + 1);
	for (size_t i = 0; i < in.n; i += len) {
		len = utf8_next(in, i, &cp);
		/* a single no-break space between words is meant (French punctuation) and stays */
		if (is_blank(cp) && !(cp == 0xa0 && n > 0 && !gap)) {
			gap = n > 0;
			continue;
		}
		if (gap) {
			to[n++] = ' ';
			gap = false;
		}
		memcpy(to + n, in.p + i, len);
		n += len;
	}
	while (n >= 2 && memcmp(to + n - 2, "\xc2\xa0", 2) == 0) {
		n -= 2;
	}
	*out = (struct str){to, n};
	return OK;
}
