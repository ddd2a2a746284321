/*
 * GoGoCarto's taxonomy.json: a tree of categories ("options") in groups ("subcategories"). Read as rows it is a list of themes; read as
 * names it tells what the numbers of an elements.json mean.
 */
#include <fcntl.h>
#include <unistd.h>

#include "import_kind.h"

#include "../../base/id.h"
#include "../../base/limits.h"
#include "../../core/theme.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"

#define TAXONOMY_MAX MIB(4)

struct flat {
	struct import_row *rows;
	size_t n, at, max;
	struct map slugs; /* taken */
};

static void flatten(struct mem *m, struct flat *f, const struct json *j, struct str parent, int depth);

/* Two groups may each have an "Other". */
static struct str free_slug(struct mem *m, struct flat *f, struct str name, struct str parent)
{
	struct str slug = id_slug(m, name);

	if (map_get(&f->slugs, slug) && parent.n) {
		slug = id_slug(m, str_fmt(m, "%.*s %.*s", STR_ARG(parent), STR_ARG(name)));
	}
	for (int i = 2; map_get(&f->slugs, slug) && i < 1000; i++) {
		slug = id_slug(m, str_fmt(m, "%.*s %d", STR_ARG(name), i));
	}
	map_put(&f->slugs, slug, f);
	return slug;
}

/* One category, then those of all its groups: a group has no page of its own. */
static void add_option(struct mem *m, struct flat *f, const struct json *option, struct str parent, int depth)
{
	struct str name = json_str(json_get(option, "name"));
	struct json raw = tree_object();
	struct str slug;

	if (!name.n || f->n == f->max) {
		return;
	}
	slug = free_slug(m, f, name, parent);
	tree_put(m, &raw, S("slug"), tree_str(slug));
	tree_put(m, &raw, S("name"), tree_str(name));
	tree_put(m, &raw, S("parent"), tree_str(parent));
	tree_put(m, &raw, S("position"), tree_i64(m, (int64_t)f->n % 10000));
	f->rows[f->n] = (struct import_row){.raw = raw, .id = STR_NONE, .line = (int64_t)f->n + 1};
	f->n++;
	/* Deeper than themes go, it stays beside its parent. */
	flatten(m, f, json_get(option, "subcategories"), depth / 2 + 1 < THEME_DEPTH ? slug : parent, depth + 1);
}

static void flatten(struct mem *m, struct flat *f, const struct json *j, struct str parent, int depth)
{
	const struct json *options = json_get(j, "options");

	for (size_t i = 0; depth < LIMIT_JSON_DEPTH && j->kind == JSON_IS_ARRAY && i < j->n; i++) {
		flatten(m, f, &j->items[i], parent, depth + 1);
	}
	for (size_t i = 0; options->kind == JSON_IS_ARRAY && i < options->n; i++) {
		add_option(m, f, &options->items[i], parent, depth);
	}
}

static enum err next(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	struct flat *f = r->own;

	(void)m;
	*got = f->at < f->n;
	if (*got) {
		*row = f->rows[f->at++];
	}
	return OK;
}

enum err import_open_taxonomy(struct import_reader *r)
{
	struct flat *f = mem_new(r->mem, struct flat);
	struct buf b = buf_make(r->mem, TAXONOMY_MAX);
	struct json *j = mem_new(r->mem, struct json);
	struct json_where at = {.line = 0};
	struct str chunk = S(" ");

	while (chunk.n && buf_ok(&b)) {
		TRY(import_more(&r->bytes, &chunk));
		buf_put(&b, chunk);
	}
	if (!buf_ok(&b) || json_parse(r->mem, buf_str(&b), j, &at) != OK) {
		r->what = buf_ok(&b) && at.what ? at.what : N_("This file is not whole: it breaks off or is not JSON.");
		r->what_line = at.line;
		return E_INVALID;
	}
	f->max = 5000;
	f->slugs = map_make(r->mem);
	f->rows = mem_array(r->mem, struct import_row, f->max);
	flatten(r->mem, f, j, S(""), 0);
	r->own = f;
	r->next = next;
	return OK;
}

/* ---- names by number ------------------------------------------------------------------------------------------------- */

static void name_categories(struct mem *m, struct map *names, const struct json *j, int depth)
{
	const struct json *id = json_get(j, "id");
	struct str name = json_str(json_get(j, "name"));

	if (id->text.n && name.n) {
		struct str *to = mem_new(m, struct str);

		*to = name;
		map_put(names, id->text, to);
	}
	for (size_t i = 0; depth < LIMIT_JSON_DEPTH && (j->kind == JSON_IS_ARRAY || j->kind == JSON_IS_OBJECT) && i < j->n; i++) {
		name_categories(m, names, &j->items[i], depth + 1);
	}
}

enum err import_taxonomy(struct mem *m, const char *path, struct map **out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p = mem_get(m, MIB(4));
	struct json *j = mem_new(m, struct json);
	ssize_t n = fd < 0 ? -1 : read(fd, p, MIB(4));

	if (fd >= 0) {
		close(fd);
	}
	if (n < 0) {
		return fail(E_IO, "%s cannot be read", path);
	}
	if (json_parse(m, (struct str){p, (size_t)n}, j, NULL) != OK) {
		return fail(E_INVALID, "%s is not JSON", path);
	}
	*out = mem_new(m, struct map);
	**out = map_make(m);
	name_categories(m, *out, j, 0);
	return OK;
}
