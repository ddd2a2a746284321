/*
 * What follows from saving an event: its occurrences written out and listed under its terms, the sequence of its calendar
 * entry, those who want to know.
 */
#include <stdlib.h>

#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "agenda.sql.h"
#include "event_private.h"
#include "object.sql.h"

#define LIMIT_SPAN_DAYS 62 /* of one occurrence, counted day by day */

/* ---- what changed ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *field;
	unsigned what;
} watched[] = {
	{"start", EVENT_TIME},       {"end", EVENT_TIME},        {"zone", EVENT_TIME},   {"rrule", EVENT_TIME},
	{"rdates", EVENT_TIME},      {"exdates", EVENT_TIME},    {"exceptions", EVENT_TIME}, {"attendance", EVENT_PLACE},
	{"everywhere", EVENT_PLACE}, {"places", EVENT_PLACE},    {"territory", EVENT_PLACE}, {"state", EVENT_STATE},
	{"hosts", EVENT_HOSTS},
};

/* No state is "planned". */
static bool same_field(const struct json *a, const struct json *b, const char *field)
{
	const struct json *x = json_get(a, field), *y = json_get(b, field);
	struct str planned = S("planned");

	if (strcmp(field, "state") == 0) {
		return str_eq(json_str(x).n ? json_str(x) : planned, json_str(y).n ? json_str(y) : planned);
	}
	return tree_same(x, y);
}

unsigned event_changes(const struct json *a, const struct json *b, struct buf *fields)
{
	unsigned what = 0;

	for (size_t i = 0; i < COUNT(watched); i++) {
		if (!same_field(a, b, watched[i].field)) {
			what |= watched[i].what;
			if (fields && (watched[i].what & (EVENT_TIME | EVENT_PLACE | EVENT_STATE))) {
				buf_put(fields, fields->n ? S(",") : S(""));
				buf_put(fields, str_of(watched[i].field));
			}
		}
	}
	return what ? what : tree_same(a, b) ? 0 : EVENT_TEXT;
}

enum err event_prepare(struct db *db, struct mem *m, struct object *ob, const struct entity_save *s)
{
	TRY(event_hosts_prepare(db, m, ob, s));
	struct str state = json_str(json_get(ob->doc.j, "state"));
	bool moved = s->old && s->old_status == ST_PUBLISHED && ob->status == ST_PUBLISHED &&
		     (event_changes(s->old, ob->doc.j, NULL) & (EVENT_TIME | EVENT_PLACE)) != 0;
	bool had_date = s->old && json_str(json_get(s->old, "start")).n > 0;

	/* A date that was to be decided and now is, is no change of plan. */
	if (moved && had_date && (!state.n || str_eq(state, S("planned"))) && same_field(s->old, ob->doc.j, "state")) {
		struct json *doc = mem_new(m, struct json);

		*doc = tree_copy(m, ob->doc.j);
		tree_set(m, doc, S("state"), tree_str(S("changed")));
		ob->doc.j = doc;
	}
	return OK;
}

/* ---- occurrences ----------------------------------------------------------------------------------------------------- */

/* A local moment counted as if it were UTC. */
static int64_t local_ms(struct cal_moment c)
{
	return cal_to_utc(NULL, c);
}

struct written {
	struct occurrence_row *rows;
	size_t n;
	bool cut;
	int64_t first, last, horizon;
};

/* What holds for all occurrences: the column `cancelled` is 0 as planned, 1 cancelled, 2 postponed, 3 changed. */
static int64_t state_of(const struct json *doc)
{
	struct str s = json_str(json_get(doc, "state"));

	return str_eq(s, S("cancelled")) ? 1 : str_eq(s, S("postponed")) ? 2 : str_eq(s, S("changed")) ? 3 : 0;
}

static struct occurrence_row row_of(struct mem *m, int64_t event, size_t n, const struct cal_series *s, const struct cal_occurrence *o,
				    int64_t state)
{
	int64_t from = local_ms(o->start), to;

	if (!cal_span(NULL, o->start, o->end, &from, &to)) {
		to = from;
	}
	return (struct occurrence_row){
		.event = event, .nth = (int64_t)n, .at = from, .until = to, .start_at = o->from, .end_at = o->to, .grain = o->start.precision,
		.cancelled = o->cancelled ? 1 : state, .ref = cal_text(m, o->on), .start = cal_text(m, o->start),
		.finish = o->end.precision ? cal_text(m, o->end) : STR_NONE, .zone = s->zone ? cal_zone_name(s->zone) : STR_NONE,
	};
}

/* Writes the series out: what is past for a year and what comes for two. */
static enum err expand(struct mem *m, int64_t event, const struct json *doc, int64_t now, struct written *w)
{
	struct cal_series s = event_series(m, doc);
	int64_t horizon = now + EVENT_MONTHS * 31 * TIME_DAY, from = INT64_MIN / 4;
	bool repeats = s.rrule.n > 0;
	struct cal_occurrences o = {.n = 0};

