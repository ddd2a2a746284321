/*
 * Files that people attach. Pictures are decoded and written anew by a process of its own (maillage picture), so that what
 * they hid (position, camera, scripts) is gone and a hostile one harms nobody; PDF and office documents are kept as they
 * are and served so that nothing in them can act on the site. Files lie in media/ of the data folder under their
 * content's hash: the same file is kept once. What a document names is kept; the rest goes after two days.
 */
#ifndef CORE_MEDIA_H
#define CORE_MEDIA_H

#include "../web/req.h"

#define MEDIA_WIDTHS 2
/* Widths of the smaller copies of each picture. */
extern const int media_widths[MEDIA_WIDTHS];

/* Once, at start: where the data lies, and the program to run for pictures (NULL: this one). */
MUST_USE enum err media_start(struct str data_dir, const char *program);

/* Keeps a file; `*name` is what documents hold: "HASH-1200x800.webp" or "HASH.pdf". E_INVALID with a sentence (N_()) in
 * `*why`. Slow: LATE routes call it before req_begin(). */
MUST_USE enum err media_store(struct mem *m, const struct upload *u, struct str *name, const char **why);
/* The upload of a form's file input, as form_read() asks for it; `*name` is STR_NONE when nothing was chosen. */
MUST_USE enum err media_store_form(struct req *rq, const char *input, struct str *name, struct str *reason);

/* The address of a file; of a picture at one of media_widths, or 0 for the largest. Names with a '/' are our assets. */
struct url media_url(const struct req *rq, struct str name, int width);
bool media_is_picture(struct str name);
/* The size in the name of a picture; false if it tells none. */
bool media_size(struct str name, int *width, int *height);
/* Opens a kept file (or a picture's copy "HASH-1200x800-320.webp"); E_NOTFOUND. The caller closes it. */
MUST_USE enum err media_open(struct str name, int *fd, size_t *size);
const char *media_mime(struct str name);
/* The name that documents hold for a picture's copy; itself otherwise. */
struct str media_original(struct mem *m, struct str name);

/* Removes files that nothing names and that are older than two days; how many. */
MUST_USE enum err media_purge(struct db *db, struct mem *m, int64_t now, size_t *removed);

#endif
