/*
 * Forms and imports: what was typed becomes a document, or errors that name their field and what to do. A posted form, a
 * row of a file and a body of the API become the same tree (form names "places.0.town" are paths in it) and are then read by the
 * same function. What was typed is kept, so that a form shown again has lost nothing.
 */
#include "entity.h"

#include "../base/limits.h"
#include "../html/i18n.h"
#include "../web/req.h"
#include "form_read.h"
#include "tree.h"
#include "value.h"
#include "value_moment.h"

/* ---- errors ---------------------------------------------------------------------------------------------------------- */

void form_error_said(struct form *f, struct str field, struct str reason)
{
	if (f->n_errors >= LIMIT_FORM_ERRORS) {
		return;
	}
	if (!f->errors) {
		f->errors = mem_array(f->mem, struct field_error, LIMIT_FORM_ERRORS);
	}
	f->errors[f->n_errors++] = (struct field_error){field, reason};
}

void form_error(struct form *f, struct str field, const char *sentence_)
{
	form_error_said(f, field, tr(f->i18n, sentence_));
}

void form_error_with(struct form *f, struct str field, const char *sentence_, const char *name, struct str value)
{
	form_error_said(f, field, sentence(f->mem, f->i18n, sentence_, name, value));
}

const struct field_error *form_error_of(const struct form *f, struct str field)
{
	for (size_t i = 0; i < f->n_errors; i++) {
		if (str_eq(f->errors[i].field, field)) {
			return &f->errors[i];
		}
	}
	return NULL;
}

bool form_wants_row(const struct form *f)
{
	return f->add_row != NULL;
}

/* ---- the tree of what came in -> document ----------------------------------------------------------------------------- */

static struct json read_fields(struct form *f, const struct field *fields, size_t n, const struct json *in,
			       const struct json *base, struct str prefix);

static struct str path(struct form *f, struct str prefix, const char *name)
{
	return prefix.n ? str_fmt(f->mem, "%.*s.%s", STR_ARG(prefix), name) : str_of(name);
}

/* Boxes come in the order of the page: what was there keeps its order, so that only what was ticked or unticked differs. */
static struct json in_order_of(struct mem *m, struct json v, const struct json *base)
{
	struct json out = tree_array();

	if (v.kind != JSON_IS_ARRAY || base->kind != JSON_IS_ARRAY) {
		return v;
	}
	for (size_t i = 0; i < base->n; i++) {
		if (tree_has_str(&v, base->items[i].text)) {
			tree_add(m, &out, base->items[i]);
		}
	}
	for (size_t i = 0; i < v.n; i++) {
		if (!tree_has_str(base, v.items[i].text)) {
			tree_add(m, &out, v.items[i]);
		}
	}
	return out;
}

/* A value by the table; an error is noted and what the base had is kept. Paths are made for errors only. */
static struct json read_value(struct form *f, const struct field *fd, const struct json *in, const struct json *base,
			      struct str prefix)
{
	struct reading r = {.mem = f->mem, .i18n = f->i18n, .lenient = f->lenient};
	struct json v;

	if (value_read(&r, fd, in, &v) != OK) {
		form_error_said(f, path(f, prefix, fd->name), r.reason);
		return *base;
	}
	return fd->type == F_THEMES || fd->type == F_CHOICES ? in_order_of(f->mem, v, base) : v;
}

/* A choice that only says how (visibility, precision) does not make a row that was left empty a filled one. */
static bool item_empty(const struct field *fd, const struct json *item)
{
	if (tree_empty(item)) {
		return true;
	}
	for (size_t i = 0; i < fd->n_fields; i++) {
		const struct field *s = &fd->fields[i];
		const struct json *v = tree_get(item, str_of(s->name));
		bool says_how = (s->type == F_CHOICE && !(s->flags & REQUIRED)) || s->type == F_BOOL;
		bool blank = tree_empty(v) || (v->kind == JSON_IS_STRING && str_trim(v->text).n == 0) ||
			     (s->type == F_MOMENT && moment_blank(v));
		if (!blank && !says_how) {
			return false;
		}
	}
	return true;
}

