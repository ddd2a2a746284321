/*
 * The resource: a document with its authors and licence. Practices are extracted from it and cite its pages.
 */
#include "resource.h"

static const struct choice kind_choices[] = {
	{"booklet",  N_("Booklet"),            "file",  "brochure,livret,guide,folleto,brochura,manual,manuel"},
	{"argument", N_("Argument"),           "legal", "argumentaire,plaidoyer,argumentario"},
	{"report",   N_("Report or study"),    "file",  "rapport,etude,informe,relatorio,study"},
	{"letter",   N_("Letter or template"), "mail",  "courrier,modele,carta,plantilla,modelo"},
	{"leaflet",  N_("Leaflet or poster"),  "print",  "tract,affiche,flyer,cartel,cartaz"},
	{"film",     N_("Film or sound"),      "image", "video,podcast,audio,pelicula,filme"},
	{"tool",     N_("Tool or method"),     "practice", "outil,methode,herramienta,ferramenta"},
	{"other",    N_("Other"),              "file",  "autre,otro,outro"},
};
const struct vocabulary resource_kinds = {"resource_kind", TABLE(kind_choices), .editable = true};

static const struct field author_fields[] = {
	{"who", F_OBJECT, N_("Author"), REQUIRED, .target = "actor", .free = true, .max = 200},
};

static const struct field resource_fields[] = {
	{"title", F_LINE, N_("Title"), REQUIRED | TRANSLATED | IN_LIST | SEARCH_A | DUP_KEY, .max = 250, .aliases = "titre,title,titulo,العنوان", .schema = "name", .fieldset = N_("The document")},
	{"kind", F_CHOICE, N_("Kind"), REQUIRED | IN_LIST | FACET, .vocabulary = &resource_kinds, .aliases = "type,nature,tipo", .fieldset = N_("The document")},
	{"summary", F_TEXT, N_("In one sentence"), ESSENTIAL | TRANSLATED | SEARCH_B, .max = 600, .aliases = "resume,summary,resumen,resumo", .schema = "description", .fieldset = N_("The document")},
	{"authors", F_GROUP, N_("Authors"), ESSENTIAL, .max = 20, .fields = TABLE(author_fields), .schema = "author", .fieldset = N_("The document")},
	{"year", F_PARTIAL_DATE, N_("Date"), IN_LIST, .aliases = "annee,date,year,ano", .schema = "datePublished", .fieldset = N_("More about it")},
	{"language", F_LANGS, N_("Languages of the document"), FACET, .max = 20, .aliases = "langue,langues,language,idioma", .schema = "inLanguage", .fieldset = N_("More about it")},
	{"pages", F_INT, N_("Number of pages"), .aliases = "pages,paginas", .schema = "numberOfPages", .fieldset = N_("More about it")},
	{"licence", F_LINE, N_("Licence"), .max = 120, .aliases = "licence,license,licencia,licenca", .schema = "license", .fieldset = N_("More about it")},
	{"url", F_URL, N_("Address"), ESSENTIAL | DUP_KEY, .max = 500, .aliases = "url,lien,adresse,link,enlace", .schema = "url", .fieldset = N_("The document")},
	{"file", F_FILE, N_("File"), ESSENTIAL, .max = 200, .fieldset = N_("The document")},
	{"themes", F_THEMES, N_("Themes"), FACET | IN_LIST, .max = 12, .aliases = "themes,theme,thematiques,temas", .fieldset = N_("More about it")},
	{"territory", F_TERRITORY, N_("Territory concerned"), .max = 120, .aliases = "territoire,territory,territorio", .fieldset = N_("More about it")},
};

const struct entity resource_entity = {
	.kind = "resource",
	.plural = "resources",
	.room = "/library",
	.label = N_("Document"),
	.label_plural = N_("Library"),
	.fields = TABLE(resource_fields),
	.title = "title",
	.summary = "summary",
	.schema = "CreativeWork",
	.icon = "file",
};
