/*
 * Text that grows, within a maximum.
 */
#include "buf.h"

#include <math.h>
#include <stdlib.h>

#define FIRST 128

struct buf buf_make(struct mem *m, size_t max)
{
	return (struct buf){.mem = m, .max = max};
}

bool buf_ok(const struct buf *b)
{
	return !b->over;
}

struct str buf_str(const struct buf *b)
{
	return b->p == NULL ? S("") : (struct str){b->p, b->n};
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	b->over = false;
}

char *buf_room(struct buf *b, size_t n)
{
	size_t cap;

	if (b->over || n > b->max - b->n) {
		b->over = true;
		return NULL;
	}
	if (n > b->cap - b->n) {
		cap = b->cap < FIRST ? FIRST : b->cap;
		while (cap - b->n < n) {
			cap += cap; /* n is at most max, which no caller sets near SIZE_MAX / 2 */
		}
		if (cap > b->max) {
			cap = b->max;
		}
		b->p = mem_grow(b->mem, b->p, b->cap, cap);
		b->cap = cap;
	}
	return b->p + b->n;
}

void buf_took(struct buf *b, size_t n)
{
	b->n += n;
}

void buf_put_bytes(struct buf *b, const void *p, size_t n)
{
	char *to;

	if (n == 0) {
		return;
	}
	to = buf_room(b, n);
	if (to != NULL) {
		memcpy(to, p, n);
		b->n += n;
	}
}

void buf_put(struct buf *b, struct str s)
{
	buf_put_bytes(b, s.p, s.n);
}

void buf_put_c(struct buf *b, char c)
{
	if (b->n < b->cap && !b->over) {
		b->p[b->n++] = c;
		return;
	}
	buf_put_bytes(b, &c, 1);
}

void buf_put_u64(struct buf *b, uint64_t v)
{
	char text[20];
	size_t i = sizeof(text);

	do {
		text[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	buf_put_bytes(b, text + i, sizeof(text) - i);
}

void buf_put_i64(struct buf *b, int64_t v)
{
	if (v < 0) {
		buf_put_c(b, '-');
		buf_put_u64(b, -(uint64_t)v);
		return;
	}
	buf_put_u64(b, (uint64_t)v);
}

void buf_put_double(struct buf *b, double v)
{
	char text[40];

	if (!isfinite(v)) {
		buf_put(b, S("null"));
		return;
	}
	/* whole numbers are most of what we print, and need no search */
	if (v == 0 || (fabs(v) < 1e15 && v == (double)(int64_t)v)) {
		if (v == 0 && signbit(v)) {
			buf_put_c(b, '-');
		}
		buf_put_i64(b, (int64_t)v);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v) {
			break;
		}
	}
	buf_put(b, str_of(text));
}

void buf_put_fixed(struct buf *b, double v, int digits)
{
	static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
	int64_t scaled, part, ten;

	if (digits < 0 || digits >= (int)COUNT(tens) || !isfinite(v) || fabs(v) > 1e9) {
		buf_put_double(b, v);
		return;
	}
	scaled = llround(v * (double)tens[digits]);
	if (scaled < 0) {
		buf_put_c(b, '-');
		scaled = -scaled;
	}
	buf_put_i64(b, scaled / tens[digits]);
	part = scaled % tens[digits];
	if (part == 0) {
		return;
	}
	buf_put_c(b, '.');
	for (ten = tens[digits] / 10; part > 0; ten /= 10) {
		buf_put_c(b, (char)('0' + part / ten));
		part %= ten;
	}
}

void buf_vfmt(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	char small[256];
	char *to;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n < 0) {
		b->over = true;
	} else if ((size_t)n < sizeof(small)) {
		buf_put_bytes(b, small, (size_t)n);
	} else {
		to = buf_room(b, (size_t)n + 1); /* vsnprintf() writes a NUL too */
		if (to != NULL) {
			vsnprintf(to, (size_t)n + 1, fmt, again);
			b->n += (size_t)n;
		}
	}
	va_end(again);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(b, fmt, ap);
	va_end(ap);
}
