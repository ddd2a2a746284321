/*
 * The page of imports: send a file, see how it is understood, correct that, try, go, read the report, take it all back. The work
 * itself is a job; the page of a run asks again by itself until it is over.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exchange_import.html.h"
#include "import_kind.h"
#include "import_page.h"

#include "../../base/csv.h"
#include "../../base/id.h"
#include "../../base/limits.h"
#include "../../core/atlas.h"
#include "../../db/db.h"
#include "../../entity/tree.h"
#include "../../job/job.h"
#include "../../web/site.h"
#include "../../web/web.h"

enum { RUNS_SHOWN = 50 };

/* Imports reach everywhere: not for those who look after a part. */
static enum err may_import(const struct req *rq)
{
	return rq->who.role == ROLE_ADMIN || (rq->who.n_territories == 0 && rq->who.n_themes == 0) ? OK : E_DENIED;
}

static void list_kinds(struct req *rq, struct import_home *p)
{
	for (const struct entity *e = entity_next(NULL); e && p->n_kinds + 2 < COUNT(p->kinds); e = entity_next(e)) {
		p->kinds[p->n_kinds++] = (struct kind_choice){str_of(e->plural), str_of(T(rq, e->label_plural))};
	}
	p->kinds[p->n_kinds++] = (struct kind_choice){S("themes"), str_of(T(rq, N_("Themes")))};
	p->kinds[p->n_kinds++] = (struct kind_choice){S("territories"), str_of(T(rq, N_("Official points of territories")))};
}

static struct str state_words(const struct req *rq, int64_t state)
{
	static const char *const words[] = {N_("under way"), N_("done"), N_("broken off"), N_("taken back")};

	return str_of(T(rq, words[state >= 0 && state < 4 ? state : 2]));
}

static struct run_line line_of(const struct req *rq, const struct import_run_by_id_row *r)
{
	const struct entity *e = entity_find(r->kind);
	struct str kind = e				       ? str_of(T(rq, e->label_plural))
			  : str_eq(r->kind, S("territories")) ? str_of(T(rq, N_("Official points of territories")))
			  : str_eq(r->kind, S("themes"))      ? str_of(T(rq, N_("Themes")))
							      : r->kind;

	return (struct run_line){.id = r->id, .kind = kind, .source = r->source,
				 .state = state_words(rq, r->state), .started_at = r->started_at, .created = r->n_created,
				 .updated = r->n_updated, .unchanged = r->n_unchanged, .rejected = r->n_rejected};
}

enum err imports_home(struct req *rq)
{
	struct import_home *p = mem_new(rq->mem, struct import_home);
	struct import_runs_row *rows;

	TRY(may_import(rq));
	list_kinds(rq, p);
	TRY(import_runs(rq->db, RUNS_SHOWN, rq->mem, &rows, &p->n_runs));
	p->runs = mem_array(rq->mem, struct run_line, p->n_runs);
	for (size_t i = 0; i < p->n_runs; i++) {
		struct import_run_by_id_row r = {.id = rows[i].id, .kind = rows[i].kind, .source = rows[i].source,
						 .started_at = rows[i].started_at, .state = rows[i].state,
						 .n_created = rows[i].n_created, .n_updated = rows[i].n_updated,
						 .n_unchanged = rows[i].n_unchanged, .n_rejected = rows[i].n_rejected};

		p->runs[i] = line_of(rq, &r);
	}
	return page(rq, str_of(T(rq, N_("Import"))), import_home_view, p);
}

/* ---- a file comes in ------------------------------------------------------------------------------------------------- */

