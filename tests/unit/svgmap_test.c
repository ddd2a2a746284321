/*
 * Outlines, and the maps that the server draws with them.
 */
#include "t.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/atlas.h"
#include "core/svgmap_priv.h"

static struct str draw(struct t *t, const struct svgmap_spec *s)
{
	struct buf *b = mem_new(t->mem, struct buf);
	struct out o = {.buf = b, .mem = t->mem};

	*b = buf_make(t->mem, KIB(4));
	return svgmap(&o, s).s;
}

static size_t count(struct str s, const char *needle)
{
	struct str n = str_of(needle);
	size_t found = 0;

	for (ptrdiff_t at; (at = str_find(s, n)) >= 0; found++) {
		s = str_sub(s, (size_t)at + n.n, s.n);
	}
	return found;
}

static bool has(struct str s, const char *needle)
{
	return count(s, needle) > 0;
}

/* Whether a point lies in a shape, by counting the edges to its east. */
static bool inside(struct t *t, enum outline_level level, const char *code, double lat, double lon)
{
	struct outline_shape shape;
	const int32_t *arcs;
	uint32_t n;
	double x = lon * outline_unit(), y = outline_y(lat);
	bool in = false;

	if (!outline_find(level, str_of(code), &shape)) {
		return false;
	}
	for (uint32_t at = shape.first; outline_ring(&shape, &at, &arcs, &n);) {
		for (uint32_t i = 0; i < n; i++) {
			size_t arc = (size_t)(arcs[i] < 0 ? ~arcs[i] : arcs[i]), size = outline_arc_size(arc);
			struct outline_point *p = mem_array(t->mem, struct outline_point, size);
			size_t k = outline_points(arc, arcs[i] < 0, 0, p, size);
			for (size_t j = 1; j < k; j++) {
				double ay = p[j - 1].y, by = p[j].y;
				if ((ay > y) != (by > y) &&
				    x < (p[j].x - p[j - 1].x) * (y - ay) / (by - ay) + p[j - 1].x) {
					in = !in;
				}
			}
		}
	}
	return in;
}

static void outlines_are_right(struct t *t)
{
	static const struct {
		enum outline_level level;
		const char *code;
		double lat, lon;
	} towns[] = {
		{OUTLINE_DEPARTEMENT, "26",     44.9333, 4.8917},
		{OUTLINE_DEPARTEMENT, "38",     45.1885, 5.7245},
		{OUTLINE_DEPARTEMENT, "2A",     41.94,   8.76  },
		{OUTLINE_DEPARTEMENT, "2B",     42.68,   9.41  },
		{OUTLINE_DEPARTEMENT, "75",     48.8566, 2.3522},
		{OUTLINE_DEPARTEMENT, "972",    14.65,   -61.02},
		{OUTLINE_DEPARTEMENT, "974",    -21.1,   55.5  },
		{OUTLINE_DEPARTEMENT, "988",    -21.3,   165.5 },
		{OUTLINE_REGION,      "FR-ARA", 45.75,   4.85  },
		{OUTLINE_REGION,      "FR-COR", 42.3,    9.15  },
		{OUTLINE_COUNTRY,     "FR",     46.6,    2.4   },
		{OUTLINE_COUNTRY,     "TN",     36.4,    9.6   },
		{OUTLINE_COUNTRY,     "SN",     14.8,    -15.9 },
		{OUTLINE_COUNTRY,     "BR",     -23.3,   -46.9 },
		{OUTLINE_COUNTRY,     "RU",     64.9,    175.5 },
		{OUTLINE_COUNTRY,     "XK",     42.6,    21.0  },
		{OUTLINE_LAND,        "",       48.85,   2.35  },
	};
	struct outline_shape shape;
	size_t first;

	T_OK(outline_open_built_in());
	for (size_t i = 0; i < COUNT(towns); i++) {
		if (!inside(t, towns[i].level, towns[i].code, towns[i].lat, towns[i].lon)) {
			t_fail(t, T_AT("inside"), "%s does not hold its town", towns[i].code);
		}
	}
	T_TRUE(!inside(t, OUTLINE_DEPARTEMENT, "26", 45.1885, 5.7245));
	T_TRUE(!inside(t, OUTLINE_COUNTRY, "FR", 52.5, 13.4));
	T_TRUE(!inside(t, OUTLINE_LAND, "", 45.0, -30.0));
	T_TRUE(!outline_find(OUTLINE_DEPARTEMENT, S("20"), &shape));
	T_TRUE(!outline_find(OUTLINE_COUNTRY, S(""), &shape));
	T_TRUE(!outline_find(OUTLINE_COUNTRY, STR_NONE, &shape));
	T_TRUE(!outline_find(OUTLINE_COUNTRY, S("a very long code that is none"), &shape));
	T_EQ(outline_of_level(OUTLINE_DEPARTEMENT, &first), (size_t)107);
	T_EQ(outline_of_level(OUTLINE_REGION, &first), (size_t)18);
	T_TRUE(outline_of_level(OUTLINE_COUNTRY, &first) > 230);
	T_TRUE(!outline_shape(outline_shapes(), &shape));
}

