/*
 * Lists: pages that follow each other, filters together, counts, boxes, streams; on both engines and in every plan.
 */
#include "thing.h"

#include "core/points_part.h"
#include "core/setting.h"
#include "db/db.h"
#include "object.sql.h"

static const char *const kinds[] = {"red", "dark_blue"};
static const char *const themes[] = {"health", "emergency", "housing"};
static const char *const towns[] = {"26108", "38185", "75101", "2A004"};

/* N things whose terms follow from their number. */
static void make(struct t *t, int n)
{
	struct mem *m = mem_open();
	struct batch *b = batch_open(m);

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	for (int i = 0; i < n; i++) {
		struct str text = str_fmt(t->mem, "{\"name\":\"Thing %03d\",\"kind\":\"%s\",\"themes\":[\"%s\"],\"territory\":\"%s\",\"tags\":[\"t%d\"]}",
					  (i * 7) % n, kinds[i % 2], themes[i % 3], towns[i % 4], i % 5);
		struct object ob = {.entity = &thing_entity, .status = i % 10 == 9 ? ST_PROPOSED : ST_PUBLISHED, .lang = S("fr"),
				    .doc = thing_doc(t, &thing_entity, str_c(t->mem, text))};
		struct act act = thing_act;
		act.now += i;
		act.batch = b;
		T_OK(object_save(t->db, t->mem, &ob, &act, NULL));
	}
	T_OK(batch_flush(t->db, b));
	T_OK(db_commit(t->db));
	mem_close(m);
}

/* Walks all pages; how many rows, whether each is once and in order; the total told by the first. */
static int walk(struct t *t, struct filter f, size_t limit, int64_t *total)
{
	struct str after = STR_NONE, next, last = S("");
	struct list_row *rows;
	int count = 0;
	int64_t first_total = -1;

	do {
		size_t n = 0;
		int64_t told = 0;
		if (!t_eq_err(t, T_AT("object_list"), OK, object_list(thing_req(t), &f, limit, after, &rows, &n, &next, &told))) {
			return -1;
		}
		first_total = first_total < 0 ? told : first_total;
		for (size_t i = 0; i < n; i++) {
			if (f.order == BY_TITLE && !f.updated_since && str_cmp(rows[i].title, last) <= 0) {
				t_fail(t, T_AT("order"), "%.*s after %.*s", STR_ARG(rows[i].title), STR_ARG(last));
			}
			last = rows[i].title;
		}
		count += (int)n;
		after = next;
	} while (next.p && count < 10000);
	*total = first_total;
	return count;
}

static void pages_follow_each_other(struct t *t)
{
	int64_t total;

	make(t, 100);
	T_EQ(walk(t, (struct filter){.entity = &thing_entity}, 7, &total), 90);
	T_EQ(total, 90);
	T_EQ(walk(t, (struct filter){.entity = &thing_entity, .order = BY_NEW}, 7, &total), 90);
	T_EQ(walk(t, (struct filter){.entity = &thing_entity, .order = BY_NEW, .territory = S("26108")}, 3, &total), 25);
	T_EQ(walk(t, (struct filter){.entity = &thing_entity, .updated_since = thing_act.now + 50}, 7, &total), 45);
	T_EQ(total, 45);
	T_EQ(walk(t, (struct filter){.entity = &thing_entity, .from = thing_act.now + 10, .to = thing_act.now + 20}, 3, &total), 9);
}

static int naive(const struct filter *f, int n)
{
	int hits = 0;

	for (int i = 0; i < n; i++) {
		bool ok = i % 10 != 9;
		bool any_kind = false, asked_kind = false, any_theme = false, asked_theme = false;
		for (size_t k = 0; k < f->n_terms; k++) {
			struct str v = f->terms[k].value;
			if (str_eq(f->terms[k].facet, S("kind"))) {
				asked_kind = true;
				any_kind = any_kind || str_eq(v, str_of(kinds[i % 2]));
			} else {
				asked_theme = true;
				bool under = i % 3 == 1 && str_eq(v, S("housing"));
				any_theme = any_theme || str_eq(v, str_of(themes[i % 3])) || under;
			}
		}
		ok = ok && (!asked_kind || any_kind) && (!asked_theme || any_theme);
		if (f->territory.n) {
			bool in = str_eq(f->territory, str_of(towns[i % 4])) || str_eq(f->territory, S("FR")) ||
				  (str_eq(f->territory, S("FR-ARA")) && i % 4 < 2);
			ok = ok && in;
		}
		hits += ok;
	}
	return hits;
}

