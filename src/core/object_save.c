/*
 * Writing objects. One row, one revision, and what is derived, in the caller's transaction. Few statements, each prepared
 * once: an import writes ten thousand a second through here.
 */
#include "object.h"

#include <stdlib.h>

#include "../base/id.h"
#include "../base/limits.h"
#include "../base/time.h"
#include "../entity/list.h"
#include "../entity/tree.h"
#include "atlas.h"
#include "batch.h"
#include "change.h"
#include "derive.h"
#include "dup.h"
#include "object_row.h"
#include "search.h"

struct save {
	struct db *db;
	struct mem *mem;
	struct object *ob;
	const struct act *act;
	const struct revision_extra *extra;
	struct derived d;
	struct str text;                       /* canonical document */
	bool fresh;
	struct object_row_by_id_row old;       /* unless fresh */
	struct doc old_doc;                    /* unless fresh */
	int64_t term_ids[LIMIT_TERMS];
	size_t n_terms;
	struct str terms;                      /* the ids as text */
};

/* ---- slugs ----------------------------------------------------------------------------------------------------------- */

static enum err slug_free(struct save *s, struct str slug, bool *is_free)
{
	struct object_slug_taken_row r;

	*is_free = false;
	if (slug.n == 0 || slug.n > LIMIT_SLUG) {
		return OK;
	}
	TRY(object_slug_taken(s->db, str_of(s->ob->entity->kind), slug, s->mem, &r));
	*is_free = r.taken == 0;
	return OK;
}

/* "collectif-x", "collectif-x-grenoble", "collectif-x-2" … then something random. */
static enum err make_slug(struct save *s)
{
	struct str base = id_slug(s->mem, s->d.title), slug = base;
	struct territory t;
	bool is_free;

	if (base.n == 0) {
		base = id_short(s->mem);
		slug = base;
	}
	base = str_sub(base, 0, LIMIT_SLUG - 12);
	TRY(slug_free(s, slug, &is_free));
	if (!is_free && s->d.territory.n && atlas_get(atlas_find(s->d.territory), &t)) {
		struct str place = id_slug(s->mem, t.name);
		slug = str_fmt(s->mem, "%.*s-%.*s", STR_ARG(base), STR_ARG(place));
		TRY(slug_free(s, slug, &is_free));
	}
	for (int i = 2; !is_free && i < 6; i++) {
		slug = str_fmt(s->mem, "%.*s-%d", STR_ARG(base), i);
		TRY(slug_free(s, slug, &is_free));
	}
	while (!is_free) {
		slug = str_fmt(s->mem, "%.*s-%.*s", STR_ARG(base), STR_ARG(id_short(s->mem)));
		TRY(slug_free(s, slug, &is_free));
	}
	s->ob->slug = slug;
	return OK;
}

/* A slug that somebody chose is kept if it can be one and is free. */
static enum err check_slug(struct save *s)
{
	struct object_id_by_slug_row now;
	bool is_free;

	if (!s->ob->slug.n) {
		return s->fresh ? make_slug(s) : (s->ob->slug = s->old.slug, OK);
	}
	if (!s->fresh && str_eq(s->ob->slug, s->old.slug)) {
		return OK;
	}
	if (!str_eq(id_slug(s->mem, s->ob->slug), s->ob->slug)) {
		return E_INVALID;
	}
	TRY(slug_free(s, s->ob->slug, &is_free));
	if (!is_free && !s->fresh && object_id_by_slug(s->db, str_of(s->ob->entity->kind), s->ob->slug, s->mem, &now) == E_NOTFOUND) {
		struct object_id_by_old_slug_row own; /* its own former address */
		TRY(object_id_by_old_slug(s->db, str_of(s->ob->entity->kind), s->ob->slug, s->mem, &own));
		is_free = own.object == s->ob->id;
	}
	return is_free ? OK : E_CONFLICT;
}

/* ---- what it is listed under ----------------------------------------------------------------------------------------- */

static bool listed(enum status st)
{
	return st == ST_PUBLISHED;
}

static bool has_id(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++) {
		if (ids[i] == id) {
			return true;
		}
	}
	return false;
}

static size_t ids_of(struct str text, int64_t ids[LIMIT_TERMS])
{
	size_t n = 0;

	while (text.n && n < LIMIT_TERMS) {
		if (str_to_i64(str_cut(&text, ' '), &ids[n])) {
			n++;
		}
	}
	return n;
}