/* Whoever adds a picture says what one sees on it, or "-" when it only decorates. */
static void check_alt(struct form *f, const struct field *fd, const struct json *item, struct str at)
{
	struct str file = STR_NONE;

	for (size_t i = 0; i < fd->n_fields; i++) {
		if (fd->fields[i].type == F_FILE) {
			file = json_str(json_get(item, fd->fields[i].name));
		}
	}
	bool picture = str_ends(file, S(".webp"));
	if (f->posted && picture && field_in(fd->fields, fd->n_fields, S("alt")) && json_str(json_get(item, "alt")).n == 0) {
		form_error_said(f, str_fmt(f->mem, "%.*s.alt", STR_ARG(at)),
			  tr(f->i18n, N_("Say in a few words what one sees, for people who cannot see it; write - if it only decorates.")));
	}
}

static void read_translations(struct form *f, const struct field *fields, size_t n, const struct json *in, const struct json *base,
			      struct str prefix, struct json *out);

/* A record; translations that it says nothing of are those of the record that said the same. */
static struct json read_item(struct form *f, const struct field *fd, const struct json *in, const struct json *had, struct str here)
{
	static const struct json nothing = {.kind = JSON_IS_NONE};
	struct json item = read_fields(f, fd->fields, fd->n_fields, in, &nothing, here);

	if (group_is_translated(fd)) {
		const struct json *texts = json_get(in, "translations"), *twin = item_twin(fd, had, &item);
		bool silent = texts->kind == JSON_IS_NONE && twin;
		read_translations(f, fd->fields, fd->n_fields, texts, silent ? json_get(twin, "translations") : &nothing, here, &item);
	}
	return item;
}

static void fill_in(struct form *f, const struct field *fd, struct json *item, const char *name, struct str value)
{
	if (value.n && field_in(fd->fields, fd->n_fields, str_of(name)) && tree_empty(json_get(item, name))) {
		tree_set(f->mem, item, str_of(name), tree_str(value));
	}
}

/* A town chosen from the list: "Grenoble (38185)" is a name, a postal code and a country. */
static void settle_town(struct form *f, const struct field *fd, struct json *item)
{
	const struct entity_world *w = entity_world();
	struct str name, postal_code, country;

	for (size_t i = 0; w->town && i < fd->n_fields; i++) {
		struct str at = str_of(fd->fields[i].name);
		if ((fd->fields[i].flags & TOWN) && w->town(f->mem, json_str(tree_get(item, at)), &name, &postal_code, &country)) {
			tree_set(f->mem, item, at, tree_str(name));
			fill_in(f, fd, item, "postal_code", postal_code);
			fill_in(f, fd, item, "country", country);
		}
	}
}

static struct json read_group(struct form *f, const struct field *fd, const struct json *in, const struct json *had, struct str at)
{
	struct json out = tree_array();

	if (tree_empty(in)) {
		return out;
	}
	if (in->kind != JSON_IS_ARRAY) {
		form_error_said(f, at, tr(f->i18n, N_("A list of records is expected here.")));
		return out;
	}
	for (size_t i = 0; i < in->n; i++) {
		struct str here = str_fmt(f->mem, "%.*s.%zu", STR_ARG(at), i);
		if (in->items[i].kind != JSON_IS_OBJECT && !tree_empty(&in->items[i])) {
			form_error_said(f, here, tr(f->i18n, N_("A record is expected here.")));
			continue;
		}
		if (item_empty(fd, &in->items[i])) {
			continue;
		}
		if (out.n >= value_max(fd)) {
			form_error_with(f, at, N_("These are too many: at most {n} fit here."), "n",
					str_fmt(f->mem, "%zu", value_max(fd)));
			break;
		}
		struct json item = read_item(f, fd, &in->items[i], had, here);
		if (f->posted) {
			settle_town(f, fd, &item);
		}
		check_alt(f, fd, &item, here);
		doc_keep_computed(f->mem, fd, &item, had);
		if (item.n) {
			tree_add(f->mem, &out, item);
		}
	}
	return out;
}

static bool has_texts(const struct field *fields, size_t n)
{
	return group_is_translated(&(struct field){.fields = fields, .n_fields = n});
}

