/*
 * What lies under the marks of a map (water, land, borders) is the same for all maps of one frame, and costs more to draw than
 * the rest of a page: the last ones drawn are kept.
 */
#include <pthread.h>

#include "../base/limits.h"
#include "svgmap_priv.h"

enum { KEPT = 24 };

static struct ground {
	uint64_t key, used;
	struct mem *mem;
	struct str markup;
} kept[KEPT];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t uses;

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t mix_double(uint64_t h, double d)
{
	uint64_t v;

	memcpy(&v, &d, sizeof(v));
	return mix(h, v);
}

uint64_t map_ground_key(const struct map *m)
{
	uint64_t h = mix(str_hash(m->s->territory), m->n_views);

	for (size_t i = 0; i < m->n_views; i++) {
		const struct view *v = &m->views[i];
		double parts[] = {v->west, v->north, v->scale, v->x, v->y, v->w, v->h, v->pad, v->least};

		for (size_t k = 0; k < COUNT(parts); k++) {
			h = mix_double(h, parts[k]);
		}
	}
	return h | 1;
}

bool map_ground_put(uint64_t key, struct buf *to)
{
	bool found = false;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < KEPT && !found; i++) {
		if (kept[i].key == key) {
			buf_put(to, kept[i].markup);
			kept[i].used = ++uses;
			found = true;
		}
	}
	pthread_mutex_unlock(&lock);
	return found;
}

void map_ground_keep(uint64_t key, struct str markup)
{
	struct ground *oldest = &kept[0];

	if (markup.n > LIMIT_SVGMAP_GROUND) {
		return;
	}
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < KEPT; i++) {
		oldest = kept[i].used < oldest->used ? &kept[i] : oldest;
	}
	if (oldest->mem) {
		mem_close(oldest->mem);
	}
	oldest->mem = mem_open(); /* as long as the program, or until another takes its place */
	oldest->markup = str_dup(oldest->mem, markup);
	oldest->key = key;
	oldest->used = ++uses;
	pthread_mutex_unlock(&lock);
}
