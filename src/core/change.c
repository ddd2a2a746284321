/*
 * What follows a change of public data. It follows the commit: a page made in between shows what was there before, and is kept
 * under the version from before, so that nobody is served it afterwards.
 */
#include "change.h"

#include "../base/log.h"
#include "../web/web.h"
#include "object.sql.h"
#include "setting.h"

static void drop_pages(struct db *db, bool kept)
{
	(void)db;
	if (kept) {
		web_data_changed();
	}
}

static void load_site(struct db *db, bool kept)
{
	if (kept && site_load(db) != OK) {
		log_error("the settings were kept, but not read again: tried once more within a second");
	}
}

enum err change_public(struct db *db)
{
	TRY(data_version_bump(db, S("public")));
	db_after(db, drop_pages);
	return OK;
}

enum err change_site(struct db *db)
{
	TRY(data_version_bump(db, S("site")));
	db_after(db, load_site);
	return change_public(db);
}
