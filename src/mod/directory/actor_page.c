/*
 * From an actor's document, as this visitor may see it, to what its page shows.
 */
#include "../../base/json.h"
#include "../../base/time.h"
#include "../../base/url.h"
#include "../../core/minimap.h"
#include "../../core/rows.h"
#include "../../core/theme.h"
#include "../../html/markdown.h"
#include "actor.h"
#include "directory.h"

static struct actor_text translated(struct req *rq, struct view v, const char *field, struct str original)
{
	struct actor_text t = {0};

	t.text = view_text(v, &actor_entity, field, rq->lang, original, &t.lang);
	t.text = t.text.p ? t.text : S("");
	t.fallback = t.text.n && !str_eq(t.lang, str_of(rq->lang));
	return t;
}

static struct str choice_label(struct req *rq, const struct vocabulary *voc, struct str slug, const char **icon)
{
	const struct choice *c = vocabulary_find(voc, slug);

	if (icon) {
		*icon = c && c->icon ? c->icon : "info";
	}
	return c ? str_of(T(rq, c->label)) : slug;
}

static void read_themes(struct req *rq, struct actor_page *p, const struct json *list)
{
	p->themes = mem_array(rq->mem, struct actor_theme, list->n);
	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		struct str slug = json_str(&list->items[i]);

		if (theme_find(slug)) {
			p->themes[p->n_themes++] = (struct actor_theme){
				theme_name(slug, rq->lang), link_add(rq->mem, link_plain(rq, "/directory"), "theme", slug)};
		}
	}
}

static void read_services(struct req *rq, struct actor_page *p, const struct json *list, struct str original)
{
	p->services = mem_array(rq->mem, struct actor_service, list->n);
	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		const struct json *j = &list->items[i];
		struct actor_service *s = &p->services[p->n_services++];

		s->label = choice_label(rq, &service_types, json_text(j, "type"), &s->icon);
		s->languages = language_words(rq, json_get(j, "languages"));
		s->conditions = said_of(rq, j, "conditions", original);
		s->no_status = json_true(json_get(j, "no_status_asked"));
	}
}

/* A contact as a link, by its kind. */
static struct url contact_url(struct req *rq, struct str type, struct str value)
{
	struct url u = {STR_NONE};
	struct str target = value;
	enum err e = E_INVALID;

	if (str_eq(type, S("mail"))) {
		target = str_fmt(rq->mem, "mailto:%.*s", STR_ARG(value));
	} else if (str_eq(type, S("phone"))) {
		struct buf b = buf_make(rq->mem, 100);

		buf_put(&b, S("tel:"));
		for (size_t i = 0; i < value.n; i++) {
			if ((value.p[i] >= '0' && value.p[i] <= '9') || value.p[i] == '+') {
				buf_put_c(&b, value.p[i]);
			}
		}
		target = buf_str(&b);
	} else if (str_eq(type, S("address"))) {
		return u;
	}
	e = url_parse(rq->mem, target, &u);
	return e == OK ? u : URL_NONE;
}

static void read_contacts(struct req *rq, struct actor_page *p, const struct json *list, struct str original)
{
	p->contacts = mem_array(rq->mem, struct actor_contact, list->n);
	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		const struct json *j = &list->items[i];
		const struct choice *c = vocabulary_find(&contact_types, json_text(j, "type"));
		struct actor_contact *out = &p->contacts[p->n_contacts++];
		struct str sight = json_text(j, "visibility");

		out->icon = c && c->icon ? c->icon : "info";
		out->kind = c ? str_of(T(rq, c->label)) : S("");
		out->value = json_text(j, "value");
		out->label = said_of(rq, j, "label", original);
		out->url = contact_url(rq, json_text(j, "type"), out->value);
		out->sight = str_eq(sight, S("members"))  ? N_("seen by signed-in people")
			     : str_eq(sight, S("hidden")) ? N_("seen by moderators only")
							  : NULL;
	}
}

