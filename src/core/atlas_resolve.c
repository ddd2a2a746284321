/*
 * Places as people write them in spreadsheets: "ST ETIENNE CEDEX 2", "Paris 11e", "26400 Crest", "Valence (Drôme)",
 * "Lisbonne". The name gives candidates; the country, the postal code and hints in the text refuse or prefer some; what is
 * left must be one place, or one that dwarfs the others, else the answer is none and the importer says so.
 */
#include "../base/buf.h"
#include "../base/limits.h"

#include "atlas_data.h"
#include "atlas_words.h"

#define CANDIDATES_MAX 500
#define DWARFS 10        /* so many times more people than the next namesake */
#define DWARFS_FROM 5000 /* and at least so many */

/* How well a candidate agrees with the postal code. */
enum agreement { AGREES_NOT, AGREES_DEPARTEMENT, AGREES_CODE };

struct candidate {
	atlas_id id;
	enum atlas_kind kind;
	enum agreement agreement;
};

struct question {
	struct mem *m;
	struct str words;                    /* the name, cleaned */
	char postal[6];                      /* five digits, or empty */
	const struct atlas_country *country; /* NULL for any */
	atlas_id within;                     /* a hint, 0 for none */
	bool in_france;                      /* the country says so */
	bool elsewhere;                      /* a commune has the name, far from the postal code */
	struct candidate list[CANDIDATES_MAX];
	size_t n;
};

/* ---- reading what was written ---- */

/* The largest place of some levels whose name is exactly this; 0 if none. */
static atlas_id named(struct mem *m, struct str name, uint32_t levels)
{
	uint32_t lo, hi;
	atlas_id best = 0;

	atlas_keys_range(atlas_key(m, name), true, &lo, &hi);
	for (uint32_t i = lo; i < hi; i++) {
		uint32_t p = atlas_file.packed[i];

		if ((levels & 1u << packed_level(p)) && packed_kind(p) <= KEY_OTHER_VARIANT) {
			best = packed_id(p);
			break; /* sorted by rank */
		}
	}
	return best;
}

/* False when a country is given that nobody knows. */
static bool read_country(struct question *q, struct str iso2)
{
	struct str s = str_trim(iso2);
	char up[4];
	atlas_id id = 0;

	if (str_empty(s)) {
		return true;
	}
	if (s.n == 2 || s.n == 3) {
		for (size_t i = 0; i < s.n; i++) {
			up[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i];
		}
		id = atlas_find((struct str){up, s.n});
	}
	if (id == 0) {
		id = named(q->m, str_sub(s, 0, LIMIT_ATLAS_QUERY), 1u << ATLAS_COUNTRY | 1u << ATLAS_DEPARTEMENT);
	}
	if (id == 0) {
		return false;
	}
	q->country = &atlas_file.countries[atlas_file.recs[id].country];
	q->in_france = str_eq(atlas_text(q->country->iso2), S("FR"));
	/* overseas départements and collectivities have country codes of their own */
	q->within = atlas_file.recs[id].level == ATLAS_COUNTRY ? 0 : id;
	return true;
}

/* Five digits, also without the zero that spreadsheets eat, also as "F-26400". */
static void read_postal(struct question *q, struct str code)
{
	char digits[6];
	size_t n = 0;

	if (q->country != NULL && !q->in_france) {
		return;
	}
	for (size_t i = 0; i < code.n && n < sizeof(digits); i++) {
		if (code.p[i] >= '0' && code.p[i] <= '9') {
			digits[n++] = code.p[i];
		} else if (n > 0 && code.p[i] == '.') {
			break; /* "26400.0" */
		}
	}
	if (n == 5 || (n == 4 && (q->in_france || q->country == NULL))) {
		memset(q->postal, '0', 1);
		memcpy(q->postal + (5 - n), digits, n);
		q->postal[5] = '\0';
	}
}

/* What is in parentheses or after a comma names something around the place: "(26)", "Drôme", "Portugal". */
static struct str read_hint(struct question *q, struct str town)
{
	size_t cut = 0;
	struct str hint;
	atlas_id id = 0;

