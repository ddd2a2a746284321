/*
 * The actor: anyone who acts for welcome in a territory, from a national network to five neighbours without a legal number.
 * Only the name, the kind and where are asked for; all else can come later, from anybody who knows.
 */
#include "actor.h"

static const struct choice kind_choices[] = {
	{"collective",    N_("Collective"),                  "collective",    "collectif,colectivo,coletivo,collectif local,جماعة"},
	{"association",   N_("Association"),                 "association",    "asso,association loi 1901,asociacion,associacao,ngo,ong,charity,organisation,جمعية"},
	{"assembly",      N_("Local assembly"),              "assembly",  "assemblee,assemblee locale,asamblea,assembleia,local assembly"},
	{"national",      N_("National organisation"),       "organisation",  "organisation nationale,organizacion nacional,organizacao nacional"},
	{"network",       N_("Network"),                     "network",   "reseau,red,rede,coordination,coalition,alliance,platform,plateforme,شبكة"},
	{"federation",    N_("Federation"),                  "network",   "federation,federacion,federacao,union d associations"},
	{"commission",    N_("Commission or working group"), "assembly",  "commission,groupe de travail,comision,comissao"},
	{"municipality",  N_("Municipality"),                "townhall",  "commune,mairie,ville,ayuntamiento,municipio,camara municipal,city,town,town hall,بلدية"},
	{"public_body",   N_("Other public body"),           "organisation",  "departement,region,epci,metropole,agglomeration,public,service public,organismo publico"},
	{"university",    N_("University or research"),      "university",      "universite,universidad,universidade,laboratoire,recherche,research,جامعة"},
	{"union",         N_("Trade union"),                 "union",    "syndicat,sindicato,trade union,نقابة"},
	{"company",       N_("Company or cooperative"),      "company",  "entreprise,cooperative,scop,scic,empresa,cooperativa,business"},
	{"elected",       N_("Elected person"),              "elected",    "elu,elue,elu.e,maire,conseiller,cargo electo,eleito"},
	{"informal",      N_("Informal group"),              "informal",    "groupe informel,groupe,citoyens,grupo informal,informal"},
	{"service_point", N_("Service point"),               "service",       "lieu,accueil,permanence,service,punto de servicio,ponto de servico,centre,center"},
	{"other",         N_("Other"),                       "pin",       "autre,otro,outro,divers"},
};
const struct vocabulary actor_kinds = {"actor_kind", TABLE(kind_choices), .editable = true};

static const struct choice scale_choices[] = {
	{"local",         N_("Local"),         NULL, "communal,municipal,locale"},
	{"departmental",  N_("Departmental"),  NULL, "departement,departemental,provincial"},
	{"regional",      N_("Regional"),      NULL, "region,regionale"},
	{"national",      N_("National"),      NULL, "nationale,nacional"},
	{"european",      N_("European"),      NULL, "europe,europeen,europeo,europeu"},
	{"international", N_("International"), NULL, "monde,mondial,global,internacional"},
};
const struct vocabulary actor_scales = {"scale", TABLE(scale_choices), .editable = false};

