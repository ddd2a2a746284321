/*
 * The types of fields. Reading is generous with how people write (decimal commas, "www.", "oui", "02/03/2019") and strict
 * with what is kept: one spelling for each value, so that equal content is equal text.
 */
#include "value.h"

#include "value_hours.h"
#include "value_moment.h"

#include "../base/fold.h"
#include "../base/limits.h"
#include "../base/time.h"
#include "../base/url.h"
#include "../base/utf8.h"
#include "../html/i18n.h"

const char *const week_days[7] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

struct str sentence(struct mem *m, const struct i18n *i18n, const char *msgid, const char *name, struct str value)
{
	struct buf b = buf_make(m, LIMIT_FMT);
	struct str s = tr(i18n, msgid);
	struct str hole = str_fmt(m, "{%s}", name);

	for (ptrdiff_t at; s.n && (at = str_find(s, hole)) >= 0; s = str_sub(s, (size_t)at + hole.n, s.n)) {
		buf_put(&b, str_sub(s, 0, (size_t)at));
		buf_put(&b, value);
	}
	buf_put(&b, s);
	return buf_str(&b);
}

enum err value_wrong(struct reading *r, const char *msgid)
{
	r->reason = tr(r->i18n, msgid);
	return E_INVALID;
}

enum err value_wrong_with(struct reading *r, const char *msgid, const char *name, struct str value)
{
	r->reason = sentence(r->mem, r->i18n, msgid, name, value);
	return E_INVALID;
}

size_t value_max(const struct field *f)
{
	return f->max ? f->max : value_types[f->type].max;
}

/* ---- texts ----------------------------------------------------------------------------------------------------------- */

static enum err fits(struct reading *r, const struct field *f, struct str s)
{
	size_t max = value_max(f);

	if (s.n > max && utf8_len(s) > max) {
		struct str n = str_fmt(r->mem, "%zu", max);
		return value_wrong_with(r, N_("This is too long: at most {n} characters fit here."), "n", n);
	}
	return OK;
}

static enum err line_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str s;

	if (utf8_clean_line(r->mem, text, &s) != OK) {
		return value_wrong(r, N_("This text is damaged: please type it again."));
	}
	TRY(fits(r, f, s));
	*out = tree_str(s);
	return OK;
}

static enum err text_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str s;

	if (utf8_clean(r->mem, text, &s) != OK) {
		return value_wrong(r, N_("This text is damaged: please type it again."));
	}
	s = str_trim(s);
	TRY(fits(r, f, s));
	*out = tree_str(s);
	return OK;
}

/* ---- words of a vocabulary ------------------------------------------------------------------------------------------- */

static enum err choice_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	const struct choice *c = vocabulary_find(f->vocabulary, text);

	if (!c) {
		c = vocabulary_match(f->vocabulary, text, r->mem);
	}
	if (!c) {
		return value_wrong_with(r, N_("“{word}” is not one of the choices: choose one from the list."), "word",
				  utf8_cut(text, 80));
	}
	*out = tree_str(str_of(c->slug));
	return OK;
}

static enum err theme_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	const struct entity_world *w = entity_world();
	struct str slug = w->theme_match ? w->theme_match(r->mem, text) : STR_NONE;

	(void)f;
	if (!slug.p) {
		return value_wrong_with(r, N_("“{word}” is not one of this site's themes: choose one from the list."), "word",
				  utf8_cut(text, 80));
	}
	*out = tree_str(slug);
	return OK;
}

static enum err tag_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str s;

	(void)f;
	if (utf8_clean_line(r->mem, text, &s) != OK) {
		return value_wrong(r, N_("This text is damaged: please type it again."));
	}
	if (s.n && s.p[0] == '#') {
		s = str_sub(s, 1, s.n);
	}
	if (utf8_len(s) > LIMIT_TAG) {
		return value_wrong_with(r, N_("“{word}” is too long for a keyword: use a few words, separated by commas."), "word",
				  utf8_cut(s, 80));
	}
	*out = tree_str(s);
	return OK;
}

