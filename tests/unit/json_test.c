/*
 * JSON: the reader over chunks of every size, the tree, the writer.
 */
#include "t.h"

#include <dirent.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"

struct pieces {
	struct str text;
	size_t at, size;
	enum err err; /* what to answer at the end */
	char piece[64];
};

/* Pieces are copied to a place of their own each time, so that a token lent out too long is noticed. */
static enum err next_piece(void *ctx, struct str *chunk)
{
	struct pieces *p = ctx;
	struct str piece = str_sub(p->text, p->at, p->size);

	if (piece.n == 0) {
		*chunk = S("");
		return p->err;
	}
	memset(p->piece, '#', sizeof(p->piece));
	memcpy(p->piece, piece.p, piece.n);
	p->at += piece.n;
	*chunk = (struct str){p->piece, piece.n};
	return OK;
}

/* All tokens as one text, by pieces of `size` bytes; and how it ended. */
static enum err tokens(struct mem *m, struct str text, size_t size, struct buf *b, struct json_where *where)
{
	static const char marks[] = ".{}[]ksntf0";
	struct pieces p = {.text = text, .size = size};
	struct json_in *in = size == 0 ? json_open_str(m, text) : json_open(m, next_piece, &p);
	enum json_token token = JSON_NULL;
	enum err e = OK;
	struct str s;

	while (e == OK && (token != JSON_END || b->n == 0)) {
		e = json_next(in, &token, &s);
		if (e == OK) {
			buf_put_c(b, marks[token]);
			buf_put(b, s);
		}
	}
	*where = json_where(in);
	return e;
}

static void reads(struct t *t)
{
	struct str text = S(" {\"a\\u00e9\" : [1, -2.5e+3, true,false , null, \"x\\ud83d\\ude00\\n\", {}, []],\r\n \"\":\"\"} ");

	for (size_t size = 0; size < 40; size++) {
		struct buf b = buf_make(t->mem, KIB(1));
		struct json_where where;

		T_OK(tokens(t->mem, text, size, &b, &where));
		T_STR(buf_str(&b), "{ka\xc3\xa9[n1n-2.5e+3tf0sx\xf0\x9f\x98\x80\n{}[]]ks}.");
		T_TRUE(where.what == NULL);
	}
}

static void places(struct t *t)
{
	struct json_where where;
	struct json j;

	T_ERR(E_INVALID, json_parse(t->mem, S("{\n  \"a\": 1,\n  \"b\": x\n}"), &j, &where));
	T_EQ(where.line, 3);
	T_EQ(where.column, 8);
	T_EQ(where.offset, 19);
	T_TRUE(where.what != NULL);
	for (size_t size = 1; size < 10; size++) {
		struct buf b = buf_make(t->mem, KIB(1));

		T_ERR(E_INVALID, tokens(t->mem, S("[\n\n1 2]"), size, &b, &where));
		T_EQ(where.line, 3);
		T_EQ(where.column, 3);
	}
}

static void deep(struct t *t)
{
	struct buf b = buf_make(t->mem, KIB(1));
	struct json_where where;
	struct json j;

	for (int i = 0; i < LIMIT_JSON_DEPTH; i++) {
		buf_put_c(&b, '[');
	}
	T_ERR(E_INVALID, json_parse(t->mem, buf_str(&b), &j, &where));
	buf_put_c(&b, '[');
	T_ERR(E_LIMIT, json_parse(t->mem, buf_str(&b), &j, &where));
	b.n--;
	for (int i = 0; i < LIMIT_JSON_DEPTH; i++) {
		buf_put_c(&b, ']');
	}
	T_OK(json_parse(t->mem, buf_str(&b), &j, &where));
}

static void long_string(struct t *t)
{
	struct buf b = buf_make(t->mem, MIB(16));
	struct json j;

	buf_put(&b, S("\"\\n"));
	while (b.n < LIMIT_JSON_TOKEN + 10) {
		buf_put(&b, S("0123456789abcdef"));
	}
	T_ERR(E_LIMIT, json_parse(t->mem, buf_str(&b), &j, NULL));
}

static void large_tree(struct t *t)
{
	struct buf b = buf_make(t->mem, MIB(16));
	struct json j;

	buf_put(&b, S("[0"));
	for (int i = 2; i < LIMIT_JSON_NODES; i++) {
		buf_put(&b, S(",0"));
	}
	buf_put_c(&b, ']');
	T_OK(json_parse(t->mem, buf_str(&b), &j, NULL));
	T_EQ(j.n, LIMIT_JSON_NODES - 1);
	b.n--;
	buf_put(&b, S(",0]"));
	T_ERR(E_LIMIT, json_parse(t->mem, buf_str(&b), &j, NULL));
}

