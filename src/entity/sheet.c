/*
 * Rows and documents.
 */
#include "sheet.h"

#include "../base/vec.h"
#include "../html/i18n.h"
#include "../web/req.h"
#include "../web/site.h"
#include "value.h"

#define GROUP_ROWS 2 /* records of a group that have columns of their own */

struct making {
	struct mem *mem;
	VEC(struct sheet_column) c;
};

static void add(struct making *k, struct sheet_column c)
{
	*vec_add(k->mem, &k->c) = c;
}

static void add_field(struct making *k, const struct field *f)
{
	if (f->type != F_GROUP) {
		add(k, (struct sheet_column){.path = str_of(f->name), .field = f});
		return;
	}
	for (int row = 1; row <= GROUP_ROWS; row++) {
		for (size_t i = 0; i < f->n_fields; i++) {
			if (!(f->fields[i].flags & PRIVATE)) {
				add(k, (struct sheet_column){.path = str_fmt(k->mem, "%s.%d.%s", f->name, row, f->fields[i].name),
							     .field = &f->fields[i], .group = f, .row = row});
			}
		}
	}
	add(k, (struct sheet_column){.path = str_fmt(k->mem, "%s.more", f->name), .field = f, .group = f});
}

struct sheet sheet_make(struct mem *m, const struct entity *e)
{
	struct making k = {.mem = m};

	for (int listed = 1; listed >= 0; listed--) {
		for (size_t i = 0; i < e->n_fields; i++) {
			const struct field *f = &e->fields[i];
			bool first = (f->flags & IN_LIST) && f->type != F_GROUP;
			if (!(f->flags & (PRIVATE | MEMBERS)) && first == (listed == 1)) {
				add_field(&k, f);
			}
		}
	}
	for (int l = 0; l < SITE_LANGS; l++) {
		for (size_t i = 0; i < e->n_fields; i++) {
			const struct field *f = &e->fields[i];
			if ((f->flags & TRANSLATED) && !(f->flags & (PRIVATE | MEMBERS))) {
				add(&k, (struct sheet_column){.path = str_fmt(m, "%s@%s", f->name, site_langs[l]), .field = f,
							      .lang = str_of(site_langs[l])});
			}
		}
	}
	add(&k, (struct sheet_column){.path = S("translations")});
	return (struct sheet){e, k.c.p, k.c.n};
}

/* ---- out ------------------------------------------------------------------------------------------------------------- */

static struct str more_rows(struct mem *m, const struct json *v)
{
	struct json rest = tree_array();

	for (size_t i = GROUP_ROWS; i < v->n; i++) {
		tree_add(m, &rest, v->items[i]);
	}
	return rest.n ? tree_text(m, &rest) : S("");
}

static struct str other_languages(struct mem *m, const struct json *t)
{
	struct json rest = tree_object();

	for (size_t i = 0; t->kind == JSON_IS_OBJECT && i < t->n; i++) {
		if (site_lang_index(t->keys[i]) < 0) {
			tree_put(m, &rest, t->keys[i], t->items[i]);
		}
	}
	return rest.n ? tree_text(m, &rest) : S("");
}

void sheet_cells(struct mem *m, const struct sheet *s, struct view v, struct str *cells)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct sheet_column *c = &s->columns[i];
		if (!c->field) {
			cells[i] = other_languages(m, json_get(v.j, "translations"));
		} else if (c->group && c->row == 0) {
			cells[i] = more_rows(m, json_get(v.j, c->group->name));
		} else if (c->group) {
			const struct json *item = json_at(json_get(v.j, c->group->name), (size_t)c->row - 1);
			cells[i] = value_print(m, c->field, json_get(item, c->field->name), NULL);
		} else if (c->lang.p) {
			const struct json *texts = tree_get(json_get(v.j, "translations"), c->lang);
			cells[i] = value_print(m, c->field, json_get(texts, c->field->name), NULL);
		} else {
			cells[i] = value_print(m, c->field, json_get(v.j, c->field->name), NULL);
		}
	}
}

/* ---- in -------------------------------------------------------------------------------------------------------------- */

static bool lang_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 'a' || s.p[i] > 'z') {
			return false;
		}
	}
	return s.n == 2 || s.n == 3;
}

bool sheet_column(struct mem *m, const struct entity *e, struct str path, struct sheet_column *out)
{
	struct str rest = path, first;
	int64_t row;

	*out = (struct sheet_column){.path = str_dup(m, path)};
	if (str_eq(path, S("translations"))) {
		return true;
	}
	ptrdiff_t at = str_chr(path, '@');
	if (at > 0) {
		out->field = entity_field(e, str_sub(path, 0, (size_t)at));
		out->lang = str_sub(out->path, (size_t)at + 1, path.n);
		return out->field && (out->field->flags & TRANSLATED) && lang_code(out->lang);
	}
	first = str_cut(&rest, '.');
	out->field = entity_field(e, first);
	if (!out->field || (out->field->type == F_GROUP) != (rest.p != NULL)) {
		return false;
	}
	if (!rest.p) {
		return true;
	}
	out->group = out->field;
	if (str_eq(rest, S("more"))) {
		return true;
	}
	if (!str_to_i64(str_cut(&rest, '.'), &row) || row < 1 || row > 100 || !rest.p) {
		return false;
	}
	out->row = (int)row;
	out->field = field_in(out->group->fields, out->group->n_fields, rest);
	return out->field != NULL;
}

