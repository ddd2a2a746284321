/*
 * A made-up network, as a table such as people import: make_network COUNT [SEED] > network.csv. Names, towns and texts in five
 * languages, words as frequent as in real texts (few often, many seldom), a few rows in a hundred nearly the same as one before.
 * The same numbers give the same file.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/fold.h"
#include "core/atlas.h"

enum { LANGS = 5, TOWNS = 60000, NAMES = 40000, COLUMNS = 19 };

static uint64_t state = 1;

static uint64_t rnd(uint64_t n)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (state >> 33) % n;
}

/* Small numbers often, large ones seldom: as words and towns are. */
static size_t zipf(size_t n)
{
	/* n to the power of u is log-uniform, which is Zipf's law with exponent one. */
	size_t v = (size_t)pow((double)n, (double)(rnd(1u << 30) + 1) / (double)(1u << 30));

	return v < 1 ? 0 : v > n ? n - 1 : v - 1;
}

struct tongue {
	const char *lang;
	const char *heads;  /* how names begin */
	const char *small;  /* little words */
	const char *words;  /* of texts, frequent first */
	const char *themes;
};

static const struct tongue tongues[LANGS] = {
	{"fr",
	 "Collectif Association Réseau Maison Accueil Comité Coordination Amis Centre Atelier Entraide Solidarité Cercle Fraternité Table Refuge",
	 "de des et pour avec les la en à du aux sur dans par une le",
	 "accueil personnes exilées droits familles aide bénévoles français hébergement accompagnement ville cours jeunes femmes mineurs "
	 "logement santé école démarches demande asile papiers repas vêtements écoute habitants rencontre solidarité association mairie "
	 "partenaires quartier échanges ateliers emploi formation juridique permanence semaine enfants parents commune territoire projet "
	 "soutien nuit hiver campement frontière montagne littoral vallée migration hospitalité citoyenneté culture cuisine jardin musique "
	 "théâtre sport football langue conversation interprète traduction préfecture recours expulsion régularisation domiciliation "
	 "scolarisation université étudiants réfugiés travailleurs saisonniers agricoles syndicat défense égalité dignité fraternité "
	 "collecte meubles vélos transport covoiturage numérique ordinateur téléphone colis alimentaire épicerie douche laverie bagagerie "
	 "psychologue médecin infirmière vaccination maternité handicap violence protection parrainage tutorat mentorat intégration",
	 "Hébergement;Santé|Droits|École;Emploi|Culture|Alimentation"},
	{"en",
	 "Welcome Friends Network House Alliance Together Support Centre Sanctuary Action Community Group Circle Bridge Hope Refuge",
	 "of the and for with in to our a all by from at on who",
	 "refugees people welcome support families rights community volunteers english housing legal advice city classes young women children "
	 "health school asylum papers meals clothes listening residents meeting solidarity association council partners neighbourhood "
	 "exchange workshops work training drop-in week parents town project night winter camp border mountain coast valley migration "
	 "hospitality citizenship culture cooking garden music theatre sport football language conversation interpreting translation "
	 "appeal removal registration schooling university students workers seasonal farm union defence equality dignity collection "
	 "furniture bicycles transport digital computer telephone food shop shower laundry luggage counselling doctor nurse vaccination "
	 "maternity disability violence protection sponsorship tutoring mentoring integration belonging neighbours arrival detention",
	 "Housing|Health;Rights|School|Work;Culture|Food"},
	{"es",
	 "Colectivo Asociación Red Casa Acogida Comité Coordinadora Amigas Centro Taller Apoyo Solidaridad Círculo Mesa Refugio Puente",
	 "de del y para con los la en a las por un una el que",
	 "acogida personas migrantes derechos familias ayuda voluntariado español alojamiento acompañamiento ciudad clases jóvenes mujeres "
	 "menores vivienda salud escuela trámites solicitud asilo papeles comidas ropa escucha vecinas encuentro solidaridad asociación "
	 "ayuntamiento barrio intercambio talleres empleo formación jurídica semana infancia madres municipio territorio proyecto apoyo "
	 "noche invierno campamento frontera montaña costa valle migración hospitalidad ciudadanía cultura cocina huerto música teatro "
	 "deporte fútbol lengua conversación intérprete traducción recurso expulsión regularización empadronamiento escolarización "
	 "universidad estudiantes trabajadoras temporeros agrícola sindicato defensa igualdad dignidad fraternidad recogida muebles "
	 "bicicletas transporte digital ordenador teléfono alimentos tienda ducha lavandería consigna psicología médica enfermera vacuna",
	 "Vivienda;Salud|Derechos|Escuela;Empleo|Cultura|Comida"},
	{"pt",
	 "Coletivo Associação Rede Casa Acolhimento Comissão Coordenação Amigos Centro Oficina Apoio Solidariedade Círculo Mesa Refúgio Ponte",
	 "de do e para com os a em da as por um uma o que",
	 "acolhimento pessoas migrantes direitos famílias ajuda voluntariado português alojamento acompanhamento cidade aulas jovens mulheres "
	 "menores habitação saúde escola pedido asilo documentos refeições roupa escuta moradores encontro solidariedade associação câmara "
	 "parceiros bairro intercâmbio oficinas emprego formação jurídico semana crianças pais município território projeto apoio noite "
	 "inverno acampamento fronteira montanha litoral vale migração hospitalidade cidadania cultura cozinha horta música teatro desporto "
	 "futebol língua conversa intérprete tradução recurso expulsão regularização escolarização universidade estudantes trabalhadores "
	 "sazonais agrícola sindicato defesa igualdade dignidade fraternidade recolha móveis bicicletas transporte digital computador",
	 "Habitação;Saúde|Direitos|Escola;Emprego|Cultura|Alimentação"},
	{"ar",
	 "جمعية شبكة بيت لجنة مركز تنسيقية أصدقاء ملتقى دار رابطة مبادرة فريق حلقة جسر",
	 "في من على مع إلى كل أو عن بين هذا",
	 "استقبال الأشخاص اللاجئين حقوق العائلات مساعدة متطوعون اللغة سكن مرافقة المدينة دروس الشباب النساء القاصرين الصحة المدرسة طلب "
	 "اللجوء أوراق وجبات ملابس استماع السكان لقاء تضامن جمعية البلدية شركاء الحي تبادل ورشات عمل تكوين قانونية أسبوع أطفال مشروع دعم "
	 "ليل شتاء مخيم حدود جبل ساحل هجرة ضيافة مواطنة ثقافة مطبخ حديقة موسيقى مسرح رياضة ترجمة طعن ترحيل تسوية جامعة طلبة عمال نقابة "
	 "دفاع مساواة كرامة أخوة جمع أثاث دراجات نقل رقمي حاسوب هاتف غذاء متجر غسيل طبيب ممرضة تلقيح أمومة حماية كفالة اندماج",
	 "السكن;الصحة|الحقوق|المدرسة;العمل|الثقافة|الغذاء"},
};

