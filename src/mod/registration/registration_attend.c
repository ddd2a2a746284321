/*
 * Who came: a sheet to print, and a page for telephones behind a secret address that organisers give to those at the door. It
 * shows names and a button each, nothing else; it works without script, and with one also without a connection: what was
 * pressed waits in the telephone.
 */
#include "../../base/time.h"
#include "../../crypt/crypt.h"
#include "../../http/request.h"
#include "../../paper/paper.h"
#include "registration_attend.html.h"
#include "registration_pages.h"
#include "registration_private.h"

enum { EARLY_H = 24, LATE_H = 48, PDF_MAX = 8 * 1024 * 1024 };

static enum err keep_bytes(void *arg, struct str bytes)
{
	struct buf *b = arg;

	buf_put(b, bytes);
	return buf_ok(b) ? OK : E_LIMIT;
}

enum err reg_people_pdf(struct req *rq)
{
	struct reg_people p = {0};
	struct buf b = buf_make(rq->mem, PDF_MAX);
	static const int shares[] = {6, 2, 3, 4};

	TRY(reg_people_read(rq, &p));
	struct paper_options opt = {.size = PAPER_A4,
				    .lang = rq->lang,
				    .rtl = rq->rtl,
				    .title = p.desk.event.title,
				    .author = site_text_in(rq->site, &rq->site->name, rq->lang),
				    .accent = rq->site->accent,
				    .now = rq->now,
				    .footer = T_FMT(rq, N_("To be destroyed {n} days after the event."),
						    {S("n"),
						     str_fmt(rq->mem, "%lld", (long long)p.desk.setup.keep_days)})};
	struct paper *doc = paper_open(rq->mem, &opt, keep_bytes, &b);
	struct str heads[] = {str_of(T(rq, N_("Name or nickname"))), str_of(T(rq, N_("Number of places"))),
			      str_of(T(rq, N_("Present"))), str_of(T(rq, N_("Access needs")))};
	struct str *cells = mem_array(rq->mem, struct str, p.n * COUNT(heads) + 1);
	size_t n = 0;

	paper_text(doc, PAPER_H1, p.desk.event.title);
	paper_text(doc, PAPER_SUBTITLE, p.words);
	for (size_t i = 0; i < p.n; i++) {
		const struct reg_person *x = &p.people[i];

		if (x->state == REG_CONFIRMED) {
			cells[n++] = x->name;
			cells[n++] = str_fmt(rq->mem, "%lld", (long long)x->places);
			cells[n++] = x->present == 1 ? S("✓") : S("");
			cells[n++] = x->needs.p ? x->needs : S("");
		}
	}
	paper_table(doc, heads, shares, COUNT(heads), cells, n / COUNT(heads));
	TRY(paper_close(doc));
	reply_as_download(rq, str_fmt(rq->mem, "%.*s.pdf", STR_ARG(p.desk.event.slug)));
	return reply(rq, "application/pdf", buf_str(&b));
}

/* ---- at the door --------------------------------------------------------------------------------------------------------------- */

struct collect {
	struct reg_attend *p;
	struct mem *m;
};

static enum err collect(void *arg, const struct registration *r)
{
	struct collect *c = arg;

	if (r->state == REG_CONFIRMED && c->p->n < REG_ATTEND_MAX) {
		c->p->people[c->p->n++] = (struct reg_person){.id = r->id,
							      .name = str_dup(c->m, r->name),
							      .places = r->places,
							      .present = r->present};
	}
	return OK;
}

static enum err read_door(struct req *rq, struct reg_attend *p)
{
	const struct reg_ctx *c = REG_CTX(rq);
	int64_t event, occ;

	if (!str_to_i64(req_param(rq, "event"), &event) || !str_to_i64(req_param(rq, "occ"), &occ)) {
		return E_NOTFOUND;
	}
	TRY(reg_slot_get(c, event, occ, &p->slot));
	req_set_header(rq, "Cache-Control", S("no-store"));
	req_set_header(rq, "Referrer-Policy", S("no-referrer"));
	if (!crypt_equal(p->slot.secret, req_param(rq, "secret"))) {
		return E_NOTFOUND;
	}
	if (!p->slot.starts_at.has || rq->now < p->slot.starts_at.v - EARLY_H * TIME_HOUR ||
	    (p->slot.ends_at.has && rq->now > p->slot.ends_at.v + LATE_H * TIME_HOUR)) {
		return problem(rq, E_NOTFOUND,
			       N_("This page opens a day before the event and closes two days after it."));
	}
	TRY(object_by_id(rq->db, rq->mem, event, &p->event));
	p->act = link_to(rq, "/attend/:event/:occ/:secret", req_param(rq, "event"), req_param(rq, "occ"),
			 req_param(rq, "secret"));
	p->words = words_datetime(rq, p->slot.starts_at.v);
	req_page(rq)->no_index = true;
	req_page(rq)->body_class = "page-narrow";
	req_page(rq)->script = "attend.js";
	return OK;
}

