/*
 * From a practice's document, as this visitor may see it, to what its page shows.
 */
#include "../../base/json.h"
#include "../../base/url.h"
#include "../../core/atlas.h"
#include "../../core/bands.h"
#include "../../core/rows.h"
#include "../../core/theme.h"
#include "../../html/markdown.h"
#include "practice.h"
#include "practice_pages.h"

enum { LIKE = 4 };

static const struct {
	const char *field, *heading, *anchor;
} parts[] = {
	{"problem",       N_("The problem"),               "problem"},
	{"done",          N_("What was done"),             "done"},
	{"legal_footing", N_("Legal footing"),             "legal"},
	{"obstacles",     N_("Obstacles"),                 "obstacles"},
	{"advice",        N_("Advice to those who start"), "advice"},
};

static struct str label_of(struct req *rq, const struct vocabulary *voc, struct str slug)
{
	const struct choice *c = str_empty(slug) ? NULL : vocabulary_find(voc, slug);

	return c ? str_of(T(rq, c->label)) : S("");
}

static void read_parts(struct req *rq, struct practice_page *p, struct view v)
{
	p->parts = mem_array(rq->mem, struct practice_part, COUNT(parts));
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct str lang, text = view_text(v, &practice_entity, parts[i].field, rq->lang, p->ob.lang, &lang);
		struct practice_part *out = &p->parts[p->n_parts];

		if (str_empty(text)) {
			continue;
		}
		*out = (struct practice_part){.heading = parts[i].heading, .anchor = parts[i].anchor, .lang = lang,
					      .body = markdown(rq->mem, text, &(struct markdown_options){.heading = 3}),
					      .fallback = !str_eq(lang, str_of(rq->lang))};
		if (out->fallback) {
			p->text_fallback = true;
			p->text_lang = lang;
		}
		p->n_parts++;
	}
}

/* Actors named by slug become links, others stay names. */
static enum err read_who(struct req *rq, const struct link_row *links, size_t n, const char *verb, struct practice_who **out, size_t *n_out)
{
	*out = mem_array(rq->mem, struct practice_who, n);
	for (size_t i = 0; i < n; i++) {
		if (links[i].outgoing && str_eq(links[i].verb, str_of(verb))) {
			(*out)[(*n_out)++] = (struct practice_who){
				.title = links[i].title, .url = links[i].id && links[i].entity ? object_link(rq, links[i].entity, links[i].slug) : URL_NONE};
		}
	}
	return OK;
}

static void read_results(struct req *rq, struct practice_page *p, const struct json *list)
{
	p->results = mem_array(rq->mem, struct practice_result, list->n);
	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		struct practice_result *r = &p->results[p->n_results++];
		struct url u;

		r->text = said_of(rq, &list->items[i], "text", p->ob.lang);
		r->note = said_of(rq, &list->items[i], "evidence_note", p->ob.lang);
		if (url_parse(rq->mem, json_text(&list->items[i], "evidence_url"), &u) == OK) {
			r->evidence = u;
		}
	}
}

static void read_sources(struct req *rq, struct practice_page *p, struct view v, const struct link_row *links, size_t n)
{
	const struct json *list = json_get(v.j, "from_resource"), *docs = json_get(v.j, "documents");

	p->sources = mem_array(rq->mem, struct practice_who, n);
	for (size_t i = 0; i < n; i++) {
		if (!links[i].outgoing || !str_eq(links[i].verb, S("from_resource"))) {
			continue;
		}
		struct practice_who *s = &p->sources[p->n_sources];
		struct str pages = p->n_sources < list->n ? json_text(&list->items[p->n_sources], "pages") : S("");

		s->title = pages.n ? T_FMT(rq, N_("{title}, pages {pages}"), {S("title"), links[i].title}, {S("pages"), pages}) : links[i].title;
		s->url = links[i].id && links[i].entity ? object_link(rq, links[i].entity, links[i].slug) : URL_NONE;
		p->n_sources++;
	}
	p->documents = mem_array(rq->mem, struct practice_who, docs->n);
	for (size_t i = 0; docs->kind == JSON_IS_ARRAY && i < docs->n; i++) {
		struct practice_who *d = &p->documents[p->n_documents++];

		struct said label = said_of(rq, &docs->items[i], "label", p->ob.lang);
		d->title = label.text;
		d->lang = label.fallback ? label.lang : STR_NONE;
		(void)(url_parse(rq->mem, json_text(&docs->items[i], "url"), &d->url) == OK);
	}
}