static void broken_source(struct t *t)
{
	struct pieces p = {.text = S("[1,"), .size = 1, .err = E_IO};
	struct json_in *in = json_open(t->mem, next_piece, &p);
	enum json_token token;
	struct str s;

	T_OK(json_next(in, &token, &s));
	T_OK(json_next(in, &token, &s));
	T_ERR(E_IO, json_next(in, &token, &s));
	T_ERR(E_IO, json_next(in, &token, &s));
}

static void streams(struct t *t)
{
	struct pieces p = {.text = S("{\"skip\":{\"a\":[1,{}]},\"features\":[{\"n\":1},{\"n\":2}],\"z\":1}"), .size = 3};
	struct json_in *in = json_open(t->mem, next_piece, &p);
	enum json_token token = JSON_NULL;
	int64_t sum = 0, n = 0;
	struct json j;
	struct str s;

	T_OK(json_next(in, &token, &s));
	while (token != JSON_END) {
		T_OK(json_next(in, &token, &s));
		if (token == JSON_KEY && str_eq(s, S("skip"))) {
			T_OK(json_next(in, &token, &s));
			T_OK(json_skip(in, token));
		} else if (token == JSON_OBJECT) {
			T_EQ(json_depth(in), 3);
			T_OK(json_read(in, token, s, t->mem, &j));
			T_TRUE(json_i64(json_get(&j, "n"), &n));
			sum = sum * 10 + n;
		}
	}
	T_EQ(sum, 12);
}

static void getters(struct t *t)
{
	struct json j;
	int64_t i = 0;
	double d = 0;

	T_OK(json_parse(t->mem, S("{\"s\":\"x\",\"i\":7,\"w\":1e3,\"d\":1.5,\"t\":true,\"z\":null,\"a\":[1,2],\"i\":8,"
				  "\"big\":12345678901234567890}"),
			&j, NULL));
	T_STR(json_str(json_get(&j, "s")), "x");
	T_TRUE(json_str(json_get(&j, "i")).p == NULL);
	T_TRUE(json_i64(json_get(&j, "i"), &i) && i == 8);
	T_TRUE(json_i64(json_get(&j, "w"), &i) && i == 1000);
	T_TRUE(!json_i64(json_get(&j, "d"), &i) && !json_i64(json_get(&j, "s"), &i) && !json_i64(json_get(&j, "big"), &i));
	T_TRUE(json_double(json_get(&j, "d"), &d) && d == 1.5);
	T_TRUE(json_double(json_get(&j, "i"), &d) && d == 8);
	T_TRUE(json_true(json_get(&j, "t")) && !json_true(json_get(&j, "i")));
	T_TRUE(json_null(json_get(&j, "z")) && json_null(json_get(&j, "absent")) && !json_null(json_get(&j, "s")));
	T_TRUE(json_i64(json_at(json_get(&j, "a"), 1), &i) && i == 2);
	T_TRUE(json_null(json_at(json_get(&j, "a"), 2)));
	T_TRUE(json_null(json_get(json_at(json_get(&j, "nowhere"), 3), "x")));
}

static enum err collect(void *ctx, struct str chunk)
{
	buf_put((struct buf *)ctx, chunk);
	return OK;
}

static enum err refuse(void *ctx, struct str chunk)
{
	(void)ctx;
	(void)chunk;
	return E_IO;
}

static void writes(struct t *t)
{
	struct buf b = buf_make(t->mem, KIB(4));
	struct json_out o = json_to(&b);

	json_put_object(&o);
	json_put_kv_str(&o, S("s<"), S("</script>&\"\\\n\x01\x7f\xe2\x80\xa8\xc3\xa9\xff"));
	json_put_kv_str(&o, S("none"), STR_NONE);
	json_put_key(&o, S("a"));
	json_put_array(&o);
	json_put_i64(&o, 1);
	json_put_double(&o, 0.5);
	json_put_fixed(&o, 2.3456789, 5);
	json_put_bool(&o, true);
	json_put_null(&o);
	json_put_array(&o);
	json_put_array_end(&o);
	json_put_object(&o);
	json_put_object_end(&o);
	json_put_raw(&o, S("{\"x\":1}"));
	json_put_array_end(&o);
	json_put_kv_bool(&o, S("b"), false);
	json_put_object_end(&o);
	T_OK(json_done(&o));
	T_STR(buf_str(&b), "{\"s\\u003c\":\"\\u003c/script\\u003e\\u0026\\\"\\\\\\n\\u0001\\u007f\\u2028\xc3\xa9\xef\xbf\xbd\","
			   "\"none\":null,\"a\":[1,0.5,2.34568,true,null,[],{},{\"x\":1}],\"b\":false}");
	b = buf_make(t->mem, 4);
	o = json_to(&b);
	json_put_str(&o, S("too long"));
	T_ERR(E_LIMIT, json_done(&o));
}

