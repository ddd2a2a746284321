/*
 * Fixtures for tests/http: a room's test registers functions by name, a .http file calls them with "given: NAME words".
 *
 *	static void given_actor(struct t *t, struct str words) { … }
 *	GOLDEN_GIVEN(actor, given_actor)
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "t.h"

struct golden_given {
	const char *name;
	void (*fn)(struct t *t, struct str words);
	struct golden_given *next;
};
void golden_register(struct golden_given *g);

#define GOLDEN_GIVEN(name_, fn_)                                               \
	static struct golden_given golden_##name_ = {#name_, fn_, NULL};       \
	__attribute__((constructor)) static void golden_register_##name_(void) \
	{                                                                      \
		golden_register(&golden_##name_);                              \
	}

#endif
