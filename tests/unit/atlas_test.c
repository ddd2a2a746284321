/*
 * The atlas: codes, tree, search, nearness, written places, and what must be refused.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/atlas_data.h"
#include "core/atlas_words.h"
#include "t.h"

static void open_atlas(struct t *t)
{
	if (atlas_file.head == NULL) {
		T_OK(atlas_open_built_in());
	}
}

static atlas_id id_of(const char *code)
{
	return atlas_find(str_of(code));
}

static struct territory get(struct t *t, const char *code)
{
	struct territory x = {0};

	if (!atlas_get(id_of(code), &x)) {
		t_fail(t, T_AT("code"), "nothing has the code %s", code);
	}
	return x;
}

static struct str name_of(atlas_id id)
{
	struct territory x = {0};

	return atlas_get(id, &x) ? x.name : S("(none)");
}

static struct str code_of(atlas_id id)
{
	struct territory x = {0};

	return atlas_get(id, &x) ? x.code : S("(none)");
}

/* ---- codes ---- */

static void codes(struct t *t)
{
	struct territory x;

	open_atlas(t);
	x = get(t, "26108");
	T_STR(x.name, "Crest");
	T_EQ(x.level, ATLAS_COMMUNE);
	T_STR(x.iso2, "FR");
	T_STR(x.timezone, "Europe/Paris");
	T_EQ(x.former, false);
	T_TRUE(x.population > 7000 && x.population < 11000);
	T_STR(code_of(x.parent), "26");
	T_EQ(x.point, ATLAS_POINT_TOWN);
	T_TRUE(fabs(x.lat - 44.73) < 0.02 && fabs(x.lon - 5.02) < 0.02);
	T_STR(atlas_postal_codes(x.id), "26400");

	x = get(t, "2A004");
	T_STR(x.name, "Ajaccio");
	T_STR(code_of(x.parent), "2A");
	T_EQ(id_of("20004"), x.id);
	T_STR(get(t, "2B033").name, "Bastia");
	T_STR(get(t, "2B").name, "Haute-Corse");
	T_STR(code_of(get(t, "2A").parent), "FR-COR");
	T_EQ(id_of("FR-20R"), id_of("FR-COR"));
	T_EQ(id_of("R84"), id_of("FR-ARA"));
	T_STR(get(t, "R84").name, "Auvergne-Rhône-Alpes");
	T_EQ(id_of("FR-26"), id_of("26"));
	T_EQ(id_of("2a004"), 0);
	T_EQ(id_of(""), 0);
	T_EQ(atlas_find(STR_NONE), 0);
	T_EQ(id_of("99999"), 0);
	T_EQ(id_of("000000000000000000000000000000000"), 0);
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

	open_atlas(t);
	for (size_t i = 0; i < COUNT(regions); i++) {
		struct territory x = get(t, regions[i][0]);

		T_EQ(x.level, ATLAS_DEPARTEMENT);
		T_EQ(x.parent, id_of(regions[i][1]));
	}
	T_EQ(id_of("RE"), id_of("974"));
	T_STR(get(t, "974").timezone, "Indian/Reunion");
	T_STR(get(t, "97411").name, "Saint-Denis");
	T_EQ(get(t, "987").parent, id_of("FR"));
	T_EQ(get(t, "988").level, ATLAS_DEPARTEMENT);
	T_STR(get(t, "98735").name, "Papeete");
	T_EQ(get(t, "98735").point, ATLAS_POINT_TOWN);
	T_STR(get(t, "97608").iso2, "FR");
	T_EQ(get(t, "97608").point, ATLAS_POINT_TOWN);
	/* an atoll that nothing locates is said to be nowhere */
	T_EQ(get(t, "98755").point, ATLAS_NO_POINT);
}

