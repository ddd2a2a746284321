/*
 * A file that somebody sent, with what they chose for it: opened for the preview and again for the work itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "import_kind.h"
#include "import_page.h"

#include "../../base/limits.h"
#include "../../base/utf8.h"
#include "../../entity/tree.h"
#include "../../html/i18n.h"
#include "../../web/site.h"

enum err import_chosen_read(struct mem *m, struct str options, struct import_chosen *out)
{
	*out = (struct import_chosen){.options = tree_object()};
	TRY(json_parse(m, options, &out->options, NULL));
	out->lang = json_str(json_get(&out->options, "lang"));
	out->source = json_str(json_get(&out->options, "source"));
	out->territory = json_str(json_get(&out->options, "territory"));
	out->speak = site_lang_index(json_str(json_get(&out->options, "speak")));
	out->propose = json_true(json_get(&out->options, "propose"));
	return OK;
}

static void set_mapping(struct mapping *mp, const struct json *chosen)
{
	for (size_t i = 0; chosen->kind == JSON_IS_OBJECT && i < chosen->n; i++) {
		(void)mapping_set(mp, chosen->keys[i], chosen->items[i].text);
	}
}

struct str import_names_path(struct mem *m, struct str path)
{
	return str_fmt(m, "%.*s.names", STR_ARG(path));
}

void import_unlink(struct mem *m, struct str path)
{
	unlink(str_c(m, path));
	unlink(str_c(m, import_names_path(m, path)));
}

/* Names of categories, when they were sent; without, numbers are reported as what they are. */
static void read_names(struct mem *m, struct str path, struct import_reader *r)
{
	const char *names = str_c(m, import_names_path(m, path));
	struct map *found;

	if (access(names, R_OK) == 0 && import_taxonomy(m, names, &found) == OK) {
		r->taxonomy = found;
	}
}

enum err import_prepare(struct mem *m, struct db *db, const struct import_file_by_id_row *file, const char *speak, int *fd,
			struct import *im)
{
	const struct entity *e = entity_find(file->kind);
	struct import_chosen c;
	struct str lang = STR_NONE, source = import_source_of(m, file->name, &lang);
	enum err err;

	*im = (struct import){.mem = m, .db = db, .entity = e, .speak = speak, .account = file->account};
	*fd = open(str_c(m, file->path), O_RDONLY | O_CLOEXEC);
	if (*fd < 0) {
		return fail(E_IO, "import: %s", strerror(errno));
	}
	TRY(import_chosen_read(m, file->options, &c));
	err = import_open(m, *fd, STR_NONE, &im->reader);
	read_names(m, file->path, im->reader);
	im->source = im->reader && im->reader->declared.n ? im->reader->declared : source;
	im->source = c.source.n ? c.source : im->source;
	im->lang = c.lang.n ? c.lang : lang.n ? lang : str_of(speak);
	im->territory = c.territory;
	im->propose = c.propose;
	im->speak = c.speak >= 0 ? site_langs[c.speak] : im->speak;
	if (e) {
		im->mapping = mem_new(m, struct mapping);
		mapping_open(im->mapping, m, e);
		set_mapping(im->mapping, json_get(&c.options, "map"));
	}
	return err;
}

/* ---- the preview ----------------------------------------------------------------------------------------------------- */

static struct import_column *column_named(struct import_preview *p, struct str name)
{
	for (size_t i = 0; i < p->n_columns; i++) {
		if (str_eq(p->columns[i].name, name)) {
			return &p->columns[i];
		}
	}
	if (p->n_columns == COLUMNS_MAX || !name.n || name.p[0] == '@') {
		return NULL;
	}
	p->columns[p->n_columns] = (struct import_column){.name = name, .samples = S(""), .at = p->n_columns};
	return &p->columns[p->n_columns++];
}

static struct str as_words(struct mem *m, const struct json *v)
{
	struct str s = v->kind == JSON_IS_STRING || v->kind == JSON_IS_NUMBER ? v->text
		       : v->kind == JSON_IS_NONE || v->kind == JSON_IS_NULL   ? S("")
									      : tree_text(m, v);

	return utf8_cut(s, 80);
}

/* The names that the first rows have, with a few of their values. */
static void gather_columns(struct mem *m, struct import_preview *p, const struct import_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < rows[i].raw.n; k++) {
			struct import_column *c = column_named(p, rows[i].raw.keys[k]);
			struct str words = as_words(m, &rows[i].raw.items[k]);

			if (c && words.n && c->samples.n < 100) {
				c->samples = c->samples.n ? str_fmt(m, "%.*s · %.*s", STR_ARG(c->samples), STR_ARG(words)) : words;
			}
		}
	}
}

static void add_choice(struct import_preview *p, struct str value, struct str label)
{
	p->choices[p->n_choices++] = (struct field_choice){value, label};
}

