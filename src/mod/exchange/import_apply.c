/*
 * A row through the mapping: names and values become a record in the shape of a document. Words that fit no list of ours (a category
 * of another site, say) are kept as keywords, so that nothing of them is lost.
 */
#include "columns.h"
#include "import.h"
#include "record.h"

#include "../../base/limits.h"
#include "../../entity/tree.h"
#include "../../entity/value.h"
#include "../../web/site.h"

struct applying {
	struct mapping *mp;
	struct mem *mem;
	struct mapped *out;
	struct json contacts, tags, flat; /* contacts and place by column */
	bool ours;      /* a row of our own exports */
	bool nested;    /* its groups are JSON, not cells: columns do not correct them */
	import_note *note;
	void *ctx;
};

/* ---- values ---------------------------------------------------------------------------------------------------------- */

/* How registers write that they do not know. */
static bool is_unknown_date(struct str s)
{
	return str_starts(s, S("0001")) || str_starts(s, S("0000"));
}

static struct json clean(struct applying *a, const struct field *f, const struct json *v)
{
	struct json *parsed = mem_new(a->mem, struct json);

	if (f->type == F_HOURS && v->kind == JSON_IS_STRING && str_starts(v->text, S("{")) &&
	    json_parse(a->mem, v->text, parsed, NULL) == OK) {
		return *parsed;
	}
	if (v->kind != JSON_IS_STRING || a->ours) {
		return *v;
	}
	if (f->type == F_PARTIAL_DATE && is_unknown_date(v->text)) {
		return tree_str(S(""));
	}
	return tree_str(import_text(a->mem, v->text, f->type == F_MARKDOWN));
}

/* The words of a cell, apart. */
static void add_words(struct mem *m, struct json *list, struct str words)
{
	while (words.p) {
		size_t i = 0;
		struct str one;

		while (i < words.n && words.p[i] != ';' && words.p[i] != '|' && words.p[i] != '\n' && words.p[i] != ',') {
			i++;
		}
		one = str_trim(str_sub(words, 0, i));
		words = i < words.n ? str_sub(words, i + 1, words.n) : STR_NONE;
		if (one.n) {
			tree_add(m, list, tree_str(one));
		}
	}
}

/* Words in a cell as records of a group: each is the first field of one. */
static struct json group_of_words(struct applying *a, const struct field *f, struct str words)
{
	struct json out = tree_array(), list = tree_array();

	add_words(a->mem, &list, words);
	for (size_t i = 0; i < list.n; i++) {
		struct json item = tree_object();

		tree_put(a->mem, &item, str_of(f->fields[0].name), list.items[i]);
		tree_add(a->mem, &out, item);
	}
	return out;
}

static struct json group_of(struct applying *a, const struct field *f, const struct json *v)
{
	struct json *parsed = mem_new(a->mem, struct json);
	struct json out = tree_array();

	if (v->kind == JSON_IS_STRING) {
		struct str s = str_trim(v->text);

		if (s.n && s.p[0] == '[' && json_parse(a->mem, s, parsed, NULL) == OK) {
			return tree_copy(a->mem, parsed);
		}
		return group_of_words(a, f, s);
	}
	for (size_t i = 0; v->kind == JSON_IS_ARRAY && i < v->n; i++) {
		if (v->items[i].kind == JSON_IS_STRING) {
			struct json item = tree_object();

			tree_put(a->mem, &item, str_of(f->fields[0].name), v->items[i]);
			tree_add(a->mem, &out, item);
		} else {
			tree_add(a->mem, &out, v->items[i]);
		}
	}
	a->nested = a->nested || v->kind == JSON_IS_ARRAY;
	return out;
}

/* Several columns for one field: texts follow each other, lists grow, of the rest the first counts. */
static void put_field(struct applying *a, const struct field *f, const struct json *v)
{
	struct json *rec = &a->out->record;
	struct str name = str_of(f->name);
	const struct json *had = tree_get(rec, name);
	struct json value = f->type == F_GROUP ? group_of(a, f, v) : clean(a, f, v);

	if (tree_empty(had)) {
		tree_set(a->mem, rec, name, value.kind == JSON_IS_NULL ? tree_str(S("")) : value);
		return;
	}
	if (tree_empty(&value) || tree_same(had, &value)) {
		return;
	}
	if (f->type == F_HOURS && had->kind == JSON_IS_OBJECT && value.kind == JSON_IS_STRING) {
		struct json hours = tree_copy(a->mem, had);

		tree_set(a->mem, &hours, S("note"), value);
		tree_set(a->mem, rec, name, hours);
	} else if (f->type == F_MARKDOWN || f->type == F_TEXT) {
		tree_set(a->mem, rec, name, tree_str(str_fmt(a->mem, "%.*s\n\n%.*s", STR_ARG(had->text), STR_ARG(value.text))));
	} else if (value_types[f->type].list && f->type != F_GROUP) {
		struct json both = tree_array();
		const struct json *parts[] = {had, &value};

		for (size_t p = 0; p < 2; p++) {
			for (size_t i = 0; parts[p]->kind == JSON_IS_ARRAY && i < parts[p]->n; i++) {
				tree_add(a->mem, &both, parts[p]->items[i]);
			}
			if (parts[p]->kind == JSON_IS_STRING) {
				add_words(a->mem, &both, parts[p]->text);
			}
		}
		tree_set(a->mem, rec, name, both);
	}
}

