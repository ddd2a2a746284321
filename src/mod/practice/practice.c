/*
 * The practice: described once, found by towns alike, done again elsewhere with what changed. Size and rurality are the
 * territory's, computed on save, so that a village finds what villages did.
 */
#include "practice.h"

#include "../../core/atlas.h"
#include "../../core/bands.h"
#include "../../entity/tree.h"

static const struct choice competence_choices[] = {
	{"commune",     N_("Commune"),            "townhall", "commune,municipal,ville,mairie"},
	{"epci",        N_("Intercommunality"),   "network",  "epci,intercommunalite,metropole,agglomeration,communaute de communes"},
	{"departement", N_("Département"),        "map",      "departement,departmental,provincia"},
	{"region",      N_("Region"),             "map",      "region,regional"},
	{"state",       N_("State"),              "organisation", "etat,estado,national"},
	{"other",       N_("Other or none"),      "pin",      "autre,otro,outro,aucune"},
};
const struct vocabulary practice_competences = {"competence", TABLE(competence_choices), .editable = false};

static const struct choice cost_choices[] = {
	{"none",      N_("No cost"),                 NULL, "0,gratuit,aucun"},
	{"under_5k",  N_("Under 5,000 € a year"),    NULL, ""},
	{"5k_20k",    N_("5,000 to 20,000 € a year"), NULL, ""},
	{"20k_100k",  N_("20,000 to 100,000 € a year"), NULL, ""},
	{"over_100k", N_("Over 100,000 € a year"),   NULL, ""},
};
const struct vocabulary practice_costs = {"cost", TABLE(cost_choices), .editable = false};

static const struct choice staff_choices[] = {
	{"none",        N_("Volunteers only"),              NULL, "benevoles"},
	{"under_half",  N_("Less than half a post"),        NULL, ""},
	{"half_to_two", N_("Half a post to two posts"),     NULL, ""},
	{"two_to_five", N_("Two to five posts"),            NULL, ""},
	{"over_five",   N_("More than five posts"),         NULL, ""},
};
const struct vocabulary practice_staff = {"staff", TABLE(staff_choices), .editable = false};

static const struct field who_fields[] = {
	{"who", F_OBJECT, N_("Actor"), REQUIRED, .target = "actor", .free = true, .max = 200},
};

static const struct field result_fields[] = {
	{"text",          F_TEXT, N_("Result"),           REQUIRED | TRANSLATED | SEARCH_C, .max = 1000},
	{"evidence_url",  F_URL,  N_("Evidence (address)"), .max = 500},
	{"evidence_note", F_LINE, N_("Evidence (what, where, when)"), TRANSLATED, .max = 300},
};

static const struct field reuse_fields[] = {
	{"of",           F_OBJECT, N_("Which practice"), REQUIRED, .target = "practice", .max = 200},
	{"what_changed", F_TEXT,   N_("What you changed"), TRANSLATED | SEARCH_C, .max = 2000},
};

static const struct field source_fields[] = {
	{"resource", F_OBJECT, N_("Document"), REQUIRED, .target = "resource", .max = 200},
	{"pages",    F_LINE,   N_("Pages"),    .max = 40},
};

static const struct field document_fields[] = {
	{"file",  F_LINE, N_("File"),  .max = 200},
	{"url",   F_URL,  N_("Address"), .max = 500},
	{"label", F_LINE, N_("Words"), REQUIRED | TRANSLATED | SEARCH_C, .max = 160},
};

static const struct field picture_fields[] = {
	{"file",   F_FILE, N_("Picture"),             REQUIRED, .max = 200, .picture = true},
	{"alt",    F_LINE, N_("What one sees on it"), TRANSLATED, .max = 300},
	{"credit", F_LINE, N_("Author and licence"),  .max = 200},
};

