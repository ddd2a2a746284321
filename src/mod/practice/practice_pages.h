/*
 * The room of practices: what its pages show.
 */
#ifndef MOD_PRACTICE_PAGES_H
#define MOD_PRACTICE_PAGES_H

#include "../../core/browse.h"
#include "../../core/object.h"
#include "../../core/rows.h"

extern const struct module practice_module;

struct practice_part {
	const char *heading;   /* N_() */
	const char *anchor;
	struct html body;
	struct str lang;
	bool fallback;
};

struct practice_who {
	struct str title;
	struct url url;        /* s.p NULL: a plain name */
	struct str lang;       /* of a title in another language than the page's; NULL p otherwise */
};

struct practice_result {
	struct said text, note;
	struct url evidence;   /* s.p NULL: none */
};

/* One step of "we did it too". */
struct practice_step {
	struct str title, where;
	struct said changed;
	struct url url;
	bool here;
	int depth;
};

struct practice_page {
	struct object ob;
	struct list_row row;
	struct str title, title_lang, summary, summary_lang, where;
	bool title_fallback, summary_fallback, text_fallback;
	struct str text_lang;
	struct url where_url;
	struct practice_part *parts;
	size_t n_parts;
	struct practice_who *by, *with;
	size_t n_by, n_with;
	struct practice_result *results;
	size_t n_results;
	struct practice_step *chain;
	size_t n_chain;
	struct str since, cost, staff, competence, size, rurality;
	struct { struct str label; struct url url; } *themes;
	size_t n_themes;
	struct practice_who *sources; /* title with pages */
	size_t n_sources;
	struct practice_who *documents;
	size_t n_documents;
	struct list_row *like;
	size_t n_like;
	bool has_contact, waiting;
	struct url contact, edit, translate, report, history, reuse;
};

struct practices_page {
	struct browse list;
	struct str heading, lede;
	bool with_filters;
	struct list_row *rows; /* most reused */
	int64_t *reuses;
	size_t n;
};

/* Fills a page from what this visitor may see of the object. */
MUST_USE enum err practice_page_read(struct req *rq, const struct object *ob, struct practice_page *out);
/* What it takes up and what took it up, as a tree from the first one. */
MUST_USE enum err practice_chain(struct req *rq, struct practice_page *p);

#endif
