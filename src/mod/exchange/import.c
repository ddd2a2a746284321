/*
 * The engine of imports: rows in, objects out, in batches of one transaction each; what a batch acknowledged stays whatever happens
 * afterwards. A row that fails costs nothing to the others: the batch is then done again, each row by itself.
 */
#include "import.h"

#include "../../base/enc.h"
#include "../../base/fold.h"
#include "../../base/limits.h"
#include "../../base/log.h"
#include "../../base/time.h"
#include "../../db/db.h"
#include "../../html/i18n.h"
#include "../../job/job.h"
#include "../../web/site.h"
#include "exchange.sql.h"

enum {
	BATCH_ROWS = 2500, /* kept in memory at once: on PostgreSQL a transaction */
	TX_ROWS = 16000,   /* on SQLite: what a page of an index costs to write is shared by many rows then */
	FIRST_ROWS = 500,  /* of the first transaction there: the next ones follow its pace */
	TX_MS = 2500,      /* but others who write do not wait longer */
	PIECE_ROWS = 200   /* done again apart when one of them fails */
};

void import_say(struct import *im, const char *outcome, struct str field, struct str reason)
{
	im->n_said++;
	if (im->said.n < IMPORT_SAID_MAX) {
		*vec_add(im->mem, &im->said) = (struct import_said){im->line, outcome, str_dup(im->mem, field), str_dup(im->mem, reason)};
	}
}

struct str import_source_of(struct mem *m, struct str file, struct str *lang)
{
	struct str name = file, stem;
	ptrdiff_t dot = -1;

	for (size_t i = 0; i < file.n; i++) {
		if (file.p[i] == '/' || file.p[i] == '\\') {
			name = str_sub(file, i + 1, file.n);
		}
	}
	for (size_t i = 1; i < name.n; i++) {
		dot = name.p[i] == '.' ? (ptrdiff_t)i : dot;
	}
	stem = dot > 0 ? str_sub(name, 0, (size_t)dot) : name;
	if (stem.n > 3 && (stem.p[stem.n - 3] == '-' || stem.p[stem.n - 3] == '_' || stem.p[stem.n - 3] == '.')) {
		int i = site_lang_index(str_sub(stem, stem.n - 2, 2));

		if (i >= 0) {
			*lang = str_of(site_langs[i]);
			stem = str_sub(stem, 0, stem.n - 3);
		}
	}
	return str_fmt(m, "file:%.*s", STR_ARG(str_sub(fold(m, stem), 0, 150)));
}

/* ---- one batch ------------------------------------------------------------------------------------------------------- */

struct counts {
	int64_t created, updated, unchanged, rejected, n_said;
	size_t said;
};

static struct counts counts_now(const struct import *im)
{
	return (struct counts){im->created, im->updated, im->unchanged, im->rejected, im->n_said, im->said.n};
}

static void counts_back(struct import *im, const struct counts *c)
{
	im->created = c->created;
	im->updated = c->updated;
	im->unchanged = c->unchanged;
	im->rejected = c->rejected;
	im->n_said = c->n_said;
	im->said.n = c->said;
}

static enum err put_run(struct import *im, int state)
{
	struct opt_int ended = {.has = state != 0, .v = time_now()};

	return import_run_set(im->db, &(struct import_run_set_in){
		.id = im->run, .state = state, .ended_at = ended, .n_read = im->read, .n_created = im->created,
		.n_updated = im->updated, .n_unchanged = im->unchanged, .n_rejected = im->rejected});
}

static enum err put_lines(struct import *im, size_t from)
{
	for (size_t i = from; i < im->said.n; i++) {
		const struct import_said *s = &im->said.p[i];

		TRY(import_line_add(im->db, &(struct import_line_add_in){im->run, (int64_t)i + 1, s->line, str_of(s->outcome),
										  s->field, s->reason}));
	}
	return OK;
}

static enum err rows_at_once(struct import *im, const struct import_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mem_mark at = mem_mark(im->scratch);

		TRY(import_one(im, im->scratch, &rows[i]));
		mem_rewind(im->scratch, at);
	}
	return OK;
}

