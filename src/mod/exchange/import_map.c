/*
 * The mapping: which column is which field. Names are compared folded, against what the table of fields says of itself: name,
 * aliases in five languages, label in each; then against what every directory has (a town, a telephone, an identifier).
 */
#include "columns.h"
#include "import.h"
#include "record.h"

#include "../../entity/tree.h"
#include "../../html/i18n.h"
#include "../../web/site.h"

enum { UNKNOWN_MAX = 200, KNOWN_MAX = 5000 };

/* `word` is a type of contact, a part of a place, or with TO_KIND and TO_TEXT a field that not every kind has. */
struct common_name {
	enum target_kind kind;
	const char *word, *names;
};

static const struct common_name common[] = {
	{TO_ID, NULL, "id,identifiant,identifier,uid,uuid,id fiche,identifiant unique,identificador,المعرف"},
	{TO_LANG, NULL, "lang"},
	{TO_CREATED, NULL, "created at"},
	{TO_CONTACT, "mail", "mail,email,e mail,courriel,adresse mail,adresse email,adresse electronique,courrier electronique,mel,correo,"
			     "correo electronico,correio eletronico,bf mail,bf courriel,contact mail,البريد الالكتروني,البريد"},
	{TO_CONTACT, "phone", "telephone,tel,phone,telefono,telefone,portable,mobile,numero de telephone,phone number,bf telephone,الهاتف,هاتف"},
	{TO_CONTACT, "web", "website,site,site web,site internet,siteweb,web,url,page web,pagina web,sitio web,pagina,adresse web,bf site "
			    "internet,homepage,lien site,الموقع"},
	{TO_CONTACT, "social", "social,facebook,mastodon,instagram,twitter,reseaux sociaux,redes sociales,redes sociais"},
	{TO_PLACE, "label", "adrs complement,complement adresse"},
	{TO_PLACE, "town", "adrs libcommune,libelle commune,nom commune,nom de la commune,libcom,locality,localite"},
	{TO_PLACE, "postal_code", "adrs codepostal,code postal commune"},
	{TO_KIND, "territory", "adrs codeinsee,code commune,codgeo"},
	{TO_PLACE, "+address", "adrs numvoie,adrs repetition,adrs typevoie,adrs libvoie,adrs distrib"},
	{TO_CLOSED, NULL, "date disso,date de dissolution,date fermeture,closed on"},
	{TO_KIND, "hours", "openhoursmoreinfos"},
	{TO_TEXT, "body", "descriptionmore,description more,commitment,commentaire,commentaires,notes,remarques,observations"},
	{TO_IGNORED, NULL, "umap options,storage options,status,moderationstate,sourcekey,stamps,image,images,files,categoriesfull,customformatedaddress,createdat,"
			   "updatedat,updated at,source,statut fiche,date creation fiche,date maj fiche,id typeannonce,date maj,url fiche,"
			   "geolocation,geo,type,id ex,rup mi,gestion,date decla,date publi,groupement,objet social1,objet social2,"
			   "adrg declarant,adrg complemid,adrg complemgeo,adrg libvoie,adrg distrib,adrg codepostal,adrg achemine,"
			   "adrg pays,dir civilite,publiweb,position,maj time,marker color,marker symbol,fill,stroke,weight,opacity,color,iconclass,iconurl"},
};

static void know(struct mapping *mp, struct str name, struct target t)
{
	struct str key = words_norm(mp->mem, name);

	if ((t.kind == TO_FIELD || t.kind == TO_PLACE) && !t.field) {
		return;
	}
	if (key.n && !map_get(&mp->known, key)) {
		struct target *to = mem_new(mp->mem, struct target);

		*to = t;
		map_put(&mp->known, key, to);
	}
}

static void know_list(struct mapping *mp, const char *names, struct target t)
{
	struct str rest = names ? str_of(names) : STR_NONE;

	while (rest.p) {
		know(mp, str_cut(&rest, ','), t);
	}
}

static void know_labels(struct mapping *mp, const char *label, struct target t)
{
	for (int i = 0; i < SITE_LANGS; i++) {
		know(mp, tr(lang_catalogue(site_langs[i]), label), t);
	}
}

