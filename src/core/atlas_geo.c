/*
 * Points: those of the file, the exact ones laid over them, and what is near. The cells of the file hold the ids at the
 * places it was made with; a point that an import moved is found by searching as much further as the farthest move, and
 * those that moved very far are in a short list of their own.
 */
#include <math.h>
#include <stdatomic.h>

#include "atlas_data.h"

#define KM_PER_DEGREE 111.195
#define MOVE_MAX 60.0 /* km; points that moved further are strays */
#define STRAYS_MAX 4096
#define AROUND_MAX 1000

/* One word a territory, so that a reader sees the old point or the new one: kind:3, lat:25, lon:26; 0 is none. */
static _Atomic uint64_t over[ATLAS_ID_MAX];
static _Atomic uint32_t farthest_move; /* metres, of those that are not strays */
static _Atomic uint32_t strays[STRAYS_MAX];
static _Atomic uint32_t n_strays;

static uint64_t pack_point(double lat, double lon, enum atlas_point kind)
{
	uint64_t la = (uint64_t)llround((lat + 90.0) * 1e5), lo = (uint64_t)llround((lon + 180.0) * 1e5);

	return (uint64_t)kind << 51 | la << 26 | lo;
}

static bool built_in_point(atlas_id id, double *lat, double *lon)
{
	*lat = atlas_file.recs[id].lat / 1e5;
	*lon = atlas_file.recs[id].lon / 1e5;
	return atlas_file.recs[id].point != ATLAS_NO_POINT;
}

bool atlas_point_of(atlas_id id, double *lat, double *lon, enum atlas_point *kind)
{
	uint64_t p = atomic_load_explicit(&over[id], memory_order_acquire);

	if (p != 0) {
		*kind = (enum atlas_point)(p >> 51 & 7);
		*lat = (double)(p >> 26 & 0x1ffffff) / 1e5 - 90.0;
		*lon = (double)(p & 0x3ffffff) / 1e5 - 180.0;
		return true;
	}
	*kind = (enum atlas_point)atlas_file.recs[id].point;
	return built_in_point(id, lat, lon);
}

double atlas_distance_km(double lat_a, double lon_a, double lat_b, double lon_b)
{
	const double rad = M_PI / 180.0;
	double y = sin((lat_b - lat_a) * rad / 2), x = sin((lon_b - lon_a) * rad / 2);
	double h = y * y + cos(lat_a * rad) * cos(lat_b * rad) * x * x;

	return 12742.0 * asin(sqrt(h < 1 ? h : 1));
}

static void remember_stray(atlas_id id)
{
	uint32_t n = atomic_load(&n_strays), at;

	for (uint32_t i = 0; i < n && i < STRAYS_MAX; i++) {
		if (atomic_load(&strays[i]) == id) {
			return;
		}
	}
	at = atomic_fetch_add(&n_strays, 1);
	if (at < STRAYS_MAX) {
		atomic_store(&strays[at], id);
	} else {
		/* so many strays: everything is searched, which is slow and right */
		atomic_store(&farthest_move, 20100u * 1000u);
	}
}

void atlas_set_point(atlas_id id, double lat, double lon, enum atlas_point kind)
{
	double from_lat, from_lon, moved;
	uint32_t metres, seen;

	if (id == 0 || id >= atlas_file.n_recs) {
		return;
	}
	if (kind == ATLAS_NO_POINT || !(lat >= -90 && lat <= 90) || !(lon >= -180 && lon <= 180)) {
		atomic_store_explicit(&over[id], 0, memory_order_release);
		return;
	}
	moved = built_in_point(id, &from_lat, &from_lon) ? atlas_distance_km(from_lat, from_lon, lat, lon)
	                                                 : MOVE_MAX + 1;
	if (moved > MOVE_MAX) {
		remember_stray(id);
	} else {
		metres = (uint32_t)(moved * 1000) + 1;
		seen = atomic_load(&farthest_move);
		while (seen < metres && !atomic_compare_exchange_weak(&farthest_move, &seen, metres)) {
		}
	}
	atomic_store_explicit(&over[id], pack_point(lat, lon, kind), memory_order_release);
}

bool atlas_box(atlas_id id, struct atlas_box *box)
{
	const struct atlas_bounds *b;
	enum atlas_point kind;
	double lat, lon;

	if (id == 0 || id >= atlas_file.n_recs) {
		return false;
	}
	if (atlas_ext_of(id)->box != 0) {
		b = &atlas_file.bounds[atlas_ext_of(id)->box];
		*box = (struct atlas_box){b->south / 1e5, b->west / 1e5, b->north / 1e5, b->east / 1e5};
		return true;
	}
	if (!atlas_point_of(id, &lat, &lon, &kind)) {
		return false;
	}
	*box = (struct atlas_box){lat - 0.05, lon - 0.07, lat + 0.05, lon + 0.07};
	return true;
}

/* ---- what is near ---- */

struct near {
	double lat, lon, km, squeeze;
	uint32_t levels; /* bits */
	size_t max, n;
	atlas_id *ids;
	double *at; /* distances, ascending */
};

