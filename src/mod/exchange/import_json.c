/*
 * The reader of everything that is JSON: lists of objects under whatever name, GeoJSON, uMap's layers of all generations,
 * GoGoCarto's elements (full, and compact where each is a list), YesWiki's entries by number, our own API. One row is read
 * into memory at a time.
 */
#include <unistd.h>

#include "import_shape.h"

#include "../../base/utf8.h"
#include "../../entity/tree.h"

enum { LAYERS_MAX = 2000 };

enum state {
	AT_START,
	TOP_MEMBERS,
	LAYERS,
	LAYER_MEMBERS,
	ROWS,
	AT_END
};

struct walk {
	struct json_in *in;
	enum state state, back;
	struct str *layers; /* names */
	size_t n_layers, layer;
	int64_t n, last_line;
	bool listed; /* a list of records was met, be it empty */
	bool schema; /* it describes a format */
};

static const char *const list_names[] = {"features", "data", "structures", "services", "items", "results", "records", "entries",
					 "elements", "@graph", "places", "actors", "practices", "resources", "themes", "value"};

static bool is_list_name(struct str s)
{
	for (size_t i = 0; i < COUNT(list_names); i++) {
		if (str_eq(s, str_of(list_names[i]))) {
			return true;
		}
	}
	return false;
}

static enum err refuse(struct import_reader *r, enum err e)
{
	struct json_where at = json_where(((struct walk *)r->own)->in);

	if (e == E_INVALID || e == E_LIMIT) {
		r->what = at.what ? at.what : N_("This file is not whole: it breaks off or is not JSON.");
		r->what_line = at.line;
	}
	return e;
}

/* A row out of the element that begins with `token`. */
static enum err read_row(struct import_reader *r, enum json_token token, struct str text, struct mem *m, struct import_row *row,
			 bool *got)
{
	struct walk *w = r->own;
	int64_t line = json_where(w->in).line;
	struct json v;

	TRY(json_read(w->in, token, text, m, &v));
	w->n++;
	*row = (struct import_row){.line = line == w->last_line ? w->n : line};
	w->last_line = line;
	if (!shape_row(r, m, &v, w->layer && w->layer <= w->n_layers ? w->layers[w->layer - 1] : STR_NONE, row)) {
		row->bad = N_("This is no record: it has no name, or is a value by itself.");
	}
	w->listed = true;
	*got = true;
	return OK;
}

static enum err top_member(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	struct walk *w = r->own;
	enum json_token token;
	struct str text, name;

	TRY(json_next(w->in, &token, &text));
	if (token != JSON_KEY) {
		w->state = AT_END;
		return OK;
	}
	name = str_dup(m, text);
	TRY(json_next(w->in, &token, &text));
	w->schema = w->schema || str_eq(name, S("$schema")) || str_eq(name, S("$defs"));
	if (token == JSON_ARRAY && str_eq(name, S("layers"))) {
		w->state = LAYERS;
		w->listed = true;
		return OK;
	}
	if (token == JSON_ARRAY && is_list_name(name)) {
		w->state = ROWS;
		w->back = TOP_MEMBERS;
		w->listed = true;
		return OK;
	}
	/* YesWiki's entries by their name, GoGoCarto's single element. */
	if (token == JSON_OBJECT && (strcmp(r->format, "yeswiki") == 0 || str_eq(name, S("data")))) {
		TRY(read_row(r, token, text, m, row, got));
		row->id = row->id.n || str_eq(name, S("data")) ? row->id : name;
		return OK;
	}
	return json_skip(w->in, token);
}

static enum err layer_member(struct import_reader *r, struct mem *m)
{
	struct walk *w = r->own;
	enum json_token token;
	struct str text, name;

	TRY(json_next(w->in, &token, &text));
	if (token != JSON_KEY) {
		w->state = LAYERS;
		return OK;
	}
	name = str_dup(m, text);
	TRY(json_next(w->in, &token, &text));
	if (token == JSON_ARRAY && str_eq(name, S("features"))) {
		w->state = ROWS;
		w->back = LAYER_MEMBERS;
		return OK;
	}
	return json_skip(w->in, token);
}

