/*
 * What the administrator writes: the blocks of the home page, the pages (about, legal notice...), the main menu.
 */
#include "../../base/id.h"
#include "../../entity/tree.h"
#include "admin_blocks.html.h"
#include "admin_pages.h"

enum { MENU_MAX = 12, MENU_SPARE = 2 };

static const char *set_of(struct req *rq)
{
	struct str s = req_param(rq, "set");

	return str_eq(s, S("home")) ? "home" : str_eq(s, S("pages")) ? "pages" : NULL;
}

static struct json texts_of(struct req *rq, const char *name)
{
	struct json out = tree_object();

	for (int i = 0; i < SITE_LANGS; i++) {
		struct str s = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "%s.%s", name, site_langs[i]))));
		if (s.n) {
			tree_set(rq->mem, &out, str_of(site_langs[i]), tree_str(s));
		}
	}
	return out;
}

static ptrdiff_t index_of(const struct json *blocks, struct str slug)
{
	for (size_t i = 0; i < blocks->n; i++) {
		if (str_eq(json_str(json_get(&blocks->items[i], "slug")), slug)) {
			return (ptrdiff_t)i;
		}
	}
	return -1;
}

static enum err put(struct req *rq, const char *name, const struct json *value, const char **why)
{
	enum err e = setting_put(rq->db, rq->mem, str_of(name), value, rq->who.account, rq->now, why);

	if (e == OK) {
		req_public_change(rq);
	}
	return e;
}

enum err block_list_show(struct req *rq)
{
	struct block_list *p = mem_new(rq->mem, struct block_list);

	p->set = set_of(rq);
	if (!p->set) {
		return E_NOTFOUND;
	}
	p->title = strcmp(p->set, "home") == 0 ? N_("Blocks of the home page") : N_("Pages");
	TRY(setting_get(rq->db, rq->mem, str_of(p->set), &p->blocks));
	return page(rq, str_of(T(rq, p->title)), block_list_view, p);
}

enum err block_move(struct req *rq)
{
	const char *set = set_of(rq), *why;
	struct str act = req_form(rq, "act");
	struct json now, list;
	ptrdiff_t at;

	if (!set) {
		return E_NOTFOUND;
	}
	TRY(setting_get(rq->db, rq->mem, str_of(set), &now));
	at = index_of(&now, req_form(rq, "slug"));
	if (at < 0) {
		return E_NOTFOUND;
	}
	list = tree_copy(rq->mem, &now);
	size_t i = (size_t)at, with = str_eq(act, S("up")) ? i - 1 : i + 1;
	if (str_eq(act, S("remove"))) {
		memmove(&list.items[i], &list.items[i + 1], (list.n - i - 1) * sizeof(list.items[0]));
		list.n--;
	} else if ((str_eq(act, S("up")) && i > 0) || (str_eq(act, S("down")) && i + 1 < list.n)) {
		struct json moved = list.items[i];
		list.items[i] = list.items[with];
		list.items[with] = moved;
	}
	TRY(put(rq, set, &list, &why));
	return redirect(rq, link_to(rq, "/admin/blocks/:set", str_of(set)));
}

static void fill(struct req *rq, struct block_page *p, const char *set)
{
	*p = (struct block_page){
		.set = set, .title = tree_object(), .body = tree_object(), .slug = S(""), .old_slug = S("")};
	p->n_langs = admin_langs(rq, p->langs);
}

static struct str title_of(struct req *rq, const struct block_page *p)
{
	return str_of(T(rq, strcmp(p->set, "home") == 0 ? N_("A block of the home page") : N_("A page")));
}

enum err block_edit(struct req *rq)
{
	struct block_page *p = mem_new(rq->mem, struct block_page);
	const char *set = set_of(rq);
	struct json blocks;

	if (!set) {
		return E_NOTFOUND;
	}
	fill(rq, p, set);
	if (req_query(rq, "slug").n) {
		TRY(setting_get(rq->db, rq->mem, str_of(set), &blocks));
		ptrdiff_t at = index_of(&blocks, req_query(rq, "slug"));
		if (at < 0) {
			return E_NOTFOUND;
		}
		p->slug = p->old_slug = req_query(rq, "slug");
		p->title = *json_get(&blocks.items[at], "title");
		p->body = *json_get(&blocks.items[at], "body");
	}
	return page(rq, title_of(rq, p), block_edit_view, p);
}

