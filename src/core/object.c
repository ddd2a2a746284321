/*
 * Reading objects, and the one place that says who may see and change them.
 */
#include "object.h"

#include "../base/url.h"
#include "../entity/tree.h"
#include "atlas.h"
#include "object.sql.h"
#include "object_row.h"

void object_of_row(const struct object_row_by_id_row *r, struct object *ob)
{
	*ob = (struct object){
		.id = r->id,
		.entity = entity_find(r->kind),
		.slug = r->slug,
		.status = (enum status)r->status,
		.lang = r->lang,
		.title = r->title,
		.summary = r->summary,
		.version = r->version,
		.territory = r->territory,
		.has_point = r->lat.has && r->lon.has,
		.lat = r->lat.v,
		.lon = r->lon.v,
		.precision = (int)r->precision,
		.source = r->source,
		.source_key = r->source_key,
		.created_at = r->created_at,
		.updated_at = r->updated_at,
		.published_at = r->published_at.v,
		.checked_at = r->checked_at.v,
		.archived_at = r->archived_at.v,
		.merged_into = r->merged_into.v,
		.terms = r->terms,
	};
}

enum err object_by_id(struct db *db, struct mem *m, int64_t id, struct object *out)
{
	struct object_row_by_id_row r;

	TRY(object_row_by_id(db, id, m, &r));
	object_of_row(&r, out);
	if (!out->entity) {
		return fail(E_BUG, "object %lld is of an unknown kind", (long long)id);
	}
	return doc_parse(m, r.doc, &out->doc);
}

/* At most a few steps: a merged object may itself have been merged further. */
static enum err follow_merges(struct db *db, struct mem *m, struct object *ob, bool *moved)
{
	for (int i = 0; i < 8 && ob->status == ST_MERGED && ob->merged_into; i++) {
		*moved = true;
		TRY(object_by_id(db, m, ob->merged_into, ob));
	}
	return ob->status == ST_MERGED ? E_NOTFOUND : OK;
}

static enum err find_slug(struct db *db, struct mem *m, const struct entity *e, struct str slug, int64_t *id, bool *moved)
{
	struct object_id_by_slug_row now;
	struct object_id_by_old_slug_row old;
	enum err err = object_id_by_slug(db, str_of(e->kind), slug, m, &now);

	*moved = false;
	if (err == OK) {
		*id = now.id;
		return OK;
	}
	if (err != E_NOTFOUND) {
		return err;
	}
	TRY(object_id_by_old_slug(db, str_of(e->kind), slug, m, &old));
	*id = old.object;
	*moved = true;
	return OK;
}

enum err object_id_of(struct db *db, struct mem *m, const struct entity *e, struct str slug, int64_t *id)
{
	struct object ob;
	bool moved;

	TRY(find_slug(db, m, e, slug, id, &moved));
	TRY(object_by_id(db, m, *id, &ob));
	TRY(follow_merges(db, m, &ob, &moved));
	*id = ob.id;
	return OK;
}

static enum err mark_editor(struct db *db, struct mem *m, const struct who *who, struct object *ob)
{
	struct object_has_editor_row r;

	ob->editor = false;
	if (who->account && who->role >= ROLE_EDITOR) {
		enum err err = object_has_editor(db, who->account, ob->id, m, &r);
		if (err != OK && err != E_NOTFOUND) {
			return err;
		}
		ob->editor = err == OK;
	}
	return OK;
}

enum err object_get(struct req *rq, const struct entity *e, struct str slug, struct object *out, bool *moved)
{
	int64_t id;
	bool moved_here = false;

	TRY(find_slug(rq->db, rq->mem, e, slug, &id, &moved_here));
	TRY(object_by_id(rq->db, rq->mem, id, out));
	TRY(follow_merges(rq->db, rq->mem, out, &moved_here));
	TRY(mark_editor(rq->db, rq->mem, &rq->who, out));
	if (moved) {
		*moved = moved_here;
	}
	return object_sight(&rq->who, out) == SEE_NOTHING ? E_NOTFOUND : OK;
}

/* ---- who may --------------------------------------------------------------------------------------------------------- */

static bool within(struct str code, const struct str *codes, size_t n)
{
	atlas_id id = code.n ? atlas_find(code) : 0;

	for (size_t i = 0; i < n; i++) {
		atlas_id top = atlas_find(codes[i]);
		if (str_eq(code, codes[i]) || (id && top && atlas_is_within(id, top))) {
			return true;
		}
	}
	return false;
}

bool may_moderate(const struct who *who, struct str territory, const struct json *themes)
{
	if (who->role == ROLE_ADMIN) {
		return true;
	}
	if (who->role != ROLE_MODERATOR) {
		return false;
	}
	if (who->n_territories == 0 && who->n_themes == 0) {
		return true;
	}
	if (within(territory, who->territories, who->n_territories)) {
		return true;
	}
	for (size_t i = 0; i < who->n_themes; i++) {
		if (tree_has_str(themes, who->themes[i])) {
			return true;
		}
	}
	return false;
}

/* The words of the first field of themes. */
const struct json *object_themes(const struct object *ob)
{
	static const struct json none = {.kind = JSON_IS_NONE};

	for (size_t i = 0; i < ob->entity->n_fields; i++) {
		if (ob->entity->fields[i].type == F_THEMES) {
			return tree_get(ob->doc.j, str_of(ob->entity->fields[i].name));
		}
	}
	return &none;
}

bool object_may_moderate(const struct who *who, const struct object *ob)
{
	return may_moderate(who, ob->territory, object_themes(ob));
}

bool object_may_edit(struct db *db, const struct who *who, const struct object *ob)
{
	struct object_has_editor_row r;

	if (ob->editor || object_may_moderate(who, ob)) {
		return true;
	}
	if (!who->account || who->role < ROLE_EDITOR) {
		return false;
	}
	struct mem *m = mem_open();
	bool yes = object_has_editor(db, who->account, ob->id, m, &r) == OK;
	mem_close(m);
	return yes;
}

enum sight object_sight(const struct who *who, const struct object *ob)
{
	bool keeper = ob->editor || object_may_moderate(who, ob);

	switch (ob->status) {
	case ST_PUBLISHED:
	case ST_ARCHIVED:
		return keeper ? SEE_ALL : who->account ? SEE_MEMBERS : SEE_PUBLIC;
	case ST_DRAFT:
	case ST_PROPOSED:
	case ST_REFUSED:
		return keeper ? SEE_ALL : SEE_NOTHING;
	case ST_REMOVED:
		return object_may_moderate(who, ob) ? SEE_ALL : SEE_NOTHING;
	case ST_MERGED:
		break;
	}
	return SEE_NOTHING;
}

struct view object_view(struct req *rq, const struct object *ob)
{
	return doc_view(rq->mem, ob->entity, ob->doc, object_sight(&rq->who, ob));
}

struct url object_url(const struct req *rq, const struct object *ob)
{
	return object_link(rq, ob->entity, ob->slug);
}

struct url object_link(const struct req *rq, const struct entity *e, struct str slug)
{
	return link_to(rq, str_c(rq->mem, str_fmt(rq->mem, "%s/:slug", e->room)), slug);
}