static const struct choice service_choices[] = {
	{"first_reception", N_("First reception"),            "reception",    "premier accueil,accueil,accueil de jour,orientation,primera acogida"},
	{"french_lessons",  N_("Language lessons"),           "lessons",    "cours de francais,fle,alphabetisation,cours,language lessons,clases de idioma"},
	{"housing",         N_("Housing"),                    "housing",    "hebergement,logement,alojamiento,vivienda,alojamento,shelter"},
	{"legal_aid",       N_("Legal aid"),                  "legal",  "juridique,aide juridique,acces aux droits,asesoria legal,apoio juridico,legal"},
	{"food",            N_("Food"),                       "food",    "alimentation,aide alimentaire,repas,comida,alimentacao,meals"},
	{"health",          N_("Health"),                     "health",   "sante,soins,salud,saude,medical"},
	{"papers",          N_("Help with papers"),           "papers",    "demarches,domiciliation,administratif,papeles,documentos,administrative help"},
	{"clothing",        N_("Clothing"),                   "clothes",   "vetements,vestiaire,ropa,roupa"},
	{"schooling",       N_("Schooling"),                  "school",  "scolarisation,soutien scolaire,escuela,escola,education"},
	{"work",            N_("Work and training"),          "work",   "emploi,formation,travail,empleo,emprego,employment"},
	{"childcare",       N_("Childcare"),                  "child",   "garde d enfants,creche,guarderia"},
	{"transport",       N_("Transport"),                  "transport",     "mobilite,transporte,mobility"},
	{"interpreting",    N_("Interpreting"),               "speech",  "interpretariat,traduction,interpretacion,interpretacao,translation"},
	{"digital",         N_("Digital help"),               "digital",   "numerique,informatique,digital,internet"},
	{"hygiene",         N_("Showers and laundry"),        "shower",    "douches,hygiene,laverie,duchas"},
	{"day_centre",      N_("Day centre"),                 "cup",     "accueil de jour,centro de dia,day center"},
	{"culture_sport",   N_("Culture and sport"),          "culture",   "culture,sport,loisirs,cultura,deporte,desporto"},
	{"psychological",   N_("Psychological support"),      "mind",   "soutien psychologique,ecoute,psychologie,apoyo psicologico"},
	{"minors",          N_("Unaccompanied minors"),       "child",   "mineurs,mna,mineurs non accompagnes,menores"},
	{"women",           N_("Women and gender violence"),  "women",   "femmes,violences,mujeres,mulheres"},
	{"other",           N_("Other service"),              "service",     "autre,otro,outro"},
};
const struct vocabulary service_types = {"service", TABLE(service_choices), .editable = true};

static const struct choice verb_choices[] = {
	{"member_of",       N_("member of"),           NULL, "membre,member,miembro,membro"},
	{"founder_of",      N_("founder of"),          NULL, "fondateur,fondatrice,fundador"},
	{"partner_of",      N_("partner of"),          NULL, "partenaire,socio,parceiro"},
	{"local_branch_of", N_("local branch of"),     NULL, "antenne,antenne locale,groupe local,seccion local"},
	{"commission_of",   N_("commission inside"),   NULL, "commission,comision,comissao"},
};
const struct vocabulary link_verbs = {"link_verb", TABLE(verb_choices), .editable = false};

static const struct choice precision_choices[] = {
	{"exact",       N_("Exact address"),                     NULL, "exacte,exacta,exata,adresse"},
	{"street",      N_("The street, not the number"),        NULL, "rue,calle,rua"},
	{"commune",     N_("The town only"),                     NULL, "ville,town,municipality,municipio"},
	{"departement", N_("The département or province only"),  NULL, "province,provincia,distrito"},
};
static const struct vocabulary precisions = {"precision", TABLE(precision_choices), .editable = false};

static const struct choice visibility_choices[] = {
	{"public",  N_("Everyone"),                NULL, "publique,publico"},
	{"members", N_("Signed-in people"),        NULL, "membres,miembros,membros"},
	{"hidden",  N_("Nobody (moderators only)"), NULL, "cache,masque,oculto,private,prive"},
};
static const struct vocabulary visibilities = {"visibility", TABLE(visibility_choices), .editable = false};

static const struct choice contact_choices[] = {
	{"mail",    N_("E-mail"),          "mail",  "courriel,email,e-mail,correo"},
	{"phone",   N_("Telephone"),       "phone", "tel,telephone,telefono,telefone"},
	{"web",     N_("Website"),         "globe", "site,site web,url,website,pagina web"},
	{"form",    N_("Contact form"),    "edit",  "formulaire,formulario"},
	{"address", N_("Postal address"),  "pin",   "adresse postale,direccion,morada"},
	{"social",  N_("Social network"),  "share", "reseau social,facebook,mastodon,instagram,twitter"},
};
const struct vocabulary contact_types = {"contact_type", TABLE(contact_choices), .editable = false};

