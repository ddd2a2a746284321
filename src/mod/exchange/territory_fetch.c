/*
 * The official points of communes: the page that says what the map knows, and the button that asks the State's open server for
 * the rest. Nothing is asked before the administrator presses it.
 */
#include <stdio.h>
#include <unistd.h>

#include "../../base/limits.h"
#include "../../base/log.h"
#include "../../core/atlas.h"
#include "../../http/fetch.h"
#include "../../job/job.h"
#include "exchange.sql.h"
#include "exchange_territories.html.h"
#include "import_kind.h"
#include "territory_fetch.h"

/* Every commune in force with its centre, as GeoJSON: some six megabytes. */
#define OFFICIAL "https://geo.api.gouv.fr/communes?fields=code,nom&format=geojson&geometry=centre"
#define FETCH_MAX ((int64_t)MIB(64))

enum err territory_points_page(struct req *rq)
{
	struct territory_points_view *p = mem_new(rq->mem, struct territory_points_view);
	struct territory_point_count_row row;

	TRY(territory_point_count(rq->db, rq->mem, &row));
	p->official = row.total;
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

enum err territory_points_ask(struct req *rq)
{
	TRY(job_add(rq->db, "territory-points", S(""), S("territory-points"), 0));
	req_notice(rq, "ok", str_of(T(rq, N_("The official points are being fetched: it takes a minute."))));
	return redirect(rq, link_plain(rq, "/admin/territories"));
}

enum err territory_points_read(const struct job_ctx *ctx, int fd)
{
	const struct import_kind *kind = import_kind_find(S("territories"), NULL);
	struct import im = {
		.mem = ctx->mem, .db = ctx->db, .source = S(OFFICIAL), .lang = S("fr"), .speak = "en", .now = ctx->now};

	TRY(import_open(ctx->mem, fd, STR_NONE, &im.reader));
	TRY(kind->run(&im));
	log_info("official points: %lld read, %lld new, %lld changed, %lld not understood", (long long)im.read,
		 (long long)im.created, (long long)im.updated, (long long)im.rejected);
	return OK;
}

enum err territory_points_fetch(const struct job_ctx *ctx, struct str url)
{
	FILE *f = tmpfile();
	struct fetch_answer got = {.error = STR_NONE};
	enum err e;

	if (!f) {
		return fail(E_IO, "no room for a passing file");
	}
	struct fetch_ask ask = {.url = url, .etag = STR_NONE, .modified = STR_NONE, .to = fileno(f), .max = FETCH_MAX};
	e = fetch(ctx->mem, &ask, &got);
	if (e != OK) {
		log_warn("official points: %.*s", STR_ARG(got.error));
	} else if (lseek(fileno(f), 0, SEEK_SET) != 0) {
		e = E_IO;
	}
	e = e == OK ? territory_points_read(ctx, fileno(f)) : e;
	fclose(f);
	return e;
}

enum err territory_points_job(const struct job_ctx *ctx, const struct job *job)
{
	(void)job;
	return territory_points_fetch(ctx, S(OFFICIAL));
}
