/*
 * The history of a page: who (in words of roles), when, which fields; the difference of each version; taking back. What must
 * not be seen now is not told by its past: of contacts, places and private fields only the change is shown to the public.
 */
#include "../../core/account.h"
#include "desk.h"
#include "desk_history.html.h"

enum { HISTORY_ROWS = 100 };

enum err desk_role_words(struct req *rq, int64_t account, const char **out)
{
	struct account a;
	enum err err;

	*out = N_("somebody without account");
	if (!account) {
		return OK;
	}
	err = account_get(rq->db, rq->mem, rq->site, account, &a);
	if (err == E_NOTFOUND || (err == OK && a.closed)) {
		*out = N_("a former member");
		return OK;
	}
	TRY(err);
	switch (a.role) {
	case ROLE_ADMIN:
		*out = N_("an administrator");
		break;
	case ROLE_MODERATOR:
		*out = N_("a moderator");
		break;
	case ROLE_EDITOR:
		*out = N_("an editor");
		break;
	case ROLE_CONTRIBUTOR:
	case ROLE_VISITOR:
		*out = N_("a contributor");
		break;
	}
	return OK;
}

static const char *verb_words(struct str verb)
{
	static const struct {
		const char *verb, *words;
	} all[] = {
		{"create", N_("Page created")},      {"propose", N_("Proposed")},          {"publish", N_("Published")},
		{"edit", N_("Changed")},             {"accept", N_("Suggestion accepted")}, {"refuse", N_("Refused")},
		{"withdraw", N_("Taken back")},      {"archive", N_("Closed")},            {"merge", N_("Merged with another page")},
		{"import", N_("Imported")},          {"undo", N_("Undone")},               {"confirm", N_("Confirmed")},
		{"erase", N_("Personal data erased")}, {"reopen", N_("Opened again")},      {"demo", N_("Page created")},
	};

	for (size_t i = 0; i < COUNT(all); i++) {
		if (str_eq(verb, str_of(all[i].verb))) {
			return all[i].words;
		}
	}
	return N_("Changed");
}

/* Labels of the fields that changed, those that this visitor may know of. */
static struct str field_words(struct req *rq, const struct object *ob, struct str keys, enum sight sight)
{
	struct str labels[64];
	size_t n = 0;

	while (keys.n && n < COUNT(labels)) {
		struct str key = str_cut(&keys, ','), name = key;
		const struct field *f = entity_field(ob->entity, str_cut(&name, '@'));

		if (f && !(f->flags & COMPUTED) && !((f->flags & PRIVATE) && sight < SEE_ALL) &&
		    !((f->flags & MEMBERS) && sight < SEE_MEMBERS)) {
			labels[n++] = desk_key_label(rq, ob->entity, key);
		}
	}
	return n ? words_list(rq, labels, n) : S("");
}

static bool undo_ok(const struct req *rq, const struct history_page *h, const struct revision_item *r)
{
	bool heavy = r->status_before != r->status_after || str_eq(r->verb, S("merge"));

	if (r->undone || (r->version == 1 && r->status_after == ST_PROPOSED)) {
		return false;
	}
	return heavy ? object_may_moderate(&rq->who, &h->ob) : h->keeper && r->fields.n > 0;
}

/* What people do without account; all else without account was done by the program. */
static bool by_people(struct str verb)
{
	return str_eq(verb, S("propose")) || str_eq(verb, S("edit")) || str_eq(verb, S("withdraw")) || str_eq(verb, S("archive")) ||
	       str_eq(verb, S("reopen"));
}

static enum err read_item(struct req *rq, struct history_page *h, const struct revision_item *r, struct history_item *out)
{
	enum sight sight = object_sight(&rq->who, &h->ob);

	*out = (struct history_item){.rev = *r, .verb = verb_words(r->verb), .fields = field_words(rq, &h->ob, r->fields, sight),
				     .may_undo = undo_ok(rq, h, r)};
	if (r->account || by_people(r->verb)) {
		TRY(desk_role_words(rq, r->account, &out->by));
	}
	if (r->fields.n || r->version == 1) {
		const char *route = str_c(rq->mem, str_fmt(rq->mem, "%s/:slug/history/:version", h->ob.entity->room));
		out->difference = link_to(rq, route, h->ob.slug, str_fmt(rq->mem, "%lld", (long long)r->version));
	}
	return OK;
}

static enum err read_history(struct req *rq, struct history_page *h)
{
	struct revision_item *rows;
	size_t n;