static void great_cities(struct t *t)
{
	atlas_id list[30], up[8];
	size_t n;

	open_atlas(t);
	T_EQ(atlas_children_at(id_of("75056"), ATLAS_ARRONDISSEMENT, 0, COUNT(list), list), 20);
	T_EQ(atlas_children(id_of("69123"), 0, COUNT(list), list), 9);
	T_EQ(atlas_children(id_of("13055"), 0, COUNT(list), list), 16);
	T_STR(get(t, "75111").name, "Paris 11e Arrondissement");
	n = atlas_ancestors(id_of("69383"), up);
	T_EQ(n, 5);
	T_STR(code_of(up[0]), "69123");
	T_STR(code_of(up[1]), "200046977");
	T_STR(code_of(up[2]), "69");
	T_STR(code_of(up[3]), "FR-ARA");
	T_STR(code_of(up[4]), "FR");
	T_STR(name_of(id_of("200046977")), "Métropole de Lyon");
	T_EQ(get(t, "200046977").level, ATLAS_EPCI);
	T_EQ(id_of("FR-69M"), id_of("200046977"));
}

static void formers(struct t *t)
{
	struct territory x;
	atlas_id list[20];
	size_t n;

	open_atlas(t);
	/* Arbignieu lives on in Arboys en Bugey, which kept its code */
	T_STR(get(t, "01015").name, "Arboys en Bugey");
	x = get(t, "01340");
	T_EQ(x.former, true);
	T_EQ(x.now, id_of("01015"));
	n = atlas_formers(id_of("01015"), COUNT(list), list);
	T_EQ(n, 1);
	T_EQ(list[0], x.id);
	T_EQ(atlas_is_within(x.id, id_of("01")), true);
	for (atlas_id id = atlas_next(ATLAS_COMMUNE, 0); id != 0; id = atlas_next(ATLAS_COMMUNE, id)) {
		T_NEED(atlas_get(id, &x) && !x.former);
	}
}

static void counts(struct t *t)
{
	size_t n = 0;
	struct str before = S("");

	open_atlas(t);
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
		T_NEED(str_cmp(before, code_of(id)) < 0);
		before = code_of(id);
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

	open_atlas(t);
	n = atlas_ancestors(id_of("26108"), up);
	T_NEED(n == 4);
	T_EQ(get(t, "26108").epci, up[0]);
	T_STR(code_of(up[1]), "26");
	T_STR(code_of(up[2]), "FR-ARA");
	T_STR(code_of(up[3]), "FR");
	T_EQ(atlas_is_within(id_of("26108"), up[0]), true);
	T_EQ(atlas_is_within(id_of("26108"), id_of("FR")), true);
	T_EQ(atlas_is_within(id_of("26108"), id_of("26108")), true);
	T_EQ(atlas_is_within(id_of("26108"), id_of("07")), false);
	T_EQ(atlas_is_within(id_of("26"), id_of("26108")), false);
	T_EQ(atlas_is_within(0, 0), false);

	n = atlas_children(id_of("26"), 0, COUNT(list), list);
	T_TRUE(n > 350 && n < COUNT(list));
	for (size_t i = 0; i < n; i++) {
		struct str k = atlas_bare(atlas_key(t->mem, name_of(list[i])));

		T_NEED(str_cmp(before, k) <= 0);
		before = k;
	}
	T_EQ(atlas_children(id_of("26"), 10, 2, up), n);
	T_EQ(up[0], list[10]);
	T_EQ(up[1], list[11]);
	T_EQ(atlas_children(id_of("26"), 100000, 5, up), n);
	T_EQ(atlas_children(0, 0, 5, up), 0);
	/* a region has départements, then EPCI */
	T_EQ(atlas_children_at(id_of("FR-ARA"), ATLAS_DEPARTEMENT, 0, COUNT(list), list), 12);
	T_STR(name_of(list[0]), "Ain");
	n = atlas_children_at(id_of("FR-ARA"), ATLAS_EPCI, 0, COUNT(list), list);
	T_EQ(atlas_children(id_of("FR-ARA"), 0, 0, NULL), 12 + n);
	/* the world */
	T_STR(code_of(get(t, "g2267057").parent), "PT-14");
	T_STR(name_of(id_of("PT")), "Portugal");
	T_EQ(get(t, "PT").parent, 0);
}