/* Links resolve here: an actor's name in another one's network lists this one under it. */
static enum err link_target(struct save *s, const struct derived_link *l, int64_t *id)
{
	const struct entity *e = entity_find(l->kind);
	struct term_find_row t;
	struct object_sort_match_row *hits;
	size_t n;

	*id = 0;
	if (!e) {
		return OK;
	}
	enum err err = object_id_of(s->db, s->mem, e, l->to, id);
	if (err != E_NOTFOUND) {
		return err;
	}
	*id = 0;
	err = term_find(s->db, str_of(e->kind), S(""), S(""), s->mem, &t);
	if (err == OK) { /* by its whole title, when only one has it */
		TRY(object_sort_match(s->db, t.id, title_sort(s->mem, l->to), 2, s->mem, &hits, &n));
		*id = n == 1 ? hits[0].object : 0;
	}
	return err == E_NOTFOUND ? OK : err;
}

static enum err put_term(struct save *s, struct str facet, struct str value, int level, const int64_t *old, size_t n_old)
{
	int64_t id;

	if (s->n_terms == LIMIT_TERMS) {
		return OK;
	}
	/* Whether it counts one more is known only with its id. */
	TRY(batch_term(s->db, s->mem, s->act->batch, str_of(s->ob->entity->kind), facet, value, level, n_old ? 0 : 1, &id));
	if (has_id(s->term_ids, s->n_terms, id)) {
		return n_old ? OK : batch_count(s->db, s->act->batch, id, -1);
	}
	if (n_old && !has_id(old, n_old, id)) {
		TRY(batch_count(s->db, s->act->batch, id, 1));
	}
	s->term_ids[s->n_terms++] = id;
	return OK;
}

static enum err put_links(struct save *s, const int64_t *to)
{
	for (size_t i = 0; i < s->d.n_links; i++) {
		const struct derived_link *l = &s->d.links[i];
		struct object_link_add_in in = {s->ob->id, (int64_t)i, l->verb, {to[i] != 0, to[i]}, l->to, l->since, l->until, l->note};
		in.to_text = to[i] ? STR_NONE : l->to;
		TRY(object_link_add(s->db, &in));
	}
	return OK;
}

static int by_facet(const void *a, const void *b)
{
	const struct derived_term *x = a, *y = b;
	int c = str_cmp(x->facet, y->facet);

	return c ? c : str_cmp(x->value, y->value);
}

/* Terms of the new state, those that went uncounted; s->terms for the row. */
static enum err put_terms(struct save *s, const int64_t *links)
{
	int64_t old[LIMIT_TERMS];
	size_t n_old = s->fresh ? 0 : ids_of(s->old.terms, old);
	struct buf b = buf_make(s->mem, KIB(16));

	s->n_terms = 0;
	if (listed(s->ob->status)) {
		qsort(s->d.terms, s->d.n_terms, sizeof(*s->d.terms), by_facet);
		for (size_t i = 0; i < s->d.n_terms; i++) {
			const struct derived_term *t = &s->d.terms[i];
			TRY(put_term(s, t->facet, t->value, t->level, old, n_old));
		}
		for (size_t i = 0; i < s->d.n_links; i++) {
			if (links[i]) {
				struct str id = str_fmt(s->mem, "%lld", (long long)links[i]);
				TRY(put_term(s, s->d.links[i].kind, id, 0, old, n_old));
			}
		}
	}
	for (size_t i = 0; i < n_old; i++) {
		if (!has_id(s->term_ids, s->n_terms, old[i])) {
			TRY(batch_count(s->db, s->act->batch, old[i], -1));
		}
	}
	for (size_t i = 0; i < s->n_terms; i++) {
		buf_put(&b, i ? S(" ") : S(""));
		buf_put_i64(&b, s->term_ids[i]);
	}
	s->terms = buf_str(&b);
	return OK;
}

/* Rows of object_term that changed. */
static enum err put_term_rows(struct save *s)
{
	int64_t old[LIMIT_TERMS];
	size_t n_old = s->fresh ? 0 : ids_of(s->old.terms, old);
	bool same_sort = !s->fresh && str_eq(s->old.sort, s->d.sort);

	for (size_t i = 0; i < n_old; i++) {
		if (!same_sort || !has_id(s->term_ids, s->n_terms, old[i])) {
			TRY(batch_row(s->db, s->act->batch, old[i], s->old.sort, s->ob->id, false));
		}
	}
	for (size_t i = 0; i < s->n_terms; i++) {
		if (!same_sort || !has_id(old, n_old, s->term_ids[i])) {
			TRY(batch_row(s->db, s->act->batch, s->term_ids[i], s->d.sort, s->ob->id, true));
		}
	}
	return OK;
}

