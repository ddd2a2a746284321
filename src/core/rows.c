/*
 * The words of rows. See rows.h; their markup is in rows.html.
 */
#include "../base/json.h"
#include "../base/time.h"
#include "../html/i18n.h"
#include "atlas.h"
#include "rows.h"

static const struct choice *kind_of(const struct list_row *r)
{
	const struct field *f = entity_field(r->entity, S("kind"));

	return f && f->vocabulary && !str_empty(r->kind_slug) ? vocabulary_find(f->vocabulary, r->kind_slug) : NULL;
}

const char *row_icon(const struct list_row *r)
{
	const struct choice *c = kind_of(r);

	return c && c->icon ? c->icon : r->entity->icon;
}

struct str row_kind(const struct req *rq, const struct list_row *r)
{
	const struct choice *c = kind_of(r);

	return c ? str_of(T(rq, c->label)) : S("");
}

/* What a place is told apart by: in France its département, elsewhere its country, whose name everyone knows. */
static bool tells_apart(const struct territory *t, const struct territory *around)
{
	if (t->level == ATLAS_COUNTRY || (str_eq(t->iso2, S("FR")) && (t->level == ATLAS_REGION || t->level == ATLAS_DEPARTEMENT))) {
		return false;
	}
	return around->level == ATLAS_COUNTRY || around->level == ATLAS_DEPARTEMENT || (t->level == ATLAS_EPCI && around->level == ATLAS_REGION);
}

struct str territory_words(const struct req *rq, struct str code)
{
	atlas_id id = str_empty(code) ? 0 : atlas_find(code), up[8];
	struct territory t, around;
	size_t n;

	if (!id || !atlas_get(id, &t)) {
		return S("");
	}
	n = atlas_ancestors(id, up);
	for (size_t i = 0; i < n; i++) {
		if (atlas_get(up[i], &around) && tells_apart(&t, &around)) {
			struct str name = atlas_name(id, rq->lang, NULL), of = atlas_name(up[i], rq->lang, NULL);

			/* Paris is in Paris. */
			return str_eq(name, of) ? name : T_FMT(rq, N_("{place}, {around}"), {S("place"), name}, {S("around"), of});
		}
	}
	return atlas_name(id, rq->lang, NULL);
}

void row_of_object(struct req *rq, const struct object *ob, struct list_row *out)
{
	struct view v = object_view(rq, ob);

	*out = (struct list_row){
		.id = ob->id,
		.entity = ob->entity,
		.slug = ob->slug,
		.title = view_text(v, ob->entity, ob->entity->title, rq->lang, ob->lang, NULL),
		.territory = ob->territory,
		.kind_slug = json_str(json_get(v.j, "kind")),
		.checked_at = ob->checked_at,
	};
	out->summary = view_text(v, ob->entity, ob->entity->summary, rq->lang, ob->lang, &out->lang);
	out->summary = out->summary.p ? out->summary : S("");
	out->fallback = out->summary.n && !str_eq(out->lang, str_of(rq->lang));
}

struct str language_words(const struct req *rq, const struct json *codes)
{
	struct str *words;

	if (codes->kind != JSON_IS_ARRAY) {
		return S("");
	}
	words = mem_array(rq->mem, struct str, codes->n);
	for (size_t i = 0; i < codes->n; i++) {
		words[i] = words_language(rq, json_str(&codes->items[i]));
	}
	return words_list(rq, words, codes->n);
}

struct said said_of(const struct req *rq, const struct json *item, const char *field, struct str original_lang)
{
	struct said s;

	s.text = item_text(item, field, rq->lang, original_lang, &s.lang);
	s.text = s.text.p ? s.text : S("");
	s.fallback = s.text.n && !str_eq(s.lang, str_of(rq->lang));
	return s;
}

struct url territory_link(const struct req *rq, struct str code)
{
	return link_to(rq, "/territories/:code", code);
}

struct str words_month(const struct req *rq, int64_t instant)
{
	struct civil c = time_civil(instant);

	return words_partial_date(rq, str_fmt(rq->mem, "%04d-%02d", c.year, c.month));
}

bool row_is_old(const struct req *rq, const struct list_row *r)
{
	int64_t year = (int64_t)ROWS_OLD_DAYS * 24 * 3600 * 1000;

	return r->checked_at && r->checked_at + year < rq->now;
}
