/*
 * JSON trees that grow: arrays whose room doubles at powers of two, so that no capacity has to be kept.
 */
#include "tree.h"

#include "../base/limits.h"

static bool full(size_t n)
{
	return n == 0 || (n >= 4 && (n & (n - 1)) == 0);
}

static size_t room(size_t n)
{
	return n == 0 ? 4 : n * 2;
}

struct json tree_i64(struct mem *m, int64_t v)
{
	return (struct json){.kind = JSON_IS_NUMBER, .text = str_fmt(m, "%lld", (long long)v)};
}

struct json tree_fixed(struct mem *m, double v, int digits)
{
	struct buf b = buf_make(m, 64);

	buf_put_fixed(&b, v, digits);
	return (struct json){.kind = JSON_IS_NUMBER, .text = buf_str(&b)};
}

void tree_add(struct mem *m, struct json *a, struct json v)
{
	if (full(a->n)) {
		struct json *items = mem_array(m, struct json, room(a->n));
		if (a->n) {
			memcpy(items, a->items, a->n * sizeof(*items));
		}
		a->items = items;
	}
	a->items[a->n++] = v;
}

void tree_put(struct mem *m, struct json *o, struct str key, struct json v)
{
	if (full(o->n)) {
		struct str *keys = mem_array(m, struct str, room(o->n));
		if (o->n) {
			memcpy(keys, o->keys, o->n * sizeof(*keys));
		}
		o->keys = keys;
	}
	size_t n = o->n;
	tree_add(m, o, v);
	o->keys[n] = key;
}

void tree_set(struct mem *m, struct json *o, struct str key, struct json v)
{
	for (size_t i = 0; i < o->n; i++) {
		if (str_eq(o->keys[i], key)) {
			o->items[i] = v;
			return;
		}
	}
	tree_put(m, o, key, v);
}

void tree_remove(struct json *o, struct str key)
{
	for (size_t i = 0; i < o->n; i++) {
		if (str_eq(o->keys[i], key)) { /* its place is kept, empty, so that the room rule holds */
			o->items[i] = (struct json){.kind = JSON_IS_NONE};
			return;
		}
	}
}

const struct json *tree_get(const struct json *o, struct str key)
{
	static const struct json none = {.kind = JSON_IS_NONE};

	if (o->kind == JSON_IS_OBJECT) {
		for (size_t i = o->n; i-- > 0;) {
			/* most keys differ in length or end */
			if (o->keys[i].n == key.n && (key.n == 0 || o->keys[i].p[key.n - 1] == key.p[key.n - 1]) && str_eq(o->keys[i], key)) {
				return &o->items[i];
			}
		}
	}
	return &none;
}

struct json tree_copy(struct mem *m, const struct json *j)
{
	struct json c = *j;

	if (j->kind == JSON_IS_ARRAY) {
		c = tree_array();
		for (size_t i = 0; i < j->n; i++) {
			tree_add(m, &c, tree_copy(m, &j->items[i]));
		}
	} else if (j->kind == JSON_IS_OBJECT) {
		c = tree_object();
		for (size_t i = 0; i < j->n; i++) {
			if (j->items[i].kind != JSON_IS_NONE) {
				tree_put(m, &c, j->keys[i], tree_copy(m, &j->items[i]));
			}
		}
	}
	return c;
}

bool tree_empty(const struct json *j)
{
	switch (j->kind) {
	case JSON_IS_NONE:
	case JSON_IS_NULL:
		return true;
	case JSON_IS_STRING:
		return j->text.n == 0;
	case JSON_IS_ARRAY:
	case JSON_IS_OBJECT:
		for (size_t i = 0; i < j->n; i++) {
			if (!tree_empty(&j->items[i])) {
				return false;
			}
		}
		return true;
	case JSON_IS_FALSE:
	case JSON_IS_TRUE:
	case JSON_IS_NUMBER:
		return false;
	}
	return true;
}

/* Every member of `a` is the same in `b`. */
static bool members_in(const struct json *a, const struct json *b)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!tree_same(&a->items[i], tree_get(b, a->keys[i]))) {
			return false;
		}
	}
	return true;
}

bool tree_same(const struct json *a, const struct json *b)
{
	double x, y;

	if (tree_empty(a) || tree_empty(b)) {
		return tree_empty(a) && tree_empty(b);
	}
	if (a->kind != b->kind) {
		return false;
	}
	switch (a->kind) {
	case JSON_IS_STRING:
		return str_eq(a->text, b->text);
	case JSON_IS_NUMBER:
		return str_eq(a->text, b->text) || (json_double(a, &x) && json_double(b, &y) && x == y);
	case JSON_IS_ARRAY:
		for (size_t i = 0; i < a->n || i < b->n; i++) {
			if (i >= a->n || i >= b->n || !tree_same(&a->items[i], &b->items[i])) {
				return false;
			}
		}
		return true;
	case JSON_IS_OBJECT:
		return members_in(a, b) && members_in(b, a);
	case JSON_IS_NONE:
	case JSON_IS_NULL:
	case JSON_IS_FALSE:
	case JSON_IS_TRUE:
		break;
	}
	return true;
}

struct str tree_text(struct mem *m, const struct json *j)
{
	struct buf b = buf_make(m, LIMIT_JSON_TEXT);
	struct json_out o = json_to(&b);

	json_put_tree(&o, j);
	return json_done(&o) == OK ? buf_str(&b) : S("null");
}

bool tree_has_str(const struct json *a, struct str s)
{
	for (size_t i = 0; i < a->n; i++) {
		if (str_eq(json_str(&a->items[i]), s)) {
			return true;
		}
	}
	return false;
}
