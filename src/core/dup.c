/*
 * Finding doubles. Keys are hashes kept in one narrow table; comparing is in C, over the few who share a key.
 */
#include "dup.h"

#include <stdlib.h>

#include "../base/fold.h"
#include "../base/limits.h"
#include "../base/url.h"
#include "../base/vec.h"
#include "../entity/tree.h"
#include "batch.h"
#include "derive.h"
#include "object.sql.h"

#define DUP_KEYS 40
#define DUP_CANDIDATES 30 /* looked at for one key: a key that more share says little */
#define DUP_VAGUE 8

/* What is compared, made from a document. */
struct traits {
	struct str name;       /* folded words, stop words left out, sorted */
	struct str plain;      /* folded words in their order */
	struct str acronym;
	struct str territory;
	VEC(struct str) mails, sites, phones, numbers;
	bool has_point;
	double lat, lon;
};

struct keys {
	int64_t key[DUP_KEYS];
	bool vague[DUP_KEYS]; /* forgives typing errors: alone it says little */
	size_t n;
};

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
static struct str telling_words(struct mem *m, struct str plain)
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

static void add_contact(struct mem *m, struct traits *t, struct str s)
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

static void add_field(struct mem *m, const struct entity *e, struct traits *t, const struct field *f, const struct json *v)
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

static void traits_of(struct mem *m, const struct entity *e, struct doc doc, struct traits *t)
{
	*t = (struct traits){.plain = words_norm(m, json_str(json_get(doc.j, e->title)))};
	t->name = telling_words(m, t->plain);
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

static void add_key(struct keys *k, const struct entity *e, char what, struct str a, struct str b)
{
	uint64_t h = str_hash(a) * UINT64_C(1099511628211) ^ str_hash(b);

	if (a.n == 0 || k->n == DUP_KEYS) {
		return;
	}
	h = (h ^ str_hash(str_of(e->kind)) * 31 ^ (uint64_t)what * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(1099511628211);
	int64_t key = (int64_t)((h ^ h >> 29) >> 1);
	for (size_t i = 0; i < k->n; i++) {
		if (k->key[i] == key) {
			return;
		}
	}
	k->vague[k->n] = what == 't' || what == 'w';
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

/* Exact traits, and some that forgive typing errors: how the two longest words begin, and each of them in its town. */
static void keys_of(const struct entity *e, const struct traits *t, struct keys *k)
{
	struct str best = str_sub(longest_word(t->name), 0, 3), second = str_sub(second_word(t->name, longest_word(t->name)), 0, 3);

	*k = (struct keys){0};
	add_key(k, e, 'n', t->name, S(""));
	add_key(k, e, 'a', t->acronym, S(""));
	add_key(k, e, 'a', t->plain.n <= 12 && str_chr(t->plain, ' ') < 0 ? t->plain : STR_NONE, S(""));
	for (size_t i = 0; i < t->mails.n; i++) {
		add_key(k, e, 'm', t->mails.p[i], S(""));
	}
	for (size_t i = 0; i < t->sites.n; i++) {
		add_key(k, e, 's', t->sites.p[i], S(""));
	}
	for (size_t i = 0; i < t->phones.n; i++) {
		add_key(k, e, 'p', t->phones.p[i], S(""));
	}
	for (size_t i = 0; i < t->numbers.n; i++) {
		add_key(k, e, 'l', t->numbers.p[i], S(""));
	}
	if (t->territory.n) {
		add_key(k, e, 't', best, t->territory);
		add_key(k, e, 't', second, t->territory);
	}
	if (second.n) {
		bool order = str_cmp(best, second) < 0;
		add_key(k, e, 'w', order ? best : second, order ? second : best);
	}
}

enum err dup_put(struct db *db, struct mem *m, struct batch *b, const struct object *ob, bool watched, bool fresh)
{
	struct dup_keys_of_row *old = NULL;
	struct traits t;
	struct keys k = {0};
	size_t n_old = 0;

	if (watched) {
		traits_of(m, ob->entity, ob->doc, &t);
		keys_of(ob->entity, &t, &k);
	}
	if (!fresh) {
		TRY(dup_keys_of(db, ob->id, m, &old, &n_old));
	}
	for (size_t i = 0; i < n_old; i++) {
		bool still = false;
		for (size_t j = 0; j < k.n; j++) {
			still = still || k.key[j] == old[i].key;
		}
		if (!still) {
			TRY(batch_dup(db, b, old[i].key, ob->id, false));
		}
	}
	for (size_t j = 0; j < k.n; j++) {
		TRY(batch_dup(db, b, k.key[j], ob->id, true));
	}
	return OK;
}

/* ---- comparing ------------------------------------------------------------------------------------------------------- */

/* Jaro-Winkler similarity of two folded texts, in thousandths; bytes stand for characters, which folding makes nearly true. */
static int similarity(struct str a, struct str b)
{
	enum { MAX = 120 };
	bool hit_a[MAX] = {false}, hit_b[MAX] = {false};
	size_t n = a.n < MAX ? a.n : MAX, k = b.n < MAX ? b.n : MAX, match = 0, moved = 0, prefix = 0;
	size_t reach = (n > k ? n : k) / 2;

	if (n == 0 || k == 0) {
		return 0;
	}
	reach = reach > 0 ? reach - 1 : 0;
	for (size_t i = 0; i < n; i++) {
		size_t from = i > reach ? i - reach : 0, to = i + reach + 1 < k ? i + reach + 1 : k;
		for (size_t j = from; j < to; j++) {
			if (!hit_b[j] && a.p[i] == b.p[j]) {
				hit_a[i] = hit_b[j] = true;
				match++;
				break;
			}
		}
	}
	if (match == 0) {
		return 0;
	}
	for (size_t i = 0, j = 0; i < n; i++) {
		if (hit_a[i]) {
			while (!hit_b[j]) {
				j++;
			}
			moved += a.p[i] != b.p[j++];
		}
	}
	double x = (double)match;
	double jaro = (x / (double)n + x / (double)k + (x - (double)moved / 2) / x) / 3;
	while (prefix < 4 && prefix < n && prefix < k && a.p[prefix] == b.p[prefix]) {
		prefix++;
	}
	return (int)((jaro + (double)prefix * 0.1 * (1 - jaro)) * 1000);
}

static bool share(const struct str *a, size_t n, const struct str *b, size_t k)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < k; j++) {
			if (str_eq(a[i], b[j])) {
				return true;
			}
		}
	}
	return false;
}

