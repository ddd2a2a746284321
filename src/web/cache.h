/*
 * Pages kept as they were sent: an anonymous page is answered from here by the I/O thread until public data changes. Bounded
 * in bytes; the least recently used leave first. Compressed forms are made when first asked for. Nothing that depends on
 * who asks ever comes here: the dispatcher sees to it.
 */
#ifndef WEB_CACHE_H
#define WEB_CACHE_H

#include "../http/response.h"

struct cache;

#define CACHE_KEY_MAX 300

/* `bytes` 0 is 16 MiB; `m` outlives it. */
struct cache *cache_open(struct mem *m, size_t bytes);
void cache_close(struct cache *c);

/* The key of a request, in `to`; false if its answer is never kept: other methods, cookies that matter, credentials. */
bool cache_key(const struct http_request *hrq, char to[CACHE_KEY_MAX], size_t *n);

enum cache_found { CACHE_NO, CACHE_YES, CACHE_ENCODE /* there, but not yet in the encoding that is wanted */ };
/* On CACHE_YES `*ready` is a reference for the caller. Short: a lock and a look-up. */
enum cache_found cache_find(struct cache *c, struct str key, const struct http_request *hrq, struct http_ready **ready);
/* Makes the encoding that CACHE_ENCODE lacked; false if the page has gone meanwhile. Takes milliseconds: workers only. */
bool cache_encode(struct cache *c, struct str key, const struct http_request *hrq, struct http_ready **ready);
/* Keeps a whole answer (BYTES) that was made from data of `version`, and gives the form to send now. */
struct http_ready *cache_put(struct cache *c, struct str key, struct http_response *rs, uint64_t version);

/* One worker makes a page, others that want the same one wait for it (not longer than two seconds). False: somebody made it
 * meanwhile, look again. True: make it, then call cache_fill_end(). */
bool cache_fill_begin(struct cache *c, struct str key);
void cache_fill_end(struct cache *c, struct str key);

struct cache_stats {
	uint64_t hits, misses, entries, bytes;
};
/* Since it was opened. */
struct cache_stats cache_stats(struct cache *c);

/* gzip of a text for one answer, at a quick level; STR_NONE when that is no gain. */
struct str cache_gzip(struct mem *m, struct str body, int level);
/* True for types that compress. */
bool cache_is_text(struct str mime);

#endif
