/*
 * The words of rows. See rows.h; their markup is in rows.html.
 */
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
		bool fits = atlas_get(up[i], &around) &&
			    (around.level == ATLAS_DEPARTEMENT || (around.level == ATLAS_REGION && t.level != ATLAS_COMMUNE) ||
			     around.level == ATLAS_COUNTRY);

		if (fits && t.level != ATLAS_REGION && t.level != ATLAS_DEPARTEMENT) {
			return str_fmt(rq->mem, "%.*s, %.*s", STR_ARG(atlas_name(id, rq->lang, NULL)),
				       STR_ARG(atlas_name(up[i], rq->lang, NULL)));
		}
	}
	return atlas_name(id, rq->lang, NULL);
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
