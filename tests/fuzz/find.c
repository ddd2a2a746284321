/* What is typed into search boxes: words, marks in a text, places by name or code. */
#include "fuzz.h"

#include "base/utf8.h"
#include "core/atlas.h"
#include "core/search.h"
#include "core/search_text.h"

static void word(void *arg, struct str w)
{
	(void)arg;
	PROMISE(w.n > 0);
}

void fuzz_one(struct mem *m, struct str in)
{
	static bool started;
	struct atlas_hit hits[20];
	struct search_span *spans;
	struct str text;
	bool cut, ambiguous;

	if (!started) {
		started = true;
		PROMISE(atlas_open_built_in() == OK);
	}
	if (utf8_clean(m, in, &text) != OK) {
		return;
	}
	search_split(m, text, word, NULL);
	struct search_marks *marks = search_marks_make(m, str_sub(text, 0, 60));
	size_t n = search_mark(marks, m, text, 200, &spans, &cut);
	for (size_t i = 0; i < n; i++) {
		PROMISE(utf8_ok(spans[i].text));
	}
	struct atlas_query q = {.text = text, .near_country = S("FR")};
	n = atlas_search(&q, hits, COUNT(hits));
	PROMISE(n <= COUNT(hits));
	(void)atlas_resolve(text, STR_NONE, S("FR"), &ambiguous);
	(void)atlas_resolve(S("Lyon"), text, S("FR"), &ambiguous);
	(void)atlas_find(text);
}