static enum err lang_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str code = lang_match(r->mem, text);

	(void)f;
	if (!code.p) {
		return value_wrong_with(r, N_("“{word}” is not a language that we know: write its name or its code (fr, ar…)."), "word",
				  utf8_cut(text, 80));
	}
	*out = tree_str(code);
	return OK;
}

static enum err territory_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	const struct entity_world *w = entity_world();
	bool several = false;
	struct str code = w->territory_match ? w->territory_match(r->mem, text, &several) : STR_NONE;

	(void)f;
	if (!code.p && several) {
		return value_wrong_with(r, N_("Several places are called “{word}”: choose one from the list, or add its postal code."),
				  "word", utf8_cut(text, 80));
	}
	if (!code.p) {
		return value_wrong_with(r, N_("No town, département, region or country called “{word}” is known: check the spelling, or "
					"write its postal code."), "word", utf8_cut(text, 80));
	}
	*out = tree_str(code);
	return OK;
}

/* ---- numbers and dates ----------------------------------------------------------------------------------------------- */

/* Without spaces of any width, a decimal comma as a point. */
static struct str plain_number(struct mem *m, struct str s)
{
	struct buf b = buf_make(m, 64);

	for (size_t i = 0; i < s.n; i++) {
		uint32_t cp;
		size_t n = utf8_next(s, i, &cp);
		bool space = n == 0 || cp == ' ' || cp == 0xa0 || cp == 0x202f || cp == 0x2009;
		if (!space) {
			buf_put(&b, cp == ',' ? S(".") : cp == 0x2212 ? S("-") : str_sub(s, i, n));
		}
		i += n ? n - 1 : 0;
	}
	return buf_str(&b);
}

static enum err int_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	int64_t v;

	(void)f;
	if (!str_to_i64(plain_number(r->mem, text), &v) || v > INT64_C(1000000000000) || v < -INT64_C(1000000000000)) {
		return value_wrong(r, N_("Write a whole number, in digits."));
	}
	*out = tree_i64(r->mem, v);
	return OK;
}

static enum err int_json(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	int64_t v;

	(void)f;
	if (!json_i64(in, &v) || v > INT64_C(1000000000000) || v < -INT64_C(1000000000000)) {
		return value_wrong(r, N_("Write a whole number, in digits."));
	}
	*out = tree_i64(r->mem, v);
	return OK;
}

static enum err decimal(struct reading *r, double v, struct json *out)
{
	if (!(v > -1e12 && v < 1e12)) {
		return value_wrong(r, N_("Write a number, in digits."));
	}
	*out = tree_fixed(r->mem, v, 6);
	return OK;
}

static enum err decimal_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	double v;

	(void)f;
	if (!str_to_double(plain_number(r->mem, text), &v)) {
		return value_wrong(r, N_("Write a number, in digits."));
	}
	return decimal(r, v, out);
}

static enum err decimal_json(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	double v;

	(void)f;
	if (!json_double(in, &v)) {
		return value_wrong(r, N_("Write a number, in digits."));
	}
	return decimal(r, v, out);
}

static enum err bool_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	static const char *const yes[] = {"1", "true", "yes", "oui", "si", "sim", "vrai", "on", "x", "o", "y", "نعم"};
	static const char *const no[] = {"0", "false", "no", "non", "nao", "faux", "off", "n", "-", "لا"};
	struct str w = words_norm(r->mem, text);

	(void)f;
	for (size_t i = 0; i < COUNT(yes); i++) {
		if (str_eq(w, words_norm(r->mem, str_of(yes[i])))) {
			*out = tree_true();
			return OK;
		}
	}
	for (size_t i = 0; i < COUNT(no); i++) {
		if (str_eq(w, words_norm(r->mem, str_of(no[i])))) {
			return OK;
		}
	}
	return value_wrong(r, N_("Answer yes or no."));
}

static enum err bool_json(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	int64_t v;

	(void)f;
	if (in->kind == JSON_IS_TRUE || (json_i64(in, &v) && v == 1)) {
		*out = tree_true();
		return OK;
	}
	return in->kind == JSON_IS_FALSE || (json_i64(in, &v) && v == 0) ? OK : value_wrong(r, N_("Answer yes or no."));
}

