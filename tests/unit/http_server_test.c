/*
 * The server over real sockets: slow and greedy clients, bodies over the limit, ranges, streams, kept answers, proxies, the Unix
 * socket, the graceful stop, renewed certificates.
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

#define END "Connection: close\r\n\r\n"

static void pipelining(struct t *t)
{
	struct rig rig;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = rig_ask(t, &rig,
		"GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /kept HTTP/1.1\r\nHost: a\r\n\r\n"
		"POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
		"GET /three HTTP/1.1\r\nHost: a\r\n" END);
	T_TRUE(str_find(a, S("path=/one")) < str_find(a, S("kept answer")));
	T_TRUE(str_find(a, S("kept answer")) < str_find(a, S("path=/two")));
	T_TRUE(rig_has(a, "body=abc"));
	T_TRUE(str_find(a, S("path=/two")) < str_find(a, S("path=/three")));
	rig_close(&rig);
}

static void head_and_kept(struct t *t)
{
	struct rig rig;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = rig_ask(t, &rig, "HEAD /kept HTTP/1.1\r\nHost: a\r\n" END);
	T_EQ(rig_status(a), 200);
	T_TRUE(rig_has(a, "Content-Length: 11"));
	T_TRUE(str_ends(a, S("\r\n\r\n")));
	a = rig_ask(t, &rig, "HEAD /stream HTTP/1.1\r\nHost: a\r\n" END);
	T_EQ(rig_status(a), 200);
	T_TRUE(str_ends(a, S("\r\n\r\n")));
	a = rig_ask(t, &rig, "GET /kept HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" END "body");
	T_EQ(rig_status(a), 200);
	T_TRUE(rig_has(a, "kept answer"));
	rig_close(&rig);
}

static void bodies(struct t *t)
{
	struct buf b = buf_make(t->mem, KIB(64));
	struct rig rig;
	struct str a;

	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	a = rig_ask(t, &rig,
		"POST /a?x=y HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
		"Content-Length: 19\r\n" END "name=a+b%21&c=&d==e");
	T_TRUE(rig_has(a, "query=x=y"));
	T_TRUE(rig_has(a, "name=a b!"));
	T_TRUE(rig_has(a, "\nd==e"));
	a = rig_ask(t, &rig,
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" END "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
	T_TRUE(rig_has(a, "body=abcde"));
	/* Over the limit, declared and chunked: read on, and answered. */
	buf_put(&b, S("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n" END));
	for (int i = 0; i < 5000; i++) {
		buf_put_c(&b, 'x');
	}
	T_EQ(rig_status(rig_ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n)), 413);
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
	T_EQ(rig_status(rig_ask_bytes(t, &rig, buf_str(&b).p, buf_str(&b).n)), 413);
	/* One that waits for our consent is told before it sends. */
	a = rig_ask(t, &rig, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n" END);
	T_EQ(rig_status(a), 413);
	T_TRUE(!rig_has(a, "100 Continue"));
	a = rig_ask(t, &rig, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n" END "abc");
	T_TRUE(rig_has(a, "100 Continue"));
	T_TRUE(rig_has(a, "body=abc"));
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
	fd = rig_dial(&rig);
	SAY(fd, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
	while (sent < MIB(64) && rig_say(fd, chunk, sizeof(chunk))) {
		sent += sizeof(chunk);
	}
	T_TRUE(sent >= LIMIT_HTTP_DRAIN / 2);
	T_TRUE(sent < MIB(32));
	a = rig_hear(t, fd);
	T_TRUE(a.n == 0 || rig_status(a) == 413);
	close(fd);
	T_EQ(rig_status(rig_ask(t, &rig, "GET / HTTP/1.1\r\nHost: a\r\n" END)), 200);
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
	a = rig_ask(t, &rig,
		str_c(t->mem,
		      str_fmt(t->mem,
			      "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
			      "Content-Length: %zu\r\n" END "%s",
			      sizeof(body) - 1, body)));
	T_TRUE(rig_has(a, "a=one"));
	T_TRUE(rig_has(a, "f=file text [t.txt] 9"));
	/* Files where none are taken. */
	a = rig_ask(t, &rig,
		str_c(t->mem,
		      str_fmt(t->mem,
			      "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
			      "Content-Length: %zu\r\n" END "%s",
			      sizeof(body) - 1, body)));
	T_TRUE(rig_has(a, "err=E_INVALID"));
	/* A form that stops before its last boundary. */
	a = rig_ask(t, &rig,
		"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
		"Content-Length: 59\r\n" END "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--Bxx");
	T_TRUE(rig_has(a, "err=E_INVALID"));
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
		struct str a = rig_ask(t, &rig,
				   str_c(t->mem,
					 str_fmt(t->mem, "GET /file HTTP/1.1\r\nHost: a\r\n%s" END, table[i].headers)));

		if (rig_status(a) != table[i].status || !rig_has(a, table[i].has)) {
			t_fail(t, T_AT("ranges"), "%s: %d", table[i].headers, rig_status(a));
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
	a = rig_ask(t, &rig, "GET /stream HTTP/1.1\r\nHost: a\r\n" END);
	T_TRUE(a.n > 2000000);
	T_TRUE(str_ends(a, S("end\r\n0\r\n\r\n")));
	/* A producer that fails leaves an answer that is visibly not whole. */
	a = rig_ask(t, &rig, "GET /broken HTTP/1.1\r\nHost: a\r\n" END);
	T_TRUE(!str_ends(a, S("0\r\n\r\n")));
	/* A reader that goes away ends the producer. */
	fd = rig_dial(&rig);
	SAY(fd, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
	shutdown(fd, SHUT_RDWR);
	close(fd);
	for (int i = 0; i < 5000 && atomic_load(&rig.app.left) == 0; i++) {
		/* The worker is free again once it has noticed: asking it takes its turn. */
		rig_ask(t, &rig, "GET / HTTP/1.1\r\nHost: a\r\n" END);
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
	slow = rig_dial(&rig);
	idle = rig_dial(&rig);
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
	fresh = rig_dial(&rig);
	SAY(fresh, "GET / HTTP/1.1\r\nHost: a\r\n" END);
	T_EQ(rig_status(rig_hear(t, fresh)), 200);
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
			rig_ask(t, &rig,
			    str_c(t->mem, str_fmt(t->mem, "GET / HTTP/1.1\r\nHost: a\r\n%s" END, table[i].headers)));

		if (!rig_has(a, table[i].has)) {
			t_fail(t, T_AT("proxies"), "%s: %.*s", table[i].headers, STR_ARG(a));
		}
	}
	rig_close(&rig);
	/* From anybody else the same headers mean nothing. */
	rig_open(t, &rig, (struct http_config){.workers = 2});
	T_NEED(rig.s != NULL);
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str a =
			rig_ask(t, &rig,
			    str_c(t->mem, str_fmt(t->mem, "GET / HTTP/1.1\r\nHost: a\r\n%s" END, table[i].headers)));

		T_TRUE(rig_has(a, "host=a https=0 trusted=0 ip=127.0.0.1"));
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
	a = rig_hear(t, fd);
	T_TRUE(rig_has(a, "https=1 trusted=1 ip=192.0.2.7"));
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
	fd = rig_dial(&rig);
	idle = rig_dial(&rig);
	SAY(fd, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
	while (atomic_load(&rig.app.entered) == 0) {
		sched_yield();
	}
	pthread_create(&closer, NULL, close_server, &rig);
	/* The listener goes first: nobody new comes in. */
	for (;;) {
		int late = rig_dial(&rig);

		if (late < 0) {
			break;
		}
		close(late);
	}
	rig_let_go(&rig.app);
	a = rig_hear(t, fd);
	T_EQ(rig_status(a), 200);
	T_TRUE(rig_has(a, "waited"));
	T_TRUE(rig_has(a, "Connection: close") || rig_has(a, "Connection: Close"));
	T_TRUE(recv(idle, &c, 1, 0) <= 0);
	pthread_join(closer, NULL);
	close(fd);
	close(idle);
	rig_close(&rig);
}

static const struct t_case cases[] = {
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
