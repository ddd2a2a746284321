/*
 * The server and the client that tests of sockets share.
 */
#include "http_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"

/* ---- an application to ask ---- */


static enum http_next app_head(void *arg, struct http_request *rq, struct http_response *rs)
{
	struct rig_app *app = arg;

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
	struct rig_app *app = arg;
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

static void wait_here(struct rig_app *app)
{
	pthread_mutex_lock(&app->lock);
	atomic_fetch_add(&app->entered, 1);
	while (!app->let_go) {
		pthread_cond_wait(&app->cond, &app->lock);
	}
	pthread_mutex_unlock(&app->lock);
}

void rig_let_go(struct rig_app *app)
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
	struct rig_app *app = worker;

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


void rig_open(struct t *t, struct rig *rig, struct http_config cfg)
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

void rig_close(struct rig *rig)
{
	if (rig->s) {
		http_server_close(rig->s, 2000);
	}
	http_ready_drop(rig->app.kept);
	http_clock_ahead = 0;
}

/* ---- a client ---- */

int rig_dial(struct rig *rig)
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

bool rig_say(int fd, const char *p, size_t n)
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

struct str rig_hear(struct t *t, int fd)
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

struct str rig_ask_bytes(struct t *t, struct rig *rig, const char *p, size_t n)
{
	int fd = rig_dial(rig);
	struct str s;

	if (fd < 0) {
		return S("");
	}
	rig_say(fd, p, n);
	s = rig_hear(t, fd);
	close(fd);
	return s;
}

struct str rig_ask(struct t *t, struct rig *rig, const char *text)
{
	return rig_ask_bytes(t, rig, text, strlen(text));
}

int rig_status(struct str answer)
{
	return answer.n > 12 && str_starts(answer, S("HTTP/1.")) ? atoi(answer.p + 9) : 0;
}

bool rig_has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}
