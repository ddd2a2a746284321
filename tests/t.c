/*
 * The runner: finds the tests, runs those that the filter names, counts, and says why what failed did.
 */
#include "t.h"

#include <ftw.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/rand.h"
#include "base/time.h"
#include "t_db.h"

#define MOST_SAID 20 /* failed checks shown of one test */

static struct t_suite *suites;
static const char *filter = "";
static bool verbose;
static bool engines[] = {[T_NONE] = true, [T_SQLITE] = true, [T_PG] = true};
static int passed, failed, skipped;
static char tmp_dir[64];
static char running[300];
static struct mem *log_mem;
static struct buf log_text;

void t_register(struct t_suite *s)
{
	struct t_suite **at = &suites;

	while (*at != NULL && strcmp((*at)->name, s->name) < 0) {
		at = &(*at)->next;
	}
	s->next = *at;
	*at = s;
}

static void to_log(void *ctx, enum log_level level, const char *line)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};

	(void)ctx;
	buf_fmt(&log_text, "    log %s: %s\n", names[level], line);
}

bool t_logged(struct t *t, const char *text)
{
	(void)t;
	return str_find(buf_str(&log_text), str_of(text)) >= 0;
}

bool t_fail(struct t *t, struct t_at at, const char *fmt, ...)
{
	va_list ap;

	t->failed++;
	if (t->failed > MOST_SAID) {
		return false;
	}
	if (t->failed == 1) {
		printf("FAIL %s\n", running);
	}
	printf("  %s:%d: %s: ", at.file, at.line, at.text);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	return false;
}

bool t_true(struct t *t, struct t_at at, bool holds)
{
	return holds || t_fail(t, at, "does not hold");
}

bool t_eq_int(struct t *t, struct t_at at, int64_t a, int64_t b)
{
	return a == b || t_fail(t, at, "%lld is not %lld", (long long)a, (long long)b);
}

bool t_eq_double(struct t *t, struct t_at at, double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0 || a == b || t_fail(t, at, "%.17g is not %.17g", a, b);
}

static struct str shown(struct t *t, struct str s)
{
	struct buf b = buf_make(t->mem, KIB(8));

	if (s.p == NULL) {
		return S("(no value)");
	}
	buf_put_c(&b, '"');
	for (size_t i = 0; i < s.n && i < 1000; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f) {
			buf_fmt(&b, "\\x%02x", c);
		} else {
			buf_put_c(&b, s.p[i]);
		}
	}
	buf_put_c(&b, '"');
	if (s.n > 1000) {
		buf_fmt(&b, "... (%zu bytes)", s.n);
	}
	return buf_str(&b);
}

bool t_eq_str(struct t *t, struct t_at at, struct str a, struct str b)
{
	if (str_eq(a, b)) {
		return true;
	}
	a = shown(t, a);
	b = shown(t, b);
	return t_fail(t, at, "%.*s\n    is not %.*s", STR_ARG(a), STR_ARG(b));
}

bool t_eq_err(struct t *t, struct t_at at, enum err want, enum err got)
{
	return want == got || t_fail(t, at, "%s, expected %s", err_name(got), err_name(want));
}

