/*
 * Opens the atlas and answers what it holds: by code, by name order, up and down the tree. Points and distances are in
 * atlas_geo.c, keys in atlas_key.c, searching in atlas_search.c, places as people write them in atlas_resolve.c.
 */
#include "atlas_data.h"

#include "../base/err.h"

struct atlas_file atlas_file;

_Static_assert(sizeof(struct atlas_head) == 32, "as written by writer.mjs");
_Static_assert(sizeof(struct atlas_rec) == 40, "as written by writer.mjs");
_Static_assert(sizeof(struct atlas_ext) == 36, "as written by writer.mjs");
_Static_assert(sizeof(struct atlas_country) == 48, "as written by writer.mjs");

/* Sections in the order of the file, with the size of one element. */
enum section {
	SEC_RECS,
	SEC_EXTS,
	SEC_LISTS,
	SEC_NAMES,
	SEC_BOUNDS,
	SEC_LEVEL_STARTS,
	SEC_BY_CODE,
	SEC_ALIASES,
	SEC_KEYS,
	SEC_BLOCKS,
	SEC_PACKED,
	SEC_SHOWN,
	SEC_CELLS,
	SEC_CELL_IDS,
	SEC_ZONES,
	SEC_COUNTRIES,
	SEC_POOL,
	SEC_N
};
static const uint32_t section_sizes[SEC_N] = {40, 36, 4, 20, 16, 4, 4, 8, 1, 4, 4, 4, 4, 4, 4, 48, 1};

struct str atlas_text(uint32_t at)
{
	const uint8_t *p = atlas_file.pool + at;

	return at == 0 ? STR_NONE : (struct str){(const char *)p + 1, p[0]};
}

const struct atlas_ext *atlas_ext_of(atlas_id id)
{
	return &atlas_file.exts[atlas_file.recs[id].ext];
}

/* ---- opening ---- */

static uint32_t sum_words(const uint8_t *p, size_t n)
{
	uint32_t h = 0x811c9dc5u, w;

	for (size_t i = 0; i + 4 <= n; i += 4) {
		memcpy(&w, p + i, 4);
		h = (h ^ w) * 0x01000193u;
	}
	return h;
}

static enum err check_head(const uint8_t *data, size_t n, const struct atlas_section **table)
{
	const struct atlas_head *head = (const void *)data;
	size_t head_n = sizeof(*head) + SEC_N * sizeof(struct atlas_section);

	if (data == NULL || ((uintptr_t)data & 3) != 0 || n < head_n || memcmp(head->magic, "MLATLAS", 8) != 0) {
		return fail(E_BUG, "atlas: not an atlas file");
	}
	if (head->version != ATLAS_VERSION || head->byte_order != ATLAS_BYTE_ORDER || head->n_sections != SEC_N) {
		return fail(E_BUG, "atlas: version %u, this program reads %d", (unsigned)head->version, ATLAS_VERSION);
	}
	if (head->size != n) {
		return fail(E_BUG, "atlas: %zu bytes where %u were made", n, (unsigned)head->size);
	}
	if (head->head_sum != (sum_words(data + sizeof(*head), head_n - sizeof(*head)) ^ sum_words(data, 28))) {
		return fail(E_BUG, "atlas: damaged table of sections");
	}
	*table = (const void *)(data + sizeof(*head));
	for (size_t i = 0; i < SEC_N; i++) {
		const struct atlas_section *s = &(*table)[i];

		if (s->each != section_sizes[i] || (s->offset & 3) != 0 || s->offset < head_n ||
		    (uint64_t)s->offset + (uint64_t)s->count * s->each > n) {
			return fail(E_BUG, "atlas: section %zu is out of place", i);
		}
	}
	return OK;
}

enum err atlas_open(const void *data, size_t n)
{
	const uint8_t *base = data;
	const struct atlas_section *t = NULL;
	struct atlas_file *f = &atlas_file;

