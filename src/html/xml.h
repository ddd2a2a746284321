/*
 * XML of strangers (tracks, maps, feeds), read one step at a time in constant memory. Nothing is ever fetched; a document type
 * is refused, and with it every trick of entities.
 */
#ifndef HTML_XML_H
#define HTML_XML_H

#include "../base/err.h"
#include "../base/json.h" /* read_more */
#include "../base/mem.h"
#include "../base/str.h"

enum xml_token {
	XML_START, /* its name without prefix */
	XML_TEXT,
	XML_END,   /* its name; also follows an empty element */
	XML_DONE
};

struct xml_in;

/* A reader in `m`; the encoding is what the file declares. */
struct xml_in *xml_open(struct mem *m, read_more *more, void *ctx);
/* The next step; `text` is good until the one after. E_INVALID where this is no XML, or what `more` returned. */
MUST_USE enum err xml_next(struct xml_in *in, enum xml_token *token, struct str *text);
/* An attribute of the element that just began, by its name without prefix; STR_NONE if it has none. */
struct str xml_attr(struct xml_in *in, struct mem *m, const char *name);
/* How many elements are open around this one. */
int xml_depth(const struct xml_in *in);
int64_t xml_line(const struct xml_in *in);
/* True if it was refused for the document type that it declares. */
bool xml_declares(const struct xml_in *in);

#endif
