/*
 * lint: the house rules that no compiler knows. What it says is file:line: error: rule.
 *
 *   lint EXCEPTIONS FILE…      EXCEPTIONS: lines "path rule reason", or "path:function long reason"
 *
 * Rules: todo, place (paths of one machine), banned (functions that base/ replaces), long (files over 600 lines, functions over 60), wide (lines
 * over 160 columns, but for rows of tables), sql (SQL outside of .sql files), html (struct html or url made outside of their makers), generic
 * (_Generic outside of base/ and html/out.h), goto (to anything but out), comment (an exported function without one), space
 * (white space at the end of a line).
 */
#include "tool.h"

enum { FILE_LINES = 600, FUNCTION_LINES = 60, COLUMNS = 160 };

static struct text exceptions;
static int bad;

/* A rule and the files, by the beginning of their path, where it does not hold. */
struct banned {
	const char *word, *rule, *except[8];
};

static const struct banned banned[] = {
	{"malloc",         "banned",  {"src/base/mem.c", "src/db/", "src/http/", "src/html/", "src/crypt/"}},
	{"calloc",         "banned",  {"src/base/mem.c", "src/db/", "src/http/", "src/html/", "src/crypt/"}},
	{"realloc",        "banned",  {"src/base/mem.c", "src/db/", "src/http/", "src/html/", "src/crypt/"}},
	{"free",           "banned",  {"src/base/mem.c", "src/db/", "src/http/", "src/html/", "src/crypt/"}},
	{"strdup",         "banned",  {NULL}							       },
	{"strndup",        "banned",  {NULL}							       },
	{"asprintf",       "banned",  {NULL}							       },
	{"alloca",         "banned",  {NULL}							       },
	{"setjmp",         "banned",  {NULL}							       },
	{"longjmp",        "banned",  {NULL}							       },
	{"atoi",           "banned",  {NULL}							       },
	{"atol",           "banned",  {NULL}							       },
	{"atof",           "banned",  {NULL}							       },
	{"strtod",         "banned",  {"src/base/"}							},
	{"rand",           "banned",  {NULL}							       },
	{"random",         "banned",  {NULL}							       },
	{"system",         "banned",  {NULL}							       },
	{"gets",           "banned",  {NULL}							       },
	{"_Generic",       "generic", {"src/base/", "src/html/out.h", "src/db/"}                           },
	{"(struct html){", "html",    {"src/html/"}							},
	{"(struct url){",  "html",    {"src/html/", "src/base/", "src/web/"}                               },
};

static bool excepted(const char *path, const char *function, const char *rule)
{
	struct text want = {0};

	addf(&want, "%s%s%s %s ", path, function ? ":" : "", function ? function : "", rule);
	for (const char *p = exceptions.p; *p;) {
		size_t n = strcspn(p, "\n");
		if (strncmp(p, want.p, want.n) == 0 && n > want.n) {
			return true;
		}
		p += n + (p[n] == '\n');
	}
	return false;
}

