/*
 * tmplc: a page template in, C out. It follows the HTML of the literal text with a small state machine, so that at each
 * {{ hole }} it knows what may stand there and picks the macro of html/out.h, whose _Generic then checks the type. Places
 * where no value is safe, and blocks whose branches end in different places, are errors with file and line.
 *
 *   tmplc FILE.html OUT.c OUT.h [NAME.h]     NAME.h is how OUT.c includes OUT.h; by default the last part of OUT.h
 *   tmplc --words FILE.html                  writes nothing; reports words that stand in the page untranslated
 *
 * {{ include "x.h" }}  {{ define f(struct out *o, …) }}…{{ end }}  {{ define static f(…) }}
 * {{ if c }} {{ else if c }} {{ else }} {{ end }}   {{ for a; b; c }}…{{ end }}   {{ let type name = value }}
 * {{ render f(o, …) }}   {{ value }}   {{ # remark }}
 * {{ t "Text {x}", x = value }}  {{ tc "context", "Text" }}  {{ tn "one {n}", "many {n}", count }}  {{ tv constant }}
 */
#include "tmplc.h"

struct tmplc t = {.line = 1};

static const char *const inline_tags[] = {"b", "strong", "em", "i", "code", "small", "abbr", "time", "bdi", "q", NULL};

/* ---- Writing C ------------------------------------------------------------------------------------------------- */

static void flush(void)
{
	for (size_t at = 0; at < t.lit.n;) {
		size_t n = t.lit.n - at;
		if (n > 1200) {
			for (n = 1200; ((unsigned char)t.lit.p[at + n] & 0xC0) == 0x80; n--) {
			}
		}
		add(&t.c, "\tOUT_LIT(o, ");
		add_literal(&t.c, t.lit.p + at, n);
		add(&t.c, ");\n");
		at += n;
	}
	t.lit.n = 0;
}

static void mark_line(int line)
{
	addf(&t.c, "#line %d \"%s\"\n", line, t.path);
}

/* ---- Directives ------------------------------------------------------------------------------------------------ */

/* Skips a C string or character constant that begins at `p`. */
static const char *skip_quoted(const char *p)
{
	char q = *p++;

	for (; *p && *p != q; p++) {
		if (*p == '\\' && p[1]) {
			p++;
		}
		if (*p == '\n') {
			DIE("a string that does not end on its line");
		}
	}
	if (!*p) {
		DIE("a string that does not end");
	}
	return p + 1;
}

/* The next `sep` of `p` outside of strings and brackets, or the end. Dies on brackets that do not match. */
static const char *find_top(const char *p, char sep)
{
	char open[64];
	int depth = 0;

	while (*p && !(depth == 0 && *p == sep)) {
		if (*p == '"' || *p == '\'') {
			p = skip_quoted(p);
			continue;
		}
		if (*p == '(' || *p == '[' || *p == '{') {
			if (depth == 64) {
				DIE("too many brackets");
			}
			open[depth++] = *p == '(' ? ')' : *p == '[' ? ']' : '}';
		} else if (strchr(")]}", *p) && (depth == 0 || open[--depth] != *p)) {
			DIE("brackets do not match");
		}
		p++;
	}
	if (depth != 0) {
		DIE("brackets do not match");
	}
	return p;
}

static char *trimmed(const char *p, const char *end)
{
	while (p < end && space(*p)) {
		p++;
	}
	while (end > p && space(end[-1])) {
		end--;
	}
	char *c = copy_n(p, (size_t)(end - p));
	for (char *q = c; *q; q++) {
		*q = space(*q) ? ' ' : *q;
	}
	return c;
}

/* A C expression: not empty, one only. */
static const char *expression(const char *e)
{
	if (!*e) {
		DIE("an expression is missing");
	}
	if (*find_top(e, ';') || strstr(e, "//") == e || strstr(e, "/*") == e) {
		DIE("not one expression: %s", e);
	}
	return e;
}

