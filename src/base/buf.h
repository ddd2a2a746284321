/*
 * Text that grows: appended to as often as one likes, checked once at the end. Every buf has a maximum, given when it is
 * made; past it the buf stops taking and says so (buf_ok). Lives in the arena it was made in.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "str.h"

struct buf {
	struct mem *mem;
	char *p;
	size_t n, cap, max;
	bool over; /* something did not fit: the text is not whole */
};

/* An empty buf of at most `max` bytes in `m`. */
struct buf buf_make(struct mem *m, size_t max);
/* True while everything fitted. */
bool buf_ok(const struct buf *b);
/* The text so far; borrowed until the next append. Never a NULL pointer. */
struct str buf_str(const struct buf *b);
/* Empties it, keeps the memory, clears `over`. */
void buf_reset(struct buf *b);

/* Appends; what would not fit is left out whole, and buf_ok() says so. */
void buf_put(struct buf *b, struct str s);
void buf_put_c(struct buf *b, char c);
void buf_put_bytes(struct buf *b, const void *p, size_t n);
void buf_put_i64(struct buf *b, int64_t v);
void buf_put_u64(struct buf *b, uint64_t v);
/* The shortest text that reads back as the same double; '.' as the mark; "null" when not finite. */
void buf_put_double(struct buf *b, double v);
/* With `digits` digits after the mark, trailing zeros cut (coordinates: 5). */
void buf_put_fixed(struct buf *b, double v, int digits);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vfmt(struct buf *b, const char *fmt, va_list ap) PRINTF(2, 0);
/* Makes room for `n` more bytes and returns where they go, or NULL past the maximum; then buf_took(). */
char *buf_room(struct buf *b, size_t n);
void buf_took(struct buf *b, size_t n);

#endif