static void unknown_members(struct form *f, const struct field *fields, size_t n, const struct json *in, struct str prefix)
{
	for (size_t i = 0; i < in->n; i++) {
		bool texts = str_eq(in->keys[i], S("translations")) && (prefix.n == 0 || has_texts(fields, n));
		if (!texts && !field_in(fields, n, in->keys[i])) {
			struct str name = str_dup(f->mem, in->keys[i]);
			struct str at = prefix.n ? str_fmt(f->mem, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(name)) : name;
			form_error_said(f, at, tr(f->i18n, N_("There is no such field.")));
		}
	}
}

static struct json read_fields(struct form *f, const struct field *fields, size_t n, const struct json *in,
			       const struct json *base, struct str prefix)
{
	struct json out = tree_object();

	if (!f->lenient) {
		unknown_members(f, fields, n, in, prefix);
	}
	for (size_t i = 0; i < n; i++) {
		const struct field *fd = &fields[i];
		struct str name = str_of(fd->name);
		const struct json *given = tree_get(in, name), *had = tree_get(base, name);
		struct json v;

		if (given->kind == JSON_IS_NONE || (fd->flags & COMPUTED)) {
			v = *had;
		} else if (fd->type == F_GROUP) {
			v = read_group(f, fd, given, had, path(f, prefix, fd->name));
		} else {
			v = read_value(f, fd, given, had, prefix);
		}
		if (!tree_empty(&v)) {
			tree_put(f->mem, &out, name, v);
		} else if ((fd->flags & REQUIRED) && !form_error_of(f, path(f, prefix, fd->name))) {
			form_error_with(f, path(f, prefix, fd->name), N_("“{field}” is needed: please fill it in."), "field",
					tr(f->i18n, fd->label));
		}
	}
	return out;
}

bool form_lang_code_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 'a' || s.p[i] > 'z') {
			return false;
		}
	}
	return s.n == 2 || s.n == 3;
}

/* One language's texts; absent ones are kept. */
static struct json read_texts(struct form *f, const struct field *fields, size_t n, const struct json *in, const struct json *base,
			      struct str at)
{
	struct json out = tree_object();

	for (size_t i = 0; i < n; i++) {
		const struct field *fd = &fields[i];
		const struct json *given = tree_get(in, str_of(fd->name)), *had = tree_get(base, str_of(fd->name));
		if (!(fd->flags & TRANSLATED)) {
			continue;
		}
		struct json v = *had;
		if (given->kind != JSON_IS_NONE) {
			v = read_value(f, fd, given, had, at);
		}
		if (!tree_empty(&v)) {
			tree_put(f->mem, &out, str_of(fd->name), v);
		}
	}
	return out;
}

/* "translations" of a document or of a record, whose own translations `base` are kept where `in` says nothing. */
static void read_translations(struct form *f, const struct field *fields, size_t n, const struct json *in, const struct json *base,
			      struct str prefix, struct json *holder)
{
	struct json out = tree_object();
	struct str at = path(f, prefix, "translations");

	if (in->kind != JSON_IS_NONE && in->kind != JSON_IS_NULL && in->kind != JSON_IS_OBJECT) {
		form_error_said(f, at, tr(f->i18n, N_("Texts by language are expected here.")));
		in = base;
	}
	for (size_t i = 0; base->kind == JSON_IS_OBJECT && in->kind != JSON_IS_NULL && i < base->n; i++) {
		if (tree_get(in, base->keys[i])->kind == JSON_IS_NONE) {
			tree_put(f->mem, &out, base->keys[i], base->items[i]);
		}
	}
	for (size_t i = 0; in->kind == JSON_IS_OBJECT && i < in->n; i++) {
		struct str here = str_fmt(f->mem, "%.*s.%.*s", STR_ARG(at), STR_ARG(in->keys[i]));
		if (!form_lang_code_ok(in->keys[i]) || out.n >= LIMIT_TRANSLATIONS) {
			form_error_said(f, here, tr(f->i18n, N_("Use the language's code of two letters, like fr or ar.")));
			continue;
		}
		struct json texts = read_texts(f, fields, n, &in->items[i], tree_get(base, in->keys[i]), here);
		if (texts.n) {
			tree_put(f->mem, &out, in->keys[i], texts);
		}
	}
	if (out.n) {
		tree_put(f->mem, holder, S("translations"), out);
	}
}