/* Up to three numbers separated by - / . or space; how many there are, 0 if something else stands there. */
static size_t date_parts(struct str s, int64_t v[3], size_t digits[3])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		int64_t x = 0;
		for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && i - from < 5; i++) {
			x = x * 10 + (s.p[i] - '0');
		}
		if (i == from || n == 3) {
			return 0;
		}
		v[n] = x;
		digits[n++] = i - from;
		if (i < s.n && !memchr("-/. ", s.p[i], 4)) {
			return s.p[i] == 'T' && n == 3 ? n : 0; /* an instant: its day */
		}
		i++;
	}
	return n;
}

static enum err date_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	int64_t v[3] = {0};
	size_t d[3] = {0};
	size_t n = date_parts(str_trim(text), v, d);
	const char *remedy = N_("Write a year, a month or a day, like 2019, 2019-03 or 2019-03-02.");

	(void)f;
	if (n > 1 && d[0] != 4 && d[n - 1] == 4) { /* 03/2019, 02/03/2019 */
		int64_t x = v[0];
		v[0] = v[n - 1];
		v[n - 1] = x;
		d[0] = 4;
	}
	bool ok = n > 0 && d[0] == 4 && v[0] > 0 && (n < 2 || (v[1] >= 1 && v[1] <= 12)) &&
		  (n < 3 || date_exists((int)v[0], (int)v[1], (int)v[2]));
	if (!ok) {
		return value_wrong(r, remedy);
	}
	*out = tree_str(n == 1   ? str_fmt(r->mem, "%04d", (int)v[0])
			: n == 2 ? str_fmt(r->mem, "%04d-%02d", (int)v[0], (int)v[1])
				 : str_fmt(r->mem, "%04d-%02d-%02d", (int)v[0], (int)v[1], (int)v[2]));
	return OK;
}

static enum err date_json(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	return date_text(r, f, in->text, out); /* a year as a number */
}

/* ---- ways to reach somebody ------------------------------------------------------------------------------------------ */

static enum err url_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct url u;
	struct str s = str_trim(text);

	if (s.n && str_find(s, S("://")) < 0 && str_chr(s, '.') > 0 && str_chr(s, '@') < 0) {
		s = str_fmt(r->mem, "https://%.*s", STR_ARG(s));
	}
	if (url_parse(r->mem, s, &u) != OK || !(str_starts(u.s, S("https://")) || str_starts(u.s, S("http://")))) {
		return value_wrong(r, N_("This is not a web address: copy it from the browser, it begins with https://"));
	}
	TRY(fits(r, f, u.s));
	*out = tree_str(u.s);
	return OK;
}

static bool mail_char(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c != 127 && !memchr("()<>,;:\\\"[]@", c, 12);
}

static enum err mail_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str s = str_trim(text);

	if (str_starts(s, S("mailto:"))) {
		s = str_sub(s, 7, s.n);
	}
	ptrdiff_t at = str_chr(s, '@');
	struct str domain = at > 0 ? str_sub(s, (size_t)at + 1, s.n) : STR_NONE;
	bool ok = at > 0 && at <= 64 && s.n <= 254 && utf8_ok(s) && str_chr(domain, '.') > 0 && !str_ends(domain, S("."));
	for (size_t i = 0; ok && i < s.n; i++) {
		ok = i == (size_t)at || mail_char(s.p[i]);
	}
	if (!ok) {
		return value_wrong(r, N_("This is not a mail address: it looks like name@example.org"));
	}
	TRY(fits(r, f, s));
	*out = tree_str(str_fmt(r->mem, "%.*s@%.*s", (int)at, s.p, STR_ARG(str_lower(r->mem, domain))));
	return OK;
}

static enum err phone_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	struct str s;
	size_t digits = 0;
	bool ok = utf8_clean_line(r->mem, text, &s) == OK;

	for (size_t i = 0; ok && i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';
		digits += digit;
		ok = digit || memchr("+ ()./-", s.p[i], 7);
	}
	if (!ok || digits < 3 || digits > 20) {
		return value_wrong(r, N_("This is not a telephone number: write digits, with + and the country's code if it is abroad."));
	}
	TRY(fits(r, f, s));
	*out = tree_str(s);
	return OK;
}