/* The words of each list, cut once. */
struct list {
	struct str w[400];
	size_t n;
};
static struct list heads[LANGS], small[LANGS], words[LANGS], themes[LANGS];
static atlas_id towns[TOWNS];
static size_t n_towns;
static struct str names[NAMES]; /* of persons, streets, houses: the long tail of words */

static void cut(struct list *l, const char *text, char by)
{
	struct str rest = str_of(text);

	while (rest.p && l->n < COUNT(l->w)) {
		l->w[l->n++] = str_cut(&rest, by);
	}
}

/* Latin syllables make names that no dictionary has; one in five of them is Arabic. */
static struct str make_name(struct mem *m, size_t i)
{
	static const char *const on[] = {"B", "C", "D", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "V", "Z", "Br", "Ch", "Tr"};
	static const char *const mid[] = {"ar", "el", "in", "on", "ou", "é", "al", "ir", "an", "o", "ia", "eu", "ai", "ur", "es", "at"};
	static const char *const end[] = {"ane", "ier", "eau", "ette", "oux", "is", "ard", "ova", "ez", "inho", "son", "y", "ac", "ais", "ot", "elle"};
	static const char *const ar[] = {"نور", "سلا", "ري", "ها", "مر", "كر", "يم", "دي", "را", "زه", "قا", "لو", "فا", "بد", "طا", "عي"};
	struct buf b = buf_make(m, 200);