	while (cut < town.n && town.p[cut] != '(' && town.p[cut] != ',') {
		cut++;
	}
	if (cut == 0 || cut == town.n) {
		return town;
	}
	hint = atlas_words(q->m, str_sub(town, cut, town.n));
	if (atlas_is_number(hint) && hint.n == 5) {
		read_postal(q, hint);
	} else if (hint.n == 2 || hint.n == 3) {
		char up[3];

		for (size_t i = 0; i < hint.n; i++) {
			up[i] = hint.p[i] >= 'a' && hint.p[i] <= 'z' ? (char)(hint.p[i] - 32) : hint.p[i];
		}
		id = atlas_find((struct str){up, hint.n});
	}
	if (id == 0 && hint.n > 0) {
		id = named(q->m, hint, 1u << ATLAS_COUNTRY | 1u << ATLAS_REGION | 1u << ATLAS_DEPARTEMENT);
	}
	if (id != 0 && q->within == 0) {
		q->within = id;
	}
	return str_sub(town, 0, cut);
}

/* Cuts the last word off; returns it. */
static struct str cut_last(struct str *words)
{
	size_t at = words->n;
	struct str last;

	while (at > 0 && words->p[at - 1] != ' ') {
		at--;
	}
	last = str_sub(*words, at, words->n);
	*words = str_sub(*words, 0, at > 0 ? at - 1 : 0);
	return last;
}

/* Takes "cedex 9" and postal codes out of the name. */
static void read_words(struct question *q, struct str town)
{
	struct str words = atlas_words(q->m, town), rest, w;
	ptrdiff_t cedex = str_find(words, S("cedex"));

	if (cedex > 0) {
		words = str_trim(str_sub(words, 0, (size_t)cedex));
	}
	rest = words;
	w = str_cut(&rest, ' ');
	if (w.n == 5 && atlas_is_number(w) && rest.p != NULL) {
		if (q->postal[0] == '\0') {
			read_postal(q, w);
		}
		words = rest;
	}
	rest = words;
	w = cut_last(&rest);
	if (w.n == 5 && atlas_is_number(w) && rest.n > 0) {
		if (q->postal[0] == '\0') {
			read_postal(q, w);
		}
		words = rest;
	}
	q->words = words;
}

/* ---- arrondissements ---- */

/* "1er", "03", "11e", "2eme": the number; 0 if it is none. */
static int ordinal(struct str w)
{
	static const struct str ends[] = {S_INIT(""),     S_INIT("e"),   S_INIT("er"), S_INIT("eme"),
	                                  S_INIT("ieme"), S_INIT("ere"), S_INIT("nd"), S_INIT("nde")};
	int n = 0;
	size_t i = 0;

	while (i < w.n && i < 2 && w.p[i] >= '0' && w.p[i] <= '9') {
		n = n * 10 + (w.p[i] - '0');
		i++;
	}
	for (size_t k = 0; n > 0 && k < COUNT(ends); k++) {
		if (str_eq(str_sub(w, i, w.n), ends[k])) {
			return n;
		}
	}
	return 0;
}

static atlas_id arrondissement(struct question *q)
{
	static const struct {
		struct str city;
		int base, count;
	} cities[] = {
	        {S_INIT("paris"),     75100, 20},
                {S_INIT("lyon"),      69380, 9 },
                {S_INIT("marseille"), 13200, 16}
        };
	struct str rest = q->words, city = str_cut(&rest, ' '), number, more;
	int n;

	if (rest.p == NULL || (q->country != NULL && !q->in_france)) {
		return 0;
	}
	number = str_cut(&rest, ' ');
	more = rest;
	n = ordinal(number);
	if (n == 0 || !(more.p == NULL || str_starts(more, S("arr")) || str_starts(more, S("ardt")))) {
		return 0;
	}
	for (size_t i = 0; i < COUNT(cities); i++) {
		if (str_eq(city, cities[i].city) && n <= cities[i].count) {
			return atlas_find(str_fmt(q->m, "%05d", cities[i].base + n));
		}
	}
	return 0;
}

/* ---- candidates ---- */

static enum agreement agreement(const struct question *q, atlas_id id)
{
	struct str codes = atlas_postal_codes(id), code = atlas_text(atlas_file.recs[id].code), want = {q->postal, 5};
	size_t head = memcmp(q->postal, "97", 2) == 0 || memcmp(q->postal, "98", 2) == 0 ? 3 : 2;

	while (codes.p != NULL) {
		if (str_eq(str_cut(&codes, ','), want)) {
			return AGREES_CODE;
		}
	}
	if (atlas_file.recs[id].level == ATLAS_TOWN) {
		return AGREES_NOT;
	}
	if (memcmp(q->postal, "20", 2) == 0 && str_starts(code, S("2")) && code.n > 1 && code.p[1] >= 'A') {
		return AGREES_DEPARTEMENT;
	}
	return str_starts(code, str_sub(want, 0, head)) ? AGREES_DEPARTEMENT : AGREES_NOT;
}

