/*
 * When something cannot be: a page in the visitor's language that says what happened and what to do, or a problem document
 * (RFC 9457) for programs. A handler may add its own sentence (problem()) and errors by field (problem_field()).
 */
#include "page.h"
#include "priv.h"
#include "web_problem.html.h"

#include "../base/json.h"
#include "../base/limits.h"
#include "../base/log.h"

struct words {
	int status;
	const char *title, *what, *advice;
};

static const struct words table[] = {
	{400, N_("This request is not clear"),      N_("Something in the address or in what was sent could not be read."),
	 N_("Go back and try again; if you followed a link, it may have been cut.")},
	{401, N_("Please sign in"),                 N_("This page is for people who have signed in."),
	 N_("Sign in, then come back to this page.")                               },
	{403, N_("This is not for you to do"),      N_("Your account does not allow this."),
	 N_("If you think that it should, ask the people who run this site.")      },
	{404, N_("Nothing here"),                   N_("There is no page at this address. It may have moved, or it is not public."),
	 N_("Look for it from the home page.")                                     },
	{405, N_("This cannot be done here"),       N_("This address does not take that kind of request."),
	 N_("Go back and try again from the page you came from.")                  },
	{409, N_("Someone was here before"),        N_("This was changed by somebody else meanwhile, or exists already."),
	 N_("Open the page again to see how it is now.")                           },
	{412, N_("Someone was here before"),        N_("This was changed by somebody else meanwhile, or exists already."),
	 N_("Open the page again to see how it is now.")                           },
	{413, N_("This is too large"),              N_("What you sent is larger than what this page accepts."),
	 N_("Send a smaller file, or cut the text in parts.")                      },
	{422, N_("Some answers need another look"), N_("Something that was sent could not be accepted."),
	 N_("Go back, correct it, and send it again.")                             },
	{429, N_("A little too fast"),              N_("This was asked for too many times in a short while."),
	 N_("Please wait a few minutes, then try again.")                          },
	{431, N_("This request is too large"),
	 N_("Your browser sent more than this site reads, often too many cookies."),
	 N_("Delete the cookies of this site, then try again.")                    },
	{500, N_("Something broke"),                N_("This is our mistake, not yours. It has been noted."),
	 N_("Please try again in a moment.")                                       },
	{502, N_("Another server did not answer"),  N_("This needs another site, which does not answer now."),
	 N_("Please try again later.")					     },
	{503, N_("One moment, please"),
	 N_("The site cannot do this just now. Nothing was lost on our side, nothing was changed."),
	 N_("Please try again in a minute.")                                       },
};

static const struct words *words_for(int status)
{
	for (size_t i = 0; i < COUNT(table); i++) {
		if (table[i].status == status) {
			return &table[i];
		}
	}
	return status < 500 ? &table[0] : words_for(500);
}

int problem_status(enum err e)
{
	switch (e) {
	case OK:
		return 200;
	case E_NOTFOUND:
		return 404;
	case E_DENIED:
		return 403;
	case E_LOGIN:
		return 401;
	case E_INVALID:
		return 400;
	case E_CONFLICT:
		return 409;
	case E_LIMIT:
		return 429;
	case E_BUSY:
	case E_IO:
		return 503;
	case E_REMOTE:
		return 502;
	case E_DB:
	case E_BUG:
		return 500;
	}
	return 500;
}

struct str problem_field_reason(const struct problem_page *p, size_t i)
{
	return p->fields[i].reason;
}

static bool wants_document(const struct req *rq)
{
	struct str accept = req_header(rq, "Accept");

	return str_starts(rq->path, S("/api/")) || rq->suffix.n || str_eq(rq->path, S("/health")) ||
	       (accept.p && str_find(accept, S("json")) >= 0 && str_find(accept, S("text/html")) < 0);
}

static void document(struct req *rq, int status, const struct words *w)
{
	struct buf b = buf_make(rq->mem, LIMIT_FMT);
	struct json_out j = json_to(&b);
	const struct web_private *p = rq->priv;

	json_put_object(&j);
	json_put_kv_str(&j, S("type"), S("about:blank"));
	json_put_kv_str(&j, S("title"), str_of(T(rq, w->title)));
	json_put_kv_i64(&j, S("status"), status);
	json_put_kv_str(&j, S("detail"), str_of(T(rq, p->sentence ? p->sentence : w->what)));
	if (p->n_fields) {
		json_put_key(&j, S("errors"));
		json_put_array(&j);
		for (size_t i = 0; i < p->n_fields; i++) {
			json_put_object(&j);
			json_put_kv_str(&j, S("field"), str_of(p->fields[i].field));
			json_put_kv_str(&j, S("reason"), p->fields[i].reason);
			json_put_object_end(&j);
		}
		json_put_array_end(&j);
	}
	json_put_object_end(&j);
	if (json_done(&j) != OK) {
		buf_reset(&b);
		buf_put(&b, S("{\"type\":\"about:blank\"}"));
	}
	http_bytes(rq->res, status, "application/problem+json", buf_str(&b));
}

void problem_answer(struct req *rq, enum err e, int status)
{
	struct web_private *p = rq->priv;
	const struct words *w;
	struct problem_page page = {0};
	struct http_header keep[4];
	size_t n_keep = 0;

	if (status == 0) {
		status = problem_status(e);
	}
	if (status == 400 && p->n_fields) {
		status = 422;
	}
	/* A refused request may still have been signed out, or been told which methods there are. */
	for (size_t i = 0; i < rq->res->n_headers && n_keep < COUNT(keep); i++) {
		struct str name = rq->res->headers[i].name;

		if (str_eq(name, S("Set-Cookie")) || str_eq(name, S("Allow")) || str_eq(name, S("Retry-After"))) {
			keep[n_keep++] = rq->res->headers[i];
		}
	}
	http_response_reset(rq->res);
	for (size_t i = 0; i < n_keep; i++) {
		rq->res->headers[rq->res->n_headers++] = keep[i];
	}
	w = words_for(status);
	if (status == 401) {
		http_set(rq->res, "WWW-Authenticate", S("Bearer"));
	}
	if ((status == 503 || status == 429) && !http_get(rq->res, "Retry-After").p) {
		http_set(rq->res, "Retry-After", status == 429 ? S("600") : S("10"));
	}
	http_set(rq->res, "Cache-Control", S("no-store"));
	if (wants_document(rq)) {
		document(rq, status, w);
		return;
	}
	p->page = (struct page_info){.no_index = true, .body_class = "page-narrow", .bare = p->page.bare};
	page = (struct problem_page){
		.status = status,
		.title = w->title,
		.what = w->what,
		.advice = w->advice,
		.sentence = p->sentence ? str_of(T(rq, p->sentence)) : S(""),
		.fields = p->fields,
		.n_fields = p->n_fields,
		.home = link_plain(rq, "/"),
	};
	rq->res->status = status;
	if (page(rq, str_of(T(rq, w->title)), problem_body, &page) != OK) {
		http_bytes(rq->res, status, "text/plain; charset=utf-8", str_of(T(rq, w->title)));
	}
}
