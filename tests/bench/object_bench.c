/*
 * How fast objects are written and listed: object_bench DIR COUNT [db-url]. Prints CPU time per operation.
 */
#include <stdlib.h>
#include <time.h>

#include "base/time.h"
#include "core/atlas.h"
#include "core/object.h"
#include "core/points_part.h"
#include "core/setting.h"
#include "core/dup.h"
#include "core/theme.h"
#include "crypt/crypt.h"
#include "db/db.h"
#include "entity/tree.h"
#include "mod/directory/actor.h"
#include "web/site.h"

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static uint64_t seed = 1;
static uint64_t rnd(uint64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % n;
}

static const char *const words[] = {"accueil", "solidaire", "migrants", "ensemble", "refuge", "toit", "langues", "cuisine", "droits",
				    "jeunes", "femmes", "monde", "quartier", "vallee", "ville", "port", "jardin", "ecole", "main",
				    "tendue", "passage", "frontieres", "voix", "terre", "collectif", "reseau", "maison", "citoyen"};
static const char *const kinds[] = {"collective", "association", "assembly", "network", "municipality", "union", "informal"};
static const char *const themes[] = {"housing", "emergency", "health", "food", "papers", "school", "work", "rights"};
static const char *const service[] = {"housing", "food", "legal_aid", "health", "french_lessons"};

static atlas_id communes[40000];
static size_t n_communes;

static struct json make(struct mem *m, int64_t i)
{
	struct json d = tree_object(), themes_ = tree_array(), services = tree_array(), places = tree_array(), contacts = tree_array();
	struct territory t;

	(void)atlas_get(communes[rnd(n_communes)], &t);
	tree_put(m, &d, S("name"), tree_str(str_fmt(m, "%s %s %s %lld", words[rnd(28)], words[rnd(28)], words[rnd(28)], (long long)i)));
	tree_put(m, &d, S("kind"), tree_str(str_of(kinds[rnd(7)])));
	struct buf b = buf_make(m, 4000);
	for (int k = 0; k < 12; k++) {
		buf_fmt(&b, "%s ", words[rnd(28)]);
	}
	tree_put(m, &d, S("summary"), tree_str(str_trim(str_dup(m, buf_str(&b)))));
	for (int k = 0; k < 40; k++) {
		buf_fmt(&b, "%s ", words[rnd(28)]);
	}
	tree_put(m, &d, S("body"), tree_str(str_trim(buf_str(&b))));
	tree_add(m, &themes_, tree_str(str_of(themes[rnd(8)])));
	tree_add(m, &themes_, tree_str(str_of(themes[rnd(8)])));
	tree_put(m, &d, S("themes"), themes_);
	tree_put(m, &d, S("territory"), tree_str(t.code));
	struct json p = tree_object();
	tree_put(m, &p, S("town"), tree_str(t.name));
	tree_put(m, &p, S("lat"), tree_fixed(m, t.lat + (double)rnd(1000) / 1e5, 6));
	tree_put(m, &p, S("lon"), tree_fixed(m, t.lon + (double)rnd(1000) / 1e5, 6));
	tree_add(m, &places, p);
	tree_put(m, &d, S("places"), places);
	struct json c = tree_object();
	tree_put(m, &c, S("type"), tree_str(S("mail")));
	tree_put(m, &c, S("value"), tree_str(str_fmt(m, "contact%lld@example.org", (long long)i)));
	tree_add(m, &contacts, c);
	tree_put(m, &d, S("contacts"), contacts);
	struct json s = tree_object();
	tree_put(m, &s, S("type"), tree_str(str_of(service[rnd(5)])));
	tree_add(m, &services, s);
	tree_put(m, &d, S("services"), services);
	return d;
}

static enum err fill(struct db *db, struct mem *m, int64_t count)
{
	struct mem *bm = mem_open();
	struct batch *batch = batch_open(bm);
	double c0 = cpu(), w0 = wall(), dup_us = 0;
	const char *with_dup = getenv("DUP");

	for (int64_t i = 0; i < count;) {
		TRY(db_begin(db, DB_WRITE));
		for (int64_t k = 0; k < 10000 && i < count; k++, i++) {
			struct mem_mark at = mem_mark(m);
			struct json *in = mem_new(m, struct json);
			struct form f;
			*in = make(m, i);
			TRY(form_read_json(NULL, m, &actor_entity, in, NULL, "fr", true, &f));
			struct object ob = {.entity = &actor_entity, .status = ST_PUBLISHED, .lang = S("fr"), .doc = {f.doc},
					    .source = S("bench"), .source_key = str_fmt(m, "k%lld", (long long)i)};
			struct act act = {.batch = batch, .verb = "import", .now = 1760000000000 + i, .import_run = 1};
			if (with_dup) {
				struct dup *d;
				size_t n;
				double t = cpu();
				TRY(dup_find(db, m, batch, &actor_entity, ob.doc, 0, true, 3, &d, &n));
				dup_us += cpu() - t;
			}
			TRY(object_save(db, m, &ob, &act, NULL));
			mem_rewind(m, at);
		}
		TRY(batch_flush(db, batch));
		TRY(db_commit(db));
		if (i % 100000 == 0 || i == count) {
			fprintf(stderr, "%lld: %.1f us cpu, %.1f us wall an object (dup %.1f)\n", (long long)i, (cpu() - c0) / (double)i,
				(wall() - w0) / (double)i, dup_us / (double)i);
		}
	}
	mem_close(bm);
	return OK;
}

