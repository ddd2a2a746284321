/*
 * Addresses, listeners, and what a proxy in front of us says about the visitor. A forwarded chain is read from its end:
 * only the entries written by proxies we trust are believed, the first foreign one is the visitor.
 */
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include "../base/log.h"

struct http_addr net_addr(const struct sockaddr *sa)
{
	struct http_addr a = {.known = false};

	if (sa && sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)sa;

		a.ip[10] = a.ip[11] = 0xff;
		memcpy(a.ip + 12, &in->sin_addr, 4);
		a.known = true;
	} else if (sa && sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)(const void *)sa;

		memcpy(a.ip, &in->sin6_addr, 16);
		a.known = true;
	}
	return a;
}

bool net_addr_parse(struct str s, struct http_addr *out)
{
	char text[INET6_ADDRSTRLEN + 1];
	struct in_addr v4;

	*out = (struct http_addr){.known = false};
	if (s.n == 0 || s.n >= sizeof(text)) {
		return false;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	if (inet_pton(AF_INET, text, &v4) == 1) {
		out->ip[10] = out->ip[11] = 0xff;
		memcpy(out->ip + 12, &v4, 4);
	} else if (inet_pton(AF_INET6, text, out->ip) != 1) {
		return false;
	}
	out->known = true;
	return true;
}

bool net_range_parse(struct str s, struct net_range *out)
{
	struct str bits = s;
	struct str ip = str_cut(&bits, '/');
	bool v4 = str_chr(ip, ':') < 0;
	int64_t n = v4 ? 32 : 128;
	struct http_addr a;

	if (!net_addr_parse(ip, &a) || (bits.p && (!str_to_i64(bits, &n) || n < 0 || n > (v4 ? 32 : 128)))) {
		return false;
	}
	memcpy(out->ip, a.ip, 16);
	out->bits = (unsigned)n + (v4 ? 96 : 0);
	return true;
}

bool net_in_range(const struct http_addr *a, const struct net_range *r)
{
	if (!a->known || memcmp(a->ip, r->ip, r->bits / 8) != 0) {
		return false;
	}
	if (r->bits % 8) {
		unsigned mask = (0xff00u >> (r->bits % 8)) & 0xff;

		return ((unsigned)(a->ip[r->bits / 8] ^ r->ip[r->bits / 8]) & mask) == 0;
	}
	return true;
}

bool net_is_loopback(const struct http_addr *a)
{
	static const struct net_range v4 = {
		{[10] = 0xff, [11] = 0xff, [12] = 127},
                104
        };
	static const struct net_range v6 = {{[15] = 1}, 128};

	return net_in_range(a, &v4) || net_in_range(a, &v6);
}

static int listen_on(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, off = 0;

	if (fd < 0) {
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (ai->ai_family == AF_INET6) {
		/* [::] takes IPv4 visitors too. */
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	}
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 || listen(fd, 1024) != 0) {
		int e = errno;

		close(fd);
		errno = e;
		return -1;
	}
	return fd;
}

/* Another program may hold the port with SO_REUSEPORT too, and would silently share it with us: look first. */
static bool in_use(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;
	bool used;

	if (fd < 0) {
		return false;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	used = bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 && errno == EADDRINUSE;
	close(fd);
	return used;
}

int net_listen_tcp(struct str where, unsigned port)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
				 .ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
	struct addrinfo *ai = NULL;
	char host[256], service[16];
	size_t colon = where.n;
	struct str h, p;
	int fd = -1, rc;

	while (colon > 0 && where.p[colon - 1] != ':') {
		colon--;
	}
	if (colon == 0) {
		log_error("listen: \"%.*s\" is not ADDRESS:PORT", STR_ARG(where));
		errno = EINVAL;
		return -1;
	}
	h = str_sub(where, 0, colon - 1);
	p = str_sub(where, colon, where.n);
	if (h.n >= 2 && h.p[0] == '[' && h.p[h.n - 1] == ']') {
		h = str_sub(h, 1, h.n - 2);
	}
	if (str_eq(h, S("localhost"))) {
		h = S("127.0.0.1");
	}
	snprintf(host, sizeof(host), "%.*s", STR_ARG(h));
	snprintf(service, sizeof(service), "%.*s", STR_ARG(p));
	if (port) {
		snprintf(service, sizeof(service), "%u", port);
	}
	rc = getaddrinfo(h.n ? host : "::", service, &hints, &ai);
	if (rc != 0) {
		log_error("listen: \"%.*s\": %s", STR_ARG(where), gai_strerror(rc));
		errno = EINVAL;
		return -1;
	}
	if (port == 0 && !str_eq(p, S("0")) && in_use(ai)) {
		errno = EADDRINUSE;
	} else {
		fd = listen_on(ai);
	}
	if (fd < 0) {
		rc = errno;
		log_error("listen: \"%.*s\": %s", STR_ARG(where), strerror(rc));
		errno = rc;
	}
	freeaddrinfo(ai);
	return fd;
}

unsigned net_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t n = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &n) != 0) {
		return 0;
	}
	if (ss.ss_family == AF_INET) {
		return ntohs(((struct sockaddr_in *)(void *)&ss)->sin_port);
	}
	return ss.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)(void *)&ss)->sin6_port) : 0;
}

