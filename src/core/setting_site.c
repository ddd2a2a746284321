/*
 * The snapshot of the settings that every request reads, made from the database; and following what
 * other processes write. Never made inside a transaction: what that wrote may not be kept, and another thread that looks
 * would put the older one back.
 */
#include "setting.h"

#include <pthread.h>

#include "../base/log.h"
#include "../base/time.h"
#include "../entity/entity.h"
#include "../entity/tree.h"
#include "../web/web.h"
#include "object.sql.h"
#include "theme.h"

/* What the snapshot is made of: rows by name, and the arena that lives with it. */
struct source {
	struct mem *mem;
	struct setting_rows_row *rows;
	size_t n;
};

static const struct json *value_of(struct source *s, const char *name)
{
	struct json *j = mem_new(s->mem, struct json);
	const struct setting *def = setting_find(str_of(name));
	struct str text = def ? str_of(def->fallback) : S("null");

	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->rows[i].name, str_of(name))) {
			text = s->rows[i].value;
		}
	}
	if (json_parse(s->mem, text, j, NULL) != OK) {
		log_error("setting %s: not JSON", name);
		*j = (struct json){.kind = JSON_IS_NULL};
	}
	return j;
}

static struct str text_or_empty(const struct json *j)
{
	struct str s = json_str(j);

	return s.p ? s : S("");
}

static struct site_text texts(const struct json *j)
{
	struct site_text t;

	for (int i = 0; i < SITE_LANGS; i++) {
		t.in[i] = text_or_empty(json_get(j, site_langs[i]));
	}
	return t;
}

static void set_langs(struct source *s, struct site *site)
{
	const struct json *j = value_of(s, "langs");

	for (size_t i = 0; i < j->n && site->n_langs < SITE_LANGS; i++) {
		int at = site_lang_index(json_str(&j->items[i]));
		if (at >= 0) {
			site->langs[site->n_langs++] = site_langs[at];
		}
	}
	if (site->n_langs == 0) {
		site->langs[site->n_langs++] = site_langs[0];
	}
}

static void set_menu(struct source *s, struct site *site)
{
	const struct json *j = value_of(s, "menu");
	struct site_link *links = mem_array(s->mem, struct site_link, j->n);

	for (size_t i = 0; i < j->n; i++) {
		links[i].words = texts(json_get(&j->items[i], "words"));
		links[i].target = text_or_empty(json_get(&j->items[i], "target"));
	}
	site->menu = links;
	site->n_menu = j->n;
}

static const struct site_block *blocks(struct source *s, const char *name, size_t *n)
{
	const struct json *j = value_of(s, name);
	struct site_block *b = mem_array(s->mem, struct site_block, j->n);

	for (size_t i = 0; i < j->n; i++) {
		b[i].slug = text_or_empty(json_get(&j->items[i], "slug"));
		b[i].title = texts(json_get(&j->items[i], "title"));
		b[i].body = texts(json_get(&j->items[i], "body"));
	}
	*n = j->n;
	return b;
}

static const struct vocabulary_extra *choices(struct source *s)
{
	const struct vocabulary_extra *all = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct json j;
		if (!str_starts(s->rows[i].name, S("vocabulary.")) || json_parse(s->mem, s->rows[i].value, &j, NULL) != OK) {
			continue;
		}
		struct choice *c = mem_array(s->mem, struct choice, j.n);
		for (size_t k = 0; k < j.n; k++) {
			struct str icon = json_str(json_get(&j.items[k], "icon"));
			c[k].slug = str_c(s->mem, json_str(json_get(&j.items[k], "slug")));
			c[k].label = str_c(s->mem, json_str(json_get(&j.items[k], "label")));
			c[k].icon = icon.n ? str_c(s->mem, icon) : NULL;
			c[k].aliases = str_c(s->mem, json_str(json_get(&j.items[k], "aliases")));
		}
		struct vocabulary_extra *x = mem_new(s->mem, struct vocabulary_extra);
		*x = (struct vocabulary_extra){str_sub(s->rows[i].name, 11, s->rows[i].name.n), c, j.n, all};
		all = x;
	}
	return all;
}

