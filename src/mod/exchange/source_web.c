/*
 * The administrator's page of live sources.
 */
#include "../../base/limits.h"
#include "../../base/url.h"
#include "../../entity/tree.h"
#include "../../job/job.h"
#include "exchange_source.html.h"
#include "source.h"

static enum err show(struct req *rq, struct sources_page *p)
{
	TRY(sources_all(rq->db, rq->mem, &p->rows, &p->n));
	for (const struct entity *e = entity_next(NULL); e && p->n_kinds < COUNT(p->kinds); e = entity_next(e)) {
		p->kinds[p->n_kinds++] = (struct source_choice){str_of(e->plural), str_of(T(rq, e->label_plural))};
	}
	return page(rq, str_of(T(rq, N_("Live sources"))), sources_view, p);
}

enum err sources_home(struct req *rq)
{
	struct sources_page *p = mem_new(rq->mem, struct sources_page);

	*p = (struct sources_page){.name = S(""), .url = S(""), .kind = S("actors"), .map = S(""), .error = S("")};
	return show(rq, p);
}

static enum err again(struct req *rq, struct sources_page *p, const char *sentence)
{
	p->error = str_of(T(rq, sentence));
	req_status(rq, 422);
	return show(rq, p);
}

/* "Column = field" a line; false if a field is none. */
static bool read_map(struct req *rq, const struct entity *e, struct str text, struct json *map)
{
	struct mapping *mp = mem_new(rq->mem, struct mapping);

	mapping_open(mp, rq->mem, e);
	while (text.p) {
		struct str field = str_cut(&text, '\n'), column = str_trim(str_cut(&field, '='));

		if (!column.n && !field.p) {
			continue;
		}
		field = str_trim(field);
		if (!field.p || !mapping_set(mp, column, field)) {
			return false;
		}
		tree_set(rq->mem, map, column, tree_str(field));
	}
	return true;
}

static bool read_number(struct req *rq, const char *name, int64_t min, int64_t max, int64_t *out)
{
	return str_to_i64(str_trim(req_form(rq, name)), out) && *out >= min && *out <= max;
}

enum err sources_add(struct req *rq)
{
	struct sources_page *p = mem_new(rq->mem, struct sources_page);
	const struct entity *e = entity_find(req_form(rq, "kind"));
	struct json options = tree_object(), map = tree_object();
	struct source_add_in in = {.account = rq->who.account, .now = rq->now};
	struct source_add_row row;
	struct url url;

	*p = (struct sources_page){.name = str_trim(req_form(rq, "name")), .url = str_trim(req_form(rq, "url")),
				   .kind = req_form(rq, "kind"), .map = req_form(rq, "map"), .error = S("")};
	if (str_starts(p->url, S("webcal://")) || str_starts(p->url, S("webcals://"))) {
		/* what calendar programs write for an address to subscribe to */
		ptrdiff_t at = str_find(p->url, S("://"));

		p->url = str_fmt(rq->mem, "https%.*s", STR_ARG(str_sub(p->url, (size_t)at, p->url.n)));
	}
	if (!e || !p->name.n || p->name.n > 200) {
		return again(rq, p, N_("Give the source a name, and choose what it holds."));
	}
	if (url_parse(rq->mem, p->url, &url) != OK || !(str_starts(url.s, S("https://")) || str_starts(url.s, S("http://")))) {
		return again(rq, p, N_("This is not a web address: copy it from the browser, it begins with https://"));
	}
	if (!read_map(rq, e, p->map, &map)) {
		return again(rq, p, N_("One of the columns is given a field that does not exist here."));
	}
	if (!read_number(rq, "every", 1, 24 * 60, &in.every_hours) || !read_number(rq, "misses", 0, 100, &in.misses_max)) {
		return again(rq, p, N_("Hours and times are whole numbers."));
	}
	tree_put(rq->mem, &options, S("map"), map);
	tree_put(rq->mem, &options, S("lang"), tree_str(str_of(rq->lang)));
	in.name = p->name;
	in.url = url.s;
	in.kind = str_of(e->plural);
	in.options = tree_text(rq->mem, &options);
	in.trusted = req_form(rq, "trusted").n > 0;
	TRY(source_add(rq->db, &in, rq->mem, &row));
	TRY(job_add(rq->db, "sources-now", S(""), STR_NONE, 0));
	req_notice(rq, "ok", str_of(T(rq, N_("The source is kept, and is being read for the first time."))));
	return redirect(rq, link_plain(rq, "/admin/sources"));
}

enum err sources_act(struct req *rq)
{
	struct str act = req_form(rq, "act");
	struct source_by_id_row s;
	int64_t id;

	if (!str_to_i64(req_param(rq, "id"), &id)) {
		return E_NOTFOUND;
	}
	TRY(source_by_id(rq->db, id, rq->mem, &s));
	if (str_eq(act, S("drop"))) {
		TRY(source_drop_objects(rq->db, id));
		TRY(source_drop(rq->db, id));
		req_notice(rq, "ok", str_of(T(rq, N_("The source is not read any more. What it brought in stays."))));
	} else if (str_eq(act, S("trust"))) {
		TRY(source_trust(rq->db, id, s.trusted ? 0 : 1));
		req_notice(rq, "ok", str_of(T(rq, s.trusted ? N_("From now on a moderator decides about its changes.")
							   : N_("From now on its changes are applied at once."))));
	} else {
		TRY(source_soon(rq->db, id, rq->now));
		TRY(job_add(rq->db, "sources-now", S(""), STR_NONE, 0));
		req_notice(rq, "ok", str_of(T(rq, N_("It is being read now: look again in a moment."))));
	}
	return redirect(rq, link_plain(rq, "/admin/sources"));
}
