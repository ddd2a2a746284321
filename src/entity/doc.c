/*
 * Documents: their canonical text, their differences, and changes applied to them. Canonical means: members in the order of the
 * table, groups' items likewise, translations last and by language, nothing empty; so equal content is equal text.
 */
#include "entity.h"

#include "../base/limits.h"
#include "tree.h"

enum err doc_parse(struct mem *m, struct str text, struct doc *out)
{
	struct json *j = mem_new(m, struct json);

	if (json_parse(m, text, j, NULL) != OK || j->kind != JSON_IS_OBJECT) {
		return fail(E_BUG, "doc_parse: %zu bytes that are no document", text.n);
	}
	out->j = j;
	return OK;
}

/* Index of the language that follows `after` in byte order; -1 at the end. */
static ptrdiff_t next_lang(const struct json *t, struct str after)
{
	ptrdiff_t best = -1;

	for (size_t i = 0; i < t->n; i++) {
		bool later = !after.p || str_cmp(t->keys[i], after) > 0;
		if (later && (best < 0 || str_cmp(t->keys[i], t->keys[best]) < 0)) {
			best = (ptrdiff_t)i;
		}
	}
	return best;
}

/* By language; only texts that the table lets be translated. */
static struct json canonical_texts(struct mem *m, const struct field *fields, size_t n, const struct json *in)
{
	struct json out = tree_object();
	struct str lang = STR_NONE;

	for (ptrdiff_t i; in->kind == JSON_IS_OBJECT && (i = next_lang(in, lang)) >= 0;) {
		struct json texts = tree_object();
		lang = in->keys[i];
		for (size_t k = 0; k < n; k++) {
			const struct json *v = tree_get(&in->items[i], str_of(fields[k].name));
			if ((fields[k].flags & TRANSLATED) && !tree_empty(v)) {
				tree_put(m, &texts, str_of(fields[k].name), *v);
			}
		}
		if (texts.n) {
			tree_put(m, &out, lang, texts);
		}
	}
	return out;
}

static struct json canonical(struct mem *m, const struct field *fields, size_t n, const struct json *in);

static struct json canonical_value(struct mem *m, const struct field *f, const struct json *v)
{
	if (f->type != F_GROUP || v->kind != JSON_IS_ARRAY) {
		return *v;
	}
	struct json items = tree_array();
	for (size_t i = 0; i < v->n; i++) {
		struct json item = canonical(m, f->fields, f->n_fields, &v->items[i]);
		if (item.n) {
			tree_add(m, &items, item);
		}
	}
	return items;
}

/* Translations of nothing are nothing. */
static struct json canonical(struct mem *m, const struct field *fields, size_t n, const struct json *in)
{
	struct json out = tree_object();

	for (size_t i = 0; i < n; i++) {
		const struct json *v = tree_get(in, str_of(fields[i].name));
		if (!tree_empty(v)) {
			struct json c = canonical_value(m, &fields[i], v);
			if (!tree_empty(&c)) {
				tree_put(m, &out, str_of(fields[i].name), c);
			}
		}
	}
	struct json t = out.n ? canonical_texts(m, fields, n, json_get(in, "translations")) : tree_object();
	if (t.n) {
		tree_put(m, &out, S("translations"), t);
	}
	return out;
}

struct json doc_canonical(struct mem *m, const struct entity *e, const struct json *doc)
{
	return canonical(m, e->fields, e->n_fields, doc);
}

struct str doc_text_of(struct mem *m, const struct json *canonical_doc)
{
	struct buf b = buf_make(m, LIMIT_DOC);
	struct json_out o = json_to(&b);

	json_put_tree(&o, canonical_doc);
	return json_done(&o) == OK ? buf_str(&b) : STR_NONE;
}

struct str doc_text(struct mem *m, const struct entity *e, const struct json *doc)
{
	struct json c = doc_canonical(m, e, doc);

	return doc_text_of(m, &c);
}

/* ---- differences ----------------------------------------------------------------------------------------------------- */

struct diff {
	struct mem *mem;
	struct change *c;
	size_t n, cap;
};

static void note(struct diff *d, const struct field *f, struct str key, const struct json *a, const struct json *b)
{
	if (tree_same(a, b)) {
		return;
	}
	if (d->n == d->cap) {
		size_t cap = d->cap ? d->cap * 2 : 16;
		struct change *more = mem_array(d->mem, struct change, cap);
		if (d->n) {
			memcpy(more, d->c, d->n * sizeof(*more));
		}
		d->c = more;
		d->cap = cap;
	}
	d->c[d->n++] = (struct change){.field = f, .key = key, .before = a, .after = b};
}

static void diff_lang(struct diff *d, const struct entity *e, struct str lang, const struct json *a, const struct json *b)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		if (f->flags & TRANSLATED) {
			note(d, f, str_fmt(d->mem, "%s@%.*s", f->name, STR_ARG(lang)), tree_get(a, str_of(f->name)),
			     tree_get(b, str_of(f->name)));
		}
	}
}

