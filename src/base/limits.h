/*
 * Every bound on what comes from outside, in one place, with what it protects. A bound is here or it does not exist:
 * nothing from outside is read, kept or repeated without one. Sizes in bytes unless the name says otherwise.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB(n) ((size_t)(n)*1024)
#define MIB(n) ((size_t)(n)*1024 * 1024)

/* base */
#define LIMIT_LOG_LINE 2000             /* one line of the log */
#define LIMIT_FMT KIB(64)               /* text made by str_fmt() */
#define LIMIT_JSON_DEPTH 64             /* arrays and objects inside each other */
#define LIMIT_JSON_TOKEN MIB(4)         /* one string or number */
#define LIMIT_JSON_TEXT MIB(32)         /* a text read whole into a tree; larger ones are streamed */
#define LIMIT_JSON_NODES 1000000        /* values of one tree: some 100 MB at the worst */
#define LIMIT_CSV_FIELD MIB(1)          /* one cell */
#define LIMIT_CSV_ROW MIB(4)            /* one row */
#define LIMIT_CSV_COLUMNS 1000          /* cells of one row */
#define LIMIT_URL 2048                  /* one address, as browsers and proxies agree on */
#define LIMIT_QUERY_PAIRS 200           /* names and values after the ? */
#define LIMIT_SLUG 80                   /* the readable part of an address */

/* http */
#define LIMIT_HTTP_CONNECTION KIB(6)    /* memory of a connection: what 5,000 idle ones keep, each */
#define LIMIT_HTTP_HEAD KIB(4)          /* the head of a request: with that of the answer it fits into the former */
#define LIMIT_HTTP_TARGET 2500          /* path and query as sent */
#define LIMIT_HTTP_COOKIES 64           /* cookies looked at in one request */
#define LIMIT_HTTP_FIELDS 2000          /* fields and files of one form */
#define LIMIT_HTTP_FIELD_NAME 200       /* the name of a form field */
#define LIMIT_HTTP_FILE_NAME 1000       /* the name of an uploaded file, as sent */
#define LIMIT_HTTP_FORM_TEXT MIB(1)     /* text of all fields of one form */
#define LIMIT_HTTP_PART_HEAD KIB(4)     /* the head of one part of a multipart form */
#define LIMIT_HTTP_DRAIN MIB(8)         /* read and dropped beyond a body's limit, so that the refusal can be read */
#define LIMIT_HTTP_STREAM KIB(256)      /* produced and not yet sent of one long answer */
#define LIMIT_HTTP_QUEUE 1024           /* requests waiting for a worker */

/* cal */
#define LIMIT_RRULE 1000                /* the text of one rule of recurrence */
#define LIMIT_RRULES 10                 /* rules of one series */
#define LIMIT_OCCURRENCES 10000         /* occurrences of one series given at once */
#define LIMIT_RRULE_WORK 400000         /* days and times looked at for one series: some milliseconds */
#define LIMIT_ICAL MIB(32)              /* one calendar file */
#define LIMIT_ICAL_EVENTS 20000         /* events of one file */
#define LIMIT_ICAL_EXCEPTIONS 1000      /* changed occurrences of one series */
#define LIMIT_ICAL_DATES 5000           /* dates added to or taken out of one series */
#define LIMIT_ICAL_DEPTH 10             /* components inside each other */
#define LIMIT_ICAL_LINE KIB(256)        /* one line, unfolded */
#define LIMIT_ICAL_WORK 20000000        /* steps for the zones and excluding rules of one file: a second */
#define LIMIT_ICAL_PROBLEMS 200         /* problems told of one file */

/* web */
#define LIMIT_WEB_PAGE MIB(4)           /* one page */
#define LIMIT_WEB_FORM MIB(2)           /* a posted form without files, an API body */
#define LIMIT_WEB_UPLOAD MIB(200)       /* a posted form with files; spooled to disk */
#define LIMIT_WEB_TRIES 3               /* how often a handler runs when the database was busy */
#define LIMIT_WEB_LOCK_MS 4000          /* how long a request waits for the database's lock, all its tries together */
#define LIMIT_WEB_QUERY_MS 10000        /* how long the statements of one request may take */

/* db */
#define LIMIT_DB_ROWS 10000             /* rows of one :many statement, as a last resort behind its LIMIT */
#define LIMIT_DB_SQL KIB(64)            /* the text of one composed statement */

/* entity */
#define LIMIT_TAG 60                    /* characters of one free keyword */
#define LIMIT_DOC MIB(1)                /* one document as text */
#define LIMIT_FORM_ERRORS 200           /* errors told at once for one form */
#define LIMIT_GROUP_INDEX 200           /* rows of a repeated group that a form may post */
#define LIMIT_TRANSLATIONS 20           /* languages of one document */

/* core */
#define LIMIT_LIST_PAGE 500             /* rows of one page of a list or of the API */
#define LIMIT_LIST_COUNT 20000          /* matches of a combined filter that are counted one by one */
#define LIMIT_TERMS 400                 /* what one object is listed under */
#define LIMIT_PLACES 50                 /* places of one object */
#define LIMIT_LINKS 200                 /* links of one object */
#define LIMIT_MEDIA MIB(25)             /* one attached file */
#define LIMIT_SEARCH_TOKENS 6000        /* distinct words and stems of one object that are indexed */
#define LIMIT_SEARCH_QUERY 300          /* bytes of a search that are looked at */
#define LIMIT_ATLAS_QUERY 200           /* a place as typed: what follows is not looked at */
#define LIMIT_SVGMAP KIB(512)           /* one map drawn as SVG */
#define LIMIT_SVGMAP_GROUND KIB(96)     /* what lies under the marks of one, to be kept */
#define LIMIT_SVGMAP_MARKS 2000         /* marks given to one such map, before merging */
#define LIMIT_SVGMAP_AREAS 1000         /* areas with a figure of one such map */
#define LIMIT_SVGMAP_LABELS 60          /* names written on one such map */

/* exchange */
#define LIMIT_API_PAGE MIB(64)          /* one page of the API */
#define LIMIT_IMPORT_LINKS 50000        /* objects of one import whose links are looked at again at its end */
#define LIMIT_EXPORT_ITEM MIB(8)        /* one object on its way out */

/* desk */
#define LIMIT_DIFF_WORDS 1000           /* words of a text compared one by one: a table of as many squared */
#define LIMIT_DESK_SCAN 1000            /* waiting proposals that are counted one by one */
#define LIMIT_NOTE 4000                 /* a message to moderators or to an actor */

/* html */
#define LIMIT_MARKDOWN KIB(128)          /* one text in Markdown */
#define LIMIT_HTML_IN MIB(1)            /* one text of foreign HTML, to be sanitised */

#endif
