/*
 * Fetching through libcurl. See fetch.h.
 */
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#include "fetch.h"
#include "net.h"

enum { CONNECT_S = 15, WHOLE_S = 300, REDIRECTS = 3 };

struct fetching {
	struct mem *mem;
	const struct fetch_ask *ask;
	struct fetch_answer *answer;
	int64_t taken;
	bool refused, full;
};

static struct net_range allowed[16];
static size_t n_allowed;

bool fetch_allow(struct str range)
{
	if (n_allowed == COUNT(allowed) || !net_range_parse(range, &allowed[n_allowed])) {
		return false;
	}
	n_allowed++;
	return true;
}

static bool is_allowed(const struct sockaddr *sa)
{
	struct http_addr a = net_addr(sa);

	for (size_t i = 0; a.known && i < n_allowed; i++) {
		if (net_in_range(&a, &allowed[i])) {
			return true;
		}
	}
	return false;
}

bool fetch_is_public(const struct sockaddr *sa)
{
	static const char *const closed[] = {
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
		"192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/128", "::1/128", "64:ff9b::/96", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "ff00::/8",
	};
	struct http_addr a = net_addr(sa);
	struct net_range r;

	if (!a.known) {
		return false;
	}
	for (size_t i = 0; i < COUNT(closed); i++) {
		if (net_range_parse(str_of(closed[i]), &r) && net_in_range(&a, &r)) {
			return false;
		}
	}
	return true;
}

/* After the name was resolved, before anything is sent: also for each redirect. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct fetching *f = arg;

	if (purpose != CURLSOCKTYPE_IPCXN || !(fetch_is_public(&to->addr) || is_allowed(&to->addr))) {
		f->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take(char *p, size_t size, size_t n, void *arg)
{
	struct fetching *f = arg;
	size_t bytes = size * n;

	f->taken += (int64_t)bytes;
	if (f->taken > f->ask->max) {
		f->full = true;
		return 0;
	}
	return write(f->ask->to, p, bytes) == (ssize_t)bytes ? bytes : 0;
}

static size_t take_header(char *p, size_t size, size_t n, void *arg)
{
	struct fetching *f = arg;
	struct str value = {p, size * n}, name;

	if (str_starts(value, S("HTTP/"))) { /* another answer: those before it were redirects */
		f->answer->etag = f->answer->modified = STR_NONE;
		return size * n;
	}
	name = str_cut(&value, ':');
	if (str_ieq(name, S("ETag"))) {
		f->answer->etag = str_dup(f->mem, str_sub(str_trim(value), 0, 200));
	} else if (str_ieq(name, S("Last-Modified"))) {
		f->answer->modified = str_dup(f->mem, str_sub(str_trim(value), 0, 60));
	}
	return size * n;
}

static struct curl_slist *headers(struct mem *m, const struct fetch_ask *ask)
{
	struct curl_slist *list = NULL;

	if (ask->etag.n) {
		list = curl_slist_append(list, str_c(m, str_fmt(m, "If-None-Match: %.*s", STR_ARG(ask->etag))));
	}
	if (ask->modified.n) {
		list = curl_slist_append(list, str_c(m, str_fmt(m, "If-Modified-Since: %.*s", STR_ARG(ask->modified))));
	}
	return list;
}

static void set_options(CURL *c, struct fetching *f)
{
	curl_easy_setopt(c, CURLOPT_URL, str_c(f->mem, f->ask->url));
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)REDIRECTS);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)WHOLE_S);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)f->ask->max);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_USERAGENT, "Maillage");
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, f);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, f);
}

enum err fetch(struct mem *m, const struct fetch_ask *ask, struct fetch_answer *a)
{
	struct fetching f = {.mem = m, .ask = ask, .answer = a};
	char why[CURL_ERROR_SIZE] = "";
	CURL *c = curl_easy_init();
	struct curl_slist *list;
	CURLcode code;
	long status = 0;

	*a = (struct fetch_answer){0};
	if (!c) {
		return fail(E_BUG, "libcurl cannot start");
	}
	list = headers(m, ask);
	set_options(c, &f);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	code = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(list);
	curl_easy_cleanup(c);
	a->status = (int)status;
	a->unchanged = code == CURLE_OK && status == 304;
	if (code == CURLE_OK && (status == 200 || status == 304)) {
		return OK;
	}
	a->error = f.refused ? S("this address is on this machine or in a private network")
		   : f.full || code == CURLE_FILESIZE_EXCEEDED ? S("the file is too large")
		   : code == CURLE_OK ? str_fmt(m, "the server answered %ld", status)
				      : str_dup(m, str_of(why[0] ? why : curl_easy_strerror(code)));
	return E_REMOTE;
}
