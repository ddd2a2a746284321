/*
 * SMTP through libcurl. See smtp.h.
 */
#include <curl/curl.h>

#include "smtp.h"

enum { CONNECT_S = 15, WHOLE_S = 60 };

struct sending {
	struct str rest;
};

static size_t give(char *to, size_t size, size_t n, void *arg)
{
	struct sending *up = arg;
	size_t room = size * n, take = room < up->rest.n ? room : up->rest.n;

	memcpy(to, up->rest.p, take);
	up->rest = str_sub(up->rest, take, up->rest.n);
	return take;
}

/* Options that differ by server; the address and secrets are copied by curl. */
static void set_server(CURL *c, struct mem *m, const struct smtp_server *s)
{
	curl_easy_setopt(c, CURLOPT_URL, str_c(m, s->url));
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_USE_SSL, s->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)WHOLE_S);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	if (!str_empty(s->ca_file)) {
		curl_easy_setopt(c, CURLOPT_CAINFO, str_c(m, s->ca_file));
	}
	if (!str_empty(s->user)) {
		curl_easy_setopt(c, CURLOPT_USERNAME, str_c(m, s->user));
		curl_easy_setopt(c, CURLOPT_PASSWORD, str_c(m, s->password));
	}
}

enum err smtp_send(struct mem *m, const struct smtp_server *server, struct str from, struct str to, struct str message,
		   struct smtp_result *out)
{
	char why[CURL_ERROR_SIZE] = "";
	struct sending up = {message};
	struct curl_slist *rcpt = NULL;
	CURL *c = curl_easy_init();
	CURLcode code;
	long answer = 0;

	*out = (struct smtp_result){0, S("")};
	if (!c) {
		return fail(E_BUG, "libcurl cannot start");
	}
	rcpt = curl_slist_append(NULL, str_c(m, str_fmt(m, "<%.*s>", STR_ARG(to))));
	set_server(c, m, server);
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, str_c(m, str_fmt(m, "<%.*s>", STR_ARG(from))));
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, rcpt);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, &up);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	code = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer);
	curl_slist_free_all(rcpt);
	curl_easy_cleanup(c);
	if (code == CURLE_OK) {
		out->code = 250;
		return OK;
	}
	out->code = (int)answer;
	out->error = str_dup(m, str_of(why[0] ? why : curl_easy_strerror(code)));
	/* 5xx about this message is final; about our credentials (LOGIN_DENIED) it is the administrator's to mend. */
	return answer >= 500 && answer < 600 && code != CURLE_LOGIN_DENIED ? E_INVALID : E_REMOTE;
}
