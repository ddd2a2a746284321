/*
 * UTF-8: checked and brought to one form at the border, so that everything inside may take it for granted.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "err.h"
#include "str.h"

/* What stands for a character that cannot be shown. */
#define UTF8_REPLACEMENT 0xfffd

/* True when it is well-formed UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF. */
bool utf8_ok(struct str s);
/* The code point at byte `at` in `*cp`; returns its length in bytes, 0 at the end or where the bytes are not UTF-8. */
size_t utf8_next(struct str s, size_t at, uint32_t *cp);
/* Writes a code point, returns its length; what is none is written as U+FFFD. */
size_t utf8_put(char to[4], uint32_t cp);
/* Characters (code points) in valid text. */
size_t utf8_len(struct str s);
/* The longest beginning of at most `max` bytes that ends between two characters. */
struct str utf8_cut(struct str s, size_t max);

/*
 * People's text as we keep it: checked (E_INVALID when it is not UTF-8), normalised to NFC, line ends as \n, without control
 * characters other than \n and \t, without byte-order marks and noncharacters. Direction overrides are removed; embeddings
 * and isolates stay where they are balanced within their line and are removed otherwise, so that no text can turn
 * the words around it. The result may be the input itself.
 */
enum err utf8_clean(struct mem *m, struct str in, struct str *out) MUST_USE;

/* The same on one line: line ends and tabs become spaces, white space is collapsed and trimmed. */
enum err utf8_clean_line(struct mem *m, struct str in, struct str *out) MUST_USE;

#endif
