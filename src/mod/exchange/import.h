/*
 * Ways in. A reader turns a file into rows: an object of names and values as the file has them, whatever the format. The mapping
 * gives each name its field; the engine makes a document of it, finds which object it is, and saves in batches. Constant
 * memory, whatever the size of the file.
 */
#ifndef EXCHANGE_IMPORT_H
#define EXCHANGE_IMPORT_H

#include "../../base/map.h"
#include "../../base/vec.h"
#include "../../core/object.h"

/* Names that readers give to what is beside the properties. */
#define RAW_LAT "@latitude"
#define RAW_LON "@longitude"
#define RAW_LAYER "@layer"

struct job_ctx;

/* What a reader repaired, and says. */
struct import_told {
	int64_t line;
	const char *what;       /* a sentence to translate; may hold {text} */
	struct str about;       /* what stands for it */
};

struct import_row {
	struct json raw;  /* an object */
	struct str id;    /* as given in the file, or STR_NONE */
	int64_t line;
	const char *bad;  /* a sentence to translate, for what is no record at all; may hold {text} */
	struct str about; /* what stands for it */
	const struct import_told *told; /* beside it */
	size_t n_told;
};

/* What stands in front of every reader: bytes of a file, as UTF-8, counted. */
struct import_bytes {
	int fd;
	int64_t size, taken;
	char *buf;
	char *out;              /* decoded, where the file is not UTF-8 */
	size_t left_n;          /* undecoded rest of the last piece */
	int encoding;
	bool begun, raw;        /* raw: the reader decodes by itself */
};

struct import_reader {
	struct mem *mem;
	const char *format;     /* "csv", "geojson", "umap", "gogocarto", "yeswiki", "json", "taxonomy", "gpx", "kml", "rss" */
	const char *encoding;
	struct import_bytes bytes;
	struct str declared;    /* the source that the file names itself, or STR_NONE */
	struct str *columns;    /* CSV: its head */
	size_t n_columns;
	const char *what;       /* why next() said E_INVALID or E_LIMIT: a sentence to translate */
	int64_t what_line;
	enum err (*next)(struct import_reader *r, struct mem *m, struct import_row *row, bool *got);
	void *own;
	const struct map *taxonomy; /* number -> struct str: names of GoGoCarto's categories; may be NULL */
};

/* Guesses the format from the content (or takes `format` when given). E_INVALID for what is none of ours, with r->what. */
MUST_USE enum err import_open(struct mem *m, int fd, struct str format, struct import_reader **out);
MUST_USE enum err import_open_csv(struct import_reader *r);
MUST_USE enum err import_open_json(struct import_reader *r, struct str head);
MUST_USE enum err import_open_xml(struct import_reader *r);
/* GoGoCarto's tree of categories: a row each, those above first. */
MUST_USE enum err import_open_taxonomy(struct import_reader *r);
/* Of import_bytes, as read_more. */
enum err import_more(void *ctx, struct str *chunk);

/* ---- mapping --------------------------------------------------------------------------------------------------------- */

enum target_kind {
	TO_NOTHING, /* not understood: reported */
	TO_IGNORED, /* understood, and of no use: styles, dates of the other system */
	TO_FIELD,
	TO_PLACE,
	TO_CONTACT,
	TO_TEXT,    /* a translation */
	TO_TRANSLATIONS,
	TO_ID,
	TO_LANG,
	TO_URL,
	TO_CREATED,
	TO_CLOSED,  /* when it ended */
	TO_KIND
};

struct target {
	enum target_kind kind;
	const struct field *field, *sub;
	const char *word;       /* type of a contact, language of a translation */
};

struct mapping {
	const struct entity *entity;
	struct mem *mem;
	struct map known;       /* name, folded -> struct target */
	struct map met;         /* name as written -> the same, so that each is folded once */
	VEC(struct str) unknown;
};

/* An empty mapping for a kind; columns are matched as they come. */
void mapping_open(struct mapping *mp, struct mem *m, const struct entity *e);
/* column=field, as given by a person; false if there is no such field. "" ignores the column. */
bool mapping_set(struct mapping *mp, struct str column, struct str field);
const struct target *mapping_of(struct mapping *mp, struct str column);
/* How a target is written: "places.town", "mail", "summary@en", "" for none. */
struct str target_name(struct mem *m, const struct entity *e, const struct target *t);

