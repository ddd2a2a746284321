/*
 * Fields, documents, views, forms, rows: what comes in becomes one spelling or an error that names its field; what may
 * not be seen is in no representation.
 */
#include "thing.h"

#include "db/db.h"
#include "entity/form_part.h"
#include "entity/value.h"

static struct json parse(struct t *t, const char *text)
{
	struct json j = {.kind = JSON_IS_NONE};

	if (json_parse(t->mem, str_of(text), &j, NULL) != OK) {
		t_fail(t, T_AT("json"), "no JSON: %s", text);
	}
	return j;
}

/* Reads a document; its canonical text, or "field: reason" of the first error. */
static struct str read(struct t *t, const char *text)
{
	struct json j = parse(t, text);
	struct form f;

	if (form_read_json(NULL, t->mem, &thing_entity, &j, NULL, "en", false, &f) == OK) {
		return doc_text(t->mem, &thing_entity, f.doc);
	}
	return f.n_errors ? str_fmt(t->mem, "%.*s: %.*s", STR_ARG(f.errors[0].field), STR_ARG(f.errors[0].reason)) : S("?");
}

/* One field, named, as it is kept; the error's reason otherwise. */
static struct str kept(struct t *t, const char *field, const char *value)
{
	struct str s = read(t, str_c(t->mem, str_fmt(t->mem, "{\"name\":\"N\",\"%s\":%s}", field, value)));
	struct str head = S("{\"name\":\"N\","), tail = S(",\"size\":1}");

	if (str_starts(s, head) && str_ends(s, tail)) {
		s = str_sub(s, head.n, s.n - head.n - tail.n);
		return str_sub(s, strlen(field) + 3, s.n);
	}
	return s;
}

static void values_have_one_spelling(struct t *t)
{
	thing_start(t);
	T_STR(kept(t, "summary", "\"  a\\r\\nb  \""), "\"a\\nb\"");
	T_STR(kept(t, "kind", "\"Bleu nuit\""), "\"dark_blue\"");
	T_STR(kept(t, "kind", "\"RED\""), "\"red\"");
	T_STR(kept(t, "colours", "\"rouge, Dark blue; red\""), "[\"red\",\"dark_blue\"]");
	T_STR(kept(t, "tags", "\"#Accueil, droits ,accueil\""), "[\"Accueil\",\"droits\"]");
	T_STR(kept(t, "languages", "\"Français, ar; English, fra\""), "[\"fr\",\"ar\",\"en\"]");
	T_STR(kept(t, "territory", "\"Crest (26108)\""), "\"26108\"");
	T_STR(kept(t, "territory", "26108"), "\"26108\"");
	T_STR(kept(t, "territory", "\"26400 Crest\""), "\"26108\"");
	T_STR(kept(t, "founded", "\"03/2019\""), "\"2019-03\"");
	T_STR(kept(t, "founded", "\"2/3/2019\""), "\"2019-03-02\"");
	T_STR(kept(t, "founded", "2019"), "\"2019\"");
	T_STR(kept(t, "members_n", "\"1 250\""), "1250");
	T_STR(kept(t, "members_n", "7.0"), "7");
	T_STR(kept(t, "weight", "\"1,50\""), "1.5");
	T_STR(kept(t, "open", "\"Oui\""), "true");
	T_STR(kept(t, "site", "\"www.example.org/a b\""), "site: This is not a web address: copy it from the browser, it begins with https://");
	T_STR(kept(t, "site", "\"www.Example.org/a\""), "\"https://www.example.org/a\"");
	T_STR(kept(t, "mail", "\" Jo@Example.ORG\""), "\"Jo@example.org\"");
	T_STR(kept(t, "phone", "\"+33 4 75 00 00 00\""), "\"+33 4 75 00 00 00\"");
	T_STR(kept(t, "hours", "\"Mo-We 9h-12h,14:00-18h30; Sa off\""),
	      "{\"Mo\":\"09:00-12:00,14:00-18:30\",\"Tu\":\"09:00-12:00,14:00-18:30\",\"We\":\"09:00-12:00,14:00-18:30\"}");
	T_STR(kept(t, "hours", "\"sur rendez-vous\""), "{\"note\":\"sur rendez-vous\"}");
	T_STR(kept(t, "hours", "{\"Tu\":\"10:00-12:00\",\"Mo\":\"9-10\"}"), "{\"Mo\":\"09:00-10:00\",\"Tu\":\"10:00-12:00\"}");
}

