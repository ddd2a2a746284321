/*
 * The server over real sockets: what a strict proxy would refuse, slow and greedy clients, bodies over the limit, ranges,
 * streams, kept answers, proxies, the Unix socket, the graceful stop, renewed certificates.
 */
#include "t.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "http/internal.h"

#define BODY_MAX 1000

/* ---- an application to ask ---- */

struct app {
	atomic_int entered, left;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool let_go;
	struct http_ready *kept;
	char file[256];
};

static enum http_next app_head(void *arg, struct http_request *rq, struct http_response *rs)
{
	struct app *app = arg;

	if (str_eq(rq->path, S("/kept"))) {
		rs->kind = HTTP_BODY_READY;
		rs->ready = http_ready_hold(app->kept);
		return HTTP_ANSWER;
	}
	if (rq->method != HTTP_GET && rq->method != HTTP_HEAD) {
		rq->body_max = BODY_MAX;
		rq->body_files = str_eq(rq->path, S("/upload"));
	}
	return HTTP_WORK;
}

static void app_refuse(void *arg, const struct http_request *rq, struct http_response *rs)
{
	(void)arg, (void)rq;
	http_bytes(rs, rs->status, "text/plain", S("refused"));
}

static void *app_worker(void *arg, unsigned number)
{
	(void)number;
	return arg;
}

static enum err produce(void *arg, struct http_stream *st)
{
	struct app *app = arg;
	char block[1000];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 2000; i++) {
		if (!http_stream_put(st, (struct str){block, sizeof(block)})) {
			atomic_fetch_add(&app->left, 1);
			return E_IO;
		}
	}
	return http_stream_put(st, S("end")) ? OK : E_IO;
}

static enum err produce_and_fail(void *arg, struct http_stream *st)
{
	(void)arg;
	return http_stream_put(st, S("half")) ? E_DB : E_IO;
}

static void wait_here(struct app *app)
{
	pthread_mutex_lock(&app->lock);
	atomic_fetch_add(&app->entered, 1);
	while (!app->let_go) {
		pthread_cond_wait(&app->cond, &app->lock);
	}
	pthread_mutex_unlock(&app->lock);
}

static void let_go(struct app *app)
{
	pthread_mutex_lock(&app->lock);
	app->let_go = true;
	pthread_cond_broadcast(&app->cond);
	pthread_mutex_unlock(&app->lock);
}

static void show_request(struct http_request *rq, struct mem *m, struct http_response *rs)
{
	struct buf b = buf_make(m, KIB(64));

	buf_fmt(&b, "path=%.*s query=%.*s host=%.*s https=%d trusted=%d ip=%d.%d.%d.%d err=%s body=%.*s\n",
		STR_ARG(rq->path), STR_ARG(rq->query), STR_ARG(rq->host), rq->https, rq->trusted, rq->client.ip[12],
		rq->client.ip[13], rq->client.ip[14], rq->client.ip[15], err_name(rq->body_err), STR_ARG(rq->body));
	for (size_t i = 0; i < rq->n_parts; i++) {
		struct http_part *p = &rq->parts[i];
		char text[100] = "";

		if (p->file && p->fd >= 0 && read(p->fd, text, sizeof(text) - 1) < 0) {
			text[0] = 0;
		}
		buf_fmt(&b, "%.*s=%.*s%s [%.*s] %zu\n", STR_ARG(p->name), STR_ARG(p->value), text, STR_ARG(p->filename),
			p->size);
	}
	http_bytes(rs, rq->body_err == E_LIMIT ? 413 : 200, "text/plain", buf_str(&b));
}

static void app_handle(void *worker, struct http_request *rq, struct mem *m, struct http_response *rs)
{
	struct app *app = worker;

	if (str_eq(rq->path, S("/stream"))) {
		rs->status = 200;
		rs->kind = HTTP_BODY_STREAM;
		rs->stream = produce;
		rs->stream_arg = app;
	} else if (str_eq(rq->path, S("/broken"))) {
		rs->status = 200;
		rs->kind = HTTP_BODY_STREAM;
		rs->stream = produce_and_fail;
		rs->stream_arg = app;
	} else if (str_eq(rq->path, S("/wait"))) {
		wait_here(app);
		http_bytes(rs, 200, "text/plain", S("waited"));
	} else if (str_eq(rq->path, S("/file"))) {
		rs->status = 200;
		rs->kind = HTTP_BODY_FILE;
		rs->fd = open(app->file, O_RDONLY | O_CLOEXEC);
		rs->fd_size = 10;
		rs->ranges = true;
		rs->etag = S("\"v1\"");
	} else {
		show_request(rq, m, rs);
	}
}

