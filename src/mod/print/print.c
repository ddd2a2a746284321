/*
 * From a filter of the agenda to paper. What is printed is what everybody may see: the public view of each event.
 */
#include "print.h"

#include "../../base/time.h"
#include "../../core/qr.h"
#include "../../core/rows.h"
#include "../../paper/paper.h"
#include "../../web/site.h"
#include "print_page.html.h"

static const struct {
	const char *format, *label, *hint;
	enum paper_size size;
	int columns;
} formats[] = {
	{"list",     N_("List, A4"),                   N_("All that comes, with texts and access: to pin up or to read aloud."), PAPER_A4,        1},
	{"booklet",  N_("Booklet, A5"),                N_("Page after page, for a screen or a printer that folds by itself."),   PAPER_A5,
	 1																	 },
	{"sheets",   N_("Booklet to fold, A4 sheets"),
	 N_("Print on both sides along the short edge, fold in two, staple."),                                                   PAPER_A5_SHEETS, 1},
	{"folded",   N_("Folded leaflet, A3"),         N_("Four pages in two columns on one sheet, folded once."),
	 PAPER_A3_FOLDED,															 2},
	{"day",      N_("One sheet a day, A4"),        N_("For the door of a place or the table of a stand."),                   PAPER_A4,        1},
	{"stewards", N_("List for stewards, A4"),      N_("A line each with boxes to tick; no contacts."),                       PAPER_A4,        1},
};

/* ---- what is printed ---------------------------------------------------------------------------------------------------- */

static enum err keep_bytes(void *arg, struct str bytes)
{
	struct buf *b = arg;

	buf_put(b, bytes);
	return buf_ok(b) ? OK : E_LIMIT;
}

/* From today for three months, unless the filter says when. */
static enum err read_filter(struct req *rq, struct filter *f)
{
	const struct cal_zone *z = cal_zone(rq->site->time_zone);

	TRY(filter_read(rq, &event_entity, f));
	if (!f->from) {
		f->from = cal_to_utc(NULL, cal_day(cal_of_utc(z, rq->now)));
	}
	if (!f->to) {
		f->to = f->from + PRINT_DAYS * TIME_DAY;
	}
	f->order = BY_START;
	return OK;
}

static void join(struct mem *m, struct str *to, struct str words)
{
	if (words.n) {
		*to = to->n ? str_fmt(m, "%.*s · %.*s", STR_ARG(*to), STR_ARG(words)) : words;
	}
}

static struct str hosts_of(struct req *rq, struct view v)
{
	const struct json *hosts = json_get(v.j, "hosts");
	struct str out = S("");

	for (size_t i = 0; hosts->kind == JSON_IS_ARRAY && i < hosts->n && i < 12; i++) {
		struct str words = json_text(&hosts->items[i], "actor");
		const struct entity *actor = entity_find(S("actor"));
		struct list_row row;
		int64_t id;

		/* An actor of the directory stands there by its address: its name is what is printed. */
		if (actor && object_id_of(rq->db, rq->mem, actor, words, &id) == OK &&
		    object_row_of(rq, id, &row) == OK) {
			words = row.title;
		}
		join(rq->mem, &out, words);
	}
	return out;
}

static struct str notes_of(struct req *rq, struct view v, struct str original)
{
	const struct json *access = json_get(v.j, "access");
	struct str out = S(""), lang;

	if (json_true(json_get(v.j, "free"))) {
		join(rq->mem, &out, str_of(T(rq, N_("Free of charge"))));
	}
	join(rq->mem, &out, view_text(v, &event_entity, "price", rq->lang, original, &lang));
	for (size_t i = 0; access->kind == JSON_IS_ARRAY && i < access->n; i++) {
		const struct choice *c = vocabulary_find(&event_accesses, json_str(&access->items[i]));

		join(rq->mem, &out, c ? str_of(T(rq, c->label)) : S(""));
	}
	join(rq->mem, &out, language_words(rq, json_get(v.j, "languages")));
	return out;
}

static struct str place_of(struct req *rq, const struct when_row *w, struct view v)
{
	const struct json *place = json_at(json_get(v.j, "places"), 0);
	struct str out = S("");

	if (json_true(json_get(v.j, "everywhere"))) {
		return str_of(T(rq, N_("In all towns and villages")));
	}
	if (place->kind == JSON_IS_OBJECT) {
		join(rq->mem, &out, json_text(place, "label"));
		join(rq->mem, &out, json_text(place, "address"));
	}
	join(rq->mem, &out, w->row.territory.n ? territory_words(rq, w->row.territory) : S(""));
	if (!out.n && str_eq(json_text(v.j, "attendance"), S("online"))) {
		return str_of(T(rq, N_("Online")));
	}
	return out;
}