static __attribute__((format(printf, 4, 5))) void say(const char *path, int line, const char *rule, const char *fmt,
						      ...)
{
	va_list ap;

	if (excepted(path, NULL, rule)) {
		return;
	}
	va_start(ap, fmt);
	fprintf(stderr, "%s:%d: error: %s: ", path, line, rule);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	bad++;
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The text with comments and the insides of strings blanked, so that words found are code. */
static char *code_only(const struct text *t)
{
	char *c = copy_n(t->p, t->n);

	for (char *p = c; *p;) {
		if (p[0] == '/' && p[1] == '*') {
			for (; *p && !(p[0] == '*' && p[1] == '/'); p++) {
				*p = *p == '\n' ? '\n' : ' ';
			}
			if (*p) {
				p[0] = p[1] = ' ';
			}
		} else if (*p == '"' || *p == '\'') {
			char q = *p++;
			while (*p && *p != q && *p != '\n') {
				if (*p == '\\' && p[1] && p[1] != '\n') {
					*p++ = ' ';
				}
				*p++ = ' ';
			}
			p += *p != '\0';
		} else {
			p++;
		}
	}
	return c;
}

static void check_banned(const char *path, const char *line, int n)
{
	for (size_t i = 0; i < sizeof(banned) / sizeof(banned[0]); i++) {
		const struct banned *b = &banned[i];
		size_t len = strlen(b->word);
		bool here = true;
		for (size_t k = 0; k < 8 && b->except[k]; k++) {
			here = here && strncmp(path, b->except[k], strlen(b->except[k])) != 0;
		}
		for (const char *p = here ? strstr(line, b->word) : NULL; p; p = strstr(p + 1, b->word)) {
			bool whole =
				!word_char(b->word[0]) ||
				((p == line || (!word_char(p[-1]) && p[-1] != '.' && p[-1] != '>')) && p[len] == '(');
			if (whole) {
				say(path, n, b->rule, "%s", b->word);
			}
		}
	}
	const char *g = strstr(line, "goto ");
	if (g && (g == line || !word_char(g[-1])) && strncmp(g + 5, "out;", 4) != 0) {
		say(path, n, "goto", "only to out");
	}
}

/* Statements in strings. */
static void check_sql(const char *path, const char *line, int n)
{
	static const char *const begins[] = {
		"\"SELECT ", "\"INSERT INTO", "\"DELETE FROM", "\"CREATE TABLE", "\"UPDATE ", "\"WITH ", NULL};

	if (strncmp(path, "src/db/", 7) == 0 || strncmp(path, "src/entity/list", 15) == 0) {
		return;
	}
	for (const char *const *b = begins; *b; b++) {
		if (strstr(line, *b)) {
			say(path, n, "sql", "SQL belongs in a .sql file");
		}
	}
}

/* Everything that holds for any file. The marks are written in two halves, so that this file passes. */
static void check_line(const char *path, const char *line, size_t len, int n)
{
	static const char *const marks[] = {"TO"
					    "DO",
					    "FIX"
					    "ME",
					    "XX"
					    "X",
					    "not "
					    "implemented",
					    NULL};
	int columns = 0;

	for (const char *const *m = marks; *m; m++) {
		const char *p = strstr(line, *m);
		if (p && (p == line || !word_char(p[-1])) && !word_char(p[strlen(*m)])) {
			say(path, n, "todo", "%s", *m);
		}
	}
	if (strstr(line, "/home"
			 "/")) {
		say(path, n, "place", "a path of one machine");
	}
	if (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t')) {
		say(path, n, "space", "white space at the end");
	}
	for (size_t i = 0; i < len; i++) {
		columns += line[i] == '\t' ? 8 - columns % 8 : ((unsigned char)line[i] & 0xC0) != 0x80;
	}
	size_t ext = strlen(path);
	bool row = strchr("{.", line[strspn(line, "\t ")]) != NULL;
	if (columns > COLUMNS && !row && (path[ext - 1] == 'c' || path[ext - 1] == 'h') && path[ext - 2] == '.') {
		say(path, n, "wide", "%d columns", columns);
	}
}

/* The name before the first '(' of a definition that begins at `p`. */
static char *function_name(const char *p)
{
	const char *paren = strchr(p, '('), *e = paren;

	while (paren && e > p && !word_char(e[-1])) {
		e--;
	}
	const char *b = e;
	while (paren && b > p && word_char(b[-1])) {
		b--;
	}
	return copy_n(b ? b : p, b ? (size_t)(e - b) : 0);
}

struct shape {
	int line, start; /* of the function */
	char *name;
	bool commented; /* the paragraph has a comment */
};

static void check_function(const char *path, const char *code, struct shape *s)
{
	if (code[0] == '{' && s->name) {
		s->start = s->line;
	} else if (code[0] == '}' && s->start) {
		int lines = s->line - s->start - 1;
		if (lines > FUNCTION_LINES && !excepted(path, s->name, "long")) {
			say(path, s->start, "long", "%s has %d lines", s->name, lines);
		}
		s->start = 0;
		s->name = NULL;
	} else if (!s->start && isalpha((unsigned char)code[0]) && strchr(code, '(') && !strchr(code, ';') &&
		   !strchr(code, '=')) {
		s->name = function_name(code);
	}
}

/* A prototype in a header has a comment in its paragraph. */
static void check_prototype(const char *path, const char *line, const char *code, size_t len, struct shape *s)
{
	bool begins = isalpha((unsigned char)code[0]) && strchr(code, '(') != NULL;

	if (strspn(line, " \t") == len) {
		s->commented = false;
	} else if (strstr(line, "/*") || strstr(line, "*/") || code[0] == '#') {
		s->commented = true;
	} else if (begins && !s->commented && strncmp(code, "static", 6) != 0 && strncmp(code, "typedef", 7) != 0 &&
		   strncmp(code, "extern", 6) != 0) {
		say(path, s->line, "comment", "%s has none", function_name(code));
		s->commented = true;
	}
}

static void check_file(const char *path)
{
	struct text t = read_file(path);
	size_t ext = strlen(path);
	bool c = ext > 2 && path[ext - 2] == '.' && (path[ext - 1] == 'c' || path[ext - 1] == 'h');
	bool header = c && path[ext - 1] == 'h', source = strncmp(path, "src/", 4) == 0;
	char *code = c ? code_only(&t) : t.p;
	struct shape s = {.line = 0};

	for (size_t at = 0; at < t.n;) {
		size_t len = strcspn(t.p + at, "\n");
		char *line = copy_n(t.p + at, len), *bare = copy_n(code + at, len);
		s.line++;
		check_line(path, line, len, s.line);
		if (c && source) {
			check_banned(path, bare, s.line);
			check_sql(path, line, s.line);
		}
		if (c && !header) {
			check_function(path, bare, &s);
		}
		if (header && source) {
			check_prototype(path, line, bare, len, &s);
		}
		free(line);
		free(bare);
		at += len + (at + len < t.n);
	}
	if (c && source && s.line > FILE_LINES) {
		say(path, s.line, "long", "%d lines", s.line);
	}
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: lint EXCEPTIONS FILE…\n", stderr);
		return 2;
	}
	exceptions = read_file(argv[1]);
	for (int i = 2; i < argc; i++) {
		check_file(argv[i]);
	}
	return bad > 0;
}
