/*
 * /api/openapi.json: the API described for programs (OpenAPI 3.1), derived from the tables of fields, so that it cannot differ
 * from what the API does.
 */
#include "api.h"

#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "../../web/site.h"
#include "record.h"

static const char *words(struct req *rq, const char *msgid)
{
	return T(rq, msgid);
}

static void put_type(struct json_out *j, const char *type)
{
	json_put_kv_str(j, S("type"), str_of(type));
}

static void put_fields(struct req *rq, struct json_out *j, const struct entity *e, const struct field *fields, size_t n);

static void put_choices(struct json_out *j, const struct vocabulary *v)
{
	const struct choice *c;

	json_put_key(j, S("enum"));
	json_put_array(j);
	for (size_t i = 0; (c = vocabulary_at(v, i)) != NULL; i++) {
		json_put_str(j, str_of(c->slug));
	}
	json_put_array_end(j);
}

/* One value of a field that may hold several. */
static void put_one(struct json_out *j, const struct field *f)
{
	switch (f->type) {
	case F_INT:
		put_type(j, "integer");
		break;
	case F_DECIMAL:
		put_type(j, "number");
		break;
	case F_BOOL:
		put_type(j, "boolean");
		break;
	case F_HOURS:
		put_type(j, "object");
		json_put_key(j, S("additionalProperties"));
		json_put_object(j);
		put_type(j, "string");
		json_put_object_end(j);
		break;
	default:
		put_type(j, "string");
		if (f->type == F_URL) {
			json_put_kv_str(j, S("format"), S("uri"));
		} else if (f->type == F_MAIL) {
			json_put_kv_str(j, S("format"), S("email"));
		} else if (f->type == F_MOMENT || f->type == F_MOMENTS) {
			json_put_kv_str(j, S("pattern"), S("^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?)?)?$"));
		} else if ((f->type == F_CHOICE || f->type == F_CHOICES) && f->vocabulary) {
			put_choices(j, f->vocabulary);
		} else if (f->max && (f->type == F_LINE || f->type == F_TEXT || f->type == F_MARKDOWN)) {
			json_put_kv_i64(j, S("maxLength"), (int64_t)f->max);
		}
	}
}

static bool is_list(enum field_type t)
{
	return t == F_CHOICES || t == F_TAGS || t == F_LANGS || t == F_THEMES || t == F_TERRITORIES || t == F_MOMENTS ||
	       t == F_GROUP;
}

static void put_field(struct req *rq, struct json_out *j, const struct entity *e, const struct field *f)
{
	json_put_object(j);
	json_put_kv_str(j, S("title"), str_of(words(rq, f->label)));
	if (f->help) {
		json_put_kv_str(j, S("description"), str_of(words(rq, f->help)));
	}
	if (f->flags & COMPUTED) {
		json_put_kv_bool(j, S("readOnly"), true);
	}
	if (f->flags & (PRIVATE | MEMBERS)) {
		json_put_kv_bool(j, S("writeOnly"), true);
	}
	if (is_list(f->type)) {
		put_type(j, "array");
		json_put_key(j, S("items"));
		json_put_object(j);
		if (f->type == F_GROUP) {
			put_fields(rq, j, e, f->fields, f->n_fields);
		} else {
			put_one(j, f);
		}
		json_put_object_end(j);
	} else {
		put_one(j, f);
	}
	json_put_object_end(j);
}

/* Members of an object that is open. */
static void put_fields(struct req *rq, struct json_out *j, const struct entity *e, const struct field *fields, size_t n)
{
	bool top = fields == e->fields;

	put_type(j, "object");
	json_put_key(j, S("properties"));
	json_put_object(j);
	for (size_t i = 0; i < n; i++) {
		json_put_key(j, top ? record_name(rq->mem, e, &fields[i]) : str_of(fields[i].name));
		put_field(rq, j, e, &fields[i]);
	}
	if (top || group_is_translated(&(struct field){.fields = fields, .n_fields = n})) {
		json_put_key(j, S("translations"));
		json_put_raw(j, S("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\","
				  "\"additionalProperties\":{\"type\":\"string\"}}}"));
	}
	if (top) {
		json_put_key(j, S("lang"));
		json_put_raw(j, S("{\"type\":\"string\",\"pattern\":\"^[a-z]{2,3}$\"}"));
	}
	json_put_object_end(j);
	json_put_key(j, S("required"));
	json_put_array(j);
	for (size_t i = 0; i < n; i++) {
		if (fields[i].flags & REQUIRED) {
			json_put_str(j, top ? record_name(rq->mem, e, &fields[i]) : str_of(fields[i].name));
		}
	}
	json_put_array_end(j);
}