static void filters_work_together(struct t *t)
{
	static const struct filter filters[] = {
		{.terms = {{S_INIT("theme"), S_INIT("housing")}}, .n_terms = 1},
		{.terms = {{S_INIT("theme"), S_INIT("housing")}, {S_INIT("theme"), S_INIT("health")}}, .n_terms = 2},
		{.terms = {{S_INIT("theme"), S_INIT("emergency")}, {S_INIT("kind"), S_INIT("red")}}, .n_terms = 2},
		{.terms = {{S_INIT("kind"), S_INIT("red")}, {S_INIT("kind"), S_INIT("dark_blue")}}, .n_terms = 2},
		{.terms = {{S_INIT("theme"), S_INIT("health")}, {S_INIT("theme"), S_INIT("emergency")}, {S_INIT("kind"), S_INIT("red")}},
		 .n_terms = 3, .territory = S_INIT("FR-ARA")},
		{.territory = S_INIT("FR")},
		{.territory = S_INIT("2A004")},
		{.territory = S_INIT("PT")},
	};
	int64_t total;

	make(t, 120);
	for (size_t i = 0; i < COUNT(filters); i++) {
		for (int order = 0; order < 2; order++) {
			struct filter f = filters[i];
			f.entity = &thing_entity;
			f.order = order ? BY_NEW : BY_TITLE;
			int want = naive(&f, 120), got = walk(t, f, 11, &total);
			if (got != want || total != want) {
				t_fail(t, T_AT("filter"), "filter %zu order %d: %d rows, total %lld, expected %d", i, order, got,
				       (long long)total, want);
			}
		}
	}
}

static void boxes_hold_what_is_in_them(struct t *t)
{
	static const struct {
		double west, south, east, north;
		int want;
	} boxes[] = {{4.5, 44.5, 5.5, 45, 25}, {-5, 41, 10, 51.5, 90}, {5.6, 45, 5.9, 45.4, 20}, {170, -10, -170, 10, 0}, {0, 0, 1, 1, 0}};
	int64_t total;

	make(t, 100);
	for (size_t i = 0; i < COUNT(boxes); i++) {
		struct filter f = {.entity = &thing_entity, .has_bbox = true, .west = boxes[i].west, .south = boxes[i].south,
				   .east = boxes[i].east, .north = boxes[i].north};
		int got = walk(t, f, 9, &total);
		f.order = BY_NEW;
		int by_new = walk(t, f, 9, &total);
		if (got != boxes[i].want || by_new != got || total != got) {
			t_fail(t, T_AT("box"), "box %zu: %d, %d, total %lld", i, got, by_new, (long long)total);
		}
	}
}

static void counts_by_value(struct t *t)
{
	struct facet_count *c;
	size_t n;

	make(t, 100);
	struct filter f = {.entity = &thing_entity};
	T_OK(object_facet(thing_req(t), &f, "kind", 10, &c, &n));
	T_NEED(n == 2);
	T_STR(c[0].value, "red");
	T_EQ(c[0].n, 50);
	T_EQ(c[1].n, 40);
	f.territory = S("26108");
	T_OK(object_facet(thing_req(t), &f, "theme", 10, &c, &n));
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++) {
		sum += str_eq(c[i].value, S("emergency")) ? 0 : c[i].n;
	}
	T_EQ(sum, 25);
	/* its own values are left out, so that one can choose another */
	f.terms[f.n_terms++] = (struct term){S("kind"), S("red")};
	T_OK(object_facet(thing_req(t), &f, "kind", 10, &c, &n));
	T_EQ(n, 1); /* all of that town have even numbers */
	T_EQ(c[0].n, 25);
}

struct seen {
	int n;
	bool all_public;
};

static enum err see(void *arg, const struct list_row *row, struct view v)
{
	struct seen *s = arg;

	s->n++;
	s->all_public = s->all_public && row->title.n && json_str(json_get(v.j, "name")).n && json_str(json_get(v.j, "mail")).n == 0;
	return OK;
}

