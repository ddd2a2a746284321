/*
 * In and out: the API, feeds, exports and imports of every kind of object. It knows kinds by their tables only
 * (entity/entity.h), so that a new kind has all of this on the day it is declared.
 */
#ifndef MOD_EXCHANGE_H
#define MOD_EXCHANGE_H

#include "../../web/req.h"

extern const struct module exchange_module;

#endif
