/*
 * Reading what stands in a request: header lists, cookies, the target, urlencoded pairs. Everything here is strict: what
 * two programs could read in two ways is refused, because a proxy in front of us may have read it the other way.
 */
#include "request.h"

#include "../base/limits.h"
#include "../base/utf8.h"

struct str http_header(const struct http_request *rq, const char *name)
{
	struct str want = str_of(name);

	for (size_t i = 0; i < rq->n_headers; i++) {
		if (rq->headers[i].name.n == want.n && str_ieq(rq->headers[i].name, want)) {
			return rq->headers[i].value;
		}
	}
	return STR_NONE;
}

/* True if the parameters of an element ("; q=0.000") give it a quality of zero. */
static bool quality_is_zero(struct str params)
{
	while (params.p) {
		struct str one = str_trim(str_cut(&params, ';'));

		if (one.n >= 3 && (one.p[0] == 'q' || one.p[0] == 'Q') && one.p[1] == '=') {
			for (size_t i = 2; i < one.n; i++) {
				if (one.p[i] != '0' && one.p[i] != '.') {
					return false;
				}
			}
			return true;
		}
	}
	return false;
}

unsigned http_encodings(const struct http_request *rq)
{
	struct str rest = http_header(rq, "Accept-Encoding");
	unsigned yes = 0, no = 0;

	while (rest.p) {
		struct str params = str_cut(&rest, ',');
		struct str word = str_trim(str_cut(&params, ';'));
		unsigned which = 0;

		if (str_ieq(word, S("gzip")) || str_ieq(word, S("x-gzip"))) {
			which = HTTP_GZIP;
		} else if (str_ieq(word, S("br"))) {
			which = HTTP_BROTLI;
		} else if (str_eq(word, S("*"))) {
			which = HTTP_GZIP;
		}
		if (quality_is_zero(params)) {
			no |= which;
		} else {
			yes |= which;
		}
	}
	return yes & ~no;
}

bool http_etag_matches(struct str list, struct str etag)
{
	if (!list.p || !etag.p) {
		return false;
	}
	if (str_starts(etag, S("W/"))) {
		etag = str_sub(etag, 2, etag.n);
	}
	while (list.p) {
		struct str one = str_trim(str_cut(&list, ','));

		if (str_eq(one, S("*"))) {
			return true;
		}
		if (str_starts(one, S("W/"))) {
			one = str_sub(one, 2, one.n);
		}
		if (str_eq(one, etag)) {
			return true;
		}
	}
	return false;
}

bool http_cookie_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
			return false;
		}
	}
	return true;
}

struct str http_cookie(const struct http_request *rq, const char *name)
{
	struct str want = str_of(name);
	size_t seen = 0;

	for (size_t i = 0; i < rq->n_headers; i++) {
		struct str rest = rq->headers[i].value;

		if (!str_ieq(rq->headers[i].name, S("Cookie"))) {
			continue;
		}
		while (rest.p && seen++ < LIMIT_HTTP_COOKIES) {
			struct str value = str_trim(str_cut(&rest, ';'));
			struct str key = str_cut(&value, '=');

			if (!value.p || !str_eq(key, want)) {
				continue;
			}
			if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"') {
				value = str_sub(value, 1, value.n - 2);
			}
			return http_cookie_ok(value) ? value : STR_NONE;
		}
	}
	return STR_NONE;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	if (c >= 'A' && c <= 'F') {
		return c - 'A' + 10;
	}
	return -1;
}

enum err http_unescape(struct mem *m, struct str s, bool plus, struct str *out)
{
	char *p;
	size_t n = 0;

	if (str_chr(s, '%') < 0 && (!plus || str_chr(s, '+') < 0)) {
		*out = s.p ? s : S("");
		return OK;
	}
	p = mem_get(m, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			int hi = i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
			int lo = i + 2 < s.n ? hex_digit(s.p[i + 2]) : -1;

			if (hi < 0 || lo < 0 || (hi == 0 && lo == 0)) {
				return E_INVALID;
			}
			c = (char)(hi * 16 + lo);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		p[n++] = c;
	}
	*out = (struct str){p, n};
	return OK;
}

/* No control characters, no encoded slash or backslash: what they mean differs between servers. */
static bool target_bytes_ok(struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if (c <= ' ' || c == 0x7f || c == '\\' || c == '#' || c == '"' || c == '<' || c == '>') {
			return false;
		}
		if (c == '%' && i + 2 < path.n) {
			char hi = path.p[i + 1], lo = path.p[i + 2];

			if ((hi == '2' && (lo == 'f' || lo == 'F')) || (hi == '5' && (lo == 'c' || lo == 'C'))) {
				return false;
			}
		}
	}
	return true;
}

static bool path_ok(struct str path)
{
	struct str rest = str_sub(path, 1, path.n);

	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if (c < ' ' || c == 0x7f) {
			return false;
		}
	}
	while (rest.p) {
		struct str segment = str_cut(&rest, '/');

		if (str_eq(segment, S(".")) || str_eq(segment, S("..")) || (segment.n == 0 && rest.p)) {
			return false;
		}
	}
	return utf8_ok(path);
}

enum err http_target_parse(struct mem *m, struct str target, struct str *path, struct str *query)
{
	struct str rest = target;
	struct str raw;

	if (target.n == 0 || target.p[0] != '/' || target.n > LIMIT_HTTP_TARGET) {
		return E_INVALID;
	}
	raw = str_cut(&rest, '?');
	if (!target_bytes_ok(raw)) {
		return E_INVALID;
	}
	for (size_t i = 0; rest.p && i < rest.n; i++) {
		unsigned char c = (unsigned char)rest.p[i];

		if (c <= ' ' || c == 0x7f || c == '#') {
			return E_INVALID;
		}
	}
	TRY(http_unescape(m, raw, false, path));
	*query = rest;
	return path_ok(*path) ? OK : E_INVALID;
}

enum err http_pairs_parse(struct mem *m, struct str text, struct http_part **parts, size_t *n)
{
	size_t max = 1, count = 0;
	struct http_part *list;

	*parts = NULL;
	*n = 0;
	if (str_empty(text)) {
		return OK;
	}
	for (size_t i = 0; i < text.n; i++) {
		max += text.p[i] == '&';
	}
	if (max > LIMIT_HTTP_FIELDS) {
		return E_LIMIT;
	}
	list = mem_array(m, struct http_part, max);
	while (text.p) {
		struct str value = str_cut(&text, '&');
		struct str name;

		if (value.n == 0) {
			continue;
		}
		name = str_cut(&value, '=');
		list[count].fd = -1;
		TRY(http_unescape(m, name, true, &list[count].name));
		TRY(http_unescape(m, value, true, &list[count].value));
		count++;
	}
	*parts = list;
	*n = count;
	return OK;
}
