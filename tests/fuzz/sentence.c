/* Sentences of a catalogue, whatever a translator wrote: the markup of a page stays balanced. */
#include "fuzz.h"
#include "html/out.h"

static size_t count(struct str s, struct str what)
{
	size_t n = 0;

	for (ptrdiff_t at = str_find(s, what); at >= 0; at = str_find(s, what)) {
		s = str_sub(s, (size_t)at + what.n, s.n);
		n++;
	}
	return n;
}

void fuzz_one(struct mem *m, struct str in)
{
	struct buf b = buf_make(m, (size_t)1 << 26);
	struct out o = {.buf = &b, .mem = m};
	const struct out_piece pieces[] = {PIECE("x", S("<script>")), piece_tag("b"),
					   PIECE_LINK("a", ((struct url){S("/a\"b")})), PIECE("n", 42)};

	T_(&o, str_c(m, in), pieces, COUNT(pieces));
	TN_(&o, str_c(m, in), "{n}{x}", 1, pieces, 3);
	struct str s = buf_str(&b);
	PROMISE(count(s, S("<b>")) == count(s, S("</b>")));
	PROMISE(count(s, S("<a href=\"/a&quot;b\">")) == count(s, S("</a>")));
	PROMISE(count(s, S("<")) == count(s, S("<b>")) + count(s, S("</b>")) + 2 * count(s, S("</a>")));
}
