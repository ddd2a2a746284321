/*
 * Markdown and the sanitiser: what they make, and that nothing executable comes through either.
 */
#include "html/markdown.h"
#include "html/sanitize.h"
#include "t.h"

static struct str md(struct t *t, struct str s)
{
	return markdown(t->mem, s, NULL).s;
}

static void shapes(struct t *t)
{
	T_EQ(md(t, S("# Titre\n\nUn *mot* et **deux**.")), S("<h2>Titre</h2><p>Un <em>mot</em> et <strong>deux</strong>.</p>"));
	T_EQ(md(t, S("## Un\n\n#### Deux\n\n### Trois\n\n## Quatre")), S("<h2>Un</h2><h3>Deux</h3><h3>Trois</h3><h2>Quatre</h2>"));
	T_EQ(md(t, S("### Un\n\n# Deux")), S("<h2>Un</h2><h2>Deux</h2>"));
	T_EQ(md(t, S("- a\n- b")), S("<ul><li>a</li><li>b</li></ul>"));
	T_EQ(md(t, S("3. a\n4. b")), S("<ol start=\"3\"><li>a</li><li>b</li></ol>"));
	T_EQ(md(t, S("~~non~~ `x<y`")), S("<p><del>non</del> <code>x&lt;y</code></p>"));
	T_TRUE(str_find(md(t, S("|a|b|\n|-|-|\n|1|2|")), S("<tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr>")) >= 0);
	T_EQ(md(t, S("")), S(""));
}

static void links(struct t *t)
{
	T_EQ(md(t, S("[x](https://example.org/?a=1&b=2)")),
	     S("<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"nofollow noopener ugc\">x</a></p>"));
	T_EQ(md(t, S("[x](/directory)")), S("<p><a href=\"/directory\">x</a></p>"));
	T_EQ(md(t, S("[x](javascript:alert(1))")), S("<p>x</p>"));
	T_EQ(md(t, S("[x](//evil.example)")), S("<p>x</p>"));
	T_EQ(md(t, S("![alt](data:text/html,x)")), S("<p>alt</p>"));
	T_EQ(markdown(t->mem, S("[x](/a)"), &(struct markdown_options){.no_links = true}).s, S("<p>x</p>"));
}

static void raw_html_is_words(struct t *t)
{
	T_EQ(md(t, S("<script>alert(1)</script>")), S("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"));
	T_EQ(md(t, S("a <img src=x onerror=alert(1)>")), S("<p>a &lt;img src=x onerror=alert(1)&gt;</p>"));
}

static void plain_words(struct t *t)
{
	T_EQ(markdown_plain(t->mem, S("# T\n\nUn *mot*.\nDeux [liens](/x)."), 100), S("T Un mot. Deux liens."));
	T_EQ(markdown_plain(t->mem, S("abcdef"), 4), S("abc…"));
	T_EQ(markdown_plain(t->mem, S("éèàù"), 4), S("éèàù"));
}

static void deep_and_long(struct t *t)
{
	char *text = mem_get(t->mem, 200000);

	memset(text, '>', 100000);
	T_TRUE(md(t, (struct str){text, 100000}).n > 0);
	memset(text, '[', 100000);
	T_TRUE(md(t, (struct str){text, 100000}).n > 0);
	memset(text, '*', 200000);
	T_TRUE(md(t, (struct str){text, 200000}).n > 0);
}

static void sanitised(struct t *t)
{
	T_EQ(sanitize(t->mem, S("<p onclick=x>a<script>b</script><b style='x'>c</b></p>")).s, S("<p>a<strong>c</strong></p>"));
	T_EQ(sanitize(t->mem, S("<a href='javascript:x'>a</a><a href='https://example.org/'>b</a>")).s,
	     S("a<a href=\"https://example.org/\" rel=\"nofollow noopener ugc\">b</a>"));
	T_EQ(sanitize(t->mem, S("<svg><script>x</script></svg><math><mi>y</mi></math>z")).s, S("z"));
	T_EQ(sanitize(t->mem, S("<h1>T</h1>a &lt;b&gt; &amp; c")).s, S("<h3>T</h3>a &lt;b&gt; &amp; c"));
	T_EQ(sanitize(t->mem, S("")).s, S(""));
}

static void to_markdown(struct t *t)
{
	T_EQ(sanitize_to_markdown(t->mem, S("<p>Un <b>mot</b></p><ul><li>a</li><li>b</li></ul>")), S("Un **mot**\n\n- a\n- b"));
	T_EQ(sanitize_to_markdown(t->mem, S("<a href='https://e.org/'>x*</a>")), S("[x\\*](<https://e.org/>)"));
}

static const struct t_case cases[] = {
	{"markdown has our shapes", shapes, 0},
	{"only allowed addresses become links", links, 0},
	{"raw HTML in markdown is shown as words", raw_html_is_words, 0},
	{"plain words of markdown are cut between characters", plain_words, 0},
	{"deep and long markdown ends", deep_and_long, 0},
	{"foreign HTML is rebuilt from the allow-list", sanitised, 0},
	{"foreign HTML becomes markdown", to_markdown, 0},
};
T_SUITE(markdown, cases)