struct rig {
	struct app app;
	struct http_server *s;
};

static void rig_open(struct t *t, struct rig *rig, struct http_config cfg)
{
	struct http_app app = {.arg = &rig->app,
			       .head = app_head,
			       .refuse = app_refuse,
			       .worker_open = app_worker,
			       .handle = app_handle};
	struct http_response kept = {.mem = t->mem, .fd = -1};
	FILE *f;

	memset(rig, 0, sizeof(*rig));
	pthread_mutex_init(&rig->app.lock, NULL);
	pthread_cond_init(&rig->app.cond, NULL);
	http_bytes(&kept, 200, "text/plain", S("kept answer"));
	kept.etag = S("\"k\"");
	rig->app.kept = http_ready_make(&kept);
	snprintf(rig->app.file, sizeof(rig->app.file), "%s", t_tmp(t, "ten"));
	f = fopen(rig->app.file, "we");
	if (f) {
		fputs("0123456789", f);
		fclose(f);
	}
	signal(SIGPIPE, SIG_IGN);
	if (!cfg.listen.n && !cfg.unix_path.n) {
		cfg.listen = S("127.0.0.1:0");
	}
	cfg.tmp_dir = str_of(rig->app.file);
	while (cfg.tmp_dir.n && cfg.tmp_dir.p[cfg.tmp_dir.n - 1] != '/') {
		cfg.tmp_dir.n--;
	}
	cfg.workers = cfg.workers ? cfg.workers : 2;
	http_clock_ahead = 0;
	T_OK(http_server_open(&cfg, &app, &rig->s));
}

static void rig_close(struct rig *rig)
{
	if (rig->s) {
		http_server_close(rig->s, 2000);
	}
	http_ready_drop(rig->app.kept);
	http_clock_ahead = 0;
}

/* ---- a client ---- */

static int dial(struct rig *rig)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_server_port(rig->s))};
	struct timeval limit = {.tv_sec = 10};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool say(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k <= 0) {
			return false;
		}
		p += k;
		n -= (size_t)k;
	}
	return true;
}

#define SAY(fd, lit) say((fd), lit, sizeof(lit) - 1)

/* All that comes until the other side closes. */
static struct str hear(struct t *t, int fd)
{
	size_t cap = KIB(4), n = 0;
	char *p = mem_get(t->mem, cap);

	for (;;) {
		ssize_t k;

		if (n == cap) {
			p = mem_grow(t->mem, p, cap, cap * 2);
			cap *= 2;
		}
		k = recv(fd, p + n, cap - n, 0);
		if (k <= 0) {
			return (struct str){p, n};
		}
		n += (size_t)k;
	}
}

static struct str ask_bytes(struct t *t, struct rig *rig, const char *p, size_t n)
{
	int fd = dial(rig);
	struct str s;

	if (fd < 0) {
		return S("");
	}
	say(fd, p, n);
	s = hear(t, fd);
	close(fd);
	return s;
}

static struct str ask(struct t *t, struct rig *rig, const char *text)
{
	return ask_bytes(t, rig, text, strlen(text));
}

static int status_of(struct str answer)
{
	return answer.n > 12 && str_starts(answer, S("HTTP/1.")) ? atoi(answer.p + 9) : 0;
}

static bool has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}

#define END "Connection: close\r\n\r\n"

/* ---- tests ---- */

