/*
 * From an event's document, as this visitor may see it, to what its page shows.
 */
#include "../../base/json.h"
#include "../../base/url.h"
#include "../../core/minimap.h"
#include "../../core/rows.h"
#include "../../core/theme.h"
#include "../../html/markdown.h"
#include "../../web/page.h"
#include "../../web/site.h"
#include "agenda.h"

enum { DATES = 60, CHILDREN = 60, LINKS = 300 };

static struct str label_of(struct req *rq, const struct vocabulary *voc, struct str slug)
{
	const struct choice *c = str_empty(slug) ? NULL : vocabulary_find(voc, slug);

	return c ? str_of(T(rq, c->label)) : S("");
}

/* ---- when ------------------------------------------------------------------------------------------------------------ */

static struct str note_of(const struct json *doc, struct str on)
{
	const struct json *x = json_get(doc, "exceptions");

	for (size_t i = 0; x->kind == JSON_IS_ARRAY && i < x->n; i++) {
		if (str_eq(json_str(json_get(&x->items[i], "on")), on)) {
			struct str note = json_str(json_get(&x->items[i], "note"));
			return note.p ? note : S("");
		}
	}
	return S("");
}

static enum err read_dates(struct req *rq, struct event_page *p, struct view v)
{
	struct event_occurrence *o;
	const struct cal_zone *z = cal_zone(json_str(json_get(v.j, "zone")));
	size_t n;

	TRY(event_occurrences(rq->db, rq->mem, p->ob.id, 0, 1000, &o, &n));
	size_t from = 0;
	while (n > 1 && from + 1 < n && o[from].to <= rq->now) { /* those past come last in interest: the list begins with what comes */
		from++;
	}
	p->undated = n == 0;
	p->past = n > 0 && o[n - 1].to <= rq->now && !p->info.endless;
	p->when = n ? event_words(rq, o[from].start, o[from].end, o[from].zone, true) : str_of(T(rq, N_("Date to be decided")));
	p->datetime = n ? event_datetime(rq, z, o[from].start) : S("");
	p->repeats = event_repeats(rq, v.j);
	if (n < 2) {
		return OK;
	}
	p->dates = mem_array(rq->mem, struct event_when, DATES);
	for (size_t i = from; i < n && p->n_dates < DATES; i++) {
		p->dates[p->n_dates++] = (struct event_when){
			.words = event_words(rq, o[i].start, o[i].end, o[i].zone, true), .datetime = event_datetime(rq, z, o[i].start),
			.note = note_of(v.j, cal_text(rq->mem, o[i].on)), .cancelled = o[i].cancelled, .moved = cal_cmp(o[i].on, o[i].start) != 0,
			.past = o[i].to <= rq->now};
	}
	return OK;
}

/* Which of time and place changed, and when. */
static struct str changed_words(struct req *rq, const struct event_info *info)
{
	bool time = false, place = false;

	for (struct str rest = info->changed, f; rest.p && (f = str_cut(&rest, ',')).n;) {
		place = place || str_eq(f, S("places")) || str_eq(f, S("territory")) || str_eq(f, S("attendance")) || str_eq(f, S("everywhere"));
		time = time || str_eq(f, S("start")) || str_eq(f, S("end")) || str_eq(f, S("zone")) || str_eq(f, S("rrule")) ||
		       str_eq(f, S("rdates")) || str_eq(f, S("exdates")) || str_eq(f, S("exceptions"));
	}
	if (!info->changed_at || !(time || place)) {
		return S("");
	}
	return T_FMT(rq, time && place ? N_("Time and place were changed on {day}.")
			 : time	       ? N_("The time was changed on {day}.")
				       : N_("The place was changed on {day}."),
		     {S("day"), words_date(rq, info->changed_at)});
}

/* ---- where ----------------------------------------------------------------------------------------------------------- */

