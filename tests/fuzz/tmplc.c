/* The template compiler: any page is compiled or refused, for the program and for its words. */
#include "tool_inside.h"

#define url tmplc_url /* the tree has a struct of this name */
#include "../../tools/tmplc.c"
#include "../../tools/tmplc_html.c"

void fuzz_one(struct mem *m, struct str in)
{
	static const char *const compile[] = {"tmplc", "page.html", "page.c", "page.h"}, *const words[] = {"tmplc", "--words", "page.html"};

	(void)m;
	t = (struct tmplc){0};
	tool_run(in, tool_main, 4, compile);
	t = (struct tmplc){0};
	tool_run(in, tool_main, 3, words);
}
