/*
 * Ways out. A format is three functions over a writer; the command, the API and downloads all drive it the same way, in
 * constant memory: begin, one call an object, end.
 */
#ifndef EXCHANGE_EXPORT_H
#define EXCHANGE_EXPORT_H

#include "../../core/object.h"

struct column;
struct record_fields;

struct export {
	const struct export_format *format;
	const struct entity *entity;
	struct mem *mem;      /* of the whole; what an object needs goes into `scratch`, which the caller gives back */
	struct mem *scratch;
	const char *lang;     /* of labels, and of the texts of feeds */
	struct db *db;        /* for names beside the rows; may be NULL */
	struct str base_url, site_name, licence;
	struct str zone;      /* of the site */
	struct str self;      /* address of this export itself, for feeds */
	struct str page;      /* address of the page with the same things */
	int64_t now;
	enum status status;   /* of the object about to be written */
	const struct record_fields *fields; /* JSON only; NULL: all */
	struct str next;      /* of a page: cursor, or STR_NONE */
	bool paged;
	int64_t total;
	/* of the writers */
	void *own;
	struct buf b;
	struct json_out json;
	write_more *more;
	void *ctx;
	const struct column *columns;
	size_t n_columns;
	size_t n;
};

struct export_format {
	const char *name;   /* --format */
	const char *suffix; /* of the API; NULL for the command alone */
	const char *mime;
	bool feed;          /* newest first, a limited number */
	bool one;           /* makes sense for a single object */
	bool (*fits)(const struct entity *e); /* NULL: any kind */
	enum err (*begin)(struct export *x);
	enum err (*item)(struct export *x, const struct list_row *row, struct view v);
	enum err (*end)(struct export *x);
};

/* By name ("csv") or suffix (".csv"); NULL if there is none. */
const struct export_format *export_by_name(struct str name);
const struct export_format *export_by_suffix(struct str suffix);
/* The names, for --help and errors. */
#define EXPORT_NAMES "csv, geojson, json, jsonld, umap, gogocarto, rss, atom or ical"

/* Makes a writer that hands pieces to `more`. `x` has format, entity, mem, scratch, lang, addresses and now set. */
MUST_USE enum err export_begin(struct export *x, write_more *more, void *ctx);
MUST_USE enum err export_item(struct export *x, const struct list_row *row, struct view v);
MUST_USE enum err export_end(struct export *x);
/* Every match of a filter, streamed; begin to end. Its scratch arena is its own. */
MUST_USE enum err export_all(struct export *x, struct db *db, const struct filter *f, write_more *more, void *ctx);
/* Gives what is in x->b to `more` when there is enough, or in any case at the end. */
MUST_USE enum err export_flush(struct export *x, bool all);

/* ---- the formats, one a file ---- */
extern const struct export_format export_json, export_geojson, export_umap, export_gogocarto, export_jsonld, export_csv,
	export_rss, export_atom, export_ical;

/* One object in GoGoCarto's full form, into an object that is open. */
void gogo_put(struct json_out *j, struct mem *m, const struct export *x, const struct list_row *row, struct view v);
/* The number that stands for a theme in GoGoCarto's answers: the same in every run and on every site. */
int64_t gogo_category(struct str slug);

#endif