static void arcs_meet(struct t *t)
{
	size_t first, n;

	T_OK(outline_open_built_in());
	n = outline_of_level(OUTLINE_DEPARTEMENT, &first);
	for (size_t i = first; i < first + n; i++) {
		struct outline_shape shape;
		const int32_t *arcs;
		uint32_t count_of;
		T_NEED(outline_shape(i, &shape));
		for (uint32_t at = shape.first; outline_ring(&shape, &at, &arcs, &count_of);) {
			struct outline_point start = {0, 0}, last = {0, 0};
			for (uint32_t k = 0; k < count_of; k++) {
				size_t arc = (size_t)(arcs[k] < 0 ? ~arcs[k] : arcs[k]), size = outline_arc_size(arc);
				struct outline_point *p = mem_array(t->mem, struct outline_point, size);
				/* Ends stay at any scale. */
				T_NEED(outline_points(arc, arcs[k] < 0, 256, p, size) <= 2);
				size_t m = outline_points(arc, arcs[k] < 0, 120, p, size);
				T_TRUE(k == 0 || (p[0].x == last.x && p[0].y == last.y));
				start = k == 0 ? p[0] : start;
				last = p[m - 1];
			}
			T_TRUE(start.x == last.x && start.y == last.y);
		}
	}
}

static void damaged_outlines_are_refused(struct t *t)
{
	/* One arc of two points, one shape of one ring. */
	static const unsigned char good[] __attribute__((aligned(4))) = {
		'M', 'A', 'I', 'L', 'O', 'U', 'T', '1', 208, 7, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2,   0,   0,   0,
		3,   0,   0,   0,   119, 0,   0,   0,   0,   0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1,   0,   0,   0,
		0,   0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 'F', 'R', 0,   0,
		0,   0,   0,   0,   0,   0,   0,   0,   1,   0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0,   0,   0,   0,
		0,   0,   0,   0,   1,   0,   0,   0,   1,   0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2,   2,   255,
	};
	static const struct {
		size_t at;
		unsigned char value;
	} damage[] = {
		{0,   'X'},
                {12,  2  },
                {16,  9  },
                {24,  4  },
                {28,  118},
                {60,  3  },
                {64,  9  },
                {88,  3  },
                {108, 3  },
                {112, 1  },
                {8,   0  }
        };
	unsigned char *copy = mem_get(t->mem, sizeof(good));
	struct outline_point p[4];
	struct outline_shape shape;

	T_EQ(sizeof(good), (size_t)119);
	T_OK(outline_open(good, sizeof(good)));
	T_TRUE(outline_find(OUTLINE_COUNTRY, S("FR"), &shape));
	T_EQ(outline_points(0, true, 0, p, 4), (size_t)2);
	T_EQ(p[0].x, 1);
	T_EQ(p[1].x, 0);
	for (size_t i = 0; i < COUNT(damage); i++) {
		memcpy(copy, good, sizeof(good));
		/* 8 is the low byte of the unit: with its second byte gone it is zero. */
		copy[damage[i].at] = damage[i].value;
		copy[9] = damage[i].at == 8 ? 0 : copy[9];
		if (outline_open(copy, sizeof(good)) != E_BUG) {
			t_fail(t, T_AT("damage"), "byte %zu changed and nobody saw", damage[i].at);
		}
	}
	T_ERR(E_BUG, outline_open(good, sizeof(good) - 1));
	T_ERR(E_BUG, outline_open(good, 7));
	T_OK(outline_open_built_in());
}

