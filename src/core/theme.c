/*
 * The tree of themes in memory, and its few changes.
 */
#include "theme.h"

#include <pthread.h>
#include <stdatomic.h>

#include "../base/id.h"
#include "../base/map.h"
#include "../base/utf8.h"
#include "../db/db.h"
#include "../entity/entity.h"
#include "change.h"
#include "object.h"
#include "object.sql.h"

/* A snapshot keeps its arena; old ones are kept for the requests that may still read them, and trees change rarely. */
struct snapshot {
	struct theme_tree tree;
	struct map by_slug, by_words;
	struct mem *mem;
	struct snapshot *older;
};

static _Atomic(struct snapshot *) now;
/* What a transaction of this thread made of the tree: its own until it is committed, for it may never be. */
static _Thread_local struct snapshot *draft;

static struct snapshot *in_force(void)
{
	return draft ? draft : atomic_load(&now);
}

const struct theme_tree *theme_tree(void)
{
	static const struct theme_tree none;
	struct snapshot *s = in_force();

	return s ? &s->tree : &none;
}

const struct theme *theme_find(struct str slug)
{
	struct snapshot *s = in_force();

	return s ? map_get(&s->by_slug, slug) : NULL;
}

size_t theme_ancestors(struct str slug, struct str up[THEME_DEPTH])
{
	const struct theme *t = theme_find(slug);
	size_t n = 0;

	while (t && t->parent.p && n < THEME_DEPTH) {
		up[n++] = t->parent;
		t = theme_find(t->parent);
	}
	return n;
}

struct str theme_name(struct str slug, const char *lang)
{
	const struct theme *t = theme_find(slug);
	int i = site_lang_index(str_of(lang));

	if (!t) {
		return slug;
	}
	if (i >= 0 && t->name.in[i].n) {
		return t->name.in[i];
	}
	for (i = 0; i < SITE_LANGS; i++) {
		if (t->name.in[i].n) {
			return t->name.in[i];
		}
	}
	return slug;
}

struct str theme_match(struct mem *m, struct str words)
{
	struct snapshot *s = in_force();
	const struct theme *t = s ? map_get(&s->by_slug, words) : NULL;

	if (!t && s) {
		t = map_get(&s->by_words, words_norm(m, words));
	}
	return t ? t->slug : STR_NONE;
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

/* Puts the themes under `parent` into `out`, depth first, from rows ordered by position. */
static size_t place(struct theme *out, size_t at, const struct theme *in, size_t n, struct str parent, int depth)
{
	for (size_t i = 0; i < n && depth < THEME_DEPTH; i++) {
		bool here = parent.p ? str_eq(in[i].parent, parent) && in[i].parent.p : !in[i].parent.p;
		if (here) {
			size_t mine = at++;
			out[mine] = in[i];
			out[mine].depth = depth;
			at = place(out, at, in, n, in[i].slug, depth + 1);
			out[mine].n_below = at - mine - 1;
		}
	}
	return at;
}

static void put_words(struct map *map, struct str words, struct theme *t)
{
	struct str w = words_norm(map->mem, words);

	if (w.n && !map_get(map, w)) {
		map_put(map, w, t);
	}
}

static void index_themes(struct snapshot *s, struct theme *themes)
{
	for (size_t i = 0; i < s->tree.n; i++) {
		map_put(&s->by_slug, themes[i].slug, &themes[i]);
		put_words(&s->by_words, themes[i].slug, &themes[i]);
		for (int k = 0; k < SITE_LANGS; k++) {
			if (themes[i].name.in[k].n) {
				put_words(&s->by_words, themes[i].name.in[k], &themes[i]);
			}
		}
	}
}

static enum err read_rows(struct db *db, struct mem *m, struct snapshot **out)
{
	struct snapshot *s = mem_new(m, struct snapshot);
	struct theme_rows_row *rows;
	struct theme_name_rows_row *names;
	size_t n, n_names;