static void read_places(struct req *rq, struct event_page *p, const struct json *places)
{
	static const char *const parts[] = {"label", "address", "postal_code", "town", "country"};

	p->places = mem_array(rq->mem, struct event_place, places->n);
	for (size_t i = 0; places->kind == JSON_IS_ARRAY && i < places->n; i++) {
		struct buf b = buf_make(rq->mem, 2000);
		for (size_t k = 0; k < COUNT(parts); k++) {
			struct str s = json_str(json_get(&places->items[i], parts[k]));
			if (s.n) {
				buf_put(&b, !b.n ? S("") : k == 3 && json_str(json_get(&places->items[i], "postal_code")).n ? S(" ") : S(", "));
				buf_put(&b, s);
			}
		}
		if (b.n) {
			p->places[p->n_places++] = (struct event_place){buf_str(&b), json_get(&places->items[i], "sensitive")->kind == JSON_IS_TRUE};
		}
	}
	if (p->ob.has_point && !str_eq(json_str(json_get(p->ob.doc.j, "attendance")), S("online"))) {
		p->map = minimap_point(rq, p->ob.lat, p->ob.lon, p->ob.precision, p->ob.territory, p->title);
	}
}

/* ---- who ------------------------------------------------------------------------------------------------------------- */

static struct event_who who_of(struct req *rq, const struct link_row *links, size_t n, struct str kind, struct str words)
{
	for (size_t i = 0; i < n; i++) {
		if (links[i].outgoing && links[i].id && links[i].entity && str_eq(str_of(links[i].entity->kind), kind) &&
		    (str_eq(links[i].slug, words) || str_eq(links[i].title, words))) {
			return (struct event_who){links[i].title, object_link(rq, links[i].entity, links[i].slug)};
		}
	}
	return (struct event_who){words, URL_NONE};
}

static void read_hosts(struct req *rq, struct event_page *p, const struct json *hosts, const struct link_row *links, size_t n)
{
	static const char *const roles[] = {"organiser", "co_organiser", "with", "supported_by"};

	for (size_t r = 0; r < COUNT(roles); r++) {
		struct event_role *role = &p->roles[p->n_roles];
		*role = (struct event_role){.label = vocabulary_find(&event_roles, str_of(roles[r]))->label,
					    .who = mem_array(rq->mem, struct event_who, hosts->n)};
		for (size_t i = 0; hosts->kind == JSON_IS_ARRAY && i < hosts->n; i++) {
			struct str is = json_str(json_get(&hosts->items[i], "role"));
			if (str_eq(is.n ? is : S("organiser"), str_of(roles[r]))) {
				role->who[role->n++] = who_of(rq, links, n, S("actor"), json_str(json_get(&hosts->items[i], "actor")));
			}
		}
		p->n_roles += role->n > 0;
	}
}

static size_t read_named(struct req *rq, const struct json *list, const char *member, const char *url, struct event_who **out)
{
	size_t n = 0;

	*out = mem_array(rq->mem, struct event_who, list->n);
	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		struct event_who *w = &(*out)[n];
		struct str address = json_str(json_get(&list->items[i], url));
		*w = (struct event_who){json_str(json_get(&list->items[i], member)), URL_NONE};
		(void)(address.n && url_parse(rq->mem, address, &w->url) == OK);
		w->title = w->title.n ? w->title : address;
		n += w->title.n > 0;
	}
	return n;
}

static void read_programmes(struct req *rq, struct event_page *p, const struct json *list, const struct link_row *links, size_t n)
{
	p->programmes = mem_array(rq->mem, struct event_who, list->n);
	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		p->programmes[p->n_programmes++] = who_of(rq, links, n, S("programme"), json_str(json_get(&list->items[i], "programme")));
	}
}

/* ---- family ---------------------------------------------------------------------------------------------------------- */

static int64_t act_of(struct req *rq, int64_t id)
{
	struct object ob;
	int64_t act = 0;

	return object_by_id(rq->db, rq->mem, id, &ob) == OK && json_i64(json_get(ob.doc.j, "act"), &act) ? act : INT64_MAX;
}

/* Local events of a mobilisation; acts of a series in their order. */
static enum err read_family(struct req *rq, struct event_page *p, const struct link_row *links, size_t n)
{
	int64_t acts[CHILDREN];

