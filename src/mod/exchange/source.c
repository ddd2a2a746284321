/*
 * The work of live sources. See source.h.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "import_page.h"

#include "../../base/limits.h"
#include "../../base/time.h"
#include "../../core/proposal.h"
#include "../../db/db.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"
#include "../../http/fetch.h"
#include "../../http/gunzip.h"
#include "../../job/job.h"
#include "../../web/site.h"
#include "../../web/web.h"

static enum err take_away(struct import *im, struct mem *m, const struct source_by_id_row *s, int64_t object)
{
	struct act act = {.verb = "source", .account = s->account, .now = im->now, .import_run = im->run, .public_change = true,
			  .note = s->name};
	struct proposal p = {.type = PROP_WITHDRAW, .object_id = object, .lang = S("fr"), .account = s->account, .mail = S(""),
			     .name = S(""), .note = s->name};
	struct object ob;
	struct str token;

	TRY(source_forget(im->db, s->id, object));
	TRY(object_by_id(im->db, m, object, &ob));
	if (ob.status == ST_PROPOSED && !s->trusted) {
		return object_set_status(im->db, m, object, ST_REMOVED, &act);
	}
	if (ob.status != ST_PUBLISHED) {
		return OK;
	}
	p.base_version = ob.version;
	return s->trusted ? object_set_status(im->db, m, object, ST_ARCHIVED, &act) : proposal_create(im->db, m, &p, im->now, &token);
}

/* What the source has no more: counted, and after some times in a row taken away. */
static enum err follow_gone(struct import *im, struct mem *m, const struct source_by_id_row *s)
{
	struct source_gone_row *rows;
	size_t n = 0;

	TRY(source_missed(im->db, s->id, im->now));
	if (s->misses_max == 0) {
		return OK;
	}
	TRY(source_gone(im->db, s->id, s->misses_max, m, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(take_away(im, m, s, rows[i].object));
	}
	return OK;
}

enum err source_take(struct mem *m, struct db *db, const struct source_by_id_row *s, int fd, const char *speak, struct import *im)
{
	const struct entity *e = entity_find(s->kind);
	struct mapping *mp = mem_new(m, struct mapping);
	struct import_chosen c;
	enum err err;

	*im = (struct import){.mem = m, .db = db, .entity = e, .mapping = mp, .speak = speak, .account = s->account,
			      .propose = !s->trusted, .live = s->id, .job = im->job};
	if (!e) {
		return E_NOTFOUND;
	}
	TRY(import_chosen_read(m, s->options, &c));
	mapping_open(mp, m, e);
	for (size_t i = 0; i < json_get(&c.options, "map")->n; i++) {
		(void)mapping_set(mp, json_get(&c.options, "map")->keys[i], json_get(&c.options, "map")->items[i].text);
	}
	im->source = str_fmt(m, "source:%lld", (long long)s->id);
	im->lang = c.lang.n ? c.lang : str_of(speak);
	im->territory = c.territory;
	TRY(import_open(m, fd, STR_NONE, &im->reader));
	TRY(import_all(im));
	if (im->read == im->rejected) {
		return OK; /* an empty or wholly unreadable list tells nothing about who is gone */
	}
	TRY(db_begin(db, DB_WRITE));
	err = follow_gone(im, m, s);
	if (err != OK) {
		db_rollback(db);
		return err;
	}
	return db_commit(db);
}

static int scratch_file(struct mem *m)
{
	struct str dir = web_data_dir();
	int fd = open(dir.n ? str_c(m, dir) : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

/* Some sites keep their lists packed. */
static enum err unpack(struct mem *m, int *fd, struct fetch_answer *a)
{
	enum err e;
	int plain;

	if (!gunzip_is(*fd)) {
		return OK;
	}
	plain = scratch_file(m);
	if (plain < 0) {
		return fail(E_IO, "live source: %s", strerror(errno));
	}
	e = gunzip(*fd, plain, (int64_t)LIMIT_WEB_UPLOAD);
	a->error = e == E_LIMIT ? S("the file is too large") : e == E_INVALID ? S("the archive is broken") : STR_NONE;
	close(*fd);
	*fd = plain;
	return e == E_LIMIT ? E_INVALID : e;
}

static enum err note_result(const struct job_ctx *ctx, const struct source_by_id_row *s, const struct fetch_answer *a, int64_t run)
{
	struct source_fetched_in in = {.id = s->id, .next_at = ctx->now + s->every_hours * TIME_HOUR, .fetched_at = ctx->now,
				       .etag = a->error.n ? STR_NONE : a->unchanged && !a->etag.n ? s->etag : a->etag,
				       .modified = a->error.n ? STR_NONE : a->unchanged && !a->modified.n ? s->modified : a->modified,
				       .error = a->error.n ? a->error : STR_NONE,
				       .run = run ? (struct opt_int){true, run} : s->run};
	enum err e;

	TRY(db_begin(ctx->db, DB_WRITE));
	e = source_fetched(ctx->db, &in);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	return db_commit(ctx->db);
}

static enum err read_source(const struct job_ctx *ctx, struct mem *m, int64_t id)
{
	struct source_by_id_row s;
	struct fetch_answer a;
	struct import im = {.job = ctx};
	enum err e;
	int fd;

	TRY(db_begin(ctx->db, DB_READ));
	e = source_by_id(ctx->db, id, m, &s);
	db_rollback(ctx->db);
	TRY(e);
	fd = scratch_file(m);
	if (fd < 0) {
		return fail(E_IO, "live source: %s", strerror(errno));
	}
	struct fetch_ask ask = {.url = s.url, .etag = s.etag, .modified = s.modified, .to = fd, .max = (int64_t)LIMIT_WEB_UPLOAD};
	e = fetch(m, &ask, &a);
	if (e == OK && !a.unchanged) {
		e = unpack(m, &fd, &a);
	}
	if (e == OK && !a.unchanged) {
		e = source_take(m, ctx->db, &s, fd, ctx->site->n_langs ? ctx->site->langs[0] : "fr", &im);
		if (e == E_INVALID) {
			a.error = im.reader && im.reader->what ? tr(lang_catalogue(im.speak), im.reader->what) : S("the file cannot be read");
		}
	}
	close(fd);
	if (e != OK && e != E_REMOTE && e != E_INVALID) {
		return e;
	}
	return note_result(ctx, &s, &a, im.run);
}

enum err sources_job(const struct job_ctx *ctx, const struct job *job)
{
	struct sources_due_row *due;
	size_t n = 0;
	enum err e;

	(void)job;
	TRY(db_begin(ctx->db, DB_READ));
	e = sources_due(ctx->db, ctx->now, ctx->mem, &due, &n);
	db_rollback(ctx->db);
	TRY(e);
	for (size_t i = 0; i < n; i++) {
		struct mem *m = mem_open();

		e = read_source(ctx, m, due[i].id);
		mem_close(m);
		TRY(e);
		TRY(job_renew(ctx));
	}
	return OK;
}
