/*
 * Proposing something new: the whole form, without account. Whoever edits here publishes at once; all others wait for a
 * moderator and get a link to complete, correct or take back.
 */
#include "../../base/limits.h"
#include "../../base/utf8.h"
#include "../../core/account.h"
#include "../../core/atlas.h"
#include "../../core/mail.h"
#include "../../entity/tree.h"
#include "../../web/site.h"
#include "desk.h"
#include "desk_propose.html.h"

static const char *heading_of(const struct entity *e)
{
	return strcmp(e->kind, "actor") == 0	? N_("Propose an actor")
	       : strcmp(e->kind, "practice") == 0 ? N_("Tell a practice")
	       : strcmp(e->kind, "event") == 0	  ? N_("Add an event")
						  : N_("Add a document");
}

/* Those who edit here publish at once; in raid mode moderators only. */
static bool publishes(const struct req *rq)
{
	return rq->who.role >= (rq->site->raid ? ROLE_MODERATOR : ROLE_EDITOR);
}

static void frame(struct req *rq, const struct entity *e, struct propose_page *p)
{
	p->entity = e;
	p->action = desk_link(rq, e, "/propose", S(""));
	p->back = desk_link(rq, e, "", S(""));
	p->heading = heading_of(e);
	p->at_once = publishes(rq);
	p->with_person = !p->at_once;
	p->mail_needed = !rq->who.account;
	p->lede = p->at_once ? N_("It will be published as you send it.")
			     : N_("No account is needed. You will get a link by mail to complete it, correct it or take it back.");
	p->send = p->at_once ? N_("Publish") : N_("Send the proposal");
	p->form.duplicates = str_c(rq->mem, desk_link(rq, e, "/duplicates", S("")).s);
	req_page(rq)->nav = e->room + 1;
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->no_index = true;
}

static enum err show(struct req *rq, struct propose_page *p)
{
	return page(rq, str_of(T(rq, p->heading)), propose_view, p);
}

/* One row of a group, from a parameter of the address. */
static void prefill_row(struct req *rq, const struct entity *e, struct json *doc, const char *param, const char *group, const char *member)
{
	struct str v = req_query(rq, param);
	struct json row = tree_object(), rows = tree_array();

	if (v.n && v.n <= LIMIT_SLUG && entity_field(e, str_of(group))) {
		tree_set(rq->mem, &row, str_of(member), tree_str(v));
		tree_add(rq->mem, &rows, row);
		tree_set(rq->mem, doc, str_of(group), rows);
	}
}

/* The title of what a proposal starts from, when everybody may read it. */
static enum err read_from(struct req *rq, const char *param, const char *kind, struct propose_page *p)
{
	const struct entity *e = entity_find(str_of(kind));
	struct str slug = req_query(rq, param);
	struct list_row row;
	int64_t id;
	enum err found = e && slug.n && slug.n <= LIMIT_SLUG ? object_id_of(rq->db, rq->mem, e, slug, &id) : E_NOTFOUND;

	if (found == OK) {
		found = object_row_of(rq, id, &row);
	}
	if (found == OK) {
		p->from = str_of(param);
		p->from_title = row.title;
	}
	return found == E_NOTFOUND ? OK : found;
}

enum err desk_propose(struct req *rq)
{
	const struct entity *e = desk_entity(rq);
	struct propose_page p = {.mail = S(""), .name = S(""), .note = S("")};
	struct json doc = tree_object();
	struct str territory = req_query(rq, "territory");

	if (desk_closed(rq)) {
		return desk_closed_page(rq);
	}
	if (territory.n && atlas_find(territory)) {
		tree_set(rq->mem, &doc, S("territory"), tree_str(territory));
	}
	prefill_row(rq, e, &doc, "reuses", "reuses", "of");
	prefill_row(rq, e, &doc, "resource", "from_resource", "resource");
	prefill_row(rq, e, &doc, "programme", "programmes", "programme");
