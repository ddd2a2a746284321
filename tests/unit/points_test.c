/*
 * Places in memory: what a box holds is what a walk over all places finds, filters are those of lists, changes are seen at once.
 */
#include "thing.h"

#include "base/buf.h"
#include "core/points.h"
#include "db/db.h"

enum { PLACES = 260 };

struct spot {
	double lat, lon;
	bool red;
};

/* The same numbers each time. */
static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

static struct object put(struct t *t, const char *name, double lat, double lon, bool red)
{
	struct buf b = buf_make(t->mem, 1000);

	buf_fmt(&b, "{\"name\":\"%s\",%s\"places\":[{\"label\":\"x\",\"lat\":%.4f,\"lon\":%.4f}]}", name,
		red ? "\"kind\":\"red\"," : "", lat, lon);
	buf_put_c(&b, '\0');
	return thing_save(t, &thing_entity, b.p);
}

static void fill(struct t *t, struct spot *spots)
{
	uint32_t state = 7;
	char name[32];

	T_OK(db_begin(t->db, DB_WRITE));
	for (int i = 0; i < PLACES; i++) {
		bool crowd = i % 3 == 0; /* a town with many */
		spots[i].lat = crowd ? 48.85 + (next(&state) % 100) / 1000.0 : -60 + (next(&state) % 12000) / 100.0;
		spots[i].lon = crowd ? 2.3 + (next(&state) % 100) / 1000.0 : -179 + (next(&state) % 35800) / 100.0;
		spots[i].red = next(&state) % 2 == 0;
		snprintf(name, sizeof name, "Thing %d", i);
		put(t, name, spots[i].lat, spots[i].lon, spots[i].red);
	}
	T_OK(db_commit(t->db));
}

static bool in_box(const struct points_query *q, const struct spot *s)
{
	bool lon = q->west <= q->east ? s->lon >= q->west && s->lon <= q->east : s->lon >= q->west || s->lon <= q->east;

	return lon && s->lat >= q->south && s->lat <= q->north;
}

static struct points_answer find(struct t *t, struct points_query q, struct str kind)
{
	struct filter *f = mem_new(t->mem, struct filter);
	struct points_answer a = {.n = 0};

	*f = (struct filter){.entity = &thing_entity};
	if (kind.n) {
		f->terms[f->n_terms++] = (struct term){S("kind"), kind};
	}
	q.filters = f;
	q.n_filters = 1;
	(void)t_eq_err(t, T_AT("points_find"), OK, points_find(t->db, t->mem, &q, &a));
	return a;
}

/* What every answer keeps to. */
static void holds(struct t *t, const struct points_query *q, const struct points_answer *a, int64_t expected)
{
	int64_t sum = 0;
	size_t named = 0;

	T_EQ(a->total, expected);
	T_TRUE(a->n <= POINTS_SHOWN);
	for (size_t i = 0; i < a->n; i++) {
		const struct points_cluster *c = &a->clusters[i];
		sum += c->n;
		named += c->n_items;
		T_TRUE(c->n > 1 || c->n_items == 1);
		T_TRUE(c->lat >= c->south - 1e-6 && c->lat <= c->north + 1e-6 && c->lon >= c->west - 1e-6 && c->lon <= c->east + 1e-6);
		for (size_t k = 0; k < c->n_items; k++) {
			struct spot s = {c->items[k].lat, c->items[k].lon, false};
			T_TRUE(in_box(q, &s));
		}
	}
	T_TRUE(named <= POINTS_DETAILED);
	T_EQ(sum, expected);
}

static void counts_boxes(struct t *t)
{
	static const struct points_query boxes[] = {
		{.west = -180, .south = -85, .east = 180, .north = 85, .zoom = 0},
		{.west = -180, .south = -85, .east = 180, .north = 85, .zoom = 13},
		{.west = 2.31, .south = 48.87, .east = 2.36, .north = 48.91, .zoom = 12},
		{.west = 2.31, .south = 48.87, .east = 2.36, .north = 48.91, .zoom = 13},
		{.west = -20, .south = 0, .east = 60, .north = 55, .zoom = 4},
		{.west = 150, .south = -60, .east = -150, .north = 60, .zoom = 3},
		{.west = 10, .south = 10, .east = 10.001, .north = 10.001, .zoom = 13},
	};
	struct spot spots[PLACES];

	thing_start(t);
	fill(t, spots);
	for (size_t b = 0; b < COUNT(boxes); b++) {
		int64_t all = 0, red = 0;
		for (int i = 0; i < PLACES; i++) {
			all += in_box(&boxes[b], &spots[i]);
			red += in_box(&boxes[b], &spots[i]) && spots[i].red;
		}
		struct points_answer a = find(t, boxes[b], S(""));
		holds(t, &boxes[b], &a, all);
		a = find(t, boxes[b], S("red"));
		holds(t, &boxes[b], &a, red);
	}
}

