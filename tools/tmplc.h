/* What the two halves of tmplc share: where the page stands, and what has been written. */
#ifndef TOOLS_TMPLC_H
#define TOOLS_TMPLC_H

#include "tool.h"

enum where { TEXT, TAG, NAME, AFTER_NAME, BEFORE_VALUE, VALUE, UNQUOTED, COMMENT, DECLARATION };
enum attr { PLAIN, ADDRESS, SRCSET, FORBIDDEN };
/* How far an address is: nothing yet, letters that do not yet fix the scheme and host, a value, safe for components. */
enum url { URL_START, URL_PREFIX, URL_VALUE, URL_REST };

/* Where the page stands. Compared at the ends of branches. */
struct state {
	enum where where;
	enum attr attr;
	enum url url;
	char quote;
	bool space;      /* inside a tag: white space must come before the next attribute */
	bool closing;    /* of a closing tag */
	bool json, src;  /* of a <script> */
	int pre;         /* depth of <pre> */
	int code;        /* depth of <code> and its kin */
	char elem[24];   /* of the tag */
	char name[32];   /* of the attribute */
	char value[256]; /* the literal beginning of the value */
	char inner[24];  /* the textarea, title or script that the text is in */
};

enum block { B_DEFINE, B_IF, B_FOR };

struct frame {
	enum block kind;
	int line;
	bool has_else, has_branch;
	struct state start, branch;
	bool edge_start, edge_all;
};

struct tmplc {
	const char *path;
	struct text src;
	size_t at;
	int line;
	struct state s;
	bool edge; /* the last thing written was white space or the border of a block element */
	struct frame stack[32];
	int depth;
	struct text lit; /* literal text not yet written out */
	struct text c, h, protos;
	bool words; /* --words: only report words that nobody translates */
	int untranslated;
};
extern struct tmplc t;

#define DIE(...) die_at(t.path, t.line, __VA_ARGS__)

/* True if `word` is in the list. */
bool is_one(const char *word, const char *const *list);
/* White space of HTML. */
bool space(char c);
/* Takes one literal character, or a run of white space, at t.at. */
void literal(char c);
/* What stands at t.at is a directive: the name of an attribute, if one was being read, has ended. */
void at_directive(void);
/* Words for the place, for errors; static. */
const char *where_name(const struct state *s);
/* Makes `to` the more careful of both; dies at `line` if they are different places. */
void join(struct state *to, const struct state *from, int line, const char *what);

#endif
