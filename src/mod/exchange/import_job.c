/*
 * The work behind the page of imports, outside requests.
 */
#include <unistd.h>

#include "import_kind.h"
#include "import_page.h"

#include "../../base/time.h"
#include "../../db/db.h"
#include "../../html/i18n.h"
#include "../../job/job.h"
#include "../../web/site.h"

static enum err file_by(const struct job_ctx *ctx, int64_t id, struct import_file_by_id_row *file)
{
	TRY(db_begin(ctx->db, DB_READ));
	enum err e = import_file_by_id(ctx->db, id, ctx->mem, file);
	db_rollback(ctx->db);
	return e;
}

static enum err set_state(struct db *db, int64_t run, int64_t state)
{
	TRY(db_begin(db, DB_WRITE));
	enum err e = import_run_state(db, run, state);
	if (e != OK) {
		db_rollback(db);
		return e;
	}
	return db_commit(db);
}

/* What was read stays on disk until its import ended, so that a killed server goes on with it. */
static enum err forget_file(const struct job_ctx *ctx, const struct import_file_by_id_row *file)
{
	TRY(db_begin(ctx->db, DB_WRITE));
	enum err e = import_file_drop(ctx->db, file->id);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	TRY(db_commit(ctx->db));
	import_unlink(ctx->mem, file->path);
	return OK;
}

enum err import_job(const struct job_ctx *ctx, const struct job *job)
{
	struct import_file_by_id_row file;
	const struct import_kind *kind;
	struct import im;
	int64_t id;
	int fd = -1;
	enum err e = str_to_i64(job->payload, &id) ? file_by(ctx, id, &file) : E_NOTFOUND;

	if (e == E_NOTFOUND) {
		return OK; /* it ended already */
	}
	TRY(e);
	kind = import_kind_find(file.kind, entity_find(file.kind));
	e = kind ? import_prepare(ctx->mem, ctx->db, &file, ctx->site->n_langs ? ctx->site->langs[0] : "fr", &fd, &im) : E_NOTFOUND;
	if (e == OK) {
		im.run = file.run.v;
		im.job = ctx;
		e = kind->run(&im);
		if (e == OK && !im.entity) {
			e = import_run_close(&im, true);
		}
	}
	if (fd >= 0) {
		close(fd);
	}
	if ((e == E_INVALID || e == E_LIMIT) && im.said.n == 0 && im.reader && im.reader->what) { /* not even begun */
		im.run = file.run.v;
		im.line = im.reader->what_line;
		import_say(&im, "rejected", S(""), tr(lang_catalogue(im.speak), im.reader->what));
		TRY(import_run_close(&im, false));
	}
	if (e == E_BUSY || e == E_IO) {
		return e; /* tried again */
	}
	if (e != OK) {
		TRY(set_state(ctx->db, file.run.v, 2));
	}
	return forget_file(ctx, &file);
}

enum err import_undo_job(const struct job_ctx *ctx, const struct job *job)
{
	struct str account = job->payload, run_text = str_cut(&account, ' ');
	struct act act = {.verb = "undo", .now = ctx->now, .public_change = true, .note = STR_NONE};
	size_t undone = 0, kept = 0;
	int64_t run;
	enum err e;

	if (!str_to_i64(run_text, &run) || !str_to_i64(account, &act.account)) {
		return OK;
	}
	TRY(db_begin(ctx->db, DB_WRITE));
	e = object_undo_import(ctx->db, ctx->mem, run, &act, &undone, &kept);
	e = e == OK ? import_run_state(ctx->db, run, 3) : e;
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	return db_commit(ctx->db);
}

/* Files that were sent and never imported. */
enum err import_purge_job(const struct job_ctx *ctx, const struct job *job)
{
	struct import_files_old_row *rows;
	size_t n = 0;
	enum err e;

	(void)job;
	TRY(db_begin(ctx->db, DB_WRITE));
	e = import_files_old(ctx->db, ctx->now - 2 * TIME_DAY, 1000, ctx->mem, &rows, &n);
	for (size_t i = 0; e == OK && i < n; i++) {
		e = import_file_drop(ctx->db, rows[i].id);
		import_unlink(ctx->mem, rows[i].path);
	}
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	return db_commit(ctx->db);
}
