/* Translation catalogues: any bytes are refused or read without harm. */
#include "fuzz.h"
#include "html/i18n.h"

void fuzz_one(struct mem *m, struct str in)
{
	const struct i18n *l = NULL;

	if (i18n_open(m, "ar", in, &l) != OK) {
		return;
	}
	for (int64_t n = -3; n < 120; n++) {
		PROMISE(i18n_plural(l, NULL, "one place", "{n} places", n));
	}
	PROMISE(i18n_get(l, NULL, "Open") && i18n_get(l, "verb", "Open") && i18n_get(l, NULL, ""));
}
