/*
 * The layout of the atlas file, written by tools/atlas/writer.mjs and read in place; inside the atlas only. Integers are
 * little-endian, everything is aligned to four bytes, text is an offset into the pool (0: none). Change both sides and
 * ATLAS_VERSION together.
 */
#ifndef CORE_ATLAS_DATA_H
#define CORE_ATLAS_DATA_H

#include "atlas.h"

#define ATLAS_VERSION 1
#define ATLAS_BYTE_ORDER 0x01020304u
#define ATLAS_ID_MAX (1u << 19)
#define ATLAS_LEVELS 8
#define ATLAS_ROWS 360 /* cells of half a degree */
#define ATLAS_COLUMNS 720
#define ATLAS_KEY_BLOCK 16
#define ATLAS_KEY_MAX 120
#define ATLAS_UNKNOWN UINT32_MAX /* population */
#define ATLAS_FORMER 1           /* atlas_rec.flags */

struct atlas_section {
	uint32_t offset, count, each, unused;
};

struct atlas_head {
	char magic[8];
	uint32_t version, byte_order, size, body_sum, n_sections, head_sum;
};

/* One territory; ids number them from 1. */
struct atlas_rec {
	uint32_t name, code, parent, population;
	int32_t lat, lon; /* 1e-5 degrees */
	uint32_t names;   /* row of atlas_names, 0 none */
	uint32_t ext;     /* row of atlas_ext, 0 none */
	uint8_t level, point;
	int8_t tncc;
	uint8_t rurality;
	uint16_t zone; /* 1 + index of the time zone */
	uint8_t country;
	uint8_t flags;
};

/* What only some have. */
struct atlas_ext {
	uint32_t epci, postal, now, until, child, n_children, former, n_formers, box;
};

struct atlas_names {
	uint32_t lang[5]; /* fr, en, es, pt, ar */
};

struct atlas_bounds {
	int32_t south, west, north, east;
};

struct atlas_alias {
	uint32_t code, id;
};

struct atlas_country {
	uint32_t iso2, id, first, last, counts[ATLAS_LEVELS];
};

/* What a key is to its territory, in atlas_keyed(). */
enum atlas_kind {
	KEY_NAME,
	KEY_VARIANT, /* the name without its article or apostrophe */
	KEY_OTHER,   /* another name: language, spelling */
	KEY_OTHER_VARIANT,
	KEY_POSTAL,
	KEY_FORMER, /* a commune that is now in this one */
	KEY_PART    /* the name without "Saint" */
};

/* The open atlas. */
struct atlas_file {
	const struct atlas_head *head;
	const struct atlas_rec *recs;
	const struct atlas_ext *exts;
	const uint32_t *lists;
	const struct atlas_names *names;
	const struct atlas_bounds *bounds;
	const uint32_t *level_starts; /* ATLAS_LEVELS + 1 */
	const uint32_t *by_code;      /* ids, by level and code */
	const struct atlas_alias *aliases;
	const uint8_t *keys;
	const uint32_t *blocks; /* offsets into keys */
	const uint32_t *packed; /* level:3 kind:3 rank:6 id:19, from bit 30 down */
	const uint32_t *shown;
	const uint32_t *cells; /* starts in cell_ids */
	const uint32_t *cell_ids;
	const uint32_t *zones;
	const struct atlas_country *countries;
	const uint8_t *pool;
	uint32_t n_recs, n_exts, n_aliases, n_blocks, n_keys, n_zones, n_countries;
};

extern struct atlas_file atlas_file;

/* The text at an offset of the pool; borrowed from the atlas. */
struct str atlas_text(uint32_t at);
/* What a territory has beyond its record; an empty row when it has nothing. `id` is in range. */
const struct atlas_ext *atlas_ext_of(atlas_id id);
/* The country with this code (ISO 3166-1 alpha-2, either case), NULL if none. */
const struct atlas_country *atlas_country_of(struct str iso2);
/* The point in force in degrees; false if none. */
bool atlas_point_of(atlas_id id, double *lat, double *lon, enum atlas_point *kind);
/* The distance over the sphere. */
double atlas_distance_km(double lat_a, double lon_a, double lat_b, double lon_b);

/* Positions of the keys that begin with (or with `whole`, are) `key`: from *lo up to *hi. */
void atlas_keys_range(struct str key, bool whole, uint32_t *lo, uint32_t *hi);

static inline atlas_id packed_id(uint32_t p)
{
	return p & (ATLAS_ID_MAX - 1);
}
static inline int packed_rank(uint32_t p)
{
	return (int)(p >> 19 & 63);
}
static inline enum atlas_kind packed_kind(uint32_t p)
{
	return (enum atlas_kind)(p >> 25 & 7);
}
static inline enum atlas_level packed_level(uint32_t p)
{
	return (enum atlas_level)(p >> 28 & 7);
}

#endif
