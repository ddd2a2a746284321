/*
 * What an event is, for every room that stands on the agenda: its table of fields, its occurrences, its hosts by consent, and how
 * to hear of a change. Registrations, programmes, paper and imports use this; the agenda knows none of them.
 */
#ifndef MOD_AGENDA_EVENT_H
#define MOD_AGENDA_EVENT_H

#include "../../cal/cal.h"
#include "../../core/object.h"

extern const struct entity event_entity;
extern const struct vocabulary event_kinds, event_audiences, event_accesses, event_attendances, event_states, event_roles,
	event_registrations, event_consents;

/* ---- time ------------------------------------------------------------------------------------------------------------ */

enum {
	EVENT_MONTHS = 24,      /* how far ahead a series without end is written out; a job pushes it on */
	EVENT_OCCURRENCES = 1000 /* of one series */
};

/* The series behind a document, whole or a view of it; lives in `m`. A date that is missing or wrong makes precision CAL_NONE. */
struct cal_series event_series(struct mem *m, const struct json *doc);

/* What is kept of an event beside its document. */
struct event_info {
	int64_t event;
	int64_t sequence;   /* of iCalendar: grows with each change of time, place or state once published */
	int64_t changed_at; /* when that last happened, 0: never */
	struct str changed; /* names of the fields that changed then: "start,places" */
	int64_t first_at;   /* start of the first occurrence, 0: to be decided */
	int64_t last_at;    /* end of the last one; 0: without end, or to be decided */
	bool endless;       /* goes on beyond what is written out */
};
/* E_NOTFOUND for what is no event. */
MUST_USE enum err event_info(struct db *db, struct mem *m, int64_t event, struct event_info *out);

/* One occurrence. Times are local to `zone`; from and to are instants (ms UTC). */
struct event_occurrence {
	int64_t event, n;
	int64_t from, to;
	struct cal_moment on, start, end; /* `on`: its place in the series, which does not move; end CAL_NONE: none given */
	struct str zone;
	bool cancelled;
};
/* Those that end after `after` (ms UTC; 0 for all that are kept), in order, cancelled ones too. */
MUST_USE enum err event_occurrences(struct db *db, struct mem *m, int64_t event, int64_t after, size_t max,
				    struct event_occurrence **out, size_t *n);
/* The first one that is not over and not cancelled; E_NOTFOUND when there is none. */
MUST_USE enum err event_next(struct db *db, struct mem *m, int64_t event, int64_t now, struct event_occurrence *out);
/* The one whose place in the series is `on` ("2026-12-18T18:30"). */
MUST_USE enum err event_occurrence_on(struct db *db, struct mem *m, int64_t event, struct str on, struct event_occurrence *out);

/* ---- hosts ----------------------------------------------------------------------------------------------------------- */

struct event_host {
	int64_t actor;          /* 0: a name of nobody in the directory */
	struct str slug, title; /* of the actor; slug NULL p when actor is 0 */
	struct str role;        /* of event_roles */
	struct str state;       /* of event_consents: named, asked, accepted, declined */
};
/* All of them, those not (yet) shown included: for organisers and moderators. Pages take what object_view() shows. */
MUST_USE enum err event_hosts(struct db *db, struct mem *m, const struct object *ob, struct event_host **out, size_t *n);
/* An actor answers ("accepted", "declined"), or somebody entitled answers for it; the event is saved again, so that pages, lists
 * and feeds follow. E_NOTFOUND if it was not asked. */
MUST_USE enum err event_host_answer(struct db *db, struct mem *m, int64_t event, int64_t actor, const char *state, const struct act *act);
/* The same for a programme and an event of it (table programme_event): saves the event again with what the table says. */
MUST_USE enum err event_refresh(struct db *db, struct mem *m, int64_t event, const struct act *act);

/* ---- changes --------------------------------------------------------------------------------------------------------- */

enum event_change {
	EVENT_TIME = 1,       /* start, end, zone, repetition, exceptions */
	EVENT_PLACE = 2,      /* places, attendance */
	EVENT_STATE = 4,      /* planned, changed, postponed, cancelled */
	EVENT_PUBLISHED = 8,  /* shown for the first time, or again */
	EVENT_WITHDRAWN = 16, /* no longer published: archived, removed, merged */
	EVENT_HOSTS = 32,
	EVENT_TEXT = 64       /* anything else that the public sees */
};

/* Who wants to know. Called in the transaction of the save, after it: queue jobs and mails, write own tables, nothing slow. The
 * list is event_observers in modules.c. */
struct event_observer {
	const char *name;
	enum err (*changed)(struct db *db, struct mem *m, const struct object *event, unsigned what, int64_t now);
};
extern const struct event_observer *const event_observers[]; /* ends with NULL */

#endif
