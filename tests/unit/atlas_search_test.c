/*
 * Finding places: as one types, and as people write them in tables.
 */
#include <pthread.h>
#include <stdlib.h>

#include "atlas_kit.h"

#include "core/atlas_data.h"
#include "core/atlas_words.h"

static size_t find(const char *text, uint32_t levels, const char *near, struct atlas_hit *hits, size_t max)
{
	struct atlas_query q = {.text = str_of(text), .levels = levels, .near_country = str_of(near)};

	return atlas_search(&q, hits, max);
}

static struct str first(const char *text)
{
	struct atlas_hit h[10];

	return find(text, 0, "FR", h, COUNT(h)) > 0 ? kit_code(h[0].id) : S("(none)");
}

static void search_names(struct t *t)
{
	struct atlas_hit h[20];
	const uint32_t communes = 1u << ATLAS_COMMUNE;
	size_t n;

	kit_atlas(t);
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
	T_STR(kit_name(h[0].id), "Strasbourg");
	/* twelve communes have the name, and no other comes before them */
	n = find("sainte colombe", communes, NULL, h, COUNT(h));
	T_TRUE(n > 12);
	for (size_t i = 0; i < 12; i++) {
		T_STR(kit_name(h[i].id), "Sainte-Colombe");
	}
	T_TRUE(!str_eq(kit_name(h[12].id), S("Sainte-Colombe")));
	/* a postal code of several */
	n = find("26400", communes, NULL, h, COUNT(h));
	T_TRUE(n > 5);
	for (size_t i = 0; i < n; i++) {
		T_TRUE(str_find(atlas_postal_codes(h[i].id), S("26400")) >= 0);
	}
	/* a former commune is found as the one in force */
	n = find("Fourqueux", communes, "FR", h, COUNT(h));
	T_NEED(n > 0);
	T_STR(kit_name(h[0].id), "Saint-Germain-en-Laye");
	T_STR(h[0].matched, "Fourqueux");
}

static void search_arabic(struct t *t)
{
	struct atlas_hit h[5];

	kit_atlas(t);
	T_STR(first("تونس"), "TN");
	T_STR(first("القاهرة"), "g360630");
	T_STR(first("القاهره"), "g360630");
	T_STR(first("قاهرة"), "g360630");
	T_STR(first("القـــاهرة"), "g360630");
	T_STR(first("باريس"), "75056");
	T_STR(first("مرسيليا"), "13055");
	T_EQ(first("الاسكندريه"), first("الإسكندرية"));
	T_TRUE(find("الإسكند", 0, NULL, h, COUNT(h)) > 0);
	T_STR(kit_name(h[0].id), "Alexandria");
}

static void search_within(struct t *t)
{
	struct atlas_hit h[30];
	struct atlas_query q = {.text = S("san"), .country = S("PT")};
	struct territory x;
	size_t n;

	kit_atlas(t);
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
	T_STR(kit_code(h[0].id), "200046977");
}

static void search_garbage(struct t *t)
{
	struct atlas_hit h[5];
	struct atlas_query q = {0};
	char *big = mem_get(t->mem, 10240);
	static const char *const odd[] = {
		"",          " ",    "'",   "---", "\xff\xfe", "\xc3", "%",
		"qzxqzxqzx", "🙂", "(((", ",,,", ")",        "a,",   "12345678901234567890"};

	kit_atlas(t);
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

	kit_atlas(t);
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

	kit_atlas(t);
	for (size_t i = 0; i < COUNT(places); i++) {
		atlas_id id = atlas_resolve(str_of(places[i].town), str_of(places[i].postal), str_of(places[i].country),
					    &ambiguous);

		if (!str_eq(kit_code(id), str_of(places[i].code)) || ambiguous) {
			t_fail(t, T_AT("atlas_resolve"), "%s/%s/%s gives %.*s, not %s%s", places[i].town,
			       places[i].postal, places[i].country, STR_ARG(kit_code(id)), places[i].code,
			       ambiguous ? " (several)" : "");
		}
	}
}

/* Every commune is found again by its name, without case and accents, and its first postal code; and by its name in search. */
static void every_commune(struct t *t)
{
	size_t lost = 0, unseen = 0;

	kit_atlas(t);
	for (atlas_id id = atlas_next(ATLAS_COMMUNE, 0); id != 0; id = atlas_next(ATLAS_COMMUNE, id)) {
		struct str codes = atlas_postal_codes(id);
		struct mem_mark at = mem_mark(t->mem);
		struct atlas_hit h[20];
		struct atlas_query q = {.text = kit_name(id), .levels = 1u << ATLAS_COMMUNE};
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

	kit_atlas(t);
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

static const struct t_case cases[] = {
	{"search by name, number and both", search_names, 0},
	{"search in Arabic", search_arabic, 0},
	{"search within a country or level", search_within, 0},
	{"search survives garbage", search_garbage, 0},
	{"search is quick", search_time, 0},
	{"written places resolve", resolving, 0},
	{"every commune is found again", every_commune, 0},
	{"ambiguous and unknown places do not", not_resolving, 0},
};
T_SUITE(atlas_search, cases)
