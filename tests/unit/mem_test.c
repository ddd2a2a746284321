/*
 * The arena.
 */
#include "t.h"

static void zeroed(struct t *t)
{
	mem_reset(t->mem);
	for (size_t n = 0; n < 300; n++) {
		unsigned char *p = mem_get(t->mem, n);

		T_EQ((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++) {
			T_EQ(p[i], 0);
			p[i] = 0xff;
		}
	}
	mem_reset(t->mem);
	T_EQ(mem_used(t->mem), 0);
	for (int i = 0; i < 100; i++) {
		unsigned char *p = mem_get(t->mem, 100);

		T_EQ(p[99], 0);
	}
	T_EQ(mem_used(t->mem), 10000);
}

static void large(struct t *t)
{
	for (size_t n = 1000; n < 20 * 1000 * 1000; n *= 3) {
		unsigned char *p = mem_get(t->mem, n);

		T_EQ(p[0] | p[n - 1], 0);
		memset(p, 1, n);
	}
}

static void rewinds(struct t *t)
{
	struct mem_mark at;
	char *kept = mem_get(t->mem, 10), *first = NULL;

	at = mem_mark(t->mem);
	for (int i = 0; i < 10; i++) {
		memset(mem_get(t->mem, 100000), 1, 100000);
		if (first == NULL) {
			first = mem_get(t->mem, 100);
		} else {
			/* the same place again, for it was given back */
			T_TRUE(first == mem_get(t->mem, 100));
		}
		mem_get(t->mem, 9000);
		mem_rewind(t->mem, at);
	}
	kept[9] = 'x';
	T_EQ(kept[9], 'x');
	at = (struct mem_mark){0};
	mem_rewind(t->mem, at);
	T_EQ(*(char *)mem_get(t->mem, 10), 0);
}

static char order[8];
static size_t order_n;

static void note(void *p)
{
	order[order_n++] = *(const char *)p;
}

static void defers(struct t *t)
{
	struct mem *m = mem_open();
	static char a = 'a', b = 'b', c = 'c';
	struct mem_mark at;

	(void)t;
	order_n = 0;
	mem_defer(m, note, &a);
	at = mem_mark(m);
	mem_defer(m, note, &b);
	mem_get(m, 200000);
	mem_defer(m, note, &c);
	mem_rewind(m, at);
	T_EQ(order_n, 2);
	mem_defer(m, note, &b);
	mem_reset(m);
	T_EQ(order_n, 4);
	mem_defer(m, note, &c);
	mem_close(m);
	T_EQ(((struct str){order, order_n}), S("cbbac"));
}

static void grows(struct t *t)
{
	char *p = mem_get(t->mem, 10), *q;
	size_t n = 10;

	memset(p, 'x', 10);
	q = mem_grow(t->mem, p, 10, 100);
#ifndef MEM_DEBUG
	T_TRUE(p == q);
#endif
	n = 100;
	while (n < 3000000) {
		q = mem_grow(t->mem, q, n, n * 2);
		n *= 2;
		if (n % 3 == 1) {
			mem_get(t->mem, 1);
		}
		T_EQ(q[9], 'x');
		q[n - 1] = 'y';
	}
	T_TRUE(mem_grow(t->mem, NULL, 0, 5) != NULL);
}

static const struct t_case cases[] = {
	{"memory is zeroed and aligned, also after a reset", zeroed, 0},
	{"large objects stand apart", large, 0},
	{"a mark gives back what came after", rewinds, 0},
	{"deferred calls run newest first", defers, 0},
	{"the newest object grows in place", grows, 0},
};
T_SUITE(mem, cases)
