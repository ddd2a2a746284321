/*
 * JSON (RFC 8259), strict: no comments, no trailing commas, no lone surrogates, UTF-8 only. Three ways: a pull reader over
 * chunks for files of any size in flat memory, a tree in an arena for small texts and single features, and a writer whose
 * text is safe inside <script> and in attributes' data.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "buf.h"
#include "err.h"
#include "str.h"

/* Brings the next piece of input into `*chunk` (n = 0 at the end); the piece stays valid until the next call. */
typedef enum err read_more(void *ctx, struct str *chunk);

/* ---- Reader ---- */

enum json_token {
	JSON_END, /* the text is over, and was whole */
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_KEY,    /* text: the name, decoded */
	JSON_STRING, /* text: decoded; may hold NUL characters: utf8_clean() what is kept */
	JSON_NUMBER, /* text: as written */
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL
};

struct json_in;

/* A reader in `m`. Its memory does not grow with the input. */
struct json_in *json_open(struct mem *m, read_more *more, void *ctx);
/* The same over a text that is there. */
struct json_in *json_open_str(struct mem *m, struct str text);
/* The next token; `*text` is valid until the next call. E_INVALID where the text is not JSON, E_LIMIT where it is too deep
 * or a string too long, or what `more` returned; then json_where() says where. After JSON_END it stays JSON_END. */
enum err json_next(struct json_in *in, enum json_token *token, struct str *text) MUST_USE;
/* Skips the rest of the value that `token`, just read, began. */
enum err json_skip(struct json_in *in, enum json_token token) MUST_USE;
/* How many arrays and objects are open. */
int json_depth(const struct json_in *in);

/* Where the reader stands, for reports: from 1, columns in bytes; and what is wrong, for translation, NULL if nothing. */
struct json_where {
	int64_t line, column, offset;
	const char *what;
};
struct json_where json_where(const struct json_in *in);

/* ---- Tree ---- */

enum json_kind {
	JSON_IS_NONE, /* there is no such thing */
	JSON_IS_NULL,
	JSON_IS_FALSE,
	JSON_IS_TRUE,
	JSON_IS_NUMBER,
	JSON_IS_STRING,
	JSON_IS_ARRAY,
	JSON_IS_OBJECT
};

struct json {
	enum json_kind kind;
	struct str text;     /* string decoded, number as written */
	struct json *items;  /* array: values; object: values */
	struct str *keys;    /* object: names, beside their values */
	size_t n;            /* of items */
};

/* A whole text as a tree, at most LIMIT_JSON_TEXT bytes and LIMIT_JSON_NODES values, else E_LIMIT. `where` may be NULL. */
enum err json_parse(struct mem *m, struct str text, struct json *out, struct json_where *where) MUST_USE;
/* The value that `token`, just read with `text`, begins, as a tree in `m`. For streaming: one feature at a time,
 * of at most LIMIT_JSON_NODES values, else E_LIMIT. */
enum err json_read(struct json_in *in, enum json_token token, struct str text, struct mem *m, struct json *out) MUST_USE;

/* Never NULL: what is absent has the kind JSON_IS_NONE, so that calls chain. Of names given twice the last counts. */
const struct json *json_get(const struct json *j, const char *key);
const struct json *json_at(const struct json *j, size_t i);
/* The text of a string; STR_NONE for all else. */
struct str json_str(const struct json *j);
/* The text of a member; "" when it is absent or no string. */
struct str json_text(const struct json *j, const char *key);
/* False, and *out untouched, when it is no such number. Whole numbers written as 1.0 or 1e3 count as integers. */
bool json_i64(const struct json *j, int64_t *out);
bool json_double(const struct json *j, double *out);
/* True for true only. */
bool json_true(const struct json *j);
/* For null and for what is absent. */
bool json_null(const struct json *j);

/* ---- Writer ---- */

/* Takes a piece of a long text that is being written. */
typedef enum err write_more(void *ctx, struct str chunk);

struct json_out {
	struct buf *b;
	write_more *more;
	void *ctx;
	enum err err;   /* of `more`; from then on nothing is written */
	int depth;
	uint64_t filled; /* bit by depth: it has a value already */
	bool keyed;      /* a name waits for its value */
};

/* Writes to `b`. */
struct json_out json_to(struct buf *b);
/* Writes through `b` to `more`, whenever 64 KiB are full, and the rest at json_done(). `b` has room for 1 MiB at least. */
struct json_out json_to_more(struct buf *b, write_more *more, void *ctx);

/* Values, members and elements in the order of the document; commas and colons come by themselves. */
void json_put_object(struct json_out *o);
void json_put_object_end(struct json_out *o);
void json_put_array(struct json_out *o);
void json_put_array_end(struct json_out *o);
void json_put_key(struct json_out *o, struct str key);
/* STR_NONE is written as null. Bytes that are not UTF-8 become U+FFFD. */
void json_put_str(struct json_out *o, struct str s);
void json_put_i64(struct json_out *o, int64_t v);
/* What is not finite is written as null. */
void json_put_double(struct json_out *o, double v);
/* At most `digits` digits after the mark. */
void json_put_fixed(struct json_out *o, double v, int digits);
void json_put_bool(struct json_out *o, bool v);
void json_put_null(struct json_out *o);
/* JSON that is known to be JSON: what we wrote and stored. */
void json_put_raw(struct json_out *o, struct str json);
/* A tree, as it was read. */
void json_put_tree(struct json_out *o, const struct json *j);

/* Name and value at once. */
void json_put_kv_str(struct json_out *o, struct str key, struct str s);
void json_put_kv_i64(struct json_out *o, struct str key, int64_t v);
void json_put_kv_double(struct json_out *o, struct str key, double v);
void json_put_kv_bool(struct json_out *o, struct str key, bool v);

/* Writes out what remains; E_LIMIT when the buf was too small, or the error of `more`. */
enum err json_done(struct json_out *o) MUST_USE;

#endif