/* Each row in a savepoint of its own, so that one that the database refuses is told and the others pass. */
static enum err rows_one_by_one(struct import *im, const struct import_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mem_mark at = mem_mark(im->scratch);
		struct counts before = counts_now(im);
		enum err e;

		TRY(db_savepoint(im->db));
		e = import_one(im, im->scratch, &rows[i]);
		if (e == E_INVALID || e == E_CONFLICT || e == E_LIMIT) {
			db_savepoint_undo(im->db);
			counts_back(im, &before);
			im->line = rows[i].line;
			im->rejected++;
			import_say(im, "rejected", S(""), tr(lang_catalogue(im->speak), N_("This record could not be kept: it clashes with "
											   "another, or is too large.")));
		} else {
			TRY(e);
			TRY(db_savepoint_keep(im->db));
		}
		mem_rewind(im->scratch, at);
	}
	return OK;
}

static enum err write_batch(struct import *im, const struct import_row *rows, size_t n, size_t said)
{
	bool inside = im->dry_run && db_in_tx(im->db); /* of a request */
	enum err e;

	TRY(inside ? OK : db_begin(im->db, im->dry_run ? DB_READ : DB_WRITE));
	im->announced = false;
	e = rows_at_once(im, rows, n);
	e = e == OK ? batch_flush(im->db, im->batch) : e;
	if (e == E_INVALID || e == E_CONFLICT || e == E_LIMIT || e == E_DB) {
		return e;
	}
	if (e == OK && !im->dry_run) {
		e = put_lines(im, said);
		e = e == OK ? put_run(im, 0) : e;
	}
	return e == OK && !inside ? db_commit(im->db) : e;
}

static enum err write_carefully(struct import *im, const struct import_row *rows, size_t n, size_t said)
{
	struct batch *batch = im->batch;
	enum err e;

	TRY(db_begin(im->db, DB_WRITE));
	im->announced = false;
	im->batch = NULL;
	e = rows_one_by_one(im, rows, n);
	im->batch = batch;
	e = e == OK ? put_lines(im, said) : e;
	e = e == OK ? put_run(im, 0) : e;
	return e == OK ? db_commit(im->db) : e;
}

/* Some rows in a transaction, again while the database is busy. */
static enum err try_rows(struct import *im, const struct import_row *rows, size_t n, bool carefully)
{
	struct counts before = counts_now(im);
	enum err e = OK;

	for (int tries = 0; tries < LIMIT_WEB_TRIES; tries++) {
		e = carefully ? write_carefully(im, rows, n, before.said) : write_batch(im, rows, n, before.said);
		if (e == OK || im->dry_run) {
			return e;
		}
		db_rollback(im->db);
		batch_forget(im->batch);
		counts_back(im, &before);
		if (e != E_BUSY) {
			return e;
		}
	}
	return e;
}

static bool is_of_a_row(enum err e)
{
	return e == E_INVALID || e == E_CONFLICT || e == E_LIMIT || e == E_DB;
}

/* All at once; where a row spoils it, piece by piece; and the piece of that row, row by row. */
static enum err do_batch(struct import *im, const struct import_row *rows, size_t n)
{
	enum err e = try_rows(im, rows, n, false);

	if (im->dry_run || !is_of_a_row(e)) {
		return e;
	}
	for (size_t at = 0; at < n; at += PIECE_ROWS) {
		size_t some = n - at < PIECE_ROWS ? n - at : PIECE_ROWS;

		e = try_rows(im, rows + at, some, false);
		TRY(is_of_a_row(e) ? try_rows(im, rows + at, some, true) : e);
	}
	return OK;
}

/* ---- all ------------------------------------------------------------------------------------------------------------- */

static enum err begin_run(struct import *im)
{
	struct import_run_add_row row;

	if (im->dry_run || im->run) {
		return OK;
	}
	TRY(db_begin(im->db, DB_WRITE));
	enum err e = import_run_add(im->db, str_of(im->entity->kind), str_of(im->reader->format), im->source, im->account, im->now,
				    im->mem, &row);
	if (e != OK) {
		db_rollback(im->db);
		return e;
	}
	im->run = row.id;
	return db_commit(im->db);
}

static enum err end_run(struct import *im, bool whole)
{
	enum err e;