static void frames(struct t *t)
{
	struct svgmap_box b;

	T_OK(outline_open_built_in());
	T_NEED(svgmap_frame(S("26"), &b));
	T_TRUE(b.west > 4.4 && b.west < 4.9 && b.south > 44.0 && b.south < 44.3 && b.east > 5.6 && b.east < 6.0 &&
	       b.north < 45.5);
	/* Without the Canaries, Madeira and Guyane, which would make the rest small. */
	T_NEED(svgmap_frame(S("ES"), &b));
	T_TRUE(b.west > -10 && b.south > 35);
	T_NEED(svgmap_frame(S("PT"), &b));
	T_TRUE(b.west > -11);
	T_NEED(svgmap_frame(S("FR"), &b));
	T_TRUE(b.south > 40);
	T_NEED(svgmap_frame(S("RU"), &b));
	T_TRUE(b.west > 15 && b.west < 30 && b.east < 200);
	T_TRUE(!svgmap_frame(S("26108"), &b));
	T_TRUE(!svgmap_frame(STR_NONE, &b));
}

static void a_map_of_france(struct t *t)
{
	const struct svgmap_mark marks[] = {
		{.lat = 45.1885,
		 .lon = 5.7245,
		 .title = S("Accueil <Grenoble> & \"co\""),
		 .url = {S("/fr/directory/a?b=1&c=2")}                               },
		{.lat = 44.9333,
		 .lon = 4.8917,
		 .title = S("Valence"),
		 .url = {S("/fr/directory/v")},
		 .kind = "practice",
		 .approximate = true},
		{.lat = 14.65,            .lon = -61.02,            .title = S("Martinique"),           .url = {S("/fr/directory/m")}        },
		{.lat = 36.8, .lon = 10.18, .title = S("Tunis"),.url = {S("/fr/directory/t")}},
	};
	const struct svgmap_spec s = {.title = S("Four & more"),
				      .desc = S("Where"),
				      .territory = S("FR"),
				      .marks = marks,
				      .n_marks = 4,
				      .bare = true};
	struct str map;

	T_OK(outline_open_built_in());
	map = draw(t, &s);
	T_TRUE(str_starts(map, S("<svg class=\"svgmap\" viewBox=\"0 0 640 ")));
	T_TRUE(str_ends(map, S("</svg>")));
	T_TRUE(has(map, "role=\"group\" aria-label=\"Four &amp; more\"><desc>Where</desc>"));
	T_TRUE(has(map, "<title>Accueil &lt;Grenoble&gt; &amp; &quot;co&quot;</title>") ||
	       has(map, "<title>Accueil &lt;Grenoble&gt; &amp; &#34;co&#34;</title>"));
	T_TRUE(has(map, "href=\"/fr/directory/a?b=1&amp;c=2\""));
	T_TRUE(has(map, "class=\"map-mark map-mark-practice map-mark-about\""));
	/* Overseas is in its inset, abroad is not on the map. */
	T_TRUE(has(map, "Martinique"));
	T_TRUE(!has(map, "Tunis"));
	T_EQ(count(map, "<circle"), (size_t)3);
	T_EQ(count(map, "map-inset"), (size_t)5);
	T_EQ(count(map, "<a "), count(map, "</a>"));
	T_TRUE(!has(map, "style") && !has(map, "nan") && !has(map, "inf"));
	T_TRUE(map.n < KIB(32));
}

static struct str merged(void *ctx, struct mem *m, int64_t n)
{
	return str_fmt(m, "%s: %d", (const char *)ctx, (int)n);
}

