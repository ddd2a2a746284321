/*
 * The drawing of an actor's network: nothing outside the sheet, no name over another, the same drawing each time.
 */
#include "t.h"

#include <math.h>

#include "mod/directory/actor_graph.h"

static struct actor_ties group_of(struct t *t, const char *heading, size_t n, int64_t more, bool outgoing, bool mutual)
{
	struct actor_ties g = {.heading = heading, .ties = mem_array(t->mem, struct actor_tie, n), .n = n, .more = more,
			       .outgoing = outgoing, .mutual = mutual, .above = outgoing};

	for (size_t i = 0; i < n; i++) {
		g.ties[i] = (struct actor_tie){.title = str_fmt(t->mem, "Association nationale des villes et territoires no %zu", i), .words = S("")};
	}
	return g;
}

/* Marks with their names: a box of the lines under the mark. */
static bool apart(const struct graph_node *a, const struct graph_node *b, double wide)
{
	return fabs(a->x - b->x) >= wide || fabs(a->y - b->y) >= 2 * GRAPH_MARK + 45;
}

static void check_sheet(struct t *t, const struct actor_graph *g, double wide)
{
	for (size_t i = 0; i < g->n_nodes; i++) {
		const struct graph_node *a = &g->nodes[i];

		T_TRUE(a->x >= wide / 2 && a->x <= g->width - wide / 2);
		T_TRUE(a->y - a->r >= 0 && a->y + a->r + 60 <= g->height + 12);
		for (size_t k = 0; k < i; k++) {
			T_TRUE(apart(a, &g->nodes[k], wide));
		}
	}
}

static void lays_out_without_overlap(struct t *t)
{
	static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 30};

	for (size_t i = 0; i < COUNT(sizes); i++) {
		for (size_t k = 0; k < COUNT(sizes); k++) {
			struct actor_ties ties[] = {group_of(t, "Member of", sizes[i], 0, true, false),
						    group_of(t, "Founder of", sizes[k], 0, true, false),
						    group_of(t, "Its partners", sizes[k], 0, false, true),
						    group_of(t, "Its members", sizes[i], 3, false, false)};
			struct actor_graph narrow, wide;

			graph_lay(t->mem, &graph_narrow, S("A network"), ties, COUNT(ties), &narrow);
			check_sheet(t, &narrow, 150);
			graph_lay(t->mem, &graph_wide, S("A network"), ties, COUNT(ties), &wide);
			check_sheet(t, &wide, 170);
		}
	}
}

static void counts_what_it_does_not_draw(struct t *t)
{
	struct actor_ties ties[] = {group_of(t, "Its members", 60, 340, false, false)};
	struct actor_graph g;
	int64_t more = 0;
	size_t drawn = 0;

	graph_lay(t->mem, &graph_wide, S("A network"), ties, 1, &g);
	for (size_t i = 0; i < g.n_nodes; i++) {
		more += g.nodes[i].more;
		drawn += g.nodes[i].tie != NULL;
	}
	T_EQ(g.n_nodes, GRAPH_SHOWN + 1);
	T_EQ((int64_t)drawn + more, 400);
}

static void says_directions(struct t *t)
{
	struct actor_ties ties[] = {group_of(t, "Member of", 2, 0, true, false), group_of(t, "Its partners", 2, 0, false, true),
				    group_of(t, "Its members", 2, 0, false, false)};
	struct actor_graph g;
	double self = 0;

	graph_lay(t->mem, &graph_narrow, S("A network"), ties, COUNT(ties), &g);
	for (size_t i = 0; i < g.n_nodes; i++) {
		self = g.nodes[i].here ? g.nodes[i].y : self;
	}
	for (size_t i = 0, k = 0; i < g.n_nodes; i++) {
		if (!g.nodes[i].here) {
			bool up = g.nodes[i].heading == ties[0].heading, mutual = g.nodes[i].heading == ties[1].heading;

			T_TRUE(up == (g.nodes[i].y < self));
			T_TRUE(g.edges[k].dashed == mutual);
			T_TRUE((g.edges[k].head.n == 0) == mutual);
			k++;
		}
	}
}

static void mirrors_and_repeats(struct t *t)
{
	struct actor_ties ties[] = {group_of(t, "Member of", 3, 0, true, false), group_of(t, "Its members", 7, 0, false, false)};
	struct graph_frame rtl = graph_wide;
	struct actor_graph a, b, c;

	rtl.rtl = true;
	graph_lay(t->mem, &graph_wide, S("A network"), ties, COUNT(ties), &a);
	graph_lay(t->mem, &graph_wide, S("A network"), ties, COUNT(ties), &b);
	graph_lay(t->mem, &rtl, S("A network"), ties, COUNT(ties), &c);
	T_EQ(a.n_nodes, c.n_nodes);
	for (size_t i = 0; i < a.n_nodes; i++) {
		T_TRUE(fabs(a.nodes[i].x - b.nodes[i].x) < 0.01 && fabs(a.nodes[i].y - b.nodes[i].y) < 0.01);
		T_TRUE(fabs(a.nodes[i].x - (a.width - c.nodes[i].x)) < 0.01);
	}
	for (size_t i = 0; i < a.n_edges; i++) {
		T_TRUE(str_eq(a.edges[i].path, b.edges[i].path));
	}
}

static void wraps_names(struct t *t)
{
	struct str lines[GRAPH_LINES];

	T_EQ(graph_wrap(t->mem, S("Tous Migrants"), 20, lines), 1);
	T_STR(lines[0], "Tous Migrants");
	T_EQ(graph_wrap(t->mem, S("Mairie du 1er arrondissement de Lyon"), 20, lines), 2);
	T_STR(lines[0], "Mairie du 1er");
	T_STR(lines[1], "arrondissement de…");
	T_EQ(graph_wrap(t->mem, S("Été été été"), 3, lines), 2);
	T_STR(lines[0], "Été");
	T_STR(lines[1], "ét…");
	T_EQ(graph_wrap(t->mem, S("Donaudampfschifffahrt"), 10, lines), 2);
	T_STR(lines[0], "Donaudampf");
	T_EQ(graph_wrap(t->mem, S("القصبة المتضامنة"), 8, lines), 2);
	T_STR(lines[0], "القصبة");
	T_EQ(graph_wrap(t->mem, S("  "), 8, lines), 0);
}

static const struct t_case cases[] = {
	{"lays marks out without one over another", lays_out_without_overlap, 0},
	{"counts what it does not draw", counts_what_it_does_not_draw, 0},
	{"says directions", says_directions, 0},
	{"mirrors, and repeats itself", mirrors_and_repeats, 0},
	{"wraps names", wraps_names, 0},
};
T_SUITE(graph, cases)