/* The macro for a value here, or an error that says why none may stand. */
static const char *hole_macro(void)
{
	const struct state *s = &t.s;

	if (s->where == TEXT) {
		if (strcmp(s->inner, "script") == 0) {
			if (!s->json) {
				DIE("a value may not stand inside <script>; use data- attributes or application/json");
			}
			return "PUT_JSON";
		}
		return s->inner[0] ? "PUT_ATTR" : "PUT_TEXT";
	}
	if (s->where != VALUE) {
		DIE("a value may not stand %s", where_name(s));
	}
	if (s->attr == FORBIDDEN || (strcmp(s->elem, "script") == 0 && strcmp(s->name, "type") == 0)) {
		DIE("a value may not stand %s", where_name(s));
	}
	if (s->attr == PLAIN) {
		return "PUT_ATTR";
	}
	switch (s->url) {
	case URL_START:
		return "PUT_URL";
	case URL_REST:
		return "PUT_QUERY";
	case URL_VALUE:
		DIE("after a value, an address needs / ? # or & before the next one");
	case URL_PREFIX:
		break;
	}
	/* Not even after "/" alone: an empty value and a further slash would make it another host. */
	DIE("the address is not settled before this value: \"%s\"; use a struct url for the whole of it", s->value);
}

static void after_hole(void)
{
	if (t.s.where == VALUE && t.s.attr != PLAIN && t.s.url == URL_START) {
		t.s.url = URL_VALUE;
	}
	t.edge = false;
}

static void need_define(void)
{
	if (t.depth == 0) {
		DIE("only {{ include }} and {{ define }} stand outside of a define");
	}
}

static void put_value(const char *e, int line)
{
	const char *macro = hole_macro();

	flush();
	mark_line(line);
	addf(&t.c, "\t%s(o, %s);\n", macro, expression(e));
	after_hole();
}

/* ---- Sentences ------------------------------------------------------------------------------------------------- */

struct args {
	char *v[16];
	bool used[16];
	int n;
};

static struct args split(const char *p)
{
	struct args a = {.n = 0};

	for (;;) {
		const char *end = find_top(p, ',');
		if (a.n == 16) {
			DIE("too many arguments");
		}
		a.v[a.n++] = trimmed(p, end);
		if (!*end) {
			return a;
		}
		p = end + 1;
	}
}

/* Only string literals, side by side. */
static const char *sentence(const struct args *a, int i)
{
	if (i >= a->n || a->v[i][0] != '"') {
		DIE("a sentence in quotes is missing");
	}
	for (const char *p = a->v[i]; *p;) {
		if (*p == '"') {
			p = skip_quoted(p);
		} else if (!space(*p++)) {
			DIE("a sentence is only text in quotes: %s", a->v[i]);
		}
	}
	if (strcmp(a->v[i], "\"\"") == 0) {
		DIE("an empty sentence");
	}
	return a->v[i];
}

/* The value of `name = value` among the arguments from `from`, or NULL. */
static const char *named(struct args *a, int from, const char *name)
{
	size_t n = strlen(name);

	for (int i = from; i < a->n; i++) {
		const char *p = a->v[i] + n;
		if (strncmp(a->v[i], name, n) != 0) {
			continue;
		}
		for (; space(*p); p++) {
		}
		if (*p == '=' && p[1] != '=') {
			a->used[i] = true;
			for (p++; space(*p); p++) {
			}
			return expression(p);
		}
	}
	return NULL;
}

static void one_piece(struct text *out, struct args *a, int from, const char *name, bool paired, int *count)
{
	const char *v = named(a, from, name);
	const char *macro = hole_macro();
	bool markup = strcmp(macro, "PUT_TEXT") == 0;

	if (paired && !markup) {
		DIE("{%s}: no markup here", name);
	}
	if (!v && !(paired && is_one(name, inline_tags))) {
		DIE("{%s} has no value", name);
	}
	addf(out, "%s", *count > 0 ? ", " : "");
	if (!v) {
		addf(out, "piece_tag(\"%s\")", name);
	} else {
		addf(out, "%s(\"%s\", %s)", paired ? "PIECE_LINK" : markup ? "PIECE" : "PIECE_ATTR", name, v);
	}
	(*count)++;
}