static const struct field place_fields[] = {
	{"town",        F_LINE,      N_("Town"),              TOWN, .max = 120, .help = N_("Write the first letters and choose it in the list."), .aliases = "ville,commune,city,addresslocality,bf_ville,ciudad,localidad,cidade,municipio,المدينة", .schema = "addressLocality"},
	{"postal_code", F_LINE,      N_("Postal code"),       .max = 12,  .aliases = "code postal,codepostal,cp,zip,postcode,postalcode,bf_code_postal,codigo postal", .schema = "postalCode"},
	{"address",     F_LINE,      N_("Street and number"), .max = 200, .aliases = "adresse,address,rue,streetaddress,bf_adresse,direccion,endereco,morada,العنوان", .schema = "streetAddress"},
	{"precision",   F_CHOICE,    N_("What the map shows"), .vocabulary = &precisions, .preset = "exact",
	 .help = N_("Where people could be at risk, show less than the exact address: the exact point then never leaves this site.")},
	{"label",       F_LINE,      N_("Name of the place"), RARE, .max = 120, .aliases = "lieu,place,venue"},
	{"country",     F_LINE,      N_("Country"),           RARE, .max = 60,  .aliases = "pays,country,addresscountry,pais,البلد", .schema = "addressCountry"},
	{"lat",         F_DECIMAL,   N_("Latitude"),          RARE, .aliases = "latitude,lat,bf_latitude,y,geo_latitude"},
	{"lon",         F_DECIMAL,   N_("Longitude"),         RARE, .aliases = "longitude,lon,lng,long,bf_longitude,x,geo_longitude"},
};

static const struct field contact_fields[] = {
	{"type",       F_CHOICE, N_("Kind of contact"), REQUIRED, .vocabulary = &contact_types},
	{"value",      F_LINE,   N_("Contact"),         REQUIRED, .max = 300},
	{"label",      F_LINE,   N_("Whose, or when"),  TRANSLATED, .max = 120},
	{"visibility", F_CHOICE, N_("Who sees it"),     .vocabulary = &visibilities, .preset = "public"},
};

static const struct field link_fields[] = {
	{"url",   F_URL,  N_("Address"), REQUIRED, .max = 500},
	{"label", F_LINE, N_("Words"),   TRANSLATED, .max = 120},
};

static const struct field service_fields[] = {
	{"type",            F_CHOICE, N_("Service"),                      REQUIRED, .vocabulary = &service_types},
	{"languages",       F_LANGS,  N_("Languages spoken"),             .max = 20, .help = N_("Several are separated by commas.")},
	{"conditions",      F_LINE,   N_("For whom, under what conditions"), TRANSLATED | SEARCH_C, .max = 300},
	{"no_status_asked", F_BOOL,   N_("Nobody is asked for papers"), .flags = 0},
};

static const struct field network_fields[] = {
	{"verb",  F_CHOICE,       N_("Link"),  REQUIRED, .vocabulary = &link_verbs},
	{"of",    F_OBJECT,       N_("Which actor"), REQUIRED, .target = "actor", .free = true, .max = 200},
	{"since", F_PARTIAL_DATE, N_("Since"), .aliases = "depuis,from,desde"},
	{"until", F_PARTIAL_DATE, N_("Until"), .aliases = "jusque,to,hasta,ate"},
};

static const struct field picture_fields[] = {
	{"file",   F_FILE, N_("Picture"),           REQUIRED, .max = 200, .picture = true},
	{"alt",    F_LINE, N_("What one sees on it"), TRANSLATED, .max = 300, .help = N_("Read aloud to people who cannot see the picture.")},
	{"credit", F_LINE, N_("Author and licence"), .max = 200},
};

