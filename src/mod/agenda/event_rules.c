/*
 * What the fields of an event say together. Errors tell the person what to do; what can be put right without asking is.
 */
#include "event_private.h"

#include "../../entity/tree.h"
#include "../../web/site.h"

static struct cal_moment moment_of(const struct json *doc, const char *field)
{
	struct cal_moment c;

	return cal_parse(json_str(json_get(doc, field)), &c) ? c : (struct cal_moment){.precision = CAL_NONE};
}

struct cal_series event_series(struct mem *m, const struct json *doc)
{
	const struct json *rdates = json_get(doc, "rdates"), *exdates = json_get(doc, "exdates"), *exceptions = json_get(doc, "exceptions");
	struct cal_rdate *r = mem_array(m, struct cal_rdate, rdates->n);
	struct cal_moment *x = mem_array(m, struct cal_moment, exdates->n);
	struct cal_exception *e = mem_array(m, struct cal_exception, exceptions->n);
	struct str rrule = json_str(json_get(doc, "rrule"));
	struct cal_series s = {.start = moment_of(doc, "start"), .end = moment_of(doc, "end"),
			       .zone = cal_zone(json_str(json_get(doc, "zone"))), .rrule = rrule, .rdates = r, .exdates = x, .exceptions = e};

	for (size_t i = 0; rdates->kind == JSON_IS_ARRAY && i < rdates->n; i++) {
		if (cal_parse(rdates->items[i].text, &r[s.n_rdates].start)) {
			r[s.n_rdates++].end = (struct cal_moment){.precision = CAL_NONE};
		}
	}
	for (size_t i = 0; exdates->kind == JSON_IS_ARRAY && i < exdates->n; i++) {
		s.n_exdates += cal_parse(exdates->items[i].text, &x[s.n_exdates]);
	}
	for (size_t i = 0; exceptions->kind == JSON_IS_ARRAY && i < exceptions->n; i++) {
		const struct json *j = &exceptions->items[i];
		struct cal_exception one = {.on = moment_of(j, "on"), .start = moment_of(j, "start"), .end = moment_of(j, "end"),
					    .cancelled = json_get(j, "cancelled")->kind == JSON_IS_TRUE,
					    .following = json_get(j, "following")->kind == JSON_IS_TRUE};
		if (one.on.precision >= CAL_DAY) {
			e[s.n_exceptions++] = one;
		}
	}
	return s;
}

/* The hour does not exist on the night when clocks go forward. */
static void check_gap(struct form *f, const struct cal_zone *z, struct cal_moment c, const char *field)
{
	if (z && c.precision == CAL_MINUTE) {
		struct cal_moment real = cal_of_utc(z, cal_to_utc(z, c));

		if (cal_cmp(real, c) != 0) {
			form_error_with(f, str_of(field),
					N_("Clocks go forward that night and this hour does not exist: write {time}, or another hour."), "time",
					str_fmt(f->mem, "%02d:%02d", real.hour, real.minute));
		}
	}
}

static void check_end(struct form *f, const struct cal_series *s)
{
	int64_t from, to;

	if (s->end.precision == CAL_NONE) {
		return;
	}
	if (s->start.precision == CAL_NONE) {
		form_error(f, S("start"), N_("There is an end without a beginning: fill in the day it begins, or empty the end."));
		return;
	}
	bool before = !cal_span(s->zone, s->start, s->end, &from, &to) || cal_to_utc(s->zone, s->end) < cal_to_utc(s->zone, cal_day(s->start));
	if (s->start.precision == CAL_MINUTE && s->end.precision == CAL_MINUTE) {
		before = cal_to_utc(s->zone, s->end) < from;
	}
	if (before) {
		form_error(f, S("end"), N_("It ends before it begins: look at the days and hours again. After midnight is the day after."));
	}
	if (s->start.precision < CAL_DAY && s->end.precision > s->start.precision) {
		form_error(f, S("end"), N_("The end is known better than the beginning: write the day it begins too."));
	}
}

static void check_series(struct form *f, const struct cal_series *s)
{
	bool repeats = s->rrule.n || s->n_rdates || s->n_exdates || s->n_exceptions;
	struct cal_occurrences o;

	if (!repeats) {
		return;
	}
	if (s->start.precision < CAL_DAY) {
		form_error(f, S("start"), N_("To repeat, an event needs a first day: choose it."));
		return;
	}
	for (size_t i = 0; i < s->n_rdates; i++) {
		if (s->rdates[i].start.precision < CAL_DAY) {
			form_error(f, S("rdates"), N_("Each further date is a whole day, like 2026-12-18, with an hour if it differs."));
			return;
		}
	}
	int64_t from = cal_to_utc(s->zone, cal_day(s->start));
	if (cal_expand(f->mem, s, from, from + 400 * TIME_DAY, EVENT_OCCURRENCES, &o) != OK) {
		form_error(f, S("rrule"), N_("This rule of repetition cannot be read."));
	} else if (o.n == 0 && s->rrule.n) {
		form_error(f, S("rrule"), N_("With these dates left out nothing remains: look at the repetition again."));
	} else if (o.cut) {
		form_error(f, S("rrule"), N_("This repeats too often: an event has at most a thousand dates a year."));
	}
}

static void default_zone(struct form *f, struct req *rq, struct json *doc)
{
	const struct site *site = rq ? rq->site : site_now();

	if (!json_str(json_get(doc, "zone")).n && json_str(json_get(doc, "start")).n && site && site->time_zone.n && cal_zone(site->time_zone)) {
		tree_set(f->mem, doc, S("zone"), tree_str(site->time_zone));
	}
}

enum err event_check(struct form *f, struct req *rq, struct json *doc)
{
	struct str registration = json_str(json_get(doc, "registration"));

	default_zone(f, rq, doc);
	struct cal_series s = event_series(f->mem, doc);
	check_gap(f, s.zone, s.start, "start");
	check_gap(f, s.zone, s.end, "end");
	check_end(f, &s);
	if (f->n_errors == 0) {
		check_series(f, &s);
	}
	if (str_eq(registration, S("outside")) && !json_str(json_get(doc, "registration_url")).n) {
		form_error(f, S("registration_url"), N_("People register elsewhere: write the address, or choose another way."));
	}
	if (json_get(doc, "free")->kind == JSON_IS_TRUE && json_str(json_get(doc, "price")).n) {
		form_error(f, S("price"), N_("It is free and has a price: keep one of the two."));
	}
	return OK;
}
