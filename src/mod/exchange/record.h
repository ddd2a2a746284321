/*
 * An object as other programs see it: the members of the contract (id, kind, url, title, lang, geo, status, dates, source) and
 * beside them the fields of its kind. Always made from the public view.
 */
#ifndef EXCHANGE_RECORD_H
#define EXCHANGE_RECORD_H

#include "../../core/object.h"

/* The name of a field outside: its own, unless the contract uses that name for something else ("kind" is "type"). */
struct str record_name(struct mem *m, const struct entity *e, const struct field *f);
/* The field of that name outside, or NULL. */
const struct field *record_field(struct mem *m, const struct entity *e, struct str name);
/* "published", "archived"… */
struct str record_status(enum status st);
/* Its page, without language: that of the visitor is chosen there. */
struct str record_url(struct mem *m, struct str base_url, const struct entity *e, struct str slug);
struct str record_time(struct mem *m, int64_t instant);
/* The members, into an object that is open; `geo` apart for GeoJSON, where it is the geometry. */
void record_put(struct json_out *j, struct mem *m, struct str base_url, const struct list_row *row, enum status st, struct view v,
		bool geo);
/* What a visitor wants of it, by ?fields=: all when there are none. */
struct record_fields {
	struct str name[40];
	size_t n;
};
/* False, with the first name that is no member of a record of this kind. */
bool record_fields_read(struct mem *m, const struct entity *e, struct str list, struct record_fields *out, struct str *wrong);
/* record_put() of these members only. */
MUST_USE enum err record_put_some(struct json_out *j, struct mem *m, struct str base_url, const struct list_row *row, enum status st,
				  struct view v, const struct record_fields *fields);
/* An object as a row of a list. */
struct list_row record_row(const struct object *ob);

#endif
