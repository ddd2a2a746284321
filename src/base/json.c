/*
 * JSON as a tree, and the writer.
 */
#include "json.h"

#include "limits.h"
#include "utf8.h"
#include "vec.h"

/* ---- Tree ---- */

static const struct json none;

static enum json_kind kind_of(enum json_token token)
{
	switch (token) {
	case JSON_OBJECT: return JSON_IS_OBJECT;
	case JSON_ARRAY: return JSON_IS_ARRAY;
	case JSON_STRING: return JSON_IS_STRING;
	case JSON_NUMBER: return JSON_IS_NUMBER;
	case JSON_TRUE: return JSON_IS_TRUE;
	case JSON_FALSE: return JSON_IS_FALSE;
	case JSON_NULL: return JSON_IS_NULL;
	case JSON_END:
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
	case JSON_KEY: break;
	}
	return JSON_IS_NONE;
}

/* Recursion is bounded by the reader's depth, the whole tree by `left`. */
static enum err read_tree(struct json_in *in, enum json_token token, struct str text, struct mem *m, size_t *left,
			  struct json *out)
{
	VEC(struct json) items = {0};
	VEC(struct str) keys = {0};

	if ((*left)-- == 0) {
		*left = 0;
		return E_LIMIT;
	}
	*out = (struct json){.kind = kind_of(token), .text = str_dup(m, text)};
	if (token != JSON_OBJECT && token != JSON_ARRAY) {
		return out->kind == JSON_IS_NONE ? fail(E_BUG, "json_read: this token begins no value") : OK;
	}
	for (;;) {
		struct json item;

		TRY(json_next(in, &token, &text));
		if (token == JSON_OBJECT_END || token == JSON_ARRAY_END) {
			break;
		}
		if (token == JSON_KEY) {
			*vec_add(m, &keys) = str_dup(m, text);
			TRY(json_next(in, &token, &text));
		}
		TRY(read_tree(in, token, text, m, left, &item));
		*vec_add(m, &items) = item;
	}
	out->items = items.p;
	out->keys = keys.p;
	out->n = items.n;
	return OK;
}

enum err json_read(struct json_in *in, enum json_token token, struct str text, struct mem *m, struct json *out)
{
	size_t left = LIMIT_JSON_NODES;

	return read_tree(in, token, text, m, &left, out);
}

enum err json_parse(struct mem *m, struct str text, struct json *out, struct json_where *where)
{
	struct json_in *in;
	enum json_token token;
	enum err e = text.n > LIMIT_JSON_TEXT ? E_LIMIT : OK;

	*out = none;
	in = json_open_str(m, text);
	if (e == OK) {
		e = json_next(in, &token, &text);
	}
	if (e == OK) {
		e = json_read(in, token, text, m, out);
	}
	if (e == OK) {
		e = json_next(in, &token, &text); /* the end, or E_INVALID */
	}
	if (where != NULL) {
		*where = json_where(in);
	}
	return e;
}

const struct json *json_get(const struct json *j, const char *key)
{
	struct str name = str_of(key);

	if (j->kind == JSON_IS_OBJECT) {
		for (size_t i = j->n; i > 0; i--) {
			if (str_eq(j->keys[i - 1], name)) {
				return &j->items[i - 1];
			}
		}
	}
	return &none;
}

const struct json *json_at(const struct json *j, size_t i)
{
	return j->kind == JSON_IS_ARRAY && i < j->n ? &j->items[i] : &none;
}

struct str json_str(const struct json *j)
{
	return j->kind == JSON_IS_STRING ? j->text : STR_NONE;
}

struct str json_text(const struct json *j, const char *key)
{
	struct str s = json_str(json_get(j, key));

	return s.p ? s : S("");
}

bool json_double(const struct json *j, double *out)
{
	return j->kind == JSON_IS_NUMBER && str_to_double(j->text, out);
}

bool json_i64(const struct json *j, int64_t *out)
{
	double v;

	if (j->kind != JSON_IS_NUMBER) {
		return false;
	}
	if (str_to_i64(j->text, out)) {
		return true;
	}
	/* 1.0 and 1e3 are whole too; past 2^53 a double could not tell */
	if (!str_to_double(j->text, &v) || v < -9007199254740992.0 || v > 9007199254740992.0 || v != (double)(int64_t)v) {
		return false;
	}
	*out = (int64_t)v;
	return true;
}

bool json_true(const struct json *j)
{
	return j->kind == JSON_IS_TRUE;
}

bool json_null(const struct json *j)
{
	return j->kind == JSON_IS_NONE || j->kind == JSON_IS_NULL;
}

/* ---- Writer ---- */

#define FULL KIB(64)

struct json_out json_to(struct buf *b)
{
	return (struct json_out){.b = b};
}

struct json_out json_to_more(struct buf *b, write_more *more, void *ctx)
{
	return (struct json_out){.b = b, .more = more, .ctx = ctx};
}

static void flush(struct json_out *o)
{
	if (o->err == OK) {
		o->err = buf_ok(o->b) ? o->more(o->ctx, buf_str(o->b)) : E_LIMIT;
	}
	buf_reset(o->b);
}

