/*
 * What is derived from an object's document whenever it is saved: what lists need in the row, and what it is found by. Made
 * from the public view, so that nothing hidden reaches a list, a map, a count or the search. Pure: no database here.
 */
#ifndef CORE_DERIVE_H
#define CORE_DERIVE_H

#include "object.h"
#include "search.h"

struct derived_term {
	struct str facet, value;
	int level; /* of territories: enum atlas_level */
};

struct derived_place {
	double lat, lon;
	int precision;
	struct str territory; /* NULL p if unknown */
};

struct derived_link {
	struct str verb, kind, to, since, until, note; /* `to`: slug or words */
};

struct derived_text {
	struct str lang, title, summary;
};

struct derived {
	struct str title, sort, summary, kind_slug, territory, picture;
	bool has_point;
	double lat, lon;
	int precision;
	struct derived_term *terms;
	size_t n_terms;
	struct derived_place *places;
	size_t n_places;
	struct derived_link *links;
	size_t n_links;
	struct derived_text *texts; /* translations of title and summary */
	size_t n_texts;
	struct str *files; /* names in F_FILE fields that the public sees, then the others */
	size_t n_files, n_files_public;
	struct search_text *search;
	size_t n_search;
};

/* Everything that follows from a document: the rows of all derived tables. */
void object_derive(struct mem *m, const struct entity *e, struct doc doc, struct str lang, struct derived *out);
/* A title as lists sort it: folded, cut. */
struct str title_sort(struct mem *m, struct str title);

#endif