static void errors_name_field_and_remedy(struct t *t)
{
	static const char *const bad[][2] = {
		{"{}", "name"},
		{"{\"name\":\"  \"}", "name"},
		{"{\"name\":\"N\",\"kind\":\"green\"}", "kind"},
		{"{\"name\":\"N\",\"colours\":[\"red\",[\"red\"]]}", "colours"},
		{"{\"name\":\"N\",\"tags\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]}", "tags"},
		{"{\"name\":\"N\",\"languages\":\"klingonish\"}", "languages"},
		{"{\"name\":\"N\",\"themes\":\"nothing\"}", "themes"},
		{"{\"name\":\"N\",\"territory\":\"Zzyzxville\"}", "territory"},
		{"{\"name\":\"N\",\"founded\":\"2019-13\"}", "founded"},
		{"{\"name\":\"N\",\"founded\":\"31/02/2019\"}", "founded"},
		{"{\"name\":\"N\",\"members_n\":\"many\"}", "members_n"},
		{"{\"name\":\"N\",\"members_n\":99999999999999999999}", "members_n"},
		{"{\"name\":\"N\",\"weight\":\"1e999\"}", "weight"},
		{"{\"name\":\"N\",\"open\":\"maybe\"}", "open"},
		{"{\"name\":\"N\",\"site\":\"javascript:alert(1)\"}", "site"},
		{"{\"name\":\"N\",\"site\":\"ftp://example.org\"}", "site"},
		{"{\"name\":\"N\",\"mail\":\"a@b\"}", "mail"},
		{"{\"name\":\"N\",\"mail\":\"a@b.org\\r\\nBcc: x@y.org\"}", "mail"},
		{"{\"name\":\"N\",\"phone\":\"call me\"}", "phone"},
		{"{\"name\":\"N\",\"hours\":{\"Mo\":\"noon\"}}", "hours"},
		{"{\"name\":\"N\",\"contacts\":[{\"visibility\":\"hidden\",\"value\":\"\"},{\"value\":\"a\",\"visibility\":\"all\"}]}", "contacts.1.visibility"},
		{"{\"name\":\"N\",\"contacts\":\"a\"}", "contacts"},
		{"{\"name\":\"N\",\"contacts\":[\"a\"]}", "contacts.0"},
		{"{\"name\":\"N\",\"services\":[{\"languages\":\"fr\"}]}", "services.0.type"},
		{"{\"name\":\"N\",\"pictures\":[{\"file\":\"../../etc/passwd\"}]}", "pictures.0.file"},
		{"{\"name\":\"N\",\"nonsense\":1}", "nonsense"},
		{"{\"name\":\"N\",\"translations\":{\"en\":{\"summary\":5}}}", NULL},
		{"{\"name\":\"N\",\"translations\":{\"english\":{\"summary\":\"a\"}}}", "translations.english"},
		{"{\"name\":\"N\",\"translations\":[1]}", "translations"},
		{"{\"name\":\"forbidden\"}", "name"},
		{"[1,2]", ""},
		{"null", ""},
	};

	thing_start(t);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct json j = parse(t, bad[i][0]);
		struct form f;
		enum err e = form_read_json(NULL, t->mem, &thing_entity, &j, NULL, "en", false, &f);
		if (!bad[i][1]) {
			T_EQ(e, OK);
			continue;
		}
		if (e != E_INVALID || f.n_errors == 0 || !str_eq(f.errors[0].field, str_of(bad[i][1])) || f.errors[0].reason.n < 10) {
			t_fail(t, T_AT("errors"), "%s: %s, field %.*s", bad[i][0], err_name(e),
			       STR_ARG(f.n_errors ? f.errors[0].field : S("-")));
		}
	}
}

static void too_long_is_refused_by_characters(struct t *t)
{
	struct buf b = buf_make(t->mem, 4096);

	thing_start(t);
	for (int i = 0; i < 60; i++) {
		buf_put(&b, S("é"));
	}
	T_TRUE(str_starts(read(t, str_c(t->mem, str_fmt(t->mem, "{\"name\":\"%.*s\"}", STR_ARG(buf_str(&b))))), S("{")));
	buf_put(&b, S("x"));
	T_STR(read(t, str_c(t->mem, str_fmt(t->mem, "{\"name\":\"%.*s\"}", STR_ARG(buf_str(&b))))),
	      "name: This is too long: at most 60 characters fit here.");
}

