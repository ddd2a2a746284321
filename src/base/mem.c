/*
 * The arena. Small objects come from a chain of blocks; large ones are allocations of their own, kept on the same list as
 * deferred calls so that one rewind undoes both, newest first. Under MEM_DEBUG every object is an allocation of its own, so
 * that the sanitizers and valgrind see each edge. The only file, beside the glue files, that may call malloc.
 */
#include <stdlib.h>

#include "mem.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define REDZONE 16
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define REDZONE 0
#endif

/* Objects of this size and more are allocations of their own. */
#ifdef MEM_DEBUG
#define ALONE(n) ((void)(n), true)
#else
#define ALONE(n) ((n) >= (size_t)64 * 1024)
#endif

#define ALIGN 16
#define FIRST_BLOCK ((size_t)8 * 1024)
#define LAST_BLOCK ((size_t)1024 * 1024)

struct block {
	struct block *prev;
	size_t cap, used; /* of the bytes after this header */
};
_Static_assert(sizeof(struct block) <= 2 * ALIGN, "the header fits its place");
#define BLOCK_HEAD ((size_t)2 * ALIGN)

/* A deferred call, or the head of a large object (fn is NULL, the object follows). */
struct later {
	struct later *prev;
	void (*fn)(void *p);
	void *p;
	uint64_t seq; /* marks remember this and not the address, for a large object may move when it grows */
};
_Static_assert(sizeof(struct later) % ALIGN == 0, "the object after it is aligned");

struct mem {
	struct block *block;
	struct later *later;
	uint64_t seq;
	size_t used;
};

static NORETURN void exhausted(void)
{
	static const char text[] = "maillage: out of memory\n";

	fwrite(text, 1, sizeof(text) - 1, stderr);
	abort();
}

static size_t round_up(size_t n)
{
	if (n > SIZE_MAX / 2) {
		exhausted();
	}
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static char *block_at(struct block *b, size_t used)
{
	return (char *)b + BLOCK_HEAD + used;
}

static void block_push(struct mem *m, size_t least)
{
	size_t cap = m->block == NULL ? FIRST_BLOCK : m->block->cap * 2;
	struct block *b;

	if (cap > LAST_BLOCK) {
		cap = LAST_BLOCK;
	}
	while (cap < least) {
		cap *= 2;
	}
	b = malloc(BLOCK_HEAD + cap);
	if (b == NULL) {
		exhausted();
	}
	b->prev = m->block;
	b->cap = cap;
	b->used = 0;
	POISON(block_at(b, 0), cap);
	m->block = b;
}

static void block_pop(struct mem *m)
{
	struct block *b = m->block;

	m->block = b->prev;
	UNPOISON(block_at(b, 0), b->cap);
	free(b);
}

static void *alone_get(struct mem *m, size_t n)
{
	struct later *l;

	if (n > SIZE_MAX / 2) {
		exhausted();
	}
	l = calloc(1, sizeof(*l) + (n == 0 ? 1 : n));
	if (l == NULL) {
		exhausted();
	}
	l->prev = m->later;
	l->seq = ++m->seq;
	m->later = l;
	return l + 1;
}

/* Runs and removes what was deferred or made apart after `seq`, newest first. */
static void later_until(struct mem *m, uint64_t seq)
{
	while (m->later != NULL && m->later->seq > seq) {
		struct later *l = m->later;

		m->later = l->prev;
		if (l->fn != NULL) {
			l->fn(l->p);
#ifdef MEM_DEBUG
			free(l);
#endif
		} else {
			free(l);
		}
	}
}

struct mem *mem_open(void)
{
	struct mem *m = calloc(1, sizeof(*m));

	if (m == NULL) {
		exhausted();
	}
	return m;
}

void mem_close(struct mem *m)
{
	if (m == NULL) {
		return;
	}
	later_until(m, 0);
	while (m->block != NULL) {
		block_pop(m);
	}
	free(m);
}

void mem_reset(struct mem *m)
{
	later_until(m, 0);
	while (m->block != NULL && m->block->prev != NULL) {
		block_pop(m);
	}
	if (m->block != NULL) {
		m->block->used = 0;
		POISON(block_at(m->block, 0), m->block->cap);
	}
	m->seq = 0;
	m->used = 0;
}

void *mem_get(struct mem *m, size_t n)
{
	size_t room;
	char *p;

	m->used += n;
	if (ALONE(n)) {
		return alone_get(m, n);
	}
	room = round_up(n == 0 ? 1 : n) + REDZONE;
	if (m->block == NULL || m->block->cap - m->block->used < room) {
		block_push(m, room);
	}
	p = block_at(m->block, m->block->used);
	m->block->used += room;
	UNPOISON(p, n);
	memset(p, 0, n);
	return p;
}

void *mem_get_array(struct mem *m, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n)) {
		exhausted();
	}
	return mem_get(m, n);
}

/* A large object that is the newest of its list grows by realloc, which moves pages and not bytes. */
static void *alone_grow(struct mem *m, size_t n)
{
	struct later *l;

	if (n > SIZE_MAX / 2) {
		exhausted();
	}
	l = realloc(m->later, sizeof(*l) + n);
	if (l == NULL) {
		exhausted();
	}
	m->later = l;
	return l + 1;
}

void *mem_grow(struct mem *m, void *p, size_t old_n, size_t n)
{
	struct block *b = m->block;
	void *q;

	if (p == NULL) {
		return mem_get(m, n);
	}
	if (n <= old_n) {
		return p;
	}
	if (ALONE(old_n) && m->later != NULL && m->later->fn == NULL && p == m->later + 1) {
		m->used += n - old_n;
		return alone_grow(m, n);
	}
	if (!ALONE(old_n) && !ALONE(n) && b != NULL) {
		size_t had = round_up(old_n == 0 ? 1 : old_n) + REDZONE, wants = round_up(n) + REDZONE;

		if (b->used >= had && (char *)p == block_at(b, b->used - had) && b->cap - (b->used - had) >= wants) {
			b->used += wants - had;
			m->used += n - old_n;
			UNPOISON(p, n);
			return p;
		}
	}
	q = mem_get(m, n);
	memcpy(q, p, old_n);
	return q;
}

void mem_defer(struct mem *m, void (*fn)(void *p), void *p)
{
	struct later *l;

#ifdef MEM_DEBUG
	l = malloc(sizeof(*l));
	if (l == NULL) {
		exhausted();
	}
#else
	l = mem_new(m, struct later);
#endif
	l->prev = m->later;
	l->fn = fn;
	l->p = p;
	l->seq = ++m->seq;
	m->later = l;
}

struct mem_mark mem_mark(struct mem *m)
{
	return (struct mem_mark){
		.block = m->block,
		.used = m->block == NULL ? 0 : m->block->used,
		.defers = (void *)(uintptr_t)m->seq,
	};
}

void mem_rewind(struct mem *m, struct mem_mark at)
{
	later_until(m, (uintptr_t)at.defers);
	while (m->block != NULL && m->block != at.block && (m->block->prev != NULL || at.block != NULL)) {
		block_pop(m);
	}
	if (m->block != NULL) {
		m->block->used = at.block == NULL ? 0 : at.used;
		POISON(block_at(m->block, m->block->used), m->block->cap - m->block->used);
	}
}

size_t mem_used(const struct mem *m)
{
	return m->used;
}