	*w = (struct written){.n = 0};
	if (s.start.precision == CAL_NONE) {
		return OK;
	}
	if (repeats) {
		int64_t start = cal_to_utc(s.zone, cal_day(s.start));
		from = start < now - 400 * TIME_DAY ? now - 400 * TIME_DAY : start - 2 * TIME_DAY;
		horizon = start > now ? start + EVENT_MONTHS * 31 * TIME_DAY : horizon;
	}
	TRY(cal_expand(m, &s, from, repeats ? horizon : INT64_MAX / 4, EVENT_OCCURRENCES, &o));
	w->rows = mem_array(m, struct occurrence_row, o.n);
	for (size_t i = 0; i < o.n; i++) {
		w->rows[w->n++] = row_of(m, event, i, &s, &o.p[i], state_of(doc));
		w->first = i == 0 ? o.p[i].from : w->first;
		w->last = i == 0 || o.p[i].to > w->last ? o.p[i].to : w->last;
	}
	int64_t last = repeats ? cal_last(m, &s, horizon) : w->last;
	if (repeats && (o.cut || last >= horizon)) {
		w->horizon = o.cut && w->n ? w->last : horizon;
	}
	return OK;
}

static bool same_rows(const struct occurrence_row *a, const struct occurrence_row *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i].nth != b[i].nth || a[i].at != b[i].at || a[i].until != b[i].until || a[i].start_at != b[i].start_at ||
		    a[i].end_at != b[i].end_at || a[i].grain != b[i].grain || a[i].cancelled != b[i].cancelled ||
		    !str_eq(a[i].ref, b[i].ref) || !str_eq(a[i].start, b[i].start) || !str_eq(a[i].finish, b[i].finish) ||
		    !str_eq(a[i].zone, b[i].zone)) {
			return false;
		}
	}
	return true;
}

static int64_t day_of(int64_t local)
{
	return local >= 0 ? local / TIME_DAY : (local - TIME_DAY + 1) / TIME_DAY;
}

/* Days that an occurrence stands on; months and years to come count on none. */
static size_t days_of(const struct occurrence_row *r, int64_t *first)
{
	int64_t last = day_of(r->until > r->at ? r->until - 1 : r->at);

	*first = day_of(r->at);
	if (r->grain < CAL_DAY) {
		return 0;
	}
	return last - *first >= LIMIT_SPAN_DAYS ? LIMIT_SPAN_DAYS : (size_t)(last - *first + 1);
}

/* Adds to the counts of days, in the order of the index. */
static enum err count_days(struct db *db, struct str terms, const struct occurrence_row *rows, size_t n, int64_t by)
{
	for (int64_t term; terms.n && str_to_i64(str_cut(&terms, ' '), &term);) {
		for (size_t i = 0; i < n; i++) {
			int64_t first;
			size_t days = days_of(&rows[i], &first);
			for (size_t d = 0; d < days; d++) {
				TRY(occurrence_day_add(db, term, first + (int64_t)d, by));
			}
		}
	}
	return OK;
}

static enum err list_rows(struct db *db, struct str terms, const struct occurrence_row *rows, size_t n)
{
	for (int64_t term; terms.n && str_to_i64(str_cut(&terms, ' '), &term);) {
		for (size_t i = 0; i < n; i++) {
			const struct occurrence_row *r = &rows[i];
			bool is_long = r->grain >= CAL_DAY && day_of(r->until > r->at ? r->until - 1 : r->at) > day_of(r->at);
			TRY(occurrence_term_add(db, &(struct occurrence_term_add_in){.term = term, .at = r->at, .event = r->event, .nth = r->nth,
									      .until = r->until, .lasting = is_long || r->grain < CAL_DAY}));
		}
	}
	return OK;
}

static enum err write_rows(struct db *db, const struct written *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct occurrence_row *r = &w->rows[i];
		TRY(occurrence_add(db, &(struct occurrence_add_in){.event = r->event, .nth = r->nth, .at = r->at, .until = r->until,
								   .start_at = r->start_at, .end_at = r->end_at, .grain = r->grain,
								   .cancelled = r->cancelled, .ref = r->ref, .start = r->start,
								   .finish = r->finish, .zone = r->zone}));
	}
	return OK;
}

/* Replaces what stood there, if it is not the same. */
static enum err put_occurrences(struct db *db, struct mem *m, int64_t event, const struct written *w, const struct entity_save *s)
{
	struct occurrence_row *old = NULL;
	size_t n_old = 0;

