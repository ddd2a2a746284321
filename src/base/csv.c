/*
 * CSV. Pieces of input are made UTF-8 one after the other (decode…), and the rows are cut out of that (take…). No encoding
 * but UTF-16 needs to be known beforehand: a byte that does not belong to valid UTF-8 is taken for Windows-1252, which is
 * right for a file in that encoding and mends one in which both were pasted together.
 */
#include "csv.h"

#include "limits.h"
#include "utf8.h"

#define PIECE KIB(16)       /* of UTF-8 at a time */
#define MENDED ((char)0xff) /* stands before a character that did not fit; no UTF-8 has such a byte */

struct csv_in {
	read_more *more;
	void *ctx;
	struct str raw;      /* what is left of the chunk */
	bool over, begun;
	char held[4];        /* an unfinished character from the chunk before */
	size_t held_n;
	enum { PLAIN, UTF16_LE, UTF16_BE } wide;
	bool saw_utf8, saw_1252;
	char piece[PIECE];   /* UTF-8 waiting to be read: from at to n */
	size_t at, n;
	char sep;
	bool unguard;
	int64_t line;
	struct buf text;     /* the cells of the row, one after the other */
	size_t ends[LIMIT_CSV_COLUMNS];
	struct str cells[LIMIT_CSV_COLUMNS];
	size_t cells_n;
	bool mended, quoted; /* of the row: as csv_row says; it has a quoted cell */
	const char *what;
};

static enum err no_more(void *ctx, struct str *chunk)
{
	(void)ctx;
	*chunk = S("");
	return OK;
}

struct csv_in *csv_open(struct mem *m, read_more *more, void *ctx, char sep)
{
	struct csv_in *in = mem_new(m, struct csv_in);

	in->more = more;
	in->ctx = ctx;
	in->sep = sep;
	in->line = 1;
	in->text = buf_make(m, LIMIT_CSV_ROW);
	return in;
}

struct csv_in *csv_open_str(struct mem *m, struct str text, char sep)
{
	struct csv_in *in = csv_open(m, no_more, NULL, sep);

	in->raw = text;
	return in;
}

const char *csv_what(const struct csv_in *in)
{
	return in->what;
}

char csv_separator(const struct csv_in *in)
{
	return in->sep == 0 ? ',' : in->sep;
}

enum csv_encoding csv_encoding(const struct csv_in *in)
{
	if (in->wide != PLAIN) {
		return CSV_UTF16;
	}
	if (in->saw_utf8) {
		return CSV_UTF8;
	}
	return in->saw_1252 ? CSV_WINDOWS_1252 : CSV_ASCII;
}

const char *csv_encoding_name(enum csv_encoding e)
{
	static const char *const names[] = {"US-ASCII", "UTF-8", "Windows-1252", "UTF-16"};

	return names[e];
}

void csv_unguard(struct csv_in *in, bool on)
{
	in->unguard = on;
}

static enum err bad(struct csv_in *in, enum err e, const char *what)
{
	in->what = what;
	return e;
}

/* ---- Decoding ---- */

/* 0x80 to 0x9f of Windows-1252; the five holes become U+FFFD. */
static const uint16_t high[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

static void put_point(struct csv_in *in, uint32_t cp)
{
	/* a NUL, or a byte-order mark where files were joined, is noise */
	if (cp != 0 && cp != 0xfeff) {
		in->n += utf8_put(in->piece + in->n, cp);
	}
}

static void put_1252(struct csv_in *in, unsigned char c)
{
	if (in->saw_utf8) {
		in->piece[in->n++] = MENDED;
	}
	in->saw_1252 = true;
	put_point(in, c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c);
}

/* How many bytes a character that begins with `c` has; 0 when none does. */
static size_t lead(unsigned char c)
{
	return c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
}

/* One character from the front of `s`, which is all there is when `last`; how many bytes it took, 0 if it needs more. */
static size_t decode_one(struct csv_in *in, struct str s, bool last)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = lead(c);
	uint32_t cp;

	if (n == 1) {
		put_point(in, c);
		return 1;
	}
	if (n > s.n && !last) {
		return 0;
	}
	if (n > 0 && utf8_next(s, 0, &cp) == n) {
		if (in->saw_1252 && !in->saw_utf8) {
			in->piece[in->n++] = MENDED;
		}
		in->saw_utf8 = true;
		put_point(in, cp);
		return n;
	}
	put_1252(in, c);
	return 1;
}

