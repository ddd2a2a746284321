/*
 * TLS: a certificate from files, exchanged while the server runs; a bad one leaves the old one in use.
 */
#include "t.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server.h"

static enum http_next head(void *arg, struct http_request *rq, struct http_response *rs)
{
	(void)arg, (void)rq, (void)rs;
	return HTTP_WORK;
}

static void refuse(void *arg, const struct http_request *rq, struct http_response *rs)
{
	(void)arg, (void)rq;
	http_bytes(rs, rs->status, "text/plain", S("refused"));
}

static void handle(void *worker, struct http_request *rq, struct mem *m, struct http_response *rs)
{
	(void)worker, (void)m;
	http_bytes(rs, 200, "text/plain", rq->https ? S("over https") : S("in clear"));
}

/* Writes `n` bytes whole, as a renewal does: beside the file, then in its place. */
static void put_file(struct t *t, const char *path, const unsigned char *p, size_t n)
{
	const char *beside = str_c(t->mem, str_fmt(t->mem, "%s.new", path));
	FILE *f = fopen(beside, "we");

	T_NEED(f != NULL);
	T_EQ(fwrite(p, 1, n, f), n);
	fclose(f);
	T_EQ(rename(beside, path), 0);
}

/* A self-signed certificate with that common name, and its key. */
static void make_pair(struct t *t, const char *name, const char *cert, const char *key)
{
	gnutls_x509_privkey_t k;
	gnutls_x509_crt_t c;
	gnutls_datum_t pem;

	gnutls_x509_privkey_init(&k);
	gnutls_x509_crt_init(&c);
	T_EQ(gnutls_x509_privkey_generate(k, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
	gnutls_x509_crt_set_version(c, 3);
	gnutls_x509_crt_set_serial(c, "\1", 1);
	gnutls_x509_crt_set_activation_time(c, 1600000000);
	gnutls_x509_crt_set_expiration_time(c, 4000000000);
	gnutls_x509_crt_set_dn_by_oid(c, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name));
	gnutls_x509_crt_set_key(c, k);
	T_EQ(gnutls_x509_crt_sign2(c, c, k, GNUTLS_DIG_SHA256, 0), 0);
	T_EQ(gnutls_x509_privkey_export2_pkcs8(k, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem), 0);
	put_file(t, key, pem.data, pem.size);
	gnutls_free(pem.data);
	T_EQ(gnutls_x509_crt_export2(c, GNUTLS_X509_FMT_PEM, &pem), 0);
	put_file(t, cert, pem.data, pem.size);
	gnutls_free(pem.data);
	gnutls_x509_crt_deinit(c);
	gnutls_x509_privkey_deinit(k);
}

/* The common name that the server shows, then its answer; "" when there is no connection. */
static struct str visit(struct t *t, unsigned port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	gnutls_certificate_credentials_t cred;
	gnutls_session_t s;
	const gnutls_datum_t *peer;
	unsigned n_peer = 0;
	char name[64] = "", answer[2000];
	size_t name_n = sizeof(name);
	ssize_t n, got = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		close(fd);
		return S("");
	}
	gnutls_certificate_allocate_credentials(&cred);
	gnutls_init(&s, GNUTLS_CLIENT);
	gnutls_set_default_priority(s);
	gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, cred);
	gnutls_transport_set_int(s, fd);
	gnutls_handshake_set_timeout(s, 10000);
	if (gnutls_handshake(s) == 0) {
		gnutls_x509_crt_t c;

		peer = gnutls_certificate_get_peers(s, &n_peer);
		gnutls_x509_crt_init(&c);
		if (n_peer && gnutls_x509_crt_import(c, &peer[0], GNUTLS_X509_FMT_DER) == 0) {
			gnutls_x509_crt_get_dn_by_oid(c, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &name_n);
		}
		gnutls_x509_crt_deinit(c);
		gnutls_record_send(s, request, sizeof(request) - 1);
		while ((n = gnutls_record_recv(s, answer + got, sizeof(answer) - 1 - (size_t)got)) > 0) {
			got += n;
		}
	}
	answer[got] = 0;
	gnutls_deinit(s);
	gnutls_certificate_free_credentials(cred);
	close(fd);
	return str_fmt(t->mem, "%s %s", name, answer);
}

static bool has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) >= 0;
}

static void exchange(struct t *t)
{
	const char *cert = t_tmp(t, "cert.pem"), *key = t_tmp(t, "key.pem");
	struct http_app app = {.head = head, .refuse = refuse, .handle = handle};
	struct http_config cfg = {.listen = S("127.0.0.1:0"),
				  .workers = 1,
				  .tls_cert = str_of(cert),
				  .tls_key = str_of(key),
				  .tmp_dir = S("/tmp")};
	struct http_server *s;
	unsigned port;

	signal(SIGPIPE, SIG_IGN);
	T_TRUE(http_server_open(&cfg, &app, &s) != OK);
	make_pair(t, "first.example", cert, key);
	T_OK(http_server_open(&cfg, &app, &s));
	port = http_server_port(s);
	T_TRUE(str_starts(visit(t, port), S("first.example HTTP/1.1 200")));
	T_TRUE(has(visit(t, port), "over https"));
	/* Renewed: seen by the next tick, without a word. */
	make_pair(t, "second.example", cert, key);
	http_server_tick(s);
	T_TRUE(str_starts(visit(t, port), S("second.example HTTP/1.1 200")));
	/* A key of another pair, then no certificate at all: refused, the old one stays. */
	put_file(t, cert, (const unsigned char *)"nonsense\n", 9);
	T_TRUE(http_server_reload(s) != OK);
	T_TRUE(str_starts(visit(t, port), S("second.example HTTP/1.1 200")));
	make_pair(t, "third.example", cert, t_tmp(t, "other.pem"));
	T_TRUE(http_server_reload(s) != OK);
	T_TRUE(str_starts(visit(t, port), S("second.example HTTP/1.1 200")));
	make_pair(t, "third.example", cert, key);
	T_OK(http_server_reload(s));
	T_TRUE(str_starts(visit(t, port), S("third.example HTTP/1.1 200")));
	http_server_close(s, 1000);
}

static const struct t_case cases[] = {
	{"a renewed certificate is taken without a restart", exchange, 0},
};
T_SUITE(http_tls, cases)
