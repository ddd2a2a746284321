/*
 * The arena: memory of one request, job or thread, given back all at once. Allocation does not fail: at true exhaustion
 * the process aborts (the database is crash-safe and the service manager restarts us). What outsiders can make grow is
 * bounded by the caller (limits.h). An arena belongs to one thread at a time.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base.h"

struct mem;

/* A new arena; close it with mem_close(). Blocks start at 8 KiB and double up to 1 MiB; larger objects stand apart. */
struct mem *mem_open(void);

/* Runs the deferred calls, newest first, and gives everything back. NULL is allowed. */
void mem_close(struct mem *m);

/* Like mem_close() but keeps the first block, ready for the next request. */
void mem_reset(struct mem *m);

/* `n` bytes, zeroed, aligned for any type; never NULL, also for n = 0. */
void *mem_get(struct mem *m, size_t n);

/* `count` times `size` zeroed bytes; aborts when the product overflows. */
void *mem_get_array(struct mem *m, size_t count, size_t size);

/* Grows the newest allocation in place where it can, else copies `old_n` bytes of `p` to a new place of `n` bytes. */
void *mem_grow(struct mem *m, void *p, size_t old_n, size_t n);

#define mem_new(m, type) ((type *)mem_get((m), sizeof(type)))
#define mem_array(m, type, n) ((type *)mem_get_array((m), (n), sizeof(type)))

/* Calls fn(p) when the arena is reset, closed or rewound past this point: for descriptors and foreign handles. */
void mem_defer(struct mem *m, void (*fn)(void *p), void *p);

/* A point to come back to inside loops: everything allocated after it is given back by mem_rewind(). */
struct mem_mark {
	void *block;
	size_t used;
	void *defers;
};
struct mem_mark mem_mark(struct mem *m);
void mem_rewind(struct mem *m, struct mem_mark at);

/* Bytes handed out since the last reset, for the budgets of tests. */
size_t mem_used(const struct mem *m);

#endif
