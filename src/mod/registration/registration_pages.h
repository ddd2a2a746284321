/*
 * What the pages of registration show.
 */
#ifndef MOD_REGISTRATION_PAGES_H
#define MOD_REGISTRATION_PAGES_H

#include "../../job/job.h"
#include "../agenda/event.h"
#include "registration.h"

enum { REG_NAME_MAX = 120 };

/* The page behind one's signed address. */
struct reg_mine {
	struct registration r;
	struct reg_setup setup;
	struct reg_slot slot;
	struct object event;
	struct url act, join, page; /* page: of the event, when everybody may see it */
	const char *state, *refusal;
	bool joinable, over, name_wrong, places_wrong;
	struct str typed_name, secret;
	struct html code; /* for the door: leads those who receive people to the button */
};

/* A date that one may register for. */
struct reg_date {
	int64_t occ;
	struct str words;    /* "vendredi 18 décembre 2026 à 18:30" in the event's zone */
	bool full, waiting;  /* full: only the waiting list, if there is one */
	int64_t left;        /* free places, -1: no limit */
	enum reg_refusal refusal;
	struct event_occurrence at;
};

/* A question of the organisers. */
struct reg_question {
	struct str id, label, purpose, answer;
	bool required, wrong;
};

enum { REG_DATES_MAX = 60, REG_ERRORS_MAX = 16 };

/* The form where one registers. */
struct reg_ask_page {
	struct object event;
	struct reg_setup setup;
	struct reg_date *dates;
	size_t n_dates;
	struct reg_question *questions;
	size_t n_questions;
	struct url act, page;
	struct str name, mail, places, needs, interpreting, group, invitation;
	int64_t occ;
	const char *name_error, *mail_error, *places_error, *date_error, *group_error, *question_error;
	const char *closed; /* why nobody can register now, or NULL */
	bool sent, minor;
};

/* What names a date for good: 0 for an event of one date, else its day in the series, which stays when the hour moves. */
int64_t reg_occ(const struct object *event, const struct event_occurrence *at);
/* When it ends; two hours after its start when nobody said. */
int64_t reg_ends(const struct event_occurrence *at);
/* Tells the people of a date, some at a time: payload "event occ step after". */
enum err reg_job_news(const struct job_ctx *ctx, const struct job *job);

/* When an occurrence takes place, in words of its own zone. */
struct str reg_when(struct req *rq, const struct event_occurrence *at);
/* The event of an address "/agenda/:slug/…" with its setup; E_NOTFOUND when people do not register for it here. */
MUST_USE enum err reg_event(struct req *rq, struct object *event, struct reg_setup *setup);
/* The dates to come that are not cancelled, each with its row, which is made when it is not there and `write`. */
MUST_USE enum err reg_dates(struct req *rq, const struct object *event, const struct reg_setup *setup, bool invited, struct reg_date **out, size_t *n);
/* The organisers' questions, answered from `answers` (JSON, or NULL p). */
void reg_questions(struct mem *m, const struct reg_setup *setup, struct str answers, struct reg_question **out, size_t *n);

/* Handlers of registration_web.c's table. */
enum err reg_ask_show(struct req *rq);
enum err reg_ask_post(struct req *rq);

/* ---- organisers ---- */

struct reg_desk_date {
	struct reg_slot slot;
	struct reg_counts counts;
	struct str words;
	struct url link;
};

struct reg_desk {
	struct object event;
	struct reg_setup setup;
	bool fresh; /* nothing was decided yet */
	struct reg_slot *slots;
	size_t n_slots;
	struct reg_desk_date *rows;
	size_t n_rows;
	struct reg_question *questions;
	size_t n_questions;
	struct url act, page;
	struct str secret, typed_secret, typed_mails;
	const char *error, *said;
};

struct reg_person {
	int64_t id;
	enum reg_state state;
	int64_t places, present;
	bool held;
	struct str name, mail, needs, interpreting, group, answers;
	struct opt_int link_mail;
	int64_t link_version;
	const char *link; /* what became of the mail with the link, or NULL */
};

struct reg_people {
	struct reg_desk desk;
	struct reg_slot slot;
	struct reg_person *people;
	size_t n;
	struct url act, csv, pdf, attend;
	struct str words, subject, body;
};

enum { REG_ATTEND_MAX = 2000 };

/* The page at the door. */
struct reg_attend {
	struct object event;
	struct reg_slot slot;
	struct reg_person *people;
	size_t n;
	struct url act;
	struct str words;
};

/* The people of the date in the address; E_DENIED for whoever does not keep the event. */
MUST_USE enum err reg_people_read(struct req *rq, struct reg_people *p);
enum err reg_desk_show(struct req *rq);
enum err reg_desk_post(struct req *rq);
enum err reg_people_show(struct req *rq);
enum err reg_people_post(struct req *rq);
enum err reg_people_csv(struct req *rq);
enum err reg_people_pdf(struct req *rq);
enum err reg_attend_show(struct req *rq);
enum err reg_attend_post(struct req *rq);
enum err reg_here(struct req *rq);

/* The words of a state (N_()), as the person reads them. */
const char *reg_state_words(enum reg_state state);

#endif
