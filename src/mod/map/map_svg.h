/*
 * The map without script: drawn by the server, its clusters links to a nearer view.
 */
#ifndef MOD_MAP_SVG_H
#define MOD_MAP_SVG_H

#include "map.h"

/* Draws what `a` found in the page's box. */
MUST_USE enum err map_svg(struct req *rq, struct map_page *p, const struct points_answer *a, int width, int height);

#endif
