/*
 * What the entity engine asks of the world: themes, territories, places. One table, put in force at start.
 */
#include "../web/site.h"
#include "atlas.h"
#include "media.h"
#include "object.h"
#include "theme.h"

/* "Grenoble (38185)" -> "38185": what the search of territories fills in, and what exports write. */
static struct str code_in_brackets(struct str words)
{
	ptrdiff_t open = -1;

	for (size_t i = 0; i < words.n; i++) {
		open = words.p[i] == '(' ? (ptrdiff_t)i : open;
	}
	if (open < 0 || !str_ends(words, S(")"))) {
		return STR_NONE;
	}
	return str_trim(str_sub(words, (size_t)open + 1, words.n - (size_t)open - 2));
}

static struct str code_of(atlas_id id)
{
	struct territory t;

	if (!atlas_get(id, &t)) {
		return STR_NONE;
	}
	if (t.former && atlas_get(t.now, &t)) {
		return t.code;
	}
	return t.code;
}

static bool is_postal(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
	}
	return s.n >= 4 && s.n <= 12 && digits >= 3;
}

/* A name that only one territory has, or that one has far before all others (its name whole, and the largest). */
static struct str by_name(struct str words, bool *several)
{
	struct atlas_query q = {.text = words, .near_country = site_now() ? site_now()->country : S("FR")};
	struct atlas_hit hits[2];
	size_t n = atlas_search(&q, hits, 2);

	if (n == 1 || (n == 2 && hits[0].score > hits[1].score)) {
		return code_of(hits[0].id);
	}
	*several = n > 1;
	return STR_NONE;
}

static struct str territory_match(struct mem *m, struct str words, bool *several)
{
	struct str s = str_trim(words), inside = code_in_brackets(s), town = s, postal = STR_NONE, code;
	bool ambiguous = false;

	*several = false;
	code = code_of(inside.n ? atlas_find(inside) : 0);
	if (!code.p) {
		code = code_of(s.n ? atlas_find(s) : 0);
	}
	if (code.p) {
		return code;
	}
	ptrdiff_t space = str_chr(s, ' ');
	if (space > 0 && is_postal(str_sub(s, 0, (size_t)space))) { /* "26400 Crest" */
		postal = str_sub(s, 0, (size_t)space);
		town = str_trim(str_sub(s, (size_t)space, s.n));
	} else if (inside.n && is_postal(inside)) { /* "Crest (26400)" */
		postal = inside;
		town = str_trim(str_sub(s, 0, (size_t)str_chr(s, '(')));
	} else if (is_postal(s)) {
		postal = s;
		town = STR_NONE;
	}
	code = code_of(atlas_resolve(town, postal, site_now() ? site_now()->country : STR_NONE, &ambiguous));
	if (!code.p && !ambiguous) {
		code = by_name(town.p ? town : s, several);
	}
	*several = *several || ambiguous;
	(void)m;
	return code;
}

static struct str territory_name(struct mem *m, struct str code, const char *lang)
{
	atlas_id id = atlas_find(code);
	struct territory t;

	if (!atlas_get(id, &t)) {
		return code;
	}
	return str_fmt(m, "%.*s (%.*s)", STR_ARG(atlas_name(id, lang, NULL)), STR_ARG(t.code));
}

static bool blur(struct str precision, struct str territory, double *lat, double *lon)
{
	int p = precision.n == 0 || str_eq(precision, S("exact")) ? PLACE_EXACT
		: str_eq(precision, S("street"))		  ? PLACE_STREET
		: str_eq(precision, S("commune"))		  ? PLACE_COMMUNE
								  : PLACE_DEPARTEMENT;

	place_blur(p, territory, lat, lon);
	return true;
}

static struct str territory_coarse(struct mem *m, struct str code)
{
	atlas_id id = atlas_find(code), up[8];
	struct territory t;

	(void)m;
	if (!atlas_get(id, &t) || t.level <= ATLAS_DEPARTEMENT) {
		return code;
	}
	size_t n = atlas_ancestors(id, up);
	for (size_t i = 0; i < n; i++) {
		if (atlas_get(up[i], &t) && t.level <= ATLAS_DEPARTEMENT) {
			return t.code;
		}
	}
	return STR_NONE;
}

static struct str place_territory(struct mem *m, struct str town, struct str postal_code, struct str country)
{
	struct territory c;
	struct str iso2 = STR_NONE;

	(void)m;
	if (country.n == 2 && atlas_get(atlas_find(country), &c) && c.level == ATLAS_COUNTRY) {
		iso2 = c.code;
	} else if (country.n) {
		struct atlas_query q = {.text = country, .levels = 1U << ATLAS_COUNTRY};
		struct atlas_hit hit;
		iso2 = atlas_search(&q, &hit, 1) && atlas_get(hit.id, &c) ? c.code : STR_NONE;
	}
	if (!iso2.p && !country.n && site_now()) {
		iso2 = site_now()->country;
	}
	return code_of(atlas_resolve(town, postal_code, iso2, NULL));
}

static bool town(struct mem *m, struct str words, struct str *name, struct str *postal_code, struct str *country)
{
	struct str inside = code_in_brackets(str_trim(words)), codes;
	atlas_id id = inside.n ? atlas_find(inside) : 0;
	struct territory t;

	if (!atlas_get(id, &t) || (t.level != ATLAS_COMMUNE && t.level != ATLAS_ARRONDISSEMENT && t.level != ATLAS_TOWN)) {
		return false;
	}
	codes = atlas_postal_codes(id);
	*name = str_dup(m, t.name);
	*postal_code = STR_NONE;
	if (codes.n && (str_chr(codes, ',') < 0 || atlas_resolve(t.name, STR_NONE, t.iso2, NULL) != id)) {
		*postal_code = str_cut(&codes, ','); /* any of them tells it from towns of the same name */
	}
	*country = site_now() && str_eq(site_now()->country, t.iso2) ? STR_NONE : t.iso2;
	return true;
}

static const struct entity_world world = {
	.theme_match = theme_match,
	.theme_name = NULL,
	.territory_match = territory_match,
	.territory_name = territory_name,
	.blur = blur,
	.territory_coarse = territory_coarse,
	.place_territory = place_territory,
	.town = town,
};

static struct str theme_name_in(struct mem *m, struct str slug, const char *lang)
{
	(void)m;
	return theme_name(slug, lang);
}

static bool theme_at(size_t i, const char *lang, struct str *slug, struct str *name, int *depth)
{
	const struct theme_tree *tree = theme_tree();

	if (i >= tree->n) {
		return false;
	}
	*slug = tree->themes[i].slug;
	*name = theme_name(*slug, lang);
	*depth = tree->themes[i].depth;
	return true;
}

void object_start(void)
{
	static struct entity_world w;

	w = world;
	w.theme_name = theme_name_in;
	w.theme_at = theme_at;
	w.store_file = media_store_form;
	entity_set_world(&w);
}