static enum err read_event(struct req *rq, const struct when_row *w, struct print_event *x)
{
	static const char *const states[] = {NULL, N_("Cancelled"), N_("Postponed"), N_("Changed")};
	struct object ob;
	struct cal_moment start, end;
	struct str lang;

	*x = (struct print_event){.w = *w, .title = w->row.title, .state = S("")};
	TRY(object_by_id(rq->db, rq->mem, w->row.id, &ob));
	struct view v = doc_view(rq->mem, &event_entity, ob.doc, SEE_PUBLIC);
	x->text = view_text(v, &event_entity, "short", rq->lang, ob.lang, &lang);
	if (cal_parse(w->start, &start) && cal_parse(w->finish, &end)) {
		x->hours = event_hours(rq, start, end, w->zone);
		x->day = event_words(rq, start.precision > CAL_DAY ? cal_day(start) : start, (struct cal_moment){0},
				     S(""), false);
	}
	x->where = place_of(rq, w, v);
	x->hosts = hosts_of(rq, v);
	x->notes = notes_of(rq, v, ob.lang);
	if (w->state >= 1 && w->state <= 3) {
		x->state = str_of(T(rq, states[w->state]));
	}
	return OK;
}

/* Calls fn for each, in order; *more when there were more than may be printed. */
static enum err each_event(struct req *rq, const struct filter *f,
			   enum err (*fn)(struct req *rq, void *arg, const struct print_event *x), void *arg,
			   bool *more)
{
	struct str after = STR_NONE;
	size_t seen = 0;

	*more = false;
	do {
		struct when_row *rows;
		struct str next;
		size_t n;

		TRY(object_when(rq, f, 100, after, &rows, &n, &next));
		for (size_t i = 0; i < n; i++) {
			struct print_event x;

			if (seen++ >= PRINT_EVENTS_MAX) {
				*more = true;
				return OK;
			}
			TRY(read_event(rq, &rows[i], &x));
			TRY(fn(rq, arg, &x));
		}
		after = next;
	} while (after.p);
	return OK;
}

/* ---- PDF ------------------------------------------------------------------------------------------------------------------ */

struct doc_state {
	struct paper *paper;
	struct str day;
	bool break_days, stewards;
	struct str *cells;
	size_t n;
};

static enum err put_event(struct req *rq, void *arg, const struct print_event *x)
{
	struct doc_state *d = arg;

	if (d->stewards) {
		struct str *c = d->cells + d->n;

		c[0] = str_fmt(rq->mem, "%.*s %.*s", STR_ARG(x->day), STR_ARG(x->hours));
		c[1] = x->title;
		c[2] = x->where;
		c[3] = S("☐");
		d->n += 4;
		return OK;
	}
	if (!str_eq(d->day, x->day)) {
		if (d->break_days && d->day.n) {
			paper_page_break(d->paper);
		}
		paper_text(d->paper, PAPER_H1, x->day);
		d->day = x->day;
	}
	paper_entry(d->paper, &(struct paper_entry){.lead = x->hours,
						    .title = x->title,
						    .where = x->where,
						    .text = x->text.p ? x->text : S(""),
						    .who = x->hosts,
						    .notes = x->notes,
						    .struck = x->w.state == 1,
						    .flag = x->state});
	return OK;
}

/* The programme whose events these are, or the site. */
static enum err heading(struct req *rq, const struct filter *f, struct str *title, struct str *subtitle)
{
	const struct entity *e = entity_find(S("programme"));
	struct list_row row;
	int64_t id;

	*title = str_of(T(rq, N_("Agenda")));
	*subtitle = words_date_range(rq, f->from, f->to - TIME_DAY);
	if (f->programme.n && e && object_id_of(rq->db, rq->mem, e, f->programme, &id) == OK) {
		enum err err = object_row_of(rq, id, &row);

		if (err == OK) {
			*title = row.title;
		} else if (err != E_NOTFOUND) {
			return err;
		}
	}
	if (f->territory.n) {
		*subtitle =
			str_fmt(rq->mem, "%.*s · %.*s", STR_ARG(*subtitle), STR_ARG(territory_words(rq, f->territory)));
	}
	return OK;
}

static struct paper_options options(struct req *rq, enum paper_size size, int columns, struct str title)
{
	struct str site = site_text_in(rq->site, &rq->site->name, rq->lang);

