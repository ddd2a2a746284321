/*
 * The agenda's public pages.
 */
#include "../../core/rows.h"
#include "agenda.h"
#include "agenda_list.html.h"
#include "agenda_show.html.h"
#include "event_private.h"

static enum err agenda_list(struct req *rq)
{
	struct browse b;

	req_page(rq)->nav = "agenda";
	req_page(rq)->wide = true;
	req_page(rq)->description = str_of(T(rq, N_("What happens, when and where: demonstrations, debates, trainings, meals.")));
	TRY(browse_read(rq, &event_entity, link_plain(rq, "/agenda"), STR_NONE, &b));
	return page(rq, str_of(T(rq, N_("Agenda"))), agenda_view, &b);
}

static enum err event_show(struct req *rq)
{
	struct event_page p = {.short_ = S("")};
	bool moved;

	TRY(object_get(rq, &event_entity, req_param(rq, "slug"), &p.ob, &moved));
	if (moved) {
		return redirect_permanent(rq, object_url(rq, &p.ob));
	}
	struct view v = object_view(rq, &p.ob);
	p.title = view_text(v, &event_entity, "title", rq->lang, p.ob.lang, NULL);
	p.short_ = view_text(v, &event_entity, "short", rq->lang, p.ob.lang, NULL);
	req_page(rq)->nav = "agenda";
	req_page(rq)->description = p.short_;
	req_page(rq)->oembed = true;
	return page(rq, p.title, event_view, &p);
}

static const struct route routes[] = {
	{GET, "/agenda",       ANYONE, agenda_list, N_("What comes next"), ROUTE_CACHE},
	{GET, "/agenda/:slug", ANYONE, event_show,  N_("One event"),       ROUTE_CACHE},
};

static const struct job_kind jobs[] = {
	{"agenda-horizon", event_job_horizon, 3600, 0, N_("Writes series of events out further; lists what is over as past")},
};

static const struct entity *const entities[] = {&event_entity};

const struct module agenda_module = {
	.name = "agenda",
	.routes = TABLE(routes),
	.entities = TABLE(entities),
	.jobs = TABLE(jobs),
};
