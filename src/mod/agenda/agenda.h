/*
 * The room of the agenda: what its pages show.
 */
#ifndef MOD_AGENDA_AGENDA_H
#define MOD_AGENDA_AGENDA_H

#include "../../core/browse.h"
#include "../../html/out.h"
#include "../../cal/ical.h"
#include "event.h"

extern const struct module agenda_module;

/* ---- words (agenda_words.c) ------------------------------------------------------------------------------------------ */

/* "vendredi 18 décembre 2026, 18:30–20:00 (São Paulo)"; a month or year as such; "À décider" without a date. `with_zone`: when it
 * is not the site's. */
struct str event_words(struct req *rq, struct cal_moment start, struct cal_moment end, struct str zone, bool with_zone);
/* The hours alone, for lists under a day: "18:30–20:00", "toute la journée"; "" when there is nothing to say. */
struct str event_hours(struct req *rq, struct cal_moment start, struct cal_moment end, struct str zone);
/* The machine's word for <time datetime>. */
struct str event_datetime(struct req *rq, const struct cal_zone *z, struct cal_moment m);
/* "Each week on Thursday, until 31 December 2026"; "" for what does not repeat. */
struct str event_repeats(struct req *rq, const struct json *doc);

/* ---- the list -------------------------------------------------------------------------------------------------------- */

struct agenda_item {
	struct when_row w;
	struct str hours, where, state; /* state: word of a badge, or "" */
	const char *badge;              /* its class */
	struct url url;
};

struct agenda_group {
	struct str words, id;
	struct agenda_item *items;
	size_t n;
};

struct agenda_cell {
	int day;                        /* of the month; 0: before or after it */
	int64_t n;
	bool today;
	struct str words;               /* for screen readers */
	struct url url;
	const struct agenda_item **items; /* few: named in the cell */
	size_t n_items;
};

struct agenda_page {
	struct browse b;
	struct url upcoming, month, before, after; /* tabs, months beside */
	struct str month_words, from, to;          /* what stands in the inputs of the form */
	struct agenda_group *groups;
	size_t n_groups;
	struct agenda_item *running, *undated;
	size_t n_running, n_undated;
	struct agenda_cell *cells;                 /* of a month, by weeks; NULL: the list of what comes */
	size_t n_cells;
	struct str weekdays[7], weekdays_long[7];
	struct url next, first, ics, webcal, embed;
	struct str embed_code;
	bool framed;
};

/* ---- one event ------------------------------------------------------------------------------------------------------- */

struct event_when {
	struct str words, note, datetime;
	bool cancelled, moved, past;
};

struct event_place {
	struct str words;
	bool protected_;
};

struct event_who {
	struct str title;
	struct url url; /* s.p NULL: a name */
};

struct event_role {
	const char *label; /* N_() */
	struct event_who *who;
	size_t n;
};

struct event_page {
	struct object ob;
	struct list_row row;
	struct event_info info;
	struct str title, title_lang, lede, lede_lang, body_lang;
	bool title_fallback, lede_fallback, body_fallback;
	struct html body;
	struct str when, datetime, where, repeats;
	struct url where_url;
	struct event_when *dates;      /* more than one: all that come */
	size_t n_dates;
	struct str state, changed;     /* planned… ; what changed and when, in words */
	bool past, waiting, closed, undated;
	struct event_place *places;
	size_t n_places;
	struct html map;
	struct event_role roles[4];
	size_t n_roles;
	struct event_who *programmes, *links, *documents;
	size_t n_programmes, n_links, n_documents;
	struct event_who *themes;
	size_t n_themes;
	struct str kind, attendance, languages, interpreted, price, audience;
	struct str *access;
	size_t n_access;
	struct str registration;       /* "outside", "site", "" */
	struct url register_url;
	struct event_who parent;
	int64_t act;
	struct list_row *children;     /* local events of a mobilisation, or acts */
	struct str *children_when;
	size_t n_children;
	struct html children_map;
	struct str share;
	struct url ics, edit, report, history, contact, translate, hosts, series;
	bool has_contact, keeper, may_series;
	struct event_host *asked;      /* for those who keep it: who has not answered, or said no */
	bool *mine;                    /* of each: this visitor answers for it */
	size_t n_asked;
	bool answers;                  /* for one of them at least */
};

/* What the link of an invitation opens. */
struct hosting_page {
	struct object ob;
	struct str title, when, actor, role, state;
	struct url page, act;
};

/* Whether this visitor keeps an actor's page, and so answers for it. */
MUST_USE enum err event_answers_for(struct req *rq, int64_t actor, bool *yes);
/* Fills a page from what this visitor may see of the object. */
MUST_USE enum err event_page_read(struct req *rq, const struct object *ob, struct event_page *out);
/* A schema.org Event as JSON-LD. */
struct str event_jsonld(struct req *rq, const struct object *ob, struct view v);
/* One event as a calendar entry, from its public view; borrows from `m`. */
void event_calendar(struct req *rq, const struct object *ob, struct view v, const struct event_info *info, struct cal_event *out);

#endif
