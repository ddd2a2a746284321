/*
 * Randomness from the kernel, or a counter through a mixer where tests want the same each time.
 */
#include "rand.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>

#include "log.h"

#define STEP 0x9e3779b97f4a7c15u

static _Atomic uint64_t state;
static _Atomic bool seeded;

void rand_seed(uint64_t seed)
{
	atomic_store(&state, seed);
	atomic_store(&seeded, seed != 0);
}

static uint64_t seeded_u64(void)
{
	uint64_t z = atomic_fetch_add(&state, STEP) + STEP;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void rand_bytes(void *p, size_t n)
{
	char *to = p;
	uint64_t v;

	if (atomic_load_explicit(&seeded, memory_order_relaxed)) {
		for (size_t i = 0; i < n; i += sizeof(v)) {
			v = seeded_u64();
			memcpy(to + i, &v, n - i < sizeof(v) ? n - i : sizeof(v));
		}
		return;
	}
	while (n > 0) {
		ssize_t got = getrandom(to, n, 0);

		if (got < 0) {
			if (errno == EINTR) {
				continue;
			}
			log_error("the kernel gives no random numbers");
			abort();
		}
		to += got;
		n -= (size_t)got;
	}
}

uint64_t rand_u64(void)
{
	uint64_t v;

	rand_bytes(&v, sizeof(v));
	return v;
}

uint64_t rand_below(uint64_t n)
{
	uint64_t v, even;

	if (n == 0) {
		return 0;
	}
	/* values past the last whole multiple of n would favour the small ones */
	even = UINT64_MAX - (UINT64_MAX % n + 1) % n;
	do {
		v = rand_u64();
	} while (v > even);
	return v % n;
}
