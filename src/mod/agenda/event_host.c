/*
 * Hosts by consent. Which actors an event names is in its document; whether each of them agreed is in event_host, and is
 * written into the document's computed "state" on each save, so that views, lists, links and feeds show those who agreed and
 * no others. Names of nobody in the directory have nobody to ask: they are shown as they were given.
 */
#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "agenda.sql.h"
#include "event_private.h"
#include "../../core/derive.h"
#include "object.sql.h"

/* The actor behind what was written: its address, or its whole title when only one has it. 0 if there is none. */
static enum err resolve(struct db *db, struct mem *m, const char *kind, struct str words, int64_t *id)
{
	const struct entity *e = entity_find(str_of(kind));
	struct term_find_row t;
	struct object_sort_match_row *hits;
	size_t n;

	*id = 0;
	if (!e || !words.n) {
		return OK;
	}
	enum err err = object_id_of(db, m, e, words, id);
	if (err != E_NOTFOUND) {
		return err;
	}
	*id = 0;
	err = term_find(db, str_of(kind), S(""), S(""), m, &t);
	if (err == OK) {
		TRY(object_sort_match(db, t.id, title_sort(m, words), 2, m, &hits, &n));
		*id = n == 1 ? hits[0].object : 0;
	}
	return err == E_NOTFOUND ? OK : err;
}

/* An editor of the actor who names it agrees by doing so. */
static enum err agrees(struct db *db, struct mem *m, const struct act *act, int64_t actor, bool *yes)
{
	struct object_has_editor_row r;

	*yes = false;
	if (!act || !act->account) {
		return OK;
	}
	enum err err = object_has_editor(db, act->account, actor, m, &r);
	*yes = err == OK;
	return err == E_NOTFOUND ? OK : err;
}

static enum err host_state(struct db *db, struct mem *m, const struct object *ob, const struct entity_save *s, int64_t actor, struct str *state)
{
	struct event_host_one_row row;
	bool yes = false;

	*state = S("named");
	if (!actor) {
		return OK;
	}
	*state = S("asked");
	enum err err = ob->id ? event_host_one(db, ob->id, actor, m, &row) : E_NOTFOUND;
	if (err == OK) {
		*state = row.state;
	}
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	if (str_eq(*state, S("asked"))) {
		TRY(agrees(db, m, s->act, actor, &yes));
		*state = yes ? S("accepted") : S("asked");
	}
	return OK;
}

static enum err programme_state(struct db *db, struct mem *m, const struct object *ob, int64_t programme, struct str *state)
{
	struct programme_states_row *rows;
	size_t n = 0;

	*state = S("asked"); /* a programme that is none is asked for ever: nothing to show */
	if (ob->id && programme) {
		TRY(programme_states(db, ob->id, m, &rows, &n));
	}
	for (size_t i = 0; i < n; i++) {
		if (rows[i].programme == programme) {
			*state = str_eq(rows[i].state, S("accepted")) ? S("accepted") : str_eq(rows[i].state, S("refused")) ? S("declined") : S("asked");
		}
	}
	return OK;
}

/* The group with each item's state as it is. */
static enum err with_states(struct db *db, struct mem *m, struct object *ob, const struct entity_save *s, const char *group, const char *member,
			    struct json *doc)
{
	const struct json *items = json_get(ob->doc.j, group);
	struct json out = tree_array();

	for (size_t i = 0; items->kind == JSON_IS_ARRAY && i < items->n; i++) {
		struct json item = tree_copy(m, &items->items[i]);
		struct str state;
		int64_t id;

		TRY(resolve(db, m, member, json_str(json_get(&item, member)), &id));
		TRY(strcmp(member, "actor") == 0 ? host_state(db, m, ob, s, id, &state) : programme_state(db, m, ob, id, &state));
		tree_set(m, &item, S("state"), tree_str(state));
		tree_add(m, &out, item);
	}
	if (out.n) {
		tree_set(m, doc, str_of(group), out);
	}
	return OK;
}

enum err event_hosts_prepare(struct db *db, struct mem *m, struct object *ob, const struct entity_save *s)
{
	struct json *doc = mem_new(m, struct json);

	*doc = tree_copy(m, ob->doc.j);
	TRY(with_states(db, m, ob, s, "hosts", "actor", doc));
	TRY(with_states(db, m, ob, s, "programmes", "programme", doc));
	ob->doc.j = doc;
	return OK;
}