	if (s->old) {
		TRY(occurrence_rows(db, event, INT64_MIN, EVENT_OCCURRENCES, m, &old, &n_old));
	}
	bool same = n_old == w->n && same_rows(old, w->rows, n_old);
	if (same && str_eq(s->old_terms, s->terms)) {
		return OK;
	}
	if (!same && n_old) {
		TRY(occurrences_clear(db, event));
	}
	if (n_old) {
		TRY(occurrence_terms_clear(db, event)); /* also when the terms were forgotten, as by a check that makes all again */
		TRY(count_days(db, s->old_terms, old, n_old, -1));
	}
	if (!same) {
		TRY(write_rows(db, w));
	}
	TRY(list_rows(db, s->terms, w->rows, w->n));
	return count_days(db, s->terms, w->rows, w->n, 1);
}

/* ---- the rest -------------------------------------------------------------------------------------------------------- */

static struct opt_int opt(bool has, int64_t v)
{
	return (struct opt_int){has, v};
}

static unsigned what_changed(const struct object *ob, const struct entity_save *s, struct buf *fields)
{
	bool was = s->old && s->old_status == ST_PUBLISHED, is = ob->status == ST_PUBLISHED;

	if (was != is) {
		return is ? EVENT_PUBLISHED : EVENT_WITHDRAWN;
	}
	return is && s->old ? event_changes(s->old, ob->doc.j, fields) : 0;
}

static enum err tell(struct db *db, struct mem *m, const struct object *ob, unsigned what, int64_t now)
{
	for (size_t i = 0; what && event_observers[i]; i++) {
		TRY(event_observers[i]->changed(db, m, ob, what, now));
	}
	return OK;
}

enum err event_derive(struct db *db, struct mem *m, const struct object *ob, const struct entity_save *s)
{
	struct buf fields = buf_make(m, KIB(1));
	unsigned what = s->act ? what_changed(ob, s, &fields) : 0;
	struct event_row_row was = {.sequence = 0, .what = S("")};
	struct written w;
	enum err err = s->old ? event_row(db, ob->id, m, &was) : E_NOTFOUND;

	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	TRY(expand(m, ob->id, ob->doc.j, s->now, &w));
	TRY(put_occurrences(db, m, ob->id, &w, s));
	struct event_put_in row = {.object = ob->id, .sequence = was.sequence, .changed_at = was.changed_at, .what = was.what,
				   .first_at = opt(w.n > 0, w.first), .last_at = opt(w.n > 0 && !w.horizon, w.last),
				   .horizon = opt(w.horizon != 0, w.horizon), .passed = w.n > 0 && !w.horizon && w.last <= s->now};
	if (what & (EVENT_TIME | EVENT_PLACE | EVENT_STATE)) {
		row.sequence++;
		row.changed_at = opt(true, s->now);
		row.what = buf_str(&fields);
	}
	TRY(event_put(db, &row));
	TRY(event_hosts_derive(db, m, ob, s));
	return tell(db, m, ob, what, s->now);
}

size_t event_terms(struct mem *m, const struct json *view, int64_t now, struct str (*out)[2], size_t max)
{
	struct cal_series s = event_series(m, view);
	struct cal_occurrence next;
	struct str when = S("upcoming");

	if (max == 0) {
		return 0;
	}
	if (s.start.precision == CAL_NONE) {
		when = S("undated");
	} else if (!cal_next(m, &s, now, &next)) {
		when = S("past");
	}
	out[0][0] = S("when");
	out[0][1] = when;
	return 1;
}

/* ---- as time goes by ------------------------------------------------------------------------------------------------- */

static enum err again(const struct job_ctx *ctx, int64_t id)
{
	TRY(db_begin(ctx->db, DB_WRITE));
	enum err err = object_rederive(ctx->db, ctx->mem, id, NULL);
	err = err == OK ? data_version_bump(ctx->db, S("public")) : err;
	if (err != OK) {
		db_rollback(ctx->db);
		return err;
	}
	return db_commit(ctx->db);
}

enum err event_job_horizon(const struct job_ctx *ctx, const struct job *job)
{
	enum { AT_ONCE = 200 };
	int64_t ids[2 * AT_ONCE];
	struct events_over_row *over;
	struct events_short_row *short_;
	size_t n_over, n_short, n = 0;

	(void)job;
	TRY(db_begin(ctx->db, DB_READ));
	enum err err = events_over(ctx->db, ctx->now, AT_ONCE, ctx->mem, &over, &n_over);
	if (err == OK) {
		err = events_short(ctx->db, ctx->now + (EVENT_MONTHS - 1) * 31 * TIME_DAY, AT_ONCE, ctx->mem, &short_, &n_short);
	}
	db_rollback(ctx->db);
	TRY(err);
	for (size_t i = 0; i < n_over; i++) {
		ids[n++] = over[i].object;
	}
	for (size_t i = 0; i < n_short; i++) {
		ids[n++] = short_[i].object;
	}
	for (size_t i = 0; i < n; i++) {
		struct mem_mark at = mem_mark(ctx->mem);
		TRY(again(ctx, ids[i]));
		mem_rewind(ctx->mem, at);
	}
	return OK;
}
