/*
 * The demonstration network as tools/demo/make.mjs writes it: one JSON text inside the program. Its pictures are assets.
 */
#ifndef CORE_DEMO_DATA_H
#define CORE_DEMO_DATA_H

#include "../web/asset_data.h"

extern const struct asset demo_files[];
extern const size_t demo_files_n;

#endif