/* The key that signs and seals: made once for a site and never shown. */
static enum err make_key(struct db *db, struct mem *m)
{
	struct setting_value_row row;
	struct crypt_key key;
	struct json text;
	enum err err = setting_value(db, S("site_key"), m, &row);

	if (err != E_NOTFOUND) {
		return err;
	}
	crypt_key_make(&key);
	text = tree_str(crypt_key_text(m, &key));
	return setting_value_first(db, S("site_key"), tree_text(m, &text), time_now());
}

static enum err read_key(struct db *db, struct mem *m, struct crypt_key *key)
{
	struct setting_value_row row;
	struct json j;

	TRY(setting_value(db, S("site_key"), m, &row));
	TRY(json_parse(m, row.value, &j, NULL));
	return crypt_key_read(json_str(&j), key);
}

static enum err make_site(struct db *db, struct source *s, struct site *site)
{
	struct data_version_get_row version;
	struct account_admin_row admin;

	TRY(read_key(db, s->mem, &site->key));
	TRY(setting_rows(db, s->mem, &s->rows, &s->n));
	site->name = texts(value_of(s, "name"));
	site->tagline = texts(value_of(s, "tagline"));
	site->base_url = site_now()->base_url;
	site->contact_mail = text_or_empty(value_of(s, "contact_mail"));
	site->time_zone = text_or_empty(value_of(s, "time_zone"));
	site->country = text_or_empty(value_of(s, "country"));
	set_langs(s, site);
	site->logo = text_or_empty(value_of(s, "logo"));
	if (site->logo.n) {
		site->logo = str_fmt(s->mem, "/media/%.*s", STR_ARG(site->logo));
	}
	site->accent = text_or_empty(value_of(s, "accent"));
	site->accent2 = text_or_empty(value_of(s, "accent2"));
	site->paper = text_or_empty(value_of(s, "paper"));
	site->ink = text_or_empty(value_of(s, "ink"));
	set_menu(s, site);
	site->home = blocks(s, "home", &site->n_home);
	site->pages = blocks(s, "pages", &site->n_pages);
	site->tiles = text_or_empty(value_of(s, "tiles"));
	site->tiles_credit = text_or_empty(value_of(s, "tiles_credit"));
	site->raid = json_true(value_of(s, "raid"));
	site->proposals_open = json_true(value_of(s, "proposals_open"));
	site->demo = json_true(value_of(s, "demo"));
	enum err err = account_admin(db, ROLE_ADMIN, s->mem, &admin);
	if (err != OK && err != E_NOTFOUND) {
		return err;
	}
	site->set_up = err == OK;
	TRY(data_version_get(db, S("site"), s->mem, &version));
	site->version = version.version;
	return OK;
}

/* One at a time, each reading what was committed when its turn came: the last put in force is the newest. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static enum err load(struct db *db, struct source *s)
{
	struct site *site = mem_new(s->mem, struct site);
	enum err err;

	TRY(make_key(db, s->mem));
	TRY(db_begin(db, DB_READ));
	err = make_site(db, s, site);
	err = err == OK ? theme_load(db) : err;
	db_rollback(db);
	if (err == OK) {
		entity_set_extra(choices(s));
		site_set(site);
	}
	return err;
}

enum err site_load(struct db *db)
{
	struct source s = {.mem = mem_open()}; /* lives with the snapshot: see web/site.c */
	enum err err;

	if (db_in_tx(db)) {
		err = fail(E_BUG, "the settings read inside a transaction that may not be kept");
	} else {
		pthread_mutex_lock(&turn);
		err = load(db, &s);
		pthread_mutex_unlock(&turn);
	}
	if (err != OK) {
		mem_close(s.mem);
	}
	return err;
}

void site_poll(struct db *db)
{
	static int64_t known = -1; /* at first, pages may be kept that are older than what is read here */
	struct mem *m = mem_open();
	struct data_version_get_row site, data;

	if (data_version_get(db, S("site"), m, &site) == OK && site.version != site_now()->version && site_load(db) != OK) {
		log_error("the settings could not be read again");
	}
	if (data_version_get(db, S("public"), m, &data) == OK && data.version != known) {
		web_data_changed();
		known = data.version;
	}
	mem_close(m);
}
