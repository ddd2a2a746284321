/*
 * argv to a subcommand, nothing else.
 */
#include "cmd/opts.h"

int main(int argc, char **argv)
{
	return opts_main(argc - 1, argv + 1);
}
