/*
 * The tree of themes that a fresh site may start from: the demonstration's, which is the fruit of real networks' work.
 */
#include "demo_data.h"
#include "theme.h"

enum err theme_put_all(struct db *db, struct mem *m, const struct json *themes, size_t *made)
{
	for (size_t i = 0; i < themes->n; i++) {
		const struct json *j = json_at(themes, i);
		struct theme t = {.slug = json_str(json_get(j, "slug")),
				  .parent = json_str(json_get(j, "parent")),
				  .icon = json_str(json_get(j, "icon")),
				  .position = (int)i};

		if (theme_find(t.slug)) {
			continue;
		}
		for (int k = 0; k < SITE_LANGS; k++) {
			t.name.in[k] = json_str(json_get(json_get(j, "names"), site_langs[k]));
		}
		TRY(theme_put(db, m, &t));
		++*made;
	}
	return OK;
}

enum err theme_put_starter(struct db *db, struct mem *m, size_t *made)
{
	struct json *all = mem_new(m, struct json);

	*made = 0;
	TRY(json_parse(m, demo_files[0].body, all, NULL));
	return theme_put_all(db, m, json_get(all, "themes"), made);
}