/* ---- the row --------------------------------------------------------------------------------------------------------- */

static struct opt_int opt(int64_t v)
{
	return (struct opt_int){v != 0, v};
}

static void set_times(struct save *s)
{
	struct object *ob = s->ob;
	bool gone = ob->status == ST_ARCHIVED || ob->status == ST_REMOVED || ob->status == ST_REFUSED;

	ob->updated_at = s->act->now;
	if (s->fresh && !ob->created_at) {
		ob->created_at = s->act->now;
	}
	if (ob->status == ST_PUBLISHED && !ob->published_at) {
		ob->published_at = s->act->now;
	}
	if (ob->status == ST_PUBLISHED && !ob->checked_at) {
		ob->checked_at = s->act->now;
	}
	ob->archived_at = !gone ? 0 : ob->archived_at ? ob->archived_at : s->act->now;
}

static enum err insert_row(struct save *s)
{
	const struct object *ob = s->ob;
	const struct derived *d = &s->d;
	struct object_inserted_row r;

	TRY(object_insert(s->db, &(struct object_insert_in){
		.kind = str_of(ob->entity->kind), .slug = ob->slug, .status = ob->status, .lang = ob->lang, .title = d->title,
		.sort = d->sort, .summary = d->summary, .kind_slug = d->kind_slug, .territory = d->territory,
		.lat = {d->has_point, d->lat}, .lon = {d->has_point, d->lon}, .precision = d->precision, .picture = d->picture,
		.source = ob->source, .source_key = ob->source_key, .created_at = ob->created_at, .updated_at = ob->updated_at,
		.published_at = opt(ob->published_at), .checked_at = opt(ob->checked_at), .archived_at = opt(ob->archived_at),
		.terms = s->terms, .doc = s->text}));
	TRY(object_inserted(s->db, s->mem, &r));
	s->ob->id = r.id;
	s->ob->version = 1;
	return OK;
}

static enum err update_row(struct save *s)
{
	const struct object *ob = s->ob;
	const struct derived *d = &s->d;
	int64_t changed;

	TRY(object_update(s->db, &(struct object_update_in){
		.id = ob->id, .old_version = ob->version, .slug = ob->slug, .status = ob->status, .lang = ob->lang, .title = d->title,
		.sort = d->sort, .summary = d->summary, .kind_slug = d->kind_slug, .territory = d->territory,
		.lat = {d->has_point, d->lat}, .lon = {d->has_point, d->lon}, .precision = d->precision, .picture = d->picture,
		.source = ob->source, .source_key = ob->source_key, .updated_at = ob->updated_at,
		.published_at = opt(ob->published_at), .checked_at = opt(ob->checked_at), .archived_at = opt(ob->archived_at),
		.merged_into = opt(ob->merged_into), .terms = s->terms, .doc = s->text}, &changed));
	if (changed != 1) {
		return E_CONFLICT;
	}
	if (!str_eq(ob->slug, s->old.slug)) {
		TRY(object_slug_drop(s->db, s->old.kind, ob->slug));
		TRY(object_slug_add(s->db, s->old.kind, s->old.slug, ob->id));
	}
	s->ob->version++;
	return OK;
}

/* ---- around the row -------------------------------------------------------------------------------------------------- */

static enum err put_texts(struct save *s)
{
	if (!s->fresh) {
		TRY(object_text_clear(s->db, s->ob->id));
	}
	for (size_t i = 0; i < s->d.n_texts; i++) {
		TRY(object_text_put(s->db, s->ob->id, s->d.texts[i].lang, s->d.texts[i].title, s->d.texts[i].summary));
	}
	return OK;
}

static enum err put_places(struct save *s)
{
	if (!s->fresh) {
		TRY(object_place_clear(s->db, s->ob->id));
	}
	for (size_t i = 0; listed(s->ob->status) && i < s->d.n_places; i++) {
		const struct derived_place *p = &s->d.places[i];
		struct object_place_add_in in = {s->ob->id, (int64_t)i, place_z(p->lat, p->lon), p->lat, p->lon, p->precision,
						 p->territory};
		TRY(object_place_add(s->db, &in));
	}
	return OK;
}

static enum err put_files(struct save *s)
{
	if (!s->fresh) {
		TRY(attachment_clear(s->db, s->ob->id));
	}
	for (size_t i = 0; i < s->d.n_files; i++) {
		bool seen = i < s->d.n_files_public && (s->ob->status == ST_PUBLISHED || s->ob->status == ST_ARCHIVED);
		TRY(attachment_add(s->db, s->ob->id, (int64_t)i, s->d.files[i], seen));
	}
	return OK;
}

