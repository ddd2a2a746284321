/*
 * What core/dup.c compares, and the keys that lead to it. Files of core/dup only.
 */
#ifndef CORE_DUP_PRIV_H
#define CORE_DUP_PRIV_H

#include "../base/vec.h"
#include "dup.h"

/* What is compared, made from a document. */
struct dup_traits {
	struct str name;       /* folded words, stop words left out, sorted */
	struct str plain;      /* folded words in their order */
	struct str acronym;
	struct str territory;
	VEC(struct str) mails, sites, phones, numbers;
	bool has_point;
	double lat, lon;
};

/* What two that share a key have in common. */
enum shared {
	SAME_HERE = 1,     /* name and town */
	SAME_NAME = 2,
	SAME_ACRONYM = 4,
	SAME_MAIL = 8,
	SAME_SITE = 16,
	SAME_PHONE = 32,
	SAME_NUMBER = 64,
	ALIKE = 128        /* beginnings of words, which forgive typing errors: alone it says little */
};

struct dup_keys {
	int64_t key[DUP_KEYS_MAX];
	uint8_t shared[DUP_KEYS_MAX]; /* enum shared */
	size_t n;
};

/* The words of a name that tell one from another, sorted; `plain` is the whole of it, as words_norm() gives it. */
struct str dup_telling_words(struct mem *m, struct str plain);
void dup_traits_of(struct mem *m, const struct entity *e, struct doc doc, struct dup_traits *t);
void dup_keys_of(const struct entity *e, const struct dup_traits *t, struct dup_keys *k);
void dup_keys_of_doc(struct mem *m, const struct entity *e, struct doc doc, struct dup_keys *k);

#endif
