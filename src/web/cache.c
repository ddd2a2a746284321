/*
 * The page cache. Sixteen parts, each with its lock, so that I/O threads do not meet. An entry belongs to the data version it
 * was made from; the version is one number for the whole site, since what a page shows is not known in detail, and writes
 * are rare beside reads.
 */
#include "cache.h"

#include <brotli/encode.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

#include "web.h"

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"

#define PARTS 16
#define SLOTS 1024         /* per part */
#define PER_ENTRY 6000     /* what an entry costs beside its bodies, roughly */
#define MAX_AGE (10 * 60)  /* seconds: "3 days ago" and the tokens of forms do not get old */
#define WORTH_ENCODING 800 /* bytes */
#define FILLS 64

struct entry {
	struct entry *next;          /* in its slot, or in the free list */
	struct entry *newer, *older; /* by use */
	uint64_t hash, version;
	int64_t until;
	char key[CACHE_KEY_MAX];
	size_t key_n;
	struct str etag;
	char etag_text[40];
	bool text;
	size_t bytes;
	struct http_ready *plain, *gzip, *brotli, *not_modified;
	struct http_header headers[HTTP_OUT_HEADERS_MAX]; /* for the encodings made later; in `words` */
	size_t n_headers;
	char words[2048];
};

struct part {
	pthread_mutex_t lock;
	struct entry *slots[SLOTS];
	struct entry *newest, *oldest, *free;
	size_t bytes, n;
	uint64_t hits, misses;
	struct mem *mem;
};

struct cache {
	struct part part[PARTS];
	size_t max; /* bytes per part */
	pthread_mutex_t fill_lock;
	pthread_cond_t filled;
	uint64_t filling[FILLS];
};

static _Atomic uint64_t data_version = 1;

void web_data_changed(void)
{
	atomic_fetch_add(&data_version, 1);
}

uint64_t web_data_version(void)
{
	return atomic_load(&data_version);
}

struct cache *cache_open(struct mem *m, size_t bytes)
{
	struct cache *c = mem_new(m, struct cache);

	c->max = (bytes ? bytes : MIB(16)) / PARTS;
	for (size_t i = 0; i < PARTS; i++) {
		pthread_mutex_init(&c->part[i].lock, NULL);
		c->part[i].mem = mem_open();
	}
	pthread_mutex_init(&c->fill_lock, NULL);
	pthread_cond_init(&c->filled, NULL);
	return c;
}

static void drop(struct http_ready **r)
{
	if (*r) {
		http_ready_drop(*r);
		*r = NULL;
	}
}

static void entry_clear(struct entry *e)
{
	drop(&e->plain);
	drop(&e->gzip);
	drop(&e->brotli);
	drop(&e->not_modified);
}

void cache_close(struct cache *c)
{
	for (size_t i = 0; i < PARTS; i++) {
		struct part *p = &c->part[i];

		for (struct entry *e = p->newest; e; e = e->older) {
			entry_clear(e);
		}
		mem_close(p->mem);
		pthread_mutex_destroy(&p->lock);
	}
	pthread_mutex_destroy(&c->fill_lock);
	pthread_cond_destroy(&c->filled);
}

bool cache_key(const struct http_request *hrq, char to[CACHE_KEY_MAX], size_t *n)
{
	if ((hrq->method != HTTP_GET && hrq->method != HTTP_HEAD) || hrq->target.n + 1 > CACHE_KEY_MAX) {
		return false;
	}
	if (http_header(hrq, "Authorization").p ||
	    (http_header(hrq, "Cookie").p &&
	     (http_cookie(hrq, "s").p || http_cookie(hrq, "__Host-s").p || http_cookie(hrq, "n").p))) {
		return false;
	}
	to[0] = hrq->https ? 's' : 'h';
	memcpy(to + 1, hrq->target.p, hrq->target.n);
	*n = hrq->target.n + 1;
	return true;
}

/* ---- the parts: all with the lock held ---- */

static void unlink_use(struct part *p, struct entry *e)
{
	*(e->newer ? &e->newer->older : &p->newest) = e->older;
	*(e->older ? &e->older->newer : &p->oldest) = e->newer;
	e->newer = e->older = NULL;
}

static void link_newest(struct part *p, struct entry *e)
{
	e->older = p->newest;
	e->newer = NULL;
	*(p->newest ? &p->newest->newer : &p->oldest) = e;
	p->newest = e;
}

static void evict(struct part *p, struct entry *e)
{
	struct entry **at = &p->slots[(e->hash / PARTS) % SLOTS];

	while (*at != e) {
		at = &(*at)->next;
	}
	*at = e->next;
	unlink_use(p, e);
	entry_clear(e);
	p->bytes -= e->bytes;
	p->n--;
	e->next = p->free;
	p->free = e;
}

static struct entry *look_up(struct part *p, struct str key, uint64_t hash)
{
	for (struct entry *e = p->slots[(hash / PARTS) % SLOTS]; e; e = e->next) {
		if (e->hash == hash && e->key_n == key.n && memcmp(e->key, key.p, key.n) == 0) {
			if (e->version != web_data_version() || time_mono() > e->until) {
				evict(p, e);
				return NULL;
			}
			return e;
		}
	}
	return NULL;
}