static enum err copy_upload(struct req *rq, const struct upload *up, struct str path)
{
	char buf[KIB(64)];
	int to = open(str_c(rq->mem, path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n = 1;

	if (to < 0) {
		return fail(E_IO, "import: %s", strerror(errno));
	}
	while ((n = read(up->fd, buf, sizeof(buf))) > 0) {
		if (write(to, buf, (size_t)n) != n) {
			n = -1;
			break;
		}
	}
	if (fsync(to) != 0 || close(to) != 0 || n < 0) {
		unlink(str_c(rq->mem, path));
		return fail(E_IO, "import: %s", strerror(errno));
	}
	return OK;
}

static struct url file_link(const struct req *rq, int64_t id)
{
	return link_to(rq, "/admin/import/file/:id", str_fmt(rq->mem, "%lld", (long long)id));
}

static struct url run_link(const struct req *rq, int64_t id)
{
	return link_to(rq, "/admin/import/run/:id", str_fmt(rq->mem, "%lld", (long long)id));
}

enum err imports_upload(struct req *rq)
{
	struct str kind = req_form(rq, "kind"), dir = str_fmt(rq->mem, "%.*s/import", STR_ARG(web_data_dir())), path;
	struct import_file_add_row row;
	struct upload up, names;

	TRY(may_import(rq));
	if (!import_kind_find(kind, entity_find(kind))) {
		return problem(rq, E_INVALID, N_("Choose from the list what the file holds."));
	}
	if (!req_upload(rq, "file", &up) || up.size == 0) {
		return problem(rq, E_INVALID, N_("Choose a file: it must not be empty."));
	}
	if (mkdir(str_c(rq->mem, dir), 0700) != 0 && errno != EEXIST) {
		return fail(E_IO, "import: %s", strerror(errno));
	}
	path = str_fmt(rq->mem, "%.*s/%.*s", STR_ARG(dir), STR_ARG(id_token(rq->mem)));
	TRY(copy_upload(rq, &up, path));
	if (req_upload(rq, "taxonomy", &names) && names.size) {
		TRY(copy_upload(rq, &names, import_names_path(rq->mem, path)));
	}
	TRY(req_begin(rq, true));
	TRY(import_file_add(rq->db, &(struct import_file_add_in){.path = path, .name = up.filename.n ? up.filename : S("file"),
								 .kind = kind, .size = (int64_t)up.size, .account = rq->who.account,
								 .created_at = rq->now, .options = S("{}")}, rq->mem, &row));
	return redirect(rq, file_link(rq, row.id));
}

static enum err file_of(struct req *rq, struct import_file_by_id_row *file)
{
	int64_t id;

	TRY(may_import(rq));
	if (!str_to_i64(req_param(rq, "id"), &id)) {
		return E_NOTFOUND;
	}
	return import_file_by_id(rq->db, id, rq->mem, file);
}

enum err imports_file(struct req *rq)
{
	struct import_preview *p = mem_new(rq->mem, struct import_preview);
	struct import_file_by_id_row file;
	const struct entity *e;

	TRY(file_of(rq, &file));
	if (file.run.has) {
		return redirect(rq, run_link(rq, file.run.v));
	}
	TRY(import_preview_make(rq, &file, p));
	e = entity_find(file.kind);
	p->kind_label = e ? str_of(T(rq, e->label_plural)) : file.kind;
	for (size_t i = 0; i < rq->site->n_langs && i < COUNT(p->langs); i++) {
		struct str code = str_of(rq->site->langs[i]);

		p->langs[p->n_langs++] = (struct field_choice){code, words_language(rq, code)};
	}
	return page(rq, file.name, import_file_view, p);
}

/* What was chosen in the form, as JSON. Inputs are numbered; beside each stands the name of its column. */
static struct str options_of(struct req *rq)
{
	struct json all = tree_object(), map = tree_object();
	bool several;
	struct str where = req_form(rq, "territory");
	struct str code = where.n ? entity_world()->territory_match(rq->mem, where, &several) : STR_NONE;

	for (int i = 0; i < COLUMNS_MAX; i++) {
		struct str column = req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "column.%d", i)));
		struct str field = req_form(rq, str_c(rq->mem, str_fmt(rq->mem, "map.%d", i)));

		if (column.n && field.p) {
			tree_set(rq->mem, &map, column, tree_str(field));
		}
	}
	tree_put(rq->mem, &all, S("map"), map);
	tree_put(rq->mem, &all, S("lang"), tree_str(req_form(rq, "lang")));
	tree_put(rq->mem, &all, S("speak"), tree_str(str_of(rq->lang)));
	tree_put(rq->mem, &all, S("source"), tree_str(str_trim(req_form(rq, "source"))));
	tree_put(rq->mem, &all, S("territory"), tree_str(code));
	if (req_form(rq, "propose").n) {
		tree_put(rq->mem, &all, S("propose"), tree_true());
	}
	return tree_text(rq->mem, &all);
}

enum err imports_file_post(struct req *rq)
{
	struct import_file_by_id_row file;
	struct import_run_add_row run;
	struct str act = req_form(rq, "act"), payload;

