/*
 * Looking after what is kept: the yearly question whether a page is still right, the end of personal data, and the erasure of
 * a person from everywhere within a minute.
 */
#ifndef CORE_CARE_H
#define CORE_CARE_H

#include "../job/job.h"
#include "object.h"

/* ---- upkeep ---------------------------------------------------------------------------------------------------------- */

#define CARE_ASK_DAYS 330 /* after somebody last confirmed a page its contact is asked; a month later it is greyed */
#define CARE_OLD_DAYS 365

struct care_row {
	int64_t id, checked_at;
	struct str slug, title, territory;
};
/* Published objects that were last confirmed in (from, to], oldest first, after a row (id 0: from the beginning). */
MUST_USE enum err care_between(struct db *db, struct mem *m, const struct entity *e, int64_t from, int64_t from_id, int64_t to, size_t max,
			       struct care_row **out, size_t *n);
/* Walks those whose question came due since the last walk (each once a year, as long as nobody answers), and remembers. In the
 * caller's transaction. */
MUST_USE enum err care_ask_due(struct db *db, struct mem *m, const struct entity *e, int64_t now,
			       enum err (*fn)(void *arg, const struct care_row *row), void *arg);

/* ---- the end of personal data ---------------------------------------------------------------------------------------- */

#define CARE_KEEP_DAYS 365         /* of what was archived */
#define CARE_KEEP_REFUSED_DAYS 90  /* of what was refused or removed */

/* Takes personal fields out of objects that ended long enough ago, their history too. In the caller's transaction. */
MUST_USE enum err care_retention(struct db *db, struct mem *m, int64_t now, int64_t *cleaned);

/* ---- erasing a person ------------------------------------------------------------------------------------------------ */

#define CARE_OBJECTS 200     /* pages found at once */
#define CARE_WINDOW 10000    /* pages read by one statement */
#define CARE_WINDOWS 20      /* statements before the person is asked to go on: a second or so */

struct care_hit {
	struct object ob;
	bool now;      /* it stands in the page; else in its history only */
	bool in_title; /* which is left alone: the page is renamed or removed by hand */
};
struct care_found {
	struct care_hit *objects;
	size_t n;
	bool more;       /* and others: erase these, then search again */
	int64_t next;    /* pages up to this one were looked through; 0: all were */
	int64_t proposals, mails;
	int64_t account; /* 0: none */
	enum role role;
};
/* Words that are long enough not to be everybody's: a mail address or a full name. */
bool care_words_ok(struct str words);
/* Looks through the pages after `after`, as many as a visitor may wait for; through all else at once. */
MUST_USE enum err care_find(struct db *db, struct mem *m, const struct site *site, struct str words, int64_t after, struct care_found *out);

struct care_done {
	size_t objects;
	int64_t proposals, mails;
	bool account;
};
/* Erases them from the objects named, their history included, and from all proposals, mails and (when it has no special role)
 * the account. Contacts that hold them go whole; in texts they become "…". */
MUST_USE enum err care_erase(struct db *db, struct mem *m, const struct site *site, struct str words, const int64_t *objects, size_t n,
			     const struct act *act, struct care_done *out);

#endif
