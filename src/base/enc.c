/*
 * Bytes as text.
 */
#include "enc.h"

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static struct str encode(struct mem *m, struct str s, const char *alphabet, bool pad)
{
	char *to = mem_get(m, s.n / 3 * 4 + 5);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i += 3) {
		size_t left = s.n - i < 3 ? s.n - i : 3;
		uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;

		v |= left > 1 ? (uint32_t)(unsigned char)s.p[i + 1] << 8 : 0;
		v |= left > 2 ? (uint32_t)(unsigned char)s.p[i + 2] : 0;
		for (size_t k = 0; k <= left; k++) {
			to[n++] = alphabet[v >> (18 - 6 * k) & 63];
		}
		for (size_t k = left; pad && k < 3; k++) {
			to[n++] = '=';
		}
	}
	return (struct str){to, n};
}

static enum err decode(struct mem *m, struct str s, const char *alphabet, struct str *out)
{
	char *to = mem_get(m, s.n / 4 * 3 + 4);
	uint32_t v = 0;
	unsigned bits = 0;
	size_t n = 0;

	if (s.n % 4 == 1) {
		return E_INVALID;
	}
	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] == '\0' ? NULL : strchr(alphabet, s.p[i]);

		if (at == NULL) {
			return E_INVALID;
		}
		v = v << 6 | (uint32_t)(at - alphabet);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			to[n++] = (char)(v >> bits & 0xff);
		}
	}
	if ((v & ((1u << bits) - 1)) != 0) {
		return E_INVALID;
	}
	*out = (struct str){to, n};
	return OK;
}

struct str enc_base64(struct mem *m, struct str s)
{
	return encode(m, s, plain, true);
}

struct str enc_base64url(struct mem *m, struct str s)
{
	return encode(m, s, safe, false);
}

struct str enc_hex(struct mem *m, struct str s)
{
	static const char hex[] = "0123456789abcdef";
	char *to = mem_get(m, s.n * 2 + 1);

	for (size_t i = 0; i < s.n; i++) {
		to[2 * i] = hex[(unsigned char)s.p[i] >> 4];
		to[2 * i + 1] = hex[(unsigned char)s.p[i] & 15];
	}
	return (struct str){to, s.n * 2};
}

enum err dec_base64(struct mem *m, struct str s, struct str *out)
{
	if (s.n % 4 != 0) {
		return E_INVALID;
	}
	for (int i = 0; i < 2 && s.n > 0 && s.p[s.n - 1] == '='; i++) {
		s.n--;
	}
	return decode(m, s, plain, out);
}

enum err dec_base64url(struct mem *m, struct str s, struct str *out)
{
	return decode(m, s, safe, out);
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

enum err dec_hex(struct mem *m, struct str s, struct str *out)
{
	char *to = mem_get(m, s.n / 2 + 1);

	if (s.n % 2 != 0) {
		return E_INVALID;
	}
	for (size_t i = 0; i < s.n; i += 2) {
		int high = nibble(s.p[i]), low = nibble(s.p[i + 1]);

		if (high < 0 || low < 0) {
			return E_INVALID;
		}
		to[i / 2] = (char)(high << 4 | low);
	}
	*out = (struct str){to, s.n / 2};
	return OK;
}
