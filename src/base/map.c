/*
 * Hash tables by open addressing, and the growing of arrays. The hash is SipHash-1-3 with a key of the process's own.
 */
#include "map.h"

#include <pthread.h>

#include "rand.h"
#include "vec.h"

static uint64_t key0, key1;
static pthread_once_t keyed = PTHREAD_ONCE_INIT;

static void make_key(void)
{
	rand_bytes(&key0, sizeof(key0));
	rand_bytes(&key1, sizeof(key1));
}

static uint64_t rotl(uint64_t x, int n)
{
	return x << n | x >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

static uint64_t hash_of(struct str s)
{
	uint64_t v[4] = {key0 ^ 0x736f6d6570736575u, key1 ^ 0x646f72616e646f6du, key0 ^ 0x6c7967656e657261u,
			 key1 ^ 0x7465646279746573u};
	uint64_t w;
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&w, s.p + i, 8);
		v[3] ^= w;
		sip_round(v);
		v[0] ^= w;
	}
	w = (uint64_t)s.n << 56;
	for (unsigned shift = 0; i < s.n; i++, shift += 8) {
		w |= (uint64_t)(unsigned char)s.p[i] << shift;
	}
	v[3] ^= w;
	sip_round(v);
	v[0] ^= w;
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct map map_make(struct mem *m)
{
	pthread_once(&keyed, make_key);
	return (struct map){.mem = m};
}

/* The slot of `key`, or the free one where it belongs; the table is never full. */
static struct map_slot *slot_of(const struct map *map, struct str key, uint64_t hash)
{
	size_t i = hash & (map->cap - 1);

	while (map->slots[i].value != NULL && (map->slots[i].hash != hash || !str_eq(map->slots[i].key, key))) {
		i = (i + 1) & (map->cap - 1);
	}
	return &map->slots[i];
}

void *map_get(const struct map *map, struct str key)
{
	return map->n == 0 ? NULL : slot_of(map, key, hash_of(key))->value;
}

static void map_grow(struct map *map, size_t cap)
{
	struct map old = *map;

	map->cap = cap;
	map->slots = mem_array(map->mem, struct map_slot, map->cap);
	for (size_t i = 0; i < old.cap; i++) {
		if (old.slots[i].value != NULL) {
			*slot_of(map, old.slots[i].key, old.slots[i].hash) = old.slots[i];
		}
	}
}

static void map_double(struct map *map)
{
	map_grow(map, map->cap == 0 ? 16 : map->cap * 2);
}

void map_room(struct map *map, size_t n)
{
	size_t cap = 16;

	while (cap / 4 * 3 < n) {
		cap *= 2;
	}
	if (cap > map->cap) {
		map_grow(map, cap);
	}
}

bool map_add(struct map *map, struct str key, void *value)
{
	uint64_t hash = hash_of(key);
	struct map_slot *slot;

	if (map->n + 1 > map->cap / 4 * 3) {
		map_double(map);
	}
	slot = slot_of(map, key, hash);
	if (slot->value != NULL) {
		return false;
	}
	*slot = (struct map_slot){key, hash, value};
	map->n++;
	return true;
}

void map_put(struct map *map, struct str key, void *value)
{
	uint64_t hash = hash_of(key);
	struct map_slot *slot;

	if (map->n + 1 > map->cap / 4 * 3) {
		map_double(map);
	}
	slot = slot_of(map, key, hash);
	map->n += slot->value == NULL;
	*slot = (struct map_slot){key, hash, value};
}

const struct map_slot *map_next(const struct map *map, size_t *at)
{
	while (*at < map->cap) {
		const struct map_slot *slot = &map->slots[(*at)++];

		if (slot->value != NULL) {
			return slot;
		}
	}
	return NULL;
}

void *vec_more(struct mem *m, void *p, size_t *cap, size_t size)
{
	size_t old = *cap * size, n = *cap == 0 ? 8 : *cap * 2;
	char *to = mem_grow(m, p, old, n * size);

	memset(to + old, 0, n * size - old);
	*cap = n;
	return to;
}
