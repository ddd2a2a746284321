/*
 * The agenda's public pages.
 */
#include "../../base/limits.h"
#include "../../core/rows.h"
#include "agenda.h"
#include "agenda_show.html.h"
#include "agenda_web.h"
#include "event_private.h"

static enum err get(struct req *rq, struct object *ob, bool *moved)
{
	return object_get(rq, &event_entity, req_param(rq, "slug"), ob, moved);
}

static enum err event_show(struct req *rq)
{
	struct event_page p;
	struct object ob;
	bool moved;

	TRY(get(rq, &ob, &moved));
	if (moved) {
		return redirect_permanent(rq, object_url(rq, &ob));
	}
	TRY(event_page_read(rq, &ob, &p));
	req_page(rq)->nav = "agenda";
	req_page(rq)->description = p.lede.n ? p.lede : p.when;
	req_page(rq)->oembed = ob.status == ST_PUBLISHED;
	if (ob.status == ST_PUBLISHED) {
		req_page(rq)->jsonld = event_jsonld(rq, &ob, doc_view(rq->mem, &event_entity, ob.doc, SEE_PUBLIC));
	}
	return page(rq, p.title, event_view, &p);
}

/* "Add to my calendar": what the public sees, as a file of one entry. */
static enum err event_ics(struct req *rq)
{
	struct event_info info = {.sequence = 0};
	struct cal_event ev;
	struct object ob;
	bool moved;

	TRY(get(rq, &ob, &moved));
	if (ob.status != ST_PUBLISHED) {
		return E_NOTFOUND;
	}
	TRY(event_info(rq->db, rq->mem, ob.id, &info));
	event_calendar(rq, &ob, doc_view(rq->mem, &event_entity, ob.doc, SEE_PUBLIC), &info, &ev);
	if (ev.start.precision == CAL_NONE) {
		return problem(rq, E_NOTFOUND, N_("This event has no date yet: there is nothing to put in a calendar."));
	}
	struct buf b = buf_make(rq->mem, LIMIT_WEB_PAGE);
	struct ical_out o = ical_to(rq->mem, &b, NULL, NULL);
	ical_put_head(&o, &(struct cal_feed){.name = ev.title, .publish = true, .since = info.first_at});
	ical_put_event(&o, &ev);
	TRY(ical_done(&o));
	reply_as_download(rq, str_fmt(rq->mem, "%.*s.ics", STR_ARG(ob.slug)));
	return reply(rq, "text/calendar; charset=utf-8", buf_str(&b));
}

static const struct route routes[] = {
	{GET, "/agenda",                    ANYONE, agenda_list,  N_("What comes next"),                      ROUTE_CACHE},
	{GET, "/agenda/:slug",              ANYONE, event_show,   N_("One event"),                            ROUTE_CACHE},
	{GET, "/agenda/:slug/calendar.ics", ANYONE, event_ics,    N_("One event, for a calendar"),            ROUTE_CACHE},
	{POST, "/agenda/:slug/hosts",       SIGNED_IN, hosts_post, N_("Answers for an actor that one keeps"),  0},
	{GET,  "/hosting/:token",           ANYONE, hosting_show, N_("What the link of an invitation opens"), 0},
	{POST, "/hosting/:token",           ANYONE, hosting_post, N_("Agrees to be a host, or not"),          0},
	{GET, "/embed/agenda",              ANYONE, agenda_embed, N_("The agenda, for frames of other sites"), ROUTE_CACHE | ROUTE_EMBED},
};

static const struct job_kind jobs[] = {
	{"agenda-horizon", event_job_horizon, 3600, 0, N_("Writes series of events out further; lists what is over as past")},
	{"agenda-invite",  event_job_invite,  0,    0, N_("Asks actors whether they agree to be hosts of an event")},
};

static const struct entity *const entities[] = {&event_entity};

const struct module agenda_module = {
	.name = "agenda",
	.routes = TABLE(routes),
	.entities = TABLE(entities),
	.jobs = TABLE(jobs),
};