const char *t_tmp(struct t *t, const char *name)
{
	static int count;

	if (tmp_dir[0] == '\0') {
		snprintf(tmp_dir, sizeof(tmp_dir), "/tmp/maillage-test-XXXXXX");
		if (mkdtemp(tmp_dir) == NULL) {
			perror("mkdtemp");
			exit(2);
		}
	}
	return str_c(t->mem, str_fmt(t->mem, "%s/%d-%s", tmp_dir, ++count, name));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

const char *t_shared(struct t *t, const char *path)
{
	const char *whole = str_c(t->mem, str_fmt(t->mem, "../shared/data/%s", path));

	return access(whole, R_OK) == 0 ? whole : NULL;
}

struct str t_read(struct t *t, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = buf_make(t->mem, MIB(512));
	size_t n = 1;

	if (f == NULL) {
		t_fail(t, T_AT(path), "cannot be read");
		return S("");
	}
	while (n > 0) {
		char *to = buf_room(&b, KIB(64));

		n = to == NULL ? 0 : fread(to, 1, KIB(64), f);
		buf_took(&b, n);
	}
	fclose(f);
	return buf_str(&b);
}

static void run(const struct t_suite *s, const struct t_case *c, enum t_engine engine)
{
	static const char *const names[] = {"", " (sqlite)", " (pg)"};
	struct t t = {.engine = engine};

	snprintf(running, sizeof(running), "%s: %s%s", s->name, c->name, names[engine]);
	if (strstr(running, filter) == NULL) {
		return;
	}
	t.mem = mem_open();
	buf_reset(&log_text);
	time_set(T_NOW);
	rand_seed(1);
	if ((c->flags & T_DB) == 0) {
		c->fn(&t);
	} else {
		if (t_db_open(&t) && ((c->flags & T_SCHEMA) == 0 || t_db_migrate(&t))) {
			c->fn(&t);
		}
		t_db_close(&t);
	}
	if (t.failed > 0) {
		failed++;
		if (log_text.n > 0) {
			printf("%.*s", (int)log_text.n, log_text.p);
		}
	} else if (t.skipped != NULL) {
		skipped++;
		printf("skip %s: %s\n", running, t.skipped);
	} else {
		passed++;
		if (verbose) {
			printf("pass %s\n", running);
		}
	}
	mem_close(t.mem);
}

/* A crash names the test it happened in; the default action then does its work. */
static void crashed(int sig)
{
	static const char text[] = "CRASH in ";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0 ||
	    write(STDERR_FILENO, running, strlen(running)) < 0 || write(STDERR_FILENO, "\n", 1) < 0) {
		_exit(3);
	}
	raise(sig);
}

static void on_crashes(void)
{
	static const int sigs[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM};

	for (size_t i = 0; i < COUNT(sigs); i++) {
		struct sigaction sa = {.sa_handler = crashed, .sa_flags = (int)SA_RESETHAND};

		sigaction(sigs[i], &sa, NULL);
	}
}

static int usage(void)
{
	fputs("tests [--filter TEXT] [--db sqlite|pg] [--verbose]\n", stderr);
	return 64;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"db", required_argument, NULL, 'd'},
		{"filter", required_argument, NULL, 'f'},
		{"verbose", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (o) {
		case 'd':
			/* only the data tests, only on this engine */
			engines[T_NONE] = false;
			engines[T_SQLITE] = strcmp(optarg, "sqlite") == 0;
			engines[T_PG] = strcmp(optarg, "pg") == 0;
			break;
		case 'f': filter = optarg; break;
		case 'v': verbose = true; break;
		default: return usage();
		}
	}
	if (access("tests/t.h", R_OK) != 0) {
		fputs("tests: run from the root of the tree\n", stderr);
		return 64;
	}
	on_crashes();
	setvbuf(stdout, NULL, _IOLBF, 0);
	log_mem = mem_open();
	log_text = buf_make(log_mem, MIB(1));
	log_set_sink(to_log, NULL);
	log_set_level(LEVEL_DEBUG);
	for (const struct t_suite *s = suites; s != NULL; s = s->next) {
		for (size_t i = 0; i < s->n_cases; i++) {
			const struct t_case *c = &s->cases[i];
			bool data = (c->flags & T_DB) != 0;

			for (enum t_engine e = T_NONE; e <= T_PG; e++) {
				if (engines[e] && data == (e != T_NONE)) {
					run(s, c, e);
				}
			}
		}
	}
	t_db_stop();
	if (tmp_dir[0] != '\0') {
		nftw(tmp_dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	mem_close(log_mem);
	printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
	return failed > 0;
}
