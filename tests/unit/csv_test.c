/*
 * CSV: what people's files look like, in pieces of every size; and back.
 */
#include "t.h"

#include "base/csv.h"
#include "base/limits.h"
#include "base/rand.h"
#include "base/utf8.h"

struct pieces {
	struct str text;
	size_t at, size;
	char piece[64];
};

static enum err next_piece(void *ctx, struct str *chunk)
{
	struct pieces *p = ctx;
	struct str piece = str_sub(p->text, p->at, p->size);

	memset(p->piece, '#', sizeof(p->piece));
	memcpy(p->piece, piece.p, piece.n);
	p->at += piece.n;
	*chunk = (struct str){p->piece, piece.n};
	return OK;
}

/* All rows as one text: cells between <>, the line before, * where mended. */
static enum err rows_of(struct csv_in *in, struct buf *b)
{
	struct csv_row row;
	bool got = true;

	for (;;) {
		TRY(csv_next(in, &row, &got));
		if (!got) {
			return OK;
		}
		buf_fmt(b, "%lld%s", (long long)row.line, row.mended ? "*" : "");
		for (size_t i = 0; i < row.n; i++) {
			buf_fmt(b, "<%.*s>", STR_ARG(row.cells[i]));
		}
	}
}

static void expect(struct t *t, struct str text, const char *rows, char sep, enum csv_encoding encoding)
{
	for (size_t size = 0; size < 20; size++) {
		struct buf b = buf_make(t->mem, MIB(1));
		struct pieces p = {.text = text, .size = size};
		struct csv_in *in = size == 0 ? csv_open_str(t->mem, text, 0) : csv_open(t->mem, next_piece, &p, 0);

		T_OK(rows_of(in, &b));
		T_EQ(buf_str(&b), str_of(rows));
		T_EQ(csv_separator(in), sep);
		T_EQ(csv_encoding(in), encoding);
	}
}

static void shapes(struct t *t)
{
	expect(t, S("a,b\r\nc,d\r\n"), "1<a><b>2<c><d>", ',', CSV_ASCII);
	expect(t, S("a,b\nc,d"), "1<a><b>2<c><d>", ',', CSV_ASCII);
	expect(t, S("a,b\rc,d\r"), "1<a><b>2<c><d>", ',', CSV_ASCII);
	expect(t, S("a;b\n\n\n c ;\"d;\"\"x\"\"\"\n"), "1<a><b>4< c ><d;\"x\">", ';', CSV_ASCII);
	expect(t, S("a\tb\n\"two\r\nlines\"\t\"\"\nx\ty"), "1<a><b>2<two\nlines><>4<x><y>", '\t', CSV_ASCII);
	expect(t, S("a|b|c\n1|2\n"), "1<a><b><c>2<1><2>", '|', CSV_ASCII);
	expect(t, S("name;address\nx;\"1, rue, de, la, paix\"\ny;2, a, b, c\n"), "1<name><address>2<x><1, rue, de, la, paix>3<y><2, a, b, c>",
	       ';', CSV_ASCII);
	expect(t, S("sep=;\r\na;b,c,d\r\n"), "2<a><b,c,d>", ';', CSV_ASCII);
	expect(t, S("one\ntwo\n"), "1<one>2<two>", ',', CSV_ASCII);
	expect(t, S(",,\n,\n"), "1<><><>2<><>", ',', CSV_ASCII);
	expect(t, S("a,b,\n"), "1<a><b><>", ',', CSV_ASCII);
	expect(t, S("\"\"\nx"), "1<>2<x>", ',', CSV_ASCII);
	expect(t, S(""), "", ',', CSV_ASCII);
	expect(t, S("\n\r\n"), "", ',', CSV_ASCII);
	/* odd quotes */
	expect(t, S("a,\"b\" c,d\"e\n"), "1*<a><b c><d\"e>", ',', CSV_ASCII);
	expect(t, S("a\0b,c\n"), "1<ab><c>", ',', CSV_ASCII);
}