bool file_name_ok(struct str s)
{
	if (s.n == 0 || s.n > 200 || s.p[0] == '/' || s.p[0] == '.' || str_find(s, S("..")) >= 0) {
		return false;
	}
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/')) {
			return false;
		}
	}
	return true;
}

static enum err file_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	(void)f;
	if (!file_name_ok(text)) {
		return value_wrong(r, N_("This file is not known here: choose it again."));
	}
	*out = tree_str(text);
	return OK;
}

static enum err group_text(struct reading *r, const struct field *f, struct str text, struct json *out)
{
	(void)f;
	(void)text;
	(void)out;
	return value_wrong(r, N_("Fill in the parts one by one."));
}

const struct value_type value_types[F_TYPES] = {
	[F_LINE] = {"line", 200, line_text, NULL, "line", false},
	[F_TEXT] = {"text", 2000, text_text, NULL, "text", false},
	[F_MARKDOWN] = {"markdown", 20000, text_text, NULL, "text", false},
	[F_CHOICE] = {"choice", 1, choice_text, NULL, "choice", false},
	[F_CHOICES] = {"choices", 40, choice_text, NULL, "choices", true},
	[F_TAGS] = {"tags", 40, tag_text, NULL, "tags", true},
	[F_LANGS] = {"langs", 60, lang_text, NULL, "langs", true},
	[F_THEMES] = {"themes", 20, theme_text, NULL, "themes", true},
	[F_TERRITORY] = {"territory", 200, territory_text, NULL, "territory", false},
	[F_TERRITORIES] = {"territories", 200, territory_text, NULL, "territories", true},
	[F_PARTIAL_DATE] = {"date", 10, date_text, date_json, "date", false},
	[F_INT] = {"int", 13, int_text, int_json, "int", false},
	[F_DECIMAL] = {"decimal", 20, decimal_text, decimal_json, "decimal", false},
	[F_BOOL] = {"bool", 1, bool_text, bool_json, "bool", false},
	[F_URL] = {"url", LIMIT_URL, url_text, NULL, "url", false},
	[F_MAIL] = {"mail", 254, mail_text, NULL, "mail", false},
	[F_PHONE] = {"phone", 40, phone_text, NULL, "phone", false},
	[F_HOURS] = {"hours", 8, hours_text, hours_json, "hours", false},
	[F_OBJECT] = {"object", 200, line_text, NULL, "object", false},
	[F_MOMENT] = {"moment", 16, moment_text, moment_json, "moment", false},
	[F_MOMENTS] = {"moments", 200, moment_text, moment_json, "tags", true},
	[F_ZONE] = {"zone", 60, zone_text, NULL, "zone", false},
	[F_RRULE] = {"rrule", 500, rrule_text, NULL, "line", false},
	[F_FILE] = {"file", 200, file_text, NULL, "file", false},
	[F_GROUP] = {"group", 40, group_text, NULL, "group", true},
};

/* ---- any value ------------------------------------------------------------------------------------------------------- */

static enum err one(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	const struct value_type *t = &value_types[f->type];

	*out = (struct json){.kind = JSON_IS_NONE};
	if (tree_empty(in)) {
		return OK;
	}
	if (in->kind == JSON_IS_STRING) {
		struct str s = str_trim(in->text);
		return s.n ? t->text(r, f, in->text, out) : OK;
	}
	if (t->json) {
		return t->json(r, f, in, out);
	}
	if (in->kind == JSON_IS_NUMBER) { /* files write codes and telephones as numbers */
		return t->text(r, f, in->text, out);
	}
	return value_wrong(r, N_("Text is expected here."));
}

/* Adds a value of a list unless it is there already. */
static enum err add_one(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	struct json v;

	TRY(one(r, f, in, &v));
	if (tree_empty(&v)) {
		return OK;
	}
	for (size_t i = 0; i < out->n; i++) {
		if (str_eq(out->items[i].text, v.text) ||
		    (f->type == F_TAGS && str_eq(fold(r->mem, out->items[i].text), fold(r->mem, v.text)))) {
			return OK;
		}
	}
	if (out->n >= value_max(f)) {
		return value_wrong_with(r, N_("These are too many: at most {n} fit here."), "n", str_fmt(r->mem, "%zu", value_max(f)));
	}
	tree_add(r->mem, out, v);
	return OK;
}

