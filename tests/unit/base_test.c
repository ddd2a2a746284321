/*
 * Time, randomness, encodings, names, arrays and tables.
 */
#include "t.h"

#include "base/enc.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/rand.h"
#include "base/time.h"
#include "base/vec.h"

static void calendar(struct t *t)
{
	int64_t last = days_of_date(-400, 1, 1) - 1;

	for (int y = -400; y <= 2800; y++) {
		for (int m = 1; m <= 12; m++) {
			int64_t day = days_of_date(y, m, 1);
			struct civil c = time_civil(day * TIME_DAY + 5);

			T_TRUE(day - last >= (y == -400 && m == 1 ? 1 : 28));
			T_TRUE(c.year == y && c.month == m && c.day == 1 && c.ms == 5);
			last = day;
		}
	}
	T_EQ(days_of_date(1970, 1, 1), 0);
	T_EQ(days_of_date(2000, 3, 1), 11017);
	T_EQ(days_of_date(2025, 13, 1), days_of_date(2026, 1, 1));
	T_EQ(days_of_date(2025, 0, 1), days_of_date(2024, 12, 1));
	T_EQ(time_civil(0).weekday, 4);
	T_EQ(time_civil(-1).weekday, 3);
	T_EQ(time_civil(-1).ms, 999);
	T_TRUE(date_exists(2024, 2, 29) && !date_exists(2023, 2, 29) && !date_exists(1900, 2, 29) && date_exists(2000, 2, 29));
	T_TRUE(!date_exists(2023, 4, 31) && !date_exists(0, 1, 1) && !date_exists(2023, 13, 1));
}

static void instants(struct t *t)
{
	static const char *const refused[] = {
		"", "2025-11-22", "2025-11-22T12:42:01", "2025-02-30T12:00:00Z", "2025-11-22T24:00:00Z", "2025-11-22T12:60:00Z",
		"2025-11-22T12:42:01+1:00", "2025-11-22T12:42:01.Z", "2025-11-22T12:42:01Zx", "25-11-22T12:42:01Z",
	};
	struct buf b = buf_make(t->mem, 200);
	struct civil c;
	int64_t ms = 0;

	T_NEED(time_parse(S("2025-11-22T12:42:01.5+01:00"), &ms));
	T_EQ(ms, 1763811721500);
	buf_put_time(&b, ms);
	buf_put_c(&b, ' ');
	buf_put_time(&b, ms - 500);
	buf_put_c(&b, ' ');
	buf_put_date(&b, ms);
	T_STR(buf_str(&b), "2025-11-22T11:42:01.500Z 2025-11-22T11:42:01Z 2025-11-22");
	T_TRUE(time_parse(S("1969-12-31 23:59:59.123456z"), &ms) && ms == -877);
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (time_parse(str_of(refused[i]), &ms)) {
			t_fail(t, T_AT(refused[i]), "was taken for an instant");
		}
	}
	T_TRUE(date_parse(S("2025-11-22"), &c) && c.weekday == 6);
	T_TRUE(!date_parse(S("2025-11-22 "), &c) && !date_parse(S("2025-1-22"), &c));
}

static void http_dates(struct t *t)
{
	struct buf b = buf_make(t->mem, 100);
	int64_t ms = 0;

	T_TRUE(time_parse_http(S("Sun, 06 Nov 1994 08:49:37 GMT"), &ms) && ms == 784111777000);
	T_TRUE(time_parse_http(S("Sunday, 06-Nov-94 08:49:37 GMT"), &ms) && ms == 784111777000);
	T_TRUE(time_parse_http(S("Sun Nov  6 08:49:37 1994"), &ms) && ms == 784111777000);
	T_TRUE(!time_parse_http(S("Sun, 31 Feb 1994 08:49:37 GMT"), &ms));
	T_TRUE(!time_parse_http(S("Sun, 06 Nov 1994 08:49:37 CET"), &ms));
	buf_put_http_date(&b, ms);
	T_STR(buf_str(&b), "Sun, 06 Nov 1994 08:49:37 GMT");
}

static void clock_stands(struct t *t)
{
	int64_t was = time_now();

	T_EQ(time_now(), was);
	time_set(was + 5);
	T_EQ(time_now(), was + 5);
	time_set(-1);
	T_TRUE(time_now() > 1700000000000);
	T_TRUE(time_mono() <= time_mono());
}

static void randomness(struct t *t)
{
	uint64_t first, seen = 0;
	unsigned char bytes[33] = {0};

	rand_seed(7);
	first = rand_u64();
	rand_seed(7);
	T_EQ(rand_u64(), first);
	T_TRUE(rand_u64() != first);
	rand_seed(0);
	rand_bytes(bytes, 32);
	for (int i = 0; i < 32; i++) {
		seen |= bytes[i];
	}
	T_TRUE(seen != 0 && bytes[32] == 0);
	seen = 0;
	for (int i = 0; i < 1000; i++) {
		uint64_t v = rand_below(10);

		T_TRUE(v < 10);
		seen |= 1u << v;
	}
	T_EQ(seen, 0x3ff);
	T_EQ(rand_below(0), 0);
	T_EQ(rand_below(1), 0);
}

