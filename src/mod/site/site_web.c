/*
 * The home page and the pages the administrator wrote.
 */
#include "../../core/minimap.h"
#include "../../core/rows.h"
#include "../../html/markdown.h"
#include "site_home.html.h"
#include "site_room.h"
#include "site_written.html.h"

enum { NEWEST = 6, STORIES = 3, MAP_WIDTH = 720, MAP_HEIGHT = 470 };

/* The language in which a text of the site is shown to this visitor. */
static struct str lang_of(const struct req *rq, const struct site_text *t)
{
	int i = site_lang_index(str_of(rq->lang));

	if (i >= 0 && !str_empty(t->in[i])) {
		return str_of(rq->lang);
	}
	for (size_t k = 0; k < rq->site->n_langs; k++) {
		if (!str_empty(t->in[site_lang_index(str_of(rq->site->langs[k]))])) {
			return str_of(rq->site->langs[k]);
		}
	}
	return str_of(rq->lang);
}

static enum err newest(struct req *rq, const char *kind, size_t max, struct list_row **rows, size_t *n, int64_t *total)
{
	struct filter f = {.entity = entity_find(str_of(kind)), .order = BY_NEW};
	struct str next;

	*n = 0;
	*total = 0;
	return f.entity ? object_list(rq, &f, max, STR_NONE, rows, n, &next, total) : OK;
}

static void read_blocks(struct req *rq, struct home_page *p)
{
	const struct site *site = rq->site;

	p->blocks = mem_array(rq->mem, struct home_block, site->n_home);
	for (size_t i = 0; i < site->n_home; i++) {
		const struct site_block *b = &site->home[i];
		struct str body = site_text_in(site, &b->body, rq->lang);

		if (str_eq(b->slug, S("hero"))) {
			p->title = site_text_in(site, &b->title, rq->lang);
			p->lede = markdown(rq->mem, body, &(struct markdown_options){.heading = 2});
			req_page(rq)->description = markdown_plain(rq->mem, body, 300);
			continue;
		}
		p->blocks[p->n_blocks++] = (struct home_block){
			.title = site_text_in(site, &b->title, rq->lang),
			.slug = b->slug,
			.body = markdown(rq->mem, body, &(struct markdown_options){.heading = 3}),
		};
	}
}

/* Where the actors are, with the newest by name. */
static enum err read_map(struct req *rq, struct home_page *p)
{
	struct filter f = {.entity = entity_find(S("actor"))};
	struct minimap_list l = {.filters = &f, .n_filters = 1, .rows = p->newest, .n_rows = p->n_newest, .width = MAP_WIDTH, .height = MAP_HEIGHT,
				 .title = str_of(T(rq, N_("Who acts, and where"))), .more = link_plain(rq, "/map")};

	return f.entity ? minimap_list(rq, &l, &p->map) : OK;
}

static enum err home(struct req *rq)
{
	struct home_page p = {.title = S(""), .lede = html_none(), .map = html_none()};
	const struct field *services = entity_find(S("actor")) ? entity_field(entity_find(S("actor")), S("services")) : NULL;
	struct list_row *none;
	size_t n_none;

	read_blocks(rq, &p);
	if (!p.title.n) {
		p.title = site_text_in(rq->site, &rq->site->name, rq->lang);
	}
	if (!p.lede.s.n) {
		req_page(rq)->description = site_text_in(rq->site, &rq->site->tagline, rq->lang);
		p.lede = markdown(rq->mem, req_page(rq)->description, NULL);
	}
	p.services = services ? services->fields[0].vocabulary : NULL;
	TRY(newest(rq, "actor", NEWEST, &p.newest, &p.n_newest, &p.actors));
	TRY(newest(rq, "practice", STORIES, &p.stories, &p.n_stories, &p.practices));
	TRY(newest(rq, "resource", 1, &none, &n_none, &p.resources));
	TRY(read_map(rq, &p));
	req_page(rq)->nav = "home";
	req_page(rq)->body_class = "page-flush";
	return page(rq, STR_NONE, home_view, &p);
}

/* Every field that holds something about a person: read from the tables, so that the page cannot forget one. */
static void read_personal(struct req *rq, struct written_page *p)
{
	size_t n = 0;

	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		n += e->n_fields;
	}
	p->personal = mem_array(rq->mem, struct personal, n);
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		for (size_t i = 0; i < e->n_fields; i++) {
			const struct field *f = &e->fields[i];

			if (f->purpose) {
				p->personal[p->n_personal++] = (struct personal){
					.kind = str_of(T(rq, e->label)),
					.field = str_of(T(rq, f->label)),
					.purpose = str_of(T(rq, f->purpose)),
					.keep = f->keep_days ? T_FMT(rq, N_("{n} days after the page is closed or removed"),
								     {S("n"), words_number(rq, f->keep_days)})
							     : str_of(T(rq, N_("as long as the page"))),
				};
			}
		}
	}
}

static enum err written(struct req *rq)
{
	struct str slug = req_param(rq, "slug");
	struct written_page p = {0};

	for (size_t i = 0; i < rq->site->n_pages; i++) {
		const struct site_block *b = &rq->site->pages[i];

		if (!str_eq(b->slug, slug)) {
			continue;
		}
		p.title = site_text_in(rq->site, &b->title, rq->lang);
		p.body = markdown(rq->mem, site_text_in(rq->site, &b->body, rq->lang), NULL);
		p.lang = lang_of(rq, &b->body);
		p.fallback = !str_eq(p.lang, str_of(rq->lang));
		if (str_eq(slug, S("privacy"))) {
			read_personal(rq, &p);
		}
		req_page(rq)->nav = str_c(rq->mem, slug);
		req_page(rq)->body_class = "page-narrow";
		req_page(rq)->description = markdown_plain(rq->mem, site_text_in(rq->site, &b->body, rq->lang), 160);
		return page(rq, p.title, written_view, &p);
	}
	return E_NOTFOUND;
}

static const struct route routes[] = {
	{GET, "/",                     ANYONE, home,           N_("Home page"),                      ROUTE_CACHE},
	{GET, "/:slug",                ANYONE, written,        N_("A page written by the site"),     ROUTE_CACHE},
	{GET, "/robots.txt",           ANYONE, robots_txt,     N_("What robots may read"),           ROUTE_NO_LANG | ROUTE_NO_DB},
	{GET, "/sitemap.xml",          ANYONE, sitemap_index,  N_("Index of the site maps"),         ROUTE_NO_LANG},
	{GET, "/sitemaps/:kind/:part", ANYONE, sitemap_part,   N_("One part of the site map"),       ROUTE_NO_LANG},
	{GET, "/manifest.webmanifest", ANYONE, manifest_json,  N_("Name and icon for home screens"), ROUTE_NO_LANG | ROUTE_NO_DB},
	{GET, "/opensearch.xml",       ANYONE, opensearch_xml, N_("Search from the browser's bar"),  ROUTE_NO_LANG | ROUTE_NO_DB},
	{GET, "/.well-known/security.txt", ANYONE, security_txt, N_("Whom to tell of a security hole"), ROUTE_NO_LANG | ROUTE_NO_DB},
};

const struct module site_module = {
	.name = "site",
	.routes = TABLE(routes),
};
