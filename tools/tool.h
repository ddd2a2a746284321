/*
 * What the build tools share: text that grows, reading a file whole, writing one only when it changed (so that ninja stops
 * there), and dying with file and line. The tools are small programs that run for milliseconds: they never free.
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))

struct text {
	char *p;
	size_t n, cap;
};

static inline void *need(void *p)
{
	if (!p) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	return p;
}

static inline void add_n(struct text *t, const char *p, size_t n)
{
	if (t->n + n + 1 > t->cap) {
		t->cap = (t->n + n + 1) * 2;
		t->p = need(realloc(t->p, t->cap));
	}
	if (n > 0) {
		memcpy(t->p + t->n, p, n);
	}
	t->n += n;
	t->p[t->n] = '\0';
}

static UNUSED void add(struct text *t, const char *p)
{
	add_n(t, p, strlen(p));
}

static UNUSED __attribute__((format(printf, 2, 3))) void addf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	char *p = NULL;

	va_start(ap, fmt);
	int n = vasprintf(&p, fmt, ap);
	va_end(ap);
	add_n(t, need(n < 0 ? NULL : p), (size_t)n);
	free(p);
}

static inline char *copy_n(const char *p, size_t n)
{
	char *c = need(malloc(n + 1));

	memcpy(c, p, n);
	c[n] = '\0';
	return c;
}

/* A C string literal of `n` bytes, quotes included, broken after each newline. */
static UNUSED void add_literal(struct text *t, const char *p, size_t n)
{
	add(t, "\"");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if (c == '\n') {
			add(t, i + 1 < n ? "\\n\"\n\t\"" : "\\n");
		} else if (c == '"' || c == '\\') {
			addf(t, "\\%c", c);
		} else if (c == '?' && i > 0 && p[i - 1] == '?') {
			add(t, "\\?");
		} else if (c < ' ' || c == 127) {
			addf(t, "\\%03o", c);
		} else {
			add_n(t, p + i, 1);
		}
	}
	add(t, "\"");
}

static UNUSED __attribute__((noreturn, format(printf, 3, 4))) void die_at(const char *file, int line, const char *fmt,
									  ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s:%d: error: ", file, line);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

static UNUSED struct text read_file(const char *path)
{
	struct text t = {0};
	char part[65536];
	FILE *f = fopen(path, "rb");

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	add_n(&t, "", 0);
	for (size_t n = fread(part, 1, sizeof(part), f); n > 0; n = fread(part, 1, sizeof(part), f)) {
		add_n(&t, part, n);
	}
	if (ferror(f)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	fclose(f);
	return t;
}

/* Writes `t` to `path` unless the file holds just that already. */
static UNUSED void write_file(const char *path, const struct text *t)
{
	FILE *f = fopen(path, "rb");

	if (f) {
		fclose(f);
		struct text old = read_file(path);
		bool same = old.n == t->n && memcmp(old.p, t->p ? t->p : "", t->n) == 0;
		free(old.p);
		if (same) {
			return;
		}
	}
	f = fopen(path, "wb");
	if (!f || (t->n > 0 && fwrite(t->p, 1, t->n, f) != t->n) || fclose(f) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
}

/* The last part of a path. */
static UNUSED const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

#endif