static uint32_t unit_at(const struct csv_in *in, struct str s, size_t at)
{
	unsigned a = (unsigned char)s.p[at], b = (unsigned char)s.p[at + 1];

	return in->wide == UTF16_LE ? b << 8 | a : a << 8 | b;
}

static size_t decode_wide(struct csv_in *in, struct str s, bool last)
{
	uint32_t one, two;

	if (s.n < 2) {
		return last ? s.n : 0;
	}
	one = unit_at(in, s, 0);
	if (one < 0xd800 || one >= 0xdc00) {
		put_point(in, one); /* a lone half is written as U+FFFD */
		return 2;
	}
	if (s.n < 4) {
		if (last) {
			put_point(in, UTF8_REPLACEMENT);
		}
		return last ? s.n : 0;
	}
	two = unit_at(in, s, 2);
	if (two < 0xdc00 || two >= 0xe000) {
		put_point(in, UTF8_REPLACEMENT);
		return 2;
	}
	put_point(in, 0x10000 + ((one - 0xd800) << 10) + (two - 0xdc00));
	return 4;
}

/* Runs of ASCII, most of every file, are copied as they are. */
static size_t decode_run(struct csv_in *in)
{
	size_t n = 0, most = PIECE - in->n;

	if (in->wide != PLAIN || in->held_n > 0) {
		return 0;
	}
	while (n < in->raw.n && n < most && (unsigned char)in->raw.p[n] < 0x80 && in->raw.p[n] != '\0') {
		n++;
	}
	memcpy(in->piece + in->n, in->raw.p, n);
	in->n += n;
	return n;
}

static size_t decode_some(struct csv_in *in, struct str s, bool last)
{
	return in->wide == PLAIN ? decode_one(in, s, last) : decode_wide(in, s, last);
}

/* Byte-order marks, and UTF-16 without one: a table's first characters are ASCII, so every other byte is NUL. Looks at the
 * first four bytes, which are held back for it. */
static void find_encoding(struct csv_in *in)
{
	struct str s = {in->held, in->held_n};
	size_t skip = 0;

	if (str_starts(s, S("\xef\xbb\xbf"))) {
		skip = 3;
		in->saw_utf8 = true;
	} else if (str_starts(s, S("\xff\xfe"))) {
		skip = 2;
		in->wide = UTF16_LE;
	} else if (str_starts(s, S("\xfe\xff"))) {
		skip = 2;
		in->wide = UTF16_BE;
	} else if (s.n == 4 && s.p[0] != '\0' && s.p[1] == '\0' && s.p[2] != '\0' && s.p[3] == '\0') {
		in->wide = UTF16_LE;
	} else if (s.n == 4 && s.p[0] == '\0' && s.p[1] != '\0' && s.p[2] == '\0' && s.p[3] != '\0') {
		in->wide = UTF16_BE;
	}
	in->held_n -= skip;
	memmove(in->held, in->held + skip, in->held_n);
	in->begun = true;
}

static void hold_one(struct csv_in *in)
{
	in->held[in->held_n++] = in->raw.p[0];
	in->raw = str_sub(in->raw, 1, in->raw.n);
}

/* The first bytes of all, and the character that the last chunk broke off. */
static void decode_held(struct csv_in *in)
{
	while (!in->begun && in->held_n < sizeof(in->held) && in->raw.n > 0) {
		hold_one(in);
	}
	if (!in->begun) {
		if (in->held_n < sizeof(in->held) && !in->over) {
			return;
		}
		find_encoding(in);
	}
	while (in->held_n > 0) {
		bool last = in->over || in->held_n == sizeof(in->held);
		size_t took = decode_some(in, (struct str){in->held, in->held_n}, last);

		if (took == 0) {
			if (in->raw.n == 0) {
				return;
			}
			hold_one(in);
		}
		in->held_n -= took;
		memmove(in->held, in->held + took, in->held_n);
	}
}

