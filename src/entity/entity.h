/*
 * What a kind of object is made of: one table of fields per kind, from which derive the edit form and its errors, import
 * and export (CSV, JSON, API), the difference between versions, suggestions, the search document, filters, what each kind of
 * visitor may see, retention, OpenAPI and the manual. The engine is written once; a kind adds a table and a check.
 *
 * A record's content is one document: a JSON object kept as text in object.doc, whose members are the table's fields:
 *   F_LINE, F_TEXT, F_MARKDOWN, F_URL, F_MAIL, F_PHONE, F_CHOICE, F_TERRITORY, F_PARTIAL_DATE, F_HOURS, F_MOMENT, F_ZONE, F_RRULE -> string
 *   F_CHOICES, F_TAGS, F_LANGS, F_THEMES, F_TERRITORIES, F_MOMENTS                    -> array of strings
 *   F_INT, F_BOOL                                                                 -> number, true
 *   F_GROUP (places, contacts, links, services, network...)                        -> array of objects with the group's fields
 * Translations of TRANSLATED fields lie under "translations": {"en": {"summary": "…"}}, and those of a group's fields in each
 * record, which so takes them along wherever it goes: {"file": "…", "alt": "…", "translations": {"en": {"alt": "…"}}}. Absent
 * members are empty; empty values are never stored. Documents are canonical (fields in table order), so equal content is equal text.
 *
 * Private by type: a document straight from the database is a struct doc, which nothing prints; doc_view() gives a
 * struct view, the only thing writers take, in which everything that this visitor may not see is gone and places are blurred.
 */
#ifndef ENTITY_ENTITY_H
#define ENTITY_ENTITY_H

#include "../base/err.h"
#include "../base/json.h"
#include "../base/str.h"

struct act;
struct db;
struct object;
struct out;
struct req;
struct who;
struct form;
struct i18n;

enum field_type {
	F_LINE,
	F_TEXT,         /* several lines, plain */
	F_MARKDOWN,
	F_CHOICE,       /* one slug of a vocabulary */
	F_CHOICES,      /* several */
	F_TAGS,         /* free words, comma separated in CSV and forms */
	F_LANGS,        /* ISO 639 codes */
	F_THEMES,       /* slugs of the site's theme tree */
	F_TERRITORY,    /* a code of the atlas */
	F_TERRITORIES,
	F_PARTIAL_DATE, /* "2019", "2019-03", "2019-03-02" */
	F_INT,
	F_DECIMAL,
	F_BOOL,
	F_URL,
	F_MAIL,
	F_PHONE,
	F_HOURS,        /* {"Mo": "09:00-12:00,14:00-18:00", …} as JSON object of day to ranges */
	F_OBJECT,       /* slug of another object (of .target kind), or free text when .free */
	F_MOMENT,       /* a local time, as exact as it is known: "2026", "2026-12", "2026-12-18", "2026-12-18T18:30" */
	F_MOMENTS,
	F_ZONE,         /* name of an IANA time zone */
	F_RRULE,        /* a recurrence of RFC 5545, without "RRULE:" */
	F_FILE,         /* name that core/media.c gave to a file ("HASH-1200x800.webp"), or the path of one of our assets */
	F_GROUP,        /* repeated records of .fields */
	F_TYPES
};

enum field_flag {
	REQUIRED = 1,
	TRANSLATED = 2,   /* may have a version in each language */
	PROTECTED = 4,    /* a name: shown as it is in every language, never translated */
	MEMBERS = 8,      /* shown to signed-in people only */
	PRIVATE = 16,     /* shown to those who may edit the object only; never exported, fed, searched, federated */
	SEARCH_A = 32,    /* in the search document, weight A (title), B, C */
	SEARCH_B = 64,
	SEARCH_C = 128,
	FACET = 256,      /* filterable: its values become object_term rows under the field's name */
	IN_LIST = 512,    /* a column of lists and CSV's first columns */
	BY_ITEM = 1024,   /* a group whose items each carry "visibility": public, members, hidden */
	COMPUTED = 2048,  /* derived on save by the kind's check function, never typed or imported */
	DUP_KEY = 4096,   /* watched for duplicates */
	ESSENTIAL = 8192, /* asked for first in forms, with the required ones; the rest is folded by fieldset until it is needed */
	RARE = 16384,     /* of a record: folded in its row until it is needed */
	TOWN = 32768,     /* of a record: a line in which a town may be chosen; its name, postal code and country are filled in */
	BY_CONSENT = 65536 /* a group whose items each carry a computed "state": shown when "accepted" or "named", asked ones are not */
};

