/*
 * What happened to an object, and taking it back. A revision keeps the document as it was before, so each state can be shown
 * and each act undone, as long as nobody has since changed the same fields.
 */
#include "object.h"

#include "../base/limits.h"
#include "../entity/tree.h"
#include "../entity/value.h"
#include "object_row.h"

enum err object_history(struct db *db, struct mem *m, int64_t id, size_t max, struct revision_item **out, size_t *n)
{
	struct revisions_of_row *rows;

	TRY(revisions_of(db, id, (int64_t)max, m, &rows, n));
	*out = mem_array(m, struct revision_item, *n);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct revision_item){
			.id = rows[i].id, .version = rows[i].version, .at = rows[i].at, .account = rows[i].account,
			.verb = rows[i].verb, .note = rows[i].note, .fields = rows[i].fields, .undone = rows[i].undone != 0,
			.status_before = (enum status)rows[i].status_before, .status_after = (enum status)rows[i].status_after,
		};
	}
	return OK;
}

enum err object_at_version(struct db *db, struct mem *m, int64_t id, int64_t version, struct doc *out)
{
	struct object_row_by_id_row now;
	struct revision_after_row later;

	TRY(object_row_by_id(db, id, m, &now));
	if (version < 1 || version > now.version) {
		return E_NOTFOUND;
	}
	enum err err = revision_after(db, id, version, m, &later);
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	return doc_parse(m, err == OK ? later.before : now.doc, out);
}

/* Saves an object that must be derived again although its document is the same. */
static enum err links_again(struct db *db, struct mem *m, int64_t id, const struct act *act)
{
	struct object_links_in_row *rows;
	size_t n;

	TRY(object_links_in(db, id, LIMIT_DB_ROWS, m, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct mem_mark at = mem_mark(m);
		TRY(object_rederive(db, m, rows[i].from_id, act->batch));
		mem_rewind(m, at);
	}
	return OK;
}

/* ---- undo ------------------------------------------------------------------------------------------------------------ */

/* Takes the differences from `before` to `after` out of ob->doc. */
static enum err take_back(struct mem *m, struct object *ob, const struct json *before, const struct json *after)
{
	struct change *c;
	size_t n = doc_diff(m, ob->entity, before, after, &c);

	for (size_t i = 0; i < n; i++) {
		if (!tree_same(doc_value(ob->doc.j, c[i].key), c[i].after)) {
			return E_CONFLICT;
		}
		ob->doc.j = doc_apply(m, ob->entity, ob->doc.j, c[i].key, c[i].before);
	}
	return OK;
}

/* The object that was merged away comes back as it was. */
static enum err unmerge(struct db *db, struct mem *m, int64_t from, int64_t into, const struct act *act)
{
	struct object ob;
	struct revision_at_version_row r;

	TRY(object_by_id(db, m, from, &ob));
	if (ob.status != ST_MERGED || ob.merged_into != into) {
		return E_CONFLICT;
	}
	TRY(revision_at_version(db, from, ob.version, m, &r));
	ob.status = (enum status)r.status_before;
	ob.merged_into = 0;
	TRY(object_save(db, m, &ob, act, NULL));
	TRY(revision_undone(db, r.id, ob.version));
	return links_again(db, m, into, act);
}

enum err object_undo(struct db *db, struct mem *m, int64_t revision, const struct act *act)
{
	struct revision_by_id_row r;
	struct object ob;
	struct doc before, after;
	bool changed;

	TRY(revision_by_id(db, revision, m, &r));
	TRY(object_by_id(db, m, r.object, &ob));
	if (r.undone) {
		return E_CONFLICT;
	}
	if (str_eq(r.verb, S("merge")) && r.status_after == ST_MERGED) { /* told from the other side */
		struct revision_of_merge_row other;
		TRY(revision_of_merge(db, r.other.v, r.object, m, &other));
		return object_undo(db, m, other.id, act);
	}
	if (r.before.p) {
		TRY(doc_parse(m, r.before, &before));
		TRY(object_at_version(db, m, r.object, r.version, &after));
		TRY(take_back(m, &ob, before.j, after.j));
	}
	if (r.status_before != r.status_after) {
		if ((int64_t)ob.status != r.status_after) {
			return E_CONFLICT;
		}
		ob.status = r.version == 1 ? ST_REMOVED : (enum status)r.status_before;
	}
	const struct revision_extra extra = {.other = r.other.v, .even_if_same = true};
	TRY(object_save_as(db, m, &ob, act, &extra, &changed));
	TRY(revision_undone(db, r.id, ob.version));
	return str_eq(r.verb, S("merge")) ? unmerge(db, m, r.other.v, r.object, act) : OK;
}

enum err object_undo_import(struct db *db, struct mem *m, int64_t run, const struct act *act, size_t *undone, size_t *kept)
{
	int64_t below = INT64_MAX;

