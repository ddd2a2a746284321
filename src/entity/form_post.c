/*
 * A posted form: names like "places.0.town" are paths in a tree, which is then read as rows of files and bodies of the API are.
 */
#include "entity.h"

#include "../base/limits.h"
#include "../html/i18n.h"
#include "../web/req.h"
#include "form_read.h"
#include "tree.h"
#include "value_moment.h"
#include "value.h"

/* ---- posted fields -> tree -------------------------------------------------------------------------------------------- */

/* The member `key` of an object, made as a `kind` if absent; NULL when it is another kind already. */
static struct json *child(struct mem *m, struct json *o, struct str key, enum json_kind kind)
{
	for (size_t i = 0; i < o->n; i++) {
		if (str_eq(o->keys[i], key)) {
			return o->items[i].kind == kind ? &o->items[i] : NULL;
		}
	}
	tree_put(m, o, key, (struct json){.kind = kind});
	return &o->items[o->n - 1];
}

/* A value under a name; a name that comes twice becomes a list. */
static void put_leaf(struct mem *m, struct json *o, struct str key, struct str value)
{
	for (size_t i = 0; i < o->n; i++) {
		if (!str_eq(o->keys[i], key)) {
			continue;
		}
		if (o->items[i].kind == JSON_IS_STRING) {
			struct json list = tree_array();
			tree_add(m, &list, o->items[i]);
			o->items[i] = list;
		}
		if (o->items[i].kind == JSON_IS_ARRAY) {
			tree_add(m, &o->items[i], tree_str(value));
		}
		return;
	}
	tree_put(m, o, key, tree_str(value));
}

/* The row of a repeated group; rows may come with gaps. */
static struct json *row_of(struct mem *m, struct json *group, struct str index)
{
	int64_t at;

	if (!str_to_i64(index, &at) || at < 0 || at >= LIMIT_GROUP_INDEX) {
		return NULL;
	}
	while (group->n <= (size_t)at) {
		tree_add(m, group, tree_object());
	}
	return &group->items[at];
}

/* "en.summary" under "translations"; a group's own are "en.pictures.0.alt". */
static void put_posted_text(struct mem *m, const struct field *fields, size_t n, struct json *o, struct str rest, struct str value)
{
	struct str lang = str_cut(&rest, '.'), first = rest.p ? str_cut(&rest, '.') : STR_NONE;
	const struct field *fd = first.p ? field_in(fields, n, first) : NULL;

	o = fd ? child(m, o, S("translations"), JSON_IS_OBJECT) : NULL;
	o = o ? child(m, o, lang, JSON_IS_OBJECT) : NULL;
	if (o && fd->type == F_GROUP) {
		struct str index = str_cut(&rest, '.');
		o = rest.p ? child(m, o, first, JSON_IS_ARRAY) : NULL;
		o = o ? row_of(m, o, index) : NULL;
		first = rest;
	}
	if (o) {
		put_leaf(m, o, first, value);
	}
}

/* Puts one posted field where its name says; names that are no field of the table are left alone. */
static void put_posted(struct mem *m, const struct entity *e, struct json *typed, struct str name, struct str value)
{
	struct str rest = name, first = str_cut(&rest, '.');
	const struct field *fd = entity_field(e, first), *group = NULL;
	struct json *o = typed;

	if (str_eq(first, S("translations")) && rest.p) {
		put_posted_text(m, e->fields, e->n_fields, o, rest, value);
		return;
	}
	if (!fd) {
		return;
	}
	if (fd->type == F_GROUP) {
		struct str index = str_cut(&rest, '.');
		o = rest.p ? child(m, o, first, JSON_IS_ARRAY) : NULL;
		o = o ? row_of(m, o, index) : NULL;
		first = str_cut(&rest, '.');
		group = fd;
		fd = o ? field_in(fd->fields, fd->n_fields, first) : NULL;
	}
	if (group && o && rest.p && str_eq(first, S("translations"))) {
		put_posted_text(m, group->fields, group->n_fields, o, rest, value);
		return;
	}
	if (fd && (fd->type == F_HOURS || ((fd->type == F_MOMENT || fd->type == F_RRULE) && rest.p))) {
		o = rest.p ? child(m, o, first, JSON_IS_OBJECT) : NULL;
		first = rest;
	}
	if (fd && o && fd->type == F_BOOL) { /* a hidden "no" stands before the box: the last one counts */
		tree_set(m, o, first, tree_str(value));
	} else if (fd && o) {
		put_leaf(m, o, first, value);
	}
}

