/*
 * UTF-8 at the border, and folding.
 */
#include "t.h"

#include "base/fold.h"
#include "base/utf8.h"

static void well_formed(struct t *t)
{
	static const char *const refused[] = {
		"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
		"abc\xff", "\xe2\x82", "\xf0\x9f\x98", "12345678\xe9t\xe9",
	};

	T_TRUE(utf8_ok(S("")) && utf8_ok(S("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 12345678901234567890")));
	T_TRUE(utf8_ok(S("\xef\xbf\xbf\xf4\x8f\xbf\xbf")));
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct str out;

		if (utf8_ok(str_of(refused[i]))) {
			t_fail(t, T_AT(refused[i]), "was taken for UTF-8");
		}
		T_ERR(E_INVALID, utf8_clean(t->mem, str_of(refused[i]), &out));
	}
}

static void points(struct t *t)
{
	static const uint32_t cps[] = {0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
	char to[4];
	uint32_t cp;

	for (size_t i = 0; i < COUNT(cps); i++) {
		size_t n = utf8_put(to, cps[i]);

		T_EQ(utf8_next((struct str){to, n}, 0, &cp), n);
		T_EQ(cp, cps[i]);
	}
	T_EQ(utf8_put(to, 0xd800), 3);
	T_EQ(((struct str){to, 3}), S("\xef\xbf\xbd"));
	T_EQ(utf8_len(S("\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80")), 5);
	T_STR(utf8_cut(S("\xc3\xa9t\xc3\xa9"), 4), "\xc3\xa9t");
	T_STR(utf8_cut(S("\xc3\xa9"), 1), "");
}

struct pair {
	const char *in, *out;
};

static void cleans(struct t *t)
{
	static const struct pair pairs[] = {
		{"plain", "plain"},
		{"e\xcc\x81t\xc3\xa9", "\xc3\xa9t\xc3\xa9"},
		{"a\r\nb\rc\xe2\x80\xa8" "d", "a\nb\nc\nd"},
		{"\xef\xbb\xbf" "a\x01" "b\x7f" "c\xc2\x85" "d\te", "abcd\te"},
		{"\xef\xb7\x90x\xef\xbf\xbf", "x"},
		{"\xd8\xa7\xd9\x93", "\xd8\xa2"},
		/* an override is removed with its end; a balanced embedding stays */
		{"a\xe2\x80\xae" "evil\xe2\x80\xac" "b", "aevilb"},
		{"a\xe2\x80\xab" "ok\xe2\x80\xac" "b", "a\xe2\x80\xab" "ok\xe2\x80\xac" "b"},
		{"a\xe2\x81\xa7" "ok\xe2\x81\xa9" "b", "a\xe2\x81\xa7" "ok\xe2\x81\xa9" "b"},
		/* what is left open, or open across a line end, or closes nothing, is removed */
		{"a\xe2\x80\xab" "b", "ab"},
		{"\xe2\x81\xa6" "a\nb\xe2\x81\xa9", "a\nb"},
		{"a\xe2\x80\xac\xe2\x81\xa9" "b", "ab"},
		{"\xe2\x81\xa6\xe2\x80\xab" "x\xe2\x81\xa9", "\xe2\x81\xa6x\xe2\x81\xa9"},
		{"\xe2\x80\xab\xe2\x81\xa6\xe2\x80\xac\xe2\x81\xa9\xe2\x80\xac", "\xe2\x80\xab\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\xac"},
	};
	struct str out = S("");

	for (size_t i = 0; i < COUNT(pairs); i++) {
		T_OK(utf8_clean(t->mem, str_of(pairs[i].in), &out));
		T_EQ(out, str_of(pairs[i].out));
		T_OK(utf8_clean(t->mem, out, &out));
		T_EQ(out, str_of(pairs[i].out));
	}
	T_OK(utf8_clean(t->mem, S("a\0b"), &out));
	T_STR(out, "ab");
	T_OK(utf8_clean(t->mem, STR_NONE, &out));
	T_TRUE(out.p == NULL);
}

static void clean_lines(struct t *t)
{
	struct str out = S("");

	T_OK(utf8_clean_line(t->mem, S("  a \r\n\t b\xc2\xa0!  c \xc2\xa0"), &out));
	T_STR(out, "a b\xc2\xa0! c");
	T_OK(utf8_clean_line(t->mem, S(" \n "), &out));
	T_STR(out, "");
	T_OK(utf8_clean_line(t->mem, STR_NONE, &out));
	T_TRUE(out.p == NULL);
}

static void folds(struct t *t)
{
	static const struct pair pairs[] = {
		{"  \xc3\x89t\xc3\xa9  \xc3\xa0 Lyon ", "ete a lyon"},
		{"C\xc5\x93ur, \xc3\x86quo, Stra\xc3\x9f" "e, STRA\xe1\xba\x9e" "E", "coeur, aequo, strasse, strasse"},
		{"\xc5\x81\xc3\xb3" "d\xc5\xba \xc3\x98rsted \xc4\x90uro", "lodz orsted duro"},
		{"l\xe2\x80\x99" "h\xc3\xb4te \xc2\xab\xc2\xa0oui\xc2\xa0\xc2\xbb", "l'hote \" oui \""},
		{"Saint\xe2\x80\x91\xc3\x89tienne \xe2\x80\x93 \xe2\x80\x94", "saint-etienne - -"},
		{"\xef\xac\x81n \xe2\x84\x96 \xc2\xb2 \xe2\x84\xa2", "fin no 2 tm"},
		{"\xc4\xb0stanbul \xc4\xb1", "istanbul i"},
		/* alef with hamza, madda and wasla; alef maksura; teh marbuta; tatweel; vowel signs; digits */
		{"\xd8\xa3\xd8\xa5\xd8\xa2\xd9\xb1", "\xd8\xa7\xd8\xa7\xd8\xa7\xd8\xa7"},
		{"\xd9\x85\xd8\xaf\xd8\xb1\xd8\xb3\xd8\xa9", "\xd9\x85\xd8\xaf\xd8\xb1\xd8\xb3\xd9\x87"},
		{"\xd8\xb9\xd9\x84\xd9\x89", "\xd8\xb9\xd9\x84\xd9\x8a"},
		{"\xd9\x85\xd9\x80\xd9\x80\xd9\x8e\xd8\xb1\xd9\x92", "\xd9\x85\xd8\xb1"},
		{"\xd9\xa1\xd9\xa2 \xdb\xb3", "12 3"},
		{"a\xe2\x80\x8b" "b\xc2\xad" "c\xe2\x80\x8f" "d\xff", "abcd"},
		{"", ""},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct str once = fold(t->mem, str_of(pairs[i].in));

		T_EQ(once, str_of(pairs[i].out));
		T_EQ(fold(t->mem, once), once);
	}
	T_TRUE(fold(t->mem, STR_NONE).p == NULL);
	/* the longest expansion known */
	T_TRUE(fold(t->mem, S("\xef\xb7\xba\xef\xb7\xba\xef\xb7\xba")).n > 60);
}

static void folds_all(struct t *t)
{
	char to[4];

	for (uint32_t cp = 1; cp < 0x11000; cp++) {
		struct mem_mark at = mem_mark(t->mem);
		struct str s = {to, utf8_put(to, cp)}, once = fold(t->mem, s), clean = S("");

		if (!str_eq(fold(t->mem, once), once) || !utf8_ok(once)) {
			t_fail(t, T_AT("folding twice"), "U+%04X", cp);
		}
		if (utf8_clean(t->mem, s, &clean) != OK || !utf8_ok(clean)) {
			t_fail(t, T_AT("cleaning"), "U+%04X", cp);
		}
		mem_rewind(t->mem, at);
	}
}

static const struct t_case cases[] = {
	{"only well-formed UTF-8 passes", well_formed, 0},
	{"code points", points, 0},
	{"text is cleaned", cleans, 0},
	{"a line is cleaned", clean_lines, 0},
	{"words are folded", folds, 0},
	{"folding every character twice is folding it once", folds_all, 0},
};
T_SUITE(utf8, cases)
