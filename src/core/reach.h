/*
 * How an object can be reached.
 */
#ifndef CORE_REACH_H
#define CORE_REACH_H

#include "object.h"

/* A mail address of it, hidden ones too: they are used, never shown. STR_NONE if it has none. */
struct str object_mail(const struct object *ob);

#endif
