/*
 * The small questions that form.html asks.
 */
#include "form_part.h"

#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "../base/limits.h"
#include "../base/url.h"
#include "../html/i18n.h"
#include "../web/req.h"

static const struct json none = {.kind = JSON_IS_NONE};

const struct json *form_holder(const struct form *f)
{
	return f->typed ? f->typed : f->doc ? f->doc : &none;
}

static struct str error_at(const struct form *f, struct str path)
{
	const struct field_error *e = form_error_of(f, path);

	return e ? e->reason : STR_NONE;
}

struct part form_part(struct out *o, const struct form *f, const struct field *fields, size_t i, struct str path,
		      const struct json *holder)
{
	const struct field *fd = &fields[i];
	struct part p = {.form = f, .field = fd, .v = tree_get(holder, str_of(fd->name))};

	p.path = path.n ? str_fmt(o->mem, "%.*s.%s", STR_ARG(path), fd->name) : str_of(fd->name);
	if (p.v->kind == JSON_IS_NONE && path.n == 0 && f->typed && f->doc) { /* not in the form that was sent */
		p.v = tree_get(f->doc, str_of(fd->name));
	}
	p.error = error_at(f, p.path);
	return p;
}

/* ---- translations ---------------------------------------------------------------------------------------------------- */

static struct told told(struct out *o, const struct form *f, const struct field *fd, struct str path, const struct json *typed,
			const struct json *kept, const struct json *original)
{
	struct told t = {.part = {.form = f, .field = fd, .lang = f->translate, .path = path}, .original = original};

	(void)o;
	t.part.v = typed->kind == JSON_IS_NONE ? kept : typed;
	t.part.error = error_at(f, path);
	t.shown = !tree_empty(original) || !tree_empty(t.part.v);
	return t;
}

static const struct json *texts_of(const struct json *holder, struct str lang)
{
	return tree_get(json_get(holder, "translations"), lang);
}

struct told form_told(struct out *o, const struct form *f, const struct field *field)
{
	struct str name = str_of(field->name), path = str_fmt(o->mem, "translations.%.*s.%s", STR_ARG(f->translate), field->name);
	struct told t = told(o, f, field, path, f->typed ? tree_get(texts_of(f->typed, f->translate), name) : &none,
			     tree_get(texts_of(f->doc, f->translate), name), tree_get(f->doc, name));

	t.label = tr(o->lang, field->label);
	return t;
}

struct told form_told_item(struct out *o, const struct form *f, const struct field *group, size_t row, const struct field *sub)
{
	struct str name = str_of(sub->name);
	struct str path = str_fmt(o->mem, "translations.%.*s.%s.%zu.%s", STR_ARG(f->translate), group->name, row, sub->name);
	const struct json *item = json_at(tree_get(f->doc, str_of(group->name)), row), *typed = &none;

	if (f->typed) {
		typed = tree_get(json_at(tree_get(texts_of(f->typed, f->translate), str_of(group->name)), row), name);
	}
	struct told t = told(o, f, sub, path, typed, tree_get(texts_of(item, f->translate), name), tree_get(item, name));
	t.label = str_fmt(o->mem, "%.*s %zu, %.*s", STR_ARG(tr(o->lang, group->label)), row + 1, STR_ARG(tr(o->lang, sub->label)));
	return t;
}

size_t form_items(const struct form *f, const struct field *group)
{
	const struct json *v = group->type == F_GROUP ? tree_get(f->doc, str_of(group->name)) : &none;

	return v->kind == JSON_IS_ARRAY ? v->n : 0;
}

bool form_has_texts(const struct form *f)
{
	for (size_t i = 0; i < f->entity->n_fields; i++) {
		const struct field *fd = &f->entity->fields[i];
		if ((fd->flags & TRANSLATED) || (fd->type == F_GROUP && group_is_translated(fd))) {
			return true;
		}
	}
	return false;
}

/* ---- what is asked for first, and what is folded ---------------------------------------------------------------------- */

bool form_drawn(const struct form *f, const struct field *fd)
{
	return !(fd->flags & COMPUTED) && !((fd->flags & PRIVATE) && f->sight < SEE_ALL) &&
	       !((fd->flags & MEMBERS) && f->sight < SEE_MEMBERS);
}

