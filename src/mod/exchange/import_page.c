/*
 * Events of a web page: those it describes for search engines (JSON-LD), else those it marks up (h-event).
 */
#include "import_event.h"

#include "../../base/limits.h"
#include "../../entity/tree.h"

enum { SCRIPTS_MAX = 200 };

static ptrdiff_t find_low(struct str page, struct str low, size_t from)
{
	ptrdiff_t at = str_find(str_sub(page, from, page.n), low);

	return at < 0 ? -1 : at + (ptrdiff_t)from;
}

/* The texts of <script type="application/ld+json">. `low` is the page in small letters. */
static size_t scripts(struct str page, struct str low, struct str out[SCRIPTS_MAX])
{
	ptrdiff_t at = 0;
	size_t n = 0;

	while (n < SCRIPTS_MAX && (at = find_low(low, S("<script"), (size_t)at)) >= 0) {
		ptrdiff_t open = find_low(low, S(">"), (size_t)at), close = open < 0 ? -1 : find_low(low, S("</script"), (size_t)open);

		if (close < 0) {
			break;
		}
		if (str_find(str_sub(low, (size_t)at, (size_t)(open - at)), S("ld+json")) >= 0) {
			out[n++] = str_trim(str_sub(page, (size_t)open + 1, (size_t)(close - open - 1)));
		}
		at = close;
	}
	return n;
}

enum err import_open_page(struct import_reader *r)
{
	struct import_rows *rows = mem_new(r->mem, struct import_rows);
	struct str *found = mem_array(r->mem, struct str, SCRIPTS_MAX), page, low;
	struct json marked = tree_array();
	size_t n;

	r->own = rows;
	r->next = import_next_of;
	TRY(import_whole(r, LIMIT_WEB_PAGE, &page));
	low = str_lower(r->mem, page);
	n = scripts(page, low, found);
	for (size_t i = 0; i < n; i++) {
		struct json one;

		if (json_parse(r->mem, found[i], &one, NULL) == OK) {
			event_collect(r->mem, &one, rows, 0);
		}
	}
	if (rows->all.n == 0) {
		page_microformats(r->mem, page, &marked);
		event_collect(r->mem, &marked, rows, 0);
	}
	if (rows->all.n == 0) {
		r->what = N_("This is a web page, not a list: look there for a button that downloads or exports the data.");
		return E_INVALID;
	}
	return OK;
}
