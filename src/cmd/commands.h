/*
 * The commands, one a file.
 */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "opts.h"

extern const struct command cmd_demo;
extern const struct command cmd_serve;
extern const struct command cmd_user;
extern const struct command cmd_restore;
extern const struct command cmd_migrate;
extern const struct command cmd_mail_bounce;
extern const struct command cmd_job;
extern const struct command cmd_check;
extern const struct command cmd_backup;
extern const struct command cmd_export;
extern const struct command cmd_picture;
extern const struct command cmd_import;

#endif