	if (im->dry_run) {
		return OK;
	}
	TRY(db_begin(im->db, DB_WRITE));
	e = put_run(im, whole ? 1 : 2);
	if (e != OK) {
		db_rollback(im->db);
		return e;
	}
	return db_commit(im->db);
}

enum err import_run_progress(struct import *im)
{
	return put_run(im, 0);
}

enum err import_run_close(struct import *im, bool whole)
{
	enum err e;

	TRY(db_begin(im->db, DB_WRITE));
	e = put_lines(im, 0);
	e = e == OK ? put_run(im, whole ? 1 : 2) : e;
	if (e != OK) {
		db_rollback(im->db);
		return e;
	}
	return db_commit(im->db);
}

/* The file broke off: said like a row's fault, at its line. */
static void say_broken(struct import *im)
{
	im->line = im->reader->what_line;
	import_say(im, "rejected", S(""), tr(lang_catalogue(im->speak), im->reader->what));
}

/* A list of words is no list of records, though it is read as rows. */
static bool is_of_words(struct import *im)
{
	if (strcmp(im->reader->format, "taxonomy") == 0) {
		im->reader->what = N_("These are categories, not records: choose to import themes.");
	}
	return im->reader->what != NULL;
}

/* The rows at hand, and whether there are more. */
struct hand {
	struct mem *mem;
	struct import_row *rows;
	size_t n;
	size_t most;     /* read at once */
	bool more;
	enum err broken; /* of the file */
};

static void read_rows(struct import *im, struct hand *h)
{
	size_t most = im->at_once && im->at_once < h->most ? im->at_once : h->most;

	h->n = 0;
	mem_reset(h->mem);
	while (h->n < most && h->more) {
		h->broken = im->reader->next(im->reader, h->mem, &h->rows[h->n], &h->more);
		h->more = h->more && h->broken == OK && !(im->rows_max && (size_t)im->read >= im->rows_max);
		h->n += h->more;
		im->read += h->more;
	}
}

/* Rows in a savepoint; `*spoiled` when one of them undid it. */
static enum err write_piece(struct import *im, const struct hand *h, bool *spoiled)
{
	struct counts before = counts_now(im);
	struct batch_mark mark = batch_mark(im->batch);
	enum err e;

	TRY(db_savepoint(im->db));
	e = rows_at_once(im, h->rows, h->n);
	e = e == OK ? batch_words(im->db, im->batch) : e;
	*spoiled = is_of_a_row(e);
	if (!*spoiled) {
		return e == OK ? db_savepoint_keep(im->db) : e;
	}
	db_savepoint_undo(im->db);
	batch_undo(im->batch, mark);
	counts_back(im, &before);
	return OK;
}

static enum err write_pieces(struct import *im, struct hand *h, bool *spoiled)
{
	int64_t first = im->read - (int64_t)h->n, until = time_mono() + TX_MS * INT64_C(1000);
	int64_t most = im->at_once ? (int64_t)im->at_once : TX_ROWS;
	size_t said = im->said.n;

	im->announced = false;
	for (;;) {
		TRY(write_piece(im, h, spoiled));
		if (*spoiled || !h->more || im->read - first >= most || time_mono() > until) {
			break;
		}
		read_rows(im, h);
		if (!h->n) {
			break;
		}
	}
	TRY(batch_flush(im->db, im->batch));
	TRY(put_lines(im, said));
	return put_run(im, 0);
}

/* As many rows as one transaction takes, beginning with those at hand; a spoiled piece is done again by itself. */
static enum err write_many(struct import *im, struct hand *h)
{
	struct counts before = counts_now(im);
	bool spoiled = false;
	enum err e = E_BUSY;

	for (int tries = 0; tries < LIMIT_WEB_TRIES && e == E_BUSY; tries++) {
		e = db_begin(im->db, DB_WRITE);
	}
	TRY(e);
	e = write_pieces(im, h, &spoiled);
	e = e == OK ? db_commit(im->db) : e;
	if (e != OK) {
		db_rollback(im->db);
		batch_forget(im->batch);
		counts_back(im, &before);
		return e;
	}
	return spoiled ? do_batch(im, h->rows, h->n) : OK;
}

