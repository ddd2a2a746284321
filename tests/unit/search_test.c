/*
 * The search: the same answers on both engines, words as people type them, nothing hidden found or kept.
 */
#include "thing.h"

#include "base/buf.h"
#include "core/search.h"
#include "core/search_text.h"
#include "db/db.h"
#include "search.sql.h"

/* Titles in the order found, comma separated. */
static struct str find(struct t *t, struct str q)
{
	struct search_query query = {.q = q, .max = 50};
	struct search_answer a;
	struct buf b = buf_make(t->mem, 4000);

	if (!t_eq_err(t, T_AT("search_run"), OK, search_run(t->db, t->mem, &query, &a))) {
		return S("");
	}
	if (a.corrected.p) {
		buf_fmt(&b, "[%.*s] ", STR_ARG(a.corrected));
	}
	for (size_t i = 0; i < a.n; i++) {
		struct object ob;
		if (t_eq_err(t, T_AT("object_by_id"), OK, object_by_id(t->db, t->mem, a.ids[i], &ob))) {
			buf_fmt(&b, "%s%.*s", i ? "," : "", STR_ARG(ob.title));
		}
	}
	return buf_str(&b);
}

static void some(struct t *t)
{
	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	thing_save(t, &thing_entity, "{\"name\":\"Les Hébergeurs\",\"summary\":\"Accueil de familles à Grenoble\",\"territory\":\"38185\"}");
	thing_save(t, &thing_entity, "{\"name\":\"L’Accueillante\",\"summary\":\"Cours de français\",\"kind\":\"red\",\"body\":\"Tous les mardis, "
				     "voir https://example.org/grenoble\"}");
	thing_save(t, &thing_entity, "{\"name\":\"Grenoble\",\"summary\":\"La ville\"}");
	thing_save(t, &thing_entity, "{\"name\":\"Maison\",\"summary\":\"Une maison\",\"translations\":{\"en\":{\"summary\":\"A house for "
				     "everybody\"},\"ar\":{\"summary\":\"بيت للجميع في المدينة\"}},"
				     "\"pictures\":[{\"file\":\"a.webp\",\"alt\":\"Un escalier\",\"translations\":{\"en\":{\"alt\":\"Winding "
				     "stairs\"},\"es\":{\"alt\":\"Una escalera\"}}}]}");
	thing_save(t, &club_entity, "{\"title\":\"Club de Grenoble\"}");
	T_OK(db_commit(t->db));
}

static void words(struct t *t)
{
	some(t);
	T_STR(find(t, S("hebergeurs")), "Les Hébergeurs");
	T_STR(find(t, S("HÉBERGEUR")), "Les Hébergeurs");
	T_STR(find(t, S("herbergeurs")), "[hebergeurs] Les Hébergeurs");
	T_STR(find(t, S("héb")), "Les Hébergeurs");
	T_STR(find(t, S("l'accueillante")), "L’Accueillante,Les Hébergeurs");
	T_STR(find(t, S("cours de francais")), "L’Accueillante");
	T_STR(find(t, S("houses")), "Maison");
	T_STR(find(t, S("winding")), "Maison"); /* what a record says, in the languages it is translated into */
	T_STR(find(t, S("escalera")), "Maison");
	T_STR(find(t, S("escaliers")), "Maison");
	T_STR(find(t, S("المدينه")), "Maison");
	T_STR(find(t, S("مدينة")), "Maison");
	T_STR(find(t, S("familles grenoble")), "Les Hébergeurs");
	T_STR(find(t, S("familles paris")), "");
	T_STR(find(t, S("")), "");
	T_STR(find(t, S("« … » ' \" * : ( ) & | ! <-> \\")), "");
	T_STR(find(t, S("de")), "Club de Grenoble,Les Hébergeurs,L’Accueillante");
	T_STR(find(t, S("de la")), "");
}

/* The whole title first, then titles, then the rest; addresses in texts are no words. */
static void order(struct t *t)
{
	some(t);
	T_STR(find(t, S("grenoble")), "Grenoble,Club de Grenoble,Les Hébergeurs");
}

