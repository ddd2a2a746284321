/*
 * What the files of the API share.
 */
#ifndef EXCHANGE_API_H
#define EXCHANGE_API_H

#include "../../web/req.h"
#include "export.h"

/* The language of an answer is in its address, or the site's own: answers are kept by address. Called when nothing can be refused any more:
 * refusals speak the visitor's. */
void api_speak(struct req *rq);
/* An export of this request: addresses, language, site. */
void api_export(struct req *rq, const struct entity *e, const struct export_format *f, struct export *x);
/* The kind named in the address, by its plural alone; E_NOTFOUND. */
MUST_USE enum err api_entity(struct req *rq, const struct entity **out);
/* A writer into memory, for answers that are one page. */
MUST_USE enum err api_put_buf(void *ctx, struct str chunk);
/* A JSON answer made in a buf. */
MUST_USE enum err api_reply_json(struct req *rq, struct json_out *j, struct buf *b);
/* The same for one object, marked with its version. */
MUST_USE enum err api_reply_object(struct req *rq, struct json_out *j, struct buf *b, const struct object *ob);

/* Territories and themes are no objects: they answer the same addresses. */
MUST_USE enum err api_territories(struct req *rq);
MUST_USE enum err api_territory(struct req *rq, struct str code);
MUST_USE enum err api_themes(struct req *rq);
MUST_USE enum err api_theme(struct req *rq, struct str slug);

/* Handlers: POST, PATCH and DELETE. */
enum err api_create(struct req *rq);
enum err api_change(struct req *rq);
enum err api_remove(struct req *rq);
enum err api_openapi(struct req *rq);

/* GoGoCarto's addresses. */
enum err gogo_elements(struct req *rq);
enum err gogo_element(struct req *rq);
enum err gogo_search(struct req *rq);
enum err gogo_taxonomy(struct req *rq);
enum err gogo_taxonomy_mapping(struct req *rq);
enum err gogo_conf(struct req *rq);

#endif