/* The array of pieces that the sentence names, and how many. `n` is given by itself in plurals. */
static int pieces(struct text *out, struct args *a, int from, const char *msg, bool plural, int count)
{
	for (const char *p = strchr(msg, '{'); p; p = strchr(p + 1, '{')) {
		char name[32], paired[40], seen[40];
		size_t n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
		if (p[1] == '/') {
			continue;
		}
		if (n == 0 || n >= sizeof(name) || p[n + 1] != '}') {
			DIE("{ in a sentence begins the name of a piece: %s", p);
		}
		snprintf(name, sizeof(name), "%.*s", (int)n, p + 1);
		snprintf(paired, sizeof(paired), "{/%s}", name);
		snprintf(seen, sizeof(seen), "(\"%s\"", name);
		if ((plural && strcmp(name, "n") == 0) || (out->n > 0 && strstr(out->p, seen))) {
			continue;
		}
		one_piece(out, a, from, name, strstr(msg, paired) != NULL, &count);
	}
	return count;
}

/* {{ t }}, {{ tc }} and {{ tn }}. */
static void put_sentence(const char *kind, const char *rest, int line)
{
	struct args a = split(rest);
	struct text p = {0};
	bool plural = kind[1] == 'n', context = kind[1] == 'c';
	int from = plural ? 3 : context ? 2 : 1;
	const char *macro = hole_macro();

	if (strcmp(macro, "PUT_TEXT") != 0 && strcmp(macro, "PUT_ATTR") != 0) {
		DIE("a sentence may not stand %s", where_name(&t.s));
	}
	if (a.n < from) {
		DIE("{{ %s }}: arguments are missing", kind);
	}
	const char *first = sentence(&a, 0), *second = plural || context ? sentence(&a, 1) : NULL;
	int n = pieces(&p, &a, from, context ? second : first, plural, 0);
	if (plural) {
		n = pieces(&p, &a, from, second, true, n);
	}
	for (int i = from; i < a.n; i++) {
		if (!a.used[i]) {
			DIE("the sentence has no place for %s", a.v[i]);
		}
	}
	flush();
	mark_line(line);
	addf(&t.c, "\tT%s_(o, %s", plural ? "N" : context ? "C" : "", first);
	if (second) {
		addf(&t.c, ", %s", second);
	}
	if (plural) {
		addf(&t.c, ", %s", expression(a.v[2]));
	}
	if (n > 0) {
		addf(&t.c, ", ((const struct out_piece[]){%s}), %d);\n", p.p, n);
	} else {
		add(&t.c, ", NULL, 0);\n");
	}
	after_hole();
}

/* ---- Blocks ---------------------------------------------------------------------------------------------------- */

static void push(enum block kind, int line)
{
	if (t.depth == 32) {
		DIE("too many blocks in each other");
	}
	t.stack[t.depth++] =
		(struct frame){.kind = kind, .line = line, .start = t.s, .edge_start = t.edge, .edge_all = true};
}

static void define(const char *rest, int line)
{
	bool local = strncmp(rest, "static ", 7) == 0;
	const char *sig = local ? rest + 7 : rest, *paren = strchr(sig, '(');

	if (t.depth > 0) {
		DIE("a define inside the define of line %d", t.stack[0].line);
	}
	if (!paren || strncmp(paren, "(struct out *o", 14) != 0 || !strchr(",)", paren[14]) ||
	    sig[strlen(sig) - 1] != ')' || *find_top(sig, ';')) {
		DIE("a define is name(struct out *o, …)");
	}
	addf(local ? &t.protos : &t.h, "#line %d \"%s\"\n%svoid %s;\n", line, t.path, local ? "static " : "", sig);
	add(&t.c, "\n");
	mark_line(line);
	addf(&t.c, "%svoid %s\n{\n", local ? "static " : "", sig);
	t.s = (struct state){.where = TEXT};
	t.edge = true;
	push(B_DEFINE, line);
}