static void marks_merge(struct t *t)
{
	static const char word[] = "here";
	struct svgmap_mark *marks = mem_array(t->mem, struct svgmap_mark, LIMIT_SVGMAP_MARKS + 10);
	struct svgmap_spec s = {
		.title = S("Many"), .territory = S("26"), .marks = marks, .n_marks = 3, .merged = merged, .bare = true};

	T_OK(outline_open_built_in());
	s.ctx = (void *)(uintptr_t)word;
	marks[0] = (struct svgmap_mark){.lat = 44.93, .lon = 4.89, .title = S("one"), .url = {S("/1")}};
	marks[1] =
		(struct svgmap_mark){.lat = 44.935, .lon = 4.885, .count = 11, .title = S("eleven"), .url = {S("/11")}};
	marks[2] = (struct svgmap_mark){.lat = 44.2, .lon = 5.5, .title = S("far"), .url = {S("/far")}};
	struct str map = draw(t, &s);
	T_EQ(count(map, "<circle"), (size_t)2);
	T_TRUE(has(map, "<title>here: 12</title>"));
	T_TRUE(has(map, ">12</text>"));
	T_TRUE(!has(map, "href=\"/11\"") && has(map, "href=\"/far\""));
	/* North first. */
	T_TRUE(str_find(map, S("here: 12")) < str_find(map, S("far")));

	s.more = (struct url){S("/fr/directory?theme=housing")};
	map = draw(t, &s);
	T_TRUE(has(map, "href=\"/fr/directory?theme=housing&amp;bbox=4.883,44.928,4.892,44.937\""));
	s.more = (struct url){S("/fr/directory")};
	T_TRUE(has(draw(t, &s), "href=\"/fr/directory?bbox=4.883,"));

	/* More marks than a map takes: no failure, bounded work. */
	for (size_t i = 0; i < LIMIT_SVGMAP_MARKS + 10; i++) {
		marks[i] = (struct svgmap_mark){.lat = 44.3 + (double)(i % 50) / 60,
						.lon = 4.8 + (double)(i / 50) / 60,
						.title = S("x")};
	}
	s.n_marks = LIMIT_SVGMAP_MARKS + 10;
	map = draw(t, &s);
	T_TRUE(map.n > 1000 && map.n < KIB(100));
}

static void colours(struct t *t)
{
	const struct svgmap_area areas[] = {
		{.code = S("26"), .value = 24, .title = S("Drôme: <24>"), .url = {S("/fr/territories/26")}},
		{.code = S("38"),               .value = 3,            .title = S("Isère: 3")             },
		{.code = S("2A"),               .value = 0,            .title = S("Corse-du-Sud: 0")},
		{.code = S("99"),               .value = 5,            .title = S("Nowhere")             },
	};
	const struct svgmap_spec s = {.title = S("By département"),
				      .areas = areas,
				      .n_areas = 4,
				      .level = OUTLINE_DEPARTEMENT};
	int64_t ends[SVGMAP_CLASSES];

	T_OK(outline_open_built_in());
	T_TRUE(svgmap_classes(areas, 4, ends));
	T_EQ(ends[SVGMAP_CLASSES - 1], (int64_t)24);
	T_EQ(svgmap_class(0, ends), 0);
	T_EQ(svgmap_class(-3, ends), 0);
	T_EQ(svgmap_class(24, ends), SVGMAP_CLASSES);
	T_EQ(svgmap_class(1000, ends), SVGMAP_CLASSES);
	T_TRUE(svgmap_class(3, ends) < svgmap_class(5, ends) && svgmap_class(5, ends) < svgmap_class(24, ends));
	T_TRUE(!svgmap_classes(&areas[2], 1, ends));

	struct str map = draw(t, &s);
	T_TRUE(has(map, "<a href=\"/fr/territories/26\"><title>Drôme: &lt;24&gt;</title><path class=\"map-c map-c5\""));
	T_TRUE(has(map, "<g><title>Isère: 3</title><path class=\"map-c map-c"));
	T_TRUE(!has(map, "Nowhere"));
	T_EQ(count(map, "class=\"map-c map-c"), (size_t)101);
	T_TRUE(map.n < KIB(36));
}

