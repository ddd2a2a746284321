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
#define LIMIT_CSV_FIELD MIB(1)          /* one cell */
#define LIMIT_CSV_ROW MIB(4)            /* one row */
#define LIMIT_CSV_COLUMNS 1000          /* cells of one row */
#define LIMIT_URL 2048                  /* one address, as browsers and proxies agree on */
#define LIMIT_QUERY_PAIRS 200           /* names and values after the ? */
#define LIMIT_SLUG 80                   /* the readable part of an address */

/* db */
#define LIMIT_DB_ROWS 10000             /* rows of one :many statement, as a last resort behind its LIMIT */
#define LIMIT_DB_SQL KIB(64)            /* the text of one composed statement */

#endif