/* The telephone that opened this page may read people's codes with its camera: their addresses then show the button. */
static void remember(struct req *rq, const struct reg_slot *slot)
{
	struct str value =
		str_fmt(rq->mem, "%lld.%lld.%.*s", (long long)slot->event, (long long)slot->occ, STR_ARG(slot->secret));

	req_cookie(rq, "door", value, 3 * TIME_DAY / TIME_SECOND);
}

enum err reg_here(struct req *rq)
{
	struct reg_attend p = {0};
	struct registration r;
	struct str door = http_cookie(rq->http, "door"), event, occ;

	TRY(reg_by_token(REG_CTX(rq), req_param(rq, "token"), &r));
	TRY(reg_slot_get(REG_CTX(rq), r.event, r.occ, &p.slot));
	event = str_cut(&door, '.');
	occ = str_cut(&door, '.');
	if (!crypt_equal(door, p.slot.secret) || r.state != REG_CONFIRMED) {
		return problem(
			rq, E_DENIED,
			N_("This code is for those who receive people at the door: they open their own page first."));
	}
	TRY(object_by_id(rq->db, rq->mem, r.event, &p.event));
	p.act = link_to(rq, "/attend/:event/:occ/:secret", event, occ, door);
	p.words = p.slot.starts_at.has ? words_datetime(rq, p.slot.starts_at.v) : S("");
	p.people = mem_new(rq->mem, struct reg_person);
	*p.people = (struct reg_person){.id = r.id, .name = r.name, .places = r.places, .present = r.present};
	p.n = 1;
	req_set_header(rq, "Cache-Control", S("no-store"));
	req_page(rq)->no_index = true;
	req_page(rq)->body_class = "page-narrow";
	return page(rq, p.event.title, reg_attend_view, &p);
}

enum err reg_attend_show(struct req *rq)
{
	struct reg_attend p = {0};
	struct reg_ctx c = *REG_CTX(rq);
	struct mem *rows;

	TRY(read_door(rq, &p));
	remember(rq, &p.slot);
	rows = mem_open();
	mem_defer(rq->mem, (void (*)(void *))mem_close, rows);
	c.mem = rows;
	p.people = mem_array(rq->mem, struct reg_person, REG_ATTEND_MAX);
	TRY(reg_each(&c, p.slot.event, p.slot.occ, collect, &(struct collect){&p, rq->mem}));
	return page(rq, p.event.title, reg_attend_view, &p);
}

enum err reg_attend_post(struct req *rq)
{
	const struct reg_ctx *c = REG_CTX(rq);
	struct reg_attend p = {0};
	struct str code = str_trim(req_form(rq, "code"));
	struct registration r;
	int64_t id;

	TRY(read_door(rq, &p));
	if (code.n) { /* what the QR code of a registrant says: its whole address, or the secret in it */
		struct str rest = code;
		ptrdiff_t at = str_find(code, S("/registration/"));

		if (at >= 0) {
			rest = str_sub(code, (size_t)at + 14, code.n);
		}
		enum err err = reg_by_token(c, str_cut(&rest, '/'), &r);
		if (err == E_NOTFOUND) {
			return problem(rq, err, N_("Nobody is registered with this code."));
		}
		TRY(err);
	} else {
		if (!str_to_i64(req_form(rq, "id"), &id)) {
			return E_INVALID;
		}
		TRY(reg_get(c, id, &r));
	}
	if (r.event != p.slot.event || r.occ != p.slot.occ) {
		return problem(rq, E_NOTFOUND, N_("This registration is for another event or another date."));
	}
	TRY(reg_note(c, &r, str_eq(req_form(rq, "present"), S("0")) ? 0 : 1));
	req_notice(rq, "ok", T_FMT(rq, N_("Noted: {name}"), {S("name"), r.name}));
	return redirect(rq, p.act);
}
