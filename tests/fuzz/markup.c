/* Markdown and foreign HTML: nothing that runs comes out. */
#include "fuzz.h"
#include "html/markdown.h"
#include "html/sanitize.h"

static void harmless(struct str s)
{
	static const char *const never[] = {"<script",
					    "<style",
					    "<iframe",
					    "<object",
					    "<embed",
					    "<form",
					    "<svg",
					    "<base",
					    "<meta",
					    "href=\"javascript:",
					    "src=\"javascript:",
					    "href=\"data:"};

	for (size_t i = 0; i < COUNT(never); i++) {
		PROMISE(str_find(s, str_of(never[i])) < 0);
	}
	PROMISE(str_chr(s, '\0') < 0);
}

void fuzz_one(struct mem *m, struct str in)
{
	harmless(markdown(m, in, NULL).s);
	harmless(sanitize(m, in).s);
	harmless(markdown(m, sanitize_to_markdown(m, in), NULL).s);
	struct str plain = markdown_plain(m, in, 80);
	PROMISE(str_chr(plain, '\n') < 0);
}
