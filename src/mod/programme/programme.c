/*
 * The common programme: its table of fields, and when it takes events.
 */
#include "programme.h"

#include "../../core/atlas.h"
#include "../../core/mail.h"
#include "../../entity/tree.h"

static const struct choice kind_choices[] = {
	{"day",      N_("Day"),              "calendar", "journee,day,dia"},
	{"week",     N_("Week"),             "calendar", "semaine,week,semana"},
	{"campaign", N_("Campaign"),         "calendar", "campagne,campaign,campana"},
	{"series",   N_("Series of acts"),   "calendar", "serie,series,actes"},
	{"festival", N_("Festival"),         "calendar", "festival"},
};
const struct vocabulary programme_kinds = {"programme_kind", TABLE(kind_choices), .editable = true};

static const struct choice role_choices[] = {
	{"owner",     N_("Carries it"),   NULL, "porteur,owner"},
	{"partner",   N_("Partner"),      NULL, "partenaire,partner"},
	{"supporter", N_("Supports it"),  NULL, "soutien,supporter"},
};
static const struct vocabulary roles = {"programme_role", TABLE(role_choices), .editable = false};

static const struct field day_fields[] = {
	{"day",   F_MOMENT, N_("Day"),   REQUIRED, .max = 0},
	{"theme", F_LINE,   N_("Theme"), REQUIRED | TRANSLATED, .max = 200},
};

static const struct field owner_fields[] = {
	{"actor", F_OBJECT, N_("Actor"), REQUIRED, .target = "actor", .free = true, .max = 200},
	{"role",  F_CHOICE, N_("Part"), .vocabulary = &roles},
};

static const struct field picture_fields[] = {
	{"file",   F_FILE, N_("Picture"),             REQUIRED, .max = 200},
	{"alt",    F_LINE, N_("What one sees on it"), TRANSLATED, .max = 300, .help = N_("Read aloud to people who cannot see the picture.")},
	{"credit", F_LINE, N_("Author and licence"),  .max = 200},
};

static const struct field link_fields[] = {
	{"url",   F_URL,  N_("Address"), REQUIRED, .max = 500},
	{"label", F_LINE, N_("Words"),   .max = 120},
};

static const struct field programme_fields[] = {
	{"title", F_LINE, N_("Title"), REQUIRED | TRANSLATED | IN_LIST | SEARCH_A | DUP_KEY, .max = 200, .aliases = "titre,title,nom,name,titulo",
	 .schema = "name", .fieldset = N_("What")},
	{"kind", F_CHOICE, N_("Kind"), IN_LIST | FACET, .vocabulary = &programme_kinds, .aliases = "type,kind,tipo", .fieldset = N_("What")},
	{"short", F_TEXT, N_("In a few words"), TRANSLATED | SEARCH_B, .max = 300, .aliases = "resume,summary,resumen,resumo",
	 .schema = "description", .fieldset = N_("What")},
	{"theme", F_LINE, N_("Theme of this edition"), TRANSLATED | SEARCH_B, .max = 200, .fieldset = N_("What")},
	{"body", F_MARKDOWN, N_("Presentation"), TRANSLATED | SEARCH_C, .max = 20000, .aliases = "description,presentation", .fieldset = N_("What")},
	{"hashtag", F_LINE, N_("Hashtag"), PROTECTED, .max = 60, .fieldset = N_("What")},
	{"start", F_MOMENT, N_("Begins"), IN_LIST, .schema = "startDate", .aliases = "debut,start,inicio", .fieldset = N_("When")},
	{"end", F_MOMENT, N_("Ends"), IN_LIST, .schema = "endDate", .aliases = "fin,end", .fieldset = N_("When")},
	{"opens", F_MOMENT, N_("Events are taken from"), .max = 0, .fieldset = N_("When")},
	{"closes", F_MOMENT, N_("Events are taken until"), .max = 0, .fieldset = N_("When")},
	{"print", F_MOMENT, N_("Goes to the printer on"), .max = 0, .fieldset = N_("When"),
	 .help = N_("What is accepted by then stands in the printed programme.")},
	{"days", F_GROUP, N_("Theme of each day"), .max = 40, .fields = TABLE(day_fields), .fieldset = N_("When")},
	{"charter", F_MARKDOWN, N_("Charter"), TRANSLATED, .max = 20000, .fieldset = N_("How to take part"),
	 .help = N_("What everyone who adds an event agrees to.")},
	{"objectives", F_TAGS, N_("Objectives"), FACET, .max = 20, .fieldset = N_("How to take part")},
	{"territories", F_TERRITORIES, N_("Where"), .max = 60, .fieldset = N_("Where and who")},
	{"owners", F_GROUP, N_("Who carries it"), .max = 60, .fields = TABLE(owner_fields), .fieldset = N_("Where and who")},
	{"themes", F_THEMES, N_("Themes"), FACET | IN_LIST, .max = 12, .fieldset = N_("Where and who")},
	{"languages", F_LANGS, N_("Languages"), .max = 20, .fieldset = N_("Where and who")},
	{"previous", F_OBJECT, N_("The edition before"), .target = "programme", .max = 200, .fieldset = N_("Where and who")},
	{"contact", F_MAIL, N_("Contact mail"), PRIVATE, .max = 200, .fieldset = N_("Where and who"), .help = N_("Never shown: people write through the site."),
	 .purpose = N_("To pass on questions asked through the site."), .keep_days = 365},
	{"pictures", F_GROUP, N_("Poster and pictures"), .max = 8, .fields = TABLE(picture_fields), .schema = "image", .fieldset = N_("Documents and pictures")},
	{"links", F_GROUP, N_("Links"), .max = 20, .fields = TABLE(link_fields), .fieldset = N_("Documents and pictures")},
};

static struct cal_moment at(const struct json *doc, const char *name)
{
	struct cal_moment m;

	return cal_parse(json_text(doc, name), &m) ? m : (struct cal_moment){.precision = CAL_NONE};
}

static enum err programme_check(struct form *f, struct req *rq, struct json *doc)
{
	struct cal_moment start = at(doc, "start"), end = at(doc, "end"), opens = at(doc, "opens"), closes = at(doc, "closes");

	(void)rq;
	if (start.precision && end.precision && cal_cmp(cal_day(end), cal_day(start)) < 0) {
		form_error(f, S("end"), N_("It ends before it begins: look at both dates."));
	}
	if (opens.precision && closes.precision && cal_cmp(closes, opens) < 0) {
		form_error(f, S("closes"), N_("It closes before it opens: look at both dates."));
	}
	return OK;
}

const char *programme_closed(const struct object *programme, const char *zone, int64_t now)
{
	const struct json *doc = programme->doc.j;
	const struct cal_zone *z = cal_zone(str_of(zone));
	struct cal_moment opens = at(doc, "opens"), closes = at(doc, "closes"), end = at(doc, "end");
	int64_t from, to;

	if (opens.precision && now < cal_to_utc(z, opens)) {
		return N_("Events are not taken yet.");
	}
	if (closes.precision && cal_span(z, closes, closes, &from, &to) && now >= to && to > from) {
		return N_("The time to add events is over.");
	}
	if (end.precision && cal_span(z, end, end, &from, &to) && now >= to && to > from) {
		return N_("This programme is over.");
	}
	return NULL;
}

const struct entity programme_entity = {
	.kind = "programme",
	.plural = "programmes",
	.room = "/programmes",
	.label = N_("Common programme"),
	.label_plural = N_("Common programmes"),
	.fields = TABLE(programme_fields),
	.title = "title",
	.summary = "short",
	.schema = "EventSeries",
	.icon = "calendar",
	.check = programme_check,
};
