/*
 * The writers that templates call. Everything that is not markup goes through html_escape() or html_percent() here, so
 * that a page cannot forget to.
 */
#include "out.h"

bool out_ok(const struct out *o)
{
	return buf_ok(o->buf);
}

struct html html_none(void)
{
	return (struct html){S("")};
}

struct html html_made(const struct out *o)
{
	return (struct html){buf_str(o->buf)};
}

void out_text(struct out *o, struct str v)
{
	html_escape(o->buf, v);
}

void out_lines(struct out *o, struct str v)
{
	while (v.p) {
		out_text(o, str_cut(&v, '\n'));
		if (v.p) {
			OUT_LIT(o, "<br>");
		}
	}
}

void out_html(struct out *o, struct html v)
{
	buf_put(o->buf, v.s);
}

void out_url(struct out *o, struct url v)
{
	html_escape(o->buf, v.s);
}

void out_c(struct out *o, const char *v)
{
	html_escape(o->buf, str_of(v));
}

void out_i64(struct out *o, int64_t v)
{
	buf_put_i64(o->buf, v);
}

void out_u64(struct out *o, uint64_t v)
{
	buf_put_u64(o->buf, v);
}

void out_query(struct out *o, struct str v)
{
	html_percent(o->buf, v);
}

void out_query_url(struct out *o, struct url v)
{
	html_percent(o->buf, v.s);
}

void out_query_c(struct out *o, const char *v)
{
	html_percent(o->buf, str_of(v));
}

void out_json(struct out *o, struct json_text v)
{
	html_json(o->buf, v.s);
}

struct out_piece piece_str(const char *name, struct str v)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_TEXT, .s = v};
}

struct out_piece piece_html(const char *name, struct html v)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_HTML, .s = v.s};
}

struct out_piece piece_url(const char *name, struct url v)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_TEXT, .s = v.s};
}

struct out_piece piece_c(const char *name, const char *v)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_TEXT, .s = str_of(v)};
}

struct out_piece piece_i64(const char *name, int64_t v)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_INT, .i = v};
}

struct out_piece piece_u64(const char *name, uint64_t v)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_UINT, .u = v};
}

struct out_piece piece_link(const char *name, struct url v)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_LINK, .s = v.s};
}

struct out_piece piece_tag(const char *name)
{
	return (struct out_piece){.name = name, .kind = PIECE_IS_TAG};
}

static void put_piece(struct out *o, const struct out_piece *p)
{
	switch (p->kind) {
	case PIECE_IS_TEXT:
		html_escape(o->buf, p->s);
		break;
	case PIECE_IS_HTML:
		buf_put(o->buf, p->s);
		break;
	case PIECE_IS_INT:
		buf_put_i64(o->buf, p->i);
		break;
	case PIECE_IS_UINT:
		buf_put_u64(o->buf, p->u);
		break;
	case PIECE_IS_LINK:
		buf_put(o->buf, S("<a href=\""));
		html_escape(o->buf, p->s);
		buf_put(o->buf, S("\">"));
		break;
	case PIECE_IS_TAG:
		buf_put_c(o->buf, '<');
		buf_put(o->buf, str_of(p->name));
		buf_put_c(o->buf, '>');
		break;
	}
}

static void close_piece(struct out *o, const struct out_piece *p)
{
	buf_put(o->buf, S("</"));
	buf_put(o->buf, p->kind == PIECE_IS_LINK ? S("a") : str_of(p->name));
	buf_put_c(o->buf, '>');
}

static const struct out_piece *find_piece(struct str name, const struct out_piece *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, str_of(pieces[i].name))) {
			return &pieces[i];
		}
	}
	return NULL;
}

static bool has_end(const struct out_piece *p)
{
	return p->kind == PIECE_IS_LINK || p->kind == PIECE_IS_TAG;
}

/* Writes a sentence with its pieces. A translator may move or repeat them, or forget an end: what is open is closed, at
 * the latest at the end, and an end without a beginning is dropped, so that a catalogue cannot break a page. */
static void put_sentence(struct out *o, const char *text, const struct out_piece *pieces, size_t n)
{
	const struct out_piece *open[8];
	size_t opened = 0;
	struct str rest = str_of(text);

	for (ptrdiff_t at = str_chr(rest, '{'); n > 0 && at >= 0; at = str_chr(rest, '{')) {
		ptrdiff_t len = str_chr(str_sub(rest, (size_t)at, rest.n), '}');
		if (len < 0) {
			break;
		}
		bool end = len > 1 && rest.p[at + 1] == '/';
		size_t skip = (size_t)at + (end ? 2 : 1);
		const struct out_piece *p = find_piece(str_sub(rest, skip, (size_t)(at + len) - skip), pieces, n);
		html_escape(o->buf, str_sub(rest, 0, (size_t)(p ? at : at + len + 1)));
		rest = str_sub(rest, (size_t)(at + len + 1), rest.n);
		if (!p) {
			continue;
		}
		if (end && opened > 0 && open[opened - 1] == p) {
			close_piece(o, open[--opened]);
		} else if (!end && !has_end(p)) {
			put_piece(o, p);
		} else if (!end && opened < COUNT(open)) {
			open[opened++] = p;
			put_piece(o, p);
		}
	}
	html_escape(o->buf, rest);
	while (opened > 0) {
		close_piece(o, open[--opened]);
	}
}

void out_sentence(struct out *o, const char *ctx, const char *msgid, const struct out_piece *pieces, size_t n)
{
	put_sentence(o, i18n_get(o->lang, ctx, msgid), pieces, n);
}

void out_plural(struct out *o, const char *one, const char *many, int64_t count, const struct out_piece *pieces,
                size_t n)
{
	struct out_piece all[9];
	char digits[48];

	all[0] = piece_str("n", (struct str){digits, i18n_int(o->lang, count, digits)});
	for (size_t i = 0; i < n && i + 1 < COUNT(all); i++) {
		all[i + 1] = pieces[i];
	}
	put_sentence(o, i18n_plural(o->lang, NULL, one, many, count), all, n < COUNT(all) - 1 ? n + 1 : COUNT(all));
}

struct str out_fixed(struct out *o, double v, int digits)
{
	struct buf b = buf_make(o->mem, 64);

	buf_put_fixed(&b, v, digits);
	return buf_str(&b);
}

struct str out_count(struct out *o, int64_t v)
{
	char digits[48];
	size_t n = i18n_int(o->lang, v, digits);

	return str_dup(o->mem, (struct str){digits, n});
}