	*h = (struct history_page){.n = 0};
	TRY(desk_object(rq, &h->ob));
	h->page = object_url(rq, &h->ob);
	h->undo = desk_link(rq, h->ob.entity, "/:slug/undo", h->ob.slug);
	h->keeper = object_may_edit(rq->db, &rq->who, &h->ob);
	TRY(object_history(rq->db, rq->mem, h->ob.id, HISTORY_ROWS, &rows, &n));
	h->items = mem_array(rq->mem, struct history_item, n);
	for (size_t i = 0; i < n; i++) {
		TRY(read_item(rq, h, &rows[i], &h->items[h->n++]));
	}
	req_page(rq)->nav = h->ob.entity->room + 1;
	req_page(rq)->no_index = true;
	return OK;
}

enum err desk_history(struct req *rq)
{
	struct history_page h;

	TRY(read_history(rq, &h));
	if (object_may_moderate(&rq->who, &h.ob)) {
		TRY(desk_dups(rq, h.ob.entity, h.ob.doc, h.ob.id, true, &h.dups, &h.n_dups));
	}
	return page(rq, T_FMT(rq, N_("History of {title}"), {S("title"), h.ob.title}), history_view, &h);
}

/* Fields whose past may say more than their present. */
static bool is_delicate(const struct object *ob, const struct field *f)
{
	bool spot = f->type == F_GROUP && field_in(f->fields, f->n_fields, S("lat"));

	return spot || f->purpose || (f->flags & (PRIVATE | MEMBERS | BY_ITEM)) || f->type == F_MAIL || f->type == F_PHONE ||
	       ((f->type == F_TERRITORY || f->type == F_TERRITORIES) && doc_is_coarse(ob->entity, ob->doc.j));
}

static enum err read_difference(struct req *rq, struct version_page *p, int64_t version)
{
	static const struct json nothing = {.kind = JSON_IS_OBJECT};
	const struct object *ob = &p->h.ob;
	enum sight sight = object_sight(&rq->who, ob);
	struct doc before = {&nothing}, after;

	TRY(object_at_version(rq->db, rq->mem, ob->id, version, &after));
	if (version > 1) {
		TRY(object_at_version(rq->db, rq->mem, ob->id, version - 1, &before));
	}
	p->n_fields = desk_changes(rq, ob->entity, doc_view(rq->mem, ob->entity, before, sight).j,
				   doc_view(rq->mem, ob->entity, after, sight).j, &p->fields);
	for (size_t i = 0; i < p->n_fields && sight < SEE_ALL; i++) {
		struct str name = p->fields[i].key;
		const struct field *f = entity_field(ob->entity, str_cut(&name, '@'));

		if (f && is_delicate(ob, f)) {
			p->fields[i].hidden = true;
			p->fields[i].before = p->fields[i].after = S("");
		}
	}
	return OK;
}

enum err desk_version(struct req *rq)
{
	struct version_page p = {.n_fields = 0};
	int64_t version;

	if (!str_to_i64(req_param(rq, "version"), &version)) {
		return E_NOTFOUND;
	}
	TRY(read_history(rq, &p.h));
	for (size_t i = 0; i < p.h.n; i++) {
		if (p.h.items[i].rev.version == version) {
			p.item = p.h.items[i];
			TRY(read_difference(rq, &p, version));
			return page(rq, T_FMT(rq, N_("History of {title}"), {S("title"), p.h.ob.title}), version_view, &p);
		}
	}
	return E_NOTFOUND;
}

enum err desk_undo(struct req *rq)
{
	struct history_page h;
	struct act act = desk_act(rq, "undo");
	int64_t id;
	enum err err = E_NOTFOUND;

	TRY(read_history(rq, &h));
	if (!str_to_i64(req_form(rq, "revision"), &id)) {
		return E_INVALID;
	}
	for (size_t i = 0; i < h.n && err == E_NOTFOUND; i++) {
		if (h.items[i].rev.id == id) {
			err = h.items[i].may_undo ? object_undo(rq->db, rq->mem, id, &act) : E_DENIED;
		}
	}
	if (err == E_CONFLICT) {
		return problem(rq, E_CONFLICT, N_("Later changes touched the same fields, or it was undone already. Edit the page instead."));
	}
	TRY(err);
	req_public_change(rq);
	req_notice(rq, "ok", str_of(T(rq, N_("Undone."))));
	return redirect(rq, desk_link(rq, h.ob.entity, "/:slug/history", h.ob.slug));
}