/* One choice of a vocabulary: its slug is stored, its label shown; icon is a name of the sprite. */
struct choice {
	const char *slug;
	const char *label; /* N_() */
	const char *icon;
	const char *aliases; /* other spellings met in imports, comma separated, folded: "asso,association loi 1901" */
};

struct vocabulary {
	const char *name;
	const struct choice *choices;
	size_t n;
	bool editable; /* the administrator may add choices (kept in settings) */
};

struct field {
	const char *name;
	enum field_type type;
	const char *label; /* N_() */
	unsigned flags;
	size_t max;                          /* characters of text, items of lists; 0 = the type's own */
	const struct vocabulary *vocabulary; /* F_CHOICE, F_CHOICES */
	const struct field *fields;          /* F_GROUP */
	size_t n_fields;
	const char *target;                  /* F_OBJECT: the kind */
	bool free;                           /* F_OBJECT: text is accepted too */
	bool picture;                        /* F_FILE: pictures only */
	const char *help;                    /* N_(): one sentence under the label */
	const char *aliases;                 /* column names met in files, folded, comma separated: "nom,name,nombre,nome,الاسم" */
	const char *schema;                  /* schema.org property for JSON-LD */
	const char *purpose;                 /* N_(): why personal data is kept; required with PRIVATE, MEMBERS, F_MAIL, F_PHONE */
	int keep_days;                       /* end date of personal data after the object is archived or removed; 0 = with the object */
	const char *fieldset;                /* N_(): forms group fields under it */
	const char *preset;                  /* F_CHOICE: what no choice means; forms show it as chosen */
};

/* A document from the database: everything, for rules only. Not printable. */
struct doc {
	const struct json *j;
};

/* What one visitor may see of a document: the only input of pages, exports, feeds and search. */
struct view {
	const struct json *j;
};

/* How much of an object somebody may see. */
enum sight {
	SEE_NOTHING,
	SEE_PUBLIC,  /* everyone: exports, feeds, search, federation always use this */
	SEE_MEMBERS, /* signed-in people */
	SEE_ALL      /* those who may edit it */
};

/* One save of an object, for the kind's own part in it. */
struct entity_save {
	const struct json *old;      /* the document before; NULL for a new object */
	int old_status;              /* enum status */
	struct str old_terms, terms; /* ids of what it was and is listed under, separated by spaces; empty unless published */
	const struct act *act;       /* NULL when only derived tables are made again */
	int64_t now;
};

struct entity {
	const char *kind;     /* "actor": singular, in the database */
	const char *plural;   /* "actors": in the API, import and export */
	const char *room;     /* "/directory": pages are at {room} and {room}/:slug */
	const char *label;    /* N_("Actor") */
	const char *label_plural;
	const struct field *fields;
	size_t n_fields;
	const char *title;    /* the field that is the title: "name", "title" */
	const char *summary;  /* the field that is the summary */
	const char *schema;   /* schema.org type: "Organization" */
	const char *icon;
	/* What crosses fields; fills COMPUTED ones (with tree_set()). `rq` is NULL in imports. Adds errors with form_error(). */
	enum err (*check)(struct form *f, struct req *rq, struct json *doc);
	/* The rest is for kinds with tables, forms or lists of their own; each may be NULL. */
	bool timed; /* its objects happen: from and to are about occurrences (tables occurrence_*), not about publication */
	/* In the transaction of each save: the last word on ob->doc before it is written; then, with the row written, tables. */
	enum err (*prepare)(struct db *db, struct mem *m, struct object *ob, const struct entity_save *s);
	enum err (*derive)(struct db *db, struct mem *m, const struct object *ob, const struct entity_save *s);
	/* What it is listed under beside its facets, from the public view: pairs of facet and value, at most `max`. */
	size_t (*terms)(struct mem *m, const struct json *view, int64_t now, struct str (*out)[2], size_t max);
	/* A posted form whose inputs are not the fields one by one: puts them into `typed` under the fields' names. */
	void (*posted)(struct req *rq, struct form *f, struct json *typed);
	/* Draws the form in its own order; NULL: form_fields(). */
	void (*draw)(struct out *o, const struct form *f);
};

