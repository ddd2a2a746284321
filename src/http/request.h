/*
 * One HTTP request as it came, checked as a strict proxy would: by the time anyone sees a struct http_request its head is
 * well formed, its path is decoded UTF-8 without dot segments, and its body (if one was asked for) has been read within the
 * limit that the head callback gave. It borrows from the connection and from its own arena, which live until the answer is
 * sent. The network address is kept in memory only, for limits; nothing here is ever logged or stored.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "../base/err.h"
#include "../base/str.h"

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_OTHER /* well formed, but none that we know: 501 */
};

enum http_encoding { HTTP_GZIP = 1, HTTP_BROTLI = 2 };

/* A network address, IPv4 mapped into IPv6. */
struct http_addr {
	uint8_t ip[16];
	bool known; /* false on a Unix socket without a forwarded address */
};

struct http_header {
	struct str name, value;
};

/* A field of a posted form; `file` when it came with a file name, and then `fd` is open at 0 for reading. */
struct http_part {
	struct str name, value;
	struct str filename, mime; /* as sent */
	bool file;
	int fd;
	size_t size;
};

#define HTTP_HEADERS_MAX 64

struct http_request {
	struct mem *mem; /* its own arena: until the answer is sent */
	uint64_t number; /* for the log */
	enum http_method method;
	struct str target; /* as sent: "/fr/a%20b?c=d" */
	struct str path;   /* decoded and checked: "/fr/a b" */
	struct str query;  /* as sent, after the '?'; STR_NONE if there was none */
	struct str host;   /* of the address the visitor used, as far as we may believe it */
	bool https;        /* likewise */
	bool trusted;      /* came through a configured proxy or the Unix socket */
	bool loopback;     /* the peer itself is this machine and no proxy spoke for another */
	struct http_addr client;
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t n_headers;
	int64_t content_length; /* 0 without body, -1 when chunked */

	/* Set by the head callback before the body is read. */
	size_t body_max; /* more than this is E_LIMIT; 0: no body wanted */
	bool body_files; /* multipart files may be stored, up to body_max */
	void *note;      /* the head callback's own, for the handler */

	/* After the body. */
	enum err body_err;       /* OK, E_LIMIT (too large), E_INVALID (malformed), E_IO (disk) */
	struct str body;         /* the bytes, unless they were multipart */
	struct http_part *parts; /* fields of a urlencoded or multipart form, in order */
	size_t n_parts;
};

/* The value of the first header of that name (any case), or STR_NONE. */
struct str http_header(const struct http_request *rq, const char *name);
/* Encodings that Accept-Encoding takes with a quality above 0: a sum of enum http_encoding. */
unsigned http_encodings(const struct http_request *rq);
/* True if an If-None-Match (or If-Match) list names `etag`, which is given with its quotes; weak comparison. */
bool http_etag_matches(struct str list, struct str etag);
/* The value of a cookie, without quotes, or STR_NONE. Cookies past LIMIT_HTTP_COOKIES are not looked at. */
struct str http_cookie(const struct http_request *rq, const char *name);
/* True if `s` may stand as a cookie's value as it is. */
bool http_cookie_ok(struct str s);

/* Decodes %XX (and '+' as space in forms). E_INVALID on a bad escape or an encoded NUL. */
MUST_USE enum err http_unescape(struct mem *m, struct str s, bool plus, struct str *out);
/* Checks and splits a request target in origin form, as in the struct above; E_INVALID if a strict server refuses it. */
MUST_USE enum err http_target_parse(struct mem *m, struct str target, struct str *path, struct str *query);
/* Splits "a=b&c=d" into parts, decoded; E_LIMIT past LIMIT_HTTP_FIELDS, E_INVALID on a bad escape. */
MUST_USE enum err http_pairs_parse(struct mem *m, struct str text, struct http_part **parts, size_t *n);

#endif
