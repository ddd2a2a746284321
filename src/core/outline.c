/*
 * Reads the outlines in place: a head, a table of arcs, a table of shapes, the rings, and the points as differences of
 * variable length, each with its weight. The whole is checked once when it is opened; reading then trusts it.
 */
#include "outline.h"

#include <math.h>

#define HEAD 32
#define ARC_ROW 36
#define SHAPE_ROW 40
#define Y_MAX 180.0

struct file {
	const unsigned char *arcs, *shapes, *points;
	const int32_t *refs;
	uint32_t unit, n_arcs, n_shapes, n_refs, n_points;
};

static struct file file;

static uint32_t u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int32_t i32(const unsigned char *p)
{
	return (int32_t)u32(p);
}

/* One difference; moves *p, which never passes `end`. */
static int32_t take(const unsigned char **p, const unsigned char *end)
{
	uint32_t v = 0;
	int shift = 0;

	while (*p < end && shift < 32) {
		unsigned char c = *(*p)++;
		v |= (uint32_t)(c & 0x7f) << shift;
		shift += 7;
		if (c < 0x80) {
			break;
		}
	}
	return (int32_t)(v >> 1) ^ -(int32_t)(v & 1);
}

static bool rings_hold(const struct file *f)
{
	for (uint32_t i = 0; i < f->n_shapes; i++) {
		const unsigned char *row = f->shapes + (size_t)i * SHAPE_ROW;
		uint32_t first = u32(row + 16), n = u32(row + 20), at = 0;

		if (first > f->n_refs || n > f->n_refs - first || u32(row + 12) > OUTLINE_LAKE) {
			return false;
		}
		while (at < n) {
			int32_t count = f->refs[first + at++];
			if (count <= 0 || (uint32_t)count > n - at) {
				return false;
			}
			for (int32_t k = 0; k < count; k++, at++) {
				int32_t a = f->refs[first + at];
				if ((uint32_t)(a < 0 ? ~a : a) >= f->n_arcs) {
					return false;
				}
			}
		}
	}
	return true;
}

static bool arcs_hold(const struct file *f)
{
	for (uint32_t i = 0; i < f->n_arcs; i++) {
		const unsigned char *row = f->arcs + (size_t)i * ARC_ROW;
		/* A point takes three bytes or more; the first is in the table. */
		if (u32(row + 28) == 0 || u32(row + 24) > f->n_points || u32(row + 32) > OUTLINE_DISPUTED ||
		    (uint64_t)(u32(row + 28) - 1) * 3 > f->n_points - u32(row + 24)) {
			return false;
		}
	}
	return true;
}

enum err outline_open(const void *data, size_t n)
{
	const unsigned char *p = data;
	struct file f;

	if (n < HEAD || memcmp(p, "MAILOUT1", 8) != 0 || u32(p + 28) != n) {
		return fail(E_BUG, "outlines: not a file of this build");
	}
	f.unit = u32(p + 8);
	f.n_arcs = u32(p + 12);
	f.n_shapes = u32(p + 16);
	f.n_refs = u32(p + 20);
	f.n_points = u32(p + 24);
	if ((uint64_t)f.n_arcs * ARC_ROW + (uint64_t)f.n_shapes * SHAPE_ROW + (uint64_t)f.n_refs * 4 + f.n_points +
			    HEAD !=
		    n ||
	    f.unit == 0 || ((uintptr_t)p & 3) != 0) {
		return fail(E_BUG, "outlines: sizes do not agree");
	}
	f.arcs = p + HEAD;
	f.shapes = f.arcs + (size_t)f.n_arcs * ARC_ROW;
	f.refs = (const int32_t *)(const void *)(f.shapes + (size_t)f.n_shapes * SHAPE_ROW);
	f.points = f.shapes + (size_t)f.n_shapes * SHAPE_ROW + (size_t)f.n_refs * 4;
	if (!rings_hold(&f) || !arcs_hold(&f)) {
		return fail(E_BUG, "outlines: a ring leads nowhere");
	}
	file = f;
	return OK;
}

double outline_unit(void)
{
	return file.unit;
}

