/*
 * The official points of communes: the page that says what the map knows, and the button that asks the State's open server for
 * the rest. Nothing is asked before the administrator presses it.
 */
#include <stdio.h>
#include <unistd.h>

#include "../../base/limits.h"
#include "../../base/log.h"
#include "../../base/url.h"
#include "../../core/atlas.h"
#include "../../db/db.h"
#include "../../html/i18n.h"
#include "../../http/fetch.h"
#include "../../http/gunzip.h"
#include "../../job/job.h"
#include "../../web/site.h"
#include "exchange.sql.h"
#include "exchange_territories.html.h"
#include "import_kind.h"
#include "territory_fetch.h"

/* Every commune in force with its centre, as GeoJSON: some six megabytes. */
#define OFFICIAL "https://geo.api.gouv.fr/communes?fields=code,nom&format=geojson&geometry=centre"
#define FETCH_MAX ((int64_t)MIB(64))

/* Tries of the job: the last one says that it failed. */
enum { FETCH_TRIES = 3, RUNS_LOOKED_AT = 50 };

static enum err last_run(struct req *rq, struct territory_points_view *p)
{
	struct import_runs_row *rows;
	size_t n;

	TRY(import_runs(rq->db, RUNS_LOOKED_AT, rq->mem, &rows, &n));
	for (size_t i = 0; i < n && !p->run; i++) {
		if (str_eq(rows[i].kind, S("territories"))) {
			p->run = rows[i].id;
			p->run_state = rows[i].state;
			p->run_at = rows[i].started_at;
		}
	}
	return OK;
}

static enum err show(struct req *rq, struct str url, const char *error)
{
	struct territory_points_view *p = mem_new(rq->mem, struct territory_points_view);
	struct territory_point_count_row row;

	TRY(territory_point_count(rq->db, rq->mem, &row));
	TRY(last_run(rq, p));
	p->official = row.total;
	p->url = url;
	p->error = error ? str_of(T(rq, error)) : STR_NONE;
	for (atlas_id id = atlas_next(ATLAS_COMMUNE, 0); id; id = atlas_next(ATLAS_COMMUNE, id)) {
		struct territory t;
		if (atlas_get(id, &t)) {
			p->communes++;
			p->approximate += t.point == ATLAS_POINT_APPROX;
		}
	}
	p->source = str_of("geo.api.gouv.fr");
	return page(rq, str_of(T(rq, N_("Points of territories"))), territory_points_show, p);
}

enum err territory_points_page(struct req *rq)
{
	return show(rq, S(OFFICIAL), NULL);
}

/* The run is made at once: its page tells how far it is, and what went wrong. */
enum err territory_points_ask(struct req *rq)
{
	struct str typed = str_trim(req_form(rq, "url"));
	struct import_run_add_row run;
	struct url url = {S(OFFICIAL)};

	if (typed.n && (url_parse(rq->mem, typed, &url) != OK || !(str_starts(url.s, S("https://")) || str_starts(url.s, S("http://"))))) {
		req_status(rq, 422);
		return show(rq, typed, N_("This is not a web address: copy it from the browser, it begins with https://"));
	}
	TRY(import_run_add(rq->db, S("territories"), S("live"), url.s, rq->who.account, rq->now, rq->mem, &run));
	TRY(job_add(rq->db, "territory-points", str_fmt(rq->mem, "%lld %.*s", (long long)run.id, STR_ARG(url.s)), S("territory-points"), 0));
	return redirect(rq, link_to(rq, "/admin/import/run/:id", str_fmt(rq->mem, "%lld", (long long)run.id)));
}

/* ---- the work -------------------------------------------------------------------------------------------------------- */

enum err territory_points_read(const struct job_ctx *ctx, int64_t run, struct str url, int fd)
{
	const struct import_kind *kind = import_kind_find(S("territories"), NULL);
	struct import im = {.mem = ctx->mem, .db = ctx->db, .source = url, .lang = S("fr"), .run = run, .now = ctx->now,
			    .speak = ctx->site && ctx->site->n_langs ? ctx->site->langs[0] : "fr"};
	enum err e = import_open(ctx->mem, fd, STR_NONE, &im.reader);

