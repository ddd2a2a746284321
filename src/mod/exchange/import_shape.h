/*
 * From an element of a JSON file to a row of names and values.
 */
#ifndef EXCHANGE_IMPORT_SHAPE_H
#define EXCHANGE_IMPORT_SHAPE_H

#include "import.h"

/* False for what is no row. */
bool shape_row(struct import_reader *r, struct mem *m, const struct json *v, struct str layer, struct import_row *row);

/* Directories of services whose records have a manner of their own, once they are names and values: Services Advisor, Soliguide,
 * data·inclusion, schema.org. Others are left as they are. */
void shape_directory(struct mem *m, struct json *raw);

#endif
