/*
 * The work behind the page of imports: a file sent becomes objects, and goes away; a whole import is taken back.
 */
#include <stdio.h>
#include <unistd.h>

#include "thing.h"

#include "base/time.h"
#include "db/db.h"
#include "job.sql.h"
#include "job/job.h"
#include "mod/exchange/import_page.h"
#include "web/site.h"

static int64_t sent(struct t *t, const char *path, const char *text, const char *options, int64_t *run)
{
	struct import_file_add_row file = {0};
	struct import_run_add_row r = {0};
	FILE *f = fopen(path, "wb");

	T_TRUE(f && fputs(text, f) >= 0 && fclose(f) == 0);
	(void)t_eq_err(t, T_AT("begin"), OK, db_begin(t->db, DB_WRITE));
	(void)t_eq_err(t, T_AT("file"), OK, import_file_add(t->db, &(struct import_file_add_in){
		.path = str_of(path), .name = S("liste-en.csv"), .kind = S("things"), .size = 1, .account = 7, .created_at = T_NOW,
		.options = str_of(options)}, t->mem, &file));
	(void)t_eq_err(t, T_AT("run"), OK, import_run_add(t->db, S("thing"), S("file"), S("liste"), 7, T_NOW, t->mem, &r));
	(void)t_eq_err(t, T_AT("set"), OK, import_file_run(t->db, file.id, r.id));
	(void)t_eq_err(t, T_AT("commit"), OK, db_commit(t->db));
	*run = r.id;
	return file.id;
}

static struct import_run_by_id_row run_now(struct t *t, int64_t id)
{
	struct import_run_by_id_row r = {0};

	(void)t_eq_err(t, T_AT("run"), OK, import_run_by_id(t->db, id, t->mem, &r));
	return r;
}

static void a_file_is_brought_in(struct t *t)
{
	static const struct site site = {.langs = {"fr"}, .n_langs = 1};
	struct job_ctx ctx = {.db = t->db, .mem = t->mem, .site = &site, .now = T_NOW};
	const char *path = t_tmp(t, "sent");
	struct object ob;
	int64_t run, id, file;

	thing_start(t);
	file = sent(t, path, "Libell\xc3\xa9;Ton\nOne;red\nTwo;green\n;x\n",
		    "{\"map\":{\"Libell\xc3\xa9\":\"name\",\"Ton\":\"type\"},\"source\":\"ma liste\"}", &run);
	struct job job = {.payload = str_fmt(t->mem, "%lld", (long long)file)};
	T_OK(import_job(&ctx, &job));
	struct import_run_by_id_row r = run_now(t, run);
	T_EQ(r.state, 1);
	T_EQ(r.n_read, 3);
	T_EQ(r.n_created, 2);
	T_EQ(r.n_rejected, 1);
	T_TRUE(access(path, F_OK) != 0);
	T_OK(object_id_of(t->db, t->mem, &thing_entity, S("one"), &id));
	T_OK(object_by_id(t->db, t->mem, id, &ob));
	T_STR(ob.source, "ma liste");
	T_STR(ob.lang, "en");
	struct import_lines_row *lines;
	size_t n;
	T_OK(import_lines(t->db, run, 0, 10, t->mem, &lines, &n));
	T_NEED(n == 1);
	T_EQ(lines[0].line, 4);
	/* A job that runs a second time finds nothing left to do. */
	T_OK(import_job(&ctx, &job));
	struct job undo = {.payload = str_fmt(t->mem, "%lld 7", (long long)run)};
	T_OK(import_undo_job(&ctx, &undo));
	T_EQ(run_now(t, run).state, 3);
	T_OK(object_by_id(t->db, t->mem, id, &ob));
	T_EQ((int)ob.status, ST_REMOVED);
}

static void a_broken_file_says_so(struct t *t)
{
	static const struct site site = {.langs = {"fr"}, .n_langs = 1};
	struct job_ctx ctx = {.db = t->db, .mem = t->mem, .site = &site, .now = T_NOW};
	const char *path = t_tmp(t, "broken");
	int64_t run, file;

	thing_start(t);
	file = sent(t, path, "[{\"name\":\"One\"},{\"name\":", "{}", &run);
	struct job job = {.payload = str_fmt(t->mem, "%lld", (long long)file)};
	T_OK(import_job(&ctx, &job));
	T_EQ(run_now(t, run).state, 2);
	T_EQ(run_now(t, run).n_created, 1);
}