static void branch(struct frame *f)
{
	if (f->has_branch) {
		join(&f->branch, &t.s, t.line, "{{ else }}");
	} else {
		f->branch = t.s;
		f->has_branch = true;
	}
	f->edge_all = f->edge_all && t.edge;
}

static void put_else(const char *rest, int line)
{
	struct frame *f = t.depth > 0 ? &t.stack[t.depth - 1] : NULL;

	if (!f || f->kind != B_IF || f->has_else) {
		DIE("{{ else }} without its {{ if }}");
	}
	flush();
	branch(f);
	t.s = f->start;
	t.edge = f->edge_start;
	mark_line(line);
	if (!*rest) {
		f->has_else = true;
		add(&t.c, "\t} else {\n");
	} else if (strncmp(rest, "if ", 3) == 0) {
		addf(&t.c, "\t} else if (%s) {\n", expression(rest + 3));
	} else {
		DIE("{{ else }} or {{ else if … }}");
	}
}

static void end(int line)
{
	struct frame *f = t.depth > 0 ? &t.stack[t.depth - 1] : NULL;

	if (!f) {
		DIE("{{ end }} without a block");
	}
	flush();
	if (f->kind == B_DEFINE) {
		join(&t.s, &f->start, line, "{{ end }} of the define");
	} else if (f->kind == B_FOR) {
		join(&t.s, &f->start, line, "{{ end }} of the for");
		t.edge = t.edge && f->edge_start;
	} else {
		branch(f);
		if (!f->has_else) {
			join(&f->branch, &f->start, line, "{{ end }} of the if");
		}
		t.s = f->branch;
		t.edge = f->edge_all && (f->has_else || f->edge_start);
	}
	add(&t.c, f->kind == B_DEFINE ? "}\n" : "\t}\n");
	t.depth--;
}

static void begin_for(const char *rest, int line)
{
	const char *first = find_top(rest, ';'), *second = *first ? find_top(first + 1, ';') : first;

	if (!*second || *find_top(second + 1, ';')) {
		DIE("a for is {{ for start; condition; step }}");
	}
	flush();
	push(B_FOR, line);
	t.edge = false;
	mark_line(line);
	addf(&t.c, "\tfor (%s) {\n", rest);
}

static void let(const char *rest, int line)
{
	const char *eq = find_top(rest, '=');

	if (!*eq || eq[1] == '=' || !strchr(rest, ' ') || *find_top(rest, ';')) {
		DIE("a let is {{ let type name = value }}");
	}
	flush();
	mark_line(line);
	addf(&t.c, "\t%s;\n", rest);
}

/* The words after `word` if the directive begins with it, else NULL. */
static const char *after(const char *d, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(d, word, n) != 0 || (d[n] && d[n] != ' ')) {
		return NULL;
	}
	return d[n] ? d + n + 1 : d + n;
}

