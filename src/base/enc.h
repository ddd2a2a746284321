/*
 * Bytes as text: base64 (RFC 4648, with padding), base64url (without), hex in lower case. Decoders are strict: no white
 * space, no other alphabet, no stray bits, so that one value has one spelling.
 */
#ifndef BASE_ENC_H
#define BASE_ENC_H

#include "err.h"
#include "str.h"

/* Encoded text in the arena; base64url has no padding, hex is lower case. */
struct str enc_base64(struct mem *m, struct str s);
struct str enc_base64url(struct mem *m, struct str s);
struct str enc_hex(struct mem *m, struct str s);

/* Decoded bytes in the arena; E_INVALID for anything else than that encoding. */
enum err dec_base64(struct mem *m, struct str s, struct str *out) MUST_USE;
enum err dec_base64url(struct mem *m, struct str s, struct str *out) MUST_USE;
/* Either case. */
enum err dec_hex(struct mem *m, struct str s, struct str *out) MUST_USE;

#endif