static void names(struct t *t)
{
	bool fallback;

	open_atlas(t);
	T_STR(atlas_name(id_of("DE"), "fr", &fallback), "Allemagne");
	T_EQ(fallback, false);
	T_STR(atlas_name(id_of("DE"), "ar", NULL), "ألمانيا");
	T_STR(atlas_name(id_of("PS"), "fr", NULL), "Palestine");
	T_STR(atlas_name(id_of("g2267057"), "fr", NULL), "Lisbonne");
	T_STR(atlas_name(id_of("FR-BRE"), "en", NULL), "Brittany");
	T_STR(atlas_name(id_of("26108"), "en", &fallback), "Crest");
	T_EQ(fallback, true);
	T_STR(atlas_name(id_of("DE"), "xx", &fallback), "Germany");
	T_EQ(fallback, true);
	T_STR(atlas_name(id_of("DE"), NULL, NULL), "Germany");
	T_TRUE(atlas_name(0, "fr", NULL).p == NULL);
	/* Provinces: by our table, by the town they are named after, or without the English word. */
	T_STR(atlas_name(id_of("IT-15"), "fr", NULL), "Sicile");
	T_STR(atlas_name(id_of("IT-15"), "en", NULL), "Sicily");
	T_STR(atlas_name(id_of("TN-32"), "es", NULL), "Sfax");
	T_STR(atlas_name(id_of("TN-32"), "ar", NULL), "صفاقس");
	/* Towns of our table, and départements in Arabic. */
	T_STR(atlas_name(id_of("g2523920"), "fr", NULL), "Palerme");
	T_STR(atlas_name(id_of("38"), "ar", NULL), "إيزير");
	T_STR(atlas_name(id_of("2A"), "ar", NULL), "كورسيكا الجنوبية");
	T_STR(atlas_name(id_of("38"), "en", NULL), "Isère");
}

/* ---- search ---- */

static size_t find(const char *text, uint32_t levels, const char *near, struct atlas_hit *hits, size_t max)
{
	struct atlas_query q = {.text = str_of(text), .levels = levels, .near_country = str_of(near)};

	return atlas_search(&q, hits, max);
}

static struct str first(const char *text)
{
	struct atlas_hit h[10];

	return find(text, 0, "FR", h, COUNT(h)) > 0 ? code_of(h[0].id) : S("(none)");
}

static void search_names(struct t *t)
{
	struct atlas_hit h[20];
	const uint32_t communes = 1u << ATLAS_COMMUNE;
	size_t n;

	open_atlas(t);
	T_STR(first("Saint-Étienne"), "42218");
	T_STR(first("ST ETIENNE"), "42218");
	T_STR(first("st-etie"), "42218");
	T_STR(first("la rochel"), "17300");
	T_STR(first("rochelle (la)"), "17300");
	T_STR(first("l'ile saint denis"), "93039");
	T_STR(first("strasb"), "67482");
	T_EQ(first("cœur"), first("coeur"));
	T_STR(first("26400 crest"), "26108");
	T_STR(first("crest 26"), "26108");
	T_STR(first("26108"), "26108");
	T_STR(first("2a"), "2A");
	T_STR(first("drome"), "26");
	T_STR(first("2A004"), "2A004");
	T_STR(first("villeurb"), "69266");
	T_STR(first("communauté de communes du diois"), "242600534");
	T_STR(first("Valence (Drôme)"), "26362");
	T_STR(first("Valence, Tarn-et-Garonne"), "82186");
	T_STR(first("Lisbonne"), "g2267057");
	T_STR(first("Londres"), "g2643743");
	T_STR(first("paris 11"), "75111");
	T_STR(first("villeurbane"), "69266");
	T_STR(first("starsbourg"), "67482");
	T_STR(first("monteimar"), "26198");
	/* what the person types is looked for as it is, too */
	n = find("st", communes, "FR", h, COUNT(h));
	T_NEED(n == COUNT(h));
	T_STR(name_of(h[0].id), "Strasbourg");
	/* twelve communes have the name, and no other comes before them */
	n = find("sainte colombe", communes, NULL, h, COUNT(h));
	T_TRUE(n > 12);
	for (size_t i = 0; i < 12; i++) {
		T_STR(name_of(h[i].id), "Sainte-Colombe");
	}
	T_TRUE(!str_eq(name_of(h[12].id), S("Sainte-Colombe")));
	/* a postal code of several */
	n = find("26400", communes, NULL, h, COUNT(h));
	T_TRUE(n > 5);
	for (size_t i = 0; i < n; i++) {
		T_TRUE(str_find(atlas_postal_codes(h[i].id), S("26400")) >= 0);
	}
	/* a former commune is found as the one in force */
	n = find("Fourqueux", communes, "FR", h, COUNT(h));
	T_NEED(n > 0);
	T_STR(name_of(h[0].id), "Saint-Germain-en-Laye");
	T_STR(h[0].matched, "Fourqueux");
}

