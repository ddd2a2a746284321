/*
 * Arrays that grow, in an arena, of any type:
 *
 *	VEC(struct stop) stops = {0};
 *	vec_add(m, &stops)->name = name;
 *	for (size_t i = 0; i < stops.n; i++) … stops.p[i] …
 *
 * Elements move when the array grows: keep indexes, not pointers.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "mem.h"

#define VEC(type)              \
	struct {               \
		type *p;       \
		size_t n, cap; \
	}

/* A pointer to a new zeroed element at the end of `*v`. */
#define vec_add(m, v)                                                                                      \
	(((v)->n < (v)->cap ? (void)0                                                                      \
			    : (void)((v)->p = vec_more((m), (v)->p, &(v)->cap, sizeof(*(v)->p)))), \
	 &(v)->p[(v)->n++])

/* Room for at least one element more; what vec_add() calls. */
void *vec_more(struct mem *m, void *p, size_t *cap, size_t size);

#endif
