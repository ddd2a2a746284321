/*
 * The list of commands. A new one is a file here, with a struct command, and a line in this list.
 */
#include "commands.h"

const struct command *const commands[] = {
	&cmd_serve,
	&cmd_demo,
	&cmd_export,
	&cmd_picture,
};
const size_t commands_n = COUNT(commands);
