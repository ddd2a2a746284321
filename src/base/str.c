/*
 * Text by pointer and length.
 */
#include "str.h"

#include <math.h>
#include <stdlib.h>

#include "buf.h"
#include "limits.h"

struct str str_of(const char *c)
{
	return c == NULL ? STR_NONE : (struct str){c, strlen(c)};
}

const char *str_c(struct mem *m, struct str s)
{
	char *p = mem_get(m, s.n + 1);

	if (s.n > 0) {
		memcpy(p, s.p, s.n);
	}
	return p;
}

struct str str_dup(struct mem *m, struct str s)
{
	return s.p == NULL ? STR_NONE : (struct str){str_c(m, s), s.n};
}

struct str str_fmt(struct mem *m, const char *fmt, ...)
{
	struct buf b = buf_make(m, LIMIT_FMT);
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(&b, fmt, ap);
	va_end(ap);
	return buf_str(&b);
}

struct str str_sub(struct str s, size_t from, size_t n)
{
	if (s.p == NULL) {
		return s;
	}
	if (from > s.n) {
		from = s.n;
	}
	if (n > s.n - from) {
		n = s.n - from;
	}
	return (struct str){s.p + from, n};
}

bool str_eq(struct str a, struct str b)
{
	if (a.n != b.n || (a.p == NULL) != (b.p == NULL)) {
		return false;
	}
	return a.n == 0 || memcmp(a.p, b.p, a.n) == 0;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_ieq(struct str a, struct str b)
{
	if (a.n != b.n || (a.p == NULL) != (b.p == NULL)) {
		return false;
	}
	for (size_t i = 0; i < a.n; i++) {
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i])) {
			return false;
		}
	}
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (d != 0) {
		return d;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

bool str_empty(struct str s)
{
	return s.n == 0;
}

ptrdiff_t str_chr(struct str s, char c)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	return at == NULL ? -1 : at - s.p;
}

ptrdiff_t str_find(struct str s, struct str needle)
{
	const char *at;

	if (needle.n == 0) {
		return s.p == NULL ? -1 : 0;
	}
	at = s.n == 0 ? NULL : memmem(s.p, s.n, needle.p, needle.n);
	return at == NULL ? -1 : at - s.p;
}

static bool ascii_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && ascii_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && ascii_space(s.p[s.n - 1])) {
		s.n--;
	}
	return s;
}

struct str str_cut(struct str *rest, char sep)
{
	ptrdiff_t at = str_chr(*rest, sep);
	struct str part = *rest;

	if (at < 0) {
		*rest = STR_NONE;
		return part;
	}
	part.n = (size_t)at;
	*rest = (struct str){rest->p + at + 1, rest->n - (size_t)at - 1};
	return part;
}

struct str str_lower(struct mem *m, struct str s)
{
	char *p;

	if (s.p == NULL) {
		return s;
	}
	p = mem_get(m, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		p[i] = ascii_lower(s.p[i]);
	}
	return (struct str){p, s.n};
}

bool str_to_i64(struct str s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	int64_t v = 0;

	if (i == s.n) {
		return false;
	}
	/* built below zero, where there is one value more */
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, s.p[i] - '0', &v)) {
			return false;
		}
	}
	if (!minus && v == INT64_MIN) {
		return false;
	}
	*out = minus ? v : -v;
	return true;
}

static size_t digits(struct str s, size_t i)
{
	size_t from = i;

	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') {
		i++;
	}
	return i - from;
}

/* The shape is checked here; strtod() then only converts. The process keeps the C locale for numbers, so '.' is its mark. */
static bool double_shape(struct str s)
{
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	size_t whole = digits(s, i), part = 0;

	i += whole;
	if (i < s.n && s.p[i] == '.') {
		part = digits(s, i + 1);
		i += 1 + part;
	}
	if (whole + part == 0) {
		return false;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '-' || s.p[i] == '+')) {
			i++;
		}
		if (digits(s, i) == 0) {
			return false;
		}
		i += digits(s, i);
	}
	return i == s.n;
}

bool str_to_double(struct str s, double *out)
{
	char text[400];
	double v;

	if (s.n >= sizeof(text) || !double_shape(s)) {
		return false;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	v = strtod(text, NULL);
	if (!isfinite(v)) {
		return false;
	}
	*out = v;
	return true;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++) {
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	}
	return h;
}
