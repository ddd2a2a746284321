/*
 * A fresh site, in one form: its name, its languages, its country, and the themes to start from.
 */
#include "../../web/page.h"
#include "admin_pages.h"
#include "admin_setup.html.h"

static const char *const asked[] = {"name", "tagline", "contact_mail", "langs", "country", "time_zone"};

static enum err fill(struct req *rq, struct setup_page *p)
{
	p->form = (struct setting_page){.part = "setup", .title = N_("The site")};
	p->form.n_langs = admin_langs(rq, p->form.langs);
	p->themes = theme_tree()->n == 0;
	for (size_t i = 0; i < COUNT(asked); i++) {
		struct setting_field *f = &p->form.fields[p->form.n++];
		f->s = setting_find(str_of(asked[i]));
		TRY(setting_get(rq->db, rq->mem, str_of(asked[i]), &f->value));
	}
	return OK;
}

enum err setup_show(struct req *rq)
{
	struct setup_page *p = mem_new(rq->mem, struct setup_page);

	TRY(fill(rq, p));
	req_page(rq)->body_class = "page-narrow";
	return page(rq, str_of(T(rq, N_("Set your site up"))), setup_view, p);
}

enum err setup_post(struct req *rq)
{
	struct setup_page *p = mem_new(rq->mem, struct setup_page);
	size_t made;
	bool ok;

	TRY(fill(rq, p));
	for (size_t i = 0; i < p->form.n; i++) {
		TRY(setting_from_form(rq, p->form.fields[i].s, &p->form.fields[i].value));
	}
	if (p->form.fields[0].value.n == 0) {
		p->form.fields[0].error = N_("Please give the site a name, in one language at least.");
		p->form.n_errors++;
	}
	TRY(setting_save_all(rq, &p->form, &ok));
	req_page(rq)->body_class = "page-narrow";
	if (!ok) {
		req_status(rq, 422);
		return page(rq, str_of(T(rq, N_("Set your site up"))), setup_view, p);
	}
	if (p->themes && req_form(rq, "themes").p) {
		TRY(theme_put_starter(rq->db, rq->mem, &made));
	}
	req_notice(rq, "ok", str_of(T(rq, N_("Your site is set up. What remains is below."))));
	return redirect(rq, link_plain(rq, "/admin"));
}
