/*
 * The atlas in the binary: the bytes are put there by a file of assembler that tools/atlas/make.mjs writes beside them.
 */
#include "atlas.h"

extern const unsigned char atlas_data[], atlas_data_end[];

enum err atlas_open_built_in(void)
{
	return atlas_open(atlas_data, (size_t)(atlas_data_end - atlas_data));
}
