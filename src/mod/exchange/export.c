/*
 * Driving a format from the first byte to the last.
 */
#include "export.h"

#include "../../base/limits.h"

static const struct export_format *const formats[] = {
	&export_json, &export_geojson, &export_csv, &export_jsonld, &export_umap, &export_gogocarto, &export_rss, &export_atom,
	&export_ical,
};

const struct export_format *export_by_name(struct str name)
{
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (str_eq(str_of(formats[i]->name), name)) {
			return formats[i];
		}
	}
	return NULL;
}

const struct export_format *export_by_suffix(struct str suffix)
{
	if (suffix.n == 0) {
		return &export_json;
	}
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (formats[i]->suffix && str_eq(str_of(formats[i]->suffix), suffix)) {
			return formats[i];
		}
	}
	return NULL;
}

enum err export_flush(struct export *x, bool all)
{
	if (!buf_ok(&x->b)) {
		return fail(E_LIMIT, "export: one object is too large");
	}
	if (x->b.n < KIB(64) && !all) {
		return OK;
	}
	TRY(x->b.n ? x->more(x->ctx, buf_str(&x->b)) : OK);
	buf_reset(&x->b);
	return OK;
}

enum err export_begin(struct export *x, write_more *more, void *ctx)
{
	x->b = buf_make(x->mem, LIMIT_EXPORT_ITEM);
	x->more = more;
	x->ctx = ctx;
	x->json = json_to_more(&x->b, more, ctx);
	x->status = ST_PUBLISHED;
	return x->format->begin(x);
}

enum err export_item(struct export *x, const struct list_row *row, struct view v)
{
	x->n++;
	return x->format->item(x, row, v);
}

enum err export_end(struct export *x)
{
	return x->format->end(x);
}

static enum err each(void *arg, const struct list_row *row, struct view v)
{
	return export_item(arg, row, v);
}

enum err export_all(struct export *x, struct db *db, const struct filter *f, write_more *more, void *ctx)
{
	struct mem *m = mem_open();
	enum err e;

	x->scratch = m;
	x->db = db;
	e = export_begin(x, more, ctx);
	if (e == OK) {
		e = object_each(db, m, f, x->format->feed ? x->lang : NULL, each, x);
	}
	if (e == OK) {
		e = export_end(x);
	}
	mem_close(m);
	return e;
}