static enum err put_search(struct save *s)
{
	struct search_doc doc = {s->ob->id, s->d.title, s->terms, s->d.search, s->d.n_search};

	if (!listed(s->ob->status)) {
		return s->fresh ? OK : batch_search(s->db, s->mem, s->act->batch, &doc, false, false);
	}
	return batch_search(s->db, s->mem, s->act->batch, &doc, true, s->fresh);
}

static enum err put_revision(struct save *s)
{
	struct buf fields = buf_make(s->mem, KIB(4));
	struct change *c;
	bool doc_changed = !s->fresh && !str_eq(s->old.doc, s->text);
	size_t n = doc_changed ? doc_diff(s->mem, s->ob->entity, s->old_doc.j, s->ob->doc.j, &c) : 0;

	for (size_t i = 0; i < n; i++) {
		buf_put(&fields, i ? S(",") : S(""));
		buf_put(&fields, c[i].key);
	}
	return revision_add(s->db, &(struct revision_add_in){
		.object = s->ob->id, .version = s->ob->version, .at = s->act->now, .account = s->act->account,
		.verb = str_of(s->act->verb), .note = s->act->note.n ? s->act->note : STR_NONE, .import_run = opt(s->act->import_run),
		.other = opt(s->extra ? s->extra->other : 0), .fields = buf_str(&fields),
		.status_before = s->fresh ? ST_DRAFT : s->old.status, .status_after = s->ob->status,
		.before = doc_changed ? s->old.doc : STR_NONE});
}

static bool is_same(const struct save *s)
{
	const struct object *ob = s->ob;

	return !(s->extra && s->extra->even_if_same) && str_eq(s->old.doc, s->text) && s->old.status == (int64_t)ob->status &&
	       str_eq(s->old.lang, ob->lang) && str_eq(s->old.slug, ob->slug) && s->old.merged_into.v == ob->merged_into &&
	       str_eq(s->old.source, ob->source) && str_eq(s->old.source_key, ob->source_key);
}

static bool seen_by_public(int64_t st)
{
	return st == ST_PUBLISHED || st == ST_ARCHIVED;
}

/* The kind's own tables. */
static enum err derive_own(struct save *s)
{
	struct entity_save x = {.old = s->fresh ? NULL : s->old_doc.j, .old_status = s->fresh ? ST_DRAFT : (int)s->old.status,
				.old_terms = s->fresh ? S("") : s->old.terms, .terms = s->terms, .act = s->act->verb ? s->act : NULL,
				.now = s->act->now};

	return s->ob->entity->derive ? s->ob->entity->derive(s->db, s->mem, s->ob, &x) : OK;
}

static enum err write_all(struct save *s)
{
	int64_t *links = mem_array(s->mem, int64_t, s->d.n_links);

	for (size_t i = 0; i < s->d.n_links; i++) {
		TRY(link_target(s, &s->d.links[i], &links[i]));
	}
	set_times(s);
	TRY(put_terms(s, links));
	TRY(s->fresh ? insert_row(s) : update_row(s));
	TRY(put_term_rows(s));
	TRY(put_texts(s));
	TRY(put_places(s));
	if (!s->fresh) {
		TRY(object_link_clear(s->db, s->ob->id));
	}
	TRY(put_links(s, links));
	TRY(put_files(s));
	TRY(put_search(s));
	TRY(dup_put(s->db, s->mem, s->act->batch, s->ob, dup_watched(s->ob->status), s->fresh ? NULL : &s->old_doc));
	TRY(put_revision(s));
	TRY(derive_own(s));
	TRY(object_changed(s->db, s->ob->id));
	if (s->act->public_change && (seen_by_public(s->ob->status) || (!s->fresh && seen_by_public(s->old.status)))) {
		TRY(change_public(s->db));
	}
	return OK;
}

static void row_to_object(struct save *s)
{
	struct object *ob = s->ob;

	ob->title = s->d.title;
	ob->summary = s->d.summary;
	ob->territory = s->d.territory;
	ob->has_point = s->d.has_point;
	ob->lat = s->d.lat;
	ob->lon = s->d.lon;
	ob->precision = s->d.precision;
	ob->terms = s->terms;
}

/* What stands in the database, if it is the version that was changed. */
static enum err read_old(struct save *s)
{
	if (s->fresh) {
		return OK;
	}
	TRY(object_row_by_id(s->db, s->ob->id, s->mem, &s->old));
	return s->old.version != s->ob->version ? E_CONFLICT : doc_parse(s->mem, s->old.doc, &s->old_doc);
}