static void list_choices(struct req *rq, struct import_preview *p, const struct entity *e)
{
	static const char *const contacts[][2] = {{"mail", N_("Mail address")}, {"phone", N_("Telephone")}, {"website", N_("Website")},
						  {"social", N_("Social network")}};
	size_t max = e->n_fields + 40;

	p->choices = mem_array(rq->mem, struct field_choice, max);
	add_choice(p, S("id"), str_of(T(rq, N_("Identifier in the file"))));
	for (size_t i = 0; i < e->n_fields; i++) {
		if (!(e->fields[i].flags & COMPUTED)) {
			struct target t = {.kind = TO_FIELD, .field = &e->fields[i]};

			add_choice(p, target_name(rq->mem, e, &t), str_of(T(rq, e->fields[i].label)));
		}
	}
	const struct field *places = entity_field(e, S("places"));
	for (size_t i = 0; places && i < places->n_fields; i++) {
		add_choice(p, str_fmt(rq->mem, "places.%s", places->fields[i].name),
			   T_FMT(rq, N_("Place: {part}"), {S("part"), str_of(T(rq, places->fields[i].label))}));
	}
	for (size_t i = 0; entity_field(e, S("contacts")) && i < COUNT(contacts); i++) {
		add_choice(p, str_of(contacts[i][0]), str_of(T(rq, contacts[i][1])));
	}
	add_choice(p, S("lang"), str_of(T(rq, N_("Language of the texts"))));
}

static void take_for(struct import_preview *p, struct mem *m, struct import *im)
{
	for (size_t i = 0; i < p->n_columns; i++) {
		struct import_column *c = &p->columns[i];

		c->now = target_name(m, im->entity, mapping_of(im->mapping, c->name));
		c->listed = !c->now.n;
		for (size_t k = 0; k < p->n_choices; k++) {
			c->listed = c->listed || str_eq(c->now, p->choices[k].value);
		}
		if (c->now.n && p->n_heads < PREVIEW_COLUMNS) {
			p->heads[p->n_heads++] = c->name;
		}
	}
}

static void show_rows(struct req *rq, struct import_preview *p, const struct import_row *rows, size_t n)
{
	p->rows = mem_array(rq->mem, struct preview_row, n);
	for (; p->n_rows < n; p->n_rows++) {
		struct preview_row *r = &p->rows[p->n_rows];

		r->line = rows[p->n_rows].line;
		for (size_t k = 0; k < p->n_heads; k++) {
			r->cells[k] = as_words(rq->mem, tree_get(&rows[p->n_rows].raw, p->heads[k]));
		}
	}
}

/* The first rows, by a reader of their own. */
static enum err first_rows(struct req *rq, struct import_preview *p, struct import *im, int fd)
{
	struct import_row *rows = mem_array(rq->mem, struct import_row, PREVIEW_ROWS);
	struct import_reader *r;
	size_t n = 0;
	bool got = true;
	enum err e = import_open(rq->mem, fd, STR_NONE, &r);

	r->taxonomy = im->reader->taxonomy;

	while (e == OK && n < PREVIEW_ROWS) {
		e = r->next(r, rq->mem, &rows[n], &got);
		if (e != OK || !got) {
			break;
		}
		n++;
	}
	if (e != OK && e != E_INVALID && e != E_LIMIT) {
		return e;
	}
	p->broken = e == OK ? NULL : r->what;
	p->format = str_of(r->format ? r->format : "");
	p->encoding = str_of(r->encoding);
	for (size_t i = 0; i < r->n_columns; i++) {
		(void)column_named(p, r->columns[i]);
	}
	gather_columns(rq->mem, p, rows, n);
	if (im->entity) {
		list_choices(rq, p, im->entity);
		take_for(p, rq->mem, im);
	}
	for (size_t i = 0; !im->entity && i < p->n_columns && p->n_heads < PREVIEW_COLUMNS; i++) {
		p->heads[p->n_heads++] = p->columns[i].name;
	}
	show_rows(rq, p, rows, n);
	return OK;
}

enum err import_preview_make(struct req *rq, const struct import_file_by_id_row *file, struct import_preview *p)
{
	const struct import_kind *kind = import_kind_find(file->kind, entity_find(file->kind));
	int fd = -1;
	enum err e;

	*p = (struct import_preview){.id = file->id, .name = file->name, .size = words_size(rq, file->size)};
	p->columns = mem_array(rq->mem, struct import_column, COLUMNS_MAX);
	e = kind ? import_prepare(rq->mem, rq->db, file, rq->lang, &fd, &p->im) : E_NOTFOUND;
	if ((e == E_INVALID || e == E_LIMIT) && p->im.reader && p->im.reader->what) {
		p->broken = p->im.reader->what;
		p->format = S("");
		p->encoding = S("");
		e = OK;
	} else if (e == OK) {
		p->maps = p->im.entity != NULL;
		e = first_rows(rq, p, &p->im, fd);
	}
	if (fd >= 0) {
		close(fd);
	}
	if (e != OK || p->broken) {
		return e;
	}
	/* The dry run reads from the start. */
	struct import fresh;
	e = import_prepare(rq->mem, rq->db, file, rq->lang, &fd, &fresh);
	if (e == OK) {
		fresh.dry_run = true;
		fresh.speak = rq->lang; /* whoever looks now, not who chose */
		fresh.rows_max = PREVIEW_TRIED;
		e = kind->run(&fresh);
		p->im = fresh;
		p->more = fresh.read >= PREVIEW_TRIED;
		e = e == E_INVALID ? OK : e;
	}
	if (fd >= 0) {
		close(fd);
	}
	p->lang = p->im.lang;
	p->source = p->im.source;
	p->territory = p->im.territory.p ? p->im.territory : S("");
	p->propose = p->im.propose;
	return e;
}