	TRY(check_head(base, n, &t));
	if (t[SEC_RECS].count < 2 || t[SEC_RECS].count > ATLAS_ID_MAX ||
	    t[SEC_LEVEL_STARTS].count != ATLAS_LEVELS + 1 || t[SEC_CELLS].count != ATLAS_ROWS * ATLAS_COLUMNS + 1 ||
	    t[SEC_PACKED].count != t[SEC_SHOWN].count ||
	    t[SEC_BLOCKS].count != (t[SEC_PACKED].count + ATLAS_KEY_BLOCK - 1) / ATLAS_KEY_BLOCK) {
		return fail(E_BUG, "atlas: sections do not fit together");
	}
	*f = (struct atlas_file){
	        .head = (const void *)base,
	        .recs = (const void *)(base + t[SEC_RECS].offset),
	        .exts = (const void *)(base + t[SEC_EXTS].offset),
	        .lists = (const void *)(base + t[SEC_LISTS].offset),
	        .names = (const void *)(base + t[SEC_NAMES].offset),
	        .bounds = (const void *)(base + t[SEC_BOUNDS].offset),
	        .level_starts = (const void *)(base + t[SEC_LEVEL_STARTS].offset),
	        .by_code = (const void *)(base + t[SEC_BY_CODE].offset),
	        .aliases = (const void *)(base + t[SEC_ALIASES].offset),
	        .keys = base + t[SEC_KEYS].offset,
	        .blocks = (const void *)(base + t[SEC_BLOCKS].offset),
	        .packed = (const void *)(base + t[SEC_PACKED].offset),
	        .shown = (const void *)(base + t[SEC_SHOWN].offset),
	        .cells = (const void *)(base + t[SEC_CELLS].offset),
	        .cell_ids = (const void *)(base + t[SEC_CELL_IDS].offset),
	        .zones = (const void *)(base + t[SEC_ZONES].offset),
	        .countries = (const void *)(base + t[SEC_COUNTRIES].offset),
	        .pool = base + t[SEC_POOL].offset,
	        .n_recs = t[SEC_RECS].count,
	        .n_exts = t[SEC_EXTS].count,
	        .n_aliases = t[SEC_ALIASES].count,
	        .n_blocks = t[SEC_BLOCKS].count,
	        .n_keys = t[SEC_PACKED].count,
	        .n_zones = t[SEC_ZONES].count,
	        .n_countries = t[SEC_COUNTRIES].count,
	};
	return OK;
}

enum err atlas_check(void)
{
	const struct atlas_head *head = atlas_file.head;
	size_t head_n = sizeof(*head) + SEC_N * sizeof(struct atlas_section);

	if (head == NULL) {
		return fail(E_BUG, "atlas: not open");
	}
	if (sum_words((const uint8_t *)head + head_n, head->size - head_n) != head->body_sum) {
		return fail(E_BUG, "atlas: its checksum is wrong");
	}
	return OK;
}

/* ---- by code ---- */

static int compare_code(struct str code, atlas_id id)
{
	return str_cmp(code, atlas_text(atlas_file.recs[id].code));
}

