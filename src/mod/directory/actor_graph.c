/*
 * See actor_graph.h. Rows of marks on both sides of a stem: lines run along the stem and turn off to their mark, so that none
 * crosses a name. With four columns the outer marks stand half a row lower, like the knots of a net.
 */
#include "actor_graph.h"

#include "../../base/utf8.h"

enum { TOP = 12, HEADING = 28, ROW = 96, STAGGER = 68, TALL_ROW = 138, BELOW_MARK = 62, TURN = 14, GAP = 14, BELOW_SELF = 50 };

const struct graph_frame graph_narrow = {.width = 340, .four = false, .chars = 21};
const struct graph_frame graph_wide = {.width = 760, .four = true, .chars = 25};

struct pen {
	struct mem *m;
	const struct graph_frame *f;
	struct actor_graph *g;
	double cx, self;      /* the stem, and the height of the actor's own mark */
	struct str title;
};

/* ---- names ----------------------------------------------------------------------------------------------------------- */

/* Bytes of the first `chars` characters. */
static size_t bytes_of(struct str s, size_t chars)
{
	size_t at = 0;

	while (at < s.n && chars--) {
		at++;
		while (at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80) {
			at++;
		}
	}
	return at;
}

/* How much of `s` goes on a line: up to the last space that fits, else as many characters as do. */
static size_t line_of(struct str s, size_t chars)
{
	size_t fits = bytes_of(s, chars), cut = fits;

	if (fits == s.n) {
		return fits;
	}
	while (cut > 0 && s.p[cut] != ' ') {
		cut--;
	}
	return cut ? cut : fits;
}

/* Where the last whole word ends, when there are several. */
static size_t line_end(struct str s)
{
	size_t cut = s.n;

	while (cut > 0 && s.p[cut - 1] != ' ') {
		cut--;
	}
	return cut ? cut : s.n;
}

size_t graph_wrap(struct mem *m, struct str name, size_t chars, struct str lines[GRAPH_LINES])
{
	struct str rest = str_trim(name);
	size_t n = 0;

	while (rest.n && n < GRAPH_LINES) {
		size_t cut = line_of(rest, chars);

		lines[n] = str_trim(str_sub(rest, 0, cut));
		rest = str_trim(str_sub(rest, cut, rest.n));
		if (++n == GRAPH_LINES && rest.n) {
			struct str last = str_sub(lines[n - 1], 0, bytes_of(lines[n - 1], chars - 1));

			last = last.n < lines[n - 1].n ? str_sub(last, 0, line_end(last)) : last;
			lines[n - 1] = str_fmt(m, "%.*s…", STR_ARG(str_trim(last)));
		}
	}
	return n;
}

/* ---- marks and lines ------------------------------------------------------------------------------------------------- */

static double mirrored(const struct pen *p, double x)
{
	return p->f->rtl ? p->f->width - x : x;
}

/* The arrow's head at (x, y), pointing along (dx, dy), which is one of the four directions. */
static struct str head_at(struct mem *m, double x, double y, int dx, int dy)
{
	double bx = x - dx * 9, by = y - dy * 9;

	return str_fmt(m, "M%.0f %.0fL%.0f %.0fL%.0f %.0fz", x, y, bx + dy * 5, by + dx * 5, bx - dy * 5, by - dx * 5);
}

/* Along the stem from the actor to the mark's height, then aside; straight when the mark stands on the stem. */
static void add_edge(struct pen *p, const struct graph_node *n, const struct actor_ties *group, bool above)
{
	struct graph_edge *e = &p->g->edges[p->g->n_edges++];
	double cx = mirrored(p, p->cx), up = above ? -1 : 1, from = p->self + up * GRAPH_HERE;
	double side = n->x > cx ? 1 : -1, reach = n->r + 2;
	bool arrow = !group->mutual;

	*e = (struct graph_edge){.dashed = group->mutual, .head = S("")};
	if (n->x > cx - 1 && n->x < cx + 1) {
		double end = n->y - up * reach;
		e->path = str_fmt(p->m, "M%.0f %.0fV%.0f", cx, from, end);
		if (arrow) {
			e->head = group->outgoing ? head_at(p->m, cx, end, 0, (int)up) : head_at(p->m, cx, end - up * 10, 0, (int)-up);
		}
		return;
	}
	double end = n->x - side * reach;
	e->path = str_fmt(p->m, "M%.0f %.0fV%.0fQ%.0f %.0f %.0f %.0fH%.0f", cx, from, n->y - up * TURN, cx, n->y, cx + side * TURN, n->y, end);
	if (arrow) {
		e->head = group->outgoing ? head_at(p->m, end, n->y, (int)side, 0) : head_at(p->m, end - side * 10, n->y, (int)-side, 0);
	}
}

