/*
 * The desk: how anybody proposes, corrects, reports, claims and writes, and how those who moderate decide. One set of
 * handlers for all kinds: each finds its kind in the address ("/directory/…" is the actors' room). Rules are core/proposal's
 * and core/object's; here are pages, mails and what goes from one to the other.
 */
#ifndef MOD_DESK_DESK_H
#define MOD_DESK_DESK_H

#include "../../core/care.h"
#include "../../core/dup.h"
#include "../../core/object.h"
#include "../../core/proposal.h"
#include "../../html/out.h"

extern const struct module desk_module;

/* ---- what all files share (desk_common.c) ---- */

/* The kind whose room this address is in; never NULL in handlers of rooms. */
const struct entity *desk_entity(const struct req *rq);
/* An address under a kind's room: desk_link(rq, e, "/:slug/edit", slug); for an address without parameter the slug is unused. */
struct url desk_link(const struct req *rq, const struct entity *e, const char *rest, struct str slug);
/* The object that ":slug" names. E_NOTFOUND as object_get(). */
MUST_USE enum err desk_object(struct req *rq, struct object *out);
/* True if a machine filled in the field that people do not see. */
bool desk_is_trap(const struct req *rq);
/* Something to decide on, by those who must know who they are: new things are held in raid mode. */
bool desk_closed(const struct req *rq);
/* The page that says that proposals are closed. */
enum err desk_closed_page(struct req *rq);
/* An act of this request. */
struct act desk_act(const struct req *rq, const char *verb);

/* A value in words, rows of a group on lines of their own. */
struct str desk_words(struct req *rq, const struct field *f, const struct json *v);
/* "Presentation (English)": a change's key in words. */
struct str desk_key_label(const struct req *rq, const struct entity *e, struct str key);
/* The title of a kind in a sentence: "Actor". */
struct str desk_kind_words(const struct req *rq, const struct entity *e);

/* One field in words, for tables of differences and previews. */
struct desk_field {
	struct str key, label;
	struct str before, after, base; /* in words */
	bool conflict, done;
	bool long_text;                 /* shown by words that changed */
	bool hidden;                    /* that it changed may be known, its values not */
};
/* Every filled-in field of a document that `sight` may see. */
size_t desk_fields(struct req *rq, const struct entity *e, struct view v, struct desk_field **out);
/* The differences of two views. */
size_t desk_changes(struct req *rq, const struct entity *e, const struct json *a, const struct json *b, struct desk_field **out);

/* Words that differ: `after` writes the new side with <ins>, else the old one with <del> (desk_diff.c). */
void desk_diff(struct out *o, struct str before, struct str after, bool new_side);

/* ---- mails (desk_mail.c) ---- */

/* A request in another language, for words of mails. */
struct req *desk_in(struct req *rq, struct str lang);
/* The link of a proposal for whoever sent it: the secret when it is at hand, else signed. Absolute. */
struct str desk_proposal_link(struct req *rq, const struct proposal *p, struct str token, const char *lang);
/* The proposal behind ":token"; E_NOTFOUND with a sentence. */
MUST_USE enum err desk_proposal_of_link(struct req *rq, struct proposal *out);
/* Thanks and the link, after a proposal came in; nothing without address. */
MUST_USE enum err desk_mail_received(struct req *rq, const struct proposal *p, struct str title, struct str token);
enum desk_news { NEWS_ACCEPTED, NEWS_PARTLY, NEWS_REFUSED, NEWS_ASKED };
/* What was decided, in the language of whoever proposed it. */
MUST_USE enum err desk_mail_news(struct req *rq, const struct proposal *p, const struct object *ob, enum desk_news news, struct str reason);

/* ---- pages' data ---- */

struct desk_dup {
	struct url url;
	struct str title, where;
	const char *reason;
	int score;
	struct url merge;  /* s.p NULL when it is not offered */
	bool waiting;      /* not published yet */
};
/* What looks like a document, for a page; `all` tells of what is not published too. */
MUST_USE enum err desk_dups(struct req *rq, const struct entity *e, struct doc doc, int64_t self, bool all, struct desk_dup **out, size_t *n);

/* A page of translations that may be opened. */
struct desk_lang {
	struct str code;
	struct url url;
	bool begun;               /* there are some texts already */
};

struct propose_page {
	const struct entity *entity;
	struct form form;
	struct url action, back;
	struct str mail, name, note;
	const char *mail_error;   /* N_() */
	struct desk_dup *dups;
	size_t n_dups;
	bool ask_other;           /* the tick "it is another one" is asked for */
	bool with_person;         /* asks who proposes */
	bool mail_needed;
	bool at_once;             /* published as it is sent */
	const char *heading, *lede, *send; /* N_() */
	int64_t version;          /* of the object edited, 0 for a new one */
	struct str title;         /* of the object edited */
	struct str from, from_title; /* what a new practice is taken from: "resource" or "reuses", and its title; "" for none */
	struct url whole;         /* from a page of translations to the whole form */
	struct desk_lang *langs;  /* languages to translate into; none for what is not there yet */
	size_t n_langs;
};

struct link_page {
	struct proposal p;
	struct object ob;
	bool has_object;
	struct url correct, page;
	struct url act;
	bool open, may_correct, may_withdraw;
	const char *what, *state; /* N_() */
};