static const struct field actor_fields[] = {
	{"name", F_LINE, N_("Name"), REQUIRED | PROTECTED | IN_LIST | SEARCH_A | DUP_KEY, .max = 200,
	 .aliases = "nom,name,title,titre,nombre,nome,structure,organisation,association,bf_titre,libelle,intitule,الاسم,المنظمة", .schema = "name", .fieldset = N_("Who")},
	{"acronym", F_LINE, N_("Acronym"), PROTECTED | IN_LIST | SEARCH_A | DUP_KEY, .max = 30,
	 .aliases = "sigle,acronyme,acronym,siglas,sigla", .schema = "alternateName", .fieldset = N_("More about it")},
	{"kind", F_CHOICE, N_("Kind"), REQUIRED | IN_LIST | FACET, .vocabulary = &actor_kinds,
	 .aliases = "type,nature,kind,categorie,category,tipo,statut juridique,typologie", .fieldset = N_("Who")},
	{"summary", F_TEXT, N_("In one sentence"), ESSENTIAL | TRANSLATED | SEARCH_B, .max = 400,
	 .aliases = "resume,summary,resumen,resumo,abstract,presentation courte,presentation_resume", .schema = "description", .fieldset = N_("Who"),
	 .help = N_("What it does, for whom: two lines at most.")},
	{"body", F_MARKDOWN, N_("Presentation"), TRANSLATED | SEARCH_C, .max = 20000,
	 .aliases = "description,presentation,presentation_detail,texte,contenu,descripcion,descricao,objet,bf_description,الوصف", .fieldset = N_("More about it")},
	{"themes", F_THEMES, N_("Themes"), ESSENTIAL | FACET | IN_LIST, .max = 12, .aliases = "themes,theme,thematiques,thematique,categories,temas", .fieldset = N_("What")},
	{"causes", F_TAGS, N_("Causes"), FACET | SEARCH_B, .max = 20, .aliases = "causes,mots cles,tags,keywords,etiquettes,causas,palavras-chave", .schema = "keywords", .fieldset = N_("More about it"),
	 .help = N_("Several are separated by commas.")},
	{"scale", F_CHOICE, N_("Scale"), FACET, .vocabulary = &actor_scales, .aliases = "echelle,scale,niveau,escala", .fieldset = N_("Where")},
	{"territory", F_TERRITORY, N_("Town or territory"), REQUIRED | IN_LIST, .max = 120,
	 .aliases = "territoire,territory,code insee,insee,code_insee,codeinsee,territorio", .fieldset = N_("Where"),
	 .help = N_("The town where it is based, or the département, region or country it acts for.")},
	{"territories", F_TERRITORIES, N_("Territories of action"), .max = 60,
	 .aliases = "territoires,territoires d action,zone d action,territories,area served,territorios,zone_diffusion_code", .schema = "areaServed", .fieldset = N_("Where")},
	{"places", F_GROUP, N_("Places"), .max = 20, .fields = TABLE(place_fields), .schema = "location", .fieldset = N_("Where")},
	{"contacts", F_GROUP, N_("Contacts"), ESSENTIAL | BY_ITEM | DUP_KEY, .max = 20, .fields = TABLE(contact_fields), .fieldset = N_("How to reach it"),
	 .help = N_("Choose for each who sees it: everyone, people with an account here, or nobody; the site then passes messages on and shows no address."),
	 .purpose = N_("So that people who need this actor can reach it."), .keep_days = 365},
	{"languages", F_LANGS, N_("Languages spoken"), FACET, .max = 40, .aliases = "langues,langue,languages,idiomas,linguas", .schema = "knowsLanguage", .fieldset = N_("How to reach it"),
	 .help = N_("Several are separated by commas.")},
	{"hours", F_HOURS, N_("Opening hours"), .max = 7, .aliases = "horaires,opening hours,openhours,opening_hours,horarios,horaires_accueil,horaires_ouverture", .schema = "openingHours", .fieldset = N_("How to reach it")},
	{"links", F_GROUP, N_("Links"), DUP_KEY, .max = 20, .fields = TABLE(link_fields), .fieldset = N_("How to reach it")},
	{"services", F_GROUP, N_("Services offered"), FACET, .max = 30, .fields = TABLE(service_fields), .schema = "makesOffer", .fieldset = N_("What it offers")},
	{"network", F_GROUP, N_("Its networks"), .max = 40, .fields = TABLE(network_fields), .fieldset = N_("Its networks")},
	{"founded", F_PARTIAL_DATE, N_("Founded"), .aliases = "date de creation,creation,founded,fundacion,fundado,date_creat", .schema = "foundingDate", .fieldset = N_("More about it")},
	{"legal_number", F_LINE, N_("Legal number"), SEARCH_C | DUP_KEY, .max = 40,
	 .aliases = "siret,siren,rna,numero rna,legal number,id_association,nif,cif,nipc", .schema = "identifier", .fieldset = N_("More about it"),
	 .help = N_("Optional: many groups have none, and need none here.")},
	{"pictures", F_GROUP, N_("Pictures"), .max = 8, .fields = TABLE(picture_fields), .schema = "image", .fieldset = N_("Pictures")},
};

const struct entity actor_entity = {
	.kind = "actor",
	.plural = "actors",
	.room = "/directory",
	.label = N_("Actor"),
	.label_plural = N_("Actors"),
	.fields = TABLE(actor_fields),
	.title = "name",
	.summary = "summary",
	.schema = "Organization",
	.icon = "people",
};
