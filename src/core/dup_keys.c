/*
 * The traits of an object that the duplicate watch goes by, and the keys that they leave.
 */
#include "dup_priv.h"

#include <stdlib.h>

#include "../base/fold.h"
#include "../base/limits.h"
#include "../base/url.h"
#include "../base/utf8.h"
#include "../entity/tree.h"

/* ---- words ----------------------------------------------------------------------------------------------------------- */

/* Words that say nothing of which one it is. */
static bool is_stop(struct str w)
{
	static const struct str stop[] = {
		S_INIT("a"), S_INIT("al"), S_INIT("and"), S_INIT("asociacion"), S_INIT("associacao"),
		S_INIT("association"), S_INIT("asso"), S_INIT("au"), S_INIT("aux"), S_INIT("collectif"),
		S_INIT("con"), S_INIT("d"), S_INIT("da"), S_INIT("das"), S_INIT("de"), S_INIT("del"),
		S_INIT("des"), S_INIT("do"), S_INIT("dos"), S_INIT("du"), S_INIT("e"), S_INIT("el"),
		S_INIT("en"), S_INIT("et"), S_INIT("for"), S_INIT("l"), S_INIT("la"), S_INIT("las"),
		S_INIT("le"), S_INIT("les"), S_INIT("loi"), S_INIT("los"), S_INIT("o"), S_INIT("of"),
		S_INIT("os"), S_INIT("para"), S_INIT("pour"), S_INIT("the"), S_INIT("y"), S_INIT("1901")
	};

	for (size_t i = 0; i < COUNT(stop); i++) {
		if (str_eq(w, stop[i])) {
			return true;
		}
	}
	return false;
}

static int by_str(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return str_cmp(*x, *y);
}

static struct str join(struct mem *m, struct str *w, size_t n)
{
	struct buf b = buf_make(m, KIB(4));

	for (size_t i = 0; i < n; i++) {
		buf_put(&b, i ? S(" ") : S(""));
		buf_put(&b, w[i]);
	}
	return buf_str(&b);
}

/* Sorted words that tell; all of them when none does ("L'Association"). */
struct str dup_telling_words(struct mem *m, struct str plain)
{
	struct str w[32], all[32];
	size_t n = 0, n_all = 0;

	for (struct str rest = plain; rest.p && n_all < COUNT(all);) {
		struct str one = str_cut(&rest, ' ');
		all[n_all++] = one;
		if (!is_stop(one)) {
			w[n++] = one;
		}
	}
	if (n == 0) {
		memcpy(w, all, sizeof(w));
		n = n_all;
	}
	qsort(w, n, sizeof(*w), by_str);
	return join(m, w, n);
}

/* ---- traits ---------------------------------------------------------------------------------------------------------- */

/* The digits of a telephone number, without country code or leading zero: the last nine. */
static struct str phone_digits(struct mem *m, struct str s)
{
	char *p = mem_get(m, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9') {
			p[n++] = s.p[i];
		}
	}
	return n < 8 ? STR_NONE : n > 9 ? (struct str){p + n - 9, 9} : (struct str){p, n};
}

/* Large sites where everybody has a page say nothing by their host alone. */
static bool is_shared_site(struct str host)
{
	static const char *const shared[] = {"facebook.com", "instagram.com", "twitter.com", "x.com", "youtube.com", "helloasso.com",
					     "linktr.ee", "framaforms.org", "google.com", "docs.google.com", "linkedin.com", "t.me",
					     "wordpress.com", "mastodon.social", "framasite.org", "cargo.site", "wixsite.com"};

	for (size_t i = 0; i < COUNT(shared); i++) {
		if (str_eq(host, str_of(shared[i])) || str_ends(host, str_of(shared[i]))) {
			return true;
		}
	}
	return false;
}

static struct str site_of(struct mem *m, struct str text)
{
	struct url u;
	struct url_parts parts;

	if (url_parse(m, text, &u) != OK || !url_split(u.s, &parts)) {
		return STR_NONE;
	}
	struct str host = url_site(m, u), path = parts.path;
	while (str_ends(path, S("/"))) {
		path.n--;
	}
	return is_shared_site(host) && path.n == 0 ? STR_NONE : str_fmt(m, "%.*s%.*s", STR_ARG(host), STR_ARG(path));
}

static void add_contact(struct mem *m, struct dup_traits *t, struct str s)
{
	struct str v;

	if (str_chr(s, '@') > 0 && str_chr(s, ' ') < 0 && str_find(s, S("://")) < 0) {
		*vec_add(m, &t->mails) = fold(m, s);
	} else if (str_find(s, S("://")) > 0) {
		v = site_of(m, s);
		if (v.p) {
			*vec_add(m, &t->sites) = v;
		}
	} else {
		v = phone_digits(m, s);
		if (v.p) {
			*vec_add(m, &t->phones) = v;
		}
	}
}