/* Where the next value of a list written in one text ends. Commas part names of territories and languages too. */
static struct str cut_list(struct str *rest, enum field_type type)
{
	size_t i = 0;

	for (; i < rest->n; i++) {
		char c = rest->p[i];
		if (c == ';' || c == '|' || c == '\n' || c == ',' || (c == '/' && type == F_LANGS)) {
			break;
		}
	}
	struct str part = str_sub(*rest, 0, i);
	*rest = i < rest->n ? str_sub(*rest, i + 1, rest->n) : STR_NONE;
	return part;
}

static enum err list_read(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	*out = tree_array();
	if (in->kind == JSON_IS_ARRAY) {
		for (size_t i = 0; i < in->n; i++) {
			if (in->items[i].kind == JSON_IS_ARRAY || in->items[i].kind == JSON_IS_OBJECT) {
				return value_wrong(r, N_("Text is expected here."));
			}
			TRY(add_one(r, f, &in->items[i], out));
		}
		return OK;
	}
	if (in->kind != JSON_IS_STRING) {
		return add_one(r, f, in, out);
	}
	/* A single choice may hold a comma in its label. */
	if (f->type == F_CHOICES && vocabulary_match(f->vocabulary, in->text, r->mem)) {
		return add_one(r, f, in, out);
	}
	for (struct str rest = in->text; rest.p;) {
		struct json part = tree_str(str_trim(cut_list(&rest, f->type)));
		TRY(add_one(r, f, &part, out));
	}
	return OK;
}

enum err value_read(struct reading *r, const struct field *f, const struct json *in, struct json *out)
{
	*out = (struct json){.kind = JSON_IS_NONE};
	if (tree_empty(in)) {
		return OK;
	}
	return value_types[f->type].list ? list_read(r, f, in, out) : one(r, f, in, out);
}

/* ---- as a cell ------------------------------------------------------------------------------------------------------- */

static void print_one(struct buf *b, const struct field *f, const struct json *v, const struct i18n *lang)
{
	const struct choice *c;
	const struct entity_world *w = entity_world();

	if (lang && f->vocabulary && (c = vocabulary_find(f->vocabulary, v->text)) != NULL) {
		buf_put(b, tr(lang, c->label));
	} else if (lang && f->type == F_THEMES && w->theme_name) {
		buf_put(b, w->theme_name(b->mem, v->text, i18n_code(lang)));
	} else if (lang && (f->type == F_TERRITORY || f->type == F_TERRITORIES) && w->territory_name) {
		buf_put(b, w->territory_name(b->mem, v->text, i18n_code(lang)));
	} else if (v->kind == JSON_IS_TRUE) {
		buf_put(b, lang ? tr(lang, N_("yes")) : S("1"));
	} else {
		buf_put(b, v->text);
	}
}

struct str value_print(struct mem *m, const struct field *f, const struct json *v, const struct i18n *lang)
{
	struct buf b = buf_make(m, LIMIT_CSV_FIELD);

	if (tree_empty(v)) {
		return S("");
	}
	if (f->type == F_HOURS) {
		for (size_t i = 0; i < v->n; i++) {
			if (str_eq(v->keys[i], S("note"))) {
				buf_fmt(&b, b.n ? "; \"%.*s\"" : "%.*s", STR_ARG(v->items[i].text));
			} else {
				buf_fmt(&b, "%s%.*s %.*s", b.n ? "; " : "", STR_ARG(v->keys[i]), STR_ARG(v->items[i].text));
			}
		}
		return buf_str(&b);
	}
	if (v->kind == JSON_IS_ARRAY) {
		for (size_t i = 0; i < v->n; i++) {
			buf_put(&b, i ? S(", ") : S(""));
			print_one(&b, f, &v->items[i], lang);
		}
	} else {
		print_one(&b, f, v, lang);
	}
	return buf_str(&b);
}
