/*
 * The settings of the demonstration's site, from demo/site.json to the rows of core/setting.h.
 */
#include "demo_site.h"

#include "../base/buf.h"
#include "../base/limits.h"
#include "../core/setting.h"
#include "../entity/tree.h"

static enum err put(struct db *db, struct mem *m, const char *name, const struct json *value, int64_t now)
{
	const char *why;
	enum err e = setting_put(db, m, str_of(name), value, 0, now, &why);

	return e == E_INVALID ? fail(E_BUG, "demonstration: setting %s: %s", name, why) : e;
}

/* A block's text with the buttons below it as a line of links. */
static struct json with_links(struct mem *m, const struct json *body, const struct json *links)
{
	struct json out = tree_object();

	for (size_t i = 0; i < body->n; i++) {
		const char *lang = str_c(m, body->keys[i]);
		struct buf b = buf_make(m, LIMIT_MARKDOWN);

		buf_put(&b, json_str(&body->items[i]));
		for (size_t k = 0; k < links->n; k++) {
			const struct json *l = json_at(links, k);
			buf_fmt(&b, "%s[%.*s](/%s%.*s)", k ? " · " : "\n\n",
				STR_ARG(json_str(json_get(json_get(l, "label"), lang))), lang,
				STR_ARG(json_str(json_get(l, "path"))));
		}
		tree_set(m, &out, body->keys[i], tree_str(buf_str(&b)));
	}
	return out;
}

static enum err put_blocks(struct db *db, struct mem *m, const char *name, const struct json *blocks, int64_t now)
{
	struct json list = tree_array();

	for (size_t i = 0; i < blocks->n; i++) {
		const struct json *j = json_at(blocks, i);
		struct json block = tree_object();

		tree_set(m, &block, S("slug"), *json_get(j, "slug"));
		tree_set(m, &block, S("title"), *json_get(j, "title"));
		tree_set(m, &block, S("body"), with_links(m, json_get(j, "body"), json_get(j, "links")));
		tree_add(m, &list, block);
	}
	return put(db, m, name, &list, now);
}

static enum err put_menu(struct db *db, struct mem *m, const struct json *menu, int64_t now)
{
	struct json list = tree_array();

	for (size_t i = 0; i < menu->n; i++) {
		struct json link = tree_object();

		tree_set(m, &link, S("target"), *json_get(json_at(menu, i), "path"));
		tree_set(m, &link, S("words"), *json_get(json_at(menu, i), "label"));
		tree_add(m, &list, link);
	}
	return put(db, m, "menu", &list, now);
}

enum err demo_site(struct db *db, struct mem *m, const struct json *site, int64_t now, bool *changed)
{
	struct json demo, name, yes = tree_true();

	*changed = false;
	TRY(setting_get(db, m, S("demo"), &demo));
	if (demo.kind == JSON_IS_TRUE) {
		return OK;
	}
	TRY(setting_get(db, m, S("name"), &name));
	if (name.n != 1 || !str_eq(json_str(json_get(&name, "fr")), S("Maillage"))) {
		return fail(E_CONFLICT,
			    "this site has a name of its own: the demonstration goes into another folder (--data)");
	}
	TRY(put(db, m, "name", json_get(site, "name"), now));
	TRY(put(db, m, "tagline", json_get(site, "tagline"), now));
	TRY(put(db, m, "langs", json_get(site, "languages"), now));
	TRY(put_menu(db, m, json_get(json_get(site, "menus"), "main"), now));
	TRY(put_blocks(db, m, "home", json_get(site, "home"), now));
	TRY(put_blocks(db, m, "pages", json_get(site, "pages"), now));
	*changed = true;
	return put(db, m, "demo", &yes, now);
}