static void put_translation(struct applying *a, const struct field *f, const char *lang, const struct json *v)
{
	struct json *rec = &a->out->record;
	const struct json *all = tree_get(rec, S("translations"));
	struct json texts = all->kind == JSON_IS_OBJECT ? *all : tree_object();
	const struct json *had = tree_get(&texts, str_of(lang));
	struct json one = had->kind == JSON_IS_OBJECT ? *had : tree_object();
	struct json value = clean(a, f, v);

	tree_set(a->mem, &one, str_of(f->name), value.kind == JSON_IS_NULL ? tree_str(S("")) : value);
	tree_set(a->mem, &texts, str_of(lang), one);
	tree_set(a->mem, rec, S("translations"), texts);
}

static void put_translations(struct applying *a, const struct json *v)
{
	struct json *parsed = mem_new(a->mem, struct json);

	if (v->kind == JSON_IS_STRING && v->text.n && json_parse(a->mem, v->text, parsed, NULL) == OK) {
		v = parsed;
	}
	for (size_t i = 0; v->kind == JSON_IS_OBJECT && i < v->n; i++) {
		for (size_t k = 0; v->items[i].kind == JSON_IS_OBJECT && k < v->items[i].n; k++) {
			const struct field *f = entity_field(a->mp->entity, v->items[i].keys[k]);

			if (f) {
				put_translation(a, f, str_c(a->mem, v->keys[i]), &v->items[i].items[k]);
			}
		}
	}
}

/* What other sites write in the place of an address that they hide. */
static bool is_hidden(struct str s)
{
	return str_ieq(s, S("hidden")) || str_ieq(s, S("private")) || str_ieq(s, S("hidden value"));
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') {
			return false;
		}
	}
	return s.n > 0;
}

static void put_contact(struct applying *a, const char *type, const struct json *v)
{
	struct str s = str_trim(v->text);
	struct json item = tree_object();
	bool french = site_now() && str_eq(site_now()->country, S("FR"));

	if ((v->kind != JSON_IS_STRING && v->kind != JSON_IS_NUMBER) || !s.n || is_hidden(s)) {
		return;
	}
	if (strcmp(type, "mail") == 0 && str_chr(s, '@') < 0) {
		a->note(a->ctx, "noted", S("mail"), str_of("@"));
		return;
	}
	if (strcmp(type, "phone") == 0 && french && s.n == 9 && all_digits(s) && s.p[0] != '0') {
		s = str_fmt(a->mem, "0%.*s", STR_ARG(s)); /* a spreadsheet took it for a number */
	}
	tree_put(a->mem, &item, S("type"), tree_str(str_of(type)));
	tree_put(a->mem, &item, S("value"), tree_str(s));
	tree_add(a->mem, &a->contacts, item);
}