static void writes_streams(struct t *t)
{
	struct buf small = buf_make(t->mem, MIB(1)), all = buf_make(t->mem, MIB(8));
	struct json_out o = json_to_more(&small, collect, &all);
	struct json j;
	int64_t v = 0;

	json_put_array(&o);
	for (int i = 0; i < 300000; i++) {
		json_put_i64(&o, i);
		T_TRUE(small.n < KIB(70));
	}
	json_put_array_end(&o);
	T_OK(json_done(&o));
	T_OK(json_parse(t->mem, buf_str(&all), &j, NULL));
	T_EQ(j.n, 300000);
	T_TRUE(json_i64(json_at(&j, 299999), &v) && v == 299999);
	o = json_to_more(&small, refuse, NULL);
	json_put_i64(&o, 1);
	T_ERR(E_IO, json_done(&o));
}

/* Accepted texts survive writing and reading; any way of cutting the text into pieces gives the same tokens. */
static void check_file(struct t *t, const char *name, struct str text)
{
	struct buf whole = buf_make(t->mem, MIB(1)), again = buf_make(t->mem, MIB(1));
	struct json_where where;
	struct json_out o = json_to(&again);
	struct json j, k;
	enum err e = json_parse(t->mem, text, &j, &where);

	if (name[0] == 'y' && e != OK) {
		t_fail(t, T_AT(name), "refused: %s", where.what);
	}
	if (name[0] == 'n' && e == OK) {
		t_fail(t, T_AT(name), "accepted");
	}
	T_EQ(tokens(t->mem, text, 0, &whole, &where), e);
	for (size_t size = 1; size < 6; size++) {
		struct buf b = buf_make(t->mem, MIB(1));

		T_EQ(tokens(t->mem, text, size, &b, &where), e);
		T_EQ(buf_str(&b), buf_str(&whole));
	}
	if (e == OK) {
		json_put_tree(&o, &j);
		T_OK(json_done(&o));
		T_TRUE(utf8_ok(buf_str(&again)));
		T_OK(json_parse(t->mem, buf_str(&again), &k, NULL));
	}
}

static void vectors(struct t *t)
{
	const char *dir = t_shared(t, "vectors/json");
	struct dirent *entry;
	DIR *d = dir == NULL ? NULL : opendir(dir);
	int n = 0;

	if (d == NULL) {
		T_SKIP("no shared data here");
	}
	for (entry = readdir(d); entry != NULL; entry = readdir(d)) {
		if (str_ends(str_of(entry->d_name), S(".json"))) {
			struct mem_mark at = mem_mark(t->mem);
			const char *path = str_c(t->mem, str_fmt(t->mem, "%s/%s", dir, entry->d_name));

			check_file(t, entry->d_name, t_read(t, path));
			mem_rewind(t->mem, at);
			n++;
		}
	}
	closedir(d);
	T_TRUE(n > 200);
}

static void own_vectors(struct t *t)
{
	static const char *const texts[] = {
		"y null", "y \"\\u0000\"", "y [-0, 0.0, 1E5, 1e-5]", "y {\"a\":{\"a\":[[]]}}", "y \t\r\n1 ",
		"n", "n [", "n {", "n [1,]", "n {\"a\":1,}", "n {a:1}", "n [1 2]", "n 01", "n 1.", "n .5", "n +1", "n 1e",
		"n nul", "n nulll", "n \"\t\"", "n \"\\x41\"", "n \"\\ud800\"", "n \"\\ud800\\n\"", "n \"\\udc00\\ud800\"",
		"n \"", "n \"\\u12", "n [\"a\":1]", "n {\"a\",1}", "n []]", "n [}", "n 'a'", "n \"\xff\"", "n // x\n1",
		"n \xef\xbb\xbf{}", "n NaN", "n Infinity", "n {\"a\" 1}", "n {,}", "n [,]", "n {\"a\":}", "n true false",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		check_file(t, texts[i], str_of(texts[i][1] == ' ' ? texts[i] + 2 : ""));
	}
}

static const struct t_case cases[] = {
	{"tokens, in pieces of every size", reads, 0},
	{"errors say line and column", places, 0},
	{"depth is bounded", deep, 0},
	{"texts are bounded", long_string, 0},
	{"trees are bounded", large_tree, 0},
	{"a source that breaks is reported", broken_source, 0},
	{"features are read one by one", streams, 0},
	{"typed getters", getters, 0},
	{"the writer escapes what scripts trip over", writes, 0},
	{"the writer streams", writes_streams, 0},
	{"own vectors", own_vectors, 0},
	{"the shared vectors", vectors, 0},
};
T_SUITE(json, cases)