static void near_try(struct near *q, atlas_id id)
{
	const struct atlas_rec *r = &atlas_file.recs[id];
	enum atlas_point kind;
	double lat, lon, d, dx;
	size_t i;

	if (!(q->levels & 1u << r->level) || (r->flags & ATLAS_FORMER) || !atlas_point_of(id, &lat, &lon, &kind)) {
		return;
	}
	/* cheap refusals first */
	d = fabs(lat - q->lat) * KM_PER_DEGREE;
	dx = fabs(lon - q->lon);
	if (d > q->km || (dx < 180 && dx * q->squeeze > q->km)) {
		return;
	}
	d = atlas_distance_km(q->lat, q->lon, lat, lon);
	if (d > q->km || (q->n == q->max && d >= q->at[q->n - 1])) {
		return;
	}
	for (i = 0; i < q->n; i++) {
		if (q->ids[i] == id) {
			return; /* a stray that is also in a cell */
		}
	}
	i = q->n < q->max ? q->n++ : q->n - 1;
	for (; i > 0 && q->at[i - 1] > d; i--) {
		q->at[i] = q->at[i - 1];
		q->ids[i] = q->ids[i - 1];
	}
	q->at[i] = d;
	q->ids[i] = id;
}

static void near_row(struct near *q, int row, double reach)
{
	double edge = fmax(fabs(row / 2.0 - 90.0), fabs((row + 1) / 2.0 - 90.0));
	double squeeze = KM_PER_DEGREE * cos(fmin(edge, 89.9) * M_PI / 180.0);
	int spread = (int)fmin(ceil(reach / squeeze * 2.0) + 1, ATLAS_COLUMNS / 2.0);
	int column = (int)floor((q->lon + 180.0) * 2.0);
	int last = spread < ATLAS_COLUMNS / 2 ? column + spread : column + ATLAS_COLUMNS / 2 - 1;

	for (int c = column - spread; c <= last; c++) {
		size_t cell = (size_t)row * ATLAS_COLUMNS + (size_t)((c + 2 * ATLAS_COLUMNS) % ATLAS_COLUMNS);

		for (uint32_t i = atlas_file.cells[cell]; i < atlas_file.cells[cell + 1]; i++) {
			near_try(q, atlas_file.cell_ids[i]);
		}
	}
}

static void near_all(struct near *q)
{
	double reach = q->km + atomic_load(&farthest_move) / 1000.0;
	int first = (int)floor((q->lat + 90.0 - reach / KM_PER_DEGREE) * 2.0);
	int last = (int)floor((q->lat + 90.0 + reach / KM_PER_DEGREE) * 2.0);
	uint32_t n = atomic_load(&n_strays);

	/* a degree of longitude is shortest at the edge of the circle that is nearest to a pole */
	q->squeeze = KM_PER_DEGREE * cos(fmin(fabs(q->lat) + q->km / KM_PER_DEGREE, 89.9) * M_PI / 180.0);
	for (int row = first < 0 ? 0 : first; row <= last && row < ATLAS_ROWS; row++) {
		near_row(q, row, reach);
	}
	for (uint32_t i = 0; i < n && i < STRAYS_MAX; i++) {
		atlas_id id = atomic_load(&strays[i]);

		if (id != 0) {
			near_try(q, id);
		}
	}
}

atlas_id atlas_nearest(double lat, double lon, double max_km)
{
	const uint32_t settled = 1u << ATLAS_COMMUNE | 1u << ATLAS_ARRONDISSEMENT | 1u << ATLAS_TOWN;
	atlas_id found = 0;
	double at = 0;

	if (atlas_file.head == NULL || !(lat >= -90 && lat <= 90) || !(lon >= -180 && lon <= 180) || !(max_km > 0)) {
		return 0;
	}
	for (double km = 10;; km *= 4) {
		struct near q = {lat, lon, fmin(km, max_km), 0, settled, 1, 0, &found, &at};

		near_all(&q);
		if (q.n > 0 || km >= max_km || km > 20100) {
			break;
		}
	}
	/* an arrondissement is where one is; its city is the commune */
	return found != 0 && atlas_file.recs[found].level == ATLAS_ARRONDISSEMENT ? atlas_file.recs[found].parent
	                                                                          : found;
}

size_t atlas_around(atlas_id id, enum atlas_level level, double km, size_t max, atlas_id *out)
{
	double at[AROUND_MAX + 1];
	atlas_id ids[AROUND_MAX + 1];
	struct near q = {.km = km, .levels = 1u << level, .n = 0, .ids = ids, .at = at};
	enum atlas_point kind;
	size_t n = 0;

	/* itself is found too, and left out */
	q.max = (max < AROUND_MAX ? max : AROUND_MAX) + 1;
	if (id == 0 || id >= atlas_file.n_recs || max == 0 || !(km > 0) || level > ATLAS_TOWN ||
	    !atlas_point_of(id, &q.lat, &q.lon, &kind)) {
		return 0;
	}
	near_all(&q);
	for (size_t i = 0; i < q.n && n < max; i++) {
		if (ids[i] != id) {
			out[n++] = ids[i];
		}
	}
	return n;
}
