/*
 * The atlas: codes, tree, nearness, boxes, and what must be refused.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "atlas_kit.h"

#include "core/atlas_data.h"
#include "core/atlas_words.h"

/* ---- codes ---- */

static void codes(struct t *t)
{
	struct territory x;

	kit_atlas(t);
	x = kit_get(t, "26108");
	T_STR(x.name, "Crest");
	T_EQ(x.level, ATLAS_COMMUNE);
	T_STR(x.iso2, "FR");
	T_STR(x.timezone, "Europe/Paris");
	T_EQ(x.former, false);
	T_TRUE(x.population > 7000 && x.population < 11000);
	T_STR(kit_code(x.parent), "26");
	T_EQ(x.point, ATLAS_POINT_TOWN);
	T_TRUE(fabs(x.lat - 44.73) < 0.02 && fabs(x.lon - 5.02) < 0.02);
	T_STR(atlas_postal_codes(x.id), "26400");

	x = kit_get(t, "2A004");
	T_STR(x.name, "Ajaccio");
	T_STR(kit_code(x.parent), "2A");
	T_EQ(kit_id("20004"), x.id);
	T_STR(kit_get(t, "2B033").name, "Bastia");
	T_STR(kit_get(t, "2B").name, "Haute-Corse");
	T_STR(kit_code(kit_get(t, "2A").parent), "FR-COR");
	T_EQ(kit_id("FR-20R"), kit_id("FR-COR"));
	T_EQ(kit_id("R84"), kit_id("FR-ARA"));
	T_STR(kit_get(t, "R84").name, "Auvergne-Rhône-Alpes");
	T_EQ(kit_id("FR-26"), kit_id("26"));
	T_EQ(kit_id("2a004"), 0);
	T_EQ(kit_id(""), 0);
	T_EQ(atlas_find(STR_NONE), 0);
	T_EQ(kit_id("99999"), 0);
	T_EQ(kit_id("000000000000000000000000000000000"), 0);
	T_EQ(atlas_get(0, &x), false);
	T_EQ(atlas_get(UINT32_MAX, &x), false);
}

static void overseas(struct t *t)
{
	static const char *const regions[][2] = {
		{"971", "FR-GUA"},
                {"972", "FR-MTQ"},
                {"973", "FR-GUF"},
                {"974", "FR-LRE"},
                {"976", "FR-MAY"}
        };

	kit_atlas(t);
	for (size_t i = 0; i < COUNT(regions); i++) {
		struct territory x = kit_get(t, regions[i][0]);

		T_EQ(x.level, ATLAS_DEPARTEMENT);
		T_EQ(x.parent, kit_id(regions[i][1]));
	}
	T_EQ(kit_id("RE"), kit_id("974"));
	T_STR(kit_get(t, "974").timezone, "Indian/Reunion");
	T_STR(kit_get(t, "97411").name, "Saint-Denis");
	T_EQ(kit_get(t, "987").parent, kit_id("FR"));
	T_EQ(kit_get(t, "988").level, ATLAS_DEPARTEMENT);
	T_STR(kit_get(t, "98735").name, "Papeete");
	T_EQ(kit_get(t, "98735").point, ATLAS_POINT_TOWN);
	T_STR(kit_get(t, "97608").iso2, "FR");
	T_EQ(kit_get(t, "97608").point, ATLAS_POINT_TOWN);
	/* an atoll that nothing locates is said to be nowhere */
	T_EQ(kit_get(t, "98755").point, ATLAS_NO_POINT);
}

static void great_cities(struct t *t)
{
	atlas_id list[30], up[8];
	size_t n;

	kit_atlas(t);
	T_EQ(atlas_children_at(kit_id("75056"), ATLAS_ARRONDISSEMENT, 0, COUNT(list), list), 20);
	T_EQ(atlas_children(kit_id("69123"), 0, COUNT(list), list), 9);
	T_EQ(atlas_children(kit_id("13055"), 0, COUNT(list), list), 16);
	T_STR(kit_get(t, "75111").name, "Paris 11e Arrondissement");
	n = atlas_ancestors(kit_id("69383"), up);
	T_EQ(n, 5);
	T_STR(kit_code(up[0]), "69123");
	T_STR(kit_code(up[1]), "200046977");
	T_STR(kit_code(up[2]), "69");
	T_STR(kit_code(up[3]), "FR-ARA");
	T_STR(kit_code(up[4]), "FR");
	T_STR(kit_name(kit_id("200046977")), "Métropole de Lyon");
	T_EQ(kit_get(t, "200046977").level, ATLAS_EPCI);
	T_EQ(kit_id("FR-69M"), kit_id("200046977"));
}