	TRY(theme_rows(db, m, &rows, &n));
	TRY(theme_name_rows(db, m, &names, &n_names));
	struct theme *in = mem_array(m, struct theme, n), *themes = mem_array(m, struct theme, n);
	for (size_t i = 0; i < n; i++) {
		in[i] = (struct theme){.slug = rows[i].slug, .parent = rows[i].parent, .icon = rows[i].icon,
				       .position = (int)rows[i].position};
		for (size_t k = 0; k < n_names; k++) {
			int lang = site_lang_index(names[k].lang);
			if (lang >= 0 && str_eq(names[k].slug, rows[i].slug)) {
				in[i].name.in[lang] = names[k].name;
			}
		}
	}
	*s = (struct snapshot){.by_slug = map_make(m), .by_words = map_make(m), .mem = m};
	s->tree.n = place(themes, 0, in, n, STR_NONE, 0);
	s->tree.themes = themes;
	index_themes(s, themes);
	*out = s;
	return OK;
}

static enum err read_tree(struct db *db, struct snapshot **out)
{
	struct mem *m = mem_open();
	enum err err = read_rows(db, m, out);

	if (err != OK) {
		mem_close(m);
	}
	return err;
}

enum err theme_load(struct db *db)
{
	struct snapshot *s;

	TRY(read_tree(db, &s));
	s->older = atomic_load(&now);
	atomic_store(&now, s);
	return OK;
}

static void drop_drafts(struct db *db, bool kept)
{
	(void)db;
	(void)kept;
	while (draft) {
		struct snapshot *s = draft;

		draft = s->older;
		mem_close(s->mem);
	}
}

/* The tree was written: this transaction sees it, everybody else once it is committed. */
static enum err tree_changed(struct db *db)
{
	struct snapshot *s;

	if (db_in_tx(db)) {
		TRY(read_tree(db, &s));
		s->older = draft;
		draft = s;
		db_after(db, drop_drafts);
	}
	return change_site(db);
}

/* ---- changing -------------------------------------------------------------------------------------------------------- */

enum err theme_put(struct db *db, struct mem *m, const struct theme *t)
{
	struct str up[THEME_DEPTH];

	if (!t->slug.n || !str_eq(id_slug(m, t->slug), t->slug)) {
		return E_INVALID;
	}
	if (t->parent.p) {
		size_t n = theme_ancestors(t->parent, up);
		bool wrong = !theme_find(t->parent) || str_eq(t->parent, t->slug) || n + 1 >= THEME_DEPTH;
		for (size_t i = 0; i < n; i++) {
			wrong = wrong || str_eq(up[i], t->slug);
		}
		if (wrong) {
			return E_INVALID;
		}
	}
	TRY(theme_row_put(db, t->slug, t->parent, t->position, t->icon));
	TRY(theme_names_clear(db, t->slug));
	for (int i = 0; i < SITE_LANGS; i++) {
		if (t->name.in[i].n) {
			TRY(theme_name_put(db, t->slug, str_of(site_langs[i]), t->name.in[i]));
		}
	}
	return tree_changed(db);
}

enum err theme_remove(struct db *db, struct mem *m, struct str slug)
{
	const struct theme *t = theme_find(slug);

	(void)m;
	if (!t) {
		return E_NOTFOUND;
	}
	if (t->n_below) {
		return E_CONFLICT;
	}
	TRY(theme_names_clear(db, slug));
	TRY(theme_row_remove(db, slug));
	return tree_changed(db);
}

enum err theme_objects_again(struct db *db, struct mem *m, struct str slug)
{
	int64_t after = 0;

	for (;;) {
		struct mem_mark at = mem_mark(m);
		struct objects_of_theme_row *rows;
		size_t n;
		TRY(objects_of_theme(db, slug, after, 500, m, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			struct mem_mark one = mem_mark(m);
			TRY(object_rederive(db, m, rows[i].object, NULL));
			mem_rewind(m, one);
		}
		if (n == 0) {
			return change_public(db);
		}
		after = rows[n - 1].object;
		mem_rewind(m, at);
	}
}