static enum err next_chunk(struct csv_in *in)
{
	struct str chunk = S("");
	enum err e = in->more(in->ctx, &chunk);

	if (e != OK) {
		return bad(in, e, N_("The file could not be read."));
	}
	in->over = chunk.n == 0;
	in->raw = chunk;
	return OK;
}

/* Moves what is unread to the front and fills the piece up, as far as there is input. */
static enum err fill(struct csv_in *in)
{
	size_t took;

	memmove(in->piece, in->piece + in->at, in->n - in->at);
	in->n -= in->at;
	in->at = 0;
	/* what is held back is four characters at most, of three bytes and a mark */
	while (in->n + 16 <= PIECE) {
		if (in->raw.n == 0) {
			if (in->over) {
				break;
			}
			TRY(next_chunk(in));
		}
		decode_held(in);
		took = decode_run(in);
		in->raw = str_sub(in->raw, took, in->raw.n);
		if (took > 0 || in->raw.n == 0) {
			continue;
		}
		took = decode_some(in, in->raw, false);
		in->raw = str_sub(in->raw, took, in->raw.n);
		if (took == 0) {
			memcpy(in->held, in->raw.p, in->raw.n);
			in->held_n = in->raw.n;
			in->raw = S("");
		}
	}
	return OK;
}

/* ---- The separator ---- */

/* How often `sep` stands outside quotes in each of the first lines: the smallest number over the lines that have any. */
static int score(struct str text, char sep)
{
	bool quoted = false;
	int least = 0, now = 0, lines = 0;

	for (size_t i = 0; i < text.n && lines < 10; i++) {
		char c = text.p[i];

		if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && c == sep) {
			now++;
		} else if (!quoted && (c == '\n' || i + 1 == text.n)) {
			if (now == 0 && lines == 0) {
				return 0; /* the header has it, or it is none */
			}
			least = lines == 0 || (now > 0 && now < least) ? now : least;
			now = 0;
			lines++;
		}
	}
	return lines == 0 ? now : least;
}

static void find_separator(struct csv_in *in)
{
	static const char candidates[] = {';', ',', '\t', '|'};
	struct str text = {in->piece + in->at, in->n - in->at};
	int best = 0;

	if (text.n > 5 && str_ieq(str_sub(text, 0, 4), S("sep=")) && (text.p[5] == '\n' || text.p[5] == '\r')) {
		in->sep = text.p[4];
		in->at += text.p[5] == '\r' && text.n > 6 && text.p[6] == '\n' ? 7 : 6;
		in->line++;
		return;
	}
	in->sep = ',';
	for (size_t i = 0; i < COUNT(candidates); i++) {
		int s = score(text, candidates[i]);

		if (s > best) {
			best = s;
			in->sep = candidates[i];
		}
	}
}

/* ---- Rows ---- */

/* The next character (a byte of it) without taking it; -1 at the end. */
static enum err peek(struct csv_in *in, int *c)
{
	if (in->at == in->n) {
		TRY(fill(in));
	}
	*c = in->at < in->n ? (unsigned char)in->piece[in->at] : -1;
	return OK;
}

static enum err put_bytes(struct csv_in *in, const char *p, size_t n)
{
	size_t from = in->cells_n == 0 ? 0 : in->ends[in->cells_n - 1];

	while (n > 0) {
		const char *mark = memchr(p, MENDED, n);
		size_t len = mark == NULL ? n : (size_t)(mark - p);

		buf_put_bytes(&in->text, p, len);
		in->mended = in->mended || mark != NULL;
		n -= len + (mark != NULL);
		p += len + (mark != NULL);
	}
	if (in->text.n - from > LIMIT_CSV_FIELD || !buf_ok(&in->text)) {
		return bad(in, E_LIMIT, N_("A cell or a row is too long. Is a quotation mark missing before it?"));
	}
	return OK;
}

