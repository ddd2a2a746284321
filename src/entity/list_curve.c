/*
 * Places along a curve: each point a number, such that neighbours mostly have near numbers, and a box a few ranges of them.
 */
#include <stdlib.h>

#include "list_private.h"

#define Z_BITS 26

static uint64_t spread(uint64_t x)
{
	x = (x | x << 16) & UINT64_C(0x0000ffff0000ffff);
	x = (x | x << 8) & UINT64_C(0x00ff00ff00ff00ff);
	x = (x | x << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	x = (x | x << 2) & UINT64_C(0x3333333333333333);
	x = (x | x << 1) & UINT64_C(0x5555555555555555);
	return x;
}

static uint64_t axis(double v, double from, double span)
{
	double t = (v - from) / span;
	double top = (double)((UINT64_C(1) << Z_BITS) - 1);

	return t <= 0 ? 0 : t >= 1 ? (uint64_t)top : (uint64_t)(t * top);
}

int64_t place_z(double lat, double lon)
{
	return (int64_t)(spread(axis(lon, -180, 360)) | spread(axis(lat, -90, 180)) << 1);
}

static int by_from(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return x[0] < y[0] ? -1 : x[0] > y[0];
}

/* The cells, as ranges of z, of the smallest size of which the box touches no more than four in each direction; ranges that
 * follow each other are joined. How many. */
size_t list_box_ranges(const struct list_box *b, int64_t range[LIST_BOX_CELLS][2])
{
	uint64_t x0 = axis(b->west, -180, 360), x1 = axis(b->east, -180, 360);
	uint64_t y0 = axis(b->south, -90, 180), y1 = axis(b->north, -90, 180);
	int shift = 0;
	size_t n = 0, kept = 0;

	if (x1 < x0) { /* across the antimeridian: all around, the test does the rest */
		x0 = 0;
		x1 = axis(180, -180, 360);
	}
	while (shift < Z_BITS && ((x1 >> shift) - (x0 >> shift) > 3 || (y1 >> shift) - (y0 >> shift) > 3)) {
		shift++;
	}
	for (uint64_t x = x0 >> shift; x <= x1 >> shift; x++) {
		for (uint64_t y = y0 >> shift; y <= y1 >> shift; y++) {
			uint64_t z = (spread(x) | spread(y) << 1) << (2 * shift);
			range[n][0] = (int64_t)z;
			range[n++][1] = (int64_t)(z + (UINT64_C(1) << (2 * shift)) - 1);
		}
	}
	qsort(range, n, sizeof(range[0]), by_from);
	for (size_t i = 0; i < n; i++) {
		if (kept && range[kept - 1][1] + 1 == range[i][0]) {
			range[kept - 1][1] = range[i][1];
		} else {
			range[kept][0] = range[i][0];
			range[kept++][1] = range[i][1];
		}
	}
	return kept;
}
