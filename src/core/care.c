/*
 * Upkeep and retention; see care.h. Erasing is in care_erase.c.
 */
#include "care.h"

#include "../base/time.h"
#include "../entity/tree.h"
#include "care.sql.h"
#include "object.sql.h"

enum { PAGE = 200, YEARS = 5 };

enum err care_between(struct db *db, struct mem *m, const struct entity *e, int64_t from, int64_t from_id, int64_t to, size_t max,
		      struct care_row **out, size_t *n)
{
	struct care_due_row *rows;

	/* Without a row to go on from, those of the very instant `from` are left out. */
	TRY(care_due(db, str_of(e->kind), from, from_id ? from_id : INT64_MAX, to, (int64_t)max, m, &rows, n));
	*out = mem_array(m, struct care_row, *n);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct care_row){rows[i].id, rows[i].checked_at.v, rows[i].slug, rows[i].title, rows[i].territory};
	}
	return OK;
}

/* The instant of the last walk. */
static enum err walked(struct db *db, struct mem *m, struct str name, int64_t otherwise, int64_t *at)
{
	struct setting_value_row r;
	enum err err = setting_value(db, name, m, &r);

	*at = otherwise;
	if (err == OK && !str_to_i64(r.value, at)) {
		*at = otherwise;
	}
	return err == E_NOTFOUND ? OK : err;
}

static enum err walk_window(struct db *db, struct mem *m, const struct entity *e, int64_t from, int64_t to,
			    enum err (*fn)(void *arg, const struct care_row *row), void *arg)
{
	int64_t id = 0;

	for (;;) {
		struct mem_mark mark = mem_mark(m);
		struct care_row *rows;
		size_t n;

		TRY(care_between(db, m, e, from, id, to, PAGE, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(fn(arg, &rows[i]));
		}
		if (n < PAGE) {
			return OK;
		}
		from = rows[n - 1].checked_at;
		id = rows[n - 1].id;
		mem_rewind(m, mark);
	}
}

enum err care_ask_due(struct db *db, struct mem *m, const struct entity *e, int64_t now,
		      enum err (*fn)(void *arg, const struct care_row *row), void *arg)
{
	struct str name = str_fmt(m, "care.%s", e->kind);
	int64_t last;

	TRY(walked(db, m, name, now - CARE_OLD_DAYS * TIME_DAY, &last));
	if (last < now - CARE_OLD_DAYS * TIME_DAY) {
		last = now - CARE_OLD_DAYS * TIME_DAY; /* after a long pause: each once */
	}
	for (int64_t year = 0; year < YEARS; year++) {
		int64_t back = (CARE_ASK_DAYS + year * CARE_OLD_DAYS) * TIME_DAY;
		TRY(walk_window(db, m, e, last - back, now - back, fn, arg));
	}
	return setting_value_put(db, name, str_fmt(m, "%lld", (long long)now), now, 0);
}

/* ---- retention ------------------------------------------------------------------------------------------------------- */

static enum err clean_history(struct db *db, struct mem *m, const struct entity *e, int64_t id)
{
	int64_t after = 0;

	for (;;) {
		struct mem_mark mark = mem_mark(m);
		struct care_revisions_row *rows;
		size_t n;

		TRY(care_revisions(db, id, after, PAGE, m, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			struct doc d;
			TRY(doc_parse(m, rows[i].before, &d));
			struct json clean = doc_without_personal(m, e, d.j);
			TRY(care_revision_put(db, rows[i].id, doc_text_of(m, &clean)));
		}
		if (n < PAGE) {
			return OK;
		}
		after = rows[n - 1].version;
		mem_rewind(m, mark);
	}
}

static enum err clean_one(struct db *db, struct mem *m, int64_t id, int64_t now, int64_t *cleaned)
{
	const struct act act = {.verb = "erase", .now = now, .public_change = true};
	struct json *clean = mem_new(m, struct json);
	struct object ob;
	bool changed;

	TRY(object_by_id(db, m, id, &ob));
	*clean = doc_without_personal(m, ob.entity, ob.doc.j);
	ob.doc.j = clean;
	TRY(object_save(db, m, &ob, &act, &changed));
	*cleaned += changed;
	return clean_history(db, m, ob.entity, id);
}

static enum err clean_window(struct db *db, struct mem *m, enum status st, int64_t from, int64_t to, int64_t now, int64_t *cleaned)
{
	int64_t id = INT64_MAX;

	for (;;) {
		struct mem_mark mark = mem_mark(m);
		struct care_gone_row *rows;
		size_t n;

		TRY(care_gone(db, st, from, id, to, PAGE, m, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(clean_one(db, m, rows[i].id, now, cleaned));
		}
		if (n < PAGE) {
			return OK;
		}
		from = rows[n - 1].updated_at;
		id = rows[n - 1].id;
		mem_rewind(m, mark);
	}
}

enum err care_retention(struct db *db, struct mem *m, int64_t now, int64_t *cleaned)
{
	static const struct {
		enum status status;
		int64_t days;
	} rules[] = {{ST_ARCHIVED, CARE_KEEP_DAYS}, {ST_REFUSED, CARE_KEEP_REFUSED_DAYS}, {ST_REMOVED, CARE_KEEP_REFUSED_DAYS}};
	int64_t last;

	*cleaned = 0;
	TRY(walked(db, m, S("care.retention"), 0, &last));
	for (size_t i = 0; i < COUNT(rules); i++) {
		int64_t back = rules[i].days * TIME_DAY;
		TRY(clean_window(db, m, rules[i].status, last - back, now - back, now, cleaned));
	}
	return setting_value_put(db, S("care.retention"), str_fmt(m, "%lld", (long long)now), now, 0);
}