static void formers(struct t *t)
{
	struct territory x;
	atlas_id list[20];
	size_t n;

	kit_atlas(t);
	/* Arbignieu lives on in Arboys en Bugey, which kept its code */
	T_STR(kit_get(t, "01015").name, "Arboys en Bugey");
	x = kit_get(t, "01340");
	T_EQ(x.former, true);
	T_EQ(x.now, kit_id("01015"));
	n = atlas_formers(kit_id("01015"), COUNT(list), list);
	T_EQ(n, 1);
	T_EQ(list[0], x.id);
	T_EQ(atlas_is_within(x.id, kit_id("01")), true);
	for (atlas_id id = atlas_next(ATLAS_COMMUNE, 0); id != 0; id = atlas_next(ATLAS_COMMUNE, id)) {
		T_NEED(atlas_get(id, &x) && !x.former);
	}
}

static void counts(struct t *t)
{
	size_t n = 0;
	struct str before = S("");

	kit_atlas(t);
	T_EQ(atlas_count(ATLAS_COMMUNE, STR_NONE), 34969);
	T_EQ(atlas_count(ATLAS_ARRONDISSEMENT, S("FR")), 45);
	T_EQ(atlas_count(ATLAS_EPCI, S("fr")), 1255);
	T_EQ(atlas_count(ATLAS_REGION, S("FR")), 18);
	T_EQ(atlas_count(ATLAS_DEPARTEMENT, S("FR")), 109);
	T_EQ(atlas_count(ATLAS_COMMUNE, S("DE")), 0);
	T_EQ(atlas_count(ATLAS_TOWN, S("ZZ")), 0);
	T_TRUE(atlas_count(ATLAS_COUNTRY, STR_NONE) > 230);
	T_TRUE(atlas_count(ATLAS_TOWN, S("PT")) > 300);
	for (atlas_id id = atlas_next(ATLAS_DEPARTEMENT, 0); id != 0; id = atlas_next(ATLAS_DEPARTEMENT, id)) {
		T_NEED(str_cmp(before, kit_code(id)) < 0);
		before = kit_code(id);
		n++;
	}
	T_EQ(n, 109);
	T_STR(before, "989");
	T_EQ(atlas_next((enum atlas_level)99, 0), 0);
}

/* ---- the tree ---- */

static void tree(struct t *t)
{
	atlas_id up[8], list[400];
	size_t n;
	struct str before = S("");

	kit_atlas(t);
	n = atlas_ancestors(kit_id("26108"), up);
	T_NEED(n == 4);
	T_EQ(kit_get(t, "26108").epci, up[0]);
	T_STR(kit_code(up[1]), "26");
	T_STR(kit_code(up[2]), "FR-ARA");
	T_STR(kit_code(up[3]), "FR");
	T_EQ(atlas_is_within(kit_id("26108"), up[0]), true);
	T_EQ(atlas_is_within(kit_id("26108"), kit_id("FR")), true);
	T_EQ(atlas_is_within(kit_id("26108"), kit_id("26108")), true);
	T_EQ(atlas_is_within(kit_id("26108"), kit_id("07")), false);
	T_EQ(atlas_is_within(kit_id("26"), kit_id("26108")), false);
	T_EQ(atlas_is_within(0, 0), false);

	n = atlas_children(kit_id("26"), 0, COUNT(list), list);
	T_TRUE(n > 350 && n < COUNT(list));
	for (size_t i = 0; i < n; i++) {
		struct str k = atlas_bare(atlas_key(t->mem, kit_name(list[i])));

		T_NEED(str_cmp(before, k) <= 0);
		before = k;
	}
	T_EQ(atlas_children(kit_id("26"), 10, 2, up), n);
	T_EQ(up[0], list[10]);
	T_EQ(up[1], list[11]);
	T_EQ(atlas_children(kit_id("26"), 100000, 5, up), n);
	T_EQ(atlas_children(0, 0, 5, up), 0);
	/* a region has départements, then EPCI */
	T_EQ(atlas_children_at(kit_id("FR-ARA"), ATLAS_DEPARTEMENT, 0, COUNT(list), list), 12);
	T_STR(kit_name(list[0]), "Ain");
	n = atlas_children_at(kit_id("FR-ARA"), ATLAS_EPCI, 0, COUNT(list), list);
	T_EQ(atlas_children(kit_id("FR-ARA"), 0, 0, NULL), 12 + n);
	/* the world */
	T_STR(kit_code(kit_get(t, "g2267057").parent), "PT-14");
	T_STR(kit_name(kit_id("PT")), "Portugal");
	T_EQ(kit_get(t, "PT").parent, 0);
}

