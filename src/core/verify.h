/*
 * Proving that the data is whole: documents that can be read, tables that say the same as the documents they derive from,
 * settings within their bounds, files that are there. For `maillage check`; slow, on purpose thorough.
 */
#ifndef CORE_VERIFY_H
#define CORE_VERIFY_H

#include "../base/err.h"
#include "../base/str.h"

struct db;

/* Takes one finding, a sentence in English for the operator. */
typedef void verify_found(void *arg, struct str what);

struct verify {
	verify_found *found;
	void *arg;
	size_t n_found;
	size_t n_objects; /* documents read */
	size_t n_files;
	bool rebuild; /* what derives is made again and kept; otherwise only compared */
};

/* After media_start(). In a write transaction of its own, undone unless v->rebuild. */
MUST_USE enum err verify_all(struct db *db, struct verify *v);

#endif
