/*
 * A build tool inside a fuzzer. Tools read files, never free and end the program when something is wrong; here their file is
 * the input, what they write goes nowhere, their memory is given back after each input, and their end is the end of the input.
 * Included before the tool's own source, whose main() becomes tool_main().
 */
#ifndef TESTS_FUZZ_TOOL_INSIDE_H
#define TESTS_FUZZ_TOOL_INSIDE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct tool_block {
	struct tool_block *next, *prev;
	size_t n;
	max_align_t at[];
};

static struct tool_block *tool_blocks;
static jmp_buf tool_end;
static struct str tool_input;
static FILE *tool_nowhere;
/* The files that are not the input, by the end of their names: read from the tree. */
static const char *tool_real = "";

static void *tool_alloc(size_t n)
{
	struct tool_block *b = malloc(sizeof(*b) + n);

	PROMISE(b);
	*b = (struct tool_block){.next = tool_blocks, .n = n};
	if (tool_blocks) {
		tool_blocks->prev = b;
	}
	tool_blocks = b;
	return b->at;
}

static struct tool_block *tool_block_of(void *p)
{
	return (struct tool_block *)(void *)((char *)p - offsetof(struct tool_block, at));
}

static void tool_free(void *p)
{
	if (!p) {
		return;
	}
	struct tool_block *b = tool_block_of(p);
	*(b->prev ? &b->prev->next : &tool_blocks) = b->next;
	if (b->next) {
		b->next->prev = b->prev;
	}
	free(b);
}

static inline void *tool_calloc(size_t n, size_t size)
{
	void *p = tool_alloc(n * size);

	return memset(p, 0, n * size);
}

static void *tool_realloc(void *old, size_t n)
{
	void *p = tool_alloc(n);

	if (old) {
		size_t had = tool_block_of(old)->n;
		memcpy(p, old, had < n ? had : n);
		tool_free(old);
	}
	return p;
}

static inline char *tool_strdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(tool_alloc(n), s, n);
}

static PRINTF(2, 0) int tool_vasprintf(char **to, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	PROMISE(n >= 0);
	*to = tool_alloc((size_t)n + 1);
	return vsnprintf(*to, (size_t)n + 1, fmt, ap);
}

static FILE *tool_fopen(const char *path, const char *mode)
{
	size_t n = strlen(path), end = strlen(tool_real);
	union {
		const char *in;
		void *out;
	} bytes = {.in = tool_input.p};

	if (end > 0 && n >= end && strcmp(path + n - end, tool_real) == 0) {
		return fopen(path, mode);
	}
	if (mode[0] == 'w' || tool_input.n == 0) {
		return fopen("/dev/null", mode);
	}
	return fmemopen(bytes.out, tool_input.n, "rb");
}

/* Runs `main_of` with the input as its file. */
static void tool_run(struct str in, int (*main_of)(int, char **), int argc, const char *const *argv)
{
	char *args[8];

	tool_input = in;
	tool_nowhere = tool_nowhere ? tool_nowhere : fopen("/dev/null", "w");
	PROMISE(tool_nowhere && argc < 8);
	for (int i = 0; i < argc; i++) {
		args[i] = tool_strdup(argv[i]);
	}
	args[argc] = NULL;
	if (setjmp(tool_end) == 0) {
		(void)main_of(argc, args);
	}
	while (tool_blocks) {
		tool_free(tool_blocks->at);
	}
}

int tool_main(int argc, char **argv);

#define malloc tool_alloc
#define calloc tool_calloc
#define realloc tool_realloc
#define strdup tool_strdup
#define vasprintf tool_vasprintf
#define free tool_free
#define fopen tool_fopen
#define exit(status) longjmp(tool_end, 1 + (status))
#define main tool_main
#undef stderr
#define stderr tool_nowhere
#undef stdout
#define stdout tool_nowhere

#endif