static void names(struct t *t)
{
	bool fallback;

	kit_atlas(t);
	T_STR(atlas_name(kit_id("DE"), "fr", &fallback), "Allemagne");
	T_EQ(fallback, false);
	T_STR(atlas_name(kit_id("DE"), "ar", NULL), "ألمانيا");
	T_STR(atlas_name(kit_id("PS"), "fr", NULL), "Palestine");
	T_STR(atlas_name(kit_id("g2267057"), "fr", NULL), "Lisbonne");
	T_STR(atlas_name(kit_id("FR-BRE"), "en", NULL), "Brittany");
	T_STR(atlas_name(kit_id("26108"), "en", &fallback), "Crest");
	T_EQ(fallback, true);
	T_STR(atlas_name(kit_id("DE"), "xx", &fallback), "Germany");
	T_EQ(fallback, true);
	T_STR(atlas_name(kit_id("DE"), NULL, NULL), "Germany");
	T_TRUE(atlas_name(0, "fr", NULL).p == NULL);
	/* Provinces: by our table, by the town they are named after, or without the English word. */
	T_STR(atlas_name(kit_id("IT-15"), "fr", NULL), "Sicile");
	T_STR(atlas_name(kit_id("IT-15"), "en", NULL), "Sicily");
	T_STR(atlas_name(kit_id("TN-32"), "es", NULL), "Sfax");
	T_STR(atlas_name(kit_id("TN-32"), "ar", NULL), "صفاقس");
	/* Towns of our table, and départements in Arabic. */
	T_STR(atlas_name(kit_id("g2523920"), "fr", NULL), "Palerme");
	T_STR(atlas_name(kit_id("38"), "ar", NULL), "إيزير");
	T_STR(atlas_name(kit_id("2A"), "ar", NULL), "كورسيكا الجنوبية");
	T_STR(atlas_name(kit_id("38"), "en", NULL), "Isère");
}

/* ---- near ---- */

static void nearness(struct t *t)
{
	atlas_id list[50];
	struct territory a, b;
	size_t n;
	double before = 0;

	kit_atlas(t);
	T_STR(kit_code(atlas_nearest(44.7305, 5.0224, 10)), "26108");
	T_STR(kit_code(atlas_nearest(48.8534, 2.3788, 5)), "75056");
	T_STR(kit_code(atlas_nearest(38.72, -9.14, 5)), "g2267057");
	T_EQ(atlas_nearest(44.7305, 5.0224, 0), 0);
	T_EQ(atlas_nearest(0, -140, 200), 0);
	T_TRUE(atlas_nearest(0, -140, 20000) != 0);
	T_EQ(atlas_nearest(95, 5, 10), 0);
	T_EQ(atlas_nearest((double)NAN, 5, 10), 0);
	T_EQ(atlas_nearest(45, 500, 10), 0);
	T_TRUE(atlas_nearest(89.99, 0, 20000) != 0);
	/* across the antimeridian, in Fiji */
	T_STR(kit_get(t, kit_code(atlas_nearest(-16.8, 179.99, 200)).p != NULL ? "FJ" : "").iso2, "FJ");

	n = atlas_around(kit_id("26108"), ATLAS_COMMUNE, 30, COUNT(list), list);
	T_EQ(n, COUNT(list));
	a = kit_get(t, "26108");
	for (size_t i = 0; i < n; i++) {
		double d;

		T_NEED(atlas_get(list[i], &b) && b.level == ATLAS_COMMUNE && b.id != a.id);
		d = atlas_distance_km(a.lat, a.lon, b.lat, b.lon);
		T_TRUE(d >= before && d <= 30);
		before = d;
	}
	T_EQ(atlas_around(kit_id("26108"), ATLAS_COMMUNE, 30, 0, list), 0);
	T_EQ(atlas_around(0, ATLAS_COMMUNE, 30, 5, list), 0);
	n = atlas_around(kit_id("26"), ATLAS_DEPARTEMENT, 100, COUNT(list), list);
	T_TRUE(n >= 4 && n < 15);
}

