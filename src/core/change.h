/*
 * Telling that what visitors see has changed: in the database for other processes, and, once the transaction is committed,
 * to what this one keeps in memory.
 */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include "../db/db.h"

/* Public data changed: pages made before the commit are not served after it. */
MUST_USE enum err change_public(struct db *db);
/* Settings, choices or themes changed: the same, and requests that begin after the commit have the new ones. */
MUST_USE enum err change_site(struct db *db);

#endif