static void add_candidate(struct question *q, uint32_t packed)
{
	const uint32_t levels = 1u << ATLAS_COMMUNE | 1u << ATLAS_ARRONDISSEMENT | 1u << ATLAS_TOWN;
	struct candidate c = {packed_id(packed), packed_kind(packed), AGREES_NOT};

	if (!(levels & 1u << packed_level(packed)) || c.kind == KEY_PART ||
	    (q->country != NULL && (c.id < q->country->first || c.id > q->country->last)) ||
	    (q->within != 0 && !atlas_is_within(c.id, q->within))) {
		return;
	}
	if (q->postal[0] != '\0') {
		c.agreement = agreement(q, c.id);
		/* a French commune far from its postal code is not the one meant */
		if (c.agreement == AGREES_NOT && packed_level(packed) != ATLAS_TOWN) {
			q->elsewhere = true;
			return;
		}
	}
	for (size_t i = 0; i < q->n; i++) {
		if (q->list[i].id == c.id) {
			q->list[i].kind = c.kind < q->list[i].kind ? c.kind : q->list[i].kind;
			return;
		}
	}
	if (q->n < CANDIDATES_MAX) {
		q->list[q->n++] = c;
	}
}

static void gather(struct question *q, struct str key)
{
	uint32_t lo, hi;

	atlas_keys_range(key, true, &lo, &hi);
	for (uint32_t i = lo; i < hi; i++) {
		add_candidate(q, atlas_file.packed[i]);
	}
}

/* Keeps the candidates for which `of` is largest. */
static void keep_best(struct question *q, int (*of)(const struct candidate *c))
{
	int best = 0;
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++) {
		best = i == 0 || of(&q->list[i]) > best ? of(&q->list[i]) : best;
	}
	for (size_t i = 0; i < q->n; i++) {
		if (of(&q->list[i]) == best) {
			q->list[n++] = q->list[i];
		}
	}
	q->n = n;
}

static int agreement_of(const struct candidate *c)
{
	return (int)c->agreement;
}

static int closeness_of(const struct candidate *c)
{
	return c->kind == KEY_FORMER ? 0 : c->kind >= KEY_OTHER ? 1 : 2;
}

/* People, as far as they speak for a candidate: less for a name without its article or another name, little for a former. */
static int64_t weight_of(const struct candidate *c)
{
	uint32_t p = atlas_file.recs[c->id].population;
	int64_t people = p == ATLAS_UNKNOWN ? 1 : (int64_t)p;

	return c->kind == KEY_FORMER    ? people / 20
	       : c->kind >= KEY_OTHER   ? people / 4
	       : c->kind == KEY_VARIANT ? people / 2
	                                : people;
}

static atlas_id choose(struct question *q, bool *ambiguous)
{
	const struct candidate *best = NULL;
	int64_t second = 0, top = 0;

	if (q->n == 0) {
		return 0;
	}
	keep_best(q, agreement_of);
	if (q->n > 1 && q->list[0].agreement != AGREES_NOT) {
		keep_best(q, closeness_of);
	}
	if (q->n == 1) {
		return q->list[0].id;
	}
	for (size_t i = 0; i < q->n; i++) {
		int64_t w = weight_of(&q->list[i]);

		if (best == NULL || w > top) {
			second = top;
			top = w;
			best = &q->list[i];
		} else if (w > second) {
			second = w;
		}
	}
	if (top >= DWARFS_FROM && top / DWARFS >= second) {
		return best->id;
	}
	*ambiguous = true;
	return 0;
}

/* ---- a name that is nobody's, beside a postal code ---- */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to change, add or drop; at most 64 bytes are compared. */
static size_t edits(struct str a, struct str b)
{
	size_t row[65], n = least(b.n, 64);

	for (size_t j = 0; j <= n; j++) {
		row[j] = j;
	}
	for (size_t i = 0; i < least(a.n, 64); i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t up = row[j + 1];

			row[j + 1] = least(least(up, row[j]) + 1, diagonal + (a.p[i] == b.p[j] ? 0 : 1));
			diagonal = up;
		}
	}
	return row[n];
}

static bool resembles(struct str a, struct str b)
{
	struct str shorter = a.n < b.n ? a : b, longer = a.n < b.n ? b : a;

	if (shorter.n >= 4 && str_starts(longer, shorter) && (longer.n == shorter.n || longer.p[shorter.n] == ' ')) {
		return true;
	}
	return longer.n - shorter.n <= 2 && edits(a, b) <= (shorter.n >= 9 ? 2u : shorter.n >= 5 ? 1u : 0u);
}

