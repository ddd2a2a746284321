/* How often something comes, in five languages. */
#include "html/i18n.h"
#include "t.h"
#include "web/asset_data.h"
#include "web/recurrence.h"
#include "web/site.h"

static struct str words(struct t *t, const char *lang, const char *rrule, const char *start)
{
	struct req rq = {.mem = t->mem, .site = site_now(), .lang = lang};
	struct cal_moment m;

	if (strcmp(lang, "en") != 0) {
		for (size_t i = 0; i < catalogues_n; i++) {
			if (str_eq(catalogues[i].name, str_of(lang)) &&
			    i18n_open(t->mem, lang, catalogues[i].body, &rq.i18n) != OK) {
				return S("no catalogue");
			}
		}
	}
	return cal_parse(str_of(start), &m) ? words_recurrence(&rq, str_of(rrule), m, cal_zone(S("Europe/Paris"))) : S("no start");
}

static void sentences(struct t *t)
{
	static const struct {
		const char *lang, *rrule, *start, *words;
	} all[] = {
		{"en", "", "2026-12-15T18:30", ""},
		{"en", "FREQ=WEEKLY;BYDAY=TU", "2026-12-15T18:30", "every Tuesday"},
		{"fr", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270303T225959Z", "2026-12-15T18:30", "chaque mardi jusqu’au 3 mars 2027"},
		{"fr", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=6", "2026-12-15T18:30", "toutes les 2 semaines : mardi et jeudi, 6 fois"},
		{"fr", "FREQ=MONTHLY;BYDAY=2TU", "2026-12-08", "le deuxième mardi du mois"},
		{"fr", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1SA", "2026-12-26", "tous les 3 mois, le dernier samedi du mois"},
		{"fr", "FREQ=MONTHLY;BYMONTHDAY=18", "2026-12-18", "chaque mois, le 18"},
		{"fr", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=18", "2026-12-18", "chaque année le 18 décembre"},
		{"fr", "FREQ=DAILY;COUNT=1", "2026-12-18", "chaque jour, une fois"},
		{"fr", "FREQ=MONTHLY;BYDAY=1MO,3MO;COUNT=4", "2026-12-07", "à plusieurs dates, 4 fois"},
		{"pt", "FREQ=MONTHLY;BYDAY=1MO", "2026-12-07", "na primeira segunda-feira do mês"},
		{"pt", "FREQ=MONTHLY;BYDAY=1SA", "2026-12-05", "no primeiro sábado do mês"},
		{"es", "FREQ=WEEKLY;BYDAY=MO,WE", "2026-12-07", "cada semana: lunes y miércoles"},
		{"ar", "FREQ=MONTHLY;BYDAY=-1FR", "2026-12-25", "يوم الجمعة الأخير من الشهر"},
		{"ar", "FREQ=DAILY;INTERVAL=2", "2026-12-25", "كل يومين"},
		{"en", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "2026-12-25", "every day"},
	};

	for (size_t i = 0; i < COUNT(all); i++) {
		T_EQ(words(t, all[i].lang, all[i].rrule, all[i].start), str_of(all[i].words));
	}
}

static const struct t_case cases[] = {
	{"rules are said in words", sentences, 0},
};
T_SUITE(recurrence_words, cases)
