/*
 * Randomness from the kernel. Everything that must not be guessed comes from here.
 */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include "base.h"

/* `n` bytes that no one can foresee. Cannot fail: without the kernel's source the process stops. */
void rand_bytes(void *p, size_t n);
uint64_t rand_u64(void);
/* Evenly from 0 to `n` - 1; 0 when n is 0. */
uint64_t rand_below(uint64_t n);
/* For tests: the same bytes in every run from here on; 0 goes back to the kernel's. */
void rand_seed(uint64_t seed);

#endif
