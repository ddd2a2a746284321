/*
 * "We did it too": from the first one who did it, through all who took it up, with what each changed.
 */
#include "../../base/json.h"
#include "../../core/rows.h"
#include "practice.h"
#include "practice_pages.h"

enum { LINKS = 60, STEPS = 40, UP = 10 };

struct walk {
	struct req *rq;
	struct practice_page *p;
	int64_t seen[STEPS];
};

static bool seen(const struct walk *w, int64_t id)
{
	for (size_t i = 0; i < w->p->n_chain; i++) {
		if (w->seen[i] == id) {
			return true;
		}
	}
	return false;
}

/* What `ob` says it changed when it took up the practice at `slug`. */
static struct said changed_of(struct req *rq, const struct object *ob, struct str slug)
{
	struct view v = object_view(rq, ob);
	const struct json *list = json_get(v.j, "reuses");

	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		if (str_eq(json_str(json_get(&list->items[i], "of")), slug)) {
			return said_of(rq, &list->items[i], "what_changed", ob->lang);
		}
	}
	return (struct said){.text = S("")};
}

/* Up to the practice that took up no other. */
static enum err first_of(struct req *rq, int64_t id, int64_t *first)
{
	*first = id;
	for (int i = 0; i < UP; i++) {
		struct link_row *links;
		size_t n;
		int64_t up = 0;

		TRY(object_links(rq->db, rq->mem, *first, LINKS, &links, &n));
		for (size_t k = 0; k < n && !up; k++) {
			if (links[k].outgoing && links[k].id && str_eq(links[k].verb, S("reuses"))) {
				up = links[k].id;
			}
		}
		if (!up || up == id) {
			return OK;
		}
		*first = up;
	}
	return OK;
}

static enum err visit(struct walk *w, int64_t id, int depth, struct str from)
{
	struct req *rq = w->rq;
	struct object ob;
	struct link_row *links;
	size_t n;

	if (w->p->n_chain == STEPS || seen(w, id)) {
		return OK;
	}
	TRY(object_by_id(rq->db, rq->mem, id, &ob));
	if (object_sight(&rq->who, &ob) == SEE_NOTHING) {
		return OK;
	}
	w->seen[w->p->n_chain] = id;
	w->p->chain[w->p->n_chain++] = (struct practice_step){
		.title = view_text(object_view(rq, &ob), &practice_entity, "title", rq->lang, ob.lang, NULL),
		.where = territory_words(rq, ob.territory),
		.changed = from.p ? changed_of(rq, &ob, from) : (struct said){.text = S("")},
		.url = object_url(rq, &ob),
		.here = id == w->p->ob.id,
		.depth = depth,
	};
	TRY(object_links(rq->db, rq->mem, id, LINKS, &links, &n));
	for (size_t i = 0; i < n; i++) {
		if (!links[i].outgoing && links[i].id && str_eq(links[i].verb, S("reuses"))) {
			TRY(visit(w, links[i].id, depth + 1, ob.slug));
		}
	}
	return OK;
}

enum err practice_chain(struct req *rq, struct practice_page *p)
{
	struct walk w = {.rq = rq, .p = p};
	int64_t first;

	p->chain = mem_array(rq->mem, struct practice_step, STEPS);
	TRY(first_of(rq, p->ob.id, &first));
	TRY(visit(&w, first, 0, STR_NONE));
	if (p->n_chain == 1) {
		p->n_chain = 0; /* alone: no chain to show */
	}
	return OK;
}