/* A row in the shape of a document, not read yet, and what is known beside it. */
struct mapped {
	struct json record;
	struct str id, lang, url, created_at;
	struct json place;      /* where it is, as told: also for kinds without places */
	struct str kind;        /* of our own exports */
	bool closed;            /* it exists no more */
};
typedef void import_note(void *ctx, const char *outcome, struct str field, struct str reason);
void mapping_apply(struct mapping *mp, struct mem *m, const struct import_row *row, struct mapped *out, import_note *note, void *ctx);

/* Text of other tools as Markdown (or as plain words): HTML, wiki links. */
struct str import_text(struct mem *m, struct str s, bool markdown);

/* ---- engine ---------------------------------------------------------------------------------------------------------- */

struct import_said {
	int64_t line;
	const char *outcome; /* "rejected": not imported; "noted": imported, but look at it */
	struct str field, reason;
};

struct import {
	/* set by the caller */
	struct mem *mem;
	struct db *db;
	const struct entity *entity;
	struct import_reader *reader;
	struct mapping *mapping;
	struct str source;          /* identity of rows is within it */
	struct str lang;            /* of texts that do not say theirs */
	struct str territory;       /* of rows that say none, or STR_NONE */
	const char *speak;          /* language of the report */
	int64_t account;
	bool dry_run;
	bool propose;               /* everything waits for a moderator */
	int64_t live;               /* the live source it is read from, or 0: what it has is remembered */
	size_t rows_max;            /* 0: all */
	const struct job_ctx *job;  /* whose lease is kept between batches, or NULL */
	size_t at_once;             /* rows of a transaction at most; 0: as many as is good */
	void (*progress)(void *ctx, const struct import *im); /* after each transaction */
	void *ctx;
	/* results */
	int64_t run, read, created, updated, unchanged, rejected;
	VEC(struct import_said) said; /* the first ones */
	int64_t n_said;
	/* its own */
	struct batch *batch;
	struct mem *scratch;
	struct import_seen *seen;
	VEC(int64_t) open_links; /* objects that name others which are not here yet */
	VEC(uint64_t) names;     /* hashes of names and slugs that this run made */
	int64_t line, now;
	bool announced; /* this batch told the caches already */
};

enum { IMPORT_SAID_MAX = 10000 };

/* Reads everything. OK also when rows were rejected: the counts tell. E_INVALID when the file breaks off or is none of ours;
 * what was acknowledged before stays. Opens and commits its own transactions. */
MUST_USE enum err import_all(struct import *im);
/* Ends the run of an import that keeps none of its own while it goes (points, themes), with what it said. */
/* How far it is, within the transaction that is open. */
MUST_USE enum err import_run_progress(struct import *im);
MUST_USE enum err import_run_close(struct import *im, bool whole);
/* One object, {read, created, updated, unchanged, rejected, errors:[…]} and what more there is to say. */
void import_summary(struct json_out *j, const struct import *im);
/* The source of a file by its name, and the language that the name tells ("services-ar.geojson" -> "file:services", "ar"). */
struct str import_source_of(struct mem *m, struct str file, struct str *lang);
/* Objects that name others are looked at again once all rows are in: the other may stand further down. */
void import_note_links(struct import *im, const struct object *ob);
void import_note_names(struct import *im, struct mem *m, const struct object *ob);
MUST_USE enum err import_links(struct import *im);
/* Of the engine's files. */
MUST_USE enum err import_one(struct import *im, struct mem *m, const struct import_row *row);
void import_say(struct import *im, const char *outcome, struct str field, struct str reason);
/* A part of the place of a row, as text. */
struct str import_place(const struct mapped *mp, const char *name);
/* The point of a row; false, with the cause said, for one that is not on the Earth. */
bool import_check_point(struct import *im, struct mem *m, struct mapped *mp, double *lat, double *lon, bool *has);
/* Fills in the main territory where the row does not say it. */
void import_find_territory(struct import *im, struct mem *m, struct mapped *mp, bool has, double lat, double lon);

#endif