struct queue_row {
	struct proposal p;
	struct str title, where;
	struct url url;
	bool simple; /* may be accepted with others */
};
struct queue_tab {
	const char *words;
	struct url url;
	size_t n;
	bool current, more;
};
struct queue_page {
	struct queue_tab tabs[8];
	size_t n_tabs;
	struct queue_row *rows;
	size_t n;
	struct url next;
	struct str territory, territory_words, kind, type;
	int64_t oldest;
	size_t total;
};

struct item_page {
	struct proposal p;
	struct object ob;
	bool has_object;
	struct url page, edit, act;
	const char *what;              /* N_() */
	struct desk_field *fields;
	size_t n_fields;
	struct desk_dup *dups;
	size_t n_dups;
	bool conflict;
	struct str mail;               /* of whoever proposed */
	struct str where;
};

struct conflict_page {
	const struct entity *entity;
	struct str title;
	struct url action, back;
	struct str mine;               /* the whole document that was typed, as JSON */
	int64_t base, version;         /* what it was typed over; what is there now */
	struct desk_field *fields;     /* base: when typing began; before: theirs; after: mine */
	size_t n_fields;
	const char *theirs_by;         /* N_(): role of who changed it */
	int64_t theirs_at;
	bool must_choose;
};

struct history_item {
	struct revision_item rev;
	const char *verb, *by;         /* N_() */
	struct str fields;             /* labels */
	struct url difference;
	bool may_undo;
};
struct history_page {
	struct object ob;
	struct url page, undo;
	struct history_item *items;
	size_t n;
	bool keeper;                   /* sees notes */
	struct desk_dup *dups;         /* for those who moderate */
	size_t n_dups;
};
struct version_page {
	struct history_page h;
	struct history_item item;
	struct desk_field *fields;
	size_t n_fields;
};

struct note_page {
	struct object ob;
	struct url action, back;
	struct str mail, name, text, kind;
	const char *mail_error, *text_error; /* N_() */
	bool done;
};

struct upkeep_item {
	struct care_row row;
	struct url page, edit;
	struct str where;
	bool has_mail;
};
struct upkeep_page {
	struct upkeep_item *items;
	size_t n;
	bool more;
	struct str territory_words;
};
/* What the yearly mail's links open. */
struct still_page {
	struct object ob;
	struct url act, page, edit;
	struct str say;               /* "right", "changed", "closed" */
};

struct merge_field {
	struct str key, label, a, b;  /* in words */
	bool list;                    /* both may be kept */
	bool take_b;                  /* proposed: what only b has */
};
struct merge_page {
	struct object a, b;           /* b goes into a, unless `swap` */
	struct url url_a, url_b, act;
	struct str where_a, where_b;
	struct merge_field *fields;
	size_t n_fields;
	bool may_swap;                /* both are of one status: either may stay */
};

struct erase_hit {
	struct care_hit hit;
	struct url page, edit;
	bool may;
};
struct erase_page {
	struct str words;
	const char *error;            /* N_() */
	bool searched, account_kept;
	int64_t after;                /* pages after this one were searched */
	struct care_found found;
	struct erase_hit *hits;
};

/* Offers pages of translations of a document at `address`, and makes this one such a page when it is asked for. */
void desk_translate(struct req *rq, struct propose_page *p, const struct json *doc, struct url address);
/* Where an object can be reached by mail, hidden addresses too: they are used, never shown. STR_NONE if nowhere. */
struct str desk_mail_of(const struct object *ob);

/* Kinds of reports: word and N_() label. */
struct report_kind {
	const char *word, *label;
};
extern const struct report_kind report_kinds[];
extern const size_t report_kinds_n;

/* "a moderator", "somebody without account": N_(), never a name. */
MUST_USE enum err desk_role_words(struct req *rq, int64_t account, const char **out);

/* What came in and where it stands, in words: N_(). */
const char *desk_type_words(enum proposal_type type);
const char *desk_state_words(const struct proposal *p);

/* ---- handlers ---- */
enum err desk_propose(struct req *rq);
enum err desk_propose_post(struct req *rq);
enum err desk_thanks(struct req *rq);
enum err desk_duplicates(struct req *rq);
enum err desk_link_show(struct req *rq);
enum err desk_link_post(struct req *rq);
enum err desk_link_edit(struct req *rq);
enum err desk_link_edit_post(struct req *rq);
enum err desk_edit(struct req *rq);
enum err desk_edit_post(struct req *rq);
enum err desk_history(struct req *rq);
enum err desk_version(struct req *rq);
enum err desk_undo(struct req *rq);
enum err desk_report(struct req *rq);
enum err desk_report_post(struct req *rq);
enum err desk_claim(struct req *rq);
enum err desk_claim_post(struct req *rq);
enum err desk_claim_link(struct req *rq);
enum err desk_claim_link_post(struct req *rq);
enum err desk_contact(struct req *rq);
enum err desk_contact_post(struct req *rq);
enum err desk_upkeep(struct req *rq);
enum err desk_upkeep_post(struct req *rq);
enum err desk_still(struct req *rq);
enum err desk_still_post(struct req *rq);
enum err desk_merge(struct req *rq);
enum err desk_merge_post(struct req *rq);
enum err desk_erase(struct req *rq);
enum err desk_erase_post(struct req *rq);
/* Jobs: asks contacts once a year; takes out personal data whose time is over. */
enum err desk_job_upkeep(const struct job_ctx *ctx, const struct job *job);
enum err desk_job_retention(const struct job_ctx *ctx, const struct job *job);
enum err desk_queue(struct req *rq);
enum err desk_queue_post(struct req *rq);
enum err desk_item(struct req *rq);
enum err desk_item_post(struct req *rq);

#endif
