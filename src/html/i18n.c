/*
 * A reader of gettext's .mo files in memory, and of their plural formulas. libc's own takes the language from the process
 * or thread locale and needs that locale installed; here a language is a pointer. Every offset is checked once, when the
 * catalogue is opened, and trusted afterwards.
 */
#include "i18n.h"

#include <string.h>

struct i18n {
	const char *code;
	const char *mo; /* NULL for the source language */
	uint32_t count, originals, translations;
	const char *formula;
	uint32_t plurals;
	bool rtl;
	const char *group; /* between groups of three digits */
	int group_from;    /* numbers of fewer digits are not grouped */
};

static uint32_t word_at(const char *mo, size_t at)
{
	uint32_t v;

	memcpy(&v, mo + at, sizeof(v));
	return v;
}

/* ---- Plural formulas: C expressions over n, evaluated from their text -------------------------------------------- */

struct formula {
	const char *p;
	uint64_t n;
	bool bad;
	int depth;
};

static uint64_t ternary(struct formula *f);

static bool take(struct formula *f, const char *op)
{
	size_t n = strlen(op);

	f->p += strspn(f->p, " \t");
	if (strncmp(f->p, op, n) != 0) {
		return false;
	}
	f->p += n;
	return true;
}

static uint64_t primary(struct formula *f)
{
	uint64_t v = 0;

	if (++f->depth > 64) {
		f->bad = true;
	} else if (take(f, "n")) {
		v = f->n;
	} else if (take(f, "(")) {
		v = ternary(f);
		f->bad = f->bad || !take(f, ")");
	} else if (take(f, "!")) {
		v = !primary(f);
	} else if (*f->p >= '0' && *f->p <= '9') {
		for (; *f->p >= '0' && *f->p <= '9' && v < 1000000; f->p++) {
			v = v * 10 + (uint64_t)(*f->p - '0');
		}
	} else {
		f->bad = true;
	}
	f->depth--;
	return v;
}

static uint64_t product(struct formula *f)
{
	uint64_t v = primary(f);

	while (!f->bad && take(f, "%")) {
		uint64_t by = primary(f);
		f->bad = f->bad || by == 0;
		v = by == 0 ? 0 : v % by;
	}
	return v;
}

static uint64_t compared(struct formula *f)
{
	uint64_t v = product(f);

	for (;;) {
		if (take(f, "==")) {
			v = v == product(f);
		} else if (take(f, "!=")) {
			v = v != product(f);
		} else if (take(f, "<=")) {
			v = v <= product(f);
		} else if (take(f, ">=")) {
			v = v >= product(f);
		} else if (take(f, "<")) {
			v = v < product(f);
		} else if (take(f, ">")) {
			v = v > product(f);
		} else {
			return v;
		}
	}
}

static uint64_t both(struct formula *f)
{
	uint64_t v = compared(f);

	while (!f->bad && take(f, "&&")) {
		uint64_t w = compared(f);
		v = v && w;
	}
	return v;
}

static uint64_t either(struct formula *f)
{
	uint64_t v = both(f);

	while (!f->bad && take(f, "||")) {
		uint64_t w = both(f);
		v = v || w;
	}
	return v;
}

static uint64_t ternary(struct formula *f)
{
	uint64_t v = either(f);

	if (f->bad || !take(f, "?")) {
		return v;
	}
	if (++f->depth > 64) {
		f->bad = true;
		return 0;
	}
	uint64_t yes = ternary(f);
	f->bad = f->bad || !take(f, ":");
	uint64_t no = f->bad ? 0 : ternary(f);
	f->depth--;
	return v ? yes : no;
}

/* The index of the form for `n`; UINT64_MAX for a formula that is none. */
static uint64_t plural_index(const char *formula, uint64_t n)
{
	struct formula f = {.p = formula, .n = n};
	uint64_t v = ternary(&f);

	(void)take(&f, "");
	return f.bad || (*f.p != ';' && *f.p != '\n' && *f.p != '\0') ? UINT64_MAX : v;
}

/* ---- Opening ------------------------------------------------------------------------------------------------------ */

/* All strings of one of the two tables lie inside the file and end in a NUL. */
static bool table_ok(struct str mo, uint32_t count, uint32_t table)
{
	if (table % 4 != 0 || table > mo.n || (mo.n - table) / 8 < count) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		size_t len = word_at(mo.p, table + 8 * (size_t)i), at = word_at(mo.p, table + 8 * (size_t)i + 4);
		if (at >= mo.n || len >= mo.n - at || mo.p[at + len] != '\0') {
			return false;
		}
	}
	return true;
}

/* Reads "Plural-Forms: nplurals=2; plural=(n != 1);" of the header entry. */
static bool read_plural(struct i18n *l)
{
	const char *head = i18n_get(l, NULL, "");
	const char *forms = strstr(head, "nplurals="), *formula = forms ? strstr(forms + 9, "plural=") : NULL;

	if (!formula || forms[9] < '1' || forms[9] > '9') {
		return false;
	}
	l->plurals = (uint32_t)(forms[9] - '0');
	l->formula = formula + 7;
	for (uint64_t n = 0; n < 1000; n++) {
		if (plural_index(l->formula, n) >= l->plurals) {
			return false;
		}
	}
	return true;
}