/* A transaction is as large as its time allows: others write too, and what is in is safe. */
static void pace(struct hand *h, int64_t took_us)
{
	if (took_us > TX_MS * INT64_C(1000) && h->most > PIECE_ROWS) {
		h->most /= 2;
	} else if (took_us < TX_MS * INT64_C(250) && h->most < BATCH_ROWS) {
		h->most = 2 * h->most < BATCH_ROWS ? 2 * h->most : BATCH_ROWS;
	}
}

static enum err read_batches(struct import *im)
{
	struct hand h = {.mem = mem_open(), .rows = mem_array(im->mem, struct import_row, BATCH_ROWS), .more = true};
	bool many = !im->dry_run && db_engine(im->db) == DB_SQLITE;
	enum err e = OK;

	h.most = many ? BATCH_ROWS : FIRST_ROWS;

	while (h.more && e == OK) {
		int64_t began = time_mono();

		read_rows(im, &h);
		if (h.n) {
			e = many ? write_many(im, &h) : do_batch(im, h.rows, h.n);
		}
		pace(&h, many ? TX_MS * INT64_C(1000) : time_mono() - began);
		e = e == OK && im->job ? job_renew(im->job) : e;
		if (im->progress) {
			im->progress(im->ctx, im);
		}
	}
	mem_close(h.mem);
	if (e == OK && h.broken != OK) {
		say_broken(im);
	}
	return e != OK ? e : h.broken;
}

enum err import_all(struct import *im)
{
	enum err e;

	im->now = time_now();
	if (is_of_words(im)) {
		say_broken(im);
		return E_INVALID;
	}
	im->scratch = mem_open();
	im->batch = batch_open(im->scratch);
	TRY(begin_run(im));
	TRY(db_in_tx(im->db) ? OK : db_bulk(im->db, true));
	e = read_batches(im);
	if (!im->dry_run && (e == OK || e == E_INVALID || e == E_LIMIT)) {
		enum err links = import_links(im);

		e = links == OK ? e : links;
	}
	mem_close(im->scratch);
	im->scratch = NULL;
	if (!db_in_tx(im->db) && db_bulk(im->db, false) != OK) {
		log_warn("import: the connection keeps much memory");
	}
	if (e == OK || e == E_INVALID || e == E_LIMIT) {
		TRY(end_run(im, e == OK));
		return e == OK ? OK : E_INVALID;
	}
	return e;
}

/* ---- summary --------------------------------------------------------------------------------------------------------- */

static void put_said(struct json_out *j, const struct import *im, const char *outcome)
{
	json_put_array(j);
	for (size_t i = 0; i < im->said.n; i++) {
		const struct import_said *s = &im->said.p[i];

		if (strcmp(s->outcome, outcome) != 0) {
			continue;
		}
		json_put_object(j);
		json_put_kv_i64(j, S("line"), s->line);
		json_put_kv_str(j, S("field"), s->field);
		json_put_kv_str(j, S("reason"), s->reason);
		json_put_object_end(j);
	}
	json_put_array_end(j);
}

void import_summary(struct json_out *j, const struct import *im)
{
	json_put_object(j);
	json_put_kv_i64(j, S("read"), im->read);
	json_put_kv_i64(j, S("created"), im->created);
	json_put_kv_i64(j, S("updated"), im->updated);
	json_put_kv_i64(j, S("unchanged"), im->unchanged);
	json_put_kv_i64(j, S("rejected"), im->rejected);
	json_put_key(j, S("errors"));
	put_said(j, im, "rejected");
	json_put_key(j, S("notes"));
	put_said(j, im, "noted");
	json_put_key(j, S("unknown_columns"));
	json_put_array(j);
	for (size_t i = 0; im->mapping && i < im->mapping->unknown.n; i++) {
		json_put_str(j, im->mapping->unknown.p[i]);
	}
	json_put_array_end(j);
	json_put_kv_str(j, S("format"), str_of(im->reader->format));
	json_put_kv_str(j, S("encoding"), str_of(im->reader->encoding));
	json_put_kv_bool(j, S("dry_run"), im->dry_run);
	if (im->run) {
		json_put_kv_i64(j, S("run"), im->run);
	}
	json_put_object_end(j);
}
