/*
 * Settings by part: the table of core/setting.h as forms.
 */
#include "../../core/colour.h"
#include "../../db/db.h"
#include "../../entity/tree.h"
#include "admin_pages.h"
#include "admin_settings.html.h"

static const struct part {
	const char *slug, *title;
} parts[] = {
	{"site",   N_("The site")},
	{"look",   N_("Look")    },
	{"map",    N_("Map")     },
	{"safety", N_("Safety")  },
};

static const struct part *part_find(struct str slug)
{
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (str_eq(str_of(parts[i].slug), slug)) {
			return &parts[i];
		}
	}
	return NULL;
}

static enum err fill(struct req *rq, const struct part *part, struct setting_page *p)
{
	*p = (struct setting_page){.part = part->slug, .title = part->title};
	p->n_langs = admin_langs(rq, p->langs);
	for (size_t i = 0; i < settings_n && p->n < COUNT(p->fields); i++) {
		if (strcmp(settings[i].part, part->title) == 0) {
			struct setting_field *f = &p->fields[p->n++];
			f->s = &settings[i];
			p->upload = p->upload || settings[i].type == SET_FILE;
			TRY(setting_get(rq->db, rq->mem, str_of(settings[i].name), &f->value));
		}
	}
	return OK;
}

/* ---- from the form ---------------------------------------------------------------------------------------------------- */

static struct json texts_from_form(struct req *rq, const char *name)
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

static struct json langs_from_form(struct req *rq)
{
	struct json out = tree_array();
	struct str first = req_form(rq, "langs_first");

	if (site_lang_index(first) >= 0) {
		tree_add(rq->mem, &out, tree_str(first));
	}
	for (int i = 0; i < SITE_LANGS; i++) {
		for (size_t k = 0; req_form_at(rq, "langs", k).p; k++) {
			struct str s = req_form_at(rq, "langs", k);
			if (str_eq(s, str_of(site_langs[i])) && !str_eq(s, first)) {
				tree_add(rq->mem, &out, tree_str(s));
			}
		}
	}
	return out;
}

/* A file that came with the form, kept before the transaction begins: pictures take their time. */
struct kept_file {
	struct str name;
	const char *error;
};

static enum err keep_file(struct req *rq, const char *input, struct kept_file *out)
{
	const struct entity_world *w = entity_world();
	struct str reason = STR_NONE;

	*out = (struct kept_file){.name = STR_NONE};
	if (!w->store_file) {
		return OK;
	}
	enum err e = w->store_file(rq, input, &out->name, &reason);
	if (e == E_INVALID) {
		out->error = N_("This file could not be kept: a picture in PNG, JPEG or WebP is expected.");
		return OK;
	}
	return e;
}

enum err setting_from_form(struct req *rq, const struct setting *s, struct json *value)
{
	struct str text = req_form(rq, s->name);

	switch (s->type) {
	case SET_TEXTS:
		*value = texts_from_form(rq, s->name);
		return OK;
	case SET_BOOL:
		*value = (struct json){.kind = text.p ? JSON_IS_TRUE : JSON_IS_FALSE};
		return OK;
	case SET_LANGS:
		*value = langs_from_form(rq);
		return OK;
	case SET_FILE:
		if (req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "%s_remove", s->name))).p) {
			*value = tree_str(S(""));
		}
		return OK;
	case SET_COLOUR:
		*value = text.p ? tree_str(str_lower(rq->mem, str_trim(text))) : *value;
		return OK;
	case SET_LINE:
	case SET_ZONE:
	case SET_COUNTRY:
	case SET_MAIL:
	case SET_TILES:
		*value = text.p ? tree_str(str_trim(text)) : *value;
		return OK;
	case SET_MENU:
	case SET_BLOCKS:
	case SET_CHOICES:
		return OK; /* have pages of their own */
	}
	return OK;
}

/* Colours are judged together: each may be right and the pair unreadable. */
static void check_colours(struct setting_page *p)
{
	struct str c[4] = {S(""), S(""), S(""), S("")};
	static const char *const names[4] = {"accent", "accent2", "paper", "ink"};
	struct setting_field *at[4] = {NULL};

	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < 4; k++) {
			if (strcmp(p->fields[i].s->name, names[k]) == 0) {
				at[k] = &p->fields[i];
				c[k] = json_str(&p->fields[i].value);
			}
		}
	}
	const char *errors[4] = {NULL};
	colours_check(c[0], c[1], c[2], c[3], errors);
	for (size_t k = 0; k < 4; k++) {
		if (at[k] && errors[k]) {
			at[k]->error = errors[k];
			p->n_errors++;
		}
	}
}

enum err setting_save_all(struct req *rq, struct setting_page *p, bool *ok)
{
	check_colours(p);
	TRY(db_savepoint(rq->db));
	for (size_t i = 0; i < p->n; i++) {
		struct setting_field *f = &p->fields[i];
		struct json now;
		const char *why;

		TRY(setting_get(rq->db, rq->mem, str_of(f->s->name), &now));
		if (f->error || tree_same(&now, &f->value)) {
			continue;
		}
		enum err e =
			setting_put(rq->db, rq->mem, str_of(f->s->name), &f->value, rq->who.account, rq->now, &why);
		if (e == E_INVALID) {
			f->error = why;
			p->n_errors++;
		} else {
			TRY(e);
		}
	}
	*ok = p->n_errors == 0;
	if (*ok) {
		req_public_change(rq);
		return db_savepoint_keep(rq->db);
	}
	db_savepoint_undo(rq->db);
	return OK;
}

enum err setting_show(struct req *rq)
{
	const struct part *part = part_find(req_param(rq, "part"));
	struct setting_page *p = mem_new(rq->mem, struct setting_page);

	if (!part) {
		return E_NOTFOUND;
	}
	TRY(fill(rq, part, p));
	return page(rq, str_of(T(rq, N_("Settings"))), settings_view, p);
}

enum err setting_post(struct req *rq)
{
	const struct part *part = part_find(req_param(rq, "part"));
	struct setting_page *p = mem_new(rq->mem, struct setting_page);
	struct kept_file file;
	bool ok;

	if (!part) {
		return E_NOTFOUND;
	}
	TRY(keep_file(rq, "logo", &file));
	TRY(req_begin(rq, true));
	TRY(fill(rq, part, p));
	for (size_t i = 0; i < p->n; i++) {
		struct setting_field *f = &p->fields[i];
		TRY(setting_from_form(rq, f->s, &f->value));
		if (f->s->type == SET_FILE) {
			f->value = file.name.p ? tree_str(file.name) : f->value;
			f->error = file.error;
			p->n_errors += file.error != NULL;
		}
	}
	TRY(setting_save_all(rq, p, &ok));
	if (!ok) {
		req_status(rq, 422);
		return page(rq, str_of(T(rq, N_("Settings"))), settings_view, p);
	}
	req_notice(rq, "ok", str_of(T(rq, N_("The settings are kept."))));
	return redirect(rq, link_to(rq, "/admin/settings/:part", str_of(part->slug)));
}

enum err raid_post(struct req *rq)
{
	bool on = str_eq(req_form(rq, "raid"), S("on"));
	struct json value = {.kind = on ? JSON_IS_TRUE : JSON_IS_FALSE};
	const char *why;

	TRY(setting_put(rq->db, rq->mem, S("raid"), &value, rq->who.account, rq->now, &why));
	req_public_change(rq);
	req_notice(rq, "ok",
		   str_of(T(rq, on ? N_("Raid mode is on: everything new is held, nobody can sign up.")
				   : N_("Raid mode is off."))));
	return redirect(rq, link_plain(rq, "/admin"));
}
