/*
 * The search that every territory input of the site uses, and the answer without script.
 */
#include "../../base/json.h"
#include "../../base/limits.h"
#include "../../core/rows.h"
#include "../../web/site.h"
#include "territory.h"
#include "territory_pages.h"

enum { HITS = 10, ANSWER_MAX = 32 * 1024 };

static size_t search(struct req *rq, struct str q, struct atlas_hit *hits, size_t max)
{
	struct atlas_query query = {.text = q, .near_country = rq->site->country};

	return atlas_search(&query, hits, max);
}

/* "Springfield, United States (Illinois)" */
static struct str town_words(const struct req *rq, atlas_id id, struct str words)
{
	struct territory t;
	atlas_id up[8];
	size_t n = atlas_ancestors(id, up);

	for (size_t i = 0; i < n; i++) {
		if (atlas_get(up[i], &t) && t.level == ATLAS_REGION && !str_eq(atlas_name(id, rq->lang, NULL), atlas_name(up[i], rq->lang, NULL))) {
			return str_fmt(rq->mem, "%.*s (%.*s)", STR_ARG(words), STR_ARG(atlas_name(up[i], rq->lang, NULL)));
		}
	}
	return words;
}

struct str territory_detail(const struct req *rq, atlas_id id)
{
	struct territory t;
	struct str words, codes;

	if (!atlas_get(id, &t)) {
		return S("");
	}
	words = territory_words(rq, t.code);
	codes = atlas_postal_codes(id);
	if (t.level == ATLAS_COMMUNE || t.level == ATLAS_ARRONDISSEMENT) {
		struct str rest = codes, first = codes.p ? str_cut(&rest, ',') : S("");

		return str_fmt(rq->mem, "%.*s%s%.*s", STR_ARG(words), first.n ? ", " : "", STR_ARG(first));
	}
	if (t.level == ATLAS_TOWN) { /* as there are many Springfields */
		return town_words(rq, id, words);
	}
	return str_fmt(rq->mem, "%.*s, %.*s", STR_ARG(words), STR_ARG(territory_kind(rq, t.level, t.iso2)));
}

size_t territory_hits(struct req *rq, struct str q, struct territory_link **out, struct str **details)
{
	struct atlas_hit hits[HITS];
	size_t n = str_empty(q) ? 0 : search(rq, q, hits, HITS);

	*out = mem_array(rq->mem, struct territory_link, n);
	*details = mem_array(rq->mem, struct str, n);
	for (size_t i = 0; i < n; i++) {
		struct territory_link *l = &(*out)[i];

		if (atlas_get(hits[i].id, &l->t)) {
			l->name = atlas_name(hits[i].id, rq->lang, NULL);
			l->url = territory_link(rq, l->t.code);
			(*details)[i] = territory_detail(rq, hits[i].id);
		}
	}
	return n;
}

enum err territory_search_json(struct req *rq)
{
	struct str q = req_query(rq, "q"), *details;
	struct territory_link *hits;
	size_t n = territory_hits(rq, q.p ? q : S(""), &hits, &details);
	struct buf b = buf_make(rq->mem, ANSWER_MAX);
	struct json_out o = json_to(&b);

	json_put_array(&o);
	for (size_t i = 0; i < n; i++) {
		json_put_object(&o);
		json_put_kv_str(&o, S("code"), hits[i].t.code);
		json_put_kv_str(&o, S("name"), hits[i].name);
		json_put_kv_str(&o, S("detail"), details[i]);
		json_put_kv_str(&o, S("level"), territory_kind(rq, hits[i].t.level, hits[i].t.iso2));
		json_put_object_end(&o);
	}
	json_put_array_end(&o);
	TRY(json_done(&o));
	req_set_header(rq, "Cache-Control", S("public, max-age=3600"));
	return reply(rq, "application/json", buf_str(&b));
}