enum err object_save_as(struct db *db, struct mem *m, struct object *ob, const struct act *act,
			const struct revision_extra *extra, bool *changed)
{
	struct save *s = mem_new(m, struct save);

	*s = (struct save){.db = db, .mem = m, .ob = ob, .act = act, .extra = extra, .fresh = ob->id == 0};
	if (changed) {
		*changed = false;
	}
	TRY(read_old(s));
	if (ob->entity->prepare) {
		TRY(ob->entity->prepare(db, m, ob,
					&(struct entity_save){.old = s->fresh ? NULL : s->old_doc.j, .act = act, .now = act->now,
							      .old_status = s->fresh ? ST_DRAFT : (int)s->old.status}));
	}
	struct json *doc = mem_new(m, struct json);
	*doc = doc_canonical(m, ob->entity, ob->doc.j);
	ob->doc.j = doc;
	s->text = doc_text_of(m, doc);
	if (!s->text.p) {
		return E_LIMIT;
	}
	object_derive(m, ob->entity, ob->doc, ob->lang, &s->d);
	if (!s->d.title.n || !ob->lang.n) {
		return E_INVALID;
	}
	TRY(check_slug(s));
	if (!s->fresh && is_same(s)) {
		return OK;
	}
	TRY(write_all(s));
	row_to_object(s);
	if (changed) {
		*changed = true;
	}
	return OK;
}

enum err object_save(struct db *db, struct mem *m, struct object *ob, const struct act *act, bool *changed)
{
	return object_save_as(db, m, ob, act, NULL, changed);
}

enum err object_set_status(struct db *db, struct mem *m, int64_t id, enum status st, const struct act *act)
{
	struct object ob;

	TRY(object_by_id(db, m, id, &ob));
	ob.status = st;
	return object_save(db, m, &ob, act, NULL);
}

enum err object_confirm(struct db *db, int64_t id, int64_t now)
{
	TRY(object_set_checked(db, id, now));
	return object_changed(db, id);
}

enum err object_rederive(struct db *db, struct mem *m, int64_t id, struct batch *batch)
{
	struct save *s = mem_new(m, struct save);
	struct object *ob = mem_new(m, struct object);
	struct act *act = mem_new(m, struct act);

	*act = (struct act){.batch = batch};
	*s = (struct save){.db = db, .mem = m, .ob = ob, .act = act};
	TRY(object_row_by_id(db, id, m, &s->old));
	object_of_row(&s->old, ob);
	if (!ob->entity) {
		return fail(E_BUG, "object %lld is of an unknown kind", (long long)id);
	}
	TRY(doc_parse(m, s->old.doc, &ob->doc));
	object_derive(m, ob->entity, ob->doc, ob->lang, &s->d);
	int64_t *links = mem_array(m, int64_t, s->d.n_links);
	for (size_t i = 0; i < s->d.n_links; i++) {
		TRY(link_target(s, &s->d.links[i], &links[i]));
	}
	s->d.sort = s->old.sort;
	TRY(put_terms(s, links));
	TRY(put_term_rows(s));
	TRY(object_set_terms(db, id, s->terms));
	TRY(put_texts(s));
	TRY(put_places(s));
	TRY(object_link_clear(db, id));
	TRY(put_links(s, links));
	TRY(put_search(s));
	TRY(dup_put(db, m, batch, ob, dup_watched(ob->status), NULL));
	act->now = time_now();
	s->old_doc = ob->doc;
	TRY(derive_own(s));
	return object_changed(db, id);
}

enum err object_relink(struct db *db, struct mem *m, int64_t id, struct batch *batch, bool *found)
{
	struct save *s = mem_new(m, struct save);
	struct object_links_open_row open;
	struct object ob;
	int64_t still_open = 0, to;

	*found = false;
	TRY(object_links_open(db, id, m, &open));
	if (!open.total) {
		return OK;
	}
	TRY(object_by_id(db, m, id, &ob));
	*s = (struct save){.db = db, .mem = m, .ob = &ob};
	object_derive(m, ob.entity, ob.doc, ob.lang, &s->d);
	for (size_t i = 0; i < s->d.n_links; i++) {
		TRY(link_target(s, &s->d.links[i], &to));
		still_open += to == 0;
	}
	*found = still_open < open.total;
	if (!*found) {
		return OK;
	}
	TRY(object_rederive(db, m, id, batch));
	return data_version_bump(db, S("public"));
}
