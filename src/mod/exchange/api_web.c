/*
 * GET /api/v1/{kind} and /api/v1/{kind}/{id}: every kind, every form, with the filters of pages. What is shown is the public view
 * whoever asks: a token opens writing, never more reading.
 */
#include "api.h"

#include "../../base/limits.h"
#include "../../base/url.h"
#include "../../http/request.h"
#include "../../http/response.h"
#include "../../job/job.h"
#include "../../web/site.h"
#include "exchange.h"
#include "import_kind.h"
#include "import_page.h"
#include "record.h"
#include "source.h"
#include "territory_fetch.h"

enum { API_ROWS = 50, FEED_ROWS = 50 };

void api_speak(struct req *rq)
{
	int i = site_lang_index(req_query(rq, "lang"));

	rq->lang = i >= 0 ? site_langs[i] : rq->site->n_langs ? rq->site->langs[0] : "fr";
	rq->i18n = lang_catalogue(rq->lang);
}

void api_export(struct req *rq, const struct entity *e, const struct export_format *f, struct export *x)
{
	struct str query = rq->http->query;

	*x = (struct export){
		.format = f, .entity = e, .mem = rq->mem, .scratch = rq->mem, .lang = rq->lang, .now = rq->now,
		.base_url = rq->site->base_url, .site_name = site_text_in(rq->site, &rq->site->name, rq->lang),
		.db = rq->db, .zone = rq->site->time_zone,
		.licence = str_fmt(rq->mem, "%.*s/open-data", STR_ARG(rq->site->base_url)),
	};
	x->self = str_fmt(rq->mem, "%.*s%.*s%.*s%s%.*s", STR_ARG(x->base_url), STR_ARG(rq->path), STR_ARG(rq->suffix),
			  query.n ? "?" : "", STR_ARG(query));
	x->page = str_fmt(rq->mem, "%.*s/%s%s%s%.*s", STR_ARG(x->base_url), rq->lang, e ? e->room : "", query.n ? "?" : "",
			  STR_ARG(query));
}

enum err api_entity(struct req *rq, const struct entity **out)
{
	struct str kind = req_param(rq, "kind");
	const struct entity *e = entity_find(kind);

	if (!e || !str_eq(kind, str_of(e->plural))) {
		return E_NOTFOUND;
	}
	*out = e;
	return OK;
}

enum err api_put_buf(void *ctx, struct str chunk)
{
	struct buf *b = ctx;

	buf_put(b, chunk);
	return buf_ok(b) ? OK : E_LIMIT;
}

enum err api_reply_object(struct req *rq, struct json_out *j, struct buf *b, const struct object *ob)
{
	TRY(json_done(j));
	/* The version first: what If-Match goes by. The rest tells forms of it apart. */
	rq->res->etag = str_fmt(rq->mem, "W/\"%lld-%08x\"", (long long)ob->version, (unsigned)str_hash(buf_str(b)));
	return reply(rq, "application/json", buf_str(b));
}

enum err api_reply_json(struct req *rq, struct json_out *j, struct buf *b)
{
	TRY(json_done(j));
	return reply(rq, "application/json", buf_str(b));
}

/* ---- many ------------------------------------------------------------------------------------------------------------ */

struct streaming {
	struct export x;
	struct filter filter;
};

static enum err put_stream(void *ctx, struct str chunk)
{
	/* The visitor went away: not an error of ours, but the end of the work. */
	return stream_put(ctx, chunk) ? OK : E_LIMIT;
}

static enum err stream_all(struct req *rq, struct stream *s, void *arg)
{
	struct streaming *st = arg;

	return export_all(&st->x, rq->db, &st->filter, put_stream, s);
}

static void offer_download(struct req *rq, const struct entity *e, const struct export_format *f)
{
	if (f == &export_csv || f == &export_umap) {
		reply_as_download(rq, str_fmt(rq->mem, "%s%s", e->plural, f->suffix));
	}
}

static enum err put_rows(struct req *rq, struct export *x, const struct list_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct object ob;
		struct list_row row;
		enum err e = object_by_id(rq->db, rq->mem, rows[i].id, &ob);

		if (e == E_NOTFOUND) {
			continue;
		}
		TRY(e);
		row = x->format->feed ? rows[i] : record_row(&ob);
		row.original_lang = ob.lang;
		TRY(export_item(x, &row, doc_view(rq->mem, ob.entity, ob.doc, SEE_PUBLIC)));
	}
	return OK;
}

static int64_t newest(const struct list_row *rows, size_t n, int64_t otherwise)
{
	int64_t at = 0;

	for (size_t i = 0; i < n; i++) {
		at = rows[i].updated_at > at ? rows[i].updated_at : at;
	}
	return at ? at : otherwise;
}

