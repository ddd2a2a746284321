/*
 * The agenda as a list of what comes, grouped by day, and as a month.
 */
#include "../../base/url.h"
#include "../../core/rows.h"
#include "../../web/site.h"
#include "agenda.h"
#include "agenda.sql.h"
#include "agenda_list.html.h"
#include "agenda_web.h"
#include "object.sql.h"

enum { ROWS = 30, RUNNING = 8, UNDATED = 8, NAMED = 60, IN_CELL = 3 };

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

static struct cal_moment moment(struct str s)
{
	struct cal_moment m;

	return cal_parse(s, &m) ? m : (struct cal_moment){.precision = CAL_NONE};
}

/* Words of when_row.state. */
static const char *const states[] = {"", N_("Cancelled"), N_("Postponed"), N_("Changed")};

static void item_of(struct req *rq, const struct when_row *w, bool whole, struct agenda_item *out)
{
	struct cal_moment start = moment(w->start), end = moment(w->finish);

	*out = (struct agenda_item){.w = *w, .url = object_link(rq, w->row.entity, w->row.slug), .where = territory_words(rq, w->row.territory),
				    .state = S(""), .badge = "badge"};
	out->hours = whole ? event_words(rq, start, end, w->zone, true) : event_hours(rq, start, end, w->zone);
	if (!whole && !out->hours.n && w->until - w->at > TIME_DAY && end.precision >= CAL_DAY) {
		out->hours = T_FMT(rq, N_("until {day}"), {S("day"), words_day(rq, cal_to_utc(NULL, cal_day(end)))});
	}
	out->state = w->state >= 1 && w->state <= 3 ? str_of(T(rq, states[w->state])) : S("");
	out->badge = w->state == 1 ? "badge badge-bad" : w->state == 2 ? "badge badge-wait" : "badge badge-info";
}

static int64_t day_of(int64_t at)
{
	return at - ((at % TIME_DAY) + TIME_DAY) % TIME_DAY;
}

/* One group a day; a month or year to come makes its own. */
static void group_rows(struct req *rq, const struct when_row *rows, size_t n, struct agenda_page *p)
{
	struct agenda_item *items = mem_array(rq->mem, struct agenda_item, n);

	p->groups = mem_array(rq->mem, struct agenda_group, n);
	for (size_t i = 0; i < n; i++) {
		struct agenda_group *g = p->n_groups ? &p->groups[p->n_groups - 1] : NULL;
		bool same = g && rows[i].grain == g->items[0].w.grain && day_of(rows[i].at) == day_of(g->items[0].w.at);
		bool both_days = g && rows[i].grain > CAL_MONTH && g->items[0].w.grain > CAL_MONTH;
		bool grain_same = same || (both_days && day_of(rows[i].at) == day_of(g->items[0].w.at));

		item_of(rq, &rows[i], false, &items[i]);
		if (!grain_same) {
			struct cal_moment start = moment(rows[i].start);
			start = start.precision > CAL_MONTH ? cal_day(start) : start;
			g = &p->groups[p->n_groups++];
			*g = (struct agenda_group){.items = &items[i], .id = str_fmt(rq->mem, "d-%.*s", STR_ARG(cal_text(rq->mem, start)))};
			g->words = event_words(rq, start, (struct cal_moment){0}, S(""), false);
		}
		g->n++;
	}
}

static void items_of(struct req *rq, const struct when_row *rows, size_t n, struct agenda_item **out)
{
	*out = mem_array(rq->mem, struct agenda_item, n);
	for (size_t i = 0; i < n; i++) {
		item_of(rq, &rows[i], true, &(*out)[i]);
	}
}

/* ---- what comes ------------------------------------------------------------------------------------------------------ */

/* Midnight of today where the site is, as a local time. */
static int64_t today(struct req *rq)
{
	const struct cal_zone *z = cal_zone(rq->site->time_zone);

	return day_of(rq->now + (z ? (int64_t)cal_offset(z, rq->now) * TIME_SECOND : 0));
}

