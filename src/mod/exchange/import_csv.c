/*
 * The reader of tables: any separator, any encoding (base/csv.c finds them out); the first row names the columns.
 */
#include "import.h"

#include "../../base/csv.h"
#include "../../base/utf8.h"
#include "../../entity/tree.h"

struct table {
	struct csv_in *in;
};

static enum err refuse(struct import_reader *r, enum err e, int64_t line)
{
	if (e == E_INVALID || e == E_LIMIT) {
		r->what = csv_what(((struct table *)r->own)->in);
		r->what = r->what ? r->what : N_("This file cannot be read as a table.");
		r->what_line = line;
	}
	return e;
}

static enum err next(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	struct table *t = r->own;
	struct csv_row cells = {.line = 0};
	enum err e = csv_next(t->in, &cells, got);

	if (e != OK || !*got) {
		return refuse(r, e, cells.line);
	}
	r->encoding = csv_encoding_name(csv_encoding(t->in));
	*row = (struct import_row){.raw = tree_object(), .line = cells.line};
	for (size_t i = 0; i < r->n_columns; i++) {
		struct str v = i < cells.n ? cells.cells[i] : STR_NONE;

		if (r->columns[i].n) {
			tree_put(m, &row->raw, r->columns[i], tree_str(v.p ? str_dup(m, v) : S("")));
		}
	}
	return OK;
}

enum err import_open_csv(struct import_reader *r)
{
	struct table *t = mem_new(r->mem, struct table);
	struct csv_row head;
	bool got, ours[2] = {false, false};

	r->own = t;
	r->next = next;
	r->bytes.raw = true;
	t->in = csv_open(r->mem, import_more, &r->bytes, 0);
	enum err e = csv_next(t->in, &head, &got);
	if (e != OK || !got) {
		r->what = N_("This file is empty.");
		return e == OK ? E_INVALID : refuse(r, e, 1);
	}
	r->n_columns = head.n;
	r->columns = mem_array(r->mem, struct str, head.n);
	for (size_t i = 0; i < head.n; i++) {
		struct str name;

		if (utf8_clean_line(r->mem, str_dup(r->mem, head.cells[i]), &name) != OK) {
			name = STR_NONE;
		}
		r->columns[i] = name;
		ours[0] = ours[0] || str_eq(name, S("created_at"));
		ours[1] = ours[1] || str_eq(name, S("updated_at"));
	}
	/* Our own tables guard cells that a spreadsheet would run. */
	csv_unguard(t->in, ours[0] && ours[1]);
	return OK;
}