static enum err one_page(struct req *rq, struct export *x, const struct filter *f, size_t limit)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct list_row *rows;
	size_t n;

	TRY(object_list(rq, f, limit, req_query(rq, "after"), &rows, &n, &x->next, &x->total));
	x->paged = true;
	x->now = newest(rows, n, rq->now);
	TRY(export_begin(x, api_put_buf, &b));
	TRY(put_rows(rq, x, rows, n));
	TRY(export_end(x));
	if (x->next.p) {
		struct url path = {str_fmt(rq->mem, "%.*s%.*s", STR_ARG(rq->path), STR_ARG(rq->suffix))};
		struct url u = req_with(rq, "after", x->next);
		struct str query = u.s;

		(void)str_cut(&query, '?');
		req_set_header(rq, "Link", str_fmt(rq->mem, "<%.*s%.*s?%.*s>; rel=\"next\"", STR_ARG(x->base_url), STR_ARG(path.s),
						   STR_ARG(query)));
	}
	return reply(rq, x->format->mime, buf_str(&b));
}

/* ?fields=title,geo */
static enum err read_fields(struct req *rq, const struct entity *e, const struct export_format *f, const struct record_fields **out)
{
	struct record_fields *fields = mem_new(rq->mem, struct record_fields);
	struct str list = req_query(rq, "fields"), wrong;

	*out = NULL;
	if (!list.n) {
		return OK;
	}
	if (f != &export_json) {
		return problem_query(rq, "fields", N_("Members can be chosen in JSON only."));
	}
	if (!record_fields_read(rq->mem, e, list, fields, &wrong)) {
		problem_field(rq, "fields", T_FMT(rq, N_("“{name}” is no member of these records."), {S("name"), wrong}));
		return problem(rq, E_INVALID, N_("Something in this address could not be understood."));
	}
	*out = fields;
	return OK;
}

static enum err list_objects(struct req *rq, const struct entity *e, const struct export_format *f)
{
	struct streaming *st = mem_new(rq->mem, struct streaming);
	const struct record_fields *fields;
	int64_t limit;
	bool whole = f != &export_json && !f->feed && !req_query(rq, "limit").p && !req_query(rq, "after").p;

	TRY(filter_read(rq, e, &st->filter));
	TRY(read_fields(rq, e, f, &fields));
	TRY(req_query_int(rq, "limit", f->feed ? FEED_ROWS : API_ROWS, 1, LIMIT_LIST_PAGE, &limit));
	api_speak(rq);
	api_export(rq, e, f, &st->x);
	st->x.fields = fields;
	offer_download(rq, e, f);
	if (whole) {
		return reply_stream(rq, f->mime, stream_all, st);
	}
	if (f->feed && st->filter.order == BY_TITLE) {
		st->filter.order = BY_NEW;
	}
	return one_page(rq, &st->x, &st->filter, (size_t)limit);
}

static enum err api_list(struct req *rq)
{
	struct str kind = req_param(rq, "kind");
	const struct export_format *f = export_by_suffix(rq->suffix);
	const struct entity *e;

	if (str_eq(kind, S("territories"))) {
		return api_territories(rq);
	}
	if (str_eq(kind, S("themes"))) {
		return api_themes(rq);
	}
	TRY(api_entity(rq, &e));
	return f && (!f->fits || f->fits(e)) ? list_objects(rq, e, f) : E_NOTFOUND;
}

/* ---- one ------------------------------------------------------------------------------------------------------------- */

/* By slug, former slugs included, else by number. */
static enum err find_object(struct req *rq, const struct entity *e, struct str id, struct object *ob, bool *moved)
{
	enum err err = object_get(rq, e, id, ob, moved);
	int64_t number;

	if (err == E_NOTFOUND && str_to_i64(id, &number) && number > 0) {
		err = object_by_id(rq->db, rq->mem, number, ob);
		err = err == OK && ob->entity != e ? E_NOTFOUND : err;
		*moved = err == OK;
	}
	TRY(err);
	return object_sight(&(struct who){.account = 0}, ob) == SEE_NOTHING ? E_NOTFOUND : OK;
}

static enum err reply_one(struct req *rq, struct export *x, const struct object *ob)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct list_row row = record_row(ob);
	struct view v = doc_view(rq->mem, ob->entity, ob->doc, SEE_PUBLIC);

	if (x->format == &export_json) {
		struct json_out j = json_to(&b);

		json_put_object(&j);
		TRY(record_put_some(&j, rq->mem, x->base_url, &row, ob->status, v, x->fields));
		json_put_object_end(&j);
		return api_reply_object(rq, &j, &b, ob);
	}
	TRY(export_begin(x, api_put_buf, &b));
	x->status = ob->status;
	TRY(export_item(x, &row, v));
	TRY(export_end(x));
	return reply(rq, x->format->mime, buf_str(&b));
}

static enum err api_show(struct req *rq)
{
	struct str kind = req_param(rq, "kind"), id = req_param(rq, "id");
	const struct export_format *f = export_by_suffix(rq->suffix);
	const struct entity *e;
	const struct record_fields *fields;
	struct object ob;
	struct export x;
	bool moved = false;