/* True when the same letters begin the words of a name in order: "EGM" and "Etats generaux des migrations". */
static bool is_acronym_of(struct str acronym, struct str plain)
{
	size_t at = 0;

	for (struct str rest = plain; rest.p && at < acronym.n;) {
		struct str w = str_cut(&rest, ' ');
		at += w.n && w.p[0] == acronym.p[at];
	}
	return acronym.n >= 3 && at == acronym.n;
}

static bool near(const struct traits *a, const struct traits *b)
{
	double dlat = a->lat - b->lat, dlon = a->lon - b->lon;

	return a->has_point && b->has_point && dlat * dlat + dlon * dlon < 0.003 * 0.003;
}

static int compare(const struct traits *a, const struct traits *b, const char **reason)
{
	int name = similarity(a->name, b->name), whole = similarity(a->plain, b->plain), score;
	bool same_town = a->territory.n && str_eq(a->territory, b->territory);
	bool other_town = a->territory.n && b->territory.n && !same_town;
	bool acronym = (a->acronym.n && (str_eq(a->acronym, b->acronym) || str_eq(a->acronym, b->plain))) ||
		       (b->acronym.n && str_eq(b->acronym, a->plain)) || is_acronym_of(a->plain, b->plain) ||
		       is_acronym_of(b->plain, a->plain);

	name = name > whole ? name : whole;
	score = name < 850 ? 0 : 40 + (name - 850) * 30 / 150; /* 40 to 70 by name alone */
	*reason = N_("a name much alike");
	if (str_eq(a->name, b->name)) {
		score = 75;
		*reason = N_("the same name");
	}
	if (acronym && score < 65) {
		score = 65;
		*reason = N_("the same acronym");
	}
	score += score == 0 ? 0 : same_town || near(a, b) ? 20 : other_town ? -30 : 0;
	if (share(a->phones.p, a->phones.n, b->phones.p, b->phones.n)) {
		score = score / 2 + 50;
		*reason = N_("the same telephone number");
	}
	if (share(a->sites.p, a->sites.n, b->sites.p, b->sites.n)) {
		score = score / 2 + 55;
		*reason = N_("the same website");
	}
	if (share(a->mails.p, a->mails.n, b->mails.p, b->mails.n)) {
		score = score / 2 + 60;
		*reason = N_("the same mail address");
	}
	if (share(a->numbers.p, a->numbers.n, b->numbers.p, b->numbers.n)) {
		score = 97;
		*reason = N_("the same legal number");
	}
	return score > 100 ? 100 : score;
}

