/*
 * multipart/form-data, read piece by piece as it arrives: fields into the arena, files into unnamed temporary files, so
 * that an upload of any allowed size costs a few kilobytes of memory. Bounded in parts, names, heads and field text;
 * nested multiparts are refused. Errors stay: after one, feeding does nothing.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "request.h"

struct multipart;

/* `content_type` is the header's value; NULL if it is not multipart/form-data with a usable boundary. Without `files`, a
 * part with a non-empty file is E_INVALID. Files are made in `tmp_dir`. All descriptors are closed when `m` ends. */
struct multipart *multipart_open(struct mem *m, struct str content_type, bool files, struct str tmp_dir);
MUST_USE enum err multipart_feed(struct multipart *mp, struct str bytes);
/* E_INVALID if the last boundary did not come. */
MUST_USE enum err multipart_end(struct multipart *mp, struct http_part **parts, size_t *n);

/* The value of a parameter of a header ("boundary", "name"), unquoted; STR_NONE if absent. */
struct str http_param(struct mem *m, struct str header, const char *name);

#endif