static const struct field practice_fields[] = {
	{"title", F_LINE, N_("Title"), REQUIRED | TRANSLATED | IN_LIST | SEARCH_A | DUP_KEY, .max = 200,
	 .aliases = "titre,title,nom,titulo,intitule,العنوان", .schema = "name", .fieldset = N_("What was done")},
	{"summary", F_TEXT, N_("In one sentence"), ESSENTIAL | TRANSLATED | SEARCH_B, .max = 400, .aliases = "resume,summary,resumen,resumo", .schema = "description", .fieldset = N_("What was done")},
	{"problem", F_MARKDOWN, N_("The problem"), TRANSLATED | SEARCH_C, .max = 8000, .aliases = "probleme,constat,contexte,problem,problema", .fieldset = N_("What was done")},
	{"done", F_MARKDOWN, N_("What was done"), ESSENTIAL | TRANSLATED | SEARCH_C, .max = 20000, .aliases = "action,description,mise en oeuvre,done,descripcion,descricao,body", .fieldset = N_("What was done")},
	{"since", F_PARTIAL_DATE, N_("Since when"), IN_LIST, .aliases = "depuis,date,since,desde,annee", .fieldset = N_("What was done")},
	{"territory", F_TERRITORY, N_("Town or territory"), REQUIRED | IN_LIST, .max = 120, .aliases = "territoire,commune,ville,territory,territorio,insee,code insee", .fieldset = N_("Who and where")},
	{"by", F_GROUP, N_("Done by"), ESSENTIAL, .max = 12, .fields = TABLE(who_fields), .fieldset = N_("Who and where")},
	{"with", F_GROUP, N_("With"), .max = 20, .fields = TABLE(who_fields), .fieldset = N_("Who and where")},
	{"themes", F_THEMES, N_("Themes"), ESSENTIAL | FACET | IN_LIST, .max = 12, .aliases = "themes,theme,thematiques,temas", .fieldset = N_("Who and where")},
	{"cost", F_CHOICE, N_("Cost"), FACET, .vocabulary = &practice_costs, .aliases = "cout,budget,cost,coste,custo,cost_band", .fieldset = N_("Means")},
	{"staff", F_CHOICE, N_("Staff"), FACET, .vocabulary = &practice_staff, .aliases = "personnel,moyens humains,staff,staff_band", .fieldset = N_("Means")},
	{"legal_footing", F_MARKDOWN, N_("Legal footing"), TRANSLATED | SEARCH_C, .max = 8000, .aliases = "cadre juridique,base legale,legal footing,legal_footing", .fieldset = N_("Means"),
	 .help = N_("The deliberation, the law or the agreement it rests on.")},
	{"competence", F_CHOICES, N_("Whose competence it is"), FACET, .max = 6, .vocabulary = &practice_competences, .aliases = "competence,competences,competencia", .fieldset = N_("Means")},
	{"obstacles", F_MARKDOWN, N_("Obstacles"), TRANSLATED | SEARCH_C, .max = 8000, .aliases = "obstacles,difficultes,freins,obstaculos", .fieldset = N_("What came of it")},
	{"results", F_GROUP, N_("Results and evidence"), .max = 20, .fields = TABLE(result_fields), .fieldset = N_("What came of it")},
	{"advice", F_MARKDOWN, N_("Advice to those who start"), TRANSLATED | SEARCH_C, .max = 8000, .aliases = "conseils,advice,consejos,conselhos", .fieldset = N_("What came of it")},
	{"reuses", F_GROUP, N_("We did it too: practices this one takes up"), .max = 12, .fields = TABLE(reuse_fields), .fieldset = N_("Where it comes from")},
	{"from_resource", F_GROUP, N_("Taken from a document"), .max = 4, .fields = TABLE(source_fields), .fieldset = N_("Where it comes from")},
	{"documents", F_GROUP, N_("Documents"), .max = 20, .fields = TABLE(document_fields), .fieldset = N_("Documents and pictures")},
	{"pictures", F_GROUP, N_("Pictures"), .max = 8, .fields = TABLE(picture_fields), .schema = "image", .fieldset = N_("Documents and pictures")},
	{"contact", F_MAIL, N_("Contact mail"), ESSENTIAL | PRIVATE, .max = 200, .aliases = "courriel,mail,email,contact,e-mail,correo", .fieldset = N_("Contact"),
	 .help = N_("Never shown: people write through the site."), .purpose = N_("To pass on questions asked through the site."), .keep_days = 365},
	{"size", F_CHOICE, N_("Size of the territory"), FACET | COMPUTED, .vocabulary = &band_sizes},
	{"rurality", F_CHOICE, N_("Density of the territory"), FACET | COMPUTED, .vocabulary = &band_ruralities},
};

/* Size and density are the territory's: never typed. */
static enum err practice_check(struct form *f, struct req *rq, struct json *doc)
{
	struct territory t;
	struct str code = json_str(json_get(doc, "territory"));
	const struct choice *size, *rurality;

	(void)rq;
	tree_remove(doc, S("size"));
	tree_remove(doc, S("rurality"));
	if (!code.p || !atlas_get(atlas_find(code), &t)) {
		return OK;
	}
	size = t.level == ATLAS_COMMUNE || t.level == ATLAS_TOWN ? band_size(t.population) : NULL;
	rurality = band_rurality(t.rurality);
	if (size) {
		tree_set(f->mem, doc, S("size"), tree_str(str_of(size->slug)));
	}
	if (rurality) {
		tree_set(f->mem, doc, S("rurality"), tree_str(str_of(rurality->slug)));
	}
	return OK;
}

const struct entity practice_entity = {
	.kind = "practice",
	.plural = "practices",
	.room = "/practices",
	.label = N_("Practice"),
	.label_plural = N_("Practices"),
	.fields = TABLE(practice_fields),
	.title = "title",
	.summary = "summary",
	.schema = "Article",
	.icon = "practice",
	.check = practice_check,
};
