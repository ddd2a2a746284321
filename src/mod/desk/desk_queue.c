/*
 * The queue of those who moderate: what waits in their territories and themes, oldest first.
 */
#include "../../base/limits.h"
#include "../../core/atlas.h"
#include "../../core/rows.h"
#include "desk.h"
#include "desk_private.h"
#include "desk_queue.html.h"

enum { QUEUE_ROWS = 30 };

static const struct {
	const char *word;
	enum proposal_type type;
} type_words[] = {{"new", PROP_NEW},     {"change", PROP_CHANGE},     {"report", PROP_REPORT},
		  {"claim", PROP_CLAIM}, {"withdraw", PROP_WITHDRAW}, {"duplicate", PROP_DUPLICATE}};

static enum err read_filter(struct req *rq, struct proposal_filter *f, struct queue_page *p)
{
	struct str type = req_query(rq, "type"), kind = req_query(rq, "kind"), where = str_trim(req_query(rq, "territory"));
	bool several = false;

	*f = (struct proposal_filter){.type = -1, .entity = kind.n ? entity_find(kind) : NULL};
	for (size_t i = 0; i < COUNT(type_words); i++) {
		if (str_eq(type, str_of(type_words[i].word))) {
			f->type = (int)type_words[i].type;
			p->type = type;
		}
	}
	if ((type.n && f->type < 0) || (kind.n && !f->entity)) {
		return problem(rq, E_INVALID, N_("There is no such kind of message."));
	}
	p->kind = f->entity ? str_of(f->entity->kind) : S("");
	if (where.n) {
		f->territory = entity_world()->territory_match(rq->mem, where, &several);
		if (!f->territory.n) {
			return problem(rq, E_INVALID, N_("No territory has this name or code."));
		}
		p->territory = f->territory;
		p->territory_words = entity_world()->territory_name(rq->mem, f->territory, rq->lang);
	}
	return OK;
}

static enum err read_tabs(struct req *rq, const struct proposal_filter *f, struct queue_page *p)
{
	size_t counts[PROPOSAL_TYPES];

	TRY(proposal_counts(rq, f, counts));
	p->tabs[p->n_tabs++] = (struct queue_tab){N_("Everything"), req_with(rq, "type", STR_NONE), 0, f->type < 0, false};
	for (size_t i = 0; i < COUNT(type_words); i++) {
		size_t n = counts[type_words[i].type];

		p->total += n;
		if (n || (int)type_words[i].type == f->type) {
			p->tabs[p->n_tabs++] = (struct queue_tab){desk_type_words(type_words[i].type),
								  req_with(rq, "type", str_of(type_words[i].word)), n,
								  (int)type_words[i].type == f->type, false};
		}
	}
	p->tabs[0].n = p->total;
	p->tabs[0].more = p->total >= LIMIT_DESK_SCAN;
	return OK;
}

static enum err read_row(struct req *rq, const struct proposal *prop, struct queue_row *row)
{
	struct object ob;
	enum err err = prop->object_id ? object_by_id(rq->db, rq->mem, prop->object_id, &ob) : E_NOTFOUND;

	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	*row = (struct queue_row){
		.p = *prop,
		.title = err == OK ? ob.title : str_of(T(rq, N_("(gone)"))),
		.where = territory_words(rq, err == OK ? ob.territory : prop->territory),
		.url = link_to(rq, "/desk/:id", str_fmt(rq->mem, "%lld", (long long)prop->id)),
		.simple = prop->type != PROP_CLAIM || prop->account,
	};
	return OK;
}

enum err desk_queue(struct req *rq)
{
	struct queue_page p = {.territory = S(""), .territory_words = S(""), .type = S("")};
	struct proposal_filter f;
	struct proposal *props;
	struct str next;

	TRY(read_filter(rq, &f, &p));
	TRY(read_tabs(rq, &f, &p));
	TRY(proposal_queue_of(rq, &f, QUEUE_ROWS, req_query(rq, "after"), &props, &p.n, &next));
	p.rows = mem_array(rq->mem, struct queue_row, p.n);
	for (size_t i = 0; i < p.n; i++) {
		TRY(read_row(rq, &props[i], &p.rows[i]));
	}
	p.oldest = p.n ? props[0].created_at : 0;
	if (next.p) {
		p.next = req_with(rq, "after", next);
	}
	req_page(rq)->wide = true;
	req_page(rq)->no_index = true;
	req_page(rq)->nav = "desk";
	return page(rq, str_of(T(rq, N_("To decide"))), queue_view, &p);
}

/* One of several: what cannot be decided so is left in the queue. */
static enum err decide_one(struct req *rq, int64_t id, bool accept, struct str reason, bool *done)
{
	struct proposal p;
	struct object ob;
	bool has_object;

	*done = false;
	TRY(desk_get(rq, id, &p, &ob, &has_object));
	if (p.state != PROP_OPEN || !has_object) {
		return OK;
	}
	if (accept && p.type == PROP_CLAIM && !p.account) {
		return OK;
	}
	if (accept && p.type == PROP_CHANGE) {
		struct proposal_field *f;
		size_t n;
		TRY(proposal_fields(rq->db, rq->mem, &p, &ob, &f, &n));
		for (size_t i = 0; i < n; i++) {
			if (f[i].conflict) {
				return OK; /* a person looks at it */
			}
		}
	}
	*done = true;
	return accept ? desk_accept(rq, &p, &ob, NULL, 0, false, S("")) : desk_refuse(rq, &p, &ob, reason);
}

enum err desk_queue_post(struct req *rq)
{
	struct str act = req_form(rq, "act"), id_text, reason = str_trim(req_form(rq, "reason"));
	bool accept = str_eq(act, S("accept"));
	size_t done = 0, left = 0;
	int64_t id;

	if (!accept && !str_eq(act, S("refuse"))) {
		return E_INVALID;
	}
	if (reason.n > LIMIT_NOTE) {
		return problem(rq, E_INVALID, N_("This message is too long."));
	}
	for (size_t i = 0; i < QUEUE_ROWS && (id_text = req_form_at(rq, "id", i)).p; i++) {
		bool one = false;
		if (!str_to_i64(id_text, &id)) {
			return E_INVALID;
		}
		TRY(decide_one(rq, id, accept, reason, &one));
		done += one;
		left += !one;
	}
	if (done) {
		req_public_change(rq);
	}
	req_notice(rq, left ? "warning" : "ok",
		   left ? T_FMT(rq, N_("Decided: {n}. Left for a closer look: {left}."), {S("n"), words_number(rq, (int64_t)done)},
				{S("left"), words_number(rq, (int64_t)left)})
			: T_FMT(rq, N_("Decided: {n}."), {S("n"), words_number(rq, (int64_t)done)}));
	return redirect(rq, link_plain(rq, "/desk"));
}