static void put_ref(struct json_out *j, struct str to)
{
	json_put_object(j);
	json_put_kv_str(j, S("$ref"), to);
	json_put_object_end(j);
}

static const char common[] =
	"{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"kind\":{\"type\":\"string\"},"
	"\"url\":{\"type\":\"string\",\"format\":\"uri\"},\"title\":{\"type\":[\"string\",\"null\"]},"
	"\"summary\":{\"type\":[\"string\",\"null\"]},\"lang\":{\"type\":\"string\"},"
	"\"geo\":{\"type\":[\"object\",\"null\"],\"properties\":{\"lat\":{\"type\":\"number\"},\"lon\":{\"type\":\"number\"},"
	"\"precision\":{\"enum\":[\"exact\",\"street\",\"commune\",\"departement\"]}},\"required\":[\"lat\",\"lon\",\"precision\"]},"
	"\"status\":{\"enum\":[\"draft\",\"proposed\",\"published\",\"refused\",\"archived\",\"removed\",\"merged\"]},"
	"\"created_at\":{\"type\":\"string\",\"format\":\"date-time\"},\"updated_at\":{\"type\":\"string\",\"format\":\"date-time\"},"
	"\"source\":{\"type\":[\"string\",\"null\"]}},\"required\":[\"id\",\"kind\",\"url\",\"title\",\"lang\",\"status\","
	"\"created_at\",\"updated_at\"]}";

static const char problem_schema[] =
	"{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":"
	"{\"type\":\"object\",\"properties\":{\"field\":{\"type\":\"string\"},\"reason\":{\"type\":\"string\"}},"
	"\"required\":[\"field\",\"reason\"]}}},\"required\":[\"type\",\"title\",\"status\"]}";

static struct str schema_name(struct req *rq, const struct entity *e, const char *end)
{
	char first = e->kind[0] >= 'a' && e->kind[0] <= 'z' ? (char)(e->kind[0] - 32) : e->kind[0];

	return str_fmt(rq->mem, "%c%s%s", first, e->kind + 1, end);
}

static struct str schema_ref(struct req *rq, const struct entity *e, const char *end)
{
	return str_fmt(rq->mem, "#/components/schemas/%.*s", STR_ARG(schema_name(rq, e, end)));
}

static void put_schemas(struct req *rq, struct json_out *j)
{
	json_put_key(j, S("schemas"));
	json_put_object(j);
	json_put_key(j, S("Common"));
	json_put_raw(j, str_of(common));
	json_put_key(j, S("Problem"));
	json_put_raw(j, str_of(problem_schema));
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		json_put_key(j, schema_name(rq, e, "Input"));
		json_put_object(j);
		put_fields(rq, j, e, e->fields, e->n_fields);
		json_put_object_end(j);
		json_put_key(j, schema_name(rq, e, ""));
		json_put_object(j);
		json_put_key(j, S("allOf"));
		json_put_array(j);
		put_ref(j, S("#/components/schemas/Common"));
		put_ref(j, schema_ref(rq, e, "Input"));
		json_put_array_end(j);
		json_put_object_end(j);
	}
	json_put_object_end(j);
}