static void grow(struct cache *c, struct part *p, struct entry *e, size_t bytes)
{
	e->bytes += bytes;
	p->bytes += bytes;
	while (p->bytes > c->max && p->oldest && p->oldest != e) {
		evict(p, p->oldest);
	}
}

/* ---- finding ---- */

static struct http_ready **form_for(struct entry *e, const struct http_request *hrq)
{
	unsigned enc = http_encodings(hrq);

	if (!e->text || http_ready_body(e->plain).n < WORTH_ENCODING) {
		return &e->plain;
	}
	return enc & HTTP_BROTLI ? &e->brotli : enc & HTTP_GZIP ? &e->gzip : &e->plain;
}

enum cache_found cache_find(struct cache *c, struct str key, const struct http_request *hrq, struct http_ready **ready)
{
	uint64_t hash = str_hash(key);
	struct part *p = &c->part[hash % PARTS];
	enum cache_found found = CACHE_NO;
	struct http_ready **form;
	struct entry *e;

	pthread_mutex_lock(&p->lock);
	e = look_up(p, key, hash);
	if (e) {
		if (p->newest != e) {
			unlink_use(p, e);
			link_newest(p, e);
		}
		form = http_etag_matches(http_header(hrq, "If-None-Match"), e->etag) ? &e->not_modified
										     : form_for(e, hrq);
		found = *form ? CACHE_YES : CACHE_ENCODE;
		if (*form) {
			*ready = http_ready_hold(*form);
			p->hits++;
		}
	} else {
		p->misses++;
	}
	pthread_mutex_unlock(&p->lock);
	return found;
}

/* ---- encodings ---- */

bool cache_is_text(struct str mime)
{
	return str_starts(mime, S("text/")) || str_starts(mime, S("application/json")) ||
	       str_starts(mime, S("image/svg")) || str_find(mime, S("+json")) > 0 || str_find(mime, S("+xml")) > 0 ||
	       str_starts(mime, S("application/xml")) || str_starts(mime, S("application/javascript"));
}

struct str cache_gzip(struct mem *m, struct str body, int level)
{
	z_stream z = {0};
	size_t room;
	char *to;
	union {
		const char *in;
		Bytef *out;
	} from = {.in = body.p};

	if (deflateInit2(&z, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		return STR_NONE;
	}
	room = deflateBound(&z, body.n);
	to = mem_get(m, room);
	z.next_in = from.out;
	z.avail_in = (uInt)body.n;
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END) {
		z.total_out = body.n;
	}
	room = z.total_out;
	deflateEnd(&z);
	return room < body.n ? (struct str){to, room} : STR_NONE;
}

static struct str brotli(struct mem *m, struct str body)
{
	size_t n = BrotliEncoderMaxCompressedSize(body.n);
	char *to = mem_get(m, n);

	if (!BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, body.n, (const uint8_t *)body.p, &n, (uint8_t *)to) ||
	    n >= body.n) {
		return STR_NONE;
	}
	return (struct str){to, n};
}

/* The kept form of an entry: its headers, another body. */
static struct http_ready *form_make(struct mem *m, const struct entry *e, struct str body, const char *encoding,
				    int status)
{
	struct http_response rs = {.mem = m, .status = status, .fd = -1, .kind = HTTP_BODY_BYTES, .body = body};

	for (size_t i = 0; i < e->n_headers; i++) {
		if (status == 304 && str_ieq(e->headers[i].name, S("Content-Type"))) {
			continue;
		}
		rs.headers[rs.n_headers++] = e->headers[i];
	}
	rs.etag = e->etag;
	if (encoding) {
		http_set(&rs, "Content-Encoding", str_of(encoding));
	}
	return http_ready_make(&rs);
}

bool cache_encode(struct cache *c, struct str key, const struct http_request *hrq, struct http_ready **ready)
{
	uint64_t hash = str_hash(key), version = 0;
	struct part *p = &c->part[hash % PARTS];
	bool br = (http_encodings(hrq) & HTTP_BROTLI) != 0, ok = false;
	struct http_ready *plain = NULL;
	struct mem *m;
	struct str body;
	struct entry *e;

	pthread_mutex_lock(&p->lock);
	e = look_up(p, key, hash);
	if (e) {
		plain = http_ready_hold(e->plain);
		version = e->version;
	}
	pthread_mutex_unlock(&p->lock);
	if (!plain) {
		return false;
	}
	m = mem_open();
	body = br ? brotli(m, http_ready_body(plain)) : cache_gzip(m, http_ready_body(plain), 6);
	pthread_mutex_lock(&p->lock);
	e = look_up(p, key, hash);
	if (e && e->version == version) {
		struct http_ready **form = br ? &e->brotli : &e->gzip;

		if (!*form) {
			*form = body.p ? form_make(m, e, body, br ? "br" : "gzip", 200) : http_ready_hold(e->plain);
			grow(c, p, e, body.n);
		}
		*ready = http_ready_hold(*form);
		ok = true;
	}
	pthread_mutex_unlock(&p->lock);
	http_ready_drop(plain);
	mem_close(m);
	return ok;
}

