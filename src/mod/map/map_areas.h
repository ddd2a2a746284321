/*
 * What the page of counts by territory shows.
 */
#ifndef MOD_MAP_AREAS_H
#define MOD_MAP_AREAS_H

#include "../../core/atlas.h"
#include "../../core/svgmap.h"
#include "map.h"

struct map_area {
	atlas_id id;
	struct str code, name;
	int64_t n;
	struct url url;
};

struct map_tab {
	const char *label; /* N_() */
	struct url url;
	bool current;
};

struct map_areas {
	struct map_read read;
	struct str heading;
	struct map_tab tabs[4];
	size_t n_tabs;
	struct map_area *areas; /* the most first */
	size_t n;
	int64_t total;
	struct html svg;
	bool has_legend;
	bool schematic;         /* the shapes are not the true ones */
	int64_t ends[SVGMAP_CLASSES];
	struct url map;
};

/* GET /map/territories */
enum err map_areas_show(struct req *rq);

#endif
