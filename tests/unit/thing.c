/*
 * The test kinds.
 */
#include "thing.h"

#include "core/atlas.h"
#include "db/db.h"
#include "core/atlas_data.h"
#include "web/priv.h"
#include "web/site.h"

static const struct choice colours[] = {
	{"red", N_("Red"), NULL, "rouge,rojo,vermelho"},
	{"dark_blue", N_("Dark blue"), NULL, "bleu fonce,bleu nuit"},
};
static const struct vocabulary colour = {"thing_colour", TABLE(colours), .editable = true};
static const struct choice services[] = {{"food", N_("Food"), NULL, ""}, {"legal_aid", N_("Legal aid"), NULL, "juridique"}};
static const struct vocabulary service = {"thing_service", TABLE(services), .editable = false};
static const struct choice visibilities[] = {{"public", N_("Everyone"), NULL, ""},
					     {"members", N_("Signed-in people"), NULL, ""},
					     {"hidden", N_("Nobody"), NULL, ""}};
static const struct vocabulary visibility = {"thing_visibility", TABLE(visibilities), .editable = false};
static const struct choice precisions[] = {{"exact", N_("Exact address"), NULL, ""},
					   {"street", N_("The street"), NULL, ""},
					   {"commune", N_("The town"), NULL, ""},
					   {"departement", N_("The département"), NULL, ""}};
static const struct vocabulary precision = {"thing_precision", TABLE(precisions), .editable = false};

static const struct field contact_fields[] = {
	{"value", F_LINE, N_("Contact"), REQUIRED, .max = 100},
	{"visibility", F_CHOICE, N_("Who sees it"), .vocabulary = &visibility},
};
static const struct field place_fields[] = {
	{"label", F_LINE, N_("Name of the place"), .max = 100},
	{"address", F_LINE, N_("Street and number"), .max = 100},
	{"postal_code", F_LINE, N_("Postal code"), .max = 12},
	{"town", F_LINE, N_("Town"), .max = 100},
	{"country", F_LINE, N_("Country"), .max = 60},
	{"lat", F_DECIMAL, N_("Latitude"), .max = 0},
	{"lon", F_DECIMAL, N_("Longitude"), .max = 0},
	{"precision", F_CHOICE, N_("What the map shows"), .vocabulary = &precision},
};
static const struct field service_fields[] = {
	{"type", F_CHOICE, N_("Service"), REQUIRED, .vocabulary = &service},
	{"languages", F_LANGS, N_("Languages spoken"), .max = 0},
	{"free", F_BOOL, N_("Free"), .max = 0},
};
static const struct field member_fields[] = {
	{"of", F_OBJECT, N_("Which club"), REQUIRED, .target = "club", .free = true},
	{"since", F_PARTIAL_DATE, N_("Since"), .max = 0},
};
static const struct field picture_fields[] = {
	{"file", F_FILE, N_("Picture"), REQUIRED, .max = 0},
	{"alt", F_LINE, N_("What one sees on it"), TRANSLATED | SEARCH_C, .max = 300},
};

static const struct field thing_fields[] = {
	{"name", F_LINE, N_("Name"), REQUIRED | PROTECTED | IN_LIST | SEARCH_A | DUP_KEY, .max = 60, .aliases = "nom,name"},
	{"acronym", F_LINE, N_("Acronym"), PROTECTED | SEARCH_A | DUP_KEY, .max = 20},
	{"summary", F_TEXT, N_("In one sentence"), TRANSLATED | SEARCH_B, .max = 200},
	{"body", F_MARKDOWN, N_("Presentation"), TRANSLATED | SEARCH_C, .max = 0},
	{"kind", F_CHOICE, N_("Colour"), FACET | IN_LIST, .vocabulary = &colour},
	{"colours", F_CHOICES, N_("Colours"), FACET, .vocabulary = &colour, .max = 3},
	{"tags", F_TAGS, N_("Tags"), FACET, .max = 5},
	{"languages", F_LANGS, N_("Languages"), FACET, .max = 0},
	{"themes", F_THEMES, N_("Themes"), FACET, .max = 0},
	{"territory", F_TERRITORY, N_("Town"), .max = 0},
	{"territories", F_TERRITORIES, N_("Territories"), .max = 0},
	{"founded", F_PARTIAL_DATE, N_("Founded"), .max = 0},
	{"members_n", F_INT, N_("Members"), .max = 0},
	{"weight", F_DECIMAL, N_("Weight"), .max = 0},
	{"open", F_BOOL, N_("Open"), FACET, .max = 0},
	{"site", F_URL, N_("Site"), DUP_KEY, .max = 0},
	{"hours", F_HOURS, N_("Hours"), .max = 0},
	{"mail", F_MAIL, N_("Mail"), PRIVATE | DUP_KEY, .purpose = N_("To write."), .keep_days = 30},
	{"phone", F_PHONE, N_("Telephone"), MEMBERS, .purpose = N_("To call."), .keep_days = 30},
	{"contacts", F_GROUP, N_("Contacts"), BY_ITEM | DUP_KEY, .fields = TABLE(contact_fields), .max = 5, .purpose = N_("To reach.")},
	{"places", F_GROUP, N_("Places"), .fields = TABLE(place_fields), .max = 5},
	{"services", F_GROUP, N_("Services"), FACET, .fields = TABLE(service_fields)},
	{"member", F_GROUP, N_("Member of"), .fields = TABLE(member_fields)},
	{"pictures", F_GROUP, N_("Pictures"), .fields = TABLE(picture_fields)},
	{"size", F_INT, N_("Letters of the name"), COMPUTED, .max = 0},
};

