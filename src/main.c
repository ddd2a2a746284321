/*
 * argv to a subcommand, nothing else.
 */
#include "base/base.h"

int main(void)
{
	fputs("maillage: use maillage COMMAND --help\n", stderr);
	return 64;
}
