/*
 * Finding doubles. Keys are hashes kept in one narrow table; comparing is in C, over the few who share a key.
 */
#include "dup.h"

#include <stdlib.h>

#include "../base/fold.h"
#include "../base/limits.h"
#include "../base/url.h"
#include "../base/utf8.h"
#include "../base/vec.h"
#include "../entity/tree.h"
#include "batch.h"
#include "derive.h"
#include "object.sql.h"

#define DUP_KEYS DUP_KEYS_MAX
#define DUP_CANDIDATES 30 /* looked at for one key: a key that more share says little */
#define DUP_VAGUE 8
#define DUP_NAMESAKES 4 /* for those who want to be sure: more with one name, in other towns, are branches of a network */

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

/* What two that share a key have in common. */
enum shared {
	SAME_HERE = 1,     /* name and town */
	SAME_NAME = 2,
	SAME_ACRONYM = 4,
	SAME_MAIL = 8,
	SAME_SITE = 16,
	SAME_PHONE = 32,
	SAME_NUMBER = 64,
	ALIKE = 128        /* beginnings of words, which forgive typing errors: alone it says little */
};

struct keys {
	int64_t key[DUP_KEYS];
	uint8_t shared[DUP_KEYS]; /* enum shared */
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

static void add_key(struct keys *k, const struct entity *e, enum shared shared, char what, struct str a, struct str b)
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
static void keys_of(const struct entity *e, const struct traits *t, struct keys *k)
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

static void keys_of_doc(struct mem *m, const struct entity *e, struct doc doc, struct keys *k)
{
	struct traits t;

	traits_of(m, e, doc, &t);
	keys_of(e, &t, k);
}

static bool has_key(const struct keys *k, int64_t key)
{
	for (size_t i = 0; i < k->n; i++) {
		if (k->key[i] == key) {
			return true;
		}
	}
	return false;
}

enum err dup_put(struct db *db, struct mem *m, struct batch *b, const struct object *ob, bool watched, const struct doc *before)
{
	struct keys k = {.n = 0}, old = {.n = 0};