static void names_do_not_overlap(struct t *t)
{
	const struct svgmap_label labels[] = {
		{44.93,  4.89, S_INIT("Valence"),              STR_NONE    },
		{44.935, 4.9,  S_INIT("Bourg-lès-Valence"),   STR_NONE    },
		{44.56,  4.75, S_INIT("مونتيليمار"), S_INIT("ar")},
		{48.85,  2.35, S_INIT("Paris"),                STR_NONE    },
	};
	const struct svgmap_spec s = {
		.title = S("Names"), .territory = S("26"), .labels = labels, .n_labels = 4, .width = 480};

	T_OK(outline_open_built_in());
	struct str map = draw(t, &s);
	T_TRUE(has(map, ">Valence</text>"));
	T_TRUE(!has(map, "Bourg"));
	T_TRUE(has(map, " lang=\"ar\">مونتيليمار</text>"));
	T_TRUE(!has(map, "Paris"));
	T_TRUE(has(map, "role=\"img\""));
	T_TRUE(has(map, "<path class=\"map-area\""));
}

static void towns_are_named(struct t *t)
{
	const struct svgmap_mark mark = {.lat = 44.9333, .lon = 4.8917, .title = S_INIT("Accueil")};
	struct svgmap_spec s = {.title = S("Drôme"), .territory = S("26"), .width = 420};
	const struct i18n *ar;

	T_OK(outline_open_built_in());
	T_OK(atlas_open_built_in());
	T_OK(i18n_open(t->mem, "ar", S(""), &ar));
	struct str map = draw(t, &s);
	T_TRUE(has(map, "<g aria-hidden=\"true\">") && has(map, ">Valence</text>") && has(map, ">Montélimar</text>"));
	T_TRUE(!has(map, "Bourg-lès-Valence") && count(map, "map-name") < 20);
	/* A mark comes first: its town's name would be under it. */
	s.marks = &mark;
	s.n_marks = 1;
	T_TRUE(!has(draw(t, &s), ">Valence</text>"));
	s.bare = true;
	T_TRUE(!has(draw(t, &s), "map-name"));

	struct svgmap_spec tunisia = {.title = S("تونس"), .territory = S("TN"), .width = 420};
	struct buf b = buf_make(t->mem, KIB(4));
	struct out o = {.buf = &b, .mem = t->mem, .lang = ar};
	map = svgmap(&o, &tunisia).s;
	T_TRUE(has(map, ">صفاقس</text>"));
}

static void odd_frames(struct t *t)
{
	const struct svgmap_mark pole[] = {
		{.lat = 90,  .lon = 180,  .title = S_INIT("north")},
                {.lat = -90, .lon = -180, .title = S_INIT("south")}
        };
	struct svgmap_spec s = {.title = S("Odd"), .marks = pole, .n_marks = 2, .bare = true};

	T_OK(outline_open_built_in());
	T_TRUE(str_ends(draw(t, &s), S("</svg>")));
	s.n_marks = 1;
	T_TRUE(has(draw(t, &s), "<circle"));
	s.n_marks = 0;
	T_TRUE(has(draw(t, &s), "map-land"));
	s.box = (struct svgmap_box){5.5, 45, 5.6, 45.1};
	s.territory = S("no such place");
	T_TRUE(has(draw(t, &s), "map-land"));
	s.box = (struct svgmap_box){-1e9, -1e9, 1e9, 1e9};
	T_TRUE(!has(draw(t, &s), "nan"));
}

/* Reads "M1 2L3 4…z" from the path of the area with this title, in pixels; returns the corners. */
static size_t corners_of(struct t *t, struct str map, struct str title, struct dot out[64])
{
	struct buf b = buf_make(t->mem, KIB(1));
	size_t n = 0;

	buf_fmt(&b, "<title>%.*s</title>", STR_ARG(title));
	ptrdiff_t at = str_find(map, buf_str(&b));
	if (at < 0) {
		return 0;
	}
	map = str_sub(map, (size_t)at, map.n);
	map = str_sub(map, (size_t)str_find(map, S(" d=\"")) + 4, map.n);
	for (const char *p = map.p; *p != 'z' && *p != '"' && n < 64;) {
		char *end;
		out[n].x = (double)strtol(p + 1, &end, 10) / SVGMAP_GRAIN;
		out[n++].y = (double)strtol(end, &end, 10) / SVGMAP_GRAIN;
		p = end;
	}
	return n;
}

