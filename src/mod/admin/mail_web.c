/*
 * The mails of the site: a reader for those kept and sent, and the server that takes them.
 */
#include "../../base/url.h"
#include "../../base/vec.h"
#include "../../core/account.h"
#include "admin_mail.html.h"
#include "admin_pages.h"

enum { MAIL_PAGE = 50, HOURLY_MAX = 100000 };

/* Lines of a plain text; one that is an address becomes a link. */
static void split_lines(struct req *rq, struct mail_page *p)
{
	VEC(struct mail_line) lines = {0};
	struct str rest = p->shown.body;

	while (rest.p) {
		struct str line = str_cut(&rest, '\n');
		struct mail_line *l = vec_add(rq->mem, &lines);
		l->text = line;
		if ((str_starts(line, S("https://")) || str_starts(line, S("http://"))) &&
		    url_parse(rq->mem, line, &l->link) != OK) {
			l->link.s = STR_NONE;
		}
	}
	p->lines = lines.p;
	p->n_lines = lines.n;
}

enum err mail_show(struct req *rq)
{
	struct mail_page *p = mem_new(rq->mem, struct mail_page);
	struct mail_server server;
	int64_t before, open;

	TRY(req_query_int(rq, "before", 0, 0, INT64_MAX, &before));
	TRY(req_query_int(rq, "open", 0, 0, INT64_MAX, &open));
	enum err e = mail_server_get(rq->db, rq->mem, rq->site, &server);
	if (e != OK && e != E_NOTFOUND) {
		return e;
	}
	p->server_set = e == OK;
	TRY(mail_list(rq->db, rq->mem, rq->site, before, &p->items, &p->n));
	if (open) {
		TRY(mail_get(rq->db, rq->mem, rq->site, open, &p->shown));
		p->open = open;
		split_lines(rq, p);
	}
	if (p->n >= MAIL_PAGE) {
		p->older = link_add(rq->mem, link_plain(rq, "/admin/mail"), "before",
				    str_fmt(rq->mem, "%lld", (long long)p->items[p->n - 1].id));
	}
	return page(rq, str_of(T(rq, N_("Mail"))), mail_view, p);
}

enum err mail_post(struct req *rq)
{
	int64_t id = 0, n = 0;

	if (req_form(rq, "id").n && (!str_to_i64(req_form(rq, "id"), &id) || id < 1)) {
		return E_NOTFOUND;
	}
	TRY(mail_retry(rq->db, id, rq->now, &n));
	req_notice(rq, n ? "ok" : "warning",
		   n ? str_of(T(rq, N_("They wait to be sent again.")))
		     : str_of(T(rq, N_("There was nothing to send again."))));
	return redirect(rq, link_plain(rq, "/admin/mail"));
}

/* ---- the server -------------------------------------------------------------------------------------------------------- */

/* "smtp://host:587" -> way, host, port */
static void take_url(struct req *rq, struct mail_server_page *p, const struct mail_server *s)
{
	struct str rest = s->url;

	p->way = str_starts(rest, S("smtps://")) ? 1 : s->plain ? 2 : 0;
	rest = str_sub(rest, p->way == 1 ? 8 : 7, rest.n);
	p->host = str_cut(&rest, ':');
	p->port = rest.p ? rest : S("");
	p->user = s->user;
	p->from = s->from;
	p->from_name = s->from_name;
	p->has_password = s->password.n > 0;
	p->hourly = s->hourly ? str_fmt(rq->mem, "%lld", (long long)s->hourly) : S("");
	p->is_set = true;
}

static enum err show_server(struct req *rq, struct mail_server_page *p)
{
	req_page(rq)->no_index = true;
	return page(rq, str_of(T(rq, N_("Mail server"))), mail_server_view, p);
}

enum err mail_server_show(struct req *rq)
{
	struct mail_server_page *p = mem_new(rq->mem, struct mail_server_page);
	struct mail_server s;
	enum err e = mail_server_get(rq->db, rq->mem, rq->site, &s);

