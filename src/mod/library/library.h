/*
 * The room of the library: documents, and the practices taken from them.
 */
#ifndef MOD_LIBRARY_LIBRARY_H
#define MOD_LIBRARY_LIBRARY_H

#include "../../core/browse.h"
#include "../../core/object.h"

extern const struct module library_module;

struct library_who {
	struct str title;
	struct url url;       /* s.p NULL: a plain name */
};

struct library_extract {
	struct list_row row;
	struct str pages;
	int64_t first;        /* page, for the order */
};

struct library_page {
	struct object ob;
	struct list_row row;
	struct str title, title_lang, summary, summary_lang, date, languages, licence;
	bool title_fallback, summary_fallback, waiting;
	int64_t pages;
	struct url address;   /* s.p NULL: none */
	struct library_who *authors;
	size_t n_authors;
	struct library_extract *extracts;
	size_t n_extracts;
	struct url extract, edit, report, history;
};

#endif
