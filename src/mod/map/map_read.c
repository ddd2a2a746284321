/*
 * What a map is asked for: layers, filters, box; and the objects that stand at places.
 */
#include "map.h"

/* True when a value of the query is one of another kind's: "kind=association" shows no practices, though these have kinds. */
static bool is_of_other(struct req *rq, const struct entity *kind, const struct field *f)
{
	const char *facet = str_c(rq->mem, facet_name(f));
	bool other = false;

	for (size_t i = 0; f->vocabulary; i++) {
		struct str v = req_query_at(rq, facet, i);
		if (!v.p || vocabulary_find(f->vocabulary, v)) {
			return v.p == NULL && other;
		}
		for (const struct entity *e = entity_next(NULL); e && v.n; e = entity_next(e)) {
			const struct field *same = e == kind ? NULL : facet_field(e, str_of(facet));
			other = other || (same && same->vocabulary && vocabulary_find(same->vocabulary, v));
		}
	}
	return false;
}

/* True when the query filters by something that this kind is never listed under. */
static bool is_filtered_out(struct req *rq, const struct entity *kind)
{
	for (const struct entity *e = entity_next(NULL); e; e = entity_next(e)) {
		for (size_t i = 0; i < e->n_fields; i++) {
			const struct field *f = &e->fields[i];
			if (!(f->flags & FACET)) {
				continue;
			}
			if (e == kind && is_of_other(rq, kind, f)) {
				return true;
			}
			if (!facet_field(kind, facet_name(f)) && !str_empty(req_query(rq, str_c(rq->mem, facet_name(f))))) {
				return true;
			}
		}
	}
	return false;
}

/* "layers=actors,practices", by kind or plural; none given: all. */
static bool is_asked(struct req *rq, const struct entity *e)
{
	struct str v;
	bool any = false;

	for (size_t i = 0; (v = req_query_at(rq, "layers", i)).p; i++) {
		while (v.p) {
			struct str one = str_trim(str_cut(&v, ','));
			any = any || one.n > 0;
			if (str_eq(one, str_of(e->kind)) || str_eq(one, str_of(e->plural))) {
				return true;
			}
		}
	}
	return !any;
}

enum err map_read(struct req *rq, struct map_read *out)
{
	struct str asked = req_query(rq, "layers");
	bool wrong = !str_empty(asked);

	*out = (struct map_read){.n_layers = 0};
	for (const struct entity *e = entity_next(NULL); e && out->n_layers < MAP_LAYERS; e = entity_next(e)) {
		if (!browse_has_places(e)) {
			continue;
		}
		struct map_layer *l = &out->layers[out->n_layers++];
		*l = (struct map_layer){.entity = e, .on = is_asked(rq, e), .can = !is_filtered_out(rq, e)};
		wrong = wrong && !l->on;
		if (l->on && l->can) {
			struct filter *f = &out->filters[out->n_filters++];
			TRY(filter_read(rq, e, f));
			if (e->timed && !f->from && !f->to && f->n_terms < COUNT(f->terms)) { /* a map of what comes, not of what was */
				f->terms[f->n_terms++] = (struct term){S("when"), S("upcoming")};
			}
		}
	}
	if (wrong) {
		return problem_query(rq, "layers", N_("This map has no such layer."));
	}
	if (out->n_filters == 0 && out->n_layers) { /* nothing to show, but the box and the words hold */
		TRY(filter_read(rq, out->layers[0].entity, &out->filters[0]));
	}
	out->filter = &out->filters[0];
	return OK;
}

/* ---- objects at places ----------------------------------------------------------------------------------------------- */

enum err map_marks_read(struct req *rq, const struct points_item *items, size_t n, struct map_mark *out, size_t *n_out)
{
	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		enum err e = object_row_of(rq, items[i].object, &out[*n_out].row);

		if (e == E_NOTFOUND) {
			continue;
		}
		TRY(e);
		out[(*n_out)++].at = items[i];
	}
	return OK;
}

/* ---- boxes ----------------------------------------------------------------------------------------------------------- */

struct str map_box_text(struct mem *m, struct svgmap_box b)
{
	struct buf t = buf_make(m, 128);

	buf_put_fixed(&t, b.west, 5);
	buf_put_c(&t, ',');
	buf_put_fixed(&t, b.south, 5);
	buf_put_c(&t, ',');
	buf_put_fixed(&t, b.east, 5);
	buf_put_c(&t, ',');
	buf_put_fixed(&t, b.north, 5);
	return buf_str(&t);
}
