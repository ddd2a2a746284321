/*
 * Objects: saving, conflicts, history, undo, merging, addresses, lists.
 */
#include "thing.h"

#include "object.sql.h"

static struct object again(struct t *t, int64_t id)
{
	struct object ob = {0};

	(void)t_eq_err(t, T_AT("object_by_id"), OK, object_by_id(t->db, t->mem, id, &ob));
	return ob;
}

static void saves_and_reads(struct t *t)
{
	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"Tous ensemble\",\"summary\":\"Un lieu\",\"themes\":[\"emergency\"],"
						       "\"territory\":\"26108\",\"translations\":{\"en\":{\"summary\":\"A place\"}}}");
	struct object b = again(t, a.id);

	T_STR(b.slug, "tous-ensemble");
	T_STR(b.title, "Tous ensemble");
	T_EQ(b.version, 1);
	T_EQ((int)b.status, ST_PUBLISHED);
	T_STR(b.territory, "26108");
	T_TRUE(b.has_point);
	T_EQ(b.precision, PLACE_COMMUNE);
	T_STR(doc_text(t->mem, &thing_entity, b.doc.j),
	      "{\"name\":\"Tous ensemble\",\"summary\":\"Un lieu\",\"themes\":[\"emergency\"],\"territory\":\"26108\",\"size\":13,"
	      "\"translations\":{\"en\":{\"summary\":\"A place\"}}}");
}

static struct list_row *list(struct t *t, struct filter f, size_t *n, int64_t *total)
{
	struct list_row *rows = NULL;
	struct str next;

	(void)t_eq_err(t, T_AT("object_list"), OK, object_list(thing_req(t), &f, 20, STR_NONE, &rows, n, &next, total));
	return rows;
}

static void lists_by_terms(struct t *t)
{
	size_t n;
	int64_t total;

	thing_start(t);
	thing_save(t, &thing_entity, "{\"name\":\"Beta\",\"themes\":[\"emergency\"],\"territory\":\"26108\",\"kind\":\"red\"}");
	thing_save(t, &thing_entity, "{\"name\":\"alpha\",\"themes\":[\"health\"],\"territory\":\"38185\"}");
	thing_save(t, &thing_entity, "{\"name\":\"Éclair\",\"themes\":[\"housing\",\"health\"],\"kind\":\"red\"}");
	struct list_row *rows = list(t, (struct filter){.entity = &thing_entity}, &n, &total);
	T_EQ(n, 3);
	T_EQ(total, 3);
	T_STR(rows[0].title, "alpha");
	T_STR(rows[1].title, "Beta");
	T_STR(rows[2].title, "Éclair");
	struct filter f = {.entity = &thing_entity, .terms = {{S("theme"), S("housing")}}, .n_terms = 1};
	rows = list(t, f, &n, &total);
	T_EQ(n, 2);
	T_STR(rows[0].title, "Beta");
	f.terms[f.n_terms++] = (struct term){S("kind"), S("red")};
	f.territory = S("FR-ARA");
	rows = list(t, f, &n, &total);
	T_EQ(n, 1);
	T_STR(rows[0].title, "Beta");
	f = (struct filter){.entity = &thing_entity, .terms = {{S("theme"), S("emergency")}, {S("theme"), S("health")}}, .n_terms = 2};
	(void)list(t, f, &n, &total);
	T_EQ(n, 3);
	T_EQ(total, 3);
}

static void second_editor_conflicts(struct t *t)
{
	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"One\"}");
	struct object first = again(t, a.id), second = again(t, a.id);
	bool changed;

	first.doc = thing_doc(t, &thing_entity, "{\"name\":\"One\",\"summary\":\"by the first\"}");
	T_OK(object_save(t->db, t->mem, &first, &thing_act, &changed));
	T_TRUE(changed);
	second.doc = thing_doc(t, &thing_entity, "{\"name\":\"One\",\"summary\":\"by the second\"}");
	T_ERR(E_CONFLICT, object_save(t->db, t->mem, &second, &thing_act, &changed));
	first = again(t, a.id);
	T_OK(object_save(t->db, t->mem, &first, &thing_act, &changed));
	T_TRUE(!changed);
	T_EQ(again(t, a.id).version, 2);
}

static void undoes(struct t *t)
{
	struct revision_item *items;
	size_t n;

	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"One\",\"summary\":\"s1\",\"tags\":[\"x\"]}");
	a.doc = thing_doc(t, &thing_entity, "{\"name\":\"One\",\"summary\":\"s2\",\"tags\":[\"x\"]}");
	T_OK(object_save(t->db, t->mem, &a, &thing_act, NULL));
	a.doc = thing_doc(t, &thing_entity, "{\"name\":\"One\",\"summary\":\"s2\",\"tags\":[\"x\",\"y\"]}");
	T_OK(object_save(t->db, t->mem, &a, &thing_act, NULL));
	T_OK(object_history(t->db, t->mem, a.id, 10, &items, &n));
	T_NEED(n == 3);
	T_STR(items[1].fields, "summary");
	T_OK(object_undo(t->db, t->mem, items[1].id, &thing_act));
	a = again(t, a.id);
	T_STR(json_str(json_get(a.doc.j, "summary")), "s1");
	T_EQ(json_get(a.doc.j, "tags")->n, 2);
	T_ERR(E_CONFLICT, object_undo(t->db, t->mem, items[1].id, &thing_act));
	struct doc was;
	T_OK(object_at_version(t->db, t->mem, a.id, 1, &was));
	T_STR(json_str(json_get(was.j, "summary")), "s1");
	T_EQ(json_get(was.j, "tags")->n, 1);
	T_OK(object_at_version(t->db, t->mem, a.id, 2, &was));
	T_STR(json_str(json_get(was.j, "summary")), "s2");
}