static void slips(struct t *t)
{
	some(t);
	T_STR(find(t, S("gernoble")), "[grenoble] Grenoble,Club de Grenoble,Les Hébergeurs");
	T_STR(find(t, S("grenobel familles")), "[grenoble familles] Les Hébergeurs");
	T_STR(find(t, S("renoble")), "[grenoble] Grenoble,Club de Grenoble,Les Hébergeurs");
	T_STR(find(t, S("zzzzzz")), "");
}

static void lists_use_it(struct t *t)
{
	struct filter f = {.entity = &thing_entity, .q = S("grenoble"), .order = BY_RANK};
	struct list_row *rows;
	struct str next;
	int64_t total;
	size_t n;

	some(t);
	T_OK(object_list(thing_req(t), &f, 20, STR_NONE, &rows, &n, &next, &total));
	T_EQ(n, 2);
	T_EQ(total, 2);
	f.territory = S("38");
	T_OK(object_list(thing_req(t), &f, 20, STR_NONE, &rows, &n, &next, &total));
	T_NEED(n == 1);
	T_STR(rows[0].title, "Les Hébergeurs");
	f = (struct filter){.q = S("grenoble"), .order = BY_RANK};
	T_OK(object_list(thing_req(t), &f, 2, STR_NONE, &rows, &n, &next, &total));
	T_EQ(n, 2);
	T_EQ(total, 3);
	T_NEED(next.p != NULL);
	T_OK(object_list(thing_req(t), &f, 2, next, &rows, &n, &next, &total));
	T_NEED(n == 1);
	T_STR(rows[0].title, "Les Hébergeurs");
}

static bool kept(struct t *t, struct str word)
{
	struct search_word_get_row r;

	return search_word_get(t->db, word, t->mem, &r) == OK;
}

/* Drafts, private fields and what was withdrawn are not found, and their words are forgotten. */
static void hides(struct t *t)
{
	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct object a = thing_save(t, &thing_entity, "{\"name\":\"Quiet\",\"mail\":\"zebulon@example.org\",\"phone\":\"0612345678\","
						       "\"contacts\":[{\"value\":\"xylophone\",\"visibility\":\"hidden\"}]}");
	struct object draft = {.entity = &thing_entity, .status = ST_DRAFT, .lang = S("fr"),
			       .doc = thing_doc(t, &thing_entity, "{\"name\":\"Clandestine\"}")};
	T_OK(object_save(t->db, t->mem, &draft, &thing_act, NULL));
	T_OK(db_commit(t->db));
	T_STR(find(t, S("quiet")), "Quiet");
	T_STR(find(t, S("zebulon")), "");
	T_STR(find(t, S("xylophone")), "");
	T_STR(find(t, S("clandestine")), "");
	T_TRUE(!kept(t, S("zebulon")) && !kept(t, S("clandestine")) && kept(t, S("quiet")));
	T_OK(db_begin(t->db, DB_WRITE));
	a.doc = thing_doc(t, &thing_entity, "{\"name\":\"Louder\"}");
	T_OK(object_save(t->db, t->mem, &a, &thing_act, NULL));
	T_OK(db_commit(t->db));
	T_STR(find(t, S("louder")), "Louder");
	T_TRUE(!kept(t, S("quiet")) && kept(t, S("louder")));
	T_OK(db_begin(t->db, DB_WRITE));
	T_OK(object_set_status(t->db, t->mem, a.id, ST_REMOVED, &thing_act));
	T_OK(db_commit(t->db));
	T_STR(find(t, S("louder")), "");
	T_TRUE(!kept(t, S("louder")));
}

/* ---- the same as going through everything ---------------------------------------------------------------------------- */

enum { DOCS = 80, POOL = 12 };
static const char *const pool[POOL] = {"abricot", "bouleau", "cigale", "dragon", "erable", "fougere",
				       "girafe", "hibou", "iris", "jonquille", "koala", "lilas"};

