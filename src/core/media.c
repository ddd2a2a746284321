/*
 * Keeping files.
 */
#include "media.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/id.h"
#include "../base/limits.h"
#include "../base/log.h"
#include "../base/time.h"
#include "../base/url.h"
#include "../crypt/crypt.h"
#include "../entity/value.h"
#include "../html/i18n.h"
#include "object.sql.h"

const int media_widths[MEDIA_WIDTHS] = {320, 800};

static char folder[1000];   /* "DATA/media" */
static char program[1000];

enum err media_start(struct str data_dir, const char *prog)
{
	if (data_dir.n + 10 > sizeof(folder) || (prog && strlen(prog) + 1 > sizeof(program))) {
		return fail(E_INVALID, "the path of the data folder is too long");
	}
	snprintf(folder, sizeof(folder), "%.*s/media", STR_ARG(data_dir));
	snprintf(program, sizeof(program), "%s", prog ? prog : "/proc/self/exe");
	if (mkdir(folder, 0700) != 0 && errno != EEXIST && errno != ENOENT) { /* a command may run without a data folder */
		return fail(E_IO, "%s: %s", folder, strerror(errno));
	}
	return OK;
}

/* ---- kinds of files -------------------------------------------------------------------------------------------------- */

struct kind {
	const char *ext, *mime;
};
static const struct kind kinds[] = {
	{".webp", "image/webp"},
	{".pdf", "application/pdf"},
	{".odt", "application/vnd.oasis.opendocument.text"},
	{".ods", "application/vnd.oasis.opendocument.spreadsheet"},
	{".odp", "application/vnd.oasis.opendocument.presentation"},
	{".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	{".epub", "application/epub+zip"},
};

static const struct kind *kind_of(struct str name)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct str ext = str_of(kinds[i].ext);
		if (name.n > ext.n && str_ieq(str_sub(name, name.n - ext.n, ext.n), ext)) {
			return &kinds[i];
		}
	}
	return NULL;
}

const char *media_mime(struct str name)
{
	const struct kind *k = kind_of(name);

	return k ? k->mime : "application/octet-stream";
}

bool media_is_picture(struct str name)
{
	return str_ends(name, S(".webp")) || str_ends(name, S(".svg")) || str_ends(name, S(".png")) || str_ends(name, S(".jpg"));
}

/* By its first bytes, whatever its name says. */
static bool is_picture(const unsigned char *b, size_t n)
{
	static const char *const brands[] = {"avif", "avis", "heic", "heix", "mif1", "msf1"};

	if (n < 16) {
		return false;
	}
	if ((b[0] == 0xff && b[1] == 0xd8 && b[2] == 0xff) || memcmp(b, "\x89PNG\r\n\x1a\n", 8) == 0 ||
	    memcmp(b, "GIF8", 4) == 0 || (memcmp(b, "RIFF", 4) == 0 && memcmp(b + 8, "WEBP", 4) == 0)) {
		return true;
	}
	for (size_t i = 0; i < COUNT(brands); i++) {
		if (memcmp(b + 4, "ftyp", 4) == 0 && memcmp(b + 8, brands[i], 4) == 0) {
			return true;
		}
	}
	return false;
}

static const struct kind *document_kind(const unsigned char *b, size_t n, struct str filename)
{
	const struct kind *k = kind_of(filename);
	bool pdf = n > 5 && memcmp(b, "%PDF-", 5) == 0, zip = n > 4 && memcmp(b, "PK\x03\x04", 4) == 0;

	if (pdf) {
		return &kinds[1];
	}
	return zip && k && k > &kinds[1] ? k : NULL;
}

/* ---- paths ----------------------------------------------------------------------------------------------------------- */

/* A name that we gave: hash, size, extension; nothing else reaches the disk. */
static bool name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (c == '.' && i >= 40))) {
			return false;
		}
	}
	return s.n >= 44 && s.n < 100 && kind_of(s);
}

static const char *path_of(struct mem *m, struct str name)
{
	return str_c(m, str_fmt(m, "%s/%.2s/%.*s", folder, name.p, STR_ARG(name)));
}

static enum err move(struct mem *m, const char *from, struct str name)
{
	const char *dir = str_c(m, str_fmt(m, "%s/%.2s", folder, name.p));

	if ((mkdir(dir, 0700) != 0 && errno != EEXIST) || rename(from, path_of(m, name)) != 0) {
		return fail(errno == ENOSPC ? E_LIMIT : E_IO, "keeping a file: %s", strerror(errno));
	}
	return OK;
}

/* ---- pictures -------------------------------------------------------------------------------------------------------- */

/* Runs "maillage picture PREFIX" with the file as its input; it writes PREFIX-0.webp, PREFIX-320.webp … and tells the size. */
static enum err run_picture(int fd, const char *prefix, int *w, int *h)
{
	extern char **environ;
	posix_spawn_file_actions_t files;
	char *argv[] = {program, (char[]){"picture"}, NULL, NULL};
	char told[64] = {0}, path[1100];
	int out[2], status = 0;
	pid_t pid;