static void canonical_text_is_stable(struct t *t)
{
	thing_start(t);
	struct str a = read(t, "{\"translations\":{\"pt\":{\"summary\":\"p\"},\"en\":{\"body\":\"b\",\"summary\":\"s\"}},\"tags\":[],"
			       "\"summary\":\"x\",\"name\":\"N\",\"places\":[{\"lon\":1.50,\"lat\":2,\"town\":\"\"},{}]}");
	T_STR(a, "{\"name\":\"N\",\"summary\":\"x\",\"places\":[{\"lat\":2,\"lon\":1.5}],\"size\":1,"
		 "\"translations\":{\"en\":{\"summary\":\"s\",\"body\":\"b\"},\"pt\":{\"summary\":\"p\"}}}");
	struct json j = parse(t, str_c(t->mem, a));
	T_EQ(doc_text(t->mem, &thing_entity, &j), a);
}

static void absent_members_keep_the_base(struct t *t)
{
	struct form f;

	thing_start(t);
	struct doc base = thing_doc(t, &thing_entity, "{\"name\":\"N\",\"summary\":\"s\",\"tags\":[\"a\"],\"translations\":{\"en\":{\"summary\":\"t\"}}}");
	struct json patch = parse(t, "{\"summary\":null,\"translations\":{\"es\":{\"summary\":\"u\"}}}");
	T_OK(form_read_json(NULL, t->mem, &thing_entity, &patch, base.j, "en", false, &f));
	T_STR(doc_text(t->mem, &thing_entity, f.doc),
	      "{\"name\":\"N\",\"tags\":[\"a\"],\"size\":1,\"translations\":{\"en\":{\"summary\":\"t\"},\"es\":{\"summary\":\"u\"}}}");
}

static const char secret_doc[] =
	"{\"name\":\"N\",\"mail\":\"secret1@example.org\",\"phone\":\"0475secret2\",\"territory\":\"26108\","
	"\"contacts\":[{\"value\":\"open\"},{\"value\":\"secret2\",\"visibility\":\"members\"},{\"value\":\"secret3\",\"visibility\":\"hidden\"}],"
	"\"places\":[{\"label\":\"secret4\",\"address\":\"12 bis rue Haute\",\"lat\":44.72841,\"lon\":5.02211,\"precision\":\"street\"}]}";

static struct doc raw(struct t *t, const char *text)
{
	struct json *j = mem_new(t->mem, struct json);

	*j = parse(t, text);
	return (struct doc){j};
}

static bool holds(struct t *t, struct view v, const char *word)
{
	return str_find(tree_text(t->mem, v.j), str_of(word)) >= 0;
}

static void views_hide(struct t *t)
{
	thing_start(t);
	struct doc d = raw(t, secret_doc);
	struct view none = doc_view(t->mem, &thing_entity, d, SEE_NOTHING), pub = doc_view(t->mem, &thing_entity, d, SEE_PUBLIC),
		    mem = doc_view(t->mem, &thing_entity, d, SEE_MEMBERS), all = doc_view(t->mem, &thing_entity, d, SEE_ALL);
	T_TRUE(tree_empty(none.j));
	T_TRUE(!holds(t, pub, "secret"));
	T_TRUE(holds(t, pub, "open") && holds(t, pub, "rue Haute"));
	T_TRUE(!holds(t, pub, "12 bis") && !holds(t, pub, "44.72841") && !holds(t, pub, "5.02211"));
	T_TRUE(holds(t, mem, "secret2") && !holds(t, mem, "secret1") && !holds(t, mem, "secret3") && !holds(t, mem, "secret4"));
	T_TRUE(holds(t, all, "secret1") && holds(t, all, "secret3") && holds(t, all, "44.72841"));
}

