/*
 * Languages by the words that people use for them: codes of two or three letters, and names in the five languages of the
 * interface and in the language itself, from ICU; made once, when first asked for.
 */
#include <pthread.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "../base/map.h"
#include "value.h"

static struct map names;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void put_name(const char *code, const char *display)
{
	UChar wide[160];
	char text[480];
	int32_t n = 0;
	UErrorCode err = U_ZERO_ERROR;

	uloc_getDisplayLanguage(code, display, wide, COUNT(wide), &err);
	u_strToUTF8(text, sizeof(text), &n, wide, -1, &err);
	if (U_FAILURE(err) || n <= 0) {
		return;
	}
	struct str w = words_norm(names.mem, (struct str){text, (size_t)n});
	if (w.n && !map_get(&names, w)) {
		union {
			const char *in;
			void *out;
		} as = {code};
		map_put(&names, w, as.out);
	}
}

static void make_names(void)
{
	static const char *const shown_in[] = {"fr", "en", "es", "pt", "ar"};
	const char *const *codes = uloc_getISOLanguages();

	names = map_make(mem_open());
	for (size_t i = 0; codes[i]; i++) {
		for (size_t k = 0; k < COUNT(shown_in); k++) {
			put_name(codes[i], shown_in[k]);
		}
		put_name(codes[i], codes[i]);
	}
}

/* "fra" -> "fr"; the code itself when ISO 639 has it. */
static struct str by_code(struct str s)
{
	const char *const *codes = uloc_getISOLanguages();

	for (size_t i = 0; codes[i]; i++) {
		if (str_ieq(s, str_of(codes[i])) || (s.n == 3 && str_ieq(s, str_of(uloc_getISO3Language(codes[i]))))) {
			return str_of(codes[i]);
		}
	}
	return STR_NONE;
}

/* Languages of millions that ISO 639-1 left out ("prs", "swb"): those that ICU can name. */
static struct str by_name_known(struct mem *m, struct str s)
{
	UChar wide[160];
	UErrorCode err = U_ZERO_ERROR;
	const char *code = str_c(m, s);

	for (size_t i = 0; i < s.n; i++) {
		if (code[i] < 'a' || code[i] > 'z') {
			return STR_NONE;
		}
	}
	uloc_getDisplayLanguage(code, "en", wide, COUNT(wide), &err);
	return U_SUCCESS(err) && err != U_USING_DEFAULT_WARNING ? str_of(code) : STR_NONE;
}

struct str lang_match(struct mem *m, struct str words)
{
	struct str s = str_trim(words);
	struct str code = s.n == 2 || s.n == 3 ? by_code(s) : STR_NONE;

	if (!code.p && s.n == 3) {
		code = by_name_known(m, s);
	}
	if (code.p) {
		return code;
	}
	pthread_once(&once, make_names);
	return str_of(map_get(&names, words_norm(m, s)));
}