/* The field of that name, or NULL. */
const struct field *entity_field(const struct entity *e, struct str name);
const struct field *field_in(const struct field *fields, size_t n, struct str name);
/* Walks the kinds of all modules: for (e = entity_next(NULL); e; e = entity_next(e)). */
const struct entity *entity_next(const struct entity *after);
/* A kind of no module, for tests; before threads. */
void entity_add(const struct entity *e);
/* The name under which a FACET field is filtered and counted: "theme" for themes, "territory", "service" for services. */
struct str facet_name(const struct field *f);
/* The field behind a facet given as "service" or "services"; NULL if the kind has none such. */
const struct field *facet_field(const struct entity *e, struct str facet);
/* By "actor" or "actors"; NULL if unknown. Over all modules. */
const struct entity *entity_find(struct str kind);
/* The choices in order, the administrator's own last: for (i = 0; (c = vocabulary_at(v, i)) != NULL; i++). */
const struct choice *vocabulary_at(const struct vocabulary *v, size_t i);
const struct choice *vocabulary_find(const struct vocabulary *v, struct str slug);
/* By slug, label in any language or alias, folded: for imports. */
const struct choice *vocabulary_match(const struct vocabulary *v, struct str words, struct mem *m);

/* Words as they are compared: folded, all but letters and digits as single spaces. */
struct str words_norm(struct mem *m, struct str s);

/* Choices that the administrator added to an editable vocabulary. */
struct vocabulary_extra {
	struct str vocabulary;
	const struct choice *choices;
	size_t n;
	const struct vocabulary_extra *next;
};
/* Puts them in force; they live for ever (core/setting.c). */
void entity_set_extra(const struct vocabulary_extra *extra);

/* What the engine asks of the world above it (core/world.c puts it in force at start). Members may be NULL in tests. */
struct entity_world {
	struct str (*theme_match)(struct mem *m, struct str words);                     /* slug, or STR_NONE */
	struct str (*theme_name)(struct mem *m, struct str slug, const char *lang);
	/* The i-th theme of the tree, depth first: slug, name and depth, 0 at the top; false past the last. */
	bool (*theme_at)(size_t i, const char *lang, struct str *slug, struct str *name, int *depth);
	struct str (*territory_match)(struct mem *m, struct str words, bool *several);  /* code, or STR_NONE */
	struct str (*territory_name)(struct mem *m, struct str code, const char *lang); /* "Grenoble (38)" */
	/* As place_blur(): exact point in, what may be shown out; false if nothing may. */
	bool (*blur)(struct str precision, struct str territory, double *lat, double *lon);
	/* The département, or first-level division abroad, that holds a smaller territory; itself when it is no smaller. */
	struct str (*territory_coarse)(struct mem *m, struct str code);
	/* The territory of a place written as town, postal code and country; STR_NONE if none or several fit. */
	struct str (*place_territory)(struct mem *m, struct str town, struct str postal_code, struct str country);
	/* A town as the search of territories writes it, "Grenoble (38185)": what its place is written as; false for other words.
	 * The postal code is NULL p when it has several, the country when it is the site's. */
	bool (*town)(struct mem *m, struct str words, struct str *name, struct str *postal_code, struct str *country);
	/* Keeps an uploaded file; its name, or E_INVALID and why. */
	enum err (*store_file)(struct req *rq, const char *input, struct str *name, struct str *reason);
};
const struct entity_world *entity_world(void);
void entity_set_world(const struct entity_world *w);

/* ---- documents ---- */

/* Parses what the database holds; E_BUG if it is not a document. */
MUST_USE enum err doc_parse(struct mem *m, struct str text, struct doc *out);
/* Canonical text of a document for the database. */
struct str doc_text(struct mem *m, const struct entity *e, const struct json *doc);
/* Text of a document that is canonical already. */
struct str doc_text_of(struct mem *m, const struct json *canonical);
/* The same as a tree: members in table order, nothing empty, nothing that the table does not name. */
struct json doc_canonical(struct mem *m, const struct entity *e, const struct json *doc);
/* Removes what `sight` may not see and blurs places; the result shares nothing that was hidden. */
struct view doc_view(struct mem *m, const struct entity *e, struct doc d, enum sight sight);
/* A text field in a language: the translation when there is one, else the original; `*lang` (may be NULL) tells which
 * language the text is in, so that a fallback is shown as such. PROTECTED fields are always the original. */
/* Puts back into `edited`, which somebody made from the view `shown` of `whole`, what the view hid: private fields, items that
 * are not public, exact points that were not moved. */
struct json doc_unview(struct mem *m, const struct entity *e, const struct json *whole, const struct json *shown,
		       const struct json *edited, enum sight sight);
struct str view_text(struct view v, const struct entity *e, const char *field, const char *want, struct str original_lang,
		     struct str *lang);
