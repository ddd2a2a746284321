/*
 * Objects as the API writes and reads them: the members common to all kinds (id, kind, url, title, summary, body, lang,
 * translations, themes, territory, geo, status, times, source) and the kind's own fields beside them under their names. A field
 * called "kind" is "type" here, since "kind" is the object's kind.
 */
#ifndef ENTITY_API_H
#define ENTITY_API_H

#include "entity.h"

/* What is not in the document. */
struct api_meta {
	int64_t id;
	struct str slug, url;        /* url: absolute */
	struct str lang, status, source, territory;
	bool has_point;
	double lat, lon;
	const char *precision;       /* "exact", "street", "commune", "departement" */
	int64_t created_at, updated_at, checked_at;
};

/* One object. */
void api_put(struct json_out *o, const struct entity *e, const struct api_meta *meta, struct view v);
/* The members that are of the document, for form_read_json(): "title" and "summary" go where the kind keeps them, "type" to
 * "kind", "geo" to the first place; what we only tell (id, url, times…) is left out. Unknown members stay, to be told of.
 * `*lang` is the "lang" given, or STR_NONE. */
struct json api_take(struct mem *m, const struct entity *e, const struct json *in, struct str *lang);

/* JSON Schema (2020-12, as OpenAPI 3.1 uses it) of what the API answers for a kind, and of what it takes. */
void schema_put(struct json_out *o, const struct entity *e, bool writing);

#endif
