/*
 * The room of the directory: the list of actors, and each one's page.
 */
#ifndef MOD_DIRECTORY_DIRECTORY_H
#define MOD_DIRECTORY_DIRECTORY_H

#include "../../web/req.h"

extern const struct module directory_module;

#endif