	*p = (struct mail_server_page){.host = S(""),
				       .port = S("587"),
				       .user = S(""),
				       .from = rq->site->contact_mail,
				       .from_name = site_text_in(rq->site, &rq->site->name, rq->lang),
				       .hourly = S("")};
	if (e == OK) {
		take_url(rq, p, &s);
	} else if (e != E_NOTFOUND) {
		return e;
	}
	return show_server(rq, p);
}

static bool host_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
		      c == '-')) {
			return false;
		}
	}
	return s.n > 0 && s.n <= 253;
}

static struct str field(struct req *rq, const char *name)
{
	struct str s = str_trim(req_form(rq, name));

	return s.p ? s : S("");
}

/* Reads and judges the form; the sentence about what is wrong, or NULL. */
static const char *read_server(struct req *rq, struct mail_server_page *p, int64_t *port, int64_t *hourly)
{
	struct str way = field(rq, "way");

	p->host = field(rq, "host");
	p->port = field(rq, "port");
	p->user = field(rq, "user");
	p->from = field(rq, "from");
	p->from_name = field(rq, "from_name");
	p->hourly = field(rq, "hourly");
	p->way = str_eq(way, S("tls")) ? 1 : str_eq(way, S("plain")) ? 2 : 0;
	*port = p->way == 1 ? 465 : 587;
	*hourly = 0;
	if (!host_ok(p->host)) {
		return N_("Please write the server's name, like mail.example.org.");
	}
	if (p->port.n && (!str_to_i64(p->port, port) || *port < 1 || *port > 65535)) {
		return N_("A port is a number, like 587.");
	}
	if (!mail_address_ok(p->from)) {
		return N_("Please write the address that mails come from, like name@example.org.");
	}
	if (p->hourly.n && (!str_to_i64(p->hourly, hourly) || *hourly < 0 || *hourly > HOURLY_MAX)) {
		return N_("The most mails an hour is a number; empty means no limit.");
	}
	return NULL;
}

enum err mail_server_post(struct req *rq)
{
	struct mail_server_page *p = mem_new(rq->mem, struct mail_server_page);
	struct mail_server old, s = {.url = S("")};
	enum err e = mail_server_get(rq->db, rq->mem, rq->site, &old);
	int64_t port, hourly, n;

	if (e != OK && e != E_NOTFOUND) {
		return e;
	}
	p->is_set = e == OK;
	p->has_password = p->is_set && old.password.n > 0;
	if (!str_eq(req_form(rq, "act"), S("remove"))) {
		p->error = read_server(rq, p, &port, &hourly);
		if (p->error) {
			req_status(rq, 422);
			return show_server(rq, p);
		}
		s = (struct mail_server){
			.url = str_fmt(rq->mem, "%s://%.*s:%lld", p->way == 1 ? "smtps" : "smtp", STR_ARG(p->host),
				       (long long)port),
			.user = p->user,
			.password = req_form(rq, "password").n ? req_form(rq, "password")
				    : p->has_password          ? old.password
							       : S(""),
			.from = p->from,
			.from_name = p->from_name,
			.ca_file = p->is_set ? old.ca_file : S(""),
			.plain = p->way == 2,
			.hourly = hourly,
		};
	}
	TRY(mail_server_set(rq->db, rq->mem, rq->site, &s, rq->now));
	if (s.url.n) { /* what was kept for want of a server leaves now */
		TRY(mail_retry(rq->db, 0, rq->now, &n));
	}
	req_notice(rq, "ok", str_of(T(rq, N_("The mail server is kept."))));
	return redirect(rq, link_plain(rq, "/admin/mail-server"));
}

enum err mail_test_post(struct req *rq)
{
	struct account a;

	TRY(account_get(rq->db, rq->mem, rq->site, rq->who.account, &a));
	struct mail mail = {
		.to = a.mail,
		.lang = str_of(rq->lang),
		.purpose = "test",
		.subject = str_of(T(rq, N_("A test of your site's mail"))),
		.body = str_of(T(rq, N_("If you read this in your mailbox, the mail server is set up well."))),
	};
	TRY(mail_queue(rq->db, rq->mem, rq->site, &mail));
	req_notice(rq, "ok",
		   T_FMT(rq, N_("A test mail is on its way to {mail}: its state shows below."), {S("mail"), a.mail}));
	return redirect(rq, link_plain(rq, "/admin/mail"));
}