/* Translations of a group's records: kept, told of in the history, taken back. */
static void texts_of_records(struct t *t)
{
	struct revision_item *items;
	size_t n;

	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"One\",\"pictures\":[{\"file\":\"a.webp\",\"alt\":\"une table\"}]}");
	a.doc = thing_doc(t, &thing_entity, "{\"name\":\"One\",\"pictures\":[{\"file\":\"a.webp\",\"alt\":\"une table\",\"translations\":"
					    "{\"ar\":{\"alt\":\"طاولة\"}}}]}");
	T_OK(object_save(t->db, t->mem, &a, &thing_act, NULL));
	a = again(t, a.id);
	T_STR(item_text(json_at(json_get(a.doc.j, "pictures"), 0), "alt", "ar", S("fr"), NULL), "طاولة");
	T_OK(object_history(t->db, t->mem, a.id, 10, &items, &n));
	T_NEED(n == 2);
	T_STR(items[0].fields, "pictures");
	T_OK(object_undo(t->db, t->mem, items[0].id, &thing_act));
	a = again(t, a.id);
	T_STR(item_text(json_at(json_get(a.doc.j, "pictures"), 0), "alt", "ar", S("fr"), NULL), "une table");
}

static void merges(struct t *t)
{
	struct revision_item *items;
	struct object got;
	size_t n;
	int64_t total;
	bool moved;

	thing_start(t);
	struct object club = thing_save(t, &club_entity, "{\"title\":\"The club\"}");
	struct object club2 = thing_save(t, &club_entity, "{\"title\":\"The same club\",\"themes\":[\"health\"]}");
	thing_save(t, &thing_entity, "{\"name\":\"Member\",\"member\":[{\"of\":\"the-same-club\"}]}");
	T_OK(object_merge(t->db, t->mem, club2.id, club.id, &thing_act));
	T_OK(object_get(thing_req(t), &club_entity, S("the-same-club"), &got, &moved));
	T_TRUE(moved);
	T_EQ(got.id, club.id);
	T_EQ(json_get(got.doc.j, "themes")->n, 1);
	struct link_row *links;
	T_OK(object_links(t->db, t->mem, club.id, 10, &links, &n));
	T_NEED(n == 1);
	T_STR(links[0].title, "Member");
	(void)list(t, (struct filter){.entity = &club_entity}, &n, &total);
	T_EQ(total, 1);
	T_OK(object_history(t->db, t->mem, club.id, 10, &items, &n));
	T_OK(object_undo(t->db, t->mem, items[0].id, &thing_act));
	T_OK(object_get(thing_req(t), &club_entity, S("the-same-club"), &got, &moved));
	T_TRUE(!moved);
	T_EQ(got.id, club2.id);
	T_OK(object_links(t->db, t->mem, club.id, 10, &links, &n));
	T_EQ(n, 0);
	T_OK(object_links(t->db, t->mem, club2.id, 10, &links, &n));
	T_EQ(n, 1);
	T_EQ(json_get(again(t, club.id).doc.j, "themes")->n, 0);
	(void)list(t, (struct filter){.entity = &club_entity}, &n, &total);
	T_EQ(total, 2);
}

static void old_addresses_lead_on(struct t *t)
{
	struct object got;
	bool moved;

	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"One\"}");
	a.slug = S("uno");
	T_OK(object_save(t->db, t->mem, &a, &thing_act, NULL));
	T_OK(object_get(thing_req(t), &thing_entity, S("one"), &got, &moved));
	T_TRUE(moved);
	T_STR(got.slug, "uno");
	struct object b = thing_save(t, &thing_entity, "{\"name\":\"One\"}");
	T_STR(b.slug, "one-2");
	a.slug = S("one");
	T_OK(object_save(t->db, t->mem, &a, &thing_act, NULL));
	T_OK(object_get(thing_req(t), &thing_entity, S("uno"), &got, &moved));
	T_STR(got.slug, "one");
	b.slug = S("one");
	T_ERR(E_CONFLICT, object_save(t->db, t->mem, &b, &thing_act, NULL));
	b.slug = S("Not A Slug");
	T_ERR(E_INVALID, object_save(t->db, t->mem, &b, &thing_act, NULL));
	T_ERR(E_NOTFOUND, object_get(thing_req(t), &thing_entity, S("nobody"), &got, &moved));
}

static const struct t_case cases[] = {
	{"an object survives the round trip", saves_and_reads, T_DB | T_SCHEMA},
	{"lists follow terms", lists_by_terms, T_DB | T_SCHEMA},
	{"the second of two editors is told", second_editor_conflicts, T_DB | T_SCHEMA},
	{"a change is undone unless it was changed again", undoes, T_DB | T_SCHEMA},
	{"translations of records are kept and undone", texts_of_records, T_DB | T_SCHEMA},
	{"objects merge and part again", merges, T_DB | T_SCHEMA},
	{"old addresses lead to the object", old_addresses_lead_on, T_DB | T_SCHEMA},
};
T_SUITE(object, cases)
