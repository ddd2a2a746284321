/*
 * What the pages of programmes show.
 */
#ifndef MOD_PROGRAMME_PAGES_H
#define MOD_PROGRAMME_PAGES_H

#include "programme.h"

struct programme_who {
	struct str title, role;
	struct url url;
};

struct programme_day {
	struct str words, theme; /* theme: of the day, or empty */
	struct url url;          /* the agenda of that day under the programme */
	int64_t events;
};

struct programme_page {
	struct object ob;
	struct str title, title_lang, short_, short_lang, theme, hashtag, dates, opens, closes, print;
	bool title_fallback, short_fallback, waiting, editor, charter_needed;
	struct html body, charter;
	struct programme_who *owners;
	size_t n_owners;
	struct programme_day *days;
	size_t n_days;
	struct programme_figures now, before;
	bool has_before;
	struct str before_title;
	struct url before_url;
	const char *closed; /* why no event can be added now, or NULL */
	struct url print_out; /* what may be printed of it */
	struct url submit, agenda, map, ics, atom, json, csv, queue, plan, edit, report, history, next_edition;
	int64_t waiting_n;
};

struct programme_steward {
	int64_t account;
	struct str name, territory, where;
};

struct programme_queue {
	struct object ob;
	struct programme_asked *asked;
	size_t n;
	struct programme_steward *stewards;
	size_t n_stewards;
	struct url act, page;
	bool all; /* decides everywhere, and names stewards */
	struct str mail, territory;
	const char *error;
};

/* Handlers of programme_web.c's table. */
enum err programme_queue(struct req *rq);
enum err programme_queue_post(struct req *rq);
enum err programme_plan(struct req *rq);
enum err programme_plan_post(struct req *rq);
enum err programme_next_post(struct req *rq);

/* The programme of an address "/programmes/:slug…" for those who decide in it; E_DENIED, or E_LOGIN, for others. */
MUST_USE enum err programme_kept(struct req *rq, struct object *out);

#endif
