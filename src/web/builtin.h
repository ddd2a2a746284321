/*
 * The module of addresses that belong to no room (health, metrics, language, robots), for src/modules.c.
 */
#ifndef WEB_BUILTIN_H
#define WEB_BUILTIN_H

#include "req.h"

extern const struct module web_module;

#endif