static enum err thing_check(struct form *f, struct req *rq, struct json *doc)
{
	struct str name = json_str(json_get(doc, "name"));

	(void)rq;
	if (str_eq(name, S("forbidden"))) {
		form_error(f, S("name"), N_("This name cannot be used."));
	}
	tree_set(f->mem, doc, S("size"), tree_i64(f->mem, (int64_t)name.n));
	return OK;
}

const struct entity thing_entity = {
	.kind = "thing", .plural = "things", .room = "/things", .label = N_("Thing"), .label_plural = N_("Things"),
	.fields = TABLE(thing_fields), .title = "name", .summary = "summary", .schema = "Thing", .icon = "pin",
	.check = thing_check,
};

static const struct field club_fields[] = {
	{"title", F_LINE, N_("Title"), REQUIRED | TRANSLATED | IN_LIST | SEARCH_A, .max = 100},
	{"themes", F_THEMES, N_("Themes"), FACET, .max = 0},
};
const struct entity club_entity = {
	.kind = "club", .plural = "clubs", .room = "/clubs", .label = N_("Club"), .label_plural = N_("Clubs"),
	.fields = TABLE(club_fields), .title = "title",
};

const struct act thing_act = {.verb = "edit", .account = 7, .now = INT64_C(1760000000000), .public_change = true};

void thing_start(struct t *t)
{
	static bool started;
	static const struct theme themes[] = {
		{.slug = S_INIT("housing"), .name = {{S_INIT("Logement"), S_INIT("Housing")}}},
		{.slug = S_INIT("emergency"), .parent = S_INIT("housing"), .name = {{S_INIT("Urgence"), S_INIT("Emergency")}}},
		{.slug = S_INIT("health"), .name = {{S_INIT("Santé"), S_INIT("Health")}}, .position = 2},
	};

	if (!started) {
		started = true;
		entity_add(&thing_entity);
		entity_add(&club_entity);
		T_OK(atlas_open_built_in());
		T_OK(lang_open());
		object_start();
	}
	if (t->db) {
		T_OK(db_begin(t->db, DB_WRITE));
		for (size_t i = 0; i < COUNT(themes); i++) {
			T_OK(theme_put(t->db, t->mem, &themes[i]));
		}
		T_OK(db_commit(t->db));
	}
}

struct doc thing_doc(struct t *t, const struct entity *e, const char *text)
{
	struct json *j = mem_new(t->mem, struct json);
	struct form f;

	if (json_parse(t->mem, str_of(text), j, NULL) != OK) {
		t_fail(t, T_AT("thing_doc"), "no JSON: %s", text);
	}
	if (form_read_json(NULL, t->mem, e, j, NULL, "en", false, &f) != OK) {
		t_fail(t, T_AT("thing_doc"), "%.*s: %.*s", STR_ARG(f.errors[0].field), STR_ARG(f.errors[0].reason));
	}
	return (struct doc){f.doc};
}

struct object thing_save(struct t *t, const struct entity *e, const char *text)
{
	struct object ob = {.entity = e, .status = ST_PUBLISHED, .lang = S("fr"), .doc = thing_doc(t, e, text)};
	bool changed;

	(void)t_eq_err(t, T_AT("object_save"), OK, object_save(t->db, t->mem, &ob, &thing_act, &changed));
	return ob;
}

struct req *thing_req(struct t *t)
{
	struct req *rq = mem_new(t->mem, struct req);

	*rq = (struct req){.mem = t->mem, .db = t->db, .method = GET, .lang = "fr", .now = thing_act.now, .site = site_now()};
	rq->priv = mem_new(t->mem, struct web_private);
	return rq;
}
