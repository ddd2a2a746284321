/*
 * A table that spreadsheets open and that comes back whole. A field is a column; a translated field one more for each
 * language of the site; a repeated group is one column in JSON, and beside it, for people, its first place and ways to reach
 * the actor in columns of their own. Where both say something, the reader lets the columns correct the JSON.
 */
#include "columns.h"
#include "export.h"
#include "record.h"

#include "../../base/csv.h"
#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "../../entity/value.h"
#include "../../web/site.h"

const struct column_alias place_columns[] = {
	{"label", "place"}, {"address", "address"}, {"postal_code", "postal_code"}, {"town", "town"}, {"country", "country"},
	{"lat", "latitude"}, {"lon", "longitude"}, {"precision", "precision"},
};
const size_t place_columns_n = COUNT(place_columns);

const struct column_alias contact_columns[] = {{"mail", "mail"}, {"phone", "phone"}, {"web", "website"}, {"social", "social"}};
const size_t contact_columns_n = COUNT(contact_columns);

struct cols {
	struct mem *mem;
	VEC(struct column) v;
};

static void add(struct cols *c, struct column col)
{
	*vec_add(c->mem, &c->v) = col;
}

static bool is_taken(const struct entity *e, const char *name)
{
	return entity_field(e, str_of(name)) != NULL;
}

static void add_group(struct cols *cols, const struct entity *e, const struct field *f)
{
	if (strcmp(f->name, "places") == 0) {
		for (size_t i = 0; i < place_columns_n; i++) {
			const struct field *sub = field_in(f->fields, f->n_fields, str_of(place_columns[i].field));

			if (sub && !is_taken(e, place_columns[i].column)) {
				add(cols, (struct column){COL_PLACE, str_of(place_columns[i].column), f, sub, NULL});
			}
		}
	}
	if (strcmp(f->name, "contacts") == 0) {
		for (size_t i = 0; i < contact_columns_n; i++) {
			if (!is_taken(e, contact_columns[i].column)) {
				add(cols, (struct column){COL_CONTACT, str_of(contact_columns[i].column), f, NULL,
							      contact_columns[i].field});
			}
		}
	}
	add(cols, (struct column){COL_GROUP, record_name(cols->mem, e, f), f, NULL, NULL});
}

static void add_fields(struct cols *cols, const struct entity *e, bool in_list)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];

		if (((f->flags & IN_LIST) != 0) != in_list || (f->flags & (PRIVATE | MEMBERS))) {
			continue;
		}
		if (f->type == F_GROUP) {
			add_group(cols, e, f);
		} else {
			add(cols, (struct column){COL_FIELD, record_name(cols->mem, e, f), f, NULL, NULL});
		}
	}
}

size_t columns_of(struct mem *m, const struct entity *e, const struct column **out)
{
	static const struct {
		enum column_kind kind;
		const char *name;
	} last[] = {{COL_TRANSLATIONS, "translations"}, {COL_LANG, "lang"}, {COL_URL, "url"}, {COL_STATUS, "status"},
		    {COL_CREATED, "created_at"}, {COL_UPDATED, "updated_at"}, {COL_SOURCE, "source"}};
	struct cols cols = {.mem = m};

	add(&cols, (struct column){.kind = COL_ID, .name = S("id")});
	add_fields(&cols, e, true);
	add_fields(&cols, e, false);
	for (int l = 0; l < SITE_LANGS; l++) {
		for (size_t i = 0; i < e->n_fields; i++) {
			const struct field *f = &e->fields[i];

			if ((f->flags & TRANSLATED) && !(f->flags & (PRIVATE | MEMBERS))) {
				struct str name = str_fmt(m, "%.*s@%s", STR_ARG(record_name(m, e, f)), site_langs[l]);
				add(&cols, (struct column){COL_TEXT, name, f, NULL, site_langs[l]});
			}
		}
	}
	for (size_t i = 0; i < COUNT(last); i++) {
		add(&cols, (struct column){.kind = last[i].kind, .name = str_of(last[i].name)});
	}
	*out = cols.v.p;
	return cols.v.n;
}

static enum err csv_begin(struct export *x)
{
	struct str *cells;

	x->n_columns = columns_of(x->mem, x->entity, &x->columns);
	cells = mem_array(x->mem, struct str, x->n_columns);
	for (size_t i = 0; i < x->n_columns; i++) {
		cells[i] = x->columns[i].name;
	}
	csv_put_row(&x->b, cells, x->n_columns, ',');
	return OK;
}

static struct str contact_of(const struct json *contacts, const char *type)
{
	for (size_t i = 0; i < contacts->n; i++) {
		if (str_eq(json_str(json_get(&contacts->items[i], "type")), str_of(type))) {
			return json_str(json_get(&contacts->items[i], "value"));
		}
	}
	return STR_NONE;
}

/* Texts in languages that have no column. */
static struct str other_texts(struct mem *m, const struct json *translations)
{
	struct json rest = tree_object();

	for (size_t i = 0; translations->kind == JSON_IS_OBJECT && i < translations->n; i++) {
		if (site_lang_index(translations->keys[i]) < 0) {
			tree_put(m, &rest, translations->keys[i], translations->items[i]);
		}
	}
	return rest.n ? tree_text(m, &rest) : STR_NONE;
}

static struct str cell(const struct export *x, const struct column *c, const struct list_row *row, struct view v)
{
	struct mem *m = x->scratch;
	const struct json *value = c->field ? json_get(v.j, c->field->name) : NULL;

	switch (c->kind) {
	case COL_ID:
		return row->slug;
	case COL_FIELD:
		if (c->field->type == F_HOURS && json_get(value, "note")->kind != JSON_IS_NONE) {
			return tree_text(m, value); /* words beside hours could be taken for hours */
		}
		return value_print(m, c->field, value, NULL);
	case COL_PLACE:
		return value_print(m, c->sub, json_get(json_at(value, 0), c->sub->name), NULL);
	case COL_CONTACT:
		return contact_of(value, c->word);
	case COL_GROUP:
		return tree_empty(value) ? STR_NONE : tree_text(m, value);
	case COL_TEXT:
		return json_str(json_get(json_get(json_get(v.j, "translations"), c->word), c->field->name));
	case COL_TRANSLATIONS:
		return other_texts(m, json_get(v.j, "translations"));
	case COL_LANG:
		return row->original_lang;
	case COL_URL:
		return record_url(m, x->base_url, row->entity, row->slug);
	case COL_STATUS:
		return record_status(x->status);
	case COL_CREATED:
		return record_time(m, row->created_at);
	case COL_UPDATED:
		return record_time(m, row->updated_at);
	case COL_SOURCE:
		return row->source;
	}
	return STR_NONE;
}

static enum err csv_item(struct export *x, const struct list_row *row, struct view v)
{
	struct str *cells = mem_array(x->scratch, struct str, x->n_columns);

	for (size_t i = 0; i < x->n_columns; i++) {
		cells[i] = cell(x, &x->columns[i], row, v);
	}
	csv_put_row(&x->b, cells, x->n_columns, ',');
	return export_flush(x, false);
}

static enum err csv_end(struct export *x)
{
	return export_flush(x, true);
}

const struct export_format export_csv = {
	.name = "csv", .suffix = ".csv", .mime = "text/csv; charset=utf-8", .one = true,
	.begin = csv_begin, .item = csv_item, .end = csv_end,
};