	if (i % 5 == 4) {
		for (size_t k = 0; k < 2 + rnd(2); k++) {
			buf_put(&b, str_of(ar[rnd(COUNT(ar))]));
		}
		return buf_str(&b);
	}
	buf_put(&b, str_of(on[rnd(COUNT(on))]));
	for (size_t k = 0; k < 1 + rnd(2); k++) {
		buf_put(&b, str_of(mid[rnd(COUNT(mid))]));
	}
	buf_put(&b, str_of(end[rnd(COUNT(end))]));
	return buf_str(&b);
}

static struct str a_name(size_t lang)
{
	size_t i = zipf(NAMES / 5) * 5 + (lang == 4 ? 4 : rnd(4));

	return names[i];
}

static void sentence(struct buf *b, size_t lang, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool name = rnd(25) == 0, little = !name && i > 0 && rnd(3) == 0;

		buf_put(b, i ? S(" ") : S(""));
		buf_put(b, name ? a_name(lang) : little ? small[lang].w[zipf(small[lang].n)] : words[lang].w[zipf(words[lang].n)]);
	}
	buf_put(b, S("."));
}

struct row {
	struct str name, acronym, kind, summary, body, themes, services, languages, mail, site, phone, legal;
	struct str street;
	size_t lang, number;
	struct territory town;
	double lat, lon;
};

static void make_title(struct mem *m, struct row *r)
{
	const struct list *w = &words[r->lang];
	struct str head = heads[r->lang].w[zipf(heads[r->lang].n)], a = w->w[zipf(w->n)], b = w->w[zipf(w->n)];

	switch (rnd(6)) {
	case 0: /* branches of one network: the same name in many towns */
		r->name = str_fmt(m, "%.*s %.*s", STR_ARG(head), STR_ARG(w->w[rnd(12)]));
		break;
	case 1:
		r->name = str_fmt(m, "%.*s %.*s %.*s", STR_ARG(head), STR_ARG(a), STR_ARG(r->town.name));
		break;
	case 2:
		r->name = str_fmt(m, "%.*s %.*s", STR_ARG(head), STR_ARG(a_name(r->lang)));
		break;
	case 3:
		r->name = str_fmt(m, "%.*s %.*s %.*s %.*s", STR_ARG(a_name(r->lang)), STR_ARG(a), STR_ARG(small[r->lang].w[0]), STR_ARG(r->town.name));
		break;
	default:
		r->name = str_fmt(m, "%.*s %.*s %.*s %.*s %.*s", STR_ARG(head), STR_ARG(small[r->lang].w[zipf(4)]), STR_ARG(a), STR_ARG(b),
				  STR_ARG(a_name(r->lang)));
	}
}

static struct str ascii(struct mem *m, struct str s)
{
	struct str f = fold(m, s);
	struct buf b = buf_make(m, 200);

	for (size_t i = 0; i < f.n && b.n < 40; i++) {
		if ((f.p[i] >= 'a' && f.p[i] <= 'z') || (f.p[i] >= '0' && f.p[i] <= '9')) {
			buf_put_c(&b, f.p[i]);
		}
	}
	return b.n ? buf_str(&b) : S("accueil");
}