static const struct {
	const char *what;
	const char *bytes;
	size_t n;
	int status;
} wire[] = {
#define ROW(what, text, status)                      \
	{                                            \
		what, text, sizeof(text) - 1, status \
	}
	ROW("good", "GET / HTTP/1.1\r\nHost: a\r\n" END, 200),
	ROW("good, 1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200),
	ROW("good, spaces around a value", "GET / HTTP/1.1\r\nHost:   a\r\nX:  b\r\n" END, 200),
	ROW("good, empty value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n" END, 200),
	ROW("good, no space after the colon", "GET / HTTP/1.1\r\nHost:a\r\n" END, 200),
	ROW("good, port", "GET /?a=b&c HTTP/1.1\r\nHost: a.example:8080\r\n" END, 200),
	ROW("good, cookies and query", "GET /x?y=1&z=2 HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\n" END, 200),
	ROW("no Host", "GET / HTTP/1.1\r\n" END, 400),
	ROW("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n" END, 400),
	ROW("two Hosts, other case", "GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n" END, 400),
	ROW("empty Host", "GET / HTTP/1.1\r\nHost:\r\n" END, 400),
	ROW("Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n" END, 400),
	ROW("Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n" END, 400),
	ROW("two equal lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n" END "x",
	    400),
	ROW("two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n" END "xx", 400),
	ROW("list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n" END "x", 400),
	ROW("negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n" END "x", 400),
	ROW("signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n" END "x", 400),
	ROW("hexadecimal length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n" END "x", 400),
	ROW("empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n" END "x", 400),
	ROW("absurd length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n" END, 413),
	ROW("large length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n" END, 413),
	ROW("length and chunking",
	    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n", 400),
	ROW("chunking and length",
	    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n" END "0\r\n\r\n", 400),
	ROW("chunking twice",
	    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END
	    "0\r\n\r\n",
	    400),
	ROW("unknown transfer coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n" END, 501),
	ROW("obscured chunking", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n" END, 501),
	ROW("chunking in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
	ROW("space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n" END, 400),
	ROW("space before the colon of another", "GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n" END, 400),
	ROW("no colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n" END, 400),
	ROW("odd name", "GET / HTTP/1.1\r\nHost: a\r\nX[]: a\r\n" END, 400),
	ROW("empty name", "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n" END, 400),
	ROW("folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n" END, 400),
	ROW("folded last line", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n", 400),
	ROW("folded first line", "GET / HTTP/1.1\r\n Host: a\r\n" END, 400),
	ROW("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n" END, 400),
	ROW("NUL at the end of a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0\r\n" END, 400),
	ROW("NULs at the end of a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0\0\r\n" END, 400),
	ROW("NUL in the last value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
	ROW("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: a\r\n" END, 400),
	ROW("NUL in Host", "GET / HTTP/1.1\r\nHost: a\0b\r\n" END, 400),
	ROW("NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("NUL in the method", "GE\0T / HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("control in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\001b\r\n" END, 400),
	ROW("carriage return in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n" END, 400),
	ROW("bare line feeds", "GET / HTTP/1.1\nHost: a\nConnection: close\n\n", 400),
	ROW("one bare line feed", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n" END, 400),
	ROW("encoded NUL", "GET /a%00 HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("traversal", "GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("traversal at the end", "GET /a/.. HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("dot segment", "GET /a/./b HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("encoded traversal", "GET /%2e%2e/etc HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("encoded slash", "GET /a%2f..%2fb HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("encoded backslash", "GET /a%5c..%5cb HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("backslash", "GET /a\\b HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("empty segment", "GET //a HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("encoded line feed", "GET /a%0ab HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("bad escape", "GET /a%zz HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("cut escape", "GET /a%2 HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("not UTF-8", "GET /a%ff HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("overlong UTF-8", "GET /%c0%ae%c0%ae/ HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("surrogate", "GET /%ed%a0%80 HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("absolute form", "GET http://a/ HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("authority form", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n" END, 400),
	ROW("unknown version", "GET / HTTP/1.2\r\nHost: a\r\n" END, 505),
	ROW("HTTP/2 in clear", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
	ROW("unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n" END, 501),
	ROW("method in small letters", "get / HTTP/1.1\r\nHost: a\r\n" END, 501),
#undef ROW
};

static void malformed(struct t *t)
{
	struct rig rig;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	for (size_t i = 0; i < COUNT(wire); i++) {
		struct str answer = ask_bytes(t, &rig, wire[i].bytes, wire[i].n);
		int status = status_of(answer);

		/* The library answers some by itself, and cuts what it cannot read at all. */
		if (status != wire[i].status && !(wire[i].status >= 400 && (status == 0 || status >= 400))) {
			t_fail(t, T_AT("malformed"), "%s: %d instead of %d", wire[i].what, status, wire[i].status);
		}
	}
	rig_close(&rig);
}

static void absurd_sizes(struct t *t)
{
	struct buf b = buf_make(t->mem, KIB(512));
	struct rig rig;
	int status;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	buf_put(&b, S("GET /"));
	for (int i = 0; i < 100000; i++) {
		buf_put_c(&b, 'a');
	}
	buf_put(&b, S(" HTTP/1.1\r\nHost: a\r\n\r\n"));
	status = status_of(ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n));
	T_TRUE(status == 414 || status == 0);
	buf_reset(&b);
	buf_put(&b, S("GET / HTTP/1.1\r\nHost: a\r\n"));
	for (int i = 0; i < 100; i++) {
		buf_fmt(&b, "X%d: y\r\n", i);
	}
	buf_put(&b, S("\r\n"));
	T_EQ(status_of(ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n)), 431);
	buf_reset(&b);
	buf_put(&b, S("GET / HTTP/1.1\r\nHost: a\r\nX: "));
	for (int i = 0; i < 100000; i++) {
		buf_put_c(&b, 'a');
	}
	buf_put(&b, S("\r\n\r\n"));
	status = status_of(ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n));
	T_TRUE(status == 431 || status == 413 || status == 0);
	/* A long query of many pairs, and cookies up to their limit and beyond it: always an answer. */
	for (int n = 100; n <= 8000; n += n < 6000 ? 100 : 500) {
		buf_reset(&b);
		buf_put(&b, S("GET /?"));
		for (int i = 0; i < n; i += 4) {
			buf_put(&b, S("a=b&"));
		}
		buf_put(&b, S(" HTTP/1.1\r\nHost: a\r\n" END));
		status = status_of(ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n));
		T_TRUE(n <= 2400 ? status == 200 : n <= 2600 || status == 414 || status == 431 || status == 0);
		buf_reset(&b);
		buf_put(&b, S("GET / HTTP/1.1\r\nHost: a\r\nCookie: x="));
		for (int i = 0; i < n; i++) {
			buf_put_c(&b, 'a');
		}
		buf_put(&b, S("\r\n" END));
		status = status_of(ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n));
		/* Where not even a refusal fits any more, the library closes. */
		T_TRUE(n <= 1900 ? status == 200 : n <= 2100 || status == 431 || status == 0);
	}
	T_EQ(status_of(ask(t, &rig, "GET / HTTP/1.1\r\nHost: a\r\n" END)), 200);
	rig_close(&rig);
}

static void pipelining(struct t *t)
{
	struct rig rig;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = ask(t, &rig,
		"GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /kept HTTP/1.1\r\nHost: a\r\n\r\n"
		"POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
		"GET /three HTTP/1.1\r\nHost: a\r\n" END);
	T_TRUE(str_find(a, S("path=/one")) < str_find(a, S("kept answer")));
	T_TRUE(str_find(a, S("kept answer")) < str_find(a, S("path=/two")));
	T_TRUE(has(a, "body=abc"));
	T_TRUE(str_find(a, S("path=/two")) < str_find(a, S("path=/three")));
	rig_close(&rig);
}

static void head_and_kept(struct t *t)
{
	struct rig rig;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = ask(t, &rig, "HEAD /kept HTTP/1.1\r\nHost: a\r\n" END);
	T_EQ(status_of(a), 200);
	T_TRUE(has(a, "Content-Length: 11"));
	T_TRUE(str_ends(a, S("\r\n\r\n")));
	a = ask(t, &rig, "HEAD /stream HTTP/1.1\r\nHost: a\r\n" END);
	T_EQ(status_of(a), 200);
	T_TRUE(str_ends(a, S("\r\n\r\n")));
	a = ask(t, &rig, "GET /kept HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" END "body");
	T_EQ(status_of(a), 200);
	T_TRUE(has(a, "kept answer"));
	rig_close(&rig);
}

static void bodies(struct t *t)
{
	struct buf b = buf_make(t->mem, KIB(64));
	struct rig rig;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = ask(t, &rig,
		"POST /a?x=y HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
		"Content-Length: 19\r\n" END "name=a+b%21&c=&d==e");
	T_TRUE(has(a, "query=x=y"));
	T_TRUE(has(a, "name=a b!"));
	T_TRUE(has(a, "\nd==e"));
	a = ask(t, &rig,
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" END "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
	T_TRUE(has(a, "body=abcde"));
	/* Over the limit, declared and chunked: read on, and answered. */
	buf_put(&b, S("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n" END));
	for (int i = 0; i < 5000; i++) {
		buf_put_c(&b, 'x');
	}
	T_EQ(status_of(ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n)), 413);
	buf_reset(&b);
	buf_put(&b, S("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" END));
	for (int i = 0; i < 50; i++) {
		buf_put(&b, S("64\r\n"));
		for (int k = 0; k < 100; k++) {
			buf_put_c(&b, 'x');
		}
		buf_put(&b, S("\r\n"));
	}
	buf_put(&b, S("0\r\n\r\n"));
	T_EQ(status_of(ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n)), 413);
	/* One that waits for our consent is told before it sends. */
	a = ask(t, &rig, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n" END);
	T_EQ(status_of(a), 413);
	T_TRUE(!has(a, "100 Continue"));
	a = ask(t, &rig, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n" END "abc");
	T_TRUE(has(a, "100 Continue"));
	T_TRUE(has(a, "body=abc"));
	rig_close(&rig);
}

/* A body without end is cut, with the reason said as far as it can be. */
static void endless(struct t *t)
{
	static char chunk[KIB(64) + 9] = "10000\r\n";
	struct rig rig;
	size_t sent = 0;
	int fd;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	memset(chunk + 7, 'x', KIB(64));
	memcpy(chunk + 7 + KIB(64), "\r\n", 2);
	fd = dial(&rig);
	SAY(fd, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
	while (sent < MIB(64) && say(fd, chunk, sizeof(chunk))) {
		sent += sizeof(chunk);
	}
	T_TRUE(sent >= LIMIT_HTTP_DRAIN / 2);
	T_TRUE(sent < MIB(32));
	a = hear(t, fd);
	T_TRUE(a.n == 0 || status_of(a) == 413);
	close(fd);
	T_EQ(status_of(ask(t, &rig, "GET / HTTP/1.1\r\nHost: a\r\n" END)), 200);
	rig_close(&rig);
}

static void uploads(struct t *t)
{
	static const char body[] = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
				   "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\x\\t.txt\"\r\n"
				   "Content-Type: text/plain\r\n\r\nfile text\r\n--B--\r\n";
	struct rig rig;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = ask(t, &rig,
		str_c(t->mem,
		      str_fmt(t->mem,
			      "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
			      "Content-Length: %zu\r\n" END "%s",
			      sizeof(body) - 1, body)));
	T_TRUE(has(a, "a=one"));
	T_TRUE(has(a, "f=file text [t.txt] 9"));
	/* Files where none are taken. */
	a = ask(t, &rig,
		str_c(t->mem,
		      str_fmt(t->mem,
			      "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
			      "Content-Length: %zu\r\n" END "%s",
			      sizeof(body) - 1, body)));
	T_TRUE(has(a, "err=E_INVALID"));
	/* A form that stops before its last boundary. */
	a = ask(t, &rig,
		"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
		"Content-Length: 59\r\n" END "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--Bxx");
	T_TRUE(has(a, "err=E_INVALID"));
	rig_close(&rig);
}

static void ranges(struct t *t)
{
	static const struct {
		const char *headers;
		int status;
		const char *has;
	} table[] = {
		{"",								200, "\r\n\r\n0123456789"         },
		{"Range: bytes=2-4\r\n",					    206, "Content-Range: bytes 2-4/10"},
		{"Range: bytes=2-4\r\n",					    206, "\r\n\r\n234"                },
		{"Range: bytes=7-\r\n",					     206, "\r\n\r\n789"                },
		{"Range: bytes=-3\r\n",					     206, "\r\n\r\n789"                },
		{"Range: bytes=0-99\r\n",					   206, "Content-Length: 10"         },
		{"Range: bytes=10-\r\n",					    416, "Content-Range: bytes */10"  },
		{"Range: bytes=-0\r\n",					     416, ""                           },
		{"Range: bytes=4-2\r\n",					    200, ""                           },
		{"Range: bytes=0-1,4-5\r\n",                                        200, ""                           },
		{"Range: lines=0-1\r\n",					    200, ""                           },
		{"Range: bytes=x-\r\n",					     200, ""                           },
		{"Range: bytes=2-4\r\nIf-Range: \"v1\"\r\n",                        206, ""                           },
		{"Range: bytes=2-4\r\nIf-Range: \"v0\"\r\n",                        200, ""                           },
		{"Range: bytes=2-4\r\nIf-Range: Mon, 02 Mar 2026 00:00:00 GMT\r\n", 200, ""                           },
	};
	struct rig rig;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str a = ask(t, &rig,
				   str_c(t->mem,
					 str_fmt(t->mem, "GET /file HTTP/1.1\r\nHost: a\r\n%s" END, table[i].headers)));

		if (status_of(a) != table[i].status || !has(a, table[i].has)) {
			t_fail(t, T_AT("ranges"), "%s: %d", table[i].headers, status_of(a));
		}
	}
	rig_close(&rig);
}

static void streams(struct t *t)
{
	struct rig rig;
	struct str a;
	int fd;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = ask(t, &rig, "GET /stream HTTP/1.1\r\nHost: a\r\n" END);
	T_TRUE(a.n > 2000000);
	T_TRUE(str_ends(a, S("end\r\n0\r\n\r\n")));
	/* A producer that fails leaves an answer that is visibly not whole. */
	a = ask(t, &rig, "GET /broken HTTP/1.1\r\nHost: a\r\n" END);
	T_TRUE(!str_ends(a, S("0\r\n\r\n")));
	/* A reader that goes away ends the producer. */
	fd = dial(&rig);
	SAY(fd, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
	shutdown(fd, SHUT_RDWR);
	close(fd);
	for (int i = 0; i < 5000 && atomic_load(&rig.app.left) == 0; i++) {
		/* The worker is free again once it has noticed: asking it takes its turn. */
		ask(t, &rig, "GET / HTTP/1.1\r\nHost: a\r\n" END);
	}
	T_EQ(atomic_load(&rig.app.left), 1);
	rig_close(&rig);
}

/* Ticks until the other side has closed. */
static bool cut_by_tick(struct rig *rig, int fd)
{
	char c;

	http_server_tick(rig->s);
	errno = 0;
	return recv(fd, &c, 1, 0) <= 0 && errno != EAGAIN;
}

static void slow_heads(struct t *t)
{
	struct rig rig;
	int slow, idle, fresh;
	char c;

	rig_open(t, &rig, (struct http_config){.workers = 2, .head_seconds = 10, .idle_seconds = 30});
	T_NEED(rig.s != NULL);
	slow = dial(&rig);
	idle = dial(&rig);
	SAY(slow, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
	SAY(idle, "GET /kept HTTP/1.1\r\nHost: a\r\n\r\n");
	T_TRUE(recv(idle, &c, 1, 0) == 1);
	/* Until the one is answered and the other has begun. */
	while (http_server_stats(rig.s).requests != 1 || http_server_stats(rig.s).active != 1) {
		sched_yield();
	}
	http_server_tick(rig.s);
	T_TRUE(send(slow, "a", 1, MSG_NOSIGNAL) == 1);
	http_clock_ahead = 11000;
	T_TRUE(cut_by_tick(&rig, slow));
	/* One between two requests has longer. */
	T_TRUE(recv(idle, &c, 1, MSG_DONTWAIT) == 1);
	fresh = dial(&rig);
	SAY(fresh, "GET / HTTP/1.1\r\nHost: a\r\n" END);
	T_EQ(status_of(hear(t, fresh)), 200);
	close(fresh);
	http_clock_ahead = 31000;
	http_server_tick(rig.s);
	errno = 0;
	while (recv(idle, &c, 1, 0) > 0) {
	}
	T_TRUE(errno != EAGAIN);
	T_TRUE(http_server_stats(rig.s).cut >= 2);
	close(slow);
	close(idle);
	rig_close(&rig);
}

static void proxies(struct t *t)
{
	static const struct {
		const char *headers;
		const char *has;
	} table[] = {
		{"",								 "host=a https=0"        },
		{"X-Forwarded-For: 192.0.2.7\r\n",                                   "ip=192.0.2.7"          },
		{"X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\n",                     "ip=192.0.2.7"          },
		{"X-Forwarded-For: 192.0.2.7, 127.0.0.1\r\n",                        "ip=192.0.2.7"          },
		{"X-Forwarded-For: nonsense\r\n",                                    "ip=127.0.0.1"          },
		{"X-Forwarded-Proto: https\r\nX-Forwarded-Host: b.example\r\n",      "host=b.example https=1"},
		{"Forwarded: for=\"192.0.2.8:4711\";proto=https;host=c.example\r\n",
		 "host=c.example https=1 trusted=1 ip=192.0.2.8"                                             },
		{"Forwarded: for=198.51.100.2, for=192.0.2.9\r\n",                   "ip=192.0.2.9"          },
	};
	struct str range = S("127.0.0.0/8");
	struct rig rig;

	rig_open(t, &rig, (struct http_config){.workers = 2, .trusted = &range, .n_trusted = 1});
	T_NEED(rig.s != NULL);
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str a =
			ask(t, &rig,
			    str_c(t->mem, str_fmt(t->mem, "GET / HTTP/1.1\r\nHost: a\r\n%s" END, table[i].headers)));

		if (!has(a, table[i].has)) {
			t_fail(t, T_AT("proxies"), "%s: %.*s", table[i].headers, STR_ARG(a));
		}
	}
	rig_close(&rig);
	/* From anybody else the same headers mean nothing. */
	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str a =
			ask(t, &rig,
			    str_c(t->mem, str_fmt(t->mem, "GET / HTTP/1.1\r\nHost: a\r\n%s" END, table[i].headers)));

		T_TRUE(has(a, "host=a https=0 trusted=0 ip=127.0.0.1"));
	}
	rig_close(&rig);
}

static void unix_socket(struct t *t)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	const char *path = t_tmp(t, "sock");
	struct rig rig;
	struct str a;
	int fd;

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	/* Left by a server that was killed. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	T_TRUE(bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0);
	close(fd);
	rig_open(t, &rig, (struct http_config){.workers = 2, .unix_path = str_of(path)});
	T_NEED(rig.s != NULL);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	T_TRUE(connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0);
	SAY(fd, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n" END);
	a = hear(t, fd);
	T_TRUE(has(a, "https=1 trusted=1 ip=192.0.2.7"));
	close(fd);
	rig_close(&rig);
	T_TRUE(access(path, F_OK) != 0);
}

static void *close_server(void *arg)
{
	struct rig *rig = arg;

	http_server_close(rig->s, 10000);
	rig->s = NULL;
	return NULL;
}

static void graceful(struct t *t)
{
	pthread_t closer;
	struct rig rig;
	int fd, idle;
	char c;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	fd = dial(&rig);
	idle = dial(&rig);
	SAY(fd, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
	while (atomic_load(&rig.app.entered) == 0) {
		sched_yield();
	}
	pthread_create(&closer, NULL, close_server, &rig);
	/* The listener goes first: nobody new comes in. */
	for (;;) {
		int late = dial(&rig);

		if (late < 0) {
			break;
		}
		close(late);
	}
	let_go(&rig.app);
	a = hear(t, fd);
	T_EQ(status_of(a), 200);
	T_TRUE(has(a, "waited"));
	T_TRUE(has(a, "Connection: close") || has(a, "Connection: Close"));
	T_TRUE(recv(idle, &c, 1, 0) <= 0);
	pthread_join(closer, NULL);
	close(fd);
	close(idle);
	rig_close(&rig);
}

static const struct t_case cases[] = {
	{"malformed requests are refused",                          malformed,     0},
	{"absurd sizes are refused",                                absurd_sizes,  0},
	{"pipelined requests are answered in order",                pipelining,    0},
	{"HEAD and kept answers",				   head_and_kept, 0},
	{"bodies, and bodies over the limit",                       bodies,        0},
	{"a body without end is cut",                               endless,       0},
	{"uploads",						 uploads,       0},
	{"ranges of a file",					ranges,        0},
	{"streams",						 streams,       0},
	{"slow heads and idle connections are cut by the deadline", slow_heads,    0},
	{"forwarded headers are believed from proxies alone",       proxies,       0},
	{"the Unix socket",					 unix_socket,   0},
	{"a graceful stop finishes what is in flight",              graceful,      0},
};
T_SUITE(http_server, cases)