static void encodings(struct t *t)
{
	expect(t, S("\xef\xbb\xbf\xc3\xa9,b\n"), "1<\xc3\xa9><b>", ',', CSV_UTF8);
	expect(t, S("\xef\xbb\xbf" "a,b\n"), "1<a><b>", ',', CSV_UTF8);
	expect(t, S("\xc3\xa9,\xf0\x9f\x98\x80\n"), "1<\xc3\xa9><\xf0\x9f\x98\x80>", ',', CSV_UTF8);
	expect(t, S("\xe9t\xe9,\x80 \x9c\n"), "1<\xc3\xa9t\xc3\xa9><\xe2\x82\xac \xc5\x93>", ',', CSV_WINDOWS_1252);
	expect(t, S("\xe9"), "1<\xc3\xa9>", ',', CSV_WINDOWS_1252);
	expect(t, S("a,\x81\n"), "1<a><\xef\xbf\xbd>", ',', CSV_WINDOWS_1252);
	expect(t, S("\xff\xfe" "a\0;\0b\0\n\0\xe9\0;\0=\xd8\x00\xde\n\0"), "1<a><b>2<\xc3\xa9><\xf0\x9f\x98\x80>", ';', CSV_UTF16);
	expect(t, S("\xfe\xff\0a\0;\0b\0\n\0\xe9\0;\xd8=\xde\0\0\n"), "1<a><b>2<\xc3\xa9><\xf0\x9f\x98\x80>", ';', CSV_UTF16);
	expect(t, S("\xff\xfe" "a\0,\0\x00\xd8" "b\0,\0\x00\xdc" "c\0\x00\xd8"), "1<a><\xef\xbf\xbd" "b><\xef\xbf\xbd" "c\xef\xbf\xbd>", ',',
	       CSV_UTF16);
}

static void encodings_odd(struct t *t)
{
	expect(t, S("a\0;\0b\0\r\0\n\0c\0;\0\xe9\0"), "1<a><b>2<c><\xc3\xa9>", ';', CSV_UTF16);
	expect(t, S("\0a\0;\0b"), "1<a><b>", ';', CSV_UTF16);
	T_EQ(str_of(csv_encoding_name(CSV_UTF16)), S("UTF-16"));
	/* two files pasted together: rows that were mended say so */
	expect(t, S("\xc3\xa9;a\n\xe9;b\nc;d\n\xc3\xa9;e"), "1<\xc3\xa9><a>2*<\xc3\xa9><b>3<c><d>4<\xc3\xa9><e>", ';', CSV_UTF8);
	expect(t, S("\xe9;a\n\xc3\xa9;b\nc;d\n\xe9;e"), "1<\xc3\xa9><a>2*<\xc3\xa9><b>3<c><d>4*<\xc3\xa9><e>", ';', CSV_UTF8);
}

static void limits(struct t *t)
{
	struct buf b = buf_make(t->mem, MIB(8)), out = buf_make(t->mem, MIB(8));
	struct csv_in *in = csv_open_str(t->mem, S("a,b\nc,\"open\nx\ny"), 0);
	struct csv_row row;
	bool got;

	T_OK(csv_next(in, &row, &got));
	T_ERR(E_INVALID, csv_next(in, &row, &got));
	T_EQ(row.line, 2);
	T_TRUE(csv_what(in) != NULL && !got);
	T_ERR(E_INVALID, csv_next(in, &row, &got));
	while (b.n <= LIMIT_CSV_FIELD) {
		buf_put(&b, S("0123456789abcdef"));
	}
	T_ERR(E_LIMIT, rows_of(csv_open_str(t->mem, buf_str(&b), 0), &out));
	buf_reset(&b);
	for (int i = 0; i < LIMIT_CSV_COLUMNS - 1; i++) {
		buf_put_c(&b, ',');
	}
	T_OK(rows_of(csv_open_str(t->mem, buf_str(&b), 0), &out));
	buf_put_c(&b, ',');
	T_ERR(E_LIMIT, rows_of(csv_open_str(t->mem, buf_str(&b), 0), &out));
}

