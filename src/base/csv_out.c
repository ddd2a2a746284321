/*
 * CSV: the writer, and the guard against cells that a spreadsheet would run.
 */
#include "csv.h"


static bool is_trigger(char c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

/* Apostrophes, then a character that starts a formula. */
static bool looks_guarded(struct str cell)
{
	size_t i = 0;

	while (i < cell.n && cell.p[i] == '\'') {
		i++;
	}
	return i < cell.n && is_trigger(cell.p[i]);
}

bool csv_needs_guard(struct str cell)
{
	double number;

	return looks_guarded(cell) && !str_to_double(cell, &number);
}

struct str csv_without_guard(struct str cell)
{
	return cell.n > 1 && cell.p[0] == '\'' && looks_guarded(cell) ? str_sub(cell, 1, cell.n) : cell;
}

static bool needs_quotes(struct str cell, char sep)
{
	for (size_t i = 0; i < cell.n; i++) {
		char c = cell.p[i];

		if (c == sep || c == '"' || c == '\n' || c == '\r') {
			return true;
		}
	}
	return cell.n > 0 && (cell.p[0] == ' ' || cell.p[cell.n - 1] == ' ');
}

static void put_cell(struct buf *b, struct str cell, char sep)
{
	bool guard = csv_needs_guard(cell);

	if (!needs_quotes(cell, sep)) {
		if (guard) {
			buf_put_c(b, '\'');
		}
		buf_put(b, cell);
		return;
	}
	buf_put(b, guard ? S("\"'") : S("\""));
	while (cell.p != NULL) {
		struct str part = str_cut(&cell, '"');

		buf_put(b, part);
		if (cell.p != NULL) {
			buf_put(b, S("\"\""));
		}
	}
	buf_put_c(b, '"');
}

void csv_put_row(struct buf *b, const struct str *cells, size_t n, char sep)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0) {
			buf_put_c(b, sep);
		}
		put_cell(b, cells[i], sep);
	}
	if (n == 1 && cells[0].n == 0) {
		buf_put(b, S("\"\"")); /* an empty line would be no row */
	}
	buf_put(b, S("\r\n"));
}
