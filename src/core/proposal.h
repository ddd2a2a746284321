/*
 * What people propose: new objects, changes, reports, claims. One queue, decided by those who moderate the object's territory
 * or themes. Whoever proposed keeps a secret of 160 bits from a mailed link (its keyed hash alone is stored) and can complete
 * or withdraw with it. The mail address is kept sealed and erased 90 days after the decision.
 */
#ifndef CORE_PROPOSAL_H
#define CORE_PROPOSAL_H

#include "object.h"

#define PROPOSAL_KEEP_DAYS 90

/* Writes a proposal: type, object, changes, base_version, note, mail, name, lang and account are read; `p->id` is set.
 * `*token` is the secret of the link, "" without mail. */
MUST_USE enum err proposal_create(struct db *db, struct mem *m, struct proposal *p, int64_t now, struct str *token);
/* The changes between an object and what somebody made of the view of it that they had: {"name": "…", "summary@en": null}.
 * What the view hid is kept. NULL if nothing differs. */
const struct json *proposal_changes(struct mem *m, const struct object *ob, enum sight sight, const struct json *edited);

/* E_NOTFOUND for a token that is none. */
MUST_USE enum err proposal_by_token(struct db *db, struct mem *m, struct str token, struct proposal *out);
MUST_USE enum err proposal_by_id(struct db *db, struct mem *m, int64_t id, struct proposal *out);
/* The link was followed: the address is its sender's. */
MUST_USE enum err proposal_confirm(struct db *db, int64_t id, int64_t now);
bool proposal_may_decide(const struct who *who, const struct proposal *p, const struct object *ob);

/* Open proposals (oldest first) that `who` may decide, after a cursor; *next is STR_NONE at the end. */
MUST_USE enum err proposal_queue(struct req *rq, size_t max, struct str after, struct proposal **out, size_t *n, struct str *next);
/* The same, of some only. */
struct proposal_filter {
	int type;                    /* enum proposal_type, -1 for any */
	const struct entity *entity; /* NULL: any */
	struct str territory;        /* a code, what is within it too; NULL p: anywhere */
};
MUST_USE enum err proposal_queue_of(struct req *rq, const struct proposal_filter *f, size_t max, struct str after,
				    struct proposal **out, size_t *n, struct str *next);
/* How many of each type there are under a filter (its type is not looked at), among the oldest LIMIT_DESK_SCAN. */
enum { PROPOSAL_TYPES = PROP_DUPLICATE + 1 };
MUST_USE enum err proposal_counts(struct req *rq, const struct proposal_filter *f, size_t counts[PROPOSAL_TYPES]);
/* How many, up to `max`: for the badge in the menu. */
MUST_USE enum err proposal_waiting(struct req *rq, size_t max, size_t *n);
/* Proposals about an object, newest first. */
MUST_USE enum err proposals_of(struct db *db, struct mem *m, int64_t object, size_t max, struct proposal **out, size_t *n);

/* One field of a change as the moderator sees it. */
struct proposal_field {
	struct change change;    /* key, field, before: now, after: proposed */
	const struct json *base; /* when it was proposed */
	bool conflict;           /* somebody changed it since, otherwise than proposed */
	bool done;               /* it already is as proposed */
};
MUST_USE enum err proposal_fields(struct db *db, struct mem *m, const struct proposal *p, const struct object *ob,
				  struct proposal_field **out, size_t *n);

/* Accepts: PROP_NEW publishes; PROP_CHANGE writes the fields named by `keys` (`n` of them; all without conflict when `keys` is
 * NULL), E_CONFLICT when one is in conflict and `over` is false; PROP_WITHDRAW archives; PROP_CLAIM makes the account an
 * editor of the object; others are only closed. E_INVALID when it was decided already. */
MUST_USE enum err proposal_accept(struct db *db, struct mem *m, int64_t id, const struct str *keys, size_t n, bool over,
				  const struct act *act);
MUST_USE enum err proposal_refuse(struct db *db, struct mem *m, int64_t id, struct str reason, const struct act *act);
/* By whoever proposed it, while it is open. */
MUST_USE enum err proposal_withdraw(struct db *db, struct mem *m, int64_t id, const struct act *act);
/* Erases mail addresses, names and messages of proposals decided more than PROPOSAL_KEEP_DAYS ago; how many. */
MUST_USE enum err proposals_purge(struct db *db, int64_t now, int64_t *erased);
/* Those whose sender, message or changes hold these words: counts them and, when `erase`, forgets who sent them and what they
 * wrote beside. */
MUST_USE enum err proposals_forget(struct db *db, struct mem *m, struct str words, bool erase, int64_t *n);

#endif