	return (struct paper_options){.size = size,
				      .lang = rq->lang,
				      .rtl = rq->rtl,
				      .title = title,
				      .author = site,
				      .accent = rq->site->accent,
				      .columns = columns,
				      .now = rq->now,
				      .footer = str_fmt(rq->mem, "%.*s · %.*s", STR_ARG(site), STR_ARG(title))};
}

static enum err pdf(struct req *rq)
{
	struct str format = req_query(rq, "format"), title, subtitle;
	struct buf b = buf_make(rq->mem, PRINT_PDF_MAX);
	struct doc_state d = {.day = S("")};
	struct filter f;
	unsigned char *dark;
	int side;
	size_t i = 0;
	bool more;

	while (i < COUNT(formats) && !str_eq(format, str_of(formats[i].format))) {
		i++;
	}
	if (i == COUNT(formats)) {
		return problem(rq, E_NOTFOUND, N_("There is no such format: choose one of the list."));
	}
	TRY(read_filter(rq, &f));
	TRY(heading(rq, &f, &title, &subtitle));
	struct paper_options opt = options(rq, formats[i].size, formats[i].columns, title);
	d.paper = paper_open(rq->mem, &opt, keep_bytes, &b);
	d.break_days = str_eq(format, S("day"));
	d.stewards = str_eq(format, S("stewards"));
	d.cells = d.stewards ? mem_array(rq->mem, struct str, 4 * PRINT_EVENTS_MAX) : NULL;
	paper_text(d.paper, PAPER_TITLE, title);
	paper_text(d.paper, PAPER_SUBTITLE, subtitle);
	TRY(each_event(rq, &f, put_event, &d, &more));
	if (d.stewards) {
		static const int shares[] = {5, 7, 6, 1};
		struct str heads[] = {str_of(T(rq, N_("When"))), str_of(T(rq, N_("Event"))), str_of(T(rq, N_("Where"))),
				      S("")};

		paper_table(d.paper, heads, shares, COUNT(heads), d.cells, d.n / 4);
	} else if (!d.day.n) {
		paper_text(d.paper, PAPER_BODY, str_of(T(rq, N_("Nothing is planned with these filters."))));
	}
	if (more || paper_full(d.paper)) {
		paper_text(d.paper, PAPER_SMALL,
			   str_of(T(rq, N_("There is more: choose fewer days or a smaller territory."))));
	}
	TRY(qr_modules(rq->mem, link_absolute(rq, browse_link(rq, link_plain(rq, "/agenda"), S("format"), STR_NONE)).s,
		       &dark, &side));
	paper_code(d.paper, dark, side, 24, str_of(T(rq, N_("The programme as it is now, with changes and details"))));
	TRY(paper_close(d.paper));
	reply_as_download(rq, str_fmt(rq->mem, "agenda-%.*s-%s.pdf", STR_ARG(format), rq->lang));
	return reply(rq, "application/pdf", buf_str(&b));
}

/* ---- a poster of one event ------------------------------------------------------------------------------------------------- */

static enum err poster(struct req *rq)
{
	struct object ob;
	struct event_occurrence at;
	struct print_event x;
	struct buf b = buf_make(rq->mem, PRINT_PDF_MAX);
	unsigned char *dark;
	struct str lang, title;
	int side;
	bool moved;

	TRY(object_get(rq, &event_entity, req_param(rq, "slug"), &ob, &moved));
	if (ob.status != ST_PUBLISHED) {
		return E_NOTFOUND;
	}
	struct view v = doc_view(rq->mem, &event_entity, ob.doc, SEE_PUBLIC);
	struct when_row w = {
		.row = {.id = ob.id, .title = ob.title, .territory = ob.territory},
		.start = json_text(v.j, "start"),
		.finish = json_text(v.j, "end"),
		.zone = json_text(v.j, "zone")
        };
	enum err err = event_next(rq->db, rq->mem, ob.id, rq->now, &at);
	if (err == OK) {
		w.start = cal_text(rq->mem, at.start);
		w.finish = cal_text(rq->mem, at.end);
	} else if (err != E_NOTFOUND) {
		return err;
	}
	TRY(read_event(rq, &w, &x));
	title = view_text(v, &event_entity, "title", rq->lang, ob.lang, &lang);
	struct cal_moment start, end;
	struct str when = cal_parse(w.start, &start) && cal_parse(w.finish, &end)
				  ? event_words(rq, start, end, w.zone, true)
				  : S("");
	struct paper_options opt =
		options(rq, str_eq(req_query(rq, "size"), S("a3")) ? PAPER_POSTER_A3 : PAPER_POSTER_A4, 1, title);
	struct paper *paper = paper_open(rq->mem, &opt, keep_bytes, &b);
	const struct choice *kind = vocabulary_find(&event_kinds, json_text(v.j, "kind"));
	struct str link = link_absolute(rq, object_url(rq, &ob)).s;
	TRY(qr_modules(rq->mem, link, &dark, &side));
	paper_poster(paper, &(struct paper_poster){.kicker = kind ? str_of(T(rq, kind->label)) : S(""),
						   .title = title,
						   .when = when,
						   .where = x.where,
						   .text = x.text.p ? x.text : S(""),
						   .hosts = x.hosts,
						   .footer = link,
						   .blank = str_of(T(rq, N_("Local details"))),
						   .modules = dark,
						   .modules_n = side,
						   .code_words = str_of(T(rq, N_("All the details")))});
	TRY(paper_close(paper));
	reply_as_download(rq, str_fmt(rq->mem, "%.*s-%s.pdf", STR_ARG(ob.slug), rq->lang));
	return reply(rq, "application/pdf", buf_str(&b));
}