static void exhaustive(struct t *t)
{
	unsigned held[DOCS];
	int64_t ids[DOCS];
	uint32_t state = 3;

	thing_start(t);
	T_OK(db_begin(t->db, DB_WRITE));
	struct act act = thing_act;
	act.batch = batch_open(t->mem);
	for (int i = 0; i < DOCS; i++) {
		struct buf b = buf_make(t->mem, 2000);
		held[i] = 0;
		buf_fmt(&b, "{\"name\":\"N%d\",\"summary\":\"mot", i);
		for (int w = 0; w < POOL; w++) {
			state = state * 1664525U + 1013904223U;
			if (state >> 30 == 0) {
				held[i] |= 1U << w;
				buf_fmt(&b, " %s", pool[w]);
			}
		}
		buf_put(&b, S("\"}"));
		buf_put_c(&b, '\0');
		struct object ob = {.entity = &thing_entity, .status = ST_PUBLISHED, .lang = S("fr"), .doc = thing_doc(t, &thing_entity, b.p)};
		T_OK(object_save(t->db, t->mem, &ob, &act, NULL));
		ids[i] = ob.id;
	}
	T_OK(batch_flush(t->db, act.batch));
	T_OK(db_commit(t->db));
	for (int a = 0; a < POOL; a++) {
		for (int b = a; b < POOL; b++) {
			struct search_query q = {.q = str_fmt(t->mem, "%s %s", pool[a], pool[b]), .max = DOCS, .as_typed = true};
			struct search_answer got;
			unsigned want = 1U << a | 1U << b;
			size_t n = 0, found = 0;

			T_OK(search_run(t->db, t->mem, &q, &got));
			for (int i = 0; i < DOCS; i++) {
				bool in = (held[i] & want) == want;
				n += in;
				for (size_t k = 0; in && k < got.n; k++) {
					found += got.ids[k] == ids[i];
				}
			}
			T_EQ(got.n, n);
			T_EQ(found, n);
		}
	}
}

/* ---- words and marks ------------------------------------------------------------------------------------------------- */

static void collect(void *arg, struct str word)
{
	buf_fmt(arg, "%.*s|", STR_ARG(word));
}

static void cuts(struct t *t)
{
	struct buf b = buf_make(t->mem, 1000);

	search_split(t->mem, S("L’été, élu·es : [lien](https://a.example/b) 東京 n°5 الْبَيْتُ"), collect, &b);
	T_STR(buf_str(&b), "l|ete|elu|es|lien|東|京|n|5|البيت|");
	T_EQ(search_distance(S("grenoble"), S("gernoble"), 2), 1);
	T_EQ(search_distance(S("grenoble"), S("grenobles"), 2), 1);
	T_EQ(search_distance(S("abc"), S("xyz"), 2), 3);
	T_STR(search_backwards(t->mem, S("été")), "été");
	T_STR(search_backwards(t->mem, S("abç")), "çba");
	T_TRUE(search_is_stop(S("les")) && search_is_stop(S("في")) && !search_is_stop(S("roya")));
}

static void marks(struct t *t)
{
	const struct search_marks *k = search_marks_make(t->mem, S("cours de francais"));
	struct search_span *s;
	bool cut;
	size_t n = search_mark(k, t->mem, S("Des **Cours** de Français, [ici](https://x.example)."), 200, &s, &cut);

	T_NEED(n == 5);
	T_STR(s[0].text, "Des ");
	T_TRUE(!s[0].hit && s[1].hit && !s[2].hit && s[3].hit && !cut);
	T_STR(s[1].text, "Cours");
	T_STR(s[3].text, "Français");
	T_STR(s[4].text, ", ici.");
	struct buf b = buf_make(t->mem, 4000);
	for (int i = 0; i < 100; i++) {
		buf_put(&b, S("avant "));
	}
	buf_put(&b, S("francais enfin"));
	n = search_mark(k, t->mem, buf_str(&b), 80, &s, &cut);
	T_TRUE(cut && n >= 2);
	T_TRUE(search_hits(k, t->mem, S("un cours")) && !search_hits(k, t->mem, S("rien")));
}

static const struct t_case cases[] = {
	{"words are found as people type them", words, T_DB | T_SCHEMA},
	{"titles come first", order, T_DB | T_SCHEMA},
	{"a slip of the finger is forgiven", slips, T_DB | T_SCHEMA},
	{"lists search under their filters", lists_use_it, T_DB | T_SCHEMA},
	{"what is hidden is not found, what is gone is forgotten", hides, T_DB | T_SCHEMA},
	{"all words, everywhere they stand, nothing else", exhaustive, T_DB | T_SCHEMA},
	{"texts are cut into words", cuts, 0},
	{"hits are marked", marks, 0},
};
T_SUITE(search, cases)