/* The same for a text of a group's record. */
struct str item_text(const struct json *item, const char *field, const char *want, struct str original_lang, struct str *lang);
/* True if records of the group carry translations. */
bool group_is_translated(const struct field *group);
/* The record that says the same in the original's language; NULL if none does. */
const struct json *item_twin(const struct field *group, const struct json *items, const struct json *item);
/* The records `fresh`, those without translations with the ones that their twins in `had` have. */
struct json items_keep_texts(struct mem *m, const struct field *group, const struct json *fresh, const struct json *had);

/* One difference between two documents, field by field (groups and lists as a whole, translations as "summary@en"). */
struct change {
	const struct field *field;
	struct str key;          /* "summary", "summary@en", "places" */
	const struct json *before, *after; /* of the kind JSON_IS_NONE when absent */
};
size_t doc_diff(struct mem *m, const struct entity *e, const struct json *a, const struct json *b, struct change **out);
/* The value behind a change's key: "summary", "summary@en"; of the kind JSON_IS_NONE when absent. */
const struct json *doc_value(const struct json *doc, struct str key);
/* True when a place of it may be known by its département only: its territory is then shown as coarsely. */
bool doc_is_coarse(const struct entity *e, const struct json *doc);
/* The document without what is kept for a time only: fields with a purpose, private ones, ways to reach people. */
struct json doc_without_personal(struct mem *m, const struct entity *e, const struct json *doc);
/* Gives an item of a group that was typed again, and did not change, what is COMPUTED beside (a host's consent, say). */
void doc_keep_computed(struct mem *m, const struct field *fd, struct json *item, const struct json *base);
/* A copy of `doc` with one change applied (after's value set or removed). */
struct json *doc_apply(struct mem *m, const struct entity *e, const struct json *doc, struct str key, const struct json *value);

/* ---- forms and imports: text in, document out ---- */

struct field_error {
	struct str field;  /* "name", "places.2.town" */
	struct str reason; /* in the person's language */
};

/* What was typed (kept as typed, to be shown again) and what it means. */
struct form {
	const struct entity *entity;
	struct mem *mem;
	const char *lang;              /* of messages */
	struct str original_lang;      /* of the texts */
	struct json *doc;              /* the document so far */
	struct field_error *errors;
	size_t n_errors;
	const struct json *typed;      /* raw values in the document's shape, to fill the form again */
	const struct i18n *i18n;       /* of messages */
	enum sight sight;              /* whose form: fields that this sight may not see are not drawn; SEE_ALL by default */
	bool lenient;
	bool posted;                   /* by a person in a form, who can be asked for a picture's description */
	const char *add_row;           /* the group whose "add a row" button was pressed, or NULL: show the form again */
	const char *duplicates;        /* address of the duplicate watch, or NULL */
	struct str translate;          /* the language of a page of translations; NULL p: the whole form */
};

/* True if the button pressed only asks for another row: the handler shows the form again, with nothing lost. */
bool form_wants_row(const struct form *f);

/* Reads a posted form by the entity's table: parses, checks each field and then e->check. E_INVALID with f->errors when something is
 * wrong. Fields absent from the form keep the value in `base` (may be NULL). Form names: "name", "translations.en.summary",
 * "places.0.town". */
MUST_USE enum err form_read(struct req *rq, const struct entity *e, const struct json *base, struct form *out);
/* The same from a JSON object (API, import rows after mapping): unknown members are errors unless `lenient`. */
MUST_USE enum err form_read_json(struct req *rq_or_null, struct mem *m, const struct entity *e, const struct json *in,
				 const struct json *base, const char *lang, bool lenient, struct form *out);
/* A form filled with a document, for editing. */
void form_fill(struct mem *m, const struct entity *e, const struct json *doc, const char *lang, struct form *out);
void form_error(struct form *f, struct str field, const char *sentence);
/* The same with a piece set in: form_error_with(f, at, N_("At most {n}."), "n", n). */
void form_error_with(struct form *f, struct str field, const char *sentence, const char *name, struct str value);
const struct field_error *form_error_of(const struct form *f, struct str field);
/* The language that a form or its address asks to translate into ("translate": a code or a name); NULL p if none, or `original`. */
struct str form_translate_wanted(struct mem *m, struct str words, struct str original);
/* Renders the whole form's fieldsets (error summary first): {{ render form_fields(o, f) }}; on a page of translations each text
 * beside its translation. */
struct out;
void form_fields(struct out *o, const struct form *f);
/* The error summary alone, for forms that draw only some fields. */
void form_summary(struct out *o, const struct form *f);
/* Renders only some fields, by name, NULL-terminated list. */
void form_some_fields(struct out *o, const struct form *f, const char *const *names);

#endif