/* ---- text to paste ---------------------------------------------------------------------------------------------------------- */

struct text_state {
	struct buf *b;
	struct str day;
};

static enum err put_text(struct req *rq, void *arg, const struct print_event *x)
{
	struct text_state *t = arg;

	if (!str_eq(t->day, x->day)) {
		buf_fmt(t->b, "\n%.*s\n", STR_ARG(x->day));
		t->day = x->day;
	}
	buf_fmt(t->b, "- %.*s%s%.*s%s%.*s", STR_ARG(x->hours), x->hours.n ? " · " : "", STR_ARG(x->title),
		x->state.n ? " · " : "", STR_ARG(x->state));
	if (x->where.n) {
		buf_fmt(t->b, " · %.*s", STR_ARG(x->where));
	}
	buf_fmt(t->b, "\n  %.*s\n", STR_ARG(link_absolute(rq, object_link(rq, &event_entity, x->w.row.slug)).s));
	return buf_ok(t->b) ? OK : E_LIMIT;
}

static enum err text(struct req *rq)
{
	struct buf b = buf_make(rq->mem, PRINT_TEXT_MAX);
	struct text_state t = {&b, S("")};
	struct str title, subtitle;
	struct filter f;
	bool more;

	TRY(read_filter(rq, &f));
	TRY(heading(rq, &f, &title, &subtitle));
	buf_fmt(&b, "%.*s\n%.*s\n", STR_ARG(title), STR_ARG(subtitle));
	TRY(each_event(rq, &f, put_text, &t, &more));
	return reply(rq, "text/plain; charset=utf-8", buf_str(&b));
}

/* ---- the page of choices ----------------------------------------------------------------------------------------------------- */

static enum err choose(struct req *rq)
{
	struct print_page p = {0};
	struct filter f;

	req_page(rq)->nav = "agenda";
	req_page(rq)->no_index = true;
	TRY(read_filter(rq, &f));
	p.dates = words_date_range(rq, f.from, f.to - TIME_DAY);
	p.choices = mem_array(rq->mem, struct print_choice, COUNT(formats) + 1);
	for (size_t i = 0; i < COUNT(formats); i++) {
		p.choices[p.n_choices++] = (struct print_choice){
			formats[i].label, formats[i].hint,
			link_add(rq->mem, browse_link(rq, link_plain(rq, "/agenda/print.pdf"), S("format"), STR_NONE),
				 "format", str_of(formats[i].format))};
	}
	p.choices[p.n_choices++] =
		(struct print_choice){N_("Text to paste in a message"), N_("Plain lines with addresses."),
				      browse_link(rq, link_plain(rq, "/agenda/print.txt"), S("format"), STR_NONE)};
	return page(rq, str_of(T(rq, N_("Print the agenda"))), print_view, &p);
}

static const struct route routes[] = {
	{GET, "/agenda/print",            ANYONE, choose, N_("Choose how to print the agenda"),    0},
	{GET, "/agenda/print.pdf",        ANYONE, pdf,    N_("The agenda as PDF, for any filter"), 0},
	{GET, "/agenda/print.txt",        ANYONE, text,   N_("The agenda as text to paste"),       0},
	{GET, "/agenda/:slug/poster.pdf", ANYONE, poster, N_("The poster of an event"),            0},
};

const struct module print_module = {
	.name = "print",
	.routes = TABLE(routes),
};
