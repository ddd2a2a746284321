/*
 * What can go wrong, as a closed list: a value exists only because some caller acts on it. Detail is logged where it
 * happens (fail()), never carried. web/problem.c maps each value to a status and a sentence.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base.h"

enum err {
	OK = 0,
	E_NOTFOUND, /* there is no such thing, or this person may not know that there is */
	E_DENIED,   /* it exists and this person may not */
	E_LOGIN,    /* sign in first */
	E_INVALID,  /* what came in is wrong; the form or report says where */
	E_CONFLICT, /* someone else changed it meanwhile, or it exists already */
	E_LIMIT,    /* too much, too often or too large */
	E_BUSY,     /* the database or a queue cannot now; trying again is right */
	E_REMOTE,   /* another server failed us */
	E_IO,       /* a file or the disk failed */
	E_DB,       /* the database refused */
	E_BUG       /* our own mistake */
};

/* Returns from the calling function on error. For places that hold nothing but arena memory. */
#define TRY(x)                          \
	do {                            \
		enum err try_e_ = (x);  \
		if (try_e_ != OK) {     \
			return try_e_;  \
		}                       \
	} while (0)

/* The name of an error for logs and tests ("E_NOTFOUND"); static. */
const char *err_name(enum err e);

/* Logs the detail at the level that fits `e` and returns `e`: return fail(E_IO, "open %s: %s", path, why). */
enum err fail(enum err e, const char *fmt, ...) PRINTF(2, 3);
/* The same at the level of errors whatever `e` is: for what the operator must read, at start and in commands. */
enum err fail_aloud(enum err e, const char *fmt, ...) PRINTF(2, 3);

#endif