	if (e == OK) {
		e = kind->run(&im);
	} else if (im.reader && im.reader->what) {
		import_say(&im, "rejected", S(""), tr(lang_catalogue(im.speak), im.reader->what));
	}
	log_info("official points: %lld read, %lld new, %lld changed, %lld not understood", (long long)im.read,
		 (long long)im.created, (long long)im.updated, (long long)im.rejected);
	if (e != OK && e != E_INVALID && e != E_LIMIT) {
		return e;
	}
	return run ? import_run_close(&im, e == OK) : e;
}

/* What came, unpacked if it is packed, in another passing file. */
static enum err unpacked(FILE *from, FILE **out)
{
	*out = from;
	if (!gunzip_is(fileno(from))) {
		return OK;
	}
	*out = tmpfile();
	if (!*out) {
		*out = from;
		return fail(E_IO, "no room for a passing file");
	}
	return gunzip(fileno(from), fileno(*out), FETCH_MAX);
}

/* Told on the page of the run, in the site's language; the network's own words follow. */
static enum err give_up(const struct job_ctx *ctx, int64_t run, struct str why)
{
	const struct i18n *words = lang_catalogue(ctx->site && ctx->site->n_langs ? ctx->site->langs[0] : "fr");
	struct import im = {.mem = ctx->mem, .db = ctx->db, .run = run};

	log_warn("official points: %.*s", STR_ARG(why));
	import_say(&im, "rejected", S(""),
		   str_fmt(ctx->mem, "%.*s %.*s", STR_ARG(tr(words, N_("The file could not be fetched; nothing was changed:"))), STR_ARG(why)));
	return run ? import_run_close(&im, false) : OK;
}

static enum err fetch_and_read(const struct job_ctx *ctx, int64_t run, struct str url, FILE *f, struct str *why)
{
	struct fetch_answer got = {.error = STR_NONE};
	struct fetch_ask ask = {.url = url, .etag = STR_NONE, .modified = STR_NONE, .to = fileno(f), .max = FETCH_MAX};
	FILE *plain = f;
	enum err e = fetch(ctx->mem, &ask, &got);

	*why = got.error;
	if (e == OK) {
		e = unpacked(f, &plain);
		*why = e == E_LIMIT ? S("the file is too large") : e == E_INVALID ? S("the archive is broken") : STR_NONE;
		e = e == E_LIMIT || e == E_INVALID ? E_REMOTE : e;
	}
	if (e == OK && lseek(fileno(plain), 0, SEEK_SET) != 0) {
		e = E_IO;
	}
	e = e == OK ? territory_points_read(ctx, run, url, fileno(plain)) : e;
	if (plain != f) {
		fclose(plain);
	}
	return e;
}

enum err territory_points_fetch(const struct job_ctx *ctx, int64_t run, struct str url, bool last)
{
	FILE *f = tmpfile();
	struct str why = STR_NONE;
	enum err e;

	if (!f) {
		return fail(E_IO, "no room for a passing file");
	}
	e = fetch_and_read(ctx, run, url, f, &why);
	fclose(f);
	if (e == E_REMOTE && last) {
		TRY(give_up(ctx, run, why));
	}
	return e;
}

enum err territory_points_job(const struct job_ctx *ctx, const struct job *job)
{
	struct str url = job->payload, number = str_cut(&url, ' ');
	bool last = job->attempts >= FETCH_TRIES;
	int64_t run = 0;
	enum err e;

	if (!str_to_i64(number, &run) || !url.n) {
		return OK; /* of an older version: asked again by whoever wants it */
	}
	e = territory_points_fetch(ctx, run, url, last);
	return e == E_REMOTE && last ? OK : e;
}
