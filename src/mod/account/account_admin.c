/*
 * The administrator's list of accounts: invite, change a role and what a moderator looks after, close.
 */
#include "../../base/buf.h"
#include "../../core/atlas.h"
#include "../../core/mail.h"
#include "account.h"
#include "account_accounts.html.h"
#include "account_pages.h"

enum { SCOPE_TEXT_MAX = 4000, SCOPES_MAX = 100 };

/* "26, FR-ARA, housing": what a moderator looks after, as one line. */
static enum err scope_line(struct req *rq, int64_t id, struct str *line)
{
	static const char *const kinds[] = {"territory", "theme"};
	struct buf b = buf_make(rq->mem, SCOPE_TEXT_MAX);

	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct str *values;
		size_t n;

		TRY(account_scope_of(rq->db, rq->mem, id, kinds[k], &values, &n));
		for (size_t i = 0; i < n; i++) {
			if (b.n) {
				buf_put(&b, S(", "));
			}
			buf_put(&b, values[i]);
		}
	}
	*line = buf_str(&b);
	return OK;
}

static enum err show(struct req *rq, struct accounts_page *p, int64_t after)
{
	TRY(account_list(rq->db, rq->mem, rq->site, after, &p->accounts, &p->n));
	p->scopes = mem_array(rq->mem, struct str, p->n);
	for (size_t i = 0; i < p->n; i++) {
		TRY(scope_line(rq, p->accounts[i].id, &p->scopes[i]));
	}
	return page(rq, str_of(T(rq, N_("Accounts"))), accounts_view, p);
}

enum err accounts_list(struct req *rq)
{
	struct accounts_page p = {.mail = S(""), .role = ROLE_EDITOR};
	int64_t after = 0;

	TRY(req_query_int(rq, "after", 0, 0, INT64_MAX, &after));
	return show(rq, &p, after);
}

static enum err invite_again(struct req *rq, struct str mail, enum role role, const char *error)
{
	struct accounts_page p = {.mail = mail.p ? mail : S(""), .role = role, .error = error};

	req_status(rq, 422);
	return show(rq, &p, 0);
}

static enum err done(struct req *rq, const char *sentence)
{
	req_notice(rq, "ok", str_of(T(rq, sentence)));
	return redirect(rq, link_plain(rq, "/admin/accounts"));
}

enum err accounts_invite(struct req *rq)
{
	struct str mail = str_trim(req_form(rq, "mail"));
	enum role role;
	int64_t id;
	enum err e;

	if (!role_of(req_form(rq, "role"), &role)) {
		return problem(rq, E_INVALID, N_("Choose a role from the list."));
	}
	e = account_create(rq->db, rq->mem, rq->site, mail, STR_NONE, str_of(rq->lang), role, rq->now, &id);
	if (e == E_INVALID) {
		return invite_again(rq, mail, role, N_("Write the e-mail address in full, like name@example.org."));
	}
	if (e == E_CONFLICT) {
		return invite_again(rq, mail, role, N_("This address has an account already: change its role below."));
	}
	TRY(e);
	TRY(account_send_link(rq, mail, id, S(""), rq->lang));
	return done(rq, N_("The account is made, and a link to sign in is on its way."));
}

/* Sorts "26, FR-ARA, housing" into territories (known to the atlas) and themes. */
static enum err set_scope(struct req *rq, int64_t id, struct str line)
{
	struct str territories[SCOPES_MAX], themes[SCOPES_MAX], rest = line;
	size_t n_territories = 0, n_themes = 0;

	while (rest.p && n_territories + n_themes < SCOPES_MAX) {
		struct str word = str_trim(str_cut(&rest, ','));

		if (word.n && atlas_find(word)) {
			territories[n_territories++] = word;
		} else if (word.n) {
			themes[n_themes++] = word;
		}
	}
	TRY(account_set_scope(rq->db, id, "territory", territories, n_territories));
	return account_set_scope(rq->db, id, "theme", themes, n_themes);
}

enum err accounts_change(struct req *rq)
{
	int64_t id;
	enum role role;

	if (!str_to_i64(req_param(rq, "id"), &id)) {
		return E_NOTFOUND;
	}
	if (id == rq->who.account) {
		return problem(rq, E_CONFLICT, N_("Your own role is for another administrator to change."));
	}
	if (req_form(rq, "close").n) {
		TRY(account_close(rq->db, id));
		return done(rq, N_("The account is closed."));
	}
	if (!role_of(req_form(rq, "role"), &role)) {
		return problem(rq, E_INVALID, N_("Choose a role from the list."));
	}
	TRY(account_set_role(rq->db, id, role));
	TRY(set_scope(rq, id, req_form(rq, "scope")));
	return done(rq, N_("The changes are kept."));
}
