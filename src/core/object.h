/*
 * The object: what every kind shares. One row with what lists need, one document with the content, and tables derived from
 * it on every save (terms, territories, places, links, search, duplicate keys). Whoever writes an object goes through
 * object_save(): history, derived tables, counters and cache version follow in the same transaction. Whoever shows one asks
 * object_sight() first; lists and searches hold published objects only.
 */
#ifndef CORE_OBJECT_H
#define CORE_OBJECT_H

#include "../entity/entity.h"
#include "../web/req.h"

enum status {
	ST_DRAFT = 0,
	ST_PROPOSED = 1,  /* waits for a moderator */
	ST_PUBLISHED = 2,
	ST_REFUSED = 3,
	ST_ARCHIVED = 4,  /* closed, ended: shown as such, out of lists */
	ST_REMOVED = 5,   /* gone from everywhere; content purged after its time */
	ST_MERGED = 6     /* redirects to another object */
};

struct object {
	int64_t id;
	const struct entity *entity;
	struct str slug;
	enum status status;
	struct str lang;      /* of the original texts */
	struct str title;
	struct str summary;
	struct doc doc;
	int64_t version;      /* grows by one on each save: for conflicts */
	struct str territory; /* code of its main territory, NULL p if none */
	bool has_point;
	double lat, lon;      /* blurred to `precision` already */
	int precision;        /* enum place_precision */
	struct str source, source_key; /* where it was imported from, and its stable id there */
	int64_t created_at, updated_at, published_at, checked_at;
	int64_t archived_at;
	int64_t merged_into;
	bool editor;          /* set by object_get(): this visitor edits this object */
	struct str terms;     /* of the engine: ids of what it is listed under */
};

/* Makes the engine know the world: themes, territories, places, files. Once, at start, before threads; after atlas_open(). */
void object_start(void);

/* E_NOTFOUND also when `who` may not know of it. An old slug gives the object it leads to, with *moved = true. */
MUST_USE enum err object_get(struct req *rq, const struct entity *e, struct str slug, struct object *out, bool *moved);
MUST_USE enum err object_by_id(struct db *db, struct mem *m, int64_t id, struct object *out);
/* What `who` may see of it; one function for every way out. */
enum sight object_sight(const struct who *who, const struct object *ob);
bool object_may_edit(struct db *db, const struct who *who, const struct object *ob);
bool object_may_moderate(const struct who *who, const struct object *ob);
struct view object_view(struct req *rq, const struct object *ob);
struct url object_url(const struct req *rq, const struct object *ob);
/* The page of an object known by kind and slug (list rows, links). */
struct url object_link(const struct req *rq, const struct entity *e, struct str slug);

/* Many objects written in one transaction (imports): what is derived from them is put in order and written together. Make
 * one with batch_open() after db_begin(), give it in each act, batch_flush() before each db_commit(); after a rollback, or a commit that
 * failed, batch_forget(). Lists and counts are right only after the flush. */
struct batch;
struct batch *batch_open(struct mem *m);
MUST_USE enum err batch_flush(struct db *db, struct batch *b);
/* Part of the flush: texts take much room while they wait, so that a large batch writes them from time to time. */
MUST_USE enum err batch_words(struct db *db, struct batch *b);
/* Goes back, with a savepoint that is undone, to where a mark was taken, right after batch_words(). */
struct batch_mark {
	size_t counts, items, rows, dups;
};
struct batch_mark batch_mark(const struct batch *b);
void batch_undo(struct batch *b, struct batch_mark at);
void batch_forget(struct batch *b);

/* How and why something is written: goes into the history. */
struct act {
	struct batch *batch;   /* NULL: written at once */
	const char *verb;      /* "create", "edit", "publish", "merge", "import", "undo" … */
	int64_t account;       /* 0: not signed in */
	struct str note;
	int64_t import_run;    /* 0, or the import to undo as a whole */
	int64_t now;
	bool public_change;    /* bumps the data version; set false inside bulk imports, which bump once at the end */
};

/* Writes an object: id 0 creates (slug made from the title when empty), else updates if the stored version is still
 * ob->version, E_CONFLICT otherwise. Equal content and status: nothing is written, *changed = false. */
