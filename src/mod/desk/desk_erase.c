/*
 * Erasing a person within a minute: search an address or a name, look where it stands, erase.
 */
#include "desk.h"
#include "desk_erase.html.h"

static enum err show(struct req *rq, struct erase_page *p)
{
	req_page(rq)->no_index = true;
	req_page(rq)->nav = "desk";
	return page(rq, str_of(T(rq, N_("Erase a person"))), erase_view, p);
}

enum err desk_erase(struct req *rq)
{
	struct erase_page p = {.words = S("")};

	return show(rq, &p);
}

static enum err search(struct req *rq, struct erase_page *p)
{
	if (!str_to_i64(req_form(rq, "after"), &p->after) || p->after < 0) {
		p->after = 0;
	}
	TRY(care_find(rq->db, rq->mem, rq->site, p->words, p->after, &p->found));
	p->searched = true;
	p->account_kept = p->found.account && p->found.role >= ROLE_MODERATOR;
	p->hits = mem_array(rq->mem, struct erase_hit, p->found.n);
	for (size_t i = 0; i < p->found.n; i++) {
		const struct object *ob = &p->found.objects[i].ob;
		p->hits[i] = (struct erase_hit){.hit = p->found.objects[i], .page = object_url(rq, ob),
						.edit = desk_link(rq, ob->entity, "/:slug/edit", ob->slug),
						.may = object_may_moderate(&rq->who, ob)};
	}
	return OK;
}

/* Those ticked of those found: nothing else is touched. */
static size_t chosen(struct req *rq, const struct erase_page *p, int64_t *ids)
{
	struct str text;
	size_t n = 0;
	int64_t id;

	for (size_t i = 0; i < CARE_OBJECTS && (text = req_form_at(rq, "id", i)).p; i++) {
		for (size_t k = 0; str_to_i64(text, &id) && k < p->found.n; k++) {
			if (p->hits[k].hit.ob.id == id && p->hits[k].may) {
				ids[n++] = id;
			}
		}
	}
	return n;
}

enum err desk_erase_post(struct req *rq)
{
	struct erase_page p = {.words = str_trim(req_form(rq, "words"))};
	struct act act = desk_act(rq, "erase");
	struct care_done d;
	int64_t ids[CARE_OBJECTS];

	if (!care_words_ok(p.words)) {
		p.words = p.words.p ? p.words : S("");
		p.error = N_("Write a whole mail address, or a first name and a name: shorter words would hit others.");
		req_status(rq, 422);
		return show(rq, &p);
	}
	TRY(search(rq, &p));
	if (!str_eq(req_form(rq, "act"), S("erase"))) {
		return show(rq, &p);
	}
	size_t n = chosen(rq, &p, ids);
	TRY(care_erase(rq->db, rq->mem, rq->site, p.words, ids, n, &act, &d));
	req_public_change(rq);
	req_notice(rq, "ok",
		   T_FMT(rq, N_("Erased: pages {pages}, messages {messages}, mails {mails}."), {S("pages"), words_number(rq, (int64_t)d.objects)},
			 {S("messages"), words_number(rq, d.proposals)}, {S("mails"), words_number(rq, d.mails)}));
	return redirect(rq, link_plain(rq, "/desk/erase"));
}
