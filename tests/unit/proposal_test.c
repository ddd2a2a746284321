/*
 * Proposals: field by field, with conflicts, hidden fields kept, scopes of moderators, erasure.
 */
#include "thing.h"

#include "core/proposal.h"
#include "db/db.h"

static struct json *json_of(struct t *t, const char *text)
{
	struct json *j = mem_new(t->mem, struct json);

	if (json_parse(t->mem, str_of(text), j, NULL) != OK) {
		t_fail(t, T_AT("json"), "no JSON: %s", text);
	}
	return j;
}

static struct object now(struct t *t, int64_t id)
{
	struct object ob = {0};

	(void)t_eq_err(t, T_AT("object_by_id"), OK, object_by_id(t->db, t->mem, id, &ob));
	return ob;
}

static struct str text_of(struct t *t, int64_t id)
{
	struct object ob = now(t, id);

	return doc_text(t->mem, &thing_entity, ob.doc.j);
}

/* Proposes what `edited` (JSON of the public view, changed) says. */
static struct proposal propose(struct t *t, const struct object *ob, const char *edited, struct str *token)
{
	struct proposal p = {.type = PROP_CHANGE, .object_id = ob->id, .base_version = ob->version, .lang = S("fr"),
			     .mail = S("jo@example.org"), .name = S("Jo"), .note = S("because"),
			     .changes = proposal_changes(t->mem, ob, SEE_PUBLIC, json_of(t, edited))};

	(void)t_eq_err(t, T_AT("proposal_create"), OK, proposal_create(t->db, t->mem, &p, thing_act.now, token));
	return p;
}

static void fields_are_taken_one_by_one(struct t *t)
{
	struct proposal got;
	struct proposal_field *f;
	struct str token;
	size_t n;

	thing_start(t);
	struct object ob = thing_save(t, &thing_entity, "{\"name\":\"N\",\"summary\":\"s\",\"tags\":[\"a\"],\"mail\":\"secret@example.org\"}");
	struct proposal p = propose(t, &ob, "{\"name\":\"M\",\"summary\":\"better\",\"tags\":[\"a\"],\"size\":1}", &token);
	T_EQ(p.changes->n, 2);
	T_OK(proposal_by_token(t->db, t->mem, token, &got));
	T_EQ(got.id, p.id);
	T_STR(got.mail, "jo@example.org");
	T_ERR(E_NOTFOUND, proposal_by_token(t->db, t->mem, S("0123456789012345678901234567890a"), &got));
	T_ERR(E_NOTFOUND, proposal_by_token(t->db, t->mem, S(""), &got));
	T_OK(proposal_fields(t->db, t->mem, &p, &ob, &f, &n));
	T_EQ(n, 2);
	struct str keys[] = {S("summary")};
	T_OK(proposal_accept(t->db, t->mem, p.id, keys, 1, false, &thing_act));
	T_STR(text_of(t, ob.id), "{\"name\":\"N\",\"summary\":\"better\",\"tags\":[\"a\"],\"mail\":\"secret@example.org\",\"size\":1}");
	T_OK(proposal_by_id(t->db, t->mem, p.id, &got));
	T_EQ((int)got.state, PROP_PARTLY);
	T_STR(got.accepted, "summary");
	T_ERR(E_INVALID, proposal_accept(t->db, t->mem, p.id, NULL, 0, false, &thing_act));
	T_ERR(E_INVALID, proposal_refuse(t->db, t->mem, p.id, S("no"), &thing_act));
}