/* How far a place is outside of a convex cell; 0 inside. */
static double outside(const struct dot *c, size_t n, struct dot at)
{
	double most = 0, turn = 0;

	for (size_t i = 0; i < n; i++) {
		struct dot a = c[i], b = c[(i + 1) % n];
		turn += a.x * b.y - b.x * a.y;
	}
	for (size_t i = 0; i < n; i++) {
		struct dot a = c[i], b = c[(i + 1) % n];
		double length = hypot(b.x - a.x, b.y - a.y);
		double d = ((b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x)) / fmax(length, 1e-9);
		/* The rounding to half pixels turns very short edges any way. */
		most = fmax(most, length < 1 ? 0 : turn > 0 ? -d : d);
	}
	return most;
}

static void communes_are_cells(struct t *t)
{
	static struct svgmap_area areas[LIMIT_SVGMAP_AREAS];
	static atlas_id ids[LIMIT_SVGMAP_AREAS];
	struct svgmap_spec s = {
		.title = S("Drôme"), .territory = S("26"), .areas = areas, .communes = true, .width = 480};
	struct map m = {.s = &s};
	struct territory c;
	size_t all, checked = 0, others = 0;

	T_OK(outline_open_built_in());
	T_OK(atlas_open_built_in());
	all = atlas_children(atlas_find(S("26")), 0, COUNT(ids), ids);
	T_NEED(all > 350 && all < COUNT(ids));
	for (size_t i = 0; i < all; i++) {
		T_NEED(atlas_get(ids[i], &c));
		areas[i] = (struct svgmap_area){.code = c.code,
						.value = (int64_t)(i % 5),
						.title = c.code,
						.url = {S("/t")}};
	}
	s.n_areas = all;
	struct str map = draw(t, &s);
	T_EQ(count(map, "clip-path=\"url(#cells-26)\""), (size_t)1);
	T_EQ(count(map, "id=\"cells-26\""), (size_t)1);
	T_EQ(count(map, "<a href=\"/t\""), all);
	T_TRUE(has(map, "class=\"map-area\""));
	T_TRUE(map.n < KIB(80));

	/* Each point is in its own cell, and no other point is. Approximate points may have been set apart: they are not asked. */
	map_frame(&m);
	for (size_t i = 0; i < all; i++) {
		struct dot corners[64], at;
		T_NEED(atlas_get(ids[i], &c));
		size_t n = corners_of(t, map, c.code, corners);
		T_NEED(n >= 3 && map_place(&m, c.lat, c.lon, &at));
		if (c.point == ATLAS_POINT_APPROX) {
			continue;
		}
		checked++;
		T_TRUE(outside(corners, n, at) < 0.5);
		for (size_t k = 0; k < all; k++) {
			T_NEED(atlas_get(ids[k], &c) && map_place(&m, c.lat, c.lon, &at));
			others += k != i && c.point != ATLAS_POINT_APPROX && outside(corners, n, at) == 0;
		}
	}
	T_TRUE(checked > 100);
	T_EQ(others, (size_t)0);

	/* Those without a figure are one path; a territory without an outline draws none. */
	s.n_areas = 1;
	areas[0].value = 3;
	map = draw(t, &s);
	T_EQ(count(map, "<a "), (size_t)1);
	T_EQ(count(map, "map-c map-c"), (size_t)2);
	s.territory = S("26108");
	T_TRUE(!has(draw(t, &s), "clipPath"));
}

static const struct t_case cases[] = {
	{"outlines hold their towns",                   outlines_are_right,           0},
	{"arcs meet at every scale",                    arcs_meet,                    0},
	{"damaged outlines are refused",                damaged_outlines_are_refused, 0},
	{"frames leave far islands out",                frames,                       0},
	{"a map of France",			     a_map_of_france,              0},
	{"marks that touch become one",                 marks_merge,                  0},
	{"areas take the colour of their figure",       colours,                      0},
	{"communes are cells around their points",      communes_are_cells,           0},
	{"names are written where there is room",       names_do_not_overlap,         0},
	{"towns are named",			     towns_are_named,              0},
	{"odd frames draw something or nothing, whole", odd_frames,                   0},
};
T_SUITE(svgmap, cases)