	TRY(file_of(rq, &file));
	if (file.run.has) {
		return redirect(rq, run_link(rq, file.run.v));
	}
	if (str_eq(act, S("cancel"))) {
		TRY(import_file_drop(rq->db, file.id));
		import_unlink(rq->mem, file.path);
		return redirect(rq, link_plain(rq, "/admin/import"));
	}
	TRY(import_file_options(rq->db, file.id, options_of(rq)));
	if (!str_eq(act, S("go"))) {
		return redirect(rq, file_link(rq, file.id));
	}
	const struct entity *e = entity_find(file.kind);
	TRY(import_run_add(rq->db, e ? str_of(e->kind) : file.kind, S("file"), file.name, rq->who.account, rq->now, rq->mem, &run));
	TRY(import_file_run(rq->db, file.id, run.id));
	payload = str_fmt(rq->mem, "%lld", (long long)file.id);
	TRY(job_add(rq->db, "import", payload, str_fmt(rq->mem, "import-%lld", (long long)file.id), 0));
	return redirect(rq, run_link(rq, run.id));
}

/* ---- a run ----------------------------------------------------------------------------------------------------------- */

static enum err run_of(struct req *rq, struct import_run_by_id_row *run)
{
	int64_t id;

	TRY(may_import(rq));
	if (!str_to_i64(req_param(rq, "id"), &id)) {
		return E_NOTFOUND;
	}
	return import_run_by_id(rq->db, id, rq->mem, run);
}

enum err imports_run(struct req *rq)
{
	struct import_report *p = mem_new(rq->mem, struct import_report);
	struct import_run_by_id_row run;

	TRY(run_of(rq, &run));
	*p = (struct import_report){.id = run.id, .run = line_of(rq, &run), .running = run.state == 0, .read = run.n_read};
	p->may_undo = (run.state == 1 || run.state == 2) && run.n_created + run.n_updated > 0 && entity_find(run.kind);
	TRY(import_lines(rq->db, run.id, 0, LINES_SHOWN, rq->mem, &p->lines, &p->n_lines));
	if (p->running) {
		req_set_header(rq, "Refresh", S("2"));
	}
	return page(rq, run.source, import_run_view, p);
}

/* Every line that was told, to be corrected beside the file. */
enum err imports_report(struct req *rq)
{
	struct str head[] = {str_of(T(rq, N_("Line"))), str_of(T(rq, N_("What became of it"))), str_of(T(rq, N_("Field"))), str_of(T(rq, N_("Why")))};
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct import_run_by_id_row run;
	struct import_lines_row *rows;
	int64_t after = 0;
	size_t n = LINES_AT_ONCE;

	TRY(run_of(rq, &run));
	buf_put(&b, S("\xef\xbb\xbf")); /* for spreadsheets */
	csv_put_row(&b, head, COUNT(head), ',');
	while (n == LINES_AT_ONCE) {
		TRY(import_lines(rq->db, run.id, after, LINES_AT_ONCE, rq->mem, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			struct str cells[] = {str_fmt(rq->mem, "%lld", (long long)rows[i].line),
					      str_of(T(rq, str_eq(rows[i].outcome, S("rejected")) ? N_("Rejected") : N_("To look at"))),
					      rows[i].field, rows[i].reason};

			csv_put_row(&b, cells, COUNT(cells), ',');
			after = rows[i].seq;
		}
	}
	if (!buf_ok(&b)) {
		return E_LIMIT;
	}
	reply_as_download(rq, str_fmt(rq->mem, "import-%lld.csv", (long long)run.id));
	return reply(rq, "text/csv; charset=utf-8", buf_str(&b));
}

enum err imports_undo(struct req *rq)
{
	struct import_run_by_id_row run;

	TRY(run_of(rq, &run));
	if (run.state != 1 && run.state != 2) {
		return problem(rq, E_CONFLICT, N_("This import is under way, or was taken back already."));
	}
	TRY(job_add(rq->db, "import-undo", str_fmt(rq->mem, "%lld %lld", (long long)run.id, (long long)rq->who.account),
		    str_fmt(rq->mem, "import-undo-%lld", (long long)run.id), 0));
	TRY(import_run_state(rq->db, run.id, 0));
	return redirect(rq, run_link(rq, run.id));
}