	snprintf(path, sizeof(path), "%s", prefix);
	argv[2] = path;
	if (pipe2(out, O_CLOEXEC) != 0) {
		return fail(E_IO, "pipe: %s", strerror(errno));
	}
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, fd, 0);
	posix_spawn_file_actions_adddup2(&files, out[1], 1);
	int e = posix_spawn(&pid, program, &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	close(out[1]);
	ssize_t n = e == 0 ? read(out[0], told, sizeof(told) - 1) : 0;
	close(out[0]);
	if (e != 0) {
		return fail(E_IO, "%s picture: %s", program, strerror(e));
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (WIFSIGNALED(status)) {
		log_warn("a picture made its reader stop with signal %d", WTERMSIG(status));
	}
	return n > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && sscanf(told, "%dx%d", w, h) == 2 ? OK : E_INVALID;
}

static void unlink_parts(struct mem *m, struct str prefix)
{
	(void)unlink(str_c(m, str_fmt(m, "%.*s-0.webp", STR_ARG(prefix))));
	for (int i = 0; i < MEDIA_WIDTHS; i++) {
		(void)unlink(str_c(m, str_fmt(m, "%.*s-%d.webp", STR_ARG(prefix), media_widths[i])));
	}
}

static enum err keep_picture(struct mem *m, int fd, struct str hash, struct str *name, const char **why)
{
	struct str prefix = str_fmt(m, "%s/new-%.*s", folder, STR_ARG(id_token(m)));
	int w = 0, h = 0;
	enum err err = run_picture(fd, str_c(m, prefix), &w, &h);

	if (err == E_INVALID) {
		*why = N_("This picture cannot be read: save it as JPEG or PNG and send it again.");
	}
	*name = str_fmt(m, "%.*s-%dx%d.webp", STR_ARG(hash), w, h);
	for (int i = 0; err == OK && i < MEDIA_WIDTHS; i++) {
		struct str copy = str_fmt(m, "%.*s-%dx%d-%d.webp", STR_ARG(hash), w, h, media_widths[i]);
		err = move(m, str_c(m, str_fmt(m, "%.*s-%d.webp", STR_ARG(prefix), media_widths[i])), copy);
	}
	if (err == OK) { /* last: what has this has all */
		err = move(m, str_c(m, str_fmt(m, "%.*s-0.webp", STR_ARG(prefix))), *name);
	}
	unlink_parts(m, prefix);
	return err;
}

/* ---- documents ------------------------------------------------------------------------------------------------------- */

static enum err copy_all(int from, int to)
{
	char part[65536];
	ssize_t n;

	if (lseek(from, 0, SEEK_SET) != 0) {
		return fail(E_IO, "lseek: %s", strerror(errno));
	}
	while ((n = read(from, part, sizeof(part))) > 0) {
		for (ssize_t at = 0, k; at < n; at += k) {
			k = write(to, part + at, (size_t)(n - at));
			if (k < 0) {
				return fail(errno == ENOSPC || errno == EDQUOT ? E_LIMIT : E_IO, "write: %s", strerror(errno));
			}
		}
	}
	return n < 0 || fsync(to) != 0 ? fail(E_IO, "keeping a file: %s", strerror(errno)) : OK;
}

static enum err keep_document(struct mem *m, int fd, struct str name)
{
	const char *tmp = str_c(m, str_fmt(m, "%s/new-%.*s", folder, STR_ARG(id_token(m))));
	int to = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (to < 0) {
		return fail(E_IO, "%s: %s", folder, strerror(errno));
	}
	enum err err = copy_all(fd, to);
	close(to);
	err = err == OK ? move(m, tmp, name) : err;
	if (err != OK) {
		(void)unlink(tmp);
	}
	return err;
}

enum err media_store(struct mem *m, const struct upload *u, struct str *name, const char **why)
{
	unsigned char head[32] = {0};
	struct str hash;

	*why = NULL;
	*name = STR_NONE;
	if (!folder[0]) {
		return fail(E_BUG, "media_store before media_start");
	}
	if (u->size > LIMIT_MEDIA) {
		*why = N_("This file is too large: at most 25 MB can be sent.");
		return E_INVALID;
	}
	ssize_t n = pread(u->fd, head, sizeof(head), 0);
	if (n < 0 || lseek(u->fd, 0, SEEK_SET) != 0) {
		return fail(E_IO, "reading an upload: %s", strerror(errno));
	}
	TRY(crypt_sha256_fd(m, u->fd, &hash));
	hash = str_sub(hash, 0, 40);
	if (lseek(u->fd, 0, SEEK_SET) != 0) {
		return fail(E_IO, "reading an upload: %s", strerror(errno));
	}
	if (is_picture(head, (size_t)n)) {
		return keep_picture(m, u->fd, hash, name, why);
	}
	const struct kind *k = document_kind(head, (size_t)n, u->filename);
	if (!k) {
		*why = N_("Pictures (JPEG, PNG, WebP…), PDF, office documents and EPUB can be sent; this file is something else.");
		return E_INVALID;
	}
	*name = str_fmt(m, "%.*s%s", STR_ARG(hash), k->ext);
	return keep_document(m, u->fd, *name);
}

enum err media_store_form(struct req *rq, const char *input, struct str *name, struct str *reason)
{
	struct upload u;
	const char *why;

	*name = *reason = STR_NONE;
	if (!req_upload(rq, input, &u) || u.size == 0) {
		return OK;
	}
	enum err err = media_store(rq->mem, &u, name, &why);
	if (why) {
		*reason = tr(rq->i18n, why);
	}
	return err;
}

/* ---- serving --------------------------------------------------------------------------------------------------------- */

bool media_size(struct str name, int *width, int *height)
{
	int w, h;

	if (name.n < 46 || !name_ok(name) || sscanf(str_sub(name, 40, name.n).p, "-%5dx%5d", &w, &h) != 2) {
		return false;
	}
	*width = w;
	*height = h;
	return true;
}

struct url media_url(const struct req *rq, struct str name, int width)
{
	struct url_out u;
	ptrdiff_t slash = -1;

	for (size_t i = 0; i < name.n; i++) {
		slash = name.p[i] == '/' ? (ptrdiff_t)i : slash;
	}
	if (slash >= 0) {
		u = url_begin(rq->mem, S("/assets"));
		url_seg(&u, str_sub(name, (size_t)slash + 1, name.n));
		return url_end(&u);
	}
	u = url_begin(rq->mem, S("/media"));
	if (width > 0 && str_ends(name, S(".webp"))) {
		name = str_fmt(rq->mem, "%.*s-%d.webp", (int)(name.n - 5), name.p, width);
	}
	url_seg(&u, name);
	return url_end(&u);
}

struct str media_original(struct mem *m, struct str name)
{
	for (int i = 0; i < MEDIA_WIDTHS; i++) {
		struct str tail = str_fmt(m, "-%d.webp", media_widths[i]);
		if (name.n > 40 + tail.n && str_ends(name, tail)) {
			return str_fmt(m, "%.*s.webp", (int)(name.n - tail.n), name.p);
		}
	}
	return name;
}

enum err media_open(struct str name, int *fd, size_t *size)
{
	char path[1200];
	struct stat st;

	if (!name_ok(name)) {
		return E_NOTFOUND;
	}
	snprintf(path, sizeof(path), "%s/%.2s/%.*s", folder, name.p, STR_ARG(name));
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0) {
		return errno == ENOENT ? E_NOTFOUND : fail(E_IO, "media: %s", strerror(errno));
	}
	if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(*fd);
		return E_NOTFOUND;
	}
	*size = (size_t)st.st_size;
	return OK;
}