/* The place of a code among those of a level, or of the first one after it. */
static uint32_t code_place(enum atlas_level level, struct str code)
{
	uint32_t lo = atlas_file.level_starts[level], hi = atlas_file.level_starts[level + 1];

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (compare_code(code, atlas_file.by_code[mid]) > 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo;
}

static atlas_id find_alias(struct str code)
{
	uint32_t lo = 0, hi = atlas_file.n_aliases;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (str_cmp(code, atlas_text(atlas_file.aliases[mid].code)) > 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	if (lo < atlas_file.n_aliases && str_eq(code, atlas_text(atlas_file.aliases[lo].code))) {
		return atlas_file.aliases[lo].id;
	}
	return 0;
}

atlas_id atlas_find(struct str code)
{
	if (str_empty(code) || code.n > 20 || atlas_file.head == NULL) {
		return 0;
	}
	for (enum atlas_level level = ATLAS_COUNTRY; level <= ATLAS_TOWN; level++) {
		uint32_t at = code_place(level, code);

		if (at < atlas_file.level_starts[level + 1] && compare_code(code, atlas_file.by_code[at]) == 0) {
			return atlas_file.by_code[at];
		}
	}
	return find_alias(code);
}

const struct atlas_country *atlas_country_of(struct str iso2)
{
	uint32_t lo = 0, hi = atlas_file.n_countries;
	char up[2];
	struct str want = {up, 2};

	if (iso2.p == NULL || iso2.n != 2 || atlas_file.head == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < 2; i++) {
		up[i] = iso2.p[i] >= 'a' && iso2.p[i] <= 'z' ? (char)(iso2.p[i] - 32) : iso2.p[i];
	}
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = str_cmp(want, atlas_text(atlas_file.countries[mid].iso2));

		if (c == 0) {
			return &atlas_file.countries[mid];
		}
		if (c > 0) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return NULL;
}

bool atlas_get(atlas_id id, struct territory *t)
{
	const struct atlas_rec *r;
	const struct atlas_ext *x;

	if (id == 0 || id >= atlas_file.n_recs) {
		return false;
	}
	r = &atlas_file.recs[id];
	x = atlas_ext_of(id);
	*t = (struct territory){
	        .id = id,
	        .level = (enum atlas_level)r->level,
	        .code = atlas_text(r->code),
	        .name = atlas_text(r->name),
	        .tncc = r->tncc,
	        .parent = r->parent,
	        .epci = x->epci,
	        .population = r->population == ATLAS_UNKNOWN ? -1 : (int64_t)r->population,
	        .iso2 = atlas_text(atlas_file.countries[r->country].iso2),
	        .timezone = r->zone > 0 ? atlas_text(atlas_file.zones[r->zone - 1]) : STR_NONE,
	        .former = (r->flags & ATLAS_FORMER) != 0,
	        .now = x->now,
	        .until = atlas_text(x->until),
	        .rurality = r->rurality,
	};
	(void)atlas_point_of(id, &t->lat, &t->lon, &t->point);
	return true;
}

struct str atlas_name(atlas_id id, const char *lang, bool *is_fallback)
{
	static const char langs[5][3] = {"fr", "en", "es", "pt", "ar"};
	const struct atlas_rec *r;

	if (is_fallback != NULL) {
		*is_fallback = false;
	}
	if (id == 0 || id >= atlas_file.n_recs) {
		return STR_NONE;
	}
	r = &atlas_file.recs[id];
	for (size_t i = 0; lang != NULL && r->names != 0 && i < COUNT(langs); i++) {
		uint32_t at = strcmp(langs[i], lang) == 0 ? atlas_file.names[r->names].lang[i] : 0;

		if (at != 0) {
			return atlas_text(at);
		}
	}
	if (is_fallback != NULL) {
		*is_fallback = true;
	}
	return atlas_text(r->name);
}

struct str atlas_postal_codes(atlas_id id)
{
	return id == 0 || id >= atlas_file.n_recs ? STR_NONE : atlas_text(atlas_ext_of(id)->postal);
}

/* ---- the tree ---- */

size_t atlas_ancestors(atlas_id id, atlas_id out[8])
{
	size_t n = 0;

	if (id == 0 || id >= atlas_file.n_recs) {
		return 0;
	}
	if (atlas_file.recs[id].level == ATLAS_COMMUNE && atlas_ext_of(id)->epci != 0) {
		out[n++] = atlas_ext_of(id)->epci;
	}
	for (atlas_id up = atlas_file.recs[id].parent; up != 0 && n < 8; up = atlas_file.recs[up].parent) {
		out[n++] = up;
		if (atlas_file.recs[up].level == ATLAS_COMMUNE && atlas_ext_of(up)->epci != 0 && n < 8) {
			out[n++] = atlas_ext_of(up)->epci;
		}
	}
	return n;
}

bool atlas_is_within(atlas_id id, atlas_id ancestor)
{
	atlas_id up[8];
	size_t n;

	if (id == ancestor) {
		return id != 0 && id < atlas_file.n_recs;
	}
	n = atlas_ancestors(id, up);
	for (size_t i = 0; i < n; i++) {
		if (up[i] == ancestor) {
			return true;
		}
	}
	return false;
}

static size_t copy_list(const uint32_t *list, size_t n, size_t from, size_t max, atlas_id *out)
{
	for (size_t i = 0; i < max && from < n && i < n - from; i++) {
		out[i] = list[from + i];
	}
	return n;
}

size_t atlas_children(atlas_id id, size_t from, size_t max, atlas_id *out)
{
	const struct atlas_ext *x;

	if (id == 0 || id >= atlas_file.n_recs) {
		return 0;
	}
	x = atlas_ext_of(id);
	return copy_list(atlas_file.lists + x->child, x->n_children, from, max, out);
}

size_t atlas_children_at(atlas_id id, enum atlas_level level, size_t from, size_t max, atlas_id *out)
{
	const struct atlas_ext *x;
	size_t first = 0, n = 0;

	if (id == 0 || id >= atlas_file.n_recs) {
		return 0;
	}
	x = atlas_ext_of(id);
	while (first < x->n_children && atlas_file.recs[atlas_file.lists[x->child + first]].level < (int)level) {
		first++;
	}
	while (first + n < x->n_children &&
	       atlas_file.recs[atlas_file.lists[x->child + first + n]].level == (int)level) {
		n++;
	}
	return copy_list(atlas_file.lists + x->child + first, n, from, max, out);
}

size_t atlas_formers(atlas_id id, size_t max, atlas_id *out)
{
	const struct atlas_ext *x;

	if (id == 0 || id >= atlas_file.n_recs) {
		return 0;
	}
	x = atlas_ext_of(id);
	return copy_list(atlas_file.lists + x->former, x->n_formers, 0, max, out);
}

size_t atlas_count(enum atlas_level level, struct str iso2)
{
	const struct atlas_country *one;
	size_t n = 0;

	if (level > ATLAS_TOWN || atlas_file.head == NULL) {
		return 0;
	}
	if (iso2.p != NULL) {
		one = atlas_country_of(iso2);
		return one == NULL ? 0 : one->counts[level];
	}
	for (uint32_t i = 0; i < atlas_file.n_countries; i++) {
		n += atlas_file.countries[i].counts[level];
	}
	return n;
}

atlas_id atlas_next(enum atlas_level level, atlas_id after)
{
	uint32_t at;

	if (level > ATLAS_TOWN || atlas_file.head == NULL || after >= atlas_file.n_recs) {
		return 0;
	}
	at = atlas_file.level_starts[level];
	if (after != 0) {
		at = code_place(level, atlas_text(atlas_file.recs[after].code));
		at += at < atlas_file.level_starts[level + 1] && atlas_file.by_code[at] == after ? 1 : 0;
	}
	for (; at < atlas_file.level_starts[level + 1]; at++) {
		if (!(atlas_file.recs[atlas_file.by_code[at]].flags & ATLAS_FORMER)) {
			return atlas_file.by_code[at];
		}
	}
	return 0;
}
