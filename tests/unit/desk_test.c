/*
 * The words that differ between two texts, as the desk shows them.
 */
#include "t.h"

#include "base/limits.h"
#include "core/words.h"
#include "html/out.h"
#include "mod/desk/desk.h"

static struct str side(struct t *t, const char *before, const char *after, bool new_side)
{
	struct buf *b = mem_new(t->mem, struct buf);
	struct out o = {.buf = b, .mem = t->mem};

	*b = buf_make(t->mem, MIB(1));
	desk_diff(&o, str_of(before), str_of(after), new_side);
	return buf_str(b);
}

static void marks_words(struct t *t)
{
	T_STR(side(t, "un lieu ouvert", "un lieu fermé", false), "un lieu <del>ouvert</del>");
	T_STR(side(t, "un lieu ouvert", "un lieu fermé", true), "un lieu <ins>fermé</ins>");
	T_STR(side(t, "a b c d", "a x c d", true), "a <ins>x</ins> c d");
	T_STR(side(t, "a b c d", "b d", false), "<del>a</del> b <del>c</del> d");
	T_STR(side(t, "a b c d", "b d", true), "b d");
	T_STR(side(t, "same", "same", true), "same");
	/* White space alone is no difference; lines stay lines. */
	T_STR(side(t, "a  b", "a b", true), "a b");
	T_STR(side(t, "a\nb", "a\nc", true), "a<br><ins>c</ins>");
}

static void empty_sides(struct t *t)
{
	T_STR(side(t, "", "neuf", false), "");
	T_STR(side(t, "", "neuf", true), "<ins>neuf</ins>");
	T_STR(side(t, "vieux", "", false), "<del>vieux</del>");
	T_STR(side(t, "vieux", "", true), "");
}

static void escapes(struct t *t)
{
	T_STR(side(t, "<b>", "<i> & x", true), "<ins>&lt;i&gt; &amp; x</ins>");
}

/* Past the limit the text is shown as wholly replaced, not word by word. */
static void long_texts(struct t *t)
{
	struct buf b = buf_make(t->mem, MIB(1));

	for (int i = 0; i < LIMIT_DIFF_WORDS + 1; i++) {
		buf_fmt(&b, "mot%d ", i);
	}
	const char *text = str_c(t->mem, buf_str(&b));
	T_TRUE(str_starts(side(t, text, "court", false), S("<del>mot0 ")));
	T_STR(side(t, text, "court", true), "<ins>court</ins>");
	/* At the limit it still is, and takes little time. */
	const char *fits = str_c(t->mem, str_sub(str_of(text), 0, str_of(text).n - strlen("mot999 mot1000 ")));
	T_TRUE(str_ends(side(t, fits, str_c(t->mem, str_fmt(t->mem, "%s fin", fits)), true), S("<ins>fin</ins>")));
}

static void cuts_words_out(struct t *t)
{
	T_TRUE(words_hold(t->mem, S("Demandez PAULA exemple"), S("paula exemple")));
	T_TRUE(!words_hold(t->mem, S("Paul"), S("paula")));
	T_STR(words_cut_out(t->mem, S("Paula Exemple, ou paula exemple."), S("paula exemple")), "…, ou ….");
	T_STR(words_cut_out(t->mem, S("rien"), S("paula")), "rien");
	T_STR(words_cut_out(t->mem, S(""), S("paula")), "");
	T_STR(words_cut_out(t->mem, S("aaaa"), S("a")), "…………");
}

static void refuses_short_words(struct t *t)
{
	T_TRUE(care_words_ok(S("paula@example.org")));
	T_TRUE(care_words_ok(S("Léa Ba")));
	T_TRUE(!care_words_ok(S("Léa")));
	T_TRUE(!care_words_ok(S("a.b.c")));
	T_TRUE(!care_words_ok(S("")));
	T_TRUE(!care_words_ok(STR_NONE));
}

static const struct t_case cases[] = {
	{"marks the words that differ", marks_words, 0},
	{"an empty side", empty_sides, 0},
	{"escapes both sides", escapes, 0},
	{"long texts are replaced as a whole", long_texts, 0},
	{"cuts a person's words out of texts", cuts_words_out, 0},
	{"words that would hit others are refused", refuses_short_words, 0},
};
T_SUITE(desk, cases)