	if (watched) {
		keys_of_doc(m, ob->entity, ob->doc, &k);
	}
	if (before) {
		keys_of_doc(m, ob->entity, *before, &old);
	}
	for (size_t i = 0; i < old.n; i++) {
		if (!has_key(&k, old.key[i])) {
			TRY(batch_dup(db, b, old.key[i], ob->id, false));
		}
	}
	for (size_t i = 0; i < k.n; i++) {
		TRY(batch_dup(db, b, k.key[i], ob->id, true));
	}
	return OK;
}

size_t dup_keys(struct mem *m, const struct entity *e, struct doc doc, int64_t out[DUP_KEYS_MAX])
{
	struct keys k;

	keys_of_doc(m, e, doc, &k);
	memcpy(out, k.key, k.n * sizeof(*out));
	return k.n;
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

/* `b` is known by its name and place alone; `shared` says the rest. */
static int compare(const struct traits *a, const struct traits *b, unsigned shared, const char **reason)
{
	int name = similarity(a->name, b->name), whole = similarity(a->plain, b->plain), score;
	bool same_town = a->territory.n && str_eq(a->territory, b->territory);
	bool other_town = a->territory.n && b->territory.n && !same_town;
	bool acronym = (shared & SAME_ACRONYM) || is_acronym_of(a->plain, b->plain) || is_acronym_of(b->plain, a->plain);

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
	if (shared & SAME_PHONE) {
		score = score / 2 + 50;
		*reason = N_("the same telephone number");
	}
	if (shared & SAME_SITE) {
		score = score / 2 + 55;
		*reason = N_("the same website");
	}
	if (shared & SAME_MAIL) {
		score = score / 2 + 60;
		*reason = N_("the same mail address");
	}
	if (shared & SAME_NUMBER) {
		score = 97;
		*reason = N_("the same legal number");
	}
	return score > 100 ? 100 : score;
}

/* ---- finding --------------------------------------------------------------------------------------------------------- */

struct found {
	int64_t id;
	size_t weight;
	unsigned shared;
};

struct finding {
	struct db *db;
	struct mem *mem;
	const struct dup_ask *ask;
	struct traits mine;
	struct found found[200];
	size_t n;
};

/* What only forgives typing errors, or a name that many have, never makes sure. */
static size_t looked_for(const struct finding *f, unsigned shared)
{
	bool sure = f->ask->least >= DUP_SURE;

	if (shared == SAME_NAME) {
		return sure ? DUP_NAMESAKES : DUP_CANDIDATES;
	}
	if (shared == ALIKE) {
		return sure ? 0 : DUP_VAGUE;
	}
	return sure && shared == SAME_ACRONYM ? 0 : DUP_CANDIDATES;
}

static void add_found(struct finding *f, int64_t id, unsigned shared)
{
	size_t at = 0;

	while (at < f->n && f->found[at].id != id) {
		at++;
	}
	if (id == f->ask->self || (at == f->n && f->n == COUNT(f->found))) {
		return;
	}
	if (at == f->n) {
		f->found[f->n++] = (struct found){.id = id};
	}
	f->found[at].weight += shared == ALIKE ? 1 : 4;
	f->found[at].shared |= shared;
}

static enum err candidates(struct finding *f, const struct keys *k)
{
	for (size_t i = 0; i < k->n; i++) {
		size_t max = looked_for(f, k->shared[i]), n_rows, n_batch;
		struct dup_candidates_row *rows;
		int64_t in_batch[DUP_CANDIDATES + 1];

		if (!max) {
			continue;
		}
		TRY(dup_candidates(f->db, k->key[i], (int64_t)max + 1, f->mem, &rows, &n_rows));
		n_batch = batch_dups(f->ask->batch, k->key[i], in_batch, max + 1);
		if (max == DUP_NAMESAKES && n_rows + n_batch > max) {
			continue;
		}
		for (size_t r = 0; r < n_rows && r < max; r++) {
			add_found(f, rows[r].object, k->shared[i]);
		}
		for (size_t r = 0; r < n_batch && r < max; r++) {
			add_found(f, in_batch[r], k->shared[i]);
		}
	}
	return OK;
}

static int by_weight(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->weight != y->weight ? (x->weight > y->weight ? -1 : 1) : (x->id < y->id ? -1 : x->id > y->id);
}

static int by_score(const void *a, const void *b)
{
	const struct dup *x = a, *y = b;

	return x->score != y->score ? y->score - x->score : (x->id < y->id ? -1 : x->id > y->id);
}

static bool may_tell(enum status st, bool all)
{
	return st == ST_PUBLISHED || st == ST_ARCHIVED || (all && (st == ST_PROPOSED || st == ST_DRAFT));
}

/* Whether a person said that the two are not the same. */
static enum err told_apart(struct finding *f, int64_t id, bool *apart)
{
	struct dup_distinct_known_row known;
	int64_t self = f->ask->self;
	enum err e = self ? dup_distinct_known(f->db, self < id ? self : id, self < id ? id : self, f->mem, &known) : E_NOTFOUND;

	*apart = e == OK;
	return e == E_NOTFOUND ? OK : e;
}

/* Compares with what lists know of the other one: its document need not be read. */
static enum err look(struct finding *f, const struct entity *e, const struct found *c, struct dup *d, bool *yes)
{
	struct dup_light_row r;
	struct traits t = {.name = STR_NONE};
	bool apart;

	*yes = false;
	TRY(dup_light(f->db, c->id, f->mem, &r));
	if (!may_tell((enum status)r.status, f->ask->all) || !str_eq(r.kind, str_of(e->kind))) {
		return OK;
	}
	t.plain = words_norm(f->mem, r.title);
	t.name = telling_words(f->mem, t.plain);
	t.territory = r.territory;
	t.has_point = r.lat.has && r.lon.has && r.precision == PLACE_EXACT;
	t.lat = r.lat.v;
	t.lon = r.lon.v;
	*d = (struct dup){.id = c->id, .slug = r.slug, .title = r.title, .territory = r.territory, .status = (enum status)r.status};
	d->score = compare(&f->mine, &t, c->shared, &d->reason);
	if (d->score < f->ask->least) {
		return OK;
	}
	TRY(told_apart(f, c->id, &apart));
	*yes = !apart;
	return OK;
}

enum err dup_find(struct db *db, struct mem *m, const struct entity *e, struct doc doc, const struct dup_ask *ask, struct dup **out,
		  size_t *n)
{
	struct finding f = {.db = db, .mem = m, .ask = ask, .n = 0};
	struct keys k;

	*n = 0;
	traits_of(m, e, doc, &f.mine);
	keys_of(e, &f.mine, &k);
	TRY(candidates(&f, &k));
	if (f.n == 0) {
		*out = NULL;
		return OK;
	}
	*out = mem_array(m, struct dup, DUP_CANDIDATES);
	qsort(f.found, f.n, sizeof(*f.found), by_weight);
	for (size_t i = 0; i < f.n && i < DUP_CANDIDATES; i++) {
		bool yes;

		TRY(look(&f, e, &f.found[i], &(*out)[*n], &yes));
		*n += yes;
	}
	qsort(*out, *n, sizeof(**out), by_score);
	*n = *n < ask->max ? *n : ask->max;
	return OK;
}

enum err dup_distinct(struct db *db, int64_t a, int64_t b, int64_t now)
{
	return dup_distinct_add(db, a < b ? a : b, a < b ? b : a, now);
}
