/*
 * PostgreSQL's binary forms. Integers are big-endian; NUMERIC, which sums of integers are, comes as digits of base 10,000.
 */
#include "pg_value.h"

#include <endian.h>

enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_OID = 26,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_NUMERIC = 1700
};

unsigned pg_oid(enum db_type type)
{
	switch (type) {
	case DB_INT: return OID_INT8;
	case DB_REAL: return OID_FLOAT8;
	case DB_TEXT: return OID_TEXT;
	case DB_BLOB: return OID_BYTEA;
	}
	return OID_TEXT;
}

enum db_type pg_type(unsigned oid)
{
	switch (oid) {
	case OID_BOOL:
	case OID_INT8:
	case OID_INT2:
	case OID_INT4:
	case OID_OID: return DB_INT;
	case OID_FLOAT4:
	case OID_FLOAT8:
	case OID_NUMERIC: return DB_REAL;
	case OID_BYTEA: return DB_BLOB;
	default: return DB_TEXT;
	}
}

static uint64_t big_endian(struct str s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.n && i < 8; i++) {
		v = v << 8 | (unsigned char)s.p[i];
	}
	return v;
}

static int16_t short_at(struct str s, size_t at)
{
	return (int16_t)big_endian(str_sub(s, at, 2));
}

/* ndigits, weight of the first digit, sign, digits shown after the mark, then the digits. */
#define NUMERIC_HEAD 8
#define NUMERIC_MINUS 0x4000

static double numeric(struct str s)
{
	double v = 0;
	int weight = short_at(s, 2);

	for (size_t at = NUMERIC_HEAD; at + 2 <= s.n; at += 2, weight--) {
		double digit = short_at(s, at);

		for (int w = weight; w > 0; w--) {
			digit *= 10000;
		}
		for (int w = weight; w < 0; w++) {
			digit /= 10000;
		}
		v += digit;
	}
	return short_at(s, 4) == NUMERIC_MINUS ? -v : v;
}

static int64_t numeric_int(struct str s)
{
	int64_t v = 0;
	int weight = short_at(s, 2);

	for (size_t at = NUMERIC_HEAD; weight >= 0; at += 2, weight--) {
		int digit = at + 2 <= s.n ? short_at(s, at) : 0;

		if (__builtin_mul_overflow(v, 10000, &v) || __builtin_add_overflow(v, digit, &v)) {
			v = INT64_MAX;
			break;
		}
	}
	return short_at(s, 4) == NUMERIC_MINUS ? -v : v;
}

enum db_type pg_cell_type(struct pg_cell c)
{
	return c.oid == OID_NUMERIC && c.bytes.n >= NUMERIC_HEAD && short_at(c.bytes, 6) == 0 ? DB_INT : pg_type(c.oid);
}

int64_t pg_cell_int(struct pg_cell c)
{
	switch (c.oid) {
	case OID_NUMERIC: return numeric_int(c.bytes);
	case OID_INT4: return (int32_t)big_endian(c.bytes);
	case OID_INT2: return (int16_t)big_endian(c.bytes);
	default: return (int64_t)big_endian(c.bytes);
	}
}

double pg_cell_real(struct pg_cell c)
{
	uint64_t bits = big_endian(c.bytes);
	uint32_t half = (uint32_t)bits;
	float single;
	double v;

	switch (c.oid) {
	case OID_NUMERIC: return numeric(c.bytes);
	case OID_FLOAT4: memcpy(&single, &half, sizeof(single)); return single;
	case OID_FLOAT8: memcpy(&v, &bits, sizeof(v)); return v;
	default: return (double)pg_cell_int(c);
	}
}

static const char *encoded(struct mem *m, uint64_t bits)
{
	uint64_t *p = mem_new(m, uint64_t);

	*p = htobe64(bits);
	return (const char *)p;
}

void pg_encode(struct pg_values *out, struct mem *m, const struct db_value *values, size_t n)
{
	out->types = mem_array(m, unsigned, n);
	out->values = mem_array(m, const char *, n);
	out->lengths = mem_array(m, int, n);
	out->formats = mem_array(m, int, n);
	for (size_t i = 0; i < n; i++) {
		const struct db_value *v = &values[i];
		uint64_t bits;

		out->types[i] = pg_oid(v->type);
		out->formats[i] = 1;
		if (v->null) {
			continue;
		}
		switch (v->type) {
		case DB_INT:
			out->values[i] = encoded(m, (uint64_t)v->v.i);
			out->lengths[i] = 8;
			break;
		case DB_REAL:
			memcpy(&bits, &v->v.d, sizeof(bits));
			out->values[i] = encoded(m, bits);
			out->lengths[i] = 8;
			break;
		case DB_TEXT:
		case DB_BLOB:
			out->values[i] = v->v.s.p;
			out->lengths[i] = (int)v->v.s.n;
			break;
		}
	}
}