static void make_contacts(struct mem *m, struct row *r)
{
	struct str host = ascii(m, r->name);

	if (rnd(10) < 7) {
		r->mail = str_fmt(m, "contact@%.*s-%zu.example", STR_ARG(host), r->number);
	}
	if (rnd(10) < 4) {
		r->site = str_fmt(m, "https://%.*s-%zu.example/", STR_ARG(host), r->number);
	}
	if (rnd(10) < 6) {
		r->phone = str_fmt(m, "0%llu%08llu", 1 + (unsigned long long)rnd(9), (unsigned long long)rnd(100000000));
	}
	if (rnd(10) < 2) {
		r->legal = str_fmt(m, "W%09zu", r->number);
	}
}

static void make_lists(struct mem *m, struct row *r)
{
	static const char *const kinds[] = {"association", "collectif", "réseau", "mairie", "syndicat", "lieu", "groupe informel", "asociación", "coletivo"};
	static const char *const services[] = {"housing", "food", "legal_aid", "health", "french_lessons", "papers", "clothing", "first_reception"};
	static const char *const tongues_of[] = {"fr", "fr,en", "fr,ar", "es", "en", "pt", "fr,en,ar"};

	r->kind = str_of(kinds[zipf(COUNT(kinds))]);
	r->themes = themes[r->lang].w[zipf(themes[r->lang].n)];
	r->services = rnd(3) ? str_fmt(m, "%s,%s", services[zipf(8)], services[zipf(8)]) : S("");
	r->languages = str_of(tongues_of[zipf(COUNT(tongues_of))]);
}

static struct row make_row(struct mem *m, size_t number)
{
	struct row r = {.lang = zipf(LANGS * 8) < 18 ? 0 : 1 + rnd(LANGS - 1), .number = number};
	struct buf b = buf_make(m, 4000);

	(void)atlas_get(towns[rnd(2) ? zipf(n_towns) : rnd(n_towns)], &r.town);
	r.lat = r.town.lat + ((double)rnd(2000) - 1000) / 5e4;
	r.lon = r.town.lon + ((double)rnd(2000) - 1000) / 5e4;
	make_title(m, &r);
	r.acronym = rnd(8) == 0 ? str_fmt(m, "%c%c%c%c", (int)('A' + rnd(26)), (int)('A' + rnd(26)), (int)('A' + rnd(26)), (int)('A' + rnd(26))) : S("");
	r.street = str_fmt(m, "%llu rue %.*s", 1 + (unsigned long long)rnd(200), STR_ARG(a_name(0)));
	sentence(&b, r.lang, 7 + rnd(10));
	r.summary = str_dup(m, buf_str(&b));
	b.n = 0;
	for (size_t i = 0, n = 1 + rnd(4); i < n; i++) {
		buf_put(&b, i ? S(" ") : S(""));
		sentence(&b, r.lang, 6 + rnd(12));
	}
	r.body = str_dup(m, buf_str(&b));
	make_lists(m, &r);
	make_contacts(m, &r);
	return r;
}

/* The same once more as another person would have typed it: a letter less in its name, other texts. */
static void make_double(struct mem *m, const struct row *of, struct row *r)
{
	struct str name = of->name;

	r->town = of->town;
	r->lat = of->lat;
	r->lon = of->lon;
	r->lang = of->lang;
	r->phone = of->phone;
	r->name = name.n > 12 && (unsigned char)name.p[name.n - 1] < 0x80 ? str_sub(name, 0, name.n - 1) : name;
	r->name = str_dup(m, r->name);
}

static void put_row(struct buf *b, struct mem *m, const struct row *r)
{
	struct str postal = atlas_postal_codes(r->town.id);
	struct str cells[COLUMNS] = {
		r->name, r->acronym, r->kind, r->summary, r->body, r->themes, r->services, r->languages, r->street,
		postal.p ? str_cut(&postal, ',') : S(""), r->town.name, r->town.iso2, str_fmt(m, "%.6f", r->lat), str_fmt(m, "%.6f", r->lon),
		r->mail, r->phone, r->site, r->legal, str_of(tongues[r->lang].lang),
	};

	csv_put_row(b, cells, COLUMNS, ',');
}