struct parameter {
	const char *name, *schema, *doc;
};
static const struct parameter parameters[] = {
	{"q", "{\"type\":\"string\"}", N_("Words to search for")},
	{"theme", "{\"type\":\"string\"}", N_("Slug of a theme; those below it count too")},
	{"territory", "{\"type\":\"string\"}", N_("INSEE or ISO code; what is within counts too")},
	{"actor", "{\"type\":\"string\"}", N_("Slug of an actor")},
	{"lang", "{\"type\":\"string\"}", N_("Only with texts in this language; also the language of labels")},
	{"bbox", "{\"type\":\"string\"}", N_("west,south,east,north in degrees")},
	{"from", "{\"type\":\"string\"}", N_("Published from this day or instant on")},
	{"to", "{\"type\":\"string\"}", N_("Published up to this day or instant")},
	{"updated_since", "{\"type\":\"string\"}", N_("Changed since this day or instant; the first changed come first")},
	{"sort", "{\"enum\":[\"title\",\"new\",\"rank\"]}", N_("Order of the list")},
	{"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":500}", N_("How many at once")},
	{"fields", "{\"type\":\"string\"}", N_("Only these members, separated by commas (JSON only)")},
	{"after", "{\"type\":\"string\"}", N_("The cursor given as \"next\"")},
};

static void put_parameter(struct req *rq, struct json_out *j, const char *name, const char *where, const char *schema, const char *doc)
{
	json_put_object(j);
	json_put_kv_str(j, S("name"), str_of(name));
	json_put_kv_str(j, S("in"), str_of(where));
	json_put_kv_bool(j, S("required"), strcmp(where, "path") == 0);
	json_put_kv_str(j, S("description"), str_of(words(rq, doc)));
	json_put_key(j, S("schema"));
	json_put_raw(j, str_of(schema));
	json_put_object_end(j);
}

/* An answer with a body of one schema, given as JSON. */
static void put_answer(struct req *rq, struct json_out *j, const char *status, const char *doc, const char *mime, struct str schema)
{
	json_put_key(j, str_of(status));
	json_put_object(j);
	json_put_kv_str(j, S("description"), str_of(words(rq, doc)));
	if (mime) {
		json_put_key(j, S("content"));
		json_put_object(j);
		json_put_key(j, str_of(mime));
		json_put_object(j);
		json_put_key(j, S("schema"));
		json_put_raw(j, schema);
		json_put_object_end(j);
		json_put_object_end(j);
	}
	json_put_object_end(j);
}

static struct str ref_text(struct req *rq, struct str to)
{
	return str_fmt(rq->mem, "{\"$ref\":\"%.*s\"}", STR_ARG(to));
}

static void put_refusals(struct req *rq, struct json_out *j, bool writes)
{
	struct str schema = S("{\"$ref\":\"#/components/schemas/Problem\"}");

	put_answer(rq, j, "400", N_("This request is not clear"), "application/problem+json", schema);
	put_answer(rq, j, "404", N_("Nothing here"), "application/problem+json", schema);
	put_answer(rq, j, "422", N_("Some answers need another look"), "application/problem+json", schema);
	if (writes) {
		put_answer(rq, j, "401", N_("Please sign in"), "application/problem+json", schema);
		put_answer(rq, j, "403", N_("This is not for you to do"), "application/problem+json", schema);
		put_answer(rq, j, "412", N_("Someone was here before"), "application/problem+json", schema);
	}
}

static void begin_operation(struct req *rq, struct json_out *j, const char *method, struct str id, const char *doc, bool token)
{
	json_put_key(j, str_of(method));
	json_put_object(j);
	json_put_kv_str(j, S("operationId"), id);
	json_put_kv_str(j, S("summary"), str_of(words(rq, doc)));
	if (token) {
		json_put_key(j, S("security"));
		json_put_raw(j, strcmp(method, "post") == 0 ? S("[{\"token\":[]},{}]") : S("[{\"token\":[]}]"));
	}
}

static void put_body(struct req *rq, struct json_out *j, const struct entity *e, bool whole)
{
	json_put_key(j, S("requestBody"));
	json_put_object(j);
	json_put_kv_bool(j, S("required"), true);
	json_put_key(j, S("content"));
	json_put_object(j);
	json_put_key(j, S("application/json"));
	json_put_object(j);
	json_put_key(j, S("schema"));
	if (whole) {
		put_ref(j, schema_ref(rq, e, "Input"));
	} else {
		json_put_raw(j, S("{\"type\":\"object\"}"));
	}
	json_put_object_end(j);
	json_put_object_end(j);
	json_put_object_end(j);
}

