/*
 * What a resource is: a booklet, an argument, a report, a film... of the library, which practices cite by page.
 * The table of its fields. Knows no HTTP.
 */
#ifndef MOD_LIBRARY_RESOURCE_H
#define MOD_LIBRARY_RESOURCE_H

#include "../../entity/entity.h"

extern const struct entity resource_entity;
extern const struct vocabulary resource_kinds;

#endif
