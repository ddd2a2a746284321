/* JSON: the tree and the pull reader agree on what is JSON. */
#include "base/json.h"
#include "fuzz.h"

void fuzz_one(struct mem *m, struct str in)
{
	struct json tree;
	struct json_where where;
	enum json_token token = JSON_NULL;
	struct str text;
	enum err whole = json_parse(m, in, &tree, &where), piece = OK;
	struct json_in *r = json_open_str(m, in);

	for (;;) {
		piece = json_next(r, &token, &text);
		if (piece != OK || token == JSON_END) {
			break;
		}
		PROMISE(json_depth(r) >= 0);
	}
	PROMISE((whole == OK) == (piece == OK));
	if (whole != OK) {
		PROMISE(json_where(r).what && json_where(r).line >= 1);
		PROMISE(where.what);
	}
}
