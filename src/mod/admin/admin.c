/*
 * The administrator's first page: what waits, what failed, what remains to be set up; and the table of the room.
 */
#include "admin.h"

#include <sys/statvfs.h>

#include "../../core/object.h"
#include "../../core/upkeep.h"
#include "../../db/db.h"
#include "../../job/job.h"
#include "../../web/page.h"
#include "../../web/web.h"
#include "admin.sql.h"
#include "admin_home.html.h"
#include "admin_pages.h"
#include "object.sql.h"

size_t admin_langs(const struct req *rq, struct admin_lang out[SITE_LANGS])
{
	for (size_t i = 0; i < rq->site->n_langs; i++) {
		const char *code = rq->site->langs[i];
		out[i] = (struct admin_lang){code, words_language(rq, str_of(code)), strcmp(code, "ar") == 0};
	}
	return rq->site->n_langs;
}

/* How many are published, kind by kind. */
static enum err count_kinds(struct req *rq, struct admin_home *p)
{
	for (const struct entity *e = entity_next(NULL); e && p->n_kinds < COUNT(p->kinds); e = entity_next(e)) {
		struct term_find_row t = {0};
		enum err err = term_find(rq->db, str_of(e->kind), S(""), S(""), rq->mem, &t);

		if (err != OK && err != E_NOTFOUND) {
			return err;
		}
		p->kinds[p->n_kinds++] = (struct admin_count){str_of(T(rq, e->label_plural)), err == OK ? t.uses : 0};
	}
	return OK;
}

static enum err count_mail(struct req *rq, int64_t state, int64_t *n)
{
	struct admin_mail_in_state_row row;

	TRY(admin_mail_in_state(rq->db, state, rq->mem, &row));
	*n = row.total;
	return OK;
}

static enum err count_work(struct req *rq, struct admin_home *p)
{
	struct admin_objects_waiting_row objects;
	struct admin_proposals_open_row proposals;
	struct admin_jobs_failed_row failed;
	struct job_waiting_row waiting;

	TRY(admin_objects_waiting(rq->db, rq->mem, &objects));
	TRY(admin_proposals_open(rq->db, rq->mem, &proposals));
	/* A proposed object has its proposal too, unless it came by another way. */
	p->waiting = objects.total > proposals.total ? objects.total : proposals.total;
	TRY(admin_jobs_failed(rq->db, rq->mem, &failed));
	p->jobs_failed = failed.total;
	TRY(job_waiting(rq->db, rq->now, rq->mem, &waiting));
	p->jobs_waiting = waiting.waiting;
	TRY(count_mail(rq, 0, &p->mail_waiting));
	TRY(count_mail(rq, 2, &p->mail_refused));
	return count_mail(rq, 3, &p->mail_kept);
}

static int64_t disk_free(struct req *rq)
{
	struct statvfs v;
	struct str dir = web_data_dir();

	if (!dir.n || statvfs(str_c(rq->mem, dir), &v) != 0) {
		return -1;
	}
	return (int64_t)v.f_bavail * (int64_t)v.f_frsize;
}

static enum err admin_show(struct req *rq)
{
	struct admin_home *p = mem_new(rq->mem, struct admin_home);
	struct mail_server server;
	struct json name;
	enum err e = mail_server_get(rq->db, rq->mem, rq->site, &server);

	if (e != OK && e != E_NOTFOUND) {
		return e;
	}
	p->mail_set = e == OK;
	p->themes_set = theme_tree()->n > 0;
	TRY(setting_get(rq->db, rq->mem, S("name"), &name));
	p->named = name.n > 1 || !str_eq(json_str(json_get(&name, "fr")), S("Maillage"));
	TRY(count_kinds(rq, p));
	TRY(count_work(rq, p));
	p->version = S(MAILLAGE_VERSION);
	p->engine = db_engine(rq->db) == DB_PG ? S("PostgreSQL") : S("SQLite");
	p->disk_free = disk_free(rq);
	p->has_desk = page_has(rq, "/desk");
	p->has_import = page_has(rq, "/admin/import");
	p->has_sources = page_has(rq, "/admin/sources");
	p->has_accounts = page_has(rq, "/admin/accounts");
	return page(rq, str_of(T(rq, N_("Administration"))), admin_home_view, p);
}