static void laid_over(struct t *t)
{
	struct territory x;
	atlas_id id;
	double lat, lon;

	kit_atlas(t);
	id = kit_id("26001");
	x = kit_get(t, "26001");
	lat = x.lat;
	lon = x.lon;
	atlas_set_point(id, lat + 0.2, lon + 0.1, ATLAS_POINT_EXACT);
	x = kit_get(t, "26001");
	T_EQ(x.point, ATLAS_POINT_EXACT);
	T_TRUE(fabs(x.lat - lat - 0.2) < 1e-5 && fabs(x.lon - lon - 0.1) < 1e-5);
	T_EQ(atlas_nearest(lat + 0.2, lon + 0.1, 1), id);
	/* moved to the other end of the world it is found there, once */
	atlas_set_point(id, -49.5, 69.9, ATLAS_POINT_EXACT);
	T_EQ(atlas_nearest(-49.5, 69.9, 5), id);
	/* nonsense puts the built-in point back */
	atlas_set_point(id, 400, 0, ATLAS_POINT_EXACT);
	T_TRUE(kit_get(t, "26001").point != ATLAS_POINT_EXACT);
	T_TRUE(fabs(kit_get(t, "26001").lat - lat) < 1e-9);
	atlas_set_point(0, 1, 1, ATLAS_POINT_EXACT);
	atlas_set_point(UINT32_MAX, 1, 1, ATLAS_POINT_EXACT);
}

/* Readers see the old point or the new one, never half of each. */
static void *move_about(void *arg)
{
	atlas_id id = *(atlas_id *)arg;

	for (int i = 0; i < 20000; i++) {
		if (i % 2 == 0) {
			atlas_set_point(id, 44.5, 5.25, ATLAS_POINT_EXACT);
		} else {
			atlas_set_point(id, 45.5, 6.25, ATLAS_POINT_EXACT);
		}
	}
	return NULL;
}

static void laid_over_at_once(struct t *t)
{
	struct territory x;
	pthread_t thread;
	atlas_id id;

	kit_atlas(t);
	id = kit_id("26002");
	atlas_set_point(id, 44.5, 5.25, ATLAS_POINT_EXACT);
	T_NEED(pthread_create(&thread, NULL, move_about, &id) == 0);
	for (int i = 0; i < 20000; i++) {
		if (!atlas_get(id, &x) || fabs(x.lat - 39.25 - x.lon) > 1e-4) {
			t_fail(t, T_AT("torn"), "%f %f", x.lat, x.lon);
			break;
		}
	}
	T_EQ(pthread_join(thread, NULL), 0);
	atlas_set_point(id, 0, 0, ATLAS_NO_POINT);
}

static void boxes(struct t *t)
{
	struct atlas_box b;

	kit_atlas(t);
	T_NEED(atlas_box(kit_id("26"), &b));
	T_TRUE(b.south > 44 && b.north < 45.5 && b.west > 4.5 && b.east < 6);
	T_NEED(atlas_box(kit_id("FR"), &b));
	T_TRUE(b.south > 41 && b.north < 51.5 && b.west > -5.5 && b.east < 10);
	T_NEED(atlas_box(kit_id("FJ"), &b));
	T_TRUE(b.west > 170 && b.east > 180 && b.east - b.west < 10);
	T_NEED(atlas_box(kit_id("26108"), &b));
	T_TRUE(b.south < 44.73 && b.north > 44.73);
	T_EQ(atlas_box(0, &b), false);
}

/* ---- the file ---- */

/* The keys that the build made are those that this program makes of the same names. */
static void same_keys(struct t *t)
{
	size_t wrong = 0;

	kit_atlas(t);
	for (uint32_t i = 0; i < atlas_file.n_keys && wrong < 10; i += 3) {
		enum atlas_kind kind = packed_kind(atlas_file.packed[i]);
		struct mem_mark at = mem_mark(t->mem);
		struct str shown = atlas_text(atlas_file.shown[i]), key = atlas_key(t->mem, shown);
		uint32_t lo, hi;

		if (key.n <= ATLAS_KEY_MAX && (kind == KEY_NAME || kind == KEY_OTHER || kind == KEY_POSTAL)) {
			atlas_keys_range(key, true, &lo, &hi);
			if (i < lo || i >= hi) {
				wrong++;
				t_fail(t, T_AT("atlas_key"), "%.*s has the key %.*s here, another in the file",
				       STR_ARG(shown), STR_ARG(key));
			}
		}
		mem_rewind(t->mem, at);
	}
	T_STR(atlas_key(t->mem, S("  L’Haÿ-les-Roses ")), "l hay les roses");
	T_STR(atlas_key(t->mem, S("Œuilly s/ Ste. X")), "oeuilly sur sainte x");
	T_EQ(str_eq(atlas_key(t->mem, S("أُمّ القُرى")), atlas_key(t->mem, S("ام القرى"))), true);
}

