/*
 * GET /oembed?url=…&format=json|xml&maxwidth=&maxheight=
 */
#ifndef MOD_MAP_OEMBED_H
#define MOD_MAP_OEMBED_H

#include "map.h"

/* Answers for the map and for pages of published objects. */
enum err map_oembed(struct req *rq);

#endif