/* Where the i-th of n marks of a group stands: the column, and how far under the group's first row. */
static void place(const struct pen *p, size_t i, size_t n, bool last, double *x, double *y)
{
	static const double inner[] = {-105, 105, -290, 290};
	size_t columns = p->f->four ? 4 : 2, row = i / columns, column = i % columns;

	if (i + 1 == n && column == 0 && last) { /* alone at the end of the stem */
		*x = p->cx;
	} else {
		*x = p->cx + (p->f->four ? inner[column] : column ? 86.0 : -86.0);
	}
	*y = (double)row * (p->f->four ? TALL_ROW : ROW) + (column > 1 ? STAGGER : 0);
}

/* How tall the rows of n marks are. */
static double tall(const struct pen *p, size_t n)
{
	size_t columns = p->f->four ? 4 : 2, rows = (n + columns - 1) / columns, in_last = n - (rows - 1) * columns;

	return (double)(rows - 1) * (p->f->four ? TALL_ROW : ROW) + (in_last > 2 ? STAGGER : 0) + GRAPH_MARK + BELOW_MARK;
}

static size_t marks_of(const struct actor_ties *g)
{
	size_t all = g->n + (g->more > 0);

	return all > GRAPH_SHOWN ? GRAPH_SHOWN : all;
}

/* A group from `top`, its heading on the side of the actor. `last`: nothing further out on the stem. */
static void add_group(struct pen *p, const struct actor_ties *group, double top, bool above, bool last)
{
	size_t n = marks_of(group), all = group->n + (size_t)group->more;
	double first = top + GRAPH_MARK + (above ? 0 : HEADING);

	for (size_t i = 0; i < n; i++) {
		struct graph_node *node = &p->g->nodes[p->g->n_nodes++];
		double x, y;

		/* Above, the end of the stem is the first row; below, the last one. */
		place(p, above ? n - 1 - i : i, n, last && (!above || n == 1), &x, &y);
		*node = (struct graph_node){.x = mirrored(p, x), .y = first + y, .r = GRAPH_MARK, .heading = group->heading};
		if (i + 1 == n && all > n) {
			node->more = (int64_t)(all - n + 1);
		} else {
			node->tie = &group->ties[i];
			node->n_lines = graph_wrap(p->m, node->tie->title, p->f->chars, node->lines);
		}
		add_edge(p, node, group, above);
	}
	p->g->headings[p->g->n_headings++] = (struct graph_heading){
		mirrored(p, p->cx), above ? top + tall(p, n) + HEADING - 12 : top + HEADING - 12, group->heading};
}

static void add_self(struct pen *p)
{
	struct graph_node *node = &p->g->nodes[p->g->n_nodes++];

	*node = (struct graph_node){.x = mirrored(p, p->cx), .y = p->self, .r = GRAPH_HERE, .here = true};
	node->n_lines = graph_wrap(p->m, p->title, p->f->chars + 6, node->lines);
}

/* The groups of one side, from the farthest above, or from the nearest below. Returns where they end. */
static double add_side(struct pen *p, const struct actor_ties *groups, size_t n, double top, bool above)
{
	size_t left = 0, seen = 0;

	for (size_t i = 0; i < n; i++) {
		left += groups[i].above == above;
	}
	for (size_t i = 0; i < n; i++) {
		const struct actor_ties *g = &groups[i];

		if (g->above == above) {
			seen++;
			add_group(p, g, top, above, above ? seen == 1 : seen == left);
			top += tall(p, marks_of(g)) + HEADING + GAP;
		}
	}
	return top;
}

static double height_above(const struct pen *p, const struct actor_ties *groups, size_t n)
{
	double y = TOP;

	for (size_t i = 0; i < n; i++) {
		y += groups[i].above ? tall(p, marks_of(&groups[i])) + HEADING + GAP : 0;
	}
	return y;
}

void graph_lay(struct mem *m, const struct graph_frame *f, struct str title, const struct actor_ties *groups, size_t n, struct actor_graph *out)
{
	struct pen p = {.m = m, .f = f, .g = out, .cx = f->width / 2.0, .title = title};
	size_t max = n * GRAPH_SHOWN + 1;

	*out = (struct actor_graph){.width = f->width,
				    .nodes = mem_array(m, struct graph_node, max),
				    .edges = mem_array(m, struct graph_edge, max),
				    .headings = mem_array(m, struct graph_heading, n + 1)};
	p.self = height_above(&p, groups, n) + GRAPH_HERE;
	add_side(&p, groups, n, TOP, true);
	add_self(&p);
	out->height = (int)add_side(&p, groups, n, p.self + GRAPH_HERE + BELOW_SELF, false) + TOP;
}
