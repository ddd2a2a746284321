/*
 * Bands of size and density of territories, the same for practices, territory pages and filters: so that a village finds
 * what villages did.
 */
#ifndef CORE_BANDS_H
#define CORE_BANDS_H

#include "../entity/entity.h"

extern const struct vocabulary band_sizes;
extern const struct vocabulary band_ruralities;

/* The size band of a population: "under_500" … "over_200k"; NULL when unknown (-1). */
const struct choice *band_size(int64_t population);
/* The density band of the atlas's 1..4; NULL for 0. */
const struct choice *band_rurality(int rurality);

#endif
