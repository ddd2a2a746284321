/*
 * QR codes as SVG, through libqrencode.
 */
#ifndef CORE_QR_H
#define CORE_QR_H

#include "../base/err.h"
#include "../base/str.h"

/* An SVG picture of `text` at error level M with the quiet zone the standard asks for; `title` is read aloud. E_LIMIT when
 * the text is too long for a code (about 2,300 bytes). */
MUST_USE enum err qr_svg(struct mem *m, struct str text, struct str title, struct html *out);

/* The same as modules, row by row, 1 is dark; `*side` of them a row, without the quiet zone: for paper. */
MUST_USE enum err qr_modules(struct mem *m, struct str text, unsigned char **modules, int *side);

#endif
