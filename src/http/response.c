/*
 * Filling in an answer.
 */
#include "response.h"

#include <unistd.h>

#include "../base/log.h"

static bool value_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f) {
			return false;
		}
	}
	return true;
}

void http_add(struct http_response *rs, const char *name, struct str value)
{
	if (!value_ok(value) || rs->n_headers == HTTP_OUT_HEADERS_MAX) {
		log_error("answer: header %s dropped", name);
		return;
	}
	rs->headers[rs->n_headers++] = (struct http_header){str_of(name), value};
}

void http_set(struct http_response *rs, const char *name, struct str value)
{
	for (size_t i = 0; i < rs->n_headers; i++) {
		if (str_ieq(rs->headers[i].name, str_of(name)) && value_ok(value)) {
			rs->headers[i].value = value;
			return;
		}
	}
	http_add(rs, name, value);
}

struct str http_get(const struct http_response *rs, const char *name)
{
	for (size_t i = 0; i < rs->n_headers; i++) {
		if (str_ieq(rs->headers[i].name, str_of(name))) {
			return rs->headers[i].value;
		}
	}
	return STR_NONE;
}

void http_bytes(struct http_response *rs, int status, const char *mime, struct str body)
{
	rs->status = status;
	rs->kind = HTTP_BODY_BYTES;
	rs->body = body;
	if (mime) {
		http_set(rs, "Content-Type", str_of(mime));
	}
}

void http_response_reset(struct http_response *rs)
{
	if (rs->kind == HTTP_BODY_FILE && rs->fd >= 0) {
		close(rs->fd);
	}
	if (rs->kind == HTTP_BODY_READY && rs->ready) {
		http_ready_drop(rs->ready);
	}
	*rs = (struct http_response){.mem = rs->mem, .status = 500, .fd = -1};
}
