/*
 * The multipart parser. It holds a window of what came and is not yet decided: at most one delimiter's length inside a
 * body, at most LIMIT_HTTP_PART_HEAD inside a part's head.
 */
#include "multipart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../base/buf.h"
#include "../base/limits.h"

enum state { BETWEEN, HEAD, VALUE, AFTER };

struct multipart {
	struct mem *mem;
	bool files;
	struct str tmp_dir;
	char delim[80]; /* CR LF "--" boundary */
	size_t delim_n;
	enum state state;
	bool preamble; /* before the first delimiter: bytes are dropped */
	enum err err;
	char win[LIMIT_HTTP_PART_HEAD + KIB(8)];
	size_t win_n;
	struct http_part *parts;
	size_t n, cap;
	struct buf value; /* of the field being read */
	size_t text;      /* bytes of all fields */
};

static const char *find(const char *p, size_t n, const char *what, size_t k)
{
	return memmem(p, n, what, k);
}

struct str http_param(struct mem *m, struct str header, const char *name)
{
	size_t i = 0;

	while (i < header.n && header.p[i] != ';') {
		i++;
	}
	while (i < header.n) {
		size_t from, n = 0;
		struct str key;
		char *value;

		i++;
		while (i < header.n && (header.p[i] == ' ' || header.p[i] == '\t')) {
			i++;
		}
		from = i;
		while (i < header.n && header.p[i] != '=' && header.p[i] != ';') {
			i++;
		}
		key = str_trim(str_sub(header, from, i - from));
		if (i >= header.n || header.p[i] == ';') {
			continue;
		}
		i++;
		value = mem_get(m, header.n - i + 1);
		if (i < header.n && header.p[i] == '"') {
			for (i++; i < header.n && header.p[i] != '"'; i++) {
				/* Browsers send \ as it is and " as %22; only \" and \\ are escapes. */
				if (header.p[i] == '\\' && i + 1 < header.n &&
				    (header.p[i + 1] == '"' || header.p[i + 1] == '\\')) {
					i++;
				}
				value[n++] = header.p[i];
			}
			while (i < header.n && header.p[i] != ';') {
				i++;
			}
		} else {
			while (i < header.n && header.p[i] != ';') {
				value[n++] = header.p[i++];
			}
		}
		if (str_ieq(key, str_of(name))) {
			return str_trim((struct str){value, n});
		}
	}
	return STR_NONE;
}

static bool boundary_ok(struct str b)
{
	if (b.n < 1 || b.n > 70) {
		return false;
	}
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] < ' ' || b.p[i] > '~') {
			return false;
		}
	}
	return b.p[b.n - 1] != ' ';
}

struct multipart *multipart_open(struct mem *m, struct str content_type, bool files, struct str tmp_dir)
{
	struct str rest = content_type;
	struct str type = str_trim(str_cut(&rest, ';'));
	struct str boundary = http_param(m, content_type, "boundary");
	struct multipart *mp;

	if (!str_ieq(type, S("multipart/form-data")) || !boundary.p || !boundary_ok(boundary)) {
		return NULL;
	}
	mp = mem_new(m, struct multipart);
	mp->mem = m;
	mp->files = files;
	mp->tmp_dir = tmp_dir;
	memcpy(mp->delim, "\r\n--", 4);
	memcpy(mp->delim + 4, boundary.p, boundary.n);
	mp->delim_n = boundary.n + 4;
	mp->state = VALUE;
	mp->preamble = true;
	/* The first delimiter may open the body: as if a line had ended before it. */
	memcpy(mp->win, "\r\n", 2);
	mp->win_n = 2;
	return mp;
}

static void close_fd(void *p)
{
	close((int)(intptr_t)p);
}

static enum err open_spool(struct multipart *mp, struct http_part *part)
{
	part->fd = open(str_c(mp->mem, mp->tmp_dir), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (part->fd < 0) {
		return fail(E_IO, "upload: temporary file in %.*s: %s", STR_ARG(mp->tmp_dir), strerror(errno));
	}
	mem_defer(mp->mem, close_fd, (void *)(intptr_t)part->fd);
	return OK;
}

/* The last component: some browsers once sent whole paths. */
static struct str base_name(struct str s)
{
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\') {
			return str_sub(s, i, s.n);
		}
	}
	return s;
}

static enum err part_begin(struct multipart *mp, struct str head)
{
	struct str disposition = STR_NONE, type = STR_NONE, filename;
	struct http_part *part;

	while (head.p) {
		struct str line = str_cut(&head, '\n');
		struct str name;

		line = str_trim(line);
		if (line.n == 0) {
			continue;
		}
		name = str_cut(&line, ':');
		if (!line.p) {
			return E_INVALID;
		}
		if (str_ieq(name, S("Content-Disposition"))) {
			disposition = str_trim(line);
		} else if (str_ieq(name, S("Content-Type"))) {
			type = str_trim(line);
		}
	}
	if (!str_starts(disposition, S("form-data")) ||
	    (type.p && str_starts(str_lower(mp->mem, type), S("multipart/")))) {
		return E_INVALID;
	}
	if (mp->n == LIMIT_HTTP_FIELDS) {
		return E_LIMIT;
	}
	if (mp->n == mp->cap) {
		size_t cap = mp->cap ? mp->cap * 2 : 16;
		struct http_part *more = mem_array(mp->mem, struct http_part, cap);

		if (mp->n) {
			memcpy(more, mp->parts, mp->n * sizeof(*more));
		}
		mp->parts = more;
		mp->cap = cap;
	}
	part = &mp->parts[mp->n];
	*part = (struct http_part){.fd = -1, .value = S("")};
	part->name = http_param(mp->mem, disposition, "name");
	if (!part->name.p || part->name.n > LIMIT_HTTP_FIELD_NAME) {
		return E_INVALID;
	}
	filename = http_param(mp->mem, disposition, "filename");
	part->mime = type.p ? str_dup(mp->mem, type) : STR_NONE;
	if (filename.p) {
		if (filename.n > LIMIT_HTTP_FILE_NAME) {
			return E_LIMIT;
		}
		part->file = true;
		part->filename = base_name(filename);
	}
	mp->n++;
	mp->value = buf_make(mp->mem, LIMIT_HTTP_FORM_TEXT);
	return OK;
}

