/*
 * Finding doubles. Keys are hashes kept in one narrow table; comparing is in C, over the few who share a key.
 */
#include "dup_priv.h"

#include <stdlib.h>

#include "batch.h"
#include "object.sql.h"

#define DUP_CANDIDATES 30 /* looked at for one key: a key that more share says little */
#define DUP_VAGUE 8
#define DUP_NAMESAKES 4 /* for those who want to be sure: more with one name, in other towns, are branches of a network */

static bool has_key(const struct dup_keys *k, int64_t key)
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
	struct dup_keys k = {.n = 0}, old = {.n = 0};

	if (watched) {
		dup_keys_of_doc(m, ob->entity, ob->doc, &k);
	}
	if (before) {
		dup_keys_of_doc(m, ob->entity, *before, &old);
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

static bool near(const struct dup_traits *a, const struct dup_traits *b)
{
	double dlat = a->lat - b->lat, dlon = a->lon - b->lon;

	return a->has_point && b->has_point && dlat * dlat + dlon * dlon < 0.003 * 0.003;
}

/* `b` is known by its name and place alone; `shared` says the rest. */
static int compare(const struct dup_traits *a, const struct dup_traits *b, unsigned shared, const char **reason)
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
	struct dup_traits mine;
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

static enum err candidates(struct finding *f, const struct dup_keys *k)
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
	struct dup_traits t = {.name = STR_NONE};
	bool apart;

	*yes = false;
	TRY(dup_light(f->db, c->id, f->mem, &r));
	if (!may_tell((enum status)r.status, f->ask->all) || !str_eq(r.kind, str_of(e->kind))) {
		return OK;
	}
	t.plain = words_norm(f->mem, r.title);
	t.name = dup_telling_words(f->mem, t.plain);
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
	struct dup_keys k;

	*n = 0;
	dup_traits_of(m, e, doc, &f.mine);
	dup_keys_of(e, &f.mine, &k);
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