static const struct field *group_named(const struct entity *e, const char *name)
{
	const struct field *f = entity_field(e, str_of(name));

	return f && f->type == F_GROUP ? f : NULL;
}

/* Where a place is written, also for kinds that keep none: the actor's own names of columns. */
static const struct field *places_of(const struct entity *e)
{
	const struct field *own = group_named(e, "places");
	const struct entity *actor = entity_find(S("actor"));

	return own ? own : actor ? group_named(actor, "places") : NULL;
}

static void know_places(struct mapping *mp)
{
	const struct field *places = places_of(mp->entity);

	for (size_t i = 0; places && i < places->n_fields; i++) {
		const struct field *s = &places->fields[i];
		struct target t = {TO_PLACE, places, s, NULL};

		for (size_t k = 0; k < place_columns_n; k++) {
			if (strcmp(place_columns[k].field, s->name) == 0) {
				know(mp, str_of(place_columns[k].column), t);
			}
		}
		know(mp, str_of(s->name), t);
		know_list(mp, s->aliases, t);
		know_labels(mp, s->label, t);
	}
}

static void know_common(struct mapping *mp)
{
	for (size_t i = 0; i < COUNT(common); i++) {
		const struct common_name *c = &common[i];
		struct target t = {.kind = c->kind, .word = c->word};

		if (c->kind == TO_TEXT || c->kind == TO_KIND) {
			t = (struct target){.kind = TO_FIELD, .field = entity_field(mp->entity, str_of(c->word))};
		}
		if (c->kind == TO_PLACE) {
			t.field = places_of(mp->entity);
			t.sub = t.field ? field_in(t.field->fields, t.field->n_fields, str_of(c->word + (c->word[0] == '+'))) : NULL;
			t.word = c->word[0] == '+' ? c->word : NULL;
			t.kind = t.sub ? TO_PLACE : TO_NOTHING;
		}
		if (c->kind == TO_CONTACT) {
			t.field = group_named(mp->entity, "contacts");
			t.kind = t.field ? TO_CONTACT : TO_NOTHING;
		}
		if (t.kind != TO_NOTHING && (t.kind != TO_FIELD || t.field)) {
			know_list(mp, c->names, t);
		}
	}
}

void mapping_open(struct mapping *mp, struct mem *m, const struct entity *e)
{
	*mp = (struct mapping){.entity = e, .mem = m, .known = map_make(m), .met = map_make(m)};
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];

		if (!(f->flags & COMPUTED)) {
			know(mp, record_name(m, e, f), (struct target){TO_FIELD, f, NULL, NULL});
		}
	}
	know(mp, S("title"), (struct target){TO_FIELD, entity_field(e, str_of(e->title)), NULL, NULL});
	know(mp, S("translations"), (struct target){.kind = TO_TRANSLATIONS});
	know(mp, S(RAW_LAYER), (struct target){TO_FIELD, entity_field(e, S("themes")), NULL, NULL});
	for (size_t i = 0; i < e->n_fields; i++) {
		if (!(e->fields[i].flags & COMPUTED)) {
			know_list(mp, e->fields[i].aliases, (struct target){TO_FIELD, &e->fields[i], NULL, NULL});
		}
	}
	know_places(mp);
	know_common(mp);
	for (size_t i = 0; i < e->n_fields; i++) {
		if (!(e->fields[i].flags & COMPUTED)) {
			know_labels(mp, e->fields[i].label, (struct target){TO_FIELD, &e->fields[i], NULL, NULL});
		} else {
			know(mp, str_of(e->fields[i].name), (struct target){.kind = TO_IGNORED});
		}
	}
	know_list(mp, "name,nom", (struct target){TO_FIELD, entity_field(e, str_of(e->title)), NULL, NULL});
	know_list(mp, "categories,tags", (struct target){TO_FIELD, entity_field(e, S("themes")), NULL, NULL});
}