static void conflicts_are_shown(struct t *t)
{
	struct proposal_field *f;
	struct str token;
	size_t n;

	thing_start(t);
	struct object ob = thing_save(t, &thing_entity, "{\"name\":\"N\",\"summary\":\"s\"}");
	struct proposal p = propose(t, &ob, "{\"name\":\"M\",\"summary\":\"proposed\"}", &token);
	ob.doc = thing_doc(t, &thing_entity, "{\"name\":\"N\",\"summary\":\"changed meanwhile\"}");
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, NULL));
	ob = now(t, ob.id);
	T_OK(proposal_fields(t->db, t->mem, &p, &ob, &f, &n));
	T_NEED(n == 2);
	T_TRUE(!f[0].conflict && f[1].conflict);
	T_STR(f[1].base->text, "s");
	struct str both[] = {S("name"), S("summary")};
	T_OK(db_begin(t->db, DB_WRITE));
	T_ERR(E_CONFLICT, proposal_accept(t->db, t->mem, p.id, both, 2, false, &thing_act));
	db_rollback(t->db);
	T_STR(text_of(t, ob.id), "{\"name\":\"N\",\"summary\":\"changed meanwhile\",\"size\":1}");
	T_OK(proposal_accept(t->db, t->mem, p.id, NULL, 0, false, &thing_act));
	T_STR(text_of(t, ob.id), "{\"name\":\"M\",\"summary\":\"changed meanwhile\",\"size\":1}");
	p = propose(t, &ob, "{\"name\":\"M\",\"summary\":\"again\"}", &token);
	T_OK(proposal_accept(t->db, t->mem, p.id, NULL, 0, true, &thing_act));
}

static void new_objects_wait(struct t *t)
{
	struct str token;
	struct object got;
	bool moved;

	thing_start(t);
	struct object ob = {.entity = &thing_entity, .status = ST_PROPOSED, .lang = S("fr"), .doc = thing_doc(t, &thing_entity, "{\"name\":\"Fresh\"}")};
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, NULL));
	T_ERR(E_NOTFOUND, object_get(thing_req(t), &thing_entity, S("fresh"), &got, &moved));
	struct proposal p = {.type = PROP_NEW, .object_id = ob.id, .lang = S("fr")};
	T_OK(proposal_create(t->db, t->mem, &p, thing_act.now, &token));
	T_EQ(token.n, 0);
	T_OK(proposal_accept(t->db, t->mem, p.id, NULL, 0, false, &thing_act));
	T_OK(object_get(thing_req(t), &thing_entity, S("fresh"), &got, &moved));
	struct object other = {.entity = &thing_entity, .status = ST_PROPOSED, .lang = S("fr"), .doc = thing_doc(t, &thing_entity, "{\"name\":\"Bad\"}")};
	T_OK(object_save(t->db, t->mem, &other, &thing_act, NULL));
	p = (struct proposal){.type = PROP_NEW, .object_id = other.id, .lang = S("fr"), .mail = S("a@b.org")};
	T_OK(proposal_create(t->db, t->mem, &p, thing_act.now, &token));
	T_OK(proposal_refuse(t->db, t->mem, p.id, S("Not about welcome."), &thing_act));
	T_EQ((int)now(t, other.id).status, ST_REFUSED);
}

static void moderators_see_their_scope(struct t *t)
{
	struct str territories[] = {S("FR-ARA")}, themes[] = {S("health")}, next;
	struct proposal *list;
	struct str token;
	size_t n;

	thing_start(t);
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"A\",\"territory\":\"26108\"}");
	struct object b = thing_save(t, &thing_entity, "{\"name\":\"B\",\"territory\":\"75101\",\"themes\":[\"health\"]}");
	struct object c = thing_save(t, &thing_entity, "{\"name\":\"C\"}");
	(void)propose(t, &a, "{\"name\":\"A2\",\"territory\":\"26108\"}", &token);
	(void)propose(t, &b, "{\"name\":\"B2\",\"territory\":\"75101\",\"themes\":[\"health\"]}", &token);
	(void)propose(t, &c, "{\"name\":\"C2\"}", &token);
	struct req *rq = thing_req(t);
	rq->who = (struct who){.account = 1, .role = ROLE_MODERATOR, .territories = territories, .n_territories = 1};
	T_OK(proposal_queue(rq, 10, STR_NONE, &list, &n, &next));
	T_NEED(n == 1);
	T_EQ(list[0].object_id, a.id);
	rq->who = (struct who){.account = 1, .role = ROLE_MODERATOR, .themes = themes, .n_themes = 1};
	T_OK(proposal_queue(rq, 10, STR_NONE, &list, &n, &next));
	T_NEED(n == 1);
	T_EQ(list[0].object_id, b.id);
	rq->who = (struct who){.account = 1, .role = ROLE_EDITOR};
	T_OK(proposal_queue(rq, 10, STR_NONE, &list, &n, &next));
	T_EQ(n, 0);
	rq->who = (struct who){.account = 1, .role = ROLE_MODERATOR};
	T_OK(proposal_queue(rq, 2, STR_NONE, &list, &n, &next));
	T_EQ(n, 2);
	T_NEED(next.p != NULL);
	T_OK(proposal_queue(rq, 2, next, &list, &n, &next));
	T_EQ(n, 1);
	T_EQ(list[0].object_id, c.id);
	T_TRUE(next.p == NULL);
	T_ERR(E_INVALID, proposal_queue(rq, 2, S("@@"), &list, &n, &next));
}