static void blurring_is_by_grid_and_territory(struct t *t)
{
	double lat = 44.72841, lon = 5.02211, la = lat, lo = lon;

	thing_start(t);
	place_blur(PLACE_EXACT, S("26108"), &la, &lo);
	T_EQ(la, lat);
	place_blur(PLACE_STREET, S("26108"), &la, &lo);
	T_TRUE(la != lat && la - lat < 0.002 && lat - la < 0.002 && lo - lon < 0.002 && lon - lo < 0.002);
	double again_la = lat + 0.0001, again_lo = lon;
	place_blur(PLACE_STREET, S("26108"), &again_la, &again_lo);
	T_EQ(again_la, la);
	place_blur(PLACE_COMMUNE, S("26108"), &la, &lo);
	double other_la = 44.70, other_lo = 5.05;
	place_blur(PLACE_COMMUNE, S("26108"), &other_la, &other_lo);
	T_EQ(la, other_la);
	T_EQ(lo, other_lo);
	other_la = lat;
	other_lo = lon;
	place_blur(PLACE_DEPARTEMENT, STR_NONE, &other_la, &other_lo);
	T_TRUE(other_la != lat);
	/* the territory is told as coarsely as the place */
	struct doc d = raw(t, "{\"name\":\"N\",\"territory\":\"26108\",\"places\":[{\"town\":\"Crest\",\"lat\":44.72841,\"lon\":5.02211,"
			      "\"precision\":\"departement\"}]}");
	struct view v = doc_view(t->mem, &thing_entity, d, SEE_PUBLIC);
	T_STR(json_str(json_get(v.j, "territory")), "26");
	T_TRUE(!holds(t, v, "Crest") && !holds(t, v, "44.72841"));
	/* what is not understood is hidden most */
	d = raw(t, "{\"name\":\"N\",\"places\":[{\"town\":\"Crest\",\"lat\":44.72841,\"lon\":5.02211,\"precision\":\"odd\"}]}");
	v = doc_view(t->mem, &thing_entity, d, SEE_PUBLIC);
	T_TRUE(!holds(t, v, "Crest") && !holds(t, v, "44.72841"));
}

static void edits_of_views_lose_nothing(struct t *t)
{
	thing_start(t);
	struct doc whole = raw(t, secret_doc);
	struct view v = doc_view(t->mem, &thing_entity, whole, SEE_PUBLIC);
	struct json same = doc_unview(t->mem, &thing_entity, whole.j, v.j, v.j, SEE_PUBLIC);
	T_TRUE(tree_same(&same, whole.j));
	struct json edited = tree_copy(t->mem, v.j);
	tree_set(t->mem, &edited, S("name"), tree_str(S("New")));
	struct json list = tree_copy(t->mem, json_get(&edited, "contacts"));
	tree_set(t->mem, &list.items[0], S("value"), tree_str(S("changed")));
	tree_set(t->mem, &edited, S("contacts"), list);
	struct json places = tree_copy(t->mem, json_get(&edited, "places"));
	tree_set(t->mem, &places.items[0], S("town"), tree_str(S("Crest")));
	tree_set(t->mem, &edited, S("places"), places);
	struct json got = doc_unview(t->mem, &thing_entity, whole.j, v.j, &edited, SEE_PUBLIC);
	struct view all = {&got};
	T_TRUE(holds(t, all, "New") && holds(t, all, "changed") && holds(t, all, "secret1") && holds(t, all, "secret2") &&
	       holds(t, all, "secret3"));
	T_TRUE(holds(t, all, "44.72841") && holds(t, all, "secret4") && holds(t, all, "12 bis") && holds(t, all, "Crest"));
	tree_set(t->mem, &places.items[0], S("lat"), tree_fixed(t->mem, 45.5, 6));
	tree_set(t->mem, &edited, S("places"), places);
	got = doc_unview(t->mem, &thing_entity, whole.j, v.j, &edited, SEE_PUBLIC);
	T_TRUE(holds(t, all, "45.5") && !holds(t, all, "44.72841"));
}

static void texts_fall_back(struct t *t)
{
	struct str lang;

	thing_start(t);
	struct view v = {raw(t, "{\"name\":\"Nom\",\"summary\":\"fr\",\"translations\":{\"en\":{\"summary\":\"en\",\"name\":\"Name\"}}}").j};
	T_STR(view_text(v, &thing_entity, "summary", "en", S("fr"), &lang), "en");
	T_STR(lang, "en");
	T_STR(view_text(v, &thing_entity, "summary", "ar", S("fr"), &lang), "fr");
	T_STR(lang, "fr");
	T_STR(view_text(v, &thing_entity, "name", "en", S("fr"), &lang), "Nom");
}

