/*
 * An actor's network: what it belongs to, who belongs to it, and the practices it did.
 */
#include "../../core/rows.h"
#include "actor.h"
#include "actor_graph.h"
#include "directory.h"

enum { LINKS = 400, PRACTICES = 12, SHOWN = 60 };

struct tie_kind {
	const char *verb;
	bool outgoing, mutual;
	const char *heading; /* N_() */
};

static const struct tie_kind kinds[] = {
	{"member_of",       true,  false, N_("Member of")},
	{"founder_of",      true,  false, N_("Founder of")},
	{"local_branch_of", true,  false, N_("Local branch of")},
	{"commission_of",   true,  false, N_("Commission inside")},
	{"partner_of",      false, true,  N_("Its partners")},
	{"member_of",       false, false, N_("Its members")},
	{"founder_of",      false, false, N_("Its founders")},
	{"local_branch_of", false, false, N_("Its local branches")},
	{"commission_of",   false, false, N_("Its commissions")},
};

/* "since 2018", "2018 to 2021", "until 2021". */
static struct str period(struct req *rq, const struct link_row *l)
{
	struct str since = str_empty(l->since) ? S("") : words_partial_date(rq, l->since);
	struct str until = str_empty(l->until) ? S("") : words_partial_date(rq, l->until);

	if (since.n && until.n) {
		return T_FMT(rq, N_("{since} to {until}"), {S("since"), since}, {S("until"), until});
	}
	if (since.n) {
		return T_FMT(rq, N_("since {when}"), {S("when"), since});
	}
	return until.n ? T_FMT(rq, N_("until {when}"), {S("when"), until}) : S("");
}

/* "a, b" as the language writes it. */
static struct str joined(struct req *rq, struct str a, struct str b)
{
	return b.n ? T_FMT(rq, N_("{place}, {around}"), {S("place"), a}, {S("around"), b}) : a;
}

static struct actor_tie tie_of(struct req *rq, const char *heading, const struct link_row *l)
{
	struct str words = period(rq, l);
	const struct choice *kind = l->kind_slug.n ? vocabulary_find(&actor_kinds, l->kind_slug) : NULL;

	return (struct actor_tie){
		.words = words,
		.label = joined(rq, joined(rq, l->title, str_of(T(rq, heading))), words),
		.title = l->title,
		.url = l->id && l->entity ? object_link(rq, l->entity, l->slug) : URL_NONE,
		.place = territory_words(rq, l->territory),
		.icon = kind ? kind->icon : NULL,
		.id = l->id,
	};
}

/* A partnership is often told from both sides. */
static bool is_there(const struct actor_ties *ties, const struct link_row *l)
{
	for (size_t i = 0; i < ties->n; i++) {
		if (l->id ? ties->ties[i].id == l->id : str_eq(ties->ties[i].title, l->title)) {
			return true;
		}
	}
	return false;
}

static void read_kind(struct req *rq, struct actor_page *p, const struct tie_kind *kind, const struct link_row *links, size_t n)
{
	struct actor_ties *out = &p->ties[p->n_ties];

	*out = (struct actor_ties){.heading = kind->heading, .outgoing = kind->outgoing, .mutual = kind->mutual, .above = kind->outgoing,
				   .ties = mem_array(rq->mem, struct actor_tie, n < SHOWN ? n : SHOWN)};
	for (size_t i = 0; i < n; i++) {
		const struct link_row *l = &links[i];

		if (!str_eq(l->verb, str_of(kind->verb)) || (kind->mutual ? is_there(out, l) : l->outgoing != kind->outgoing)) {
			continue;
		}
		if (!kind->outgoing && str_eq(l->verb, S("member_of"))) {
			p->members++;
		}
		if (out->n < SHOWN) {
			out->ties[out->n++] = tie_of(rq, kind->heading, l);
		} else {
			out->more++;
		}
	}
	p->n_ties += out->n > 0;
}

/* One tie is said in a sentence; from two on a drawing shows more than the list. */
static void draw(struct req *rq, struct actor_page *p)
{
	struct graph_frame narrow = graph_narrow, wide = graph_wide;
	struct actor_graph *g = mem_array(rq->mem, struct actor_graph, 2);
	size_t all = 0;

	for (size_t i = 0; i < p->n_ties; i++) {
		all += p->ties[i].n;
	}
	if (all < 2) {
		return;
	}
	narrow.rtl = wide.rtl = rq->rtl;
	graph_lay(rq->mem, &narrow, p->ob.title, p->ties, p->n_ties, &g[0]);
	graph_lay(rq->mem, &wide, p->ob.title, p->ties, p->n_ties, &g[1]);
	p->graph_narrow = &g[0];
	p->graph_wide = &g[1];
}

enum err actor_page_ties(struct req *rq, struct actor_page *p)
{
	struct link_row *links;
	size_t n;

	TRY(object_links(rq->db, rq->mem, p->ob.id, LINKS, &links, &n));
	p->ties = mem_array(rq->mem, struct actor_ties, COUNT(kinds));
	for (size_t k = 0; k < COUNT(kinds); k++) {
		read_kind(rq, p, &kinds[k], links, n);
	}
	draw(rq, p);
	p->practices = mem_array(rq->mem, struct list_row, PRACTICES);
	for (size_t i = 0; i < n && p->n_practices < PRACTICES; i++) {
		const struct link_row *l = &links[i];

		if (!l->outgoing && l->entity && str_eq(str_of(l->entity->kind), S("practice"))) {
			p->practices[p->n_practices++] = (struct list_row){.id = l->id, .entity = l->entity, .slug = l->slug, .title = l->title,
									   .territory = l->territory, .kind_slug = l->kind_slug,
									   .summary = S("")};
		}
	}
	return OK;
}
