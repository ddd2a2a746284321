/*
 * The event: what happens, when and where, known as exactly as it is decided. A title and nothing else makes one: the date, the
 * town and the rest may come later, from its organisers or from anybody who knows.
 */
#include "event.h"

#include "event_private.h"

static const struct choice kind_choices[] = {
	{"demonstration", N_("Demonstration"),           "people",      "manifestation,rassemblement,marche,manifestacion,manifestacao,march,rally,مظاهرة"},
	{"debate",        N_("Debate or talk"),          "speech",      "debat,conference,table ronde,debate,charla,palestra,talk,lecture"},
	{"webinar",       N_("Webinar"),                 "digital",     "webinaire,visioconference,en ligne,seminario web,webinario,online"},
	{"meeting",       N_("Meeting"),                 "assembly",    "reunion,rencontre,assemblee,encuentro,reuniao,encontro,assembly"},
	{"training",      N_("Training"),                "school",      "formation,formacion,formacao,course"},
	{"workshop",      N_("Workshop"),                "lessons",     "atelier,taller,oficina"},
	{"exhibition",    N_("Exhibition"),              "image",       "exposition,expo,exposicion,exposicao"},
	{"concert",       N_("Concert or show"),         "culture",     "concert,spectacle,theatre,danse,musique,concierto,espectaculo,musica,music,show"},
	{"film",          N_("Film"),                    "culture",     "projection,cine debat,cinema,pelicula,filme,screening"},
	{"meal",          N_("Shared meal"),             "food",        "repas,repas partage,comida,refeicao,meal,cuisine"},
	{"sport",         N_("Sport or walk"),           "culture",     "sport,balade,randonnee,tournoi,deporte,desporto,walk"},
	{"ceremony",      N_("Ceremony or tribute"),     "clock",       "ceremonie,hommage,commemoration,ceremonia,homenaje,homenagem,tribute"},
	{"action",        N_("Solidarity action"),       "practice",    "action,maraude,collecte,campagne,accion solidaria,acao solidaria"},
	{"open_day",      N_("Open day or visit"),       "pin",         "portes ouvertes,visite,puertas abiertas,portas abertas,visit"},
	{"other",         N_("Other"),                   "calendar",    "autre,otro,outro,divers"},
};
const struct vocabulary event_kinds = {"event_kind", TABLE(kind_choices), .editable = true};

static const struct choice audience_choices[] = {
	{"everyone",      N_("Everyone"),                     NULL, "tout public,tous,tous publics,publico general,publico em geral,all"},
	{"newcomers",     N_("People in exile"),              NULL, "personnes exilees,exiles,migrants,personas exiliadas,pessoas exiladas,refugees"},
	{"families",      N_("Families and children"),        NULL, "familles,enfants,jeune public,familias,criancas,children"},
	{"youth",         N_("Young people"),                 NULL, "jeunes,jovenes,jovens,young people"},
	{"women",         N_("Women"),                        NULL, "femmes,mujeres,mulheres"},
	{"volunteers",    N_("Volunteers"),                   NULL, "benevoles,voluntarios,voluntariado"},
	{"professionals", N_("Professionals"),                NULL, "professionnels,travailleurs sociaux,profesionales,profissionais"},
	{"elected",       N_("Elected people and town halls"), NULL, "elus,elues,collectivites,cargos electos,eleitos,municipalities"},
	{"associations",  N_("Associations and collectives"), NULL, "associations,collectifs,asociaciones,associacoes"},
	{"researchers",   N_("Researchers and students"),     NULL, "chercheurs,etudiants,investigadores,estudiantes,pesquisadores,students"},
};
const struct vocabulary event_audiences = {"event_audience", TABLE(audience_choices), .editable = true};

static const struct choice access_choices[] = {
	{"wheelchair",    N_("Accessible by wheelchair"),   NULL, "pmr,fauteuil roulant,accessible,silla de ruedas,cadeira de rodas"},
	{"sign_language", N_("Sign language"),              NULL, "langue des signes,lsf,lengua de senas,lingua de sinais,lengua de signos"},
	{"subtitles",     N_("Subtitles"),                  NULL, "sous titres,sous titrage,subtitulos,legendas"},
	{"hearing_loop",  N_("Hearing loop"),               NULL, "boucle magnetique,bucle magnetico"},
	{"easy_language", N_("In easy words"),              NULL, "falc,facile a lire,francais facile,lectura facil,easy read"},
	{"quiet_room",    N_("A quiet room"),               NULL, "salle calme,espace calme,sala tranquila"},
	{"childcare",     N_("Childcare"),                  NULL, "garde d enfants,coin enfants,guarderia"},
	{"women_only",    N_("For women only"),             NULL, "non mixte,entre femmes,solo mujeres,so mulheres"},
	{"no_papers",     N_("Nobody is asked for papers"), NULL, "sans papiers,sans justificatif,sin papeles"},
};
const struct vocabulary event_accesses = {"event_access", TABLE(access_choices), .editable = true};

