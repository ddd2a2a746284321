/*
 * Which kinds there are, and what words mean in their vocabularies. The kinds come from the modules' tables; the choices from
 * the vocabularies' tables and, for editable ones, from what the administrator added (entity_set_extra()).
 */
#include "entity.h"

#include <pthread.h>
#include <stdatomic.h>

#include "../base/fold.h"
#include "../base/map.h"
#include "../html/i18n.h"
#include "../web/req.h"
#include "../web/site.h"

static const struct entity_world *world;

const struct entity_world *entity_world(void)
{
	static const struct entity_world none;

	return world ? world : &none;
}

void entity_set_world(const struct entity_world *w)
{
	world = w;
}

/* ---- kinds ----------------------------------------------------------------------------------------------------------- */

const struct field *field_in(const struct field *fields, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(str_of(fields[i].name), name)) {
			return &fields[i];
		}
	}
	return NULL;
}

const struct field *entity_field(const struct entity *e, struct str name)
{
	return field_in(e->fields, e->n_fields, name);
}

static const struct entity *added[16];
static size_t n_added;

const struct entity *entity_next(const struct entity *after)
{
	bool found = after == NULL;

	for (size_t i = 0; i < modules_n; i++) {
		for (size_t k = 0; k < modules[i]->n_entities; k++) {
			if (found) {
				return modules[i]->entities[k];
			}
			found = modules[i]->entities[k] == after;
		}
	}
	for (size_t i = 0; i < n_added; i++) {
		if (found) {
			return added[i];
		}
		found = added[i] == after;
	}
	return NULL;
}

void entity_add(const struct entity *e)
{
	if (n_added < COUNT(added) && !entity_find(str_of(e->kind))) {
		added[n_added++] = e;
	}
}

const struct entity *entity_find(struct str kind)
{
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		if (str_eq(kind, str_of(e->kind)) || str_eq(kind, str_of(e->plural))) {
			return e;
		}
	}
	return NULL;
}

struct str facet_name(const struct field *f)
{
	struct str n = str_of(f->name);

	switch (f->type) {
	case F_TERRITORY:
	case F_TERRITORIES:
		return S("territory");
	case F_CHOICES:
	case F_TAGS:
	case F_LANGS:
	case F_THEMES:
	case F_GROUP:
		return str_ends(n, S("s")) && !str_ends(n, S("ss")) ? str_sub(n, 0, n.n - 1) : n;
	default:
		return n;
	}
}

const struct field *facet_field(const struct entity *e, struct str facet)
{
	for (size_t i = 0; i < e->n_fields; i++) {
		const struct field *f = &e->fields[i];
		if ((f->flags & FACET) && (str_eq(facet, str_of(f->name)) || str_eq(facet, facet_name(f)))) {
			return f;
		}
	}
	return NULL;
}

struct str words_norm(struct mem *m, struct str s)
{
	struct str f = fold(m, s);
	char *p = mem_get(m, f.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < f.n; i++) {
		char c = f.p[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
		if (word) {
			p[n++] = c;
		} else if (n > 0 && p[n - 1] != ' ') {
			p[n++] = ' ';
		}
	}
	while (n > 0 && p[n - 1] == ' ') {
		n--;
	}
	return (struct str){p, n};
}

/* ---- vocabularies ---------------------------------------------------------------------------------------------------- */

/* What the administrator added, replaced as a whole; old ones stay readable (they are small and rarely made). */
static _Atomic(const struct vocabulary_extra *) extra_now;

void entity_set_extra(const struct vocabulary_extra *extra)
{
	atomic_store(&extra_now, extra);
}

static const struct vocabulary_extra *extra_of(const struct vocabulary *v)
{
	const struct vocabulary_extra *x = v->editable ? atomic_load(&extra_now) : NULL;

	while (x && !str_eq(x->vocabulary, str_of(v->name))) {
		x = x->next;
	}
	return x;
}

const struct choice *vocabulary_at(const struct vocabulary *v, size_t i)
{
	if (i < v->n) {
		return &v->choices[i];
	}
	const struct vocabulary_extra *x = extra_of(v);
	return x && i - v->n < x->n ? &x->choices[i - v->n] : NULL;
}

const struct choice *vocabulary_find(const struct vocabulary *v, struct str slug)
{
	const struct choice *c;

	for (size_t i = 0; (c = vocabulary_at(v, i)) != NULL; i++) {
		if (str_eq(str_of(c->slug), slug)) {
			return c;
		}
	}
	return NULL;
}

/* All normalised words of a vocabulary's own table -> choice, made when first asked for and kept. */
struct words_of {
	const struct vocabulary *v;
	struct map map;
	struct words_of *next;
};
static _Atomic(struct words_of *) words_all;
static pthread_mutex_t words_lock = PTHREAD_MUTEX_INITIALIZER;

static void words_put(struct map *map, struct str words, const struct choice *c)
{
	struct str w = words_norm(map->mem, words);

	if (w.n > 0 && !map_get(map, w)) {
		union {
			const struct choice *in;
			void *out;
		} as = {c};
		map_put(map, w, as.out);
	}
}

static void words_add(struct map *map, const struct choice *c)
{
	words_put(map, str_of(c->slug), c);
	words_put(map, str_of(c->label), c);
	for (int i = 0; i < SITE_LANGS; i++) {
		words_put(map, str_of(i18n_get(lang_catalogue(site_langs[i]), NULL, c->label)), c);
	}
	for (struct str rest = str_of(c->aliases); rest.p;) {
		words_put(map, str_cut(&rest, ','), c);
	}
}

static const struct map *words_map(const struct vocabulary *v)
{
	struct words_of *w;

	for (w = atomic_load(&words_all); w; w = w->next) {
		if (w->v == v) {
			return &w->map;
		}
	}
	pthread_mutex_lock(&words_lock);
	for (w = atomic_load(&words_all); w && w->v != v; w = w->next) {
	}
	if (!w) {
		struct mem *m = mem_open();
		w = mem_new(m, struct words_of);
		w->v = v;
		w->map = map_make(m);
		for (size_t i = 0; i < v->n; i++) {
			words_add(&w->map, &v->choices[i]);
		}
		w->next = atomic_load(&words_all);
		atomic_store(&words_all, w);
	}
	pthread_mutex_unlock(&words_lock);
	return &w->map;
}

const struct choice *vocabulary_match(const struct vocabulary *v, struct str words, struct mem *m)
{
	struct str w = words_norm(m, words);
	const struct choice *c = map_get(words_map(v), w);

	if (c) {
		return c;
	}
	const struct vocabulary_extra *x = extra_of(v);
	for (size_t i = 0; x && i < x->n; i++) {
		if (str_eq(w, words_norm(m, str_of(x->choices[i].slug))) ||
		    str_eq(w, words_norm(m, str_of(x->choices[i].label)))) {
			return &x->choices[i];
		}
		for (struct str rest = str_of(x->choices[i].aliases); rest.p;) {
			if (str_eq(w, words_norm(m, str_cut(&rest, ',')))) {
				return &x->choices[i];
			}
		}
	}
	return NULL;
}