size_t doc_diff(struct mem *m, const struct entity *e, const struct json *a, const struct json *b, struct change **out)
{
	struct diff d = {.mem = m};
	const struct json *ta = json_get(a, "translations"), *tb = json_get(b, "translations");

	for (size_t i = 0; i < e->n_fields; i++) {
		struct str name = str_of(e->fields[i].name);
		note(&d, &e->fields[i], name, tree_get(a, name), tree_get(b, name));
	}
	for (size_t i = 0; ta->kind == JSON_IS_OBJECT && i < ta->n; i++) {
		diff_lang(&d, e, ta->keys[i], &ta->items[i], tree_get(tb, ta->keys[i]));
	}
	for (size_t i = 0; tb->kind == JSON_IS_OBJECT && i < tb->n; i++) {
		if (tree_get(ta, tb->keys[i])->kind == JSON_IS_NONE) {
			diff_lang(&d, e, tb->keys[i], tree_get(ta, tb->keys[i]), &tb->items[i]);
		}
	}
	*out = d.c;
	return d.n;
}

const struct json *doc_value(const struct json *doc, struct str key)
{
	ptrdiff_t at = str_chr(key, '@');

	if (at < 0) {
		return tree_get(doc, key);
	}
	return tree_get(tree_get(json_get(doc, "translations"), str_sub(key, (size_t)at + 1, key.n)),
			str_sub(key, 0, (size_t)at));
}

struct json *doc_apply(struct mem *m, const struct entity *e, const struct json *doc, struct str key, const struct json *value)
{
	struct json c = tree_copy(m, doc);
	struct json *out = mem_new(m, struct json);
	ptrdiff_t at = str_chr(key, '@');

	if (at < 0) {
		tree_set(m, &c, key, *value);
	} else {
		struct str name = str_sub(key, 0, (size_t)at), lang = str_sub(key, (size_t)at + 1, key.n);
		const struct json *had = json_get(&c, "translations");
		struct json t = had->kind == JSON_IS_OBJECT ? *had : tree_object();
		const struct json *had_lang = tree_get(&t, lang);
		struct json texts = had_lang->kind == JSON_IS_OBJECT ? *had_lang : tree_object();
		tree_set(m, &texts, name, *value);
		tree_set(m, &t, lang, texts);
		tree_set(m, &c, S("translations"), t);
	}
	*out = doc_canonical(m, e, &c);
	return out;
}

/* ---- what is kept for a time only ------------------------------------------------------------------------------------ */

static bool is_personal(const struct field *f)
{
	return f->purpose || (f->flags & (PRIVATE | MEMBERS)) || f->type == F_MAIL || f->type == F_PHONE;
}

static void remove_text(struct json *holder, struct str name)
{
	const struct json *t = json_get(holder, "translations");

	tree_remove(holder, name);
	for (size_t i = 0; t->kind == JSON_IS_OBJECT && i < t->n; i++) {
		tree_remove(&t->items[i], name);
	}
}

struct json doc_without_personal(struct mem *m, const struct entity *e, const struct json *doc)
{
	struct json c = tree_copy(m, doc);

	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		if (is_personal(f)) {
			remove_text(&c, str_of(f->name));
			continue;
		}
		const struct json *v = tree_get(&c, str_of(f->name));
		for (size_t k = 0; f->type == F_GROUP && k < v->n; k++) {
			for (size_t s = 0; s < f->n_fields; s++) {
				if (is_personal(&f->fields[s])) {
					remove_text(&v->items[k], str_of(f->fields[s].name));
				}
			}
		}
	}
	return doc_canonical(m, e, &c);
}

/* ---- texts of records ------------------------------------------------------------------------------------------------ */

bool group_is_translated(const struct field *group)
{
	for (size_t i = 0; i < group->n_fields; i++) {
		if (group->fields[i].flags & TRANSLATED) {
			return true;
		}
	}
	return false;
}

const struct json *item_twin(const struct field *group, const struct json *items, const struct json *item)
{
	for (size_t i = 0; items->kind == JSON_IS_ARRAY && i < items->n; i++) {
		bool same = true;
		for (size_t k = 0; same && k < group->n_fields; k++) {
			struct str name = str_of(group->fields[k].name);
			same = tree_same(tree_get(&items->items[i], name), tree_get(item, name));
		}
		if (same) {
			return &items->items[i];
		}
	}
	return NULL;
}

struct json items_keep_texts(struct mem *m, const struct field *group, const struct json *fresh, const struct json *had)
{
	struct json out = tree_array();

	for (size_t i = 0; i < fresh->n; i++) {
		const struct json *item = &fresh->items[i];
		bool silent = json_get(item, "translations")->kind == JSON_IS_NONE;
		const struct json *twin = silent ? item_twin(group, had, item) : NULL;
		const struct json *texts = twin ? json_get(twin, "translations") : NULL;
		if (texts && !tree_empty(texts)) {
			struct json both = tree_copy(m, item);
			tree_set(m, &both, S("translations"), *texts);
			tree_add(m, &out, both);
		} else {
			tree_add(m, &out, *item);
		}
	}
	return out;
}

void doc_keep_computed(struct mem *m, const struct field *fd, struct json *item, const struct json *base)
{
	for (size_t i = 0; base->kind == JSON_IS_ARRAY && i < base->n; i++) {
		struct json had = tree_copy(m, &base->items[i]);
		for (size_t k = 0; k < fd->n_fields; k++) {
			if (fd->fields[k].flags & COMPUTED) {
				tree_remove(&had, str_of(fd->fields[k].name));
			}
		}
		if (had.n < base->items[i].n && tree_same(&had, item)) {
			*item = tree_copy(m, &base->items[i]);
			return;
		}
	}
}
