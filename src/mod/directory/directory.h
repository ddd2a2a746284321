/*
 * The room of the directory: the list of actors, and each one's page.
 */
#ifndef MOD_DIRECTORY_DIRECTORY_H
#define MOD_DIRECTORY_DIRECTORY_H

#include "../../core/browse.h"
#include "../../core/object.h"
#include "../../core/rows.h"

extern const struct module directory_module;

struct actor_text {
	struct str text, lang;
	bool fallback;              /* not in the visitor's language: say so */
};

struct actor_theme {
	struct str label;
	struct url url;
};

struct actor_service {
	const char *icon;
	struct str label, languages;
	struct said conditions;
	bool no_status;
};

struct actor_contact {
	const char *icon;
	struct str kind, value;
	struct said label;
	struct url url;             /* s.p NULL: words only */
	const char *sight;          /* N_(): who sees it, when not everyone */
};

struct actor_hours {
	struct str day, times;
	bool today;
};

struct actor_tie {
	struct str words;           /* "member of, since 2018" */
	struct str title;
	struct url url;             /* s.p NULL: not in the directory */
	struct str place;
	const char *icon;           /* NULL: not in the directory */
	int64_t id;                 /* 0: not in the directory */
	struct str label;           /* "Tous Migrants, its members, since 2018" */
};

struct actor_graph; /* actor_graph.h */

struct actor_ties {
	const char *heading;        /* N_() */
	struct actor_tie *ties;
	size_t n;
	int64_t more;               /* so many that are not in `ties` */
	bool outgoing, mutual;      /* from this actor to the other; neither more than the other */
	bool above;                 /* in the drawing: what this actor belongs to */
};

struct actor_page {
	struct object ob;
	struct list_row row;        /* for its icon, kind and place */
	struct str acronym, where;
	struct url where_url;
	struct actor_text summary, body_text;
	struct html body;
	struct actor_theme *themes;
	size_t n_themes;
	struct actor_service *services;
	size_t n_services;
	struct actor_contact *contacts;
	size_t n_contacts;
	struct str languages, founded, legal_number;
	struct actor_hours *hours;
	size_t n_hours;
	struct actor_ties *ties;
	size_t n_ties;
	const struct actor_graph *graph_narrow, *graph_wide; /* NULL: too few ties for a drawing */
	struct list_row *practices;
	size_t n_practices;
	struct html map;
	const char *blur;           /* N_(): how exact the map is */
	bool old, closed, waiting, may_edit, has_mail;
	struct str not_since;
	int64_t members;
	struct url contact, edit, translate, report, claim, history, members_url;
};

struct members_page {
	struct browse list;
	struct str name, embed_code;
	struct url actor;
};

/* Fills a page from what this visitor may see of the object. */
MUST_USE enum err actor_page_read(struct req *rq, const struct object *ob, struct actor_page *out);
/* Its ties with other actors and the practices it did. */
MUST_USE enum err actor_page_ties(struct req *rq, struct actor_page *p);

#endif
