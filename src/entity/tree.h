/*
 * Making and comparing JSON trees (base/json.h reads them). A tree made here shares the text of what it was made from and
 * lives in the arena given. Arrays and objects made elsewhere are never grown in place: tree_copy() first.
 */
#ifndef ENTITY_TREE_H
#define ENTITY_TREE_H

#include "../base/json.h"

static inline struct json tree_str(struct str s)
{
	return (struct json){.kind = s.p ? JSON_IS_STRING : JSON_IS_NULL, .text = s};
}
static inline struct json tree_true(void)
{
	return (struct json){.kind = JSON_IS_TRUE};
}
static inline struct json tree_array(void)
{
	return (struct json){.kind = JSON_IS_ARRAY};
}
static inline struct json tree_object(void)
{
	return (struct json){.kind = JSON_IS_OBJECT};
}
/* Numbers, as the text they are written as. */
struct json tree_i64(struct mem *m, int64_t v);
/* With at most `digits` digits after the mark. */
struct json tree_fixed(struct mem *m, double v, int digits);

/* Appends to an array made by tree_array(). */
void tree_add(struct mem *m, struct json *array, struct json v);
/* Sets a member of an object made by tree_object(): replaces, or appends. */
void tree_set(struct mem *m, struct json *object, struct str key, struct json v);
/* Appends without looking whether the name is there already. */
void tree_put(struct mem *m, struct json *object, struct str key, struct json v);
void tree_remove(struct json *object, struct str key);
/* The member, or what has the kind JSON_IS_NONE; for names that are not C strings. */
const struct json *tree_get(const struct json *object, struct str key);
/* A copy whose arrays and objects may be grown; texts are shared. */
struct json tree_copy(struct mem *m, const struct json *j);
/* Nothing: absent, null, "", [] and {}. */
bool tree_empty(const struct json *j);
/* Equal content: numbers by value, objects whatever the order of their members; absent and empty are the same. */
bool tree_same(const struct json *a, const struct json *b);
/* Compact text. */
struct str tree_text(struct mem *m, const struct json *j);
/* True if every string of `array` is one of them. */
bool tree_has_str(const struct json *array, struct str s);

#endif
