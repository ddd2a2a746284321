/*
 * Text by pointer and length, and text that grows.
 */
#include "t.h"

#include <math.h>

#include "base/buf.h"
#include "base/limits.h"

static void compare(struct t *t)
{
	T_TRUE(str_eq(S("a"), S("a")));
	T_TRUE(!str_eq(S(""), STR_NONE));
	T_TRUE(str_eq(STR_NONE, STR_NONE));
	T_TRUE(str_ieq(S("Content-Type"), S("content-tYPE")));
	T_TRUE(!str_ieq(S("\xc3\x89"), S("\xc3\xa9")));
	T_TRUE(str_cmp(S("a"), S("ab")) < 0 && str_cmp(S("b"), S("ab")) > 0 && str_cmp(S("a"), S("a")) == 0);
	T_TRUE(str_cmp(S("\xff"), S("a")) > 0);
	T_TRUE(str_starts(S("abc"), S("ab")) && !str_starts(S("a"), S("ab")) && str_starts(S("a"), S("")));
	T_TRUE(str_ends(S("abc"), S("bc")) && !str_ends(S("c"), S("bc")));
	T_TRUE(str_empty(STR_NONE) && str_empty(S("")) && !str_empty(S(" ")));
}

static void cut(struct t *t)
{
	struct str rest = S("a,,b,");

	T_STR(str_cut(&rest, ','), "a");
	T_STR(str_cut(&rest, ','), "");
	T_STR(str_cut(&rest, ','), "b");
	T_NEED(rest.p != NULL);
	T_STR(str_cut(&rest, ','), "");
	T_TRUE(rest.p == NULL);
	T_STR(str_trim(S(" \t\r\n a b \v\f")), "a b");
	T_STR(str_trim(S("   ")), "");
	T_STR(str_sub(S("abcdef"), 2, 3), "cde");
	T_STR(str_sub(S("abc"), 9, 3), "");
	T_EQ(str_find(S("abcabc"), S("ca")), 2);
	T_EQ(str_find(S("abc"), S("x")), -1);
	T_EQ(str_chr(STR_NONE, 'x'), -1);
	T_STR(str_lower(t->mem, S("ABC \xc3\x89")), "abc \xc3\x89");
	T_TRUE(str_dup(t->mem, STR_NONE).p == NULL);
	T_EQ(strcmp(str_c(t->mem, STR_NONE), ""), 0);
}

static void integers(struct t *t)
{
	static const char *const refused[] = {
		"", "-", "+", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "-9223372036854775809", "--1", "1e3",
	};
	int64_t v = 0;

	T_TRUE(str_to_i64(S("9223372036854775807"), &v) && v == INT64_MAX);
	T_TRUE(str_to_i64(S("-9223372036854775808"), &v) && v == INT64_MIN);
	T_TRUE(str_to_i64(S("+007"), &v) && v == 7);
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (str_to_i64(str_of(refused[i]), &v)) {
			t_fail(t, T_AT(refused[i]), "was taken for an integer");
		}
	}
}

static void doubles(struct t *t)
{
	static const char *const refused[] = {
		"", ".", "e5", "1e", "inf", "nan", "0x10", "1,5", "1 ", "1e999", "-", "1..2",
	};
	static const double round[] = {0.1, 1e300, -1.5, 5e-324, 48.85661, 1.0 / 3, 123456789012345680.0, 0.0, 42};
	double v = 0;

	T_TRUE(str_to_double(S("-48.5e-1"), &v) && v == -4.85);
	T_TRUE(str_to_double(S(".5"), &v) && v == 0.5);
	T_TRUE(str_to_double(S("5."), &v) && v == 5);
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (str_to_double(str_of(refused[i]), &v)) {
			t_fail(t, T_AT(refused[i]), "was taken for a number");
		}
	}
	for (size_t i = 0; i < COUNT(round); i++) {
		struct buf b = buf_make(t->mem, 100);

		buf_put_double(&b, round[i]);
		T_TRUE(str_to_double(buf_str(&b), &v));
		T_EQ(v, round[i]);
	}
}

static void buf_numbers(struct t *t)
{
	struct buf b = buf_make(t->mem, 1000);

	buf_put_i64(&b, INT64_MIN);
	buf_put_c(&b, ' ');
	buf_put_u64(&b, UINT64_MAX);
	buf_put_c(&b, ' ');
	buf_put_double(&b, NAN);
	buf_put_c(&b, ' ');
	buf_put_double(&b, 0.1);
	buf_put_c(&b, ' ');
	buf_put_fixed(&b, -2.345678, 5);
	buf_put_c(&b, ' ');
	buf_put_fixed(&b, 2.5000001, 5);
	buf_put_c(&b, ' ');
	buf_put_fixed(&b, -0.000001, 5);
	buf_put_c(&b, ' ');
	buf_put_fixed(&b, 48.00050, 5);
	T_STR(buf_str(&b), "-9223372036854775808 18446744073709551615 null 0.1 -2.34568 2.5 0 48.0005");
}

static void buf_stops(struct t *t)
{
	struct buf b = buf_make(t->mem, 10);

	buf_put(&b, S("1234567890"));
	T_TRUE(buf_ok(&b));
	buf_put_c(&b, 'x');
	T_TRUE(!buf_ok(&b));
	T_STR(buf_str(&b), "1234567890");
	buf_reset(&b);
	buf_put(&b, S("123"));
	buf_put(&b, S("45678901"));
	buf_put(&b, S("4"));
	T_TRUE(!buf_ok(&b));
	T_STR(buf_str(&b), "123");
}

static void buf_long_format(struct t *t)
{
	struct buf b = buf_make(t->mem, MIB(1));
	char many[1000];

	memset(many, 'm', sizeof(many));
	for (int i = 0; i < 50; i++) {
		buf_fmt(&b, "%.*s|", (int)sizeof(many), many);
	}
	T_TRUE(buf_ok(&b));
	T_EQ(b.n, 50 * 1001);
	T_EQ(b.p[b.n - 1], '|');
	T_EQ(str_fmt(t->mem, "%0*d", 70000, 1).n, 0);
}

static const struct t_case cases[] = {
	{"comparisons", compare, 0},
	{"pieces", cut, 0},
	{"integers are whole and fit", integers, 0},
	{"numbers are finite and read back the same", doubles, 0},
	{"a buf writes numbers", buf_numbers, 0},
	{"a buf stops at its maximum", buf_stops, 0},
	{"a buf formats long text", buf_long_format, 0},
};
T_SUITE(str, cases)