/* "summary@en", "resume_en", "Description (ar)". */
static bool with_language(struct mapping *mp, struct str key, struct target *out)
{
	struct str tail = key.n > 3 ? str_sub(key, key.n - 2, 2) : STR_NONE, stem;
	int lang = tail.p ? site_lang_index(tail) : -1;
	const struct target *t;

	if (lang < 0 || key.p[key.n - 3] != ' ') {
		return false;
	}
	stem = str_sub(key, 0, key.n - 3);
	t = map_get(&mp->known, stem);
	if (!t || t->kind != TO_FIELD || !t->field) {
		return false;
	}
	*out = (struct target){t->field->flags & TRANSLATED ? TO_TEXT : TO_FIELD, t->field, NULL, site_langs[lang]};
	return true;
}

static struct target *look_up(struct mapping *mp, struct str column)
{
	static struct target nothing = {.kind = TO_NOTHING};
	struct str key = words_norm(mp->mem, column);
	struct target *t = map_get(&mp->known, key);
	struct target found;

	if (t) {
		return t;
	}
	if (key.n && with_language(mp, key, &found)) {
		know(mp, key, found);
		return map_get(&mp->known, key);
	}
	if (mp->unknown.n < UNKNOWN_MAX && mp->known.n < KNOWN_MAX) {
		*vec_add(mp->mem, &mp->unknown) = str_dup(mp->mem, column);
		know(mp, column, nothing);
	}
	return &nothing;
}

const struct target *mapping_of(struct mapping *mp, struct str column)
{
	static const struct target nothing = {.kind = TO_NOTHING};
	struct target *t = map_get(&mp->met, column);

	if (t) {
		return t;
	}
	/* A file whose every row has other names must not fill the memory. */
	if (mp->met.n >= KNOWN_MAX || column.n > 500) {
		return &nothing;
	}
	t = look_up(mp, column);
	map_put(&mp->met, str_dup(mp->mem, column), t);
	return t;
}

bool mapping_set(struct mapping *mp, struct str column, struct str field)
{
	struct str key = str_dup(mp->mem, words_norm(mp->mem, column)), rest = field, first = str_cut(&rest, '.');
	struct target *t = mem_new(mp->mem, struct target);
	const struct field *group = group_named(mp->entity, str_c(mp->mem, first)), *f;
	struct target found;

	if (!key.n) {
		return false;
	}
	if (!field.n) {
		*t = (struct target){.kind = TO_IGNORED};
	} else if (rest.p && group && strcmp(group->name, "places") == 0) {
		*t = (struct target){TO_PLACE, group, field_in(group->fields, group->n_fields, rest), NULL};
		if (!t->sub) {
			return false;
		}
	} else if ((f = record_field(mp->mem, mp->entity, field)) != NULL || (f = entity_field(mp->entity, field)) != NULL) {
		if (f->flags & COMPUTED) {
			return false;
		}
		*t = (struct target){TO_FIELD, f, NULL, NULL};
	} else if (map_get(&mp->known, words_norm(mp->mem, field))) {
		*t = *(struct target *)map_get(&mp->known, words_norm(mp->mem, field));
	} else if (with_language(mp, words_norm(mp->mem, field), &found)) {
		*t = found;
	} else {
		return false;
	}
	map_put(&mp->known, key, t);
	mp->met = map_make(mp->mem);
	return true;
}

struct str target_name(struct mem *m, const struct entity *e, const struct target *t)
{
	switch (t->kind) {
	case TO_FIELD:
		return record_name(m, e, t->field);
	case TO_PLACE:
		return str_fmt(m, "places.%s", t->sub->name);
	case TO_CONTACT:
		return str_of(t->word);
	case TO_TEXT:
		return str_fmt(m, "%.*s@%s", STR_ARG(record_name(m, e, t->field)), t->word);
	case TO_ID:
		return S("id");
	case TO_LANG:
		return S("lang");
	case TO_TRANSLATIONS:
		return S("translations");
	case TO_URL:
	case TO_CREATED:
	case TO_CLOSED:
	case TO_KIND:
	case TO_NOTHING:
	case TO_IGNORED:
		break;
	}
	return S("");
}
