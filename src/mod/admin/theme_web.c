/*
 * The tree of themes: add, rename, move, remove. What is listed under a theme that moved is listed again by a job.
 */
#include "../../base/id.h"
#include "../../base/utf8.h"
#include "../../db/db.h"
#include "../../job/job.h"
#include "admin_pages.h"
#include "admin_themes.html.h"

enum { NAME_MAX_CHARS = 80, POSITION_MAX = 1000 };

enum err themes_show(struct req *rq)
{
	struct theme_page *p = mem_new(rq->mem, struct theme_page);

	p->tree = theme_tree();
	return page(rq, str_of(T(rq, N_("Themes"))), themes_view, p);
}

static enum err show_form(struct req *rq, struct theme_page *p)
{
	p->tree = theme_tree();
	p->n_langs = admin_langs(rq, p->langs);
	return page(rq, str_of(T(rq, p->edited.slug.n ? N_("A theme") : N_("A new theme"))), theme_view, p);
}

enum err theme_show(struct req *rq)
{
	struct theme_page *p = mem_new(rq->mem, struct theme_page);
	struct str slug = req_query(rq, "slug");

	if (slug.n) {
		const struct theme *t = theme_find(slug);
		if (!t) {
			return E_NOTFOUND;
		}
		p->edited = *t;
	} else {
		p->edited.slug = S("");
		p->edited.parent = req_query(rq, "parent");
	}
	return show_form(rq, p);
}

static enum err again(struct req *rq, struct str slug)
{
	return job_add(rq->db, "theme-again", slug, STR_NONE, 0);
}

static enum err done(struct req *rq, const char *sentence)
{
	req_public_change(rq);
	req_notice(rq, "ok", str_of(T(rq, sentence)));
	return redirect(rq, link_plain(rq, "/admin/themes"));
}

static enum err remove_theme(struct req *rq, struct theme_page *p)
{
	enum err e = theme_remove(rq->db, rq->mem, p->edited.slug);

	if (e == E_CONFLICT) {
		p->error = N_("Other themes lie below this one: move or remove them first.");
		req_status(rq, 422);
		return show_form(rq, p);
	}
	TRY(e);
	TRY(again(rq, p->edited.slug));
	return done(rq, N_("The theme is removed."));
}

/* False when one is too long; it is kept as typed, to be shown again. */
static bool read_names(struct req *rq, struct theme *t)
{
	bool ok = true;

	for (int i = 0; i < SITE_LANGS; i++) {
		struct str s = str_trim(req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "name.%s", site_langs[i]))));
		t->name.in[i] = s.p ? s : S("");
		ok = ok && utf8_len(t->name.in[i]) <= NAME_MAX_CHARS;
	}
	return ok;
}

enum err theme_post(struct req *rq)
{
	struct theme_page *p = mem_new(rq->mem, struct theme_page);
	struct str slug = req_form(rq, "slug"), parent = req_form(rq, "parent");
	const struct theme *old = slug.n ? theme_find(slug) : NULL;
	int64_t position = 0;

	if (slug.n && !old) {
		return E_NOTFOUND;
	}
	p->edited = old ? *old : (struct theme){.slug = S("")};
	if (str_eq(req_form(rq, "act"), S("remove")) && old) {
		return remove_theme(rq, p);
	}
	bool fits = read_names(rq, &p->edited);
	p->edited.parent = parent.n ? parent : STR_NONE;
	if (str_to_i64(req_form(rq, "position"), &position) && position >= 0 && position <= POSITION_MAX) {
		p->edited.position = (int)position;
	}
	struct theme t = p->edited;
	struct str first = site_text_in(rq->site, &t.name, rq->site->langs[0]);
	t.slug = old ? old->slug : id_slug(rq->mem, first);
	t.slug = t.slug.n ? t.slug : id_short(rq->mem); /* a name without a Latin letter */
	if (!fits) {
		p->error = N_("A name has at most eighty characters.");
	} else if (!first.n) {
		p->error = N_("Please give the theme a name, in one language at least.");
	} else if (!old && theme_find(t.slug)) {
		p->error = N_("There is a theme of this name already.");
	} else {
		enum err e = theme_put(rq->db, rq->mem, &t);
		if (e == OK) {
			TRY(old ? again(rq, t.slug) : OK);
			return done(rq, N_("The theme is kept."));
		}
		if (e != E_INVALID) {
			return e;
		}
		p->error = N_("A theme cannot lie below itself, nor so deep: please choose another place.");
	}
	req_status(rq, 422);
	return show_form(rq, p);
}

enum err theme_job_again(const struct job_ctx *ctx, const struct job *job)
{
	TRY(db_begin(ctx->db, DB_WRITE));
	enum err e = theme_objects_again(ctx->db, ctx->mem, job->payload);
	if (e != OK) {
		db_rollback(ctx->db);
		return e;
	}
	return db_commit(ctx->db);
}
