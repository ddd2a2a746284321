/*
 * The outlines in the binary: the bytes are put there by a file of assembler that tools/basemap/outlines.mjs writes beside them.
 */
#include "outline.h"

extern const unsigned char outline_data[], outline_data_end[];

enum err outline_open_built_in(void)
{
	return outline_open(outline_data, (size_t)(outline_data_end - outline_data));
}
