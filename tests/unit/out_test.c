/*
 * What templates call: each escape in its place, sentences with pieces, catalogues and their plurals.
 */
#include "t.h"

#include "base/buf.h"
#include "html/out.h"
#include "web/asset_data.h"

#define MAX 4096

static struct out out_to(struct t *t, struct buf *b, const struct i18n *lang)
{
	*b = buf_make(t->mem, MAX);
	return (struct out){.buf = b, .mem = t->mem, .lang = lang};
}

static void escapes(struct t *t)
{
	struct buf b;
	struct out o = out_to(t, &b, NULL);

	PUT_TEXT(&o, S("<a href='x'>\"&\xC3\xA9</a>"));
	T_STR(buf_str(&b), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;\xC3\xA9&lt;/a&gt;");
	buf_reset(&b);
	PUT_TEXT(&o, ((struct html){S("<b>x</b>")}));
	PUT_TEXT(&o, (int64_t)-5);
	PUT_TEXT(&o, "c<");
	T_STR(buf_str(&b), "<b>x</b>-5c&lt;");
	buf_reset(&b);
	PUT_URL(&o, ((struct url){S("/a?b=1&c=\"")}));
	T_STR(buf_str(&b), "/a?b=1&amp;c=&quot;");
	buf_reset(&b);
	PUT_QUERY(&o, S("a b/\xC3\xA9&?#~"));
	T_STR(buf_str(&b), "a%20b%2F%C3%A9%26%3F%23~");
	buf_reset(&b);
	PUT_JSON(&o, ((struct json_text){S("{\"a\":\"</script><!--\"}")}));
	T_STR(buf_str(&b), "{\"a\":\"\\u003c/script>\\u003c!--\"}");
	buf_reset(&b);
	PUT_ATTR(&o, ((struct str){"a\0b", 3}));
	T_STR(buf_str(&b), "a\xEF\xBF\xBD"
			   "b");
	buf_reset(&b);
	PUT_TEXT(&o, STR_NONE);
	T_STR(buf_str(&b), "");
	T_TRUE(out_ok(&o));
}

static void sentences(struct t *t)
{
	struct buf b;
	struct out o = out_to(t, &b, NULL);
	struct url u = {S("/r?a&b")};

	T_(&o, "By {name} & co", ((const struct out_piece[]){PIECE("name", S("<x>"))}), 1);
	T_STR(buf_str(&b), "By &lt;x&gt; &amp; co");
	buf_reset(&b);
	T_(&o, "Read {b}the {a}rules{/a}{/b}.", ((const struct out_piece[]){piece_tag("b"), PIECE_LINK("a", u)}), 2);
	T_STR(buf_str(&b), "Read <b>the <a href=\"/r?a&amp;b\">rules</a></b>.");
	buf_reset(&b);
	TN_(&o, "{n} place of {x}", "{n} places of {x}", 12345, ((const struct out_piece[]){PIECE("x", 7)}), 1);
	T_STR(buf_str(&b), "12,345 places of 7");
	buf_reset(&b);
	TN_(&o, "one", "{n} of them", 1, NULL, 0);
	T_STR(buf_str(&b), "one");
}

/* A catalogue may hold anything: what is open is closed, what was not opened is dropped. */
static void broken_sentences(struct t *t)
{
	struct buf b;
	struct out o = out_to(t, &b, NULL);
	const struct out_piece p[] = {piece_tag("b"), PIECE("x", S("1"))};

	T_(&o, "{b}never closed {x} {x}", p, 2);
	T_STR(buf_str(&b), "<b>never closed 1 1</b>");
	buf_reset(&b);
	T_(&o, "{/b}never opened {unknown} {/x}{", p, 2);
	T_STR(buf_str(&b), "never opened {unknown} {");
	buf_reset(&b);
	T_(&o, "<script> {x", p, 2);
	T_STR(buf_str(&b), "&lt;script&gt; {x");
}

static void maximum(struct t *t)
{
	struct buf b = buf_make(t->mem, 8);
	struct out o = {.buf = &b, .mem = t->mem};

	OUT_LIT(&o, "12345");
	T_TRUE(out_ok(&o));
	PUT_TEXT(&o, S("6789"));
	T_TRUE(!out_ok(&o));
}

/* A .mo file of the given entries, already in the order of their keys. */
struct entry {
	struct str key, value;
};

static struct str make_mo(struct t *t, const struct entry *e, uint32_t n)
{
	struct buf b = buf_make(t->mem, MAX);
	uint32_t head[7] = {0x950412de, 0, n, 28, 28 + 8 * n, 0, 28 + 16 * n}, at = 28 + 16 * n;

	buf_put_bytes(&b, head, sizeof(head));
	for (uint32_t i = 0; i < 2 * n; i++) {
		struct str s = i < n ? e[i].key : e[i - n].value;
		buf_put_bytes(&b, (uint32_t[]){(uint32_t)s.n, at}, 8);
		at += (uint32_t)s.n + 1;
	}
	for (uint32_t i = 0; i < 2 * n; i++) {
		buf_put(&b, i < n ? e[i].key : e[i - n].value);
		buf_put_c(&b, '\0');
	}
	return buf_str(&b);
}

#define ARABIC                                                                                                        \
	"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? " \
	"4 : 5);\n"

static void catalogue(struct t *t)
{
	const struct entry e[] = {
		{S(""),             S(ARABIC)            },
		{S("Open"),         S("open")            },
		{S("day\0days"),    S("z\0o\0t\0f\0m\0h")},
		{S("state\4Open"),  S("is open")         },
		{S("untranslated"), S("")                },
	};
	const struct i18n *l = NULL;

	T_OK(i18n_open(t->mem, "ar", make_mo(t, e, COUNT(e)), &l));
	T_STR(tr(l, "Open"), "open");
	T_STR(tr_c(l, "state", "Open"), "is open");
	T_STR(tr_c(l, "verb", "Open"), "Open");
	T_STR(tr(l, "untranslated"), "untranslated");
	T_STR(tr(l, "absent"), "absent");
	const struct {
		int64_t n;
		char form;
	} forms[] = {
		{0,   'z'},
                {1,   'o'},
                {2,   't'},
                {3,   'f'},
                {10,  'f'},
		{11,  'm'},
                {99,  'm'},
                {100, 'h'},
                {103, 'f'},
                {-1,  'o'}
        };
	for (size_t i = 0; i < COUNT(forms); i++) {
		T_EQ(tr_n(l, "day", "days", forms[i].n).p[0], forms[i].form);
	}
	T_TRUE(i18n_rtl(l));
	T_STR(str_of(i18n_code(l)), "ar");
	T_STR(tr_n(l, "absent", "absents", 2), "absents");
	T_STR(tr_n(NULL, "one", "many", 1), "one");
}

static void damaged_catalogues(struct t *t)
{
	const struct entry good[] = {
		{S(""), S("Plural-Forms: nplurals=2; plural=n != 1;\n")}
        };
	static const char *const bad[] = {
		"Plural-Forms: nplurals=2; plural=n;\n",
		"Plural-Forms: nplurals=2; plural=n %;\n",
		"Plural-Forms: nplurals=2; plural=n % 0;\n",
		"Plural-Forms: nplurals=2; plural=system(1);\n",
		"Plural-Forms: nplurals=2; plural=((((n)));\n",
		"Plural-Forms: plural=0;\n",
		"Plural-Forms: nplurals=1;\n",
		"no formula",
	};
	const struct i18n *l = NULL;

	T_OK(i18n_open(t->mem, "fr", make_mo(t, good, 1), &l));
	for (size_t i = 0; i < COUNT(bad); i++) {
		T_ERR(E_INVALID, i18n_open(t->mem, "fr", make_mo(t, &(struct entry){S(""), str_of(bad[i])}, 1), &l));
	}
	struct str whole = make_mo(t, good, 1);
	for (size_t n = 1; n < whole.n; n++) {
		struct str cut = str_dup(t->mem, str_sub(whole, 0, n));
		T_ERR(E_INVALID, i18n_open(t->mem, "fr", cut, &l));
	}
}

/* What is embedded in this program can be read, in the four languages that are not the source. */
static void own_catalogues(struct t *t)
{
	T_EQ(catalogues_n, 4);
	for (size_t i = 0; i < catalogues_n; i++) {
		const struct i18n *l = NULL;
		T_OK(i18n_open(t->mem, str_c(t->mem, catalogues[i].name), catalogues[i].body, &l));
		T_EQ(catalogues[i].name.n, (size_t)2);
		T_TRUE(str_find(tr(l, ""), S("Plural-Forms")) >= 0);
	}
}

/* Stylesheets and pictures are there, named by their content, with twins that are smaller. */
static void own_assets(struct t *t)
{
	const struct asset *css = NULL;

	for (size_t i = 0; i < assets_n; i++) {
		css = str_eq(assets[i].name, S("site.css")) ? &assets[i] : css;
		T_TRUE(str_starts(assets[i].path, S("/assets/")) && assets[i].etag.n == 26);
		T_TRUE(assets[i].gzip.n < assets[i].body.n && assets[i].brotli.n < assets[i].body.n);
		T_TRUE(i == 0 || str_cmp(assets[i - 1].name, assets[i].name) < 0);
	}
	T_NEED(css != NULL);
	T_STR(css->mime, "text/css; charset=utf-8");
	T_TRUE(css->gzip.p && css->brotli.p && css->brotli.n < css->gzip.n);
}

static void digits(struct t *t)
{
	const struct {
		const char *code;
		int64_t v;
		const char *text;
	} rows[] = {
		{"en", 0,         "0"                         },
		{"en", 999,       "999"                       },
		{"en", -1234567,  "-1,234,567"                },
		{"fr", 1234,
		 "1\xE2\x80\xAF"
		 "234"					},
		{"es", 1234,      "1234"                      },
		{"pt", 12345,     "12.345"                    },
		{"en", INT64_MIN, "-9,223,372,036,854,775,808"},
	};
	char to[48];

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct i18n *l = NULL;
		T_OK(i18n_open(t->mem, rows[i].code, STR_NONE, &l));
		T_EQ(((struct str){to, i18n_int(l, rows[i].v, to)}), str_of(rows[i].text));
	}
}

static const struct t_case cases[] = {
	{"each value is escaped for its place",        escapes,            0},
	{"a sentence takes its pieces by name",        sentences,          0},
	{"a broken translation cannot break the page", broken_sentences,   0},
	{"a page stops at its maximum",                maximum,            0},
	{"a catalogue is looked up",                   catalogue,          0},
	{"a damaged catalogue is refused",             damaged_catalogues, 0},
	{"the program's own catalogues are read",      own_catalogues,     0},
	{"the program's own assets are whole",         own_assets,         0},
	{"digits are grouped by language",             digits,             0},
};
T_SUITE(out, cases)
