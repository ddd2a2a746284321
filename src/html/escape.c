/*
 * The three escapes of html/out.h. One pass each, long harmless stretches copied whole: pages are mostly such stretches.
 */
#include "out.h"

#include "../base/url.h"

static struct str entity(unsigned char c)
{
	switch (c) {
	case '&':
		return S("&amp;");
	case '<':
		return S("&lt;");
	case '>':
		return S("&gt;");
	case '"':
		return S("&quot;");
	case '\'':
		return S("&#39;");
	case '\0':
		return S("\xEF\xBF\xBD");
	default:
		return STR_NONE;
	}
}

void html_escape(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c > '>') {
			continue;
		}
		struct str e = entity(c);
		if (!e.p) {
			continue;
		}
		buf_put_bytes(b, s.p + from, i - from);
		buf_put(b, e);
		from = i + 1;
	}
	if (s.n > from) {
		buf_put_bytes(b, s.p + from, s.n - from);
	}
}

void html_percent(struct buf *b, struct str s)
{
	buf_put_pct(b, s);
}

void html_json(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<') {
			buf_put_bytes(b, s.p + from, i - from);
			buf_put(b, S("\\u003c"));
			from = i + 1;
		}
	}
	if (s.n > from) {
		buf_put_bytes(b, s.p + from, s.n - from);
	}
}
