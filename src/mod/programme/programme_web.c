/*
 * The public pages of common programmes: what it is, its days, how to add an event.
 */
#include "../../base/json.h"
#include "../../base/time.h"
#include "../../base/url.h"
#include "../../core/rows.h"
#include "../../html/markdown.h"
#include "programme.sql.h"
#include "programme_list.html.h"
#include "programme_pages.h"
#include "programme_plan.h"
#include "programme_show.html.h"

enum { LINKS = 200 };

static enum err list(struct req *rq)
{
	struct browse b;

	req_page(rq)->nav = "agenda";
	req_page(rq)->wide = true;
	req_page(rq)->description =
		str_of(T(rq, N_("Days, weeks and campaigns that many organisations fill together.")));
	TRY(browse_read(rq, &programme_entity, link_plain(rq, "/programmes"), STR_NONE, &b));
	return page(rq, str_of(T(rq, N_("Common programmes"))), programmes_view, &b);
}

enum err programme_figures(struct db *db, struct mem *m, int64_t programme, struct programme_figures *out)
{
	struct programme_events_count_row events;
	struct programme_hosts_count_row hosts;

	TRY(programme_events_count(db, programme, m, &events));
	TRY(programme_hosts_count(db, programme, m, &hosts));
	*out = (struct programme_figures){.events = events.total, .towns = events.towns, .hosts = hosts.total};
	return OK;
}

static struct cal_moment at(const struct json *doc, const char *name)
{
	struct cal_moment m;

	return cal_parse(json_text(doc, name), &m) ? m : (struct cal_moment){.precision = CAL_NONE};
}

static struct str moment_words(struct req *rq, const struct json *doc, const char *name)
{
	struct cal_moment m = at(doc, name);

	return m.precision ? words_partial_date(rq, cal_text(rq->mem, m.precision > CAL_DAY ? cal_day(m) : m)) : S("");
}

static struct str dates_words(struct req *rq, const struct json *doc)
{
	struct cal_moment start = at(doc, "start"), end = at(doc, "end");

	if (!start.precision) {
		return str_of(T(rq, N_("to be decided")));
	}
	if (start.precision < CAL_DAY || end.precision < CAL_DAY || cal_cmp(cal_day(start), cal_day(end)) == 0) {
		return moment_words(rq, doc, "start");
	}
	return words_date_range(rq, cal_to_utc(cal_zone(rq->site->time_zone), cal_day(start)),
				cal_to_utc(cal_zone(rq->site->time_zone), cal_day(end)));
}

/* ---- days ------------------------------------------------------------------------------------------------------------------ */

static struct str theme_of(struct req *rq, const struct programme_page *p, const struct json *doc, struct str day)
{
	const struct json *list = json_get(doc, "days");

	(void)p;
	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		if (str_eq(json_text(&list->items[i], "day"), day)) {
			struct str lang;

			return item_text(&list->items[i], "theme", rq->lang, p->ob.lang, &lang);
		}
	}
	return S("");
}

/* Each day of the programme with its theme and how many events it holds; none when it lasts longer than two months. */
static enum err read_days(struct req *rq, struct programme_page *p, const struct json *doc)
{
	struct cal_moment day = cal_day(at(doc, "start")), end = cal_day(at(doc, "end"));
	struct programme_days_row *held;
	size_t n = 0;

	if (day.precision != CAL_DAY || end.precision != CAL_DAY ||
	    cal_cmp(end, cal_add_days(day, PROGRAMME_DAYS_MAX - 1)) > 0) {
		return OK;
	}
	TRY(programme_days(rq->db, p->ob.id, cal_to_utc(NULL, day), cal_to_utc(NULL, cal_add_days(end, 1)), rq->mem,
			   &held, &n));
	p->days = mem_array(rq->mem, struct programme_day, PROGRAMME_DAYS_MAX);
	for (; cal_cmp(day, end) <= 0; day = cal_add_days(day, 1)) {
		struct str text = cal_text(rq->mem, day);
		struct programme_day *d = &p->days[p->n_days++];

		*d = (struct programme_day){.words = words_date(rq, cal_to_utc(NULL, day) + 12 * TIME_HOUR),
					    .theme = theme_of(rq, p, doc, text)};
		d->url = link_add(rq->mem, link_add(rq->mem, p->agenda, "from", text), "to", text);
		for (size_t i = 0; i < n; i++) {
			d->events += held[i].day == cal_to_utc(NULL, day) / TIME_DAY ? held[i].total : 0;
		}
	}
	return OK;
}

/* ---- the page -------------------------------------------------------------------------------------------------------------- */

static enum err read_owners(struct req *rq, struct programme_page *p)
{
	struct link_row *links;
	size_t n;

	TRY(object_links(rq->db, rq->mem, p->ob.id, LINKS, &links, &n));
	p->owners = mem_array(rq->mem, struct programme_who, n);
	for (size_t i = 0; i < n; i++) {
		if (links[i].outgoing && str_eq(links[i].verb, S("owners"))) {
			p->owners[p->n_owners++] =
				(struct programme_who){.title = links[i].title,
						       .url = links[i].id && links[i].entity
								      ? object_link(rq, links[i].entity, links[i].slug)
								      : URL_NONE};
		}
	}
	return OK;
}

static enum err read_before(struct req *rq, struct programme_page *p, const struct json *doc)
{
	struct object before;
	bool moved;

