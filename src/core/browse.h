/*
 * The list page of any kind: filters with counts, active filters as chips, results, paging, exports. A room reads it, sets
 * its title and words, and renders browse_view inside its page.
 */
#ifndef CORE_BROWSE_H
#define CORE_BROWSE_H

#include "object.h"

enum { BROWSE_ROWS = 20, BROWSE_CHOICES = 24 };

struct browse_choice {
	struct str value, label;
	int64_t n;
	bool checked;
	int depth;          /* of a theme */
};

struct browse_facet {
	const char *label;  /* N_() */
	struct str name;    /* of the query parameter */
	struct browse_choice *choices;
	size_t n;
	bool open;
};

struct browse_chip {
	struct str label;
	struct url without; /* the same page without this filter */
};

struct browse {
	const struct entity *entity;
	struct filter filter;
	struct url here;                /* the page without filters */
	struct str territory_words;     /* what stands in the territory input */
	struct list_row *rows;
	size_t n;
	int64_t total;
	struct url next, first;         /* s.p NULL when there is none */
	struct browse_facet *facets;
	size_t n_facets;
	struct browse_chip *chips;
	size_t n_chips;
	struct url csv, geojson, json, atom, rss; /* the same filters */
	struct url by_title, by_new;
	struct url map;                 /* s.p NULL: this kind stands nowhere */
	struct str actor;               /* whose network this is, or STR_NONE */
	struct html side;               /* a small map, or nothing: see browse_side() */
	bool uncounted;                 /* what one filters by shows no counts: they would be of what is past too */
};

/* Reads the filters of the request, the results and the counts. `actor` narrows to one actor's network (its slug) or is
 * STR_NONE. Also sets the page's feeds and data links. E_INVALID with a sentence for filters that make no sense. */
MUST_USE enum err browse_read(struct req *rq, const struct entity *e, struct url here, struct str actor, struct browse *out);

/* The same without results: filters, choices, chips and links, for lists in an order of their own. */
MUST_USE enum err browse_frame(struct req *rq, const struct entity *e, struct url here, struct browse *out);

/* Draws the map that stands beside the list: all of its results, those of the page by name. */
MUST_USE enum err browse_side(struct req *rq, struct browse *b);

/* The lines that show a page of ours, made for frames, in someone's site. */
struct str browse_embed(struct req *rq, struct url frame, struct str title);

/* Kinds that stand somewhere: they have places, or a territory of their own; documents about a territory do not. */
bool browse_has_places(const struct entity *e);

/* Every filter of the request added to `base`, but one value of one name (or a whole name when `value` is STR_NONE). */
struct url browse_link(struct req *rq, struct url base, struct str name, struct str value);

#endif
