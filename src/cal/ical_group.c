/*
 * Events of a file that belong together: a series and its changed occurrences share a UID; of what comes twice the newest counts.
 * Programs that give all their events the same UID exist: what differs in title and date stays apart, without a UID.
 */
#include <stdlib.h>

#include "../base/limits.h"
#include "../base/map.h"
#include "ical_part.h"
#include "part.h"

/* What shares a UID. */
struct family {
	struct ical_raw_event *master;
	VEC(struct ical_raw_event *) changed;
};

static bool newer(const struct cal_event *a, const struct cal_event *b)
{
	if (a->sequence != b->sequence) {
		return a->sequence > b->sequence;
	}
	if (a->modified != b->modified) {
		return a->modified > b->modified;
	}
	return a->stamp >= b->stamp;
}

/* Two masters of one UID; true when the second was taken in as the same event. */
static bool same(struct ical_in *in, struct family *f, struct ical_raw_event *e)
{
	const struct cal_event *a = &f->master->ev, *b = &e->ev;

	if (a->sequence == b->sequence && cal_cmp(a->start, b->start) != 0 && !str_eq(a->title, b->title)) {
		ical_problem(in, b->line, false, N_("Another event of the file has the same identity; both are kept."), STR_NONE);
		e->ev.uid = S("");
		return false;
	}
	ical_problem(in, b->line, false, N_("The event is in the file twice; the newest is kept."), STR_NONE);
	if (newer(b, a)) {
		f->master = e;
	}
	return true;
}

static void add_changed(struct ical_in *in, struct family *f, struct ical_raw_event *e)
{
	for (size_t i = 0; i < f->changed.n; i++) {
		if (cal_cmp(f->changed.p[i]->ev.on, e->ev.on) == 0) {
			if (newer(&e->ev, &f->changed.p[i]->ev)) {
				f->changed.p[i] = e;
			}
			return;
		}
	}
	if (f->changed.n < LIMIT_ICAL_EXCEPTIONS) {
		*vec_add(in->mem, &f->changed) = e;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct cal_event *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

static int by_on(const void *a, const void *b)
{
	return cal_cmp(((const struct cal_event *)a)->on, ((const struct cal_event *)b)->on);
}

/* A changed occurrence as part of its series: on the clock of the series, whose words it takes where it has none. */
static struct cal_event changed(const struct cal_event *master, const struct cal_event *c)
{
	const struct cal_zone *mz = cal_zone(master->zone), *cz = cal_zone(c->zone);
	struct cal_event out = *c;

	if (master->start.precision == CAL_MINUTE && mz != cz && c->zone.n > 0) {
		if (c->on.precision == CAL_MINUTE) {
			out.on = wall_moment(zone_wall(mz, zone_utc(cz, wall_of(c->on))), CAL_MINUTE);
		}
		if (c->start.precision == CAL_MINUTE) {
			out.start = wall_moment(zone_wall(mz, zone_utc(cz, wall_of(c->start))), CAL_MINUTE);
		}
		if (c->end.precision == CAL_MINUTE) {
			out.end = wall_moment(zone_wall(mz, zone_utc(cz, wall_of(c->end))), CAL_MINUTE);
		}
	}
	out.zone = master->zone;
	if (master->start.precision == CAL_DAY) {
		out.on = cal_day(out.on);
	}
	out.title = c->title.n > 0 ? c->title : master->title;
	return out;
}

static void put_family(struct ical_in *in, struct family *f, struct cal_event *to, size_t *n)
{
	struct cal_event *parts;

	if (f->master == NULL) {
		for (size_t i = 0; i < f->changed.n; i++) {
			to[(*n)++] = f->changed.p[i]->ev;
		}
		return;
	}
	parts = mem_array(in->mem, struct cal_event, f->changed.n);
	for (size_t i = 0; i < f->changed.n; i++) {
		parts[i] = changed(&f->master->ev, &f->changed.p[i]->ev);
	}
	if (f->changed.n > 0) {
		qsort(parts, f->changed.n, sizeof(*parts), by_on);
	}
	to[*n] = f->master->ev;
	to[*n].overrides = parts;
	to[(*n)++].n_overrides = f->changed.n;
}

/* Finds the family an event belongs to and puts it there. */
static void place(struct ical_in *in, struct map *by_uid, struct ical_raw_event *e, struct family **new)
{
	struct family *f = e->ev.uid.n == 0 ? NULL : map_get(by_uid, e->ev.uid);

	*new = NULL;
	if (f != NULL && !e->on.there && f->master != NULL) {
		if (same(in, f, e)) {
			return;
		}
		f = NULL;
	}
	if (f == NULL) {
		*new = f = mem_new(in->mem, struct family);
		if (e->ev.uid.n > 0) {
			map_put(by_uid, e->ev.uid, f);
		}
	}
	if (e->on.there) {
		add_changed(in, f, e);
	} else {
		f->master = e;
	}
}

void ical_group(struct ical_in *in)
{
	struct map by_uid = map_make(in->mem);
	VEC(struct family *) all = {0};
	size_t n = 0;

	for (size_t i = 0; i < in->raw.n; i++) {
		struct family *new;

		if (ical_event_times(in, &in->raw.p[i])) {
			place(in, &by_uid, &in->raw.p[i], &new);
			if (new != NULL) {
				*vec_add(in->mem, &all) = new;
			}
		}
	}
	in->out->events = mem_array(in->mem, struct cal_event, in->raw.n + 1);
	for (size_t i = 0; i < all.n; i++) {
		put_family(in, all.p[i], in->out->events, &n);
	}
	in->out->n_events = n;
	if (n > 0) {
		qsort(in->out->events, n, sizeof(struct cal_event), by_place);
	}
}

struct cal_series cal_series_of(struct mem *m, const struct cal_event *ev)
{
	struct cal_exception *except = mem_array(m, struct cal_exception, ev->n_overrides);

	for (size_t i = 0; i < ev->n_overrides; i++) {
		const struct cal_event *o = &ev->overrides[i];

		except[i] = (struct cal_exception){.on = o->on, .start = o->start, .end = o->end,
						   .cancelled = o->status == CAL_CANCELLED, .following = o->following};
	}
	return (struct cal_series){.start = ev->start, .end = ev->end, .zone = cal_zone(ev->zone), .rrule = ev->rrule,
				   .rdates = ev->rdates, .n_rdates = ev->n_rdates, .exdates = ev->exdates,
				   .n_exdates = ev->n_exdates, .exceptions = except, .n_exceptions = ev->n_overrides};
}
