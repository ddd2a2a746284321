/*
 * The demonstration's events: dates counted from the day they are loaded, so that the agenda is never empty, and hosts who
 * have agreed.
 */
#ifndef CMD_DEMO_EVENTS_H
#define CMD_DEMO_EVENTS_H

#include "../core/object.h"

/* Writes the days that "+12T18:30", "-3", "+2M" and "@12-18T18:00" mean into "start" and "end" of a document. */
void demo_event_times(struct mem *m, struct json *doc, int64_t now);
/* The hosts of an event that was just saved agree; nothing for other kinds. */
MUST_USE enum err demo_event_hosts(struct db *db, struct mem *m, const struct object *ob, int64_t now);

#endif
