/*
 * Deciding, as the queue and the page of one proposal share it; nobody else includes it.
 */
#ifndef MOD_DESK_DESK_PRIVATE_H
#define MOD_DESK_DESK_PRIVATE_H

#include "desk.h"

/* A proposal that this moderator may decide, with its object. E_NOTFOUND, E_DENIED. */
MUST_USE enum err desk_get(struct req *rq, int64_t id, struct proposal *p, struct object *ob, bool *has_object);
/* Decides and tells whoever proposed. `keys` as proposal_accept(). */
MUST_USE enum err desk_accept(struct req *rq, struct proposal *p, const struct object *ob, const struct str *keys, size_t n, bool over,
			      struct str reason);
MUST_USE enum err desk_refuse(struct req *rq, const struct proposal *p, const struct object *ob, struct str reason);

#endif