static enum err read_undated(struct req *rq, struct agenda_page *p)
{
	struct filter f = p->b.filter;
	struct list_row *rows;
	struct str next;
	int64_t total;
	size_t n;

	f.from = f.to = 0;
	f.order = BY_TITLE;
	if (f.n_terms == COUNT(f.terms)) {
		return OK;
	}
	f.terms[f.n_terms++] = (struct term){S("when"), S("undated")};
	TRY(object_list(rq, &f, UNDATED, STR_NONE, &rows, &n, &next, &total));
	p->undated = mem_array(rq->mem, struct agenda_item, n);
	for (size_t i = 0; i < n; i++) {
		p->undated[p->n_undated++] = (struct agenda_item){.w = {.row = rows[i]}, .hours = str_of(T(rq, N_("Date to be decided"))), .state = S(""),
								  .where = territory_words(rq, rows[i].territory), .badge = "badge",
								  .url = object_link(rq, rows[i].entity, rows[i].slug)};
	}
	return OK;
}

static enum err read_upcoming(struct req *rq, struct agenda_page *p)
{
	bool first = str_empty(req_query(rq, "after")), whole = !p->b.filter.from && !p->b.filter.to;
	struct when_row *rows;
	struct str next;
	size_t n;

	if (!p->b.filter.from && !p->b.filter.to) {
		p->b.filter.from = today(rq);
	}
	if (first) {
		TRY(object_running(rq, &p->b.filter, RUNNING, &rows, &n));
		items_of(rq, rows, n, &p->running);
		p->n_running = n;
	}
	TRY(object_when(rq, &p->b.filter, ROWS, req_query(rq, "after"), &rows, &n, &next));
	group_rows(rq, rows, n, p);
	p->b.rows = mem_array(rq->mem, struct list_row, n);
	for (size_t i = 0; i < n; i++) {
		p->b.rows[p->b.n++] = rows[i].row;
	}
	if (next.p) {
		p->next = link_add(rq->mem, browse_link(rq, p->b.here, S(""), STR_NONE), "after", next);
	}
	if (!first) {
		p->first = browse_link(rq, p->b.here, S(""), STR_NONE);
	}
	return first && whole && !next.p ? read_undated(rq, p) : OK;
}

/* Words are asked for: the events that answer, best first. */
static enum err read_found(struct req *rq, struct agenda_page *p)
{
	struct filter f = p->b.filter;
	struct str next;

	TRY(object_list(rq, &f, BROWSE_ROWS, req_query(rq, "after"), &p->b.rows, &p->b.n, &next, &p->b.total));
	p->groups = mem_array(rq->mem, struct agenda_group, 1);
	p->n_groups = p->b.n > 0;
	p->groups[0] = (struct agenda_group){.words = str_of(T(rq, N_("What was found"))), .id = S("found"), .n = p->b.n,
					     .items = mem_array(rq->mem, struct agenda_item, p->b.n)};
	for (size_t i = 0; i < p->b.n; i++) {
		struct agenda_item *it = &p->groups[0].items[i];
		struct event_occurrence o;
		enum err err = event_next(rq->db, rq->mem, p->b.rows[i].id, rq->now, &o);

		*it = (struct agenda_item){.w = {.row = p->b.rows[i]}, .state = S(""), .badge = "badge", .hours = S(""),
					   .where = territory_words(rq, p->b.rows[i].territory),
					   .url = object_link(rq, p->b.rows[i].entity, p->b.rows[i].slug)};
		if (err == E_NOTFOUND) {
			struct event_occurrence *all;
			size_t n;
			TRY(event_occurrences(rq->db, rq->mem, p->b.rows[i].id, 0, 1, &all, &n));
			it->hours = n ? event_words(rq, all[0].start, all[0].end, all[0].zone, true) : str_of(T(rq, N_("Date to be decided")));
			continue;
		}
		TRY(err);
		it->hours = event_words(rq, o.start, o.end, o.zone, true);
	}
	if (next.p) {
		p->next = link_add(rq->mem, browse_link(rq, p->b.here, S(""), STR_NONE), "after", next);
	}
	return OK;
}