static void guards(struct t *t)
{
	static const char *const guarded[] = {"=1+1", "+33 1 02", "-", "-a", "@x", "\tx", "\rx", "'=x", "''-x", "-1,5"};
	static const char *const plain[] = {"", "a", "-1.5", "+7", "1e5", "'quoted'", "'", " =x", "a=b"};
	struct buf b = buf_make(t->mem, KIB(4));
	struct str row[] = {S("=1\"2"), S("-1.5"), S("'+"), STR_NONE, S("a;b"), S(" x ")};

	for (size_t i = 0; i < COUNT(guarded); i++) {
		struct str s = str_of(guarded[i]);

		T_TRUE(csv_needs_guard(s));
		T_EQ(csv_without_guard(str_fmt(t->mem, "'%s", guarded[i])), s);
	}
	for (size_t i = 0; i < COUNT(plain); i++) {
		T_TRUE(!csv_needs_guard(str_of(plain[i])));
		T_EQ(csv_without_guard(str_of(plain[i])), str_of(plain[i]));
	}
	csv_put_row(&b, row, COUNT(row), ';');
	T_STR(buf_str(&b), "\"'=1\"\"2\";-1.5;''+;;\"a;b\";\" x \"\r\n");
}

static void round_trips(struct t *t)
{
	static const char alphabet[] = "ab ;,\"'\n=-+@\t|1.";

	for (int round = 0; round < 2000; round++) {
		struct mem_mark at = mem_mark(t->mem);
		struct buf b = buf_make(t->mem, KIB(64));
		struct str cells[5] = {0};
		size_t n = 1 + rand_below(COUNT(cells));
		char sep = ";,\t|"[rand_below(4)];
		struct csv_in *in;
		struct csv_row row;
		bool got = false;

		for (size_t i = 0; i < n; i++) {
			size_t len = rand_below(6);
			char *p = mem_get(t->mem, len + 1);

			for (size_t k = 0; k < len; k++) {
				p[k] = alphabet[rand_below(sizeof(alphabet) - 1)];
			}
			cells[i] = (struct str){p, len};
		}
		csv_put_row(&b, cells, n, sep);
		in = csv_open_str(t->mem, buf_str(&b), sep);
		csv_unguard(in, true);
		T_OK(csv_next(in, &row, &got));
		T_TRUE(got);
		T_EQ(row.n, n);
		for (size_t i = 0; i < n; i++) {
			T_EQ(row.cells[i], cells[i]);
		}
		T_OK(csv_next(in, &row, &got));
		T_TRUE(!got);
		mem_rewind(t->mem, at);
	}
}

/* Whatever comes in, what comes out is UTF-8 and the reader ends. */
static void noise(struct t *t)
{
	for (int round = 0; round < 3000; round++) {
		struct mem_mark at = mem_mark(t->mem);
		size_t n = rand_below(200);
		char *p = mem_get(t->mem, n + 1);
		struct buf b = buf_make(t->mem, KIB(16));
		struct pieces pieces = {.text = {p, n}, .size = 1 + rand_below(60)};
		enum err e;

		rand_bytes(p, n);
		for (size_t i = 0; i < n; i++) {
			p[i] = rand_below(2) == 0 ? ",\"\n\r;\xc3\xa9\xff\xfe\0"[rand_below(10)] : p[i];
		}
		e = rows_of(csv_open(t->mem, next_piece, &pieces, 0), &b);
		T_TRUE(e == OK || e == E_INVALID);
		T_TRUE(utf8_ok(buf_str(&b)));
		mem_rewind(t->mem, at);
	}
}

static const struct t_case cases[] = {
	{"separators, quotes and line ends", shapes, 0},
	{"encodings", encodings, 0},
	{"odd encodings", encodings_odd, 0},
	{"what is too much is refused, with its line", limits, 0},
	{"cells cannot become formulas", guards, 0},
	{"rows survive the round trip", round_trips, 0},
	{"noise does no harm", noise, 0},
};
T_SUITE(csv, cases)