/* ---- keeping ---- */

static struct str keep_word(struct entry *e, size_t *used, struct str s)
{
	struct str kept = {e->words + *used, s.n};

	if (*used + s.n + 1 > sizeof(e->words)) {
		return STR_NONE;
	}
	memcpy(e->words + *used, s.p, s.n);
	e->words[*used + s.n] = 0;
	*used += s.n + 1;
	return kept;
}

static bool keep_headers(struct entry *e, const struct http_response *rs)
{
	size_t used = 0;

	e->n_headers = 0;
	for (size_t i = 0; i < rs->n_headers; i++) {
		struct str value = keep_word(e, &used, rs->headers[i].value);

		if (!value.p) {
			return false;
		}
		/* Names are constants. */
		e->headers[e->n_headers++] = (struct http_header){rs->headers[i].name, value};
	}
	return true;
}

struct http_ready *cache_put(struct cache *c, struct str key, struct http_response *rs, uint64_t version)
{
	uint64_t hash = str_hash(key);
	struct part *p = &c->part[hash % PARTS];
	struct http_ready *ready = NULL;
	struct entry *e;

	if (rs->body.n + PER_ENTRY > c->max / 4 || key.n > CACHE_KEY_MAX) {
		return NULL;
	}
	pthread_mutex_lock(&p->lock);
	e = look_up(p, key, hash);
	if (e) {
		evict(p, e);
	}
	e = p->free;
	if (e) {
		p->free = e->next;
		*e = (struct entry){.hash = hash};
	} else {
		e = mem_new(p->mem, struct entry);
	}
	if (!keep_headers(e, rs)) {
		e->next = p->free;
		p->free = e;
		pthread_mutex_unlock(&p->lock);
		return NULL;
	}
	e->hash = hash;
	e->version = version;
	e->until = time_mono() + MAX_AGE * INT64_C(1000000);
	memcpy(e->key, key.p, key.n);
	e->key_n = key.n;
	if (rs->etag.n && rs->etag.n < sizeof(e->etag_text)) { /* the handler's own says more */
		snprintf(e->etag_text, sizeof(e->etag_text), "%.*s", STR_ARG(rs->etag));
	} else {
		snprintf(e->etag_text, sizeof(e->etag_text), "W/\"%016llx\"", (unsigned long long)str_hash(rs->body));
	}
	e->etag = str_of(e->etag_text);
	e->text = cache_is_text(http_get(rs, "Content-Type"));
	e->plain = form_make(rs->mem, e, rs->body, NULL, 200);
	e->not_modified = form_make(rs->mem, e, S(""), NULL, 304);
	e->next = p->slots[(hash / PARTS) % SLOTS];
	p->slots[(hash / PARTS) % SLOTS] = e;
	link_newest(p, e);
	p->n++;
	grow(c, p, e, rs->body.n + PER_ENTRY);
	ready = http_ready_hold(e->plain);
	pthread_mutex_unlock(&p->lock);
	return ready;
}

/* ---- one at a time ---- */

bool cache_fill_begin(struct cache *c, struct str key)
{
	uint64_t hash = str_hash(key) | 1;
	struct timespec until;
	bool waited = false;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 2;
	pthread_mutex_lock(&c->fill_lock);
	for (;;) {
		size_t empty = FILLS;
		bool taken = false;

		for (size_t i = 0; i < FILLS; i++) {
			taken = taken || c->filling[i] == hash;
			empty = c->filling[i] == 0 ? i : empty;
		}
		if (!taken) {
			if (!waited && empty < FILLS) {
				c->filling[empty] = hash;
			}
			break;
		}
		waited = true;
		if (pthread_cond_timedwait(&c->filled, &c->fill_lock, &until) == ETIMEDOUT) {
			break;
		}
	}
	pthread_mutex_unlock(&c->fill_lock);
	return !waited;
}

void cache_fill_end(struct cache *c, struct str key)
{
	uint64_t hash = str_hash(key) | 1;

	pthread_mutex_lock(&c->fill_lock);
	for (size_t i = 0; i < FILLS; i++) {
		if (c->filling[i] == hash) {
			c->filling[i] = 0;
		}
	}
	pthread_cond_broadcast(&c->filled);
	pthread_mutex_unlock(&c->fill_lock);
}

struct cache_stats cache_stats(struct cache *c)
{
	struct cache_stats s = {0};

	for (size_t i = 0; i < PARTS; i++) {
		struct part *p = &c->part[i];

		pthread_mutex_lock(&p->lock);
		s.hits += p->hits;
		s.misses += p->misses;
		s.entries += p->n;
		s.bytes += p->bytes;
		pthread_mutex_unlock(&p->lock);
	}
	return s;
}
