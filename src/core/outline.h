/*
 * Outlines of the world for maps that the server draws: countries, French régions and départements, the land as a whole and
 * lakes. Made at build time by tools/basemap/outlines.mjs, embedded and read in place. Neighbours share their arcs, and each
 * point says how much its outline would change without it, so that a small scale writes few of them and borders still meet.
 *
 * Coordinates are Web Mercator in units of outline_unit() to a degree of longitude, y growing northwards.
 */
#ifndef CORE_OUTLINE_H
#define CORE_OUTLINE_H

#include "../base/err.h"
#include "../base/str.h"

enum outline_level { OUTLINE_LAND, OUTLINE_COUNTRY, OUTLINE_REGION, OUTLINE_DEPARTEMENT, OUTLINE_LAKE };

/* What an arc divides. */
enum outline_kind {
	OUTLINE_COAST,
	OUTLINE_OF_COUNTRIES,
	OUTLINE_OF_REGIONS,
	OUTLINE_OF_DEPARTEMENTS,
	OUTLINE_DISPUTED
};

struct outline_box {
	int32_t west, south, east, north;
};

struct outline_arc {
	struct outline_box box;
	enum outline_kind kind;
};

struct outline_shape {
	char code[12];
	enum outline_level level;
	uint32_t first, n; /* its rings, for outline_ring() */
	struct outline_box box;
};

struct outline_point {
	int32_t x, y;
};

/* Opens the embedded outlines; once, before threads. E_BUG if the data is not what this build made. */
MUST_USE enum err outline_open_built_in(void);
/* The same from given bytes, which must stay; for tests. */
MUST_USE enum err outline_open(const void *data, size_t n);

/* Units to a degree of longitude. */
double outline_unit(void);
/* A latitude as y, and the other way; latitudes past 85 degrees are cut. */
double outline_y(double lat);
double outline_lat(double y);

/* How many shapes there are, 0 before outline_open(). */
size_t outline_shapes(void);
/* How many arcs there are. */
size_t outline_arcs(void);
/* The shape of a number; false past the end. */
bool outline_shape(size_t i, struct outline_shape *out);
/* The first of a level and how many there are. */
size_t outline_of_level(enum outline_level level, size_t *first);
/* By level and code: "FR", "FR-ARA", "2A", "975". */
bool outline_find(enum outline_level level, struct str code, struct outline_shape *out);
/* The arc of a number; false past the end. */
bool outline_arc(size_t i, struct outline_arc *out);

/* Walks the rings of a shape: *at starts at shape->first; gives the ring's arcs (negative: ~arc, backwards). False at the end. */
bool outline_ring(const struct outline_shape *shape, uint32_t *at, const int32_t **arcs, uint32_t *n);
/* The points of an arc that matter by more than `least` (weights are logarithmic, see outline_weight; ends always do), from
 * its start or from its end. `out` has room for `max`; returns how many were written. */
size_t outline_points(size_t arc, bool backwards, int least, struct outline_point *out, size_t max);
/* How many points an arc has at most. */
size_t outline_arc_size(size_t arc);
/* The weight of a change of `area` square degrees. */
int outline_weight(double area);

#endif
