/*
 * The reader of calendar files (cal/ical.h). A file is read whole, for what belongs together may stand anywhere in it; its size and
 * the number of its events are bounded. What could not be read is a row that says why; what was repaired is said beside the first.
 */
#include "import_event.h"

#include <errno.h>
#include <unistd.h>

#include "../../base/limits.h"

enum err import_whole(struct import_reader *r, size_t max, struct str *out)
{
	struct buf b = buf_make(r->mem, max + 1);
	struct str piece;

	if (lseek(r->bytes.fd, 0, SEEK_SET) < 0) {
		return fail(E_IO, "import: %s", strerror(errno));
	}
	do {
		TRY(import_more(&r->bytes, &piece));
		buf_put(&b, piece);
	} while (piece.n && buf_ok(&b));
	*out = buf_str(&b);
	if (!buf_ok(&b)) {
		r->what = N_("The file is too large.");
		return E_INVALID;
	}
	return OK;
}

enum err import_next_of(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	struct import_rows *rows = r->own;

	(void)m;
	*got = rows->at < rows->all.n;
	if (*got) {
		*row = rows->all.p[rows->at++];
	}
	return OK;
}

struct calendar {
	struct ical_file file;
	struct import_rows lost;
	struct import_told *told;
	size_t n_told, at;
};

/* Lost events are rows of their own, in front; the rest is told with the first row. */
static void sort_problems(struct import_reader *r, struct calendar *c)
{
	c->told = mem_array(r->mem, struct import_told, c->file.n_problems);
	for (size_t i = 0; i < c->file.n_problems; i++) {
		const struct ical_problem *p = &c->file.problems[i];

		if (p->lost) {
			*vec_add(r->mem, &c->lost.all) = (struct import_row){.line = p->line, .bad = p->what, .about = p->about};
		} else {
			c->told[c->n_told++] = (struct import_told){p->line, p->what, p->about};
		}
	}
}

static enum err next(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	struct calendar *c = r->own;
	bool first = c->lost.at == 0 && c->at == 0;

	*got = true;
	if (c->lost.at < c->lost.all.n) {
		*row = c->lost.all.p[c->lost.at++];
	} else if (c->at < c->file.n_events) {
		struct cal_event *ev = &c->file.events[c->at++];

		*row = (struct import_row){.line = ev->line};
		ev->status = str_ieq(c->file.method, S("CANCEL")) ? CAL_CANCELLED : ev->status;
		calendar_row(m, ev, row);
	} else {
		*got = false;
	}
	if (*got && first) {
		row->told = c->told;
		row->n_told = c->n_told;
	}
	return OK;
}

/* Read here already: a file that is none is refused before anything of it is kept. */
enum err import_open_ical(struct import_reader *r)
{
	struct calendar *c = mem_new(r->mem, struct calendar);
	struct str text;
	enum err e;

	r->own = c;
	r->next = next;
	r->bytes.raw = true; /* lines may each be written in their own way */
	TRY(import_whole(r, LIMIT_ICAL, &text));
	e = ical_read(r->mem, text, &c->file);
	if (e == E_INVALID || e == E_LIMIT) {
		r->what = c->file.n_problems ? c->file.problems[0].what : N_("This file is in none of the known formats.");
		r->what_line = c->file.n_problems ? c->file.problems[0].line : 0;
		return E_INVALID;
	}
	TRY(e);
	if (c->file.n_events == 0 && c->file.n_lost == 0) {
		r->what = c->file.n_others ? N_("There is no event in this calendar: only tasks, notes or busy times, which are not read.")
					   : N_("There is no event in this calendar.");
		return E_INVALID;
	}
	sort_problems(r, c);
	return OK;
}