static void bad_files(struct t *t)
{
	struct atlas_file good;
	size_t n = 32 + 17 * 16 + 64;
	uint32_t *copy = mem_get(t->mem, n);

	kit_atlas(t);
	T_OK(atlas_check());
	good = atlas_file;
	T_ERR(E_BUG, atlas_open(NULL, 0));
	T_ERR(E_BUG, atlas_open("", 0));
	memcpy(copy, good.head, n);
	T_ERR(E_BUG, atlas_open(copy, n)); /* cut short */
	T_ERR(E_BUG, atlas_open((const char *)good.head + 1, good.head->size - 1));
	copy[2] = 999;
	T_ERR(E_BUG, atlas_open(copy, good.head->size));
	T_TRUE(t_logged(t, "version 999"));
	memcpy(copy, good.head, n);
	copy[12] ^= 1;
	T_ERR(E_BUG, atlas_open(copy, good.head->size));
	T_TRUE(t_logged(t, "damaged"));
	memcpy(copy, good.head, n);
	copy[0] ^= 1;
	T_ERR(E_BUG, atlas_open(copy, good.head->size));
	/* a refused file leaves the open one as it was */
	T_EQ(memcmp(&good, &atlas_file, sizeof(good)), 0);
	T_STR(kit_name(kit_id("26108")), "Crest");
}

/* The reference lies outside the tree: see tools/atlas/measure.mjs for the whole measure. */
static void approximate_points(struct t *t)
{
	const char *path = t_shared(t, "territories-fr/communes-points.csv");
	struct str rest, line;
	size_t n = 0, within10 = 0;
	double sum = 0;

	if (path == NULL) {
		T_SKIP("no reference points");
	}
	kit_atlas(t);
	rest = t_read(t, path);
	(void)str_cut(&rest, '\n');
	while (rest.p != NULL) {
		struct str f[7] = {0};
		struct territory x;
		double lat, lon, d;

		line = str_cut(&rest, '\n');
		for (size_t i = 0; i < COUNT(f) && line.p != NULL; i++) {
			f[i] = str_cut(&line, ',');
		}
		if (!atlas_get(atlas_find(f[0]), &x) || x.point != ATLAS_POINT_APPROX) {
			continue;
		}
		if (!str_to_double(f[5].n > 0 ? f[5] : f[2], &lat) || !str_to_double(f[4].n > 0 ? f[4] : f[1], &lon)) {
			continue;
		}
		d = atlas_distance_km(lat, lon, x.lat, x.lon);
		n++;
		sum += d;
		within10 += d <= 10 ? 1 : 0;
	}
	T_TRUE(n > 19000);
	log_info("atlas: %zu approximate points, mean error %d m, %d%% within 10 km", n, (int)(sum * 1000 / (double)n),
		 (int)(within10 * 100 / n));
	T_TRUE(sum / (double)n < 8.5);
	T_TRUE((double)within10 / (double)n > 0.75);
}

static const struct t_case cases[] = {
	{"codes, aliases and what is none",          codes,              0},
	{"overseas",				 overseas,           0},
	{"Paris, Lyon, Marseille",                   great_cities,       0},
	{"former communes",                          formers,            0},
	{"counts and walks",                         counts,             0},
	{"the tree, in name order",                  tree,               0},
	{"names in five languages",                  names,              0},
	{"near and around",                          nearness,           0},
	{"points laid over",                         laid_over,          0},
	{"points laid over while others read",       laid_over_at_once,  0},
	{"boxes",				    boxes,              0},
	{"both sides make the same keys",            same_keys,          0},
	{"a bad file is refused",                    bad_files,          0},
	{"approximate points against the reference", approximate_points, 0},
};
T_SUITE(atlas, cases)
