/*
 * Positions that may be shown. Blurring is by a fixed grid or a territory's own point, never by chance: asking twice tells no
 * more than asking once.
 */
#include <math.h>

#include "atlas.h"
#include "object.h"

/* The middle of the cell of a grid. */
static double cell(double v, double size)
{
	return (floor(v / size) + 0.5) * size;
}

static bool territory_point(struct str code, enum atlas_level at_most, double *lat, double *lon)
{
	struct territory t;
	atlas_id id = code.n ? atlas_find(code) : 0, up[8];

	if (!atlas_get(id, &t)) {
		return false;
	}
	if (t.level > at_most) {
		size_t n = atlas_ancestors(id, up);
		bool found = false;
		for (size_t i = 0; i < n && !found; i++) {
			found = atlas_get(up[i], &t) && t.level <= at_most && t.level != ATLAS_EPCI;
		}
		if (!found) {
			return false;
		}
	}
	if (t.point == ATLAS_NO_POINT) {
		return false;
	}
	*lat = t.lat;
	*lon = t.lon;
	return true;
}

void place_blur(int precision, struct str territory, double *lat, double *lon)
{
	switch (precision) {
	case PLACE_EXACT:
		return;
	case PLACE_STREET:
		*lat = cell(*lat, 0.002);
		*lon = cell(*lon, 0.002);
		return;
	case PLACE_COMMUNE:
		if (!territory_point(territory, ATLAS_TOWN, lat, lon)) {
			*lat = cell(*lat, 0.05);
			*lon = cell(*lon, 0.05);
		}
		return;
	default:
		if (!territory_point(territory, ATLAS_DEPARTEMENT, lat, lon)) {
			*lat = cell(*lat, 0.5);
			*lon = cell(*lon, 0.5);
		}
	}
}
