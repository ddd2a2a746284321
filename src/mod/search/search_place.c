/*
 * Places in what is typed into the search box: the territories it names, and "housing lyon", which is "housing" in Lyon.
 */
#include "../../core/atlas.h"
#include "../../core/rows.h"
#include "../../web/site.h"
#include "search_room.h"

enum {
	PLACE_WORDS = 5,      /* of the longest name of a place looked for */
	TYPED = 4,            /* letters from which the beginning of a name says enough */
	KNOWN = 5000          /* people of a place that the beginning of its name may mean */
};

/* Whether someone who typed `key` surely meant this place: its name, its code, or the beginning of a well-known name at home. */
static bool is_sure(const struct req *rq, const struct territory *t, struct str matched, struct str key)
{
	bool home = str_eq(t->iso2, rq->site->country), wide = t->level <= ATLAS_DEPARTEMENT;

	return str_eq(matched, key) || (home && key.n >= TYPED && (wide || t->population >= KNOWN));
}

size_t search_places(struct req *rq, struct str q, bool sure, struct search_place *out, size_t max)
{
	struct atlas_query query = {.text = q, .near_country = rq->site->country};
	struct atlas_hit hits[SEARCH_PLACES * 2];
	struct str key = atlas_key(rq->mem, q);
	size_t n = key.n < 2 ? 0 : atlas_search(&query, hits, COUNT(hits)), k = 0;

	for (size_t i = 0; i < n && k < max; i++) {
		struct territory t;
		struct str matched = atlas_key(rq->mem, hits[i].matched);

		/* the atlas forgives slips; here the name itself has to begin so, or a code or postal code was typed */
		bool code = key.p[0] >= '0' && key.p[0] <= '9';
		if (!atlas_get(hits[i].id, &t) || !(code || (str_starts(matched, key) && (!sure || is_sure(rq, &t, matched, key))))) {
			continue;
		}
		struct str name = atlas_name(hits[i].id, rq->lang, NULL);
		struct str words = territory_words(rq, t.code);
		out[k++] = (struct search_place){territory_link(rq, t.code), name, str_eq(words, name) ? t.code : words};
	}
	return k;
}

/* ---- a place among the words ----------------------------------------------------------------------------------------- */

/* The place of just this name, postal code or code; the best known of namesakes. 0 if there is none. */
static atlas_id place_named(const struct req *rq, struct str name)
{
	struct atlas_query query = {.text = name, .near_country = rq->site->country};
	struct str key = atlas_key(rq->mem, name);
	struct atlas_hit hit;
	bool code = key.n >= 2 && key.p[0] >= '0' && key.p[0] <= '9';

	if (key.n < 2 || !atlas_search(&query, &hit, 1)) {
		return 0;
	}
	return code || str_eq(atlas_key(rq->mem, hit.matched), key) ? hit.id : 0;
}

enum err search_there(struct req *rq, const struct filter *f, size_t max, struct search_answer *out)
{
	struct list_row *rows;
	struct str next = STR_NONE;
	int64_t total;
	size_t n;

	if (f->q.n) {
		return object_search(rq, f, max, out);
	}
	*out = (struct search_answer){.ids = mem_array(rq->mem, int64_t, max)};
	do {
		TRY(object_list(rq, f, 100, next, &rows, &n, &next, &total));
		for (size_t i = 0; i < n && out->n < max; i++) {
			out->ids[out->n++] = rows[i].id;
		}
	} while (next.p && out->n < max);
	return OK;
}

/* Whether something answers the rest of the words there; a slip is not forgiven twice. */
static enum err answers(struct req *rq, const struct filter *f, bool *yes)
{
	struct search_answer a;

	TRY(search_there(rq, f, 1, &a));
	*yes = a.n > 0 && !a.corrected.p;
	return OK;
}

/* In the place itself, or in its département, or in its région. */
static enum err try_place(struct req *rq, const struct filter *f, atlas_id place, struct str rest, struct filter *out, bool *found)
{
	atlas_id wider[9];
	struct territory t;
	size_t n = atlas_ancestors(place, wider + 1);

	wider[0] = place;
	for (size_t i = 0; i <= n && !*found; i++) {
		if (atlas_get(wider[i], &t) && (i == 0 || t.level == ATLAS_DEPARTEMENT || t.level == ATLAS_REGION)) {
			*out = *f;
			out->q = rest;
			out->territory = t.code;
			out->order = rest.n ? BY_RANK : BY_TITLE;
			TRY(answers(rq, out, found));
		}
	}
	return OK;
}

/* Where the words begin, and the end of the last one. */
static size_t cut_words(struct str q, size_t at[], size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < q.n && n < max; i++) {
		if (q.p[i] != ' ' && (i == 0 || q.p[i - 1] == ' ')) {
			at[n++] = i;
		}
	}
	at[n] = q.n;
	return n;
}

enum err search_in_place(struct req *rq, const struct filter *f, struct search_page *p, bool alone, struct filter *out,
			 bool *found)
{
	enum { WORDS = 12 };
	struct str q = str_trim(p->q);
	size_t at[WORDS + 1], n = cut_words(q, at, WORDS);

	*found = false;
	size_t most = alone ? n : n ? n - 1 : 0;
	for (size_t k = most < PLACE_WORDS ? most : PLACE_WORDS; k > 0 && !*found; k--) {
		for (int first = 0; first < (k == n ? 1 : 2) && !*found; first++) {
			struct str name = first ? str_sub(q, 0, at[k]) : str_sub(q, at[n - k], q.n - at[n - k]);
			struct str rest = first ? str_sub(q, at[k], q.n - at[k]) : str_sub(q, 0, at[n - k]);
			atlas_id place = place_named(rq, str_trim(name));

			if (place) {
				TRY(try_place(rq, f, place, str_trim(rest), out, found));
			}
		}
	}
	if (*found) {
		p->words = out->q;
		p->place = territory_words(rq, out->territory);
		p->map = link_add(rq->mem, p->words.n ? link_add(rq->mem, link_plain(rq, "/map"), "q", p->words) : link_plain(rq, "/map"),
				  "territory", out->territory);
	}
	return OK;
}
