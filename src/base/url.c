/*
 * Addresses.
 */
#include "url.h"

#include "limits.h"
#include "utf8.h"

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_unreserved(char c)
{
	return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static int hex_of(char c)
{
	if (is_digit(c)) {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void put_escape(struct buf *b, char c)
{
	static const char hex[] = "0123456789ABCDEF";

	buf_put_c(b, '%');
	buf_put_c(b, hex[(unsigned char)c >> 4]);
	buf_put_c(b, hex[(unsigned char)c & 15]);
}

void buf_put_pct(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_unreserved(s.p[i])) {
			buf_put_c(b, s.p[i]);
		} else {
			put_escape(b, s.p[i]);
		}
	}
}

enum err pct_decode(struct mem *m, struct str s, bool plus, struct str *out)
{
	char *to;
	size_t n = 0;

	if (s.p == NULL) {
		*out = s;
		return OK;
	}
	to = mem_get(m, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%') {
			int high = i + 2 < s.n ? hex_of(s.p[i + 1]) : -1;
			int low = i + 2 < s.n ? hex_of(s.p[i + 2]) : -1;

			if (high < 0 || low < 0 || (high == 0 && low == 0)) {
				return E_INVALID;
			}
			to[n++] = (char)(high << 4 | low);
			i += 2;
		} else if (s.p[i] == '\0') {
			return E_INVALID;
		} else {
			to[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	*out = (struct str){to, n};
	return utf8_ok(*out) ? OK : E_INVALID;
}

/* ---- Parsing ---- */

static struct str take_scheme(struct str *rest)
{
	size_t i = 0;
	struct str scheme;

	if (rest->n == 0 || !is_alpha(rest->p[0])) {
		return STR_NONE;
	}
	while (i < rest->n && (is_alpha(rest->p[i]) || is_digit(rest->p[i]) || strchr("+-.", rest->p[i]) != NULL)) {
		i++;
	}
	if (i == rest->n || rest->p[i] != ':') {
		return STR_NONE;
	}
	scheme = str_sub(*rest, 0, i);
	*rest = str_sub(*rest, i + 1, rest->n);
	return scheme;
}

/* What follows `mark` is cut off `*rest` and returned; STR_NONE when there is no mark. */
static struct str cut_after(struct str *rest, char mark)
{
	ptrdiff_t at = str_chr(*rest, mark);
	struct str after;

	if (at < 0) {
		return STR_NONE;
	}
	after = str_sub(*rest, (size_t)at + 1, rest->n);
	*rest = str_sub(*rest, 0, (size_t)at);
	return after;
}

static bool split_port(struct str *host, int *port)
{
	size_t i = host->n;
	int64_t v;

	*port = 0;
	while (i > 0 && is_digit(host->p[i - 1])) {
		i--;
	}
	if (i == 0 || host->p[i - 1] != ':') {
		return true;
	}
	if (i < host->n) {
		if (!str_to_i64(str_sub(*host, i, host->n), &v) || v < 1 || v > 65535) {
			return false;
		}
		*port = (int)v;
	}
	*host = str_sub(*host, 0, i - 1);
	return true;
}

bool url_split(struct str text, struct url_parts *out)
{
	struct str rest = text;

	*out = (struct url_parts){0};
	out->scheme = take_scheme(&rest);
	out->fragment = cut_after(&rest, '#');
	out->query = cut_after(&rest, '?');
	if (out->scheme.p != NULL && str_starts(rest, S("//"))) {
		ptrdiff_t end;

		rest = str_sub(rest, 2, rest.n);
		end = str_chr(rest, '/');
		out->host = str_sub(rest, 0, end < 0 ? rest.n : (size_t)end);
		out->path = str_sub(rest, end < 0 ? rest.n : (size_t)end, rest.n);
		return split_port(&out->host, &out->port);
	}
	out->path = rest;
	return out->scheme.p != NULL || str_starts(rest, S("/"));
}

/* A name of dotted labels, or an IPv6 address in brackets. Letters of every script pass; the browser makes them ASCII. */
static bool host_ok(struct str host)
{
	size_t label = 0;

	if (host.n == 0 || host.n > 253) {
		return false;
	}
	if (host.p[0] == '[') {
		for (size_t i = 1; i + 1 < host.n; i++) {
			if (hex_of(host.p[i]) < 0 && host.p[i] != ':' && host.p[i] != '.') {
				return false;
			}
		}
		return host.n > 3 && host.p[host.n - 1] == ']';
	}
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		if (c == '.') {
			if (label == 0) {
				return false;
			}
			label = 0;
		} else if (is_alpha(c) || is_digit(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80) {
			label++;
		} else {
			return false;
		}
	}
	return label > 0 || host.n > 1;
}

/* Kept: what RFC 3986 allows anywhere after the host, and well-formed escapes. The rest is escaped. */
static void put_clean(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool escape = c == '%' && i + 2 < s.n && hex_of(s.p[i + 1]) >= 0 && hex_of(s.p[i + 2]) >= 0;

		if (escape || is_unreserved(c) || strchr("!$&'()*+,;=:@/?", c) != NULL) {
			buf_put_c(b, c);
		} else {
			put_escape(b, c);
		}
	}
}

static bool printable(struct str s)
{
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < s.n; i += n) {
		n = utf8_next(s, i, &cp);
		if (n == 0 || cp <= 0x20 || (cp >= 0x7f && cp <= 0xa0) || (cp >= 0x2000 && cp <= 0x200f) ||
		    (cp >= 0x2028 && cp <= 0x202f) || (cp >= 0x205f && cp <= 0x206f) || cp == 0x3000 || cp == 0xfeff ||
		    cp == '\\') {
			return false;
		}
	}
	return true;
}

static void put_tail(struct buf *b, const struct url_parts *u)
{
	put_clean(b, u->path);
	if (u->query.p != NULL) {
		buf_put_c(b, '?');
		put_clean(b, u->query);
	}
	if (u->fragment.p != NULL) {
		buf_put_c(b, '#');
		put_clean(b, u->fragment);
	}
}

static enum err finish(const struct buf *b, struct url *out)
{
	if (!buf_ok(b)) {
		return E_INVALID;
	}
	out->s = buf_str(b);
	return OK;
}

enum err url_parse(struct mem *m, struct str text, struct url *out)
{
	static const char *const bare[] = {"mailto", "tel", "geo"};
	struct buf b = buf_make(m, LIMIT_URL);
	struct url_parts u;
	struct str scheme;
	bool web, known = false;

	text = str_trim(text);
	if (text.n > LIMIT_URL || !printable(text) || !url_split(text, &u) || u.scheme.p == NULL) {
		return E_INVALID;
	}
	scheme = str_lower(m, u.scheme);
	web = str_eq(scheme, S("http")) || str_eq(scheme, S("https"));
	for (size_t i = 0; i < COUNT(bare); i++) {
		known = known || str_eq(scheme, str_of(bare[i]));
	}
	buf_put(&b, scheme);
	buf_put_c(&b, ':');
	if (web) {
		if (!host_ok(u.host)) {
			return E_INVALID;
		}
		buf_fmt(&b, "//%.*s", STR_ARG(str_lower(m, u.host)));
		if (u.port != 0) {
			buf_fmt(&b, ":%d", u.port);
		}
		if (u.path.n == 0) {
			buf_put_c(&b, '/');
		}
	} else if (!known || u.host.p != NULL || u.path.n == 0) {
		return E_INVALID;
	}
	put_tail(&b, &u);
	return finish(&b, out);
}

enum err url_local(struct mem *m, struct str text, struct url *out)
{
	struct buf b = buf_make(m, LIMIT_URL);
	struct url_parts u;

	if (text.n > LIMIT_URL || !str_starts(text, S("/")) || str_starts(text, S("//")) || !printable(text) ||
	    !url_split(text, &u)) {
		return E_INVALID;
	}
	put_tail(&b, &u);
	return finish(&b, out);
}

struct str url_site(struct mem *m, struct url u)
{
	struct url_parts parts;
	struct str host;

	if (!url_split(u.s, &parts) || parts.host.p == NULL) {
		return STR_NONE;
	}
	host = str_lower(m, parts.host);
	return str_starts(host, S("www.")) ? str_sub(host, 4, host.n) : host;
}

/* ---- Making ---- */

struct url_out url_begin(struct mem *m, struct str path)
{
	struct url_out u = {.b = buf_make(m, LIMIT_URL)};

	buf_put(&u.b, path);
	return u;
}

void url_seg(struct url_out *u, struct str text)
{
	if (u->b.n == 0 || u->b.p[u->b.n - 1] != '/') {
		buf_put_c(&u->b, '/');
	}
	buf_put_pct(&u->b, text);
}

void url_seg_i64(struct url_out *u, int64_t v)
{
	url_seg(u, S(""));
	buf_put_i64(&u->b, v);
}

static void param_name(struct url_out *u, struct str name)
{
	buf_put_c(&u->b, u->query ? '&' : '?');
	u->query = true;
	buf_put_pct(&u->b, name);
	buf_put_c(&u->b, '=');
}

void url_param(struct url_out *u, struct str name, struct str value)
{
	if (value.p != NULL) {
		param_name(u, name);
		buf_put_pct(&u->b, value);
	}
}

void url_param_i64(struct url_out *u, struct str name, int64_t v)
{
	param_name(u, name);
	buf_put_i64(&u->b, v);
}

void url_fragment(struct url_out *u, struct str text)
{
	buf_put_c(&u->b, '#');
	buf_put_pct(&u->b, text);
}

struct url url_end(const struct url_out *u)
{
	return (struct url){buf_ok(&u->b) ? buf_str(&u->b) : S("/")};
}

/* ---- Queries ---- */

enum err query_parse(struct mem *m, struct str text, struct query *out)
{
	size_t n = text.n > 0;

	*out = (struct query){0};
	for (size_t i = 0; i < text.n; i++) {
		n += text.p[i] == '&';
	}
	if (n > LIMIT_QUERY_PAIRS) {
		return E_LIMIT;
	}
	out->p = mem_array(m, struct query_pair, n);
	while (text.p != NULL) {
		struct str value = str_cut(&text, '&'), name;

		if (value.n == 0) {
			continue;
		}
		name = str_cut(&value, '=');
		TRY(pct_decode(m, name, true, &out->p[out->n].name));
		TRY(pct_decode(m, value.p == NULL ? S("") : value, true, &out->p[out->n].value));
		out->n++;
	}
	return OK;
}

struct str query_get(const struct query *q, struct str name)
{
	for (size_t i = 0; i < q->n; i++) {
		if (str_eq(q->p[i].name, name)) {
			return q->p[i].value;
		}
	}
	return STR_NONE;
}

struct url url_webcal(struct mem *m, struct str site, struct url path)
{
	ptrdiff_t at = str_find(site, S("://"));

	if (at < 0 || !str_starts(path.s, S("/"))) {
		return path;
	}
	return (struct url){str_fmt(m, "webcal%.*s%.*s", STR_ARG(str_sub(site, (size_t)at, site.n)), STR_ARG(path.s))};
}