	p->children = mem_array(rq->mem, struct list_row, CHILDREN);
	p->children_when = mem_array(rq->mem, struct str, CHILDREN);
	for (size_t i = 0; i < n && p->n_children < CHILDREN; i++) {
		struct event_occurrence o;
		size_t at = p->n_children;
		struct list_row row;

		if (!links[i].id || !str_eq(links[i].verb, S("parent"))) {
			continue;
		}
		if (links[i].outgoing) {
			p->parent = (struct event_who){links[i].title, object_link(rq, links[i].entity, links[i].slug)};
			continue;
		}
		enum err err = object_row_of(rq, links[i].id, &row);
		if (err == E_NOTFOUND) {
			continue;
		}
		TRY(err);
		int64_t act = act_of(rq, links[i].id);
		while (at > 0 && acts[at - 1] > act) { /* few: sorted as they come */
			acts[at] = acts[at - 1];
			p->children[at] = p->children[at - 1];
			p->children_when[at] = p->children_when[at - 1];
			at--;
		}
		err = event_next(rq->db, rq->mem, row.id, rq->now, &o);
		acts[at] = act;
		p->children[at] = row;
		p->children_when[at] = err == OK ? event_words(rq, o.start, o.end, o.zone, true) : S("");
		p->n_children++;
	}
	return OK;
}

/* ---- the rest -------------------------------------------------------------------------------------------------------- */

static void read_texts(struct req *rq, struct event_page *p, struct view v)
{
	struct str body;

	p->title = view_text(v, &event_entity, "title", rq->lang, p->ob.lang, &p->title_lang);
	p->title_fallback = !str_eq(p->title_lang, str_of(rq->lang));
	p->lede = view_text(v, &event_entity, "short", rq->lang, p->ob.lang, &p->lede_lang);
	p->lede_fallback = p->lede.n && !str_eq(p->lede_lang, str_of(rq->lang));
	body = view_text(v, &event_entity, "body", rq->lang, p->ob.lang, &p->body_lang);
	p->body_fallback = body.n && !str_eq(p->body_lang, str_of(rq->lang));
	p->body = markdown(rq->mem, body, &(struct markdown_options){.heading = 3});
	p->price = json_get(v.j, "free")->kind == JSON_IS_TRUE ? str_of(T(rq, N_("Free of charge")))
							       : view_text(v, &event_entity, "price", rq->lang, p->ob.lang, NULL);
}

static struct str choices_words(struct req *rq, const struct vocabulary *voc, const struct json *list)
{
	struct str *words = mem_array(rq->mem, struct str, list->n);
	size_t n = 0;

	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		words[n] = label_of(rq, voc, list->items[i].text);
		n += words[n].n > 0;
	}
	return n ? words_list(rq, words, n) : S("");
}

static void read_facts(struct req *rq, struct event_page *p, struct view v)
{
	const struct json *access = json_get(v.j, "access"), *themes = json_get(v.j, "themes");

	p->kind = label_of(rq, &event_kinds, json_str(json_get(v.j, "kind")));
	p->attendance = label_of(rq, &event_attendances, json_str(json_get(v.j, "attendance")));
	p->languages = language_words(rq, json_get(v.j, "languages"));
	p->interpreted = language_words(rq, json_get(v.j, "interpreted"));
	p->audience = choices_words(rq, &event_audiences, json_get(v.j, "audience"));
	p->access = mem_array(rq->mem, struct str, access->n);
	for (size_t i = 0; access->kind == JSON_IS_ARRAY && i < access->n; i++) {
		p->access[p->n_access] = label_of(rq, &event_accesses, access->items[i].text);
		p->n_access += p->access[p->n_access].n > 0;
	}
	p->themes = mem_array(rq->mem, struct event_who, themes->n);
	for (size_t i = 0; themes->kind == JSON_IS_ARRAY && i < themes->n; i++) {
		if (theme_find(themes->items[i].text)) {
			p->themes[p->n_themes++] = (struct event_who){theme_name(themes->items[i].text, rq->lang),
								      link_add(rq->mem, link_plain(rq, "/agenda"), "theme", themes->items[i].text)};
		}
	}
	p->registration = json_str(json_get(v.j, "registration"));
	if (str_eq(p->registration, S("outside"))) {
		(void)(url_parse(rq->mem, json_str(json_get(v.j, "registration_url")), &p->register_url) == OK);
	} else if (str_eq(p->registration, S("site")) && page_has(rq, "/agenda/:slug/register")) {
		p->register_url = link_to(rq, "/agenda/:slug/register", p->ob.slug);
	}
}

