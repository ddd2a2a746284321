/*
 * What a handler answers with. Nothing is sent here: the answer is filled in, and leaves when the dispatcher has
 * committed what the handler wrote.
 */
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "cache.h"

#include "priv.h"

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../base/url.h"
#include "../db/db.h"

/* Compressed on the way, when the browser takes it: exports are text, and large. */
struct stream {
	struct http_stream *http;
	bool packs;
	z_stream z;
	unsigned char out[16 * 1024];
};

struct page_info *req_page(struct req *rq)
{
	return &rq->priv->page;
}

void req_status(struct req *rq, int status)
{
	rq->res->status = status;
}

void req_set_header(struct req *rq, const char *name, struct str value)
{
	http_set(rq->res, name, value);
}

static enum err redirect_as(struct req *rq, struct url to, int status)
{
	struct str at = to.s;

	/* Only printable ASCII stands in a header; url_* and link_* encode all else. */
	http_bytes(rq->res, status, NULL, S(""));
	http_set(rq->res, "Location", at);
	return OK;
}

enum err redirect(struct req *rq, struct url to)
{
	return redirect_as(rq, to, rq->method == GET ? 302 : 303);
}

enum err redirect_permanent(struct req *rq, struct url to)
{
	return redirect_as(rq, to, 301);
}

enum err reply(struct req *rq, const char *mime, struct str body)
{
	http_bytes(rq->res, rq->res->status, mime, body);
	return OK;
}

enum err reply_file(struct req *rq, const char *mime, int fd, size_t size, struct str etag)
{
	struct http_response *rs = rq->res;

	if (http_etag_matches(http_header(rq->http, "If-None-Match"), etag)) {
		close(fd);
		http_bytes(rs, 304, NULL, S(""));
		rs->etag = etag;
		return OK;
	}
	rs->kind = HTTP_BODY_FILE;
	rs->fd = fd;
	rs->fd_size = size;
	rs->ranges = true;
	rs->etag = etag;
	http_set(rs, "Content-Type", str_of(mime));
	return OK;
}

/* Feeds the packer and hands on what is full; everything at the end (Z_FINISH). */
static bool pack(struct stream *s, struct str bytes, int flush)
{
	union {
		const char *in;
		Bytef *z;
	} from = {.in = bytes.p};
	bool more = true;

	s->z.next_in = from.z;
	s->z.avail_in = (uInt)bytes.n;
	while (more) {
		int rc = deflate(&s->z, flush);

		more = rc == Z_OK && (s->z.avail_out == 0 || flush == Z_FINISH);
		if (s->z.avail_out == 0 || rc == Z_STREAM_END) {
			if (!http_stream_put(s->http, (struct str){(char *)s->out, sizeof(s->out) - s->z.avail_out})) {
				return false;
			}
			s->z.next_out = s->out;
			s->z.avail_out = sizeof(s->out);
		}
	}
	return true;
}

bool stream_put(struct stream *s, struct str bytes)
{
	if (!s->packs) {
		return http_stream_put(s->http, bytes);
	}
	while (bytes.n) {
		struct str part = str_sub(bytes, 0, MIB(64));

		if (!pack(s, part, Z_NO_FLUSH)) {
			return false;
		}
		bytes = str_sub(bytes, part.n, bytes.n);
	}
	return true;
}

/* On the worker, after the head of the answer went out: a transaction of its own, for reading. */
static enum err run_stream(void *arg, struct http_stream *http)
{
	struct req *rq = arg;
	struct stream *s = mem_new(rq->mem, struct stream);
	bool with_db = rq->priv->worker->db != NULL;
	enum err e;

	s->http = http;
	if (with_db) {
		TRY(req_begin(rq, false));
	}
	s->packs = str_eq(http_get(rq->res, "Content-Encoding"), S("gzip"));
	if (s->packs) {
		s->z.next_out = s->out;
		s->z.avail_out = sizeof(s->out);
		if (deflateInit2(&s->z, 2, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
			abort();
		}
	}
	e = rq->priv->stream(rq, s, rq->priv->stream_arg);
	if (s->packs) {
		if (e == OK && !pack(s, S(""), Z_FINISH)) {
			e = E_IO;
		}
		deflateEnd(&s->z);
	}
	if (with_db) {
		e = req_end(rq, e);
	}
	return e;
}

enum err reply_stream(struct req *rq, const char *mime, enum err (*fn)(struct req *rq, struct stream *s, void *arg),
		      void *arg)
{
	rq->priv->stream = fn;
	rq->priv->stream_arg = arg;
	rq->res->kind = HTTP_BODY_STREAM;
	rq->res->stream = run_stream;
	rq->res->stream_arg = rq;
	http_set(rq->res, "Content-Type", str_of(mime));
	if ((http_encodings(rq->http) & HTTP_GZIP) && cache_is_text(str_of(mime))) {
		http_set(rq->res, "Content-Encoding", S("gzip"));
	}
	return OK;
}

void reply_as_download(struct req *rq, struct str filename)
{
	struct buf b = buf_make(rq->mem, 4 * LIMIT_HTTP_FILE_NAME);

	buf_put(&b, S("attachment; filename=\""));
	for (size_t i = 0; i < filename.n && i < 200; i++) {
		unsigned char c = (unsigned char)filename.p[i];

		buf_put_c(&b, c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '%' ? '_' : (char)c);
	}
	buf_put(&b, S("\"; filename*=UTF-8''"));
	buf_put_pct(&b, str_sub(filename, 0, 200));
	if (buf_ok(&b)) {
		http_set(rq->res, "Content-Disposition", buf_str(&b));
	}
}

enum err problem(struct req *rq, enum err e, const char *sentence)
{
	rq->priv->sentence = sentence;
	return e;
}

void problem_field(struct req *rq, const char *field, struct str reason)
{
	struct web_private *p = rq->priv;

	if (p->n_fields < FIELD_ERRORS_MAX) {
		p->fields[p->n_fields++] = (struct field_problem){field, reason};
	}
}

enum err problem_query(struct req *rq, const char *name, const char *sentence)
{
	problem_field(rq, name, str_of(T(rq, sentence)));
	return problem(rq, E_INVALID, N_("Something in this address could not be understood."));
}

void req_cookie(struct req *rq, const char *name, struct str value, int64_t seconds)
{
	struct buf b = buf_make(rq->mem, 4096);

	if (!http_cookie_ok(value)) {
		log_error("cookie %s: a value that cannot stand in one", name);
		return;
	}
	buf_put(&b, str_of(name));
	buf_put_c(&b, '=');
	buf_put(&b, value);
	buf_put(&b, S("; Path=/; HttpOnly; SameSite=Lax"));
	if (rq->http->https) {
		buf_put(&b, S("; Secure"));
	}
	if (seconds < 0) {
		buf_put(&b, S("; Max-Age=0"));
	} else if (seconds > 0) {
		buf_put(&b, S("; Max-Age="));
		buf_put_i64(&b, seconds);
	}
	if (buf_ok(&b)) {
		http_add(rq->res, "Set-Cookie", buf_str(&b));
		rq->priv->private_answer = true;
	}
}

void req_public_change(struct req *rq)
{
	rq->priv->public_change = true;
}