static void read_hours(struct req *rq, struct actor_page *p, const struct json *week)
{
	static const char *const days[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
	static const char *const names[] = {N_("Monday"),   N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
					    N_("Friday"),   N_("Saturday"), N_("Sunday")};
	struct civil now = time_civil(rq->now);
	int64_t today = ((days_of_date(now.year, now.month, now.day) + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */

	if (week->kind != JSON_IS_OBJECT) {
		return;
	}
	p->hours = mem_array(rq->mem, struct actor_hours, COUNT(days));
	for (size_t i = 0; i < COUNT(days); i++) {
		struct buf b = buf_make(rq->mem, 400);
		struct str times = json_text(week, days[i]);

		for (size_t k = 0; k < times.n; k++) {
			buf_put(&b, times.p[k] == ',' ? S(", ") : times.p[k] == '-' ? S("–") : str_sub(times, k, 1));
		}
		p->hours[i] = (struct actor_hours){str_of(T(rq, names[i])), buf_str(&b), (int64_t)i == today};
	}
	p->n_hours = COUNT(days);
}

static const char *blur_words(int precision)
{
	static const char *const words[] = {
		[PLACE_EXACT] = NULL,
		[PLACE_STREET] = N_("The map shows the street, not the number."),
		[PLACE_COMMUNE] = N_("The map shows the town only: the address is not published."),
		[PLACE_DEPARTEMENT] = N_("The map shows the département only: the place is not published."),
	};

	return precision >= 0 && (size_t)precision < COUNT(words) ? words[precision] : NULL;
}

static void read_state(struct req *rq, struct actor_page *p, const struct object *ob)
{
	p->row = (struct list_row){.id = ob->id, .entity = ob->entity, .slug = ob->slug, .title = ob->title, .territory = ob->territory,
				   .checked_at = ob->checked_at};
	p->old = ob->status == ST_PUBLISHED && row_is_old(rq, &p->row);
	p->not_since = p->old ? words_month(rq, ob->checked_at) : S("");
	p->closed = ob->status == ST_ARCHIVED;
	p->waiting = ob->status == ST_PROPOSED || ob->status == ST_DRAFT;
	p->may_edit = object_may_edit(rq->db, &rq->who, ob);
	p->where = territory_words(rq, ob->territory);
	if (p->where.n) {
		p->where_url = territory_link(rq, ob->territory);
	}
	if (ob->has_point) {
		p->map = minimap_point(rq, ob->lat, ob->lon, ob->precision, ob->territory, ob->title);
	}
	p->blur = ob->has_point ? blur_words(ob->precision) : NULL;
	p->contact = link_to(rq, "/directory/:slug/contact", ob->slug);
	p->edit = link_to(rq, "/directory/:slug/edit", ob->slug);
	p->translate = link_add(rq->mem, p->edit, "translate", str_of(rq->lang));
	p->report = link_to(rq, "/directory/:slug/report", ob->slug);
	p->claim = link_to(rq, "/directory/:slug/claim", ob->slug);
	p->history = link_to(rq, "/directory/:slug/history", ob->slug);
	p->members_url = link_to(rq, "/directory/:slug/members", ob->slug);
}

enum err actor_page_read(struct req *rq, const struct object *ob, struct actor_page *p)
{
	struct view v = object_view(rq, ob);
	const struct json *all = json_get(ob->doc.j, "contacts");

	*p = (struct actor_page){.ob = *ob};
	read_state(rq, p, ob);
	p->row.kind_slug = json_text(v.j, "kind");
	p->acronym = json_text(v.j, "acronym");
	p->summary = translated(rq, v, "summary", ob->lang);
	p->body_text = translated(rq, v, "body", ob->lang);
	p->body = markdown(rq->mem, p->body_text.text, NULL);
	p->languages = language_words(rq, json_get(v.j, "languages"));
	p->founded = words_partial_date(rq, json_text(v.j, "founded"));
	p->legal_number = json_text(v.j, "legal_number");
	read_themes(rq, p, json_get(v.j, "themes"));
	read_services(rq, p, json_get(v.j, "services"), ob->lang);
	read_contacts(rq, p, json_get(v.j, "contacts"), ob->lang);
	read_hours(rq, p, json_get(v.j, "hours"));
	/* Whether it can be written to is no secret; where is. */
	for (size_t i = 0; all->kind == JSON_IS_ARRAY && i < all->n; i++) {
		p->has_mail = p->has_mail || str_eq(json_text(&all->items[i], "type"), S("mail"));
	}
	return OK;
}
