/*
 * Live sources: an address, a schedule, and whether its word is enough. What changes there changes here, or is proposed; what
 * is gone there for some time is archived here.
 */
#ifndef EXCHANGE_SOURCE_H
#define EXCHANGE_SOURCE_H

#include "import.h"
#include "source.sql.h"

struct job_ctx;
struct job;

/* Takes in what a source has now, from a file. `im` (its `job` set, or empty) tells what became of it. E_INVALID when the file is none of ours. */
MUST_USE enum err source_take(struct mem *m, struct db *db, const struct source_by_id_row *s, int fd, const char *speak,
			      struct import *im);
/* Reads all that are due. */
enum err sources_job(const struct job_ctx *ctx, const struct job *job);

/* The page, a new one, and what is done with one. */
enum err sources_home(struct req *rq);
enum err sources_add(struct req *rq);
enum err sources_act(struct req *rq);

struct source_choice {
	struct str value, label;
};

struct sources_page {
	struct sources_all_row *rows;
	size_t n;
	struct source_choice kinds[32];
	size_t n_kinds;
	/* what was typed, when something of it was wrong */
	struct str name, url, kind, map, error;
};

#endif
