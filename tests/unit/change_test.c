/*
 * What this process keeps in memory follows what is committed, and nothing else: settings, themes, choices, kept pages.
 */
#include <pthread.h>

#include "thing.h"

#include "core/change.h"
#include "core/setting.h"
#include "entity/tree.h"
#include "object.sql.h"
#include "web/web.h"

static struct str name_now(void)
{
	return site_text_in(site_now(), &site_now()->name, "fr");
}

static enum err put_name(struct t *t, struct str to)
{
	struct json names = tree_object();
	const char *why;

	tree_set(t->mem, &names, S("fr"), tree_str(to));
	return setting_put(t->db, t->mem, S("name"), &names, 0, T_NOW, &why);
}

/* The second look of the server, on a connection of its own, falls into the midst of a post. */
static void settings_follow_the_commit(struct t *t)
{
	struct db *other;

	thing_start(t);
	T_OK(put_name(t, S("Ancien")));
	T_OK(db_open(str_of(t->db_url), NULL, &other));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(put_name(t, S("Nouveau")));
	T_STR(name_now(), "Ancien");
	site_poll(other);
	T_STR(name_now(), "Ancien");
	T_ERR(E_BUG, site_load(t->db));
	T_OK(db_commit(t->db));
	T_STR(name_now(), "Nouveau");
	site_poll(other);
	T_STR(name_now(), "Nouveau");
	db_close(other);
}

static void settings_forget_what_is_undone(struct t *t)
{
	thing_start(t);
	T_OK(put_name(t, S("Ancien")));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(put_name(t, S("Jamais")));
	db_rollback(t->db);
	T_STR(name_now(), "Ancien");
	/* nor does it come back with the next transaction */
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(change_public(t->db));
	T_OK(db_commit(t->db));
	T_STR(name_now(), "Ancien");
}

static void themes_follow_the_commit(struct t *t)
{
	struct theme added = {.slug = S("water"), .parent = S("health"), .name = {{S_INIT("Eau")}}};

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(theme_put(t->db, t->mem, &added));
	T_TRUE(theme_find(S("water")) != NULL); /* here, for what the same transaction lists under it */
	db_rollback(t->db);
	T_TRUE(theme_find(S("water")) == NULL);
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(theme_put(t->db, t->mem, &added));
	T_OK(db_commit(t->db));
	T_TRUE(theme_find(S("water")) != NULL);
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(theme_remove(t->db, t->mem, S("water")));
	T_TRUE(theme_find(S("water")) == NULL);
	db_rollback(t->db);
	T_TRUE(theme_find(S("water")) != NULL);
}

static void *look_for_water(void *found)
{
	*(bool *)found = theme_find(S("water")) != NULL;
	return NULL;
}

static void others_do_not_see_a_draft(struct t *t)
{
	struct theme added = {.slug = S("water"), .name = {{S_INIT("Eau")}}};
	pthread_t other;
	bool found = true;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(theme_put(t->db, t->mem, &added));
	T_NEED(pthread_create(&other, NULL, look_for_water, &found) == 0);
	pthread_join(other, NULL);
	T_TRUE(!found);
	db_rollback(t->db);
}

/* A page made while the change is under way is kept under the version from before. */
static void pages_go_with_the_commit(struct t *t)
{
	uint64_t before;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	before = web_data_version();
	thing_save(t, &thing_entity, "{\"name\":\"Seen\"}");
	T_EQ(web_data_version(), before);
	T_OK(db_commit(t->db));
	T_TRUE(web_data_version() > before);

	before = web_data_version();
	T_OK(db_begin(t->db, DB_WRITE));
	thing_save(t, &thing_entity, "{\"name\":\"Undone\"}");
	db_rollback(t->db);
	T_EQ(web_data_version(), before);
}

/* Whatever another process writes, from the first look on. */
static void pages_go_with_the_writes_of_others(struct t *t)
{
	struct db *other;
	uint64_t before;

	thing_start(t);
	T_OK(db_open(str_of(t->db_url), NULL, &other));
	site_poll(other);
	before = web_data_version();
	site_poll(other);
	T_EQ(web_data_version(), before);
	T_OK(data_version_bump(t->db, S("public")));
	site_poll(other);
	T_TRUE(web_data_version() > before);
	db_close(other);
}

static int calls, kept_calls;

static void count_call(struct db *db, bool kept)
{
	calls += !db_in_tx(db); /* it may begin one of its own */
	kept_calls += kept;
}

static void called_once_when_over(struct t *t)
{
	calls = kept_calls = 0;
	T_OK(db_begin(t->db, DB_WRITE));
	db_after(t->db, count_call);
	db_after(t->db, count_call);
	T_EQ(calls, 0);
	T_OK(db_commit(t->db));
	T_EQ(calls, 1);
	T_EQ(kept_calls, 1);
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(db_commit(t->db));
	T_EQ(calls, 1);
	T_OK(db_begin(t->db, DB_WRITE));
	db_after(t->db, count_call);
	T_TRUE(db_script(t->db, "this is no statement") != OK);
	T_ERR(E_DB, db_commit(t->db));
	T_EQ(calls, 2);
	T_EQ(kept_calls, 1);
	db_after(t->db, count_call);
	T_EQ(kept_calls, 2);
}

static const struct t_case cases[] = {
	{"settings follow the commit", settings_follow_the_commit, T_DB | T_SCHEMA},
	{"settings forget what is undone", settings_forget_what_is_undone, T_DB | T_SCHEMA},
	{"themes follow the commit", themes_follow_the_commit, T_DB | T_SCHEMA},
	{"other threads do not see a draft", others_do_not_see_a_draft, T_DB | T_SCHEMA},
	{"kept pages go with the commit", pages_go_with_the_commit, T_DB | T_SCHEMA},
	{"kept pages go with the writes of other processes", pages_go_with_the_writes_of_others, T_DB | T_SCHEMA},
	{"what is to be called after is called once", called_once_when_over, T_DB},
};
T_SUITE(change, cases)
