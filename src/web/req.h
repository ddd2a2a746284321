/*
 * One request as a handler sees it, and the tables that declare handlers. A handler says only what is particular to it:
 * by the time it runs, limits, method, session, capability, CSRF token, language and transaction are settled
 * (web/dispatch.c), and when it returns, an error becomes a page in the visitor's language and the transaction commits
 * only on OK. GET runs in a read-only transaction. A handler frees nothing: all it makes lives in rq->mem.
 *
 * static enum err practice_show(struct req *rq)
 * {
 *         struct practice_row p;
 *
 *         TRY(practice_by_slug(rq->db, req_param(rq, "slug"), rq->mem, &p));
 *         return page(rq, p.title, practice_page, &p);
 * }
 */
#ifndef WEB_REQ_H
#define WEB_REQ_H

#include "../base/buf.h"
#include "../base/err.h"
#include "../base/str.h"

struct db;
struct i18n;
struct out;
struct site;
struct http_request;
struct http_response;

/* What a route asks of the visitor. Zero is no capability, so that a forgotten one is refused. */
enum cap {
	CAP_MISSING = 0,
	ANYONE,
	SIGNED_IN,
	CONTRIBUTE, /* contributor and above */
	EDIT,       /* editor of actors and above: edits what they own at once */
	MODERATE,   /* moderator (within territories or themes; checked on the object) and administrator */
	ADMIN,      /* administrator, with a fresh second factor */
	TOKEN_API   /* API routes: a bearer token where the method writes, anyone where it reads */
};

enum role { ROLE_VISITOR = 0, ROLE_CONTRIBUTOR, ROLE_EDITOR, ROLE_MODERATOR, ROLE_ADMIN };

/* Who is asking. A visitor has account 0. Holds no more about a person than what permissions need. */
struct who {
	int64_t account;
	enum role role;
	struct str name;             /* as the person chose it; "" for a visitor */
	const struct str *territories; /* a moderator's codes; none and no theme = everywhere */
	size_t n_territories;
	const struct str *themes;
	size_t n_themes;
	bool by_token;               /* API token rather than session */
	bool second_factor;          /* gave a one-time code in this session; MODERATE and ADMIN ask for it */
	bool code_waits;             /* moderates or administers, and has not given it: until then `role` is contributor */
	struct str session;          /* hash of the session in use, to mark it in the list of sessions */
};

enum method { GET, POST, PATCH, DELETE, PUT, OPTIONS };

struct req {
	struct mem *mem;
	struct db *db;             /* a transaction is open, unless the route is LATE or NO_DB */
	struct who who;
	enum method method;
	const char *lang;          /* "fr", "en", "es", "pt", "ar" */
	const struct i18n *i18n;   /* catalogue of `lang` */
	bool rtl;
	struct str path;           /* decoded, without the language: "/directory/tous-migrants" */
	struct str suffix;         /* of API and feed addresses: ".geojson"; empty if none */
	int64_t now;               /* the instant the request began, ms UTC; use it, not the clock */
	const struct site *site;   /* settings as they were when the request began */
	const struct route *route;
	const struct http_request *http;
	struct http_response *res;
	struct web_private *priv;  /* dispatch's own */
};

typedef enum err (*handler)(struct req *rq);

enum route_flag {
	ROUTE_CACHE = 1,    /* anonymous answer may be kept and served from memory until public data changes */
	ROUTE_LATE = 2,     /* no transaction is opened: the handler thinks first, then calls req_begin() */
	ROUTE_NO_DB = 4,    /* needs no database at all */
	ROUTE_NO_LANG = 8,  /* the address has no language prefix: /api, /health, /embed assets, signed links */
	ROUTE_EMBED = 16,   /* may be framed by other sites */
	ROUTE_UPLOAD = 32,  /* multipart with files, up to the upload limit */
	ROUTE_NO_CSRF = 64, /* signed links' one-click POST (RFC 8058) and API tokens only */
	ROUTE_SUFFIX = 128, /* the same path with .json, .csv … is this route too; rq->suffix tells */
	ROUTE_PROPOSE = 256 /* writes from people without account: counted by the proposal rate limit */
};

struct route {
	enum method method;
	const char *path; /* "/agenda/:slug"; ":name" matches one segment, "*name" as last the rest */
	enum cap cap;
	handler fn;
	const char *doc; /* N_("One event") */
	unsigned flags;
};

struct entity;   /* entity/entity.h */
struct job_kind; /* job/job.h */

/* A feature: what src/modules.c lists. Missing members are empty. */
struct module {
	const char *name;
	const struct route *routes;
	size_t n_routes;
	const struct entity *const *entities;
	size_t n_entities;
	const struct job_kind *jobs;
	size_t n_jobs;
	enum err (*on_start)(struct db *db, struct mem *m); /* once, after migration, before serving */
};
extern const struct module *const modules[];
extern const size_t modules_n;

