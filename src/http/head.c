/*
 * The checks of a request's head that libmicrohttpd leaves to us. It accepts what smuggles requests past a proxy (two Host
 * headers, two lengths, a length with chunking), joins folded lines and cuts a header at a NUL without a word. The first
 * are seen in the list of headers. The last are seen by where the pieces stand in the connection's memory: name, value and
 * line ends of a plain head follow each other without a gap, and any trick leaves one.
 */
#include "internal.h"

#include "../base/limits.h"

static bool token(struct str s)
{
	static const char extra[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      memchr(extra, c, sizeof(extra) - 1))) {
			return false;
		}
	}
	return s.n > 0;
}

static bool value_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f) {
			return false;
		}
	}
	return true;
}

static bool host_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
		      c == '-' || c == '_' || c == ':' || c == '[' || c == ']')) {
			return false;
		}
	}
	return s.n > 0 && s.n <= 255;
}

static enum http_method method_of(struct str s)
{
	static const struct {
		struct str name;
		enum http_method method;
	} known[] = {
		{S_INIT("GET"),     HTTP_GET    },
                {S_INIT("HEAD"),    HTTP_HEAD   },
                {S_INIT("POST"),    HTTP_POST   },
		{S_INIT("PUT"),     HTTP_PUT    },
                {S_INIT("PATCH"),   HTTP_PATCH  },
                {S_INIT("DELETE"),  HTTP_DELETE },
		{S_INIT("OPTIONS"), HTTP_OPTIONS},
	};

	for (size_t i = 0; i < COUNT(known); i++) {
		if (str_eq(s, known[i].name)) {
			return known[i].method;
		}
	}
	return HTTP_OTHER;
}

/* True if the pieces of the head fill it without a gap. Versions of the library after 0.9.76 refuse these tricks. */
static bool gapless(const struct exchange *x, const char *method, const char *version, size_t head_size)
{
	const struct http_request *rq = &x->rq;
	const char *at = method + strlen(method) + 1;

	if (x->uri != at || version != at + rq->target.n + 1) {
		return false;
	}
	at = version + strlen(version);
	for (size_t i = 0; i < rq->n_headers; i++) {
		const struct http_header *h = &rq->headers[i];

		/* The line before ended in CR LF, which the library replaced by two NULs. */
		if (at[0] || at[1] || h->name.p != at + 2) {
			return false;
		}
		at = h->name.p + h->name.n + 1;
		while (at < h->value.p) {
			if (*at != ' ' && *at != '\t') {
				return false;
			}
			at++;
		}
		if (at != h->value.p) {
			return false;
		}
		at += h->value.n;
	}
	return at + 4 == method + head_size && !at[0] && !at[1] && !at[2] && !at[3];
}

/* Content-Length, Transfer-Encoding and Host; the status of the refusal, or 0. */
static int framing(struct http_request *rq, bool http11)
{
	unsigned hosts = 0, lengths = 0, encodings = 0;

	for (size_t i = 0; i < rq->n_headers; i++) {
		struct str name = rq->headers[i].name, value = str_trim(rq->headers[i].value);

		if (!token(name) || !value_ok(value)) {
			return 400;
		}
		rq->headers[i].value = value;
		if (name.n == 4 && str_ieq(name, S("Host"))) {
			hosts++;
			rq->host = value;
		} else if (name.n == 14 && str_ieq(name, S("Content-Length"))) {
			lengths++;
			if (value.n == 0 || value.n > 18 || value.p[0] == '+' || value.p[0] == '-' ||
			    !str_to_i64(value, &rq->content_length)) {
				return value.n > 18 ? 413 : 400;
			}
		} else if (name.n == 17 && str_ieq(name, S("Transfer-Encoding"))) {
			encodings++;
			if (!str_ieq(value, S("chunked"))) {
				return 501;
			}
			rq->content_length = -1;
		}
	}
	if (lengths > 1 || encodings > 1 || (lengths && encodings) || (encodings && !http11)) {
		return 400;
	}
	if (hosts > 1 || (hosts == 0 && http11) || (hosts == 1 && !host_ok(rq->host))) {
		return 400;
	}
	return 0;
}

int head_check(struct exchange *x, const char *method, const char *version, size_t head_size)
{
	struct http_request *rq = &x->rq;
	struct str m = str_of(method), v = str_of(version);
	bool http11 = str_eq(v, S("HTTP/1.1"));
	int status;

	rq->method = method_of(m);
	if (!http11 && !str_eq(v, S("HTTP/1.0"))) {
		return 505;
	}
	/* The library keeps a second copy of the cookies. */
	if (x->crowded || head_size + http_header(rq, "Cookie").n > LIMIT_HTTP_HEAD) {
		return 431;
	}
	if (!token(m) || (head_size && !gapless(x, method, version, head_size))) {
		return 400;
	}
	status = framing(rq, http11);
	if (status) {
		return status;
	}
	if (rq->target.n > LIMIT_HTTP_TARGET) {
		return 414;
	}
	if (http_target_parse(rq->mem, rq->target, &rq->path, &rq->query) != OK) {
		rq->path = S("");
		return 400;
	}
	return rq->method == HTTP_OTHER ? 501 : 0;
}