/* Files chosen in the form are kept first, so that a form shown again still has them. */
static void take_file(struct form *f, struct req *rq, struct str at, struct json *o, const struct field *fd)
{
	const struct entity_world *w = entity_world();
	struct str name = STR_NONE, reason = STR_NONE;
	const char *input = str_c(f->mem, str_fmt(f->mem, "%.*s_upload", STR_ARG(at)));

	if (!w->store_file) {
		return;
	}
	enum err err = w->store_file(rq, input, &name, &reason);
	if (err == OK && name.p && fd->picture && !str_ends(name, S(".webp"))) {
		form_error_said(f, at, tr(f->i18n, N_("This is not a picture: choose a JPEG, PNG or WebP file.")));
	} else if (err == OK && name.p) {
		tree_set(f->mem, o, str_of(fd->name), tree_str(name));
	} else if (err != OK) {
		form_error_said(f, at, reason.p ? reason : tr(f->i18n, N_("This file could not be kept: please choose it again.")));
	}
}

static void take_files(struct form *f, struct req *rq, struct json *typed)
{
	for (size_t i = 0; i < f->entity->n_fields; i++) {
		const struct field *fd = &f->entity->fields[i];
		if (fd->type == F_FILE) {
			take_file(f, rq, str_of(fd->name), typed, fd);
		}
		const struct json *rows = fd->type == F_GROUP ? tree_get(typed, str_of(fd->name)) : NULL;
		for (size_t r = 0; rows && r < rows->n; r++) {
			for (size_t s = 0; s < fd->n_fields; s++) {
				if (fd->fields[s].type == F_FILE) {
					struct str at = str_fmt(f->mem, "%s.%zu.%s", fd->name, r, fd->fields[s].name);
					take_file(f, rq, at, &rows->items[r], &fd->fields[s]);
				}
			}
		}
	}
}

struct str form_translate_wanted(struct mem *m, struct str words, struct str original)
{
	struct str code = str_trim(words).n && words.n <= LIMIT_TAG ? lang_match(m, words) : STR_NONE;

	return code.p && form_lang_code_ok(code) && !str_eq(code, original) ? code : STR_NONE;
}

enum err form_read(struct req *rq, const struct entity *e, const struct json *base, struct form *out)
{
	struct json *typed = mem_new(rq->mem, struct json);
	struct str name, value;
	size_t i = 0;

	*typed = tree_object();
	*out = (struct form){.entity = e, .mem = rq->mem, .lang = rq->lang, .i18n = rq->i18n, .typed = typed, .sight = SEE_ALL,
			     .lenient = true, .posted = true, .original_lang = str_of(rq->lang)};
	while (req_form_next(rq, &i, &name, &value)) {
		put_posted(rq->mem, e, typed, name, value);
	}
	take_files(out, rq, typed);
	out->translate = form_translate_wanted(rq->mem, req_form(rq, "translate"), STR_NONE);
	rrule_settle(out->mem, typed);
	if (e->posted) {
		e->posted(rq, out, typed);
	}
	struct str row = req_form(rq, "add_row");
	const struct field *fd = row.p ? entity_field(e, row) : NULL;
	if (fd && (fd->type == F_GROUP || fd->type == F_RRULE)) {
		out->add_row = fd->name;
	}
	enum err err = form_read_tree(out, rq, typed, base);
	if (out->add_row) { /* nothing is judged before it is finished */
		out->n_errors = 0;
		return E_INVALID;
	}
	return err;
}