static void differences_are_found_and_applied(struct t *t)
{
	struct change *c;

	thing_start(t);
	struct doc a = raw(t, "{\"name\":\"N\",\"tags\":[\"a\"],\"translations\":{\"en\":{\"summary\":\"x\"},\"es\":{\"summary\":\"y\"}}}");
	struct doc b = raw(t, "{\"name\":\"M\",\"tags\":[\"a\"],\"site\":\"https://a.org\","
			     "\"translations\":{\"en\":{\"summary\":\"z\"},\"pt\":{\"summary\":\"w\"}}}");
	size_t n = doc_diff(t->mem, &thing_entity, a.j, b.j, &c);
	T_NEED(n == 5);
	T_STR(c[0].key, "name");
	T_STR(c[1].key, "site");
	T_STR(c[2].key, "summary@en");
	T_STR(c[3].key, "summary@es");
	T_STR(c[4].key, "summary@pt");
	const struct json *now = a.j;
	for (size_t i = 0; i < n; i++) {
		now = doc_apply(t->mem, &thing_entity, now, c[i].key, c[i].after);
	}
	T_TRUE(tree_same(now, b.j));
	T_EQ(doc_diff(t->mem, &thing_entity, a.j, a.j, &c), 0);
}

static const char told_doc[] =
	"{\"name\":\"N\",\"pictures\":[{\"file\":\"a.webp\",\"alt\":\"une table\","
	"\"translations\":{\"ar\":{\"alt\":\"طاولة\"},\"en\":{\"alt\":\"a table\"}}},{\"file\":\"b.webp\",\"alt\":\"un mur\"}],\"size\":1}";

static void records_carry_their_translations(struct t *t)
{
	struct str lang;

	thing_start(t);
	/* one spelling, whatever the order; texts of fields that cannot be translated, or of none, go */
	struct str a = read(t, "{\"name\":\"N\",\"pictures\":[{\"translations\":{\"en\":{\"alt\":\" a table\"},\"ar\":{\"alt\":\"طاولة\",\"file\":\"x\"},"
			       "\"es\":{}},\"alt\":\"une table\",\"file\":\"a.webp\"},{\"file\":\"b.webp\",\"alt\":\"un mur\",\"translations\":null},"
			       "{\"translations\":{\"en\":{\"alt\":\"alone\"}}}]}");
	T_EQ(a, str_of(told_doc));
	const struct json *list = json_get(raw(t, told_doc).j, "pictures");
	T_STR(item_text(&list->items[0], "alt", "en", S("fr"), &lang), "a table");
	T_STR(lang, "en");
	T_STR(item_text(&list->items[0], "alt", "es", S("fr"), &lang), "une table");
	T_STR(lang, "fr");
	T_STR(item_text(&list->items[1], "alt", "en", S("fr"), &lang), "un mur");
	/* wrong ones are named */
	T_TRUE(str_starts(read(t, "{\"name\":\"N\",\"pictures\":[{\"file\":\"a.webp\",\"translations\":{\"english\":{\"alt\":\"a\"}}}]}"),
			  S("pictures.0.translations.english: ")));
	T_TRUE(str_starts(read(t, "{\"name\":\"N\",\"pictures\":[{\"file\":\"a.webp\",\"translations\":5}]}"), S("pictures.0.translations: ")));
	T_TRUE(str_starts(read(t, "{\"name\":\"N\",\"services\":[{\"type\":\"food\",\"translations\":{}}]}"), S("services.0.translations: ")));
}

static void translations_of_records_stay(struct t *t)
{
	struct form f;
	struct change *c;

	thing_start(t);
	struct doc base = raw(t, told_doc);
	/* a list that comes back in another order, without a word of translations */
	struct json in = parse(t, "{\"pictures\":[{\"file\":\"b.webp\",\"alt\":\"un mur\"},{\"file\":\"a.webp\",\"alt\":\"une table\"}]}");
	T_OK(form_read_json(NULL, t->mem, &thing_entity, &in, base.j, "en", false, &f));
	const struct json *list = json_get(f.doc, "pictures");
	T_STR(item_text(&list->items[1], "alt", "ar", S("fr"), NULL), "طاولة");
	/* another picture is another picture */
	in = parse(t, "{\"pictures\":[{\"file\":\"c.webp\",\"alt\":\"une table\"}]}");
	T_OK(form_read_json(NULL, t->mem, &thing_entity, &in, base.j, "en", false, &f));
	T_TRUE(!holds(t, (struct view){f.doc}, "a table"));
	/* said to be gone */
	in = parse(t, "{\"pictures\":[{\"file\":\"a.webp\",\"alt\":\"une table\",\"translations\":{}}]}");
	T_OK(form_read_json(NULL, t->mem, &thing_entity, &in, base.j, "en", false, &f));
	T_TRUE(!holds(t, (struct view){f.doc}, "a table"));
	/* a difference of the list, and back */
	T_EQ(doc_diff(t->mem, &thing_entity, base.j, f.doc, &c), 1);
	T_STR(c[0].key, "pictures");
	T_TRUE(tree_same(doc_apply(t->mem, &thing_entity, f.doc, c[0].key, c[0].before), base.j));
	/* seen like the record; views keep them */
	T_TRUE(holds(t, doc_view(t->mem, &thing_entity, base, SEE_PUBLIC), "a table"));
	struct json fresh = parse(t, "[{\"file\":\"a.webp\",\"alt\":\"une table\"},{\"file\":\"d.webp\"}]");
	struct json kept_list = items_keep_texts(t->mem, entity_field(&thing_entity, S("pictures")), &fresh, json_get(base.j, "pictures"));
	T_STR(item_text(&kept_list.items[0], "alt", "en", S("fr"), NULL), "a table");
	T_EQ(kept_list.n, 2);
}

