/*
 * The commands, one a file.
 */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "opts.h"

extern const struct command cmd_demo;
extern const struct command cmd_serve;
extern const struct command cmd_export;
extern const struct command cmd_picture;

#endif
