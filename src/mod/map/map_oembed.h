/*
 * GET /oembed?url=…&format=json|xml&maxwidth=&maxheight=
 */
#ifndef MOD_MAP_OEMBED_H
#define MOD_MAP_OEMBED_H

#include "map.h"

enum err map_oembed(struct req *rq);

#endif