static void put_value(struct applying *a, struct str column, const struct json *v)
{
	const struct target *t;

	if (a->ours && (str_eq(column, S("url")) || str_eq(column, S("kind")))) {
		a->out->url = str_eq(column, S("url")) ? json_str(v) : a->out->url;
		a->out->kind = str_eq(column, S("kind")) ? json_str(v) : a->out->kind;
		return;
	}
	/* Our own maps have one layer, the kind; and the state of a record is no field of it, whatever a kind calls its own. */
	if (a->ours && (str_eq(column, S(RAW_LAYER)) || str_eq(column, S("status")) || str_eq(column, S("source")))) {
		return;
	}
	t = mapping_of(a->mp, column);
	switch (t->kind) {
	case TO_FIELD:
		put_field(a, t->field, v);
		break;
	case TO_TEXT:
		put_translation(a, t->field, t->word, v);
		break;
	case TO_TRANSLATIONS:
		put_translations(a, v);
		break;
	case TO_CLOSED:
		a->out->closed = a->out->closed || (json_str(v).n && !is_unknown_date(json_str(v)));
		break;
	case TO_PLACE:
		if (t->word) { /* the street in several columns; registers glue a _ to some */
			struct str had = tree_get(&a->flat, str_of(t->sub->name))->text, more = str_trim(json_str(v));

			more = str_starts(more, S("_")) ? str_sub(more, 1, more.n) : str_ends(more, S("_")) ? str_sub(more, 0, more.n - 1) : more;
			if (more.n) {
				tree_set(a->mem, &a->flat, str_of(t->sub->name),
					 tree_str(had.n ? str_fmt(a->mem, "%.*s %.*s", STR_ARG(had), STR_ARG(more)) : more));
			}
		} else if (tree_empty(tree_get(&a->flat, str_of(t->sub->name)))) {
			tree_set(a->mem, &a->flat, str_of(t->sub->name), clean(a, t->sub, v));
		}
		break;
	case TO_CONTACT:
		put_contact(a, t->word, v);
		break;
	case TO_ID:
		a->out->id = v->text.n ? v->text : a->out->id;
		break;
	case TO_LANG:
		a->out->lang = json_str(v);
		break;
	case TO_CREATED:
		a->out->created_at = json_str(v);
		break;
	case TO_URL:
	case TO_KIND:
	case TO_NOTHING:
	case TO_IGNORED:
		break;
	}
}

/* ---- words that fit no list of ours ---------------------------------------------------------------------------------- */

static const struct field *tags_of(const struct entity *e)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		if (e->fields[i].type == F_TAGS) {
			return &e->fields[i];
		}
	}
	return NULL;
}

static bool fits(struct applying *a, const struct field *f, struct str word)
{
	const struct entity_world *w = entity_world();

	if (f->type == F_THEMES) {
		return !w->theme_match || w->theme_match(a->mem, word).p;
	}
	return vocabulary_match(f->vocabulary, word, a->mem) != NULL;
}

/* A value of a list kept, or made a keyword. */
static void sort_word(struct applying *a, const struct field *f, struct str word, struct json *kept)
{
	word = str_trim(word);
	if (!word.n) {
		return;
	}
	if (fits(a, f, word)) {
		tree_add(a->mem, kept, tree_str(word));
	} else if (tags_of(a->mp->entity)) {
		tree_add(a->mem, &a->tags, tree_str(word));
	} else {
		a->note(a->ctx, "noted", str_of(f->name), str_fmt(a->mem, "?%.*s", STR_ARG(word)));
	}
}

static void sort_words(struct applying *a, const struct field *f, const struct json *v, struct json *kept)
{
	struct str s = v->text;

	for (size_t i = 0; v->kind == JSON_IS_ARRAY && i < v->n; i++) {
		sort_words(a, f, &v->items[i], kept);
	}
	if (v->kind != JSON_IS_STRING || !s.n) {
		return;
	}
	if (fits(a, f, s)) {
		tree_add(a->mem, kept, *v);
		return;
	}
	while (s.p) {
		size_t i = 0;

		while (i < s.n && s.p[i] != ';' && s.p[i] != '|' && s.p[i] != ',' && s.p[i] != '\n') {
			i++;
		}
		sort_word(a, f, str_sub(s, 0, i), kept);
		s = i < s.n ? str_sub(s, i + 1, s.n) : STR_NONE;
	}
}

/* The kind, when no column says it: "Collectif Bienvenue" says it itself. */
static struct json guess_choice(struct applying *a, const struct field *f)
{
	struct str name = json_str(tree_get(&a->out->record, str_of(a->mp->entity->title)));
	const struct choice *c = NULL;

	for (int i = 0; i < 3 && name.n && !c; i++) {
		struct str word = str_cut(&name, ' ');

		c = word.n > 2 ? vocabulary_match(f->vocabulary, word, a->mem) : NULL;
	}
	c = c ? c : vocabulary_find(f->vocabulary, S("other"));
	return c ? tree_str(str_of(c->slug)) : tree_str(S(""));
}

static void settle_choices(struct applying *a)
{
	const struct entity *e = a->mp->entity;
	const struct field *tags = tags_of(e);
	struct json *rec = &a->out->record;

	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		struct json kept = tree_array();
		const struct json *v = tree_get(rec, str_of(f->name));

		if ((f->type == F_THEMES || f->type == F_CHOICES || f->type == F_CHOICE) && !(f->flags & COMPUTED) && !tree_empty(v)) {
			sort_words(a, f, v, &kept);
			tree_set(a->mem, rec, str_of(f->name), f->type == F_CHOICE ? (kept.n ? kept.items[0] : tree_str(S(""))) : kept);
		}
		if (f->type == F_CHOICE && (f->flags & REQUIRED) && tree_empty(tree_get(rec, str_of(f->name)))) {
			tree_set(a->mem, rec, str_of(f->name), guess_choice(a, f));
		}
	}
	if (tags && a->tags.n) {
		put_field(a, tags, &a->tags);
	}
}

