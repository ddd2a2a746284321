/*
 * Addresses: parsing what comes from outside, making our own, and the queries after them. A struct url exists only when its
 * scheme is allowed or it is a path of our own, so that nothing else can become a link.
 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "buf.h"
#include "err.h"
#include "str.h"

/* The parts of an address, undecoded, borrowed from it. `port` is 0 where none is written. STR_NONE where a part is absent. */
struct url_parts {
	struct str scheme, host, path, query, fragment;
	int port;
};

/*
 * An address that people or files gave: http, https (with a host, without user or password), mailto, tel or geo; at most
 * LIMIT_URL bytes; UTF-8 without spaces and control characters. Scheme and host are lowered, bytes outside ASCII in the path,
 * query and fragment are percent-encoded, stray percent signs too. E_INVALID otherwise. Surrounding white space is dropped.
 */
enum err url_parse(struct mem *m, struct str text, struct url *out) MUST_USE;
/* A path of our own site that came back to us (a return address): starts with one '/', holds no backslash, no '//' start. */
enum err url_local(struct mem *m, struct str text, struct url *out) MUST_USE;
/* Splits an absolute address or a path; false when it has no such shape. Checks less than url_parse(). */
bool url_split(struct str text, struct url_parts *out);
/* The host of an http or https address, lowered, without "www."; STR_NONE for others: to compare sites. */
struct str url_site(struct mem *m, struct url u);

/*
 * Making our own: url_begin("/agenda"), url_seg(text) adds "/text" encoded, url_param() adds "?name=value" or "&…" encoded,
 * url_end() gives the url. An address that grows past LIMIT_URL is a bug of ours and ends as "/".
 */
struct url_out {
	struct buf b;
	bool query;
};
struct url_out url_begin(struct mem *m, struct str path);
void url_seg(struct url_out *u, struct str text);
void url_seg_i64(struct url_out *u, int64_t v);
/* Skipped when the value is STR_NONE. */
void url_param(struct url_out *u, struct str name, struct str value);
void url_param_i64(struct url_out *u, struct str name, int64_t v);
void url_fragment(struct url_out *u, struct str text);
struct url url_end(const struct url_out *u);
/* A url from a constant path of our own: URL("/about"). */
#define URL(lit) ((struct url){S(lit)})

/* Everything but letters, digits and -._~ as %XX. */
void buf_put_pct(struct buf *b, struct str s);
/* Decodes %XX; with `plus`, '+' is a space. E_INVALID on a bad escape, on NUL, and when the result is not UTF-8. */
enum err pct_decode(struct mem *m, struct str s, bool plus, struct str *out) MUST_USE;

/* Names and values of a query or an urlencoded body, decoded, in their order. */
struct query_pair {
	struct str name, value;
};
struct query {
	struct query_pair *p;
	size_t n;
};
/* E_INVALID on a bad escape, E_LIMIT past LIMIT_QUERY_PAIRS. A name without '=' has the value "". */
enum err query_parse(struct mem *m, struct str text, struct query *out) MUST_USE;
/* The first value of `name`, or STR_NONE. */
struct str query_get(const struct query *q, struct str name);

/* A path of ours as calendar programs subscribe to it: webcal://, with the host of the site's own address. */
struct url url_webcal(struct mem *m, struct str site, struct url path);

#endif
