/*
 * Words of a person inside texts, whatever the case of ASCII letters.
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "../base/buf.h"

/* True if `text` holds `low`, which is in lower case already. */
static inline bool words_hold(struct mem *m, struct str text, struct str low)
{
	return text.n >= low.n && str_find(str_lower(m, text), low) >= 0;
}

/* The text with "…" in their place. */
static inline struct str words_cut_out(struct mem *m, struct str text, struct str low)
{
	struct buf b = buf_make(m, text.n + 16 + 3 * (low.n ? text.n / low.n : 0));
	struct str lowered = str_lower(m, text);
	ptrdiff_t at;

	while (low.n && (at = str_find(lowered, low)) >= 0) {
		size_t end = (size_t)at + low.n;

		buf_put(&b, str_sub(text, 0, (size_t)at));
		buf_put(&b, S("…"));
		text = str_sub(text, end, text.n);
		lowered = str_sub(lowered, end, lowered.n);
	}
	buf_put(&b, text);
	return buf_str(&b);
}

#endif
