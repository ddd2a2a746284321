/*
 * What an actor is: the table of its fields and vocabularies, from which forms, imports, exports, API, search and
 * suggestions derive. Knows no HTTP.
 */
#ifndef MOD_DIRECTORY_ACTOR_H
#define MOD_DIRECTORY_ACTOR_H

#include "../../entity/entity.h"

extern const struct entity actor_entity;
extern const struct vocabulary actor_kinds;
extern const struct vocabulary actor_scales;
extern const struct vocabulary service_types;
extern const struct vocabulary link_verbs;
extern const struct vocabulary contact_types;

#endif
