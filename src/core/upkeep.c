/*
 * See upkeep.h. Both may run twice, or be killed halfway: what is left is found the next day.
 */
#include "upkeep.h"

#include "../base/log.h"
#include "../db/db.h"
#include "media.h"
#include "object.sql.h"

enum err upkeep_job_media(const struct job_ctx *ctx, const struct job *job)
{
	size_t removed = 0;

	(void)job;
	TRY(media_purge(ctx->db, ctx->mem, ctx->now, &removed));
	if (removed) {
		log_info("%zu files that nothing names were removed", removed);
	}
	return OK;
}

static enum err trim(struct db *db, struct mem *m)
{
	struct object_change_range_row r;

	TRY(object_change_range(db, m, &r));
	return r.last - UPKEEP_CHANGES > r.first ? object_change_trim(db, r.last - UPKEEP_CHANGES) : OK;
}

enum err upkeep_job_changes(const struct job_ctx *ctx, const struct job *job)
{
	enum err e;

	(void)job;
	TRY(db_begin(ctx->db, DB_WRITE));
	e = trim(ctx->db, ctx->mem);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	return db_commit(ctx->db);
}
