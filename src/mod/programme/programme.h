/*
 * Common programmes: a day, a week or a campaign that many organisations fill together, each with its own events. The agenda knows
 * that a programme accepts an event (programme_event); this room has what the programme is, who decides, what was prepared.
 */
#ifndef MOD_PROGRAMME_H
#define MOD_PROGRAMME_H

#include "../../core/browse.h"
#include "../agenda/event.h"

extern const struct entity programme_entity;
extern const struct module programme_module;
extern const struct vocabulary programme_kinds;

enum { PROGRAMME_QUEUE_MAX = 200, PROGRAMME_DAYS_MAX = 62, PROGRAMME_STEWARDS_MAX = 200 };

/* How a programme fared: events and towns, for its page and to compare with the edition before. */
struct programme_figures {
	int64_t events, towns, hosts;
};
MUST_USE enum err programme_figures(struct db *db, struct mem *m, int64_t programme, struct programme_figures *out);

/* Whether it takes new events now; then why not, or NULL. */
const char *programme_closed(const struct object *programme, const char *zone, int64_t now);

/* An event that somebody put under the programme, as whoever decides sees it. */
struct programme_asked {
	int64_t event;
	struct str slug, title, territory, reason, decided;
	enum status status;
	struct url url;
	struct str when, where;
	bool may; /* this person may decide it */
};
/* May this person decide for the programme: its editors and moderators everywhere, stewards in their territories. */
MUST_USE enum err programme_may(struct req *rq, const struct object *programme, struct str territory, bool *yes);
/* Accepts or refuses an event, with a reason; the event then shows under the programme, or no longer. E_NOTFOUND when the event does
 * not ask for this programme. */
MUST_USE enum err programme_decide(struct req *rq, int64_t programme, int64_t event, bool accept, struct str reason);

#endif