/* ---- a month --------------------------------------------------------------------------------------------------------- */

/* The filter is one term, or none: its counts of days are kept. */
static enum err counts_kept(struct req *rq, const struct filter *f, int64_t (*days)[2], size_t max, size_t *n, bool *kept)
{
	struct term_find_row t;
	struct occurrence_days_row *rows;
	struct str facet = f->territory.n ? S("territory") : f->n_terms ? f->terms[0].facet : S("");
	struct str value = f->territory.n ? f->territory : f->n_terms ? f->terms[0].value : S("");

	*n = 0;
	*kept = f->n_terms + (f->territory.n > 0) <= 1 && !f->actor.n && !f->programme.n && !f->lang.n && !f->has_bbox && !f->updated_since;
	if (!*kept) {
		return OK;
	}
	enum err err = term_find(rq->db, S("event"), facet, value, rq->mem, &t);
	if (err != OK) {
		return err == E_NOTFOUND ? OK : err;
	}
	size_t n_rows;
	TRY(occurrence_days(rq->db, t.id, f->from / TIME_DAY, f->to / TIME_DAY, rq->mem, &rows, &n_rows));
	for (size_t i = 0; i < n_rows && i < max; i++) {
		days[i][0] = rows[i].day;
		days[i][1] = rows[i].held;
		(*n)++;
	}
	return OK;
}