/* 3: its name or label; 2: an alias; 0: something else. */
static int field_means(struct mem *m, const struct field *f, struct str words)
{
	if (str_eq(words, words_norm(m, str_of(f->name))) || str_eq(words, words_norm(m, str_of(f->label)))) {
		return 3;
	}
	for (int i = 0; i < SITE_LANGS; i++) {
		if (str_eq(words, words_norm(m, str_of(i18n_get(lang_catalogue(site_langs[i]), NULL, f->label))))) {
			return 3;
		}
	}
	for (struct str rest = str_of(f->aliases); rest.p;) {
		if (str_eq(words, words_norm(m, str_cut(&rest, ',')))) {
			return 2;
		}
	}
	return 0;
}

static bool best_field(struct mem *m, const struct entity *e, struct str words, struct sheet_column *out)
{
	int best = 0;

	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		int fits = f->type == F_GROUP || (f->flags & COMPUTED) ? 0 : field_means(m, f, words) * 2;
		if (fits > best) {
			best = fits;
			*out = (struct sheet_column){.path = str_of(f->name), .field = f};
		}
		for (size_t k = 0; f->type == F_GROUP && k < f->n_fields; k++) {
			fits = field_means(m, &f->fields[k], words) * 2 - 1;
			if (fits > best) {
				best = fits;
				*out = (struct sheet_column){.path = str_fmt(m, "%s.1.%s", f->name, f->fields[k].name),
							     .field = &f->fields[k], .group = f, .row = 1};
			}
		}
	}
	return best > 0;
}

bool sheet_match(struct mem *m, const struct entity *e, struct str header, struct sheet_column *out)
{
	struct str h = str_trim(header);

	if (sheet_column(m, e, h, out)) {
		return true;
	}
	/* "Résumé (en)", "summary_en", "summary@en" with the name in another language */
	size_t cut = h.n > 3 && (h.p[h.n - 3] == '@' || h.p[h.n - 3] == '_') ? h.n - 3
		     : h.n > 5 && h.p[h.n - 1] == ')' && h.p[h.n - 4] == '(' ? h.n - 4
									     : 0;
	if (cut && site_lang_index(str_sub(h, cut + 1, 2)) >= 0) {
		struct str lang = str_sub(h, cut + 1, 2);
		if (best_field(m, e, words_norm(m, str_sub(h, 0, cut)), out) && (out->field->flags & TRANSLATED) && !out->group) {
			out->lang = str_dup(m, lang);
			out->path = str_fmt(m, "%s@%.*s", out->field->name, STR_ARG(lang));
			return true;
		}
	}
	struct str words = words_norm(m, h);
	return words.n && best_field(m, e, words, out);
}

static struct json *member(struct mem *m, struct json *o, struct str key, struct json fresh)
{
	for (size_t i = 0; i < o->n; i++) {
		if (str_eq(o->keys[i], key)) {
			return o->items[i].kind == fresh.kind ? &o->items[i] : NULL;
		}
	}
	tree_put(m, o, key, fresh);
	return &o->items[o->n - 1];
}

/* Further records, or other languages, as they were written out. */
static void put_json(struct mem *m, struct json *row, const struct sheet_column *c, struct str cell)
{
	struct json j;

	if (json_parse(m, cell, &j, NULL) != OK) {
		tree_put(m, row, c->path, tree_str(cell)); /* told of as a field that is wrong */
		return;
	}
	struct json *to = member(m, row, c->group ? str_of(c->group->name) : S("translations"), c->group ? tree_array() : tree_object());
	for (size_t i = 0; to && i < j.n; i++) {
		if (c->group) {
			tree_add(m, to, j.items[i]);
		} else if (j.kind == JSON_IS_OBJECT) {
			tree_set(m, to, j.keys[i], j.items[i]);
		}
	}
}

void sheet_put(struct mem *m, struct json *row, const struct sheet_column *c, struct str cell, bool clear)
{
	struct json v = tree_str(cell);
	struct json *to = row;
	struct str key = c->path;

	if (str_trim(cell).n == 0) {
		if (!clear || c->group || !c->field) {
			return;
		}
		v = (struct json){.kind = JSON_IS_NULL};
	}
	if (!c->field || (c->group && c->row == 0)) {
		put_json(m, row, c, cell);
		return;
	}
	if (c->group) {
		to = member(m, row, str_of(c->group->name), tree_array());
		while (to && to->n < (size_t)c->row) {
			tree_add(m, to, tree_object());
		}
		to = to ? &to->items[c->row - 1] : NULL;
		key = str_of(c->field->name);
	} else if (c->lang.p) {
		to = member(m, row, S("translations"), tree_object());
		to = to ? member(m, to, c->lang, tree_object()) : NULL;
		key = str_of(c->field->name);
	}
	if (to && tree_get(to, key)->kind == JSON_IS_NONE) { /* of two columns for one field the first that is filled stands */
		tree_put(m, to, key, v);
	}
}