/* The page of translations names a record by where it stands: "translations.en.pictures.0.alt". */
static void read_item_texts(struct form *f, struct str lang, const struct field *fd, const struct json *rows, struct json *doc)
{
	struct json items = tree_copy(f->mem, tree_get(doc, str_of(fd->name)));

	for (size_t i = 0; i < rows->n && i < items.n; i++) {
		struct str at = str_fmt(f->mem, "translations.%.*s.%s.%zu", STR_ARG(lang), fd->name, i);
		const struct json *had = json_get(&items.items[i], "translations");
		struct json all = had->kind == JSON_IS_OBJECT ? *had : tree_object();
		struct json texts = read_texts(f, fd->fields, fd->n_fields, &rows->items[i], tree_get(&all, lang), at);
		tree_set(f->mem, &all, lang, texts);
		tree_set(f->mem, &items.items[i], S("translations"), all);
	}
	tree_set(f->mem, doc, str_of(fd->name), items);
}

static void read_all_item_texts(struct form *f, const struct json *in, struct json *doc)
{
	const struct entity *e = f->entity;

	for (size_t l = 0; in->kind == JSON_IS_OBJECT && l < in->n; l++) {
		for (size_t i = 0; form_lang_code_ok(in->keys[l]) && i < e->n_fields; i++) {
			const struct json *rows = tree_get(&in->items[l], str_of(e->fields[i].name));
			if (e->fields[i].type == F_GROUP && rows->kind == JSON_IS_ARRAY) {
				read_item_texts(f, in->keys[l], &e->fields[i], rows, doc);
			}
		}
	}
}

/* On a page of translations only these can be put right. */
static void forget_other_errors(struct form *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_errors; i++) {
		if (str_starts(f->errors[i].field, S("translations."))) {
			f->errors[n++] = f->errors[i];
		}
	}
	f->n_errors = n;
}

/* Reads `in` into f->doc; checks what crosses fields when each is right. */
enum err form_read_tree(struct form *f, struct req *rq, const struct json *in, const struct json *base)
{
	static const struct json nothing = {.kind = JSON_IS_NONE};
	const struct entity *e = f->entity;
	const struct json *from = base ? base : &nothing;
	struct json doc = read_fields(f, e->fields, e->n_fields, in, from, S(""));
	const struct json *texts = json_get(in, "translations");

	read_translations(f, e->fields, e->n_fields, texts, json_get(from, "translations"), S(""), &doc);
	if (f->posted) {
		read_all_item_texts(f, texts, &doc);
	}
	if (f->translate.p) {
		forget_other_errors(f);
	}
	f->doc = mem_new(f->mem, struct json);
	*f->doc = doc;
	if (e->check && f->n_errors == 0) {
		TRY(e->check(f, rq, f->doc));
	}
	*f->doc = doc_canonical(f->mem, e, f->doc);
	return f->n_errors ? E_INVALID : OK;
}

enum err form_read_json(struct req *rq, struct mem *m, const struct entity *e, const struct json *in, const struct json *base,
			const char *lang, bool lenient, struct form *out)
{
	*out = (struct form){.entity = e, .mem = m, .lang = lang, .typed = in, .sight = SEE_ALL, .lenient = lenient,
			     .i18n = rq ? rq->i18n : lang_catalogue(lang), .original_lang = str_of(lang)};
	if (in->kind != JSON_IS_OBJECT) {
		form_error_said(out, S(""), tr(out->i18n, N_("A record is expected here.")));
		out->doc = mem_new(m, struct json);
		*out->doc = tree_object();
		return E_INVALID;
	}
	return form_read_tree(out, rq, in, base);
}

void form_fill(struct mem *m, const struct entity *e, const struct json *doc, const char *lang, struct form *out)
{
	*out = (struct form){.entity = e, .mem = m, .lang = lang, .original_lang = str_of(lang), .sight = SEE_ALL,
			     .i18n = lang_catalogue(lang)};
	out->doc = mem_new(m, struct json);
	*out->doc = doc ? *doc : tree_object();
}