static enum err lists(struct db *db)
{
	static const struct filter filters[] = {
		{.entity = &actor_entity},
		{.entity = &actor_entity, .terms = {{S_INIT("theme"), S_INIT("housing")}}, .n_terms = 1},
		{.entity = &actor_entity, .terms = {{S_INIT("theme"), S_INIT("housing")}, {S_INIT("kind"), S_INIT("network")}}, .n_terms = 2},
		{.entity = &actor_entity, .terms = {{S_INIT("theme"), S_INIT("housing")}}, .n_terms = 1, .territory = S_INIT("26")},
		{.entity = &actor_entity, .terms = {{S_INIT("kind"), S_INIT("union")}, {S_INIT("kind"), S_INIT("network")}}, .n_terms = 2},
		{.entity = &actor_entity, .order = BY_NEW},
		{.entity = &actor_entity, .order = BY_NEW, .terms = {{S_INIT("theme"), S_INIT("housing")}}, .n_terms = 1},
		{.entity = &actor_entity, .order = BY_NEW, .territory = S_INIT("26")},
		{.entity = &actor_entity, .has_bbox = true, .west = 5, .south = 44, .east = 6, .north = 45},
		{.entity = &actor_entity, .has_bbox = true, .west = -5, .south = 41, .east = 10, .north = 51},
		{.entity = &actor_entity, .q = S_INIT("solidaire monde"), .order = BY_RANK},
	};
	struct mem *m = mem_open();

	for (size_t i = 0; i < COUNT(filters); i++) {
		double c0 = 0;
		int64_t total = 0;
		size_t n = 0;
		int rounds = 60;
		for (int k = -3; k < rounds; k++) {
			struct req rq = {.mem = m, .db = db, .lang = "fr", .site = site_now()};
			struct list_row *rows;
			struct str next;
			if (k == 0) {
				c0 = cpu();
			}
			TRY(object_list(&rq, &filters[i], 20, STR_NONE, &rows, &n, &next, &total));
			mem_reset(m);
		}
		double list_us = (cpu() - c0) / rounds;
		struct req rq = {.mem = m, .db = db, .lang = "fr", .site = site_now()};
		struct facet_count *fc;
		c0 = cpu();
		if (!filters[i].q.n) {
			TRY(object_facet(&rq, &filters[i], "theme", 20, &fc, &n));
		}
		printf("list %zu: %.0f us, total %lld; facet %.0f us\n", i, list_us, (long long)total, cpu() - c0);
		mem_reset(m);
	}
	mem_close(m);
	return OK;
}

static enum err run(const char *path, int64_t count)
{
	struct db *db;
	struct mem *m = mem_open();

	TRY(crypt_start());
	TRY(db_open(str_of(path), NULL, &db));
	TRY(db_migrate(db, sql_migrations, sql_migrations_n, NULL));
	TRY(lang_open());
	TRY(atlas_open_built_in());
	object_start();
	TRY(site_load(db));
	for (atlas_id i = atlas_next(ATLAS_COMMUNE, 0); i && n_communes < COUNT(communes); i = atlas_next(ATLAS_COMMUNE, i)) {
		communes[n_communes++] = i;
	}
	for (size_t i = 0; i < COUNT(themes); i++) {
		struct theme t = {.slug = str_of(themes[i]), .parent = i == 1 ? S("housing") : STR_NONE};
		TRY(theme_put(db, m, &t));
	}
	if (count) {
		TRY(fill(db, m, count));
	}
	if (getenv("NO_LISTS")) {
		db_close(db);
		return OK;
	}
	TRY(points_start(str_of(path)));
	while (!points_running()) {
		struct points_query q = {.west = 0, .east = 1, .south = 0, .north = 1, .zoom = 1};
		struct points_answer a;
		(void)!points_find(db, m, &q, &a); /* waits for the index */
	}
	TRY(db_begin(db, DB_READ));
	TRY(lists(db));
	db_rollback(db);
	points_stop();
	db_close(db);
	return OK;
}

int main(int argc, char **argv)
{
	int64_t count = 0;

	if (argc < 3 || !str_to_i64(str_of(argv[2]), &count)) {
		return 64;
	}
	enum err e = run(argv[1], count);
	if (e != OK) {
		fprintf(stderr, "%s\n", err_name(e));
	}
	return e != OK;
}