/* ---- What came in ---- */

/* A path parameter, decoded; asks only for names in the route's path (else it aborts in tests). */
struct str req_param(const struct req *rq, const char *name);
/* A query parameter, cleaned (UTF-8, NFC), or STR_NONE. */
struct str req_query(const struct req *rq, const char *name);
/* The `i`-th value of a repeated query parameter (filters: theme=a&theme=b), or STR_NONE. */
struct str req_query_at(const struct req *rq, const char *name, size_t i);
/* An integer query parameter within bounds; `otherwise` when absent; E_INVALID with a sentence when wrong. */
MUST_USE enum err req_query_int(struct req *rq, const char *name, int64_t otherwise, int64_t min, int64_t max, int64_t *out);
/* A field of the posted form (urlencoded or multipart), cleaned; STR_NONE when absent. Text is NFC, line ends "\n". */
struct str req_form(const struct req *rq, const char *name);
struct str req_form_at(const struct req *rq, const char *name, size_t i);
/* Walks all fields in order: while (req_form_next(rq, &i, &name, &value)). */
bool req_form_next(const struct req *rq, size_t *i, struct str *name, struct str *value);
/* An uploaded file. */
struct upload {
	struct str filename; /* as sent, cleaned, without folders */
	struct str mime;     /* as sent: not to be believed */
	int fd;              /* open for reading at 0, owned by the request */
	size_t size;
};
bool req_upload(struct req *rq, const char *name, struct upload *out);
/* The body as it came (JSON of the API), bounded by the route. */
struct str req_body(const struct req *rq);
struct str req_header(const struct req *rq, const char *name);
/* The query string rebuilt with one parameter set (or removed when value.p is NULL): for filters, paging, language. */
struct url req_with(const struct req *rq, const char *name, struct str value);

/* ---- Addresses ---- */

/* An address of ours in the visitor's language, checked against the routes at start in tests. Parameters follow in the
 * order of the path: link_to(rq, "/territories/:code", code). Each vararg is a struct str. */
struct url link_to_n(const struct req *rq, const char *route, size_t n, const struct str *params);
#define link_to(rq, route, ...) \
	link_to_n((rq), (route), COUNT(((struct str[]){__VA_ARGS__})), (struct str[]){__VA_ARGS__})
#define link_plain(rq, route) link_to_n((rq), (route), 0, NULL)
/* The same page in another language. */
struct url link_lang(const struct req *rq, const char *lang);
/* With scheme and host, for mails, feeds and exports. */
struct url link_absolute(const struct req *rq, struct url u);
/* Adds ?name=value (or &name=value). */
struct url link_add(struct mem *m, struct url u, const char *name, struct str value);

/* ---- What goes out ---- */

/* What the layout around a page shows besides its body. All optional; set before page(). */
struct page_info {
	struct str title;
	struct str description;     /* meta description */
	const char *nav;            /* which entry of the main menu is current: "directory" */
	const char *body_class;
	struct url canonical;
	struct url feed_atom, feed_rss, json; /* <link rel="alternate"> */
	struct str jsonld;          /* a JSON-LD document, made by the JSON writer */
	struct str image;           /* absolute address for Open Graph */
	bool no_index;
	bool bare;                  /* embeds: no header and footer */
	bool wide;                  /* map pages */
	const char *script;         /* an additional script asset: "map.js" */
	bool oembed;                /* /oembed knows this page: tell who looks */
	const char *style;          /* an additional style sheet: "map.css" */
	struct str refresh_note;
};
struct page_info *req_page(struct req *rq);

/* Renders a template function `void fn(struct out *o, const T *row)` inside the layout and answers 200 (or req_status).
 * fn's own type is checked: it is called with (row) in an operand that is never evaluated. */
enum err page_render(struct req *rq, struct str title, void (*fn)(struct out *, const void *), const void *row);
#define page(rq, title_, fn, row)                                                              \
	((void)sizeof(((fn)((struct out *)NULL, (row)), 0)),                                    \
	 page_render((rq), (title_), (void (*)(struct out *, const void *))(void (*)(void))(fn), (row)))

/* The request behind a template's writer: req_of(o)->lang and so on; link_to(req_of(o), …). */
struct req *req_of(const struct out *o);