	if (str_eq(kind, S("territories"))) {
		return api_territory(rq, id);
	}
	if (str_eq(kind, S("themes"))) {
		return api_theme(rq, id);
	}
	TRY(api_entity(rq, &e));
	if (!f || !f->one || (f->fits && !f->fits(e))) {
		return E_NOTFOUND;
	}
	TRY(read_fields(rq, e, f, &fields));
	TRY(find_object(rq, e, id, &ob, &moved));
	api_speak(rq);
	if (moved) {
		struct url_out u = url_begin(rq->mem, S("/api/v1"));

		url_seg(&u, kind);
		url_seg(&u, str_fmt(rq->mem, "%.*s%.*s", STR_ARG(ob.slug), STR_ARG(rq->suffix)));
		return redirect_permanent(rq, url_end(&u));
	}
	api_export(rq, e, f, &x);
	x.fields = fields;
	return reply_one(rq, &x, &ob);
}

static const struct route routes[] = {
	{GET, "/api/v1/:kind", TOKEN_API, api_list, N_("Objects of a kind, as JSON, GeoJSON, CSV, JSON-LD, uMap, RSS or Atom"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/api/v1/:kind/:id", TOKEN_API, api_show, N_("One object, in the same forms"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{POST, "/api/v1/:kind", ANYONE, api_create, N_("Publish an object with a token, or propose one without"),
	 ROUTE_NO_LANG | ROUTE_NO_CSRF | ROUTE_PROPOSE},
	{PATCH, "/api/v1/:kind/:id", TOKEN_API, api_change, N_("Change an object, or suggest a change"), ROUTE_NO_LANG | ROUTE_NO_CSRF},
	{DELETE, "/api/v1/:kind/:id", TOKEN_API, api_remove, N_("Remove an object"), ROUTE_NO_LANG | ROUTE_NO_CSRF},
	{GET, "/api/openapi", ANYONE, api_openapi, N_("The API, described for programs"), ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/api/elements", TOKEN_API, gogo_elements, N_("Actors, as GoGoCarto gives its elements"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/api/elements/search", TOKEN_API, gogo_search, N_("Actors found by words, as GoGoCarto gives its elements"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/api/elements/:id", TOKEN_API, gogo_element, N_("One actor, as GoGoCarto gives an element"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/api/taxonomy", TOKEN_API, gogo_taxonomy, N_("Themes, as GoGoCarto gives its categories"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/api/taxonomy-mapping", TOKEN_API, gogo_taxonomy_mapping, N_("Themes by number, as GoGoCarto gives them"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/api/gogocartojs-conf", TOKEN_API, gogo_conf, N_("What a GoGoCarto map needs to show this site"),
	 ROUTE_CACHE | ROUTE_NO_LANG | ROUTE_SUFFIX},
	{GET, "/admin/import", MODERATE, imports_home, N_("Bring in a file, and the imports so far"), 0},
	{POST, "/admin/import", MODERATE, imports_upload, N_("Send a file to import"), ROUTE_UPLOAD | ROUTE_LATE},
	{GET, "/admin/import/file/:id", MODERATE, imports_file, N_("How a file is understood, before anything is written"), 0},
	{POST, "/admin/import/file/:id", MODERATE, imports_file_post, N_("Import a file, or look at it again"), 0},
	{GET, "/admin/import/run/:id", MODERATE, imports_run, N_("What an import did, line by line"), 0},
	{GET, "/admin/import/run/:id/report", MODERATE, imports_report, N_("The same as a table"), 0},
	{POST, "/admin/import/run/:id", MODERATE, imports_undo, N_("Take an import back"), 0},
	{GET, "/admin/sources", ADMIN, sources_home, N_("Live sources"), 0},
	{POST, "/admin/sources", ADMIN, sources_add, N_("Add a live source"), 0},
	{POST, "/admin/sources/:id", ADMIN, sources_act, N_("Read a live source now, trust it, or stop reading it"), 0},
	{GET, "/admin/territories", ADMIN, territory_points_page, N_("What the map knows of where communes lie"), 0},
	{POST, "/admin/territories", ADMIN, territory_points_ask, N_("Fetch the official points of communes"), 0},
};

static const struct job_kind jobs[] = {
	{"import", import_job, 0, 20, N_("Brings in a file that was sent")},
	{"import-undo", import_undo_job, 0, 5, N_("Takes an import back")},
	{"sources", sources_job, 15 * 60, 0, N_("Reads live sources that are due")},
	{"sources-now", sources_job, 0, 0, N_("Reads live sources that somebody asked for")},
	{"territory-points", territory_points_job, 0, 3, N_("Fetches the official points of communes")},
	{"import-purge", import_purge_job, 24 * 3600, 0, N_("Removes files that were sent and not imported")},
};

const struct module exchange_module = {
	.name = "exchange",
	.jobs = TABLE(jobs),
	.on_start = import_points_load,
	.routes = TABLE(routes),
};
