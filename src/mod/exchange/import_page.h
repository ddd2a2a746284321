/*
 * The pages of imports: what their handlers and templates share.
 */
#ifndef EXCHANGE_IMPORT_PAGE_H
#define EXCHANGE_IMPORT_PAGE_H

#include "../../web/req.h"
#include "exchange.sql.h"
#include "import.h"

enum { PREVIEW_ROWS = 20, PREVIEW_COLUMNS = 8, PREVIEW_TRIED = 2000, COLUMNS_MAX = 200, LINES_SHOWN = 200, LINES_AT_ONCE = 2000 };

struct kind_choice {
	struct str value, label;
};

struct run_line {
	int64_t id;
	struct str kind, source, state;
	int64_t started_at;
	int64_t created, updated, unchanged, rejected;
};

struct import_home {
	struct kind_choice kinds[32];
	size_t n_kinds;
	struct run_line *runs;
	size_t n_runs;
};

/* A field that a column may be. */
struct field_choice {
	struct str value, label;
};

struct import_column {
	struct str name, now;     /* what it is taken for, "" for nothing */
	struct str samples;
	size_t at;                /* in the list: the name of its input */
	bool listed;              /* `now` is among the choices */
};

struct preview_row {
	int64_t line;
	struct str cells[PREVIEW_COLUMNS];
};

struct import_preview {
	int64_t id;
	struct str name, kind_label, format, encoding, size;
	const char *broken;       /* why it cannot be read; NULL */
	bool maps;                /* it has columns to choose for */
	struct import_column *columns;
	size_t n_columns;
	struct field_choice *choices;
	size_t n_choices;
	struct str heads[PREVIEW_COLUMNS];
	size_t n_heads;
	struct preview_row *rows;
	size_t n_rows;
	struct import im;         /* of the dry run */
	bool more;                /* the file has more rows than were tried */
	struct str lang, source, territory;
	bool propose;
	struct field_choice langs[8];
	size_t n_langs;
};

struct import_report {
	int64_t id;
	struct run_line run;
	bool running, may_undo;
	int64_t read;
	struct import_lines_row *lines;
	size_t n_lines;
};

/* What the person chose for a file, from its row. */
struct import_chosen {
	struct json options;
	struct str lang, source, territory;
	int speak; /* language of the report, in site_langs; below 0: none was chosen */
	bool propose;
};
MUST_USE enum err import_chosen_read(struct mem *m, struct str options, struct import_chosen *out);
/* Opens a file with its choices: reader, mapping and the import, ready to run. `*fd` is the caller's to close. */
MUST_USE enum err import_prepare(struct mem *m, struct db *db, const struct import_file_by_id_row *file, const char *speak, int *fd,
				 struct import *im);
/* Where the names of categories lie that were sent with a file. */
struct str import_names_path(struct mem *m, struct str path);
/* Removes a file that was sent, and what came with it. */
void import_unlink(struct mem *m, struct str path);
/* The preview of a file: columns, first rows, dry run. */
MUST_USE enum err import_preview_make(struct req *rq, const struct import_file_by_id_row *file, struct import_preview *out);

/* Handlers of the pages. */
enum err imports_home(struct req *rq);
enum err imports_upload(struct req *rq);
enum err imports_file(struct req *rq);
enum err imports_file_post(struct req *rq);
enum err imports_run(struct req *rq);
enum err imports_report(struct req *rq);
enum err imports_undo(struct req *rq);

struct job_ctx;
struct job;
/* The jobs behind them. */
enum err import_job(const struct job_ctx *ctx, const struct job *job);
enum err import_undo_job(const struct job_ctx *ctx, const struct job *job);
enum err import_purge_job(const struct job_ctx *ctx, const struct job *job);

#endif
