/*
 * The official points of communes, fetched when the administrator asks.
 */
#ifndef EXCHANGE_TERRITORY_FETCH_H
#define EXCHANGE_TERRITORY_FETCH_H

#include "../../web/req.h"

struct job_ctx;
struct job;

struct territory_points_view {
	int64_t communes, approximate, official;
	struct str source, url, error;
	int64_t run, run_state, run_at; /* the last one; 0 if there was none */
};

/* The page, its button, and the work that the button queues. */
enum err territory_points_page(struct req *rq);
enum err territory_points_ask(struct req *rq);
enum err territory_points_job(const struct job_ctx *ctx, const struct job *job);
/* What the job does: asks an address, and reads what comes, packed or not. What it did is kept with the run (0: with none); the last try
 * tells there why nothing came. */
MUST_USE enum err territory_points_fetch(const struct job_ctx *ctx, int64_t run, struct str url, bool last);
MUST_USE enum err territory_points_read(const struct job_ctx *ctx, int64_t run, struct str url, int fd);

#endif
