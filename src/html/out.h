/*
 * Writing a page. Templates (*.html, compiled by tools/tmplc) call the macros below, one for each place where a value may
 * stand; the value's type picks the writer, and a type that does not belong there does not compile: a str is escaped, a
 * struct html is raw in text and refused in attributes, only a struct url opens an href, a double or bool has to be
 * formatted first. Nothing here fails: the buf's maximum is checked once, at the end (out_ok).
 *
 * Templates never write raw text of their own but OUT_LIT, and struct html has three makers only: the Markdown renderer,
 * the sanitiser, and html_made() below for what templates and our SVG drawers wrote through this file.
 */
#ifndef HTML_OUT_H
#define HTML_OUT_H

#include "../base/buf.h"
#include "../base/mem.h"
#include "../base/str.h"
#include "i18n.h"

/* Where a template writes. `ctx` is for whoever makes pages (web/page.c puts its struct there); templates do not use it. */
struct out {
	struct buf *buf;
	struct mem *mem;
	const struct i18n *lang;
	void *ctx;
};

/* True while everything fitted. */
bool out_ok(const struct out *o);

/* ---- Escaping (escape.c), for C code that writes markup by hand; templates get it by themselves ------------------- */

/* Text or quoted attribute value: & < > " ' become references; bytes that are no character of HTML (NUL) become U+FFFD. */
void html_escape(struct buf *b, struct str s);
/* One component of an address: everything but letters, digits and - . _ ~ becomes %XX. */
void html_percent(struct buf *b, struct str s);
/* JSON for a <script type="application/json">: '<' becomes \u003c, so that nothing in it can end the element. */
void html_json(struct buf *b, struct str s);
/* Markup written through an `out` (a template rendered to a buf of its own). The only way from text to struct html here. */
struct html html_made(const struct out *o);
/* No markup. */
struct html html_none(void);

/* ---- What templates call --------------------------------------------------------------------------------------------- */

#define OUT_LIT(o, lit) buf_put((o)->buf, S(lit))

/* clang-format off */
/* All integer types; bool, char and double have no writer. */
#define OUT_INTS(f_signed, f_unsigned)                                                                                 \
	int : f_signed, long : f_signed, long long : f_signed, short : f_signed, unsigned : f_unsigned,                \
	unsigned long : f_unsigned, unsigned long long : f_unsigned, unsigned short : f_unsigned,                      \
	unsigned char : f_unsigned

/* In text. */
#define PUT_TEXT(o, v)                                                                                                 \
	_Generic((v), struct str : out_text, struct html : out_html, struct url : out_url, char * : out_c,             \
	         const char * : out_c, OUT_INTS(out_i64, out_u64))((o), (v))
/* In a quoted attribute, <textarea> and <title>: the same without markup. */
#define PUT_ATTR(o, v)                                                                                                 \
	_Generic((v), struct str : out_text, struct url : out_url, char * : out_c, const char * : out_c,               \
	         OUT_INTS(out_i64, out_u64))((o), (v))
/* At the start of href, src, action…: an address that was parsed, or made by link_to(). */
#define PUT_URL(o, v) _Generic((v), struct url : out_url)((o), (v))
/* Further on in an address: one component, percent-encoded. */
#define PUT_QUERY(o, v)                                                                                                \
	_Generic((v), struct str : out_query, struct url : out_query_url, char * : out_query_c,                        \
	         const char * : out_query_c, OUT_INTS(out_i64, out_u64))((o), (v))
/* In <script type="application/json">: what the JSON writer made. */
#define PUT_JSON(o, v) _Generic((v), struct json_text : out_json)((o), (v))

/* Sentences: looked up, escaped, pieces set in by name wherever the translation has them. */
#define T_(o, msgid, pieces, n) out_sentence((o), NULL, (msgid), (pieces), (n))
#define TC_(o, ctx, msgid, pieces, n) out_sentence((o), (ctx), (msgid), (pieces), (n))
/* {n} in either form is `count`, its digits grouped. */
#define TN_(o, one, many, count, pieces, n) out_plural((o), (one), (many), (count), (pieces), (n))
/* A sentence held in a table (marked N_() there): {{ tv field->label }}. */
#define TV_(o, msgid) out_sentence((o), NULL, (msgid), NULL, 0)

/* {{ t "By {name}", name = expr }}: the value, by type; no markup in attributes. */
#define PIECE(name_, v)                                                                                                \
	_Generic((v), struct str : piece_str, struct html : piece_html, struct url : piece_url, char * : piece_c,      \
	         const char * : piece_c, OUT_INTS(piece_i64, piece_u64))((name_), (v))
#define PIECE_ATTR(name_, v)                                                                                           \
	_Generic((v), struct str : piece_str, struct url : piece_url, char * : piece_c, const char * : piece_c,        \
	         OUT_INTS(piece_i64, piece_u64))((name_), (v))
/* {{ t "Read the {a}rules{/a}.", a = url }}: a link around words. */
#define PIECE_LINK(name_, v) _Generic((v), struct url : piece_link)((name_), (v))
/* clang-format on */

enum piece_kind {
	PIECE_IS_TEXT,
	PIECE_IS_HTML,
	PIECE_IS_INT,
	PIECE_IS_UINT,
	PIECE_IS_LINK, /* {x}…{/x} is <a href>…</a> */
	PIECE_IS_TAG   /* {b}…{/b} is <b>…</b>, for b, strong, em, i, code, small, abbr, time, bdi, q */
};

struct out_piece {
	const char *name;
	enum piece_kind kind;
	struct str s;
	int64_t i;
	uint64_t u;
};

/* The writers behind the macros. */
void out_text(struct out *o, struct str v);
/* Text with its line ends, as <br>. */
void out_lines(struct out *o, struct str v);
void out_html(struct out *o, struct html v);
void out_url(struct out *o, struct url v);
void out_c(struct out *o, const char *v);
void out_i64(struct out *o, int64_t v);
void out_u64(struct out *o, uint64_t v);
void out_query(struct out *o, struct str v);
void out_query_url(struct out *o, struct url v);
void out_query_c(struct out *o, const char *v);
void out_json(struct out *o, struct json_text v);
void out_sentence(struct out *o, const char *ctx, const char *msgid, const struct out_piece *pieces, size_t n);
void out_plural(struct out *o, const char *one, const char *many, int64_t count, const struct out_piece *pieces,
                size_t n);

/* What PIECE and its kin make. */
struct out_piece piece_str(const char *name, struct str v);
struct out_piece piece_html(const char *name, struct html v);
struct out_piece piece_url(const char *name, struct url v);
struct out_piece piece_c(const char *name, const char *v);
struct out_piece piece_i64(const char *name, int64_t v);
struct out_piece piece_u64(const char *name, uint64_t v);
struct out_piece piece_link(const char *name, struct url v);
struct out_piece piece_tag(const char *name);

/* ---- For expressions in templates ------------------------------------------------------------------------------------ */

/* A number with at most `digits` digits after the mark, '.' as the mark: coordinates in SVG and data- attributes. */
struct str out_fixed(struct out *o, double v, int digits);
/* A count with its digits grouped as the language does. */
struct str out_count(struct out *o, int64_t v);

#endif
