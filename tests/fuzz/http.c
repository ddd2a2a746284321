/* What a request brings: target, pairs, cookies, and multipart forms fed in two pieces, which must not matter. */
#include "fuzz.h"
#include "http/multipart.h"

static enum err parts_of(struct mem *m, struct str in, size_t cut, size_t *n)
{
	struct http_part *parts = NULL;
	struct multipart *mp = multipart_open(m, S("multipart/form-data; boundary=xx"), false, S("/tmp"));

	PROMISE(mp);
	enum err e = multipart_feed(mp, str_sub(in, 0, cut));
	if (e == OK) {
		e = multipart_feed(mp, str_sub(in, cut, in.n));
	}
	return e == OK ? multipart_end(mp, &parts, n) : e;
}

void fuzz_one(struct mem *m, struct str in)
{
	struct str path, query, out;
	struct http_part *parts = NULL;
	size_t n = 0, k = 0;

	struct http_request rq = {
		.headers = {{S("Cookie"), in}, {S("Accept-Encoding"), in}},
                  .n_headers = 2
        };

	if (http_target_parse(m, in, &path, &query) == OK) {
		PROMISE(path.n > 0 && path.p[0] == '/' && str_chr(path, '\0') < 0);
	}
	(void)(http_pairs_parse(m, in, &parts, &n) == OK);
	(void)(http_unescape(m, in, true, &out) == OK);
	(void)http_cookie(&rq, "id");
	(void)http_encodings(&rq);
	(void)http_etag_matches(in, S("\"abc\""));
	(void)http_param(m, in, "boundary");
	enum err whole = parts_of(m, in, in.n, &n), cut = parts_of(m, in, in.n / 2, &k);
	PROMISE(whole == cut && (whole != OK || n == k));
}
