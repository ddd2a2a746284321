/*
 * The settings of the demonstration's site.
 */
#ifndef CMD_DEMO_SITE_H
#define CMD_DEMO_SITE_H

#include "../base/err.h"
#include "../base/json.h"

struct db;

/* Puts the settings of demo/site.json in force, once: a site marked as a demonstration keeps what its administrator changed
 * since. E_CONFLICT for a site that has a name of its own: what is invented must not mix with what is true. In the caller's write transaction. */
MUST_USE enum err demo_site(struct db *db, struct mem *m, const struct json *site, int64_t now, bool *changed);

#endif
