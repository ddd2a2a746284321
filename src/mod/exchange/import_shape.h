/*
 * From an element of a JSON file to a row of names and values.
 */
#ifndef EXCHANGE_IMPORT_SHAPE_H
#define EXCHANGE_IMPORT_SHAPE_H

#include "import.h"

/* False for what is no row. */
bool shape_row(struct import_reader *r, struct mem *m, const struct json *v, struct str layer, struct import_row *row);

#endif