static enum err part_bytes(struct multipart *mp, const char *p, size_t n)
{
	struct http_part *part;

	if (mp->preamble || n == 0) {
		return OK;
	}
	part = &mp->parts[mp->n - 1];
	if (!part->file) {
		mp->text += n;
		if (mp->text > LIMIT_HTTP_FORM_TEXT) {
			return E_LIMIT;
		}
		buf_put_bytes(&mp->value, p, n);
		return OK;
	}
	if (!mp->files) {
		return E_INVALID;
	}
	if (part->fd < 0) {
		TRY(open_spool(mp, part));
	}
	while (n > 0) {
		ssize_t k = write(part->fd, p, n);

		if (k < 0 && errno == EINTR) {
			continue;
		}
		if (k <= 0) {
			return fail(E_IO, "upload: write: %s", strerror(errno));
		}
		p += k;
		n -= (size_t)k;
		part->size += (size_t)k;
	}
	return OK;
}

static enum err part_finish(struct multipart *mp)
{
	struct http_part *part;

	if (mp->preamble) {
		mp->preamble = false;
		return OK;
	}
	part = &mp->parts[mp->n - 1];
	if (!part->file) {
		part->value = str_dup(mp->mem, buf_str(&mp->value));
		part->size = part->value.n;
	} else if (part->fd >= 0 && lseek(part->fd, 0, SEEK_SET) != 0) {
		return fail(E_IO, "upload: rewind: %s", strerror(errno));
	}
	return OK;
}

static void drop(struct multipart *mp, size_t n)
{
	memmove(mp->win, mp->win + n, mp->win_n - n);
	mp->win_n -= n;
}

/* One step over the window; `*more` false when it needs further bytes. */
static enum err step(struct multipart *mp, bool *more)
{
	const char *at;
	size_t n;

	*more = true;
	switch (mp->state) {
	case VALUE:
		at = find(mp->win, mp->win_n, mp->delim, mp->delim_n);
		if (at) {
			TRY(part_bytes(mp, mp->win, (size_t)(at - mp->win)));
			TRY(part_finish(mp));
			drop(mp, (size_t)(at - mp->win) + mp->delim_n);
			mp->state = BETWEEN;
			return OK;
		}
		/* What could still become a delimiter stays. */
		n = mp->win_n >= mp->delim_n ? mp->win_n - (mp->delim_n - 1) : 0;
		TRY(part_bytes(mp, mp->win, n));
		drop(mp, n);
		*more = false;
		return OK;
	case BETWEEN:
		/* "--" ends all; else optional spaces and a line end. */
		if (mp->win_n >= 2 && mp->win[0] == '-' && mp->win[1] == '-') {
			mp->state = AFTER;
			return OK;
		}
		at = find(mp->win, mp->win_n, "\r\n", 2);
		if (!at) {
			*more = false;
			return mp->win_n > 64 ? E_INVALID : OK;
		}
		for (const char *p = mp->win; p < at; p++) {
			if (*p != ' ' && *p != '\t') {
				return E_INVALID;
			}
		}
		/* The line end stays: an empty head is then seen as CR LF CR LF too. */
		drop(mp, (size_t)(at - mp->win));
		mp->state = HEAD;
		return OK;
	case HEAD:
		at = find(mp->win, mp->win_n, "\r\n\r\n", 4);
		if (!at) {
			*more = false;
			return mp->win_n > LIMIT_HTTP_PART_HEAD ? E_INVALID : OK;
		}
		TRY(part_begin(mp, (struct str){mp->win, (size_t)(at - mp->win)}));
		drop(mp, (size_t)(at - mp->win) + 4);
		mp->state = VALUE;
		return OK;
	case AFTER:
		mp->win_n = 0;
		*more = false;
		return OK;
	}
	return E_BUG;
}

enum err multipart_feed(struct multipart *mp, struct str bytes)
{
	while (mp->err == OK && bytes.n > 0) {
		size_t room = sizeof(mp->win) - mp->win_n;
		size_t n = bytes.n < room ? bytes.n : room;
		bool more = true;

		memcpy(mp->win + mp->win_n, bytes.p, n);
		mp->win_n += n;
		bytes = str_sub(bytes, n, bytes.n);
		while (mp->err == OK && more) {
			mp->err = step(mp, &more);
		}
	}
	return mp->err;
}

enum err multipart_end(struct multipart *mp, struct http_part **parts, size_t *n)
{
	if (mp->err == OK && mp->state != AFTER) {
		mp->err = E_INVALID;
	}
	*parts = mp->err == OK ? mp->parts : NULL;
	*n = mp->err == OK ? mp->n : 0;
	return mp->err;
}