static const struct choice attendance_choices[] = {
	{"on_site",   N_("On site"),            "pin",     "sur place,presentiel,presencial,offline,1"},
	{"online",    N_("Online"),             "digital", "en ligne,distanciel,en linea,virtual,2"},
	{"both",      N_("On site and online"), "digital", "hybride,mixte,hibrido,mixed,hybrid,3"},
	{"undecided", N_("To be decided"),      "help",    "a definir,a preciser,por definir,tbd"},
};
const struct vocabulary event_attendances = {"event_attendance", TABLE(attendance_choices), .editable = false};

static const struct choice state_choices[] = {
	{"planned",   N_("Planned"),   NULL, "prevu,maintenu,confirmed,scheduled,previsto"},
	{"changed",   N_("Changed"),   NULL, "modifie,change,cambiado,alterado,rescheduled"},
	{"postponed", N_("Postponed"), NULL, "reporte,aplazado,adiado"},
	{"cancelled", N_("Cancelled"), NULL, "annule,cancelado,canceled"},
};
const struct vocabulary event_states = {"event_state", TABLE(state_choices), .editable = false};

static const struct choice role_choices[] = {
	{"organiser",    N_("Organised by"),      NULL, "organisateur,organizador,organizer,organise par"},
	{"co_organiser", N_("Co-organised by"),   NULL, "co organisateur,coorganisateur,coorganizador,co host"},
	{"with",         N_("With"),              NULL, "avec,con,com"},
	{"supported_by", N_("With the support of"), NULL, "soutien,avec le soutien de,con el apoyo de,com o apoio de,supporter,sponsor"},
};
const struct vocabulary event_roles = {"event_role", TABLE(role_choices), .editable = false};

static const struct choice consent_choices[] = {
	{"named",    N_("Named"),    NULL, ""},
	{"asked",    N_("Asked"),    NULL, ""},
	{"accepted", N_("Accepted"), NULL, ""},
	{"declined", N_("Declined"), NULL, ""},
};
const struct vocabulary event_consents = {"consent", TABLE(consent_choices), .editable = false};

static const struct choice registration_choices[] = {
	{"none",    N_("No registration"),           NULL, "sans inscription,aucune,ninguna,nenhuma"},
	{"outside", N_("At an address elsewhere"),   NULL, "externe,lien,externa"},
	{"site",    N_("Here, without account"),     NULL, "ici,sur le site,aqui"},
};
const struct vocabulary event_registrations = {"event_registration", TABLE(registration_choices), .editable = false};

static const struct choice precision_choices[] = {
	{"exact",       N_("Exact address"),                    NULL, "exacte,exacta,exata,adresse"},
	{"street",      N_("The street, not the number"),       NULL, "rue,calle,rua"},
	{"commune",     N_("The town only"),                    NULL, "ville,town,municipality,municipio"},
	{"departement", N_("The département or province only"), NULL, "province,provincia,distrito"},
};
static const struct vocabulary precisions = {"precision", TABLE(precision_choices), .editable = false};

static const struct field place_fields[] = {
	{"label",       F_LINE,    N_("Name of the place"),  .max = 120, .aliases = "lieu,place,venue,location"},
	{"address",     F_LINE,    N_("Street and number"),  .max = 200, .aliases = "adresse,address,rue,streetaddress,bf_adresse,direccion,endereco", .schema = "streetAddress"},
	{"postal_code", F_LINE,    N_("Postal code"),        .max = 12,  .aliases = "code postal,codepostal,cp,zip,postcode,postalcode,bf_code_postal", .schema = "postalCode"},
	{"town",        F_LINE,    N_("Town"),               .max = 120, .aliases = "ville,commune,city,addresslocality,bf_ville,ciudad,cidade", .schema = "addressLocality"},
	{"country",     F_LINE,    N_("Country"),            .max = 60,  .aliases = "pays,country,addresscountry,pais", .schema = "addressCountry"},
	{"lat",         F_DECIMAL, N_("Latitude"),           .aliases = "latitude,lat,bf_latitude,y"},
	{"lon",         F_DECIMAL, N_("Longitude"),          .aliases = "longitude,lon,lng,long,bf_longitude,x"},
	{"precision",   F_CHOICE,  N_("What the map shows"), .vocabulary = &precisions},
	{"sensitive",   F_BOOL,    N_("This place must be protected"), .flags = 0,
	 .help = N_("Everyone sees the town only; those whose registration is confirmed get the address.")},
};

