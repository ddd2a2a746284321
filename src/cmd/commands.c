/*
 * The list of commands. A new one is a file here, with a struct command, and a line in this list.
 */
#include "commands.h"

const struct command *const commands[] = {
	&cmd_serve,
	&cmd_demo,
	&cmd_migrate,
	&cmd_check,
	&cmd_backup,
	&cmd_restore,
	&cmd_import,
	&cmd_export,
	&cmd_picture,
	&cmd_user,
	&cmd_job,
	&cmd_mail_bounce,
};
const size_t commands_n = COUNT(commands);