static void search_arabic(struct t *t)
{
	struct atlas_hit h[5];

	open_atlas(t);
	T_STR(first("تونس"), "TN");
	T_STR(first("القاهرة"), "g360630");
	T_STR(first("القاهره"), "g360630");
	T_STR(first("قاهرة"), "g360630");
	T_STR(first("القـــاهرة"), "g360630");
	T_STR(first("باريس"), "75056");
	T_STR(first("مرسيليا"), "13055");
	T_EQ(first("الاسكندريه"), first("الإسكندرية"));
	T_TRUE(find("الإسكند", 0, NULL, h, COUNT(h)) > 0);
	T_STR(name_of(h[0].id), "Alexandria");
}

static void search_within(struct t *t)
{
	struct atlas_hit h[30];
	struct atlas_query q = {.text = S("san"), .country = S("PT")};
	struct territory x;
	size_t n;

	open_atlas(t);
	n = atlas_search(&q, h, COUNT(h));
	T_TRUE(n > 5);
	for (size_t i = 0; i < n; i++) {
		T_TRUE(atlas_get(h[i].id, &x) && str_eq(x.iso2, S("PT")));
		T_TRUE(i == 0 || h[i - 1].score >= h[i].score);
		for (size_t k = 0; k < i; k++) {
			T_TRUE(h[k].id != h[i].id);
		}
	}
	q.country = S("ZZ");
	T_EQ(atlas_search(&q, h, COUNT(h)), 0);
	q = (struct atlas_query){.text = S("lyon"), .levels = 1u << ATLAS_EPCI};
	n = atlas_search(&q, h, COUNT(h));
	T_NEED(n > 0);
	T_STR(code_of(h[0].id), "200046977");
}

static void search_garbage(struct t *t)
{
	struct atlas_hit h[5];
	struct atlas_query q = {0};
	char *big = mem_get(t->mem, 10240);
	static const char *const odd[] = {
		"",          " ",    "'",   "---", "\xff\xfe", "\xc3", "%",
		"qzxqzxqzx", "🙂", "(((", ",,,", ")",        "a,",   "12345678901234567890"};

	open_atlas(t);
	T_EQ(atlas_search(&q, h, COUNT(h)), 0);
	for (size_t i = 0; i < COUNT(odd); i++) {
		size_t n = find(odd[i], 0, NULL, h, COUNT(h));

		T_TRUE(n == 0 || strcmp(odd[i], "a,") == 0);
	}
	q.text = S("lyon");
	T_EQ(atlas_search(&q, h, 0), 0);
	for (size_t i = 0; i < 10240; i++) {
		big[i] = "saint de la "[i % 12];
	}
	q.text = (struct str){big, 10240};
	T_EQ(atlas_search(&q, h, COUNT(h)), 0);
	memset(big, 'a', 10240);
	T_EQ(atlas_search(&q, h, COUNT(h)), 0);
}

