/*
 * How fast the map and the search answer over what object_bench made: find_bench FILE. Prints CPU time per answer: the
 * median, the 99th of a hundred and the worst, the size of answers, and what the index of places takes.
 */
#include <stdlib.h>
#include <time.h>

#include "base/time.h"
#include "core/atlas.h"
#include "core/object.h"
#include "core/points.h"
#include "core/search.h"
#include "core/setting.h"
#include "crypt/crypt.h"
#include "db/db.h"
#include "mod/directory/actor.h"
#include "web/site.h"

enum { ROUNDS = 400 };

static double us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static uint64_t seed = 1;
static uint64_t rnd(uint64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % n;
}

static int by_time(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void tell(const char *what, double *times, size_t n)
{
	qsort(times, n, sizeof *times, by_time);
	printf("%-28s median %8.0f us   99%% %8.0f us   worst %8.0f us\n", what, times[n / 2], times[n * 99 / 100], times[n - 1]);
}

/* ---- the map --------------------------------------------------------------------------------------------------------- */

static const struct filter map_filters[] = {
	{.entity = &actor_entity},
	{.entity = &actor_entity, .terms = {{S_INIT("theme"), S_INIT("housing")}}, .n_terms = 1},
	{.entity = &actor_entity, .terms = {{S_INIT("theme"), S_INIT("housing")}, {S_INIT("kind"), S_INIT("network")}}, .n_terms = 2},
	{.entity = &actor_entity, .territory = S_INIT("26")},
	{.entity = &actor_entity, .q = S_INIT("solidaire monde")},
};
static const char *const map_names[] = {"map: all", "map: one theme", "map: theme and kind", "map: one territory", "map: words"};

/* A box as a screen shows it at some zoom, somewhere in France; at the first zooms, the world. */
static struct points_query box(const struct filter *f)
{
	struct points_query q = {.zoom = (int)rnd(14), .filters = f, .n_filters = 1};
	double width = 360.0 * 1400 / 512 / (double)(1 << q.zoom), lon = -4 + (double)rnd(12000) / 1000, lat = 42.5 + (double)rnd(8000) / 1000;

	q.west = lon - width / 2 < -180 ? -180 : lon - width / 2;
	q.east = lon + width / 2 > 180 ? 180 : lon + width / 2;
	q.south = lat - width / 4 < -85 ? -85 : lat - width / 4;
	q.north = lat + width / 4 > 85 ? 85 : lat + width / 4;
	return q;
}

static enum err maps(struct db *db, struct str path)
{
	struct mem *m = mem_open();
	struct points_answer a;
	double times[ROUNDS];
	struct points_query first = box(&map_filters[0]);
	size_t n, bytes;
	int64_t w0 = time_mono();
	enum err e = E_BUSY;

	TRY(points_start(path));
	while (e == E_BUSY && time_mono() - w0 < 120000000) {
		e = points_find(db, m, &first, &a);
	}
	TRY(e);
	points_size(&n, &bytes);
	printf("index of places: %zu places, %.1f MB, made in %lld ms\n", n, (double)bytes / 1e6, (long long)((time_mono() - w0) / 1000));
	for (size_t f = 0; f < COUNT(map_filters); f++) {
		for (int i = 0; i < ROUNDS; i++) {
			struct points_query q = box(&map_filters[f]);
			double t = us();
			TRY(points_find(db, m, &q, &a));
			times[i] = us() - t;
			mem_reset(m);
		}
		tell(map_names[f], times, ROUNDS);
	}
	points_stop();
	mem_close(m);
	return OK;
}

/* ---- the search ------------------------------------------------------------------------------------------------------ */

static const char *const words[] = {"accueil", "solidaire", "migrants", "ensemble", "refuge", "toit", "langues", "cuisine", "droits",
				    "jeunes", "femmes", "monde", "quartier", "vallee", "ville", "port", "jardin", "ecole", "main",
				    "tendue", "passage", "frontieres", "voix", "terre", "collectif", "reseau", "maison", "citoyen"};

/* What people type: a word, two, a name with its number, the beginning of one, one with a slip. */
static struct str typed(struct mem *m, size_t how, size_t count)
{
	const char *a = words[rnd(28)], *b = words[rnd(28)];

	switch (how) {
	case 0:
		return str_of(a);
	case 1:
		return str_fmt(m, "%s %s", a, b);
	case 2:
		return str_fmt(m, "%s %llu", a, (unsigned long long)rnd(count));
	case 3:
		return str_sub(str_of(a), 0, 3);
	default:
		return str_fmt(m, "%.2sx%s", a, a + 2);
	}
}
static const char *const typed_names[] = {"search: one word", "search: two words", "search: a name", "search: a beginning", "search: a slip"};

static enum err searches(struct db *db, size_t count)
{
	struct mem *m = mem_open();
	static double times[ROUNDS], all[ROUNDS * 5];

	for (size_t how = 0; how < 5; how++) {
		for (int i = 0; i < ROUNDS; i++) {
			struct filter f = {.q = typed(m, how, count), .order = BY_RANK};
			struct req rq = {.mem = m, .db = db, .lang = "fr", .site = site_now()};
			struct search_answer a;
			double t = us();
			TRY(object_search(&rq, &f, 1000, &a));
			times[i] = all[how * ROUNDS + (size_t)i] = us() - t;
			mem_reset(m);
		}
		tell(typed_names[how], times, ROUNDS);
	}
	tell("search: all of these", all, ROUNDS * 5);
	mem_close(m);
	return OK;
}

static enum err run(struct str path)
{
	struct db *db;

	TRY(crypt_start());
	TRY(db_open(path, NULL, &db));
	TRY(lang_open());
	TRY(atlas_open_built_in());
	object_start();
	TRY(site_load(db));
	TRY(db_begin(db, DB_READ));
	TRY(maps(db, path));
	TRY(searches(db, 10000));
	db_rollback(db);
	db_close(db);
	return OK;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	enum err e = argc == 2 ? run(str_of(argv[1])) : E_INVALID;

	if (e != OK) {
		fprintf(stderr, "%s\n", err_name(e));
	}
	return e != OK;
}
