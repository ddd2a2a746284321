/*
 * Languages: the embedded catalogues, the visitor's choice, sentences for C code.
 */
#include "priv.h"

#include "../base/limits.h"
#include "../base/log.h"

static const struct i18n *opened[SITE_LANGS];

enum err lang_open(void)
{
	static struct mem *m; /* as long as the process: catalogues are constant */

	if (m) {
		return OK;
	}
	m = mem_open();
	for (size_t i = 0; i < catalogues_n; i++) {
		struct str code = catalogues[i].name;
		int at = site_lang_index(str_ends(code, S(".mo")) ? str_sub(code, 0, code.n - 3) : code);

		if (at >= 0) {
			TRY(i18n_open(m, site_langs[at], catalogues[i].body, &opened[at]));
		}
	}
	for (int i = 0; i < SITE_LANGS; i++) {
		if (!opened[i]) {
			TRY(i18n_open(m, site_langs[i], S(""), &opened[i]));
		}
	}
	return OK;
}

const struct i18n *lang_catalogue(const char *code)
{
	int at = site_lang_index(str_of(code));

	return at < 0 ? NULL : opened[at];
}

const char *lang_known(struct str s)
{
	int at = s.n == 2 ? site_lang_index(s) : -1;

	return at < 0 ? NULL : site_langs[at];
}

static const char *offered(const struct site *site, struct str code)
{
	for (size_t i = 0; i < site->n_langs; i++) {
		if (str_eq(str_of(site->langs[i]), code)) {
			return site->langs[i];
		}
	}
	return NULL;
}

/* q=0.8 as 800; 1000 when there is none. */
static int quality(struct str params)
{
	while (params.p) {
		struct str one = str_trim(str_cut(&params, ';'));
		double q;

		if (str_starts(one, S("q=")) && str_to_double(str_sub(one, 2, one.n), &q)) {
			return q < 0 || q > 1 ? 0 : (int)(q * 1000);
		}
	}
	return 1000;
}

const char *lang_choose(const struct http_request *hrq, const struct site *site)
{
	struct str cookie = http_cookie(hrq, "lang");
	struct str rest = http_header(hrq, "Accept-Language");
	const char *best = cookie.p ? offered(site, cookie) : NULL;
	int best_q = 0;

	for (int i = 0; rest.p && !best && i < 20; i++) {
		struct str params = str_cut(&rest, ',');
		struct str tag = str_trim(str_cut(&params, ';'));
		const char *code = offered(site, str_cut(&tag, '-'));
		int q = quality(params);

		if (code && q > best_q) {
			/* Keep looking: a later one may be preferred. */
			best_q = q;
			cookie = str_of(code);
		}
	}
	if (!best && best_q) {
		best = offered(site, cookie);
	}
	return best ? best : site->n_langs ? site->langs[0] : "fr";
}

const char *T(const struct req *rq, const char *msgid)
{
	return i18n_get(rq->i18n, NULL, msgid);
}

struct str T_fmt(const struct req *rq, const char *msgid, size_t n, const struct str pieces[][2])
{
	struct str s = str_of(T(rq, msgid));
	struct buf b = buf_make(rq->mem, LIMIT_FMT);

	while (s.n) {
		ptrdiff_t open = str_chr(s, '{');
		ptrdiff_t end = open < 0 ? -1 : str_chr(str_sub(s, (size_t)open, s.n), '}');
		bool known = false;

		if (end < 0) {
			buf_put(&b, s);
			break;
		}
		buf_put(&b, str_sub(s, 0, (size_t)open));
		for (size_t i = 0; i < n; i++) {
			if (str_eq(pieces[i][0], str_sub(s, (size_t)open + 1, (size_t)end - 1))) {
				buf_put(&b, pieces[i][1]);
				known = true;
				break;
			}
		}
		if (!known) {
			buf_put(&b, str_sub(s, (size_t)open, (size_t)end + 1));
		}
		s = str_sub(s, (size_t)(open + end) + 1, s.n);
	}
	return str_dup(rq->mem, buf_str(&b));
}