MUST_USE enum err object_save(struct db *db, struct mem *m, struct object *ob, const struct act *act, bool *changed);
/* Somebody confirmed that it is still right. */
MUST_USE enum err object_confirm(struct db *db, int64_t id, int64_t now);
/* The id of an object by slug, former slugs and merges included; E_NOTFOUND if there is none, whatever its status. */
MUST_USE enum err object_id_of(struct db *db, struct mem *m, const struct entity *e, struct str slug, int64_t *id);
/* Makes again what is derived from an object (themes moved in the tree, say); content and history stay. */
/* Compares the keys of the duplicate watch, and its words in the search if `words`, with what an object's document says. */
struct object_found_by {
	bool published, words_same;
	size_t n_keys, keys_missing;
};
MUST_USE enum err object_check(struct db *db, struct mem *m, int64_t id, bool words, struct object_found_by *out);
MUST_USE enum err object_rederive(struct db *db, struct mem *m, int64_t id, struct batch *batch);
/* Looks again at its links that named nothing here; *found true where one does now, and is a link from then on. */
MUST_USE enum err object_relink(struct db *db, struct mem *m, int64_t id, struct batch *batch, bool *found);
MUST_USE enum err object_set_status(struct db *db, struct mem *m, int64_t id, enum status st, const struct act *act);
/* Merges `from` into `into`: fields that `into` lacks are taken over, addresses redirect, links move; undoable. */
MUST_USE enum err object_merge(struct db *db, struct mem *m, int64_t from, int64_t into, const struct act *act);
/* What that would make of the document of `into`. */
struct json *object_merged(struct mem *m, const struct entity *e, const struct json *into, const struct json *from);
/* The same merge, with a document that a person composed from both. */
MUST_USE enum err object_merge_as(struct db *db, struct mem *m, int64_t from, int64_t into, const struct json *doc, const struct act *act);

/* ---- history ---- */
struct revision_item {
	int64_t id, version, at, account;
	struct str verb, note;
	struct str fields;              /* what changed: "name,summary@en" */
	enum status status_before, status_after;
	bool undone;
};
MUST_USE enum err object_history(struct db *db, struct mem *m, int64_t id, size_t max, struct revision_item **out, size_t *n);
/* The document as it was at a version. */
MUST_USE enum err object_at_version(struct db *db, struct mem *m, int64_t id, int64_t version, struct doc *out);
/* Puts back what a revision changed, as a new version; E_CONFLICT when later edits touched the same fields. */
MUST_USE enum err object_undo(struct db *db, struct mem *m, int64_t revision, const struct act *act);

/* Undoes what an import wrote, newest first; what was changed since is kept and counted. */
MUST_USE enum err object_undo_import(struct db *db, struct mem *m, int64_t run, const struct act *act, size_t *undone,
				     size_t *kept);

/* ---- lists (entity/list.c composes the SQL; filters are the contract's) ---- */
struct filter {
	const struct entity *entity;    /* NULL: all kinds */
	struct str q;                   /* full text; results by rank then */
	struct str territory;           /* descendants included */
	struct str actor;               /* slug */
	struct str lang;                /* content available in it */
	bool has_bbox;
	double west, south, east, north;
	int64_t from, to, updated_since; /* ms, 0 = none; of a kind that happens, from and to are local times of its occurrences */
	struct term { struct str facet, value; } terms[16]; /* theme=…, kind=…, service=… ; same facet twice = either */
	size_t n_terms;
	struct str programme;           /* slug */
	enum { BY_TITLE, BY_NEW, BY_RANK, BY_START } order;
};
struct list_row {
	int64_t id;
	const struct entity *entity;
	struct str slug, title, summary, lang, territory, kind_slug; /* title and summary in rq->lang when translated; lang tells */
	bool fallback;                  /* summary is not in the visitor's language */
	bool has_point;
	double lat, lon;
	int precision;
	int64_t created_at, updated_at, published_at, checked_at;
	struct str original_lang;
	struct str source, source_key;  /* in object_each() only */
	struct str picture;             /* asset or media path of the first picture, or NULL p */
};
/* Reads the contract's filters from the query string; unknown facets and bad values are E_INVALID with a sentence. */
MUST_USE enum err filter_read(struct req *rq, const struct entity *e, struct filter *out);
/* A page of at most `limit` rows after an opaque cursor; *next is STR_NONE at the end; *total counts all. */
MUST_USE enum err object_list(struct req *rq, const struct filter *f, size_t limit, struct str after, struct list_row **rows,
			      size_t *n, struct str *next, int64_t *total);
