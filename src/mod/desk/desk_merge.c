/*
 * Two pages of one and the same: field by field, a moderator says what stays; the other's addresses lead here afterwards, and
 * the whole can be undone from the history.
 */
#include "../../core/account.h"
#include "../../core/rows.h"
#include "../../entity/tree.h"
#include "desk.h"
#include "desk.sql.h"
#include "desk_merge.html.h"

static enum err get(struct req *rq, struct str text, struct object *ob)
{
	int64_t id;

	if (!str_to_i64(text, &id)) {
		return E_NOTFOUND;
	}
	TRY(object_by_id(rq->db, rq->mem, id, ob));
	if (!object_may_moderate(&rq->who, ob)) {
		return problem(rq, E_DENIED, N_("This is looked after by moderators of another territory or theme."));
	}
	return ob->status == ST_MERGED || ob->status == ST_REMOVED ? problem(rq, E_CONFLICT, N_("One of the two is gone already.")) : OK;
}

static enum err read_pair(struct req *rq, struct merge_page *p)
{
	bool post = rq->method == POST;

	*p = (struct merge_page){.act = link_plain(rq, "/desk/merge")};
	TRY(get(rq, post ? req_form(rq, "a") : req_query(rq, "a"), &p->a));
	TRY(get(rq, post ? req_form(rq, "b") : req_query(rq, "b"), &p->b));
	if (p->a.id == p->b.id || p->a.entity != p->b.entity) {
		return problem(rq, E_INVALID, N_("Two different pages of the same kind are needed."));
	}
	p->may_swap = p->a.status == p->b.status;
	if (p->a.status != ST_PUBLISHED && p->b.status == ST_PUBLISHED) { /* what is public stays */
		struct object a = p->a;
		p->a = p->b;
		p->b = a;
	}
	return OK;
}

static void read_fields(struct req *rq, struct merge_page *p)
{
	struct change *c;
	size_t n = doc_diff(rq->mem, p->a.entity, p->a.doc.j, p->b.doc.j, &c);

	p->fields = mem_array(rq->mem, struct merge_field, n);
	for (size_t i = 0; i < n; i++) {
		if (c[i].field->flags & COMPUTED) {
			continue;
		}
		p->fields[p->n_fields++] = (struct merge_field){
			.key = c[i].key, .label = desk_key_label(rq, p->a.entity, c[i].key), .a = desk_words(rq, c[i].field, c[i].before),
			.b = desk_words(rq, c[i].field, c[i].after), .take_b = tree_empty(c[i].before),
			.list = c[i].before->kind == JSON_IS_ARRAY && c[i].after->kind == JSON_IS_ARRAY,
		};
	}
}

enum err desk_merge(struct req *rq)
{
	struct merge_page p;

	TRY(read_pair(rq, &p));
	read_fields(rq, &p);
	p.url_a = object_url(rq, &p.a);
	p.url_b = object_url(rq, &p.b);
	p.where_a = territory_words(rq, p.a.territory);
	p.where_b = territory_words(rq, p.b.territory);
	req_page(rq)->no_index = true;
	req_page(rq)->nav = "desk";
	return page(rq, str_of(T(rq, N_("Compare and merge"))), merge_view, &p);
}

/* What waited for a decision about the page that goes is decided by that. */
static enum err settle(struct req *rq, const struct object *gone, const struct object *kept)
{
	struct proposal *props;
	size_t n;

	TRY(proposals_of(rq->db, rq->mem, gone->id, 200, &props, &n));
	for (size_t i = 0; i < n; i++) {
		if (props[i].state == PROP_OPEN && props[i].type == PROP_NEW) {
			TRY(desk_settle(rq->db, props[i].id, PROP_PARTLY, rq->now, rq->who.account));
			TRY(desk_mail_news(rq, &props[i], kept, NEWS_PARTLY, STR_NONE));
		} else if (props[i].state == PROP_OPEN) {
			TRY(desk_settle(rq->db, props[i].id, PROP_REFUSED, rq->now, rq->who.account));
		}
	}
	return desk_editors_copy(rq->db, kept->id, rq->now, gone->id);
}

static enum err merge_now(struct req *rq, struct merge_page *p)
{
	bool swap = p->may_swap && str_eq(req_form(rq, "stays"), S("b"));
	const struct object *into = swap ? &p->b : &p->a, *from = swap ? &p->a : &p->b;
	const struct json *doc = object_merged(rq->mem, into->entity, into->doc.j, from->doc.j);
	struct act act = desk_act(rq, "merge");

	for (size_t i = 0; i < p->n_fields; i++) {
		struct str key = p->fields[i].key, pick = req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "pick.%.*s", STR_ARG(key))));
		if (str_eq(pick, S("a")) || str_eq(pick, S("b"))) {
			const struct object *of = str_eq(pick, S("a")) ? &p->a : &p->b;
			doc = doc_apply(rq->mem, into->entity, doc, key, doc_value(of->doc.j, key));
		}
	}
	TRY(object_merge_as(rq->db, rq->mem, from->id, into->id, doc, &act));
	TRY(settle(rq, from, into));
	req_public_change(rq);
	req_notice(rq, "ok", str_of(T(rq, N_("Merged. The other address leads here; the history can undo it."))));
	return redirect(rq, object_url(rq, into));
}

enum err desk_merge_post(struct req *rq)
{
	struct merge_page p;

	TRY(read_pair(rq, &p));
	read_fields(rq, &p);
	if (str_eq(req_form(rq, "act"), S("distinct"))) {
		TRY(dup_distinct(rq->db, p.a.id, p.b.id, rq->now));
		req_notice(rq, "ok", str_of(T(rq, N_("Noted: these are two."))));
		return redirect(rq, link_plain(rq, "/desk"));
	}
	return str_eq(req_form(rq, "act"), S("merge")) ? merge_now(rq, &p) : E_INVALID;
}