/* The commune of the postal code whose name resembles; the only one it has, when the country is known to be France. */
static atlas_id by_postal(struct question *q, bool *ambiguous)
{
	struct str key = atlas_words_key(q->m, q->words, false);
	uint32_t lo, hi;
	atlas_id like = 0, only = 0, part = 0;
	size_t n_like = 0, n = 0;

	atlas_keys_range((struct str){q->postal, 5}, true, &lo, &hi);
	for (uint32_t i = lo; i < hi; i++) {
		atlas_id id = packed_id(atlas_file.packed[i]);

		if (packed_kind(atlas_file.packed[i]) != KEY_POSTAL ||
		    (q->within != 0 && !atlas_is_within(id, q->within))) {
			continue;
		}
		if (atlas_file.recs[id].level == ATLAS_ARRONDISSEMENT) {
			part = id;
			continue;
		}
		only = id;
		n++;
		if (key.n > 0 && resembles(key, atlas_key(q->m, atlas_text(atlas_file.recs[id].name)))) {
			like = id;
			n_like++;
		}
	}
	if (n_like == 1) {
		return like;
	}
	if (n == 1 && (key.n == 0 || (q->in_france && !q->elsewhere))) {
		return part != 0 ? part : only;
	}
	*ambiguous = n_like > 1 || (key.n == 0 && n > 1);
	return 0;
}

/* Paris with 75011 is its 11th arrondissement. */
static atlas_id refine(const struct question *q, atlas_id id)
{
	atlas_id parts[32];
	size_t n = q->postal[0] != '\0' ? atlas_children_at(id, ATLAS_ARRONDISSEMENT, 0, COUNT(parts), parts) : 0;

	for (size_t i = 0; i < n && i < COUNT(parts); i++) {
		if (agreement(q, parts[i]) == AGREES_CODE) {
			return parts[i];
		}
	}
	return id;
}

/* ---- the whole ---- */

/* "Chalon/Saône", "Boulogne s/ Mer" (atlas_key does that one). */
static struct str slash_is_sur(struct mem *m, struct str town)
{
	struct buf b = buf_make(m, town.n * 5 + 1);

	for (size_t i = 0; i < town.n; i++) {
		if (town.p[i] == '/') {
			buf_put(&b, S(" sur "));
		} else {
			buf_put_c(&b, town.p[i]);
		}
	}
	return buf_str(&b);
}

static atlas_id resolve(struct question *q, struct str town, bool *ambiguous)
{
	struct str last;
	atlas_id id;

	town = read_hint(q, str_sub(str_trim(town), 0, LIMIT_ATLAS_QUERY));
	read_words(q, town);
	id = q->words.n > 0 ? arrondissement(q) : 0;
	if (id != 0) {
		return id;
	}
	if (q->words.n > 0) {
		gather(q, atlas_words_key(q->m, q->words, false));
		if (q->n == 0) {
			gather(q, atlas_bare(atlas_words_key(q->m, q->words, false)));
		}
		if (q->n == 0 && str_chr(town, '/') >= 0) {
			gather(q, atlas_key(q->m, slash_is_sur(q->m, town)));
		}
		/* "Crest 26" */
		last = cut_last(&(struct str){q->words.p, q->words.n});
		if (q->n == 0 && q->within == 0 && last.n < q->words.n && (last.n == 2 || last.n == 3)) {
			struct str name = str_sub(q->words, 0, q->words.n - last.n - 1);

			q->within = atlas_find(str_eq(last, S("2a"))   ? S("2A")
			                       : str_eq(last, S("2b")) ? S("2B")
			                                               : last);
			if (q->within != 0) {
				gather(q, atlas_words_key(q->m, name, false));
			}
		}
		id = choose(q, ambiguous);
	}
	if (id == 0 && !*ambiguous && q->postal[0] != '\0') {
		id = by_postal(q, ambiguous);
	}
	return id != 0 ? refine(q, id) : 0;
}

atlas_id atlas_resolve(struct str town, struct str postal_code, struct str iso2, bool *ambiguous)
{
	struct question *q;
	struct mem *m;
	atlas_id id = 0;
	bool several = false;

	if (ambiguous != NULL) {
		*ambiguous = false;
	}
	if (atlas_file.head == NULL || (str_empty(town) && str_empty(postal_code))) {
		return 0;
	}
	m = mem_open();
	q = mem_new(m, struct question);
	q->m = m;
	if (read_country(q, iso2)) {
		read_postal(q, str_sub(postal_code, 0, 40));
		id = resolve(q, town, &several);
	}
	mem_close(m);
	if (ambiguous != NULL) {
		*ambiguous = several;
	}
	return id;
}
