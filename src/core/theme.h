/*
 * The site's themes: a tree that the administrator edits, named in the five languages. Read from an immutable snapshot in
 * memory; objects keep slugs, and are listed under their themes and all those above (core/derive.c), so moving a theme
 * means deriving its objects again (theme_objects_again()).
 */
#ifndef CORE_THEME_H
#define CORE_THEME_H

#include "../base/err.h"
#include "../base/json.h"
#include "../web/site.h"

struct db;

#define THEME_DEPTH 6

struct theme {
	struct str slug, parent, icon; /* parent: NULL p at the top */
	struct site_text name;
	int position;
	int depth;         /* 0 at the top */
	size_t n_below;    /* themes that follow in the walk and lie under it */
};

/* The tree, depth first, brothers by position then slug. The pointer stays good for the request that read it. */
struct theme_tree {
	const struct theme *themes;
	size_t n;
};
const struct theme_tree *theme_tree(void);
const struct theme *theme_find(struct str slug);
/* The themes above, nearest first; how many. */
size_t theme_ancestors(struct str slug, struct str up[THEME_DEPTH]);
struct str theme_name(struct str slug, const char *lang);
/* By slug or name in any language, folded; STR_NONE if none fits. */
struct str theme_match(struct mem *m, struct str words);

/* Reads the tree from the database and puts it in force: a part of site_load(). What a transaction writes is seen by itself at
 * once, by others when it is committed. */
MUST_USE enum err theme_load(struct db *db);
/* Writes a theme, new or not. E_INVALID for a slug that is none, a parent that is unknown or lies below it, or too deep. */
MUST_USE enum err theme_put(struct db *db, struct mem *m, const struct theme *t);
/* Removes a theme that has none below it; objects keep the word but are not listed under it any more. */
MUST_USE enum err theme_remove(struct db *db, struct mem *m, struct str slug);
/* Derives the objects of a theme (and of those below) again. Run as a job after theme_put() moved it or theme_remove(). */
MUST_USE enum err theme_objects_again(struct db *db, struct mem *m, struct str slug);

/* Writes the themes of a JSON list ({"slug", "parent", "icon", "names"}) that are not there yet; *made grows by their number. */
MUST_USE enum err theme_put_all(struct db *db, struct mem *m, const struct json *themes, size_t *made);
/* The same with the tree that the program brings (demo/themes.json), for a fresh site. */
MUST_USE enum err theme_put_starter(struct db *db, struct mem *m, size_t *made);

#endif