static int more_people(const void *a, const void *b)
{
	struct territory x, y;

	(void)atlas_get(*(const atlas_id *)a, &x);
	(void)atlas_get(*(const atlas_id *)b, &y);
	return x.population != y.population ? (x.population > y.population ? -1 : 1) : x.id < y.id ? -1 : x.id > y.id;
}

/* Every commune of France, and the larger towns of where people of these languages live, the largest first. */
static void gather_towns(void)
{
	static const char *const countries[] = {"ES", "PT", "GB", "MA", "DZ", "TN", "SN", "BR", "MX", "BE", "IT"};
	struct territory t;

	for (atlas_id i = atlas_next(ATLAS_COMMUNE, 0); i && n_towns < TOWNS; i = atlas_next(ATLAS_COMMUNE, i)) {
		if (atlas_get(i, &t) && t.point != ATLAS_NO_POINT) {
			towns[n_towns++] = i;
		}
	}
	for (atlas_id i = atlas_next(ATLAS_TOWN, 0); i && n_towns < TOWNS; i = atlas_next(ATLAS_TOWN, i)) {
		bool ours = false;

		(void)atlas_get(i, &t);
		for (size_t k = 0; k < COUNT(countries); k++) {
			ours = ours || str_eq(t.iso2, str_of(countries[k]));
		}
		if (ours && t.population > 15000) {
			towns[n_towns++] = i;
		}
	}
	qsort(towns, n_towns, sizeof(*towns), more_people);
}

static void write_all(size_t count)
{
	static const char *const head[COLUMNS] = {"nom", "sigle", "type", "résumé", "description", "thèmes", "services", "langues", "adresse",
						  "code postal", "ville", "pays", "latitude", "longitude", "courriel", "téléphone", "site web",
						  "rna", "lang"};
	struct mem *m = mem_open(), *kept = mem_open();
	struct str cells[COLUMNS];
	struct row recent[64] = {{.number = 0}};
	struct buf b = buf_make(m, 64 * 1024);

	for (size_t i = 0; i < COLUMNS; i++) {
		cells[i] = str_of(head[i]);
	}
	csv_put_row(&b, cells, COLUMNS, ',');
	fwrite(b.p, 1, b.n, stdout);
	for (size_t i = 1; i <= count; i++) {
		const struct row *old = &recent[rnd(COUNT(recent))];
		struct row r;

		mem_reset(m);
		r = make_row(m, i);
		if (rnd(100) < 2 && old->number) {
			make_double(m, old, &r);
		}
		if (i % 4096 == 0) { /* what doubles are made of */
			mem_reset(kept);
			memset(recent, 0, sizeof(recent));
		}
		if (i % 64 == 0) {
			recent[i / 64 % COUNT(recent)] = r;
			recent[i / 64 % COUNT(recent)].name = str_dup(kept, r.name);
			recent[i / 64 % COUNT(recent)].phone = str_dup(kept, r.phone.p ? r.phone : S(""));
		}
		b = buf_make(m, 64 * 1024);
		put_row(&b, m, &r);
		fwrite(b.p, 1, b.n, stdout);
	}
	mem_close(kept);
	mem_close(m);
}

int main(int argc, char **argv)
{
	int64_t count = 0;
	struct mem *m = mem_open();

	if (argc < 2 || !str_to_i64(str_of(argv[1]), &count) || count < 1 || atlas_open_built_in() != OK) {
		fputs("make_network COUNT > network.csv\n", stderr);
		return 1;
	}
	gather_towns();
	for (size_t l = 0; l < LANGS; l++) {
		cut(&heads[l], tongues[l].heads, ' ');
		cut(&small[l], tongues[l].small, ' ');
		cut(&words[l], tongues[l].words, ' ');
		cut(&themes[l], tongues[l].themes, '|');
	}
	for (size_t i = 0; i < NAMES; i++) {
		names[i] = make_name(m, i);
	}
	write_all((size_t)count);
	mem_close(m);
	return fflush(stdout) != 0;
}