static void put_list_path(struct req *rq, struct json_out *j, const struct entity *e)
{
	struct str one = schema_ref(rq, e, "");
	struct str list = str_fmt(rq->mem, "{\"type\":\"object\",\"properties\":{\"data\":{\"type\":\"array\",\"items\":{\"$ref\":\"%.*s\"}},"
					   "\"next\":{\"type\":[\"string\",\"null\"]},\"total\":{\"type\":\"integer\"}},"
					   "\"required\":[\"data\",\"next\",\"total\"]}", STR_ARG(one));

	json_put_key(j, str_fmt(rq->mem, "/api/v1/%s", e->plural));
	json_put_object(j);
	begin_operation(rq, j, "get", str_fmt(rq->mem, "list_%s", e->plural), N_("A page of those that fit the filters"), false);
	json_put_key(j, S("parameters"));
	json_put_array(j);
	for (size_t i = 0; i < COUNT(parameters); i++) {
		put_parameter(rq, j, parameters[i].name, "query", parameters[i].schema, parameters[i].doc);
	}
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];

		if ((f->flags & FACET) && f->type != F_THEMES) {
			put_parameter(rq, j, str_c(rq->mem, facet_name(f)), "query", "{\"type\":\"string\"}", f->label);
		}
	}
	json_put_array_end(j);
	json_put_key(j, S("responses"));
	json_put_object(j);
	put_answer(rq, j, "200", N_("The page; \"next\" leads on"), "application/json", list);
	put_refusals(rq, j, false);
	json_put_object_end(j);
	json_put_object_end(j);
	begin_operation(rq, j, "post", str_fmt(rq->mem, "create_%s", e->kind), N_("Publishes a new one, or proposes it without a token"), true);
	put_body(rq, j, e, true);
	json_put_key(j, S("responses"));
	json_put_object(j);
	put_answer(rq, j, "201", N_("Published"), "application/json", ref_text(rq, one));
	put_answer(rq, j, "202", N_("Waits for a moderator"), "application/json", ref_text(rq, one));
	put_refusals(rq, j, true);
	json_put_object_end(j);
	json_put_object_end(j);
	json_put_object_end(j);
}

static void put_one_path(struct req *rq, struct json_out *j, const struct entity *e)
{
	struct str one = ref_text(rq, schema_ref(rq, e, ""));

	json_put_key(j, str_fmt(rq->mem, "/api/v1/%s/{id}", e->plural));
	json_put_object(j);
	json_put_key(j, S("parameters"));
	json_put_array(j);
	put_parameter(rq, j, "id", "path", "{\"type\":\"string\"}", N_("Its slug, or its number"));
	put_parameter(rq, j, "If-Match", "header", "{\"type\":\"string\"}", N_("When changing: the ETag that was read; 412 if it changed meanwhile"));
	json_put_array_end(j);
	begin_operation(rq, j, "get", str_fmt(rq->mem, "get_%s", e->kind), N_("One, as everyone may see it"), false);
	json_put_key(j, S("responses"));
	json_put_object(j);
	put_answer(rq, j, "200", N_("One, as everyone may see it"), "application/json", one);
	put_refusals(rq, j, false);
	json_put_object_end(j);
	json_put_object_end(j);
	begin_operation(rq, j, "patch", str_fmt(rq->mem, "change_%s", e->kind), N_("Changes the members given; null empties one"), true);
	put_body(rq, j, e, false);
	json_put_key(j, S("responses"));
	json_put_object(j);
	put_answer(rq, j, "200", N_("Changed"), "application/json", one);
	put_answer(rq, j, "202", N_("Waits for a moderator"), "application/json", one);
	put_refusals(rq, j, true);
	json_put_object_end(j);
	json_put_object_end(j);
	begin_operation(rq, j, "delete", str_fmt(rq->mem, "remove_%s", e->kind), N_("Removes it, or closes it for those who keep it"), true);
	json_put_key(j, S("responses"));
	json_put_object(j);
	put_answer(rq, j, "204", N_("Gone"), NULL, STR_NONE);
	put_refusals(rq, j, true);
	json_put_object_end(j);
	json_put_object_end(j);
	json_put_object_end(j);
}