	*undone = *kept = 0;
	for (;;) {
		struct mem_mark at = mem_mark(m);
		struct revisions_of_import_row *rows;
		size_t n;
		TRY(revisions_of_import(db, run, below, 500, m, &rows, &n));
		if (n == 0) {
			return OK;
		}
		for (size_t i = 0; i < n; i++) {
			struct mem_mark one = mem_mark(m);
			enum err err = rows[i].undone ? E_CONFLICT : object_undo(db, m, rows[i].id, act);
			if (err != OK && err != E_CONFLICT) {
				return err;
			}
			*undone += err == OK;
			*kept += err != OK && !rows[i].undone;
			mem_rewind(m, one);
		}
		below = rows[n - 1].id;
		mem_rewind(m, at);
	}
}

/* ---- merge ----------------------------------------------------------------------------------------------------------- */

/* The items of both, without repetition, no more than the field holds. */
static struct json both(struct mem *m, const struct field *f, const struct json *a, const struct json *b)
{
	struct json out = tree_copy(m, a);

	for (size_t i = 0; i < b->n && out.n < value_max(f); i++) {
		bool known = false;
		for (size_t k = 0; k < out.n && !known; k++) {
			known = tree_same(&out.items[k], &b->items[i]);
		}
		if (!known) {
			tree_add(m, &out, b->items[i]);
		}
	}
	return out;
}

static struct json merged_translations(struct mem *m, const struct json *a, const struct json *b)
{
	struct json out = a->kind == JSON_IS_OBJECT ? tree_copy(m, a) : tree_object();

	for (size_t i = 0; b->kind == JSON_IS_OBJECT && i < b->n; i++) {
		const struct json *have = tree_get(&out, b->keys[i]);
		struct json texts = have->kind == JSON_IS_OBJECT ? *have : tree_object();
		for (size_t k = 0; k < b->items[i].n; k++) {
			if (tree_empty(tree_get(&texts, b->items[i].keys[k]))) {
				tree_set(m, &texts, b->items[i].keys[k], b->items[i].items[k]);
			}
		}
		tree_set(m, &out, b->keys[i], texts);
	}
	return out;
}

struct json *object_merged(struct mem *m, const struct entity *e, const struct json *into, const struct json *from)
{
	struct json out = tree_object();
	struct json *canonical = mem_new(m, struct json);

	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		const struct json *a = tree_get(into, str_of(f->name)), *b = tree_get(from, str_of(f->name));
		if ((f->flags & COMPUTED) || tree_empty(b)) {
			tree_put(m, &out, str_of(f->name), *a);
		} else if (tree_empty(a)) {
			tree_put(m, &out, str_of(f->name), *b);
		} else {
			tree_put(m, &out, str_of(f->name), a->kind == JSON_IS_ARRAY ? both(m, f, a, b) : *a);
		}
	}
	tree_put(m, &out, S("translations"),
		 merged_translations(m, json_get(into, "translations"), json_get(from, "translations")));
	*canonical = doc_canonical(m, e, &out);
	return canonical;
}

enum err object_merge(struct db *db, struct mem *m, int64_t from, int64_t into, const struct act *act)
{
	return object_merge_as(db, m, from, into, NULL, act);
}

enum err object_merge_as(struct db *db, struct mem *m, int64_t from, int64_t into, const struct json *doc, const struct act *act)
{
	struct object a, b;
	struct act as = *act;

	if (from == into) {
		return E_INVALID;
	}
	TRY(object_by_id(db, m, into, &a));
	TRY(object_by_id(db, m, from, &b));
	if (a.entity != b.entity || a.status == ST_MERGED || b.status == ST_MERGED) {
		return E_CONFLICT;
	}
	as.verb = "merge";
	a.doc.j = doc ? doc : object_merged(m, a.entity, a.doc.j, b.doc.j);
	const struct revision_extra into_extra = {.other = from, .even_if_same = true};
	const struct revision_extra from_extra = {.other = into, .even_if_same = true};
	TRY(object_save_as(db, m, &a, &as, &into_extra, NULL));
	b.status = ST_MERGED;
	b.merged_into = into;
	TRY(object_save_as(db, m, &b, &as, &from_extra, NULL));
	return links_again(db, m, from, &as);
}