static void set_habits(struct i18n *l, const char *code)
{
	static const struct {
		const char *code, *group;
		int from;
		bool rtl;
	} habits[] = {
	        {"fr", "\xE2\x80\xAF", 4, false},
	        {"en", ",",            4, false},
	        {"es", "\xE2\x80\xAF", 5, false},
	        {"pt", ".",            5, false},
	        {"ar", ",",            4, true },
	};

	l->group = ",";
	l->group_from = 4;
	for (size_t i = 0; i < COUNT(habits); i++) {
		if (strcmp(code, habits[i].code) == 0) {
			l->group = habits[i].group;
			l->group_from = habits[i].from;
			l->rtl = habits[i].rtl;
		}
	}
}

enum err i18n_open(struct mem *m, const char *code, struct str mo, const struct i18n **out)
{
	struct i18n *l = mem_new(m, struct i18n);

	l->code = str_c(m, str_of(code));
	set_habits(l, code);
	*out = l;
	if (mo.n == 0) {
		return OK;
	}
	if (mo.n < 28 || word_at(mo.p, 0) != 0x950412de) {
		return fail(E_INVALID, "catalogue %s: not a .mo file of this byte order", code);
	}
	l->count = word_at(mo.p, 8);
	l->originals = word_at(mo.p, 12);
	l->translations = word_at(mo.p, 16);
	if (!table_ok(mo, l->count, l->originals) || !table_ok(mo, l->count, l->translations)) {
		return fail(E_INVALID, "catalogue %s: damaged", code);
	}
	l->mo = mo.p;
	if (!read_plural(l)) {
		return fail(E_INVALID, "catalogue %s: plural formula not understood", code);
	}
	return OK;
}

/* ---- Looking up --------------------------------------------------------------------------------------------------- */

/* Compares a key of the catalogue with "ctx EOT msgid", or with "msgid" alone. */
static int compare_key(const char *key, const char *ctx, const char *msgid)
{
	if (ctx) {
		size_t n = strlen(ctx);
		int c = strncmp(key, ctx, n);
		if (c != 0) {
			return c;
		}
		if (key[n] != '\4') {
			return (unsigned char)key[n] < 4 ? -1 : 1;
		}
		key += n + 1;
	}
	return strcmp(key, msgid);
}

/* The translation and its length, forms of a plural one after the other; NULL where there is none. */
static const char *look_up(const struct i18n *l, const char *ctx, const char *msgid, size_t *len)
{
	uint32_t from = 0, to = l && l->mo ? l->count : 0;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		int c = compare_key(l->mo + word_at(l->mo, l->originals + 8 * (size_t)mid + 4), ctx, msgid);
		if (c == 0) {
			*len = word_at(l->mo, l->translations + 8 * (size_t)mid);
			return l->mo + word_at(l->mo, l->translations + 8 * (size_t)mid + 4);
		}
		if (c < 0) {
			from = mid + 1;
		} else {
			to = mid;
		}
	}
	return NULL;
}

const char *i18n_get(const struct i18n *lang, const char *ctx, const char *msgid)
{
	size_t n = 0;
	const char *t = look_up(lang, ctx, msgid, &n);

	return t && n > 0 ? t : msgid;
}

const char *i18n_plural(const struct i18n *lang, const char *ctx, const char *one, const char *many, int64_t n)
{
	size_t len = 0;
	const char *t = look_up(lang, ctx, one, &len);

	if (!t || len == 0) {
		return n == 1 || n == -1 ? one : many;
	}
	uint64_t form = plural_index(lang->formula, n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n);
	const char *end = t + len;
	for (; form > 0 && t + strlen(t) < end; form--) {
		t += strlen(t) + 1;
	}
	return t;
}

const char *i18n_code(const struct i18n *lang)
{
	return lang ? lang->code : "en";
}

bool i18n_rtl(const struct i18n *lang)
{
	return lang && lang->rtl;
}

struct str tr(const struct i18n *lang, const char *msgid)
{
	return str_of(i18n_get(lang, NULL, msgid));
}

struct str tr_n(const struct i18n *lang, const char *one, const char *many, int64_t n)
{
	return str_of(i18n_plural(lang, NULL, one, many, n));
}

struct str tr_c(const struct i18n *lang, const char *ctx, const char *msgid)
{
	return str_of(i18n_get(lang, ctx, msgid));
}

size_t i18n_int(const struct i18n *lang, int64_t v, char to[48])
{
	char digits[20];
	int count = 0;
	size_t n = 0;
	uint64_t u = v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;
	const char *group = lang ? lang->group : ",";

	do {
		digits[count++] = (char)('0' + (char)(u % 10));
		u /= 10;
	} while (u > 0);
	bool grouped = count >= (lang ? lang->group_from : 4);
	if (v < 0) {
		to[n++] = '-';
	}
	for (int i = count - 1; i >= 0; i--) {
		to[n++] = digits[i];
		if (grouped && i > 0 && i % 3 == 0) {
			size_t len = strlen(group);
			memcpy(to + n, group, len);
			n += len;
		}
	}
	return n;
}
