/*
 * Kept answers for the embedded files: made once at start, sent by the I/O threads.
 */
#include "asset.h"

#include "../html/out.h"
#include "asset_data.h"
#include "asset_serve.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "headers.h"

#include "../base/log.h"

struct served {
	struct str path;
	const struct asset *a;
	struct http_ready *plain, *gzip, *brotli, *not_modified;
};

static struct {
	struct served *s;
	size_t n;
	struct str dir;
} shelf;

static struct http_ready *make(struct mem *m, const struct asset *a, struct str body, const char *encoding, bool hashed,
			       int status)
{
	struct http_response rs = {.mem = m, .fd = -1};
	struct mem_mark at = mem_mark(m);
	struct http_ready *r;

	http_bytes(&rs, status, NULL, body);
	rs.body_static = true;
	rs.etag = a->etag;
	if (status == 200) {
		http_set(&rs, "Content-Type", a->mime);
	}
	http_set(&rs, "Cache-Control", hashed ? S("public, max-age=31536000, immutable") : S("public, max-age=3600"));
	http_set(&rs, "Vary", S("Accept-Encoding"));
	if (encoding) {
		http_set(&rs, "Content-Encoding", str_of(encoding));
	}
	headers_asset(&rs);
	r = http_ready_make(&rs);
	mem_rewind(m, at);
	return r;
}

static void shelve(struct mem *m, const struct asset *a, struct str path, bool hashed)
{
	struct served *s = &shelf.s[shelf.n++];

	s->path = path;
	s->a = a;
	s->plain = make(m, a, a->body, NULL, hashed, 200);
	s->gzip = a->gzip.p ? make(m, a, a->gzip, "gzip", hashed, 200) : NULL;
	s->brotli = a->brotli.p ? make(m, a, a->brotli, "br", hashed, 200) : NULL;
	s->not_modified = make(m, a, S(""), NULL, hashed, 304);
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct served *)a)->path, ((const struct served *)b)->path);
}

void asset_open(struct mem *m, struct str dir)
{
	shelf.dir = str_dup(m, dir);
	shelf.s = mem_array(m, struct served, 2 * assets_n);
	shelf.n = 0;
	for (size_t i = 0; i < assets_n; i++) {
		shelve(m, &assets[i], assets[i].path, true);
		shelve(m, &assets[i], str_fmt(m, "/assets/%.*s", STR_ARG(assets[i].name)), false);
	}
	if (shelf.n) {
		qsort(shelf.s, shelf.n, sizeof(*shelf.s), by_path);
	}
}

void asset_close(void)
{
	for (size_t i = 0; i < shelf.n; i++) {
		struct http_ready *all[] = {shelf.s[i].plain, shelf.s[i].gzip, shelf.s[i].brotli,
					    shelf.s[i].not_modified};

		for (size_t k = 0; k < COUNT(all); k++) {
			if (all[k]) {
				http_ready_drop(all[k]);
			}
		}
	}
	shelf.n = 0;
}

static const struct asset *by_name(struct str name)
{
	size_t lo = 0, hi = assets_n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = str_cmp(name, assets[mid].name);

		if (c == 0) {
			return &assets[mid];
		}
		if (c < 0) {
			hi = mid;
		} else {
			lo = mid + 1;
		}
	}
	return NULL;
}

struct url asset_url(const struct out *o, const char *name)
{
	const struct asset *a = by_name(str_of(name));

	if (!a) {
		log_error("there is no asset %s", name);
	}
	if (!a || shelf.dir.n) {
		return (struct url){str_fmt(o->mem, "/assets/%s", name)};
	}
	return (struct url){a->path};
}

/* While working on assets: the file as it is now, found in the folder or one of its css, js and img folders. */
static bool from_folder(const struct http_request *hrq, struct http_response *rs)
{
	static const char *const sub[] = {"", "css/", "js/", "img/"};
	struct str name = str_sub(hrq->path, 8, hrq->path.n);
	const struct asset *a = by_name(name);

	if (str_chr(name, '/') >= 0) {
		return false;
	}
	for (size_t i = 0; i < COUNT(sub); i++) {
		const char *path =
			str_c(hrq->mem, str_fmt(hrq->mem, "%.*s/%s%.*s", STR_ARG(shelf.dir), sub[i], STR_ARG(name)));
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		struct stat st;

		if (fd < 0) {
			continue;
		}
		if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
			close(fd);
			continue;
		}
		rs->status = 200;
		rs->kind = HTTP_BODY_FILE;
		rs->fd = fd;
		rs->fd_size = (uint64_t)st.st_size;
		http_set(rs, "Content-Type", a ? a->mime : S("application/octet-stream"));
		http_set(rs, "Cache-Control", S("no-store"));
		headers_asset(rs);
		return true;
	}
	return false;
}

bool asset_answer(const struct http_request *hrq, struct http_response *rs)
{
	struct served key = {.path = hrq->path}, *s;
	unsigned enc;

	if (shelf.dir.n && from_folder(hrq, rs)) {
		return true;
	}
	s = shelf.n ? bsearch(&key, shelf.s, shelf.n, sizeof(*shelf.s), by_path) : NULL;
	if (!s) {
		return false;
	}
	rs->kind = HTTP_BODY_READY;
	if (http_etag_matches(http_header(hrq, "If-None-Match"), s->a->etag)) {
		rs->ready = http_ready_hold(s->not_modified);
		return true;
	}
	if (http_header(hrq, "Range").p && !s->gzip && !s->brotli) {
		/* Parts are cut from bytes: tile archives. */
		http_bytes(rs, 200, NULL, s->a->body);
		rs->body_static = true;
		rs->ranges = true;
		rs->etag = s->a->etag;
		http_set(rs, "Content-Type", s->a->mime);
		http_set(rs, "Cache-Control", S("public, max-age=31536000, immutable"));
		headers_asset(rs);
		return true;
	}
	enc = http_encodings(hrq);
	rs->ready = http_ready_hold((enc & HTTP_BROTLI) && s->brotli ? s->brotli
				    : (enc & HTTP_GZIP) && s->gzip   ? s->gzip
								     : s->plain);
	return true;
}
