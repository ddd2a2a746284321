/*
 * Where the marks of an actor's network stand in its drawing. What it belongs to is above it, who belongs to it below,
 * group by group along a stem; the same links always give the same drawing. Pure: no request, no markup.
 */
#ifndef MOD_DIRECTORY_ACTOR_GRAPH_H
#define MOD_DIRECTORY_ACTOR_GRAPH_H

#include "directory.h"

enum {
	GRAPH_SHOWN = 8,   /* marks of one group; the others are counted */
	GRAPH_LINES = 2,   /* of a name */
	GRAPH_MARK = 15,   /* radius */
	GRAPH_HERE = 20
};

/* The sheet: two columns of names on a phone, four on a desk. */
struct graph_frame {
	int width;
	bool four;    /* columns, else two */
	size_t chars; /* of a line of a name */
	bool rtl;
};

struct graph_node {
	double x, y, r;
	const struct actor_tie *tie; /* NULL: the actor itself, or `more` */
	const char *heading;         /* N_() */
	struct str lines[GRAPH_LINES];
	size_t n_lines;
	int64_t more;                /* stands for so many that are not drawn */
	bool here;
};

struct graph_edge {
	struct str path, head; /* head: the arrow's, or empty */
	bool dashed;
};

struct graph_heading {
	double x, y;
	const char *words; /* N_() */
};

struct actor_graph {
	int width, height;
	struct graph_node *nodes;
	size_t n_nodes;
	struct graph_edge *edges;
	size_t n_edges;
	struct graph_heading *headings;
	size_t n_headings;
};

extern const struct graph_frame graph_narrow, graph_wide;

/* Lays out the groups of ties around `title`, in the frame, from right to left when it says so. */
void graph_lay(struct mem *m, const struct graph_frame *f, struct str title, const struct actor_ties *groups, size_t n, struct actor_graph *out);
/* A name in at most GRAPH_LINES lines of so many characters, cut with an ellipsis; returns how many lines. */
size_t graph_wrap(struct mem *m, struct str name, size_t chars, struct str lines[GRAPH_LINES]);

#endif