static void encodings(struct t *t)
{
	static const char *const bad64[] = {"Zg", "Zg=", "Zh==", "Z===", "Zg==Zg==", "Z g=", "Zm9v\n"};
	struct str out;

	T_STR(enc_base64(t->mem, S("foobar")), "Zm9vYmFy");
	T_STR(enc_base64(t->mem, S("foob")), "Zm9vYg==");
	T_STR(enc_base64(t->mem, S("")), "");
	T_STR(enc_base64url(t->mem, S("\xff\xfe\xfd\xfb")), "__79-w");
	T_STR(enc_hex(t->mem, S("\x00\xff\x10")), "00ff10");
	for (size_t i = 0; i < COUNT(bad64); i++) {
		T_ERR(E_INVALID, dec_base64(t->mem, str_of(bad64[i]), &out));
	}
	T_ERR(E_INVALID, dec_base64url(t->mem, S("Zg=="), &out));
	T_ERR(E_INVALID, dec_base64url(t->mem, S("Z"), &out));
	T_ERR(E_INVALID, dec_hex(t->mem, S("0"), &out));
	T_ERR(E_INVALID, dec_hex(t->mem, S("0g"), &out));
	for (size_t n = 0; n < 70; n++) {
		char *p = mem_get(t->mem, n);
		struct str s = {p, n};

		rand_bytes(p, n);
		T_OK(dec_base64(t->mem, enc_base64(t->mem, s), &out));
		T_EQ(out, s);
		T_OK(dec_base64url(t->mem, enc_base64url(t->mem, s), &out));
		T_EQ(out, s);
		T_OK(dec_hex(t->mem, enc_hex(t->mem, s), &out));
		T_EQ(out, s);
	}
}

static void names(struct t *t)
{
	struct str slug;

	T_STR(id_slug(t->mem, S("L\xe2\x80\x99" "Accueil \xc3\xa0 Saint-\xc3\x89tienne (42)!")), "l-accueil-a-saint-etienne-42");
	T_STR(id_slug(t->mem, S("\xd8\xa8\xd9\x8a\xd8\xaa \xd8\xa7\xd9\x84\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85")), "byt-alslam");
	T_STR(id_slug(t->mem, S("\xf0\x9f\x98\x80 !!")), "");
	T_STR(id_slug(t->mem, STR_NONE), "");
	slug = id_slug(t->mem, S("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"));
	T_TRUE(slug.n <= LIMIT_SLUG && str_ends(slug, S("-fourteen")));
	T_EQ(id_slug(t->mem, str_fmt(t->mem, "%0200d", 1)).n, LIMIT_SLUG);
	T_EQ(id_short(t->mem).n, 8);
	T_EQ(id_token(t->mem).n, 32);
	T_TRUE(!str_eq(id_token(t->mem), id_token(t->mem)));
}

static void arrays(struct t *t)
{
	VEC(struct { int64_t a; char b; }) v = {0};

	for (int i = 0; i < 10000; i++) {
		T_EQ(v.n == 0 ? 0 : v.p[v.n - 1].b, v.n == 0 ? 0 : 'b');
		vec_add(t->mem, &v)->a = i;
		T_EQ(v.p[v.n - 1].b, 0);
		v.p[v.n - 1].b = 'b';
		mem_get(t->mem, 16);
	}
	for (int i = 0; i < 10000; i++) {
		T_EQ(v.p[i].a, i);
	}
}

static void tables(struct t *t)
{
	struct map map = map_make(t->mem);
	static int values[5000];
	size_t at = 0, seen = 0;

	T_TRUE(map_get(&map, S("x")) == NULL);
	T_TRUE(map_next(&map, &at) == NULL);
	for (int i = 0; i < 5000; i++) {
		map_put(&map, str_fmt(t->mem, "key number %d", i), &values[i]);
	}
	map_put(&map, S("key number 7"), &values[8]);
	T_EQ(map.n, 5000);
	T_TRUE(map_get(&map, S("key number 7")) == &values[8]);
	T_TRUE(map_get(&map, S("key number 4999")) == &values[4999]);
	T_TRUE(map_get(&map, S("key number 5000")) == NULL);
	while (map_next(&map, &at) != NULL) {
		seen++;
	}
	T_EQ(seen, 5000);
}

static const struct t_case cases[] = {
	{"the calendar goes there and back", calendar, 0},
	{"instants in RFC 3339", instants, 0},
	{"dates in HTTP", http_dates, 0},
	{"the clock stands still in tests", clock_stands, 0},
	{"randomness, seeded and real", randomness, 0},
	{"base64 and hex are strict and go there and back", encodings, 0},
	{"names for addresses", names, 0},
	{"arrays grow", arrays, 0},
	{"tables from text", tables, 0},
};
T_SUITE(base, cases)
