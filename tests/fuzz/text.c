/* Text at the border: cleaning and folding twice is once, slugs are slugs, dates that are read are written alike. */
#include "base/buf.h"
#include "base/fold.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "fuzz.h"

static void check_slug(struct str slug)
{
	PROMISE(slug.n <= LIMIT_SLUG && !str_starts(slug, S("-")) && !str_ends(slug, S("-")));
	for (size_t i = 0; i < slug.n; i++) {
		char c = slug.p[i];

		PROMISE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
	}
}

static void check_times(struct mem *m, struct str in)
{
	struct buf b = buf_make(m, 100);
	int64_t ms, again;

	if (time_parse(in, &ms) && ms >= 0) {
		buf_put_time(&b, ms);
		PROMISE(time_parse(buf_str(&b), &again) && again == ms);
	}
	buf_reset(&b);
	if (time_parse_http(in, &ms)) {
		buf_put_http_date(&b, ms);
		PROMISE(time_parse_http(buf_str(&b), &again) && again == ms);
	}
}

void fuzz_one(struct mem *m, struct str in)
{
	struct str clean, line, again, folded = fold(m, in);
	double number;

	PROMISE(utf8_ok(folded));
	PROMISE(str_eq(fold(m, folded), folded));
	check_slug(id_slug(m, in));
	check_times(m, in);
	PROMISE(!str_to_double(in, &number) || number - number == 0);
	if (utf8_clean(m, in, &clean) != OK) {
		PROMISE(!utf8_ok(in));
		return;
	}
	PROMISE(utf8_ok(clean) && utf8_clean(m, clean, &again) == OK && str_eq(clean, again));
	PROMISE(utf8_clean_line(m, in, &line) == OK && utf8_clean_line(m, line, &again) == OK && str_eq(line, again));
	PROMISE(str_chr(line, '\n') < 0);
}