/* Streams every match as (row, public view) for exports and feeds, in constant memory. */
MUST_USE enum err object_each(struct db *db, struct mem *m, const struct filter *f, const char *lang,
			      enum err (*fn)(void *arg, const struct list_row *row, struct view v), void *arg);
/* Occurrences of a kind that happens (f->from on, before f->to), in order; times are local, counted as if they were UTC. */
struct when_row {
	struct list_row row;
	int64_t at, until, nth;
	int grain;                      /* enum cal_precision of the start */
	int state;                      /* 0 as planned, 1 cancelled, 2 postponed, 3 changed */
	struct str start, finish, zone; /* local texts; finish NULL p: none given */
};
MUST_USE enum err object_when(struct req *rq, const struct filter *f, size_t limit, struct str after, struct when_row **rows,
			      size_t *n, struct str *next);
/* Those that began before f->from and go on. */
MUST_USE enum err object_running(struct req *rq, const struct filter *f, size_t max, struct when_row **rows, size_t *n);
/* How many begin on each day between f->from and f->to: pairs of day (since 1970) and count. */
MUST_USE enum err object_days(struct req *rq, const struct filter *f, int64_t (*out)[2], size_t max, size_t *n);
struct facet_count { struct str value; int64_t n; };
/* Counts by value of one facet under a filter (that facet's own terms left out), largest first. */
MUST_USE enum err object_facet(struct req *rq, const struct filter *f, const char *facet, size_t max, struct facet_count **out,
			       size_t *n);

/* ---- links between objects, derived from F_OBJECT fields and groups with a verb ---- */
struct link_row {
	struct str verb, since, until, note;
	int64_t id;                     /* the other end */
	const struct entity *entity;
	struct str slug, title, territory, kind_slug;
	bool outgoing;
};
MUST_USE enum err object_links(struct db *db, struct mem *m, int64_t id, size_t max, struct link_row **out, size_t *n);

/* The row of one published object; E_NOTFOUND when it is not there, or not published. */
MUST_USE enum err object_row_of(struct req *rq, int64_t id, struct list_row *out);
/* What answers f->q under the other filters but box and times; slips of the finger forgiven, as search_run() tells. */
struct search_answer;
MUST_USE enum err object_search(struct req *rq, const struct filter *f, size_t max, struct search_answer *out);

/* ---- places ---- */
enum place_precision { PLACE_EXACT, PLACE_STREET, PLACE_COMMUNE, PLACE_DEPARTEMENT };
/* Moves a point as its precision demands: street to a 0.002 degree grid, commune and département to the territory's point.
 * The exact point never leaves the document. */
void place_blur(int precision, struct str territory, double *lat, double *lon);

/* ---- proposals, suggestions, reports, claims: one queue ---- */
enum proposal_type { PROP_NEW, PROP_CHANGE, PROP_REPORT, PROP_CLAIM, PROP_WITHDRAW, PROP_DUPLICATE };
enum proposal_state { PROP_OPEN, PROP_ACCEPTED, PROP_PARTLY, PROP_REFUSED, PROP_WITHDRAWN };
struct proposal {
	int64_t id;
	enum proposal_type type;
	const struct entity *entity;
	int64_t object_id;              /* PROP_NEW keeps an object in ST_PROPOSED */
	const struct json *changes;     /* PROP_CHANGE: {"key": value or null}; see core/proposal.h */
	int64_t base_version;
	struct str note, mail, name;    /* mail, name: personal, erased 90 days after the decision */
	struct str lang;
	int64_t account, created_at, confirmed_at, decided_at, decided_by;
	enum proposal_state state;
	struct str reason;
	struct str territory;           /* of the object, for moderators' scopes */
	struct str accepted;            /* keys taken, comma separated */
};

#endif
