/*
 * Text: a pointer and a length, immutable, not terminated, passed by value. A NULL pointer is "no value" (SQL NULL), which
 * is not the same as empty text. A str borrows: it lives as long as the arena or literal it points into.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base.h"
#include "mem.h"

struct str {
	const char *p;
	size_t n;
};

/* A str from a literal (not from a pointer: it would not compile). */
#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})
/* The same where a constant initialiser is needed. */
#define S_INIT(lit) {"" lit, sizeof(lit) - 1}
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""
/* No value. */
#define STR_NONE ((struct str){NULL, 0})

/* Markup we made or sanitised: written raw in text, refused in attributes. Made only by html/ and generated templates. */
struct html {
	struct str s;
};

/* A parsed address with an allowed scheme, or a path of our own. Made only by url_* and link_to(). */
struct url {
	struct str s;
};

/* JSON made by our writer (base/json.h), for <script type="application/json">. */
struct json_text {
	struct str s;
};

/* No markup, and no address. */
#define URL_NONE ((struct url){STR_NONE})

/* Something that is never printed: no writer takes it. Wiped by secret_done(). */
struct secret {
	char *p;
	size_t n;
};

/* A str over a C string; NULL gives STR_NONE. Borrowed. */
struct str str_of(const char *c);
/* A terminated copy for a foreign border, and nowhere else. NULL p gives "". */
const char *str_c(struct mem *m, struct str s);
/* A copy in the arena. */
struct str str_dup(struct mem *m, struct str s);
/* Formatted text in the arena. */
struct str str_fmt(struct mem *m, const char *fmt, ...) PRINTF(2, 3);
/* Bytes from `from` (clamped) of at most `n` bytes. */
struct str str_sub(struct str s, size_t from, size_t n);

/* The same bytes; no value equals only no value. */
bool str_eq(struct str a, struct str b);
/* ASCII letters of either case compare equal: for protocol words, never for people's words (fold.h does those). */
bool str_ieq(struct str a, struct str b);
/* Byte order, shorter first on a common prefix; <0, 0, >0. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* True for no value and for empty text. */
bool str_empty(struct str s);
/* Position of the first `c` or of the first `needle`; -1 when absent. */
ptrdiff_t str_chr(struct str s, char c);
ptrdiff_t str_find(struct str s, struct str needle);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Cuts `*rest` at the first `sep`: returns what is before it and leaves what is after; at the end leaves STR_NONE.
 * while (rest.p) { part = str_cut(&rest, ','); … } */
struct str str_cut(struct str *rest, char sep);
/* Lower case of ASCII letters only, in the arena. */
struct str str_lower(struct mem *m, struct str s);

/* A decimal integer, whole text, optional sign; false when it is not one or does not fit. */
bool str_to_i64(struct str s, int64_t *out);
/* A decimal number with '.' and optional exponent, whole text, finite; locale-free. */
bool str_to_double(struct str s, double *out);

/* 64-bit hash for tables in memory (FNV-1a); not for anything an attacker profits from. */
uint64_t str_hash(struct str s);

#endif
