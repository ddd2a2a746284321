/*
 * An answer being made. A handler fills one in; the server turns it into bytes on the wire. Text given here is borrowed
 * until the handler returns, except where said; files are taken over.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "request.h"

#define HTTP_OUT_HEADERS_MAX 40

struct http_ready;
struct http_stream;

enum http_body { HTTP_BODY_NONE, HTTP_BODY_BYTES, HTTP_BODY_FILE, HTTP_BODY_STREAM, HTTP_BODY_READY };

struct http_response {
	struct mem *mem;
	int status;
	struct http_header headers[HTTP_OUT_HEADERS_MAX];
	size_t n_headers;
	bool close; /* no further request on this connection */

	enum http_body kind;
	struct str body;
	bool body_static; /* BYTES that live as long as the process: not copied */
	bool ranges;      /* BYTES or FILE of which parts may be asked (Range, If-Range) when the status is 200 */
	struct str etag;  /* with its quotes; sent, and compared with If-Range */
	int fd;           /* FILE: taken over, also on error */
	uint64_t fd_offset, fd_size;
	enum err (*stream)(void *arg, struct http_stream *st); /* STREAM: runs on the worker after the head is sent */
	void *stream_arg;
	struct http_ready *ready; /* READY: a reference that the server gives back */
};

/* Sets a header, replacing one of that name. `name` is a constant. Values with control characters are dropped and logged. */
void http_set(struct http_response *rs, const char *name, struct str value);
/* Adds one beside those of the same name (Set-Cookie, Link). */
void http_add(struct http_response *rs, const char *name, struct str value);
/* The value set, or STR_NONE. */
struct str http_get(const struct http_response *rs, const char *name);
void http_bytes(struct http_response *rs, int status, const char *mime, struct str body);
/* Forgets body and headers (a half-made answer, before an error page). Closes a file that was given. */
void http_response_reset(struct http_response *rs);

/* An answer made once and sent many times, from any thread: cached pages and assets. Counted references. */
struct http_ready *http_ready_make(const struct http_response *rs);
struct http_ready *http_ready_hold(struct http_ready *r);
void http_ready_drop(struct http_ready *r);
/* Its bytes, as long as a reference is held. */
struct str http_ready_body(const struct http_ready *r);

/* Within a STREAM: hands over bytes, waiting while the reader is behind. False when the reader is gone or too slow, or the
 * server stops: end at once then. */
bool http_stream_put(struct http_stream *st, struct str bytes);

#endif