bool form_first(const struct field *fd)
{
	return (fd->flags & (REQUIRED | ESSENTIAL)) != 0;
}

static bool same_set(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool form_in_set(const struct form *f, const struct field *fd, const char *set)
{
	return form_drawn(f, fd) && !form_first(fd) && same_set(fd->fieldset, set);
}

struct form_sets form_sets(const struct form *f)
{
	struct form_sets s = {.n = 0};

	for (size_t i = 0; i < f->entity->n_fields; i++) {
		const struct field *fd = &f->entity->fields[i];
		size_t k = 0;
		while (k < s.n && !same_set(s.v[k], fd->fieldset)) {
			k++;
		}
		if (k == s.n && s.n < COUNT(s.v) && form_drawn(f, fd) && !form_first(fd)) {
			s.v[s.n++] = fd->fieldset;
		}
	}
	return s;
}

/* What was typed, or else what is kept. */
static const struct json *value_in(const struct form *f, const struct field *fd)
{
	const struct json *typed = f->typed ? tree_get(f->typed, str_of(fd->name)) : &none;

	return typed->kind != JSON_IS_NONE ? typed : f->doc ? tree_get(f->doc, str_of(fd->name)) : &none;
}

static bool has_error(const struct form *f, const struct field *fd)
{
	for (size_t i = 0; i < f->n_errors; i++) {
		struct str rest = f->errors[i].field;
		if (str_eq(str_cut(&rest, '.'), str_of(fd->name))) {
			return true;
		}
	}
	return false;
}

static bool was_asked(const struct form *f, const struct field *fd)
{
	return f->add_row && strcmp(f->add_row, fd->name) == 0;
}

bool form_set_open(const struct form *f, const char *set)
{
	for (size_t i = 0; i < f->entity->n_fields; i++) {
		const struct field *fd = &f->entity->fields[i];
		if (form_in_set(f, fd, set) && (!tree_empty(value_in(f, fd)) || has_error(f, fd) || was_asked(f, fd))) {
			return true;
		}
	}
	return false;
}

struct str form_set_words(struct out *o, const struct form *f, const char *set)
{
	struct str *words = mem_array(o->mem, struct str, f->entity->n_fields);
	size_t n = 0;

	for (size_t i = 0; i < f->entity->n_fields; i++) {
		if (form_in_set(f, &f->entity->fields[i], set)) {
			words[n++] = tr(o->lang, f->entity->fields[i].label);
		}
	}
	/* One that only says the name of the set again says nothing. */
	return n == 1 && set && str_eq(words[0], tr(o->lang, set)) ? S("") : words_list(req_of(o), words, n);
}

bool part_says_optional(const struct part *p)
{
	bool top = str_chr(p->path, '.') < 0;

	return !(p->field->flags & REQUIRED) && (!top || (p->field->flags & ESSENTIAL));
}

const char *part_preset(const struct part *p, struct str *slug)
{
	const struct choice *c = p->field->preset ? vocabulary_find(p->field->vocabulary, str_of(p->field->preset)) : NULL;

	/* Said in so many words before: sent back as it was, so that nothing seems changed. */
	*slug = c && part_has(p, str_of(c->slug)) ? str_of(c->slug) : S("");
	return c ? c->label : NULL;
}

bool part_has_rare(const struct part *p)
{
	for (size_t k = 0; k < p->field->n_fields; k++) {
		if ((p->field->fields[k].flags & RARE) && form_drawn(p->form, &p->field->fields[k])) {
			return true;
		}
	}
	return false;
}

bool part_rare_open(struct out *o, const struct part *p, size_t row)
{
	for (size_t k = 0; k < p->field->n_fields; k++) {
		const struct field *sub = &p->field->fields[k];
		struct str at = str_fmt(o->mem, "%.*s.%zu.%s", STR_ARG(p->path), row, sub->name);
		if ((sub->flags & RARE) && (!tree_empty(tree_get(part_row(p, row), str_of(sub->name))) || error_at(p->form, at).p)) {
			return true;
		}
	}
	return false;
}

bool part_row_is_new(const struct part *p, size_t row)
{
	return was_asked(p->form, p->field) && row + 1 == part_rows(p);
}

/* ---- themes ---------------------------------------------------------------------------------------------------------- */

bool theme_row(struct out *o, size_t i, struct str *slug, struct str *name, int *depth)
{
	const struct entity_world *w = entity_world();

	return w->theme_at && w->theme_at(i, i18n_code(o->lang), slug, name, depth);
}

size_t theme_below(size_t i)
{
	const struct entity_world *w = entity_world();
	struct str slug, name;
	size_t n = 0;
	int depth;

	while (w->theme_at && w->theme_at(i + 1 + n, "fr", &slug, &name, &depth) && depth > 0) {
		n++;
	}
	return n;
}

bool theme_below_has(const struct part *p, size_t i)
{
	struct str slug, name;
	size_t n = theme_below(i);
	int depth;

	for (size_t k = 1; k <= n; k++) {
		if (entity_world()->theme_at(i + k, "fr", &slug, &name, &depth) && part_has(p, slug)) {
			return true;
		}
	}
	return false;
}

/* ---- values ---------------------------------------------------------------------------------------------------------- */

static struct str one_text(struct out *o, const struct part *p, const struct json *v)
{
	const struct entity_world *w = entity_world();
	bool stored = v->kind == JSON_IS_STRING;

	if (stored && (p->field->type == F_TERRITORY || p->field->type == F_TERRITORIES) && w->territory_name) {
		return w->territory_name(o->mem, v->text, i18n_code(o->lang)); /* words that are no code stay as they are */
	}
	if (stored && p->field->type == F_LANGS && v->text.n <= 3) {
		return lang_label(o, v->text);
	}
	return v->text;
}

struct str part_text(struct out *o, const struct part *p)
{
	struct buf b = buf_make(o->mem, LIMIT_DOC);

	if (p->v->kind == JSON_IS_ARRAY) {
		for (size_t i = 0; i < p->v->n; i++) {
			buf_put(&b, b.n ? S(", ") : S(""));
			buf_put(&b, one_text(o, p, &p->v->items[i]));
		}
		return buf_str(&b);
	}
	return tree_empty(p->v) ? S("") : one_text(o, p, p->v);
}

bool part_has(const struct part *p, struct str word)
{
	if (p->v->kind == JSON_IS_TRUE) {
		return str_eq(word, S("1"));
	}
	return p->v->kind == JSON_IS_ARRAY ? tree_has_str(p->v, word) : str_eq(p->v->text, word);
}

size_t part_rows(const struct part *p)
{
	size_t n = p->v->kind == JSON_IS_ARRAY ? p->v->n : 0, max = value_max(p->field);

	n += was_asked(p->form, p->field) || (n == 0 && form_first(p->field)) ? 1 : 0;
	return n > max ? max : n;
}

const struct json *part_row(const struct part *p, size_t i)
{
	return p->v->kind == JSON_IS_ARRAY && i < p->v->n ? &p->v->items[i] : &none;
}

struct str part_described(struct out *o, const struct part *p)
{
	struct buf b = buf_make(o->mem, KIB(1));

	if (p->field->help) {
		buf_fmt(&b, "%.*s-h", STR_ARG(p->path));
	}
	if (p->error.p) {
		buf_fmt(&b, "%s%.*s-e", b.n ? " " : "", STR_ARG(p->path));
	}
	return buf_str(&b);
}

struct str part_day(const struct part *p, const char *day)
{
	if (p->v->kind == JSON_IS_OBJECT) {
		return json_get(p->v, day)->text;
	}
	return strcmp(day, "note") == 0 && p->v->kind == JSON_IS_STRING ? p->v->text : S("");
}

const char *part_input_type(const struct part *p)
{
	return p->field->type == F_MAIL ? "email" : p->field->type == F_PHONE ? "tel" : "text";
}

const char *part_input_mode(const struct part *p)
{
	switch (p->field->type) {
	case F_URL:
		return "url";
	case F_MAIL:
		return "email";
	case F_PHONE:
		return "tel";
	case F_INT:
		return "numeric";
	case F_DECIMAL:
		return "decimal";
	default:
		return "text";
	}
}

const char *part_dir(const struct part *p)
{
	switch (p->field->type) {
	case F_URL:
	case F_MAIL:
	case F_PHONE:
	case F_INT:
	case F_DECIMAL:
	case F_PARTIAL_DATE:
	case F_MOMENT:
	case F_MOMENTS:
	case F_ZONE:
	case F_RRULE:
		return "ltr";
	default:
		return tree_empty(p->v) ? NULL : "auto";
	}
}

bool part_is_picture(const struct part *p)
{
	struct str s = p->v->text;

	return p->v->kind == JSON_IS_STRING && (str_ends(s, S(".webp")) || str_ends(s, S(".svg")) || str_ends(s, S(".png")) ||
						str_ends(s, S(".jpg")));
}

struct url part_file_url(struct out *o, const struct part *p)
{
	struct str name = p->v->text;
	bool own = str_starts(name, S("assets/"));
	struct url_out u = url_begin(o->mem, own ? S("/assets") : S("/media"));

	url_seg(&u, own ? str_sub(name, strlen("assets/"), name.n) : name);
	return url_end(&u);
}

/* ---- words ----------------------------------------------------------------------------------------------------------- */

static struct str from_wide(struct mem *m, const UChar *wide, int32_t n)
{
	char text[400];
	int32_t bytes = 0;
	UErrorCode err = U_ZERO_ERROR;

	u_strToUTF8(text, sizeof(text), &bytes, wide, n, &err);
	return U_FAILURE(err) ? S("") : str_dup(m, (struct str){text, (size_t)bytes});
}

struct str lang_label(struct out *o, struct str code)
{
	UChar wide[120];
	UErrorCode err = U_ZERO_ERROR;
	int32_t n = uloc_getDisplayLanguage(str_c(o->mem, code), i18n_code(o->lang), wide, COUNT(wide), &err);

	return U_FAILURE(err) || n <= 0 ? code : from_wide(o->mem, wide, n);
}

bool lang_is_rtl(struct str code)
{
	return str_eq(code, S("ar")) || str_eq(code, S("fa")) || str_eq(code, S("he")) || str_eq(code, S("ur")) ||
	       str_eq(code, S("ps")) || str_eq(code, S("ckb"));
}

struct str day_name(struct out *o, int day)
{
	static const char *const names[7] = {N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"),
					     N_("Saturday"), N_("Sunday")};

	return tr(o->lang, names[day]);
}

/* "Pictures 2, What one sees on it": a record's field. */
static struct str item_label(struct out *o, const struct field *group, struct str rest)
{
	struct str label = tr(o->lang, group->label), lang = STR_NONE;
	int64_t row;

	if (group->type != F_GROUP || !rest.p || !str_to_i64(str_cut(&rest, '.'), &row)) {
		return label;
	}
	struct str first = rest.p ? str_cut(&rest, '.') : STR_NONE;
	if (str_eq(first, S("translations")) && rest.p) {
		lang = str_cut(&rest, '.');
		first = rest;
	}
	const struct field *sub = first.p ? field_in(group->fields, group->n_fields, first) : NULL;
	label = sub ? str_fmt(o->mem, "%.*s %lld, %.*s", STR_ARG(label), (long long)row + 1, STR_ARG(tr(o->lang, sub->label)))
		    : str_fmt(o->mem, "%.*s %lld", STR_ARG(label), (long long)row + 1);
	return lang.p ? str_fmt(o->mem, "%.*s (%.*s)", STR_ARG(label), STR_ARG(lang_label(o, lang))) : label;
}

struct str error_label(struct out *o, const struct form *f, const struct field_error *e)
{
	struct str rest = e->field, first = str_cut(&rest, '.'), lang = STR_NONE;

	if (str_eq(first, S("translations")) && rest.p) {
		lang = str_cut(&rest, '.');
		first = rest.p ? str_cut(&rest, '.') : lang;
	}
	const struct field *fd = entity_field(f->entity, first);
	struct str label = fd ? item_label(o, fd, rest) : S("");
	return label.n && lang.p ? str_fmt(o->mem, "%.*s (%.*s)", STR_ARG(label), STR_ARG(lang_label(o, lang))) : label;
}
