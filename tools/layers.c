/*
 * layers: who may include whom (doc/architecture.md). Reads the includes of src/, and of the templates, and refuses those that
 * go upwards, from one room to another, or that reach a foreign library past its wrapper.
 *
 *   layers SRC
 */
#include "tool.h"

#include <ftw.h>
#include <limits.h>

/* clang-format off */
static const struct {
	const char *dir;
	int level;
} layers[] = {
	{"base",   0},
	{"cal",    1},
	{"db",     1},
	{"http",   1},
	{"html",   1},
	{"crypt",  1},
	{"paper",  1},
	{"web",    2},
	{"job",    2},
	{"entity", 2},
	{"core",   3},
	{"mod",    4},
	{"cmd",    5},
};

/* What a folder may include beside lower layers and itself. */
static const struct {
	const char *from, *to;
} also[] = {
	{"entity", "web"},
	{"job",    "web"}, /* a job knows the site's settings and addresses */
	/* Rooms that stand on the agenda: its event.h tells them all they may know. */
	{"mod/registration", "mod/agenda"},
	{"mod/programme",    "mod/agenda"},
	{"mod/meeting",      "mod/agenda"},
	{"mod/print",        "mod/agenda"},
	{"mod/exchange",     "mod/agenda"},
	{"mod/paper",        "mod/agenda"},
};

/* Foreign headers and the files, or folders, that wrap them. A header may have several lines. */
static const struct {
	const char *header, *where;
} wrapped[] = {
	{"microhttpd.h", "http/"          },
	{"gnutls/",      "http/"          },
	{"curl/",        "http/"          },
	{"sqlite3.h",    "db/sqlite"      },
	{"libpq-fe.h",   "db/pg"          },
	{"sodium.h",     "crypt/"         },
	{"openssl/",     "crypt/"         },
	{"utf8proc.h",   "base/"          },
	{"cmark-gfm",    "html/markdown.c"},
	{"cairo",        "paper/"         },
	{"pango/",       "paper/"         },
};

/* clang-format on */
static const char *src;
static char *files[5000];
static int files_n, breaches;

static const char *inside(const char *path)
{
	return path + strlen(src) + 1;
}

/* "mod/agenda" of mod/agenda/x.c, "web" of web/x.c, "" of main.c. */
static char *folder(const char *rel)
{
	const char *slash = strchr(rel, '/');

	if (!slash) { /* banned.h belongs to everything, main.c and modules.c stand above it */
		return strcmp(rel, "banned.h") == 0 ? copy_n("base", 4) : copy_n("", 0);
	}
	if (strncmp(rel, "mod/", 4) == 0) {
		const char *second = strchr(slash + 1, '/');
		slash = second ? second : slash;
	}
	return copy_n(rel, (size_t)(slash - rel));
}

static int level(const char *dir)
{
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
		size_t n = strlen(layers[i].dir);
		if (strncmp(dir, layers[i].dir, n) == 0 && (dir[n] == '\0' || dir[n] == '/')) {
			return layers[i].level;
		}
	}
	return dir[0] ? -1 : 5;
}

static bool allowed(const char *from, const char *to)
{
	if (strcmp(from, to) == 0 || level(to) < level(from) || (level(from) == 5 && level(to) == 5)) {
		return true;
	}
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++) {
		if (strcmp(from, also[i].from) == 0 && strcmp(to, also[i].to) == 0) {
			return true;
		}
	}
	return false;
}

static void breach(const char *path, int line, const char *fmt, const char *a, const char *b)
{
	fprintf(stderr, "%s:%d: error: ", path, line);
	fprintf(stderr, fmt, a, b);
	fputc('\n', stderr);
	breaches++;
}

/* The file of src/ that an include names, or that the named header is made from; NULL when it is none of ours. */
static const char *resolve(const char *path, const char *name)
{
	char want[PATH_MAX], real[PATH_MAX];
	const char *slash = strrchr(path, '/');

	snprintf(want, sizeof(want), "%.*s/%s", (int)(slash - path), path, name);
	if (realpath(want, real)) {
		char root[PATH_MAX];
		size_t n = realpath(src, root) ? strlen(root) : 0;
		return strncmp(real, root, n) == 0 && real[n] == '/' ? copy_n(real + n + 1, strlen(real + n + 1))
								     : NULL;
	}
	for (int i = 0; i < files_n; i++) {
		const char *rel = inside(files[i]);
		char *dir = folder(rel);
		struct text made = {0};
		addf(&made, "%s_%s.h", base_name(dir), base_name(rel));
		bool html = strstr(rel, ".html") && strcmp(made.p, name) == 0;
		made.n = 0;
		addf(&made, "%s.h", base_name(rel));
		if (strcmp(rel, name) == 0 || html || (strstr(rel, ".sql") && strcmp(made.p, name) == 0)) {
			return rel;
		}
	}
	return NULL;
}

static void check_include(const char *path, int line, const char *name, bool quoted)
{
	const char *rel = inside(path);

	if (quoted) {
		const char *to = resolve(path, name);
		if (to) {
			char *a = folder(rel), *b = folder(to);
			if (level(b) >= 0 && !allowed(a, b)) {
				breach(path, line, "%s may not include %s", a, to);
			}
		}
		return;
	}
	bool known = false, ok = false;
	for (size_t i = 0; i < sizeof(wrapped) / sizeof(wrapped[0]); i++) {
		if (strncmp(name, wrapped[i].header, strlen(wrapped[i].header)) == 0) {
			known = true;
			ok = ok || strncmp(rel, wrapped[i].where, strlen(wrapped[i].where)) == 0;
		}
	}
	if (known && !ok) {
		breach(path, line, "<%s> is wrapped elsewhere (tools/layers.c)%s", name, "");
	}
}

static void check_file(const char *path)
{
	struct text t = read_file(path);
	int line = 1;

	for (char *p = t.p; *p; line++) {
		size_t n = strcspn(p, "\n");
		char *end = p + n, *q = p + strspn(p, " \t{#");
		bool directive = *p == '#' || strncmp(p, "{{", 2) == 0;
		if (directive && strncmp(q, "include", 7) == 0) {
			q += 7 + strspn(q + 7, " \t");
			size_t len = q < end ? strcspn(q + 1, "\">\n") : 0;
			if (*q == '"' || *q == '<') {
				check_include(path, line, copy_n(q + 1, len), *q == '"');
			}
		}
		p = *end ? end + 1 : end;
	}
}

static bool ends(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n > e && strcmp(s + n - e, end) == 0;
}

static int found(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F && (ends(path, ".c") || ends(path, ".h") || ends(path, ".html") || ends(path, ".sql"))) {
		if (files_n == sizeof(files) / sizeof(files[0])) {
			return 1;
		}
		files[files_n++] = copy_n(path, strlen(path));
	}
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: layers SRC\n", stderr);
		return 2;
	}
	src = argv[1];
	if (nftw(src, found, 16, FTW_PHYS) != 0) {
		fprintf(stderr, "%s: cannot be read, or too many files\n", src);
		return 2;
	}
	qsort(files, (size_t)files_n, sizeof(*files), by_path);
	for (int i = 0; i < files_n; i++) {
		char *dir = folder(inside(files[i]));
		if (level(dir) < 0) {
			breach(files[i], 1, "%s is no folder of the architecture%s", dir, "");
		}
		if (!ends(files[i], ".sql")) {
			check_file(files[i]);
		}
	}
	return breaches > 0;
}