static void weekday_heads(struct req *rq, struct agenda_page *p)
{
	static const char *const names[] = {N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")};

	for (int i = 0; i < 7; i++) {
		p->weekdays[i] = words_weekday_short(rq, (4 + i) * TIME_DAY); /* 1970-01-05 was a Monday */
		p->weekdays_long[i] = str_of(T(rq, names[i]));
	}
}

static void fill_cell(struct req *rq, struct agenda_page *p, struct agenda_cell *c, int64_t day, int64_t n, int64_t now_day)
{
	struct civil d = time_civil(day * TIME_DAY);
	struct str iso = str_fmt(rq->mem, "%04d-%02d-%02d", d.year, d.month, d.day);
	struct url u = browse_link(rq, p->b.here, S("from"), STR_NONE);

	c->day = d.day;
	c->n = n;
	c->today = day == now_day;
	c->words = words_day(rq, day * TIME_DAY);
	if (n) {
		c->url = link_add(rq->mem, link_add(rq->mem, u, "from", iso), "to", iso);
	}
	for (size_t g = 0; g < p->n_groups; g++) {
		for (size_t i = 0; i < p->groups[g].n && c->n_items < IN_CELL; i++) {
			const struct agenda_item *it = &p->groups[g].items[i];
			if (it->w.grain > CAL_MONTH && it->w.at < (day + 1) * TIME_DAY && (it->w.until > day * TIME_DAY || it->w.at >= day * TIME_DAY)) {
				c->items[c->n_items++] = it;
			}
		}
	}
}

static struct url month_link(struct req *rq, struct agenda_page *p, int year, int month)
{
	while (month < 1) {
		month += 12;
		year--;
	}
	while (month > 12) {
		month -= 12;
		year++;
	}
	return link_add(rq->mem, browse_link(rq, p->b.here, S("from"), STR_NONE), "month", str_fmt(rq->mem, "%04d-%02d", year, month));
}

static enum err read_month(struct req *rq, struct agenda_page *p, struct cal_moment m)
{
	int64_t first = days_of_date(m.year, m.month, 1), last = days_of_date(m.year, m.month + 1, 1), days[64][2], total = 0;
	int64_t lead = ((first + 3) % 7 + 7) % 7, now_day = today(rq) / TIME_DAY;
	struct when_row *rows;
	struct str next;
	size_t n, n_rows;
	bool kept;

	p->b.filter.from = first * TIME_DAY;
	p->b.filter.to = last * TIME_DAY;
	TRY(counts_kept(rq, &p->b.filter, days, COUNT(days), &n, &kept));
	if (!kept) {
		TRY(object_days(rq, &p->b.filter, days, COUNT(days), &n));
	}
	for (size_t i = 0; i < n; i++) {
		total += days[i][1];
	}
	p->b.total = total;
	if (total && total <= NAMED) { /* few enough to be named in the cells */
		TRY(object_when(rq, &p->b.filter, NAMED, STR_NONE, &rows, &n_rows, &next));
		group_rows(rq, rows, n_rows, p);
	}
	p->n_cells = (size_t)(lead + (last - first) + 6) / 7 * 7;
	p->cells = mem_get_array(rq->mem, p->n_cells, sizeof *p->cells);
	for (int64_t d = first; d < last; d++) {
		struct agenda_cell *c = &p->cells[lead + d - first];
		int64_t held = 0;
		for (size_t i = 0; i < n; i++) {
			held += days[i][0] == d ? days[i][1] : 0;
		}
		c->items = mem_array(rq->mem, const struct agenda_item *, IN_CELL);
		fill_cell(rq, p, c, d, held, now_day);
	}
	weekday_heads(rq, p);
	p->month_words = words_partial_date(rq, cal_text(rq->mem, (struct cal_moment){.precision = CAL_MONTH, .year = m.year, .month = m.month}));
	p->before = month_link(rq, p, m.year, m.month - 1);
	p->after = month_link(rq, p, m.year, m.month + 1);
	return OK;
}

/* ---- the page -------------------------------------------------------------------------------------------------------- */

static enum err read_page(struct req *rq, const char *route, struct agenda_page *p)
{
	struct str month = req_query(rq, "month");
	struct cal_moment m;
	struct civil now = time_civil(today(rq));

	*p = (struct agenda_page){.from = S(""), .to = S("")};
	TRY(browse_frame(rq, &event_entity, link_plain(rq, route), &p->b));
	p->from = str_empty(req_query(rq, "from")) ? S("") : req_query(rq, "from");
	p->to = str_empty(req_query(rq, "to")) ? S("") : req_query(rq, "to");
	p->upcoming = browse_link(rq, p->b.here, S("from"), STR_NONE);
	p->month = month_link(rq, p, now.year, now.month);
	struct url_out u = url_begin(rq->mem, S("/api/v1/events.ics"));
	p->ics = browse_link(rq, url_end(&u), S("sort"), STR_NONE);
	p->webcal = url_webcal(rq->mem, rq->site->base_url, p->ics);
	p->embed = browse_link(rq, link_plain(rq, "/embed/agenda"), S(""), STR_NONE);
	p->embed_code = browse_embed(rq, p->embed, str_of(T(rq, N_("Agenda"))));
	if (month.n) {
		if (!cal_parse(month, &m) || m.precision != CAL_MONTH) {
			return problem_query(rq, "month", N_("A month is written 2026-12."));
		}
		return read_month(rq, p, m);
	}
	return p->b.filter.q.n ? read_found(rq, p) : read_upcoming(rq, p);
}

enum err agenda_list(struct req *rq)
{
	struct agenda_page p;

	TRY(read_page(rq, "/agenda", &p));
	if (!p.cells) {
		TRY(browse_side(rq, &p.b));
	}
	req_page(rq)->nav = "agenda";
	req_page(rq)->wide = true;
	req_page(rq)->description = str_of(T(rq, N_("What happens, when and where: demonstrations, debates, trainings, meals.")));
	return page(rq, str_of(T(rq, N_("Agenda"))), agenda_view, &p);
}

enum err agenda_embed(struct req *rq)
{
	struct agenda_page p;

	TRY(read_page(rq, "/embed/agenda", &p));
	p.framed = true;
	req_page(rq)->bare = true;
	req_page(rq)->no_index = true;
	return page(rq, str_of(T(rq, N_("Agenda"))), agenda_frame, &p);
}