static int64_t queued(struct t *t)
{
	struct job_claim_row row = {.id = 0};

	(void)t_eq_err(t, T_AT("job_add"), OK, job_add(t->db, "import", S("1"), STR_NONE, 0));
	(void)t_eq_err(t, T_AT("job_claim"), OK, job_claim(t->db, time_now(), time_now() + 10 * TIME_MINUTE, t->mem, &row));
	return row.id;
}

static enum err claimed_by_another(struct t *t)
{
	struct job_claim_row row;

	return job_claim(t->db, time_now(), time_now() + 10 * TIME_MINUTE, t->mem, &row);
}

static void a_lease_is_kept(struct t *t)
{
	struct job_lease lease = {.job = queued(t), .until = time_now() + 10 * TIME_MINUTE};
	struct job_ctx ctx = {.db = t->db, .mem = t->mem, .lease = &lease};
	uint64_t ran = db_ran(t->db);

	T_OK(job_renew(&ctx));
	T_EQ(db_ran(t->db), ran); /* nothing to write yet */
	time_set(time_now() + 6 * TIME_MINUTE);
	T_OK(job_renew(&ctx));
	time_set(time_now() + 6 * TIME_MINUTE);
	T_ERR(E_NOTFOUND, claimed_by_another(t));
	/* A server that slept: the job is another's, and this one learns it. */
	time_set(time_now() + 20 * TIME_MINUTE);
	T_OK(claimed_by_another(t));
	T_ERR(E_BUSY, job_renew(&ctx));
	T_TRUE(lease.lost);
	T_ERR(E_BUSY, job_renew(&ctx));
}

/* Each batch of this import takes three minutes. */
static void slowly(void *ctx, const struct import *im)
{
	(void)ctx;
	(void)im;
	time_set(time_now() + 3 * TIME_MINUTE);
}

static void a_long_import_keeps_its_lease(struct t *t)
{
	const char *path = t_tmp(t, "long");
	FILE *f = fopen(path, "wb+");
	struct mapping mp;

	thing_start(t);
	T_NEED(f != NULL);
	fputs("name\n", f);
	for (int i = 0; i < 3000; i++) {
		fprintf(f, "Thing number %d\n", i);
	}
	T_TRUE(fflush(f) == 0);
	rewind(f);
	struct job_lease lease = {.job = queued(t), .until = time_now() + 10 * TIME_MINUTE};
	struct job_ctx ctx = {.db = t->db, .mem = t->mem, .lease = &lease};
	mapping_open(&mp, t->mem, &thing_entity);
	struct import im = {.mem = t->mem, .db = t->db, .entity = &thing_entity, .mapping = &mp, .speak = "en", .source = S("long"),
			    .lang = S("en"), .job = &ctx, .at_once = 500, .progress = slowly};
	T_OK(import_open(t->mem, fileno(f), STR_NONE, &im.reader));
	T_OK(import_all(&im));
	T_EQ(im.created, 3000);
	T_TRUE(time_now() > T_NOW + 15 * TIME_MINUTE);
	T_ERR(E_NOTFOUND, claimed_by_another(t));
	/* The same, but another has it: the import stops at its batch, and is not said to have ended. */
	lease.lost = true;
	time_set(time_now() + 9 * TIME_MINUTE);
	rewind(f);
	T_OK(import_open(t->mem, fileno(f), STR_NONE, &im.reader));
	im.run = im.created = im.unchanged = im.read = 0;
	T_ERR(E_BUSY, import_all(&im));
	T_EQ(im.read, 500);
	fclose(f);
}

static const struct t_case cases[] = {
	{"a file that was sent is brought in and taken back", a_file_is_brought_in, T_DB | T_SCHEMA},
	{"a job keeps its lease, or learns that it lost it", a_lease_is_kept, T_DB | T_SCHEMA},
	{"an import that lasts keeps its lease", a_long_import_keeps_its_lease, T_DB | T_SCHEMA},
	{"a file that breaks off says so", a_broken_file_says_so, T_DB | T_SCHEMA},
};
T_SUITE(import_job, cases)