/* The comma before a value or name, where one is due. */
static void before(struct json_out *o)
{
	uint64_t bit = UINT64_C(1) << (o->depth & 63);

	if (o->more != NULL && o->b->n >= FULL) {
		flush(o);
	}
	if (o->keyed) {
		o->keyed = false;
		return;
	}
	if ((o->filled & bit) != 0 && o->depth > 0) {
		buf_put_c(o->b, ',');
	}
	o->filled |= bit;
}

static void deeper(struct json_out *o, char c)
{
	before(o);
	buf_put_c(o->b, c);
	o->depth++;
	o->filled &= ~(UINT64_C(1) << (o->depth & 63));
}

static void shallower(struct json_out *o, char c)
{
	o->depth--;
	buf_put_c(o->b, c);
}

void json_put_object(struct json_out *o)
{
	deeper(o, '{');
}

void json_put_object_end(struct json_out *o)
{
	shallower(o, '}');
}

void json_put_array(struct json_out *o)
{
	deeper(o, '[');
}

void json_put_array_end(struct json_out *o)
{
	shallower(o, ']');
}

/* Bytes that may stand as they are. The two line separators (E2 80 A8 and A9) and what is not UTF-8 are found by the slow
 * path, to which every byte from 0xE2 on and every control byte goes. */
static bool is_plain(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 0x20 && u < 0x7f && u != '"' && u != '\\' && u != '<' && u != '>' && u != '&';
}

static void put_escaped(struct buf *b, uint32_t cp)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = cp == 0 || cp > 0x7f ? NULL : strchr(from, (int)cp);

	if (at != NULL) {
		buf_put_c(b, '\\');
		buf_put_c(b, to[at - from]);
	} else {
		buf_fmt(b, "\\u%04x", (unsigned)cp);
	}
}

static void put_quoted(struct buf *b, struct str s)
{
	size_t i = 0, from, len;
	uint32_t cp;

	buf_put_c(b, '"');
	while (i < s.n) {
		from = i;
		while (i < s.n && is_plain(s.p[i])) {
			i++;
		}
		buf_put_bytes(b, s.p + from, i - from);
		if (i == s.n) {
			break;
		}
		len = utf8_next(s, i, &cp);
		if (len == 0) {
			buf_put(b, S("\xef\xbf\xbd"));
			len = 1;
		} else if (cp < 0x80 || cp == 0x2028 || cp == 0x2029) {
			put_escaped(b, cp);
		} else {
			buf_put_bytes(b, s.p + i, len);
		}
		i += len;
	}
	buf_put_c(b, '"');
}

void json_put_key(struct json_out *o, struct str key)
{
	before(o);
	put_quoted(o->b, key);
	buf_put_c(o->b, ':');
	o->keyed = true;
}

void json_put_str(struct json_out *o, struct str s)
{
	before(o);
	if (s.p == NULL) {
		buf_put(o->b, S("null"));
	} else {
		put_quoted(o->b, s);
	}
}

void json_put_i64(struct json_out *o, int64_t v)
{
	before(o);
	buf_put_i64(o->b, v);
}

void json_put_double(struct json_out *o, double v)
{
	before(o);
	buf_put_double(o->b, v);
}

void json_put_fixed(struct json_out *o, double v, int digits)
{
	before(o);
	buf_put_fixed(o->b, v, digits);
}

void json_put_bool(struct json_out *o, bool v)
{
	before(o);
	buf_put(o->b, v ? S("true") : S("false"));
}

void json_put_null(struct json_out *o)
{
	json_put_str(o, STR_NONE);
}

void json_put_raw(struct json_out *o, struct str json)
{
	before(o);
	buf_put(o->b, json);
}

void json_put_tree(struct json_out *o, const struct json *j)
{
	switch (j->kind) {
	case JSON_IS_NONE:
	case JSON_IS_NULL: json_put_null(o); break;
	case JSON_IS_FALSE: json_put_bool(o, false); break;
	case JSON_IS_TRUE: json_put_bool(o, true); break;
	case JSON_IS_NUMBER: json_put_raw(o, j->text); break;
	case JSON_IS_STRING: json_put_str(o, j->text); break;
	case JSON_IS_ARRAY:
		json_put_array(o);
		for (size_t i = 0; i < j->n; i++) {
			json_put_tree(o, &j->items[i]);
		}
		json_put_array_end(o);
		break;
	case JSON_IS_OBJECT:
		json_put_object(o);
		for (size_t i = 0; i < j->n; i++) {
			json_put_key(o, j->keys[i]);
			json_put_tree(o, &j->items[i]);
		}
		json_put_object_end(o);
		break;
	}
}

void json_put_kv_str(struct json_out *o, struct str key, struct str s)
{
	json_put_key(o, key);
	json_put_str(o, s);
}

void json_put_kv_i64(struct json_out *o, struct str key, int64_t v)
{
	json_put_key(o, key);
	json_put_i64(o, v);
}

void json_put_kv_double(struct json_out *o, struct str key, double v)
{
	json_put_key(o, key);
	json_put_double(o, v);
}

void json_put_kv_bool(struct json_out *o, struct str key, bool v)
{
	json_put_key(o, key);
	json_put_bool(o, v);
}

enum err json_done(struct json_out *o)
{
	if (o->more != NULL && o->b->n > 0) {
		flush(o);
	}
	if (o->err == OK && !buf_ok(o->b)) {
		o->err = E_LIMIT;
	}
	return o->err;
}