static void filters(struct t *t)
{
	struct points_query world = {.west = -180, .south = -85, .east = 180, .north = 85, .zoom = 3};
	struct filter f = {.entity = &thing_entity, .territory = S("FR-ARA")};
	struct points_answer a;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	thing_save(t, &thing_entity, "{\"name\":\"Alpha\",\"territory\":\"38185\",\"themes\":[\"health\"]}");
	thing_save(t, &thing_entity, "{\"name\":\"Beta\",\"territory\":\"26108\",\"summary\":\"Un refuge\"}");
	thing_save(t, &thing_entity, "{\"name\":\"Gamma\",\"territory\":\"13055\",\"themes\":[\"health\"]}");
	T_OK(db_commit(t->db));
	world.filters = &f;
	world.n_filters = 1;
	T_OK(points_find(t->db, t->mem, &world, &a));
	T_EQ(a.total, 2);
	f.terms[f.n_terms++] = (struct term){S("theme"), S("health")};
	T_OK(points_find(t->db, t->mem, &world, &a));
	T_EQ(a.total, 1);
	f = (struct filter){.entity = &thing_entity, .q = S("refuges")};
	T_OK(points_find(t->db, t->mem, &world, &a));
	T_NEED(a.total == 1 && a.n == 1 && a.clusters[0].n_items == 1);
	T_EQ(a.clusters[0].items[0].precision, PLACE_COMMUNE);
	f = (struct filter){.entity = &thing_entity, .terms = {{S("theme"), S("nothing")}}, .n_terms = 1};
	T_OK(points_find(t->db, t->mem, &world, &a));
	T_EQ(a.total, 0);
	f = (struct filter){.entity = &thing_entity, .updated_since = thing_act.now + 10000};
	T_OK(points_find(t->db, t->mem, &world, &a));
	T_EQ(a.total, 0);
}

/* One place that many share: no zoom parts them, so they are named. */
static void names_a_crowd(struct t *t)
{
	struct points_query q = {.west = 0, .south = 40, .east = 10, .north = 50, .zoom = 6};
	struct points_answer a;
	char name[32];

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	for (int i = 0; i < 55; i++) {
		snprintf(name, sizeof name, "Thing %d", i);
		put(t, name, 45.1234, 5.4321, false);
	}
	T_OK(db_commit(t->db));
	a = find(t, q, S(""));
	T_NEED(a.n == 1);
	T_EQ(a.clusters[0].n, 55);
	T_EQ(a.clusters[0].n_items, POINTS_ITEMS);
}

static void sees_changes(struct t *t)
{
	struct points_query q = {.west = -180, .south = -85, .east = 180, .north = 85, .zoom = 2};

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	put(t, "One", 45, 5, false);
	struct object two = put(t, "Two", 46, 6, false);
	T_OK(db_commit(t->db));
	T_OK(points_start(str_of(t->db_url)));
	struct points_answer a = find(t, q, S(""));
	T_EQ(a.total, 2);
	T_OK(db_begin(t->db, DB_WRITE));
	put(t, "Three", -33, 151, true);
	T_OK(object_set_status(t->db, t->mem, two.id, ST_ARCHIVED, &thing_act));
	T_OK(db_commit(t->db));
	a = find(t, q, S(""));
	T_EQ(a.total, 2);
	a = find(t, q, S("red"));
	T_EQ(a.total, 1);
	T_EQ((int)(a.clusters[0].lon + 0.5), 151);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object ob;
	T_OK(object_by_id(t->db, t->mem, two.id, &ob));
	ob.doc = thing_doc(t, &thing_entity, "{\"name\":\"Two\",\"kind\":\"red\",\"places\":[{\"label\":\"x\",\"lat\":10,\"lon\":10}]}");
	ob.status = ST_PUBLISHED;
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, NULL));
	T_OK(db_commit(t->db));
	a = find(t, q, S("red"));
	T_EQ(a.total, 2);
	a = find(t, q, S(""));
	T_EQ(a.total, 3);
	points_stop();
}

static const struct t_case cases[] = {
	{"a box holds what a walk over all places finds", counts_boxes, T_DB | T_SCHEMA},
	{"filters are those of lists", filters, T_DB | T_SCHEMA},
	{"places that no zoom parts are named, not too many", names_a_crowd, T_DB | T_SCHEMA},
	{"changes are seen by the next question", sees_changes, T_DB | T_SCHEMA},
};
T_SUITE(points, cases)
