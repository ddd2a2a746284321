/*
 * What a fuzzer writes: fuzz_one(), which takes any bytes and must not crash, leak a descriptor or break a promise
 * (PROMISE). Linked with fuzz.c it is a program that replays tests/corpus/NAME and simple mutations of it, in every test
 * run; with `make fuzz` (clang) it is a libFuzzer program.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

/* One input; `m` is fresh. */
void fuzz_one(struct mem *m, struct str in);

/* Aborts with the place when it does not hold. */
#define PROMISE(x)                                                              \
	do {                                                                    \
		if (!(x)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x); \
			abort();                                                \
		}                                                               \
	} while (0)

#endif