int net_listen_unix(struct str path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd;

	if (path.n >= sizeof(sa.sun_path)) {
		log_error("listen: the path of the Unix socket is too long");
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(sa.sun_path, path.p, path.n);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return -1;
	}
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 && errno == EADDRINUSE) {
		/* Left by a server that was killed: nobody answers there. */
		if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 && errno == ECONNREFUSED) {
			unlink(sa.sun_path);
		}
		close(fd);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
			goto out;
		}
	}
	if (listen(fd, 1024) == 0) {
		return fd;
	}
out:
	log_error("listen: %.*s: %s", STR_ARG(path), strerror(errno));
	if (fd >= 0) {
		close(fd);
	}
	return -1;
}

/* "192.0.2.1", "192.0.2.1:4711", "[2001:db8::1]:80", with or without quotes. */
static bool node_parse(struct str s, struct http_addr *out)
{
	s = str_trim(s);
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"') {
		s = str_sub(s, 1, s.n - 2);
	}
	if (s.n && s.p[0] == '[') {
		ptrdiff_t end = str_chr(s, ']');

		return end > 0 && net_addr_parse(str_sub(s, 1, (size_t)end - 1), out);
	}
	if (net_addr_parse(s, out)) {
		return true;
	}
	return str_chr(s, '.') > 0 && net_addr_parse(str_cut(&s, ':'), out);
}

static bool believed(const struct http_addr *a, const struct net_range *trusted, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (net_in_range(a, &trusted[i])) {
			return true;
		}
	}
	return false;
}

/* Cuts the last comma-separated element off `*rest`. */
static struct str cut_last(struct str *rest)
{
	struct str one = *rest;

	for (size_t i = rest->n; i > 0; i--) {
		if (rest->p[i - 1] == ',') {
			one = str_sub(*rest, i, rest->n);
			*rest = str_sub(*rest, 0, i - 1);
			return str_trim(one);
		}
	}
	*rest = STR_NONE;
	return str_trim(one);
}

/* The value of a name in one element of Forwarded ("for=192.0.2.1;proto=https"). */
static struct str element_get(struct str element, struct str name)
{
	while (element.p) {
		struct str value = str_trim(str_cut(&element, ';'));
		struct str key = str_cut(&value, '=');

		if (value.p && str_ieq(str_trim(key), name)) {
			value = str_trim(value);
			if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"') {
				value = str_sub(value, 1, value.n - 2);
			}
			return value;
		}
	}
	return STR_NONE;
}

static void take_host(struct http_request *rq, struct str host)
{
	if (host.p && host.n > 0 && host.n <= 255) {
		rq->host = host;
	}
}

static void forwarded_chain(struct http_request *rq, struct str chain, bool rfc, const struct net_range *trusted,
			    size_t n)
{
	bool nearest = true;

	while (chain.p) {
		struct str element = cut_last(&chain);
		struct str node = rfc ? element_get(element, S("for")) : element;
		struct http_addr a;

		if (rfc && nearest) {
			struct str proto = element_get(element, S("proto"));

			if (proto.p) {
				rq->https = str_ieq(proto, S("https"));
			}
			take_host(rq, element_get(element, S("host")));
		}
		nearest = false;
		if (!node_parse(node, &a)) {
			return;
		}
		rq->client = a;
		if (!believed(&a, trusted, n)) {
			return;
		}
	}
}

void net_forwarded(struct http_request *rq, const struct net_range *trusted, size_t n)
{
	struct str forwarded = http_header(rq, "Forwarded");
	struct str proto;

	if (forwarded.p) {
		forwarded_chain(rq, forwarded, true, trusted, n);
		return;
	}
	forwarded_chain(rq, http_header(rq, "X-Forwarded-For"), false, trusted, n);
	proto = http_header(rq, "X-Forwarded-Proto");
	if (proto.p) {
		rq->https = str_ieq(cut_last(&proto), S("https"));
	}
	take_host(rq, str_trim(http_header(rq, "X-Forwarded-Host")));
}
