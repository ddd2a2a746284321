/*
 * The room of territories: a page for every commune, EPCI, département, region and country, made from the atlas and
 * from what the other rooms know about it.
 */
#ifndef MOD_TERRITORY_TERRITORY_H
#define MOD_TERRITORY_TERRITORY_H

#include "../../core/atlas.h"
#include "../../core/object.h"

extern const struct module territory_module;

struct territory_link {
	struct territory t;
	struct str name;
	struct url url;
	int64_t count; /* actors there, 0 unknown */
};

struct territory_page {
	struct territory t;
	struct str name, code, kind, postal_codes, rurality;
	struct territory_link *up;        /* outermost first */
	size_t n_up;
	struct territory_link *children;
	size_t n_children, all_children;
	struct url children_next;         /* s.p NULL at the end */
	struct str children_words;        /* "Communes" */
	struct territory_link *formers;
	size_t n_formers;
	struct list_row *actors;
	size_t n_actors;
	int64_t all_actors;
	struct list_row *around;
	size_t n_around;
	int64_t all_around;
	struct str around_words;          /* "Isère" */
	struct url around_url;
	struct list_row *practices;
	size_t n_practices;
	int64_t all_practices;
	struct list_row *like;            /* practices of towns of the same size */
	size_t n_like;
	struct html map;
	struct url feed, feed_practices;
	bool approximate;
};

struct territories_page {
	struct str q;
	struct territory_link *hits;
	struct str *details;
	size_t n_hits;
	struct territory_link *regions;
	size_t n_regions;
	struct territory_link **departements; /* of each region */
	size_t *n_departements;
	struct territory_link *countries;
	size_t n_countries;
};

/* "Commune", "Region"... in the visitor's language. */
struct str territory_kind(const struct req *rq, enum atlas_level level, struct str iso2);

#endif