static enum err end_cell(struct csv_in *in)
{
	if (in->cells_n == LIMIT_CSV_COLUMNS) {
		return bad(in, E_LIMIT, N_("A row has too many columns."));
	}
	in->ends[in->cells_n++] = in->text.n;
	return OK;
}

/* Takes a line end of any kind; the line is counted. */
static enum err take_newline(struct csv_in *in)
{
	int c = in->piece[in->at++];

	in->line++;
	if (c == '\r') {
		TRY(peek(in, &c));
		in->at += c == '\n';
	}
	return OK;
}

/* After the opening quote, up to the closing one. Line ends inside become \n. */
static enum err take_quoted(struct csv_in *in)
{
	int c;

	for (;;) {
		size_t from;

		TRY(peek(in, &c));
		if (c < 0) {
			return bad(in, E_INVALID, N_("A quotation mark is opened here and never closed."));
		}
		if (c == '"') {
			in->at++;
			TRY(peek(in, &c));
			if (c != '"') {
				return OK;
			}
			in->at++;
			TRY(put_bytes(in, "\"", 1));
			continue;
		}
		if (c == '\n' || c == '\r') {
			TRY(take_newline(in));
			TRY(put_bytes(in, "\n", 1));
			continue;
		}
		from = in->at;
		while (in->at < in->n && in->piece[in->at] != '"' && in->piece[in->at] != '\n' && in->piece[in->at] != '\r') {
			in->at++;
		}
		TRY(put_bytes(in, in->piece + from, in->at - from));
	}
}

static enum err take_plain(struct csv_in *in)
{
	int c;

	for (;;) {
		size_t from;

		TRY(peek(in, &c));
		if (c < 0 || c == in->sep || c == '\n' || c == '\r') {
			return OK;
		}
		from = in->at;
		while (in->at < in->n && in->piece[in->at] != in->sep && in->piece[in->at] != '\n' && in->piece[in->at] != '\r') {
			in->at++;
		}
		TRY(put_bytes(in, in->piece + from, in->at - from));
	}
}

/* One row; `*some` false at the end of the input. */
static enum err take_row(struct csv_in *in, bool *some)
{
	int c;

	buf_reset(&in->text);
	in->cells_n = 0;
	in->mended = in->quoted = false;
	TRY(peek(in, &c));
	*some = c >= 0;
	while (*some) {
		TRY(peek(in, &c));
		if (c == '"') {
			in->at++;
			in->quoted = true;
			TRY(take_quoted(in));
			TRY(peek(in, &c));
			/* what stands between the closing quote and the separator belongs to the cell, oddly */
			in->mended = in->mended || !(c < 0 || c == in->sep || c == '\n' || c == '\r');
		}
		TRY(take_plain(in));
		TRY(end_cell(in));
		TRY(peek(in, &c));
		if (c != in->sep) {
			break;
		}
		in->at++;
	}
	return c == '\n' || c == '\r' ? take_newline(in) : OK;
}

static bool row_empty(const struct csv_in *in)
{
	return in->text.n == 0 && in->cells_n == 1 && !in->quoted;
}

enum err csv_next(struct csv_in *in, struct csv_row *row, bool *got)
{
	struct str text;
	size_t from = 0;

	*row = (struct csv_row){.line = in->line};
	*got = false;
	if (in->what != NULL) {
		return E_INVALID;
	}
	if (in->sep == 0) {
		TRY(fill(in));
		find_separator(in);
	}
	do {
		enum err e;

		row->line = in->line;
		e = take_row(in, got);
		if (e != OK) {
			*got = false;
			return e;
		}
	} while (*got && row_empty(in));
	text = buf_str(&in->text);
	for (size_t i = 0; i < in->cells_n; i++) {
		in->cells[i] = str_sub(text, from, in->ends[i] - from);
		if (in->unguard) {
			in->cells[i] = csv_without_guard(in->cells[i]);
		}
		from = in->ends[i];
	}
	row->cells = in->cells;
	row->n = in->cells_n;
	row->mended = in->mended;
	return OK;
}
