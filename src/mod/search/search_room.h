/*
 * The room of search: one box for every kind and for places, with counts by kind, theme and language.
 */
#ifndef MOD_SEARCH_ROOM_H
#define MOD_SEARCH_ROOM_H

#include "../../core/object.h"
#include "../../core/search.h"

extern const struct module search_module;

enum {
	SEARCH_PAGE = 20,
	SEARCH_FOUND = 1000,  /* results looked at and counted; more are "1000 and more" */
	SEARCH_PLACES = 4,
	SEARCH_FACET = 14,    /* values of a facet that are shown */
	SEARCH_SNIPPET = 220, /* bytes */
	SEARCH_TITLE = 300
};

struct search_place {
	struct url url;
	struct str name, detail;
};

struct search_hit {
	struct list_row row;
	struct str kind;              /* "Actor": of the kind, or of its field "kind" */
	struct search_span *title, *text;
	size_t n_title, n_text;
	bool cut;                     /* the text begins in its middle */
};

struct search_tab {
	const char *label;            /* N_() */
	struct url url;
	int64_t n;
	bool current;
};

struct search_choice {
	struct str value, label;
	int64_t n;
	bool checked;
};

struct search_page {
	struct str q;                 /* as typed */
	struct str corrected;         /* what was searched instead; NULL p */
	struct str kind;              /* of the tab, "" for all */
	struct str territory_words;
	struct str words;             /* what was searched in `place`; "" for everything there */
	struct str place;             /* read in what was typed, as nothing answers it as it stands; NULL p: none */
	struct search_place places[SEARCH_PLACES];
	size_t n_places;
	struct search_tab *tabs;
	size_t n_tabs;
	struct search_choice *themes, *langs;
	size_t n_themes, n_langs;
	struct search_hit *hits;
	size_t n;
	int64_t total;
	bool many;                    /* there are more than were counted */
	bool narrowed;
	struct url here, plain, next, back, map; /* plain: the same words without filters */
};

/* Places whose name begins with what was typed; `sure`: only those that were surely meant. */
size_t search_places(struct req *rq, struct str q, bool sure, struct search_place *out, size_t max);

/* Reads a place in the words: "housing lyon" is "housing" in Lyon. Tries the places that the first or last words name
 * until one has answers, then what is around them. False when none has. `alone`: a place without other words will do. */
MUST_USE enum err search_in_place(struct req *rq, const struct filter *f, struct search_page *p, bool alone, struct filter *out,
				   bool *found);
/* What answers in the filter's territory; with no words, everything there by name. */
MUST_USE enum err search_there(struct req *rq, const struct filter *f, size_t max, struct search_answer *out);
/* Rows of results with their words marked. */
MUST_USE enum err search_rows_read(struct req *rq, struct str q, const int64_t *ids, size_t n, struct search_hit **out, size_t *n_out);
/* Counts by kind, theme and language over what was found. */
MUST_USE enum err search_count(struct req *rq, const struct filter *f, const struct search_answer *all, struct search_page *p);

/* GET /search, /search/suggest */
enum err search_show(struct req *rq);
enum err search_suggest(struct req *rq);

#endif