static void hidden_fields_survive_a_suggestion(struct t *t)
{
	struct str token;

	thing_start(t);
	struct object ob = thing_save(t, &thing_entity,
				      "{\"name\":\"N\",\"mail\":\"secret@example.org\","
				      "\"contacts\":[{\"value\":\"open\"},{\"value\":\"kept\",\"visibility\":\"hidden\"}]}");
	struct proposal p = propose(t, &ob, "{\"name\":\"N\",\"contacts\":[{\"value\":\"opened\"}]}", &token);
	T_OK(proposal_accept(t->db, t->mem, p.id, NULL, 0, false, &thing_act));
	T_STR(text_of(t, ob.id), "{\"name\":\"N\",\"mail\":\"secret@example.org\",\"contacts\":[{\"value\":\"opened\"},"
				 "{\"value\":\"kept\",\"visibility\":\"hidden\"}],\"size\":1}");
	T_TRUE(proposal_changes(t->mem, &ob, SEE_PUBLIC, json_of(t, "{\"name\":\"N\",\"contacts\":[{\"value\":\"open\"}],\"size\":1}")) == NULL);
}

static void addresses_are_sealed_and_erased(struct t *t)
{
	struct proposal got;
	struct str token;
	int64_t erased;

	thing_start(t);
	struct object ob = thing_save(t, &thing_entity, "{\"name\":\"N\"}");
	struct proposal p = propose(t, &ob, "{\"name\":\"M\"}", &token);
	T_OK(proposals_purge(t->db, thing_act.now + INT64_C(1000) * 86400000, &erased));
	T_EQ(erased, 0); /* open ones are kept */
	T_OK(proposal_withdraw(t->db, t->mem, p.id, &thing_act));
	T_OK(proposals_purge(t->db, thing_act.now + INT64_C(89) * 86400000, &erased));
	T_EQ(erased, 0);
	T_OK(proposals_purge(t->db, thing_act.now + INT64_C(91) * 86400000, &erased));
	T_EQ(erased, 1);
	T_OK(proposal_by_id(t->db, t->mem, p.id, &got));
	T_TRUE(!got.mail.p && !got.name.p);
	T_ERR(E_NOTFOUND, proposal_by_token(t->db, t->mem, token, &got));
}

static const struct t_case cases[] = {
	{"fields are taken one by one", fields_are_taken_one_by_one, T_DB | T_SCHEMA},
	{"conflicts are shown and not overwritten", conflicts_are_shown, T_DB | T_SCHEMA},
	{"new objects wait for a moderator", new_objects_wait, T_DB | T_SCHEMA},
	{"moderators see their scope", moderators_see_their_scope, T_DB | T_SCHEMA},
	{"hidden fields survive a suggestion", hidden_fields_survive_a_suggestion, T_DB | T_SCHEMA},
	{"addresses are sealed and erased", addresses_are_sealed_and_erased, T_DB | T_SCHEMA},
};
T_SUITE(proposal, cases)
