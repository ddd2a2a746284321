/*
 * A page: the layout around what a template writes.
 */
#include "page.h"

#include <stdlib.h>

#include "priv.h"
#include "web_layout.html.h"

#include "../base/limits.h"
#include "../base/log.h"
#include "../base/url.h"

static const char *const lang_names[SITE_LANGS] = {"Français", "English", "Español", "Português", "العربية"};

struct req *req_of(const struct out *o)
{
	return o->ctx;
}

bool page_has(const struct req *rq, const char *route)
{
	return route_of_path(&rq->priv->web->routes, str_of(route)) != NULL;
}

struct url page_of_site(const struct req *rq, size_t i)
{
	struct url_out u = url_begin(rq->mem, str_fmt(rq->mem, "/%s", rq->lang));

	url_seg(&u, rq->site->pages[i].slug);
	return url_end(&u);
}

void page_jsonld(struct out *o, const struct page_info *info)
{
	if (info->jsonld.n) {
		OUT_LIT(o, "<script type=\"application/ld+json\">");
		html_json(o->buf, info->jsonld);
		OUT_LIT(o, "</script>");
	}
}

static void put_langs(struct layout *l)
{
	struct req *rq = l->rq;

	for (size_t i = 0; i < rq->site->n_langs; i++) {
		const char *code = rq->site->langs[i];
		int at = site_lang_index(str_of(code));
		struct page_lang *to = &l->langs[l->n_langs];
		struct url_out choose;

		if (at < 0) {
			continue;
		}
		to->code = site_langs[at];
		to->name = lang_names[at];
		to->to = link_lang(rq, code);
		choose = url_begin(rq->mem, S("/language"));
		url_seg(&choose, str_of(code));
		url_param(&choose, S("to"), to->to.s);
		to->choose = url_end(&choose);
		to->current = str_eq(str_of(code), str_of(rq->lang));
		to->rtl = i18n_rtl(lang_catalogue(code));
		l->n_langs++;
	}
}

static void put_nav(struct layout *l)
{
	static const struct {
		const char *name, *route, *words;
	} built_in[] = {
		{"directory",   "/directory",   N_("Directory")  },
		{"agenda",      "/agenda",      N_("Agenda")     },
		{"map",         "/map",         N_("Map")        },
		{"practices",   "/practices",   N_("Practices")  },
		{"territories", "/territories", N_("Territories")},
		{"about",       "/about",       N_("About")      },
	};
	struct req *rq = l->rq;
	const struct site *site = rq->site;
	struct page_nav *nav = mem_array(rq->mem, struct page_nav, site->n_menu + COUNT(built_in));

	for (size_t i = 0; i < site->n_menu; i++) {
		struct str target = site->menu[i].target;
		struct url to;

		if (target.n && target.p[0] == '/') {
			to = (struct url){str_fmt(rq->mem, "/%s%.*s", rq->lang, STR_ARG(target))};
		} else if (url_parse(rq->mem, target, &to) != OK) {
			continue;
		}
		nav[l->n_nav].to = to;
		nav[l->n_nav].words = site_text_in(site, &site->menu[i].words, rq->lang);
		nav[l->n_nav].current = target.n > 1 && str_eq(str_sub(target, 1, target.n), str_of(l->info->nav));
		l->n_nav++;
	}
	for (size_t i = 0; site->n_menu == 0 && i < COUNT(built_in); i++) {
		if (!page_has(rq, built_in[i].route)) {
			continue;
		}
		nav[l->n_nav].to = link_plain(rq, built_in[i].route);
		nav[l->n_nav].words = str_of(T(rq, built_in[i].words));
		nav[l->n_nav].current = l->info->nav && str_eq(str_of(l->info->nav), str_of(built_in[i].name));
		l->n_nav++;
	}
	l->nav = nav;
}

static void make_layout(struct req *rq, struct out *o, struct str title, struct layout *l)
{
	const struct site *site = rq->site;

	*l = (struct layout){.rq = rq, .info = &rq->priv->page, .title = title};
	l->site_name = site_text_in(site, &site->name, rq->lang);
	l->tagline = site_text_in(site, &site->tagline, rq->lang);
	l->theme = site->accent.n || site->accent2.n || site->paper.n || site->ink.n;
	l->theme_css =
		link_add(rq->mem, URL("/assets/theme.css"), "v", str_fmt(rq->mem, "%lld", (long long)site->version));
	l->logo = site->logo.n ? (struct url){site->logo} : asset_url(o, "logo.svg");
	if (!l->info->bare) {
		put_langs(l);
		put_nav(l);
		notice_read(rq);
		l->notice_kind = rq->priv->notice_kind;
		l->notice_text = rq->priv->notice_text;
	}
}

enum err page_render(struct req *rq, struct str title, void (*fn)(struct out *, const void *), const void *row)
{
	struct buf b = buf_make(rq->mem, LIMIT_WEB_PAGE);
	struct out o = {.buf = &b, .mem = rq->mem, .lang = rq->i18n, .ctx = rq};
	struct layout l;

	if (rq->priv->page.title.n) {
		title = rq->priv->page.title;
	}
	make_layout(rq, &o, title, &l);
	layout_head(&o, &l);
	fn(&o, row);
	layout_foot(&o, &l);
	if (!out_ok(&o)) {
		return fail(E_BUG, "page %s exceeds %zu bytes", rq->route ? rq->route->path : "", LIMIT_WEB_PAGE);
	}
	if (l.notice_text.n) {
		req_cookie(rq, "n", S(""), -1);
	}
	http_bytes(rq->res, rq->res->status, "text/html; charset=utf-8", buf_str(&b));
	http_set(rq->res, "Content-Language", str_of(rq->lang));
	return OK;
}
