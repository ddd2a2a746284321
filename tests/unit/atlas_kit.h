/*
 * The atlas in tests: by code, in few words.
 */
#ifndef TESTS_UNIT_ATLAS_KIT_H
#define TESTS_UNIT_ATLAS_KIT_H

#include "../t.h"
#include "core/atlas.h"

/* Opens the built-in atlas. */
void kit_atlas(struct t *t);
/* By code; 0 if none. */
atlas_id kit_id(const char *code);
/* The territory of a code; the test fails when there is none. */
struct territory kit_get(struct t *t, const char *code);
/* Its name. */
struct str kit_name(atlas_id id);
/* Its code. */
struct str kit_code(atlas_id id);

#endif