static enum err keep(struct req *rq, struct block_page *p)
{
	struct json now, list, block = tree_object();

	TRY(setting_get(rq->db, rq->mem, str_of(p->set), &now));
	list = tree_copy(rq->mem, &now);
	tree_set(rq->mem, &block, S("slug"), tree_str(p->slug));
	tree_set(rq->mem, &block, S("title"), p->title);
	tree_set(rq->mem, &block, S("body"), p->body);
	ptrdiff_t at = index_of(&list, p->old_slug);
	if (at >= 0) {
		list.items[at] = block;
	} else {
		tree_add(rq->mem, &list, block);
	}
	return put(rq, p->set, &list, &p->error);
}

enum err block_edit_post(struct req *rq)
{
	struct block_page *p = mem_new(rq->mem, struct block_page);
	const char *set = set_of(rq);

	if (!set) {
		return E_NOTFOUND;
	}
	fill(rq, p, set);
	p->title = texts_of(rq, "title");
	p->body = texts_of(rq, "body");
	p->slug = str_trim(req_form(rq, "slug"));
	p->old_slug = req_form(rq, "old_slug").p ? req_form(rq, "old_slug") : S("");
	if (!p->slug.n && p->title.n) {
		p->slug = id_slug(rq->mem, json_str(&p->title.items[0]));
	}
	p->preview = str_eq(req_form(rq, "act"), S("preview"));
	if (p->preview) {
		return page(rq, title_of(rq, p), block_edit_view, p);
	}
	enum err e = p->title.n ? keep(rq, p) : E_INVALID;
	if (e == E_INVALID) {
		p->error = p->error ? p->error : N_("Please give it a title, in one language at least.");
		req_status(rq, 422);
		return page(rq, title_of(rq, p), block_edit_view, p);
	}
	TRY(e);
	req_notice(rq, "ok", str_of(T(rq, N_("The text is kept."))));
	return redirect(rq, link_to(rq, "/admin/blocks/:set", str_of(set)));
}

/* ---- the menu --------------------------------------------------------------------------------------------------------- */

static enum err menu_page(struct req *rq, struct menu_page *p)
{
	for (size_t i = 0; i < MENU_SPARE && p->rows.n < MENU_MAX; i++) {
		tree_add(rq->mem, &p->rows, tree_object());
	}
	p->n_langs = admin_langs(rq, p->langs);
	return page(rq, str_of(T(rq, N_("Main menu"))), menu_view, p);
}

enum err menu_show(struct req *rq)
{
	struct menu_page *p = mem_new(rq->mem, struct menu_page);
	struct json now;

	TRY(setting_get(rq->db, rq->mem, S("menu"), &now));
	p->rows = tree_copy(rq->mem, &now);
	return menu_page(rq, p);
}

enum err menu_post(struct req *rq)
{
	struct menu_page *p = mem_new(rq->mem, struct menu_page);

	p->rows = tree_array();
	for (int i = 0; i < MENU_MAX; i++) {
		struct json row = tree_object();
		struct str target = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "menu.%d.target", i))));
		struct json words = texts_of(rq, str_c(rq->mem, str_fmt(rq->mem, "menu.%d.words", i)));
		if (!target.n && words.n == 0) {
			continue;
		}
		tree_set(rq->mem, &row, S("target"), tree_str(target.p ? target : S("")));
		tree_set(rq->mem, &row, S("words"), words);
		tree_add(rq->mem, &p->rows, row);
	}
	enum err e = put(rq, "menu", &p->rows, &p->error);
	if (e == E_INVALID) {
		req_status(rq, 422);
		return menu_page(rq, p);
	}
	TRY(e);
	req_notice(rq, "ok", str_of(T(rq, N_("The menu is kept."))));
	return redirect(rq, link_plain(rq, "/admin/menu"));
}
