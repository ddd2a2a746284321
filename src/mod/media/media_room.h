/*
 * Serving attached files.
 */
#ifndef MOD_MEDIA_MEDIA_ROOM_H
#define MOD_MEDIA_MEDIA_ROOM_H

#include "../../web/req.h"

extern const struct module media_module;

#endif