	enum err err = object_get(rq, &programme_entity, json_text(doc, "previous"), &before, &moved);
	if (err == E_NOTFOUND) {
		return OK;
	}
	TRY(err);
	p->has_before = true;
	p->before_title = before.title;
	p->before_url = object_url(rq, &before);
	return programme_figures(rq->db, rq->mem, before.id, &p->before);
}

static void read_links(struct req *rq, struct programme_page *p)
{
	struct str slug = p->ob.slug;

	p->submit = link_add(rq->mem, link_plain(rq, "/agenda/propose"), "programme", slug);
	p->agenda = link_add(rq->mem, link_plain(rq, "/agenda"), "programme", slug);
	p->map = link_add(rq->mem, link_add(rq->mem, link_plain(rq, "/map"), "layers", S("events")), "programme", slug);
	p->ics = link_add(rq->mem, URL("/api/v1/events.ics"), "programme", slug);
	p->atom = link_add(rq->mem, URL("/api/v1/events.atom"), "programme", slug);
	p->csv = link_add(rq->mem, URL("/api/v1/events.csv"), "programme", slug);
	p->print_out = link_add(rq->mem, link_plain(rq, "/agenda/print"), "programme", slug);
	p->queue = link_to(rq, "/programmes/:slug/queue", slug);
	p->plan = link_to(rq, "/programmes/:slug/plan", slug);
	p->edit = link_to(rq, "/programmes/:slug/edit", slug);
	p->report = link_to(rq, "/programmes/:slug/report", slug);
	p->history = link_to(rq, "/programmes/:slug/history", slug);
	p->next_edition = link_to(rq, "/programmes/:slug/next", slug);
}

static void read_texts(struct req *rq, struct programme_page *p, struct view v)
{
	struct str lang;
	const struct entity *e = &programme_entity;

	p->title = view_text(v, e, "title", rq->lang, p->ob.lang, &p->title_lang);
	p->title_fallback = !str_eq(p->title_lang, str_of(rq->lang));
	p->short_ = view_text(v, e, "short", rq->lang, p->ob.lang, &p->short_lang);
	p->short_ = p->short_.p ? p->short_ : S("");
	p->short_fallback = p->short_.n && !str_eq(p->short_lang, str_of(rq->lang));
	p->theme = view_text(v, e, "theme", rq->lang, p->ob.lang, &lang);
	p->hashtag = json_text(v.j, "hashtag");
	struct str body = view_text(v, e, "body", rq->lang, p->ob.lang, &lang),
		   charter = view_text(v, e, "charter", rq->lang, p->ob.lang, &lang);
	if (body.n) {
		p->body = markdown(rq->mem, body, &(struct markdown_options){.heading = 2});
	}
	if (charter.n) {
		p->charter = markdown(rq->mem, charter, &(struct markdown_options){.heading = 3});
		p->charter_needed = true;
	}
	p->dates = dates_words(rq, v.j);
	p->opens = moment_words(rq, v.j, "opens");
	p->closes = moment_words(rq, v.j, "closes");
	p->print = moment_words(rq, v.j, "print");
}

static enum err show(struct req *rq)
{
	struct programme_page p = {0};
	struct view v;
	bool moved;

	TRY(object_get(rq, &programme_entity, req_param(rq, "slug"), &p.ob, &moved));
	if (moved) {
		return redirect_permanent(rq, object_url(rq, &p.ob));
	}
	v = object_view(rq, &p.ob);
	p.waiting = p.ob.status == ST_PROPOSED || p.ob.status == ST_DRAFT;
	read_texts(rq, &p, v);
	read_links(rq, &p);
	p.closed = programme_closed(&p.ob, str_c(rq->mem, rq->site->time_zone), rq->now);
	TRY(read_owners(rq, &p));
	TRY(read_before(rq, &p, v.j));
	TRY(programme_figures(rq->db, rq->mem, p.ob.id, &p.now));
	TRY(read_days(rq, &p, v.j));
	TRY(programme_may(rq, &p.ob, STR_NONE, &p.editor));
	req_page(rq)->nav = "agenda";
	req_page(rq)->description = p.short_;
	req_page(rq)->feed_atom = p.atom;
	req_page(rq)->oembed = true;
	return page(rq, p.title, programme_view, &p);
}

static const struct route routes[] = {
	{GET,  "/programmes",             ANYONE,    list,                 N_("The common programmes"),                   ROUTE_CACHE},
	{GET,  "/programmes/:slug",       ANYONE,    show,                 N_("One common programme"),                    ROUTE_CACHE},
	{GET,  "/programmes/:slug/queue", SIGNED_IN, programme_queue,      N_("Events that ask to stand in a programme"), 0          },
	{POST, "/programmes/:slug/queue", SIGNED_IN, programme_queue_post, N_("Accepts or refuses an event; stewards"),
	 0															   },
	{GET,  "/programmes/:slug/plan",  SIGNED_IN, programme_plan,       N_("The backward plan of a programme"),        0          },
	{POST, "/programmes/:slug/plan",  SIGNED_IN, programme_plan_post,  N_("Changes the backward plan"),               0          },
	{POST, "/programmes/:slug/next",  SIGNED_IN, programme_next_post,  N_("Begins the next edition from this one"),
	 0															   },
};

static const struct job_kind jobs[] = {
	{"programme-plan", programme_job_plan, 24 * 3600, 0, N_("Reminds of the steps of backward plans")},
};

static const struct entity *const entities[] = {&programme_entity};

const struct module programme_module = {
	.name = "programme",
	.routes = TABLE(routes),
	.entities = TABLE(entities),
	.jobs = TABLE(jobs),
};