static const struct route routes[] = {
	{GET,  "/admin",                    ADMIN, admin_show,        N_("What waits and what failed"),          0},
	{GET,  "/admin/setup",              ADMIN, setup_show,        N_("Set a fresh site up"),                 0},
	{POST, "/admin/setup",              ADMIN, setup_post,        N_("Set a fresh site up"),                 0},
	{GET,  "/admin/settings/:part",     ADMIN, setting_show,      N_("Settings of the site"),                0},
	{POST, "/admin/settings/:part",     ADMIN, setting_post,      N_("Change settings of the site"),
	 ROUTE_UPLOAD | ROUTE_LATE										},
	{POST, "/admin/raid",               ADMIN, raid_post,         N_("Turn raid mode on or off"),            0},
	{GET,  "/admin/blocks/:set",        ADMIN, block_list_show,   N_("Blocks of the home page, or pages"),   0},
	{POST, "/admin/blocks/:set",        ADMIN, block_move,        N_("Move or remove a block or page"),      0},
	{GET,  "/admin/blocks/:set/edit",   ADMIN, block_edit,        N_("Write a block or page"),               0},
	{POST, "/admin/blocks/:set/edit",   ADMIN, block_edit_post,   N_("Keep a block or page, or preview it"), 0},
	{GET,  "/admin/menu",               ADMIN, menu_show,         N_("The main menu"),                       0},
	{POST, "/admin/menu",               ADMIN, menu_post,         N_("Change the main menu"),                0},
	{GET,  "/admin/vocabularies",       ADMIN, vocabularies_show, N_("Lists of choices"),                    0},
	{GET,  "/admin/vocabularies/:name", ADMIN, vocabulary_show,   N_("One list of choices"),                 0},
	{POST, "/admin/vocabularies/:name", ADMIN, vocabulary_post,   N_("Add choices to a list"),               0},
	{GET,  "/admin/themes",             ADMIN, themes_show,       N_("The tree of themes"),                  0},
	{GET,  "/admin/themes/edit",        ADMIN, theme_show,        N_("One theme"),                           0},
	{POST, "/admin/themes/edit",        ADMIN, theme_post,        N_("Keep or remove a theme"),              0},
	{GET,  "/admin/mail",               ADMIN, mail_show,         N_("Kept and sent mails"),                 0},
	{POST, "/admin/mail",               ADMIN, mail_post,         N_("Send kept mails again"),               0},
	{GET,  "/admin/mail-server",        ADMIN, mail_server_show,  N_("The mail server"),                     0},
	{POST, "/admin/mail-server",        ADMIN, mail_server_post,  N_("Change the mail server"),              0},
	{POST, "/admin/mail-server/test",   ADMIN, mail_test_post,    N_("Send a test mail"),                    0},
	{GET,  "/admin/jobs",               ADMIN, jobs_show,         N_("Work in the background"),              0},
	{POST, "/admin/jobs",               ADMIN, jobs_post,         N_("Try failed work again"),               0},
};

static const struct job_kind jobs[] = {
	{"media-purge", upkeep_job_media, 24 * 3600, 0, N_("Removes attached files that nothing names any more")},
	{"change-trim", upkeep_job_changes, 24 * 3600, 0, N_("Forgets old entries of the list of changes")},
	{"theme-again", theme_job_again, 0, 0, N_("Lists again what lies under a theme that moved")},
};

const struct module admin_module = {
	.name = "admin",
	.routes = TABLE(routes),
	.jobs = TABLE(jobs),
};