static const struct field exception_fields[] = {
	{"on",        F_MOMENT, N_("Which date of the series"), REQUIRED, .max = 0},
	{"start",     F_MOMENT, N_("Moved to"), .flags = 0},
	{"end",       F_MOMENT, N_("Until"), .flags = 0},
	{"cancelled", F_BOOL,   N_("Cancelled"), .flags = 0},
	{"following", F_BOOL,   N_("And all that follow"), .flags = 0},
	{"note",      F_LINE,   N_("What to know"), .max = 200},
};

static const struct field host_fields[] = {
	{"actor", F_OBJECT, N_("Actor"), REQUIRED, .target = "actor", .free = true, .max = 200},
	{"role",  F_CHOICE, N_("Part"), .vocabulary = &event_roles},
	{"state", F_CHOICE, N_("Consent"), COMPUTED, .vocabulary = &event_consents},
};

static const struct field programme_fields[] = {
	{"programme", F_OBJECT, N_("Programme"), REQUIRED, .target = "programme", .free = true, .max = 200},
	{"state",     F_CHOICE, N_("Consent"), COMPUTED, .vocabulary = &event_consents},
};

static const struct field link_fields[] = {
	{"url",   F_URL,  N_("Address"), REQUIRED, .max = 500},
	{"label", F_LINE, N_("Words"),   .max = 120},
};

static const struct field document_fields[] = {
	{"label", F_LINE, N_("Title"), REQUIRED, .max = 120},
	{"url",   F_URL,  N_("Address"), .max = 500},
	{"file",  F_FILE, N_("File"), .max = 200},
};

static const struct field picture_fields[] = {
	{"file",   F_FILE, N_("Picture"),            REQUIRED, .max = 200, .picture = true},
	{"alt",    F_LINE, N_("What one sees on it"), .max = 300, .help = N_("Read aloud to people who cannot see the picture.")},
	{"credit", F_LINE, N_("Author and licence"), .max = 200},
};

