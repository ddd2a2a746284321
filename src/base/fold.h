/*
 * The one comparison for people's words: case, accents and the small differences of typing removed, in every script. What is
 * searched or sorted is stored folded beside the original.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "str.h"

/*
 * Folded text in the arena: compatibility forms decomposed, marks stripped, case folded; ligatures and barred letters
 * spelt out (oe, ae, ss, o, l, d); Arabic forms of alef, yeh and teh marbuta unified, vowel signs and tatweel removed, Arabic
 * and Persian digits as 0-9; apostrophes, quotes and hyphens as ASCII; invisible characters removed; white space collapsed
 * and trimmed. Folding twice changes nothing. Bytes that are not UTF-8 are left out. STR_NONE stays STR_NONE.
 */
struct str fold(struct mem *m, struct str s);

#endif
