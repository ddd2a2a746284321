/*
 * The tree of themes as a table or as JSON, in an order in which it can be imported again: those above come first.
 */
#include "export_theme.h"

#include "../../base/csv.h"
#include "../../base/limits.h"
#include "../../core/theme.h"

void export_theme_json(struct json_out *j, const struct theme *t, struct str title)
{
	json_put_object(j);
	json_put_kv_str(j, S("id"), t->slug);
	json_put_kv_str(j, S("kind"), S("theme"));
	json_put_kv_str(j, S("title"), title);
	json_put_key(j, S("names"));
	json_put_object(j);
	for (int i = 0; i < SITE_LANGS; i++) {
		if (t->name.in[i].n) {
			json_put_kv_str(j, str_of(site_langs[i]), t->name.in[i]);
		}
	}
	json_put_object_end(j);
	json_put_kv_str(j, S("parent"), t->parent);
	json_put_kv_i64(j, S("position"), t->position);
	json_put_kv_str(j, S("icon"), t->icon);
	json_put_object_end(j);
}

static void put_csv(struct mem *m, struct buf *b)
{
	const struct theme_tree *tree = theme_tree();
	struct str cells[4 + SITE_LANGS] = {S("slug"), S("parent"), S("position"), S("icon")};

	for (int i = 0; i < SITE_LANGS; i++) {
		cells[4 + i] = str_fmt(m, "name@%s", site_langs[i]);
	}
	csv_put_row(b, cells, COUNT(cells), ',');
	for (size_t k = 0; k < tree->n; k++) {
		const struct theme *t = &tree->themes[k];

		cells[0] = t->slug;
		cells[1] = t->parent;
		cells[2] = str_fmt(m, "%d", t->position);
		cells[3] = t->icon;
		for (int i = 0; i < SITE_LANGS; i++) {
			cells[4 + i] = t->name.in[i];
		}
		csv_put_row(b, cells, COUNT(cells), ',');
	}
}

enum err export_themes(struct mem *m, bool json, const char *lang, struct str *out)
{
	const struct theme_tree *tree = theme_tree();
	struct buf *b = mem_new(m, struct buf);
	struct json_out j;

	*b = buf_make(m, LIMIT_API_PAGE);
	j = json_to(b);
	if (!json) {
		put_csv(m, b);
		*out = buf_str(b);
		return buf_ok(b) ? OK : E_LIMIT;
	}
	json_put_object(&j);
	json_put_key(&j, S("data"));
	json_put_array(&j);
	for (size_t i = 0; i < tree->n; i++) {
		export_theme_json(&j, &tree->themes[i], theme_name(tree->themes[i].slug, lang));
	}
	json_put_array_end(&j);
	json_put_key(&j, S("next"));
	json_put_null(&j);
	json_put_kv_i64(&j, S("total"), (int64_t)tree->n);
	json_put_object_end(&j);
	TRY(json_done(&j));
	*out = buf_str(b);
	return OK;
}
