/*
 * JSON Schema of the kinds, derived from their tables, for /api/openapi.json.
 */
#include "../base/limits.h"
#include "api.h"
#include "tree.h"
#include "value.h"

static void put_type(struct json_out *o, const char *type)
{
	json_put_kv_str(o, S("type"), str_of(type));
}

static void put_enum(struct json_out *o, const struct vocabulary *v)
{
	const struct choice *c;

	if (!v || v->editable) { /* the administrator may add some */
		return;
	}
	json_put_key(o, S("enum"));
	json_put_array(o);
	for (size_t i = 0; (c = vocabulary_at(v, i)) != NULL; i++) {
		json_put_str(o, str_of(c->slug));
	}
	json_put_array_end(o);
}

static void put_string(struct json_out *o, const struct field *f)
{
	put_type(o, "string");
	switch (f->type) {
	case F_CHOICE:
	case F_CHOICES:
		put_enum(o, f->vocabulary);
		return;
	case F_URL:
		json_put_kv_str(o, S("format"), S("uri"));
		break;
	case F_MAIL:
		json_put_kv_str(o, S("format"), S("email"));
		break;
	case F_PARTIAL_DATE:
		json_put_kv_str(o, S("pattern"), S("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"));
		return;
	case F_LANGS:
		json_put_kv_str(o, S("pattern"), S("^[a-z]{2,3}$"));
		return;
	default:
		break;
	}
	if (!value_types[f->type].list) {
		json_put_kv_i64(o, S("maxLength"), (int64_t)value_max(f));
	}
}

static void put_fields(struct json_out *o, const struct field *fields, size_t n, bool writing);

static void put_hours(struct json_out *o)
{
	put_type(o, "object");
	json_put_key(o, S("properties"));
	json_put_object(o);
	for (int i = 0; i < 8; i++) {
		json_put_key(o, i < 7 ? str_of(week_days[i]) : S("note"));
		json_put_object(o);
		put_type(o, "string");
		json_put_object_end(o);
	}
	json_put_object_end(o);
}

static void put_value(struct json_out *o, const struct field *f, bool writing)
{
	switch (f->type) {
	case F_INT:
		put_type(o, "integer");
		break;
	case F_DECIMAL:
		put_type(o, "number");
		break;
	case F_BOOL:
		put_type(o, "boolean");
		break;
	case F_HOURS:
		put_hours(o);
		break;
	case F_GROUP:
		put_type(o, "object");
		put_fields(o, f->fields, f->n_fields, writing);
		break;
	default:
		put_string(o, f);
	}
}

static void put_field(struct json_out *o, const struct field *f, bool writing)
{
	json_put_object(o);
	if (value_types[f->type].list) {
		put_type(o, "array");
		json_put_kv_i64(o, S("maxItems"), (int64_t)value_max(f));
		json_put_key(o, S("items"));
		json_put_object(o);
		put_value(o, f, writing);
		json_put_object_end(o);
	} else {
		put_value(o, f, writing);
	}
	json_put_kv_str(o, S("description"), str_of(f->help ? f->help : f->label));
	if (f->flags & COMPUTED) {
		json_put_kv_bool(o, S("readOnly"), true);
	}
	json_put_object_end(o);
}

static bool told(const struct field *f, bool writing)
{
	return writing ? !(f->flags & COMPUTED) : !(f->flags & (PRIVATE | MEMBERS));
}

static void put_fields(struct json_out *o, const struct field *fields, size_t n, bool writing)
{
	bool any = false;

	json_put_key(o, S("properties"));
	json_put_object(o);
	for (size_t i = 0; i < n; i++) {
		if (told(&fields[i], writing)) {
			json_put_key(o, strcmp(fields[i].name, "kind") == 0 ? S("type") : str_of(fields[i].name));
			put_field(o, &fields[i], writing);
		}
		any = any || (fields[i].flags & REQUIRED);
	}
	json_put_object_end(o);
	if (!any) {
		return;
	}
	json_put_key(o, S("required"));
	json_put_array(o);
	for (size_t i = 0; i < n; i++) {
		if ((fields[i].flags & REQUIRED) && told(&fields[i], writing)) {
			json_put_str(o, strcmp(fields[i].name, "kind") == 0 ? S("type") : str_of(fields[i].name));
		}
	}
	json_put_array_end(o);
}

void schema_put(struct json_out *o, const struct entity *e, bool writing)
{
	json_put_object(o);
	json_put_kv_str(o, S("title"), str_of(e->label));
	if (writing) {
		put_type(o, "object");
		put_fields(o, e->fields, e->n_fields, true);
	} else {
		json_put_key(o, S("allOf"));
		json_put_array(o);
		json_put_object(o);
		json_put_kv_str(o, S("$ref"), S("#/components/schemas/Common"));
		json_put_object_end(o);
		json_put_object(o);
		put_type(o, "object");
		put_fields(o, e->fields, e->n_fields, false);
		json_put_object_end(o);
		json_put_array_end(o);
	}
	json_put_object_end(o);
}
