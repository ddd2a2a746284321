/*
 * The site's settings: rows of name and JSON value, each with a type, bounds and default in one table, from which the
 * administrator's pages, the snapshot (web/site.h) and the checks derive. Values are read whole and checked once, when written.
 */
#ifndef CORE_SETTING_H
#define CORE_SETTING_H

#include "../base/json.h"
#include "../web/site.h"

struct db;

enum setting_type {
	SET_LINE,     /* string */
	SET_TEXTS,    /* {"fr": "…", "en": "…"}: one line in each language */
	SET_BOOL,
	SET_COLOUR,   /* "#rrggbb" or "" */
	SET_LANGS,    /* ["fr", "en"]: default first */
	SET_ZONE,     /* IANA time zone */
	SET_COUNTRY,  /* ISO2 */
	SET_MAIL,
	SET_FILE,     /* media name or "" */
	SET_TILES,    /* "", https address template, or file name of the data folder */
	SET_MENU,     /* [{"words": {…}, "target": "/directory"}] */
	SET_BLOCKS,   /* [{"slug", "title": {…}, "body": {…}}]: body is Markdown */
	SET_CHOICES   /* [{"slug", "label", "icon", "aliases"}]: added to a vocabulary */
};

struct setting {
	const char *name;
	enum setting_type type;
	const char *label;   /* N_() */
	const char *help;    /* N_(), or NULL */
	const char *fallback; /* JSON */
	const char *part;    /* N_(): pages group settings under it */
};
extern const struct setting settings[];
extern const size_t settings_n;
const struct setting *setting_find(struct str name);

/* The value in force (the default when nothing was set). For "vocabulary.NAME" too, of editable vocabularies. */
MUST_USE enum err setting_get(struct db *db, struct mem *m, struct str name, struct json *out);
/* Whether a value may stand; E_INVALID with a sentence (N_()) in `*why`, E_NOTFOUND for an unknown name. */
MUST_USE enum err setting_check(struct mem *m, struct str name, const struct json *value, const char **why);
/* Checks and writes one; E_INVALID with a sentence (N_()) in `*why` when it cannot be. The new snapshot is in force
 * once the transaction is committed, at once outside one; other processes follow within a second (site_poll). */
MUST_USE enum err setting_put(struct db *db, struct mem *m, struct str name, const struct json *value, int64_t account,
			      int64_t now, const char **why);

/* Makes the snapshot from the database and puts it in force (themes too); the site's key is made when there is none.
 * Not inside a transaction. */
MUST_USE enum err site_load(struct db *db);
/* Looks whether another process changed settings or public data, and makes caches follow. Called every second by serve. */
void site_poll(struct db *db);

#endif