static bool named(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++) {
		if (ids[i] == id) {
			return true;
		}
	}
	return false;
}

/* The programmes that the event names are asked; those that it no longer names forget it. */
static enum err programmes_derive(struct db *db, struct mem *m, const struct object *ob, const struct entity_save *s)
{
	const struct json *list = json_get(ob->doc.j, "programmes");
	int64_t *ids = mem_array(m, int64_t, list->n);
	struct programme_states_row *rows = NULL;
	size_t n = 0, n_rows = 0;

	for (size_t i = 0; list->kind == JSON_IS_ARRAY && i < list->n; i++) {
		TRY(resolve(db, m, "programme", json_str(json_get(&list->items[i], "programme")), &ids[n]));
		if (ids[n]) {
			TRY(programme_ask(db, ids[n], ob->id, s->now));
			n++;
		}
	}
	if (s->old) {
		TRY(programme_states(db, ob->id, m, &rows, &n_rows));
	}
	for (size_t i = 0; i < n_rows; i++) {
		if (!named(ids, n, rows[i].programme)) {
			TRY(programme_drop(db, rows[i].programme, ob->id));
		}
	}
	return OK;
}

enum err event_hosts_derive(struct db *db, struct mem *m, const struct object *ob, const struct entity_save *s)
{
	const struct json *hosts = json_get(ob->doc.j, "hosts");
	int64_t *ids = mem_array(m, int64_t, hosts->n);
	struct event_host_rows_row *rows = NULL;
	size_t n = 0, n_rows = 0;
	bool waiting = false;

	for (size_t i = 0; hosts->kind == JSON_IS_ARRAY && i < hosts->n; i++) {
		struct str state = json_str(json_get(&hosts->items[i], "state")), role = json_str(json_get(&hosts->items[i], "role"));
		int64_t id;

		TRY(resolve(db, m, "actor", json_str(json_get(&hosts->items[i], "actor")), &id));
		if (!id || named(ids, n, id)) {
			continue;
		}
		ids[n++] = id;
		waiting = waiting || str_eq(state, S("asked"));
		TRY(event_host_put(db, ob->id, id, role.n ? role : S("organiser"), str_eq(state, S("accepted")) ? state : S("asked"), s->now));
	}
	TRY(programmes_derive(db, m, ob, s));
	if (s->old) {
		TRY(event_host_rows(db, ob->id, m, &rows, &n_rows));
	}
	for (size_t i = 0; i < n_rows; i++) {
		if (!named(ids, n, rows[i].actor)) {
			TRY(event_host_drop(db, ob->id, rows[i].actor));
		}
	}
	if (waiting && ob->status == ST_PUBLISHED) { /* who is named is asked once the event is public */
		struct str id = str_fmt(m, "%lld", (long long)ob->id);
		return job_add(db, "agenda-invite", id, id, 0);
	}
	return OK;
}

enum err event_hosts(struct db *db, struct mem *m, const struct object *ob, struct event_host **out, size_t *n)
{
	const struct json *hosts = json_get(ob->doc.j, "hosts");

	*n = 0;
	*out = mem_array(m, struct event_host, hosts->n);
	for (size_t i = 0; hosts->kind == JSON_IS_ARRAY && i < hosts->n; i++) {
		const struct json *item = &hosts->items[i];
		struct event_host *h = &(*out)[*n];
		struct object_card_by_id_row card;

		*h = (struct event_host){.title = json_str(json_get(item, "actor")), .role = json_str(json_get(item, "role")),
					 .state = json_str(json_get(item, "state"))};
		h->role = h->role.n ? h->role : S("organiser");
		TRY(resolve(db, m, "actor", h->title, &h->actor));
		if (h->actor) {
			TRY(object_card_by_id(db, h->actor, S(""), m, &card));
			h->slug = card.slug;
			h->title = card.title;
		}
		(*n)++;
	}
	return OK;
}

enum err event_refresh(struct db *db, struct mem *m, int64_t event, const struct act *act)
{
	struct object ob;

	TRY(object_by_id(db, m, event, &ob));
	return ob.entity == &event_entity ? object_save(db, m, &ob, act, NULL) : E_NOTFOUND;
}

enum err event_host_answer(struct db *db, struct mem *m, int64_t event, int64_t actor, const char *state, const struct act *act)
{
	int64_t changed;

	TRY(event_host_decide(db, event, actor, str_of(state), act->now, act->account, &changed));
	return changed ? event_refresh(db, m, event, act) : E_NOTFOUND;
}