/* Every prefix of names all over the file, timed: the slowest in a hundred stay under a millisecond. */
static int compare_ns(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void search_time(struct t *t)
{
	enum { N = 5000 };
	int64_t *ns = mem_array(t->mem, int64_t, N);
	struct atlas_hit h[10];
	struct timespec a, b;
	uint32_t seed = 12345;

	open_atlas(t);
	for (size_t i = 0; i < N; i++) {
		atlas_id id;
		struct atlas_query q = {.near_country = S("FR")};

		seed = seed * 1664525u + 1013904223u;
		id = 1 + seed % (atlas_file.n_recs - 1);
		q.text = atlas_text(atlas_file.recs[id].name);
		q.text.n = 1 + (seed >> 8) % (q.text.n < 12 ? q.text.n : 12);
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
		(void)atlas_search(&q, h, COUNT(h));
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
		ns[i] = (int64_t)(b.tv_sec - a.tv_sec) * 1000000000 + (b.tv_nsec - a.tv_nsec);
	}
	qsort(ns, N, sizeof(*ns), compare_ns);
	log_info("atlas search: median %d us, 99%% %d us, worst %d us", (int)(ns[N / 2] / 1000),
		 (int)(ns[N * 99 / 100] / 1000), (int)(ns[N - 1] / 1000));
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
	T_TRUE(ns[N * 99 / 100] < 30 * 1000000);
#else
	T_TRUE(ns[N * 99 / 100] < 1000000);
#endif
}

/* ---- near ---- */

static void nearness(struct t *t)
{
	atlas_id list[50];
	struct territory a, b;
	size_t n;
	double before = 0;

	open_atlas(t);
	T_STR(code_of(atlas_nearest(44.7305, 5.0224, 10)), "26108");
	T_STR(code_of(atlas_nearest(48.8534, 2.3788, 5)), "75056");
	T_STR(code_of(atlas_nearest(38.72, -9.14, 5)), "g2267057");
	T_EQ(atlas_nearest(44.7305, 5.0224, 0), 0);
	T_EQ(atlas_nearest(0, -140, 200), 0);
	T_TRUE(atlas_nearest(0, -140, 20000) != 0);
	T_EQ(atlas_nearest(95, 5, 10), 0);
	T_EQ(atlas_nearest((double)NAN, 5, 10), 0);
	T_EQ(atlas_nearest(45, 500, 10), 0);
	T_TRUE(atlas_nearest(89.99, 0, 20000) != 0);
	/* across the antimeridian, in Fiji */
	T_STR(get(t, code_of(atlas_nearest(-16.8, 179.99, 200)).p != NULL ? "FJ" : "").iso2, "FJ");

	n = atlas_around(id_of("26108"), ATLAS_COMMUNE, 30, COUNT(list), list);
	T_EQ(n, COUNT(list));
	a = get(t, "26108");
	for (size_t i = 0; i < n; i++) {
		double d;

		T_NEED(atlas_get(list[i], &b) && b.level == ATLAS_COMMUNE && b.id != a.id);
		d = atlas_distance_km(a.lat, a.lon, b.lat, b.lon);
		T_TRUE(d >= before && d <= 30);
		before = d;
	}
	T_EQ(atlas_around(id_of("26108"), ATLAS_COMMUNE, 30, 0, list), 0);
	T_EQ(atlas_around(0, ATLAS_COMMUNE, 30, 5, list), 0);
	n = atlas_around(id_of("26"), ATLAS_DEPARTEMENT, 100, COUNT(list), list);
	T_TRUE(n >= 4 && n < 15);
}

static void laid_over(struct t *t)
{
	struct territory x;
	atlas_id id;
	double lat, lon;

	open_atlas(t);
	id = id_of("26001");
	x = get(t, "26001");
	lat = x.lat;
	lon = x.lon;
	atlas_set_point(id, lat + 0.2, lon + 0.1, ATLAS_POINT_EXACT);
	x = get(t, "26001");
	T_EQ(x.point, ATLAS_POINT_EXACT);
	T_TRUE(fabs(x.lat - lat - 0.2) < 1e-5 && fabs(x.lon - lon - 0.1) < 1e-5);
	T_EQ(atlas_nearest(lat + 0.2, lon + 0.1, 1), id);
	/* moved to the other end of the world it is found there, once */
	atlas_set_point(id, -49.5, 69.9, ATLAS_POINT_EXACT);
	T_EQ(atlas_nearest(-49.5, 69.9, 5), id);
	/* nonsense puts the built-in point back */
	atlas_set_point(id, 400, 0, ATLAS_POINT_EXACT);
	T_TRUE(get(t, "26001").point != ATLAS_POINT_EXACT);
	T_TRUE(fabs(get(t, "26001").lat - lat) < 1e-9);
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

	open_atlas(t);
	id = id_of("26002");
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

	open_atlas(t);
	T_NEED(atlas_box(id_of("26"), &b));
	T_TRUE(b.south > 44 && b.north < 45.5 && b.west > 4.5 && b.east < 6);
	T_NEED(atlas_box(id_of("FR"), &b));
	T_TRUE(b.south > 41 && b.north < 51.5 && b.west > -5.5 && b.east < 10);
	T_NEED(atlas_box(id_of("FJ"), &b));
	T_TRUE(b.west > 170 && b.east > 180 && b.east - b.west < 10);
	T_NEED(atlas_box(id_of("26108"), &b));
	T_TRUE(b.south < 44.73 && b.north > 44.73);
	T_EQ(atlas_box(0, &b), false);
}

/* ---- places as written ---- */

static void resolving(struct t *t)
{
	static const struct {
		const char *town, *postal, *country, *code;
	} places[] = {
		{"Crest",                    "26400",    "FR",          "26108"   },
		{"CREST",                    "",         "FR",          "26108"   },
		{"ST ETIENNE",               "",         "FR",          "42218"   },
		{"SAINT ETIENNE CEDEX 2",    "42007",    "FR",          "42218"   },
		{"Valence",                  "26000",    "France",      "26362"   },
		{"Valence",                  "",         "FR",          "26362"   },
		{"Valence (82)",             "",         "",            "82186"   },
		{"Valence (Drôme)",         "",         "",            "26362"   },
		{"VALENCE CEDEX 9",          "26011",    "",            "26362"   },
		{"Paris 11e",                "",         "",            "75111"   },
		{"PARIS 1er arrondissement", "",         "FR",          "75101"   },
		{"Lyon 3ème",               "",         "",            "69383"   },
		{"Marseille 01",             "",         "",            "13201"   },
		{"Paris",                    "75011",    "",            "75111"   },
		{"Paris",                    "",         "",            "75056"   },
		{"PARIS CEDEX 08",           "75384",    "FR",          "75056"   },
		{"26400 Crest",              "",         "",            "26108"   },
		{"Crest 26",                 "",         "",            "26108"   },
		{"Bourg en bresse",          "1000",     "FR",          "01053"   },
		{"",			 "42000",    "",            "42218"   },
		{"",			 "75011",    "",            "75111"   },
		{"L HAY LES ROSES",          "94240",    "",            "94038"   },
		{"LHAY LES ROSES",           "94240",    "",            "94038"   },
		{"Chalon/Saône",            "",         "FR",          "71076"   },
		{"Boulogne s/ Mer",          "",         "FR",          "62160"   },
		{"Romans",                   "26100",    "FR",          "26281"   },
		{"Villeurbane",              "69100",    "FR",          "69266"   },
		{"Saint-Denis",              "93200",    "FR",          "93066"   },
		{"Saint Denis",              "97400",    "",            "97411"   },
		{"Saint-Denis",              "",         "RE",          "97411"   },
		{"Ajaccio",                  "20000",    "FR",          "2A004"   },
		{"Sainte-Colombe",           "69560",    "FR",          "69189"   },
		{"Fourqueux",                "78112",    "FR",          "78551"   },
		{"Lisbonne",                 "",         "",            "g2267057"},
		{"Lisboa",                   "1100-148", "PT",          "g2267057"},
		{"Londres",                  "",         "",            "g2643743"},
		{"Londres",                  "",         "Royaume-Uni", "g2643743"},
		{"Tunis",                    "",         "TUN",         "g2464470"},
		{"القاهرة",           "",         "",            "g360630" },
		{"Berlin",                   "10115",    "",            "g2950159"},
		{"Madrid",                   "28013",    "",            "g3117735"},
	};
	bool ambiguous;

	open_atlas(t);
	for (size_t i = 0; i < COUNT(places); i++) {
		atlas_id id = atlas_resolve(str_of(places[i].town), str_of(places[i].postal), str_of(places[i].country),
					    &ambiguous);

		if (!str_eq(code_of(id), str_of(places[i].code)) || ambiguous) {
			t_fail(t, T_AT("atlas_resolve"), "%s/%s/%s gives %.*s, not %s%s", places[i].town,
			       places[i].postal, places[i].country, STR_ARG(code_of(id)), places[i].code,
			       ambiguous ? " (several)" : "");
		}
	}
}

/* Every commune is found again by its name, without case and accents, and its first postal code; and by its name in search. */
static void every_commune(struct t *t)
{
	size_t lost = 0, unseen = 0;

	open_atlas(t);
	for (atlas_id id = atlas_next(ATLAS_COMMUNE, 0); id != 0; id = atlas_next(ATLAS_COMMUNE, id)) {
		struct str codes = atlas_postal_codes(id);
		struct mem_mark at = mem_mark(t->mem);
		struct atlas_hit h[20];
		struct atlas_query q = {.text = name_of(id), .levels = 1u << ATLAS_COMMUNE};
		size_t n = atlas_search(&q, h, COUNT(h)), i = 0;
		atlas_id found = 0;

		while (i < n && h[i].id != id) {
			i++;
		}
		unseen += i == n ? 1 : 0;
		if (codes.p != NULL) {
			found = atlas_resolve(atlas_words(t->mem, q.text), str_cut(&codes, ','), S("FR"), NULL);
			lost += atlas_is_within(found, id) ? 0 : 1;
		}
		mem_rewind(t->mem, at);
	}
	T_EQ(lost, 0);
	T_EQ(unseen, 0);
}

static void not_resolving(struct t *t)
{
	bool ambiguous;

	open_atlas(t);
	T_EQ(atlas_resolve(S("Sainte-Colombe"), S(""), S("FR"), &ambiguous), 0);
	T_EQ(ambiguous, true);
	T_EQ(atlas_resolve(S(""), S("26400"), S("FR"), &ambiguous), 0);
	T_EQ(ambiguous, true);
	T_EQ(atlas_resolve(S("Nulle-Part-les-Oies"), S(""), S(""), &ambiguous), 0);
	T_EQ(ambiguous, false);
	T_EQ(atlas_resolve(STR_NONE, STR_NONE, STR_NONE, &ambiguous), 0);
	T_EQ(ambiguous, false);
	T_EQ(atlas_resolve(S("Crest"), S("75011"), S("FR"), NULL), 0);
	T_EQ(atlas_resolve(S("Crest"), S(""), S("Atlantis"), NULL), 0);
	T_EQ(atlas_resolve(S("Crest"), S(""), S("DE"), NULL), 0);
	T_EQ(atlas_resolve(S("Paris 21e"), S(""), S("FR"), NULL), 0);
	T_EQ(atlas_resolve(S("((((,,,,"), S("abc"), S(""), NULL), 0);
	T_EQ(atlas_resolve(S("\xff\xff"), S("\xff"), S("\xff\xff"), NULL), 0);
}

/* ---- the file ---- */

/* The keys that the build made are those that this program makes of the same names. */
static void same_keys(struct t *t)
{
	size_t wrong = 0;

	open_atlas(t);
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

	open_atlas(t);
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
	T_STR(name_of(id_of("26108")), "Crest");
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
	open_atlas(t);
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
	{"search by name, number and both",          search_names,       0},
	{"search in Arabic",                         search_arabic,      0},
	{"search within a country or level",         search_within,      0},
	{"search survives garbage",                  search_garbage,     0},
	{"search is quick",                          search_time,        0},
	{"near and around",                          nearness,           0},
	{"points laid over",                         laid_over,          0},
	{"points laid over while others read",       laid_over_at_once,  0},
	{"boxes",				    boxes,              0},
	{"written places resolve",                   resolving,          0},
	{"every commune is found again",             every_commune,      0},
	{"ambiguous and unknown places do not",      not_resolving,      0},
	{"both sides make the same keys",            same_keys,          0},
	{"a bad file is refused",                    bad_files,          0},
	{"approximate points against the reference", approximate_points, 0},
};
T_SUITE(atlas, cases)