static void read_facts(struct req *rq, struct practice_page *p, struct view v)
{
	const struct json *competence = json_get(v.j, "competence"), *themes = json_get(v.j, "themes");
	struct str *words = mem_array(rq->mem, struct str, competence->n);

	p->since = words_partial_date(rq, json_text(v.j, "since"));
	p->cost = label_of(rq, &practice_costs, json_text(v.j, "cost"));
	p->staff = label_of(rq, &practice_staff, json_text(v.j, "staff"));
	p->size = label_of(rq, &band_sizes, json_text(v.j, "size"));
	p->rurality = label_of(rq, &band_ruralities, json_text(v.j, "rurality"));
	for (size_t i = 0; competence->kind == JSON_IS_ARRAY && i < competence->n; i++) {
		words[i] = label_of(rq, &practice_competences, json_str(&competence->items[i]));
	}
	p->competence = competence->kind == JSON_IS_ARRAY ? words_list(rq, words, competence->n) : S("");
	p->themes = mem_get_array(rq->mem, themes->n, sizeof *p->themes);
	for (size_t i = 0; themes->kind == JSON_IS_ARRAY && i < themes->n; i++) {
		struct str slug = json_str(&themes->items[i]);

		if (theme_find(slug)) {
			p->themes[p->n_themes].label = theme_name(slug, rq->lang);
			p->themes[p->n_themes++].url = link_add(rq->mem, link_plain(rq, "/practices"), "theme", slug);
		}
	}
}

/* Other practices of territories of this size. */
static enum err read_like(struct req *rq, struct practice_page *p, struct view v)
{
	struct filter f = {.entity = &practice_entity, .order = BY_NEW};
	struct str size = json_text(v.j, "size"), next;
	struct list_row *rows;
	size_t n;
	int64_t total;

	if (!size.n) {
		return OK;
	}
	f.terms[0].facet = S("size");
	f.terms[0].value = size;
	f.n_terms = 1;
	TRY(object_list(rq, &f, LIKE + 1, STR_NONE, &rows, &n, &next, &total));
	p->like = mem_array(rq->mem, struct list_row, LIKE + 1);
	for (size_t i = 0; i < n && p->n_like < LIKE; i++) {
		if (rows[i].id != p->ob.id) {
			p->like[p->n_like++] = rows[i];
		}
	}
	return OK;
}

enum err practice_page_read(struct req *rq, const struct object *ob, struct practice_page *p)
{
	struct view v = object_view(rq, ob);
	struct link_row *links;
	size_t n;

	*p = (struct practice_page){.ob = *ob};
	p->row = (struct list_row){.id = ob->id, .entity = ob->entity, .slug = ob->slug, .title = ob->title, .territory = ob->territory};
	p->title = view_text(v, &practice_entity, "title", rq->lang, ob->lang, &p->title_lang);
	p->title_fallback = !str_eq(p->title_lang, str_of(rq->lang));
	p->summary = view_text(v, &practice_entity, "summary", rq->lang, ob->lang, &p->summary_lang);
	p->summary_fallback = !str_empty(p->summary) && !str_eq(p->summary_lang, str_of(rq->lang));
	p->where = territory_words(rq, ob->territory);
	if (p->where.n) {
		p->where_url = territory_link(rq, ob->territory);
	}
	p->waiting = ob->status == ST_PROPOSED || ob->status == ST_DRAFT;
	p->has_contact = !str_empty(json_str(json_get(ob->doc.j, "contact")));
	p->contact = link_to(rq, "/practices/:slug/contact", ob->slug);
	p->edit = link_to(rq, "/practices/:slug/edit", ob->slug);
	p->translate = link_add(rq->mem, p->edit, "translate", str_of(rq->lang));
	p->report = link_to(rq, "/practices/:slug/report", ob->slug);
	p->history = link_to(rq, "/practices/:slug/history", ob->slug);
	p->reuse = link_add(rq->mem, link_plain(rq, "/practices/propose"), "reuses", ob->slug);
	TRY(object_links(rq->db, rq->mem, ob->id, 200, &links, &n));
	TRY(read_who(rq, links, n, "by", &p->by, &p->n_by));
	TRY(read_who(rq, links, n, "with", &p->with, &p->n_with));
	read_parts(rq, p, v);
	read_results(rq, p, json_get(v.j, "results"));
	read_sources(rq, p, v, links, n);
	read_facts(rq, p, v);
	return read_like(rq, p, v);
}