static void add_field(struct mem *m, const struct entity *e, struct dup_traits *t, const struct field *f, const struct json *v)
{
	if (f->type == F_GROUP) {
		for (size_t i = 0; i < v->n; i++) {
			for (size_t k = 0; k < v->items[i].n; k++) {
				const struct field *s = field_in(f->fields, f->n_fields, v->items[i].keys[k]);
				bool reach = s && (s->type == F_LINE || s->type == F_MAIL || s->type == F_PHONE || s->type == F_URL);
				if (reach && !str_eq(str_of(s->name), S("label"))) {
					add_contact(m, t, v->items[i].items[k].text);
				}
			}
		}
	} else if (f->type == F_URL || f->type == F_MAIL || f->type == F_PHONE) {
		add_contact(m, t, v->text);
	} else if (!str_eq(str_of(f->name), str_of(e->title))) {
		struct str w = words_norm(m, v->text);
		if (str_eq(str_of(f->name), S("acronym"))) {
			t->acronym = w;
		} else if (w.n >= 6) {
			*vec_add(m, &t->numbers) = w;
		}
	}
}

void dup_traits_of(struct mem *m, const struct entity *e, struct doc doc, struct dup_traits *t)
{
	*t = (struct dup_traits){.plain = words_norm(m, json_str(json_get(doc.j, e->title)))};
	t->name = dup_telling_words(m, t->plain);
	t->territory = json_str(json_get(doc.j, "territory"));
	const struct json *p = json_at(json_get(doc.j, "places"), 0);
	t->has_point = json_double(json_get(p, "lat"), &t->lat) && json_double(json_get(p, "lon"), &t->lon);
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct json *v = tree_get(doc.j, str_of(e->fields[i].name));
		if ((e->fields[i].flags & DUP_KEY) && !tree_empty(v)) {
			add_field(m, e, t, &e->fields[i], v);
		}
	}
}

/* ---- keys ------------------------------------------------------------------------------------------------------------ */

static void add_key(struct dup_keys *k, const struct entity *e, enum shared shared, char what, struct str a, struct str b)
{
	uint64_t h = str_hash(a) * UINT64_C(1099511628211) ^ str_hash(b);

	if (a.n == 0 || k->n == DUP_KEYS_MAX) {
		return;
	}
	h = (h ^ str_hash(str_of(e->kind)) * 31 ^ (uint64_t)what * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(1099511628211);
	int64_t key = (int64_t)((h ^ h >> 29) >> 1);
	for (size_t i = 0; i < k->n; i++) {
		if (k->key[i] == key) {
			return;
		}
	}
	k->shared[k->n] = (uint8_t)shared;
	k->key[k->n++] = key;
}

static struct str longest_word(struct str words)
{
	struct str best = STR_NONE;

	while (words.p) {
		struct str w = str_cut(&words, ' ');
		best = w.n > best.n ? w : best;
	}
	return best;
}

static struct str second_word(struct str words, struct str best)
{
	struct str second = STR_NONE;

	while (words.p) {
		struct str w = str_cut(&words, ' ');
		second = w.n > second.n && !str_eq(w, best) ? w : second;
	}
	return second;
}

/* The first three letters, of any alphabet. */
static struct str beginning(struct str word)
{
	size_t at = 0, n = 1;
	uint32_t cp;

	for (int i = 0; i < 3 && n; i++) {
		n = utf8_next(word, at, &cp);
		at += n;
	}
	return str_sub(word, 0, at);
}

/* Exact traits, and some that forgive typing errors: how the two longest words begin, and each of them in its town. */
void dup_keys_of(const struct entity *e, const struct dup_traits *t, struct dup_keys *k)
{
	struct str longest = longest_word(t->name), best = beginning(longest), second = beginning(second_word(t->name, longest));

	k->n = 0;
	if (t->territory.n) {
		add_key(k, e, SAME_HERE, 'h', t->name, t->territory);
	}
	add_key(k, e, SAME_NAME, 'n', t->name, S(""));
	add_key(k, e, SAME_ACRONYM, 'a', t->acronym, S(""));
	add_key(k, e, SAME_ACRONYM, 'a', t->plain.n <= 12 && str_chr(t->plain, ' ') < 0 ? t->plain : STR_NONE, S(""));
	for (size_t i = 0; i < t->mails.n; i++) {
		add_key(k, e, SAME_MAIL, 'm', t->mails.p[i], S(""));
	}
	for (size_t i = 0; i < t->sites.n; i++) {
		add_key(k, e, SAME_SITE, 's', t->sites.p[i], S(""));
	}
	for (size_t i = 0; i < t->phones.n; i++) {
		add_key(k, e, SAME_PHONE, 'p', t->phones.p[i], S(""));
	}
	for (size_t i = 0; i < t->numbers.n; i++) {
		add_key(k, e, SAME_NUMBER, 'l', t->numbers.p[i], S(""));
	}
	if (t->territory.n) {
		add_key(k, e, ALIKE, 't', best, t->territory);
		add_key(k, e, ALIKE, 't', second, t->territory);
	}
	if (second.n) {
		bool order = str_cmp(best, second) < 0;
		add_key(k, e, ALIKE, 'w', order ? best : second, order ? second : best);
	}
}

void dup_keys_of_doc(struct mem *m, const struct entity *e, struct doc doc, struct dup_keys *k)
{
	struct dup_traits t;

	dup_traits_of(m, e, doc, &t);
	dup_keys_of(e, &t, k);
}

size_t dup_keys(struct mem *m, const struct entity *e, struct doc doc, int64_t out[DUP_KEYS_MAX])
{
	struct dup_keys k;

	dup_keys_of_doc(m, e, doc, &k);
	memcpy(out, k.key, k.n * sizeof(*out));
	return k.n;
}
