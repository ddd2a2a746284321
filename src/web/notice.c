/*
 * A sentence for the next page ("Thank you…"), carried over a redirect in a signed cookie that lives for some minutes and is
 * cleared by the page that shows it.
 */
#include "priv.h"

#include "../base/enc.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../crypt/crypt.h"

#define COOKIE "n"
#define MINUTES 5

void req_notice(struct req *rq, const char *kind, struct str sentence)
{
	struct str payload = str_fmt(rq->mem, "%s\n%.*s", kind, STR_ARG(str_sub(sentence, 0, 1000)));

	req_cookie(rq, COOKIE, crypt_sign(rq->mem, &rq->site->key, "notice", payload, rq->now + MINUTES * TIME_MINUTE),
		   MINUTES * 60);
}

void notice_read(struct req *rq)
{
	struct str cookie = http_cookie(rq->http, COOKIE), text;

	if (!cookie.p) {
		return;
	}
	rq->priv->private_answer = true;
	if (crypt_verify(rq->mem, &rq->site->key, "notice", cookie, rq->now, &text) != OK) {
		return;
	}
	rq->priv->notice_kind = str_cut(&text, '\n');
	rq->priv->notice_text = text;
}
