/*
 * Names for things: readable ones for addresses, random ones for what must not be guessed.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "str.h"

/*
 * The readable part of an address: folded, letters and digits of ASCII joined by '-', Arabic letters transliterated, at most
 * LIMIT_SLUG bytes cut between words. Empty when nothing remains: then use id_short().
 */
struct str id_slug(struct mem *m, struct str title);
/* Eight random characters that are easy to read aloud (no vowels, no 0/o, 1/l): 38 bits, for addresses of small things. */
struct str id_short(struct mem *m);
/* A secret of 160 bits as 32 letters and digits, for links sent by mail and sessions. */
struct str id_token(struct mem *m);

#endif
