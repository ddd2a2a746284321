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
#include "../web/site.h"

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

static const struct json *texts_in(const struct form *f, struct str lang)
{
	const struct json *typed = f->typed ? tree_get(json_get(f->typed, "translations"), lang) : &none;

	return typed->kind == JSON_IS_OBJECT ? typed : f->doc ? tree_get(json_get(f->doc, "translations"), lang) : &none;
}

struct part form_part_in(struct out *o, const struct form *f, const struct field *field, struct str lang)
{
	struct part p = {.form = f, .field = field, .lang = lang, .v = tree_get(texts_in(f, lang), str_of(field->name))};

	p.path = str_fmt(o->mem, "translations.%.*s.%s", STR_ARG(lang), field->name);
	p.error = error_at(f, p.path);
	return p;
}

static void add_lang(struct form_langs *l, struct str lang, struct str original)
{
	for (size_t i = 0; i < l->n; i++) {
		if (str_eq(l->v[i], lang)) {
			return;
		}
	}
	if (l->n < COUNT(l->v) && !str_eq(lang, original)) {
		l->v[l->n++] = lang;
	}
}

struct form_langs form_langs(const struct form *f)
{
	const struct json *held[] = {f->typed ? json_get(f->typed, "translations") : &none,
				     f->doc ? json_get(f->doc, "translations") : &none};
	const struct site *site = site_now();
	struct form_langs out = {.n = 0};
	bool translated = false;

	for (size_t i = 0; i < f->entity->n_fields; i++) {
		translated = translated || (f->entity->fields[i].flags & TRANSLATED);
	}
	for (size_t i = 0; translated && i < site->n_langs; i++) {
		add_lang(&out, str_of(site->langs[i]), f->original_lang);
	}
	for (size_t h = 0; h < COUNT(held); h++) {
		for (size_t i = 0; held[h]->kind == JSON_IS_OBJECT && i < held[h]->n; i++) {
			add_lang(&out, held[h]->keys[i], f->original_lang);
		}
	}
	return out;
}

bool form_lang_used(const struct form *f, struct str lang)
{
	for (size_t i = 0; i < f->n_errors; i++) {
		struct str rest = f->errors[i].field;
		if (str_eq(str_cut(&rest, '.'), S("translations")) && str_eq(str_cut(&rest, '.'), lang)) {
			return true;
		}
	}
	return false;
}

bool form_drawn(const struct form *f, const struct field *fd)
{
	return !(fd->flags & COMPUTED) && !((fd->flags & PRIVATE) && f->sight < SEE_ALL) &&
	       !((fd->flags & MEMBERS) && f->sight < SEE_MEMBERS);
}

static bool same_set(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
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
		if (k == s.n && s.n < COUNT(s.v) && form_drawn(f, fd)) {
			s.v[s.n++] = fd->fieldset;
		}
	}
	return s;
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
	bool asked = p->form->add_row && strcmp(p->form->add_row, p->field->name) == 0;
	bool last_empty = n > 0 && tree_empty(&p->v->items[n - 1]);

	n += asked || !last_empty ? 1 : 0;
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

struct str error_label(struct out *o, const struct form *f, const struct field_error *e)
{
	struct str rest = e->field, first = str_cut(&rest, '.');
	const struct field *fd = entity_field(f->entity, first);
	int64_t row;

	if (str_eq(first, S("translations")) && rest.p) {
		struct str lang = str_cut(&rest, '.');
		fd = entity_field(f->entity, rest);
		return str_fmt(o->mem, "%.*s (%.*s)", STR_ARG(fd ? tr(o->lang, fd->label) : rest), STR_ARG(lang_label(o, lang)));
	}
	if (!fd) {
		return first;
	}
	struct str label = tr(o->lang, fd->label);
	if (fd->type != F_GROUP || !rest.p || !str_to_i64(str_cut(&rest, '.'), &row)) {
		return label;
	}
	const struct field *sub = rest.p ? field_in(fd->fields, fd->n_fields, rest) : NULL;
	return sub ? str_fmt(o->mem, "%.*s %lld, %.*s", STR_ARG(label), (long long)row + 1, STR_ARG(tr(o->lang, sub->label)))
		   : str_fmt(o->mem, "%.*s %lld", STR_ARG(label), (long long)row + 1);
}
