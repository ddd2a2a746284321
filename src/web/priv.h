/*
 * What the files of web/ share about a request; rooms never include this.
 */
#ifndef WEB_PRIV_H
#define WEB_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "../html/i18n.h"
#include "../html/out.h"
#include "asset.h"
#include "asset_data.h"
#include "route.h"
#include "session.h"
#include "site.h"
#include "web.h"

#define FIELD_ERRORS_MAX 50

struct web_config_state;
struct cache;
struct limiter;

struct web {
	struct mem *mem;
	struct web_config cfg;
	struct route_table routes;
	struct cache *cache;
	struct limiter *limiter;
	struct http_server *_Atomic server; /* set once the first requests may be in already */
	struct web_worker *workers; /* list, under `lock` */
	pthread_mutex_t lock;
	int64_t started;
	_Atomic uint64_t answers[6]; /* by hundred of the status */
};

struct web_worker {
	struct web *web;
	struct db *db;
	unsigned number;
	bool borrowed; /* tests: the connection is the caller's */
	_Atomic int64_t waits_since; /* for the lock to write; 0: it does not */
	struct web_worker *next;
};

struct field_problem {
	const char *field;
	struct str reason;
};

/* The names and values of a query or form, cleaned. */
struct values {
	struct http_part *p;
	size_t n;
};

struct web_private {
	struct web *web;
	struct web_worker *worker;
	const struct route_match *match;
	struct values query, form;
	struct page_info page;
	const char *sentence; /* problem() */
	struct field_problem fields[FIELD_ERRORS_MAX];
	size_t n_fields;
	struct str session; /* the cookie's token, whether or not it is good */
	bool public_change;
	bool in_tx, tx_write, locked;
	bool private_answer;                 /* depends on who asks: never kept */
	bool paced;                          /* was counted among the proposals of its visitor */
	bool too_often;                      /* a rate limit was met */
	struct str notice_kind, notice_text; /* to be shown on this page */
	const char *csrf;                    /* the token for forms of this page */
	enum err (*stream)(struct req *rq, struct stream *s, void *arg);
	void *stream_arg;
	struct http_response *res;
};

/* dispatch.c */
bool req_is_head(const struct req *rq);
/* Commits or rolls back what is open. */
MUST_USE enum err req_end(struct req *rq, enum err e);

/* values.c */
MUST_USE enum err values_read_query(struct req *rq);
/* Takes a name out of the query, for what was settled before the handler. */
void values_forget(struct req *rq, const char *name);
MUST_USE enum err values_read_form(struct req *rq);

/* lang.c */
/* "fr"… if `s` is one of ours, else NULL. */
const char *lang_known(struct str s);
/* The visitor's language: cookie, then Accept-Language, then the site's. */
const char *lang_choose(const struct http_request *hrq, const struct site *site);

/* problem.c */
int problem_status(enum err e);
/* Fills in the answer for an error: a page, or a problem document for the API. */
void problem_answer(struct req *rq, enum err e, int status);

/* csrf.c */
const char *csrf_token(struct req *rq);
bool csrf_ok(struct req *rq);

/* headers.c */
void headers_common(struct req *rq);

/* notice.c */
void notice_read(struct req *rq);

/* limit.c */
struct limiter *limiter_open(struct mem *m);
void limiter_close(struct limiter *l);
/* Takes one from the bucket of this visitor and act; false when it is empty. */
bool limiter_take(struct limiter *l, const struct http_addr *who, const char *act, unsigned per_hour);

#endif
