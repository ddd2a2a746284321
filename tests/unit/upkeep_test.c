/*
 * What the server tidies by itself, and what the check says of what objects are found by.
 */
#include "thing.h"

#include "base/limits.h"
#include "core/dup.h"
#include "core/search.h"
#include "core/upkeep.h"
#include "core/verify.h"
#include "db/db.h"
#include "object.sql.h"

static struct job_ctx ctx_of(struct t *t)
{
	return (struct job_ctx){.db = t->db, .mem = t->mem, .now = thing_act.now};
}

static void only_late_changes_are_kept(struct t *t)
{
	struct job_ctx ctx = ctx_of(t);
	struct object_change_range_row r;

	thing_start(t);
	thing_save(t, &thing_entity, "{\"name\":\"Maison des langues\",\"territory\":\"26108\"}");
	T_OK(upkeep_job_changes(&ctx, NULL));
	T_OK(object_change_range(t->db, t->mem, &r));
	T_TRUE(r.first > 0); /* few as they are, they stay */
	T_OK(db_script(t->db, "INSERT INTO object_change (seq, object) VALUES (500000, 1), (599999, 1), (600000, 1)"));
	T_OK(upkeep_job_changes(&ctx, NULL));
	T_OK(upkeep_job_changes(&ctx, NULL));
	T_OK(object_change_range(t->db, t->mem, &r));
	T_EQ(r.first, 500000);
	T_EQ(r.last, 600000);
	T_OK(db_script(t->db, "INSERT INTO object_change (seq, object) VALUES (900000, 1)"));
	T_OK(upkeep_job_changes(&ctx, NULL));
	T_OK(object_change_range(t->db, t->mem, &r));
	T_EQ(r.first, 900000); /* the last one is always there */
}

struct said {
	struct buf text;
};

static void say(void *arg, struct str what)
{
	struct said *s = arg;

	buf_put(&s->text, what);
	buf_put_c(&s->text, '\n');
}

static struct str check(struct t *t, bool rebuild)
{
	struct said s = {.text = buf_make(t->mem, KIB(16))};
	struct verify v = {.found = say, .arg = &s, .rebuild = rebuild};

	(void)t_eq_err(t, T_AT("verify_all"), OK, verify_all(t->db, &v));
	return buf_str(&s.text);
}

static void check_reads_what_things_are_found_by(struct t *t)
{
	struct dup_ask likely = {.max = 5, .least = DUP_LIKELY};
	struct dup *d;
	size_t n;

	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"Maison des langues\",\"territory\":\"26108\"}");
	thing_save(t, &thing_entity, "{\"name\":\"Cuisine du monde\",\"territory\":\"26108\"}");
	T_STR(check(t, false), "");
	T_OK(db_script(t->db, "DELETE FROM dup_key WHERE object = 1"));
	struct str said = check(t, false);
	T_TRUE(str_find(said, S("duplicate watch")) >= 0);
	T_TRUE(str_find(said, S("--rebuild")) > 0);
	T_TRUE(str_find(said, S("the search")) < 0);
	T_OK(db_script(t->db, "UPDATE search SET b = 'autre' WHERE b IS NOT NULL"));
	T_TRUE(str_find(check(t, false), S("the search does not say the same")) >= 0);
	T_TRUE(check(t, true).n > 0);
	T_STR(check(t, false), "");
	T_OK(dup_find(t->db, t->mem, &thing_entity, a.doc, &likely, &d, &n));
	T_EQ(n, 1);
}

static const struct t_case cases[] = {
	{"old changes are forgotten, late ones kept", only_late_changes_are_kept, T_DB | T_SCHEMA},
	{"the check compares search and duplicate watch", check_reads_what_things_are_found_by, T_DB | T_SCHEMA},
};
T_SUITE(upkeep, cases)