/* A few lines to paste into a message. */
static struct str share_text(struct req *rq, const struct event_page *p)
{
	struct buf b = buf_make(rq->mem, 8000);
	struct str lines[] = {p->title, p->when, p->n_places ? p->places[0].words : p->where, p->lede, link_absolute(rq, object_url(rq, &p->ob)).s};

	for (size_t i = 0; i < COUNT(lines); i++) {
		if (lines[i].n) {
			buf_put(&b, b.n ? S("\n") : S(""));
			buf_put(&b, lines[i]);
		}
	}
	return buf_str(&b);
}

/* Who was asked, and for whom this person answers. */
static enum err read_asked(struct req *rq, struct event_page *p)
{
	TRY(event_hosts(rq->db, rq->mem, &p->ob, &p->asked, &p->n_asked));
	p->mine = mem_array(rq->mem, bool, p->n_asked + 1);
	for (size_t i = 0; i < p->n_asked; i++) {
		TRY(event_answers_for(rq, p->asked[i].actor, &p->mine[i]));
		p->answers = p->answers || p->mine[i];
	}
	return OK;
}

enum err event_page_read(struct req *rq, const struct object *ob, struct event_page *p)
{
	struct view v = object_view(rq, ob);
	struct link_row *links;
	size_t n;

	*p = (struct event_page){.ob = *ob};
	p->row = (struct list_row){.id = ob->id, .entity = ob->entity, .slug = ob->slug, .title = ob->title, .territory = ob->territory,
				   .kind_slug = json_str(json_get(v.j, "kind"))};
	enum err err = event_info(rq->db, rq->mem, ob->id, &p->info);
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	TRY(object_links(rq->db, rq->mem, ob->id, LINKS, &links, &n));
	read_texts(rq, p, v);
	p->where = json_get(v.j, "everywhere")->kind == JSON_IS_TRUE ? str_of(T(rq, N_("In all towns and villages"))) : territory_words(rq, ob->territory);
	if (ob->territory.n) {
		p->where_url = territory_link(rq, ob->territory);
	}
	TRY(read_dates(rq, p, v));
	read_places(rq, p, json_get(v.j, "places"));
	read_hosts(rq, p, json_get(v.j, "hosts"), links, n);
	read_programmes(rq, p, json_get(v.j, "programmes"), links, n);
	TRY(read_family(rq, p, links, n));
	read_facts(rq, p, v);
	p->n_links = read_named(rq, json_get(v.j, "links"), "label", "url", &p->links);
	p->n_documents = read_named(rq, json_get(v.j, "documents"), "label", "url", &p->documents);
	(void)json_i64(json_get(v.j, "act"), &p->act);
	p->state = json_str(json_get(v.j, "state"));
	p->changed = changed_words(rq, &p->info);
	p->waiting = ob->status == ST_PROPOSED || ob->status == ST_DRAFT;
	p->closed = ob->status == ST_ARCHIVED;
	p->keeper = object_may_edit(rq->db, &rq->who, ob);
	p->has_contact = json_str(json_get(ob->doc.j, "contact")).n > 0;
	p->contact = link_to(rq, "/agenda/:slug/contact", ob->slug);
	p->edit = link_to(rq, "/agenda/:slug/edit", ob->slug);
	p->translate = link_add(rq->mem, p->edit, "translate", str_of(rq->lang));
	p->report = link_to(rq, "/agenda/:slug/report", ob->slug);
	p->history = link_to(rq, "/agenda/:slug/history", ob->slug);
	p->ics = link_to(rq, "/agenda/:slug/calendar.ics", ob->slug);
	p->share = share_text(rq, p);
	p->hosts = link_to(rq, "/agenda/:slug/hosts", ob->slug);
	return rq->who.account ? read_asked(rq, p) : OK;
}