/* ---- groups ---------------------------------------------------------------------------------------------------------- */

/* Columns correct the first place of the list, or are the only one. */
static void settle_places(struct applying *a)
{
	const struct field *f = entity_field(a->mp->entity, S("places"));
	const struct json *had = f ? tree_get(&a->out->record, S("places")) : NULL;
	struct json list = tree_array(), first = had && had->n ? tree_copy(a->mem, &had->items[0]) : tree_object();

	a->out->place = a->flat;
	if (!f || (a->ours && a->nested)) {
		if (had && had->n) {
			a->out->place = had->items[0];
		}
		return;
	}
	for (size_t i = 0; i < a->flat.n; i++) {
		if (!tree_empty(&a->flat.items[i])) {
			tree_set(a->mem, &first, a->flat.keys[i], a->flat.items[i]);
		}
	}
	a->out->place = first;
	if (first.n) {
		tree_add(a->mem, &list, first);
	}
	for (size_t i = 1; had && i < had->n; i++) {
		tree_add(a->mem, &list, had->items[i]);
	}
	if (list.n || a->flat.n) {
		tree_set(a->mem, &a->out->record, S("places"), list);
	}
}

static bool correct_contact(struct mem *m, struct json *list, const struct json *c)
{
	for (size_t i = 0; i < list->n; i++) {
		if (str_eq(json_str(json_get(&list->items[i], "type")), json_str(json_get(c, "type")))) {
			tree_set(m, &list->items[i], S("value"), *json_get(c, "value"));
			return true;
		}
	}
	return false;
}

static void settle_contacts(struct applying *a)
{
	const struct field *f = entity_field(a->mp->entity, S("contacts"));
	struct json list;

	if (!f || !a->contacts.n) {
		return;
	}
	list = tree_copy(a->mem, tree_get(&a->out->record, S("contacts")));
	if (list.kind != JSON_IS_ARRAY || !list.n) {
		list = a->contacts;
	} else {
		for (size_t i = 0; i < a->contacts.n; i++) {
			if (!correct_contact(a->mem, &list, &a->contacts.items[i])) {
				tree_add(a->mem, &list, a->contacts.items[i]);
			}
		}
	}
	tree_set(a->mem, &a->out->record, S("contacts"), list);
}

static bool is_ours(const struct json *raw)
{
	return json_get(raw, "created_at")->kind == JSON_IS_STRING && json_get(raw, "updated_at")->kind == JSON_IS_STRING &&
	       json_get(raw, "url")->kind == JSON_IS_STRING && json_get(raw, "lang")->kind == JSON_IS_STRING &&
	       json_get(raw, "status")->kind == JSON_IS_STRING;
}

void mapping_apply(struct mapping *mp, struct mem *m, const struct import_row *row, struct mapped *out, import_note *note, void *ctx)
{
	struct applying a = {.mp = mp, .mem = m, .out = out, .contacts = tree_array(), .tags = tree_array(), .flat = tree_object(),
			     .ours = is_ours(&row->raw), .note = note, .ctx = ctx};

	/* In our JSON the point beside a record is what may be shown of its places, not one more place. */
	a.nested = a.ours && json_get(&row->raw, "translations")->kind == JSON_IS_OBJECT;
	*out = (struct mapped){.record = tree_object(), .id = row->id, .place = tree_object()};
	for (size_t i = 0; i < row->raw.n; i++) {
		struct str name = row->raw.keys[i];

		if (row->raw.items[i].kind == JSON_IS_NONE) {
			continue;
		}
		if (str_eq(name, S(RAW_LAT)) || str_eq(name, S(RAW_LON))) {
			struct str sub = str_eq(name, S(RAW_LAT)) ? S("lat") : S("lon");

			tree_set(m, &a.flat, sub, row->raw.items[i]);
		} else if (!(a.ours && (str_eq(name, S("name")) || str_eq(name, S("description"))) &&
			     !entity_field(mp->entity, name))) {
			put_value(&a, name, &row->raw.items[i]);
		}
	}
	if (!a.ours) {
		out->created_at = STR_NONE;
	}
	settle_places(&a);
	settle_contacts(&a);
	settle_choices(&a);
}
