/*
 * What programs read of a site: robots.txt, sitemaps (sitemaps.org 0.9), the web manifest, OpenSearch, security.txt
 * (RFC 9116).
 */
#include "../../base/json.h"
#include "../../base/time.h"
#include "../../html/out.h"
#include "../../web/asset.h"
#include "site_room.h"

enum { PART = 10000, SMALL = 16 * 1024 };

enum err robots_txt(struct req *rq)
{
	return reply(rq, "text/plain; charset=utf-8",
		     str_fmt(rq->mem,
			     "User-agent: *\nDisallow: /*/account/\nDisallow: /*/admin\nDisallow: /*/desk\nDisallow: /*/propose\n"
			     "Disallow: /*/edit\nDisallow: /*/report\nDisallow: /*/claim\nDisallow: /*/contact\nDisallow: /language/\nDisallow: /api/\n"
			     "\nSitemap: %.*s/sitemap.xml\n",
			     STR_ARG(rq->site->base_url)));
}

static enum err count_of(struct req *rq, const struct entity *e, int64_t *total)
{
	struct filter f = {.entity = e};
	struct list_row *rows;
	struct str next;
	size_t n;

	return object_list(rq, &f, 1, STR_NONE, &rows, &n, &next, total);
}

enum err sitemap_index(struct req *rq)
{
	struct buf b = buf_make(rq->mem, SMALL * 64);

	buf_put(&b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"));
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		int64_t total = 0;

		TRY(count_of(rq, e, &total));
		for (int64_t part = 0; part * PART < total; part++) {
			buf_fmt(&b, "<sitemap><loc>%.*s/sitemaps/%s/%lld</loc></sitemap>\n", STR_ARG(rq->site->base_url), e->plural, (long long)part);
		}
	}
	buf_put(&b, S("</sitemapindex>\n"));
	return reply(rq, "application/xml", buf_str(&b));
}

struct part_out {
	struct req *rq;
	struct stream *s;
	const struct entity *entity;
	int64_t from, at;
};

/* One address with its twins in the other languages. */
static enum err put_address(void *arg, const struct list_row *row, struct view v)
{
	struct part_out *p = arg;
	struct req *rq = p->rq;
	struct buf b = buf_make(rq->mem, SMALL);
	struct str path = str_fmt(rq->mem, "%s/%.*s", p->entity->room, STR_ARG(row->slug));
	struct civil c = time_civil(row->updated_at);

	(void)v;
	if (p->at++ < p->from) {
		return OK;
	}
	if (p->at > p->from + PART) {
		return E_LIMIT; /* the part is full */
	}
	for (size_t i = 0; i < rq->site->n_langs; i++) {
		buf_fmt(&b, "<url><loc>%.*s/%s", STR_ARG(rq->site->base_url), rq->site->langs[i]);
		html_escape(&b, path);
		buf_fmt(&b, "</loc><lastmod>%04d-%02d-%02d</lastmod></url>\n", c.year, c.month, c.day);
	}
	return stream_put(p->s, buf_str(&b)) ? OK : E_REMOTE;
}

static enum err write_part(struct req *rq, struct stream *s, void *arg)
{
	struct part_out *p = arg;
	struct filter f = {.entity = p->entity};
	enum err e;

	p->s = s;
	p->rq = rq;
	if (!stream_put(s, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"))) {
		return OK;
	}
	e = object_each(rq->db, rq->mem, &f, rq->lang, put_address, p);
	if (e != OK && e != E_LIMIT) {
		return e;
	}
	(void)stream_put(s, S("</urlset>\n"));
	return OK;
}

enum err sitemap_part(struct req *rq)
{
	struct part_out *p = mem_new(rq->mem, struct part_out);
	int64_t part;

	p->entity = entity_find(req_param(rq, "kind"));
	if (!p->entity || !str_eq(str_of(p->entity->plural), req_param(rq, "kind")) || !str_to_i64(req_param(rq, "part"), &part) ||
	    part < 0 || part > 100000) {
		return E_NOTFOUND;
	}
	p->from = part * PART;
	return reply_stream(rq, "application/xml", write_part, p);
}

enum err manifest_json(struct req *rq)
{
	struct buf b = buf_make(rq->mem, SMALL);
	struct json_out o = json_to(&b);
	struct str name = site_text_in(rq->site, &rq->site->name, rq->lang);
	struct out page = {.buf = &b, .mem = rq->mem};

	json_put_object(&o);
	json_put_kv_str(&o, S("name"), name);
	json_put_kv_str(&o, S("short_name"), name);
	json_put_kv_str(&o, S("start_url"), S("/"));
	json_put_kv_str(&o, S("display"), S("browser"));
	json_put_kv_str(&o, S("background_color"), S("#faf6ee"));
	json_put_kv_str(&o, S("theme_color"), S("#1b5575"));
	json_put_key(&o, S("icons"));
	json_put_array(&o);
	json_put_object(&o);
	json_put_kv_str(&o, S("src"), asset_url(&page, "favicon.svg").s);
	json_put_kv_str(&o, S("sizes"), S("any"));
	json_put_kv_str(&o, S("type"), S("image/svg+xml"));
	json_put_object_end(&o);
	json_put_array_end(&o);
	json_put_object_end(&o);
	TRY(json_done(&o));
	return reply(rq, "application/manifest+json", buf_str(&b));
}

enum err opensearch_xml(struct req *rq)
{
	struct buf b = buf_make(rq->mem, SMALL);
	const char *lang = rq->site->n_langs ? rq->site->langs[0] : "fr";

	buf_put(&b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\"><ShortName>"));
	html_escape(&b, str_sub(site_text_in(rq->site, &rq->site->name, lang), 0, 16));
	buf_put(&b, S("</ShortName><Description>"));
	html_escape(&b, site_text_in(rq->site, &rq->site->name, lang));
	buf_fmt(&b,
		"</Description><InputEncoding>UTF-8</InputEncoding>"
		"<Url type=\"text/html\" template=\"%.*s/search?q={searchTerms}\"/></OpenSearchDescription>\n",
		STR_ARG(rq->site->base_url));
	return reply(rq, "application/opensearchdescription+xml", buf_str(&b));
}

enum err security_txt(struct req *rq)
{
	struct civil c = time_civil(rq->now + (int64_t)180 * 24 * 3600 * 1000);

	if (str_empty(rq->site->contact_mail)) {
		return E_NOTFOUND;
	}
	return reply(rq, "text/plain; charset=utf-8",
		     str_fmt(rq->mem, "Contact: mailto:%.*s\nExpires: %04d-%02d-%02dT00:00:00Z\nPreferred-Languages: fr, en, es, pt, ar\n",
			     STR_ARG(rq->site->contact_mail), c.year, c.month, c.day));
}
