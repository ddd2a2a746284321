/*
 * The pictures of an object, on its page.
 */
#ifndef CORE_PICTURES_H
#define CORE_PICTURES_H

#include "../web/req.h"
#include "object.h"

struct picture {
	struct url small, large; /* the same for drawings of the program */
	struct str alt, credit, lang;
	int width, height;
};

/* What the visitor may see of them, at most eight. */
size_t pictures_of(struct req *rq, const struct object *ob, struct picture out[8]);

#endif