/* ---- removing what nothing names ------------------------------------------------------------------------------------- */

static enum err is_named(struct db *db, struct mem *m, struct str name, bool *yes)
{
	struct attachment_known_row r;
	struct setting_names_row s;
	enum err err = attachment_known(db, media_original(m, name), m, &r);

	*yes = err == OK;
	if (err == E_NOTFOUND) { /* the logo, pictures in pages */
		err = setting_names(db, str_fmt(m, "%%%.40s%%", name.p), m, &s);
		*yes = err == OK;
	}
	return err == E_NOTFOUND ? OK : err;
}

static enum err purge_folder(struct db *db, struct mem *m, const char *dir, int64_t before, size_t *removed)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	enum err err = OK;

	while (d && err == OK && (e = readdir(d)) != NULL) {
		struct mem_mark at = mem_mark(m);
		struct stat st;
		struct str name = str_of(e->d_name);
		bool unfinished = str_starts(name, S("new-")), named = false;
		bool old = (name_ok(name) || unfinished) && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			   S_ISREG(st.st_mode) && (int64_t)st.st_mtime * 1000 < before;
		if (old && !unfinished) {
			err = is_named(db, m, str_dup(m, name), &named);
		}
		if (old && err == OK && !named && unlinkat(dirfd(d), e->d_name, 0) == 0) {
			(*removed)++;
		}
		mem_rewind(m, at);
	}
	if (d) {
		closedir(d);
	}
	return err;
}

enum err media_purge(struct db *db, struct mem *m, int64_t now, size_t *removed)
{
	int64_t before = now - 2 * TIME_DAY;

	*removed = 0;
	TRY(purge_folder(db, m, folder, before, removed));
	for (int i = 0; i < 256; i++) {
		TRY(purge_folder(db, m, str_c(m, str_fmt(m, "%s/%02x", folder, (unsigned)i)), before, removed));
	}
	return OK;
}
