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

#endif
