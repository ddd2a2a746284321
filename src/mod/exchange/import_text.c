/*
 * Texts as other tools keep them. HTML becomes Markdown, or words alone; uMap's wiki text ([[address|words]]) becomes a link.
 * Nothing is trusted here: what comes out is cleaned again as any text is.
 */
#include "import.h"

#include "../../base/limits.h"
#include "../../base/utf8.h"

struct entity_name {
	const char *name, *is;
};

static const struct entity_name entities[] = {
	{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}, {"eacute", "é"}, {"egrave", "è"},
	{"ecirc", "ê"}, {"agrave", "à"}, {"acirc", "â"}, {"ccedil", "ç"}, {"ocirc", "ô"}, {"ugrave", "ù"}, {"ucirc", "û"},
	{"icirc", "î"}, {"rsquo", "’"}, {"lsquo", "‘"}, {"laquo", "«"}, {"raquo", "»"}, {"ndash", "–"}, {"mdash", "—"},
	{"hellip", "…"}, {"euro", "€"}, {"oelig", "œ"}, {"Eacute", "É"},
};

/* The character behind "&…;" at `at`; how long that was, 0 if it is none. */
static size_t put_entity(struct buf *b, struct str s, size_t at)
{
	struct str name = str_sub(s, at + 1, 12);
	ptrdiff_t end = str_chr(name, ';');
	int64_t cp;
	char utf8[4];

	if (end <= 0) {
		return 0;
	}
	name = str_sub(name, 0, (size_t)end);
	for (size_t i = 0; i < COUNT(entities); i++) {
		if (str_eq(name, str_of(entities[i].name))) {
			buf_put(b, str_of(entities[i].is));
			return (size_t)end + 2;
		}
	}
	if (name.n > 1 && name.p[0] == '#' && str_to_i64(str_sub(name, 1, name.n), &cp) && cp >= ' ' && cp < 0x110000) {
		buf_put_bytes(b, utf8, utf8_put(utf8, (uint32_t)cp));
		return (size_t)end + 2;
	}
	return 0;
}

/* The address of an <a href="…">. */
static struct str href_of(struct str tag)
{
	ptrdiff_t at = str_find(tag, S("href="));
	struct str v;
	char quote;

	if (at < 0) {
		return STR_NONE;
	}
	v = str_sub(tag, (size_t)at + 5, tag.n);
	quote = v.n ? v.p[0] : ' ';
	if (quote != '"' && quote != '\'') {
		return str_cut(&v, ' ');
	}
	v = str_sub(v, 1, v.n);
	return str_cut(&v, quote);
}

struct writing {
	struct buf b;
	struct str link; /* of the <a> that is open */
	size_t link_from;
	bool markdown;
	int skip;        /* inside <script> or <style> */
};

static void line_end(struct writing *w, const char *ends)
{
	if (w->b.n) {
		buf_put(&w->b, str_of(ends));
	}
}

static void close_link(struct writing *w)
{
	bool web = str_starts(w->link, S("http://")) || str_starts(w->link, S("https://")) || str_starts(w->link, S("mailto:"));

	if (w->markdown && web && str_chr(w->link, ')') < 0 && str_chr(w->link, ' ') < 0) {
		struct str words = str_dup(w->b.mem, str_sub(buf_str(&w->b), w->link_from, w->b.n));

		w->b.n = w->link_from;
		buf_fmt(&w->b, "[%.*s](%.*s)", STR_ARG(words), STR_ARG(w->link));
	}
	w->link = STR_NONE;
}

static void put_tag(struct writing *w, struct str tag)
{
	bool close = tag.n && tag.p[0] == '/';
	struct str rest = close ? str_sub(tag, 1, tag.n) : tag, name;
	size_t n = 0;

	while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '/' && rest.p[n] != '\n' && rest.p[n] != '\t') {
		n++;
	}
	name = str_sub(rest, 0, n);
	if (str_ieq(name, S("script")) || str_ieq(name, S("style"))) {
		w->skip = !close;
	} else if (str_ieq(name, S("br"))) {
		line_end(w, "\n");
	} else if (str_ieq(name, S("p")) || str_ieq(name, S("div")) || str_ieq(name, S("ul")) || str_ieq(name, S("ol")) ||
		   (name.n == 2 && (name.p[0] == 'h' || name.p[0] == 'H'))) {
		line_end(w, "\n\n");
	} else if (str_ieq(name, S("li")) && !close) {
		line_end(w, "\n");
		buf_put(&w->b, w->markdown ? S("- ") : S(""));
	} else if (w->markdown && (str_ieq(name, S("b")) || str_ieq(name, S("strong")))) {
		buf_put(&w->b, S("**"));
	} else if (str_ieq(name, S("a")) && !close) {
		w->link = href_of(tag);
		w->link_from = w->b.n;
	} else if (str_ieq(name, S("a")) && w->link.p) {
		close_link(w);
	}
}

/* [[address]] and [[address|words]]; how long it was, 0 if it is none. */
static size_t put_wiki(struct writing *w, struct str s, size_t at)
{
	struct str inside = str_sub(s, at + 2, 2048), words, address;
	ptrdiff_t end = str_find(inside, S("]]"));

	if (end <= 0) {
		return 0;
	}
	words = str_sub(inside, 0, (size_t)end);
	address = str_cut(&words, '|');
	words = words.n ? words : address;
	if (w->markdown) {
		buf_fmt(&w->b, "[%.*s](%.*s)", STR_ARG(words), STR_ARG(str_trim(address)));
	} else {
		buf_put(&w->b, words);
	}
	return (size_t)end + 4;
}

static bool begins_tag(struct str s, size_t at)
{
	char c = at + 1 < s.n ? s.p[at + 1] : ' ';

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '!';
}

/* No more than one empty line. */
static struct str tidy(struct mem *m, struct str s)
{
	struct buf b = buf_make(m, s.n + 1);
	int ends = 0;

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		ends = s.p[i] == '\n' ? ends + 1 : s.p[i] == ' ' && ends ? ends : 0;
		if (ends <= 2 || s.p[i] != '\n') {
			buf_put_c(&b, s.p[i]);
		}
	}
	return buf_str(&b);
}

struct str import_text(struct mem *m, struct str s, bool markdown)
{
	struct writing w = {.b = buf_make(m, 4 * s.n + 64), .markdown = markdown};

	if (!s.n || (str_chr(s, '<') < 0 && str_find(s, S("[[")) < 0 && str_chr(s, '&') < 0)) {
		return s;
	}
	for (size_t i = 0; i < s.n;) {
		size_t n = 0;
		ptrdiff_t close;

		if (s.p[i] == '<' && begins_tag(s, i) && (close = str_chr(str_sub(s, i, s.n), '>')) > 0) {
			put_tag(&w, str_sub(s, i + 1, (size_t)close - 1));
			n = (size_t)close + 1;
		} else if (s.p[i] == '&') {
			n = put_entity(&w.b, s, i);
		} else if (s.p[i] == '[' && i + 1 < s.n && s.p[i + 1] == '[') {
			n = put_wiki(&w, s, i);
		}
		if (n == 0) {
			if (!w.skip) {
				buf_put_c(&w.b, s.p[i]);
			}
			n = 1;
		}
		i += n;
	}
	return tidy(m, buf_str(&w.b));
}