/* Status and one header of the answer; the last call counts. */
void req_status(struct req *rq, int status);
void req_set_header(struct req *rq, const char *name, struct str value);
/* 303 See Other after a POST, 302 otherwise. */
enum err redirect(struct req *rq, struct url to);
/* 301: an address that moved for good (merged actors, old slugs). */
enum err redirect_permanent(struct req *rq, struct url to);
/* Any other body. `mime` is a constant ("application/json"). The bytes must live in rq->mem or be static. */
enum err reply(struct req *rq, const char *mime, struct str body);
/* A file with Range support; `fd` is taken over. */
enum err reply_file(struct req *rq, const char *mime, int fd, size_t size, struct str etag);
/* A long answer produced piece by piece with back-pressure: fn runs on the worker, in its own read transaction, and calls
 * stream_put(); when the client goes away stream_put() returns false and fn stops. */
struct stream;
bool stream_put(struct stream *s, struct str bytes);
enum err reply_stream(struct req *rq, const char *mime, enum err (*fn)(struct req *rq, struct stream *s, void *arg), void *arg);
/* Content-Disposition: attachment with a safe file name (RFC 6266). */
void reply_as_download(struct req *rq, struct str filename);

/* A sentence for the visitor beside an error: return problem(rq, E_CONFLICT, N_("This was changed meanwhile.")). Returns e. */
enum err problem(struct req *rq, enum err e, const char *sentence);
/* One field error, collected for forms' pages and for the errors list of RFC 9457 answers. */
void problem_field(struct req *rq, const char *field, struct str reason);
/* A value of the query that cannot be: return problem_query(rq, "bbox", N_("A box is …")). E_INVALID. */
enum err problem_query(struct req *rq, const char *name, const char *sentence);

/* A notice shown once on the next page ("Thank you: …"), carried in a signed cookie; kind: "ok", "warning". */
void req_notice(struct req *rq, const char *kind, struct str sentence);
/* A cookie that lives `seconds` (0 = session), HttpOnly, SameSite=Lax, Secure under https. */
void req_cookie(struct req *rq, const char *name, struct str value, int64_t seconds);
/* The hidden input that every form with method=post renders: {{ render csrf_field(o) }}. */
void csrf_field(struct out *o);
/* Opens the transaction of a LATE route. */
MUST_USE enum err req_begin(struct req *rq, bool write);
/* Says that this write changes what the public sees: caches go stale when it commits. */
void req_public_change(struct req *rq);
/* True when this visitor exceeds `per_hour` of a named act, counted in memory by a keyed daily hash of the address. */
bool req_too_often(struct req *rq, const char *act, unsigned per_hour);

/* ---- Words ---- */

/* The catalogue of one of the five languages; NULL for others (English is then used). lang_open() opens them, once, at start;
 * web_open() calls it, commands that open no web call it themselves. */
const struct i18n *lang_catalogue(const char *code);
MUST_USE enum err lang_open(void);
/* A translated sentence, with {name} pieces filled by T_fmt. */
const char *T(const struct req *rq, const char *msgid);
struct str T_fmt(const struct req *rq, const char *msgid, size_t n, const struct str pieces[][2]);
/* T_FMT(rq, N_("By {name}"), {S("name"), who}): the same, counting by itself. */
#define T_FMT(rq, msgid, ...) \
	T_fmt((rq), (msgid), COUNT(((const struct str[][2]){__VA_ARGS__})), (const struct str[][2]){__VA_ARGS__})
/* Dates and numbers in words of the visitor's language and the site's time zone (web/words.c). */
struct str words_date(const struct req *rq, int64_t instant);          /* "lundi 2 mars 2026" */
struct str words_datetime(const struct req *rq, int64_t instant);      /* "lundi 2 mars 2026 à 18:30" */
/* Of a local time counted as if it were UTC, whatever its zone: "vendredi 18 décembre 2026", "ven.", "18:30". */
struct str words_day(const struct req *rq, int64_t local);
struct str words_weekday_short(const struct req *rq, int64_t local);
struct str words_time(const struct req *rq, int64_t local);
struct str words_date_range(const struct req *rq, int64_t from, int64_t to); /* "2–5 mars 2026" */
struct str words_ago(const struct req *rq, int64_t instant);           /* "il y a 3 jours" */
struct str words_partial_date(const struct req *rq, struct str iso);   /* "2019" | "mars 2019" | "2 mars 2019" */
struct str words_weekday(const struct req *rq, int weekday);           /* 1 is "lundi" */
struct str words_day_of_year(const struct req *rq, int month, int day); /* "18 décembre" */
struct str words_number(const struct req *rq, int64_t n);
struct str words_list(const struct req *rq, const struct str *items, size_t n);
struct str words_language(const struct req *rq, struct str code);      /* "fr" -> "français" in the visitor's language */
struct str words_size(const struct req *rq, int64_t bytes);
/* Gives back what the thread keeps for the above, when it ends. */
void words_close(void);

#endif
