/*
 * Network addresses and listening sockets for the server; used by http/ alone.
 */
#ifndef HTTP_NET_H
#define HTTP_NET_H

#include <sys/socket.h>

#include "request.h"

/* A range of addresses: "10.0.0.0/8", "::1", "2001:db8::/32". */
struct net_range {
	uint8_t ip[16];
	unsigned bits;
};

/* Addresses and ranges as text and as bytes; the predicates are false for what cannot be read. */
struct http_addr net_addr(const struct sockaddr *sa);
bool net_addr_parse(struct str s, struct http_addr *out);
bool net_range_parse(struct str s, struct net_range *out);
bool net_in_range(const struct http_addr *a, const struct net_range *r);
bool net_is_loopback(const struct http_addr *a);

/* A listening TCP socket on "host:port" that others may share (SO_REUSEPORT); `port` (if not 0) overrides the text's.
 * -1 with the cause logged. */
int net_listen_tcp(struct str where, unsigned port);
/* The port of a bound socket. */
unsigned net_port(int fd);
/* A listening Unix socket; a stale file of that name is replaced, a living server's is not. */
int net_listen_unix(struct str path);

/* Reads Forwarded, or else X-Forwarded-For, -Proto and -Host, of a request whose peer is believed: sets rq->client (the
 * nearest address that is not itself a trusted proxy), rq->https and rq->host. */
void net_forwarded(struct http_request *rq, const struct net_range *trusted, size_t n);

#endif