static enum err step(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	struct walk *w = r->own;
	enum json_token token;
	struct str text;

	switch (w->state) {
	case AT_START:
		TRY(json_next(w->in, &token, &text));
		w->state = token == JSON_ARRAY ? ROWS : token == JSON_OBJECT ? TOP_MEMBERS : AT_END;
		w->back = AT_END;
		w->listed = token == JSON_ARRAY || (token == JSON_OBJECT && strcmp(r->format, "yeswiki") == 0);
		return OK;
	case TOP_MEMBERS:
		return top_member(r, m, row, got);
	case LAYERS:
		TRY(json_next(w->in, &token, &text));
		if (token == JSON_OBJECT) {
			w->state = LAYER_MEMBERS;
			w->layer++;
			return OK;
		}
		w->state = TOP_MEMBERS;
		return token == JSON_ARRAY_END ? OK : json_skip(w->in, token);
	case LAYER_MEMBERS:
		return layer_member(r, m);
	case ROWS:
		TRY(json_next(w->in, &token, &text));
		if (token == JSON_ARRAY_END) {
			w->state = w->back;
			return OK;
		}
		return read_row(r, token, text, m, row, got);
	case AT_END:
		break;
	}
	return OK;
}

static enum err next(struct import_reader *r, struct mem *m, struct import_row *row, bool *got)
{
	struct walk *w = r->own;
	enum json_token token = JSON_NULL;
	struct str text;

	*got = false;
	while (w->state != AT_END && !*got) {
		enum err e = step(r, m, row, got);

		if (e != OK) {
			return refuse(r, e);
		}
	}
	while (!*got && token != JSON_END) { /* what follows must be JSON too */
		enum err e = json_next(w->in, &token, &text);

		if (e != OK) {
			return refuse(r, e);
		}
	}
	if (!*got && !w->listed) {
		r->what = w->schema ? N_("This file describes a format (a JSON schema) and holds no records: send a file that follows it.")
				    : N_("There is no list of records in this file.");
		return E_INVALID;
	}
	return OK;
}

/* ---- names of layers: they often stand behind the features, so they are read first ------------------------------------ */

static enum err layer_name(struct json_in *in, struct mem *m, struct str *out)
{
	enum json_token token;
	struct str text, name;
	struct json v;

	*out = STR_NONE;
	for (;;) {
		TRY(json_next(in, &token, &text));
		if (token != JSON_KEY) {
			return OK;
		}
		name = str_dup(m, text);
		TRY(json_next(in, &token, &text));
		if (token == JSON_OBJECT && (str_eq(name, S("_umap_options")) || str_eq(name, S("_storage")) ||
					     str_eq(name, S("properties")))) {
			TRY(json_read(in, token, text, m, &v));
			if (json_str(json_get(&v, "name")).n) {
				*out = json_str(json_get(&v, "name"));
			}
		} else {
			TRY(json_skip(in, token));
		}
	}
}

static enum err layer_names(struct import_reader *r, struct walk *w)
{
	struct mem *m = mem_open();
	struct json_in *in = json_open(m, import_more, &r->bytes);
	enum json_token token = JSON_NULL;
	struct str text;
	enum err e = json_next(in, &token, &text);

	w->layers = mem_array(r->mem, struct str, LAYERS_MAX);
	while (e == OK && (e = json_next(in, &token, &text)) == OK && token == JSON_KEY) {
		bool layers = str_eq(text, S("layers")), uri = str_eq(text, S("uri"));

		e = json_next(in, &token, &text);
		if (e == OK && uri && token == JSON_STRING) {
			r->declared = str_dup(r->mem, text);
		}
		if (e == OK && !(layers && token == JSON_ARRAY)) {
			e = json_skip(in, token);
			continue;
		}
		while (e == OK && (e = json_next(in, &token, &text)) == OK && token == JSON_OBJECT && w->n_layers < LAYERS_MAX) {
			struct str name;

			e = layer_name(in, m, &name);
			w->layers[w->n_layers++] = name.n ? str_dup(r->mem, name) : S("");
		}
	}
	mem_close(m);
	return e == E_IO ? e : OK; /* what is wrong is told when the rows are read */
}

enum err import_open_json(struct import_reader *r, struct str head)
{
	struct walk *w = mem_new(r->mem, struct walk);

	(void)head;
	r->own = w;
	r->next = next;
	if (strcmp(r->format, "umap") == 0) {
		struct import_bytes at_start = r->bytes;

		TRY(layer_names(r, w));
		r->bytes = at_start;
		if (lseek(r->bytes.fd, 0, SEEK_SET) < 0) {
			return fail(E_IO, "import: cannot go back in the file");
		}
	}
	w->in = json_open(r->mem, import_more, &r->bytes);
	return OK;
}