/* ---- finding --------------------------------------------------------------------------------------------------------- */

struct found {
	int64_t id;
	size_t shared;
	bool sure; /* a key that is not vague */
};

static enum err candidates(struct db *db, struct mem *m, const struct batch *b, const struct keys *k, int64_t self,
			   struct found *out, size_t max, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < k->n; i++) {
		struct dup_candidates_row *rows;
		size_t n_rows, n_batch;
		int64_t in_batch[DUP_CANDIDATES];
		TRY(dup_candidates(db, k->key[i], k->vague[i] ? DUP_VAGUE : DUP_CANDIDATES, m, &rows, &n_rows));
		n_batch = batch_dups(b, k->key[i], in_batch, COUNT(in_batch));
		for (size_t r = 0; r < n_rows + n_batch; r++) {
			int64_t id = r < n_rows ? rows[r].object : in_batch[r - n_rows];
			size_t at = 0;
			while (at < *n && out[at].id != id) {
				at++;
			}
			if (id == self || (at == *n && *n == max)) {
				continue;
			}
			if (at == *n) {
				out[(*n)++] = (struct found){id, 0, false};
			}
			out[at].shared += k->vague[i] ? 1 : 4;
			out[at].sure = out[at].sure || !k->vague[i];
		}
	}
	return OK;
}

static int by_shared(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->shared != y->shared ? (x->shared > y->shared ? -1 : 1) : (x->id < y->id ? -1 : x->id > y->id);
}

static int by_score(const void *a, const void *b)
{
	const struct dup *x = a, *y = b;

	return x->score != y->score ? y->score - x->score : (x->id < y->id ? -1 : x->id > y->id);
}

/* Whether a candidate that only vague keys brought is worth reading: by its title and territory alone. */
static enum err worth_reading(struct db *db, struct mem *m, const struct traits *mine, int64_t id, bool *yes)
{
	struct dup_light_row r;
	struct traits t = {.name = STR_NONE};
	const char *why;

	TRY(dup_light(db, id, m, &r));
	t.plain = words_norm(m, r.title);
	t.name = telling_words(m, t.plain);
	t.territory = r.territory;
	*yes = compare(mine, &t, &why) > 0;
	return OK;
}

static bool may_tell(enum status st, bool all)
{
	return st == ST_PUBLISHED || st == ST_ARCHIVED || (all && (st == ST_PROPOSED || st == ST_DRAFT));
}

enum err dup_find(struct db *db, struct mem *m, const struct batch *b, const struct entity *e, struct doc doc, int64_t self,
		  bool all, size_t max, struct dup **out, size_t *n)
{
	struct traits mine, other;
	struct found found[200];
	struct keys k;
	size_t n_found, looked = 0;

	*n = 0;
	*out = mem_array(m, struct dup, DUP_CANDIDATES);
	traits_of(m, e, doc, &mine);
	keys_of(e, &mine, &k);
	TRY(candidates(db, m, b, &k, self, found, COUNT(found), &n_found));
	qsort(found, n_found, sizeof(*found), by_shared);
	for (size_t i = 0; i < n_found && looked < DUP_CANDIDATES; i++, looked++) {
		struct object ob;
		struct dup_distinct_known_row known;
		struct dup d = {.id = found[i].id};
		bool read = found[i].sure;
		if (!read) {
			TRY(worth_reading(db, m, &mine, d.id, &read));
		}
		if (!read) {
			continue;
		}
		TRY(object_by_id(db, m, d.id, &ob));
		if (!may_tell(ob.status, all) || ob.entity != e) {
			continue;
		}
		traits_of(m, e, ob.doc, &other);
		d.score = compare(&mine, &other, &d.reason);
		if (d.score < DUP_LIKELY) {
			continue;
		}
		if (self) {
			enum err err = dup_distinct_known(db, self < d.id ? self : d.id, self < d.id ? d.id : self, m, &known);
			if (err == OK) {
				continue;
			}
			if (err != E_NOTFOUND) {
				return err;
			}
		}
		d.slug = ob.slug;
		d.title = ob.title;
		d.territory = ob.territory;
		d.status = ob.status;
		(*out)[(*n)++] = d;
	}
	qsort(*out, *n, sizeof(**out), by_score);
	*n = *n < max ? *n : max;
	return OK;
}

enum err dup_distinct(struct db *db, int64_t a, int64_t b, int64_t now)
{
	return dup_distinct_add(db, a < b ? a : b, a < b ? b : a, now);
}
