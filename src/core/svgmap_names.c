/*
 * The names of towns on a map that brings none of its own: the largest that find room, so that people know where they look.
 * The towns worth a name are listed once, by population; a map takes from the top of the list what lies in its frame.
 */
#include <pthread.h>
#include <stdlib.h>

#include "atlas.h"
#include "svgmap_priv.h"

#define TOWNS 20000
#define LEAST_IN_FRANCE 2000
#define LEAST_ELSEWHERE 40000
#define AREA_EACH 16000.0 /* square pixels for each name */

struct town {
	uint32_t population;
	atlas_id id;
	float lat, lon;
	float x, y; /* in outline units: most towns are out of the frame, and should be so cheaply */
};

static struct town towns[TOWNS];
static size_t n_towns;

static int by_population(const void *a, const void *b)
{
	const struct town *x = a, *y = b;

	return x->population != y->population ? (x->population < y->population) - (x->population > y->population)
					      : (x->id > y->id) - (x->id < y->id);
}

static void list_towns(void)
{
	struct territory t;

	for (atlas_id id = 1; n_towns < TOWNS && atlas_get(id, &t); id++) {
		int64_t least = t.level == ATLAS_COMMUNE ? LEAST_IN_FRANCE : LEAST_ELSEWHERE;

		if ((t.level == ATLAS_COMMUNE || t.level == ATLAS_TOWN) && t.population >= least &&
		    t.point != ATLAS_NO_POINT && !t.former) {
			towns[n_towns++] = (struct town){(uint32_t)t.population, id, (float)t.lat, (float)t.lon, (float)(t.lon * outline_unit()),
							     (float)outline_y(t.lat)};
		}
	}
	qsort(towns, n_towns, sizeof(towns[0]), by_population);
}

static bool may_show(const struct view *v, const struct town *t)
{
	double x = ((double)t->x - v->west) * v->scale, y = (v->north - (double)t->y) * v->scale;

	return x > -2 && y > -2 && x < v->w + 2 && y < v->h + 2;
}

size_t map_towns(const struct map *m, struct svgmap_label *out, size_t max)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const struct view *v = m->views;
	size_t n = 0, wanted = (size_t)(v->w * v->h / AREA_EACH) + 3;
	struct territory t;
	struct dot at;

	pthread_once(&once, list_towns);
	/* More than will find room: the nearest to a larger one are left out when they are written. */
	for (size_t i = 0; i < n_towns && n < max && n < 2 * wanted; i++) {
		if (may_show(v, &towns[i]) && map_place(m, towns[i].lat, towns[i].lon, &at) == v && atlas_get(towns[i].id, &t)) {
			out[n++] = (struct svgmap_label){.lat = t.lat,
							 .lon = t.lon,
							 .text = atlas_name(t.id, i18n_code(m->o->lang), NULL)};
		}
	}
	return n;
}
