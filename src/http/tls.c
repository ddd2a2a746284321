/*
 * The certificate in use is a generation: a new connection takes the newest, and older ones are kept until no handshake
 * can still hold them.
 */
#include "tls.h"

#include <errno.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "../base/log.h"
#include "../base/mem.h"

#define CHAIN_MAX 8
#define HANDSHAKE_SECONDS 120

struct generation {
	struct generation *older;
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned chain_n;
	gnutls_privkey_t key;
	time_t replaced; /* 0 while in use */
};

static struct {
	pthread_mutex_t lock;
	struct mem *mem;
	const char *cert, *key;
	struct stat cert_seen, key_seen;
	struct generation *newest;
} tls = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void generation_free(struct generation *g)
{
	for (unsigned i = 0; i < g->chain_n; i++) {
		gnutls_pcert_deinit(&g->chain[i]);
	}
	if (g->key) {
		gnutls_privkey_deinit(g->key);
	}
	free(g);
}

static enum err load(struct generation **out)
{
	struct generation *g = calloc(1, sizeof(*g));
	gnutls_datum_t key = {NULL, 0};
	int rc;

	if (!g) {
		return E_IO;
	}
	g->chain_n = CHAIN_MAX;
	rc = gnutls_pcert_list_import_x509_file(g->chain, &g->chain_n, tls.cert, GNUTLS_X509_FMT_PEM, NULL, NULL, 0);
	if (rc < 0) {
		g->chain_n = 0;
		generation_free(g);
		return fail_aloud(E_INVALID, "certificate %s: %s", tls.cert, gnutls_strerror(rc));
	}
	rc = gnutls_load_file(tls.key, &key);
	if (rc >= 0) {
		rc = gnutls_privkey_init(&g->key);
	}
	if (rc >= 0) {
		rc = gnutls_privkey_import_x509_raw(g->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
	}
	if (rc >= 0) {
		/* A pair that does not fit would fail at every handshake: notice it now. */
		gnutls_pubkey_t public = NULL;
		unsigned char a[64], b[64];
		size_t an = sizeof(a), bn = sizeof(b);

		rc = gnutls_pubkey_init(&public);
		if (rc >= 0) {
			rc = gnutls_pubkey_import_privkey(public, g->key, 0, 0);
		}
		if (rc >= 0 && (gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, a, &an) < 0 ||
				gnutls_pubkey_get_key_id(g->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, b, &bn) < 0 ||
				an != bn || memcmp(a, b, an) != 0)) {
			rc = GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
		}
		if (public) {
			gnutls_pubkey_deinit(public);
		}
	}
	if (key.data) {
		gnutls_memset(key.data, 0, key.size);
		gnutls_free(key.data);
	}
	if (rc < 0) {
		generation_free(g);
		return fail_aloud(E_INVALID, "key %s: %s", tls.key, gnutls_strerror(rc));
	}
	*out = g;
	return OK;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

enum err tls_reload(bool force)
{
	struct stat cert, key;
	struct generation *g;
	time_t now = time(NULL);

	if (stat(tls.cert, &cert) != 0 || stat(tls.key, &key) != 0) {
		/* In the middle of a renewal a file may be missing for a moment. */
		return force ? fail(E_IO, "certificate files: %s", strerror(errno)) : OK;
	}
	if (!force && same_file(&cert, &tls.cert_seen) && same_file(&key, &tls.key_seen)) {
		return OK;
	}
	tls.cert_seen = cert;
	tls.key_seen = key;
	TRY(load(&g));
	pthread_mutex_lock(&tls.lock);
	if (tls.newest) {
		tls.newest->replaced = now;
	}
	g->older = tls.newest;
	tls.newest = g;
	for (struct generation **at = &g->older; *at;) {
		struct generation *old = *at;

		if (old->replaced + HANDSHAKE_SECONDS < now) {
			*at = old->older;
			generation_free(old);
		} else {
			at = &old->older;
		}
	}
	pthread_mutex_unlock(&tls.lock);
	log_info("certificate read from %s", tls.cert);
	return OK;
}

enum err tls_open(struct str cert, struct str key)
{
	tls.mem = mem_open();
	tls.cert = str_c(tls.mem, cert);
	tls.key = str_c(tls.mem, key);
	return tls_reload(true);
}

void tls_close(void)
{
	while (tls.newest) {
		struct generation *g = tls.newest;

		tls.newest = g->older;
		generation_free(g);
	}
	mem_close(tls.mem);
	tls.mem = NULL;
}

static int retrieve(gnutls_session_t session, const gnutls_datum_t *req_ca_rdn, int nreqs,
		    const gnutls_pk_algorithm_t *algos, int n_algos, gnutls_pcert_st **chain, unsigned *chain_n,
		    gnutls_privkey_t *key)
{
	(void)session, (void)req_ca_rdn, (void)nreqs, (void)algos, (void)n_algos;
	pthread_mutex_lock(&tls.lock);
	*chain = tls.newest->chain;
	*chain_n = tls.newest->chain_n;
	*key = tls.newest->key;
	pthread_mutex_unlock(&tls.lock);
	return 0;
}

void *tls_callback(void)
{
	gnutls_certificate_retrieve_function2 *fn = retrieve;

	return (void *)fn;
}

const char *tls_priorities(void)
{
	return "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305";
}

void tls_send(void *session, struct str bytes)
{
	(void)!gnutls_record_send((gnutls_session_t)session, bytes.p, bytes.n);
}