static void streams_give_each_once(struct t *t)
{
	struct seen s = {.all_public = true};

	make(t, 100);
	struct filter f = {.entity = &thing_entity};
	T_OK(object_each(t->db, t->mem, &f, "en", see, &s));
	T_EQ(s.n, 90);
	T_TRUE(s.all_public);
	s.n = 0;
	f.terms[0] = (struct term){S("theme"), S("health")};
	f.terms[1] = (struct term){S("theme"), S("housing")};
	f.n_terms = 2;
	f.territory = S("FR-ARA");
	T_OK(object_each(t->db, t->mem, &f, "en", see, &s));
	T_EQ(s.n, naive(&f, 100));
	/* one filter alone, of one value: a list as short as that of everything, and not the same */
	const struct filter alone[] = {{.entity = &thing_entity, .territory = S("26108")}, {.entity = &thing_entity, .lang = S("pt")},
				       {.entity = &thing_entity, .terms = {{S("kind"), S("red")}}, .n_terms = 1},
				       {.entity = &thing_entity, .q = S("thing"), .territory = S("26108")}};
	const int want[] = {25, 0, 50, 25};
	for (size_t i = 0; i < COUNT(alone); i++) {
		s.n = 0;
		T_OK(object_each(t->db, t->mem, &alone[i], "en", see, &s));
		T_EQ(s.n, want[i]);
	}
}

static void unpublished_things_are_in_no_list(struct t *t)
{
	static const enum status hidden[] = {ST_DRAFT, ST_PROPOSED, ST_REFUSED, ST_ARCHIVED, ST_REMOVED};
	int64_t total;

	thing_start(t);
	struct object ob = thing_save(t, &thing_entity, "{\"name\":\"Alone\",\"territory\":\"26108\",\"themes\":[\"health\"]}");
	struct filter filters[] = {{.entity = &thing_entity}, {.entity = &thing_entity, .territory = S("26")},
				   {.entity = &thing_entity, .q = S("alone"), .order = BY_RANK}, {.entity = &thing_entity, .order = BY_NEW},
				   {.entity = &thing_entity, .has_bbox = true, .west = 4, .east = 6, .south = 44, .north = 46}, {.entity = NULL}};
	for (size_t i = 0; i < COUNT(hidden); i++) {
		for (size_t k = 0; k < COUNT(filters); k++) {
			T_EQ(walk(t, filters[k], 5, &total), 1);
		}
		T_OK(object_set_status(t->db, t->mem, ob.id, hidden[i], &thing_act));
		for (size_t k = 0; k < COUNT(filters); k++) {
			T_EQ(walk(t, filters[k], 5, &total), 0);
			T_EQ(total, 0);
		}
		struct term_find_row term;
		T_OK(term_find(t->db, S("thing"), S("theme"), S("health"), t->mem, &term));
		T_EQ(term.uses, 0);
		T_OK(object_set_status(t->db, t->mem, ob.id, ST_PUBLISHED, &thing_act));
	}
}

static void terms_follow_changes(struct t *t)
{
	int64_t total;

	thing_start(t);
	struct object ob = thing_save(t, &thing_entity, "{\"name\":\"A\",\"themes\":[\"emergency\"],\"tags\":[\"x\"]}");
	ob.doc = thing_doc(t, &thing_entity, "{\"name\":\"B\",\"themes\":[\"health\"],\"tags\":[\"x\"]}");
	T_OK(object_save(t->db, t->mem, &ob, &thing_act, NULL));
	struct filter f = {.entity = &thing_entity, .terms = {{S("theme"), S("housing")}}, .n_terms = 1};
	T_EQ(walk(t, f, 5, &total), 0);
	f.terms[0].value = S("health");
	T_EQ(walk(t, f, 5, &total), 1);
	f.terms[0] = (struct term){S("tag"), S("x")};
	T_EQ(walk(t, f, 5, &total), 1);
	/* a theme that moves in the tree takes its things along */
	struct theme health = {.slug = S("health"), .parent = S("housing")};
	T_OK(theme_put(t->db, t->mem, &health));
	T_OK(theme_objects_again(t->db, t->mem, S("health")));
	f.terms[0] = (struct term){S("theme"), S("housing")};
	T_EQ(walk(t, f, 5, &total), 1);
	T_EQ(total, 1);
}

static void translations_are_shown(struct t *t)
{
	struct list_row *rows;
	struct str next;
	size_t n;
	int64_t total;

	thing_start(t);
	thing_save(t, &thing_entity, "{\"name\":\"A\",\"summary\":\"bonjour\",\"translations\":{\"en\":{\"summary\":\"hello\"}}}");
	struct req *rq = thing_req(t);
	struct filter f = {.entity = &thing_entity};
	rq->lang = "en";
	T_OK(object_list(rq, &f, 5, STR_NONE, &rows, &n, &next, &total));
	T_STR(rows[0].summary, "hello");
	T_TRUE(!rows[0].fallback);
	rq->lang = "ar";
	T_OK(object_list(rq, &f, 5, STR_NONE, &rows, &n, &next, &total));
	T_STR(rows[0].summary, "bonjour");
	T_STR(rows[0].lang, "fr");
	T_TRUE(rows[0].fallback);
	f.lang = S("en");
	T_EQ(walk(t, f, 5, &total), 1);
	f.lang = S("es");
	T_EQ(walk(t, f, 5, &total), 0);
}