static void directive(const char *d, int line)
{
	const char *r;

	if (d[0] == '#') {
		return;
	}
	r = after(d, "include");
	if (r) {
		if (t.depth > 0 || (r[0] != '"' && r[0] != '<')) {
			DIE("{{ include \"file.h\" }} stands at the top");
		}
		addf(&t.h, "#include %s\n", r);
		return;
	}
	r = after(d, "define");
	if (r) {
		define(r, line);
		return;
	}
	need_define();
	at_directive();
	if (t.s.where == COMMENT || t.s.where == DECLARATION || t.s.where == UNQUOTED || t.s.where == BEFORE_VALUE) {
		DIE("nothing may stand %s", where_name(&t.s));
	}
	if (after(d, "if")) {
		flush();
		push(B_IF, line);
		mark_line(line);
		addf(&t.c, "\tif (%s) {\n", expression(after(d, "if")));
	} else if (after(d, "else")) {
		put_else(after(d, "else"), line);
	} else if (after(d, "end")) {
		end(line);
	} else if (after(d, "for")) {
		begin_for(after(d, "for"), line);
	} else if (after(d, "let")) {
		let(after(d, "let"), line);
	} else if (after(d, "render")) {
		if (t.s.where != TEXT || t.s.inner[0]) {
			DIE("a template may not be rendered %s", where_name(&t.s));
		}
		flush();
		mark_line(line);
		addf(&t.c, "\t%s;\n", expression(after(d, "render")));
		t.edge = false;
	} else if (strncmp(d, "t \"", 3) == 0 || strncmp(d, "tn \"", 4) == 0 || strncmp(d, "tc \"", 4) == 0) {
		char kind[3] = {'t', d[1] == ' ' ? '\0' : d[1], '\0'};
		put_sentence(kind, strchr(d, '"'), line);
	} else if (after(d, "tv")) {
		const char *macro = hole_macro();
		if (strcmp(macro, "PUT_TEXT") != 0 && strcmp(macro, "PUT_ATTR") != 0) {
			DIE("a sentence may not stand %s", where_name(&t.s));
		}
		flush();
		mark_line(line);
		addf(&t.c, "\tTV_(o, %s);\n", expression(after(d, "tv")));
		after_hole();
	} else {
		put_value(d, line);
	}
}

/* Reads one {{ … }}, which ends at the first }} outside of strings and braces. */
static void read_directive(void)
{
	const char *p = t.src.p + t.at + 2, *q = p;
	int depth = 0, line = t.line;
	bool remark = p[strspn(p, " \n\t")] == '#';

	while (*q && !(depth == 0 && q[0] == '}' && q[1] == '}')) {
		if (!remark && (*q == '"' || *q == '\'')) {
			q = skip_quoted(q);
			continue;
		}
		depth += remark ? 0 : (*q == '{') - (*q == '}');
		q++;
	}
	if (!*q) {
		DIE("{{ without }}");
	}
	directive(trimmed(p, q), line);
	for (; p < q; p++) {
		t.line += *p == '\n';
	}
	t.at = (size_t)(q + 2 - t.src.p);
}

int main(int argc, char **argv)
{
	struct text guard = {0}, c = {0};

	t.words = argc == 3 && strcmp(argv[1], "--words") == 0;
	if (!t.words && (argc < 4 || argc > 5)) {
		fputs("usage: tmplc FILE.html OUT.c OUT.h [NAME.h] | tmplc --words FILE.html\n", stderr);
		return 2;
	}
	t.path = argv[t.words ? 2 : 1];
	t.src = read_file(t.path);
	if (strlen(t.src.p) != t.src.n) {
		DIE("a NUL byte");
	}
	while (t.src.p[t.at]) {
		if (t.src.p[t.at] == '{' && t.src.p[t.at + 1] == '{') {
			read_directive();
		} else {
			literal(t.src.p[t.at]);
		}
	}
	if (t.depth > 0) {
		die_at(t.path, t.stack[t.depth - 1].line, "a block without its {{ end }}");
	}
	if (t.words) {
		return t.untranslated > 0;
	}
	const char *inc = argc == 5 ? argv[4] : base_name(argv[3]);
	addf(&guard, "/* Made by tmplc from %s. */\n#pragma once\n\n#include \"html/out.h\"\n", base_name(t.path));
	add_n(&guard, t.h.p, t.h.n);
	addf(&c, "/* Made by tmplc from %s. */\n#include \"%s\"\n\n", base_name(t.path), inc);
	add_n(&c, t.protos.p, t.protos.n);
	add_n(&c, t.c.p, t.c.n);
	write_file(argv[3], &guard);
	write_file(argv[2], &c);
	return 0;
}