static void hidden_records_hide_their_translations(struct t *t)
{
	thing_start(t);
	struct doc d = raw(t, "{\"name\":\"N\",\"contacts\":[{\"value\":\"a\",\"visibility\":\"hidden\","
			      "\"translations\":{\"en\":{\"value\":\"secret5\"}}}],"
			      "\"places\":[{\"town\":\"Crest\",\"lat\":44.7,\"lon\":5,\"precision\":\"commune\","
			      "\"translations\":{\"en\":{\"label\":\"secret6\"}}}]}");
	T_TRUE(!holds(t, doc_view(t->mem, &thing_entity, d, SEE_PUBLIC), "secret"));
	struct json without = doc_without_personal(t->mem, &thing_entity, d.j);
	T_TRUE(!holds(t, (struct view){&without}, "secret5"));
}

static void forms_show_what_was_typed(struct t *t)
{
	struct buf b = buf_make(t->mem, 1 << 20);
	struct out o = {.buf = &b, .mem = t->mem};
	struct form f;

	thing_start(t);
	struct json typed = parse(t, "{\"name\":\"\",\"weight\":\"heavy<script>\",\"contacts\":[{\"value\":\"mine\",\"visibility\":\"odd\"}]}");
	T_ERR(E_INVALID, form_read_json(NULL, t->mem, &thing_entity, &typed, NULL, "en", true, &f));
	struct part p = form_part(&o, &f, thing_entity.fields, 13, S(""), form_holder(&f));
	T_STR(p.path, "weight");
	T_STR(part_text(&o, &p), "heavy<script>");
	T_TRUE(p.error.n > 0);
	f.sight = SEE_PUBLIC;
	struct form_sets sets = form_sets(&f);
	T_EQ(sets.n, 1);
	T_TRUE(!form_drawn(&f, entity_field(&thing_entity, S("mail"))));
	T_TRUE(!form_drawn(&f, entity_field(&thing_entity, S("size"))));
}

static void personal_fields_go(struct t *t)
{
	thing_start(t);
	struct json kept_doc = doc_without_personal(t->mem, &thing_entity, raw(t, secret_doc).j);
	struct view v = {&kept_doc};
	T_TRUE(!holds(t, v, "secret1") && !holds(t, v, "secret2") && !holds(t, v, "secret3") && !holds(t, v, "open"));
	T_TRUE(holds(t, v, "26108"));
}

static const struct t_case cases[] = {
	{"values have one spelling", values_have_one_spelling, T_DB | T_SCHEMA},
	{"errors name the field and the remedy", errors_name_field_and_remedy, T_DB | T_SCHEMA},
	{"too long is refused, by characters", too_long_is_refused_by_characters, 0},
	{"canonical text is stable", canonical_text_is_stable, 0},
	{"absent members keep the base, null removes", absent_members_keep_the_base, 0},
	{"views hide what a sight may not see", views_hide, 0},
	{"blurring is by grid and territory", blurring_is_by_grid_and_territory, 0},
	{"edits of a view lose nothing hidden", edits_of_views_lose_nothing, 0},
	{"texts fall back to the original", texts_fall_back, 0},
	{"differences are found and applied", differences_are_found_and_applied, 0},
	{"records carry their translations", records_carry_their_translations, 0},
	{"translations of records stay with them", translations_of_records_stay, 0},
	{"hidden records hide their translations", hidden_records_hide_their_translations, 0},
	{"forms show what was typed", forms_show_what_was_typed, 0},
	{"personal fields go", personal_fields_go, 0},
};
T_SUITE(entity, cases)