double outline_y(double lat)
{
	double r = fmax(-85.0, fmin(85.0, lat)) * M_PI / 180.0;

	return log(tan(M_PI / 4 + r / 2)) * 180.0 / M_PI * file.unit;
}

double outline_lat(double y)
{
	double d = fmax(-Y_MAX, fmin(Y_MAX, y / file.unit));

	return atan(sinh(d * M_PI / 180.0)) * 180.0 / M_PI;
}

size_t outline_shapes(void)
{
	return file.n_shapes;
}

size_t outline_arcs(void)
{
	return file.n_arcs;
}

static struct outline_box box_at(const unsigned char *p)
{
	return (struct outline_box){i32(p), i32(p + 4), i32(p + 8), i32(p + 12)};
}

bool outline_shape(size_t i, struct outline_shape *out)
{
	const unsigned char *row = file.shapes + i * SHAPE_ROW;

	if (i >= file.n_shapes) {
		return false;
	}
	memcpy(out->code, row, sizeof(out->code));
	out->level = (enum outline_level)u32(row + 12);
	out->first = u32(row + 16);
	out->n = u32(row + 20);
	out->box = box_at(row + 24);
	return true;
}

/* The first shape whose level and code do not come before the given ones. */
static size_t lower_bound(enum outline_level level, struct str code)
{
	size_t low = 0, high = file.n_shapes;

	while (low < high) {
		size_t mid = (low + high) / 2;
		const unsigned char *row = file.shapes + mid * SHAPE_ROW;
		int order = (int)u32(row + 12) - (int)level;

		if (order == 0) {
			const char *c = (const char *)row;
			order = str_cmp((struct str){c, strnlen(c, 12)}, code);
		}
		if (order < 0) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

size_t outline_of_level(enum outline_level level, size_t *first)
{
	*first = lower_bound(level, S(""));
	return level == OUTLINE_LAKE ? file.n_shapes - *first
				     : lower_bound((enum outline_level)(level + 1), S("")) - *first;
}

bool outline_find(enum outline_level level, struct str code, struct outline_shape *out)
{
	return outline_shape(lower_bound(level, code), out) && out->level == level &&
	       str_eq((struct str){out->code, strnlen(out->code, sizeof(out->code))}, code);
}

bool outline_arc(size_t i, struct outline_arc *out)
{
	const unsigned char *row = file.arcs + i * ARC_ROW;

	if (i >= file.n_arcs) {
		return false;
	}
	out->box = box_at(row);
	out->kind = (enum outline_kind)u32(row + 32);
	return true;
}

bool outline_ring(const struct outline_shape *shape, uint32_t *at, const int32_t **arcs, uint32_t *n)
{
	if (*at >= shape->first + shape->n) {
		return false;
	}
	*n = (uint32_t)file.refs[*at];
	*arcs = file.refs + *at + 1;
	*at += *n + 1;
	return true;
}

size_t outline_arc_size(size_t arc)
{
	return arc < file.n_arcs ? u32(file.arcs + arc * ARC_ROW + 28) : 0;
}

static void turn_round(struct outline_point *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct outline_point swap = p[i];
		p[i] = p[n - 1 - i];
		p[n - 1 - i] = swap;
	}
}

size_t outline_points(size_t arc, bool backwards, int least, struct outline_point *out, size_t max)
{
	const unsigned char *row = file.arcs + arc * ARC_ROW, *end = file.points + file.n_points;
	size_t n = 0, count = outline_arc_size(arc);

	if (count == 0 || max == 0) {
		return 0;
	}
	const unsigned char *p = file.points + u32(row + 24);
	struct outline_point at = {i32(row + 16), i32(row + 20)};
	out[n++] = at;
	for (size_t i = 1; i < count && p < end; i++) {
		at.x += take(&p, end);
		at.y += take(&p, end);
		int weight = p < end ? *p++ : 255;
		if ((weight >= least || i == count - 1) && n < max) {
			out[n++] = at;
		}
	}
	if (backwards) {
		turn_round(out, n);
	}
	return n;
}

int outline_weight(double area)
{
	double w = 7.0 * log2(fmax(area, 1e-9) / 1e-7);

	return (int)lround(fmax(0.0, fmin(254.0, w)));
}
