/*
 * oEmbed: other sites ask how to show one of our addresses. The map comes as a frame, a page of an object as a quotation with
 * its link; nothing that is not public is told.
 */
#include "../../base/json.h"
#include "../../base/limits.h"
#include "../../base/url.h"
#include "../../html/out.h"
#include "../../web/site.h"
#include "map_oembed.h"

enum { WIDTH = 800, HEIGHT = 520, SIDE_MIN = 200, SIDE_MAX = 4000 };

struct card {
	struct str title, html;
	int64_t width, height;
};

static void attribute(struct buf *b, const char *name, struct str value)
{
	buf_fmt(b, " %s=\"", name);
	html_escape(b, value);
	buf_put(b, S("\""));
}

/* The frame of the map with the filters of the address. */
static void map_card(struct req *rq, const char *lang, struct str query, struct card *c)
{
	struct buf b = buf_make(rq->mem, KIB(16));
	struct str site = site_text_in(rq->site, &rq->site->name, lang);
	struct str src = str_fmt(rq->mem, "%.*s/%s/embed/map%s%.*s", STR_ARG(rq->site->base_url), lang, query.n ? "?" : "",
				 STR_ARG(query));

	buf_put(&b, S("<iframe"));
	attribute(&b, "src", src);
	attribute(&b, "title", site);
	buf_fmt(&b, " width=\"%lld\" height=\"%lld\" loading=\"lazy\" allowfullscreen></iframe>", (long long)c->width,
		(long long)c->height);
	c->title = site;
	c->html = buf_str(&b);
}

static void object_html(struct req *rq, const struct object *ob, struct str url, struct card *c)
{
	struct buf b = buf_make(rq->mem, KIB(16));
	struct view v = object_view(rq, ob);
	struct str lang = S(""), summary = S("");

	c->title = view_text(v, ob->entity, ob->entity->title, rq->lang, ob->lang, NULL);
	if (ob->entity->summary) {
		summary = view_text(v, ob->entity, ob->entity->summary, rq->lang, ob->lang, &lang);
	}
	buf_put(&b, S("<blockquote"));
	if (lang.n) {
		attribute(&b, "lang", lang);
	}
	buf_put(&b, S("><p><a"));
	attribute(&b, "href", url);
	buf_put(&b, S(">"));
	html_escape(&b, c->title);
	buf_put(&b, S("</a></p>"));
	if (summary.n) {
		buf_put(&b, S("<p>"));
		html_escape(&b, summary);
		buf_put(&b, S("</p>"));
	}
	buf_put(&b, S("</blockquote>"));
	c->html = buf_str(&b);
	c->height = 160;
}

/* A page of a kind: "/directory/slug". Answers as to a visitor who is not signed in. */
static enum err object_card_of(struct req *rq, struct str path, struct str url, struct card *c)
{
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		struct str room = str_of(e->room);
		struct object ob;
		bool moved;

		if (!str_starts(path, room) || path.n <= room.n + 1 || path.p[room.n] != '/') {
			continue;
		}
		TRY(object_get(rq, e, str_sub(path, room.n + 1, path.n), &ob, &moved));
		if (ob.status != ST_PUBLISHED) {
			return E_NOTFOUND;
		}
		object_html(rq, &ob, url, c);
		return OK;
	}
	return E_NOTFOUND;
}

/* "/fr/map?…" -> language, "/map", "…"; false when it is no page of this site. */
static bool read_address(struct req *rq, struct str url, const char **lang, struct str *path, struct str *query)
{
	struct str base = rq->site->base_url, rest;
	int i;

	if (!str_starts(url, base) || (url.n > base.n && url.p[base.n] != '/')) {
		return false;
	}
	rest = str_sub(url, base.n, url.n);
	rest = str_cut(&rest, '#');
	*path = str_cut(&rest, '?');
	*query = rest.p ? rest : S("");
	struct str after = str_sub(*path, 1, path->n);
	i = site_lang_index(str_cut(&after, '/'));
	*lang = i >= 0 ? site_langs[i] : rq->site->langs[0];
	if (i >= 0) {
		*path = after.p ? str_sub(*path, 3, path->n) : S("/");
	}
	return true;
}

static struct str as_json(struct req *rq, const struct card *c)
{
	struct buf b = buf_make(rq->mem, KIB(64));
	struct json_out o = json_to(&b);

	json_put_object(&o);
	json_put_kv_str(&o, S("version"), S("1.0"));
	json_put_kv_str(&o, S("type"), S("rich"));
	json_put_kv_str(&o, S("provider_name"), site_text_in(rq->site, &rq->site->name, rq->lang));
	json_put_kv_str(&o, S("provider_url"), rq->site->base_url);
	json_put_kv_str(&o, S("title"), c->title);
	json_put_kv_str(&o, S("html"), c->html);
	json_put_kv_i64(&o, S("width"), c->width);
	json_put_kv_i64(&o, S("height"), c->height);
	json_put_object_end(&o);
	return json_done(&o) == OK ? buf_str(&b) : STR_NONE;
}

static void element(struct buf *b, const char *name, struct str text)
{
	buf_fmt(b, "<%s>", name);
	html_escape(b, text);
	buf_fmt(b, "</%s>", name);
}

static struct str as_xml(struct req *rq, const struct card *c)
{
	struct buf b = buf_make(rq->mem, KIB(64));

	buf_put(&b, S("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed><version>1.0</version><type>rich</type>"));
	element(&b, "provider_name", site_text_in(rq->site, &rq->site->name, rq->lang));
	element(&b, "provider_url", rq->site->base_url);
	element(&b, "title", c->title);
	element(&b, "html", c->html);
	buf_fmt(&b, "<width>%lld</width><height>%lld</height></oembed>", (long long)c->width, (long long)c->height);
	return buf_ok(&b) ? buf_str(&b) : STR_NONE;
}

enum err map_oembed(struct req *rq)
{
	struct str url = req_query(rq, "url"), format = req_query(rq, "format"), path, query, body;
	struct card c = {.title = S("")};
	const char *lang;
	bool xml = str_eq(format, S("xml"));

	if (!str_empty(format) && !xml && !str_eq(format, S("json"))) {
		req_status(rq, 501);
		return reply(rq, "text/plain; charset=utf-8", S("json, xml\n"));
	}
	if (str_empty(url)) {
		return problem_query(rq, "url", N_("Say which address, as ?url=."));
	}
	TRY(req_query_int(rq, "maxwidth", WIDTH, SIDE_MIN, SIDE_MAX, &c.width));
	TRY(req_query_int(rq, "maxheight", HEIGHT, SIDE_MIN, SIDE_MAX, &c.height));
	c.width = c.width < WIDTH ? c.width : WIDTH;
	c.height = c.height < HEIGHT ? c.height : HEIGHT;
	if (!read_address(rq, url, &lang, &path, &query)) {
		return problem(rq, E_NOTFOUND, N_("This address is not one of this site's."));
	}
	rq->lang = lang;
	rq->i18n = lang_catalogue(lang);
	if (str_eq(path, S("/map"))) {
		map_card(rq, lang, query, &c);
	} else {
		TRY(object_card_of(rq, path, url, &c));
	}
	body = xml ? as_xml(rq, &c) : as_json(rq, &c);
	if (!body.p) {
		return E_LIMIT;
	}
	req_set_header(rq, "Access-Control-Allow-Origin", S("*"));
	return reply(rq, xml ? "text/xml; charset=utf-8" : "application/json", body);
}
