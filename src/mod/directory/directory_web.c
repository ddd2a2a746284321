/*
 * The directory's public pages.
 */
#include "../../core/browse.h"
#include "../../core/rows.h"
#include "actor.h"
#include "directory.h"
#include "directory_list.html.h"
#include "directory_show.html.h"

static enum err directory_list(struct req *rq)
{
	struct browse b;

	req_page(rq)->nav = "directory";
	req_page(rq)->wide = true;
	req_page(rq)->description = str_of(T(rq, N_("Who acts for the welcome of migrants, where, and how to reach them.")));
	TRY(browse_read(rq, &actor_entity, link_plain(rq, "/directory"), STR_NONE, &b));
	TRY(browse_side(rq, &b));
	return page(rq, str_of(T(rq, N_("Directory"))), directory_view, &b);
}

/* E_NOTFOUND for what this visitor may not know of; a former address leads on. */
static enum err get(struct req *rq, struct object *ob, bool *moved)
{
	struct str slug = req_param(rq, "slug");

	return object_get(rq, &actor_entity, slug, ob, moved);
}

static enum err actor_show(struct req *rq)
{
	struct object ob;
	struct actor_page p;
	bool moved;

	TRY(get(rq, &ob, &moved));
	if (moved) {
		return redirect_permanent(rq, object_url(rq, &ob));
	}
	TRY(actor_page_read(rq, &ob, &p));
	TRY(actor_page_ties(rq, &p));
	req_page(rq)->nav = "directory";
	req_page(rq)->description = p.summary.text;
	req_page(rq)->oembed = true;
	return page(rq, ob.title, actor_view, &p);
}

static enum err actor_members(struct req *rq)
{
	struct object ob;
	struct members_page p = {0};
	bool moved;

	TRY(get(rq, &ob, &moved));
	if (moved) {
		return redirect_permanent(rq, link_to(rq, "/directory/:slug/members", ob.slug));
	}
	TRY(browse_read(rq, &actor_entity, link_to(rq, "/directory/:slug/members", ob.slug), ob.slug, &p.list));
	TRY(browse_side(rq, &p.list));
	p.name = ob.title;
	p.actor = object_url(rq, &ob);
	p.embed_code = browse_embed(rq, link_add(rq->mem, browse_link(rq, link_plain(rq, "/embed/map"), S("sort"), STR_NONE), "actor", ob.slug),
				    T_FMT(rq, N_("Network of {name}"), {S("name"), ob.title}));
	req_page(rq)->nav = "directory";
	req_page(rq)->wide = true;
	return page(rq, T_FMT(rq, N_("Network of {name}"), {S("name"), ob.title}), members_view, &p);
}

static const struct route routes[] = {
	{GET, "/directory",               ANYONE, directory_list, N_("The directory of actors"), ROUTE_CACHE},
	{GET, "/directory/:slug",         ANYONE, actor_show,     N_("One actor"),               ROUTE_CACHE},
	{GET, "/directory/:slug/members", ANYONE, actor_members,  N_("The members of a network"), ROUTE_CACHE},
};

static const struct entity *const entities[] = {&actor_entity};

const struct module directory_module = {
	.name = "directory",
	.routes = TABLE(routes),
	.entities = TABLE(entities),
};
