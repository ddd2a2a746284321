/*
 * The application behind the real server: streams plain and packed, uploads through the dispatcher, refusals as pages in
 * the visitor's language.
 */
#include "t.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypt/crypt.h"
#include "http/server.h"
#include "web/site.h"
#include "web/web.h"

#define ROWS 20000

static enum err rows(struct req *rq, struct stream *s, void *arg)
{
	(void)rq, (void)arg;
	for (int i = 0; i < ROWS; i++) {
		char line[32];
		int n = snprintf(line, sizeof(line), "%08d,row\n", i);

		if (!stream_put(s, (struct str){line, (size_t)n})) {
			return E_IO;
		}
	}
	return OK;
}

static enum err export(struct req *rq) {
	reply_as_download(rq, S("caf\xC3\xA9 \"1\".csv"));
	return reply_stream(rq, "text/csv; charset=utf-8", rows, NULL);
}

static enum err taken(struct req *rq)
{
	struct upload up;
	char text[64] = "";

	if (!req_upload(rq, "file", &up)) {
		return reply(rq, "text/plain", S("no file"));
	}
	if (read(up.fd, text, sizeof(text) - 1) < 0) {
		return E_IO;
	}
	return reply(rq, "text/plain", str_fmt(rq->mem, "%.*s of %zu bytes: %s", STR_ARG(up.filename), up.size, text));
}

static const struct route routes[] = {
	{GET,  "/export", ANYONE, export, "x", ROUTE_NO_DB               },
	{POST, "/upload", ANYONE, taken,  "x", ROUTE_NO_DB | ROUTE_UPLOAD},
	{POST, "/small",  ANYONE, taken,  "x", ROUTE_NO_DB               },
};
static const struct module test_module = {.name = "test", .routes = TABLE(routes)};
static const struct module *const test_modules[] = {&test_module};

struct rig {
	struct web *web;
	struct http_server *s;
};

static void rig_open(struct t *t, struct rig *rig)
{
	struct web_config cfg = {.modules = TABLE(test_modules), .cache_bytes = MIB(1)};
	struct http_config http = {.listen = S("127.0.0.1:0"), .workers = 2, .tmp_dir = S("/tmp")};
	struct http_app app;

	*rig = (struct rig){.web = NULL};
	signal(SIGPIPE, SIG_IGN);
	T_OK(web_open(&cfg, &rig->web));
	app = web_app(rig->web);
	T_OK(http_server_open(&http, &app, &rig->s));
}

static void rig_close(struct rig *rig)
{
	if (rig->s) {
		http_server_close(rig->s, 2000);
	}
	if (rig->web) {
		web_close(rig->web);
	}
}

/* Sends `head` (without its end) and `body`; the whole answer until the other side closes. */
static struct str ask(struct t *t, struct rig *rig, const char *head, struct str body)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_server_port(rig->s))};
	struct timeval limit = {.tv_sec = 10};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct buf b = buf_make(t->mem, MIB(8));
	struct str all;

	size_t cap = MIB(1), n = 0;
	char *p = mem_get(t->mem, cap);
	ssize_t k;

	buf_fmt(&b, "%s\r\nHost: a\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", head, body.n);
	buf_put(&b, body);
	all = buf_str(&b);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		close(fd);
		return S("");
	}
	while (all.n && (k = send(fd, all.p, all.n, MSG_NOSIGNAL)) > 0) {
		all = str_sub(all, (size_t)k, all.n);
	}
	while (n < cap && (k = recv(fd, p + n, cap - n, 0)) > 0) {
		n += (size_t)k;
	}
	close(fd);
	return (struct str){p, n};
}

static bool has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}

/* The body of a chunked answer; STR_NONE when it is not whole. */
static struct str unchunk(struct t *t, struct str answer)
{
	ptrdiff_t at = str_find(answer, S("\r\n\r\n"));
	struct str rest = str_sub(answer, (size_t)at + 4, answer.n);
	char *to = mem_get(t->mem, answer.n);
	size_t n = 0;

