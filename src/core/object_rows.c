/*
 * Rows of published objects known by id: what stands at places of the map, what a search found.
 */
#include "object.h"
#include "object.sql.h"

static void row_of(const struct object_card_by_id_row *c, const char *lang, struct list_row *r)
{
	bool translated = c->title_tr.n || c->summary_tr.n;

	*r = (struct list_row){
		.id = c->id, .entity = entity_find(c->kind), .slug = c->slug, .kind_slug = c->kind_slug,
		.title = c->title_tr.n ? c->title_tr : c->title,
		.summary = c->summary_tr.n ? c->summary_tr : c->summary.p ? c->summary : S(""),
		.lang = translated ? str_of(lang) : c->lang, .original_lang = c->lang,
		.fallback = c->summary.n && !c->summary_tr.n && !str_eq(c->lang, str_of(lang)),
		.territory = c->territory, .picture = c->picture,
	};
}

enum err object_row_of(struct req *rq, int64_t id, struct list_row *out)
{
	struct object_card_by_id_row card;

	TRY(object_card_by_id(rq->db, id, str_of(rq->lang), rq->mem, &card));
	if (card.status != ST_PUBLISHED) {
		return E_NOTFOUND;
	}
	row_of(&card, rq->lang, out);
	return out->entity ? OK : E_NOTFOUND;
}
