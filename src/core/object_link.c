/*
 * Links between objects, both ways: derived on save from the fields that name other objects.
 */
#include "object.h"
#include "object.sql.h"

static bool shown(int64_t status)
{
	return status == ST_PUBLISHED || status == ST_ARCHIVED;
}

enum err object_links(struct db *db, struct mem *m, int64_t id, size_t max, struct link_row **out, size_t *n)
{
	struct object_link_rows_out_row *to;
	struct object_link_rows_in_row *from;
	size_t n_to, n_from;

	TRY(object_link_rows_out(db, id, (int64_t)max, m, &to, &n_to));
	TRY(object_link_rows_in(db, id, (int64_t)max, m, &from, &n_from));
	*out = mem_array(m, struct link_row, n_to + n_from);
	*n = 0;
	for (size_t i = 0; i < n_to; i++) {
		struct link_row l = {.verb = to[i].verb, .since = to[i].since, .until = to[i].until, .note = to[i].note,
				     .outgoing = true, .title = to[i].to_text};
		if (to[i].to_id.has && shown(to[i].status.v)) {
			l.id = to[i].to_id.v;
			l.entity = entity_find(to[i].kind);
			l.slug = to[i].slug;
			l.title = to[i].title;
			l.territory = to[i].territory;
			l.kind_slug = to[i].kind_slug;
		}
		if (l.title.n) { /* what is not public is not told of */
			(*out)[(*n)++] = l;
		}
	}
	for (size_t i = 0; i < n_from; i++) {
		(*out)[(*n)++] = (struct link_row){
			.verb = from[i].verb, .since = from[i].since, .until = from[i].until, .note = from[i].note,
			.id = from[i].id, .entity = entity_find(from[i].kind), .slug = from[i].slug, .title = from[i].title,
			.territory = from[i].territory, .kind_slug = from[i].kind_slug,
		};
	}
	return OK;
}
