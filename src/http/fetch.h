/*
 * Reads an address of another site, for jobs: http and https only, few redirects, bounded size and time, and never an address
 * of this machine or of a private network, whatever the name resolves to and wherever it redirects, but for those that whoever
 * runs the machine allowed (--allow-fetch).
 */
#ifndef HTTP_FETCH_H
#define HTTP_FETCH_H

#include <sys/socket.h>

#include "../base/err.h"
#include "../base/str.h"

struct fetch_ask {
	struct str url;
	struct str etag, modified; /* of the last time: asks for what changed since */
	int to;                    /* descriptor that the body is written to */
	int64_t max;               /* bytes */
};

struct fetch_answer {
	int status;
	bool unchanged;            /* 304 */
	struct str etag, modified;
	struct str error;          /* for the administrator */
};

/* OK also for 304. E_REMOTE with a.error otherwise: refused, too large, too slow, not found. */
MUST_USE enum err fetch(struct mem *m, const struct fetch_ask *ask, struct fetch_answer *a);
/* Allows a range of addresses, "10.1.0.0/16" or one: at start, before threads. False if it is none, or there are too many. */
bool fetch_allow(struct str range);
/* False for addresses that only this machine or its neighbours should reach. */
bool fetch_is_public(const struct sockaddr *sa);

#endif
