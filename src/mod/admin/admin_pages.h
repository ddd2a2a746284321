/*
 * What the files of the administrator's room share: the rows their templates take, and their handlers.
 */
#ifndef MOD_ADMIN_PAGES_H
#define MOD_ADMIN_PAGES_H

#include "../../core/mail.h"
#include "../../core/setting.h"
#include "../../core/theme.h"
#include "../../entity/entity.h"
#include "../../web/req.h"
#include "../../web/site.h"
#include "job.sql.h"

/* The languages in which texts are asked for: those offered, the first one first. */
struct admin_lang {
	const char *code;
	struct str name;
	bool rtl;
};
size_t admin_langs(const struct req *rq, struct admin_lang out[SITE_LANGS]);

/* ---- admin.c: the first page ---- */

struct admin_count {
	struct str label; /* in the visitor's language */
	int64_t n;
};

struct admin_home {
	struct admin_count kinds[12];
	size_t n_kinds;
	int64_t waiting; /* proposals and new objects */
	int64_t jobs_failed, jobs_waiting;
	int64_t mail_waiting, mail_refused, mail_kept;
	bool mail_set, themes_set, named;
	struct str version, engine;
	int64_t disk_free; /* bytes; -1: not known */
	bool has_desk, has_import, has_accounts, has_sources;
};

/* ---- setting_web.c ---- */

struct setting_field {
	const struct setting *s;
	struct json value;
	const char *error; /* N_() or NULL */
};

struct setting_page {
	const char *part;  /* slug of the part: "site", "look"… */
	const char *title; /* N_() */
	struct setting_field fields[16];
	size_t n;
	struct admin_lang langs[SITE_LANGS];
	size_t n_langs;
	size_t n_errors;
	bool upload; /* a file may come with the form */
};
/* Reads one setting from the posted form; what stands now is in `*value` and stays where nothing was sent. */
MUST_USE enum err setting_from_form(struct req *rq, const struct setting *s, struct json *value);
/* Writes all fields of a page or none; *ok false when some have errors, told in the fields. */
MUST_USE enum err setting_save_all(struct req *rq, struct setting_page *p, bool *ok);
enum err setting_show(struct req *rq);
enum err setting_post(struct req *rq);
enum err raid_post(struct req *rq);

/* ---- setup_web.c: a fresh site, in one form ---- */

struct setup_page {
	struct setting_page form;
	bool themes; /* offered: there are none yet */
};
enum err setup_show(struct req *rq);
enum err setup_post(struct req *rq);

/* ---- block_web.c: home blocks, pages, menu ---- */

struct block_list {
	const char *set;   /* "home" or "pages" */
	const char *title; /* N_() */
	struct json blocks;
};

struct block_page {
	const char *set;
	struct str slug, old_slug; /* old: empty for a new one */
	struct json title, body;   /* texts by language */
	struct admin_lang langs[SITE_LANGS];
	size_t n_langs;
	bool preview;
	const char *error; /* N_() or NULL */
};

struct menu_page {
	struct json rows; /* with room for more */
	struct admin_lang langs[SITE_LANGS];
	size_t n_langs;
	const char *error;
};
enum err block_list_show(struct req *rq);
enum err block_move(struct req *rq);
enum err block_edit(struct req *rq);
enum err block_edit_post(struct req *rq);
enum err menu_show(struct req *rq);
enum err menu_post(struct req *rq);

/* ---- vocabulary_web.c ---- */

struct vocabulary_item {
	const char *kind;   /* N_(): whose list it is */
	const struct vocabulary *v;
	const char *label; /* of the field that uses it, N_() */
	size_t n;
};

struct vocabulary_list {
	struct vocabulary_item items[32];
	size_t n;
};

struct vocabulary_page {
	struct vocabulary_item item;
	struct json rows; /* what the administrator added, with room for more */
	const char *error;
};
enum err vocabularies_show(struct req *rq);
enum err vocabulary_show(struct req *rq);
enum err vocabulary_post(struct req *rq);

/* ---- theme_web.c ---- */

struct theme_page {
	const struct theme_tree *tree;
	struct theme edited; /* slug empty: a new one */
	struct str typed_slug;
	struct admin_lang langs[SITE_LANGS];
	size_t n_langs;
	const char *error;
};
enum err themes_show(struct req *rq);
enum err theme_show(struct req *rq);
enum err theme_post(struct req *rq);
struct job_ctx;
struct job;
enum err theme_job_again(const struct job_ctx *ctx, const struct job *job);

/* ---- mail_web.c ---- */

struct mail_line {
	struct str text;
	struct url link; /* the whole line is an address, or s.p NULL */
};

struct mail_page {
	struct mail_item *items;
	size_t n;
	int64_t open; /* id of the one shown, 0 for none */
	struct mail_item shown;
	struct mail_line *lines;
	size_t n_lines;
	bool server_set;
	struct url older; /* s.p NULL: no more */
};

struct mail_server_page {
	struct str host, port, user, from, from_name, hourly;
	int way; /* 0 STARTTLS, 1 TLS from the start, 2 none */
	bool has_password, is_set;
	const char *error;
};
enum err mail_show(struct req *rq);
enum err mail_post(struct req *rq);
enum err mail_server_show(struct req *rq);
enum err mail_server_post(struct req *rq);
enum err mail_test_post(struct req *rq);

/* ---- job_web.c ---- */

struct job_page {
	struct job_failure *failed;
	size_t n_failed;
	struct job_next_row *next;
	size_t n_next;
};
/* What a kind of work does: N_(), or the kind's own name. */
const char *job_doc(struct str kind);
/* Why a piece of work failed, in a sentence: N_(). */
const char *job_cause(struct str error);
enum err jobs_show(struct req *rq);
enum err jobs_post(struct req *rq);

#endif
