/*
 * What the server tidies by itself, once a day: jobs that belong to no room.
 */
#ifndef CORE_UPKEEP_H
#define CORE_UPKEEP_H

#include "../job/job.h"

/* Changes remembered for the indexes kept in memory; who is further behind makes its index anew. */
#define UPKEEP_CHANGES 100000

/* Removes attached files that nothing names any more. */
enum err upkeep_job_media(const struct job_ctx *ctx, const struct job *job);
/* Forgets changes that every index has long taken up. */
enum err upkeep_job_changes(const struct job_ctx *ctx, const struct job *job);

#endif