/* The index kept in memory counts as the database does; things without a place are counted too. */
static void the_census_counts_alike(struct t *t)
{
	static const struct filter filters[] = {
		{.terms = {{S_INIT("theme"), S_INIT("emergency")}, {S_INIT("kind"), S_INIT("red")}}, .n_terms = 2},
		{.terms = {{S_INIT("theme"), S_INIT("housing")}}, .n_terms = 1, .territory = S_INIT("FR-ARA")},
		{.terms = {{S_INIT("tag"), S_INIT("t3")}, {S_INIT("theme"), S_INIT("health")}}, .n_terms = 2},
	};
	int64_t told[COUNT(filters)][2], facets[COUNT(filters)][2][8];

	make(t, 120);
	thing_save(t, &thing_entity, "{\"name\":\"Nowhere\",\"kind\":\"red\",\"themes\":[\"emergency\"],\"tags\":[\"t3\"]}");
	for (int kept = 0; kept < 2; kept++) {
		if (kept) {
			T_OK(points_start(str_of(t->db_url)));
			for (int i = 0; i < 1000 && !points_running(); i++) {
				struct points_query q = {.west = 0, .east = 1, .south = 0, .north = 1, .zoom = 1};
				struct points_answer a;
				(void)!points_find(t->db, t->mem, &q, &a); /* waits for the first index */
			}
			T_NEED(points_running());
			thing_save(t, &thing_entity, "{\"name\":\"Later\",\"kind\":\"red\",\"themes\":[\"emergency\"],\"territory\":\"26108\"}");
		}
		for (size_t i = 0; i < COUNT(filters); i++) {
			struct filter f = filters[i];
			struct facet_count *c;
			size_t n = 0;
			f.entity = &thing_entity;
			(void)walk(t, f, 3, &told[i][kept]);
			T_OK(object_facet(thing_req(t), &f, "tag", 8, &c, &n));
			for (size_t k = 0; k < 8; k++) {
				facets[i][kept][k] = k < n ? c[k].n : 0;
			}
		}
	}
	points_stop();
	T_EQ(told[0][1], told[0][0] + 1);
	T_EQ(told[1][1], told[1][0] + 1);
	T_EQ(told[2][1], told[2][0]);
	T_EQ(told[0][0], 21);
	for (size_t k = 0; k < 8; k++) {
		T_EQ(facets[0][0][k], facets[0][1][k]);
		T_EQ(facets[2][0][k], facets[2][1][k]);
	}
}

static void hostile_cursors_are_refused(struct t *t)
{
	static const char *const bad[] = {"x", "AAAA", "dDE", "bjEgeA", "cjk5OTk5OTk5OTk5OTk5OTk5OTk5OQ", "%00"};
	struct list_row *rows;
	struct str next;
	size_t n;
	int64_t total;

	make(t, 10);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct filter f = {.entity = &thing_entity, .order = i % 2 ? BY_NEW : BY_TITLE};
		enum err e = object_list(thing_req(t), &f, 5, str_of(bad[i]), &rows, &n, &next, &total);
		T_TRUE(e == E_INVALID || (e == OK && n <= 5));
	}
}

static const struct t_case cases[] = {
	{"pages follow each other", pages_follow_each_other, T_DB | T_SCHEMA},
	{"filters work together as a naive reading would", filters_work_together, T_DB | T_SCHEMA},
	{"boxes hold what is in them", boxes_hold_what_is_in_them, T_DB | T_SCHEMA},
	{"counts by value", counts_by_value, T_DB | T_SCHEMA},
	{"streams give each match once", streams_give_each_once, T_DB | T_SCHEMA},
	{"what is not published is in no list", unpublished_things_are_in_no_list, T_DB | T_SCHEMA},
	{"terms follow changes", terms_follow_changes, T_DB | T_SCHEMA},
	{"translations are shown, fallbacks told", translations_are_shown, T_DB | T_SCHEMA},
	{"the index in memory counts as the database does", the_census_counts_alike, T_DB | T_SCHEMA},
	{"hostile cursors are refused", hostile_cursors_are_refused, T_DB | T_SCHEMA},
};
T_SUITE(list, cases)