	while (at > 0 && rest.n) {
		struct str line = rest;
		size_t size = 0;

		line = str_trim(str_cut(&rest, '\n'));
		for (size_t i = 0; i < line.n; i++) {
			char c = line.p[i];

			size = size * 16 + (size_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
		}
		if (size == 0) {
			return (struct str){to, n};
		}
		if (size + 2 > rest.n) {
			break;
		}
		memcpy(to + n, rest.p, size);
		n += size;
		rest = str_sub(rest, size + 2, rest.n);
	}
	return STR_NONE;
}

static struct str gunzip(struct t *t, struct str s)
{
	char *to = mem_get(t->mem, MIB(1));
	z_stream z = {.next_in = (Bytef *)(uintptr_t)s.p,
		      .avail_in = (uInt)s.n,
		      .next_out = (Bytef *)to,
		      .avail_out = (uInt)MIB(1)};
	int rc;

	if (!s.p || inflateInit2(&z, 31) != Z_OK) {
		return STR_NONE;
	}
	rc = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return rc == Z_STREAM_END ? (struct str){to, z.total_out} : STR_NONE;
}

static void streams(struct t *t)
{
	struct rig rig;
	struct str plain, packed, a;

	rig_open(t, &rig);
	T_NEED(rig.s != NULL);
	a = ask(t, &rig, "GET /fr/export HTTP/1.1", S(""));
	T_TRUE(has(a, "filename=\"caf__ _1_.csv\"; filename*=UTF-8''caf%C3%A9%20%221%22.csv"));
	plain = unchunk(t, a);
	T_EQ(plain.n, (size_t)ROWS * 13);
	T_TRUE(str_starts(plain, S("00000000,row\n00000001,row\n")));
	a = ask(t, &rig, "GET /fr/export HTTP/1.1\r\nAccept-Encoding: gzip, br", S(""));
	T_TRUE(has(a, "Content-Encoding: gzip"));
	packed = unchunk(t, a);
	T_TRUE(packed.n > 0 && packed.n < plain.n / 4);
	T_EQ(gunzip(t, packed), plain);
	a = ask(t, &rig, "HEAD /fr/export HTTP/1.1\r\nAccept-Encoding: gzip", S(""));
	T_TRUE(str_ends(a, S("\r\n\r\n")));
	rig_close(&rig);
}

static struct str form(struct t *t, const char *file)
{
	struct crypt_key key;
	struct str token;

	crypt_key_derive(&site_now()->key, "csrf", &key);
	token = crypt_keyed_hash(t->mem, &key, str_fmt(t->mem, "visitor %lld", (long long)(time_now() / TIME_DAY)), 16);
	return str_fmt(t->mem,
		       "--xx\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n%.*s\r\n"
		       "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n--xx--\r\n",
		       STR_ARG(token), file, *file ? "in the file" : "");
}

static void uploads(struct t *t)
{
	static const char type[] = "POST /fr/upload HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=xx";
	static const char small[] = "POST /ar/small HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=xx";
	char *big = mem_get(t->mem, MIB(3));
	struct rig rig;
	struct str a;

	rig_open(t, &rig);
	T_NEED(rig.s != NULL);
	T_TRUE(has(ask(t, &rig, type, form(t, "caf\xC3\xA9.csv")), "caf\xC3\xA9.csv of 11 bytes: in the file"));
	/* An input left empty is no file. */
	T_TRUE(has(ask(t, &rig, type, form(t, "")), "no file"));
	/* Where no file is taken it is refused, in the visitor's language; so is a body over the limit. */
	a = ask(t, &rig, small, form(t, "a.csv"));
	T_TRUE(has(a, "HTTP/1.1 400") && has(a, "dir=\"rtl\""));
	memset(big, 'a', MIB(3));
	a = ask(t, &rig, "POST /fr/small HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded",
		(struct str){big, MIB(3)});
	T_TRUE(has(a, "HTTP/1.1 413") && has(a, "C\xE2\x80\x99"
						"est trop volumineux"));
	/* What never reaches a handler is a page too. */
	a = ask(t, &rig, "GET /%00 HTTP/1.1\r\nAccept-Language: es", S(""));
	T_TRUE(has(a, "HTTP/1.1 400") && has(a, "no est\xC3\xA1 clara"));
	rig_close(&rig);
}

static const struct t_case cases[] = {
	{"streams, plain and packed", streams, 0},
	{"uploads and refusals",      uploads, 0},
};
T_SUITE(web_socket, cases)
