/*
 * Tables from text to a pointer, in an arena, in memory only. The hash is keyed per process, so that no one outside can
 * choose keys that collide.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "str.h"

struct map_slot {
	struct str key;
	uint64_t hash;
	void *value;
};

struct map {
	struct mem *mem;
	struct map_slot *slots;
	size_t n, cap;
};

/* An empty table; costs nothing until the first put. */
struct map map_make(struct mem *m);
/* The value of `key`, or NULL. */
void *map_get(const struct map *map, struct str key);
/* Puts or replaces; the key is borrowed and must live as long as the table. `value` is not NULL. */
void map_put(struct map *map, struct str key, void *value);
/* Puts unless the key is there already: true if it was not. */
bool map_add(struct map *map, struct str key, void *value);
/* Room for `n` keys from the start. */
void map_room(struct map *map, size_t n);
/* Walks in no order: for (at = 0; (s = map_next(&map, &at)) != NULL;). */
const struct map_slot *map_next(const struct map *map, size_t *at);

#endif
