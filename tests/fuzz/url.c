/* Addresses: what is accepted has an allowed scheme, holds nothing that could leave an attribute, and is accepted again. */
#include "base/url.h"
#include "base/utf8.h"
#include "fuzz.h"

static void parsed(struct mem *m, struct str in)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:", "geo:"};
	struct url u, again;
	bool known = false;

	if (url_parse(m, in, &u) != OK) {
		return;
	}
	for (size_t i = 0; i < COUNT(schemes); i++) {
		known = known || str_starts(u.s, str_of(schemes[i]));
	}
	PROMISE(known);
	for (size_t i = 0; i < u.s.n; i++) {
		PROMISE((unsigned char)u.s.p[i] > ' ' && u.s.p[i] != 127);
	}
	PROMISE(url_parse(m, u.s, &again) == OK && str_eq(u.s, again.s));
}

void fuzz_one(struct mem *m, struct str in)
{
	struct url u;
	struct str out;
	struct query q;

	parsed(m, in);
	if (url_local(m, in, &u) == OK) {
		PROMISE(u.s.n > 0 && u.s.p[0] == '/' && !str_starts(u.s, S("//")) && str_chr(u.s, '\\') < 0);
	}
	if (pct_decode(m, in, false, &out) == OK) {
		struct buf b = buf_make(m, 4 * in.n + 16);
		struct str back;
		buf_put_pct(&b, out);
		PROMISE(pct_decode(m, buf_str(&b), false, &back) == OK && str_eq(out, back));
	}
	if (query_parse(m, in, &q) == OK) {
		(void)query_get(&q, S("q"));
	}
}
