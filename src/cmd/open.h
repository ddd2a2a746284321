/*
 * What every command does before its own work: the data directory, the settings file, the database, the site.
 */
#ifndef CMD_OPEN_H
#define CMD_OPEN_H

#include "../db/db.h"
#include "opts.h"

struct opened {
	struct str data;  /* the data directory, without slash at the end */
	struct str where; /* what db_open() takes */
	struct db *db;
};

/* Reads --config (or maillage.conf of the data directory) into `a`. */
MUST_USE enum err cmd_conf(struct args *a);
/* Opens the database, creating and migrating it if `make`; then lets every module start (settings, sessions). Without `make`
 * a missing or older database is E_NOTFOUND or E_CONFLICT, with the cause logged. */
MUST_USE enum err cmd_open(struct args *a, bool make, struct opened *out);
void cmd_close(struct opened *o);
/* Opens what --allow-fetch names to jobs that read other sites. False, with the cause said, for what is no range. */
bool cmd_allow_fetches(const struct args *a);

#endif