static const struct field event_fields[] = {
	{"title", F_LINE, N_("Title"), REQUIRED | TRANSLATED | IN_LIST | SEARCH_A | DUP_KEY, .max = 200,
	 .aliases = "titre,title,nom,name,titulo,summary,bf_titre,intitule,العنوان", .schema = "name", .fieldset = N_("What")},
	{"kind", F_CHOICE, N_("Kind"), ESSENTIAL | IN_LIST | FACET, .vocabulary = &event_kinds,
	 .aliases = "type,kind,nature,categorie,category,tipo", .fieldset = N_("What")},
	{"short", F_TEXT, N_("In a few words"), ESSENTIAL | TRANSLATED | SEARCH_B, .max = 300,
	 .aliases = "resume,accroche,short,resumen,resumo,chapo,description courte", .schema = "description", .fieldset = N_("What"),
	 .help = N_("For printed programmes and lists: 300 signs at most.")},
	{"body", F_MARKDOWN, N_("Presentation"), TRANSLATED | SEARCH_C, .max = 20000,
	 .aliases = "description,presentation,texte,contenu,descripcion,descricao,long description,bf_description", .fieldset = N_("What")},
	{"start", F_MOMENT, N_("Begins"), ESSENTIAL | IN_LIST, .aliases = "debut,date,start,date de debut,date_debut,begin,dtstart,inicio,bf_date_debut_evenement,date debut",
	 .schema = "startDate", .fieldset = N_("When"), .help = N_("Leave it empty while it is to be decided.")},
	{"end", F_MOMENT, N_("Ends"), ESSENTIAL | IN_LIST, .max = 0, .aliases = "fin,end,date de fin,date_fin,dtend,bf_date_fin_evenement,date fin,fim", .schema = "endDate", .fieldset = N_("When")},
	{"zone", F_ZONE, N_("Time zone"), .aliases = "fuseau,fuseau horaire,timezone,time zone,tz,zona horaria,fuso horario", .fieldset = N_("When")},
	{"rrule", F_RRULE, N_("Repeats"), ESSENTIAL, .max = 500, .aliases = "rrule,recurrence,repetition", .fieldset = N_("When")},
	{"rdates", F_MOMENTS, N_("Also on"), .max = 200, .aliases = "rdate,autres dates", .fieldset = N_("When")},
	{"exdates", F_MOMENTS, N_("Not on"), .max = 200, .aliases = "exdate,sauf", .fieldset = N_("When")},
	{"exceptions", F_GROUP, N_("Dates that differ"), .max = 200, .fields = TABLE(exception_fields), .fieldset = N_("When")},
	{"state", F_CHOICE, N_("State"), .vocabulary = &event_states, .aliases = "etat,statut,status,estado", .fieldset = N_("When")},
	{"attendance", F_CHOICE, N_("On site or online"), FACET, .vocabulary = &event_attendances,
	 .aliases = "mode,modalite,attendance,attendancemode,modalidad,modalidade", .fieldset = N_("Where")},
	{"everywhere", F_BOOL, N_("In all towns and villages"), .aliases = "partout,everywhere", .fieldset = N_("Where")},
	{"territory", F_TERRITORY, N_("Town or territory"), ESSENTIAL | IN_LIST, .max = 120,
	 .aliases = "territoire,territory,code insee,insee,code_insee,territorio", .fieldset = N_("Where"),
	 .help = N_("The town; or the département, region or country when it happens in many places.")},
	{"places", F_GROUP, N_("Places"), .max = 40, .fields = TABLE(place_fields), .schema = "location", .fieldset = N_("Where")},
	{"hosts", F_GROUP, N_("Who organises"), ESSENTIAL | BY_CONSENT, .max = 40, .fields = TABLE(host_fields), .fieldset = N_("Who"),
	 .help = N_("An actor of the directory is shown once it has agreed: it receives a mail.")},
	{"programmes", F_GROUP, N_("Common programmes"), BY_CONSENT, .max = 12, .fields = TABLE(programme_fields), .fieldset = N_("Who")},
	{"parent", F_OBJECT, N_("Part of"), .target = "event", .max = 200, .fieldset = N_("Who"),
	 .help = N_("The larger mobilisation or series it belongs to.")},
	{"act", F_INT, N_("Number in the series"), .max = 4, .fieldset = N_("Who")},
	{"themes", F_THEMES, N_("Themes"), FACET | IN_LIST, .max = 12, .aliases = "themes,theme,thematiques,thematique,temas", .fieldset = N_("For whom")},
	{"audience", F_CHOICES, N_("Public"), FACET, .vocabulary = &event_audiences, .max = 10, .aliases = "public,audience,publico", .fieldset = N_("For whom")},
	{"causes", F_TAGS, N_("Causes"), FACET | SEARCH_B, .max = 20, .aliases = "causes,mots cles,tags,keywords,etiquettes,causas", .schema = "keywords", .fieldset = N_("For whom")},
	{"languages", F_LANGS, N_("Languages spoken"), FACET, .max = 20, .aliases = "langues,langue,languages,idiomas,linguas", .schema = "inLanguage", .fieldset = N_("For whom")},
	{"interpreted", F_LANGS, N_("Interpreted into"), .max = 20, .aliases = "interpretation,interpretariat,interpretacion,interpretacao", .fieldset = N_("For whom")},
	{"access", F_CHOICES, N_("Access"), FACET, .vocabulary = &event_accesses, .max = 12, .aliases = "accessibilite,access,accessibility,accesibilidad,acessibilidade", .fieldset = N_("For whom")},
	{"free", F_BOOL, N_("Free of charge"), FACET, .aliases = "gratuit,free,gratis,gratuito", .schema = "isAccessibleForFree", .fieldset = N_("For whom")},
	{"price", F_LINE, N_("Price"), TRANSLATED, .max = 120, .aliases = "prix,tarif,price,precio,preco,conditions", .fieldset = N_("For whom")},
	{"registration", F_CHOICE, N_("Registration"), .vocabulary = &event_registrations, .aliases = "inscription,registration,inscripcion,inscricao", .fieldset = N_("Registration and contact")},
	{"registration_url", F_URL, N_("Address to register"), .max = 500, .aliases = "lien d inscription,registration url,billetterie", .fieldset = N_("Registration and contact")},
	{"contact", F_MAIL, N_("Contact mail"), PRIVATE, .max = 200, .aliases = "courriel,mail,email,contact,e-mail,correo", .fieldset = N_("Registration and contact"),
	 .help = N_("Never shown: people write through the site."), .purpose = N_("To pass on questions asked through the site."), .keep_days = 90},
	{"pictures", F_GROUP, N_("Poster and pictures"), .max = 8, .fields = TABLE(picture_fields), .schema = "image", .fieldset = N_("Documents and pictures")},
	{"documents", F_GROUP, N_("Documents"), .max = 20, .fields = TABLE(document_fields), .fieldset = N_("Documents and pictures")},
	{"links", F_GROUP, N_("Links"), .max = 20, .fields = TABLE(link_fields), .fieldset = N_("Documents and pictures")},
};

const struct entity event_entity = {
	.kind = "event",
	.plural = "events",
	.room = "/agenda",
	.label = N_("Event"),
	.label_plural = N_("Events"),
	.fields = TABLE(event_fields),
	.title = "title",
	.summary = "short",
	.schema = "Event",
	.icon = "calendar",
	.timed = true,
	.check = event_check,
	.prepare = event_prepare,
	.derive = event_derive,
	.terms = event_terms,
};
