/*
 * maillage demo: loads the demonstration network (demo/, made into one text by tools/demo/make.mjs). What is there already,
 * by its address, is left as it is: a second run changes nothing, and what people tried out stays.
 */
#include "../base/json.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../base/vec.h"
#include "../core/atlas.h"
#include "../core/demo_data.h"
#include "../core/object.h"
#include "../core/theme.h"
#include "../entity/tree.h"
#include "commands.h"
#include "demo_events.h"
#include "demo_site.h"
#include "open.h"

static const struct opt opts[] = {OPTS_DATA};

struct demo {
	struct db *db;
	struct mem *mem;   /* of the command */
	struct mem *scrap; /* of one object */
	int64_t now;
	size_t made, there;
	VEC(int64_t) fresh; /* objects made, to be linked once all are there */
};

/* A code stays itself; the name of a town abroad becomes its code. */
static struct str territory_code(struct str words, struct str country)
{
	struct territory t;

	if (!words.n || atlas_find(words)) {
		return words;
	}
	return atlas_get(atlas_resolve(words, STR_NONE, country, NULL), &t) ? t.code : words;
}

/* The document as the entity reads it: territories as codes. */
static struct json document(struct demo *d, const struct json *o)
{
	struct json doc = tree_copy(d->scrap, json_get(o, "doc"));
	struct str country = json_str(json_get(o, "country")), main_one = json_str(json_get(o, "territory"));
	const struct json *others = json_get(&doc, "territories");
	struct json codes = tree_array();

	if (main_one.n) {
		tree_set(d->scrap, &doc, S("territory"), tree_str(territory_code(main_one, country)));
	}
	for (size_t i = 0; i < others->n; i++) {
		tree_add(d->scrap, &codes, tree_str(territory_code(json_str(json_at(others, i)), country)));
	}
	if (codes.n) {
		tree_set(d->scrap, &doc, S("territories"), codes);
	}
	demo_event_times(d->scrap, &doc, d->now);
	return doc;
}

static enum err not_read(struct str slug, const struct form *f)
{
	for (size_t i = 0; i < f->n_errors; i++) {
		log_error("demonstration: %.*s: %.*s: %.*s", STR_ARG(slug), STR_ARG(f->errors[i].field),
			  STR_ARG(f->errors[i].reason));
	}
	return E_BUG;
}

/* "2024-05-01": when somebody last said that it is right. */
static int64_t day_of(struct str date, int64_t otherwise)
{
	struct civil c;

	return date.n && date_parse(date, &c) ? time_of_civil(c) : otherwise;
}

static enum err load_object(struct demo *d, const struct json *j)
{
	const struct entity *e = entity_find(json_str(json_get(j, "kind")));
	struct str lang = json_str(json_get(j, "lang"));
	bool closed = str_eq(json_str(json_get(j, "status")), S("closed"));
	struct object ob = {.entity = e,
			    .slug = json_str(json_get(j, "slug")),
			    .lang = lang,
			    .status = closed ? ST_ARCHIVED : ST_PUBLISHED};
	struct act act = {.verb = "create", .now = d->now, .public_change = true};
	struct form f;
	int64_t id;

	if (!e) {
		return fail(E_BUG, "demonstration: no such kind");
	}
	enum err err = object_id_of(d->db, d->scrap, e, ob.slug, &id);
	if (err != E_NOTFOUND) {
		d->there++;
		return err;
	}
	struct json doc = document(d, j);
	if (form_read_json(NULL, d->scrap, e, &doc, NULL, str_c(d->scrap, lang), false, &f) != OK) {
		return not_read(ob.slug, &f);
	}
	ob.doc = (struct doc){f.doc};
	ob.checked_at = day_of(json_str(json_get(j, "checked")), d->now);
	TRY(object_save(d->db, d->scrap, &ob, &act, NULL));
	*vec_add(d->mem, &d->fresh) = ob.id;
	d->made++;
	return demo_event_hosts(d->db, d->scrap, &ob, d->now);
}

static enum err load_objects(struct demo *d, const struct json *objects)
{
	for (size_t i = 0; i < objects->n; i++) {
		enum err e = load_object(d, json_at(objects, i));

		mem_reset(d->scrap);
		TRY(e);
	}
	/* Networks name actors that came after them. */
	for (size_t i = 0; i < d->fresh.n; i++) {
		TRY(object_rederive(d->db, d->scrap, d->fresh.p[i], NULL));
		mem_reset(d->scrap);
	}
	return OK;
}

static enum err load(struct demo *d)
{
	struct json *all = mem_new(d->mem, struct json);
	bool changed;

	TRY(json_parse(d->mem, demo_files[0].body, all, NULL));
	TRY(demo_site(d->db, d->mem, json_get(all, "site"), d->now, &changed));
	d->made += changed;
	TRY(theme_put_all(d->db, d->mem, json_get(all, "themes"), &d->made));
	return load_objects(d, json_get(all, "objects"));
}

static int run(struct args *a)
{
	struct demo d = {.mem = a->mem, .scrap = mem_open(), .now = time_now()};
	struct opened o;
	enum err e = cmd_open(a, true, &o);

	if (e == OK) {
		d.db = o.db;
		e = db_begin(o.db, DB_WRITE);
		e = e == OK ? load(&d) : e;
		if (e == OK) {
			e = db_commit(o.db);
		} else {
			db_rollback(o.db);
		}
		cmd_close(&o);
	}
	mem_close(d.scrap);
	if (e != OK) {
		fprintf(stderr, "maillage demo: the demonstration network was not loaded\n");
		return exit_of(e);
	}
	printf("The demonstration network is in %.*s: %zu loaded, %zu there already\n", STR_ARG(o.data), d.made,
	       d.there);
	return EXIT_DONE;
}

const struct command cmd_demo = {
	.name = "demo",
	.operands = "",
	.doc = "Loads the demonstration network; what is there already stays as it is",
	.opts = TABLE(opts),
	.run = run,
};
