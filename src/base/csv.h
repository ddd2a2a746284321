/*
 * Tables as text: CSV as spreadsheets and volunteers make it. The reader takes any separator and encoding and says what it
 * took; its memory does not grow with the file. The writer's cells cannot become formulas where they are opened.
 *
 * The guard: a spreadsheet runs a cell that begins with = + - @ or a tab or carriage return as a formula. Such a cell gets a
 * leading ' from the writer, unless it is a plain number (-1.5). So that nothing is lost, a cell that already begins with
 * one or more ' before such a character gets one more, and the reader, asked to (csv_unguard), takes exactly one away.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "buf.h"
#include "err.h"
#include "json.h" /* read_more, write_more */
#include "str.h"

enum csv_encoding {
	CSV_ASCII,        /* nothing else came up so far */
	CSV_UTF8,
	CSV_WINDOWS_1252, /* and ISO 8859-1, which is a part of it */
	CSV_UTF16
};

struct csv_row {
	struct str *cells; /* UTF-8; valid until the next row */
	size_t n;
	int64_t line;      /* where the row begins, from 1 */
	bool mended;       /* bytes that did not fit the encoding were taken for Windows-1252, or quotes were odd */
};

struct csv_in;

/* A reader in `m`. `sep` is the separator, or 0 to find it out among , ; tab and | (or from a first line "sep=;"). */
struct csv_in *csv_open(struct mem *m, read_more *more, void *ctx, char sep);
struct csv_in *csv_open_str(struct mem *m, struct str text, char sep);
/* The next row that is not empty; `*got` false at the end. E_INVALID where a quote is never closed, E_LIMIT where a cell, a
 * row or its number of cells is too large, or what `more` returned; then csv_what() says why and row->line where. */
enum err csv_next(struct csv_in *in, struct csv_row *row, bool *got) MUST_USE;
/* What is wrong, for translation; NULL if nothing. */
const char *csv_what(const struct csv_in *in);
/* What was found out, as far as was read. */
char csv_separator(const struct csv_in *in);
enum csv_encoding csv_encoding(const struct csv_in *in);
const char *csv_encoding_name(enum csv_encoding e);
/* From here on cells lose the writer's guard. */
void csv_unguard(struct csv_in *in, bool on);

/* One row, ended by CR LF (RFC 4180); cells are quoted where they must be, guarded as above; STR_NONE is empty. */
void csv_put_row(struct buf *b, const struct str *cells, size_t n, char sep);
/* The guard alone, for other tables that spreadsheets open. */
bool csv_needs_guard(struct str cell);
struct str csv_without_guard(struct str cell);

#endif
