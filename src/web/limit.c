/*
 * How often somebody does something, in memory only. An address is known by a hash whose key is random and changes every
 * day, so that nothing written anywhere, nor a copy of this memory a day later, tells who came. IPv6 counts by /64.
 */
#include <pthread.h>

#include "priv.h"

#include "../base/rand.h"
#include "../base/time.h"
#include "../crypt/crypt.h"

#define SLOTS 32768
#define PROBES 8

struct bucket {
	uint64_t key;
	float tokens;
	uint32_t at; /* seconds of the monotonic clock */
};

struct limiter {
	pthread_mutex_t lock;
	struct crypt_key key;
	int64_t day;
	struct bucket *b;
};

struct limiter *limiter_open(struct mem *m)
{
	struct limiter *l = mem_new(m, struct limiter);

	pthread_mutex_init(&l->lock, NULL);
	l->b = mem_array(m, struct bucket, SLOTS);
	l->day = -1;
	return l;
}

void limiter_close(struct limiter *l)
{
	pthread_mutex_destroy(&l->lock);
}

/* With the lock held: a new key each day, and with it a clean slate. */
static void turn_day(struct limiter *l)
{
	int64_t day = time_now() / TIME_DAY;

	if (day != l->day) {
		rand_bytes(&l->key, sizeof(l->key));
		memset(l->b, 0, SLOTS * sizeof(*l->b));
		l->day = day;
	}
}

static uint64_t key_of(const struct limiter *l, const struct http_addr *who, const char *act)
{
	struct mem *m = mem_open();
	struct buf b = buf_make(m, 256);
	bool v4 = who->ip[10] == 0xff && who->ip[11] == 0xff && who->ip[0] == 0;
	struct str h;
	uint64_t k;

	buf_put_bytes(&b, who->ip, v4 ? 16 : 8);
	buf_put(&b, str_of(act));
	h = crypt_keyed_hash(m, &l->key, buf_str(&b), 16);
	k = str_hash(h);
	mem_close(m);
	return k ? k : 1;
}

/* The bucket of a key, or else the one nearest to full among those it may use: what is forgotten then matters least. */
static struct bucket *find(struct limiter *l, uint64_t key, uint32_t now, float full)
{
	struct bucket *best = NULL;

	for (size_t i = 0; i < PROBES; i++) {
		struct bucket *b = &l->b[(key + i) % SLOTS];

		if (b->key == key) {
			return b;
		}
		if (!best || b->key == 0 || (best->key && b->at < best->at)) {
			best = b;
		}
		if (b->key == 0) {
			break;
		}
	}
	*best = (struct bucket){.key = key, .tokens = full, .at = now};
	return best;
}

bool limiter_take(struct limiter *l, const struct http_addr *who, const char *act, unsigned per_hour)
{
	uint32_t now = (uint32_t)(time_mono() / 1000000);
	struct bucket *b;
	bool ok;

	if (!who->known) {
		/* A Unix socket whose proxy does not say for whom: all count as one. */
		per_hour *= 50;
	}
	pthread_mutex_lock(&l->lock);
	turn_day(l);
	b = find(l, key_of(l, who, act), now, (float)per_hour);
	b->tokens += (float)(now - b->at) * (float)per_hour / 3600.0f;
	b->tokens = b->tokens > (float)per_hour ? (float)per_hour : b->tokens;
	b->at = now;
	ok = b->tokens >= 1.0f;
	if (ok) {
		b->tokens -= 1.0f;
	}
	pthread_mutex_unlock(&l->lock);
	return ok;
}
