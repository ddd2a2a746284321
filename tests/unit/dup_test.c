/*
 * The duplicate watch: what is the same is found, what only looks alike is not called the same.
 */
#include "thing.h"

#include "core/dup.h"
#include "db/db.h"

static const struct dup_ask likely = {.max = 5, .least = DUP_LIKELY}, anything = {.max = 5, .least = DUP_LIKELY, .all = true};

static int score(struct t *t, const char *text, const char **why)
{
	struct dup *d = NULL;
	size_t n = 0;

	(void)t_eq_err(t, T_AT("dup_find"), OK, dup_find(t->db, t->mem, &thing_entity, thing_doc(t, &thing_entity, text), &likely, &d, &n));
	if (why) {
		*why = n ? d[0].reason : "";
	}
	return n ? d[0].score : 0;
}

static void finds_the_same(struct t *t)
{
	const char *why;

	thing_start(t);
	thing_save(t, &thing_entity, "{\"name\":\"Association Accueil Migrants Crest\",\"acronym\":\"AMC\",\"territory\":\"26108\","
		"\"site\":\"https://www.amc.example.org/\","
				     "\"mail\":\"contact@amc.example.org\",\"contacts\":[{\"value\":\"04 75 11 22 33\"}]}");
	T_TRUE(score(t, "{\"name\":\"Accueil des migrants de Crest\",\"territory\":\"26108\"}", NULL) >= DUP_SURE);
	T_TRUE(score(t, "{\"name\":\"Acceuil migrant Crest\",\"territory\":\"26108\"}", NULL) >= DUP_LIKELY);
	T_TRUE(score(t, "{\"name\":\"AMC\",\"territory\":\"26108\"}", NULL) >= DUP_LIKELY);
	T_TRUE(score(t, "{\"name\":\"Accueil Crest\",\"site\":\"http://amc.example.org\"}", &why) >= DUP_LIKELY);
	T_TRUE(strstr(why, "site") != NULL);
	T_TRUE(score(t, "{\"name\":\"Other name\",\"mail\":\"Contact@AMC.example.org\"}", &why) >= DUP_LIKELY);
	T_TRUE(strstr(why, "mail") != NULL);
	T_EQ(score(t, "{\"name\":\"Accueil migrants Grenoble\",\"territory\":\"38185\"}", NULL), 0);
	T_EQ(score(t, "{\"name\":\"Cuisine du monde\",\"territory\":\"26108\"}", NULL), 0);
	T_TRUE(score(t, "{\"name\":\"Association Accueil Migrants Crest\",\"territory\":\"38185\"}", NULL) < DUP_SURE);
}

static void forgets_what_is_gone(struct t *t)
{
	struct dup *d;
	size_t n;

	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"Maison des langues\",\"territory\":\"26108\"}");
	struct object b = thing_save(t, &thing_entity, "{\"name\":\"La maison des langues\",\"territory\":\"26108\"}");
	struct dup_ask other = likely;
	other.self = b.id;
	T_OK(dup_find(t->db, t->mem, &thing_entity, b.doc, &other, &d, &n));
	T_NEED(n == 1);
	T_EQ(d[0].id, a.id);
	T_OK(dup_distinct(t->db, b.id, a.id, 1));
	T_OK(dup_find(t->db, t->mem, &thing_entity, b.doc, &other, &d, &n));
	T_EQ(n, 0);
	T_TRUE(score(t, "{\"name\":\"Maison des langues\",\"territory\":\"26108\"}", NULL) >= DUP_SURE);
	T_OK(object_set_status(t->db, t->mem, a.id, ST_REMOVED, &thing_act));
	T_OK(object_set_status(t->db, t->mem, b.id, ST_PROPOSED, &thing_act));
	T_EQ(score(t, "{\"name\":\"Maison des langues\",\"territory\":\"26108\"}", NULL), 0); /* waiting ones are not told of */
	T_OK(dup_find(t->db, t->mem, &thing_entity, a.doc, &anything, &d, &n));
	T_EQ(n, 1);
}

static void finds_within_a_batch(struct t *t)
{
	struct mem *m = mem_open();
	struct batch *b = batch_open(m);
	struct act act = thing_act;
	struct dup *d;
	size_t n;

	thing_start(t);
	act.batch = b;
	T_OK(db_begin(t->db, DB_WRITE));
	struct object a = {.entity = &thing_entity, .status = ST_PUBLISHED, .lang = S("fr"),
			   .doc = thing_doc(t, &thing_entity, "{\"name\":\"Maison des langues\",\"territory\":\"26108\"}")};
	T_OK(object_save(t->db, t->mem, &a, &act, NULL));
	struct doc same = thing_doc(t, &thing_entity, "{\"name\":\"Maison des langues\",\"territory\":\"26108\"}");
	struct dup_ask ask = {.batch = b, .all = true, .max = 5, .least = DUP_SURE};
	T_OK(dup_find(t->db, t->mem, &thing_entity, same, &ask, &d, &n));
	T_EQ(n, 1);
	T_OK(batch_flush(t->db, b));
	T_OK(dup_find(t->db, t->mem, &thing_entity, a.doc, &ask, &d, &n));
	T_EQ(n, 1);
	T_OK(db_commit(t->db));
	mem_close(m);
}

static const struct t_case cases[] = {
	{"the same is found", finds_the_same, T_DB | T_SCHEMA},
	{"what is gone or told apart is not shown", forgets_what_is_gone, T_DB | T_SCHEMA},
	{"doubles within a batch are found", finds_within_a_batch, T_DB | T_SCHEMA},
};
T_SUITE(dup, cases)
