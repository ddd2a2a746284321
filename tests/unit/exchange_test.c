/*
 * In and out: fixtures of tests/http/exchange.
 */
#include "../golden.h"
#include "thing.h"

#include "db/db.h"

/* given: object actor {"name": …}: published. "object draft actor {…}": proposed. */
static void given_object(struct t *t, struct str words)
{
	bool draft = str_starts(words, S("draft "));
	struct str rest = draft ? str_sub(words, 6, words.n) : words;
	const struct entity *e = entity_find(str_cut(&rest, ' '));
	struct object ob = {.entity = e, .status = draft ? ST_PROPOSED : ST_PUBLISHED, .lang = S("fr")};

	thing_start(t);
	T_NEED(e != NULL);
	ob.doc = thing_doc(t, e, str_c(t->mem, rest));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, NULL));
	T_OK(db_commit(t->db));
}
GOLDEN_GIVEN(object, given_object)
