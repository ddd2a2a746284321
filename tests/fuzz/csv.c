/* CSV: any bytes, cut into pieces anywhere, give the same rows of UTF-8; what is written again reads back the same. */
#include "base/buf.h"
#include "base/csv.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"

struct pieces {
	struct str rest;
	size_t size;
};

static enum err next_piece(void *ctx, struct str *chunk)
{
	struct pieces *p = ctx;

	*chunk = str_sub(p->rest, 0, p->size);
	p->rest = str_sub(p->rest, p->size, p->rest.n);
	return OK;
}

/* All rows written again; with `again` the writer's text is what is read. */
static enum err rewrite(struct csv_in *in, struct buf *b)
{
	struct csv_row row;
	int64_t line = 0;
	bool got;

	for (;;) {
		TRY(csv_next(in, &row, &got));
		if (!got) {
			return OK;
		}
		PROMISE(row.line > line && row.n > 0);
		line = row.line;
		for (size_t i = 0; i < row.n; i++) {
			PROMISE(utf8_ok(row.cells[i]));
		}
		csv_put_row(b, row.cells, row.n, ';');
	}
}

void fuzz_one(struct mem *m, struct str in)
{
	struct buf whole = buf_make(m, MIB(8)), cut = buf_make(m, MIB(8)), again = buf_make(m, MIB(8));
	struct pieces p = {in, in.n == 0 ? 1 : 1 + (unsigned char)in.p[0] % 7};
	struct csv_in *second;
	char sep;
	enum err e;

	second = csv_open_str(m, in, 0);
	e = rewrite(second, &whole);
	sep = csv_separator(second);
	PROMISE((e == OK) == (csv_what(second) == NULL));
	PROMISE(rewrite(csv_open(m, next_piece, &p, sep), &cut) == e || e != OK);
	if (e != OK || in.n > KIB(16)) {
		return;
	}
	second = csv_open_str(m, buf_str(&whole), ';');
	csv_unguard(second, true);
	PROMISE(rewrite(second, &again) == OK);
	PROMISE(str_eq(buf_str(&whole), buf_str(&again)));
}
