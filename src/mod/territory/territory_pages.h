/*
 * What the files of this room share.
 */
#ifndef MOD_TERRITORY_PAGES_H
#define MOD_TERRITORY_PAGES_H

#include "territory.h"

/* What tells a territory from its namesakes, in one line. */
struct str territory_detail(const struct req *rq, atlas_id id);
/* The best answers to what was typed; how many. */
size_t territory_hits(struct req *rq, struct str q, struct territory_link **out, struct str **details);
enum err territory_search_json(struct req *rq);
enum err territories_index(struct req *rq);
enum err territory_show(struct req *rq);

#endif
