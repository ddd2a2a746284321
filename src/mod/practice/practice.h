/*
 * What a practice is: something a territory or an actor did, told so that another can do it too. The table of its fields
 * and vocabularies. Knows no HTTP.
 */
#ifndef MOD_PRACTICE_PRACTICE_H
#define MOD_PRACTICE_PRACTICE_H

#include "../../entity/entity.h"

extern const struct entity practice_entity;
extern const struct vocabulary practice_competences;
extern const struct vocabulary practice_costs;
extern const struct vocabulary practice_staff;
extern const struct vocabulary practice_sizes;
extern const struct vocabulary practice_rurality;

/* The size band of a population: "under_500" … "over_100k"; NULL when unknown (-1). */
const char *practice_size_of(int64_t population);
/* The rurality band of the atlas's 1..4; NULL for 0. */
const char *practice_rurality_of(int rurality);

#endif
