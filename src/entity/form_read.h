/*
 * What form.c and form_post.c share; nobody else includes it.
 */
#ifndef ENTITY_FORM_READ_H
#define ENTITY_FORM_READ_H

#include "entity.h"

/* Notes an error in the person's language. */
void form_error_said(struct form *f, struct str field, struct str reason);
/* Two or three small letters. */
bool form_lang_code_ok(struct str s);
/* Reads a tree into f->doc, over what `base` has; checks what crosses fields when each is right. */
MUST_USE enum err form_read_tree(struct form *f, struct req *rq, const struct json *in, const struct json *base);

#endif