/* ---- what is no kind of object --------------------------------------------------------------------------------------- */

struct other_path {
	const char *path, *id, *doc;
	const char *const *names; /* of its parameters, among those above */
	size_t n_names;
};
static const char *const of_lists[] = {"q", "territory", "limit", "after"}, *const of_themes[] = {"lang"};

static const struct other_path others[] = {
	{"/api/v1/territories", "list_territories", N_("Territories that fit the filters"), TABLE(of_lists)},
	{"/api/v1/territories/{id}", "get_territory", N_("One territory, by its INSEE or ISO code"), NULL, 0},
	{"/api/v1/themes", "list_themes", N_("The tree of themes, those above first"), TABLE(of_themes)},
	{"/api/v1/themes/{id}", "get_theme", N_("One theme, by its slug"), NULL, 0},
	{"/api/elements.json", "gogocarto_elements", N_("Actors, as GoGoCarto gives its elements"), NULL, 0},
	{"/api/elements/{id}.json", "gogocarto_element", N_("One actor, as GoGoCarto gives an element"), NULL, 0},
	{"/api/taxonomy.json", "gogocarto_taxonomy", N_("Themes, as GoGoCarto gives its categories"), NULL, 0},
};

static void put_other(struct req *rq, struct json_out *j, const struct other_path *o)
{
	json_put_key(j, str_of(o->path));
	json_put_object(j);
	begin_operation(rq, j, "get", str_of(o->id), o->doc, false);
	json_put_key(j, S("parameters"));
	json_put_array(j);
	if (strstr(o->path, "{id}")) {
		put_parameter(rq, j, "id", "path", "{\"type\":\"string\"}", N_("Its slug, or its number"));
	}
	for (size_t i = 0; i < o->n_names; i++) {
		for (size_t k = 0; k < COUNT(parameters); k++) {
			if (strcmp(parameters[k].name, o->names[i]) == 0) {
				put_parameter(rq, j, parameters[k].name, "query", parameters[k].schema, parameters[k].doc);
			}
		}
	}
	json_put_array_end(j);
	json_put_key(j, S("responses"));
	json_put_object(j);
	put_answer(rq, j, "200", o->doc, "application/json", S("{\"type\":[\"object\",\"array\"]}"));
	put_refusals(rq, j, false);
	json_put_object_end(j);
	json_put_object_end(j);
	json_put_object_end(j);
}

enum err api_openapi(struct req *rq)
{
	struct buf b = buf_make(rq->mem, LIMIT_API_PAGE);
	struct json_out j = json_to(&b);

	if (rq->suffix.n && !str_eq(rq->suffix, S(".json"))) {
		return E_NOTFOUND;
	}
	api_speak(rq);
	json_put_object(&j);
	json_put_kv_str(&j, S("openapi"), S("3.1.0"));
	json_put_key(&j, S("info"));
	json_put_object(&j);
	json_put_kv_str(&j, S("title"), site_text_in(rq->site, &rq->site->name, rq->lang));
	json_put_kv_str(&j, S("version"), S("1"));
	json_put_object_end(&j);
	json_put_key(&j, S("servers"));
	json_put_array(&j);
	json_put_object(&j);
	json_put_kv_str(&j, S("url"), rq->site->base_url.n ? rq->site->base_url : S("/"));
	json_put_object_end(&j);
	json_put_array_end(&j);
	json_put_key(&j, S("paths"));
	json_put_object(&j);
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		put_list_path(rq, &j, e);
		put_one_path(rq, &j, e);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		put_other(rq, &j, &others[i]);
	}
	json_put_object_end(&j);
	json_put_key(&j, S("components"));
	json_put_object(&j);
	json_put_key(&j, S("securitySchemes"));
	json_put_raw(&j, S("{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}"));
	put_schemas(rq, &j);
	json_put_object_end(&j);
	json_put_object_end(&j);
	return api_reply_json(rq, &j, &b);
}
